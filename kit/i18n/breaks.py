"""Where a line of text may break: at spaces, at marked places, between Chinese or Japanese signs."""

from __future__ import annotations

import re

MARK = "\u200b"
"""Zero-width space. Translators put it between words of Thai, Lao, Khmer and Burmese; it is never drawn."""

# None of these begins a line, none of those after them ends one: what Chinese and Japanese rules share.
_NOT_FIRST = frozenset(
    "、。，．・：；？！‐–—…‥ー々〻％‰℃゛゜ヽヾゝゞ”’）〕］｝〉》」』】〙〗｠»"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ"
    ",.:;?!%)]}"
)
_NOT_LAST = frozenset("“‘（〔［｛〈《「『【〘〖｟«￥＄＃#$([{")
_PAIRS = frozenset("—…‥")
# Spaces that may become the end of a line: all but the no-break ones (U+00A0, U+2007, U+202F).
_SPACES = re.compile(r"[^\S\u00a0\u2007\u202f]+")
_KOREAN = "ko"


def pieces(text: str, code: str) -> list[tuple[str, str]]:
    """Cut a text where its lines may break.

    Parameters
    ----------
    text : str
        One paragraph.
    code : str
        BCP 47 tag of its language.

    Returns
    -------
    list of (str, str)
        What stands before each piece when it stays on the line of the one
        before (a space, or nothing), and the piece. Marks of places to break
        are gone from them. Korean breaks at spaces only.

    Examples
    --------
    >>> pieces("two words", "en")
    [('', 'two'), (' ', 'words')]
    >>> [piece for _, piece in pieces("人口（2020年）。", "ja")]
    ['人', '口', '（2020年）。']
    >>> pieces("ប្រជាជន\u200bសរុប", "km")
    [('', 'ប្រជាជន'), ('', 'សរុប')]
    """
    found: list[tuple[str, str]] = []
    for word in _SPACES.split(text):
        before = " " if found else ""
        for run in word.split(MARK):
            for piece in [run] if code == _KOREAN else _signs(run):
                if piece:
                    found.append((before, piece))
                    before = ""
    return found


def drawn(text: str) -> str:
    """Give a text as it is drawn, without the marks of places to break.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The same letters.

    Examples
    --------
    >>> drawn("ສະ\u200bບາຍ ດີ")
    'ສະບາຍ ດີ'
    """
    return text.replace(MARK, "")


def _signs(run: str) -> list[str]:
    """Cut between Chinese and Japanese signs, where their rules allow it."""
    cuts = [at for at in range(1, len(run)) if _may_break(run[at - 1], run[at])]
    return [run[start:end] for start, end in zip([0, *cuts], [*cuts, len(run)], strict=True)]


def _may_break(left: str, right: str) -> bool:
    """Tell whether a line may end after `left` and the next begin with `right`."""
    if not (_is_wide(left) or _is_wide(right)):
        return False
    if right in _NOT_FIRST or left in _NOT_LAST or (left in _PAIRS and left == right):
        return False
    return not left.isdecimal()  # a number keeps its counter


def _is_wide(sign: str) -> bool:
    """Tell whether a sign is Chinese or Japanese writing, full-width forms among it."""
    code = ord(sign)
    return (
        0x2E80 <= code <= 0x312F  # radicals, punctuation, kana, bopomofo
        or 0x31A0 <= code <= 0x31FF
        or 0x3400 <= code <= 0x4DBF
        or 0x4E00 <= code <= 0x9FFF
        or 0xF900 <= code <= 0xFAFF
        or 0xFF00 <= code <= 0xFF65
        or 0x20000 <= code <= 0x3FFFF
    )
