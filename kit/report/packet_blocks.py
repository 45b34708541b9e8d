"""Pieces that a packet's pages are built of, the same for print and for the web."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from kit.analysis.concentration import DefinitionLadder
from kit.i18n.messages import Figure, Message, joined, retold, say, term
from kit.maps.record import Twin
from kit.model.frames import DistrictTable
from kit.model.groups import BASES, LADDER, definition
from kit.model.sentences import RULE_WORDS, listed, people
from kit.report.cells import is_words, written
from kit.report.packet_runs import tidy
from kit.report.packet_words import LABELS, READERS, worded
from kit.report.show import first, twin_of
from kit.report.tables import columns_of, figure, uncertainty

Block = dict[str, Any]
_SHORT, _FIGURE = 16, 12
ROWS = 24
"""Most rows that a table of moves or pieces has in print; its file has all."""


def heading(text: str, level: int = 2) -> Block:
    """Make a heading.

    Parameters
    ----------
    text : str
        What it says.
    level : int, default 2
        1 is the packet's own title.

    Returns
    -------
    dict
        A piece of a page.
    """
    return {"kind": "heading", "text": text, "level": level}


def para(text: str, style: str = "plain") -> Block:
    """Make a paragraph.

    Parameters
    ----------
    text : str
        What it says.
    style : str, default "plain"
        ``plain``, ``intro`` (kept with what follows), ``small`` or ``spoken``.

    Returns
    -------
    dict
        A piece of a page.
    """
    return {"kind": "para", "text": tidy(text), "style": style}


def points(items: Sequence[str]) -> Block:
    """Make a list of points.

    Parameters
    ----------
    items : sequence of str
        One a point.

    Returns
    -------
    dict
        A piece of a page.
    """
    return {"kind": "list", "items": [tidy(item) for item in items]}


def new_page() -> Block:
    """Begin a new page.

    Returns
    -------
    dict
        A piece of a page.
    """
    return {"kind": "page"}


def grid(
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    words: Sequence[bool],
    total: Sequence[str] = (),
    caption: str = "",
    notes: Sequence[str] = (),
    widths: Sequence[float] = (),
) -> Block:
    """Make a table.

    Parameters
    ----------
    title : str
        Its heading; empty for none.
    heads : sequence of str
        Headings of the columns.
    rows : sequence of sequences of str
        Cells; the first of each row names it.
    words : sequence of bool
        Which columns hold words, which stand at the left.
    total : sequence of str
        Last row, if any.
    caption : str
        What the figures are.
    notes : sequence of str
        What a reader must know, under the table.
    widths : sequence of float
        Parts of the page's width that the columns take; 0 for as wide as the
        cells. By default columns of words are as wide as they need, if that
        is little.

    Returns
    -------
    dict
        A piece of a page.
    """
    lines = [*rows, *([total] if total else [])]
    found = [_width(head, [row[at] for row in lines], wordy=words[at]) for at, head in enumerate(heads)]
    return {
        "kind": "table",
        "widths": list(widths or found),
        "title": title,
        "heads": list(heads),
        "rows": [list(row) for row in rows],
        "words": list(words),
        "total": list(total),
        "caption": tidy(caption),
        "notes": [tidy(note) for note in notes],
    }


def _width(head: str, cells: list[str], *, wordy: bool) -> float:
    """Say how wide a column is; a figure with its margin takes more room."""
    longest = max(map(len, cells), default=0)
    if not wordy:
        return 1.4 if longest > _FIGURE else 1.0
    if longest > _SHORT:
        return min(3.0, 1.3 * longest / _SHORT)
    return 0.0 if len(head) <= _SHORT else 1.0


def district_grid(table: DistrictTable) -> Block:
    """Lay a district table out, with margins of error where there are any.

    Parameters
    ----------
    table : DistrictTable
        Figures by district.

    Returns
    -------
    dict
        A piece of a page.
    """
    rule, placed, shown = definition(table.group), table.placement, columns_of(table)
    held = set(placed.assignment.dropna().astype(str))
    rows = [
        [str(label), *(_figure(row, name) for name, _ in shown)]
        for label, row in table.frame.iterrows()
        if str(label) in held
    ]
    caption = worded(
        "table_caption",
        long=term(rule.long),
        name=rule.name,
        base=term(BASES[table.base].label),
        rule=term(RULE_WORDS[placed.rule]),
        kinds=uncertainty(table),
    )
    return grid(
        worded("table_title", plan=placed.plan.name, group=term(rule.short)),
        [worded("district"), *(retold(word) for _, word in shown)],
        rows,
        words=[True, *([False] * len(shown))],
        total=[worded("all"), *(_figure(table.total, name) for name, _ in shown)],
        caption=caption,
        notes=tuple(dict.fromkeys(map(retold, (*table.notes, *placed.notes)))),
    )


def _figure(row: pd.Series, name: str) -> str:
    """Write one figure with its margin of error, counts too."""
    told, margin = figure(row, name), row.get(f"{name}_moe")
    if margin is None or pd.isna(margin) or "±" in told:
        return told
    return f"{told} ±\u00a0{people(margin)}"


def ladder_grid(ladder: DefinitionLadder, plan: str) -> Block:
    """Lay out the same districts under every definition.

    Parameters
    ----------
    ladder : DefinitionLadder
        Shares by district and definition.
    plan : str
        Name of the plan.

    Returns
    -------
    dict
        A piece of a page.
    """
    frame = ladder.frame
    names = [name for name in LADDER if name in set(frame.index.get_level_values("definition"))]
    if len(names) < 2:
        return para(worded("ladder_one", name=names[0]) if names else worded("ladder_none"))
    labels = list(dict.fromkeys(frame.index.get_level_values("district")))
    rows = [[str(label), *(figure(frame.loc[(label, name)], "share") for name in names)] for label in labels]
    lacking = [name for name in LADDER if name in ladder.missing]
    notes: list[str] = [worded("ladder_step", name=name, long=term(definition(name).long)) for name in names]
    if lacking:
        notes.append(worded("ladder_missing", names=listed(lacking)))
    last = rows.pop() if rows and labels[-1] == "all" else []
    return grid(
        worded("ladder", plan=plan),
        [worded("district"), *names],
        rows,
        words=[True, *([False] * len(names))],
        total=[worded("all"), *last[1:]] if last else [],
        caption=worded("ladder_caption", base=term(BASES[ladder.base].label)),
        notes=[*notes, *map(retold, ladder.notes)],
    )


def twin_grid(result: object, part: str | None = None) -> Block:
    """Lay out another result, such as a comparison of plans.

    Parameters
    ----------
    result : object
        What `kit.report.show.twin_of` takes.
    part : str, optional
        Which of its tables.

    Returns
    -------
    dict
        A piece of a page, with the first rows only where there are many.
    """
    twin = twin_of(result, part)
    whole = len(twin.frame)
    shown = twin if whole <= 2 * ROWS else _cut(twin)
    cells = [[written(row[name], name) for name, _ in shown.columns] for row in shown.frame.to_dict("records")]
    notes = [_for_readers(note) for note in shown.notes]
    if shown is not twin:
        notes.insert(0, worded("rows", shown=ROWS, total=whole))
    told = [_label(name, text) for name, text in shown.labels.items()]
    named = [name for name, _ in shown.columns]
    return grid(
        retold(shown.title),
        [retold(head) for _, head in shown.columns],
        cells,
        words=[at == 0 or _is_text(shown.frame[name]) for at, name in enumerate(named)],
        caption=joined(told),
        notes=tuple(dict.fromkeys(notes)),
    )


def _for_readers(note: str) -> str:
    """Say a note again, without advice to whoever writes code."""
    if not isinstance(note, Message) or isinstance(note, Figure) or not note.template or note.parts:
        return retold(note)
    given = dict(**note.values)
    told = {name: _for_readers(one) if isinstance(one, Message) else one for name, one in given.items()}
    return say(READERS.get(note.template, note.template), **told)


def _label(name: str, text: str) -> str:
    """Write one label of a result, such as what was counted, as a sentence."""
    key = "label_stopped" if text.endswith(".") else "label"
    said = term(text) if name in {"counted", "universe"} else retold(text)
    return worded(key, name=term(LABELS.get(name, name)), text=said)


def _cut(twin: Twin) -> Twin:
    """Keep the first rows, without the note for a notebook."""
    return first(Twin(twin.title, twin.frame.head(ROWS), twin.columns, twin.notes, twin.sources, twin.labels), None)


def _is_text(column: pd.Series) -> bool:
    return is_words(column) and not str(column.name).endswith("_text")
