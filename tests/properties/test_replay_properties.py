"""Whatever the precincts and the lines: votes are kept, and what is called settled is settled."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.analysis.precinct_votes import votes_by_unit
from kit.analysis.replay import replay
from kit.model.frames import Placement, Plan, Units
from kit.model.returns import Returns

LEVELS = ["precinct", "contest", "candidate"]
BY = {"precincts": "vtd", "weight": "total_vap"}
SOME = settings(deadline=None, max_examples=20)


@st.composite
def places(draw):
    """Draw blocks with precincts, adults and districts, and votes of two or three candidates by precinct."""
    number = draw(st.integers(2, 12))
    names = [f"P{n}" for n in range(draw(st.integers(1, 4)))]
    homes = draw(st.lists(st.sampled_from(names), min_size=number, max_size=number))
    adults = draw(st.lists(st.integers(0, 40), min_size=number, max_size=number))
    districts = draw(st.lists(st.sampled_from(["1", "2", "3"]), min_size=number, max_size=number))
    who = ["Heron", "Plover", "Wren"][: draw(st.integers(2, 3))]
    rows = [(p, "mayor", c, draw(st.integers(0, 60))) for p in dict.fromkeys(homes) for c in who]
    ids = pd.Index([f"9800100010010{n:02d}" for n in range(number)], dtype="str", name="GEOID")
    units = Units(pd.DataFrame({"vtd": homes, "total_vap": adults}, index=ids), "block", 2020)
    frame = pd.DataFrame(rows, columns=[*LEVELS, "votes"]).astype({"votes": "Int64"}).set_index(LEVELS)
    assigned = pd.Series(districts, index=ids, dtype="str", name="district")
    plan = Plan("Drawn", ("1", "2", "3"), assignment=assigned, level="block", year=2020)
    nothing = pd.DataFrame()
    placed = Placement(units, plan, assigned, nothing, nothing, "assignment")
    return Returns(frame, nothing, nothing), placed


@SOME
@given(places())
def test_every_precinct_and_every_district_keep_their_votes(drawn):
    returns, placed = drawn
    spread = votes_by_unit(returns, placed.units, **BY)
    sums = spread.frame.groupby(spread.precincts).sum()
    assert np.allclose(sums, spread.by_precinct.reindex(sums.index).astype(float), rtol=1e-9)
    found = replay(returns, placed, **BY)
    assert np.isclose(found.frame["votes"].sum(), returns.frame["votes"].sum(), rtol=1e-9)
    votes = found.frame.dropna()
    assert (votes["low"] <= votes["votes"] + 1e-9).all()
    assert (votes["votes"] <= votes["high"] + 1e-9).all()


@SOME
@given(places(), st.integers(0, 2**32 - 1))
def test_no_spreading_changes_what_is_settled(drawn, seed):
    returns, placed = drawn
    preferred = {"mayor": "Heron"}
    found = replay(returns, placed, **BY, group_preferred=preferred)
    spread = found.votes["Drawn"]
    rng = np.random.default_rng(seed)
    inside = spread.shares > 0
    wide = spread.by_precinct["mayor"]
    for _ in range(5):
        # Another spreading: each candidate's votes of a precinct go to any of its blocks with a weight.
        others = {}
        for candidate in wide.columns:
            draws = pd.Series(rng.random(len(inside)) ** 8, index=inside.index).where(inside, 0.0)
            share = draws / draws.groupby(spread.precincts).transform("sum")
            others[candidate] = (share * spread.precincts.map(wide[candidate])).groupby(placed.assignment).sum()
        votes = pd.DataFrame(others)
        for district, row in found.results.loc[("Drawn", "mayor")].iterrows():
            if not row["counted"]:
                continue
            best = votes.loc[district].idxmax()
            if row["settled"]:
                assert best == row["winner"]
            if row["carried_settled"]:
                equal = np.isclose(votes.loc[district], votes.loc[district].max())  # parts of votes, added up
                assert (best == "Heron") == row["carried"] or equal.sum() > 1


@SOME
@given(places())
def test_what_is_not_settled_can_come_out_otherwise(drawn):
    returns, placed = drawn
    found = replay(returns, placed, **BY)
    results = found.results[found.results["counted"] & ~found.results["tie"]]
    for key, row in results.iterrows():
        votes = found.frame.loc[key]
        worst, best_of_rest = votes["low"][row["winner"]], votes["high"].drop(row["winner"]).max()
        # The bounds are reached together: all of the winner's loose votes elsewhere, all of another's here.
        assert row["settled"] == (worst > best_of_rest)


@SOME
@given(places(), st.integers(0, 2**32 - 1))
def test_bounds_by_people_hold_for_every_spreading_that_fits(drawn, seed):
    returns, placed = drawn
    rng = np.random.default_rng(seed)
    # Put each voter into a block with a weight, and let each block have room for its voters and some more.
    units, wide = placed.units, returns.wide("mayor")
    there = pd.DataFrame(0, index=units.frame.index, columns=wide.columns)
    shares = votes_by_unit(returns, units, **BY).shares
    for home, votes in wide.iterrows():
        ids = units.frame.index[(units.frame["vtd"] == home) & (shares > 0)]
        for candidate, number in votes.items():
            there.loc[ids, candidate] = rng.multinomial(number, rng.dirichlet(np.full(len(ids), 0.3)))
    room = there.sum(axis=1) + rng.integers(0, 5, len(there))
    full = Units(units.frame.assign(room=room), "block", 2020)
    placed = Placement(full, placed.plan, placed.assignment, *[pd.DataFrame()] * 2, "assignment")
    found = replay(returns, placed, **BY, at_most="room").frame.loc[("Drawn", "mayor")]
    true = there.groupby(placed.assignment).sum()
    for (district, candidate), row in found.dropna().iterrows():
        assert row["low"] <= true.loc[district, candidate] <= row["high"]
    narrow = found.dropna()
    wide_ = replay(returns, placed, **BY).frame.loc[("Drawn", "mayor")].dropna()
    assert (narrow["high"] <= wide_["high"] + 1e-9).all()
    assert (narrow["low"] >= wide_["low"] - 1e-9).all()
