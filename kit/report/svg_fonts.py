"""Fonts inside an SVG, cut down to the letters used, so that it stands alone."""

from __future__ import annotations

import base64
import io
import re
import unicodedata
from functools import cache, lru_cache
from html import escape, unescape
from pathlib import Path
from typing import Any

_TEXT = re.compile(r'<(?:text|tspan)[^>]*style="([^"]*)"[^>]*>([^<]*)<')
_WHOLE = re.compile(r'(<text[^>]*style=")([^"]*)("[^>]*>)([^<]+)(</text>)')
_FAMILIES = re.compile(r"font-family:\s*([^;]+)")
_BOLD = re.compile(r"\b(700|bold)\b")
_ALWAYS = "DejaVu Sans"
_PLAIN = {chr(code) for code in range(32, 127)} | set("–—±·•’“”…×≥≤½²°")


def arranged(svg: str) -> str:
    """Say of every letter which font draws it, so that nothing is left to the program that shows the drawing.

    Parameters
    ----------
    svg : str
        As matplotlib writes it, letters as text.

    Returns
    -------
    str
        The same where every text has one font.
    """
    return _WHOLE.sub(_by_font, svg)


def _by_font(found: re.Match[str]) -> str:
    """Name one font for a text, or part it where the font changes."""
    begin, style, middle, body, end = found.groups()
    stack = _stack(style)
    if len(stack) < 2:
        return found[0]
    runs = _runs(stack, "700" if _BOLD.search(style) else "400", unescape(body))
    if len(runs) == 1:
        alone = _FAMILIES.sub(f"font-family: '{runs[0][0]}'", style)
        return f"{begin}{alone}{middle}{body}{end}"
    parts = (f"<tspan style=\"font-family: '{name}'\">{escape(words)}</tspan>" for name, words in runs)
    return f"{begin}{style}{middle}{''.join(parts)}{end}"


def _runs(stack: list[str], weight: str, text: str) -> list[tuple[str, str]]:
    """Part a text where the font changes; signs and marks stay with the letters before them."""
    told: list[tuple[str, str]] = []
    for letter in text:
        have = [name for name in stack if ord(letter) in _letters(*_file(name, weight))] or stack[-1:]
        unseen = unicodedata.category(letter)[0] in "MZC"
        if told and (told[-1][0] in have or unseen):
            told[-1] = (told[-1][0], told[-1][1] + letter)
        else:
            told.append((have[0], letter))
    return told


def font_faces(svg: str) -> str:
    """Write the fonts that the letters of a drawing need.

    Parameters
    ----------
    svg : str
        As matplotlib writes it, letters as text.

    Returns
    -------
    str
        Rules of a style sheet, one for each family and weight that draws a letter.
    """
    used: dict[tuple[str, str], set[str]] = {}
    for style, body in _TEXT.findall(svg):
        weight = "700" if _BOLD.search(style) else "400"
        for name, letters in _shared_out(_stack(style), weight, unescape(body)).items():
            used.setdefault((weight, name), set()).update(letters)
    for weight, name in used:
        if name == _ALWAYS:
            # The same letters for every drawing, so that the font is cut once.
            used[weight, name] |= _PLAIN
    return "".join(_face(name, weight, "".join(sorted(used[weight, name]))) for weight, name in sorted(used))


def _stack(style: str) -> list[str]:
    """List the families of a text, the first to be asked first."""
    named = _FAMILIES.search(unescape(style))
    return [name.strip().strip("'\"") for name in named[1].split(",")] if named else [_ALWAYS]


def _shared_out(stack: list[str], weight: str, text: str) -> dict[str, set[str]]:
    """Say which family draws which letters; what none has, the last one shows as a box."""
    if len(stack) == 1:
        return {stack[0]: set(text)} if text else {}
    found: dict[str, set[str]] = {}
    for letter in set(text):
        name = next((one for one in stack if ord(letter) in _letters(*_file(one, weight))), stack[-1])
        found.setdefault(name, set()).add(letter)
    return found


def _face(name: str, weight: str, letters: str) -> str:
    """Write a font-face rule with the font inside."""
    source = f"url(data:font/ttf;base64,{_subset(letters, *_file(name, weight))})"
    return f"@font-face{{font-family:'{name}';font-weight:{weight};src:{source}}}"


@lru_cache(maxsize=32)
def _subset(letters: str, path: str, index: int) -> str:
    """Cut a font down to some letters and what they are shaped into, and write it in base64."""
    from fontTools import subset

    options = subset.Options(notdef_outline=True, recalc_timestamp=False, drop_tables=["FFTM"], font_number=index)
    stream = io.BytesIO()
    with subset.load_font(path, options) as font:
        cut = subset.Subsetter(options)
        cut.populate(text=letters)
        cut.subset(font)
        subset.save_font(font, stream, options)
    return base64.b64encode(stream.getvalue()).decode("ascii")


def _file(name: str, weight: str) -> tuple[str, int]:
    """Find the file of a family, and its place in a collection."""
    import matplotlib as mpl
    from matplotlib.font_manager import FontProperties, fontManager

    if name == _ALWAYS:
        file = "DejaVuSans-Bold.ttf" if weight == "700" else "DejaVuSans.ttf"
        return str(Path(mpl.get_data_path()) / "fonts" / "ttf" / file), -1
    found: Any = fontManager.findfont(FontProperties(family=[name], weight="bold" if weight == "700" else "normal"))
    in_collection = str(found).lower().endswith(".ttc")
    return str(found), int(getattr(found, "face_index", 0)) if in_collection else -1


@cache
def _letters(path: str, index: int) -> frozenset[int]:
    """List the code points that a face has."""
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True, fontNumber=index) as font:
        return frozenset(font.getBestCmap())


# Scripts whose letters are joined, stacked or put in another order when they are drawn.
_JOINED = re.compile(
    "[\u0590-\u08ff\u0900-\u0dff\u0e00-\u0eff\u0f00-\u109f\u1780-\u17ff\u19e0-\u19ff\ufb1d-\ufdff\ufe70-\ufefc]"
)
_DRAWN = re.compile(r"<!-- .*? -->\s*<g [^>]*>.*?</g>", re.DOTALL)
_ANY_TEXT = re.compile(r"<text\b.*?</text>", re.DOTALL)
_GLYPH = re.compile(r'<path id="([^"]+)"[^>]*/>', re.DOTALL)
_USED = re.compile(r'xlink:href="#([^"]+)"')
_DEFINED = re.compile(r"<defs>.*?</defs>", re.DOTALL)


def is_joined(svg: str) -> bool:
    """Tell whether a drawing has words in a script that only some programs draw rightly.

    Parameters
    ----------
    svg : str
        With letters as text.

    Returns
    -------
    bool
        True for Indic, Khmer, Lao, Thai, Burmese and Arabic letters.
    """
    return any(_JOINED.search(found) for found in _ANY_TEXT.findall(svg))


def outlined(svg: str, drawn: str) -> str:
    """Put outlines in the place of words whose letters the typesetter cannot join.

    Parameters
    ----------
    svg : str
        With letters as text.
    drawn : str
        The same drawing with letters as outlines.

    Returns
    -------
    str
        Numbers and words in other scripts stay text.
    """
    shapes = _DRAWN.findall(drawn)
    if len(shapes) != len(_ANY_TEXT.findall(svg)):
        return drawn
    glyphs = {found[1]: found[0] for found in _GLYPH.finditer(drawn)}
    needed: dict[str, str] = {}
    pieces = iter(shapes)

    def chosen(text: re.Match[str]) -> str:
        shape = next(pieces)
        if not _JOINED.search(text[0]):
            return text[0]
        needed.update({name: glyphs[name] for name in _USED.findall(shape) if name in glyphs})
        return _DEFINED.sub("", shape)

    told = _ANY_TEXT.sub(chosen, svg)
    opening = re.search(r"<svg\b[^>]*>", told)
    if opening is None or not needed:
        return told
    return f"{told[: opening.end()]}<defs>{''.join(needed.values())}</defs>{told[opening.end() :]}"
