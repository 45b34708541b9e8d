"""Polling places from an election office's list, and volunteers from a team's own: CSV or GeoJSON, read offline."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import CoverageError, InputError, SchemaError, first_few
from kit.files import sha256
from kit.i18n.messages import mark, say
from kit.model.crs import GEOGRAPHIC, equal_area, require_crs
from kit.model.frames import Units
from kit.model.monitors import check_monitors
from kit.model.polling import PollingPlaces
from kit.model.sentences import few, number_of
from kit.model.source import Source
from kit.sources.polling_rows import column_of, listed, numbers, precincts_in, read_rows, tidy
from kit.sources.voter_labels import as_file, require_whole_ids

ANYWHERE = ("precincts", "precinct", "precincts served")
"""Columns of precincts that are tried where none is named."""
FARTHEST = 25.0
"""A place that lies farther outside, in kilometres, is taken for a fault."""
# West, south, east and north of the States and territories; Guam and its neighbours lie across the date line.
_BOXES = ((-180.0, -15.0, -64.0, 72.0), (144.0, 13.0, 180.0, 55.0))
_SAME = 1e-6


def read_polling_places(
    path: str | os.PathLike[str],
    *,
    id: str = "id",
    name: str = "name",
    longitude: str = "longitude",
    latitude: str = "latitude",
    precinct: str | None = None,
    address: str | None = None,
    near: Any = None,
    source: Source | None = None,
) -> PollingPlaces:
    """Read a list of polling places with coordinates.

    Parameters
    ----------
    path : path-like
        ``.csv`` (any usual delimiter and encoding), or ``.geojson`` with points in degrees.
    id, name : str
        Columns of the place's id and name. Capitals and blanks at the ends of a heading do not matter.
    longitude, latitude : str
        Columns of degrees; not used for GeoJSON.
    precinct : str, optional
        Column of the precincts that vote there: several with semicolons
        between, or one row a precinct. By default ``precincts`` or
        ``precinct``, where the file has it.
    address : str, optional
        Column of the address.
    near : Units or geopandas.GeoDataFrame, optional
        The jurisdiction: places are held against it.
    source : Source, optional
        Where the file came from; by default its name and hash.

    Returns
    -------
    PollingPlaces
        One row a place. Every other column is left unread.

    Raises
    ------
    InputError
        There is no such file, or it is of another kind.
    SchemaError
        Columns are missing, ids or coordinates are missing or cannot be, are
        swapped or lack their sign, or a place has two names, addresses or spots.
    CoverageError
        Places lie more than 25 km outside `near`.
    Corrupt
        The file is no text.

    Notes
    -----
    What looks like a formula or a page of HTML is text. Two places may share a spot.
    """
    file = as_file(path, "a list of polling places")
    if source is not None and not isinstance(source, Source):
        raise InputError(f"source= is a kit Source, not {type(source).__name__}; leave it out to name the file.")
    rows, told, points = read_rows(file)
    columns = {"id": column_of(rows, id, "id", file.name), "name": column_of(rows, name, "name", file.name)}
    if not points:
        columns["longitude"] = column_of(rows, longitude, "longitude", file.name)
        columns["latitude"] = column_of(rows, latitude, "latitude", file.name)
    if address is not None:
        columns["address"] = column_of(rows, address, "address", file.name)
    served = _served(rows, precinct, file.name)
    table = pd.DataFrame({meaning: rows[column].map(tidy) for meaning, column in columns.items()})
    table = table.assign(address=table.get("address", ""), precincts=[""] * len(rows) if not served else rows[served])
    _require_ids(table, file.name)
    at = {
        what: numbers(rows[columns.get(what, what)], what, table["id"], file.name) for what in ("longitude", "latitude")
    }
    table = table.assign(**at)
    _check_degrees(table, file.name)
    places = _one_each(table, file.name)
    told += _shared_spots(places)
    told += _outside(places, near, file.name)
    serves = [(row.id, one) for row in table.itertuples() for one in precincts_in(str(row.precincts))]
    require_whole_ids(pd.Series([one for _, one in serves], dtype="str"), f"{file.name}: precincts")
    told += _unserved(places, serves, named=bool(served))
    made = source or Source(
        title=mark("list of polling places"),
        tables=mark("places and precincts") if serves else "",
        where=file.name,
        sha256=sha256(file),
        note=mark("A list can change until election day: ask the election office for the newest one."),
    )
    found = places[["id", "name", "longitude", "latitude", "address"]].itertuples(index=False, name=None)
    return PollingPlaces.of(found, serves, sources=(made,), notes=tuple(told))


def read_monitors(path: str | os.PathLike[str]) -> pd.DataFrame:
    """Read a team's table of volunteers, who stand in it under pseudonyms.

    Parameters
    ----------
    path : path-like
        CSV with ``monitor``, ``languages`` (semicolons between), and where
        wanted ``shifts``, ``longitude``, ``latitude`` and ``max_km``.

    Returns
    -------
    pandas.DataFrame
        Those columns, as text, for `kit.assign_monitors`.

    Raises
    ------
    InputError
        There is no such file, or a column or a pseudonym leads to a person.
    SchemaError
        Columns or values are missing, or cannot be.
    Corrupt
        The file is no text.
    """
    file = as_file(path, "a table of monitors")
    rows, _, points = read_rows(file)
    if points:
        raise InputError(f"{file.name} is a map; a list of monitors is a CSV with the columns monitor and languages.")
    rows = rows.set_axis([str(column).strip().casefold() for column in rows.columns], axis=1)
    check_monitors(rows)
    return rows[[c for c in ("monitor", "languages", "shifts", "longitude", "latitude", "max_km") if c in rows.columns]]


def _served(rows: pd.DataFrame, precinct: str | None, file: str) -> str:
    """Find the column of precincts; empty where the file has none."""
    if precinct is not None:
        return column_of(rows, precinct, "precinct", file)
    plain = {str(column).strip().casefold(): str(column) for column in rows.columns}
    return next((plain[one] for one in ANYWHERE if one in plain), "")


def _require_ids(table: pd.DataFrame, file: str) -> None:
    """Every place has an id and a name."""
    for column in ("id", "name"):
        blank = table.index[table[column] == ""]
        if len(blank):
            lines = [f"row {number + 1}" for number in blank]
            raise SchemaError(
                f"{file}: {len(blank):,} of {len(table):,} polling places have no {column} ({first_few(lines)}). "
                "Fill the column, or name another one."
            )


def _in_boxes(longitude: Any, latitude: Any) -> Any:
    """Tell which points lie in the United States or their surroundings."""
    inside = np.zeros(len(longitude), dtype=bool)
    for west, south, east, north in _BOXES:
        inside |= ((longitude >= west) & (longitude <= east) & (latitude >= south) & (latitude <= north)).to_numpy()
    return inside


def _check_degrees(table: pd.DataFrame, file: str) -> None:
    """Refuse coordinates that are missing, zero, swapped, without their sign, or elsewhere in the world."""
    x, y = table["longitude"], table["latitude"]
    for bad, what, cure in (
        (x.isna() | y.isna(), "no coordinates", "Look the addresses up, or leave those rows out."),
        ((x == 0) & (y == 0), "the coordinates 0, 0", "They were not found when the list was made; look them up."),
    ):
        if bad.any():
            listed(file, table, bad, what, cure)
    away = ~pd.Series(_in_boxes(x, y), index=table.index)
    swapped, unsigned = away & _in_boxes(y, x), away & _in_boxes(-x.abs(), y)
    listed(file, table, swapped, "longitude and latitude swapped", "Swap longitude= and latitude=.")
    listed(file, table, unsigned, "a longitude without its minus sign", "West of Greenwich longitudes are negative.")
    listed(
        file,
        table,
        away,
        "coordinates outside the United States",
        "Give degrees, such as -118.24 and 34.05.",
    )


def _one_each(table: pd.DataFrame, file: str) -> pd.DataFrame:
    """Keep one row a place, and refuse a place with two spots, names or addresses."""
    groups = table.groupby("id", sort=False)
    spread = groups[["longitude", "latitude"]].agg(lambda one: one.max() - one.min()).max(axis=1)
    names = groups["name"].nunique()
    streets = table["address"].replace("", None).groupby(table["id"], sort=False).nunique()
    for bad, what in (
        (spread.index[spread > _SAME], "stand at two spots"),
        (names.index[names > 1], "have two names"),
        (streets.index[streets > 1], "have two addresses"),
    ):
        if len(bad):
            raise SchemaError(
                f"{file}: {len(bad):,} ids {what}, first {first_few(bad)}. Give each polling place an id of its "
                "own, or mend the rows."
            )
    return (
        table.replace({"address": {"": None}}).groupby("id", sort=False).first().fillna({"address": ""}).reset_index()
    )


def _shared_spots(places: pd.DataFrame) -> list[str]:
    """Say which places share a spot."""
    same = places.duplicated(["longitude", "latitude"], keep=False)
    if not same.any():
        return []
    told = few(places.loc[same, "id"])
    return [say("Polling places that share a spot with another one: {ids}.", ids=told)]


def _outside(places: pd.DataFrame, near: Any, file: str) -> list[str]:
    """Say which places lie outside the jurisdiction, and how far; far ones are refused."""
    if near is None:
        return []
    import geopandas
    import shapely

    shapes = near.geometry if isinstance(near, Units) else getattr(near, "geometry", None)
    if shapes is None:
        raise InputError("near= is units or a layer with shapes; these have none. Add them with units.with_geometry.")
    require_crs(shapes, what="the layer of near=")
    crs = equal_area(shapes)
    tree = shapely.STRtree(shapes.to_crs(crs).to_numpy())
    points = geopandas.points_from_xy(places["longitude"], places["latitude"], crs=GEOGRAPHIC).to_crs(crs)
    (at, _), metres = tree.query_nearest(np.asarray(points), return_distance=True, all_matches=False)
    away = pd.Series(metres / 1000, index=places["id"].iloc[at]).sort_values(ascending=False)
    away = away[away > 0]
    told = [f"{one} ({km:,.1f} km)" for one, km in away.items()]
    if len(away) and away.iloc[0] > FARTHEST:
        far = int((away > FARTHEST).sum())
        raise CoverageError(
            f"{file}: {far:,} of {len(places):,} polling places lie more than {FARTHEST:g} km outside the "
            f"jurisdiction, first {first_few(told[:far])}. Check their coordinates, or that the list is of this place."
        )
    if not told:
        return []
    return [
        say(
            "Outside the jurisdiction: {places}, {told}.",
            places=number_of(len(told), mark("polling places")),
            told=few(told),
        )
    ]


def _unserved(places: pd.DataFrame, serves: list[tuple[str, str]], *, named: bool) -> list[str]:
    """Say which places have no precinct."""
    if not named:
        return [say("The list does not say which precincts vote at which place.")]
    bare = places.loc[~places["id"].isin({place for place, _ in serves}), "id"]
    if not len(bare):
        return []
    return [
        say(
            "Without a precinct in the list: {places} ({ids}).",
            places=number_of(len(bare), mark("polling places")),
            ids=few(bare),
        )
    ]
