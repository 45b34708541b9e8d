"""Shapes of communities in one system, and places that were marked beside them."""

from __future__ import annotations

from typing import Any

import numpy as np

from kit.errors import CRSError
from kit.i18n.messages import say
from kit.model.crs import GEOGRAPHIC, one_datum, require_crs
from kit.sources.community_record import PRIVATE, as_text
from kit.sources.community_rows import Layer

# Degrees beyond this are no place on earth.
_EARTH = 180.0


def in_degrees(layer: Layer, crs: Any, file: str) -> Layer:
    """Bring the shapes of a layer to degrees of NAD83.

    Parameters
    ----------
    layer : Layer
        Rows in the file's own system; they are changed.
    crs : object
        System for shapes that carry none.
    file : str
        Name of the file, for messages.

    Returns
    -------
    Layer
        The same rows.

    Raises
    ------
    CRSError
        Shapes have no system, or one that is unknown.
    """
    import geopandas as gpd
    import pyproj

    where = [number for number, row in enumerate(layer.rows) if row.shape is not None]
    if not where:
        return layer
    try:
        shapes = gpd.GeoSeries([layer.rows[n].shape for n in where], crs=layer.crs if layer.crs is not None else crs)
    except pyproj.exceptions.CRSError as error:
        raise CRSError(f"{file} names a coordinate system that is unknown: {str(error)[:100]}.") from error
    require_crs(shapes, what=file)
    degrees = one_datum(shapes).to_crs(GEOGRAPHIC)
    for number, shape in zip(where, degrees, strict=True):
        layer.rows[number].shape = shape
    layer.crs = GEOGRAPHIC
    return layer


def points_as_landmarks(layer: Layer) -> list[str]:
    """Give points that lie in an area of the same file to that area, as landmarks.

    Parameters
    ----------
    layer : Layer
        Rows in degrees; points that found an area are taken out of it.

    Returns
    -------
    list of str
        How many.
    """
    import shapely

    points = [row for row in layer.rows if row.shape is not None and row.shape.geom_type == "Point"]
    areas = [row for row in layer.rows if row.shape is not None and "Polygon" in row.shape.geom_type]
    areas = [row for row in areas if max(map(abs, row.shape.bounds), default=np.inf) <= _EARTH]
    if not points or not areas:
        return []
    given = 0
    for row in points:
        inside = [area for area in areas if shapely.intersects_xy(shapely.buffer(area.shape, 0), *row.shape.coords[0])]
        if not inside:
            continue
        told = {key.casefold(): as_text(value) for key, value in row.record.items() if not PRIVATE.fullmatch(key)}
        note = told.get("short_description") or told.get("description") or ""
        name = told.get("name", "").strip() or "Landmark"
        for area in inside:
            area.marks.append({"name": name, "note": note, "point": row.shape.coords[0][:2]})
        layer.rows.remove(row)
        given += 1
    if not given:
        return []
    return [say("Points of the file that lie in its areas and are kept as their landmarks: {count:,}.", count=given)]
