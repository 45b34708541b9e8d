"""The tables of a hearing file: rules, units, plans, communities, claims, words and build."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812 — `date` is a key of the file
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationInfo,
    model_validator,
)

from kit.errors import InputError
from kit.hearing_faults import box, forbidden_words, known_base, known_group, known_language
from kit.i18n.messages import mark
from kit.model.claims import Claim

SAMPLE = "sample:"
THANKS = mark("Thank you.")
PLAN_FORMATS = {"csv": ".csv", "geojson": ".geojson", "gpkg": ".gpkg", "kml": ".kml", "shapefile": ".zip"}
"""Formats that a plan is written in, and the suffix of each."""


def _there(word: str, info: ValidationInfo) -> str:
    """Refuse a file that is not there."""
    if word.startswith(SAMPLE):
        return word
    folder = (info.context or {}).get("folder", Path())
    if not (folder / Path(word).expanduser()).exists():
        raise ValueError(f"file not found: {word!r}; paths are relative to the hearing file")
    return word


def _origin(word: str, info: ValidationInfo) -> str:
    """Refuse a source that is no sample, no State and no file."""
    if word.startswith(SAMPLE):
        from kit.samples import SAMPLES

        if word.removeprefix(SAMPLE) not in SAMPLES:
            raise ValueError(
                f"no sample is called {word!r}; samples are {', '.join(SAMPLE + name for name in SAMPLES)}"
            )
        return word
    return word if _is_state(word) else _there(word, info)


def _given(word: str, info: ValidationInfo) -> str:
    """Refuse a source that is no sample and no file."""
    return _origin(word, info) if word.startswith(SAMPLE) else _there(word, info)


def _is_state(word: str) -> bool:
    """Tell whether a word names a State."""
    from kit.model.geoid import state

    try:
        return bool(state(word))
    except InputError:
        return False


def _allowed(text: str, info: ValidationInfo) -> str:
    """Refuse words that the hearing body does not want to hear."""
    found = forbidden_words(text, (info.context or {}).get("forbidden", ()))
    if found:
        raise ValueError(f"says {', '.join(map(repr, found))}, which rules.forbidden rules out at this hearing")
    return " ".join(text.split())


def one_sentence(text: str) -> str:
    """Refuse an ask of several sentences.

    Parameters
    ----------
    text : str
        What is asked for.

    Returns
    -------
    str
        The same.

    Raises
    ------
    ValueError
        It has more than one sentence.
    """
    if any(mark in text.rstrip(".!? ") for mark in (". ", "! ", "? ")):
        raise ValueError("has more than one sentence; ask for one thing, in one")
    return text


Kind = Literal[
    "share", "districts", "compare", "change", "communities", "consensus", "dots", "zoom", "plans", "clusters",
    "ladder", "gap", "precincts", "forest",
]  # fmt: skip
"""Kinds of maps and charts that can be exhibits."""
Rate = Literal["registration", "turnout_registered", "turnout_cvap", "turnout_vap"]
_RETURNS = ("plan", "group", "base", "extent")
# Keys that a map has and these have not: [voters] and [returns] say it for them.
_WITHOUT = {
    "ladder": ("group", "base", "extent"), "gap": ("group", "base"), "precincts": _RETURNS, "forest": _RETURNS
}  # fmt: skip
File = Annotated[str, Field(min_length=1), AfterValidator(_there)]
Given = Annotated[str, Field(min_length=1), AfterValidator(_given)]
Origin = Annotated[str, Field(min_length=1), AfterValidator(_origin)]
Line = Annotated[str, Field(min_length=1), AfterValidator(_allowed)]
Text = Annotated[str, AfterValidator(_allowed)]
Group = Annotated[str, AfterValidator(known_group)]
Base = Annotated[str, AfterValidator(known_base)]
Tongue = Annotated[str, AfterValidator(known_language)]


class Part(BaseModel):
    """What all parts of the file have in common."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Rules(Part):
    """What the hearing body asks for: time, formats, limits, criteria, deadlines and words to leave out."""

    speaking_minutes: float = Field(default=2.0, gt=0, le=120, description="minutes that a speaker has, such as 2")
    words_per_minute: int = Field(
        default=130, ge=60, le=260, description="words that the speaker says in a minute, 60 to 260"
    )
    file_formats: tuple[
        Literal["pdf", "docx", "html", "txt", "png", "svg", "csv", "geojson", "gpkg", "kml", "shapefile"], ...
    ] = Field(default=("pdf",), description="formats that the body takes, such as ['pdf', 'shapefile']")
    upload_limit_mb: float | None = Field(default=None, gt=0, description="largest upload in megabytes, such as 25")
    paces: dict[Tongue, Annotated[int, Field(ge=30, le=900)]] = Field(
        default={}, description="language → your own pace in it, such as vi = 200: syllables, letters or words a minute"
    )
    criteria: tuple[str, ...] = Field(default=(), description="the body's criteria, the first in rank first")
    deadlines: dict[str, Date] = Field(
        default={}, description="deadline → date, such as 'written testimony' = 2026-12-01"
    )
    forbidden: tuple[str, ...] = Field(default=(), description="words that must not be said, such as names of parties")


class UnitsFrom(Part):
    """Where the counts come from: a sample, a file, or a State's published file."""

    source: Origin = Field(description="'sample:los_angeles_2010', a file, or a State such as 'HI'")
    level: str | None = Field(default=None, description="level of the units, such as 'block' or 'tract'")
    year: int | None = Field(default=None, ge=1990, le=2100, description="census year of the counts, such as 2020")
    id: str = Field(default="GEOID", description="column of GEOIDs in the table")
    columns: dict[str, str] = Field(default={}, description="column of the file → the kit's, such as POP = 'total_pop'")
    shapes: File | None = Field(default=None, description="file of polygons of the units, joined on by GEOID")
    state: str | None = Field(default=None, description="State of raw P.L. 94-171 files, such as 'HI'")
    crs: str | None = Field(default=None, description="coordinates of shapes that do not say them, such as 'EPSG:4269'")
    title: str | None = Field(default=None, description="what the table is called in captions")
    publisher: str | None = Field(default=None, description="who published the table")
    adjusted: str = Field(default="", description="how counts were changed after publication, in a few words")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        """Ask for what the kind of source needs."""
        if self.shapes is not None and self.shapes.startswith(SAMPLE):
            raise ValueError("shapes is a file of polygons; samples have their own")
        if self.source.startswith(SAMPLE):
            return self
        needed: dict[str, object] = {"year": self.year}
        if self.kind != "table":
            needed["level"] = self.level
        lacking = [name for name, value in needed.items() if value is None]
        if lacking:
            raise ValueError(f"{' and '.join(lacking)} must be said for {self.source!r}")
        return self

    @property
    def kind(self) -> str:
        """What kind of source it is.

        Returns
        -------
        str
            ``sample``, ``state``, ``raw`` (P.L. 94-171 files) or ``table``.
        """
        if self.source.startswith(SAMPLE):
            return "sample"
        return "state" if _is_state(self.source) else "raw" if self.state else "table"


class PlanFrom(Part):
    """One plan, and its place in the comparison."""

    path: File = Field(description="the plan's file or folder, or 'sample:a'")
    name: str | None = Field(default=None, min_length=1, description="title of the plan; else the file's own")
    role: Literal["before", "after", "other"] = Field(default="other", description="'before', 'after' or 'other'")
    id: str | None = Field(default=None, description="column of district labels")
    layer: str | None = Field(default=None, description="layer of a file that holds several")
    crs: str | None = Field(
        default=None, description="coordinates of a file that does not say them, such as 'EPSG:4269'"
    )
    status: Literal["enacted", "adopted", "proposed", "draft", "illustrative"] | None = Field(
        default=None, description="'enacted', 'adopted', 'proposed', 'draft' or 'illustrative'"
    )
    adopted: Date | None = Field(default=None, description="date of adoption, such as 2022-06-03, without quotes")
    jurisdiction: str | None = Field(default=None, min_length=1, description="whose plan it is; else the hearing's")
    outside: Literal["error", "report"] = Field(
        default="error", description="people in no district: 'error' or 'report'"
    )


class CommunityFrom(Part):
    """A file of areas that people named."""

    file: File = Field(description="file of polygons, or 'sample:communities'")
    name: str = Field(default="name", min_length=1, description="column of names")
    title: str = Field(default="", description="what the layer is called in captions")
    publisher: str = Field(default="", description="who drew it")


class ClaimFrom(Part):
    """One thing somebody wants to say; it is printed as far as the numbers carry it."""

    kind: str = Field(description="one of the kinds of kit.Claim, such as 'largest' or 'split_into'")
    plan: str | None = Field(default=None, description="name or role of the plan it is about; else the plan after")
    group: str | None = Field(default=None, description="definition id; else the first of groups")
    base: str | None = Field(default=None, description="universe id; else the first of bases")
    district: str | None = Field(default=None, description="label of the district, in quotes, such as '7'")
    direction: str | None = Field(default=None, description="'more', 'at_least', 'less', 'at_most' or 'is'")
    threshold: float | None = Field(default=None, description="a fraction between 0 and 1")
    value: float | None = Field(default=None, description="a fraction between 0 and 1")
    other: str | None = Field(default=None, description="label of the district to compare with")
    among: tuple[str, ...] = Field(default=(), description="groups to compare with")
    of: str = Field(default="share", description="'share' or 'people'")
    area: str | None = Field(default=None, description="name of a community")
    n: int | None = Field(default=None, description="how many districts, or people at least")
    spoken: bool = Field(default=True, description="true when it is to be said aloud")
    _claim: Claim | None = PrivateAttr(None)

    @model_validator(mode="after")
    def _checked(self, info: ValidationInfo) -> Self:
        """Make the claim, so that its faults are told with the others."""
        given = info.context or {}
        group, base = self.group or given.get("group", ""), self.base or given.get("base", "")
        parts = self.model_dump(exclude={"plan", "group", "base", "spoken", "direction"})
        usual = {"split_into": "is", "loses": "less"}.get(self.kind, "more")
        natural = "is" if self.kind == "share" and self.value is not None else usual
        if self.kind == "majority":
            if self.threshold is not None:
                raise ValueError("a majority is more than half; use kind = 'share' for another threshold")
            parts["threshold"] = 0.5
        self._claim = Claim(group=group, base=base, direction=self.direction or natural, **parts)
        plans = given.get("plans")
        if plans is not None and self.plan is not None and self.plan not in plans:
            known = ", ".join(map(repr, plans)) or "none"
            raise ValueError(f"plan {self.plan!r} is none of the plans here: {known}")
        if plans is not None and self.paired and not {"before", "after"} <= set(plans):
            raise ValueError(f"a claim of the kind {self.kind!r} needs a plan with the role 'before' and one 'after'")
        return self

    @property
    def paired(self) -> bool:
        """Whether it is about two plans.

        Returns
        -------
        bool
            True for ``grew``, ``loses`` and ``gains``.
        """
        return self.kind in {"grew", "loses", "gains"}

    def claim(self) -> Claim:
        """Give the claim to check.

        Returns
        -------
        Claim
            With the group and the base of the file where none was said.
        """
        return self._claim or Claim(group=self.group or "", base=self.base or "", kind=self.kind)


class Words(Part):
    """The speaker's own words."""

    introduction: Text = Field(default="", description="who you are, in a sentence or two")
    community: Text = Field(
        default="", description="the community: where it is, what it shares, who its neighbours are"
    )
    effect: Text = Field(default="", description="what the plan does to it, in your own words")
    closing: Text = Field(default=THANKS, description="the last words")


class Translated(Part):
    """The speaker's own words in another language; nothing of them is translated by the kit."""

    ask: Annotated[Text, AfterValidator(one_sentence)] = Field(default="", description="the ask, in one sentence")
    introduction: Text = Field(default="", description="who you are, in that language")
    community: Text = Field(default="", description="the community, in that language")
    effect: Text = Field(default="", description="what the plan does to it, in that language")
    closing: Text = Field(default="", description="the last words, in that language")
    criteria: tuple[str, ...] = Field(default=(), description="the body's criteria, in that language")
    body: Text = Field(default="", description="what the body is called in that language")
    place: Text = Field(default="", description="the place, in that language")
    organisation: Text = Field(default="", description="who the speaker stands for, in that language")
    jurisdiction: Text = Field(default="", description="whose districts are drawn, in that language")


class ExhibitFrom(Part):
    """One exhibit that the file asks for."""

    map: Kind = Field(description=f"kind of map or chart: {', '.join(map(repr, get_args(Kind)))}")
    plan: str | None = Field(default=None, description="name or role of the plan; else the plan after, or the only one")
    group: Group | None = Field(default=None, description="definition id; else the first of groups")
    base: Base | None = Field(default=None, description="universe id; else the first of bases")
    title: Annotated[Text, Field(max_length=140)] = Field(
        default="", description="your own claim in at most 140 characters; else a checked one"
    )
    titles: dict[Tongue, Text] = Field(default={}, description="language → the title in it, such as vi = '…'")
    districts: tuple[str, ...] = Field(default=(), description="labels of districts to look at closely, for 'zoom'")
    extent: Annotated[tuple[float, ...], AfterValidator(box)] | None = Field(
        default=None, description="west, south, east and north of this map, in degrees"
    )
    rate: Rate | None = Field(
        default=None, description="rate of a 'gap', such as 'turnout_cvap'; else 'turnout_registered'"
    )
    gap_breaks: tuple[Annotated[float, Field(gt=0, le=1)], ...] = Field(
        default=(), max_length=3, description="bounds of a 'gap', used on both sides of zero, such as [0.02, 0.05, 0.1]"
    )

    @model_validator(mode="after")
    def _complete(self, info: ValidationInfo) -> Self:
        """Ask for what the kind of map needs."""
        plans = (info.context or {}).get("plans")
        self._of_voters()
        if self.map == "zoom" and not self.districts and self.extent is None:
            raise ValueError("a 'zoom' needs districts = […] or extent = […]")
        if self.districts and self.map != "zoom":
            raise ValueError(f"districts is for 'zoom', not for {self.map!r}")
        if plans is not None and self.plan is not None and self.plan not in plans:
            known = ", ".join(map(repr, plans)) or "none"
            raise ValueError(f"plan {self.plan!r} is none of the plans here: {known}")
        if plans is not None and self.map in {"compare", "change"} and not {"before", "after"} <= set(plans):
            raise ValueError(f"a map {self.map!r} needs a plan with the role 'before' and one 'after'")
        return self

    def _of_voters(self) -> None:
        """Ask for what an exhibit of voters needs, and refuse what it does not use."""
        if self.map == "gap" and not self.gap_breaks:
            raise ValueError("a 'gap' needs gap_breaks = […], such as [0.02, 0.05, 0.1]")
        if list(self.gap_breaks) != sorted(set(self.gap_breaks)):
            raise ValueError("gap_breaks rise from above 0")
        alone = [name for name in ("rate", "gap_breaks") if self.map != "gap" and getattr(self, name)]
        if alone:
            raise ValueError(f"{alone[0]} is for 'gap', not for {self.map!r}")
        spare = [name for name in _WITHOUT.get(self.map, ()) if getattr(self, name) is not None]
        if spare:
            table = "returns" if self.map in {"precincts", "forest"} else "voters"
            raise ValueError(
                f"{' and '.join(spare)} cannot be chosen for {self.map!r}, which shows what [{table}] says"
            )


class Build(Part):
    """What makes the same inputs give the same bytes."""

    epoch: int | None = Field(
        default=None, ge=0, description="seconds since 1970 written into files; else the hearing's date"
    )
    seed: int = Field(default=20_260_701, ge=0, description="start of every random choice")
