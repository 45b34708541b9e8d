from __future__ import annotations

import html.parser
import itertools
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pikepdf
import pytest

import kit
from kit.analysis.community_shapes import communities_of
from kit.errors import InputError
from kit.i18n.numbers import day
from kit.model.source import Source
from kit.report.packet import build_packet, missing_of
from kit.report.packet_answers import answers
from kit.report.packet_blocks import ROWS, district_grid, ladder_grid, twin_grid
from kit.report.packet_exhibits import exhibit_block
from kit.report.packet_letters import refuse_boxes
from kit.report.packet_pages import pages, sources_of, stamps_of
from kit.report.packet_parts import HearingFacts, PacketParts
from kit.report.packet_words import WORDS, worded

WHAT = {"group": "aapi_aoic", "base": "vap"}
BREAKS = [0, 0.1, 0.2, 0.3, 0.5, 1]
HEARING = HearingFacts(
    body="Fairwater County Commission",
    date=date(2026, 12, 3),
    place="County Hall",
    speaker="A. Speaker",
    organisation="Neighbors <of> the Harbor",
    contact="speaker@example.org",
    jurisdiction="Fairwater County",
    minutes=2,
    words_per_minute=130,
    criteria=("Equal population", "Contiguity"),
)
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not here")


@pytest.fixture(scope="module")
def parts():
    """Gather everything for a packet of the fictional county, as a builder would."""
    sample = kit.load_sample("fictional_county")
    placed = {key: kit.place(sample.units, plan) for key, plan in sorted(sample.plans.items())}
    tables = {key: kit.concentration(one, **WHAT) for key, one in placed.items()}
    areas = communities_of(sample.communities, sample.units, name="name")
    first, second = placed.values()
    said = kit.check_claim(kit.Claim.largest("2", **WHAT), tables["a"])
    made = {"author": HEARING.speaker, "contact": HEARING.contact, "date": date(2026, 12, 3)}
    one = kit.exhibit(
        kit.map_share(first, **WHAT, breaks=BREAKS), tables["a"], number="A", title=said, findings=[said], **made
    )
    two = kit.exhibit(
        kit.map_compare(first, second, **WHAT, breaks=BREAKS), tables["b"], number="B", title="Two plans", **made
    )
    return PacketParts(
        hearing=HEARING,
        ask="Keep Lantern Hill together in one district.",
        script=("My name is A. Speaker.", "Keep Lantern Hill — all of it — together in one district."),
        leave_behind=("What we ask: keep Lantern Hill together in one district.", said.statement),
        exhibits=(one, two),
        tables=tuple(tables.values()),
        date=date(2026, 12, 3),
        ladders=tuple(kit.definition_ladder(one, base="vap") for one in placed.values()),
        verdicts=(said,),
        not_claimed=("A statement on district 3 is left out.",),
        measures=tuple((one.plan.name, kit.measure_plan(one)) for one in placed.values()),
        comparison=kit.compare_plans(first, second, **WHAT),
        swaps=kit.swap_sheet(first, second, **WHAT),
        splits=tuple(kit.community_splits(areas, one, **WHAT) for one in placed.values()),
        sure=("Counts are added up by district and divided once.", "A statement on district 3 is left out."),
        sources=(Source("A list", "The tests", 2020, sha256="0123456789abcdef" * 4, license="CC0"),),
        glossary=(("share", "A part of a whole."),),
    )


@pytest.fixture(scope="module")
def built(parts, tmp_path_factory):
    folder = tmp_path_factory.mktemp("packet")
    return folder, build_packet(parts, folder)


def pdf_text(path):
    told = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, text=True)
    return " ".join(told.stdout.split())


def test_what_is_written(built):
    folder, written = built
    names = [path.relative_to(folder).as_posix() for path in written]
    assert names[:5] == ["packet.pdf", "packet.html", "packet.docx", "script.txt", "exhibits/exhibit_a.pdf"]
    assert {"exhibits/exhibit_b.pdf", "exhibits/exhibit_a_table.csv", "exhibits/exhibit_b_other_table.html"} <= set(
        names
    )
    assert all(path.stat().st_size for path in written)
    assert (folder / "script.txt").read_text("utf-8").startswith("My name is A. Speaker.\n\nKeep Lantern Hill")


def test_the_same_parts_give_the_same_bytes(built, parts, tmp_path):
    folder, _ = built
    build_packet(parts, tmp_path)
    for name in ("packet.pdf", "packet.html", "packet.docx", "exhibits/exhibit_b.pdf"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


def test_what_the_builder_wrote_is_left_alone(parts, tmp_path):
    (tmp_path / "script.txt").write_text("theirs", encoding="utf-8")
    files = [(tmp_path / name, "a file") for name in ("script.txt", "exhibits/exhibit_a.pdf", "exhibits/exhibit_b.pdf")]
    written = build_packet(replace(parts, files=tuple(files)), tmp_path)
    assert [path.name for path in written] == ["packet.pdf", "packet.html", "packet.docx"]
    assert (tmp_path / "script.txt").read_text("utf-8") == "theirs"
    assert "exhibits/exhibit_a.pdf" in (tmp_path / "packet.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"ask": " "}, "the ask"),
        ({"script": ()}, "the script"),
        ({"leave_behind": ()}, r"the page to keep \(leave_behind\)"),
        ({"sure": ()}, r"how sure we are \(sure\)"),
        ({"exhibits": ()}, "an exhibit"),
        ({"tables": ()}, "a district table"),
        ({"glossary": ()}, "a glossary"),
        ({"hearing": replace(HEARING, body="")}, "the body that holds the hearing"),
        ({"hearing": replace(HEARING, place="")}, "the place of the hearing"),
        ({"hearing": replace(HEARING, speaker="")}, "the speaker"),
        ({"hearing": replace(HEARING, contact="")}, "a contact"),
        ({"hearing": replace(HEARING, jurisdiction="")}, "the jurisdiction"),
        ({"hearing": replace(HEARING, minutes=0)}, "speaking time and pace above zero"),
        (
            {"hearing": replace(HEARING, languages=("xx", "en"))},
            "a language that the kit has, first among the languages",
        ),
        ({"hearing": replace(HEARING, languages=())}, "a language that the kit has"),
    ],
)
def test_what_a_packet_must_have(parts, tmp_path, changes, told):
    with pytest.raises(InputError, match=f"the packet cannot be made without: {told}"):
        build_packet(replace(parts, **changes), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_all_that_is_missing_is_told_at_once(parts, tmp_path):
    poor = replace(parts, ask="", glossary=(), exhibits=(parts.exhibits[0], parts.exhibits[0]))
    with pytest.raises(InputError, match="without: the ask; a glossary; a different letter for each exhibit"):
        build_packet(poor, tmp_path)


def test_a_packet_without_any_source(parts):
    bare = replace(parts, sources=(), tables=(), ladders=(), splits=(), measures=(), comparison=None, swaps=None)
    assert missing_of(bare) == ["a district table", "a source"]


def test_a_script_that_is_too_long(parts, tmp_path):
    long = replace(parts, script=("word " * 300,))
    told = r"takes 138 seconds \(300 words\), and the hearing allows 120. Leave out about 40 words"
    with pytest.raises(InputError, match=told):
        build_packet(long, tmp_path)


def test_a_page_to_keep_that_is_too_long(parts, tmp_path):
    long = replace(parts, leave_behind=("a sentence of some words. " * 400,))
    with pytest.raises(
        InputError, match="the page to keep does not fit on one page: it has 10,400 characters in 1 para"
    ):
        build_packet(long, tmp_path)
    assert not (tmp_path / "packet.pdf").exists()


def test_letters_that_would_be_boxes_are_refused(parts, tmp_path):
    named = replace(parts, hearing=replace(HEARING, speaker="\u9673\u7f8e Tanaka"))
    told = "the font of the packet has no letters \u9673 \u7f8e, first in “Testimony of \u9673\u7f8e Tanaka”"
    with pytest.raises(InputError, match=told):
        build_packet(named, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    refuse_boxes({"a": ["Hawai\u02bbi, Nguy\u1ec5n Th\u1ecb, M\u0101noa", ("− ± ● ◐ ○ →\u00a0“é”",), 3]})


def test_words_and_seconds(parts):
    # 5 + 10 words: the two dashes are none.
    assert (parts.words, parts.seconds, parts.limit) == (15, 7, 120)


def test_the_pdf_is_tagged(built):
    folder, _ = built
    with pikepdf.open(folder / "packet.pdf") as pdf:
        root = pdf.Root
        assert str(root.Lang) == "en"
        assert "/StructTreeRoot" in root
        assert bool(root.MarkInfo.Marked)
        assert str(pdf.docinfo["/Title"]) == "Testimony to the Fairwater County Commission"
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        figures = [tag for tag in tags(root.StructTreeRoot) if str(tag.get("/S")) == "/Figure"]
        assert len(figures) >= 3
        assert all(str(tag.get("/Alt", "")).strip() for tag in figures)
        kinds = {str(tag.get("/S")) for tag in tags(root.StructTreeRoot)}
        assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/L"} <= kinds


def tags(element):
    """Walk through the structure of a PDF."""
    if isinstance(element, pikepdf.Array):
        for one in element:
            yield from tags(one)
    elif isinstance(element, pikepdf.Dictionary):
        yield element
        if "/K" in element:
            yield from tags(element.K)


def test_the_checker_finds_no_error(built):
    folder, _ = built
    outloud = shutil.which("outloud", path=str(Path(sys.executable).parent))
    assert outloud, "outloud is a development dependency"
    told = subprocess.run([outloud, str(folder / "packet.pdf")], capture_output=True, check=False, text=True)
    assert told.returncode == 0, told.stdout
    assert " 0 error(s)" in told.stdout


@needs_poppler
def test_what_the_pages_say(built, parts):
    folder, _ = built
    text = pdf_text(folder / "packet.pdf")
    for told in (
        "SAMPLE DATA, NOT FOR TESTIMONY",
        parts.ask,
        "15 words, about 7 seconds at 130 words a minute. The Fairwater County Commission allows 120 seconds.",
        "EXHIBIT B",
        "Illustrative aid, not evidence (Federal Rule of Evidence 107)",
        "the ladder of definitions",
        "never a verdict. No baseline was computed.",
        "How this could be challenged, and our answer",
        "Louisiana v. Callais",
        "0123456789ab",
        "What we did not claim",
        "Words in this packet",
        "speaker@example.org",
        "Not legal advice; confirm with counsel.",
        "1. Equal population",
    ):
        assert told in text, told
    assert text.count("A statement on district 3 is left out.") == 1
    assert parts.verdicts[0].statement.split(":")[0] in text


@needs_poppler
def test_no_page_is_empty(built):
    folder, _ = built
    with pikepdf.open(folder / "packet.pdf") as pdf:
        count = len(pdf.pages)
    for number in range(1, count + 1):
        told = subprocess.run(
            ["pdftotext", "-f", str(number), "-l", str(number), str(folder / "packet.pdf"), "-"],
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        assert len(told.split()) > 30, f"page {number} of {count}: {told}"


class Outline(html.parser.HTMLParser):
    """Collect what a page is made of."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def web(built):
    folder, _ = built
    text = (folder / "packet.html").read_text("utf-8")
    outline = Outline()
    outline.feed(text)
    return text, outline.found


def test_the_web_page_stands_alone(web):
    text, found = web
    addresses = [given.get("src") or given.get("href") for tag, given in found if {"src", "href"} & set(given)]
    assert all(one.startswith(("data:image/svg+xml;base64,", "#", "mailto:")) for one in addresses)
    assert not re.search(r"<(script|link|iframe)\b|@import|url\(", text)
    assert sum(tag == "img" for tag, _ in found) == 2
    assert all(given["alt"].strip() for tag, given in found if tag == "img")


def test_the_web_page_can_be_walked_through(web):
    _, found = web
    assert ("html", {"lang": "en"}) in found
    levels = [int(tag[1]) for tag, _ in found if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert all(given.get("scope") in {"col", "row"} for tag, given in found if tag == "th")
    ids = [given["id"] for _, given in found if "id" in given]
    assert len(ids) == len(set(ids))
    jumps = [given["href"][1:] for tag, given in found if tag == "a" and given["href"].startswith("#")]
    assert jumps[0] == "text"
    assert set(jumps) <= set(ids)


def test_the_web_page_escapes_what_people_wrote(web):
    text, _ = web
    assert "Neighbors &lt;of&gt; the Harbor" in text
    assert "<of>" not in text


def test_the_web_page_says_what_the_pages_say(web, parts):
    text, _ = web
    assert "Sample data, not for testimony" in text
    for told in (parts.ask, "Louisiana v. Callais", "0123456789ab", "Federal Rule of Evidence 107"):
        assert told in text


def test_the_stamp_of_sample_data_cannot_be_left_out(parts):
    assert parts.stamps == ()
    assert stamps_of(parts) == ["Sample data, not for testimony"]
    assert stamps_of(replace(parts, stamps=("Draft", "Sample data, not for testimony")))[1:] == ["Draft"]


def test_every_source_used_is_in_the_appendix(parts):
    found = sources_of(parts)
    assert found[0].title == "A list"
    assert {source.title for table in parts.tables for source in table.sources} <= {source.title for source in found}


def test_an_exhibit_of_a_law_and_published_counts_is_a_summary(four_squares):
    units, plan = four_squares
    plan = replace(plan, status="enacted", adopted="2022-06-03")
    placed = kit.place(units, plan)
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS)
    made = kit.exhibit(
        ax, kit.concentration(placed, **WHAT), number="A", title="A claim", author="A", contact="c@d.org"
    )
    page, drawn = made.laid_out()
    told = exhibit_block(made, page, {name.removesuffix(".svg"): name for name in drawn}, head=False)
    assert told["rule"] == "Offered as a summary of published counts (Federal Rule of Evidence 1006)"
    plan = replace(plan, status="draft", adopted="")
    made = replace(made, table=kit.concentration(kit.place(units, plan), **WHAT))
    told = exhibit_block(made, page, {"map": "map.svg"}, head=True)
    assert (told["rule"][:16], told["head"]) == ("Illustrative aid", "Exhibits")


def test_a_comparison_with_a_draft_is_an_aid(four_squares):
    units, plan = four_squares
    law, draft = (
        kit.place(units, replace(plan, status=s, adopted=a)) for s, a in (("enacted", "2022-06-03"), ("draft", ""))
    )
    axes = kit.map_compare(draft, law, **WHAT, breaks=BREAKS)
    made = kit.exhibit(axes, kit.concentration(law, **WHAT), number="A", title="A claim", author="A", contact="c@d.org")
    page, _ = made.laid_out()
    assert exhibit_block(made, page, {"map": "map.svg"}, head=False)["rule"].startswith("Illustrative aid")


def test_challenges_are_those_given_and_always_the_law(parts):
    given = answers(replace(parts, challenges=(("Why?", "Because."),)))
    assert [challenge for challenge, _ in given] == ["Why?", "The law is moving."]


def test_challenges_are_written_where_none_are_given(parts):
    told = dict(answers(parts))
    assert "definition aapi_aoic" in told["Another definition gives another number."]
    assert "of 2020" in told["The counts are old."]
    assert "0 of them cut by a line" in told["People were put in the wrong district."]
    assert "No baseline was computed" in told["A community like this is always split."]
    assert "0 districts in several parts" in told["The districts are not connected, or not equal."]
    assert "not legal advice" in told["The law is moving."]
    bare = dict(answers(replace(parts, splits=(), measures=())))
    assert "A community like this is always split." not in bare


def test_a_district_table_as_a_grid(parts):
    made = district_grid(parts.tables[0])
    assert made["heads"][0] == "District"
    assert [row[0] for row in made["rows"]] == list(parts.tables[0].frame.index)
    assert made["total"][0] == "All"
    assert "definition aapi_aoic" in made["caption"]


def test_margins_stand_beside_counts_and_shares(parts):
    table = parts.tables[0]
    frame = table.frame.assign(count_moe=12.4, base_moe=float("nan"), share_moe=0.0123)
    total = pd.concat([table.total, pd.Series({"count_moe": 20.0, "share_moe": 0.01})])
    made = district_grid(replace(table, frame=frame, total=total))
    row = made["rows"][0]
    assert row[1].endswith(" ±\u00a012")
    assert row[2] == f"{table.frame['base'].iloc[0]:,}"
    assert row[3].endswith("±\u00a01.2\u00a0pts")
    assert made["total"][1].endswith("±\u00a020")
    assert made["widths"][3] > made["widths"][2]


@needs_poppler
def test_words_that_leave_a_map_too_little_room_go_to_the_next_page(parts, tmp_path):
    long = replace(parts.exhibits[0], findings=parts.verdicts * 14)
    build_packet(replace(parts, exhibits=(long,)), tmp_path)
    told = subprocess.run(["pdftotext", str(tmp_path / "packet.pdf"), "-"], capture_output=True, check=True, text=True)
    pages = told.stdout.split("\f")
    at = next(number for number, text in enumerate(pages) if "EXHIBIT A" in text)
    assert "What the map shows" not in pages[at]
    assert "What the map shows" in pages[at + 1]


def test_an_exhibit_says_whose_words_its_title_is(parts):
    told = []
    for one in parts.exhibits:
        page, _ = one.laid_out()
        told.append(exhibit_block(one, page, {"map": "map.svg"}, head=False)["findings"][-1])
    assert told == [
        f"The title was checked against the table: {parts.verdicts[0].reason}",
        "The title is the author's statement.",
    ]


def test_the_ladder_names_every_definition(parts):
    made = ladder_grid(parts.ladders[0], "Plan A")
    assert made["heads"] == [
        "District",
        "aapi_aoic",
        "aapi_doj",
        "aapi_alone",
        "nh_aapi_aoic",
        "nh_aapi_doj",
        "nh_aapi_alone",
    ]
    assert all(any(note.startswith(f"{name}:") for note in made["notes"]) for name in made["heads"][1:])
    assert made["total"][0] == "All"


def test_a_ladder_of_one_step_is_a_sentence(four_squares):
    units, plan = four_squares
    kept = units.frame[["total_vap", "aapi_aoic_vap"]]
    ladder = kit.definition_ladder(kit.place(replace(units, frame=kept), plan), base="vap")
    assert ladder_grid(ladder, "Plan")["text"].startswith(
        "The ladder of definitions has one step: the source counts aapi"
    )


def test_a_long_table_is_cut_and_says_so(parts):
    swaps = parts.swaps
    long = replace(swaps, moves=swaps.moves.sample(2 * ROWS + 1, replace=True, random_state=1))
    made = twin_grid(long)
    assert len(made["rows"]) == ROWS
    assert (
        made["notes"][0]
        == f"The first {ROWS} of {2 * ROWS + 1} rows are shown; the files of this packet have all of them."
    )


def test_a_reader_is_given_no_advice_on_code(parts):
    first = next(iter(parts.splits)).placement
    cut = replace(first, notes=(*first.notes, "District 1 goes on beyond these units."))
    measured = kit.measure_plan(cut)
    advised = [note for note in measured.notes if "complete=True" in note]
    assert len(advised) == 1
    told = twin_grid(measured)["notes"]
    assert not [note for note in told if "complete=True" in note]
    assert any(note.endswith("the ideal population is not known and no deviation was computed.") for note in told)


def test_files_of_one_name_are_one_row(parts, tmp_path):
    files = (
        (tmp_path / "maps/a.pdf", "A map, PDF"),
        (tmp_path / "maps/a.svg", "A map, SVG"),
        (Path("b.csv"), "A list"),
    )
    front = [{"kind": "exhibit", "label": "Exhibit A", "wide": False, "map": "m", "alt": "a", "where": "w", "methods": [],
              "number": "A"}]  # fmt: skip
    told = pages(replace(parts, files=files), front, tmp_path)
    rows = next(block for block in told if block.get("title") == "Files that go with this packet")["rows"]
    assert rows == [["maps/a.pdf, .svg", "A map"], ["b.csv", "A list"]]


def test_every_word_is_used_and_filled(repo_root):
    code = "".join(path.read_text("utf-8") for path in sorted((repo_root / "kit/report").glob("packet*.py")))
    spare = {"carried", "weaker"}  # by the status of a verdict
    code = re.sub(r'^    "\w+": ', "", code, flags=re.MULTILINE)
    unused = [key for key in WORDS if key not in spare and not re.search(rf"['\"]{key}['\"]", code)]
    assert unused == []
    assert day(date(2026, 2, 3)) == "February 3, 2026"
    assert worded("page", number=1, total=2) == "page 1 of 2"
