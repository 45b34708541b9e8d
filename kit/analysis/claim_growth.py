"""Claims on two dates: what grew, and whether the two may be compared at all."""

from __future__ import annotations

import re

import numpy as np

from kit.analysis import moe
from kit.analysis.claim_case import Case, Said, refused, shortest, unfit
from kit.analysis.claim_evidence import figure_of, is_counted, people_of, sources_of
from kit.analysis.claim_figures import SAMPLED, Figure, exceeds
from kit.i18n.messages import Message, joined, mark, say
from kit.model.detail import DETAIL
from kit.model.frames import DistrictTable, Plan
from kit.model.margin_words import points, points_apart
from kit.model.sentences import group_name, people, percent

_YEARS = re.compile(r"\b((?:19|20)\d\d)\s?(?:[–-]|to)\s?((?:19|20)\d\d)\b")
_RECODED = 2022


def period_of(table: DistrictTable) -> tuple[int, int] | None:
    """Tell the first and the last year that figures speak of.

    Parameters
    ----------
    table : DistrictTable
        Figures by district.

    Returns
    -------
    tuple of int, or None
        One year twice for a census; None where no source states a year.
    """
    found = []
    for source in sources_of(table):
        if match := _YEARS.search(source.title):
            found.append((int(match[1]), int(match[2])))
        elif source.year is not None:
            title = source.title.casefold()
            survey = (
                table.base == "cvap" or "american community survey" in title or source.uncertainty == "sampling MOE"
            )
            survey &= "1-year" not in title
            found.append((source.year - 4 if survey else source.year, source.year))
    return (min(first for first, _ in found), max(last for _, last in found)) if found else None


def in_order(tables: tuple[DistrictTable, DistrictTable]) -> tuple[DistrictTable, DistrictTable]:
    """Put two tables in the order of their dates.

    Parameters
    ----------
    tables : tuple of DistrictTable
        Two tables.

    Returns
    -------
    tuple of DistrictTable
        The earlier first; as they came where a date is missing.
    """
    one, two = tables
    dates = [period_of(table) for table in tables]
    return (two, one) if all(dates) and dates[0][1] > dates[1][1] else (one, two)  # type: ignore[index]


def judge_grew(case: Case, before: DistrictTable, after: DistrictTable) -> Said:
    """Check that a share or a count grew, or shrank, between two dates.

    Parameters
    ----------
    case : Case
        The claim and the later table.
    before, after : DistrictTable
        Figures of two dates.

    Returns
    -------
    Said
        What may be said.
    """
    claim = case.claim
    if told := _not_comparable(claim.group, claim.district, before, after):
        return refused(told, say("Definition, base, place, geography and dates must agree: they do not."))
    shares = [figure_of(table, claim.district) for table in (before, after)]
    for share in shares:
        if found := unfit(case, share):
            return found
    if shares[0].partly != shares[1].partly:
        return refused(say("One of the two tables covers only a part of {place}.", place=case.place(shares[0])))
    figures = shares if claim.of == "share" else [people_of(table, claim.district) for table in (before, after)]
    words = [_amount(figure, table, of=claim.of) for figure, table in zip(figures, (before, after), strict=True)]
    tests = _lines(figures, words, of=claim.of)
    old, new = figures if claim.direction == "more" else figures[::-1]
    result, back = exceeds(new, old), exceeds(old, new)
    if back is True:
        opposite = mark("The opposite is true: it was {old} and then {new}.")
        return refused(say(opposite, old=words[0], new=words[1]), *tests)
    dates = [_dated(table) for table in (before, after)]
    place, change = case.place(shares[1]), _change(figures, of=claim.of)
    happened = {"old": words[0], "then": dates[0], "new": words[1], "now": dates[1], "change": change}
    counts = [
        say("{counts} in {date}", counts=_counts(share), date=date) for share, date in zip(shares, dates, strict=True)
    ]
    names = {
        "place": place,
        "noun": case.noun,
        "group": group_name(claim.group),
        "who": case.who,
        "counts": joined(counts, say("; ")),
    }
    if result is True:
        status, why = "carried", say("The change of {change} passes the test.", change=change)
        if shares[1].partly:
            status, why = "weaker", say("It holds in {place}.", place=place)
        long, short = (say(told, **happened) for told in _CHANGED[claim.direction == "more"])
        title = shortest(*(say(told, **names, happened=short) for told in _TITLES[claim.of]))
        return Said(status, say(_STATES[claim.of], **names, happened=long), title, why, tests)
    was = say("was {old} in {then} and {new} in {now}", **happened)
    if not all(figure.testable for figure in figures):
        was = say("is estimated at {old} in {then} and {new} in {now}", **happened)
    long, why = _untold(figures, was, same=result is False and not figures[0].moe_low)
    title = shortest(*(say(told, **names, happened=was) for told in _TITLES["either"]))
    return Said("weaker", say(_STATES[claim.of], **names, happened=long), title, why, tests)


_STATES = {
    "share": mark("In {place}, the share of {noun} counted as “{group}” {happened}: {counts}."),
    "people": mark("In {place}, the number of {noun} counted as “{group}” {happened}."),
}
# Whether it grew; in a sentence, and in a title.
_CHANGED = {
    True: (
        mark("grew from {old} in {then} to {new} in {now}, by {change}"),
        mark("grew from {old} ({then}) to {new} ({now})"),
    ),
    False: (
        mark("fell from {old} in {then} to {new} in {now}, by {change}"),
        mark("fell from {old} ({then}) to {new} ({now})"),
    ),
}
# The fuller title first.
_TITLES = {
    "share": (
        mark("{place:capital}: {who} share of {noun} {happened}"),
        mark("{place:capital}: {who} share {happened}"),
    ),
    "people": (
        mark("{place:capital}: {who} number of {noun} {happened}"),
        mark("{place:capital}: {who} number {happened}"),
    ),
    "either": (mark("{place:capital}: {who} among {noun} {happened}"), mark("{place:capital}: {who} {happened}")),
}


def _untold(figures: list[Figure], was: Message, *, same: bool) -> tuple[Message, Message]:
    """Say why a change is not carried: for the sentence, and as the reason."""
    if same:
        return say("{told}, and did not change", told=was), say("The two figures are equal.")
    if not all(figure.testable for figure in figures):
        return was, say("There is no margin of error for these estimates, so the change cannot be tested.")
    if any(figure.open for figure in figures):
        return (
            say(
                "{told}, as placed; how people in cut units or in no district are counted decides whether that is a "
                "change",
                told=was,
            ),
            say("Units are cut by lines, or people lie in no district, and they decide about it."),
        )
    told = say("{told}, a difference that these figures cannot tell from none", told=was)
    return told, say("The change is within its error.")


def _not_comparable(group: str, label: str | None, before: DistrictTable, after: DistrictTable) -> str:
    """Say why two tables must not be compared over time; empty where they may."""
    plans = before.placement.plan, after.placement.plan
    dates = period_of(before), period_of(after)
    if dates[0] is None or dates[1] is None:
        return say("A source does not say its year, so nothing can be said about a change.")
    if _is_detail(group) and dates[0][1] < _RECODED <= dates[1][1]:
        return say(
            "Detailed groups were coded anew from 2022 on, so a change across 2021 and 2022 is no change of people."
        )
    told = ""
    if dates[0] == dates[1]:
        told = say("Both tables are of {date}; growth needs two dates.", date=_dated(before))
    told = told or _other_place(label, *plans)
    of_survey = _sampled(before) or dates[0][0] < dates[0][1], _sampled(after) or dates[1][0] < dates[1][1]
    if not told and of_survey[0] != of_survey[1]:
        told = say("One table is a count and the other a survey's estimate; compare two of one kind.")
    return told or _overlap(dates[0], dates[1])


def _sampled(table: DistrictTable) -> bool:
    """Tell whether figures come from a sample."""
    return table.base == "cvap" or any(source.uncertainty == "sampling MOE" for source in sources_of(table))


def _is_detail(group: str) -> bool:
    """Tell whether a group is one whose written answers were coded anew."""
    name = group.removesuffix("_alone").removesuffix("_aoic")
    return name in DETAIL and DETAIL[name].kind not in {"race", "language"}


def _overlap(one: tuple[int, int], two: tuple[int, int]) -> str:
    """Say that two periods share years; empty where they do not."""
    first, second = sorted((one, two))
    if first == second or second[0] > first[1]:
        return ""
    last = min(first[1], second[1])
    return say(
        "The periods {first} and {second} share {years}, so the estimates are not independent and the test does not "
        "hold. Compare periods that share no year.",
        first=f"{first[0]}–{first[1]}",
        second=f"{second[0]}–{second[1]}",
        years=str(last) if second[0] == last else say("{first} to {last}", first=str(second[0]), last=str(last)),
    )


def _other_place(label: str | None, one: Plan, two: Plan) -> str:
    """Say how two places differ; empty where they are one."""
    if label is None:
        same = one.jurisdiction == two.jurisdiction if one.jurisdiction or two.jurisdiction else one.name == two.name
        places = {"one": one.jurisdiction or one.name, "two": two.jurisdiction or two.name}
        return "" if same else say("The places differ: {one}, {two}.", **places)
    if one.name != two.name or _moved(one, two):
        return say(
            "The lines differ: {one} and {two} are two plans, so a change in district {district} may be a change of "
            "lines. Place both counts in one plan; for a change of lines claim that it loses or gains people.",
            one=one.name,
            two=two.name,
            district=label,
        )
    return ""


def _moved(one: Plan, two: Plan) -> bool:
    """Tell whether two plans of one name have different lines."""
    if one is two:
        return False
    if set(one.labels) != set(two.labels):
        return True
    if one.assignment is not None and two.assignment is not None and (one.level, one.year) == (two.level, two.year):
        return not one.assignment.sort_index().astype(str).equals(two.assignment.sort_index().astype(str))
    if one.geometry is not None and two.geometry is not None:
        import shapely

        mine = one.geometry.to_numpy()
        theirs = two.geometry.to_crs(one.geometry.crs).reindex(one.geometry.index).to_numpy()
        apart = shapely.area(shapely.symmetric_difference(mine, theirs))
        return bool((apart > 1e-6 * shapely.area(mine)).any())
    return False


def _amount(figure: Figure, table: DistrictTable, *, of: str) -> str:
    """Write a share or a count with its margin."""
    if of == "share":
        told = percent(figure.share)
        return joined([told, points(figure.moe_low)]) if figure.kind == SAMPLED else told
    told = people(float(figure.count))
    if figure.kind != SAMPLED or is_counted(table):
        return told
    return say("{people} ± {margin}", people=told, margin=people(figure.moe_low))


def _counts(figure: Figure) -> str:
    return say("{count} of {base}", count=people(float(figure.count)), base=people(float(figure.base)))


def _change(figures: list[Figure], *, of: str) -> str:
    """Write how far two figures are apart."""
    apart = abs(figures[1].exact - figures[0].exact)
    if of == "share":
        return points_apart(float(apart))
    return say("1 person") if apart == 1 else say("{people} people", people=people(float(apart)))


def _lines(figures: list[Figure], words: list[str], *, of: str) -> tuple[str, ...]:
    """Write the test of a change."""
    change = _change(figures, of=of)
    told = [say("From {old} to {new}: {change} apart.", old=words[0], new=words[1], change=change)]
    if not all(figure.testable for figure in figures):
        return (*told, say("Without a margin of error the change cannot be tested."))
    if not any(figure.moe_low for figure in figures):
        return (*told, say("Compared in whole numbers of people; counts have no sampling error."))
    one, two = figures
    z = float(moe.significance(one.share, one.moe_low, two.share, two.moe_low).z)
    error = float(np.hypot(one.moe_low, two.moe_low))
    told.append(
        say(
            "Margin of the change {margin} (90% confidence, sampling error only), Z = {z:.2f}, must be over 1.645.",
            margin=points(error) if of == "share" else say("± {people} people", people=people(error)),
            z=z,
        )
    )
    return tuple(told)


def _dated(table: DistrictTable) -> str:
    """Write the years of a table."""
    dates = period_of(table)
    if dates is None:
        return say("an unknown year")
    return str(dates[1]) if dates[0] == dates[1] else f"{dates[0]}–{dates[1]}"
