"""How far a group's rate lies from that of everybody, by district."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from kit.analysis.participation import RATES, Participation
from kit.analysis.participation_rates import ESTIMATED
from kit.errors import CoverageError, InputError, first_few
from kit.i18n.messages import capital, each, figure, joined, mark, retold, say, term
from kit.maps.choropleth import draw_into
from kit.maps.facts import Facts, facts_of
from kit.maps.gap_ground import GapGround, gap_classes, points_words
from kit.maps.ground import require_polygons
from kit.maps.ladder_rows import RATE_NAMES, counted_group, group_words
from kit.maps.notes import page_notes, plan_of
from kit.maps.page import SAMPLE_STAMP, Page
from kit.maps.record import Sheet, Twin, remember
from kit.model.crs import describe
from kit.model.frames import Placement
from kit.model.sentences import number_of, percent

__all__ = ["map_gap"]

_AGAINST = {"all": mark("everybody"), "others": mark("everybody else")}


def map_gap(
    participation: Participation,
    placement: Placement,
    *,
    rate: str,
    breaks: Sequence[float],
    against: str = "all",
    title: str | None = None,
    extent: Sequence[float] | None = None,
    page: str = "letter",
    ax: Any = None,
) -> Any:
    """Draw how far a group's rate lies from that of everybody, by district.

    Parameters
    ----------
    participation : Participation
        What `kit.participation` made, by the districts of the plan.
    placement : Placement
        Units with polygons, placed in that plan.
    rate : {"registration", "turnout_registered", "turnout_cvap", "turnout_vap"}
        Which rate.
    breaks : sequence of float
        Rising distances from zero as fractions, such as ``[0.05, 0.1, 0.2]``,
        used on both sides of it: at most three.
    against : {"all", "others"}
        Whether the group stands against everybody, or against everybody else.
    title : str, optional
        Heading of the page.
    extent : sequence of float, optional
        West, south, east and north in degrees; by default all inhabited units.
    page : str, default "letter"
        Page size: ``"letter"``, ``"tabloid"``, ``"letter portrait"`` or ``"tabloid portrait"``.
    ax : matplotlib.axes.Axes, optional
        Draw into these axes, with a legend inside them, instead of on a page.

    Returns
    -------
    matplotlib.axes.Axes
        The map. Nothing is shown or saved.

    Raises
    ------
    InputError
        What was passed is no Participation, the rate is unknown or has no gap,
        units have no polygons, or the breaks cannot be used.
    CoverageError
        The areas of the figures are not the districts of the plan.

    Notes
    -----
    A gap has a true zero, so its colours go two ways from it, by the same
    breaks. The number under a district's is the gap in percentage points.
    Districts whose gap lies within sampling error are cross-hatched; those
    that are hidden, or have no figure, have a pattern and no colour.
    """
    rows = _rows(participation, placement, rate, against)
    classes = gap_classes(breaks)
    title_of_legend = _legend(participation, rate, against)
    ground = GapGround(placement, rows, classes, title=title_of_legend, extent=extent)
    heading = title or say(
        "{rate}: {group} beside {others}",
        rate=term(RATE_NAMES[rate]),
        group=group_words(participation),
        others=term(_AGAINST[against]),
    )
    notes = _cautions(participation, rows, rate)
    counted = counted_group(participation)
    if ax is None:
        panel = _page(ground, heading, participation, notes, page)
    else:
        panel = ax
        draw_into(ax, ground)
    told = _findings(rows, group_words(participation), against)
    alt = joined([_alt_begin(participation, placement, rate, against), told[0]])
    facts = facts_of(
        ground,
        [panel],
        whole=ax is None,
        counted=counted,
        legend=title_of_legend,
        heads=(say("Gap"), "districts"),
        findings=told,
        notes=notes,
        sources=tuple(dict.fromkeys((*placement.sources, *participation.sources))),
    )
    projection = say("Projection: {projection}.", projection=describe(ground.crs))
    end = joined([retold(ground.outside), projection])
    described = joined([alt, joined(told), joined(_sentences(rows), "\n"), joined(notes), end], "\n\n")
    twin = _twin(rows, heading, facts, (group_words(participation), against))
    remember(panel, Sheet(heading, (panel,), (alt,), described, (twin,), facts))
    return panel


def _rows(result: Participation, placement: Placement, rate: str, against: str) -> pd.DataFrame:
    """Take the gap of each district of the plan."""
    if not isinstance(result, Participation):
        raise InputError(f"map_gap draws what kit.participation returned, not a {type(result).__name__}.")
    if rate not in RATES:
        raise InputError(f"rate={rate!r}; pass one of {', '.join(RATES)}.")
    if against not in _AGAINST:
        raise InputError(f"against={against!r}; pass one of {', '.join(_AGAINST)}.")
    require_polygons(placement.units)
    labels = [str(label) for label in placement.plan.labels]
    strange = [area for area in result.areas if area not in labels]
    if strange:
        raise CoverageError(
            f"{len(strange):,} of {len(result.areas):,} areas of these figures are no districts of "
            f"{placement.plan.name}, first {first_few(strange)}. Count participation by the districts of this plan."
        )
    suffix = "" if against == "all" else "_others"
    found = {label: _row(result, label, rate, suffix) for label in labels}
    rows = pd.DataFrame.from_dict(found, orient="index").rename_axis("district")
    if rows["gap"].isna().all() and rows["low"].isna().all():
        raise InputError(
            f"no district has a gap in {rate!r}: its figures are hidden, missing or of too few people. Choose another "
            "rate, or areas of more people."
        )
    return rows


def _row(result: Participation, label: str, rate: str, suffix: str) -> dict[str, Any]:
    """Read one district."""
    key, who = (label, rate), (label, result.group)
    row = result.gaps.loc[key] if key in result.gaps.index else pd.Series(dtype=object)
    counts = result.frame.loc[who] if who in result.frame.index else pd.Series(dtype=object)
    gap = _number(row.get(f"gap{suffix}"))
    low, high = (_number(row.get(f"gap_{end}")) if not suffix else float("nan") for end in ("low", "high"))
    significant = row.get(f"gap{suffix}_significant")
    return {
        "share_group": _number(row.get("group_rate")),
        "share_other": _number(row.get("others_rate" if suffix else "all_rate")),
        "gap": gap,
        "gap_moe": _number(row.get(f"gap{suffix}_moe")),
        "low": low,
        "high": high,
        "doubtful": significant is not None and not pd.isna(significant) and not bool(significant),
        "tested": significant is not None and not pd.isna(significant),
        "hidden": bool(counts.get("hidden", False)) and pd.isna(gap),
    }


def _number(value: Any) -> float:
    return float("nan") if value is None or pd.isna(value) else float(value)


def _legend(result: Participation, rate: str, against: str) -> str:
    """Write what the colours mean."""
    group, others = group_words(result), term(_AGAINST[against])
    compared = say("{group}, compared with {others}, in percentage points", group=group, others=others)
    return joined([term(RATE_NAMES[rate]), compared], "\n")


def _page(ground: GapGround, heading: str, result: Participation, cautions: list[str], size: str) -> Any:
    """Draw on a page; return its panel."""
    placement = ground.placement
    election = result.elections[-1] if result.elections else ""
    under = [say("{plan}.", plan=plan_of(placement.plan)), say("{election}.", election=election) if election else ""]
    begin = [joined([counted_group(result), say("Each class includes the bound farther from zero.")])]
    notes = page_notes(ground, begin=begin, cautions=cautions, placements=[placement], sources=result.sources)
    sample = any(source.sample for source in (*placement.sources, *result.sources))
    page = Page(
        heading, joined([one for one in under if one]), notes, stamp=SAMPLE_STAMP if sample else "", size=size,
        ground=ground,
    )  # fmt: skip
    panel = page.panels[0]
    ground.draw(panel)
    page.scale(ground, panel)
    page.beside(ground)
    return panel


def _cautions(result: Participation, rows: pd.DataFrame, rate: str) -> list[str]:
    """Say what a reader must know."""
    told = []
    known = rows["gap"].notna()
    if known.any() and not rows.loc[known, "tested"].all():
        untested = (
            mark(
                "The gap of {count:,} of {number:,} districts has no margin of error, and is hatched nowhere for it: "
                "citizens are estimates, and their margins were not given."
            )
            if rate in ESTIMATED
            else mark(
                "The gap of {count:,} of {number:,} districts has no margin of error, and is hatched nowhere for it: a "
                "count of a list has none, and is no estimate."
            )
        )
        told.append(say(untested, count=int((known & ~rows["tested"]).sum()), number=int(known.sum())))
    return [*told, *each(result.notes)]


def _findings(rows: pd.DataFrame, group: str, against: str) -> list[str]:
    """Say in how many districts the rate is lower or higher, and where most."""
    known = rows["gap"].dropna()
    others = term(_AGAINST[against])
    if not len(known):
        return [say("In every district the gap is known only between two ends, or not at all.")]
    low = int((known < 0).sum())
    told: list[str] = [
        say(
            "The rate of {group} is lower than that of {others} in {low:,} of {number:,} districts with a figure; most "
            "so in district {district}, by {points} points.",
            group=group, others=others, low=low, number=len(known), district=known.idxmin(),
            points=figure(f"{abs(100 * known.min()):.1f}"),
        )
        if low
        else say(
            "The rate of {group} is lower than that of {others} in none of {number:,} districts with a figure.",
            group=group, others=others, number=len(known),
        )
    ]  # fmt: skip
    doubtful, tested = int(rows["doubtful"].sum()), int(rows["tested"].sum())
    if tested:
        told.append(
            say("In {doubtful:,} of {tested:,} the gap lies within sampling error.", doubtful=doubtful, tested=tested)
        )
    hidden = int(rows["hidden"].sum())
    if hidden:
        told.append(
            say(
                "Figures of {districts} are not shown, to protect few people.",
                districts=number_of(hidden, "districts"),
            )
        )
    return told


def _alt_begin(result: Participation, placement: Placement, rate: str, against: str) -> str:
    """Begin the alternative text."""
    return say(
        "Map of the districts of {plan} by how far the rate of {group} is from that of {others}, in percentage points: "
        "{rate}.",
        plan=placement.plan.name,
        group=group_words(result),
        others=term(_AGAINST[against]),
        rate=term(RATE_NAMES[rate]),
    )


def _words(row: pd.Series) -> str:
    """Write the gap of one district."""
    if not pd.isna(row["gap"]):
        gap = say("{points} points", points=points_words(row["gap"]))
        return say("{gap}, within sampling error", gap=gap) if row["doubtful"] else gap
    if not pd.isna(row["low"]):
        return say("{low} to {high} points", low=points_words(row["low"]), high=points_words(row["high"]))
    return say("not shown") if row["hidden"] else say("not available")


def _sentences(rows: pd.DataFrame) -> list[str]:
    """Describe every district."""
    return [
        say(
            "District {district}: {mine} against {others}, {gap}.",
            district=label,
            mine=percent(row["share_group"]),
            others=percent(row["share_other"]),
            gap=_words(row),
        )
        for label, row in rows.iterrows()
    ]


def _twin(rows: pd.DataFrame, heading: str, facts: Facts, who: tuple[str, str]) -> Twin:
    """Lay out one row a district."""
    group, against = who
    keep = ["share_group", "share_other", "gap", "gap_moe", "low", "high"]
    frame = rows[keep].rename(columns={"low": "gap_low", "high": "gap_high"})
    frame["remark"] = [_words(row) for _, row in rows.iterrows()]
    frame = frame.rename_axis("district").reset_index().astype({"district": "str"})
    heads = (
        ("district", say("District")),
        ("share_group", group),
        ("share_other", capital(term(_AGAINST[against]))),
        ("remark", say("Gap")),
    )
    labels = {"counted": facts.counted, "plan": facts.placements[0].plan.name}
    return Twin(heading, frame, heads, facts.notes, facts.sources, labels)
