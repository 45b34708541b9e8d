"""What a reader must know about neighbours: islands, groups, overlaps, near misses, links."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit.i18n.messages import Message, mark, say, term
from kit.model.things import few

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
    ids = shapes.index
    notes: list[str] = []
    alone = np.flatnonzero(np.bincount(pairs.ravel(), minlength=len(ids)) == 0)
    if len(alone):
        notes.append(_islands(shapes, alone, crs, what))
    notes += _groups(len(ids), pairs, what)
    if len(overlaps):
        whole = overlaps["area"].sum()
        less = say("less than 1 m² in all")
        notes.append(
            say(
                "{pairs} of {units} overlap ({size}), first {first}; they count as neighbours.",
                pairs=_pairs(len(overlaps)),
                units=term(what),
                size=say("{area:,.0f} m² in all", area=float(whole)) if whole >= 1 else less,
                first=_name(ids, overlaps.index[0]),
            )
        )
    if len(near):
        notes.append(
            say(
                "{pairs} of {units} run beside each other less than {distance:g} cm apart and do not touch, first "
                "{first}; they are not neighbours. Mend the layer or list them as links.",
                pairs=_pairs(len(near)),
                units=term(what),
                distance=NEAR * 100,
                first=_name(ids, near[0]),
            )
        )
    notes += _links(*links)
    return tuple(notes)


# How many of the listed pairs do not touch, and how many touch anyway: one or more.
_LINKS = {
    (1, 0): mark("{added} of neighbours comes from a table of links and does not touch."),
    (1, 1): mark(
        "{added} of neighbours comes from a table of links and does not touch. {rest:,} more in the table touches "
        "anyway."
    ),
    (1, 2): mark(
        "{added} of neighbours comes from a table of links and does not touch. {rest:,} more in the table touch anyway."
    ),
    (2, 0): mark("{added} of neighbours come from a table of links and do not touch."),
    (2, 1): mark(
        "{added} of neighbours come from a table of links and do not touch. {rest:,} more in the table touches anyway."
    ),
    (2, 2): mark(
        "{added} of neighbours come from a table of links and do not touch. {rest:,} more in the table touch anyway."
    ),
}


def _links(listed: int, added: int) -> list[str]:
    """Say how many pairs come from the table of links alone."""
    rest = listed - added
    if added:
        return [say(_LINKS[min(added, 2), min(rest, 2)], added=_pairs(added), rest=rest)]
    if listed == 1:
        return [say("The 1 pair in the table of links touches anyway.")]
    return [say("The {number:,} pairs in the table of links touch anyway.", number=listed)] if listed else []


def _pairs(count: int) -> Message:
    return say("1 pair") if count == 1 else say("{count:,} pairs", count=count)


def _name(ids: pd.Index, code: int) -> Message:
    return say("{first} and {last}", first=ids[code // len(ids)], last=ids[code % len(ids)])


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
        say(
            "The {count:,} {units} fall into {groups:,} groups that do not touch each other; the largest holds "
            "{largest:,}.",
            count=count,
            units=term(what),
            groups=groups,
            largest=int(largest),
        )
    ]


_ALONE = {
    (True, "none"): mark("{alone:,} of {count:,} {units} has no neighbour: there is no other."),
    (True, "point"): mark(
        "{alone:,} of {count:,} {units} has no neighbour, first {ids}; {id} meets {nearest} in a point only."
    ),
    (True, "away"): mark(
        "{alone:,} of {count:,} {units} has no neighbour, first {ids}; the nearest to {id} is {nearest}, {far} away."
    ),
    (False, "none"): mark("{alone:,} of {count:,} {units} have no neighbour: there is no other."),
    (False, "point"): mark(
        "{alone:,} of {count:,} {units} have no neighbour, first {ids}; {id} meets {nearest} in a point only."
    ),
    (False, "away"): mark(
        "{alone:,} of {count:,} {units} have no neighbour, first {ids}; the nearest to {id} is {nearest}, {far} away."
    ),
}


def _islands(shapes: Any, alone: np.ndarray, crs: Any, what: str) -> Message:
    """Name the units without neighbours, and how far the first is from the nearest other."""
    import geopandas
    import shapely

    ids = shapes.index
    values = {"alone": len(alone), "count": len(ids), "units": term(what), "ids": few(ids[alone]), "id": ids[alone[0]]}
    one = len(alone) == 1
    if len(ids) == 1:
        return say(_ALONE[one, "none"], **values)
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
        return say(_ALONE[one, "point"], **values, nearest=nearest)
    metres = say("{metres:,.3g} m", metres=km * 1000)
    far = say("{km:,.1f} km", km=float(km)) if km >= 0.1 else metres
    return say(_ALONE[one, "away"], **values, nearest=nearest, far=far)
