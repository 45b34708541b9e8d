"""Text in runs of one language, so that what no translation exists for is read out, and set, as English."""

from __future__ import annotations

import re
from typing import Any

from kit.i18n.languages import LANGUAGES
from kit.i18n.messages import Figure, Message, retold, writer
from kit.settings import language_in_force

Run = tuple[str, str]
"""Words and their language."""
# Two Latin letters or more: words, not a label or a figure.
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u02bb\u1e00-\u1eff]{2}")
# One Latin letter is enough to turn a figure, such as co-ordinates, in a line from right to left.
_LETTER = re.compile(r"[A-Za-z]")
_OTHER = re.compile(r"(?![A-Za-z\u00aa\u00ba\u00c0-\u024f\u02bb-\u02bc\u1e00-\u1eff])[^\W\d_]")


def tidy(text: str) -> str:
    """Put text on one line, with single spaces; what language it is in stays known.

    Parameters
    ----------
    text : str
        Words of a page.

    Returns
    -------
    str
        The same words.
    """
    whole = " ".join(text.split())
    if whole == text or not isinstance(text, Message):
        return text if whole == text else whole
    return Message(whole, language=text.language)


def spoken(text: str, language: str) -> Message:
    """Say in which language a person's own words are; they are printed as they are.

    Parameters
    ----------
    text : str
        Somebody's words.
    language : str
        BCP 47 tag.

    Returns
    -------
    Message
        The same words.
    """
    return Message(text, language=language)


def runs(text: str) -> list[Run]:
    """Part text where its language changes.

    Parameters
    ----------
    text : str
        A message, or words that are none: names, figures, English sentences.

    Returns
    -------
    list of (str, str)
        Words and language, in order; together they are `text`. Names and figures
        inside a sentence go with it.
    """
    page = language_in_force()
    if not isinstance(text, Message):
        return [(text, _guessed(text, page))]
    found = _joined_up(_parted(text, page))
    return found if "".join(words for words, _ in found) == text else [(str(text), text.language)]


def _guessed(text: str, page: str) -> str:
    """Say which language words are in that do not say it: English where they cannot be the page's."""
    if page == "en" or not _LATIN.search(text) or _OTHER.search(text):
        return page
    return "en" if LANGUAGES[page].script != "Latin" or text.isascii() else page


def _parted(text: str, page: str) -> list[Run]:
    """Part a message into what it was made of."""
    if isinstance(text, Figure):
        return [(str(text), "en" if direction(page) == "rtl" and _LETTER.search(text) else page)]
    if not isinstance(text, Message):
        return [(str(text), page)]
    if text.parts:
        told: list[Run] = []
        between = retold(text.template)
        # In a line from right to left, signs between two names stand between them, and not at the end of one.
        own = page if direction(page) == "rtl" and between.strip() else ""
        for part in text.parts:
            told += [(between, own)] if told else []
            told += _parted(part, page) if isinstance(part, Message) else runs(part)
        return told
    if not text.template or not text.values:
        return [(str(text), _named(str(text), text, text.language))]
    return _filled(text, page)


def _filled(text: Message, page: str) -> list[Run]:
    """Part a sentence at the messages in its braces."""
    from kit.i18n.catalogues import translation

    words = translation(text.template, text.language) if text.language != "en" else text.template
    fill, told = writer(text.language), list[Run]()
    for plain, name, spec, _ in fill.parse(words or text.template):
        told.append((plain, text.language))
        if name is None:
            continue
        value = text.values.get(name)
        shown = fill.format_field(value, spec or "")
        inner = _parted(value, page) if isinstance(value, Message) else []
        if "".join(part for part, _ in inner) == shown:
            told += inner
        else:
            told.append((shown, _named(value, shown, text.language)))
    return told


def _named(value: Any, shown: str, language: str) -> str:
    """Say how a value is set: a Latin name in a sentence from right to left is a stretch of its own."""
    if isinstance(value, Message):
        return value.language
    return "en" if direction(language) == "rtl" and _LATIN.search(shown) and not _OTHER.search(shown) else language


def _joined_up(parted: list[Run]) -> list[Run]:
    """Put neighbours of one language together; what stands between goes with what is before it."""
    told: list[Run] = []
    for words, language in parted:
        if words and told and language in {told[-1][1], ""}:
            told[-1] = (told[-1][0] + words, told[-1][1])
        elif words:
            told.append((words, language))
    return told


# What a template takes as names, not as words.
_NAMES = frozenset({"kind", "style", "map", "maps", "locator", "alt", "locator_alt", "colour", "swatch"})


def marked(printed: Any) -> Any:
    """Give what a template prints, with text in other languages than the page's in runs.

    Parameters
    ----------
    printed : object
        Text, or lists and mappings of it.

    Returns
    -------
    object
        The same; text in another language is a list of ``{"lang", "dir", "text"}``.
    """
    if isinstance(printed, str):
        parts = runs(printed)
        if all(language == language_in_force() for _, language in parts):
            return str(printed)
        return [{"lang": code, "dir": direction(code), "text": words} for words, code in parts]
    if isinstance(printed, dict):
        return {key: inner if key in _NAMES else marked(inner) for key, inner in printed.items()}
    return [marked(inner) for inner in printed] if isinstance(printed, (list, tuple)) else printed


def direction(code: str) -> str:
    """Say in which direction a language is written.

    Parameters
    ----------
    code : str
        BCP 47 tag.

    Returns
    -------
    str
        ``"rtl"`` or ``"ltr"``.
    """
    return "rtl" if code in LANGUAGES and LANGUAGES[code].rtl else "ltr"
