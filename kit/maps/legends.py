"""Legends around a map: their entries broken to fit, and read from right to left where the language is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.maps.lettering import families, fitted, rtl, shown, wrap

SIZE, TITLE = 8.5, 9.0
# Type size and gap between entries, where a legend is too high for its room.
SMALLER = ((7.5, 0.4), (7.0, 0.25))
# What a swatch and the gap after it take, in inches.
_SWATCH = 0.25


def draw_legend(
    figure: Any,
    handles: Sequence[Any],
    *,
    loc: str,
    anchor: tuple[float, float],
    title: str,
    room: float,
    columns: int = 1,
    narrow: bool = True,
    look: tuple[float, float] = (SIZE, 0.5),
) -> Any:
    """Draw a legend on a figure.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Where to draw.
    handles : sequence of matplotlib.artist.Artist
        Entries; their labels are broken into lines that fit.
    loc : str
        Which corner of the legend `anchor` gives.
    anchor : tuple of float
        Figure fractions.
    title : str
        Heading.
    room : float
        Width for all of it, in inches.
    columns : int
        Columns of entries.
    narrow : bool
        Whether entries are broken to the width of their column.
    look : tuple of float
        Type size, and the gap between entries as a share of it.

    Returns
    -------
    matplotlib.legend.Legend
        What was drawn.
    """
    turned, (size, gap) = rtl(), look
    heading = TITLE if size == SIZE else size
    across = 0.97 * room if turned or columns > 1 else room + 0.2
    head = wrap(title, across, size=heading, bold=True)
    labels = [handle.get_label() for handle in handles]
    if narrow:
        # At the right a single column may reach into the margin; from the right it would reach into the map.
        across = room / columns - _SWATCH + (-0.3 if columns > 1 else -0.2 if turned else 0.1)
        labels = [fitted(one, across, size=size) for one in labels]
    for handle, label in zip(handles, labels, strict=True):
        handle.set_label(shown(label))
    words = "".join([head, *labels])
    entries = _from_the_right(handles, columns) if turned and columns > 1 else handles
    font = {"family": list(families(words)), "size": size}
    side = "right" if turned else "left"
    legend = figure.legend(
        handles=entries, title=shown(head), loc=loc, bbox_to_anchor=anchor, frameon=False, prop=font, ncols=columns,
        columnspacing=2.5, handlelength=1.8, handleheight=1.2, labelspacing=gap, borderaxespad=0,
        markerfirst=not turned, alignment=side if columns == 1 else "center",
        title_fontproperties={**font, "weight": "bold", "size": heading},
    )  # fmt: skip
    if turned:
        for text in (legend.get_title(), *legend.get_texts()):
            text.set_multialignment("right")
    return legend


def _from_the_right(handles: Sequence[Any], columns: int) -> list[Any]:
    """Order the entries of several columns so that the first column stands at the right."""
    from matplotlib.lines import Line2D

    filled = [*handles, *(Line2D([], [], linestyle="none", label=" ") for _ in range(-len(handles) % columns))]
    rows = len(filled) // columns
    return [entry for column in reversed(range(columns)) for entry in filled[column * rows : (column + 1) * rows]]


def legend_size(handles: Sequence[Any], title: str, *, room: float, columns: int) -> tuple[float, float]:
    """Measure a legend before it is drawn.

    Parameters
    ----------
    handles : sequence of matplotlib.artist.Artist
        Entries.
    title : str
        Heading.
    room : float
        Width for all of it, in inches.
    columns : int
        Columns of entries.

    Returns
    -------
    tuple of float
        Width and height, in inches.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(room, 8.0))
    labels = [handle.get_label() for handle in handles]
    legend = draw_legend(
        figure, handles, loc="upper left", anchor=(0.0, 1.0), title=title, room=room, columns=columns
    )  # fmt: skip
    for handle, label in zip(handles, labels, strict=True):
        handle.set_label(label)
    box = legend.get_window_extent(FigureCanvasAgg(figure).get_renderer())
    return float(box.width / figure.dpi), float(box.height / figure.dpi)
