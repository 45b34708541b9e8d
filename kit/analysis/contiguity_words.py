"""True plain sentences about districts in one part and in several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from kit.i18n.messages import Message, each, joined, mark, say
from kit.model.sentences import few

if TYPE_CHECKING:
    from kit.analysis.contiguity import Contiguity


def summarise(found: Contiguity) -> Message:
    """Say which districts are in one part.

    Parameters
    ----------
    found : Contiguity
        Parts of districts.

    Returns
    -------
    str
        A few sentences, one fact each, then cautions.
    """
    filled = found.frame[found.frame["units"] > 0]
    broken = filled[filled["parts"] > 1]
    whole = len(filled) - len(broken)
    touch = (
        mark("{whole:,} of {number:,} districts are in one part, where a common border joins two units.")
        if found.rule == "rook"
        else mark("{whole:,} of {number:,} districts are in one part, where a common border or point joins two units.")
    )
    lines: list[str] = [say(touch, whole=whole, number=len(filled))]
    for label, row in broken.iterrows():
        lines.append(_broken(str(label), row))
    linked = filled[filled["joined_by_links"] > 0]
    if len(linked):
        lines.append(say("Links from a table join parts of {districts}.", districts=districts(linked.index)))
    lines += [
        say("District {district} surrounds {others}.", district=label, others=districts(names.split(", ")))
        for label, names in filled["surrounds"].dropna().items()
        if names
    ]
    return joined([*lines, *each(found.notes)])


def districts(labels: Any) -> Message:
    """Name districts.

    Parameters
    ----------
    labels : iterable of str
        At least one.

    Returns
    -------
    str
        The first twelve, and how many more.
    """
    names = [str(label) for label in labels]
    if len(names) == 1:
        return say("district {district}", district=names[0])
    return say("districts {districts}", districts=few(names, 12))


def _broken(label: str, row: pd.Series) -> Message:
    """Write one sentence on a district in several parts."""
    parts = int(row["parts"])
    outside = row["people_outside_main"]
    if pd.isna(outside):
        told = mark("District {district} is in {parts:,} parts; people are not counted in this file.")
        return say(told, district=label, parts=parts)
    if outside == 0:
        told = mark("District {district} is in {parts:,} parts; nobody lives outside the main one.")
        return say(told, district=label, parts=parts)
    return say(
        mark(
            "District {district} is in {parts:,} parts, {lived:,} of them with people; 1 person lives outside the "
            "main one."
        )
        if outside == 1
        else mark(
            "District {district} is in {parts:,} parts, {lived:,} of them with people; {people:,.0f} people live "
            "outside the main one."
        ),
        district=label,
        parts=parts,
        lived=round(row["parts_with_people"]),
        people=float(outside),
    )
