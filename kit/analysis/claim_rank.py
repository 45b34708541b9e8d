"""Claims on rank: the district with the highest share, and the largest group of a district."""

from __future__ import annotations

import itertools
from fractions import Fraction

from kit.analysis.claim_case import Case, Said, districts, refused, unfit
from kit.analysis.claim_figures import MISSING, Figure, exactly, exceeds
from kit.analysis.claim_tests import compared
from kit.model.claim_kinds import OTHERS, cell_of
from kit.model.groups import column, definition
from kit.model.sentences import listed, people
from kit.model.tables import NOT_HISPANIC_SHIFT, RACE_CELLS


def judge_largest(case: Case) -> Said:
    """Check that a district has the highest share in the plan.

    Parameters
    ----------
    case : Case
        The claim and its table.

    Returns
    -------
    Said
        What may be said.
    """
    label = str(case.claim.district)
    figure = case.figure(label)
    if found := unfit(case, figure):
        return found
    every = {other: case.figure(other) for other in case.labels() if other != label}
    known = {other: one for other, one in every.items() if one.partly or one.kind != MISSING}
    others = {other: one for other, one in known.items() if not one.partly}
    if figure.partly or not others:
        why = f"District {label} goes on beyond these units" if figure.partly else "No other district is covered whole"
        return refused(f"{why}, so its share cannot be set beside others.")
    results = {other: exceeds(figure, one) for other, one in others.items()}
    whole = len(others) == len(known)
    among = f"of {len(others) + 1} districts" + ("" if whole else " that these units cover whole")
    tests = _rank_lines(case, figure, others, results)
    if not all(results.values()):
        return _not_largest(case, figure, others, tests=tests, among=among)
    told = f"the highest share {among}"
    if whole:
        status, why = "carried", f"The share of district {label} is testably more than that of every other district."
    else:
        status, why = "weaker", "Some districts go on beyond these units, so their shares are of a part."
    return Said(status, case.state(figure, told), case.head(figure, told), why, tests)


def _not_largest(case: Case, figure: Figure, others: dict[str, Figure], *, tests: tuple[str, ...], among: str) -> Said:
    """Say what is true of a district that is not testably the first."""
    results = {label: exceeds(figure, one) for label, one in others.items()}
    above = [label for label, one in others.items() if one.exact > figure.exact]
    near = [label for label, result in results.items() if result is None]
    beaten = [label for label, one in others.items() if exceeds(one, figure) is True]
    ties = [label for label, result in results.items() if result is False and label not in beaten]
    if beaten:
        told = f"ranked {_ordinal(len(above) + 1)} {among}"
        why = f"The claim is not true: the share is testably higher in {districts(beaten)}."
        if 2 * len(beaten) >= len(others) + 1:
            return refused(why, *tests)
    elif ties and not above and not near:
        told = f"the highest share {among}, the same as in {districts(ties)}"
        why = f"The share is the same in {districts(ties)}."
    elif not figure.testable or any(not others[label].testable for label in near):
        place = "the highest" if not above else f"the {_ordinal(len(above) + 1)} highest"
        told = f"{place} estimated share {among}"
        why = "There are figures without a margin of error, or too small, so the order cannot be tested."
    else:
        told = f"among the {len(near) + 1} highest shares {among}, and not distinguishable from "
        told += f"{'that' if len(near) == 1 else 'those'} of {districts(near)}"
        why = f"The test does not tell district {figure.label} from {districts(near)}."
    return Said("weaker", case.state(figure, told), case.head(figure, told), why, tests)


def _rank_lines(
    case: Case, figure: Figure, others: dict[str, Figure], results: dict[str, bool | None]
) -> tuple[str, ...]:
    """Write the nearest comparison, and how many were told apart."""
    nearest = max(others, key=lambda label: others[label].share)
    told = [compared(case, figure, others[nearest])]
    apart = sum(result is True for result in results.values())
    told.append(f"Testably more than {apart} of {len(results)} other districts. Each was tested by itself.")
    ties = [label for label, one in others.items() if one.exact == figure.exact and one.kind != MISSING]
    return (*told, f"Ties: {districts(ties) if ties else 'none'}.")


def judge_largest_group(case: Case) -> Said:
    """Check that a group is the largest of several that do not overlap.

    Parameters
    ----------
    case : Case
        The claim and its table.

    Returns
    -------
    Said
        What may be said.
    """
    figure = case.figure(case.claim.district)
    if found := unfit(case, figure):
        return found
    told, counts = _group_counts(case)
    if told:
        return refused(told, "Groups that are compared must not overlap and must be counted, not estimated.")
    mine = counts.pop(case.claim.group)
    above = [name for name, count in counts.items() if count > mine]
    ties = [name for name, count in counts.items() if count == mine]
    listing = "; ".join(f"{words_of(name)} {people(float(count))}" for name, count in counts.items())
    tests = (
        f"In whole numbers of people: {words_of(case.claim.group)} {people(float(mine))}; {listing}.",
        "Only the groups named were compared. They do not overlap.",
    )
    total = len(counts) + 1
    if above and 2 * len(above) >= total:
        return refused(f"The claim is not true: {listed([words_of(name) for name in above])} count more.", *tests)
    if above:
        told, why = f"the {_ordinal(len(above) + 1)} largest", f"More are counted as {words_of(above[0])}."
    elif ties:
        told, why = "the largest, as many as another,", f"As many are counted as {words_of(ties[0])}."
    else:
        told, why = "the largest", "More people are counted in it than in any other group named."
    relation = f"{told} of these {total} groups ({listing})"
    short = f"{told} of {total} groups named"
    if figure.partly and not above:
        why = f"It holds in {case.place(figure)}; the rest of it is not in these figures."
    doubt = figure.partly or figure.open
    if figure.open:
        why = "Units cut by lines were placed whole, or people lie in no district."
    status = "carried" if not (above or ties or doubt) else "weaker"
    return Said(status, case.state(figure, relation), case.head(figure, short), why, tests)


def words_of(name: str) -> str:
    """Name a group that is compared.

    Parameters
    ----------
    name : str
        Id of a definition or of `OTHERS`.

    Returns
    -------
    str
        In words.
    """
    return OTHERS[name][0] if name in OTHERS else definition(name).short


def _group_counts(case: Case) -> tuple[str, dict[str, Fraction]]:
    """Count the groups in the district; say why where they cannot be compared."""
    names = dict.fromkeys((case.claim.group, *case.claim.among))
    people_ = {name: _members(name) for name in names}
    for one, two in itertools.combinations(names, 2):
        if people_[one] & people_[two]:
            return f"{words_of(one)} and {words_of(two)} overlap, so neither can be the larger of two parts.", {}
    if not case.counted:
        return "Groups are compared in whole numbers only, and these are estimates.", {}
    base = case.claim.base
    columns = {name: cell_of(name, base) if name in OTHERS else column(name, base) for name in names}
    absent = [name for name in names if columns[name] not in case.placement.units.frame.columns]
    if absent:
        told = f"These {case.placement.units.plural} do not count {listed([words_of(name) for name in absent])}; "
        return f'{told}read redistricting data with cells="all".', {}
    sums = case.placement.totals(list(columns.values()))
    row = sums.sum() if case.claim.district is None else sums.loc[case.claim.district]
    return "", {name: exactly(row[columns[name]]) for name in names}


def _members(name: str) -> frozenset[tuple[int, bool]]:
    """List the race cells, and origins, of a group: two groups overlap where they share one."""
    if name == "hispanic":
        return frozenset((number, True) for number in RACE_CELLS)
    if name in OTHERS:
        return frozenset({(OTHERS[name][1] - NOT_HISPANIC_SHIFT, False)})
    rule = definition(name)
    cells = [number for number, races in RACE_CELLS.items() if rule.rule(races)]
    origins = (False, True) if rule.hispanic else (False,)
    return frozenset((number, origin) for number in cells for origin in origins)


def _ordinal(number: int) -> str:
    """Write a rank."""
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
