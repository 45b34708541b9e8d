"""Writing maps: PDF, PNG and SVG with real text, alt text and a table beside them."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import tempfile
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.errors import InputError, KitError
from kit.files import atomic_path, write_text
from kit.i18n.catalogues import draft_stamp
from kit.i18n.messages import each
from kit.maps.record import MapRecord, record_of, sheet_of
from kit.maps.words import alt_text, long_description
from kit.report.lettering import font_links, page_settings, refuse_boxes, refuse_boxes_of
from kit.report.marked_html import attributes
from kit.report.svg_fonts import arranged, font_faces, is_joined, outlined
from kit.report.tables import write_table
from kit.report.twins import write_twin
from kit.settings import language_in_force

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMATS = ("pdf", "png", "svg")
"""What a map is written as, if nothing else is asked for."""
MORE_FORMATS = ("gpkg",)
"""What it is written as when that is asked for."""
_SEED = "kit"


def save_map(ax: Any, stem: str | os.PathLike[str], formats: Sequence[str] = FORMATS) -> list[Path]:
    """Write a map and, beside it, its words and its table.

    Parameters
    ----------
    ax : matplotlib.axes.Axes, or a sequence of them
        What a ``map_*`` function returned.
    stem : path-like
        File name without suffix; a suffix among `formats` is taken off.
    formats : sequence of {"pdf", "png", "svg", "gpkg"}
        What to write; ``"gpkg"`` is the units and districts with their figures,
        for other map programs.

    Returns
    -------
    list of pathlib.Path
        The map in each format, then ``.txt`` (alt text and long description),
        ``_table.csv`` and ``_table.html`` (the table twin; ``_table_b`` for a
        second panel). A map on several pages is one PDF, and one PNG and SVG a
        page (``_2``, ``_3`` …).

    Raises
    ------
    InputError
        A format is unknown, or the axes hold no map of the kit.
    KitError
        The fonts lack letters of the map.

    Notes
    -----
    The PDF is tagged, carries the alt text, and its letters stay text with
    their fonts embedded; PNG has 300 dots an inch; the SVG carries its font,
    a title and a description. The same map gives the same bytes.
    """
    known = (*FORMATS, *MORE_FORMATS)
    unknown = [name for name in formats if name not in known]
    if unknown:
        raise InputError(f"formats are {', '.join(known)}; got {', '.join(unknown)}.")
    pages, heading = _pages(ax)
    refuse_boxes_of((figure for figure, _ in pages), language_in_force())
    stem = Path(stem)
    if stem.suffix.lstrip(".").lower() in known:
        stem = stem.with_suffix("")
    written = []
    svgs = [svg_of(figure) if {"pdf", "svg"} & set(formats) else "" for figure, _ in pages]
    for name in formats:
        if name == "pdf":
            written.append(_pdf(stem.with_name(f"{stem.name}.pdf"), pages, svgs, heading))
            continue
        if name == "gpkg":
            from kit.report.geo_package import write_geopackage

            written.append(write_geopackage(ax, stem.with_name(f"{stem.name}.gpkg")))
            continue
        for number, ((figure, alt), svg) in enumerate(zip(pages, svgs, strict=True), 1):
            target = stem.with_name(f"{stem.name}{f'_{number}' if number > 1 else ''}.{name}")
            if name == "png":
                with atomic_path(target) as temporary:
                    figure.savefig(temporary, dpi=300, metadata={"Title": heading, "Description": alt})
            else:
                write_text(target, accessible_svg(svg, title=heading, description=alt))
            written.append(target)
    words = [*(alt for _, alt in pages), long_description(ax), draft_stamp(language_in_force())]
    told = "\n\n".join(text for text in words if text)
    written.append(write_text(stem.with_name(f"{stem.name}.txt"), f"{told}\n"))
    return [*written, *_tables(ax, stem)]


def _pages(ax: Any) -> tuple[list[tuple[Any, str]], str]:
    """Give the figure and the alt text of each page, and the heading."""
    sheet = sheet_of(ax)
    if sheet is not None:
        alts = each(sheet.alt)
        return [(panel.figure, alt) for panel, alt in zip(sheet.panels, alts, strict=True)], sheet.heading
    record = record_of(ax)
    return [(record.panel.figure, alt_text(ax))], heading_of(record)


def _pdf(target: Path, pages: list[tuple[Any, str]], svgs: list[str], heading: str) -> Path:
    """Set the pages as one tagged PDF."""
    width, height = pages[0][0].get_size_inches()
    drawn = [
        svg_of(figure, printed=True) if is_joined(svg) else svg for (figure, _), svg in zip(pages, svgs, strict=True)
    ]
    drawings = {f"map_{number}.svg": svg for number, svg in enumerate(drawn, 1)}
    told = [{"file": name, "alt": alt} for name, (_, alt) in zip(drawings, pages, strict=True)]
    data = {"title": heading, "pages": told, "width": f"{width}", "height": f"{height}"}
    return typeset("figure.typ", target, data=data, svgs=drawings)


def _tables(ax: Any, stem: Path) -> list[Path]:
    """Write the table twins of a map."""
    sheet = sheet_of(ax)
    if sheet is not None:
        return [path for twin in sheet.twins for path in write_twin(twin, stem.with_name(f"{stem.name}_table"))]
    record, written = record_of(ax), []
    for mark, panel in zip(("", "_b"), (record, *record.others), strict=False):
        written += [
            write_table(panel.table, stem.with_name(f"{stem.name}_table{mark}.{kind}")) for kind in ("csv", "html")
        ]
        for twin in panel.twins:
            written += write_twin(twin, stem.with_name(f"{stem.name}_table{mark}"))
    return written


def show_map(ax: Any) -> None:
    """Show a map in a notebook, with its alt text.

    Parameters
    ----------
    ax : matplotlib.axes.Axes, or a sequence of them
        What a ``map_*`` function returned.
    """
    from IPython.display import display

    for figure, text in _pages(ax)[0]:
        stream = io.BytesIO()
        figure.savefig(stream, format="png", dpi=110, metadata={"Description": text})
        picture = base64.b64encode(stream.getvalue()).decode("ascii")
        spoken = "" if language_in_force() == "en" else f" {attributes()}"
        page = f'<img src="data:image/png;base64,{picture}" alt="{escape(text)}"{spoken} style="max-width: 100%">'
        display({"text/html": page, "text/plain": text}, raw=True)  # type: ignore[no-untyped-call]


def heading_of(record: MapRecord) -> str:
    """Return the heading on a map's page.

    Parameters
    ----------
    record : MapRecord
        What was drawn.

    Returns
    -------
    str
        Its heading, or the plan's name for a map in axes of the caller's own.
    """
    return record.heading or record.table.placement.plan.name


def svg_of(figure: Any, *, hide: Sequence[Any] = (), box: Any = None, printed: bool = False) -> str:
    """Draw a figure as SVG whose letters are text.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        What to draw.
    hide : sequence of matplotlib.artist.Artist
        Artists to leave out.
    box : matplotlib.transforms.Bbox, optional
        Part of the page to draw, in inches.
    printed : bool
        For a PDF, where words of scripts whose letters are joined or stacked
        are outlines: the typesetter would lose what they say.

    Returns
    -------
    str
        SVG; the same figure gives the same text.
    """

    def draw(letters: str) -> str:
        stream = io.BytesIO()
        with mpl.rc_context({"svg.fonttype": letters, "svg.hashsalt": _SEED}):
            figure.savefig(stream, format="svg", dpi=300, bbox_inches=box, pad_inches=0, metadata={"Date": None})
        return stream.getvalue().decode("utf-8")

    import matplotlib as mpl

    with _hidden(hide):
        svg = draw("none")
        if printed and is_joined(svg):
            return arranged(outlined(svg, draw("path")))
        return arranged(svg)


@contextmanager
def _hidden(artists: Sequence[Any]) -> Iterator[None]:
    """Make artists invisible for a while."""
    seen = [artist.get_visible() for artist in artists]
    try:
        for artist in artists:
            artist.set_visible(False)
        yield
    finally:
        for artist, visible in zip(artists, seen, strict=True):
            artist.set_visible(visible)


def accessible_svg(svg: str, *, title: str, description: str) -> str:
    """Add title, description and font to an SVG.

    Parameters
    ----------
    svg : str
        As matplotlib writes it.
    title, description : str
        For screen readers.

    Returns
    -------
    str
        SVG that stands alone: its letters are text and their font is inside,
        cut down to the letters used.
    """
    faces = font_faces(svg)
    head = (
        f'<title id="map-title">{escape(title)}</title><desc id="map-desc">{escape(description)}</desc>'
        f"<style>{faces}</style>"
    )
    opening = re.search(r"<svg\b[^>]*>", svg)
    if opening is None:
        raise KitError("the drawing could not be written as SVG.")
    tag = opening.group()[:-1] + f' role="img" aria-labelledby="map-title map-desc" lang="{language_in_force()}">'
    return svg[: opening.start()] + tag + head + svg[opening.end() :]


def font_folder() -> Path:
    """Return the folder of the fonts that every installation has.

    Returns
    -------
    pathlib.Path
        Where matplotlib keeps DejaVu Sans.
    """
    import matplotlib as mpl

    return Path(mpl.get_data_path()) / "fonts" / "ttf"


def build_date() -> date:
    """Return the date to print and to write into files.

    Returns
    -------
    datetime.date
        From ``SOURCE_DATE_EPOCH`` when it is set, else today in UTC.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.fromtimestamp(int(epoch), tz=UTC) if epoch else datetime.now(tz=UTC)
    return moment.date()


def typeset(
    template: str, path: str | os.PathLike[str], *, data: dict[str, Any], svgs: dict[str, str], on: date | None = None
) -> Path:
    """Set a page with Typst as a tagged PDF (PDF/UA-1).

    Parameters
    ----------
    template : str
        File in ``kit/report/templates``.
    path : path-like
        PDF to write, atomically.
    data : dict
        What the template prints.
    svgs : dict of str to str
        Drawings by file name.
    on : datetime.date, optional
        Date in the file's metadata; by default a fixed one.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    KitError
        The page does not meet PDF/UA-1, or cannot be set.
    """
    import typst

    code = language_in_force()
    refuse_boxes([data, *svgs.values()], code)
    moment = datetime.combine(on or date(2020, 1, 1), datetime.min.time(), tzinfo=UTC)
    with tempfile.TemporaryDirectory() as folder, atomic_path(path) as temporary:
        for name, drawing in svgs.items():
            (Path(folder) / name).write_text(drawing, encoding="utf-8")
        source = Path(folder) / template
        source.write_text((files("kit.report") / "templates" / template).read_text("utf-8"), encoding="utf-8")
        try:
            typst.compile(
                str(source), output=str(temporary), format="pdf", pdf_standards="ua-1", timestamp=moment,
                font_paths=[font_links(Path(folder) / "fonts", code)], ignore_system_fonts=True,
                sys_inputs={"data": json.dumps(data), "page": json.dumps(page_settings(code))},
            )  # fmt: skip
        except typst.TypstError as error:
            raise KitError(f"the page {Path(path).name} could not be set: {error}") from None
    return Path(path)
