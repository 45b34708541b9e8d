"""What must hold of every margin of error, however odd the estimates."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kit import moe

few = settings(max_examples=36, deadline=None)
count = st.integers(0, 10**7)
margin = st.floats(0, 10**6, allow_subnormal=False).map(lambda m: round(m, 3))
terms = st.lists(st.tuples(count, margin), min_size=1, max_size=12)


def split(pairs):
    return np.array([e for e, _ in pairs], dtype=float), np.array([m for _, m in pairs], dtype=float)


def zero_rule(estimates, moes):
    """Add one term after the other, as one would by hand."""
    total, largest = 0.0, 0.0
    for estimate, m in zip(estimates, moes, strict=True):
        if estimate == 0:
            largest = max(largest, m)
        else:
            total += m * m
    return (total + largest * largest) ** 0.5


@few
@given(terms)
def test_sum_is_the_sum_by_hand_and_never_negative(pairs):
    found = moe.sum(*split(pairs))
    assert found >= 0
    assert found == pytest.approx(zero_rule(*split(pairs)))


@few
@given(terms, st.randoms())
def test_sum_does_not_mind_the_order(pairs, random):
    turned = random.sample(pairs, len(pairs))
    assert moe.sum(*split(turned)) == pytest.approx(moe.sum(*split(pairs)))


@few
@given(count, margin)
def test_sum_of_one_is_itself(estimate, m):
    assert moe.sum([estimate], [m]) == pytest.approx(m)


@few
@given(terms, st.floats(0.001, 1000))
def test_sum_scales(pairs, factor):
    estimates, moes = split(pairs)
    assert moe.sum(estimates * factor, moes * factor) == pytest.approx(factor * moe.sum(estimates, moes))


@few
@given(terms)
def test_sum_lies_between_the_largest_margin_and_all_of_them(pairs):
    estimates, moes = split(pairs)
    found = moe.sum(estimates, moes)
    assert moes.max() * (1 - 1e-12) <= found <= moes.sum() * (1 + 1e-12)
    assert found <= moe.weighted_sum(np.ones(len(moes)), moes) * (1 + 1e-12)


@few
@given(terms, st.data())
def test_sum_by_group_is_a_loop_over_groups(pairs, data):
    labels = data.draw(st.lists(st.sampled_from(["1", "2", "10", None]), min_size=len(pairs), max_size=len(pairs)))
    estimates, moes = split(pairs)
    found = moe.sum(estimates, moes, by=labels)
    weighted = moe.weighted_sum(estimates, moes, by=labels)
    assert list(found.index) == sorted({label for label in labels if label})
    for label in found.index:
        rows = np.array([one == label for one in labels])
        assert found[label] == pytest.approx(zero_rule(estimates[rows], moes[rows]))
        assert weighted[label] == pytest.approx(moe.weighted_sum(estimates[rows], moes[rows]))


@few
@given(st.lists(st.tuples(count, margin, count, margin), min_size=1, max_size=8))
def test_sum_by_row_is_a_loop_over_rows(rows):
    table = np.array(rows, dtype=float)
    found = moe.sum(table[:, [0, 2]], table[:, [1, 3]], axis=1)
    assert found == pytest.approx([zero_rule((a, b), (ma, mb)) for a, ma, b, mb in rows])


@few
@given(count, margin, st.integers(1, 10**7), margin)
def test_proportion_is_never_wider_than_the_ratio(part, m_part, rest, m_whole):
    given_ = (part, m_part, part + rest, m_whole)
    share, wide = moe.proportion(*given_), moe.ratio(*given_)
    assert 0 <= share <= wide * (1 + 1e-12)
    assert moe.falls_back(*given_) is (m_part**2 < (part / (part + rest) * m_whole) ** 2)
    if moe.falls_back(*given_):
        assert share == pytest.approx(wide)


@few
@given(count, margin, st.integers(1, 10**7), margin, st.integers(2, 1000))
def test_shares_do_not_mind_the_unit_of_counting(part, m_part, rest, m_whole, factor):
    given_ = np.array([part, m_part, part + rest, m_whole], dtype=float)
    assert moe.ratio(*(given_ * factor)) == pytest.approx(moe.ratio(*given_))
    assume(abs(given_[1] ** 2 - (part / (part + rest) * m_whole) ** 2) > 1e-6 * (1 + given_[1] ** 2))
    assert moe.proportion(*(given_ * factor)) == pytest.approx(moe.proportion(*given_))


@few
@given(count, margin, count, margin)
def test_two_estimates_do_not_mind_their_order(a, ma, b, mb):
    assert moe.difference(ma, mb) == moe.difference(mb, ma) >= max(ma, mb) * (1 - 1e-12)
    assert moe.product(a, ma, b, mb) == moe.product(b, mb, a, ma) >= 0
    assert moe.significance(a, ma, b, mb) == moe.significance(b, mb, a, ma)


@few
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_thresholds(share, m, tau):
    found = moe.threshold(share, m, tau)
    low, high = moe.interval(share, m)
    assert 0 <= found.probability <= 1
    assert 0 <= low <= share <= high <= 1
    if share > tau:
        assert found.probability >= 0.5
    assert ("cannot be distinguished" in found.sentence) is found.spans
    if found.spans:
        assert 0.0499 <= found.probability <= 0.9501


@few
@given(terms, st.integers(0, 11))
def test_what_is_missing_stays_missing(pairs, place):
    estimates, moes = split(pairs)
    moes[place % len(moes)] = np.nan
    assert np.isnan(moe.sum(estimates, moes))
    assert np.isnan(moe.weighted_sum(estimates + 1, moes))
    index = [f"{i}" for i in range(len(moes))]
    shares = moe.proportion(pd.Series(estimates, index), pd.Series(moes, index), 10**8, 5)
    assert list(shares.index) == index
    assert shares.isna().to_numpy().tolist() == np.isnan(moes).tolist()
