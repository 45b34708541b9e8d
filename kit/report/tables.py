"""District tables as CSV, and what every table says in words; web pages and shapes stand beside."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from kit.analysis.moe_reading import SYMBOLS
from kit.analysis.part_of_whole import COLUMNS
from kit.errors import InputError
from kit.files import write_text
from kit.i18n.messages import Message, joined, mark, say, term
from kit.i18n.messages import figure as number
from kit.maps.page import SAMPLE_STAMP
from kit.model.frames import DistrictTable, Units
from kit.model.groups import BASES, definition, who
from kit.model.margin_words import points
from kit.model.sentences import RULE_WORDS, people, percent
from kit.model.source import Source
from kit.report.cells import points_more, signed, unbroken
from kit.settings import language_in_force

DISCLAIMER = mark("Not legal advice; confirm with counsel.")
KINDS = {
    "none stated": mark("the source states no margin of error"),
    "disclosure noise": mark("noise added against disclosure, for which no margins are published"),
    "sampling MOE": mark("sampling error, as 90 percent margins of error"),
    "allocation": mark("counts were estimated from other areas or tables, without a stated margin"),
    "allocation with margins": mark(
        "sampling error, as 90 percent margins of error, of estimates for larger areas; the shares by which they were "
        "divided are taken as exact"
    ),
    "model": mark("counts come from a model"),
}
"""Kinds of uncertainty that a source states, in words for a reader."""
# Notes under a table of a notebook that are always in sight.
_UNFOLDED = 5
_PARTS = {"asian": mark("Asian"), "nhpi": mark("NHPI")}


def write_table(table: Any, path: str | os.PathLike[str], *, part: str | None = None) -> Path:
    """Write a district table, or the table of another result.

    Parameters
    ----------
    table : DistrictTable or another result
        Figures by district, or what `kit.measure_plan`, `compare_plans`,
        `swap_sheet`, `rank_plans`, `community_splits`, `community_split_table`,
        `clusters`, `segregation` or `packing` returned.
    path : path-like
        ``.csv`` or ``.html``, and for a district table ``.geojson``.
    part : str, optional
        Which table of such a result, such as ``"pieces"``; by default the main one.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    InputError
        The suffix is another one, the plan has no shapes for GeoJSON, or there
        is no such table.

    Notes
    -----
    Every CSV row carries its definition, universe, source, placement rule and
    kind of uncertainty, so that it can be cut out without losing them. Full
    precision is written; only the web page rounds.
    """
    suffix = Path(path).suffix.lower()
    whole = isinstance(table, DistrictTable)
    kinds = {".csv", ".html", ".geojson"} if whole else {".csv", ".html"}
    if suffix not in kinds:
        found = repr(suffix) if suffix else "a name without a suffix"
        names = ".csv, .html or .geojson" if whole else ".csv or .html"
        raise InputError(f"a table is written as {names}, not {found}.")
    if not whole:
        from kit.report import show, twins

        twin = show.twin_of(table, part)
        return write_text(path, twins.csv_text(twin) if suffix == ".csv" else twins.page_text(twin))
    _refuse_part(part)
    if suffix == ".geojson":
        from kit.report.geo_files import write_geojson

        return write_geojson(table, Path(path))
    if suffix == ".csv":
        return write_text(path, _csv(table))
    from kit.report.district_page import page_text

    return write_text(path, page_text(table))


def _refuse_part(part: str | None) -> None:
    if part is not None:
        raise InputError(f"a district table has no part {part!r}; leave part= out.")


def uncertainty(table: DistrictTable) -> str:
    """Name the kinds of uncertainty behind a table.

    Parameters
    ----------
    table : DistrictTable
        Figures by district.

    Returns
    -------
    str
        Kinds of the counts' sources, and allocation by lines that cut units.
    """
    placed = table.placement
    margins = placed.units.shared_out is not None and "count_moe" in table.frame.columns
    return kinds_of(placed.units.sources, margins=margins, cut=bool(len(placed.split_units)))


def kinds_of(sources: Iterable[Source], *, margins: bool, cut: bool) -> Message:
    """Name the kinds of uncertainty behind figures.

    Parameters
    ----------
    sources : iterable of Source
        Of the counts.
    margins : bool
        Whether counts that were shared out have margins of error.
    cut : bool
        Whether district lines cut units, which were placed whole.

    Returns
    -------
    str
        For the middle of a sentence.
    """
    named = dict.fromkeys(source.uncertainty for source in sources)
    if "allocation" in named and margins:
        named = {("allocation with margins" if name == "allocation" else name): None for name in named}
    kinds: list[str] = [term(KINDS.get(name, name)) for name in named if name != "none stated"]
    kinds = kinds or [term(KINDS["none stated"])]
    if cut:
        kinds.append(say("units cut by district lines were placed whole"))
    return joined(kinds, say("; "))


def cited(table: DistrictTable) -> str:
    """Write the sources behind a table.

    Parameters
    ----------
    table : DistrictTable
        Figures by district.

    Returns
    -------
    str
        One sentence a source.
    """
    return joined(dict.fromkeys(source.citation() for source in table.sources))


def is_sample(table: DistrictTable) -> bool:
    """Tell whether any figure rests on sample data.

    Parameters
    ----------
    table : DistrictTable
        Figures by district.

    Returns
    -------
    bool
        True when the stamp is due.
    """
    return any(source.sample for source in table.sources)


def _with_total(table: DistrictTable) -> pd.DataFrame:
    """Add the jurisdiction as a last row."""
    last = table.total.rename("all districts").to_frame().T.reindex(columns=table.frame.columns)
    frame = pd.concat([table.frame.astype(object), last.astype(object)])
    return frame.rename_axis("district")


def _csv(table: DistrictTable) -> str:
    """Write rows that each carry their labels."""
    frame = _with_total(table)
    rule = definition(table.group)
    frame = frame.assign(
        plan=table.placement.plan.name,
        definition=rule.name,
        counted=term(rule.long),
        universe=term(BASES[table.base].label),
        placement=placed_words(table.placement.units, [RULE_WORDS[table.placement.rule]]),
        uncertainty=uncertainty(table),
        source=cited(table),
        note=_stamp(table),
    )
    return str(frame.to_csv(lineterminator="\n"))


def _stamp(table: DistrictTable) -> str:
    return stamp_words(sample=is_sample(table))


def stamp_words(*, sample: bool) -> Message:
    """Write what every row of a file must carry.

    Parameters
    ----------
    sample : bool
        Whether figures rest on sample data.

    Returns
    -------
    str
        The stamp of sample data, where due, and that this is no legal advice.
    """
    told = term(DISCLAIMER)
    return say("{stamp}. {told}", stamp=term(SAMPLE_STAMP), told=told) if sample else told


def placed_words(units: Units, rules: Iterable[str]) -> Message:
    """Say which units were placed, and how.

    Parameters
    ----------
    units : Units
        What was placed.
    rules : iterable of str
        Rules in words.

    Returns
    -------
    str
        Such as ``"census blocks by the plan's own list"``.
    """
    told = joined([term(rule) for rule in rules], say(" and "))
    return say("{units} by {rules}", units=term(units.plural), rules=told)


def columns_of(table: DistrictTable) -> list[tuple[str, str]]:
    """Name the columns that a reader sees, with their headings.

    Parameters
    ----------
    table : DistrictTable
        Figures by district.

    Returns
    -------
    list of tuple of str
        Column of the frame and heading.
    """
    base = BASES[table.base]
    shown: list[tuple[str, str]] = [
        ("count", term(who(table.group))),
        ("base", say("All {noun}", noun=term(base.noun))),
        ("share", say("Share")),
    ]
    for part, word in _PARTS.items():
        if part in table.frame.columns:
            shown += [(part, term(word)), (f"{part}_share", say("{group} share", group=term(word)))]
    return shown


def show_table(table: Any, *, part: str | None = None, rows: int | None = None) -> None:
    """Show a table in a notebook, rounded and with its definition, base and notes.

    Parameters
    ----------
    table : DistrictTable or another result
        As `write_table` takes it; ``table.frame`` has the figures in full precision.
    part : str, optional
        Which table of a result that is no district table.
    rows : int, optional
        Show the first so many rows of it, and say how many more there are.

    Raises
    ------
    InputError
        There is no such table.
    """
    from IPython.display import display

    from kit.report import district_page
    from kit.report.marked_html import attributes, html, stamps_html

    if isinstance(table, DistrictTable):
        _refuse_part(part)
        title = ""
        told, sample, grid, notes = table.summary(), is_sample(table), district_page.grid(table), table.notes
    else:
        from kit.report import show, twins

        twin = show.first(show.twin_of(table, part), rows)
        title = f"<p><strong>{html(twin.title)}</strong></p>"
        told, sample, grid, notes = twins.plain(twin), twin.sample, twins.grid(twin), twin.notes
    page = f'{stamps_html(sample=sample)}{title}<div style="overflow-x: auto">{grid}</div>{_noted(notes)}'
    page = page if language_in_force() == "en" else f"<div {attributes()}>{page}</div>"
    display({"text/html": page, "text/plain": told}, raw=True)  # type: ignore[no-untyped-call]


def _noted(notes: Sequence[str]) -> str:
    """List notes; where there are many, all but the first fold away."""
    from kit.report.marked_html import html, list_html

    if len(notes) <= _UNFOLDED + 2:
        return f"<ul>{list_html(notes)}</ul>"
    more = html(say("{number} more notes", number=len(notes) - _UNFOLDED))
    rest = f"<summary>{more}</summary><ul>{list_html(notes[_UNFOLDED:])}</ul>"
    return f"<ul>{list_html(notes[:_UNFOLDED])}</ul><details>{rest}</details>"


def figure(row: Any, name: str) -> str:
    """Write one figure for a reader.

    Parameters
    ----------
    row : pandas.Series
        A row of the table, or its total.
    name : str
        Column.

    Returns
    -------
    str
        Rounded for display; a share with its margin of error, where there is one.
    """
    value, margin = row[name], row.get(f"{name}_moe")
    if pd.isna(value) and name in {*_WORDS, *COLUMNS}:
        return ""
    if name in _WORDS:
        return _WORDS[name](value)
    if name == "location_quotient":
        return joined([number(f"{value:.2f}"), _plus_minus(margin, share=False)])
    if name == "difference":
        return points_more(100 * value) if margin is None else joined([signed(100 * value, 1), _plus_minus(margin)])
    if name.endswith("share") or name.startswith("share"):
        return percent(value) if pd.isna(value) else joined([percent(value), _plus_minus(margin)])
    return people(value)


# Figures that are words or ranks.
_WORDS: dict[str, Callable[[Any], str]] = {
    "tier": term,
    "rank": lambda value: f"{int(value)}",
    "reliability": lambda value: say("{sign} {reliability}", sign=SYMBOLS[value], reliability=term(value)),
}


def _plus_minus(margin: float | None, *, share: bool = True) -> str:
    """Write a margin, whose sign no line break parts from it; nothing where there is no such column."""
    if margin is None:
        return ""
    told = points(margin, unit="pts") if share or pd.isna(margin) else say("± {margin}", margin=number(f"{margin:.2f}"))
    return unbroken(told)
