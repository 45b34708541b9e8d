"""The American Community Survey, five-year estimates: any table with its margins, and bundles for AAPI questions."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kit.errors import InputError, NotPublished, Offline, SchemaError, first_few
from kit.files import sha256
from kit.model.acs_tables import FIRST_YEAR, GROUP_LAYOUTS, RECODED, TABLES, check_table
from kit.model.frames import Source, Units
from kit.model.geoid import LEVELS, NESTED, State, place_of
from kit.model.geoid import level as find_level
from kit.model.vintages import check_vintage
from kit.settings import census_key, current
from kit.sources.acs_columns import add_up, recipes
from kit.sources.acs_files import FIRST_FILE_YEAR, Cells, Wanted, read_local, read_summary_file, table_path
from kit.sources.acs_labels import from_api, known_labels, refuse_to_guess
from kit.sources.acs_lines import FIRST_SHELLS, Labels, from_shells, shells_path
from kit.sources.acs_values import as_figures
from kit.sources.api_replies import BULK, FILE_ONLY
from kit.sources.cvap import COUNTY_BASED, REGIONS

PUBLISHER = "U.S. Census Bureau"
BUNDLES: dict[str, tuple[str, ...]] = {
    "aapi": ("B02001", "B02011", "B02012"),
    "detailed_asian": ("B02001", "B02015", "B02018"),
    "detailed_nhpi": ("B02001", "B02016", "B02019"),
    "language": ("C16001",),
    "limited_english": ("C16001", "C16002", "B16008"),
    "citizen_vap": ("B05003", "B05003D", "B05003E"),
    "nativity": ("B05001", "B05003D", "B05003E"),
}
"""Tables that belong to one question, by the name of the bundle."""

_BEFORE_2015 = {"B02015": "B02006", "B02016": "B02007", "B02018": "", "B02019": ""}
NO_UNION = (
    "These tables have no count of Asian or NHPI in combination: the two totals overlap by the people who marked both, "
    "so they must not be added. P.L. 94-171 has the union."
)
TALLIES = (
    "Figures alone or in any combination count a person once in each group named, so groups, and regions, must not be "
    "added; a total of groups tallied can exceed the people."
)
REGION_SUMS = "A region alone adds up its groups; people of two or more detailed groups are in none of them."
FIVE_UP = (
    "Language tables are of people aged 5 and over, of any citizenship. They cannot reproduce a Section 203 "
    "determination."
)


def read_acs(
    table: str,
    place: str,
    *,
    year: int,
    level: str,
    source: str | os.PathLike[str] | None = None,
    labels: str | os.PathLike[str] | None = None,
) -> Units:
    """Read five-year estimates of the American Community Survey, each with its margin of error.

    Parameters
    ----------
    table : str
        Id of a detailed table, such as ``"B02015"``, or a bundle: ``"aapi"``,
        ``"detailed_asian"``, ``"detailed_nhpi"``, ``"language"``,
        ``"limited_english"``, ``"citizen_vap"`` or ``"nativity"``.
    place : str
        A State, the District of Columbia or Puerto Rico, by abbreviation,
        FIPS code or name; ``"US"`` for the last two levels.
    year : int
        Last year of the five-year period: 2022 is 2018–2022. A period newer
        than the kit knows is read from a local file only.
    level : str
        ``"state"``, ``"county"``, ``"county_subdivision"``, ``"place"``,
        ``"tract"``, ``"block_group"``, ``"congressional_district"``,
        ``"state_senate"`` or ``"state_house"``; few tables have block groups.
        ``"nation"``, or ``"native_area"`` for every American Indian, Alaska
        Native and Native Hawaiian area of the country.
    source : {"api", "bulk"} or path-like, optional
        ``"api"`` needs a key; ``"bulk"`` downloads the published summary files
        by table (2018 on, no key). A path is a summary file, a folder of them,
        a CSV in the API's spelling or a JSON reply. By default a summary file
        in the cache, else the API where there is a key, else the bulk files.
    labels : path-like, optional
        For a local file: the year's table shells, or the API's list of the
        table's variables. Needed only where the kit does not know the lines.

    Returns
    -------
    Units
        ``.frame`` by GEOID, in people (or households): raw cells as
        ``B02015_002E`` and ``B02015_002M``; plain columns such as
        ``hmong_alone``, ``asian_aoic_pop``, ``korean_speakers_lep`` or
        ``asian_alone_cvap``, each with its 90 per cent margin ``_moe``; and
        ``name``. ``.year`` is the vintage of the areas.

    Raises
    ------
    InputError
        Table, place, year, level or source cannot be understood, or the lines
        of that year are not known for certain.
    NotPublished
        The survey does not have what was asked for, or not that the kit knows
        of; the message names the nearest it has.
    KeyMissing, Offline
        The API was chosen without a key, or the network is off.
    SchemaError
        A file is of another table, year, level or State.
    Corrupt
        A file or reply is damaged.

    Notes
    -----
    Special codes are mapped before anything is added: a margin of an estimate
    held to a known total is 0, every other code is missing. Detailed groups
    are found by the labels of the year, because the same code means different
    groups in different years. Margins carry sampling error only.

    References
    ----------
    U.S. Census Bureau, *Using the American Community Survey Table-Based
    Summary File: What Data Users Need to Know* (2023).
    """
    wanted = _request(table, place, year, level)
    newer = check_vintage("acs5", year, local=source is not None and source not in {"api", "bulk"})
    origin = _choose(source, wanted)
    parts = [_read_one(name, wanted, origin, labels) for name in wanted.tables]
    areas = parts[0].figures.index
    for part in parts[1:]:
        odd = areas.symmetric_difference(part.figures.index)
        if len(odd):
            raise SchemaError(
                f"tables {parts[0].labels.table} and {part.labels.table} have different areas: {first_few(odd)} are in "
                "one only. Read both from one source and year."
            )
    figures = pd.concat([part.figures.reindex(areas) for part in parts], axis=1)
    plain = add_up(figures, recipes({part.labels.table: part.labels for part in parts}))
    frame = pd.concat([plain, figures], axis=1)
    names = next((part.names for part in parts if part.names is not None), None)
    if names is not None:
        frame["name"] = names.reindex(areas)
    return Units(
        frame=frame,
        level=wanted.level,
        year=_vintage(year, wanted.level),
        sources=tuple(part.source for part in parts),
        notes=(*([newer] if newer else []), *_notes(wanted, parts, plain)),
    )


@dataclass(frozen=True)
class _Request:
    """What was asked for, checked."""

    tables: tuple[str, ...]
    bundle: str
    state: State
    year: int
    level: str

    @property
    def keyless(self) -> str:
        """Tell what works without a key: there are files by table since 2018."""
        return BULK if self.year >= FIRST_FILE_YEAR else FILE_ONLY

    def cells(self, table: str) -> Wanted:
        """Ask for one table."""
        return Wanted(table, self.year, self.level, self.state.fips)


@dataclass(frozen=True)
class _Part:
    """One table as read."""

    figures: pd.DataFrame
    labels: Labels
    source: Source
    names: pd.Series | None


def _request(table: str, place: str, year: int, level: str) -> _Request:
    if not isinstance(year, int) or isinstance(year, bool) or year < FIRST_YEAR:
        raise InputError(f"year={year!r}: give the last year of the five-year period, {FIRST_YEAR} or later.")
    what = find_level(level).name
    where = place_of(place, what, product="P.L. 94-171")
    name = str(table).strip()
    if name.casefold() in BUNDLES:
        tables = BUNDLES[name.casefold()]
    elif re.fullmatch(r"[BC]\d{5}[A-I]?(PR)?", name.upper()):
        tables = (name.upper(),)
    else:
        raise InputError(
            f"{table!r} is no id of a detailed table, such as B02015, and no bundle. Bundles: {', '.join(BUNDLES)}."
        )
    bundle = name.casefold() if name.casefold() in BUNDLES else ""
    if bundle and year < 2015:
        tables = tuple(found for t in tables if (found := _BEFORE_2015.get(t, t)))
    for found in tables:
        check_table(found, year, what)
    return _Request(tables, bundle, where, year, what)


def _choose(source: str | os.PathLike[str] | None, wanted: _Request) -> str | Path:
    """Settle where to read from."""
    if source is not None:
        return str(source) if source in {"api", "bulk"} else Path(source)
    from kit.sources.download import cached_path

    files = wanted.year >= FIRST_FILE_YEAR
    if files and all(cached_path(table_path(name, wanted.year)).exists() for name in wanted.tables):
        return "bulk"
    if not files or (census_key() and not current().offline):
        return "api"
    return "bulk"


def _read_one(name: str, wanted: _Request, origin: str | Path, labels: str | os.PathLike[str] | None) -> _Part:
    """Read one table from wherever, with the labels of its year."""
    given = Path(labels) if labels is not None else None
    where = retrieved = digest = ""
    if origin == "api":
        found = known_labels(name, wanted.year, given) if given else from_api(name, wanted.year, instead=wanted.keyless)
        cells, where, retrieved = _from_api(name, wanted, found)
        what = f"the Census API's reply for {name}"
    elif origin == "bulk":
        from kit.sources.download import describe_file, fetch

        path = fetch(table_path(name, wanted.year), what=f"table {name} of {wanted.year - 4}–{wanted.year}")
        cells = read_summary_file(path, wanted.cells(name))
        facts = describe_file(path)
        where, retrieved, digest, what = facts["where"], facts["retrieved"], sha256(path), path.name
        found = _bulk_labels(name, wanted.year, given)
    else:
        path = Path(origin)
        cells = read_local(path, wanted.cells(name))
        where, digest, what = path.name, sha256(path) if path.is_file() else "", path.name
        found = (known_labels(name, wanted.year, given) if given else cells.labels) or known_labels(
            name, wanted.year, None
        )
    if found is None:
        refuse_to_guess(name, wanted.year)
        found = Labels(name, wanted.year, {}, "no labels")
    named = "NAME" in cells.frame.columns
    figures = as_figures(cells.frame.drop(columns="NAME") if named else cells.frame, what)
    _check_lines(figures, found, what)
    _check_published(figures, name, wanted)
    names = cells.frame["NAME"] if named else None
    return _Part(figures, found, _source(name, wanted, where, retrieved, digest), names)


def _from_api(name: str, wanted: _Request, found: Labels | None) -> tuple[Cells, str, str]:
    """Ask the Census API for every line."""
    from kit.sources import census_api

    lines = found.lines if found else {}
    variables = [f"{name}_{number:03d}{kind}" for number in lines for kind in "EM"]
    reply = census_api.query(
        "acs/acs5",
        ["NAME", *variables],
        year=wanted.year,
        level=wanted.level,
        state=wanted.state.fips,
        instead=wanted.keyless,
    )
    return Cells(reply.frame), reply.where, reply.retrieved


def _bulk_labels(name: str, year: int, given: Path | None) -> Labels | None:
    """Fetch the year's own labels, which need no key; the kit's record serves where there are none."""
    if given is not None:
        return known_labels(name, year, given)
    if year >= FIRST_SHELLS:
        from kit.sources.download import fetch

        with suppress(NotPublished, Offline):
            return from_shells(fetch(shells_path(year), what=f"the table shells of {year}"), name, year)
    return known_labels(name, year, None)


def _check_lines(figures: pd.DataFrame, labels: Labels, what: str) -> None:
    """Hold the lines of a file against those of the year: a table of another year has more or fewer."""
    if not labels.lines:
        return
    have = {int(column[-4:-1]) for column in figures.columns}
    beyond = sorted(have - set(labels.lines))
    others = {len(names) + 1 for _, _, names in GROUP_LAYOUTS.get(labels.table, ())} - {len(labels.lines)}
    whole = have == set(range(1, max(have) + 1))
    if beyond or (whole and len(have) in others):
        raise SchemaError(
            f"{what} has {len(have)} lines of {labels.table}, and the table of {labels.year} has {len(labels.lines)} "
            f"({labels.origin}). It is of another year, where the same codes are other groups; check year=."
        )


def _check_published(figures: pd.DataFrame, name: str, wanted: _Request) -> None:
    """Refuse a table with no value at all, which is how an unpublished one looks."""
    estimates = figures[[column for column in figures.columns if column.endswith("E")]]
    if estimates.shape[1] and bool(estimates.isna().all(axis=None)):
        raise NotPublished(
            f"table {name} of {wanted.year} has no value for any of {len(figures):,} {LEVELS[wanted.level].plural}: it "
            "is not published for them. Ask for larger areas, such as level='tract' or 'county'."
        )


def _vintage(year: int, level: str) -> int:
    """Tell which census drew the areas of a survey period."""
    if level not in NESTED:
        return year
    return 2000 if year < 2010 else year // 10 * 10


def _source(name: str, wanted: _Request, where: str, retrieved: str, digest: str) -> Source:
    return Source(
        title=(f"American Community Survey 5-year estimates, {wanted.year - 4}–{wanted.year}, {wanted.state.name}"),
        publisher=PUBLISHER,
        year=wanted.year,
        tables=name,
        level=wanted.level,
        where=where,
        sha256=digest,
        retrieved=retrieved,
        uncertainty="sampling MOE",
        note="Estimates from a sample; margins are at 90 per cent confidence and carry sampling error only.",
        license="public domain (U.S. Government work)",
    )


def _notes(wanted: _Request, parts: list[_Part], plain: pd.DataFrame) -> list[str]:
    """Write what a reader must know of these figures."""
    tables = [part.labels.table for part in parts]
    facts = [TABLES[name] for name in tables if name in TABLES]
    told = [f"Lines of {part.labels.table} follow {part.labels.origin}." for part in parts if part.labels.lines]
    if any(table.holds in {"asian", "nhpi"} for table in facts):
        told.append(RECODED)
    if any(table.how == "aoic" for table in facts):
        told.append(TALLIES)
    if any(table.how == "alone" for table in facts):
        told.append(REGION_SUMS)
    if {"B02011", "B02012"} <= set(tables):
        told.append(NO_UNION)
    if any(name.startswith(("C16001", "B16001", "B16008")) for name in tables):
        told.append(FIVE_UP)
    blank = plain.columns[plain.isna().any()]
    if len(blank):
        rows = plain.index[plain[blank].isna().any(axis=1)]
        told.append(
            f"{len(rows):,} of {len(plain):,} {LEVELS[wanted.level].plural} lack a figure or a margin that was not "
            f"published, first {first_few(rows, 2)}; missing is not zero."
        )
    if wanted.state.fips == "09" and wanted.year >= 2022 and wanted.level in COUNTY_BASED:
        told.append(REGIONS)
    return told
