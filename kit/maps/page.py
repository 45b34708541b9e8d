"""A letter page around a map: heading, legend, locator, scale, notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kit.maps import furniture, style
from kit.maps.lettering import width as text_width
from kit.maps.lettering import wrap

if TYPE_CHECKING:
    from kit.maps.ground import Ground

WIDTH, HEIGHT = 11.0, 8.5
MARGIN = 0.4
SIDE = 3.05
STRIP = 0.55
# The column at the right of one panel, and the height of the locator in it.
SIDE_LEFT, SIDE_WIDTH, _LOCATOR = WIDTH - SIDE - MARGIN / 2, SIDE - MARGIN, 1.7
# Height of the legend under several panels.
LEGEND = 1.05
SAMPLE_STAMP = "Sample data, not for testimony"
_TITLE, _SUBTITLE, _CAPTION, _NOTE = 15.0, 9.0, 9.5, 6.8
SMALL_CAPTION, _KEY = 7.5, 7.5
# Type size and columns of a key: the first that has room for all of it.
_KEYS = ((_KEY, 1), (6.3, 1), (6.3, 2))
_LINE = 1.3


class Page:
    """A landscape letter page with map panels, and room for what stands around them.

    Parameters
    ----------
    title, subtitle : str
        Heading.
    notes : list of str
        Method notes; each begins on a new line.
    panels : int
        Map panels; one panel leaves room for a legend at its right.
    columns : int, optional
        Panels in a row; by default all of them.
    slots : int, optional
        Panels that the page has room for; by default as many as it has.
    captions : sequence of str
        A caption for each panel, if any.
    stamp : str
        A few words to stamp the page with.
    beside : bool, optional
        Whether the legend stands at the right; by default with one panel.
    """

    def __init__(
        self,
        title: str,
        subtitle: str,
        notes: list[str],
        *,
        panels: int = 1,
        columns: int | None = None,
        slots: int | None = None,
        captions: Sequence[str] = (),
        stamp: str = "",
        beside: bool | None = None,
    ) -> None:
        from matplotlib.figure import Figure

        self.figure = Figure(figsize=(WIDTH, HEIGHT))
        self.artists: list[Any] = []
        self._notes_top = self._foot(notes)
        top = self._head(title, subtitle, self._stamp(stamp) if stamp else 0.0)
        self._side = SIDE if (panels == 1 if beside is None else beside) else 0.0
        bottom = self._notes_top + STRIP + (0.0 if self._side else LEGEND)
        self.panels = self._grid((bottom, top), panels, (columns or panels, slots or panels), captions)

    def _grid(
        self, room: tuple[float, float], panels: int, size: tuple[int, int], captions: Sequence[str]
    ) -> list[Any]:
        """Lay panels out in rows between two heights, each with its caption over it."""
        (bottom, top), (columns, slots) = room, size
        rows = -(-slots // columns)
        gap, letters = (0.25, _CAPTION) if rows == 1 else (0.15, SMALL_CAPTION)
        width = (WIDTH - 2 * MARGIN - self._side - gap * (columns - 1)) / columns
        told = [wrap(text, width, size=letters, bold=True) for text in captions]
        head = max((_height(text, letters) + 0.1 for text in told), default=0.0)
        high = (top - bottom - rows * head - (rows - 1) * 0.06) / rows
        found = []
        for i in range(panels):
            left = MARGIN + (i % columns) * (width + gap)
            foot = top - head - high - (i // columns) * (head + high + 0.06)
            box = (left / WIDTH, foot / HEIGHT, width / WIDTH, high / HEIGHT)
            found.append(self.figure.add_axes(box, label=f"map {i + 1}"))
            if i < len(told):
                artist = self._text(left, foot + high + 0.05, told[i], size=letters, weight="bold")
                artist.set_gid("caption")
                self.artists.append(artist)
        return found

    def scale(self, scene: Ground, panel: Any) -> None:
        """Draw scale bars and the north arrow in the strip under a panel.

        Parameters
        ----------
        scene : Ground
            What was drawn.
        panel : matplotlib.axes.Axes
            Its panel.
        """
        box = panel.get_position()
        height, width = box.height * HEIGHT, box.width * WIDTH
        furniture.scale_bar(panel, place=(0.002, -(STRIP - 0.1) / height), stretch=scene.stretch(panel))
        foot = (1 - 0.2 / width, -(STRIP - 0.08) / height)
        furniture.north_arrow(panel, place=foot, angle=scene.north(panel))

    def beside(self, scene: Ground, *, key: Sequence[tuple[str, str]] = (), key_title: str = "") -> None:
        """Draw legend, key and locator at the right of one panel.

        Parameters
        ----------
        scene : Ground
            What was drawn.
        key : sequence of tuple of str
            What stands on the map and what it means; what has no room is counted.
        key_title : str
            Heading of the key.
        """
        self.legend_beside(scene)
        if key:
            self.key(key, title=key_title)
        self.locate(scene)

    def legend_beside(self, scene: Ground) -> None:
        """Draw the legend at the right of one panel.

        Parameters
        ----------
        scene : Ground
            What was drawn.
        """
        anchor = (SIDE_LEFT / WIDTH, self.panels[0].get_position().y1)
        self._legend(scene.handles(), loc="upper left", anchor=anchor, title=scene.legend_title)

    def handles_beside(self, handles: list[Any]) -> None:
        """Draw legend entries in the free column at the right.

        Parameters
        ----------
        handles : list of matplotlib.artist.Artist
            Entries.
        """
        anchor = (SIDE_LEFT / WIDTH, (self.free()[1] - 0.12) / HEIGHT)
        self._legend(handles, loc="upper left", anchor=anchor, title="")

    def swatch_table(
        self, title: str, heads: Sequence[str], rows: Sequence[tuple[dict[str, Any] | None, Sequence[str]]]
    ) -> None:
        """Write a table in the free column at the right, each row with its colour and pattern.

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

        y = self.free()[1]
        told = wrap(title, SIDE_WIDTH, size=9, bold=True)
        self.artists.append(self._text(SIDE_LEFT, y, told, size=9, weight="bold", top=True))
        y -= _height(told, 9) + 0.04
        ends = [SIDE_LEFT + SIDE_WIDTH - 0.85 * (len(heads) - 1 - i) for i in range(1, len(heads))]

        def write(cells: Sequence[str], weight: str) -> None:
            self.artists.append(self._text(SIDE_LEFT + 0.36, y, cells[0], size=_KEY, weight=weight, top=True))
            for end, cell in zip(ends, cells[1:], strict=True):
                text = self._text(end, y, cell, size=_KEY, weight=weight, top=True)
                text.set(ha="right", multialignment="right")
                self.artists.append(text)

        split = [heads[0], *(wrap(head, 0.8, size=_KEY, bold=True) for head in heads[1:])]
        write(split, "bold")
        y -= max(_height(head, _KEY) for head in split) + 0.03
        for look, cells in rows:
            if look is not None:
                box = Rectangle((SIDE_LEFT / WIDTH, (y - 0.13) / HEIGHT), 0.27 / WIDTH, 0.13 / HEIGHT, **look)
                box.set(transform=self.figure.transFigure, linewidth=0.4)
                self.artists.append(self.figure.add_artist(box))
            write(cells, "normal")
            y -= max(_height(cell, _KEY) for cell in cells) + 0.05

    def locate(self, scene: Ground) -> None:
        """Draw the locator at the lower right, where there is room for it.

        Parameters
        ----------
        scene : Ground
            What was drawn.
        """
        high = min(_LOCATOR, self.free()[1] - self._notes_top - 0.3)
        if high < 0.8:
            return
        box = (SIDE_LEFT / WIDTH, (self._notes_top + 0.15) / HEIGHT, SIDE_WIDTH / WIDTH, high / HEIGHT)
        locator = furniture.locator(self.figure, box, drawn_extent(scene, self.panels[0]))
        if locator is not None:
            self.artists.append(locator)

    def free(self) -> tuple[float, float]:
        """Measure the free column at the right, under what stands there.

        Returns
        -------
        tuple of float
            Lower and upper end, in inches.
        """
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        renderer = FigureCanvasAgg(self.figure).get_renderer()
        top = float(self.panels[0].get_position().y1) * HEIGHT
        for artist in self.artists:
            box = artist.get_window_extent(renderer)
            if box.x0 / self.figure.dpi >= SIDE_LEFT - 0.05 and box.y1 / self.figure.dpi <= top + 0.05:
                top = min(top, box.y0 / self.figure.dpi)
        return self._notes_top + 0.1, top

    def key(self, rows: Sequence[tuple[str, str]], *, title: str) -> None:
        """Write what short names on the map mean, in the free column at the right.

        Parameters
        ----------
        rows : sequence of tuple of str
            Short name and meaning; what has no room is counted in a last line.
        title : str
            Heading.
        """
        bottom, top = self.free()
        heading = wrap(title, SIDE_WIDTH, size=9, bold=True)
        self.artists.append(self._text(SIDE_LEFT, top - 0.2, heading, size=9, weight="bold", top=True))
        top -= 0.2 + _height(heading, 9) + 0.03
        size, columns = _KEY, 1
        for size, columns in _KEYS:
            told, line, indent = _laid(rows, size, columns)
            across = (SIDE_WIDTH + 0.1) / columns
            if _columns_needed(told, (top - bottom) / line) <= columns:
                break
        column, y = 0, top
        for number, (short, text) in enumerate(told):
            high = (text.count("\n") + 1) * line
            last = column == columns - 1 and number < len(told) - 1
            if y - high - (line if last else 0.0) < bottom and column < columns - 1:
                column, y = column + 1, top
            elif y - high - (line if last else 0.0) < bottom:
                words = f"and {len(told) - number} more, in the table"
                self.artists.append(self._text(SIDE_LEFT + column * across, y, words, size=size, top=True))
                return
            x = SIDE_LEFT + column * across
            mark = self._text(x, y, short, size=size, weight="bold", top=True, colour=style.AREA)
            self.artists += [mark, self._text(x + indent, y, text, size=size, top=True)]
            y -= high

    def below(self, scene: Ground, *, counted: bool = True) -> None:
        """Draw the legend in rows under several panels.

        Parameters
        ----------
        scene : Ground
            What was drawn.
        counted : bool
            Whether entries count what is in each class.
        """
        title = scene.legend_title.replace("\n", ", ", 1).replace("\n", " ")
        handles = scene.handles()
        if not counted:
            for row in handles:
                row.set_label(row.get_label().partition("   (")[0])
        at = (0.5, (self._notes_top + 0.1) / HEIGHT)
        self._legend(handles, loc="lower center", anchor=at, title=title, columns=3)

    def _stamp(self, text: str) -> float:
        """Stamp the page; return the width of the stamp, in inches."""
        frame = {"boxstyle": "square,pad=0.4", "facecolor": "white", "edgecolor": style.ACCENT, "linewidth": 1.2}
        artist = self._text(WIDTH - MARGIN - 0.05, HEIGHT - 0.3, text.upper(), size=7.5, weight="bold", top=True)
        artist.set(color=style.ACCENT, ha="right", bbox=frame)
        self.artists.append(artist)
        return text_width(text.upper(), size=7.5, bold=True) / 72 + 0.3

    def _legend(
        self, handles: list[Any], *, loc: str, anchor: tuple[float, float], title: str, columns: int = 1
    ) -> None:
        font = {"family": list(style.FONT), "size": 8.5}
        legend = self.figure.legend(
            handles=handles, title=title if columns > 1 else wrap(title, SIDE - MARGIN / 2, size=9, bold=True),
            loc=loc, bbox_to_anchor=anchor, frameon=False, prop=font, ncols=columns, columnspacing=2.5,
            handlelength=1.8, handleheight=1.2, labelspacing=0.5, borderaxespad=0,
            alignment="left" if columns == 1 else "center", title_fontproperties={**font, "weight": "bold", "size": 9},
        )  # fmt: skip
        self.artists.append(legend)

    def _head(self, title: str, subtitle: str, stamp: float) -> float:
        """Write heading and subtitle, clear of a stamp's width; return the height where they end."""
        width = WIDTH - 2 * MARGIN
        size = _TITLE if len(title) <= 78 else 12.5
        told = wrap(title, width - stamp, size=size, bold=True)
        top = HEIGHT - 0.3
        heading = self._text(MARGIN, top, told, size=size, weight="bold", top=True)
        heading.set_gid("heading")
        self.artists.append(heading)
        top -= _height(told, size) + 0.05
        told = wrap(subtitle, width, size=_SUBTITLE)
        self.artists.append(self._text(MARGIN, top, told, size=_SUBTITLE, top=True, colour=style.MUTED))
        return top - _height(told, _SUBTITLE) - 0.1

    def _foot(self, notes: list[str]) -> float:
        """Write the notes; return the height where they begin."""
        told = "\n".join(wrap(note, WIDTH - 2 * MARGIN, size=_NOTE) for note in notes)
        self.artists.append(self._text(MARGIN, 0.2, told, size=_NOTE, colour=style.MUTED))
        return 0.2 + _height(told, _NOTE) + 0.08

    def _text(
        self, x: float, y: float, text: str, *, size: float, weight: str = "normal", top: bool = False,
        colour: str = style.INK,
    ) -> Any:  # fmt: skip
        return self.figure.text(
            x / WIDTH, y / HEIGHT, text, fontsize=size, fontweight=weight, va="top" if top else "bottom", color=colour,
            family=list(style.FONT), linespacing=1.2,
        )  # fmt: skip


def _laid(rows: Sequence[tuple[str, str]], size: float, columns: int) -> tuple[list[tuple[str, str]], float, float]:
    """Break the lines of a key; also give the height of a line and the indent of meanings, in inches."""
    indent = max(text_width(short, size=size, bold=True) for short, _ in rows) / 72 + 0.08
    across = (SIDE_WIDTH + 0.1) / columns - 0.1
    return [(short, wrap(text, across - indent, size=size)) for short, text in rows], size * 1.2 / 72, indent


def _columns_needed(told: list[tuple[str, str]], room: float) -> int:
    """Count the columns of some lines each that a key fills."""
    column, used = 1, 0
    for _, text in told:
        lines = text.count("\n") + 1
        if used + lines > room:
            column, used = column + 1, 0
        used += lines
    return column


def room_for(panels: int, columns: int) -> tuple[float, float]:
    """Estimate how large a panel is where many share a page.

    Parameters
    ----------
    panels, columns : int
        How many, and how many in a row.

    Returns
    -------
    tuple of float
        Width and height, in inches.
    """
    rows = -(-panels // columns)
    return (WIDTH - 2 * MARGIN - 0.15 * (columns - 1)) / columns, (4.9 - 0.35 * rows) / rows


def _height(text: str, size: float) -> float:
    """Give the height of lines of text, in inches."""
    return (text.count("\n") + 1) * size * _LINE / 72


def drawn_extent(scene: Ground, panel: Any) -> Any:
    """Give the drawn extent, cut to the units.

    Parameters
    ----------
    scene : Ground
        What was drawn.
    panel : matplotlib.axes.Axes
        Where.

    Returns
    -------
    geopandas.GeoSeries
        One rectangle in the map's projection.
    """
    import geopandas
    import shapely

    (west, east), (south, north) = panel.get_xlim(), panel.get_ylim()
    a, b, c, d = scene.projected.total_bounds
    box = shapely.box(max(west, a), max(south, b), min(east, c), min(north, d))
    return geopandas.GeoSeries([box], crs=scene.crs)
