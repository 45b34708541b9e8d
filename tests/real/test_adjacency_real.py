"""Neighbours and parts on real layers, beside other ways to find them."""

from __future__ import annotations

import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.sparse.csgraph import connected_components

from kit.analysis.adjacency import adjacency
from kit.analysis.contiguity import contiguity
from kit.analysis.placement import place
from kit.model.frames import Plan, Units
from kit.sources.plans import read_plan

pytestmark = pytest.mark.real


def edges(result):
    """Give pairs of positions."""
    return set(map(tuple, result.pairs.tolist()))


def by_gerrychain(shapes):
    """Intersect every pair of neighbouring boxes, as gerrychain does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from gerrychain.graph.adjacency import neighbors

        found = neighbors(gpd.GeoDataFrame(geometry=shapes.reset_index(drop=True)), "rook")
    return {(min(a, b), max(a, b)): data["shared_perim"] for a, others in found.items() for b, data in others.items()}


def by_libpysal(shapes, *, rook=True):
    """Ask which pairs of shapes have a line, or a point, in common."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from libpysal.graph import Graph

        plain = gpd.GeoSeries(shapes.to_numpy(), crs=shapes.crs)
        found = Graph.build_contiguity(plain, rook=rook, strict=True).adjacency.index.to_frame().to_numpy()
    return {(a, b) for a, b in found.tolist() if a < b}


@pytest.fixture(scope="module")
def new_hampshire(fixtures_dir):
    layer = gpd.read_file(fixtures_dir / "nh.gpkg").set_index("GEOID20")
    ids = pd.Index(layer.index, dtype="str", name="GEOID")
    units = Units(
        pd.DataFrame({"total_pop": layer["pop"].to_numpy()}, index=ids),
        level="vtd",
        year=2020,
        geometry=layer.geometry.set_axis(ids),
    )
    districts = pd.Series(layer["r_2020"].astype(int).astype(str).to_numpy(), index=ids, dtype="str")
    plan = Plan("r_2020", ("1", "2"), assignment=districts, level="vtd", year=2020)
    return units, place(units, plan), layer["adj"]


class TestNewHampshire:
    def test_879_edges_of_which_a_plan_cuts_73(self, new_hampshire):
        units, placement, _ = new_hampshire
        near = adjacency(units)
        district = placement.assignment.to_numpy()
        assert len(near) == 879
        assert (district[near.pairs[:, 0]] != district[near.pairs[:, 1]]).sum() == 73
        assert near.notes == ()

    def test_the_published_list_of_neighbours_is_the_rook_list(self, new_hampshire):
        """The layer carries its own list, which another program made: positions from nought, in text."""
        units, _, listed = new_hampshire
        published = {
            (min(i, int(j)), max(i, int(j)))
            for i, text in enumerate(listed)
            for j in str(text).replace("[", "").replace("]", "").replace(",", " ").split()
        }
        assert published == edges(adjacency(units))

    def test_others_find_the_same_edges_and_lengths(self, new_hampshire):
        units, *_ = new_hampshire
        near = adjacency(units, crs=units.geometry.crs)
        lengths = by_gerrychain(units.geometry)
        assert edges(near) == set(lengths) == by_libpysal(units.geometry)
        foot = units.geometry.crs.axis_info[0].unit_conversion_factor
        theirs = [lengths[pair] * foot for pair in map(tuple, near.pairs.tolist())]
        assert near.shared == pytest.approx(theirs, rel=1e-9)
        queen = adjacency(units, rule="queen")
        assert edges(queen) == by_libpysal(units.geometry, rook=False)

    def test_both_districts_are_in_one_part(self, new_hampshire):
        units, placement, _ = new_hampshire
        result = contiguity(placement, adjacency(units))
        assert result.frame["parts"].tolist() == result.frame["outline_parts"].tolist() == [1, 1]
        assert result.parts["people"].sum() == 1_377_529
        assert result.summary() == "2 of 2 districts are in one part, where a common border joins two units."


@pytest.fixture(scope="module")
def new_york(data_dir, loaders):
    units = loaders.nyc_block_groups(data_dir)
    return units, adjacency(units)


class TestNewYork:
    def test_17_626_edges_and_one_island(self, new_york):
        units, near = new_york
        assert len(near) == 17_626
        assert near.degrees.index[near.degrees == 0].tolist() == ["360610001001"]
        assert near.notes[0] == (
            "1 of 6,806 block groups has no neighbour, first 360610001001; the nearest to 360610001001 is "
            "360610005000, 0.8 km away."
        )
        assert edges(near) == by_libpysal(units.geometry)

    def test_queen(self, new_york):
        units, _ = new_york
        assert edges(adjacency(units, rule="queen")) == by_libpysal(units.geometry, rook=False)

    def test_parts_of_a_proposal_of_whole_block_groups(self, new_york, data_dir):
        units, near = new_york
        placement = place(units, read_plan(data_dir / "nyc/plans/senate_unity_20211118.geojson"))
        result = contiguity(placement, near)
        broken = result.frame[result.frame["parts"] > 1]
        assert broken["parts"].to_dict() == {"6-UM": 4, "7-UM": 2, "11-UM": 2, "16-UM": 2}
        assert broken["people_outside_main"].to_dict() == {"6-UM": 18_173, "7-UM": 2_370, "11-UM": 0, "16-UM": 0}
        assert result.parts["people"].sum() == units.frame.loc[placement.assignment.notna(), "total_pop"].sum()
        # The two tests differ in one district, because one block group lies in two pieces.
        assert (result.frame["parts"] != result.frame["outline_parts"]).sum() == 1
        assert any(
            note == "District 16-UM is in 2 parts by its units' neighbours and in 3 pieces by its outline: "
            "1 joined by a unit in several pieces."
            for note in result.notes
        )

    def test_queen_joins_what_meets_in_a_corner(self, new_york, data_dir):
        units, near = new_york
        placement = place(units, read_plan(data_dir / "nyc/plans/assembly_unity_20211104.geojson"))
        rook, queen = contiguity(placement, near), contiguity(placement, adjacency(units, rule="queen"))
        assert (rook.frame.loc["BG", "parts"], queen.frame.loc["BG", "parts"]) == (2, 1)
        assert any("District BG" in note and "1 joined by a common point" in note for note in queen.notes)
        assert (queen.frame["parts"] <= rook.frame["parts"]).all()


@pytest.fixture(scope="module")
def hawaii(data_dir, loaders):
    shapes, tables = loaders.dra_shapes(data_dir / "hawaii/Geojson_HI.v06.zip")
    frame = pd.DataFrame({"total_pop": tables["T_20_CENS"]["Total"]})
    return Units(frame, level="block_group", year=2020, geometry=shapes)


class TestHawaii:
    def test_islands(self, hawaii):
        """Oahu, Hawaii, Maui, Lanai, Molokai, Kauai, Niihau with its neighbour, and the north-western islands."""
        near = adjacency(hawaii)
        groups, label = connected_components(near.matrix(), directed=False)
        assert groups == 9
        sizes = pd.Series(label).value_counts().tolist()
        assert sizes == [773, 147, 96, 49, 10, 3, 2, 2, 1]
        assert near.notes[1] == (
            "The 1,083 block groups fall into 9 groups that do not touch each other; the largest holds 773."
        )
        assert edges(near) == by_libpysal(hawaii.geometry)

    def test_links_from_a_table_join_maui_county(self, hawaii):
        # Maui to Molokai, Maui to Lanai: block groups on the shores that face each other.
        table = pd.DataFrame({"from": ["150090314022"] * 2, "to": ["150090317001", "150090316011"]})
        near = adjacency(hawaii, links=table)
        assert near.linked.sum() == 2
        assert connected_components(near.matrix(), directed=False)[0] == 7
        counties = pd.Series(hawaii.frame.index.str[:5], index=hawaii.frame.index, dtype="str")
        plan = Plan("Counties", tuple(sorted(set(counties))), assignment=counties, level="block_group", year=2020)
        placement = place(hawaii, plan)
        apart, joined = contiguity(placement, adjacency(hawaii)), contiguity(placement, near)
        assert apart.frame["parts"].to_dict() == {"15001": 1, "15003": 2, "15005": 1, "15007": 3, "15009": 3}
        assert joined.frame.loc["15009", ["parts", "joined_by_links"]].tolist() == [1, 2]
        assert joined.frame.loc["15009", "outline_parts"] == apart.frame.loc["15009", "outline_parts"]
        assert apart.parts["people"].sum() == 1_455_271
        maui = apart.parts[apart.parts["district"] == "15009"]
        assert maui["people"].is_monotonic_decreasing
        assert any(
            "District 15009 is in 1 part by its units' neighbours" in note and "2 joined by a link" in note
            for note in joined.notes
        )


@pytest.mark.parametrize(
    ("path", "count"), [("nevada/Geojson_NV.v06.zip", 5_318), ("rhode_island/Geojson_RI.v06.zip", 1_154)]
)
def test_precincts_have_the_edges_that_gerrychain_finds(path, count, data_dir, loaders):
    """Nevada has 12 precincts with invalid rings; both programs take them as they are."""
    shapes, _ = loaders.dra_shapes(data_dir / path)
    near = adjacency(shapes)
    assert len(near) == count
    assert edges(near) == set(by_gerrychain(shapes))


@pytest.mark.parametrize(
    ("path", "count"), [("minnesota/Geojson_MN.v06.zip", 9_937), ("virginia/Geojson_VA.v06.zip", 6_888)]
)
def test_larger_states_by_the_rule_of_gerrychain(path, count, data_dir, loaders):
    """An intersection of some length, each pair once and all at a time; Minnesota has 30 invalid precincts."""
    shapes, _ = loaders.dra_shapes(data_dir / path)
    near = adjacency(shapes)
    polygons = shapes.to_numpy()
    i, j = shapely.STRtree(polygons).query(polygons)
    i, j = i[i < j], j[i < j]
    meet = shapely.length(shapely.intersection(polygons[i], polygons[j])) > 0
    assert len(near) == count
    assert edges(near) == set(zip(i[meet].tolist(), j[meet].tolist(), strict=True))


def test_lowell_blocks(data_dir):
    shapes = gpd.read_file(data_dir / "lowell_ma/Lowell_blocks.zip").geometry
    near = adjacency(shapes)
    assert len(near) == 4_501
    assert edges(near) == by_libpysal(shapes)


def test_wards_that_overlap(data_dir):
    """Milwaukee County's wards overlap in many places and leave hair-thin gaps; all of it is told, none mended."""
    shapes = gpd.read_file(data_dir / "milwaukee_wi/MilwaukeeCounty_2022.geojson").geometry
    near = adjacency(shapes)
    assert edges(near) == set(by_gerrychain(shapes))
    assert any(note.startswith("278 pairs of units overlap (130,3") for note in near.notes)
    assert any(note.startswith("8 pairs of units run beside each other less than 1 cm apart") for note in near.notes)
    assert np.isfinite(near.shared).all()
