"""What was found of registration and turnout, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from kit.analysis.participation_words import areas_named
from kit.i18n.messages import Message, each, joined, mark, say
from kit.model.margin_words import points, points_apart
from kit.model.sentences import listed, percent
from kit.model.voters import EVERYBODY

if TYPE_CHECKING:
    from kit.analysis.participation import Participation

_ALL = "all"
_OF = {
    "vap": mark("{share} of adults"),
    "cvap": mark("{share} of citizens of voting age"),
    "registered": mark("{share} of registered people"),
    "voted": mark("{share} of those who voted"),
}
_RATES = {
    "registration": mark("Registered people were {rate} of the group's citizens of voting age, and {all} of all."),
    "turnout_registered": mark("Of the group's registered people {rate} voted, and of all registered people {all}."),
    "turnout_cvap": mark("Of the group's citizens of voting age {rate} voted, and of all {all}."),
    "turnout_vap": mark("Of the group's adults {rate} voted, and of all adults {all}."),
}
_CHANGES = {
    "registration": mark("registered of citizens {change}"),
    "turnout_registered": mark("turnout of registered people {change}"),
    "turnout_cvap": mark("turnout of citizens {change}"),
    "turnout_vap": mark("turnout of adults {change}"),
    "share_of_registered": mark("share of registered people {change}"),
    "share_of_electorate": mark("share of those who voted {change}"),
}


def summarise(result: Participation) -> Message:
    """Say what was found in the whole place.

    Parameters
    ----------
    result : Participation
        Figures.

    Returns
    -------
    str
        A few sentences.
    """
    told = [_ladder(result)]
    for rate in _RATES:
        row = result.gaps.loc[(_ALL, rate)]
        if pd.isna(row["all_rate"]):
            continue
        if not pd.isna(row["group_rate"]):
            told.append(_rate(result, rate, row))
        elif not pd.isna(row["gap_low"]):
            told.append(_bracketed(result, rate, row))
    told += [*_ends(result), *_change(result)]
    return joined([*told, *each(result.notes)])


def _ladder(result: Participation) -> Message:
    """Write the group's share on each rung."""
    parts = []
    for rung, row in result.ladder().iterrows():
        template = _OF[str(rung)]
        if not pd.isna(row["share"]):
            margin = [points(row["share_moe"])] if not pd.isna(row["share_moe"]) else []
            parts.append(say(template, share=joined([percent(row["share"]), *margin])))
        elif not pd.isna(row["share_low"]):
            ends = say("{low} to {high}", low=percent(row["share_low"]), high=percent(row["share_high"]))
            parts.append(say(template, share=ends))
    if not parts:
        return say("Too few people are counted as “{group}” for any share.", group=result.words)
    return say("People counted as “{group}” were {shares}.", group=result.words, shares=listed(parts))


def _rate(result: Participation, rate: str, row: pd.Series) -> Message:
    """Write one rate of the group beside that of all, and the gap."""
    frame = result.frame
    mine, whole = frame.loc[(_ALL, result.group)], frame.loc[(_ALL, EVERYBODY)]
    values = []
    for one in (mine, whole):
        margin = one.get(f"{rate}_moe")
        values.append(joined([percent(one[rate]), points(margin)] if pd.notna(margin) else [percent(one[rate])]))
    first = say(_RATES[rate], rate=values[0], all=values[1])
    gap = row["gap"]
    apart = points_apart(abs(gap))
    if gap == 0:
        return first
    if pd.isna(row["gap_moe"]):
        template = (
            mark("The group's rate was {apart} lower.") if gap < 0 else mark("The group's rate was {apart} higher.")
        )
        return joined([first, say(template, apart=apart)])
    if not row["gap_significant"]:
        template = mark("Given sampling error, the gap of {apart} cannot be told from none.")
    elif gap < 0:
        template = mark("The group's rate was {apart} lower, more than sampling error explains.")
    else:
        template = mark("The group's rate was {apart} higher, more than sampling error explains.")
    return joined([first, say(template, apart=joined([apart, points(row["gap_moe"])]))])


def _bracketed(result: Participation, rate: str, row: pd.Series) -> Message:
    """Write the two ends of a rate whose citizens are bracketed."""
    one = result.frame.loc[(_ALL, result.group)]
    ends = say("{low} to {high}", low=percent(one[f"{rate}_low"]), high=percent(one[f"{rate}_high"]))
    first = say(_RATES[rate], rate=ends, all=percent(row["all_rate"]))
    if pd.isna(row["gap_significant"]) or not row["gap_significant"]:
        return first
    told = (
        mark("At both ends the group's rate was lower, by more than sampling error explains.")
        if row["gap_high"] < 0
        else mark("At both ends the group's rate was higher, by more than sampling error explains.")
    )
    return joined([first, say(told)])


def _ends(result: Participation) -> list[Message]:
    """Name the areas of the highest and lowest turnout of the group's registered people."""
    voted = result.frame.xs(EVERYBODY, level="group")["voted"] > 0  # elsewhere there was no election
    rate = result.frame.xs(result.group, level="group")["turnout_registered"]
    rate = rate[voted.fillna(value=False).to_numpy(dtype=bool)].drop(_ALL, errors="ignore").dropna()
    if len(rate) < 2 or rate.max() == rate.min():
        return []
    top, bottom = ([str(area) for area in rate.index[rate == end]] for end in (rate.max(), rate.min()))
    return [
        say(
            "Turnout of the group's registered people was highest in {top} ({high}) and lowest in {bottom} ({low}).",
            top=areas_named(result.by, top),
            high=percent(rate.max()),
            bottom=areas_named(result.by, bottom),
            low=percent(rate.min()),
        )
    ]


def _change(result: Participation) -> list[Message]:
    """Write how the group's figures changed between the elections."""
    table = result.changes
    if not len(table):
        return []
    mine = table.loc[(_ALL, result.group)]
    parts = []
    for figure, row in mine.iterrows():
        change = row["change"]
        if pd.isna(change) or (result.one_list and str(figure) in ("registration", "share_of_registered")):
            continue
        move = mark("up {points}") if change > 0 else mark("down {points}") if change < 0 else mark("unchanged")
        parts.append(say(_CHANGES[str(figure)], change=say(move, points=points_apart(abs(change)))))
    if not parts:
        return []
    return [say("From the first election to the second, of the group: {changes}.", changes=joined(parts, say("; ")))]
