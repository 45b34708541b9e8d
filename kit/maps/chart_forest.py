"""Estimates of how groups voted, one a row, never without what the returns allow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.polarization import SHARES_OF
from kit.errors import InputError
from kit.i18n.messages import each, joined, say, term
from kit.maps import style
from kit.maps.chart_facts import ChartFacts, chart_keys, chart_notes, remember_chart
from kit.maps.chart_page import (
    FIRST,
    NAMES,
    PALE,
    SMALL,
    ChartPage,
    beside,
    inside_legend,
    name_axis,
    plain_axes,
    share_axis,
)
from kit.maps.forest_rows import ForestRow, forest_rows, method_of
from kit.maps.lettering import width, wrap
from kit.maps.page import SAMPLE_STAMP
from kit.maps.record import Twin
from kit.model.sentences import listed
from kit.model.source import Source

__all__ = ["chart_forest"]

_LABEL = 2.6
# Inches that a row needs: alone, and with a line of small words under its figures.
_ROW, _TALL = 0.2, 0.26
_BAR = 0.5
_GAP, _APART = 10.0, 4.6


def chart_forest(
    result: Any,
    *,
    place: str = "",
    sources: tuple[Source, ...] | None = None,
    notes: Sequence[str] | None = None,
    title: str | None = None,
    page: str = "letter",
    ax: Any = None,
) -> Any:
    """Draw estimates of how groups voted, each over the bounds that hold whatever the voters did.

    Parameters
    ----------
    result : Polarization, EcologicalEstimate, ContestTable or pandas.DataFrame
        Of contests, how the group voted for the candidate it preferred and how
        everybody else voted for others. Else one row a group and candidate, or a contest: ``low`` and ``high``
        (bounds), ``estimate`` with ``low_95`` and ``high_95`` (or Goodman's
        line and its error), ``model_driven``, and ``refused`` (why no figure is given).
    place : str
        Place and contest, for the line under the title; an exhibit needs it.
    sources, notes : sequence, optional
        Where the figures came from and what a reader must know; by default those of the result.
    title : str, optional
        Heading of the page.
    page : str, default "letter"
        Page size: ``"letter"``, ``"tabloid"``, ``"letter portrait"`` or ``"tabloid portrait"``.
    ax : matplotlib.axes.Axes, optional
        Draw into these axes, with a legend under them, instead of on a page.

    Returns
    -------
    matplotlib.axes.Axes
        The chart. Nothing is shown or saved.

    Raises
    ------
    InputError
        The table has no bounds, no rows, or more than the page has room for.

    Notes
    -----
    A bar is what the returns allow, a point with its line the estimate and its
    interval. Where the bounds are wider than one half the bar is hatched and
    the point hollow: the model drives that figure. Refused figures have their
    row and no point. Figures outside 0 to 100% are shown where they are.
    """
    rows = forest_rows(result)
    given: Any = () if isinstance(result, pd.DataFrame) else result
    cited = tuple(getattr(given, "sources", ()) if sources is None else sources)
    handles = _handles(rows, method_of(result))
    heading = title or say("How groups may have voted: what the returns allow, and estimates")
    legend = say("What marks and lines mean")
    facts = ChartFacts(
        where=place,
        counted=_counted(given),
        legend=legend,
        keys=chart_keys(handles),
        findings=tuple(_findings(rows)),
        uncertainty=_unsure(),
        notes=tuple(each(getattr(given, "notes", ()) if notes is None else notes)),
        sources=cited,
        whole=ax is None,
    )
    if ax is None:
        paper = ChartPage(
            heading, joined([say("{place}.", place=place) if place else "", say("How a person voted is not known.")]),
            chart_notes(facts), handles=handles, legend=legend, stamp=SAMPLE_STAMP if facts.sample else "", size=page,
        )  # fmt: skip
        panel = paper.panels[0]
        _draw(panel, rows)
        paper.finish()
    else:
        panel = ax
        _draw(panel, rows)
        inside_legend(panel, handles, "")
    alt = _alt(rows)
    told = [alt, joined([_sentence(row) for row in rows], "\n"), joined(facts.notes)]
    remember_chart(
        [panel], facts, heading=heading, alts=[alt], description=joined(told, "\n\n"),
        twins=[_twin(rows, heading, facts)],
    )  # fmt: skip
    return panel


def _lines(rows: Sequence[ForestRow]) -> list[str | ForestRow]:
    """Put headings between the rows."""
    told: list[str | ForestRow] = []
    section = ""
    for row in rows:
        if row.section != section:
            section = row.section
            told.append(section)
        told.append(row)
    return told


def _draw(ax: Any, rows: Sequence[ForestRow]) -> None:
    """Draw bars, points and words, one row under the other."""
    lines = _lines(rows)
    box = ax.get_position()
    high = float(box.height * ax.figure.get_figheight())
    room = int((high - 0.3) / _ROW)
    if len(lines) > room:
        raise InputError(
            f"{len(rows):,} figures and their headings need {len(lines):,} rows; this page has room for {room}. Pass "
            "some of them (result.frame.loc[…]), or a larger page."
        )
    roomy = (high - 0.3) / len(lines) >= _TALL
    plain_axes(ax, grid="x")
    reach = [row.reach for row in rows]
    low, most = min([0.0, *(one for one, _ in reach)]), max([1.0, *(one for _, one in reach)])
    ends = [width(row.figures, size=SMALL) for row in rows]
    head = [_estimate_head(), _bounds_head()]
    second = _GAP + max([*ends, width(head[0], size=SMALL, bold=True)]) + 2 * _GAP
    for y, line in enumerate(lines):
        if isinstance(line, ForestRow):
            _one(ax, y, line)
            beside(ax, y, 8.0, wrap(line.name, _LABEL, size=NAMES), size=NAMES, left=True)
            _words(ax, y, line, second, roomy=roomy)
        else:
            beside(ax, y, 8.0, wrap(line, _LABEL, size=NAMES, bold=True), size=NAMES, weight="bold", left=True)
    for words, points in zip(head, (_GAP, second), strict=True):
        beside(ax, -1.0, points, words, weight="bold")
    ax.set_yticks([])
    ax.set_ylim(len(lines) - 0.4, -0.6)
    share_axis(ax, low - (0.02 if low >= 0 else 0.04), most + (0.02 if most <= 1 else 0.04))
    for at in (0.0, 0.5, 1.0):
        ax.axvline(at, color=style.INK if at != 0.5 else style.FRAME, linewidth=0.9, zorder=1.5)
    name_axis(ax, say("Share of the group's votes"), float(box.width * ax.figure.get_figwidth()))


def _one(ax: Any, y: int, row: ForestRow) -> None:
    """Draw one row: the bounds, then the estimate over them."""
    if not np.isnan(row.low):
        look = _bar_look(driven=row.driven)
        ax.barh(y, row.high - row.low, left=row.low, height=_BAR, zorder=2, **look)
    if np.isnan(row.estimate):
        return
    if not np.isnan(row.low_95):
        ax.plot([row.low_95, row.high_95], [y, y], color=style.INK, linewidth=1.6, zorder=4, solid_capstyle="butt")
    face = "white" if row.driven else style.INK
    ax.scatter([row.estimate], [y], s=42, facecolor=face, edgecolor=style.INK, linewidth=1.5, zorder=5)


def _bar_look(*, driven: bool) -> dict[str, Any]:
    """Give the look of the bounds."""
    if driven:
        return {"facecolor": "white", "edgecolor": FIRST, "hatch": "////", "linewidth": 0.8}
    return {"facecolor": PALE, "edgecolor": FIRST, "linewidth": 0.8}


def _words(ax: Any, y: int, row: ForestRow, second: float, *, roomy: bool) -> None:
    """Write the figures beside a row."""
    small = ""
    if roomy and row.refused:
        small = wrap(row.refused, (second - 2 * _GAP) / 72 + 1.2, size=SMALL - 1)
    elif roomy and row.driven and not np.isnan(row.estimate):
        small = _driven()
    if not small:
        beside(ax, y, _GAP, row.figures)
        beside(ax, y, second, row.bounds)
        return
    beside(ax, y, _GAP, row.figures, up=_APART)
    beside(ax, y, second, row.bounds, up=_APART)
    beside(ax, y, _GAP, small, size=SMALL - 1, colour=style.MUTED, up=-_APART)


def _driven() -> str:
    return say("the model drives this figure")


def _estimate_head() -> str:
    return say("Estimate (95% interval)")


def _bounds_head() -> str:
    return say("Bounds")


def _handles(rows: Sequence[ForestRow], method: str) -> list[Any]:
    """Make the legend entries of what occurs."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    told: list[Any] = []
    if any(not row.driven for row in rows):
        words = say("bounds: what the returns allow, whatever the voters did")
        told.append(Patch(**_bar_look(driven=False), label=words))
    if any(row.driven for row in rows):
        words = say("bounds wider than one half: the model drives this figure")
        told.append(Patch(**_bar_look(driven=True), label=words))
    point: dict[str, Any] = {"color": style.INK, "linewidth": 1.6, "marker": "o", "markersize": 6.5}
    if any(not row.driven and not np.isnan(row.estimate) for row in rows):
        told.append(Line2D([], [], **point, label=method))
    if any(row.driven and not np.isnan(row.estimate) for row in rows):
        words = say("{method}; hollow where the model drives it", method=method)
        told.append(Line2D([], [], **point, markerfacecolor="white", markeredgewidth=1.5, label=words))
    return told


def _counted(given: Any) -> str:
    """Say what the shares are shares of."""
    of = getattr(given, "of", "")
    if of in SHARES_OF:
        return say(
            "Figures are shares of each group's votes, worked out from precincts where the group's share is its share "
            "of {people}.",
            people=term(SHARES_OF[of]),
        )
    return say("Figures are shares of each group's votes, worked out from precincts.")


def _unsure() -> str:
    """Say how sure the figures are."""
    return say(
        "the bounds hold whatever the voters did; an estimate inside them rests on what its model takes for granted, "
        "and its interval does not count that."
    )


def _findings(rows: Sequence[ForestRow]) -> list[str]:
    """Say how many figures the bounds settle, how many the model drives, and which were refused."""
    known = [row for row in rows if not np.isnan(row.low)]
    over = sum(row.low > 0.5 for row in known)
    under = sum(row.high < 0.5 for row in known)
    told = [
        say(
            "{number:,} figures. The bounds alone show more than one half in {over:,} of them, and less than one half "
            "in {under:,}.",
            number=len(rows),
            over=over,
            under=under,
        )
    ]
    driven = sum(row.driven for row in rows)
    if driven:
        told.append(
            say(
                "In {driven:,} of {number:,} the bounds are wider than one half: the model drives the figure, not the "
                "returns.",
                driven=driven,
                number=len(rows),
            )
        )
    refused = [_full_name(row) for row in rows if row.refused]
    if refused:
        told.append(say("Refused: {names}.", names=listed(refused)))
    return [*told, say("How a person voted is not known.")]


def _full_name(row: ForestRow) -> str:
    return say("{section}, {name}", section=row.section, name=row.name) if row.section else row.name


def _sentence(row: ForestRow) -> str:
    """Write one row in full."""
    told = say("{name}: bounds {bounds}; estimate {figures}", name=_full_name(row), bounds=row.bounds,
               figures=row.figures)  # fmt: skip
    if row.refused:
        return say("{told}: {why}.", told=told, why=row.refused.removesuffix("."))
    if row.driven:
        return say("{told}; {why}.", told=told, why=_driven())
    return say("{told}.", told=told)


def _alt(rows: Sequence[ForestRow]) -> str:
    """Write the alternative text: what, and the main finding."""
    what = say("Chart of {number:,} shares of groups' votes: bounds as bars, estimates as points.", number=len(rows))
    return joined([what, _findings(rows)[1] if any(row.driven for row in rows) else _sentence(rows[0])])


def _twin(rows: Sequence[ForestRow], heading: str, facts: ChartFacts) -> Twin:
    """Lay out one row a figure."""
    frame = pd.DataFrame(
        {
            "name": [_full_name(row) for row in rows],
            "share_estimate": [row.estimate for row in rows],
            "share_low_95": [row.low_95 for row in rows],
            "share_high_95": [row.high_95 for row in rows],
            "share_low": [row.low for row in rows],
            "share_high": [row.high for row in rows],
            "remark": [row.refused or (_driven() if row.driven else say("none")) for row in rows],
        }
    )
    heads = (
        ("name", say("Group and candidate")),
        ("share_estimate", say("Estimate")),
        ("share_low_95", say("Interval from")),
        ("share_high_95", say("to")),
        ("share_low", say("Bounds from")),
        ("share_high", say("to")),
        ("remark", say("Remark")),
    )
    return Twin(heading, frame, heads, facts.notes, facts.sources, {"counted": facts.counted, "uncertainty": _unsure()})
