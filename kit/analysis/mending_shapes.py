"""Mending one shape after another, with the change of area, and finding shapes that are nearly the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kit.progress import meter

# A part under this share of an area, and under this many square metres, is a sliver.
SLIVER_SHARE = 0.01
SLIVER_M2 = 10_000.0
_BATCH = 200


def drawn_area(shape: Any) -> float:
    """Measure what the rings of a shape enclose, as they were drawn.

    Parameters
    ----------
    shape : shapely.Geometry
        In an equal-area projection; valid or not.

    Returns
    -------
    float
        Square metres: outer rings less inner rings. Where a ring crosses
        itself its loops may cancel out.
    """
    import shapely

    return float(abs(shapely.area(shape)))


def mended(shape: Any) -> Any:
    """Resolve rings that cross or touch themselves, and keep only surfaces.

    Parameters
    ----------
    shape : shapely.Geometry
        Any shape.

    Returns
    -------
    shapely.Geometry
        A valid polygon or multipolygon; empty where there is no surface.

    Notes
    -----
    A pen that crosses its own line encloses what it goes around: a place is
    inside where the line winds around it at least once, be it twice.
    """
    import shapely

    sound = shape if shapely.is_valid(shape) else shapely.make_valid(shape, method="structure", keep_collapsed=False)
    if sound.geom_type in {"Polygon", "MultiPolygon"} and shapely.is_valid(sound):
        return sound  # GEOS may leave parts that share an edge; uniting them makes one of them
    parts = [part for part in shapely.get_parts(sound) if part.geom_type in {"Polygon", "MultiPolygon"}]
    return shapely.union_all(parts) if parts else shapely.Polygon()


def slivers(shape: Any) -> int:
    """Count parts that are too small to be meant.

    Parameters
    ----------
    shape : shapely.Geometry
        In metres.

    Returns
    -------
    int
        Parts under 1 per cent of the whole and under one hectare.
    """
    import shapely

    areas = shapely.area(shapely.get_parts(shape))
    return int(((areas < SLIVER_SHARE * areas.sum()) & (areas < SLIVER_M2)).sum())


def alike(shapes: Sequence[Any], lists: Sequence[frozenset[str] | None], near: float) -> pd.DataFrame:
    """Find pairs of areas that are nearly the same.

    Parameters
    ----------
    shapes : sequence of shapely.Geometry or None
        Valid, in metres; None where an area is a list or is set aside.
    lists : sequence of frozenset of str or None
        Units of areas that are lists.
    near : float
        Least share of what two areas cover together that both cover.

    Returns
    -------
    pandas.DataFrame
        ``first`` and ``second`` (positions, first below second) and ``iou``.
    """
    import shapely

    at = np.array([i for i, shape in enumerate(shapes) if shape is not None], dtype=np.int64)
    found: list[tuple[int, int, float]] = []
    if len(at):
        values = np.array([shapes[i] for i in at], dtype=object)
        area = shapely.area(values)
        i, j = shapely.STRtree(values).query(values)
        i, j = i[i < j], j[i < j]
        size = np.minimum(area[i], area[j]) / np.maximum(area[i], area[j]) >= near
        i, j = i[size], j[size]
        with meter("Comparing areas", len(i)) as bar:
            for start in range(0, len(i), _BATCH):
                a, b = i[start : start + _BATCH], j[start : start + _BATCH]
                common = shapely.area(shapely.intersection(values[a], values[b]))
                iou = common / (area[a] + area[b] - common)
                found += [(int(at[x]), int(at[y]), float(v)) for x, y, v in zip(a, b, iou, strict=True) if v >= near]
                bar.advance(len(a))
    found += _lists_alike(lists, near)
    return pd.DataFrame(found, columns=["first", "second", "iou"])


def _lists_alike(lists: Sequence[frozenset[str] | None], near: float) -> list[tuple[int, int, float]]:
    """Compare lists of units that share one."""
    from scipy import sparse

    held = [i for i, units in enumerate(lists) if units]
    if len(held) < 2:
        return []
    codes, _ = pd.factorize(np.array([unit for i in held for unit in sorted(lists[i] or ())], dtype=object))
    size = np.array([len(lists[i] or ()) for i in held])
    place = np.repeat(np.arange(len(held)), size)
    table = sparse.csr_array((np.ones(len(codes), dtype=np.int64), (place, codes)))
    common = sparse.triu(table @ table.T, k=1).tocoo()
    iou = common.data / (size[common.row] + size[common.col] - common.data)
    return sorted(
        (held[i], held[j], float(v)) for i, j, v in zip(common.row, common.col, iou, strict=True) if v >= near
    )


def groups(count: int, pairs: pd.DataFrame) -> np.ndarray:
    """Number the groups that pairs make, in order of their first member.

    Parameters
    ----------
    count : int
        How many areas there are.
    pairs : pandas.DataFrame
        ``first`` and ``second``.

    Returns
    -------
    numpy.ndarray
        A number from 1 for each area in a group, 0 for the others.
    """
    parent = list(range(count))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for first, second in zip(pairs["first"], pairs["second"], strict=True):
        low, high = sorted((root(int(first)), root(int(second))))
        parent[high] = low
    roots = np.array([root(i) for i in range(count)], dtype=np.int64)
    sizes = np.bincount(roots, minlength=count) if count else np.zeros(0, dtype=np.int64)
    numbers = {int(r): n for n, r in enumerate((r for r in range(count) if sizes[r] > 1), 1)}
    return np.array([numbers.get(int(r), 0) for r in roots], dtype=np.int64)
