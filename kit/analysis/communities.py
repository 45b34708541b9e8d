"""What a plan does to communities: who is kept together, who is divided, and who is cut off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.analysis.area_counts import AreaCounts, count_by_area, elsewhere, plural
from kit.analysis.community_shapes import communities_of
from kit.analysis.community_words import cautions, summarise, table_notes
from kit.analysis.splits import SCORES, plan_totals, split_measures
from kit.errors import InputError, first_few
from kit.model.communities import Communities
from kit.model.frames import Placement
from kit.model.shared import Shared
from kit.model.source import Source
from kit.progress import meter

__all__ = ["CommunitySplitTable", "CommunitySplits", "communities_of", "community_split_table", "community_splits"]

SWEEP = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)
"""Thresholds at which preservation is counted unless others are given."""
# Sums of parts of people are rounded in the last digit; a threshold that is met exactly counts as met.
_EXACT = 1e-12
_MEASURES = ("districts", "largest_share", "largest_district", "effective_districts", "effective_splits", *SCORES)
# Columns of the ranking that count areas or pieces.
_NUMBERS = {"districts", "areas", "inhabited", "split", "pieces", "forced", "kept_whole", "preserved"}


@dataclass(frozen=True)
class CommunitySplits:
    """How one plan divides named areas.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row an area. ``base`` and ``count`` (everyone and the group, in
        people), ``share`` (of the group in the area); ``districts``,
        ``largest_share``, ``largest_district``, ``effective_districts``,
        ``effective_splits``, ``entropy``, ``sqrt_score`` and ``split_pairs``
        as `kit.analysis.splits.split_measures` of everyone placed, and the
        same with ``_group`` for the group; ``cut_off`` and ``cut_off_group``
        (people in other districts than ``largest_district``); ``kept_whole``;
        ``holds`` (some district holds at least the threshold of the area),
        ``makes`` (the area is at least the threshold of some district) and
        ``preserved`` (either), ``holds_group`` (some district holds that much
        of its group); ``unplaced`` and ``unplaced_group`` (people in no
        district); ``units``, ``cut_units`` and ``unknown_units``. Marks and
        measures are missing where nobody lives.
    pieces : pandas.DataFrame
        One row for each area and district that share people: ``community``,
        ``district``, ``base``, ``count``, ``share`` (of the group in the
        piece), ``share_of_community`` and ``share_of_group`` (of the area's
        people and of its group, those in no district among them) and
        ``share_of_district``. The largest piece of an area comes first.
    plan : pandas.DataFrame
        Totals: ``everyone`` (measures of everyone, weighted by them),
        ``everyone_by_group`` (measures of everyone, weighted by the group) and
        ``group`` (measures of the group, weighted by it); columns as
        `kit.analysis.splits.plan_totals`, with ``kept_whole``, ``preserved``
        and ``cut_off``.
    sweep : pandas.DataFrame
        By threshold: how many areas are ``preserved``, by which sense
        (``holds``, ``makes``), and ``holds_group``.
    group, base : str
        Definition id and universe id.
    threshold : float
        What ``preserved`` means in `frame`.
    communities : Communities
        The areas.
    placement : Placement
        Units in districts.
    notes : tuple of str
        What a reader must know, each with its count.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor, not a default
    pieces: pd.DataFrame = Shared()  # noqa: RUF009
    plan: pd.DataFrame = Shared()  # noqa: RUF009
    sweep: pd.DataFrame = Shared()  # noqa: RUF009
    group: str = ""
    base: str = ""
    threshold: float = 0.8
    communities: Communities = None  # type: ignore[assignment]
    placement: Placement = None  # type: ignore[assignment]
    notes: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """Sources of the units, of the plan and of the areas.

        Returns
        -------
        tuple of Source
            Each once.
        """
        return tuple(dict.fromkeys((*self.placement.sources, *self.communities.sources)))

    def summary(self) -> str:
        """Say in plain sentences what the plan does to the areas.

        Returns
        -------
        str
            How many are whole, which is divided most, who is cut off, how many
            are preserved at the threshold, and cautions.
        """
        return summarise(self)


def community_splits(
    communities: Communities,
    placement: Placement,
    *,
    group: str,
    base: str,
    threshold: float = 0.8,
    sweep: Sequence[float] = SWEEP,
) -> CommunitySplits:
    """Measure how a plan divides named areas, for everyone and for a group.

    Parameters
    ----------
    communities : Communities
        Named areas as units and parts of units; they may overlap.
    placement : Placement
        Units in districts.
    group : str
        Definition id, for example ``"aapi_aoic"``; ``"total"`` where the
        source counts no group.
    base : str
        Universe id, for example ``"pop"``.
    threshold : float, default 0.8
        Share from which (at least) an area counts as preserved.
    sweep : sequence of float
        Thresholds to count preserved areas at.

    Returns
    -------
    CommunitySplits
        By area, by piece, for the plan, and by threshold.

    Raises
    ------
    InputError
        The group, the base or a threshold is unknown, or an argument is of the
        wrong kind.
    SchemaError
        The units have no such counts.
    CoverageError
        None of the areas' units is at hand, or counts must not be added.

    Notes
    -----
    Measures of splitting are of the people placed in a district. Preservation
    and the shares of pieces are of everyone in the area.

    References
    ----------
    Preservation in two senses follows the Metric Geometry and Gerrymandering
    Group; the formulas are those of `kit.analysis.splits`.
    """
    for value in (threshold, *sweep):
        if not 0 < value <= 1:
            raise InputError(f"a threshold is a share above 0 and up to 1; it is {value!r}.")
    counted = count_by_area(communities, placement, group=group, base=base)
    everyone, members = split_measures(counted.base), split_measures(counted.count)
    frame, held = _frame(counted, everyone, members)
    frame = _marked(frame, held, threshold)
    steps = pd.Index(sorted({*sweep, threshold}), dtype="float64", name="threshold")
    marks = ["preserved", "holds", "makes", "holds_group"]
    counts = [_marked(frame, held, step)[marks].sum() for step in steps]
    by_step = pd.DataFrame(counts, index=steps).astype("int64")
    notes = (*counted.notes, *cautions(frame, communities, placement, group=group, base=base))
    plan = _plan(frame, everyone, members, counted)
    pieces = _pieces(counted, frame)
    return CommunitySplits(frame, pieces, plan, by_step, group, base, threshold, communities, placement, notes)


@dataclass(frozen=True)
class CommunitySplitTable:
    """Several plans and the same named areas, in one table.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each plan and area: ``plan``, ``community`` and the columns
        of `CommunitySplits.frame`.
    ranking : pandas.DataFrame
        One row a plan, from the least splitting to the most (added effective
        splits): ``districts``, the totals of everyone and, with ``_group``, of
        the group, and ``rank_…`` of the main ones (1 splits least) among the
        plans with the same number of districts.
    group, base : str
        Definition id and universe id.
    splits : dict of str to CommunitySplits
        The whole result of each plan.
    notes : tuple of str
        What a reader must know, each once.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009
    ranking: pd.DataFrame = Shared()  # noqa: RUF009
    group: str = ""
    base: str = ""
    splits: Mapping[str, CommunitySplits] = None  # type: ignore[assignment]
    notes: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """Sources of all plans.

        Returns
        -------
        tuple of Source
            Each once.
        """
        return tuple(dict.fromkeys(source for one in self.splits.values() for source in one.sources))


def community_split_table(
    communities: Communities,
    placements: Sequence[Placement] | Mapping[str, Placement],
    *,
    group: str,
    base: str,
    threshold: float = 0.8,
) -> CommunitySplitTable:
    """Measure how several plans divide the same named areas.

    Parameters
    ----------
    communities : Communities
        Named areas.
    placements : sequence or mapping of str to Placement
        One placement a plan; a sequence is named by its plans.
    group, base : str
        Definition id and universe id.
    threshold : float, default 0.8
        Share from which an area counts as preserved.

    Returns
    -------
    CommunitySplitTable
        Plan by area, and the plans ranked.

    Raises
    ------
    InputError
        No placements were passed, or two plans have one name.

    Notes
    -----
    Splits are easier to avoid with few districts than with many, so ranks are
    among plans with the same number. A rank is no verdict on a plan.
    """
    named = _named(placements)
    splits: dict[str, CommunitySplits] = {}
    with meter("Measuring splits", len(named)) as bar:
        for name, placement in named.items():
            splits[name] = community_splits(communities, placement, group=group, base=base, threshold=threshold)
            bar.advance(1)
    tall = [one.frame.reset_index().assign(plan=name) for name, one in splits.items()]
    frame = pd.concat(tall, ignore_index=True).astype({"plan": "str"})
    frame = frame[["plan", *tall[0].columns.drop("plan")]]
    ranking = _ranking(splits)
    return CommunitySplitTable(frame, ranking, group, base, splits, table_notes(splits, ranking, plural(communities)))


def _named(placements: Sequence[Placement] | Mapping[str, Placement]) -> dict[str, Placement]:
    """Give each placement the name of its plan."""
    if isinstance(placements, Mapping):
        named = {str(name): placement for name, placement in placements.items()}
    else:
        names = [placement.plan.name for placement in placements]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise InputError(f"two plans are called {first_few(doubled)}; pass a dict of name to placement.")
        named = dict(zip(names, placements, strict=True))
    if not named:
        raise InputError("there are no placements to compare; make them with kit.place.")
    return named


def _frame(
    counted: AreaCounts, everyone: pd.DataFrame, members: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, pd.Series]]:
    """Lay the figures out by area, and the highest shares that preservation asks about."""
    lost = counted.lost
    known = lost["units"] > 0
    base, count = everyone["people"] + lost["unplaced"], members["people"] + lost["unplaced_group"]
    frame = pd.DataFrame({"base": base, "count": count}).where(known)
    frame["share"] = frame["count"] / frame["base"].where(frame["base"] > 0)
    for name in _MEASURES:
        frame[name], frame[f"{name}_group"] = everyone[name], members[name]
    frame = frame.join(lost)
    home = counted.base.to_numpy().argmax(axis=1)[:, None] if len(counted.districts) else np.zeros((len(frame), 1), int)
    lived = everyone["people"] > 0
    for name, table, total in (("cut_off", counted.base, everyone), ("cut_off_group", counted.count, members)):
        there = np.take_along_axis(table.to_numpy(), home, axis=1)[:, 0]
        frame[name] = (total["people"] - there).clip(lower=0).where(lived)
    whole = (everyone["districts"] == 1) & (lost["unplaced"] == 0)
    frame["kept_whole"] = whole.astype("boolean").where(frame["base"] > 0)
    sizes = counted.districts["base"]
    held = {
        "holds": counted.base.max(axis=1) / frame["base"].where(frame["base"] > 0),
        "makes": (counted.base / sizes.where(sizes > 0)).max(axis=1).where(frame["base"] > 0),
        "holds_group": counted.count.max(axis=1) / frame["count"].where(frame["count"] > 0),
    }
    return frame, held


def _marked(frame: pd.DataFrame, held: dict[str, pd.Series], threshold: float) -> pd.DataFrame:
    """Mark which areas are preserved at a threshold; missing where nobody lives."""
    marks = {name: (share >= threshold - _EXACT).astype("boolean").where(share.notna()) for name, share in held.items()}
    return frame.assign(**marks, preserved=marks["holds"] | marks["makes"])


def _pieces(counted: AreaCounts, frame: pd.DataFrame) -> pd.DataFrame:
    """List every part of an area that lies in one district, the largest first."""
    at, district = np.nonzero(counted.base.to_numpy() > 0)
    rows = pd.DataFrame(
        {
            "community": counted.base.index[at],
            "district": counted.base.columns[district],
            "base": counted.base.to_numpy()[at, district],
            "count": counted.count.to_numpy()[at, district],
        }
    )
    rows["share"] = rows["count"] / rows["base"]
    rows["share_of_community"] = rows["base"] / frame["base"].to_numpy()[at]
    members = frame["count"].where(frame["count"] > 0).to_numpy()[at]
    rows["share_of_group"] = rows["count"] / members
    rows["share_of_district"] = rows["base"] / counted.districts["base"].to_numpy()[district]
    order = np.lexsort((district, -rows["base"].to_numpy(), at))
    return rows.iloc[order].reset_index(drop=True)


def _plan(frame: pd.DataFrame, everyone: pd.DataFrame, members: pd.DataFrame, counted: AreaCounts) -> pd.DataFrame:
    """Add up over areas, weighted by everyone and by the group."""
    sizes = counted.districts["base"]
    ideal = float(sizes.sum() / len(sizes)) if sizes.sum() > 0 else None
    rows = {
        "everyone": plan_totals(everyone, ideal=ideal),
        "everyone_by_group": plan_totals(everyone, weights=members["people"], ideal=ideal),
        "group": plan_totals(members),
    }
    plan = pd.DataFrame(rows).T
    plan.index.name = "measured"
    both, own = ["everyone", "everyone_by_group"], ["group"]
    plan.loc[both, "kept_whole"] = frame["kept_whole"].sum()
    plan.loc[own, "kept_whole"] = ((members["districts"] == 1) & (frame["unplaced_group"] == 0)).sum()
    plan.loc[both, "preserved"], plan.loc[own, "preserved"] = frame["preserved"].sum(), frame["holds_group"].sum()
    plan.loc[both, "cut_off"], plan.loc[own, "cut_off"] = frame["cut_off"].sum(), frame["cut_off_group"].sum()
    return plan


def _ranking(splits: Mapping[str, CommunitySplits]) -> pd.DataFrame:
    """Rank plans by how much they split, among those with as many districts."""
    rows = {}
    for name, one in splits.items():
        everyone = one.plan.loc["everyone"]
        members = one.plan.loc["group"].drop("forced", errors="ignore").add_suffix("_group")
        size = pd.Series({"districts": float(len(one.placement.plan) - len(elsewhere(one.placement)))})
        rows[name] = pd.concat([size, everyone, members])
    table = pd.DataFrame(rows).T.rename_axis("plan")
    for score in ("split", "effective_splits", *SCORES, "cut_off", "cut_off_group"):
        table[f"rank_{score}"] = table.groupby("districts")[score].rank(method="min").astype("Int64")
    table = table.astype({name: "int64" for name in table if name.removesuffix("_group") in _NUMBERS})
    return table.sort_values(["districts", "effective_splits"], kind="stable")
