"""District numbers and names of areas: inside their place, or beside it with a line to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kit.maps import style
from kit.maps.furniture import halo_text
from kit.maps.lettering import apart, high, width, wrap

LARGEST, SMALLEST, ASIDE = 11.0, 7.0, 7.5
# The rim of letters, in points.
_RIM = 1.2
_NEAR = (13, 18, 24, 32, 42, 54, 68, 84, 102, 122, 144)
_FAR = (*_NEAR, 168, 194, 222, 252, 284, 318)
# A name is broken into lines of at most this many points before it is measured.
_NAME_WIDTHS = (200.0, 90.0, 62.0, 44.0)

Place = tuple[float, float, float]


@dataclass(frozen=True)
class _Look:
    """How a kind of label is written: its mark in the drawing, its colour and its reach."""

    kind: str = "district"
    colour: str = style.INK
    distances: Sequence[int] = _NEAR


NUMBER = _Look()
NAME = _Look("area", style.AREA, _FAR)


def draw_labels(
    ax: Any,
    points: dict[str, Place],
    *,
    taken: Sequence[Any] = (),
    smallest: float = SMALLEST,
    largest: float = LARGEST,
    beside: bool = True,
) -> list[str]:
    """Write each district's number in the widest place inside it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Map axes with final limits, in metres.
    points : dict of str to tuple of float
        Easting, northing and radius of the largest circle inside each district.
    taken : sequence of shapely.Geometry
        What is written already, in map units; no number covers it.
    smallest, largest : float
        Bounds of the type size, in points.
    beside : bool
        Whether a number that does not fit stands beside its district; otherwise it is left out.

    Returns
    -------
    list of str
        Labels that were left out.

    Notes
    -----
    Type shrinks to fit the circle, down to 7 points; below that the number
    stands beside the district with a line to it, where it covers no other number.
    """
    metres, used, small = frame_scale(ax), list(taken), {}
    for label, (x, y, radius) in points.items():
        if not _in_frame(ax, x, y):
            continue
        size = min(largest, fitting_size(label, radius / metres))
        box = _box(label, x, y, size, metres)
        if size < smallest or not _inside(ax, box) or (len(taken) and _hits(box, taken)):
            small[label] = (x, y)
            continue
        used.append(box)
        _write(ax, label, (x, y), size, NUMBER)
    if not beside:
        return list(small)
    for label, at in small.items():
        others = [place for other, place in small.items() if other != label]
        if not _beside(ax, label, at, metres=metres, taken=used, others=others, look=NUMBER):
            _write(ax, label, at, SMALLEST, NUMBER)
    return []


def draw_names(
    ax: Any, places: dict[str, Place], *, clear: Sequence[Any] = (), largest: float = 9.0
) -> tuple[list[Any], list[str]]:
    """Write the name of each area inside it, or beside it with a line.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Map axes with final limits, in metres.
    places : dict of str to tuple of float
        Easting, northing and radius of the largest circle inside each area.
    clear : sequence of shapely.Geometry
        What names beside their area should leave uncovered, such as the areas.
    largest : float
        Largest type, in points.

    Returns
    -------
    taken : list of shapely.Geometry
        What the names and their lines cover, in map units.
    left : list of str
        Names for which there was no room.
    """
    taken: list[Any] = []
    metres, small = frame_scale(ax), {}
    for name, (x, y, radius) in places.items():
        if not _in_frame(ax, x, y):
            continue
        told = [wrap(name, wide / 72, size=SMALLEST, bold=True) for wide in _NAME_WIDTHS]
        size, text = max((min(largest, fitting_size(one, radius / metres)), one) for one in told)
        box = _box(text, x, y, size, metres)
        if size < SMALLEST or not _inside(ax, box) or _hits(box, taken):
            small[name] = (x, y)
            continue
        taken.append(box)
        _write(ax, text, (x, y), size, NAME)
    left = []
    for name, at in small.items():
        text = wrap(name, 90 / 72, size=ASIDE, bold=True)
        others = [place for other, place in small.items() if other != name]
        if not _beside(ax, text, at, metres=metres, taken=taken, others=others, look=NAME, clear=clear):
            left.append(name)
    return taken, left


def covered(ax: Any) -> list[Any]:
    """List what is written on a map, with the lines that lead from names and numbers.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Map axes with final limits, in metres.

    Returns
    -------
    list of shapely.Geometry
        In map units.
    """
    import shapely
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    renderer, to_map = FigureCanvasAgg(ax.figure).get_renderer(), ax.transData.inverted()
    boxes = [text.get_window_extent(renderer) for text in ax.texts if text.get_gid()]
    found = [shapely.box(*to_map.transform(box.min), *to_map.transform(box.max)) for box in boxes]
    return [*found, *(shapely.LineString(line.get_xydata()) for line in ax.lines if len(line.get_xydata()) > 1)]


def write_where_free(
    ax: Any, name: str, at: tuple[float, float], taken: list[Any], *, size: float, colour: str
) -> bool:
    """Write a name at a point, or just over or under it, where it covers nothing written.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Map axes with final limits, in metres.
    name : str
        What to write.
    at : tuple of float
        Easting and northing.
    taken : list of shapely.Geometry
        What is written, in map units; the name is added to it.
    size : float
        Points.
    colour : str
        Of the letters.

    Returns
    -------
    bool
        False where there was no room.
    """
    metres, name = frame_scale(ax), wrap(name, 90 / 72, size=size, bold=True)
    for shift in (0.0, 1.5, -1.5, 2.8, -2.8):
        x, y = at[0], at[1] + shift * size * metres
        box = _box(name, x, y, size, metres)
        if _inside(ax, box) and not (taken and _hits(box, taken)):
            taken.append(box)
            _write(ax, name, (x, y), size, _Look("context", colour))
            return True
    return False


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
        District number or name; line breaks stay.
    radius : float
        Of the circle, in points.

    Returns
    -------
    float
        Size in points.
    """
    across, up = _extent(label, 10.0)
    reach = np.hypot(across / 20, up / 20)
    return float(max(radius - _RIM / 2, 0.0) / reach)


def _extent(label: str, size: float) -> tuple[float, float]:
    """Give width and height of a label, in points."""
    lines = label.split("\n")
    wide = max(width(line, size=10.0, bold=True) for line in lines) * size / 10
    return wide, size * (high(label, bold=True) + apart(label, bold=True) * (len(lines) - 1))


def _write(ax: Any, label: str, at: tuple[float, float], size: float, look: _Look) -> None:
    """Write a label around a point, line by line."""
    (x, y), metres, lines = at, frame_scale(ax), label.split("\n")
    step = apart(label, bold=True) * size * metres
    for row, line in enumerate(lines):
        up = ((len(lines) - 1) / 2 - row) * step
        text = halo_text(ax, x, y + up, line, size=size, colour=look.colour)
        text.set_gid(f"{look.kind} {label}".replace("\n", " "))


def _box(label: str, x: float, y: float, size: float, metres: float) -> Any:
    """Give the rectangle a label covers with its rim, in map units."""
    import shapely

    across, up = _extent(label, size)
    half_width, half_height = (across / 2 + _RIM) * metres, (up / 2 + _RIM) * metres
    return shapely.box(x - half_width, y - half_height, x + half_width, y + half_height)


def _hits(box: Any, taken: Sequence[Any]) -> bool:
    """Tell whether a label would cover another."""
    import shapely

    return bool(shapely.intersects(box, list(taken)).any())


def _in_frame(ax: Any, x: float, y: float) -> bool:
    """Tell whether a point lies in the frame of the map."""
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    return bool(west < x < east and south < y < north)


def _inside(ax: Any, box: Any) -> bool:
    """Tell whether a label lies within the frame of the map."""
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    left, bottom, right, top = box.bounds
    return bool(west < left and right < east and south < bottom and top < north)


def _beside(
    ax: Any,
    label: str,
    at: tuple[float, float],
    *,
    metres: float,
    taken: list[Any],
    others: list[tuple[float, float]],
    look: _Look,
    clear: Sequence[Any] = (),
) -> bool:
    """Write a label beside a small place with a line, clear of other labels and lines; tell whether there was room."""
    import shapely

    x, y = at
    west, south, east, north = np.array(_box(label, x, y, ASIDE, metres).bounds) - (x, y, x, y)
    across = _extent(label, ASIDE)[0] / 2 if look is NAME else 0.0
    # Every place that a label may have, the nearest first.
    distance, angle = np.meshgrid(look.distances, np.deg2rad(np.arange(15, 375, 15)), indexing="ij")
    u = (x + (distance + across * np.abs(np.cos(angle))) * metres * np.cos(angle)).ravel()
    v = (y + distance * metres * np.sin(angle)).ravel()
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    inside = (left < u + west) & (u + east < right) & (bottom < v + south) & (v + north < top)
    u, v = u[inside], v[inside]
    boxes = shapely.box(u + west, v + south, u + east, v + north)
    free = ~_any_hit(boxes, taken)
    u, v, boxes = u[free], v[free], boxes[free]
    lines = shapely.linestrings(
        np.stack([np.stack([np.full_like(u, x), u], 1), np.stack([np.full_like(v, y), v], 1)], 2)
    )
    apart = ~_any_hit(lines, taken) & ~_any_hit(boxes, list(shapely.points(others)) if others else [])
    wishes = [apart & ~_any_hit(boxes, clear), apart] if len(clear) else [apart]
    for fits in (*wishes, np.ones(len(u), dtype=bool)):
        if not fits.any():
            continue
        first = int(np.argmax(fits))
        moved = boxes[first]
        line = shapely.difference(lines[first], moved) if look is NAME else lines[first]
        xs, ys = shapely.get_coordinates(line).T
        ax.plot(xs, ys, color="white", linewidth=2.2, zorder=10, solid_capstyle="round")
        ax.plot(xs, ys, color=look.colour, linewidth=0.8, zorder=10.5)
        ax.plot([x], [y], marker="o", markersize=2.4, color=look.colour, zorder=10.5)
        taken += [moved, line]
        _write(ax, label, (u[first], v[first]), ASIDE, look)
        return True
    return False


def _any_hit(shapes: Any, others: Sequence[Any]) -> Any:
    """Tell for each shape whether it meets any other."""
    import shapely

    found = np.zeros(len(shapes), dtype=bool)
    if len(shapes) and len(others):
        found[shapely.STRtree(others).query(shapes, predicate="intersects")[0]] = True
    return found
