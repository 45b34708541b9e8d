"""The drawings of an exhibit, without the words that the page sets in type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from kit.i18n.messages import Message
from kit.maps import furniture
from kit.maps.chart_facts import ChartFacts
from kit.maps.facts import LOCATOR, Facts
from kit.maps.lettering import rtl, wrap
from kit.maps.page import STRIP
from kit.maps.record import MapRecord, Sheet
from kit.report.output import svg_of
from kit.settings import language_in_force

# A mark of a legend, in inches.
_MARK = (0.28, 0.15)
# Width and height that a page leaves for one map, and for two beside each other, at the least.
_ROOM = ((6.2, 4.6), (10.0, 2.9))
_BESIDE_EACH_OTHER, _SMALLEST = 2, 7.2
# The scale and the arrow are drawn at this order.
_SCALE_ORDER = 20


def drawings_of(record: MapRecord) -> tuple[dict[str, str], str]:
    """Draw the map panels and, small, the locator; also say what the locator shows.

    Parameters
    ----------
    record : MapRecord
        What was drawn.

    Returns
    -------
    dict of str to str
        ``map.svg``, ``key_0.svg`` … for patterns and outlines of the legend and,
        where there is a place to show, ``locator.svg``.
    str
        The place; empty where there is none.
    """
    locator, place = _locator(record.extent)
    marks = {f"key_{at}.svg": _mark(handle) for at, handle in enumerate(record.marks)}
    return {"map.svg": _panel(record), **marks, **locator}, place


def drawings_of_sheet(sheet: Sheet, facts: Facts) -> tuple[dict[str, str], str]:
    """Draw every page of a map, the marks of its legend and, small, the locator.

    Parameters
    ----------
    sheet : Sheet
        What was drawn.
    facts : Facts
        What an exhibit says of it.

    Returns
    -------
    dict of str to str
        ``map.svg``, ``map_2.svg`` …, ``key_0.svg`` … and, where there is a place to show, ``locator.svg``.
    str
        The place; empty where there is none.
    """
    names = ["map.svg", *(f"map_{number}.svg" for number in range(2, len(sheet.panels) + 1))]
    drawn = {name: _page(panel.figure, facts) for name, panel in zip(names, sheet.panels, strict=True)}
    drawn |= {f"key_{at}.svg": _mark(key.handle) for at, key in enumerate(facts.keys)}
    locator, place = _locator(facts.extent)
    return {**drawn, **locator}, place


def drawings_of_chart(sheet: Sheet, facts: ChartFacts) -> dict[str, str]:
    """Draw every page of a chart, and the marks of its legend.

    Parameters
    ----------
    sheet : Sheet
        What was drawn.
    facts : ChartFacts
        What an exhibit says of it.

    Returns
    -------
    dict of str to str
        ``map.svg``, ``map_2.svg`` … and ``key_0.svg`` ….
    """
    names = ["map.svg", *(f"map_{number}.svg" for number in range(2, len(sheet.panels) + 1))]
    drawn = {name: _chart(panel.figure, facts) for name, panel in zip(names, sheet.panels, strict=True)}
    return {**drawn, **{f"key_{at}.svg": _mark(key.handle) for at, key in enumerate(facts.keys)}}


def _chart(figure: Any, facts: ChartFacts) -> str:
    """Draw the charts of one page with their axes and captions, and nothing that stands around them."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.transforms import Bbox

    if not facts.whole:
        return svg_of(figure, printed=True)
    renderer = FigureCanvasAgg(figure).get_renderer()
    captions = [artist for artist in figure.texts if artist.get_gid() == "caption"]
    boxes = [panel.get_tightbbox(renderer) for panel in figure.axes]
    boxes += [artist.get_window_extent(renderer) for artist in captions]
    box = Bbox.union(boxes).transformed(figure.dpi_scale_trans.inverted()).padded(0.05)
    return svg_of(figure, printed=True, hide=[one for one in facts.around if one.figure is figure], box=box)


def _locator(extent: Any) -> tuple[dict[str, str], str]:
    """Draw where the map lies, and say it."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(1.1, 0.75))
    found = furniture.locator(figure, (0.02, 0.02, 0.96, 0.96), extent)
    if found is None:
        return {}, ""
    place = Message(found.get_title(), language=language_in_force())
    found.set_title("")
    return {"locator.svg": svg_of(figure)}, place


def _panel(record: MapRecord) -> str:
    """Draw the map panels alone: the page sets title, legend and notes in type."""
    figure = record.panel.figure
    if not record.page:
        return svg_of(figure, printed=True)
    told = [artist for artist in record.page if artist.get_gid() == "caption"]
    hidden = [artist for artist in record.page if artist.get_gid() != "caption"]
    return _cut(figure, [r.panel for r in (record, *record.others)], told, hidden)


def _page(figure: Any, facts: Facts) -> str:
    """Draw the maps of one page."""
    if not facts.whole:
        return svg_of(figure, printed=True)
    told = [artist for artist in figure.texts if artist.get_gid() == "caption"]
    panels = [axes for axes in figure.axes if axes.get_label() != LOCATOR]
    return _cut(figure, panels, told, [artist for artist in facts.around if artist.figure is figure])


def _cut(figure: Any, panels: Sequence[Any], captions: Sequence[Any], hidden: Sequence[Any]) -> str:
    """Draw the part of a page that its panels take, with their captions over them and the scale under them."""
    with _readable(figure, panels, captions):
        return svg_of(figure, printed=True, hide=hidden, box=_box(figure, panels, captions))


def _box(figure: Any, panels: Sequence[Any], captions: Sequence[Any]) -> Any:
    """Measure the part of a page that its panels, captions and scale take, in inches."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.transforms import Bbox

    width, height = figure.get_size_inches()
    boxes = [panel.get_position() for panel in panels]
    x0, x1 = min(b.x0 for b in boxes) * width, max(b.x1 for b in boxes) * width
    y0, y1 = min(b.y0 for b in boxes) * height - STRIP, max(b.y1 for b in boxes) * height
    lines = max((artist.get_text().count("\n") + 1 for artist in captions), default=0)
    head = 0.02 + (0.08 + 0.175 * lines if captions else 0.0)
    # Letters of some scripts are taller.
    renderer = FigureCanvasAgg(figure).get_renderer()
    tops = [artist.get_window_extent(renderer).y1 / figure.dpi for artist in captions]
    head = max([head, *(top - y1 + 0.03 for top in tops)])
    return Bbox([[x0 - 0.05, y0], [x1 + 0.05, y1 + head]])


@contextmanager
def _readable(figure: Any, panels: Sequence[Any], captions: Sequence[Any]) -> Iterator[None]:
    """Write scale and captions larger for a while, where the page shows the drawing smaller than it was drawn."""
    box, room = _box(figure, panels, captions), _ROOM[len(panels) == _BESIDE_EACH_OTHER]
    shown = min(1.0, room[0] / box.width, room[1] / box.height)
    small = [text for panel in panels for text in panel.texts if text.get_zorder() == _SCALE_ORDER]
    before = [(text, text.get_fontsize(), text.get_text()) for text in (*small, *captions)]
    try:
        for text, size, _ in before:
            text.set_fontsize(max(size, _SMALLEST / shown))
        for text in captions if len(panels) == _BESIDE_EACH_OTHER and not rtl() else ():
            across = panels[0].get_position().width * figure.get_figwidth()
            text.set_text(wrap(" ".join(text.get_text().split()), across, size=text.get_fontsize(), bold=True))
        yield
    finally:
        for text, size, words in before:
            text.set_fontsize(size)
            text.set_text(words)


def _mark(handle: Any) -> str:
    """Draw how one row of a legend looks, with its pattern."""
    from matplotlib.figure import Figure

    width, height = _MARK
    figure = Figure(figsize=_MARK)
    size = 10.0
    legend = figure.legend(
        handles=[handle], labels=[""], loc="center", frameon=False, borderpad=0, borderaxespad=0, handletextpad=0,
        labelspacing=0, prop={"size": size}, handlelength=(width - 0.03) * 72 / size,
        handleheight=(height - 0.03) * 72 / size,
    )  # fmt: skip
    legend.set_in_layout(False)
    return svg_of(figure)
