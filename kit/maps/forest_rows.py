"""The rows of a forest chart, read from whatever estimated them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.polarization import WIDE, Polarization
from kit.analysis.polarization_words import NOT
from kit.errors import InputError, first_few
from kit.i18n.messages import capital, joined, mark, retold, say, term
from kit.model.sentences import percent

# 95 of 100 intervals of a normal error, where it is not told how many precincts a line has.
_NORMAL = 1.959964
# A preference that is less probable is told with its probability.
_CERTAIN = 0.95
_ENDS = ("low", "high")
_METHODS = {"king": mark("estimate by King's method"), "rxc": mark("estimate by rows and columns")}


@dataclass(frozen=True)
class ForestRow:
    """One figure with its bounds.

    Parameters
    ----------
    section, name : str
        Heading it stands under, and what it is called; the heading may be empty.
    low, high : float
        Bounds that hold whatever the voters did; missing where there are none.
    estimate : float
        The figure; missing where there is none.
    low_95, high_95 : float
        Ends of its interval; missing where there is none.
    driven : bool
        Whether the model drives the figure: its bounds are wider than one half.
    refused : str
        Why no figure is given; empty where one is.
    """

    section: str
    name: str
    low: float
    high: float
    estimate: float
    low_95: float
    high_95: float
    driven: bool
    refused: str

    @property
    def reach(self) -> tuple[float, float]:
        """The least and the largest share that is drawn.

        Returns
        -------
        tuple of float
            Missing ones are passed over.
        """
        known = [one for one in (self.low, self.high, self.estimate, self.low_95, self.high_95) if not np.isnan(one)]
        return (min(known), max(known)) if known else (0.0, 1.0)

    @property
    def figures(self) -> str:
        """The figure and its interval in words.

        Returns
        -------
        str
            Such as ``"86.2% (64.4% to 108.0%)"``.
        """
        if self.refused:
            return say("refused")
        if np.isnan(self.estimate):
            return say("no figure")
        if np.isnan(self.low_95) or np.isnan(self.high_95):
            return percent(self.estimate)
        return say(
            "{share} ({low} to {high})",
            share=percent(self.estimate),
            low=percent(self.low_95),
            high=percent(self.high_95),
        )

    @property
    def bounds(self) -> str:
        """The bounds in words.

        Returns
        -------
        str
            Such as ``"21.4% to 38.0%"``.
        """
        if np.isnan(self.low) or np.isnan(self.high):
            return say("none known")
        return say("{low} to {high}", low=percent(self.low), high=percent(self.high))


def forest_rows(result: Any) -> tuple[ForestRow, ...]:
    """Read the figures of a result, or of a table with its columns.

    Parameters
    ----------
    result : Polarization, EcologicalEstimate, ContestTable or pandas.DataFrame
        A table of contests gives two rows each. Other rows have ``low`` and
        ``high``, and ``estimate`` with ``low_95`` and ``high_95`` or Goodman's
        line; ``model_driven`` and ``refused`` where they are told.

    Returns
    -------
    tuple of ForestRow
        In the order of the table, those of one heading together.

    Raises
    ------
    InputError
        It has no such columns, or no row.
    """
    frame = result if isinstance(result, pd.DataFrame) else getattr(result, "frame", None)
    if not isinstance(frame, pd.DataFrame):
        raise InputError(
            f"a forest chart draws what kit.polarization or an ecological estimate returned, or its table, not a "
            f"{type(result).__name__}."
        )
    if {"cohesion", "opposition", "preferred"} <= set(frame.columns):
        return _of_contests(frame, str(getattr(result, "group", "") or say("the group")))
    missing = [name for name in _ENDS if name not in frame.columns]
    if missing or not {"estimate", "goodman"} & set(frame.columns):
        raise InputError(
            "a figure is never drawn without its bounds: the table needs the columns low, high and estimate (or "
            f"goodman); it has {first_few(list(map(str, frame.columns)), 12) or 'none'}."
        )
    if not len(frame):
        raise InputError("the table has no row to draw.")
    reach = _reach(result.precincts - 2) if isinstance(result, Polarization) else _NORMAL
    rows = [_row(key, row, reach) for key, row in frame.iterrows()]
    order = list(dict.fromkeys(row.section for row in rows))
    return tuple(sorted(rows, key=lambda row: order.index(row.section)))


def method_of(result: Any) -> str:
    """Say how the figures were estimated.

    Parameters
    ----------
    result : object
        As `forest_rows` takes it.

    Returns
    -------
    str
        For a legend.
    """
    if "cohesion" in getattr(result, "frame", result).columns:
        return say("estimate, by the method of the figures")
    if isinstance(result, Polarization) or "estimate" not in getattr(result, "frame", result).columns:
        return say("{method}, with 95% interval", method=say("Goodman's line"))
    told = _METHODS.get(getattr(result, "method", ""), mark("estimate"))
    return say("{method}, with 95% interval", method=term(told))


def _of_contests(frame: pd.DataFrame, group: str) -> tuple[ForestRow, ...]:
    """Read two rows a contest: the group's votes for its candidate, and everybody else's for others."""
    if not len(frame):
        raise InputError("the table has no contest to draw.")
    rows = []
    named = [_contest(row) for _, row in frame.iterrows()]
    for (contest, row), name in zip(frame.iterrows(), named, strict=True):
        section = name if named.count(name) == 1 else f"{name} [{contest}]"
        candidate = row["preferred"]
        if candidate is None or pd.isna(candidate):
            nothing, why = float("nan"), say("no candidate is known to be preferred")
            rows.append(ForestRow(section, group, *(nothing,) * 5, driven=False, refused=why))
            continue
        mine = say("{group} for {candidate}", group=group, candidate=candidate)
        sure = _number(row.get("probability"))
        if sure < _CERTAIN:
            mine = say("{who} (preferred with probability {share})", who=mine, share=percent(sure))
        told = (
            ("cohesion", mine),
            ("opposition", say("everybody else for others than {candidate}", candidate=candidate)),
        )
        for column, words in told:
            least, most = _number(row[f"{column}_low"]), _number(row[f"{column}_high"])
            figure, none = _number(row[column]), float("nan")
            rows.append(ForestRow(section, words, least, most, figure, none, none, most - least > WIDE, ""))
    return tuple(rows)


def _contest(row: pd.Series) -> str:
    """Name a contest."""
    return str(row["name"]) if pd.isna(row.get("year")) else say("{name} ({year})", name=row["name"], year=row["year"])


def _reach(freedom: int) -> float:
    """Tell how many standard errors 95 of 100 intervals of a line reach, by the t distribution of the line."""
    from scipy.stats import t

    return float(t.ppf(0.975, max(freedom, 1)))


def _row(key: Any, row: pd.Series, reach: float) -> ForestRow:
    """Read one row."""
    levels = [str(one) for one in (key if isinstance(key, tuple) else (key,))]
    section = levels[0] if len(levels) > 1 else ""
    estimate, low, high = _estimate(row, reach)
    refused = _refused(row)
    least, most = (_number(row[name]) for name in _ENDS)
    driven = row.get("model_driven")
    wide = most - least > WIDE if driven is None or pd.isna(driven) else bool(driven)
    if refused:
        estimate = low = high = float("nan")
    name = joined([_named(level) for level in (levels[1:] or levels)], " · ")
    return ForestRow(_named(section), name, least, most, estimate, low, high, wide, refused)


def _named(name: str) -> str:
    """Write everybody who is not in a group, in the language in force."""
    if name.startswith(NOT):
        return capital(say("everybody except {group}", group=name.removeprefix(NOT)))
    return name


def _estimate(row: pd.Series, reach: float) -> tuple[float, float, float]:
    """Take the figure and its interval."""
    if "estimate" in row.index:
        return _number(row["estimate"]), _number(row.get("low_95")), _number(row.get("high_95"))
    middle, error = _number(row["goodman"]), _number(row.get("goodman_se"))
    return middle, middle - reach * error, middle + reach * error


def _refused(row: pd.Series) -> str:
    """Say why there is no figure, where one was refused."""
    told = row.get("refused")
    if told is None or (not isinstance(told, str) and (pd.isna(told) or not told)):
        return ""
    return retold(told) if isinstance(told, str) else say("refused")


def _number(value: Any) -> float:
    return float("nan") if value is None or pd.isna(value) else float(value)
