"""Results on plans as tables: measures, rankings, comparisons and moves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from kit.analysis.compare import PlanComparison
from kit.analysis.plan_measures import PlanMeasures
from kit.analysis.rank_plans import PlanRanking
from kit.analysis.swaps import SwapSheet
from kit.i18n.messages import capital, english, mark, say, term
from kit.maps.record import Twin
from kit.model.communities import KINDS
from kit.model.sentences import listed
from kit.report.show_parts import Columns, counted, laid_out, named, placed

_MEASURES: Columns = [
    ("population_range_share", mark("Range of population, of the ideal")),
    ("mean_absolute_deviation", mark("Mean deviation")),
    ("noncontiguous", mark("Districts in several parts")),
    ("cut_edges", mark("Cut edges")),
    ("mean_polsby_popper", mark("Polsby\u2013Popper, mean")),
    ("mean_reock", mark("Reock, mean")),
    ("mean_convex_hull", mark("Convex hull, mean")),
    ("county_splits", mark("Counties split")),
    ("county_unforced_splits", mark("Counties split without need")),
]


def _measured_plans(results: Mapping[str, PlanMeasures]) -> Twin:
    """Lay out measures of several plans, one row a plan."""
    rows = {name: one.plan for name, one in results.items()}
    frame = pd.DataFrame(rows).T.rename_axis("plan").reset_index().infer_objects()
    notes: dict[str, list[str]] = {}
    for name, one in results.items():
        for note in one.notes:
            notes.setdefault(note, []).append(name)
    told = [
        note if len(names) == len(results) else say("{plans}: {note}", plans=listed(names), note=note)
        for note, names in notes.items()
    ]
    sources = tuple(dict.fromkeys(source for one in results.values() for source in one.sources))
    first = next(iter(results.values()))
    columns = [("plan", mark("Plan")), ("districts", mark("Districts")), ("population", mark("People")), *_MEASURES]
    kept = tuple((name, term(heading)) for name, heading in columns if name in frame and frame[name].notna().any())
    title = say("Measures of {number} plans", number=len(results))
    return Twin(title, frame, kept, tuple(told), sources, _how_measured(first))


def _how_measured(one: PlanMeasures) -> dict[str, str]:
    """Say what was counted as population, and in which projection shapes were measured."""
    counted = say("people, in the column {column}", column=one.population)
    return {"counted": counted, **({"projection": one.crs} if one.crs else {})}


def _measures(result: PlanMeasures) -> Twin:
    columns = [
        ("district", mark("District")),
        ("population", mark("People")),
        ("deviation_people", mark("People over the ideal")),
        ("deviation", mark("Deviation")),
        ("parts", mark("Parts")),
        ("polsby_popper", mark("Polsby\u2013Popper")),
        ("reock", mark("Reock")),
        ("convex_hull", mark("Convex hull")),
        ("population_polygon", mark("Population polygon")),
        ("cut_edges", mark("Cut edges")),
    ]
    title = say("Measures of the districts of {plan}", plan=result.placement.plan.name)
    held = result.frame["units"] > 0
    table = laid_out(result, title, result.frame[held].reset_index(), columns, placed(result, **_how_measured(result)))
    if held.all():
        return table
    bare = int((~held).sum())
    units = term(result.placement.units.plural)
    if bare == 1:
        told = say("1 district holds none of these {units} and is not listed.", units=units)
    else:
        told = say("{number:,} districts hold none of these {units} and are not listed.", number=bare, units=units)
    return replace(table, notes=(*table.notes, told))


_ORDERS = {
    "highest_share": mark("highest share"),
    "second_share": mark("second share"),
    "above_50": mark("districts over 50%"),
    "above_30": mark("districts over 30%"),
    "typical_share": mark("share where a member lives, on average"),
    "best_match_retention": mark("people who stay"),
    "group_retention": mark("members of the group who stay"),
    "gap": mark("gap"),
}


def _order(by: str, columns: Columns) -> str:
    """Name the column by which plans are ranked, for the middle of a sentence."""
    if by in _ORDERS:
        return term(_ORDERS[by])
    for kind in KINDS.values():
        if by == f"{kind}_kept_whole":
            return say("{areas} kept whole", areas=term(kind))
        if by == f"{kind}_cut_off":
            return say("people of {areas} outside the largest piece", areas=term(kind))
    return english(dict(columns).get(by, by)).lower()


def _ranking(result: PlanRanking) -> Twin:
    """Lay out plans in their order, with one column for each sort of named area."""
    columns = [
        ("plan", mark("Plan")),
        ("rank", mark("Rank")),
        ("districts", mark("Districts")),
        ("highest_district", mark("District with the highest share")),
        ("highest_share", mark("Highest share")),
        ("second_share", mark("Second share")),
        ("above_50", mark("Districts over 50%")),
        ("above_30", mark("Districts over 30%")),
        ("typical_share", mark("Share where a member lives, on average")),
        ("best_match_retention", mark("People who stay")),
        ("group_retention", mark("Members of the group who stay")),
        ("gap", mark("Gap")),
    ]
    for kind in KINDS.values():
        columns += [(f"{kind}_kept_whole", say("{areas:capital} kept whole", areas=term(kind)))]
        columns += [(f"{kind}_cut_off", say("People of {areas} outside the largest piece", areas=term(kind)))]
    frame = result.frame.reset_index()
    title = say("{number} plans, ranked by {measure}", number=len(frame), measure=_order(result.by, columns))
    return laid_out(result, title, frame, columns, counted(result))


def _comparison(result: PlanComparison) -> Twin:
    columns = [
        ("district", mark("District after")),
        ("was", mark("District before")),
        ("people_before", mark("People before")),
        ("people_after", mark("People after")),
        ("share_before", mark("Share before")),
        ("share_after", mark("Share after")),
        ("difference", mark("Change of share")),
        ("rank_before", mark("Rank before")),
        ("rank_after", mark("Rank after")),
        ("retention", mark("People who stay")),
        ("group_retention", mark("Members of the group who stay")),
    ]
    labels = counted(result, before=result.before.plan.name, after=result.after.plan.name)
    frame = result.frame.reset_index()
    frame["was"] = frame["was"].astype(object).where(frame["was"].notna(), "none")
    return laid_out(result, say("Districts before and after"), frame, columns, labels)


def _moves(result: SwapSheet) -> Twin:
    count, base = named(result.group, result.base)
    columns = [
        ("move", mark("Move")),
        ("from", mark("From district")),
        ("to", mark("To district")),
        ("to_was", mark("Which was")),
        ("units", capital(term(result.before.units.plural))),
        ("pieces", mark("Pieces")),
        ("people", mark("People")),
        *([("base", base)] if result.base != "pop" else []),
        ("group_text", count),
        ("share", mark("Share of those who move")),
        ("share_of_group", mark("Share of the old district's group")),
    ]
    labels = counted(result, before=result.before.plan.name, after=result.after.plan.name)
    frame = result.moves.reset_index()
    frame["to_was"] = frame["to_was"].astype(object).where(frame["to_was"].notna(), "none")
    return laid_out(result, say("Who moves between districts"), frame, columns, labels)


def _net(result: SwapSheet) -> Twin:
    count, _ = named(result.group, result.base)
    columns = [
        ("district", mark("District")),
        ("was", mark("District before")),
        ("people_in", mark("People in")),
        ("people_out", mark("People out")),
        ("people_net", mark("People, net")),
        ("group_in", say("{group} in", group=count)),
        ("group_out", say("{group} out", group=count)),
        ("group_net", say("{group}, net", group=count)),
    ]
    labels = counted(result, before=result.before.plan.name, after=result.after.plan.name)
    frame = result.net.copy()
    for side in ("district", "was"):
        frame[side] = frame[side].astype(object).where(frame[side].notna(), "none")
    return laid_out(result, say("What each district gains and loses"), frame, columns, labels)


MEASURED_PLANS: dict[str, Callable[[Any], Twin]] = {"plans": _measured_plans}
"""Tables of the measures of several plans."""
PLAN_TABLES: dict[type, dict[str, Callable[[Any], Twin]]] = {
    PlanMeasures: {"districts": _measures},
    PlanRanking: {"plans": _ranking},
    PlanComparison: {"districts": _comparison},
    SwapSheet: {"moves": _moves, "net": _net},
}
"""Tables of each kind of result on plans, the main one first."""
