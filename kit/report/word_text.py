"""Text for Word: which stretch is in which language, letters that a file may hold, and paragraphs made of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from kit.i18n.languages import LANGUAGES
from kit.report.packet_runs import runs as runs_of

TAGS = {
    "en": "en-US", "zh-Hant": "zh-TW", "zh-Hans": "zh-CN", "ko": "ko-KR", "vi": "vi-VN", "tl": "fil-PH", "ja": "ja-JP",
    "hi": "hi-IN", "bn": "bn-BD", "pa": "pa-IN", "gu": "gu-IN", "ur": "ur-PK", "km": "km-KH", "lo": "lo-LA",
    "th": "th-TH", "my": "my-MM", "ne": "ne-NP", "haw": "haw-US", "es": "es-US",
}  # fmt: skip
"""Language → tag as word processors write it; others are written as they are."""
EAST_ASIAN = frozenset({"HanTraditional", "HanSimplified", "Hangul", "Japanese"})
"""Scripts whose font stands in the slot for East Asia."""

_ILLEGAL = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LATIN = r"[A-Za-z\u00aa\u00ba\u00c0-\u024f\u02bb\u1e00-\u1eff]"
_OTHER = rf"(?!{_LATIN})[^\W\d_]"
_STRETCH = re.compile(rf"{_LATIN}(?:(?:(?!{_OTHER}).)*{_LATIN})?", re.DOTALL)
_LETTER = re.compile(r"[^\W\d_]")
_ADDRESS = re.compile(r"[^\s·:,;<>]+@[^\s·:,;<>]+\.[A-Za-z]{2,}")
Link = Callable[[str], str]
"""Gives the number of a link to an address."""


def tag(code: str) -> str:
    """Give the tag of a language as word processors write it.

    Parameters
    ----------
    code : str
        As in `kit.i18n.languages`.

    Returns
    -------
    str
        Such as ``"zh-TW"``.
    """
    return TAGS.get(code, code)


def legal(text: str) -> str:
    """Put a mark in the place of letters that XML forbids.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Of the same length.
    """
    return _ILLEGAL.sub("\ufffd", text)


def clean(text: str) -> str:
    """Put a mark in the place of letters that XML forbids, and escape the others.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Text for XML, also between quotation marks.
    """
    return escape(legal(text))


def stretches(text: str, page: str) -> list[tuple[str, str]]:
    """Cut a text where its language or its script changes.

    Parameters
    ----------
    text : str
        What is printed.
    page : str
        Language of the page.

    Returns
    -------
    list of (str, str)
        Words, and their language: names in Latin letters inside another script are English,
        and figures alone are the page's.
    """
    found: list[tuple[str, str]] = []
    for words, code in runs_of(text):
        if LANGUAGES[code].script == "Latin":
            found.append((words, code))
            continue
        at = 0
        for stretch in _STRETCH.finditer(words):
            found += [(words[at : stretch.start()], code), (stretch.group(), "en")]
            at = stretch.end()
        found.append((words[at:], code))
    return [(words, code) for words, code in found if words] or [("", page)]


def turned(text: str, page: str) -> bool:
    """Tell whether a text runs from right to left.

    Parameters
    ----------
    text : str
        What is printed.
    page : str
        Language of the page.

    Returns
    -------
    bool
        Figures alone run as everywhere, from left to right.
    """
    if not text:
        return LANGUAGES[page].rtl
    return any(LANGUAGES[code].rtl and _LETTER.search(words) for words, code in stretches(text, page))


def runs(text: str, page: str, look: str = "", link: Link | None = None) -> str:
    """Write text as runs, each with its language and direction.

    Parameters
    ----------
    text : str
        What is printed.
    page : str
        Language of the page.
    look : str
        Properties of the run, as XML, in the order of the schema.
    link : callable, optional
        Where given, addresses for mail become links.

    Returns
    -------
    str
        XML.
    """
    told = []
    for words, code in stretches(text, page):
        at = 0
        for found in _ADDRESS.finditer(words) if link else ():
            told += [_run(words[at : found.start()], code, page, look), _linked(found.group(), page, link)]
            at = found.end()
        told.append(_run(words[at:], code, page, look))
    return "".join(told)


def _linked(address: str, page: str, link: Link | None) -> str:
    """Write an address for mail as a link."""
    number = link(f"mailto:{address}") if link else ""
    told = _run(address, "en", page, '<w:rStyle w:val="Hyperlink"/>')
    return f'<w:hyperlink r:id="{number}">{told}</w:hyperlink>'


def _run(words: str, code: str, page: str, look: str) -> str:
    """Write one run."""
    if not words:
        return ""
    spoken = LANGUAGES[code]
    hint = '<w:rFonts w:hint="eastAsia"/>' if spoken.script in EAST_ASIAN else ""
    direction = "<w:rtl/>" if spoken.rtl and _LETTER.search(words) else ""
    named = f'<w:lang w:val="{tag(code)}"/>' if code != page else ""
    # A style comes before the fonts in the schema, everything else after them.
    style, rest = (look, "") if look.startswith("<w:rStyle") else ("", look)
    kept = style + hint + rest + direction + named
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in clean(words).splitlines())
    return f"<w:r>{f'<w:rPr>{kept}</w:rPr>' if kept else ''}{lines}</w:r>"


def paragraph(
    text: str,
    page: str,
    style: str = "",
    *,
    look: str = "",
    first: str = "",
    last: str = "",
    link: Link | None = None,
    begin: str = "",
    end: str = "",
) -> str:
    """Write a paragraph.

    Parameters
    ----------
    text : str
        What is printed.
    page : str
        Language of the page.
    style : str
        Id of its style.
    look : str
        Properties of its runs, as XML.
    first, last : str
        Properties of the paragraph, as XML, before and after its direction in the order of the schema.
    link : callable, optional
        Where given, addresses for mail become links.
    begin, end : str
        XML inside the paragraph, before and after the text.

    Returns
    -------
    str
        XML.
    """
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    direction = "<w:bidi/>" if turned(text, page) else ""
    kept = named + first + direction + last
    return f"<w:p>{f'<w:pPr>{kept}</w:pPr>' if kept else ''}{begin}{runs(text, page, look, link)}{end}</w:p>"


def lines(text: str, size: float, width: float) -> int:
    """Estimate how many lines a text takes.

    Parameters
    ----------
    text : str
        What is printed.
    size : float
        Of its letters, in points.
    width : float
        Of the line, in inches.

    Returns
    -------
    int
        At least 1.
    """
    ems = sum(1.0 if ord(letter) > 0x2E7F else 0.53 for letter in text)
    return max(1, -(-int(ems * size) // int(72 * width)))
