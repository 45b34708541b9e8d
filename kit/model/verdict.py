"""What was found when a claim was checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from kit.i18n.messages import joined, mark, retold, say, term
from kit.model.claims import Claim
from kit.model.frames import DistrictTable
from kit.model.source import Source

_HEADS = {
    "carried": mark("CARRIED. The figures carry the claim."),
    "weaker": mark("WEAKER. The figures carry less than was claimed."),
    "refused": mark("REFUSED. Do not say it."),
}


@runtime_checkable
class Pieces(Protocol):
    """What a claim of the kind ``split_into`` is checked against: the pieces of named areas.

    Attributes
    ----------
    pieces : pandas.DataFrame
        One row for each area and district: ``community``, ``district``,
        ``base`` (or ``people``) and ``count`` (or ``group``), the last two
        being people.
    sources : tuple of Source
        Where the figures came from.
    """

    @property
    def pieces(self) -> Any:
        """Give one row for each area and district."""

    @property
    def sources(self) -> tuple[Source, ...]:
        """Say where the figures came from."""


@dataclass(frozen=True)
class Verdict:
    """What may be said, and why.

    Parameters
    ----------
    claim : Claim
        What was claimed.
    status : {"carried", "weaker", "refused"}
        Whether the numbers carry it, carry something weaker, or neither.
    statement : str
        What may be said, in one sentence with its figures; empty when refused.
    basis : str
        Definition, universe, source, vintage and placement of the figures.
    title : str
        The same in short, for the head of a page; empty when refused.
    reason : str
        Why, in plain words.
    tests : tuple of str
        What was tested, and what a reader must know, one line each.
    tables : tuple of DistrictTable
        What it was checked against.
    sources : tuple of Source
        Where the figures came from.
    plan : str
        Name of the plan or plans.
    """

    claim: Claim
    status: str
    statement: str
    basis: str
    title: str
    reason: str
    tests: tuple[str, ...] = ()
    tables: tuple[DistrictTable, ...] = field(default=(), repr=False)
    sources: tuple[Source, ...] = field(default=(), repr=False)
    plan: str = ""

    @property
    def sentence(self) -> str:
        """What may be said, with definition, universe, source and vintage.

        Returns
        -------
        str
            Empty when refused.
        """
        return joined([retold(self.statement), retold(self.basis)]) if self.statement else ""

    @property
    def table(self) -> DistrictTable | None:
        """The table it was checked against, the later of two.

        Returns
        -------
        DistrictTable or None
            None where the figures are not a district table.
        """
        return self.tables[-1] if self.tables else None

    def __str__(self) -> str:
        said = [say("You may say: {sentence}", sentence=self.sentence)] if self.sentence else []
        why = say("Why: {reason}", reason=self.reason)
        return "\n".join(
            [term(_HEADS[self.status]), *said, why, say("Tests:"), *(f"- {retold(t)}" for t in self.tests)]
        )
