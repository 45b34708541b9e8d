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
from kit.maps.areas import AreaLayer, Areas, areas_of
from kit.maps.choropleth import draw_into
from kit.maps.ground import Ground, require_polygons
from kit.maps.notes import method_notes, page_notes, subtitle
from kit.maps.page import SAMPLE_STAMP, Page
from kit.maps.record import Sheet, Twin, remember
from kit.maps.scene import Scene
from kit.maps.words import one_of
from kit.model.communities import KINDS
from kit.model.crs import describe
from kit.model.frames import Placement
from kit.model.groups import BASES, definition
from kit.model.sentences import RULE_WORDS, listed, number_of, people, percent
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
        panel = _page(scene, layer, cautions, heading, _key(layer, table))
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
    alt = f"{_what(found, scene, placement)} {told}"
    description = _describe(alt, table, scene, splits)
    remember(panel, Sheet(heading, (panel,), (alt,), description, (twin,)))
    return panel


def _page(scene: Ground, layer: AreaLayer, cautions: tuple[str, ...], heading: str, key: list[tuple[str, str]]) -> Any:
    """Draw on a page; return its panel."""
    found = layer.areas
    if isinstance(scene, Scene):
        notes, under = method_notes([scene], more=cautions, sources=found.communities.sources), subtitle(scene)
    else:
        placements = [scene.placement] if scene.placement is not None else []
        notes = page_notes(scene, cautions=cautions, placements=placements, sources=found.communities.sources)
        units = number_of(len(scene.units), scene.units.plural)
        under = f"{_plan(scene)}: {number_of(len(scene.districts), 'districts')}, {units}."
    page = Page(heading, f"{under} {found.several}.", notes, stamp=SAMPLE_STAMP if scene.sample else "")
    panel = page.panels[0]
    scene.draw(panel, inset=True)
    page.scale(scene, panel)
    several = KINDS[found.kind].capitalize()
    page.beside(scene, key=key, key_title=f"{several}, by {'number' if found.kind == 'cluster' else 'letter'}")
    return panel


def _key(layer: AreaLayer, table: pd.DataFrame) -> list[tuple[str, str]]:
    """Write the key of short names, with the share where there is one."""
    if not layer.keyed:
        return []
    rows = table.set_index("name")
    told = []
    for name, short in layer.short.items():
        share = rows["share"].get(name) if "share" in rows else None
        told.append((short, name if share is None or pd.isna(share) else f"{name} ({percent(share)})"))
    return told


def _plan(scene: Ground) -> str:
    """Name the plan and how far it has come."""
    if scene.placement is None:
        return ""
    plan = scene.placement.plan
    status = ", ".join(part for part in (plan.jurisdiction, plan.status, plan.adopted) if part)
    return f"{plan.name}{f' ({status})' if status else ''}"


def _heading(found: Areas, scene: Ground, placement: Placement) -> str:
    """Say what is shown, without a claim."""
    several = KINDS[found.kind].capitalize()
    if isinstance(scene, Scene):
        return f"{several} over {scene.heading}"
    return f"{several} and the districts of {placement.plan.name}"


def _what(found: Areas, scene: Ground, placement: Placement) -> str:
    """Begin the alternative text: what and where."""
    names = list(found.shapes)
    named = f" ({listed(names)})" if len(names) <= _NAMED else ""
    share = ""
    if isinstance(scene, Scene):
        rule, base = definition(scene.table.group), BASES[scene.table.base]
        share = f" over the {base.label} share of {rule.short} by {one_of(scene.units.plural)},"
    return f"Map of {found.several}{named}{share} with the district lines of {placement.plan.name}."


def _finding(found: Areas, table: pd.DataFrame, placement: Placement) -> str:
    """Say how many areas lie in one district, and which is divided most."""
    known = table[table["districts"] > 0]
    if not len(known):
        return f"None of these {KINDS[found.kind]} lies in a district."
    whole = int((known["districts"] == 1).sum())
    most = known.loc[known["districts"].idxmax()]
    told = f"{whole:,} of {len(known):,} {'lies' if whole == 1 else 'lie'} in one district of {placement.plan.name}"
    if most["districts"] < 2:
        return f"{told}."
    ties = int((known["districts"] == most["districts"]).sum())
    named = str(most["name"]) if ties == 1 else f"{ties} of them"
    return f"{told}; the most divided, {named}, {'reaches' if ties == 1 else 'reach'} into {int(most['districts'])}."


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
    noun = "people" if splits is None else BASES[splits.base].noun
    who = "" if splits is None else definition(splits.group).short
    heads = {
        "name": found.kind.capitalize(),
        "units": "Units",
        "cut_units": "Units in part",
        "base": f"All {noun}",
        "count": who,
        "share": "Share",
        "districts": "Districts",
        "largest_district": "District with most of it",
        "largest_share": "Share of it there",
    }
    return tuple((name, heads[name]) for name in table.columns)


def _labels(scene: Ground) -> dict[str, str]:
    """Give what every row must carry."""
    if not isinstance(scene, Scene):
        return {}
    rule, placed = definition(scene.table.group), scene.placement
    return {
        "definition": rule.name,
        "counted": rule.long,
        "universe": BASES[scene.table.base].label,
        "placement": f"{placed.units.plural} by {RULE_WORDS[placed.rule]}",
    }


def _sources(placement: Placement, found: Areas) -> tuple[Any, ...]:
    return tuple(dict.fromkeys((*placement.sources, *found.communities.sources)))


def _cautions(found: Areas, splits: CommunitySplits | None) -> tuple[str, ...]:
    """Collect what a reader must know of the areas."""
    own = [note for note in (() if splits is None else splits.notes) if note not in found.notes]
    outlined = f"Outlines are {KINDS[found.kind]} as given"
    begin = [] if found.kind == "cluster" else [f"{outlined}; the kit drew none of them."]
    hidden: list[str] = []
    if splits is not None:
        frame, small = splits.frame, current().small_base
        number = int(((frame["base"] > 0) & (frame["base"] < small)).sum())
        hidden = [f"The group is not counted in {number:,} areas of fewer than {small:,} people."] if number else []
    return tuple(dict.fromkeys([*begin, *found.notes, *own, *hidden]))


def _left(layer: AreaLayer) -> tuple[str, ...]:
    """Say which names the map had no room for."""
    left = list(dict.fromkeys(layer.left))
    return (f"No room on the map for the names of {listed(left)}.",) if left else ()


def _describe(alt: str, table: pd.DataFrame, scene: Ground, splits: CommunitySplits | None) -> str:
    """Describe every area in full."""
    noun = "people" if splits is None else BASES[splits.base].noun
    told = []
    for row in table.to_dict("records"):
        share = row.get("share")
        figures = f"{people(row['base'])} {noun}"
        if share is not None and not pd.isna(share):
            figures = f"{percent(share)} ({people(row['count'])} of {figures})"
        number = int(row["districts"]) if not pd.isna(row["districts"]) else 0
        told.append(f"{row['name']}: {figures}, in {number} district{'' if number == 1 else 's'}.")
    end = " ".join(part for part in (scene.outside, f"Projection: {describe(scene.crs)}.") if part)
    return "\n\n".join([alt, "\n".join(told), end])
