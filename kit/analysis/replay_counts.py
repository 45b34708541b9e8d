"""Votes of past contests by district, with the least and the most that any spreading of split precincts could give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kit.analysis.precinct_votes import UnitVotes
from kit.errors import CoverageError
from kit.model.frames import Placement
from kit.model.geoid import natural_key

Floats = npt.NDArray[np.float64]
TIED = 1e-9
"""Votes nearer than this part of them are equal."""


def district_votes(
    spread: UnitVotes, placement: Placement, contests: Sequence[str], *, held: float, at_most: str | None = None
) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Add votes up by district, contest by contest.

    Parameters
    ----------
    spread : UnitVotes
        Votes of the placement's own units.
    placement : Placement
        The units in districts.
    contests : sequence of str
        Which contests, in which order.
    held : float
        Share of a district's weight that must lie in precincts with complete
        figures for a contest to count there.
    at_most : str, optional
        Column of the units that the votes of no part of a precinct exceed.

    Returns
    -------
    by_candidate : pandas.DataFrame
        By ``contest``, ``district`` and ``candidate``: ``votes``, ``share``,
        ``low`` and ``high``; missing where no precinct of the district has figures.
    by_contest : pandas.DataFrame
        By ``contest`` and ``district``, as in `kit.analysis.replay.Replay`.
    nowhere : pandas.Series
        Votes by contest that lie in no district.

    Raises
    ------
    CoverageError
        The placement does not list the units one by one.
    """
    if not placement.assignment.index.equals(spread.units.frame.index):
        raise CoverageError("this placement does not list its units one by one, in their order; use kit.place.")
    found = placement.assignment
    labels = sorted({*placement.plan.labels, *found.dropna()}, key=natural_key)
    codes = pd.Index(labels, dtype="object").get_indexer(pd.Index(found.astype("object")))
    codes = np.where(codes < 0, len(labels), codes)  # the last column is no district
    limits = None if at_most is None else spread.units.column(at_most).to_numpy(dtype=float)
    ground = _Ground(spread, codes, len(labels) + 1, limits)
    tables, results, nowhere = [], [], {}
    for contest in contests:
        count = ground.count(contest)
        tables.append(_by_candidate(contest, count, labels))
        results.append(_by_contest(contest, count, labels, held))
        nowhere[contest] = float(count["votes"][-1].sum())
    return pd.concat(tables), pd.concat(results), pd.Series(nowhere, dtype="float64")


class _Ground:
    """Which part of which precinct lies in which district; the last district is no district."""

    def __init__(
        self, spread: UnitVotes, codes: npt.NDArray[np.intp], number: int, limits: Floats | None = None
    ) -> None:
        self.spread = spread
        self.names = pd.Index(spread.by_precinct.index, dtype="object")
        rows = self.names.get_indexer(pd.Index(spread.precincts.astype("object")))
        self.rows, self.codes, self.number = rows, codes, number
        self.parts = self._sums(spread.shares.to_numpy(dtype=float))
        self.limits = None if limits is None else self._sums(limits)
        self.touched = self.parts > 0
        self.whole = self.touched.sum(axis=1) == 1
        self.weights = spread.weights.to_numpy(dtype=float)

    def _sums(self, values: Floats) -> Floats:
        """Add values of units up by precinct and district."""
        inside = self.rows >= 0
        flat = self.rows[inside] * self.number + self.codes[inside]
        sums = np.asarray(np.bincount(flat, values[inside], len(self.names) * self.number), dtype=np.float64)
        return sums.reshape(len(self.names), self.number)

    def count(self, contest: str) -> dict[str, Any]:
        """Add up one contest."""
        given = self.spread.by_precinct[contest]
        own = given.to_numpy(dtype=float)
        complete = ~np.isnan(own).any(axis=1)
        own = np.where(complete[:, None], own, 0.0)
        extra = np.where(complete[:, None], self.spread.added[contest].to_numpy(dtype=float), 0.0)
        split = complete & ~self.whole
        sure = complete & self.whole
        low = self.touched[sure].astype("float64").T @ own[sure]
        least, most = self._bounds(own, split)
        low, loose = self._unplaced(contest, list(given.columns), complete, low + least, most - least)
        votes = self.parts.T @ (own + extra)
        covered = (self.rows >= 0) & complete[self.rows]
        weight = np.bincount(self.codes, self.weights, self.number)
        with np.errstate(invalid="ignore"):
            share = np.bincount(self.codes[covered], self.weights[covered], self.number) / weight
        voting = complete & (own.sum(axis=1) > 0)
        return {
            "candidates": list(given.columns),
            "votes": votes,
            "spread": (self.parts[split].T @ own[split] + self.parts.T @ extra).sum(axis=1),
            "low": np.minimum(low, votes) if self.limits is not None else low,
            "high": np.maximum(low + loose, votes) if self.limits is not None else low + loose,
            "held": share,
            "any": self.touched[complete].any(axis=0),
            "whole": self.touched[voting & self.whole].sum(axis=0),
            "split": self.touched[voting & ~self.whole].sum(axis=0),
        }

    def _bounds(self, own: Floats, split: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Give the fewest and the most votes that the districts can have from split precincts.

        Of a precinct with N votes, V for a candidate, at least N less what fits
        elsewhere and at most what fits here lie here; of the candidate's, at least
        the first less all votes for others, and at most V or the second.
        """
        mine, reach = own[split], self.touched[split]
        cast = mine.sum(axis=1, keepdims=True)
        if self.limits is None:
            least, most = np.zeros(reach.shape), np.where(reach, cast, 0.0)
        else:
            fits = self.limits[split]
            whole = fits.sum(axis=1, keepdims=True)
            free = cast > whole  # more votes than people: nothing can be said
            least = np.where(free, 0.0, np.clip(cast - (whole - fits), 0.0, None))
            most = np.where(reach, np.where(free, cast, np.minimum(cast, fits)), 0.0)
        low, high = np.zeros((self.number, own.shape[1])), np.zeros((self.number, own.shape[1]))
        for at in range(own.shape[1]):
            votes = mine[:, [at]]
            low[:, at] = np.clip(least - (cast - votes), 0.0, None).sum(axis=0)
            high[:, at] = np.minimum(most, votes).sum(axis=0)
        return low, high

    def _unplaced(
        self, contest: str, candidates: list[str], complete: npt.NDArray[np.bool_], low: Floats, loose: Floats
    ) -> tuple[Floats, Floats]:
        """Let votes of no precinct that were spread lie anywhere in their area."""
        rows = self.spread.unplaced
        rows = rows[rows["spread"].astype(bool) & (rows["contest"] == contest)]
        areas = self.spread.within
        homes = areas.reindex(self.names).to_numpy()
        for area, part in rows.groupby(areas.reindex(rows["precinct"]).to_numpy(), sort=False):
            reached = self.touched[complete & (homes == area)].any(axis=0)
            votes = part.groupby("candidate")["votes"].sum().reindex(candidates).to_numpy(dtype=float)
            votes = np.where(np.isnan(votes), 0.0, votes)[None, :] * reached[:, None]
            low, loose = (low + votes, loose) if reached.sum() == 1 else (low, loose + votes)
        return low, loose


def _by_candidate(contest: str, count: dict[str, Any], labels: list[str]) -> pd.DataFrame:
    """Make the table of candidates in districts."""
    rows = len(labels)
    known = count["any"][:rows, None]
    votes = np.where(known, count["votes"][:rows], np.nan)
    with np.errstate(invalid="ignore"):
        share = votes / votes.sum(axis=1, keepdims=True)
    index = pd.MultiIndex.from_product(
        [[contest], labels, count["candidates"]], names=["contest", "district", "candidate"]
    )
    bounds = {name: np.where(known, count[name][:rows], np.nan).ravel() for name in ("low", "high")}
    return pd.DataFrame({"votes": votes.ravel(), "share": share.ravel(), **bounds}, index=index)


def _by_contest(contest: str, count: dict[str, Any], labels: list[str], held: float) -> pd.DataFrame:
    """Make the table of results in districts."""
    made = []
    for row in range(len(labels)):
        votes, low, high = (count[name][row] for name in ("votes", "low", "high"))
        known, cast = bool(count["any"][row]), float(votes.sum())
        covered = float(count["held"][row])
        counted = known and covered >= held and cast > 0
        won = _winner(votes, low, high) if counted else None
        made.append(
            {
                "votes": cast if known else np.nan,
                "winner": count["candidates"][won[0]] if won and not won[3] else None,
                "margin_votes": won[1] if won else np.nan,
                "margin": won[1] / cast if won else np.nan,
                "tie": bool(won and won[3]),
                "settled": won[2] if won else None,
                "held": covered if known else (np.nan if np.isnan(covered) else 0.0),
                "counted": counted,
                "whole_precincts": int(count["whole"][row]),
                "split_precincts": int(count["split"][row]),
                "split_share": float(count["spread"][row]) / cast if known and cast > 0 else np.nan,
            }
        )
    index = pd.MultiIndex.from_product([[contest], labels], names=["contest", "district"])
    kinds = {"winner": "str", "settled": "boolean"}
    return pd.DataFrame(made, index=index).astype(kinds)


def _winner(votes: Floats, low: Floats, high: Floats) -> tuple[int, float, bool, bool]:
    """Tell who has most votes, by how many, whether that holds however votes are spread, and whether two are equal."""
    best = int(votes.argmax())
    others = np.arange(len(votes)) != best
    if not others.any():
        return best, float(votes[best]), True, False
    margin = float(votes[best] - votes[others].max())
    tie = margin <= TIED * float(votes.sum())
    settled = bool(low[best] > high[others].max() + TIED * float(votes.sum()))
    return best, 0.0 if tie else margin, settled, tie


def carries_for_certain(
    low: Floats, high: Floats, candidate: int
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Tell in which districts a candidate has most votes, and in which not, however votes are spread.

    Parameters
    ----------
    low, high : numpy.ndarray
        Fewest and most votes, districts by candidates.
    candidate : int
        Position of the candidate.

    Returns
    -------
    sure : numpy.ndarray
        By district: whether the candidate has the most votes for every spreading.
    lost : numpy.ndarray
        Whether so for none. Where neither is true it depends on the spreading.
    """
    others = np.arange(low.shape[1]) != candidate
    if not others.any():
        return np.ones(len(low), dtype=bool), np.zeros(len(low), dtype=bool)
    own_low, own_high = low[:, candidate], high[:, candidate]
    sure: npt.NDArray[np.bool_] = own_low > high[:, others].max(axis=1)
    lost: npt.NDArray[np.bool_] = np.any(low[:, others] >= own_high[:, None], axis=1)
    return sure, lost


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Let the index know its own order, so that rows are found without a search through all of them.

    Parameters
    ----------
    table : pandas.DataFrame
        Nested labels, such as districts in natural order within contests.

    Returns
    -------
    pandas.DataFrame
        The same rows in the same order.
    """
    names = table.index.names
    pairs = [pd.factorize(table.index.get_level_values(name)) for name in names]
    index = pd.MultiIndex(levels=[labels for _, labels in pairs], codes=[codes for codes, _ in pairs], names=names)
    return table.set_axis(index)
