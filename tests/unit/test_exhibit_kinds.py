"""Exhibits of every kind of map: whole, refused when something is missing, and saying what they show."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
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
from kit.analysis.claims import check_claim
from kit.errors import InputError
from kit.maps.record import remember, sheet_of
from kit.model.claims import Claim
from kit.model.communities import Communities
from kit.model.frames import Plan, Source, Units

WEST, SOUTH, METRES, SIDE = 1_830_000, 2_180_000, 1000.0, 8
GROUP = {"group": "nh_aapi_alone", "base": "vap"}
BREAKS = [0, 0.2, 0.5, 1]
GIVEN = {
    "number": "A",
    "title": "One claim",
    "author": "A. Person",
    "contact": "person@example.org",
    "date": date(2026, 7, 1),
}
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not here")


@pytest.fixture(scope="module")
def units():
    """Give a board of 64 tracts, 1,000 adults each, eight in ten of the lower left 9 and one in ten elsewhere."""
    where = list(itertools.product(range(SIDE), repeat=2))  # (row, column)
    ids = pd.Index([f"36061000{100 + i}00" for i in range(len(where))], dtype="str", name="GEOID")
    squares = [
        shapely.box(WEST + METRES * x, SOUTH + METRES * y, WEST + METRES * (x + 1), SOUTH + METRES * (y + 1))
        for y, x in where
    ]
    counts = [800 if x < 3 and y < 3 else 100 for y, x in where]
    frame = pd.DataFrame({"total_vap": 1000, "total_pop": 2000, "nh_aapi_alone_vap": counts}, index=ids)
    sources = (Source("A board", publisher="The tests", year=2020, tables="P4", level="tract"),)
    return Units(frame, "tract", 2020, sources, gpd.GeoSeries(squares, index=ids, crs="EPSG:5070"))


def in_plan(units, name, of, **more):
    labels = pd.Series([of(i % SIDE, i // SIDE) for i in range(len(units))], index=units.frame.index, dtype="str")
    sources = (Source(name, publisher="The tests"),)
    given = {"jurisdiction": "A board", "status": "illustrative", "sources": sources, **more}
    return kit.place(units, Plan(name, ("1", "2"), assignment=labels, level="tract", year=2020, **given))


@pytest.fixture(scope="module")
def halves(units):
    return in_plan(units, "Two halves", lambda x, _: "1" if x < SIDE / 2 else "2")


@pytest.fixture(scope="module")
def rows(units):
    return in_plan(units, "Two rows", lambda _, y: "1" if y < SIDE / 2 else "2", status="adopted", adopted="2022-03-01")


@pytest.fixture(scope="module")
def areas(units):
    """Give one area inside district 1 of the halves, and one across both."""
    spots = {"Old town": [(0, 0), (1, 0), (2, 0)], "River side": [(0, 3), (0, 4), (1, 4)]}
    rows = [(name, units.frame.index[y * SIDE + x], 1.0) for name, places in spots.items() for y, x in places]
    return Communities(tuple(spots), pd.DataFrame(rows, columns=["community", "GEOID", "share"]))


@pytest.fixture(scope="module")
def found(units):
    return kit.clusters(units, **GROUP, adjacency=kit.adjacency(units), permutations=199)


DRAWN = {
    "communities": lambda k: kit.map_communities(k["halves"], k["areas"]),
    "communities over a share": lambda k: kit.map_communities(k["halves"], k["areas"], **GROUP, breaks=BREAKS),
    "change": lambda k: kit.map_change(k["halves"], k["rows"], **GROUP),
    "change of people": lambda k: kit.map_change(k["halves"], k["rows"]),
    "clusters": lambda k: kit.map_clusters(k["found"], placement=k["halves"]),
    "dots": lambda k: kit.map_dots(k["halves"], **GROUP, per=100),
    "zoom": lambda k: kit.map_zoom(k["halves"], district="1", **GROUP, breaks=BREAKS),
    "zooms": lambda k: kit.map_zooms(k["halves"], **GROUP, breaks=BREAKS),
    "plans": lambda k: kit.map_plans(
        {f"Plan {number}": k["halves" if number % 2 else "rows"] for number in range(1, 15)}, **GROUP, breaks=BREAKS
    ),
}
GROUPED = [name for name in DRAWN if name not in {"communities", "change of people"}]


@pytest.fixture(scope="module")
def known(units, halves, rows, areas, found):
    return {"units": units, "halves": halves, "rows": rows, "areas": areas, "found": found}


@pytest.fixture(scope="module")
def maps(known):
    return {name: draw(known) for name, draw in DRAWN.items()}


@pytest.fixture(scope="module")
def saved(maps, tmp_path_factory):
    """Save an exhibit of every kind once."""
    folder = tmp_path_factory.mktemp("kinds")
    return {name: kit.exhibit(ax, **GIVEN).save(folder / name.replace(" ", "_") / "a.pdf") for name, ax in maps.items()}


def text_of(path):
    told = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True, text=True)
    return " ".join(told.stdout.split())


def alts_of(path):
    with pikepdf.open(path) as file:
        return [str(o.Alt) for o in file.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o]


@pytest.mark.parametrize("name", DRAWN)
def test_every_kind_is_one_tagged_pdf_with_its_words_and_tables(saved, maps, name):
    written, sheet = saved[name], sheet_of(maps[name])
    assert [path.name for path in written[:2]] == ["a.pdf", "a.txt"]
    assert written[-1].name == "a.manifest.json"
    assert {"a_table.csv", "a_table.html"} <= {path.name for path in written}
    with pikepdf.open(written[0]) as file:
        assert str(file.Root.Lang) == "en"
        assert bool(file.Root.MarkInfo.Marked)
        assert str(file.docinfo.Title) == "Exhibit A: One claim"
        roles = {str(o.S) for o in file.objects if isinstance(o, pikepdf.Dictionary) and "/S" in o and "/P" in o}
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure"} <= roles
    assert set(sheet.alt) <= set(alts_of(written[0]))
    words = written[1].read_text("utf-8")
    assert words.startswith(f"One claim\n\n{sheet.alt[0]}")
    assert sheet.description.split("\n\n")[-1] in words
    told = json.loads(written[-1].read_text("utf-8"))
    hashes = {row["file"]: row["sha256"] for row in told["outputs"]}
    assert hashes == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in written[:-1]}
    assert "A board" in {row["title"] for row in told["inputs"]}


@needs_poppler
@pytest.mark.parametrize("name", DRAWN)
def test_the_page_of_every_kind_says_what_the_contract_asks_for(saved, maps, name):
    text, facts = text_of(saved[name][0]), sheet_of(maps[name]).facts
    plans = [placed.plan for placed in facts.placements]
    for part in (
        "EXHIBIT A", "One claim", "A board — ", *(plan.name for plan in plans), "ILLUSTRATIVE PLAN", "illustrative",
        *("adopted 2022-03-01" for plan in plans if plan.adopted), "What the map", "Counted: ", "How it was made",
        "The tests, A board, tables P4, by tract.", "Method: census tracts placed by the plan's own list",
        "Lambert azimuthal equal-area", "Uncertainty: the source states no margin of error.",
        "The title is the author's statement.", "A. Person · person@example.org · July 1, 2026 · version 1",
        "Not legal advice; confirm with counsel.",
    ):  # fmt: skip
        assert " ".join(part.split()) in text, part
    for key in facts.keys:
        assert "".join(key.words.split()) in "".join(text.split()), key.words
    if name in GROUPED:
        assert "(definition nh_aapi_alone)" in text
    assert "SAMPLE" not in text


@needs_poppler
def test_what_each_kind_shows_is_told(saved):
    told = {name: text_of(written[0]) for name, written in saved.items()}
    assert "1 of 2 lies in one district of Two halves" in told["communities"]
    assert "Old town" in told["communities"]
    assert "Counted: all people. No group is counted apart." in told["communities"]
    # Half of the board keeps its district: 32 tracts of 2,000 people move.
    assert "32 of 64 census tracts change district, with 64,000 of 128,000 people (50.0%)" in told["change of people"]
    assert "before: Two halves (illustrative); after: Two rows (adopted 2022-03-01)" in told["change"]
    assert "cluster" in told["clusters"]
    assert "14 plans" in told["plans"]
    assert "Exhibit A: map 2 of 2" in told["plans"]
    assert "What the maps show" in told["plans"]


@needs_poppler
def test_the_table_of_each_kind_is_printed(saved, maps):
    for name, written in saved.items():
        text = text_of(written[0])
        for twin in (twin for twin in sheet_of(maps[name]).twins if twin.page):
            for _, head in twin.columns:
                assert set(head.split()) <= set(text.split()), (name, head)
            for value in twin.frame[twin.columns[0][0]]:
                assert str(value) in text, (name, value)


def test_lists_of_units_go_with_plans_that_are_not_law(saved):
    names = {name: [path.name for path in written] for name, written in saved.items()}
    assert "a_units.csv" in names["communities"]
    assert "a_units.csv" in names["change"]
    assert "a_other_units.csv" not in names["change"]  # the plan after is adopted
    units = next(path for path in saved["change"] if path.name == "a_units.csv").read_text("utf-8").splitlines()
    assert (units[0], len(units)) == ("GEOID,DISTRICT", 65)
    assert sum(name.endswith("_units.csv") for name in names["plans"]) == 7


def test_the_same_exhibit_twice_gives_the_same_bytes(maps, tmp_path):
    for folder in ("one", "two"):
        kit.exhibit(maps["clusters"], **GIVEN).save(tmp_path / folder / "a.pdf")
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


@pytest.mark.slow
@pytest.mark.parametrize("name", DRAWN)
def test_a_checker_finds_no_error(saved, name):
    outloud = shutil.which("outloud", path=str(Path(sys.executable).parent))
    assert outloud, "outloud is a development dependency"
    told = subprocess.run([outloud, str(saved[name][0])], capture_output=True, check=False, text=True)
    assert "0 error(s)" in told.stdout, told.stdout


# What is missing is refused.


def without(ax, **changes):
    """Draw the same with facts taken away."""
    sheet = sheet_of(ax)
    own = {key: value for key, value in changes.items() if hasattr(sheet, key) and key != "facts"}
    facts = replace(sheet.facts, **{key: value for key, value in changes.items() if key not in own})
    panel = object.__new__(Stand)
    remember(panel, replace(sheet, facts=facts, **own))
    return panel


class Stand:
    """Stand for axes."""

    figure = None


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"counted": ""}, "who was counted among whom"),
        ({"keys": ()}, "a legend"),
        ({"legend": " "}, "a legend"),
        ({"findings": ()}, "what the map shows in words"),
        ({"crs": ""}, "the projection"),
        ({"scale_bar": False}, "scale bars"),
        ({"arrow": False}, "a north arrow"),
        ({"alt": ("",)}, "alternative text of every page"),
        ({"description": ""}, "a description in full"),
        ({"twins": ()}, "a table of what is drawn"),
        ({"placements": ()}, r"a plan with its districts \(pass placement= to the map\)"),
    ],
)
def test_every_kind_is_refused_without(maps, name, changes, told):
    with pytest.raises(InputError, match=f"the exhibit cannot be made without: {told}"):
        kit.exhibit(without(maps[name], **changes), **GIVEN)


def test_all_that_is_missing_is_told_at_once(maps):
    bare = without(maps["change"], counted="", keys=(), twins=())
    told = "without: author; who was counted among whom; a legend; a table of what is drawn."
    with pytest.raises(InputError, match=re.escape(told)):
        kit.exhibit(bare, **{**GIVEN, "author": ""})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"jurisdiction": ""}, "jurisdiction"),
        ({"status": ""}, "status"),
        ({"sources": ()}, "a source of the plan"),
        ({"status": "enacted"}, "the date of adoption"),
    ],
)
def test_every_plan_must_be_whole(known, halves, changes, told):
    lacking = replace(halves, plan=replace(halves.plan, **changes))
    for ax in (
        kit.map_communities(lacking, known["areas"]),
        kit.map_change(lacking, known["rows"]),
        kit.map_change(known["rows"], lacking),
        kit.map_plans({"a": known["rows"], "b": lacking}, **GROUP, breaks=BREAKS),
    ):
        with pytest.raises(InputError, match=f"cannot be made without: {told}"):
            kit.exhibit(ax, **GIVEN)


def test_counts_need_a_source_with_its_year(known, units, halves):
    bare = replace(halves, units=replace(units, sources=(Source("A board", "The tests"),)))
    with pytest.raises(InputError, match="without: a source of the counts with its year"):
        kit.exhibit(kit.map_communities(bare, known["areas"]), **GIVEN)


def test_clusters_without_a_plan_are_no_exhibit(found):
    with pytest.raises(InputError, match=r"without: a plan with its districts \(pass placement= to the map\)"):
        kit.exhibit(kit.map_clusters(found), **GIVEN)


def test_sample_data_are_stamped_whatever_the_map(known, units, tmp_path):
    sample = replace(units, sources=(replace(units.sources[0], sample=True),))
    placed = in_plan(sample, "Two halves", lambda x, _: "1" if x < 4 else "2")
    page, _ = kit.exhibit(kit.map_communities(placed, known["areas"]), **GIVEN).laid_out()
    assert page["stamps"] == ["Sample data, not for testimony", "Illustrative plan"]


def test_who_is_outside_the_frame_is_told(known, halves):
    west, south, east, north = halves.units.geometry.iloc[:8].to_crs("EPSG:4269").total_bounds
    ax = kit.map_communities(halves, known["areas"], extent=(west, south, east, (south + north) / 2))
    page, _ = kit.exhibit(ax, **GIVEN).laid_out()
    assert any("Outside the frame: " in note for note in page["methods"])


# A district table may be passed, and must be that of the map.


def test_a_table_is_written_beside(known, halves, tmp_path):
    ax = kit.map_communities(halves, known["areas"], **GROUP, breaks=BREAKS)
    written = kit.exhibit(ax, kit.concentration(halves, **GROUP), **GIVEN).save(tmp_path / "a.pdf")
    assert {"a_districts.csv", "a_districts.html"} <= {path.name for path in written}


def test_a_table_of_something_else_is_refused(known, halves, rows):
    ax = kit.map_communities(halves, known["areas"], **GROUP, breaks=BREAKS)
    told = "the table is not of the plan, group and base of the map"
    with pytest.raises(InputError, match=told):
        kit.exhibit(ax, kit.concentration(rows, **GROUP), **GIVEN)
    bare = kit.map_communities(halves, known["areas"])
    kit.exhibit(bare, kit.concentration(halves, **GROUP), **GIVEN)
    with pytest.raises(InputError, match=told):
        kit.exhibit(bare, kit.concentration(rows, **GROUP), **GIVEN)


def test_a_map_of_shares_has_its_own_table(halves):
    ax = kit.map_share(halves, **GROUP, breaks=BREAKS)
    assert kit.exhibit(ax, **GIVEN).table.frame.equals(kit.concentration(halves, **GROUP).frame)


# Claims are held to the figures of the map.


@needs_poppler
@pytest.mark.parametrize("name", GROUPED)
def test_a_checked_title_stands_on_every_kind(maps, halves, name, tmp_path):
    # 9 of 32 tracts of district 1 hold 800 of 1,000: 9,500 of 32,000; district 2 has 3,200.
    verdict = check_claim(Claim.largest("1", **GROUP), kit.concentration(halves, **GROUP))
    assert verdict.status == "carried"
    page = kit.exhibit(maps[name], **{**GIVEN, "title": verdict}, findings=[verdict])
    page.save(tmp_path / "a.pdf")
    text = text_of(tmp_path / "a.pdf")
    assert "29.7% of adults" in text
    by_district = {"district", "share"} <= set(sheet_of(maps[name]).twins[0].frame.columns)
    assert by_district == (name == "plans")
    beside = "the table" if by_district else "the figures by district, which are not in the table of this page"
    assert f"The title was checked against {beside}:" in text
    assert f"The finding was checked against {beside}:" in text
    told = json.loads((tmp_path / "a.manifest.json").read_text("utf-8"))
    assert [row["where"] for row in told["claims"]] == ["title", "finding"]


@pytest.mark.parametrize("name", DRAWN)
def test_what_was_checked_elsewhere_may_not_stand_there(maps, units, name):
    other = in_plan(units, "Another", lambda x, _: "1" if x < 4 else "2")
    verdict = check_claim(Claim.largest("1", **GROUP), kit.concentration(other, **GROUP))
    with pytest.raises(InputError, match=r"checked against other figures \(nh_aapi_alone of vap in Another\)"):
        kit.exhibit(maps[name], **{**GIVEN, "title": verdict})


def test_a_map_that_counts_no_group_takes_no_claim_on_one(maps, halves):
    verdict = check_claim(Claim.largest("1", **GROUP), kit.concentration(halves, **GROUP))
    with pytest.raises(InputError, match=r"than the page shows \(people of everyone in Two halves\)"):
        kit.exhibit(maps["communities"], **GIVEN, findings=[verdict])


def test_a_refused_claim_is_refused_everywhere(maps, halves):
    verdict = check_claim(Claim.largest("2", **GROUP), kit.concentration(halves, **GROUP))
    for ax in maps.values():
        with pytest.raises(InputError, match="the title makes a claim that was refused"):
            kit.exhibit(ax, **{**GIVEN, "title": verdict})


def test_a_claim_on_a_split_stands_on_a_map_of_areas(known, halves):
    splits = kit.community_splits(known["areas"], halves, **GROUP)
    verdict = check_claim(Claim.split_into("River side", 2, **GROUP), splits)
    assert verdict.status == "carried"
    ax = kit.map_communities(halves, known["areas"], **GROUP, breaks=BREAKS)
    page, _ = kit.exhibit(ax, **{**GIVEN, "title": verdict}).laid_out()
    assert any("checked against the people of River side in each district" in note for note in page["methods"])
    with pytest.raises(InputError, match="checked against other figures"):
        kit.exhibit(kit.map_communities(known["rows"], known["areas"]), **{**GIVEN, "title": verdict})


# What the packet takes.


@pytest.mark.parametrize("name", DRAWN)
def test_laid_out_names_every_drawing(maps, name):
    page, drawings = kit.exhibit(maps[name], **GIVEN).laid_out()
    pages = len(sheet_of(maps[name]).panels)
    assert [one for one in drawings if one.startswith("map")] == ["map.svg", "map_2.svg"][:pages]
    assert len(page["alts"]) == pages
    assert {row["swatch"] for row in page["classes"]} == {one for one in drawings if one.startswith("key")}
    assert len(page["key_heads"]) in {2, 3}
    assert len(page["table"]["heads"]) == len(page["table"]["words"])
    heading = sheet_of(maps[name]).heading
    assert heading not in re.sub(r"\s+", " ", drawings["map.svg"])  # the page sets it in type


def test_marks_of_the_legend_have_their_pattern(maps):
    page, drawings = kit.exhibit(maps["change"], **GIVEN).laid_out()
    first, *_, last = page["classes"]
    assert first["words"].startswith("A ")
    assert "<pattern" in drawings[first["swatch"]]
    assert last["words"] == "old district line"
    assert "stroke-dasharray" in drawings[last["swatch"]]


def test_letters_on_the_map_are_told(halves, units):
    names = [f"Area {number}" for number in range(14)]
    rows = pd.DataFrame(
        [(name, units.frame.index[number], 1.0) for number, name in enumerate(names)],
        columns=["community", "GEOID", "share"],
    )
    ax = kit.map_communities(halves, Communities(tuple(names), rows))
    page, _ = kit.exhibit(ax, **GIVEN).laid_out()
    assert page["table"]["rows"][0][0] == "A: Area 0"
    assert any("Short names on the map: A: Area 0; B: Area 1; " in note for note in page["methods"])


def test_focus_and_patterns_of_a_map_of_shares_stand_in_its_legend(halves, units):
    ax = kit.map_share(halves, **GROUP, breaks=BREAKS, focus="1")
    page, drawings = kit.exhibit(ax, **GIVEN).laid_out()
    *_, last = page["classes"]
    assert last["words"] == "district 1, in focus"
    assert "<pattern" in drawings[last["swatch"]]
    moe = {f"{name}_moe": 90.0 for name in ("total_vap", "nh_aapi_alone_vap")}
    estimates = replace(units.sources[0], uncertainty="sampling MOE")
    frame = units.frame.drop(columns="total_pop").astype("float64").assign(**moe)
    placed = in_plan(
        replace(units, frame=frame, sources=(estimates,)), "Two halves", lambda x, _: "1" if x < 4 else "2"
    )
    page, _ = kit.exhibit(kit.map_share(placed, **GROUP, breaks=BREAKS), **GIVEN).laid_out()
    (weak,) = (row for row in page["classes"] if row["words"] == "share of low reliability")
    assert weak["count"] == "55"
    assert any("sampling error, as 90 percent margins of error" in note for note in page["methods"])


def sizes(path):
    """List the sizes of letters of a page, in points."""
    told = subprocess.run(["pdftohtml", "-xml", "-i", "-stdout", str(path)], capture_output=True, check=True, text=True)
    width = float(re.search(r'<page[^>]*width="(\d+)"', told.stdout)[1])
    return [float(size) * 792 / width for size in re.findall(r'<fontspec[^>]*size="(\d+)"', told.stdout)]


@needs_poppler
def test_small_print_can_be_read(saved, halves, rows, tmp_path):
    axes = kit.map_compare(halves, rows, **GROUP, breaks=BREAKS)
    both = kit.exhibit(axes, **GIVEN).save(tmp_path / "a.pdf")
    for written in (both, saved["plans"], saved["zoom"], saved["dots"]):
        assert min(sizes(written[0])) >= 6.66  # 7 points, as far as whole pixels tell
