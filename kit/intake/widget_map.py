"""The map of the drawing widget: no tiles, nothing that is not on this machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from kit.intake.surroundings import detail, surroundings, zoom_of
from kit.intake.tally import Tally
from kit.intake.widget_layers import CHOSEN, PANES, around, fills, plan_lines
from kit.model.community_area import DrawnArea
from kit.model.crs import GEOGRAPHIC
from kit.model.frames import Plan

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
        self.drawn = surroundings(layers, tally)
        looks = fills(shares, breaks)
        units = ipyleaflet.GeoJSON(data=self._collection(range(len(looks)), looks), name="units")
        self.layers: dict[str, list[Any]] = {
            "units": [units],
            **around(self.drawn),
            **{f"plan:{name}": made for name, made in plan_lines(plans, tally).items()},
        }
        self._chosen = ipyleaflet.GeoJSON(data=self._collection(()), name="chosen")
        west, south, east, north = tally.extent
        self.map = ipyleaflet.Map(
            layers=(*(one for several in self.layers.values() for one in several), self._chosen),
            panes=PANES,
            center=((south + north) / 2, (west + east) / 2),
            zoom=zoom_of(tally),
            scroll_wheel_zoom=True,
            prefer_canvas=True,
            attribution_control=False,
        )
        self.map.layout.height = height
        self.map.layout.flex = "none"  # or it moves under the hand when the figures below it grow
        self.map.add_class("kit-map")
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

    def switch(self, key: str, shown: bool) -> None:
        """Show or hide a layer.

        Parameters
        ----------
        key : str
            Of `layers`.
        shown : bool
            Whether it shows.
        """
        for layer in self.layers[key]:
            layer.visible = shown

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
    flat = np.isin(shapely.get_type_id(shapes), (3, 6))
    if flat.all():
        thin = shapely.coverage_simplify(shapes, detail(tally))
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


def _features(area: DrawnArea) -> list[dict[str, Any]]:
    """Write an outline as features, a part each."""
    from shapely.geometry import mapping

    parts = getattr(area.shape, "geoms", [area.shape])
    return [
        {"type": "Feature", "properties": {"style": {}}, "geometry": mapping(one)}
        for one in parts
        if one.geom_type == "Polygon"
    ]
