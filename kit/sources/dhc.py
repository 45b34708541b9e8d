"""The 2020 Demographic and Housing Characteristics file: tallies of races alone or in combination."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kit.errors import NotPublished, SchemaError, first_few
from kit.files import sha256
from kit.model.frames import Source, Units
from kit.model.geoid import LEVELS, NATIONWIDE, State, as_geoids, place_of
from kit.model.geoid import level as find_level
from kit.sources.api_replies import BULK, FILE_ONLY
from kit.sources.api_tables import read_rows, start_of
from kit.sources.api_values import counts

YEAR = 2020
LEVELS_READ = (
    "state",
    "county",
    "county_subdivision",
    "tract",
    "block_group",
    "block",
    "place",
    "nation",
    "native_area",
)
NOISE = (
    "Privacy noise was added to every figure but the State's total. The tallies are those of P.L. 94-171, added up "
    "by the Census Bureau."
)
TALLIES = (
    "Tables P6 and P7 count a person once for each race marked: the Asian and the NHPI tally overlap by the people who "
    "marked both, so they must not be added. P.L. 94-171 has the union (aapi_aoic)."
)
# Column → cell.
COUNTS = {
    "total_pop": "P1_001N",
    "asian_aoic_pop": "P6_005N",
    "nhpi_aoic_pop": "P6_006N",
    "nh_asian_aoic_pop": "P7_006N",
    "nh_nhpi_aoic_pop": "P7_007N",
}
CELLS = (
    "P1_001N",
    *(f"P6_{n:03d}N" for n in range(1, 8)),
    *(f"P7_{n:03d}N" for n in range(1, 16)),
)


def read_dhc(place: str, *, year: int, level: str, source: str | os.PathLike[str] | None = None) -> Units:
    """Read people by race, alone or in combination, as the 2020 Census tallied them.

    Parameters
    ----------
    place : str
        A State, the District of Columbia or Puerto Rico; ``"US"`` for the
        nation and for native areas.
    year : {2020}
        Census year.
    level : str
        ``"state"``, ``"county"``, ``"county_subdivision"``, ``"place"``,
        ``"tract"``, ``"block_group"`` or ``"block"``; or ``"nation"`` or
        ``"native_area"``, which are not in the States' zips.
    source : {"api", "bulk"} or path-like, optional
        ``"api"`` needs a key; ``"bulk"`` downloads the State's published zip,
        which needs none (some hundred megabytes for a large State). A path is
        that zip, a folder of its raw files, a CSV in the API's spelling or a
        JSON reply. By default the zip where it is in the cache, else the API.

    Returns
    -------
    Units
        ``.frame`` by GEOID, in people: ``total_pop``, ``asian_aoic_pop``,
        ``nhpi_aoic_pop``, ``nh_asian_aoic_pop`` and ``nh_nhpi_aoic_pop``, and
        the cells of tables P6 and P7 they come from. From the zip also areas
        in square metres and, as ``.geometry``, internal points.

    Raises
    ------
    InputError
        Place, year, level or source cannot be understood.
    NotPublished
        The file has no such year or level.
    KeyMissing, Offline
        The API is needed, and there is no key or no network.
    SchemaError
        Cells are missing or contradict each other.
    Corrupt
        The file or reply is damaged.

    Notes
    -----
    The two totals are never added: who marked both is in both. They equal the
    sums of the P.L. 94-171 cells, which also give the union. In the zip the
    three tables stand in segment 5; the places of its 204 fields are those of
    the Bureau's table matrix, and were held against published records of
    blocks and of a city in New York: P1 is the header's POP100, and P6 and P7
    are what the combinations of races in P8 and P9 add up to.

    References
    ----------
    U.S. Census Bureau, 2020 Census Demographic and Housing Characteristics
    File, technical documentation.
    """
    what = find_level(level).name
    where = place_of(place, what, product="P.L. 94-171")
    if year != YEAR:
        raise NotPublished(f"the DHC is published for 2020, not for year={year!r}.")
    if what not in LEVELS_READ:
        raise NotPublished(
            f"the DHC is not read by {LEVELS[what].plural if what in LEVELS else what}; "
            f"levels are {', '.join(LEVELS_READ)}."
        )
    found = _read(_choose(source, where, what), where, what)
    numbers = found.numbers
    _check(numbers, found.told)
    frame = pd.concat([pd.DataFrame({name: numbers[cell] for name, cell in COUNTS.items()}), numbers], axis=1)
    frame = pd.concat([frame, found.facts], axis=1)
    made = Source(
        title=f"2020 Census Demographic and Housing Characteristics File (DHC), {where.name}",
        publisher="U.S. Census Bureau",
        year=YEAR,
        tables="P1, P6, P7",
        level=what,
        uncertainty="disclosure noise",
        note=NOISE,
        license="public domain (U.S. Government work)",
        **found.source,
    )
    return Units(frame, what, YEAR, (made,), geometry=found.points, notes=(TALLIES, *found.notes))


@dataclass(frozen=True)
class _Found:
    """Cells as a source gave them."""

    numbers: pd.DataFrame
    facts: pd.DataFrame
    source: dict[str, Any]
    told: str
    points: Any = None
    notes: tuple[str, ...] = ()


def _choose(source: str | os.PathLike[str] | None, where: State, level: str) -> str | Path:
    """Settle where to read from."""
    if source is not None:
        return str(source) if source in {"api", "bulk"} else Path(source)
    if level in NATIONWIDE:
        return "api"
    from kit.sources.dhc_files import dhc_path
    from kit.sources.download import cached_path

    return "bulk" if cached_path(dhc_path(where)).exists() else "api"


def _read(origin: str | Path, where: State, level: str) -> _Found:
    """Read the cells from wherever."""
    if origin == "api":
        from kit.sources import census_api

        instead = FILE_ONLY if level in NATIONWIDE else BULK
        reply = census_api.query("dec/dhc", ["NAME", *CELLS], year=YEAR, level=level, state=where.fips, instead=instead)
        told = f"the Census API's reply for {where.name}"
        return _of_text(reply.frame, told, {"where": reply.where, "retrieved": reply.retrieved})
    if origin == "bulk":
        _refuse_nationwide(level)
        from kit.sources.dhc_files import dhc_path
        from kit.sources.download import describe_file, fetch

        path = fetch(dhc_path(where), what=f"the 2020 DHC of {where.name}")
        return _of_published(path, where, level, describe_file(path))
    path = Path(origin)
    if path.is_dir() or (path.is_file() and start_of(path)[:2] == b"PK") or path.suffix.lower() == ".zip":
        _refuse_nationwide(level)
        return _of_published(path, where, level, {"where": path.name})
    return _of_text(_from_file(path, level, where.fips), path.name, {"where": path.name, "sha256": sha256(path)})


def _refuse_nationwide(level: str) -> None:
    """The zips hold areas that lie in one State."""
    if level in NATIONWIDE:
        raise NotPublished(
            f"the States' files have no {LEVELS[level].plural}; use source='api' with a key, or a table in CSV."
        )


def _of_text(text: pd.DataFrame, told: str, source: dict[str, Any]) -> _Found:
    """Turn cells in the API's spelling into numbers."""
    numbers = counts(text[list(CELLS)], what=told)
    facts = pd.DataFrame({"name": text["NAME"]} if "NAME" in text.columns else {}, index=text.index)
    return _Found(numbers, facts, source, told)


def _of_published(path: Path, where: State, level: str, source: dict[str, Any]) -> _Found:
    """Read the published zip or its raw files."""
    from kit.sources.dhc_files import read_published

    found = read_published(path, where=where, level=level, cells=CELLS)
    digest = next(iter(found.hashes.values())) if len(found.hashes) == 1 else ""
    return _Found(found.cells, found.facts, {"sha256": digest, **source}, path.name, found.points, found.notes)


def _from_file(path: Path, level: str, prefix: str) -> pd.DataFrame:
    """Read a local table in the API's spelling."""
    rows = read_rows(path, level=level, prefix=prefix)
    absent = [name for name in CELLS if name not in rows.frame.columns]
    if absent:
        raise SchemaError(f"{path.name} lacks {first_few(absent)}; tables P1, P6 and P7 of the DHC are needed.")
    index, _ = as_geoids(rows.ids, what=f"the ids of {path.name}")
    kept = rows.frame[[*CELLS, *(["NAME"] if "NAME" in rows.frame.columns else [])]]
    return kept.set_axis(index).astype("str")


def _check(cells: pd.DataFrame, what: str) -> None:
    """Hold the tallies against each other."""
    tests = {
        "P6_002N to P6_007N do not add up to P6_001N": (
            cells[[f"P6_{n:03d}N" for n in range(2, 8)]].sum(axis=1) != cells["P6_001N"]
        ),
        "P7_006N + P7_013N is not P6_005N (Asian)": cells["P7_006N"] + cells["P7_013N"] != cells["P6_005N"],
        "P7_007N + P7_014N is not P6_006N (NHPI)": cells["P7_007N"] + cells["P7_014N"] != cells["P6_006N"],
        "a tally exceeds all people (P1_001N)": cells[["P6_005N", "P6_006N"]].max(axis=1) > cells["P1_001N"],
    }
    for told, wrong in tests.items():
        if wrong.any():
            raise SchemaError(
                f"{what}: {told} in {int(wrong.sum()):,} areas, first {first_few(cells.index[wrong])}. "
                "The columns are not those of the DHC, or the file was edited."
            )
