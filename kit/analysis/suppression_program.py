"""Linear programs over everything that a reader of published counts knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from kit.analysis.suppression_kinds import REGISTERED, Floats
from kit.analysis.suppression_secrets import Secret
from kit.analysis.suppression_system import Cell, System
from kit.errors import InputError
from kit.model.voters import EVERYBODY

SLACK = 1e-6


@dataclass(frozen=True)
class Given:
    """What a reader knows of some areas, the others being constants.

    Parameters
    ----------
    kept : numpy.ndarray
        Unknowns that are left.
    orders : scipy.sparse.csr_array
        Sums of unknowns that are at most 0.
    equal : scipy.sparse.csr_array
        Sums of unknowns that are known.
    right : numpy.ndarray
        What they are.
    rows : list of int
        Number of the cell behind each of the first of these sums.
    """

    kept: npt.NDArray[np.intp]
    orders: Any
    equal: Any
    right: Floats
    rows: list[int]


class Program:
    """Tables of one list, as sums of unknown numbers of people.

    Parameters
    ----------
    system : System
        Tables.
    secrets : list of Secret
        What must not be found out.
    smallest : int
        Smallest count that may be shown.
    """

    def __init__(self, system: System, secrets: list[Secret], smallest: int) -> None:
        self.system = system
        self.cells = list(system.cells.values())
        self.number = {key: at for at, key in enumerate(system.cells)}
        known = [cell.value for cell in self.cells if not np.isnan(cell.value)]
        self._most = 4.0 * max(known, default=0.0) + 100.0 * smallest
        self.kinds = int(system.kinds.made_of.shape[1])
        rows = [self._row(c.locations, self.weights(c.group), ((c.column, 1.0),)) for c in self.cells]
        self.of_cells = self._stack(rows)
        self.of_secrets = self._stack([self._row(s.locations, s.weights, s.columns) for s in secrets])
        self._upper, self._order_at = self._orders()
        self.tied: list[tuple[Cell, Cell]] = []
        self._ties = self._totals_agree()
        self._sums, self._sum_at = self._parts()
        self._single: list[list[int]] = [[] for _ in range(system.size)]
        self._wide: list[int] = []
        self._values: dict[tuple[str, str], Floats] = {}
        for at, cell in enumerate(self.cells):
            if len(cell.locations) > 1:
                self._wide.append(at)
                continue
            self._single[cell.locations[0]].append(at)
            mine = self._values.setdefault((cell.group, cell.column), np.zeros(system.size))
            mine[cell.locations[0]] = cell.value

    def weights(self, group: str) -> Floats:
        """Give the kinds of a group.

        Parameters
        ----------
        group : str
            Group id.

        Returns
        -------
        numpy.ndarray
            1 where the kind is in the group.
        """
        weights: Floats = self.system.kinds.rows([group])[0]
        return weights

    def _at(self, column: str, location: int) -> int:
        """Number the first of the unknowns of a column and location."""
        return (self.system.columns.index(column) * self.system.size + location) * self.kinds

    def _row(
        self, locations: tuple[int, ...], weights: Floats, columns: tuple[tuple[str, float], ...]
    ) -> tuple[npt.NDArray[np.intp], Floats]:
        """Write a number as a sum of unknowns."""
        used = np.flatnonzero(weights)
        starts = [(self._at(column, at), sign) for column, sign in columns for at in locations]
        index = np.concatenate([start + used for start, _ in starts])
        return index, np.concatenate([sign * weights[used] for _, sign in starts])

    def _stack(self, rows: list[tuple[npt.NDArray[np.intp], Floats]]) -> Any:
        """Put rows into a sparse matrix."""
        from scipy.sparse import csr_array

        ends = np.cumsum([0, *(len(index) for index, _ in rows)])
        index = np.concatenate([index for index, _ in rows]) if rows else np.zeros(0, dtype="intp")
        data = np.concatenate([values for _, values in rows]) if rows else np.zeros(0)
        width = len(self.system.columns) * self.system.size * self.kinds
        return csr_array((data, index, ends), shape=(len(rows), width))

    def _orders(self) -> tuple[Any, npt.NDArray[np.intp]]:
        """Say that voters are among the registered, and groups within the total where they are no more than that."""
        system = self.system
        kinds = range(self.kinds)
        total = system.kinds.groups.index(EVERYBODY)
        rows: list[tuple[tuple[int, ...], tuple[int, ...]]] = []  # the first are never more than the others
        where: list[int] = []
        for at, column in product(range(system.size), system.columns):
            whole, own = self._at(REGISTERED, at), self._at(column, at)
            votes = column != REGISTERED and system.linked
            parts = [kind for kind in kinds if kind != total]
            if votes:
                rows += [((own + kind,), (whole + kind,)) for kind in kinds]
            if system.kinds.within:
                rows += [((own + kind,), (own + total,)) for kind in parts]
            if votes and system.kinds.stayed_within:
                rows += [((whole + kind, own + total), (whole + total, own + kind)) for kind in parts]
            where += [at] * (len(rows) - len(where))
        signs = [np.repeat([1.0, -1.0], [len(less), len(more)]) for less, more in rows]
        made = [(np.array([*less, *more]), sign) for (less, more), sign in zip(rows, signs, strict=True)]
        return self._stack(made), np.array(where, dtype="intp")

    def _parts(self) -> tuple[Any, npt.NDArray[np.intp]]:
        """Say that groups add up where they are known to, in a column of which that is known."""
        spots = list(product(self.system.kinds.sums, range(self.system.size)))
        rows = [self._row((at,), np.array(signs), ((column, 1.0),)) for (column, signs), at in spots]
        return self._stack(rows), np.array([at for _, at in spots], dtype="intp")

    def _totals_agree(self) -> Any:
        """Say that tables of other areas add up to the same."""
        wholes = list(dict.fromkeys(self.system.wholes()))
        if not self.system.apart:
            return self._stack([])
        rows = []
        for group in self.system.kinds.groups:
            for column in self.system.columns:
                here = [cell for whole in wholes if (cell := self.system.cells.get((whole, group, column)))]
                for other in here[1:]:
                    pair = (here[0], other)
                    one, two = (self._row(c.locations, self.weights(group), ((column, 1.0),)) for c in pair)
                    rows.append((np.concatenate([one[0], two[0]]), np.concatenate([one[1], -two[1]])))
                    self.tied.append(pair)
        return self._stack(rows)

    def given(self, busy: Sequence[int], *, totals: bool = True) -> Given:
        """Write down what a reader knows of some areas.

        Parameters
        ----------
        busy : sequence of int
            Locations; the counts of all others are taken as constants.
        totals : bool, default True
            Whether the sums of the whole place are known as well.

        Returns
        -------
        Given
            For `solve`.
        """
        inside = np.zeros(self.system.size, dtype=bool)
        inside[list(busy)] = True
        at = np.flatnonzero(inside)
        starts = [self._at(column, int(one)) for column in self.system.columns for one in at]
        kept = (np.array(starts, dtype="intp")[:, None] + np.arange(self.kinds)).ravel()
        rows = [number for one in at for number in self._single[one] if self.cells[number].shown]
        if totals:
            rows += [number for number in self._wide if self.cells[number].shown]
        right = [self.cells[number].value - self.constant(self.cells[number], ~inside) for number in rows]
        parts = [self.of_cells[rows][:, kept]]
        if totals and self.tied:
            parts.append(self._ties[:, kept])
            right += [self.constant(two, ~inside) - self.constant(one, ~inside) for one, two in self.tied]
        if self._sum_at.size:
            parts.append(self._sums[np.flatnonzero(inside[self._sum_at])][:, kept])
            right += [0.0] * parts[-1].shape[0]
        if len(parts) > 1:
            from scipy.sparse import vstack

            parts = [vstack(parts, format="csr")]
        orders = self._upper[np.flatnonzero(inside[self._order_at])][:, kept]
        return Given(kept, orders, parts[0], np.array(right, dtype="float64"), rows)

    def constant(self, cell: Cell, idle: npt.NDArray[np.bool_]) -> float:
        """Add up what constant areas give to a number of the whole place.

        Parameters
        ----------
        cell : Cell
            The number.
        idle : numpy.ndarray
            True where a location is constant.

        Returns
        -------
        float
            People.
        """
        values = self._values.get((cell.group, cell.column))
        if len(cell.locations) == 1 or values is None:
            return 0.0
        mine = np.zeros(len(idle), dtype=bool)
        mine[list(cell.locations)] = True
        return float(values[mine & idle].sum())

    def solve(self, given: Given, wanted: Floats) -> tuple[Floats, set[int], list[Cell]]:
        """Make a sum of unknowns as large as the shown numbers allow.

        Parameters
        ----------
        given : Given
            What is known.
        wanted : numpy.ndarray
            Weights of all unknowns.

        Returns
        -------
        values : numpy.ndarray
            What every secret is then, less what constant areas give to it.
        tight : set of int
            Shown numbers that stop it from being larger.
        sums : list of Cell
            Those of them that are sums of the whole place, shown or not.

        Raises
        ------
        InputError
            No counts agree with all tables.
        """
        from scipy.optimize import linprog

        orders, equal = given.orders, given.equal
        found = linprog(
            -wanted[given.kept],
            A_ub=orders if orders.shape[0] else None,
            b_ub=np.zeros(orders.shape[0]) if orders.shape[0] else None,
            A_eq=equal if equal.shape[0] else None,
            b_eq=given.right if equal.shape[0] else None,
            bounds=(0, self._most),
            method="highs",
        )
        if found.status != 0:
            raise InputError(
                "these tables contradict each other: no counts of people agree with all of them. Check that they are "
                "of one list, and that overlaps= names every pair of areas that share people."
            )
        rows = given.rows
        marginals = found.eqlin.marginals if equal.shape[0] else np.zeros(0)
        tight = np.flatnonzero(np.abs(marginals) > SLACK)
        cells = {rows[at] for at in tight if at < len(rows)}
        ties = [self.tied[at - len(rows)] for at in tight if 0 <= at - len(rows) < len(self.tied)]
        sums = [self.cells[at] for at in cells if len(self.cells[at].locations) > 1]
        return self.of_secrets[:, given.kept] @ found.x, cells, [*sums, *(cell for pair in ties for cell in pair)]
