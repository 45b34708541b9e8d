"""One map of a group's share by unit: the data classed and ready to draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from kit.analysis.concentration import concentration, unit_shares
from kit.maps import style
from kit.maps.ground import Ground, require_polygons
from kit.maps.ink import RASTER_ABOVE, fill_shapes
from kit.maps.page import drawn_extent
from kit.maps.record import MapRecord
from kit.model.crs import describe
from kit.model.frames import Placement
from kit.model.groups import BASES, definition


class Scene(Ground):
    """One map's data, projected, classed and ready to draw.

    Parameters
    ----------
    placement : Placement
        Units with polygons, placed in a plan.
    group, base : str
        Definition id and universe id.
    breaks : sequence of float
        Class bounds.
    extent : sequence of float, optional
        West, south, east and north in degrees; by default all inhabited units.
    """

    placement: Placement

    def __init__(
        self,
        placement: Placement,
        *,
        group: str,
        base: str,
        breaks: Sequence[float],
        extent: Sequence[float] | None = None,
    ) -> None:
        units = placement.units
        require_polygons(units)
        self.classes = style.classes(breaks)
        self.table = concentration(placement, group=group, base=base)
        self.values = unit_shares(units, group=group, base=base)
        shown = self.shown_values
        self.index = self.classes.index(shown["share"]).to_numpy()
        lived = bool((shown["base"][self.index < 0] > 0).any())
        self.without = f"no {BASES[base].noun}{', or no share (see notes)' if lived else ''}"
        super().__init__(
            units,
            lived=self.values["base"].to_numpy(),
            placement=placement,
            extent=extent,
            noun=BASES[base].noun,
        )

    @property
    def shown_values(self) -> pd.DataFrame:
        """What is put into classes.

        Returns
        -------
        pandas.DataFrame
            ``base`` and ``share``, by unit; with ``reliability`` where shares are estimates.
        """
        return self.values

    @property
    def heading(self) -> str:
        """What is shown, without a claim.

        Returns
        -------
        str
            Group and universe.
        """
        return f"{definition(self.table.group).short}: share of {BASES[self.table.base].label}"

    @property
    def legend_title(self) -> str:
        """What the colours mean.

        Returns
        -------
        str
            Universe, group and definition id.
        """
        rule = definition(self.table.group)
        return f"Share of {BASES[self.table.base].label}\n{rule.short}\n(definition {rule.name})"

    @property
    def small_title(self) -> str:
        """What the colours mean, over a small legend whose entries carry bare counts.

        Returns
        -------
        str
            The legend's title and what is counted.
        """
        return f"{self.legend_title}\n(number of {self.plural})"

    @property
    def plural(self) -> str:
        """What is counted in the classes.

        Returns
        -------
        str
            The plural of the units.
        """
        return self.units.plural

    def weak(self) -> str:
        """Count the units whose share sampling error leaves next to nothing of.

        Returns
        -------
        str
            One or two sentences; none where shares are no estimates, or none is weak.
        """
        if "reliability" not in self.shown_values.columns:
            return ""
        weak = (self.shown_values["reliability"] == "low").sum()
        shown = self.shown_values["share"].notna().sum()
        told = f"Sampling error: the share is of low reliability in {weak:,} of {shown:,} {self.plural} that have one."
        return f"{told} {self.advice}" if weak else ""

    @property
    def advice(self) -> str:
        """What a reader should make of shares of low reliability.

        Returns
        -------
        str
            One sentence.
        """
        return f"Read the pattern and the district figures, not single {self.plural}."

    def counts(self) -> tuple[int, ...]:
        """Count the units in each class.

        Returns
        -------
        tuple of int
            Lowest class first.
        """
        return tuple(int((self.index == i).sum()) for i in range(len(self.classes)))

    def fill_handles(self, plural: str) -> list[Any]:
        """Make legend entries: classes with their counts, highest share first, and nobody.

        Parameters
        ----------
        plural : str
            What is counted, after each number.

        Returns
        -------
        list of matplotlib.artist.Artist
            In legend order.
        """
        from matplotlib.patches import Patch

        rows: list[Any] = [
            Patch(
                facecolor=colour,
                edgecolor=style.INK,
                linewidth=0.4,
                label=f"{words}   ({f'{count:,} {plural}'.strip()})",
            )
            for words, colour, count in zip(self.classes.labels, self.classes.colours, self.counts(), strict=True)
        ][::-1]
        empty = int((self.index == -1).sum())
        if empty:
            look: dict[str, Any] = {"facecolor": style.EMPTY, "edgecolor": style.HATCH_INK, "hatch": style.EMPTY_HATCH}
            rows.append(Patch(**look, linewidth=0.4, label=f"{self.without}   ({f'{empty:,} {plural}'.strip()})"))
        return rows

    def record(self, ax: Any, *, page: list[Any]) -> MapRecord:
        """Write down what was drawn.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Drawn axes.
        page : list of matplotlib.artist.Artist
            What stands around the map.

        Returns
        -------
        MapRecord
            For the exhibit, the alt text and the table.
        """
        return MapRecord(
            table=self.table,
            classes=self.classes,
            class_counts=self.counts(),
            empty=int((self.index == -1).sum()),
            plural=self.plural,
            crs=describe(self.crs),
            north_up=abs(self.north(ax)) < 1,
            panel=ax,
            extent=drawn_extent(self, ax),
            outside=self.outside,
            page=page,
            scale_bar=True,
            arrow=True,
            without=self.without,
        )

    def fill(self, ax: Any, shapes: Any, shown: Any) -> None:
        """Fill each class in its colour, and empty units in hatched grey.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Where to draw.
        shapes : numpy.ndarray of shapely.Geometry
            The shapes to draw.
        shown : numpy.ndarray of int
            Positions of their units.
        """
        self.fill_classes(ax, shapes, self.index[shown])

    def fill_classes(self, ax: Any, shapes: Any, index: Any) -> None:
        """Fill shapes in the colours of their classes.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Where to draw.
        shapes : numpy.ndarray of shapely.Geometry
            Polygons.
        index : numpy.ndarray of int
            Number of the class of each; −1 for nobody, less for what is not filled.
        """
        raster = len(shapes) > RASTER_ABOVE
        if (index == -1).any():
            look: dict[str, Any] = {"facecolor": style.EMPTY, "edgecolor": style.HATCH_INK, "hatch": style.EMPTY_HATCH}
            fill_shapes(ax, shapes[index == -1], linewidth=0, raster=raster, **look)
        for number, colour in enumerate(self.classes.colours):
            found = shapes[index == number]
            fill_shapes(ax, found, facecolor=colour, edgecolor=colour, linewidth=0.15, raster=raster, order=2)
