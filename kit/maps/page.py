"""A page around a map: heading, legend, locator, scale, notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kit.i18n.catalogues import draft_stamp
from kit.i18n.messages import mark, term
from kit.maps import furniture, style
from kit.maps.columns import Column, Rows
from kit.maps.legends import draw_legend, legend_size
from kit.maps.lettering import families, height, rtl, shown, spacing, wrap
from kit.maps.lettering import width as text_width
from kit.maps.sizes import page_size
from kit.settings import language_in_force

if TYPE_CHECKING:
    from kit.maps.ground import Ground

MARGIN = 0.4
SIDE = 3.05
STRIP = 0.55
# Height of the legend under several panels, and least height of what stands under one.
LEGEND, _BAND = 1.05, 2.35
# Between the columns under a panel.
_BETWEEN = 0.3
SAMPLE_STAMP = mark("Sample data, not for testimony")
_TITLE, _LONG_TITLE, _SUBTITLE, _CAPTION, _NOTE, _STAMP = 15.0, 12.5, 9.0, 9.5, 7.2, 7.5
SMALL_CAPTION = 7.5


class Page:
    """A page with map panels, and room for what stands around them.

    Parameters
    ----------
    title, subtitle : str
        Heading.
    notes : list of str
        Method notes; each begins on a new line.
    panels : int
        Map panels; one panel leaves room for a legend beside or under it.
    columns : int, optional
        Panels in a row; by default all of them.
    slots : int, optional
        Panels that the page has room for; by default as many as it has.
    captions : sequence of str
        A caption for each panel, if any.
    stamp : str
        A few words to stamp the page with.
    beside : bool, optional
        Whether the legend stands beside or under one panel; by default with one panel.
    size : str
        Name of the page size.
    ground : Ground, optional
        What will be drawn: its legend is measured, so that there is room for it.
    counted : bool
        Whether legend entries count what is in each class.
    need : float
        Height that a table or key under the map needs, in inches, where it stands there.
    strips : bool
        Whether every panel has its own scale bars, not the lowest alone.
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
        size: str = "letter",
        ground: Ground | None = None,
        counted: bool = True,
        need: float = 0.0,
        strips: bool = False,
    ) -> None:
        from matplotlib.figure import Figure

        self.size = page_size(size)
        self.figure = Figure(figsize=(self.size.width, self.size.height))
        self.artists: list[Any] = []
        self.heading = " ".join(title.split())
        self._ground, self._counted = ground, counted
        self._gap = STRIP + 0.06 if strips else 0.06
        self._notes_top = self._foot(notes)
        top = self._head(title, subtitle, self._stamp(stamp))
        alone = panels == 1 if beside is None else beside
        band = max(_BAND, self._under_height(), need) if alone and self.size.portrait else 0.0
        under = bool(band) and self._under_is_larger(top, band)
        self._side = SIDE if alone and not under else 0.0
        self._entries = 1 if alone else 3
        foot = band if under else 0.0 if alone else self._below_height()
        bottom = self._notes_top + STRIP + foot
        self.panels = self._grid((bottom, top), panels, (columns or panels, slots or panels), captions)
        self.columns = self._columns(under=under)

    @property
    def _across(self) -> float:
        """Width between the margins, in inches."""
        return self.size.width - 2 * MARGIN

    def _handles(self) -> tuple[list[Any], str]:
        """Give the entries and the title of the legend under several panels."""
        if self._ground is None:
            return [], ""
        handles = self._ground.handles()
        if not self._counted:
            for row in handles:
                row.set_label(getattr(row, "words", row.get_label()))
        return handles, self._ground.legend_title.replace("\n", ", ", 1).replace("\n", " ")

    def _below_height(self) -> float:
        """Find the columns of the legend under several panels, and its height, in inches."""
        handles, title = self._handles()
        if not handles or (self.size.name == "letter" and language_in_force() == "en"):
            return LEGEND
        sizes = {columns: legend_size(handles, title, room=self._across, columns=columns) for columns in (4, 3, 2)}
        fitting = {columns: high for columns, (wide, high) in sizes.items() if wide <= self._across}
        self._entries = min(fitting, key=lambda columns: fitting[columns], default=2)
        return sizes[self._entries][1] + 0.2

    def _under_height(self) -> float:
        """Measure the legend of one panel, as it stands under it, in inches."""
        if self._ground is None:
            return 0.0
        wide = half_width(self.size.name)
        return legend_size(self._ground.handles(), self._ground.legend_title, room=wide, columns=1)[1] + 0.25

    def _under_is_larger(self, top: float, band: float) -> bool:
        """Tell whether the map is larger with the legend under it than with the legend beside it."""
        if self._ground is None:
            return True
        west, south, east, north = self._ground.bounds
        wide, high = self._across, top - self._notes_top - STRIP
        under = min(wide / (east - west), (high - band) / (north - south))
        return under >= min((wide - SIDE) / (east - west), high / (north - south))

    def _columns(self, *, under: bool) -> list[Column]:
        """Make the columns beside the panel, or under it."""
        bottom, panel = self._notes_top + 0.1, self.panels[0].get_position()
        if not under:
            left, wide = self.size.width - SIDE - MARGIN / 2, SIDE - MARGIN
            top = float(panel.y1) * self.size.height
            return [Column(self.figure, self._text, left=left, bottom=bottom, wide=wide, top=top)]
        wide, top = half_width(self.size.name), float(panel.y0) * self.size.height - STRIP - 0.1
        lefts = [MARGIN, MARGIN + wide + _BETWEEN]
        if rtl():
            lefts.reverse()
        return [Column(self.figure, self._text, left=left, bottom=bottom, wide=wide, top=top) for left in lefts]

    def _grid(
        self, room: tuple[float, float], panels: int, size: tuple[int, int], captions: Sequence[str]
    ) -> list[Any]:
        """Lay panels out in rows between two heights, each with its caption over it."""
        (bottom, top), (columns, slots) = room, size
        rows = -(-slots // columns)
        gap, letters = (0.25, _CAPTION) if rows == 1 else (0.15, SMALL_CAPTION)
        width = (self._across - self._side - gap * (columns - 1)) / columns
        told = [wrap(text, width, size=letters, bold=True) for text in captions]
        head = max((height(text, size=letters, bold=True) + 0.1 for text in told), default=0.0)
        high = (top - bottom - rows * head - (rows - 1) * self._gap) / rows
        found = []
        for i in range(panels):
            left = MARGIN + (i % columns) * (width + gap)
            foot = top - head - high - (i // columns) * (head + high + self._gap)
            box = (left / self.size.width, foot / self.size.height, width / self.size.width, high / self.size.height)
            found.append(self.figure.add_axes(box, label=f"map {i + 1}"))
            if i < len(told):
                within = (left, left + width)
                artist = self._text(left, foot + high + 0.05, told[i], size=letters, weight="bold", within=within)
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
        high, width = box.height * self.size.height, box.width * self.size.width
        furniture.scale_bar(panel, place=(0.002, -(STRIP - 0.1) / high), stretch=scene.stretch(panel))
        foot = (1 - 0.2 / width, -(STRIP - 0.08) / high)
        furniture.north_arrow(panel, place=foot, angle=scene.north(panel))

    def beside(self, scene: Ground, *, key: Sequence[tuple[str, str]] = (), key_title: str = "") -> None:
        """Draw legend, key and locator beside one panel, or under it.

        Parameters
        ----------
        scene : Ground
            What was drawn.
        key : sequence of tuple of str
            What stands on the map and what it means; what has no room is counted.
        key_title : str
            Heading of the key.
        """
        self.columns[0].legend(scene.handles(), title=scene.legend_title)
        if key:
            self.columns[-1].key(key, title=key_title)
        self.locate(scene)

    def handles_beside(self, handles: list[Any]) -> None:
        """Draw legend entries in the free part of the last column.

        Parameters
        ----------
        handles : list of matplotlib.artist.Artist
            Entries.
        """
        self.columns[-1].legend(handles, gap=0.12)

    def swatch_table(self, title: str, heads: Sequence[str], rows: Rows) -> None:
        """Write a table in the first column, each row with its colour and pattern.

        Parameters
        ----------
        title : str
            Heading.
        heads : sequence of str
            Heading of each column.
        rows : sequence of tuple
            How the swatch is filled, or None, and the cells; all but the first stand at the right.
        """
        self.columns[0].table(title, heads, rows)

    def locate(self, scene: Ground) -> None:
        """Draw the locator at the foot of the last column, where there is room for it.

        Parameters
        ----------
        scene : Ground
            What was drawn.
        """
        self.columns[-1].locate(drawn_extent(scene, self.panels[0]))
        self.artists += [artist for column in self.columns for artist in column.artists]

    def below(self, scene: Ground, *, counted: bool = True) -> None:
        """Draw the legend in rows under several panels.

        Parameters
        ----------
        scene : Ground
            What was drawn.
        counted : bool
            Whether entries count what is in each class.
        """
        self._ground, self._counted = scene, counted
        handles, title = self._handles()
        at = (0.5, (self._notes_top + 0.1) / self.size.height)
        plain = language_in_force() == "en" and self.size.name == "letter"
        legend = draw_legend(
            self.figure, handles, loc="lower center", anchor=at, title=title, room=self._across,
            columns=self._entries, narrow=not plain,
        )  # fmt: skip
        self.artists.append(legend)

    def _stamp(self, text: str) -> tuple[float, float]:
        """Stamp the page; return the width of the stamp and where it ends, in inches."""
        told = term(text).upper() if text else ""
        draft = draft_stamp(language_in_force())
        if draft:
            told = "\n".join(part for part in (told, wrap(draft, 2.6, size=_STAMP, bold=True)) if part)
        if not told:
            return 0.0, self.size.height
        frame = {"boxstyle": "square,pad=0.4", "facecolor": "white", "edgecolor": style.ACCENT, "linewidth": 1.2}
        x, top = self.size.width - MARGIN - 0.05, self.size.height - 0.3
        artist = self._text(x, top, told, size=_STAMP, weight="bold", top=True, side="right")
        artist.set(color=style.ACCENT, bbox=frame)
        self.artists.append(artist)
        wide = max(text_width(shown(line), size=_STAMP, bold=True) for line in told.split("\n"))
        return wide / 72 + 0.3, top - height(told, size=_STAMP, bold=True) - 0.05

    def _head(self, title: str, subtitle: str, stamp: tuple[float, float]) -> float:
        """Write heading and subtitle, clear of a stamp; return the height where they end."""
        wide, foot = stamp
        size = _TITLE if len(title) <= 78 else _LONG_TITLE
        told = wrap(title, self._across - wide, size=size, bold=True)
        if language_in_force() != "en" and told.count("\n") > 1:
            size = _LONG_TITLE
            told = wrap(title, self._across - wide, size=size, bold=True)
        top = self.size.height - 0.3
        heading = self._text(MARGIN, top, told, size=size, weight="bold", top=True)
        heading.set_gid("heading")
        self.artists.append(heading)
        top -= height(told, size=size, bold=True) + 0.05
        if language_in_force() != "en":
            top = min(top, foot)
        told = wrap(subtitle, self._across, size=_SUBTITLE)
        self.artists.append(self._text(MARGIN, top, told, size=_SUBTITLE, top=True, colour=style.MUTED))
        return top - height(told, size=_SUBTITLE) - 0.1

    def _foot(self, notes: list[str]) -> float:
        """Write the notes; return the height where they begin."""
        # Small letters are up to 3 % wider on a screen than on paper.
        told = "\n".join(wrap(note, 0.97 * self._across, size=_NOTE) for note in notes)
        self.artists.append(self._text(MARGIN, 0.2, told, size=_NOTE, colour=style.MUTED))
        return 0.2 + height(told, size=_NOTE) + 0.08

    def _text(
        self, x: float, y: float, text: str, *, size: float, weight: str = "normal", top: bool = False,
        colour: str = style.INK, side: str = "left", within: tuple[float, float] | None = None,
    ) -> Any:  # fmt: skip
        """Write text at a place in inches; mirrored within its room where the language is read from the right."""
        if rtl():
            left, right = within or (0.0, self.size.width)
            x, side = left + right - x, "left" if side == "right" else "right"
        bold = weight == "bold"
        return self.figure.text(
            x / self.size.width, y / self.size.height, shown(text), fontsize=size, fontweight=weight, color=colour,
            va="top" if top else "bottom", ha=side, multialignment="right" if rtl() else side,
            family=list(families(text)), linespacing=spacing(text, bold=bold),
        )  # fmt: skip


def half_width(size: str) -> float:
    """Give the width of a column under a panel.

    Parameters
    ----------
    size : str
        Name of the page size.

    Returns
    -------
    float
        Inches.
    """
    return (page_size(size).width - 2 * MARGIN - _BETWEEN) / 2


def room_for(panels: int, columns: int, size: str = "letter") -> tuple[float, float]:
    """Estimate how large a panel is where many share a page.

    Parameters
    ----------
    panels, columns : int
        How many, and how many in a row.
    size : str
        Name of the page size.

    Returns
    -------
    tuple of float
        Width and height, in inches.
    """
    page, rows = page_size(size), -(-panels // columns)
    return (page.width - 2 * MARGIN - 0.15 * (columns - 1)) / columns, (page.height - 3.6 - 0.35 * rows) / rows


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
