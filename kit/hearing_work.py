"""What is computed for a hearing: tables, ladders, measures, comparison, splits, and a verdict on every claim."""

from __future__ import annotations

from dataclasses import dataclass

from kit.analysis.claims import check_claim
from kit.analysis.communities import CommunitySplits, community_splits
from kit.analysis.compare import PlanComparison, compare_plans
from kit.analysis.concentration import DefinitionLadder, concentration, definition_ladder
from kit.analysis.plan_measures import PlanMeasures, measure_plan
from kit.analysis.swaps import SwapSheet, swap_sheet
from kit.errors import InputError, KitError
from kit.hearing_data import HearingData, PlanRead
from kit.hearing_file import Hearing
from kit.hearing_keys import ClaimFrom
from kit.i18n.messages import say
from kit.model.claims import Claim
from kit.model.frames import DistrictTable
from kit.model.groups import DEFINITIONS, column
from kit.model.verdict import Verdict
from kit.progress import Meter

TITLE = 140
"""Longest title of an exhibit, in characters."""


@dataclass(frozen=True)
class HearingWork:
    """Everything computed for a packet.

    Parameters
    ----------
    tables : tuple of (PlanRead, DistrictTable)
        Plans in the order of the file; groups within plans, bases within groups.
    ladders : tuple of DefinitionLadder
        One a plan, in the first base, where the source counts definitions.
    measures : tuple of (PlanRead, PlanMeasures)
        One a plan.
    comparison : PlanComparison or None
        Plan before and plan after.
    swaps : SwapSheet or None
        Who moves between them.
    splits : tuple of CommunitySplits
        What each plan does to the communities.
    verdicts : tuple of (ClaimFrom, Verdict)
        The claims of the file.
    """

    tables: tuple[tuple[PlanRead, DistrictTable], ...]
    ladders: tuple[DefinitionLadder, ...]
    measures: tuple[tuple[PlanRead, PlanMeasures], ...]
    comparison: PlanComparison | None
    swaps: SwapSheet | None
    splits: tuple[CommunitySplits, ...]
    verdicts: tuple[tuple[ClaimFrom, Verdict], ...]

    def table(self, read: PlanRead, group: str, base: str) -> DistrictTable:
        """Give one table.

        Parameters
        ----------
        read : PlanRead
            The plan.
        group, base : str
            Definition id and universe id.

        Returns
        -------
        DistrictTable
            Computed once, so that claims and exhibits have the same figures.
        """
        for one, table in self.tables:
            if one.number == read.number and (table.group, table.base) == (group, base):
                return table
        return concentration(read.placement, group=group, base=base)

    @property
    def said(self) -> tuple[Verdict, ...]:
        """Verdicts that carry a sentence.

        Returns
        -------
        tuple of Verdict
            Carried and weaker ones, in the order of the file.
        """
        return tuple(verdict for _, verdict in self.verdicts if verdict.status != "refused")


def measure_all(hearing: Hearing, data: HearingData, bar: Meter) -> HearingWork:
    """Compute everything a packet needs.

    Parameters
    ----------
    hearing : Hearing
        The file.
    data : HearingData
        What it names, read.
    bar : Meter
        Advanced by one for tables, measures, comparison and claims: four in all.

    Returns
    -------
    HearingWork
        Tables, ladders, measures, comparison, splits and verdicts.

    Raises
    ------
    InputError
        Claims cannot be checked; one message names all of them.
    """
    group, base = hearing.groups[0], hearing.bases[0]
    tables = tuple(
        (one, concentration(one.placement, group=who, base=of))
        for one in data.plans
        for who in hearing.groups
        for of in hearing.bases
    )
    known = set(data.units.frame.columns)
    counted = any(column(name, base) in known for name in DEFINITIONS if name != "total")
    ladders = tuple(definition_ladder(one.placement, base=base) for one in data.plans) if counted else ()
    bar.advance(1)
    measures: tuple[tuple[PlanRead, PlanMeasures], ...] = ()
    comparison, swaps = None, None
    if "total_pop" in known:
        from kit.analysis.adjacency import adjacency

        neighbours = adjacency(data.units)
        measures = tuple((one, measure_plan(one.placement, adjacency=neighbours)) for one in data.plans)
    bar.advance(1)
    before, after = data.of("before"), data.of("after")
    if before and after:
        comparison = compare_plans(before.placement, after.placement, group=group, base=base)
        swaps = swap_sheet(before.placement, after.placement, group=group, base=base)
    splits: tuple[CommunitySplits, ...] = ()
    if data.communities is not None:
        areas = data.communities
        splits = tuple(community_splits(areas, one.placement, group=group, base=base) for one in data.plans)
    bar.advance(1)
    work = HearingWork(tables, ladders, measures, comparison, swaps, splits, ())
    verdicts = _verdicts(hearing, data, work)
    bar.advance(1)
    return HearingWork(tables, ladders, measures, comparison, swaps, splits, verdicts)


def _verdicts(hearing: Hearing, data: HearingData, work: HearingWork) -> tuple[tuple[ClaimFrom, Verdict], ...]:
    """Check every claim; those that cannot be checked are told together."""
    found, faults = [], []
    for number, given in enumerate(hearing.claims):
        try:
            found.append((given, _verdict(given, data, work)))
        except KitError as error:
            faults.append(f"- claims[{number}]: {error}")
    if faults:
        many = len(faults)
        told = "\n".join(faults)
        raise InputError(f"{many} claim{'s' * (many > 1)} cannot be checked:\n{told}")
    return tuple(found)


def _verdict(given: ClaimFrom, data: HearingData, work: HearingWork) -> Verdict:
    """Check one claim against the figures of the plan it is about."""
    claim = given.claim()
    if given.paired:
        before, after = data.of("before"), data.of("after")
        if before is None or after is None:
            raise InputError(f"a claim of the kind {given.kind!r} needs a plan 'before' and one 'after'.")
        return check_claim(claim, *(_evidence(one, claim, work) for one in (before, after)))
    read = data.main if given.plan is None else data.of(given.plan)
    if read is None:
        raise InputError(f"no plan is called {given.plan!r}.")
    if claim.kind != "split_into":
        return check_claim(claim, _evidence(read, claim, work))
    if data.communities is None:
        raise InputError("a claim on a split needs [[communities]] with the area it names.")
    for splits in work.splits:
        if splits.placement is read.placement and (splits.group, splits.base) == (claim.group, claim.base):
            return check_claim(claim, splits)
    return check_claim(claim, community_splits(data.communities, read.placement, group=claim.group, base=claim.base))


def _evidence(read: PlanRead, claim: Claim, work: HearingWork) -> object:
    """Give what a claim is checked against; citizens of a combined group are bracketed from the units."""
    if claim.base == "cvap" or claim.group not in DEFINITIONS:
        return read.placement
    return work.table(read, claim.group, claim.base)


def title_of(table: DistrictTable, verdicts: tuple[Verdict, ...]) -> str | Verdict:
    """Choose the title of a plan's exhibit: a checked claim where there is one.

    Parameters
    ----------
    table : DistrictTable
        Figures of the exhibit.
    verdicts : tuple of Verdict
        Claims of the file that belong to the exhibit.

    Returns
    -------
    str or Verdict
        The first that fits, else a claim on the highest share, else words that
        claim nothing.
    """
    for verdict in verdicts:
        if verdict.title and len(verdict.title) <= TITLE:
            return verdict
    if table.frame["share"].notna().any():
        top = str(table.frame["share"].idxmax())
        verdict = check_claim(Claim.largest(top, group=table.group, base=table.base), table)
        if verdict.title and len(verdict.title) <= TITLE:
            return verdict
    return say("Share of the group by district")


def change_title(work: HearingWork) -> str | Verdict:
    """Choose the title of the comparison: a checked claim on the district whose share changes most.

    Parameters
    ----------
    work : HearingWork
        With a comparison.

    Returns
    -------
    str or Verdict
        A claim of the file, a checked claim, or words that claim nothing.
    """
    found = work.comparison
    plain = say("The same residents under two plans")
    if found is None:
        return plain
    for verdict in work.said:
        fits = len(verdict.tables) == 2 and verdict.title and len(verdict.title) <= TITLE
        if fits and (verdict.claim.group, verdict.claim.base) == (found.group, found.base):
            return verdict
    same = found.frame[found.frame["was"] == found.frame.index]
    moved = (same["count_after"] - same["count_before"]).astype("float64").dropna()
    if not len(moved) or not moved.abs().max():
        return plain
    label = str(moved.abs().idxmax())
    make = Claim.loses if moved[label] < 0 else Claim.gains
    sides = (concentration(side, group=found.group, base=found.base) for side in (found.before, found.after))
    verdict = check_claim(make(label, group=found.group, base=found.base), *sides)
    return verdict if verdict.title and len(verdict.title) <= TITLE else plain
