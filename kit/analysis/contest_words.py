"""What is said of a table of contests: the rule first, then counts over all of them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from kit.analysis.contest_rule import ContestRule
from kit.analysis.ecological_runs import OTHERS
from kit.analysis.polarization_words import shares_of_note
from kit.i18n.messages import Message, mark, say, term
from kit.model.sentences import percent
from kit.model.things import few

__all__ = ["KINDS", "OTHERS", "absent", "counted", "notes_of", "uncovered"]

KINDS = {
    "all": mark("all contests"),
    "within": mark("contests within one party"),
    "no_party": mark("contests without parties, or whose returns tell none"),
    "between": mark("contests between parties"),
    "endogenous": mark("contests with a candidate of the group"),
    "exogenous": mark("contests without a candidate of the group"),
}
"""Kinds of contests, in words."""
_SLIP = 1e-6


def counted(counts: pd.DataFrame, group: str, certain: float) -> list[str]:
    """Say how often preferences differed, and how often the preferred candidate won.

    Parameters
    ----------
    counts : pandas.DataFrame
        By kind of contest.
    group : str
        Whose preferences.
    certain : float
        Probability from which on they are said to differ.

    Returns
    -------
    list of str
        A sentence for all contests, and one for each kind that is there.
    """
    said: list[str] = []
    for which, row in counts.iterrows():
        if not row["contests"] or (which != "all" and row["contests"] == counts.loc["all", "contests"]):
            continue
        said.append(_counted(str(which), row, group, certain))
    return said


def _counted(which: str, row: pd.Series, group: str, certain: float) -> Message:
    """Write the counts of one kind."""
    return say(
        "{kind:capital} ({contests:,}): {group} and everybody else preferred different candidates in {polarized:,}, "
        "the same in {same:,} (each with a probability of at least {certain}), and in {open:,} that is not settled; "
        "the candidate whom {group} preferred won {won:,} and lost {lost:,}, and in {untold:,} that is not told.",
        kind=term(KINDS[which]),
        contests=int(row["contests"]),
        group=group,
        polarized=int(row["polarized"]),
        same=int(row["not_polarized"]),
        certain=percent(certain, 0),
        open=int(row["not_settled"]),
        won=int(row["won"]),
        lost=int(row["lost"]),
        untold=int(row["not_told"]),
    )


def notes_of(
    frame: pd.DataFrame, left_out: pd.DataFrame, rule: ContestRule, *, of: set[str], certain: float
) -> list[str]:
    """Say what a reader of a table of contests must know, the rule first.

    Parameters
    ----------
    frame, left_out : pandas.DataFrame
        Contests that are in and out.
    rule : ContestRule
        What was asked.
    of : set of str
        What the shares are shares of.
    certain : float
        Probability from which on a preference is taken as known.

    Returns
    -------
    list of str
        Sentences.
    """
    said: list[str] = [_rule(rule, len(frame), len(left_out))]
    said += [
        say("Left out: {name} ({reason}).", name=row["name"] or str(contest), reason=row["reason"])
        for contest, row in left_out.iterrows()
    ]
    said += _how_sure(frame)
    unsure = int(((frame["probability"] < certain) & frame["won"].notna()).sum())
    if unsure:
        said.append(
            say(
                "Contests where whom the group preferred has a probability under {certain}: {count:,}. Won and lost "
                "count these with the likeliest candidate.",
                certain=percent(certain, 0),
                count=unsure,
            )
        )
    if (frame["kind"] == "between").any():
        said.append(
            say(
                "A contest between parties mixes party with preference. Read it beside contests within one party and "
                "without parties, and compare candidates of the same party."
            )
        )
        if not (frame["kind"] != "between").any():
            said.append(say("No contest here is within one party or without parties: party is not held apart."))
    if rule.endogenous is None:
        said.append(say("Nobody said in which contests a candidate of the group stood; they are not counted apart."))
    said.append(
        say(
            "Who is preferred is told by votes, not by a candidate's own group. Won means the most votes in these "
            "returns."
        )
    )
    said += [shares_of_note(one) for one in sorted(of - {"voters"})]
    said.append(say("These are shares of votes, estimated from precincts. How a person voted is not known."))
    return said


def _rule(rule: ContestRule, taken: int, out: int) -> Message:
    """Write the rule."""
    given = {"rule": rule.text.strip().rstrip("."), "terms": rule.terms(), "taken": taken, "total": taken + out}
    if rule.written:
        return say(
            "Rule of inclusion, written {day}, before any figure: {rule} ({terms}). Of {total:,} contests in the "
            "returns {taken:,} meet it, and all of these are here.",
            day=rule.written,
            **given,
        )
    return say(
        "Rule of inclusion: {rule} ({terms}). Of {total:,} contests in the returns {taken:,} meet it, and all of "
        "these are here; the day on which the rule was written is not told.",
        **given,
    )


def _how_sure(frame: pd.DataFrame) -> list[str]:
    """Say on what the preferences stand."""
    said: list[str] = []
    settled = int(((frame["basis"] == "bounds") & (frame["basis_rest"] == "bounds")).sum())
    if settled:
        said.append(
            say(
                "In {count:,} of {total:,} contests the bounds alone tell whether the preferences differ.",
                count=settled,
                total=len(frame),
            )
        )
    else:
        said.append(say("In no contest do the bounds alone tell whether the preferences differ."))
    basis = frame["basis"].value_counts()
    if basis.get("line", 0):
        said.append(
            say(
                "In {count:,} contests Goodman's line tells whom the group preferred: the probability takes for "
                "granted that the line holds, and is a lower limit.",
                count=int(basis["line"]),
            )
        )
    if basis.get("model", 0):
        said.append(
            say(
                "In {count:,} contests a model's draws tell whom the group preferred: the probability takes the model "
                "and its prior for granted.",
                count=int(basis["model"]),
            )
        )
    if basis.get("none", 0):
        said.append(
            say(
                "In {count:,} contests no figure tells whom the group preferred: it was refused, or the line has no "
                "end.",
                count=int(basis["none"]),
            )
        )
    if frame["model_driven"].any():
        said.append(
            say(
                "In {count:,} contests the bounds are wider than one half: the model drives these figures, not the "
                "returns.",
                count=int(frame["model_driven"].sum()),
            )
        )
    if frame["impossible"].any():
        said.append(
            say(
                "In {count:,} contests a figure of Goodman's line lies outside 0 to 100%: the line does not fit there.",
                count=int(frame["impossible"].sum()),
            )
        )
    return said


def uncovered(shares: Mapping[str, float]) -> list[str]:
    """Say which contests have votes for candidates without figures.

    Parameters
    ----------
    shares : mapping of str to float
        Contest → share of its votes.

    Returns
    -------
    list of str
        One sentence, or none.
    """
    some = {contest: share for contest, share in shares.items() if share > 0}
    if not some:
        return []
    told = [say("{contest} ({share})", contest=contest, share=percent(share)) for contest, share in some.items()]
    return [
        say(
            "Votes for candidates without figures: {contests}. Whom the group preferred is told among the others.",
            contests=few(told),
        )
    ]


def absent(shares: Mapping[str, float]) -> list[str]:
    """Say which contests have votes in precincts of which nobody's shares are known.

    Parameters
    ----------
    shares : mapping of str to float
        Contest → share of the votes for its candidates that the figures do not stand on.

    Returns
    -------
    list of str
        One sentence, or none.
    """
    some = {contest: share for contest, share in shares.items() if share > _SLIP}
    if not some:
        return []
    told = [say("{contest} ({share})", contest=contest, share=percent(share)) for contest, share in some.items()]
    return [
        say(
            "Votes that the figures do not stand on, such as those of precincts without known people: {contests}. "
            "Who won is told by all votes.",
            contests=few(told),
        )
    ]
