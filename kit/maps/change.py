"""What changes from one plan to another: the units that move, from which district to which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from kit.analysis.account import people_column
from kit.analysis.swaps import SwapSheet, swap_sheet
from kit.errors import InputError, SchemaError
from kit.i18n.messages import capital, each, english, joined, retold, say, term
from kit.maps.choropleth import draw_into
from kit.maps.columns import table_height
from kit.maps.facts import Facts, Key, counted_words, facts_of, keys_of
from kit.maps.ground import require_polygons
from kit.maps.moves import LOOKS, ChangeGround, group_words, move_words
from kit.maps.notes import page_notes
from kit.maps.page import SAMPLE_STAMP, Page, half_width
from kit.maps.record import Sheet, Twin, remember
from kit.maps.words import both
from kit.model.crs import describe
from kit.model.frames import Placement
from kit.model.groups import base_of, definition, who
from kit.model.sentences import RULE_WORDS, listed, people, percent
from kit.model.things import singular

_NAMED = 12


def map_change(
    before: Placement | SwapSheet,
    after: Placement | None = None,
    *,
    group: str | None = None,
    base: str | None = None,
    largest: int = 6,
    title: str | None = None,
    extent: Sequence[float] | None = None,
    page: str = "letter",
    ax: Any = None,
) -> Any:
    """Draw which units change district from one plan to another.

    Parameters
    ----------
    before : Placement or SwapSheet
        Units with polygons placed in the old plan, or what `kit.swap_sheet` made of both plans.
    after : Placement, optional
        The same units placed in the new plan; left out with a sheet.
    group, base : str, optional
        Definition id and universe id of the group to count beside all people; left out with a sheet.
    largest : int, default 6
        How many moves are named, at most six; the others are drawn as one.
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
        Units have no polygons, arguments do not go together, or `largest` is
        not from 1 to 6.
    SchemaError
        The units count nobody.
    CoverageError
        The two are not of the same units, vintage or counts.

    Notes
    -----
    A unit moves where its new district does not answer to its old one; the
    matching of districts is that of `kit.swap_sheet`, and stands in the notes.
    The moves with most people have a colour, a pattern and a letter each.
    """
    sheet = _sheet(before, after, group, base)
    require_polygons(sheet.after.units)
    if isinstance(largest, bool) or not isinstance(largest, int) or not 1 <= largest <= len(LOOKS):
        raise InputError(f"largest={largest!r}; pass how many moves are named, from 1 to {len(LOOKS)}.")
    ground = ChangeGround(sheet, largest=largest, extent=extent)
    heading = title or say(
        "Who changes district: {before} to {after}", before=sheet.before.plan.name, after=sheet.after.plan.name
    )
    if ax is None:
        panel = _page(ground, heading, page)
    else:
        panel = ax
        draw_into(ax, ground)
    alt = _alt(ground)
    twins, facts = _twins(ground, heading), _facts(ground, panel, whole=ax is None)
    remember(panel, Sheet(heading, (panel,), (alt,), _describe(alt, ground), twins, facts))
    return panel


def _facts(ground: ChangeGround, panel: Any, *, whole: bool) -> Facts:
    """Gather what an exhibit says."""
    from matplotlib.patches import Patch

    sheet = ground.sheet
    moves = [Key(" ".join(name.split()), count, Patch(**look, linewidth=0.4)) for look, name, count in ground.rows()]
    return facts_of(
        ground,
        [panel],
        whole=whole,
        counted=counted_words(sheet.group, sheet.base),
        legend=say("Largest moves between districts"),
        heads=(say("Old → new"), say("People")),
        findings=[_moved(ground)],
        notes=_cautions(ground),
        keys=[*moves, *keys_of(ground.line_handles())],
        placements=[sheet.before, sheet.after],
        sources=sheet.sources,
        group=sheet.group if ground.grouped else "",
        base=sheet.base if ground.grouped else "",
    )


def _sheet(before: Placement | SwapSheet, after: Placement | None, group: str | None, base: str | None) -> SwapSheet:
    """Take the sheet that was passed, or make it."""
    if isinstance(before, SwapSheet):
        if after is not None or group is not None or base is not None:
            raise InputError("a swap sheet holds both plans, its group and its base; pass it alone.")
        return before
    if after is None:
        raise InputError("pass two placements, before and after, or what kit.swap_sheet returned.")
    if (group is None) != (base is None):
        raise InputError("pass group and base together, or neither to count people only.")
    if group is not None and base is not None:
        return swap_sheet(before, after, group=group, base=base)
    people_in = people_column(before.units) if isinstance(before, Placement) else ""
    if people_in is None:
        raise SchemaError("these units count nobody; add a column such as total_pop, or pass group and base.")
    return swap_sheet(before, after, group="total", base=people_in.removeprefix("total_") or "pop")


def _page(ground: ChangeGround, heading: str, size: str) -> Any:
    """Draw on a page; return its panel."""
    sheet = ground.sheet
    placements, base = [sheet.before, sheet.after], base_of(sheet.base)
    begin = [counted_words(sheet.group, sheet.base)] if ground.grouped else []
    notes = page_notes(ground, begin=begin, cautions=_cautions(ground), placements=placements)
    heads = [say("Old → new"), say("People")]
    group = [*map(group_words, ground.top.to_dict("records")), *([""] if len(ground.rest) else []), ""]
    if ground.grouped:
        heads.append(say("{group} {noun}", group=term(who(sheet.group)), noun=term(base.noun)))
    cells = [(look, [name, count]) for look, name, count in ground.rows()]
    if ground.grouped:
        cells = [(look, [*row, extra]) for (look, row), extra in zip(cells, group, strict=True)]
    told = say("Largest moves between districts")
    need = table_height(told, heads, cells, half_width(size)) + 0.3
    stamp = SAMPLE_STAMP if ground.sample else ""
    page = Page(heading, _moved(ground), notes, stamp=stamp, size=size, ground=ground, need=need)
    panel = page.panels[0]
    ground.draw(panel)
    page.scale(ground, panel)
    page.swatch_table(told, heads, cells)
    page.handles_beside(ground.line_handles())
    page.locate(ground)
    return panel


def _moved(ground: ChangeGround) -> str:
    """Say how many move."""
    sheet = ground.sheet
    total, units, whole = sheet.total, ground.units, ground.lived.sum()
    values = {
        "moved": int(total["units"]),
        "number": len(units),
        "units": term(units.plural),
        "people": people(total["people"]),
        "whole": people(whole),
    }
    if whole:
        told = say(
            "{moved:,} of {number:,} {units} change district, with {people} of {whole} people ({share}).",
            share=percent(total["people"] / whole),
            **values,
        )
    else:
        told = say("{moved:,} of {number:,} {units} change district, with {people} of {whole} people.", **values)
    if not ground.grouped or pd.isna(total["group"]):
        return told
    group = say(
        "{group}: {count} of {whole} {noun} who move.",
        group=term(who(sheet.group)),
        count=people(total["group"]),
        whole=people(total["base"]),
        noun=term(base_of(sheet.base).noun),
    )
    return joined([told, group])


def _cautions(ground: ChangeGround) -> list[str]:
    """Say how districts were matched, and which have another number."""
    net = ground.sheet.net
    anew = [
        say("{district} was {was}", district=row["district"], was=row["was"])
        for row in net[net["district"].notna() & net["was"].notna()].to_dict("records")
        if row["district"] != row["was"]
    ]
    about_group = "The group is not counted"
    told = [note for note in ground.sheet.notes if ground.grouped or not english(note).startswith(about_group)]
    if anew:
        numbers = joined(anew[:_NAMED], ", ")
        if len(anew) > _NAMED:
            numbers = say("{names} and {number:,} more", names=numbers, number=len(anew) - _NAMED)
        told.insert(1, say("Numbers that changed: {numbers}.", numbers=numbers))
    new = [str(label) for label in net.loc[net["was"].isna(), "district"]]
    ended = [str(label) for label in net.loc[net["district"].isna(), "was"]]
    told += [say("New: {districts}.", districts=listed(new))] if new else []
    told += [say("Ended: {districts}.", districts=listed(ended))] if ended else []
    return each(told)


def _alt(ground: ChangeGround) -> str:
    """Write the alternative text: what, where, main finding."""
    sheet = ground.sheet
    before, after = sheet.before.plan.name, sheet.after.plan.name
    what = say(
        "Map of the {units} that change district from {before} to {after}.",
        units=term(ground.units.plural),
        before=before,
        after=after,
    )
    if not sheet.total["units"]:
        return joined([what, say("No {unit} does.", unit=term(singular(ground.units.plural)))])
    first, whole = ground.top.iloc[0].to_dict(), ground.lived.sum()
    moved = say("{count} people", count=people(sheet.total["people"]))
    if whole:
        moved = say("{people} ({share})", people=moved, share=percent(sheet.total["people"] / whole))
    finding = say(
        "{people} change district; the largest move is from {move}, with {count} people.",
        people=moved,
        move=move_words(first),
        count=people(first["people"]),
    )
    return joined([what, finding])


def _describe(alt: str, ground: ChangeGround) -> str:
    """Describe every move in full."""
    rows = []
    for row in pd.concat([ground.top, ground.rest]).to_dict("records"):
        values = {
            "move": move_words(row),
            "number": int(row["units"]),
            "units": term(ground.units.plural),
            "people": people(row["people"]),
        }
        if ground.grouped:
            values |= {"count": group_words(row), "group": term(who(ground.sheet.group))}
            rows.append(say("From {move}: {number:,} {units}, {people} people, {count} of them {group}.", **values))
        else:
            rows.append(say("From {move}: {number:,} {units}, {people} people.", **values))
    end = joined([retold(ground.outside), say("Projection: {projection}.", projection=describe(ground.crs))])
    return joined([alt, _moved(ground), joined(rows, "\n"), joined(_cautions(ground)), end], "\n\n")


def _twins(ground: ChangeGround, heading: str) -> tuple[Twin, ...]:
    """Lay out one row a move, and one row a unit that moves, without any count of the group."""
    sheet = ground.sheet
    rule, base = definition(sheet.group), base_of(sheet.base)
    rules = dict.fromkeys(RULE_WORDS[placed.rule] for placed in (sheet.before, sheet.after))
    labels = {
        "before": sheet.before.plan.name,
        "after": sheet.after.plan.name,
        "definition": rule.name,
        "counted": term(rule.long),
        "universe": term(base.label),
        "placement": say("{units} by {rule}", units=term(ground.units.plural), rule=both(each(rules, term))),
    }
    moves = sheet.moves.drop(columns=[] if ground.grouped else ["group", "share", "share_of_group", "group_text"])
    moves = moves.assign(letter=pd.Series(ground.letters(), index=ground.top["move"])).reset_index()
    heads = (
        ("letter", say("On the map")),
        ("from", say("Old district")),
        ("to", say("New district")),
        ("to_was", say("Which was")),
        ("units", capital(term(ground.units.plural))),
        ("people", say("People")),
        ("base", say("All {noun}", noun=term(base.noun))),
        ("group_text", term(who(sheet.group))),
        ("share", say("Share")),
    )
    shown = tuple(head for head in heads if head[0] in moves.columns)
    units = sheet.units.rename_axis("GEOID").reset_index()
    of_units = (("GEOID", say("Unit")), ("from", say("Old district")), ("to", say("New district")))
    left = [say("No room for {names}.", names=listed(ground.left))] if ground.left else []
    notes = (*_cautions(ground), *left)
    moves["letter"] = moves["letter"].fillna(say("other moves"))
    return (
        Twin(heading, moves.sort_values("people", ascending=False), shown, notes, sheet.sources, labels),
        Twin(heading, units, of_units, notes, sheet.sources, labels, mark="units", page=False),
    )
