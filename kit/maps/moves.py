"""The ground of a map of change: units filled by the move they make, under the lines of both plans."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.account import people_by_unit
from kit.analysis.matching import NOWHERE
from kit.analysis.swaps import SwapSheet
from kit.i18n.messages import mark, say, term
from kit.maps import style
from kit.maps.ground import Ground
from kit.maps.ink import RASTER_ABOVE, draw_lines, fill_shapes, swatch
from kit.maps.labels import Place, draw_names
from kit.maps.shapes import dissolve, widest_place
from kit.model.sentences import people

# Colours that differ for readers with a colour vision deficiency, each with a pattern of its own.
LOOKS: tuple[dict[str, Any], ...] = (
    {"facecolor": "#e69f00", "edgecolor": "#5f4200", "hatch": "////"},
    {"facecolor": "#56b4e9", "edgecolor": "#0f4a6e", "hatch": "...."},
    {"facecolor": "#2aa07a", "edgecolor": "#00392a", "hatch": "xxxx"},
    {"facecolor": "#f0e442", "edgecolor": "#6b6500", "hatch": "----"},
    {"facecolor": "#d9a0c0", "edgecolor": "#6d2450", "hatch": "++++"},
    {"facecolor": "#2b6ca8", "edgecolor": "#a9cbea", "hatch": "||||"},
)
OTHER: dict[str, Any] = {"facecolor": "#a9a9a9", "edgecolor": "#4d4d4d", "hatch": "\\\\\\\\"}
STAY: dict[str, Any] = {"facecolor": "#efefef", "edgecolor": "#dcdcdc"}
# A row of the table has a second line for the district that a new one answers to.
LINE = "\n     "
OLD_LINE, OLD_DASHES = "#5a5a5a", (0, (4.0, 2.0))


class ChangeGround(Ground):
    """Units filled by the move they make, with the lines of both plans.

    Parameters
    ----------
    sheet : SwapSheet
        Who moves.
    largest : int
        How many moves have a look of their own.
    extent : sequence of float, optional
        West, south, east and north in degrees; by default all inhabited units.
    """

    all_units = True
    line_label = mark("new district line and number")

    def __init__(self, sheet: SwapSheet, *, largest: int, extent: Sequence[float] | None = None) -> None:
        units = sheet.after.units
        lived = np.nan_to_num(people_by_unit(units).to_numpy(dtype="float64"))
        super().__init__(units, lived=lived, placement=sheet.after, extent=extent)
        self.sheet = sheet
        self.old = self.outlines(sheet.before)
        order = (
            sheet.moves.rename_axis(None)
            .assign(move=sheet.moves.index)
            .sort_values(["people", "move"], ascending=[False, True])
        )
        self.top = order.head(largest)
        self.rest = order.iloc[largest:]
        at = sheet.units["move"].reindex(units.frame.index)
        number = {move: row for row, move in enumerate(self.top["move"])}
        # The row of the move among the largest; len(top) for another one, -1 for units that stay.
        self.index = np.where(at.isna(), -1, at.map(number).fillna(len(self.top)).to_numpy()).astype(int)
        self.overlays.append(_Letters(self))
        self.left: list[str] = []

    @property
    def small_title(self) -> str:
        """What the colours mean, over a small legend.

        Returns
        -------
        str
            That these are moves.
        """
        return say("Old → new district")

    @property
    def grouped(self) -> bool:
        """Whether a group is counted apart.

        Returns
        -------
        bool
            False where everyone is counted.
        """
        return self.sheet.group != "total"

    def letters(self) -> list[str]:
        """Give the largest moves their letters.

        Returns
        -------
        list of str
            One a move.
        """
        return [chr(ord("A") + row) for row in range(len(self.top))]

    def looks(self) -> list[dict[str, Any]]:
        """Give the look of each of the largest moves, and of all others.

        Returns
        -------
        list of dict
            The last is that of other moves.
        """
        return [*LOOKS[: len(self.top)], OTHER]

    def handles(self, *, counted: str | None = None) -> list[Any]:
        """Make legend entries: moves with their people, those who stay, and the lines.

        Parameters
        ----------
        counted : str, optional
            Not used: entries count people.

        Returns
        -------
        list of matplotlib.artist.Artist
            In legend order.
        """
        if counted is None:
            return self.line_handles()
        return [*self.fill_handles(""), *self.line_handles()]

    def line_handles(self) -> list[Any]:
        """Make the legend entries of lines and letters.

        Returns
        -------
        list of matplotlib.artist.Artist
            New lines, then old ones.
        """
        from matplotlib.lines import Line2D

        old: dict[str, Any] = {"color": OLD_LINE, "linewidth": 1.4, "linestyle": OLD_DASHES}
        return [
            Line2D([], [], color=style.LINE, linewidth=1.6, label=term(self.line_label)),
            Line2D([], [], **old, label=say("old district line")),
        ]

    def fill_handles(self, plural: str) -> list[Any]:  # noqa: ARG002 — entries count people
        """Make the legend entries of moves and of those who stay.

        Parameters
        ----------
        plural : str
            Not used: entries count people.

        Returns
        -------
        list of matplotlib.artist.Artist
            In legend order.
        """
        return [
            swatch(say("{move}: {count} people", move=name, count=count), **look) for look, name, count in self.rows()
        ]

    def rows(self) -> list[tuple[dict[str, Any], str, str]]:
        """List the moves, the other moves together and those who stay.

        Returns
        -------
        list of tuple
            Look, name and people of each.
        """
        told = [
            (look, f"{letter}  {move_row(row)}", people(row["people"]))
            for look, letter, row in zip(self.looks(), self.letters(), self.top.to_dict("records"), strict=False)
        ]
        if len(self.rest):
            told.append(
                (OTHER, say("{number:,} other moves", number=len(self.rest)), people(self.rest["people"].sum()))
            )
        stay = self.lived[self.index < 0].sum()
        return [*told, (STAY, say("stay"), people(stay))]

    def fill(self, ax: Any, shapes: Any, shown: Any) -> None:
        """Fill the units that move in the look of their move, and the others grey.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Where to draw.
        shapes : numpy.ndarray of shapely.Geometry
            The shapes to draw.
        shown : numpy.ndarray of int
            Positions of their units.
        """
        index, raster = self.index[shown], len(shapes) > RASTER_ABOVE
        fill_shapes(ax, shapes[index < 0], linewidth=0.15, raster=raster, **STAY)
        for row, look in enumerate(self.looks()):
            found = shapes[index == row]
            if len(found):
                fill_shapes(ax, found, order=2, linewidth=0, raster=raster, **look)

    def lines(self, ax: Any) -> None:
        """Draw the old lines dashed, and the new ones solid over them.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Where to draw.
        """
        draw_lines(ax, list(self.old.values()), width=1.1, dashes=OLD_DASHES, order=3.5, colour=OLD_LINE)
        super().lines(ax)

    def paint_letters(self, ax: Any) -> list[Any]:
        """Write the letter of each of the largest moves where most of its people live.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Where to draw.

        Returns
        -------
        list of shapely.Geometry
            What letters and their lines cover, in map units.
        """
        import shapely

        (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
        places: dict[str, Place] = {}
        for row, letter in enumerate(self.letters()):
            mine = self.index == row
            joined = dissolve(self.shapes[mine], np.full(int(mine.sum()), letter))[letter]
            clipped = shapely.clip_by_rect(joined, west, south, east, north)
            points = shapely.point_on_surface(self.shapes[mine])
            place = widest_place(clipped, points, self.lived[mine])
            if place is not None:
                places[letter] = place
        taken, self.left = draw_names(ax, places, largest=11.0)
        return taken


class _Letters:
    """The letters of the largest moves, over the map."""

    def __init__(self, ground: ChangeGround) -> None:
        self.ground = ground

    def handles(self) -> list[Any]:
        """Add nothing to the legend: the table has the letters."""
        return []

    def paint(self, ax: Any, *, without: Any = None) -> list[Any]:  # noqa: ARG002 — no inset is drawn
        """Write the letters."""
        return self.ground.paint_letters(ax)


def move_row(row: dict[Any, Any]) -> str:
    """Write a move with an arrow; a second line says which old district a new one answers to, where it has another.

    Parameters
    ----------
    row : dict
        A row of `SwapSheet.moves`.

    Returns
    -------
    str
        Such as ``"2 → 3"``.
    """
    start, end = _ends(row)
    told = say("{start} → {end}", start=start, end=end)
    new = _once(row)
    return f"{told}{LINE}({new})" if new else told


def move_words(row: dict[Any, Any]) -> str:
    """Write a move for the middle of a sentence.

    Parameters
    ----------
    row : dict
        A row of `SwapSheet.moves`.

    Returns
    -------
    str
        Such as ``"2 to 3 (3 was 5)"``.
    """
    start, end = _ends(row)
    told = say("{start} to {end}", start=start, end=end)
    new = _once(row)
    return say("{move} ({new})", move=told, new=new) if new else told


def group_words(row: dict[Any, Any]) -> str:
    """Write how many of the group move, or why that is not told.

    Parameters
    ----------
    row : dict
        A row of `SwapSheet.moves`.

    Returns
    -------
    str
        Such as ``"1,234"`` or ``"one block"``.
    """
    if not pd.isna(row["group"]):
        return people(row["group"])
    if row["group_text"] == "one block":
        return say("one block")
    few = re.fullmatch(r"fewer than ([\d,]+)", row["group_text"])
    return say("fewer than {number:,}", number=int(few[1].replace(",", ""))) if few else term(row["group_text"])


def _once(row: dict[Any, Any]) -> str:
    """Say which old district a new one answers to; nothing where the number is the same."""
    if row["to"] == NOWHERE or row["to_was"] == row["to"]:
        return ""
    if pd.isna(row["to_was"]):
        return say("{district} is new", district=row["to"])
    return say("{district} was {was}", district=row["to"], was=row["to_was"])


def _ends(row: dict[Any, Any]) -> list[str]:
    """Name the districts of a move."""
    return [say("none") if label == NOWHERE else str(label) for label in (row["from"], row["to"])]
