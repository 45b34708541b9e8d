"""Every contest that a rule takes in, side by side: whom the group preferred, who won, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis import contest_words as words
from kit.analysis.contest_preference import differ, figure_columns, preference, require_group
from kit.analysis.contest_rule import ContestRule, kind_of, screen
from kit.analysis.ecological import EcologicalEstimate
from kit.analysis.polarization import WIDE, Polarization, polarization
from kit.analysis.polarization_words import NOT
from kit.analysis.precinct_shares import PrecinctShares
from kit.errors import InputError, first_few
from kit.i18n.messages import joined
from kit.model.returns import Returns
from kit.model.shared import Shared
from kit.model.source import Source

CERTAIN = 0.95
"""Probability from which on preferences are said to differ, or to be the same."""
COUNTED = ("contests", "polarized", "not_polarized", "not_settled", "won", "lost", "not_told")


@dataclass(frozen=True)
class ContestTable:
    """Every contest that a rule takes in.

    Parameters
    ----------
    rule : ContestRule
        What was asked of a contest, before any figure was seen.
    group : str
        Whose preferences.
    frame : pandas.DataFrame
        Indexed by ``contest``: ``name``, ``year``, ``office``, ``stage``, ``kind`` (``within``
        one party, ``between`` parties, ``no_party``), ``endogenous`` (a candidate of the
        group stood; missing where the rule does not say), ``preferred`` (of the group),
        ``probability`` and ``basis`` (``bounds``, ``model``, ``line`` or ``none``),
        ``cohesion`` with ``cohesion_low`` and ``cohesion_high`` (the preferred
        candidate's share of the group's votes, and its bounds), ``preferred_rest``,
        ``probability_rest``, ``basis_rest``, ``opposition`` with ``opposition_low`` and
        ``opposition_high`` (1 less that candidate's share of everybody else's
        votes), ``differs_low`` and ``differs_high`` (probability that the preferences
        differ, at least and at most), ``polarized`` (missing where not settled),
        ``winner``, ``won`` (missing in a tie or where nobody is known to be
        preferred), ``model_driven`` (bounds of cohesion or opposition are wider than
        one half) and ``impossible`` (a line's figure lies outside 0 to 1).
    left_out : pandas.DataFrame
        Indexed by ``contest``: ``name`` and ``reason``.
    counts : pandas.DataFrame
        Indexed by ``which`` (``all``, the kinds, ``endogenous``, ``exogenous``): how many
        contests, polarized or not or not settled, preferred candidates who won, lost, or of whom it is not told.
    certain : float
        Probability from which on preferences are said to differ.
    sources : tuple of Source
        Where returns and people came from.
    notes : tuple of str
        What a reader must know; the rule stands first.
    """

    rule: ContestRule
    group: str
    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor
    left_out: pd.DataFrame = Shared()  # noqa: RUF009
    counts: pd.DataFrame = Shared()  # noqa: RUF009
    certain: float = CERTAIN
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def endogenous(self) -> pd.DataFrame:
        """Contests with a candidate of the group.

        Returns
        -------
        pandas.DataFrame
            Rows of the table.
        """
        frame = self.frame
        return frame[frame["endogenous"].eq(other=True).fillna(value=False)]

    def preferred(self) -> dict[str, str]:
        """Give the group's preferred candidate of each contest, where that is known with enough probability.

        Returns
        -------
        dict of str to str
            Contest → candidate, as replays of contests take them.
        """
        sure = self.frame[self.frame["probability"] >= self.certain]
        return {str(contest): str(one) for contest, one in sure["preferred"].items()}

    def summary(self) -> str:
        """Say the rule, then the counts over all contests, then what a reader must know.

        Returns
        -------
        str
            Some sentences.
        """
        first, *rest = self.notes
        return joined([first, *words.counted(self.counts, self.group, self.certain), *rest])


def contest_table(
    returns: Returns,
    *,
    rule: ContestRule,
    figures: Mapping[str, PrecinctShares | Polarization | EcologicalEstimate],
    group: str,
    certain: float = CERTAIN,
    seats: Mapping[str, int] | None = None,
) -> ContestTable:
    """Set every contest that a rule takes in side by side, the unfavorable ones too.

    Parameters
    ----------
    returns : Returns
        Votes of all contests, from which the winners are told.
    rule : ContestRule
        Which contests are in, written before any figure was seen.
    figures : mapping of str to PrecinctShares, Polarization or EcologicalEstimate
        Contest → shares by precinct (bounds and Goodman's line are then computed)
        or figures. Every contest that the rule takes in needs them.
    group : str
        Whose preferences; its name in the figures.
    certain : float, default 0.95
        Probability from which on preferences are said to differ.
    seats : mapping of str to int, optional
        Contest → how many were elected; 1 by default.

    Returns
    -------
    ContestTable
        The contests, those left out with the reason, and counts over all.

    Raises
    ------
    InputError
        A contest that the rule takes in has no figures, none is taken in, or
        figures do not fit the returns.

    Notes
    -----
    Preferences differ, or are the same, "for certain" where the bounds say so;
    otherwise with the probability of the model's draws or of Goodman's line,
    which both take their model for granted. A candidate's own group decides
    nothing about who is preferred; contests with a candidate of the group are counted apart.
    """
    if not isinstance(returns, Returns) or not isinstance(rule, ContestRule):
        raise InputError("returns are what kit.read_returns gave, and the rule is a ContestRule.")
    if not isinstance(certain, int | float) or not 0.5 < certain < 1:
        raise InputError(f"certain={certain!r}: a probability above one half and under 1, such as 0.95.")
    taken, left_out = screen(returns, rule)
    if not taken:
        raise InputError(f"no contest of {len(left_out):,} meets the rule: {rule.terms()}.")
    missing = [contest for contest in taken if contest not in figures]
    if missing:
        raise InputError(
            f"the rule takes in {len(missing):,} contests without figures: {first_few(missing)}. The rule stands "
            "before the figures: pass figures of all, or write a rule that says why some are out."
        )
    chosen = _seats(returns, seats)
    rows, sources, uncovered, absent = {}, list(returns.sources), {}, {}
    for contest in taken:
        found = _found(figures[contest], contest)
        require_group(found, group, contest)
        votes, uncovered[contest], absent[contest] = _votes(returns, contest, found)
        rows[contest] = {
            **_facts(returns, contest, rule),
            **_judged(found, group, certain),
        }
        rows[contest] |= _won(votes, rows[contest]["preferred"], chosen.get(contest, 1), contest)
        sources += [one for one in found.sources if one not in sources]
    frame = _typed(pd.DataFrame.from_dict(rows, orient="index").rename_axis("contest"))
    return ContestTable(
        rule=rule,
        group=group,
        frame=frame,
        left_out=left_out,
        counts=_counts(frame),
        certain=certain,
        sources=tuple(sources),
        notes=(
            *words.notes_of(frame, left_out, rule, of={figures[one].of for one in taken}, certain=certain),
            *words.uncovered(uncovered),
            *words.absent(absent),
            *returns.notes,
        ),
    )


def _seats(returns: Returns, seats: Mapping[str, int] | None) -> dict[str, int]:
    """Check how many were elected, contest by contest."""
    given: dict[str, Any] = dict(seats or {})
    strange = [one for one in given if one not in returns.frame.index.unique("contest")]
    if strange:
        raise InputError(f"seats names contests that the returns do not have: {first_few(strange)}.")
    for contest, number in given.items():
        if isinstance(number, bool) or not isinstance(number, Integral) or number < 1:
            raise InputError(f"seats[{contest!r}]={number!r}: how many were elected, a whole number from 1.")
    return {contest: int(number) for contest, number in given.items()}


def _found(
    given: PrecinctShares | Polarization | EcologicalEstimate, contest: str
) -> Polarization | EcologicalEstimate:
    """Compute bounds and lines, where shares were given."""
    if isinstance(given, PrecinctShares):
        if given.contest and given.contest != contest:
            raise InputError(
                f"the figures of {contest!r} are the shares of the contest {given.contest!r}: pass each contest its "
                "own."
            )
        return polarization(given.frame, **given.columns)
    if not isinstance(given, Polarization | EcologicalEstimate):
        raise InputError(
            f"figures hold a {type(given).__name__}; pass what kit.polarization, ecological_inference or "
            "precinct_shares returned."
        )
    return given


def _votes(returns: Returns, contest: str, found: Polarization | EcologicalEstimate) -> tuple[pd.Series, float, float]:
    """Sum the votes of each candidate; tell what share has no figures, and what share is in none."""
    mine = returns.frame["votes"].xs(contest, level="contest")
    votes = mine.groupby(level="candidate", sort=False).sum(min_count=1).astype("float64")
    told = list(found.frame.index.unique("candidate"))
    strange = [one for one in told if one not in votes.index and one != words.OTHERS]
    if strange:
        raise InputError(
            f"{contest!r}: the figures are of {first_few(strange)}, the returns of {first_few(votes.index)}. Name "
            "candidates in the figures as the returns do."
        )
    if votes.isna().any() or not votes.sum() > 0:
        raise InputError(f"{contest!r}: the votes of {first_few(votes.index[votes.isna()]) or 'all'} are missing.")
    apart = votes[~votes.index.isin(told)]
    if len(apart) and apart.max() >= votes[votes.index.isin(told)].max():
        raise InputError(f"{contest!r}: {apart.idxmax()!r} has the most votes and no figures; estimate all candidates.")
    whole = votes.sum() if words.OTHERS in told else votes.sum() - apart.sum()
    return votes, float(apart.sum() / votes.sum()), float(1 - found.votes / whole)


def _facts(returns: Returns, contest: str, rule: ContestRule) -> dict[str, Any]:
    """Tell what a contest was."""
    row = returns.contests.loc[contest]
    return {
        "name": str(row["name"]),
        "year": row["year"],
        "office": row["office"],
        "stage": row["stage"],
        "kind": kind_of(returns, contest),
        "endogenous": pd.NA if rule.endogenous is None else contest in rule.endogenous,
    }


def _judged(found: Polarization | EcologicalEstimate, group: str, certain: float) -> dict[str, Any]:
    """Tell whom the group and everybody else preferred, and whether these differ."""
    mine, rest = preference(found, group), preference(found, f"{NOT}{group}")
    least, most = differ(found, group, mine, rest)
    polarized: Any = pd.NA
    if least >= certain or 1 - most >= certain:
        polarized = bool(least >= certain)
    told: dict[str, Any] = {"preferred": mine.candidate, "probability": mine.probability, "basis": mine.basis}
    cohesion = opposition = (np.nan, np.nan, np.nan)
    wrong = False
    if mine.candidate is not None:
        figure, fault = figure_columns(found)
        own, other = found.frame.loc[(group, mine.candidate)], found.frame.loc[(f"{NOT}{group}", mine.candidate)]
        cohesion = (own[figure], own["low"], own["high"])
        opposition = (1 - other[figure], 1 - other["high"], 1 - other["low"])
        wrong = fault == "impossible" and bool(own[fault] or other[fault])
    told |= dict(zip(("cohesion", "cohesion_low", "cohesion_high"), map(float, cohesion), strict=True))
    told |= {"preferred_rest": rest.candidate, "probability_rest": rest.probability, "basis_rest": rest.basis}
    told |= dict(zip(("opposition", "opposition_low", "opposition_high"), map(float, opposition), strict=True))
    wide = any(ends[2] - ends[1] > WIDE for ends in (cohesion, opposition))
    told |= {"differs_low": least, "differs_high": most, "polarized": polarized}
    return {**told, "model_driven": wide, "impossible": wrong}


def _won(votes: pd.Series, preferred: str | None, seats: int, contest: str) -> dict[str, Any]:
    """Tell who has the most votes, and whether the preferred candidate is among them."""
    if not 1 <= seats < len(votes):
        raise InputError(f"seats[{contest!r}]={seats!r}: fewer were elected than the {len(votes):,} who stood.")
    order = votes.sort_values(ascending=False, kind="stable")
    last, next_ = order.iloc[seats - 1], order.iloc[seats]
    safe, tied = order.index[order > next_], order.index[(order == next_) & (last == next_)]
    safe = safe[:seats]
    won: Any = pd.NA
    if preferred is not None and preferred not in tied:
        won = preferred in safe
    return {"winner": joined(map(str, safe), ", ") if len(safe) else None, "won": won}


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Give columns their types: what is not known is missing, not false."""
    kinds = {
        "year": "Int64",
        "endogenous": "boolean",
        "polarized": "boolean",
        "won": "boolean",
        "model_driven": "bool",
        "impossible": "bool",
    }
    order = [name for name in frame.columns if name not in {"model_driven", "impossible"}]
    return frame.astype(kinds)[[*order, "model_driven", "impossible"]]


def _counts(frame: pd.DataFrame) -> pd.DataFrame:
    """Count contests, all and by kind."""
    everything = pd.Series(data=True, index=frame.index)
    which = {"all": everything, **{kind: frame["kind"] == kind for kind in ("within", "no_party", "between")}}
    if frame["endogenous"].notna().all():
        there = frame["endogenous"].astype("bool")
        which |= {"endogenous": there, "exogenous": ~there}
    rows = {}
    for name, chosen in which.items():
        part = frame[chosen]
        rows[name] = [
            len(part),
            int((part["polarized"] == True).sum()),  # noqa: E712 — missing is neither
            int((part["polarized"] == False).sum()),  # noqa: E712
            int(part["polarized"].isna().sum()),
            int((part["won"] == True).sum()),  # noqa: E712
            int((part["won"] == False).sum()),  # noqa: E712
            int(part["won"].isna().sum()),
        ]
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(COUNTED)).rename_axis("which")
