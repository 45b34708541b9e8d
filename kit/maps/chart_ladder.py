"""The ladder of participation as a chart: who is there, who is a citizen, who is registered, who voted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.participation import ALL, Participation
from kit.errors import InputError
from kit.i18n.messages import each, joined, say
from kit.maps import style
from kit.maps.chart_facts import ChartFacts, chart_keys, chart_notes, remember_chart
from kit.maps.chart_page import (
    FIRST,
    NAMES,
    PALE,
    SECOND,
    SMALL,
    ChartPage,
    beside,
    inside,
    inside_legend,
    name_axis,
    plain_axes,
    share_axis,
)
from kit.maps.ladder_rows import Figure, Rows, Rung, counted_group, group_words, rows_of
from kit.maps.lettering import wrap
from kit.maps.page import SAMPLE_STAMP
from kit.maps.record import Twin

__all__ = ["chart_ladder"]

_LABEL, _GAP = 1.45, 8.0
_BAR = 0.36
_ENDS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)


def chart_ladder(
    participation: Participation,
    *,
    area: str | Sequence[str] = ALL,
    place: str = "",
    title: str | None = None,
    page: str = "letter",
    ax: Any = None,
) -> Any:
    """Draw the ladder of participation: adults, citizens, registered people, voters.

    Parameters
    ----------
    participation : Participation
        What `kit.participation` made.
    area : str or sequence of str, default "all"
        An area of it; of several each has a page.
    place : str
        Place and list, for the line under the title; an exhibit needs it.
    title : str, optional
        Heading of the page.
    page : str, default "letter"
        Page size: ``"letter"``, ``"tabloid"``, ``"letter portrait"`` or ``"tabloid portrait"``.
    ax : matplotlib.axes.Axes, optional
        Draw the ladder of shares alone into these axes, instead of both charts on a page.

    Returns
    -------
    matplotlib.axes.Axes, or a list of them
        The ladder; for a list of areas one each. Nothing is shown or saved.

    Raises
    ------
    InputError
        What was passed is no Participation, or an area is not in it.

    Notes
    -----
    The first chart is the group's share of the people on each rung, the second
    the rates of the group beside those of everybody. Whiskers are 90 percent
    margins of error of the survey of citizens. Rates over 100% are shown and
    flagged; what is hidden or missing is written so, and never drawn as 0.
    """
    if not isinstance(participation, Participation):
        raise InputError(f"chart_ladder draws what kit.participation returned, not a {type(participation).__name__}.")
    wanted = [area] if isinstance(area, str) else list(area)
    if not wanted or (ax is not None and len(wanted) > 1):
        raise InputError("pass one area or more; into axes of your own only one is drawn.")
    every = [rows_of(participation, one) for one in wanted]
    name = group_words(participation)
    heading = title or say("{group}: from adults to voters", group=name)
    handles = _handles(every, name)
    legend = say("What marks and lines mean")
    facts = _facts(participation, every, place, chart_keys(handles), legend, whole=ax is None)
    panels: list[Any] = []
    others: list[Any] = []
    for rows in every:
        if ax is not None:
            _rungs(ax, rows, name)
            inside_legend(ax, handles[:1], "")
            panels.append(ax)
            continue
        captions = [
            say("{group} among the people on each rung, {area}", group=name, area=rows.area),
            say("Rates, {area}", area=rows.area),
        ]
        paper = ChartPage(
            heading, _under(participation, rows, place), chart_notes(facts), handles=_handles(every, name),
            legend=legend, captions=captions, stamp=SAMPLE_STAMP if facts.sample else "", size=page,
        )  # fmt: skip
        _rungs(paper.panels[0], rows, name)
        _rates(paper.panels[1], rows)
        paper.finish()
        panels.append(paper.panels[0])
        others.append(paper.panels[1])
    alts = [_alt(rows, name) for rows in every]
    description = [joined([*_told(rows, name)], "\n") for rows in every]
    remember_chart(
        panels, facts, heading=heading, alts=alts, description=joined([*description, joined(facts.notes)], "\n\n"),
        twins=_twins(participation, every, heading, facts), also=others,
    )  # fmt: skip
    return panels[0] if isinstance(area, str) else panels


def _facts(
    result: Participation, every: Sequence[Rows], place: str, keys: Any, legend: str, *, whole: bool
) -> ChartFacts:
    """Gather what an exhibit says."""
    name = group_words(result)
    return ChartFacts(
        where=_where(result, place) if place else "",
        counted=counted_group(result),
        legend=legend,
        keys=keys,
        # Of several areas the page has room for the first sentence each; the tables have all.
        findings=tuple(told for rows in every for told in _told(rows, name)[: 1 if len(every) > 1 else None]),
        uncertainty=_unsure(result),
        notes=tuple(each(result.notes)),
        sources=result.sources,
        whole=whole,
        group=result.group,
    )


def _where(result: Participation, place: str) -> str:
    """Say whose figures these are."""
    election = result.elections[-1] if result.elections else ""
    return say("{place} — {election}", place=place, election=election) if election else place


def _under(result: Participation, rows: Rows, place: str) -> str:
    """Write the line under the heading."""
    listed = result.dates[-1] if result.dates else ""
    told = [
        say("{place}.", place=_where(result, place)) if place else "",
        say("List of {date}.", date=listed) if listed else "",
        _survey(result),
    ]
    return joined([one for one in told if one]) or rows.area


def _survey(result: Participation) -> str:
    """Say from which years citizens are."""
    if result.period is None:
        return ""
    first, last = result.period
    return say("Citizens: survey of {first} to {last}.", first=f"{first}", last=f"{last}")


def _unsure(result: Participation) -> str:
    """Say how sure the figures are."""
    frame = result.frame
    if frame[["cvap", "cvap_low"]].isna().all(axis=None):
        return say("counts of a voter list have no margin of error, and lists hold people who have moved or died.")
    if frame[["cvap_moe", "cvap_low_moe"]].isna().all(axis=None):
        told = say(
            "citizens are estimates that came without margins of error; counts of a voter list have no margin, and "
            "lists hold people who have moved or died."
        )
    else:
        told = say(
            "citizens are estimates of a survey, with 90 percent margins of error; counts of a voter list have no "
            "margin, and lists hold people who have moved or died."
        )
    return joined([told, _survey(result)])


def _rungs(ax: Any, rows: Rows, name: str) -> None:
    """Draw the group's share on each rung, joined by a line."""
    plain_axes(ax, grid="x")
    most = max([rung.share.reach for rung in rows.rungs], default=0.0)
    top = next((end for end in _ENDS if end >= most), 1.0)
    points = [(rung.share.value, y) for y, rung in enumerate(rows.rungs) if rung.share.known]
    ax.plot([x for x, _ in points], [y for _, y in points], color=FIRST, linewidth=1.2, zorder=3)
    for y, rung in enumerate(rows.rungs):
        _mark(ax, y, rung.share, FIRST)
        beside(ax, y, _GAP, wrap(rung.name, _LABEL, size=NAMES), size=NAMES, left=True)
        if rung.share.known:
            beside(ax, y, _GAP, rung.share.words, up=6.0)
            counted = say("{count} of {base}", count=rung.count, base=rung.base)
            beside(ax, y, _GAP, counted, size=SMALL - 0.5, colour=style.MUTED, up=-6.0)
    _finish(ax, len(rows.rungs), top, say("{group}: share of the people on the rung", group=name))


def _rates(ax: Any, rows: Rows) -> None:
    """Draw each rate of the group over that of everybody."""
    plain_axes(ax, grid="x")
    most = max([one.reach for rate in rows.rates for one in (rate.group, rate.everybody)], default=0.0)
    for y, rate in enumerate(rows.rates):
        beside(ax, y, _GAP, wrap(rate.name, _LABEL, size=NAMES), size=NAMES, left=True)
        for at, figure, colour in ((y - 0.2, rate.group, FIRST), (y + 0.2, rate.everybody, SECOND)):
            _bar(ax, at, figure, colour)
            if figure.known:
                words = figure.words
                beside(ax, at, _GAP, say("{rate}, over 100%", rate=words) if figure.over else words)
    if most > 1:
        ax.axvline(1.0, color=style.INK, linewidth=1.2, zorder=5)
    _finish(ax, len(rows.rates), max(1.0, 1.03 * most), say("Share of the people in the base"))


def _finish(ax: Any, number: int, top: float, words: str) -> None:
    """Scale the axes of rows."""
    ax.set_yticks([])
    ax.set_ylim(max(number, 1) - 0.5, -0.5)
    share_axis(ax, 0.0, top)
    name_axis(ax, words, float(ax.get_position().width * ax.figure.get_figwidth()))


def _mark(ax: Any, y: float, figure: Figure, colour: str) -> None:
    """Draw a point with its whiskers, a bar between two ends, or nothing but words."""
    if not figure.known:
        _absent(ax, y, figure)
        return
    if figure.bracketed:
        ax.barh(y, figure.high - figure.low, left=figure.low, height=0.22, facecolor=PALE, edgecolor=colour, zorder=4)
        return
    if not np.isnan(figure.moe):
        _whisker(ax, y, figure)
    ax.scatter([figure.value], [y], s=58, color=colour, edgecolor="white", linewidth=0.8, zorder=6)


def _bar(ax: Any, y: float, figure: Figure, colour: str) -> None:
    """Draw a bar with its whiskers; hatched where it is more than 100%."""
    if not figure.known:
        _absent(ax, y, figure)
        return
    if figure.bracketed:
        ends: dict[str, Any] = {"facecolor": PALE, "edgecolor": colour, "hatch": "xxx" if figure.over else None}
        ax.barh(y, figure.high - figure.low, left=figure.low, height=_BAR, zorder=3, **ends)
        return
    look: dict[str, Any] = {"facecolor": colour, "edgecolor": style.INK, "linewidth": 0.5}
    if figure.over:
        look = {"facecolor": "white", "edgecolor": colour, "hatch": "xxx", "linewidth": 0.8}
    ax.barh(y, figure.value, height=_BAR, zorder=3, **look)
    if not np.isnan(figure.moe):
        _whisker(ax, y, figure)


def _whisker(ax: Any, y: float, figure: Figure) -> None:
    """Draw the margin of error, dark over light, so that it shows on a bar."""
    ends = [max(0.0, figure.value - figure.moe), figure.value + figure.moe]
    for width, colour, order in ((3.4, "white", 4), (1.4, style.INK, 5)):
        ax.plot(ends, [y, y], color=colour, linewidth=width, zorder=order, solid_capstyle="butt")
    ax.scatter(ends, [y, y], marker="|", s=46, color=style.INK, linewidth=1.4, zorder=5)


def _absent(ax: Any, y: float, figure: Figure) -> None:
    """Write where nothing is drawn why."""
    inside(ax, y, figure.words)


def _handles(every: Sequence[Rows], name: str) -> list[Any]:
    """Make the legend entries of what occurs."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    figures = [rung.share for rows in every for rung in rows.rungs]
    rates = [one for rows in every for rate in rows.rates for one in (rate.group, rate.everybody)]
    dot: dict[str, Any] = {"color": FIRST, "linewidth": 1.2, "marker": "o", "markersize": 7}
    told: list[Any] = [Line2D([], [], **dot, label=say("{group}: share of the people on a rung", group=name))]
    edge: dict[str, Any] = {"edgecolor": style.INK, "linewidth": 0.5}
    told += [
        Patch(facecolor=FIRST, label=say("rate: {group}", group=name), **edge),
        Patch(facecolor=SECOND, label=say("rate: everybody"), **edge),
    ]
    if any(not np.isnan(one.moe) for one in (*figures, *rates) if one.known):
        told.append(
            Line2D([], [], color=style.INK, linewidth=1.4, marker="|", markersize=7, label=say("90% margin of error"))
        )
    if any(one.bracketed for one in (*figures, *rates)):
        told.append(Patch(facecolor=PALE, edgecolor=FIRST, label=say("known only between these ends")))
    if any(one.over for one in rates):
        words = say("over 100%: the list holds more people than the survey counts citizens")
        told.append(Patch(facecolor="white", edgecolor=FIRST, hatch="xxx", label=words))
    return told


def _told(rows: Rows, name: str) -> list[str]:
    """Say every rung and rate in sentences."""
    rungs = joined([_of(one) for one in rows.rungs], "; ")
    told: list[str] = [say("{group} in {area}: {rungs}.", group=name, area=rows.area, rungs=rungs)]
    for rate in rows.rates:
        values = {"rate": rate.name, "group": name, "mine": rate.group.words, "all": rate.everybody.words}
        if rate.gap:
            told.append(say("{rate}: {group} {mine}, everybody {all} ({gap}).", gap=rate.gap, **values))
        else:
            told.append(say("{rate}: {group} {mine}, everybody {all}.", **values))
    return told


def _of(rung: Rung) -> str:
    """Say the share of one rung, or that there is none to say."""
    if rung.share.known:
        return say("{share} of {people}", share=rung.share.words, people=rung.noun)
    return say("{people}: {share}", share=rung.share.words, people=rung.noun)


def _alt(rows: Rows, name: str) -> str:
    """Write the alternative text: what, and the main finding."""
    what = say(
        "Two charts for {area}: the share of {group} among adults, citizens, registered people and voters, and rates "
        "beside those of everybody.",
        area=rows.area,
        group=name,
    )
    return joined([what, _told(rows, name)[0]])


def _twins(result: Participation, every: Sequence[Rows], heading: str, facts: ChartFacts) -> tuple[Twin, ...]:
    """Lay out one row a rung, and one row a rate, of each area."""
    labels = {"counted": facts.counted, "uncertainty": facts.uncertainty}
    rungs = [
        {
            "area": rows.area,
            "rung": rung.name,
            "count_text": rung.count,
            "base_text": rung.base,
            "share": rung.share.value,
            "share_moe": rung.share.moe,
            "share_low": rung.share.low,
            "share_high": rung.share.high,
            "share_text": rung.share.words,
        }
        for rows in every
        for rung in rows.rungs
    ]
    rates = [
        {
            "area": rows.area,
            "rate": rate.name,
            "share_group": rate.group.value,
            "share_group_moe": rate.group.moe,
            "share_all": rate.everybody.value,
            "share_all_moe": rate.everybody.moe,
            "group_text": rate.group.words,
            "all_text": rate.everybody.words,
            "apart": rate.gap,
        }
        for rows in every
        for rate in rows.rates
    ]
    name = group_words(result)
    of_rungs = (
        ("area", say("Area")),
        ("rung", say("Rung")),
        ("count_text", name),
        ("base_text", say("Everybody")),
        ("share_text", say("Share")),
    )
    of_rates = (
        ("area", say("Area")),
        ("rate", say("Rate")),
        ("group_text", name),
        ("all_text", say("Everybody")),
        ("apart", say("How far apart")),
    )
    return (
        Twin(heading, pd.DataFrame(rungs), of_rungs, facts.notes, facts.sources, labels),
        Twin(say("Rates"), pd.DataFrame(rates), of_rates, facts.notes, facts.sources, labels, mark="rates"),
    )
