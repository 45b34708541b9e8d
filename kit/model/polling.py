"""Polling places: where they stand and which precincts vote there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kit.errors import SchemaError, first_few
from kit.model.crs import GEOGRAPHIC
from kit.model.shared import Shared
from kit.model.source import Source

PLACE_COLUMNS = ("name", "longitude", "latitude", "address")


@dataclass(frozen=True)
class PollingPlaces:
    """Polling places, and the precincts that vote at each.

    Parameters
    ----------
    frame : pandas.DataFrame
        Indexed by ``place`` (an id, text): ``name``, ``longitude`` and
        ``latitude`` (degrees) and ``address`` (empty where the file has none).
    serves : pandas.DataFrame
        One row for each place and precinct: ``place`` and ``precinct`` (text).
        Empty where the file does not say; a precinct may have several places.
    sources : tuple of Source
        Where the list came from.
    notes : tuple of str
        What a reader must know, each with its count.

    Raises
    ------
    SchemaError
        A column is missing, ids are not text or repeat, or a precinct stands under a place that is not listed.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor
    serves: pd.DataFrame = Shared()  # noqa: RUF009
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        frame, serves = self.frame, self.serves
        absent = [*(c for c in PLACE_COLUMNS if c not in frame), *(c for c in ("place", "precinct") if c not in serves)]
        if absent:
            raise SchemaError(f"polling places have no {first_few(absent)}; read them with kit.read_polling_places.")
        twice = frame.index[frame.index.duplicated()]
        if len(twice) or not all(isinstance(one, str) for one in frame.index):
            raise SchemaError(f"ids of polling places are text, each once; these are not: {first_few(twice)}.")
        strange = serves.loc[~serves["place"].isin(frame.index), "place"]
        if len(strange):
            raise SchemaError(f"precincts stand under places that are not listed: {first_few(strange.unique())}.")

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def points(self) -> Any:
        """Where the places stand.

        Returns
        -------
        geopandas.GeoSeries
            Points by place, in degrees (EPSG:4269).
        """
        import geopandas

        frame = self.frame
        points = geopandas.points_from_xy(frame["longitude"], frame["latitude"])
        return geopandas.GeoSeries(points, index=frame.index, crs=GEOGRAPHIC)

    def precincts_of(self, place: str) -> tuple[str, ...]:
        """List the precincts that vote at a place.

        Parameters
        ----------
        place : str
            Its id.

        Returns
        -------
        tuple of str
            In the order of the file; empty where none is named.
        """
        serves = self.serves
        return tuple(serves.loc[serves["place"] == place, "precinct"])

    @classmethod
    def of(
        cls,
        rows: Iterable[tuple[str, str, float, float, str]],
        serves: Iterable[tuple[str, str]] = (),
        *,
        sources: tuple[Source, ...] = (),
        notes: tuple[str, ...] = (),
    ) -> PollingPlaces:
        """Make polling places from rows.

        Parameters
        ----------
        rows : iterable of tuple
            Id, name, longitude, latitude and address of each place.
        serves : iterable of tuple of str
            Place and precinct.
        sources : tuple of Source
            Where the list came from.
        notes : tuple of str
            What a reader must know.

        Returns
        -------
        PollingPlaces
            In the order of the rows.
        """
        frame = pd.DataFrame(list(rows), columns=["place", *PLACE_COLUMNS]).set_index("place")
        frame = frame.astype({"name": "str", "address": "str", "longitude": "float64", "latitude": "float64"})
        pairs = pd.DataFrame(list(serves), columns=["place", "precinct"]).astype("str").drop_duplicates()
        return cls(frame.set_axis(frame.index.astype("str")), pairs.reset_index(drop=True), sources, notes)
