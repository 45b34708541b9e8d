"""Which units touch: common borders, common points, and links from a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis._borders import Matches, Segments, match, trace
from kit.analysis._neighbour_notes import NEAR, cautions
from kit.analysis._open_borders import Loose, compare_loose
from kit.analysis._overlaps import measure, spread
from kit.errors import InputError, SchemaError, first_few
from kit.model.adjacency import Adjacency
from kit.model.crs import describe, equal_area, one_datum, require_area_crs, require_crs
from kit.model.frames import Units
from kit.progress import meter

RULES = ("rook", "queen")
_DEGREE = 111_000.0


def adjacency(units: Any, *, rule: str = "rook", links: Any = (), crs: Any = None) -> Adjacency:
    """Find which units are neighbours.

    Parameters
    ----------
    units : Units or geopandas.GeoSeries
        Units with polygons, or polygons indexed by GEOID, with a CRS.
    rule : {"rook", "queen"}
        ``rook`` wants a common border of some length; ``queen`` also takes
        units that meet in a point.
    links : iterable of pairs of str or pandas.DataFrame
        Pairs of GEOIDs, or a table with two columns of them, that count as
        neighbours without touching: bridges, ferries. Each pair once or more
        often, in any order.
    crs : pyproj.CRS or str, optional
        Projection in which borders are measured; by default an equal-area
        projection centred on the units.

    Returns
    -------
    Adjacency
        Each pair once, with the length of the common border in metres; notes
        on units without neighbours, groups of units that do not touch each
        other, overlaps, near misses and links.

    Raises
    ------
    InputError
        The rule is unknown, or the units have no shapes.
    SchemaError
        There are no units; shapes are missing, empty, not polygons or have
        vertices that are not numbers; ids stand twice; a link names an unknown
        unit or ties a unit to itself.
    CRSError
        The shapes have no CRS, or `crs` is in degrees or Web Mercator.

    Notes
    -----
    Whether units touch is decided on the coordinates as they were given, and
    only lengths are measured after projection, because a straight line is no
    longer quite straight then. There is no snapping distance. Borders of equal
    vertices match to the last bit. A border whose vertices differ, as where
    one unit has a corner on the other's side, matches where the vertices of
    one lie on the line of the other to eight steps of the last binary digit
    of the coordinates: about a hundred-millionth of a metre in degrees, the
    error of any computed point. Units whose insides overlap, be it by a hair, are
    neighbours, as no gap parts them; half the outline of the overlap counts
    as border. Units that run beside each other less than a centimetre apart
    and do not touch are reported and stay apart: a gap is for the author of
    the layer to mend, or for `links`.

    Invalid rings are taken as they stand, since a border is one on either
    side of a bow-tie. Shapes on both sides of the antimeridian are joined
    there.
    """
    shapes, what = _polygons(units)
    if rule not in RULES:
        raise InputError(f'rule={rule!r} is not known; use "rook" (a common border) or "queen" (a common point).')
    require_crs(shapes, what=f"the layer of {what}")
    shapes = one_datum(shapes)
    native = shapes.crs
    measured = equal_area(shapes) if crs is None else require_area_crs(crs, what="measuring borders")
    ids = _ids(shapes.index, what)
    extra = _links(links, ids)
    polygons = shapes.to_numpy()
    with meter("Finding neighbours", 4) as bar:
        around = bool(native.is_geographic and shapes.total_bounds[2] - shapes.total_bounds[0] > 180)
        segments = trace(polygons, around=around)
        bar.advance(1)
        matches = match(segments)
        bar.advance(1)
        loose = compare_loose(segments, matches, polygons, gap=_gap(native, segments), around=around)
        bar.advance(1)
        touching = _measure(segments, matches, loose, _Ruler(native, measured), len(ids))
        seen = _overlaps(segments, matches, loose, len(ids))
        overlaps = measure(spread(seen, touching.index.to_numpy(), polygons), shapes, measured)
        if len(overlaps):
            touching = touching.add(overlaps["border"], fill_value=0)
        if rule == "queen":
            points = _meeting(segments, matches, loose, len(ids))
            touching = touching.reindex(touching.index.union(points), fill_value=0.0)
        bar.advance(1)
    added = np.setdiff1d(extra, touching.index)
    touching = touching.reindex(np.union1d(touching.index, added)) if len(added) else touching
    codes = touching.index.to_numpy(dtype=np.int64)
    linked = np.isin(codes, added)
    pairs = np.stack([codes // len(ids), codes % len(ids)], axis=1)
    near = np.setdiff1d(_codes(loose.near[:, 0], loose.near[:, 1], len(ids)), codes, assume_unique=not len(loose.near))
    notes = cautions(
        shapes.set_axis(ids),
        pairs,
        measured,
        what,
        overlaps=overlaps[overlaps["area"] > 0],
        near=near,
        links=(len(extra), len(added)),
    )
    return Adjacency(ids, pairs, touching.to_numpy(), linked, rule, describe(measured), notes)


def _polygons(units: Any) -> tuple[Any, str]:
    """Take the shapes out of units or a layer, and refuse what has no border."""
    import shapely

    if not isinstance(units, Units) and not hasattr(units, "geom_type"):
        raise InputError(f"neighbours are found among units or a layer of polygons, not in a {type(units).__name__}.")
    shapes, what = units.geometry, getattr(units, "plural", "units")
    if shapes is None:
        raise InputError(f"these {what} have no shapes; add them with units.with_geometry(...).")
    values = shapes.to_numpy()
    if not len(values):
        raise SchemaError(f"there are no {what} whose neighbours could be found; check what was read.")
    blank = shapely.is_missing(values) | shapely.is_empty(values)
    if blank.any():
        raise SchemaError(
            f"{int(blank.sum()):,} of {len(values):,} {what} have no shape, first {first_few(shapes.index[blank])}. "
            "Complete the layer or leave those units out."
        )
    flat = ~np.isin(shapely.get_type_id(values), (3, 6))
    if flat.any():
        raise SchemaError(
            f"{int(flat.sum()):,} of {len(values):,} {what} are not polygons, first {first_few(shapes.index[flat])}. "
            "Neighbours have a border in common; add the polygons of these units."
        )
    if not np.isfinite(shapely.get_coordinates(values).sum()):
        odd = _with_odd_vertices(values)
        raise SchemaError(
            f"{int(odd.sum()):,} of {len(values):,} {what} have vertices that are not numbers, first "
            f"{first_few(shapes.index[odd])}. Read the layer again or leave those units out."
        )
    return shapes, what


def _with_odd_vertices(values: np.ndarray) -> np.ndarray:
    """Mark polygons of which some vertex is not a number."""
    import shapely

    xy, of = shapely.get_coordinates(values, return_index=True)
    odd = np.zeros(len(values), dtype=bool)
    fine = np.isfinite(xy.sum(axis=1))
    odd[of[~fine]] = True
    return odd


def _ids(index: pd.Index, what: str) -> pd.Index:
    """Return the ids as text, each once."""
    ids = pd.Index(index.astype(str), dtype="str", name="GEOID")
    twice = ids[ids.duplicated()]
    if len(twice):
        raise SchemaError(f"{len(twice):,} ids of {what} stand in more than one row: {first_few(twice.unique())}.")
    return ids


def _links(links: Any, ids: pd.Index) -> np.ndarray:
    """Read a table of links as codes of pairs, each once."""
    if isinstance(links, pd.DataFrame):
        if links.shape[1] != 2:
            raise SchemaError(
                f"a table of links has two columns of GEOIDs, and this has {links.shape[1]}: "
                f"{first_few(links.columns)}. Pass links[[from, to]]."
            )
        rows = links.to_numpy(dtype=object).tolist()
    elif links is None or not isinstance(links, Iterable):
        raise InputError(
            f"links are pairs of GEOIDs, such as [(a, b)], not {links!r}; leave them out where there are none."
        )
    else:
        rows = [tuple(pair) if isinstance(pair, Iterable) and not isinstance(pair, str) else (pair,) for pair in links]
    wrong = [row for row in rows if len(row) != 2]
    if wrong:
        raise SchemaError(f"{len(wrong):,} links are not pairs of GEOIDs, first {wrong[0]!r}.")
    if not rows:
        return np.zeros(0, dtype=np.int64)
    names = np.array([[str(a).strip(), str(b).strip()] for a, b in rows], dtype=object)
    at = ids.get_indexer(names.ravel()).reshape(-1, 2)
    strange = names[at < 0]
    if len(strange):
        raise SchemaError(
            f"{len(set(strange)):,} ids in the links are not among the {len(ids):,} units: "
            f"{first_few(dict.fromkeys(strange))}. Use GEOIDs of the same level and year, as text."
        )
    same = at[:, 0] == at[:, 1]
    if same.any():
        raise SchemaError(f"{int(same.sum()):,} links tie a unit to itself, first {names[same][0, 0]}. Leave them out.")
    codes: np.ndarray = np.unique(_codes(at[:, 0], at[:, 1], len(ids)))
    return codes


def _codes(a: np.ndarray, b: np.ndarray, n: int) -> np.ndarray:
    """Give each pair of positions one number, whatever its order."""
    code: np.ndarray = np.minimum(a, b).astype(np.int64) * np.int64(n) + np.maximum(a, b)
    return code


def _gap(native: Any, segments: Segments) -> tuple[float, float]:
    """Write the distance of near misses in units of the coordinates, east-west and north-south."""
    if not native.is_geographic:
        side = NEAR / native.axis_info[0].unit_conversion_factor
        return side, side
    steepest = np.cos(np.radians(min(np.abs(segments.xy[:, 1]).max(initial=0), 89.0)))
    return NEAR / (_DEGREE * float(steepest)), NEAR / _DEGREE


class _Ruler:
    """Measures on the projection, in metres."""

    def __init__(self, native: Any, measured: Any) -> None:
        import pyproj

        self._to = None if native == measured else pyproj.Transformer.from_crs(native, measured, always_xy=True)
        self._metres = measured.axis_info[0].unit_conversion_factor

    def project(self, xy: np.ndarray) -> np.ndarray:
        """Bring points to the projection."""
        if self._to is not None and len(xy):
            xy = np.column_stack(self._to.transform(xy[:, 0], xy[:, 1]))
        flat: np.ndarray = xy * self._metres
        return flat


def _measure(segments: Segments, matches: Matches, loose: Loose, ruler: _Ruler, n: int) -> pd.Series:
    """Add up the length of border of each pair of units, by the pair's code."""
    from scipy.sparse import csr_array

    used = np.zeros(len(segments.xy), dtype=bool)
    begin = segments.start[matches.first]
    used[begin] = used[begin + 1] = True
    where = np.cumsum(used) - 1
    flat = ruler.project(segments.xy[used])
    across = flat[where[begin + 1]] - flat[where[begin]]
    other = ruler.project(loose.end) - ruler.project(loose.begin)
    lengths = np.concatenate([np.hypot(*across.T), np.hypot(*other.T)])
    first = np.concatenate([segments.unit[matches.first], loose.pairs[:, 0]])
    second = np.concatenate([segments.unit[matches.second], loose.pairs[:, 1]])
    table = csr_array((lengths, (np.minimum(first, second), np.maximum(first, second))), shape=(n, n))
    table.sum_duplicates()
    table.sort_indices()
    codes = np.repeat(np.arange(n, dtype=np.int64) * n, np.diff(table.indptr)) + table.indices
    return pd.Series(table.data, index=codes)


def _overlaps(segments: Segments, matches: Matches, loose: Loose, n: int) -> np.ndarray:
    """List pairs of units whose insides meet, by code."""
    same = matches.overlap
    return np.unique(
        np.concatenate(
            [
                _codes(segments.unit[matches.first[same]], segments.unit[matches.second[same]], n),
                _codes(loose.overlaps[:, 0], loose.overlaps[:, 1], n),
            ]
        )
    )


def _meeting(segments: Segments, matches: Matches, loose: Loose, n: int) -> np.ndarray:
    """List pairs of units with a common point, by code."""
    points = matches.point[segments.start]
    order = np.argsort(points)
    points, unit = points[order], segments.unit[order]
    spot = segments.xy.view(np.complex128).ravel()[segments.start[order]]
    found = []
    for step in range(1, len(points)):
        run = np.flatnonzero(points[step:] == points[:-step])
        if not len(run):
            break
        real = (unit[run] != unit[run + step]) & (spot[run] == spot[run + step])
        found.append(_codes(unit[run][real], unit[run + step][real], n))
    vertex, line = loose.touches.T
    low, high = (np.searchsorted(points, matches.point[vertex], side=side) for side in ("left", "right"))
    count = high - low
    at = np.repeat(low - np.concatenate([[0], np.cumsum(count)[:-1]]), count) + np.arange(count.sum())
    there, line = unit[at], np.repeat(line, count)
    found.append(_codes(there[there != line], line[there != line], n))
    return np.unique(np.concatenate(found))
