"""Live figures of an area that is being drawn: whole units, added up at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from kit.errors import InputError, SchemaError, first_few
from kit.i18n.messages import Message, joined, say, term
from kit.model.community_area import DrawnArea, ListedArea, UnitFinder
from kit.model.crs import GEOGRAPHIC, equal_area, require_crs
from kit.model.frames import Placement, Units
from kit.model.groups import column, who

KINDS = ("people", "group", "adults", "group_adults")
"""What is counted, where the units have it."""
MOST_SAID = 8
"""Of more districts the sentence gives the number, and the table each."""


@dataclass(frozen=True)
class Figures:
    """Who lives in the units chosen.

    Parameters
    ----------
    units : int
        How many units.
    counts : mapping of str to float
        By kind of `KINDS`; kinds that the units do not count are left out.
    districts : mapping of str to mapping of str to float
        Plan → district → people of the area in it, for every district that
        holds one of the units, those without people too.
    unplaced : mapping of str to float
        Plan → people of the area in no district.
    members : mapping of str to mapping of str to float
        As ``districts``, of the group; empty where the units do not count it.
    """

    units: int
    counts: Mapping[str, float] = field(default_factory=dict)
    districts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    unplaced: Mapping[str, float] = field(default_factory=dict)
    members: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


class Tally:
    """Counts of units and their districts, laid out so that any choice is added up at once.

    Parameters
    ----------
    units : Units
        With polygons and with the column ``total_pop``.
    placements : mapping of str to Placement
        The same units in each plan, by the plan's name.
    group : str
        Definition id, for example ``"aapi_aoic"``.

    Raises
    ------
    InputError
        The units have no shapes, or a placement is of other units.
    SchemaError
        Units have no people counted, or a count is missing.
    CoverageError
        These counts must not be added.
    """

    def __init__(self, units: Units, placements: Mapping[str, Placement], *, group: str) -> None:
        if units.geometry is None:
            raise InputError(f"these {units.plural} have no shapes; add them with units.with_geometry(...).")
        units.require_additive(f"an area would add {units.plural}")
        require_crs(units.geometry, what=f"the layer of {units.plural}")
        self.units, self.group = units, group
        self.placements = MappingProxyType(dict(placements))
        wanted = {
            "people": "total_pop",
            "group": column(group, "pop"),
            "adults": "total_vap",
            "group_adults": column(group, "vap"),
        }
        if "total_pop" not in units.frame.columns:
            units.column("total_pop")  # which says what is there
        self._counts = {
            kind: units.column(name).to_numpy(dtype="float64")
            for kind, name in wanted.items()
            if name in units.frame.columns
        }
        self._plans = {name: self._codes(placement) for name, placement in self.placements.items()}
        self._finder = UnitFinder(units.frame.index)
        self._make_ground()

    def _make_ground(self) -> None:
        """Index the points that stand for units."""
        import pyproj
        import shapely

        shapes = self.units.geometry
        blank = shapes.index[(shapes.isna() | shapes.is_empty).to_numpy()]
        if len(blank):
            raise SchemaError(f"{len(blank):,} {self.units.plural} have no shape, first {first_few(blank)}.")
        self.crs = equal_area(shapes)
        self.ground = shapes.to_crs(self.crs)
        self.points = self.ground.representative_point().to_numpy()
        self._tree = shapely.STRtree(self.points)
        self._to_plane = pyproj.Transformer.from_crs(GEOGRAPHIC, self.crs, always_xy=True)
        left, bottom, right, top = self.ground.total_bounds
        back = pyproj.Transformer.from_crs(self.crs, GEOGRAPHIC, always_xy=True)
        self.extent = back.transform_bounds(left, bottom, right, top, densify_pts=21)

    def _codes(self, placement: Placement) -> tuple[Any, list[str]]:
        """Number the districts of a plan in the order of its labels."""
        if not placement.assignment.index.equals(self.units.frame.index):
            raise InputError(
                f"the plan {placement.plan.name!r} was placed on other units than those to draw with; "
                "place it on these with kit.place."
            )
        labels = list(dict.fromkeys((*placement.plan.labels, *sorted(set(placement.assignment.dropna())))))
        place = {label: number for number, label in enumerate(labels)}
        codes = placement.assignment.map(place).astype("float64").to_numpy()
        return np.where(np.isnan(codes), len(labels), codes).astype("int64"), labels

    def inside(self, shape: Any) -> Any:
        """Find the units whose point lies in a shape.

        Parameters
        ----------
        shape : shapely.Geometry
            A polygon in degrees, NAD83; mended for this question where its lines cross.

        Returns
        -------
        numpy.ndarray
            Positions, ascending: whole units, as `kit.locate_communities` finds them with ``rule="point"``.
        """
        import shapely

        if shapely.is_empty(shape):
            return np.zeros(0, dtype="int64")
        plane = shapely.transform(shape, lambda xy: np.column_stack(self._to_plane.transform(xy[:, 0], xy[:, 1])))
        if not plane.is_valid:
            plane = shapely.make_valid(plane, method="structure", keep_collapsed=False)
        return np.sort(self._tree.query(plane, predicate="intersects"))

    def to_degrees(self, x: float, y: float) -> tuple[float, float]:
        """Turn a point of the plane back.

        Parameters
        ----------
        x, y : float
            In the system of `crs`.

        Returns
        -------
        longitude : float
            Degrees, NAD83.
        latitude : float
            Degrees, NAD83.
        """
        longitude, latitude = self._to_plane.transform(x, y, direction="INVERSE")
        return float(longitude), float(latitude)

    def pairs(self, shapes: Any, *, metres: float = 0.0) -> tuple[Any, Any]:
        """Find which units each of many shapes touches.

        Parameters
        ----------
        shapes : numpy.ndarray of shapely.Geometry
            In the system of `crs`.
        metres : float
            How far from a shape a unit may be and still count.

        Returns
        -------
        rows : numpy.ndarray
            Of the shapes; one that touches several units comes several times.
        positions : numpy.ndarray
            Of a unit that each touches.
        """
        import shapely

        if not hasattr(self, "_shapes"):
            self._shapes = shapely.STRtree(self.ground.to_numpy())
        how: dict[str, Any] = {"predicate": "dwithin", "distance": metres} if metres else {"predicate": "intersects"}
        rows, positions = self._shapes.query(shapes, **how)
        return rows, positions

    def touching(self, shape: Any) -> Any:
        """Find the units that a street or another line touches.

        Parameters
        ----------
        shape : shapely.Geometry
            In the system of `crs`.

        Returns
        -------
        numpy.ndarray
            Positions, ascending.
        """
        return np.sort(self.pairs([shape])[1])

    def at(self, longitude: float, latitude: float) -> str | None:
        """Find the unit under a point.

        Parameters
        ----------
        longitude, latitude : float
            Degrees, NAD83.

        Returns
        -------
        str or None
            Its GEOID; None outside the units.
        """
        import shapely

        found = self.touching(shapely.Point(self._to_plane.transform(longitude, latitude)))
        return str(self.units.frame.index[found[0]]) if len(found) else None

    def held(self, area: DrawnArea | ListedArea | None) -> tuple[Any, list[str]]:
        """Find the units of an area.

        Parameters
        ----------
        area : DrawnArea, ListedArea or None
            Drawn, listed, or nothing yet.

        Returns
        -------
        positions : numpy.ndarray
            Ascending.
        absent : list of str
            Listed ids that are not among the units.

        Raises
        ------
        SchemaError
            The list is of another year, or finer than the units.
        """
        if area is None:
            return np.zeros(0, dtype="int64"), []
        if isinstance(area, DrawnArea):
            return self.inside(area.shape), []
        if area.year and self.units.year and area.year != self.units.year:
            raise SchemaError(
                f"the list is of units of {area.year}, and these {self.units.plural} are of {self.units.year}; "
                "read units of that year, or list the community again."
            )
        return self._finder.find(area)

    def ids(self, positions: Any) -> tuple[str, ...]:
        """Name units.

        Parameters
        ----------
        positions : numpy.ndarray
            Of units.

        Returns
        -------
        tuple of str
            Their GEOIDs.
        """
        return tuple(self.units.frame.index[positions])

    def listed(self, ids: Iterable[str]) -> ListedArea | None:
        """Make a list of whole units.

        Parameters
        ----------
        ids : iterable of str
            GEOIDs of these units.

        Returns
        -------
        ListedArea or None
            Of the units' level and year; None for no unit.
        """
        found = tuple(ids)
        return ListedArea(geoids=found, level=self.units.level, year=self.units.year) if found else None

    def figures(self, positions: Any) -> Figures:
        """Add units up.

        Parameters
        ----------
        positions : numpy.ndarray
            Ascending positions of units, each once.

        Returns
        -------
        Figures
            The same figures, to the last digit, as `kit.community_splits` of these units.
        """
        counts = {kind: float(values[positions].sum()) for kind, values in self._counts.items()}
        held: dict[str, dict[str, dict[str, float]]] = {"people": {}, "group": {}}
        unplaced = {}
        for name, (codes, labels) in self._plans.items():
            here = codes[positions]
            touched = np.unique(here[here < len(labels)]).tolist()
            for kind in counts.keys() & held.keys():
                sums = np.bincount(here, weights=self._counts[kind][positions], minlength=len(labels) + 1)
                held[kind][name] = {labels[code]: float(sums[code]) for code in touched}
                if kind == "people":
                    unplaced[name] = float(sums[-1])
        return Figures(len(positions), counts, held["people"], unplaced, held["group"])

    def sentence(self, figures: Figures) -> Message:
        """Say the figures in words, for the eye and the ear.

        Parameters
        ----------
        figures : Figures
            Of this tally.

        Returns
        -------
        str
            People, the group, adults, and the districts under each plan.
        """
        if not figures.units:
            return say("Nothing is chosen yet.")
        told: list[str] = [
            say("Chosen: {count:,} {units}.", count=figures.units, units=self.units.plural),
            say("{people:,.0f} people live there.", people=figures.counts["people"]),
        ]
        name = term(who(self.group))
        if "group" in figures.counts:
            told.append(say("{who}: {people:,.0f} people.", who=name, people=figures.counts["group"]))
        if "adults" in figures.counts:
            told.append(say("Adults: {people:,.0f}.", people=figures.counts["adults"]))
        if "group_adults" in figures.counts:
            told.append(say("{who} adults: {people:,.0f}.", who=name, people=figures.counts["group_adults"]))
        told += [self._under(plan, figures) for plan in figures.districts]
        return joined(told, " ")

    def _under(self, plan: str, figures: Figures) -> Message:
        """Say which districts a plan puts the area in."""
        held = figures.districts[plan]
        if not held:
            return say("{plan}: in no district.", plan=plan)
        if len(held) > MOST_SAID:
            return say("{plan}: {count:,} districts; the table lists them.", plan=plan, count=len(held))
        parts = ", ".join(str(say("{district} ({people:,.0f})", district=d, people=n)) for d, n in held.items())
        if figures.unplaced[plan]:
            return say(
                "{plan}: {count:,} districts, with people in each: {parts}; {people:,.0f} people in no district.",
                plan=plan,
                count=len(held),
                parts=parts,
                people=figures.unplaced[plan],
            )
        if len(held) == 1:
            return say("{plan}: whole in district {district}.", plan=plan, district=next(iter(held)))
        return say(
            "{plan}: {count:,} districts, with people in each: {parts}.", plan=plan, count=len(held), parts=parts
        )
