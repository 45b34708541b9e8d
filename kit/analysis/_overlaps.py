"""Units whose insides meet, which a layer of units should not have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def spread(overlaps: np.ndarray, pairs: np.ndarray, polygons: np.ndarray) -> np.ndarray:
    """Complete a list of overlaps.

    Parameters
    ----------
    overlaps : numpy.ndarray
        Codes of pairs of polygons whose insides meet: at least one pair for
        every place that is covered twice.
    pairs : numpy.ndarray
        Codes of pairs that touch.
    polygons : numpy.ndarray
        The polygons.

    Returns
    -------
    numpy.ndarray
        Codes of all pairs whose insides meet, sorted.

    Notes
    -----
    Where two sheets of polygons cover a place twice, the outlines of the
    sheets show which polygons overlap along them. The others are neighbours
    of these, or neighbours of neighbours, and are tested one by one.
    """
    import shapely

    count = max(len(polygons), 1)
    tested = np.zeros(len(polygons), dtype=bool)
    known = np.unique(overlaps)
    touching = np.stack(np.divmod(np.asarray(pairs, dtype=np.int64), count), axis=1)
    while len(known):
        inside = np.zeros(len(polygons), dtype=bool)
        inside[np.concatenate(np.divmod(known, count))] = True
        beside = inside.copy()
        beside[touching[inside[touching].any(axis=1)].ravel()] = True
        which = np.flatnonzero(beside)
        if tested[which].all():
            return known
        tested[which] = True
        few = polygons[which]
        broken = ~shapely.is_valid(few)
        few[broken] = shapely.make_valid(few[broken])
        i, j = shapely.STRtree(few).query(few)
        once = i < j
        i, j = i[once], j[once]
        meet = shapely.relate_pattern(few[i], few[j], "T********")
        known = np.union1d(known, which[i[meet]] * np.int64(count) + which[j[meet]])
    return known


def measure(codes: np.ndarray, shapes: Any, crs: Any) -> pd.DataFrame:
    """Measure how far units overlap.

    Parameters
    ----------
    codes : numpy.ndarray
        Pairs of positions, each as one number.
    shapes : geopandas.GeoSeries
        Polygons.
    crs : pyproj.CRS
        Projection to measure in.

    Returns
    -------
    pandas.DataFrame
        By code: ``border``, half the outline of the overlap in metres, and
        ``area`` in square metres.
    """
    import shapely

    first, second = np.divmod(codes, max(len(shapes), 1))
    if not len(codes):
        return pd.DataFrame({"border": np.zeros(0), "area": np.zeros(0)}, index=codes)
    which = np.unique(np.concatenate([first, second]))
    flat = shapes.iloc[which].to_crs(crs).to_numpy().copy()
    broken = ~shapely.is_valid(flat)
    flat[broken] = shapely.make_valid(flat[broken])
    common = shapely.intersection(flat[np.searchsorted(which, first)], flat[np.searchsorted(which, second)])
    metres = crs.axis_info[0].unit_conversion_factor
    area = shapely.area(common) * metres**2
    border = np.where(area > 0, shapely.length(common) * metres / 2, 0.0)
    return pd.DataFrame({"border": border, "area": area}, index=codes)
