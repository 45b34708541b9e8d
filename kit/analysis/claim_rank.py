"""Claims on rank: the district with the highest share, and the largest group of a district."""

from __future__ import annotations

import itertools
from fractions import Fraction

from kit.analysis.claim_case import Case, Said, refused, unfit
from kit.analysis.claim_figures import MISSING, Figure, exactly, exceeds
from kit.analysis.claim_tests import compared, part_only
from kit.i18n.messages import joined, mark, say, term
from kit.model.claim_kinds import OTHERS, cell_of
from kit.model.groups import column, definition
from kit.model.sentences import listed, people
from kit.model.tables import NOT_HISPANIC_SHIFT, RACE_CELLS
from kit.model.things import districts


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
        why = mark("No other district is covered whole, so its share cannot be set beside others.")
        if figure.partly:
            why = mark("District {district} goes on beyond these units, so its share cannot be set beside others.")
        return refused(say(why, district=label))
    results = {other: exceeds(figure, one) for other, one in others.items()}
    whole = len(others) == len(known)
    among = say(
        mark("of {number} districts") if whole else mark("of {number} districts that these units cover whole"),
        number=len(others) + 1,
    )
    tests = _rank_lines(case, figure, others, results)
    if not all(results.values()):
        return _not_largest(case, figure, others, tests=tests, among=among)
    told = say("the highest share {among}", among=among)
    if whole:
        most = mark("The share of district {district} is testably more than that of every other district.")
        status, why = "carried", say(most, district=label)
    else:
        status, why = "weaker", say("Some districts go on beyond these units, so their shares are of a part.")
    return Said(status, case.state(figure, told), case.head(figure, told), why, tests)


def _not_largest(case: Case, figure: Figure, others: dict[str, Figure], *, tests: tuple[str, ...], among: str) -> Said:
    """Say what is true of a district that is not testably the first."""
    results = {label: exceeds(figure, one) for label, one in others.items()}
    above = [label for label, one in others.items() if one.exact > figure.exact]
    near = [label for label, result in results.items() if result is None]
    beaten = [label for label, one in others.items() if exceeds(one, figure) is True]
    ties = [label for label, result in results.items() if result is False and label not in beaten]
    if beaten:
        told = say("ranked {rank} {among}", rank=_ordinal(len(above) + 1), among=among)
        why = say("The claim is not true: the share is testably higher in {districts}.", districts=districts(beaten))
        if 2 * len(beaten) >= len(others) + 1:
            return refused(why, *tests)
    elif ties and not above and not near:
        told = say("the highest share {among}, the same as in {districts}", among=among, districts=districts(ties))
        why = say("The share is the same in {districts}.", districts=districts(ties))
    elif not figure.testable or any(not others[label].testable for label in near):
        place = (
            mark("the {rank} highest estimated share {among}") if above else mark("the highest estimated share {among}")
        )
        told = say(place, rank=_ordinal(len(above) + 1), among=among)
        why = say("There are figures without a margin of error, or too small, so the order cannot be tested.")
    else:
        told = say(
            mark("among the {number} highest shares {among}, and not distinguishable from that of {districts}")
            if len(near) == 1
            else mark("among the {number} highest shares {among}, and not distinguishable from those of {districts}"),
            number=len(near) + 1,
            among=among,
            districts=districts(near),
        )
        why = say(
            "The test does not tell district {district} from {districts}.",
            district=figure.label,
            districts=districts(near),
        )
    return Said("weaker", case.state(figure, told), case.head(figure, told), why, tests)


def _rank_lines(
    case: Case, figure: Figure, others: dict[str, Figure], results: dict[str, bool | None]
) -> tuple[str, ...]:
    """Write the nearest comparison, and how many were told apart."""
    nearest = max(others, key=lambda label: others[label].share)
    told = [compared(case, figure, others[nearest])]
    apart = sum(result is True for result in results.values())
    more = mark("Testably more than {apart} of {number} other districts. Each was tested by itself.")
    told.append(say(more, apart=apart, number=len(results)))
    ties = [label for label, one in others.items() if one.exact == figure.exact and one.kind != MISSING]
    return (*told, say("Ties: {districts}.", districts=districts(ties)) if ties else say("Ties: none."))


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
        return refused(told, say("Groups that are compared must not overlap and must be counted, not estimated."))
    mine = counts.pop(case.claim.group)
    above = [name for name, count in counts.items() if count > mine]
    ties = [name for name, count in counts.items() if count == mine]
    listing = joined([_counted(name, count) for name, count in counts.items()], say("; "))
    tests = (
        say("In whole numbers of people: {group}; {others}.", group=_counted(case.claim.group, mine), others=listing),
        say("Only the groups named were compared. They do not overlap."),
    )
    total = len(counts) + 1
    if above and 2 * len(above) >= total:
        more = listed([words_of(name) for name in above])
        return refused(say("The claim is not true: {groups} count more.", groups=more), *tests)
    if above:
        words, why = _NTH, say("More are counted as {group}.", group=words_of(above[0]))
    elif ties:
        words, why = _TIED, say("As many are counted as {group}.", group=words_of(ties[0]))
    else:
        words, why = _FIRST, say("More people are counted in it than in any other group named.")
    relation, short = (say(one, rank=_ordinal(len(above) + 1), number=total, others=listing) for one in words)
    if figure.partly and not above:
        why = part_only(case, figure)
    doubt = figure.partly or figure.open
    if figure.open:
        why = say("Units cut by lines were placed whole, or people lie in no district.")
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
    return term(OTHERS[name][0] if name in OTHERS else definition(name).short)


def _counted(name: str, count: Fraction) -> str:
    return say("{group} {people}", group=words_of(name), people=people(float(count)))


def _group_counts(case: Case) -> tuple[str, dict[str, Fraction]]:
    """Count the groups in the district; say why where they cannot be compared."""
    names = dict.fromkeys((case.claim.group, *case.claim.among))
    people_ = {name: _members(name) for name in names}
    for one, two in itertools.combinations(names, 2):
        if people_[one] & people_[two]:
            overlap = mark("{one} and {two} overlap, so neither can be the larger of two parts.")
            return say(overlap, one=words_of(one), two=words_of(two)), {}
    if not case.counted:
        return say("Groups are compared in whole numbers only, and these are estimates."), {}
    base = case.claim.base
    columns = {name: cell_of(name, base) if name in OTHERS else column(name, base) for name in names}
    absent = [name for name in names if columns[name] not in case.placement.units.frame.columns]
    if absent:
        told = say(
            'These {units} do not count {groups}; read redistricting data with cells="all".',
            units=case.placement.units.plural,
            groups=listed([words_of(name) for name in absent]),
        )
        return told, {}
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
    return say(_ORDINALS.get(0 if number % 100 in {11, 12, 13} else number % 10, _ORDINALS[0]), number=number)


_ORDINALS = {0: mark("{number}th"), 1: mark("{number}st"), 2: mark("{number}nd"), 3: mark("{number}rd")}
# In a sentence, and in a title.
_FIRST = (mark("the largest of these {number} groups ({others})"), mark("the largest of {number} groups named"))
_NTH = (
    mark("the {rank} largest of these {number} groups ({others})"),
    mark("the {rank} largest of {number} groups named"),
)
_TIED = (
    mark("the largest, as many as another, of these {number} groups ({others})"),
    mark("the largest, as many as another, of {number} groups named"),
)
