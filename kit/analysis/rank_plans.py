"""Several plans in one table, in an order that is stated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis import rank_words
from kit.analysis.account import in_no_figure, people_column
from kit.analysis.communities import CommunitySplits, community_splits
from kit.analysis.compare import compare_plans
from kit.analysis.concentration import concentration
from kit.analysis.matching import same_units
from kit.errors import CoverageError, InputError, SchemaError, first_few
from kit.i18n.messages import mark, say, term
from kit.model.communities import KINDS, Communities
from kit.model.frames import Placement, Source
from kit.model.groups import base_of
from kit.model.sentences import goes_beyond, listed
from kit.model.shared import Shared
from kit.model.source import require_same_adjustment
from kit.model.tiers import TIERS
from kit.progress import meter

LOWEST_FIRST = (
    "population_range", "population_range_share", "unassigned_people", "variation_of_information", "people_moved",
    "group_moved", "units_moved", "districts", "effective_splits", "cut_off", "cut_off_group",
)  # fmt: skip
"""Columns that are ranked from the lowest value up; all others from the highest down.

Columns of named areas, such as ``communities_cut_off``, go by what follows the first underscore.
"""
_RETENTION = (
    "best_match_retention", "base_retention", "group_retention", "gap", "variation_of_information", "people_moved",
    "group_moved", "units_moved",
)  # fmt: skip
_AREAS = ("kept_whole", "preserved", "effective_splits", "cut_off")
_NAMED = 6


@dataclass(frozen=True)
class PlanRanking:
    """Several plans in one table.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a plan, by name, in the order of ``rank`` (ties share a rank;
        missing where the key is): ``districts`` (that hold units), ``units``,
        ``people``, ``unassigned_people``, ``population_range`` (people) and
        ``population_range_share`` (of the mean district). With a group also
        ``highest_share``, ``highest_district``, ``second_share``,
        ``second_district``, ``above_50`` … ``above_10`` (districts whose share
        is strictly greater), ``typical_share`` (the share in the district of a
        member of the group, on average), and for a combined group
        ``asian_highest_share``, ``nhpi_highest_share`` and their districts;
        where the units have margins of error ``highest_share_moe``. With
        `against` also its retention figures, and with `communities`
        ``communities_kept_whole`` and ``communities_preserved`` (how many),
        ``communities_effective_splits`` (added up), ``communities_cut_off``
        and ``communities_cut_off_group`` (people outside the largest piece);
        named ``clusters_…`` or ``regions_…`` where they are that.
    by : str
        The column that plans are ranked by.
    group : str or None
        Definition id; None where only people were counted.
    base : str
        Universe id.
    placements : mapping of str to Placement
        What was ranked.
    notes : tuple of str
        Cautions that belong to these figures.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor, not a default
    by: str = ""
    group: str | None = None
    base: str = ""
    placements: Mapping[str, Placement] = None  # type: ignore[assignment]
    notes: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """Sources of all units and plans.

        Returns
        -------
        tuple of Source
            Each once.
        """
        return tuple(dict.fromkeys(source for placed in self.placements.values() for source in placed.sources))

    def summary(self) -> str:
        """Say in plain sentences how the plans stand.

        Returns
        -------
        str
            The order, the first and the last plan, and cautions.
        """
        return rank_words.summarise(self)


def rank_plans(
    placements: Mapping[str, Placement] | Sequence[Placement],
    *,
    group: str | None,
    base: str,
    by: str | None = None,
    against: Placement | str | None = None,
    communities: Communities | Mapping[str, CommunitySplits] | None = None,
) -> PlanRanking:
    """Put several plans in one table, ranked by one figure.

    Parameters
    ----------
    placements : mapping of str to Placement, or sequence of Placement
        Units placed in each plan; in a sequence plans go by their own names.
    group : str or None
        Definition id, for example ``"aapi_aoic"``; None to count people only.
    base : str
        Universe id, for example ``"vap"``.
    by : str, optional
        Column to rank by: ``highest_share`` by default, and
        ``population_range_share`` without a group.
    against : Placement or str, optional
        A plan that each is compared with, or its name among `placements`.
    communities : Communities or mapping of str to CommunitySplits, optional
        Named areas, or plan name → what `kit.community_splits` made of them.

    Returns
    -------
    PlanRanking
        One row a plan.

    Raises
    ------
    InputError
        There is no plan, two share a name, a name or column is unknown, or
        adjusted counts stand beside counts as published.
    SchemaError
        Some units have no such counts.
    CoverageError
        Districts do not add up to the units.

    Notes
    -----
    Plans may be of different units; each row says how many units and people it
    counts, and a comparison with a plan of other units is left out with a note.
    A rank by one figure is never a verdict on a plan.
    """
    plans = _named(placements)
    called = against.plan.name if isinstance(against, Placement) else against
    if isinstance(against, str):
        if against not in plans:
            raise InputError(f"no plan is called {against!r}; plans are {first_few(plans, 12)}.")
        against = plans[against]
    splits = _splits(communities, plans, group or "total", base)
    rows: dict[str, dict[str, Any]] = {}
    told: dict[str, list[str]] = {}
    with meter("Comparing plans", len(plans)) as bar:
        for name, placed in plans.items():
            row, told[name] = _people(placed, base)
            if group is not None:
                shares, notes = _shares(placed, group, base)
                row |= shares
                told[name] = list(dict.fromkeys([*told[name], *notes]))
            if against is not None:
                figures, note = _against(against, str(called), placed, group or "total", base)
                row |= figures
                told[name] += note
            if name in splits:
                row |= _areas(splits[name])
                told[name] += [note for note in splits[name].notes if note not in told[name]]
            rows[name] = row
            bar.advance(1)
    frame = pd.DataFrame.from_dict(rows, orient="index").rename_axis("plan")
    key = by or ("highest_share" if group is not None else "population_range_share")
    return PlanRanking(_ordered(frame, key), key, group, base, plans, _notes(plans, told, key, called))


def _named(placements: Mapping[str, Placement] | Sequence[Placement]) -> dict[str, Placement]:
    """Give every plan its name."""
    if not isinstance(placements, Mapping | Sequence):
        raise InputError(
            f"plans are a list, or names with placements, not a {type(placements).__name__}; pass [placement, …]."
        )
    if not isinstance(placements, Mapping):
        names = [getattr(getattr(placed, "plan", None), "name", "") for placed in placements]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise InputError(
                f"several plans are called {first_few(doubled)}; pass a mapping of names to placements instead."
            )
        placements = dict(zip(names, placements, strict=True))
    for name, placed in placements.items():
        if not isinstance(placed, Placement):
            raise InputError(
                f"{name!r} is a {type(placed).__name__}; place the units in each plan with kit.place first."
            )
    if not placements:
        raise InputError("there is no plan to rank; pass placements made with kit.place.")
    require_same_adjustment(source for placed in placements.values() for source in placed.units.sources)
    return dict(placements)


def _people(placed: Placement, base: str) -> tuple[dict[str, Any], list[str]]:
    """Count districts and people."""
    units = placed.units
    column = people_column(units) or f"total_{base_of(base).name}"
    held = placed.assignment.dropna().unique()
    sums = placed.totals([column])[column].reindex(held)
    mean = float(sums.mean())
    spread = sums.max() - sums.min()
    lost = units.column(column)[placed.assignment.isna()].sum()
    row = {
        "districts": len(held),
        "units": len(units),
        "people": sums.sum(),
        "unassigned_people": lost,
        "population_range": spread,
        "population_range_share": float(spread / mean) if mean else np.nan,
    }
    notes = goes_beyond(placed.notes)
    return row, [*notes, in_no_figure(lost)] if lost > 0 else notes


def _shares(placed: Placement, group: str, base: str) -> tuple[dict[str, Any], list[str]]:
    """Measure shares by district."""
    table = concentration(placed, group=group, base=base)
    frame = table.frame.dropna(subset="share")
    ranked = frame.sort_values("share", ascending=False, kind="stable")
    row: dict[str, Any] = {}
    for at, word in enumerate(("highest", "second")):
        known = at < len(ranked)
        row[f"{word}_share"] = float(ranked["share"].iloc[at]) if known else np.nan
        row[f"{word}_district"] = str(ranked.index[at]) if known else None
    if "share_moe" in frame:
        row["highest_share_moe"] = float(ranked["share_moe"].iloc[0]) if len(ranked) else np.nan
    for tier in TIERS[:-1]:
        row[f"above_{100 * tier.above:g}"] = int((frame["share"] > tier.above).sum())
    members = float(frame["count"].sum())
    row["typical_share"] = float((frame["share"] * frame["count"]).sum() / members) if members else np.nan
    for who in ("asian", "nhpi"):
        if f"{who}_share" in frame and len(frame):
            row[f"{who}_highest_share"] = float(frame[f"{who}_share"].max())
            row[f"{who}_highest_district"] = str(frame[f"{who}_share"].idxmax())
    return row, list(table.notes)


def _against(
    against: Placement, called: str, placed: Placement, group: str, base: str
) -> tuple[dict[str, Any], list[str]]:
    """Compare a plan with the one that all are compared with."""
    try:
        same_units(against, placed)
        figures = compare_plans(against, placed, group=group, base=base).plan
    except CoverageError as fault:
        why = say("It is not compared with {plan}: {why}", plan=called, why=str(fault))
        return dict.fromkeys(_RETENTION, np.nan), [why]
    kept = figures.drop(labels=["group_retention", "gap", "group_moved"]) if group == "total" else figures
    return {name: float(kept[name]) for name in _RETENTION if name in kept}, []


def _splits(
    communities: Communities | Mapping[str, CommunitySplits] | None,
    plans: Mapping[str, Placement],
    group: str,
    base: str,
) -> Mapping[str, CommunitySplits]:
    """Measure named areas in every plan, or take what was measured."""
    if communities is None:
        return {}
    if isinstance(communities, Communities):
        return {name: community_splits(communities, placed, group=group, base=base) for name, placed in plans.items()}
    unknown = sorted(set(communities) - set(plans))
    if unknown:
        raise InputError(f"communities are given for plans that are not ranked: {first_few(unknown)}.")
    return communities


def _areas(splits: CommunitySplits) -> dict[str, Any]:
    """Take the figures of named areas for the plan as a whole."""
    word = KINDS[splits.communities.kind]
    row = {f"{word}_{name}": splits.plan.loc["everyone", name] for name in _AREAS}
    return row | {f"{word}_cut_off_group": splits.plan.loc["group", "cut_off"]}


def _lowest_first(by: str) -> bool:
    """Tell whether a column is ranked from the lowest value up."""
    kind, _, rest = by.partition("_")
    return by in LOWEST_FIRST or (kind in KINDS.values() and rest in LOWEST_FIRST)


def _ordered(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    """Rank plans and put them in that order; plans that tie keep theirs."""
    numeric = [str(name) for name in frame.columns if pd.api.types.is_numeric_dtype(frame[name])]
    if by not in numeric:
        raise InputError(f"plans cannot be ranked by {by!r}; columns are {first_few(numeric, 40)}.")
    rank = frame[by].rank(ascending=_lowest_first(by), method="min").astype("Int64")
    frame = frame.copy()
    frame.insert(0, "rank", rank)
    return frame.iloc[np.argsort(rank.astype("float64").to_numpy(), kind="stable")]


def _notes(plans: dict[str, Placement], told: dict[str, list[str]], by: str, against: str | None) -> tuple[str, ...]:
    """Write what a reader must know before using the figures."""
    notes: list[str] = [
        say(
            mark("Plans are ranked by {figure}, lowest first; ties share a rank.")
            if _lowest_first(by)
            else mark("Plans are ranked by {figure}, highest first; ties share a rank."),
            figure=term(by.replace("_", " ")),
        ),
        say("A rank by one figure is never a verdict on a plan."),
    ]
    if against is not None:
        notes.append(say("Retention is from {plan} to each plan, after the best matching of districts.", plan=against))
    first_name, first = next(iter(plans.items()))
    others = [name for name, placed in plans.items() if not _alike(first, placed)]
    if others:
        notes.append(
            say(
                mark(
                    "Not all plans are of the same units and counts: {plans} differs from {first}, so figures are not "
                    "of the same people."
                )
                if len(others) == 1
                else mark(
                    "Not all plans are of the same units and counts: {plans} differ from {first}, so figures are not "
                    "of the same people."
                ),
                plans=listed(others) if len(others) <= _NAMED else say("{number} plans", number=len(others)),
                first=first_name,
            )
        )
    common = [note for note in next(iter(told.values())) if all(note in each for each in told.values())]
    notes += common
    own = [(name, note) for name, each_ in told.items() for note in each_ if note not in common]
    notes += [say("{name}: {note}", name=name, note=note) for name, note in own]
    return tuple(dict.fromkeys(notes))


def _alike(one: Placement, other: Placement) -> bool:
    """Tell whether two placements are of the same units with the same people."""
    try:
        same_units(one, other)
    except CoverageError:
        return False
    column = people_column(one.units)
    if column is None or column not in other.units.frame:
        return column is None
    try:
        here, there = one.units.column(column), other.units.column(column)
    except SchemaError:
        return False
    return bool(np.isclose(here.to_numpy("float64"), there.reindex(here.index).to_numpy("float64")).all())
