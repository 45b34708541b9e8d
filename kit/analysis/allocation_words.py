"""Plain sentences about how estimates were shared out."""

from __future__ import annotations

import pandas as pd

from kit.i18n.messages import joined, mark, say, term
from kit.model.frames import Units
from kit.model.sentences import few, people


def notes(coarse: Units, fine: Units, fallbacks: pd.DataFrame, over: pd.DataFrame, lost: pd.DataFrame) -> list[str]:
    """Say what was done.

    Parameters
    ----------
    coarse, fine : Units
        Where people came from, and where they were put.
    fallbacks : pandas.DataFrame
        Which weight was used for which column, in the order they are tried.
    over : pandas.DataFrame
        Estimates larger than the adults counted.
    lost : pandas.DataFrame
        Coarse units without any fine one.

    Returns
    -------
    list of str
        One fact each.
    """
    order = ["total_vap", "total_pop", "land area", "equal parts"]
    first = few([term(word) for word in fallbacks.loc[~fallbacks["fallback"], "weight"].unique()])
    names = {"coarse": coarse.plural, "fine": fine.plural}
    told: list[str] = [
        say(
            "Estimates for {number:,} {coarse} were shared out to {count:,} {fine} by {weights}.",
            number=len(coarse),
            count=len(fine),
            weights=first,
            **names,
        )
    ]
    lines = fallbacks[fallbacks["fallback"]].groupby("weight", sort=False)
    for step, rows in sorted(lines, key=lambda pair: order.index(pair[0])):
        each = [
            say("{column} {units:,} ({people} people)", column=r.column, units=int(r.units), people=people(r.people))
            for r in rows.itertuples()
        ]
        told.append(
            say(
                "Where nobody of the group was counted, {weight} was used: {told}.",
                weight=term(step),
                told=joined(each, say("; ")),
            )
        )
    if len(over):
        larger = mark(
            "In {number:,} {coarse} an estimate is larger than the adults counted in that group; nothing was capped."
        )
        told.append(say(larger, number=over["GEOID"].nunique(), **names))
    if len(lost):
        told.append(say("{number:,} {coarse} without people contain no {fine}.", number=len(lost), **names))
    return told
