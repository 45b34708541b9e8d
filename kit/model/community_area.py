"""Where a community is: a polygon that was drawn, or a list of census units."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, field_validator, model_validator

from kit.errors import SchemaError
from kit.model.geoid import LEVELS, NESTED

MOST_UNITS = 1_000_000
"""More units than this are no list that somebody made."""

_BY_LENGTH = {LEVELS[name].digits: name for name in NESTED}
SEVERAL = "several"
"""Level of a list that holds, say, block groups and blocks side by side."""


def _as_shape(value: Any) -> Any:
    """Take a shape, its GeoJSON or its well-known text."""
    import shapely

    if isinstance(value, shapely.Geometry):
        return value
    try:
        if isinstance(value, str):
            return shapely.from_wkt(value)
        import json

        return shapely.from_geojson(json.dumps(value))
    except (shapely.errors.ShapelyError, TypeError, ValueError) as error:
        raise ValueError(f"the area is no shape: {str(error)[:120]}") from error


def _as_geojson(shape: Any) -> Any:
    """Write a shape as GeoJSON, every digit kept."""
    from shapely.geometry import mapping

    return mapping(shape)


Shape = Annotated[Any, BeforeValidator(_as_shape), PlainSerializer(_as_geojson)]


class DrawnArea(BaseModel):
    """An area that was drawn.

    Parameters
    ----------
    **data : dict
        ``shape``: a polygon in degrees of NAD83 (EPSG:4269), longitude first,
        as a shapely shape, GeoJSON or well-known text. It is kept as it was
        drawn, mended or not; `kit.mend_communities` mends it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["polygon"] = "polygon"
    shape: Shape

    def __eq__(self, other: object) -> bool:
        """Tell whether two areas have the same points in the same order."""
        return isinstance(other, DrawnArea) and bool(self.shape.wkb == other.shape.wkb)

    def __hash__(self) -> int:
        """Hash the points."""
        return hash(self.shape.wkb)

    def __repr__(self) -> str:
        """Say what it is in a line: a repr that prints every point helps nobody."""
        import shapely

        return f"DrawnArea({self.shape.geom_type}, {int(shapely.get_num_coordinates(self.shape)):,} points)"

    __str__ = __repr__


class ListedArea(BaseModel):
    """An area as a list of census units.

    Parameters
    ----------
    **data : dict
        ``geoids``: ids as text, each once; ``level``: a level of census
        geography, or ``"several"``, read from the ids where it is not given;
        ``year``: vintage of the geography, or None where it is not known.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["units"] = "units"
    geoids: tuple[str, ...] = Field(min_length=1, max_length=MOST_UNITS)
    level: str = ""
    year: int | None = None

    @field_validator("geoids")
    @classmethod
    def _each_once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse blank ids; take each once, in order."""
        ids = tuple(dict.fromkeys(one.strip() for one in value))
        if not all(ids):
            raise ValueError("the list of units has an empty id.")
        return tuple(sorted(ids))

    @model_validator(mode="before")
    @classmethod
    def _with_level(cls, data: Any) -> Any:
        """Read the level from the ids where it is not given."""
        if isinstance(data, dict) and not data.get("level"):
            ids = [str(one).strip() for one in data.get("geoids") or ()]
            found = {_BY_LENGTH.get(len(one)) if one.isdigit() else None for one in ids}
            if None in found:
                raise ValueError("ids of this form are of no census level the kit can tell; say level=.")
            return {**data, "level": found.pop() if len(found) == 1 else SEVERAL}
        return data

    @field_validator("level")
    @classmethod
    def _known(cls, value: str) -> str:
        """Refuse unknown levels."""
        if value not in LEVELS and value != SEVERAL:
            raise ValueError(f"no level is called {value!r}; levels are {', '.join(LEVELS)}.")
        return value

    def __repr__(self) -> str:
        """Say what it is in a line."""
        return f"ListedArea({len(self.geoids):,} ids, level={self.level!r}, year={self.year})"

    __str__ = __repr__


class UnitFinder:
    """Finds the units of a layer that lists name.

    Parameters
    ----------
    ids : sequence of str
        GEOIDs of the layer, in its order.
    """

    def __init__(self, ids: Any) -> None:
        import numpy as np

        self.ids = np.asarray(ids, dtype=np.str_)
        self.order = np.argsort(self.ids, kind="stable")
        self.sorted = self.ids[self.order]
        self.longest = max(map(len, self.ids.tolist()), default=0)

    def find(self, area: ListedArea) -> tuple[Any, list[str]]:
        """Find the units that a list holds.

        Parameters
        ----------
        area : ListedArea
            A list; a block group of it holds every block of the layer whose id begins with its own.

        Returns
        -------
        positions : numpy.ndarray
            In the order of the layer, each once.
        absent : list of str
            Ids of the list that hold no unit of the layer.

        Raises
        ------
        SchemaError
            The layer is coarser than the list, so that it cannot say which part of a unit is meant.
        """
        import numpy as np

        wanted = np.asarray(area.geoids, dtype=np.str_)
        nested = area.level in NESTED or area.level == SEVERAL
        if nested and self.longest and min(map(len, area.geoids)) > self.longest:
            raise SchemaError(
                f"the list names ids of {len(area.geoids[0])} digits, and the units are coarser, of {self.longest}; "
                "they cannot say which part of a unit is meant. Read units of the list's level, or finer."
            )
        low = np.searchsorted(self.sorted, wanted, side="left")
        high = np.searchsorted(self.sorted, np.char.add(wanted, "~") if nested else wanted, side="right")
        runs = [self.order[a:b] for a, b in zip(low.tolist(), high.tolist(), strict=True) if b > a]
        positions = np.unique(np.concatenate(runs)) if runs else np.zeros(0, dtype=np.int64)
        return positions, wanted[high <= low].tolist()
