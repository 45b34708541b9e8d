"""The hearing file: one ``hearing.toml`` that says what a packet is made of, checked as a whole."""

from __future__ import annotations

import os
import tomllib
from datetime import UTC, datetime
from datetime import date as Date  # noqa: N812 — `date` is a key of the file
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, PrivateAttr, ValidationError, model_validator

from kit.errors import InputError
from kit.hearing_faults import box, one_message, rising
from kit.hearing_keys import (
    Base,
    Build,
    ClaimFrom,
    CommunityFrom,
    ExhibitFrom,
    File,
    Group,
    Line,
    Part,
    PlanFrom,
    Rules,
    Tongue,
    Translated,
    UnitsFrom,
    Words,
    one_sentence,
)
from kit.hearing_vote_keys import ReturnsFrom, VotersFrom, lacking_votes


class Hearing(Part):
    """A hearing and the packet for it, as ``hearing.toml`` says. Read one with `load_hearing`.

    Parameters
    ----------
    **data : dict
        Keys of the file: ``body``, ``date``, ``time``, ``place``, ``jurisdiction``, ``speaker``,
        ``organisation``, ``contact``, ``ask``, ``groups``, ``bases``, ``breaks``,
        ``extent``, ``maps``, ``languages``, ``written_in``, ``submissions``, and the tables ``units``,
        ``plans``, ``communities``, ``voters``, ``returns``, ``claims``, ``exhibits``, ``rules``,
        ``words``, ``translations`` and ``build``.
    """

    body: Line = Field(description="who holds the hearing, such as 'City Districting Commission'")
    date: Date = Field(description="date of the hearing, such as 2026-12-03, without quotes")
    time: str = Field(default="", description="when it begins, in quotes, such as '18:30'")
    place: Line = Field(description="where it is held, such as 'City Hall, Room 200'")
    jurisdiction: Line = Field(description="whose districts are drawn, such as 'City of Lowell, Massachusetts'")
    speaker: Line = Field(description="who speaks, by name")
    organisation: str = Field(default="", description="who the speaker stands for")
    contact: Line = Field(description="how to reach the speaker, such as an address for mail")
    ask: Annotated[Line, AfterValidator(one_sentence)] = Field(description="what you ask for, in one sentence")
    groups: tuple[Group, ...] = Field(min_length=1, description="definition ids, the main one first: ['aapi_aoic']")
    bases: tuple[Base, ...] = Field(min_length=1, description="universe ids, the main one first: ['vap', 'pop']")
    breaks: Annotated[tuple[float, ...], AfterValidator(rising)] = Field(
        min_length=3, max_length=8, description="class bounds from 0 to 1: [0, .05, .1, .2, .3, .5, 1]"
    )
    extent: Annotated[tuple[float, ...], AfterValidator(box)] | None = Field(
        default=None, description="west, south, east and north of the maps, in degrees"
    )
    maps: tuple[Literal["communities", "districts", "plans", "clusters"], ...] = Field(
        default=("communities",), description="further maps: 'communities', 'districts', 'plans' or 'clusters'"
    )
    languages: tuple[Tongue, ...] = Field(
        default=("en",), min_length=1, description="languages of the packet, the main one first: ['en', 'vi']"
    )
    written_in: Tongue = Field(default="en", description="language of your own words in this file, such as 'en'")
    rules: Rules = Field(default=Rules(), description="a table [rules]")
    units: UnitsFrom = Field(description="where the counts come from: a table [units] with source = …")
    plans: tuple[PlanFrom, ...] = Field(min_length=1, description="at least one table [[plans]] with path = …")
    communities: tuple[CommunityFrom, ...] = Field(default=(), description="tables [[communities]] with file = …")
    submissions: File | None = Field(
        default=None, description="file of what many people sent in, for a map 'consensus', or 'sample:submissions'"
    )
    voters: VotersFrom | None = Field(default=None, description="a table [voters] for 'ladder' and 'gap'")
    returns: ReturnsFrom | None = Field(default=None, description="a table [returns] for 'precincts' and 'forest'")
    claims: tuple[ClaimFrom, ...] = Field(default=(), description="tables [[claims]] with kind = …")
    words: Words = Field(default=Words(), description="a table [words]")
    translations: dict[Tongue, Translated] = Field(
        default={}, description="tables [translations.<language>] with your own words in it"
    )
    exhibits: tuple[ExhibitFrom, ...] = Field(default=(), description="tables [[exhibits]] with map = …")
    build: Build = Field(default=Build(), description="a table [build]")
    _file: Path = PrivateAttr(Path("hearing.toml"))

    @model_validator(mode="before")
    @classmethod
    def _of_lists(cls, data: Any) -> Any:
        """Take the lists of a TOML file."""
        return _frozen(data)

    @model_validator(mode="after")
    def _together(self) -> Self:
        """Check what one key cannot tell alone."""
        roles = [plan.role for plan in self.plans]
        faults = [
            f"plans: {roles.count(one)} plans have the role {one!r}; one may"
            for one in ("before", "after")
            if roles.count(one) > 1
        ]
        if ("before" in roles) != ("after" in roles):
            faults.append("plans: a comparison needs one plan with the role 'before' and one with 'after'")
        if not self.communities and any(one.map == "communities" for one in self.exhibits):
            faults.append("exhibits: a map 'communities' needs [[communities]]")
        if self.submissions is None and any(one.map == "consensus" for one in self.exhibits):
            faults.append("exhibits: a map 'consensus' needs submissions = '…', the file of what people sent in")
        faults += lacking_votes(self.exhibits, self.voters, self.returns, units=self.units.source)
        names = [plan.name for plan in self.plans if plan.name]
        faults += [f"plans: the name {one!r} stands twice" for one in dict.fromkeys(names) if names.count(one) > 1]
        twice = [one for one in dict.fromkeys(self.languages) if self.languages.count(one) > 1]
        faults += [f"languages: {one!r} stands twice" for one in twice]
        spare = [code for code in self.translations if code not in self.languages]
        faults += [f"translations.{code}: {code!r} is none of languages" for code in spare]
        if faults:
            raise ValueError("\n".join(faults))
        return self

    @property
    def file(self) -> Path:
        """The file it was read from.

        Returns
        -------
        pathlib.Path
            Absolute.
        """
        return self._file

    def path_of(self, word: str) -> Path:
        """Give the path that a word in the file names.

        Parameters
        ----------
        word : str
            As it stands in the file.

        Returns
        -------
        pathlib.Path
            Relative paths are relative to the file.
        """
        return self._file.parent / Path(word).expanduser()

    @property
    def moment(self) -> datetime:
        """The time that is written into files.

        Returns
        -------
        datetime.datetime
            ``build.epoch``, else the hearing's date, at midnight UTC.
        """
        if self.build.epoch is not None:
            return datetime.fromtimestamp(self.build.epoch, tz=UTC)
        return datetime(self.date.year, self.date.month, self.date.day, tzinfo=UTC)

    def model_post_init(self, context: Any) -> None:
        """Remember the file.

        Parameters
        ----------
        context : dict or None
            With ``file`` where one was read.
        """
        if context and "file" in context:
            self._file = context["file"]


def load_hearing(path: str | os.PathLike[str]) -> Hearing:
    """Read a hearing file and check all of it.

    Parameters
    ----------
    path : path-like
        ``hearing.toml``, or a folder that holds one.

    Returns
    -------
    Hearing
        Frozen; paths in it are relative to the file.

    Raises
    ------
    InputError
        There is no such file, it is no TOML, or something in it is missing,
        misspelt or impossible; one message tells all faults, one a line.
    """
    file = Path(path).expanduser()
    file = (file / "hearing.toml" if file.is_dir() else file).absolute()
    if not file.is_file():
        raise InputError(f"there is no file {file.name!r} here; write one with `kit new hearing`.")
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"{file.name} cannot be read as TOML: {error}. Text stands in quotes, dates and numbers without."
        ) from None
    try:
        return Hearing.model_validate(data, context=_context(data, file))
    except ValidationError as error:
        raise InputError(one_message(error, Hearing, file.name)) from None


def _context(data: dict[str, Any], file: Path) -> dict[str, Any]:
    """Give the parts of the file that other parts are checked against, as far as they can be read."""
    found: dict[str, Any] = {"file": file, "folder": file.parent}
    rules, plans = data.get("rules"), data.get("plans")
    forbidden = rules.get("forbidden") if isinstance(rules, dict) else None
    found["forbidden"] = [word for word in forbidden if isinstance(word, str)] if isinstance(forbidden, list) else []
    for one, many in (("group", "groups"), ("base", "bases")):
        given = data.get(many)
        found[one] = given[0] if isinstance(given, list) and given and isinstance(given[0], str) else ""
    tables = [plan for plan in plans if isinstance(plan, dict)] if isinstance(plans, list) else []
    named = [plan.get(key) for key in ("role", "name") for plan in tables]
    found["plans"] = [word for word in dict.fromkeys(named) if isinstance(word, str)]
    return found


def _frozen(value: Any) -> Any:
    """Turn lists into tuples, all the way down."""
    if isinstance(value, dict):
        return {key: _frozen(inner) for key, inner in value.items()}
    return tuple(_frozen(inner) for inner in value) if isinstance(value, list) else value
