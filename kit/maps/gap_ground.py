"""Districts filled by how far a group's rate lies from that of everybody."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.account import people_by_unit
from kit.errors import InputError
from kit.i18n.messages import figure, joined, say
from kit.maps import style
from kit.maps.ground import Ground
from kit.maps.hatch import WEAK_HATCH, missing_look
from kit.maps.ink import fill_shapes, swatch
from kit.maps.shapes import dissolve
from kit.model.frames import Placement

_MOST = 3
# Lightness of the classes from the outermost inward: numbers can be read on all, and none is taken for paper.
_LEVELS = (48.0, 66.0, 82.0)
_DARK, _LIGHT, _BETWEEN = "#3a3a3a", "#f2f2f2", 60.0
UNKNOWN, BETWEEN = -1, -2
"""Numbers of districts without a figure, and of those of which only two ends are known."""


@dataclass(frozen=True)
class GapClasses:
    """Classes of a gap, the same on both sides of zero.

    Parameters
    ----------
    bounds : tuple of float
        Rising distances from zero, as fractions.
    colours : tuple of str
        From the lowest class to the highest.
    labels : tuple of str
        Bounds in words.
    """

    bounds: tuple[float, ...]
    colours: tuple[str, ...]
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.colours)

    def index(self, gap: pd.Series) -> Any:
        """Number the class of each gap.

        Parameters
        ----------
        gap : pandas.Series
            Fractions; missing where there is none.

        Returns
        -------
        numpy.ndarray of int
            0 is the lowest class; `UNKNOWN` marks missing gaps. A gap of a
            bound belongs to the class nearer to zero, and none to the first above it.

        Raises
        ------
        InputError
            Some lie outside the bounds.
        """
        known = gap.dropna()
        outside = known[known.abs() > self.bounds[-1] + 1e-12]
        if len(outside):
            raise InputError(
                f"{len(outside):,} gaps lie outside the breaks (largest {100 * known.abs().max():.1f} points, breaks "
                f"up to {100 * self.bounds[-1]:g}). Widen the breaks so that every district falls in a class."
            )
        number = len(self.bounds)
        # A gap that meets a bound exactly meets it, whatever the last digit of a difference says.
        size = np.digitize(gap.abs().round(12), self.bounds[:-1], right=True)
        found = np.where(gap < 0, number - 1 - size, number + size)
        return np.where(gap.isna(), UNKNOWN, found)


def gap_classes(breaks: Sequence[float]) -> GapClasses:
    """Make classes on both sides of zero.

    Parameters
    ----------
    breaks : sequence of float
        Rising distances from zero as fractions, such as ``[0.05, 0.1, 0.2]``: at most three.

    Returns
    -------
    GapClasses
        Two for each break.

    Raises
    ------
    InputError
        They do not rise from more than 0, are points instead of fractions, or are too many.
    """
    try:
        bounds = tuple(float(one) for one in breaks)
    except (TypeError, ValueError):
        raise InputError(f"breaks are numbers, such as [0.05, 0.1, 0.2]; got {breaks!r}.") from None
    steps = (0.0, *bounds)
    if not bounds or not np.isfinite(bounds).all() or any(b <= a for a, b in itertools.pairwise(steps)):
        raise InputError(f"breaks are rising distances from zero, such as [0.05, 0.1, 0.2]; got {list(breaks)}.")
    if bounds[-1] > 1:
        raise InputError(f"breaks are fractions, so 10 points are 0.10; got {list(breaks)}.")
    if len(bounds) > _MOST:
        raise InputError(
            f"{len(bounds)} breaks make {2 * len(bounds)} classes, which cannot be told apart on a map; use at most "
            f"{_MOST}."
        )
    words = [
        (say("{points:g}", points=round(100 * low, 6)), say("{points:g}", points=round(100 * high, 6)))
        for low, high in itertools.pairwise(steps)
    ]
    lower = [_lower(*pair, first=at == 0) for at, pair in enumerate(words)]
    higher = [_higher(*pair, first=at == 0) for at, pair in enumerate(words)]
    return GapClasses(bounds, _colours(len(bounds)), (*lower[::-1], *higher))


def _lower(low: str, high: str, *, first: bool) -> str:
    if first:
        return say("up to {high} points lower", high=high)
    return say("over {low} to {high} points lower", low=low, high=high)


def _higher(low: str, high: str, *, first: bool) -> str:
    if first:
        return say("equal, or up to {high} points higher", high=high)
    return say("over {low} to {high} points higher", low=low, high=high)


def _colours(number: int) -> tuple[str, ...]:
    """Take colours from ``vik``, whose ends differ for readers with a colour vision deficiency."""
    from cmcrameri import cm
    from matplotlib.colors import to_hex

    ramp = [to_hex(cm.vik(one)) for one in np.linspace(0, 1, 257)]
    light = np.array([style.lightness_of(colour) for colour in ramp])
    below, above = slice(0, 129), slice(128, 257)
    low = [ramp[below][np.abs(light[below] - level).argmin()] for level in _LEVELS[-number:]]
    high = [ramp[above][np.abs(light[above] - level).argmin()] for level in _LEVELS[-number:]]
    return (*low, *high[::-1])


def points_words(gap: float) -> str:
    """Write a gap in points, with its sign.

    Parameters
    ----------
    gap : float
        A fraction.

    Returns
    -------
    str
        Such as ``"−7.0"``.
    """
    told = f"{abs(100 * gap):.1f}"
    if told == "0.0":
        return figure(told)
    return figure(f"{'+' if gap > 0 else chr(0x2212)}{told}")


class GapGround(Ground):
    """Districts filled by the class of their gap.

    Parameters
    ----------
    placement : Placement
        Units with polygons, placed in the plan whose districts have the figures.
    rows : pandas.DataFrame
        By district: ``gap``, ``low``, ``high``, ``doubtful`` (within sampling error) and ``hidden``.
    classes : GapClasses
        Its classes.
    title : str
        What the colours mean.
    extent : sequence of float, optional
        West, south, east and north in degrees; by default all inhabited units.
    """

    all_units = True
    placement: Placement

    def __init__(
        self,
        placement: Placement,
        rows: pd.DataFrame,
        classes: GapClasses,
        *,
        title: str,
        extent: Sequence[float] | None = None,
    ) -> None:
        self.rows, self.classes, self._title = rows, classes, title
        lived = people_by_unit(placement.units).to_numpy(dtype="float64")
        super().__init__(placement.units, lived=np.nan_to_num(lived, nan=1.0), placement=placement, extent=extent)
        self.index = classes.index(rows["gap"])
        low, high = classes.index(rows["low"]), classes.index(rows["high"])
        # Where only two ends are known, a district has a class if both lie in it.
        self.index = np.where(self.index == UNKNOWN, np.where(low == high, low, BETWEEN), self.index)
        self.doubtful = rows["doubtful"].to_numpy(dtype=bool) & (self.index >= 0)

    @property
    def legend_title(self) -> str:
        """What the colours mean.

        Returns
        -------
        str
            Rate, group, and against whom.
        """
        return self._title

    def counts(self) -> tuple[int, ...]:
        """Count the districts of each class.

        Returns
        -------
        tuple of int
            Lowest first.
        """
        return tuple(int((self.index == number).sum()) for number in range(len(self.classes)))

    def fill_handles(self, plural: str) -> list[Any]:
        """Make legend entries: classes with their counts, the highest first, and what has no class.

        Parameters
        ----------
        plural : str
            What is counted, after each number.

        Returns
        -------
        list of matplotlib.artist.Artist
            In legend order.
        """
        noun = "districts" if plural else ""
        told: list[Any] = [
            swatch(words, count, noun, facecolor=colour, edgecolor=style.INK)
            for words, colour, count in zip(self.classes.labels, self.classes.colours, self.counts(), strict=True)
        ][::-1]
        doubtful, between = int(self.doubtful.sum()), int((self.index == BETWEEN).sum())
        if doubtful:
            look: dict[str, Any] = {"facecolor": "white", "edgecolor": style.MUTED, "hatch": WEAK_HATCH}
            told.append(swatch(say("within sampling error"), doubtful, noun, **look))
        if between:
            look = {"facecolor": "white", "edgecolor": style.MUTED, "hatch": "---"}
            told.append(swatch(say("known only between two ends"), between, noun, **look))
        for hidden, words in ((True, say("not shown, to protect few people")), (False, say("no figure"))):
            number = int(((self.index == UNKNOWN) & (self.rows["hidden"] == hidden)).sum())
            if number:
                look = missing_look() if hidden else _empty()
                told.append(swatch(words, number, noun, **look))
        return told

    def fill(self, ax: Any, shapes: Any, shown: Any) -> None:  # noqa: ARG002 — districts are filled, not units
        """Fill each district in the colour of its class.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Where to draw.
        shapes : numpy.ndarray of shapely.Geometry
            Shapes of the units, which are not drawn.
        shown : numpy.ndarray of int
            Positions of the units.
        """
        whole = self._shapes()
        for number, colour in enumerate(self.classes.colours):
            fill_shapes(ax, whole[self.index == number], facecolor=colour, edgecolor=colour, linewidth=0.15, order=2)
        light = np.array([style.lightness_of(colour) > _BETWEEN for colour in self.classes.colours])
        for ink, of in ((_DARK, light), (_LIGHT, ~light)):
            use = self.doubtful & of[np.clip(self.index, 0, None)]
            look: dict[str, Any] = {"facecolor": "none", "edgecolor": ink, "linewidth": 0}
            fill_shapes(ax, whole[use], hatch=WEAK_HATCH, order=3, **look)
        hidden = (self.index == UNKNOWN) & self.rows["hidden"].to_numpy(dtype=bool)
        others = (self.index == UNKNOWN) & ~hidden
        ends: dict[str, Any] = {"facecolor": "white", "edgecolor": style.MUTED, "hatch": "---"}
        for use, given in ((self.index == BETWEEN, ends), (hidden, missing_look()), (others, _empty())):
            fill_shapes(ax, whole[use], linewidth=0, **given)

    def _shapes(self) -> Any:
        """Give the part of each district that the units cover, in the order of the rows."""
        import shapely

        whole = np.array([self.districts.get(label, shapely.Point()) for label in self.rows.index], dtype=object)
        if self.placement.plan.geometry is not None:
            land = dissolve(self.shapes, np.full(len(self.shapes), ""))[""]
            whole = shapely.intersection(shapely.make_valid(whole), land)
        return whole

    def anchors(self, ax: Any, *, avoid: Any = None) -> dict[str, tuple[float, float, float]]:
        """Find where each number goes, with the gap under it.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Axes with final limits.
        avoid : shapely.Geometry, optional
            What must stay uncovered, such as names.

        Returns
        -------
        dict of str to tuple of float
            Easting, northing and radius of the widest place, by number and gap.
        """
        return {self._label(label): place for label, place in super().anchors(ax, avoid=avoid).items()}

    def _label(self, label: str) -> str:
        """Write a district's number and its gap."""
        if label not in self.rows.index:
            return label
        row = self.rows.loc[label]
        if not pd.isna(row["gap"]):
            return joined([label, points_words(row["gap"])], "\n")
        if not pd.isna(row["low"]):
            return joined([label, joined([points_words(row["low"]), points_words(row["high"])], " … ")], "\n")
        return label


def _empty() -> dict[str, Any]:
    return {"facecolor": style.EMPTY, "edgecolor": style.HATCH_INK, "hatch": style.EMPTY_HATCH}
