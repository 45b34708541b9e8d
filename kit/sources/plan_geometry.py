"""Checks and repairs on district polygons, each with its count."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit.errors import InputError, first_few
from kit.model.crs import equal_area
from kit.sources.plan_labels import counted

# Overlaps and holes up to this size are rounding of coordinates.
NEGLIGIBLE_M2 = 1.0
# Share of the smaller district above which an overlap is refused.
LARGEST_OVERLAP = 0.01


def require_polygons(shapes: Any, labels: pd.Series, *, what: str) -> tuple[Any, list[str]]:
    """Return flat polygons, or say which shapes are not.

    Parameters
    ----------
    shapes : geopandas.GeoSeries
        Shapes as read.
    labels : pandas.Series
        Their labels, on the same index.
    what : str
        The file's name.

    Returns
    -------
    shapes : geopandas.GeoSeries
        Polygons and multipolygons without heights.
    notes : list of str
        How many had heights.

    Raises
    ------
    InputError
        Shapes are empty, or are points, lines or mixtures.
    """
    import shapely

    void = (shapes.isna() | shapes.is_empty).to_numpy()
    if void.any():
        raise InputError(
            f"{what}: {int(void.sum()):,} of {counted(len(shapes), 'row')} have no shape: {first_few(labels[void])}. "
            "Export the plan again, or remove those rows."
        )
    values = np.asarray(shapes, dtype=object)
    high = int(shapely.has_z(values).sum())
    values = shapely.force_2d(values)
    collections = shapely.get_type_id(values) == shapely.GeometryType.GEOMETRYCOLLECTION
    if collections.any():
        values = values.copy()
        values[collections] = [_only_areas(g, strict=True) for g in values[collections]]
    kinds = shapely.get_type_id(values)
    wrong = ~np.isin(kinds, [shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON])
    if wrong.any():
        types = ", ".join(sorted({g.geom_type for g in values[wrong]}))
        raise InputError(
            f"{what}: {int(wrong.sum()):,} shapes are {types}, and districts are polygons: {first_few(labels[wrong])}. "
            "Export the district areas, not their outlines or label points."
        )
    notes = [f"Heights dropped from {counted(high, 'shape')}."] if high else []
    return _like(shapes, values), notes


def repair_rings(shapes: Any, labels: pd.Series, *, what: str) -> tuple[Any, list[str]]:
    """Repair rings that cross or touch themselves, and say by how much areas changed.

    Parameters
    ----------
    shapes : geopandas.GeoSeries
        Polygons with a CRS.
    labels : pandas.Series
        Their labels, on the same index.
    what : str
        The file's name.

    Returns
    -------
    shapes : geopandas.GeoSeries
        Valid polygons.
    notes : list of str
        How many were repaired.

    Raises
    ------
    InputError
        A shape has no area left after repair.
    """
    import shapely

    values = np.asarray(shapes, dtype=object)
    bad = ~shapely.is_valid(values)
    if not bad.any():
        return shapes, []
    mended = values.copy()
    mended[bad] = [_only_areas(g) for g in shapely.make_valid(values[bad])]
    gone = bad & (shapely.area(mended) == 0)
    if gone.any():
        raise InputError(
            f"{what}: {int(gone.sum()):,} shapes have no area once their rings are repaired: "
            f"{first_few(labels[gone])}. Export the plan again."
        )
    system = equal_area(shapes)
    before, after = shapes[bad].to_crs(system).area, _like(shapes, mended)[bad].to_crs(system).area
    named = first_few(dict.fromkeys(labels[bad]))
    changed = float((after - before).abs().sum())
    note = (
        f"{counted(int(bad.sum()), 'shape')} with invalid rings repaired ({named}); "
        f"area changed by {_area(changed)}, {changed / float(after.sum()):.2%}."
    )
    return _like(shapes, mended), [note]


def union_by_label(shapes: Any, labels: pd.Series) -> tuple[Any, list[str]]:
    """Make one shape of all with the same label.

    Parameters
    ----------
    shapes : geopandas.GeoSeries
        Valid polygons.
    labels : pandas.Series
        Their labels, on the same index.

    Returns
    -------
    shapes : geopandas.GeoSeries
        One row a label, indexed by label.
    notes : list of str
        How many labels were made of several shapes.
    """
    import geopandas as gpd
    import shapely

    values = np.asarray(shapes, dtype=object)
    groups = labels.reset_index(drop=True).groupby(labels.to_numpy(), sort=False).indices
    united = {k: values[rows[0]] if len(rows) == 1 else shapely.union_all(values[rows]) for k, rows in groups.items()}
    index = pd.Index(list(united), dtype="str", name="district")
    series = gpd.GeoSeries(list(united.values()), index=index, crs=shapes.crs)
    several = [k for k, rows in groups.items() if len(rows) > 1]
    if not several:
        return series, []
    count = sum(len(groups[k]) for k in several)
    return series, [f"{count:,} shapes with a label in common united into {counted(len(several), 'district')}."]


def check_coverage(districts: Any, *, what: str) -> list[str]:
    """Find overlaps between districts, and holes between them.

    Parameters
    ----------
    districts : geopandas.GeoSeries
        Valid polygons by label, with a CRS.
    what : str
        The file's name.

    Returns
    -------
    list of str
        Sentences on small overlaps and on holes, with their area.

    Raises
    ------
    InputError
        Two districts overlap by more than 1 per cent of the smaller.

    Notes
    -----
    Shapes are cut in the file's own coordinates and measured in an equal-area
    projection. Overlaps and holes up to one square metre are rounding.
    """
    import geopandas as gpd
    import shapely

    system = equal_area(districts)
    values = np.asarray(districts, dtype=object)
    areas = districts.to_crs(system).area.to_numpy()
    first, second = shapely.STRtree(values).query(values, predicate="intersects")
    first, second = first[first < second], second[first < second]
    shared = shapely.intersection(values[first], values[second])
    overlap = gpd.GeoSeries(shared, crs=districts.crs).to_crs(system).area.to_numpy()
    share = overlap / np.minimum(areas[first], areas[second])
    if (share > LARGEST_OVERLAP).any():
        worst = [i for i in np.argsort(-share) if share[i] > LARGEST_OVERLAP]
        pairs = first_few(
            f"{districts.index[first[i]]} and {districts.index[second[i]]} ({share[i]:.1%})" for i in worst
        )
        raise InputError(
            f"{what}: {counted(len(worst), 'pair')} of districts overlapping by more than 1 % of the smaller: {pairs}. "
            "A plan puts each place in one district; check the id column, or export the plan again."
        )
    notes = []
    real = overlap > NEGLIGIBLE_M2
    if real.any():
        total = _area(float(overlap[real].sum()))
        notes.append(f"Slight overlaps in {counted(int(real.sum()), 'pair')} of districts, {total} in all.")
    holes = _holes(values)
    if len(holes):
        sizes = gpd.GeoSeries(holes, crs=districts.crs).to_crs(system).area.to_numpy()
        sizes = sizes[sizes > NEGLIGIBLE_M2]
        if len(sizes):
            notes.append(
                f"{counted(len(sizes), 'hole')} inside the plan in no district, {_area(float(sizes.sum()))} in all."
            )
    return notes


def _holes(values: Any) -> Any:
    """Return the interior holes of all districts together, as polygons."""
    import shapely

    parts = shapely.get_parts(shapely.union_all(values))
    return np.array([shapely.Polygon(ring) for part in parts for ring in part.interiors], dtype=object)


def _only_areas(shape: Any, *, strict: bool = False) -> Any:
    """Keep the polygons of a collection; with `strict`, leave a mixture as it is."""
    import shapely

    if shape.geom_type in {"Polygon", "MultiPolygon"}:
        return shape
    parts = shapely.get_parts(shape)
    areas = [p for p in parts if p.geom_type in {"Polygon", "MultiPolygon"}]
    if strict and len(areas) < len(parts):
        return shape
    return shapely.union_all(areas) if areas else shapely.MultiPolygon()


def _like(shapes: Any, values: Any) -> Any:
    """Make a series of new shapes on the index and CRS of another."""
    import geopandas as gpd

    return gpd.GeoSeries(values, index=shapes.index, crs=shapes.crs)


def _area(square_metres: float) -> str:
    """Write an area in square metres or square kilometres."""
    if square_metres < 10_000:
        return f"{square_metres:,.0f} m²" if square_metres >= 1 else "less than 1 m²"
    return f"{square_metres / 1e6:,.2f} km²"
