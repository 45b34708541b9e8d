"""Plain sentences about packing and cracking, with the disclaimers that they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from kit.i18n.messages import Message, each, figure, joined, mark, say, term
from kit.model.adjacency import Adjacency
from kit.model.groups import who
from kit.model.sentences import few, goes_beyond, listed, noun, people, percent

if TYPE_CHECKING:
    from kit.analysis.packing import Packing

NO_BASELINE = mark(
    "No baseline was computed: these figures were not compared with plans drawn without regard to race, so they do "
    "not tell whether they are high or low for this place."
)
"""What is said until an ensemble of plans is given."""

NO_PROPORTION = mark(
    "Section 2 of the Voting Rights Act gives no right to have members of a protected class elected in numbers equal "
    "to their proportion in the population."
)
"""What is said beside a count of districts and a share of people."""

DESCRIPTIVE = mark("These indicators describe a plan. They say nothing of intent or of what any district can elect.")


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
    notes: list[str] = [term(DESCRIPTIVE), _baseline(result)]
    if result.tau is None:
        notes.append(say("Surplus and districts above a threshold were not computed: no threshold (tau) was given."))
    else:
        notes.append(term(NO_PROPORTION))
    areas = result.areas
    if areas is None:
        return tuple(notes)
    if adjacency is None:
        notes.append(say("The kept-whole yardstick was not computed: no neighbours (adjacency) were given."))
        return tuple(notes)
    notes.append(
        say(
            mark(
                "The kept-whole yardstick is illustrative: the share of a district of average size that held the whole "
                "area and were filled up with people like those within one step of it. It is not a district."
            )
            if result.hops == 1
            else mark(
                "The kept-whole yardstick is illustrative: the share of a district of average size that held the whole "
                "area and were filled up with people like those within {steps} steps of it. It is not a district."
            ),
            steps=result.hops,
        )
    )
    larger = areas.index[areas["base"] > result.plan["ideal"]]
    if len(larger):
        too_large = mark("It is not defined for {areas} larger than a district of average size: {names}.")
        notes.append(say(too_large, areas=term(several), names=few(larger)))
    alone = areas.index[areas["kept_whole_share"].isna() & ~areas.index.isin(larger) & (areas["base"] > 0)]
    if len(alone):
        unknown = mark("It is not known for {areas} around which nobody lives: {names}.")
        notes.append(say(unknown, areas=term(several), names=few(alone)))
    if goes_beyond(result.placement.notes):
        notes.append(say("Districts are covered in part, so the average size is too small and the yardstick with it."))
    return tuple(notes)


def _baseline(result: Packing) -> Message:
    """Say that no baseline was computed, or what it was."""
    found = result.percentiles
    if found is None:
        return term(NO_BASELINE)
    absent = [name for name in result.indicators.index if name not in found.index]
    told = say(
        "Percentiles are of {number:,} simulated plans that were given, ties counted half; every indicator it has is "
        "listed, and none is a test of intent.",
        number=int(found["plans"].max()),
    )
    return joined([told, say("It lacks {names}.", names=few(absent))]) if absent else told


def summarise(result: Packing) -> Message:
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
    return joined([*_of_threshold(result), *_of_areas(result), *_of_baseline(result), *each(result.notes)])


# No district, one, a few, many.
_ABOVE = (
    mark(
        "Of {size} districts, none has a share of more than {bound}; {group} people are {share} of {noun}, and that "
        "share times the number of districts is {proportional:.1f}."
    ),
    mark(
        "Of {size} districts, 1 has a share of more than {bound} (district {districts}); {group} people are {share} of "
        "{noun}, and that share times the number of districts is {proportional:.1f}."
    ),
    mark(
        "Of {size} districts, {number} have a share of more than {bound} (districts {districts}); {group} people are "
        "{share} of {noun}, and that share times the number of districts is {proportional:.1f}."
    ),
    mark(
        "Of {size} districts, {number} have a share of more than {bound}; {group} people are {share} of {noun}, and "
        "that share times the number of districts is {proportional:.1f}."
    ),
)


def _of_threshold(result: Packing) -> list[str]:
    """Write how many districts lie above the threshold, and who lives in them beyond it."""
    plan, tau = result.plan, result.tau
    if pd.isna(plan["share"]):
        return [say("There are no {noun} in these districts.", noun=noun(result.base))]
    values = {
        "size": figure(f"{plan['districts']:.0f}"),
        "group": term(who(result.group)),
        "share": percent(plan["share"]),
        "noun": noun(result.base),
    }
    if tau is None:
        told = mark("{group} people are {share} of {noun} in {plan}, which has {size} districts.")
        return [say(told, **values, plan=result.placement.plan.name)]
    names = [str(label) for label in result.districts.index[result.districts["above"].eq(True)]]  # noqa: FBT003
    first = say(
        _ABOVE[len(names) if len(names) < 2 else 2 + (len(names) > 6)],
        **values,
        number=len(names),
        bound=percent(tau, 0),
        districts=listed(names) if names else "",
        proportional=float(plan["proportional"]),
    )
    if not names:
        return [first]
    beyond = say(
        "Those districts hold {people} {group} {noun} beyond {bound}: {surplus} of all.",
        **values,
        people=people(plan["surplus_people"]),
        bound=percent(tau, 0),
        surplus=percent(plan["surplus"]),
    )
    return [first, beyond]


# Whether there is a best share, and a yardstick.
_AREAS = {
    (True, True): mark(
        "{area}: {districts} at least {floor} of it, and the highest share among them is {best} (district "
        "{district}); the illustrative kept-whole share is {whole}."
    ),
    (True, False): mark(
        "{area}: {districts} at least {floor} of it, and the highest share among them is {best} (district {district})."
    ),
    (False, True): mark("{area}: {districts} at least {floor} of it; the illustrative kept-whole share is {whole}."),
    (False, False): mark("{area}: {districts} at least {floor} of it."),
}


def _of_areas(result: Packing) -> list[str]:
    """Write how each area is divided; areas beyond the first six are left to the table."""
    if result.areas is None:
        return []
    told: list[str] = []
    lived = result.areas[result.areas["base"] > 0]
    for name, row in lived.head(6).iterrows():
        best, whole = row["best_share"], row.get("kept_whole_share")
        number = int(row["districts_at_floor"])
        told.append(
            say(
                _AREAS[bool(pd.notna(best)), bool(pd.notna(whole))],
                area=name,
                districts=say("1 district holds") if number == 1 else say("{number} districts hold", number=number),
                floor=percent(result.floor, 0),
                best=percent(best),
                district=row["best_district"],
                whole=percent(whole) if pd.notna(whole) else "",
            )
        )
    if len(lived) > 6:
        told.append(say("{number:,} more are in the table.", number=len(lived) - 6))
    return told


def _of_baseline(result: Packing) -> list[str]:
    """Write every percentile, as long as they are few."""
    if result.percentiles is None:
        return []
    rows = result.percentiles.dropna(subset="percentile")
    told = [
        say("{indicator}: percentile {percentile:.1f}", indicator=name, percentile=float(100 * row["percentile"]))
        for name, row in rows.head(12).iterrows()
    ]
    if not told:
        return []
    return [
        say(
            mark("Against the simulated plans, {told}, and {more:,} more in the table.")
            if len(rows) > 12
            else mark("Against the simulated plans, {told}."),
            told=joined(told, say("; ")),
            more=len(rows) - 12,
        )
    ]
