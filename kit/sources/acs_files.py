"""Files with tables of the American Community Survey: published summary files, and local tables as the API spells."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import Corrupt, InputError, NotPublished, SchemaError, first_few
from kit.model.geoid import LEVELS, NESTED, as_geoids
from kit.progress import meter
from kit.sources.acs_labels import Labels, from_pairs, line_number
from kit.sources.api_values import CONTROLLED, MISSING
from kit.sources.pl_files import Member, blaming, reading

FIRST_FILE_YEAR = 2018
BLOCK_BYTES = 1 << 21
_FIXED = frozenset({CONTROLLED, "*****"})
_ABSENT = frozenset({"", ".", "-", "N", "(X)", "**", "***", "null", "None", "NaN", "nan", "<NA>"}) | MISSING
_PARTS = {
    "state": ["state"],
    "county": ["state", "county"],
    "county_subdivision": ["state", "county", "county subdivision"],
    "tract": ["state", "county", "tract"],
    "block_group": ["state", "county", "tract", "block group"],
    "place": ["state", "place"],
    "congressional_district": ["state", "congressional district"],
    "state_senate": ["state", "state legislative district (upper chamber)"],
    "state_house": ["state", "state legislative district (lower chamber)"],
}


@dataclass(frozen=True)
class Wanted:
    """One table, asked for.

    Parameters
    ----------
    table : str
        Id of the table.
    year : int
        Last year of the five-year period.
    level : str
        Level of geography.
    prefix : str
        Two-digit code of the State.
    """

    table: str
    year: int
    level: str
    prefix: str


@dataclass(frozen=True)
class Cells:
    """Cells of one table as a source gave them.

    Parameters
    ----------
    frame : pandas.DataFrame
        Text by GEOID; columns as ``B02015_002E`` and ``B02015_002M``, and
        ``NAME`` where there is one.
    labels : Labels, optional
        Where the file has labels of its own.
    """

    frame: pd.DataFrame
    labels: Labels | None = None


def table_path(table: str, year: int) -> str:
    """Give the path of a table's summary file on the Census file server.

    Parameters
    ----------
    table : str
        Id of the table.
    year : int
        Last year of the five-year period.

    Returns
    -------
    str
        Path without the server.

    Raises
    ------
    NotPublished
        There are no files by table for that year.

    Examples
    --------
    >>> table_path("B02015", 2022).rpartition("/")[2]
    'acsdt5y2022-b02015.dat'
    """
    if year < FIRST_FILE_YEAR:
        raise NotPublished(
            f"the summary files by table begin with the period that ends in {FIRST_FILE_YEAR}, so there is none for "
            f"{year}. Use source='api' with a key, or a local file."
        )
    part = "table-based-SF/data" if year >= 2021 else "prototype"
    return f"/programs-surveys/acs/summary_file/{year}/{part}/5YRData/acsdt5y{year}-{table.lower()}.dat"


def id_pattern(level: str, prefix: str) -> str:
    """Write the pattern of the ids of a level in one State.

    Parameters
    ----------
    level : str
        Level of geography.
    prefix : str
        Two-digit code of the State.

    Returns
    -------
    str
        Regular expression for ids with or without the part that ends in "US".

    Examples
    --------
    >>> bool(re.search(id_pattern("tract", "06"), "1400000US06037101110"))
    True
    """
    digits = LEVELS[level].digits or 0
    summary = LEVELS[level].summary_level
    return rf"^({summary}\w\w00US)?{prefix}[0-9A-Za-z]{{{digits - 2}}}$"


def read_summary_file(path: Path, wanted: Wanted) -> Cells:
    """Stream a file with all areas of the nation and keep those of one State and level.

    Parameters
    ----------
    path : pathlib.Path
        Text with columns divided by bars: ``GEO_ID|B02015_E001|B02015_M001`` …
    wanted : Wanted
        Which table and areas.

    Returns
    -------
    Cells
        Text.

    Raises
    ------
    SchemaError
        The file is of another table.
    NotPublished
        It has no such areas.
    Corrupt
        It is cut off or damaged.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv as pa_csv

    member = Member(path, path.stat().st_size)
    header = _first_line(path).split("|")
    names = _canonical(header, wanted.table, path.name)
    if "GEO_ID" not in header:
        raise SchemaError(f"{path.name} has no column GEO_ID; it is no summary file by table.")
    columns = ["GEO_ID", *names]
    pattern = id_pattern(wanted.level, wanted.prefix)
    kept = []
    with meter(path.name, member.size, unit="bytes") as bar, reading(member, bar) as stream, blaming(member):
        reader = pa_csv.open_csv(
            stream,
            read_options=pa_csv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES),
            parse_options=pa_csv.ParseOptions(delimiter="|", quote_char=False),
            convert_options=pa_csv.ConvertOptions(
                include_columns=columns, column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False
            ),
        )
        for batch in reader:
            rows = batch.filter(pc.match_substring_regex(batch.column(0), pattern))
            if rows.num_rows:
                kept.append(rows)
    if not kept:
        raise NotPublished(
            f"{path.name} has no {LEVELS[wanted.level].plural} of State {wanted.prefix}. The table may not be "
            "published for them, or the file may be cut off."
        )
    frame = pa.Table.from_batches(kept).to_pandas().rename(columns=names)
    return Cells(_indexed(frame.drop(columns="GEO_ID"), frame["GEO_ID"], wanted.level, path.name))


def read_local(path: Path, wanted: Wanted) -> Cells:
    """Read a local file: a summary file, a CSV in the API's spelling, or a JSON reply of the API.

    Parameters
    ----------
    path : pathlib.Path
        The file, or a folder with the year's summary files by table.
    wanted : Wanted
        Which table and areas.

    Returns
    -------
    Cells
        Text, with labels where the file has them.

    Raises
    ------
    InputError
        There is no such file.
    SchemaError
        It does not hold the table, or its ids are of another level or State.
    NotPublished
        A summary file has no such areas, or the folder no such table.
    Corrupt
        The file is a web page, empty or damaged.
    """
    if path.is_dir():
        path = _in_folder(path, wanted)
    if not path.is_file():
        raise InputError(f"there is no file or folder {path.name!r}; give a summary file, a CSV table or a JSON reply.")
    named = re.search(r"acsdt5y(\d{4})", path.name.casefold())
    if named and int(named[1]) != wanted.year:
        raise SchemaError(
            f"{path.name} is of {named[1]}, but year={wanted.year} was asked for. Give the file of {wanted.year}."
        )
    with path.open("rb") as stream:
        start = stream.read(512).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise Corrupt(f"{path.name} is empty; fetch it again.")
    if start[:1] == b"<":
        raise Corrupt(f"{path.name} is a web page, not data: the server sent an error page. Fetch it again.")
    if b"|" in start.partition(b"\n")[0]:
        return read_summary_file(path, wanted)
    header, rows = _json_rows(path) if start[:1] == b"[" else _csv_rows(path)
    return _from_rows(header, rows, path.name, wanted)


def _in_folder(folder: Path, wanted: Wanted) -> Path:
    name = f"acsdt5y{wanted.year}-{wanted.table.lower()}.dat"
    found = sorted(p for p in folder.rglob("*") if p.name.casefold() == name)
    if not found:
        raise NotPublished(f"the folder {folder.name} has no {name}. Fetch that table, or pass one file.")
    return found[0]


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        return stream.readline().strip()


def _json_rows(path: Path) -> tuple[list[str], list[list[Any]]]:
    try:
        body = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError:
        raise Corrupt(f"{path.name} is no whole JSON file; fetch it again.") from None
    rows = [row for row in body if isinstance(row, list)] if isinstance(body, list) else []
    if len(rows) < 2 or len(rows) != len(body) or any(len(row) != len(rows[0]) for row in rows):
        raise SchemaError(f"{path.name} is no reply of the Census API: a list with one list a row, header first.")
    return [str(name) for name in rows[0]], rows[1:]


def _csv_rows(path: Path) -> tuple[list[str], list[list[Any]]]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        rows = [row for row in csv.reader(stream) if any(row)]
    if len(rows) < 2:
        raise SchemaError(f"{path.name} has a header and no rows.")
    width = len(rows[0])
    short = [n for n, row in enumerate(rows, 1) if len(row) != width]
    if short:
        raise Corrupt(f"{path.name}: line {short[0]} has {len(rows[short[0] - 1])} fields, the header has {width}.")
    return [name.strip() for name in rows[0]], rows[1:]


def _from_rows(header: list[str], rows: list[list[Any]], name: str, wanted: Wanted) -> Cells:
    """Bring rows with a header to one form."""
    labels, level = None, wanted.level
    if header and header[0] == "GEO_ID" and rows[0][0] == "Geography":
        pairs = zip(header, map(str, rows[0]), strict=True)
        labels = from_pairs(wanted.table, wanted.year, pairs, f"the labels in {name}")
        rows = rows[1:]
    names = _canonical(header, wanted.table, name)
    frame = pd.DataFrame(rows, columns=header, dtype="object")
    ids = _ids_of(frame, level, name).astype("str").str.strip()
    here = ids.str.fullmatch(id_pattern(level, wanted.prefix)).to_numpy(dtype=bool)
    if not here.any():
        raise SchemaError(
            f"{name} has no {LEVELS[level].plural} of State {wanted.prefix}; its ids are like {first_few(ids, 2)}. "
            "Check place and level."
        )
    kept = [*(["NAME"] if "NAME" in header else []), *names]
    return Cells(_indexed(frame.loc[here, kept].rename(columns=names), ids[here], level, name), labels)


def _ids_of(frame: pd.DataFrame, level: str, name: str) -> pd.Series:
    """Find or compose the ids."""
    for column in ("GEO_ID", "GEOID", "geoid", "GEOID20", "GEOID10"):
        if column in frame.columns:
            return frame[column]
    parts = _PARTS[level]
    if not set(parts) <= set(frame.columns):
        raise SchemaError(f"{name} has no column GEO_ID or GEOID, nor the columns {', '.join(parts)}.")
    ids = frame[parts[0]].astype("str")
    for part in parts[1:]:
        ids = ids + frame[part].astype("str")
    return ids


def _canonical(header: list[str], table: str, name: str) -> dict[str, str]:
    """Map a file's columns to the API's spelling; annotations are left out."""
    found = {}
    for column in header:
        number = line_number(column.strip(), table)
        if number is not None:
            kind = "M" if "M" in column.strip().upper().partition("_")[2] else "E"
            found[column] = f"{table}_{number:03d}{kind}"
    if not found:
        held = sorted({c.partition("_")[0] for c in header if re.fullmatch(r"[BC]\d{5}[A-Z]*(_\w+)?", c)})
        raise SchemaError(f"{name} has no column of table {table}; it has {first_few(held) or first_few(header)}.")
    twice = [c for c in set(found.values()) if list(found.values()).count(c) > 1]
    if twice:
        raise SchemaError(f"{name} has the column {min(twice)} more than once.")
    return found


def _indexed(frame: pd.DataFrame, ids: Any, level: str, name: str) -> pd.DataFrame:
    nested = level if level in NESTED else None
    index, _ = as_geoids(ids, level=nested, what=f"the ids of {name}")
    return frame.set_axis(index)


# --- values -----------------------------------------------------------------------------------------


def as_figures(cells: pd.DataFrame, name: str) -> pd.DataFrame:
    """Turn text into estimates and margins, codes mapped before anything is added.

    Parameters
    ----------
    cells : pandas.DataFrame
        Text, columns as ``B02015_002E`` and ``B02015_002M``.
    name : str
        How the file or reply is called in messages.

    Returns
    -------
    pandas.DataFrame
        Whole numbers where nothing is missing, else floats with missing
        values. A margin of an estimate that is held to a known total is 0;
        every other code, a blank and null are missing.

    Raises
    ------
    Corrupt
        A value is no number, or a margin is negative.
    """
    made = {}
    for column in cells.columns:
        text = cells[column].astype("object").map(_tidy)
        controlled = text.isin(_FIXED) & column.endswith("M")
        absent = text.isin(_ABSENT | _FIXED)
        numbers = pd.to_numeric(text.where(~absent, None), errors="coerce").to_numpy(dtype=float, copy=True)
        numbers[controlled.to_numpy()] = 0.0
        wrong = np.isnan(numbers) & ~absent.to_numpy()
        if column.endswith("M"):
            wrong |= numbers < 0
        if wrong.any():
            raise Corrupt(
                f"{name}: {column} holds {first_few(text[wrong].unique(), 3)} where there should be numbers, first at "
                f"{first_few(cells.index[wrong])}."
            )
        made[column] = whole(numbers)
    return pd.DataFrame(made, index=cells.index)


def _tidy(value: Any) -> str:
    """Write a cell as text without blanks, thousands commas, or a decimal part of zero."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    text = str(value).strip().replace(",", "").removeprefix("±").removeprefix("+/-")
    return re.sub(r"\.0+$", "", text)


def whole(values: Any) -> Any:
    """Use whole numbers where nothing is missing and nothing is a fraction.

    Parameters
    ----------
    values : numpy.ndarray
        Floats.

    Returns
    -------
    numpy.ndarray
        Integers, or the same floats.
    """
    return values.astype("int64") if not np.isnan(values).any() and (values % 1 == 0).all() else values
