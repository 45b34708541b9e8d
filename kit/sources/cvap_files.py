"""Where the published CVAP files are, and which file of a zip or folder holds a level."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

from kit.errors import Corrupt, InputError, NotPublished, first_few
from kit.model.vintages import NEWEST, check_vintage
from kit.progress import meter
from kit.sources.pl_files import Member, reading


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
FIRST_YEAR, LAST_YEAR = 2009, NEWEST["cvap"]


def cvap_path(year: int) -> str:
    """Give the path of the tabulation on the Census file server.

    Parameters
    ----------
    year : int
        Last year of the five-year period, from 2009 to the newest known.

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
    if year < FIRST_YEAR:
        raise NotPublished(f"the CVAP tabulation begins with the period that ends in {FIRST_YEAR}, not {year}.")
    check_vintage("cvap", year, local=False)
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
