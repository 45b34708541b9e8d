"""What must hold for any counts: bounds, doubling, order, and a defined result or an error of our own."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kit.analysis.clusters import clusters
from kit.analysis.moran import local_moran, moran
from kit.analysis.segregation import dissimilarity, interaction, isolation, segregation, theil
from kit.model.adjacency import Adjacency
from kit.model.frames import Units

GROUP, OTHER, TOTAL = "asian_alone_vap", "nhpi_alone_vap", "total_vap"


def ids_of(n):
    return pd.Index([f"36061000100{1000 + i}" for i in range(n)], dtype="str", name="GEOID")


@st.composite
def areas(draw, *, most=12):
    """Draw units whose two groups fit into everyone, empty units among them."""
    n = draw(st.integers(1, most))
    rows = []
    for _ in range(n):
        total = draw(st.integers(0, 500))
        a = draw(st.integers(0, total))
        rows.append((a, draw(st.integers(0, total - a)), total))
    frame = pd.DataFrame(rows, columns=[GROUP, OTHER, TOTAL], index=ids_of(n))
    return Units(frame, "block", 2020)


@st.composite
def joined(draw, *, most=12):
    """Draw units and which of them touch."""
    units = draw(areas(most=most))
    n = len(units)
    every = [(i, j) for i in range(n) for j in range(i + 1, n)]
    pairs = sorted(draw(st.lists(st.sampled_from(every), unique=True))) if every else []
    rows = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return units, Adjacency(units.frame.index, rows, np.zeros(len(rows)), np.zeros(len(rows), dtype=bool), "queen")


def measure(units, **options):
    return segregation(units, group="asian_alone", base="vap", **options)


@settings(max_examples=36, deadline=None)
@given(areas(), st.sampled_from(["rest", "nhpi_alone"]))
def test_measures_lie_between_their_bounds(units, against):
    found = measure(units, against=against)
    inside = found.measures.drop(["theil_m", "entropy"]).dropna()
    assert inside.between(-1e-12, 1 + 1e-12).all()
    assert not found.measures["theil_m"] > found.measures["entropy"] + 1e-12
    a = units.frame[GROUP].sum()
    assert pd.isna(found.measures["isolation"]) == (a == 0)
    if a and against == "rest":
        assert found.measures["isolation"] + found.measures["interaction"] == pytest.approx(1)
        assert found.measures["isolation"] >= found.measures["share"] - 1e-12
    assert found.summary()


@settings(max_examples=36, deadline=None)
@given(areas(), st.integers(2, 1000))
def test_more_of_the_same_people_change_nothing(units, times):
    once = measure(units, groups=["asian_alone", "nhpi_alone"])
    often = measure(Units(units.frame * times, "block", 2020), groups=["asian_alone", "nhpi_alone"])
    assert often.measures.to_numpy() == pytest.approx(once.measures.to_numpy(), abs=1e-9, nan_ok=True)
    quotients = often.frame["location_quotient"].to_numpy()
    assert quotients == pytest.approx(once.frame["location_quotient"].to_numpy(), abs=1e-9, nan_ok=True)


@settings(max_examples=36, deadline=None)
@given(areas(), st.randoms(use_true_random=False))
def test_the_order_and_the_names_of_units_change_nothing(units, random):
    order = list(range(len(units)))
    random.shuffle(order)
    mixed = units.frame.iloc[order].set_axis(ids_of(len(units)))
    expected, found = measure(units).measures, measure(Units(mixed, "block", 2020)).measures
    assert found.to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-9, nan_ok=True)


@settings(max_examples=36, deadline=None)
@given(areas())
def test_cutting_a_unit_into_like_parts_changes_nothing(units):
    halves = pd.concat([units.frame, units.frame]).set_axis(ids_of(2 * len(units)))
    expected, found = measure(units).measures, measure(Units(halves, "block", 2020)).measures
    assert found.to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-9, nan_ok=True)


@settings(max_examples=36, deadline=None)
@given(areas(), st.integers(1, 4))
def test_merging_units_never_raises_the_unevenness(units, size):
    frame = units.frame.astype(float)
    merged = frame.groupby(np.arange(len(frame)) // size).sum()
    parts = (GROUP, OTHER)
    assume(all(frame[name].sum() for name in parts))
    a, b = (frame[name] for name in parts)
    assert dissimilarity(merged[GROUP], merged[OTHER]) <= dissimilarity(a, b) + 1e-9
    nested = theil(frame[[*parts]], by=np.arange(len(frame)) // size)
    assert nested.between == pytest.approx(theil(merged[[*parts]]).m, abs=1e-9)
    assert nested.within >= -1e-9
    assert nested.between + nested.within == pytest.approx(nested.m)
    assert isolation(merged[GROUP], merged[TOTAL]) <= isolation(a, frame[TOTAL]) + 1e-9


@settings(max_examples=24, deadline=None)
@given(areas())
def test_who_meets_whom_is_the_same_seen_from_both_sides(units):
    a, b, total = (units.frame[name] for name in (GROUP, OTHER, TOTAL))
    assume(a.sum() and b.sum())
    assert interaction(a, b, total) * a.sum() == pytest.approx(interaction(b, a, total) * b.sum())


# --- neighbours -------------------------------------------------------------------------------------------


@settings(max_examples=36, deadline=None)
@given(joined(), st.sampled_from(["moran", "gi"]), st.sampled_from([None, "empirical_bayes"]), st.sampled_from([0, 50]))
def test_clusters_are_defined_for_any_units(case, method, smoothing, minimum):
    units, near = case
    options = {"group": "asian_alone", "base": "vap", "adjacency": near, "permutations": 49, "q": 0.4}
    found = clusters(units, method=method, smoothing=smoothing, minimum=minimum, **options)
    frame = found.frame
    assert frame.index.equals(units.frame.index)
    assert frame["p"].dropna().between(1 / 50, 1).all()
    assert (frame["p_adjusted"].dropna() >= frame["p"].dropna()).all()
    assert frame["label"].notna().all()
    assert frame["cluster"].notna().sum() == found.outlines["units"].sum() == len(found.communities.membership)
    assert frame.loc[frame["cluster"].notna(), "code"].isin(["HH", "H"]).all()
    assert found.outlines["count"].sum() == frame.loc[frame["cluster"].notna(), "count"].sum()
    assert found.summary()


@settings(max_examples=24, deadline=None)
@given(joined(), st.floats(0.1, 50), st.floats(-5, 5))
def test_a_change_of_scale_changes_no_figure(case, scale, shift):
    units, near = case
    value = units.frame[GROUP].astype(float)
    assume(value.max() > value.min())
    once, again = (local_moran(v, near, permutations=49).frame for v in (value, value * scale + shift))
    for name in ("statistic", "z", "p"):
        assert again[name].to_numpy() == pytest.approx(once[name].to_numpy(), rel=1e-6, abs=1e-6, nan_ok=True)
    first, second = (moran(v, near, permutations=49) for v in (value, value * scale + shift))
    assert second.statistic == pytest.approx(first.statistic, abs=1e-9, nan_ok=True)


@settings(max_examples=24, deadline=None)
@given(joined())
def test_turning_high_and_low_round_turns_the_codes_round(case):
    units, near = case
    value = units.frame[GROUP].astype(float)
    once, again = (local_moran(v, near, permutations=49).frame for v in (value, -value))
    assert again["p"].to_numpy() == pytest.approx(once["p"].to_numpy(), nan_ok=True)
    assert again["statistic"].to_numpy() == pytest.approx(once["statistic"].to_numpy(), nan_ok=True)
