"""Returns of four real places: lines against an independent computation, bounds, and figures that cannot be."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kit.analysis.polarization import goodman, polarization
from kit.analysis.precinct_shares import precinct_shares
from kit.errors import InputError

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def places(data_dir):
    """Read the four tables, and say which columns are what."""
    names = {"santa_clara": "SantaClaraSampleData", "corona": "corona", "waterbury": "waterbury"}
    tables = {
        key: pd.read_csv(data_dir / "rpv" / f"{name}.csv", dtype={"precinct": "str", "Precinct": "str"})
        for key, name in names.items()
    }
    columns = {
        "santa_clara": {
            "groups": {"Indian": "pct_ind_vote", "East Asian": "pct_e_asian_vote", "other": "pct_non_asian_vote"},
            "candidates": {"Hardy": "pct_for_hardy2", "Kolstad": "pct_for_kolstad2", "Nadeem": "pct_for_nadeem2"},
            "votes": "total2",
        },
        "corona": {
            "groups": {"Hispanic": "pct_hisp", "Asian": "pct_asian", "White": "pct_white"},
            "candidates": {
                name.title(): f"pct_{name}" for name in ("husted", "spiegel", "ruth", "button", "montanez", "fox")
            },
            "votes": "totvote",
        },
        "waterbury": {
            "groups": {"White": "White.Pct", "Black": "Black.Pct", "Hispanic": "Hispanic.Pct"},
            "candidates": {"Foley": "Tom.Foley", "Malloy": "Dan.Malloy"},
            "votes": "Total.Votes",
        },
    }
    return {key: (tables[key].set_index(tables[key].columns[0]), columns[key]) for key in names}


@pytest.fixture(scope="module")
def gwinnett(data_dir):
    return pd.read_csv(data_dir / "rpv" / "gwinnett.csv", dtype={"precinct": "str"})


def of(place, **more):
    table, columns = place
    return polarization(table, **columns, of="voters", **more)


def by_slices(x, t, n):
    """Bound a share precinct by precinct, in the plainest way."""
    low = high = total = 0.0
    for share, part, votes in zip(x, t, n, strict=True):
        if share > 0:
            low += max(0, (part - (1 - share)) / share) * share * votes
            high += min(1, part / share) * share * votes
            total += share * votes
    return low / total, high / total


@pytest.mark.parametrize("name", ["santa_clara", "corona", "waterbury"])
def test_lines_and_bounds_agree_with_plain_computations(places, name):
    table, columns = places[name]
    found = of(places[name])
    n = table[columns["votes"]].to_numpy(dtype="float64")
    for group, column in columns["groups"].items():
        for candidate, part in columns["candidates"].items():
            x, t = table[column].to_numpy(), table[part].to_numpy()
            row, rest = found.frame.loc[(group, candidate)], found.frame.loc[(f"not {group}", candidate)]
            (slope, start), spread = np.polyfit(x, t, 1, cov=True)
            assert (row["goodman"], rest["goodman"]) == pytest.approx((start + slope, start), abs=1e-9)
            assert row["goodman_se"] == pytest.approx(np.sqrt(spread.sum()), rel=1e-9)
            slope, start = np.polyfit(x, t, 1, w=np.sqrt(n))
            assert (row["weighted"], rest["weighted"]) == pytest.approx((start + slope, start), abs=1e-9)
            assert (row["low"], row["high"]) == pytest.approx(by_slices(x, t, n), abs=1e-12)
            assert (rest["low"], rest["high"]) == pytest.approx(by_slices(1 - x, t, n), abs=1e-12)
            assert row["model_driven"] == (row["high"] - row["low"] > 0.5)
            assert row["impossible"] == any(not 0 <= row[end] <= 1 for end in ("goodman", "weighted"))


def test_santa_clara_three_groups_at_once_give_what_cannot_be(places):
    table, columns = places["santa_clara"]
    assert goodman(table, groups=columns["groups"], candidate="pct_for_nadeem2")["Indian"] == pytest.approx(
        1.32, abs=5e-3
    )
    found = of(places["santa_clara"])
    row = found.frame.loc[("East Asian", "Hardy")]
    assert (row["goodman"], row["goodman_se"]) == pytest.approx((0.862, 0.108), abs=1e-3)
    assert (row["low"], row["high"]) == (0.0, 1.0)
    assert found.frame.loc[["Indian", "East Asian"], "model_driven"].all()
    assert not found.frame.loc[["other", "not Indian", "not East Asian"], "model_driven"].any()
    assert bool(found.frame.loc[("East Asian", "Nadeem"), "impossible"])
    assert "the groups overlap" not in found.summary()


def test_corona_asian_figures_are_the_models_alone(places):
    found = of(places["corona"])
    asian = found.frame.loc["Asian"]
    assert asian["model_driven"].all()  # 6% of voters on average, 14% at most
    assert (asian["low"] == 0).all()
    assert asian["goodman"].sum() == pytest.approx(1, abs=1e-6)  # six candidates share all votes
    assert found.frame.loc["Hispanic", "precincts"].eq(0).all()
    assert "the groups overlap" not in found.summary()


def test_waterbury_groups_overlap(places):
    found = of(places["waterbury"])
    assert "In 23 of 23 precincts the groups' shares add up to more than 100%: the groups overlap" in found.summary()
    with pytest.raises(InputError, match="the groups must be everybody: in 23 precincts"):
        goodman(places["waterbury"][0], groups=places["waterbury"][1]["groups"], candidate="Dan.Malloy")
    # Hispanic people of any race are in the other columns too; the line goes beyond 100% of them.
    assert found.frame["impossible"].any()


def test_gwinnett_from_counts(gwinnett):
    groups = {name.title(): name for name in ("white", "black", "hispanic", "other")}
    candidates = {name.title(): name for name in ("kemp", "abrams", "metz")}
    given = {"groups": groups, "total": list(groups.values()), "of": "voters", "candidates": candidates}
    # One precinct stands there twice, with votes of its two parts, each beside the people of both.
    with pytest.raises(InputError, match="1 precincts stand in the table more than once, first 035"):
        precinct_shares(gwinnett, **given)
    cast = gwinnett.groupby("precinct")[[*candidates.values(), "turnout"]].sum()
    once = gwinnett.drop_duplicates("precinct").set_index("precinct")[list(groups.values())].join(cast)
    made = precinct_shares(once, **given)
    assert made.frame["votes"].sum() == gwinnett["turnout"].sum() == 314_918
    assert made.frame[list(groups)].sum(axis=1).to_numpy() == pytest.approx(np.ones(156))
    # Votes and voters are from two files.
    assert "In 104 of 156 precincts more votes were counted than people are known to have voted" in made.summary()
    found = polarization(made.frame, **made.columns)
    black = found.frame.loc[("Black", "Abrams")]
    # Bounds by county-wide sums are wider than bounds precinct by precinct.
    total = once[["white", "black", "hispanic", "other"]].sum()
    share, part = total["black"] / total.sum(), gwinnett["abrams"].sum() / gwinnett["turnout"].sum()
    assert max(0, (part - (1 - share)) / share) <= black["low"] < black["high"] <= min(1, part / share)
    assert bool(black["impossible"]) == (black["goodman"] > 1 or black["weighted"] > 1)
    assert found.frame.loc["Other", "model_driven"].all() == (found.frame.loc["Other", "width"] > 0.5).all()
    # Asian American voters are within “other” there: no figure is theirs.
    x = made.frame["White"].to_numpy()
    slope, start = np.polyfit(x, made.frame["Kemp"].to_numpy(), 1)
    assert found.frame.loc[("White", "Kemp"), "goodman"] == pytest.approx(start + slope, abs=1e-9)


def test_hawaii_published_estimates_lie_inside_zero_and_one_and_add_up(data_dir):
    """Published two-party estimates of each county: those of both candidates are one run, mirrored, as here."""
    told = pd.read_csv(data_dir / "rpv" / "HI_county_2020_rpv_summary.csv")
    missing = told[told["mean"].isna()]
    assert set(zip(missing["county"], missing["race"], strict=True)) == {
        ("Kalawao County", "vap_black"),
        ("Kalawao County", "vap_aian"),
    }
    told = told.dropna().assign(contest=told["cand"].str[:6])
    sums = told.groupby(["county", "race", "contest"])["mean"].sum()
    assert sums.to_numpy() == pytest.approx(np.ones(len(sums)), abs=1e-6)
    assert told["mean"].between(told["ci_95_lower"], told["ci_95_upper"]).all()
    # Kalawao has under 100 people, and the intervals say so.
    wide = told["ci_95_upper"] - told["ci_95_lower"]
    assert wide[told["county"] == "Kalawao County"].median() > 3 * wide[told["county"] == "Honolulu County"].median()
