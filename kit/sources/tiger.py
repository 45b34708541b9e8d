"""Boundaries of census areas, districts, roads and water, as the Census Bureau publishes them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kit.errors import InputError, NotPublished, first_few
from kit.files import sha256
from kit.model.geoid import State, state
from kit.model.source import Source
from kit.sources.download import cached_path, describe_file, fetch
from kit.sources.tiger_layout import Layer, Product
from kit.sources.tiger_paths import county_files_of, files_of, find_layer, part_of, years_of
from kit.sources.tiger_read import read_file

PUBLISHER = "U.S. Census Bureau"
LICENSE = "public domain (U.S. Government work)"
NATION = ("us", "usa", "united states")
TITLES = {"tiger": "TIGER/Line Shapefiles", "cartographic": "Cartographic Boundary Files"}
GENERALIZED = "Generalized boundaries: for drawing, not for placing people or measuring areas."
# States with no lower chamber, or none whose districts are published.
_ONE_CHAMBER = {"31": "Nebraska", "11": "the District of Columbia"}


@dataclass(frozen=True)
class Asked:
    """What was asked for, checked.

    Parameters
    ----------
    layer : Layer
        Which layer.
    state : State or None
        None for the nation.
    year : int
        Edition.
    product : {"tiger", "cartographic"}
        Detailed or generalized.
    counties : tuple of str
        Three-digit codes; none for all.
    congress : int or None
        Congress whose districts are wanted.
    """

    layer: Layer
    state: State | None
    year: int
    product: Product
    counties: tuple[str, ...] = ()
    congress: int | None = None

    @property
    def place(self) -> str:
        """Name the place.

        Returns
        -------
        str
            The State's name, or the nation's.
        """
        return self.state.name if self.state else "the United States"


def read_boundaries(
    layer: str,
    place: str,
    *,
    year: int,
    source: str | os.PathLike[str] | None = None,
    counties: Sequence[str] | None = None,
    resolution: str = "500k",
) -> Any:
    """Read boundaries of census areas, districts, roads or water.

    Parameters
    ----------
    layer : str
        ``"block"``, ``"block_group"``, ``"tract"``, ``"vtd"``, ``"place"``,
        ``"county_subdivision"``, ``"county"``, ``"state"``,
        ``"congressional_district"`` (or ``"cd118"`` to insist on a Congress),
        ``"state_senate"``, ``"state_house"``, ``"school_unified"``,
        ``"school_elementary"``, ``"school_secondary"``, ``"native_area"``,
        ``"hawaiian_home_lands"``, ``"roads"``, ``"main_roads"`` or
        ``"area_water"``; the Bureau's short names (``"sldl"``) do too.
    place : str
        A State, by abbreviation, FIPS code or name; ``"US"`` where there is
        one file of the whole country.
    year : int
        Edition. Areas of the census (blocks, tracts …) are of 2010 in editions
        before 2020, and of 2020 from then on.
    source : {"tiger", "cartographic"} or path-like, optional
        ``"tiger"`` (the default) gives detailed boundaries,
        ``"cartographic"`` generalized ones for drawing; a path reads a
        published zip, a ``.shp`` file or a folder.
    counties : sequence of str, optional
        Keep these counties only: three digits, or five with the State's.
        Roads and water are published by county and need it.
    resolution : {"500k", "5m", "20m"}, default "500k"
        Of generalized States, counties and congressional districts.

    Returns
    -------
    geopandas.GeoDataFrame
        Indexed by GEOID as text, in EPSG:4269 (NAD83 degrees); ``name``,
        ``land_m2`` and ``water_m2`` (square metres) and ``session`` (Congress,
        or session year of a legislature) where the file has them; ``mtfcc``
        (class) of roads.
        ``.attrs["source"]`` says where it came from, and
        `Units.with_geometry` takes it over.

    Raises
    ------
    InputError
        Layer, place, counties or resolution cannot be understood, or a local
        file holds something else.
    NotPublished
        That layer is not published for that place or year; the message has
        the nearest.
    CRSError
        The file is not in NAD83 degrees, or does not say so.
    Corrupt
        The file is cut off or damaged.
    Offline
        It is not in the cache, and the network is off or away.

    Notes
    -----
    Roads and water are indexed by their own ids, which may stand in several
    counties.

    References
    ----------
    U.S. Census Bureau, TIGER/Line Shapefiles and Cartographic Boundary Files,
    technical documentation.
    """
    named = source if isinstance(source, str) and source in TITLES else None
    product: Product = "cartographic" if named == "cartographic" else "tiger"
    asked = ask(layer, place, year=year, product=product, counties=counties)
    if source is not None and named is None:
        paths = [Path(source).expanduser()]
    else:
        paths = fetch_files(asked, resolution=resolution)
    frames = [_read(path, asked) for path in paths]
    if len(frames) == 1:
        whole = frames[0]
    else:
        import pandas as pd

        whole = pd.concat(frames)
    if not len(whole):
        raise NotPublished(f"{paths[0].name} has no {asked.layer.plural}.")
    whole.attrs["source"] = asdict(_source(paths, asked, local=named is None and source is not None))
    return whole


def ask(layer: str, place: str, *, year: int, product: Product, counties: Sequence[str] | None = None) -> Asked:
    """Check what is asked for.

    Parameters
    ----------
    layer, place : str
        As in `read_boundaries`.
    year : int
        Edition.
    product : {"tiger", "cartographic"}
        Detailed or generalized.
    counties : sequence of str, optional
        County codes.

    Returns
    -------
    Asked
        The request.

    Raises
    ------
    InputError
        Something cannot be understood.
    NotPublished
        The place has no such areas.
    """
    found, congress = find_layer(layer)
    where = None if str(place).strip().casefold() in NATION else state(place)
    if not isinstance(year, int) or isinstance(year, bool):
        raise InputError(f"year={year!r}: give the edition as a whole number, such as 2020.")
    if found.name == "hawaiian_home_lands" and where is not None and where.abbr != "HI":
        raise NotPublished(
            f"Hawaiian home lands lie in Hawaii, not in {where.name}; use 'native_area' with place 'US'."
        )
    if found.name == "native_area" and where is not None:
        raise InputError(
            f"{found.plural} cross State lines and come in one file; pass place='US' and keep those that meet "
            f"{where.name}."
        )
    if found.name == "state_house" and where is not None and where.fips in _ONE_CHAMBER:
        raise NotPublished(f"{_ONE_CHAMBER[where.fips]} has one chamber only; use layer='state_senate'.")
    return Asked(found, where, year, product, _counties(found, where, counties), congress)


def _counties(layer: Layer, where: State | None, counties: Sequence[str] | None) -> tuple[str, ...]:
    """Check county codes."""
    if counties is None:
        return ()
    if isinstance(counties, str):
        raise InputError(f"counties must be a list of codes, such as [{counties!r}].")
    if where is None:
        raise InputError("counties= needs a State; give one instead of 'US'.")
    if layer.name == "main_roads":
        raise InputError("main roads come State by State and do not say their county; leave counties= out.")
    if not layer.in_county and layer.name not in {"roads", "area_water"}:
        raise InputError(
            f"{layer.plural} do not each lie in one county, so counties= cannot choose them; leave it out."
        )
    codes = []
    for county in counties:
        text = str(county)
        inside = text[2:] if len(text) == 5 and text.startswith(where.fips) else text
        if len(inside) != 3 or not inside.isdigit():
            raise InputError(
                f"county {county!r} is not in {where.name}; give three digits, or five starting with {where.fips}."
            )
        codes.append(inside)
    return tuple(sorted(set(codes)))


def fetch_files(asked: Asked, *, resolution: str = "500k") -> list[Path]:
    """Download the files of a layer, or find them in the cache.

    Parameters
    ----------
    asked : Asked
        The request.
    resolution : {"500k", "5m", "20m"}, default "500k"
        Of generalized boundaries.

    Returns
    -------
    list of pathlib.Path
        Zips in the cache.

    Raises
    ------
    NotPublished
        There is no such file; the message has the nearest.
    """
    part = part_of(asked.layer, asked.product, asked.year, asked.congress)
    counties = list(asked.counties)
    paths = files_of(part, asked.layer, year=asked.year, where=asked.state, counties=counties, resolution=resolution)
    if asked.state is not None and counties and not cached_path(paths[0]).exists():
        paths = county_files_of(part, asked.state, counties) or paths
    what = f"the {asked.year} file of {asked.layer.plural} of {asked.place}"
    try:
        return [fetch(path, what=what if len(paths) == 1 else f"{what} ({path.split('/')[-1]})") for path in paths]
    except NotPublished as error:
        raise NotPublished(f"{error} {_hint(asked, resolution)}") from error


def _hint(asked: Asked, resolution: str) -> str:
    """Say what to try when the server has no such file."""
    if asked.product == "cartographic" and resolution != "500k":
        return "Leave resolution= out for the one that every edition has."
    if asked.counties:
        return "County codes change: Connecticut has planning regions instead of counties since 2022."
    if asked.layer.name == "vtd":
        return "Not every State took part; use layer='block_group', or precincts from the State."
    if asked.layer.name.startswith("school_") and asked.layer.name != "school_unified":
        return "Many States have unified school districts only: layer='school_unified'."
    years = [year for year in years_of(asked.layer, asked.product) if year != asked.year]
    near = min(years, key=lambda year: (abs(year - asked.year), year), default=None)
    return f"The nearest edition is year={near}." if near else ""


def _read(path: Path, asked: Asked) -> Any:
    """Read one file, keeping what was asked for."""
    counties = asked.counties if asked.layer.in_county else ()
    fips = asked.state.fips if asked.state is not None and asked.layer.in_state else ""
    return read_file(path, asked.layer, year=asked.year, fips=fips, counties=counties)


def _source(paths: list[Path], asked: Asked, *, local: bool) -> Source:
    """Say where boundaries came from."""
    facts = {} if local else describe_file(paths[0])
    where = facts.get("where", "") or paths[0].name
    if len(paths) > 1:
        where = f"{where} and {len(paths) - 1} more ({first_few([p.name for p in paths[1:]], 2)})"
    return Source(
        title=f"{TITLES[asked.product]} {asked.year}, {asked.layer.plural}, {asked.place}",
        publisher=PUBLISHER,
        year=asked.year,
        level=asked.layer.level,
        where=where,
        sha256=sha256(paths[0]) if len(paths) == 1 and paths[0].is_file() else "",
        retrieved=facts.get("retrieved", ""),
        note=GENERALIZED if asked.product == "cartographic" else "",
        license=LICENSE,
    )
