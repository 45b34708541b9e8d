"""The redistricting file (P.L. 94-171): population and adults by race, from the API, a bulk file or a local path."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import Corrupt, InputError, NotPublished, SchemaError, first_few
from kit.model.frames import Source, Units
from kit.model.geoid import NESTED, Level, State, state
from kit.model.geoid import level as find_level
from kit.model.groups import derive
from kit.model.identities import check_cells, check_counts
from kit.progress import Meter, meter
from kit.settings import census_key, current
from kit.sources.pl_files import Package, find, reading
from kit.sources.pl_header import Header, add_facts, points_of, read_header
from kit.sources.pl_layout import FILE_YEARS, WITHOUT_COUNTY, asked_cells, kept_cells, tables
from kit.sources.pl_reader import Aligned, DisorderError, keep, parts_of

PRODUCT = "P.L. 94-171"
PUBLISHER = "U.S. Census Bureau"
API_YEARS = (2000, 2010, 2020)
API_LEVELS = NESTED
AUTO_LEVELS = ("state", "county", "tract", "block_group")
WINDOW = 16_384
NOISE = (
    "Total population of each State, and housing units and group-quarters facilities of each block, are as counted. "
    "Every other figure carries random noise added against disclosure; no error margins are published for it."
)
SWAPPED = "Some household records were swapped between areas against disclosure; no error margins are published."


def read_pl94171(
    place: str,
    *,
    year: int,
    level: str,
    source: str | os.PathLike[str] | None = None,
    counties: Sequence[str] | None = None,
    cells: str = "headline",
) -> Units:
    """Read the Census redistricting file for one State.

    Parameters
    ----------
    place : str
        A State, the District of Columbia or Puerto Rico: postal abbreviation,
        FIPS code or name.
    year : {2000, 2010, 2020}
        Census year; 2000 comes from the API only.
    level : str
        ``"block"``, ``"block_group"``, ``"tract"``, ``"county"``, ``"state"``,
        ``"vtd"``, ``"place"``, ``"county_subdivision"`` … or a three-digit
        summary level.
    source : {"api", "bulk"} or path-like, optional
        ``"api"`` asks the Census API (needs a key); ``"bulk"`` downloads the
        State's zip (no key); a path reads a zip, a folder of raw files, or a
        table that joins geography and cells. By default: the bulk file when
        it is in the cache; else the API when a key is set and the level is
        block group or larger; else the bulk file.
    counties : sequence of str, optional
        Keep these counties only: three digits, or five with the State's.
    cells : {"headline", "all"}
        Raw cells to keep beside the derived counts: one-race cells, totals,
        Hispanic, housing units and group quarters; or all of them.

    Returns
    -------
    Units
        ``.frame`` by GEOID: derived counts ``<group>_<base>`` (people), raw
        cells such as ``P1_006N``, and ``name``, ``land_m2`` and ``water_m2``
        (square metres) where the file has them. ``.geometry``: the areas'
        internal points where the file has them (never from the API).

    Raises
    ------
    InputError
        Place, year, level, counties or cells cannot be understood.
    NotPublished
        The product does not have what was asked for.
    KeyMissing
        The API was chosen and there is no key.
    Corrupt
        A file or reply is cut off or damaged.
    SchemaError
        The figures contradict each other.

    Notes
    -----
    Points are in EPSG:4269 (NAD83 degrees). Every load is checked: race
    combinations add up, adults never outnumber people, header and tables
    agree, and the areas add up to the published State or county total.

    References
    ----------
    U.S. Census Bureau, 2020 Census State Redistricting Data (P.L. 94-171)
    Summary File, technical documentation.
    """
    wanted = _request(place, year, level, counties, cells)
    chosen = _choose_source(source, wanted)
    if chosen == "api":
        return _from_api(wanted)
    if year not in FILE_YEARS:
        raise NotPublished(f"files of {year} are not read; for {year} use source='api', or year 2010 or 2020.")
    if chosen == "bulk":
        from kit.sources.download import describe_file, fetch_pl94171

        path = fetch_pl94171(wanted.state.abbr, year=year)
        return _from_files(path, wanted, **describe_file(path))
    return _from_files(Path(chosen), wanted)


@dataclass(frozen=True)
class _Request:
    """What was asked for, checked."""

    state: State
    year: int
    level: Level
    counties: frozenset[str]
    cells: str
    kept: list[str] = field(default_factory=list)


def _request(place: str, year: int, level: str, counties: Sequence[str] | None, cells: str) -> _Request:
    where, what = state(place, product=PRODUCT), find_level(level)
    if year not in API_YEARS:
        raise InputError(f"{PRODUCT} is read for {first_few(API_YEARS)}, not for year={year!r}.")
    if isinstance(counties, str):
        raise InputError(f"counties must be a list of codes, such as [{counties!r}].")
    codes: set[str] = set()
    for county in counties or ():
        text = str(county)
        inside = text[2:] if len(text) == 5 and text.startswith(where.fips) else text
        if len(inside) != 3 or not inside.isdigit():
            raise InputError(
                f"county {county!r} is not in {where.name}; give three digits, or five starting with {where.fips}."
            )
        codes.add(inside)
    if codes and what.summary_level in WITHOUT_COUNTY:
        raise InputError(f"{what.plural} do not each lie in one county, so counties= cannot choose them; leave it out.")
    return _Request(where, year, what, frozenset(codes), cells, kept_cells(year, cells))


def _choose_source(source: str | os.PathLike[str] | None, wanted: _Request) -> str | os.PathLike[str]:
    """Settle where to read from."""
    if source is not None:
        return source
    if wanted.year not in FILE_YEARS:
        return "api"
    from kit.sources.download import cached_path, pl_path

    if cached_path(pl_path(wanted.state, wanted.year)).exists():
        return "bulk"
    if census_key() and wanted.level.name in AUTO_LEVELS and not current().offline:
        return "api"
    return "bulk"


# --- files ---------------------------------------------------------------------------------------


def _from_files(path: Path, wanted: _Request, *, where: str = "", retrieved: str = "") -> Units:
    """Read a zip, a folder or a combined table."""
    package = find(path, wanted.state, wanted.year)
    with meter(f"{wanted.state.name} {wanted.year} {wanted.level.plural}", package.size, unit="bytes") as bar:
        header = read_header(
            package,
            state=wanted.state,
            year=wanted.year,
            summary=wanted.level.summary_level,
            counties=wanted.counties,
            meter=bar,
        )
        counts = _counts(package, header, wanted, bar)
    notes = [package.note] if package.note else []
    if "total_pop" in counts.columns:
        notes += _check_controls(counts["total_pop"], header, wanted, package)
    add_facts(counts, header.table)
    places = header.table.select([c for c in ("INTPTLAT", "INTPTLON") if c in header.table.column_names])
    del header
    geometry, more = points_of(places, counts.index)
    return Units(
        frame=counts,
        level=wanted.level.name,
        year=wanted.year,
        sources=_file_sources(package, wanted, where, retrieved),
        geometry=geometry,
        notes=(*notes, *more),
    )


def _counts(package: Package, header: Header, wanted: _Request, bar: Meter) -> pd.DataFrame:
    """Read, check and add up the cells, a window of rows at a time."""
    index = header.geoids()
    totals = header.table["POP100"].to_numpy() if "POP100" in header.table.column_names else None
    names: list[str] = []
    grid = np.empty((0, 0), dtype=np.int32)
    for start, stop, raw in _windows(package, header, wanted.year, bar):
        raw.index = index[start:stop]
        check_cells(raw, what=package.geo.name)
        _check_header(raw, totals[start:stop] if totals is not None else None, package.geo.name)
        derived = derive(raw)
        check_counts(derived, what=package.geo.name)
        keep_raw = [name for name in wanted.kept if name in raw.columns]
        if not names:
            names = [*derived.columns, *keep_raw]
            grid = np.empty((len(names), len(index)), dtype=np.int32)
        for row, name in enumerate(names):
            grid[row, start:stop] = (derived if name in derived.columns else raw)[name].to_numpy()
        del raw, derived  # or two windows would be in memory while the next is read
    return pd.DataFrame(grid.T, index=index, columns=names, copy=False)


def _windows(package: Package, header: Header, year: int, bar: Meter) -> Iterator[tuple[int, int, pd.DataFrame]]:
    """Yield rows of all segments side by side; fall back to sorting when a file is out of order."""
    numbers = header.table["LOGRECNO"].to_numpy()
    done = 0
    try:
        for window in _streamed(package, numbers, year, bar):
            done = window[1]
            yield window
            del window  # the next one is read without this one in memory
    except DisorderError:
        whole = _collected(package, numbers, header.table["GEOCODE"], year, bar)
        for start in range(done, len(numbers), WINDOW):
            stop = min(start + WINDOW, len(numbers))
            yield start, stop, whole.iloc[start:stop].copy()


def _streamed(
    package: Package, numbers: np.ndarray[Any, Any], year: int, bar: Meter
) -> Iterator[tuple[int, int, pd.DataFrame]]:
    with ExitStack() as stack:
        segments = []
        for part in parts_of(package, year):
            stream = stack.enter_context(reading(part.member, bar))
            segments.append(Aligned(part.batches(stream), numbers, part.member.name))
        for start in range(0, len(numbers), WINDOW):
            stop = min(start + WINDOW, len(numbers))
            yield start, stop, _side_by_side([segment.take(stop - start) for segment in segments])
        for segment in segments:
            segment.finish()


def _side_by_side(tables: list[Any]) -> pd.DataFrame:
    """Copy the cells of all segments into one frame, a row an area."""
    names = [name for table in tables for name in table.column_names]
    grid = np.empty((len(names), tables[0].num_rows), dtype=np.int32)
    for row, values in enumerate(column for table in tables for column in table.columns):
        grid[row] = values.to_numpy()
    return pd.DataFrame(grid.T, columns=names, copy=False)


def _collected(package: Package, numbers: np.ndarray[Any, Any], geoids: Any, year: int, bar: Meter) -> pd.DataFrame:
    """Read whole segments and put their rows in the order of the header."""
    columns: dict[str, Any] = {}
    for part in parts_of(package, year):
        name, cells = part.member.name, list(part.cells.values())
        seen = np.zeros(len(numbers), dtype=np.int64)
        grid = np.empty((len(cells), len(numbers)), dtype=np.int32)
        with reading(part.member, bar) as stream:
            for batch in part.batches(stream):
                rows, places = keep(batch, numbers, name)
                np.add.at(seen, places, 1)
                for row, cell in enumerate(cells):
                    grid[row, places] = rows[cell].to_numpy()
        if (seen > 1).any():
            raise Corrupt(f"{name} has LOGRECNO {first_few(numbers[seen > 1].tolist())} more than once.")
        if (seen == 0).any():
            absent = np.flatnonzero(seen == 0)
            ids = [geoids[int(at)].as_py() for at in absent[:6]]
            raise Corrupt(
                f"{name} has no data for {len(absent):,} of {len(numbers):,} areas in the geographic header, "
                f"first {first_few(ids[:5])}: it is cut off. Delete it and download it again."
            )
        columns |= {cell: grid[row] for row, cell in enumerate(cells)}
    return pd.DataFrame(columns, copy=False)


def _check_header(raw: pd.DataFrame, totals: np.ndarray[Any, Any] | None, name: str) -> None:
    """Hold the header's own count of people against the tables."""
    if totals is None or "P1_001N" not in raw.columns:
        return
    differs = raw["P1_001N"].to_numpy() != totals
    if differs.any():
        ids = raw.index[differs]
        raise SchemaError(
            f"{name}: POP100 in the header differs from P1_001N in {len(ids):,} rows, first {first_few(ids)}. "
            "Header and tables are of different releases, or out of step."
        )


def _check_controls(people: pd.Series, header: Header, wanted: _Request, package: Package) -> list[str]:
    """Add the areas up to the published totals of the State or of its counties."""
    if wanted.level.name not in NESTED:
        return []
    codes = [wanted.state.fips + county for county in sorted(wanted.counties)] or [wanted.state.fips]
    if not all(code in header.controls for code in codes):
        return []
    whose = f"counties {first_few(codes)}" if wanted.counties else wanted.state.name
    published, got = sum(header.controls[code] for code in codes), int(people.sum())
    if published == got:
        return []
    areas = f"the {len(people):,} {wanted.level.plural} in {package.geo.name}"
    told = f"{areas} hold {got:,} people, and {whose} has {published:,}"
    if package.combined or package.note:
        return [f"Only a part: {told}."]
    raise Corrupt(f"{told}: rows are missing. Delete the file and download it again.")


# --- the API -------------------------------------------------------------------------------------


def _from_api(wanted: _Request) -> Units:
    """Ask the Census API."""
    if wanted.level.name not in API_LEVELS:
        raise NotPublished(
            f"{wanted.level.plural} are not read from the API; use source='bulk', or one of {', '.join(API_LEVELS)}."
        )
    from kit.sources import api_values, census_api
    from kit.sources.api_replies import BULK, FILE_ONLY
    from kit.sources.pl_layout import api_names

    variables = api_names(asked_cells(wanted.year, wanted.cells), wanted.year)
    reply = census_api.query(
        "dec/pl",
        ["NAME", *variables],
        year=wanted.year,
        level=wanted.level.name,
        state=wanted.state.fips,
        counties=sorted(wanted.counties) or None,
        instead=BULK if wanted.year in FILE_YEARS else FILE_ONLY,
    )
    where = f"the Census API's reply for {wanted.state.name} {wanted.year}"
    frame = reply.frame
    numbers = api_values.counts(frame[list(variables)], what=where).rename(columns=variables)
    check_cells(numbers, what=where)
    derived = derive(numbers)
    check_counts(derived, what=where)
    kept = [name for name in wanted.kept if name in numbers.columns]
    counts = pd.concat([derived, numbers[kept]], axis=1).astype("int32").copy()
    counts["name"] = frame["NAME"]
    source = _source(wanted, where=reply.where, retrieved=reply.retrieved)
    return Units(frame=counts, level=wanted.level.name, year=wanted.year, sources=(source,))


# --- sources -------------------------------------------------------------------------------------


def _source(wanted: _Request, *, where: str, retrieved: str, sha256: str = "") -> Source:
    noisy = wanted.year == 2020
    return Source(
        title=f"{wanted.year} Census Redistricting Data ({PRODUCT}), {wanted.state.name}",
        publisher=PUBLISHER,
        year=wanted.year,
        tables=", ".join(tables(wanted.year)),
        level=wanted.level.name,
        where=where,
        sha256=sha256,
        retrieved=retrieved,
        uncertainty="disclosure noise" if noisy else "none stated",
        note=NOISE if noisy else SWAPPED,
        license="public domain (U.S. Government work)",
    )


def _file_sources(package: Package, wanted: _Request, where: str, retrieved: str) -> tuple[Source, ...]:
    """Make one source for each file on disk."""
    return tuple(
        _source(wanted, where=where or name, retrieved=retrieved, sha256=digest)
        for name, digest in package.hashes.items()
    )
