"""Mending what arrives: every submission is kept, mended, held back or set aside, and says why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.account import people_by_unit
from kit.analysis.mending_points import lonely
from kit.analysis.mending_shapes import alike, drawn_area, groups, mended, slivers
from kit.analysis.mending_words import A_LINE, A_POINT, NO_SHAPE, NOTHING, NOWHERE, summarise
from kit.analysis.overlay import shared_areas
from kit.errors import InputError, first_few
from kit.i18n.messages import say
from kit.model.community import Community
from kit.model.community_area import DrawnArea, ListedArea, UnitFinder
from kit.model.crs import GEOGRAPHIC, equal_area, require_crs
from kit.model.frames import Units
from kit.model.private_text import leads_to_people
from kit.model.shared import Shared
from kit.model.source import Source
from kit.model.submissions import Submissions
from kit.progress import meter

STATUSES = ("as drawn", "mended", "held back", "set aside")
"""What becomes of a submission; each has exactly one."""

# Equal-area for the whole earth, so that a shape that fell on the wrong continent is measured too.
_EARTH = "EPSG:6933"
_COVERED = 0.99


@dataclass(frozen=True)
class MendingRules:
    """What is flagged, held back and grouped.

    Parameters
    ----------
    near : float
        Two areas are near-copies where both cover at least this share of what they cover together.
    fewest_people : int
        Areas with fewer inhabitants are held back.
    smallest_m2 : float
        Areas with less surface, in square metres, are held back: so small is one parcel.
    fewest_at_point : int
        A landmark in a unit with fewer inhabitants, but with some, may be a home: its submission is held back.
    tiny_km2, whole_km2 : float
        Areas below and above are flagged, in square kilometres.
    whole_share : float
        Areas that cover at least this share of the units are flagged.
    """

    near: float = 0.9
    fewest_people: int = 50
    smallest_m2: float = 2_000.0
    fewest_at_point: int = 11
    tiny_km2: float = 0.05
    whole_km2: float = 10_000.0
    whole_share: float = 0.9


@dataclass(frozen=True)
class Mended:
    """What became of every submission.

    Parameters
    ----------
    kept : Submissions
        Those as drawn and those mended: fit for measures, maps and files.
    held : Submissions
        Those that could lead to somebody's home. Only a coordinator looks at
        them; `mend_communities` keeps those whose id is in ``release``.
    aside : Submissions
        Those without an area, with the reason in the report.
    report : pandas.DataFrame
        One row a submission, in order, by ``id``: ``submitter``, ``status``
        (one of `STATUSES`), ``reason``, ``marks``, ``area_km2``,
        ``drawn_km2`` (what the rings enclosed before mending),
        ``change_km2``, ``parts``, ``slivers``, ``people`` (missing where they
        cannot be counted), ``group`` (number of its group of near-copies, 0
        for none), ``copy_of`` (id of the first of the group) and ``likeness``
        (to the nearest of the group).
    rules : MendingRules
        What was asked for.
    notes : tuple of str
        What a reader must know, each with its count.
    """

    kept: Submissions
    held: Submissions
    aside: Submissions
    report: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor, not a default
    rules: MendingRules = MendingRules()
    notes: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """Sources of the submissions.

        Returns
        -------
        tuple of Source
            As they were read.
        """
        return self.kept.sources

    def __repr__(self) -> str:
        """Count them."""
        return f"Mended({len(self.kept):,} kept, {len(self.held):,} held back, {len(self.aside):,} set aside)"

    def summary(self) -> str:
        """Say in plain sentences what became of the submissions.

        Returns
        -------
        str
            How many were kept, mended, held back and set aside, and why.
        """
        return summarise(self)


def mend_communities(
    submissions: Submissions,
    *,
    units: Units | None = None,
    rules: MendingRules | None = None,
    release: Collection[str] = (),
) -> Mended:
    """Mend what arrives, and account for every submission.

    Parameters
    ----------
    submissions : Submissions
        As they were read.
    units : Units, optional
        Census units with shapes and counts, to count the people of an area.
    rules : MendingRules, optional
        What is flagged, held back and grouped.
    release : collection of str
        Ids of submissions that a person looked at and found safe.

    Returns
    -------
    Mended
        Kept, held back and set aside, with a report of one row each.

    Raises
    ------
    InputError
        A rule is out of range, or an id to release is unknown.

    Notes
    -----
    Nothing is dropped, and no word is changed. Rings that cross themselves are
    resolved so that what a line goes around stays inside. Near-copies are
    grouped, not removed: people may agree. A submission is held back where few
    people live in it, where it is as small as a parcel, or where its text holds
    an address, a telephone number, an e-mail address or speaks of a home. It
    may still reveal a person in ways no program sees: read before publishing.
    """
    ask = rules or MendingRules()
    _check(submissions, ask, release)
    order = list(submissions)
    rows, fixed = [], []
    with meter("Mending areas", len(order)) as bar:
        for one in order:
            made, row = _mend(one)
            fixed.append(made)
            rows.append(row)
            bar.advance(1)
    columns = ["submitter", "status", "reason", "marks"]
    report = pd.DataFrame(rows, columns=columns, index=pd.Index([one.id for one in order], dtype="str", name="id"))
    flat = _flat(fixed, report["status"])
    _measure(report, order, fixed, flat)
    covered = _count_people(report, fixed, units)
    _flag(report, ask, covered)
    _group(report, fixed, flat, ask)
    _hold(report, fixed, ask, release, lonely(fixed, units, ask.fewest_at_point))
    parts = {
        status: tuple(c for c, s in zip(fixed, report["status"], strict=True) if s == status) for status in STATUSES
    }
    kept = tuple(c for c, s in zip(fixed, report["status"], strict=True) if s in STATUSES[:2])
    notes: list[str] = [*submissions.notes]
    if units is None:
        notes.append(
            say("No units were given, so nobody was counted: small areas were held back by their surface alone.")
        )
    return Mended(
        replace(submissions, communities=kept),
        replace(submissions, communities=parts["held back"]),
        replace(submissions, communities=parts["set aside"]),
        report,
        ask,
        tuple(notes),
    )


def _check(submissions: Submissions, ask: MendingRules, release: Collection[str]) -> None:
    """Refuse rules that make no sense, and ids that nobody has."""
    if not 0.5 < ask.near <= 1:
        raise InputError(f"near is a share above 0.5 and up to 1; it is {ask.near!r}.")
    if ask.fewest_people < 1 or ask.smallest_m2 < 0:
        raise InputError("fewest_people is at least 1 and smallest_m2 at least 0.")
    if isinstance(release, str):
        raise InputError("release= is a list of ids; put the one id in brackets.")
    unknown = sorted(set(release) - {one.id for one in submissions})
    if unknown:
        raise InputError(f"release= names ids that no submission has: {first_few(unknown)}.")


def _mend(one: Community) -> tuple[Community, dict[str, Any]]:
    """Mend the area of one, and begin its row of the report."""
    import shapely

    row: dict[str, Any] = {"submitter": one.submitter, "status": STATUSES[0], "reason": "", "marks": ""}
    if one.area is None:
        fault = dict(one.extra).get("unread_shape")
        return one, {**row, "status": STATUSES[3], "reason": fault or NO_SHAPE}
    if not isinstance(one.area, DrawnArea):
        return one, row
    shape = one.area.shape
    sound, fault = _sound(shape)
    if fault:
        return one, {**row, "status": STATUSES[3], "reason": fault}
    if sound is shape:
        return one, row
    why = shapely.is_valid_reason(shape).partition("[")[0].strip().lower()
    told = "it held points or lines beside its area" if why == "valid geometry" else f"its rings were mended: {why}"
    fresh = {name: getattr(one, name) for name in type(one).model_fields} | {"area": DrawnArea(shape=sound)}
    return Community(**fresh), {**row, "status": STATUSES[1], "reason": told}


def _sound(shape: Any) -> tuple[Any, str]:
    """Mend a shape, or say why it is no area."""
    import shapely

    points = shapely.get_coordinates(shape)
    if not len(points) or not np.isfinite(points).all() or (np.abs(points) > (180.0, 90.0)).any():
        return None, NOWHERE
    if shapely.get_dimensions(shape) < 2:
        return None, A_POINT if shapely.get_dimensions(shape) == 0 else A_LINE
    sound = mended(shape)
    return (sound, "") if shapely.area(sound) > 0 else (None, NOTHING)


def _flat(fixed: list[Community], status: pd.Series) -> list[Any]:
    """Give the sound shapes in metres; None for lists and for what is set aside."""
    import geopandas as gpd

    shapes = [
        one.area.shape if isinstance(one.area, DrawnArea) and became != STATUSES[3] else None
        for one, became in zip(fixed, status, strict=True)
    ]
    projected = gpd.GeoSeries(shapes, crs=GEOGRAPHIC).to_crs(_EARTH)
    return [None if shape is None else mended(shape) for shape in projected]


def _measure(report: pd.DataFrame, order: list[Community], fixed: list[Community], flat: list[Any]) -> None:
    """Fill in surfaces, before and after."""
    import geopandas as gpd
    import shapely

    before = [
        one.area.shape if shape is not None and isinstance(one.area, DrawnArea) else None
        for one, shape in zip(order, flat, strict=True)
    ]
    raw = gpd.GeoSeries(before, crs=GEOGRAPHIC).to_crs(_EARTH)
    report["area_km2"] = [np.nan if s is None else shapely.area(s) / 1e6 for s in flat]
    report["drawn_km2"] = [np.nan if s is None else drawn_area(s) / 1e6 for s in raw]
    changed = np.array([a is not b for a, b in zip(order, fixed, strict=True)])
    report["change_km2"] = (report["area_km2"] - report["drawn_km2"]).where(changed, report["area_km2"] * 0)
    report["parts"] = pd.array([None if s is None else int(shapely.get_num_geometries(s)) for s in flat], dtype="Int64")
    report["slivers"] = pd.array([None if s is None else slivers(s) for s in flat], dtype="Int64")


def _count_people(report: pd.DataFrame, fixed: list[Community], units: Units | None) -> np.ndarray:
    """Count inhabitants where the units cover an area, and give the share of the units that each covers."""
    import geopandas as gpd

    report["people"] = np.nan
    covers = np.full(len(report), np.nan)
    if units is None:
        return covers
    people = people_by_unit(units).to_numpy(dtype="float64")
    found = report["people"].to_numpy().copy()
    drawn = [
        i for i, c in enumerate(fixed) if isinstance(c.area, DrawnArea) and report["status"].iloc[i] != STATUSES[3]
    ]
    finder = UnitFinder(units.frame.index)
    for i, one in enumerate(fixed):
        if isinstance(one.area, ListedArea) and _one_year(one.area.year, units.year) and finder.longest:
            if min(map(len, one.area.geoids)) > finder.longest:
                continue  # the units are coarser than the list, and nobody can be counted
            inside, absent = finder.find(one.area)
            found[i] = np.nan if absent else people[inside].sum()
    if drawn and units.geometry is not None:
        require_crs(units.geometry, what=f"the layer of {units.plural}")
        system = equal_area(units.geometry)
        ground = units.geometry.to_crs(system)
        areas = gpd.GeoSeries([fixed[i].area.shape for i in drawn], crs=GEOGRAPHIC).to_crs(system)  # type: ignore[union-attr]
        shares = shared_areas(ground, areas, doing="Counting people")
        surface = np.bincount(shares["order"], weights=shares["area"], minlength=len(drawn))
        number = np.bincount(shares["order"], weights=shares["share"] * people[shares["unit"]], minlength=len(drawn))
        held = surface >= _COVERED * areas.area.to_numpy()
        found[drawn] = np.where(held, number, np.nan)
        covers[drawn] = surface / ground.area.sum()
    report["people"] = found
    return covers


def _one_year(year: int | None, other: int | None) -> bool:
    """Tell whether two vintages can be one."""
    return year is None or other is None or year == other


def _flag(report: pd.DataFrame, ask: MendingRules, covers: np.ndarray) -> None:
    """Flag what a person should look at."""
    nearly = covers >= ask.whole_share
    marks = {
        "slivers": report["slivers"].gt(0).fillna(value=False),
        "tiny": report["area_km2"] < ask.tiny_km2,
        "nearly all of the units": pd.Series(nearly, index=report.index),
        f"larger than {ask.whole_km2:,.0f} km²": report["area_km2"] > ask.whole_km2,
    }
    table = pd.DataFrame(marks, index=report.index).to_numpy(dtype=bool)
    report["marks"] = ["; ".join(name for name, yes in zip(marks, row, strict=True) if yes) for row in table]


def _group(report: pd.DataFrame, fixed: list[Community], flat: list[Any], ask: MendingRules) -> None:
    """Put near-copies together."""
    lists = [frozenset(c.area.geoids) if c.area is not None and c.area.kind == "units" else None for c in fixed]
    pairs = alike(flat, lists, ask.near)
    number = groups(len(fixed), pairs)
    ids = report.index.to_numpy()
    first: dict[int, str] = {}
    copy_of = []
    for i, group in enumerate(number):
        copy_of.append(first.get(int(group), "") if group else "")
        if group:
            first.setdefault(int(group), str(ids[i]))
    likeness = np.full(len(fixed), np.nan)
    for one, other, iou in pairs.itertuples(index=False):
        likeness[int(one)] = np.fmax(likeness[int(one)], iou)
        likeness[int(other)] = np.fmax(likeness[int(other)], iou)
    report["group"], report["copy_of"], report["likeness"] = number, copy_of, likeness


def _hold(
    report: pd.DataFrame, fixed: list[Community], ask: MendingRules, release: Collection[str], points: dict[int, str]
) -> None:
    """Hold back what could lead to somebody's home; what is set aside stays there, and is looked at too."""
    status, reason = report["status"].tolist(), report["reason"].tolist()
    people, surface = report["people"].to_numpy(), report["area_km2"].to_numpy() * 1e6
    for i, one in enumerate(fixed):
        why = [*leads_to_people(one.texts()), *filter(None, [points.get(i)])]
        if people[i] < ask.fewest_people:
            why.append(f"{people[i]:,.0f} people live in it, fewer than {ask.fewest_people}")
        if surface[i] < ask.smallest_m2:
            why.append(f"it has {surface[i]:,.0f} m², less than {ask.smallest_m2:,.0f}")
        if why and one.id not in release and status[i] != STATUSES[3]:
            reason[i] = "; ".join(filter(None, [*why, reason[i]]))
            status[i] = STATUSES[2]
    report["status"], report["reason"] = status, reason
