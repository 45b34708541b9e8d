"""The ground of a map: units, district lines and numbers, projected and framed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import InputError
from kit.i18n.messages import joined, mark, say, term
from kit.maps import furniture, style
from kit.maps.ink import draw_lines, fill_shapes, swatch
from kit.maps.inset import draw_inset, empty_place, find_crowd
from kit.maps.labels import draw_labels, frame_scale
from kit.maps.shapes import dissolve, simplify_for, widest_place
from kit.model.crs import GEOGRAPHIC, equal_area, one_datum
from kit.model.frames import Placement, Units
from kit.model.things import singular

# Units without people may make the frame this much larger.
_WIDER = 1.2


def require_polygons(units: Units) -> None:
    """Refuse units that cannot be drawn.

    Parameters
    ----------
    units : Units
        What is to be drawn.

    Raises
    ------
    InputError
        Some have no polygon.
    """
    if units.geometry is None or not units.geometry.geom_type.isin(["Polygon", "MultiPolygon"]).all():
        raise InputError(f"a map needs the polygons of its {units.plural}; add them with units.with_geometry(...).")


class Ground:
    """Units on a projection, with the lines and numbers of a plan; what they are filled with, others decide.

    Parameters
    ----------
    units : Units
        Units with polygons.
    lived : numpy.ndarray
        People in each unit: the frame holds all units with people, and numbers stand where most live.
    placement : Placement, optional
        The same units placed in a plan; without one there are no lines and numbers.
    extent : sequence of float, optional
        West, south, east and north in degrees; by default all inhabited units.
    noun : str
        What is counted in `lived`.
    """

    line_label = mark("district line and number")
    line_width = 1.2
    # Whether the frame also holds units without people, where they do not make the map much smaller.
    all_units = False

    def __init__(
        self,
        units: Units,
        *,
        lived: Any,
        placement: Placement | None = None,
        extent: Sequence[float] | None = None,
        noun: str = "people",
    ) -> None:
        require_polygons(units)
        self.units, self.placement, self.noun = units, placement, noun
        self.lived = np.asarray(lived, dtype="float64")
        self.overlays: list[Any] = []
        self.more_sources: tuple[Any, ...] = ()
        self.lettering: dict[str, Any] = {}
        self.left_out: list[str] = []
        self.crs = self._projection(extent)
        self.projected = one_datum(units.geometry).to_crs(self.crs)
        self.shapes = self.projected.to_numpy()
        self.placed = np.zeros(len(units), dtype=bool) if placement is None else placement.assignment.notna().to_numpy()
        self.districts = {} if placement is None else self.outlines(placement)
        self.extents = self._extents()
        self.sources = units.sources if placement is None else placement.sources
        self.sample = any(source.sample for source in self.sources)
        self.bounds = self._bounds(extent)
        self.outside = self._outside() if extent is not None else ""

    @property
    def legend_title(self) -> str:
        """What the colours mean.

        Returns
        -------
        str
            By default nothing.
        """
        return ""

    @property
    def small_title(self) -> str:
        """What the colours mean, over a small legend whose entries carry bare counts.

        Returns
        -------
        str
            The legend's title and what is counted; nothing where there is no title.
        """
        number = say("(number of {units})", units=term(self.units.plural))
        return joined([self.legend_title, number], "\n") if self.legend_title else ""

    def outlines(self, placement: Placement) -> dict[str, Any]:
        """Take a plan's polygons, or join the units of each district.

        Parameters
        ----------
        placement : Placement
            The same units placed in a plan.

        Returns
        -------
        dict of str to shapely.Geometry
            District → shape, in the projection.
        """
        plan = placement.plan
        if plan.geometry is not None:
            outlines = one_datum(plan.geometry).to_crs(self.crs)
            return dict(zip(outlines.index.astype(str), outlines.to_numpy(), strict=True))
        placed = placement.assignment.notna().to_numpy()
        return dissolve(self.shapes[placed], placement.assignment.to_numpy(dtype=object)[placed].astype(str))

    def handles(self, *, counted: str | None = None) -> list[Any]:
        """Make legend entries: what units are filled with, the district line, and what lies over them.

        Parameters
        ----------
        counted : str, optional
            What is counted, after each number; by default the units' plural.

        Returns
        -------
        list of matplotlib.artist.Artist
            In legend order.
        """
        from matplotlib.lines import Line2D

        rows = self.fill_handles(self.units.plural if counted is None else counted)
        if self.placement is not None:
            rows.append(Line2D([], [], color=style.LINE, linewidth=1.6, label=term(self.line_label)))
        return [*rows, *(row for overlay in self.overlays for row in overlay.handles())]

    def fill_handles(self, plural: str) -> list[Any]:
        """Make the legend entries of what units are filled with.

        Parameters
        ----------
        plural : str
            What is counted, after each number.

        Returns
        -------
        list of matplotlib.artist.Artist
            In legend order.
        """
        return [swatch(term(plural or self.units.plural), facecolor=style.EMPTY, edgecolor=style.FRAME)]

    def draw(self, ax: Any, *, inset: bool = False) -> None:
        """Draw units, lines, numbers and what lies over them.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Where to draw.
        inset : bool
            Enlarge a crowd of small districts in an empty part of the map.
        """
        ax.set_axis_off()
        self.frame(ax)
        anchors = self.anchors(ax)
        crowd = find_crowd(ax, anchors, self.extents) if inset else None
        place = empty_place(ax, np.array(list(self.districts.values()), dtype=object), crowd) if crowd else None
        if crowd and place:
            west, south, east, north = crowd
            anchors = {
                label: at for label, at in anchors.items() if not (west < at[0] < east and south < at[1] < north)
            }
        self.paint(ax, anchors, without=crowd if place else None)
        if crowd and place:
            draw_inset(ax, self, crowd, place)

    def paint(
        self,
        ax: Any,
        anchors: dict[str, tuple[float, float, float]],
        *,
        without: tuple[float, float, float, float] | None = None,
    ) -> None:
        """Fill the units, draw the lines and write names and numbers inside the limits of axes.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Where to draw, with final limits.
        anchors : dict of str to tuple of float
            Easting, northing and radius of the place for each number.
        without : tuple of float, optional
            West, south, east and north of a part that an inset shows: names there are written in it.
        """
        import shapely

        (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
        pixel = (east - west) / (ax.get_position().width * ax.figure.get_figwidth() * 300)
        shown = np.flatnonzero(shapely.intersects(self.shapes, shapely.box(west, south, east, north)))
        self.fill(ax, simplify_for(self.shapes[shown], pixel / 2), shown)
        self.lines(ax)
        taken = [box for overlay in self.overlays for box in overlay.paint(ax, without=without)]
        if taken:
            free = self.anchors(ax, avoid=shapely.union_all(shapely.buffer(taken, frame_scale(ax))))
            anchors = {label: free.get(label, at) for label, at in anchors.items()}
        self.left_out = draw_labels(ax, anchors, taken=taken, **self.lettering)
        for overlay in self.overlays:
            if hasattr(overlay, "finish"):
                overlay.finish(ax, without=without)

    def fill(self, ax: Any, shapes: Any, shown: Any) -> None:  # noqa: ARG002
        """Fill the units.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Where to draw.
        shapes : numpy.ndarray of shapely.Geometry
            The shapes to draw.
        shown : numpy.ndarray of int
            Positions of their units.
        """
        fill_shapes(ax, shapes, facecolor=style.EMPTY, edgecolor=style.HATCH_INK, linewidth=0.15)

    def stretch(self, ax: Any) -> float:
        """Measure how much longer a line across the middle is drawn than it is on the ground.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Drawn axes.

        Returns
        -------
        float
            Drawn metres for each metre on the ground; close to 1.
        """
        return furniture.stretch(self.crs, ax.get_xlim(), sum(ax.get_ylim()) / 2)

    def north(self, ax: Any) -> float:
        """Measure the direction of north at the middle of the map.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Drawn axes.

        Returns
        -------
        float
            Degrees clockwise from up.
        """
        return furniture.north_angle(self.crs, sum(ax.get_xlim()) / 2, sum(ax.get_ylim()) / 2)

    def _projection(self, extent: Sequence[float] | None) -> Any:
        """Choose the equal-area projection centred on what will be shown."""
        shapes = self.units.geometry
        if extent is None:
            inhabited = self.lived > 0
            return equal_area(shapes[inhabited] if inhabited.any() else shapes)
        import geopandas
        import shapely

        fits = len(extent) == 4 and extent[0] < extent[2] and -90 <= extent[1] < extent[3] <= 90
        if not fits or not (abs(extent[0]) <= 180 and abs(extent[2]) <= 180):
            raise InputError(f"extent is west, south, east and north in degrees; got {list(extent)}.")
        return equal_area(geopandas.GeoSeries([shapely.box(*extent)], crs=GEOGRAPHIC))

    def _bounds(self, extent: Sequence[float] | None) -> tuple[float, float, float, float]:
        """Give the bounds to show, in the projection: the inhabited units, or what was asked for."""
        if extent is None:
            import shapely

            lived, whole = self.lived > 0, shapely.total_bounds(self.shapes)
            found = shapely.total_bounds(self.shapes[lived]) if lived.any() else whole
            wider = float((np.array(whole[2:]) - whole[:2]).max() / (np.array(found[2:]) - found[:2]).max())
            return tuple(whole if self.all_units and wider <= _WIDER else found)
        import pyproj

        to_map = pyproj.Transformer.from_crs(GEOGRAPHIC, self.crs, always_xy=True)
        left, bottom, right, top = extent
        return to_map.transform_bounds(left, bottom, right, top, densify_pts=21)

    def _labels(self, use: Any) -> Any:
        """Give the district of some units, all of which are placed."""
        if self.placement is None:
            return np.array([], dtype=str)
        return self.placement.assignment.to_numpy(dtype=object)[use].astype(str)

    def _extents(self) -> dict[str, tuple[float, float, float, float]]:
        """Give the bounds of the inhabited part of each district, or of all of it where nobody lives."""
        import shapely

        lived = (self.lived > 0) & self.placed
        boxes = pd.DataFrame(shapely.bounds(self.shapes[lived]), columns=list("wsen")).groupby(self._labels(lived))
        bounds = boxes.agg({"w": "min", "s": "min", "e": "max", "n": "max"})
        known = {str(label): tuple(row) for label, row in zip(bounds.index, bounds.to_numpy(), strict=True)}
        return {label: known.get(label, tuple(shapely.bounds(shape))) for label, shape in self.districts.items()}

    def _outside(self) -> str:
        """Say who lives outside the bounds that were asked for."""
        west, south, east, north = self.bounds
        boxes = self.projected.bounds.to_numpy()
        away = (boxes[:, 2] < west) | (boxes[:, 0] > east) | (boxes[:, 3] < south) | (boxes[:, 1] > north)
        if not away.any():
            return ""
        return say(
            "Outside the frame: {number:,} {units} with {people:,.0f} {noun}; every figure counts them.",
            number=int(away.sum()), units=term(singular(self.units.plural) if away.sum() == 1 else self.units.plural),
            people=float(self.lived[away].sum()), noun=term(self.noun),
        )  # fmt: skip

    def frame(self, ax: Any) -> None:
        """Set the limits so that the bounds fill the axes, and draw the frame.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Where to draw.
        """
        from matplotlib.patches import Rectangle

        west, south, east, north = self.bounds
        box = ax.get_position()
        width, height = box.width * ax.figure.get_figwidth(), box.height * ax.figure.get_figheight()
        scale = 1.03 * max((east - west) / width, (north - south) / height)
        x, y = (west + east) / 2, (south + north) / 2
        ax.set_aspect("equal", adjustable="box")
        ax.set_xlim(x - scale * width / 2, x + scale * width / 2)
        ax.set_ylim(y - scale * height / 2, y + scale * height / 2)
        edge = Rectangle((0, 0), 1, 1, transform=ax.transAxes, fill=False, edgecolor=style.FRAME, linewidth=0.6)
        edge.set_zorder(15)
        edge.set_clip_on(False)
        ax.add_patch(edge)

    def lines(self, ax: Any) -> None:
        """Draw district lines dark over a light casing, so that they show on every colour.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Where to draw.
        """
        if self.districts:
            draw_lines(ax, list(self.districts.values()), width=self.line_width)

    def anchors(self, ax: Any, *, avoid: Any = None) -> dict[str, tuple[float, float, float]]:
        """Find where each number goes: in the frame, in its district, where most of its people live.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Axes with final limits.
        avoid : shapely.Geometry, optional
            What must stay uncovered, such as names.

        Returns
        -------
        dict of str to tuple of float
            Easting, northing and radius of the widest place, by district.
        """
        import shapely

        if self.placement is None:
            return {}
        (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
        shown = shapely.intersects(self.shapes, shapely.box(west, south, east, north))
        use = (self.lived > 0) & shown & self.placed
        labels = self._labels(use)
        joined = dissolve(self.shapes[use], labels)
        points = shapely.point_on_surface(self.shapes[use])
        anchors = {}
        for label, shape in {**self.districts, **joined}.items():
            clipped = shapely.clip_by_rect(shape, west, south, east, north)
            if label in joined and self.placement.plan.geometry is not None:
                inside = shapely.intersection(shapely.make_valid(self.districts[label]), clipped)
                clipped = inside if shapely.area(inside) > 0 else clipped
            mine = labels == label
            if avoid is not None:
                clipped = shapely.make_valid(clipped, method="structure", keep_collapsed=False)
                clipped = shapely.difference(clipped, avoid)
            anchors[label] = widest_place(clipped, points[mine], self.lived[use][mine])
        return {label: place for label, place in anchors.items() if place is not None}
