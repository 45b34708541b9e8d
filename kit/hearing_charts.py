"""Drawing the exhibits of voters and of returns: charts that stand for whole places, and the map of gaps."""

from __future__ import annotations

from typing import Any

from kit.analysis.participation import Participation, participation
from kit.errors import CoverageError, InputError
from kit.hearing_data import HearingData, PlanRead
from kit.hearing_file import Hearing
from kit.hearing_keys import ExhibitFrom


def draw_votes(given: ExhibitFrom, hearing: Hearing, data: HearingData, read: PlanRead) -> Any:
    """Draw one exhibit of voters or returns in the language in force.

    Parameters
    ----------
    given : ExhibitFrom
        A ``ladder``, ``gap``, ``precincts`` or ``forest``.
    hearing : Hearing
        The file.
    data : HearingData
        What it names, read.
    read : PlanRead
        The plan whose districts voters are counted by.

    Returns
    -------
    matplotlib.axes.Axes
        With a heading that claims nothing.

    Raises
    ------
    KitError
        The data do not allow it.
    """
    if given.map == "ladder":
        return _ladder(hearing, data, read)
    if given.map == "gap":
        return _gap(given, hearing, data, read)
    return _returns(given, hearing, data)


def _participation(hearing: Hearing, data: HearingData, read: PlanRead) -> Participation:
    """Measure registration and turnout; adults and citizens are there where voters are counted by district."""
    voters, counts = hearing.voters, data.votes.counts.get(read.number)
    if voters is None or counts is None:
        named = repr(voters.source) if voters else "a sample"
        raise InputError(f"voters.source: {named} counts voters in its own plans only, and {read.plan.name} is a file.")
    citizens = data.votes.citizens.get(read.number)
    by_district = set(counts[-1].areas) == set(read.plan.labels)
    if citizens is not None and not by_district:
        raise InputError(
            f"voters.citizens: voters are counted by {counts[-1].by}, and these are not the districts of "
            f"{read.plan.name}. Count voters by district, or leave [voters.citizens] out."
        )
    wanted = {"total_vap", f"{voters.matches.get(voters.group, voters.group)}_vap"}
    adults = read.placement if by_district and wanted <= set(read.placement.units.frame.columns) else None
    return participation(
        counts, group=voters.group, citizens=citizens, adults=adults, matches=dict(voters.matches) or None
    )


def _ladder(hearing: Hearing, data: HearingData, read: PlanRead) -> Any:
    """Draw adults, citizens, registered people and voters."""
    from kit.maps.chart_ladder import chart_ladder

    found = _participation(hearing, data, read)
    told = hearing.voters.place if hearing.voters else ""
    own = "" if hearing.voters and hearing.voters.sample else data.votes.counts[read.number][-1].place
    return chart_ladder(found, place=told or own or hearing.jurisdiction)


def _gap(given: ExhibitFrom, hearing: Hearing, data: HearingData, read: PlanRead) -> Any:
    """Draw how far the group's rate lies from that of everybody, by district."""
    from kit.maps.gap import map_gap

    found = _participation(hearing, data, read)
    try:
        return map_gap(
            found,
            read.placement,
            rate=given.rate or "turnout_registered",
            breaks=list(given.gap_breaks),
            extent=given.extent or hearing.extent,
        )
    except CoverageError as error:
        raise CoverageError(f"voters.by: {error}") from None


def _returns(given: ExhibitFrom, hearing: Hearing, data: HearingData) -> Any:
    """Draw what the returns of each precinct allow, or bounds and a line through the precincts."""
    from kit.analysis.polarization import polarization
    from kit.maps.chart_forest import chart_forest
    from kit.maps.chart_precincts import chart_precincts

    told, shares = hearing.returns, data.votes.shares
    if told is None or shares is None:
        raise InputError(f"{given.map!r} needs a table [returns] with source, contest and people.")
    place = told.place or f"{hearing.jurisdiction}, {data.votes.contest}"
    if given.map == "forest":
        found = polarization(shares.frame, **shares.columns)
        return chart_forest(found, place=place, notes=[*found.notes, *shares.notes])
    return chart_precincts(
        shares.frame,
        **shares.columns,
        group=next(iter(told.people.groups)),
        candidate=str(told.candidate),
        place=place,
    )
