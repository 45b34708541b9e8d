"""Sentences of location and instruction."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kit.i18n.messages import Message, say
from kit.model.community import Ask, Community
from kit.model.frames import Units
from kit.model.sentences import group_name, noun, people, percent
from kit.model.things import listed, number_of


def located_at(one: Community) -> list[Message]:
    """Say which streets bound a community, and what lies in it.

    Parameters
    ----------
    one : Community
        With bounds and landmarks, as far as they were told.

    Returns
    -------
    list of str
        At most two sentences.
    """
    said = []
    if one.bounds:
        said.append(say("{name} is bounded by {streets}.", name=one.name, streets=listed(list(one.bounds))))
    if one.landmarks:
        marks = listed([mark.name for mark in one.landmarks])
        said.append(say("Its landmarks are {landmarks}.", landmarks=marks))
    return said


def about_units(frame: pd.DataFrame, units: Units) -> Message:
    """Say how many units it is made of.

    Parameters
    ----------
    frame : pandas.DataFrame
        Its units with their ``share``.
    units : Units
        The layer.

    Returns
    -------
    str
        One sentence.
    """
    whole = int((frame["share"] == 1).sum())
    cut = len(frame) - whole
    if not cut:
        return say("It is made of {whole}, listed by id with this statement.", whole=number_of(whole, units.plural))
    return say(
        "It holds {whole} whole and {cut} in part, listed by id with this statement.",
        whole=number_of(whole, units.plural),
        cut=number_of(cut, units.plural),
    )


def asked(ask: Ask, name: str) -> Message:
    """Say what is asked for.

    Parameters
    ----------
    ask : Ask
        One thing.
    name : str
        Of the community.

    Returns
    -------
    str
        One sentence; an ask of another kind stays in its own words.
    """
    if ask.kind == "other":
        return say("{words}", words=ask.words.strip())
    if ask.kind == "not_with":
        return say("Please do not join {name} with {places}.", name=name, places=listed(list(ask.places)))
    if ask.kind == "keep_with":
        return say(
            "Please keep {name} together with {places} in one district.", name=name, places=listed(list(ask.places))
        )
    return say("Please keep {name} whole, in one district.", name=name)


def numbers_of(whole: float, some: float, group: str, base: str, *, exact: bool) -> Message:
    """Say how many people live there.

    Parameters
    ----------
    whole, some : float
        Everyone and the group.
    group, base : str
        Definition id and universe id.
    exact : bool
        No unit is cut.

    Returns
    -------
    str
        One sentence.
    """
    values: dict[str, Any] = {
        "whole": people(whole),
        "noun": noun(base),
        "some": people(some),
        "share": percent(some / whole if whole else float("nan")),
        "group": group_name(group),
    }
    if group == "total":
        return (
            say("{whole} {noun} live in it.", **values) if exact else say("About {whole} {noun} live in it.", **values)
        )
    if exact:
        return say("{whole} {noun} live in it; {some} of them ({share}) are counted as “{group}”.", **values)
    return say("About {whole} {noun} live in it; about {some} of them ({share}) are counted as “{group}”.", **values)


def under_plan(row: Any, plan: str, base: str) -> Message:
    """Say what a plan does to it.

    Parameters
    ----------
    row : pandas.Series
        Of `kit.analysis.communities.CommunitySplits.frame`.
    plan : str
        Name of the plan.
    base : str
        Universe id.

    Returns
    -------
    str
        One sentence.
    """
    if pd.isna(row["districts"]) or int(row["districts"]) == 0:
        return say("{plan} places nobody of it in a district.", plan=plan)
    if int(row["districts"]) == 1:
        return say("{plan} keeps it in district {district}.", plan=plan, district=str(row["largest_district"]))
    return say(
        "{plan} divides it among {count:,} districts; the largest part, {share} of its {noun}, is in district "
        "{district}.",
        plan=plan,
        count=int(row["districts"]),
        share=percent(row["largest_share"]),
        noun=noun(base),
        district=str(row["largest_district"]),
    )
