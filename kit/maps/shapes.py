"""From census shapes to things matplotlib draws quickly."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

# Many polygons in one path are drawn and written much faster than one by one;
# a path of too many points is more than the renderer takes at once.
_POINTS_PER_PATH = 20_000


def simplify_for(shapes: Any, metres: float) -> Any:
    """Drop detail finer than the printed page can show.

    Parameters
    ----------
    shapes : numpy.ndarray of shapely.Geometry
        Polygons in a projection in metres.
    metres : float
        Tolerance, in metres.

    Returns
    -------
    numpy.ndarray of shapely.Geometry
        The same shapes where they are few, else simplified ones, for drawing only.
    """
    import shapely

    if shapely.get_num_coordinates(shapes).sum() < 400_000:
        return shapes
    thin = shapely.simplify(shapes, metres, preserve_topology=False)
    return np.where(shapely.is_empty(thin), shapes, thin)


def polygon_paths(shapes: Any) -> list[Any]:
    """Build compound paths from polygons.

    Parameters
    ----------
    shapes : numpy.ndarray of shapely.Geometry
        Polygons and multipolygons; other kinds are left out.

    Returns
    -------
    list of matplotlib.path.Path
        Holes run against their shells, so that they stay open.
    """
    import shapely
    from matplotlib.path import Path

    parts = shapely.get_parts(shapes)
    parts = shapely.orient_polygons(parts[(shapely.get_type_id(parts) == 3) & ~shapely.is_empty(parts)])
    if not len(parts):
        return []
    rings, owner = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    codes = np.full(len(xy), Path.LINETO, dtype=Path.code_type)
    first = np.flatnonzero(np.r_[True, ring[1:] != ring[:-1]])
    codes[first] = Path.MOVETO
    codes[np.r_[first[1:], len(xy)] - 1] = Path.CLOSEPOLY
    part_start = first[np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])]
    cuts = part_start[
        np.searchsorted(part_start, np.arange(0, len(xy), _POINTS_PER_PATH)).clip(max=len(part_start) - 1)
    ]
    edges = np.unique(np.r_[0, cuts, len(xy)])
    return [Path(xy[a:b], codes[a:b]) for a, b in itertools.pairwise(edges) if b > a]


def line_paths(shapes: Any) -> list[Any]:
    """Build paths of the boundaries of polygons.

    Parameters
    ----------
    shapes : numpy.ndarray of shapely.Geometry
        Polygons and multipolygons.

    Returns
    -------
    list of matplotlib.path.Path
        One path a polygon.
    """
    return [path for shape in shapes for path in polygon_paths(np.array([shape], dtype=object))]


def dissolve(shapes: Any, labels: Any) -> dict[str, Any]:
    """Join shapes that share a label.

    Parameters
    ----------
    shapes : numpy.ndarray of shapely.Geometry
        Polygons.
    labels : numpy.ndarray of str
        One label a shape.

    Returns
    -------
    dict of str to shapely.Geometry
        One shape a label.
    """
    import shapely

    if not len(shapes):
        return {}
    order = np.argsort(labels, kind="stable")
    names, start = np.unique(labels[order], return_index=True)
    joined = {}
    for name, members in zip(names, np.split(order, start[1:]), strict=True):
        try:
            whole = shapely.coverage_union_all(shapes[members])
        except shapely.errors.GEOSException:
            whole = None
        if whole is None or not shapely.is_valid(whole):
            whole = shapely.union_all(shapely.make_valid(shapes[members]))
        joined[str(name)] = whole
    return joined


def widest_place(shape: Any, points: Any, weights: Any) -> tuple[float, float, float] | None:
    """Find the middle of the widest place in the part where most people live.

    Parameters
    ----------
    shape : shapely.Geometry
        A district, in metres; islands are parts of it.
    points : numpy.ndarray of shapely.Point
        A point in each unit of the district.
    weights : numpy.ndarray
        People in those units.

    Returns
    -------
    tuple of float, or None
        Easting, northing and radius of the largest circle inside that part; None for an empty shape.
    """
    import shapely

    parts = shapely.get_parts(shape)
    parts = parts[(shapely.get_type_id(parts) == 3) & ~shapely.is_empty(parts)]
    if not len(parts):
        return None
    part, point = shapely.STRtree(points).query(parts, predicate="intersects")
    lived = np.bincount(part, weights=weights[point], minlength=len(parts))
    best = parts[int(lived.argmax() if lived.any() else shapely.area(parts).argmax())]
    circle = shapely.maximum_inscribed_circle(best)
    x, y = shapely.get_coordinates(circle)[0]
    return float(x), float(y), float(shapely.length(circle))
