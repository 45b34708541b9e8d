"""The Word twin of a packet, read as Word and a screen reader read it: from its XML."""

from __future__ import annotations

import itertools
import time
import zipfile
from datetime import date

import pytest
from docx import Document

from kit.errors import InputError, KitError
from kit.report.packet_blocks import grid, heading, new_page, para, points
from kit.report.packet_runs import spoken
from kit.report.word import write_word
from kit.report.word_pictures import pictures
from kit.report.word_text import stretches
from kit.settings import using

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}"><rect width="90" height="40" fill="#222b79"/></svg>'
)
DRAWINGS = {"map.svg": SVG.format(400, 300), "wide.svg": SVG.format(800, 300), "locator.svg": SVG.format(80, 60)}
TABLE = grid(
    "Plan A: AAPI",
    ["District", "AAPI", "Share"],
    [["1", "1,234 ± 56", "12.3%"], ["2", "987", "−4.5%"]],
    words=[True, False, False],
    total=["All", "2,221", "9.9%"],
    caption="Counted: AAPI. Base: adults.",
    notes=["One note.", "Another note."],
)
WORDS = grid("", ["Word", "Meaning"], [["share", "a part"]], words=[True, True], widths=(1, 2))
# The order in which the schema wants the properties of paragraphs, runs, tables, rows, cells and sections.
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore numPr pBdr suppressAutoHyphens bidi spacing ind jc outlineLvl sectPr",
    "rPr": "rStyle rFonts b bCs caps color sz szCs u rtl lang",
    "tblPr": "tblStyle bidiVisual tblW tblBorders tblLayout tblCellMar tblLook tblCaption tblDescription",
    "trPr": "cantSplit tblHeader",
    "tcPr": "tcW tcBorders shd vAlign",
    "sectPr": "headerReference footerReference type pgSz pgMar cols bidi",
    "style": "name basedOn next qFormat pPr rPr tblPr tblStylePr",
}


def exhibit(number="A", *, wide=False, head="Exhibits", **changes):
    """Make an exhibit as the packet's pages give it."""
    return {
        "kind": "exhibit",
        "number": number,
        "title": "District 2 has the highest share",
        "where": "Fairwater — Plan A; draft",
        "stamps": ["Sample data, not for testimony", "Draft plan"],
        "alt": f"Map {number} with “two” districts <1 & 2>.",
        "legend": "Share of adults",
        "findings": ["In the county, 57 of 230 adults."],
        "methods": ["Counted: AAPI.", "Sources: a list."],
        "signed": "May Lee · may@example.org · version 1",
        "place": "Location in California",
        "wide": wide,
        "head": head,
        "label": f"Exhibit {number}",
        "rule": "Illustrative aid, not evidence",
        "shows": "What the map shows",
        "made": "How it was made",
        "notes": ["Counted: AAPI."],
        "twin": "Every figure stands in the tables.",
        "locator_alt": "Locator map. California.",
        "key_heads": ["Color", "Share", "Blocks"],
        "key": [
            {"colour": "#222b79", "words": "over 50%", "count": "12"},
            {"colour": "#fae3da", "words": "0% to 50%", "count": "34"},
            {"colour": "", "words": "no residents", "count": "5"},
        ],
        "map": "wide.svg" if wide else "map.svg",
        "locator": "" if wide else "locator.svg",
    } | changes


def keep(items=("What we ask: keep us together.", "Second paragraph.")):
    """Make the page to keep."""
    page = {"kind": "one_page", "title": "The page to keep", "items": list(items), "label": "Exhibit A. Fairwater"}
    return {**page, "map": "map.svg", "alt": "Map A again."}


BLOCKS = [
    new_page(),
    heading("What will be said"),
    para("12 words, about 5 seconds.", "small"),
    para("My name is May Lee.", "spoken"),
    keep(),
    exhibit("A"),
    exhibit("B", wide=True, head=""),
    new_page(),
    heading("District tables"),
    para("Figures are rounded.", "intro"),
    TABLE,
    {"kind": "lying", "blocks": [heading("Measures"), TABLE, {**TABLE, "notes": []}, WORDS]},
    new_page(),
    heading("How sure we are"),
    points(["One point.", "Two points."]),
    heading("Left out", 3),
    heading("Exhibit A", 4),
    para("Write to may@example.org today."),
]


def whole(blocks=BLOCKS, **cover):
    """Make what the PDF prints too."""
    front = {
        "title": "Testimony to the Board",
        "about": "On the districts of Fairwater",
        "when": "December 3, 2026, County Hall",
        "who": ["Testimony of May Lee", "may@example.org"],
        "made": "Made on December 3, 2026.",
        "ask_head": "What we ask",
        "ask": "Keep Lantern Hill together.",
        "contents": "In this packet",
        "legal": "Not legal advice.",
        "stamps": ["Sample data, not for testimony", "Illustrative plans"],
    } | cover
    words = {"page": "page {0} of {1}"}
    return {"cover": front, "blocks": list(blocks), "footer": "Testimony to the Board", "words": words}


def write(path, data=None, language="en"):
    with using(language=language):
        return write_word(data or whole(), DRAWINGS, path, author="May Lee", on=date(2026, 12, 3))


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return write(tmp_path_factory.mktemp("word") / "packet.docx")


@pytest.fixture(scope="module")
def opened(path):
    return Document(path)


def text_of(element):
    return "".join(one.text or "" for one in element.iter(f"{W}t"))


def paragraphs(document):
    """Give every paragraph, those of tables too."""
    return list(document.element.body.iter(f"{W}p"))


def style_of(paragraph):
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if found is None else found.get(f"{W}val")


def find(document, text):
    return next(one for one in paragraphs(document) if text_of(one) == text)


def tables(document):
    return list(document.element.body.iter(f"{W}tbl"))


# Structure


def test_headings_are_real_and_skip_no_level(opened):
    styles = {"Title": 0, "Heading1": 1, "Heading2": 2, "Heading3": 3}
    told = [(styles[style_of(one)], text_of(one)) for one in paragraphs(opened) if style_of(one) in styles]
    assert told[:4] == [
        (0, "Testimony to the Board"),
        (1, "What we ask"),
        (1, "In this packet"),
        (1, "What will be said"),
    ]
    assert sum(level == 0 for level, _ in told) == 1
    assert all(after - before <= 1 for (before, _), (after, _) in itertools.pairwise(told))
    assert (2, "Exhibit A. District 2 has the highest share") in told
    assert (3, "How it was made") in told
    for level in (1, 2, 3):
        style = opened.styles[f"heading {level}".title()]
        assert style.element.find(f"{W}pPr/{W}outlineLvl").get(f"{W}val") == str(level - 1)


def test_every_picture_has_its_words(opened):
    found = list(opened.element.body.iter(f"{WP}docPr"))
    assert [one.get("descr") for one in found] == [
        "Map A again.",
        "Locator map. California.",
        "Map A with “two” districts <1 & 2>.",
        "Map B with “two” districts <1 & 2>.",
    ]
    numbers = [one.get("id") for one in found]
    assert len(set(numbers)) == len(numbers)
    assert len(list(opened.inline_shapes)) == 4
    # As wide as the page where the height allows, and never out of proportion.
    a, b = opened.inline_shapes[2], opened.inline_shapes[3]
    assert a.width.inches == pytest.approx(a.height.inches * 4 / 3, abs=0.02)
    assert b.width.inches == pytest.approx(b.height.inches * 8 / 3, abs=0.02)
    assert a.width.inches <= 7.3
    assert b.width.inches <= 9.8


def test_every_table_repeats_its_headings_and_says_what_it_is(opened):
    found = tables(opened)
    assert len(found) == 6
    for one in found:
        rows = one.findall(f"{W}tr")
        assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True] + [False] * (len(rows) - 1)
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        look = one.find(f"{W}tblPr/{W}tblLook")
        assert look.get(f"{W}firstRow") == "1"
        assert one.find(f"{W}tblPr/{W}tblCaption").get(f"{W}val")
        assert all(text_of(cell) for cell in rows[0].findall(f"{W}tc"))
        assert one.find(f".//{W}bookmarkStart").get(f"{W}name").startswith(("Title_", "ColumnTitle_"))
        columns = [int(column.get(f"{W}w")) for column in one.iter(f"{W}gridCol")]
        assert len(columns) == len(rows[0].findall(f"{W}tc"))
        assert sum(columns) <= 9.8 * 1440
    table = found[2]
    assert table.find(f"{W}tblPr/{W}tblDescription").get(f"{W}val") == "Counted: AAPI. Base: adults."
    look = table.find(f"{W}tblPr/{W}tblLook")
    assert (look.get(f"{W}lastRow"), look.get(f"{W}firstColumn")) == ("1", "1")
    sides = [
        [(cell.find(f".//{W}jc") is not None) for cell in row.findall(f"{W}tc")] for row in table.findall(f"{W}tr")
    ]
    assert sides == [[False, True, True]] * 4
    told = [[text_of(cell) for cell in row.findall(f"{W}tc")] for row in table.findall(f"{W}tr")]
    assert told == [TABLE["heads"], *TABLE["rows"], TABLE["total"]]


def test_two_tables_never_grow_together(opened):
    kinds = [child.tag for child in opened.element.body]
    assert not any(a == b == f"{W}tbl" for a, b in itertools.pairwise(kinds))
    assert kinds[-1] == f"{W}sectPr"
    assert kinds[-2] != f"{W}tbl"


def test_the_key_has_words_beside_each_color(opened):
    key = tables(opened)[0]
    rows = [row.findall(f"{W}tc") for row in key.findall(f"{W}tr")]
    shades = [row[0].find(f"{W}tcPr/{W}shd") for row in rows[1:]]
    assert [shade.get(f"{W}fill") for shade in shades] == ["222B79", "FAE3DA", "F4F4F4"]
    assert shades[2].get(f"{W}val") == "thinDiagStripe"
    assert [[text_of(cell) for cell in row] for row in rows] == [
        ["Color", "Share", "Blocks"],
        ["", "over 50%", "12"],
        ["", "0% to 50%", "34"],
        ["", "no residents", "5"],
    ]


def test_a_map_of_several_pages_with_marks_of_its_own(tmp_path):
    marks = [{"colour": "", "swatch": f"key_{at}.svg", "words": f"Plan {at}", "count": ""} for at in (1, 2)]
    shown = exhibit(key=marks, key_heads=["Mark", "Plan"], more=[{"map": "wide.svg", "alt": "Second page."}])
    extra = {**DRAWINGS, "key_1.svg": SVG.format(28, 15), "key_2.svg": SVG.format(28, 16)}
    made = Document(write_word(whole([shown]), extra, tmp_path / "a.docx", author="May Lee", on=date(2026, 12, 3)))
    alts = [one.get("descr") for one in made.element.iter(f"{WP}docPr")]
    assert alts == ["Locator map. California.", shown["alt"], "Second page.", "Plan 1", "Plan 2"]
    rows = [row.findall(f"{W}tc") for row in tables(made)[0].findall(f"{W}tr")]
    assert [[text_of(cell) for cell in row] for row in rows] == [["Mark", "Plan"], ["", "Plan 1"], ["", "Plan 2"]]
    assert all(row[0].find(f".//{W}drawing") is not None for row in rows[1:])
    begun = [one for one in paragraphs(made) if one.find(f"{W}pPr/{W}pageBreakBefore") is not None]
    assert [one.find(f".//{WP}docPr").get("descr") for one in begun] == ["Second page."]


def test_lists_are_lists(opened):
    style = opened.styles["List Bullet"].element
    assert style.find(f"{W}pPr/{W}numPr/{W}numId").get(f"{W}val") == "1"
    numbering = opened.part.numbering_part.element
    assert numbering.find(f"{W}num").get(f"{W}numId") == "1"
    assert [text_of(one) for one in paragraphs(opened) if style_of(one) == "ListBullet"] == [
        "One point.",
        "Two points.",
    ]
    notes = [text_of(one) for one in paragraphs(opened) if style_of(one) == "Note"]
    assert notes == ["One note.", "Another note."] * 2
    assert opened.styles["Packet note"].base_style.name == "List Bullet"


def test_every_style_that_is_used_is_there(opened):
    have = {style.style_id for style in opened.styles}
    used = {
        one.get(f"{W}val") for kind in ("pStyle", "rStyle", "tblStyle") for one in opened.element.iter(f"{W}{kind}")
    }
    assert used <= have
    assert {"Title", "Heading1", "Heading2", "Heading3", "Caption", "ListBullet", "TOC1", "Hyperlink"} <= used


# Pages


def test_pages_lie_where_the_pdf_lies(opened):
    told = [
        (one.orientation, round(one.page_width.inches, 1), round(one.page_height.inches, 1)) for one in opened.sections
    ]
    up, lying = (0, 8.5, 11.0), (1, 11.0, 8.5)
    # Cover to page to keep; exhibits A and B; tables; the lying tables; the rest.
    assert told == [up, up, lying, up, lying, up]


def test_pages_begin_once_where_they_should(opened):
    begun = [text_of(one) for one in paragraphs(opened) if one.find(f"{W}pPr/{W}pageBreakBefore") is not None]
    # After an exhibit or a lying page a new section begins the page.
    assert begun == ["What will be said", "The page to keep"]


def test_each_chapter_of_lying_pages_begins_a_page(tmp_path):
    lying = {"kind": "lying", "blocks": [heading("First"), TABLE, heading("Second"), TABLE]}
    made = Document(write(tmp_path / "a.docx", whole([lying])))
    begun = [text_of(one) for one in paragraphs(made) if one.find(f"{W}pPr/{W}pageBreakBefore") is not None]
    assert begun == ["Second"]


def test_no_empty_page_at_the_end(tmp_path):
    made = Document(write(tmp_path / "a.docx", whole([heading("x"), {"kind": "lying", "blocks": [TABLE]}, new_page()])))
    assert [one.orientation for one in made.sections] == [0, 1]


def test_stamps_and_page_numbers_stand_on_every_page(opened):
    first, *others = opened.sections
    assert first.header.paragraphs[0].text == "Sample data, not for testimony · Illustrative plans"
    assert all(one.header.is_linked_to_previous and one.footer.is_linked_to_previous for one in others)
    foot = first.footer._element
    assert [one.text.strip() for one in foot.iter(f"{W}instrText")] == ["PAGE", "NUMPAGES"]
    assert text_of(foot) == "Testimony to the Board · page 1 of 1"
    kinds = [one.get(f"{W}fldCharType") for one in foot.iter(f"{W}fldChar")]
    assert kinds == ["begin", "separate", "end"] * 2


def test_stamps_of_the_packet_are_not_said_twice_on_an_exhibit(opened):
    stamps = [text_of(one) for one in paragraphs(opened) if style_of(one) == "Stamp"]
    assert stamps == ["Sample data, not for testimony", "Illustrative plans", "Draft plan", "Draft plan"]


def test_no_stamp_no_red_line(tmp_path):
    made = Document(write(tmp_path / "a.docx", whole(stamps=[])))
    assert made.sections[0].header.paragraphs[0].text == ""


def test_the_contents_lead_to_the_sections(opened):
    body = opened.element.body
    entries = [one for one in paragraphs(opened) if style_of(one) == "TOC1"]
    assert [text_of(one) for one in entries] == [
        "What will be said",
        "The page to keep",
        "Exhibits",
        "District tables",
        "Measures",
        "How sure we are",
    ]
    named = {one.get(f"{W}name"): one.getparent() for one in body.iter(f"{W}bookmarkStart")}
    for entry in entries:
        anchor = entry.find(f"{W}hyperlink").get(f"{W}anchor")
        assert text_of(named[anchor]) == text_of(entry)
    fields = [one.text.strip() for one in body.iter(f"{W}instrText")]
    assert fields == ['TOC \\o "1-1" \\n \\h \\z \\b Packet_body']
    assert "Packet_body" in named
    kinds = [one.get(f"{W}fldCharType") for one in body.iter(f"{W}fldChar")]
    assert kinds == ["begin", "separate", "end"]
    # Nothing asks the reader a question when the file is opened.
    assert opened.settings.element.find(f"{W}updateFields") is None


def test_bookmarks_are_closed_and_have_numbers_of_their_own(opened):
    starts = [one.get(f"{W}id") for one in opened.element.body.iter(f"{W}bookmarkStart")]
    ends = [one.get(f"{W}id") for one in opened.element.body.iter(f"{W}bookmarkEnd")]
    names = [one.get(f"{W}name") for one in opened.element.body.iter(f"{W}bookmarkStart")]
    assert sorted(starts) == sorted(ends)
    assert len(set(starts)) == len(starts)
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 40


def test_addresses_are_links(opened):
    found = {
        opened.part.rels[one.get(f"{R}id")].target_ref: text_of(one)
        for one in opened.element.body.iter(f"{W}hyperlink")
        if one.get(f"{R}id")
    }
    assert found == {"mailto:may@example.org": "may@example.org"}


def test_a_long_page_to_keep_takes_smaller_letters_and_no_map(tmp_path):
    long = Document(write(tmp_path / "a.docx", whole([keep(["a sentence of some words. " * 60] * 4)])))
    assert len(long.inline_shapes) == 0
    sizes = {one.get(f"{W}val") for one in long.element.body.iter(f"{W}sz")}
    assert min(map(int, sizes - {"0"})) < 22


# The file


def test_the_same_data_give_the_same_bytes(path, tmp_path):
    first = path.read_bytes()
    time.sleep(2.1)  # the clock of zip files has steps of two seconds
    assert write(tmp_path / "packet.docx").read_bytes() == first


def test_nothing_of_the_machine_is_in_the_file(path):
    with zipfile.ZipFile(path) as packed:
        names = packed.namelist()
        assert {one.date_time for one in packed.infolist()} == {(2026, 12, 3, 0, 0, 0)}
        assert names[0] == "[Content_Types].xml"
        assert not [name for name in names if "thumbnail" in name or "customXml" in name or "WithEffects" in name]
        everything = b"".join(packed.read(name) for name in names if name.endswith(".xml"))
    assert b"python-docx" not in everything
    assert b"Macintosh" not in everything


def test_properties_of_the_file(opened):
    told = opened.core_properties
    assert (told.title, told.author, told.language) == ("Testimony to the Board", "May Lee", "en-US")
    assert (told.created.date(), told.modified.date()) == (date(2026, 12, 3), date(2026, 12, 3))
    assert (told.comments, told.revision) == ("", 1)
    modes = {one.get(f"{W}name"): one.get(f"{W}val") for one in opened.settings.element.iter(f"{W}compatSetting")}
    assert modes["compatibilityMode"] == "15"


@pytest.mark.parametrize("language", ["en", "ur", "zh-Hant"])
def test_properties_stand_in_the_order_of_the_schema(tmp_path, language):
    made = Document(write(tmp_path / "a.docx", language=language))
    section = made.sections[0]
    parts = [made.element, made.styles.element, section.header._element, section.footer._element]
    for name, order in ORDER.items():
        places = {f"{W}{child}": at for at, child in enumerate(order.split())}
        for part in parts:
            for one in part.iter(f"{W}{name}"):
                found = [places[child.tag] for child in one]
                assert found == sorted(found), [child.tag for child in one]


def test_letters_that_xml_forbids_are_marked(tmp_path):
    made = Document(write(tmp_path / "a.docx", whole([para("A\x00B\x0bC\ud800D\uffffE\tF & <G> “H”")], title="A\x01B")))
    told = [text_of(one) for one in paragraphs(made)]
    assert "A\ufffdB C\ufffdD\ufffdE F & <G> “H”" in told
    assert "A\ufffdB" in told
    assert made.core_properties.title == "A\ufffdB"


def test_lines_stay_lines(tmp_path):
    made = Document(write(tmp_path / "a.docx", whole([heading("One\nTwo")])))
    named = next(one for one in paragraphs(made) if style_of(one) == "Heading1" and text_of(one) == "OneTwo")
    assert named.find(f".//{W}br") is not None


@pytest.mark.parametrize(
    ("blocks", "told"),
    [
        ([{"kind": "poem"}], "the Word file has no piece 'poem'; it has heading, para, list"),
        ([{"kind": "lying", "blocks": [{"kind": "poem"}]}], "no piece 'poem'"),
        ([para("x", "loud")], "the Word file has no style 'loud'; it has plain, intro, small, spoken"),
    ],
)
def test_what_word_files_have_not_is_refused(tmp_path, blocks, told):
    with pytest.raises(InputError, match=told):
        write(tmp_path / "a.docx", whole(blocks))
    assert not list(tmp_path.iterdir())


def test_a_drawing_that_is_none_is_refused():
    with pytest.raises(KitError, match="the drawings a.svg could not be turned into pictures"):
        pictures({"a.svg": "no drawing"}, {"a.svg": 2.0})


def test_pictures_have_200_dots_an_inch_and_more():
    png, ratio = pictures(DRAWINGS, {"map.svg": 7.3})["map.svg"]
    assert png[:4] == b"\x89PNG"
    assert ratio == pytest.approx(3 / 4, abs=0.001)
    assert int.from_bytes(png[16:20], "big") >= 200 * 7.3


def test_a_word_that_is_long_keeps_its_column(tmp_path):
    name = "tables/plan_1_la-county-illustrative-plan-a_nh_aapi_alone_pop.csv"
    table = grid("", ["File", "What it is"], [[name, "words " * 60]], words=[True, True], widths=(1, 5))
    made = Document(write(tmp_path / "a.docx", whole([heading("Files"), table])))
    file, what = (int(one.get(f"{W}w")) / 1440 for one in tables(made)[0].iter(f"{W}gridCol"))
    assert file > len(name) * 0.6 * 9 / 72 > 7 / 6
    assert file + what == pytest.approx(7.0, abs=0.01)


# Languages


URDU, ENGLISH = "ضلع 2 میں Plan A کے لوگ ہیں", "District 2 is the largest."


@pytest.fixture(scope="module")
def urdu(tmp_path_factory):
    table = grid(
        "",
        [spoken("ضلع", "ur"), spoken("لوگ", "ur")],
        [["1", "1,234"], ["Plan A", "−5%"]],
        words=[True, False],
    )
    blocks = [heading(spoken("ضلع", "ur")), para(spoken(URDU, "ur")), para(spoken(ENGLISH, "en")), table, exhibit()]
    return Document(write(tmp_path_factory.mktemp("ur") / "packet.docx", whole(blocks), "ur"))


def test_urdu_runs_from_right_to_left(urdu):
    one = find(urdu, URDU)
    assert one.find(f"{W}pPr/{W}bidi") is not None
    told = [(text_of(run), run.find(f"{W}rPr/{W}rtl") is not None, lang(run)) for run in one.iter(f"{W}r")]
    assert told == [("ضلع 2 میں ", True, None), ("Plan A", False, "en-US"), (" کے لوگ ہیں", True, None)]
    table = tables(urdu)[0]
    assert table.find(f"{W}tblPr/{W}bidiVisual") is not None
    # Figures stand at the left, where lines end, under their heading: Word counts from where a paragraph begins.
    sides = [row.findall(f"{W}tc")[1].find(f".//{W}jc").get(f"{W}val") for row in table.findall(f"{W}tr")]
    assert sides == ["right", "left", "left"]
    labels = [row.find(f"{W}tc").find(f".//{W}jc") for row in table.findall(f"{W}tr")]
    assert [None if one is None else one.get(f"{W}val") for one in labels] == [None, "right", "right"]
    assert all(section._sectPr.find(f"{W}bidi") is not None for section in urdu.sections)


def test_words_that_stay_english_say_so(urdu):
    one = find(urdu, ENGLISH)
    assert one.find(f"{W}pPr/{W}bidi") is None
    assert {lang(run) for run in one.iter(f"{W}r")} == {"en-US"}
    assert one.find(f".//{W}rtl") is None


def lang(run):
    found = run.find(f"{W}rPr/{W}lang")
    return None if found is None else found.get(f"{W}val")


@pytest.mark.parametrize(
    ("language", "tag", "slot", "font"),
    [
        ("en", "en-US", "cs", "Arial"),
        ("ur", "ur-PK", "cs", "Urdu Typesetting"),
        ("hi", "hi-IN", "cs", "Nirmala UI"),
        ("km", "km-KH", "cs", "Leelawadee UI"),
        ("zh-Hant", "zh-TW", "eastAsia", "Microsoft JhengHei"),
        ("ko", "ko-KR", "eastAsia", "Malgun Gothic"),
        ("haw", "haw-US", "ascii", "Arial"),
        ("hmn", "hmn", "ascii", "Arial"),
    ],
)
def test_language_and_font_of_the_file(tmp_path, language, tag, slot, font):
    made = Document(write(tmp_path / "a.docx", whole([heading("x")]), language))
    usual = made.styles.element.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    told = usual.find(f"{W}lang")
    assert {told.get(f"{W}{name}") for name in ("val", "eastAsia", "bidi")} == {tag}
    assert usual.find(f"{W}rFonts").get(f"{W}{slot}") == font
    assert set(usual.find(f"{W}rFonts").keys()) == {f"{W}{name}" for name in ("ascii", "hAnsi", "eastAsia", "cs")}
    assert made.core_properties.language == tag
    with zipfile.ZipFile(tmp_path / "a.docx") as packed:
        assert f'w:name="{font}"><w:altName' in packed.read("word/fontTable.xml").decode()


def test_chinese_takes_the_font_of_east_asia(tmp_path):
    made = Document(write(tmp_path / "a.docx", whole([para(spoken("第 2 選區 “華埠”", "zh-Hant"))]), "zh-Hant"))
    runs = list(find(made, "第 2 選區 “華埠”").iter(f"{W}r"))
    assert {run.find(f"{W}rPr/{W}rFonts").get(f"{W}hint") for run in runs} == {"eastAsia"}


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Khu 2", "vi", [("Khu 2", "vi")]),
        ("", "ur", [("", "ur")]),
        ("हम Plan A, 2020 में", "hi", [("हम ", "hi"), ("Plan A", "en"), (", 2020 में", "hi")]),
        ("ʻAiea में", "hi", [("ʻAiea", "en"), (" में", "hi")]),
        ("12.3%", "ur", [("12.3%", "ur")]),
    ],
)
def test_text_is_cut_where_its_script_changes(text, language, found):
    with using(language=language):
        assert stretches(spoken(text, language), language) == found


def test_english_inside_vietnamese_says_so():
    with using(language="vi"):
        assert stretches(spoken("Draft plan", "en"), "vi") == [("Draft plan", "en")]
