"""Margins of error against numbers that others printed, to half a unit of the last printed digit."""

from __future__ import annotations

import pytest

from kit import moe

# Case, what we compute, what is printed, half a unit of its last digit.
HANDBOOK = {
    "sum": (lambda: moe.sum([135_173, 43_104, 24_842], [3_860, 2_642, 1_957]), 5_070.46, 0.005),
    "proportion": (lambda: moe.proportion(203_119, 5_070, 630_498, 831), 0.008, 0.0005),
    "ratio": (lambda: moe.ratio(226_840, 5_556, 203_119, 5_070), 0.039, 0.0005),
    "product": (lambda: moe.product(74_506_512, 228_238, 0.824, 0.001), 202_289, 0.5),
    "percent change": (lambda: moe.percent_change(135_173, 3_860, 139_301, 4_047), 4.198, 0.0005),
}
ELSEWHERE = {
    "zero rule": (lambda: moe.sum([0, 0, 0, 41], [22, 22, 29, 37]), 47.0106, 0.00005),
    "all zeros": (lambda: moe.sum([0, 0, 0], [27, 19, 22]), 27, 0),
    "under age 5": (lambda: moe.sum([10_154_024, 9_712_936], [3_778, 3_911]), 5_437.757350231803, 1e-9),
}
CVAP = {
    "lines 4, 9 and 6, United States": (
        lambda: moe.sum([9_940_500, 975_035, 349_015], [21_299, 13_080, 3_449]),
        25_231.52,
        0.005,
    ),
    "share, New Castle County, Delaware": (
        lambda: moe.proportion(13_675, 717.405, 405_495, 1_541),
        0.001765,
        0.0000005,
    ),
}


@pytest.mark.parametrize("case", HANDBOOK)
def test_census_handbook(case):
    ours, printed, half = HANDBOOK[case]
    assert abs(ours() - printed) <= half


@pytest.mark.parametrize("case", ELSEWHERE)
def test_other_printed_examples(case):
    ours, printed, half = ELSEWHERE[case]
    assert abs(ours() - printed) <= half


@pytest.mark.parametrize("case", CVAP)
def test_citizen_voting_age_special_tabulation(case):
    ours, printed, half = CVAP[case]
    assert abs(ours() - printed) <= half


def test_estimates_that_go_with_them():
    assert 135_173 + 43_104 + 24_842 == 203_119
    assert round(203_119 / 630_498, 3) == 0.322
    assert round(226_840 / 203_119, 3) == 1.117
    assert round(74_506_512 * 0.824) == 61_393_366
    assert round(100 * (139_301 / 135_173 - 1), 3) == 3.054
    assert 10_154_024 + 9_712_936 == 19_866_960
    assert 9_940_500 + 975_035 + 349_015 == 11_264_550
    assert round(13_675 / 405_495, 6) == 0.033724


def test_the_proportion_in_the_handbook_needs_no_fall_back():
    assert moe.falls_back(203_119, 5_070, 630_498, 831) is False


@pytest.mark.real
def test_the_special_tabulation_file_of_the_nation(data_dir):
    """Lines 4, 6 and 9 of the published file, read here, carry to the margin computed above."""
    import pandas as pd

    table = pd.read_csv(data_dir / "cvap" / "Nation_2015_2019.csv", encoding="latin-1").set_index("lnnumber")
    lines = table.loc[[4, 6, 9]]
    assert lines["cvap_est"].sum() == 11_264_550
    assert moe.sum(lines["cvap_est"], lines["cvap_moe"]) == pytest.approx(25_231.52, abs=0.005)
