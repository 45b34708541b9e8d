"""The ladder of participation: adults, citizens, registered people, voters, by district and group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis import moe
from kit.analysis.participation_bases import ALL, Bases, Denominators, definition_for, denominators
from kit.analysis.participation_rates import RATES, changes, gaps, in_order, rungs, with_rates
from kit.analysis.participation_summary import summarise
from kit.analysis.participation_words import cautions, group_words
from kit.analysis.suppression import protect
from kit.errors import InputError, first_few
from kit.model.shared import Shared
from kit.model.source import Source, require_same_adjustment
from kit.model.voters import EVERYBODY, SMALLEST, VoterCounts

__all__ = ["ALL", "RATES", "RUNGS", "Participation", "participation"]

RUNGS = ("vap", "cvap", "registered", "voted")
"""The rungs of the ladder, from the widest."""
NAMED = ("surname", "names")
"""Ways of telling groups apart that go by names."""
_ROUND_TO = 5


@dataclass(frozen=True)
class Participation:
    """How many adults are citizens, are registered and voted: one group beside everybody.

    Parameters
    ----------
    frame : pandas.DataFrame
        The last election. Indexed by ``area`` (text; the last is ``all``, the
        whole place) and ``group`` (`group` and ``total``). The columns are
        always all there; a figure that is not at hand, hidden, or of fewer
        than 50 people is missing, never 0.

        * Counts: ``vap``; ``cvap`` and ``cvap_moe``, or for a wider definition
          the ends ``cvap_low``, ``cvap_low_moe``, ``cvap_high`` and
          ``cvap_high_moe`` (people); ``reliability`` of the count of citizens,
          in a word; ``registered`` and ``voted`` (Int64), and ``hidden`` (true
          where one of the two is not shown).
        * Shares of everybody: ``share_of_vap``, ``share_of_cvap`` (with
          ``_moe``, ``_low`` and ``_high``), ``share_of_registered`` and
          ``share_of_electorate`` (fractions; 1 for ``total``).
        * Rates: ``registration`` (registered of citizens), ``turnout_registered``,
          ``turnout_cvap`` and ``turnout_vap`` (fractions, may be more than 1);
          ``registration`` and ``turnout_cvap`` each with ``_moe``, or with the
          ends ``_low``, ``_low_moe``, ``_high`` and ``_high_moe`` where citizens are bracketed.
        * ``over_100``: true where a rate is more than 1.
    gaps : pandas.DataFrame
        Indexed by ``area`` and ``rate`` (one of `RATES`): ``group_rate``,
        ``all_rate`` and ``others_rate`` (fractions); ``gap`` (group minus all),
        ``gap_moe`` and ``gap_significant``; ``gap_others``, ``gap_others_moe``
        and ``gap_others_significant`` against everybody else; and where
        citizens are bracketed the ends ``gap_low``, ``gap_low_moe``,
        ``gap_high`` and ``gap_high_moe`` in place of ``gap``. The margins and
        the test are missing where a rate has no sampling error.
    changes : pandas.DataFrame
        Between the two elections, indexed by ``area``, ``group`` and ``figure``
        (`RATES`, ``share_of_registered``, ``share_of_electorate``): ``before``,
        ``after``, ``change`` (fractions) and ``change_moe``. Empty where there is one election.
    group : str
        Group id of the voters.
    words : str
        The group in words.
    denominator : str
        Definition id of the adults and citizens: the same, unless `participation` was told otherwise.
    by : str
        What the areas are, such as ``"district"``.
    elections, dates : tuple of str
        Elections, and dates of their lists, from the earlier; empty words where not known.
    period : tuple of int or None
        First and last year of the survey of citizens.
    one_list : bool
        Whether both elections are counted on one list of registered people.
    sources : tuple of Source
        Where the figures came from.
    notes : tuple of str
        What a reader must know.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor
    gaps: pd.DataFrame = Shared()  # noqa: RUF009
    changes: pd.DataFrame = Shared()  # noqa: RUF009
    group: str = ""
    words: str = ""
    denominator: str = ""
    by: str = "district"
    elections: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    period: tuple[int, int] | None = None
    one_list: bool = False
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def areas(self) -> list[str]:
        """Areas in the order of the table, without the whole place.

        Returns
        -------
        list of str
            Each once.
        """
        return [area for area in dict.fromkeys(self.frame.index.get_level_values("area")) if area != ALL]

    def ladder(self, area: str = ALL) -> pd.DataFrame:
        """Give the rungs of one area: the group's share of adults, of citizens, of registered people, of voters.

        Parameters
        ----------
        area : str, default "all"
            An area of the table.

        Returns
        -------
        pandas.DataFrame
            Indexed by ``rung`` (those of `RUNGS` that are at hand, in order):
            ``count`` (people of the group), ``count_moe``, ``base`` (everybody),
            ``base_moe``, ``share`` (fraction), ``share_moe``; where citizens
            are bracketed ``count_low``, ``count_high``, ``share_low`` and
            ``share_high`` in place of ``count`` and ``share``; ``hidden``. Missing where hidden.

        Raises
        ------
        InputError
            No area has that name.
        """
        known = self.frame.index.get_level_values("area")
        if area not in known:
            raise InputError(f"no area is called {area!r}; areas are {first_few(dict.fromkeys(known), 8)}.")
        return rungs(self.frame, self.group, area)

    def summary(self) -> str:
        """Say what was found.

        Returns
        -------
        str
            A few sentences about the whole place, then the notes.
        """
        return summarise(self)


def participation(
    counts: VoterCounts | Sequence[VoterCounts],
    *,
    group: str,
    citizens: Bases | None = None,
    adults: Bases | None = None,
    matches: Mapping[str, str] | None = None,
    smallest: int = SMALLEST,
    period: tuple[int, int] | None = None,
) -> Participation:
    """Measure registration and turnout of a group beside everybody: adults, citizens, registered people, voters.

    Parameters
    ----------
    counts : VoterCounts or sequence of VoterCounts
        Registered people and voters by area and group; two elections, the
        earlier first, to measure the change between them.
    group : str
        A group of the counts, such as ``"nh_aapi_alone"``.
    citizens : Placement, DistrictTable, Units or pandas.DataFrame, optional
        Citizens of voting age: units placed in the same districts, a table of
        `kit.concentration` with base ``"cvap"``, or a table by area with
        ``<group>_cvap`` and ``total_cvap`` (people) and, for margins,
        ``<group>_cvap_moe`` and ``total_cvap_moe``. For the wider definitions
        of Asian or NHPI people the two ends ``aapi_cvap_low`` and ``aapi_cvap_high`` are used.
    adults : Placement, DistrictTable, Units or pandas.DataFrame, optional
        People of voting age in the same way, with ``<group>_vap`` and ``total_vap``.
    matches : mapping of str to str, optional
        For groups told apart by names: the definition to set each against,
        such as ``{"asian_surname": "nh_asian_alone"}``. The notes then warn of it.
    smallest : int, default 11
        Counts of fewer people are hidden, and others with which they could be
        worked out (`kit.suppress_small`).
    period : tuple of int, optional
        First and last year of the survey of citizens, where its source does not say.

    Returns
    -------
    Participation
        Counts, shares and rates by area, gaps, changes and notes.

    Raises
    ------
    InputError
        The group is not in the counts; numerator and denominator are of two
        definitions; areas do not fit; elections are more than two, of other areas or in the wrong order.

    Notes
    -----
    A rate needs 50 people below the line. More than 100 per cent is shown and
    flagged. Margins are at 90 per cent, those of the counts of citizens alone.
    Counts told apart by names are rounded to 5.

    References
    ----------
    U.S. Census Bureau, *Understanding and Using American Community Survey Data:
    What All Data Users Need to Know* (2018), chapter 8.

    Examples
    --------
    >>> import kit
    >>> from kit.model.voters import VoterCounts
    >>> county = kit.load_sample("fictional_county")
    >>> table = county.tables["precincts"].set_index("precinct")
    >>> def of(year):
    ...     one = [table[[f"{who}_registered", f"{who}_voted_{year}"]].set_axis(["registered", "voted"], axis=1)
    ...            for who in ("total", "nh_aapi_alone")]
    ...     rows = pd.concat(one, keys=["total", "nh_aapi_alone"], names=["group", "area"])
    ...     rows = rows.swaplevel().assign(hidden=False)
    ...     return VoterCounts(rows, by="precinct", election=str(year), sources=county.units.sources)
    >>> made = participation([of(2022), of(2024)], group="nh_aapi_alone", citizens=table, period=(2018, 2022))
    >>> made.ladder().loc["voted", ["count", "base"]].tolist()
    [1197.0, 10712.0]
    """
    if period is not None:
        _require_years(period)
    elections = _elections(counts, group)
    last = elections[-1]
    needed = citizens is not None or adults is not None
    denominator = definition_for(last, group, matches, needed=needed)
    below = {
        base: denominators(given, group=denominator, base=base, areas=last.areas)
        for base, given in (("vap", adults), ("cvap", citizens))
    }
    one_list = _one_list(elections)
    shown, wholes = _protected(elections, smallest, one_list=one_list)
    frames = [with_rates(_counts(table, whole, group, below)) for table, whole in zip(shown, wholes, strict=True)]
    sources = tuple(
        dict.fromkeys((*(s for one in elections for s in one.sources), *(s for d in below.values() for s in d.sources)))
    )
    require_same_adjustment(s for d in below.values() for s in d.sources)
    made = Participation(
        frame=frames[-1],
        gaps=gaps(frames[-1], group),
        changes=changes(frames[0], frames[-1]) if len(frames) > 1 else changes(frames[0], frames[0]).iloc[:0],
        group=group,
        words=group_words(group, last),
        denominator=denominator,
        by=last.by,
        elections=tuple(one.election for one in elections),
        dates=tuple(one.as_of for one in elections),
        period=period or _period(below["cvap"]),
        one_list=one_list and len(elections) > 1,
        sources=sources,
    )
    return replace(made, notes=cautions(made, shown, wholes, [d.notes for d in below.values()], one_list=one_list))


def _elections(counts: VoterCounts | Sequence[VoterCounts], group: str) -> list[VoterCounts]:
    """Check that there are one or two elections, of one set of areas, with the group in each."""
    elections = list(counts) if isinstance(counts, Sequence) else [counts]
    odd = [type(one).__name__ for one in elections if not isinstance(one, VoterCounts)]
    if odd:
        raise InputError(f"counts hold a {odd[0]}; pass what kit.read_registration returned, or two of them.")
    if not 1 <= len(elections) <= 2:
        raise InputError(f"{len(elections)} elections were given; give one, or two to measure the change between them.")
    for one in elections:
        known = list(dict.fromkeys(one.frame.index.get_level_values("group")))
        if group == EVERYBODY or group not in known:
            have = first_few([name for name in known if name != EVERYBODY], 8) or "none"
            raise InputError(f"group={group!r}: the voters are counted in these groups: {have}. Choose one of them.")
        if ALL in one.areas:
            raise InputError(f"an area is called {ALL!r}, as the whole place is here; give it another name.")
    first, last = elections[0], elections[-1]
    apart = set(first.areas).symmetric_difference(last.areas)
    if apart:
        raise InputError(
            f"{len(apart):,} areas are in one of the two elections only, first {first_few(sorted(apart))}. Give both "
            "elections for the same areas."
        )
    for before, after in ((first.as_of, last.as_of), (first.election, last.election)):
        if before[:4].isdigit() and after[:4].isdigit() and before > after:
            raise InputError(f"the first table is of {before}, the second of {after}: give the earlier one first.")
    return elections


def _one_list(elections: list[VoterCounts]) -> bool:
    """Tell whether two elections are counted on the same registered people."""
    first, last = elections[0].frame["registered"], elections[-1].frame["registered"]
    if set(first.index) != set(last.index) or elections[0].as_of != elections[-1].as_of:
        return False
    apart = (first.reindex(last.index) - last).dropna()  # counts that came hidden in one of them say nothing
    return bool(len(apart) and (apart == 0).all())


def _protected(
    elections: list[VoterCounts], smallest: int, *, one_list: bool
) -> tuple[tuple[VoterCounts, ...], tuple[pd.DataFrame, ...]]:
    """Hide small counts; two elections of one list together."""
    if len(elections) == 1 or one_list:
        return protect(elections, smallest=smallest)
    one, two = (protect([each], smallest=smallest) for each in elections)
    return (*one[0], *two[0]), (*one[1], *two[1])


def _counts(table: VoterCounts, whole: pd.DataFrame, group: str, below: Mapping[str, Denominators]) -> pd.DataFrame:
    """Put the rungs of a group and of everybody side by side."""
    made = []
    for who in (group, EVERYBODY):
        voters = table.of(who).reindex(table.areas)
        voters["hidden"] = voters["hidden"].eq(other=True)
        there = [name for name in ("registered", "voted") if table.frame[name].notna().any()]
        lacking = bool(whole.loc[who, there].isna().any() and voters["hidden"].any())
        voters = pd.concat([voters, whole.loc[[who]].set_axis([ALL]).assign(hidden=lacking)])
        if table.how in NAMED and who != EVERYBODY:
            for name in ("registered", "voted"):
                voters[name] = ((voters[name].astype("Float64") / _ROUND_TO).round() * _ROUND_TO).astype("Int64")
        mine, lower = below["cvap"].frame, below["vap"].frame
        part = mine if who == group else pd.DataFrame(np.nan, index=mine.index, columns=mine.columns)
        rungs_ = pd.DataFrame({"vap": lower["count" if who == group else "base"]})
        rungs_["cvap"] = mine["count" if who == group else "base"]
        rungs_["cvap_moe"] = mine["count_moe" if who == group else "base_moe"]
        for end in ("low", "low_moe", "high", "high_moe"):
            rungs_[f"cvap_{end}"] = part[end]
        known = rungs_["cvap"].fillna(rungs_["cvap_low"])
        rungs_["reliability"] = moe.reliability(known, rungs_["cvap_moe"].fillna(rungs_["cvap_low_moe"])).word
        for name in ("registered", "voted", "hidden"):
            rungs_[name] = voters[name]
        made.append(rungs_.assign(group=who))
    frame = pd.concat(made).rename_axis("area").set_index("group", append=True)
    order = in_order(area=[*table.areas, ALL], group=[group, EVERYBODY])
    return frame.reindex(order).astype({"registered": "Int64", "voted": "Int64", "hidden": "bool"})


def _require_years(period: Any) -> None:
    """Refuse what is no first and last year."""
    years = list(period) if isinstance(period, Sequence) else []
    if len(years) != 2 or not all(isinstance(one, Integral) for one in years) or years[0] > years[1]:
        raise InputError(f"period={period!r}: give the first and the last year of the survey, such as (2018, 2022).")


def _period(citizens: Denominators) -> tuple[int, int] | None:
    """Read the survey's years from its source."""
    years = [s.year for s in citizens.sources if s.year and s.uncertainty in ("sampling MOE", "allocation")]
    return (max(years) - 4, max(years)) if years else None
