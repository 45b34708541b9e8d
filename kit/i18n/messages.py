"""Messages: sentences that remember how they were made, so that they can be said again in another language.

Every sentence that is printed is made with `say`. It is an ordinary string, in the
language in force (``kit.using(language=…)``, English by default). What was
computed before the language was chosen is said again with `retold`, at the
moment it is printed.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Self

from kit.settings import language_in_force


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
    """

    __slots__ = ("language", "parts", "template", "values")
    template: str
    values: Mapping[str, Any]
    language: str
    parts: tuple[str, ...]

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
        return made

    def __reduce__(self) -> Any:
        """Copy and store it whole."""
        return _restored, (str(self), self.template, dict(self.values), self.language, self.parts)


def _restored(words: str, template: str, values: dict[str, Any], language: str, parts: tuple[str, ...]) -> Message:
    """Make a message again."""
    return Message(words, template=template, values=values, language=language, parts=parts)


class _Writer(string.Formatter):
    """Fills braces, with numbers as the language writes them."""

    languages: ClassVar[dict[str, _Writer]] = {}

    def __init__(self, language: str) -> None:
        self.language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        """Write one value: numbers with a format are localised, messages are said again."""
        if isinstance(value, str):
            return format(retold(value), format_spec)
        text = format(value, format_spec)
        if self.language == "en" or isinstance(value, bool) or not isinstance(value, (int, float)):
            return text
        from kit.i18n.numbers import localised

        return localised(text, self.language)


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
    text = writer(spoken).vformat(words, (), values) if values else words.replace("{{", "{").replace("}}", "}")
    return Message(text, template=template, values=values, language=spoken)


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
        English words that stand in a table of the kit; the catalogues list those tables.

    Returns
    -------
    Message
        In the language in force.
    """
    return say(words.replace("{", "{{").replace("}", "}}"))


def joined(parts: Iterable[str], between: str = " ") -> Message:
    """Put sentences one after the other.

    Parameters
    ----------
    parts : iterable of str
        Messages, or words that stay as they are.
    between : str
        What stands between them.

    Returns
    -------
    Message
        Said again part by part.
    """
    kept = tuple(part for part in parts if part)
    spoken = {getattr(part, "language", "en") for part in kept}
    return Message(
        between.join(kept), template=between, language=spoken.pop() if len(spoken) == 1 else "en", parts=kept
    )


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
    if not isinstance(text, Message):
        return text
    if text.parts:
        return joined([retold(part) for part in text.parts], text.template)
    if not text.template:
        return text
    return say(text.template, **text.values)


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
