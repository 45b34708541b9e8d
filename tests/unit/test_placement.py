"""Placing by a list of units: exact, by parent, by children, and every way a list can be wrong."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

from kit.analysis.placement import place
from kit.errors import CoverageError, InputError, SchemaError
from kit.model.frames import Plan, Source, Units
from kit.model.geoid import level_of

A, B, C, D = "360610001001000", "360610001001001", "360610001001002", "360610001001003"


def units_of(people, *, level=None, year=2020, geometry=None):
    """Make units from ids with their people."""
    ids = pd.Index(list(people), dtype="str", name="GEOID")
    found = level or level_of(ids) or ""
    return Units(pd.DataFrame({"total_pop": list(people.values())}, index=ids), found, year, geometry=geometry)


def plan_of(districts, *, name="A plan", level=None, year=2020, geometry=None, labels=None):
    """Make a plan from ids with their district."""
    listed = pd.Series(districts, dtype="str")
    named = labels or tuple(sorted(listed.dropna().unique()))
    return Plan(name, named, assignment=listed, level=level or level_of(listed.index), year=year, geometry=geometry)


@pytest.fixture
def blocks():
    return units_of({A: 100, B: 200, C: 300, D: 400})


@pytest.fixture
def by_block():
    return plan_of({A: "1", B: "1", C: "2", D: "2"})


# --- the list names the same units ---------------------------------------------------------------


def test_a_list_places_each_unit_and_every_person(blocks, by_block):
    placed = place(blocks, by_block)
    assert placed.rule == "assignment"
    assert placed.assignment.to_dict() == {A: "1", B: "1", C: "2", D: "2"}
    assert placed.assignment.name == "district"
    assert placed.totals(["total_pop"])["total_pop"].to_dict() == {"1": 300, "2": 700}
    assert placed.unassigned.empty
    assert placed.split_units.empty
    assert placed.split_units.columns.tolist() == ["people", "districts", "placed_in", "share_inside", "also_in"]
    assert placed.notes == ()


def test_order_of_the_list_does_not_matter(blocks, by_block):
    turned = dataclasses.replace(by_block, assignment=by_block.assignment.iloc[::-1])
    assert place(blocks, turned).assignment.equals(place(blocks, by_block).assignment)


def test_a_block_with_people_outside_the_list_is_an_error_that_says_how_many(blocks):
    with pytest.raises(CoverageError) as caught:
        place(blocks, plan_of({A: "1", B: "1", C: "2"}))
    assert str(caught.value) == (
        f"1 census block (400 people) lies outside the plan's list, first {D}; "
        'check that the list is complete, or pass outside="report".'
    )


def test_at_most_five_ids_are_named():
    ids = [f"36061000100{n:04d}" for n in range(1000, 1010)]
    units = units_of(dict.fromkeys(ids, 10))
    with pytest.raises(CoverageError, match="9 census blocks") as caught:
        place(units, plan_of({ids[0]: "1"}))
    assert str(caught.value).count("3606100010010") == 5
    assert "and 4 more" in str(caught.value)


def test_outside_report_leaves_people_out_and_says_so(blocks):
    placed = place(blocks, plan_of({A: "1", B: "1", C: "2"}), outside="report")
    assert placed.unassigned.to_dict("index") == {D: {"people": 400, "reason": "not in the plan's list"}}
    assert placed.assignment.isna().tolist() == [False, False, False, True]
    assert placed.totals(["total_pop"])["total_pop"].to_dict() == {"1": 300, "2": 300}
    assert placed.notes == ("1 census block (400 people) lies outside the plan's list and is in no district.",)


def test_a_block_of_water_outside_the_list_is_reported_and_no_error():
    placed = place(units_of({A: 100, B: 0}), plan_of({A: "1"}))
    assert placed.unassigned.index.tolist() == [B]
    assert placed.unassigned.loc[B, "people"] == 0
    assert "1 census block (0 people)" in placed.notes[0]


def test_a_missing_label_in_the_list_is_no_district(blocks):
    listed = pd.Series({A: "1", B: "1", C: "2", D: None}, dtype="str")
    with pytest.raises(CoverageError, match=r"400 people"):
        place(blocks, Plan("Gap", ("1", "2"), assignment=listed, level="block"))


def test_units_without_a_total_are_unknown_people_never_zero():
    ids = pd.Index([A, B], dtype="str", name="GEOID")
    units = Units(pd.DataFrame({"asian_alone_pop": [1, 2]}, index=ids), "block", 2020)
    with pytest.raises(CoverageError, match=r"1 census block \(people not counted in this file\)"):
        place(units, plan_of({A: "1"}))
    placed = place(units, plan_of({A: "1"}), outside="report")
    assert placed.unassigned["people"].isna().all()


def test_a_missing_count_is_refused(by_block):
    units = units_of({A: 100, B: np.nan, C: 300, D: 400})
    with pytest.raises(SchemaError) as caught:
        place(units, by_block)
    assert f"1 of 4 census blocks have no value for total_pop, first {B}" in str(caught.value)
    assert "Missing is not zero" in str(caught.value)


def test_an_id_listed_twice_is_an_error(blocks, by_block):
    doubled = pd.concat([by_block.assignment, pd.Series({A: "2"}, dtype="str")])
    with pytest.raises(CoverageError, match=f"lists 1 ids more than once, first {A}"):
        place(blocks, dataclasses.replace(by_block, assignment=doubled))


def test_an_empty_district_keeps_its_row(blocks):
    plan = plan_of({A: "1", B: "1", C: "1", D: "1"}, labels=("1", "10", "2"))
    sums = place(blocks, plan).totals(["total_pop"])
    assert sums["total_pop"].to_dict() == {"1": 1000, "2": 0, "10": 0}
    assert sums.index.tolist() == ["1", "2", "10"]


def test_one_block_in_one_district():
    placed = place(units_of({A: 7}), plan_of({A: "1"}))
    assert placed.totals(["total_pop"]).loc["1", "total_pop"] == 7


# --- the list names finer or coarser units --------------------------------------------------------


def test_blocks_follow_their_block_group():
    units = units_of({A: 1, B: 2, "360610001002000": 4})
    placed = place(units, plan_of({"360610001001": "1", "360610001002": "2"}))
    assert placed.assignment.tolist() == ["1", "1", "2"]
    assert placed.notes == ("Units follow the district of their block group.",)


def test_blocks_follow_their_county():
    units = units_of({A: 1, "360810001001000": 4})
    placed = place(units, plan_of({"36061": "1", "36081": "2"}))
    assert placed.totals(["total_pop"])["total_pop"].to_dict() == {"1": 1, "2": 4}


def test_a_whole_block_group_is_placed_by_its_blocks():
    units = units_of({"360610001001": 300, "360610001002": 50})
    placed = place(units, plan_of({A: "1", B: "1", "360610001002000": "2"}))
    assert placed.assignment.tolist() == ["1", "2"]
    assert placed.split_units.empty
    assert placed.notes == (
        "Each was placed in the district of its listed census blocks; any that the list lacks are not seen.",
    )


def test_a_cut_block_group_is_an_error_that_names_the_people():
    units = units_of({"360610001001": 300, "360610001002": 50})
    plan = plan_of({A: "1", B: "1", C: "2", "360610001002000": "2"})
    with pytest.raises(CoverageError) as caught:
        place(units, plan)
    assert str(caught.value) == (
        "the plan's lines cut 1 of 2 block groups (300 people), first 360610001001. Read census blocks, which it "
        'places exactly; or pass rule="assignment" to put each where most of its census blocks are.'
    )


def test_asked_for_a_cut_block_group_goes_where_most_blocks_are():
    units = units_of({"360610001001": 300, "360610001002": 50})
    plan = plan_of({A: "1", B: "2", C: "2", "360610001002000": "1"})
    placed = place(units, plan, rule="assignment")
    assert placed.assignment.tolist() == ["2", "1"]
    row = placed.split_units.loc["360610001001"]
    assert placed.split_units.index.tolist() == ["360610001001"]
    assert (row["people"], row["districts"], row["placed_in"], row["also_in"]) == (300, 2, "2", "1")
    assert row["share_inside"] == pytest.approx(2 / 3)
    assert placed.notes == (
        "Each was placed where most of its listed census blocks are; any that the list lacks are not seen.",
        "District lines cut 1 of 2 block groups, where 300 people (85.7%) live; each was placed whole.",
    )


def test_a_tie_between_children_goes_to_the_first_label_in_natural_order():
    units = units_of({"360610001001": 300})
    plan = plan_of({A: "10", B: "2"})
    placed = place(units, plan, rule="assignment")
    assert placed.assignment.tolist() == ["2"]
    assert placed.split_units["also_in"].tolist() == ["10"]


def test_a_cut_unit_with_shapes_on_both_sides_goes_by_area():
    shapes = gpd.GeoSeries([box(0, 0, 1000, 1000)], crs="EPSG:5070", index=pd.Index(["360610001001"], dtype="str"))
    units = units_of({"360610001001": 300}, geometry=shapes)
    rows = gpd.GeoSeries([box(0, 0, 300, 1000), box(300, 0, 1000, 1000)], crs="EPSG:5070", index=["1", "2"])
    placed = place(units, plan_of({A: "1", B: "1", C: "2"}, geometry=rows))
    assert placed.rule == "area"
    assert placed.assignment.tolist() == ["2"]


def test_precincts_are_not_found_in_a_list_of_blocks_by_number(blocks):
    precincts = units_of({"36061000123": 10}, level="vtd")
    with pytest.raises(CoverageError, match=r"lists census blocks and the units are voting districts"):
        place(precincts, plan_of({A: "1"}))
    with pytest.raises(CoverageError, match=r"lists voting districts and the units are census blocks"):
        place(blocks, plan_of({"36061000123": "1"}, level="vtd"))


def test_precincts_are_found_in_a_list_of_precincts():
    precincts = units_of({"36061A-1": 10, "36061B-1": 20}, level="vtd")
    placed = place(precincts, plan_of({"36061A-1": "1", "36061B-1": "2"}, level="vtd"))
    assert placed.assignment.tolist() == ["1", "2"]


def test_units_of_no_known_level_are_looked_up_as_they_are():
    units = units_of({"ward 1": 10, "ward 2": 20})
    placed = place(units, plan_of({"ward 1": "N", "ward 2": "S"}))
    assert placed.totals(["total_pop"])["total_pop"].to_dict() == {"N": 10, "S": 20}


# --- another place, another year ------------------------------------------------------------------


def test_a_list_of_another_state_is_named(blocks):
    with pytest.raises(CoverageError) as caught:
        place(blocks, plan_of({"340030010001000": "1"}, name="NJ 40"))
    assert str(caught.value) == (
        "the plan 'NJ 40' is in New Jersey and the units are in New York. Read units and plan of the same State."
    )


def test_different_years_are_an_error_that_says_vintage(blocks, by_block):
    with pytest.raises(CoverageError) as caught:
        place(blocks, dataclasses.replace(by_block, year=2010))
    assert str(caught.value).startswith("different vintages: the units are 2020 census blocks and the plan lists 2010")


@pytest.mark.parametrize("year", [None, 2020])
def test_strangers_on_both_sides_look_like_two_vintages(year):
    mine = [f"36061000100{n}" for n in range(1000, 1100)]
    theirs = [f"36061000100{n}" for n in range(1010, 1110)]
    units = units_of(dict.fromkeys(mine, 10), year=2020)
    with pytest.raises(CoverageError) as caught:
        place(units, plan_of(dict.fromkeys(theirs, "1"), year=year), outside="report")
    said = str(caught.value)
    assert said.startswith("10 of 100 census blocks (100 people) are not in the plan's list, first 360610001001000")
    assert "and 10 of its ids are not among the units. So look two vintages" in said
    assert f"(units: 2020; plan: {year or 'not stated'})" in said


def test_a_list_of_more_places_than_the_units_is_no_vintage():
    units = units_of({A: 100, B: 200})
    placed = place(units, plan_of({A: "1", B: "1", "360810001001000": "2"}))
    assert placed.totals(["total_pop"])["total_pop"].to_dict() == {"1": 300, "2": 0}
    assert placed.notes == ()


def test_a_district_that_goes_on_beyond_the_units_is_named():
    units = units_of({A: 100, B: 200})
    placed = place(units, plan_of({A: "1", B: "2", C: "2", D: "2", "360810001001000": "3"}))
    (note,) = placed.notes
    assert note == (
        "District 2 goes on beyond these units: the plan lists 2 more census blocks there. "
        "Figures there are of the part covered."
    )


def test_a_list_none_of_whose_ids_is_known(blocks):
    with pytest.raises(CoverageError) as caught:
        place(blocks, plan_of({"360810001001000": "1"}, name="Queens"), outside="report")
    assert str(caught.value).startswith("none of the 4 census blocks lies in the plan 'Queens', first 3606100010010")


# --- rules and their refusals ---------------------------------------------------------------------


def test_a_list_is_taken_before_shapes(four_squares):
    units, plan = four_squares
    both = dataclasses.replace(plan, assignment=pd.Series(dict.fromkeys(units.frame.index, "2"), dtype="str"))
    assert place(units, both).assignment.unique().tolist() == ["2"]
    assert place(units, both, rule="point").assignment.tolist() == ["1", "1", "2", "2"]


def test_unknown_words_are_refused(blocks, by_block):
    with pytest.raises(InputError, match="rule is one of auto, assignment, point, area, not 'centroid'"):
        place(blocks, by_block, rule="centroid")
    with pytest.raises(InputError, match='outside is "error" or "report", not'):
        place(blocks, by_block, outside="ignore")


def test_no_units_is_an_error(by_block):
    empty = Units(pd.DataFrame({"total_pop": []}, index=pd.Index([], dtype="str")), "block")
    with pytest.raises(InputError, match="there are no units to place"):
        place(empty, by_block)


def test_polygons_for_units_without_shapes(four_squares):
    units, plan = four_squares
    bare = dataclasses.replace(units, geometry=None)
    with pytest.raises(InputError) as caught:
        place(bare, plan)
    assert "the plan 'Two rows' is polygons and these census blocks have no shapes" in str(caught.value)
    assert "with_geometry" in str(caught.value)
    with pytest.raises(InputError, match="these census blocks have no shapes"):
        place(bare, plan, rule="area")


def test_the_list_of_a_plan_that_has_none(four_squares):
    units, plan = four_squares
    with pytest.raises(InputError, match="has no list of units"):
        place(units, plan, rule="assignment")


@pytest.mark.parametrize("rule", ["point", "area"])
def test_the_polygons_of_a_plan_that_has_none(four_squares, by_block, rule):
    units, _ = four_squares
    with pytest.raises(InputError, match="is a list of units without polygons"):
        place(units, by_block, rule=rule)


# --- what must not change -------------------------------------------------------------------------


def test_inputs_are_left_as_they_were(four_squares, by_block):
    units, plan = four_squares
    frame, geometry = units.frame.copy(deep=True), units.geometry.copy()
    listed, polygons = by_block.assignment.copy(deep=True), plan.geometry.copy()
    for rule, which in (("assignment", by_block), ("point", plan), ("area", plan)):
        place(units, which, rule=rule)
    pd.testing.assert_frame_equal(units.frame, frame)
    pd.testing.assert_series_equal(by_block.assignment, listed)
    assert units.geometry.geom_equals(geometry).all()
    assert units.geometry.crs == geometry.crs
    assert plan.geometry.geom_equals(polygons).all()


def test_sources_of_both_sides_are_kept(blocks, by_block):
    units = dataclasses.replace(blocks, sources=(Source("Counts"),))
    plan = dataclasses.replace(by_block, sources=(Source("Lines"),))
    assert [source.title for source in place(units, plan).sources] == ["Counts", "Lines"]


def test_units_of_no_stated_year_are_placed_with_a_note_that_the_vintage_was_not_checked():
    people = {A: 100, B: 200}
    unsaid = place(units_of(people, year=None), plan_of({A: "1", B: "2"}, year=2010)).notes
    assert len(unsaid) == 1
    assert unsaid[0] == (
        "The plan lists units of the 2010 Census, and the census year of these census blocks was not stated, so it "
        "could not be checked that the two agree. State it to have it checked."
    )
    assert place(units_of(people, year=2010), plan_of({A: "1", B: "2"}, year=2010)).notes == ()


def test_a_frame_where_units_are_due_is_named(four_squares):
    units, plan = four_squares
    with pytest.raises(InputError, match=r"got a DataFrame where a Units is due"):
        place(units.frame, plan)
    with pytest.raises(InputError, match=r"got a Units where a Plan is due"):
        place(units, units)
