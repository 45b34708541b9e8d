"""The tables [voters] and [returns] of a hearing file: who registered and voted, and how precincts voted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date as Date  # noqa: N812 — as in the other tables of the file
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from kit.hearing_keys import SAMPLE, ExhibitFrom, File, Given, Part, Text, UnitsFrom

OF_VOTERS = frozenset({"ladder", "gap"})
"""Kinds of exhibits that show [voters]."""
OF_RETURNS = frozenset({"precincts", "forest"})
"""Kinds of exhibits that show [returns]."""
_DAY = re.compile(r"\d{4}(-\d{2}-\d{2})?")
Name = Annotated[str, Field(min_length=1)]


def _day(word: str) -> str:
    """Refuse an election that is no date."""
    if not _DAY.fullmatch(word):
        raise ValueError(f"{word!r} is no date of an election; write it as '2024-11-05', or as the year of a sample")
    try:
        Date.fromisoformat(word if len(word) > 4 else f"{word}-01-01")
    except ValueError:
        raise ValueError(f"{word!r} is no day of the calendar") from None
    return word


class VotersFrom(Part):
    """A voter list or a table of turnout; only sums that hide small counts reach the packet."""

    source: Given = Field(description="'sample:fictional_county', or a voter list or table of turnout, as a file")
    elections: tuple[Annotated[str, AfterValidator(_day)], ...] = Field(
        min_length=1, max_length=2, description="dates of one election or two, the earlier first: ['2024-11-05']"
    )
    group: Name = Field(description="group of the list, such as 'nh_aapi_alone'")
    layout: Name | None = Field(default=None, description="layout of the file, such as 'nc_voters', or a file of it")
    by: Name | None = Field(default=None, description="what to count by, such as 'county'; for a 'gap' the districts")
    as_of: Date | None = Field(default=None, description="date of the list, such as 2024-11-05, without quotes")
    matches: dict[str, str] = Field(
        default={}, description="group told apart by names → definition id, such as asian_surname = 'nh_asian_alone'"
    )
    history: File | None = Field(default=None, description="second file of the list, of who voted")
    voted: Name | None = Field(default=None, description="column of the list that says who voted, yes or no")
    place: Text = Field(default="", description="whose list it is, for the line under the title")
    citizens: UnitsFrom | None = Field(
        default=None, description="a table [voters.citizens] with source = …, citizens of voting age by unit"
    )

    @property
    def sample(self) -> bool:
        """Whether the voters are those of a sample.

        Returns
        -------
        bool
            False for a file.
        """
        return self.source.startswith(SAMPLE)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        """Ask for what the kind of source needs."""
        if list(self.elections) != sorted(set(self.elections)):
            raise ValueError(f"elections are {', '.join(self.elections)}; give the earlier one first, and each once")
        told = [name for name in ("layout", "by", "as_of", "history", "voted") if getattr(self, name) is not None]
        if self.sample and told:
            raise ValueError(f"{' and '.join(told)} can be said for a file only, not for {self.source!r}")
        lacking = [name for name in ("layout", "by") if getattr(self, name) is None]
        if not self.sample and lacking:
            raise ValueError(f"{' and '.join(lacking)} must be said for {self.source!r}")
        if self.citizens is not None and self.citizens.shapes is not None:
            raise ValueError("citizens.shapes is not needed: citizens are shared out to the units of the hearing")
        return self


class PeopleFrom(Part):
    """Who the people of each precinct are."""

    source: Given = Field(description="'sample:fictional_county', or a table with one row a precinct, as a CSV file")
    precinct: Name = Field(default="precinct", description="column of the precinct's id")
    groups: dict[str, str] = Field(
        min_length=1, description="group, in words → column of its people: { 'Asian' = 'asian_voted_2024' }"
    )
    total: Name | tuple[Name, ...] = Field(description="column of all people, or the columns that make them up")
    of: Literal["voters", "registered", "cvap", "vap"] = Field(
        description="who was counted: 'voters', 'registered', 'cvap' or 'vap'"
    )
    title: str = Field(default="", description="what the table is called in captions")
    publisher: str = Field(default="", description="who published the table")
    year: int | None = Field(default=None, ge=1990, le=2100, description="year of the counts, such as 2024")


class ReturnsFrom(Part):
    """Votes by precinct in one contest, and who the people of each precinct are."""

    source: Given = Field(description="'sample:fictional_county', or votes by precinct, as a file")
    contest: Name = Field(description="id of the contest, such as 'G20PRE'")
    people: PeopleFrom = Field(description="a table [returns.people] with source, groups, total and of")
    candidate: Name | None = Field(default=None, description="the candidate that 'precincts' shows")
    candidates: tuple[Name, ...] = Field(default=(), description="candidates to count, where not all")
    kind: Literal["auto", "vest", "long"] = Field(default="auto", description="'auto', 'vest' or 'long'")
    precinct: Name | None = Field(default=None, description="column of the precinct's id")
    columns: dict[str, str] = Field(default={}, description="the kit's name → the file's column, such as votes = 'N'")
    year: int | None = Field(default=None, ge=1990, le=2100, description="year of the election, such as 2024")
    stage: Literal["", "primary", "general", "runoff", "special"] = Field(
        default="", description="'primary', 'general', 'runoff' or 'special'"
    )
    title: str = Field(default="", description="what the returns are called in captions")
    publisher: str = Field(default="", description="who published the returns")
    place: Text = Field(default="", description="place and contest, for the line under the title")


def lacking_votes(
    exhibits: Sequence[ExhibitFrom], voters: VotersFrom | None, returns: ReturnsFrom | None, *, units: str
) -> list[str]:
    """Name what exhibits of voters and returns need and a file does not say.

    Parameters
    ----------
    exhibits : sequence of ExhibitFrom
        What is to be drawn.
    voters, returns : object
        The tables, or None.
    units : str
        Source of the units.

    Returns
    -------
    list of str
        Nothing when all is there.
    """
    faults = []
    kinds = dict.fromkeys(one.map for one in exhibits)
    for kind in kinds:
        if kind in OF_VOTERS and voters is None:
            faults.append(f"exhibits: {kind!r} needs a table [voters] with source, elections and group")
        if kind in OF_RETURNS and returns is None:
            faults.append(f"exhibits: {kind!r} needs a table [returns] with source, contest and people")
    if "precincts" in kinds and returns is not None and returns.candidate is None:
        faults.append("returns.candidate: missing; expected the candidate that 'precincts' shows")
    if voters is not None and voters.sample and voters.source != units:
        faults.append(f"voters.source: {voters.source!r} needs units of the same sample")
    return faults
