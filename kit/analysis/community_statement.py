"""Location and instruction: a community or a core as a statement that a line drawer can follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kit.analysis.communities import community_splits
from kit.analysis.community_places import locate_communities
from kit.analysis.consensus import Consensus
from kit.analysis.statement_words import about_units, asked, located_at, numbers_of, under_plan
from kit.errors import InputError
from kit.i18n.messages import Message, each, joined, say
from kit.model.communities import Communities
from kit.model.community import Ask, Community
from kit.model.frames import Placement, Units
from kit.model.groups import column
from kit.model.shared import Shared
from kit.model.source import Source
from kit.model.submissions import require_audience


@dataclass(frozen=True)
class Statement:
    """Where a community is, and what its people ask for.

    Parameters
    ----------
    name : str
        What it is called.
    location : tuple of str
        Sentences on bounding streets, landmarks and units.
    instruction : tuple of str
        What is asked for, one sentence each.
    numbers : tuple of str
        Sentences on people, and on what plans do.
    frame : pandas.DataFrame
        The units by GEOID: ``share`` (of the unit inside), ``base`` and
        ``count`` (people of the part inside).
    people, group_people : float
        Everyone inside, and the group.
    group, base : str
        Definition id and universe id.
    located : Communities
        The area in units.
    units : Units
        The census units.
    notes : tuple of str
        What a reader must know.
    """

    name: str
    location: tuple[str, ...]
    instruction: tuple[str, ...]
    numbers: tuple[str, ...]
    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor, not a default
    people: float = 0.0
    group_people: float = 0.0
    group: str = ""
    base: str = ""
    located: Communities = None  # type: ignore[assignment]
    units: Units = None  # type: ignore[assignment]
    notes: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """Sources of the units and of the area.

        Returns
        -------
        tuple of Source
            Each once.
        """
        return tuple(dict.fromkeys((*self.units.sources, *self.located.sources)))

    @property
    def blocks(self) -> tuple[str, ...]:
        """The units, by id.

        Returns
        -------
        tuple of str
            Those inside in whole or in part.
        """
        return tuple(self.frame.index)

    @property
    def text(self) -> Message:
        """The statement: what is asked for, where it is, and the numbers.

        Returns
        -------
        str
            Sentences in the language in force.
        """
        return joined(each([*self.instruction, *self.location, *self.numbers]))

    def __repr__(self) -> str:
        """Say what it is in a line."""
        return f"Statement({self.name!r}, {len(self.frame):,} {self.units.plural})"

    def summary(self) -> Message:
        """Give the statement with what a reader must know.

        Returns
        -------
        str
            The text and the notes.
        """
        return joined([self.text, *each(self.notes)])


def statement(
    what: Community | Consensus,
    units: Units,
    *,
    group: str,
    base: str,
    name: str | None = None,
    asks: Sequence[Ask | dict[str, Any]] | None = None,
    placements: Sequence[Placement] = (),
    audience: str = "public",
) -> Statement:
    """Turn a community or an agreement core into location and instruction.

    Parameters
    ----------
    what : Community or Consensus
        A community with an area, or submissions whose core is meant.
    units : Units
        Census units with counts.
    group : str
        Definition id, for example ``"aapi_aoic"``.
    base : str
        Universe id, for example ``"pop"``.
    name : str, optional
        What it is called; needed for a core.
    asks : sequence of Ask, optional
        What is asked for, in place of the community's own asks.
    placements : sequence of Placement
        The same units under plans, to say what each plan does.
    audience : {"public", "commission", "internal"}
        Who will hear it.

    Returns
    -------
    Statement
        Sentences, the list of units, and the numbers.

    Raises
    ------
    InputError
        A core has no name, a community has no area, or its people did not
        agree to this audience.
    SchemaError
        The units have no such counts.
    CoverageError
        The area lies outside the units, or counts must not be added.

    Notes
    -----
    Nobody's words are put together: of a core only the place and the numbers
    are told. Where no ask was recorded, the statement asks to keep the area
    whole, and says in a note that nobody wrote this ask.

    References
    ----------
    Comments that name a place and an instruction are the ones line drawers
    use: Brennan Center for Justice.
    """
    require_audience(audience)
    one, notes = _one(what, name)
    if not one.may_be_seen_by(audience):
        raise InputError(
            f"the people of {one.id!r} did not agree that it goes to audience {audience!r}. Ask them, or say "
            "audience='internal' for your own eyes."
        )
    if one.draft:
        notes.append(say("{name} is a draft.", name=one.name))
    wanted = tuple(Ask(**a) if isinstance(a, dict) else a for a in asks) if asks is not None else one.asks
    if not wanted:
        wanted = (Ask(kind="keep_whole"),)
        notes.append(say("No ask was recorded for {name}; the one to keep it whole was written here.", name=one.name))
    units.require_additive("People of units are added over a community")
    located = locate_communities([one], units)
    rows = located.membership.set_index("GEOID")
    share = rows["share"].reindex(units.frame.index[units.frame.index.isin(rows.index)])
    counts = {"base": units.column(column("total", base)), "count": units.column(column(group, base))}
    frame = pd.DataFrame({"share": share} | {key: values[share.index] * share for key, values in counts.items()})
    whole, some = float(frame["base"].sum()), float(frame["count"].sum())
    numbers = [numbers_of(whole, some, group, base, exact=bool((share == 1).all()))]
    for placement in placements:
        split = community_splits(located, placement, group=group, base=base)
        numbers.append(under_plan(split.frame.iloc[0], placement.plan.name, base))
    return Statement(
        one.name,
        (*located_at(one), about_units(frame, units)),
        tuple(asked(ask, one.name) for ask in wanted),
        tuple(numbers),
        frame.rename_axis("GEOID"),
        whole,
        some,
        group,
        base,
        located,
        units,
        (*located.notes, *notes),
    )


def _one(what: Community | Consensus, name: str | None) -> tuple[Community, list[str]]:
    """Give the area that is meant, under the name it is to have."""
    if isinstance(what, Community):
        if name is None or name == what.name:
            return what, []
        return what.revised(name=name), []
    if not name:
        raise InputError("a core has no name of its own; pass name= with what its people call it.")
    told = say(
        "The area is where at least {least:,} of {voices:,} submitters agree; people beyond it may belong to the same "
        "community.",
        least=what.core_count,
        voices=what.submitters,
    )
    return what.area("core", name=name), [told]
