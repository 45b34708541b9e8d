"""Lists of names by race and origin, as every step of the kit takes them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kit.model.shared import Shared
from kit.model.source import Source

NAME_GROUPS = ("white", "black", "hispanic", "aapi", "other")
"""Groups of the name tables: Hispanic people are in that group alone; the others are not Hispanic. ``aapi`` is Asian
alone and Native Hawaiian and Other Pacific Islander alone; ``other`` is everyone else, two or more races among them."""


@dataclass(frozen=True)
class NameTable:
    """How people of each name answered, as shares of the name.

    Parameters
    ----------
    frame : pandas.DataFrame
        Indexed by name in capitals; columns of `NAME_GROUPS`, each row adding
        to 1, and ``count`` (people of that name; missing where the file has none).
    rest : pandas.Series or None
        Shares of everybody whose name the list leaves out; None where the file does not say.
    year : int
        Census.
    kind : {"last", "first"}
        Which names.
    sources : tuple of Source
        Where the table came from.
    notes : tuple of str
        What a reader must know.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor
    rest: pd.Series | None = None
    year: int = 0
    kind: str = "last"
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.frame)
