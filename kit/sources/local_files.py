"""Opening a local table or layer and reading only the columns wanted, ids as text."""

from __future__ import annotations

import csv
import gzip
import io
import warnings
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from kit.errors import Corrupt, InputError, SchemaError, first_few

TABLES = frozenset({".csv", ".tsv", ".txt"})
SHAPES = frozenset({".gpkg", ".geojson", ".json", ".topojson", ".shp", ".zip"})


@dataclass
class Content:
    """What a file holds.

    Parameters
    ----------
    frame : pandas.DataFrame
        The columns wanted, in file order of rows.
    shapes : geopandas.GeoSeries, optional
        Shapes on the same rows.
    notes : list of str
        What happened on the way, with counts.
    """

    frame: pd.DataFrame
    shapes: Any = None
    notes: list[str] = field(default_factory=list)


def column_names(file: Path, layer: str | None) -> list[str]:
    """List the columns of a file.

    Parameters
    ----------
    file : pathlib.Path
        A table or a layer of shapes.
    layer : str, optional
        Which layer.

    Returns
    -------
    list of str
        As they stand in the file, doubles included.

    Raises
    ------
    InputError
        There is no such file, or its kind is not read.
    Corrupt
        The file is empty or cannot be read.
    """
    kind = _kind(file)
    if kind == "table":
        text, _ = _text(file)
        return _header(text, file.name)[0]
    if kind == "parquet":
        return list(_parquet_schema(file).names)
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    try:
        info = pyogrio.read_info(_vector_path(file), layer=_layer(file, layer))
    except (DataSourceError, DataLayerError) as damage:
        raise _unreadable(file, damage) from None
    return [str(name) for name in info["fields"]]


def read_columns(file: Path, columns: list[str], layer: str | None) -> Content:
    """Read columns of a file, and its shapes.

    Parameters
    ----------
    file : pathlib.Path
        A table or a layer of shapes.
    columns : list of str
        Columns that are there.
    layer : str, optional
        Which layer.

    Returns
    -------
    Content
        Columns of a text table are text.

    Raises
    ------
    Corrupt
        The file is cut off or damaged.
    SchemaError
        A row has more fields than the header.
    """
    wanted = list(dict.fromkeys(columns))
    kind = _kind(file)
    if kind == "table":
        return _read_table(file, wanted)
    if kind == "parquet":
        return _read_parquet(file, wanted)
    return _read_shapes(file, wanted, layer)


def _kind(file: Path) -> str:
    """Tell what a file is from its name and its first bytes."""
    if not file.is_file():
        raise InputError(f"there is no file {file.name!r}. Check the path.")
    suffix = file.suffix.lower()
    if suffix == ".gz":
        suffix = Path(file.stem).suffix.lower()
    with file.open("rb") as stream:
        start = stream.read(256)
    if not start:
        raise Corrupt(f"{file.name} is empty (0 bytes). Export or fetch it again.")
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype", b"<html")):
        raise Corrupt(f"{file.name} is a web page, not data: the server sent an error page. Fetch it again.")
    if suffix in TABLES:
        return "table"
    if suffix in {".parquet", ".geoparquet"}:
        return "parquet"
    if suffix in SHAPES:
        return "shapes"
    if suffix in {".xlsx", ".xls", ".ods"}:
        raise InputError(f"{file.name} is a spreadsheet; save the sheet as CSV with the id column as text.")
    raise InputError(
        f"{file.name}: files of kind {suffix or 'without ending'!r} are not read; use CSV, TSV, Parquet, GeoPackage, "
        "GeoJSON, TopoJSON or a shapefile."
    )


# --- tables ----------------------------------------------------------------------------------------


def _text(file: Path) -> tuple[str, list[str]]:
    """Decode a text file, counting what is not UTF-8."""
    try:
        data = gzip.decompress(file.read_bytes()) if file.suffix.lower() == ".gz" else file.read_bytes()
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise Corrupt(f"{file.name} is no complete gzip file; it may have been cut off. Fetch it again.") from None
    if not data.strip():
        raise Corrupt(f"{file.name} is empty. Export it again.")
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16"), []
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        lines = sum(any(byte > 127 for byte in line) for line in data.split(b"\n"))
        return data.decode("latin-1"), [f"{file.name} is not UTF-8; {lines:,} lines were read as Latin-1."]


def _header(text: str, name: str) -> tuple[list[str], str]:
    """Read the column names and the delimiter of a table."""
    first = text.partition("\n")[0]
    delimiter = max(",\t|;", key=first.count)
    columns = next(csv.reader(io.StringIO(text), delimiter=delimiter))
    columns = [column.strip() for column in columns]
    if len(columns) < 2:
        raise SchemaError(
            f"{name} has one column only ({columns[0][:40]!r}); expected names with commas, tabs, pipes or semicolons."
        )
    return columns, delimiter


def _read_table(file: Path, wanted: list[str]) -> Content:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    text, notes = _text(file)
    columns, delimiter = _header(text, file.name)
    places = {str(columns.index(name)): name for name in wanted}
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(text.encode()),
            read_options=arrow_csv.ReadOptions(column_names=[str(i) for i in range(len(columns))], skip_rows=1),
            parse_options=arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            convert_options=arrow_csv.ConvertOptions(
                include_columns=list(places), column_types=dict.fromkeys(places, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as damage:
        told = " ".join(str(damage).split())[:120]
        if "Empty CSV" in told:
            raise SchemaError(f"{file.name} has column names and no rows. Export it again.") from None
        raise SchemaError(f"{file.name}: rows and column names do not fit ({told}). Export it again.") from None
    frame = table.to_pandas().rename(columns=places)[wanted]
    return Content(frame.map(lambda v: v.strip(), na_action="ignore"), None, notes)


def _parquet_schema(file: Path) -> Any:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        return parquet.read_schema(file)
    except pa.ArrowInvalid as damage:
        raise _unreadable(file, damage) from None


def _read_parquet(file: Path, wanted: list[str]) -> Content:
    if b"geo" not in (_parquet_schema(file).metadata or {}):
        return Content(pd.read_parquet(file, columns=wanted).reset_index(drop=True)[wanted])
    import geopandas as gpd

    frame = gpd.read_parquet(file).reset_index(drop=True)
    return Content(pd.DataFrame(frame[wanted]), frame.geometry)


# --- shapes ----------------------------------------------------------------------------------------


def _vector_path(file: Path) -> str:
    """Give the reader the shapefile inside a zip."""
    if file.suffix.lower() != ".zip":
        return str(file)
    import zipfile

    try:
        with zipfile.ZipFile(file) as pack:
            names = [n for n in pack.namelist() if not n.startswith("__MACOSX")]
    except zipfile.BadZipFile:
        raise Corrupt(f"{file.name} is no complete zip file; it may have been cut off. Fetch it again.") from None
    layers = [n for n in names if Path(n).suffix.lower() in SHAPES - {".zip", ".json"}]
    if len(layers) != 1:
        raise InputError(
            f"{file.name} holds {len(layers)} layers of shapes ({first_few(layers or names)}); expected one. "
            "Unpack it and pass the file you mean."
        )
    return f"/vsizip/{file}/{layers[0]}"


def _layer(file: Path, layer: str | None) -> str | None:
    """Choose the layer, or ask."""
    import pyogrio
    from pyogrio.errors import DataSourceError

    try:
        names = [str(name) for name, _ in pyogrio.list_layers(_vector_path(file))]
    except DataSourceError as damage:
        raise _unreadable(file, damage) from None
    if layer is not None and layer not in names:
        raise InputError(f"{file.name} has no layer {layer!r}; layers are {first_few(names)}.")
    if layer is None and len(names) > 1:
        raise InputError(f"{file.name} has {len(names)} layers: {first_few(names, 8)}. Pass layer= with one.")
    return layer


def _read_shapes(file: Path, wanted: list[str], layer: str | None) -> Content:
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError
    from shapely.errors import ShapelyError

    path, chosen = _vector_path(file), _layer(file, layer)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            frame = pyogrio.read_dataframe(path, layer=chosen, columns=wanted)
    except UnicodeDecodeError:
        raise Corrupt(f"{file.name} holds text in an unknown encoding. Export it as GeoPackage or UTF-8.") from None
    except (DataSourceError, DataLayerError, FeatureError, FieldError, ShapelyError) as damage:
        raise _unreadable(file, damage) from None
    notes = [f"The file reader said: {str(w.message).replace(str(file), file.name)}" for w in caught]
    shapes = frame.geometry if "geometry" in frame.columns and hasattr(frame, "crs") else None
    return Content(pd.DataFrame(frame[wanted]), shapes, list(dict.fromkeys(notes)))


def _unreadable(file: Path, damage: Exception) -> Corrupt:
    reason = " ".join(str(damage).replace(str(file), file.name).split())[:160]
    return Corrupt(f"{file.name} cannot be read: {reason}. It may be cut off; fetch or export it again.")
