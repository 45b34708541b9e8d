"""One district or community close up: what is drawn, and where it lies in the plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kit.i18n.messages import joined, say
from kit.maps import style
from kit.maps.columns import LOCATOR
from kit.maps.facts import LOCATOR as LABEL
from kit.maps.ink import draw_lines, fill_shapes, swatch
from kit.maps.lettering import families, shown
from kit.maps.page import Page
from kit.maps.scene import Scene
from kit.maps.shapes import simplify_for
from kit.model.frames import Placement

# Room around what is looked at, as a share of its larger side; light over everything else.
_PAD, _VEIL = 0.08, 0.62
_WIDE = 2.6
_MUTED, _INK, _FOUND = "#f0f0f0", "#8d8d8d", style.AREA


class ZoomScene(Scene):
    """A map of shares that shows one district or area, with everything else muted.

    Parameters
    ----------
    placement : Placement
        Units with polygons, placed in a plan.
    group, base : str
        Definition id and universe id.
    breaks : sequence of float
        Class bounds.
    """

    def __init__(self, placement: Placement, *, group: str, base: str, breaks: Sequence[float]) -> None:
        super().__init__(placement, group=group, base=base, breaks=breaks)
        self.name = ""
        self.target: Any = None
        self.inside = np.zeros(len(self.units), dtype=bool)
        self._only: Any = None

    @property
    def legend_title(self) -> str:
        """What the colours mean, and of what the legend's numbers are.

        Returns
        -------
        str
            Universe, group, definition id, and where units are counted.
        """
        return joined([super().legend_title, say("Numbers are of {name}", name=self.name)], "\n")

    @property
    def is_weak(self) -> Any:
        """Tell which shares shown are of low reliability.

        Returns
        -------
        numpy.ndarray of bool
            One a unit.
        """
        return super().is_weak if self._only is None else super().is_weak & self._only

    def fill_handles(self, plural: str) -> list[Any]:
        """Make legend entries that count the units close up only.

        Parameters
        ----------
        plural : str
            What is counted, after each number.

        Returns
        -------
        list of matplotlib.artist.Artist
            In legend order.
        """
        index = self.index
        try:
            self.index, self._only = np.where(self.inside, index, -2), self.inside
            return super().fill_handles(plural)
        finally:
            self.index, self._only = index, None

    def look_at(self, name: str, target: Any, inside: Any, *, dashed: bool = False) -> None:
        """Choose what is shown close up.

        Parameters
        ----------
        name : str
            What it is called.
        target : shapely.Geometry
            Its outline, in the projection.
        inside : numpy.ndarray of bool
            Which units are in it.
        dashed : bool
            Whether its outline is dashed, as that of a community is.
        """
        import shapely

        self.name, self.target, self.inside = name, target, np.asarray(inside, dtype=bool)
        lived = self.inside & (self.lived > 0)
        use = lived if lived.any() else self.inside
        west, south, east, north = shapely.total_bounds(self.shapes[use]) if use.any() else target.bounds
        pad = _PAD * max(east - west, north - south)
        self.bounds = (west - pad, south - pad, east + pad, north + pad)
        self.outside = self._outside()
        self.overlays.append(ZoomLayer(name, target, dashed=dashed))


class ZoomLayer:
    """The outline of what is shown close up, and a light veil over everything else.

    Parameters
    ----------
    name : str
        What it is called.
    target : shapely.Geometry
        Its outline, in the projection.
    dashed : bool
        Whether its outline is dashed.
    """

    def __init__(self, name: str, target: Any, *, dashed: bool) -> None:
        self.name, self.target = name, target
        self.dashes: Any = (0, (3.6, 1.4)) if dashed else "solid"

    def handles(self) -> list[Any]:
        """Make legend entries.

        Returns
        -------
        list of matplotlib.artist.Artist
            The outline, and what is muted.
        """
        from matplotlib.lines import Line2D

        outline = Line2D([], [], color=_FOUND, linewidth=_WIDE, linestyle=self.dashes, label=self.name)
        return [outline, swatch(say("outside it: the same colours, paler"), facecolor="#e6e6ea", edgecolor=_INK)]

    def paint(self, ax: Any, *, without: tuple[float, float, float, float] | None = None) -> list[Any]:  # noqa: ARG002
        """Draw veil and outline inside the limits of axes.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Where to draw.
        without : tuple of float, optional
            A part that an inset shows.

        Returns
        -------
        list of shapely.Geometry
            Nothing is written.
        """
        import shapely

        (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
        frame = shapely.box(west, south, east, north)
        rest = shapely.difference(frame, shapely.make_valid(self.target))
        veil = np.array([rest], dtype=object)
        fill_shapes(ax, veil, order=4.4, facecolor="#ffffff", alpha=_VEIL, edgecolor="none", linewidth=0)
        draw_lines(ax, [self.target], width=_WIDE, order=7.5, colour=_FOUND, dashes=self.dashes)
        return []


def locate_in_plan(page: Page, scene: ZoomScene, words: str) -> None:
    """Draw where in the plan the district or area lies, at the foot of the last column.

    Parameters
    ----------
    page : Page
        The page.
    scene : ZoomScene
        What was drawn.
    words : str
        What stands over the small map.
    """
    import shapely

    column, size = page.columns[-1], page.size
    high = min(1.25 * LOCATOR, column.free() - column.bottom - 0.3)
    if high < 0.6:
        return
    box = (column.left / size.width, (column.bottom + 0.02) / size.height, column.wide / size.width, high / size.height)
    ax = page.figure.add_axes(box, label=LABEL)
    ax.set_axis_off()
    ax.set_aspect("equal")
    lived = scene.lived > 0
    west, south, east, north = shapely.total_bounds(scene.shapes[lived] if lived.any() else scene.shapes)
    ax.set_xlim(west, east)
    ax.set_ylim(south, north)
    shapes = simplify_for(np.array(list(scene.districts.values()), dtype=object), (east - west) / 600)
    clipped = shapely.clip_by_rect(shapely.make_valid(shapes), west, south, east, north)
    fill_shapes(ax, clipped, facecolor=_MUTED, edgecolor=_INK, linewidth=0.4)
    found = shapely.clip_by_rect(shapely.make_valid(scene.target), west, south, east, north)
    fill_shapes(ax, np.array([found], dtype=object), facecolor=_FOUND, edgecolor=_FOUND, linewidth=1.0, order=3)
    ax.set_title(shown(words), fontsize=8, color=style.MUTED, family=list(families(words)), pad=2)
