"""What must not be found out from tables of registered people and voters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.suppression_kinds import REGISTERED, Floats, Kinds
from kit.analysis.suppression_system import System
from kit.model.voters import EVERYBODY

ENOUGH = 50
"""Registered people of an area where, if nobody voted, there was no election."""


@dataclass(frozen=True)
class Secret:
    """A number that must not be found out.

    Parameters
    ----------
    locations : tuple of int
        Where its people are.
    weights : numpy.ndarray
        Kinds, as a sum of which it is counted.
    columns : tuple of pairs
        Column and sign: registered minus voted are those who did not vote.
    at_least : bool
        True where only "less than the smallest count" must not be found out.
    """

    locations: tuple[int, ...]
    weights: Floats
    columns: tuple[tuple[str, float], ...]
    at_least: bool = False


def secrets_of(system: System, smallest: int) -> list[Secret]:
    """List what must not be found out.

    Parameters
    ----------
    system : System
        Tables.
    smallest : int
        Smallest count that may be shown.

    Returns
    -------
    list of Secret
        Counts of 1 to ``smallest - 1`` registered people, voters or people who
        did not vote, of a group or of a remainder that groups leave; and
        counts that tell that all of a group voted, or that none did.
    """
    made: dict[Any, Secret] = {}
    for number, table in enumerate(system.tables):
        groups = [str(g) for g in dict.fromkeys(table.index.get_level_values("group"))]
        sums = _combinations(system.kinds, groups)
        election = next((name for name in table.columns if name != REGISTERED), None)
        areas = {area: rows.droplevel("area") for area, rows in table.groupby(level="area", sort=False)}
        spots = [(system.places[number][str(area)], rows.reindex(groups)) for area, rows in areas.items()]
        if len(areas) > 1:
            whole = table.groupby(level="group", sort=False).sum(min_count=len(areas)).reindex(groups)
            spots.append((system.wholes()[number], whole))
        for locations, rows in spots:
            values = rows.to_numpy(dtype="float64")
            nobody = _no_election(rows, election)
            for parts, weights in sums:
                counted = np.einsum("g,gc->c", parts, np.where(parts[:, None] != 0, values, 0.0))
                for columns in _secret(counted, election, smallest, linked=system.linked, nobody=nobody):
                    made[locations, tuple(weights), columns] = Secret(locations, weights, columns)
    return [*made.values(), *_pieces(system)]


def _no_election(rows: pd.DataFrame, election: str | None) -> bool:
    """Tell whether an area of some size had nobody vote at all."""
    if election is None or EVERYBODY not in rows.index:
        return False
    return bool(rows.loc[EVERYBODY, election] == 0 and rows.loc[EVERYBODY, REGISTERED] >= ENOUGH)


def _combinations(kinds: Kinds, groups: list[str]) -> list[tuple[Floats, Floats]]:
    """List the groups, and the remainders that follow from them, as sums of groups and of kinds."""
    rows = kinds.rows(groups)
    made = [(np.eye(len(groups))[at], rows[at]) for at in range(len(groups))]
    if kinds.within:
        whole = groups.index(EVERYBODY)
        for at in range(len(groups)):
            if at != whole:
                parts = np.eye(len(groups))[whole] - np.eye(len(groups))[at]
                made.append((parts, parts @ rows))
        return made
    known = {tuple(row) for row in rows}
    for kind in np.eye(rows.shape[1]):
        if tuple(kind) in known:
            continue
        parts, *_ = np.linalg.lstsq(rows.T, kind, rcond=None)
        parts = np.round(parts, 6)
        if np.allclose(parts @ rows, kind):
            made.append((parts, kind))
    return made


def _secret(
    counted: Floats, election: str | None, smallest: int, *, linked: bool, nobody: bool
) -> list[tuple[tuple[str, float], ...]]:
    """Name the columns of one count that must not be found out."""
    registered = counted[0]
    made: list[tuple[tuple[str, float], ...]] = []
    if 0 < registered < smallest:
        made.append(((REGISTERED, 1.0),))
    if election is None:
        return made
    voted, stayed = counted[1], registered - counted[1]
    everybody = linked and registered > 0 and (voted == 0 or stayed == 0) and not nobody
    if 0 < voted < smallest or everybody:
        made.append(((election, 1.0),))
    if linked and 0 < stayed < smallest:
        made.append(((REGISTERED, 1.0), (election, -1.0)))
    return made


def _pieces(system: System) -> list[Secret]:
    """List the pieces in which areas of two kinds overlap, whose counts nobody gave and a reader might work out."""
    areas = {inside for places in system.places for inside in places.values()}
    made = []
    for at in range(system.size):
        if (at,) in areas:
            continue
        for weights in system.kinds.made_of:
            for column in system.columns:
                made.append(Secret((at,), weights, ((column, 1.0),), at_least=True))
                if column != REGISTERED and system.linked:
                    made.append(Secret((at,), weights, ((REGISTERED, 1.0), (column, -1.0)), at_least=True))
    return made
