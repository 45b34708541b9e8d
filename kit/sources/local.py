"""Reading counts from a file at hand, by a column map that the caller writes down."""

from __future__ import annotations

import operator
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import CRSError, InputError, SchemaError, first_few
from kit.files import sha256
from kit.model.crs import require_crs
from kit.model.frames import Source, Units
from kit.model.geoid import as_geoids, level_of
from kit.model.geoid import level as find_level
from kit.model.groups import BASES, DEFINITIONS, derive, parse_column
from kit.model.identities import check_cells, check_counts
from kit.model.tables import canonical
from kit.sources.local_files import Content, column_names, read_columns

_MOE = "_moe"
# People among whom at least one is a child, for certain.
_ENOUGH = 1_000
_EMPTY = frozenset({"", "na", "n/a", "nan", "null", "none"})
_COMMAS = r"-?\d{1,3}(,\d{3})+(\.\d+)?"


def read_units(
    path: str | os.PathLike[str],
    *,
    id: str,
    columns: Mapping[str, str],
    sources: Sequence[Source] | None = None,
    level: str | None = None,
    year: int | None = None,
    layer: str | None = None,
    crs: Any = None,
    adjusted: str = "",
) -> Units:
    """Read counts by area from a table or a layer of shapes.

    Parameters
    ----------
    path : path-like
        CSV or TSV (also ``.gz``), Parquet, GeoPackage, GeoJSON, TopoJSON or a
        shapefile (also in a ``.zip``).
    id : str
        Column of GEOIDs.
    columns : mapping of str to str
        Column of the file → the kit's column: ``<group>_<base>`` such as
        ``"asian_alone_vap"``, with ``_moe`` for its margin of error; a
        P.L. 94-171 cell in any spelling, such as ``"P0010006"``; or ``"name"``.
    sources : sequence of Source, optional
        Where the figures come from. By default one source with the file's
        name and SHA-256.
    level : str, optional
        Level of geography. When given, ids must fit it, and ids that lost a
        leading zero get it back; the number is in the notes.
    year : int, optional
        Vintage of the geography.
    layer : str, optional
        Layer of a file that holds several.
    crs : optional
        Coordinate reference system, for shapes that do not carry one.
    adjusted : str, optional
        How the counts were changed after the Census Bureau published them, in
        a few words, such as ``"incarcerated people counted at their last
        address"`` for files of California's Statewide Database. Counts
        adjusted so are never mixed with counts as published.

    Returns
    -------
    Units
        ``.frame`` by GEOID with the columns mapped and every count that the
        raw cells allow; ``.geometry`` in the file's CRS, or None.

    Raises
    ------
    InputError
        There is no such file, its kind is not read, or the year is no number.
    SchemaError
        Columns, ids or numbers are not what they must be.
    CRSError
        Shapes carry no CRS and none is given.
    Corrupt
        The file is empty, cut off, or not what its name says.

    Notes
    -----
    Empty cells stay missing; they never count as zero.
    """
    file = Path(path)
    year = _whole_year(year)
    known_level = find_level(level).name if level is not None else None
    targets = _targets(columns, file.name)
    _require_columns([id, *targets], column_names(file, layer), file.name)
    content = read_columns(file, [id, *targets], layer)
    if not len(content.frame):
        raise SchemaError(f"{file.name} has column names and no rows. Export it again.")
    given = content.frame[id]
    given = given.where(given.map(lambda v: not isinstance(v, str) or bool(v.strip())), None)
    ids, repaired = as_geoids(given, level=known_level, what=f"{file.name}: column {id!r}")
    notes = list(content.notes)
    if repaired:
        notes.append(f"{repaired:,} ids of {file.name} had lost a leading zero, which was put back.")
    table = content.frame.drop(columns=[] if id in targets else [id]).set_axis(ids)
    frame = pd.DataFrame({kit_name: _values(table[name], kit_name, file.name) for name, kit_name in targets.items()})
    frame = _with_derived(frame, file.name)
    check_counts(frame, what=file.name)
    unit_level = known_level or level_of(ids) or ""
    geometry, more = _geometry(content, ids, file.name, crs)
    if sources is None:
        sources = [_source(file, list(targets), unit_level, year)]
    sources, told = _adjusted(sources, adjusted)
    return Units(
        frame=frame,
        level=unit_level,
        year=year,
        sources=tuple(sources),
        geometry=geometry,
        notes=(*notes, *more, *told),
    )


def _adjusted(sources: Sequence[Source], adjusted: object) -> tuple[list[Source], list[str]]:
    """Write down how counts were adjusted."""
    words = " ".join(str(adjusted).split()).rstrip(".")
    if isinstance(adjusted, bool):
        raise InputError('adjusted= says how, in words, such as "incarcerated people counted at their last address".')
    other = [source.adjusted for source in sources if source.adjusted and words and source.adjusted != words]
    if other:
        raise InputError(f"adjusted={words!r}, and sources= says {other[0]!r}. Say it once.")
    made = [replace(source, adjusted=source.adjusted or words) for source in sources]
    ways = dict.fromkeys(source.adjusted for source in made if source.adjusted)
    return made, [f"Counts are adjusted: {way}. They differ from the Census Bureau's." for way in ways]


def _whole_year(year: Any) -> int | None:
    """Give the year as a number; text would never equal the year of a plan."""
    if year is None:
        return None
    if isinstance(year, bool) or not hasattr(year, "__index__"):
        raise InputError(f"year is a whole number such as 2020, not {year!r}; write it without quotes.")
    return operator.index(year)


def _targets(columns: Mapping[str, str], name: str) -> dict[str, str]:
    """Settle the kit's name of each column, telling all faults together."""
    found: dict[str, str] = {}
    faults = []
    for column, target in columns.items():
        plain = target.removesuffix(_MOE)
        cell = canonical(target)
        if cell or parse_column(plain) or target == "name":
            found[column] = cell or target
        else:
            known = [*(f"{g}_{b}" for g in DEFINITIONS for b in BASES), "name"]
            near = get_close_matches(plain, known, n=3, cutoff=0.5)
            faults.append(f"{target!r} (near: {', '.join(near) or 'none'})")
    if faults:
        raise SchemaError(
            f"the column map of {name} uses names the kit does not know: {'; '.join(faults[:5])}. "
            "Use <group>_<base>, a P.L. 94-171 cell, or 'name'."
        )
    if not found:
        raise SchemaError(f"the column map of {name} is empty; say what each column is, as in {{'POP': 'total_pop'}}.")
    by_target: dict[str, list[str]] = {}
    for column, target in found.items():
        by_target.setdefault(target, []).append(column)
    doubled = [f"{' and '.join(names)} → {target}" for target, names in by_target.items() if len(names) > 1]
    if doubled:
        raise SchemaError(f"the column map of {name} gives one name to several columns: {'; '.join(doubled)}.")
    return found


def _require_columns(wanted: list[str], there: list[str], name: str) -> None:
    """Refuse names that are not in the file, or stand in it twice."""
    absent = [column for column in wanted if column not in there]
    if absent:
        told = []
        for column in absent[:5]:
            lower = {c.casefold(): c for c in there}
            near = [lower[c] for c in get_close_matches(column.casefold(), lower, n=3, cutoff=0.5)]
            told.append(f"{column!r} (near: {', '.join(near)})" if near else repr(column))
        raise SchemaError(f"{name} has no column {', '.join(told)}. It has {first_few(there, 12)}.")
    doubled = sorted({column for column in wanted if there.count(column) > 1})
    if doubled:
        raise SchemaError(f"{name} has the column {first_few(doubled)} more than once. Rename or drop one of them.")


def _values(column: pd.Series, target: str, name: str) -> pd.Series:
    """Turn a column into numbers, missing kept missing; the area's name stays text."""
    if target == "name":
        return column.astype("str")
    if pd.api.types.is_numeric_dtype(column):
        numbers, empty = pd.to_numeric(column).astype("float64"), column.isna()
    else:
        text = column.astype("object").where(column.notna(), "").map(str).str.strip()
        empty = text.str.casefold().isin(_EMPTY)
        numbers = pd.to_numeric(text.where(~empty, None), errors="coerce").astype("float64")
        wrong = (numbers.isna() & ~empty) | np.isinf(numbers)
        if wrong.any():
            _refuse_text(text[wrong], column.name, name)
    numbers = numbers.mask(empty)
    negative = numbers < 0
    if negative.any():
        raise SchemaError(
            f"{name}: column {column.name!r} has {int(negative.sum()):,} negative values (first "
            f"{numbers[negative].iloc[0]:.0f}), in {first_few(numbers.index[negative])}. "
            "If they stand for missing, empty those cells."
        )
    if not empty.any() and (numbers % 1 == 0).all():
        return numbers.astype("int64")
    return numbers


def _refuse_text(values: pd.Series, column: object, name: str) -> None:
    """Say what a column holds instead of numbers."""
    seen, where = first_few([repr(v) for v in values.unique()], 3), first_few(values.index)
    if values.str.fullmatch(_COMMAS).any():
        raise SchemaError(
            f"{name}: column {column!r} has numbers with thousands commas ({seen}), in {where}. "
            "Export plain numbers, or take the commas out."
        )
    raise SchemaError(
        f"{name}: column {column!r} should hold numbers, and {len(values):,} cells hold {seen}, in {where}. "
        "Leave a cell empty where the figure is missing or suppressed."
    )


def _with_derived(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Add every count that the raw cells allow; a count with a missing cell is missing."""
    cells = frame[[c for c in frame.columns if canonical(c) == c]]
    if cells.empty:
        return frame
    _refuse_namesakes(cells.dropna(), name)
    check_cells(cells.dropna(), what=name)
    derived = derive(cells)
    return frame.assign(**{column: derived[column] for column in derived.columns.difference(frame.columns, sort=False)})


def _refuse_namesakes(cells: pd.DataFrame, name: str) -> None:
    """Refuse tables of other census files, whose P3 and P4 mean other people than those of P.L. 94-171."""
    everyone = cells.get("P1_001N", pd.Series(0, index=cells.index))
    adults = [cells[cell] for cell in ("P3_001N", "P4_001N") if cell in cells]
    as_many = everyone.sum() >= _ENOUGH and any(total.equals(everyone) for total in adults)
    races = [f"P3_{number:03d}N" for number in range(2, 9)]
    seven = {"P3_001N", *races} <= set(cells) and "P3_009N" not in cells
    adds_up = seven and cells["P3_001N"].sum() > 0 and bool((cells[races].sum(axis=1) == cells["P3_001N"]).all())
    if as_many or adds_up:
        raise SchemaError(
            f"{name}: its P3 or P4 counts everyone, as in the DHC and Summary File 1, not adults as in P.L. 94-171. "
            "The same cell numbers mean other groups there. Map each column to a count by name, as asian_alone_pop."
        )


def _geometry(content: Content, ids: pd.Index, name: str, crs: Any) -> tuple[Any, list[str]]:
    """Put the shapes on the units' index, with a CRS."""
    if content.shapes is None:
        if crs is not None:
            raise CRSError(f"{name} has no shapes, so crs= has nothing to say. Leave it out.")
        return None, []
    shapes = content.shapes.set_axis(ids)
    if shapes.crs is None and crs is not None:
        shapes = shapes.set_crs(crs)
    require_crs(shapes, what=name)
    if crs is not None and shapes.crs != crs:
        raise CRSError(f"{name} says its coordinates are {shapes.crs.name}, and crs= says otherwise. Leave crs= out.")
    bare = int((shapes.isna() | shapes.is_empty).sum())
    return shapes, [f"{bare:,} areas of {name} have no shape."] if bare else []


def _source(file: Path, columns: list[str], level: str, year: int | None) -> Source:
    return Source(
        title=file.name,
        year=year,
        tables=f"columns {first_few(columns, 12)}",
        level=level,
        sha256=sha256(file),
    )
