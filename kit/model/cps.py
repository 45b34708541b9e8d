"""People of the Current Population Survey who were asked whether they voted: a sample of the nation."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kit.model.shared import Shared
from kit.model.source import Source

ASIAN = ("asian", "asian_nhpi", "asian_other", "asian_nhpi_other")
NHPI = ("nhpi", "asian_nhpi", "nhpi_other", "asian_nhpi_other")
CODES: dict[str, tuple[str, ...]] = {
    "asian_alone": ("asian",),
    "nhpi_alone": ("nhpi",),
    "aapi_alone": ("asian", "nhpi", "asian_or_nhpi"),
    "asian_aoic": ASIAN,
    "nhpi_aoic": NHPI,
    "aapi_aoic": tuple(dict.fromkeys((*ASIAN, *NHPI))),
}
"""Definition id → codes of race, as `CpsTable` has them; with ``nh_`` before it, Hispanic people are left out."""


@dataclass(frozen=True)
class CpsTable:
    """Respondents of the voting supplement.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each citizen of 18 or more who was asked: ``year``,
        ``state`` (postal abbreviation), ``race`` (a code of
        ``kit/sources/cps_codes.toml``), ``hispanic`` (boolean; missing where
        not said), ``weight`` (people for whom the respondent stands),
        ``voted`` and ``registered`` (``"yes"``, ``"no"`` or ``"unknown"``), and,
        where the file has them, ``turnout_weight`` and replicate weights.
    years : pandas.DataFrame
        By year: ``people`` and ``weight`` of the whole file, ``asked`` (rows of
        `frame`) and ``asked_weight``.
    rates : pandas.DataFrame
        By ``year`` and ``state``: ``official`` turnout of people who may vote (a
        share) and, where the file has them, the factors ``yes`` and ``no`` for
        the weights of people who said that they voted or did not. Without rows
        where no such file was read.
    form : {"census", "cpsvote"}
        Kind of file.
    replicates : tuple of str
        Columns of replicate weights.
    sources : tuple of Source
        Where the answers came from.
    notes : tuple of str
        What a reader must know.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor
    years: pd.DataFrame = Shared()  # noqa: RUF009
    rates: pd.DataFrame = Shared()  # noqa: RUF009
    form: str = "census"
    replicates: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.frame)
