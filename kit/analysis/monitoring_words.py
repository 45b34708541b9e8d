"""Plain sentences about a monitoring list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from kit.analysis.allocation import Allocation
from kit.analysis.monitoring_context import COVERED, NOT_LISTED, UNKNOWN, language_name
from kit.analysis.section203 import NEAR, SCREEN
from kit.i18n.messages import Message, each, figure, joined, mark, say, term
from kit.model.cvap import MOE
from kit.model.language_groups import LEFT_OUT
from kit.model.sentences import few, listed, number_of, people

if TYPE_CHECKING:
    from kit.analysis.monitoring import MonitoringList

COUNTED = {
    "speakers": mark("people aged 5 and over, citizens or not, of limited English"),
    "citizens": mark("voting-age citizens of limited English"),
}
"""What a list can be ranked by, in words."""
_PLACES, _PRECINCTS = mark("polling places"), mark("precincts")
_ONE = (mark("polling place"), mark("precinct"), mark("monitor"))
_FIRST = 5
_UNIVERSE = mark(
    "Limited English: people aged 5 and over, citizens or not, who speak one of these languages at home ({languages}) "
    "and English less than “very well” (table C16001). It is counted by language, not by race, and names no voter."
)
_ESTIMATED = mark(
    "No public table counts voting-age citizens of limited English by Asian language in tracts. They are estimated "
    "here: in each tract the share of voting-age citizens is taken to be that of all speakers of limited English who "
    "speak another language than Spanish (table B16008)."
)
_INDO_EUROPEAN = mark(
    "Hindi, Urdu, Bengali, Punjabi, Gujarati and Nepali are in no figure: the table counts them with other "
    "Indo-European languages, of Europe and Iran among others."
)
_RANKS = mark(
    "Ranks from the lower to the higher are open, given sampling error: each pair of rows was tested at 90 per cent, "
    "as if the two were independent. Rows that share a tract are not, and with many rows some pairs differ by chance."
)
_EXACT = mark(
    "Margins are of the survey's sampling alone; the shares by which blocks divide a tract are taken as exact."
)


def method_notes(
    languages: Sequence[str],
    measure: str,
    allocation: Allocation,
    *,
    over: int,
    unplaced: tuple[int, float, Any],
    law: pd.DataFrame,
    served: Sequence[str],
) -> list[str]:
    """Say what was counted, how it came to precincts, and what is left out.

    Parameters
    ----------
    languages : sequence of str
        Groups of languages.
    measure : str
        What was ranked by.
    allocation : Allocation
        How estimates were shared out.
    over : int
        Tracts where B16008 has more people than C16001.
    unplaced : tuple
        Blocks without a precinct, the speakers in them, and what they are called.
    law : pandas.DataFrame
        Standing to Section 203.
    served : sequence of str
        Notes on which precincts vote where.

    Returns
    -------
    list of str
        One fact each.
    """
    told: list[str] = [say(_UNIVERSE, languages=listed([language_name(one) for one in languages]))]
    if measure == "citizens":
        told.append(term(_ESTIMATED))
    if over:
        more = mark(
            "Tracts where table B16008 has more people of limited English than table C16001 has speakers, so that "
            "citizens were held to the speakers: {number:,}."
        )
        told.append(say(more, number=over))
    if "other_indo_european" not in languages:
        told.append(term(_INDO_EUROPEAN))
    told += [*allocation.notes[:1], *_stood_in(allocation), term(_EXACT), term(_RANKS), *served]
    blocks, lost, plural = unplaced
    if blocks:
        nowhere = mark("Without a precinct: {units}; {people} speakers of limited English there are in no row.")
        told.append(say(nowhere, units=number_of(blocks, plural), people=people(lost)))
    if (law["screen"] != "").any():
        told.append(term(SCREEN))
    if (law["standing"] != UNKNOWN).any() or (law["screen"] != "").any():
        told.append(say("{rule}.", rule=term(LEFT_OUT)))
    return told


def _stood_in(allocation: Allocation) -> list[str]:
    """Say where another weight stood in."""
    used = allocation.fallbacks
    used = used[used["fallback"] & (used["column"] == allocation.columns[0])]
    return [
        say(
            "Where no block of a tract shows anybody of that group, {weight} was used: {number:,} tracts with {people} "
            "speakers.",
            weight=term(row.weight),
            number=int(row.units),
            people=people(row.people),
        )
        for row in used.itertuples()
    ]


def served_notes(strange: list[str], without: list[str], speakers: float, several: list[str]) -> list[str]:
    """Say which precincts could not be matched, have no place, or have several.

    Parameters
    ----------
    strange : list of str
        Precincts of the list that no block has.
    without : list of str
        Precincts that have no place.
    speakers : float
        Speakers of limited English in those.
    several : list of str
        Precincts with several places.

    Returns
    -------
    list of str
        One fact each.
    """
    told: list[str] = []
    if strange:
        unknown = mark("In the list of polling places and in no block here: {precincts} ({names}).")
        told.append(say(unknown, precincts=number_of(len(strange), _PRECINCTS), names=few(strange)))
    if without:
        bare = mark(
            "Without a polling place in the list: {precincts} ({names}); {people} speakers of limited English there "
            "are in no row."
        )
        told.append(
            say(bare, precincts=number_of(len(without), _PRECINCTS), names=few(without), people=people(speakers))
        )
    if several:
        many = mark(
            "With more than one polling place: {precincts} ({names}), counted in full at each, so that rows do not add "
            "up to the whole area."
        )
        told.append(say(many, precincts=number_of(len(several), _PRECINCTS), names=few(several)))
    return told


def ranks(low: Any, high: Any) -> Message:
    """Write which ranks are open.

    Parameters
    ----------
    low, high : int
        The ends; missing where there is no estimate.

    Returns
    -------
    str
        Such as ``"3 to 7"``.

    Examples
    --------
    >>> ranks(3, 7), ranks(2, 2)
    ('3 to 7', '2')
    """
    if pd.isna(low) or pd.isna(high):
        return say("not available")
    if low == high:
        return figure(f"{int(low):,}")
    return say("{low:,} to {high:,}", low=int(low), high=int(high))


def counted(row: Mapping[str, Any], name: str) -> Message:
    """Write an estimate with its margin.

    Parameters
    ----------
    row : mapping
        A row of the list.
    name : str
        Column.

    Returns
    -------
    str
        Such as ``"120 ± 45"``.
    """
    value, margin = row[name], row[f"{name}{MOE}"]
    if pd.isna(value):
        return say("not available")
    return say("{count} ± {margin}", count=people(value), margin=say("unknown") if pd.isna(margin) else people(margin))


def plural(found: MonitoringList) -> str:
    """Name what is ranked.

    Parameters
    ----------
    found : MonitoringList
        A list.

    Returns
    -------
    str
        English words, for `number_of` and `term`.
    """
    return _PRECINCTS if found.places is None else _PLACES


def listed_language(law: pd.DataFrame, one: str) -> str:
    """Name a group of languages, and of one that holds many those that are on the list.

    Parameters
    ----------
    law : pandas.DataFrame
        Standing to Section 203, by language.
    one : str
        A group of languages.

    Returns
    -------
    str
        Such as ``"other Asian and Pacific Island languages (Cambodian)"``.
    """
    name, listed_as = language_name(one), str(law.loc[one, "listed_as"])
    if not listed_as or not one.startswith("other_"):
        return name
    return say("{language} ({names})", language=name, names=listed_as)


def law_sentences(found: MonitoringList) -> list[str]:
    """Say how the jurisdiction stands to Section 203.

    Parameters
    ----------
    found : MonitoringList
        A list.

    Returns
    -------
    list of str
        One sentence a standing.
    """
    law = found.law
    told: list[str] = []
    sentences = {
        COVERED: mark("On the official list of Section 203 here: {languages}."),
        NEAR: mark(
            "By estimates above the line of Section 203 or near it, and not known to be on the official list: "
            "{languages}."
        ),
        NOT_LISTED: mark("Not on the official list of Section 203: {languages}."),
        UNKNOWN: mark("The official list of Section 203 was not looked up for {languages}."),
    }
    for standing, sentence in sentences.items():
        here = [listed_language(law, one) for one in law.index[law["standing"] == standing]]
        if here:
            told.append(say(sentence, languages=listed(here)))
    return told


def summary(found: MonitoringList) -> str:
    """Say what a list shows.

    Parameters
    ----------
    found : MonitoringList
        A list.

    Returns
    -------
    str
        A few sentences, one fact each.
    """
    frame, total = found.frame, found.total or {}
    told: list[str] = [
        say(
            "{places}, by {who} who speak {languages}: {count} in {where}.",
            places=number_of(len(frame), plural(found)),
            who=term(COUNTED[found.measure]),
            languages=listed([language_name(one) for one in found.languages]),
            count=counted(total, found.measure),
            where=found.jurisdiction or say("the whole area"),
        )
    ]
    known = frame[frame["rank"].notna()]
    first = [
        say("{name} ({count}; rank {ranks})", name=row["name"], count=counted(row, found.measure),
            ranks=ranks(row["rank_low"], row["rank_high"]))
        for row in known.head(_FIRST).to_dict("records")
    ]  # fmt: skip
    if first:
        told.append(say("Largest estimates: {rows}.", rows=joined(first, say("; "))))
        tied = int((known["rank_low"] == 1).sum())
        if tied > 1:
            alike = mark("Sampling error alone could put any of {number:,} rows first.")
            told.append(say(alike, number=tied))
    lacking = len(frame) - len(known)
    if lacking:
        told.append(say("Rows without an estimate or a margin, which are not ranked: {number:,}.", number=lacking))
    told += [*law_sentences(found), *_turnout(frame)]
    return joined([*told, *each(found.notes)])


def _turnout(frame: pd.DataFrame) -> list[str]:
    """Say in how many rows the group votes less than everybody."""
    if "turnout_gap" not in frame.columns:
        return []
    gap = frame["turnout_gap"].dropna()
    if not len(gap):
        return [say("No turnout gap can be shown.")]
    lower = mark("The group's turnout is under that of everybody in {lower:,} of {number:,} rows that have both.")
    return [say(lower, lower=int((gap < 0).sum()), number=len(gap))]
