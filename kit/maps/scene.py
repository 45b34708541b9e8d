"""One map's data, projected, classed and ready to draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.concentration import concentration, unit_shares
from kit.errors import InputError
from kit.maps import furniture, style
from kit.maps.inset import draw_inset, empty_place, find_crowd
from kit.maps.labels import draw_labels
from kit.maps.page import drawn_extent
from kit.maps.record import MapRecord
from kit.maps.shapes import dissolve, line_paths, polygon_paths, simplify_for, widest_place
from kit.model.crs import GEOGRAPHIC, describe, equal_area, one_datum
from kit.model.frames import Placement
from kit.model.groups import BASES, definition

# More polygons than this are drawn as an image inside the vector file.
RASTER_ABOVE = 20_000


class Scene:
    """One map's data, projected, classed and ready to draw.

    Parameters
    ----------
    placement : Placement
        Units with polygons, placed in a plan.
    group, base : str
        Definition id and universe id.
    breaks : sequence of float
        Class bounds.
    extent : sequence of float, optional
        West, south, east and north in degrees; by default all inhabited units.
    """

    def __init__(
        self,
        placement: Placement,
        *,
        group: str,
        base: str,
        breaks: Sequence[float],
        extent: Sequence[float] | None = None,
    ) -> None:
        units = placement.units
        if units.geometry is None or not units.geometry.geom_type.isin(["Polygon", "MultiPolygon"]).all():
            raise InputError(f"a map needs the polygons of its {units.plural}; add them with units.with_geometry(...).")
        self.placement = placement
        self.classes = style.classes(breaks)
        self.table = concentration(placement, group=group, base=base)
        self.values = unit_shares(units, group=group, base=base)
        self.index = self.classes.index(self.values["share"]).to_numpy()
        lived = bool((self.values["base"][self.index < 0] > 0).any())
        self.without = f"no {BASES[base].noun}{', or no share (see notes)' if lived else ''}"
        self.crs = self._projection(extent)
        self.projected = one_datum(units.geometry).to_crs(self.crs)
        self.shapes = self.projected.to_numpy()
        self.districts = self._districts()
        self.extents = self._extents()
        self.sample = any(source.sample for source in placement.sources)
        self.bounds = self._bounds(extent)
        self.outside = self._outside() if extent is not None else ""

    @property
    def heading(self) -> str:
        """What is shown, without a claim.

        Returns
        -------
        str
            Group and universe.
        """
        return f"{definition(self.table.group).short}: share of {BASES[self.table.base].label}"

    @property
    def legend_title(self) -> str:
        """What the colours mean.

        Returns
        -------
        str
            Universe, group and definition id.
        """
        rule = definition(self.table.group)
        return f"Share of {BASES[self.table.base].label}\n{rule.short}\n(definition {rule.name})"

    def counts(self) -> tuple[int, ...]:
        """Count the units in each class.

        Returns
        -------
        tuple of int
            Lowest class first.
        """
        return tuple(int((self.index == i).sum()) for i in range(len(self.classes)))

    def legend(self, ax: Any) -> None:
        """Draw a small legend inside axes, in the corner that hides fewer units.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Drawn axes; scale bars stand at the lower left, the arrow at the upper right.
        """
        (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
        middle = self.projected.bounds
        x = ((middle["minx"] + middle["maxx"]) / 2 - west) / (east - west)
        y = ((middle["miny"] + middle["maxy"]) / 2 - south) / (north - south)
        hidden = {
            "upper left": ((x < 0.5) & (y > 0.5)).sum(),
            "lower right": ((x > 0.5) & (y < 0.5)).sum(),
        }
        font = {"family": list(style.FONT), "size": 6.5}
        box = ax.legend(
            handles=self.handles(counted=""), loc=min(hidden, key=lambda corner: hidden[corner]), prop=font,
            title=f"{self.legend_title}\n(number of {self.placement.units.plural})", framealpha=1.0, handlelength=1.4,
            labelspacing=0.3, title_fontproperties={**font, "weight": "bold"}, alignment="left",
        )  # fmt: skip
        box.set_zorder(30)

    def handles(self, *, counted: str | None = None) -> list[Any]:
        """Make legend entries: classes with their counts, nobody, district line.

        Parameters
        ----------
        counted : str, optional
            What is counted, after each number; by default the units' plural.

        Returns
        -------
        list of matplotlib.artist.Artist
            In legend order, highest share first.
        """
        from matplotlib.lines import Line2D
        from matplotlib.patches import Patch

        plural = self.placement.units.plural if counted is None else counted
        rows: list[Any] = [
            Patch(
                facecolor=colour,
                edgecolor=style.INK,
                linewidth=0.4,
                label=f"{words}   ({f'{count:,} {plural}'.strip()})",
            )
            for words, colour, count in zip(self.classes.labels, self.classes.colours, self.counts(), strict=True)
        ][::-1]
        empty = int((self.index < 0).sum())
        if empty:
            look: dict[str, Any] = {"facecolor": style.EMPTY, "edgecolor": style.HATCH_INK, "hatch": style.EMPTY_HATCH}
            rows.append(Patch(**look, linewidth=0.4, label=f"{self.without}   ({f'{empty:,} {plural}'.strip()})"))
        rows.append(Line2D([], [], color=style.LINE, linewidth=1.6, label="district line and number"))
        return rows

    def draw(self, ax: Any, *, inset: bool = False) -> None:
        """Draw units, lines and numbers.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Where to draw.
        inset : bool
            Enlarge a crowd of small districts in an empty part of the map.
        """
        ax.set_axis_off()
        self._frame(ax)
        anchors = self.anchors(ax)
        crowd = find_crowd(ax, anchors, self.extents) if inset else None
        place = empty_place(ax, np.array(list(self.districts.values()), dtype=object), crowd) if crowd else None
        if crowd and place:
            west, south, east, north = crowd
            anchors = {
                label: at for label, at in anchors.items() if not (west < at[0] < east and south < at[1] < north)
            }
        self.paint(ax, anchors)
        if crowd and place:
            draw_inset(ax, self, crowd, place)

    def paint(self, ax: Any, anchors: dict[str, tuple[float, float, float]]) -> None:
        """Fill the units, draw the lines and write the numbers inside the limits of axes.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Where to draw, with final limits.
        anchors : dict of str to tuple of float
            Easting, northing and radius of the place for each number.
        """
        import shapely

        (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
        pixel = (east - west) / (ax.get_position().width * ax.figure.get_figwidth() * 300)
        shown = np.flatnonzero(shapely.intersects(self.shapes, shapely.box(west, south, east, north)))
        self._fill(ax, simplify_for(self.shapes[shown], pixel / 2), self.index[shown])
        self._lines(ax)
        draw_labels(ax, anchors)

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

    def record(self, ax: Any, *, page: list[Any]) -> MapRecord:
        """Write down what was drawn.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Drawn axes.
        page : list of matplotlib.artist.Artist
            What stands around the map.

        Returns
        -------
        MapRecord
            For the exhibit, the alt text and the table.
        """
        return MapRecord(
            table=self.table,
            classes=self.classes,
            class_counts=self.counts(),
            empty=int((self.index < 0).sum()),
            plural=self.placement.units.plural,
            crs=describe(self.crs),
            north_up=abs(self.north(ax)) < 1,
            panel=ax,
            extent=drawn_extent(self, ax),
            outside=self.outside,
            page=page,
            scale_bar=True,
            arrow=True,
            without=self.without,
        )

    def _districts(self) -> dict[str, Any]:
        """Take the plan's polygons, or join the units of each district."""
        plan = self.placement.plan
        if plan.geometry is not None:
            outlines = one_datum(plan.geometry).to_crs(self.crs)
            return dict(zip(outlines.index.astype(str), outlines.to_numpy(), strict=True))
        placed = self.placement.assignment.notna().to_numpy()
        return dissolve(self.shapes[placed], self.placement.assignment.to_numpy(dtype=object)[placed].astype(str))

    def _projection(self, extent: Sequence[float] | None) -> Any:
        """Choose the equal-area projection centred on what will be shown."""
        shapes = self.placement.units.geometry
        if extent is None:
            inhabited = (self.values["base"] > 0).to_numpy()
            return equal_area(shapes[inhabited] if inhabited.any() else shapes)
        import geopandas
        import shapely

        if len(extent) != 4 or not (extent[0] < extent[2] and extent[1] < extent[3]):
            raise InputError(f"extent is west, south, east and north in degrees; got {list(extent)}.")
        return equal_area(geopandas.GeoSeries([shapely.box(*extent)], crs=GEOGRAPHIC))

    def _bounds(self, extent: Sequence[float] | None) -> tuple[float, float, float, float]:
        """Give the bounds to show, in the projection: the inhabited units, or what was asked for."""
        if extent is None:
            import shapely

            inhabited = self.values["base"].to_numpy() > 0
            return tuple(shapely.total_bounds(self.shapes[inhabited] if inhabited.any() else self.shapes))
        import pyproj

        to_map = pyproj.Transformer.from_crs(GEOGRAPHIC, self.crs, always_xy=True)
        left, bottom, right, top = extent
        return to_map.transform_bounds(left, bottom, right, top, densify_pts=21)

    def _extents(self) -> dict[str, tuple[float, float, float, float]]:
        """Give the bounds of the inhabited part of each district, or of all of it where nobody lives."""
        import shapely

        lived = (self.values["base"].to_numpy() > 0) & self.placement.assignment.notna().to_numpy()
        labels = self.placement.assignment.to_numpy(dtype=object)[lived].astype(str)
        boxes = pd.DataFrame(shapely.bounds(self.shapes[lived]), columns=list("wsen")).groupby(labels)
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
        lived = self.values["base"].to_numpy()[away].sum()
        told = f"{int(away.sum()):,} {self.placement.units.plural} with {lived:,.0f} {BASES[self.table.base].noun}"
        return f"Outside the frame: {told}; every figure counts them."

    def _frame(self, ax: Any) -> None:
        """Set the limits so that the bounds fill the axes, and draw the frame."""
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

    def _fill(self, ax: Any, shapes: Any, index: Any) -> None:
        """Fill each class in its colour, and empty units in hatched grey."""
        from matplotlib.collections import PathCollection

        raster = len(shapes) > RASTER_ABOVE
        empty = polygon_paths(shapes[index < 0])
        if empty:
            look: dict[str, Any] = {"facecolor": style.EMPTY, "edgecolor": style.HATCH_INK, "hatch": style.EMPTY_HATCH}
            nobody = PathCollection(empty, linewidth=0, rasterized=raster, **look)
            nobody.set_hatch_linewidth(0.5)
            ax.add_collection(nobody, autolim=False)
        for number, colour in enumerate(self.classes.colours):
            paths = polygon_paths(shapes[index == number])
            drawn = PathCollection(
                paths, facecolor=colour, edgecolor=colour, linewidth=0.15, rasterized=raster, zorder=2
            )
            ax.add_collection(drawn, autolim=False)

    def _lines(self, ax: Any) -> None:
        """Draw district lines dark over a light casing, so that they show on every colour."""
        from matplotlib.collections import PathCollection

        paths = line_paths(simplify_for(np.array(list(self.districts.values()), dtype=object), 10.0))
        for colour, width, order in ((style.CASING, 2.6, 5), (style.LINE, 1.2, 6)):
            collection = PathCollection(paths, facecolor="none", edgecolor=colour, linewidth=width, zorder=order)
            collection.set_joinstyle("round")
            ax.add_collection(collection, autolim=False)

    def anchors(self, ax: Any) -> dict[str, tuple[float, float, float]]:
        """Find where each number goes: in the frame, in its district, where most of its people live.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Axes with final limits.

        Returns
        -------
        dict of str to tuple of float
            Easting, northing and radius of the widest place, by district.
        """
        import shapely

        (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
        lived = self.values["base"].to_numpy()
        shown = shapely.intersects(self.shapes, shapely.box(west, south, east, north))
        use = (lived > 0) & shown & self.placement.assignment.notna().to_numpy()
        labels = self.placement.assignment.to_numpy(dtype=object)[use].astype(str)
        joined = dissolve(self.shapes[use], labels)
        points = shapely.point_on_surface(self.shapes[use])
        anchors = {}
        for label, shape in {**self.districts, **joined}.items():
            clipped = shapely.clip_by_rect(shape, west, south, east, north)
            if label in joined and self.placement.plan.geometry is not None:
                inside = shapely.intersection(shapely.make_valid(self.districts[label]), clipped)
                clipped = inside if shapely.area(inside) > 0 else clipped
            mine = labels == label
            anchors[label] = widest_place(clipped, points[mine], lived[use][mine])
        return {label: place for label, place in anchors.items() if place is not None}
