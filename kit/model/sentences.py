"""True plain sentences about a district table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from kit.errors import first_few
from kit.model.groups import BASES, DEFINITIONS
from kit.model.margin_words import margin_after, near_bounds, not_apart
from kit.model.tiers import TIERS

if TYPE_CHECKING:
    from kit.model.frames import DistrictTable

# More districts than this are counted, not named.
_NAMED = 6
# Shares that rounding may not touch: a reader would take them for a bound that is met, or not passed.
_MARKS = (0.0, *(tier.above for tier in TIERS if 0 < tier.above < 1), 1.0)


# What the note says that warns of districts the units reach only in part; figures repeat that note.
PARTLY = "on beyond these units"
RULE_WORDS = {
    "assignment": "the plan's own list",
    "point": "a point on their surface",
    "area": "largest area",
}


def percent(share: float, places: int = 1) -> str:
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
        return "not available"
    for digits in range(places, 8):
        text = f"{100 * share:.{digits}f}"
        exact = any(abs(share - mark) < 1e-12 for mark in _MARKS)
        if exact or all(float(text) != round(100 * mark, 9) for mark in _MARKS):
            return f"{text}%"
    return f"{100 * share:.8f}%"


def people(count: float) -> str:
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
    return "not available" if pd.isna(count) else f"{round(count):,}"


def number_of(number: float, plural: str) -> str:
    """Write a number of things, in the singular for one.

    Parameters
    ----------
    number : float
        A whole number.
    plural : str
        What they are called, such as ``"communities"``.

    Returns
    -------
    str
        Such as ``"1 community"`` or ``"2,346 census tracts"``.

    Examples
    --------
    >>> number_of(1, "communities"), number_of(2346, "census tracts")
    ('1 community', '2,346 census tracts')
    """
    if number != 1:
        return f"{number:,.0f} {plural}"
    return f"1 {plural[:-3]}y" if plural.endswith("ies") else f"1 {plural.removesuffix('s')}"


def listed(names: list[str]) -> str:
    """Join names with commas and “and”.

    Parameters
    ----------
    names : list of str
        At least one.

    Returns
    -------
    str
        For example ``"1, 2 and 3"``.
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _extreme(table: DistrictTable, word: str, value: float) -> str:
    """Write the sentence on the highest or lowest share, with ties named."""
    frame = table.frame
    at = [str(label) for label in frame.index[frame["share"] == value]]
    if len(at) == 1:
        row = frame.loc[at[0]]
        return (
            f"The {word} share is in district {at[0]}: {percent(value)}{margin_after(row)} "
            f"({people(row['count'])} of {people(row['base'])} {BASES[table.base].noun})."
        )
    named = f"Districts {listed(at)}" if len(at) <= _NAMED else f"{len(at)} districts"
    return f"{named} share the {word} share, {percent(value)}."


def _tiers(table: DistrictTable) -> str:
    """Write how many districts lie above each bound, strictly."""
    share = table.frame["share"].dropna()
    told = []
    for tier in TIERS[:-1]:
        above = [str(label) for label in share.index[share > tier.above]]
        named = f" (district{'s' if len(above) > 1 else ''} {listed(above)})" if 0 < len(above) <= 6 else ""
        told.append(f"{len(above) or 'none'} above {tier.above:.0%}{named}")
    noun = BASES[table.base].noun
    begin = f"Of {len(share)} districts with {noun}" if len(share) > 1 else f"Of the one district with {noun}"
    return f"{begin}: {'; '.join(told)}."


def group_name(group: str) -> str:
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
    return DEFINITIONS[group].short


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
        noun = BASES[table.base].noun
        if len(share) == 1:
            return [f"Only district {share.index[0]} has {noun} here, and its share is {percent(share.max())}."]
        every = "Every district" if len(share) == len(table.frame) else f"Every district with {noun}"
        return [f"{every} has the same share, {percent(share.max())}."]
    told = [_extreme(table, "highest", share.max()), _extreme(table, "lowest", share.min()), not_apart(table.frame)]
    return [sentence for sentence in told if sentence]


def whole_area(table: DistrictTable, *, where: str = "") -> str:
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
    plan, total, noun = table.placement.plan, table.total, BASES[table.base].noun
    if pd.isna(total["share"]):
        return f"In {where or plan.name} these units have no {noun}, so no share can be given."
    share = f"{percent(total['share'])}{margin_after(total)}"
    whole = where or plan.name
    beyond = table.frame["share"].isna().any() or any(PARTLY in note for note in table.placement.notes)
    area = f"In the part of {whole} that these {table.placement.units.plural} cover" if beyond else f"In {whole}"
    return (
        f"{area}, people counted as “{group_name(table.group)}” make up {share} "
        f"of all {noun}: {people(total['count'])} of {people(total['base'])}."
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
    noun = BASES[table.base].noun
    share = table.frame["share"].dropna()
    sentences = [whole_area(table), *extremes(table)]
    if len(share):
        sentences += [sentence for sentence in (_tiers(table), near_bounds(table.frame)) if sentence]
    empty = [str(label) for label in table.frame.index[table.frame["share"].isna()]]
    if empty:
        told = listed(empty) if len(empty) <= 12 else first_few(empty, 12)
        sentences.append(
            f"District{'s' if len(empty) > 1 else ''} {told} had no {noun} among these units, so no share is given."
        )
    return " ".join([*sentences, *table.notes])
