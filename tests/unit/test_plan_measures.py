"""Measures of plans on squares that can be counted by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import geopandas as gpd
import geopandas.testing
import numpy as np
import pandas as pd
import pytest
from shapely import box

import kit.analysis.plan_measures as module
from kit.analysis.adjacency import adjacency
from kit.analysis.deviation import deviation, deviation_totals, seats_by_district
from kit.analysis.district_polygons import district_polygons
from kit.analysis.placement import place
from kit.analysis.plan_measures import PlanMeasures, measure_plan
from kit.errors import CoverageError, CRSError, InputError, SchemaError
from kit.model.communities import Communities
from kit.model.frames import Plan, Units

ALBERS = "EPSG:5070"
# Nine blocks of one kilometre with 100, 200 … 900 people, row by row from the south-west; the upper row is
# another county.
#
#     7 8 9
#     4 5 6
#     1 2 3
IDS = pd.Index(
    [f"3606100010010{n:02d}" for n in range(1, 7)] + [f"3608100010010{n:02d}" for n in range(7, 10)],
    dtype="str",
    name="GEOID",
)


def nine(people=range(100, 1000, 100), **changes):
    shapes = [box(1000 * x, 1000 * y, 1000 * x + 1000, 1000 * y + 1000) for y in range(3) for x in range(3)]
    geometry = gpd.GeoSeries(shapes, index=IDS, crs=ALBERS).translate(1_830_000, 2_180_000)
    frame = pd.DataFrame({"total_pop": list(people)}, index=IDS)
    return replace(Units(frame, level="block", year=2020, geometry=geometry), **changes)


def listed(units, labels, **options):
    """Place units by a list, one letter a unit; a dot leaves it out."""
    rows = pd.Series(list(labels), index=units.frame.index)
    rows = rows[rows != "."]
    plan = Plan("By hand", tuple(sorted(set(rows))), assignment=rows, level=units.level, year=units.year)
    return place(units, plan, **options)


@pytest.fixture(scope="module")
def measures():
    """Measure a plan: A is 1, 2, 3 and 6; B is 4, 5, 7, 8 and 9."""
    return measure_plan(listed(nine(), "AAABBABBB"), crs=ALBERS)


def test_every_column_is_there(measures):
    assert measures.frame.columns.tolist() == [
        "population", "seats", "ideal", "deviation_people", "deviation", "units",
        "area_km2", "perimeter_km", "polsby_popper", "schwartzberg", "schwartzberg_original", "reock", "convex_hull",
        "length_width", "length_width_box", "population_polygon", "parts", "holes", "cut_edges",
    ]  # fmt: skip
    assert measures.frame.index.tolist() == ["A", "B"]
    assert measures.frame.notna().all(axis=None)
    assert measures.plan.notna().all()


def test_population_by_hand(measures):
    frame, plan = measures.frame, measures.plan
    assert frame["population"].tolist() == [1200, 3300]
    assert frame["ideal"].tolist() == [2250, 2250]
    assert frame["deviation_people"].tolist() == [-1050, 1050]
    assert frame["deviation"].tolist() == pytest.approx([-7 / 15, 7 / 15])
    assert plan[["districts", "seats", "population", "ideal", "population_range"]].tolist() == [2, 2, 4500, 2250, 2100]
    assert plan["population_range_share"] == pytest.approx(14 / 15)
    assert plan["mean_absolute_deviation"] == pytest.approx(7 / 15)


def test_shapes_by_hand(measures):
    frame = measures.frame
    assert frame["area_km2"].tolist() == pytest.approx([4, 5])
    assert frame["perimeter_km"].tolist() == pytest.approx([10, 10])
    assert frame["polsby_popper"].tolist() == pytest.approx([16 * math.pi / 100, 20 * math.pi / 100])
    # The hull of A cuts the corner of 5, whose own point lies outside it; that of B holds only its own.
    assert frame["convex_hull"].tolist() == pytest.approx([4 / 5, 5 / 5.5])
    assert frame["units"].tolist() == [4, 5]
    assert measures.plan["mean_convex_hull"] == pytest.approx(frame["convex_hull"].mean())


def test_edges_and_parts_by_hand(measures):
    # Of 12 pairs with a common border 1–4, 2–5, 5–6 and 6–9 are cut.
    assert measures.plan[["edges", "cut_edges"]].tolist() == [12, 4]
    assert measures.plan["cut_edge_share"] == pytest.approx(1 / 3)
    assert measures.frame["cut_edges"].tolist() == [4, 4]
    assert measures.frame["parts"].tolist() == [1, 1]
    assert measures.plan["noncontiguous"] == 0
    assert measures.parts["people"].tolist() == [1200, 3300]


def test_counties_come_from_the_ids(measures):
    counties = measures.regions["county"]
    assert counties.index.tolist() == ["36061", "36081"]
    assert counties["people"].tolist() == [2100, 2400]
    assert counties["districts"].tolist() == ["A, B", "B"]
    assert counties["pieces"].tolist() == [2, 1]
    assert counties["split"].tolist() == [True, False]
    assert counties["largest_share"].tolist() == pytest.approx([12 / 21, 1])
    assert counties["largest_district"].tolist() == ["A", "B"]
    # 2,400 people are more than the ideal of 2,250, though this plan holds them in one district.
    assert counties["forced"].tolist() == [False, True]
    assert counties["least_pieces"].tolist() == [1, 2]
    assert counties["effective_splits"].tolist() == pytest.approx([21**2 / (12**2 + 9**2) - 1, 0])
    plan = measures.plan
    found = [
        plan[f"county_{name}"] for name in ("regions", "splits", "pieces", "split_pieces", "forced", "forced_pieces")
    ]
    assert found == [2, 1, 3, 2, 1, 2]
    assert plan["county_unforced_splits"] == 1


def test_the_summary_says_it_plainly(measures):
    text = measures.summary()
    for sentence in (
        "By hand has 2 districts and 4,500 people; the ideal is 2,250 people a seat.",
        "The most populous for its seats is district B, 1,050 people (46.67%) over the ideal.",
        "The least populous for its seats is district A, 1,050 people (46.67%) under the ideal.",
        "The overall range is 2,100 people a seat, 93.33% of the ideal; the mean deviation is 46.67%.",
        "Every district is in one part.",
        "4 of 12 pairs of neighbouring census blocks (33.3%) lie in different districts.",
        "Polsby–Popper goes from 0.503 (district A) to 0.628 (district B), mean 0.565.",
        "Of 2 counties 1 is split (36061), into 2 pieces; 1 has more people than the ideal district, and",
        "equal districts would cut it into at least 2 pieces.",
        "These measures describe the plan; no baseline was computed and they are not a verdict.",
        "District shapes were joined from 9 census blocks, whose borders match exactly.",
        "Coasts and water are as in that file and were not clipped",
        "measured in NAD83 / Conus Albers (EPSG:5070).",
        "Neighbours are by the rook rule; no links were added.",
    ):
        assert sentence in text
    assert measures.crs == "NAD83 / Conus Albers (EPSG:5070)"
    assert len(set(measures.notes)) == len(measures.notes)


def test_the_result_cannot_be_changed_by_accident(measures):
    frame, counties = measures.frame, measures.regions["county"]
    frame["deviation"], counties["split"] = 0, False
    assert measures.frame["deviation"].tolist() != [0, 0]
    assert measures.regions["county"]["split"].any()
    with pytest.raises(AttributeError):
        measures.crs = "x"
    assert isinstance(measures, PlanMeasures)


def test_units_and_plan_are_left_as_they_were():
    units = nine()
    placed = listed(units, "AAABBABBB")
    frame, shapes, assignment = units.frame.copy(), units.geometry.copy(), placed.assignment.copy()
    measure_plan(placed)
    pd.testing.assert_frame_equal(units.frame, frame)
    gpd.testing.assert_geoseries_equal(units.geometry, shapes)
    pd.testing.assert_series_equal(placed.assignment, assignment)


# --- seats -------------------------------------------------------------------------------------------


def test_members_weigh_the_ideal():
    # 1,200 people elect one and 3,300 elect two: 1,500 a seat.
    found = measure_plan(listed(nine(), "AAABBABBB"), seats={"A": 1, "B": 2})
    assert found.frame["ideal"].tolist() == [1500, 3000]
    assert found.frame["deviation_people"].tolist() == [-300, 300]
    assert found.frame["deviation"].tolist() == pytest.approx([-0.2, 0.1])
    assert found.plan[["seats", "ideal", "population_range"]].tolist() == [3, 1500, 450]
    assert found.plan["population_range_share"] == pytest.approx(0.3)
    assert "By hand has 2 districts with 3 seats and 4,500 people; the ideal is 1,500 people a seat." in found.summary()
    # No region is larger than the largest district should be.
    assert found.plan["county_forced"] == 0


def test_one_number_of_seats_for_all():
    labels = pd.Index(["1", "2"], dtype="str")
    assert seats_by_district(3, labels).tolist() == [3, 3]
    assert seats_by_district(None, labels).tolist() == [1, 1]
    assert seats_by_district(pd.Series([2, 1], index=["2", "1"]), labels).tolist() == [1, 2]
    assert seats_by_district({1: 2, 2: 1}, labels).tolist() == [2, 1]


@pytest.mark.parametrize(
    ("seats", "message"),
    [
        ({"1": 1}, r"seats leaves out 2; give a number for every district of the plan and no other: 1, 2\."),
        ({"1": 1, "2": 1, "3": 1}, r"seats names 3; give a number"),
        ({"1": 1, "3": 1}, r"seats leaves out 2 and names 3; give"),
        ({"1": 0, "2": 1}, r"a whole number of members, 1 or more; look at 1\."),
        ({"1": 1.5, "2": None}, r"a whole number of members, 1 or more; look at 1, 2\."),
        (0, r"a whole number of members, 1 or more; look at 1, 2\."),
    ],
)
def test_seats_that_cannot_be(seats, message):
    with pytest.raises(InputError, match=message):
        seats_by_district(seats, pd.Index(["1", "2"], dtype="str"))


def test_missing_people_are_not_zero():
    with pytest.raises(SchemaError, match="the population of districts is missing or below 0: 2"):
        deviation(pd.Series([1, np.nan], index=["1", "2"]), seats=pd.Series([1, 1], index=["1", "2"]))


# --- empty, single, whole ----------------------------------------------------------------------------


def test_one_district_holds_all():
    found = measure_plan(listed(nine(), "A" * 9), crs=ALBERS)
    row = found.frame.loc["A"]
    assert row[["deviation", "deviation_people", "cut_edges", "parts", "holes"]].tolist() == [0, 0, 0, 1, 0]
    assert row["population_polygon"] == 1
    assert row["polsby_popper"] == pytest.approx(math.pi / 4)
    assert found.plan[["population_range", "population_range_share", "cut_edge_share"]].tolist() == [0, 0, 0]
    text = found.summary()
    assert "By hand has 1 district and 4,500 people; the ideal is 4,500 people a seat." in text
    assert "The district is in one part." in text
    assert "Of 2 counties 0 are split." in text


def test_one_unit():
    units = nine()
    one = Units(units.frame.iloc[:1], level="block", year=2020, geometry=units.geometry.iloc[:1])
    found = measure_plan(listed(one, "A"))
    assert found.plan[["edges", "cut_edges"]].tolist() == [0, 0]
    assert math.isnan(found.plan["cut_edge_share"])
    assert "The one county is not split." in found.summary()


def test_a_district_where_nobody_lives():
    found = measure_plan(listed(nine([0, 0, 0, 1, 1, 1, 1, 1, 1]), "AAABBBBBB"), crs=ALBERS)
    assert found.frame["population"].tolist() == [0, 6]
    assert found.frame["deviation"].tolist() == [-1, 1]
    assert math.isnan(found.frame.loc["A", "population_polygon"])
    assert found.frame.loc["A", "polsby_popper"] > 0
    # Nobody of the lower county lives in A, so that county is not split, whatever the land.
    assert found.plan["county_splits"] == 0
    by_land = measure_plan(listed(nine([0, 0, 0, 1, 1, 1, 1, 1, 1]), "AAABBBBBB"), split_by="land")
    assert by_land.plan["county_splits"] == 1
    assert by_land.regions["county"].loc["36061", "people"] == 3
    assert "A region counts as split where two districts hold some of its land." in by_land.notes


def test_nobody_lives_anywhere():
    found = measure_plan(listed(nine([0] * 9), "AAABBBBBB"))
    assert found.frame["deviation"].isna().all()
    assert math.isnan(found.plan["population_range_share"])
    assert "Nobody lives in any district, so deviations are missing." in found.notes
    assert found.plan["county_splits"] == 0
    assert math.isnan(found.plan["county_forced"])
    assert "By hand has 2 districts and 0 people." in found.summary()


def test_equal_districts_are_called_equal():
    text = measure_plan(listed(nine([3, 3, 3, 1, 2, 3, 1, 1, 1]), "AAABBBBBB")).summary()
    assert "Every district has the same population for its seats." in text
    three = measure_plan(listed(nine([1, 1, 1, 1, 1, 1, 1, 1, 2]), "AAABBBCCC")).summary()
    assert "The least populous for its seats is 2 districts, 0.3 people (10.00%) under the ideal." in three


def test_a_district_without_units_leaves_the_ideal_unknown():
    units = nine()
    shapes = gpd.GeoSeries(
        [units.geometry.iloc[:6].union_all(), units.geometry.iloc[6:].union_all(), box(0, 0, 1, 1)],
        index=pd.Index(["1", "2", "3"], dtype="str"),
        crs=ALBERS,
    )
    placed = place(units, Plan("Three", ("1", "2", "3"), geometry=shapes))
    found = measure_plan(placed, crs=ALBERS)
    assert found.frame[["ideal", "deviation_people", "deviation"]].isna().all(axis=None)
    assert found.frame["population"].tolist() == [2100, 2400, 0]
    assert math.isnan(found.plan["population_range"])
    assert math.isnan(found.plan["county_forced"])
    assert found.regions["county"]["forced"].isna().all()
    note = "District 3 holds none of these units, which may not be the whole jurisdiction, so the ideal population is"
    assert any(said.startswith(note) for said in found.notes)
    whole = measure_plan(placed, crs=ALBERS, complete=True)
    assert whole.frame["deviation"].tolist() == pytest.approx([0.4, 0.6, -1])
    assert whole.frame.loc["3", ["parts", "units"]].tolist() == [0, 0]
    stated = measure_plan(placed, crs=ALBERS, complete=False)
    assert any("stated not to be the whole jurisdiction" in said for said in stated.notes)


def test_a_list_that_goes_on_leaves_the_ideal_unknown():
    units = nine()
    rows = pd.Series(list("AAABBBBBBBB"), index=[*units.frame.index, "360810001002000", "360810001002001"])
    placed = place(units, Plan("Longer", ("A", "B"), assignment=rows, level="block", year=2020))
    found = measure_plan(placed)
    assert found.frame["deviation"].isna().all()
    assert any("may not be the whole jurisdiction" in said for said in found.notes)
    assert any("District B goes on beyond these units" in said for said in found.notes)


def test_people_in_no_district_are_told():
    found = measure_plan(listed(nine(), "AAABBBB.B", outside="report"), crs=ALBERS)
    assert "800 people lie in no district and are in no figure here." in found.notes
    assert found.plan["population"] == 3700
    # The three edges of 8 are in no count.
    assert found.plan["edges"] == 9
    assert found.frame["parts"].tolist() == [1, 1]


# --- contiguity --------------------------------------------------------------------------------------


def test_a_corner_is_no_border_unless_the_caller_says_so():
    # A is the two corners 1 and 5, B the rest: B goes around nothing, A is in two parts.
    placed = listed(nine(), "ABBBABBBB")
    found = measure_plan(placed, crs=ALBERS)
    assert found.frame["parts"].tolist() == [2, 1]
    assert found.plan["noncontiguous"] == 1
    assert found.parts[found.parts["district"] == "A"]["people"].tolist() == [500, 100]
    assert "District A is in 2 parts." in found.summary()
    queen = measure_plan(placed, crs=ALBERS, adjacency=adjacency(placed.units, rule="queen"))
    assert queen.frame.loc["A", "parts"] == 1
    assert queen.plan["edges"] == 20
    assert any(note.startswith("Neighbours are by the queen rule") for note in queen.notes)


def test_links_count_when_they_are_given():
    placed = listed(nine(), "ABBBBBBBA")
    neighbours = adjacency(placed.units, links=[(IDS[0], IDS[8])])
    found = measure_plan(placed, crs=ALBERS, adjacency=neighbours)
    assert found.frame.loc["A", "parts"] == 1
    assert "Neighbours are by the rook rule, with 1 links from a table." not in found.notes
    assert "Neighbours are by the rook rule, with 1 link from a table." in found.notes


def test_a_hole_is_reported():
    found = measure_plan(listed(nine(), "BBBBABBBB"), crs=ALBERS)
    assert found.frame["holes"].tolist() == [0, 1]
    assert found.frame["perimeter_km"].tolist() == pytest.approx([4, 16])
    assert "District B goes around a hole." in found.summary()


def test_neighbours_of_other_units_are_refused():
    placed = listed(nine(), "AAABBBBBB")
    other = adjacency(placed.units.geometry.iloc[:4])
    with pytest.raises(InputError, match="the neighbours are of 4 units and 9 census blocks were placed"):
        measure_plan(placed, adjacency=other)


# --- shapes ------------------------------------------------------------------------------------------


def test_without_shapes_population_and_splits_are_still_measured():
    units = Units(nine().frame, level="block", year=2020)
    found = measure_plan(listed(units, "AAABBABBB"))
    assert found.frame["deviation"].tolist() == pytest.approx([-7 / 15, 7 / 15])
    assert found.plan["county_splits"] == 1
    assert found.frame[["polsby_popper", "population_polygon", "parts", "holes", "cut_edges"]].isna().all(axis=None)
    for name in ("cut_edges", "edges", "mean_reock", "noncontiguous"):
        assert math.isnan(found.plan[name])
    assert found.crs == ""
    assert found.parts.empty
    assert "Neither the plan nor its census blocks have polygons, so shapes were not measured." in found.notes
    assert "Neighbours of the census blocks are not known, so cut edges were not counted." in found.notes
    assert "Polsby" not in found.summary()
    with pytest.raises(InputError, match="there is nothing to clip"):
        measure_plan(found.placement, clip=nine().geometry)
    with pytest.raises(InputError, match='split_by="land" needs polygons of the census blocks'):
        measure_plan(found.placement, split_by="land")


def test_units_known_by_points_on_a_plan_of_polygons():
    units = nine()
    points = replace(units, geometry=units.geometry.centroid)
    parts = [units.geometry.iloc[[0, 1, 2, 8]].union_all(), units.geometry.iloc[3:8].union_all()]
    shapes = gpd.GeoSeries(parts, index=pd.Index(["1", "2"], dtype="str"), crs=ALBERS)
    found = measure_plan(place(points, Plan("Shapes", ("1", "2"), geometry=shapes)), crs=ALBERS)
    assert found.frame["parts"].tolist() == [2, 1]
    assert found.frame["cut_edges"].isna().all()
    assert found.frame["population_polygon"].notna().all()
    assert any(note.endswith("parts were counted from the districts' polygons.") for note in found.notes)
    assert "District shapes are the plan's own." in found.notes


def test_the_plans_own_shapes_come_first(four_squares):
    units, plan = four_squares
    found = measure_plan(place(units, plan), crs=ALBERS)
    assert found.frame["area_km2"].tolist() == pytest.approx([2, 2])
    assert found.frame["deviation"].tolist() == pytest.approx([-0.4, 0.4])
    assert found.plan["cut_edges"] == 2
    assert found.sources == (*units.sources, *plan.sources)


def test_units_without_shapes_on_a_plan_that_has_both():
    units = nine()
    bare = Units(units.frame, level="block", year=2020)
    placed = listed(units, "AAABBBBBB")
    shapes, _ = district_polygons(placed)
    both = Plan("Both", ("A", "B"), geometry=shapes, assignment=placed.plan.assignment, level="block", year=2020)
    found = measure_plan(place(bare, both), crs=ALBERS)
    assert found.frame["area_km2"].tolist() == pytest.approx([3, 6])
    assert found.frame["population_polygon"].isna().all()
    assert found.frame["parts"].tolist() == [1, 1]


def test_a_clip_is_cut_off_and_named():
    land = gpd.GeoSeries([box(1_830_000, 2_180_000, 1_832_000, 2_183_000)], crs=ALBERS)
    found = measure_plan(listed(nine(), "AAABBBBBB"), crs=ALBERS, clip=land)
    assert found.frame["area_km2"].tolist() == pytest.approx([2, 4])
    assert any(note.startswith("Districts were clipped to the shapes given") for note in found.notes)
    assert not any("not clipped" in note for note in found.notes)
    far = land.translate(1e6, 0)
    with pytest.raises(SchemaError, match="the shapes passed as clip leave nothing of any district"):
        measure_plan(listed(nine(), "AAABBBBBB"), clip=far)
    # A district that only touches the land has no area left, and no score.
    touch = gpd.GeoSeries([box(1_830_000, 2_179_000, 1_832_000, 2_181_000)], crs=ALBERS)
    some = measure_plan(listed(nine(), "AAABBBBBB"), crs=ALBERS, clip=touch)
    assert some.frame["polsby_popper"].isna().tolist() == [False, True]
    assert "District B had no shape to measure." in some.notes


def test_borders_that_do_not_match_are_joined_fully():
    units = nine()
    shapes = units.geometry.copy()
    west, south = 1_830_000, 2_180_000
    # Unit 1 reaches 10 m over its neighbour 2.
    shapes.iloc[0] = box(west, south, west + 1010, south + 1000)
    placed = listed(replace(units, geometry=shapes), "AAABBBBBB")
    joined, notes = district_polygons(placed)
    assert joined.area.tolist() == pytest.approx([3e6, 6e6])
    assert notes[0] == (
        "District shapes were joined from 9 census blocks; borders of units do not match in 1 of 2 districts, which were "
        "joined by a full union."
    )


def test_a_unit_without_a_shape_is_an_error():
    units = nine()
    shapes = units.geometry.copy()
    shapes.iloc[3] = None
    with pytest.raises(SchemaError, match=f"1 of 9 census blocks have no shape, first {IDS[3]}"):
        measure_plan(listed(replace(units, geometry=shapes), "AAABBBBBB"))


def test_the_projection_is_checked():
    placed = listed(nine(), "AAABBBBBB")
    with pytest.raises(CRSError, match="measuring districts needs metres"):
        measure_plan(placed, crs="EPSG:4326")
    with pytest.raises(CRSError, match="cannot use Web Mercator"):
        measure_plan(placed, crs="EPSG:3857")
    with pytest.raises(CRSError, match="measuring districts needs metres"):
        measure_plan(listed(Units(nine().frame, level="block", year=2020), "AAABBBBBB"), crs="EPSG:4326")
    assert measure_plan(placed).crs.startswith("Lambert azimuthal equal-area centred on")


# --- regions -----------------------------------------------------------------------------------------


def test_other_layers_of_regions():
    placed = listed(nine(), "AAABBABBB")
    towns = pd.Series(["Alder", "Alder", "Birch", "Alder", "Alder", "Birch", None, None, "Birch"], index=IDS)
    found = measure_plan(placed, regions={"municipal": towns, "county": None})
    assert list(found.regions) == ["municipal"]
    table = found.regions["municipal"]
    assert table["people"].to_dict() == {"Alder": 1200, "Birch": 1800}
    assert table["districts"].tolist() == ["B, A", "A, B"]
    assert found.plan["municipal_splits"] == 2
    assert "2 census blocks (1,500 people) lie in no municipal region and count in none of its splits." in found.notes
    assert "Of 2 municipalities 2 are split (Alder and Birch), into 4 pieces." in found.summary()


@pytest.mark.parametrize("kind", ["dict", "frame", "plan", "communities"])
def test_a_layer_can_be_many_things(kind):
    placed = listed(nine(), "AAABBABBB")
    names = pd.Series(["x"] * 3 + ["y"] * 6, index=IDS)
    layers = {
        "dict": names.to_dict(),
        "frame": names.to_frame("place"),
        "plan": Plan("Places", ("x", "y"), assignment=names, level="block", year=2020),
        "communities": Communities.of_units({"x": IDS[:3], "y": IDS[3:]}, kind="region"),
    }
    table = measure_plan(placed, regions={"place": layers[kind]}).regions["place"]
    assert table["pieces"].to_dict() == {"x": 1, "y": 2}
    assert table["people"].to_dict() == {"x": 600, "y": 3900}


def test_regions_that_hold_parts_of_units_weigh_them():
    rows = pd.DataFrame({"community": ["p", "p"], "GEOID": [IDS[0], IDS[3]], "share": [0.5, 0.25]})
    parts = Communities(("p",), rows.astype({"community": "str", "GEOID": "str"}), kind="region")
    table = measure_plan(listed(nine(), "AAABBABBB"), regions={"precinct": parts}).regions["precinct"]
    assert table.loc["p", "people"] == 150
    assert table.loc["p", "largest_share"] == pytest.approx(2 / 3)


def test_a_small_share_can_be_left_out():
    placed = listed(nine([10, 0, 0, 990, 1000, 1000, 1, 1, 1]), "ABBBBBBBB")
    assert measure_plan(placed).plan["county_splits"] == 1
    found = measure_plan(placed, minimum_share=0.01)
    assert found.plan["county_splits"] == 0
    assert found.regions["county"].loc["36061", "districts"] == "B"
    assert "A region counts as split where two districts hold more than 1.0% of its people." in found.notes


def test_units_that_are_no_part_of_a_county_have_no_county_splits():
    units = nine()
    other = Units(units.frame, level="precinct", geometry=units.geometry)
    assert measure_plan(listed(other, "AAABBABBB")).regions == {}
    odd = units.frame.set_axis(pd.Index([f"x{n}" for n in range(9)], dtype="str", name="GEOID"))
    assert measure_plan(listed(Units(odd, level="vtd"), "AAABBABBB")).regions == {}


def test_regions_that_cannot_be_used():
    placed = listed(nine(), "AAABBABBB")
    with pytest.raises(InputError, match=r"regions\['place'\] is a list; pass a Series of names by GEOID"):
        measure_plan(placed, regions={"place": ["x"] * 9})
    with pytest.raises(
        InputError, match="a layer of regions is named in one word, such as 'municipal', not 'two words'"
    ):
        measure_plan(placed, regions={"two words": pd.Series("x", index=IDS)})
    with pytest.raises(InputError, match=f"names 1 units more than once, first {IDS[0]}"):
        measure_plan(placed, regions={"place": pd.Series("x", index=[*IDS, IDS[0]])})
    with pytest.raises(CoverageError, match="the place regions name none of the 9 census blocks; the units begin with"):
        measure_plan(placed, regions={"place": pd.Series("x", index=["1", "2"])})


def test_ids_that_are_not_at_hand_are_told():
    more = Communities.of_units({"x": [*IDS[:3], "360610009009000"]}, kind="region")
    found = measure_plan(listed(nine(), "AAABBABBB"), regions={"place": more})
    assert "The place regions list 1 ids that are not among the units; these were left out." in found.notes


# --- other refusals ----------------------------------------------------------------------------------


def test_arguments_that_cannot_be_used():
    placed = listed(nine(), "AAABBBBBB")
    with pytest.raises(InputError, match="measure_plan wants a placement, not a Units; use kit.place first"):
        measure_plan(placed.units)
    with pytest.raises(InputError, match='split_by is "people" or "land", not \'area\''):
        measure_plan(placed, split_by="area")
    with pytest.raises(InputError, match="floor is a share"):
        measure_plan(placed, minimum_share=2)
    with pytest.raises(SchemaError, match="no column 'total_vap'"):
        measure_plan(placed, population="total_vap")


def test_an_adjusted_count_can_be_measured():
    units = nine()
    adjusted = replace(units, frame=units.frame.assign(adjusted_pop=units.frame["total_pop"] + 1))
    found = measure_plan(listed(adjusted, "AAABBBBBB"), population="adjusted_pop")
    assert found.plan["population"] == 4509
    assert found.population == "adjusted_pop"


def test_totals_of_nothing():
    empty = deviation(pd.Series([], dtype="float64"), seats=pd.Series([], dtype="int64"))
    assert all(math.isnan(value) for value in deviation_totals(empty).values())


def test_the_module_says_that_it_is_no_verdict():
    assert "never a verdict" in module.PlanMeasures.__doc__
