"""Registered people and people who voted, by area and group: sums only, nothing about a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from kit.i18n.messages import mark, term
from kit.model.shared import Shared
from kit.model.source import Source

EVERYBODY = "total"
"""The group that is everybody on the list."""
SILENT = "not_said"
"""The group of people whose race or origin the list does not say."""
OTHER = "other_groups"
"""The group of everybody else, whom the list puts in a group that this table does not show apart."""
SMALLEST = 11
"""Counts of fewer people are not shown."""
FEWEST = 50
"""Rates and shares of fewer people are not given."""
HOW = {
    "reported": mark("race that people reported when they registered"),
    "surname": mark("surname lists"),
    "names": mark("likelihoods from names and places"),
    "mixed": mark("the file's own counts"),
}
"""How the groups of a list were told apart."""
EXACT = mark("These counts are exact, small ones too: hide small counts before they leave this machine.")
"""The note of counts of which none is hidden; it goes as soon as small ones are."""
SILENCE = mark(
    "The list does not say the race of {count:,} of {whole:,} registered people ({share}); they are in no group, so "
    "counts of groups are too low by those among them who belong."
)
SILENT_AREAS = mark(
    "In {many:,} of {areas:,} areas that is {share} or more of the registered people; the highest share is {highest}."
)
OTHER_RACE = mark("{count:,} registered people ({share}) chose another race (“other”); they are among everybody else.")
ORIGIN = mark(
    "Race and Hispanic or Latino origin are asked apart. Of {whole:,} people who chose Asian or Pacific Islander, "
    "{silent:,} did not say their origin and are counted as not Hispanic; {hispanic:,} said Hispanic or Latino and are "
    "among everybody else."
)
JOINED = mark(
    "Of {whole:,} people who voted, {met:,} are counted here; the others are no longer on the list, have another "
    "status or have no area. The list is of a later or earlier day than the election."
)
UNCOUNTED = {
    EXACT: "",
    SILENCE: mark(
        "People whose race the list does not say are in no group, so counts of groups are too low by those among them "
        "who belong."
    ),
    SILENT_AREAS: "",
    OTHER_RACE: mark("Registered people who chose another race (“other”) are among everybody else."),
    ORIGIN: mark(
        "Race and Hispanic or Latino origin are asked apart. Who chose Asian or Pacific Islander and did not say an "
        "origin is counted as not Hispanic; who said Hispanic or Latino is among everybody else."
    ),
    JOINED: mark(
        "Who voted was joined by voter number; voters who are no longer on the list, have another status or have no "
        "area are not counted. The list is of a later or earlier day than the election."
    ),
}
"""Notes with exact counts of people, and what is said in their place where counts are hidden; some then go."""


@dataclass(frozen=True)
class VoterCounts:
    """Registered people and people who voted, by area and group.

    Parameters
    ----------
    frame : pandas.DataFrame
        Indexed by ``area`` (text) and ``group``; columns ``registered`` and
        ``voted`` (Int64, people; missing where the file has none or where the
        count is hidden) and ``hidden`` (true where a small count, or one that
        would give a small one away, is not shown). Every area has the group
        ``total``; ``not_said`` and ``other_groups`` where the file tells them
        apart. A group and its parts may both be there (``nh_aapi_alone`` with
        ``nh_asian_alone`` and ``nh_nhpi_alone``), and other groups with other lists.
    by : str
        What the areas are, in one word, such as ``"district"`` or ``"county"``.
    groups : dict of str to str
        Group id and what it counts, in words.
    how : {"reported", "surname", "names", "mixed"}
        How the groups were told apart.
    election : str
        Which election ``voted`` is of; empty where the file has no votes.
    as_of : str
        Date of the list in ISO form; empty where it is not known.
    place : str
        Whose list it is, such as ``"North Carolina"``.
    smallest : int
        Counts under this many people are hidden; 1 where none are.
    sources : tuple of Source
        Where the counts came from.
    notes : tuple of str
        What a reader must know: people whose race is not said, codes, what the list leaves out; without counts
        of people where small ones are hidden.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor
    by: str = "district"
    groups: Mapping[str, str] = field(default_factory=dict)
    how: str = "reported"
    election: str = ""
    as_of: str = ""
    place: str = ""
    smallest: int = 1
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.smallest > 1:  # a count in a note would tell what the table hides
            object.__setattr__(self, "notes", uncounted(self.notes))

    @property
    def areas(self) -> list[str]:
        """Areas, in the order of the table.

        Returns
        -------
        list of str
            Each once.
        """
        return list(dict.fromkeys(self.frame.index.get_level_values("area")))

    def of(self, group: str) -> pd.DataFrame:
        """Give the counts of one group.

        Parameters
        ----------
        group : str
            Group id.

        Returns
        -------
        pandas.DataFrame
            ``registered``, ``voted`` and ``hidden`` by area; empty where the group is not in the table.
        """
        frame = self.frame
        return frame[frame.index.get_level_values("group") == group].droplevel("group")


def uncounted(notes: tuple[str, ...]) -> tuple[str, ...]:
    """Say notes without exact counts of people, with which hidden ones could be worked out.

    Parameters
    ----------
    notes : tuple of str
        Of voter counts.

    Returns
    -------
    tuple of str
        In their order.
    """
    told: list[str] = []
    for note in notes:
        template = getattr(note, "template", note)
        if template not in UNCOUNTED:
            told.append(note)
        elif UNCOUNTED[template]:
            told.append(term(UNCOUNTED[template]))
    return tuple(told)
