"""True plain sentences about who moves between districts."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import pandas as pd

from kit.analysis.matching import NOWHERE, Pair, matched_by
from kit.analysis.unit_words import some
from kit.i18n.messages import Message, each, joined, mark, say
from kit.model.sentences import group_name, listed, noun, number_of, people, percent

if TYPE_CHECKING:
    from kit.analysis.swaps import SwapSheet, _Hiding


def summarise(sheet: SwapSheet) -> Message:
    """Say who moves.

    Parameters
    ----------
    sheet : SwapSheet
        Moves.

    Returns
    -------
    str
        A few sentences, then cautions.
    """
    return joined([*_sentences(sheet), *each(sheet.notes)])


def notes(pair: Pair, moves: pd.DataFrame, pieces: pd.DataFrame | None, base: str, hide: _Hiding) -> tuple[str, ...]:
    """Write what a reader must know before using the figures.

    Parameters
    ----------
    pair : Pair
        Two plans.
    moves, pieces : pandas.DataFrame or None
        Moves, and their contiguous pieces.
    base : str
        Universe id.
    hide : object
        When a count of the group is not shown.

    Returns
    -------
    tuple of str
        One fact each.
    """
    notes: list[str] = [matched_by(pair)]
    tables = {"moves": moves, "pieces": pieces}
    hidden = {what: int(table["group"].isna().sum()) for what, table in tables.items() if table is not None}
    if any(hidden.values()):
        notes.append(
            say(
                mark("The group is not counted in {moves}, for fewer than {number:,} {noun} or a single census block.")
                if hide.by_block
                else mark("The group is not counted in {moves}, for fewer than {number:,} {noun}."),
                moves=listed([number_of(count, word) for word, count in hidden.items() if count]),
                number=hide.small,
                noun=noun(base),
            )
        )
    if (pair.frame[["before", "after"]] == NOWHERE).any(axis=None):
        lost = [pair.frame.loc[pair.frame[side] == NOWHERE, pair.people].sum() for side in ("before", "after")]
        told = mark("{before} people lie in no district before, and {after} after.")
        notes.append(say(told, before=people(lost[0]), after=people(lost[1])))
    cut = [len(placed.split_units) for placed in (pair.before, pair.after)]
    if any(cut):
        told = mark(
            "District lines cut {before:,} units before and {after:,} after; each was placed whole, and so moves whole."
        )
        notes.append(say(told, before=cut[0], after=cut[1]))
    return tuple(notes)


def _sentences(sheet: SwapSheet) -> list[str]:
    """Write how many move, and the largest moves."""
    names = {"before": sheet.before.plan.name, "after": sheet.after.plan.name}
    total = sheet.total
    if not total["units"]:
        return [say("From {before} to {after} no unit changes district.", **names)]
    told: list[str] = [
        say(
            mark("From {before} to {after}, {units} with {people} people moves.")
            if total["units"] == 1
            else mark("From {before} to {after}, {units} with {people} people move."),
            **names,
            units=some(total["units"], sheet.before.units.plural),
            people=people(total["people"]),
        )
    ]
    shown = sheet.moves[sheet.moves["group"].notna() & (sheet.moves["group"] > 0)].head(3)
    told += [
        say(
            "From {old} to {new} go {people} people; of {base} {noun} among them {count} ({share}) are counted as "
            "“{group}”.",
            old=_place(row["from"]),
            new=_new_place(row),
            people=people(row["people"]),
            base=people(row["base"]),
            noun=noun(sheet.base),
            count=people(row["group"]),
            share=percent(row["share"]),
            group=group_name(sheet.group),
        )
        for row in shown.to_dict("records")
    ]
    return told


def _new_place(row: dict[Hashable, Any]) -> Message:
    """Name a district of the plan after, and the one before that answers to it where that has another label."""
    if row["to"] == NOWHERE or row["to_was"] == row["to"]:
        return _place(row["to"])
    if pd.isna(row["to_was"]):
        return say("the new district {district}", district=row["to"])
    return say("district {district} (which answers to {was} before)", district=row["to"], was=row["to_was"])


def _place(label: str) -> Message:
    """Name a district, or none."""
    return say("no district") if label == NOWHERE else say("district {district}", district=label)
