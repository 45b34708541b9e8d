"""Dots on the ground of a map: counted by district, placed at random, each group in its colour and shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import InputError
from kit.i18n.messages import figure, joined, say, term
from kit.maps import style
from kit.maps.dot_places import MOST, dots_by_place, people_per_dot, place_dots, without_water
from kit.maps.ground import Ground
from kit.maps.ink import RASTER_ABOVE, fill_shapes, swatch
from kit.maps.labels import frame_scale
from kit.maps.notes import plan_of
from kit.model.crs import one_datum, require_crs
from kit.model.frames import Placement
from kit.model.geoid import natural_key
from kit.model.groups import base_of, column, definition
from kit.model.identities import not_negative
from kit.model.sentences import number_of
from kit.model.things import singular

LAND, MISSING, MISSING_HATCH, MISSING_INK = "#fbfaf4", "#e3e3e3", "xxxx", "#8f8f8f"
# Groups are drawn in turns, so that none hides the others.
_TURNS = 6
# Width of a dot, in points; so large a part of the dots may stand closer than `_APART` points.
_SMALLEST, _LARGEST, _CROWDED, _APART = 1.1, 4.6, 0.3, 0.85
# A panel of letter size, in points.
_PANEL = (510.0, 390.0)


@dataclass(frozen=True)
class DotLook:
    """How the dots of one group look.

    Parameters
    ----------
    marker : str
        Shape, as matplotlib names it.
    colour : str
        Of the shape.
    filled : bool
        Whether it is filled; otherwise only its outline is drawn.
    larger : float
        Size beside a filled circle, so that all weigh alike.
    """

    marker: str
    colour: str
    filled: bool = True
    larger: float = 1.0


# Dark and light, filled and open, round, pointed and crossed: apart for readers without colour vision too.
LOOKS = (
    DotLook("o", "#0b2c66"),
    DotLook("^", "#e07b00", larger=1.3),
    DotLook("x", "#a3005c", filled=False, larger=1.15),
    DotLook("s", "#4fb3e8", larger=1.1),
    DotLook("o", "#1c7c4a", filled=False, larger=1.35),
)
"""How the dots of each group look, in the order of the groups."""


class DotGround(Ground):
    """Units with dots in them.

    Parameters
    ----------
    placement : Placement
        Units with polygons, placed in a plan.
    groups : sequence of str
        Definition ids.
    base : str
        Universe id.
    per : int or None
        People a dot stands for.
    seed : int
        Of the random places.
    water : geopandas.GeoDataFrame or geopandas.GeoSeries, optional
        Areas of water.
    extent : sequence of float, optional
        West, south, east and north in degrees; by default all inhabited units.
    """

    placement: Placement

    def __init__(
        self,
        placement: Placement,
        *,
        groups: Sequence[str],
        base: str,
        per: int | None,
        seed: int,
        water: Any = None,
        extent: Sequence[float] | None = None,
    ) -> None:
        units = placement.units
        self.groups, self.base, self.seed = tuple(groups), base, seed
        if not units.additive and placement.assignment.dropna().duplicated().any():
            units.require_additive("dots are counted by district")
        total = column("total", base)
        if total not in units.frame.columns:
            units.column(total)  # which says what is there
        self.people = pd.DataFrame({name: _counts(placement, column(name, base)) for name in groups})
        everyone = _counts(placement, total)
        self.everyone = everyone
        self.missing = (self.people.isna().any(axis=1) | everyone.isna()).to_numpy()
        lived = np.fmax(everyone.to_numpy(), self.people.max(axis=1).to_numpy())
        self.inhabited = (lived > 0) & ~self.missing
        # Where no count is published somebody may live: the frame holds such units too.
        lived = np.where(self.missing, np.fmax(lived, 1.0), lived)
        super().__init__(units, lived=lived, placement=placement, extent=extent, noun=base_of(base).noun)
        whole = float(self.people[self.inhabited].sum().sum())
        self.per = people_per_dot(whole, self._least()) if per is None else per
        if whole / self.per > MOST:
            raise InputError(
                f"per={self.per} gives about {whole / self.per:,.0f} dots, more than {MOST:,}, which hide each other; "
                f"pass per={people_per_dot(whole)}, or leave per= out."
            )
        self.dry, self.drowned, self.watered = self.shapes, 0, False
        if water is not None:
            self.set_water(water)

    @property
    def in_blocks(self) -> bool:
        """Whether units are census blocks, whose people are added up before they are drawn.

        Returns
        -------
        bool
            True for blocks.
        """
        return self.units.level == "block"

    @property
    def legend_title(self) -> str:
        """What a dot stands for.

        Returns
        -------
        str
            People a dot, where it stands, and the universe.
        """
        where = term("block group") if self.in_blocks else term(singular(self.units.plural))
        return joined(
            [
                say("One dot: {per:,} people", per=self.per),
                say("at random in their {place}", place=where),
                say("Base: {base}", base=term(base_of(self.base).label)),
            ],
            "\n",
        )

    @property
    def small_title(self) -> str:
        """What a dot stands for, over a small legend.

        Returns
        -------
        str
            The legend's title.
        """
        return self.legend_title

    @cached_property
    def labels(self) -> Any:
        """Districts of the units, as text; empty for those in none.

        Returns
        -------
        numpy.ndarray of str
            One a unit.
        """
        return self.placement.assignment.astype(object).where(self.placed, "").to_numpy(dtype=object).astype(str)

    def set_water(self, water: Any) -> None:
        """Take water out of the units before dots are placed.

        Parameters
        ----------
        water : geopandas.GeoDataFrame or geopandas.GeoSeries
            Areas of water, with a CRS.
        """
        if not hasattr(water, "geometry") and not hasattr(water, "geom_type"):
            raise InputError(f"water= is a GeoDataFrame or GeoSeries of polygons; got a {type(water).__name__}.")
        require_crs(water, what="the layer of water")
        shapes = one_datum(water.geometry).to_crs(self.crs).to_numpy()
        self.dry, self.drowned = without_water(self.shapes, shapes)
        self.watered = True

    def place(self) -> None:
        """Count the dots of every place and find where they stand."""
        import shapely

        keys = self.labels
        if self.in_blocks:
            keys = np.char.add(self.units.frame.index.str[:12].to_numpy(dtype=str), np.char.add("|", self.labels))
        else:
            keys = self.units.frame.index.to_numpy(dtype=str)
        cells, cell = np.unique(keys[self.inhabited], return_inverse=True)
        districts, whose = np.unique(self.labels[self.inhabited], return_inverse=True)
        of_cell = np.zeros(len(cells), dtype=int)
        of_cell[cell] = whose
        shapes = self.dry[self.inhabited]
        cut = self.units.frame.index[self.inhabited].isin(self.placement.split_units.index)
        if cut.any() and self.placement.plan.geometry is not None:
            home = np.array([self.districts.get(label) for label in self.labels[self.inhabited][cut]], dtype=object)
            part = shapely.intersection(shapely.make_valid(shapes[cut]), shapely.make_valid(home))
            shapes = shapes.copy()
            shapes[cut] = np.where(shapely.area(part) > 0, part, shapes[cut])
        self.dots: dict[str, Any] = {}
        counted: dict[str, Any] = {}
        in_cell = np.zeros(len(cells), dtype="int64")
        for number, name in enumerate(self.groups):
            rng = np.random.default_rng([self.seed, number])
            people = np.bincount(cell, weights=self.people[name].to_numpy()[self.inhabited], minlength=len(cells))
            dots = dots_by_place(people, of_cell, self.per, rng)
            points, owner = place_dots(shapes, cell, dots, rng)
            self.dots[name] = points
            counted[name] = np.bincount(of_cell[owner], minlength=len(districts)) if len(owner) else 0
            in_cell += dots
        land, several = np.bincount(cell, weights=shapely.area(shapes), minlength=len(cells)), in_cell > 0
        apart = np.sqrt(land[several] / in_cell[several])
        # The distance of dots, in metres, that so many of them do not keep.
        self.spacing = float(np.quantile(np.repeat(apart, in_cell[several]), _CROWDED)) if len(apart) else np.inf
        index = pd.Index(districts, dtype="str", name="district")
        self.dots_in = pd.DataFrame(counted, index=index)

    @property
    def number(self) -> int:
        """How many dots there are.

        Returns
        -------
        int
            Of all groups.
        """
        return sum(len(points) for points in self.dots.values())

    def by_district(self) -> pd.DataFrame:
        """Count people and dots by district.

        Returns
        -------
        pandas.DataFrame
            Districts (text; ``""`` for units in none) by ``base``, ``units_missing`` and, for each group,
            ``<group>`` (people) and ``<group>_dots``.
        """
        frame = self.people.assign(base=self.everyone, units_missing=self.missing.astype(int))
        known = frame.mask(pd.Series(self.missing, index=frame.index), other=0).assign(
            units_missing=frame["units_missing"]
        )
        sums = known.groupby(self.labels).sum()
        labels = sorted({*self.placement.plan.labels, *sums.index}, key=lambda label: (label == "", natural_key(label)))
        sums = sums.reindex(labels, fill_value=0)
        dots = self.dots_in.reindex(labels, fill_value=0).astype("int64").add_suffix("_dots")
        return pd.concat([sums, dots], axis=1).rename_axis("district")

    def under(self) -> str:
        """Say which plan this is, and how many dots there are.

        Returns
        -------
        str
            For the line under the heading.
        """
        return say(
            "{plan}: {districts}, {units}. {dots:,} dots.",
            plan=plan_of(self.placement.plan),
            districts=number_of(len(self.districts), "districts"),
            units=number_of(len(self.units), self.units.plural),
            dots=self.number,
        )

    def fill_handles(self, plural: str) -> list[Any]:
        """Make legend entries: each group's dot with its number, and units without dots.

        Parameters
        ----------
        plural : str
            What units are called, after each number of them.

        Returns
        -------
        list of matplotlib.artist.Artist
            In legend order.
        """
        from matplotlib.lines import Line2D

        rows: list[Any] = []
        for name, look in zip(self.groups, LOOKS, strict=False):
            face = look.colour if look.filled else "none"
            words = term(definition(name).short)
            count = len(self.dots[name])
            label = (
                say("{group}   ({count:,} dots)", group=words, count=count)
                if plural
                else say("{group}   ({count:,})", group=words, count=count)
            )
            row: Any = Line2D(
                [], [], linestyle="", marker=look.marker, markersize=5 * look.larger, markerfacecolor=face,
                markeredgecolor=look.colour, markeredgewidth=1.0, label=label,
            )  # fmt: skip
            row.words, row.count = words, figure(f"{count:,}")
            rows.append(row)
        grey: dict[str, Any] = {"facecolor": style.EMPTY, "edgecolor": style.HATCH_INK, "hatch": style.EMPTY_HATCH}
        dark: dict[str, Any] = {"facecolor": MISSING, "edgecolor": MISSING_INK, "hatch": MISSING_HATCH}
        nobody, missing = int((~self.inhabited & ~self.missing).sum()), int(self.missing.sum())
        if nobody:
            rows.append(swatch(say("no {noun}", noun=term(self.noun)), nobody, plural, **grey))
        if missing:
            rows.append(swatch(say("not available: missing or suppressed"), missing, plural, **dark))
        return rows

    def fill(self, ax: Any, shapes: Any, shown: Any) -> None:
        """Fill land lightly, hatch what has no dots, and draw the dots.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Where to draw.
        shapes : numpy.ndarray of shapely.Geometry
            The shapes to draw.
        shown : numpy.ndarray of int
            Positions of their units.
        """
        raster = len(shapes) > RASTER_ABOVE
        missing, inhabited = self.missing[shown], self.inhabited[shown]
        edge = LAND if self.in_blocks else "#dcd9cd"
        for use, face, ink, hatch in (
            (inhabited, LAND, edge, ""),
            (~inhabited & ~missing, style.EMPTY, style.HATCH_INK, style.EMPTY_HATCH),
            (missing, MISSING, MISSING_INK, MISSING_HATCH),
        ):
            if use.any():
                wide = 0.2 if face == LAND else 0
                fill_shapes(ax, shapes[use], hatch=hatch, raster=raster, facecolor=face, edgecolor=ink, linewidth=wide)
        self._draw_dots(ax)

    def _draw_dots(self, ax: Any) -> None:
        """Draw the dots of all groups in turns."""
        (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
        size, raster = self._size(ax), self.number > RASTER_ABOVE
        for turn in range(_TURNS):
            for name, look in zip(self.groups, LOOKS, strict=False):
                x, y = self.dots[name][turn::_TURNS].T
                seen = (x > west) & (x < east) & (y > south) & (y < north)
                face = look.colour if look.filled else "none"
                area = (size * look.larger) ** 2
                kind = {"edgecolors": look.colour} if look.filled or look.marker != "x" else {"c": look.colour}
                colours = {"facecolors": face, **kind} if "edgecolors" in kind else kind
                ax.scatter(
                    x[seen], y[seen], s=area, marker=look.marker, zorder=4, rasterized=raster,
                    linewidths=0 if look.filled else 0.22 * size, **colours,
                )  # fmt: skip

    def _least(self) -> float:
        """Find for how many people a dot must stand so that most dots keep apart on a page of letter size."""
        import shapely

        west, south, east, north = self.bounds
        point = max((east - west) / _PANEL[0], (north - south) / _PANEL[1])
        people = self.people[self.inhabited].sum(axis=1).to_numpy()
        shapes = self.shapes[self.inhabited][people > 0]
        if not len(shapes):
            return 0.0
        people = people[people > 0]
        land = shapely.area(shapes) / people
        order = np.argsort(land)
        at = np.searchsorted(np.cumsum(people[order]), _CROWDED * people.sum())
        return float((_APART * point) ** 2 / land[order][at])

    def _size(self, ax: Any) -> float:
        """Choose the width of a dot, in points: half the distance of dots where they stand close, within bounds."""
        return float(np.clip(0.55 * self.spacing / frame_scale(ax), _SMALLEST, _LARGEST))


def _counts(placement: Placement, name: str) -> pd.Series:
    """Return counts by unit, where some may be missing."""
    units = placement.units
    if name not in units.frame.columns:
        units.column(name)  # which says what is there
    values = units.frame[name].astype("float64")
    not_negative(values.dropna(), units.plural)
    return values
