"""Exhibits: refused when something is missing, whole when nothing is."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pikepdf
import pytest
import shapely

import kit
from kit.errors import InputError
from kit.maps.record import record_of
from kit.maps.words import alt_text
from kit.model.frames import Plan, Source, Units

GIVEN = {
    "number": "A",
    "title": "District 1 holds most Asian and Pacific Islander adults",
    "author": "A. Person",
    "affiliation": "An Organisation",
    "contact": "person@example.org",
    "date": date(2026, 7, 1),
}
WHAT = {"group": "aapi_aoic", "base": "vap"}
BREAKS = [0, 0.1, 0.2, 0.4, 1]
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not here")


@pytest.fixture
def placed(four_squares):
    return kit.place(*four_squares)


def made(placed, **changes):
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS)
    return kit.exhibit(ax, kit.concentration(placed, **WHAT), **{**GIVEN, **changes})


def with_plan(placed, **changes):
    return replace(placed, plan=replace(placed.plan, **changes))


def pdf_text(path):
    told = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, text=True)
    return told.stdout


@pytest.mark.parametrize("name", ["number", "title", "author"])
@pytest.mark.parametrize("value", ["", "  "])
def test_what_the_author_must_give(placed, name, value):
    with pytest.raises(InputError, match=f"the exhibit cannot be made without: {name}\\."):
        made(placed, **{name: value})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": ""}, "the plan's name"),
        ({"jurisdiction": ""}, r"jurisdiction \(pass jurisdiction= to kit.read_plan or write it in SOURCE.toml\)"),
        ({"status": ""}, r"status \(one of enacted, adopted, proposed, draft, illustrative; pass status="),
        ({"status": "final"}, r"status \(one of"),
        ({"status": "enacted"}, r"the date of adoption \(pass adopted= to kit.read_plan\)"),
        ({"status": "adopted"}, "the date of adoption"),
        ({"sources": ()}, "a source of the plan"),
    ],
)
def test_what_the_plan_must_have(placed, changes, told):
    with pytest.raises(InputError, match=f"the exhibit cannot be made without: {told}"):
        made(with_plan(placed, **changes))


@pytest.mark.parametrize("source", [(), (Source("Counts", "The tests"),), (Source("", year=2020),)])
def test_counts_need_a_source_with_its_year(placed, source):
    units = replace(placed.units, sources=source)
    with pytest.raises(InputError, match="cannot be made without: a source of the counts with its year"):
        made(replace(placed, units=units))


def test_a_map_needs_scale_bars_and_an_arrow(placed):
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS)
    record = record_of(ax)
    record.scale_bar = record.arrow = record.north_up = False
    with pytest.raises(InputError, match="without: scale bars; a north arrow"):
        kit.exhibit(ax, kit.concentration(placed, **WHAT), **GIVEN)


def test_all_that_is_missing_is_told_at_once(placed):
    with pytest.raises(InputError, match=r"without: author; jurisdiction .*; a source of the plan\."):
        made(with_plan(placed, jurisdiction="", sources=()), author="")


def test_both_plans_of_a_comparison_must_be_whole(placed):
    other = with_plan(placed, name="Another", jurisdiction="")
    axes = kit.map_compare(placed, other, **WHAT, breaks=BREAKS)
    with pytest.raises(InputError, match="without: jurisdiction"):
        kit.exhibit(axes, kit.concentration(placed, **WHAT), **GIVEN)


def test_a_long_title_is_refused(placed):
    made(placed, title="x" * 140)
    with pytest.raises(InputError, match="the title has 141 characters; state one claim in at most 140"):
        made(placed, title="x" * 141)


def test_a_table_of_something_else_is_refused(placed, four_squares):
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS)
    told = "the table is not of the plan, group and base of the map"
    with pytest.raises(InputError, match=told):
        kit.exhibit(ax, kit.concentration(placed, group="asian_alone", base="vap"), **GIVEN)
    with pytest.raises(InputError, match=told):
        kit.exhibit(ax, kit.concentration(with_plan(placed, name="Another"), **WHAT), **GIVEN)
    units, plan = four_squares
    doubled = kit.place(replace(units, frame=units.frame * 2), plan)
    with pytest.raises(InputError, match=told):
        kit.exhibit(ax, kit.concentration(doubled, **WHAT), **GIVEN)


def test_an_exhibit_is_a_pdf(placed, tmp_path):
    with pytest.raises(InputError, match=r"'a\.docx' does not end in \.pdf"):
        made(placed).save(tmp_path / "a.docx")


def test_files_of_an_exhibit_and_their_hashes(placed, tmp_path):
    written = made(placed).save(tmp_path / "a.pdf")
    assert [path.name for path in written] == [
        "a.pdf",
        "a.txt",
        "a_table.csv",
        "a_table.html",
        "a_units.csv",
        "a.manifest.json",
    ]
    told = json.loads((tmp_path / "a.manifest.json").read_text("utf-8"))
    assert told["exhibit"] == "A"
    assert {row["file"]: row["sha256"] for row in told["outputs"]} == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in written[:-1]
    }
    assert [row["title"] for row in told["inputs"]] == ["Four squares", "Two rows"]
    assert {"aapi-redistricting-kit", "matplotlib", "pyproj", "typst"} <= set(told["software"])


def test_a_plan_that_is_not_law_comes_with_its_blocks(placed, tmp_path):
    made(placed).save(tmp_path / "a.pdf")
    rows = list(csv.reader(io.StringIO((tmp_path / "a_units.csv").read_text("utf-8"))))
    assert rows[0] == ["BLOCKID", "DISTRICT"]
    assert rows[1:] == [[unit, label] for unit, label in zip(placed.units.frame.index, "1122", strict=True)]


def test_a_plan_that_is_law_comes_without(placed, tmp_path):
    law = with_plan(placed, status="enacted", adopted="2022-01-31")
    written = made(law).save(tmp_path / "a.pdf")
    assert "a_units.csv" not in [path.name for path in written]


def test_other_levels_are_called_geoid(tmp_path):
    sample = kit.load_sample("los_angeles_2010")
    placed = kit.place(sample.units, sample.plans["a"])
    what = {"group": "nh_aapi_alone", "base": "pop"}
    ax = kit.map_share(placed, **what, breaks=[0, 0.1, 0.3, 1])
    kit.exhibit(ax, kit.concentration(placed, **what), **GIVEN).save(tmp_path / "a.pdf")
    lines = (tmp_path / "a_units.csv").read_text("utf-8").splitlines()
    assert lines[0] == "GEOID,DISTRICT"
    assert len(lines) == 2347
    with pikepdf.open(tmp_path / "a.pdf") as file:
        assert len(file.pages) == 1


@needs_poppler
def test_the_page_says_everything(placed, tmp_path):
    made(placed).save(tmp_path / "a.pdf")
    text = " ".join(pdf_text(tmp_path / "a.pdf").split())
    for part in (
        "EXHIBIT A", "ILLUSTRATIVE PLAN", "Four squares — Two rows; illustrative", "What the map shows",
        "11.8% of all adults: 86 of 730", "(definition aapi_aoic)", "over 40% to 100%", "Census blocks",
        "Not legal advice; confirm with counsel.", "A. Person · An Organisation · person@example.org · July 1, 2026",
        "version 1", "Lambert azimuthal", "the source states no margin of error", "The title is the author's statement.",
        "page 1 of 1",
    ):  # fmt: skip
        assert part in text, part
    assert "DRAFT" not in text
    assert "SAMPLE" not in text


@needs_poppler
def test_a_page_without_contact_is_a_draft(placed, tmp_path):
    made(placed, contact="").save(tmp_path / "a.pdf")
    assert "DRAFT: CONTACT TO BE ADDED" in pdf_text(tmp_path / "a.pdf")


@needs_poppler
def test_a_sample_is_stamped(tmp_path):
    sample = kit.load_sample("fictional_county")
    made(kit.place(sample.units, sample.plans["a"])).save(tmp_path / "a.pdf")
    assert "SAMPLE DATA, NOT FOR TESTIMONY" in pdf_text(tmp_path / "a.pdf")


def roles(path):
    with pikepdf.open(path) as file:
        found = [str(o.S) for o in file.objects if isinstance(o, pikepdf.Dictionary) and "/S" in o and "/P" in o]
        alts = [str(o.Alt) for o in file.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o]
        assert str(file.Root.Lang) == "en"
        assert bool(file.Root.MarkInfo.Marked)
        assert "/StructTreeRoot" in file.Root
        assert str(file.docinfo.Title).startswith("Exhibit A: District 1")
    return found, alts


def test_the_page_is_tagged(placed, tmp_path):
    exhibit = made(placed)
    exhibit.save(tmp_path / "a.pdf")
    found, alts = roles(tmp_path / "a.pdf")
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure", "/P"} <= set(found)
    assert found.count("/TH") == 3 + 8  # legend: colour, share, blocks; districts: Asian and NHPI apart as well
    assert alt_text(exhibit.ax) in alts


@pytest.mark.slow
def test_a_checker_finds_no_error(placed, tmp_path):
    made(placed).save(tmp_path / "a.pdf")
    outloud = shutil.which("outloud", path=str(Path(sys.executable).parent))
    assert outloud, "outloud is a development dependency"
    told = subprocess.run([outloud, str(tmp_path / "a.pdf")], capture_output=True, check=False, text=True)
    assert told.returncode == 0, told.stdout
    assert "0 error(s)" in told.stdout


def test_the_same_exhibit_twice_gives_the_same_bytes(placed, tmp_path):
    for folder in ("one", "two"):
        made(placed).save(tmp_path / folder / "a.pdf")
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_a_failing_drawing_leaves_the_old_files(placed, tmp_path):
    exhibit = made(placed)
    exhibit.save(tmp_path / "a.pdf")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def fail(*args, **kwargs):
        raise OSError("the disk is full")

    exhibit.ax.figure.savefig = fail
    with pytest.raises(OSError, match="the disk is full"):
        exhibit.save(tmp_path / "a.pdf")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@needs_poppler
def test_a_comparison_shows_both_plans(placed, tmp_path):
    west, south, east, north = placed.units.geometry.total_bounds
    half = (west + east) / 2
    shapes = [shapely.box(west, south, half, north), shapely.box(half, south, east, north)]
    plan = replace(
        placed.plan, name="Two columns", status="proposed",
        geometry=gpd.GeoSeries(shapes, index=placed.plan.geometry.index, crs=5070),
    )  # fmt: skip
    other = kit.place(placed.units, plan)
    what = {"group": "nhpi_alone", "base": "vap"}
    axes = kit.map_compare(placed, other, **what, breaks=[0, 0.01, 1])
    written = kit.exhibit(axes, kit.concentration(other, **what), **GIVEN).save(tmp_path / "a.pdf")
    assert [path.name for path in written] == [
        "a.pdf", "a.txt", "a_table.csv", "a_table.html", "a_units.csv", "a_other_table.csv", "a_other_table.html", "a_other_units.csv",
        "a.manifest.json",
    ]  # fmt: skip
    assert "Two columns" in (tmp_path / "a_table.csv").read_text("utf-8")
    assert "Two rows" in (tmp_path / "a_other_table.csv").read_text("utf-8")
    text = " ".join(pdf_text(tmp_path / "a.pdf").split())
    for part in ("left: illustrative plan; right: proposed plan", "ILLUSTRATIVE PLAN", "PROPOSED PLAN", "Two rows", "Two columns", "What the maps show", "Left:", "Right:", "page 1 of 1"):  # fmt: skip
        assert part in text, part


def many(number, name="Many districts"):
    """Give a row of squares, one a district."""
    ids = pd.Index([f"36061{i:06d}1001" for i in range(number)], dtype="str", name="GEOID")
    labels = [str(i + 1) for i in range(number)]
    columns = 10
    boxes = [
        shapely.box(1_830_000 + 900 * (i % columns), 2_180_000 + 900 * (i // columns), 1_830_900 + 900 * (i % columns), 2_180_900 + 900 * (i // columns))
        for i in range(number)
    ]  # fmt: skip
    counts = {f"{who}_vap": [2_000_000 + i for i in range(number)] for who in ("aapi_aoic", "asian_aoic", "nhpi_aoic")}
    units = Units(
        pd.DataFrame({"total_vap": 9_000_000, **counts}, index=ids), level="block", year=2020,
        sources=(Source("Squares", "The tests", 2020, "P3"),), geometry=gpd.GeoSeries(boxes, index=ids, crs="EPSG:5070"),
    )  # fmt: skip
    listed = pd.Series(labels, index=ids, dtype="str")
    plan = Plan(name, tuple(labels), assignment=listed, level="block", year=2020, jurisdiction="A State", status="draft", sources=(Source("Plan", "The tests"),))  # fmt: skip
    return kit.place(units, plan)


def test_twelve_districts_with_long_names_and_seven_classes_stay_on_one_page(tmp_path):
    placed = many(12, "Plan of twelve districts put forward by the Coalition of Community Organizations of the State")
    ax = kit.map_share(placed, **WHAT, breaks=[0, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 1])
    title = "Twelve districts hold the Asian and Pacific Islander communities of the State whole, as their own members have asked in public hearings"
    kit.exhibit(ax, kit.concentration(placed, **WHAT), **{**GIVEN, "title": title}).save(tmp_path / "a.pdf")
    with pikepdf.open(tmp_path / "a.pdf") as file:
        assert len(file.pages) == 1


@needs_poppler
def test_a_table_of_many_districts_follows_with_its_header_on_every_page(tmp_path):
    placed = many(150)
    ax = kit.map_share(placed, **WHAT, breaks=[0, 0.5, 1])
    kit.exhibit(ax, kit.concentration(placed, **WHAT), **GIVEN).save(tmp_path / "a.pdf")
    pages = pdf_text(tmp_path / "a.pdf").split("\f")[:-1]
    assert "The table of 150 districts is on the next page." in " ".join(pages[0].split())
    assert len(pages) > 2
    rest = " ".join(pages[1:]).split()
    assert {str(i) for i in range(1, 151)} <= set(rest)
    assert all("District" in page and "share" in page for page in pages[1:])
    assert "1,350,000,000" in rest


@needs_poppler
def test_districts_without_any_of_the_units_are_named_and_left_out(placed, tmp_path):
    shapes = placed.plan.geometry.copy()
    shapes.loc["3"] = shapely.box(0, 0, 1, 1)
    plan = replace(placed.plan, labels=("1", "2", "3"), geometry=shapes)
    made(kit.place(placed.units, plan)).save(tmp_path / "a.pdf")
    text = " ".join(pdf_text(tmp_path / "a.pdf").split())
    assert "District 3 holds none of these census blocks." in text
    assert "not available" not in text


@needs_poppler
def test_who_is_outside_the_frame_is_told(placed, tmp_path):
    west, south, east, north = placed.units.geometry.to_crs("EPSG:4269").iloc[[0]].total_bounds
    step = (east - west) / 4
    extent = (west + step, south + step, east - step, north - step)
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS, extent=extent)
    kit.exhibit(ax, kit.concentration(placed, **WHAT), **GIVEN).save(tmp_path / "a.pdf")
    assert "Outside the frame: 3 census blocks with 650 adults" in " ".join(pdf_text(tmp_path / "a.pdf").split())


def test_date_of_the_page_comes_from_the_build(placed, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert made(placed, date=None).date == date(1970, 1, 1)
