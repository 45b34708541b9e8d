"""Kinds of people that no group of a list divides, as far as the counts allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from kit.model.groups import DEFINITIONS, parts
from kit.model.tables import RACE_CELLS
from kit.model.voters import EVERYBODY, OTHER, SILENT

Floats = npt.NDArray[np.float64]
REGISTERED = "registered"


@dataclass(frozen=True)
class Kinds:
    """Kinds of people that no group divides, and the groups that are made of them.

    Parameters
    ----------
    groups : tuple of str
        Groups of all tables.
    made_of : numpy.ndarray
        Groups by kinds: 1 where the kind is in the group.
    within : bool
        True where groups are known only to be within the total, each a kind by itself.
    stayed_within : bool
        Whether those of a group who did not vote are among all who did not, too.
    sums : tuple of pairs
        Where groups are no more than within the total: column, and groups whose
        sum with these signs is 0 in every area.
    """

    groups: tuple[str, ...]
    made_of: Floats
    within: bool = False
    stayed_within: bool = False
    sums: tuple[tuple[str, tuple[float, ...]], ...] = ()

    def rows(self, groups: Sequence[str]) -> Floats:
        """Give the rows of some groups.

        Parameters
        ----------
        groups : sequence of str
            Group ids.

        Returns
        -------
        numpy.ndarray
            Those groups by kinds.
        """
        return self.made_of[[self.groups.index(group) for group in groups]]


def kinds_of(tables: Sequence[pd.DataFrame]) -> Kinds:
    """Find how groups are made of kinds of people, as far as the counts allow.

    Parameters
    ----------
    tables : sequence of pandas.DataFrame
        Counts by area and group.

    Returns
    -------
    Kinds
        What is most that a reader could know: that groups fill up the total;
        or that they are apart from each other; or only that each is within the total.
    """
    groups = tuple(dict.fromkeys(str(g) for table in tables for g in table.index.get_level_values("group")))
    census = [group for group in groups if group in DEFINITIONS and group != EVERYBODY]
    marks = {
        tuple(DEFINITIONS[g].rule(races) and (DEFINITIONS[g].hispanic or not hispanic) for g in census)
        for races in RACE_CELLS.values()
        for hispanic in (False, True)
    }
    signs = sorted((sign for sign in marks if any(sign)), reverse=True)
    others = [group for group in groups if group not in census and group != EVERYBODY]
    full = np.zeros((len(groups), len(signs) + len(others)))
    for row, group in enumerate(groups):
        if group == EVERYBODY:
            full[row] = 1.0
        elif group in census:
            full[row, : len(signs)] = [float(sign[census.index(group)]) for sign in signs]
        else:
            full[row, len(signs) + others.index(group)] = 1.0
    rest = (np.array(groups) == EVERYBODY).astype("float64")[:, None]
    tries = [Kinds(groups, np.hstack([full, rest]))]
    if OTHER in groups:
        tries.insert(0, Kinds(groups, full))
    for kinds in tries:
        if all(_fits(table, kinds) for table in tables):
            return kinds
    stayed = [table[REGISTERED] - table[name] for table in tables for name in table.columns if name != REGISTERED]
    return Kinds(
        groups,
        np.eye(len(groups)),
        within=True,
        stayed_within=not any(outnumber(one).any() for one in stayed),
        sums=tuple(_sums(tables, groups)),
    )


def _sums(tables: Sequence[pd.DataFrame], groups: tuple[str, ...]) -> list[tuple[str, tuple[float, ...]]]:
    """List the sums of groups that hold in a column, though others do not."""
    made = {group: found for group in groups if (found := parts(group)) and set(found) <= set(groups)}
    inside = {part for found in made.values() for part in found}
    if {SILENT, OTHER} & set(groups):
        made[EVERYBODY] = tuple(group for group in groups if group != EVERYBODY and group not in inside)  # type: ignore[assignment]
    held = []
    for whole, found in made.items():
        signs = tuple(1.0 if group == whole else -1.0 if group in found else 0.0 for group in groups)
        for column in dict.fromkeys(name for table in tables for name in table.columns):
            flat = [table.reset_index() for table in tables if column in table.columns]
            wide = [one.pivot_table(index="area", columns="group", values=column, aggfunc="first") for one in flat]
            left = pd.concat([one.reindex(columns=list(groups)) @ np.array(signs) for one in wide])
            if (left.dropna() == 0).all() and left.notna().any():
                held.append((column, signs))
    return held


def outnumber(counts: pd.Series) -> pd.Series:
    """Tell where a group outnumbers everybody.

    Parameters
    ----------
    counts : pandas.Series
        People by area and group.

    Returns
    -------
    pandas.Series
        True where it does.
    """
    whole = counts[counts.index.get_level_values("group") == EVERYBODY].droplevel("group")
    return counts > whole.reindex(counts.index.get_level_values("area")).set_axis(counts.index)


def _fits(table: pd.DataFrame, kinds: Kinds) -> bool:
    """Tell whether counts of kinds, none negative, could give all counts of a table."""
    from scipy.optimize import nnls

    counts = table.copy()
    election = next(name for name in table.columns if name != REGISTERED) if len(table.columns) > 1 else None
    if election is not None:
        rest = counts[REGISTERED] - counts[election]
        if not (rest < 0).any():
            counts["rest"] = rest
    for _, rows in counts.groupby(level="area", sort=False):
        made_of = kinds.rows([str(g) for g in rows.index.get_level_values("group")])
        for name in counts.columns:
            values = rows[name].to_numpy(dtype="float64")
            known = ~np.isnan(values)
            if known.any() and nnls(made_of[known], values[known])[1] > 1e-6 * (1 + values[known].max()):
                return False
    return True
