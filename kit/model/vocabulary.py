"""A vocabulary of the kit's own ids that can also put into words what lies beyond it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


class Vocabulary(dict[str, T], Generic[T]):
    """Ids and what they mean.

    Parameters
    ----------
    entries : iterable of pairs
        Ids in order, each with its meaning.
    beyond : str
        Function of `kit.model.survey_words` that words an id which is no
        member. Such an id is found by ``[...]``; it is not ``in`` the
        vocabulary, and no loop over the vocabulary meets it.
    """

    def __init__(self, entries: Iterable[tuple[str, T]], *, beyond: str) -> None:
        super().__init__(entries)
        self._beyond = beyond

    def __missing__(self, name: str) -> T:
        """Put a column of a survey into words."""
        from kit.model import survey_words

        found: T | None = getattr(survey_words, self._beyond)(name)
        if found is None:
            raise KeyError(name)
        return found
