"""Claims on two plans: how many people of a group a district loses or gains."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis import district_margins
from kit.analysis.claim_case import Case, Said, refused
from kit.analysis.claim_evidence import beyond_units, is_counted, is_noisy
from kit.analysis.claim_figures import exactly
from kit.i18n.messages import joined, mark, say, term
from kit.model.frames import DistrictTable
from kit.model.groups import column
from kit.model.sentences import group_name, listed, people, percent
from kit.settings import current

_OTHER_UNITS = mark("The two plans hold different units or counts; place one set of units in both plans.")
# Verb, and whether the people moved each way may be told apart.
_STATES = {
    ("loses", False): mark("from {before} to {after}, district {district} loses {people} on balance"),
    ("loses", True): mark(
        "from {before} to {after}, district {district} loses {people} on balance: {out} are moved out and {into} "
        "moved in"
    ),
    ("gains", False): mark("from {before} to {after}, district {district} gains {people} on balance"),
    ("gains", True): mark(
        "from {before} to {after}, district {district} gains {people} on balance: {out} are moved out and {into} "
        "moved in"
    ),
}
_TITLES = {"loses": mark("District {district} loses {people}"), "gains": mark("District {district} gains {people}")}


def judge_moves(case: Case, before: DistrictTable, after: DistrictTable) -> Said:
    """Check that a district loses or gains people of a group from one plan to the next.

    Parameters
    ----------
    case : Case
        The claim and the table after.
    before, after : DistrictTable
        Figures of one set of units in two plans.

    Returns
    -------
    Said
        What may be said.
    """
    label, units = str(case.claim.district), after.placement.units
    names = [column(case.claim.group, case.claim.base), column("total", case.claim.base)]
    mine, theirs = (table.placement.units.frame[names] for table in (before, after))
    absent = [table.placement.plan.name for table in (before, after) if label not in table.frame.index]
    if absent or not _same(mine, theirs):
        no_district = say("The plan {plans} has no district {district}.", plans=listed(absent or [""]), district=label)
        return refused(no_district if absent else term(_OTHER_UNITS))
    was, now = (table.placement.assignment.reindex(mine.index) == label for table in (before, after))
    moves = _Moves(mine, was=was.fillna(value=False).astype(bool), now=now.fillna(value=False).astype(bool))
    if told := _too_few(moves, case, noisy=is_noisy(after), block=units.level == "block"):
        return refused(told, say("No count of a group is given for a single block or for too few people."))
    error, known = _margin(after, moves, names[0])
    sign = -1 if case.claim.kind == "loses" else 1
    net = sign * (moves.count("in") - moves.count("out"))
    verb = case.claim.kind if net > 0 else {"loses": "gains", "gains": "loses"}[case.claim.kind]
    tests = _move_lines(moves, case, error if known else None)
    gross = moves.shows(block=units.level == "block")
    values = {
        "before": before.placement.plan.name,
        "after": after.placement.plan.name,
        "district": label,
        "out": people(float(moves.count("out"))),
        "into": people(float(moves.count("in"))),
    }
    state = say(
        _STATES[verb, gross], **values, people=_moved(case, net, error, group_name(case.claim.group), quoted=True)
    )
    title = say(_TITLES[verb], **values, people=_moved(case, net, error, case.who, quoted=False))
    if net <= 0:
        if bool(error) and float(-net) <= error:
            return refused(say("The figures do not tell the change from none."), *tests)
        if not net:
            neither = mark("It is not so. District {district} neither loses nor gains.")
            return refused(say(neither, district=label), *tests)
        return refused(say("It is not so. In truth, {told}.", told=state), *tests)
    doubts: list[str] = [
        *_doubts(case, before, after, moves),
        *([] if known or is_counted(after) else [say("the source gives no margin of error for these estimates")]),
        *([say("the number is within its margin of error")] if error and float(net) <= error else []),
    ]
    least = case.claim.n or 0
    short = list(doubts)
    if float(net) - error < least:
        short.append(say("it is not testably {number:,} or more", number=least))
    balance = say("{people} is the balance of those moved in and those moved out", people=people(float(net)))
    why = say("{told:capital}.", told=joined(short, say("; ")) if short else balance)
    told = say("{told:capital}.", told=state)
    if doubts:
        told = say("{told:capital} ({doubts}).", told=state, doubts=joined(doubts, say("; ")))
        title = say("{title}, with the doubts stated below", title=title)
    return Said("weaker" if short else "carried", told, title, why, tests)


def _moved(case: Case, net: Fraction, error: float, group: str, *, quoted: bool) -> str:
    """Write how many people are moved on balance, and of which group."""
    count = people(abs(float(net)))
    told = say("{people} {noun}", people=count, noun=case.noun)
    if error:
        told = say("{people} ± {margin} {noun}", people=count, margin=people(error), noun=case.noun)
    if case.claim.group == "total":
        return told
    counted = mark("{people} counted as “{group}”") if quoted else mark("{people} counted as {group}")
    return say(counted, people=told, group=group)


def _same(one: pd.DataFrame, two: pd.DataFrame) -> bool:
    """Tell whether two tables hold the same counts of the same units, in whatever order."""
    if len(one) != len(two) or not one.index.isin(two.index).all():
        return False
    return bool((one.to_numpy("float64") == two.reindex(one.index).to_numpy("float64")).all())


class _Moves:
    """Units that a district loses and gains.

    Parameters
    ----------
    counts : pandas.DataFrame
        Group and base by unit.
    was, now : pandas.Series
        Which units lie in the district before and after.
    """

    def __init__(self, counts: pd.DataFrame, *, was: pd.Series, now: pd.Series) -> None:
        self.counts = counts
        self.ids = {"out": counts.index[was & ~now], "in": counts.index[now & ~was], "kept": counts.index[was & now]}

    def count(self, which: str, column_: int = 0) -> Fraction:
        """Add up the group (0) or the base (1) in some of the units."""
        return exactly(self.counts.loc[self.ids[which]].iloc[:, column_].sum())

    def inhabited(self, which: str) -> int:
        """Count the units with people of the base."""
        return int((self.counts.loc[self.ids[which]].iloc[:, -1] > 0).sum())

    def shows(self, *, block: bool) -> bool:
        """Tell whether the people moved each way may be told apart."""
        return not block or all(self.inhabited(way) != 1 for way in ("out", "in"))


def _too_few(moves: _Moves, case: Case, *, noisy: bool, block: bool) -> str:
    """Say why a number of people moved must not be given."""
    moved = [moves.inhabited(way) for way in ("out", "in")]
    if block and sum(moved) == 1:
        return say("All that moves is one census block with people, and no count of a group is given for one block.")
    base = moves.count("out", 1) + moves.count("in", 1)
    if noisy and 0 < base < current().small_base:
        return say(
            "Only {people} {noun} move, under {limit}: noise added against disclosure can change so small a figure.",
            people=people(float(base)),
            noun=case.noun,
            limit=current().small_base,
        )
    return ""


def _margin(table: DistrictTable, moves: _Moves, name: str) -> tuple[float, bool]:
    """Give the margin of those moved in less those moved out; units that stay are in neither."""
    units = table.placement.units
    if name not in district_margins.at_hand(units, [name]):
        return 0.0, False
    ids = moves.ids["out"].append(moves.ids["in"])
    if not len(ids):
        return 0.0, True
    where = pd.Series(np.nan, index=units.frame.index, dtype="str")
    where.loc[ids] = "moved"
    moved = replace(table.placement, assignment=where)
    found = float(district_margins.of_districts(moved, [name], pd.Index(["moved"])).iloc[0, 0])
    return (0.0, False) if np.isnan(found) else (found, True)


def _doubts(case: Case, before: DistrictTable, after: DistrictTable, moves: _Moves) -> list[str]:
    """Name what keeps a number of people moved from being exact."""
    label = str(case.claim.district)
    told: list[str] = []
    for table in (before, after):
        plan, plural = table.placement.plan.name, table.placement.units.plural
        if label in beyond_units(table):
            told.append(say("in {plan} it goes on beyond these {units}", plan=plan, units=plural))
        cut: Any = table.placement.split_units
        if (
            len(cut)
            and (
                (cut["placed_in"].astype(str) == label)
                | cut["also_in"].astype(str).map(lambda text: label in text.split(", "))
            ).any()
        ):
            told.append(say("lines of {plan} cut units there, which were placed whole", plan=plan))
    nowhere = [
        table.placement.assignment.loc[moves.ids[way]].isna().any() for table, way in ((after, "out"), (before, "in"))
    ]
    if any(nowhere):
        told.append(say("some of those moved lie in no district of the other plan"))
    stayed, had = moves.count("kept", 1), moves.count("kept", 1) + moves.count("out", 1)
    if had and 2 * stayed < had:
        few = mark("only {share} of its {noun} stay in it, so it may be another district under the same label")
        told.append(say(few, share=percent(float(stayed / had)), noun=case.noun))
    return told


def _move_lines(moves: _Moves, case: Case, error: float | None) -> tuple[str, ...]:
    """Write what was counted."""
    told = [
        say("Counted unit by unit on the same units; districts are matched by their label."),
        say(
            "Units moved: {out:,} out, {into:,} in, {kept:,} stay.",
            out=len(moves.ids["out"]),
            into=len(moves.ids["in"]),
            kept=len(moves.ids["kept"]),
        ),
    ]
    if error:
        margin = mark("Margin of the balance ± {people} {noun} (90% confidence, sampling error only).")
        told.append(say(margin, people=people(error), noun=case.noun))
    return tuple(told)
