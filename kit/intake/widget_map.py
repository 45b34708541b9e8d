"""The map of the drawing widget: no tiles, nothing that is not on this machine."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import numpy as np

from kit.i18n.messages import say
from kit.intake.tally import Tally
from kit.model.community_area import DrawnArea
from kit.model.crs import GEOGRAPHIC
from kit.model.frames import Plan

SHADES = ("#f7fbff", "#c6dbef", "#9ecae1", "#6baed6", "#3182bd", "#08519c", "#08306b")
"""From the lowest class to the highest; classes are spread over them."""
PLAN_LINES = (("#b30000", None), ("#4d004b", "10 6"), ("#7a4a00", "2 6"), ("#005a32", "14 4 2 4"))
"""Colour and dashes of each plan, so that nobody needs colour to tell them apart."""
CHOSEN = {"color": "#000000", "weight": 2.5, "fillColor": "#fdae61", "fillOpacity": 0.55}
NO_SHARE = "#ffffff"
_PIXELS = 4_000
_DIGITS = 6


class UnitMap:
    """Units coloured by share, lines of plans, layers around them, and what is chosen.

    Parameters
    ----------
    tally : Tally
        Units.
    shares : numpy.ndarray
        Share of the group in each unit, as fractions; missing where nobody lives.
    breaks : sequence of float
        Class bounds from 0 to 1.
    plans : mapping of str to Plan
        Plans with their lines.
    layers : kit.Context, optional
        Water, roads and places.
    height : str
        Height of the map.
    """

    def __init__(
        self,
        tally: Tally,
        shares: Any,
        breaks: Sequence[float],
        plans: dict[str, Plan],
        layers: Any = None,
        *,
        height: str = "560px",
    ) -> None:
        import ipyleaflet

        self._tally = tally
        self._shapes = displayed(tally)
        west, south, east, north = _bounds(self._shapes)
        self.map = ipyleaflet.Map(
            layers=(),
            center=((south + north) / 2, (west + east) / 2),
            zoom=_zoom(west, south, east, north),
            scroll_wheel_zoom=True,
            prefer_canvas=True,
            attribution_control=False,
        )
        self.map.layout.height = height
        self.map.add_class("kit-map")
        self._units = ipyleaflet.GeoJSON(
            data=self._collection(range(len(self._shapes)), _fills(shares, breaks)), name="units"
        )
        self.map.add(self._units)
        for layer in (*_around(layers), *_lines(plans)):
            self.map.add(layer)
        self._chosen = ipyleaflet.GeoJSON(data=self._collection(()), name="chosen")
        self.map.add(self._chosen)
        self.draw = ipyleaflet.DrawControl(
            polygon={
                "shapeOptions": {"color": "#000000", "weight": 3, "fillOpacity": 0.05},
                "allowIntersection": False,
            },
            polyline={},
            circlemarker={},
            circle={},
            rectangle={},
            marker={},
        )
        self.map.add(self.draw)
        self._busy = False

    def on_click(self, called: Callable[[str], None]) -> None:
        """Tell when a unit was clicked.

        Parameters
        ----------
        called : callable
            Gets the GEOID.
        """

        def clicked(**event: Any) -> None:
            if event.get("type") == "click":
                latitude, longitude = event["coordinates"]
                geoid = self._tally.at(longitude, latitude)
                if geoid is not None:
                    called(geoid)

        self.map.on_interaction(clicked)

    def on_draw(self, called: Callable[[Any], None]) -> None:
        """Tell when the outline was drawn, edited or rubbed out.

        Parameters
        ----------
        called : callable
            Gets all that is drawn as one shape, or None.
        """

        def changed(change: Any) -> None:
            if not self._busy:
                called(as_shape(change["new"]))

        self.draw.observe(changed, "data")

    def show(self, positions: Any, area: Any) -> None:
        """Mark what is chosen.

        Parameters
        ----------
        positions : numpy.ndarray
            Of the units.
        area : DrawnArea, ListedArea or None
            As it stands.
        """
        self._chosen.data = self._collection(positions, [CHOSEN] * len(positions))
        self._busy = True
        try:
            self.draw.data = _features(area) if isinstance(area, DrawnArea) else []
        finally:
            self._busy = False

    def _collection(self, positions: Any, styles: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
        """Write units as GeoJSON."""
        ids = self._tally.units.frame.index
        features = [
            {
                "type": "Feature",
                "properties": {"GEOID": str(ids[at]), "style": dict(style)},
                "geometry": self._shapes[at],
            }
            for at, style in zip(positions, styles, strict=True)
        ]
        return {"type": "FeatureCollection", "features": features}


def displayed(tally: Tally) -> list[dict[str, Any]]:
    """Simplify units for the screen, neighbours together, so that no gaps open between them.

    Parameters
    ----------
    tally : Tally
        Units.

    Returns
    -------
    list of dict
        GeoJSON geometries in degrees, for display only.
    """
    import shapely
    from shapely.geometry import mapping

    shapes = tally.ground.to_numpy()
    west, south, east, north = tally.ground.total_bounds
    flat = np.isin(shapely.get_type_id(shapes), (3, 6))
    if flat.all():
        thin = shapely.coverage_simplify(shapes, max(east - west, north - south) / _PIXELS)
        shapes = np.where(shapely.is_empty(thin), shapes, thin)
    degrees = type(tally.ground)(shapes, crs=tally.crs).to_crs(GEOGRAPHIC).to_numpy()
    return [mapping(one) for one in shapely.transform(degrees, lambda xy: np.round(xy, _DIGITS))]


def as_shape(features: Sequence[dict[str, Any]]) -> Any:
    """Join what is drawn.

    Parameters
    ----------
    features : sequence of dict
        GeoJSON features of polygons, in degrees.

    Returns
    -------
    shapely.Geometry or None
        One outline as it was drawn; several joined; None for nothing.
    """
    import shapely
    from shapely.geometry import shape

    drawn = [shape(one["geometry"]) for one in features if (one.get("geometry") or {}).get("type") == "Polygon"]
    if len(drawn) < 2:
        return drawn[0] if drawn else None
    return shapely.union_all([shapely.make_valid(one) for one in drawn])


def legend(breaks: Sequence[float], who: str, plans: Sequence[str]) -> str:
    """Explain colours and lines.

    Parameters
    ----------
    breaks : sequence of float
        Class bounds.
    who : str
        Whose share.
    plans : sequence of str
        Names of the plans, in order.

    Returns
    -------
    str
        HTML.
    """
    shades = _shades(len(breaks) - 1)
    look = "display:inline-block;width:1.2em;height:0.9em;border:1px solid #555"
    box = f'<span aria-hidden="true" style="{look};{{}}"></span>'
    rows = [
        f"<li>{box.format(f'background:{shade}')} {escape(say('{low:.0%} to {high:.0%}', low=low, high=high))}</li>"
        for shade, low, high in zip(shades, breaks, breaks[1:], strict=False)
    ]
    rows.append(f"<li>{box.format('background:' + NO_SHARE)} {escape(say('nobody lives there'))}</li>")
    rows.append(f"<li>{box.format('background:#fdae61')} {escape(say('chosen'))}</li>")
    for number, plan in enumerate(plans):
        colour, dashes = PLAN_LINES[number % len(PLAN_LINES)]
        kind = "dashed" if dashes else "solid"
        line = box.format(f"height:0;border:0;border-top:3px {kind} {colour}")
        rows.append(f"<li>{line} {escape(say('districts: {plan}', plan=plan))}</li>")
    head = escape(say("Share of residents: {who}", who=who))
    return f'<p style="margin:0">{head}</p><ul style="list-style:none;margin:0;padding:0">{"".join(rows)}</ul>'


def _shades(classes: int) -> list[str]:
    """Spread classes over the shades."""
    return [SHADES[round(n * (len(SHADES) - 1) / max(classes - 1, 1))] for n in range(classes)]


def _fills(shares: Any, breaks: Sequence[float]) -> list[dict[str, Any]]:
    """Choose the fill of each unit."""
    shades = _shades(len(breaks) - 1)
    at = np.clip(np.searchsorted(np.asarray(breaks), shares, side="right") - 1, 0, len(shades) - 1)
    fills = [
        NO_SHARE if math.isnan(share) else shades[n] for share, n in zip(shares.tolist(), at.tolist(), strict=True)
    ]
    return [{"color": "#737373", "weight": 0.5, "fillColor": fill, "fillOpacity": 0.9} for fill in fills]


def _bounds(shapes: list[dict[str, Any]]) -> tuple[float, float, float, float]:
    """Find the extent."""
    import shapely
    from shapely.geometry import shape

    west, south, east, north = shapely.total_bounds([shape(one) for one in shapes]).tolist()
    return west, south, east, north


def _zoom(west: float, south: float, east: float, north: float) -> int:
    """Choose a zoom at which all fits into about 550 pixels."""
    wide = max(east - west, (north - south) / max(math.cos(math.radians((south + north) / 2)), 0.1), 1e-6)
    return int(max(2, min(18, math.floor(math.log2(550 * 360 / (256 * wide))))))


def _features(area: DrawnArea) -> list[dict[str, Any]]:
    """Write an outline as features, a part each."""
    from shapely.geometry import mapping

    parts = getattr(area.shape, "geoms", [area.shape])
    return [
        {"type": "Feature", "properties": {"style": {}}, "geometry": mapping(one)}
        for one in parts
        if one.geom_type == "Polygon"
    ]


def _layer(shapes: Any, name: str, style: dict[str, Any]) -> Any:
    """Make a layer that only shows."""
    import ipyleaflet
    import shapely
    from shapely.geometry import mapping

    degrees = shapely.transform(shapes.to_crs(GEOGRAPHIC).to_numpy(), lambda xy: np.round(xy, _DIGITS))
    features = [
        {"type": "Feature", "properties": {"style": style}, "geometry": mapping(one)}
        for one in degrees
        if one is not None and not one.is_empty
    ]
    return ipyleaflet.GeoJSON(data={"type": "FeatureCollection", "features": features}, name=name)


def _around(layers: Any) -> list[Any]:
    """Draw water, roads and the borders of places."""
    looks = {
        "water": {"color": "#6699cc", "weight": 0.5, "fillColor": "#a6cee3", "fillOpacity": 0.9},
        "roads": {"color": "#8c8c8c", "weight": 1},
        "places": {"color": "#252525", "weight": 1.2, "dashArray": "3 4", "fillOpacity": 0},
    }
    found = [(name, getattr(layers, name, None), look) for name, look in looks.items()]
    return [_layer(layer.geometry, name, look) for name, layer, look in found if layer is not None and len(layer)]


def _lines(plans: dict[str, Plan]) -> list[Any]:
    """Draw the lines of each plan."""
    made = []
    for number, (name, plan) in enumerate(plans.items()):
        if plan.geometry is None:
            continue
        colour, dashes = PLAN_LINES[number % len(PLAN_LINES)]
        look = {"color": colour, "weight": 3, "fillOpacity": 0, **({"dashArray": dashes} if dashes else {})}
        made.append(
            _layer(plan.geometry.simplify(0.0002) if plan.geometry.crs.is_geographic else plan.geometry, name, look)
        )
    return made
