"""Margins of error in plain words, for sentences and tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit.model.tiers import TIERS

NAMED = 6
"""At most so many districts are named one by one."""


def points(moe: float, places: int = 1, unit: str = "points") -> str:
    """Write the margin of a share.

    Parameters
    ----------
    moe : float
        A fraction.
    places : int, default 1
        Decimal places; more are used where fewer would show 0.
    unit : str, default "points"
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
        return "± unknown"
    if moe == 0:
        return f"± 0 {unit}"
    digits = next((d for d in range(places, 8) if round(100 * moe, d)), 8)
    return f"± {100 * moe:.{digits}f} {unit}"


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
    ends = {"highest": frame["share"].max(), "lowest": frame["share"].min()}
    known = frame[["share", "share_moe"]].dropna().astype("float64")
    told: list[str] = []
    for word, share in ends.items() if len(known) > 2 else [("highest", ends["highest"])]:
        at, others = known[known["share"] == share], known[known["share"] != share]
        within = np.hypot(others["share_moe"], at["share_moe"].max()) >= (others["share"] - share).abs()
        if within.any():
            verb = "" if told else " cannot be told apart"
            told.append(f"the {word} share{verb} from that of {_districts([str(d) for d in others.index[within]])}")
    return f"Given sampling error, {', and '.join(told)}." if told else ""


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
            told.append(f"{_districts([str(label) for label in held])} from {tier.above:.0%}")
    return f"Given sampling error, these cannot be distinguished: {'; '.join(told)}." if told else ""


def _districts(labels: list[str]) -> str:
    """Name a few districts, or count many."""
    from kit.model.sentences import listed

    if len(labels) > NAMED:
        return f"{len(labels)} districts"
    return f"district{'s' if len(labels) > 1 else ''} {listed(labels)}"
