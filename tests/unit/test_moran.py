"""Moran, Getis–Ord and what they stand on: answers worked by hand, listed in full, or printed by others."""

from __future__ import annotations

import itertools
import warnings

import numpy as np
import pandas as pd
import pytest

from kit.analysis.moran import getis_ord, local_moran, moran
from kit.analysis.permutation import benjamini_hochberg, distinct_draws, neighbour_ranks, p_values, subset
from kit.errors import InputError, SchemaError
from kit.model.adjacency import Adjacency
from kit.settings import using


def neighbours(n, pairs):
    """Lay out pairs of positions as an adjacency of units u0, u1 …"""
    rows = np.array(sorted(tuple(sorted(pair)) for pair in pairs), dtype=np.int64).reshape(-1, 2)
    ids = pd.Index([f"u{i}" for i in range(n)], dtype="str", name="GEOID")
    return Adjacency(ids, rows, np.zeros(len(rows)), np.zeros(len(rows), dtype=bool), "queen")


def series(values, adjacency):
    return pd.Series(values, index=adjacency.ids, dtype="float64")


def grid(side):
    """Join the squares of a board, corners too."""
    where = list(itertools.product(range(side), repeat=2))
    close = [
        (i, j)
        for (i, a), (j, b) in itertools.combinations(enumerate(where), 2)
        if max(abs(a[0] - b[0]), abs(a[1] - b[1])) == 1
    ]
    return neighbours(side * side, close)


LINE = neighbours(4, [(0, 1), (1, 2), (2, 3)])
# Points of a published example; those within 15 of each other are neighbours.
POINTS = [(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)]
BAND = neighbours(
    6,
    [
        (i, j)
        for (i, a), (j, b) in itertools.combinations(enumerate(POINTS), 2)
        if np.hypot(a[0] - b[0], a[1] - b[1]) <= 15
    ],
)
BAND_VALUES = [2, 3, 3.2, 5, 8, 7]


# --- by hand -------------------------------------------------------------------------------------------


def test_global_moran_by_hand():
    # z = −1.5 −.5 .5 1.5, Σz² = 5; lags −.5 −.5 .5 .5; Σ z·lag = .75 + .25 + .25 + .75 = 2.
    found = moran(series([1, 2, 3, 4], LINE), LINE, permutations=99)
    assert found.statistic == pytest.approx(0.4)
    assert found.expected == pytest.approx(-1 / 3)
    assert (found.units, found.alone, found.seed) == (4, 0, 20_260_701)


def test_local_moran_by_hand():
    # m2 = 5/4; I = z/m2·lag: −1.5·−.5/1.25 = .6, −.5·−.5/1.25 = .2, then the same backwards.
    frame = local_moran(series([1, 2, 3, 4], LINE), LINE, permutations=99).frame
    assert frame["statistic"].tolist() == pytest.approx([0.6, 0.2, 0.2, 0.6])
    assert frame["lag"].tolist() == pytest.approx([2, 2, 3, 3])
    assert frame["neighbours"].tolist() == [1, 2, 2, 1]
    assert frame["code"].tolist() == ["LL", "LL", "HH", "HH"]
    # The mean of the local ones is the global one.
    assert frame["statistic"].mean() == pytest.approx(moran(series([1, 2, 3, 4], LINE), LINE).statistic)


def test_z_of_local_moran_by_hand():
    # Unit 0 keeps 1 and is given one of 2, 3, 4: mean 3, variance 2/3; its lag is 2. I falls as the lag rises.
    frame = local_moran(series([1, 2, 3, 4], LINE), LINE, permutations=99).frame
    assert frame.loc["u0", "z"] == pytest.approx((3 - 2) / np.sqrt(2 / 3))
    # Unit 1 keeps 2 and is given the mean of two of 1, 3, 4: 2, 2.5 or 3.5; its lag is 2.
    pairs = np.array([2, 2.5, 3.5])
    assert frame.loc["u1", "z"] == pytest.approx((pairs.mean() - 2) / pairs.std())


def test_every_code():
    # A high square among high ones, a high one among low, and so on, along a line.
    line = neighbours(8, [(i, i + 1) for i in range(7)])
    frame = local_moran(series([9, 9, 9, 1, 1, 1, 9, 1], line), line, permutations=9).frame
    assert frame["code"].tolist() == ["HH", "HH", "HL", "LL", "LL", "LL", "HL", "LH"]


# --- exact p, by listing every draw ----------------------------------------------------------------


def exact_share(values, adjacency, unit, *, at_least):
    """List every set of other units that a unit could be given."""
    others = np.delete(np.arange(len(values)), unit)
    near = adjacency.matrix()[[unit], :].nonzero()[1]
    seen = values[near].sum()
    sums = np.array([values[list(some)].sum() for some in itertools.combinations(others, len(near))])
    return (sums >= seen - 1e-9).mean() if at_least else (sums <= seen + 1e-9).mean()


@pytest.mark.parametrize("values", [[3, 1, 4, 1, 5, 9, 2, 6, 5], [0, 0, 1, 0, 1, 1, 0, 0, 1], [0.1, 0.2, 0.3] * 3])
def test_draws_agree_with_every_possible_draw(values):
    board, draws = grid(3), 20_000
    x = np.array(values, dtype=float)
    high, low = neighbour_ranks(x, board, permutations=draws, rng=np.random.default_rng(7))
    for unit in range(9):
        for counted, at_least in ((high, True), (low, False)):
            exact = exact_share(x, board, unit, at_least=at_least)
            # Five standard errors; 0 and 1 must be met exactly.
            assert abs(counted[unit] / draws - exact) <= 5 * np.sqrt(exact * (1 - exact) / draws)


def test_ties_count_on_both_sides():
    board = grid(3)
    x = np.array([0.1, 0.2, 0.3] * 3)
    high, low = neighbour_ranks(x, board, permutations=500, rng=np.random.default_rng(1))
    # The unit in the middle has all others as its neighbours: every draw gives what is there.
    assert (high[4], low[4]) == (500, 500)
    assert p_values(high[4], low[4], 500, sides="one") == 1


def test_many_units_agree_with_a_plain_loop():
    """Draw for each unit by itself and compare, with more units than any draw takes."""
    board, draws, random = grid(8), 4000, np.random.default_rng(3)
    x = random.random(64)
    high, _ = neighbour_ranks(x, board, permutations=draws, rng=np.random.default_rng(4))
    near = board.matrix()
    for unit in range(0, 64, 5):
        at = near[[unit], :].nonzero()[1]
        others = np.delete(np.arange(64), unit)
        sums = np.array([x[random.choice(others, len(at), replace=False)].sum() for _ in range(draws)])
        plain = (sums >= x[at].sum()).mean()
        error = np.sqrt(2 * max(plain * (1 - plain), 1 / draws) / draws)
        assert abs(high[unit] / draws - plain) < 5 * error


def test_without_neighbours_every_draw_is_as_good():
    high, low = neighbour_ranks(np.array([1.0, 2.0]), neighbours(2, []), permutations=7, rng=np.random.default_rng(1))
    assert high.tolist() == low.tolist() == [7, 7]


# --- draws -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "width"), [(50, 5), (12, 6), (9, 9), (400, 30), (1, 1)])
def test_draws_are_distinct_and_fair(n, width):
    table = distinct_draws(n, width, 3000, np.random.default_rng(5))
    assert table.shape == (width, 3000)
    assert all(len(set(column)) == width for column in table.T)
    seen = np.bincount(table.ravel(), minlength=n) / 3000
    expected = width / n
    assert np.abs(seen - expected).max() <= 5 * np.sqrt(expected * (1 - expected) / 3000) + 1e-12
    first = np.bincount(table[0], minlength=n) / 3000
    assert np.abs(first - 1 / n).max() <= 5 * np.sqrt(1 / n * (1 - 1 / n) / 3000) + 1e-12


def test_pieces_of_the_work_do_not_change_the_answer(monkeypatch):
    board = grid(6)
    x = series(np.random.default_rng(6).random(36), board)
    whole = moran(x, board, permutations=200), local_moran(x, board, permutations=200).frame
    star = neighbours(36, [(0, i) for i in range(1, 36)])
    hub = local_moran(x, star, permutations=200).frame
    monkeypatch.setattr("kit.analysis.moran._AT_ONCE", 100)
    monkeypatch.setattr("kit.analysis.permutation._AT_ONCE", 100)
    assert moran(x, board, permutations=200) == whole[0]
    pd.testing.assert_frame_equal(local_moran(x, board, permutations=200).frame, whole[1])
    pd.testing.assert_frame_equal(local_moran(x, star, permutations=200).frame, hub)


def test_a_seed_gives_the_same_again_and_another_seed_other_draws():
    board = grid(6)
    x = series(np.random.default_rng(6).random(36), board)
    first, again = (local_moran(x, board, rng=11, permutations=500) for _ in range(2))
    pd.testing.assert_frame_equal(first.frame, again.frame)
    other = local_moran(x, board, rng=12, permutations=500)
    assert (first.frame["p"] != other.frame["p"]).any()
    assert first.frame["statistic"].equals(other.frame["statistic"])
    given = local_moran(x, board, rng=np.random.default_rng(11), permutations=500)
    pd.testing.assert_frame_equal(first.frame, given.frame)
    assert (first.seed, given.seed) == (11, None)
    assert first.notes[0] == "500 shuffles, from seed 11."
    assert given.notes[0] == "500 shuffles, from a random generator the caller passed."


# --- p ---------------------------------------------------------------------------------------------------


def test_p_of_one_and_of_two_sides():
    assert p_values(4, 96, 99, sides="one") == pytest.approx(0.05)
    assert p_values(96, 4, 99, sides="one") == pytest.approx(0.05)
    assert p_values(4, 96, 99, sides="two") == pytest.approx(0.10)
    assert p_values(60, 99, 99, sides="two") == 1
    board = grid(5)
    x = series(np.random.default_rng(1).random(25), board)
    one, two = (local_moran(x, board, sides=sides, permutations=99) for sides in ("one", "two"))
    assert two.frame["p"].tolist() == (2 * one.frame["p"]).clip(upper=1).tolist()
    assert "one-sided" in one.notes[1]
    assert "two-sided" in two.notes[1]


def test_p_is_fair_where_there_is_nothing_to_find():
    """Of values dealt out at random one in ten has a two-sided p of .1 or less, and one in five a one-sided one."""
    board = grid(20)
    for sides, share in (("two", 0.1), ("one", 0.2)):
        p = [
            local_moran(series(np.random.default_rng(seed).gamma(2, size=400), board), board, sides=sides).frame["p"]
            for seed in range(10)
        ]
        assert (pd.concat(p) <= 0.1).mean() == pytest.approx(share, abs=0.02)


def test_benjamini_hochberg_by_hand():
    # Sorted .005 .009 .019 .022 .051 .10, times 6/rank: .03 .027 .038 .033 .0612 .10, then the least from there on.
    p = pd.Series([0.051, 0.005, np.nan, 0.022, 0.10, 0.019, 0.009], index=list("abcdefg"))
    found = benjamini_hochberg(p)
    assert found.drop("c").tolist() == pytest.approx([0.0612, 0.027, 0.033, 0.10, 0.033, 0.027])
    assert np.isnan(found["c"])
    assert benjamini_hochberg([]).tolist() == []
    assert np.isnan(benjamini_hochberg([np.nan])).all()


def test_benjamini_hochberg_agrees_with_scipy():
    from scipy.stats import false_discovery_control

    p = np.random.default_rng(2).random(500) ** 3
    assert benjamini_hochberg(p) == pytest.approx(false_discovery_control(p))


# --- Getis–Ord ---------------------------------------------------------------------------------------


def test_getis_ord_as_printed():
    x = series(BAND_VALUES, BAND)
    plain = getis_ord(x, BAND, star=False, permutations=9).frame["z"]
    assert plain.tolist() == pytest.approx(
        [-1.0136729, -0.04361589, 1.31558703, -0.31412676, 1.15373986, 1.77833941], abs=1e-6
    )
    star = getis_ord(x, BAND, permutations=9).frame["z"]
    assert star.tolist() == pytest.approx(
        [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331], abs=1e-6
    )
    # Printed for row-standardised weights: the same scores with Σw in the place of Σw² in the variance.
    weight = BAND.degrees + 1
    printed = star * np.sqrt((6 / weight - 1) / 5)
    assert printed.tolist() == pytest.approx(
        [-0.62488094, -0.09144599, 0.41150696, -0.09144599, 0.24690418, 1.28024388], abs=1e-6
    )


def test_getis_ord_ranks_the_same_draws_as_local_moran():
    board = grid(5)
    x = series(np.random.default_rng(9).random(25), board)
    assert getis_ord(x, board).frame["p"].equals(local_moran(x, board).frame["p"])


def test_getis_ord_code_is_empty_where_score_and_draws_disagree():
    # The first unit is by far the highest and its neighbour the lowest.
    line = neighbours(5, [(0, 1), (1, 2), (2, 3), (3, 4)])
    found = getis_ord(series([100, 0, 1, 2, 3], line), line, permutations=99).frame
    assert found.loc["u0", "z"] > 0
    assert found.loc["u0", "code"] == ""


# --- peers -------------------------------------------------------------------------------------------


def weights_of(adjacency):
    import libpysal

    table = adjacency.matrix()
    near = {i: table.indices[table.indptr[i] : table.indptr[i + 1]].tolist() for i in range(len(adjacency.ids))}
    return libpysal.weights.W(near, silence_warnings=True)


def test_figures_equal_those_of_esda():
    board = grid(7)
    lonely = neighbours(50, board.pairs.tolist())  # the last unit touches nobody
    x = np.random.default_rng(8).gamma(2, size=50)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import esda

        overall = esda.Moran(x, weights_of(lonely), permutations=0)
        local = esda.Moran_Local(x, weights_of(lonely), permutations=0)
        gi = esda.G_Local(x, weights_of(lonely), transform="B", star=True, permutations=0)
    ours = moran(series(x, lonely), lonely, permutations=99)
    assert ours.statistic == pytest.approx(overall.I, abs=1e-12)
    assert ours.z == pytest.approx(overall.z_rand, abs=1e-9)
    assert ours.alone == 1
    frame = local_moran(series(x, lonely), lonely, permutations=99).frame.iloc[:-1]
    # They divide by n − 1 where we divide by n.
    assert frame["statistic"].to_numpy() * 49 / 50 == pytest.approx(local.Is[:-1], abs=1e-9)
    z = (frame["statistic"] - local.EIc[:-1]) / np.sqrt(local.VIc[:-1])
    assert frame["z"].to_numpy() == pytest.approx(z.to_numpy(), abs=1e-9)
    starred = getis_ord(series(x, lonely), lonely, permutations=99).frame.iloc[:-1]
    assert starred["z"].to_numpy() == pytest.approx(gi.Zs[:-1], abs=1e-9)


# --- what cannot be computed ------------------------------------------------------------------------


@pytest.mark.parametrize("values", [[5, 5, 5, 5], [0, 0, 0, 0], [0.1 + 0.2, 0.3, 0.3, 0.3]])
def test_equal_values_are_undefined(values):
    overall = moran(series(values, LINE), LINE)
    assert np.isnan([overall.statistic, overall.z, overall.p]).all()
    assert overall.summary() == (
        "Moran's I cannot be given. All units have the same value, so nothing can be said of who lives near whom."
    )
    for test in (local_moran, getis_ord):
        found = test(series(values, LINE), LINE)
        assert found.frame[["statistic", "z", "p"]].isna().all(axis=None)
        assert (found.frame["code"] == "").all()
        assert found.notes == ("All units have the same value, so nothing can be said of who lives near whom.",)


def test_one_unit_no_unit_and_no_pair():
    one = neighbours(1, [])
    assert np.isnan(moran(series([3], one), one).statistic)
    assert local_moran(series([3], one), one).frame["p"].isna().all()
    none = neighbours(0, [])
    assert local_moran(series([], none), none).notes == ("No unit has a value.",)
    apart = neighbours(3, [])
    assert "No two of these units are neighbours" in moran(series([1, 2, 3], apart), apart).summary()


def test_two_and_three_units_that_all_touch():
    for n in (2, 3):
        all_touch = neighbours(n, itertools.combinations(range(n), 2))
        found = local_moran(series(range(n), all_touch), all_touch, permutations=9)
        assert (found.frame["p"] == 1).all()
        assert found.frame["z"].isna().all()
        assert "p = 1" in moran(series(range(n), all_touch), all_touch, permutations=9).summary()
        starred = getis_ord(series(range(n), all_touch), all_touch, permutations=9).frame
        assert starred["z"].isna().all()


def test_a_value_of_exactly_the_mean_is_never_significant_by_moran_alone():
    line = neighbours(3, [(0, 1), (1, 2)])
    frame = local_moran(series([1, 2, 3], line), line, permutations=99).frame
    assert frame.loc["u1", "statistic"] == 0


def test_units_without_neighbours_have_no_figure_but_count_in_the_mean():
    lonely = neighbours(5, LINE.pairs.tolist())
    frame = local_moran(series([1, 2, 3, 4, 100], lonely), lonely, permutations=99).frame
    assert frame.loc["u4", ["lag", "statistic", "z", "p"]].isna().all()
    assert frame.loc["u4", "neighbours"] == 0
    assert frame["code"].tolist() == ["LL", "LL", "LL", "LL", ""]


def test_missing_values_leave_with_their_pairs():
    frame = local_moran(series([1, 2, np.nan, 4], LINE), LINE, permutations=99).frame
    assert frame["neighbours"].isna().tolist() == [False, False, True, False]
    assert frame.loc["u1", "neighbours"] == 1
    assert frame.loc["u3", "neighbours"] == 0
    short = subset(LINE, np.array([True, True, False, True]))
    assert short.pairs.tolist() == [[0, 1]]
    assert short.ids.tolist() == ["u0", "u1", "u3"]
    same = local_moran(pd.Series([1.0, 2.0, 4.0], index=short.ids), short, permutations=99).frame
    pd.testing.assert_frame_equal(frame.drop("u2"), same, check_dtype=False)


def test_the_order_of_the_values_does_not_matter():
    x = series([1, 5, 3, 4], LINE)
    pd.testing.assert_frame_equal(local_moran(x.iloc[::-1], LINE).frame, local_moran(x, LINE).frame)
    assert moran(x.iloc[::-1], LINE) == moran(x, LINE)


@pytest.mark.parametrize("test", [moran, local_moran, getis_ord])
def test_bad_input_is_told(test):
    x = series([1, 2, 3, 4], LINE)
    with pytest.raises(SchemaError, match=r"different units: 1 stand in one only, first u3\. Find the neighbours"):
        test(x.iloc[:3], LINE)
    with pytest.raises(SchemaError, match="1 values are not finite, first u0"):
        test(x.replace(1, np.inf), LINE)
    for wrong in (0, -1, 2.5, True, "many"):
        with pytest.raises(InputError, match="permutations=.*; pass a whole number of 1 or more"):
            test(x, LINE, permutations=wrong)
    for wrong in (None, -1, 1.5, True, "seed"):
        with pytest.raises(InputError, match="is no seed; pass a whole number"):
            test(x, LINE, rng=wrong)
    with pytest.raises(InputError, match=r'sides=3; pass "one"'):
        test(x, LINE, sides=3)


def test_the_bar_of_a_long_shuffle(capsys):
    with using(progress=True):
        moran(series([1, 2, 3, 4], LINE), LINE)
    assert capsys.readouterr().out == ""


def test_summary_of_the_whole_says_which_way():
    board = grid(8)
    rising = series(np.arange(64), board)
    assert moran(rising, board).summary().endswith("neighbouring units are more alike than chance makes them.")
    rook = neighbours(64, [tuple(p) for p in board.pairs if abs(p[0] - p[1]) in (1, 8)])
    chess = series([(i // 8 + i) % 2 for i in range(64)], rook)
    assert moran(chess, rook).summary().endswith("neighbouring units are less alike than chance makes them.")
    noise = series(np.random.default_rng(3).random(64), board)
    assert "are no more alike or unlike than chance makes them." in moran(noise, board).summary()
