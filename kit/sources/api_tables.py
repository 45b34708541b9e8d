"""Local tables in the Census API's spelling: a CSV, or a JSON reply, with the rows of one State and level."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kit.errors import Corrupt, InputError, SchemaError, first_few
from kit.model.geoid import LEVELS, NATIONWIDE

_PARTS = {
    "state": ["state"],
    "county": ["state", "county"],
    "county_subdivision": ["state", "county", "county subdivision"],
    "tract": ["state", "county", "tract"],
    "block": ["state", "county", "tract", "block"],
    "block_group": ["state", "county", "tract", "block group"],
    "place": ["state", "place"],
    "congressional_district": ["state", "congressional district"],
    "state_senate": ["state", "state legislative district (upper chamber)"],
    "state_house": ["state", "state legislative district (lower chamber)"],
    "nation": ["us"],
    "native_area": ["american indian area/alaska native area/hawaiian home land"],
}
_NATIONWIDE_IDS = {"nation": r"^(010\w\w00US|US|1)$", "native_area": r"^(250\w\w00US)?[0-9]{4}$"}


@dataclass(frozen=True)
class Rows:
    """Rows of a local table.

    Parameters
    ----------
    frame : pandas.DataFrame
        As they came, every column of the file.
    ids : pandas.Series
        GEOIDs on the same rows, without the part that ends in "US".
    captions : dict of str to str
        Column → label, where the file has a row of labels; else empty.
    """

    frame: pd.DataFrame
    ids: pd.Series
    captions: dict[str, str]


def id_pattern(level: str, prefix: str) -> str:
    """Write the pattern of the ids of a level in one State.

    Parameters
    ----------
    level : str
        Level of geography.
    prefix : str
        Two-digit code of the State; empty for areas that are in no one State.

    Returns
    -------
    str
        Regular expression for ids with or without the part that ends in "US".

    Examples
    --------
    >>> import re
    >>> bool(re.search(id_pattern("tract", "06"), "1400000US06037101110"))
    True
    """
    if level in NATIONWIDE:
        return _NATIONWIDE_IDS[level]
    digits = LEVELS[level].digits or 0
    summary = LEVELS[level].summary_level if level != "block" else r"\d{3}"
    return rf"^({summary}\w\w00US)?{prefix}[0-9A-Za-z]{{{digits - 2}}}$"


def of_state(prefix: str) -> str:
    """Say of which State, where there is one.

    Parameters
    ----------
    prefix : str
        Two-digit code of the State, or empty.

    Returns
    -------
    str
        For the middle of a sentence.
    """
    return f" of State {prefix}" if prefix else ""


def start_of(path: Path) -> bytes:
    """Read the first bytes of a local file, which must be data.

    Parameters
    ----------
    path : pathlib.Path
        A file.

    Returns
    -------
    bytes
        At most 512, without a mark of the encoding.

    Raises
    ------
    InputError
        There is no such file.
    Corrupt
        It is empty or a web page.
    """
    if not path.is_file():
        raise InputError(f"there is no file or folder {path.name!r}; give a table in CSV or a JSON reply of the API.")
    with path.open("rb") as stream:
        start = stream.read(512).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise Corrupt(f"{path.name} is empty; fetch it again.")
    if start[:1] == b"<":
        raise Corrupt(f"{path.name} is a web page, not data: the server sent an error page. Fetch it again.")
    return start


def read_rows(path: Path, *, level: str, prefix: str) -> Rows:
    """Read the rows of one State and level out of a CSV table or a JSON reply of the Census API.

    Parameters
    ----------
    path : pathlib.Path
        The file. A second row of labels, as the Bureau's website gives, is
        taken apart.
    level : str
        Level of geography.
    prefix : str
        Two-digit code of the State; empty for areas that are in no one State.

    Returns
    -------
    Rows
        At least one.

    Raises
    ------
    InputError, Corrupt
        The file is not there, empty or damaged.
    SchemaError
        It has no ids, or none of that State and level.
    """
    if path.is_dir():
        raise InputError(f"{path.name} is a folder; give one CSV table or JSON reply.")
    header, rows = _json_rows(path) if start_of(path)[:1] == b"[" else _csv_rows(path)
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise SchemaError(f"{path.name} has the column {first_few(twice)} more than once.")
    captions = {}
    if rows[0][0] == "Geography":
        captions, rows = dict(zip(header, map(str, rows[0]), strict=True)), rows[1:]
    table = pd.DataFrame(rows, columns=header, dtype="object")
    ids = _ids_of(table, level, path.name).astype("str").str.strip()
    here = ids.str.fullmatch(id_pattern(level, prefix)).to_numpy(dtype=bool)
    if not here.any():
        raise SchemaError(
            f"{path.name} has no {LEVELS[level].plural}{of_state(prefix)}; its ids are like {first_few(ids, 2)}. "
            "Check place and level."
        )
    kept = ids[here].str.replace(r"^.*US(?=.)", "", regex=True)
    if level == "nation":
        kept = kept.mask(kept != "US", "US")
    return Rows(table[here].reset_index(drop=True), kept.reset_index(drop=True), captions)


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


def _ids_of(frame: pd.DataFrame, level: str, name: str) -> pd.Series:
    """Find or compose the ids of a table."""
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
