"""A sample of 10,000 people of the voting supplements of 1994 to 2018, against the columns of those who made it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kit.analysis.cps_turnout import cps_turnout
from kit.errors import CoverageError
from kit.sources.cps import read_cps

pytestmark = pytest.mark.real

YEARS = tuple(range(1994, 2020, 2))
API = "ASIAN, PACIFIC ISLANDER, OR NATIVE HAWAIIAN"


@pytest.fixture(scope="module")
def raw(data_dir):
    return pd.read_csv(data_dir / "turnout" / "cps_allyears_10k.csv.gz")


@pytest.fixture(scope="module")
def table(data_dir):
    folder = data_dir / "turnout"
    return read_cps(folder / "cps_allyears_10k.csv.gz", rates=folder / "cps_reweight.csv.gz")


def test_everybody_who_was_asked_is_there(table, raw):
    asked = raw[raw["VRS_VOTE"].notna()]
    assert (asked["AGE"] >= 18).all()
    assert len(table) == (asked["WEIGHT"] > 0).sum() == 6229
    assert (table.frame["race"] == "asian_or_nhpi").sum() == (asked["RACE"] == API).sum() == 233
    assert table.years["people"].sum() == 9998
    assert table.frame.groupby("year").size().to_dict() == asked[asked["WEIGHT"] > 0].groupby("YEAR").size().to_dict()


def test_the_convention_of_the_census_is_their_column(table, raw):
    theirs = raw[raw["cps_turnout"].notna()]
    for year in YEARS:
        mine = cps_turnout(table, year=year, group="total", weights="census").frame.loc[("total", "voted"), "share"]
        rows = theirs[theirs["YEAR"] == year]
        expected = np.average(rows["cps_turnout"] == "YES", weights=rows["WEIGHT"])
        assert np.isclose(mine, expected, rtol=1e-12)


def test_the_weights_of_hur_and_achen_are_their_column(table, raw, data_dir):
    theirs = raw[raw["hurachen_turnout"].notna()]
    without = read_cps(data_dir / "turnout" / "cps_allyears_10k.csv.gz")
    for group, rows in (("total", theirs), ("aapi_alone", theirs[theirs["RACE"] == API])):
        expected = np.average(rows["hurachen_turnout"] == "YES", weights=rows["turnout_weight"])
        for one in (table, without):
            found = cps_turnout(one, year=YEARS, group=group, weights="hur_achen").frame.loc[(group, "voted")]
            assert np.isclose(found["share"], expected, rtol=1e-12)
            assert found["respondents"] == (rows["WEIGHT"] > 0).sum()


def test_their_factors_are_official_turnout_over_reported(data_dir, table):
    rates = pd.read_csv(data_dir / "turnout" / "cps_reweight.csv.gz")
    assert len(table.rates) == len(rates) // 2 == 663
    yes = rates[rates["response"] == "YES"]
    assert np.allclose(yes["vep_turnout"] / yes["cps_turnout"], yes["reweight"])
    assert np.allclose(table.rates["yes"], yes["reweight"])


def test_fewer_people_say_they_voted_when_weighted_to_official_turnout(table):
    for group in ("total", "aapi_alone"):
        census = cps_turnout(table, year=YEARS, group=group, weights="census").frame.loc[(group, "voted"), "share"]
        official = cps_turnout(table, year=YEARS, group=group, weights="hur_achen").frame.loc[(group, "voted"), "share"]
        assert official < census


def test_published_turnout_lies_within_the_wide_bounds_of_a_sample(table):
    # The Census Bureau's tables: Asian citizens 28 per cent in 2014 and 42 in 2018. A sample has 12 and 28 of them.
    for year, published in ((2014, 0.28), (2018, 0.42)):
        row = cps_turnout(table, year=year, group="aapi_alone", weights="census", fewest=10, design_effect=2).frame.loc[
            ("aapi_alone", "voted")
        ]
        assert row["low"] < published < row["high"]
        assert row["high"] - row["low"] > 0.25


def test_a_sample_is_too_small_for_one_year_and_says_that_it_is_a_part(table):
    with pytest.raises(CoverageError, match="only 12 respondents counted as 'aapi_alone' answered in 2018"):
        cps_turnout(table, year=2018, group="aapi_alone", weights="census")
    found = cps_turnout(table, year=YEARS, group="aapi_alone", weights="census")
    assert found.partial
    assert "not for testimony" in found.summary()
