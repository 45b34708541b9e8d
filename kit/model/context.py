"""What lies around the people on a map: water, roads and places, from files the user keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kit.model.source import Source


@dataclass(frozen=True)
class Context:
    """Layers that help a reader find the way, and where they came from.

    Parameters
    ----------
    water : geopandas.GeoDataFrame or None
        Areas of water.
    roads : geopandas.GeoDataFrame or None
        Lines, with their names in ``name``.
    places : geopandas.GeoDataFrame or None
        Polygons or points, with their names in ``name``.
    sources : tuple of Source
        Named on every page that shows them.
    streets : geopandas.GeoDataFrame or None
        Lines of every street, with their names in ``name``: to search by name
        where a community is drawn. Maps draw ``roads``.
    """

    water: Any = None
    roads: Any = None
    places: Any = None
    sources: tuple[Source, ...] = ()
    streets: Any = None
