"""Scale bar, north arrow, locator, legend and district numbers."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import numpy as np

from kit.i18n.messages import say
from kit.maps import style
from kit.maps.lettering import families, high, shown
from kit.maps.shapes import polygon_paths

MILE = 1609.344
_NICE = (1, 2, 5)


def nice_length(limit: float) -> float:
    """Choose the longest of 1, 2 or 5 times a power of ten that fits.

    Parameters
    ----------
    limit : float
        Longest length allowed.

    Returns
    -------
    float
        A round length.

    Examples
    --------
    >>> nice_length(37.0), nice_length(0.6)
    (20.0, 0.5)
    """
    power = 10.0 ** np.floor(np.log10(limit))
    return float(max(n * power for n in _NICE if n * power <= limit))


def scale_bar(ax: Any, *, place: tuple[float, float] = (0.02, 0.03), share: float = 0.28, stretch: float = 1.0) -> None:
    """Draw one bar in miles and one in kilometres, with real text.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Map axes in metres, with equal aspect and final limits.
    place : tuple of float
        Left end, in axes fractions.
    share : float
        Longest bar allowed, as a share of the map's width.
    stretch : float
        Drawn metres for each metre on the ground; see `stretch`.

    Notes
    -----
    Lengths are those on the ground, across the middle of the map.
    """
    west, east = ax.get_xlim()
    width = (east - west) / stretch
    left, bottom = place
    across = ax.transAxes
    height = ax.get_position().height * ax.figure.get_figheight() * 72
    gap = 9 / height
    for row, metres in enumerate((MILE, 1000.0)):
        length = nice_length(share * width / metres)
        end = left + length * metres / width
        y = bottom + (1 - row) * 1.9 * gap
        for start, stop, fill in ((left, (left + end) / 2, style.INK), ((left + end) / 2, end, "#ffffff")):
            ax.fill(
                [start, stop, stop, start], [y, y, y + gap / 2, y + gap / 2],
                transform=across, facecolor=fill, edgecolor=style.INK, linewidth=0.7, zorder=20, clip_on=False,
            )  # fmt: skip
        told = say("{length:g} km", length=length) if row else say("{length:g} mi", length=length)
        ax.text(
            end + 0.008, y + gap / 4, shown(told), transform=across, fontsize=8, va="center", zorder=20,
            color=style.INK, family=families(told),
        )  # fmt: skip


def stretch(crs: Any, across: tuple[float, float], y: float) -> float:
    """Measure how much longer a line is drawn than it is on the ground.

    Parameters
    ----------
    crs : pyproj.CRS
        Projection in metres.
    across : tuple of float
        Where the line begins and ends, from left to right.
    y : float
        Its height.

    Returns
    -------
    float
        Drawn metres for each metre on the ground, over the middle third of the line.
    """
    import pyproj

    start, end = across[0] + (across[1] - across[0]) / 3, across[1] - (across[1] - across[0]) / 3
    to_degrees = pyproj.Transformer.from_crs(crs, "EPSG:4269", always_xy=True)
    (west, east), (south, north) = to_degrees.transform([start, end], [y, y])
    _, _, ground = pyproj.Geod(ellps="GRS80").inv(west, south, east, north)
    return float((end - start) / ground)


def north_arrow(ax: Any, *, place: tuple[float, float], angle: float) -> None:
    """Draw an arrow to true north.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Map axes.
    place : tuple of float
        Foot of the arrow, in axes fractions.
    angle : float
        Degrees from up to north, clockwise, at the middle of the map.
    """
    turn = np.deg2rad(angle)
    points = np.array([[0, 19], [5, 0], [0, 4.5], [-5, 0]])
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    from matplotlib.patches import Polygon
    from matplotlib.transforms import Affine2D, ScaledTranslation

    figure = ax.figure
    to_points = Affine2D().scale(1 / 72) + figure.dpi_scale_trans
    shift = ScaledTranslation(*place, ax.transAxes)
    arrow = Polygon(points @ rotation, closed=True, facecolor=style.INK, edgecolor=style.INK, zorder=20, clip_on=False)
    arrow.set_transform(to_points + shift)
    ax.add_patch(arrow)
    told = say("N")
    # Letters taller than capitals are set smaller, and off the tip of the arrow.
    tall = high(told, bold=True)
    size = 9 if tall < 1 else 7.5
    x, y = np.array([0, max(25, 20 + size * tall / 2)]) @ rotation
    ax.text(
        x, y, shown(told), transform=to_points + shift, ha="center", va="center", fontsize=size, fontweight="bold",
        zorder=20, color=style.INK, family=families(told),
    )  # fmt: skip


def north_angle(crs: Any, x: float, y: float) -> float:
    """Measure how far north is from up at a point of a projection.

    Parameters
    ----------
    crs : pyproj.CRS
        Projection in metres.
    x, y : float
        A point in it.

    Returns
    -------
    float
        Degrees, clockwise.
    """
    import pyproj

    to_degrees = pyproj.Transformer.from_crs(crs, "EPSG:4269", always_xy=True)
    longitude, latitude = to_degrees.transform(x, y)
    x2, y2 = to_degrees.transform(longitude, latitude + 0.05, direction="INVERSE")
    return float(np.degrees(np.arctan2(x2 - x, y2 - y)))


def locator(figure: Any, box: tuple[float, float, float, float], shapes: Any) -> Any:
    """Draw where the map lies: in its State, or the State in the country.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Where to draw.
    box : tuple of float
        Left, bottom, width and height, in figure fractions.
    shapes : geopandas.GeoSeries
        Extent of the map, with a CRS.

    Returns
    -------
    matplotlib.axes.Axes or None
        The locator's axes; None where no State outline meets the map.

    References
    ----------
    U.S. Census Bureau, cartographic boundary file ``cb_2016_us_state_500k``, generalised.
    """
    import geopandas
    import shapely

    from kit.model.crs import GEOGRAPHIC, equal_area

    with (files("kit.maps") / "data" / "states.parquet").open("rb") as stream:
        states = geopandas.read_parquet(stream)
    extent = shapely.box(*shapes.to_crs(GEOGRAPHIC).total_bounds)
    here = shapely.area(shapely.intersection(states.geometry.to_numpy(), extent))
    if not here.any():
        return None
    main = int(here.argmax())
    whole = shapely.area(states.geometry.iloc[main])
    context = states.iloc[[main]]
    if here[main] > 0.3 * whole:
        lower48 = ~states["fips"].isin(["02", "15", "60", "66", "69", "72", "78"])
        context = states[lower48] if lower48.iloc[main] else states[lower48 | (states.index == main)]
    crs = equal_area(context.geometry)
    drawn = context.geometry.to_crs(crs)
    mark = geopandas.GeoSeries([extent.segmentize(0.5)], crs=GEOGRAPHIC).to_crs(crs)
    ax = figure.add_axes(box, label="locator")
    ax.set_axis_off()
    ax.set_aspect("equal")
    _fill(ax, drawn.to_numpy(), facecolor="#efefef", edgecolor="#9a9a9a", linewidth=0.4)
    name = states["name"].iloc[main]
    west, south, east, north = _main_bounds(drawn, mark)
    a, b, c, d = mark.total_bounds
    if len(context) > 1:
        _fill(ax, drawn[[main]].to_numpy(), facecolor=style.ACCENT, edgecolor=style.ACCENT, linewidth=0.8)
    else:
        side = max(c - a, d - b, 0.06 * max(east - west, north - south))
        x, y = (a + c) / 2, (b + d) / 2
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * side / 2 + (x, y)
        ax.fill(*corners.T, facecolor="none", edgecolor=style.ACCENT, linewidth=1.6)
    ax.set_xlim(west, east)
    ax.set_ylim(south, north)
    where = say("Location of {state}", state=name) if len(context) > 1 else say("Location in {state}", state=name)
    ax.set_title(shown(where), fontsize=8, color=style.MUTED, family=families(where), pad=2)
    return ax


def _main_bounds(context: Any, mark: Any) -> tuple[float, float, float, float]:
    """Give the bounds of a context without its far specks of land, but with the mark."""
    import shapely

    parts = shapely.get_parts(context.to_numpy())
    area = shapely.area(parts)
    main = shapely.total_bounds(parts[area > 0.001 * area.max()])
    marked = mark.total_bounds
    return (*np.minimum(main[:2], marked[:2]), *np.maximum(main[2:], marked[2:]))


def _fill(ax: Any, shapes: Any, **look: Any) -> Any:
    """Draw polygons in one colour."""
    from matplotlib.collections import PathCollection

    collection = PathCollection(polygon_paths(shapes), **look)
    ax.add_collection(collection, autolim=False)
    return collection


def halo_text(
    ax: Any, x: float, y: float, text: str, *, size: float, halo: float = 1.3, colour: str = style.INK
) -> Any:
    """Write text over a halo, so that the text itself stays text in PDF and SVG.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to write.
    x, y : float
        Position in data coordinates.
    text : str
        What to write.
    size : float
        Points.
    halo : float
        Width of the white rim, in points.
    colour : str
        Of the letters.

    Returns
    -------
    matplotlib.text.Text
        The text.

    Notes
    -----
    A stroked outline turns letters into paths, so the rim is drawn first, from
    the shapes of the letters, and the plain text is laid over it.
    """
    from matplotlib.font_manager import FontProperties
    from matplotlib.patches import PathPatch
    from matplotlib.textpath import TextPath
    from matplotlib.transforms import Affine2D, ScaledTranslation

    font = FontProperties(family=list(families(text)), weight="bold", size=size)
    path = TextPath((0, 0), text, size=size, prop=font)
    extents, digit = path.get_extents(), TextPath((0, 0), "0", size=size, prop=font).get_extents()
    middle = Affine2D().translate(-(extents.x0 + extents.x1) / 2, -(digit.y0 + digit.y1) / 2).scale(1 / 72)
    transform = middle + ax.figure.dpi_scale_trans + ScaledTranslation(x, y, ax.transData)
    rim = PathPatch(path, facecolor="white", edgecolor="white", linewidth=2 * halo, joinstyle="round", zorder=11)
    rim.set_transform(transform)
    ax.add_patch(rim)
    return ax.text(0, 0, text, fontproperties=font, color=colour, transform=transform, zorder=12, clip_on=True)
