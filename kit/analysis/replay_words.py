"""True plain sentences about past elections replayed on a plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from kit.analysis.precinct_words import PRECINCTS
from kit.i18n.messages import Message, each, joined, mark, say, term
from kit.model.frames import Placement
from kit.model.sentences import few, group_name, number_of, people, percent
from kit.model.things import districts

if TYPE_CHECKING:
    from kit.analysis.replay import Replay

OTHER_KIND = mark("other contests")
"""Kind of the contests to which no kind was given, where others have one."""
STAGES = {
    "primary": mark("primaries"),
    "general": mark("general elections"),
    "runoff": mark("runoffs"),
    "special": mark("special elections"),
}
"""Kinds by stage, where contests of several stages are replayed and nothing else was said."""

PAST = mark(
    "Past elections do not foretell results: candidates, turnout, lines and voters change. These are counts of votes "
    "that were cast, added up in other districts; they say nothing of what a district will elect."
)
CARRY = mark(
    "To carry a district means to have more votes there than any other candidate; it is not a majority, and no such "
    "election was held."
)
GIVEN = mark(
    "Whom the group preferred was given, not computed here; show beside this table how it was found, with its bounds."
)
PARTY = mark(
    "In a general election between parties, support for a party and support for a candidate of the group cannot be "
    "told apart: show primaries and nonpartisan contests apart, and first."
)
# In how many of the counted contests the preferred candidate has the most votes.
_CARRIED = (
    ("all", mark("in all contests that count there in {districts}")),
    ("most", mark("in more than half, but not all, in {districts}")),
    ("some", mark("in half or fewer, but at least one, in {districts}")),
    ("none", mark("in no contest in {districts}")),
)


def name_of(candidates: pd.DataFrame, contest: str, candidate: str) -> str:
    """Give the name of a candidate.

    Parameters
    ----------
    candidates : pandas.DataFrame
        By contest and candidate, with ``name``; may be empty.
    contest, candidate : str
        Ids.

    Returns
    -------
    str
        The name; the id where there is none. Where two candidates of the
        contest have one name, their parties, or else their ids, stand with it.
    """
    if "name" not in candidates.columns or (contest, candidate) not in candidates.index:
        return candidate
    name = candidates.loc[(contest, candidate), "name"]
    if not isinstance(name, str) or not name:
        return candidate
    alike = candidates[(candidates.index.get_level_values(0) == contest) & (candidates["name"] == name).to_numpy()]
    if len(alike) < 2:
        return name
    parties = alike["party"] if "party" in alike.columns else pd.Series("", index=alike.index)
    apart = parties.notna().all() and (parties != "").all() and parties.is_unique
    return f"{name} ({parties[(contest, candidate)]})" if apart else f"{name} [{candidate}]"


def _contest(contests: pd.DataFrame, contest: str) -> str:
    """Give the name of a contest; its id where there is none."""
    if "name" in contests.columns and contest in contests.index:
        name = contests.loc[contest, "name"]
        return name if isinstance(name, str) and name else contest
    return contest


def notes(found: Replay, plans: Mapping[str, Placement]) -> tuple[str, ...]:
    """Write what must stand beside the results.

    Parameters
    ----------
    found : Replay
        Results.
    plans : mapping of str to Placement
        Label → units in districts.

    Returns
    -------
    tuple of str
        One fact each.
    """
    told: list[str] = [term(PAST), term(CARRY)]
    if len(found.performance):
        told.append(term(GIVEN))
    if _partisan(found):
        told.append(term(PARTY))
    if found.at_most:
        told.append(_limit(found))
    for label in plans:
        told += [*_held(found, label), *_settled(found, label), *_left_out(found, label), *_nowhere(found, label)]
    told += [note for one in found.votes.values() for note in one.notes]
    told += [note for one in plans.values() for note in one.notes]
    return tuple(dict.fromkeys(told))


def _limit(found: Replay) -> Message:
    """Say what the narrower bounds rest on, and where it cannot hold."""
    crowded: set[str] = set()
    for one in found.votes.values():
        people_ = one.units.frame[found.at_most].groupby(one.precincts).sum().reindex(one.by_precinct.index)
        cast = one.by_precinct.T.groupby(level="contest").sum().max()
        crowded |= set(cast.index[cast > people_])
    if not crowded:
        return say(
            "Bounds rest on {column}: no part of a precinct can have more votes than people in it at the census.",
            column=found.at_most,
        )
    return say(
        "Bounds rest on {column}: no part of a precinct can have more votes than people in it at the census. In "
        "{precincts} ({first}) the whole precinct has more; there every spreading was allowed.",
        column=found.at_most,
        precincts=number_of(len(crowded), PRECINCTS),
        first=few(sorted(crowded)),
    )


def _partisan(found: Replay) -> bool:
    """Tell whether a contest is a general election between parties."""
    if "stage" not in found.contests.columns or "party" not in found.candidates.columns:
        return False
    general = found.contests.index[found.contests["stage"] == "general"]
    party = found.candidates["party"]
    with_party = party.index[party.notna() & (party != "")].get_level_values(0)
    used = found.results.index.unique("contest")
    return bool(general.intersection(with_party).intersection(used).size)


def _held(found: Replay, label: str) -> list[str]:
    """Count where a contest was not held, or only in part."""
    rows = found.results.loc[label]
    lacking = rows[~rows["counted"]]
    if not len(lacking):
        return []
    return [
        say(
            "In {plan}, {number:,} of {all:,} pairs of a contest and a district do not count: under {held} of the "
            "district's people are in precincts with figures for that contest, or nobody voted ({first}).",
            plan=label,
            number=len(lacking),
            all=len(rows),
            held=percent(found.held, 0),
            first=few([f"{contest} / {district}" for contest, district in lacking.index], 3),
        )
    ]


def _settled(found: Replay, label: str) -> list[str]:
    """Say in how many results another spreading could give another winner, or none."""
    rows = found.results.loc[label]
    rows = rows[rows["counted"]]
    if not len(rows):
        return []
    loose = rows[~rows["settled"].astype(bool)]
    loose = loose[[not (row.tie and _even(found, label, *row.Index)) for row in loose.itertuples()]]
    if not len(loose):
        return [
            say(
                "In {plan}, no result of the {all:,} that count depends on how votes of split precincts were spread.",
                plan=label,
                all=len(rows),
            )
        ]
    return [
        say(
            "In {plan}, {number:,} of {all:,} results depend on how votes of split precincts were spread: with another "
            "spreading another candidate could have as many votes or more ({first}).",
            plan=label,
            number=len(loose),
            all=len(rows),
            first=few([f"{contest} / {district}" for contest, district in loose.index], 3),
        )
    ]


def _even(found: Replay, label: str, contest: str, district: str) -> bool:
    """Tell whether those who have the most votes are equal however votes are spread."""
    rows = found.frame.loc[(label, contest, district)]
    most = rows["votes"] >= rows["votes"].max() * (1 - 1e-9)
    first, others = rows[most], rows.loc[~most, "high"]
    fixed = (first["high"] - first["low"]).max() <= 0 and first["low"].max() <= first["low"].min()
    return bool(fixed and (not len(others) or others.max() <= first["low"].min()))


def _left_out(found: Replay, label: str) -> list[str]:
    """Say where votes that were left out are as many as the margin."""
    rows = found.votes[label].unplaced
    rows = rows[~rows["spread"].astype(bool)]
    if not len(rows):
        return []
    out = rows.groupby("contest")["votes"].sum()
    results = found.results.loc[label]
    results = results[results["counted"]]
    lost = out.reindex(results.index.get_level_values("contest")).to_numpy()
    near = results[results["margin_votes"].to_numpy() <= lost]
    if not len(near):
        return []
    return [
        say(
            "In {plan}, {number:,} of {all:,} results have a margin no larger than the votes of that contest that were "
            "left out; those votes could have changed them ({first}).",
            plan=label,
            number=len(near),
            all=len(results),
            first=few([f"{contest} / {district}" for contest, district in near.index], 3),
        )
    ]


def _nowhere(found: Replay, label: str) -> list[str]:
    """Count votes of units in no district."""
    lost = float(found.nowhere[label].sum())
    if not lost > 0:
        return []
    return [
        say("In {plan}, {votes} votes are in units that lie in no district.", plan=label, votes=people(lost)),
    ]


def summarise(found: Replay) -> str:
    """Say what the replay shows.

    Parameters
    ----------
    found : Replay
        Results.

    Returns
    -------
    str
        A few sentences a plan, then the notes.
    """
    told: list[str] = []
    for label in found.votes:
        told += _of_plan(found, label) if len(found.performance) else _winners(found, label)
    return joined([*told, *each(found.notes)])


def _of_plan(found: Replay, label: str) -> list[str]:
    """Say in which districts the preferred candidates have the most votes."""
    told: list[str] = []
    table = found.performance.loc[label]
    for kind in table.index.unique("kind"):
        rows = table.loc[kind]
        rows = rows[rows["contests"] > 0]
        part = rows["carried"] / rows["contests"]
        sorts = {
            "all": part == 1,
            "most": (part > 0.5) & (part < 1),
            "some": (part > 0) & (part <= 0.5),
            "none": part == 0,
        }
        pieces = [
            say(words, districts=districts([str(one) for one in part.index[sorts[name]]]))
            for name, words in _CARRIED
            if sorts[name].any()
        ]
        if not pieces:
            continue
        told.append(
            say(
                "In {plan}{kind}, the candidate preferred by {who} has the most votes {told}.",
                plan=label,
                kind=say(" ({kind})", kind=term(STAGES.get(kind, kind))) if kind else "",
                who=say("people counted as “{group}”", group=group_name(found.group)) if found.group
                else say("the group"),
                told=joined(pieces, say("; ")),
            )
        )  # fmt: skip
        told.append(
            say(
                "Results of these that hold however votes of split precincts are spread: {number:,} of {all:,}.",
                number=int((rows["carried_for_certain"] + rows["lost_for_certain"]).sum()),
                all=int(rows["contests"].sum()),
            )
        )
    return told


def _winners(found: Replay, label: str) -> list[str]:
    """Say who has the most votes where, contest by contest."""
    told: list[str] = []
    for contest in found.results.index.unique("contest"):
        rows = found.results.loc[(label, contest)]
        won = rows["winner"].dropna()
        pieces: list[Message] = [
            say(
                "{candidate} has the most votes in {districts}",
                candidate=name_of(found.candidates, contest, str(candidate)),
                districts=districts([str(one) for one in won.index[won == candidate]]),
            )
            for candidate in won.value_counts(sort=True).index
        ]
        if rows["tie"].any():
            pieces.append(say("two are equal in {districts}", districts=districts(list(rows.index[rows["tie"]]))))
        if pieces:
            told.append(
                say(
                    "{contest}, in {plan}: {told}.",
                    contest=_contest(found.contests, contest),
                    plan=label,
                    told=joined(pieces, say("; ")),
                )
            )
    return told
