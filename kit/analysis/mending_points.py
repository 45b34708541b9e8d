"""Landmarks that may be somebody's door: points where some people live, and few."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kit.analysis.account import people_by_unit
from kit.model.community import Community
from kit.model.crs import GEOGRAPHIC, one_datum
from kit.model.frames import Units


def lonely(communities: Sequence[Community], units: Units | None, fewest: int) -> dict[int, str]:
    """Find landmarks in units where some people live, and fewer than a number.

    Parameters
    ----------
    communities : sequence of Community
        With landmarks, some of which have a point.
    units : Units or None
        Census units with polygons and people; without them nothing is found.
    fewest : int
        From so many people a point is of no one's door.

    Returns
    -------
    dict of int to str
        Position of a community → what was found, without its place.
    """
    import shapely

    points = [(i, mark.point) for i, one in enumerate(communities) for mark in one.landmarks if mark.point]
    if not points or units is None or units.geometry is None:
        return {}
    people = people_by_unit(units).to_numpy(dtype="float64")
    ground = one_datum(units.geometry).to_crs(GEOGRAPHIC).to_numpy()
    place, unit = shapely.STRtree(ground).query(shapely.points([point for _, point in points]), predicate="intersects")
    few = (people[unit] > 0) & (people[unit] < fewest)
    found = {}
    for number in np.unique(place[few]):
        found[points[int(number)][0]] = f"a landmark stands where fewer than {fewest} people live"
    return found
