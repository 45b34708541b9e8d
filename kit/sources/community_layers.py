"""Reading communities out of GeoJSON, layers of shapes and lists of GEOIDs, each as rows."""

from __future__ import annotations

import csv
import io
import json
import re
import warnings
from pathlib import Path
from typing import Any

import pandas as pd

from kit.errors import Corrupt, InputError, SchemaError, first_few
from kit.i18n.messages import say
from kit.model.geoid import LEVELS, NESTED, as_geoids
from kit.sources.community_record import MARK
from kit.sources.community_rows import Layer, Row, polygon, together
from kit.sources.plan_text import decoded

_UNIT = re.compile(
    r"(?i)geo_?id_?\d*|geoid\w*|block_?id\d*|blockid\d*|bg_?id|block_?group\w*|blkgrp\w*|tract\w*|fips\w*|county_?fips"
    r"|unit(_?id)?|id-.*|census_?block\w*|block\d*"
)
_NAME = re.compile(
    r"(?i)community\w*|coi\w*|name|neighbou?rhood\w*|district(_?id)?|assignment|zone|label|area|region|entry_?name"
)
# GDAL tells formats by content, whatever the name says; a file must be what its name says before GDAL sees it.
_BEGINS = {".shp": b"\x00\x00\x27\x0a", ".gpkg": b"SQLite format 3\x00", ".fgb": b"fgb", ".topojson": b"{"}
_DIGITS = {LEVELS[name].digits for name in NESTED}
_FREE_FIELD = 10_000_000


def read_geojson(content: dict[str, Any], file: str) -> Layer:
    """Read features.

    Parameters
    ----------
    content : dict
        Parsed GeoJSON.
    file : str
        Its name, for messages.

    Returns
    -------
    Layer
        One row a feature; rings that are not closed are closed.

    Raises
    ------
    SchemaError
        It has no features.
    """
    features = [content] if content.get("type") == "Feature" else content.get("features")
    if not isinstance(features, list) or not features:
        raise SchemaError(f"{file} is GeoJSON without a feature. Export it again.")
    rows = []
    for feature in features:
        told = feature.get("properties") if isinstance(feature, dict) else None
        record = {str(key): value for key, value in told.items()} if isinstance(told, dict) else {}
        if isinstance(record.get("kit"), dict) and str(record["kit"].get(MARK)) == "1":
            record = record["kit"]
        shape, fault = _shape(feature.get("geometry") if isinstance(feature, dict) else None)
        rows.append(Row(record, shape, fault))
    said = content.get("crs")
    told = said.get("properties") if isinstance(said, dict) else None
    named = told.get("name") if isinstance(told, dict) else None
    return Layer(rows, named if isinstance(named, str) and named else "EPSG:4326")


def _shape(geometry: Any) -> tuple[Any, str]:
    """Build a shape as it was drawn, or say why that cannot be done."""
    import shapely

    if not isinstance(geometry, dict):
        return None, ""
    kind, points = geometry.get("type"), geometry.get("coordinates")
    try:
        if kind == "Polygon":
            return (polygon(points), "") if points else (None, "")
        if kind == "MultiPolygon":
            return together([polygon(rings) for rings in points or []]), ""
        if kind == "GeometryCollection":
            found = [_shape(one) for one in geometry.get("geometries") or []]
            return together([shape for shape, _ in found]), next((fault for _, fault in found if fault), "")
        shape = shapely.from_geojson(json.dumps(geometry))
    except (TypeError, ValueError, IndexError, KeyError, shapely.errors.ShapelyError) as error:
        return None, f"its shape cannot be read: {str(error)[:80]}"
    return (None, "") if shapely.is_empty(shape) else (shape, "")


def read_vector(path: Path, layer: str | None) -> Layer:
    """Read a layer of shapes by GDAL.

    Parameters
    ----------
    path : pathlib.Path
        Shapefile, GeoPackage, TopoJSON or FlatGeobuf.
    layer : str or None
        Layer of a file that holds several.

    Returns
    -------
    Layer
        One row a feature; a shape that is none is told.

    Raises
    ------
    Corrupt
        GDAL cannot read it.
    InputError
        It holds several layers and none is named.
    """
    import pyogrio
    import shapely

    with path.open("rb") as stream:
        start = (
            stream.read(64)
            .removeprefix(b"\xef\xbb\xbf")
            .lstrip(b" \t\r\n" if path.suffix.lower() == ".topojson" else b"")
        )
    if not start.startswith(_BEGINS.get(path.suffix.lower(), b"{")):
        raise Corrupt(f"{path.name} is not what its name says ({path.suffix}). Export it again.")
    try:
        layers = [str(row[0]) for row in pyogrio.list_layers(path)]
        if layer is None and len(layers) > 1:
            raise InputError(f"{path.name} holds {len(layers)} layers: {first_few(layers)}. Pass layer= with one.")
        if layer is not None and layer not in layers:
            raise InputError(f"{path.name} has no layer {layer!r}; it has {first_few(layers)}.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # rings that are not closed are closed
            meta, _, shapes, columns = pyogrio.raw.read(path, layer=layer, force_2d=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError) as error:
        raise Corrupt(f"{path.name} cannot be read ({str(error)[:100]}). Export it again.") from error
    count = len(columns[0]) if len(columns) else len(shapes)
    wkb = [None] * count if shapes is None else list(shapes)
    read = [None if one is None else shapely.from_wkb(one, on_invalid="ignore") for one in wkb]
    names = [str(name) for name in meta["fields"]]
    rows = []
    for number in range(count):
        values = {name: column[number] for name, column in zip(names, columns, strict=True)}
        record = {key: None if not isinstance(v, (list, dict)) and pd.isna(v) else v for key, v in values.items()}
        shape = read[number]
        broken = shape is None and wkb[number] is not None
        void = shape is not None and shapely.is_empty(shape)
        rows.append(Row(record, None if void else shape, "its shape cannot be read" if broken else ""))
    return Layer(rows, meta["crs"])


def read_list(path: Path, *, name: str | None, level: str | None, year: int | None) -> Layer:
    """Read a list of GEOIDs with the community of each.

    Parameters
    ----------
    path : pathlib.Path
        Delimited text.
    name : str or None
        Column of communities.
    level : str or None
        Level of the ids; lost zeros are put back.
    year : int or None
        Vintage of the ids; read from the name of their column where it says so.

    Returns
    -------
    Layer
        One row a community, with its ``geoids``.

    Raises
    ------
    SchemaError
        No column holds GEOIDs, or a list is empty.
    InputError
        It does not say which column holds the communities.
    """
    frame, notes = _table(path)
    if MARK in frame.columns:
        return _own_rows(frame)
    unit = _unit_column(frame, path.name)
    void = frame[unit].str.strip() == ""
    if void.any():
        notes.append(say("Rows without a GEOID, left aside: {count:,}.", count=int(void.sum())))
        frame = frame[~void].reset_index(drop=True)
    ids, repaired = _ids(frame[unit], level, path.name, unit)
    if repaired:
        notes.append(say("Ids that had lost a leading zero, which was put back: {count:,}.", count=repaired))
    said = re.search(r"(10|20)$", unit)
    year = year if year is not None or not said else 2000 + int(said.group())
    column = _name_column(frame, unit, name, path.name)
    groups = pd.Series(path.stem, index=frame.index) if column is None else frame[column].str.strip()
    blank = groups == ""
    if blank.any():
        notes.append(say("Rows that name no community, left aside: {count:,}.", count=int(blank.sum())))
    rows = []
    for label, found in ids[~blank].groupby(groups[~blank], sort=False):
        one = frame.loc[found.index]
        same = [c for c in frame.columns if c not in {unit, column} and (one[c] == one[c].iloc[0]).all()]
        record = {key: one[key].iloc[0] for key in same} if len(one) > 1 else {}
        rows.append(Row({**record, "name": str(label), "geoids": " ".join(found), "level": level or "", "year": year}))
    if not rows:
        raise SchemaError(f"{path.name} names no community in any row.")
    return Layer(rows, None, notes, named=True)


def _table(path: Path) -> tuple[pd.DataFrame, list[str]]:
    """Split text into columns of text, with or without a header."""
    text, notes = decoded(path)
    csv.field_size_limit(_FREE_FIELD)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",|\t;", key=first.count)
    try:
        table = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if "".join(row).strip()]
    except csv.Error as error:
        raise Corrupt(f"{path.name} cannot be split into columns ({error}). Export it again as CSV.") from error
    headed = bool(table) and not any(_is_id(cell) for cell in table[0])
    width = max(map(len, table), default=0)
    if headed and len(table[0]) < width:
        raise SchemaError(
            f"{path.name} has {len(table[0])} columns in its first row and {width} in another; put texts with commas "
            "in quotes, and export it again."
        )
    header = [c.strip() for c in table[0]] if headed else [f"column {i}" for i in range(1, width + 1)]
    if len(set(header)) < len(header):
        raise SchemaError(f"{path.name} has two columns of one name ({', '.join(header)[:120]}); rename one.")
    body = [[_plain(cell) for cell in row] + [""] * (width - len(row)) for row in table[int(headed) :]]
    if not body:
        raise SchemaError(f"{path.name} has no row. Export it again.")
    return pd.DataFrame(body, columns=header, dtype="str"), notes


def _own_rows(frame: pd.DataFrame) -> Layer:
    """Read a list that the kit wrote: what is told of a community stands in its first row."""
    rows = []
    for _, one in frame.groupby("id", sort=False):
        first = one.iloc[0]
        rows.append(Row({**first.drop("GEOID").to_dict(), "geoids": " ".join(filter(None, one["GEOID"]))}))
    return Layer(rows, None, named=True)


def _plain(cell: str) -> str:
    """Take off the mark that keeps a spreadsheet from running a cell."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@\t\r'" else cell


def _is_id(cell: str) -> bool:
    """Tell whether a cell can only be a GEOID of a block, block group or tract."""
    plain = cell.strip().strip("'")
    plain = plain.rpartition("US")[2]
    return plain.isdigit() and len(plain) in {10, 11, 12, 14, 15}


def _unit_column(frame: pd.DataFrame, file: str) -> str:
    """Find the column of GEOIDs."""
    fit = []
    for column in frame.columns:
        values = frame[column].str.strip().str.rpartition("US")[2].str.removesuffix(".0")
        values = values[values != ""]
        if values.empty:
            continue
        digits = values.str.len().where(values.str.fullmatch(r"\d+"), 0)
        likely = digits.isin([*_DIGITS, 10, 14]).mean() > 0.99 and (bool(_UNIT.fullmatch(column)) or (digits > 5).all())
        odd = _UNIT.fullmatch(column) and values.str.fullmatch(r"\d[.,]\d+[eE]\+?\d+").any()
        if likely or odd:
            fit.append((float(digits.mean()), column))
    if not fit:
        raise SchemaError(
            f"{file} has no column of GEOIDs; columns are {first_few(frame.columns, 12)}. Expected ids of States (2 "
            "digits), counties (5), tracts (11), block groups (12) or blocks (15), in a column such as GEOID20."
        )
    return str(max(fit)[1])


def _ids(values: pd.Series, level: str | None, file: str, column: str) -> tuple[pd.Series, int]:
    """Write ids as text, with lost zeros put back where that can be told."""
    distinct = values.str.strip().drop_duplicates()
    lengths = set(distinct.str.removesuffix(".0").str.len())
    fitting = level or ("block" if lengths and lengths <= {14, 15} else None)
    index, repaired = as_geoids(distinct, level=fitting, what=f"{file}: column {column!r}")
    table = pd.Series(index, index=distinct.to_numpy())
    return values.str.strip().map(table), repaired


def _name_column(frame: pd.DataFrame, unit: str, name: str | None, file: str) -> str | None:
    """Find the column of communities; None where the file lists the units of one."""
    others = [column for column in frame.columns if column != unit]
    if name is not None:
        if name not in others:
            raise InputError(f"{file} has no column {name!r}; it has {first_few(frame.columns, 12)}.")
        return name
    if not others:
        return None
    known = [column for column in others if _NAME.fullmatch(column)]
    if known or len(others) == 1:
        return str(known[0] if known else others[0])
    raise InputError(
        f"{file} does not say which column names the communities: {first_few(others, 12)}. Pass name= with one."
    )
