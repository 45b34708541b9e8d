"""What is said of registration and turnout: the findings in plain words, and what a reader must know first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from kit.analysis.participation_rates import RATES
from kit.i18n.messages import Message, joined, mark, say, term
from kit.model.groups import DEFINITIONS
from kit.model.sentences import few, listed, people, percent
from kit.model.voters import EVERYBODY, FEWEST, HOW, SILENT, VoterCounts

if TYPE_CHECKING:
    from kit.analysis.participation import Participation

_ALL = "all"
_AREAS = {
    "district": mark("districts"),
    "county": mark("counties"),
    "precinct": mark("precincts"),
    "place": mark("places"),
    "area": mark("areas"),
}
_AREA = {
    "district": mark("district"),
    "county": mark("county"),
    "precinct": mark("precinct"),
    "place": mark("place"),
    "area": mark("area"),
}


def group_words(group: str, counts: VoterCounts) -> str:
    """Put a group of voters into words.

    Parameters
    ----------
    group : str
        Group id.
    counts : VoterCounts
        Where it stands.

    Returns
    -------
    str
        For the middle of a sentence.
    """
    if group in DEFINITIONS:
        return term(DEFINITIONS[group].short)
    return term(counts.groups.get(group, group))


def areas_named(by: str, areas: Sequence[str]) -> Message:
    """Name a few areas, and count the others.

    Parameters
    ----------
    by : str
        What they are, such as ``"district"``.
    areas : sequence of str
        At least one.

    Returns
    -------
    str
        Such as ``"districts 1 and 3"``.

    Examples
    --------
    >>> areas_named("county", ["Clay"]), areas_named("district", ["1", "3"])
    ('county Clay', 'districts 1 and 3')
    """
    kind = by if by in _AREA else "area"
    if len(areas) == 1:
        return say("{area} {name}", area=term(_AREA[kind]), name=areas[0])
    return say("{areas} {names}", areas=term(_AREAS[kind]), names=listed(areas) if len(areas) <= 6 else few(areas))


def cautions(
    result: Participation,
    shown: Sequence[VoterCounts],
    wholes: Sequence[pd.DataFrame],
    below: Iterable[Sequence[str]],
    *,
    one_list: bool,
) -> tuple[str, ...]:
    """Write what must stand beside the figures.

    Parameters
    ----------
    result : Participation
        Figures.
    shown : sequence of VoterCounts
        Counts of voters, small ones hidden.
    wholes : sequence of pandas.DataFrame
        Sums of the whole place.
    below : iterable of sequence of str
        Notes of the adults and of the citizens.
    one_list : bool
        Whether two elections are counted on one list of registered people.

    Returns
    -------
    tuple of str
        Notes.
    """
    last = shown[-1]
    notes: list[str] = [_who(result, last), *_silent(wholes[-1]), _dates(result)]
    frame = result.frame
    if frame["cvap"].notna().any() or frame["cvap_low"].notna().any():
        notes += _estimates(result)
    else:
        notes.append(say("Rates of registered people are counts and have no sampling error."))
    if frame["vap"].notna().any():
        notes.append(
            say(
                "Turnout of adults understates the participation of a group with many people who are not citizens, "
                "since they are among its adults and cannot vote."
            )
        )
    notes += _flags(result)
    if len(shown) > 1:
        notes.append(_between(one_list=one_list))
    notes += [note for one in shown for note in one.notes]
    notes += [note for some in below for note in some]
    return tuple(dict.fromkeys(notes))


def _between(*, one_list: bool) -> Message:
    """Say what a change between elections does not hold."""
    if one_list:
        return say(
            "Both elections are counted on one list of registered people: those who have left it since are in neither, "
            "and those who joined it after the first election count as not having voted in it."
        )
    return say(
        "The lists of the two elections are of other dates: people moved, joined and left between them. Both are set "
        "against the same adults and citizens, so that growth is not in the rates."
    )


def _who(result: Participation, counts: VoterCounts) -> Message:
    """Say who is counted, and how."""
    how = term(HOW.get(counts.how, counts.how))
    alone = result.frame[["vap", "cvap", "cvap_low"]].isna().all(axis=None)
    if counts.how not in ("surname", "names"):
        template = (
            mark("Voters are counted as “{group}” by {how}.")
            if alone
            else mark(
                "Voters are counted as “{group}” by {how}; adults and citizens are counted by the same definition."
            )
        )
        return say(template, group=result.words, how=how)
    named = say(
        "Voters are counted as “{group}” by {how}. Lists of names count other people than the census definition: "
        "married and shared names mislead, and some groups are found less often than others. Nobody is labeled.",
        group=result.words,
        how=how,
    )
    if alone or result.denominator == result.group:
        return named
    against = say(
        "They are set against adults and citizens counted as “{definition}”, who are not the same people.",
        definition=term(DEFINITIONS[result.denominator].short),
    )
    return joined([named, against])


def _silent(whole: pd.DataFrame) -> list[Message]:
    """Say how many people the list does not tell the group of."""
    if SILENT not in whole.index or pd.isna(whole.loc[SILENT, "registered"]) or not whole.loc[SILENT, "registered"]:
        return []
    share = whole.loc[SILENT, "registered"] / whole.loc[EVERYBODY, "registered"]
    return [
        say(
            "The list does not say the race of {share} of registered people ({number}); they are in no group, so "
            "figures of groups are too low.",
            share=percent(float(share)),
            number=people(whole.loc[SILENT, "registered"]),
        )
    ]


def _dates(result: Participation) -> Message:
    """Say what is of which date."""
    told: list[str] = []
    for election, date in zip(result.elections, result.dates, strict=True):
        if election and date:
            told.append(say("election of {election}, list of {date}", election=election, date=date))
        elif election or date:
            one = mark("election of {when}, list of unknown date") if election else mark("list of {when}")
            told.append(say(one, when=election or date))
        else:
            told.append(say("list of unknown date"))
    voters = say("Voters: {lists}.", lists=joined(told, say("; ")))
    frame = result.frame
    if frame["cvap"].isna().all() and frame["cvap_low"].isna().all():
        return voters
    if result.period is None:
        return joined([voters, say("Citizens: the years of their survey were not given.")])
    first, last = result.period
    survey = say(
        "Citizens: survey of {first} to {last}, whose middle is the middle of {middle}.",
        first=str(first),
        last=str(last),
        middle=str((first + last) // 2),
    )
    return joined([voters, survey])


def _estimates(result: Participation) -> list[Message]:
    """Say what the margins hold."""
    frame = result.frame
    if frame[["cvap_moe", "cvap_low_moe"]].isna().all(axis=None):
        return [say("Rates have no margin of error, since the counts of citizens came without.")]
    notes = [
        say(
            "Registered people and voters are counts of a list and have no sampling error; margins (±) are those of "
            "the counts of citizens, at 90% confidence. Turnout of registered people has none."
        ),
        say(
            "The gap to all voters has the group on both sides, which narrows it; its margin allows for that. The gap "
            "to everybody else is wider."
        ),
    ]
    weak = _where(result, frame["reliability"] == "low")
    if weak:
        low = mark("In {areas} the count of the group's citizens is of low reliability: use its rates only in a sum.")
        notes.append(say(low, areas=areas_named(result.by, weak)))
    return notes


def _flags(result: Participation) -> list[Message]:
    """Name rates over 100 per cent, and count those that are not given."""
    notes = []
    flag = result.frame["over_100"].groupby(level="area", sort=False).any()
    over = [str(area) for area in flag.index[flag] if area != _ALL]
    if over:
        notes.append(
            say(
                "In {areas} a rate is more than 100%, and is shown as it is: lists keep people who died or "
                "moved, and the count of citizens has a margin of error and another date.",
                areas=areas_named(result.by, over),
            )
        )
    frame = result.frame.xs(result.group, level="group")
    small = sum(int(((frame[below] < FEWEST) & frame[above].notna()).sum()) for above, below in RATES.values())
    if small == 1:
        notes.append(say("Not given: one rate of the group of fewer than {fewest} people.", fewest=FEWEST))
    elif small:
        notes.append(
            say("Not given: {number:,} rates of the group of fewer than {fewest} people.", number=small, fewest=FEWEST)
        )
    return notes


def _where(result: Participation, flag: pd.Series) -> list[str]:
    """List the areas in which something holds of the group."""
    mine = flag.xs(result.group, level="group")
    return [str(area) for area in mine.index[mine.to_numpy(dtype=bool)] if area != _ALL]
