"""What must hold for any two plans: labels are names, a plan is no distance from itself, counts scale."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kit.analysis.compare import compare_plans
from kit.analysis.many_plans import score_plans
from kit.analysis.matching import NOWHERE
from kit.analysis.placement import place
from kit.analysis.swaps import swap_sheet
from kit.model.frames import Plan, Units

GROUP = {"group": "asian_alone", "base": "vap"}
LABELS = ("1", "2", "3", "10", "A")
SCALED = [
    "label_matched_retention", "best_match_retention", "base_retention", "group_retention", "gap",
    "variation_of_information",
]  # fmt: skip


@st.composite
def cases(draw, open_=False):
    """Draw blocks with counts that can be true, and two lists of districts."""
    n = draw(st.integers(1, 12))
    rows = []
    for _ in range(n):
        people = draw(st.integers(0, 900))
        adults = draw(st.integers(0, people))
        rows.append((people, adults, draw(st.integers(0, adults))))
    ids = pd.Index([f"36061000100{1000 + i}" for i in range(n)], dtype="str", name="GEOID")
    units = Units(pd.DataFrame(rows, columns=["total_pop", "total_vap", "asian_alone_vap"], index=ids), "block", 2020)
    labels = st.sampled_from((*LABELS, None) if open_ else LABELS)
    lists = [
        pd.Series(draw(st.lists(labels, min_size=n, max_size=n)), index=ids, dtype="str").dropna() for _ in range(2)
    ]
    assume(all(len(listed) for listed in lists))
    return units, *lists


def placed(units, listed, name="Plan"):
    return place(
        units, Plan(name, tuple(sorted(set(listed))), assignment=listed, level="block", year=2020), outside="report"
    )


def compared(units, one, other):
    return compare_plans(placed(units, one), placed(units, other), **GROUP)


@given(cases(), st.permutations(LABELS), st.permutations(LABELS))
@settings(max_examples=21, deadline=None)
def test_labels_are_only_names(case, first, second):
    units, one, other = case
    found = compared(units, one, other)
    renamed = [dict(zip(LABELS, names, strict=True)) for names in (first, second)]
    again = compared(units, one.map(renamed[0]), other.map(renamed[1]))
    kept = [name for name in found.plan.index if name not in {"label_matched_retention", "units_moved"}]
    pd.testing.assert_series_equal(found.plan[kept], again.plan[kept], rtol=1e-12, atol=1e-12)


@given(cases())
@settings(max_examples=21, deadline=None)
def test_distance_is_the_same_both_ways_and_never_negative(case):
    units, one, other = case
    there, back = (compared(units, *pair).plan["variation_of_information"] for pair in ((one, other), (other, one)))
    if not units.frame["total_pop"].sum():
        assert np.isnan(there)
        assert np.isnan(back)
        return
    assert there == pytest.approx(back, abs=1e-12)
    assert there >= 0
    lived = units.frame["total_pop"] > 0
    groups = [pd.factorize(listed[lived])[0].tolist() for listed in (one, other)]
    assert (there < 1e-12) == (groups[0] == groups[1])


@given(cases())
@settings(max_examples=20, deadline=None)
def test_a_plan_is_no_distance_from_itself(case):
    units, one, _ = case
    found = compared(units, one, one)
    assert found.plan[["people_moved", "group_moved", "units_moved"]].tolist() == [0, 0, 0]
    assert found.matching.index.tolist() == found.matching.tolist()
    assert (found.frame["difference"].dropna() == 0).all()
    if units.frame["total_pop"].sum():
        assert found.plan["variation_of_information"] == 0


@given(cases(open_=True))
@settings(max_examples=21, deadline=None)
def test_doubling_counts_leaves_shares_and_retention(case):
    units, one, other = case
    doubled = Units(units.frame * 2, "block", 2020)
    found, again = compared(units, one, other), compared(doubled, one, other)
    assert found.matching.equals(again.matching)
    np.testing.assert_allclose(found.plan[SCALED].to_numpy(), again.plan[SCALED].to_numpy(), rtol=1e-12, atol=1e-12)
    shares = ["share_before", "share_after", "difference", "retention", "group_retention"]
    np.testing.assert_allclose(
        found.frame[shares].to_numpy("float64"), again.frame[shares].to_numpy("float64"), rtol=1e-12
    )
    assert again.plan["people_moved"] == 2 * found.plan["people_moved"]


@given(cases(open_=True))
@settings(max_examples=21, deadline=None)
def test_the_swap_sheet_accounts_for_everybody(case):
    units, one, other = case
    before, after = placed(units, one), placed(units, other)
    sheet = swap_sheet(before, after, **GROUP, small_base=0)
    found = compare_plans(before, after, **GROUP)
    assert sheet.total["people"] == found.plan["people_moved"] == sheet.moves["people"].sum()
    assert sheet.total["units"] == found.plan["units_moved"] == len(sheet.units)
    assert sheet.units["people"].sum() == sheet.total["people"]
    assert not (sheet.moves[["from", "to"]] == NOWHERE).all(axis=1).any()
    assert sheet.net[["people_net", "group_net", "units_net"]].sum().tolist() == [0, 0, 0]
    hidden = sheet.moves["group"].isna()
    assert ((sheet.moves["units"] == 1) & (sheet.moves["base"] > 0)).equals(hidden)


@given(cases(open_=True))
@settings(max_examples=20, deadline=None)
def test_many_plans_agree_with_one(case):
    units, one, other = case
    plans = pd.DataFrame({"one": one.reindex(units.frame.index), "other": other.reindex(units.frame.index)})
    scores = score_plans(units, plans, columns=["asian_alone_vap"])
    for name, listed in (("one", one), ("other", other)):
        placement = placed(units, listed)
        people = placement.totals(["total_pop"])["total_pop"]
        assert scores.loc[name, "population_range"] == people.max() - people.min()
        assert scores.loc[name, "unassigned_people"] == placement.unassigned["people"].sum()
