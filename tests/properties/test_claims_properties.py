"""No table, however drawn, carries a claim that plain arithmetic denies."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.analysis.claims import check_claim
from kit.analysis.concentration import concentration
from kit.analysis.placement import place
from kit.model.claims import Claim
from kit.model.frames import Plan, Source, Units

WHAT = {"group": "asian_alone", "base": "vap"}
CENSUS = Source("A census", year=2020, uncertainty="disclosure noise")
SURVEY = Source("A survey", year=2022, uncertainty="sampling MOE")
THRESHOLDS = [0.1, 0.2, 0.3, 1 / 3, 0.4, 0.5, 0.501, 0.6, 2 / 3, 0.9]

# Bases of few different sizes, so that ties and exact halves come up.
pairs = st.sampled_from([200, 500, 600, 999, 1000, 1001, 2000]).flatmap(
    lambda base: st.tuples(st.one_of(st.integers(0, base), st.sampled_from([base // 2, base // 2 + 1])), st.just(base))
)
tables = st.lists(pairs, min_size=2, max_size=5)
margins = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 100)), min_size=5, max_size=5)


def table_of(rows, moes=None, source=CENSUS, names=None):
    ids = pd.Index([f"36061{n:06d}" for n in range(len(rows))], dtype="str", name="GEOID")
    frame = pd.DataFrame(rows, columns=["asian_alone_vap", "total_vap"], index=ids)
    if moes is not None:
        given_ = pd.DataFrame(moes[: len(rows)], columns=["asian_alone_vap_moe", "total_vap_moe"], index=ids)
        frame = pd.concat([frame, given_.astype("float64")], axis=1)
    labels = names or [str(n + 1) for n in range(len(rows))]
    plan = Plan(
        "P", tuple(dict.fromkeys(labels)), assignment=pd.Series(labels, index=ids, dtype="str"), jurisdiction="J"
    )
    units = Units(frame, level="tract", year=2020, sources=(source,))
    return concentration(place(units, plan), **WHAT)


def truths(rows, tau):
    """Work out every claim on district 1 in whole numbers, with nothing of the kit."""
    shares = [Fraction(count, base) for count, base in rows]
    first, others = shares[0], shares[1:]
    bound = Fraction(str(tau))
    rest = Fraction(sum(c for c, _ in rows[1:]), sum(b for _, b in rows[1:]))
    return {
        Claim.majority("1", **WHAT): 2 * rows[0][0] > rows[0][1],
        Claim.share("1", more_than=tau, **WHAT): first > bound,
        Claim.share("1", at_least=tau, **WHAT): first >= bound,
        Claim.share("1", less_than=tau, **WHAT): first < bound,
        Claim.share("1", at_most=tau, **WHAT): first <= bound,
        Claim.only("1", above=tau, **WHAT): first > bound and all(other <= bound for other in others),
        Claim.largest("1", **WHAT): all(first > other for other in others),
        Claim.more_than("1", "2", **WHAT): first > others[0],
        Claim.more_than("1", "2", direction="less", **WHAT): first < others[0],
        Claim.more_than("1", **WHAT): first > rest,
    }


@settings(max_examples=36, deadline=None)
@given(tables, st.sampled_from(THRESHOLDS))
def test_counts_carry_exactly_what_is_true(rows, tau):
    table = table_of(rows)
    for claim, true in truths(rows, tau).items():
        verdict = check_claim(claim, table)
        assert (verdict.status == "carried") == true, (claim, rows)
        assert bool(verdict.sentence) == (verdict.status != "refused")
        assert len(verdict.title) <= 140


@settings(max_examples=36, deadline=None)
@given(tables, margins, st.sampled_from(THRESHOLDS))
def test_margins_never_turn_weaker_into_carried(rows, moes, tau):
    plain, estimated = table_of(rows), table_of(rows, moes, SURVEY)
    for claim, true in truths(rows, tau).items():
        found = check_claim(claim, estimated)
        if found.status == "carried":
            assert true, (claim, rows, moes)
            assert check_claim(claim, plain).status == "carried"


@settings(max_examples=36, deadline=None)
@given(tables, margins, st.integers(2, 4), st.sampled_from(THRESHOLDS))
def test_wider_margins_never_carry_more(rows, moes, factor, tau):
    # The base is held, so that every margin of a share widens with the group's.
    base = [(group, 0) for group, _ in moes]
    narrow = table_of(rows, base, SURVEY)
    wide = table_of(rows, [(factor * group, 0) for group, _ in moes], SURVEY)
    for claim in truths(rows, tau):
        if check_claim(claim, wide).status == "carried":
            assert check_claim(claim, narrow).status == "carried"


@settings(max_examples=24, deadline=None)
@given(tables, st.sampled_from(THRESHOLDS), st.data())
def test_what_placing_leaves_open_carries_only_what_holds_both_ways(rows, tau, data):
    """A unit that a line cuts, or that lies in no district, may be anybody's: the claim must hold in every case."""
    labels = ["1", *(data.draw(st.sampled_from(["1", "2"])) for _ in rows[1:])]
    table = table_of(rows, names=labels)
    ids = table.placement.units.frame.index
    which = data.draw(st.integers(0, len(rows) - 1))
    cut = pd.DataFrame(
        {"people": [1.0], "districts": [2], "placed_in": [labels[which]], "share_inside": [0.5], "also_in": ["2" if labels[which] == "1" else "1"]},
        index=pd.Index([ids[which]], dtype="str"),
    )  # fmt: skip
    open_ = concentration(replace(table.placement, split_units=cut), **WHAT)
    if "1" not in open_.frame.index or open_.frame.loc["1", "base"] < 200:
        return
    verdict = check_claim(Claim.share("1", more_than=tau, **WHAT), open_)
    here = [row for row, label in zip(rows, labels, strict=True) if label == "1"]
    group, base = sum(c for c, _ in here), sum(b for _, b in here)
    count, people = rows[which]
    inside = labels[which] == "1"
    bound = Fraction(str(tau))
    # Every way to count part of the cut unit in: members and others, all or nobody.
    ends = [
        ((group + (0 if inside else in_) - (in_ if inside else 0)), base + (-1 if inside else 1) * (in_ + out))
        for in_ in (0, count)
        for out in (0, people - count)
    ]
    holds = all(Fraction(g, b) > bound for g, b in ends if b > 0)
    assert verdict.status != "carried" or holds


@settings(max_examples=36, deadline=None)
@given(st.lists(pairs, min_size=3, max_size=6), st.data())
def test_people_moved_are_counted_exactly(rows, data):
    old = [data.draw(st.sampled_from(["1", "2"])) for _ in rows]
    new = [data.draw(st.sampled_from(["1", "2"])) for _ in rows]
    before, after = table_of(rows, names=old), table_of(rows, names=new)
    if not all("1" in table.frame.index for table in (before, after)):
        return
    sums = [sum(c for (c, _), label in zip(rows, labels, strict=True) if label == "1") for labels in (old, new)]
    lost = sums[0] - sums[1]
    loses = check_claim(Claim.loses("1", **WHAT), before, after)
    gains = check_claim(Claim.gains("1", **WHAT), before, after)
    assert loses.status != "carried" or lost > 0
    assert gains.status != "carried" or lost < 0
    assert (loses.status == "refused") == (lost <= 0)
    assert (gains.status == "refused") == (lost >= 0)
    if lost > 0:
        assert f"loses {lost:,} adults" in loses.statement
        assert check_claim(Claim.loses("1", n=lost + 1, **WHAT), before, after).status != "carried"


@settings(max_examples=24, deadline=None)
@given(pairs, pairs)
def test_growth_of_counts_is_exact(then, now):
    before, after = (table_of([row], source=replace(CENSUS, year=year)) for row, year in ((then, 2010), (now, 2020)))
    grew = Fraction(*now) > Fraction(*then)
    assert (check_claim(Claim.grew("1", **WHAT), before, after).status == "carried") == grew
    assert (check_claim(Claim.grew("1", of="people", **WHAT), before, after).status == "carried") == (now[0] > then[0])
