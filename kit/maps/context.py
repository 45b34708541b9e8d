"""Water, roads and places under the lines of a map, to find one's way by."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kit.errors import InputError, SchemaError, first_few
from kit.i18n.messages import say
from kit.maps.ink import fill_shapes, swatch
from kit.maps.labels import covered, frame_scale, write_where_free
from kit.maps.shapes import simplify_for, widest_place
from kit.model.context import Context
from kit.model.crs import one_datum, require_crs
from kit.model.source import Source

if TYPE_CHECKING:
    from kit.maps.ground import Ground

PARTS = ("water", "roads", "places")
WATER, WATER_INK, WATER_HATCH = "#eaf2f7", "#a8c6da", "---"
ROAD, PLACE_INK, ROAD_INK = "#7d6a4f", "#333333", "#5c4a30"
# Names on one map: so many places and roads at most, in this size; water smaller than this is left out.
MOST_PLACES, MOST_ROADS, NAME_SIZE, ROAD_SIZE, SPECK = 18, 10, 6.8, 5.8, 1.5
_WATER_ORDER, _ROAD_ORDER = 3.2, 3.6


class ContextLayer:
    """Water, roads and places in the projection of a map.

    Parameters
    ----------
    context : Context
        The layers.
    crs : pyproj.CRS
        Projection of the map.
    """

    def __init__(self, context: Context, crs: Any) -> None:
        self.sources = context.sources
        self.water = context.water
        self.layers: dict[str, Any] = {}
        self.names: dict[str, Any] = {}
        for part in PARTS:
            layer = getattr(context, part)
            if layer is None:
                continue
            self.layers[part] = one_datum(layer.geometry).to_crs(crs).to_numpy()
            if part != "water":
                self.names[part] = layer["name"].fillna("").astype(str).to_numpy()

    def handles(self) -> list[Any]:
        """Make legend entries of the layers drawn.

        Returns
        -------
        list of matplotlib.artist.Artist
            Water and roads; places are named on the map.
        """
        from matplotlib.lines import Line2D

        rows: list[Any] = []
        if "water" in self.layers:
            rows.append(swatch(say("water"), facecolor=WATER, edgecolor=WATER_INK, hatch=WATER_HATCH))
        if "roads" in self.layers:
            rows.append(Line2D([], [], color=ROAD, linewidth=0.9, label=say("road")))
        return rows

    def paint(self, ax: Any, *, without: tuple[float, float, float, float] | None = None) -> list[Any]:  # noqa: ARG002
        """Draw water and roads inside the limits of axes; names come after the numbers of districts.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Where to draw.
        without : tuple of float, optional
            A part that an inset shows; drawn here too.

        Returns
        -------
        list of shapely.Geometry
            Nothing: names give way to numbers.
        """
        import shapely

        frame, point = _frame(ax), frame_scale(ax)
        water = self.layers.get("water")
        if water is not None:
            seen = water[shapely.intersects(water, frame) & (shapely.area(water) > (SPECK * point) ** 2)]
            if len(seen):
                look: dict[str, Any] = {"facecolor": WATER, "edgecolor": WATER_INK, "linewidth": 0.3}
                fill_shapes(ax, simplify_for(seen, point / 8), hatch=WATER_HATCH, order=_WATER_ORDER, **look)
        roads = self.layers.get("roads")
        if roads is not None:
            _draw_roads(ax, shapely.clip_by_rect(roads[shapely.intersects(roads, frame)], *frame.bounds), point)
        return []

    def finish(self, ax: Any, *, without: tuple[float, float, float, float] | None = None) -> None:
        """Write the names of places and roads where nothing else is written.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Drawn axes, with the numbers of districts.
        without : tuple of float, optional
            West, south, east and north of a part that an inset shows: names there are written in it.
        """
        import shapely

        taken = [*covered(ax), *([shapely.box(*without)] if without is not None else [])]
        for name, at in [*self._places(ax)]:
            write_where_free(ax, name, at, taken, size=NAME_SIZE, colour=PLACE_INK)
        for name, at in [*self._roads(ax)]:
            write_where_free(ax, name, at, taken, size=ROAD_SIZE, colour=ROAD_INK)

    def _places(self, ax: Any) -> list[tuple[str, tuple[float, float]]]:
        """Find where the names of the largest places in the frame go."""
        import shapely

        if "places" not in self.layers:
            return []
        frame = _frame(ax)
        shapes = self.layers["places"]
        seen = np.flatnonzero(shapely.intersects(shapes, frame))
        clipped = shapely.clip_by_rect(shapely.make_valid(shapes[seen]), *frame.bounds)
        points = shapely.get_type_id(shapes[seen]) == 0
        order = np.argsort(-np.where(points, np.inf, shapely.area(clipped)), kind="stable")[:MOST_PLACES]
        found = []
        for i in order:
            name = self.names["places"][seen[i]]
            place: Any = shapely.get_coordinates(shapes[seen[i]])[0] if points[i] else None
            if place is None:
                place = widest_place(clipped[i], np.array([], dtype=object), np.array([]))
            if name and place is not None:
                found.append((str(name), (float(place[0]), float(place[1]))))
        return found

    def _roads(self, ax: Any) -> list[tuple[str, tuple[float, float]]]:
        """Find the middles of the longest roads in the frame that have names."""
        import shapely

        if "roads" not in self.layers:
            return []
        frame = _frame(ax)
        shapes, names = self.layers["roads"], self.names["roads"]
        seen = np.flatnonzero(shapely.intersects(shapes, frame) & (names != ""))
        clipped = shapely.clip_by_rect(shapes[seen], *frame.bounds)
        lengths = pd.DataFrame({"name": names[seen], "long": shapely.length(clipped)})
        longest = lengths.groupby("name")["long"].sum().nlargest(MOST_ROADS)
        found = []
        for name in longest.index:
            piece = int(lengths["long"].where(lengths["name"] == name).idxmax())
            parts = shapely.get_parts(clipped[piece])
            line = parts[int(shapely.length(parts).argmax())] if len(parts) else None
            if line is not None and shapely.length(line):
                x, y = shapely.get_coordinates(shapely.line_interpolate_point(line, 0.5, normalized=True))[0]
                found.append((str(name), (float(x), float(y))))
        return found


def add_context(ground: Ground, context: Any) -> ContextLayer | None:
    """Lay water, roads and places over a ground.

    Parameters
    ----------
    ground : Ground
        What is drawn.
    context : Context, mapping of str to geopandas.GeoDataFrame, or None
        The layers: ``water``, ``roads`` and ``places``.

    Returns
    -------
    ContextLayer or None
        What was added; its sources belong on the page.

    Raises
    ------
    InputError
        What was passed holds no such layers, or a layer does not say where it came from.
    SchemaError
        Roads or places have no column ``name``.
    CRSError
        A layer has no CRS.
    """
    if context is None:
        return None
    layer = ContextLayer(checked(context), ground.crs)
    ground.overlays.insert(0, layer)
    ground.more_sources = (*ground.more_sources, *layer.sources)
    return layer


def checked(given: Any) -> Context:
    """Check what was passed as context.

    Parameters
    ----------
    given : Context or mapping of str to geopandas.GeoDataFrame
        The layers.

    Returns
    -------
    Context
        With a source for every layer.

    Raises
    ------
    InputError
        It holds no such layers, or one does not say where it came from.
    SchemaError
        Roads or places have no column ``name``.
    CRSError
        A layer has no CRS.
    """
    if isinstance(given, Mapping):
        strange = [key for key in given if key not in PARTS]
        if strange or not given:
            raise InputError(
                f"context= has the layers water, roads and places; got {first_few(strange) or 'none of them'}."
            )
        given = Context(**given, sources=tuple(_source(part, layer) for part, layer in given.items()))
    if not isinstance(given, Context):
        raise InputError(
            "context= is what kit.read_context made of TIGER/Line files, or a dict of GeoDataFrames called water, "
            f"roads and places; got a {type(given).__name__}."
        )
    for part in PARTS:
        layer = getattr(given, part)
        if layer is None:
            continue
        if not hasattr(layer, "geometry") or not hasattr(layer, "columns"):
            raise InputError(f"the layer of {part} is a GeoDataFrame; got a {type(layer).__name__}.")
        require_crs(layer, what=f"the layer of {part}")
        if part != "water" and "name" not in layer.columns:
            columns = [column for column in layer.columns if column != layer.geometry.name]
            raise SchemaError(
                f"the layer of {part} has no column 'name'; columns are {first_few(columns, 12) or 'none'}. Rename the "
                'one that names them: layer.rename(columns={"…": "name"}).'
            )
    return given


def _source(part: str, layer: Any) -> Source:
    """Read where a layer came from."""
    said = getattr(layer, "attrs", {}).get("source")
    if isinstance(said, Source):
        return said
    if isinstance(said, dict):
        return Source(**{key: said[key] for key in said if key in {field.name for field in dataclasses.fields(Source)}})
    raise InputError(
        f"the layer of {part} does not say where it came from, and a page must name it; read it with "
        "kit.read_context or kit.read_boundaries, or set layer.attrs['source'] = kit.Source('…', publisher='…')."
    )


def _frame(ax: Any) -> Any:
    """Give the frame of axes as a rectangle."""
    import shapely

    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    return shapely.box(west, south, east, north)


def _draw_roads(ax: Any, roads: Any, point: float) -> None:
    """Draw roads thin, with a light rim, so that they show on dark and on light."""
    import shapely
    from matplotlib.collections import LineCollection

    parts = shapely.get_parts(shapely.simplify(roads, point / 4))
    parts = parts[shapely.get_type_id(parts) == 1]
    lines = [shapely.get_coordinates(part) for part in parts]
    for wide, colour, order in ((1.3, "#ffffff", _ROAD_ORDER), (0.6, ROAD, _ROAD_ORDER + 0.1)):
        drawn = LineCollection(lines, linewidths=wide, colors=colour, zorder=order, capstyle="round")
        ax.add_collection(drawn, autolim=False)
