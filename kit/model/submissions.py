"""Communities as they came in, all of them, with what is known of where they came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from kit.errors import InputError, SchemaError, first_few
from kit.i18n.messages import say, term
from kit.model.community import AUDIENCES, Community
from kit.model.source import Source


@dataclass(frozen=True)
class Submissions:
    """Communities that were told, drawn or read, in order.

    Parameters
    ----------
    communities : tuple of Community
        Each with an id of its own.
    sources : tuple of Source
        Where they came from.
    notes : tuple of str
        What a reader must know, each with its count.

    Raises
    ------
    SchemaError
        Two have one id.
    """

    communities: tuple[Community, ...]
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        doubled = [one for one, count in Counter(c.id for c in self.communities).items() if count > 1]
        if doubled:
            raise SchemaError(
                f"{len(doubled):,} communities have an id that stands twice: {first_few(doubled)}. Keep the newest "
                "version of each, or give them ids of their own."
            )

    def __len__(self) -> int:
        return len(self.communities)

    def __repr__(self) -> str:
        """Count them: what people wrote does not belong in a log."""
        return f"Submissions({len(self):,} communities)"

    def __iter__(self) -> Iterator[Community]:
        return iter(self.communities)

    def __getitem__(self, key: str) -> Community:
        """Look up one community by its id, or by its name where only one has it."""
        found = [c for c in self.communities if c.id == key] or [c for c in self.communities if c.name == key]
        if len(found) == 1:
            return found[0]
        if found:
            raise InputError(
                f"{len(found):,} communities are called {key!r}; look one up by its id: "
                f"{first_few(c.id for c in found)}."
            )
        raise InputError(f"no community has the id or name {key!r}; there are {first_few(c.name for c in self)}.")

    @property
    def labels(self) -> tuple[str, ...]:
        """A name for each that no other has: the name, with the id after it where names repeat.

        Returns
        -------
        tuple of str
            In order.
        """
        count = Counter(c.name for c in self.communities)
        return tuple(c.name if count[c.name] == 1 else f"{c.name} [{c.id}]" for c in self.communities)

    @property
    def frame(self) -> pd.DataFrame:
        """An overview, one row a community.

        Returns
        -------
        pandas.DataFrame
            By id: ``name``, ``submitter``, ``collector``, ``how``,
            ``languages``, ``consent``, ``area`` (``"polygon"``, ``"units"`` or
            missing), ``draft``, ``version`` and ``made``.
        """
        rows = [
            {
                "id": c.id,
                "name": c.name,
                "submitter": c.submitter,
                "collector": c.collected.collector,
                "how": c.collected.how,
                "languages": ", ".join(c.languages),
                "consent": c.consent,
                "area": None if c.area is None else c.area.kind,
                "draft": c.draft,
                "version": c.version,
                "made": c.made.isoformat(),
            }
            for c in self.communities
        ]
        return pd.DataFrame(rows, columns=list(rows[0]) if rows else ["id"]).set_index("id")

    def only(self, keep: Callable[[Community], bool]) -> Submissions:
        """Give the communities that a test keeps.

        Parameters
        ----------
        keep : callable
            Community → bool.

        Returns
        -------
        Submissions
            A subset, in order.
        """
        return replace(self, communities=tuple(c for c in self.communities if keep(c)))

    def for_audience(self, audience: str) -> Submissions:
        """Give the communities that an audience may see.

        Parameters
        ----------
        audience : {"public", "commission", "internal"}
            Who would see them.

        Returns
        -------
        Submissions
            Those whose consent covers it, with a note on how many are left out.
        """
        require_audience(audience)
        kept = self.only(lambda one: one.may_be_seen_by(audience))
        out = len(self) - len(kept)
        if not out:
            return kept
        told = say(
            "{out:,} of {whole:,} communities are left out: their people did not agree to show them to this audience "
            "({audience}).",
            out=out,
            whole=len(self),
            audience=term(audience),
        )
        return replace(kept, notes=(*self.notes, told))


def require_audience(audience: Any) -> str:
    """Refuse an unknown audience.

    Parameters
    ----------
    audience : str
        As the caller gives it.

    Returns
    -------
    str
        The same.

    Raises
    ------
    InputError
        It is none of the three.
    """
    if audience not in AUDIENCES:
        raise InputError(f"audience is one of {', '.join(AUDIENCES)}, not {audience!r}.")
    return str(audience)
