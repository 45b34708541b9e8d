"""Where figures came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kit.errors import InputError
from kit.i18n.messages import capital, joined, mark, say, term
from kit.model.geoid import LEVELS

UNCERTAINTIES = (
    mark("none stated"),
    mark("disclosure noise"),
    mark("sampling MOE"),
    mark("allocation"),
    mark("model"),
)
"""Kinds of uncertainty."""


@dataclass(frozen=True)
class Source:
    """Where figures came from.

    Parameters
    ----------
    title : str
        The product, as a reader would look for it.
    publisher : str
        Who published it.
    year : int or None
        Vintage of the data.
    tables : str
        Tables or columns used.
    level : str
        Level of geography that was read.
    where : str
        Public address without any key, or the bare file name of a local file.
    sha256 : str
        Hash of the file, where there is one file.
    retrieved : str
        Date in UTC when it was fetched.
    uncertainty : str
        Kind of uncertainty: ``none stated``, ``disclosure noise``,
        ``sampling MOE``, ``allocation`` or ``model``.
    note : str
        What a reader must know before using the figures.
    license : str
        Terms of the source.
    sample : bool
        True for data made for learning; whatever is made of it is stamped
        "sample data, not for testimony".
    adjusted : str
        How counts were changed after publication, in a few words, such as
        ``"incarcerated people counted at their last address"``; empty for
        counts as published. Adjusted and published counts are never mixed.
    """

    title: str
    publisher: str = ""
    year: int | None = None
    tables: str = ""
    level: str = ""
    where: str = ""
    sha256: str = ""
    retrieved: str = ""
    uncertainty: str = "none stated"
    note: str = ""
    license: str = ""
    sample: bool = False
    adjusted: str = ""

    def citation(self) -> str:
        """Write the source as one sentence for a caption.

        Returns
        -------
        str
            Publisher, title, tables, level, adjustment, place and date of retrieval.
        """
        parts: list[str] = [capital(term(self.publisher))] if self.publisher else []
        parts.append(term(self.title))
        if self.tables:
            parts.append(say("tables {tables}", tables=self.tables) if self.tables[:1].isupper() else term(self.tables))
        if self.level:
            level = LEVELS[self.level].name.replace("_", " ") if self.level in LEVELS else self.level
            parts.append(say("by {level}", level=term(level)))
        if self.adjusted:
            parts.append(say("adjusted: {how}", how=term(self.adjusted)))
        if self.where:
            parts.append(self.where)
        if self.retrieved:
            parts.append(say("retrieved {date}", date=self.retrieved[:10]))
        return say("{parts}.", parts=joined(parts, say(", ")))


def require_same_adjustment(sources: Iterable[Source]) -> None:
    """Refuse to put counts that were adjusted beside counts as published, or adjusted in another way.

    Parameters
    ----------
    sources : iterable of Source
        Of everything that is to be combined or compared. Sources without
        counts, such as boundaries and plans, do not matter.

    Raises
    ------
    InputError
        Two sources of counts differ.

    Examples
    --------
    >>> require_same_adjustment([Source("P.L. 94-171", tables="P1"), Source("Boundaries")])
    """
    counted = [source for source in sources if source.tables or source.adjusted]
    kinds = {source.adjusted: source for source in reversed(counted)}
    if len(kinds) < 2:
        return
    told = [f"{s.title} ({f'adjusted: {how}' if how else 'as published'})" for how, s in sorted(kinds.items())[:3]]
    raise InputError(
        f"adjusted and published counts must not be mixed, nor counts adjusted in different ways: {'; '.join(told)}. "
        "Take all counts from one kind of file, or compare them side by side outside one table."
    )
