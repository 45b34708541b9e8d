"""What a reader must know about neighbours: islands, groups, overlaps, near misses, links."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit.errors import first_few

# Borders that run beside each other this close, in metres, without touching are reported, and not joined.
NEAR = 0.01


def cautions(
    shapes: Any,
    pairs: np.ndarray,
    crs: Any,
    what: str,
    *,
    overlaps: pd.DataFrame,
    near: np.ndarray,
    links: tuple[int, int],
) -> tuple[str, ...]:
    """Write the notes on neighbours.

    Parameters
    ----------
    shapes : geopandas.GeoSeries
        Polygons by id.
    pairs : numpy.ndarray
        Neighbours, by position.
    crs : pyproj.CRS
        Projection to measure in.
    what : str
        What the units are called.
    overlaps : pandas.DataFrame
        By code of a pair, ``area`` in square metres.
    near : numpy.ndarray
        Codes of pairs that nearly touch.
    links : tuple of int
        How many pairs were listed as links, and how many of them do not touch.

    Returns
    -------
    tuple of str
        Notes, each with its count.
    """
    ids, notes = shapes.index, []
    alone = np.flatnonzero(np.bincount(pairs.ravel(), minlength=len(ids)) == 0)
    if len(alone):
        notes.append(_islands(shapes, alone, crs, what))
    notes += _groups(len(ids), pairs, what)
    if len(overlaps):
        whole = overlaps["area"].sum()
        size = f"{whole:,.0f} m² in all" if whole >= 1 else "less than 1 m² in all"
        notes.append(
            f"{_pairs(len(overlaps))} of {what} overlap ({size}), first {_name(ids, overlaps.index[0])}; they count as "
            "neighbours."
        )
    if len(near):
        notes.append(
            f"{_pairs(len(near))} of {what} run beside each other less than {NEAR * 100:g} cm apart and do not touch, "
            f"first {_name(ids, near[0])}; they are not neighbours. Mend the layer or list them as links."
        )
    notes += _links(*links)
    return tuple(notes)


def _links(listed: int, added: int) -> list[str]:
    """Say how many pairs come from the table of links alone."""
    rest = listed - added
    if not added:
        return (
            [f"The {_pairs(listed)} in the table of links touch{'es' if listed == 1 else ''} anyway."] if listed else []
        )
    does = "comes from a table of links and does" if added == 1 else "come from a table of links and do"
    tail = f" {rest:,} more in the table touch{'es' if rest == 1 else ''} anyway." if rest else ""
    return [f"{_pairs(added)} of neighbours {does} not touch.{tail}"]


def _pairs(count: int) -> str:
    return f"{count:,} pair" + ("" if count == 1 else "s")


def _name(ids: pd.Index, code: int) -> str:
    return f"{ids[code // len(ids)]} and {ids[code % len(ids)]}"


def _groups(count: int, pairs: np.ndarray, what: str) -> list[str]:
    """Say into how many groups the units fall."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if not count:
        return []
    graph = coo_array((np.ones(len(pairs), dtype=np.int8), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    groups, label = connected_components(graph, directed=False)
    if groups == 1:
        return []
    largest = np.bincount(label).max()
    return [
        f"The {count:,} {what} fall into {groups:,} groups that do not touch each other; the largest holds {largest:,}."
    ]


def _islands(shapes: Any, alone: np.ndarray, crs: Any, what: str) -> str:
    """Name the units without neighbours, and how far the first is from the nearest other."""
    import geopandas
    import shapely

    ids = shapes.index
    count = f"{len(alone):,} of {len(ids):,} {what} {'has' if len(alone) == 1 else 'have'} no neighbour"
    text = f"{count}, first {first_few(ids[alone])}"
    if len(ids) == 1:
        return f"{count}: there is no other."
    tree = shapely.STRtree(shapes.to_numpy())
    here = shapes.iloc[alone[0]]
    _, (distance, *_) = tree.query_nearest(here, exclusive=True, return_distance=True)
    stretch = 1.0
    if shapes.crs.is_geographic:  # a degree of longitude is shorter than one of latitude
        stretch = 1 / max(np.cos(np.radians(np.abs(here.bounds[1::2]).max() + distance)), 0.01)
    west, south, east, north = here.bounds
    reach = shapely.box(
        west - distance * stretch, south - distance * stretch, east + distance * stretch, north + distance * stretch
    )
    others = np.setdiff1d(tree.query(reach), alone[:1])
    flat = geopandas.GeoSeries([here, *shapes.iloc[others]], crs=shapes.crs).to_crs(crs).to_numpy()
    away = shapely.distance(flat[0], flat[1:])
    nearest, km = ids[others[away.argmin()]], away.min() * crs.axis_info[0].unit_conversion_factor / 1000
    if km < 1e-9:
        return f"{text}; {ids[alone[0]]} meets {nearest} in a point only."
    far = f"{km:,.1f} km" if km >= 0.1 else f"{km * 1000:,.3g} m"
    return f"{text}; the nearest to {ids[alone[0]]} is {nearest}, {far} away."
