"""Polling places, or precincts, sized by the people of limited English who vote or live there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.account import people_by_unit
from kit.analysis.monitoring import MonitoringList
from kit.analysis.monitoring_words import COUNTED, counted, plural, ranks
from kit.errors import InputError
from kit.i18n.messages import capital, each, joined, retold, say, term
from kit.maps.choropleth import draw_into
from kit.maps.columns import key_height
from kit.maps.facts import counted_words, facts_of, share_words
from kit.maps.ground import Ground, require_polygons
from kit.maps.notes import page_notes, plan_of
from kit.maps.page import SAMPLE_STAMP, Page
from kit.maps.polling_layer import NUMBERED, PollingLayer, spots_of
from kit.maps.record import Sheet, Twin, remember
from kit.maps.scene import Scene
from kit.model.crs import describe
from kit.model.cvap import MOE
from kit.model.frames import Placement
from kit.model.sentences import number_of
from kit.model.things import singular


def map_polling(
    found: MonitoringList,
    placement: Placement,
    *,
    group: str | None = None,
    base: str | None = None,
    breaks: Sequence[float] | None = None,
    precinct: str = "vtd",
    title: str | None = None,
    extent: Sequence[float] | None = None,
    page: str = "letter",
    ax: Any = None,
) -> Any:
    """Draw polling places over districts, each sized by its people of limited English.

    Parameters
    ----------
    found : MonitoringList
        Ranked polling places; or precincts, which are drawn at a point in them.
    placement : Placement
        Units with polygons, placed in a plan.
    group, base : str, optional
        Definition id and universe id of a share under the places.
    breaks : sequence of float, optional
        Class bounds of that share. All three are given, or none.
    precinct : str, default "vtd"
        Column of precincts, where precincts are drawn.
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
        given, or no place lies in the frame.
    SchemaError
        The units have no such counts.

    Notes
    -----
    The area of a symbol is in proportion to the estimate. The first ten are
    numbered in order of their estimates, and a key names them with margins and
    open ranks. Places without an estimate are crosses. Drawn in an equal-area projection.
    """
    if not isinstance(found, MonitoringList):
        raise InputError(f"a MonitoringList is due, from kit.rank_polling_places, not a {type(found).__name__}.")
    if not isinstance(placement, Placement):
        raise InputError(f"placement= is units placed in a plan, from kit.place, not a {type(placement).__name__}.")
    given = [value is not None for value in (group, base, breaks)]
    if any(given) and not all(given):
        raise InputError("pass group, base and breaks together for a map of shares under the places, or none of them.")
    require_polygons(placement.units)
    scene: Ground
    if group is not None and base is not None and breaks is not None:
        scene = Scene(placement, group=group, base=base, breaks=breaks, extent=extent)
    else:
        lived = people_by_unit(placement.units).to_numpy(dtype="float64")
        scene = Ground(placement.units, lived=np.nan_to_num(lived, nan=1.0), placement=placement, extent=extent)
    scene.more_sources = found.sources
    scene.sample = scene.sample or found.sample
    layer = PollingLayer(found, spots_of(found, scene, precinct))
    scene.overlays.append(layer)
    heading = title or say("{places:capital} by people of limited English", places=term(plural(found)))
    key = _key(found)
    if ax is None:
        panel = _page(scene, found, heading, key=key, size=page)
    else:
        panel = ax
        draw_into(ax, scene)
    told = _findings(found)
    alt = joined([_what(found, scene, placement), told[0]])
    twin = _twin(found, placement, heading)
    facts = facts_of(
        scene,
        [panel],
        whole=ax is None,
        counted=_counted(found, group or "", base or ""),
        legend=share_words(group, base) if group and base else say("What symbols and lines mean"),
        heads=(say("Meaning"), scene.units.plural),
        findings=told,
        notes=(*layer.notes, *found.notes),
        sources=tuple(dict.fromkeys((*placement.sources, *found.sources))),
        group=group or "",
        base=base or "",
        short=[(str(number), name) for number, name in _numbers(found)],
    )
    description = joined([alt, _described(found), _end(scene)], "\n\n")
    remember(panel, Sheet(heading, (panel,), (alt,), description, (twin,), facts))
    return panel


def _numbers(found: MonitoringList) -> list[tuple[int, str]]:
    """Number the first ten."""
    known = found.frame[found.frame["rank"].notna()].head(NUMBERED)
    return [(number, str(name)) for number, name in enumerate(known["name"], 1)]


def _key(found: MonitoringList) -> list[tuple[str, str]]:
    """Write the key: name, estimate with margin, and open ranks."""
    rows = found.frame[found.frame["rank"].notna()].head(NUMBERED).to_dict("records")
    return [
        (
            f"{number}",
            say(
                "{name}: {count} (rank {ranks})",
                name=row["name"],
                count=counted(row, found.measure),
                ranks=ranks(row["rank_low"], row["rank_high"]),
            ),
        )
        for number, row in enumerate(rows, 1)
    ]


def _counted(found: MonitoringList, group: str, base: str) -> str:
    """Say who is counted."""
    told = say("Symbols: {who}, by language spoken at home.", who=term(COUNTED[found.measure]))
    return joined([told, counted_words(group, base)]) if group else told


def _page(scene: Ground, found: MonitoringList, heading: str, *, key: list[tuple[str, str]], size: str) -> Any:
    """Draw on a page; return its panel."""
    placement = scene.placement
    begin = [_counted(found, "", "")]
    if isinstance(scene, Scene):
        begin = [_counted(found, scene.table.group, scene.table.base)]
    notes = page_notes(
        scene,
        begin=begin,
        cautions=found.notes,
        placements=[] if placement is None else [placement],
        sources=found.sources,
    )
    under = say(
        "{plan}: {districts}. {places}: {count} {who}.",
        plan=plan_of(placement.plan) if placement is not None else "",
        districts=number_of(len(scene.districts), "districts"),
        places=number_of(len(found.frame), plural(found)),
        count=counted(found.total or {}, found.measure),
        who=term(COUNTED[found.measure]),
    )
    stamp = SAMPLE_STAMP if scene.sample else ""
    drawn = Page(heading, under, notes, stamp=stamp, size=size, ground=scene, need=key_height(key))
    panel = drawn.panels[0]
    scene.draw(panel, inset=False)
    drawn.scale(scene, panel)
    drawn.beside(scene, key=key, key_title=say("The largest estimates"))
    return panel


def _what(found: MonitoringList, scene: Ground, placement: Placement) -> str:
    """Begin the alternative text: what and where."""
    names = {
        "places": number_of(len(found.frame), plural(found)),
        "who": term(COUNTED[found.measure]),
        "plan": placement.plan.name,
    }
    if isinstance(scene, Scene):
        return say(
            "Map of {places} sized by {who}, over shares by {unit}, with the district lines of {plan}.",
            unit=term(singular(scene.units.plural)),
            **names,
        )
    return say("Map of {places} sized by {who}, with the district lines of {plan}.", **names)


def _findings(found: MonitoringList) -> list[str]:
    """Say which place comes first, and how sure that is."""
    known = found.frame[found.frame["rank"].notna()]
    if not len(known):
        return [say("No row has an estimate with a margin.")]
    row = known.iloc[0].to_dict()
    values = {"name": row["name"], "count": counted(row, found.measure)}
    tied = int((known["rank_low"] == 1).sum())
    if tied > 1:
        return [
            say(
                "The largest estimate is {name}, {count}; sampling error alone could put any of {number:,} first.",
                number=tied,
                **values,
            )
        ]
    return [say("The largest estimate is {name}, {count}, apart from all others given sampling error.", **values)]


def _twin(found: MonitoringList, placement: Placement, heading: str) -> Twin:
    """Lay out one row a place."""
    frame = found.frame
    measure = found.measure
    open_ranks = [ranks(*ends) for ends in zip(frame["rank_low"], frame["rank_high"], strict=True)]
    table = pd.DataFrame(
        {
            "name": frame["name"].astype("str"),
            "precincts": frame["precincts"].astype("str"),
            "ranks": pd.Series(open_ranks, index=frame.index, dtype="object"),
            "people": frame[measure],
            "margin": frame[f"{measure}{MOE}"],
            "reliability": frame["reliability"].astype("str"),
        }
    ).reset_index(drop=True)
    who = capital(term(COUNTED[measure]))
    heads = {
        "name": capital(term(singular(plural(found)))),
        "precincts": say("Precincts"),
        "ranks": say("Ranks that sampling error leaves open"),
        "people": who,
        "margin": say("Margin (90%)"),
        "reliability": say("Reliability"),
    }
    if found.places is None:
        table = table.drop(columns="precincts")
    return Twin(
        title=heading,
        frame=table,
        columns=tuple((name, heads[name]) for name in table.columns),
        notes=tuple(each(found.notes)),
        sources=tuple(dict.fromkeys((*placement.sources, *found.sources))),
        labels={"plan": placement.plan.name, "counted": _counted(found, "", "")},
    )


def _described(found: MonitoringList) -> str:
    """Describe every place in full."""
    told = [
        say(
            "{name}: {count}, rank {ranks}.",
            name=row["name"],
            count=counted(row, found.measure),
            ranks=ranks(row["rank_low"], row["rank_high"]),
        )
        for row in found.frame.to_dict("records")
    ]
    return joined(told, "\n")


def _end(scene: Ground) -> str:
    """End a description: who is outside, and the projection."""
    return joined([retold(scene.outside), say("Projection: {projection}.", projection=describe(scene.crs))])
