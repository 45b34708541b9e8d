"""Reading what a hearing file names: units, plans and communities, placed; with one account of all that is missing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kit.errors import Corrupt, CRSError, InputError, KitError
from kit.hearing_file import Hearing
from kit.hearing_keys import SAMPLE, PlanFrom
from kit.hearing_lacking import LAW, has_polygons, lacking_plans, lacking_units
from kit.hearing_sources import read_submissions, sample_of, table_of
from kit.hearing_votes import Votes, read_votes
from kit.i18n.messages import Message, retold, say
from kit.model.communities import Communities
from kit.model.frames import Placement, Plan, Source, Units
from kit.model.submissions import Submissions
from kit.model.verdict import Verdict

# Letters of a plan's name in the names of files.
_SLUG = 32


@dataclass(frozen=True)
class PlanRead:
    """One plan of a hearing, with the units placed in it.

    Parameters
    ----------
    number : int
        Place in the file, from 1.
    role : str
        ``before``, ``after`` or ``other``.
    placement : Placement
        Units in districts.
    """

    number: int
    role: str
    placement: Placement

    @property
    def plan(self) -> Plan:
        """The plan.

        Returns
        -------
        Plan
            As placed.
        """
        return self.placement.plan

    @property
    def slug(self) -> str:
        """A name for files.

        Returns
        -------
        str
            Number and name, in small letters, digits and hyphens.
        """
        words = [word for word in re.split(r"[^a-z0-9]+", self.plan.name.lower()) if word]
        kept = [word for number, word in enumerate(words) if len("-".join(words[: number + 1])) <= _SLUG]
        return "_".join(["plan", str(self.number), *(["-".join(kept)] if kept else [])])

    @property
    def is_law(self) -> bool:
        """Whether the plan is in force.

        Returns
        -------
        bool
            True for enacted and adopted plans.
        """
        return self.plan.status in LAW


@dataclass(frozen=True)
class HearingData:
    """Everything a hearing file names, read.

    Parameters
    ----------
    units : Units
        Census units with counts and polygons.
    plans : tuple of PlanRead
        In the order of the file.
    communities : Communities or None
        Named areas of all files, as units.
    shapes : geopandas.GeoDataFrame or None
        Their polygons, with names in ``name``.
    submissions : Submissions or None
        What many people sent in.
    votes : Votes
        Counts of voters and returns, as far as exhibits show them.
    """

    units: Units
    plans: tuple[PlanRead, ...]
    communities: Communities | None = None
    shapes: Any = None
    submissions: Submissions | None = None
    votes: Votes = field(default_factory=Votes)

    def of(self, word: str) -> PlanRead | None:
        """Find a plan by role or name.

        Parameters
        ----------
        word : str
            ``before``, ``after``, or a name.

        Returns
        -------
        PlanRead or None
            The first that fits.
        """
        return next((one for one in self.plans if word in {one.role, one.plan.name}), None)

    def told(self, verdict: Verdict) -> str:
        """Write what may be said, with the plan it is about where there are several.

        Parameters
        ----------
        verdict : Verdict
            Carried or weaker.

        Returns
        -------
        str
            One sentence.
        """
        told = retold(verdict.statement)
        if len(self.plans) < 2 or len(verdict.tables) == 2 or not verdict.plan or verdict.plan in told:
            return told
        if getattr(told, "language", "en") == "en":
            told = Message(f"{told[:1].lower() if told[1:2].islower() else told[:1]}{told[1:]}")
        return say("Under {plan}: {statement}", plan=verdict.plan, statement=told)

    @property
    def main(self) -> PlanRead:
        """The plan that the testimony is about.

        Returns
        -------
        PlanRead
            The plan after, else the first.
        """
        return self.of("after") or self.plans[0]

    @property
    def sources(self) -> tuple[Source, ...]:
        """Sources of everything read.

        Returns
        -------
        tuple of Source
            Each once.
        """
        every = [s for one in self.plans for s in one.placement.sources]
        more = self.communities.sources if self.communities else ()
        sent = self.submissions.sources if self.submissions else ()
        return tuple(dict.fromkeys([*every, *more, *sent, *self.votes.sources]))


def read_data(hearing: Hearing) -> HearingData:
    """Read and place everything a hearing file names.

    Parameters
    ----------
    hearing : Hearing
        The file.

    Returns
    -------
    HearingData
        Units, plans and communities.

    Raises
    ------
    InputError
        Something a packet must have is missing; one message names all of it.
    KitError
        A file cannot be read, or people lie in no district.
    """
    units = _units(hearing)
    plans = [_plan(hearing, one, units) for one in hearing.plans]
    faults = [*lacking_units(hearing, units), *lacking_plans(hearing, plans)]
    if faults:
        many = len(faults)
        told = "\n".join(f"- {fault}" for fault in faults)
        raise InputError(
            f"the packet cannot be made: {many} thing{'s' * (many > 1)} {'are' if many > 1 else 'is'} missing:\n{told}"
        )
    pairs = zip(hearing.plans, plans, strict=True)
    placed = tuple(_placed(number, one, plan, units) for number, (one, plan) in enumerate(pairs, 1))
    communities, shapes = _communities(hearing, units)
    votes = read_votes(hearing, units, [one.placement for one in placed])
    return HearingData(units, placed, communities, shapes, read_submissions(hearing), votes)


def _units(hearing: Hearing) -> Units:
    """Read the units."""
    given = hearing.units
    if given.kind == "sample":
        return sample_of(given.source).units
    if given.kind in {"state", "raw"}:
        from kit.sources.pl94171 import read_pl94171

        place = given.source if given.kind == "state" else str(given.state)
        file = None if given.kind == "state" else hearing.path_of(given.source)
        units = read_pl94171(place, year=int(given.year or 0), level=str(given.level), source=file)
    else:
        units = table_of(hearing, given, "units")
    if given.shapes is not None:
        return _with_shapes(hearing, units)
    if given.kind == "state" and not has_polygons(units):
        from kit.sources.tiger import read_boundaries

        return units.with_geometry(read_boundaries(str(given.level), given.source, year=int(given.year or 0)))
    return units


def _with_shapes(hearing: Hearing, units: Units) -> Units:
    """Join polygons from a file."""
    path = hearing.path_of(str(hearing.units.shapes))
    shapes = _read_layer(path, "units.shapes")
    if shapes.crs is None and hearing.units.crs:
        shapes = shapes.set_crs(hearing.units.crs)
    named = (hearing.units.id, "GEOID", "GEOID20", "GEOID10")
    key = next((name for name in named if name in shapes.columns), None)
    if key is None:
        raise InputError(f"units.shapes: {path.name} has no column {hearing.units.id!r} or GEOID to join on.")
    source = Source(f"Boundaries, {path.name}", where=path.name)
    return units.with_geometry(shapes, id=key, source=source)


def _plan(hearing: Hearing, given: PlanFrom, units: Units) -> Plan:
    """Read a plan, and say of it what the hearing file says."""
    if given.path.startswith(SAMPLE):
        plans = sample_of(hearing.units.source).plans if hearing.units.kind == "sample" else {}
        key = given.path.removeprefix(SAMPLE)
        if key not in plans:
            known = ", ".join(SAMPLE + name for name in plans) or "none, since units.source names no sample"
            raise InputError(f"plans: the sample has no plan {given.path!r}; its plans are {known}.")
        plan = plans[key]
    else:
        from kit.sources.plans import read_plan

        path = hearing.path_of(given.path)
        plan = read_plan(path, id=given.id, name=given.name, crs=given.crs, units=units, layer=given.layer)
    return replace(
        plan,
        name=given.name or plan.name,
        status=given.status or plan.status,
        adopted=given.adopted.isoformat() if given.adopted else plan.adopted,
        jurisdiction=given.jurisdiction or plan.jurisdiction or hearing.jurisdiction,
    )


def _placed(number: int, given: PlanFrom, plan: Plan, units: Units) -> PlanRead:
    """Place the units in a plan; an error says which plan it is about."""
    from kit.analysis.placement import place

    try:
        return PlanRead(number, given.role, place(units, plan, outside=given.outside))
    except KitError as error:
        raise type(error)(f"plans[{number - 1}]: {error}") from None


def _communities(hearing: Hearing, units: Units) -> tuple[Communities | None, Any]:
    """Read the areas of all files, each name once."""
    if not hearing.communities:
        return None, None
    import pandas as pd

    from kit.analysis.community_shapes import communities_of

    layers, sources = [], []
    for number, given in enumerate(hearing.communities):
        layer, source = _layer(hearing, number)
        if given.name not in layer.columns:
            have = ", ".join(str(name) for name in layer.columns if name != layer.geometry.name)
            raise InputError(f"communities[{number}].name: {given.file} has no column {given.name!r}; it has {have}.")
        kept = layer[[given.name, layer.geometry.name]].set_axis(["name", "geometry"], axis=1).set_geometry("geometry")
        layers.append(kept.to_crs("EPSG:4326"))
        sources.append(source)
    shapes = pd.concat(layers, ignore_index=True)
    found = communities_of(shapes, units, name="name")
    return replace(found, sources=tuple(sources)), shapes


def _layer(hearing: Hearing, number: int) -> tuple[Any, Source]:
    """Read one file of areas, and say where it came from."""
    from kit.files import sha256

    given = hearing.communities[number]
    if given.file.startswith(SAMPLE):
        if hearing.units.kind != "sample":
            raise InputError(f"communities[{number}].file: {given.file!r} needs units of a sample.")
        sample = sample_of(hearing.units.source)
        title = given.title or f"example communities of the sample {sample.name}, hand-drawn"
        source = Source(title, publisher=given.publisher or "this project", license="MIT", sample=True)
        return sample.communities, source
    path = hearing.path_of(given.file)
    digest = sha256(path) if path.is_file() else ""
    title = given.title or f"Communities, {Path(path).name}"
    source = Source(title, publisher=given.publisher, where=path.name, sha256=digest)
    key = f"communities[{number}].file"
    layer = _read_layer(path, key)
    if layer.crs is None:
        raise CRSError(
            f"{key}: {path.name} does not say its coordinates. Save it as GeoJSON, in longitude and latitude."
        )
    return layer, source


def _read_layer(path: Path, key: str) -> Any:
    """Read a file of shapes, or say what it is instead."""
    import geopandas as gpd
    from pyogrio.errors import DataSourceError

    try:
        layer = gpd.read_file(path, engine="pyogrio")
    except DataSourceError:
        raise Corrupt(
            f"{key}: {path.name} cannot be read as a layer of shapes; is it cut off, or another kind?"
        ) from None
    if not isinstance(layer, gpd.GeoDataFrame):
        raise InputError(f"{key}: {path.name} is a table without shapes.")
    return layer
