"""Citizens of voting age by race: the Census Bureau's special tabulation, or files made from it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from kit.errors import InputError, NotPublished, SchemaError, first_few
from kit.files import sha256
from kit.model.cvap import BRACKET_NOTE, LINES, add_counts
from kit.model.frames import Source, Units
from kit.model.geoid import NESTED, State, state
from kit.model.geoid import level as find_level
from kit.model.vintages import check_vintage
from kit.sources.cvap_files import FILES, FIRST_YEAR, cvap_path, find_member, header_of, is_long
from kit.sources.cvap_rows import read_long
from kit.sources.pl_files import Member

PUBLISHER = "U.S. Census Bureau"
NATION = ("us", "united states", "usa")
# States whose county subdivisions are governments; the tabulation has no others.
WITH_SUBDIVISIONS = ("CT", "MA", "ME", "MI", "MN", "NH", "NJ", "NY", "PA", "RI", "VT", "WI")
COUNTY_BASED = ("county", "county_subdivision", "tract", "block_group")
# More areas than this whose lines do not add up, and the columns are something else.
MOST_ODD = 0.05
ROUNDED = "CVAP figures are rounded when published, so parts need not add up to their totals."
# How published files and folders say their period: CVAP_2018-2022_ACS_csv_files, County_DE_2015_2019.
_PERIOD = re.compile(r"(?<!\d)(20\d\d)[-_](20\d\d)(?!\d)")
REGIONS = (
    "Connecticut's codes are of its planning regions, which replaced counties in 2022; 2020 blocks have the counties. "
    "Recode with kit.to_counties before allocating."
)


def read_cvap(
    place: str,
    *,
    year: int,
    level: str,
    source: str | os.PathLike[str] | None = None,
    definition: str | None = None,
) -> Units:
    """Read citizens of voting age (CVAP) by race and Hispanic origin.

    Parameters
    ----------
    place : str
        A State, the District of Columbia or Puerto Rico, by abbreviation,
        FIPS code or name; ``"US"`` for every row of the file.
    year : int
        Last year of the five-year survey period: 2022 is 2018–2022. A period
        newer than the kit knows is read from a local file only.
    level : str
        ``"block_group"``, ``"tract"``, ``"county"``, ``"place"``,
        ``"county_subdivision"`` (twelve States), ``"congressional_district"``,
        ``"state_senate"``, ``"state_house"``, ``"state"`` or ``"nation"``.
    source : path-like, optional
        The published zip, a folder with its files, one of its CSV files, or a
        file of the Redistricting Data Hub. By default the zip is downloaded
        (no key is needed) or found in the cache.
    definition : {"alone", "alone_or_in_combination"}, optional
        For a Redistricting Data Hub file only, and required there: what its
        read-me says of the field ``CVAP_ASN``.

    Returns
    -------
    Units
        ``.frame`` by GEOID, in citizens of voting age: the 13 lines as
        ``cvap_01`` … ``cvap_13``; ``total_cvap``, ``nh_asian_alone_cvap``,
        ``nh_nhpi_alone_cvap``, ``nh_aapi_alone_cvap`` and
        ``nh_asian_doj_cvap``; the bounds ``aapi_cvap_low`` and
        ``aapi_cvap_high``; each with its 90 per cent margin ``_moe``.
        ``.year`` is the vintage of the areas: census year for block groups,
        tracts, counties and States, else the last year of the period.

    Raises
    ------
    InputError
        Place, year, level or definition cannot be understood.
    NotPublished
        The tabulation does not have what was asked for.
    Corrupt
        The file is cut off or damaged.
    SchemaError
        An area lacks a line, or the lines contradict each other.

    Notes
    -----
    Lines 3 to 12 leave out people of Hispanic origin. People who marked NHPI
    with another race are in line 12 and cannot be told from others there, so
    AAPI citizens are given as a lower and an upper count. There is no line
    for Some Other Race.

    References
    ----------
    U.S. Census Bureau, Citizen Voting Age Population by Race and Ethnicity
    (CVAP) special tabulation from the American Community Survey, documentation.
    """
    prefix, named = _place(place)
    wanted = _level(level, prefix, named)
    if not isinstance(year, int) or isinstance(year, bool) or year < FIRST_YEAR:
        raise InputError(f"year={year!r}: give the last year of the five-year period, {FIRST_YEAR} or later.")
    asked = _Asked(prefix, named, year, wanted, check_vintage("cvap", year, local=source is not None))
    if definition is not None and source is None:
        raise InputError("definition= is for Redistricting Data Hub files; the published tabulation needs none.")
    if wanted == "block" and source is None:
        raise NotPublished("CVAP is published down to block groups; read those and use kit.allocate for blocks.")
    facts = {"where": "", "retrieved": ""}
    if source is None:
        from kit.sources.download import describe_file, fetch

        path = fetch(cvap_path(year), what=f"the CVAP tabulation of {year - 4}–{year}")
        facts = describe_file(path)
    else:
        path = Path(source)
    if source is not None and not path.is_dir() and _is_hub(path):
        return _from_hub(path, asked, definition)
    if definition is not None:
        raise InputError(f"definition= is for Redistricting Data Hub files, and {path.name} is not one. Leave it out.")
    if wanted == "block":
        raise NotPublished("CVAP is published down to block groups; read those and use kit.allocate for blocks.")
    return _from_census(path, asked, **facts)


@dataclass(frozen=True)
class _Asked:
    """What was asked for, checked."""

    prefix: str
    named: str
    year: int
    level: str
    newer: str = ""


def _from_census(path: Path, asked: _Asked, *, where: str, retrieved: str) -> Units:
    """Read the published layout."""
    member = find_member(path, asked.level, asked.year)
    _check_period((path.name, member.name, path.parent.name), asked.year)
    raw = read_long(member, prefix=asked.prefix, level=asked.level, year=asked.year)
    more = _check_sums(raw, member.name)
    made = Source(
        title=(
            "Citizen Voting Age Population (CVAP) Special Tabulation, "
            f"{asked.year - 4}–{asked.year} American Community Survey 5-year estimates, {asked.named}"
        ),
        publisher=PUBLISHER,
        year=asked.year,
        tables="lines 1–13",
        level=asked.level,
        where=where or path.name,
        sha256=sha256(member.path),
        retrieved=retrieved,
        uncertainty="sampling MOE",
        note=f"{ROUNDED} {BRACKET_NOTE}",
        license="public domain (U.S. Government work)",
    )
    return _units(raw, asked, made, *more)


def _place(place: str) -> tuple[str, str]:
    """Give the FIPS code and the name; no code for the nation."""
    if str(place).strip().casefold() in NATION:
        return "", "United States"
    found: State = state(place, product="P.L. 94-171")
    return found.fips, found.name


def _level(level: str, prefix: str, named: str) -> str:
    """Look the level up among those that are published."""
    if str(level).strip().casefold() == "nation":
        if prefix:
            raise InputError(f'the nation is one row; ask for place="US" with level="nation", not {named}.')
        return "nation"
    wanted = find_level(level).name
    if wanted != "block" and wanted not in FILES:
        raise NotPublished(f"CVAP is not published by {find_level(level).plural}; levels are {', '.join(FILES)}.")
    if wanted == "county_subdivision" and prefix and state(prefix).abbr not in WITH_SUBDIVISIONS:
        raise NotPublished(
            f"CVAP by county subdivisions is published for {', '.join(WITH_SUBDIVISIONS)} only, not for {named}. "
            "Use place or tract."
        )
    return wanted


def _vintage(year: int, level: str) -> int:
    """Tell which census drew the areas of a survey period."""
    if level not in NESTED:
        return year
    return 2000 if year < 2010 else year // 10 * 10


def _check_period(names: tuple[str, ...], year: int) -> None:
    """Refuse a file whose name, or else whose folder's, says another period than was asked for."""
    for name in names:
        ends = [int(last) for first, last in _PERIOD.findall(name) if int(last) - int(first) == 4]
        if ends and year not in ends:
            raise InputError(
                f"{name} says the period {ends[0] - 4}–{ends[0]}, but year={year} was asked for. Pass year={ends[0]}, "
                f"or the file of {year - 4}–{year}."
            )
        if ends:
            return


def _check_sums(raw: pd.DataFrame, name: str) -> list[str]:
    """Refuse lines that are far from adding up; rounding is let pass, and odd areas are told."""
    line = {n: raw[LINES[n].column] for n in LINES}
    parts = sum(line[n] for n in range(3, 13))
    notes = []
    for whole, got, room, told in (
        (line[1], line[2] + line[13], 12, "line 2 + line 13 and line 1"),
        (line[2], parts, 40, "lines 3–12 and line 2"),
    ):
        off = ((got - whole).abs() > np.maximum(room, 0.01 * whole)).to_numpy()
        if off.mean() > MOST_ODD:
            raise SchemaError(
                f"{name}: {told} differ by more than rounding in {int(off.sum()):,} of {len(raw):,} areas, first "
                f"{first_few(raw.index[off])}. The columns are not the tabulation's lines, or the file was edited."
            )
        if off.any():
            notes.append(f"{told.capitalize()} differ by more than rounding in {int(off.sum()):,} areas.")
    return notes


def _units(raw: pd.DataFrame, asked: _Asked, source: Source, *more: str) -> Units:
    notes = [*([asked.newer] if asked.newer else []), ROUNDED, BRACKET_NOTE, *more]
    if asked.prefix == "09" and asked.year >= 2022 and asked.level in COUNTY_BASED:
        notes.append(REGIONS)
    counted = add_counts(raw)
    if "name" in counted.columns:
        counted = counted[[*(c for c in counted.columns if c != "name"), "name"]]
    return Units(counted, asked.level, _vintage(asked.year, asked.level), (source,), notes=tuple(notes))


# --- the Redistricting Data Hub --------------------------------------------------------------------


def _is_hub(path: Path) -> bool:
    """Tell a wide file from the published layouts."""
    if path.suffix.lower() in {".shp", ".gpkg", ".geojson"}:
        return True
    if not path.is_file() or path.suffix.lower() == ".zip":
        return False
    if not path.stat().st_size:
        return False
    columns = header_of(Member(path, path.stat().st_size))
    return not is_long(columns) and not columns[0].startswith("<")


def _from_hub(path: Path, asked: _Asked, definition: str | None) -> Units:
    """Read a wide file, whose definition the user states."""
    from kit.sources.cvap_hub import described, read_hub

    raw, more = read_hub(path, prefix=asked.prefix, year=asked.year, level=asked.level, definition=definition)
    made = Source(
        title=(
            f"CVAP data from the {asked.year - 4}–{asked.year} American Community Survey 5-year estimates, "
            f"{asked.named}"
        ),
        publisher="Redistricting Data Hub, from the U.S. Census Bureau's special tabulation",
        year=asked.year,
        tables="fields CVAP_TOT to CVAP_HSP",
        level=asked.level,
        where=path.name,
        sha256=sha256(path),
        uncertainty="allocation" if asked.level == "block" else "sampling MOE",
        note=f"{described(definition)} {ROUNDED} {BRACKET_NOTE}",
    )
    return _units(raw, asked, made, *more)
