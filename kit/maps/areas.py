"""Named areas on a map: their outlines, and their names in them, beside them or in a key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kit.analysis.area_counts import WHOLE, at_level
from kit.analysis.clusters import Clusters
from kit.analysis.community_shapes import communities_of
from kit.errors import CoverageError, InputError, SchemaError, first_few
from kit.i18n.messages import say, term
from kit.maps import style
from kit.maps.ink import draw_lines, fill_shapes
from kit.maps.labels import Place, draw_names
from kit.maps.shapes import widest_place
from kit.model.communities import KINDS, Communities
from kit.model.crs import one_datum, require_crs
from kit.model.frames import Units
from kit.model.sentences import number_of

# More areas than this stand on the map by a short name, and in full in a key; the name of a cluster says little.
NAMED, NAMED_CLUSTERS = 12, 4
DASHES = (0, (3.6, 1.4))
TINT, TINT_HATCH, TINT_INK = "#f1dfea", "...", "#b884a2"
_MANY = 12
"""With more areas over it, a name stands where its area is widest."""


@dataclass(frozen=True)
class Areas:
    """Named areas with their shapes, ready to draw.

    Parameters
    ----------
    shapes : dict of str to shapely.Geometry
        Name → outline, in the projection of the map.
    communities : Communities
        The same areas as units and parts of units.
    notes : tuple of str
        What a reader must know of the outlines and of the areas.
    """

    shapes: dict[str, Any]
    communities: Communities
    notes: tuple[str, ...]

    @property
    def kind(self) -> str:
        """What the areas are.

        Returns
        -------
        str
            ``"community"``, ``"cluster"`` or ``"region"``.
        """
        return self.communities.kind

    @property
    def several(self) -> str:
        """How many there are, in words.

        Returns
        -------
        str
            Such as ``"5 communities"``.
        """
        return number_of(len(self.communities), KINDS[self.kind])


def areas_of(given: Any, units: Units, shapes: Any, crs: Any) -> Areas:
    """Read named areas and find their outlines.

    Parameters
    ----------
    given : Communities, Clusters or geopandas.GeoDataFrame
        The areas; polygons have their names in a column ``name``.
    units : Units
        The units drawn.
    shapes : numpy.ndarray of shapely.Geometry
        Their polygons in the projection of the map.
    crs : pyproj.CRS
        That projection.

    Returns
    -------
    Areas
        Areas that have an outline; a note says which have none.

    Raises
    ------
    InputError
        What was passed is none of the three, or holds no area.
    SchemaError
        The polygons have no column ``name``.
    CRSError
        The polygons have no CRS.
    CoverageError
        No area touches the units.
    """
    if isinstance(given, Clusters):
        given = given.communities
    if isinstance(given, Communities):
        if not len(given):
            raise InputError(f"there are no {KINDS[given.kind]} to draw; the list is empty.")
        return _of_units(given, units, shapes)
    if not hasattr(given, "geometry") or not hasattr(given, "columns"):
        raise InputError(
            "areas are Communities, Clusters from kit.clusters, or a GeoDataFrame of polygons with a column 'name'; "
            f"got a {type(given).__name__}."
        )
    if "name" not in given.columns:
        columns = [column for column in given.columns if column != given.geometry.name]
        raise SchemaError(
            f"these areas have no column 'name'; columns are {first_few(columns, 12) or 'none'}. Rename the one that "
            'names them: areas.rename(columns={"…": "name"}).'
        )
    require_crs(given, what="the layer of areas")
    found = communities_of(given, units, name="name")
    drawn = one_datum(given.geometry).to_crs(crs).make_valid()
    # Outlines are the polygons themselves, however units count.
    return Areas(dict(zip(found.names, drawn.to_numpy(), strict=True)), found, found.notes)


def _of_units(given: Communities, units: Units, shapes: Any) -> Areas:
    """Join the units of each area; of units in it by a share, those of which at least half lies inside."""
    import shapely

    rows, notes = at_level(given, units.frame.index)
    place = units.frame.index.get_indexer(rows["GEOID"])
    known = place >= 0
    if not known.any():
        raise CoverageError(
            f"none of the {len(rows):,} units listed for {len(given):,} {KINDS[given.kind]} is among the "
            f"{len(units):,} {units.plural} drawn, first {first_few(rows['GEOID'])}. "
            "Check that both are of one census year."
        )
    names, at, share = (values[known] for values in (rows["community"].to_numpy(), place, rows["share"].to_numpy()))
    found: dict[str, Any] = {}
    for name in given.names:
        mine = names == name
        inside = mine & (share >= 0.5)
        use = at[inside if inside.any() else mine]
        if len(use):
            found[name] = shapely.union_all(shapely.make_valid(shapes[use]))
    cut = share < WHOLE
    told = [*notes]
    if cut.any():
        told.append(
            say(
                "{number:,} {units} lie in an area by a share only: the outlines drawn here follow whole {units}, "
                "those of which at least half lies inside; figures count the shares.",
                number=len(np.unique(at[cut])),
                units=term(units.plural),
            )
        )
    lost = int((~known).sum())
    if lost:
        told.append(
            say(
                "{number:,} units listed for {areas} are not among those drawn.",
                number=lost,
                areas=term(KINDS[given.kind]),
            )
        )
    absent = [name for name in given.names if name not in found]
    if absent:
        told.append(say("Without an outline, as none of their units is drawn: {names}.", names=some_of(absent, 12)))
    return Areas(found, given, tuple(dict.fromkeys([*told, *given.notes])))


class AreaLayer:
    """Outlines and names over a map.

    Parameters
    ----------
    areas : Areas
        What to draw.
    tinted : bool
        Fill the areas with a pattern; for maps that are not filled otherwise.
    """

    def __init__(self, areas: Areas, *, tinted: bool = False) -> None:
        self.areas, self.tinted = areas, tinted
        names = list(areas.shapes)
        self.short = {name: name for name in names}
        if len(names) > (NAMED_CLUSTERS if areas.kind == "cluster" else NAMED):
            self.short = {name: _short(name, number, areas.kind) for number, name in enumerate(names)}
        self.left: list[str] = []

    @property
    def keyed(self) -> bool:
        """Whether short names stand on the map and a key beside it.

        Returns
        -------
        bool
            True for many areas.
        """
        return any(short != name for name, short in self.short.items())

    def handles(self) -> list[Any]:
        """Make the legend entry of the outlines.

        Returns
        -------
        list of matplotlib.artist.Artist
            One entry; with a tint its pattern is in it.
        """
        from matplotlib.lines import Line2D
        from matplotlib.patches import Patch

        kind = term(self.areas.kind)
        if not self.keyed:
            label = say("{area}, with its name", area=kind)
        elif self.areas.kind == "cluster":
            label = say("{area}, with its number", area=kind)
        else:
            label = say("{area}, with its letters", area=kind)
        dashed: dict[str, Any] = {"linestyle": DASHES, "linewidth": 1.8}
        if not self.tinted:
            return [Line2D([], [], color=style.AREA, label=say("outline of a {entry}", entry=label), **dashed)]
        look: dict[str, Any] = {"facecolor": TINT, "edgecolor": style.AREA, "hatch": TINT_HATCH}
        return [Patch(label=label, **{**look, **dashed, "linewidth": 1.4})]

    def paint(self, ax: Any, *, without: tuple[float, float, float, float] | None = None) -> list[Any]:
        """Draw outlines and names inside the limits of axes.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Where to draw.
        without : tuple of float, optional
            West, south, east and north of a part where no name is written.

        Returns
        -------
        list of shapely.Geometry
            What the names and their lines cover, in map units.
        """
        shapes = list(self.areas.shapes.values())
        if self.tinted:
            look: dict[str, Any] = {"facecolor": TINT, "edgecolor": TINT_INK, "linewidth": 0}
            fill_shapes(ax, np.array(shapes, dtype=object), hatch=TINT_HATCH, order=3, **look)
        draw_lines(ax, shapes, width=1.5, dashes=DASHES, order=7, colour=style.AREA)
        places = self._places(ax)
        if without is not None:
            west, south, east, north = without
            places = {n: at for n, at in places.items() if not (west < at[0] < east and south < at[1] < north)}
        written = {self.short[name]: at for name, at in places.items()}
        taken, left = draw_names(ax, written, clear=shapes)
        self.left += [name for name, short in self.short.items() if short in left]
        return taken

    def _places(self, ax: Any) -> dict[str, Place]:
        """Find the widest place of each area in the frame."""
        import shapely

        (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
        found = {}
        names = list(self.areas.shapes)
        shapes = np.array(list(self.areas.shapes.values()), dtype=object)
        # What lies beyond the frame matters to no name, and costs most of the time where areas are large.
        framed = shapely.clip_by_rect(shapes, west, south, east, north)
        valid = shapely.make_valid(framed)
        for number, name in enumerate(names):
            place = _widest(framed[number])
            over = shapely.intersects(valid, valid[number]) & (np.arange(len(names)) != number)
            # Where many areas lie over one another none has a part of its own that is worth looking for.
            if place is not None and 0 < over.sum() <= _MANY:
                alone = _widest(shapely.difference(valid[number], shapely.union_all(valid[over])))
                # Where areas overlap a name stands in the part that is the area's own, if there is room.
                place = alone if alone is not None and alone[2] > place[2] / 3 else place
            if place is not None:
                found[name] = place
        return found


def some_of(names: Sequence[str], limit: int) -> str:
    """List some names, and count the others.

    Parameters
    ----------
    names : sequence of str
        Names.
    limit : int
        How many are told.

    Returns
    -------
    str
        Such as ``"A, B and 3 more"``.
    """
    told = ", ".join(names[:limit])
    more = len(names) - limit
    return say("{names} and {number:,} more", names=told, number=more) if more > 0 else told


def _widest(shape: Any) -> Place | None:
    return widest_place(shape, np.array([], dtype=object), np.array([]))


def _short(name: str, number: int, kind: str) -> str:
    """Shorten a name: the number of a cluster, else letters, which no district has for a number."""
    if kind == "cluster" and name.startswith("Cluster "):
        return f"C{name.removeprefix('Cluster ')}"
    letters = ""
    rest = number + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters
