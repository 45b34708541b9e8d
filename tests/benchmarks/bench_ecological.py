"""How long King's method and rows by columns take on the published sample of Santa Clara, 42 precincts, four chains.

Run with ``make bench``; nothing here passes or fails by the clock, but the figures must be those that were published,
and the chains must agree. The aim is two minutes on two cores for King's method.
"""

from __future__ import annotations

import pandas as pd
import pytest

from kit.analysis.ecological import ecological_inference


@pytest.fixture(scope="module")
def santa_clara(fixtures_dir):
    return pd.read_csv(fixtures_dir / "santa_clara.csv", dtype={"precinct": "str"}).set_index("precinct")


@pytest.mark.benchmark(group="ecological inference, 42 precincts, 4 chains")
def test_king(benchmark, santa_clara):
    given = {"groups": {"East Asian": "pct_e_asian_vote"}, "candidates": {"Hardy": "pct_for_hardy2"}}
    found = benchmark.pedantic(
        ecological_inference, (santa_clara,), {**given, "votes": "total2", "of": "voters"}, rounds=1, iterations=1
    )
    assert found.diagnostics["passed"].all(), found.diagnostics.to_string()
    group, rest = found.frame.loc[("East Asian", "Hardy")], found.frame.loc[("not East Asian", "Hardy")]
    assert group["estimate"] == pytest.approx(0.808, abs=0.05)
    assert (group["low_95"], group["high_95"]) == pytest.approx((0.60, 0.96), abs=0.05)
    assert rest["estimate"] == pytest.approx(0.245, abs=0.05)


@pytest.mark.benchmark(group="ecological inference, 42 precincts, 4 chains")
def test_rows_by_columns(benchmark, santa_clara):
    given = {
        "groups": {"Indian": "pct_ind_vote", "East Asian": "pct_e_asian_vote", "other": "pct_non_asian_vote"},
        "candidates": {"Hardy": "pct_for_hardy2", "Kolstad": "pct_for_kolstad2", "Nadeem": "pct_for_nadeem2"},
        "method": "rxc",
    }
    found = benchmark.pedantic(
        ecological_inference, (santa_clara,), {**given, "votes": "total2", "of": "voters"}, rounds=1, iterations=1
    )
    assert found.diagnostics["passed"].all(), found.diagnostics.to_string()
    row = found.frame.loc[("East Asian", "Hardy")]
    assert row["estimate"] == pytest.approx(0.592, abs=0.05)
    assert (row["low_95"], row["high_95"]) == pytest.approx((0.41, 0.77), abs=0.05)


@pytest.mark.benchmark(group="the same seed, twice")
def test_the_same_seed_gives_the_same_figures(benchmark):
    x = [0.1, 0.3, 0.5, 0.7, 0.9]
    frame = pd.DataFrame({"x": x, "t": [0.2 + 0.5 * one for one in x], "n": 200})
    given = {"groups": {"AAPI": "x"}, "candidates": {"Heron": "t"}, "votes": "n", "of": "voters", "draws": 100}

    def twice():
        return [ecological_inference(frame, **given, tune=100, rng=7).diagnostics for _ in range(2)]

    first, second = benchmark.pedantic(twice, rounds=1, iterations=1)
    pd.testing.assert_frame_equal(first, second, check_exact=True)
