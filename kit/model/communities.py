"""Named areas as shares of census units: communities, clusters and regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from kit.errors import SchemaError, first_few
from kit.model.shared import Shared
from kit.model.source import Source

KINDS = {"community": "communities", "cluster": "clusters", "region": "regions"}
"""What a named area can be, and the plural. A cluster is found by arithmetic; a community is named by its people."""


@dataclass(frozen=True)
class Communities:
    """Named areas, each a set of census units or of parts of them.

    Parameters
    ----------
    names : tuple of str
        Names in order, each once.
    membership : pandas.DataFrame
        One row for each area and unit in it: ``community`` (a name),
        ``GEOID`` (text) and ``share`` (the part of the unit that lies inside,
        more than 0 and at most 1). Areas may overlap: a unit can stand under
        several names, under each name once.
    kind : str
        One of `KINDS`.
    sources : tuple of Source
        Where the areas came from.
    notes : tuple of str
        What a reader must know, each with its count.

    Raises
    ------
    SchemaError
        Names repeat, a row names no area, a unit stands twice under a name or
        a share is not in (0, 1].
    """

    names: tuple[str, ...]
    membership: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor, not a default
    kind: str = "community"
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise SchemaError(f"a named area is one of {', '.join(KINDS)}, not {self.kind!r}.")
        if len(set(self.names)) < len(self.names):
            raise SchemaError("names of areas repeat; give each area a name of its own.")
        rows = self.membership
        unknown = rows["community"][~rows["community"].isin(self.names)].unique()
        if len(unknown):
            raise SchemaError(f"rows name areas that are not listed: {first_few(unknown)}.")
        doubled = rows[rows.duplicated(["community", "GEOID"])]
        if len(doubled):
            raise SchemaError(f"units stand twice in one area, first {first_few(doubled['GEOID'])}.")
        if not rows["share"].between(0, 1, inclusive="right").all():
            raise SchemaError("the share of a unit inside an area is more than 0 and at most 1.")

    def __len__(self) -> int:
        return len(self.names)

    @classmethod
    def of_units(
        cls,
        areas: Mapping[str, Sequence[str]],
        *,
        kind: str = "community",
        sources: tuple[Source, ...] = (),
        notes: tuple[str, ...] = (),
    ) -> Communities:
        """Make named areas of lists of whole units.

        Parameters
        ----------
        areas : mapping of str to sequence of str
            Name → GEOIDs.
        kind : str
            One of `KINDS`.
        sources : tuple of Source
            Where the areas came from.
        notes : tuple of str
            What a reader must know.

        Returns
        -------
        Communities
            Every unit whole.
        """
        rows = [(name, geoid, 1.0) for name, geoids in areas.items() for geoid in geoids]
        membership = pd.DataFrame(rows, columns=["community", "GEOID", "share"])
        membership = membership.astype({"community": "str", "GEOID": "str", "share": "float64"})
        return cls(tuple(areas), membership, kind, sources, notes)
