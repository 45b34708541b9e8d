"""True plain sentences about what changes between two plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from kit.i18n.messages import Message, each, joined, mark, say
from kit.model.sentences import group_name, listed, noun, people, percent

if TYPE_CHECKING:
    from kit.analysis.compare import PlanComparison

_NAMED = 6


def summarise(table: PlanComparison) -> Message:
    """Say what changes.

    Parameters
    ----------
    table : PlanComparison
        Two plans.

    Returns
    -------
    str
        A few sentences, one fact each, then cautions.
    """
    return joined([*_moved(table), *_changes(table), *_new_and_ended(table), *each(table.notes)])


def _moved(table: PlanComparison) -> list[str]:
    """Write who changes district."""
    plan, who = table.plan, noun(table.base)
    names = {"before": table.before.plan.name, "after": table.after.plan.name}
    if not plan["units_moved"]:
        return [say("From {before} to {after} nobody changes district.", **names)]
    whole = table.retention.people.to_numpy().sum()
    first = say(
        "From {before} to {after}, {moved} of {whole} {noun} ({share}) change district.",
        **names,
        moved=people(plan["people_moved"]),
        whole=people(whole),
        noun=noun("pop") if table.matched_by == "total_pop" else who,
        share=percent(plan["people_moved"] / whole) if whole else say("none"),
    )
    if pd.isna(plan["group_retention"]):
        return [first]
    second = say(
        "Of the {noun} counted as “{group}”, {kept} stay in the district that answers to theirs; of all {noun}, {all}.",
        noun=who,
        group=group_name(table.group),
        kept=percent(plan["group_retention"]),
        all=percent(plan["base_retention"]),
    )
    return [first, second]


# Whether it rises, and whether the district had another label before.
_CHANGES = {
    (True, False): mark("The share rises most in district {district}: from {old} to {new}."),
    (True, True): mark("The share rises most in district {district} (district {was} before): from {old} to {new}."),
    (False, False): mark("The share falls most in district {district}: from {old} to {new}."),
    (False, True): mark("The share falls most in district {district} (district {was} before): from {old} to {new}."),
}


def _changes(table: PlanComparison) -> list[str]:
    """Write where the share rises and falls most."""
    known = table.frame.dropna(subset="difference")
    told: list[str] = []
    for rises, most in ((True, known["difference"].max()), (False, known["difference"].min())):
        if not len(known) or (most <= 0 if rises else most >= 0):
            continue
        at = known[known["difference"] == most]
        label, figures = str(at.index[0]), at.iloc[0]
        told.append(
            say(
                _CHANGES[rises, figures["was"] != label],
                district=label,
                was=figures["was"],
                old=percent(figures["share_before"]),
                new=percent(figures["share_after"]),
            )
        )
    return told


_NEW = (
    mark("District {districts} is new: no district of the other plan answers to it."),
    mark("Districts {districts} are new: no district of the other plan answers to them."),
    mark("{number} districts are new: no district of the other plan answers to them."),
)
_ENDED = (
    mark("District {districts} ends: no district of the other plan answers to it."),
    mark("Districts {districts} end: no district of the other plan answers to them."),
    mark("{number} districts end: no district of the other plan answers to them."),
)


def _new_and_ended(table: PlanComparison) -> list[str]:
    """Write which districts are new and which end."""
    new = [str(label) for label in table.frame.index[table.frame["status"] == "created"]]
    ended = [str(label) for label in table.ended.index]
    return [
        say(words[0 if len(labels) == 1 else 1 + (len(labels) > _NAMED)], districts=listed(labels), number=len(labels))
        for labels, words in ((new, _NEW), (ended, _ENDED))
        if labels
    ]
