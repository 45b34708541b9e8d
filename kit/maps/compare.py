"""Two plans side by side: one scale, one set of breaks, one legend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.errors import InputError
from kit.maps.notes import method_notes, subtitle
from kit.maps.page import SAMPLE_STAMP, Page
from kit.maps.record import remember
from kit.maps.scene import Scene
from kit.model.frames import Placement


def map_compare(
    before: Placement,
    after: Placement,
    *,
    group: str,
    base: str,
    breaks: Sequence[float],
    title: str | None = None,
    extent: Sequence[float] | None = None,
) -> tuple[Any, Any]:
    """Draw the same units under two plans, side by side.

    Parameters
    ----------
    before, after : Placement
        The same units placed in two plans.
    group : str
        Definition id.
    base : str
        Universe id.
    breaks : sequence of float
        Class bounds as fractions, the same for both panels.
    title : str, optional
        Heading of the page.
    extent : sequence of float, optional
        West, south, east and north in degrees, the same for both panels.

    Returns
    -------
    tuple of matplotlib.axes.Axes
        Left panel (before) and right panel (after), on one page.

    Raises
    ------
    InputError
        The two placements are not of the same units.
    """
    if not before.units.frame.index.equals(after.units.frame.index):
        raise InputError(
            f"the two plans were placed over different units ({len(before.units):,} and {len(after.units):,}); "
            "place both over the same units, so that colours and counts compare."
        )
    scenes = [Scene(placed, group=group, base=base, breaks=breaks, extent=extent) for placed in (before, after)]
    first = scenes[0]
    page = Page(
        title or f"{first.heading}, under two plans",
        subtitle(*scenes),
        method_notes(scenes),
        panels=2,
        captions=[scene.placement.plan.name for scene in scenes],
        stamp=SAMPLE_STAMP if any(scene.sample for scene in scenes) else "",
    )
    records = []
    for scene, panel in zip(scenes, page.panels, strict=True):
        scene.draw(panel, inset=True)
        page.scale(scene, panel)
        records.append(scene.record(panel, page=page.artists))
    page.below(first)
    records[0].others = (records[1],)
    for panel, record in zip(page.panels, records, strict=True):
        remember(panel, record)
    return page.panels[0], page.panels[1]
