"""Letters that the pages can show: a box in the place of a name is worse than no page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from kit.errors import InputError
from kit.report.output import font_folder

_FACES = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
_SHOWN, _ROUND = 8, 20


def refuse_boxes(printed: Any) -> None:
    """Refuse words with letters that the font of the pages has not.

    Parameters
    ----------
    printed : object
        Text, or lists and mappings of it, as the template takes them.

    Raises
    ------
    InputError
        Some letters would be boxes; the message names them and where they stand.
    """
    have = _letters()
    found: dict[str, str] = {}
    for text in _texts(printed):
        for letter in text:
            if letter not in found and not letter.isspace() and letter not in have:
                found[letter] = text
    if not found:
        return
    some, text = list(found)[:_SHOWN], next(iter(found.values()))
    at = max(0, text.index(some[0]) - _ROUND)
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    raise InputError(
        f"the font of the packet has no letters {' '.join(some)}{more}, first in “{text[at : at + 2 * _ROUND]}”. "
        "Write them in Latin letters; other scripts have no font here yet."
    )


@cache
def _letters() -> frozenset[str]:
    """List the letters that both faces have."""
    from fontTools.ttLib import TTFont

    faces = []
    for name in _FACES:
        with TTFont(font_folder() / name, lazy=True) as font:
            faces.append({chr(code) for code in font.getBestCmap()})
    return frozenset(set.intersection(*faces))


def _texts(printed: Any) -> Iterator[str]:
    """Walk through everything that is text."""
    if isinstance(printed, str):
        yield printed
    elif isinstance(printed, dict):
        for one in printed.values():
            yield from _texts(one)
    elif isinstance(printed, (list, tuple)):
        for one in printed:
            yield from _texts(one)
