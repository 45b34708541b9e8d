"""The exhibits and further maps of a hearing: drawn from what was computed, titled only by checked claims."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kit.hearing_data import HearingData, PlanRead
from kit.hearing_file import Hearing
from kit.hearing_work import HearingWork, change_title, title_of
from kit.model.frames import DistrictTable
from kit.model.verdict import Verdict
from kit.progress import Meter
from kit.report.checked import same
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


def draw_exhibits(hearing: Hearing, data: HearingData, work: HearingWork, bar: Meter) -> tuple[Exhibit, ...]:
    """Draw a map of shares for each plan, and the comparison.

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
        A, B, C … in the order of the file, the comparison last.
    """
    from kit.maps.choropleth import map_share
    from kit.maps.compare import map_compare

    group, base = hearing.groups[0], hearing.bases[0]
    drawn = _shown(hearing)
    made: list[Exhibit] = []
    for one in data.plans:
        table = work.table(one, group, base)
        ax = map_share(one.placement, **drawn)
        mine = _belonging(work.said, one, table)
        title = title_of(table, mine)
        rest = [verdict for verdict in mine if verdict is not title]
        made.append(_exhibit(hearing, ax, table, number=letter(len(made)), title=title, findings=rest))
        bar.advance(1)
    before, after = data.of("before"), data.of("after")
    if before and after:
        axes = map_compare(before.placement, after.placement, **drawn)
        title = change_title(work)
        pairs = [
            one for one in work.said if len(one.tables) == 2 and (one.claim.group, one.claim.base) == (group, base)
        ]
        rest = [verdict for verdict in pairs if verdict is not title]
        table = work.table(after, group, base)
        made.append(_exhibit(hearing, axes, table, number=letter(len(made)), title=title, findings=rest))
        bar.advance(1)
    return tuple(made)


def _exhibit(
    hearing: Hearing, ax: Any, table: DistrictTable, *, number: str, title: str | Verdict, findings: list[Verdict]
) -> Exhibit:
    """Make one exhibit, dated and signed as the file says."""
    return exhibit(
        ax,
        table,
        number=number,
        title=title,
        author=hearing.speaker,
        affiliation=hearing.organisation,
        contact=hearing.contact,
        date=hearing.moment.date(),
        findings=findings,
    )


def _belonging(said: tuple[Verdict, ...], read: PlanRead, table: DistrictTable) -> tuple[Verdict, ...]:
    """Pick the verdicts that were checked against the table of one plan."""
    found = []
    for verdict in said:
        claim = verdict.claim
        of_split = claim.kind == "split_into" and verdict.plan == read.plan.name
        mine = len(verdict.tables) == 1 and same(verdict.tables[0], table)
        if mine or (of_split and (claim.group, claim.base) == (table.group, table.base)):
            found.append(verdict)
    return tuple(found)


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
            written += [(path, f"{what}, {path.suffix[1:].upper()}") for path in save_map(ax, folder / stem)]
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
            f"Map of the communities over {one.plan.name}",
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
            f"Map of shares by district, {one.plan.name}",
            map_districts(one.placement, **_shown(hearing)),
        )
        for one in data.plans
    ]


def _plans(hearing: Hearing, data: HearingData) -> list[tuple[str, str, Any]]:
    """Draw all plans small, side by side."""
    from kit.maps.multiples import map_plans

    placed = {one.plan.name: one.placement for one in data.plans}
    return [("plans", "Maps of all plans, side by side", map_plans(placed, **_shown(hearing)))]


def _clusters(hearing: Hearing, data: HearingData) -> list[tuple[str, str, Any]]:
    """Find clusters by arithmetic, and draw them over the main plan."""
    from kit.analysis.adjacency import adjacency
    from kit.analysis.clusters import clusters
    from kit.maps.clusters import map_clusters

    group, base = hearing.groups[0], hearing.bases[0]
    found = clusters(data.units, group=group, base=base, adjacency=adjacency(data.units), rng=hearing.build.seed)
    ax = map_clusters(found, placement=data.main.placement, extent=hearing.extent)
    return [("clusters", f"Map of clusters and {data.main.plan.name}", ax)]


_DRAW = {"communities": _communities, "districts": _districts, "plans": _plans, "clusters": _clusters}
