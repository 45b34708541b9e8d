"""Plan measures on real plans: New York City, Hawaii's islands and Minnesota's voting districts."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from kit.analysis.compactness import compactness
from kit.analysis.placement import place
from kit.analysis.plan_measures import measure_plan
from kit.model.frames import Units
from kit.sources.local import read_units
from kit.sources.plans import read_plan

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def unity(data_dir, loaders):
    """Measure the Unity map of the Assembly, 66 districts, on the city's block groups."""
    plan = read_plan(data_dir / "nyc/plans/assembly_unity_20211104.geojson")
    return measure_plan(place(loaders.nyc_block_groups(data_dir), plan))


def test_the_unity_map_reaches_beyond_the_city(unity):
    assert len(unity.frame) == 66
    assert unity.plan["population"] == 8_804_190
    assert unity.frame["deviation"].isna().all()
    assert any("may not be the whole jurisdiction" in note for note in unity.notes)
    assert unity.frame[["polsby_popper", "reock", "convex_hull", "population_polygon"]].notna().all(axis=None)
    assert unity.frame["population_polygon"].between(0, 1, inclusive="right").all()


def test_all_five_boroughs_are_larger_than_an_assembly_district(unity):
    told = measure_plan(unity.placement, complete=True)
    assert told.plan["ideal"] == pytest.approx(8_804_190 / 66)
    assert (told.plan["county_regions"], told.plan["county_splits"], told.plan["county_forced"]) == (5, 5, 5)
    pieces = told.regions["county"]["pieces"]
    by_hand = unity.placement.assignment.groupby(unity.placement.units.frame.index.str[:5]).nunique()
    assert (pieces >= 1).all()
    assert (pieces <= by_hand.reindex(pieces.index)).all()


def test_cut_edges_agree_with_a_count_by_hand(unity):
    from kit.analysis.adjacency import adjacency

    neighbours = adjacency(unity.placement.units)
    district = unity.placement.assignment.to_numpy()
    cut = sum(district[a] != district[b] for a, b in neighbours.pairs)
    assert unity.plan["cut_edges"] == cut
    assert unity.frame["cut_edges"].sum() == 2 * cut


def test_compactness_agrees_with_geopandas(unity):
    plan = unity.placement.plan
    projected = plan.geometry.to_crs(2263)  # feet
    ours = compactness(plan.geometry, crs="EPSG:2263")
    pd.testing.assert_series_equal(
        ours["polsby_popper"], 4 * math.pi * projected.area / projected.length**2, check_names=False, rtol=1e-12
    )
    circle = math.pi * projected.minimum_bounding_radius() ** 2
    pd.testing.assert_series_equal(ours["reock"], projected.area / circle, check_names=False, rtol=1e-12)
    # The State's own projection and the one chosen by default hardly differ.
    assert (compactness(plan.geometry)["polsby_popper"] / ours["polsby_popper"] - 1).abs().max() < 1e-3


def test_blocks_without_shapes_on_the_plan_of_2012(data_dir, loaders):
    placed = place(loaders.nyc_blocks(data_dir), read_plan(data_dir / "nyc/plans/NY_CD_bef.csv.zip"))
    found = measure_plan(
        placed, regions={"block_group": pd.Series(placed.assignment.index.str[:12], placed.assignment.index)}
    )
    assert found.frame["polsby_popper"].isna().all()
    assert found.frame["deviation"].isna().all()
    # Brooklyn is in six districts or more; Staten Island is in one.
    counties = found.regions["county"]
    assert counties.loc["36085", "pieces"] == 1
    assert counties["people"].sum() == 8_804_190
    assert found.plan["county_splits"] == 4
    people, district = placed.units.column("total_pop"), placed.assignment
    lived = people > 0
    by_hand = district[lived].groupby(district.index[lived].str[:12]).nunique()
    assert found.plan["block_group_splits"] == (by_hand > 1).sum()
    assert found.plan["block_group_pieces"] == by_hand.sum()


def test_minnesota(data_dir, loaders):
    shapes, tables = loaders.dra_shapes(data_dir / "minnesota/Geojson_MN.v06.zip")
    people = tables["T_20_CENS"]["Total"]
    units = Units(pd.DataFrame({"total_pop": people}), level="vtd", year=2020, geometry=shapes)
    placed = place(units, read_plan(data_dir / "minnesota/plans/2022_PW_8C05_LCC.geojson", id="row"))
    names = pd.read_csv(data_dir / "minnesota/mn_2020_vtd.csv", dtype={"GEOID20": "str"}).set_index("GEOID20")["county"]
    found = measure_plan(placed, regions={"county": names})
    plan = found.plan
    assert (plan["districts"], plan["county_regions"]) == (8, 87)
    assert plan["ideal"] == pytest.approx(people.sum() / 8)
    table = found.regions["county"]
    assert table.index[table["forced"]].tolist() == ["Hennepin County"]
    assert plan["county_forced_pieces"] == 2
    assert plan["county_splits"] == table["split"].sum() == 10
    assert (plan["edges"], plan["cut_edges"]) == (9_937, 538)
    assert found.frame["parts"].eq(1).all()
    # The proposal cut four voting districts, which were placed whole, so it looks less equal than it was drawn.
    sums = people.groupby(placed.assignment.to_numpy()).sum()
    assert plan["population_range"] == sums.max() - sums.min()
    assert plan["population_range_share"] == pytest.approx(0.001389294, abs=1e-9)


def test_hawaii_is_islands(data_dir, loaders):
    folder = data_dir / "hawaii"
    columns = loaders.NH_COLUMNS
    blocks = read_units(folder / "hi_2020_block.csv", id="GEOID20", columns=columns, level="block", year=2020)
    house = read_plan(folder / "plans/HI_SLDL_bef.zip")
    found = measure_plan(place(blocks, house))
    assert found.plan["population"] == 1_455_271
    counties = found.regions["county"]
    assert counties["people"].sum() == 1_455_271
    # A plan of districts that each lie in one county splits only counties larger than a district.
    assert counties["split"].equals(counties["pieces"] > 1)
    shapes = compactness(read_plan(folder / "plans/hi_sldl_2012.geojson").geometry)
    assert shapes["area_km2"].sum() > 16_000
    assert shapes["polygons"].max() > 1
    assert shapes["polsby_popper"].between(0, 1, inclusive="right").all()
