"""Pages of a PDF as small pictures, to look through in a notebook."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from kit.errors import InputError
from kit.i18n.messages import say

_FIRST_WORDS = 90


def show_pages(path: str | os.PathLike[str], *, columns: int = 3, dpi: int = 60) -> None:
    """Show the pages of a packet or an exhibit in a notebook, each with its first words.

    Parameters
    ----------
    path : path-like
        A PDF.
    columns : int, default 3
        Pages in a row.
    dpi : int, default 60
        Dots an inch; 60 is enough to see what is where, 110 to read.

    Raises
    ------
    InputError
        The file is not there, is no PDF, or a number is not above zero.

    Notes
    -----
    The pictures are for looking through. The PDF itself is what readers get:
    its text can be searched, copied and read aloud.
    """
    from IPython.display import display

    if columns < 1 or dpi < 1:
        raise InputError(f"columns and dpi are whole numbers above zero; got {columns} and {dpi}.")
    source = Path(path)
    pages = list(_pages(source, dpi))
    told = [_told(source, number, len(pages), words) for number, (_, words) in enumerate(pages, 1)]
    width = f"calc({100 / columns:.4g}% - 12px)"
    figures = "".join(
        f'<figure style="display: inline-block; width: {width}; margin: 4px; vertical-align: top">'
        f'<img src="data:image/png;base64,{picture}" alt="{escape(text)}" '
        'style="width: 100%; border: 1px solid #8a8a8a">'
        f"<figcaption>{number}</figcaption></figure>"
        for number, ((picture, _), text) in enumerate(zip(pages, told, strict=True), 1)
    )
    display({"text/html": f"<div>{figures}</div>", "text/plain": "\n".join(told)}, raw=True)  # type: ignore[no-untyped-call]


def _told(source: Path, number: int, total: int, words: str) -> str:
    """Say which page it is and how it begins."""
    given: dict[str, Any] = {"number": number, "total": total, "file": source.name}
    if not words:
        return say("Page {number} of {total} of {file}.", **given)
    return say("Page {number} of {total} of {file}. It begins: {words}", **given, words=words)


def _pages(path: Path, dpi: int) -> Iterator[tuple[str, str]]:
    """Give each page as a picture in base64, and its first words."""
    import pypdfium2 as pdfium

    if not path.is_file():
        raise InputError(f"there is no file {path.name!r}; build the packet first.")
    try:
        book = pdfium.PdfDocument(path)
    except pdfium.PdfiumError:
        raise InputError(f"{path.name!r} cannot be read as a PDF.") from None
    with book:
        for page in book:
            stream = io.BytesIO()
            page.render(scale=dpi / 72).to_pil().convert("P", palette=1, colors=64).save(stream, "PNG", optimize=True)
            words = " ".join(page.get_textpage().get_text_range().split())
            short = words if len(words) <= _FIRST_WORDS else f"{words[:_FIRST_WORDS].rsplit(' ', 1)[0]} …"
            yield base64.b64encode(stream.getvalue()).decode("ascii"), short
