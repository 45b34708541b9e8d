"""A million people by names and tracts: the kit's sums beside the same arithmetic as plain joins of tables.

``make bench`` collects this file; the ordinary run does not. The people are drawn from the published list of surnames.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kit.analysis.bisg import bisg
from kit.analysis.name_shares import NATIONAL
from kit.model.frames import Source, Units
from kit.model.names import NAME_GROUPS, NameTable
from kit.model.tables import cell

pytestmark = pytest.mark.real

PEOPLE, TRACTS, DISTRICTS = 1_000_000, 2_000, 40
CELLS = [cell("P2", number) for number in (5, 6, 2, 8, 11)]
FOUND = {}


@pytest.fixture(scope="module")
def listed(data_dir):
    """Give names, tracts and people."""
    rng = np.random.default_rng(7)
    names = pd.read_csv(
        data_dir / "surnames/census2010_surname_race_probs.csv.gz", keep_default_na=False, na_values=[""]
    )
    names = names.dropna().drop_duplicates(names.columns[0]).set_index(names.columns[0])
    names = names.drop(["II", "IV"])  # the kit takes these for what stands after a name
    shares = names.iloc[:, :5].astype("float64").set_axis(list(NAME_GROUPS), axis=1)
    shares = shares.div(shares.sum(axis=1), axis=0)
    counts = rng.multinomial(4_000, np.array(NATIONAL[2010]) / sum(NATIONAL[2010]), TRACTS) + 1
    ids = pd.Index([f"06037{number:06d}" for number in range(TRACTS)], name="GEOID")
    table = pd.DataFrame(0, index=ids, columns=[cell("P2", number) for number in (2, 5, 6, 7, 8, 9, 10, 11)])
    table[CELLS] = counts
    units = Units(table, level="tract", year=2010, sources=(Source("P.L. 94-171"),))
    people = pd.DataFrame(
        {
            "surname": rng.choice(shares.index.to_numpy(), PEOPLE),
            "tract": rng.choice(ids.to_numpy(), PEOPLE),
            "district": rng.integers(1, DISTRICTS + 1, PEOPLE).astype("str"),
        }
    )
    return shares, units, people


@pytest.mark.benchmark(group="a million people by names and tracts")
def test_kit_sums_likelihoods(benchmark, listed):
    shares, units, people = listed
    known = NameTable(frame=shares.assign(count=np.nan), year=2010, sources=(Source("Names"),))
    what = {"surname": "surname", "geoid": "tract", "by": "district", "year": 2010}
    found = benchmark.pedantic(bisg, args=(people,), kwargs={"surnames": known, "areas": units, **what}, rounds=3)
    FOUND["kit"] = found.frame["expected"]
    assert found.total["people"] == PEOPLE


def joined(shares, units, people):
    """Join names and places to every person, and normalize."""
    places = units.frame[CELLS].set_axis(list(NAME_GROUPS), axis=1) / np.array(NATIONAL[2010], dtype="float64")
    rows = people.merge(shares, left_on="surname", right_index=True)
    rows = rows.merge(places, left_on="tract", right_index=True, suffixes=("", "_place"))
    for group in NAME_GROUPS:
        rows[group] = rows[group] * rows[f"{group}_place"]
    rows["aapi"] = rows["aapi"] / rows[list(NAME_GROUPS)].sum(axis=1)
    return rows.groupby("district")["aapi"].sum()


@pytest.mark.benchmark(group="a million people by names and tracts")
def test_pandas_joins_them(benchmark, listed):
    found = benchmark.pedantic(joined, args=listed, rounds=3)
    # The kit rounds to five people.
    assert (FOUND["kit"] - found).abs().max() <= 2.5 + 1e-6
