"""Which part of each unit of one census lies in which unit of another."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kit.errors import SchemaError, first_few
from kit.model.shared import Shared
from kit.model.source import Source

# Weights further from 1 than this, above, mean that the table goes the other way.
MOST = 1.1


@dataclass(frozen=True)
class Crosswalk:
    """Weights from units of one census year to units of another.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``source`` and ``target`` (GEOIDs as text), ``weight`` (fraction of
        the source's people in the target) and ``area`` (fraction of its area;
        missing where the table has none).
    level : str
        Level of both sides.
    from_year, to_year : int
        Census years of the sources and of the targets.
    sources : tuple of Source
        Where the weights came from.
    notes : tuple of str
        What happened on the way in, with counts.

    Raises
    ------
    SchemaError
        Weights are negative or missing, or those of a source add up to more than 1.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor
    level: str = ""
    from_year: int = 0
    to_year: int = 0
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        frame = self.frame
        bad = ~(frame["weight"] >= 0)
        if bad.any():
            raise SchemaError(
                f"{int(bad.sum()):,} weights of the crosswalk are missing or negative, first for "
                f"{first_few(frame.loc[bad, 'source'])}."
            )
        sums = frame.groupby("source")["weight"].sum()
        over = sums.index[sums > MOST]
        if len(over):
            raise SchemaError(
                f"the weights of {len(over):,} of {len(sums):,} {self.from_year} units add up to more than 1, first "
                f"{first_few(over)}. The table goes the other way; get the one from {self.from_year} to {self.to_year}."
            )

    def __len__(self) -> int:
        return len(self.frame)
