"""Hawaii: every block in the State's own list, block groups that it cuts, and two ways to count NHPI."""

from __future__ import annotations

import zipfile

import geopandas as gpd
import pandas as pd
import pytest

from kit.analysis.concentration import concentration, definition_ladder
from kit.analysis.placement import place
from kit.errors import CoverageError
from kit.model.frames import Units
from kit.sources.local import read_units
from kit.sources.plans import read_plan

pytestmark = pytest.mark.real

TOTALS = {
    "total_pop": 1_455_271,
    "nh_asian_alone_pop": 531_558,
    "nh_nhpi_alone_pop": 149_054,
    "total_vap": 1_155_905,
    "nh_asian_alone_vap": 458_268,
    "nh_nhpi_alone_vap": 105_218,
}


@pytest.fixture(scope="module")
def folder(data_dir):
    return data_dir / "hawaii"


@pytest.fixture(scope="module")
def blocks(folder, loaders):
    return read_units(folder / "hi_2020_block.csv", id="GEOID20", columns=loaders.NH_COLUMNS, level="block", year=2020)


@pytest.fixture(scope="module")
def groups(folder, loaders):
    shapes, tables = loaders.dra_shapes(folder / "Geojson_HI.v06.zip")
    people, adults = tables["T_20_CENS"], tables["V_20_VAP"]
    frame = pd.DataFrame(
        {
            "total_pop": people["Total"],
            "asian_aoic_pop": people["Asian"],
            "nhpi_aoic_pop": people["Pacific"],
            "total_vap": adults["Total"],
            "asian_aoic_vap": adults["Asian"],
            "nhpi_aoic_vap": adults["Pacific"],
        }
    )
    return Units(frame, level="block_group", year=2020, geometry=shapes)


@pytest.fixture(scope="module")
def house(folder):
    return read_plan(folder / "plans/HI_SLDL_bef.zip")


@pytest.mark.parametrize(("name", "districts"), [("SLDL", 51), ("SLDU", 25)])
def test_every_block_is_in_the_list(blocks, folder, name, districts):
    plan = read_plan(folder / f"plans/HI_{name}_bef.zip")
    assert (len(plan), len(blocks), len(plan.assignment)) == (districts, 14_732, 14_732)
    placed = place(blocks, plan)
    assert placed.unassigned.empty
    assert placed.notes == ()
    sums = placed.totals(list(TOTALS))
    assert sums.sum().to_dict() == TOTALS
    assert (sums["total_pop"] > 0).all()
    for group in ("nh_asian_alone", "nh_nhpi_alone"):
        for base in ("pop", "vap"):
            table = concentration(placed, group=group, base=base)
            assert table.total["count"] == TOTALS[f"{group}_{base}"]
            assert table.frame["share_of_group"].sum() == pytest.approx(1)


def test_asian_and_nhpi_are_highest_in_different_districts(blocks, house):
    ladder = definition_ladder(place(blocks, house), base="vap").shares()
    assert ladder.loc["all"].round(4).to_dict() == {"nh_asian_alone": 0.3965, "nh_nhpi_alone": 0.0910}
    districts = ladder.drop("all")
    assert districts["nh_asian_alone"].idxmax() != districts["nh_nhpi_alone"].idxmax()


def test_block_groups_that_the_list_cuts(blocks, groups, house):
    """148 block groups have blocks in two districts; in 108 of them people live on both sides."""
    district = place(blocks, house).assignment
    by_group = pd.DataFrame(
        {
            "group": district.index.str[:12],
            "district": district.to_numpy(),
            "people": blocks.frame["total_pop"].to_numpy(),
        }
    )
    cut = by_group.groupby("group")["district"].nunique().gt(1)
    assert cut.sum() == 148
    assert by_group[by_group["people"] > 0].groupby("group")["district"].nunique().gt(1).sum() == 108
    assert groups.frame["total_pop"].eq(by_group.groupby("group")["people"].sum().reindex(groups.frame.index)).all()
    assert len(groups) == 1_083
    bare = Units(groups.frame, "block_group", 2020)
    with pytest.raises(CoverageError) as caught:
        place(bare, house)
    assert str(caught.value).startswith("the plan's lines cut 148 of 1,083 block groups (211,989 people), first 15001")
    placed = place(groups, house, rule="assignment")
    assert placed.split_units.index.tolist() == groups.frame.index[cut.reindex(groups.frame.index)].tolist()
    assert placed.split_units["people"].sum() == 211_989
    assert placed.totals(["total_pop"])["total_pop"].sum() == 1_455_271
    assert (placed.split_units["share_inside"] >= 1 / placed.split_units["districts"]).all()
    assert (placed.split_units["share_inside"] < 1).all()


def test_points_and_areas_against_where_most_people_live(blocks, groups, house, folder):
    polygons = read_plan(folder / "plans/hi_sldl_2012.geojson")
    assert polygons.labels == house.labels
    district = place(blocks, house).assignment
    people = blocks.frame["total_pop"].groupby([district.index.str[:12], district]).sum()
    most = pd.Series({group: rows.idxmax()[1] for group, rows in people[people > 0].groupby(level=0)})
    assert len(most) == 1_050
    agree = {}
    for rule, plan in (("point", polygons), ("area", polygons), ("assignment", house)):
        found = place(groups, plan, rule=rule).assignment
        agree[rule] = int((found.reindex(most.index) == most).sum())
    assert agree == {"point": 1_017, "area": 1_023, "assignment": 1_022}


@pytest.mark.parametrize("rule", ["point", "area"])
def test_block_groups_on_polygons(groups, folder, rule):
    plan = read_plan(folder / "plans/hi_sldl_2012.geojson")
    placed = place(groups, plan, rule=rule)
    assert placed.unassigned.empty
    assert len(placed.split_units) == 169
    assert placed.split_units["people"].sum() == 238_893
    # The same cuts by a plain overlay of the degrees in both files, which call one datum by two names.
    assert groups.geometry.crs != plan.geometry.crs
    flat = [
        gpd.GeoDataFrame({key: layer.index}, geometry=list(layer), crs="EPSG:32604")
        for key, layer in (("unit", groups.geometry), ("district", plan.geometry))
    ]
    pieces = gpd.overlay(*flat, keep_geom_type=True)
    share = (pieces.area / flat[0].set_index("unit").area.reindex(pieces["unit"]).to_numpy()).to_numpy()
    assert set(placed.split_units.index) == set(pieces["unit"][share > 0.01][lambda ids: ids.duplicated()])
    assert placed.totals(list(groups.frame.columns)).sum().to_dict() == groups.frame.sum().to_dict()


def test_internal_points_of_blocks_against_the_list(folder, house):
    """The same 14,732 blocks by a point in a polygon: everyone is where the list has them."""
    with zipfile.ZipFile(folder / "crosswalk-HI_blockpoints.zip") as packed:
        table = pd.read_csv(packed.open("assembled-crosswalk-HI.csv"), dtype={"GEOCODE": "str"}).set_index("GEOCODE")
    table.index = pd.Index(table.index, dtype="str", name="GEOID")
    points = gpd.GeoSeries.from_wkt(table["geometry"], crs="EPSG:4269")
    frame = table[["P0010001", "P0020008"]].set_axis(["total_pop", "nh_asian_alone_pop"], axis=1)
    units = Units(frame, "block", 2020, geometry=points)
    placed = place(units, read_plan(folder / "plans/hi_sldl_2012.geojson"), outside="report")
    assert placed.rule == "point"
    assert any(note.startswith("13,859 census blocks are known by a point only") for note in placed.notes)
    total = placed.totals(["total_pop"])["total_pop"].sum() + placed.unassigned["people"].sum()
    assert total == frame["total_pop"].sum()
    differ = placed.assignment.notna() & (placed.assignment != house.assignment.reindex(placed.assignment.index))
    assert (len(placed.unassigned), placed.unassigned["people"].sum()) == (23, 0)
    assert (differ.sum(), frame.loc[differ, "total_pop"].sum()) == (6, 0)


def test_half_the_islands_are_asian_only_under_one_definition(groups, house):
    table = concentration(place(groups, house, rule="assignment"), group="asian_aoic", base="vap")
    assert table.total[["count", "base"]].tolist() == [646_555, 1_155_905]
    assert table.total["share"] > 0.5
    assert TOTALS["nh_asian_alone_vap"] / TOTALS["total_vap"] < 0.4
