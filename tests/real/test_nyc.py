"""New York City: 37,984 blocks and 6,806 block groups on the plans of a real redistricting."""

from __future__ import annotations

import warnings

import geopandas as gpd
import pandas as pd
import pytest

from kit.analysis.concentration import concentration, definition_ladder
from kit.analysis.placement import place
from kit.errors import CoverageError, SchemaError
from kit.model.crs import equal_area
from kit.sources.local import read_units
from kit.sources.plans import read_plan

pytestmark = pytest.mark.real

PEOPLE, ASIAN, ADULTS, ASIAN_ADULTS = 8_804_190, 1_385_144, 7_064_048, 1_136_219
CUT_SHARE = 0.01

# Plan → districts, block groups that its lines cut, people in those, and block groups (people) that a
# point puts elsewhere than the largest area does. The cut ones are checked below with another overlay.
POLYGONS = {
    "senate_unity_20211118.geojson": (28, 427, 596_138, 41, 55_262),
    "assembly_unity_20211104.geojson": (66, 640, 867_268, 84, 121_346),
    "latfor_senate22": (63, 463, 627_680, 54, 76_202),
    "SEN22_June_03_2022.zip": (63, 349, 445_801, 52, 68_596),
    "CON22_June_03_2022.zip": (26, 228, 319_742, 30, 40_372),
    "congress_2012_statewide.geojson": (27, 302, 372_379, 21, 24_061),
    "congress_nyirc_letters_20210915.geojson": (26, 211, 281_165, 20, 21_293),
    "senate_nyirc_letters_20210915.geojson": (63, 432, 609_876, 59, 82_452),
}


@pytest.fixture(scope="module")
def blocks(data_dir, loaders):
    return loaders.nyc_blocks(data_dir)


@pytest.fixture(scope="module")
def groups(data_dir, loaders):
    return loaders.nyc_block_groups(data_dir)


@pytest.fixture(scope="module")
def plans(data_dir):
    return data_dir / "nyc" / "plans"


# --- blocks on the enacted plans' own lists ---------------------------------------------------------


def test_the_blocks_are_the_city(blocks):
    assert len(blocks) == 37_984
    assert blocks.level == "block"
    assert blocks.frame.sum().to_dict() == {
        "total_pop": PEOPLE,
        "asian_alone_pop": ASIAN,
        "total_vap": ADULTS,
        "asian_alone_vap": ASIAN_ADULTS,
    }


@pytest.mark.parametrize(
    ("name", "districts", "reached", "first", "count", "adults"),
    [
        ("CD", 27, 13, "06", 277_050, 630_063),
        ("SLDU", 63, 26, "016", 168_408, 283_652),
        ("SLDL", 150, 65, "040", 77_459, 110_743),
    ],
)
def test_every_block_is_in_the_list_and_nobody_is_lost(blocks, plans, name, districts, reached, first, count, adults):
    plan = read_plan(plans / f"NY_{name}_bef.csv.zip")
    assert len(plan) == districts
    assert len(plan.assignment) == 288_819
    placed = place(blocks, plan)
    assert placed.rule == "assignment"
    assert placed.unassigned.empty
    assert placed.split_units.empty
    sums = placed.totals(["total_pop", "asian_alone_pop"])
    assert sums.sum().to_dict() == {"total_pop": PEOPLE, "asian_alone_pop": ASIAN}
    assert (sums["total_pop"] > 0).sum() == reached
    table = concentration(placed, group="asian_alone", base="vap")
    assert table.total[["count", "base"]].tolist() == [ASIAN_ADULTS, ADULTS]
    assert table.frame["share_of_group"].sum() == pytest.approx(1)
    assert table.frame["rank"].idxmin() == first
    assert table.frame.loc[first, ["count", "base"]].tolist() == [count, adults]
    assert table.frame["share"].isna().sum() == districts - reached
    whole = definition_ladder(placed, base="vap").frame.loc[("all", "asian_alone")]
    assert whole["count"] == ASIAN_ADULTS


def test_districts_that_go_on_beyond_the_city_are_told(blocks, plans):
    placed = place(blocks, read_plan(plans / "NY_CD_bef.csv.zip"))
    (note,) = placed.notes
    assert note == (
        "Districts 03, 05, 16 go on beyond these units: the plan lists 15,214 more census blocks there. "
        "Figures there are of the part covered."
    )
    table = concentration(placed, group="asian_alone", base="vap")
    assert note in table.notes
    # The Assembly's districts end at the city's edge.
    assert place(blocks, read_plan(plans / "NY_SLDL_bef.csv.zip")).notes == ()


def test_counts_of_2010_are_near_those_argued_in_court(data_dir, loaders, plans):
    """Published shares follow a wider rule (one race or with White), so ours lie a little under them."""
    blocks = loaders.nyc_blocks(data_dir, 2010)
    placed = place(blocks, read_plan(plans / "NY_CD_bef.csv.zip"))
    people = placed.totals(["total_pop"])["total_pop"]
    # The plan of 2012 has districts of 717,707 or 717,708 people of 2010.
    inside = ["06", "07", "08", "09", "10", "11", "12", "13", "14", "15"]
    assert people.loc[inside].sub(717_707.5).abs().max() < 1
    share = concentration(placed, group="asian_alone", base="vap").frame["share"]
    for district, published in {"06": 0.379, "07": 0.198, "14": 0.161, "05": 0.115}.items():
        assert 0 <= published - share[district] + 0.0005 < 0.006
    assert share.loc[["06", "07", "14", "05"]].round(3).tolist() == [0.374, 0.196, 0.160, 0.115]
    assembly = place(blocks, read_plan(plans / "NY_SLDL_bef.csv.zip"))
    seats = concentration(assembly, group="asian_alone", base="vap").frame["share"]
    for district, published in {"040": 0.634, "049": 0.501, "025": 0.525}.items():
        assert 0 < published - seats[district] < 0.0075
    assert seats.loc[["040", "049", "025"]].round(3).tolist() == [0.630, 0.497, 0.518]


def test_block_groups_on_a_list_of_blocks(blocks, groups, plans):
    plan = read_plan(plans / "NY_SLDU_bef.csv.zip")
    district = place(blocks, plan).assignment
    cut = district.groupby(district.index.str[:12]).nunique().gt(1).reindex(groups.frame.index)
    people = int(groups.frame.loc[cut, "total_pop"].sum())
    with pytest.raises(CoverageError) as caught:
        place(groups, plan)
    assert str(caught.value).startswith(
        f"the plan's lines cut {cut.sum():,} of 6,806 block groups ({people:,} people), first "
    )
    placed = place(groups, plan, rule="assignment")
    assert placed.split_units.index.tolist() == groups.frame.index[cut].tolist()
    assert placed.totals(["total_pop", "asian_alone_pop"]).sum().tolist() == [PEOPLE, ASIAN]
    counts = district.groupby([district.index.str[:12], district]).size()
    chosen = counts.loc[list(zip(placed.assignment.index, placed.assignment, strict=True))]
    most = counts.groupby(level=0).max().reindex(placed.assignment.index)
    assert (chosen.to_numpy() == most.to_numpy()).all()


# --- block groups on polygons -----------------------------------------------------------------------


@pytest.mark.parametrize("name", POLYGONS)
def test_block_groups_on_polygons(groups, plans, name):
    districts, cut, people, elsewhere, moved = POLYGONS[name]
    plan = read_plan(plans / name)
    assert len(plan) == districts
    by_area, by_point = place(groups, plan), place(groups, plan, rule="point")
    assert by_area.rule == "area"
    for placed in (by_area, by_point):
        assert placed.unassigned.empty
        assert len(placed.split_units) == cut
        assert placed.split_units["people"].sum() == people
        assert placed.totals(list(groups.frame.columns)).sum().to_dict() == groups.frame.sum().to_dict()
        assert any(
            note == f"District lines cut {cut:,} of 6,806 block groups, where {people:,} people "
            f"({people / PEOPLE:.1%}) live; each was placed whole."
            for note in placed.notes
        )
    differ = by_area.assignment != by_point.assignment
    assert (differ.sum(), groups.frame.loc[differ, "total_pop"].sum()) == (elsewhere, moved)
    assert any(f"would place {elsewhere:,} units ({moved:,} people) elsewhere" in note for note in by_point.notes)
    # A district holds one group or the other of the city: totals by district differ by those moved, no more.
    gap = by_area.totals(["total_pop"])["total_pop"] - by_point.totals(["total_pop"])["total_pop"]
    assert gap.sum() == 0
    assert gap.abs().sum() <= 2 * moved


@pytest.mark.parametrize("name", ["senate_unity_20211118.geojson", "assembly_unity_20211104.geojson"])
def test_the_area_rule_agrees_with_two_other_programs(groups, plans, name):
    plan = read_plan(plans / name)
    ours = place(groups, plan, rule="area")
    crs = equal_area(groups.geometry)
    units = gpd.GeoDataFrame(geometry=groups.geometry.to_crs(crs))
    districts = gpd.GeoDataFrame(geometry=plan.geometry.to_crs(crs))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import maup

        theirs = maup.assign(units, districts)
    assert theirs.astype(str).tolist() == ours.assignment.tolist()
    pieces = gpd.overlay(
        units.rename_axis("GEOID").reset_index(), districts.rename_axis("district").reset_index(), keep_geom_type=True
    )
    pieces["share"] = pieces.area.to_numpy() / units.area.reindex(pieces["GEOID"]).to_numpy()
    largest = pieces.sort_values("share").drop_duplicates("GEOID", keep="last").set_index("GEOID")
    assert largest["district"].reindex(ours.assignment.index).tolist() == ours.assignment.tolist()
    held = pieces[pieces["share"] > CUT_SHARE].groupby("GEOID").size()
    assert sorted(held.index[held > 1]) == sorted(ours.split_units.index)
    inside = largest["share"].reindex(ours.split_units.index)
    pd.testing.assert_series_equal(inside, ours.split_units["share_inside"], check_names=False, rtol=1e-6)


def test_points_agree_with_a_spatial_join(groups, plans):
    plan = read_plan(plans / "senate_unity_20211118.geojson")
    ours = place(groups, plan, rule="point")
    crs = equal_area(groups.geometry)
    points = gpd.GeoDataFrame(geometry=groups.geometry.to_crs(crs).representative_point())
    districts = gpd.GeoDataFrame({"district": plan.geometry.index}, geometry=plan.geometry.to_crs(crs).array)
    joined = gpd.sjoin(points, districts, predicate="within")
    assert joined["district"].reindex(ours.assignment.index).tolist() == ours.assignment.tolist()


def test_the_city_on_districts_of_another_city(groups, data_dir):
    plan = read_plan(data_dir / "stockton_ca/plans/stockton_council_2012.geojson")
    with pytest.raises(CoverageError, match=r"lies 3,\d{3} km from the units and does not touch them"):
        place(groups, plan)


# --- tables that leave people out -------------------------------------------------------------------


def test_block_groups_sum_to_their_blocks(data_dir, loaders, groups):
    cells = loaders.nyc_block_group_cells(data_dir).reindex(groups.frame.index)
    told = cells["pop20_total"].notna()
    # The file leaves the cell empty where nobody lives: empty is not zero until another file says so.
    assert (~told).sum() == 308
    assert (groups.frame.loc[~told, "total_pop"] == 0).all()
    assert (groups.frame.loc[told, "total_pop"] == cells.loc[told, "pop20_total"]).all()


def test_a_table_without_two_boroughs_is_refused(data_dir, plans):
    units = read_units(
        data_dir / "nyc/bg_census_acs2019_cvap.csv",
        id="GEOID",
        columns={"pop20_total": "total_pop", "pop20_asian": "asian_alone_pop"},
        level="block_group",
        year=2020,
    )
    assert len(units) == 6_807
    lacking = units.frame["total_pop"].isna()
    boroughs = units.frame.index.str[:5].isin(["36005", "36085"])
    assert lacking[boroughs].all()
    assert (lacking.sum(), boroughs.sum()) == (1_556, 1_556)
    with pytest.raises(SchemaError) as caught:
        place(units, read_plan(plans / "NY_SLDU_bef.csv.zip"), rule="assignment")
    assert "1,556 of 6,807 block groups have no value for total_pop" in str(caught.value)
    assert "Missing is not zero" in str(caught.value)
