"""Claims on two dates: what grew, and whether the two may be compared at all."""

from __future__ import annotations

import re

import numpy as np

from kit.analysis import moe
from kit.analysis.claim_case import Case, Said, refused, shortest, unfit
from kit.analysis.claim_evidence import figure_of, is_counted, people_of, sources_of
from kit.analysis.claim_figures import SAMPLED, Figure, exceeds
from kit.errors import InputError
from kit.model.detail import DETAIL
from kit.model.frames import DistrictTable, Plan
from kit.model.margin_words import points
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
        return refused(told, "Definition, base, place, geography and dates must agree: they do not.")
    shares = [figure_of(table, claim.district) for table in (before, after)]
    for share in shares:
        if found := unfit(case, share):
            return found
    if shares[0].partly != shares[1].partly:
        return refused(f"One of the two tables covers only a part of {case.place(shares[0])}.")
    figures = shares if claim.of == "share" else [people_of(table, claim.district) for table in (before, after)]
    words = [_amount(figure, table, of=claim.of) for figure, table in zip(figures, (before, after), strict=True)]
    tests = _lines(figures, words, of=claim.of)
    old, new = figures if claim.direction == "more" else figures[::-1]
    result, back = exceeds(new, old), exceeds(old, new)
    if back is True:
        return refused(f"The opposite is true: it was {words[0]} and then {words[1]}.", *tests)
    grew = "grew" if claim.direction == "more" else "fell"
    dates = [_dated(table) for table in (before, after)]
    subject = "the share of" if claim.of == "share" else "the number of"
    head = f"In {case.place(shares[1])}, {subject} {case.noun} counted as “{group_name(claim.group)}” "
    counts = "; ".join(f"{_counts(share)} in {date}" for share, date in zip(shares, dates, strict=True))
    tail = f": {counts}." if claim.of == "share" else "."
    place = case.place(shares[1])
    if result is True:
        change = _change(figures, of=claim.of)
        status, why = ("carried", f"The change of {change} passes the test.")
        if shares[1].partly:
            status, why = "weaker", f"It holds in {place}."
        middle = f"{grew} from {words[0]} in {dates[0]} to {words[1]} in {dates[1]}, by {change}"
        word = "share" if claim.of == "share" else "number"
        change = f"{grew} from {words[0]} ({dates[0]}) to {words[1]} ({dates[1]})"
        title = shortest(f"{place}: {case.who} {word} of {case.noun} {change}", f"{place}: {case.who} {word} {change}")
        return Said(status, f"{head}{middle}{tail}", title, why, tests)
    middle = f"was {words[0]} in {dates[0]} and {words[1]} in {dates[1]}"
    if not all(figure.testable for figure in figures):
        middle = middle.replace("was ", "is estimated at ", 1)
    note, why = _untold(figures, same=result is False and not figures[0].moe_low)
    title = shortest(f"{place}: {case.who} among {case.noun} {middle}", f"{place}: {case.who} {middle}")
    return Said("weaker", f"{head}{middle}{note}{tail}", title, why, tests)


def _untold(figures: list[Figure], *, same: bool) -> tuple[str, str]:
    """Say why a change is not carried: for the sentence, and as the reason."""
    if same:
        return ", and did not change", "The two figures are equal."
    if not all(figure.testable for figure in figures):
        return "", "There is no margin of error for these estimates, so the change cannot be tested."
    if any(figure.open for figure in figures):
        return (
            ", as placed; how people in cut units or in no district are counted decides whether that is a change",
            "Units are cut by lines, or people lie in no district, and they decide about it.",
        )
    return ", a difference that these figures cannot tell from none", "The change is within its error."


def _not_comparable(group: str, label: str | None, before: DistrictTable, after: DistrictTable) -> str:
    """Say why two tables must not be compared over time; empty where they may."""
    plans = before.placement.plan, after.placement.plan
    dates = period_of(before), period_of(after)
    if dates[0] is None or dates[1] is None:
        return "A source does not say its year, so nothing can be said about a change."
    if _is_detail(group) and dates[0][1] < _RECODED <= dates[1][1]:
        return "Detailed groups were coded anew from 2022 on, so a change across 2021 and 2022 is no change of people."
    told = f"Both tables are of {_dated(before)}; growth needs two dates." if dates[0] == dates[1] else ""
    told = told or _other_place(label, *plans)
    of_survey = _sampled(before) or dates[0][0] < dates[0][1], _sampled(after) or dates[1][0] < dates[1][1]
    if not told and of_survey[0] != of_survey[1]:
        told = "One table is a count and the other a survey's estimate; compare two of one kind."
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
    try:
        moe.significance(0.0, 0.0, 0.0, 0.0, periods=(one, two))
    except InputError as refusal:
        return str(refusal)[:1].upper() + str(refusal)[1:]
    return ""


def _other_place(label: str | None, one: Plan, two: Plan) -> str:
    """Say how two places differ; empty where they are one."""
    if label is None:
        same = one.jurisdiction == two.jurisdiction if one.jurisdiction or two.jurisdiction else one.name == two.name
        return "" if same else f"The places differ: {one.jurisdiction or one.name}, {two.jurisdiction or two.name}."
    if one.name != two.name or _moved(one, two):
        return (
            f"The lines differ: {one.name} and {two.name} are two plans, so a change in district {label} may be a "
            "change of lines. Place both counts in one plan; for a change of lines claim that it loses or gains people."
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
        return f"{told} {points(figure.moe_low)}" if figure.kind == SAMPLED else told
    told = people(float(figure.count))
    return f"{told} ± {people(figure.moe_low)}" if figure.kind == SAMPLED and not is_counted(table) else told


def _counts(figure: Figure) -> str:
    return f"{people(float(figure.count))} of {people(float(figure.base))}"


def _change(figures: list[Figure], *, of: str) -> str:
    """Write how far two figures are apart."""
    apart = abs(figures[1].exact - figures[0].exact)
    return (
        points(float(apart)).removeprefix("± ")
        if of == "share"
        else f"{people(float(apart))} {'person' if apart == 1 else 'people'}"
    )


def _lines(figures: list[Figure], words: list[str], *, of: str) -> tuple[str, ...]:
    """Write the test of a change."""
    told = [f"From {words[0]} to {words[1]}: {_change(figures, of=of)} apart."]
    if not all(figure.testable for figure in figures):
        return (*told, "Without a margin of error the change cannot be tested.")
    if not any(figure.moe_low for figure in figures):
        return (*told, "Compared in whole numbers of people; counts have no sampling error.")
    one, two = figures
    z = float(moe.significance(one.share, one.moe_low, two.share, two.moe_low).z)
    error = float(np.hypot(one.moe_low, two.moe_low))
    wide = points(error) if of == "share" else f"± {people(error)} people"
    told.append(f"Margin of the change {wide} (90% confidence, sampling error only), Z = {z:.2f}, must be over 1.645.")
    return tuple(told)


def _dated(table: DistrictTable) -> str:
    """Write the years of a table."""
    dates = period_of(table)
    if dates is None:
        return "an unknown year"
    return str(dates[1]) if dates[0] == dates[1] else f"{dates[0]}–{dates[1]}"
