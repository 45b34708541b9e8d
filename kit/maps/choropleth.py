"""A group's share by unit, with district lines over it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.maps import furniture
from kit.maps.ground import Ground
from kit.maps.ink import small_legend
from kit.maps.notes import method_notes, subtitle
from kit.maps.page import SAMPLE_STAMP, Page
from kit.maps.record import remember
from kit.maps.scene import Scene
from kit.model.frames import Placement


def map_share(
    placement: Placement,
    *,
    group: str,
    base: str,
    breaks: Sequence[float],
    title: str | None = None,
    extent: Sequence[float] | None = None,
    ax: Any = None,
) -> Any:
    """Draw a group's share by unit, with district outlines and numbers.

    Parameters
    ----------
    placement : Placement
        Units with polygons, placed in a plan.
    group : str
        Definition id, for example ``"aapi_aoic"``, or a column of a survey
        table, such as ``"hmong_alone"``.
    base : str
        Universe id, for example ``"vap"``, or the column of a survey table
        that contains the group, such as ``"asian_alone_pop"``.
    breaks : sequence of float
        Class bounds as fractions, such as ``[0, .05, .1, .2, .3, .5, 1]``;
        classes are exactly these, each with its upper bound in it.
    title : str, optional
        Heading of the page; by default what is shown and where.
    extent : sequence of float, optional
        West, south, east and north in degrees; by default all inhabited units.
    ax : matplotlib.axes.Axes, optional
        Draw into these axes, with a legend inside them, instead of on a page
        of letter size with legend, locator, scale bars, arrow and notes.

    Returns
    -------
    matplotlib.axes.Axes
        The map. Nothing is shown or saved.

    Raises
    ------
    InputError
        Units have no polygons, or the breaks cannot be used.

    Notes
    -----
    Drawn in an equal-area projection centred on the units. Units where nobody
    lives are grey and hatched, never in the lowest class. Where shares are
    estimates, a note counts those of low reliability.
    """
    scene = Scene(placement, group=group, base=base, breaks=breaks, extent=extent)
    return draw_scene(scene, title=title, ax=ax)


def draw_scene(scene: Scene, *, title: str | None, ax: Any) -> Any:
    """Draw one map of shares on a page, or into axes.

    Parameters
    ----------
    scene : Scene
        What to draw.
    title : str or None
        Heading of the page.
    ax : matplotlib.axes.Axes or None
        Axes of the caller's.

    Returns
    -------
    matplotlib.axes.Axes
        The map.
    """
    if ax is not None:
        draw_into(ax, scene)
        remember(ax, scene.record(ax, page=[]))
        return ax
    stamp = SAMPLE_STAMP if scene.sample else ""
    page = Page(title or scene.heading, subtitle(scene), method_notes([scene]), stamp=stamp)
    panel = page.panels[0]
    scene.draw(panel, inset=True)
    page.scale(scene, panel)
    page.beside(scene)
    remember(panel, scene.record(panel, page=page.artists))
    return panel


def draw_into(ax: Any, scene: Ground) -> None:
    """Draw a map into axes of the caller's, with its legend, scale bars and arrow inside.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    scene : Ground
        What to draw.
    """
    scene.draw(ax)
    furniture.scale_bar(ax, stretch=scene.stretch(ax))
    furniture.north_arrow(ax, place=(0.95, 0.88), angle=scene.north(ax))
    small_legend(ax, scene)
