"""A group's share by unit, with district lines over it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.maps import furniture
from kit.maps.dress import bounds_for, dress, histogram_under
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
    breaks: Sequence[float] | str,
    classes: int | None = None,
    focus: str | Sequence[str] | None = None,
    context: Any = None,
    title: str | None = None,
    extent: Sequence[float] | None = None,
    page: str = "letter",
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
        Draw into these axes, with a legend inside them, instead of on a page
        of that size with legend, locator, scale bars, arrow and notes.

    Returns
    -------
    matplotlib.axes.Axes
        The map. Nothing is shown or saved.

    Raises
    ------
    InputError
        Units have no polygons, the breaks cannot be used, a district is none of
        the plan, or a layer of the context cannot be used.

    Notes
    -----
    Drawn in an equal-area projection centred on the units. Units where nobody
    lives are grey and hatched, never in the lowest class; units whose counts
    are suppressed are dotted. Where shares are estimates, those of low
    reliability are cross-hatched over their colour and counted.
    """
    chosen = bounds_for(breaks, classes, [placement], group=group, base=base, on_page=ax is None)
    scene = Scene(placement, group=group, base=base, breaks=chosen.bounds, extent=extent)
    dress(scene, chosen, focus=focus, context=context)
    return draw_scene(scene, title=title, page=page, ax=ax)


def draw_scene(scene: Scene, *, title: str | None, page: str = "letter", ax: Any) -> Any:
    """Draw one map of shares on a page, or into axes.

    Parameters
    ----------
    scene : Scene
        What to draw.
    title : str or None
        Heading of the page.
    page : str
        Page size.
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
    notes = method_notes([scene], more=scene.notes(), sources=scene.more_sources)
    paper = Page(title or scene.heading, subtitle(scene), notes, stamp=stamp, size=page, ground=scene)
    panel = paper.panels[0]
    scene.draw(panel, inset=True)
    paper.scale(scene, panel)
    histogram_under(panel, scene)
    paper.beside(scene)
    record = scene.record(panel, page=paper.artists)
    record.heading = paper.heading
    remember(panel, record)
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
