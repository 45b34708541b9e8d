"""The rungs and rates of one area, read for drawing and for sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from kit.analysis.participation import ALL, RATES, RUNGS, Participation
from kit.analysis.participation_words import areas_named
from kit.errors import InputError, first_few
from kit.i18n.messages import capital, joined, mark, say, term
from kit.model.groups import DEFINITIONS, definition
from kit.model.groups import who as who_of
from kit.model.margin_words import points
from kit.model.sentences import people, percent

NAN = float("nan")
RUNG_NAMES = dict(
    zip(
        RUNGS,
        (mark("adults"), mark("citizens of voting age"), mark("registered people"), mark("voters")),
        strict=True,
    )
)
"""What the rungs are called."""
RATE_NAMES = dict(
    zip(
        RATES,
        (
            mark("Registered, of citizens of voting age"),
            mark("Voted, of registered people"),
            mark("Voted, of citizens of voting age"),
            mark("Voted, of adults"),
        ),
        strict=True,
    )
)
"""What the rates are called."""


@dataclass(frozen=True)
class Figure:
    """A share or a rate, with what is known of it.

    Parameters
    ----------
    value, moe : float
        The figure and its 90 percent margin; missing where there is none.
    low, high : float
        Ends, where the figure is known only between them.
    hidden : bool
        Whether it is not shown, to protect few people.
    """

    value: float = NAN
    moe: float = NAN
    low: float = NAN
    high: float = NAN
    hidden: bool = False

    @property
    def known(self) -> bool:
        """Whether there is anything to draw.

        Returns
        -------
        bool
            True for a figure or its ends.
        """
        return not self.hidden and not (pd.isna(self.value) and pd.isna(self.low))

    @property
    def bracketed(self) -> bool:
        """Whether only the ends are known.

        Returns
        -------
        bool
            True where there is no figure between them.
        """
        return self.known and pd.isna(self.value)

    @property
    def reach(self) -> float:
        """The largest share that is drawn.

        Returns
        -------
        float
            With the margin; 0 where there is nothing.
        """
        ends = [one for one in (self.value, self.value + self.moe, self.high) if not pd.isna(one)]
        return max(ends) if self.known and ends else 0.0

    @property
    def words(self) -> str:
        """The figure for a reader.

        Returns
        -------
        str
            Never 0 for what is hidden or missing.
        """
        if self.hidden:
            return say("not shown")
        if not self.known:
            return say("not available")
        if self.bracketed:
            return say("{low} to {high}", low=percent(self.low), high=percent(self.high))
        if pd.isna(self.moe):
            return percent(self.value)
        return joined([percent(self.value), points(self.moe, unit="pts")])

    @property
    def over(self) -> bool:
        """Whether the figure is more than 100%.

        Returns
        -------
        bool
            True for an impossible rate, which is shown and flagged.
        """
        return self.known and max(one for one in (self.value, self.high, 0.0) if not pd.isna(one)) > 1


@dataclass(frozen=True)
class Rung:
    """One rung: the group's share of the people on it.

    Parameters
    ----------
    id, noun : str
        Of the rung: who stands on it.
    share : Figure
        The group's share.
    count, base : str
        The group and everybody, in words.
    """

    id: str
    noun: str
    share: Figure
    count: str
    base: str

    @property
    def name(self) -> str:
        """Who stands on the rung, as a heading.

        Returns
        -------
        str
            Beginning with a capital.
        """
        return capital(self.noun)


@dataclass(frozen=True)
class Rate:
    """One rate: of the group, and of everybody.

    Parameters
    ----------
    id, name : str
        Of the rate.
    group, everybody : Figure
        The two rates.
    gap : str
        How far they are apart in words; empty where that is not known.
    """

    id: str
    name: str
    group: Figure
    everybody: Figure
    gap: str


@dataclass(frozen=True)
class Rows:
    """What is drawn of one area.

    Parameters
    ----------
    area : str
        Its name in words.
    rungs : tuple of Rung
        From the widest.
    rates : tuple of Rate
        Those that are known for the group or for everybody, or are hidden.
    """

    area: str
    rungs: tuple[Rung, ...]
    rates: tuple[Rate, ...]


def rows_of(result: Participation, area: str) -> Rows:
    """Read the rungs and rates of one area.

    Parameters
    ----------
    result : Participation
        The figures.
    area : str
        An area of the table, or ``"all"``.

    Returns
    -------
    Rows
        For drawing.

    Raises
    ------
    InputError
        No area has that name.
    """
    known = [*result.areas, ALL]
    if area not in known:
        raise InputError(f"no area is called {area!r}; there are {first_few(known, 12)}.")
    ladder = result.ladder(area)
    rungs = tuple(_rung(str(rung), row) for rung, row in ladder.iterrows())
    group, everybody = (result.frame.loc[(area, one)] for one in (result.group, "total"))
    rates = []
    for rate in RATES:
        mine, theirs = _rate(group, rate), _rate(everybody, rate)
        if mine.known or theirs.known or mine.hidden:
            rates.append(Rate(rate, term(RATE_NAMES[rate]), mine, theirs, _gap(result, area, rate)))
    return Rows(area_words(result, area), rungs, tuple(rates))


def area_words(result: Participation, area: str) -> str:
    """Name an area for a heading.

    Parameters
    ----------
    result : Participation
        The figures.
    area : str
        An area of the table, or ``"all"``.

    Returns
    -------
    str
        Such as ``"district 2"``.
    """
    if area == ALL:
        return say("the whole place")
    return areas_named(result.by, [area])


def group_words(result: Participation) -> str:
    """Name the group in a few words.

    Parameters
    ----------
    result : Participation
        The figures.

    Returns
    -------
    str
        In the language in force; in the words of the list for a group that the kit does not define.
    """
    if result.group in DEFINITIONS:
        return term(who_of(result.group))
    return term(result.words or result.group)


def counted_group(result: Participation) -> str:
    """Say who is counted, with the definition.

    Parameters
    ----------
    result : Participation
        The figures.

    Returns
    -------
    str
        One sentence or two.
    """
    if result.group not in DEFINITIONS:
        told = say("Counted: {group}.", group=group_words(result))
    else:
        rule = definition(result.group)
        told = say("Counted: {long} (definition {name}).", long=term(rule.long), name=rule.name)
    if result.denominator and result.denominator != result.group:
        other = say("Adults and citizens: definition {name}.", name=result.denominator)
        return joined([told, other])
    return told


def _rung(rung: str, row: pd.Series) -> Rung:
    hidden = bool(row.get("hidden", False))
    share = Figure(_n(row, "share"), _n(row, "share_moe"), _n(row, "share_low"), _n(row, "share_high"), hidden)
    count, base = (
        say("not shown") if hidden and pd.isna(_n(row, name)) else people(_n(row, name)) for name in ("count", "base")
    )
    if pd.isna(_n(row, "count")) and not pd.isna(_n(row, "count_low")):
        count = say("{low} to {high}", low=people(row["count_low"]), high=people(row["count_high"]))
    return Rung(rung, term(RUNG_NAMES[rung]), share, count, base)


def _rate(row: pd.Series, rate: str) -> Figure:
    above, below = RATES[rate]
    # Hidden is what would stand here: without adults or citizens, or without votes, there would be nothing.
    lacking = [name for name in (above, below) if pd.isna(_n(row, name))]
    bracketed = below == "cvap" and not pd.isna(_n(row, "cvap_low"))
    listed = all(name in ("registered", "voted") or bracketed for name in lacking)
    hidden = bool(row.get("hidden", False)) and bool(set(lacking) & {"registered", "voted"}) and listed
    return Figure(_n(row, rate), _n(row, f"{rate}_moe"), _n(row, f"{rate}_low"), _n(row, f"{rate}_high"), hidden)


def _gap(result: Participation, area: str, rate: str) -> str:
    """Say how far the group and everybody are apart."""
    key = (area, rate)
    if key not in result.gaps.index:
        return ""
    row = result.gaps.loc[key]
    if not pd.isna(_n(row, "gap")):
        told = _points(row["gap"])
    elif not pd.isna(_n(row, "gap_low")):
        told = say("from {least} to {most}", least=_points(row["gap_low"]), most=_points(row["gap_high"]))
    else:
        return ""
    significant = row.get("gap_significant")
    if significant is None or pd.isna(significant):
        return told
    if bool(significant):
        return say("{gap}, more than sampling error explains", gap=told)
    return say("{gap}, within sampling error", gap=told)


def _points(gap: float) -> str:
    """Write a gap in points, with its direction."""
    size = f"{abs(100 * gap):.1f}"
    if size == "0.0":
        return say("no gap")
    if gap < 0:
        return say("{size} points lower", size=size)
    return say("{size} points higher", size=size)


def _n(row: Any, name: str) -> float:
    value = row.get(name)
    return NAN if value is None or pd.isna(value) else float(value)
