"""Precincts as points, and what each of them allows: how a group may have voted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.polarization import SHARES_OF, Polarization, polarization
from kit.errors import InputError, first_few
from kit.i18n.messages import joined, say, term
from kit.maps import style
from kit.maps.chart_facts import ChartFacts, chart_keys, chart_notes, remember_chart
from kit.maps.chart_page import (
    FIRST,
    PALE,
    SECOND,
    ChartPage,
    inside_legend,
    name_axis,
    plain_axes,
    share_axis,
)
from kit.maps.lettering import rtl
from kit.maps.page import SAMPLE_STAMP
from kit.maps.precinct_facts import (
    LISTED,
    Drawn,
    alt_of,
    counted_words,
    findings_of,
    line_under,
    notes_of,
    twins_of,
    unsure_words,
)
from kit.model.sentences import percent
from kit.model.source import Source
from kit.model.voters import SMALLEST

__all__ = ["chart_precincts"]

_LARGEST, _SMALLEST = 170.0, 7.0
_NOBODY = 1e-9
_DASHES = (0, (4, 2.2))


def chart_precincts(
    precincts: pd.DataFrame,
    *,
    groups: Mapping[str, str],
    candidates: Mapping[str, str],
    votes: str,
    of: str,
    group: str,
    candidate: str,
    place: str = "",
    sources: tuple[Source, ...] = (),
    title: str | None = None,
    page: str = "letter",
    ax: Any = None,
) -> Any:
    """Draw precincts by a group's share and a candidate's share, and what each precinct allows.

    Parameters
    ----------
    precincts : pandas.DataFrame
        One row a precinct, as `kit.polarization` takes it.
    groups : mapping of str to str
        Name of a group, and the column with its share of the people that `of` names (0 to 1).
    candidates : mapping of str to str
        Name of a candidate, and the column with the share of the votes (0 to 1).
    votes : str
        Column with the number of votes cast in the contest.
    of : {"voters", "registered", "cvap", "vap"}
        What the groups' shares are shares of.
    group, candidate : str
        Which of them to draw.
    place : str
        Place and contest, for the line under the title; an exhibit needs it.
    sources : tuple of Source
        Where the returns came from.
    title : str, optional
        Heading of the page.
    page : str, default "letter"
        Page size: ``"letter"``, ``"tabloid"``, ``"letter portrait"`` or ``"tabloid portrait"``.
    ax : matplotlib.axes.Axes, optional
        Draw the points alone into these axes, instead of both charts on a page.

    Returns
    -------
    matplotlib.axes.Axes
        The chart of points. Nothing is shown or saved.

    Raises
    ------
    InputError
        The group or the candidate is none of those given, or the precincts are
        not what `kit.polarization` takes.

    Notes
    -----
    Goodman's line is solid only where precincts are, and dashed beyond them:
    there it says what nobody has seen. The bars at both ends are the bounds
    that hold whatever the voters did. In the second chart each line is one
    precinct, with every pair of shares that its returns allow. Precincts with
    fewer than 11 votes, or where a candidate had all votes or none, are
    counted and not drawn, as such a point would tell how people there voted;
    nor, where shares are of a voter list, are those with fewer than 11 people
    of the group or of everybody else.
    """
    name, chosen = _known(groups, group, "group"), _known(candidates, candidate, "candidate")
    found = polarization(
        precincts, groups={name: groups[name]}, candidates={chosen: candidates[chosen]}, votes=votes, of=of,
        sources=sources,
    )  # fmt: skip
    drawn = _drawn(precincts, found, name, chosen, (groups[name], candidates[chosen], votes))
    handles = _handles(drawn)
    heading = title or say("{group} and the vote for {candidate}, by precinct", group=name, candidate=chosen)
    legend = say("What marks and lines mean")
    facts = ChartFacts(
        where=place,
        counted=counted_words(drawn),
        legend=legend,
        keys=chart_keys(handles),
        findings=tuple(findings_of(drawn)),
        uncertainty=unsure_words(),
        notes=tuple(notes_of(drawn)),
        sources=found.sources,
        whole=ax is None,
    )
    other: list[Any] = []
    if ax is None:
        captions = [say("Precincts"), say("What the returns of each precinct allow")]
        paper = ChartPage(
            heading, line_under(drawn, place), chart_notes(facts), handles=handles, legend=legend, captions=captions,
            stamp=SAMPLE_STAMP if facts.sample else "", size=page,
        )  # fmt: skip
        panel, *other = paper.panels
        _points(panel, drawn)
        _lines(other[0], drawn)
        paper.finish()
    else:
        panel = ax
        _points(panel, drawn)
        inside_legend(panel, handles[:4], "")
    alt = alt_of(drawn, both=ax is None)
    description = joined([alt, joined(findings_of(drawn)), joined(notes_of(drawn))], "\n\n")
    remember_chart(
        [panel], facts, heading=heading, alts=[alt], description=description, twins=twins_of(drawn, heading), also=other
    )
    return panel


def _known(given: Mapping[str, str], chosen: str, what: str) -> str:
    """Refuse a group or a candidate that is not there."""
    if chosen not in given:
        raise InputError(f"{what}={chosen!r} is none of those given: {first_few(list(given), 8) or 'none'}.")
    return chosen


def _drawn(
    precincts: pd.DataFrame, found: Polarization, group: str, candidate: str, columns: tuple[str, str, str]
) -> Drawn:
    """Take the precincts that are drawn one by one."""
    share, vote, votes = columns
    used = precincts[precincts[votes] > 0]
    x, t, number = (used[name].to_numpy(dtype="float64") for name in (share, vote, votes))
    shown = (number >= SMALLEST) & (t > 0) & (t < 1)
    # A share of a list, times the votes, tells how many people it is at least.
    few = [(part > _NOBODY) & (part * number < SMALLEST) for part in (x, 1 - x) if found.of in LISTED]
    enough = shown & ~np.any(few, axis=0) if few else shown
    whole = (float(x.min()), float(x.max()))
    left_out, few_people = int((~shown).sum()), int((shown & ~enough).sum())
    return Drawn(found, group, candidate, x[enough], t[enough], number[enough], whole, left_out, few_people)


def _sizes(votes: Any) -> Any:
    """Give each precinct an area by its votes, in square points."""
    return np.maximum(_SMALLEST, _LARGEST * votes / votes.max()) if len(votes) else votes


def _points(ax: Any, drawn: Drawn) -> None:
    """Draw precincts, Goodman's line and the bounds at both ends."""
    from matplotlib.patches import Rectangle

    plain_axes(ax)
    bounds: dict[str, Any] = {"facecolor": PALE, "edgecolor": FIRST, "linewidth": 0.8, "zorder": 2}
    for name, left in ((drawn.rest, -0.025), (drawn.group, 1.0)):
        row = drawn.row(name)
        ax.add_patch(Rectangle((left, row["low"]), 0.025, row["high"] - row["low"], **bounds))
    ax.scatter(
        drawn.x, drawn.t, s=_sizes(drawn.votes), color=FIRST, alpha=0.55, edgecolor="white", linewidth=0.4, zorder=4
    )
    first, last = drawn.line
    if not np.isnan(first):
        low, high = drawn.range
        at = np.array([0.0, low, high, 1.0])
        told = first + (last - first) * at
        ax.plot(at[1:3], told[1:3], color=SECOND, linewidth=2.0, zorder=6)
        for part in (slice(0, 2), slice(2, 4)):
            ax.plot(at[part], told[part], color=SECOND, linewidth=1.6, linestyle=_DASHES, zorder=6)
        marks: dict[str, Any] = {"marker": "D", "facecolor": "white", "edgecolor": SECOND, "linewidth": 1.6}
        ax.scatter([0, 1], [first, last], s=34, zorder=7, **marks)
    share_axis(ax)
    ax.set_xlim(*sorted((-0.045, 1.045), reverse=rtl()))
    share_axis(ax, *drawn.reach, across=False)
    _edges(ax, drawn)
    people = term(SHARES_OF[drawn.found.of])
    wide, high_ = _inches(ax)
    name_axis(ax, say("{group}: share of {people} in the precinct", group=drawn.group, people=people), wide)
    name_axis(ax, say("Votes for {candidate}: share of the precinct", candidate=drawn.candidate), high_, across=False)


def _lines(ax: Any, drawn: Drawn) -> None:
    """Draw, for each precinct, every pair of shares that its returns allow."""
    from matplotlib.collections import LineCollection
    from matplotlib.patches import Rectangle

    plain_axes(ax, grid="")
    group, rest = drawn.row(drawn.group), drawn.row(drawn.rest)
    corner, size = (group["low"], rest["low"]), (group["high"] - group["low"], rest["high"] - rest["low"])
    ax.add_patch(Rectangle(corner, *size, facecolor=PALE, edgecolor=FIRST, linewidth=0.8, zorder=1))
    strength = np.clip(12 / max(len(drawn.x), 1), 0.12, 0.8)
    lines = LineCollection(_segments(drawn.x, drawn.t), colors=FIRST, linewidths=0.9, alpha=strength, zorder=3)
    ax.add_collection(lines)
    first, last = drawn.line
    if not np.isnan(first):
        marks: dict[str, Any] = {"marker": "D", "facecolor": "white", "edgecolor": SECOND, "linewidth": 1.6}
        ax.scatter([last], [first], s=44, zorder=7, **marks)
    share_axis(ax, *drawn.reach)
    share_axis(ax, *drawn.reach, across=False)
    _edges(ax, drawn, both=True)
    wide, high = _inches(ax)
    name_axis(ax, say("{group}: share that voted for {candidate}", group=drawn.group, candidate=drawn.candidate), wide)
    words = say("Everybody else: share that voted for {candidate}", candidate=drawn.candidate)
    name_axis(ax, words, high, across=False)


def _edges(ax: Any, drawn: Drawn, *, both: bool = False) -> None:
    """Mark 0 and 100% where the axis goes beyond what is possible."""
    low, high = drawn.reach
    for at in (*((0.0,) if low < -0.02 else ()), *((1.0,) if high > 1.02 else ())):
        ax.axhline(at, color=style.INK, linewidth=1.0, zorder=3)
        if both:
            ax.axvline(at, color=style.INK, linewidth=1.0, zorder=3)


def _inches(ax: Any) -> tuple[float, float]:
    """Measure axes."""
    box = ax.get_position()
    return float(box.width * ax.figure.get_figwidth()), float(box.height * ax.figure.get_figheight())


def _segments(x: Any, t: Any) -> list[list[tuple[float, float]]]:
    """Cut each line t = x·a + (1 − x)·b to shares from 0 to 1."""
    told = []
    for share, vote in zip(x, t, strict=True):
        if share in {0, 1}:
            ends = [(0.0, vote), (1.0, vote)] if share == 0 else [(vote, 0.0), (vote, 1.0)]
        else:
            low, high = max(0.0, (vote - (1 - share)) / share), min(1.0, vote / share)
            ends = [(one, (vote - share * one) / (1 - share)) for one in (low, high)]
        told.append(ends)
    return told


def _handles(drawn: Drawn) -> list[Any]:
    """Make the legend entries."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    dot: dict[str, Any] = {"linestyle": "none", "marker": "o", "color": FIRST, "markersize": 7, "alpha": 0.7}
    most = f"{drawn.votes.max():,.0f}" if len(drawn.votes) else "0"
    rows: list[Any] = [Line2D([], [], **dot, label=say("precinct; area by votes, at most {most}", most=most))]
    first, last = drawn.line
    if not np.isnan(first):
        given = {"group": drawn.group, "share": percent(last), "other": percent(first)}
        rows += [
            Line2D([], [], color=SECOND, linewidth=2.0, label=say("Goodman's line where precincts are")),
            Line2D([], [], color=SECOND, linewidth=1.6, linestyle=_DASHES, label=say("Goodman's line beyond them")),
            Line2D(
                [], [], linestyle="none", marker="D", markerfacecolor="white", markeredgecolor=SECOND,
                markeredgewidth=1.6, label=say("its figures: {group} {share}, everybody else {other}", **given),
            ),
        ]  # fmt: skip
    group, rest = drawn.row(drawn.group), drawn.row(drawn.rest)
    told = say(
        "bounds, whatever the voters did: {group} {low} to {high}, everybody else {least} to {most}",
        group=drawn.group,
        low=percent(group["low"]),
        high=percent(group["high"]),
        least=percent(rest["low"]),
        most=percent(rest["high"]),
    )
    rows.insert(min(4, len(rows)), Patch(facecolor=PALE, edgecolor=FIRST, label=told))
    line = say("one precinct: the shares that its returns allow")
    return [*rows, Line2D([], [], color=FIRST, linewidth=1.0, label=line)]
