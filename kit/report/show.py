"""Results that are no district table, such as a comparison of plans, as tables for a reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from kit.analysis.clusters import Clusters
from kit.analysis.communities import CommunitySplits, CommunitySplitTable
from kit.analysis.compare import PlanComparison
from kit.analysis.packing import Packing
from kit.analysis.plan_measures import PlanMeasures
from kit.analysis.rank_plans import PlanRanking
from kit.analysis.segregation import Segregation
from kit.analysis.swaps import SwapSheet
from kit.errors import InputError
from kit.maps.record import Twin
from kit.model.communities import KINDS
from kit.model.groups import base_of, definition, who
from kit.model.sentences import RULE_WORDS, listed
from kit.report.cells import is_words
from kit.settings import current

Columns = list[tuple[str, str]]


def twin_of(result: Any, part: str | None = None) -> Twin:
    """Lay a result out as a table with its caption, headings, notes and sources.

    Parameters
    ----------
    result : object
        What `measure_plan`, `compare_plans`, `swap_sheet`, `rank_plans`,
        `community_splits`, `community_split_table`, `clusters`, `segregation`
        or `packing` returned; or a mapping of plan names to what
        `measure_plan` returned.
    part : str, optional
        Which of its tables; by default the main one.

    Returns
    -------
    Twin
        The table in full precision, and the columns a reader sees.

    Raises
    ------
    InputError
        The result is of another kind, or has no such table.
    """
    if isinstance(result, Mapping) and result and all(isinstance(one, PlanMeasures) for one in result.values()):
        parts: dict[str, Callable[[Any], Twin]] = {"plans": _measured_plans}
    else:
        parts = next((found for kind, found in _PARTS.items() if isinstance(result, kind)), {})
    if not parts:
        raise InputError(
            f"a {type(result).__name__} has no table to show; pass a district table, or what kit.measure_plan, "
            "compare_plans, swap_sheet, rank_plans, community_splits, clusters, segregation or packing returned."
        )
    if part is not None and part not in parts:
        raise InputError(f"there is no table {part!r} in a {type(result).__name__}; there are {', '.join(parts)}.")
    return parts[part or next(iter(parts))](result)


def first(twin: Twin, rows: int | None) -> Twin:
    """Keep the first rows of a table, and say how many there are.

    Parameters
    ----------
    twin : Twin
        The table.
    rows : int or None
        How many; None for all.

    Returns
    -------
    Twin
        The same, or a shorter one with a note.
    """
    if rows is None or len(twin.frame) <= rows:
        return twin
    note = f"The first {rows:,} of {len(twin.frame):,} rows are shown; kit.write_table writes them all."
    return replace(twin, frame=twin.frame.head(rows), notes=(note, *twin.notes))


def _counted(result: Any, **more: str) -> dict[str, str]:
    """Say what was counted, among whom."""
    told = dict(more)
    if result.group and result.group != "total":
        rule = definition(result.group)
        told |= {"definition": rule.name, "counted": rule.long}
    if result.base:
        told["universe"] = base_of(result.base).label
    return told


def _placed(result: Any, **more: str) -> dict[str, str]:
    """Say which plan, and how units were placed."""
    placed = result.placement
    return {"plan": placed.plan.name, **more, "placement": f"{placed.units.plural} by {RULE_WORDS[placed.rule]}"}


def _named(group: str, base: str) -> tuple[str, str]:
    """Name the group and the base in headings."""
    noun = f"All {base_of(base).noun}" if base else "People"
    return (who(group) if group and group != "total" else noun), noun


def _twin(result: Any, title: str, frame: pd.DataFrame, columns: Columns, labels: dict[str, str]) -> Twin:
    """Put a table together; a reader does not see columns without any figure."""
    kept = tuple(
        (name, heading)
        for name, heading in columns
        if name in frame and (frame[name].notna().any() or name == columns[0][0])
    )
    return Twin(title, frame, kept, tuple(result.notes), tuple(result.sources), labels)


def _hidden(twin: Twin, rows: pd.Series, names: list[str], why: str) -> Twin:
    """Leave figures of a few people out, and say in how many rows."""
    rows = rows.fillna(value=False).astype("bool")
    if not rows.any():
        return twin
    frame = twin.frame.copy()
    for name in names:
        kind = (
            "boolean" if pd.api.types.is_bool_dtype(frame[name]) else "object" if is_words(frame[name]) else "float64"
        )
        frame[name] = frame[name].astype(kind).mask(rows)
    few = f"fewer than {current().small_base:,} people"
    lost = int(rows.sum())
    note = f"Figures of the group are left out in {lost:,} row{'s' * (lost > 1)}, {why} {few}."
    return replace(twin, frame=frame, notes=(*twin.notes, note))


def _few(base: pd.Series) -> pd.Series:
    """Tell where so few people live that the group is not counted."""
    return (base > 0) & (base < current().small_base)


_MEASURES: Columns = [
    ("population_range_share", "Range of population, of the ideal"),
    ("mean_absolute_deviation", "Mean deviation"),
    ("noncontiguous", "Districts in several parts"),
    ("cut_edges", "Cut edges"),
    ("mean_polsby_popper", "Polsby\u2013Popper, mean"),
    ("mean_reock", "Reock, mean"),
    ("mean_convex_hull", "Convex hull, mean"),
    ("county_splits", "Counties split"),
    ("county_unforced_splits", "Counties split without need"),
]


def _measured_plans(results: Mapping[str, PlanMeasures]) -> Twin:
    """Lay out measures of several plans, one row a plan."""
    rows = {name: one.plan for name, one in results.items()}
    frame = pd.DataFrame(rows).T.rename_axis("plan").reset_index().infer_objects()
    notes: dict[str, list[str]] = {}
    for name, one in results.items():
        for note in one.notes:
            notes.setdefault(note, []).append(name)
    told = [note if len(names) == len(results) else f"{listed(names)}: {note}" for note, names in notes.items()]
    sources = tuple(dict.fromkeys(source for one in results.values() for source in one.sources))
    first = next(iter(results.values()))
    columns = [("plan", "Plan"), ("districts", "Districts"), ("population", "People"), *_MEASURES]
    kept = tuple((name, heading) for name, heading in columns if name in frame and frame[name].notna().any())
    return Twin(f"Measures of {len(results)} plans", frame, kept, tuple(told), sources, _how_measured(first))


def _how_measured(one: PlanMeasures) -> dict[str, str]:
    """Say what was counted as population, and in which projection shapes were measured."""
    return {"counted": f"people, in the column {one.population}", **({"projection": one.crs} if one.crs else {})}


def _measures(result: PlanMeasures) -> Twin:
    columns = [
        ("district", "District"), ("population", "People"), ("deviation_people", "People over the ideal"),
        ("deviation", "Deviation"), ("parts", "Parts"), ("polsby_popper", "Polsby\u2013Popper"), ("reock", "Reock"),
        ("convex_hull", "Convex hull"), ("population_polygon", "Population polygon"), ("cut_edges", "Cut edges"),
    ]  # fmt: skip
    title = f"Measures of the districts of {result.placement.plan.name}"
    held = result.frame["units"] > 0
    table = _twin(result, title, result.frame[held].reset_index(), columns, _placed(result, **_how_measured(result)))
    if held.all():
        return table
    bare = int((~held).sum())
    which = "1 district holds" if bare == 1 else f"{bare:,} districts hold"
    told = f"{which} none of these {result.placement.units.plural} and {'is' if bare == 1 else 'are'} not listed."
    return replace(table, notes=(*table.notes, told))


def _ranking(result: PlanRanking) -> Twin:
    """Lay out plans in their order, with one column for each sort of named area."""
    columns = [
        ("plan", "Plan"), ("rank", "Rank"), ("districts", "Districts"),
        ("highest_district", "District with the highest share"), ("highest_share", "Highest share"),
        ("second_share", "Second share"), ("above_50", "Districts over 50%"), ("above_30", "Districts over 30%"),
        ("typical_share", "Share where a member lives, on average"), ("best_match_retention", "People who stay"),
        ("group_retention", "Members of the group who stay"), ("gap", "Gap"),
    ]  # fmt: skip
    for kind in KINDS.values():
        columns += [(f"{kind}_kept_whole", f"{kind.capitalize()} kept whole")]
        columns += [(f"{kind}_cut_off", f"People of {kind} outside the largest piece")]
    frame = result.frame.reset_index()
    title = f"{len(frame)} plans, ranked by {dict(columns).get(result.by, result.by).lower()}"
    return _twin(result, title, frame, columns, _counted(result))


def _comparison(result: PlanComparison) -> Twin:
    columns = [
        ("district", "District after"), ("was", "District before"), ("people_before", "People before"),
        ("people_after", "People after"), ("share_before", "Share before"), ("share_after", "Share after"),
        ("difference", "Change of share"), ("rank_before", "Rank before"), ("rank_after", "Rank after"),
        ("retention", "People who stay"), ("group_retention", "Members of the group who stay"),
    ]  # fmt: skip
    labels = _counted(result, before=result.before.plan.name, after=result.after.plan.name)
    frame = result.frame.reset_index()
    frame["was"] = frame["was"].astype(object).where(frame["was"].notna(), "none")
    return _twin(result, "Districts before and after", frame, columns, labels)


def _moves(result: SwapSheet) -> Twin:
    count, base = _named(result.group, result.base)
    columns = [
        ("move", "Move"), ("from", "From district"), ("to", "To district"), ("to_was", "Which was"),
        ("units", result.before.units.plural.capitalize()), ("pieces", "Pieces"), ("people", "People"),
        *([("base", base)] if result.base != "pop" else []), ("group_text", count),
        ("share", "Share of those who move"), ("share_of_group", "Share of the old district's group"),
    ]  # fmt: skip
    labels = _counted(result, before=result.before.plan.name, after=result.after.plan.name)
    frame = result.moves.reset_index()
    frame["to_was"] = frame["to_was"].astype(object).where(frame["to_was"].notna(), "none")
    return _twin(result, "Who moves between districts", frame, columns, labels)


def _net(result: SwapSheet) -> Twin:
    count, _ = _named(result.group, result.base)
    columns = [
        ("district", "District"), ("was", "District before"), ("people_in", "People in"), ("people_out", "People out"),
        ("people_net", "People, net"), ("group_in", f"{count} in"), ("group_out", f"{count} out"),
        ("group_net", f"{count}, net"),
    ]  # fmt: skip
    labels = _counted(result, before=result.before.plan.name, after=result.after.plan.name)
    frame = result.net.copy()
    for side in ("district", "was"):
        frame[side] = frame[side].astype(object).where(frame[side].notna(), "none")
    return _twin(result, "What each district gains and loses", frame, columns, labels)


def _splits(result: CommunitySplits) -> Twin:
    count, base = _named(result.group, result.base)
    kind = result.communities.kind
    columns = [
        ("community", kind.capitalize()), ("base", base), ("count", count), ("share", "Share"),
        ("districts", "Districts"), ("largest_district", "District with most of it"),
        ("largest_share", "Part of its people there"), ("effective_splits", "Effective splits"),
        ("cut_off", "People in other districts"), ("cut_off_group", f"{count} in other districts"),
        ("preserved", f"Preserved at {result.threshold:.0%}"),
    ]  # fmt: skip
    title = f"{KINDS[kind].capitalize()} in the districts of {result.placement.plan.name}"
    frame = result.frame.rename_axis("community").reset_index()
    frame = frame.sort_values(["cut_off_group", "cut_off"], ascending=False, kind="stable", ignore_index=True)
    twin = _twin(result, title, frame, columns, _placed(result, **_counted(result)))
    twin = _hidden(twin, _few(frame["base"]), ["count", "share"], f"where the {kind} has")
    parted = frame["community"].isin(_with_few(result))
    divided = [name for name in frame if name.endswith("_group")]
    return _hidden(twin, parted, divided, f"where a piece of the {kind} has")


def _with_few(result: CommunitySplits) -> set[str]:
    """Name the areas with a piece of a few people: the group in the others would give it away."""
    return set(result.pieces.loc[_few(result.pieces["base"]), "community"])


def _pieces(result: CommunitySplits) -> Twin:
    count, base = _named(result.group, result.base)
    kind = result.communities.kind
    columns = [
        ("community", kind.capitalize()), ("district", "District"), ("base", base), ("count", count),
        ("share", "Share in the piece"), ("share_of_community", f"Part of the {kind}"),
        ("share_of_group", "Part of its group"), ("share_of_district", "Part of the district"),
    ]  # fmt: skip
    title = f"Pieces of {KINDS[kind]} under {result.placement.plan.name}"
    twin = _twin(result, title, result.pieces, columns, _placed(result, **_counted(result)))
    rows = result.pieces["community"].isin(_with_few(result))
    return _hidden(twin, rows, ["count", "share", "share_of_group"], f"where a piece of the {kind} has")


def _sweep(result: CommunitySplits) -> Twin:
    kinds = KINDS[result.communities.kind]
    columns = [
        ("threshold", "Threshold"), ("preserved", f"{kinds.capitalize()} preserved"),
        ("holds", "One district holds that much of it"), ("makes", "It is that much of one district"),
        ("holds_group", "One district holds that much of its group"),
    ]  # fmt: skip
    title = f"How many {kinds} {result.placement.plan.name} preserves, by threshold"
    return _twin(result, title, result.sweep.reset_index(), columns, _placed(result, **_counted(result)))


def _split_ranking(result: CommunitySplitTable) -> Twin:
    kinds = KINDS[next(iter(result.splits.values())).communities.kind]
    columns = [
        ("plan", "Plan"), ("districts", "Districts"), ("kept_whole", f"{kinds.capitalize()} kept whole"),
        ("preserved", "Preserved"), ("split", "Split"), ("pieces", "Pieces"), ("effective_splits", "Effective splits"),
        ("cut_off", "People outside the largest piece"), ("cut_off_group", "Members of the group there"),
    ]  # fmt: skip
    number, order = len(result.ranking), "the least divided first"
    if result.ranking["districts"].min() < result.ranking["districts"].max():
        order = "those of the fewest districts first"
    title = f"{kinds.capitalize()} under {number} plan{'s' * (number != 1)}, {order}"
    return _twin(result, title, result.ranking.reset_index(), columns, _counted(result))


def _outlines(result: Clusters) -> Twin:
    """Lay out one row a cluster; counts of few people are left out."""
    count, base = _named(result.group, result.base)
    frame = pd.DataFrame(result.outlines.drop(columns="geometry")).rename_axis("cluster").reset_index()
    small = _few(frame["base"]) | ((frame["units"] == 1) & (result.units.level == "block"))
    columns = [
        ("cluster", "Cluster"), ("units", result.units.plural.capitalize()), ("base", base), ("count", count),
        ("share", "Share"), ("share_of_group", "Part of the whole group"),
    ]  # fmt: skip
    twin = _twin(result, "Clusters, found by arithmetic", frame, columns, _counted(result, method=result.method))
    return _hidden(twin, small, ["count", "share", "share_of_group"], "one block, or")


def _classes(result: Clusters) -> Twin:
    plural = result.units.plural
    frame = result.frame["label"].value_counts().rename("units").rename_axis("class").reset_index()
    columns = [("class", "Class"), ("units", plural.capitalize())]
    return _twin(result, f"Classes of {plural}", frame, columns, _counted(result, method=result.method))


_MEANING = {
    "dissimilarity": "part of the group that would have to live in another unit to be spread as the others are",
    "isolation": "share of the group where an average member lives",
    "interaction": "share of the others where an average member of the group lives",
    "theil_h": "evenness from 0 (the same mix everywhere) to 1 (no mix anywhere)",
    "share": "share of the group in the whole area",
}


def _segregation(result: Segregation) -> Twin:
    frame = pd.DataFrame({"measure": list(_MEANING), "meaning": list(_MEANING.values())})
    frame["value"] = result.measures.reindex(list(_MEANING)).to_numpy()
    frame["measure"] = frame["measure"].str.capitalize().replace("Theil_h", "Theil's H")
    columns = [("measure", "Measure"), ("value", "Value"), ("meaning", "What it is")]
    return _twin(result, f"How unevenly the group lives over {result.plural}", frame, columns, _counted(result))


def _packing_areas(result: Packing) -> Twin:
    if result.areas is None or result.communities is None:
        raise InputError('no areas were given to kit.packing; pass areas=, or show part="districts".')
    kind, (count, base) = result.communities.kind, _named(result.group, result.base)
    columns = [
        ("community", kind.capitalize()), ("base", base), ("count", count), ("share", "Share"),
        ("districts_at_floor", f"Districts with at least {result.floor:.0%} of it"),
        ("largest_share", "Largest piece"), ("best_district", "Highest share among them: district"),
        ("best_share", "Share there"),
        ("kept_whole_share", "Illustrative share if kept whole"),
    ]  # fmt: skip
    frame = result.areas.rename_axis("community").reset_index()
    members = ["count", "share", *(name for name in frame if name.endswith("_group"))]
    title = f"{KINDS[kind].capitalize()} under {result.placement.plan.name}: indicators without a verdict"
    twin = _twin(result, title, frame, columns, _placed(result, **_counted(result)))
    return _hidden(twin, _few(frame["base"]), members, f"where the {kind} has")


def _packing_districts(result: Packing) -> Twin:
    count, base = _named(result.group, result.base)
    columns = [("district", "District"), ("base", base), ("count", count), ("share", "Share")]
    if result.tau is not None:
        columns += [
            ("above", f"Over {result.tau:.0%}"),
            ("distance", f"Share less {result.tau:.0%}"),
            ("surplus_people", f"{count} beyond {result.tau:.0%}"),
        ]
    title = f"The group in the districts of {result.placement.plan.name}: indicators without a verdict"
    frame = result.districts.rename_axis("district").reset_index()
    return _twin(result, title, frame, columns, _placed(result, **_counted(result)))


_PARTS: dict[type, dict[str, Callable[[Any], Twin]]] = {
    PlanMeasures: {"districts": _measures},
    PlanRanking: {"plans": _ranking},
    PlanComparison: {"districts": _comparison},
    SwapSheet: {"moves": _moves, "net": _net},
    CommunitySplits: {"areas": _splits, "pieces": _pieces, "sweep": _sweep},
    CommunitySplitTable: {"plans": _split_ranking},
    Clusters: {"clusters": _outlines, "classes": _classes},
    Segregation: {"measures": _segregation},
    Packing: {"areas": _packing_areas, "districts": _packing_districts},
}
