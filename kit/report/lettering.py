"""Fonts, letters and directions of printed pages, by their language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

from kit.i18n.fonts import families, font_files, map_families, require_letters
from kit.report.packet_runs import direction

_REGIONS = {"zh-Hant": ("zh", "TW"), "zh-Hans": ("zh", "CN")}
# Scripts whose letters are taller than those that lines are measured for.
_TALL = {"ur": 1.9, "km": 1.35, "lo": 1.3, "th": 1.25, "my": 1.5}
# Alternative text is read out and not drawn.
_UNSEEN = frozenset({"alt", "alts"})
_LETTERS = re.compile(r"<(?:text|tspan|title|desc)\b[^>]*>([^<]*)<")


def page_settings(code: str) -> dict[str, Any]:
    """Say how a page of a language is set.

    Parameters
    ----------
    code : str
        BCP 47 tag.

    Returns
    -------
    dict
        ``lang``, ``region``, ``dir``, ``fonts`` and ``leading``, how much wider lines stand apart.
    """
    lang, region = _REGIONS.get(code, (code, None))
    fonts = list(dict.fromkeys([*families(code), *map_families(code)]))
    return {"lang": lang, "region": region, "dir": direction(code), "fonts": fonts, "leading": _TALL.get(code, 1.0)}


def font_links(folder: Path, code: str) -> str:
    """Put the fonts of a language, and no others, where the typesetter looks.

    Parameters
    ----------
    folder : pathlib.Path
        Made here.
    code : str
        BCP 47 tag.

    Returns
    -------
    str
        The folder.
    """
    folder.mkdir()
    for number, path in enumerate(font_files(code)):
        link = folder / f"{number}{path.suffix}"
        try:
            link.symlink_to(path)
        except OSError:  # where links are not allowed
            link.write_bytes(path.read_bytes())
    return str(folder)


def refuse_boxes(printed: Any, code: str) -> None:
    """Refuse letters that the fonts of a language lack.

    Parameters
    ----------
    printed : object
        Text, SVG, or lists and mappings of them.
    code : str
        BCP 47 tag of the page.

    Raises
    ------
    KitError
        Some would be boxes.
    """
    require_letters(_texts(printed), code)


def refuse_boxes_of(figures: Iterable[Any], code: str) -> None:
    """Refuse letters of drawings that the fonts of a language lack.

    Parameters
    ----------
    figures : iterable of matplotlib.figure.Figure
        What is drawn.
    code : str
        BCP 47 tag.

    Raises
    ------
    KitError
        Some would be boxes.
    """
    from matplotlib.text import Text

    require_letters((text.get_text() for figure in figures for text in figure.findobj(Text)), code)


def _texts(printed: Any) -> Iterator[str]:
    """Walk through everything that is text."""
    if isinstance(printed, str):
        if printed.startswith("<?xml"):
            yield from (unescape(words) for words in _LETTERS.findall(printed))
        else:
            yield printed
    elif isinstance(printed, dict):
        for name, one in printed.items():
            if name not in _UNSEEN:
                yield from _texts(one)
    elif isinstance(printed, (list, tuple)):
        for one in printed:
            yield from _texts(one)
