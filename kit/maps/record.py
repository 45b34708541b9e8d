"""What a map knows about itself: the exhibit, the alt text and the table are written from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pandas as pd

from kit.errors import InputError
from kit.maps.style import Classes
from kit.model.frames import DistrictTable, Source

if TYPE_CHECKING:
    from kit.maps.chart_facts import ChartFacts
    from kit.maps.facts import Facts


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
    missing : int
        Units without a published figure, which are neither in a class nor in `empty`.
    weak : int
        Units whose share is of low reliability; they are hatched.
    focus : tuple of str
        Districts marked by a heavy outline.
    notes : tuple of str
        What a reader must know of this map beyond the notes of its table.
    sources : tuple of Source
        Of layers such as water and roads, beyond those of the table.
    twins : tuple of Twin
        Further tables, beyond that of the districts.
    marks : tuple of matplotlib.artist.Artist
        Legend entries beyond classes and lines, such as patterns and focus.
    heading : str
        What stands on the page; empty for a map in axes of the caller's own.
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
    missing: int = 0
    weak: int = 0
    focus: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    twins: tuple[Twin, ...] = ()
    marks: tuple[Any, ...] = ()
    heading: str = ""


@dataclass(frozen=True)
class Twin:
    """A table that says what a map shows.

    Parameters
    ----------
    title : str
        Heading.
    frame : pandas.DataFrame
        Figures in full precision.
    columns : tuple of tuple of str
        Column of the frame and its heading, for a reader; the first names the row.
    notes : tuple of str
        What a reader must know.
    sources : tuple of Source
        Where the figures came from.
    labels : dict of str to str
        What every row of the CSV carries, such as definition and universe.
    mark : str
        What the file is called after, where a map has several tables.
    page : bool
        Whether there is a web page of it too.
    """

    title: str
    frame: pd.DataFrame
    columns: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    mark: str = ""
    page: bool = True

    @property
    def sample(self) -> bool:
        """Whether any figure rests on sample data.

        Returns
        -------
        bool
            True when the stamp is due.
        """
        return any(source.sample for source in self.sources)


@dataclass(frozen=True)
class Sheet:
    """Facts about a map that says more than the shares of one plan: its words and its tables.

    Parameters
    ----------
    heading : str
        What stands on the page, or the plan's name.
    panels : tuple of matplotlib.axes.Axes
        One on each page.
    alt : tuple of str
        Alternative text of each page, at most two sentences.
    description : str
        The map in full, for readers who do not see it.
    twins : tuple of Twin
        Its tables.
    facts : Facts or None
        What an exhibit says of a map; without them there can be none.
    chart : ChartFacts or None
        The same of a chart.
    """

    heading: str
    panels: tuple[Any, ...]
    alt: tuple[str, ...]
    description: str
    twins: tuple[Twin, ...]
    facts: Facts | None = None
    chart: ChartFacts | None = None


_records: WeakKeyDictionary[Any, MapRecord | Sheet] = WeakKeyDictionary()


def remember(ax: Any, record: MapRecord | Sheet) -> None:
    """Attach a record to the axes of a map.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The map's axes.
    record : MapRecord or Sheet
        What was drawn.
    """
    _records[ax] = record


def sheet_of(ax: Any) -> Sheet | None:
    """Return what is known about a map of areas, of change or of many plans.

    Parameters
    ----------
    ax : matplotlib.axes.Axes, or a sequence of them
        What a ``map_*`` function returned.

    Returns
    -------
    Sheet or None
        None for other maps.
    """
    found = _records.get(ax if hasattr(ax, "figure") else ax[0])
    return found if isinstance(found, Sheet) else None


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
        The axes were not drawn by the kit, or hold another kind of map.
    """
    first = ax if hasattr(ax, "figure") else ax[0]
    if first not in _records:
        raise InputError("these axes hold no map of the kit; pass what kit.map_share or kit.map_compare returned.")
    found = _records[first]
    if isinstance(found, Sheet):
        raise InputError(
            f"“{found.heading}” is no map of the shares of one plan or two, which this needs; write it with "
            "kit.save_map, or make it with kit.map_share, kit.map_districts or kit.map_compare."
        )
    return found
