"""What may be added to a map of shares: computed bounds, districts in focus, water, roads and places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.maps.breaks import Breaks, choose_breaks, draw_histogram
from kit.maps.context import add_context
from kit.maps.focus import add_focus
from kit.maps.scene import Scene
from kit.maps.unit_figures import shares_at_hand
from kit.model.frames import Placement


def bounds_for(
    breaks: Sequence[float] | str,
    classes: int | None,
    placements: Sequence[Placement],
    *,
    group: str,
    base: str,
    on_page: bool,
) -> Breaks:
    """Take the bounds a map-maker chose, or compute them from the shares of all units of all panels.

    Parameters
    ----------
    breaks : sequence of float, "jenks" or "quantile"
        Bounds, or how to compute them.
    classes : int or None
        How many to compute.
    placements : sequence of Placement
        One a panel.
    group, base : str
        Definition id and universe id.
    on_page : bool
        Whether there is room for the histogram.

    Returns
    -------
    Breaks
        The same for every panel.
    """
    shares: list[Any] = []
    if isinstance(breaks, str):
        for one in placements:
            found = shares_at_hand(one.units, group=group, base=base)["share"]
            # Two plans over the same counts have the same shares, which are counted once.
            if not any(found.equals(other) for other in shares):
                shares.append(found)
    return choose_breaks(breaks, classes, shares, on_page=on_page)


def dress(scene: Scene, chosen: Breaks, *, focus: Any = None, context: Any = None) -> None:
    """Add to a scene what was asked for.

    Parameters
    ----------
    scene : Scene
        What will be drawn.
    chosen : Breaks
        Its bounds.
    focus : str, int, sequence of str or None
        Districts to mark.
    context : Context, dict or None
        Water, roads and places.
    """
    scene.chosen = chosen
    add_context(scene, context)
    scene.focus = add_focus(scene, focus)


def histogram_under(panel: Any, scene: Scene) -> None:
    """Draw the histogram under a map whose bounds were computed.

    Parameters
    ----------
    panel : matplotlib.axes.Axes
        The map.
    scene : Scene
        What was drawn.
    """
    if scene.chosen.method:
        draw_histogram(panel, scene.chosen, scene.classes)
