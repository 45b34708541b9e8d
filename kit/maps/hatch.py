"""Patterns over colours: shares of low reliability, and units without a published figure."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit.i18n.messages import say
from kit.maps import style
from kit.maps.ink import RASTER_ABOVE, fill_shapes, swatch

WEAK_HATCH = "xxx"
MISSING, MISSING_HATCH, MISSING_INK = "#e3e3e3", "....", "#7a7a7a"
# The pattern is dark on light classes and light on dark ones.
_DARK, _LIGHT, _BETWEEN = "#3a3a3a", "#f2f2f2", 60.0


def weak_in(frame: pd.DataFrame) -> Any:
    """Tell which shares are of low reliability.

    Parameters
    ----------
    frame : pandas.DataFrame
        With ``reliability`` where shares are estimates.

    Returns
    -------
    numpy.ndarray of bool
        One a row.
    """
    if "reliability" not in frame.columns:
        return np.zeros(len(frame), dtype=bool)
    return (frame["reliability"] == "low").fillna(value=False).to_numpy(dtype=bool)


def draw_weak(ax: Any, shapes: Any, index: Any, weak: Any, classes: style.Classes) -> None:
    """Hatch shares of low reliability over the colour of their class.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    shapes : numpy.ndarray of shapely.Geometry
        Polygons.
    index : numpy.ndarray of int
        Number of the class of each; below zero for those in none.
    weak : numpy.ndarray of bool
        Which are of low reliability.
    classes : Classes
        With their colours.
    """
    light = np.array([style.lightness_of(colour) > _BETWEEN for colour in classes.colours])
    for ink, of in ((_DARK, light), (_LIGHT, ~light)):
        use = weak & (index >= 0) & of[np.clip(index, 0, None)]
        if use.any():
            raster = len(shapes) > RASTER_ABOVE
            fill_shapes(
                ax, shapes[use], hatch=WEAK_HATCH, facecolor="none", edgecolor=ink, linewidth=0, order=3, raster=raster
            )


def weak_handle(number: int, plural: str = "") -> Any:
    """Make the legend entry of shares of low reliability.

    Parameters
    ----------
    number : int
        How many there are.
    plural : str
        What is counted, after the number.

    Returns
    -------
    matplotlib.patches.Patch
        The entry.
    """
    return swatch(
        say("share of low reliability"), number, plural, facecolor="white", edgecolor=style.MUTED, hatch=WEAK_HATCH
    )


def missing_handle(number: int, plural: str) -> Any:
    """Make the legend entry of units without a published figure.

    Parameters
    ----------
    number : int
        How many there are.
    plural : str
        What is counted, after the number.

    Returns
    -------
    matplotlib.patches.Patch
        The entry.
    """
    return swatch(say("not available: missing or suppressed"), number, plural, **missing_look())


def missing_look() -> dict[str, Any]:
    """Give the look of units without a published figure: dotted grey, which no unit of nobody has.

    Returns
    -------
    dict
        For a patch.
    """
    return {"facecolor": MISSING, "edgecolor": MISSING_INK, "hatch": MISSING_HATCH}
