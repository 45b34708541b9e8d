"""How the P.L. 94-171 files are laid out, as data: field positions, cells kept, names of files."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kit.errors import InputError
from kit.model.groups import BASES, DEFINITIONS
from kit.model.tables import NOT_HISPANIC_SHIFT, TABLES, cell, cells_of, spelling

FILE_YEARS = (2010, 2020)
"""Censuses whose redistricting files this kit reads."""

LEADING = ("FILEID", "STUSAB", "CHARITER", "CIFSN", "LOGRECNO")
"""First five fields of every segment."""

GEO_FIELDS_2020 = 97
GEO_2020 = {
    "STUSAB": 1,
    "SUMLEV": 2,
    "GEOCOMP": 4,
    "LOGRECNO": 7,
    "GEOCODE": 9,
    "STATE": 12,
    "COUNTY": 14,
    "AREALAND": 84,
    "AREAWATR": 85,
    "NAME": 87,
    "POP100": 90,
    "INTPTLAT": 92,
    "INTPTLON": 93,
}
"""Zero-based fields of the 2020 geographic header that the kit uses."""

GEO_WIDTH_2010 = 500
GEO_2010 = {
    "STUSAB": (7, 8),
    "SUMLEV": (9, 11),
    "GEOCOMP": (12, 13),
    "LOGRECNO": (19, 25),
    "STATE": (28, 29),
    "COUNTY": (30, 32),
    "COUSUB": (37, 41),
    "PLACE": (46, 50),
    "TRACT": (55, 60),
    "BLKGRP": (61, 61),
    "BLOCK": (62, 65),
    "CD": (154, 155),
    "SLDU": (156, 158),
    "SLDL": (159, 161),
    "VTD": (162, 167),
    "AREALAND": (199, 212),
    "AREAWATR": (213, 226),
    "NAME": (227, 316),
    "POP100": (319, 327),
    "INTPTLAT": (337, 347),
    "INTPTLON": (348, 359),
}
"""First and last column (from 1) of the fields of the 2010 geographic header that the kit uses."""

GEOID_2010 = {
    "040": ("STATE",),
    "050": ("STATE", "COUNTY"),
    "060": ("STATE", "COUNTY", "COUSUB"),
    "140": ("STATE", "COUNTY", "TRACT"),
    "150": ("STATE", "COUNTY", "TRACT", "BLKGRP"),
    "160": ("STATE", "PLACE"),
    "500": ("STATE", "CD"),
    "610": ("STATE", "SLDU"),
    "620": ("STATE", "SLDL"),
    "700": ("STATE", "COUNTY", "VTD"),
    "750": ("STATE", "COUNTY", "TRACT", "BLOCK"),
}
"""Summary level → the 2010 fields that make up its GEOID; in 2020 the header carries it whole."""

WITHOUT_COUNTY = frozenset({"040", "160", "500", "610", "620"})
"""Summary levels whose areas do not lie in one county."""

GEO_NAME = re.compile(r"([a-z]{2})geo(\d{4})\D.*", re.IGNORECASE)
SEGMENT_NAME = re.compile(r"([a-z]{2})0000(\d)(\d{4})\D.*", re.IGNORECASE)
"""Names of the raw files, such as ``higeo2020.pl`` and ``hi000012020.pl``."""


@dataclass(frozen=True)
class Segment:
    """One segment of the raw files.

    Parameters
    ----------
    number : int
        1, 2 or 3.
    fields : tuple of str
        Every field in file order: the five leading ones, then cells under the kit's names.
    """

    number: int
    fields: tuple[str, ...]


def segments(year: int) -> tuple[Segment, ...]:
    """List the segments of one census.

    Parameters
    ----------
    year : {2010, 2020}
        Census year.

    Returns
    -------
    tuple of Segment
        In file order; group quarters (P5) are in 2020 only.
    """
    by_number: dict[int, list[str]] = {}
    for table in sorted(tables(year), key=lambda name: (TABLES[name].segment, TABLES[name].offset)):
        by_number.setdefault(TABLES[table].segment, []).extend(cells_of(table))
    return tuple(Segment(number, (*LEADING, *cells)) for number, cells in sorted(by_number.items()))


def tables(year: int) -> tuple[str, ...]:
    """Name the tables of one census.

    Parameters
    ----------
    year : {2000, 2010, 2020}
        Census year.

    Returns
    -------
    tuple of str
        For example ``("P1", "P2", "P3", "P4", "H1")`` in 2010.
    """
    return tuple(name for name, table in TABLES.items() if table.first_year <= year)


def kept_cells(year: int, cells: str = "headline") -> list[str]:
    """Name the raw cells that stay in the frame of the units.

    Parameters
    ----------
    year : {2000, 2010, 2020}
        Census year.
    cells : {"headline", "all"}
        ``"headline"`` keeps, of each of the four race tables, the total, the
        six single races and "two or more races", and the Hispanic and
        not-Hispanic totals; and all of housing units (H1) and group quarters
        (P5). ``"all"`` keeps every cell.

    Returns
    -------
    list of str
        Cell names as the kit spells them.

    Raises
    ------
    InputError
        `cells` is neither word.
    """
    if cells == "all":
        return [name for table in tables(year) for name in cells_of(table)]
    if cells != "headline":
        raise InputError(f'cells={cells!r} is not known; use "headline" or "all".')
    kept: list[str] = []
    for table in tables(year):
        if table in {"P1", "P3"}:
            kept += [cell(table, number) for number in (1, *range(3, 10))]
        elif table in {"P2", "P4"}:
            shifted = (number + NOT_HISPANIC_SHIFT for number in range(3, 10))
            kept += [cell(table, number) for number in (1, 2, 3, *shifted)]
        else:
            kept += cells_of(table)
    return kept


def asked_cells(year: int, cells: str = "headline") -> list[str]:
    """Name the cells a query must ask for: those kept, and those every definition adds up.

    Parameters
    ----------
    year : {2000, 2010, 2020}
        Census year.
    cells : {"headline", "all"}
        As in `kept_cells`.

    Returns
    -------
    list of str
        Cell names in table order, each once.
    """
    needed = set(kept_cells(year, cells))
    for definition in DEFINITIONS.values():
        for base in ("pop", "vap"):
            if BASES[base].race_table is not None:
                needed.update(definition.columns(base))
    return [name for table in tables(year) for name in cells_of(table) if name in needed]


def api_names(cells: list[str], year: int) -> dict[str, str]:
    """Map the Census API's variable names to the kit's cell names.

    Parameters
    ----------
    cells : list of str
        Cell names.
    year : {2000, 2010, 2020}
        Census year.

    Returns
    -------
    dict of str to str
        In the order given.
    """
    return {spelling(name, year=year, source="api"): name for name in cells}
