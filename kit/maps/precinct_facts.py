"""What charts of precincts are drawn from, and what they say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.polarization import SHARES_OF, WIDE, Polarization
from kit.i18n.messages import each, joined, say, term
from kit.maps.record import Twin
from kit.model.sentences import percent
from kit.model.voters import SMALLEST

LISTED = ("voters", "registered")
"""Shares that are counted on a voter list: precincts with fewer people of a group than that are not drawn either."""


@dataclass(frozen=True)
class Drawn:
    """What both charts are drawn from.

    Parameters
    ----------
    found : Polarization
        Bounds and Goodman's line of one group and one candidate.
    group, candidate : str
        Their names.
    x, t, votes : numpy.ndarray of float
        Share of the group, share of the candidate and votes, of each precinct that is drawn.
    range : tuple of float
        Least and largest share of the group in any precinct.
    left_out : int
        Precincts that are counted and not drawn, by their votes.
    few_people : int
        Further ones, by the number of people of the group or of everybody else.
    """

    found: Polarization
    group: str
    candidate: str
    x: Any
    t: Any
    votes: Any
    range: tuple[float, float]
    left_out: int
    few_people: int = 0

    def row(self, name: str) -> Any:
        """Give the figures of the group or of everybody else.

        Parameters
        ----------
        name : str
            As the table of figures names them.

        Returns
        -------
        pandas.Series
            A row of that table.
        """
        return self.found.frame.loc[(name, self.candidate)]

    @property
    def rest(self) -> str:
        """How the figures name everybody else.

        Returns
        -------
        str
            For `row`.
        """
        return f"not {self.group}"

    @property
    def line(self) -> tuple[float, float]:
        """Goodman's line at 0 and at 1.

        Returns
        -------
        tuple of float
            Figures of everybody else and of the group; missing where there is no line.
        """
        return float(self.row(self.rest)["goodman"]), float(self.row(self.group)["goodman"])

    @property
    def reach(self) -> tuple[float, float]:
        """The ends of an axis that shows every figure, possible or not.

        Returns
        -------
        tuple of float
            Fractions.
        """
        ends = [one for one in self.line if not np.isnan(one)]
        low, high = min([0.0, *ends]), max([1.0, *ends])
        return (low - 0.03 if low < 0 else -0.02, high + 0.03 if high > 1 else 1.02)


def counted_words(drawn: Drawn) -> str:
    """Say what the shares are shares of.

    Parameters
    ----------
    drawn : Drawn
        What is drawn.

    Returns
    -------
    str
        Two sentences.
    """
    found = drawn.found
    return say(
        "Counted: {precincts:,} precincts with {votes:,.0f} votes. The group's share is its share of {people}; the "
        "candidate's is a share of the votes.",
        precincts=found.precincts,
        votes=found.votes,
        people=term(SHARES_OF[found.of]),
    )


def unsure_words() -> str:
    """Say how sure the figures are.

    Returns
    -------
    str
        For the middle of a sentence.
    """
    return say(
        "the bounds hold whatever the voters did; a line or a model inside them rests on what it takes for granted, "
        "and may be wrong."
    )


def notes_of(drawn: Drawn) -> list[str]:
    """Say what a reader must know.

    Parameters
    ----------
    drawn : Drawn
        What is drawn.

    Returns
    -------
    list of str
        Notes, each with its count.
    """
    told: list[str] = each(drawn.found.notes)
    if drawn.left_out:
        told.append(
            say(
                "{count:,} precincts with fewer than {fewest} votes, or where the candidate had all votes or none, are "
                "counted and not drawn: such a point would tell how people there voted.",
                count=drawn.left_out,
                fewest=SMALLEST,
            )
        )
    if drawn.few_people:
        told.append(
            say(
                "{count:,} precincts with fewer than {fewest} people of the group, or of everybody else, are counted "
                "and not drawn: share and votes together would tell how many they are.",
                count=drawn.few_people,
                fewest=SMALLEST,
            )
        )
    return told


def findings_of(drawn: Drawn) -> list[str]:
    """Say the bounds and the line, and how far the precincts reach.

    Parameters
    ----------
    drawn : Drawn
        What is drawn.

    Returns
    -------
    list of str
        Sentences.
    """
    alone = replace(drawn.found, notes=())
    low, high = drawn.range
    told = [alone.summary(), _reached(drawn, low, high)]
    if drawn.row(drawn.group)["width"] > WIDE:
        told.append(say("For {group} the model drives this figure, not the returns.", group=drawn.group))
    return [*told, say("How a person voted is not known.")]


def _reached(drawn: Drawn, low: float, high: float) -> str:
    """Say which shares of the group occur."""
    return say(
        "In these precincts {group} are {low} to {high}; beyond that no precinct shows anything.",
        group=drawn.group,
        low=percent(low),
        high=percent(high),
    )


def line_under(drawn: Drawn, place: str) -> str:
    """Write the line under the heading.

    Parameters
    ----------
    drawn : Drawn
        What is drawn.
    place : str
        Place and contest; may be empty.

    Returns
    -------
    str
        A few sentences.
    """
    begin = say("{place}.", place=place) if place else ""
    numbers = say("{number:,} precincts, {votes:,.0f} votes.", number=drawn.found.precincts, votes=drawn.found.votes)
    return joined([begin, numbers, say("How a person voted is not known.")])


def alt_of(drawn: Drawn, *, both: bool) -> str:
    """Write the alternative text: what, and the main finding.

    Parameters
    ----------
    drawn : Drawn
        What is drawn.
    both : bool
        Whether both charts are.

    Returns
    -------
    str
        At most two sentences.
    """
    row = drawn.row(drawn.group)
    given = {"group": drawn.group, "candidate": drawn.candidate, "number": drawn.found.precincts}
    what = say(
        "Chart of {number:,} precincts by the share of {group} and the share of the vote for {candidate}.", **given
    )
    if both:
        what = say(
            "Two charts of {number:,} precincts, by the share of {group} and the share of the vote for {candidate}, "
            "and by what each precinct allows.",
            **given,
        )
    low, high = percent(row["low"]), percent(row["high"])
    ends = {"group": drawn.group, "candidate": drawn.candidate, "low": low, "high": high}
    if np.isnan(drawn.line[1]):
        told = say("The returns allow from {low} to {high} of the votes of {group} for {candidate}.", **ends)
    else:
        told = say(
            "The returns allow from {low} to {high} of the votes of {group} for {candidate}; Goodman's line gives "
            "{line}.",
            **ends,
            line=percent(drawn.line[1]),
        )
    return joined([what, told])


def twins_of(drawn: Drawn, heading: str) -> tuple[Twin, ...]:
    """Lay out the figures, and the precincts that are drawn.

    Parameters
    ----------
    drawn : Drawn
        What is drawn.
    heading : str
        Of the page.

    Returns
    -------
    tuple of Twin
        For a reader, and for a program.
    """
    rows = []
    for name, told in ((drawn.group, drawn.group), (drawn.rest, say("everybody else"))):
        row = drawn.row(name)
        rows.append(
            {
                "who": told,
                "share_low": row["low"],
                "share_high": row["high"],
                "share_goodman": row["goodman"],
                "share_goodman_se": row["goodman_se"],
                "share_weighted": row["weighted"],
                "share_weighted_se": row["weighted_se"],
                "homogeneous_precincts": int(row["precincts"]),
                "share_homogeneous": row["homogeneous"],
                "model_driven": bool(row["model_driven"]),
            }
        )
    heads = (
        ("who", say("Votes for {candidate}", candidate=drawn.candidate)),
        ("share_low", say("At least")),
        ("share_high", say("At most")),
        ("share_goodman", say("Goodman's line")),
        ("share_goodman_se", say("Standard error")),
        ("model_driven", say("The model drives it")),
    )
    points = pd.DataFrame({"share_group": drawn.x, "share_candidate": drawn.t, "votes": drawn.votes.astype("int64")})
    of_points = (
        ("share_group", say("Share of the group")),
        ("share_candidate", say("Share of the candidate")),
        ("votes", say("Votes")),
    )
    labels = {
        "counted": counted_words(drawn),
        "universe": term(SHARES_OF[drawn.found.of]),
        "uncertainty": unsure_words(),
    }
    notes, sources = tuple(notes_of(drawn)), drawn.found.sources
    return (
        Twin(heading, pd.DataFrame(rows), heads, notes, sources, labels),
        Twin(heading, points, of_points, notes, sources, labels, mark="precincts", page=False),
    )
