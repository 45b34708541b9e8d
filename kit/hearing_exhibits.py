"""The exhibits and further maps of a hearing: drawn from what was computed, titled only by checked claims."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kit.errors import KitError
from kit.hearing_data import HearingData
from kit.hearing_drawing import Drawn, draw
from kit.hearing_file import Hearing
from kit.hearing_keys import ExhibitFrom, Kind
from kit.hearing_work import HearingWork
from kit.i18n.messages import say
from kit.progress import Meter
from kit.report.exhibit import Exhibit, exhibit
from kit.report.output import save_map


def letter(number: int) -> str:
    """Give the letter of an exhibit.

    Parameters
    ----------
    number : int
        From 0.

    Returns
    -------
    str
        A to Z, then AA and on.

    Examples
    --------
    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', 'AA')
    """
    head, last = divmod(number, 26)
    return f"{letter(head - 1) if head else ''}{chr(ord('A') + last)}"


def exhibits_of(hearing: Hearing) -> list[tuple[ExhibitFrom, int]]:
    """List the exhibits that a hearing file asks for.

    Parameters
    ----------
    hearing : Hearing
        The file.

    Returns
    -------
    list of (ExhibitFrom, int)
        With the place of the plan among the plans, 0 where the exhibit names it
        or it is the main one. The file's own, else a map of shares for each plan, the comparison, who moves,
        the communities and the districts, as far as the file names what they need.
    """
    if hearing.exhibits:
        return [(one, 0) for one in hearing.exhibits]
    kinds: list[Kind] = []
    if {"before", "after"} <= {one.role for one in hearing.plans}:
        kinds += ["compare", "change"]
    kinds += ["communities"] if hearing.communities else []
    shares = [(ExhibitFrom(map="share"), number) for number in range(1, len(hearing.plans) + 1)]
    return [*shares, *((ExhibitFrom(map=kind), 0) for kind in (*kinds, "districts"))]


def draw_exhibits(
    hearing: Hearing, data: HearingData, work: HearingWork, bar: Meter
) -> tuple[tuple[Exhibit, ...], list[str]]:
    """Draw the exhibits in the language in force.

    Parameters
    ----------
    hearing : Hearing
        The file.
    data : HearingData
        What it names, read.
    work : HearingWork
        What was computed.
    bar : Meter
        Advanced by one for each.

    Returns
    -------
    tuple of Exhibit
        A, B, C … in the order of the file.
    list of str
        Which of the usual exhibits were left out, and why.

    Raises
    ------
    InputError
        An exhibit that the file asks for cannot be drawn; the message says which.
    """
    made: list[Exhibit] = []
    left: list[str] = []
    used: set[str] = set()
    for at, (given, number) in enumerate(exhibits_of(hearing)):
        try:
            drawn = draw(given, hearing, data, work, number=number, used=used)
        except KitError as error:
            if hearing.exhibits:
                raise type(error)(f"exhibits[{at}]: {error}") from None
            left.append(f"The exhibit {given.map!r} is left out: {error}")
        else:
            made.append(_exhibit(hearing, drawn, letter(len(made))))
            used.add(str(drawn.title))
        bar.advance(1)
    return tuple(made), left


def _exhibit(hearing: Hearing, drawn: Drawn, number: str) -> Exhibit:
    """Make one exhibit, dated and signed as the file says."""
    return exhibit(
        drawn.ax,
        drawn.table,
        number=number,
        title=drawn.title,
        author=hearing.speaker,
        affiliation=hearing.organisation,
        contact=hearing.contact,
        date=hearing.moment.date(),
        findings=drawn.findings,
    )


def draw_maps(hearing: Hearing, data: HearingData, folder: Path, bar: Meter) -> list[tuple[Path, str]]:
    """Draw the further maps that the file asks for, and write them.

    Parameters
    ----------
    hearing : Hearing
        The file.
    data : HearingData
        What it names, read.
    folder : pathlib.Path
        Where to write.
    bar : Meter
        Advanced by one for each kind of map.

    Returns
    -------
    list of (pathlib.Path, str)
        Files, and what each is.
    """
    written: list[tuple[Path, str]] = []
    for kind in dict.fromkeys(hearing.maps):
        for stem, what, ax in _DRAW[kind](hearing, data):
            written += [(path, what) for path in save_map(ax, folder / stem)]
        bar.advance(1)
    return written


def _shown(hearing: Hearing) -> dict[str, Any]:
    return {
        "group": hearing.groups[0],
        "base": hearing.bases[0],
        "breaks": hearing.breaks,
        "extent": hearing.extent,
    }


def _communities(hearing: Hearing, data: HearingData) -> list[tuple[str, str, Any]]:
    """Draw the communities over each plan."""
    from kit.maps.communities import map_communities

    if data.communities is None:
        return []
    return [
        (
            f"communities_{one.slug}",
            say("Map of the communities over {plan}", plan=one.plan.name),
            map_communities(one.placement, data.communities, **_shown(hearing)),
        )
        for one in data.plans
    ]


def _districts(hearing: Hearing, data: HearingData) -> list[tuple[str, str, Any]]:
    """Draw the share by district of each plan."""
    from kit.maps.districts import map_districts

    return [
        (
            f"districts_{one.slug}",
            say("Map of shares by district, {plan}", plan=one.plan.name),
            map_districts(one.placement, **_shown(hearing)),
        )
        for one in data.plans
    ]


def _plans(hearing: Hearing, data: HearingData) -> list[tuple[str, str, Any]]:
    """Draw all plans small, side by side."""
    from kit.maps.multiples import map_plans

    placed = {one.plan.name: one.placement for one in data.plans}
    return [("plans", say("Maps of all plans, side by side"), map_plans(placed, **_shown(hearing)))]


def _clusters(hearing: Hearing, data: HearingData) -> list[tuple[str, str, Any]]:
    """Find clusters by arithmetic, and draw them over the main plan."""
    from kit.analysis.adjacency import adjacency
    from kit.analysis.clusters import clusters
    from kit.maps.clusters import map_clusters

    group, base = hearing.groups[0], hearing.bases[0]
    found = clusters(data.units, group=group, base=base, adjacency=adjacency(data.units), rng=hearing.build.seed)
    ax = map_clusters(found, placement=data.main.placement, extent=hearing.extent)
    return [("clusters", say("Map of clusters and {plan}", plan=data.main.plan.name), ax)]


_DRAW = {"communities": _communities, "districts": _districts, "plans": _plans, "clusters": _clusters}
