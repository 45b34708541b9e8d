"""The Word twin of a whole packet says what its web page says, word for word."""

from __future__ import annotations

import html.parser
from dataclasses import replace
from datetime import date

import pytest
from docx import Document

import kit
from kit.analysis.community_shapes import communities_of
from kit.report.packet import build_packet
from kit.report.packet_parts import HearingFacts, PacketParts

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
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


class Words(html.parser.HTMLParser):
    """Gathers the text of every paragraph, heading, point, cell and caption."""

    KINDS = frozenset({"p", "li", "h1", "h2", "h3", "h4", "th", "td", "caption", "figcaption"})

    def __init__(self):
        super().__init__()
        self.told, self.alts, self.inside = [], [], None

    def handle_starttag(self, tag, attrs):
        if tag in self.KINDS:
            self.inside = []
        if tag == "img":
            self.alts.append(dict(attrs)["alt"])

    def handle_data(self, data):
        if self.inside is not None:
            self.inside.append(data)

    def handle_endtag(self, tag):
        if tag in self.KINDS and self.inside is not None:
            self.told.append(" ".join("".join(self.inside).split()))
            self.inside = None


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
        sure=("Counts are added up by district and divided once.",),
        glossary=(("share", "A part of a whole."),),
    )


@pytest.fixture(scope="module", params=["en", "ur"])
def built(request, parts, tmp_path_factory):
    folder = tmp_path_factory.mktemp(f"packet-{request.param}")
    files = [(folder / f"exhibits/exhibit_{one}.pdf", "an exhibit") for one in "ab"]
    hearing = replace(parts.hearing, languages=(request.param,))
    build_packet(replace(parts, hearing=hearing, files=tuple(files)), folder)
    return folder


@pytest.fixture(scope="module")
def words(built):
    found = Words()
    found.feed((built / "packet.html").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def opened(built):
    return Document(built / "packet.docx")


def text_of(element):
    return " ".join("".join(one.text or "" for one in element.iter(f"{W}t")).split())


def test_everything_on_the_web_page_stands_in_word(words, opened):
    have = {text_of(one) for one in opened.element.body.iter(f"{W}p")}
    assert len(words.told) > 300
    assert [text for text in words.told if text not in have] == []


def test_every_picture_of_the_web_page_is_there_with_the_same_words(words, opened):
    told = {one.get("descr") for one in opened.element.body.iter(f"{WP}docPr")}
    assert {alt for alt in words.alts if alt} <= told
    assert "" not in told


def test_tables_are_the_same_in_number(built, opened):
    assert (built / "packet.html").read_text("utf-8").count("<table") == len(opened.tables)


def test_headings_are_the_same_in_order(built, opened):
    class Heads(Words):
        KINDS = frozenset({"h1", "h2", "h3", "h4"})

    web = Heads()
    web.feed((built / "packet.html").read_text("utf-8"))
    styles = {"Title", "Heading1", "Heading2", "Heading3"}
    told = [
        text_of(one)
        for one in opened.element.body.iter(f"{W}p")
        if (found := one.find(f"{W}pPr/{W}pStyle")) is not None and found.get(f"{W}val") in styles
    ]
    # The contents have a heading in print; on the web they are a landmark with that name.
    assert told[:2] == web.told[:2]
    assert told[3:] == web.told[2:]


def test_the_file_can_be_sent_by_mail(built):
    assert (built / "packet.docx").stat().st_size < 3_000_000
