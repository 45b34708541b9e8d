"""The drawings of an exhibit, without the words that the page sets in type."""

from __future__ import annotations

from kit.maps import furniture
from kit.maps.page import STRIP
from kit.maps.record import MapRecord
from kit.report.output import svg_of


def drawings_of(record: MapRecord) -> tuple[dict[str, str], str]:
    """Draw the map panels and, small, the locator; also say what the locator shows.

    Parameters
    ----------
    record : MapRecord
        What was drawn.

    Returns
    -------
    dict of str to str
        ``map.svg`` and, where there is a place to show, ``locator.svg``.
    str
        The place; empty where there is none.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(1.1, 0.75))
    found = furniture.locator(figure, (0.02, 0.02, 0.96, 0.96), record.extent)
    if found is None:
        return {"map.svg": _panel(record)}, ""
    place = found.get_title()
    found.set_title("")
    return {"map.svg": _panel(record), "locator.svg": svg_of(figure)}, place


def _panel(record: MapRecord) -> str:
    """Draw the map panels alone: the page sets title, legend and notes in type."""
    from matplotlib.transforms import Bbox

    figure = record.panel.figure
    if not record.page:
        return svg_of(figure)
    width, height = figure.get_size_inches()
    boxes = [r.panel.get_position() for r in (record, *record.others)]
    x0, x1 = min(b.x0 for b in boxes) * width, max(b.x1 for b in boxes) * width
    y0, y1 = min(b.y0 for b in boxes) * height - STRIP, max(b.y1 for b in boxes) * height
    told = [artist.get_text().count("\n") + 1 for artist in record.page if artist.get_gid() == "caption"]
    captions = 0.02 + max((0.08 + 0.175 * lines for lines in told), default=0.0)
    hidden = [artist for artist in record.page if artist.get_gid() != "caption"]
    return svg_of(figure, hide=hidden, box=Bbox([[x0 - 0.05, y0], [x1 + 0.05, y1 + captions]]))
