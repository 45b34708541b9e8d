"""Which units are neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import SchemaError


@dataclass(frozen=True)
class Adjacency:
    """Pairs of units that touch, each pair once.

    Parameters
    ----------
    ids : pandas.Index
        GEOIDs of the units, in their order.
    pairs : numpy.ndarray
        Shape (edges, 2): positions in `ids`, the smaller first, rows in
        rising order, no row twice.
    shared : numpy.ndarray
        Shape (edges,): length of the common border in metres; 0 where units
        meet in a point only, missing for a link.
    linked : numpy.ndarray
        Shape (edges,): True for pairs that do not touch and come from a table
        of links, such as a bridge or a ferry.
    rule : str
        ``"rook"`` (a common border of some length) or ``"queen"`` (a common
        point is enough).
    crs : str
        The projection that lengths were measured in, for a caption.
    notes : tuple of str
        What a reader must know, each with its count.

    Raises
    ------
    SchemaError
        Pairs are not as described, or lengths differ.
    """

    ids: pd.Index
    pairs: np.ndarray
    shared: np.ndarray
    linked: np.ndarray
    rule: str
    crs: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        pairs = self.pairs
        if pairs.ndim != 2 or pairs.shape[1] != 2 or not len(pairs) == len(self.shared) == len(self.linked):
            raise SchemaError("pairs of neighbours are rows of two positions, with one length and one mark each.")
        if len(pairs) and (pairs.min() < 0 or pairs.max() >= len(self.ids) or (pairs[:, 0] >= pairs[:, 1]).any()):
            raise SchemaError("each pair of neighbours names two different units by position, the smaller first.")
        steps = np.diff(pairs[:, 0] * np.int64(len(self.ids)) + pairs[:, 1])
        if (steps <= 0).any():
            raise SchemaError("pairs of neighbours must stand in rising order, each once.")

    def __len__(self) -> int:
        return len(self.pairs)

    @property
    def degrees(self) -> pd.Series:
        """Number of neighbours of each unit.

        Returns
        -------
        pandas.Series
            Whole numbers on `ids`.
        """
        return pd.Series(np.bincount(self.pairs.ravel(), minlength=len(self.ids)), index=self.ids)

    def matrix(self, *, row_standardised: bool = False) -> Any:
        """Lay the pairs out as a sparse matrix.

        Parameters
        ----------
        row_standardised : bool
            Divide each row by its number of neighbours; rows of units without
            neighbours stay empty.

        Returns
        -------
        scipy.sparse.csr_array
            Units by units, symmetric unless standardised, zero diagonal.
        """
        from scipy.sparse import csr_array

        rows, columns = np.concatenate([self.pairs, self.pairs[:, ::-1]]).T
        weights = np.ones(len(rows))
        if row_standardised:
            weights /= self.degrees.to_numpy()[rows]
        return csr_array((weights, (rows, columns)), shape=(len(self.ids), len(self.ids)))
