"""Small shapefiles laid out as the Census Bureau publishes them."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

import geopandas as gpd
from shapely import LineString, box

SOUTH, WEST = 21.3, -157.9


def squares(ids, columns, *, id_column, crs="EPSG:4269"):
    """Give one square of a hundredth of a degree for each id, west to east."""
    shapes = [box(WEST + 0.01 * i, SOUTH, WEST + 0.01 * (i + 1), SOUTH + 0.01) for i in range(len(ids))]
    data = {id_column: list(ids), **{name: list(values) for name, values in columns.items()}}
    return gpd.GeoDataFrame(data, geometry=shapes, crs=crs)


def lines(ids, columns, *, id_column):
    """Give one short line for each id."""
    shapes = [LineString([(WEST + 0.01 * i, SOUTH), (WEST + 0.01 * i, SOUTH + 0.01)]) for i in range(len(ids))]
    data = {id_column: list(ids), **{name: list(values) for name, values in columns.items()}}
    return gpd.GeoDataFrame(data, geometry=shapes, crs="EPSG:4269")


def zipped(frame, stem, *, without=(), encoding="UTF-8"):
    """Give the bytes of a zip with a shapefile in it."""
    with tempfile.TemporaryDirectory() as folder:
        frame.to_file(Path(folder) / f"{stem}.shp", engine="pyogrio", encoding=encoding)
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as pack:
            for path in sorted(Path(folder).iterdir()):
                if path.suffix not in without:
                    pack.write(path, path.name)
            pack.writestr(f"{stem}.shp.iso.xml", "<metadata/>")
    return stream.getvalue()


def blocks(ids, *, vintage="20", crs="EPSG:4269"):
    """Give blocks with the columns of TIGER/Line."""
    columns = {
        f"STATEFP{vintage}": [i[:2] for i in ids],
        f"COUNTYFP{vintage}": [i[2:5] for i in ids],
        f"NAME{vintage}": [f"Block {i[11:]}" for i in ids],
        f"ALAND{vintage}": [1_000_000 + n for n in range(len(ids))],
        f"AWATER{vintage}": list(range(len(ids))),
    }
    return squares(ids, columns, id_column=f"GEOID{vintage}", crs=crs)


def districts(labels, *, fips="15", column="SLDLST", session="2022"):
    """Give legislative districts of one State."""
    columns = {
        "STATEFP": [fips] * len(labels),
        column: labels,
        "NAMELSAD": [f"State House District {label}" for label in labels],
        "LSY": [session] * len(labels),
        "ALAND": [10] * len(labels),
        "AWATER": [0] * len(labels),
    }
    return squares([fips + label for label in labels], columns, id_column="GEOID")
