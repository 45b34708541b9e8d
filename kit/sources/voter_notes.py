"""What a reader must know of a voter list: who is left out, who says nothing, what was assumed."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from kit.i18n.messages import Message, mark, say
from kit.model.sentences import percent
from kit.model.voters import EVERYBODY, EXACT, JOINED, ORIGIN, OTHER_RACE, SILENCE, SILENT, SILENT_AREAS
from kit.sources.voter_cells import Voters
from kit.sources.voter_layouts import Layout

MUCH = 0.1
"""Areas where from this share on people's race is not said are counted."""

_SAYS = ("asian", "nhpi", "aapi")


@dataclass
class Facts:
    """What was met while a list was read.

    Parameters
    ----------
    layout : Layout
        Of the list.
    rows : int
        Rows read.
    broken : int
        Rows left out because their fields are not those of the others.
    codes : dict of str to str
        Codes that the caller added.
    history : Voters or None
        Who voted, by the second file.
    inactive, unregistered : int
        Registrations left out by their status.
    nowhere, unplaced, unplaced_areas : int
        People without an area; people in areas without a district, and those areas.
    unmet : int
        Areas of the plan with nobody on the list.
    """

    layout: Layout
    rows: int
    broken: int = 0
    codes: dict[str, str] = field(default_factory=dict)
    history: Voters | None = None
    inactive: int = 0
    unregistered: int = 0
    nowhere: int = 0
    unplaced: int = 0
    unplaced_areas: int = 0
    unmet: int = 0


def notes(cells: pd.DataFrame, frame: pd.DataFrame, status: str, facts: Facts) -> tuple[Message, ...]:
    """Say what a reader of the counts must know.

    Parameters
    ----------
    cells : pandas.DataFrame
        Counts by what was said, of those who are counted.
    frame : pandas.DataFrame
        Counts by area and group.
    status : {"active", "all"}
        Who was asked for.
    facts : Facts
        What was met.

    Returns
    -------
    tuple of str
        Each with its counts.
    """
    found = [exact(), *_silence(cells, frame), *_answers(cells, facts.layout)]
    if facts.layout.kind == "list":
        found += _list(cells, status, facts)
    else:
        found += _odd(frame)
    return (*found, *_left_out(facts), *_layout(facts))


def exact() -> Message:
    """Say that counts are not yet fit to leave the machine.

    Returns
    -------
    str
        One sentence.
    """
    return say(EXACT)


def _silence(cells: pd.DataFrame, frame: pd.DataFrame) -> list[Message]:
    """Say how many say nothing of their race, and where many do."""
    registered = (
        frame["registered"]
        .astype("float64")
        .reset_index()
        .pivot_table(index="area", columns="group", values="registered", aggfunc="sum")
    )
    whole = float(registered[EVERYBODY].sum())
    silent = float(registered[SILENT].sum())
    told = []
    if silent and whole:
        told.append(
            say(
                SILENCE,
                count=int(silent),
                whole=int(whole),
                share=percent(silent / whole),
            )
        )
        shares = registered[SILENT] / registered[EVERYBODY].where(registered[EVERYBODY] > 0)
        many = int((shares >= MUCH).sum())
        told.append(
            say(
                SILENT_AREAS,
                many=many,
                areas=len(shares),
                share=percent(MUCH),
                highest=percent(float(shares.max())),
            )
        )
    other = int(cells.loc[cells["race"] == "other", "registered"].sum())
    if other and whole:
        told.append(
            say(
                OTHER_RACE,
                count=other,
                share=percent(other / whole),
            )
        )
    return told


def _answers(cells: pd.DataFrame, layout: Layout) -> list[Message]:
    """Say how answers were taken for groups."""
    mine = cells[cells["race"].isin(_SAYS)]
    answers = set(layout.race.values())
    told = []
    if "origin" in cells:
        silent = int(mine.loc[mine["origin"] == "not_said", "registered"].sum())
        hispanic = int(mine.loc[mine["origin"] == "hispanic", "registered"].sum())
        told.append(
            say(
                ORIGIN,
                whole=int(mine["registered"].sum()),
                silent=silent,
                hispanic=hispanic,
            )
        )
    else:
        told.append(
            say(
                "Hispanic or Latino is one of the answers to the question on race, so whoever gave another answer is "
                "counted as not Hispanic."
            )
        )
    if "aapi" in answers:
        told.append(
            say("The list has one answer for Asians and Pacific Islanders; they cannot be told apart, and are not.")
        )
    elif "asian" in answers and "nhpi" not in answers:
        told.append(
            say("The list has no answer for Native Hawaiians and other Pacific Islanders; they are in no group of it.")
        )
    told.append(
        say(
            "A registration has one answer on race. That whoever gave it is of that race alone, as the census counts "
            "it, is an assumption."
        )
    )
    return told


def _list(cells: pd.DataFrame, status: str, facts: Facts) -> list[Message]:
    """Say who of a list is counted."""
    told = []
    if "status" not in cells:
        told.append(say("The list was read without a status: everybody on it is counted."))
    elif status == "active":
        told.append(
            say(
                "Only active registrations are counted; {inactive:,} inactive ones and {others:,} that were removed, "
                "denied or not yet made are left out.",
                inactive=facts.inactive,
                others=facts.unregistered,
            )
        )
    else:
        told.append(
            say(
                "Active and inactive registrations are counted; {others:,} that were removed, denied or not yet made "
                "are left out.",
                others=facts.unregistered,
            )
        )
    told.append(say("Whoever is on the list twice is counted twice: voter numbers are not compared."))
    if facts.history is not None:
        met, whole = int(cells["voted"].sum()), len(facts.history.marks)
        told.append(
            say(
                JOINED,
                whole=whole,
                met=met,
            )
        )
        if facts.history.blank:
            told.append(
                say("{count:,} votes have no voter number and could not be counted.", count=facts.history.blank)
            )
    return told


def _odd(frame: pd.DataFrame) -> list[Message]:
    """Say where more voted than are registered."""
    more = int((frame["voted"] > frame["registered"]).fillna(value=False).sum())
    if not more:
        return []
    return [
        say(
            "In {count:,} counts of an area and group more people voted than are registered; the figures are shown as "
            "they are.",
            count=more,
        )
    ]


def _left_out(facts: Facts) -> list[Message]:
    """Say who was left out because the caller said so."""
    told = []
    if facts.nowhere:
        told.append(say("{count:,} registered people have no area and are left out.", count=facts.nowhere))
    if facts.unplaced:
        told.append(
            say(
                "{count:,} registered people are in {areas:,} areas without a district and are left out.",
                count=facts.unplaced,
                areas=facts.unplaced_areas,
            )
        )
    if facts.unmet:
        told.append(say("{count:,} areas of the plan have nobody on the list.", count=facts.unmet))
    if facts.broken:
        told.append(
            say(
                "{count:,} of {rows:,} rows do not have the fields of the others and are left out.",
                count=facts.broken,
                rows=facts.rows + facts.broken,
            )
        )
    return told


def _layout(facts: Facts) -> list[Message]:
    """Say what is not sure about the layout."""
    told = []
    if not facts.layout.checked:
        told.append(
            say(
                "The table of headings and codes ({layout}) was made without a file of this kind to check it against; "
                "compare it with the description that comes with the list.",
                layout=facts.layout.name,
            )
        )
    if facts.codes:
        told.append(
            say(
                "What these codes of race stand for was said by the reader of the list: {codes}.",
                codes=", ".join(f"{code} = {meaning}" for code, meaning in facts.codes.items()),
            )
        )
    return told


def district_notes(layout: Layout, frame: pd.DataFrame, fractions: int) -> tuple[Message, ...]:
    """Say what a reader of a table of districts must know.

    Parameters
    ----------
    layout : Layout
        Of the table.
    frame : pandas.DataFrame
        Counts by area and group.
    fractions : int
        Counts that were no whole numbers.

    Returns
    -------
    tuple of str
        Each with its counts.
    """
    told = [exact()]
    if layout.how == "surname":
        told.append(
            say(
                "Groups are people with a surname on a list. That is no answer to a question on race: lists miss "
                "people and take in others, among them many who married. They are not the same as any group of the "
                "census."
            )
        )
        if {"asian_surname", "filipino_surname"} <= set(frame.index.unique("group")):
            told.append(
                say(
                    "Asian and Filipino surnames are counted from two lists. Whether a name can be on both is not "
                    "said, so they are not added."
                )
            )
    if fractions:
        told.append(
            say(
                "{count:,} of {cells:,} counts were no whole numbers, because their maker divided precincts among "
                "smaller areas; they are estimates and were rounded to whole people.",
                count=fractions,
                cells=int(frame[["registered", "voted"]].notna().to_numpy().sum()),
            )
        )
    lacking = [name for name in ("registered", "voted") if frame[name].isna().all()]
    template = {
        "registered": mark("The table does not say how many people were registered."),
        "voted": mark("The table does not say how many people voted."),
    }
    told += [say(template[name]) for name in lacking]
    told += _odd(frame)
    if not layout.checked:
        told.append(
            say(
                "The table of headings ({layout}) was made without a file of this kind to check it against.",
                layout=layout.name,
            )
        )
    return tuple(told)
