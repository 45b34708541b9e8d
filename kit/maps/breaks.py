"""Class bounds that are computed from the shares, printed as they are used, with the histogram they were taken from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import InputError
from kit.i18n.messages import say, term
from kit.maps import style
from kit.maps.lettering import families, shown
from kit.maps.lettering import width as text_width
from kit.maps.page import STRIP

METHODS = ("jenks", "quantile")
# Natural breaks are searched among at most this many shares, evenly spaced in their order.
_SEARCHED = 10_000
# Places after the point of a percentage that bounds are rounded to: the first with which they stay apart.
_PLACES = (1, 2, 3, 4)
_BINS = 60


@dataclass(frozen=True)
class Breaks:
    """Class bounds, and how they were found.

    Parameters
    ----------
    bounds : tuple of float
        Rising fractions.
    method : str
        ``"jenks"`` or ``"quantile"``; empty for bounds that a map-maker chose.
    shares : numpy.ndarray of float
        What they were computed from.
    searched : int
        How many of the shares natural breaks were searched among.
    """

    bounds: tuple[float, ...]
    method: str = ""
    shares: Any = None
    searched: int = 0

    def note(self, plural: str) -> str:
        """Say how the bounds were found.

        Parameters
        ----------
        plural : str
            What has a share.

        Returns
        -------
        str
            Empty for bounds that a map-maker chose.
        """
        if not self.method:
            return ""
        told = {"number": len(self.bounds) - 1, "count": len(self.shares), "units": term(plural)}
        if self.method == "quantile":
            return say(
                "Classes: {number} quantiles of the shares of {count:,} {units}, each of about as many of them; "
                "bounds are rounded, and printed as they are used. The histogram shows every share. Such classes "
                "depend on this map: maps with other bounds do not compare.",
                **told,
            )
        if self.searched < len(self.shares):
            return say(
                "Classes: {number} natural breaks (Fisher–Jenks) of the shares of {count:,} {units}, searched among "
                "{searched:,} of them, evenly spaced in their order; bounds are rounded, and printed as they are used. "
                "The histogram shows every share. Such classes depend on this map: maps with other bounds do not "
                "compare.",
                searched=self.searched,
                **told,
            )
        return say(
            "Classes: {number} natural breaks (Fisher–Jenks) of the shares of {count:,} {units}; bounds are rounded, "
            "and printed as they are used. The histogram shows every share. Such classes depend on this map: maps with "
            "other bounds do not compare.",
            **told,
        )


def choose_breaks(
    breaks: Sequence[float] | str, classes: int | None, shares: Sequence[pd.Series], *, on_page: bool = True
) -> Breaks:
    """Take the bounds a map-maker chose, or compute them.

    Parameters
    ----------
    breaks : sequence of float, "jenks" or "quantile"
        Bounds as fractions, or how to compute them.
    classes : int or None
        How many classes to compute, from 2 to 7.
    shares : sequence of pandas.Series
        Fractions of every map that shares the bounds; missing ones are passed over.
    on_page : bool
        Whether there is room for the histogram.

    Returns
    -------
    Breaks
        The bounds.

    Raises
    ------
    InputError
        The method is unknown, the number of classes is missing or too large,
        there are too few different shares, or there is no room for the histogram.
    """
    if not isinstance(breaks, str):
        if classes is not None:
            raise InputError('classes= goes with breaks="jenks" or "quantile"; bounds in a list count themselves.')
        return Breaks(tuple(breaks))
    if breaks not in METHODS:
        raise InputError(
            f'breaks={breaks!r}; pass bounds such as [0, .05, .1, .2, .3, .5, 1], or "jenks" or "quantile" with '
            "classes=."
        )
    if isinstance(classes, bool) or not isinstance(classes, int) or not 2 <= classes <= style.MAX_CLASSES:
        raise InputError(f"classes={classes!r}; pass how many classes to compute, from 2 to {style.MAX_CLASSES}.")
    if not on_page:
        raise InputError(
            f'breaks="{breaks}" needs the histogram of the shares beside the map, for which there is room only on a '
            "page of the kit: leave ax= out, or pass bounds."
        )
    known = np.sort(np.concatenate([one.dropna().to_numpy(dtype="float64") for one in shares]))
    different = len(np.unique(known))
    if different < classes:
        raise InputError(f"{different} different shares make no {classes} classes; pass classes={max(different, 1)}.")
    searched = _spread(known) if breaks == "jenks" else known
    inner = _jenks(searched, classes) if breaks == "jenks" else np.quantile(known, np.arange(1, classes) / classes)
    return Breaks(_rounded(inner, known), breaks, known, len(searched))


def _spread(ordered: Any) -> Any:
    """Take at most so many values as the search can take, evenly spaced, with both ends."""
    if len(ordered) <= _SEARCHED:
        return ordered
    return ordered[np.linspace(0, len(ordered) - 1, _SEARCHED).round().astype(int)]


def _jenks(ordered: Any, classes: int) -> Any:
    """Find natural breaks: the upper bound of each class but the last."""
    import jenkspy

    return np.array(jenkspy.jenks_breaks(ordered, n_classes=classes)[1:-1])


def _rounded(inner: Any, ordered: Any) -> tuple[float, ...]:
    """Round bounds so that every share lies inside them, and so that they stay apart."""
    for places in _PLACES:
        unit = 10.0 ** -(places + 2)
        low = np.floor(ordered[0] / unit + 1e-9) * unit
        high = min(np.ceil(ordered[-1] / unit - 1e-9) * unit, 1.0)
        # Up, as a class holds its upper bound: the share that ends a class stays in it.
        between = np.ceil(inner / unit - 1e-9) * unit
        # A lowest class of one share alone, such as none, still needs some width.
        between[0] = max(between[0], low + unit)
        bounds = [round(float(bound), places + 2) for bound in (low, *between, high)]
        if (np.diff(bounds) > 0).all() and bounds[0] <= ordered[0] and bounds[-1] >= ordered[-1]:
            return tuple(bounds)
    raise InputError(
        f"{len(inner) + 1} classes of these shares have bounds that cannot be told apart: many shares are the same. "
        "Pass fewer classes, or bounds of your own."
    )


def draw_histogram(panel: Any, chosen: Breaks, classes: style.Classes) -> None:
    """Draw every share as a small histogram under a map, with the class bounds as lines.

    Parameters
    ----------
    panel : matplotlib.axes.Axes
        The map, whose strip has room between the scale bars and the arrow.
    chosen : Breaks
        Bounds and shares.
    classes : Classes
        Their colours.
    """
    figure, box = panel.figure, panel.get_position()
    left, width = box.x0 + 0.44 * box.width, 0.47 * box.width
    tall = figure.get_figheight()
    foot, high = box.y0 - (STRIP - 0.14) / tall, (STRIP - 0.27) / tall
    ax = figure.add_axes((left, foot, width, high), label="histogram")
    ax.set_xlim(chosen.bounds[0], chosen.bounds[-1])
    edges = np.linspace(chosen.bounds[0], chosen.bounds[-1], _BINS + 1)
    counts, _ = np.histogram(chosen.shares, edges)
    middle = (edges[1:] + edges[:-1]) / 2
    number = np.digitize(middle, chosen.bounds[1:-1], right=True)
    colours = [classes.colours[i] for i in number]
    ax.bar(edges[:-1], counts, width=np.diff(edges), align="edge", color=colours, edgecolor=style.INK, linewidth=0.25)
    for bound in chosen.bounds[1:-1]:
        ax.axvline(bound, color=style.ACCENT, linewidth=0.9)
    title = say("Number of units by share; lines are class bounds")
    across = width * figure.get_figwidth() * 72
    size = max(5.5, min(7.0, 7.0 * across / text_width(shown(title), size=7.0)))
    font: dict[str, Any] = {"fontsize": size, "family": list(families(title))}
    ax.set_yticks([])
    _ticks(ax, chosen, across, font)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.set_title(shown(title), loc="left", pad=1.5, color=style.MUTED, **font)


def _ticks(ax: Any, chosen: Breaks, points: float, font: dict[str, Any]) -> None:
    """Print as many bounds under the histogram as have room; the legend has them all."""
    low, high = chosen.bounds[0], chosen.bounds[-1]
    told: list[float] = []
    for bound in (low, high, *chosen.bounds[1:-1]):
        if all(abs(bound - other) / (high - low) * points > 30 for other in told):
            told.append(bound)
    labels = [say("{share:g}%", share=round(100 * bound, 6)) for bound in told]
    ax.set_xticks(told, labels, **font)
    for bound, label in zip(told, ax.get_xticklabels(), strict=True):
        label.set_horizontalalignment("right" if bound == high else "center")
    ax.tick_params(axis="x", length=2, pad=1, colors=style.MUTED)
