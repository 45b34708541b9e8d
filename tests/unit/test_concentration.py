"""Concentration by district, worked by hand: sums first, one division, and every edge of a share."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from kit.analysis.concentration import concentration, definition_ladder, unit_shares
from kit.analysis.placement import place
from kit.errors import CoverageError, InputError, SchemaError
from kit.model.frames import Plan, Source, Units
from kit.model.groups import DEFINITIONS
from kit.settings import using

A, B, C, D = "360610001001000", "360610001001001", "360610001001002", "360610001001003"


def placed_of(districts, *, sources=(), **columns):
    """Place blocks by a list, with the count columns given."""
    ids = pd.Index([f"36061000100{1000 + n}" for n in range(len(districts))], dtype="str", name="GEOID")
    units = Units(pd.DataFrame(columns, index=ids), "block", 2020, sources=sources)
    labels = tuple(sorted({d for d in districts if d is not None}))
    listed = pd.Series(districts, index=ids, dtype="str")
    return place(units, Plan("A plan", labels, assignment=listed, level="block"), outside="report")


@pytest.fixture
def placed(four_squares):
    return place(*four_squares)


# --- the figures of four squares ------------------------------------------------------------------


def test_every_column_of_two_districts(placed):
    table = concentration(placed, group="aapi_aoic", base="vap")
    frame = table.frame
    assert frame.index.tolist() == ["1", "2"]
    assert frame.columns.tolist() == [
        "count", "base", "share", "share_of_group", "difference", "location_quotient", "rank", "tier",
        "asian", "asian_share", "nhpi", "nhpi_share",
    ]  # fmt: skip
    assert frame["count"].tolist() == [57, 29]
    assert frame["base"].tolist() == [230, 500]
    assert frame["share"].tolist() == pytest.approx([57 / 230, 29 / 500])
    assert frame["share_of_group"].tolist() == pytest.approx([57 / 86, 29 / 86])
    assert frame["difference"].tolist() == pytest.approx([57 / 230 - 86 / 730, 29 / 500 - 86 / 730])
    assert frame["location_quotient"].tolist() == pytest.approx([57 / 230 / (86 / 730), 29 / 500 / (86 / 730)])
    assert frame["rank"].tolist() == [1, 2]
    assert frame["tier"].tolist() == ["more than 20%, up to 30%", "10% or less"]
    assert frame["asian"].tolist() == [53, 25]
    assert frame["nhpi"].tolist() == [7, 5]
    assert frame["nhpi_share"].tolist() == pytest.approx([7 / 230, 5 / 500])
    assert table.total["count"] == 86
    assert table.total["base"] == 730
    assert table.total["share"] == pytest.approx(86 / 730)
    assert (table.total["share_of_group"], table.total["difference"], table.total["location_quotient"]) == (1, 0, 1)
    assert table.total["asian"] == 78
    assert table.total["nhpi_share"] == pytest.approx(12 / 730)
    assert (table.group, table.base) == ("aapi_aoic", "vap")
    assert table.placement is placed
    assert table.sources == placed.sources
    assert table.notes == ()


def test_parts_of_a_combined_group_overlap_and_are_not_added(placed):
    frame = concentration(placed, group="aapi_aoic", base="vap").frame
    both = concentration(placed, group="aapi_both", base="vap").frame
    assert (frame["asian"] + frame["nhpi"] - both["count"]).tolist() == frame["count"].tolist()
    assert "asian" not in both.columns
    assert "asian" not in concentration(placed, group="asian_alone", base="vap").frame.columns


def test_counts_are_summed_and_divided_once():
    # Units of 1 in 2 and 1 in 98: the district's share is 2 in 100, not the mean of the shares.
    table = concentration(
        placed_of(["1", "1"], total_pop=[2, 98], asian_alone_pop=[1, 1]), group="asian_alone", base="pop"
    )
    assert table.frame.loc["1", "share"] == pytest.approx(0.02)


def test_shares_of_units(four_squares):
    units, _ = four_squares
    frame = unit_shares(units, group="aapi_aoic", base="vap")
    assert frame.columns.tolist() == ["count", "base", "share"]
    assert frame["share"].tolist() == pytest.approx([39 / 80, 18 / 150, 25 / 200, 4 / 300])


def test_a_share_of_nobody_is_missing():
    units = placed_of(["1", "1"], total_pop=[0, 10], asian_alone_pop=[0, 1]).units
    assert unit_shares(units, group="asian_alone", base="pop")["share"].tolist() == [
        pytest.approx(np.nan, nan_ok=True),
        0.1,
    ]


# --- edges of a share -----------------------------------------------------------------------------


def test_exactly_one_half_is_not_a_majority():
    placed = placed_of(["1", "2"], total_pop=[1000, 1000], asian_alone_pop=[500, 501])
    table = concentration(placed, group="asian_alone", base="pop")
    assert table.frame["tier"].tolist() == ["more than 40%, up to 50%", "more than 50%"]
    said = table.summary()
    assert "1 above 50% (district 2)" in said
    assert "2 above 40% (districts 1 and 2)" in said
    assert "district 2: 50.1% (501 of 1,000 residents)" in said
    assert "district 1: 50.0% (500 of 1,000 residents)" in said


def test_a_share_a_hair_over_one_half_is_not_written_as_one_half():
    placed = placed_of(["1", "2"], total_pop=[100_000, 100_000], asian_alone_pop=[50_001, 0])
    table = concentration(placed, group="asian_alone", base="pop")
    assert table.frame["tier"].tolist() == ["more than 50%", "10% or less"]
    assert "district 1: 50.001%" in table.summary()


def test_a_district_with_no_people():
    table = concentration(
        placed_of(["1", "2"], total_pop=[10, 0], asian_alone_pop=[1, 0]), group="asian_alone", base="pop"
    )
    row = table.frame.loc["2"]
    assert np.isnan(row["share"])
    assert np.isnan(row["difference"])
    assert np.isnan(row["location_quotient"])
    assert row["share_of_group"] == 0
    assert pd.isna(row["rank"])
    assert row["tier"] == "no residents"
    assert "District 2 had no residents" in table.summary()
    assert "Of the one district with residents" in table.summary()


def test_nobody_anywhere():
    table = concentration(placed_of(["1"], total_pop=[0], asian_alone_pop=[0]), group="asian_alone", base="pop")
    assert table.frame[["share", "share_of_group", "difference", "location_quotient"]].isna().all(axis=None)
    assert np.isnan(table.total["share"])
    assert table.summary().startswith(
        "In A plan these units have no residents, so no share can be given. District 1 had"
    )
    assert "not available" not in table.summary()


def test_a_jurisdiction_without_the_group():
    placed = placed_of(["1", "2"], total_pop=[1000, 2000], asian_alone_pop=[0, 0])
    table = concentration(placed, group="asian_alone", base="pop")
    assert table.frame["share"].tolist() == [0, 0]
    assert table.frame["share_of_group"].isna().all()
    assert table.frame["location_quotient"].isna().all()
    assert table.frame["rank"].tolist() == [1, 1]
    assert table.total["share"] == 0
    assert "Every district has the same share, 0.0%" in table.summary()


def test_a_jurisdiction_of_the_group_alone():
    placed = placed_of(["1", "2"], total_pop=[1000, 2000], asian_alone_pop=[1000, 2000])
    table = concentration(placed, group="asian_alone", base="pop")
    assert table.frame["share"].tolist() == [1, 1]
    assert table.frame["location_quotient"].tolist() == [1, 1]
    assert table.frame["tier"].unique().tolist() == ["more than 50%"]


def test_one_district_is_the_jurisdiction():
    table = concentration(
        placed_of(["1", "1"], total_pop=[600, 400], asian_alone_pop=[60, 40]), group="asian_alone", base="pop"
    )
    row = table.frame.loc["1"]
    assert (row["share"], row["share_of_group"], row["difference"], row["location_quotient"]) == (0.1, 1, 0, 1)
    assert row["tier"] == "10% or less"


def test_ties_share_a_rank_and_are_both_named():
    placed = placed_of(["1", "2", "3"], total_pop=[1000, 2000, 1000], asian_alone_pop=[300, 600, 100])
    table = concentration(placed, group="asian_alone", base="pop")
    assert table.frame["rank"].tolist() == [1, 1, 3]
    assert "Districts 1 and 2 share the highest share, 30.0%." in table.summary()


def test_districts_stand_in_natural_order():
    placed = placed_of(["10", "2", "1"], total_pop=[1, 1, 1], asian_alone_pop=[0, 1, 0])
    assert concentration(placed, group="asian_alone", base="pop").frame.index.tolist() == ["1", "2", "10"]


# --- refusals -------------------------------------------------------------------------------------


def test_a_group_larger_than_its_base():
    placed = placed_of(["1", "2"], total_vap=[10, 10], asian_alone_vap=[11, 5])
    with pytest.raises(SchemaError) as caught:
        concentration(placed, group="asian_alone", base="vap")
    assert str(caught.value).startswith("in 1 districts the group outnumbers its base, first 1.")
    with pytest.raises(SchemaError, match=f"in 1 census blocks the group outnumbers its base, first {A}"):
        unit_shares(placed.units, group="asian_alone", base="vap")
    with pytest.raises(SchemaError, match="in 1 districts the group outnumbers"):
        definition_ladder(placed, base="vap")


def test_words_outside_the_vocabulary(placed):
    with pytest.raises(InputError, match="aapi"):
        concentration(placed, group="aapi_all", base="vap")
    with pytest.raises(InputError, match="vap"):
        concentration(placed, group="aapi_aoic", base="adults")


def test_counts_that_the_units_lack(placed):
    with pytest.raises(SchemaError, match="these units have no column 'aapi_aoic_cvap'"):
        concentration(placed, group="aapi_aoic", base="cvap")
    with pytest.raises(SchemaError, match="these units have no AAPI counts in the citizen voting-age population"):
        definition_ladder(placed, base="cvap")


def test_a_missing_count_is_not_zero():
    placed = placed_of(["1", "2"], total_pop=[10, 10], asian_alone_pop=[1, np.nan])
    for ask in (
        lambda: concentration(placed, group="asian_alone", base="pop"),
        lambda: definition_ladder(placed, base="pop"),
        lambda: unit_shares(placed.units, group="asian_alone", base="pop"),
    ):
        with pytest.raises(SchemaError, match=f"1 of 2 census blocks have no value for asian_alone_pop, first {B}"):
            ask()


def test_a_placement_that_lists_other_units(placed):
    other = dataclasses.replace(placed, assignment=placed.assignment.iloc[:-1])
    with pytest.raises(CoverageError, match="does not list its units one by one"):
        concentration(other, group="aapi_aoic", base="vap")


# --- what a reader must know ----------------------------------------------------------------------


NOISY = (Source("P.L. 94-171", uncertainty="disclosure noise"),)


def test_small_districts_carry_a_caution_about_privacy_noise():
    columns = {"total_vap": [499, 500, 199], "asian_alone_vap": [9, 9, 9]}
    table = concentration(placed_of(["1", "2", "3"], sources=NOISY, **columns), group="asian_alone", base="vap")
    assert table.notes == (
        "Districts 1 and 3 had fewer than 500 adults: the Census Bureau's privacy noise can change the share.",
    )
    assert table.notes[0] in table.summary()
    tiny = concentration(
        placed_of(["1"], sources=NOISY, total_vap=[199], asian_alone_vap=[9]), group="asian_alone", base="vap"
    )
    assert "fewer than 200 adults, too few for a figure" in tiny.notes[0]
    quiet = concentration(placed_of(["1", "2", "3"], **columns), group="asian_alone", base="vap")
    assert quiet.notes == ()
    with using(caution_base=100, small_base=10):
        placed = placed_of(["1", "2", "3"], sources=NOISY, **columns)
        assert concentration(placed, group="asian_alone", base="vap").notes == ()


def test_margins_of_the_group_alone_make_no_margin_of_the_share_and_it_is_said():
    placed = placed_of(["1"], total_cvap=[100], asian_alone_cvap=[10], asian_alone_cvap_moe=[4])
    table = concentration(placed, group="asian_alone", base="cvap")
    assert table.frame.loc["1", "count_moe"] == 4
    assert table.notes == (f"Shares have no margin of error: these {placed.units.plural} have none for the base.",)


def test_people_in_no_district_are_told():
    placed = placed_of(["1", None], total_pop=[1000, 40], asian_alone_pop=[100, 40])
    table = concentration(placed, group="asian_alone", base="pop")
    assert table.total["count"] == 100
    assert table.notes == ("40 people lie in no district and are in no figure here.",)


def test_people_on_a_line_are_told():
    ids = pd.Index(["360610001001"], dtype="str", name="GEOID")
    units = Units(pd.DataFrame({"total_pop": [1000], "asian_alone_pop": [100]}, index=ids), "block_group", 2020)
    plan = Plan("Blocks", ("1", "2"), assignment=pd.Series({A: "1", B: "1", C: "2"}, dtype="str"), level="block")
    table = concentration(place(units, plan, rule="assignment"), group="asian_alone", base="pop")
    assert table.notes == (
        "District lines cut 1 of 1 block groups, where 1,000 people (100.0%) live; each was placed whole.",
    )


def test_a_district_that_goes_on_beyond_the_units_is_told():
    ids = pd.Index([A, B], dtype="str", name="GEOID")
    units = Units(pd.DataFrame({"total_pop": [900, 1000], "asian_alone_pop": [90, 100]}, index=ids), "block", 2020)
    plan = Plan("Wide", ("1", "2"), assignment=pd.Series({A: "1", B: "2", C: "2"}, dtype="str"), level="block")
    table = concentration(place(units, plan), group="asian_alone", base="pop")
    assert table.notes[0].startswith(
        "District 2 goes on beyond these units: the plan lists 1 more census blocks there."
    )


def test_a_combined_group_without_its_parts_is_told():
    placed = placed_of(["1"], total_pop=[1000], aapi_aoic_pop=[100], asian_aoic_pop=[90])
    table = concentration(placed, group="aapi_aoic", base="pop")
    assert table.frame["asian"].tolist() == [90]
    assert table.notes == ("This source does not count NHPI apart from the combined group.",)
    bare = concentration(placed_of(["1"], total_pop=[1000], aapi_aoic_pop=[100]), group="aapi_aoic", base="pop")
    assert bare.notes == ("This source does not count Asian or NHPI apart from the combined group.",)


# --- every definition side by side ----------------------------------------------------------------


def test_the_ladder_is_long_and_ends_with_the_whole(placed):
    ladder = definition_ladder(placed, base="vap")
    at_hand = [
        "asian_alone", "nhpi_alone", "aapi_alone", "asian_aoic", "nhpi_aoic", "aapi_aoic", "aapi_both",
    ]  # fmt: skip
    assert ladder.frame.index.names == ["district", "definition"]
    assert ladder.frame.index.unique("district").tolist() == ["1", "2", "all"]
    assert ladder.frame.index.unique("definition").tolist() == at_hand
    assert ladder.frame.columns.tolist() == ["count", "base", "share"]
    assert ladder.frame.loc[("1", "aapi_aoic")].tolist() == pytest.approx([57, 230, 57 / 230])
    assert ladder.frame.loc[("2", "nhpi_alone"), "count"] == 3
    assert ladder.frame.loc[("all", "asian_aoic")].tolist() == pytest.approx([78, 730, 78 / 730])
    assert set(ladder.missing) == set(DEFINITIONS) - {"total", *at_hand}
    assert ladder.base == "vap"
    assert ladder.sources == placed.sources


def test_the_ladder_laid_out_wide(placed):
    ladder = definition_ladder(placed, base="vap")
    wide = ladder.shares()
    assert wide.index.tolist() == ["1", "2", "all"]
    for district in wide.index:
        for name in wide.columns:
            assert wide.loc[district, name] == ladder.frame.loc[(district, name), "share"]


def test_the_ladder_agrees_with_concentration(placed):
    ladder = definition_ladder(placed, base="pop")
    for name in ladder.frame.index.unique("definition"):
        table = concentration(placed, group=name, base="pop")
        got = ladder.frame.xs(name, level="definition")
        assert got["count"].tolist() == [*table.frame["count"], table.total["count"]]
        assert got["share"].tolist() == pytest.approx([*table.frame["share"], table.total["share"]])


def test_a_district_named_all_is_refused_in_the_ladder():
    placed = placed_of(["all", "1"], total_pop=[10, 10], asian_alone_pop=[1, 2])
    with pytest.raises(InputError, match="a district of this plan is called 'all'"):
        definition_ladder(placed, base="pop")


# --- what must not change -------------------------------------------------------------------------


def test_inputs_are_left_as_they_were(placed):
    frame, assignment = placed.units.frame.copy(deep=True), placed.assignment.copy(deep=True)
    concentration(placed, group="aapi_aoic", base="vap")
    definition_ladder(placed, base="vap")
    unit_shares(placed.units, group="aapi_aoic", base="vap")
    pd.testing.assert_frame_equal(placed.units.frame, frame)
    pd.testing.assert_series_equal(placed.assignment, assignment)


def test_districts_the_units_do_not_reach_are_not_called_empty():
    ids = pd.Index([A], dtype="str", name="GEOID")
    units = Units(pd.DataFrame({"total_pop": [900], "asian_alone_pop": [90]}, index=ids), "block", 2020)
    listed = {A: "1"} | {f"3608100010010{n:02d}": str(n) for n in range(10, 30)}
    plan = Plan("Wide", ("1", *map(str, range(10, 30))), assignment=pd.Series(listed, dtype="str"), level="block")
    said = concentration(place(units, plan), group="asian_alone", base="pop").summary()
    assert "had no residents among these units, so no share is given." in said
    assert "Districts 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21 and 8 more had" in said


def test_a_share_is_never_rounded_onto_a_bound():
    table = concentration(
        placed_of(["1", "2"], total_pop=[5000, 5000], asian_alone_pop=[1001, 1999]), group="asian_alone", base="pop"
    )
    said = table.summary()
    assert "district 1: 20.02% (1,001 of 5,000 residents)" in said
    assert "district 2: 39.98% (1,999 of 5,000 residents)" in said
    assert "none above 40%" in said


def test_districts_with_the_same_share_beside_an_empty_one():
    table = concentration(
        placed_of(["1", "2", "3"], total_pop=[10, 20, 0], asian_alone_pop=[1, 2, 0]), group="asian_alone", base="pop"
    )
    assert "Every district with residents has the same share, 10.0%." in table.summary()


def test_a_district_with_children_only_is_not_said_to_have_no_residents():
    table = concentration(
        placed_of(["1", "2"], total_pop=[10, 5], total_vap=[10, 0], asian_alone_vap=[1, 0]),
        group="asian_alone",
        base="vap",
    )
    assert table.frame.loc["2", "tier"] == "no adults"
    assert "no residents" not in table.summary()


def test_part_of_a_plan_is_not_called_the_whole():
    """Two districts of a larger plan: the first sentence may not give their figure as the plan's."""
    shares = {"total_pop": [10, 0], "asian_alone_pop": [1, 0]}
    part = concentration(placed_of(["1", "2"], **shares), group="asian_alone", base="pop").summary()
    assert part.startswith("In the part of A plan that these ")
    whole = concentration(
        placed_of(["1", "2"], total_pop=[10, 5], asian_alone_pop=[1, 0]), group="asian_alone", base="pop"
    ).summary()
    assert whole.startswith("In A plan, people counted as")
