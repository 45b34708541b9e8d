"""True plain sentences about a district table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from kit.i18n.messages import Message, each, english, figure, joined, mark, say, term
from kit.model.groups import BASES, DEFINITIONS
from kit.model.margin_words import near_bounds, not_apart, with_margin
from kit.model.things import few, listed, number_of
from kit.model.tiers import TIERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kit.model.frames import DistrictTable

__all__ = ["few", "listed", "number_of"]

_MINUS = "\N{MINUS SIGN}"
# More districts than this are counted, not named.
_NAMED = 6
# Shares that rounding may not touch: a reader would take them for a bound that is met, or not passed.
_MARKS = (0.0, *(tier.above for tier in TIERS if 0 < tier.above < 1), 1.0)


# What the note says that warns of districts the units reach only in part; figures repeat that note.
PARTLY = "on beyond these units"
RULE_WORDS = {
    "assignment": mark("the plan's own list"),
    "point": mark("a point on their surface"),
    "area": mark("largest area"),
}


def percent(share: float, places: int = 1) -> Message:
    """Write a share so that rounding never falsely gives one half, another bound of a tier, 0 or 100.

    Parameters
    ----------
    share : float
        A fraction.
    places : int, default 1
        Decimal places; more are used where fewer would mislead.

    Returns
    -------
    str
        For example ``"14.5%"``; ``"not available"`` when missing.

    Examples
    --------
    >>> percent(0.5), percent(0.50004), percent(0.19996), percent(0.00001)
    ('50.0%', '50.004%', '19.996%', '0.001%')
    """
    if pd.isna(share):
        return say("not available")
    for digits in range(places, 8):
        text = f"{100 * share:.{digits}f}"
        exact = any(abs(share - mark) < 1e-12 for mark in _MARKS)
        if exact or all(float(text) != round(100 * mark, 9) for mark in _MARKS):
            return figure(f"{text}%".replace("-", _MINUS))
    return figure(f"{100 * share:.8f}%".replace("-", _MINUS))


def people(count: float) -> Message:
    """Write a count of people.

    Parameters
    ----------
    count : float
        Whole for census counts; estimates are rounded to the nearest person.

    Returns
    -------
    str
        With thousands separators; ``"not available"`` when missing.
    """
    return say("not available") if pd.isna(count) else figure(f"{round(count):,}")


def goes_beyond(notes: Iterable[str]) -> list[str]:
    """Choose the notes that warn of districts the units reach only in part.

    Parameters
    ----------
    notes : iterable of str
        Of a placement, in whatever language they were written.

    Returns
    -------
    list of str
        Those that hold `PARTLY` in English.
    """
    return [note for note in notes if PARTLY in english(note)]


_HIGHEST = (
    mark("The highest share is in district {district}: {share} ({count} of {base} {noun})."),
    mark("Districts {districts} share the highest share, {share}."),
    mark("{number} districts share the highest share, {share}."),
)
_LOWEST = (
    mark("The lowest share is in district {district}: {share} ({count} of {base} {noun})."),
    mark("Districts {districts} share the lowest share, {share}."),
    mark("{number} districts share the lowest share, {share}."),
)


def _extreme(table: DistrictTable, words: tuple[str, str, str], value: float) -> Message:
    """Write the sentence on the highest or lowest share, with ties named."""
    frame = table.frame
    at = [str(label) for label in frame.index[frame["share"] == value]]
    one, few_, many = words
    if len(at) == 1:
        row = frame.loc[at[0]]
        return say(
            one,
            district=at[0],
            share=with_margin(percent(value), row),
            count=people(row["count"]),
            base=people(row["base"]),
            noun=noun(table.base),
        )
    if len(at) <= _NAMED:
        return say(few_, districts=listed(at), share=percent(value))
    return say(many, number=len(at), share=percent(value))


def _above(bound: float, labels: list[str]) -> Message:
    """Write how many districts lie above a bound."""
    if not labels:
        return say("none above {bound:.0%}", bound=bound)
    if len(labels) == 1:
        return say("1 above {bound:.0%} (district {district})", bound=bound, district=labels[0])
    if len(labels) > _NAMED:
        return say("{number} above {bound:.0%}", number=len(labels), bound=bound)
    return say(
        "{number} above {bound:.0%} (districts {districts})", number=len(labels), bound=bound, districts=listed(labels)
    )


def _tiers(table: DistrictTable) -> Message:
    """Write how many districts lie above each bound, strictly."""
    share = table.frame["share"].dropna()
    told = joined(
        [_above(tier.above, [str(label) for label in share.index[share > tier.above]]) for tier in TIERS[:-1]],
        say("; "),
    )
    who = noun(table.base)
    if len(share) == 1:
        return say("Of the one district with {noun}: {told}.", noun=who, told=told)
    return say("Of {number} districts with {noun}: {told}.", number=len(share), noun=who, told=told)


def noun(base: str) -> Message:
    """Name the people of a universe, for the middle of a sentence.

    Parameters
    ----------
    base : str
        Universe id.

    Returns
    -------
    str
        Such as ``"adults"``.
    """
    return term(BASES[base].noun)


def group_name(group: str) -> Message:
    """Write who is counted, for the middle of a sentence.

    Parameters
    ----------
    group : str
        Definition id.

    Returns
    -------
    str
        The short name in words.
    """
    return term(DEFINITIONS[group].short)


def extremes(table: DistrictTable) -> list[str]:
    """Write which districts have the highest and the lowest share.

    Parameters
    ----------
    table : DistrictTable
        Figures by district.

    Returns
    -------
    list of str
        Two sentences, and one more where sampling error does not tell the
        highest from others; one where all are equal, none where nobody lives.
    """
    share = table.frame["share"].dropna()
    if not len(share):
        return []
    if share.max() == share.min():
        same, who = percent(share.max()), noun(table.base)
        if len(share) == 1:
            one = str(share.index[0])
            return [
                say(
                    "Only district {district} has {noun} here, and its share is {share}.",
                    district=one,
                    noun=who,
                    share=same,
                )
            ]
        if len(share) == len(table.frame):
            return [say("Every district has the same share, {share}.", share=same)]
        return [say("Every district with {noun} has the same share, {share}.", noun=who, share=same)]
    told = [_extreme(table, _HIGHEST, share.max()), _extreme(table, _LOWEST, share.min()), not_apart(table.frame)]
    return [sentence for sentence in told if sentence]


def whole_area(table: DistrictTable, *, where: str = "") -> Message:
    """Write the figure of all units, called a part where districts are empty or go on beyond them.

    Parameters
    ----------
    table : DistrictTable
        Figures by district.
    where : str
        What the area is called; by default the plan's name.

    Returns
    -------
    str
        One sentence.
    """
    total, who, whole = table.total, noun(table.base), where or table.placement.plan.name
    if pd.isna(total["share"]):
        return say("In {whole} these units have no {noun}, so no share can be given.", whole=whole, noun=who)
    beyond = table.frame["share"].isna().any() or goes_beyond(table.placement.notes)
    return say(
        mark(
            "In the part of {whole} that these {units} cover, people counted as “{group}” make up {share} of all "
            "{noun}: {count} of {base}."
        )
        if beyond
        else mark("In {whole}, people counted as “{group}” make up {share} of all {noun}: {count} of {base}."),
        whole=whole,
        units=table.placement.units.plural,
        group=group_name(table.group),
        share=with_margin(percent(total["share"]), total),
        noun=who,
        count=people(total["count"]),
        base=people(total["base"]),
    )


def summarise(table: DistrictTable) -> str:
    """Say what a district table shows.

    Parameters
    ----------
    table : DistrictTable
        Figures by district.

    Returns
    -------
    str
        A few sentences, one fact each.
    """
    share = table.frame["share"].dropna()
    sentences = [whole_area(table), *extremes(table)]
    if len(share):
        sentences += [sentence for sentence in (_tiers(table), near_bounds(table.frame)) if sentence]
    empty = [str(label) for label in table.frame.index[table.frame["share"].isna()]]
    if empty:
        sentences.append(
            say(
                mark("District {districts} had no {noun} among these units, so no share is given.")
                if len(empty) == 1
                else mark("Districts {districts} had no {noun} among these units, so no share is given."),
                districts=listed(empty) if len(empty) <= 12 else few(empty, 12),
                noun=noun(table.base),
            )
        )
    return joined([*sentences, *each(table.notes)])
