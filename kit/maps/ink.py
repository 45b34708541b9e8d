"""Filling, lines and legends: what maps are drawn with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from kit.i18n.messages import figure, say
from kit.maps import style
from kit.maps.lettering import families, rtl, shown
from kit.maps.shapes import line_paths, polygon_paths, simplify_for
from kit.model.things import number_of

if TYPE_CHECKING:
    from kit.maps.ground import Ground

# More polygons than this are drawn as an image inside the vector file.
RASTER_ABOVE = 20_000


def fill_shapes(ax: Any, shapes: Any, *, hatch: str = "", order: float = 1, raster: bool = False, **look: Any) -> Any:
    """Fill polygons in one look.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    shapes : numpy.ndarray of shapely.Geometry
        Polygons.
    hatch : str
        Pattern, in the colour of the edge.
    order : float
        Above what is of lower order.
    raster : bool
        Draw as an image.
    **look : object
        Of the collection.

    Returns
    -------
    matplotlib.collections.PathCollection
        What was drawn.
    """
    from matplotlib.collections import PathCollection

    drawn = PathCollection(polygon_paths(shapes), zorder=order, rasterized=raster, **look)
    if hatch:
        drawn.set_hatch(hatch)
        drawn.set_hatch_linewidth(0.5)
    ax.add_collection(drawn, autolim=False)
    return drawn


def draw_lines(
    ax: Any, shapes: list[Any], *, width: float, dashes: Any = "solid", order: float = 5, colour: str = style.LINE
) -> None:
    """Draw the boundaries of polygons dark over a light casing.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    shapes : list of shapely.Geometry
        Polygons, in the projection.
    width : float
        Points.
    dashes : object
        A line style of matplotlib.
    order : float
        Above what is of lower order.
    colour : str
        Of the line.
    """
    from matplotlib.collections import PathCollection

    paths = line_paths(simplify_for(np.array(shapes, dtype=object), 10.0))
    casing = ("solid", style.CASING, width + 1.4, order)
    for dash, ink, wide, level in (casing, (dashes, colour, width, order + 1)):
        collection = PathCollection(
            paths, facecolor="none", edgecolor=ink, linewidth=wide, linestyle=dash, zorder=level
        )
        collection.set_joinstyle("round")
        ax.add_collection(collection, autolim=False)


def swatch(words: str, number: int | None = None, plural: str = "", **look: Any) -> Any:
    """Make a legend entry, with what it counts after its words.

    Parameters
    ----------
    words : str
        What the look means.
    number : int, optional
        How many there are.
    plural : str
        What is counted.
    **look : object
        Of the patch.

    Returns
    -------
    matplotlib.patches.Patch
        Its ``words`` are the entry without the number, its ``count`` is the number with what is counted.
    """
    from matplotlib.patches import Patch

    count = ""
    if number is not None:
        count = number_of(number, plural) if plural else figure(f"{number:,}")
    label = say("{entry}   ({count})", entry=words, count=count) if count else words
    entry: Any = Patch(**look, linewidth=0.4, label=label)
    entry.words, entry.count = words, count
    return entry


def small_legend(ax: Any, scene: Ground) -> None:
    """Draw a small legend inside axes, in the corner that hides fewer units.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Drawn axes; scale bars stand at the lower left, the arrow at the upper right.
    scene : Ground
        What was drawn in them.
    """
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    middle = scene.projected.bounds
    x = ((middle["minx"] + middle["maxx"]) / 2 - west) / (east - west)
    y = ((middle["miny"] + middle["maxy"]) / 2 - south) / (north - south)
    hidden = {
        "upper left": ((x < 0.5) & (y > 0.5)).sum(),
        "lower right": ((x > 0.5) & (y < 0.5)).sum(),
    }
    entries = scene.handles(counted="")
    labels, title = [entry.get_label() for entry in entries], scene.small_title
    for entry, label in zip(entries, labels, strict=True):
        entry.set_label(shown(label))
    font = {"family": list(families("".join([title, *labels]))), "size": 7.0}
    box = ax.legend(
        handles=entries, loc=min(hidden, key=lambda corner: hidden[corner]), prop=font,
        title=shown(title), framealpha=1.0, handlelength=1.4,
        labelspacing=0.3, title_fontproperties={**font, "weight": "bold"}, markerfirst=not rtl(),
        alignment="right" if rtl() else "left",
    )  # fmt: skip
    box.set_zorder(30)
