"""Measures of splitting against numbers that others have printed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kit.analysis.splits import plan_totals, split_measures, symmetric_totals


@pytest.mark.parametrize(
    ("shares", "entropy", "effective"), [((0.33, 0.33, 0.34), 1.59, 2.00), ((0.92, 0.05, 0.03), 0.48, 0.18)]
)
def test_uncertainty_and_effective_splits_as_wang_printed_them(shares, entropy, effective):
    got = split_measures(pd.DataFrame([shares])).iloc[0]
    # 1.585 bits was printed as 1.59.
    assert got["entropy"] == pytest.approx(entropy, abs=0.0055)
    assert got["effective_splits"] == pytest.approx(effective, abs=0.005)


@pytest.mark.parametrize(
    ("shares", "score"),
    [
        ((0.97, 0.03), 1.16),
        ((0.88, 0.12), 1.28),
        ((0.5, 0.5), 1.41),
        ((0.96, 0.02, 0.02), 1.26),
        ((0.5, 0.25, 0.25), 1.71),
        ((1 / 3, 1 / 3, 1 / 3), 1.73),
        ((0.25, 0.25, 0.25, 0.25), 2.00),
        ((1.0,), 1.00),
    ],
)
def test_square_root_scores_as_duchin_printed_them(shares, score):
    assert split_measures(pd.DataFrame([shares])).iloc[0]["sqrt_score"] == pytest.approx(score, abs=0.0051)


@pytest.mark.parametrize(
    ("districts", "county", "district"),
    [
        (
            [[40, 40, 20, 0, 0, 0, 0], [0, 0, 20, 80, 0, 0, 0], [0, 0, 0, 0, 88, 12, 0], [0, 0, 0, 0, 0, 20, 80]],
            1.0737,
            1.4200,
        ),
        ([[50, 30, 20, 0], [0, 60, 20, 20], [0, 0, 20, 80], [0, 0, 20, 80]], 1.5886, 1.5136),
    ],
)
def test_county_and_district_splitting(districts, county, district):
    got = symmetric_totals(pd.DataFrame(districts).T)["sqrt_score"]
    assert got["areas"] == pytest.approx(county, abs=0.00005)
    assert got["districts"] == pytest.approx(district, abs=0.00005)
    assert got["average"] == pytest.approx((county + district) / 2, abs=0.00005)


def test_new_hampshire_counties(fixtures_dir):
    import pyogrio

    frame = pyogrio.read_dataframe(
        fixtures_dir / "nh.gpkg", columns=["county", "r_2020", "pop"], read_geometry=False, use_arrow=False
    )
    counts = frame.pivot_table(index="county", columns="r_2020", values="pop", aggfunc="sum", fill_value=0)
    measures = split_measures(counts)
    split = set(measures.index[measures["districts"] > 1].str.removesuffix(" County"))
    assert split == {"Carroll", "Grafton", "Hillsborough", "Merrimack", "Rockingham", "Strafford"}
    totals = plan_totals(measures)
    names = ["effective_splits", "entropy", "sqrt_score", "split_pairs"]
    published = [2.8624561632, 0.5643110051, 1.2653336161, 0.2611986434]
    np.testing.assert_allclose(totals[names], published, rtol=0, atol=1e-9)
