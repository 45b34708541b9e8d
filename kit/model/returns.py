"""Votes by precinct and candidate, contest by contest."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kit.errors import InputError, first_few
from kit.model.shared import Shared
from kit.model.source import Source


@dataclass(frozen=True)
class Returns:
    """Votes by precinct and candidate.

    Parameters
    ----------
    frame : pandas.DataFrame
        Indexed by ``precinct`` (text), ``contest`` and ``candidate``; column
        ``votes`` (Int64; missing where the file has none).
    contests : pandas.DataFrame
        Indexed by contest id: ``name``, ``year`` (Int64), ``stage`` (``"primary"``,
        ``"general"``, ``"runoff"``, ``"special"`` or empty), ``office``.
    candidates : pandas.DataFrame
        Indexed by contest and candidate: ``name``, ``party`` (empty where the file has none or the contest is
        nonpartisan).
    sources : tuple of Source
        Where the returns came from.
    notes : tuple of str
        What a reader must know, such as votes by mail that are not in any precinct.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor
    contests: pd.DataFrame = Shared()  # noqa: RUF009
    candidates: pd.DataFrame = Shared()  # noqa: RUF009
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    def wide(self, contest: str) -> pd.DataFrame:
        """Give one contest with a column for each candidate.

        Parameters
        ----------
        contest : str
            Contest id.

        Returns
        -------
        pandas.DataFrame
            Votes by precinct and candidate.

        Raises
        ------
        InputError
            There is no such contest.
        """
        frame = self.frame
        known = frame.index.unique("contest")
        if contest not in known:
            raise InputError(f"there is no contest {contest!r}; there are {first_few(known, 12)}.")
        mine = frame[frame.index.get_level_values("contest") == contest].droplevel("contest")
        return mine.reset_index().pivot_table(index="precinct", columns="candidate", values="votes", aggfunc="first")
