"""Files with tables of the American Community Survey: published summary files, and local tables as the API spells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kit.errors import NotPublished, SchemaError, first_few
from kit.model.geoid import LEVELS, NESTED, as_geoids
from kit.progress import meter
from kit.sources.acs_lines import Labels, from_pairs, line_number
from kit.sources.api_tables import id_pattern, of_state, read_rows, start_of
from kit.sources.pl_files import Member, blaming, reading

FIRST_FILE_YEAR = 2018
BLOCK_BYTES = 1 << 21


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
        Two-digit code of the State; empty for areas that are in no one State.
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


def read_summary_file(path: Path, wanted: Wanted) -> Cells:
    """Stream a file with all areas of the nation and keep those of one State and level.

    Parameters
    ----------
    path : pathlib.Path
        Text with columns divided by bars: ``GEO_ID|B02015_E001|B02015_M001`` and so on.
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
            f"{path.name} has no {LEVELS[wanted.level].plural}{of_state(wanted.prefix)}. The table may not be "
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
    start = start_of(path)
    named = re.search(r"acsdt5y(\d{4})", path.name.casefold())
    if named and int(named[1]) != wanted.year:
        raise SchemaError(
            f"{path.name} is of {named[1]}, but year={wanted.year} was asked for. Give the file of {wanted.year}."
        )
    if b"|" in start.partition(b"\n")[0]:
        return read_summary_file(path, wanted)
    rows = read_rows(path, level=wanted.level, prefix=wanted.prefix)
    names = _canonical(list(rows.frame.columns), wanted.table, path.name)
    labels = None
    if rows.captions:
        labels = from_pairs(wanted.table, wanted.year, rows.captions.items(), f"the labels in {path.name}")
    kept = [*(["NAME"] if "NAME" in rows.frame.columns else []), *names]
    return Cells(_indexed(rows.frame[kept].rename(columns=names), rows.ids, wanted.level, path.name), labels)


def _in_folder(folder: Path, wanted: Wanted) -> Path:
    name = f"acsdt5y{wanted.year}-{wanted.table.lower()}.dat"
    found = sorted(p for p in folder.rglob("*") if p.name.casefold() == name)
    if not found:
        raise NotPublished(f"the folder {folder.name} has no {name}. Fetch that table, or pass one file.")
    return found[0]


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        return stream.readline().strip()


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
