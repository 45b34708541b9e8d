"""Results on areas and groups as tables: splits, clusters, segregation and packing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from kit.analysis.clusters import Clusters
from kit.analysis.communities import CommunitySplits, CommunitySplitTable
from kit.analysis.packing import Packing
from kit.analysis.segregation import Segregation
from kit.errors import InputError
from kit.i18n.messages import capital, mark, say, term
from kit.maps.record import Twin
from kit.model.communities import KINDS
from kit.model.sentences import number_of
from kit.report.show_parts import OF_AREA, OF_BLOCK, OF_PIECE, counted, few, hidden, laid_out, named, placed


def _splits(result: CommunitySplits) -> Twin:
    count, base = named(result.group, result.base)
    kind = result.communities.kind
    columns = [
        ("community", capital(term(kind))),
        ("base", base),
        ("count", count),
        ("share", mark("Share")),
        ("districts", mark("Districts")),
        ("largest_district", mark("District with most of it")),
        ("largest_share", mark("Part of its people there")),
        ("effective_splits", mark("Effective splits")),
        ("cut_off", mark("People in other districts")),
        ("cut_off_group", say("{group} in other districts", group=count)),
        ("preserved", say("Preserved at {threshold:.0%}", threshold=result.threshold)),
    ]
    title = say("{areas:capital} in the districts of {plan}", areas=term(KINDS[kind]), plan=result.placement.plan.name)
    frame = result.frame.rename_axis("community").reset_index()
    frame = frame.sort_values(["cut_off_group", "cut_off"], ascending=False, kind="stable", ignore_index=True)
    twin = laid_out(result, title, frame, columns, placed(result, **counted(result)))
    twin = hidden(twin, few(frame["base"]), ["count", "share"], OF_AREA, kind)
    parted = frame["community"].isin(_with_few(result))
    divided = [name for name in frame if name.endswith("_group")]
    return hidden(twin, parted, divided, OF_PIECE, kind)


def _with_few(result: CommunitySplits) -> set[str]:
    """Name the areas with a piece of a few people: the group in the others would give it away."""
    return set(result.pieces.loc[few(result.pieces["base"]), "community"])


def _pieces(result: CommunitySplits) -> Twin:
    count, base = named(result.group, result.base)
    kind = result.communities.kind
    columns = [
        ("community", capital(term(kind))),
        ("district", mark("District")),
        ("base", base),
        ("count", count),
        ("share", mark("Share in the piece")),
        ("share_of_community", say("Part of the {area}", area=term(kind))),
        ("share_of_group", mark("Part of its group")),
        ("share_of_district", mark("Part of the district")),
    ]
    title = say("Pieces of {areas} under {plan}", areas=term(KINDS[kind]), plan=result.placement.plan.name)
    twin = laid_out(result, title, result.pieces, columns, placed(result, **counted(result)))
    rows = result.pieces["community"].isin(_with_few(result))
    return hidden(twin, rows, ["count", "share", "share_of_group"], OF_PIECE, kind)


def _sweep(result: CommunitySplits) -> Twin:
    kinds = KINDS[result.communities.kind]
    columns = [
        ("threshold", mark("Threshold")),
        ("preserved", say("{areas:capital} preserved", areas=term(kinds))),
        ("holds", mark("One district holds that much of it")),
        ("makes", mark("It is that much of one district")),
        ("holds_group", mark("One district holds that much of its group")),
    ]
    title = say("How many {areas} {plan} preserves, by threshold", areas=term(kinds), plan=result.placement.plan.name)
    return laid_out(result, title, result.sweep.reset_index(), columns, placed(result, **counted(result)))


def _split_ranking(result: CommunitySplitTable) -> Twin:
    kinds = KINDS[next(iter(result.splits.values())).communities.kind]
    columns = [
        ("plan", mark("Plan")),
        ("districts", mark("Districts")),
        ("kept_whole", say("{areas:capital} kept whole", areas=term(kinds))),
        ("preserved", mark("Preserved")),
        ("split", mark("Split")),
        ("pieces", mark("Pieces")),
        ("effective_splits", mark("Effective splits")),
        ("cut_off", mark("People outside the largest piece")),
        ("cut_off_group", mark("Members of the group there")),
    ]
    number, order = len(result.ranking), say("the least divided first")
    if result.ranking["districts"].min() < result.ranking["districts"].max():
        order = say("those of the fewest districts first")
    told = {"areas": term(kinds), "plans": number_of(number, "plans"), "order": order}
    title = say("{areas:capital} under {plans}, {order}", **told)
    return laid_out(result, title, result.ranking.reset_index(), columns, counted(result))


def _outlines(result: Clusters) -> Twin:
    """Lay out one row a cluster; counts of few people are left out."""
    count, base = named(result.group, result.base)
    frame = pd.DataFrame(result.outlines.drop(columns="geometry")).rename_axis("cluster").reset_index()
    small = few(frame["base"]) | ((frame["units"] == 1) & (result.units.level == "block"))
    columns = [
        ("cluster", mark("Cluster")),
        ("units", capital(term(result.units.plural))),
        ("base", base),
        ("count", count),
        ("share", mark("Share")),
        ("share_of_group", mark("Part of the whole group")),
    ]
    twin = laid_out(result, say("Clusters, found by arithmetic"), frame, columns, counted(result, method=result.method))
    return hidden(twin, small, ["count", "share", "share_of_group"], OF_BLOCK)


def _classes(result: Clusters) -> Twin:
    plural = result.units.plural
    frame = result.frame["label"].value_counts().rename("units").rename_axis("class").reset_index()
    columns = [("class", mark("Class")), ("units", capital(term(plural)))]
    return laid_out(
        result, say("Classes of {units}", units=term(plural)), frame, columns, counted(result, method=result.method)
    )


_MEANING = {
    "dissimilarity": (
        mark("Dissimilarity"),
        mark("part of the group that would have to live in another unit to be spread as the others are"),
    ),
    "isolation": (mark("Isolation"), mark("share of the group where an average member lives")),
    "interaction": (mark("Interaction"), mark("share of the others where an average member of the group lives")),
    "theil_h": (mark("Theil's H"), mark("evenness from 0 (the same mix everywhere) to 1 (no mix anywhere)")),
    "share": (mark("Share"), mark("share of the group in the whole area")),
}


def _segregation(result: Segregation) -> Twin:
    names, meanings = zip(*_MEANING.values(), strict=True)
    frame = pd.DataFrame({"measure": names, "meaning": meanings})
    frame["value"] = result.measures.reindex(list(_MEANING)).to_numpy()
    columns = [("measure", mark("Measure")), ("value", mark("Value")), ("meaning", mark("What it is"))]
    title = say("How unevenly the group lives over {units}", units=term(result.plural))
    return laid_out(result, title, frame, columns, counted(result))


def _packing_areas(result: Packing) -> Twin:
    if result.areas is None or result.communities is None:
        raise InputError('no areas were given to kit.packing; pass areas=, or show part="districts".')
    kind, (count, base) = result.communities.kind, named(result.group, result.base)
    columns = [
        ("community", capital(term(kind))),
        ("base", base),
        ("count", count),
        ("share", mark("Share")),
        ("districts_at_floor", say("Districts with at least {floor:.0%} of it", floor=result.floor)),
        ("largest_share", mark("Largest piece")),
        ("best_district", mark("Highest share among them: district")),
        ("best_share", mark("Share there")),
        ("kept_whole_share", mark("Illustrative share if kept whole")),
    ]
    frame = result.areas.rename_axis("community").reset_index()
    members = ["count", "share", *(name for name in frame if name.endswith("_group"))]
    title = say(
        "{areas:capital} under {plan}: indicators without a verdict",
        areas=term(KINDS[kind]),
        plan=result.placement.plan.name,
    )
    twin = laid_out(result, title, frame, columns, placed(result, **counted(result)))
    return hidden(twin, few(frame["base"]), members, OF_AREA, kind)


def _packing_districts(result: Packing) -> Twin:
    count, base = named(result.group, result.base)
    columns = [("district", mark("District")), ("base", base), ("count", count), ("share", mark("Share"))]
    if result.tau is not None:
        columns += [
            ("above", say("Over {bound:.0%}", bound=result.tau)),
            ("distance", say("Share less {bound:.0%}", bound=result.tau)),
            ("surplus_people", say("{group} beyond {bound:.0%}", group=count, bound=result.tau)),
        ]
    title = say("The group in the districts of {plan}: indicators without a verdict", plan=result.placement.plan.name)
    frame = result.districts.rename_axis("district").reset_index()
    return laid_out(result, title, frame, columns, placed(result, **counted(result)))


AREA_TABLES: dict[type, dict[str, Callable[[Any], Twin]]] = {
    CommunitySplits: {"areas": _splits, "pieces": _pieces, "sweep": _sweep},
    CommunitySplitTable: {"plans": _split_ranking},
    Clusters: {"clusters": _outlines, "classes": _classes},
    Segregation: {"measures": _segregation},
    Packing: {"areas": _packing_areas, "districts": _packing_districts},
}
"""Tables of each kind of result on areas and groups, the main one first."""
