"""Finding the stretches of border that polygons share, on the numbers as they stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# Multipliers that scatter the bits of a number, and the shift between them.
_SCATTER = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0xBF58476D1CE4E5B9))
_HALF = np.uint64(32)
_ATTEMPTS = 4


@dataclass(frozen=True)
class Segments:
    """Straight pieces of the outlines of polygons.

    Parameters
    ----------
    xy : numpy.ndarray
        Shape (vertices, 2): all vertices, ring after ring.
    start : numpy.ndarray
        Vertex at which each piece begins; it ends at the next one.
    unit : numpy.ndarray
        Position of the polygon that each piece belongs to.
    left : numpy.ndarray
        True where the inside lies to the left of the piece.
    """

    xy: np.ndarray
    start: np.ndarray
    unit: np.ndarray
    left: np.ndarray

    def ends(self, which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the two ends of some pieces.

        Parameters
        ----------
        which : numpy.ndarray
            Positions of pieces.

        Returns
        -------
        tuple of numpy.ndarray
            Two arrays of shape (pieces, 2).
        """
        return self.xy[self.start[which]], self.xy[self.start[which] + 1]


@dataclass(frozen=True)
class Matches:
    """Pieces of outline that two polygons have in common, vertex for vertex.

    Parameters
    ----------
    first, second : numpy.ndarray
        Positions of pieces that are the same line; they belong to different polygons.
    overlap : numpy.ndarray
        True where both polygons lie on the same side of the line.
    open : numpy.ndarray
        Positions of pieces that have a polygon on one side only, as far as equal vertices tell.
    point : numpy.ndarray
        A number for each vertex, equal for equal vertices.
    """

    first: np.ndarray
    second: np.ndarray
    overlap: np.ndarray
    open: np.ndarray
    point: np.ndarray


def trace(polygons: np.ndarray, *, around: bool = False) -> Segments:
    """Take the outlines of polygons apart.

    Parameters
    ----------
    polygons : numpy.ndarray
        Polygons and multipolygons.
    around : bool
        Add 360 to negative longitudes, for shapes on both sides of the
        antimeridian.

    Returns
    -------
    Segments
        Every piece that has a length.
    """
    xy, sizes, hole, of_unit = _rings(polygons)
    if around:
        xy[xy[:, 0] < 0, 0] += 360.0
    x, y = xy[:, 0], xy[:, 1]
    rings = np.concatenate([[0], np.cumsum(sizes)])
    inner = np.ones(len(xy), dtype=bool)
    inner[rings[1:] - 1] = False  # the last vertex of a ring begins nothing
    start = np.flatnonzero(inner)
    dx, dy = x[start + 1] - x[start], y[start + 1] - y[start]
    long = (dx != 0) | (dy != 0)
    ring = np.repeat(np.arange(len(sizes)), sizes - 1)
    base = xy[rings[:-1]][ring]
    turn = (x[start] - base[:, 0]) * dy - (y[start] - base[:, 1]) * dx
    twice = np.bincount(ring, weights=turn, minlength=len(sizes))
    left = (twice > 0) != hole
    if not long.all():
        start, ring = start[long], ring[long]
    return Segments(xy, start, of_unit[ring], left[ring])


def _rings(polygons: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the vertices of all rings, and of each ring its size, whether it is a hole, and whose it is."""
    import shapely

    xy = shapely.get_coordinates(polygons) + 0.0  # minus nought is nought
    plain = (shapely.get_type_id(polygons) == 3) & (shapely.get_num_interior_rings(polygons) == 0)
    parts, whose = shapely.get_parts(polygons[~plain], return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    unit = np.concatenate([np.flatnonzero(plain), np.flatnonzero(~plain)[whose[part]]])
    sizes = np.concatenate([shapely.get_num_coordinates(polygons[plain]), shapely.get_num_coordinates(rings)])
    hole = np.concatenate([np.zeros(int(plain.sum()), dtype=bool), np.diff(part, prepend=-1) == 0])
    order = np.argsort(unit, kind="stable")  # as their vertices stand
    order = order[sizes[order] > 0]
    return xy, sizes[order].astype(np.int64), hole[order], unit[order]


def _points(xy: np.ndarray, salt: int) -> np.ndarray:
    """Give every vertex a number that depends on all its bits."""
    odd = np.uint64(2 * salt + 1)
    bits = xy.view(np.uint64)
    mixed = bits[:, 0] * (_SCATTER[0] * odd)
    mixed ^= mixed >> _HALF
    mixed += bits[:, 1] * (_SCATTER[1] * odd)
    mixed ^= mixed >> _HALF
    mixed *= _SCATTER[2]
    mixed ^= mixed >> _HALF
    mixed *= _SCATTER[0]
    mixed ^= mixed >> _HALF
    return mixed


def match(segments: Segments) -> Matches:
    """Find pieces with equal ends.

    Parameters
    ----------
    segments : Segments
        Pieces of outline.

    Returns
    -------
    Matches
        Equal pieces of different polygons, and pieces that are open to one side.

    Raises
    ------
    RuntimeError
        Different pieces were given equal numbers several times over, which
        cannot happen by chance.

    Notes
    -----
    Vertices are numbered by scattering their bits into 64, so that sorting
    brings equal pieces together. That equal numbers are equal coordinates is
    checked on every pair, not assumed.
    """
    for salt in range(_ATTEMPTS):
        with np.errstate(over="ignore"):
            point = _points(segments.xy, salt)
            a, b = point[segments.start], point[segments.start + 1]
            found = _matched(segments, a + b, (a < b) == segments.left, point)
        if found is not None:
            return found
    raise RuntimeError("different pieces of border were numbered alike.")


def _matched(segments: Segments, key: np.ndarray, side: np.ndarray, point: np.ndarray) -> Matches | None:
    """Pair the pieces of equal key; None where a key stands for two different lines."""
    order = np.argsort(key)
    key = key[order]
    firsts, seconds = [], []
    step = 1
    while step < len(key):
        run = np.flatnonzero(key[step:] == key[:-step])
        if not len(run):
            break
        firsts.append(order[run])
        seconds.append(order[run + step])
        step += 1
    if not firsts:
        nothing = np.zeros(0, dtype=np.int64)
        return Matches(nothing, nothing, nothing.astype(bool), np.arange(len(key)), point)
    first, second = _by_first(np.concatenate(firsts), np.concatenate(seconds), len(key), once=len(firsts) == 1)
    i, j = segments.start[first], segments.start[second]
    # Complex numbers compare both coordinates at once.
    spot = segments.xy.view(np.complex128).ravel()
    a, b, c, d = spot[i], spot[i + 1], spot[j], spot[j + 1]
    if not (((a == c) & (b == d)) | ((a == d) & (b == c))).all():
        return None
    unmatched = _unbalanced(key, side, order, len(firsts[0]))
    apart = segments.unit[first] != segments.unit[second]
    first, second = first[apart], second[apart]
    return Matches(first, second, side[first] == side[second], np.sort(unmatched), point)


def _by_first(a: np.ndarray, b: np.ndarray, size: int, *, once: bool) -> tuple[np.ndarray, np.ndarray]:
    """Put the lower position of each pair first, and pairs in its order, which later look-ups like."""
    low, high = np.minimum(a, b), np.maximum(a, b)
    if not once:
        order = np.argsort(low, kind="stable")
        return low[order], high[order]
    partner = np.full(size, -1)
    partner[low] = high
    low = np.flatnonzero(partner >= 0)
    return low, partner[low]


def _unbalanced(key: np.ndarray, side: np.ndarray, order: np.ndarray, paired: int) -> np.ndarray:
    """Find the pieces of which not as many copies have the inside on one hand as on the other."""
    again = key[1:] == key[:-1]
    before, after = np.concatenate([[False], again]), np.concatenate([again, [False]])
    alone = order[~before & ~after]
    if len(alone) + 2 * paired == len(key):  # no line stands more than twice
        at = np.flatnonzero(again)
        same = at[side[order[at]] == side[order[at + 1]]]
        return np.concatenate([alone, order[same], order[same + 1]])
    run = np.cumsum(~before) - 1
    balance = np.bincount(run, weights=np.where(side[order], 1.0, -1.0))
    uneven: np.ndarray = order[balance[run] != 0]
    return uneven
