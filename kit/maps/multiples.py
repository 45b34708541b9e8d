"""Many plans on one page: one small map of district shares a plan, all at one scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from kit.errors import InputError, SchemaError, first_few
from kit.i18n.messages import each, joined, retold, say, term
from kit.maps.areas import some_of
from kit.maps.districts import DistrictScene
from kit.maps.facts import Key, counted_words, facts_of, keys_of, share_words
from kit.maps.ground import require_polygons
from kit.maps.notes import page_notes
from kit.maps.page import SAMPLE_STAMP, Page, room_for
from kit.maps.record import Sheet, Twin, remember
from kit.maps.words import both, district_line
from kit.model.crs import describe
from kit.model.frames import Placement
from kit.model.groups import BASES, column, definition
from kit.model.sentences import RULE_WORDS, listed, number_of, people, percent

PER_PAGE = 12
# Notes that belong to some of the plans only: the page has room for this many, the table for all.
_OWN_NOTES, _NAMED = 4, 4


def map_plans(
    placements: Mapping[str, Placement],
    *,
    group: str,
    base: str,
    breaks: Sequence[float],
    columns: int | None = None,
    title: str | None = None,
    extent: Sequence[float] | None = None,
    page: str = "letter",
) -> list[Any]:
    """Draw a group's share by district under many plans, one small map a plan.

    Parameters
    ----------
    placements : mapping of str to Placement
        Name → the same units, with polygons, placed in that plan.
    group : str
        Definition id, for example ``"aapi_aoic"``.
    base : str
        Universe id, for example ``"vap"``.
    breaks : sequence of float
        Class bounds as fractions, the same for every plan.
    columns : int, optional
        Maps in a row; by default what makes them largest.
    title : str, optional
        Heading of every page.
    extent : sequence of float, optional
        West, south, east and north in degrees, the same for every plan.
    page : str, default "letter"
        Page size: ``"letter"``, ``"tabloid"``, ``"letter portrait"`` or ``"tabloid portrait"``.

    Returns
    -------
    list of matplotlib.axes.Axes
        One a plan, in their order; up to twelve share a page.

    Raises
    ------
    InputError
        There is no plan, units have no polygons or are not the same in all
        plans, or the breaks cannot be used.
    SchemaError
        Some plans were placed over units without these counts.

    Notes
    -----
    All maps have one scale and one legend. A district's number stands in it
    where it fits, and is left out where it does not; the table has them all.
    The highest share is named in each caption, and is no verdict on a plan.
    """
    _check(placements, group, base, columns)
    scenes: dict[str, DistrictScene] = {}
    land = None
    for name, placed in placements.items():
        scene = DistrictScene(placed, group=group, base=base, breaks=breaks, extent=extent, land=land)
        if placed.plan.geometry is not None:
            land = scene.whole()
        scene.lettering = {"beside": False, "smallest": 6.0, "largest": 8.0}
        scene.line_width = 0.8
        scenes[name] = scene
    first = next(iter(scenes.values()))
    number = -(-len(scenes) // PER_PAGE)
    slots = -(-len(scenes) // number)
    across = min(columns, slots) if columns else _columns(slots, first.bounds, page)
    names = list(scenes)
    pages = [names[at : at + slots] for at in range(0, len(names), slots)]
    heading = title or say("{what}, under {number} plans", what=first.heading, number=len(scenes))
    drawn: list[Any] = []
    for at, on_page in enumerate(pages, 1):
        count = say("Page {at} of {number}.", at=at, number=number) if number > 1 else ""
        paper = Page(
            heading,
            joined([_subtitle(scenes), count]),
            _notes(scenes),
            panels=len(on_page),
            columns=across,
            slots=slots,
            captions=[_caption(name, scenes[name]) for name in on_page],
            stamp=SAMPLE_STAMP if any(scene.sample for scene in scenes.values()) else "",
            beside=False,
            size=page,
            ground=_fullest(scenes),
            counted=False,
        )
        for name, panel in zip(on_page, paper.panels, strict=True):
            scenes[name].draw(panel)
        paper.scale(scenes[on_page[-1]], paper.panels[_foot(on_page, across)])
        paper.below(_fullest(scenes), counted=False)
        drawn += paper.panels
    sheet = Sheet(
        heading=heading,
        panels=tuple(drawn[i * slots] for i in range(number)),
        alt=tuple(_alt({name: scenes[name] for name in on_page}) for on_page in pages),
        description=_describe(scenes),
        twins=(_twin(scenes, heading),),
        facts=facts_of(
            first,
            [drawn[i * slots] for i in range(number)],
            whole=True,
            counted=counted_words(group, base),
            legend=share_words(group, base),
            heads=(say("Share"), ""),
            findings=[_subtitle(scenes), *(_alt({name: scenes[name] for name in on_page}) for on_page in pages)],
            notes=[note for notes in _told(scenes) for note in notes],
            keys=[Key(key.words, "", key.handle) for key in keys_of(_fullest(scenes).handles())],
            placements=[scene.placement for scene in scenes.values()],
            sources=tuple(dict.fromkeys(source for scene in scenes.values() for source in scene.placement.sources)),
            group=group,
            base=base,
        ),
    )
    for ax in drawn:
        remember(ax, sheet)
    return drawn


def _foot(on_page: list[str], across: int) -> int:
    """Number the panel under which the scale bars stand: the first of the last row."""
    return (len(on_page) - 1) // across * across


def _fullest(scenes: dict[str, DistrictScene]) -> DistrictScene:
    """Choose the map whose legend has most rows."""
    return max(scenes.values(), key=lambda scene: len(scene.fill_handles("")))


def _check(placements: Mapping[str, Placement], group: str, base: str, columns: int | None) -> None:
    """Refuse plans that cannot be drawn side by side."""
    if not isinstance(placements, Mapping) or not placements:
        raise InputError("there are no plans to draw; pass a mapping of names to placements made with kit.place.")
    for name, placed in placements.items():
        if not isinstance(placed, Placement):
            raise InputError(
                f"{name!r} is a {type(placed).__name__}; place the units in each plan with kit.place first."
            )
    if columns is not None and columns < 1:
        raise InputError(f"columns={columns!r}; pass how many maps stand in a row, 1 or more.")
    wanted = [column("total", base), column(definition(group).name, base)]
    without = [n for n, placed in placements.items() if not set(wanted) <= set(placed.units.frame.columns)]
    if without:
        raise SchemaError(
            f"{len(without):,} of {len(placements):,} plans were placed over units without the counts "
            f"{' and '.join(wanted)}, first {first_few(without)}. Districts are filled by share: add those counts to "
            "the units, or leave these plans out."
        )
    (first, placed), *others = placements.items()
    require_polygons(placed.units)
    for name, other in others:
        if not other.units.frame.index.equals(placed.units.frame.index):
            raise InputError(
                f"{first!r} and {name!r} were placed over different units ({len(placed.units):,} and "
                f"{len(other.units):,}); place all plans over the same units, so that colours and scale compare."
            )


def _columns(slots: int, bounds: tuple[float, float, float, float], page: str) -> int:
    """Find how many maps in a row make them largest."""
    west, south, east, north = bounds

    def scale(columns: int) -> float:
        width, height = room_for(slots, columns, page)
        return min(width / (east - west), height / (north - south))

    return max(range(1, slots + 1), key=lambda columns: (scale(columns), -columns))


def _highest(scene: DistrictScene) -> tuple[str, float] | None:
    """Name the district with the highest share."""
    share = scene.table.frame["share"].dropna()
    return (str(share.idxmax()), float(share.max())) if len(share) else None


def _caption(name: str, scene: DistrictScene) -> str:
    found = _highest(scene)
    if not found:
        return joined([name, say("nobody counted")], "\n")
    highest = say("highest: {share} (district {district})", share=percent(found[1]), district=found[0])
    return joined([name, highest], "\n")


def _held(scene: DistrictScene) -> list[str]:
    """List the districts that hold some of the units; all of them where none does."""
    placed = set(scene.placement.assignment.dropna().astype(str))
    known = [str(label) for label in scene.table.frame.index]
    return [label for label in known if label in placed] or known


def _subtitle(scenes: dict[str, DistrictScene]) -> str:
    first = next(iter(scenes.values()))
    total, units = first.table.total, first.units
    sizes = sorted({len(_held(scene)) for scene in scenes.values()})
    districts = number_of(sizes[0], "districts")
    if len(sizes) > 1:
        districts = say("{fewest} to {most} districts", fewest=sizes[0], most=sizes[-1])
    return say(
        "{plans} of {districts}, {units}. Whole area: {share} ({count} of {whole} {noun}). Each map is filled by "
        "district; all have one scale.",
        plans=number_of(len(scenes), "plans"),
        districts=districts,
        units=number_of(len(units), units.plural),
        share=percent(total["share"]),
        count=people(total["count"]),
        whole=people(total["base"]),
        noun=term(BASES[first.table.base].noun),
    )


def _told(scenes: dict[str, DistrictScene]) -> tuple[list[str], list[str]]:
    """Collect the cautions that all plans share, and those of some with the plans' names."""
    by_note: dict[str, list[str]] = {}
    for name, scene in scenes.items():
        for note in dict.fromkeys(note for note in (*scene.table.notes, scene.weak()) if note):
            by_note.setdefault(note, []).append(name)
    shared = [retold(note) for note, names in by_note.items() if len(names) == len(scenes)]
    own: list[str] = [
        say("{names}: {note}", names=some_of(names, 5), note=note)
        for note, names in by_note.items()
        if len(names) < len(scenes)
    ]
    return shared, own


def _notes(scenes: dict[str, DistrictScene]) -> list[str]:
    """Write what stands under the maps."""
    first = next(iter(scenes.values()))
    shared, own = _told(scenes)
    more = len(own) - _OWN_NOTES
    rest = [say("{number:,} more notes on single plans stand beside the table.", number=more)] if more > 0 else []
    sizes = {len(_held(scene)) for scene in scenes.values()}
    uneven = [say("More districts leave room for a higher share in one of them.")] if len(sizes) > 1 else []
    told = [
        counted_words(first.table.group, first.table.base),
        say("Each class includes its upper bound."),
        say("Numbers of districts too small for them are left out; the table lists every district."),
    ]
    counted = joined(told)
    cautions = [*shared, *uneven, *own[:_OWN_NOTES], *rest]
    return page_notes(
        first, begin=[counted], cautions=cautions, placements=[scene.placement for scene in scenes.values()]
    )


def _alt(scenes: dict[str, DistrictScene]) -> str:
    """Write the alternative text of one page."""
    first = next(iter(scenes.values()))
    number = len(scenes)
    begin = say("{number} small maps at one scale", number=number) if number > 1 else say("One map")
    what = say(
        "{maps} of the {base} share of {group} by district under {plans}.",
        maps=begin,
        base=term(BASES[first.table.base].label),
        group=term(definition(first.table.group).short),
        plans=listed(list(scenes)) if number <= _NAMED else number_of(number, "plans"),
    )
    found = {name: top for name, scene in scenes.items() if (top := _highest(scene))}
    if not found:
        return joined([what, say("The districts hold nobody to take a share of.")])
    high, low = (choose(found, key=lambda name: found[name][1]) for choose in (max, min))
    told = say(
        "The highest share of any district is {share} under {plan} (district {district})",
        share=percent(found[high][1]),
        plan=high,
        district=found[high][0],
    )
    if found[high][1] > found[low][1]:
        ending = say(
            "{highest}; the lowest of these highest shares is {share} under {plan}.",
            highest=told,
            share=percent(found[low][1]),
            plan=low,
        )
        return joined([what, ending])
    return joined([what, say("{highest}.", highest=told)])


def _describe(scenes: dict[str, DistrictScene]) -> str:
    """Describe every plan in full."""
    first = next(iter(scenes.values()))
    base = first.table.base
    told = []
    for name, scene in scenes.items():
        rows = [district_line(label, row, base, margin=False) for label, row in scene.table.frame.iterrows()]
        left = say("Without a number on the map: {districts}.", districts=listed(scene.left_out or [""]))
        begin = f"{name} ({scene.placement.plan.name})."
        told.append(joined([begin, *rows, left if scene.left_out else ""]))
    projection = say("Projection: {projection}.", projection=describe(first.crs))
    told.append(joined([retold(first.outside), projection]))
    return joined(told, "\n\n")


def _twin(scenes: dict[str, DistrictScene], heading: str) -> Twin:
    """Lay out one row for each plan and district."""
    first = next(iter(scenes.values()))
    rule, base = definition(first.table.group), BASES[first.table.base]
    keep = ["count", "base", "share", "share_moe", "reliability", "share_of_group", "rank"]
    tables = []
    for name, scene in scenes.items():
        frame = scene.table.frame
        rows = frame.loc[_held(scene), [one for one in keep if one in frame.columns]]
        rows = rows.rename_axis("district").reset_index()
        rows.insert(0, "plan", name)
        tables.append(rows)
    frame = pd.concat(tables, ignore_index=True)
    shared, own = _told(scenes)
    shown = [
        ("count", term(rule.short)),
        ("base", say("All {noun}", noun=term(base.noun))),
        ("share", say("Share")),
        ("reliability", say("Reliability")),
    ]
    present = (one for one in shown if one[0] in frame.columns)
    rules = dict.fromkeys(RULE_WORDS[scene.placement.rule] for scene in scenes.values())
    return Twin(
        title=heading,
        frame=frame,
        columns=(("plan", say("Plan")), ("district", say("District")), *present),
        notes=tuple(each(dict.fromkeys([*first.units.notes, *shared, *own]))),
        sources=tuple(dict.fromkeys(source for scene in scenes.values() for source in scene.placement.sources)),
        labels={
            "definition": rule.name,
            "counted": term(rule.long),
            "universe": term(base.label),
            "placement": say("{units} by {rule}", units=term(first.units.plural), rule=both(each(rules, term))),
        },
    )
