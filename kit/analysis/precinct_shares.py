"""Shares by precinct, made of counts: who the people are beside how the votes fell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.polarization import require_names
from kit.analysis.polarization_words import SHARES_OF
from kit.errors import InputError, first_few
from kit.i18n.messages import joined, say
from kit.model.returns import Returns
from kit.model.shared import Shared
from kit.model.source import Source

VOTES = "votes"
"""Column of the votes that were counted."""


@dataclass(frozen=True)
class PrecinctShares:
    """Shares of groups and of candidates in each precinct of one contest.

    Parameters
    ----------
    frame : pandas.DataFrame
        Indexed by ``precinct``: a column for each group and each candidate
        (shares, 0 to 1), and ``votes`` (all that were counted for them).
    groups, candidates : dict of str to str
        Name → column.
    of : str
        What the groups' shares are shares of.
    contest : str
        Contest id; empty where the votes stood in the same table.
    sources : tuple of Source
        Where the returns came from.
    notes : tuple of str
        Which precincts and votes are left out, and what does not fit.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor
    groups: Mapping[str, str] = field(default_factory=dict)
    candidates: Mapping[str, str] = field(default_factory=dict)
    of: str = "voters"
    contest: str = ""
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> dict[str, Any]:
        """What `kit.polarization` and `kit.ecological_inference` take beside the frame.

        Returns
        -------
        dict
            ``groups``, ``candidates``, ``votes``, ``of`` and ``sources``.
        """
        return {
            "groups": dict(self.groups),
            "candidates": dict(self.candidates),
            "votes": VOTES,
            "of": self.of,
            "sources": self.sources,
        }

    def summary(self) -> str:
        """Say how many precincts and votes there are, and what is left out.

        Returns
        -------
        str
            A sentence, then the notes.
        """
        first = say(
            "{precincts:,} precincts with {votes:,.0f} votes.",
            precincts=len(self.frame),
            votes=float(self.frame[VOTES].sum()),
        )
        return joined([first, *self.notes])


def precinct_shares(
    people: pd.DataFrame,
    *,
    groups: Mapping[str, str],
    total: str | Sequence[str],
    of: str,
    returns: Returns | None = None,
    contest: str = "",
    candidates: Mapping[str, str] | Sequence[str] | None = None,
    sources: tuple[Source, ...] = (),
) -> PrecinctShares:
    """Turn counts of people and of votes into shares by precinct.

    Parameters
    ----------
    people : pandas.DataFrame
        One row a precinct, with its id in the index or in a column ``precinct``.
    groups : mapping of str to str
        Name of a group, and the column with the number of its people.
    total : str or sequence of str
        Column with the number of all people, or columns that make them up.
    of : {"voters", "registered", "cvap", "vap"}
        Which people were counted.
    returns : Returns, optional
        Votes by precinct; without them the votes stand in `people`.
    contest : str
        Contest id in the returns.
    candidates : mapping or sequence of str, optional
        With returns: candidates to keep as they are, all by default; those
        left out count in no share. Without: name of a candidate, and the column with the votes.
    sources : tuple of Source, optional
        Where the counts of people came from.

    Returns
    -------
    PrecinctShares
        Shares, with the columns that `kit.polarization` takes.

    Raises
    ------
    InputError
        Columns, the contest or candidates are missing, precincts are named
        twice, counts are negative or larger than their total, or no precinct has both.

    Notes
    -----
    A precinct whose people or votes are missing, or that has none, is left out
    and counted in the notes: missing is never zero.
    """
    if of not in SHARES_OF:
        raise InputError(f"of={of!r}: say what the groups are counted among, one of {', '.join(SHARES_OF)}.")
    if not isinstance(people, pd.DataFrame):
        raise InputError(f"a {type(people).__name__} is no table of precincts; pass a pandas.DataFrame.")
    if returns is not None and not isinstance(returns, Returns):
        raise InputError(f"returns={type(returns).__name__}: pass what kit.read_returns gave, or leave it out.")
    require_names(groups=groups)
    whole = [total] if isinstance(total, str) else list(total)
    table = _by_precinct(people)
    if returns is None:
        if not isinstance(candidates, Mapping) or not candidates:
            raise InputError("pass returns with a contest, or candidates={name: column with votes}.")
        cast = _numbers(table, list(candidates.values())).set_axis(list(candidates), axis=1)
    else:
        cast = _cast(returns, contest, candidates)
    clash = [name for name in (*groups, VOTES) if name in cast.columns]
    if clash:
        raise InputError(f"{first_few(clash)} names a candidate too; give the group another name.")
    counted = _numbers(table, [*groups.values(), *whole])
    base = counted[whole].sum(axis=1, skipna=False)
    theirs = counted[list(groups.values())].set_axis(list(groups), axis=1)
    _within(theirs, base)
    frame, notes = _joined(theirs, base, cast)
    if of == "voters":
        more = int((frame[VOTES] > base.reindex(frame.index)).sum())
        if more:
            notes.append(
                say(
                    "In {count:,} of {total:,} precincts more votes were counted than people are known to have voted: "
                    "the two counts are of different people.",
                    count=more,
                    total=len(frame),
                )
            )
    return PrecinctShares(
        frame=frame,
        groups={name: name for name in groups},
        candidates={str(name): str(name) for name in cast.columns},
        of=of,
        contest=contest if returns is not None else "",
        sources=(*sources, *(returns.sources if returns is not None else ())),
        notes=(*(returns.notes if returns is not None else ()), *notes),
    )


def _by_precinct(people: pd.DataFrame) -> pd.DataFrame:
    """Put the precinct into the index, as text, each once."""
    table = people.set_index("precinct") if "precinct" in people.columns else people
    ids = pd.Index(table.index.astype("str"), name="precinct")
    twice = ids[ids.duplicated()].unique()
    if len(twice):
        raise InputError(f"{len(twice):,} precincts stand in the table more than once, first {first_few(twice)}.")
    return table.set_axis(ids, axis=0)


def _numbers(table: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Take columns of counts."""
    wanted = list(dict.fromkeys(names))
    missing = [name for name in wanted if name not in table.columns]
    if missing:
        raise InputError(
            f"the table of precincts has no column {first_few(missing)}; it has "
            f"{first_few(list(map(str, table.columns)), 8)}."
        )
    words = [name for name in wanted if not pd.api.types.is_numeric_dtype(table[name])]
    if words:
        raise InputError(f"{first_few(words)} must hold numbers of people or votes; what is not known stays empty.")
    made = table[wanted].astype("float64")
    endless = [name for name in wanted if np.isinf(made[name]).any()]
    if endless:
        raise InputError(f"{first_few(endless)} must hold numbers of people or votes, and some are infinite.")
    for name in wanted:
        odd = made.index[made[name] < 0]
        if len(odd):
            raise InputError(f"{name!r} is negative in {len(odd):,} precincts, first {first_few(odd)}.")
    return made


def _cast(returns: Returns, contest: str, candidates: Any) -> pd.DataFrame:
    """Take the votes of one contest, a column for each candidate."""
    known = returns.frame.index.unique("contest")
    if contest not in known:
        raise InputError(f"the returns have no contest {contest!r}; they have {first_few(known)}.")
    wide = returns.wide(contest)
    wanted = list(wide.columns) if candidates is None else list(candidates)
    missing = [name for name in wanted if name not in wide.columns]
    if missing or not wanted:
        raise InputError(
            f"contest {contest!r} has no candidate {first_few(missing)}; it has {first_few(wide.columns)}."
        )
    made = wide[wanted].astype("float64").rename_axis(columns=None)
    return made.set_axis(pd.Index(made.index.astype("str"), name="precinct"), axis=0)


def _within(theirs: pd.DataFrame, base: pd.Series) -> None:
    """Refuse groups larger than everybody."""
    for name in theirs.columns:
        over = theirs.index[theirs[name] > base]
        if len(over):
            raise InputError(
                f"{name!r} counts more people than there are in {len(over):,} precincts, first {first_few(over)}: "
                "the group and the total must be counted among the same people."
            )


def _joined(theirs: pd.DataFrame, base: pd.Series, cast: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Put people and votes together, and say what has no partner."""
    votes = cast.sum(axis=1, skipna=False)
    usable = (base > 0) & theirs.notna().all(axis=1)
    known = usable.reindex(votes.index)
    kept = votes.index[(votes > 0) & known.eq(other=True)]
    if not len(kept):
        raise InputError(
            f"no precinct has both people and votes: people of {first_few(base.index)}, votes of "
            f"{first_few(votes.index)}. Their ids must be the same."
        )
    notes: list[str] = []
    alone = votes.index[known.isna()]
    for said, which in (
        (say("are not in the table of people"), alone),
        (say("have no people there, or their number is not known"), votes.index[known.eq(other=False)]),
    ):
        if len(which):
            notes.append(
                say(
                    "{count:,} precincts with {votes:,.0f} votes {why}; they are left out.",
                    count=len(which),
                    votes=float(votes[which].sum()),
                    why=said,
                )
            )
    unknown = int(votes.isna().sum())
    if unknown:
        notes.append(say("{count:,} precincts lack the votes of a candidate; they are left out.", count=unknown))
    without = int((~base.index.isin(votes.index)).sum())
    if without:
        notes.append(say("{count:,} precincts of the table of people have no returns.", count=without))
    shares = theirs.loc[kept].div(base[kept], axis=0)
    parts = cast.loc[kept].div(votes[kept], axis=0)
    return pd.concat([shares, parts, votes[kept].rename(VOTES)], axis=1).astype(np.float64), notes
