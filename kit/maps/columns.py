"""The room beside or under a map: legend, key, table and locator, one under the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kit.i18n.messages import say
from kit.maps import furniture, style
from kit.maps.legends import SIZE, SMALLER, TITLE, draw_legend
from kit.maps.lettering import APART, height, rtl, width, wrap

LOCATOR = 1.7
"""Height of the locator, in inches."""

_KEY = 7.5
# Type size and columns of a key: the first that has room for all of it.
_KEYS = ((_KEY, 1), (7.0, 1), (7.0, 2), (6.3, 1), (6.3, 2))
_SMALLEST = (6.5, 0.15)
# Width of a column of numbers, and of a swatch with the gap after it.
_NUMBERS, _SWATCH = 0.85, 0.36

Rows = Sequence[tuple[dict[str, Any] | None, Sequence[str]]]


class Column:
    """A column of a page, filled from its top.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The page.
    write : callable
        Writes text at a place in inches; see `Page`.
    left, bottom, wide, top : float
        The column, in inches.
    """

    def __init__(
        self, figure: Any, write: Callable[..., Any], *, left: float, bottom: float, wide: float, top: float
    ) -> None:
        self.figure, self._write = figure, write
        self.left, self.bottom, self.wide, self.top = left, bottom, wide, top
        self.artists: list[Any] = []

    @property
    def _page(self) -> tuple[float, float]:
        return float(self.figure.get_figwidth()), float(self.figure.get_figheight())

    def text(self, x: float, y: float, text: str, **look: Any) -> Any:
        """Write text whose top is given; from the right where the language is read so.

        Parameters
        ----------
        x, y : float
            Inches; `x` from the left of the page.
        text : str
            Lines.
        **look : object
            Size, weight, colour and side.

        Returns
        -------
        matplotlib.text.Text
            What was written.
        """
        artist = self._write(x, y, text, top=True, within=(self.left, self.left + self.wide), **look)
        self.artists.append(artist)
        return artist

    def legend(self, handles: list[Any], *, title: str = "", gap: float = 0.0, after: float = 0.0) -> None:
        """Draw legend entries under what stands in the column.

        Parameters
        ----------
        handles : list of matplotlib.artist.Artist
            Entries.
        title : str
            Heading.
        gap : float
            Distance from what stands over them, in inches.
        after : float
            Height to leave for what comes under them, in inches; they are set smaller for it.
        """
        wide, high = self._page
        turned = rtl()
        anchor = ((self.left + self.wide * turned) / wide, (self.free() - gap) / high)
        corner = "upper right" if turned else "upper left"
        labels = [handle.get_label() for handle in handles]
        # Where even small letters leave too little room, entries go without their counts, which the tables have.
        bare = [getattr(handle, "words", label) for handle, label in zip(handles, labels, strict=True)]
        looks = [(look, labels) for look in ((SIZE, 0.5), *SMALLER)]
        looks += [(look, bare) for look in (*SMALLER, _SMALLEST)] if after else []
        for look, told in looks:
            for handle, label in zip(handles, told, strict=True):
                handle.set_label(label)
            legend = draw_legend(
                self.figure, handles, loc=corner, anchor=anchor, title=title, room=self.wide, look=look
            )
            self.artists.append(legend)
            if self.free() - after >= self.bottom or (look, told) == looks[-1]:
                break
            self.artists.pop().remove()

    def table(self, title: str, heads: Sequence[str], rows: Rows) -> None:
        """Write a table, each row with its colour and pattern.

        Parameters
        ----------
        title : str
            Heading.
        heads : sequence of str
            Heading of each column.
        rows : sequence of tuple
            How the swatch is filled, or None, and the cells; all but the first stand at the right.
        """
        from matplotlib.patches import Rectangle

        page_wide, page_high = self._page
        y = self.free()
        told = wrap(title, self.wide, size=TITLE, bold=True)
        self.text(self.left, y, told, size=TITLE, weight="bold")
        y -= height(told, size=TITLE, bold=True) + 0.04
        ends = [self.left + self.wide - _NUMBERS * (len(heads) - 1 - i) for i in range(1, len(heads))]
        split, laid = table_cells(heads, rows, self.wide)
        indent = _indent(heads, rows, self.wide)

        def write(cells: Sequence[str], weight: str) -> None:
            self.text(self.left + indent, y, cells[0], size=_KEY, weight=weight)
            for end, cell in zip(ends, cells[1:], strict=True):
                self.text(end, y, cell, size=_KEY, weight=weight, side="right")

        write(split, "bold")
        y -= max(height(head, size=_KEY, bold=True) for head in split) + 0.03
        for (look, _), cells in zip(rows, laid, strict=True):
            if look is not None:
                x = self.left + self.wide - 0.27 if rtl() else self.left
                box = Rectangle((x / page_wide, (y - 0.13) / page_high), 0.27 / page_wide, 0.13 / page_high, **look)
                box.set(transform=self.figure.transFigure, linewidth=0.4)
                self.artists.append(self.figure.add_artist(box))
            write(cells, "normal")
            y -= max(height(cell, size=_KEY) for cell in cells) + 0.05

    def key(self, rows: Sequence[tuple[str, str]], *, title: str) -> None:
        """Write what short names on the map mean.

        Parameters
        ----------
        rows : sequence of tuple of str
            Short name and meaning; what has no room is counted in a last line.
        title : str
            Heading.
        """
        bottom, top = self.bottom, self.free()
        heading = wrap(title, self.wide, size=TITLE, bold=True)
        top -= 0.2 if self.artists else 0.0
        self.text(self.left, top, heading, size=TITLE, weight="bold")
        top -= height(heading, size=TITLE, bold=True) + 0.03
        size, columns = _KEYS[0]
        for size, columns in _KEYS:
            told, indent = self._laid(rows, size, columns)
            across = (self.wide + 0.1) / columns
            if _columns_needed(told, top - bottom) <= columns:
                break
        line = size * APART / 72
        column, y = 0, top
        for number, (short, text, high) in enumerate(told):
            last = column == columns - 1 and number < len(told) - 1
            if y - high - (line if last else 0.0) < bottom and column < columns - 1:
                column, y = column + 1, top
            elif y - high - (line if last else 0.0) < bottom:
                words = say("and {number} more, in the table", number=len(told) - number)
                self.text(self.left + column * across, y, wrap(words, across - 0.1, size=size), size=size)
                return
            x = self.left + column * across
            self.text(x, y, short, size=size, weight="bold", colour=style.AREA)
            self.text(x + indent, y, text, size=size)
            y -= high

    def _laid(
        self, rows: Sequence[tuple[str, str]], size: float, columns: int
    ) -> tuple[list[tuple[str, str, float]], float]:
        """Break the lines of a key and measure their heights; also give the indent of meanings, in inches."""
        indent = max(width(short, size=size, bold=True) for short, _ in rows) / 72 + 0.08
        across = (self.wide + 0.1) / columns - 0.1
        told = [(short, wrap(text, across - indent, size=size)) for short, text in rows]
        return [(short, text, height(text, size=size, line=APART)) for short, text in told], indent

    def locate(self, extent: Any) -> None:
        """Draw the locator at the foot of the column, where there is room for it.

        Parameters
        ----------
        extent : geopandas.GeoSeries
            What the map shows, as one rectangle.
        """
        wide, tall = self._page
        high = min(LOCATOR, self.free() - self.bottom - 0.2)
        if high < 0.8:
            return
        box = (self.left / wide, (self.bottom + 0.05) / tall, self.wide / wide, high / tall)
        locator = furniture.locator(self.figure, box, extent)
        if locator is not None:
            self.artists.append(locator)

    def free(self) -> float:
        """Measure where the free part of the column begins.

        Returns
        -------
        float
            Its upper end, in inches.
        """
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        renderer = FigureCanvasAgg(self.figure).get_renderer()
        feet = [artist.get_window_extent(renderer).y0 / self.figure.dpi for artist in self.artists]
        return float(min([self.top, *feet]))


def table_cells(heads: Sequence[str], rows: Rows, wide: float) -> tuple[list[str], list[list[str]]]:
    """Break the cells of a table.

    Parameters
    ----------
    heads : sequence of str
        Heading of each column.
    rows : sequence of tuple
        Look and cells.
    wide : float
        Width of the table, in inches.

    Returns
    -------
    heads : list of str
        In lines.
    cells : list of list of str
        In lines, by row.
    """
    return _cells_in(heads, rows, wide - _indent(heads, rows, wide))


def _indent(heads: Sequence[str], rows: Rows, wide: float) -> float:
    """Give the room of the swatches; cells that would break have it where there are none."""
    split, laid = _cells_in(heads, rows, wide - _SWATCH)
    broken = any("\n" in cells[0] for cells in (split, *laid))
    return 0.0 if broken and all(look is None for look, _ in rows) else _SWATCH


def _cells_in(heads: Sequence[str], rows: Rows, wide: float) -> tuple[list[str], list[list[str]]]:
    """Break the cells of a table of some width, without the swatches."""
    split = ["", *(wrap(head, 0.8, size=_KEY, bold=True) for head in heads[1:])]
    laid = [["", *(_narrowed(cell, 0.8) for cell in cells[1:])] for _, cells in rows]
    # The first column has what its neighbour leaves, whose cells stand at the right.
    beside = [(split[1], True), *((cells[1], False) for cells in laid)]
    used = max(width(line, size=_KEY, bold=bold) for cell, bold in beside for line in cell.split("\n")) / 72
    first = wide - _NUMBERS * (len(heads) - 2) - used - 0.08
    split[0] = _narrowed(heads[0], first, bold=True)
    for cells, (_, given) in zip(laid, rows, strict=True):
        cells[0] = _narrowed(given[0], first)
    return split, laid


def _narrowed(cell: str, inches: float, *, bold: bool = False) -> str:
    """Break the lines of a cell that are too wide."""
    return "\n".join(
        line if width(line, size=_KEY, bold=bold) <= inches * 72 else wrap(line, inches, size=_KEY, bold=bold)
        for line in cell.split("\n")
    )


def table_height(title: str, heads: Sequence[str], rows: Rows, wide: float) -> float:
    """Measure a table before it is written.

    Parameters
    ----------
    title : str
        Heading.
    heads : sequence of str
        Heading of each column.
    rows : sequence of tuple
        Look and cells.
    wide : float
        Width, in inches.

    Returns
    -------
    float
        Inches.
    """
    split, laid = table_cells(heads, rows, wide)
    high = height(wrap(title, wide, size=TITLE, bold=True), size=TITLE, bold=True) + 0.07
    high += max(height(head, size=_KEY, bold=True) for head in split)
    return high + sum(max(height(cell, size=_KEY) for cell in cells) + 0.05 for cells in laid)


def key_height(rows: Sequence[tuple[str, str]]) -> float:
    """Estimate how high a key in two columns is, before it is written.

    Parameters
    ----------
    rows : sequence of tuple of str
        Short name and meaning.

    Returns
    -------
    float
        Inches; long keys are cut.
    """
    highs = [height(text, size=7.0, line=APART) for _, text in rows]
    return min(0.5 + sum(highs) / 2 + max(highs), 3.4) if rows else 0.0


def _columns_needed(told: Sequence[tuple[str, str, float]], room: float) -> int:
    """Count the columns that a key of rows of some height each fills."""
    column, used = 1, 0.0
    for _, _, high in told:
        if used + high > room + 1e-9:
            column, used = column + 1, 0.0
        used += high
    return column
