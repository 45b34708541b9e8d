"""Plain sentences about how votes of precincts were spread over units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.i18n.messages import joined, mark, say, term
from kit.model.sentences import few, number_of, people, percent

if TYPE_CHECKING:
    from kit.analysis.precinct_votes import UnitVotes

PRECINCTS, ONE_PRECINCT = mark("precincts"), mark("precinct")


def notes(made: UnitVotes, weight: str) -> list[str]:
    """Say what was done with the votes.

    Parameters
    ----------
    made : UnitVotes
        Votes by unit.
    weight : str
        Column of weights that was asked for.

    Returns
    -------
    list of str
        One fact each.
    """
    voting = made.by_precinct.index
    told: list[str] = [
        say(
            "Votes of {precincts} were spread over {units} in proportion to {weight}; that voters live where "
            "these people live is an assumption.",
            precincts=number_of(len(voting), PRECINCTS),
            units=made.units.plural,
            weight=weight,
        )
    ]
    instead = made.fallbacks[made.fallbacks["fallback"]]
    if len(instead):
        each = [
            say(
                "{weight} in {precincts} ({votes} votes)",
                weight=term(row.weight),
                precincts=number_of(row.precincts, PRECINCTS),
                votes=people(row.votes),
            )
            for row in instead.itertuples()
        ]
        told.append(say("Where {weight} is 0 in a whole precinct with votes, others were used: {told}.", weight=weight,
                        told=joined(each, say("; "))))  # fmt: skip
    told += _without_precinct(made, weight)
    if len(made.incomplete):
        ids = made.incomplete["precinct"].unique()
        told.append(
            say(
                "In {precincts} ({first}) a figure is missing for a candidate of a contest, so that contest "
                "was left out there ({votes} votes of other candidates): missing is not zero.",
                precincts=number_of(len(ids), PRECINCTS),
                first=few(ids),
                votes=people(made.incomplete["votes"].sum()),
            )
        )
    return told + _unplaced(made)


def _without_precinct(made: UnitVotes, weight: str) -> list[str]:
    """Count the units to which no votes were given."""
    lacking = made.precincts.isna()
    silent = made.precincts.notna() & ~made.precincts.isin(made.by_precinct.index)
    told: list[str] = []
    for units, words in (
        (
            lacking,
            mark("No precinct is known for {units} ({people} people in {weight}): no votes were given there."),
        ),
        (
            silent,
            mark(
                "The returns have nothing for the precincts of {units} ({people} people in {weight}): no votes were "
                "given there."
            ),
        ),
    ):
        if units.any():
            told.append(
                say(
                    words,
                    units=number_of(int(units.sum()), made.units.plural),
                    people=people(made.weights[units].sum()),
                    weight=weight,
                )
            )
    return told


def _unplaced(made: UnitVotes) -> list[str]:
    """Say what became of votes in no precinct."""
    rows = made.unplaced
    if not len(rows):
        return []
    ids, votes = rows["precinct"].unique(), float(rows["votes"].sum())
    whole = votes + float(made.by_precinct.sum().sum())
    if rows["spread"].all():
        return [
            say(
                "{votes} votes ({share} of all, over all contests) are in entries that are no precinct of these "
                "units ({first}), such as votes by mail; they were spread as each candidate's own votes lie in "
                "the precincts. Votes by mail often differ from votes at the polls, so this is a guess.",
                votes=people(votes),
                share=percent(votes / whole),
                first=few(ids),
            )
        ]
    return [
        say(
            "{votes} votes ({share} of all, over all contests) are in entries that are no precinct of these "
            "units ({first}), such as votes by mail; they are left out of every district.",
            votes=people(votes),
            share=percent(votes / whole),
            first=few(ids),
        )
    ]
