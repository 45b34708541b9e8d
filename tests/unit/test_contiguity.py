"""Parts of districts on squares, and every way in which neighbours and outlines may differ."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import MultiPolygon, Polygon, affinity, box

from kit.analysis.adjacency import adjacency
from kit.analysis.contiguity import contiguity, district_parts
from kit.analysis.placement import place
from kit.errors import CoverageError, SchemaError
from kit.model.frames import Plan, Units

FLAT = "EPSG:5070"


def made(districts, shapes, people=None, crs=FLAT, **plan):
    """Place named shapes in districts by a list."""
    ids = pd.Index([f"3606100010010{i:02d}" for i in range(len(shapes))], dtype="str", name="GEOID")
    people = [10] * len(shapes) if people is None else people
    units = Units(
        pd.DataFrame({"total_pop": people}, index=ids),
        level="block",
        year=2020,
        geometry=None if shapes[0] is None else gpd.GeoSeries(shapes, index=ids, crs=crs),
    )
    listed = pd.Series(districts, index=ids, dtype="str").dropna()
    labels = plan.pop("labels", tuple(sorted(set(listed))))
    listed_plan = Plan("A list", labels, assignment=listed, level="block", year=2020)
    return place(units, listed_plan, outside="report")


def grid(columns, rows, side=100.0):
    """Make squares, row after row from the south-west."""
    return [box(side * x, side * y, side * x + side, side * y + side) for y in range(rows) for x in range(columns)]


def examine(placement, **options):
    return contiguity(placement, adjacency(placement.units, crs=FLAT, **options))


class TestParts:
    def test_whole_districts(self, four_squares):
        placement = place(*four_squares)
        result = examine(placement)
        assert result.frame["parts"].tolist() == [1, 1]
        assert result.frame["contiguous"].tolist() == [True, True]
        assert result.frame["outline_parts"].tolist() == [1, 1]
        assert result.frame["holes"].tolist() == [0, 0]
        assert result.frame["people_outside_main"].tolist() == [0, 0]
        assert result.sources == placement.sources
        assert result.summary() == "2 of 2 districts are in one part, where a common border joins two units."

    def test_parts_in_order_of_people(self):
        # 1 2 1 2 1: three parts of district 1, two of district 2.
        placement = made(list("12121"), grid(5, 1), [5, 20, 60, 30, 35])
        parts = district_parts(placement, adjacency(placement.units, crs=FLAT))
        assert parts["district"].tolist() == ["1", "1", "1", "2", "2"]
        assert parts["part"].tolist() == [1, 2, 3, 1, 2]
        assert parts["people"].tolist() == [60, 35, 5, 30, 20]
        assert parts["share_of_people"].tolist() == [0.6, 0.35, 0.05, 0.6, 0.4]
        assert parts["first_unit"].str[-2:].tolist() == ["02", "04", "00", "03", "01"]
        assert parts["units"].tolist() == [1] * 5
        assert parts["area_km2"].tolist() == pytest.approx([0.01] * 5, rel=0.001)
        result = examine(placement)
        assert result.frame.loc["1", "people_outside_main"] == 40
        assert result.frame["contiguous"].tolist() == [False, False]
        assert (
            "District 1 is in 3 parts, 3 of them with people; 40 people live outside the main one." in result.summary()
        )

    def test_a_corner_joins_nothing_under_rook_and_joins_under_queen(self):
        placement = made(["1", "2", "2", "1"], grid(2, 2))
        rook, queen = examine(placement), examine(placement, rule="queen")
        assert rook.frame["parts"].tolist() == [2, 2]
        assert rook.frame["outline_parts"].tolist() == [2, 2]
        assert rook.notes == ()
        assert queen.frame["parts"].tolist() == [1, 1]
        assert queen.frame["outline_parts"].tolist() == [2, 2]
        assert queen.notes == tuple(
            f"District {label} is in 1 part by its units' neighbours and in 2 pieces by its outline: "
            "1 joined by a common point."
            for label in "12"
        )
        assert "where a common border or point joins two units" in queen.summary()

    def test_a_link_joins_and_is_named(self):
        placement = made(["1", "2", "1"], grid(3, 1))
        ends = placement.units.frame.index[[0, 2]]
        result = examine(placement, links=[tuple(ends)])
        assert result.frame["parts"].tolist() == [1, 1]
        assert result.frame["joined_by_links"].tolist() == [1, 0]
        assert result.frame["outline_parts"].tolist() == [2, 1]
        assert "and in 2 pieces by its outline: 1 joined by a link." in result.notes[0]
        assert "Links from a table join parts of district 1." in result.summary()

    def test_a_link_within_one_part_joins_nothing(self):
        placement = made(["1", "1", "1"], grid(3, 1))
        result = examine(placement, links=[tuple(placement.units.frame.index[[0, 2]])])
        assert result.frame["joined_by_links"].tolist() == [0]

    def test_a_link_between_districts_joins_nothing(self):
        placement = made(["1", "2", "1"], grid(3, 1))
        result = examine(placement, links=[tuple(placement.units.frame.index[[0, 1]])])
        assert result.frame["parts"].tolist() == [2, 1]

    def test_parts_without_people(self):
        result = examine(made(["1", "2", "1", "1"], grid(4, 1), [10, 5, 0, 0]))
        assert result.frame.loc["1", ["parts", "parts_with_people", "people_outside_main"]].tolist() == [2, 1, 0]
        assert not result.frame.loc["1", "contiguous"]
        assert "1 part has no people, in district 1; this may be water." in result.notes
        assert "District 1 is in 2 parts; nobody lives outside the main one." in result.summary()

    def test_a_district_without_anybody(self):
        result = examine(made(["1", "2", "1"], grid(3, 1), [0, 5, 0]))
        assert result.parts["share_of_people"].isna().tolist() == [True, True, False]
        assert result.frame["people_outside_main"].tolist() == [0, 0]

    def test_units_in_no_district_and_districts_without_units(self):
        result = examine(made(["1", None, "1"], grid(3, 1), labels=("1", "2", "10")))
        assert result.frame.index.tolist() == ["1", "2", "10"]
        assert result.frame["parts"].tolist() == [2, 0, 0]
        assert result.frame["contiguous"].tolist()[1:] == [pd.NA, pd.NA]
        assert result.frame["outline_parts"].isna().tolist() == [False, True, True]
        assert result.notes[:2] == (
            "No unit lies in districts 2, 10.",
            "1 of 3 census blocks are in no district and were left out.",
        )
        assert "0 of 1 districts are in one part" in result.summary()

    def test_no_totals(self):
        placement = made(["1", "2", "1"], grid(3, 1))
        bare = replace(placement, units=replace(placement.units, frame=placement.units.frame[[]]))
        result = examine(bare)
        assert result.frame["parts"].tolist() == [2, 1]
        assert result.frame[["people_outside_main", "parts_with_people"]].isna().all(axis=None)
        assert result.parts["people"].isna().all()
        assert "District 1 is in 2 parts; people are not counted in this file." in result.summary()

    def test_without_polygons(self):
        placement = made(["1", "2", "1"], grid(3, 1))
        links = adjacency(placement.units, crs=FLAT)
        result = contiguity(replace(placement, units=replace(placement.units, geometry=None)), links)
        assert result.frame["parts"].tolist() == [2, 1]
        assert result.frame[["outline_parts", "holes", "surrounds"]].isna().all(axis=None)
        assert result.parts["area_km2"].isna().all()
        assert result.notes[-1] == ("The units have no polygons, so outlines and holes of districts were not tested.")

    def test_neighbours_of_more_units_than_were_placed(self):
        whole = made(["1"] * 6, grid(6, 1))
        few = whole.units.frame.index[[1, 2, 4]]
        units = replace(whole.units, frame=whole.units.frame.loc[few], geometry=whole.units.geometry.loc[few])
        result = contiguity(place(units, whole.plan), adjacency(whole.units))
        assert result.frame.loc["1", ["units", "parts", "outline_parts"]].tolist() == [3, 2, 2]

    def test_neighbours_of_other_units(self):
        placement = made(["1"] * 3, grid(3, 1))
        with pytest.raises(SchemaError, match=r"1 of 3 placed census blocks are not among .* first 360610001001002\."):
            contiguity(placement, adjacency(placement.units.geometry.iloc[:2]))

    def test_lists_without_units(self):
        placement = made(["1"] * 3, grid(3, 1))
        short = replace(placement, assignment=placement.assignment.iloc[:2])
        with pytest.raises(CoverageError, match="does not list its units one by one"):
            district_parts(short, adjacency(placement.units))

    def test_cut_units_are_told(self, four_squares):
        units, plan = four_squares
        shifted = replace(plan, geometry=plan.geometry.translate(0, 100))
        result = examine(place(units, shifted, outside="report"))
        assert any(
            "District lines cut 2 census blocks; parts are of whole census blocks" in note for note in result.notes
        )


class TestHoles:
    def test_a_district_within_a_district(self):
        result = examine(made(list("111121111"), grid(3, 3)))
        assert result.frame["holes"].tolist() == [1, 0]
        assert result.frame["surrounds"].tolist() == ["2", ""]
        assert "District 1 surrounds district 2." in result.summary()

    def test_a_part_of_a_district_in_a_hole_does_not_surround_it(self):
        result = examine(made(list("1111") + list("1212") + list("1112"), grid(4, 3)))
        assert result.frame["holes"].tolist() == [1, 0]
        assert result.frame["surrounds"].tolist() == ["", ""]

    def test_rings_within_rings(self):
        rings = [["1"] * 5, list("12221"), list("12321"), list("12221"), ["1"] * 5]
        result = examine(made([label for row in rings for label in row], grid(5, 5)))
        assert result.frame["holes"].tolist() == [1, 1, 0]
        assert result.frame["surrounds"].tolist() == ["2, 3", "3", ""]

    def test_units_of_no_district_in_a_hole(self):
        listed = list("111101111")
        result = examine(made([None if label == "0" else label for label in listed], grid(3, 3)))
        assert result.frame["holes"].tolist() == [1]
        assert result.frame["surrounds"].tolist() == [""]

    def test_a_lake_without_units_is_told_and_not_counted(self):
        squares = grid(3, 3)
        del squares[4]
        result = examine(made(["1"] * 8, squares))
        assert result.frame["holes"].tolist() == [0]
        assert result.notes == (
            "1 hole holds no unit, in district 1: land or water that the units leave out, or gaps between them.",
        )


class TestDisagreement:
    def test_a_unit_in_several_pieces(self):
        islands = MultiPolygon([box(0, 0, 100, 100), box(300, 0, 400, 100)])
        result = examine(made(["1", "2", "1"], [islands, box(100, 0, 300, 100), box(400, 0, 500, 100)]))
        assert result.frame["parts"].tolist() == [1, 1]
        assert result.frame["outline_parts"].tolist() == [2, 1]
        assert "in 2 pieces by its outline: 1 joined by a unit in several pieces." in result.notes[0]

    def test_two_reasons_at_once(self):
        islands = MultiPolygon([box(0, 0, 100, 100), box(300, 0, 400, 100)])
        placement = made(["1", "1"], [islands, box(600, 0, 700, 100)])
        result = examine(placement, links=[tuple(placement.units.frame.index)])
        assert (
            "in 3 pieces by its outline: 1 joined by a unit in several pieces; 1 joined by a link." in result.notes[0]
        )

    def test_a_border_of_the_last_digit(self):
        # The corner is rounded to a point beside the slanting side; whether the outlines join is chance.
        x, y = -118.3, 34.1
        middle = (x + 0.1 / 3, y + 0.07 / 3)
        below = Polygon([(x, y), (x + 0.1, y), (x + 0.1, y + 0.07)])
        above = Polygon([(x, y), middle, (x, y + 0.07)])
        apart = affinity.translate(above, 0, 2e-14)
        placement = made(["1", "1"], [below, Polygon(apart.exterior.coords)], crs="EPSG:4269")
        result = contiguity(placement, adjacency(placement.units))
        assert result.frame["parts"].tolist() == [1]
        if result.frame["outline_parts"].tolist() == [2]:
            assert "1 joined by a border that meets to the last digit only" in result.notes[0]

    def test_last_binary_digit_is_explained(self):
        other = np.nextafter(-118.3, 0)
        shapes = [box(-118.4, 34, -118.3, 34.1), box(other, 34, -118.2, 34.1)]
        placement = made(["1", "1"], shapes, crs="EPSG:4269")
        result = contiguity(placement, adjacency(placement.units))
        assert result.frame["parts"].tolist() == [1]
        assert result.frame["outline_parts"].tolist() == [2]
        assert "1 joined by a border that meets to the last digit only." in result.notes[0]

    def test_a_missing_border_is_refused(self):
        placement = made(["1"] * 3, grid(3, 1))
        whole = adjacency(placement.units)
        torn = replace(whole, pairs=whole.pairs[:1], shared=whole.shared[:1], linked=whole.linked[:1])
        with pytest.raises(
            CoverageError,
            match=r"district 1: 360610001001000 and 360610001001002 lie in one piece of its outline and in two parts",
        ):
            contiguity(placement, torn)

    def test_a_border_that_is_not_there_is_refused(self):
        placement = made(["1", "2", "1"], grid(3, 1))
        whole = adjacency(placement.units)
        pairs = np.array([[0, 1], [0, 2], [1, 2]])
        wrong = replace(whole, pairs=pairs, shared=np.ones(3), linked=np.zeros(3, dtype=bool))
        with pytest.raises(
            CoverageError,
            match="district 1: 360610001001000 and 360610001001002 stand in the list of neighbours as touching, and",
        ):
            contiguity(placement, wrong)

    def test_overlapping_units_make_one_piece(self):
        result = examine(made(["1", "1", "2"], [box(0, 0, 60, 100), box(50, 0, 100, 100), box(100, 0, 200, 100)]))
        assert result.frame["parts"].tolist() == [1, 1]
        assert result.frame["outline_parts"].tolist() == [1, 1]
        assert any("overlap" in note for note in result.notes)

    def test_broken_rings_are_joined_all_the_same(self):
        tie = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
        result = examine(made(["1", "1"], [tie, box(2, 0, 3, 2)]))
        assert result.frame["parts"].tolist() == [1]
        assert result.frame["outline_parts"].tolist() == [2]  # the two wings meet in a point
        assert "1 joined by a unit in several pieces" in result.notes[0]

    def test_a_ring_round_the_antimeridian(self):
        shapes = [box(179, 51, 180, 52), box(-180, 51, -179, 52)]
        placement = made(["1", "1"], shapes, crs="EPSG:4269")
        result = contiguity(placement, adjacency(placement.units))
        assert result.frame["parts"].tolist() == [1]
        assert result.frame["outline_parts"].tolist() == [2]
        assert len(result.notes) == 1

    def test_some_polygons_missing(self):
        placement = made(["1"] * 3, grid(3, 1))
        shapes = placement.units.geometry.copy()
        near = adjacency(placement.units)
        shapes.iloc[1] = shapes.iloc[1].centroid
        units = replace(placement.units, geometry=shapes)
        with pytest.raises(SchemaError, match="1 of 3 census blocks have no polygon, first 360610001001001"):
            contiguity(replace(placement, units=units), near)


def test_results_cannot_be_changed_through_their_frames(four_squares):
    result = examine(place(*four_squares))
    frame, parts = result.frame, result.parts
    frame.loc["1", "parts"] = 9
    parts.loc[0, "units"] = 9
    assert result.frame.loc["1", "parts"] == 1
    assert result.parts.loc[0, "units"] == 2
