"""What a packet must have of its units and plans, and what is not there, told all at once."""

from __future__ import annotations

from kit.hearing_file import Hearing
from kit.model.frames import Plan, Units
from kit.model.groups import BASES, column

LAW = frozenset({"enacted", "adopted"})
"""Statuses of plans in force."""


def has_polygons(units: Units) -> bool:
    """Tell whether units can be drawn.

    Parameters
    ----------
    units : Units
        What was read; census files have a point of each area, and no outline.

    Returns
    -------
    bool
        False for points and for nothing.
    """
    return units.geometry is not None and not (units.geometry.geom_type == "Point").any()


def lacking_units(hearing: Hearing, units: Units) -> list[str]:
    """Name what the units must have and do not.

    Parameters
    ----------
    hearing : Hearing
        The file.
    units : Units
        What was read.

    Returns
    -------
    list of str
        Nothing when all is there.
    """
    faults = []
    if not has_polygons(units):
        faults.append("units.shapes: missing; the maps need polygons of the units, as a file with a column of GEOIDs")
    if not any(source.title and source.year for source in units.sources):
        faults.append("units.year: missing; a source of the counts with its census year")
    for base in hearing.bases:
        wanted = [column("total", base), *(column(group, base) for group in hearing.groups)]
        absent = [name for name in wanted if name not in units.frame.columns]
        if absent:
            faults.append(f"{', '.join(absent)} (groups and bases): missing; {_uncounted(base, units)}")
    for at, one in enumerate(hearing.exhibits):
        group, base = one.group or hearing.groups[0], one.base or hearing.bases[0]
        absent = [name for name in (column("total", base), column(group, base)) if name not in units.frame.columns]
        if absent and not (group in hearing.groups and base in hearing.bases):
            faults.append(f"{', '.join(absent)} (exhibits[{at}]): missing; {_uncounted(base, units)}")
    return faults


def _uncounted(base: str, units: Units) -> str:
    """Say what the units count instead."""
    have = ", ".join(units.count_columns[:8]) or "none"
    return f"the units do not count the {BASES[base].label} so, and have {have}"


def lacking_plans(hearing: Hearing, plans: list[Plan]) -> list[str]:
    """Name what the plans must have and do not.

    Parameters
    ----------
    hearing : Hearing
        The file.
    plans : list of Plan
        What was read.

    Returns
    -------
    list of str
        Nothing when all is there.
    """
    faults = []
    for number, (given, plan) in enumerate(zip(hearing.plans, plans, strict=True)):
        if not plan.status:
            kinds = "'enacted', 'adopted', 'proposed', 'draft' or 'illustrative'"
            faults.append(f"plans[{number}].status: missing; {kinds}")
        if plan.status in LAW and not plan.adopted:
            faults.append(f"plans[{number}].adopted: missing; the date of adoption of {given.path}, such as 2022-06-03")
    names = [plan.name for plan in plans]
    faults += [
        f"plans: {names.count(one)} plans are called {one!r}; give each a name of its own"
        for one in dict.fromkeys(names)
        if names.count(one) > 1
    ]
    return faults
