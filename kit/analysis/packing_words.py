"""Plain sentences about packing and cracking, with the disclaimers that they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from kit.errors import first_few
from kit.model.adjacency import Adjacency
from kit.model.groups import base_of, who
from kit.model.sentences import PARTLY, listed, people, percent

if TYPE_CHECKING:
    from kit.analysis.packing import Packing

NO_BASELINE = (
    "No baseline was computed: these figures were not compared with plans drawn without regard to race, so they do "
    "not tell whether they are high or low for this place."
)
"""What is said until an ensemble of plans is given."""

NO_PROPORTION = (
    "Section 2 of the Voting Rights Act gives no right to have members of a protected class elected in numbers equal "
    "to their proportion in the population."
)
"""What is said beside a count of districts and a share of people."""

DESCRIPTIVE = "These indicators describe a plan. They say nothing of intent or of what any district can elect."


def cautions(result: Packing, *, adjacency: Adjacency | None, several: str) -> tuple[str, ...]:
    """Write what must stand beside the indicators.

    Parameters
    ----------
    result : Packing
        Figures.
    adjacency : Adjacency or None
        Neighbours that the yardstick used.
    several : str
        What the named areas are called.

    Returns
    -------
    tuple of str
        Notes.
    """
    notes = [DESCRIPTIVE, _baseline(result)]
    if result.tau is None:
        notes.append("Surplus and districts above a threshold were not computed: no threshold (tau) was given.")
    else:
        notes.append(NO_PROPORTION)
    areas = result.areas
    if areas is None:
        return tuple(notes)
    if adjacency is None:
        notes.append("The kept-whole yardstick was not computed: no neighbours (adjacency) were given.")
        return tuple(notes)
    steps = "one step" if result.hops == 1 else f"{result.hops} steps"
    notes.append(
        "The kept-whole yardstick is illustrative: the share of a district of average size that held the whole area "
        f"and were filled up with people like those within {steps} of it. It is not a district."
    )
    larger = areas.index[areas["base"] > result.plan["ideal"]]
    if len(larger):
        notes.append(f"It is not defined for {several} larger than a district of average size: {first_few(larger)}.")
    alone = areas.index[areas["kept_whole_share"].isna() & ~areas.index.isin(larger) & (areas["base"] > 0)]
    if len(alone):
        notes.append(f"It is not known for {several} around which nobody lives: {first_few(alone)}.")
    if any(PARTLY in note for note in result.placement.notes):
        notes.append("Districts are covered in part, so the average size is too small and the yardstick with it.")
    return tuple(notes)


def _baseline(result: Packing) -> str:
    """Say that no baseline was computed, or what it was."""
    found = result.percentiles
    if found is None:
        return NO_BASELINE
    absent = [name for name in result.indicators.index if name not in found.index]
    lacking = f" It lacks {first_few(absent)}." if absent else ""
    return (
        f"Percentiles are of {found['plans'].max():,} simulated plans that were given, ties counted half; every "
        f"indicator it has is listed, and none is a test of intent.{lacking}"
    )


def summarise(result: Packing) -> str:
    """Say what the indicators are.

    Parameters
    ----------
    result : Packing
        Figures.

    Returns
    -------
    str
        A few sentences, one fact each, and the notes.
    """
    return " ".join([*_of_threshold(result), *_of_areas(result), *_of_baseline(result), *result.notes])


def _of_threshold(result: Packing) -> list[str]:
    """Write how many districts lie above the threshold, and who lives in them beyond it."""
    plan, noun, tau = result.plan, base_of(result.base).noun, result.tau
    if pd.isna(plan["share"]):
        return [f"There are no {noun} in these districts."]
    size = f"{plan['districts']:.0f}"
    whole = f"{who(result.group)} people are {percent(plan['share'])} of {noun}"
    if tau is None:
        return [f"{whole} in {result.placement.plan.name}, which has {size} districts."]
    names = [str(label) for label in result.districts.index[result.districts["above"].eq(True)]]  # noqa: FBT003
    named = f" (district{'s' * (len(names) > 1)} {listed(names)})" if 0 < len(names) <= 6 else ""
    some = f"{len(names)} {'has' if len(names) == 1 else 'have'}" if names else "none has"
    first = (
        f"Of {size} districts, {some} a share of more than {percent(tau, 0)}{named}; {whole}, and that share times the "
        f"number of districts is {plan['proportional']:.1f}."
    )
    if not names:
        return [first]
    beyond = (
        f"Those districts hold {people(plan['surplus_people'])} {who(result.group)} {noun} beyond {percent(tau, 0)}: "
        f"{percent(plan['surplus'])} of all."
    )
    return [first, beyond]


def _of_areas(result: Packing) -> list[str]:
    """Write how each area is divided; areas beyond the first six are left to the table."""
    if result.areas is None:
        return []
    told = []
    lived = result.areas[result.areas["base"] > 0]
    for name, row in lived.head(6).iterrows():
        number = row["districts_at_floor"]
        sentence = (
            f"{name}: {number} district{'s' * (number != 1)} hold{'s' * (number == 1)} at least "
            f"{percent(result.floor, 0)} of it"
        )
        if pd.notna(row["best_share"]):
            sentence += (
                f", and the highest share among them is {percent(row['best_share'])} (district {row['best_district']})"
            )
        if pd.notna(row.get("kept_whole_share")):
            sentence += f"; the illustrative kept-whole share is {percent(row['kept_whole_share'])}"
        told.append(f"{sentence}.")
    if len(lived) > 6:
        told.append(f"{len(lived) - 6:,} more are in the table.")
    return told


def _of_baseline(result: Packing) -> list[str]:
    """Write every percentile, as long as they are few."""
    if result.percentiles is None:
        return []
    rows = result.percentiles.dropna(subset="percentile")
    told = [f"{name}: percentile {100 * row['percentile']:.1f}" for name, row in rows.head(12).iterrows()]
    more = f", and {len(rows) - 12:,} more in the table" if len(rows) > 12 else ""
    return [f"Against the simulated plans, {'; '.join(told)}{more}."] if told else []
