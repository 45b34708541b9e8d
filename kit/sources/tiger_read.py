"""Reading one published file of boundaries, with every check on the way."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from kit.errors import Corrupt, CRSError, InputError, SchemaError, first_few
from kit.model.crs import looks_like_degrees
from kit.model.geoid import as_geoids
from kit.sources.tiger_layout import (
    COUNTY_COLUMNS,
    ID_COLUMNS,
    LAND_COLUMNS,
    NAME_COLUMNS,
    SESSION_COLUMNS,
    STATE_COLUMNS,
    WATER_COLUMNS,
    Layer,
)

NAD83 = 4269
_HOME_LANDS = ("5000", "5499")  # codes of Hawaiian home lands among the areas of native peoples
_PREFIX = re.compile(r"^\w*US")  # 0500000US15003 in files of 2010


def read_file(path: Path, layer: Layer, *, year: int, fips: str = "", counties: Iterable[str] = ()) -> Any:
    """Read the areas wanted out of one file.

    Parameters
    ----------
    path : pathlib.Path
        A zip with one shapefile, a ``.shp`` file, or a folder with one.
    layer : Layer
        What it holds.
    year : int
        Edition.
    fips : str
        Keep this State; empty for all.
    counties : iterable of str
        Keep these counties (three digits); none for all.

    Returns
    -------
    geopandas.GeoDataFrame
        In EPSG:4269, indexed by id as text; ``name``, ``land_m2``,
        ``water_m2`` and ``session`` where the file has them, and ``mtfcc``,
        the class, of roads.

    Raises
    ------
    InputError
        There is no such file, or it holds other areas or another vintage.
    SchemaError
        It has no ids, or ids that cannot be used.
    CRSError
        It is not in NAD83 degrees.
    Corrupt
        It is cut off or damaged.
    """
    target = shapefile_in(path)
    fields = fields_of(target, path.name)
    chosen = _columns(fields, layer, path.name)
    _check_vintage(chosen["id"], layer, year, path.name)
    sieve = [c for c in (_first(fields, STATE_COLUMNS), _first(fields, COUNTY_COLUMNS)) if c]  # or it finds no row
    frame = _read(target, path.name, [*chosen.values(), *sieve], _where(fields, fips, counties))
    if not len(frame):
        raise InputError(f"{path.name} holds no {layer.plural} of {_whose(fips, counties)}. Check the file and place.")
    _require_nad83(frame, path.name)
    void = frame.geometry.isna() | frame.geometry.is_empty
    if void.any():
        ids = frame.loc[void, chosen["id"]]
        raise Corrupt(
            f"{path.name}: {int(void.sum()):,} {layer.plural} have no shape: {first_few(ids)}. Fetch it again."
        )
    shapes = _named(frame, chosen, layer, path.name)
    _refuse_strangers(shapes, layer, path.name, fips, counties)
    return shapes


def shapefile_in(path: Path) -> str:
    """Find the one shapefile of a zip, folder or path.

    Parameters
    ----------
    path : pathlib.Path
        A zip, a folder or a ``.shp`` file.

    Returns
    -------
    str
        What the reader opens.

    Raises
    ------
    InputError
        There is none, or several.
    Corrupt
        The zip is damaged, or parts of the shapefile are missing.
    """
    if not path.exists():
        raise InputError(f"there is no file {path.name!r} to read boundaries from. Check the path.")
    inside = path.suffix.lower() == ".zip"
    if inside:
        try:
            with zipfile.ZipFile(path) as opened:
                names = opened.namelist()
        except zipfile.BadZipFile as error:
            raise Corrupt(f"{path.name} is damaged or cut off, not a whole zip file. Fetch it again.") from error
    else:
        folder = path if path.is_dir() else path.parent
        names = [p.name for p in folder.iterdir() if path.is_dir() or p.stem == path.stem]
    shapes = [n for n in names if n.lower().endswith(".shp") and "__MACOSX" not in n]
    if len(shapes) != 1:
        found = f"{len(shapes)} shapefiles ({first_few(shapes)})" if shapes else "no shapefile"
        raise InputError(f"{path.name} holds {found}; expected one, as the Census Bureau publishes it.")
    stem = shapes[0][:-4].casefold()
    parts = {n[len(stem) :].casefold() for n in names if n.casefold().startswith(stem)}
    missing = [part for part in (".dbf", ".shx") if part not in parts]
    if missing:
        raise Corrupt(f"{path.name} lacks the {' and '.join(missing)} part of its shapefile. Fetch it again.")
    if inside:
        return f"/vsizip/{path.resolve()}/{shapes[0]}"
    return str((path if path.is_dir() else path.parent) / shapes[0])


def fields_of(target: str, name: str) -> list[str]:
    """List the columns of a shapefile.

    Parameters
    ----------
    target : str
        As `shapefile_in` gives it.
    name : str
        The file's name, for messages.

    Returns
    -------
    list of str
        In the order of the file.

    Raises
    ------
    Corrupt
        It cannot be opened.
    """
    import pyogrio

    try:
        return [str(field) for field in pyogrio.read_info(target)["fields"]]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise Corrupt(f"{name} cannot be read as a shapefile; it may be cut off. Fetch it again.") from error


def _first(fields: list[str], wanted: tuple[str, ...]) -> str:
    """Find the first of some columns that is there."""
    return next((column for column in wanted if column in fields), "")


def _columns(fields: list[str], layer: Layer, name: str) -> dict[str, str]:
    """Choose the columns to read, by what they mean."""
    ids = (layer.id,) if layer.id else ID_COLUMNS
    chosen = {
        "id": _first(fields, ids),
        "name": _first(fields, NAME_COLUMNS),
        "land_m2": _first(fields, LAND_COLUMNS),
        "water_m2": _first(fields, WATER_COLUMNS),
        "session": _first(fields, SESSION_COLUMNS),
        "mtfcc": _first(fields, (layer.kind,)),
    }
    if not chosen["id"]:
        raise SchemaError(
            f"{name} has no column {' or '.join(ids)}; it has {first_few(fields, 8)}. It is no file of {layer.plural}."
        )
    return {meaning: column for meaning, column in chosen.items() if column}


def _check_vintage(column: str, layer: Layer, year: int, name: str) -> None:
    """Refuse areas of another census than the year says, and files of another edition."""
    census = {"20": 2020, "10": 2010}.get(column[-2:]) if column[-2:].isdigit() else None
    if census is not None and layer.level and (year >= 2020) != (census == 2020):
        raise InputError(
            f"{name} names its areas by {census} ids ({column}), and year={year} was said. Areas of two censuses are "
            f"different areas: pass year={census}, or the other file."
        )
    edition = re.match(r"(?:tl|cb|gz)_(\d{4})_", name)
    if census is None and edition and int(edition[1]) != year:
        raise InputError(f"{name} is of {edition[1]} by its name, and year={year} was said. Pass year={edition[1]}.")


def _where(fields: list[str], fips: str, counties: Iterable[str]) -> str | None:
    """Word the choice of State and counties for the reader, which then skips the rest."""
    state, county = _first(fields, STATE_COLUMNS), _first(fields, COUNTY_COLUMNS)
    terms = []
    if fips and state:
        terms.append(f"{state} = '{fips}'")
    codes = ", ".join(f"'{code}'" for code in counties)
    if codes and county:
        terms.append(f"{county} IN ({codes})")
    return " AND ".join(terms) or None


def _whose(fips: str, counties: Iterable[str]) -> str:
    named = first_few(counties)
    return f"counties {named} of State {fips}" if named else f"State {fips}" if fips else "any place"


def _read(target: str, name: str, columns: list[str], where: str | None) -> Any:
    """Read rows; damage that the reader only warns of is an error."""
    import pyogrio
    from shapely.errors import ShapelyError

    faults = (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
        pyogrio.errors.FieldError,
        pyogrio.errors.GeometryError,
        ShapelyError,
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            try:
                return pyogrio.read_dataframe(target, columns=columns, where=where)
            except UnicodeDecodeError:
                return pyogrio.read_dataframe(target, columns=columns, where=where, encoding="latin-1")
    except (*faults, RuntimeWarning) as error:
        raise Corrupt(f"{name} cannot be read as a shapefile; it may be cut off. Fetch it again.") from error


def _require_nad83(frame: Any, name: str) -> None:
    """Refuse anything but NAD83 degrees, in which the Bureau publishes."""
    if frame.crs is None:
        raise CRSError(
            f"{name} does not say its coordinate reference system (no .prj part); Census files are in NAD83 "
            "(EPSG:4269). Take the whole zip as it was published."
        )
    if frame.crs.to_epsg(min_confidence=70) != NAD83:
        raise CRSError(
            f"{name} is in {frame.crs.name}, and Census files are in NAD83 (EPSG:4269): it was changed after "
            "publication. Take the zip as it was published, or read it with kit.read_units."
        )
    if not looks_like_degrees(frame):
        raise CRSError(f"{name} says NAD83 degrees, and its coordinates are not degrees. Fetch it again.")


def _named(frame: Any, chosen: dict[str, str], layer: Layer, name: str) -> Any:
    """Index by id and rename."""
    import geopandas as gpd

    raw = frame[chosen["id"]].astype("str").str.replace(_PREFIX, "", regex=True)
    if layer.id:
        ids = pd.Index(raw.to_numpy(), dtype="str", name=layer.id)
    else:
        ids, _ = as_geoids(raw, level=layer.level or None, what=f"{name}, {chosen['id']}")
    made = {meaning: frame[column].to_numpy() for meaning, column in chosen.items() if meaning != "id"}
    shapes = gpd.GeoDataFrame(made, geometry=frame.geometry.array, crs=f"EPSG:{NAD83}", index=ids)
    if layer.name == "hawaiian_home_lands":
        shapes = shapes[pd.Series(ids.str[:4], index=ids).between(*_HOME_LANDS)]
    return shapes


def _refuse_strangers(shapes: Any, layer: Layer, name: str, fips: str, counties: Iterable[str]) -> None:
    """Hold the ids against the place asked for."""
    prefixes = tuple(fips + county for county in counties) if layer.in_county else ()
    if not prefixes and fips and layer.in_state:
        prefixes = (fips,)
    strangers = [i for i in shapes.index if not i.startswith(prefixes)] if prefixes else []
    if strangers:
        raise InputError(
            f"{name} holds {len(strangers):,} {layer.plural} that are not of {_whose(fips, counties)}: "
            f"{first_few(strangers)}. Check the file and place."
        )
