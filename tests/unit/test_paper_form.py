"""The form on paper: what its pages say, how its maps are numbered, and what it refuses."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pikepdf
import pytest
import shapely

import kit
from kit.errors import InputError
from kit.i18n.catalogues import draft_stamp
from kit.i18n.fonts import font_of
from kit.maps.pen_map import pen_map
from kit.model.community import CONSENTS
from kit.model.community import Community as Told
from kit.model.frames import Units
from kit.model.paper import CHOICES, QUESTIONS, SHARED, PaperKey
from kit.paper import paper_form
from kit.settings import using
from kit.sources.community_paper import read_paper_forms
from kit.sources.paper_files import read_paper_key, write_paper_key

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not here")
TRACT = "98001000100"
MADE = {"within": TRACT, "numbers": "1-2", "prefix": "L-", "body": "california", "collector": "Heron Neighbors"}


@pytest.fixture(scope="module")
def county():
    return kit.load_sample("fictional_county").units


@pytest.fixture(scope="module")
def form(county, tmp_path_factory):
    return paper_form(tmp_path_factory.mktemp("forms") / "form.pdf", county, return_to="the county library", **MADE)


def pages(path):
    """Give the text of each page."""
    told = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, text=True).stdout
    return [" ".join(page.split()) for page in told.split("\f")[:-1]]


def strip(across, up=1, first=360610001000000):
    """Make a strip of squares, each 100 m, where north is up."""
    west, south = 500_000, 4_500_000
    cells = [(x, y) for y in range(up) for x in range(across)]
    shapes = [
        shapely.box(west + 100 * x, south + 100 * y, west + 100 * (x + 1), south + 100 * (y + 1)) for x, y in cells
    ]
    ids = pd.Index([str(first + n) for n in range(len(shapes))], dtype="str", name="GEOID")
    return Units(pd.DataFrame(index=ids), "block", 2020, (), gpd.GeoSeries(shapes, index=ids, crs="EPSG:32618"))


def numbers_on(sheet):
    """List the numbers that are written on a map."""
    texts = [text.get_gid() for ax in sheet.figure.axes for text in ax.texts if text.get_gid()]
    return sorted(int(gid.removeprefix("district ")) for gid in texts if gid.startswith("district "))


# --- pages -------------------------------------------------------------------------------------------------


def test_what_is_written(form):
    assert [path.name for path in form.files] == ["form.pdf", "form_sheet.csv", "form_key.csv"]
    assert form.numbers == ("L-1", "L-2")
    assert len(form.key) == 24
    assert form.key == read_paper_key(form.files[2])
    assert form.key.sample
    assert set(form.key.squares) <= {f"{letter}{row}" for letter in "ABCDEFGH" for row in range(1, 11)}
    assert form.summary() == (
        f"Forms: 2. Maps in each: 1, with the numbers 1 to 24 and the map code {form.key.code}. The last sheet of each "
        "form has the contact: take it off when the form is handed in, and keep it apart."
    )
    assert form.sources[0].sample


def test_the_form_asks_what_a_community_holds():
    fields = {one.key for one in QUESTIONS}
    assert {one.key for one in SHARED} == set(Told.model_fields["in_common"].annotation.model_fields)
    assert set(CHOICES) == set(CONSENTS)
    assert {"name", "languages", "told_in", "consent", "landmarks"} <= fields & set(Told.model_fields)
    assert len({one.code for one in QUESTIONS}) == len(QUESTIONS)


@needs_poppler
def test_what_the_pages_say(form):
    told = pages(form.files[0])
    first, shared, asked, drawn, contact, *rest = told
    for words in (
        "Form number: L-1",
        "This form is collected by Heron Neighbors. Bring or send it to: the county library.",
        "If none is ticked, or several are, only those who collect will see it.",
        "1a Only those who collect",
        "1b The body that holds the hearing What a public body is given may become public.",
        "1c Everyone",
        "The rules of the California Citizens Redistricting Commission say:",
        "A community may not be defined by its relationship with a political party.",
        "Nothing that you write is deleted.",
        "California Constitution, article XXI, section 2(d)(4)",
        "page 1 of 4",
        "SAMPLE DATA, NOT FOR TESTIMONY",
        "Not legal advice",
    ):
        assert words in first, words
    for one in QUESTIONS[1:]:
        assert f"{one.code} {one.label}" in " ".join(told[:4]), one.code
    assert "5h Other" in shared
    assert "8 Numbers on the map inside the line Such as: 1 to 4, 7, 12" in asked
    assert f"Map code: {form.key.code}" in drawn
    assert "A number inside the line belongs to the community." in drawn
    assert "page 4 of 4" in drawn
    assert "Drawn from: This project, invented redistricting data of a fictional county" in drawn
    assert "How to reach you" in contact
    assert rest[0].startswith("SAMPLE DATA, NOT FOR TESTIMONY Form number: L-1")  # the empty back of the leaf
    assert rest[1].count("Form number: L-2") == 2
    assert "For those who type the forms" in told[-1]
    assert all(geoid in told[-1] for geoid in form.key.geoids)


@needs_poppler
def test_the_contact_is_a_leaf_of_its_own(form):
    told = pages(form.files[0])
    asking = [at for at, page in enumerate(told, 1) if "Your name" in page]
    assert asking == [5, 11]
    assert all(at % 2 for at in asking)
    for at in asking:
        assert form.key.code not in told[at - 1]
        assert not re.search(r"\b5[a-h]\b", told[at - 1])
        assert "Telephone" not in told[at]
    assert not any("Telephone" in page for page in told[:4])
    sheet = form.files[1].read_text("utf-8-sig")
    assert not re.search(r"(?i)telephone|e-?mail|address", sheet)


def tags(element):
    """Walk through the structure of a PDF."""
    if isinstance(element, pikepdf.Array):
        for one in element:
            yield from tags(one)
    elif isinstance(element, pikepdf.Dictionary):
        yield element
        if "/K" in element:
            yield from tags(element.K)


def test_the_pdf_is_tagged(form):
    with pikepdf.open(form.files[0]) as pdf:
        assert str(pdf.Root.Lang) == "en"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert b"pdfuaid" in bytes(pdf.Root.Metadata.read_bytes())
        assert str(pdf.docinfo["/Title"]) == "Tell us about your community"
        found = list(tags(pdf.Root.StructTreeRoot))
        kinds = {str(tag.get("/S")) for tag in found}
        assert {"/H1", "/H2", "/P", "/L", "/Table", "/TH", "/TD", "/Figure"} <= kinds
        alts = [str(tag.Alt) for tag in found if str(tag.get("/S")) == "/Figure"]
        assert len(alts) == 2
        assert alts[0].startswith("Map 1 of 1, to draw on with a pen: the outlines of 24 census blocks")
        assert "/AcroForm" not in pdf.Root


def test_the_checker_finds_no_error(county, tmp_path):
    form = paper_form(tmp_path / "form.pdf", county, within=f"{TRACT}1", body="california")
    outloud = shutil.which("outloud", path=str(Path(sys.executable).parent))
    assert outloud, "outloud is a development dependency"
    told = subprocess.run([outloud, str(form.files[0])], capture_output=True, check=False, text=True)
    assert told.returncode == 0, told.stdout
    assert " 0 error(s), 0 warning(s)" in told.stdout


def test_the_same_form_twice_is_the_same_bytes(form, county, tmp_path):
    again = paper_form(tmp_path / "form.pdf", county, return_to="the county library", **MADE)
    for one, other in zip(form.files, again.files, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


@needs_poppler
def test_a_form_without_units_asks_for_words_only(tmp_path):
    made = paper_form(tmp_path / "plain", page="a4")
    assert [path.name for path in made.files] == ["plain.pdf", "plain_sheet.csv"]
    told = " ".join(pages(made.files[0]))
    assert "8 Numbers on the map" not in told
    assert "9 Ids of census units" in told
    assert "Map code" not in told
    assert "What to leave out" not in told
    assert "Form number: ________" in told
    assert made.summary().endswith("Write a number on every sheet of a form, and the same on its contact sheet.")
    assert (made.key, made.maps) == (None, 0)


# --- languages ---------------------------------------------------------------------------------------------


SAID = {
    "ko": {"Tell us about your community": "여러분의 공동체를 알려 주십시오", "Culture": "문화", "Form number": "양식 번호"},
    "vi": {"Tell us about your community": "Hãy cho biết về cộng đồng của quý vị", "Culture": "Văn hóa", "Form number": "Số mẫu đơn"},
    "ur": {"Tell us about your community": "ہمیں اپنی برادری کے بارے میں بتائیں", "Culture": "ثقافت", "Form number": "فارم نمبر"},
    "km": {"Tell us about your community": "សូម\u200bប្រាប់\u200bយើង\u200bអំពី\u200bសហគមន៍\u200bរបស់\u200bអ្នក", "Culture": "វប្បធម៌", "Form number": "លេខ\u200bទម្រង់"},
}  # fmt: skip


@pytest.fixture
def speaks(tmp_path_factory, monkeypatch):
    """Let the kit read a few words from a folder of these tests."""
    from kit.i18n.catalogues import forget

    folder = tmp_path_factory.mktemp("catalogues")
    for code, said in SAID.items():
        head = f'msgid ""\nmsgstr ""\n"Language: {code}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        rows = "".join(f'\nmsgid "{english}"\nmsgstr "{words}"\n' for english, words in said.items())
        (folder / f"{code}.po").write_text(head + rows, encoding="utf-8")
    monkeypatch.setenv("KIT_CATALOGUES", str(folder))
    forget()
    yield
    forget()


@needs_poppler
@pytest.mark.parametrize("code", SAID)
def test_a_form_in_a_language(speaks, county, tmp_path, code):
    if font_of(code) is None:
        pytest.skip(f"no font for {code} is here")
    with using(language=code):
        made = paper_form(tmp_path / f"{code}.pdf", county, within=f"{TRACT}1", body="california")
        stamp = draft_stamp(code)
    path = made.files[0]
    with pikepdf.open(path) as pdf:
        assert str(pdf.Root.Lang) == code
    fonts = subprocess.run(["pdffonts", str(path)], capture_output=True, check=True, text=True).stdout
    assert font_of(code).replace(" ", "").lower()[:12] in fonts.lower()
    assert all(" yes yes " in line for line in fonts.splitlines()[2:])
    told = pages(path)
    assert stamp.startswith("Draft translation, not reviewed")
    assert all("DRAFT TRANSLATION, NOT REVIEWED" in page for page in told)
    if code in {"ko", "vi"}:
        assert f"5a {SAID[code]['Culture']}" in told[1]
    assert all(re.search(rf"\b{question.code}\b", " ".join(told)) for question in QUESTIONS)
    assert SAID[code]["Culture"] in made.files[1].read_text("utf-8-sig")


@pytest.mark.slow
@pytest.mark.parametrize("code", ["ur"])
def test_the_checker_finds_no_error_in_a_language(speaks, county, tmp_path, code):
    if font_of(code) is None:
        pytest.skip(f"no font for {code} is here")
    outloud = shutil.which("outloud", path=str(Path(sys.executable).parent))
    with using(language=code):
        made = paper_form(tmp_path / f"{code}.pdf", county, within=f"{TRACT}1", body="california")
    told = subprocess.run([outloud, str(made.files[0])], capture_output=True, check=False, text=True)
    assert " 0 error(s)" in told.stdout, told.stdout


# --- maps --------------------------------------------------------------------------------------------------


def test_every_number_stands_on_the_map_in_its_unit(county):
    made = pen_map(county)
    (sheet,) = made.sheets
    assert numbers_on(sheet) == list(range(1, 289))
    assert made.geoids == tuple(sorted(county.frame.index))
    west, _, east, _ = county.geometry.total_bounds
    squares = dict(zip(made.geoids, made.squares, strict=True))
    for geoid, shape in county.geometry.items():
        column = int((shape.representative_point().x - west) / (east - west) * 8)
        assert abs("ABCDEFGH".index(squares[geoid][0]) - column) <= 1


def test_squares_can_be_worked_out_by_hand():
    made = pen_map(strip(8, 4))
    # Eight columns, one a letter; four rows from the south, whose middles lie in rows 9, 7, 4 and 2 of ten.
    assert made.squares == tuple(f"{letter}{row}" for row in (9, 7, 4, 2) for letter in "ABCDEFGH")
    assert made.sheets[0].wide
    assert not pen_map(strip(4, 8)).sheets[0].wide


def test_many_units_take_several_maps():
    units = strip(100, 2)
    made = pen_map(units)
    assert [(one.first, one.last, one.wide) for one in made.sheets] == [(1, 100, True), (101, 200, True)]
    assert [numbers_on(one) for one in made.sheets] == [list(range(1, 101)), list(range(101, 201))]
    assert sorted(made.geoids) == sorted(units.frame.index)
    east = {geoid for geoid in units.frame.index if (int(geoid) - 360610001000000) % 100 >= 50}
    assert set(made.geoids[100:]) in (east, set(units.frame.index) - east)
    assert {square[:2] for square in made.squares[:100]} == {"1-"}
    assert {square[:2] for square in made.squares[100:]} == {"2-"}
    assert "Map 2 of 2" in made.sheets[1].alt
    assert "the numbers 101 to 200" in made.sheets[1].alt


@needs_poppler
def test_a_form_of_several_maps(tmp_path):
    made = paper_form(tmp_path / "form.pdf", strip(100, 2), numbers="1")
    assert made.maps == 2
    told = pages(made.files[0])
    assert "Draw the line around your community: map 2 of 2" in told[4]
    assert "Use every map that your community lies on" in told[3]
    assert "page 5 of 5" in told[4]
    assert "How to reach you" in told[6]  # page 6 is the empty back of the last map


def test_streets_are_drawn_where_they_are_known(four_squares, tmp_path):
    units, _ = four_squares
    west, south, east, north = units.geometry.total_bounds
    middle = (south + north) / 2
    roads = gpd.GeoDataFrame(
        {"name": ["Heron Street"]}, geometry=[shapely.LineString([(west, middle), (east, middle)])], crs=5070
    )
    roads.attrs["source"] = kit.Source("Streets of the tests", publisher="The tests")
    made = pen_map(units, context={"roads": roads})
    assert "Heron Street" in {text.get_text() for text in made.sheets[0].figure.axes[0].texts}
    assert [one.title for one in made.sources] == ["Four squares", "Streets of the tests"]
    context = kit.Context(sources=made.sources[1:], streets=roads)
    form = paper_form(tmp_path / "form.pdf", units, context=context)
    assert "Streets of the tests" in [one.title for one in form.sources]


def test_units_that_cannot_be_numbered_are_refused(tmp_path):
    with pytest.raises(InputError, match="1,000 census blocks cannot be numbered on the maps of one form"):
        paper_form(tmp_path / "form.pdf", strip(1000))
    with pytest.raises(InputError, match="a map needs the polygons of its census blocks"):
        pen_map(Units(strip(2).frame, "block", 2020))
    assert not list(tmp_path.iterdir())


# --- choosing a part ---------------------------------------------------------------------------------------


def test_a_part_by_id_or_by_extent(county, tmp_path):
    west, south, east, north = county.geometry.total_bounds
    made = paper_form(tmp_path / "a.pdf", county, extent=(west, (south + north) / 2, (west + east) / 2, north))
    inside = county.geometry.representative_point().cx[west : (west + east) / 2, (south + north) / 2 : north]
    assert set(made.key.geoids) == set(inside.index)
    both = paper_form(tmp_path / "b.pdf", county, within=[TRACT, "98001000200"])
    assert {geoid[:11] for geoid in both.key.geoids} == {TRACT, "98001000200"}


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"within": "36"}, "none of the 288 census blocks is left; their ids begin like 980010001001000"),
        ({"extent": (1, 2, 0, 3)}, "extent is west, south, east and north in degrees"),
        ({"extent": (0, 0, 1, 1)}, "none of the 288 census blocks is left"),
        ({"page": "napkin"}, "paper is letter, legal, a4; got 'napkin'"),
        ({"body": "atlantis"}, "no word lists are kept for 'atlantis'"),
        ({"numbers": "1-900"}, "900 forms are too many for one file"),
        ({"numbers": "1", "prefix": "Jan-"}, "a spreadsheet would make a date of Jan-1"),
    ],
)
def test_what_cannot_be_made_is_refused(county, tmp_path, how, message):
    with pytest.raises(InputError, match=re.escape(message)):
        paper_form(tmp_path / "form.pdf", county, **{"within": TRACT, **how} if "extent" not in how else how)
    assert not list(tmp_path.iterdir())


def test_a_sheet_that_may_hold_work_is_left_alone(county, tmp_path):
    (tmp_path / "form_sheet.csv").write_text("typed already")
    with pytest.raises(InputError, match=r"form_sheet.csv is there already and may hold what somebody typed"):
        paper_form(tmp_path / "form.pdf", county, within=TRACT)
    assert (tmp_path / "form_sheet.csv").read_text() == "typed already"
    assert len(list(tmp_path.iterdir())) == 1


# --- there and back ----------------------------------------------------------------------------------------


def test_from_the_form_to_the_same_units(form, county, tmp_path):
    chosen = sorted(form.key.geoids)[3:9]
    head, keys, first, second = form.files[1].read_text("utf-8-sig").splitlines()
    cells = dict.fromkeys(keys.split(","), "")
    cells |= {"form": "L-1", "map_code": form.key.code, "name": "Acre", "consent": "1c"}
    cells["numbers"] = f'"{form.key.numbers(chosen)}"'
    assert first.startswith("L-1,")
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("\n".join([head, keys, ",".join(cells.values()), second]), encoding="utf-8")
    found = read_paper_forms(sheet, county, key=form.files[2])
    assert found.communities[0].area.geoids == tuple(chosen)
    assert found.notes == ("Rows of the sheet without an answer, left aside: 1.",)
    assert any(source.sample for source in found.sources)


def test_the_key_of_forms_that_may_be_printed_is_not_written_over(county, tmp_path):
    other = write_paper_key(PaperKey(("360610001001000",), "block", 2020), tmp_path / "form_key.csv")
    before = other.read_bytes()
    with pytest.raises(InputError, match=r"form_key\.csv is there already and is not the key"):
        paper_form(tmp_path / "form.pdf", county, within=TRACT)
    assert other.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["form_key.csv"]


@pytest.mark.parametrize("how", [{"within": TRACT}, {"extent": (0, 0, 1, 1)}, {"context": {}}])
def test_what_is_of_a_map_needs_units(tmp_path, how):
    with pytest.raises(InputError, match="are of the map; pass the units that it shows as well"):
        paper_form(tmp_path / "form.pdf", **how)
    assert not list(tmp_path.iterdir())
