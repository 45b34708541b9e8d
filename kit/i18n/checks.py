"""What a translation must keep: names in braces and their formats, numbers, and letters that can be drawn."""

from __future__ import annotations

import re
import string
import unicodedata

from kit.i18n.breaks import pieces
from kit.i18n.catalogues import braces

_TURNS = re.compile("[\u202a-\u202e]")
_NUMBER = re.compile(r"[0-9]+")
_WORDS = re.compile(r"[A-Za-z]{2,}")

# Written without spaces between words; more letters than this in one piece do not fit the narrow columns of a page.
_UNSPACED, _LONGEST = frozenset({"th", "lo", "km", "my"}), 30

SAME = frozenset({"{plan}: {statement}"})
"""Sentences that may be the same in a language as in English."""


def faults_of(english: str, words: str, code: str = "") -> list[str]:
    """Say what is wrong with a translation, as far as a machine can tell.

    Parameters
    ----------
    english : str
        The message.
    words : str
        Its translation.
    code : str
        BCP 47 tag of its language.

    Returns
    -------
    list of str
        Nothing when all is kept.

    Examples
    --------
    >>> faults_of("{count:,} people", "{count} người")
    ['it has {count} where the English has {count:,}']
    >>> faults_of("{count:,} people", "{count:,} người")
    []
    """
    wanted, found = braces(english), braces(words)
    if found is None:
        return ["its braces do not pair"]
    told = []
    lost, more = sorted((wanted or set()) - found), sorted(found - (wanted or set()))
    if lost and more:
        told.append(f"it has {_named(more)} where the English has {_named(lost)}")
    elif lost:
        told.append(f"it lacks {_named(lost)}")
    elif more:
        told.append(f"it has {_named(more)}, which the English has not")
    return told + _of_the_writing(english, words, code)


def _of_the_writing(english: str, words: str, code: str) -> list[str]:
    """Say what is wrong with a translation outside its braces."""
    told = []
    if missing := sorted(_numbers(english) - _numbers(words)):
        told.append(f"it lacks the number {', '.join(missing)}")
    if any(sign.isdecimal() and not sign.isascii() for sign in words):
        told.append("it writes digits other than 0 to 9")
    if _TURNS.search(words):
        told.append("it turns the direction of writing by hand")
    if words.count("\n") != english.count("\n"):
        told.append("it breaks lines elsewhere")
    if words == english and len(_WORDS.findall(_plain(english))) >= 3 and english not in SAME:
        told.append("it is the English")
    longest = max((_letters(piece) for _, piece in pieces(words, code)), default=0) if code in _UNSPACED else 0
    if longest > _LONGEST:
        told.append(f"it has {longest} letters in a row without a zero-width space (U+200B), where a line could break")
    return told


def _letters(text: str) -> int:
    """Count the letters of a text, without marks above and below and without what stands in braces."""
    return sum(unicodedata.category(sign)[0] != "M" for sign in _plain(text)) if braces(text) is not None else 0


def _named(pairs: list[tuple[str, str]]) -> str:
    """Write names in braces."""
    return " ".join(f"{{{name}:{spec}}}" if spec else f"{{{name}}}" for name, spec in pairs)


def _plain(text: str) -> str:
    """Give a message without what stands in braces."""
    return " ".join(piece for piece, *_ in string.Formatter().parse(text))


def _numbers(text: str) -> set[str]:
    """Give the numbers that stand outside braces."""
    return set(_NUMBER.findall(_plain(text)))
