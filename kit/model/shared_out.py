"""What units remember of the larger units that their estimates were shared out from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import SchemaError
from kit.model.cvap import LINES, MOE, lines_of
from kit.model.shared import Shared


@dataclass(frozen=True)
class SharedOut:
    """Estimates of larger units, and which fraction of each the smaller ones were given.

    Parameters
    ----------
    coarse : pandas.DataFrame
        The larger units by GEOID: estimates and, where known, their margins
        ``<column>_moe``, in people.
    parents : pandas.Series
        GEOID of a smaller unit → GEOID of its larger one; missing where it has none.
    shares : pandas.DataFrame
        Smaller units by column that was shared out: a fraction.
    fallbacks : pandas.DataFrame
        Which weights were used, as in `kit.analysis.allocation.Allocation`.
    plural : str
        What the larger units are called.
    """

    coarse: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor
    parents: pd.Series = Shared()  # noqa: RUF009
    shares: pd.DataFrame = Shared()  # noqa: RUF009
    fallbacks: pd.DataFrame = Shared()  # noqa: RUF009
    plural: str = ""

    def require(self, index: pd.Index) -> None:
        """Refuse units that nothing was shared out to.

        Parameters
        ----------
        index : pandas.Index
            GEOIDs of units.

        Raises
        ------
        SchemaError
            Some of them are other units.
        """
        known = self.parents.index
        if not (known.equals(index) or index.isin(known).all()):
            raise SchemaError("these are not the units that estimates were shared out to; pass shared_out=None.")

    def parts_of(self, name: str) -> tuple[str, ...]:
        """Name the columns that were shared out and add up to a count.

        Parameters
        ----------
        name : str
            Count column, such as ``"nh_aapi_alone_cvap"``.

        Returns
        -------
        tuple of str
            Itself, or the CVAP lines behind it; empty where it was not shared out.
        """
        columns = self.shares.columns
        if name in columns:
            return (name,)
        lines = tuple(LINES[number].column for number in lines_of(name))
        return lines if set(lines) <= set(columns) else ()

    def has_margins(self, name: str) -> bool:
        """Tell whether every part of a count has margins.

        Parameters
        ----------
        name : str
            Count column.

        Returns
        -------
        bool
            False also where the count was not shared out.
        """
        parts = self.parts_of(name)
        return bool(parts) and all(f"{part}{MOE}" in self.coarse.columns for part in parts)

    def positions(self, index: pd.Index) -> Any:
        """Find the larger unit of each smaller one.

        Parameters
        ----------
        index : pandas.Index
            GEOIDs of smaller units.

        Returns
        -------
        numpy.ndarray
            Row in `coarse`; -1 where it has none.
        """
        known = self.parents.index
        if known.equals(index):
            return self._rows
        here = known.get_indexer(index)
        return np.where(here >= 0, self._rows[here], -1)

    @cached_property
    def _rows(self) -> Any:
        """Find the larger unit of every smaller one, once."""
        found = self.coarse.index.get_indexer(self.parents)
        found.flags.writeable = False
        return found

    def terms(self, name: str, index: pd.Index) -> tuple[Any, Any]:
        """Give each smaller unit its part of the estimates, and of their margins.

        Parameters
        ----------
        name : str
            Count column.
        index : pandas.Index
            GEOIDs of smaller units.

        Returns
        -------
        tuple of numpy.ndarray
            Estimates and margins, units by part, in people. Margins are
            missing where there are none.
        """
        at = self.positions(index)
        coarse, shares = self.coarse, self.shares
        shares = shares if shares.index.equals(index) else shares.reindex(index)
        estimates, margins = [], []
        for part in self.parts_of(name):
            fraction = np.where(at >= 0, shares[part].to_numpy(dtype=float), 0.0)
            margin = coarse.get(f"{part}{MOE}", pd.Series(np.nan, index=coarse.index))
            estimates.append(np.where(at >= 0, coarse[part].to_numpy(dtype=float)[at] * fraction, 0.0))
            margins.append(np.where(fraction > 0, margin.to_numpy(dtype=float)[at] * fraction, 0.0))
        empty = np.empty((len(index), 0))
        return (np.column_stack(estimates), np.column_stack(margins)) if estimates else (empty, empty)

    def explains(self, name: str, counts: pd.Series) -> bool:
        """Tell whether counts are still those that were shared out.

        Parameters
        ----------
        name : str
            Count column.
        counts : pandas.Series
            What the smaller units have now.

        Returns
        -------
        bool
            False where the counts were changed since, so that margins no longer belong to them.
        """
        estimates, _ = self.terms(name, counts.index)
        if not estimates.shape[1]:
            return False
        made, now = estimates.sum(axis=1), counts.to_numpy(dtype=float)
        return bool(np.allclose(made, now, rtol=1e-9, atol=1e-9, equal_nan=True))
