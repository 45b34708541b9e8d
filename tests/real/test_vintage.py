"""Plans and units of other years, levels and places: what joins joins, and the rest is an error that says why."""

from __future__ import annotations

import dataclasses
import zipfile

import pandas as pd
import pytest

from kit.analysis.concentration import concentration
from kit.analysis.placement import place
from kit.errors import CoverageError
from kit.model.frames import Units
from kit.sources.local import read_units
from kit.sources.plans import read_plan

pytestmark = pytest.mark.real


# --- Rhode Island: blocks of 2010 on a list of 2020 -------------------------------------------------


@pytest.fixture(scope="module")
def rhode_island(data_dir, loaders):
    return read_units(
        data_dir / "rhode_island/ri_2010_block.csv", id="GEOID", columns=loaders.NH_COLUMNS, level="block", year=2010
    )


@pytest.mark.parametrize(("units_year", "plan_year"), [(None, None), (2010, None), (None, 2020)])
def test_two_vintages_are_seen_without_their_years(rhode_island, data_dir, units_year, plan_year):
    plan = read_plan(data_dir / "rhode_island/baf2020/BlockAssign_ST44_RI_SLDL.txt", year=plan_year)
    units = dataclasses.replace(rhode_island, year=units_year)
    for outside in ("error", "report"):
        with pytest.raises(CoverageError) as caught:
            place(units, plan, outside=outside)
        said = str(caught.value)
        assert said.startswith("4,471 of 25,181 census blocks (146,183 people) are not in the plan's list, first 44001")
        assert "4,939 of its ids are not among the units. So look two vintages" in said


def test_two_vintages_with_their_years(rhode_island, data_dir):
    plan = read_plan(data_dir / "rhode_island/baf2020/BlockAssign_ST44_RI_SLDL.txt", year=2020)
    with pytest.raises(CoverageError, match="different vintages: the units are 2010 census blocks and the plan lists"):
        place(rhode_island, plan)


def test_a_list_of_another_state(rhode_island, data_dir):
    plan = read_plan(data_dir / "nevada/plans/NV_SLDL_bef.csv.zip")
    with pytest.raises(CoverageError, match="is in Nevada and the units are in Rhode Island"):
        place(rhode_island, plan)


# --- precincts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "plan", "districts", "precincts", "people", "asian"),
    [
        ("georgia", "ga_congress_2012_2020vtd_districtr.json", 14, 2_698, 10_711_908, 475_680),
        ("virginia", "va_congress_2016_2020vtd_districtr.json", 11, 2_465, 8_631_393, 610_612),
        ("virginia", "va_senate_2016_2020vtd_districtr.json", 40, 2_465, 8_631_393, 610_612),
    ],
)
def test_precincts_on_a_list_of_precincts(data_dir, loaders, state, plan, districts, precincts, people, asian):
    table = next((data_dir / state).glob("*_2020_vtd.csv"))
    units = read_units(table, id="GEOID20", columns=loaders.NH_COLUMNS, level="vtd", year=2020)
    placed = place(units, read_plan(data_dir / state / "plans" / plan, units=units.frame.index))
    assert len(units) == precincts
    assert placed.unassigned.empty
    assert len(placed.plan) == districts
    sums = placed.totals(["total_pop", "nh_asian_alone_pop"])
    assert (sums["total_pop"] > 0).all()
    assert sums.sum().tolist() == [people, asian]


@pytest.mark.parametrize(
    ("state", "plan", "districts", "invalid", "cut", "in_cut", "people"),
    [
        ("virginia", "C1_Statewide_CD_blkassign.geojson", 11, 1, 31, 161_865, 8_631_393),
        ("virginia", "Virginia_Congressional_08-31-21_doj.geojson", 11, 1, 22, 96_801, 8_631_393),
        ("minnesota", "2022_PW_8C05_LCC.geojson", 8, 30, 4, 4_804, 5_706_494),
    ],
)
def test_precincts_on_polygons(data_dir, loaders, state, plan, districts, invalid, cut, in_cut, people):
    shapes, tables = loaders.dra_shapes(next((data_dir / state).glob("Geojson_*.zip")))
    frame = tables["T_20_CENS"][["Total", "Asian"]].set_axis(["total_pop", "asian_aoic_pop"], axis=1)
    units = Units(frame, "vtd", 2020, geometry=shapes)
    placed = place(units, read_plan(data_dir / state / "plans" / plan, id="row"))
    assert placed.rule == "area"
    assert len(placed.plan) == districts
    assert placed.unassigned.empty
    broken = shapes[~shapes.is_valid]
    assert len(broken) == invalid
    # Only the units that a district line touches are measured, so only those are mended.
    lines = placed.plan.geometry.set_crs(shapes.crs, allow_override=True).boundary
    near = sum(bool(lines.intersects(shape).any()) for shape in broken)
    mended = [note for note in placed.notes if "had invalid rings" in note]
    assert mended == (
        [f"{near} voting districts on district lines had invalid rings, which were mended before measuring."]
        if near
        else []
    )
    assert (len(placed.split_units), placed.split_units["people"].sum()) == (cut, in_cut)
    sums = placed.totals(["total_pop", "asian_aoic_pop"])
    assert sums["total_pop"].sum() == people
    # Congressional districts hold nearly the same number of people.
    assert sums["total_pop"].between(0.85 * people / districts, 1.15 * people / districts).all()


@pytest.mark.parametrize(
    ("state", "plan"),
    [("nevada", "NV_SLDL_bef.csv.zip"), ("minnesota", "2022_PW_8C05_LCC.zip"), ("georgia", "GA_SLDL_bef.zip")],
)
def test_precincts_on_a_list_of_blocks(data_dir, loaders, state, plan):
    table = next((data_dir / state).glob("*_2020_vtd.csv"))
    units = read_units(table, id="GEOID20", columns=loaders.NH_COLUMNS, level="vtd", year=2020)
    with pytest.raises(CoverageError, match="lists census blocks and the units are voting districts; neither number"):
        place(units, read_plan(data_dir / state / "plans" / plan))


# --- Stockton and Seattle ---------------------------------------------------------------------------


def test_block_groups_of_a_county_on_the_council_of_its_city(data_dir):
    import geopandas as gpd

    shapes = gpd.read_file(data_dir / "stockton_ca/sanjoaquin_bg2020.geojson")
    shapes.index = pd.Index("06077" + shapes["TRACTCE"] + shapes["BLKGRPCE"], dtype="str", name="GEOID")
    with zipfile.ZipFile(data_dir / "stockton_ca/Demographic_Data_CA.v06.zip") as packed:
        table = pd.read_csv(packed.open("demographic_data_CA.v06.csv"), dtype={"GEOID20": "str"}).set_index("GEOID20")
    columns = {"T_20_CENS_Total": "total_pop", "T_20_CENS_Asian": "asian_aoic_pop"}
    frame = table.loc[shapes.index, list(columns)].rename(columns=columns)
    units = Units(frame, "block_group", 2020, geometry=shapes.geometry)
    plan = read_plan(data_dir / "stockton_ca/plans/stockton_council_2012.geojson")
    assert len(units) == 501
    with pytest.raises(CoverageError, match=r"\d+ block groups \([\d,]+ people\) lie outside every district"):
        place(units, plan)
    placed = place(units, plan, outside="report")
    sums = placed.totals(list(frame.columns))
    assert (sums.sum() + frame.loc[placed.unassigned.index].sum()).tolist() == frame.sum().tolist()
    assert (sums["total_pop"] > 0).all()
    assert any("placed units reach more than 1% of their area beyond the plan's edge" in n for n in placed.notes)
    table = concentration(placed, group="asian_aoic", base="pop")
    assert any(note.endswith("people lie in no district and are in no figure here.") for note in table.notes)
    assert (len(placed.unassigned), placed.unassigned["people"].sum()) == (270, 423_647)
    assert (len(placed.split_units), placed.split_units["people"].sum()) == (5, 6_550)
    assert frame.sum().tolist() == [779_233, 161_869]


def test_ten_plans_of_one_city(data_dir):
    """The neighbourhoods' blocks reach beyond the city: 5,595 people of theirs are in no council district."""
    units = read_units(
        data_dir / "seattle_wa/coi/reporting_areas.csv",
        id="GEOID20",
        columns={"TAPERSONS": "total_pop"},
        level="block",
        year=2020,
    )
    assert (len(units), units.frame["total_pop"].sum()) == (10_387, 743_690)
    spread = {}
    files = sorted((data_dir / "seattle_wa/plans").glob("*.csv"))
    assert len(files) == 10
    for file in files:
        plan = read_plan(file)
        with pytest.raises(CoverageError, match=r"\(5,595 people\) lie outside the plan's list"):
            place(units, plan)
        placed = place(units, plan, outside="report")
        people = placed.totals(["total_pop"])["total_pop"]
        assert len(people) == 7
        assert people.sum() == 743_690 - 5_595
        spread[file.stem] = int(people.max() - people.min())
    assert spread["current"] == 24_189
    assert spread["commission_final"] == 852
    assert max(spread, key=spread.get) == "current"
