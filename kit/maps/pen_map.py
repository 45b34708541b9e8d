"""Plain maps to draw on with a pen: outlines of census units, a short number in each, and a grid to find them by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from kit.errors import InputError
from kit.i18n.messages import Message, say, term
from kit.maps import furniture, style
from kit.maps.context import add_context
from kit.maps.ground import Ground, require_polygons
from kit.maps.ink import fill_shapes
from kit.maps.labels import fitting_size
from kit.maps.shapes import simplify_for, widest_place
from kit.model.crs import equal_area, one_datum
from kit.model.frames import Units
from kit.model.source import Source
from kit.progress import meter

ACROSS, DOWN = "ABCDEFGH", 10
"""Letters of the grid's columns, and how many rows it has."""
MOST_SHEETS = 8
"""More maps than this are no form that somebody fills."""
MOST_UNITS = 5000
"""More units than this are not looked at."""
PORTRAIT, LANDSCAPE = (7.3, 7.9), (9.8, 5.7)
"""Room for a map on a page that stands and on one that lies, in inches."""
_LINE, _AROUND, _GRID = "#6b6b6b", "#c2c2c2", "#b9b9b9"
_EDGE, _STRIP = 0.24, 0.68
_SMALLEST, _LARGEST = 4.6, 9.0
# The corners of a number may reach a little over the circle that it stands in.
_REACH = 1.2
# So many numbers of a map may stand beside their unit, with a line to it: so many, or so large a part.
_BESIDE, _PART = 8, 0.15
# Units so much narrower than the others take no number on any map.
_SLIVER = 0.3
_WIDER = 1.15


@dataclass(frozen=True)
class PenSheet:
    """One map to draw on.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The drawing.
    alt : Message
        What it shows, for those who do not see it.
    first, last : int
        Its numbers.
    wide : bool
        Whether its page lies.
    """

    figure: Any
    alt: Message
    first: int
    last: int
    wide: bool


@dataclass(frozen=True)
class PenMap:
    """Units with a number in each, on as many maps as it takes to read them.

    Parameters
    ----------
    sheets : tuple of PenSheet
        In order.
    geoids : tuple of str
        Ids in the order of their numbers; number 1 is the first.
    squares : tuple of str
        Where each number stands: the square of the grid, after the number of the map where there are several.
    sources : tuple of Source
        Of everything drawn.
    """

    sheets: tuple[PenSheet, ...]
    geoids: tuple[str, ...]
    squares: tuple[str, ...]
    sources: tuple[Source, ...]


class _PenGround(Ground):
    """Some units in white with dark outlines and a number in each; those around them in grey."""

    all_units = True

    def __init__(self, units: Units, around: Any, first: int) -> None:
        super().__init__(units, lived=np.ones(len(units)))
        self.around = one_datum(around).to_crs(self.crs).to_numpy()
        places = _places(self.shapes)
        self.places = {str(first + at): tuple(place) for at, place in enumerate(places.tolist())}
        self.lettering = {"smallest": _SMALLEST, "largest": _LARGEST}

    def fill(self, ax: Any, shapes: Any, shown: Any) -> None:  # noqa: ARG002
        """Draw outlines only, so that a pen shows."""
        import shapely

        (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
        near = self.around[shapely.intersects(self.around, shapely.box(west, south, east, north))]
        near = simplify_for(near, (east - west) / 5000)
        fill_shapes(ax, near, facecolor="#f1f1f1", edgecolor=_AROUND, linewidth=0.4, order=0.5)
        fill_shapes(ax, shapes, facecolor="#ffffff", edgecolor="none")
        fill_shapes(ax, shapes, facecolor="none", edgecolor=_LINE, linewidth=0.55, order=4)

    def anchors(self, ax: Any, *, avoid: Any = None) -> dict[str, Any]:  # noqa: ARG002
        """Give the place of each number."""
        return {number: (x, y, radius * _REACH) for number, (x, y, radius) in self.places.items()}


def pen_map(units: Units, *, context: Any = None) -> PenMap:
    """Draw units with a number in each, to draw on with a pen.

    Parameters
    ----------
    units : Units
        Units with polygons.
    context : Context or mapping, optional
        Water, roads and places, as maps take them.

    Returns
    -------
    PenMap
        One map where the numbers can be read on one, else several: units are
        parted in halves, each half on a map of its own, until they can.

    Raises
    ------
    InputError
        There are no units, or more than fit on the maps of a form, or some have no polygon.
    """
    require_polygons(units)
    parts = _parted(units)
    order = np.concatenate(parts)
    several = len(parts) > 1
    sheets, squares, sources = [], list[str](), dict.fromkeys(units.sources)
    with meter("Drawing maps to write on", len(parts)) as bar:
        for number, part in enumerate(parts, 1):
            first = len(squares) + 1
            sheet, found, more = _sheet(units, part, first, context, (number, len(parts)))
            sheets.append(sheet)
            squares += [f"{number}-{square}" if several else square for square in found]
            sources |= dict.fromkeys(more)
            bar.advance(1)
    ids = units.frame.index.to_numpy()
    return PenMap(tuple(sheets), tuple(str(one) for one in ids[order]), tuple(squares), tuple(sources))


def _places(shapes: Any) -> Any:
    """Find easting, northing and radius of the widest place of each shape."""
    import shapely

    none = np.array([], dtype=object)
    rows = []
    for shape in shapes:
        found = widest_place(shapely.make_valid(shape), none, none)
        rows.append(found if found is not None else (*shapely.get_coordinates(shapely.centroid(shape))[0], 0.0))
    return np.array(rows, dtype="float64")


def _parted(units: Units) -> list[Any]:
    """Part units so that the numbers of each part can be read on one map; positions, in the order of ids."""
    import shapely

    if not 0 < len(units) <= MOST_UNITS:
        raise _too_many(units)
    shapes = one_datum(units.geometry).to_crs(equal_area(units.geometry)).to_numpy()
    places, bounds = _places(shapes), shapely.bounds(shapes)
    sliver = _SLIVER * float(np.median(places[:, 2]))
    ids = units.frame.index.to_numpy()
    waiting, done = [np.argsort(ids, kind="stable")], []
    while waiting:
        part = waiting.pop(0)
        if _readable(places[part], bounds[part], sliver, last=len(units)):
            done.append(part)
            continue
        if len(waiting) + len(done) + 2 > MOST_SHEETS:
            raise _too_many(units)
        axis = int(np.ptp(places[part, 1]) > np.ptp(places[part, 0]))
        ranked = part[np.argsort(places[part, axis] * (-1 if axis else 1), kind="stable")]
        halves = (ranked[: len(ranked) // 2], ranked[len(ranked) // 2 :])
        waiting[:0] = [half[np.argsort(ids[half], kind="stable")] for half in halves]
    return done


def _readable(places: Any, bounds: Any, sliver: float, *, last: int) -> bool:
    """Tell whether nearly all numbers fit in their units on one map."""
    west, south = bounds[:, :2].min(axis=0)
    east, north = bounds[:, 2:].max(axis=0)
    width, height = LANDSCAPE if _is_wide(west, south, east, north) else PORTRAIT
    metres = max((east - west) / (width - 2 * _EDGE), (north - south) / (height - _STRIP - _EDGE)) * 1.03 / 72
    label = "8" * len(str(last))
    sizes = (fitting_size(label, radius * _REACH / metres) for radius in places[places[:, 2] > sliver, 2].tolist())
    small = sum(size < _SMALLEST for size in sizes)
    return small <= max(_BESIDE, _PART * len(places))


def _is_wide(west: float, south: float, east: float, north: float) -> bool:
    """Tell whether a page had better lie."""
    return bool(east - west > _WIDER * (north - south))


def _too_many(units: Units) -> InputError:
    """Say that the maps of a form cannot hold the units."""
    return InputError(
        f"{len(units):,} {units.plural} cannot be numbered on the maps of one form so that people can read them; it "
        f"has 1 to {MOST_SHEETS} maps. Choose a part with within= or extent=, or coarser units."
    )


def _sheet(
    units: Units, part: Any, first: int, context: Any, place: tuple[int, int]
) -> tuple[PenSheet, list[str], tuple[Source, ...]]:
    """Draw one map, and find the square of each of its numbers."""
    from matplotlib.figure import Figure

    rest = np.ones(len(units), dtype=bool)
    rest[part] = False
    mine = Units(units.frame.iloc[part], units.level, units.year, units.sources, units.geometry.iloc[part])
    ground = _PenGround(mine, units.geometry[rest], first)
    add_context(ground, context)
    west, south, east, north = ground.bounds
    wide = _is_wide(west, south, east, north)
    width, most = LANDSCAPE if wide else PORTRAIT
    height = min(most, (width - 2 * _EDGE) * (north - south) / (east - west) + _STRIP + _EDGE)
    figure = Figure(figsize=(width, height))
    inner = height - _STRIP - _EDGE
    ax = figure.add_axes((_EDGE / width, _STRIP / height, 1 - 2 * _EDGE / width, inner / height))
    ground.draw(ax)
    _draw_grid(ax, width - 2 * _EDGE, inner)
    furniture.scale_bar(ax, place=(0.0, -0.6 / inner), stretch=ground.stretch(ax))
    furniture.north_arrow(ax, place=(0.985, -0.66 / inner), angle=ground.north(ax))
    squares = [_square(ax, x, y) for x, y, _ in ground.places.values()]
    told = PenSheet(figure, _alt(mine, first, place), first, first + len(mine) - 1, wide)
    return told, squares, ground.more_sources


def _alt(units: Units, first: int, place: tuple[int, int]) -> Message:
    """Say what a map shows."""
    return say(
        "Map {number} of {total}, to draw on with a pen: the outlines of {count:,} {units} with the numbers {first} to "
        "{last}, and a grid of squares A1 to {square}. The key of the map lists every number with its square.",
        number=place[0],
        total=place[1],
        count=len(units),
        units=term(units.plural),
        first=first,
        last=first + len(units) - 1,
        square=f"{ACROSS[-1]}{DOWN}",
    )


def _draw_grid(ax: Any, width: float, height: float) -> None:
    """Draw a faint grid, with letters above and below and numbers on both sides, outside the frame."""
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    faint: dict[str, Any] = {"color": _GRID, "linewidth": 0.5, "linestyle": ":", "zorder": 3}
    for step in range(1, len(ACROSS)):
        ax.axvline(west + (east - west) * step / len(ACROSS), **faint)
    for step in range(1, DOWN):
        ax.axhline(south + (north - south) * step / DOWN, **faint)
    look: dict[str, Any] = {
        "transform": ax.transAxes, "ha": "center", "va": "center", "fontsize": 8, "color": style.MUTED,
        "clip_on": False, "family": list(style.FONT), "fontweight": "bold",
    }  # fmt: skip
    for at, letter in enumerate(ACROSS):
        for y in (1 + 0.12 / height, -0.12 / height):
            ax.text((at + 0.5) / len(ACROSS), y, letter, **look)
    for row in range(DOWN):
        for x in (-0.12 / width, 1 + 0.12 / width):
            ax.text(x, 1 - (row + 0.5) / DOWN, str(row + 1), **look)


def _square(ax: Any, x: float, y: float) -> str:
    """Name the square of the grid that a point lies in."""
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    column = int((x - west) / (east - west) * len(ACROSS))
    row = int((north - y) / (north - south) * DOWN)
    return f"{ACROSS[min(max(column, 0), len(ACROSS) - 1)]}{min(max(row, 0), DOWN - 1) + 1}"
