"""What an exhibit says of a map of areas, of change, of clusters or of many plans, gathered when it is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.i18n.messages import Message, say, term
from kit.maps.page import drawn_extent
from kit.model.crs import describe
from kit.model.frames import Placement, Units
from kit.model.groups import base_of, definition
from kit.model.source import Source
from kit.settings import language_in_force

if TYPE_CHECKING:
    from kit.maps.ground import Ground

LOCATOR = "locator"
"""Label of the axes that show where the map lies."""


@dataclass(frozen=True)
class Key:
    """One row of a legend.

    Parameters
    ----------
    words : str
        What it means.
    count : str
        How much of it there is, if that is told.
    handle : matplotlib.artist.Artist
        How it looks: a legend entry.
    """

    words: str
    count: str
    handle: Any


@dataclass(frozen=True)
class Facts:
    """Everything that must stand beside a map on an exhibit.

    Parameters
    ----------
    units : Units
        What was drawn.
    placements : tuple of Placement
        The plans drawn, in their order.
    counted : str
        Who was counted among whom, with the definition id.
    legend : str
        What colours, patterns and lines mean.
    heads : tuple of str
        Headings of the legend's meanings and counts.
    keys : tuple of Key
        Its rows.
    findings : tuple of str
        What the map shows, in plain sentences.
    notes : tuple of str
        What a reader must know of it.
    sources : tuple of Source
        Of everything drawn.
    crs : str
        Projection, in words.
    outside : str
        Who lives outside the frame; empty when nobody does.
    extent : geopandas.GeoSeries
        What is shown, as one rectangle in the projection.
    around : tuple of matplotlib.artist.Artist
        Title, legend and notes of the pages, which an exhibit sets in type itself.
    whole : bool
        Whether the drawing is a page of the kit, not axes of the caller's own.
    group, base : str
        Definition id and universe id, where a group is counted.
    short : tuple of tuple of str
        Short names on the map and what they stand for.
    scale_bar, arrow : bool
        Whether those were drawn.
    audience : str
        Who may see it: ``"public"``, ``"commission"`` or ``"internal"``.
    """

    units: Units
    placements: tuple[Placement, ...]
    counted: str
    legend: str
    heads: tuple[str, str]
    keys: tuple[Key, ...]
    findings: tuple[str, ...]
    notes: tuple[str, ...]
    sources: tuple[Source, ...]
    crs: str
    outside: str
    extent: Any
    around: tuple[Any, ...]
    whole: bool
    group: str = ""
    base: str = ""
    short: tuple[tuple[str, str], ...] = ()
    scale_bar: bool = True
    arrow: bool = True
    audience: str = "public"


def facts_of(
    ground: Ground,
    panels: Sequence[Any],
    *,
    whole: bool,
    counted: str,
    legend: str,
    heads: tuple[str, str],
    findings: Sequence[str],
    notes: Sequence[str] = (),
    keys: Sequence[Key] | None = None,
    placements: Sequence[Placement] | None = None,
    sources: Sequence[Source] | None = None,
    group: str = "",
    base: str = "",
    short: Sequence[tuple[str, str]] = (),
    audience: str = "public",
) -> Facts:
    """Gather what an exhibit says of a map.

    Parameters
    ----------
    ground : Ground
        What was drawn.
    panels : sequence of matplotlib.axes.Axes
        One on each page.
    whole : bool
        Whether it stands on pages of the kit.
    counted : str
        Who was counted among whom, with the definition id.
    legend : str
        What colours, patterns and lines mean.
    heads : tuple of str
        Headings of the legend's meanings and counts.
    findings : sequence of str
        What the map shows, in plain sentences.
    notes : sequence of str
        What a reader must know of it.
    keys : sequence of Key, optional
        Rows of the legend; by default those of the ground.
    placements : sequence of Placement, optional
        The plans drawn; by default that of the ground.
    sources : sequence of Source, optional
        By default those of the ground.
    group, base : str
        Definition id and universe id, where a group is counted.
    short : sequence of tuple of str
        Short names on the map and what they stand for.
    audience : str
        Who may see it.

    Returns
    -------
    Facts
        For `Sheet`.
    """
    own = () if ground.placement is None else (ground.placement,)
    return Facts(
        units=ground.units,
        placements=own if placements is None else tuple(placements),
        counted=counted,
        legend=legend,
        heads=heads,
        keys=tuple(keys_of(ground.handles()) if keys is None else keys),
        findings=tuple(findings),
        notes=tuple(notes),
        sources=tuple(ground.sources if sources is None else sources),
        crs=describe(ground.crs),
        outside=ground.outside,
        extent=drawn_extent(ground, panels[0]),
        around=tuple(artist for panel in panels for artist in around_maps(panel.figure)) if whole else (),
        whole=whole,
        group=group,
        base=base,
        short=tuple(short),
        audience=audience,
    )


def counted_words(group: str, base: str) -> str:
    """Say who was counted, among whom.

    Parameters
    ----------
    group, base : str
        Definition id and universe id; empty, or everyone, where no group is counted.

    Returns
    -------
    str
        One or two sentences.
    """
    if not group or group == "total":
        return say("Counted: all people. No group is counted apart.")
    rule = definition(group)
    return say(
        "Counted: {long} (definition {name}). Base: {base}.",
        long=term(rule.long),
        name=rule.name,
        base=term(base_of(base).label),
    )


def share_words(group: str, base: str) -> str:
    """Write the heading of a legend of shares.

    Parameters
    ----------
    group, base : str
        Definition id and universe id.

    Returns
    -------
    str
        Universe, group and definition id.
    """
    rule = definition(group)
    return say(
        "Share of {base}: {group} (definition {name})",
        base=term(base_of(base).label),
        group=term(rule.short),
        name=rule.name,
    )


def keys_of(handles: Sequence[Any]) -> list[Key]:
    """Read the rows of a legend from its entries.

    Parameters
    ----------
    handles : sequence of matplotlib.artist.Artist
        Legend entries; those made by `kit.maps.ink.swatch` know their words and counts.

    Returns
    -------
    list of Key
        Words and counts apart.
    """
    rows = []
    for handle in handles:
        plain = Message(handle.get_label(), language=language_in_force())
        rows.append(Key(getattr(handle, "words", plain), getattr(handle, "count", ""), handle))
    return rows


def around_maps(figure: Any) -> Iterator[Any]:
    """List what stands around the maps or charts of a page: all but themselves and their captions.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The page.

    Yields
    ------
    matplotlib.artist.Artist
        Words, legends and the locator.
    """
    for artist in (*figure.texts, *figure.legends, *figure.artists, *figure.lines, *figure.patches):
        if artist.get_gid() != "caption":
            yield artist
    yield from (axes for axes in figure.axes if axes.get_label() == LOCATOR)
