"""How compact shapes are, measured in a named projection. Descriptive numbers, never a verdict."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit.errors import CRSError, InputError, SchemaError, first_few
from kit.model.crs import equal_area, one_datum, require_area_crs, require_crs
from kit.model.frames import Placement

RATIOS = (
    "polsby_popper",
    "schwartzberg",
    "schwartzberg_original",
    "reock",
    "convex_hull",
    "length_width",
    "length_width_box",
)
"""Scores without a unit, which scaling the coordinates leaves alone."""


def compactness(shapes: Any, *, crs: Any = None) -> pd.DataFrame:
    """Measure area, outline and compactness of district polygons.

    Parameters
    ----------
    shapes : geopandas.GeoSeries
        Polygons or multipolygons with a CRS, one a district.
    crs : pyproj.CRS or str, optional
        The projection to measure in; by default the equal-area one centred on
        the shapes, `kit.model.crs.equal_area`.

    Returns
    -------
    pandas.DataFrame
        On the index of `shapes`; all missing where there is no shape.

        - ``area_km2``, and ``perimeter_km`` of outer rings and holes.
        - ``polsby_popper``: 4πA ÷ P², in (0, 1], a circle has 1.
        - ``schwartzberg``: 2√(πA) ÷ P, the square root of the former, in
          (0, 1]; ``schwartzberg_original``: its inverse, 1 or more.
        - ``reock``: A ÷ the area of the smallest circle around the shape.
        - ``convex_hull``: A ÷ the area of the convex hull.
        - ``length_width``: short ÷ long side of the smallest rectangle around
          the shape, turned as it fits best. ``length_width_box``: the same of
          the upright box along the axes of the projection, as other programs
          report it; it changes when the map is turned.
        - ``holes`` (rings inside) and ``polygons`` (pieces of the shape).

    Raises
    ------
    CRSError
        There is no CRS, or `crs` is in degrees or Web Mercator.
    SchemaError
        Shapes are not polygons, or are invalid (they cross themselves).

    Notes
    -----
    Areas and perimeters of multipolygons are sums over their parts; hull,
    circle and rectangles go around all of them. The circle is exact; a
    polygon drawn in its place, as some programs do, inflates Reock by 0.65 per
    cent. Scores from another projection, from unprojected degrees, or from
    shapes with another treatment of coasts and water are not comparable.

    References
    ----------
    Polsby, D. D. & Popper, R. D. (1991); Schwartzberg, J. E. (1966); Reock,
    E. C. (1961).

    Examples
    --------
    >>> import geopandas, shapely
    >>> square = geopandas.GeoSeries([shapely.box(0, 0, 1000, 1000)], index=["1"], crs="EPSG:5070")
    >>> compactness(square, crs="EPSG:5070").loc["1", ["area_km2", "polsby_popper", "reock"]].round(6).tolist()
    [1.0, 0.785398, 0.63662]
    """
    shapes = getattr(shapes, "geometry", None)
    if shapes is None:
        raise InputError("compactness wants a GeoSeries of district polygons with a CRS; see kit.district_polygons.")
    require_crs(shapes, what="the layer of districts")
    shapes = one_datum(shapes)
    _refuse_unfit(shapes)
    present = _present(shapes)
    if not present.any():
        return _planar(np.full(len(shapes), None, dtype=object), 1.0).set_axis(shapes.index)
    chosen = equal_area(shapes[present]) if crs is None else require_area_crs(crs, what="measuring compactness")
    projected = shapes.to_crs(chosen)
    if not np.isfinite(projected[present].total_bounds).all():
        raise CRSError(f"the districts cannot be brought to {chosen.name}; check their CRS and the one asked for.")
    metres = float(chosen.axis_info[0].unit_conversion_factor)
    return _planar(projected.to_numpy(), metres).set_axis(shapes.index)


def _refuse_unfit(shapes: Any) -> None:
    """Refuse shapes that have no area, or none that can be measured."""
    here = shapes[_present(shapes)]
    wrong = here.index[~here.geom_type.isin(["Polygon", "MultiPolygon"])]
    if len(wrong):
        raise SchemaError(
            f"{len(wrong):,} of {len(shapes):,} shapes are not polygons, first {first_few(wrong)}. "
            "Compactness is measured on areas: pass the districts' polygons."
        )
    broken = here.index[~here.is_valid.to_numpy()]
    if len(broken):
        raise SchemaError(
            f"{len(broken):,} of {len(shapes):,} shapes cross themselves, so their area cannot be trusted, first "
            f"{first_few(broken)}. Mend them with shapes.make_valid(), or read them with kit.read_plan, which does."
        )


def _present(shapes: Any) -> Any:
    """Tell which shapes are there and not empty."""
    import shapely

    values = shapes.to_numpy()
    return ~(shapely.is_missing(values) | shapely.is_empty(values))


def _planar(values: Any, metres: float = 1.0) -> pd.DataFrame:
    """Measure shapes on plane coordinates, whatever these mean.

    Parameters
    ----------
    values : numpy.ndarray of shapely.Geometry
        Polygons and multipolygons; None or empty where there is no shape.
    metres : float
        Length of one unit of the coordinates.

    Returns
    -------
    pandas.DataFrame
        The columns of `compactness`.
    """
    import shapely

    values = np.where(shapely.is_missing(values) | shapely.is_empty(values), None, values)
    area, perimeter = shapely.area(values), shapely.length(values)
    radius = shapely.minimum_bounding_radius(values)
    west, south, east, north = shapely.bounds(values).T
    root = _ratio(2 * np.sqrt(np.pi * area), perimeter)
    # Exact shares lie in (0, 1]; rounding in the last digit may pass 1.
    upper = {
        "polsby_popper": _ratio(4 * np.pi * area, perimeter**2),
        "schwartzberg": root,
        "reock": _ratio(area, np.pi * radius**2),
        "convex_hull": _ratio(area, shapely.area(shapely.convex_hull(values))),
    }
    upper = {name: np.minimum(score, 1.0) for name, score in upper.items()}
    inner, pieces = _rings(values)
    return pd.DataFrame(
        {
            "area_km2": area * metres**2 / 1e6,
            "perimeter_km": perimeter * metres / 1e3,
            "polsby_popper": upper["polsby_popper"],
            "schwartzberg": upper["schwartzberg"],
            "schwartzberg_original": _ratio(np.ones(len(values)), upper["schwartzberg"]),
            "reock": upper["reock"],
            "convex_hull": upper["convex_hull"],
            "length_width": _short_to_long(*_sides(values)),
            "length_width_box": _short_to_long(east - west, north - south),
            "holes": pd.array(inner, dtype="Int64"),
            "polygons": pd.array(pieces, dtype="Int64"),
        }
    )


def _ratio(above: Any, below: Any) -> Any:
    """Divide; missing where there is nothing to divide by."""
    return np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)


def _short_to_long(one: Any, other: Any) -> Any:
    return _ratio(np.minimum(one, other), np.maximum(one, other))


def _sides(values: Any) -> tuple[Any, Any]:
    """Measure two sides of the smallest rectangle around each shape."""
    import shapely

    corners = np.full((len(values), 3, 2), np.nan)
    xy, owner = shapely.get_coordinates(shapely.oriented_envelope(values), return_index=True)
    first = np.searchsorted(owner, np.arange(len(values)))
    there = np.flatnonzero(np.bincount(owner, minlength=len(values)) >= 3)
    corners[there] = xy[first[there][:, None] + np.arange(3)]
    steps = np.diff(corners, axis=1)
    lengths = np.hypot(steps[..., 0], steps[..., 1])
    return lengths[:, 0], lengths[:, 1]


def _rings(values: Any) -> tuple[Any, Any]:
    """Count rings inside and separate polygons of each shape; missing where there is no shape."""
    import shapely

    parts, owner = shapely.get_parts(values, return_index=True)
    inner = np.bincount(owner, weights=shapely.get_num_interior_rings(parts), minlength=len(values))
    pieces = np.bincount(owner, minlength=len(values)).astype("float64")
    blank = shapely.is_missing(values)
    return np.where(blank, np.nan, inner), np.where(blank, np.nan, pieces)


def population_polygon(
    placement: Placement, shapes: Any, *, population: str = "total_pop", clip: Any = None
) -> pd.Series:
    """Compare the people of each district with the people inside its convex hull.

    Parameters
    ----------
    placement : Placement
        Units in districts; the units need polygons or points.
    shapes : geopandas.GeoSeries
        District polygons indexed by label, in the projection to measure in.
    population : str
        Column that counts people.
    clip : geopandas.GeoSeries or geopandas.GeoDataFrame, optional
        The jurisdiction; hulls are cut to it first. By default hulls reach
        across coasts and borders, where no unit lies.

    Returns
    -------
    pandas.Series
        People of the district ÷ (those and the people of other units whose
        point lies in the hull), in (0, 1], on the index of `shapes`. Missing
        where the district has no shape or nobody lives.

    Raises
    ------
    InputError
        The units have no shapes.
    CRSError
        Shapes, units or jurisdiction have no CRS, or the shapes' is in
        degrees or Web Mercator.
    SchemaError
        A shape's label is not a district of the placement, or the units have
        no such column.

    Notes
    -----
    A unit counts where a point on its surface lies; a district's own units
    always count as inside.
    """
    import shapely

    units = placement.units
    if units.geometry is None:
        raise InputError(f"these {units.plural} have no shapes, so nobody can be counted in a hull; add their shapes.")
    crs = require_area_crs(require_crs(shapes, what="the layer of districts"), what="the population polygon")
    sums = placement.totals([population])[population]
    unknown = shapes.index.difference(sums.index)
    if len(unknown):
        raise SchemaError(f"shapes name districts that the placement does not have: {first_few(unknown)}.")
    points = _points(units.geometry, crs)
    hulls = shapely.convex_hull(shapes.geometry.to_numpy())
    if clip is not None:
        require_crs(clip, what="the jurisdiction passed as clip")
        hulls = shapely.intersection(hulls, shapely.union_all(one_datum(clip.geometry).to_crs(crs).to_numpy()))
    count = units.column(population).to_numpy(dtype="float64")
    own = pd.Categorical(placement.assignment.to_numpy(dtype=object), categories=shapes.index.astype(object)).codes
    hull, unit = shapely.STRtree(points).query(hulls, predicate="intersects")
    stranger = own[unit] != hull
    others = np.bincount(hull[stranger], weights=count[unit[stranger]], minlength=len(hulls))
    people = sums.reindex(shapes.index).to_numpy(dtype="float64")
    share = _ratio(people, people + others)
    share[shapely.is_missing(hulls) | shapely.is_empty(hulls)] = np.nan
    return pd.Series(np.where(people > 0, share, np.nan), index=shapes.index, name="population_polygon")


def _points(shapes: Any, crs: Any) -> Any:
    """Give a point on the surface of each unit, in the projection."""
    import shapely

    require_crs(shapes, what="the layer of units")
    values = one_datum(shapes).to_crs(crs).to_numpy()
    flat = shapely.get_type_id(values) == shapely.GeometryType.POINT
    return np.where(flat, values, shapely.point_on_surface(values))
