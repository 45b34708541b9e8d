"""Claims on one table: a share, a majority, the only one, the largest, more than another."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np

from kit.analysis import moe
from kit.analysis.claim_case import Case, Said, districts, refused, unfit
from kit.analysis.claim_evidence import rest_of
from kit.analysis.claim_figures import COUNTED, MISSING, SAMPLED, Figure, exceeds, passes, tau_of
from kit.analysis.claim_words import threshold_lines
from kit.model.claim_kinds import RELATIONS
from kit.model.margin_words import points
from kit.model.sentences import listed, percent

# Direction → whether equal passes, and whether the share is to pass.
_WAYS = {"more": (False, True), "at_least": (True, True), "less": (True, False), "at_most": (False, False)}
_HALF = Fraction(1, 2)


def judge_share(case: Case) -> Said:
    """Check what a share is, or what it passes; a majority is more than one half.

    Parameters
    ----------
    case : Case
        The claim and its table.

    Returns
    -------
    Said
        What may be said.
    """
    claim, figure = case.claim, case.figure(case.claim.district)
    if found := unfit(case, figure):
        return found
    if claim.direction == "is" and claim.value is not None:
        return _judge_value(case, figure, claim.value)
    tau = tau_of(claim.threshold)
    least, wanted = _WAYS[claim.direction]
    result = passes(figure, tau, least=least)
    tests = threshold_lines(case, figure, tau)
    bound = f"{RELATIONS[claim.direction]} {float(100 * tau):g}%"
    named = "a majority" if claim.kind == "majority" else bound
    if result is wanted:
        status, why = _whole(case, [figure], f"{case.amount(figure)} is {bound}, and the test is passed.")
        return Said(status, case.state(figure, named), case.head(figure, named), why, tests)
    lower = case.best_bound(figure, tau) if wanted else ""
    if result is None:
        told, why = _undecided(case, figure, tau)
    else:
        told = f"{'but ' * bool(lower)}not {named}"
        why = f"The claim is not true in these figures: {case.amount(figure)} is not {bound}."
    relation = f"{lower}, {told}" if lower else told
    return Said("weaker", case.state(figure, relation), case.head(figure, relation), why, tests)


def _undecided(case: Case, figure: Figure, tau: Fraction) -> tuple[str, str]:
    """Say why a share cannot be told from a threshold."""
    least, wanted = _WAYS[case.claim.direction]
    at = f"{float(100 * tau):g}%"
    words = f"{RELATIONS[case.claim.direction]} {at}"
    ends = [tau_of(end) for end in figure.bracket] if figure.bracket else [figure.exact] * 2
    plain = passes(Figure("", low=ends[0], high=ends[1], kind=COUNTED), tau, least=least)
    if not figure.testable:
        source = "an estimate without a margin of error"
        if plain is None:
            told = f"{source}, which leaves open whether {words}"
        else:
            told = f"{'' if plain is wanted else 'not '}{words} by {source}"
        return told, f"The source gives no margin of error, so the share cannot be tested against {at}."
    if figure.bracket:
        why = f"The bracket holds {at}: to be more, its lower end must be above, and to be less, its upper end below."
        if plain is False and figure.high == 1:
            why = "AAPI citizens of Hispanic origin are in neither bound, so the upper one is no limit for this group."
        elif plain is not None:
            why = f"The 90% interval of an end of the bracket holds {at} (sampling error only)."
        return f"which leaves open whether {words}", why
    if figure.kind == SAMPLED and abs(figure.share - float(tau)) <= figure.moe_low:
        return f"which cannot be distinguished from {at}", f"The 90% interval holds {at} (sampling error only)."
    told = f"which leaves open whether {words}, as units cut by lines, or in no district, can be counted either way"
    return told, f"Units cut by lines were placed whole, or people lie in no district; they decide about {at}."


def _judge_value(case: Case, figure: Figure, value: float) -> Said:
    """Check a stated share, to the places in which it was stated."""
    digits = (Decimal(str(value)) * 100).normalize().as_tuple().exponent
    places = max(0, -int(digits))
    same = percent(figure.share, places) == percent(value, places) and not figure.bracket
    tests = (f"Stated {percent(value, places)}; the table has {percent(figure.share, max(places, 1))}.",)
    if same and figure.kind == SAMPLED and moe.reliability(figure.share, figure.moe_low).word == "low":
        status, why = (
            "weaker",
            "The margin is so wide that the estimate is of low reliability: state it with its margin.",
        )
    elif same and figure.testable and not figure.open:
        status, why = _whole(case, [figure], "The figure is that of the table.")
    elif same:
        status, why = (
            "weaker",
            "The figure is an estimate: "
            + ("units cut by lines were placed whole." if figure.open else "the source gives no margin of error."),
        )
    else:
        status, why = "weaker", f"The table has {case.amount(figure)}, not {percent(value, places)}."
    return Said(status, case.state(figure), case.head(figure), why, tests)


def judge_only(case: Case) -> Said:
    """Check that one district, and no other, passes a threshold.

    Parameters
    ----------
    case : Case
        The claim and its table.

    Returns
    -------
    Said
        What may be said.
    """
    claim, tau = case.claim, tau_of(case.claim.threshold)
    figure = case.figure(claim.district)
    if found := unfit(case, figure):
        return found
    every = {label: case.figure(label) for label in case.labels()}
    if len(every) == 1:
        return refused(
            f"The plan has no other district than {claim.district}, so it cannot be the only one of several."
        )
    found_ = {label: _over(one, tau) for label, one in every.items()}
    above = [label for label, result in found_.items() if result]
    unsure = [label for label, result in found_.items() if result is None]
    bound = f"{float(100 * tau):g}%"
    tests = (*threshold_lines(case, figure, tau), *_counts(found_, bound))
    if above == [claim.district] and not unsure:
        rest = f"no other of the {len(every)} districts is more than {bound}"
        return Said(
            "carried",
            f"{case.state(figure, f'more than {bound}').removesuffix('.')}; {rest}.",
            f"District {claim.district} is the only district more than {bound} {_who(case)}: {case.amount(figure)}",
            f"District {claim.district} is more than {bound}, and every other district is not.",
            tests,
        )
    if claim.district not in above:
        return judge_share(case)
    told = []
    if len(above) > 1:
        told.append(f"{len(above)} districts are more than {bound}: {listed(above)}")
    if unsure:
        told.append(f"{districts(unsure)} cannot be said to be more than {bound} or not")
    why = f"{'; '.join(told)}."
    named = above if len(above) <= 6 else [f"{len(above)} districts"]
    title = f"{listed(named)}: more than {bound} {_who(case)}"
    title = f"District{'s' * (len(above) > 1)} {title}" if len(above) <= 6 else title
    extra = f" ({districts(unsure)} cannot be told)" if unsure else ""
    state = case.state(figure, f"more than {bound}").removesuffix(".")
    return Said("weaker", f"{state}; {'; '.join(told)}.", title + extra, why[:1].upper() + why[1:], tests)


def _over(figure: Figure, tau: Fraction) -> bool | None:
    """Tell whether a district passes; one without people does not, one covered in part cannot be told."""
    if figure.kind == MISSING:
        return None if figure.partly else False
    return None if figure.partly else passes(figure, tau)


def _counts(results: dict[str, bool | None], bound: str) -> tuple[str, ...]:
    """Count how many districts pass, do not, and cannot be told."""
    over = sum(result is True for result in results.values())
    open_ = sum(result is None for result in results.values())
    told = f"Of {len(results)} districts {over} are testably more than {bound}, {len(results) - over - open_} testably "
    return (f"{told}not, {open_} cannot be told. Each was tested by itself.",)


def compared(case: Case, one: Figure, two: Figure) -> str:
    """Write the test of one share against another.

    Parameters
    ----------
    case : Case
        The claim and its table.
    one, two : Figure
        The shares.

    Returns
    -------
    str
        One line.
    """
    names = " and ".join(f"district {f.label}" if f.label not in {"", "the rest"} else "the rest" for f in (one, two))
    apart = points(abs(one.share - two.share)).removeprefix("± ")
    told = f"Between {names}: {case.amount(one)} and {case.amount(two)}, {apart} apart"
    if not (one.testable and two.testable):
        return f"{told}; without margins this cannot be tested."
    if not one.moe_low and not two.moe_low:
        return f"{told}; compared in whole numbers of people."
    error = float(np.hypot(one.moe_low, two.moe_low))
    z = float(moe.significance(one.share, one.moe_low, two.share, two.moe_low).z)
    return (
        f"{told}; margin of the difference {points(error)} (90% confidence, sampling error only), Z = {z:.2f}, "
        "which must be more than 1.645."
    )


def judge_more(case: Case) -> Said:
    """Check that a district's share is more, or less, than another's or than the whole area's.

    Parameters
    ----------
    case : Case
        The claim and its table.

    Returns
    -------
    Said
        What may be said.
    """
    claim = case.claim
    one, shown = case.figure(claim.district), case.figure(claim.other)
    for figure in (one, shown):
        if found := unfit(case, figure):
            return found
    two = shown
    if claim.other is None:
        if case.table is None:
            return refused("A bracket has no margin for the rest of the plan; name the other district.")
        two = rest_of(case.table, str(claim.district))
        if two.kind == MISSING:
            return refused("No people live outside the district, so there is nothing to compare with.")
    more = claim.direction == "more"
    result = exceeds(one, two) if more else exceeds(two, one)
    back = exceeds(two, one) if more else exceeds(one, two)
    word, against = (
        ("more" if more else "less"),
        f"the {case.amount(shown)} in {case.place(shown)}".replace("the an ", "an ", 1),
    )
    tests = [compared(case, one, two)]
    if claim.other is None:
        tests.append("A district is part of the whole, so it is tested against everybody outside it.")
    if result is True:
        relation = f"{word} than {against}"
        status, why = _whole(case, [one, shown], f"The share is testably {word}.")
        return Said(status, case.state(one, relation), case.head(one, relation), why, tuple(tests))
    if back is True:
        true = f"In {case.place(one)} it is {case.amount(one)}, in {case.place(shown)} {case.amount(shown)}."
        return refused(f"The opposite is true. {true}", *tests)
    equal = one.kind == two.kind == COUNTED and one.exact == two.exact
    relation = f"the same as in {case.place(shown)}" if equal else f"which cannot be told apart from {against}"
    why = "The two shares are equal." if equal else "The figures do not tell the two shares apart."
    return Said("weaker", case.state(one, relation), case.head(one, relation), why, tuple(tests))


def _whole(case: Case, figures: list[Figure], why: str) -> tuple[str, str]:
    """Carry a claim only where no district goes on beyond the units."""
    beyond = [figure for figure in figures if figure.partly]
    if not beyond:
        return "carried", why
    return "weaker", f"It holds in {case.place(beyond[0])}; the rest of it is not in these figures."


def _who(case: Case) -> str:
    """Name the group for a title."""
    return f"{case.who} among {case.noun}"
