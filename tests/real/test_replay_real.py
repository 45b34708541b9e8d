"""Real votes replayed on real plans: Hawaii by block, New Hampshire and Virginia by voting district."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import kit
from kit.analysis.precinct_votes import votes_by_unit
from kit.analysis.replay import replay
from kit.model.frames import Plan, Source, Units
from kit.model.returns import Returns

pytestmark = pytest.mark.real

LEVELS = ["precinct", "contest", "candidate"]


def returns_of(table, title):
    """Make returns from a table of precincts by (contest, candidate)."""
    rows = table.rename_axis("precinct").T.melt(ignore_index=False, value_name="votes")
    return Returns(
        rows.reset_index().set_index(LEVELS), pd.DataFrame(), pd.DataFrame(), (Source(title, tables="votes"),)
    )


# --- Hawaii: precincts, blocks, and another's spreading of the same votes --------------------------

PRESIDENT = [f"US President 2020 - {party}" for party in ("DEM", "REP", "Other")]


@pytest.fixture(scope="module")
def hawaii(data_dir):
    """Give 14,732 blocks with the precinct of each, and votes as others spread them."""
    path = data_dir / "hawaii" / "crosswalk-HI_blockpoints.zip"
    kept = ["GEOCODE", "P0010001", "P0030001", "PRECINCT", *PRESIDENT]
    return pd.read_csv(path, dtype={"GEOCODE": "str", "PRECINCT": "str"}, usecols=kept).set_index("GEOCODE")


@pytest.fixture(scope="module")
def hawaii_units(hawaii):
    """Give the blocks with adults, and adults and one, which is the weight that the others used."""
    frame = pd.DataFrame(
        {
            "vtd": hawaii["PRECINCT"],
            "total_pop": hawaii["P0010001"],
            "total_vap": hawaii["P0030001"],
            "one_more": hawaii["P0030001"] + 1,
        }
    ).rename_axis("GEOID")
    return Units(frame, "block", 2020, (Source("Blocks of Hawaii", tables="P1, P3"),))


@pytest.fixture(scope="module")
def hawaii_returns(hawaii):
    """Add the block votes up to whole votes by precinct again."""
    totals = hawaii.groupby("PRECINCT")[PRESIDENT].sum()
    assert np.abs(totals - totals.round()).max(axis=None) < 1e-9
    names = pd.MultiIndex.from_tuples([tuple(c.split(" - ")) for c in PRESIDENT], names=["contest", "candidate"])
    return returns_of(totals.round().astype("Int64").set_axis(names, axis=1), "VEST 2020 precincts of Hawaii")


def test_the_same_spreading_as_others_made_of_the_same_votes(hawaii, hawaii_units, hawaii_returns):
    spread = votes_by_unit(hawaii_returns, hawaii_units, precincts="vtd", weight="one_more")
    mine = spread.frame["US President 2020"][["DEM", "REP", "Other"]].to_numpy()
    assert np.abs(mine - hawaii[PRESIDENT].to_numpy()).max() < 1e-10


def test_every_vote_of_hawaii_is_kept(hawaii_units, hawaii_returns):
    spread = votes_by_unit(hawaii_returns, hawaii_units, precincts="vtd", weight="total_vap")
    assert spread.frame.sum().round(6).to_dict() == {
        ("US President 2020", "DEM"): 366_130,
        ("US President 2020", "Other"): 11_475,
        ("US President 2020", "REP"): 196_864,
    }
    assert len(spread.by_precinct) == 262


@pytest.mark.parametrize(("chamber", "number"), [("SLDU", 25), ("SLDL", 51)])
def test_districts_of_hawaii_against_sums_made_otherwise(
    data_dir, hawaii, hawaii_units, hawaii_returns, chamber, number
):
    plan = kit.read_plan(data_dir / "hawaii" / "plans" / f"HI_{chamber}_bef.zip")
    placed = kit.place(hawaii_units, plan)
    found = replay(hawaii_returns, placed, precincts="vtd", weight="one_more")
    expected = hawaii[PRESIDENT].groupby(placed.assignment).sum()
    votes = found.frame["votes"].droplevel(["plan", "contest"]).unstack("candidate")  # noqa: PD010
    assert len(votes) == number
    for column in PRESIDENT:
        party = column.split(" - ")[1]
        assert np.allclose(votes[party].reindex(expected.index), expected[column], rtol=1e-12)
    best = expected.idxmax(axis=1).str.split(" - ").str[1]
    assert found.results["winner"].droplevel(["plan", "contest"]).reindex(best.index).tolist() == best.tolist()
    # Bounds by another road: a precinct is whole where all its blocks with a weight are in one district.
    homes = placed.assignment.groupby(hawaii["PRECINCT"]).nunique()
    inside = hawaii[PRESIDENT[0]].where(hawaii["PRECINCT"].map(homes) == 1).groupby(placed.assignment).sum()
    low = found.frame["low"].xs("DEM", level="candidate").droplevel(["plan", "contest"])
    assert np.allclose(low.reindex(inside.index), inside, rtol=1e-12)
    assert (found.results["split_share"].between(0, 1)).all()


# --- New Hampshire: whole voting districts, two plans ---------------------------------------------


def test_new_hampshire_in_two_plans(fixtures_dir):
    import geopandas

    table = geopandas.read_file(fixtures_dir / "nh.gpkg").drop(columns="geometry").set_index("GEOID20")
    columns = [name for name in table.columns if re.fullmatch(r"(pre|uss|gov)_\d\d_(dem|rep)_\w+", name)]
    ids = pd.Index(table.index, dtype="str", name="GEOID")
    frame = pd.DataFrame({"total_pop": table["pop"].astype(int), "total_vap": table["vap"].astype(int)}, index=ids)
    units = Units(frame, "vtd", 2020, (Source("Voting districts of New Hampshire", tables="P1, P3"),))
    names = pd.MultiIndex.from_tuples([(c[:6], c) for c in columns], names=["contest", "candidate"])
    votes = table[columns].set_axis(names, axis=1)
    plans = {}
    for name in ("r_2020", "d_2020"):
        list_ = table[name].astype(int).astype(str).set_axis(ids)
        plans[name] = kit.place(units, Plan(name, ("1", "2"), assignment=list_, level="vtd", year=2020))
    preferred = {contest: next(c for c in columns if c.startswith(f"{contest}_dem")) for contest in names.unique(0)}
    own = pd.Series(ids, index=ids)
    found = replay(returns_of(votes, "VEST"), plans, precincts=own, weight="total_vap", group_preferred=preferred)
    assert len(preferred) == 7
    for name in plans:
        sums = table.groupby(table[name].astype(int).astype(str))[columns].sum()
        mine = found.frame.loc[name, "votes"].unstack("district").droplevel("contest")  # noqa: PD010
        for district in ("1", "2"):
            assert np.allclose(mine[district].reindex(columns), sums.loc[district], rtol=1e-12)
        for contest, party in preferred.items():
            rest = next(c for c in columns if c.startswith(f"{contest}_rep"))
            result = found.results.xs((name, contest), level=["plan", "contest"])
            assert result["carried"].tolist() == (sums[party] > sums[rest]).tolist()
    # Voting districts are whole, so nothing rests on spreading.
    assert (found.results["split_share"] == 0).all()
    assert found.results["settled"].all()
    whole = found.frame["votes"].groupby(["plan", "candidate"]).sum()
    assert np.allclose(whole["r_2020"].reindex(columns), table[columns].sum(), rtol=1e-12)
    assert np.allclose(whole["d_2020"].reindex(columns), table[columns].sum(), rtol=1e-12)
    assert found.performance["contests"].tolist() == [7] * 4


# --- Virginia: 2,465 voting districts on a plan of another decade ----------------------------------


def test_virginia_senate(data_dir):
    table = pd.read_csv(data_dir / "virginia" / "va_2020_vtd.csv", dtype={"GEOID20": "str"}).set_index("GEOID20")
    plan = kit.read_plan(data_dir / "virginia" / "plans" / "va_senate_2016_2020vtd_districtr.json")
    ids = pd.Index(table.index, dtype="str", name="GEOID")
    frame = pd.DataFrame({"total_pop": table["pop"], "total_vap": table["vap"]}, index=ids)
    units = Units(frame, "vtd", 2020, (Source("Voting districts of Virginia", tables="P1, P3"),))
    columns = ["pre_20_dem_bid", "pre_20_rep_tru"]
    names = pd.MultiIndex.from_product([["President 2020"], columns], names=["contest", "candidate"])
    given = returns_of(table[columns].astype("Int64").set_axis(names, axis=1), "VEST 2020")
    placed = kit.place(units, plan)
    found = replay(given, placed, precincts=pd.Series(ids, index=ids), weight="total_vap")
    expected = table[columns].groupby(placed.assignment).sum()
    votes = found.frame["votes"].droplevel(["plan", "contest"]).unstack("candidate")  # noqa: PD010
    pd.testing.assert_frame_equal(
        votes.reindex(expected.index)[columns], expected.astype(float), check_names=False, check_index_type=False
    )
    won = found.results.droplevel(["plan", "contest"])["winner"]
    assert (won == "pre_20_dem_bid").sum() == (expected["pre_20_dem_bid"] > expected["pre_20_rep_tru"]).sum()
    assert votes.sum().to_dict() == table[columns].sum().to_dict()
