"""What holds for every table of splits and every set of named areas."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.analysis.communities import community_splits
from kit.analysis.packing import packing
from kit.analysis.placement import place
from kit.analysis.splits import plan_totals, split_measures
from kit.model.communities import Communities
from kit.model.frames import Plan, Units

RATIOS = ["largest_share", "effective_districts", "effective_splits", "entropy", "entropy_effective", "sqrt_score"]


@st.composite
def tables(draw):
    """Draw whole counts of a few areas by a few districts; many are zero."""
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    some = st.one_of(st.just(0), st.integers(0, 50_000))
    values = draw(st.lists(st.lists(some, min_size=columns, max_size=columns), min_size=rows, max_size=rows))
    return pd.DataFrame(values, columns=[str(i) for i in range(columns)])


@settings(max_examples=48, deadline=None)
@given(tables())
def test_measures_lie_within_their_bounds(counts):
    got = split_measures(counts)
    lived = got[got["people"] > 0]
    assert (lived["effective_districts"] >= 1).all()
    assert (lived["effective_districts"] <= lived["districts"] * (1 + 1e-12)).all()
    assert (lived["entropy_effective"] <= lived["districts"] * (1 + 1e-12)).all()
    assert (lived["sqrt_score"] <= np.sqrt(lived["districts"]) * (1 + 1e-12)).all()
    assert lived["split_pairs"].between(0, 1).all()
    whole = lived["districts"] == 1
    assert (lived.loc[whole, ["effective_splits", "entropy", "split_pairs"]] == 0).all(axis=None)
    assert (lived.loc[whole, ["sqrt_score", "largest_share"]] == 1).all(axis=None)
    assert got.loc[got["people"] == 0, RATIOS].isna().all(axis=None)


@settings(max_examples=36, deadline=None)
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_and_names_of_districts_change_nothing(counts, random):
    order = list(counts.columns)
    random.shuffle(order)
    mixed = counts[order].set_axis([f"x{i}" for i in range(len(order))], axis=1)
    one, other = split_measures(counts), split_measures(mixed)
    names = [*RATIOS, "split_pairs", "districts", "people"]
    pd.testing.assert_frame_equal(one[names], other[names], rtol=1e-12)
    pd.testing.assert_series_equal(plan_totals(one), plan_totals(other), rtol=1e-12)


@settings(max_examples=36, deadline=None)
@given(tables())
def test_doubling_counts_leaves_ratios_alone(counts):
    one, two = split_measures(counts), split_measures(counts * 2)
    pd.testing.assert_frame_equal(one[RATIOS], two[RATIOS], rtol=1e-12)
    pd.testing.assert_series_equal(one["largest_district"], two["largest_district"])


@st.composite
def places(draw):
    """Draw blocks with people, a plan that may leave some out, and areas that overlap and cut blocks."""
    number = draw(st.integers(1, 12))
    ids = pd.Index([f"36061000100{i:04d}" for i in range(number)], dtype="str", name="GEOID")
    total = draw(st.lists(st.integers(0, 500), min_size=number, max_size=number))
    group = [draw(st.integers(0, t)) for t in total]
    units = Units(pd.DataFrame({"total_pop": total, "aapi_aoic_pop": group}, index=ids), level="block", year=2020)
    listed = draw(st.lists(st.sampled_from(["1", "2", "3", None]), min_size=number, max_size=number))
    listed[0] = "1"
    plan = Plan("p", ("1", "2", "3"), assignment=pd.Series(listed, index=ids).dropna(), level="block", year=2020)
    names = ("A", "B")
    shares = st.sampled_from([0.0, 0.25, 0.5, 1.0])
    rows = [(name, i, draw(shares)) for name in names for i in ids]
    frame = pd.DataFrame(rows, columns=["community", "GEOID", "share"]).astype({"community": "str", "GEOID": "str"})
    frame.loc[0, "share"] = 1.0
    return place(units, plan, outside="report"), Communities(names, frame[frame["share"] > 0].reset_index(drop=True))


@settings(max_examples=36, deadline=None)
@given(places())
def test_pieces_keep_everybody_of_an_area(case):
    placed, areas = case
    got = community_splits(areas, placed, group="aapi_aoic", base="pop")
    for name, lost in (("base", "unplaced"), ("count", "unplaced_group")):
        pieces = got.pieces.groupby("community")[name].sum().reindex(got.frame.index, fill_value=0.0)
        known = got.frame["units"] > 0
        np.testing.assert_allclose((pieces + got.frame[lost])[known], got.frame.loc[known, name], atol=1e-9)
    assert (got.frame["cut_off"].dropna() >= 0).all()
    assert (got.frame["cut_off_group"].dropna() >= 0).all()
    assert (np.diff(got.sweep["preserved"]) <= 0).all()
    assert not (got.frame["kept_whole"].fillna(value=False) & (got.frame["districts"] != 1)).any()


@settings(max_examples=24, deadline=None)
@given(places(), st.sampled_from([0.1, 0.25, 0.5]))
def test_surplus_is_a_part_of_the_group(case, tau):
    placed, areas = case
    got = packing(placed, group="aapi_aoic", base="pop", areas=areas, tau=tau)
    assert 0 <= got.plan["surplus_people"] <= got.plan["count"]
    assert (got.districts["surplus_people"] > 0).sum() == got.plan["districts_above"]
    best = got.areas["best_share"].dropna()
    assert best.between(0, 1).all()
    assert set(got.areas["best_district"].dropna()) <= set(placed.plan.labels)
