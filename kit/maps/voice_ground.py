"""Units filled by how many people drew them, and the outlines of where they agree."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kit.analysis.consensus import Consensus
from kit.i18n.messages import joined, say, term
from kit.maps import style
from kit.maps.areas import DASHES
from kit.maps.ground import Ground
from kit.maps.ink import RASTER_ABOVE, draw_lines, fill_shapes, swatch
from kit.model.frames import Placement
from kit.model.groups import base_of
from kit.model.things import singular

# Room around what was drawn, as a share of its width and height.
_AROUND = 0.06
_CORE, _EDGE = 2.8, 1.6
# Cracks between units and specks of outlines that are left out, as shares of the width of the map.
_CRACK, _SPECK = 1 / 1000, 1 / 120


@dataclass(frozen=True)
class Step:
    """A class of units by how many different people drew them.

    Parameters
    ----------
    least, most : int
        Submitters, both counted.
    stands : {"core", "contested", "few"}
        How units of the class stand; a class never holds two kinds.
    colour : str
        Of its face.
    """

    least: int
    most: int
    stands: str
    colour: str

    @property
    def words(self) -> str:
        """How many submitters, in words.

        Returns
        -------
        str
            Such as ``"2 to 3"``.
        """
        if self.least == self.most:
            return say("{number:,}", number=self.least)
        return say("{low:,} to {high:,}", low=self.least, high=self.most)


def steps_of(result: Consensus) -> tuple[Step, ...]:
    """Cut the numbers of submitters into at most seven classes, so that both thresholds are bounds.

    Parameters
    ----------
    result : Consensus
        Where submissions overlap.

    Returns
    -------
    tuple of Step
        From one submitter to all of them, light to dark.
    """
    voices = result.submitters
    bands = [
        ("few", 1, result.edge_count - 1),
        ("contested", result.edge_count, result.core_count - 1),
        ("core", result.core_count, voices),
    ]
    bands = [(name, least, most) for name, least, most in bands if least <= most]
    number = dict.fromkeys((name for name, _, _ in bands), 1)
    while sum(number.values()) < min(style.MAX_CLASSES, voices):
        wide = max(
            (band for band in bands if number[band[0]] < band[2] - band[1] + 1),
            key=lambda band: (band[2] - band[1] + 1) / number[band[0]],
        )
        number[wide[0]] += 1
    cut: list[tuple[int, int, str]] = []
    for name, least, most in bands:
        ends = np.linspace(least - 1, most, number[name] + 1).round().astype(int)
        cut += [(int(a) + 1, int(b), name) for a, b in itertools.pairwise(ends)]
    colours = style.palette(len(cut))
    return tuple(Step(least, most, name, colour) for (least, most, name), colour in zip(cut, colours, strict=True))


class VoiceGround(Ground):
    """Units filled by the number of people who drew them.

    Parameters
    ----------
    result : Consensus
        Where submissions overlap.
    placement : Placement, optional
        The same units placed in a plan.
    extent : sequence of float, optional
        West, south, east and north in degrees; by default all that somebody drew.
    """

    def __init__(
        self, result: Consensus, placement: Placement | None, *, extent: Sequence[float] | None = None
    ) -> None:
        self.result, self.steps = result, steps_of(result)
        frame, index = result.frame, result.units.frame.index
        self.number = frame["submitters"].reindex(index, fill_value=0).to_numpy(dtype="int64")
        # The frame holds what somebody drew, with people or without.
        base = frame["base"].reindex(index).to_numpy(dtype="float64")
        lived = np.where(self.number > 0, np.fmax(np.nan_to_num(base), 1e-6), 0.0)
        super().__init__(result.units, lived=lived, placement=placement, extent=extent, noun=base_of(result.base).noun)
        self.sources = tuple(dict.fromkeys((*self.sources, *result.sources)))
        self.sample = any(source.sample for source in self.sources)

    @property
    def legend_title(self) -> str:
        """What the colours mean.

        Returns
        -------
        str
            Submitters, of how many.
        """
        return say("Submitters who drew the place, of {voices:,}", voices=self.result.submitters)

    def counts(self) -> tuple[int, ...]:
        """Count the units of each class.

        Returns
        -------
        tuple of int
            In the order of `steps`.
        """
        return tuple(int(((self.number >= step.least) & (self.number <= step.most)).sum()) for step in self.steps)

    def fill_handles(self, plural: str) -> list[Any]:
        """Make legend entries: classes with their counts, most submitters first.

        Parameters
        ----------
        plural : str
            What is counted, after each number.

        Returns
        -------
        list of matplotlib.artist.Artist
            In legend order.
        """
        rows = [
            swatch(step.words, count, plural, facecolor=step.colour, edgecolor=style.INK)
            for step, count in zip(self.steps, self.counts(), strict=True)
        ]
        none = swatch(say("drawn by nobody"), facecolor=style.EMPTY, edgecolor=style.HATCH_INK)
        return [*rows[::-1], none]

    def fill(self, ax: Any, shapes: Any, shown: Any) -> None:
        """Fill each class in its colour.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Where to draw.
        shapes : numpy.ndarray of shapely.Geometry
            The shapes to draw.
        shown : numpy.ndarray of int
            Positions of their units.
        """
        number, raster = self.number[shown], len(shapes) > RASTER_ABOVE
        look: dict[str, Any] = {"facecolor": style.EMPTY, "edgecolor": style.HATCH_INK, "linewidth": 0.15}
        fill_shapes(ax, shapes[number == 0], raster=raster, **look)
        for step in self.steps:
            found = shapes[(number >= step.least) & (number <= step.most)]
            look = {"facecolor": step.colour, "edgecolor": step.colour, "linewidth": 0.15}
            fill_shapes(ax, found, raster=raster, order=2, **look)

    def _bounds(self, extent: Sequence[float] | None) -> tuple[float, float, float, float]:
        """Leave some room around what was drawn."""
        west, south, east, north = super()._bounds(extent)
        if extent is not None:
            return west, south, east, north
        x, y = _AROUND * (east - west), _AROUND * (north - south)
        return west - x, south - y, east + x, north + y

    def _outside(self) -> str:
        """Say what was drawn outside the bounds that were asked for."""
        west, south, east, north = self.bounds
        boxes = self.projected.bounds.to_numpy()
        away = (boxes[:, 2] < west) | (boxes[:, 0] > east) | (boxes[:, 3] < south) | (boxes[:, 1] > north)
        number = int((away & (self.number > 0)).sum())
        if not number:
            return ""
        return say(
            "Outside the frame: {number:,} {units} that somebody drew; every figure counts them.",
            number=number,
            units=term(singular(self.units.plural) if number == 1 else self.units.plural),
        )


class VoiceLayer:
    """The outlines of the agreement core and of the contested edge.

    Parameters
    ----------
    ground : VoiceGround
        What they lie over.
    """

    def __init__(self, ground: VoiceGround) -> None:
        import shapely

        self.result = ground.result
        number = ground.number
        shapes = shapely.make_valid(ground.shapes)
        core, edge = number >= self.result.core_count, number >= self.result.edge_count
        west, south, east, north = ground.bounds
        wide = max(east - west, north - south)
        self.core = _outline(shapes[core], wide) if core.any() else None
        contested = edge & ~core
        self.edge = _outline(shapes[edge], wide) if contested.any() else None

    def handles(self) -> list[Any]:
        """Make the legend entries of both outlines, with their thresholds.

        Returns
        -------
        list of matplotlib.artist.Artist
            Those that are drawn; where there is no core an entry says so.
        """
        from matplotlib.lines import Line2D

        core, edge = core_words(self.result), edge_words(self.result)
        rows = []
        if self.core is not None:
            rows.append(Line2D([], [], color=style.AREA, linewidth=_CORE, label=core))
        else:
            none = joined([core, say("(there is none)")])
            rows.append(Line2D([], [], color=style.AREA, linewidth=_CORE, alpha=0.0, label=none))
        if self.edge is not None:
            rows.append(Line2D([], [], color=style.AREA, linewidth=_EDGE, linestyle=DASHES, label=edge))
        return rows

    def paint(self, ax: Any, *, without: tuple[float, float, float, float] | None = None) -> list[Any]:  # noqa: ARG002
        """Draw both outlines inside the limits of axes.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Where to draw.
        without : tuple of float, optional
            A part that an inset shows; outlines are drawn there too.

        Returns
        -------
        list of shapely.Geometry
            Nothing: no words are written.
        """
        if self.edge is not None:
            draw_lines(ax, [self.edge], width=_EDGE, dashes=DASHES, order=7, colour=style.AREA)
        if self.core is not None:
            draw_lines(ax, [self.core], width=_CORE, order=9, colour=style.AREA)
        return []


def _outline(shapes: Any, wide: float) -> Any:
    """Join shapes for an outline, without the cracks between them and the specks that no reader could see."""
    import shapely

    crack, speck = wide * _CRACK, (wide * _SPECK) ** 2
    joined_up = shapely.buffer(shapely.buffer(shapely.union_all(shapes), crack), -crack)
    parts = []
    for part in shapely.get_parts(joined_up):
        holes = [ring for ring in part.interiors if shapely.Polygon(ring).area >= speck]
        if part.area >= speck:
            parts.append(shapely.Polygon(part.exterior, holes))
    return shapely.MultiPolygon(parts) if parts else shapely.union_all(shapes)


def core_words(result: Consensus) -> str:
    """Say what the core is.

    Parameters
    ----------
    result : Consensus
        Where submissions overlap.

    Returns
    -------
    str
        With its threshold.
    """
    return say("core: at least {least:,} of {voices:,} submitters", least=result.core_count, voices=result.submitters)


def edge_words(result: Consensus) -> str:
    """Say what the contested edge is.

    Parameters
    ----------
    result : Consensus
        Where submissions overlap.

    Returns
    -------
    str
        With its thresholds.
    """
    if result.edge_count == result.core_count - 1:
        return say(
            "contested edge: {least:,} of {voices:,} submitters", least=result.edge_count, voices=result.submitters
        )
    return say(
        "contested edge: {least:,} to {most:,} of {voices:,} submitters",
        least=result.edge_count,
        most=result.core_count - 1,
        voices=result.submitters,
    )
