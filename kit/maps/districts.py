"""A group's share by district."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kit.maps import style
from kit.maps.choropleth import draw_scene
from kit.maps.ink import fill_shapes
from kit.maps.scene import Scene
from kit.maps.shapes import dissolve
from kit.model.frames import Placement

WEAK_HATCH = "xxx"


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
        self.without = (
            f"no {self.noun}, or no share" if "reliability" in self.table.frame.columns else f"no {self.noun}"
        )

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
        return "They are cross-hatched."

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
        from matplotlib.patches import Patch

        rows = super().fill_handles("districts" if plural else "")
        weak = int(self._weak().sum())
        if weak:
            look: dict[str, Any] = {"facecolor": "white", "edgecolor": style.MUTED, "hatch": WEAK_HATCH}
            rows.append(Patch(**look, linewidth=0.4, label=f"share of low reliability   ({weak:,})"))
        return rows

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
        weak = self._weak().to_numpy()[known]
        if weak.any():
            fill_shapes(
                ax, whole[weak], hatch=WEAK_HATCH, facecolor="none", edgecolor=style.MUTED, linewidth=0, order=3
            )

    def _weak(self) -> pd.Series:
        """Tell which districts have a share of low reliability."""
        frame = self.table.frame
        if "reliability" not in frame.columns:
            return pd.Series(data=False, index=frame.index)
        return (frame["reliability"] == "low").fillna(value=False)


def map_districts(
    placement: Placement,
    *,
    group: str,
    base: str,
    breaks: Sequence[float],
    title: str | None = None,
    extent: Sequence[float] | None = None,
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
    breaks : sequence of float
        Class bounds as fractions, such as ``[0, .05, .1, .2, .3, .5, 1]``;
        classes are exactly these, each with its upper bound in it.
    title : str, optional
        Heading of the page; by default what is shown and where.
    extent : sequence of float, optional
        West, south, east and north in degrees; by default all inhabited units.
    ax : matplotlib.axes.Axes, optional
        Draw into these axes, with a legend inside them, instead of on a page.

    Returns
    -------
    matplotlib.axes.Axes
        The map. Nothing is shown or saved.

    Raises
    ------
    InputError
        Units have no polygons, or the breaks cannot be used.
    SchemaError
        The units have no such counts.

    Notes
    -----
    Drawn in an equal-area projection centred on the units, and filled only
    where they lie. Districts without anybody are grey and hatched; a share of
    low reliability is cross-hatched. One colour a district hides where in it
    people live; `map_share` shows that.
    """
    scene = DistrictScene(placement, group=group, base=base, breaks=breaks, extent=extent)
    return draw_scene(scene, title=title, ax=ax)
