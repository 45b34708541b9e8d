"""Helpers of the tables of results: what was counted, what a reader sees, and what is left out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from kit.i18n.messages import mark, say, term
from kit.maps.record import Twin
from kit.model.groups import base_of, definition, who
from kit.model.sentences import RULE_WORDS
from kit.report.cells import is_words
from kit.report.tables import placed_words
from kit.settings import current

Columns = list[tuple[str, str]]


def counted(result: Any, **more: str) -> dict[str, str]:
    """Say what was counted, among whom.

    Parameters
    ----------
    result : object
        With ``group`` and ``base``.
    **more : str
        Further labels, which come first.

    Returns
    -------
    dict of str to str
        What every row carries.
    """
    told = dict(more)
    if result.group and result.group != "total":
        rule = definition(result.group)
        told |= {"definition": rule.name, "counted": term(rule.long)}
    if result.base:
        told["universe"] = term(base_of(result.base).label)
    return told


def placed(result: Any, **more: str) -> dict[str, str]:
    """Say which plan, and how units were placed.

    Parameters
    ----------
    result : object
        With ``placement``.
    **more : str
        Further labels, between the two.

    Returns
    -------
    dict of str to str
        What every row carries.
    """
    found = result.placement
    told = placed_words(found.units, [RULE_WORDS[found.rule]])
    return {"plan": found.plan.name, **more, "placement": told}


def named(group: str, base: str) -> tuple[str, str]:
    """Name the group and the base in headings.

    Parameters
    ----------
    group, base : str
        Definition id and universe id; empty, or everyone, where no group is counted.

    Returns
    -------
    tuple of str
        Such as ``("Asian or NHPI", "All adults")``.
    """
    noun = say("All {noun}", noun=term(base_of(base).noun)) if base else say("People")
    return (term(who(group)) if group and group != "total" else noun), noun


def laid_out(result: Any, title: str, frame: pd.DataFrame, columns: Columns, labels: dict[str, str]) -> Twin:
    """Put a table together; a reader does not see columns without any figure.

    Parameters
    ----------
    result : object
        With ``notes`` and ``sources``.
    title : str
        Heading.
    frame : pandas.DataFrame
        Figures in full precision.
    columns : list of tuple of str
        Column and heading; the first names the row.
    labels : dict of str to str
        What every row carries.

    Returns
    -------
    Twin
        The table.
    """
    kept = tuple(
        (name, term(heading))
        for name, heading in columns
        if name in frame and (frame[name].notna().any() or name == columns[0][0])
    )
    return Twin(title, frame, kept, tuple(result.notes), tuple(result.sources), labels)


OF_AREA = (
    mark("Figures of the group are left out in {rows:,} row, where the {area} has fewer than {few:,} people."),
    mark("Figures of the group are left out in {rows:,} rows, where the {area} has fewer than {few:,} people."),
)
OF_PIECE = (
    mark(
        "Figures of the group are left out in {rows:,} row, where a piece of the {area} has fewer than {few:,} people."
    ),
    mark(
        "Figures of the group are left out in {rows:,} rows, where a piece of the {area} has fewer than {few:,} people."
    ),
)
OF_BLOCK = (
    mark("Figures of the group are left out in {rows:,} row, one block, or fewer than {few:,} people."),
    mark("Figures of the group are left out in {rows:,} rows, one block, or fewer than {few:,} people."),
)
"""Why figures are left out: in one row, and in several."""


def hidden(twin: Twin, rows: pd.Series, names: list[str], why: tuple[str, str], area: str = "") -> Twin:
    """Leave figures of a few people out, and say in how many rows.

    Parameters
    ----------
    twin : Twin
        The table.
    rows : pandas.Series of bool
        Where they are left out.
    names : list of str
        Columns.
    why : tuple of str
        What is said of one row, and of several.
    area : str
        What the area is called.

    Returns
    -------
    Twin
        The same where there is none.
    """
    rows = rows.fillna(value=False).astype("bool")
    if not rows.any():
        return twin
    frame = twin.frame.copy()
    for name in names:
        kind = (
            "boolean" if pd.api.types.is_bool_dtype(frame[name]) else "object" if is_words(frame[name]) else "float64"
        )
        frame[name] = frame[name].astype(kind).mask(rows)
    lost = int(rows.sum())
    note = say(why[lost > 1], rows=lost, few=current().small_base, area=term(area))
    return replace(twin, frame=frame, notes=(*twin.notes, note))


def few(base: pd.Series) -> pd.Series:
    """Tell where so few people live that the group is not counted.

    Parameters
    ----------
    base : pandas.Series
        People.

    Returns
    -------
    pandas.Series of bool
        Fewer than the settings' ``small_base``, but some.
    """
    return (base > 0) & (base < current().small_base)
