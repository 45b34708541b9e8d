"""Files of a map: which ones, what is in them, and the same bytes twice."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
from dataclasses import replace
from datetime import date

import pikepdf
import pytest
from matplotlib.figure import Figure

import kit
from kit.errors import InputError, KitError
from kit.maps.record import record_of
from kit.maps.words import alt_text
from kit.report.output import accessible_svg, build_date, heading_of, svg_of, typeset

WHAT = {"group": "aapi_aoic", "base": "vap", "breaks": [0, 0.1, 0.2, 0.4, 1]}


@pytest.fixture
def placed(four_squares):
    return kit.place(*four_squares)


@pytest.fixture
def drawn(placed):
    return kit.map_share(placed, **WHAT)


def names(paths):
    return [path.name for path in paths]


def test_all_files_of_a_map(drawn, tmp_path):
    written = kit.save_map(drawn, tmp_path / "new" / "map")
    assert names(written) == ["map.pdf", "map.png", "map.svg", "map.txt", "map_table.csv", "map_table.html"]
    assert all(path.stat().st_size > 0 for path in written)
    assert sorted(names((tmp_path / "new").iterdir())) == sorted(names(written))


def test_only_the_formats_asked_for_and_the_suffix_is_taken_off(drawn, tmp_path):
    assert names(kit.save_map(drawn, tmp_path / "a.b.png", ["png"])) == [
        "a.b.png",
        "a.b.txt",
        "a.b_table.csv",
        "a.b_table.html",
    ]


def test_two_panels_have_two_tables(placed, tmp_path):
    other = replace(placed, plan=replace(placed.plan, name="Two rows again"))
    written = kit.save_map(kit.map_compare(placed, other, **WHAT), tmp_path / "map", ["png"])
    assert names(written) == [
        "map.png",
        "map.txt",
        "map_table.csv",
        "map_table.html",
        "map_table_b.csv",
        "map_table_b.html",
    ]
    assert "Two rows again" in (tmp_path / "map_table_b.csv").read_text("utf-8")


def test_an_unknown_format_is_refused(drawn, tmp_path):
    with pytest.raises(InputError, match="formats are pdf, png, svg, gpkg; got jpg, gif"):
        kit.save_map(drawn, tmp_path / "map", ["jpg", "png", "gif"])
    assert list(tmp_path.iterdir()) == []


def test_axes_of_something_else_are_refused(tmp_path):
    with pytest.raises(InputError, match="hold no map of the kit"):
        kit.save_map(Figure().add_subplot(), tmp_path / "map")


def test_png_has_300_dots_an_inch(drawn, tmp_path):
    (png, *_) = kit.save_map(drawn, tmp_path / "map", ["png"])
    data = png.read_bytes()
    assert struct.unpack(">II", data[16:24]) == (3300, 2550)
    at = data.index(b"pHYs")
    assert struct.unpack(">IIB", data[at + 4 : at + 13]) == (11811, 11811, 1)  # dots a metre
    assert alt_text(drawn).encode("latin-1") in data


def test_svg_keeps_text_as_text_with_its_font_and_words(drawn, tmp_path):
    (svg, *_) = kit.save_map(drawn, tmp_path / "map", ["svg"])
    text = svg.read_text("utf-8")
    assert 'role="img" aria-labelledby="map-title map-desc" lang="en"' in text
    assert re.search(r'<title id="map-title">[^<]*voting-age population', text)
    assert '<desc id="map-desc">Map of the voting-age' in text
    assert text.count("@font-face") == 2
    assert re.search(r"<text[^>]*>1</text>", text)
    assert re.search(r"<text[^>]*>Not legal advice; confirm with counsel.</text>", text)


def test_pdf_is_tagged_and_says_what_it_shows(drawn, tmp_path):
    (pdf, *_) = kit.save_map(drawn, tmp_path / "map", ["pdf"])
    with pikepdf.open(pdf) as file:
        assert str(file.Root.Lang) == "en"
        assert bool(file.Root.MarkInfo.Marked)
        assert file.Root.ViewerPreferences.DisplayDocTitle
        assert "voting-age" in str(file.docinfo.Title)
        alts = [str(o.Alt) for o in file.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o]
        assert alts == [alt_text(drawn)]
        width, height = file.pages[0].mediabox[2:]
        assert (round(width), round(height)) == (792, 612)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not here")
def test_pdf_text_can_be_read_out(drawn, tmp_path):
    (pdf, *_) = kit.save_map(drawn, tmp_path / "map", ["pdf"])
    told = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True, text=True).stdout
    assert "Two rows (Four squares, illustrative)" in told
    assert {"1", "2", "N"} <= set(told.split())
    fonts = subprocess.run(["pdffonts", str(pdf)], capture_output=True, check=True, text=True).stdout.splitlines()[2:]
    assert fonts
    assert all(line.split()[-5:-3] == ["yes", "yes"] for line in fonts)  # embedded, and cut to what is used


def test_the_same_map_twice_gives_the_same_bytes(placed, tmp_path):
    for folder in ("one", "two"):
        kit.save_map(kit.map_share(placed, **WHAT), tmp_path / folder / "map")
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_the_same_axes_twice_give_the_same_bytes(drawn, tmp_path):
    for folder in ("one", "two"):
        kit.save_map(drawn, tmp_path / folder / "map")
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_a_failing_writer_leaves_the_old_file(drawn, tmp_path):
    (png, *_) = kit.save_map(drawn, tmp_path / "map", ["png"])
    before = png.read_bytes()

    def fail(*args, **kwargs):
        raise OSError("the disk is full")

    drawn.figure.savefig = fail
    with pytest.raises(OSError, match="the disk is full"):
        kit.save_map(drawn, tmp_path / "map", ["png"])
    assert png.read_bytes() == before
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_page_that_cannot_be_set_leaves_the_old_file(tmp_path):
    target = tmp_path / "map.pdf"
    target.write_bytes(b"old")
    data = {"title": "", "alt": "", "width": "1", "height": "1"}
    with pytest.raises(KitError, match=r"the page map\.pdf could not be set"):
        typeset("figure.typ", target, data=data, svgs={"map.svg": "not an image"})
    assert target.read_bytes() == b"old"
    assert names(tmp_path.iterdir()) == ["map.pdf"]


def test_words_beside_the_map(drawn, tmp_path):
    kit.save_map(drawn, tmp_path / "map", ["png"])
    told = (tmp_path / "map.txt").read_text("utf-8")
    assert told.startswith(alt_text(drawn))
    assert "District 2: 5.8% (29 of 500 adults)." in told


def test_heading_is_the_title_or_the_plan(placed, drawn):
    assert heading_of(record_of(drawn)) == (
        "Asian or NHPI, alone or in combination: share of voting-age population (18 and over)"
    )
    mine = kit.map_share(placed, **WHAT, ax=Figure(figsize=(5, 4)).add_subplot())
    assert heading_of(record_of(mine)) == "Two rows"


def test_a_map_in_axes_of_ones_own_is_saved(placed, tmp_path):
    mine = kit.map_share(placed, **WHAT, ax=Figure(figsize=(5, 4)).add_subplot())
    written = kit.save_map(mine, tmp_path / "map")
    with pikepdf.open(written[0]) as file:
        assert [round(x) for x in file.pages[0].mediabox[2:]] == [360, 288]


def test_hidden_artists_come_back(drawn):
    heading = record_of(drawn).page[0]
    assert heading.get_text() not in svg_of(drawn.figure, hide=[heading])
    assert heading.get_visible()


def test_what_is_not_svg_is_refused():
    with pytest.raises(KitError, match="could not be written as SVG"):
        accessible_svg("<html></html>", title="a", description="b")


def test_words_in_svg_are_escaped():
    told = accessible_svg("<svg></svg>", title="A & <B>", description='"x"')
    assert "A &amp; &lt;B&gt;" in told


def test_date_comes_from_the_build(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1640995199")
    assert build_date() == date(2021, 12, 31)
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert build_date().year >= 2026


def test_a_notebook_shows_the_map_with_its_words(drawn, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *args, **kwargs: shown.append(args[0]))
    kit.show_map(drawn)
    (bundle,) = shown
    assert bundle["text/plain"] == alt_text(drawn)
    assert 'alt="Map of the' in bundle["text/html"]


def test_a_page_made_of_a_notebook_keeps_the_words(drawn, monkeypatch):
    nbformat, nbconvert = pytest.importorskip("nbformat"), pytest.importorskip("nbconvert")
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *args, **kwargs: shown.append(args[0]))
    kit.show_map(drawn)
    output = nbformat.v4.new_output("display_data", data=shown[0])
    cell = nbformat.v4.new_code_cell("kit.show_map(ax)", outputs=[output])
    page, _ = nbconvert.HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    assert f'alt="{alt_text(drawn)}"' in page
