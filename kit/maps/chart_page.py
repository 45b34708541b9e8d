"""A page around a chart: heading, legend and notes as on a map, axes instead of ground."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from kit.i18n.messages import say
from kit.maps import style
from kit.maps.legends import draw_legend, legend_size
from kit.maps.lettering import families, rtl, shown, spacing, wrap
from kit.maps.page import STRIP, Page
from kit.maps.sizes import page_size

TICKS, NAMES, SMALL = 8.5, 9.0, 8.0
"""Type sizes of a chart, in points: at the axes, of rows, and of figures beside them."""
GRID = "#d9d9d9"
FIRST, SECOND, PALE = "#1d5b8c", "#c77700", "#c9d8e6"
"""Colours of a chart: dark blue and orange differ in lightness too, so that they survive a copier."""
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0)
_TICKS, _BEYOND = 7, 1.05


class ChartPage(Page):
    """A page with a chart on it, or with two beside each other.

    Parameters
    ----------
    title, subtitle : str
        Heading.
    notes : list of str
        Each begins on a new line.
    handles : sequence of matplotlib.artist.Artist
        Legend entries.
    legend : str
        Heading of the legend.
    captions : sequence of str
        Over each of several charts; one chart needs none.
    stamp : str
        A few words to stamp the page with.
    size : str
        Name of the page size.
    """

    def __init__(
        self,
        title: str,
        subtitle: str,
        notes: list[str],
        *,
        handles: Sequence[Any],
        legend: str,
        captions: Sequence[str] = (),
        stamp: str = "",
        size: str = "letter",
    ) -> None:
        self._own, self._legend, number = list(handles), legend, max(1, len(captions))
        upright = page_size(size).portrait
        super().__init__(
            title, subtitle, notes, panels=number, columns=1 if upright else number, captions=captions, stamp=stamp,
            size=size, beside=False, strips=upright and number > 1,
        )  # fmt: skip
        self._rooms = [panel.get_position() for panel in self.panels]

    def finish(self) -> None:
        """Make the charts as large as their words leave room for, and draw the legend."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        renderer = FigureCanvasAgg(self.figure).get_renderer()
        wide, high = self.size.width, self.size.height
        for panel, room in zip(self.panels, self._rooms, strict=True):
            for _ in range(3):
                box, axes = panel.get_tightbbox(renderer), panel.get_position()
                dots = self.figure.dpi
                left, right = axes.x0 - box.x0 / dots / wide, box.x1 / dots / wide - axes.x1
                foot, head = axes.y0 - box.y0 / dots / high, box.y1 / dots / high - axes.y1
                x0, x1 = room.x0 + max(left, 0), room.x1 - max(right, 0)
                y0, y1 = room.y0 - (STRIP - 0.1) / high + max(foot, 0), room.y1 - max(head, 0)
                panel.set_position((x0, y0, max(x1 - x0, 0.05), max(y1 - y0, 0.05)))
            _thin(panel, renderer)
        at = (0.5, (self._notes_top + 0.1) / high)
        self.artists.append(
            draw_legend(
                self.figure, self._own, loc="lower center", anchor=at, title=self._legend, room=self._across,
                columns=self._entries,
            )
        )  # fmt: skip

    def _below_height(self) -> float:
        """Find the columns of the legend under several charts, and its height, in inches."""
        sizes = {n: legend_size(self._own, self._legend, room=self._across, columns=n) for n in (3, 2)}
        fitting = {n: high for n, (wide, high) in sizes.items() if wide <= self._across}
        self._entries = min(fitting, key=lambda n: fitting[n], default=2)
        return sizes[self._entries][1] + 0.2


def _thin(ax: Any, renderer: Any) -> None:
    """Leave out every other tick of the horizontal axis until none touches its neighbour."""
    for _ in range(3):
        ticks, labels = list(ax.get_xticks()), ax.get_xticklabels()
        boxes = sorted((one.get_window_extent(renderer) for one in labels), key=lambda box: float(box.x0))
        apart = 0.5 * TICKS * ax.figure.dpi / 72
        if all(after.x0 - before.x1 >= apart for before, after in itertools.pairwise(boxes)):
            return
        told = [one.get_text() for one in labels]
        looks = [(one.get_fontfamily(), one.get_fontsize()) for one in labels]
        # Counted from 0, which stays.
        first = min(range(len(ticks)), key=lambda at: abs(ticks[at])) % 2
        ax.set_xticks(ticks[first::2], told[first::2])
        for label, (names, size) in zip(ax.get_xticklabels(), looks[first::2], strict=True):
            label.set(family=names, fontsize=size, color=style.INK)


def inside(ax: Any, y: float, text: str) -> Any:
    """Write words at the zero of a row, in place of a mark.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The chart.
    y : float
        Height of the row.
    text : str
        One line.

    Returns
    -------
    matplotlib.text.Annotation
        What was written.
    """
    side, away = ("right", -5.0) if rtl() else ("left", 5.0)
    return ax.annotate(
        shown(text), xy=(0.0, y), xytext=(away, 0), textcoords="offset points", ha=side, va="center", fontsize=SMALL,
        color=style.MUTED, family=list(families(text)), zorder=12, annotation_clip=False,
    )  # fmt: skip


def share_axis(ax: Any, low: float = 0.0, high: float = 1.0, *, across: bool = True) -> None:
    """Scale an axis of shares, and write its ticks in percent.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The chart.
    low, high : float
        Ends, as fractions.
    across : bool
        Whether it is the horizontal axis; where the language is read from the
        right that one runs to the left.
    """
    # Where an axis goes beyond 100% its ticks are halves of a half, of which 100% stays when every other goes.
    steps = [one for one in _STEPS if high <= _BEYOND or one != 0.2]
    step = next((one for one in steps if (high - low) / one <= _TICKS), 1.0)
    first = int(low / step - 1e-9) if low >= 0 else -int(-low / step + 1e-9)
    ticks = [step * at for at in range(first, int(high / step + 1e-9) + 1) if low - 1e-9 <= step * at <= high + 1e-9]
    told = [say("{share:g}%", share=round(100 * tick, 6)) for tick in ticks]
    axis = ax.xaxis if across else ax.yaxis
    axis.set_ticks(ticks, [shown(one) for one in told])
    for label, one in zip(axis.get_ticklabels(), told, strict=True):
        label.set(family=list(families(one)), fontsize=TICKS, color=style.INK)
    if across:
        ax.set_xlim(*((high, low) if rtl() else (low, high)))
    else:
        ax.set_ylim(low, high)


def name_axis(ax: Any, words: str, inches: float, *, across: bool = True) -> None:
    """Write what an axis measures.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The chart.
    words : str
        What it measures.
    inches : float
        Length to break the words to.
    across : bool
        Whether it is the horizontal axis.
    """
    told = wrap(words, inches, size=NAMES)
    look: dict[str, Any] = {"fontsize": NAMES, "family": list(families(told)), "color": style.INK}
    (ax.set_xlabel if across else ax.set_ylabel)(shown(told), linespacing=spacing(told), **look)


def plain_axes(ax: Any, *, grid: str = "both") -> None:
    """Take away what a chart does not need, and draw a light grid.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The chart.
    grid : {"x", "y", "both", ""}
        Which lines.
    """
    ax.set_facecolor("white")
    ax.set_axisbelow(True)
    ax.tick_params(length=3, color=style.FRAME)
    for side in ax.spines.values():
        side.set(color=style.FRAME, linewidth=0.6)
    if grid:
        ax.grid(visible=True, axis=grid, color=GRID, linewidth=0.6)


def inside_legend(ax: Any, handles: Sequence[Any], title: str) -> None:
    """Draw the legend under a chart in axes of the caller's.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where the chart is.
    handles : sequence of matplotlib.artist.Artist
        Entries.
    title : str
        Heading.
    """
    wide = max(2.0, float(ax.get_position().width * ax.figure.get_figwidth()))
    told = [wrap(handle.get_label(), 0.8 * wide, size=7.0) for handle in handles]
    head = wrap(title, 0.9 * wide, size=7.0, bold=True)
    font = {"family": list(families("".join([head, *told]))), "size": 7.0}
    ax.legend(
        handles=list(handles), labels=[shown(one) for one in told], title=shown(head), prop=font, loc="upper center",
        bbox_to_anchor=(0.5, -0.16), frameon=False, markerfirst=not rtl(), alignment="right" if rtl() else "left",
        title_fontproperties={**font, "weight": "bold"},
    )  # fmt: skip


def beside(
    ax: Any, y: float, points: float, text: str, *, size: float = SMALL, weight: str = "normal", left: bool = False,
    colour: str = style.INK, up: float = 0.0,
) -> Any:  # fmt: skip
    """Write words beside a row of a chart, at a distance from its edge.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The chart.
    y : float
        Height of the row, in the co-ordinates of the data.
    points : float
        Distance from the edge, in points.
    text : str
        Lines that are broken already.
    size : float
        Points.
    weight : str
        Of the letters.
    left : bool
        Before the row instead of after it; where the language is read from
        the right that is the right side.
    colour : str
        Of the letters.
    up : float
        How far above the row, in points.

    Returns
    -------
    matplotlib.text.Annotation
        What was written.
    """
    before = left != rtl()
    side = "right" if before else "left"
    return ax.annotate(
        shown(text), xy=(0 if before else 1, y), xycoords=("axes fraction", "data"),
        xytext=(-points if before else points, up), textcoords="offset points", ha=side, va="center",
        multialignment=side, fontsize=size, fontweight=weight, color=colour, family=list(families(text)),
        linespacing=spacing(text, bold=weight == "bold"), annotation_clip=False,
    )  # fmt: skip
