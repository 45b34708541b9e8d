"""The 2020 DHC as the Census Bureau publishes it for one State: a zip of a geographic header and 44 segments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import Corrupt, NotPublished, SchemaError, first_few
from kit.files import sha256
from kit.model.geoid import LEVELS, NESTED, State
from kit.progress import Meter, meter
from kit.sources.pl_files import Member, Package, members, reading
from kit.sources.pl_header import Header, add_facts, points_of, read_header
from kit.sources.pl_layout import LEADING
from kit.sources.pl_reader import stream_csv

SEGMENT = 5
TABLES = {"P1": 1, "P2": 4, "P3": 8, "P4": 3, "P5": 17, "P6": 7, "P7": 15, "P8": 71, "P9": 73}
"""The tables of segment 5 in file order, each with its number of cells."""
FIELDS = (*LEADING, *(f"{table}_{n:03d}N" for table, count in TABLES.items() for n in range(1, count + 1)))
"""All 204 fields of segment 5."""
BLOCKS = "100"
"""Summary level of blocks in this file; P.L. 94-171 has them under 750."""
_NAME = re.compile(r"([a-z]{2})(?:geo|000(\d\d))2020\.dhc", re.IGNORECASE)
_FOLDER = "/programs-surveys/decennial/2020/data/demographic-and-housing-characteristics-file"


@dataclass(frozen=True)
class Published:
    """What a State's file says of the areas of one level.

    Parameters
    ----------
    cells : pandas.DataFrame
        Whole numbers by GEOID, under the Bureau's names.
    facts : pandas.DataFrame
        ``name``, ``land_m2`` and ``water_m2`` on the same rows.
    points : LazyPoints or None
        Internal points.
    hashes : dict of str to str
        SHA-256 of each file on disk that was read, by bare name.
    notes : tuple of str
        What a reader should know.
    """

    cells: pd.DataFrame
    facts: pd.DataFrame
    points: Any
    hashes: dict[str, str]
    notes: tuple[str, ...] = ()


def dhc_path(where: State) -> str:
    """Give the path of a State's file on the Census file server.

    Parameters
    ----------
    where : State
        Which State.

    Returns
    -------
    str
        Path without the server.

    Examples
    --------
    >>> from kit.model.geoid import state
    >>> dhc_path(state("HI")).rpartition("file/")[2]
    'Hawaii/hi2020.dhc.zip'
    """
    return f"{_FOLDER}/{where.name.replace(' ', '_')}/{where.abbr.lower()}2020.dhc.zip"


def read_published(path: Path, *, where: State, level: str, cells: tuple[str, ...]) -> Published:
    """Read cells of segment 5 out of the published zip, or a folder with its header and that segment.

    Parameters
    ----------
    path : pathlib.Path
        The zip or folder.
    where : State
        Whose file it should be.
    level : str
        Level of geography, one that the State files have.
    cells : tuple of str
        Names in `FIELDS`.

    Returns
    -------
    Published
        One row an area.

    Raises
    ------
    InputError
        There is no such file.
    NotPublished
        The header or the segment is missing, or there are no such areas.
    SchemaError
        The files are of another State, or header and segment do not agree.
    Corrupt
        A file is cut off or damaged.

    Notes
    -----
    Fields are placed as the Bureau's table matrix of this file says: five
    leading fields, then tables P1 to P9 in turn, 204 fields in all. Published
    records of the New York file bear it out: they have 204 fields, P1 is the
    header's POP100, and P6 is what the 63 combinations of P8 add up to. Every
    record read here is held against POP100 again.
    """
    package = _package(path, where)
    summary = BLOCKS if level == "block" else LEVELS[level].summary_level
    with meter(f"{where.name} 2020 {LEVELS[level].plural}", package.size, unit="bytes") as bar:
        header = read_header(package, state=where, year=2020, summary=summary, counties=frozenset(), meter=bar)
        frame = _cells(package.segments[SEGMENT], header, cells, bar)
    _check_header(frame, header, package.geo.name)
    if level in NESTED:
        _check_total(frame, header, where, level, package.geo.name)
    facts = pd.DataFrame(index=frame.index)
    add_facts(facts, header.table)
    points, notes = points_of(header.table, frame.index)
    return Published(frame, facts, points, package.hashes, tuple(notes))


def _package(path: Path, where: State) -> Package:
    """Find the header and segment 5 of one State."""
    parts = members(path)
    found: dict[int, Member] = {}
    states: set[str] = set()
    for part in parts or []:
        match = _NAME.fullmatch(part.name)
        if match:
            states.add(match[1].upper())
            if match[1].upper() == where.abbr:
                found[int(match[2] or 0)] = part
    if states and where.abbr not in states:
        raise SchemaError(f"{path.name} holds files of {first_few(sorted(states))}, but {where.name} was asked for.")
    low = where.abbr.lower()
    names = {0: f"{low}geo2020.dhc", SEGMENT: f"{low}{SEGMENT:05d}2020.dhc"}
    missing = [name for number, name in names.items() if number not in found]
    if missing:
        held = first_few([part.name for part in parts or []]) or "nothing"
        raise NotPublished(
            f"{path.name} has no {' and no '.join(missing)}; it holds {held}. Give the State's zip as published, or a "
            "folder with these two files."
        )
    used = {number: found[number] for number in names}
    hashes = {p.name: sha256(p) for p in sorted({member.path for member in used.values()})}
    return Package(used.pop(0), used, hashes)


def _cells(member: Member, header: Header, cells: tuple[str, ...], bar: Meter) -> pd.DataFrame:
    """Read the records of the areas in the header, in its order."""
    import pyarrow as pa

    wanted = header.table["LOGRECNO"].to_numpy()
    types = {"LOGRECNO": pa.int64(), **dict.fromkeys(cells, pa.string())}
    grid = np.zeros((len(cells), len(wanted)), dtype=np.int64)
    seen = np.zeros(len(wanted), dtype=np.int64)
    with reading(member, bar) as stream:
        for batch in stream_csv(stream, member, delimiter="|", names=list(FIELDS), types=types):
            numbers = batch.column(0).to_numpy(zero_copy_only=False)
            places = np.searchsorted(wanted, numbers)
            places[places == len(wanted)] = 0
            match = wanted[places] == numbers
            rows, places = batch.filter(pa.array(match)), places[match]
            np.add.at(seen, places, 1)
            for row, name in enumerate(cells):
                grid[row, places] = _numbers(rows.column(row + 1), name, rows.column(0), member)
    index = header.geoids()
    if (seen > 1).any():
        raise Corrupt(f"{member.name} has LOGRECNO {first_few(wanted[seen > 1].tolist())} more than once.")
    if (seen == 0).any():
        raise Corrupt(
            f"{member.name} has no data for {int((seen == 0).sum()):,} of {len(seen):,} areas in the geographic "
            f"header, first {first_few(index[seen == 0])}: it is cut off. Delete it and download it again."
        )
    if index.has_duplicates:
        raise Corrupt(f"the geographic header has areas twice: {first_few(index[index.duplicated()])}.")
    return pd.DataFrame(grid.T, index=index, columns=list(cells), copy=False)


def _numbers(texts: Any, name: str, records: Any, member: Member) -> Any:
    """Turn text into whole numbers; a count of people is never missing in this segment."""
    import pyarrow as pa
    import pyarrow.compute as pc

    good = pc.match_substring_regex(texts, r"^\d+$")
    if not pc.all(good, min_count=0).as_py():
        at = pc.index(good, False).as_py()
        raise Corrupt(
            f"{member.name} has {texts[at].as_py()!r} as {name} at LOGRECNO {records[at].as_py()}; a count is "
            "expected. Delete it and download it again."
        )
    return texts.cast(pa.int64()).to_numpy()


def _check_header(frame: pd.DataFrame, header: Header, name: str) -> None:
    """Hold the header's own count of people against P1."""
    differs = frame["P1_001N"].to_numpy() != header.table["POP100"].to_numpy()
    if differs.any():
        ids = frame.index[differs]
        raise SchemaError(
            f"{name}: POP100 in the header differs from P1_001N in {len(ids):,} rows, first {first_few(ids)}. "
            "Header and segment are of different releases, or out of step."
        )


def _check_total(frame: pd.DataFrame, header: Header, where: State, level: str, name: str) -> None:
    """Add the areas up to the published total of the State."""
    published, got = header.controls.get(where.fips), int(frame["P1_001N"].sum())
    if published is not None and published != got:
        raise Corrupt(
            f"the {len(frame):,} {LEVELS[level].plural} in {name} hold {got:,} people, and {where.name} has "
            f"{published:,}: rows are missing. Delete the file and download it again."
        )
