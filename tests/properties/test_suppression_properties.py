"""Whatever the table: no small count can be worked out of what is left, and the naive table gives some away."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.analysis.suppression import protect
from kit.model.voters import VoterCounts

_SPEC = importlib.util.spec_from_file_location("suppression_attack", Path(__file__).with_name("suppression_attack.py"))
attack = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(attack)

GROUPS = [
    ("total", "nh_aapi_alone"),
    ("total", "nh_aapi_alone", "nh_asian_alone", "nh_nhpi_alone"),
    ("total", "nh_asian_alone", "nh_nhpi_alone", "not_said", "other_groups"),
]
people = st.one_of(st.integers(0, 14), st.integers(0, 90))
quick = settings(max_examples=12, deadline=None, derandomize=True)


@st.composite
def lists(draw, *, most=4):
    """Draw areas, each with people of every kind, some of whom voted."""
    groups = draw(st.sampled_from(GROUPS))
    full = "other_groups" in groups
    rows = []
    for area in range(draw(st.integers(1, most))):
        inside = {kind: draw(people) for kind in attack.KINDS if not (full and kind == "nobody")}
        votes = {kind: draw(st.integers(0, number)) for kind, number in inside.items()}
        for group in groups:
            mine = [kind for kind in inside if group in attack.KINDS[kind]]
            rows.append((f"area {area}", group, sum(inside[k] for k in mine), sum(votes[k] for k in mine)))
    frame = pd.DataFrame(rows, columns=["area", "group", "registered", "voted"]).set_index(["area", "group"])
    return VoterCounts(frame.astype("Int64").assign(hidden=False), election="2032-11-02"), full


@quick
@given(lists())
def test_no_secret_can_be_worked_out(drawn):
    table, full = drawn
    (made,), (whole,) = protect([table])
    at = attack.Attack([made.frame], [whole], exhaustive=full)
    assert attack.found_out(at, table.frame, 11) == []


@quick
@given(lists())
def test_what_is_shown_is_true_and_what_is_missing_is_marked(drawn):
    table, _ = drawn
    (made,), (whole,) = protect([table])
    before, after = table.frame, made.frame
    for what in ("registered", "voted"):
        shown = after[what].notna()
        assert (after.loc[shown, what] == before.loc[shown, what]).all()
        small = shown & (after[what] > 0) & (after[what] < 11)
        assert not small.any()
    assert (after["hidden"] == after[["registered", "voted"]].isna().any(axis=1)).all()
    sums = before[["registered", "voted"]].groupby(level="group", sort=False).sum()
    assert ((whole == sums) | whole.isna()).all(axis=None)
    (again,), _ = protect([made])
    assert again.frame.equals(after)


@quick
@given(lists(most=3), st.integers(2, 30))
def test_it_holds_for_other_smallest_counts(drawn, smallest):
    table, full = drawn
    (made,), (whole,) = protect([table], smallest=smallest)
    at = attack.Attack([made.frame], [whole], exhaustive=full)
    assert attack.found_out(at, table.frame, smallest) == []


def test_the_attacker_can_succeed():
    """Hide small counts alone in twenty lists: half of them and more are given away, so the attack is worth its name."""
    rng = np.random.default_rng(20321102)
    given_away = 0
    for _ in range(20):
        asian, other = rng.integers(0, 60, 3), rng.integers(200, 400, 3)
        voted = rng.binomial(asian, 0.4), rng.binomial(other, 0.5)
        rows = []
        for area in range(3):
            rows.append((f"{area}", "total", asian[area] + other[area], voted[0][area] + voted[1][area]))
            rows.append((f"{area}", "nh_aapi_alone", asian[area], voted[0][area]))
        frame = pd.DataFrame(rows, columns=["area", "group", "registered", "voted"]).set_index(["area", "group"])
        naive = frame.astype("Int64").mask((frame > 0) & (frame < 11))
        sums = frame.groupby(level="group", sort=False).sum()
        given_away += bool(attack.found_out(attack.Attack([naive], [sums]), frame, 11))
    assert given_away >= 10


PAIRS = [("1", "East"), ("2", "East"), ("2", "West"), ("3", "West"), ("3", "North")]


@st.composite
def crossed(draw):
    """Draw the pieces in which districts and counties overlap, and both tables of them."""
    pieces = {}
    for pair in PAIRS:
        asian, rest = draw(people), draw(st.integers(60, 200))
        votes = draw(st.integers(0, asian)), draw(st.integers(20, 50))
        pieces[pair] = {"total": (asian + rest, sum(votes)), "nh_aapi_alone": (asian, votes[0])}
    tables = []
    for side in (0, 1):
        frame = pd.DataFrame(
            [(pair[side], group, *number) for pair, groups in pieces.items() for group, number in groups.items()],
            columns=["area", "group", "registered", "voted"],
        )
        sums = frame.groupby(["area", "group"], sort=False).sum().astype("Int64")
        tables.append(VoterCounts(sums.assign(hidden=False), election="2032-11-02"))
    return tables


@quick
@given(crossed())
def test_two_tables_together_give_nothing_away(tables):
    made, wholes = protect(tables, overlaps=PAIRS)
    at = attack.Attack([one.frame for one in made], wholes, pieces=[set(pair) for pair in PAIRS])
    for table in tables:
        assert attack.found_out(at, table.frame, 11) == []
    for pair in PAIRS:
        _, most = at.piece(set(pair), "nh_aapi_alone", "registered")
        assert most == 0 or most >= 11
