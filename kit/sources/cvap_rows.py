"""The rows of a published CVAP file: thirteen an area, checked line by line, as columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit.errors import InputError, SchemaError, first_few
from kit.model.cvap import LINES, MOE
from kit.model.geoid import LEVELS, as_geoids
from kit.progress import meter
from kit.sources.acs_values import whole
from kit.sources.cvap_files import header_of, is_long
from kit.sources.pl_files import Member, blaming, reading

BLOCK_BYTES = 1 << 21
_CONTROLLED = -555555555.0
LONG_IDS = 2020
"""First period whose ids have nine characters before the code (``0500000US``); until then seven (``05000US``)."""
DISTRICTS = ("congressional_district", "state_senate", "state_house")
_OLD_PREFIX, _NEW_PREFIX = r"^\d{3}\w{2}US", r"^\d{3}\w{4}US"

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


def read_long(member: Member, *, prefix: str, level: str, year: int) -> pd.DataFrame:
    """Read the lines of one State, thirteen columns and their margins a row.

    Parameters
    ----------
    member : Member
        A file in the published layout.
    prefix : str
        Two-digit code of the State; empty for the whole file.
    level : str
        A key of `kit.sources.cvap_files.FILES`.
    year : int
        Last year of the period, which the style of the ids must bear out.

    Returns
    -------
    pandas.DataFrame
        By GEOID: ``name``, ``cvap_01`` … ``cvap_13`` and their ``_moe``, in
        people; missing where the file is blank.

    Raises
    ------
    Corrupt
        The file is cut off or damaged.
    InputError
        Its ids are those of another period.
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
    check_style(pd.Series(seen, dtype="str"), year, level, member.name)
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


def check_style(ids: pd.Series, year: int, level: str, name: str) -> None:
    """Refuse ids written as in periods before or after the one asked for.

    Parameters
    ----------
    ids : pandas.Series
        As the file has them, such as ``0500000US15001``.
    year : int
        Last year of the period asked for.
    level : str
        Level of geography. Long ids of districts are let pass in any period.
    name : str
        How the file is called in messages.

    Raises
    ------
    InputError
        The ids are of another period.
    """
    new = year >= LONG_IDS
    if level in DISTRICTS and not new:
        return
    wrong = ids[ids.str.contains(_OLD_PREFIX if new else _NEW_PREFIX, regex=True)]
    if len(wrong):
        found = wrong.iloc[0].partition("US")[0] + "US"
        when = f"in {LONG_IDS - 1} or earlier" if new else f"in {LONG_IDS} or later"
        raise InputError(
            f"{name}: ids begin {found}, {len(found)} characters as in periods that end {when}, but year={year} was "
            f"asked for. The file is of another period: pass its last year, or the file of {year - 4}–{year}."
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
