"""A community as its residents tell it: what they share, where it is, what they ask for, and who may see it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from kit.errors import InputError
from kit.i18n.messages import mark
from kit.model.community_area import DrawnArea, ListedArea

AUDIENCES = (mark("public"), mark("commission"), mark("internal"))
"""Who is to see something: everyone, the body that holds the hearing, or only those who collect."""

CONSENTS: dict[str, tuple[str, ...]] = {
    "public": AUDIENCES,
    "commission": AUDIENCES[1:],
    "private": AUDIENCES[2:],
}
"""What the people who told of a community allow, and which audiences that covers."""

# What no format can carry: control characters, halves of characters, and two that XML forbids.
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def fit_text(text: str) -> str:
    """Refuse text that no file format can carry, and write line ends in one way.

    Parameters
    ----------
    text : str
        Anything people write.

    Returns
    -------
    str
        The same, with one line feed for every line end.

    Raises
    ------
    ValueError
        It holds control characters.
    """
    if UNFIT.search(text):
        raise ValueError("it holds control characters, which no map file can carry; type the text again.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _named(text: str) -> str:
    """Refuse a name of several lines or none."""
    plain = " ".join(fit_text(text).split())
    if not plain:
        raise ValueError("it is empty.")
    return plain


Text = Annotated[str, AfterValidator(fit_text)]
Name = Annotated[str, AfterValidator(_named), Field(max_length=1000)]


class _Part(BaseModel):
    """What is frozen and knows its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def __init__(self, **data: Any) -> None:
        """Check everything, and tell all faults at once without repeating what was written."""
        try:
            super().__init__(**data)
        except ValidationError as error:
            told = "; ".join(dict.fromkeys(_fault(one) for one in error.errors(include_url=False, include_input=False)))
            raise InputError(f"this {type(self).__name__} cannot be kept: {told[:600]}") from None


def _fault(error: Any) -> str:
    """Say one fault with the field it is in."""
    words = str(error["msg"]).removeprefix("Value error, ").rstrip(".")
    where = ".".join(str(step) for step in error["loc"])
    inner = re.match(r"this \w+ cannot be kept: (?=\w+: )", words)
    if inner:
        return f"{where}.{words[inner.end() :]}"
    words = re.sub(r"this \w+ cannot be kept: ", "", words)
    return f"{where}: {words}" if where else words


class InCommon(_Part):
    """What residents share, each in their own words.

    Parameters
    ----------
    **data : dict
        ``culture``, ``language``, ``schools``, ``worship``, ``work``,
        ``services``, ``history`` and ``other``; each free text, empty where
        nothing was told.
    """

    culture: Text = ""
    language: Text = ""
    schools: Text = ""
    worship: Text = ""
    work: Text = ""
    services: Text = ""
    history: Text = ""
    other: Text = ""


class Ask(_Part):
    """One thing residents ask for.

    Parameters
    ----------
    **data : dict
        ``kind``: ``"keep_whole"``, ``"keep_with"``, ``"not_with"`` or
        ``"other"``; ``places``: names of the neighbours meant; ``words``: the
        ask as it was told.
    """

    kind: Literal["keep_whole", "keep_with", "not_with", "other"] = "keep_whole"
    places: tuple[Name, ...] = ()
    words: Text = ""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        """Say what is missing."""
        if self.kind in {"keep_with", "not_with"} and not self.places:
            raise ValueError(f"an ask of kind {self.kind!r} names at least one place.")
        if self.kind == "other" and not self.words.strip():
            raise ValueError("an ask of kind 'other' says in words what is asked for.")
        return self


class Landmark(_Part):
    """A place that everybody there knows.

    Parameters
    ----------
    **data : dict
        ``name``; ``note``; ``point``: longitude and latitude in degrees, or None.
    """

    name: Name
    note: Text = ""
    point: tuple[float, float] | None = None

    @field_validator("point")
    @classmethod
    def _on_earth(cls, value: tuple[float, float] | None) -> tuple[float, float] | None:
        """Refuse what is no place."""
        if value is not None and not (-180 <= value[0] <= 180 and -90 <= value[1] <= 90):
            raise ValueError("a point is longitude and latitude in degrees, longitude first.")
        return value


class Collected(_Part):
    """How a community was collected.

    Parameters
    ----------
    **data : dict
        ``how``: ``"drawn"``, ``"list"``, ``"paper"`` or ``"file"``;
        ``collector``: id of the volunteer or group, no name; ``file``: the
        file it came from; ``row``: its place in that file, from 1.
    """

    how: Literal["drawn", "list", "paper", "file"] = "drawn"
    collector: Text = ""
    file: Text = ""
    row: int | None = Field(default=None, ge=1)


def new_id(prefix: str = "c") -> str:
    """Make an id that says nothing about anybody.

    Parameters
    ----------
    prefix : str
        What it begins with.

    Returns
    -------
    str
        Such as ``"c-5f1c9a20d3b4"``.
    """
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


class Community(_Part):
    """A community as its residents tell it.

    Parameters
    ----------
    **data : dict
        ``name``; ``id``; ``submitter``: a pseudonym, never a name or address;
        ``in_common`` (`InCommon`); ``asks`` (of `Ask`); ``bounds``: streets
        and other lines around it; ``landmarks`` (of `Landmark`); ``languages``:
        spoken there; ``told_in``: language of the words themselves;
        ``consent``: ``"public"``, ``"commission"`` or ``"private"``;
        ``collected`` (`Collected`); ``area`` (`DrawnArea`, `ListedArea` or
        None); ``label``, ``types``, ``comments`` and ``extra``: what files of
        other tools say beside; ``draft``; ``version``, ``parent`` and ``made``
        (UTC).

    Notes
    -----
    Names, addresses, telephone numbers and e-mail addresses of people have no
    place here: they are kept by `kit.intake.contacts`, which nothing that
    writes, draws or prints may read. Unless people agree to more, a community
    is private.

    Examples
    --------
    >>> one = Community(name="Chinatown", asks=[{"kind": "keep_with", "places": ["Cathedral Place"]}])
    >>> one.consent, one.version, one.revised(consent="public").version
    ('private', 1, 2)
    """

    name: Name
    id: Name = Field(default_factory=new_id)
    submitter: Text = ""
    in_common: InCommon = InCommon()
    asks: tuple[Ask, ...] = ()
    bounds: tuple[Name, ...] = ()
    landmarks: tuple[Landmark, ...] = ()
    languages: tuple[Name, ...] = ()
    told_in: Text = ""
    consent: Literal["public", "commission", "private"] = "private"
    collected: Collected = Collected()
    area: DrawnArea | ListedArea | None = Field(default=None, discriminator="kind")
    label: Text = ""
    types: tuple[Text, ...] = ()
    comments: tuple[Text, ...] = ()
    extra: tuple[tuple[Text, Text], ...] = ()
    draft: bool = False
    version: int = Field(default=1, ge=1)
    parent: int | None = Field(default=None, ge=1)
    made: AwareDatetime = Field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    @field_validator("made")
    @classmethod
    def _in_utc(cls, value: datetime) -> datetime:
        """Keep every time in UTC."""
        return value.astimezone(UTC)

    @field_validator("extra", mode="before")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        """Take a mapping for pairs."""
        return tuple(value.items()) if isinstance(value, Mapping) else value

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        """Refuse a version that comes before its parent."""
        if self.parent is not None and self.parent >= self.version:
            raise ValueError(f"version {self.version} cannot come from version {self.parent}.")
        return self

    def revised(self, **changes: Any) -> Community:
        """Give the next version, with this one as its parent.

        Parameters
        ----------
        **changes : object
            Fields that change.

        Returns
        -------
        Community
            Checked as a whole; this one stays as it is.
        """
        kept = {name: getattr(self, name) for name in type(self).model_fields}
        number = {"version": self.version + 1, "parent": self.version, "made": datetime.now(UTC)}
        return Community(**{**kept, **number, **changes})

    def may_be_seen_by(self, audience: str) -> bool:
        """Tell whether consent covers an audience.

        Parameters
        ----------
        audience : {"public", "commission", "internal"}
            Who would see it.

        Returns
        -------
        bool
            True where it does.
        """
        return audience in CONSENTS[self.consent]

    def texts(self) -> dict[str, str]:
        """Give every text that people wrote, by the field it stands in.

        Returns
        -------
        dict of str to str
            Fields without text are left out.
        """
        found = {"name": self.name, "label": self.label, "told_in": self.told_in}
        found |= {f"in_common.{kind}": text for kind, text in self.in_common}
        for number, ask in enumerate(self.asks, 1):
            found[f"asks.{number}"] = "; ".join(filter(None, [", ".join(ask.places), ask.words]))
        for number, landmark in enumerate(self.landmarks, 1):
            found[f"landmarks.{number}"] = "; ".join(filter(None, [landmark.name, landmark.note]))
        for field in ("bounds", "languages", "types", "comments"):
            found |= {f"{field}.{number}": text for number, text in enumerate(getattr(self, field), 1)}
        found |= {f"extra.{key}": text for key, text in self.extra}
        return {field: text for field, text in found.items() if text.strip()}
