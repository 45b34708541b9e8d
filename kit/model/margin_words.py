"""Margins of error in plain words, for sentences and tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit.i18n.messages import Message, figure, joined, mark, say
from kit.model.things import districts
from kit.model.tiers import TIERS

_POINTS = {"points": mark("± {points} points"), "pts": mark("± {points} pts")}


def points(moe: float, places: int = 1, unit: str = "points") -> Message:
    """Write the margin of a share.

    Parameters
    ----------
    moe : float
        A fraction.
    places : int, default 1
        Decimal places; more are used where fewer would show 0.
    unit : {"points", "pts"}
        What percentage points are called.

    Returns
    -------
    str
        For example ``"± 1.2 points"``.

    Examples
    --------
    >>> points(0.0123), points(0.0001), points(0.0)
    ('± 1.2 points', '± 0.01 points', '± 0 points')
    """
    if pd.isna(moe):
        return say("± unknown")
    return say(_POINTS[unit], points=_shown(moe, places))


def _shown(share: float, places: int = 1) -> Message:
    """Write percentage points, with more places where fewer would show 0."""
    if share == 0:
        return figure("0")
    digits = next((d for d in range(places, 8) if round(100 * share, d)), 8)
    return figure(f"{100 * share:.{digits}f}")


def points_apart(difference: float) -> Message:
    """Write how far two shares are apart.

    Parameters
    ----------
    difference : float
        A fraction, at least 0.

    Returns
    -------
    str
        For example ``"1.2 points"``.

    Examples
    --------
    >>> points_apart(0.0123)
    '1.2 points'
    """
    return say("{points} points", points=_shown(difference))


def with_margin(share: str, row: Any) -> str:
    """Write a share with its margin, where the table has margins.

    Parameters
    ----------
    share : str
        The share in words.
    row : pandas.Series
        A row of a district table.

    Returns
    -------
    str
        For example ``"14.5% ± 1.2 points"``.
    """
    return joined([share, points(row["share_moe"])]) if "share_moe" in row.index else share


def margin_after(row: Any) -> str:
    """Write what follows a share in a sentence.

    Parameters
    ----------
    row : pandas.Series
        A row of a district table.

    Returns
    -------
    str
        A blank and the margin; nothing where the table has no margins.
    """
    return f" {points(row['share_moe'])}" if "share_moe" in row.index else ""


def not_apart(frame: pd.DataFrame) -> str:
    """Name the districts whose share cannot be told from the highest or the lowest one.

    Parameters
    ----------
    frame : pandas.DataFrame
        A district table with ``share`` and ``share_moe``.

    Returns
    -------
    str
        One sentence; empty where there is none to name.

    Notes
    -----
    Two shares are told apart when they differ by more than the margin of
    their difference, at 90 per cent confidence. Intervals may overlap and the
    shares still be apart.
    """
    if "share_moe" not in frame.columns:
        return ""
    known = frame[["share", "share_moe"]].dropna().astype("float64")
    found: list[str] = []
    for share in (frame["share"].max(), frame["share"].min()):
        at, others = known[known["share"] == share], known[known["share"] != share]
        within = np.hypot(others["share_moe"], at["share_moe"].max()) >= (others["share"] - share).abs()
        found.append(districts([str(d) for d in others.index[within]]) if within.any() else "")
    high, low = found[0], found[1] if len(known) > 2 else ""
    if high and low:
        return say(
            "Given sampling error, the highest share cannot be told apart from that of {high}, and the lowest share "
            "from that of {low}.",
            high=high,
            low=low,
        )
    if high:
        return say("Given sampling error, the highest share cannot be told apart from that of {high}.", high=high)
    if low:
        return say("Given sampling error, the lowest share cannot be told apart from that of {low}.", low=low)
    return ""


def near_bounds(frame: pd.DataFrame) -> str:
    """Name the districts whose interval holds the bound of a band.

    Parameters
    ----------
    frame : pandas.DataFrame
        A district table with ``share`` and ``share_moe``.

    Returns
    -------
    str
        One sentence; empty where there is none to name.
    """
    if "share_moe" not in frame.columns:
        return ""
    share, moe = frame["share"].astype("float64"), frame["share_moe"].astype("float64")
    told = []
    for tier in TIERS[:-1]:
        held = frame.index[(moe > 0) & ((share - tier.above).abs() <= moe)]
        if len(held):
            named = districts([str(label) for label in held])
            told.append(say("{districts} from {bound:.0%}", districts=named, bound=tier.above))
    if not told:
        return ""
    return say("Given sampling error, these cannot be distinguished: {told}.", told=joined(told, say("; ")))
