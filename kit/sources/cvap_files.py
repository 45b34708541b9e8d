"""The published CVAP files: thirteen rows an area, one file a level, read without unpacking."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import Corrupt, InputError, NotPublished, SchemaError, first_few
from kit.model.cvap import LINES, MOE
from kit.model.geoid import LEVELS, as_geoids
from kit.progress import meter
from kit.sources.pl_files import Member, blaming, reading

BLOCK_BYTES = 1 << 21
_CONTROLLED = -555555555.0


@dataclass(frozen=True)
class LevelFile:
    """Which file of the zip holds a level.

    Parameters
    ----------
    names : tuple of str
        Bare names without ending, in any case; the first is today's.
    first_year : int
        Last year of the first survey period published for the level.
    """

    names: tuple[str, ...]
    first_year: int = 2009


FILES: dict[str, LevelFile] = {
    "nation": LevelFile(("Nation",)),
    "state": LevelFile(("State",)),
    "congressional_district": LevelFile(("CD",), 2016),
    "state_senate": LevelFile(("SLDUC", "SLDU"), 2016),
    "state_house": LevelFile(("SLDLC", "SLDL"), 2016),
    "county": LevelFile(("County",)),
    "county_subdivision": LevelFile(("MCD",)),
    "place": LevelFile(("Place",)),
    "tract": LevelFile(("Tract",)),
    "block_group": LevelFile(("BlockGr", "BlockGroup")),
}
FIRST_YEAR, LAST_YEAR = 2009, 2024

# Words a line's title must have; lines are known by number, and the title must agree.
_WORDS = {
    1: ("total",),
    2: ("not", "hispanic"),
    3: ("american indian", "alone"),
    4: ("asian", "alone"),
    5: ("black", "alone"),
    6: ("hawaiian", "alone"),
    7: ("white", "alone"),
    8: ("american indian", "white"),
    9: ("asian", "white"),
    10: ("black", "white"),
    11: ("american indian", "black"),
    12: ("two or more",),
    13: ("hispanic",),
}


def cvap_path(year: int) -> str:
    """Give the path of the tabulation on the Census file server.

    Parameters
    ----------
    year : int
        Last year of the five-year period, 2009 to 2024.

    Returns
    -------
    str
        Path without the server.

    Raises
    ------
    NotPublished
        The kit knows of no tabulation for that period.

    Examples
    --------
    >>> cvap_path(2022).rpartition("/")[2]
    'CVAP_2018-2022_ACS_csv_files.zip'
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotPublished(
            f"the CVAP tabulation is known for periods that end in {FIRST_YEAR} to {LAST_YEAR}, not {year}. "
            "If there is a newer one, fetch it in a browser and pass its path as source=."
        )
    folder = f"/programs-surveys/decennial/rdo/datasets/{year}/{year}-cvap"
    return f"{folder}/CVAP_{year - 4}-{year}_ACS_csv_files.zip"


def find_member(path: Path, level: str, year: int) -> Member:
    """Find the file of a level in a zip, a folder or by itself.

    Parameters
    ----------
    path : pathlib.Path
        The published zip, a folder with its files at any depth, or one CSV file.
    level : str
        A key of `FILES`.
    year : int
        Last year of the period, for messages.

    Returns
    -------
    Member
        What to read.

    Raises
    ------
    InputError
        There is no such file.
    Corrupt
        The zip is cut off, or it is a web page.
    NotPublished
        The zip or folder has no file of that level.
    """
    if not path.exists():
        raise InputError(f"there is no file or folder {path.name!r}; give the published zip, a folder or a CSV file.")
    if path.is_dir():
        members = [Member(p, p.stat().st_size) for p in sorted(path.rglob("*")) if p.is_file()]
    else:
        with path.open("rb") as stream:
            start = stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
        if not start or start[:1] == b"<":
            what = "a web page, not data: the server sent an error page" if start else "empty"
            raise Corrupt(f"{path.name} is {what}. Download it again.")
        if start[:2] != b"PK":
            return Member(path, path.stat().st_size)
        members = _inside(path)
    names = FILES[level].names
    for name in names:
        found = [m for m in members if m.name.casefold() == f"{name}.csv".casefold() and "__MACOSX" not in m.inside]
        if len(found) > 1:
            raise InputError(f"{path.name} holds {len(found)} files named {name}.csv; pass the one you mean.")
        if found:
            return found[0]
    since = f" It is published from {FILES[level].first_year} on." if year < FILES[level].first_year else ""
    held = first_few(sorted(m.name for m in members if m.name.lower().endswith(".csv")), 12)
    raise NotPublished(
        f"{path.name} has no {names[0]}.csv; it holds {held or 'no CSV files'}.{since} Of a zip of the "
        "Redistricting Data Hub, pass the CSV inside."
    )


def _inside(path: Path) -> list[Member]:
    try:
        with zipfile.ZipFile(path) as pack:
            return [Member(path, info.file_size, info.filename) for info in pack.infolist() if not info.is_dir()]
    except zipfile.BadZipFile:
        raise Corrupt(
            f"{path.name} is no complete zip file; it may have been cut off. Delete it and download it again."
        ) from None


def header_of(member: Member) -> list[str]:
    """Read the column names of a file.

    Parameters
    ----------
    member : Member
        A CSV file.

    Returns
    -------
    list of str
        As they stand there.
    """
    with meter("header") as quiet, reading(member, quiet) as stream:
        first = b""
        while b"\n" not in first and len(first) < 65_536 and (piece := stream.read(4096)):
            first += piece
    line = first.partition(b"\n")[0].decode("utf-8-sig", errors="replace")
    return [name.strip().strip('"') for name in line.strip().split(",")]


def is_long(columns: list[str]) -> bool:
    """Tell whether a file has one row a line, as the Census Bureau publishes.

    Parameters
    ----------
    columns : list of str
        Column names.

    Returns
    -------
    bool
        True when the columns of that layout are there.
    """
    return {"geoid", "lnnumber", "cvap_est", "cvap_moe"} <= {name.casefold() for name in columns}


def read_long(member: Member, *, prefix: str, level: str) -> pd.DataFrame:
    """Read the lines of one State, thirteen columns and their margins a row.

    Parameters
    ----------
    member : Member
        A file in the published layout.
    prefix : str
        Two-digit code of the State; empty for the whole file.
    level : str
        A key of `FILES`.

    Returns
    -------
    pandas.DataFrame
        By GEOID: ``name``, ``cvap_01`` … ``cvap_13`` and their ``_moe``, in
        people; missing where the file is blank.

    Raises
    ------
    Corrupt
        The file is cut off or damaged.
    SchemaError
        It has other columns, an area lacks a line, or a line is something else.
    """
    actual = {name.casefold(): name for name in header_of(member)}
    if not is_long(list(actual)):
        raise SchemaError(
            f"{member.name} has no columns geoid, lnnumber, cvap_est and cvap_moe; it has {first_few(actual.values())}."
        )
    wanted = [actual[n] for n in ("geoid", "lnnumber", "cvap_est", "cvap_moe", "geoname", "lntitle") if n in actual]
    table = _rows(member, wanted, prefix).rename_columns([name.casefold() for name in wanted])
    if not table.num_rows:
        raise SchemaError(f"{member.name} has no rows of State {prefix or 'any'}. Check the place and the file.")
    codes, seen = _encoded(table["geoid"])
    lines = _line_numbers(table["lnnumber"], member.name)
    places = codes * 13 + lines - 1
    _check_lines(places, len(seen), seen, member.name)
    if "lntitle" in table.column_names:
        _check_titles(table["lntitle"], lines, member.name)
    ids = _ids(seen, level, member.name)
    made: dict[str, Any] = {}
    if "geoname" in table.column_names:
        first = np.flatnonzero(lines == 1)
        names = np.empty(len(seen), dtype=object)
        names[codes[first]] = _texts(table["geoname"].take(first))
        made["name"] = pd.array(names, dtype="str")
    for suffix, column in (("", "cvap_est"), (MOE, "cvap_moe")):
        grid = np.empty(len(seen) * 13)
        grid[places] = _numbers(table[column], member.name, column)
        _refuse_negative(grid, seen, member.name, column)
        for number, values in enumerate(grid.reshape(-1, 13).T, 1):
            made[LINES[number].column + suffix] = whole(values)
    return pd.DataFrame(made, index=ids)


def _rows(member: Member, wanted: list[str], prefix: str) -> Any:
    """Stream the file and keep the rows of one State, as bytes."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv

    kept = []
    with meter(member.name, member.size, unit="bytes") as bar, reading(member, bar) as stream, blaming(member):
        reader = csv.open_csv(
            stream,
            read_options=csv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES),
            convert_options=csv.ConvertOptions(
                include_columns=wanted, column_types=dict.fromkeys(wanted, pa.binary()), strings_can_be_null=False
            ),
        )
        for batch in reader:
            if prefix:
                batch = batch.filter(pc.match_substring(batch.column(0), f"US{prefix}"))  # noqa: PLW2901
            if batch.num_rows:
                kept.append(batch)
        schema = reader.schema
    return pa.Table.from_batches(kept, schema)


def _texts(column: Any) -> list[str]:
    """Decode text: UTF-8 where it is that, else Latin-1."""
    return [_decoded(value) for value in column.to_pylist()]


def _decoded(value: bytes) -> str:
    try:
        return value.decode("utf-8").strip()
    except UnicodeDecodeError:
        return value.decode("latin-1").strip()


def _encoded(column: Any) -> tuple[np.ndarray[Any, Any], Any]:
    """Number the different texts of a column in the order they come."""
    whole_column = column.combine_chunks().dictionary_encode()
    return whole_column.indices.to_numpy(), np.asarray(_texts(whole_column.dictionary), dtype=object)


def _line_numbers(column: Any, name: str) -> np.ndarray[Any, Any]:
    codes, texts = _encoded(column)
    numbers: np.ndarray[Any, Any] = pd.to_numeric(pd.Series(texts), errors="coerce").to_numpy(dtype=float)
    wrong = ~np.isin(numbers, list(LINES))
    if wrong.any():
        rows = int(wrong[codes].sum())
        told = first_few([repr(text) for text in texts[wrong]], 3)
        raise SchemaError(f"{name}: line numbers are 1 to 13, and {rows:,} rows have {told}.")
    found: np.ndarray[Any, Any] = numbers.astype(int)[codes]
    return found


def _check_lines(places: np.ndarray[Any, Any], areas: int, ids: Any, name: str) -> None:
    """Each area must have each line once."""
    times = np.bincount(places, minlength=areas * 13).reshape(areas, 13)
    for wrong, told in ((times == 0, "lack"), (times > 1, "have more than once")):
        bad = wrong.any(axis=1)
        if bad.any():
            lines = first_few((np.flatnonzero(wrong[bad.argmax()]) + 1).tolist(), 13)
            raise SchemaError(
                f"{name}: {int(bad.sum()):,} of {areas:,} areas {told} a line, first {first_few(ids[bad])} (line "
                f"{lines}). Each area has lines 1 to 13 once; the file is cut off or was edited."
            )


def _check_titles(column: Any, lines: np.ndarray[Any, Any], name: str) -> None:
    """The words of each title must fit its number."""
    codes, titles = _encoded(column)
    for code, number in np.unique(np.column_stack([codes, lines]), axis=0).tolist():
        title = titles[code]
        plain = " ".join(title.casefold().split())
        if not all(word in plain for word in _WORDS[number]):
            raise SchemaError(
                f"{name}: line {number} is called {title!r}; expected {LINES[number].title!r}. "
                "The layout has changed; do not use it before the lines are known."
            )


def _ids(seen: Any, level: str, name: str) -> pd.Index:
    if level == "nation":
        return pd.Index(["US"] * len(seen), dtype="str", name="GEOID")
    # Prefixes of legislative districts hold letters, as in 610U600US15001.
    ids, _ = as_geoids(pd.Series(seen).str.replace(r"^\w*?US", "", regex=True), what=f"{name}: geoid")
    digits = LEVELS[level].digits
    wrong = ids[ids.str.len() != digits]
    if len(wrong):
        raise SchemaError(
            f"{name} holds {len(wrong):,} ids that are not {digits} characters as {LEVELS[level].plural} have: "
            f"{first_few(wrong)}. Check the level."
        )
    return ids


def _numbers(column: Any, name: str, field: str) -> np.ndarray[Any, Any]:
    """Read counts; blank is missing, and a margin held to a known total is zero."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        text = pc.utf8_trim_whitespace(column.cast(pa.string()))
        found = pc.if_else(pc.equal(text, ""), None, text).cast(pa.float64())
    except pa.ArrowInvalid:
        texts = pd.Series(_texts(column))
        wrong = texts[pd.to_numeric(texts, errors="coerce").isna() & (texts != "")]
        raise SchemaError(
            f"{name}: column {field} should hold counts, and {len(wrong):,} rows hold {first_few(wrong.unique(), 3)}."
        ) from None
    numbers: np.ndarray[Any, Any] = found.to_numpy().astype(float)
    if field.endswith(MOE):
        numbers[numbers == _CONTROLLED] = 0.0
    return numbers


def _refuse_negative(grid: np.ndarray[Any, Any], ids: Any, name: str, field: str) -> None:
    """Counts and margins are never below zero."""
    below = grid < 0
    if below.any():
        areas = np.unique(np.flatnonzero(below) // 13)
        raise SchemaError(
            f"{name}: column {field} has negative values in {len(areas):,} areas ({grid[below][0]:.0f} in the first), "
            f"first {first_few(ids[areas])}. If they stand for missing, empty those cells."
        )


def whole(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
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
