"""One map of a group's share by unit: the data classed and ready to draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from kit.analysis.concentration import concentration
from kit.i18n.messages import joined, say, term
from kit.maps import style
from kit.maps.breaks import Breaks
from kit.maps.ground import Ground, require_polygons
from kit.maps.hatch import draw_weak, missing_handle, missing_look, weak_handle, weak_in
from kit.maps.ink import RASTER_ABOVE, fill_shapes, swatch
from kit.maps.page import drawn_extent
from kit.maps.record import MapRecord
from kit.maps.unit_figures import UNPUBLISHED, shares_at_hand, unit_twins
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
        self.values = shares_at_hand(units, group=group, base=base)
        shown = self.shown_values
        self.index = self.classes.index(shown["share"]).to_numpy(copy=True)
        self.index[(shown["base"].isna() | shown["count"].isna()).to_numpy()] = UNPUBLISHED
        self.chosen = Breaks(self.classes.bounds)
        self.focus: tuple[str, ...] = ()
        lived = bool((shown["base"][self.index < 0] > 0).any())
        noun = term(BASES[base].noun)
        self.without = say("no {noun}, or no share (see notes)", noun=noun) if lived else say("no {noun}", noun=noun)
        super().__init__(
            units,
            lived=self.values["base"].fillna(1.0).to_numpy(),
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
        group, base = term(definition(self.table.group).short), term(BASES[self.table.base].label)
        return say("{group}: share of {base}", group=group, base=base)

    @property
    def legend_title(self) -> str:
        """What the colours mean.

        Returns
        -------
        str
            Universe, group and definition id.
        """
        rule, base = definition(self.table.group), term(BASES[self.table.base].label)
        lines = [say("Share of {base}", base=base), term(rule.short), say("(definition {name})", name=rule.name)]
        return joined(lines, "\n")

    @property
    def small_title(self) -> str:
        """What the colours mean, over a small legend whose entries carry bare counts.

        Returns
        -------
        str
            The legend's title and what is counted.
        """
        return joined([self.legend_title, say("(number of {units})", units=term(self.plural))], "\n")

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
        weak = int((self.shown_values["reliability"] == "low").sum())
        told = say(
            "Sampling error: the share is of low reliability in {weak:,} of {shown:,} {units} that have one.",
            weak=weak,
            shown=int(self.shown_values["share"].notna().sum()),
            units=term(self.plural),
        )
        return joined([told, self.advice]) if weak else ""

    @property
    def advice(self) -> str:
        """What a reader should make of shares of low reliability.

        Returns
        -------
        str
            One sentence.
        """
        return say(
            "They are cross-hatched. Read the pattern and the district figures, not single {units}.",
            units=term(self.plural),
        )

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
        rows: list[Any] = [
            swatch(words, count, plural, facecolor=colour, edgecolor=style.INK)
            for words, colour, count in zip(self.classes.labels, self.classes.colours, self.counts(), strict=True)
        ][::-1]
        empty = int((self.index == -1).sum())
        if empty:
            look: dict[str, Any] = {"facecolor": style.EMPTY, "edgecolor": style.HATCH_INK, "hatch": style.EMPTY_HATCH}
            rows.append(swatch(self.without, empty, plural, **look))
        return [*rows, *self._patterns(plural)]

    def _patterns(self, plural: str) -> list[Any]:
        """Make the legend entries of units without a figure, and of shares of low reliability."""
        missing = int((self.index == UNPUBLISHED).sum())
        rows = [missing_handle(missing, plural)] if missing else []
        weak = int(self.is_weak.sum())
        return [*rows, *([weak_handle(weak, plural if self.plural == self.units.plural else "")] if weak else [])]

    @property
    def is_weak(self) -> Any:
        """Tell which shares shown are of low reliability.

        Returns
        -------
        numpy.ndarray of bool
            One for each that is put into classes.
        """
        return weak_in(self.shown_values)

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
            missing=int((self.index == UNPUBLISHED).sum()),
            weak=int(self.is_weak.sum()),
            focus=self.focus,
            notes=self.notes(),
            sources=self.more_sources,
            twins=unit_twins(self),
            marks=(*self._patterns(self.plural), *(row for overlay in self.overlays for row in overlay.handles())),
        )

    def notes(self) -> tuple[str, ...]:
        """Say what a reader must know beyond the notes of the figures.

        Returns
        -------
        tuple of str
            How class bounds were computed, where they were.
        """
        told = self.chosen.note(self.plural)
        return (told,) if told else ()

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
        draw_weak(ax, shapes, self.index[shown], self.is_weak[shown], self.classes)

    def fill_classes(self, ax: Any, shapes: Any, index: Any) -> None:
        """Fill shapes in the colours of their classes.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Where to draw.
        shapes : numpy.ndarray of shapely.Geometry
            Polygons.
        index : numpy.ndarray of int
            Number of the class of each; −1 for nobody, −3 without a published figure, −2 for what is not filled.
        """
        raster = len(shapes) > RASTER_ABOVE
        if (index == -1).any():
            look: dict[str, Any] = {"facecolor": style.EMPTY, "edgecolor": style.HATCH_INK, "hatch": style.EMPTY_HATCH}
            fill_shapes(ax, shapes[index == -1], linewidth=0, raster=raster, **look)
        if (index == UNPUBLISHED).any():
            fill_shapes(ax, shapes[index == UNPUBLISHED], linewidth=0, raster=raster, **missing_look())
        for number, colour in enumerate(self.classes.colours):
            found = shapes[index == number]
            fill_shapes(ax, found, facecolor=colour, edgecolor=colour, linewidth=0.15, raster=raster, order=2)
