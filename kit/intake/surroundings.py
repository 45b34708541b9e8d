"""What is drawn around the units: water, roads and places, no more than a screen holds, and what was left out."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from kit.i18n.messages import Message, joined, mark, say, term
from kit.intake.tally import Tally
from kit.model.context import Context
from kit.model.crs import GEOGRAPHIC, one_datum

PIXELS = 4_000
"""Detail finer than this part of the extent is not drawn."""
MOST_POINTS = 40_000
"""So many points of a layer are drawn at most, so that the map stays quick."""
MOST_NAMES = {"places": 18, "roads": 10}
"""So many names are written on the map."""
PARTS = {"water": mark("Water"), "roads": mark("Roads"), "places": mark("Places")}
"""Layers, from the ground up."""
_SPECK = 2.0  # water smaller than so many pixels is not drawn
_CLASSES = {"S1100": 0, "S1200": 1, "S1400": 2}
_LETTER, _LINE = 7.0, 15.0  # about the size of a letter on the screen, in pixels


@dataclass(frozen=True)
class Label:
    """A name on the map.

    Parameters
    ----------
    text : str
        As it stands in the layer.
    longitude, latitude : float
        Where its middle stands, in degrees.
    """

    text: str
    longitude: float
    latitude: float


@dataclass(frozen=True)
class Drawn:
    """A layer as it is drawn.

    Parameters
    ----------
    kind : {"water", "roads", "places"}
        Which one.
    shapes : numpy.ndarray of shapely.Geometry
        Simplified, in degrees, for display only.
    ranks : numpy.ndarray of int
        Class of each shape: 0 for primary roads, 1 for secondary ones, 2 for
        streets, 3 for ways and ramps; 0 in other layers.
    labels : tuple of Label
        Names, the most important first.
    left_out : int
        How many shapes of the extent are not drawn.
    """

    kind: str
    shapes: Any
    ranks: Any
    labels: tuple[Label, ...]
    left_out: int

    def note(self) -> Message | None:
        """Say what was left out.

        Returns
        -------
        str or None
            None where all of it is drawn.
        """
        if not self.left_out:
            return None
        told = say(
            "{layer}: {drawn:,} of {count:,} shapes are drawn, the largest first, so that the map stays quick.",
            layer=term(PARTS[self.kind]),
            drawn=len(self.shapes),
            count=len(self.shapes) + self.left_out,
        )
        if self.kind not in MOST_NAMES:
            return told
        return joined([told, say("All that have a name can be searched.")])


def nearby(layers: Context, units: Any) -> Context:
    """Keep what lies in the extent of units.

    Parameters
    ----------
    layers : Context
        As it was read, of a county or a State.
    units : geopandas.GeoSeries
        Shapes of the units, with a CRS.

    Returns
    -------
    Context
        With the same sources; shapes without any point are left out.
    """
    import pyproj

    kept: dict[str, Any] = {}
    units = one_datum(units)
    for part in ("water", "roads", "places", "streets"):
        layer = getattr(layers, part)
        if layer is None:
            continue
        layer = one_datum(layer)
        into = pyproj.Transformer.from_crs(units.crs, layer.crs, always_xy=True)
        left, bottom, right, top = units.total_bounds
        west, south, east, north = into.transform_bounds(left, bottom, right, top, densify_pts=21)
        box = layer.geometry.bounds
        near = (box["minx"] <= east) & (box["maxx"] >= west) & (box["miny"] <= north) & (box["maxy"] >= south)
        kept[part] = layer[near.to_numpy()]
    return dataclasses.replace(layers, **kept)


def surroundings(layers: Context | None, tally: Tally, *, most: int = MOST_POINTS) -> list[Drawn]:
    """Choose what is drawn around units.

    Parameters
    ----------
    layers : Context or None
        Water, roads and places near the units.
    tally : Tally
        Units.
    most : int
        Points of a layer at most.

    Returns
    -------
    list of Drawn
        From the ground up; layers without shapes are left out. Roads go from
        the primary to the smallest, and of one class the longest come first;
        of water and places the largest come first.
    """
    found = []
    for kind in PARTS:
        layer = getattr(layers, kind, None)
        if kind == "roads":
            layer = _roads(layers)
        if layer is not None and len(layer):
            found.append(_drawn(kind, layer, tally, most))
    return found


def _roads(layers: Context | None) -> Any:
    """Put main roads and streets together."""
    import pandas as pd

    roads, streets = getattr(layers, "roads", None), getattr(layers, "streets", None)
    if roads is None or streets is None:
        return roads if streets is None else streets
    # A main road is in both files, under one id.
    return pd.concat(
        [one_datum(roads), one_datum(streets[~streets.index.isin(roads.index)]).to_crs(one_datum(roads).crs)]
    )


def _drawn(kind: str, layer: Any, tally: Tally, most: int) -> Drawn:
    """Simplify a layer, and keep as much of it as a screen holds."""
    import shapely

    step, frame = detail(tally), _frame(tally)
    plane = one_datum(layer.geometry).to_crs(tally.crs).to_numpy()
    flat = np.isin(shapely.get_type_id(plane), (3, 6))
    plane[flat] = shapely.make_valid(plane[flat])
    inside = shapely.clip_by_rect(plane, *frame)
    ranks = _ranks(kind, layer)
    sizes = shapely.area(inside) if flat.any() else shapely.length(inside)
    seen = ~shapely.is_empty(inside)
    there = int(seen.sum())
    if kind == "water":
        seen &= ~flat | (sizes > (_SPECK * step) ** 2)
    names = layer["name"].fillna("").astype(str).to_numpy() if "name" in layer else np.full(len(layer), "")
    order = np.lexsort((-sizes, names == "", ranks))
    order = order[seen[order]][: most // 2]  # two points at least for each
    shapes = shapely.simplify(inside[order], step)
    fit = np.cumsum(shapely.get_num_coordinates(shapes)) <= most
    degrees = type(tally.ground)(shapes[fit], crs=tally.crs).to_crs(GEOGRAPHIC).to_numpy()
    labels = _labels(kind, names, plane, tally) if kind in MOST_NAMES else ()
    return Drawn(kind, degrees, ranks[order][fit], labels, there - int(fit.sum()))


def detail(tally: Tally) -> float:
    """Find the size of the smallest detail that is drawn.

    Parameters
    ----------
    tally : Tally
        Units.

    Returns
    -------
    float
        Metres.
    """
    west, south, east, north = tally.ground.total_bounds
    return float(max(east - west, north - south) / PIXELS)


def _frame(tally: Tally) -> tuple[float, float, float, float]:
    """Give the extent of the units and half of it around."""
    west, south, east, north = tally.ground.total_bounds.tolist()
    more = max(east - west, north - south) / 2
    return west - more, south - more, east + more, north + more


def _ranks(kind: str, layer: Any) -> Any:
    """Read the classes of roads."""
    if kind != "roads":
        return np.zeros(len(layer), dtype="int64")
    if "mtfcc" not in layer:
        return np.full(len(layer), _CLASSES["S1400"], dtype="int64")
    return layer["mtfcc"].map(_CLASSES).fillna(3).to_numpy(dtype="int64")


def _labels(kind: str, names: Any, plane: Any, tally: Tally) -> tuple[Label, ...]:
    """Find the names that go on the map, and where: in the middle of what the units hold of each."""
    import pandas as pd
    import shapely

    inside = shapely.clip_by_rect(plane, *tally.ground.total_bounds)
    points = shapely.get_type_id(plane) == 0
    long = np.where(
        points & ~shapely.is_empty(inside), np.inf, shapely.length(inside) if kind == "roads" else shapely.area(inside)
    )
    frame = pd.DataFrame({"name": names, "size": long})
    frame = frame[(frame["name"] != "") & (frame["size"] > 0)]
    total = frame.groupby("name", sort=True)["size"].agg(["sum", "idxmax"]).sort_values("sum", ascending=False)
    found, taken = [], np.zeros((0, 4))
    scale = 2 ** zoom_of(tally) * 256 / 360
    for name, at in total["idxmax"].head(5 * MOST_NAMES[kind]).items():
        place = shapely.line_interpolate_point(_longest(inside[at]), 0.5, normalized=True) if kind == "roads" else None
        x, y = shapely.get_coordinates(place or shapely.point_on_surface(inside[at]))[0]
        longitude, latitude = tally.to_degrees(float(x), float(y))
        across, down = longitude * scale, -latitude * scale / max(math.cos(math.radians(latitude)), 0.1)
        half = _LETTER * len(str(name)) / 2
        box = np.array([across - half, down - _LINE / 2, across + half, down + _LINE / 2])
        free = (taken[:, :2] >= box[2:]) | (taken[:, 2:] <= box[:2])
        if free.any(axis=1).all():
            found.append(Label(str(name), longitude, latitude))
            taken = np.vstack([taken, box])
        if len(found) == MOST_NAMES[kind]:
            break
    return tuple(found)


def _longest(shape: Any) -> Any:
    """Give the longest part of a line."""
    import shapely

    parts = shapely.get_parts(shape)
    return parts[int(shapely.length(parts).argmax())]


def zoom_of(tally: Tally) -> int:
    """Choose a zoom at which all units fit into about 550 pixels.

    Parameters
    ----------
    tally : Tally
        Units.

    Returns
    -------
    int
        From 2 to 18.
    """
    west, south, east, north = tally.extent
    wide = max(east - west, (north - south) / max(math.cos(math.radians((south + north) / 2)), 0.1), 1e-6)
    return int(max(2, min(18, math.floor(math.log2(550 * 360 / (256 * wide))))))
