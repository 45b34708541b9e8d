"""What may be said: each kind of claim carried, weakened and refused, on tables worked by hand."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from kit.analysis.claim_evidence import partly_covered
from kit.analysis.claims import check_claim
from kit.analysis.communities import community_splits
from kit.analysis.compare import compare_plans
from kit.analysis.concentration import concentration
from kit.analysis.placement import place
from kit.analysis.swaps import swap_sheet
from kit.errors import InputError, SchemaError
from kit.model.claims import Claim
from kit.model.communities import Communities
from kit.model.frames import Placement, Plan, Source, Units
from kit.model.verdict import Verdict
from kit.settings import using

VAP = {"group": "asian_alone", "base": "vap"}
CENSUS = Source("2020 Census P.L. 94-171", "the Census Bureau", year=2020, uncertainty="disclosure noise")
SURVEY = "American Community Survey 5-year estimates, {}–{}, Nowhere"


def survey(year):
    return Source(SURVEY.format(year - 4, year), "the Census Bureau", year=year, uncertainty="sampling MOE")


def placed(rows, source=CENSUS, *, group="asian_alone", base="vap", name="Plan one", units=None, **plan):
    """Place one unit a district: label → (count, base) or (count, moe, base, moe)."""
    labels = list(rows)
    ids = pd.Index(units or [f"36061{n:06d}" for n in range(len(rows))], dtype="str", name="GEOID")
    table = pd.DataFrame(list(rows.values()), index=ids)
    names = [f"{group}_{base}", f"{group}_{base}_moe", f"total_{base}", f"total_{base}_moe"]
    table.columns = names if table.shape[1] == 4 else [names[0], names[2]]
    of = Units(table, level="tract", year=2020, sources=(source,))
    lines = pd.Series(labels, index=ids, dtype="str")
    made = Plan(
        name, tuple(dict.fromkeys(labels)), assignment=lines, level="tract", year=2020, jurisdiction="Nowhere",
        sources=(Source("Lines", "The tests"),), **plan,
    )  # fmt: skip
    return place(of, made)


def table(rows, source=CENSUS, **kwargs):
    group, base = kwargs.get("group", "asian_alone"), kwargs.get("base", "vap")
    return concentration(placed(rows, source, **kwargs), group=group, base=base)


def check(claim, *evidence):
    verdict = check_claim(claim, *evidence)
    assert isinstance(verdict, Verdict)
    assert bool(verdict.sentence) == bool(verdict.title) == (verdict.status != "refused")
    assert verdict.reason
    assert verdict.tests
    assert len(verdict.title) <= 140
    assert "opportunity" not in str(verdict)
    return verdict


THREE = {"1": (600, 1000), "2": (300, 1000), "3": (100, 1000)}
SAMPLED = {"1": (560, 40, 1000, 20), "2": (520, 40, 1000, 20), "3": (100, 30, 1000, 20)}


# --- the object -------------------------------------------------------------------------------------


def test_a_claim_says_all_that_is_missing():
    with pytest.raises(InputError, match="'only' cannot be checked so: district is missing; group is missing; base is"):
        Claim("only")
    with pytest.raises(InputError, match="threshold is missing"):
        Claim("share", "asian_alone", "vap")
    with pytest.raises(InputError, match="value is missing"):
        Claim("share", "asian_alone", "vap", direction="is")


def test_no_such_kind():
    with pytest.raises(InputError, match="no claim is of the kind 'opportunity'; kinds are share, majority"):
        Claim("opportunity")


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Claim.majority(7, **VAP), "district is text, such as '7'"),
        (lambda: Claim.only("7", above=40, **VAP), "threshold is a fraction between 0 and 1, such as 0.41, not 40"),
        (lambda: Claim.share("7", is_=float("nan"), **VAP), "value is a fraction"),
        (lambda: Claim.share("7", more_than=True, **VAP), "threshold is a fraction"),
        (lambda: Claim.majority("7", group="asien", base="vap"), "no group is called 'asien'"),
        (lambda: Claim.majority("7", group="asian_alone", base="adults"), "no base is called 'adults'"),
        (lambda: Claim.majority("7", group="total", base="vap"), "the share of everyone is always 100%"),
        (lambda: Claim.split_into("A", 1), "n is a whole number of at least 2, not 1"),
        (lambda: Claim.loses("7", n=0, **VAP), "n is a whole number of at least 1, not 0"),
        (lambda: Claim.more_than("7", "7", **VAP), "compared with itself"),
        (lambda: Claim.more_than("7", "8", direction="is", **VAP), "direction is one of more, less, not 'is'"),
        (lambda: Claim.grew("7", of="votes", **VAP), "of is 'share' or 'people'"),
        (
            lambda: Claim.largest_group("7", among=["martians"], **VAP),
            "among names martians; it takes ids of kit.GROUPS",
        ),
        (lambda: Claim.share("7", **VAP), "one of is_, more_than, at_least, less_than, at_most; here are 0"),
        (lambda: Claim.share("7", more_than=0.1, is_=0.2, **VAP), "here are 2"),
    ],
)
def test_parts_that_cannot_be(make, told):
    with pytest.raises(InputError, match=told):
        make()


def test_a_detailed_group_is_a_group():
    assert Claim.grew("7", group="hmong_alone", base="pop").group == "hmong_alone"


# --- shares and majorities of counts ------------------------------------------------------------------


def test_a_majority_is_strictly_more_than_half():
    verdict = check(Claim.majority("1", **VAP), table({"1": (501, 1000), "2": (500, 1000)}))
    assert verdict.status == "carried"
    assert verdict.statement == (
        "In district 1, people counted as “Asian alone” were 50.1% of adults, a majority: 501 of 1,000."
    )
    assert verdict.title == "District 1: 50.1% of adults were counted as Asian, a majority"
    assert "Definition asian_alone: Asian and no other race; of the voting-age population" in verdict.sentence
    assert (
        "Source: 2020 Census P.L. 94-171; census tracts placed in Plan one by the plan's own list." in verdict.sentence
    )
    assert "Distance to 50%: 0.1 points above; 1 fewer person of the group would undo it." in verdict.tests
    assert "2020 Census P.L. 94-171. Uncertainty: disclosure noise." in verdict.tests
    half = check(Claim.majority("2", **VAP), table({"1": (501, 1000), "2": (500, 1000)}))
    assert half.status == "weaker"
    assert half.reason == "The claim is not true in these figures: 50.0% is not more than 50%."
    assert "more than 40%, but not a majority: 500 of 1,000" in half.statement
    assert half.tests[0].endswith("1 more person of the group would be needed.")


@pytest.mark.parametrize(
    ("ways", "status"),
    [
        ({"more_than": 0.3}, "weaker"),
        ({"at_least": 0.3}, "carried"),
        ({"at_most": 0.3}, "carried"),
        ({"less_than": 0.3}, "weaker"),
        ({"more_than": 0.29}, "carried"),
        ({"less_than": 0.31}, "carried"),
        ({"at_least": 0.31}, "weaker"),
        ({"at_most": 0.29}, "weaker"),
        ({"is_": 0.3}, "carried"),
        ({"is_": 0.301}, "weaker"),
    ],
)
def test_the_five_ways_to_state_a_share(ways, status):
    assert check(Claim.share("2", **ways, **VAP), table(THREE)).status == status


def test_a_share_is_not_rounded_into_truth():
    near = table({"1": (49_997, 100_000)})
    verdict = check(Claim.share("1", is_=0.5, **VAP), near)
    assert verdict.status == "weaker"
    assert "49.997%" in verdict.statement
    assert check(Claim.share("1", is_=0.49997, **VAP), near).status == "carried"
    assert check(Claim.majority("1", **VAP), near).status == "weaker"


def test_the_whole_area():
    verdict = check(Claim.share(more_than=0.3, **VAP), table(THREE))
    assert verdict.status == "carried"
    assert verdict.statement.startswith(
        "In Nowhere, people counted as “Asian alone” were 33.3% of adults, more than 30%"
    )


def test_too_few_people_for_a_share():
    small = table({"1": (150, 199), "2": (300, 499), "3": (300, 500)})
    verdict = check(Claim.majority("1", **VAP), small)
    assert verdict.status == "refused"
    assert verdict.sentence == ""
    assert "199 adults, under 200: noise added against disclosure can change so small a figure" in verdict.reason
    caution = check(Claim.majority("2", **VAP), small)
    assert caution.status == "carried"
    assert "Caution: 499 adults, under 500; noise can change it." in caution.tests
    assert not any("Caution" in line for line in check(Claim.majority("3", **VAP), small).tests)
    with using(small_base=100):
        assert check(Claim.majority("1", **VAP), small).status == "carried"


def test_counts_of_2010_carry_no_noise():
    old = Source("2010 Census P.L. 94-171", year=2010)
    verdict = check(Claim.majority("1", **VAP), table({"1": (150, 199)}, old))
    assert verdict.status == "carried"
    assert not any("oise" in line for line in verdict.tests)


def test_nobody_is_not_zero():
    empty = table({"1": (0, 0), "2": (300, 1000)})
    verdict = check(Claim.share("1", less_than=0.5, **VAP), empty)
    assert verdict.status == "refused"
    assert verdict.reason == "In district 1 these units have no adults, so there is no share. Missing is not 0."


def test_a_combined_group_shows_its_parts_and_the_law():
    frame = pd.DataFrame(
        {"aapi_aoic_vap": [600], "asian_aoic_vap": [550], "nhpi_aoic_vap": [80], "total_vap": [1000]},
        index=pd.Index(["36061000100"], dtype="str"),
    )
    units = Units(frame, level="tract", year=2020, sources=(CENSUS,))
    lines = pd.Series(["1"], index=frame.index, dtype="str")
    both = concentration(place(units, Plan("P", ("1",), assignment=lines)), group="aapi_aoic", base="vap")
    verdict = check(Claim.majority("1", group="aapi_aoic", base="vap"), both)
    assert verdict.status == "carried"
    assert "Shown apart: Asian 55.0% and NHPI 8.0%; the two can overlap." in verdict.tests
    assert any("5th and 6th Circuits: no; 11th: yes" in line for line in verdict.tests)


# --- estimates ------------------------------------------------------------------------------------------


def test_a_majority_of_an_estimate_needs_its_interval_above_half():
    # 560 ± 40 of 1,000 ± 20: the margin of 56% is sqrt(40² − (0.56 × 20)²) / 1000 = 3.84 points.
    figures = table(SAMPLED, survey(2022))
    verdict = check(Claim.majority("1", **VAP), figures)
    assert verdict.status == "carried"
    assert "56.0% ± 3.8 points of adults, a majority: an estimated 560 of 1,000" in verdict.statement
    assert any("sampling error only" in line and "chance of more than 50%" in line for line in verdict.tests)
    two = check(Claim.majority("2", **VAP), figures)
    assert two.status == "weaker"
    assert "more than 40%, which cannot be distinguished from 50%" in two.statement
    assert two.reason == "The 90% interval holds 50% (sampling error only)."
    assert check(Claim.majority("3", **VAP), figures).reason.startswith("The claim is not true")


def test_an_interval_that_ends_at_the_threshold_does_not_pass():
    exact = {"1": (540, 40, 1000, 0), "2": (100, 30, 1000, 0)}
    assert check(Claim.majority("1", **VAP), table(exact, survey(2022))).status == "weaker"
    assert check(Claim.majority("1", **VAP), table({"1": (541, 40, 1000, 0)}, survey(2022))).status == "carried"


@pytest.mark.parametrize(
    "source",
    [survey(2022), Source("Shared out", year=2020, uncertainty="allocation"), Source("Names", uncertainty="model")],
)
def test_an_estimate_without_a_margin_carries_nothing(source):
    verdict = check(Claim.majority("1", **VAP), table(THREE, source))
    assert verdict.status == "weaker"
    assert (
        "an estimated 60.0% of adults, more than 50% by an estimate without a margin of error: 600 of 1,000"
        in verdict.statement
    )
    assert verdict.reason.startswith("The source gives no margin of error")
    assert check(Claim.share("1", is_=0.6, **VAP), table(THREE, source)).status == "weaker"


def test_fractions_of_people_are_estimates():
    assert (
        check(Claim.majority("1", **VAP), table({"1": (600.5, 1000.0)}, Source("A file", year=2010))).status == "weaker"
    )


def test_a_margin_that_is_missing_is_not_zero():
    gone = {"1": (560, np.nan, 1000, 20), "2": (520, 40, 1000, 20)}
    verdict = check(Claim.majority("1", **VAP), table(gone, survey(2022)))
    assert verdict.status == "weaker"
    assert "without a margin" in verdict.statement


# --- what placing leaves open ------------------------------------------------------------------------------


def with_cut(placement, geoid, also):
    cut = pd.DataFrame(
        {
            "people": [1.0],
            "districts": [2],
            "placed_in": [placement.assignment[geoid]],
            "share_inside": [0.6],
            "also_in": [also],
        },
        index=pd.Index([geoid], dtype="str", name="GEOID"),
    )
    return replace(placement, split_units=cut, notes=(*placement.notes, "District lines cut 1 of 3 units."))


def four():
    """District 1 has 480 of 800 and, in its second unit, 60 of 400; district 2 the rest."""
    ids = ["36061000000", "36061000001", "36061000002"]
    frame = pd.DataFrame(
        {"asian_alone_vap": [480, 240, 60], "total_vap": [600, 600, 400]}, index=pd.Index(ids, dtype="str")
    )
    lines = pd.Series(["1", "1", "2"], index=frame.index, dtype="str")
    return place(
        Units(frame, level="tract", year=2020, sources=(CENSUS,)), Plan("P", ("1", "2"), assignment=lines)
    ), ids


def test_units_that_lines_cut_are_counted_both_ways():
    placement, ids = four()
    assert check(Claim.majority("1", **VAP), concentration(placement, **VAP)).status == "carried"  # 720 of 1,200
    cut = concentration(with_cut(placement, ids[2], "1"), **VAP)
    verdict = check(Claim.majority("1", **VAP), cut)
    # All 340 others of the cut unit inside: 720 of 1,540, 46.8%; its 60 inside: 780 of 1,260, 61.9%.
    assert verdict.status == "weaker"
    assert "46.8% to 61.9% however they are placed" in verdict.statement
    assert "they decide about 50%" in verdict.reason
    assert check(Claim.share("1", more_than=0.45, **VAP), cut).status == "carried"


def test_people_in_no_district_are_counted_both_ways():
    placement, ids = four()
    lost = placement.assignment.copy()
    lost[ids[2]] = np.nan
    nowhere = pd.DataFrame({"people": [400.0], "reason": ["x"]}, index=pd.Index([ids[2]], dtype="str"))
    open_ = concentration(replace(placement, assignment=lost, unassigned=nowhere), **VAP)
    assert check(Claim.majority("1", **VAP), open_).status == "weaker"
    assert check(Claim.share("1", at_most=0.62, **VAP), open_).status == "carried"


def beyond(placement, note):
    return replace(placement, notes=(*placement.notes, note))


PART = (
    "District 1 goes on beyond these units: the plan lists 5 more tracts there. Figures there are of the part covered."
)


def test_a_district_covered_in_part_is_spoken_of_in_part():
    part = concentration(beyond(placed(THREE), PART), **VAP)
    verdict = check(Claim.majority("1", **VAP), part)
    assert verdict.status == "weaker"
    assert verdict.statement.startswith("In the part of district 1 that these census tracts cover, ")
    assert PART in verdict.tests
    assert check(Claim.share("2", more_than=0.2, **VAP), part).status == "carried"
    only = check(Claim.only("2", above=0.2, **VAP), part)
    assert only.status == "weaker"
    assert "district 1 cannot be said to be more than 20% or not" in only.statement
    first = check(Claim.largest("1", **VAP), part)
    assert first.status == "refused"
    second = check(Claim.largest("2", **VAP), part)
    assert second.status == "weaker"
    assert "the highest share of 2 districts that these units cover whole" in second.statement


def test_a_note_that_names_not_all_districts_stands_for_all():
    note = "Districts 1, 2 and 9 more go on beyond these units. Figures there are of the part covered."
    assert partly_covered(beyond(placed(THREE), note), list(THREE)) == {"1", "2", "3"}
    assert partly_covered(beyond(placed(THREE), "Districts 1, 2 go on beyond these units: x."), list(THREE)) == {
        "1",
        "2",
    }


# --- only, largest, more than ---------------------------------------------------------------------------------


def test_only():
    verdict = check(Claim.only("1", above=0.3, **VAP), table(THREE))
    assert verdict.status == "carried"
    assert verdict.statement.endswith("more than 30%: 600 of 1,000; no other of the 3 districts is more than 30%.")
    assert verdict.title == "District 1 is the only district more than 30% Asian among adults: 60.0%"
    two = check(Claim.only("1", above=0.2, **VAP), table(THREE))
    assert two.status == "weaker"
    assert two.statement.endswith("; 2 districts are more than 20%: 1 and 2.")
    assert two.title == "Districts 1 and 2: more than 20% Asian among adults"
    none = check(Claim.only("2", above=0.3, **VAP), table(THREE))
    assert none.status == "weaker"
    assert "not more than 30%" in none.statement


def test_only_needs_the_others_to_be_testably_not():
    verdict = check(Claim.only("1", above=0.5, **VAP), table(SAMPLED, survey(2022)))
    assert verdict.status == "weaker"
    assert "district 2 cannot be said to be more than 50% or not" in verdict.statement
    assert any(
        "Of 3 districts 1 are testably more than 50%, 1 testably not, 1 cannot be told" in t for t in verdict.tests
    )


def test_a_small_district_keeps_another_from_being_the_only_one():
    verdict = check(Claim.only("1", above=0.3, **VAP), table({**THREE, "4": (10, 100)}))
    assert verdict.status == "weaker"


def test_largest():
    verdict = check(Claim.largest("1", **VAP), table(THREE))
    assert verdict.status == "carried"
    assert "60.0% of adults, the highest share of 3 districts: 600 of 1,000." in verdict.statement
    ranked = check(Claim.largest("2", **VAP), table(THREE))
    assert ranked.status == "weaker"
    assert "ranked 2nd of 3 districts" in ranked.statement
    last = check(Claim.largest("3", **VAP), table(THREE))
    assert last.status == "refused"
    assert last.reason == "The claim is not true: the share is testably higher in districts 1 and 2."


def test_a_tie_is_named():
    verdict = check(Claim.largest("1", **VAP), table({"1": (300, 1000), "2": (600, 2000), "3": (1, 1000)}))
    assert verdict.status == "weaker"
    assert "the highest share of 3 districts, the same as in district 2" in verdict.statement
    assert "Ties: district 2." in verdict.tests


def test_the_highest_estimate_may_not_be_told_apart():
    verdict = check(Claim.largest("1", **VAP), table(SAMPLED, survey(2022)))
    assert verdict.status == "weaker"
    assert (
        "among the 2 highest shares of 3 districts, and not distinguishable from that of district 2"
        in verdict.statement
    )
    # 4 points apart, margins 3.8 and 3.9: the margin of the difference is 5.4 points, Z = 1.645 × 4 / 5.44.
    assert any("margin of the difference ± 5.4 points" in line and "Z = 1.21" in line for line in verdict.tests)
    wide = {**SAMPLED, "2": (400, 40, 1000, 20)}
    assert check(Claim.largest("1", **VAP), table(wide, survey(2022))).status == "carried"


def test_the_highest_of_estimates_without_margins():
    verdict = check(Claim.largest("1", **VAP), table(THREE, survey(2022)))
    assert verdict.status == "weaker"
    assert "the highest estimated share of 3 districts" in verdict.statement
    assert (
        check(Claim.largest("2", **VAP), table(THREE, survey(2022))).statement.count("2nd highest estimated share") == 1
    )


def test_one_district_cannot_be_the_largest():
    verdict = check(Claim.largest("1", **VAP), table({"1": (600, 1000)}))
    assert verdict.status == "refused"
    assert verdict.reason.startswith("No other district is covered whole")


def test_more_than_another_district():
    verdict = check(Claim.more_than("1", "2", **VAP), table(THREE))
    assert verdict.status == "carried"
    assert "60.0% of adults, more than the 30.0% in district 2" in verdict.statement
    assert check(Claim.more_than("2", "1", direction="less", **VAP), table(THREE)).status == "carried"
    opposite = check(Claim.more_than("2", "1", **VAP), table(THREE))
    assert opposite.status == "refused"
    assert opposite.reason == "The opposite is true. In district 2 it is 30.0%, in district 1 60.0%."
    near = check(Claim.more_than("1", "2", **VAP), table(SAMPLED, survey(2022)))
    assert near.status == "weaker"
    assert "which cannot be told apart from the 52.0% ± 3.9 points in district 2" in near.statement
    same = check(Claim.more_than("1", "2", **VAP), table({"1": (1, 1000), "2": (2, 2000)}))
    assert same.status == "weaker"
    assert same.reason == "The two shares are equal."


def test_more_than_the_whole_is_tested_against_the_rest():
    verdict = check(Claim.more_than("1", **VAP), table(THREE))
    assert verdict.status == "carried"
    assert "more than the 33.3% in Nowhere" in verdict.statement
    assert any("tested against everybody outside it" in line for line in verdict.tests)
    assert any("Between district 1 and the rest: 60.0% and 20.0%" in line for line in verdict.tests)
    assert check(Claim.more_than("2", direction="less", **VAP), table(THREE)).status == "carried"
    # 52 ± 3.9 against 330 of 1,000 in the rest, whose margin is about 2.5 points.
    assert check(Claim.more_than("2", **VAP), table(SAMPLED, survey(2022))).status == "carried"
    alone = check(Claim.more_than("1", **VAP), table({"1": (600, 1000)}))
    assert alone.status == "refused"


# --- the largest group ------------------------------------------------------------------------------------------


def with_cells(asian, hispanic, white):
    frame = pd.DataFrame(
        {"nh_asian_alone_vap": [asian], "total_vap": [2000], "P4_002N": [hispanic], "P4_005N": [white]},
        index=pd.Index(["36061000100"], dtype="str"),
    )
    lines = pd.Series(["1"], index=frame.index, dtype="str")
    units = Units(frame, level="tract", year=2020, sources=(CENSUS,))
    return concentration(place(units, Plan("P", ("1",), assignment=lines)), group="nh_asian_alone", base="vap")


def test_the_largest_of_the_groups_named():
    claim = Claim.largest_group("1", group="nh_asian_alone", base="vap", among=["hispanic", "nh_white_alone"])
    verdict = check(claim, with_cells(800, 600, 400))
    assert verdict.status == "carried"
    assert (
        "the largest of these 3 groups (Hispanic or Latino, of any race 600; White alone, not Hispanic 400)"
        in verdict.statement
    )
    assert "Only the groups named were compared. They do not overlap." in verdict.tests
    second = check(claim, with_cells(500, 600, 400))
    assert second.status == "weaker"
    assert "the 2nd largest of these 3 groups" in second.statement
    tie = check(claim, with_cells(600, 600, 400))
    assert tie.status == "weaker"
    assert check(claim, with_cells(100, 600, 400)).status == "refused"


def test_groups_that_overlap_or_are_not_counted_are_not_compared():
    over = Claim.largest_group("1", group="asian_alone", base="vap", among=["hispanic"])
    verdict = check(over, table(THREE))
    assert verdict.status == "refused"
    assert "overlap" in verdict.reason
    absent = check(Claim.largest_group("1", group="asian_alone", base="vap", among=["nh_white_alone"]), table(THREE))
    assert absent.status == "refused"
    assert 'read redistricting data with cells="all"' in absent.reason
    sampled = check(
        Claim.largest_group("1", group="asian_alone", base="vap", among=["nhpi_alone"]), table(SAMPLED, survey(2022))
    )
    assert "whole numbers only" in sampled.reason


# --- the bracket of citizens ---------------------------------------------------------------------------------------


def citizens(lower, upper, total=1000, moe=20):
    """Two block groups, one a district; the second is all of the first's complement."""
    rows = [(total, lower, 0, 0, upper - lower), (1000, 100, 0, 0, 10)]
    names = ["cvap_01", "cvap_04", "cvap_06", "cvap_09", "cvap_12"]
    frame = pd.DataFrame(rows, columns=names, index=pd.Index(["150010201001", "150010201002"], dtype="str"))
    if moe is not None:
        frame = frame.assign(**{f"{name}_moe": float(moe) for name in names})
    lines = pd.Series(["1", "2"], index=frame.index, dtype="str")
    return place(
        Units(frame, level="block_group", year=2020, sources=(survey(2022),)), Plan("P", ("1", "2"), assignment=lines)
    )


def test_a_bracket_carries_a_majority_only_by_its_lower_bound():
    claim = Claim.majority("1", group="nh_aapi_aoic", base="cvap")
    verdict = check(claim, citizens(600, 700))
    assert verdict.status == "carried"
    assert "between 60.0% and 70.0% of citizens of voting age, a majority: 600 to 700 of 1,000." in verdict.statement
    assert any(line.startswith("Lower bound: 60.0%") for line in verdict.tests)
    assert any("Hispanic AAPI citizens are in neither" in line for line in verdict.tests)
    weaker = check(claim, citizens(450, 700))
    assert weaker.status == "weaker"
    assert "between 45.0% and 70.0%" in weaker.statement
    assert (
        weaker.reason
        == "The bracket holds 50%: to be more, its lower end must be above, and to be less, its upper end below."
    )
    assert check(claim, citizens(510, 700)).reason.startswith("The 90% interval of an end of the bracket holds 50%")
    assert check(claim, citizens(100, 200)).reason.startswith("The claim is not true")


def test_the_upper_bound_holds_for_no_group_with_people_of_hispanic_origin():
    less = Claim.share("1", less_than=0.5, group="aapi_aoic", base="cvap")
    verdict = check(less, citizens(100, 200))
    assert verdict.status == "weaker"
    assert verdict.reason.startswith("AAPI citizens of Hispanic origin are in neither bound")
    assert (
        check(Claim.share("1", less_than=0.5, group="nh_aapi_aoic", base="cvap"), citizens(100, 200)).status
        == "carried"
    )


def test_a_bracket_of_the_whole_and_without_margins():
    whole = check(Claim.share(more_than=0.3, group="aapi_aoic", base="cvap"), citizens(700, 800))
    assert whole.status == "carried"
    assert "between 40.0% and 45.5%" in whole.statement
    bare = check(Claim.majority("1", group="aapi_aoic", base="cvap"), citizens(600, 700, moe=None))
    assert bare.status == "weaker"
    assert "an estimate without a margin of error" in bare.statement
    assert check(Claim.largest("1", group="nh_aapi_aoic", base="cvap"), citizens(600, 700)).status == "carried"
    assert check(Claim.more_than("1", group="aapi_aoic", base="cvap"), citizens(600, 700)).status == "refused"
    assert check(Claim.share("1", is_=0.6, group="aapi_aoic", base="cvap"), citizens(600, 700)).status == "weaker"
    with pytest.raises(InputError, match="has no district '9'; it has 1, 2"):
        check_claim(Claim.majority("9", group="aapi_aoic", base="cvap"), citizens(600, 700))


# --- two dates -------------------------------------------------------------------------------------------------------


OLD = Source("2010 Census P.L. 94-171", year=2010)


def test_growth_of_counts():
    before, after = table({"1": (300, 1000)}, OLD), table({"1": (400, 1100)})
    verdict = check(Claim.grew("1", **VAP), before, after)
    assert verdict.status == "carried"
    assert verdict.statement == (
        "In district 1, the share of adults counted as “Asian alone” grew from 30.0% in 2010 to 36.4% in 2020, "
        "by 6.4 points: 300 of 1,000 in 2010; 400 of 1,100 in 2020."
    )
    assert check(Claim.grew("1", **VAP), after, before).sentence == verdict.sentence
    assert verdict.table is after
    people = check(Claim.grew("1", of="people", **VAP), before, after)
    assert people.status == "carried"
    assert (
        "the number of adults counted as “Asian alone” grew from 300 in 2010 to 400 in 2020, by 100 people."
        in people.statement
    )
    shrank = check(Claim.grew("1", direction="less", **VAP), before, after)
    assert shrank.status == "refused"
    assert shrank.reason == "The opposite is true: it was 30.0% and then 36.4%."
    same = check(Claim.grew("1", **VAP), before, table({"1": (600, 2000)}))
    assert same.status == "weaker"
    assert "did not change" in same.statement


def test_growth_of_estimates():
    before = table({"1": (300, 30, 1000, 0)}, survey(2015))
    far, near = table({"1": (400, 40, 1000, 0)}, survey(2020)), table({"1": (340, 30, 1000, 0)}, survey(2020))
    verdict = check(Claim.grew("1", **VAP), before, far)
    assert verdict.status == "carried"
    assert "from 30.0% ± 3.0 points in 2011–2015 to 40.0% ± 4.0 points in 2016–2020" in verdict.statement
    assert any("Margin of the change ± 5.0 points" in line and "Z = 3.29" in line for line in verdict.tests)
    weak = check(Claim.grew("1", **VAP), before, near)
    assert weak.status == "weaker"
    assert "a difference that these figures cannot tell from none" in weak.statement
    people = check(Claim.grew("1", of="people", **VAP), before, far)
    assert "300 ± 30 in 2011–2015 to 400 ± 40" in people.statement


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (({"1": (300, 30, 1000, 0)}, survey(2018)), ({"1": (400, 40, 1000, 0)}, survey(2020)), "share 2016 to 2018"),
        (
            ({"1": (300, 1000)}, CENSUS),
            ({"1": (400, 1000)}, CENSUS),
            "Both tables are of 2020; growth needs two dates.",
        ),
        (
            ({"1": (300, 1000)}, OLD),
            ({"1": (400, 40, 1000, 0)}, survey(2022)),
            "One table is a count and the other a survey's estimate",
        ),
        (({"1": (300, 1000)}, Source("A file")), ({"1": (400, 1000)}, CENSUS), "does not say its year"),
    ],
)
def test_dates_that_cannot_be_compared(before, after, told):
    verdict = check(Claim.grew("1", **VAP), table(*before), table(*after))
    assert verdict.status == "refused"
    assert told in verdict.reason


def test_growth_needs_one_place():
    before, after = table({"1": (300, 1000)}, OLD), table({"1": (400, 1100)}, name="Plan two")
    verdict = check(Claim.grew("1", **VAP), before, after)
    assert verdict.status == "refused"
    assert "The lines differ: Plan one and Plan two are two plans" in verdict.reason
    assert check(Claim.grew(**VAP), before, after).status == "carried"
    moved = table({"1": (400, 1100)}, units=["36061000009"])
    assert "The lines differ" in check(Claim.grew("1", **VAP), before, moved).reason


def test_growth_without_margins_is_only_estimated():
    crosswalked = table({"1": (300, 1000)}, replace(OLD, uncertainty="allocation"))
    other = table({"1": (400, 1000)}, replace(CENSUS, uncertainty="allocation"))
    verdict = check(Claim.grew("1", **VAP), crosswalked, other)
    assert verdict.status == "weaker"
    assert "is estimated at 30.0% in 2010 and 40.0% in 2020" in verdict.statement
    assert any("shared out from larger or older areas" in line for line in verdict.tests)


def hmong(year, name="hmong_alone", counts=(560, 40, 1000, 20)):
    ids = pd.Index(["36061000000"], dtype="str", name="GEOID")
    columns = [name, f"{name}_moe", "asian_alone_pop", "asian_alone_pop_moe"]
    units = Units(pd.DataFrame([counts], columns=columns, index=ids), level="tract", year=2020, sources=(survey(year),))
    lines = pd.Series(["1"], index=ids, dtype="str")
    return concentration(place(units, Plan("P", ("1",), assignment=lines)), group=name, base="asian_alone_pop")


def test_detailed_groups_over_the_new_coding():
    claim = Claim.grew("1", group="hmong_alone", base="asian_alone_pop")
    verdict = check(claim, hmong(2015), hmong(2022, counts=(800, 40, 1000, 20)))
    assert verdict.status == "refused"
    assert "coded anew from 2022" in verdict.reason
    assert check(claim, hmong(2015), hmong(2020, counts=(800, 40, 1000, 20))).status == "carried"
    share = check(Claim.majority("1", group="hmong_alone", base="asian_alone_pop"), hmong(2022))
    assert share.status == "carried"
    assert "“Hmong alone” were 56.0% ± 3.8 points of residents counted as “Asian alone”, a majority" in share.statement


# --- two plans -------------------------------------------------------------------------------------------------------


def two_plans(second, source=CENSUS, moe=None):
    """Five tracts of 400 adults in districts 1 1 1 2 2, then as given."""
    ids = pd.Index([f"36061{n:06d}" for n in range(5)], dtype="str", name="GEOID")
    frame = pd.DataFrame({"asian_alone_vap": [100, 50, 200, 10, 0], "total_vap": [400] * 5}, index=ids)
    if moe:
        frame = frame.assign(asian_alone_vap_moe=float(moe), total_vap_moe=30.0)
    units = Units(frame, level="tract", year=2020, sources=(source,))
    plans = [
        Plan(n, ("1", "2"), assignment=pd.Series(list(a), index=ids, dtype="str"))
        for n, a in (("A", "11122"), ("B", second))
    ]
    return tuple(place(units, plan) for plan in plans)


def test_people_lost_and_gained():
    before, after = two_plans("11222")
    verdict = check(Claim.loses("1", **VAP), before, after)
    assert verdict.status == "carried"
    assert verdict.statement == (
        "From A to B, district 1 loses 200 adults counted as “Asian alone” on balance: 200 are moved out and 0 moved in."
    )
    assert verdict.plan == "A and B"
    assert check(Claim.gains("2", n=200, **VAP), before, after).status == "carried"
    many = check(Claim.loses("1", n=201, **VAP), before, after)
    assert many.status == "weaker"
    assert "loses 200 adults" in many.statement
    opposite = check(Claim.gains("1", **VAP), before, after)
    assert opposite.status == "refused"
    assert "In truth, from A to B, district 1 loses 200 adults" in opposite.reason
    none = check(Claim.loses("1", **VAP), before, before)
    assert none.reason == "It is not so. District 1 neither loses nor gains."


def test_the_balance_of_both_ways():
    verdict = check(Claim.loses("1", **VAP), *two_plans("11212"))
    assert (
        "loses 190 adults counted as “Asian alone” on balance: 200 are moved out and 10 moved in" in verdict.statement
    )


def test_comparisons_are_evidence():
    before, after = two_plans("11222")
    expected = check(Claim.loses("1", **VAP), before, after).sentence
    assert check(Claim.loses("1", **VAP), compare_plans(before, after, **VAP)).sentence == expected
    assert check(Claim.loses("1", **VAP), swap_sheet(before, after, **VAP)).sentence == expected


def test_everyone_can_be_lost():
    verdict = check(Claim.loses("1", group="total", base="vap"), *two_plans("11222"))
    assert "loses 400 adults on balance" in verdict.statement


def test_another_district_under_the_same_label():
    verdict = check(Claim.loses("1", **VAP), *two_plans("22211"))
    assert verdict.status == "weaker"
    assert "only 0.0% of its adults stay in it, so it may be another district under the same label" in verdict.statement


def test_margins_of_those_moved_alone():
    verdict = check(Claim.loses("1", **VAP), *two_plans("11222", survey(2022), moe=150))
    assert verdict.status == "carried"
    assert "loses 200 ± 150 adults" in verdict.statement
    assert check(Claim.loses("1", n=60, **VAP), *two_plans("11222", survey(2022), moe=150)).status == "weaker"
    assert check(Claim.loses("1", **VAP), *two_plans("11222", survey(2022), moe=250)).status == "weaker"
    wrong = check(Claim.gains("1", **VAP), *two_plans("11222", survey(2022), moe=250))
    assert wrong.reason == "The figures do not tell the change from none."
    bare = check(Claim.loses("1", **VAP), *two_plans("11222", survey(2022)))
    assert bare.status == "weaker"
    assert "the source gives no margin of error" in bare.statement


def test_no_count_of_a_group_for_one_block():
    ids = pd.Index([f"36061000100{n:04d}" for n in range(4)], dtype="str", name="GEOID")
    frame = pd.DataFrame({"asian_alone_vap": [100, 50, 200, 10], "total_vap": [400] * 4}, index=ids)
    units = Units(frame, level="block", year=2020, sources=(CENSUS,))
    a, b = (
        place(units, Plan(n, ("1", "2"), assignment=pd.Series(list(s), index=ids, dtype="str")))
        for n, s in (("A", "1112"), ("B", "1122"))
    )
    verdict = check(Claim.loses("1", **VAP), a, b)
    assert verdict.status == "refused"
    assert "no count of a group is given for one block" in verdict.reason
    c = place(units, Plan("C", ("1", "2"), assignment=pd.Series(list("1221"), index=ids, dtype="str")))
    shown = check(Claim.loses("1", **VAP), a, c)
    assert "moved in" not in shown.statement  # one block moves in, so only the balance is said
    few = replace(units, frame=pd.DataFrame({"asian_alone_vap": 9, "total_vap": 20}, index=ids))
    d = [
        place(few, p.plan)
        for p in (a, place(units, Plan("D", ("1", "2"), assignment=pd.Series(list("1222"), index=ids, dtype="str"))))
    ]
    assert "Only 40 adults move, under 200" in check(Claim.loses("1", **VAP), *d).reason


def test_plans_of_other_units_or_labels():
    before, after = two_plans("11222")
    other = concentration(placed(THREE), **VAP)
    assert "different units" in check(Claim.loses("1", **VAP), before, other).reason
    assert check(Claim.loses("9", **VAP), before, after).reason == "The plan A and B has no district 9."


def test_cut_units_leave_the_number_open():
    before, after = two_plans("11222")
    verdict = check(Claim.loses("1", **VAP), before, with_cut(after, before.assignment.index[2], "1"))
    assert verdict.status == "weaker"
    assert "lines of B cut units there, which were placed whole" in verdict.statement


# --- splits -----------------------------------------------------------------------------------------------------------


def pieces(**rows):
    frame = pd.DataFrame(
        [(name, district, people, group) for name, held in rows.items() for district, people, group in held],
        columns=["community", "district", "people", "group"],
    )
    return SimpleNamespace(pieces=frame, sources=(CENSUS,), plan="Plan one")


def test_split_into_exactly_so_many():
    given = pieces(Quay=[("7", 6000, 3000), ("5", 3960, 900), ("3", 40, 1), ("2", 0, 0)], Hill=[("1", 500, 400)])
    verdict = check(Claim.split_into("Quay", 3), given)
    assert verdict.status == "carried"
    assert verdict.statement == (
        "The area “Quay” is split among 3 districts: 7 (60.0%), 5 (39.6%) and 3 (0.4%) of its 10,000 people (one of them, "
        "3, holds 0.4%); how its 3,901 people of the group are divided is not given, as a piece has fewer than 200 people."
    )
    assert verdict.title == "Quay: split among 3 districts, 7 (60.0%), 5 (39.6%) and 3 (0.4%)"
    assert any("No baseline was computed" in line for line in verdict.tests)
    two = check(Claim.split_into("Quay", 2), given)
    assert two.status == "weaker"
    assert two.reason == "The claim says 2 districts; people of it live in 3."
    assert check(Claim.split_into("Quay", 2, at_least=True), given).status == "carried"
    assert check(Claim.split_into("Quay", 4, at_least=True), given).status == "weaker"
    whole = check(Claim.split_into("Hill", 2), given)
    assert whole.status == "refused"
    assert whole.reason == "It is whole: all of its people are in district 1."


def test_pieces_outside_or_unknown():
    verdict = check(Claim.split_into("Quay", 2), pieces(Quay=[("7", 600, 1), ("5", 300, 1), (None, 100, 1)]))
    assert verdict.status == "weaker"
    assert "100 of its people lie in no district" in verdict.statement
    assert check(Claim.split_into("Quay", 2), pieces(Quay=[("7", 600, 1), ("5", np.nan, 1)])).status == "refused"
    assert check(Claim.split_into("Quay", 2), pieces(Quay=[("7", 0, 0)])).status == "refused"
    with pytest.raises(SchemaError, match="no area is called 'Bay'; there are Quay"):
        check_claim(Claim.split_into("Bay", 2), pieces(Quay=[("7", 600, 1)]))
    with pytest.raises(SchemaError, match="have no column district, people"):
        check_claim(
            Claim.split_into("Bay", 2), SimpleNamespace(pieces=pd.DataFrame({"community": ["Bay"]}), sources=())
        )


def test_splits_of_the_kit():
    before, _ = two_plans("11222")
    ids = list(before.assignment.index)
    areas = Communities.of_units({"East": ids[1:4], "West": ids[:2]}, kind="cluster")
    found = community_splits(areas, before, **VAP)
    verdict = check(Claim.split_into("East", 2, **VAP), found)
    assert verdict.status == "carried"
    assert (
        "The cluster “East” is split among 2 districts: 1 (66.7%) and 2 (33.3%) of its 1,200 adults"
        in verdict.statement
    )
    assert "of its 260 people counted as “Asian alone”, 96.2% and 3.8%" in verdict.statement
    assert verdict.plan == "A"
    assert check(Claim.split_into("West", 2, **VAP), found).status == "refused"
    other = check(Claim.split_into("East", 2, group="nhpi_alone", base="vap"), found)
    assert other.status == "refused"
    assert "the two are not mixed" in other.reason
    cut = community_splits(areas, with_cut(before, ids[1], "2"), **VAP)
    assert check(Claim.split_into("East", 2, **VAP), cut).status == "weaker"


# --- evidence -----------------------------------------------------------------------------------------------------------


def test_definitions_and_bases_are_not_mixed():
    verdict = check(Claim.majority("1", group="asian_aoic", base="vap"), table(THREE))
    assert verdict.status == "refused"
    assert "The claim is about asian_aoic of vap and the table counts asian_alone of vap" in verdict.reason


def test_evidence_of_the_wrong_kind_or_number():
    with pytest.raises(InputError, match="checked against one table from kit.concentration; 2 came"):
        check_claim(Claim.majority("1", **VAP), table(THREE), table(THREE))
    with pytest.raises(InputError, match="checked against two tables, before and after; 1 came"):
        check_claim(Claim.grew("1", **VAP), table(THREE))
    with pytest.raises(InputError, match="not DataFrame"):
        check_claim(Claim.majority("1", **VAP), table(THREE).frame)
    with pytest.raises(InputError, match="one object with .pieces"):
        check_claim(Claim.split_into("Quay", 2), table(THREE))
    with pytest.raises(InputError, match="has no district '9'; it has 1, 2, 3"):
        check_claim(Claim.majority("9", **VAP), table(THREE))


def test_a_placement_is_evidence_and_nothing_is_changed():
    of = placed(THREE)
    assert isinstance(of, Placement)
    frame = of.units.frame.copy()
    verdict = check(Claim.majority("1", **VAP), of)
    assert verdict.sentence == check(Claim.majority("1", **VAP), concentration(of, **VAP)).sentence
    pd.testing.assert_frame_equal(of.units.frame, frame)
    assert verdict.sources == of.sources


def test_sample_data_are_marked():
    verdict = check(Claim.majority("1", **VAP), table(THREE, replace(CENSUS, sample=True)))
    assert "Sample data, not for testimony." in verdict.tests


def test_a_verdict_prints():
    told = str(check(Claim.majority("1", **VAP), table(THREE))).splitlines()
    assert told[0] == "CARRIED. The figures carry the claim."
    assert told[1].startswith("You may say: In district 1, ")
    assert told[2].startswith("Why: ")
    assert told[3] == "Tests:"
    refused = str(check(Claim.largest("3", **VAP), table(THREE)))
    assert refused.startswith("REFUSED. Do not say it.\nWhy: ")
    assert "You may say" not in refused


def shaped(counts, year, width=1000):
    """Place one square tract in a district given by its polygon alone."""
    import geopandas as gpd
    from shapely import box

    ids = pd.Index(["36061000000"], dtype="str", name="GEOID")
    frame = pd.DataFrame([counts], columns=["asian_alone_vap", "total_vap"], index=ids)
    source = Source(f"{year} Census P.L. 94-171", year=year)
    square = gpd.GeoSeries([box(0, 0, 1000, 1000)], index=ids, crs="EPSG:5070")
    units = Units(frame, level="tract", year=2020, sources=(source,), geometry=square)
    lines = gpd.GeoSeries([box(0, 0, width, 1000)], index=pd.Index(["1"], dtype="str"), crs="EPSG:5070")
    return concentration(place(units, Plan("P", ("1",), geometry=lines)), **VAP)


def test_growth_compares_the_lines_themselves():
    claim = Claim.grew("1", **VAP)
    assert check(claim, shaped((300, 1000), 2010), shaped((400, 1000), 2020)).status == "carried"
    moved = check(claim, shaped((300, 1000), 2010), shaped((400, 1000), 2020, width=1200))
    assert "The lines differ" in moved.reason
    fewer = check(claim, table({"1": (300, 1000), "2": (1, 1000)}, OLD), table({"1": (400, 1000)}))
    assert "The lines differ" in fewer.reason


def test_growth_of_a_part_and_of_nobody():
    old, new = placed({"1": (300, 1000), "2": (1, 1000)}, OLD), placed({"1": (400, 1000), "2": (1, 1000)})
    parts = [concentration(beyond(one, PART), **VAP) for one in (old, new)]
    verdict = check(Claim.grew("1", **VAP), *parts)
    assert verdict.status == "weaker"
    assert "the part of district 1 that these census tracts cover" in verdict.statement
    mixed = check(Claim.grew("1", **VAP), concentration(old, **VAP), parts[1])
    assert mixed.reason.startswith("One of the two tables covers only a part")
    nobody = check(Claim.grew("1", **VAP), table({"1": (0, 0)}, OLD), table({"1": (400, 1000)}))
    assert nobody.status == "refused"
    assert "no adults" in nobody.reason
