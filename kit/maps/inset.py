"""An enlarged corner where many small districts crowd together, set into an empty part of the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from kit.i18n.messages import say
from kit.maps import furniture, style
from kit.maps.labels import SMALLEST, fitting_size, frame_scale
from kit.maps.lettering import families, shown

if TYPE_CHECKING:
    from kit.maps.ground import Ground

# This many numbers that do not fit, close together, call for an inset at least this much larger.
_CROWD, _ENLARGE, _NEAR, _WIDEST = 6, 1.8, 0.06, 0.4
_CELLS = 60

Box = tuple[float, float, float, float]


def find_crowd(ax: Any, anchors: dict[str, tuple[float, float, float]], extents: dict[str, Box]) -> Box | None:
    """Find where many district numbers do not fit.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Map axes with final limits, in metres.
    anchors : dict of str to tuple of float
        Easting, northing and radius of the place for each number.
    extents : dict of str to tuple of float
        West, south, east and north of the inhabited part of each district.

    Returns
    -------
    tuple of float, or None
        West, south, east and north of the crowd; None where there is none.
    """
    import shapely

    metres = frame_scale(ax)
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    small = [label for label, (_, _, radius) in anchors.items() if fitting_size(label, radius / metres) < SMALLEST]
    if len(small) < _CROWD:
        return None
    points = shapely.points([anchors[label][:2] for label in small])
    groups = shapely.get_parts(shapely.union_all(shapely.buffer(points, _NEAR * (east - west))))
    inside = [np.flatnonzero(shapely.intersects(group, points)) for group in groups]
    largest = max(inside, key=len)
    if len(largest) < _CROWD:
        return None
    boxes = np.array([extents[small[i]] for i in largest])
    found = np.r_[boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)]
    pad = 0.04 * max(found[2] - found[0], found[3] - found[1])
    crowd = (found[0] - pad, found[1] - pad, found[2] + pad, found[3] + pad)
    too_wide = crowd[2] - crowd[0] > _WIDEST * (east - west) or crowd[3] - crowd[1] > _WIDEST * (north - south)
    return None if too_wide else crowd


def empty_place(ax: Any, shapes: Any, crowd: Box) -> Box | None:
    """Find the largest empty part of a map with the proportions of a crowd.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Map axes with final limits.
    shapes : numpy.ndarray of shapely.Geometry
        What must stay visible.
    crowd : tuple of float
        What will be enlarged.

    Returns
    -------
    tuple of float, or None
        West, south, east and north in map units; None where no part is large enough.
    """
    import shapely

    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    cell = (east - west) / _CELLS
    rows = int((north - south) / cell)
    x, y = np.meshgrid(west + cell * np.arange(_CELLS), south + cell * np.arange(rows))
    used, _ = shapely.STRtree(shapes).query(shapely.box(x, y, x + cell, y + cell).ravel(), predicate="intersects")
    full = np.zeros(_CELLS * rows, dtype=bool)
    full[used] = True
    total = np.pad(full.reshape(rows, _CELLS).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    ratio = (crowd[3] - crowd[1]) / (crowd[2] - crowd[0])
    smallest = _ENLARGE * (crowd[2] - crowd[0]) / cell
    for across in range(_CELLS - 2, int(smallest), -1):
        up = int(np.ceil(across * ratio))
        if up > rows - 2:
            continue
        filled = total[up:, across:] - total[:-up, across:] - total[up:, :-across] + total[:-up, :-across]
        free = np.argwhere(filled[1:-1, 1:-1] == 0) + 1
        if len(free):
            row, column = free[0]
            left, bottom = west + column * cell, south + row * cell
            return left, bottom, left + across * cell, bottom + across * cell * ratio
    return None


def draw_inset(ax: Any, scene: Ground, crowd: Box, place: Box) -> None:
    """Draw the enlarged crowd into an empty part of the map.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The map.
    scene : Ground
        What is drawn.
    crowd, place : tuple of float
        What is enlarged and where it goes, in map units.
    """
    from matplotlib.patches import Rectangle

    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    panel = ax.get_position()
    across, up = panel.width / (east - west), panel.height / (north - south)
    left, bottom = panel.x0 + (place[0] - west) * across, panel.y0 + (place[1] - south) * up
    size = (place[2] - place[0]) * across, (place[3] - place[1]) * up
    inset = ax.figure.add_axes((left, bottom, *size), label=f"{ax.get_label()} inset")
    inset.set_axis_off()
    inset.set_aspect("equal", adjustable="box")
    inset.set_xlim(crowd[0], crowd[2])
    inset.set_ylim(crowd[1], crowd[3])
    scene.paint(inset, scene.anchors(inset))
    sheet = Rectangle((0, 0), 0.3, 0.55 / (size[1] * ax.figure.get_figheight()), transform=inset.transAxes)
    sheet.set(facecolor="white", alpha=0.85, edgecolor="none", zorder=14)
    inset.add_patch(sheet)
    furniture.scale_bar(inset, stretch=scene.stretch(inset), share=0.18)
    times = (place[2] - place[0]) / (crowd[2] - crowd[0])
    told = say("The outlined part, {times:.1f} times larger", times=float(times))
    ax.text(
        place[0], place[3], shown(told), fontsize=8, va="bottom", family=families(told),
        color=style.INK, zorder=20,
    )  # fmt: skip
    look: dict[str, Any] = {"fill": False, "edgecolor": style.ACCENT, "linewidth": 1.4, "zorder": 16, "clip_on": False}
    inset.add_patch(Rectangle((0, 0), 1, 1, transform=inset.transAxes, **look))
    ax.add_patch(Rectangle(crowd[:2], crowd[2] - crowd[0], crowd[3] - crowd[1], **look))
