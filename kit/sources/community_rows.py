"""What every reader of communities gives: rows of columns, each with its shape, still in the file's own system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Row:
    """One row of a file.

    Parameters
    ----------
    record : dict
        Column → value, as the file has it.
    shape : shapely.Geometry or None
        Its shape.
    fault : str
        Why there is no shape, where the file has something that is none.
    marks : list of dict
        Landmarks that the file marks in it.
    """

    record: dict[str, Any]
    shape: Any = None
    fault: str = ""
    marks: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Layer:
    """The rows of a file.

    Parameters
    ----------
    rows : list of Row
        In the order of the file.
    crs : object
        Coordinate reference system; None where the file has none.
    notes : list of str
        What was noticed.
    named : bool
        The rows were put together by their names, which stand in ``name``.
    """

    rows: list[Row]
    crs: Any = "EPSG:4326"
    notes: list[str] = field(default_factory=list)
    named: bool = False


def ring(points: Sequence[Sequence[float]]) -> Any:
    """Make a closed ring.

    Parameters
    ----------
    points : sequence of sequence of float
        Longitude and latitude; heights are left out.

    Returns
    -------
    shapely.LinearRing
        Closed, whether the points were or not.

    Raises
    ------
    ValueError
        Fewer than three points, or something that is no number.
    """
    import shapely

    flat = [(float(point[0]), float(point[1])) for point in points]
    if len(set(flat)) < 3:
        raise ValueError("a ring of fewer than three points")
    return shapely.LinearRing(flat)


def polygon(rings: Sequence[Sequence[Sequence[float]]]) -> Any:
    """Make a polygon of rings, the first of them the outer one.

    Parameters
    ----------
    rings : sequence of rings
        Each a sequence of points.

    Returns
    -------
    shapely.Polygon
        Valid or not.

    Raises
    ------
    ValueError
        It has no ring, or one that is none.
    """
    import shapely

    if not rings:
        raise ValueError("a polygon without a ring")
    outer, *holes = [ring(points) for points in rings]
    return shapely.Polygon(outer, holes)


def together(shapes: Sequence[Any]) -> Any:
    """Put the parts of one area together as they are.

    Parameters
    ----------
    shapes : sequence of shapely.Geometry
        Parts.

    Returns
    -------
    shapely.Geometry or None
        A polygon, a multipolygon, or a collection where kinds differ; None for no part.
    """
    import shapely

    parts = [part for shape in shapes if shape is not None for part in shapely.get_parts(shape)]
    if len(parts) < 2:
        return parts[0] if parts else None
    if all(part.geom_type == "Polygon" for part in parts):
        return shapely.MultiPolygon(parts)
    return shapely.GeometryCollection(parts)
