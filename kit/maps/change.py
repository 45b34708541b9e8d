"""What changes from one plan to another: the units that move, from which district to which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from kit.analysis.account import people_column
from kit.analysis.swaps import SwapSheet, swap_sheet
from kit.errors import InputError, SchemaError
from kit.maps.choropleth import draw_into
from kit.maps.ground import require_polygons
from kit.maps.moves import LOOKS, ChangeGround, arrow, once
from kit.maps.notes import page_notes
from kit.maps.page import SAMPLE_STAMP, Page
from kit.maps.record import Sheet, Twin, remember
from kit.maps.words import one_of
from kit.model.crs import describe
from kit.model.frames import Placement
from kit.model.groups import base_of, definition, who
from kit.model.sentences import RULE_WORDS, listed, people, percent

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
    heading = title or f"Who changes district: {sheet.before.plan.name} to {sheet.after.plan.name}"
    if ax is None:
        panel = _page(ground, heading)
    else:
        panel = ax
        draw_into(ax, ground)
    alt = _alt(ground)
    remember(panel, Sheet(heading, (panel,), (alt,), _describe(alt, ground), _twins(ground, heading)))
    return panel


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


def _page(ground: ChangeGround, heading: str) -> Any:
    """Draw on a page; return its panel."""
    sheet = ground.sheet
    placements, base = [sheet.before, sheet.after], base_of(sheet.base)
    begin = []
    if ground.grouped:
        rule = definition(sheet.group)
        begin = [f"Counted: {rule.long} (definition {rule.name}). Base: {base.label}."]
    notes = page_notes(ground, begin=begin, cautions=_cautions(ground), placements=placements)
    page = Page(heading, _moved(ground), notes, stamp=SAMPLE_STAMP if ground.sample else "")
    panel = page.panels[0]
    ground.draw(panel)
    page.scale(ground, panel)
    heads = ["Old → new", "People"]
    group = [*ground.top["group_text"], *([""] if len(ground.rest) else []), ""]
    if ground.grouped:
        heads.append(f"{who(sheet.group)} {base.noun}")
    cells = [(look, [name, count]) for look, name, count in ground.rows()]
    if ground.grouped:
        cells = [(look, [*row, extra]) for (look, row), extra in zip(cells, group, strict=True)]
    page.swatch_table("Largest moves between districts", heads, cells)
    page.handles_beside(ground.line_handles())
    page.locate(ground)
    return panel


def _moved(ground: ChangeGround) -> str:
    """Say how many move."""
    sheet = ground.sheet
    total, units, whole = sheet.total, ground.units, ground.lived.sum()
    share = f" ({percent(total['people'] / whole)})" if whole else ""
    told = (
        f"{total['units']:,} of {len(units):,} {units.plural} change district, with {people(total['people'])} of "
        f"{people(whole)} people{share}."
    )
    if ground.grouped and not pd.isna(total["group"]):
        noun = base_of(sheet.base).noun
        told += f" {who(sheet.group)}: {people(total['group'])} of {people(total['base'])} {noun} who move."
    return told


def _cautions(ground: ChangeGround) -> list[str]:
    """Say how districts were matched, and which have another number."""
    net = ground.sheet.net
    anew = [
        f"{row['district']} was {row['was']}"
        for row in net[net["district"].notna() & net["was"].notna()].to_dict("records")
        if row["district"] != row["was"]
    ]
    told = [note for note in ground.sheet.notes if ground.grouped or not note.startswith("The group is not counted")]
    if anew:
        rest = f" and {len(anew) - _NAMED} more" if len(anew) > _NAMED else ""
        told.insert(1, f"Numbers that changed: {', '.join(anew[:_NAMED])}{rest}.")
    new = [str(label) for label in net.loc[net["was"].isna(), "district"]]
    ended = [str(label) for label in net.loc[net["district"].isna(), "was"]]
    told += [f"New: {listed(new)}."] if new else []
    told += [f"Ended: {listed(ended)}."] if ended else []
    return told


def _alt(ground: ChangeGround) -> str:
    """Write the alternative text: what, where, main finding."""
    sheet = ground.sheet
    before, after = sheet.before.plan.name, sheet.after.plan.name
    what = f"Map of the {ground.units.plural} that change district from {before} to {after}."
    if not sheet.total["units"]:
        return f"{what} No {one_of(ground.units.plural)} does."
    first = ground.top.iloc[0].to_dict()
    whole = ground.lived.sum()
    share = f" ({percent(sheet.total['people'] / whole)})" if whole else ""
    return (
        f"{what} {people(sheet.total['people'])} people{share} change district; the largest move is from "
        f"{arrow(first).replace('→', 'to')}{once(first)}, with {people(first['people'])} people."
    )


def _describe(alt: str, ground: ChangeGround) -> str:
    """Describe every move in full."""
    rows = []
    for row in pd.concat([ground.top, ground.rest]).to_dict("records"):
        group = f", {row['group_text']} of them {who(ground.sheet.group)}" if ground.grouped else ""
        units = f"{row['units']:,} {ground.units.plural}"
        rows.append(f"From {arrow(row).replace('→', 'to')}{once(row)}: {units}, {people(row['people'])} people{group}.")
    cautions = " ".join(_cautions(ground))
    end = " ".join(part for part in (ground.outside, f"Projection: {describe(ground.crs)}.") if part)
    return "\n\n".join([alt, _moved(ground), "\n".join(rows), cautions, end])


def _twins(ground: ChangeGround, heading: str) -> tuple[Twin, ...]:
    """Lay out one row a move, and one row a unit that moves, without any count of the group."""
    sheet = ground.sheet
    rule, base = definition(sheet.group), base_of(sheet.base)
    rules = dict.fromkeys(RULE_WORDS[placed.rule] for placed in (sheet.before, sheet.after))
    labels = {
        "before": sheet.before.plan.name,
        "after": sheet.after.plan.name,
        "definition": rule.name,
        "counted": rule.long,
        "universe": base.label,
        "placement": f"{ground.units.plural} by {' and '.join(rules)}",
    }
    moves = sheet.moves.drop(columns=[] if ground.grouped else ["group", "share", "share_of_group", "group_text"])
    moves = moves.assign(letter=pd.Series(ground.letters(), index=ground.top["move"])).reset_index()
    heads = (
        ("letter", "On the map"),
        ("from", "Old district"),
        ("to", "New district"),
        ("to_was", "Which was"),
        ("units", ground.units.plural.capitalize()),
        ("people", "People"),
        ("base", f"All {base.noun}"),
        ("group_text", who(sheet.group)),
        ("share", "Share"),
    )
    shown = tuple(head for head in heads if head[0] in moves.columns)
    units = sheet.units.rename_axis("GEOID").reset_index()
    of_units = (("GEOID", "Unit"), ("from", "Old district"), ("to", "New district"))
    notes = (*_cautions(ground), *([f"No room for {listed(ground.left)}."] if ground.left else []))
    moves["letter"] = moves["letter"].fillna("other moves")
    return (
        Twin(heading, moves.sort_values("people", ascending=False), shown, notes, sheet.sources, labels),
        Twin(heading, units, of_units, notes, sheet.sources, labels, mark="units", page=False),
    )
