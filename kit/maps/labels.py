"""District numbers: inside their district, or beside it with a line to it."""

from __future__ import annotations

from typing import Any

import numpy as np

from kit.maps import style
from kit.maps.furniture import halo_text

LARGEST, SMALLEST = 11.0, 6.5
# Width of a bold digit and height of a line, as shares of the type size.
_WIDE, _HIGH = 0.72, 1.05


def draw_labels(ax: Any, points: dict[str, tuple[float, float, float]]) -> None:
    """Write each district's number in the widest place inside it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Map axes with final limits, in metres.
    points : dict of str to tuple of float
        x, y and radius of the largest circle inside each district.

    Notes
    -----
    Type shrinks to fit the circle, down to 6.5 points; below that the number
    stands beside the district with a line to it, where it covers no other number.
    """
    west, east = ax.get_xlim()
    south, north = ax.get_ylim()
    panel = ax.get_position().width * ax.figure.get_figwidth() * 72
    metres = (east - west) / panel
    taken: list[tuple[float, float, float, float]] = []
    small = []
    for label, (x, y, radius) in points.items():
        if not (west < x < east and south < y < north):
            continue
        reach = np.hypot(_WIDE * len(label) / 2, _HIGH / 2)
        size = min(LARGEST, radius / metres / reach)
        if size < SMALLEST:
            small.append((label, x, y))
            continue
        taken.append(_box(label, x, y, size, metres))
        halo_text(ax, x, y, label, size=size)
    for label, x, y in small:
        _beside(ax, label, (x, y), metres, taken)


def _box(label: str, x: float, y: float, size: float, metres: float) -> tuple[float, float, float, float]:
    """Give the rectangle a label covers, in map units."""
    half_width, half_height = _WIDE * len(label) * size * metres / 2, _HIGH * size * metres / 2
    return x - half_width, y - half_height, x + half_width, y + half_height


def _beside(
    ax: Any, label: str, at: tuple[float, float], metres: float, taken: list[tuple[float, float, float, float]]
) -> None:
    """Write a label beside a small district, clear of the others, with a line."""
    x, y = at
    west, east = ax.get_xlim()
    south, north = ax.get_ylim()
    for distance in (14, 20, 28, 38, 50, 64):
        for angle in np.deg2rad(np.arange(20, 380, 30)):
            u, v = x + distance * metres * np.cos(angle), y + distance * metres * np.sin(angle)
            box = _box(label, u, v, SMALLEST + 1, metres)
            inside = west < box[0] and box[2] < east and south < box[1] and box[3] < north
            if inside and not any(_meet(box, other) for other in taken):
                ax.plot([x, u], [y, v], color="white", linewidth=2.2, zorder=10, solid_capstyle="round")
                ax.plot([x, u], [y, v], color=style.INK, linewidth=0.8, zorder=10.5)
                ax.plot([x], [y], marker="o", markersize=2.4, color=style.INK, zorder=10.5)
                taken.append(box)
                halo_text(ax, u, v, label, size=SMALLEST + 1)
                return
    halo_text(ax, x, y, label, size=SMALLEST - 1)


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
