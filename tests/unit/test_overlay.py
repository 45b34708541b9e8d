"""Placing by shapes, on squares whose every area can be worked out by hand."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import MultiPolygon, Point, Polygon, box

from kit.analysis.overlay import _on_lines, _short_lines
from kit.analysis.placement import place
from kit.errors import CoverageError, CRSError, InputError, SchemaError
from kit.model.frames import Plan, Units

WEST, SOUTH = 1_830_000, 2_180_000


def square(x, y, width=100.0, height=100.0):
    """Make a rectangle, in metres from a corner in New York."""
    return box(WEST + x, SOUTH + y, WEST + x + width, SOUTH + y + height)


def units_of(shapes, people=None, *, level="block", crs="EPSG:5070"):
    """Make units named 0, 1, 2 … of a county in New York."""
    digits = {"block": 15, "block_group": 12}[level]
    ids = pd.Index([f"36061{n:0{digits - 5}d}" for n in range(len(shapes))], dtype="str", name="GEOID")
    counts = people if people is not None else [10 * (n + 1) for n in range(len(shapes))]
    return Units(
        pd.DataFrame({"total_pop": counts}, index=ids), level, 2020, geometry=gpd.GeoSeries(shapes, index=ids, crs=crs)
    )


def plan_of(shapes, *, labels=None, crs="EPSG:5070", name="Lines"):
    names = tuple(labels or [str(n + 1) for n in range(len(shapes))])
    geometry = gpd.GeoSeries(shapes, index=pd.Index(names, dtype="str", name="district"), crs=crs)
    return Plan(name, names, geometry=geometry)


def halves(at=100.0):
    """Make a west and an east district that meet `at` metres from the corner."""
    return plan_of([square(0, 0, at, 1000), square(at, 0, 1000 - at, 1000)], labels=["W", "E"])


# --- which rule, and what it does -----------------------------------------------------------------


def test_blocks_go_by_point_and_block_groups_by_area(four_squares):
    units, plan = four_squares
    assert place(units, plan).rule == "point"
    assert place(units_of([square(0, 0)], level="block_group"), halves()).rule == "area"
    assert place(units_of([square(0, 0)], level="block_group"), halves()).notes[0].startswith("Overlay in Lambert")


@pytest.mark.parametrize("rule", ["point", "area"])
def test_four_squares_in_two_rows(four_squares, rule):
    units, plan = four_squares
    placed = place(units, plan, rule=rule)
    assert placed.assignment.tolist() == ["1", "1", "2", "2"]
    assert placed.totals(["total_pop", "aapi_aoic_vap"]).to_dict("index") == {
        "1": {"total_pop": 300, "aapi_aoic_vap": 57},
        "2": {"total_pop": 700, "aapi_aoic_vap": 29},
    }
    assert placed.split_units.empty
    assert placed.unassigned.empty
    assert len(placed.notes) == 1


def test_the_system_of_the_plan_need_not_be_that_of_the_units(four_squares):
    units, plan = four_squares
    for crs in ("EPSG:4269", "EPSG:4326", "EPSG:2263", "EPSG:26918", "EPSG:3857"):
        other = dataclasses.replace(plan, geometry=plan.geometry.to_crs(crs))
        assert place(units, other).assignment.tolist() == ["1", "1", "2", "2"]


def test_area_and_point_can_differ_and_the_point_rule_says_so():
    # An L whose inner point lies in its tall, thin arm in W; most of its area, the foot, lies in E.
    shape = Polygon([(0, 0), (300, 0), (300, 30), (60, 30), (60, 100), (0, 100)])
    units = units_of([gpd.GeoSeries([shape]).translate(WEST, SOUTH)[0], square(300, 300)], [70, 30])
    by_area, by_point = place(units, halves(at=65.0), rule="area"), place(units, halves(at=65.0), rule="point")
    assert by_area.assignment.tolist() == ["E", "E"]
    assert by_point.assignment.tolist() == ["W", "E"]
    first = units.frame.index[0]
    assert f"Largest area would place 1 unit (70 people) elsewhere, first {first}." in by_point.notes
    inside = (60 * 100 + 5 * 30) / (60 * 100 + 240 * 30)
    assert by_area.split_units.loc[first, "share_inside"] == pytest.approx(1 - inside, abs=1e-4)
    assert by_point.split_units.loc[first, "share_inside"] == pytest.approx(inside, abs=1e-4)


def test_the_table_of_cut_units():
    units = units_of([square(0, 0), square(70, 100), square(100, 200)], [5, 7, 11])
    placed = place(units, halves(), rule="area")
    cut = placed.split_units
    assert cut.index.tolist() == [units.frame.index[1]]
    assert cut.index.name == "GEOID"
    assert cut.columns.tolist() == ["people", "districts", "placed_in", "share_inside", "also_in"]
    row = cut.iloc[0]
    assert (row["people"], row["districts"], row["placed_in"], row["also_in"]) == (7, 2, "E", "W")
    assert row["share_inside"] == pytest.approx(0.7, abs=1e-4)
    assert placed.notes[-1] == (
        "District lines cut 1 of 3 census blocks, where 7 people (30.4%) live; each was placed whole."
    )


def test_a_unit_in_three_districts():
    plan = plan_of([square(0, 0, 20, 500), square(20, 0, 30, 500), square(50, 0, 500, 500)])
    cut = place(units_of([square(0, 0)]), plan, rule="area").split_units.iloc[0]
    assert (cut["districts"], cut["placed_in"], cut["also_in"]) == (3, "3", "1, 2")
    assert cut["share_inside"] == pytest.approx(0.5, abs=1e-4)


@pytest.mark.parametrize(("over", "cut"), [(0.9, 0), (1.1, 1)])
def test_a_sliver_under_one_per_cent_is_no_cut(over, cut):
    units = units_of([square(over, 0), square(200, 0)])
    placed = place(units, halves(at=100.0), rule="area")
    assert placed.assignment.tolist() == ["W", "E"]
    assert len(placed.split_units) == cut


@pytest.mark.parametrize("rule", ["point", "area"])
def test_a_unit_cut_in_equal_parts_goes_to_the_first_label_and_is_told(rule):
    units = units_of([square(50, 0), square(500, 0)], [10, 20])
    placed = place(units, halves(at=100.0), rule=rule)
    assert placed.totals(["total_pop"])["total_pop"].sum() == 30
    assert placed.split_units["share_inside"].tolist() == pytest.approx([0.5], abs=1e-4)
    if rule == "area":
        tied = [note for note in placed.notes if "equal parts" in note]
        assert len(tied) <= 1  # a projection may break the tie by less than a millimetre


def test_an_exact_tie_of_areas_is_noted():
    # The system of the overlay itself, so that nothing is moved by a rounding.
    crs = "+proj=laea +lat_0=0 +lon_0=0 +x_0=0 +y_0=0 +datum=NAD83 +units=m +no_defs"
    units = units_of([box(-50, 0, 50, 100)], crs=crs)
    plan = plan_of([box(-500, -500, 0, 500), box(0, -500, 500, 500)], labels=["W", "E"], crs=crs)
    placed = place(units, plan, rule="area")
    assert placed.assignment.tolist() == ["W"]
    assert "1 unit lies in equal parts in two districts and went to the first label." in placed.notes
    by_point = place(units, plan, rule="point")
    assert by_point.assignment.tolist() == ["W"]
    assert "1 points lie on a district line and went to the first label." in by_point.notes


# --- people outside -------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ["point", "area"])
def test_people_outside_every_district(rule):
    units = units_of([square(0, 0), square(0, 2000)], [10, 33])
    last = units.frame.index[1]
    with pytest.raises(CoverageError) as caught:
        place(units, halves(), rule=rule)
    assert str(caught.value) == (
        f"1 census block (33 people) lies outside every district, first {last}; "
        'check the plan\'s CRS and extent, or pass outside="report".'
    )
    placed = place(units, halves(), rule=rule, outside="report")
    assert placed.unassigned.to_dict("index") == {last: {"people": 33, "reason": "outside every district"}}
    assert placed.totals(["total_pop"])["total_pop"].to_dict() == {"E": 0, "W": 10}


@pytest.mark.parametrize("rule", ["point", "area"])
def test_water_outside_every_district_is_reported_and_no_error(rule):
    units = units_of([square(0, 0), square(0, 2000)], [10, 0])
    placed = place(units, halves(), rule=rule)
    assert placed.unassigned["people"].tolist() == [0]
    assert "1 census block (0 people) lies outside every district and is in no district." in placed.notes


def test_a_unit_that_only_touches_a_district_lies_outside():
    units = units_of([square(100, 100), square(0, -100)], [10, 20])
    with pytest.raises(CoverageError, match=r"1 census block \(20 people\) lies outside"):
        place(units, halves(), rule="area")


def test_a_unit_in_the_plan_by_less_than_a_sliver_lies_outside():
    units = units_of([square(100, 100), square(0, -99.5)], [10, 20])
    with pytest.raises(CoverageError, match="20 people"):
        place(units, halves(), rule="area")


def test_a_unit_that_reaches_beyond_the_edge_is_placed_and_told():
    units = units_of([square(0, -40), square(200, 0)], [10, 20])
    placed = place(units, halves(), rule="area")
    assert placed.assignment.tolist() == ["W", "E"]
    assert "1 placed unit reaches more than 1% of its area beyond the plan's edge." in placed.notes


def test_a_unit_spread_thin_over_many_districts_is_not_lost():
    strips = [square(0, y, 1000, 5) for y in range(0, 1000, 5)]
    placed = place(units_of([square(0, 0, 1000, 1000)]), plan_of(strips), rule="area")
    assert placed.assignment.notna().all()


def test_districts_the_units_cover_in_part_are_named():
    units = units_of([square(0, 0, 100, 1000), square(100, 0, 100, 1000)])
    placed = place(units, halves(), rule="area")
    assert placed.notes[-1] == (
        "District E goes on beyond these units (they cover less than 90% of its area; the rest may be water). "
        "Figures there are of the part covered."
    )


# --- plans that cannot be used --------------------------------------------------------------------


def test_a_point_in_two_districts_is_an_error():
    plan = plan_of([square(0, 0, 500, 500), square(0, 0, 100, 100)], labels=["big", "small"])
    units = units_of([square(0, 0), square(200, 200)], [10, 20])
    for rule in ("point", "area"):
        with pytest.raises(CoverageError) as caught:
            place(units, plan, rule=rule)
        said = str(caught.value)
        assert said.startswith("1 census blocks (10 people) lie")
        assert units.frame.index[0] in said
        assert said.endswith("Mend the overlaps of the plan.")


def test_points_alone_in_two_districts_name_both():
    plan = plan_of([square(0, 0, 500, 500), square(0, 0, 100, 100)], labels=["big", "small"])
    units = units_of([Point(WEST + 50, SOUTH + 50), Point(WEST + 60, SOUTH + 50), Point(WEST + 200, SOUTH + 50)])
    with pytest.raises(CoverageError) as caught:
        place(units, plan)
    ids = units.frame.index
    assert (
        f"2 census blocks (30 people) lie where districts overlap, first {ids[0]} in big, small; others {ids[1]}"
        in str(caught.value)
    )


def test_a_plan_of_another_place_says_how_far():
    away = plan_of([box(-2_000_000, 1_200_000, -1_900_000, 1_300_000)], name="Los Angeles")
    with pytest.raises(CoverageError, match=r"the plan 'Los Angeles' lies [34],\d{3} km from the units and does not"):
        place(units_of([square(0, 0)]), away)


def test_a_plan_beside_every_unit_holds_none():
    plan = plan_of([Polygon([(WEST, SOUTH), (WEST + 9000, SOUTH), (WEST + 9000, SOUTH + 10)])])
    units = units_of([square(0, 500), square(8900, -500), square(0, -900)])
    with pytest.raises(CoverageError, match="none of the 3 census blocks lies in the plan 'Lines'"):
        place(units, plan)


def test_a_plan_in_degrees_without_a_system():
    degrees = plan_of([square(0, 0)]).geometry.to_crs(4269).to_numpy()
    plan = plan_of(list(degrees), crs=None)
    with pytest.raises(CRSError) as caught:
        place(units_of([square(0, 0)]), plan)
    assert "the plan 'Lines' has no coordinate reference system" in str(caught.value)
    assert "degrees" in str(caught.value)


def test_units_without_a_system():
    with pytest.raises(CRSError, match="the layer of census blocks has no coordinate reference system"):
        place(units_of([square(0, 0)], crs=None), halves())


def test_units_some_of_which_have_no_shape():
    for empty in (None, Polygon()):
        units = units_of([square(0, 0), empty])
        with pytest.raises(SchemaError, match=f"1 census blocks have no shape, first {units.frame.index[1]}"):
            place(units, halves())


def test_coordinates_that_a_projection_cannot_take():
    plan = plan_of([box(-1e12, -1e12, 1e12, 1e12)], crs="EPSG:2263", name="Feet")
    with pytest.raises((CRSError, CoverageError)):
        place(units_of([square(0, 0)]), plan)


# --- points and mended shapes ---------------------------------------------------------------------


def test_units_known_by_a_point():
    units = units_of([Point(WEST + 10, SOUTH + 10), Point(WEST + 210, SOUTH + 10)], level="block_group")
    placed = place(units, halves())
    assert placed.rule == "point"
    assert placed.assignment.tolist() == ["W", "E"]
    assert placed.split_units.empty
    assert "2 block groups are known by a point only; whether a line cuts them cannot be seen." in placed.notes
    with pytest.raises(InputError, match="2 of 2 block groups are known by a point only"):
        place(units, halves(), rule="area")


def test_units_some_of_which_are_known_by_a_point():
    units = units_of([Point(WEST + 10, SOUTH + 10), square(110, 0), square(50, 200)])
    placed = place(units, halves(at=110.0))
    assert placed.assignment.tolist() == ["W", "E", "W"]
    assert len(placed.split_units) == 1
    assert "1 census blocks are known by a point only; whether a line cuts them cannot be seen." in placed.notes
    with pytest.raises(
        InputError, match=f"1 of 3 census blocks are known by a point only, first {units.frame.index[0]}"
    ):
        place(units, halves(), rule="area")


@pytest.mark.parametrize("rule", ["point", "area"])
def test_invalid_rings_are_mended_and_counted(rule):
    def bow(side):
        x, y = WEST + 2, SOUTH + 2
        return Polygon([(x, y), (x + side, y + side), (x + side, y), (x, y + side)])

    placed = place(units_of([bow(90), square(200, 0)]), halves(), rule=rule)
    assert placed.assignment.tolist() == ["W", "E"]
    assert not any("invalid" in note for note in placed.notes)  # no line touches it, so nothing had to be measured
    placed = place(units_of([bow(110), square(200, 0)]), halves(), rule=rule)
    assert placed.assignment.tolist() == ["W", "E"]
    assert "1 census block on district lines had invalid rings, which were mended before measuring." in placed.notes
    plan = plan_of(
        [Polygon([(WEST, SOUTH), (WEST + 900, SOUTH + 900), (WEST + 900, SOUTH), (WEST, SOUTH + 900)])], labels=["X"]
    )
    crossed = place(units_of([square(0, 400), square(800, 400)]), plan, rule=rule)
    assert crossed.assignment.tolist() == ["X", "X"]
    assert "1 district had invalid rings, which were mended before measuring." in crossed.notes


@pytest.mark.parametrize("vertices", [3, 15, 16, 17, 18, 32, 33, 100])
def test_units_on_a_line_are_all_found_however_it_is_cut(vertices):
    turn = np.sort(np.random.default_rng(vertices).random(vertices)) * 2 * np.pi
    ring = np.column_stack([np.cos(turn), np.sin(turn)])
    districts = np.array([Polygon(ring, [ring * 0.5]), MultiPolygon([Polygon(ring + 3), Polygon(ring - 3)])])
    lines = shapely.boundary(districts)
    pieces = _short_lines(districts)
    assert shapely.length(pieces).sum() == pytest.approx(shapely.length(lines).sum())
    assert shapely.get_num_coordinates(pieces).max() <= 17
    east, north = (axis.ravel() for axis in np.meshgrid(np.linspace(-4.2, 4.2, 60), np.linspace(-4.2, 4.2, 60)))
    units = shapely.box(east, north, east + 0.1, north + 0.1)
    touched = shapely.intersects(units[:, None], lines[None, :]).any(axis=1)
    assert 0 < touched.sum() < len(units)
    assert (_on_lines(units, districts) == touched).all()


def test_across_the_antimeridian():
    # Two islands of the Aleutians, one on each side of 180°.
    units = units_of([box(179.0, 51.0, 179.2, 51.2), box(-179.2, 51.0, -179.0, 51.2)], crs="EPSG:4269")
    plan = plan_of([box(178.5, 50.5, 179.9, 51.9), box(-179.9, 50.5, -178.5, 51.9)], crs="EPSG:4269")
    placed = place(units, plan, rule="area")
    assert placed.assignment.tolist() == ["1", "2"]
    assert "Alaska" in placed.notes[0]
