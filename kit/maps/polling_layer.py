"""Symbols of polling places over a map: sized by people, the first ten with their number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.monitoring import MonitoringList
from kit.errors import InputError, SchemaError, first_few
from kit.i18n.messages import say
from kit.maps import style
from kit.maps.furniture import halo_text, nice_length
from kit.maps.ground import Ground
from kit.maps.labels import frame_scale
from kit.maps.lettering import width
from kit.maps.shapes import dissolve, widest_place
from kit.model.crs import GEOGRAPHIC
from kit.model.sentences import few

NUMBERED = 10
"""So many of the largest carry a number."""
LARGEST, LEAST = 14.0, 2.2
"""Radius of the largest symbol, and of the smallest, in points."""
SYMBOL = "#8a0f5c"
# Shares of the largest that the legend shows: its rows have no room for larger symbols, and the key tells the largest.
_SIZES = (0.2, 0.1, 0.04)
_TYPE = 7.5


def spots_of(found: MonitoringList, scene: Ground, precinct: str) -> pd.DataFrame:
    """Find where each row of a list is drawn.

    Parameters
    ----------
    found : MonitoringList
        Polling places, or precincts.
    scene : Ground
        The map.
    precinct : str
        Column of precincts, where precincts are drawn.

    Returns
    -------
    pandas.DataFrame
        ``x`` and ``y`` in the projection, by id; missing where the units have no such precinct.

    Raises
    ------
    SchemaError
        The units have no column of precincts, or none of these.
    """
    if found.places is not None:
        points = found.places.points.reindex(found.frame.index).set_crs(GEOGRAPHIC).to_crs(scene.crs)
        return pd.DataFrame({"x": points.x, "y": points.y})
    frame = scene.units.frame
    if precinct not in frame.columns:
        raise SchemaError(
            f"these {scene.units.plural} have no column {precinct!r} of precincts; columns are "
            f"{first_few(frame.columns, 12)}. Pass precinct=, or rank polling places, which have coordinates."
        )
    labels = frame[precinct].astype("object").where(frame[precinct].notna(), "").map(str).to_numpy()
    here = np.isin(labels, found.frame.index)
    if not here.any():
        raise SchemaError(
            f"none of the precincts of the list is in the column {precinct!r} of these {scene.units.plural}."
        )
    joined = dissolve(scene.shapes[here], labels[here].astype(str))
    nobody: Any = np.array([], dtype=object)
    spots = {name: widest_place(shape, nobody, np.array([])) for name, shape in joined.items()}
    rows = {name: place[:2] for name, place in spots.items() if place is not None}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["x", "y"]).reindex(found.frame.index)


class PollingLayer:
    """Symbols over a map.

    Parameters
    ----------
    found : MonitoringList
        Polling places, or precincts.
    spots : pandas.DataFrame
        ``x`` and ``y`` of each, in the projection.

    Raises
    ------
    InputError
        No row has an estimate.
    """

    def __init__(self, found: MonitoringList, spots: pd.DataFrame) -> None:
        self.found, self.spots = found, spots
        values = found.frame[found.measure]
        self.largest = float(values.max())
        if not self.largest > 0:
            raise InputError(
                "no row of this list has people of limited English by its estimate; there is nothing to size."
            )
        self.values = values
        ranked = found.frame.index[found.frame["rank"].notna()][:NUMBERED]
        self.numbers = {one: number for number, one in enumerate(ranked, 1)}
        self.outside: list[str] = []

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what a reader must know of the symbols.

        Returns
        -------
        tuple of str
            What sizes mean, and which rows are not on the map.
        """
        told: list[str] = [
            say(
                "The area of a symbol is in proportion to the estimate, down to a smallest size; margins are in the "
                "table."
            )
        ]
        if self.outside:
            away = dict.fromkeys(self.outside)
            told.append(say("Outside the frame of the map: {names}.", names=few(away)))
        return tuple(told)

    def radius(self, value: float) -> float:
        """Give the radius of a symbol.

        Parameters
        ----------
        value : float
            People.

        Returns
        -------
        float
            Points.
        """
        return float(max(LEAST, LARGEST * np.sqrt(max(value, 0.0) / self.largest)))

    def sizes(self) -> list[float]:
        """Choose the sizes that the legend shows.

        Returns
        -------
        list of float
            Up to three round numbers of people, largest first.
        """
        return list(dict.fromkeys(nice_length(self.largest * part) for part in _SIZES))

    def handles(self) -> list[Any]:
        """Make legend entries: three sizes, and places without an estimate.

        Returns
        -------
        list of matplotlib.artist.Artist
            Largest first.
        """
        from matplotlib.lines import Line2D

        rows: list[Any] = [
            Line2D([], [], linestyle="none", marker="o", markersize=2 * self.radius(value), color=SYMBOL, alpha=0.85,
                   markeredgecolor="white", label=say("{number:,.0f} people of limited English", number=value))
            for value in self.sizes()
        ]  # fmt: skip
        if self.values.isna().any():
            look: dict[str, Any] = {"linestyle": "none", "marker": "x", "markersize": 6.0, "color": style.INK}
            rows.append(Line2D([], [], label=say("no estimate"), **look))
        return rows

    def paint(self, ax: Any, *, without: tuple[float, float, float, float] | None = None) -> list[Any]:  # noqa: ARG002
        """Draw symbols and numbers inside the limits of axes.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Where to draw.
        without : tuple of float, optional
            Not used: symbols are drawn everywhere.

        Returns
        -------
        list of shapely.Geometry
            What symbols and numbers cover, in map units.
        """
        import shapely

        (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
        metres, taken = frame_scale(ax), []
        x, y = self.spots["x"], self.spots["y"]
        inside = (x > west) & (x < east) & (y > south) & (y < north)
        self.outside = [str(name) for name in self.found.frame["name"][~inside.to_numpy()]]
        for order, one in enumerate(self.found.frame.index[inside.to_numpy()]):
            at, value = (float(x[one]), float(y[one])), self.values[one]
            if pd.isna(value):
                ax.plot(*at, linestyle="none", marker="x", markersize=6, color=style.INK, zorder=9)
                continue
            radius = self.radius(value)
            # Smaller symbols lie over larger ones.
            ax.plot(*at, linestyle="none", marker="o", markersize=2 * radius, color=SYMBOL, markeredgecolor="white",
                    markeredgewidth=0.8, alpha=0.85, zorder=8 + order / 1e4)  # fmt: skip
            taken.append(shapely.Point(at).buffer((radius + 1) * metres))
        self._write(ax, metres, taken, inside)
        return taken

    def _write(self, ax: Any, metres: float, taken: list[Any], inside: pd.Series) -> None:
        """Write numbers: in the symbol where it is large enough, else beside it."""
        import shapely

        for one, number in self.numbers.items():
            if not inside[one]:
                continue
            x, y, radius = float(self.spots["x"][one]), float(self.spots["y"][one]), self.radius(self.values[one])
            wide = width(f"{number}", size=_TYPE, bold=True) / 2
            if radius > np.hypot(wide, _TYPE * 0.37) + 0.5:
                text = ax.text(x, y, f"{number}", fontsize=_TYPE, fontweight="bold", color="white", ha="center",
                               va="center_baseline", zorder=12, clip_on=True)  # fmt: skip
                text.set_gid(f"place {number}")
                continue
            away = (radius + wide + 2) * metres
            u, v = self._free(x, y, away, metres, taken)
            text = halo_text(ax, u, v, f"{number}", size=_TYPE, colour=SYMBOL)
            text.set_gid(f"place {number}")
            taken.append(shapely.Point(u, v).buffer((wide + 2) * metres))

    def _free(self, x: float, y: float, away: float, metres: float, taken: list[Any]) -> tuple[float, float]:
        """Find a spot beside a symbol that covers nothing else."""
        import shapely

        spots = [(x + away * np.cos(turn), y + away * np.sin(turn)) for turn in np.deg2rad(np.arange(0, 360, 30))]
        own = shapely.Point(x, y)
        others = [shape for shape in taken if not shape.contains(own)]
        clear = [spot for spot in spots if not shapely.intersects(shapely.Point(spot).buffer(5 * metres), others).any()]
        return (clear or spots)[0]
