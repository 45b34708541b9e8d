"""District numbers: inside their district, or beside it with a line to it."""

from __future__ import annotations

from typing import Any

import numpy as np

from kit.maps import style
from kit.maps.furniture import halo_text
from kit.maps.lettering import width

LARGEST, SMALLEST, ASIDE = 11.0, 7.0, 7.5
# Height of capitals and digits as a share of the type size, and the rim around them in points.
_HIGH, _RIM = 0.74, 1.2


def draw_labels(ax: Any, points: dict[str, tuple[float, float, float]]) -> None:
    """Write each district's number in the widest place inside it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Map axes with final limits, in metres.
    points : dict of str to tuple of float
        Easting, northing and radius of the largest circle inside each district.

    Notes
    -----
    Type shrinks to fit the circle, down to 7 points; below that the number
    stands beside the district with a line to it, where it covers no other number.
    """
    west, east = ax.get_xlim()
    south, north = ax.get_ylim()
    metres = frame_scale(ax)
    taken: list[Any] = []
    small = {}
    for label, (x, y, radius) in points.items():
        if not (west < x < east and south < y < north):
            continue
        size = min(LARGEST, fitting_size(label, radius / metres))
        if size < SMALLEST or not _inside(ax, _box(label, x, y, size, metres)):
            small[label] = (x, y)
            continue
        taken.append(_box(label, x, y, size, metres))
        halo_text(ax, x, y, label, size=size).set_gid(f"district {label}")
    for label, at in small.items():
        others = [place for other, place in small.items() if other != label]
        _beside(ax, label, at, metres=metres, taken=taken, others=others)


def frame_scale(ax: Any) -> float:
    """Give the metres that one printed point stands for.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Map axes with final limits, in metres.

    Returns
    -------
    float
        Metres for each point.
    """
    west, east = ax.get_xlim()
    return float((east - west) / (ax.get_position().width * ax.figure.get_figwidth() * 72))


def fitting_size(label: str, radius: float) -> float:
    """Find the largest type with which a label fits in a circle.

    Parameters
    ----------
    label : str
        District number or name.
    radius : float
        Of the circle, in points.

    Returns
    -------
    float
        Size in points.
    """
    reach = np.hypot(width(label, size=10.0, bold=True) / 20, _HIGH / 2)
    return float(max(radius - _RIM / 2, 0.0) / reach)


def _box(label: str, x: float, y: float, size: float, metres: float) -> Any:
    """Give the rectangle a label covers with its rim, in map units."""
    import shapely

    half_width = (width(label, size=size, bold=True) / 2 + _RIM) * metres
    half_height = (_HIGH * size / 2 + _RIM) * metres
    return shapely.box(x - half_width, y - half_height, x + half_width, y + half_height)


def _inside(ax: Any, box: Any) -> bool:
    """Tell whether a label lies within the frame of the map."""
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    left, bottom, right, top = box.bounds
    return bool(west < left and right < east and south < bottom and top < north)


def _beside(
    ax: Any, label: str, at: tuple[float, float], *, metres: float, taken: list[Any], others: list[tuple[float, float]]
) -> None:
    """Write a label beside a small district with a line, clear of the other labels and lines."""
    import shapely
    import shapely.affinity

    x, y = at
    box = _box(label, x, y, ASIDE, metres)
    feet = shapely.points(others) if others else np.array([])
    for careful in (True, False):
        for distance in (13, 18, 24, 32, 42, 54, 68, 84, 102, 122, 144):
            for angle in np.deg2rad(np.arange(15, 375, 15)):
                u, v = x + distance * metres * np.cos(angle), y + distance * metres * np.sin(angle)
                moved = shapely.affinity.translate(box, u - x, v - y)
                if not _inside(ax, moved) or shapely.intersects(moved, taken).any():
                    continue
                line = shapely.LineString([(x, y), (u, v)])
                if careful and (shapely.intersects(line, taken).any() or shapely.intersects(moved, feet).any()):
                    continue
                ax.plot([x, u], [y, v], color="white", linewidth=2.2, zorder=10, solid_capstyle="round")
                ax.plot([x, u], [y, v], color=style.INK, linewidth=0.8, zorder=10.5)
                ax.plot([x], [y], marker="o", markersize=2.4, color=style.INK, zorder=10.5)
                taken += [moved, line]
                halo_text(ax, u, v, label, size=ASIDE).set_gid(f"district {label}")
                return
    halo_text(ax, x, y, label, size=SMALLEST).set_gid(f"district {label}")
