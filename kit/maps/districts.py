"""A group's share by district."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.concentration import concentration
from kit.i18n.messages import say, term
from kit.maps.breaks import choose_breaks
from kit.maps.choropleth import draw_scene
from kit.maps.dress import dress
from kit.maps.hatch import WEAK_HATCH, draw_weak
from kit.maps.scene import Scene
from kit.maps.shapes import dissolve
from kit.model.frames import Placement

__all__ = ["WEAK_HATCH", "DistrictScene", "map_districts"]


class DistrictScene(Scene):
    """One map of a group's share by district, classed and ready to draw.

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
    land : shapely.Geometry, optional
        All units joined, in the projection, where the caller has it.

    Notes
    -----
    A district is filled where the units lie: the share says nothing of what lies beyond them.
    """

    all_units = True

    def __init__(
        self,
        placement: Placement,
        *,
        group: str,
        base: str,
        breaks: Sequence[float],
        extent: Sequence[float] | None = None,
        land: Any = None,
    ) -> None:
        super().__init__(placement, group=group, base=base, breaks=breaks, extent=extent)
        self.land = land
        # Districts that hold none of the units are no class of the map: they stay white.
        held = self.table.frame.index.isin(placement.assignment.dropna().astype(str))
        self.index = np.where(held, self.index, -2)
        noun = term(self.noun)
        weak = "reliability" in self.table.frame.columns
        self.without = say("no {noun}, or no share", noun=noun) if weak else say("no {noun}", noun=noun)

    @property
    def shown_values(self) -> pd.DataFrame:
        """What is put into classes.

        Returns
        -------
        pandas.DataFrame
            The figures by district.
        """
        return self.table.frame

    @property
    def plural(self) -> str:
        """What is counted in the classes.

        Returns
        -------
        str
            ``"districts"``.
        """
        return "districts"

    @property
    def advice(self) -> str:
        """What a reader should make of shares of low reliability.

        Returns
        -------
        str
            One sentence.
        """
        return say("They are cross-hatched.")

    def whole(self) -> Any:
        """Join all units.

        Returns
        -------
        shapely.Geometry
            In the projection.
        """
        if self.land is None:
            self.land = dissolve(self.shapes, np.full(len(self.shapes), ""))[""]
        return self.land

    def fill_handles(self, plural: str) -> list[Any]:
        """Make legend entries: classes with their counts, nobody, and low reliability.

        Parameters
        ----------
        plural : str
            What is counted, after each number.

        Returns
        -------
        list of matplotlib.artist.Artist
            In legend order.
        """
        return super().fill_handles("districts" if plural else "")

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
        import shapely

        labels = self.table.frame.index
        known = np.array([label in self.districts for label in labels])
        whole = np.array([self.districts[label] for label in labels[known]], dtype=object)
        if self.placement.plan.geometry is not None:
            whole = shapely.intersection(shapely.make_valid(whole), self.whole())
        self.fill_classes(ax, whole, self.index[known])
        draw_weak(ax, whole, self.index[known], self.is_weak[known], self.classes)


def map_districts(
    placement: Placement,
    *,
    group: str,
    base: str,
    breaks: Sequence[float] | str,
    classes: int | None = None,
    focus: str | Sequence[str] | None = None,
    context: Any = None,
    title: str | None = None,
    extent: Sequence[float] | None = None,
    page: str = "letter",
    ax: Any = None,
) -> Any:
    """Draw a group's share by district.

    Parameters
    ----------
    placement : Placement
        Units with polygons, placed in a plan.
    group : str
        Definition id, for example ``"aapi_aoic"``, or a column of a survey table.
    base : str
        Universe id, for example ``"vap"``, or the column of a survey table.
    breaks : sequence of float, "jenks" or "quantile"
        Class bounds as fractions, such as ``[0, .05, .1, .2, .3, .5, 1]``;
        classes are exactly these, each with its upper bound in it. Computed
        bounds come with a histogram of the shares, and do not compare with
        those of another map.
    classes : int, optional
        How many classes to compute, from 2 to 7; only with computed bounds.
    focus : str or sequence of str, optional
        Districts to mark by a heavy outline and a pattern along it.
    context : Context or dict, optional
        Water, roads and places to draw, as `kit.read_context` gives them.
    title : str, optional
        Heading of the page; by default what is shown and where.
    extent : sequence of float, optional
        West, south, east and north in degrees; by default all inhabited units.
    page : str, default "letter"
        Page size: ``"letter"``, ``"tabloid"``, ``"letter portrait"`` or ``"tabloid portrait"``.
    ax : matplotlib.axes.Axes, optional
        Draw into these axes, with a legend inside them, instead of on a page.

    Returns
    -------
    matplotlib.axes.Axes
        The map. Nothing is shown or saved.

    Raises
    ------
    InputError
        Units have no polygons, the breaks cannot be used, a district is none of
        the plan, or a layer of the context cannot be used.
    SchemaError
        The units have no such counts.

    Notes
    -----
    Drawn in an equal-area projection centred on the units, and filled only
    where they lie. Districts without anybody are grey and hatched; a share of
    low reliability is cross-hatched. One colour a district hides where in it
    people live; `map_share` shows that.
    """
    shares = [concentration(placement, group=group, base=base).frame["share"]] if isinstance(breaks, str) else []
    chosen = choose_breaks(breaks, classes, shares, on_page=ax is None)
    scene = DistrictScene(placement, group=group, base=base, breaks=chosen.bounds, extent=extent)
    dress(scene, chosen, focus=focus, context=context)
    return draw_scene(scene, title=title, page=page, ax=ax)
