"""Comparing the stretches of border that have no equal partner: unequal vertices, overlaps, gaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kit.analysis._borders import Matches, Segments

# A point within this many steps of the last binary digit of a line lies on it: a point computed to lie there and
# then rounded to a number is off by about one.
_STEPS = 8


@dataclass(frozen=True)
class Loose:
    """What pieces without an equal partner have to do with each other.

    Parameters
    ----------
    pairs : numpy.ndarray
        Shape (borders, 2): polygons with a common stretch of border whose vertices differ.
    begin, end : numpy.ndarray
        Shape (borders, 2): where each such stretch begins and ends.
    overlaps : numpy.ndarray
        Shape (pairs, 2): polygons whose insides meet.
    touches : numpy.ndarray
        Shape (touches, 2): a vertex, and a polygon whose outline passes through it.
    near : numpy.ndarray
        Shape (pairs, 2): polygons that run beside each other within the gap asked for, and do not touch there.
    """

    pairs: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    overlaps: np.ndarray
    touches: np.ndarray
    near: np.ndarray


def compare_loose(
    segments: Segments, matches: Matches, polygons: np.ndarray, *, gap: tuple[float, float], around: bool = False
) -> Loose:
    """Compare the pieces that are open to one side with each other.

    Parameters
    ----------
    segments : Segments
        Pieces of outline.
    matches : Matches
        Which of them are open.
    polygons : numpy.ndarray
        The polygons themselves.
    gap : tuple of float
        How far apart east-west and north-south, in units of the coordinates,
        borders may run to be reported as near.
    around : bool
        Whether 360 was added to negative longitudes.

    Returns
    -------
    Loose
        Borders with unequal vertices, overlaps, touching points, near misses.

    Notes
    -----
    Where polygons tile a place, both sides of every line are taken, so
    whatever does not tile it is bounded by open pieces: nothing else needs to
    be looked at.
    """
    import shapely

    loose = matches.open
    a, b = segments.ends(loose)
    low, high = np.minimum(a, b), np.maximum(a, b)
    tree = shapely.STRtree(shapely.linestrings(np.stack([a, b], axis=1)))
    boxes = shapely.box(low[:, 0] - gap[0], low[:, 1] - gap[1], high[:, 0] + gap[0], high[:, 1] + gap[1])
    i, j = tree.query(boxes)
    unit = segments.unit[loose]
    p, q = matches.point[segments.start[loose]], matches.point[segments.start[loose] + 1]
    equal = ((p[i] == p[j]) & (q[i] == q[j])) | ((p[i] == q[j]) & (q[i] == p[j]))  # these are in `matches`
    apart = (unit[i] != unit[j]) & ~equal
    i, j = i[apart], j[apart]
    # Each pair comes in both orders; the longer piece is the line that the other is measured against.
    size = np.hypot(*((b - a) / gap).T)
    base = (size[i] > size[j]) | ((size[i] == size[j]) & (i < j))
    i, j = i[base], j[base]
    found = _along(a, b, i, j, gap=np.array(gap), step=_STEPS * np.spacing(np.abs(segments.xy).max(initial=1.0)))
    at, other = found.touch_at, found.touch_by
    vertex = segments.start[loose[at // 2]] + at % 2
    inside = _inside(a, b, unit, polygons, around=around)
    border = found.border
    # A rounded midpoint of a common border may fall to either side of it.
    shared = np.unique(np.concatenate([_code(i[border], unit[j[border]]), _code(j[border], unit[i[border]])]))
    inside = inside[~np.isin(_code(inside[:, 0], inside[:, 1]), shared)]
    both = np.stack([unit[i], unit[j]], axis=1)
    left = segments.left[loose]
    same_side = border & (found.back != (left[i] == left[j]))
    overlaps = np.concatenate([both[found.cross | same_side], _units(unit, inside)])
    return Loose(
        pairs=both[border],
        begin=found.begin,
        end=found.end,
        overlaps=overlaps,
        touches=np.stack([vertex, unit[other]], axis=1),
        near=both[found.near],
    )


def _units(unit: np.ndarray, inside: np.ndarray) -> np.ndarray:
    return np.stack([unit[inside[:, 0]], inside[:, 1]], axis=1)


def _code(piece: np.ndarray, unit: np.ndarray) -> np.ndarray:
    return piece.astype(np.int64) << np.int64(32) | unit.astype(np.int64)


def _inside(a: np.ndarray, b: np.ndarray, unit: np.ndarray, polygons: np.ndarray, *, around: bool) -> np.ndarray:
    """Find open pieces whose middle lies inside another polygon: rows of a piece and a polygon."""
    import shapely

    middle = (a + b) / 2
    if around:
        middle[middle[:, 0] > 180, 0] -= 360.0
    polygon, piece = shapely.STRtree(shapely.points(middle)).query(polygons, predicate="contains_properly")
    other = unit[piece] != polygon
    return np.stack([piece[other], polygon[other]], axis=1)


@dataclass(frozen=True)
class _Along:
    """How pairs of pieces lie to each other."""

    border: np.ndarray
    back: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    cross: np.ndarray
    near: np.ndarray
    touch_at: np.ndarray
    touch_by: np.ndarray


def _along(a: np.ndarray, b: np.ndarray, i: np.ndarray, j: np.ndarray, *, gap: np.ndarray, step: float) -> _Along:
    """Lay the shorter piece of each pair against the longer one."""
    line = b[i] - a[i]
    length = np.hypot(line[:, 0], line[:, 1])
    u = line / length[:, None]

    def place(p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        d = p - a[i]
        return d[:, 0] * u[:, 0] + d[:, 1] * u[:, 1], u[:, 0] * d[:, 1] - u[:, 1] * d[:, 0]

    (from_, off_from), (to, off_to) = place(a[j]), place(b[j])
    back = from_ > to
    low, high = np.where(back, to, from_), np.where(back, from_, to)
    begin, end = np.maximum(low, 0), np.minimum(high, length)
    off = np.maximum(np.abs(off_from), np.abs(off_to))
    border = (off <= step) & (end - begin > step)
    first, last = np.where(back[:, None], b[j], a[j]), np.where(back[:, None], a[j], b[j])
    starts = np.where((low > 0)[:, None], first, a[i])
    stops = np.where((high < length)[:, None], last, b[i])
    # A crossing: the ends of each lie clearly on different sides of the other.
    other = b[j] - a[j]
    size = np.hypot(other[:, 0], other[:, 1])
    side_a = (other[:, 0] * (a[i] - a[j])[:, 1] - other[:, 1] * (a[i] - a[j])[:, 0]) / size
    side_b = (other[:, 0] * (b[i] - a[j])[:, 1] - other[:, 1] * (b[i] - a[j])[:, 0]) / size
    clear = (np.abs(off_from) > step) & (np.abs(off_to) > step) & (np.abs(side_a) > step) & (np.abs(side_b) > step)
    cross = clear & ((off_from > 0) != (off_to > 0)) & ((side_a > 0) != (side_b > 0))
    normal = np.stack([-u[:, 1], u[:, 0]], axis=1)
    wide = np.hypot(normal[:, 0] * gap[0], normal[:, 1] * gap[1])
    near = ~border & (off <= wide) & (end - begin > 10 * wide)
    on = [
        (2 * j, i, (np.abs(off_from) <= step) & (from_ >= -step) & (from_ <= length + step)),
        (2 * j + 1, i, (np.abs(off_to) <= step) & (to >= -step) & (to <= length + step)),
    ]
    at_a, at_b = a[i] - a[j], b[i] - a[j]
    for k, at, side in ((2 * i, at_a, side_a), (2 * i + 1, at_b, side_b)):
        t = (at * other).sum(axis=1) / size
        on.append((k, j, (np.abs(side) <= step) & (t >= -step) & (t <= size + step)))
    touch_at = np.concatenate([end_[hit] for end_, _, hit in on])
    touch_by = np.concatenate([piece[hit] for _, piece, hit in on])
    return _Along(border, back, starts[border], stops[border], cross, near, touch_at, touch_by)
