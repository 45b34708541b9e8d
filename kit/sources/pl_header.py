"""The geographic header of the P.L. 94-171 files: which record is which area, and where it lies."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
import pandas as pd

from kit.errors import Corrupt, InputError, NotPublished, SchemaError, first_few
from kit.model.crs import GEOGRAPHIC
from kit.model.geoid import STATES, State
from kit.model.shared import LazyPoints
from kit.progress import Meter
from kit.sources.pl_files import Member, Package, reading
from kit.sources.pl_layout import GEO_2010, GEO_2020, GEO_FIELDS_2020, GEO_WIDTH_2010, GEOID_2010
from kit.sources.pl_reader import BLOCK_BYTES, combined_columns, stream_csv

LINES = 20_000
TEXT = ("SUMLEV", "GEOCOMP", "STATE", "COUNTY", "GEOCODE", "INTPTLAT", "INTPTLON")
NUMBERS = ("LOGRECNO", "AREALAND", "AREAWATR", "POP100")


@dataclass(frozen=True)
class Header:
    """The rows of the geographic header that were asked for.

    Parameters
    ----------
    table : pyarrow.Table
        One row an area in order of ``LOGRECNO``: ``LOGRECNO``, ``GEOCODE``
        and, where the file has them, ``NAME``, ``AREALAND``, ``AREAWATR``,
        ``POP100``, ``INTPTLAT``, ``INTPTLON``.
    controls : dict of str to int
        Published population of the State and its counties, by GEOID.
    """

    table: Any
    controls: dict[str, int]

    def geoids(self) -> pd.Index:
        """Give the ids of the areas.

        Returns
        -------
        pandas.Index
            Text, named ``GEOID``.
        """
        return pd.Index(_text(self.table["GEOCODE"]), name="GEOID")


def read_header(
    package: Package, *, state: State, year: int, summary: str, counties: frozenset[str], meter: Meter
) -> Header:
    """Read the geographic header, keeping one summary level.

    Parameters
    ----------
    package : Package
        The files.
    state : State
        Whose they should be.
    year : {2010, 2020}
        Layout.
    summary : str
        Three-digit summary level.
    counties : frozenset of str
        Three-digit county codes to keep; empty for all.
    meter : Meter
        Told of the bytes read.

    Returns
    -------
    Header
        Rows wanted, and the published totals to check against.

    Raises
    ------
    NotPublished
        The file has no rows of that level.
    SchemaError
        The file is of another State.
    InputError
        A county is not in the file.
    Corrupt
        The file is damaged, or a record number stands twice.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    kept: list[Any] = []
    controls: dict[str, int] = {}
    levels: Counter[str] = Counter()
    seen: set[str] = set()
    name = package.geo.name
    with reading(package.geo, meter) as stream:
        for table in _geo_tables(stream, package, year, summary):
            _same_state(table, state, name)
            whole = table.filter(pc.equal(table["GEOCOMP"], "00"))
            levels.update({c["values"]: c["counts"] for c in pc.value_counts(whole["SUMLEV"]).to_pylist()})
            above = whole.filter(pc.is_in(whole["SUMLEV"], pa.array(["040", "050"])))
            if "POP100" in table.column_names:
                for row in above.select(["STATE", "COUNTY", "POP100"]).to_pylist():
                    controls[row["STATE"] + row["COUNTY"]] = row["POP100"]
            seen.update(pc.unique(whole["COUNTY"]).to_pylist())
            rows = whole.filter(pc.equal(whole["SUMLEV"], summary))
            if counties:
                rows = rows.filter(pc.is_in(rows["COUNTY"], pa.array(sorted(counties))))
            kept.append(rows.drop_columns(["SUMLEV", "GEOCOMP", "STATE", "COUNTY"]))
    absent = counties - seen
    if absent:
        there = first_few(sorted(filter(None, seen)))
        raise InputError(f"{name} has no county {first_few(sorted(absent))}; it has {there}.")
    rows = pa.concat_tables(kept) if kept else None
    if rows is None or not rows.num_rows:
        there = first_few([f"{code} ({count:,})" for code, count in sorted(levels.items())], 12)
        raise NotPublished(f"{name} has no rows of summary level {summary}; it has {there or 'none'}.")
    return Header(_ordered(rows, name), controls)


def _ordered(rows: Any, name: str) -> Any:
    """Put header rows in the order of their record numbers and refuse doubles."""
    import pyarrow as pa

    numbers = rows["LOGRECNO"].to_numpy()
    if not (numbers[1:] > numbers[:-1]).all():
        rows = rows.sort_by("LOGRECNO")
        numbers = rows["LOGRECNO"].to_numpy()
        doubled = np.unique(numbers[1:][numbers[1:] == numbers[:-1]])
        if len(doubled):
            raise Corrupt(f"{name} gives LOGRECNO {first_few(doubled.tolist())} to more than one area.")
    whole = rows.combine_chunks()
    pa.default_memory_pool().release_unused()
    return whole


def _same_state(table: Any, state: State, name: str) -> None:
    import pyarrow.compute as pc

    codes = [code for code in pc.unique(table["STATE"]).to_pylist() if code != state.fips]
    if codes:
        other = STATES[codes[0]].name if codes[0] in STATES else f"State code {codes[0]!r}"
        raise SchemaError(f"{name} is of {other}, but {state.name} was asked for. Check place= and the file.")


def _geo_tables(stream: BinaryIO, package: Package, year: int, summary: str) -> Iterator[Any]:
    if package.combined:
        yield from _combined_geo(stream, package.geo)
    elif year == 2020:
        yield from _piped_geo(stream, package.geo)
    else:
        yield from _fixed_geo(stream, package.geo.name, summary)


def _piped_geo(stream: BinaryIO, member: Member) -> Iterator[Any]:
    """Yield tables of the 2020 header, 97 fields between pipes."""
    import pyarrow as pa

    names = [f"f{i}" for i in range(GEO_FIELDS_2020)]
    names = [next((field for field, at in GEO_2020.items() if at == i), names[i]) for i in range(GEO_FIELDS_2020)]
    wanted = [*TEXT, *NUMBERS, "NAME"]
    for batch in stream_csv(stream, member, delimiter="|", names=names, types=_geo_types(wanted)):
        yield _tidy(pa.Table.from_batches([batch]), member.name)


def _geo_types(fields: list[str]) -> dict[str, Any]:
    import pyarrow as pa

    kinds = {"NAME": pa.binary(), **dict.fromkeys(TEXT, pa.string()), **dict.fromkeys(NUMBERS, pa.int64())}
    return {name: kinds[name] for name in fields}


def _combined_geo(stream: BinaryIO, member: Member) -> Iterator[Any]:
    """Yield the geography columns of a table with a header row."""
    import pyarrow as pa

    columns, delimiter = combined_columns(member)
    have = {name.upper(): name for name in columns}
    for needed in ("SUMLEV", "GEOCODE", "STATE", "LOGRECNO"):
        if needed not in have:
            raise SchemaError(
                f"{member.name} has no column {needed}, so it is no P.L. 94-171 table with its geography; "
                "use kit.read_units with a column map for other tables."
            )
    wanted = [name for name in (*TEXT, *NUMBERS, "NAME") if name in have]
    kinds = {have[name]: kind for name, kind in _geo_types(wanted).items()}
    for batch in stream_csv(stream, member, delimiter=delimiter, names=None, types=kinds):
        table = pa.Table.from_batches([batch]).rename_columns(wanted)
        for name, fill in (("GEOCOMP", "00"), ("COUNTY", "")):
            if name not in wanted:
                table = table.append_column(name, pa.array([fill] * table.num_rows, pa.string()))
        yield _tidy(table, member.name)


def _fixed_geo(stream: BinaryIO, name: str, summary: str) -> Iterator[Any]:
    """Yield tables of the 2010 header, 500 characters a line."""
    if summary not in GEOID_2010:
        raise InputError(f"summary level {summary} cannot be read from 2010 files; use {first_few(GEOID_2010, 20)}.")
    lines = iter(_lines(stream))
    count = 0
    while some := list(itertools.islice(lines, LINES)):
        widths = np.array([len(line) for line in some])
        short = np.flatnonzero(widths < GEO_2010["INTPTLON"][1])
        if len(short):
            raise Corrupt(
                f"{name} is cut off or not in the 2010 layout: line {count + int(short[0]) + 1:,} has "
                f"{int(widths[short[0]])} characters, expected {GEO_WIDTH_2010}. Download it again."
            )
        count += len(some)
        yield _fixed_table(np.array(some, dtype=f"S{GEO_WIDTH_2010}"), name, summary)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Split a stream into lines without their ends."""
    rest = b""
    while piece := stream.read(BLOCK_BYTES):
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            yield line.rstrip(b"\r")
    if rest.strip(b"\r\x1a"):
        yield rest.rstrip(b"\r")


def _fixed_table(lines: Any, name: str, summary: str) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    grid = lines.view("S1").reshape(len(lines), GEO_WIDTH_2010)

    def text(field: str) -> Any:
        first, last = GEO_2010[field]
        cells = np.ascontiguousarray(grid[:, first - 1 : last]).view(f"S{last - first + 1}")[:, 0]
        return pa.array(cells.tolist(), pa.binary())

    def trimmed(field: str) -> Any:
        return pc.utf8_trim_whitespace(text(field).cast(pa.string()))

    levels = text("SUMLEV").cast(pa.string())
    wanted = pc.is_in(levels, pa.array(sorted({summary, "040", "050"})))
    level_of_row = levels.filter(wanted).to_pylist()
    grid = grid[wanted.to_numpy(zero_copy_only=False)]
    fields = {part for parts in GEOID_2010.values() for part in parts}
    columns = {field: trimmed(field) for field in (*fields, "GEOCOMP", "INTPTLAT", "INTPTLON")}
    codes = ["".join(code) for code in zip(*(columns[part].to_pylist() for part in GEOID_2010[summary]), strict=True)]
    table = {field: columns[field] for field in ("STATE", "COUNTY", "GEOCOMP", "INTPTLAT", "INTPTLON")}
    table |= {"SUMLEV": pa.array(level_of_row, pa.string()), "GEOCODE": pa.array(codes, pa.string())}
    table |= {field: trimmed(field).cast(pa.int64()) for field in NUMBERS}
    table["NAME"] = text("NAME")
    return _tidy(pa.table(table), name)


def _tidy(table: Any, name: str) -> Any:
    """Decode names from Latin-1 and turn coordinates into numbers."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if table["LOGRECNO"].null_count:
        raise Corrupt(f"{name} has rows without a LOGRECNO; it is cut off or not a geographic header.")
    for field in ("INTPTLAT", "INTPTLON"):
        if field in table.column_names:
            trimmed = pc.utf8_ltrim(pc.utf8_trim_whitespace(table[field]), "+")
            numbers = pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed).cast(pa.float64())
            table = table.set_column(table.column_names.index(field), field, numbers)
    if "NAME" in table.column_names:
        names = table["NAME"]
        try:
            decoded = names.cast(pa.string())
        except pa.ArrowInvalid:
            decoded = pa.array([None if v is None else v.decode("latin-1") for v in names.to_pylist()], pa.string())
        trimmed = pc.utf8_rtrim_whitespace(decoded)
        table = table.set_column(table.column_names.index("NAME"), "NAME", trimmed)
    return table


def _text(values: Any) -> Any:
    """Hand Arrow text to pandas without making Python objects of it."""
    import pyarrow as pa

    return pd.arrays.ArrowStringArray(values.cast(pa.large_string()), dtype=pd.StringDtype("pyarrow", na_value=np.nan))


def add_facts(counts: pd.DataFrame, table: Any) -> None:
    """Add the names and areas that the header has.

    Parameters
    ----------
    counts : pandas.DataFrame
        One row an area; gains ``name``, ``land_m2`` and ``water_m2`` (square metres).
    table : pyarrow.Table
        The header, in the same order.
    """
    if "NAME" in table.column_names:
        counts["name"] = _text(table["NAME"])
    for column, source in (("land_m2", "AREALAND"), ("water_m2", "AREAWATR")):
        if source in table.column_names and not table[source].null_count:
            counts[column] = table[source].to_numpy()


def points_of(table: Any, index: pd.Index) -> tuple[Any, list[str]]:
    """Keep the areas' internal points, to be made into shapes when asked for.

    Parameters
    ----------
    table : pyarrow.Table
        The header.
    index : pandas.Index
        GEOIDs in the same order.

    Returns
    -------
    points : LazyPoints or None
        In EPSG:4269 (NAD83 degrees); None where coordinates are missing.
    notes : list of str
        Why there are none.
    """
    if "INTPTLAT" not in table.column_names or "INTPTLON" not in table.column_names:
        return None, []
    missing = table["INTPTLAT"].null_count + table["INTPTLON"].null_count
    if missing:
        return None, [f"Internal points are left out: {missing:,} coordinates are missing in the header."]
    return LazyPoints(table["INTPTLON"].to_numpy(), table["INTPTLAT"].to_numpy(), index, GEOGRAPHIC), []
