"""P.L. 94-171 tables as data: cells, universes, spellings and file layout.

The race cells are generated from the combinations of six races in the order
the Census Bureau prints them; nothing is typed by hand.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from kit.errors import InputError

RACES = ("white", "black", "aian", "asian", "nhpi", "sor")


def _race_cells() -> dict[int, frozenset[str]]:
    """Number the 63 leaf cells of table P1; headers (1, 2, 9, 10, 26, 47, 63, 70) are left out."""
    cells = {3 + i: frozenset((race,)) for i, race in enumerate(RACES)}
    number = 10
    for size in range(2, len(RACES) + 1):
        if size > 2:
            number += 1
        for combination in itertools.combinations(RACES, size):
            number += 1
            cells[number] = frozenset(combination)
    return cells


RACE_CELLS: dict[int, frozenset[str]] = _race_cells()
"""P1/P3 cell number → the races marked. P2/P4 cell = P1 cell + 2 (not Hispanic)."""

NOT_HISPANIC_SHIFT = 2


@dataclass(frozen=True)
class Table:
    """One table of the redistricting file.

    Parameters
    ----------
    name : str
        ``"P1"`` … ``"H1"``.
    title : str
        What it counts.
    cells : int
        Number of cells.
    segment : int
        File segment that carries it.
    offset : int
        Zero-based field of its first cell in that segment.
    first_year : int
        First census that has it.
    """

    name: str
    title: str
    cells: int
    segment: int
    offset: int
    first_year: int = 2000


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("P1", "Race (total population)", 71, 1, 5),
        Table("P2", "Hispanic or Latino, and not Hispanic or Latino by race (total population)", 73, 1, 76),
        Table("P3", "Race (population 18 years and over)", 71, 2, 5),
        Table("P4", "Hispanic or Latino, and not Hispanic or Latino by race (population 18 years and over)", 73, 2, 76),
        Table("H1", "Occupancy status (housing units)", 3, 2, 149, 2010),
        Table("P5", "Group quarters population by major type", 10, 3, 5, 2020),
    )
}

YEARS = (2000, 2010, 2020)


def cell(table: str, number: int) -> str:
    """Name a cell as the kit keeps it, which is the 2020 API's spelling.

    Parameters
    ----------
    table : str
        ``"P1"`` … ``"H1"``.
    number : int
        Cell number, from 1.

    Returns
    -------
    str
        For example ``"P1_006N"``.

    Raises
    ------
    InputError
        The table has no such cell.
    """
    if table not in TABLES or not 1 <= number <= TABLES[table].cells:
        raise InputError(f"P.L. 94-171 has no cell {table} {number}; tables are {', '.join(TABLES)}.")
    return f"{table}_{number:03d}N"


def cells_of(table: str) -> list[str]:
    """Name every cell of a table.

    Parameters
    ----------
    table : str
        ``"P1"`` … ``"H1"``.

    Returns
    -------
    list of str
        In file order.
    """
    return [cell(table, n) for n in range(1, TABLES[table].cells + 1)]


def spelling(name: str, *, year: int, source: str) -> str:
    """Spell one of the kit's cell names as a given source does.

    Parameters
    ----------
    name : str
        A cell name such as ``"P2_008N"``.
    year : {2000, 2010, 2020}
        Census year.
    source : {"api", "file"}
        The Census API, or the column names that usually head the published files.

    Returns
    -------
    str
        The source's name for the same cell.

    Raises
    ------
    InputError
        The year, the source or the cell is unknown.

    Examples
    --------
    >>> [spelling("P1_006N", year=y, source="api") for y in (2000, 2010, 2020)]
    ['PL001006', 'P001006', 'P1_006N']
    """
    match = re.fullmatch(r"([PH])(\d)_(\d{3})N", name)
    if match is None or year not in YEARS or source not in {"api", "file"}:
        raise InputError(f"cannot spell {name!r} for year {year} and source {source!r}.")
    letter, table, number = match.groups()
    if source == "file":
        return f"{letter}00{table}0{number}"
    if year == 2020:
        return name
    return f"PL00{table}{number}" if year == 2000 else f"{letter}00{table}{number}"


_SPELLINGS = (
    re.compile(r"([PH])(\d)_(\d{3})N"),  # 2020 API
    re.compile(r"([PH])00(\d)0(\d{3})"),  # published files
    re.compile(r"([PH])00(\d)(\d{3})"),  # 2010 API
    re.compile(r"([P])L00(\d)(\d{3})"),  # 2000 API
)


def canonical(name: str) -> str | None:
    """Read any source's spelling of a cell.

    Parameters
    ----------
    name : str
        A column name.

    Returns
    -------
    str or None
        The kit's name for the cell; None when the column is no P.L. 94-171 cell.

    Examples
    --------
    >>> canonical("P0020008"), canonical("PL004008"), canonical("NAME")
    ('P2_008N', 'P4_008N', None)
    """
    for pattern in _SPELLINGS:
        match = pattern.fullmatch(str(name).strip().upper())
        if match:
            letter, table, number = match.groups()
            key = f"{letter}{table}"
            if key in TABLES and 1 <= int(number) <= TABLES[key].cells:
                return cell(key, int(number))
    return None
