"""Two plans side by side: one scale, one set of breaks, one legend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.errors import InputError
from kit.i18n.messages import say
from kit.maps.dress import bounds_for, dress, histogram_under
from kit.maps.focus import in_each
from kit.maps.notes import method_notes, subtitle
from kit.maps.page import SAMPLE_STAMP, Page
from kit.maps.record import remember
from kit.maps.scene import Scene
from kit.maps.sizes import page_size
from kit.model.frames import Placement


def map_compare(
    before: Placement,
    after: Placement,
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
    breaks : sequence of float, "jenks" or "quantile"
        Class bounds as fractions, the same for both panels; computed bounds
        are of the shares of both together, and come with their histogram.
    classes : int, optional
        How many classes to compute, from 2 to 7; only with computed bounds.
    focus : str or sequence of str, optional
        Districts to mark, in each plan that has them.
    context : Context or dict, optional
        Water, roads and places to draw, as `kit.read_context` gives them.
    title : str, optional
        Heading of the page.
    extent : sequence of float, optional
        West, south, east and north in degrees, the same for both panels.
    page : str, default "letter"
        Page size: ``"letter"``, ``"tabloid"``, ``"letter portrait"`` or ``"tabloid portrait"``. On a portrait
        page the panels stand one over the other where they are larger so.

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
    placements = (before, after)
    chosen = bounds_for(breaks, classes, placements, group=group, base=base, on_page=True)
    scenes = [Scene(placed, group=group, base=base, breaks=chosen.bounds, extent=extent) for placed in placements]
    marked = in_each(focus, placements)
    for scene, labels in zip(scenes, marked, strict=True):
        dress(scene, chosen, focus=labels, context=context)
    first = scenes[0]
    fullest = max(scenes, key=lambda scene: len(scene.focus))
    paper = Page(
        title or say("{what}, under two plans", what=first.heading),
        subtitle(*scenes),
        method_notes(scenes, more=first.notes(), sources=first.more_sources),
        panels=2,
        columns=_columns(page, first.bounds),
        captions=[scene.placement.plan.name for scene in scenes],
        stamp=SAMPLE_STAMP if any(scene.sample for scene in scenes) else "",
        size=page,
        ground=fullest,
        strips=True,
    )
    records = []
    for scene, panel in zip(scenes, paper.panels, strict=True):
        scene.draw(panel, inset=True)
        paper.scale(scene, panel)
        histogram_under(panel, scene)
        records.append(scene.record(panel, page=paper.artists))
        records[-1].heading = paper.heading
    paper.below(fullest)
    records[0].others = (records[1],)
    for panel, record in zip(paper.panels, records, strict=True):
        remember(panel, record)
    return paper.panels[0], paper.panels[1]


def _columns(page: str, bounds: tuple[float, float, float, float]) -> int:
    """Set two panels side by side, or one over the other where they are larger so on a portrait page."""
    size, (west, south, east, north) = page_size(page), bounds
    if not size.portrait:
        return 2
    wide, high = size.width - 0.8, size.height - 4.4
    beside = min((wide - 0.25) / 2 / (east - west), high / (north - south))
    return 1 if min(wide / (east - west), (high - 1.0) / 2 / (north - south)) > beside else 2
