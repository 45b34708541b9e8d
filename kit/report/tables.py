"""District tables as CSV, as an accessible web page, and as GeoJSON."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from kit.analysis.moe_reading import SYMBOLS
from kit.analysis.part_of_whole import COLUMNS
from kit.errors import InputError
from kit.files import atomic_path, write_text
from kit.maps.page import SAMPLE_STAMP
from kit.model.frames import DistrictTable
from kit.model.groups import BASES, definition, who
from kit.model.margin_words import points
from kit.model.sentences import RULE_WORDS, people, percent

DISCLAIMER = "Not legal advice; confirm with counsel."
KINDS = {
    "none stated": "the source states no margin of error",
    "disclosure noise": "noise added against disclosure, for which no margins are published",
    "sampling MOE": "sampling error, as 90 percent margins of error",
    "allocation": "counts were estimated from other areas or tables, without a stated margin",
    "allocation with margins": (
        "sampling error, as 90 percent margins of error, of estimates for larger areas; the shares by which they were "
        "divided are taken as exact"
    ),
    "model": "counts come from a model",
}
"""Kinds of uncertainty that a source states, in words for a reader."""
# Notes under a table of a notebook that are always in sight.
_UNFOLDED = 5
_PARTS = {"asian": "Asian", "nhpi": "NHPI"}
# What a page has room for beyond the columns of an exhibit.
_MORE = [
    ("share_of_group", "Share of the group"),
    ("difference", "Share less that of all districts"),
    ("location_quotient", "Share over that of all districts"),
]
_RELIABLE = ("reliability", "Reliability of the share")
_LAST = [("rank", "Rank"), ("tier", "Band of share")]

PAGE_STYLE = """
body{font-family:system-ui,"DejaVu Sans",Arial,sans-serif;color:#1a1a1a;background:#fff;max-width:70rem;
margin:2rem auto;padding:0 1rem;line-height:1.45}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:.5rem 0}
th,td{border-bottom:1px solid #767676;padding:.35rem .6rem;text-align:right}
th[scope=row],thead th:first-child,td.words,th.words{text-align:left}
tfoot th,tfoot td{border-top:2px solid #1a1a1a;font-weight:600}
.stamp{border:2px solid #8c1d18;color:#8c1d18;padding:.3rem .8rem;display:inline-block;font-weight:700}
.scroll{overflow-x:auto}
"""
"""How the web pages of tables look."""


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
        return _geojson(table, Path(path))
    return write_text(path, _csv(table) if suffix == ".csv" else _html(table))


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
    named = dict.fromkeys(source.uncertainty for source in table.placement.units.sources)
    if "allocation" in named and table.placement.units.shared_out is not None and "count_moe" in table.frame.columns:
        named = {("allocation with margins" if name == "allocation" else name): None for name in named}
    kinds = [KINDS.get(name, name) for name in named if name != "none stated"] or [KINDS["none stated"]]
    if len(table.placement.split_units):
        kinds.append("units cut by district lines were placed whole")
    return "; ".join(kinds)


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
    return " ".join(dict.fromkeys(source.citation() for source in table.sources))


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
    placed = RULE_WORDS[table.placement.rule]
    frame = frame.assign(
        plan=table.placement.plan.name,
        definition=rule.name,
        counted=rule.long,
        universe=BASES[table.base].label,
        placement=f"{table.placement.units.plural} by {placed}",
        uncertainty=uncertainty(table),
        source=cited(table),
        note=_stamp(table),
    )
    return str(frame.to_csv(lineterminator="\n"))


def _stamp(table: DistrictTable) -> str:
    return f"{SAMPLE_STAMP}. {DISCLAIMER}" if is_sample(table) else DISCLAIMER


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
    shown = [("count", who(table.group)), ("base", f"All {base.noun}"), ("share", "Share")]
    for part, word in _PARTS.items():
        if part in table.frame.columns:
            shown += [(part, word), (f"{part}_share", f"{word} share")]
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

    if isinstance(table, DistrictTable):
        _refuse_part(part)
        title = ""
        told, stamp, grid, notes = table.summary(), _stamp_line(table), _grid(table), table.notes
    else:
        from kit.report import show, twins

        twin = show.first(show.twin_of(table, part), rows)
        title = f"<p><strong>{escape(twin.title)}</strong></p>"
        told, grid, notes = twins.plain(twin), twins.grid(twin), twin.notes
        stamp = f'<p class="stamp">{SAMPLE_STAMP}</p>' if twin.sample else ""
    page = f'{stamp}{title}<div style="overflow-x: auto">{grid}</div>{_noted(notes)}'
    display({"text/html": page, "text/plain": told}, raw=True)  # type: ignore[no-untyped-call]


def _noted(notes: Sequence[str]) -> str:
    """List notes; where there are many, all but the first fold away."""
    told = [f"<li>{escape(note)}</li>" for note in notes]
    if len(told) <= _UNFOLDED + 2:
        return f"<ul>{''.join(told)}</ul>"
    rest = f"<summary>{len(told) - _UNFOLDED} more notes</summary><ul>{''.join(told[_UNFOLDED:])}</ul>"
    return f"<ul>{''.join(told[:_UNFOLDED])}</ul><details>{rest}</details>"


def _grid(table: DistrictTable) -> str:
    """Write the table itself: caption, headings, districts, total."""
    rule, base = definition(table.group), BASES[table.base]
    shown = [*columns_of(table), *_MORE, *([_RELIABLE] if _RELIABLE[0] in table.frame.columns else []), *_LAST]
    head = "".join(f'<th scope="col"{_words(name)}>{escape(text)}</th>' for name, text in shown)
    rows = "".join(
        f'<tr><th scope="row">{escape(str(label))}</th>{_cells(row, shown)}</tr>'
        for label, row in table.frame.iterrows()
    )
    total = _cells(table.total.reindex(table.frame.columns), shown)
    caption = f"Counted: {escape(rule.long)} (definition {rule.name}). Base: {escape(base.label)}."
    return (
        f"<table><caption>{caption}</caption>\n"
        f'<thead><tr><th scope="col">District</th>{head}</tr></thead>\n<tbody>{rows}</tbody>\n'
        f'<tfoot><tr><th scope="row">All districts</th>{total}</tr></tfoot></table>'
    )


def _stamp_line(table: DistrictTable) -> str:
    return f'<p class="stamp">{SAMPLE_STAMP}</p>' if is_sample(table) else ""


def _html(table: DistrictTable) -> str:
    """Write a page that a screen reader can walk through."""
    placed = table.placement
    title = f"{definition(table.group).short}: share of {BASES[table.base].label} by district, {placed.plan.name}"
    remarks = dict.fromkeys((*placed.units.notes, *placed.plan.notes, *placed.notes, *table.notes))
    notes = "".join(f"<li>{escape(note)}</li>" for note in remarks)
    sources = "".join(
        f"<li>{escape(source.citation())}{f' {escape(source.note)}' if source.note else ''}</li>"
        for source in dict.fromkeys(table.sources)
    )
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width,initial-scale=1"><title>{escape(title)}</title><style>{PAGE_STYLE}</style></head>\n'
        f"<body><main><h1>{escape(title)}</h1>{_stamp_line(table)}<p>{escape(table.summary())}</p>\n"
        f'<div class="scroll" role="region" aria-label="District table" tabindex="0">{_grid(table)}</div>\n'
        f"<h2>How the figures were made</h2><ul><li>{escape(placed.units.plural.capitalize())} were placed by "
        f"{RULE_WORDS[placed.rule]}.</li>{notes}<li>Uncertainty: {escape(uncertainty(table))}.</li>"
        f"<li>Shares are rounded for display; parts need not add up.</li></ul>\n<h2>Sources</h2><ul>{sources}</ul>\n"
        f"<p>{DISCLAIMER}</p></main></body></html>\n"
    )


def _words(name: str) -> str:
    return ' class="words"' if name in {"tier", "reliability"} else ""


def _cells(row: Any, shown: list[tuple[str, str]]) -> str:
    return "".join(f"<td{_words(name)}>{escape(_with_margin(row, name))}</td>" for name, _ in shown)


def _with_margin(row: Any, name: str) -> str:
    """Write one figure of a page, where a count too has room for its margin."""
    margin, told = row.get(f"{name}_moe"), figure(row, name)
    if margin is None or "±" in told or pd.isna(row[name]):
        return told
    return f"{told} ±\u00a0{'unknown' if pd.isna(margin) else f'{margin:,.0f}'}"


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
        return f"{value:.2f}{_plus_minus(margin, share=False)}"
    if name == "difference":
        sign = "+" if value >= 0.0005 else "\u2212" if value <= -0.0005 else ""
        return f"{sign}{abs(100 * value):.1f}" + (_plus_minus(margin) or "\u00a0pts")
    if name.endswith("share") or name.startswith("share"):
        return percent(value) if pd.isna(value) else f"{percent(value)}{_plus_minus(margin)}"
    return people(value)


# Figures that are words or ranks.
_WORDS: dict[str, Callable[[Any], str]] = {
    "tier": str,
    "rank": lambda value: f"{int(value)}",
    "reliability": lambda value: f"{SYMBOLS[value]} {value}",
}


def _plus_minus(margin: float | None, *, share: bool = True) -> str:
    """Write a margin that no line break parts from its sign; nothing where there is no such column."""
    if margin is None:
        return ""
    told = points(margin, unit="pts") if share or pd.isna(margin) else f"± {margin:.2f}"
    return " " + told.replace(" ", "\u00a0")


def _geojson(table: DistrictTable, path: Path) -> Path:
    """Write district shapes with their figures, in longitude and latitude."""
    import geopandas

    from kit.maps.shapes import dissolve

    placement = table.placement
    if placement.plan.geometry is not None:
        shapes = placement.plan.geometry
    elif placement.units.geometry is not None and (placement.units.geometry.geom_type != "Point").all():
        placed = placement.assignment.notna().to_numpy()
        labels = placement.assignment.to_numpy(dtype=object)[placed].astype(str)
        joined = dissolve(placement.units.geometry.to_numpy()[placed], labels)
        shapes = geopandas.GeoSeries(joined, crs=placement.units.geometry.crs)
    else:
        raise InputError("GeoJSON needs district shapes: neither the plan nor the units have polygons.")
    frame = table.frame.astype({"rank": "float64"})
    layer = geopandas.GeoDataFrame(frame, geometry=shapes.reindex(frame.index).to_numpy(), crs=shapes.crs)
    layer = layer.to_crs("EPSG:4326")
    layer.geometry = layer.geometry.orient_polygons()
    collection = json.loads(layer.reset_index().to_json(drop_id=True))
    collection["name"] = placement.plan.name
    collection["description"] = f"{definition(table.group).long}. {cited(table)} {_stamp(table)}"
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps(collection, separators=(",", ":"), allow_nan=False), encoding="utf-8")
    return path
