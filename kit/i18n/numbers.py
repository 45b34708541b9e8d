"""Numbers and dates as a language writes them, always with the digits 0 to 9."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from kit.i18n.languages import language
from kit.i18n.messages import Message
from kit.settings import language_in_force


@cache
def _locale(code: str) -> Any:
    """Give Babel's locale of a language."""
    from babel import Locale

    return Locale.parse(language(code).locale)


@cache
def _signs(code: str) -> tuple[str, str]:
    """Give the sign between thousands and the decimal sign."""
    signs = _locale(code).number_symbols["latn"]
    return signs["group"], signs["decimal"]


def localised(text: str, code: str | None = None) -> str:
    """Write an English number as a language writes it.

    Parameters
    ----------
    text : str
        As English writes it, such as ``"1,234.5"`` or ``"14.5%"``.
    code : str, optional
        BCP 47 tag; by default the language in force.

    Returns
    -------
    str
        The same digits with the language's signs. Thousands stay in threes, so
        that a figure can be compared with the English page at a glance.

    Examples
    --------
    >>> localised("1,234.5", "vi"), localised("14.5%", "lo"), localised("1,234.5", "ko")
    ('1.234,5', '14,5%', '1,234.5')
    """
    group, decimal = _signs(code or language_in_force())
    return text.translate({ord(","): group, ord("."): decimal}) if (group, decimal) != (",", ".") else text


def day(when: date) -> str:
    """Write a date in the language in force.

    Parameters
    ----------
    when : datetime.date
        The day.

    Returns
    -------
    str
        Long form, such as ``"November 22, 2026"``, with the digits 0 to 9.
    """
    from babel.dates import format_date

    code = language_in_force()
    text = str(format_date(when, format="long", locale=_locale(code)))
    words = "".join(str(int(sign)) if sign.isdigit() else sign for sign in text)
    return Message(words, language="en" if language(code).locale == "en_US" else code)
