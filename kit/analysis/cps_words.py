"""True plain sentences about turnout that people report to a survey."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from kit.i18n.messages import Message, each, joined, mark, say, term
from kit.model.cps import CpsTable
from kit.model.sentences import group_name, percent
from kit.model.things import listed

if TYPE_CHECKING:
    from kit.analysis.cps_turnout import CpsTurnout

WHOLE_SURVEY = 100_000_000
"""The weights of a whole file add up to more people than this."""

NATION = mark("the United States")
NEVER = mark("The survey is a sample of the nation and of States; never apply these figures to a district.")
REPORTED = mark("These are answers that people gave, often for others of their household; more people say that they "
                "voted than did.")  # fmt: skip
HOW = {
    "census": mark(
        "As in the tables of the Census Bureau, people who did not answer count as people who did not vote or were not "
        "registered."
    ),
    "hur_achen": mark(
        "As Hur and Achen (2013) propose, people who did not say whether they voted are left out, and the others are "
        "weighted so that each State has its official turnout. Official turnout is of everybody: that a group's "
        "members who voted, and those who did not, answer as others do is an assumption."
    ),
}
ERRORS = {
    "replicates": mark("Margins are of 90 per cent, from {number:,} replicate weights."),
    "generalized": mark("Margins are of 90 per cent, by the survey's generalized formula with b = {b:,.0f}."),
    "weights": mark(
        "Margins are of 90 per cent and approximate: no replicate weights were at hand, so they rest on the weights "
        "alone and a design effect of {effect:.2f}, and are too small where people of a household answer alike."
    ),
}


def is_part(table: CpsTable, years: tuple[int, ...]) -> bool:
    """Tell whether the weights of a year add up to too few people for the whole survey.

    Parameters
    ----------
    table : CpsTable
        Respondents.
    years : tuple of int
        Years.

    Returns
    -------
    bool
        True where one year has a part only.
    """
    return bool((table.years.loc[list(years), "weight"] < WHOLE_SURVEY).any())


def with_notes(
    made: CpsTurnout,
    table: CpsTable,
    asked: pd.DataFrame,
    missing: list[str],
    *,
    design_effect: float,
    b: float | None,
) -> CpsTurnout:
    """Write what must stand beside the figures.

    Parameters
    ----------
    made : CpsTurnout
        Figures.
    table : CpsTable
        Respondents of every year and State.
    asked : pandas.DataFrame
        Those behind the figures, of every group.
    missing : list of str
        Parts of the group that could not be shown.
    design_effect : float
        As it was asked for.
    b : float or None
        As it was asked for.

    Returns
    -------
    CpsTurnout
        The same with notes.
    """
    told: list[str] = [term(NEVER), term(REPORTED), term(HOW[made.weights])]
    told.append(say(ERRORS[made.error], number=len(table.replicates), b=float(b or 0), effect=design_effect))
    if made.partial:
        told.append(
            say(
                "The weights of this file add up to too few people for the whole survey: it is a part of it, and its "
                "figures are for trying out, not for testimony."
            )
        )
    if len(made.years) > 1:
        told.append(
            say(
                "Answers of {years} were pooled; the figures are of no single election.",
                years=_when(made),
            )
        )
    if missing:
        told.append(
            say(
                "These parts of the group could not be shown apart, because too few of them were asked or one code "
                "stands for both: {parts}.",
                parts=listed([group_name(part) for part in missing]),
            )
        )
    # Where the code does not tell which races, it tells that they are several: nobody of them is of one alone.
    unclear = asked["race"].isin(["unknown"] if made.group.endswith("_alone") else ["unclear", "unknown"])
    if unclear.any() and made.group != "total":
        told.append(
            say(
                "The code of race of {number:,} of {all:,} respondents does not tell whether they are of the group; "
                "they are counted in the total only.",
                number=int(unclear.sum()),
                all=len(asked),
            )
        )
    hispanic = asked["hispanic"].isna()
    if hispanic.any() and made.group.startswith("nh_"):
        told.append(
            say(
                "Respondents of whom the file does not say whether they are Hispanic: {number:,} of {all:,}; they are "
                "counted in the total only.",
                number=int(hispanic.sum()),
                all=len(asked),
            )
        )
    return replace(made, notes=tuple(dict.fromkeys([*told, *table.notes])))


_MEASURES = {
    "voted": mark(
        "In {place}, {share} (± {moe}, from {low} to {high}) of citizens of 18 or more counted as “{group}” said that "
        "they voted in {years}; of everybody, {total}."
    ),
    "registered": mark(
        "In {place}, {share} (± {moe}, from {low} to {high}) of citizens of 18 or more counted as “{group}” said that "
        "they were registered in {years}; of everybody, {total}."
    ),
}
_OF_ALL = {
    "voted": mark(
        "In {place}, {share} (± {moe}, from {low} to {high}) of citizens of 18 or more said that they voted in {years}."
    ),
    "registered": mark(
        "In {place}, {share} (± {moe}, from {low} to {high}) of citizens of 18 or more said that they were registered "
        "in {years}."
    ),
}


def _when(found: CpsTurnout) -> Message:
    """Name the years, or the first and the last of many."""
    years = found.years
    if len(years) > 3:
        return say(
            "{first} to {last} ({number:,} elections)", first=str(years[0]), last=str(years[-1]), number=len(years)
        )
    return listed([str(year) for year in years])


def summarise(found: CpsTurnout) -> Message:
    """Say what people reported.

    Parameters
    ----------
    found : CpsTurnout
        Figures.

    Returns
    -------
    str
        One sentence a group and measure, how many answered, and the notes.
    """
    lines: list[str] = []
    for group in found.frame.index.unique("group"):
        if group != "total" or found.group == "total":
            lines += [_line(found, str(group), measure) for measure in _MEASURES]
    voted = found.frame.loc[(found.group, "voted")]
    lines.append(
        say(
            "That rests on {number:,} respondents; {silent} of those asked, by weight, did not say whether they voted.",
            number=int(voted["respondents"]),
            silent=percent(voted["no_answer"]),
        )
    )
    return joined([*lines, *each(found.notes)])


def _line(found: CpsTurnout, group: str, measure: str) -> Message:
    """Write one sentence on a group and a measure."""
    row, total = found.frame.loc[(group, measure)], found.frame.loc[("total", measure)]
    return say(
        (_OF_ALL if group == "total" else _MEASURES)[measure],
        place=term(NATION) if found.place == NATION else found.place,
        share=percent(row["share"]),
        moe=percent(row["moe"]),
        low=percent(row["low"]),
        high=percent(row["high"]),
        group=group_name(group),
        years=_when(found),
        total=percent(total["share"]),
    )
