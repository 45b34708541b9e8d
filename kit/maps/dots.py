"""Dots: where a group lives, one dot for so many people, each at a random place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.errors import InputError
from kit.i18n.messages import joined, say, term
from kit.maps.choropleth import draw_into
from kit.maps.context import add_context
from kit.maps.dot_ground import LOOKS, DotGround
from kit.maps.dot_places import FEWEST_PEOPLE
from kit.maps.dot_words import alt_of, cautions, describe_dots, district_table, findings, statement, twins
from kit.maps.facts import facts_of
from kit.maps.ground import require_polygons
from kit.maps.notes import page_notes
from kit.maps.page import SAMPLE_STAMP, Page
from kit.maps.record import Sheet, remember
from kit.model.frames import Placement
from kit.model.groups import base_of, definition


def map_dots(
    placement: Placement,
    *,
    group: str | Sequence[str],
    base: str,
    per: int | None = None,
    seed: int = 0,
    water: Any = None,
    title: str | None = None,
    extent: Sequence[float] | None = None,
    context: Any = None,
    page: str = "letter",
    ax: Any = None,
) -> Any:
    """Draw where one group or several live, one dot for so many people.

    Parameters
    ----------
    placement : Placement
        Units with polygons, placed in a plan.
    group : str or sequence of str
        Definition id, for example ``"asian_alone"``, or a column of a survey
        table, such as ``"hmong_alone"``; or up to five of them, each with its
        colour and shape.
    base : str
        Universe id, for example ``"vap"``, or the column of a survey table.
    per : int, optional
        People a dot stands for, 5 or more; by default a round number that
        gives at most 20,000 dots. More than 60,000 dots are refused.
    seed : int, default 0
        Of the random places; the same seed gives the same map.
    water : geopandas.GeoDataFrame or geopandas.GeoSeries, optional
        Areas of water, where no dot is placed; by default those of `context`.
    title : str, optional
        Heading of the page.
    extent : sequence of float, optional
        West, south, east and north in degrees; by default all inhabited units.
    context : Context or dict, optional
        Water, roads and places to draw, as `kit.read_context` gives them.
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
        Units have no polygons, groups are none, too many or twice the same,
        or `per` gives too many dots or dots for fewer than five people.
    SchemaError
        The units have no such counts.
    CoverageError
        The counts must not be added.
    CRSError
        The water has no CRS.

    Notes
    -----
    Drawn in an equal-area projection. In every district the dots of a group
    add up to its people over `per`, rounded to the nearest whole number; in
    every unit they are that quotient rounded up or down, by systematic
    sampling (`kit.maps.dot_places.dots_by_place`). Places are uniform over the
    area of the unit, less water. Units where nobody lives have no dots; where
    counts are missing or suppressed, units are hatched. Census blocks are
    never drawn one by one: their people are added up by block group, and dots
    stand anywhere in its inhabited blocks. No dot is a home, and the page
    says so.
    """
    names = _names(group)
    require_polygons(placement.units)
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise InputError(f"seed={seed!r}; pass a whole number, 0 or more.")
    if per is not None and (isinstance(per, bool) or not isinstance(per, int) or per < FEWEST_PEOPLE):
        raise InputError(
            f"per={per!r}; a dot stands for {FEWEST_PEOPLE} people or more: fewer would come close to showing homes."
        )
    ground = DotGround(placement, groups=names, base=base, per=per, seed=seed, water=water, extent=extent)
    layer = add_context(ground, context)
    if water is None and layer is not None and layer.water is not None:
        ground.set_water(layer.water)
    ground.place()
    table = district_table(ground)
    heading = title or _heading(ground)
    sources = tuple(dict.fromkeys([*placement.sources, *ground.more_sources]))
    if ax is None:
        panel = _page(ground, heading, page)
    else:
        panel = ax
        draw_into(ax, ground)
    told = findings(ground, table)
    alt = alt_of(ground, told)
    facts = facts_of(
        ground,
        [panel],
        whole=ax is None,
        counted=_counted(ground),
        legend=ground.legend_title,
        heads=(say("Dots"), say("Number of dots")),
        findings=told,
        notes=(statement(ground), *cautions(ground)),
        sources=sources,
        group=names[0],
        base=base,
    )
    remember(
        panel,
        Sheet(heading, (panel,), (alt,), describe_dots(ground, table, alt), twins(ground, table, heading), facts=facts),
    )
    return panel


def _names(group: str | Sequence[str]) -> tuple[str, ...]:
    """Check which groups are drawn."""
    names = (group,) if isinstance(group, str) else tuple(group)
    if not names or len(names) > len(LOOKS):
        raise InputError(
            f"{len(names)} groups: dots of one to {len(LOOKS)} groups can be told apart. Draw one map for some of "
            "them, or pass fewer."
        )
    found = tuple(definition(str(name)).name for name in names)
    if len(set(found)) < len(found):
        raise InputError(f"a group stands in group= twice: {', '.join(names)}.")
    return found


def _heading(ground: DotGround) -> str:
    """Say what is shown, without a claim."""
    noun = term(base_of(ground.base).noun)
    if len(ground.groups) == 1:
        return say("Where {noun} live: {group}", noun=noun, group=term(definition(ground.groups[0]).short))
    return say("Where {noun} of {count} groups live", noun=noun, count=len(ground.groups))


def _counted(ground: DotGround) -> str:
    """Say who is counted, with the definition ids."""
    rules = [definition(name) for name in ground.groups]
    counted = joined([say("{who} (definition {name})", who=term(r.long), name=r.name) for r in rules], "; ")
    return say("Counted: {counted}. Base: {base}.", counted=counted, base=term(base_of(ground.base).label))


def _page(ground: DotGround, heading: str, size: str) -> Any:
    """Draw on a page; return its panel."""
    placement = ground.placement
    begin = [statement(ground), _counted(ground)]
    notes = page_notes(
        ground, begin=begin, cautions=cautions(ground), placements=[placement], sources=ground.more_sources
    )
    stamp = SAMPLE_STAMP if ground.sample else ""
    page = Page(heading, ground.under(), notes, stamp=stamp, size=size, ground=ground)
    panel = page.panels[0]
    ground.draw(panel, inset=True)
    page.scale(ground, panel)
    page.beside(ground)
    return panel
