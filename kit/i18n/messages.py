"""Messages: sentences that remember how they were made, so that they can be said again in another language.

Every sentence that is printed is made with `say`. It is an ordinary string, in the
language in force (``kit.using(language=…)``, English by default). What was
computed before the language was chosen is said again with `retold`, at the
moment it is printed.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from numbers import Number
from typing import Any, ClassVar, Self, overload

from kit.settings import language_in_force, using


class Message(str):
    """A sentence, and how it was made.

    Parameters
    ----------
    words : str
        The sentence in `language`.
    template : str
        The English words, with names in braces.
    values : mapping of str to object
        What stands in the braces; messages among them are said again too.
    language : str
        The language the words are really in: English where the catalogue has nothing.
    parts : tuple of str
        What was joined, instead of values.

    Attributes
    ----------
    asked : str
        The language that was in force.
    """

    __slots__ = ("asked", "language", "parts", "template", "values")
    template: str
    values: Mapping[str, Any]
    language: str
    parts: tuple[str, ...]
    asked: str

    def __new__(
        cls,
        words: str,
        *,
        template: str = "",
        values: Mapping[str, Any] | None = None,
        language: str = "en",
        parts: tuple[str, ...] = (),
    ) -> Self:
        """Make the string and keep what it was made of."""
        made = super().__new__(cls, words)
        made.template = template
        made.values = dict(values or {})
        made.language = language
        made.parts = parts
        made.asked = language_in_force()
        return made

    def __reduce__(self) -> Any:
        """Copy and store it whole."""
        return _restored, (
            type(self),
            str(self),
            self.template,
            dict(self.values),
            (self.language, self.parts, self.asked),
        )


class Figure(Message):
    """A number in words, such as ``14.5%``; its template is the number as English writes it."""

    __slots__ = ()


def _restored(
    kind: type[Message],
    words: str,
    template: str,
    values: dict[str, Any],
    rest: tuple[str, tuple[str, ...], str],
) -> Message:
    """Make a message again."""
    made = kind(words, template=template, values=values, language=rest[0], parts=rest[1])
    made.asked = rest[2]
    return made


def _signed(text: str, language: str) -> str:
    """Write an English number with the signs of a language."""
    if language == "en":
        return text
    from kit.i18n.numbers import localised

    return localised(text, language)


def figure(text: str) -> Figure:
    """Write a number that stands as English text, so that every language can write it.

    Parameters
    ----------
    text : str
        As English writes it, such as ``"1,234.5"`` or ``"14.5%"``.

    Returns
    -------
    Figure
        As the language in force writes it; `retold` writes it again.

    Examples
    --------
    >>> with using(language="vi"):
    ...     figure("1,234.5")
    '1.234,5'
    """
    code = language_in_force()
    return Figure(_signed(text, code), template=text, language=code)


CAPITAL = "capital"
"""Format of a name in braces that begins a sentence; a translation leaves it out where letters have no case."""


class _Writer(string.Formatter):
    """Fills braces, with numbers as the language writes them."""

    languages: ClassVar[dict[str, _Writer]] = {}

    def __init__(self, language: str) -> None:
        self.language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        """Write one value: numbers are localised, messages are said again, ``capital`` begins with a capital."""
        if isinstance(value, Figure):
            return _signed(value.template, self.language)
        if isinstance(value, str):
            text = retold(value)
            return text[:1].upper() + text[1:] if format_spec == CAPITAL else format(text, format_spec)
        text = format(value, format_spec)
        plain = isinstance(value, bool) or not isinstance(value, Number)
        return text if plain else _signed(text, self.language)


def writer(language: str) -> _Writer:
    """Give what fills the braces of a language.

    Parameters
    ----------
    language : str
        BCP 47 tag.

    Returns
    -------
    string.Formatter
        One a language.
    """
    return _Writer.languages.setdefault(language, _Writer(language))


def say(template: str, /, **values: Any) -> Message:
    """Say something in the language in force.

    Parameters
    ----------
    template : str
        English words, with names in braces: a literal, so that the catalogues can list it.
    **values : object
        What stands in the braces. Numbers take formats such as ``{count:,}`` and are
        written as the language writes them.

    Returns
    -------
    Message
        A string; English where the catalogue has no translation.

    Examples
    --------
    >>> say("{count:,} people", count=1234)
    '1,234 people'
    """
    code = language_in_force()
    words, spoken = template, "en"
    if code != "en":
        from kit.i18n.catalogues import translation

        found = translation(template, code)
        if found:
            words, spoken = found, code
    if not values:
        text = words.replace("{{", "{").replace("}}", "}")
    elif code == "en" and f":{CAPITAL}}}" not in words:  # the same, faster
        text = words.format_map(
            {name: retold(one) if isinstance(one, Message) else one for name, one in values.items()}
        )
    elif spoken != code and _has_words(template):
        # A sentence that stays English stays whole: no foreign words in its braces.
        with using(language="en"):
            text = writer("en").vformat(words, (), values)
    else:
        text = writer(spoken).vformat(words, (), values)
    return Message(text, template=template, values=values, language=spoken)


@cache
def _has_words(template: str) -> bool:
    """Tell whether a template says anything outside its braces."""
    return any(sign.isalpha() for piece, *_ in string.Formatter().parse(template) for sign in piece)


def mark(template: str) -> str:
    """Mark English words that are said later, so that the catalogues list them.

    Parameters
    ----------
    template : str
        A literal.

    Returns
    -------
    str
        The same.
    """
    return template


def term(words: str) -> Message:
    """Say a term of the kit's own tables, such as the name of a definition.

    Parameters
    ----------
    words : str
        English words that stand in a table of the kit; the catalogues list those
        tables. A message is said again.

    Returns
    -------
    Message
        In the language in force.
    """
    if isinstance(words, Message):
        return retold(words)
    return say(words.replace("{", "{{").replace("}", "}}"))


def capital(text: str) -> Message:
    """Let words begin with a capital.

    Parameters
    ----------
    text : str
        A message, or words that stay as they are.

    Returns
    -------
    Message
        Said again with a capital.

    Examples
    --------
    >>> capital("the rest")
    'The rest'
    """
    made = say("{text:capital}", text=text)
    made.language = getattr(text, "language", made.language)
    return made


def joined(parts: Iterable[str], between: str = " ") -> Message:
    """Put sentences one after the other.

    Parameters
    ----------
    parts : iterable of str
        Messages, or words that stay as they are.
    between : str
        What stands between them; a message is said again too.

    Returns
    -------
    Message
        Said again part by part.
    """
    kept = tuple(part for part in parts if part)
    spoken = {getattr(part, "language", "en") for part in kept}
    return Message(
        between.join(kept),
        template=between if kept else "",
        language=spoken.pop() if len(spoken) == 1 else "en",
        parts=kept,
    )


@overload
def retold(text: Message) -> Message: ...
@overload
def retold(text: str) -> str: ...
def retold(text: str) -> str:
    """Say a message again, in the language in force now.

    Parameters
    ----------
    text : str
        A message; other strings come back as they are.

    Returns
    -------
    str
        In the language in force, as far as the catalogue goes.
    """
    if not isinstance(text, Message) or text.asked == language_in_force() or not (text.template or text.parts):
        return text
    if isinstance(text, Figure):
        return figure(text.template)
    if text.parts:
        return joined([retold(part) for part in text.parts], retold(text.template))
    return say(text.template, **text.values)


def english(text: str) -> str:
    """Say a message again in English, for what reads its words.

    Parameters
    ----------
    text : str
        A message; other strings come back as they are.

    Returns
    -------
    str
        Plain text, whatever language is in force.
    """
    if language_in_force() == "en":
        return str(retold(text))
    with using(language="en"):
        return str(retold(text))


def each(texts: Iterable[str], how: Callable[[str], str] = retold) -> list[str]:
    """Say several messages again.

    Parameters
    ----------
    texts : iterable of str
        Messages or other strings.
    how : callable
        What is done with each.

    Returns
    -------
    list of str
        In the same order.
    """
    return [how(text) for text in texts]
