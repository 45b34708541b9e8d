"""Drawing one exhibit of a hearing, whatever kind of map it is, and choosing its title and findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kit.errors import InputError
from kit.hearing_data import HearingData, PlanRead
from kit.hearing_file import Hearing
from kit.hearing_keys import ExhibitFrom
from kit.hearing_work import HearingWork, change_title, title_of
from kit.i18n.messages import say
from kit.model.crs import GEOGRAPHIC
from kit.model.frames import DistrictTable
from kit.model.groups import column
from kit.model.verdict import Verdict
from kit.report.checked import same
from kit.report.packet_runs import spoken
from kit.settings import language_in_force

_MARGIN = 0.2
"""Around districts that are looked at closely: this part of their width and height on each side."""


@dataclass(frozen=True)
class Drawn:
    """A map, and what stands beside it.

    Parameters
    ----------
    ax : object
        What a ``map_*`` function returned.
    table : DistrictTable or None
        Figures by district; None where the map has tables of its own.
    title : str or Verdict
        The author's words, a checked claim, or words that claim nothing.
    findings : tuple of Verdict
        Further claims that were checked against the same figures.
    """

    ax: Any
    table: DistrictTable | None
    title: str | Verdict
    findings: tuple[Verdict, ...] = ()


@dataclass(frozen=True)
class _Asked:
    """What is to be drawn, with everything that the file leaves open filled in."""

    given: ExhibitFrom
    hearing: Hearing
    data: HearingData
    work: HearingWork
    number: int
    used: set[str]

    @property
    def what(self) -> dict[str, Any]:
        """Group and base."""
        hearing, given = self.hearing, self.given
        return {"group": given.group or hearing.groups[0], "base": given.base or hearing.bases[0]}

    @property
    def look(self) -> dict[str, Any]:
        """Group, base, classes and extent."""
        return {**self.what, "breaks": self.hearing.breaks, **self.extent}

    @property
    def extent(self) -> dict[str, Any]:
        """Where the map ends."""
        return {"extent": self.given.extent or self.hearing.extent}

    @property
    def plan(self) -> PlanRead:
        """The plan it is about."""
        if self.number:
            return self.data.plans[self.number - 1]
        return (self.data.of(self.given.plan) if self.given.plan else None) or self.data.main

    @property
    def around(self) -> tuple[float, ...] | None:
        """The frame around the inhabited units of the districts to look at, in degrees."""
        import geopandas

        placed = self.plan.placement
        units = placed.units
        inside = placed.assignment.isin(self.given.districts).to_numpy()
        whole = column("total", self.what["base"])
        lived = inside & (units.frame[whole].to_numpy() > 0) if whole in units.frame else inside
        use = lived if lived.any() else inside
        if units.geometry is None or not use.any():
            return None
        west, south, east, north = geopandas.GeoSeries(units.geometry[use]).to_crs(GEOGRAPHIC).total_bounds
        wide, tall = _MARGIN * (east - west), _MARGIN * (north - south)
        return (west - wide, south - tall, east + wide, north + tall)

    @property
    def table(self) -> DistrictTable:
        """Figures by district of the plan."""
        return self.work.table(self.plan, **self.what)

    @property
    def pair(self) -> tuple[PlanRead, PlanRead]:
        """The plan before and the plan after, which the file was checked for."""
        before, after = self.data.of("before"), self.data.of("after")
        return before or self.data.plans[0], after or self.data.main

    def title(self, found: str | Verdict, plain: str) -> str | Verdict:
        """Choose the author's words, then a checked claim that no exhibit has yet, then words that claim nothing."""
        code, given = language_in_force(), self.given
        if given.titles.get(code):
            return spoken(given.titles[code], code)
        if given.title:
            return spoken(given.title, self.hearing.written_in)
        return plain if str(found) in self.used else found


def draw(
    given: ExhibitFrom, hearing: Hearing, data: HearingData, work: HearingWork, *, number: int, used: set[str]
) -> Drawn:
    """Draw one exhibit in the language in force.

    Parameters
    ----------
    given : ExhibitFrom
        What the file asks for.
    hearing : Hearing
        The file.
    data : HearingData
        What it names, read.
    work : HearingWork
        What was computed.
    number : int
        Place of the plan among the plans, from 1; 0 for the one that the file names, or the main one.
    used : set of str
        Titles that other exhibits have.

    Returns
    -------
    Drawn
        Map, table, title and findings.

    Raises
    ------
    KitError
        The data do not allow such a map.
    """
    return _DRAW[given.map](_Asked(given, hearing, data, work, number, used))


def _share(asked: _Asked) -> Drawn:
    """Draw shares by unit, for a whole plan or close to some districts."""
    from kit.maps.choropleth import map_share

    table, close = asked.table, asked.given.map == "zoom"
    look = asked.look
    if asked.given.districts:
        look |= {"focus": list(asked.given.districts), "extent": asked.given.extent or asked.around}
    ax = map_share(asked.plan.placement, **look)
    mine = belonging(asked.work.said, asked.plan, table)
    plain = say("A closer look at {plan}", plan=asked.plan.plan.name) if close else _by_district()
    title = asked.title(plain if close else title_of(table, mine), plain)
    return Drawn(ax, table, title, () if close else tuple(one for one in mine if one is not title))


def _by_district() -> str:
    return say("Share of the group by district")


def _districts(asked: _Asked) -> Drawn:
    """Draw shares by district."""
    from kit.maps.districts import map_districts

    table = asked.table
    ax = map_districts(asked.plan.placement, **asked.look)
    return Drawn(ax, table, asked.title(title_of(table, ()), _by_district()))


def _compare(asked: _Asked) -> Drawn:
    """Draw shares under two plans, side by side."""
    from kit.maps.compare import map_compare

    before, after = asked.pair
    axes = map_compare(before.placement, after.placement, **asked.look)
    pairs = _paired(asked)
    title = asked.title(_change_title(asked), say("The same residents under two plans"))
    table = asked.work.table(after, **asked.what)
    return Drawn(axes, table, title, tuple(one for one in pairs if one is not title))


def _change(asked: _Asked) -> Drawn:
    """Draw who changes districts."""
    from kit.maps.change import map_change

    before, after = asked.pair
    ax = map_change(before.placement, after.placement, **asked.what, **asked.extent)
    return Drawn(ax, None, asked.title(_change_title(asked), say("Who moves between the two plans")))


def _change_title(asked: _Asked) -> str | Verdict:
    """Choose a checked claim on the district whose share changes most, for the group that was compared."""
    found = asked.work.comparison
    if found is None or (found.group, found.base) != tuple(asked.what.values()):
        return say("The same residents under two plans")
    return change_title(asked.work)


def _paired(asked: _Asked) -> list[Verdict]:
    """Pick the verdicts on two plans, of the group and base that are drawn."""
    counted = tuple(asked.what.values())
    return [one for one in asked.work.said if len(one.tables) == 2 and (one.claim.group, one.claim.base) == counted]


def _communities(asked: _Asked) -> Drawn:
    """Draw named areas over the districts."""
    from kit.maps.communities import map_communities

    ax = map_communities(asked.plan.placement, asked.data.communities, **asked.look)
    plain = say("Communities over the districts of {plan}", plan=asked.plan.plan.name)
    return Drawn(ax, None, asked.title(plain, plain))


def _consensus(asked: _Asked) -> Drawn:
    """Draw how many people drew each place, of what they agreed to show to everybody."""
    from kit.analysis.consensus import consensus
    from kit.maps.voices import map_consensus

    sent = asked.data.submissions
    if sent is None:
        raise InputError("a map 'consensus' needs submissions = '…', the file of what people sent in.")
    found = consensus(sent, asked.data.units, **asked.what)
    # The frame is what people drew, unless this map has a frame of its own.
    ax = map_consensus(found, asked.plan.placement, extent=asked.given.extent)
    plain = say("Where many people drew their communities, over {plan}", plan=asked.plan.plan.name)
    return Drawn(ax, None, asked.title(plain, plain))


def _dots(asked: _Asked) -> Drawn:
    """Draw people as dots."""
    from kit.maps.dots import map_dots

    ax = map_dots(asked.plan.placement, **asked.what, **asked.extent, seed=asked.hearing.build.seed)
    plain = say("Where members of the group live, over {plan}", plan=asked.plan.plan.name)
    return Drawn(ax, None, asked.title(plain, plain))


def _plans(asked: _Asked) -> Drawn:
    """Draw all plans small."""
    from kit.maps.multiples import map_plans

    placed = {one.plan.name: one.placement for one in asked.data.plans}
    axes = map_plans(placed, **asked.look)
    plain = say("The same residents under {count} plans", count=len(placed))
    return Drawn(axes, None, asked.title(plain, plain))


def _clusters(asked: _Asked) -> Drawn:
    """Draw clusters found by arithmetic, over the districts."""
    from kit.analysis.adjacency import adjacency
    from kit.analysis.clusters import clusters
    from kit.maps.clusters import map_clusters

    units = asked.data.units
    found = clusters(units, **asked.what, adjacency=adjacency(units), rng=asked.hearing.build.seed)
    ax = map_clusters(found, placement=asked.plan.placement, **asked.extent)
    plain = say("Clusters found by arithmetic, over {plan}", plan=asked.plan.plan.name)
    return Drawn(ax, None, asked.title(plain, plain))


def _votes(asked: _Asked) -> Drawn:
    """Draw voters or returns, under the heading that the kit gives them."""
    from kit.hearing_charts import draw_votes
    from kit.maps.record import sheet_of

    ax = draw_votes(asked.given, asked.hearing, asked.data, asked.plan)
    sheet = sheet_of(ax)
    plain = sheet.heading if sheet else ""
    return Drawn(ax, None, asked.title(plain, plain))


def belonging(said: tuple[Verdict, ...], read: PlanRead, table: DistrictTable) -> tuple[Verdict, ...]:
    """Pick the verdicts that were checked against the table of one plan.

    Parameters
    ----------
    said : tuple of Verdict
        All that carry a sentence.
    read : PlanRead
        The plan.
    table : DistrictTable
        Its figures.

    Returns
    -------
    tuple of Verdict
        In their order; those on a split of an area among them.
    """
    found = []
    for verdict in said:
        claim = verdict.claim
        of_split = claim.kind == "split_into" and verdict.plan == read.plan.name
        mine = len(verdict.tables) == 1 and same(verdict.tables[0], table)
        if mine or (of_split and (claim.group, claim.base) == (table.group, table.base)):
            found.append(verdict)
    return tuple(found)


_DRAW = {
    "share": _share,
    "zoom": _share,
    "districts": _districts,
    "compare": _compare,
    "change": _change,
    "communities": _communities,
    "consensus": _consensus,
    "dots": _dots,
    "plans": _plans,
    "clusters": _clusters,
    "ladder": _votes,
    "gap": _votes,
    "precincts": _votes,
    "forest": _votes,
}
