"""Which projection to measure and draw in, and which to refuse."""

from __future__ import annotations

from typing import Any

from kit.errors import CRSError
from kit.i18n.messages import figure, say

WEB_MERCATOR = frozenset({3857, 3785, 900913, 102100, 102113})
GEOGRAPHIC = "EPSG:4269"


def looks_like_degrees(shapes: Any) -> bool:
    """Tell whether coordinates could be longitude and latitude.

    Parameters
    ----------
    shapes : geopandas.GeoSeries or geopandas.GeoDataFrame
        Shapes in an unknown system.

    Returns
    -------
    bool
        True when all lie within ±180 and ±90.
    """
    west, south, east, north = shapes.total_bounds
    return bool(-180 <= west <= east <= 180 and -90 <= south <= north <= 90)


def require_crs(shapes: Any, *, what: str) -> Any:
    """Return the CRS of shapes, or say that it is missing.

    Parameters
    ----------
    shapes : geopandas.GeoSeries or geopandas.GeoDataFrame
        Shapes.
    what : str
        How they are called in the message.

    Returns
    -------
    pyproj.CRS
        Their coordinate reference system.

    Raises
    ------
    CRSError
        There is none.
    """
    if shapes.crs is not None:
        return shapes.crs
    if looks_like_degrees(shapes):
        found, hint = "coordinates look like degrees of longitude and latitude", 'crs="EPSG:4269" (or "EPSG:4326")'
    else:
        found, hint = "coordinates are not degrees", "crs= with the system the file's author used"
    raise CRSError(
        f"{what} has no coordinate reference system; its {found}. Pass {hint}, or add the missing .prj file."
    )


def one_datum(shapes: Any) -> Any:
    """Read degrees as NAD83, whatever of its near twins the file names.

    Parameters
    ----------
    shapes : geopandas.GeoSeries or geopandas.GeoDataFrame
        Shapes with a CRS.

    Returns
    -------
    geopandas.GeoSeries or geopandas.GeoDataFrame
        The same coordinates: WGS 84 in degrees (EPSG:4326, OGC:CRS84) is
        called NAD83 (EPSG:4269); every other system is left as it is.

    Notes
    -----
    TIGER coordinates are NAD83, and many files call them WGS 84 without
    changing a digit. Between the two PROJ moves points by nothing in most
    States and by 0.7 m or more in Hawaii, which would pull apart two layers of
    the same lines.
    """
    name = str(shapes.crs.name) if shapes.crs is not None else ""
    return (
        shapes.set_crs(GEOGRAPHIC, allow_override=True)
        if name.startswith("WGS 84") and shapes.crs.is_geographic
        else shapes
    )


def equal_area(shapes: Any) -> Any:
    """Choose the equal-area projection, in metres, for areas, overlays and maps.

    Parameters
    ----------
    shapes : geopandas.GeoSeries or geopandas.GeoDataFrame
        Shapes with a CRS.

    Returns
    -------
    pyproj.CRS
        Lambert azimuthal equal-area centred on the shapes, rounded to a tenth
        of a degree; Alaska Albers (EPSG:3338) where shapes span the
        antimeridian.

    Raises
    ------
    CRSError
        The shapes have no CRS.

    Notes
    -----
    A projection centred on the place has north up at its centre and keeps
    areas exact everywhere, Hawaii and Puerto Rico included. Distances at
    500 km from the centre are off by less than 0.1 per cent.
    """
    import pyproj

    crs = require_crs(shapes, what="the layer")
    to_degrees = pyproj.Transformer.from_crs(crs, GEOGRAPHIC, always_xy=True)
    left, bottom, right, top = shapes.total_bounds
    west, south, east, north = to_degrees.transform_bounds(left, bottom, right, top, densify_pts=21)
    if east < west or east - west > 180:
        return pyproj.CRS("EPSG:3338")
    longitude, latitude = round((west + east) / 2, 1), round((south + north) / 2, 1)
    return pyproj.CRS(
        f"+proj=laea +lat_0={latitude} +lon_0={longitude} +x_0=0 +y_0=0 +datum=NAD83 +units=m +no_defs +type=crs"
    )


def describe(crs: Any) -> str:
    """Name a projection for a caption.

    Parameters
    ----------
    crs : pyproj.CRS or str
        A coordinate reference system.

    Returns
    -------
    str
        Its name with its code, or the centre of a local projection.

    Examples
    --------
    >>> import pyproj
    >>> describe(pyproj.CRS("+proj=laea +lat_0=34.1 +lon_0=-118.3 +datum=NAD83"))
    'Lambert azimuthal equal-area centred on 34.1° N 118.3° W'
    """
    import pyproj

    found = pyproj.CRS(crs)
    operation = found.coordinate_operation
    if operation is not None and "Lambert Azimuthal" in operation.method_name and found.to_epsg() is None:
        by_name = {p.name: float(p.value) for p in operation.params}
        latitude = by_name["Latitude of natural origin"]
        longitude = by_name["Longitude of natural origin"]
        at = f"{abs(latitude):g}° {'N' if latitude >= 0 else 'S'} {abs(longitude):g}° {'E' if longitude >= 0 else 'W'}"
        return say("Lambert azimuthal equal-area centred on {place}", place=figure(at))
    authority = found.to_authority()
    if authority is None:
        return found.name if found.name != "unknown" else say("an unnamed projection")
    return f"{pyproj.CRS.from_authority(*authority).name} ({':'.join(authority)})"


def require_area_crs(crs: Any, *, what: str) -> Any:
    """Refuse systems in which areas and distances mean nothing.

    Parameters
    ----------
    crs : pyproj.CRS or str
        A coordinate reference system chosen by the caller.
    what : str
        What it is wanted for, in the message.

    Returns
    -------
    pyproj.CRS
        The system.

    Raises
    ------
    CRSError
        It is geographic (degrees), Web Mercator or geocentric, or no system
        goes by that name.
    """
    import pyproj

    try:
        found = pyproj.CRS(crs)
    except pyproj.exceptions.CRSError:
        raise CRSError(
            f"{what}: no coordinate system is called {str(crs)[:40]!r}; pass a code such as EPSG:5070, or none."
        ) from None
    if found.is_geocentric:
        raise CRSError(
            f"{what} needs a flat system, and {found.name} is geocentric; use kit.model.crs.equal_area(shapes)."
        )
    if found.is_geographic:
        raise CRSError(f"{what} needs metres, and {found.name} is in degrees; use kit.model.crs.equal_area(shapes).")
    if found.to_epsg(min_confidence=20) in WEB_MERCATOR or "Pseudo-Mercator" in found.name:
        raise CRSError(f"{what} cannot use Web Mercator ({found.name}): it swells areas; use an equal-area system.")
    return found
