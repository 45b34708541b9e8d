"""Comparing two plans, on four squares that can be counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from kit.analysis.compare import compare_plans
from kit.analysis.matching import NOWHERE, match_districts, variation_of_information
from kit.analysis.placement import place
from kit.errors import CoverageError, InputError, SchemaError
from kit.model.frames import Plan, Units

GROUP = {"group": "aapi_aoic", "base": "vap"}


def placed(units, labels, name="After", **more):
    """Place the four squares A, B, C, D as listed; None leaves one out."""
    listed = pd.Series(labels, index=units.frame.index, dtype="str").dropna()
    named = tuple(dict.fromkeys(listed))
    plan = Plan(name, named, assignment=listed, level=units.level, year=units.year, **more)
    return place(units, plan, rule="assignment", outside="report")


@pytest.fixture
def units(four_squares):
    return four_squares[0]


@pytest.fixture
def before(units):
    return placed(units, ["1", "1", "2", "2"], "Before")


def test_one_square_moves(units, before):
    """B moves from 1 to 2: 200 people, 150 adults, 18 of the group."""
    found = compare_plans(before, placed(units, ["1", "2", "2", "2"]), **GROUP)
    assert found.matching.to_dict() == {"1": "1", "2": "2"}
    assert found.plan.to_dict() == pytest.approx(
        {
            "label_matched_retention": 0.8,
            "best_match_retention": 0.8,
            "base_retention": 580 / 730,
            "group_retention": 68 / 86,
            "gap": 68 / 86 - 580 / 730,
            "variation_of_information": 0.1 * np.log(3) + 0.2 * np.log(0.27 / 0.04) + 0.7 * np.log(0.63 / 0.49),
            "people_moved": 200,
            "base_moved": 150,
            "group_moved": np.nan,  # of one block, which is not shown
            "units_moved": 1,
        },
        nan_ok=True,
    )
    assert found.retention.people.to_numpy().tolist() == [[100, 200], [0, 700]]
    assert found.retention.share.to_numpy() == pytest.approx(np.array([[1 / 3, 2 / 3], [0, 1]]))
    first, second = (found.frame.loc[label] for label in ("1", "2"))
    assert (first["people_before"], first["people_after"]) == (300, 100)
    assert (first["count_before"], first["base_before"]) == (57, 230)
    assert (first["count_after"], first["base_after"]) == (39, 80)
    assert first["difference"] == pytest.approx(39 / 80 - 57 / 230)
    assert (first["tier_before"], first["tier_after"]) == ("more than 20%, up to 30%", "more than 40%, up to 50%")
    assert (first["people_kept"], first["retention"]) == (100, pytest.approx(1 / 3))
    assert first[["group_kept", "group_retention"]].isna().all()  # one block
    assert second[["group_kept", "group_retention"]].tolist() == [29, 1]
    assert first["base_retention"] == pytest.approx(80 / 230)
    assert (second["largest_origin"], second["largest_origin_share"]) == ("2", pytest.approx(7 / 9))
    assert (first["rank_before"], first["rank_after"], first["rank_change"]) == (1, 1, 0)
    assert found.ended.empty
    assert found.matched_by == "total_pop"


def test_no_count_of_the_group_for_one_block(units, before):
    found = compare_plans(before, placed(units, ["1", "2", "2", "2"]), **GROUP)
    assert found.retention.units.to_numpy().tolist() == [[1, 1], [0, 2]]
    assert found.retention.group.isna().to_numpy().tolist() == [[True, True], [False, False]]
    assert found.retention.group_share.loc["2", "2"] == 1
    assert "2 cells of the group's retention rest on one census block and are not shown." in found.notes
    tracts = Units(units.frame.set_axis(units.frame.index.str[:10] + pd.Index(list("0123"))), "tract", 2020)
    coarse = compare_plans(
        placed(tracts, ["1", "1", "2", "2"], "Before"), placed(tracts, ["1", "2", "2", "2"]), **GROUP
    )
    assert coarse.retention.group.to_numpy().tolist() == [[39, 18], [0, 29]]
    assert coarse.frame["group_kept"].tolist() == [39, 29]
    assert coarse.plan["group_moved"] == 18
    assert coarse.retention.group_share.to_numpy() == pytest.approx(np.array([[39 / 57, 18 / 57], [0, 1]]))


def test_the_summary_says_it(units, before):
    found = compare_plans(before, placed(units, ["1", "2", "2", "2"]), **GROUP)
    assert found.summary().startswith(
        "From Before to After, 200 of 1,000 residents (20.0%) change district. Of the adults counted as “Asian or "
        "NHPI, alone or in combination”, 79.1% stay in the district that answers to theirs; of all adults, 79.5%. "
    )
    assert "The share rises most in district 1: from 24.8% to 48.8%." in found.summary()
    assert "The share rises" not in compare_plans(before, before, **GROUP).summary()
    assert "nobody changes district" in compare_plans(before, before, **GROUP).summary()


def test_nothing_changes_but_the_numbers_of_districts(units, before):
    found = compare_plans(before, placed(units, ["2", "2", "1", "1"]), **GROUP)
    assert found.plan["label_matched_retention"] == 0
    assert found.plan["best_match_retention"] == 1
    assert found.plan["variation_of_information"] == 0
    assert found.plan["units_moved"] == 0
    assert found.frame["was"].to_dict() == {"1": "2", "2": "1"}
    assert (found.frame["difference"] == 0).all()


def test_ties_go_to_the_group_and_then_to_the_base(units, before):
    """Rows against columns keep 500 people and 43 of the group either way; 380 adults one way and 350 the other."""
    found = compare_plans(before, placed(units, ["x", "y", "x", "y"]), **GROUP)
    assert found.matching.to_dict() == {"1": "x", "2": "y"}
    assert found.plan["best_match_retention"] == 0.5
    assert found.plan["base_retention"] == pytest.approx(380 / 730)
    assert found.plan["group_retention"] == 0.5


def test_a_district_ends(units, before):
    found = compare_plans(before, placed(units, ["9"] * 4), **GROUP)
    assert found.matching.isna().to_dict() == {"1": True, "2": False}
    assert found.frame["was"].to_dict() == {"9": "2"}
    assert found.ended.loc["1"].to_dict() == {
        "people": 300,
        "count": 57,
        "base": 230,
        "share": pytest.approx(57 / 230),
        "largest_destination": "9",
    }
    assert found.plan["best_match_retention"] == 0.7
    assert found.plan["people_moved"] == 300
    assert "District 1 ends: no district of the other plan answers to it." in found.summary()


def test_a_district_is_created(units, before):
    found = compare_plans(placed(units, ["9"] * 4, "Before"), placed(units, ["1", "1", "2", "3"]), **GROUP)
    assert found.frame["status"].to_dict() == {"1": "created", "2": "created", "3": "matched"}
    assert np.isnan(found.frame.loc["1", "share_before"])
    assert np.isnan(found.frame.loc["1", "retention"])
    assert "Districts 1 and 2 are new: no district of the other plan answers to them." in found.summary()


def test_people_in_no_district(units, before):
    """D has 400 people and is left out after; they count as moved and the shares of old districts show it."""
    found = compare_plans(before, placed(units, ["1", "1", "2", None]), **GROUP)
    assert found.retention.people.loc["2"].to_dict() == {"1": 0, "2": 300, NOWHERE: 400}
    assert found.plan["best_match_retention"] == 0.6
    assert found.plan["people_moved"] == 400
    assert NOWHERE not in found.frame.index
    assert "People placed or left out by one plan only count as moved." in found.notes
    assert any(note.startswith("After (After): 400 people lie in no district") for note in found.notes)
    back = compare_plans(placed(units, ["1", "1", "2", None]), before, **GROUP)
    assert back.plan["people_moved"] == 400
    assert back.plan["best_match_retention"] == 1
    neither = placed(units, ["1", "1", "2", None])
    assert compare_plans(neither, neither, **GROUP).plan["people_moved"] == 0


def test_without_total_population_the_base_matches(units):
    adults = replace(units, frame=units.frame[["total_vap", "aapi_aoic_vap"]])
    found = compare_plans(placed(adults, ["1", "1", "2", "2"]), placed(adults, ["1", "2", "2", "2"]), **GROUP)
    assert found.matched_by == "total_vap"
    assert found.plan["best_match_retention"] == found.plan["base_retention"] == pytest.approx(580 / 730)
    assert found.notes[0].startswith("Districts were matched by voting-age population (18 and over)")
    assert "150 of 730 adults (20.5%) change district" in found.summary()


def test_margins_stand_beside_both_shares_and_no_test_is_made(units):
    frame = units.frame.assign(aapi_aoic_vap_moe=[5.0, 4.0, 6.0, 2.0], total_vap_moe=[10.0, 12.0, 15.0, 20.0])
    surveyed = replace(units, frame=frame)
    found = compare_plans(placed(surveyed, ["1", "1", "2", "2"]), placed(surveyed, ["1", "2", "2", "2"]), **GROUP)
    assert found.frame[["share_before_moe", "share_after_moe"]].notna().all(axis=None)
    assert not [name for name in found.frame if "difference_" in name]
    assert any("so their margins are not independent" in note for note in found.notes)


def test_districts_without_units_are_left_out(units, before):
    listed = pd.Series(["1", "1", "2", "2"], index=units.frame.index, dtype="str")
    wide = Plan("Statewide", ("1", "2", "3", "4"), assignment=listed, level="block", year=2020)
    found = compare_plans(before, place(units, wide), **GROUP)
    assert found.frame.index.tolist() == ["1", "2"]
    assert "2 districts of Statewide hold none of these census blocks and are left out." in found.notes


def test_sources_are_those_of_all_three(four_squares):
    units, plan = four_squares
    one = place(units, plan)
    found = compare_plans(one, placed(units, ["1", "2", "2", "2"]), **GROUP)
    assert [source.title for source in found.sources] == ["Four squares", "Two rows"]


def test_order_of_units_does_not_matter(units, before):
    turned = replace(units, frame=units.frame.iloc[::-1], geometry=None)
    one = compare_plans(before, placed(units, ["1", "2", "2", "2"]), **GROUP)
    other = compare_plans(before, placed(turned, ["2", "2", "2", "1"]), **GROUP)
    pd.testing.assert_frame_equal(one.frame, other.frame)


def test_results_cannot_be_changed_through_the_object(units, before):
    found = compare_plans(before, before, **GROUP)
    frame = found.frame
    frame["share_after"] = 0.0
    assert (found.frame["share_after"] > 0).all()


def test_other_units_are_refused(units, before):
    fewer = replace(units, frame=units.frame.iloc[:3], geometry=None)
    with pytest.raises(
        CoverageError,
        match=r"4 2020 census blocks before and 3 2020 census blocks after, 1 of 4 only before \(first 360610001001003\)",
    ):
        compare_plans(before, placed(fewer, ["1", "1", "2"]), **GROUP)


def test_another_vintage_is_refused(units, before):
    old = replace(units, year=2010)
    with pytest.raises(
        CoverageError,
        match=r"different vintages: 4 2020 census blocks before and 4 2010 census blocks after.*kit.crosswalk",
    ):
        compare_plans(before, placed(old, ["1", "1", "2", "2"]), **GROUP)


def test_another_level_is_refused(units, before):
    tracts = Units(units.frame.set_axis(units.frame.index.str[:10] + pd.Index(list("0123"))), "tract", 2020)
    with pytest.raises(CoverageError, match=r"on 4 2020 census blocks and the plan after on 4 2020 census tracts"):
        compare_plans(before, placed(tracts, ["1", "1", "2", "2"]), **GROUP)


def test_other_counts_are_refused(units, before):
    other = replace(units, frame=units.frame.assign(total_vap=[80, 150, 200, 301]))
    with pytest.raises(
        CoverageError, match=r"total_vap before and after differs in 1 of 4 census blocks, first 360610001001003"
    ):
        compare_plans(before, placed(other, ["1", "1", "2", "2"]), **GROUP)


def test_a_plan_is_no_placement(four_squares, before):
    with pytest.raises(InputError, match=r"one of these is a Plan; place the units in both plans"):
        compare_plans(before, four_squares[1], **GROUP)


def test_missing_counts_and_unknown_groups(units, before):
    with pytest.raises(SchemaError, match="no column 'aapi_doj_vap'"):
        compare_plans(before, before, group="aapi_doj", base="vap")
    with pytest.raises(InputError, match="no group is called 'aapi'"):
        compare_plans(before, before, group="aapi", base="vap")


def test_counts_that_must_not_be_added_are_refused(units):
    noisy = replace(units, additive=False)
    with pytest.raises(CoverageError, match="must not be added"):
        compare_plans(placed(noisy, ["1", "1", "2", "2"]), placed(noisy, ["1", "1", "2", "2"]), **GROUP)


def cross(rows):
    return pd.DataFrame(rows, index=[f"a{i}" for i in range(len(rows))], columns=[f"b{i}" for i in range(len(rows[0]))])


def test_the_best_matching_is_not_the_greedy_one():
    """Taking the largest cell first keeps 10 + 0 people together; the best keeps 9 + 8."""
    assert match_districts(cross([[10, 9], [8, 0]])).to_dict() == {"a0": "b1", "a1": "b0"}


def test_districts_that_share_nobody_do_not_match():
    found = match_districts(cross([[10, 0], [5, 0]]))
    assert found.isna().to_dict() == {"a0": False, "a1": True}


def test_empty_districts_match_by_their_units():
    people, units = cross([[10, 0], [0, 0]]), cross([[2, 0], [0, 1]])
    assert match_districts(people, units).to_dict() == {"a0": "b0", "a1": "b1"}


def test_variation_of_information():
    assert variation_of_information(cross([[5, 0], [0, 7]])) == 0
    assert variation_of_information(cross([[0, 5], [7, 0]])) == 0
    assert variation_of_information(cross([[1, 1], [1, 1]])) == pytest.approx(2 * np.log(2))
    assert np.isnan(variation_of_information(cross([[0, 0], [0, 0]])))


@pytest.mark.parametrize(("counts", "share"), [(0, 0.0), ("total_vap", 1.0)])
def test_nobody_and_everybody_of_the_group(units, counts, share):
    everyone = units.frame["total_vap"] if counts else 0
    whole = replace(units, frame=units.frame[["total_pop", "total_vap"]].assign(asian_alone_vap=everyone))
    found = compare_plans(
        placed(whole, ["1", "1", "2", "2"]), placed(whole, ["1", "2", "2", "2"]), group="asian_alone", base="vap"
    )
    assert (found.frame["share_after"] == share).all()
    assert np.isnan(found.plan["gap"]) if not counts else found.plan["gap"] == 0
    assert found.summary()
