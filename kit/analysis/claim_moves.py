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
from kit.model.frames import DistrictTable
from kit.model.groups import column
from kit.model.sentences import group_name, listed, people, percent
from kit.settings import current

_OTHER_UNITS = "The two plans hold different units or counts; place one set of units in both plans."


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
        why = f"The plan {listed(absent)} has no district {label}." if absent else _OTHER_UNITS
        return refused(why)
    was, now = (table.placement.assignment.reindex(mine.index) == label for table in (before, after))
    moves = _Moves(mine, was=was.fillna(value=False).astype(bool), now=now.fillna(value=False).astype(bool))
    if told := _too_few(moves, case, noisy=is_noisy(after), block=units.level == "block"):
        return refused(told, "No count of a group is given for a single block or for too few people.")
    error, known = _margin(after, moves, names[0])
    sign = -1 if case.claim.kind == "loses" else 1
    net = sign * (moves.count("in") - moves.count("out"))
    verb = case.claim.kind if net > 0 else {"loses": "gains", "gains": "loses"}[case.claim.kind]
    tests = _move_lines(moves, case, error if known else None)
    plans = f"From {before.placement.plan.name} to {after.placement.plan.name}"
    what = f"{people(abs(float(net)))}{f' ± {people(error)}' if error else ''} {case.noun}"
    who = "" if case.claim.group == "total" else f" counted as “{group_name(case.claim.group)}”"
    gross = moves.words() if moves.shows(block=units.level == "block") else ""
    state = f"{plans}, district {label} {verb} {what}{who} on balance{gross}."
    title = f"District {label} {verb} {what}{'' if case.claim.group == 'total' else f' counted as {case.who}'}"
    if net <= 0:
        true = f"In truth, {state[:1].lower()}{state[1:]}" if net else f"District {label} neither loses nor gains."
        within = bool(error) and float(-net) <= error
        return refused("The figures do not tell the change from none." if within else f"It is not so. {true}", *tests)
    doubts = [
        *_doubts(case, before, after, moves),
        *([] if known or is_counted(after) else ["the source gives no margin of error for these estimates"]),
        *(["the number is within its margin of error"] if error and float(net) <= error else []),
    ]
    aside = f" ({'; '.join(doubts)})" if doubts else ""
    least = case.claim.n or 0
    short = [*doubts, *([f"it is not testably {least:,} or more"] if float(net) - error < least else [])]
    why = "; ".join(short) if short else f"{people(float(net))} is the balance of those moved in and those moved out"
    state = f"{state.removesuffix('.')}{aside}."
    title += ", with the doubts stated below" if doubts else ""
    return Said("weaker" if short else "carried", state, title, f"{why[:1].upper()}{why[1:]}.", tests)


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

    def words(self) -> str:
        """Write how many are moved each way."""
        out, in_ = (people(float(self.count(way))) for way in ("out", "in"))
        return f": {out} are moved out and {in_} moved in"


def _too_few(moves: _Moves, case: Case, *, noisy: bool, block: bool) -> str:
    """Say why a number of people moved must not be given."""
    moved = [moves.inhabited(way) for way in ("out", "in")]
    if block and sum(moved) == 1:
        return "All that moves is one census block with people, and no count of a group is given for one block."
    base = moves.count("out", 1) + moves.count("in", 1)
    if noisy and 0 < base < current().small_base:
        return (
            f"Only {people(float(base))} {case.noun} move, under {current().small_base}: noise added against "
            "disclosure can change so small a figure."
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
    label, told = str(case.claim.district), []
    for table in (before, after):
        if label in beyond_units(table):
            told.append(f"in {table.placement.plan.name} it goes on beyond these {table.placement.units.plural}")
        cut: Any = table.placement.split_units
        if (
            len(cut)
            and (
                (cut["placed_in"].astype(str) == label)
                | cut["also_in"].astype(str).map(lambda text: label in text.split(", "))
            ).any()
        ):
            told.append(f"lines of {table.placement.plan.name} cut units there, which were placed whole")
    nowhere = [
        table.placement.assignment.loc[moves.ids[way]].isna().any() for table, way in ((after, "out"), (before, "in"))
    ]
    if any(nowhere):
        told.append("some of those moved lie in no district of the other plan")
    stayed, had = moves.count("kept", 1), moves.count("kept", 1) + moves.count("out", 1)
    if had and 2 * stayed < had:
        share = percent(float(stayed / had))
        told.append(f"only {share} of its {case.noun} stay in it, so it may be another district under the same label")
    return told


def _move_lines(moves: _Moves, case: Case, error: float | None) -> tuple[str, ...]:
    """Write what was counted."""
    told = [
        "Counted unit by unit on the same units; districts are matched by their label.",
        f"Units moved: {len(moves.ids['out']):,} out, {len(moves.ids['in']):,} in, {len(moves.ids['kept']):,} stay.",
    ]
    if error:
        told.append(f"Margin of the balance ± {people(error)} {case.noun} (90% confidence, sampling error only).")
    return tuple(told)
