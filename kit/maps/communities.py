"""Named areas over districts, and over a group's share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.account import people_by_unit
from kit.analysis.area_counts import at_level
from kit.analysis.communities import CommunitySplits, community_splits
from kit.errors import InputError
from kit.i18n.messages import capital, each, joined, retold, say, term
from kit.maps.areas import AreaLayer, Areas, areas_of
from kit.maps.choropleth import draw_into
from kit.maps.columns import key_height
from kit.maps.facts import Facts, counted_words, facts_of, share_words
from kit.maps.ground import Ground, require_polygons
from kit.maps.notes import method_notes, page_notes, plan_of, subtitle
from kit.maps.page import SAMPLE_STAMP, Page
from kit.maps.record import Sheet, Twin, remember
from kit.maps.scene import Scene
from kit.model.communities import KINDS
from kit.model.crs import describe
from kit.model.frames import Placement
from kit.model.groups import BASES, definition
from kit.model.sentences import RULE_WORDS, listed, number_of, people, percent
from kit.model.things import singular
from kit.settings import current

_NAMED = 5


def map_communities(
    placement: Placement,
    areas: Any,
    *,
    group: str | None = None,
    base: str | None = None,
    breaks: Sequence[float] | None = None,
    title: str | None = None,
    extent: Sequence[float] | None = None,
    page: str = "letter",
    ax: Any = None,
) -> Any:
    """Draw named areas over the districts of a plan, and over a group's share where one is given.

    Parameters
    ----------
    placement : Placement
        Units with polygons, placed in a plan.
    areas : Communities, Clusters or geopandas.GeoDataFrame
        Named areas; polygons have their names in a column ``name``.
    group, base : str, optional
        Definition id and universe id of the share under the outlines.
    breaks : sequence of float, optional
        Class bounds of that share. All three are given, or none.
    title : str, optional
        Heading of the page.
    extent : sequence of float, optional
        West, south, east and north in degrees; by default all inhabited units.
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
        Units have no polygons, some but not all of group, base and breaks are
        given, or the areas are none.
    SchemaError
        The units have no such counts, or polygons no names.
    CoverageError
        No area touches the units.

    Notes
    -----
    Drawn in an equal-area projection centred on the units. Outlines are dashed
    and each area is named: in it, beside it with a line, or, where there are
    more than twelve, by letters with a key. Areas that come as shares of units
    are drawn along whole units, and a note says so. Clusters are called
    clusters: they were found by arithmetic.
    """
    given = [value is not None for value in (group, base, breaks)]
    if any(given) and not all(given):
        raise InputError("pass group, base and breaks together for a map of shares under the areas, or none of them.")
    require_polygons(placement.units)
    scene: Ground
    if group is not None and base is not None and breaks is not None:
        scene = Scene(placement, group=group, base=base, breaks=breaks, extent=extent)
    else:
        lived = people_by_unit(placement.units).to_numpy(dtype="float64")
        scene = Ground(placement.units, lived=np.nan_to_num(lived, nan=1.0), placement=placement, extent=extent)
    found = areas_of(areas, placement.units, scene.shapes, scene.crs)
    splits = None
    if group is not None and base is not None:
        splits = community_splits(found.communities, placement, group=group, base=base)
    layer = AreaLayer(found, tinted=splits is None)
    scene.overlays.append(layer)
    table = _table(found, placement, splits)
    heading = title or _heading(found, scene, placement)
    cautions = _cautions(found, splits)
    if ax is None:
        panel = _page(scene, layer, cautions, heading, key=_key(layer, table), size=page)
    else:
        panel = ax
        draw_into(ax, scene)
    told = _finding(found, table, placement)
    labels = {} if splits is None else _labels(scene)
    twin = Twin(
        title=heading,
        frame=table,
        columns=_columns(table, found, splits),
        notes=(*cautions, *_left(layer)),
        sources=_sources(placement, found),
        labels={"plan": placement.plan.name, **labels},
    )
    alt = joined([_what(found, scene, placement), told])
    description = _describe(alt, table, scene, splits)
    facts = _facts(scene, panel, layer, [told], [*cautions, *_left(layer)], whole=ax is None)
    remember(panel, Sheet(heading, (panel,), (alt,), description, (twin,), facts))
    return panel


def _facts(scene: Ground, panel: Any, layer: AreaLayer, told: list[str], notes: list[str], *, whole: bool) -> Facts:
    """Gather what an exhibit says."""
    found, placement = layer.areas, scene.placement
    group, base = (scene.table.group, scene.table.base) if isinstance(scene, Scene) else ("", "")
    if isinstance(scene, Scene) and scene.weak():
        notes = [scene.weak(), *notes]
    return facts_of(
        scene,
        [panel],
        whole=whole,
        counted=counted_words(group, base),
        legend=share_words(group, base) if group else say("What patterns and lines mean"),
        heads=(say("Share") if group else say("Meaning"), scene.units.plural),
        findings=told,
        notes=notes,
        sources=_sources(placement, found) if placement is not None else None,
        group=group,
        base=base,
        short=[(short, name) for name, short in layer.short.items() if short != name],
    )


def _page(
    scene: Ground, layer: AreaLayer, cautions: tuple[str, ...], heading: str, *, key: list[tuple[str, str]], size: str
) -> Any:
    """Draw on a page; return its panel."""
    found = layer.areas
    if isinstance(scene, Scene):
        notes, under = method_notes([scene], more=cautions, sources=found.communities.sources), subtitle(scene)
    else:
        placements = [scene.placement] if scene.placement is not None else []
        notes = page_notes(scene, cautions=cautions, placements=placements, sources=found.communities.sources)
        under = say(
            "{plan}: {districts}, {units}.",
            plan=plan_of(placements[0].plan) if placements else "",
            districts=number_of(len(scene.districts), "districts"),
            units=number_of(len(scene.units), scene.units.plural),
        )
    under = joined([under, say("{areas}.", areas=found.several)])
    stamp = SAMPLE_STAMP if scene.sample else ""
    page = Page(heading, under, notes, stamp=stamp, size=size, ground=scene, need=key_height(key))
    panel = page.panels[0]
    scene.draw(panel, inset=True)
    page.scale(scene, panel)
    areas = term(KINDS[found.kind])
    by = say("{areas:capital}, by letter", areas=areas)
    if found.kind == "cluster":
        by = say("{areas:capital}, by number", areas=areas)
    page.beside(scene, key=key, key_title=by)
    return panel


def _key(layer: AreaLayer, table: pd.DataFrame) -> list[tuple[str, str]]:
    """Write the key of short names, with the share where there is one."""
    if not layer.keyed:
        return []
    rows = table.set_index("name")
    told = []
    for name, short in layer.short.items():
        share = rows["share"].get(name, np.nan) if "share" in rows else np.nan
        told.append((short, name if pd.isna(share) else say("{name} ({share})", name=name, share=percent(share))))
    return told


def _heading(found: Areas, scene: Ground, placement: Placement) -> str:
    """Say what is shown, without a claim."""
    areas = term(KINDS[found.kind])
    if isinstance(scene, Scene):
        return say("{areas:capital} over {what}", areas=areas, what=scene.heading)
    return say("{areas:capital} and the districts of {plan}", areas=areas, plan=placement.plan.name)


def _what(found: Areas, scene: Ground, placement: Placement) -> str:
    """Begin the alternative text: what and where."""
    names = list(found.shapes)
    areas, plan = found.several, placement.plan.name
    if len(names) <= _NAMED:
        areas = say("{areas} ({names})", areas=areas, names=listed(names))
    if isinstance(scene, Scene):
        return say(
            "Map of {areas} over the {base} share of {group} by {unit}, with the district lines of {plan}.",
            areas=areas,
            base=term(BASES[scene.table.base].label),
            group=term(definition(scene.table.group).short),
            unit=term(singular(scene.units.plural)),
            plan=plan,
        )
    return say("Map of {areas} with the district lines of {plan}.", areas=areas, plan=plan)


def _finding(found: Areas, table: pd.DataFrame, placement: Placement) -> str:
    """Say how many areas lie in one district, and which is divided most."""
    known = table[table["districts"] > 0]
    if not len(known):
        return say("None of these {areas} lies in a district.", areas=term(KINDS[found.kind]))
    whole = int((known["districts"] == 1).sum())
    most = known.loc[known["districts"].idxmax()]
    values = {"whole": whole, "number": len(known), "plan": placement.plan.name}
    if whole == 1:
        told = say("{whole:,} of {number:,} lies in one district of {plan}", **values)
    else:
        told = say("{whole:,} of {number:,} lie in one district of {plan}", **values)
    reach = int(most["districts"])
    if reach < 2:
        return say("{finding}.", finding=told)
    ties = int((known["districts"] == reach).sum())
    if ties == 1:
        name = str(most["name"])
        return say("{finding}; the most divided, {name}, reaches into {reach}.", finding=told, name=name, reach=reach)
    return say("{finding}; the most divided, {ties} of them, reach into {reach}.", finding=told, ties=ties, reach=reach)


def _table(found: Areas, placement: Placement, splits: CommunitySplits | None) -> pd.DataFrame:
    """Lay out one row an area."""
    if splits is not None:
        frame = splits.frame.rename_axis("name").reset_index()
        keep = [
            "name",
            "units",
            "cut_units",
            "base",
            "count",
            "share",
            "districts",
            "largest_district",
            "largest_share",
        ]
        frame = frame[keep].astype({"name": "str"})
        small = (frame["base"] < current().small_base) | ((frame["units"] == 1) & (placement.units.level == "block"))
        frame.loc[small & (frame["base"] > 0), ["count", "share"]] = np.nan
        return frame
    rows, _ = at_level(found.communities, placement.units.frame.index)
    rows = rows[rows["GEOID"].isin(placement.units.frame.index)]
    rows = rows.assign(
        district=placement.assignment.reindex(rows["GEOID"]).to_numpy(dtype=object),
        people=people_by_unit(placement.units).reindex(rows["GEOID"]).to_numpy("float64") * rows["share"].to_numpy(),
    )
    groups = rows.groupby("community")
    table = pd.DataFrame(
        {
            "units": groups.size(),
            "cut_units": rows[rows["share"] < 1].groupby("community").size(),
            "base": groups["people"].sum(min_count=1),
            "districts": groups["district"].nunique(),
        }
    ).reindex(list(found.communities.names))
    table = table.fillna({"units": 0, "cut_units": 0, "districts": 0})
    table = table.astype({"units": "int64", "cut_units": "int64", "districts": "int64"})
    return table.rename_axis("name").reset_index().astype({"name": "str"})


def _columns(table: pd.DataFrame, found: Areas, splits: CommunitySplits | None) -> tuple[tuple[str, str], ...]:
    """Head the columns for a reader."""
    noun = say("people") if splits is None else term(BASES[splits.base].noun)
    who = "" if splits is None else term(definition(splits.group).short)
    heads = {
        "name": capital(term(found.kind)),
        "units": say("Units"),
        "cut_units": say("Units in part"),
        "base": say("All {noun}", noun=noun),
        "count": who,
        "share": say("Share"),
        "districts": say("Districts"),
        "largest_district": say("District with most of it"),
        "largest_share": say("Share of it there"),
    }
    return tuple((name, heads[name]) for name in table.columns)


def _labels(scene: Ground) -> dict[str, str]:
    """Give what every row must carry."""
    if not isinstance(scene, Scene):
        return {}
    rule, placed = definition(scene.table.group), scene.placement
    return {
        "definition": rule.name,
        "counted": term(rule.long),
        "universe": term(BASES[scene.table.base].label),
        "placement": say("{units} by {rule}", units=term(placed.units.plural), rule=term(RULE_WORDS[placed.rule])),
    }


def _sources(placement: Placement, found: Areas) -> tuple[Any, ...]:
    return tuple(dict.fromkeys((*placement.sources, *found.communities.sources)))


def _cautions(found: Areas, splits: CommunitySplits | None) -> tuple[str, ...]:
    """Collect what a reader must know of the areas."""
    own = [note for note in (() if splits is None else splits.notes) if note not in found.notes]
    outlined = say("Outlines are {areas} as given; the kit drew none of them.", areas=term(KINDS[found.kind]))
    begin = [] if found.kind == "cluster" else [outlined]
    hidden: list[str] = []
    if splits is not None:
        frame, small = splits.frame, current().small_base
        number = int(((frame["base"] > 0) & (frame["base"] < small)).sum())
        if number:
            hidden = [
                say(
                    "The group is not counted in {number:,} areas of fewer than {small:,} people.",
                    number=number,
                    small=small,
                )
            ]
    return tuple(each(dict.fromkeys([*begin, *found.notes, *own, *hidden])))


def _left(layer: AreaLayer) -> tuple[str, ...]:
    """Say which names the map had no room for."""
    left = list(dict.fromkeys(layer.left))
    return (say("No room on the map for the names of {names}.", names=listed(left)),) if left else ()


def _describe(alt: str, table: pd.DataFrame, scene: Ground, splits: CommunitySplits | None) -> str:
    """Describe every area in full."""
    noun = say("people") if splits is None else term(BASES[splits.base].noun)
    told = []
    for row in table.to_dict("records"):
        share = row.get("share")
        figures = say("{count} {noun}", count=people(row["base"]), noun=noun)
        if share is not None and not pd.isna(share):
            count = people(row["count"])
            figures = say("{share} ({count} of {whole})", share=percent(share), count=count, whole=figures)
        number = int(row["districts"]) if not pd.isna(row["districts"]) else 0
        districts = number_of(number, "districts")
        told.append(say("{name}: {figures}, in {districts}.", name=row["name"], figures=figures, districts=districts))
    end = joined([retold(scene.outside), say("Projection: {projection}.", projection=describe(scene.crs))])
    return joined([alt, joined(told, "\n"), end], "\n\n")
