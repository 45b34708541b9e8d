"""One district or one community close up, with its figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.errors import InputError, first_few
from kit.i18n.messages import joined, say
from kit.maps.areas import Areas, areas_of
from kit.maps.breaks import Breaks
from kit.maps.columns import table_height
from kit.maps.dress import bounds_for, dress, histogram_under
from kit.maps.facts import counted_words, facts_of, share_words
from kit.maps.ground import require_polygons
from kit.maps.notes import method_notes
from kit.maps.page import SAMPLE_STAMP, Page
from kit.maps.record import Sheet, remember, sheet_of
from kit.maps.sizes import page_size
from kit.maps.unit_figures import unit_twins
from kit.maps.zoom_scene import ZoomScene, locate_in_plan
from kit.maps.zoom_words import CloseUp, bound_facts, bound_twin, of_community, of_district
from kit.model.frames import Placement
from kit.model.geoid import natural_key
from kit.progress import meter

# Between the legend and the table of figures, in inches.
_GAP = 0.15


def map_zoom(
    placement: Placement,
    *,
    district: str | int | None = None,
    areas: Any = None,
    community: str | None = None,
    group: str,
    base: str,
    breaks: Sequence[float] | str,
    classes: int | None = None,
    context: Any = None,
    title: str | None = None,
    page: str = "letter",
) -> Any:
    """Draw one district, or one community, close up: shares by unit, its figures, and where it lies in the plan.

    Parameters
    ----------
    placement : Placement
        Units with polygons, placed in a plan.
    district : str, optional
        Label of the district.
    areas : Communities, Clusters or geopandas.GeoDataFrame, optional
        Named areas, where a community is drawn; polygons have their names in a column ``name``.
    community : str, optional
        Name of the community among `areas`.
    group, base : str
        Definition id and universe id, or columns of a survey table.
    breaks : sequence of float, "jenks" or "quantile"
        Class bounds, as in `map_share`; computed bounds are of all units, not of the district's alone.
    classes : int, optional
        How many classes to compute, from 2 to 7; only with computed bounds.
    context : Context or dict, optional
        Water, roads and places to draw, as `kit.read_context` gives them.
    title : str, optional
        Heading of the page.
    page : str, default "letter"
        Page size: ``"letter"``, ``"letter portrait"``, ``"tabloid"`` or ``"tabloid portrait"``.

    Returns
    -------
    matplotlib.axes.Axes
        The map. Nothing is shown or saved.

    Raises
    ------
    InputError
        Neither a district nor a community is named, or both are; there is no
        such one; units have no polygons; or the breaks cannot be used.
    SchemaError
        The units have no such counts, or polygons no names.
    CoverageError
        No area touches the units.

    Notes
    -----
    Everything outside is drawn in the same colours, paler. Counts of a
    community of few people, or of a single block, are left out.
    """
    require_polygons(placement.units)
    if (district is None) == (community is None):
        raise InputError("pass district= or, with areas=, community=: one of the two is shown close up.")
    if (community is None) != (areas is None):
        raise InputError("pass community= and areas= together: the name, and the areas it is one of.")
    chosen = bounds_for(breaks, classes, [placement], group=group, base=base, on_page=True)
    scene = _scene(placement, group, base, chosen, context)
    if district is not None:
        return _district(scene, _known(placement, str(district)), title=title, page=page)
    found = areas_of(areas, placement.units, scene.shapes, scene.crs)
    close = of_community(scene, found, _named(found, str(community)))
    scene.look_at(close.name, found.shapes[close.label], close.inside, dashed=True)
    return _drawn(scene, close, title=title, page=page, more=found.communities.sources)


def map_zooms(
    placement: Placement,
    *,
    districts: Sequence[str] | None = None,
    group: str,
    base: str,
    breaks: Sequence[float] | str,
    classes: int | None = None,
    context: Any = None,
    title: str | None = None,
    page: str = "letter",
) -> list[Any]:
    """Draw every district close up, one page a district, all with one legend.

    Parameters
    ----------
    placement : Placement
        Units with polygons, placed in a plan.
    districts : sequence of str, optional
        Labels; by default every district that holds some of the units.
    group, base : str
        Definition id and universe id, or columns of a survey table.
    breaks : sequence of float, "jenks" or "quantile"
        Class bounds, the same on every page.
    classes : int, optional
        How many classes to compute, from 2 to 7; only with computed bounds.
    context : Context or dict, optional
        Water, roads and places to draw, as `kit.read_context` gives them.
    title : str, optional
        Heading of the document; pages are headed by their district.
    page : str, default "letter"
        Page size.

    Returns
    -------
    list of matplotlib.axes.Axes
        One a page; `kit.save_map` writes them as one PDF.

    Raises
    ------
    InputError
        A label is no district of the plan, or there is none; or as in `map_zoom`.
    SchemaError
        The units have no such counts.
    """
    require_polygons(placement.units)
    held = sorted(placement.assignment.dropna().astype(str).unique(), key=natural_key)
    labels = held if districts is None else [_known(placement, str(label)) for label in districts]
    if not labels:
        raise InputError("there are no districts to draw: none holds any of the units, or the list is empty.")
    chosen = bounds_for(breaks, classes, [placement], group=group, base=base, on_page=True)
    drawn = []
    with meter("districts", total=len(labels)) as bar:
        for label in labels:
            scene = _scene(placement, group, base, chosen, context)
            drawn.append(_district(scene, label, title=None, page=page))
            bar.advance(1)
    sheets = [sheet for sheet in map(sheet_of, drawn) if sheet is not None]
    heading = title or say("The districts of {plan}, one by one", plan=placement.plan.name)
    whole = Sheet(
        heading=heading,
        panels=tuple(drawn),
        alt=tuple(sheet.alt[0] for sheet in sheets),
        description=joined([sheet.description for sheet in sheets], "\n\n"),
        twins=(bound_twin(sheets, heading),),
        facts=bound_facts(sheets),
    )
    for ax in drawn:
        remember(ax, whole)
    return drawn


def _scene(placement: Placement, group: str, base: str, chosen: Breaks, context: Any) -> ZoomScene:
    """Make the scene, with water, roads and places."""
    scene = ZoomScene(placement, group=group, base=base, breaks=chosen.bounds)
    dress(scene, chosen, context=context)
    return scene


def _district(scene: ZoomScene, label: str, *, title: str | None, page: str) -> Any:
    """Draw one district."""
    close = of_district(scene, label)
    scene.look_at(close.name, scene.districts[label], close.inside)
    return _drawn(scene, close, title=title, page=page)


def _drawn(scene: ZoomScene, close: CloseUp, *, title: str | None, page: str, more: Sequence[Any] = ()) -> Any:
    """Draw the page; return its panel."""
    heading = title or close.heading(scene)
    sources = [*scene.more_sources, *more]
    notes = method_notes([scene], more=[*scene.notes(), *close.notes], sources=sources)
    need = table_height(close.title, close.heads, close.table_rows(), 3.6) if page_size(page).portrait else 0.0
    stamp = SAMPLE_STAMP if scene.sample else ""
    paper = Page(heading, close.under(scene), notes, stamp=stamp, size=page, ground=scene, need=need)
    panel = paper.panels[0]
    scene.draw(panel, inset=False)
    paper.scale(scene, panel)
    histogram_under(panel, scene)
    column, rows = paper.columns[-1], close.table_rows()
    alone = column is paper.columns[0]
    after = table_height(close.title, close.heads, rows, column.wide) + _GAP if alone else 0.0
    paper.columns[0].legend(scene.handles(), title=scene.legend_title, after=after)
    column.top = column.free() - (_GAP if alone else 0.0)
    column.table(close.title, close.heads, rows)
    locate_in_plan(paper, scene, say("Where it lies in the plan"))
    told = close.findings()
    alt = close.alt(scene, told)
    group, base = scene.table.group, scene.table.base
    facts = facts_of(
        scene,
        [panel],
        whole=True,
        counted=counted_words(group, base),
        legend=share_words(group, base),
        heads=(say("Share"), scene.units.plural),
        findings=told,
        notes=[note for note in (scene.weak(), *scene.table.notes, *scene.notes(), *close.notes) if note],
        sources=tuple(dict.fromkeys([*scene.sources, *sources])),
        group=group,
        base=base,
    )
    twins = (*close.twins(scene, heading), *unit_twins(scene, always=True))
    remember(panel, Sheet(heading, (panel,), (alt,), close.describe(scene, alt), twins, facts))
    return panel


def _known(placement: Placement, label: str) -> str:
    """Check that a district is one of the plan."""
    if label not in placement.plan.labels:
        raise InputError(
            f"{placement.plan.name} has no district {label!r}; its districts are "
            f"{first_few(placement.plan.labels, 12)}."
        )
    return label


def _named(found: Areas, name: str) -> str:
    """Check that a community is one of the areas, and can be drawn."""
    if name not in found.shapes:
        raise InputError(
            f"no {found.kind} called {name!r} can be drawn; there are {first_few(list(found.shapes), 12) or 'none'}."
        )
    return name
