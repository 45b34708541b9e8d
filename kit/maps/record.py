"""What a map knows about itself: the exhibit, the alt text and the table are written from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from kit.errors import InputError
from kit.maps.style import Classes
from kit.model.frames import DistrictTable


@dataclass
class MapRecord:
    """Facts about one drawn map.

    Parameters
    ----------
    table : DistrictTable
        Figures by district, for the alt text and the table twin.
    classes : Classes
        Classes drawn.
    class_counts : tuple of int
        Units in each class.
    empty : int
        Units where nobody lives, or whose estimates give no share.
    plural : str
        What the units are called.
    crs : str
        Projection, in words.
    north_up : bool
        True when north is up at the middle of the map.
    panel : matplotlib.axes.Axes
        The axes that hold the map itself.
    extent : geopandas.GeoSeries
        What the panel shows, as one rectangle in the projection.
    outside : str
        Who lives outside the frame, in a sentence; empty when nobody does.
    page : list of matplotlib.artist.Artist
        Title, legend and notes around the panel, which an exhibit sets in type itself.
    scale_bar, arrow : bool
        Whether those were drawn.
    others : tuple of MapRecord
        Further panels on the same page.
    without : str
        What the legend calls the units counted in `empty`.
    """

    table: DistrictTable
    classes: Classes
    class_counts: tuple[int, ...]
    empty: int
    plural: str
    crs: str
    north_up: bool
    panel: Any
    extent: Any
    outside: str = ""
    page: list[Any] = field(default_factory=list)
    scale_bar: bool = False
    arrow: bool = False
    others: tuple[MapRecord, ...] = ()
    without: str = ""


_records: WeakKeyDictionary[Any, MapRecord] = WeakKeyDictionary()


def remember(ax: Any, record: MapRecord) -> None:
    """Attach a record to the axes of a map.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The map's axes.
    record : MapRecord
        What was drawn.
    """
    _records[ax] = record


def record_of(ax: Any) -> MapRecord:
    """Return what is known about a map.

    Parameters
    ----------
    ax : matplotlib.axes.Axes, or a sequence of them
        What a ``map_*`` function returned.

    Returns
    -------
    MapRecord
        Of the first axes.

    Raises
    ------
    InputError
        The axes were not drawn by the kit.
    """
    first = ax if hasattr(ax, "figure") else ax[0]
    if first not in _records:
        raise InputError("these axes hold no map of the kit; pass what kit.map_share or kit.map_compare returned.")
    return _records[first]
