"""Joining the polygons of each district, and what the pieces and holes say about its parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import SchemaError, first_few
from kit.i18n.messages import mark, say
from kit.model.frames import Units
from kit.progress import meter

# Two units that are said to touch may lie this far apart, in steps of the last binary digit of their coordinates.
_STEPS = 16


@dataclass
class Outlines:
    """What the outlines of districts show.

    Parameters
    ----------
    pieces : dict of str to int
        Pieces of each district's outline.
    holes : dict of str to list of list of str
        For each district, its holes that hold units, and whose units these
        are; units of no district go under no label.
    empty_holes : dict of str to int
        Holes that hold no unit.
    surrounds : dict of str to str
        Labels of districts that lie wholly in the holes of a district.
    reasons : dict of str to list of str
        Why the pieces are more than the parts, by district.
    conflict : str
        Why both cannot be true, to be raised; empty where all is explained.
    """

    pieces: dict[str, int] = field(default_factory=dict)
    holes: dict[str, list[list[str]]] = field(default_factory=dict)
    empty_holes: dict[str, int] = field(default_factory=dict)
    surrounds: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, list[str]] = field(default_factory=dict)
    conflict: str = ""


def polygons_of(units: Units) -> Any:
    """Return the polygons of units; None where they have none.

    Parameters
    ----------
    units : Units
        Units.

    Returns
    -------
    geopandas.GeoSeries or None
        Polygons on the units' index.

    Raises
    ------
    SchemaError
        Some units have a polygon and others have none.
    """
    import shapely

    shapes = units.geometry
    if shapes is None or not len(shapes):
        return None
    flat = np.isin(shapely.get_type_id(shapes.to_numpy()), (3, 6)) & ~shapely.is_empty(shapes.to_numpy())
    if not flat.any():
        return None
    if not flat.all():
        raise SchemaError(
            f"{int((~flat).sum()):,} of {len(flat):,} {units.plural} have no polygon, first "
            f"{first_few(shapes.index[~flat])}. Complete the layer, or leave the shapes out."
        )
    return shapes


def outline(shapes: Any, district: np.ndarray, labels: list[str], part: np.ndarray, pairs: pd.DataFrame) -> Outlines:
    """Join the polygons of each district and compare the pieces with its parts.

    Parameters
    ----------
    shapes : geopandas.GeoSeries
        Polygons of the units.
    district : numpy.ndarray
        Position of each unit's district in `labels`; -1 for none.
    labels : list of str
        Districts.
    part : numpy.ndarray
        Number of the part that each unit is in.
    pairs : pandas.DataFrame
        Neighbours within districts: ``first``, ``second``, ``shared``, ``linked``.

    Returns
    -------
    Outlines
        Pieces, holes, and why they differ from the parts.
    """
    import shapely

    polygons, found = shapes.to_numpy(), Outlines()
    of_district: list[int] = []
    pieces: list[np.ndarray] = []
    with meter("Joining polygons", len(labels)) as bar:
        for code, label in enumerate(labels):
            mine = np.flatnonzero(district == code)
            joined = _join(polygons[mine]) if len(mine) else np.zeros(0, dtype=object)
            found.pieces[label] = len(joined)
            of_district += [code] * len(joined)
            pieces.append(joined)
            if len(joined) > 1 or len(np.unique(part[mine])) > 1:
                inside = pairs[district[pairs["first"].to_numpy()] == code]
                _explain(found, label, shapes, mine=mine, pieces=joined, part=part, pairs=inside)
            bar.advance(1)
    whole = np.concatenate(pieces) if pieces else np.zeros(0, dtype=object)
    owner = np.array(of_district, dtype=np.int64)
    spare = polygons[district < 0]
    points = shapely.point_on_surface(np.concatenate([whole, spare]))
    whose = np.concatenate([owner, np.full(len(spare), -1)])
    _surround(found, whole, owner, labels, points=points, whose=whose)
    return found


def _join(polygons: np.ndarray) -> np.ndarray:
    """Join polygons into pieces, the quick way where they tile."""
    import shapely

    try:
        joined = shapely.coverage_union_all(polygons)
        tiled = bool(shapely.is_valid(joined)) and np.isclose(
            shapely.area(joined), shapely.area(polygons).sum(), rtol=1e-9
        )
    except shapely.errors.GEOSException:
        tiled = False
    if not tiled:
        joined = shapely.union_all(_mended(polygons))
    pieces: np.ndarray = shapely.get_parts(joined)
    return pieces[np.isin(shapely.get_type_id(pieces), (3, 6))]


def _mended(polygons: np.ndarray) -> np.ndarray:
    """Mend invalid rings, which cannot be joined or given a point inside."""
    import shapely

    broken = ~shapely.is_valid(polygons)
    mended = polygons.copy()
    mended[broken] = shapely.make_valid(polygons[broken])
    return mended


def _explain(
    found: Outlines,
    label: str,
    shapes: Any,
    *,
    mine: np.ndarray,
    pieces: np.ndarray,
    part: np.ndarray,
    pairs: pd.DataFrame,
) -> None:
    """Say why a district has more pieces than parts; note a conflict where nothing explains it."""
    import shapely

    bits, of = shapely.get_parts(_mended(shapes.to_numpy()[mine]), return_index=True)
    piece, bit = shapely.STRtree(shapely.point_on_surface(bits)).query(pieces, predicate="intersects")
    unit = mine[of[bit]]
    one = pd.DataFrame({"piece": piece, "part": part[unit]}).drop_duplicates()
    torn = one[one["piece"].duplicated(keep=False)]
    if len(torn):
        at = torn["piece"].iloc[0]
        ends = [shapes.index[unit[(piece == at) & (part[unit] == p)][0]] for p in torn["part"][torn["piece"] == at][:2]]
        found.conflict = found.conflict or (
            f"district {label}: {ends[0]} and {ends[1]} lie in one piece of its outline and in two parts by the list "
            "of neighbours. Find the neighbours of these very shapes."
        )
        return
    home = pd.Series(piece, index=unit)
    home = home[~home.index.duplicated()]
    steps = [
        (mark("{number:,} joined by a unit in several pieces"), _chain(unit, piece)),
        (mark("{number:,} joined by a common point"), _across(pairs[(pairs["shared"] == 0) & ~pairs["linked"]], home)),
        (mark("{number:,} joined by a link"), _across(pairs[pairs["linked"]], home)),
        (
            mark("{number:,} joined by a border that meets to the last digit only"),
            _across(pairs[pairs["shared"] > 0], home),
        ),
    ]
    apart = _said_to_touch(shapes, pairs, home)
    if apart:
        found.conflict = found.conflict or f"district {label}: {apart}"
        return
    ties: Any = np.zeros((0, 2), dtype=np.int64)
    left = len(pieces)
    reasons: list[str] = []
    for name, step in steps:
        ties = np.concatenate([ties, step])
        now = _components(len(pieces), ties)
        if now < left:
            reasons.append(say(name, number=left - now))
        left = now
    if reasons:
        found.reasons[label] = reasons


def _chain(unit: np.ndarray, piece: np.ndarray) -> np.ndarray:
    """Tie the pieces in which one unit lies."""
    order = np.argsort(unit, kind="stable")
    unit, piece = unit[order], piece[order]
    same = unit[1:] == unit[:-1]
    return np.stack([piece[:-1][same], piece[1:][same]], axis=1)


def _across(pairs: pd.DataFrame, home: pd.Series) -> np.ndarray:
    """Tie the pieces of two neighbours."""
    return np.stack([home.loc[pairs[side]].to_numpy() for side in ("first", "second")], axis=1)


def _said_to_touch(shapes: Any, pairs: pd.DataFrame, home: pd.Series) -> str:
    """Name two units in different pieces that are said to touch and lie apart; empty where there are none."""
    import shapely

    near = pairs[~pairs["linked"]]
    ends = _across(near, home)
    near = near[ends[:, 0] != ends[:, 1]]
    if near.empty:
        return ""
    first, second = near["first"].to_numpy(), near["second"].to_numpy()
    polygons = shapes.to_numpy()
    away = shapely.distance(polygons[first], polygons[second])
    step = _STEPS * np.spacing(np.abs(shapes.total_bounds).max())
    if shapes.crs is not None and shapes.crs.is_geographic and shapes.total_bounds[2] - shapes.total_bounds[0] > 180:
        return ""  # the two sides of the antimeridian are 360 degrees apart and touch
    far = np.flatnonzero(away > step)
    if not len(far):
        return ""
    one, other = shapes.index[first[far[0]]], shapes.index[second[far[0]]]
    return (
        f"{one} and {other} stand in the list of neighbours as touching, and their shapes lie apart. "
        "Find the neighbours of these very shapes, or list the pair as a link."
    )


def _components(size: int, ends: np.ndarray) -> int:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    return int(connected_components(graph, directed=False, return_labels=False))


def _surround(
    found: Outlines, pieces: np.ndarray, owner: np.ndarray, labels: list[str], *, points: np.ndarray, whose: np.ndarray
) -> None:
    """Find whose pieces lie in the holes of each district."""
    import shapely

    found.holes = {label: [] for label in labels}
    found.empty_holes = dict.fromkeys(labels, 0)
    found.surrounds = dict.fromkeys(labels, "")
    counts = shapely.get_num_interior_rings(pieces)
    at = np.repeat(np.arange(len(pieces)), counts)
    order = np.concatenate([np.arange(c) for c in counts]) if len(counts) else np.zeros(0, dtype=int)
    if not len(at):
        return
    rings = shapely.polygons(shapely.get_interior_ring(pieces[at], order))
    hole, point = shapely.STRtree(points).query(rings, predicate="intersects")
    total = np.bincount(whose[whose >= 0], minlength=len(labels))
    held: dict[tuple[int, int], int] = {}
    for k in range(len(rings)):
        mine = owner[at[k]]
        inside = whose[point[hole == k]]
        inside = inside[inside != mine]
        if not len(inside):
            found.empty_holes[labels[mine]] += 1
            continue
        names = np.unique(inside)
        found.holes[labels[mine]].append([labels[code] for code in names if code >= 0])
        for code in names[names >= 0]:
            held[mine, code] = held.get((mine, code), 0) + int((inside == code).sum())
    for code, label in enumerate(labels):
        whole = [labels[other] for (mine, other), n in sorted(held.items()) if mine == code and n == total[other]]
        found.surrounds[label] = ", ".join(whole)
