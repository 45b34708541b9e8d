"""Which contests a table takes in: a rule that is written before any figure is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.errors import InputError, first_few
from kit.i18n.messages import Message, joined, mark, say, term
from kit.model.returns import Returns

STAGES = {
    "primary": mark("primary"),
    "general": mark("general"),
    "runoff": mark("runoff"),
    "special": mark("special"),
}
"""Stages of an election, and their words."""


@dataclass(frozen=True)
class ContestRule:
    """Which contests a table takes in.

    Parameters
    ----------
    text : str
        The rule in words, as it will be printed.
    years : tuple of int, optional
        First and last year; any by default.
    offices : tuple of str
        Offices, as the returns call them; any by default.
    stages : tuple of str
        Among ``"primary"``, ``"general"``, ``"runoff"`` and ``"special"``; any by default.
    parties : tuple of str
        Parties, as the returns call them: a contest is in where every candidate who
        has a party has one of these; any by default.
    endogenous : tuple of str, optional
        Ids of the contests with a candidate of the group, by what the candidates
        said of themselves; the kit never guesses. None where nobody looked.
    written : str
        Day on which the rule was written, in ISO form.

    Raises
    ------
    InputError
        The text is empty, or a part cannot be.
    """

    text: str
    years: tuple[int, int] | None = None
    offices: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    endogenous: tuple[str, ...] | None = None
    written: str = ""

    def __post_init__(self) -> None:
        """Check it, and keep its lists as tuples."""
        if not isinstance(self.text, str) or not isinstance(self.written, str):
            raise InputError("text and written are words: the rule, and the day on which it was written.")
        if not self.text.strip():
            raise InputError("text='': write the rule in words; it is printed first, before any figure.")
        for name in ("offices", "stages", "parties", "endogenous"):
            given = getattr(self, name)
            if isinstance(given, str):
                raise InputError(f"{name}={given!r}: pass a list, such as {name}=({given!r},).")
            if given is None and name != "endogenous":
                raise InputError(f"{name}=None: leave it out, or pass a list.")
            if given is not None:
                object.__setattr__(self, name, tuple(given))
        unknown = [one for one in self.stages if one not in STAGES]
        if unknown:
            raise InputError(f"stages has {first_few(unknown)}; known are {', '.join(STAGES)}.")
        if self.years is not None:
            years = tuple(self.years) if isinstance(self.years, Sequence) else ()
            whole = all(isinstance(one, int | np.integer) for one in years)
            if len(years) != 2 or not whole or years[0] > years[1]:
                raise InputError(f"years={self.years!r}: the first and the last year, such as (2016, 2024).")
            object.__setattr__(self, "years", years)

    def terms(self) -> Message:
        """Say what the rule asks of a contest.

        Returns
        -------
        str
            Years, offices, stages and parties.
        """
        told: list[str] = []
        if self.years is not None:
            told.append(say("years {first} to {last}", first=str(self.years[0]), last=str(self.years[1])))
        if self.offices:
            told.append(say("offices: {names}", names=joined(self.offices, say(", "))))
        if self.stages:
            told.append(say("stages: {names}", names=joined([term(STAGES[one]) for one in self.stages], say(", "))))
        if self.parties:
            told.append(say("parties: {names}", names=joined(self.parties, say(", "))))
        return joined(told, say("; ")) if told else say("every contest of the returns")


def screen(returns: Returns, rule: ContestRule) -> tuple[list[str], pd.DataFrame]:
    """Tell the contests that meet a rule from those that do not.

    Parameters
    ----------
    returns : Returns
        Votes by precinct, contest and candidate.
    rule : ContestRule
        What is asked.

    Returns
    -------
    taken : list of str
        Ids of contests that meet the rule, in the order of the returns.
    left_out : pandas.DataFrame
        Indexed by contest: ``name`` and ``reason``.

    Raises
    ------
    InputError
        The rule names contests that are not in the returns, or the returns have none.
    """
    ids = list(returns.frame.index.unique("contest"))
    if not ids:
        raise InputError("the returns have no contest.")
    absent = [one for one in rule.endogenous or () if one not in ids]
    if absent:
        raise InputError(f"endogenous names contests that the returns do not have: {first_few(absent)}.")
    table = returns.contests
    without = [one for one in ids if one not in table.index]
    if without:
        raise InputError(f"the list of contests lacks {first_few(without)}; it says their year, stage and office.")
    taken, out = [], {}
    for contest in ids:
        row = table.loc[contest]
        reason = _why_not(row, _parties(returns, contest), _standing(returns, contest), rule)
        if reason:
            out[contest] = {"name": str(row["name"]), "reason": reason}
        else:
            taken.append(contest)
    left_out = pd.DataFrame.from_dict(out, orient="index", columns=["name", "reason"]).rename_axis("contest")
    return taken, left_out


def kind_of(returns: Returns, contest: str) -> str:
    """Tell whether a contest was within one party, between parties, or without parties.

    Parameters
    ----------
    returns : Returns
        Votes and candidates.
    contest : str
        Contest id.

    Returns
    -------
    {"within", "between", "no_party"}
        By the parties of its candidates.
    """
    parties = _parties(returns, contest)
    if not any(parties):
        return "no_party"
    return "within" if len(set(parties)) == 1 else "between"


def _parties(returns: Returns, contest: str) -> list[str]:
    """List the parties of the candidates, empty where one has none."""
    people = returns.candidates
    mine = people[people.index.get_level_values(0) == contest]["party"]
    return ["" if pd.isna(one) else str(one).strip() for one in mine]


def _standing(returns: Returns, contest: str) -> int:
    """Count the candidates."""
    frame = returns.frame
    return int(frame.index[frame.index.get_level_values("contest") == contest].unique("candidate").size)


def _why_not(row: pd.Series, parties: list[str], standing: int, rule: ContestRule) -> str:
    """Say why a contest is left out; empty where it is in."""
    if rule.years is not None:
        if pd.isna(row["year"]):
            return say("its year is not known")
        if not rule.years[0] <= int(row["year"]) <= rule.years[1]:
            return say("year {year}", year=str(int(row["year"])))
    office, stage = ("" if pd.isna(row[name]) else str(row[name]).strip() for name in ("office", "stage"))
    if rule.offices and office.casefold() not in {one.strip().casefold() for one in rule.offices}:
        return say("office: {office}", office=office) if office else say("its office is not known")
    if rule.stages and stage not in rule.stages:
        return say("stage: {stage}", stage=term(STAGES.get(stage, stage))) if stage else say("its stage is not known")
    known = {one.strip().casefold() for one in rule.parties}
    others = [one for one in parties if one and one.casefold() not in known]
    if known and others:
        return say("party: {party}", party=joined(dict.fromkeys(others), say(", ")))
    return say("fewer than two candidates") if standing < 2 else ""
