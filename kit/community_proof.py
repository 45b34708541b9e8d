"""Round-trip proof: write communities, read them again, and say what did not come back."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kit.analysis.community_places import locate_communities
from kit.errors import CoverageError, SchemaError
from kit.i18n.messages import Message, joined, say
from kit.model.communities import Communities
from kit.model.community import Community
from kit.model.frames import Units
from kit.model.shared import Shared
from kit.model.submissions import Submissions
from kit.model.things import few
from kit.sources.community_files import read_communities
from kit.sources.community_record import to_record
from kit.sources.community_write import write_communities

# How an area is told may differ between formats; where it is may not.
_OF_AREA = {"geoids", "level", "year"}


@dataclass(frozen=True)
class RoundTrip:
    """What came back of communities that were written and read again.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    written, read : int
        How many communities.
    same_blocks : bool
        Every community came back, with the same units.
    differences : pandas.DataFrame
        One row for each unit on one side only: ``community``, ``GEOID`` and
        ``side`` (``"before"`` or ``"after"``).
    dropped : tuple of str
        Attributes that did not come back for at least one community.
    changed : tuple of str
        Attributes that came back otherwise.
    """

    path: Path
    written: int
    read: int
    same_blocks: bool
    differences: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor, not a default
    dropped: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def summary(self) -> Message:
        """Say what came back.

        Returns
        -------
        str
            Sentences on areas and attributes.
        """
        said = [
            say(
                "{written:,} communities were written to {file} and {read:,} were read again.",
                written=self.written,
                file=self.path.name,
                read=self.read,
            )
        ]
        if self.same_blocks:
            said.append(say("Every one has the same census units as before."))
        else:
            said.append(say("{count:,} units stand on one side only.", count=len(self.differences)))
        if self.dropped:
            said.append(say("Attributes that did not come back: {names}.", names=few(self.dropped, 12)))
        if self.changed:
            said.append(say("Attributes that came back otherwise: {names}.", names=few(self.changed, 12)))
        if not self.dropped and not self.changed:
            said.append(say("Every attribute came back as it was."))
        return joined(said)


def round_trip(
    communities: Submissions | Sequence[Community],
    path: str | os.PathLike[str],
    units: Units | None = None,
    *,
    format: str | None = None,
    audience: str = "internal",
) -> RoundTrip:
    """Write communities, read them again, and prove that nothing was lost.

    Parameters
    ----------
    communities : Submissions or sequence of Community
        What is written.
    path : path-like
        The file; it stays.
    units : Units, optional
        Census units in which areas are compared; needed where areas were drawn.
    format : str, optional
        As in `write_communities`.
    audience : {"internal", "commission", "public"}
        As in `write_communities`.

    Returns
    -------
    RoundTrip
        Whether the units are the same, and which attributes were dropped.

    Raises
    ------
    InputError
        Areas were drawn and no units are given, or the format cannot hold them.
    """
    before = communities if isinstance(communities, Submissions) else Submissions(tuple(communities))
    blocks = None if units is None else _located(before, units)
    with_shapes = units if units is not None and units.geometry is not None else None
    file = write_communities(before, path, format=format, units=with_shapes, blocks=blocks, audience=audience)
    after = read_communities(file)
    ids = {one.id: one for one in after}
    differences = _differences(before, after, units)
    dropped, changed = set(), set()
    for one in before:
        record, back = to_record(one), to_record(ids[one.id]) if one.id in ids else {}
        for key in record.keys() - _OF_AREA:
            if key not in back:
                dropped.add(key)
            elif back[key] != record[key]:
                changed.add(key)
    same = not len(differences) and {one.id for one in before} <= ids.keys()
    return RoundTrip(file, len(before), len(after), same, differences, tuple(sorted(dropped)), tuple(sorted(changed)))


def _located(found: Submissions, units: Units) -> Communities | None:
    """Find the units of communities that have an area."""
    if all(one.area is None for one in found):
        return None
    return locate_communities(found, units)


def _units_of(found: Submissions, units: Units | None) -> dict[str, set[str]]:
    """Give the units of each, by id; by half of their surface where areas were drawn."""
    members: dict[str, set[str]] = {one.id: set() for one in found}
    drawn = []
    for one, label in zip(found, found.labels, strict=True):
        if one.area is not None and one.area.kind == "units":
            members[one.id] = set(one.area.geoids)
        elif one.area is not None:
            drawn.append((one.id, label))
    if drawn and units is None:
        raise SchemaError(f"{len(drawn):,} areas were drawn; pass units= with census units to compare them in.")
    if drawn and units is not None:
        try:
            rows: Any = locate_communities(found, units).membership
        except CoverageError:
            return members
        held = rows[rows["share"] >= 0.5]
        for key, label in drawn:
            members[key] = set(held.loc[held["community"] == label, "GEOID"])
    return members


def _differences(before: Submissions, after: Submissions, units: Units | None) -> pd.DataFrame:
    """List units that stand on one side only."""
    old, new = _units_of(before, units), _units_of(after, units)
    rows = []
    for key, members in old.items():
        back = new.get(key, set())
        rows += [(key, unit, "before") for unit in sorted(members - back)]
        rows += [(key, unit, "after") for unit in sorted(back - members)]
    return pd.DataFrame(rows, columns=["community", "GEOID", "side"], dtype="str")
