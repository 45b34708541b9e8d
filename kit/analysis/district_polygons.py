"""The shape of each district: the plan's own, or the units of the district joined."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit.errors import InputError, SchemaError, first_few
from kit.i18n.messages import Message, mark, say
from kit.i18n.messages import joined as one_after_the_other
from kit.model.crs import equal_area, one_datum, require_area_crs, require_crs
from kit.model.frames import Placement
from kit.model.geoid import natural_key
from kit.progress import meter

# Joined units may differ from the sum of their areas by rounding only.
_ROUNDING = 1e-9


def district_polygons(placement: Placement, *, clip: Any = None) -> tuple[Any, tuple[str, ...]]:
    """Give the polygon of each district, and say where it came from.

    Parameters
    ----------
    placement : Placement
        Units in districts.
    clip : geopandas.GeoSeries or geopandas.GeoDataFrame, optional
        Land, or the jurisdiction; districts are cut to it.

    Returns
    -------
    shapes : geopandas.GeoSeries or None
        Districts that have a shape, by label, in natural order, in the CRS of
        the plan or of the units; None where neither has polygons.
    notes : tuple of str
        Where the shapes came from and how water was treated.

    Raises
    ------
    InputError
        There is something to clip to but no shapes.
    SchemaError
        Some units have no shape while others do, or the clip leaves no
        district.
    CRSError
        Shapes have no CRS, or those to clip to.

    Notes
    -----
    The plan's own polygons are taken where it has them. Else the polygons of
    the units are joined exactly, vertex by vertex; where neighbours' borders do
    not match, by a full union.
    """
    units, plan = placement.units, placement.plan
    if plan.geometry is not None:
        require_crs(plan.geometry, what=f"the plan {plan.name!r}")
        shapes, notes = one_datum(plan.geometry), [say("District shapes are the plan's own.")]
    elif units.geometry is not None and not (units.geometry.geom_type == "Point").any():
        shapes, notes = _joined(placement)
    else:
        if clip is not None:
            raise InputError("there is nothing to clip: neither the plan nor its units have polygons.")
        told = mark("Neither the plan nor its {units} have polygons, so shapes were not measured.")
        return None, (say(told, units=units.plural),)
    if clip is None:
        notes.append(
            say(
                "Coasts and water are as in that file and were not clipped; compare compactness only between plans "
                "drawn on the same shapes."
            )
        )
        return shapes, tuple(notes)
    clipped = _clip(shapes, clip)
    notes.append(
        say(
            "Districts were clipped to the shapes given before compactness was measured; compare only with plans "
            "clipped to the same."
        )
    )
    return clipped, tuple(notes)


def _joined(placement: Placement) -> tuple[Any, list[Message]]:
    """Join the polygons of the units of each district."""
    import geopandas
    import shapely

    units = placement.units
    require_crs(units.geometry, what=f"the layer of {units.plural}")
    values = units.geometry.to_numpy()
    blank = shapely.is_missing(values) | shapely.is_empty(values)
    if (odd := endless(values)).any():
        ids = units.frame.index[odd]
        raise SchemaError(
            f"{len(ids):,} of {len(units):,} {units.plural} have vertices that are not numbers, first "
            f"{first_few(ids)}; read the layer again, or leave those units out."
        )
    if blank.any():
        ids = units.frame.index[blank]
        raise SchemaError(
            f"{len(ids):,} of {len(units):,} {units.plural} have no shape, first {first_few(ids)}; "
            "add them, or leave out all shapes."
        )
    members = placement.assignment.dropna().groupby(placement.assignment.dropna().astype(str)).groups
    labels = sorted(members, key=natural_key)
    by_id = pd.Series(values, index=units.frame.index, dtype=object)
    joined, full = [], 0
    with meter("Joining units into districts", len(labels)) as bar:
        for label in labels:
            whole, exact = _union(by_id.loc[members[label]].to_numpy())
            joined.append(whole)
            full += not exact
            bar.advance(1)
    rings = int(shapely.get_num_interior_rings(shapely.get_parts(joined)).sum()) if full else 0
    values = {"number": len(units), "units": units.plural, "full": full, "districts": len(labels)}
    how = say(
        mark(
            "District shapes were joined from {number:,} {units}; borders of units do not match in {full:,} of "
            "{districts:,} districts, which were joined by a full union."
        )
        if full
        else mark("District shapes were joined from {number:,} {units}, whose borders match exactly."),
        **values,
    )
    if rings:
        gaps = say(
            mark(
                "They have 1 ring inside, which gaps between units may have made; a ring counts in the perimeter, so "
                "Polsby–Popper and Schwartzberg may be too low."
            )
            if rings == 1
            else mark(
                "They have {rings:,} rings inside, which gaps between units may have made; a ring counts in the "
                "perimeter, so Polsby–Popper and Schwartzberg may be too low."
            ),
            rings=rings,
        )
        how = one_after_the_other([how, gaps])
    index = pd.Index(labels, dtype="str", name="district")
    return one_datum(geopandas.GeoSeries(joined, index=index, crs=units.geometry.crs)), [how]


def endless(values: Any) -> Any:
    """Mark shapes of which some vertex is not a number.

    Parameters
    ----------
    values : numpy.ndarray of shapely.Geometry
        Shapes.

    Returns
    -------
    numpy.ndarray of bool
        One a shape.
    """
    import shapely

    marked = np.zeros(len(values), dtype=bool)
    xy, of = shapely.get_coordinates(values, return_index=True)
    marked[of[~np.isfinite(xy).all(axis=1)]] = True
    return marked


def _union(shapes: Any) -> tuple[Any, bool]:
    """Join polygons exactly where their borders match, else fully; tell which."""
    import shapely

    try:
        whole = shapely.coverage_union_all(shapes)
    except shapely.errors.GEOSException:
        whole = None
    total = shapely.area(shapes).sum()
    if whole is not None and shapely.is_valid(whole) and abs(whole.area - total) <= _ROUNDING * total:
        return whole, True
    return _areas(shapely.union_all(shapely.make_valid(shapes))), False


def _clip(shapes: Any, clip: Any) -> Any:
    """Cut districts to the land."""
    import geopandas
    import shapely

    if not isinstance(clip, geopandas.GeoSeries | geopandas.GeoDataFrame):
        raise InputError(f"clip is a GeoSeries or a GeoDataFrame of land, not a {type(clip).__name__}.")
    require_crs(clip, what="the shapes passed as clip")
    land = shapely.union_all(one_datum(clip.geometry).to_crs(shapes.crs).make_valid().to_numpy())
    cut = np.array([_areas(shape) for shape in shapely.intersection(shapes.to_numpy(), land)], dtype=object)
    left = geopandas.GeoSeries(cut, index=shapes.index, crs=shapes.crs)
    if (shapely.is_missing(cut) | shapely.is_empty(cut)).all():
        raise SchemaError("the shapes passed as clip leave nothing of any district; check their place and CRS.")
    return left


def _areas(shape: Any) -> Any:
    """Keep the polygons of a shape that may hold lines and points as well."""
    import shapely

    if shape is None or shape.geom_type in {"Polygon", "MultiPolygon"}:
        return shape
    parts = shapely.get_parts(shape)
    parts = parts[np.isin(shapely.get_type_id(parts), [3, 6])]
    return shapely.union_all(parts) if len(parts) else None


def measuring_crs(shapes: Any, crs: Any) -> Any:
    """Choose the projection to measure in.

    Parameters
    ----------
    shapes : geopandas.GeoSeries
        District polygons.
    crs : pyproj.CRS or str, optional
        What the caller asked for.

    Returns
    -------
    pyproj.CRS
        That, or the equal-area projection centred on the shapes.

    Raises
    ------
    CRSError
        It is in degrees or Web Mercator.
    """
    return equal_area(shapes) if crs is None else require_area_crs(crs, what="measuring districts")
