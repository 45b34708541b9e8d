"""Where dots stand: how many each place gets, and a random point in it for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

# What a dot may stand for, and the most dots that are drawn; a dot for fewer people comes close to single persons.
STEPS = (5, 10, 20, 25, 50)
MOST, WANTED, FEWEST_PEOPLE = 60_000, 20_000, 5


def people_per_dot(total: float, least: float = 0.0) -> int:
    """Choose how many people a dot stands for.

    Parameters
    ----------
    total : float
        People of all groups together.
    least : float
        What dots must stand for to keep apart on the page.

    Returns
    -------
    int
        The smallest round number that gives at most 20,000 dots and is no less than `least`.

    Examples
    --------
    >>> people_per_dot(1_100_000), people_per_dot(900), people_per_dot(900, 12)
    (100, 5, 20)
    """
    scale = 1
    while True:
        for step in STEPS:
            if total / (step * scale) <= WANTED and step * scale >= least:
                return step * scale
        scale *= 10


def dots_by_place(counts: Any, whose: Any, per: int, rng: np.random.Generator) -> Any:
    """Turn counts into dots so that each district has as many as its count asks for.

    Parameters
    ----------
    counts : numpy.ndarray of float
        People in each place.
    whose : numpy.ndarray of int
        Number of the district each lies in.
    per : int
        People a dot stands for.
    rng : numpy.random.Generator
        Decides which places get the dot that several of them share.

    Returns
    -------
    numpy.ndarray of int
        Dots in each place. In every district they add up to its people over
        `per`, rounded to the nearest whole number, halves up; in every place
        they are that quotient rounded up or down.

    Notes
    -----
    Remainders of less than a dot are put in a row, place after place, and a
    dot is set wherever the row passes a whole number, from a start that chance
    decides (systematic sampling). A place with three tenths of a dot gets one
    in about three of ten drawings, so places with few people are neither
    emptied nor filled, as they would be by giving dots to the largest
    remainders.
    """
    exact = np.asarray(counts, dtype="float64") / per
    # A hair is added so that a sum of tenths that should be whole is not just under it.
    whole = np.floor(exact + 1e-9)
    rest = np.clip(exact - whole, 0.0, None)
    dots = whole.astype("int64")
    for district in np.unique(whose):
        mine = np.flatnonzero(whose == district)
        total = exact[mine].sum()
        wanted = int(np.floor(total + 0.5 + 1e-9)) - int(whole[mine].sum())
        if wanted < 1:
            continue
        # The row is stretched to the number of dots it must give; no place has more than one of them.
        steps = _stretched(rest[mine], wanted)
        passed = np.floor(np.cumsum(steps) + rng.uniform() + 1e-12)
        got = np.diff(np.r_[0.0, passed]).astype("int64")
        short = wanted - int(got.sum())
        if short:  # rounding in the last digit
            order = np.argsort(-rest[mine] * (1 if short > 0 else -1), kind="stable")
            free = [place for place in order if 0 <= got[place] + np.sign(short) <= 1]
            got[free[: abs(short)]] += np.sign(short)
        dots[mine] += got
    return dots


def _stretched(rest: Any, wanted: int) -> Any:
    """Scale remainders so that they add up to a whole number, none above one."""
    steps = rest.copy()
    for _ in range(50):
        free = steps < 1
        room = wanted - np.count_nonzero(~free)
        total = steps[free].sum()
        if total <= 0 or abs(total - room) < 1e-12:
            break
        steps[free] = np.minimum(steps[free] * room / total, 1.0)
    return steps


def place_dots(shapes: Any, place: Any, dots: Any, rng: np.random.Generator) -> tuple[Any, Any]:
    """Choose a random point for each dot, uniform over the area of its place.

    Parameters
    ----------
    shapes : numpy.ndarray of shapely.Geometry
        Polygons in an equal-area projection, in metres.
    place : numpy.ndarray of int
        Number of the place each polygon is a part of.
    dots : numpy.ndarray of int
        Dots of each place.
    rng : numpy.random.Generator
        Decides where they stand.

    Returns
    -------
    points : numpy.ndarray of float
        Easting and northing, one row a dot, place after place.
    owner : numpy.ndarray of int
        Number of the place of each.

    Notes
    -----
    Polygons are cut into triangles; a triangle is chosen in proportion to its
    area and a point in it at random, so no point is tried and thrown away.
    """
    import shapely

    used = np.flatnonzero(dots[place] > 0)
    triangles, part = shapely.get_parts(
        shapely.constrained_delaunay_triangles(shapely.make_valid(shapes[used])), return_index=True
    )
    owner = place[used][part]
    order = np.argsort(owner, kind="stable")
    triangles, owner = triangles[order], owner[order]
    area = shapely.area(triangles)
    upto = np.cumsum(area)
    numbers = np.arange(len(dots))
    first = np.searchsorted(owner, numbers, side="left")
    last = np.searchsorted(owner, numbers, side="right")
    empty = (dots > 0) & (last == first)
    begin = np.r_[0.0, upto][first]
    end = np.r_[0.0, upto][last]
    whose = np.repeat(numbers, np.where(empty, 0, dots))
    along = begin[whose] + rng.uniform(size=len(whose)) * (end - begin)[whose]
    chosen = np.clip(np.searchsorted(upto, along, side="right"), first[whose], last[whose] - 1)
    corners = shapely.get_coordinates(triangles).reshape(-1, 4, 2)[chosen] if len(chosen) else np.empty((0, 4, 2))
    u, v = rng.uniform(size=(2, len(whose)))
    folded = u + v > 1
    u, v = np.where(folded, 1 - u, u), np.where(folded, 1 - v, v)
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    return a + u[:, None] * (b - a) + v[:, None] * (c - a), whose


def without_water(shapes: Any, water: Any) -> tuple[Any, int]:
    """Take water out of polygons.

    Parameters
    ----------
    shapes : numpy.ndarray of shapely.Geometry
        Polygons.
    water : numpy.ndarray of shapely.Geometry
        Areas of water, in the same projection.

    Returns
    -------
    shapes : numpy.ndarray of shapely.Geometry
        The same polygons without water; those that are all water are left as they are.
    int
        How many those are.
    """
    import shapely

    mended = shapely.make_valid(water)
    left, right = shapely.STRtree(mended).query(shapes, predicate="intersects")
    dry, drowned = shapes.copy(), 0
    start = np.flatnonzero(np.r_[True, left[1:] != left[:-1]]) if len(left) else np.array([], dtype=int)
    for at, members in zip(left[start], np.split(right, start[1:]), strict=True) if len(start) else ():
        rest = shapely.difference(shapely.make_valid(shapes[at]), shapely.union_all(mended[members]))
        if shapely.area(rest) > 1e-3 * shapely.area(shapes[at]):
            dry[at] = rest
        else:
            drowned += 1
    return dry, drowned


def overlapping(names: Sequence[str]) -> bool:
    """Tell whether a person can be counted in two of some groups.

    Parameters
    ----------
    names : sequence of str
        Definition ids, or columns of a survey.

    Returns
    -------
    bool
        True where a combination of races is in two of them, or where that cannot be told.
    """
    import itertools

    from kit.model.groups import DEFINITIONS, definition
    from kit.model.tables import RACE_CELLS

    for one, other in itertools.combinations([definition(name) for name in names], 2):
        if (one.name in DEFINITIONS) != (other.name in DEFINITIONS):
            return True
        if one.name not in DEFINITIONS:
            if not (_single(one.name) and _single(other.name)):
                return True
        elif any(one.rule(races) and other.rule(races) for races in RACE_CELLS.values()):
            return True
    return False


def _single(name: str) -> bool:
    """Tell whether a survey column counts one group alone, not a region of several."""
    from kit.model.detail_data import ENTRIES

    entry = ENTRIES.get(name.removesuffix("_alone"))
    return name.endswith("_alone") and entry is not None and entry.kind == "group"
