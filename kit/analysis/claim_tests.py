"""Claims on one table: a share, a majority, the only one, the largest, more than another."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np

from kit.analysis import moe
from kit.analysis.claim_case import Case, Said, refused, unfit
from kit.analysis.claim_evidence import rest_of
from kit.analysis.claim_figures import COUNTED, MISSING, SAMPLED, Figure, exceeds, passes, tau_of
from kit.analysis.claim_words import threshold_lines
from kit.i18n.messages import Message, joined, mark, say
from kit.i18n.messages import figure as figure_
from kit.model.margin_words import points, points_apart
from kit.model.sentences import listed, percent
from kit.model.things import districts

# Direction → whether equal passes, and whether the share is to pass.
_WAYS = {"more": (False, True), "at_least": (True, True), "less": (True, False), "at_most": (False, False)}
_BOUNDS = {
    "more": mark("more than {bound}"),
    "at_least": mark("at least {bound}"),
    "less": mark("less than {bound}"),
    "at_most": mark("at most {bound}"),
}
_NO_MARGIN = mark("The source gives no margin of error, so the share cannot be tested against {bound}.")


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
    bound = say(_BOUNDS[claim.direction], bound=_bound(tau))
    named = say("a majority") if claim.kind == "majority" else bound
    if result is wanted:
        passed = say("{amount} is {relation}, and the test is passed.", amount=case.amount(figure), relation=bound)
        status, why = _whole(case, [figure], passed)
        return Said(status, case.state(figure, named), case.head(figure, named), why, tests)
    lower = case.best_bound(figure, tau) if wanted else ""
    if result is None:
        relation, why = _undecided(case, figure, tau)
        if lower:
            relation = say("{first}, {then}", first=lower, then=relation)
    else:
        relation = say("not {relation}", relation=named)
        if lower:
            relation = say("{first}, but not {relation}", first=lower, relation=named)
        why = say(
            "The claim is not true in these figures: {amount} is not {relation}.",
            amount=case.amount(figure),
            relation=bound,
        )
    return Said("weaker", case.state(figure, relation), case.head(figure, relation), why, tests)


def _bound(tau: Fraction) -> str:
    """Write a threshold."""
    return figure_(f"{float(100 * tau):g}%")


def _undecided(case: Case, figure: Figure, tau: Fraction) -> tuple[str, str]:
    """Say why a share cannot be told from a threshold."""
    least, wanted = _WAYS[case.claim.direction]
    at = _bound(tau)
    words = say(_BOUNDS[case.claim.direction], bound=at)
    ends = [tau_of(end) for end in figure.bracket] if figure.bracket else [figure.exact] * 2
    plain = passes(Figure("", low=ends[0], high=ends[1], kind=COUNTED), tau, least=least)
    if not figure.testable:
        if plain is None:
            told = mark("an estimate without a margin of error, which leaves open whether {relation}")
        elif plain is wanted:
            told = mark("{relation} by an estimate without a margin of error")
        else:
            told = mark("not {relation} by an estimate without a margin of error")
        return say(told, relation=words), say(_NO_MARGIN, bound=at)
    if figure.bracket:
        why = say(
            "The bracket holds {bound}: to be more, its lower end must be above, and to be less, its upper end below.",
            bound=at,
        )
        if plain is False and figure.high == 1:
            why = say(
                "AAPI citizens of Hispanic origin are in neither bound, so the upper one is no limit for this group."
            )
        elif plain is not None:
            why = say("The 90% interval of an end of the bracket holds {bound} (sampling error only).", bound=at)
        return say("which leaves open whether {relation}", relation=words), why
    if figure.kind == SAMPLED and abs(figure.share - float(tau)) <= figure.moe_low:
        interval = say("The 90% interval holds {bound} (sampling error only).", bound=at)
        return say("which cannot be distinguished from {bound}", bound=at), interval
    return (
        say(
            "which leaves open whether {relation}, as units cut by lines, or in no district, can be counted either way",
            relation=words,
        ),
        say("Units cut by lines were placed whole, or people lie in no district; they decide about {bound}.", bound=at),
    )


def _judge_value(case: Case, figure: Figure, value: float) -> Said:
    """Check a stated share, to the places in which it was stated."""
    digits = (Decimal(str(value)) * 100).normalize().as_tuple().exponent
    places = max(0, -int(digits))
    same = percent(figure.share, places) == percent(value, places) and not figure.bracket
    stated, exact = percent(value, places), percent(figure.share, max(places, 1))
    tests = (say("Stated {stated}; the table has {figure}.", stated=stated, figure=exact),)
    if same and figure.kind == SAMPLED and moe.reliability(figure.share, figure.moe_low).word == "low":
        low: str = say("The margin is so wide that the estimate is of low reliability: state it with its margin.")
        status, why = "weaker", low
    elif same and figure.testable and not figure.open:
        status, why = _whole(case, [figure], say("The figure is that of the table."))
    elif same and figure.open:
        status, why = "weaker", say("The figure is an estimate: units cut by lines were placed whole.")
    elif same:
        status, why = "weaker", say("The figure is an estimate: the source gives no margin of error.")
    else:
        status, why = "weaker", say("The table has {amount}, not {stated}.", amount=case.amount(figure), stated=stated)
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
            say(
                "The plan has no other district than {district}, so it cannot be the only one of several.",
                district=claim.district,
            )
        )
    found_ = {label: _over(one, tau) for label, one in every.items()}
    above = [label for label, result in found_.items() if result]
    unsure = [label for label, result in found_.items() if result is None]
    bound = _bound(tau)
    relation = say("more than {bound}", bound=bound)
    tests = (*threshold_lines(case, figure, tau), *_counts(found_, bound))
    words = {"district": claim.district, "bound": bound, "group": case.who, "noun": case.noun, "number": len(every)}
    if above == [claim.district] and not unsure:
        rest = say("no other of the {number} districts is more than {bound}", **words)
        title = mark("District {district} is the only district more than {bound} {group} among {noun}: {amount}")
        why = say("District {district} is more than {bound}, and every other district is not.", **words)
        title = say(title, **words, amount=case.amount(figure))
        return Said("carried", case.state(figure, relation, rest), title, why, tests)
    if claim.district not in above:
        return judge_share(case)
    told: list[str] = []
    words["number"] = len(above)
    if len(above) > 1:
        told.append(say("{number} districts are more than {bound}: {districts}", **words, districts=listed(above)))
    if unsure:
        open_ = mark("{districts} cannot be said to be more than {bound} or not")
        told.append(say(open_, districts=districts(unsure), bound=bound))
    facts = joined(told, say("; "))
    if len(above) > 6:
        title = mark("{number} districts: more than {bound} {group} among {noun}")
    elif len(above) > 1:
        title = mark("Districts {districts}: more than {bound} {group} among {noun}")
    else:
        title = mark("District {districts}: more than {bound} {group} among {noun}")
    title = say(title, **words, districts=listed(above))
    if unsure:
        title = say("{title} ({districts} cannot be told)", title=title, districts=districts(unsure))
    why = say("{told:capital}.", told=facts)
    return Said("weaker", case.state(figure, relation, facts), title, why, tests)


def _over(figure: Figure, tau: Fraction) -> bool | None:
    """Tell whether a district passes; one without people does not, one covered in part cannot be told."""
    if figure.kind == MISSING:
        return None if figure.partly else False
    return None if figure.partly else passes(figure, tau)


def _counts(results: dict[str, bool | None], bound: str) -> tuple[str, ...]:
    """Count how many districts pass, do not, and cannot be told."""
    over = sum(result is True for result in results.values())
    open_ = sum(result is None for result in results.values())
    told = say(
        "Of {number} districts {over} are testably more than {bound}, {under} testably not, {open} cannot be told. "
        "Each was tested by itself.",
        number=len(results),
        over=over,
        bound=bound,
        under=len(results) - over - open_,
        open=open_,
    )
    return (told,)


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
    names = [
        say("the rest") if f.label in {"", "the rest"} else say("district {district}", district=f.label)
        for f in (one, two)
    ]
    words = {
        "one": names[0],
        "two": names[1],
        "first": case.amount(one),
        "second": case.amount(two),
        "points": points_apart(abs(one.share - two.share)),
    }
    if not (one.testable and two.testable):
        return say(
            "Between {one} and {two}: {first} and {second}, {points} apart; without margins this cannot be tested.",
            **words,
        )
    if not one.moe_low and not two.moe_low:
        return say(
            "Between {one} and {two}: {first} and {second}, {points} apart; compared in whole numbers of people.",
            **words,
        )
    error = float(np.hypot(one.moe_low, two.moe_low))
    z = float(moe.significance(one.share, one.moe_low, two.share, two.moe_low).z)
    return say(
        "Between {one} and {two}: {first} and {second}, {points} apart; margin of the difference {margin} (90% "
        "confidence, sampling error only), Z = {z:.2f}, which must be more than 1.645.",
        **words,
        margin=points(error),
        z=z,
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
            return refused(say("A bracket has no margin for the rest of the plan; name the other district."))
        two = rest_of(case.table, str(claim.district))
        if two.kind == MISSING:
            return refused(say("No people live outside the district, so there is nothing to compare with."))
    more = claim.direction == "more"
    result = exceeds(one, two) if more else exceeds(two, one)
    back = exceeds(two, one) if more else exceeds(one, two)
    against = case.against(shown)
    tests = [compared(case, one, two)]
    if claim.other is None:
        tests.append(say("A district is part of the whole, so it is tested against everybody outside it."))
    if result is True:
        relation = say(mark("more than {share}") if more else mark("less than {share}"), share=against)
        proved = say("The share is testably more.") if more else say("The share is testably less.")
        status, why = _whole(case, [one, shown], proved)
        return Said(status, case.state(one, relation), case.head(one, relation), why, tuple(tests))
    if back is True:
        true = say(
            "The opposite is true. In {place} it is {amount}, in {other} {second}.",
            place=case.place(one),
            amount=case.amount(one),
            other=case.place(shown),
            second=case.amount(shown),
        )
        return refused(true, *tests)
    relation = say("which cannot be told apart from {share}", share=against)
    why = say("The figures do not tell the two shares apart.")
    if one.kind == two.kind == COUNTED and one.exact == two.exact:
        relation = say("the same as in {place}", place=case.place(shown))
        why = say("The two shares are equal.")
    return Said("weaker", case.state(one, relation), case.head(one, relation), why, tuple(tests))


def _whole(case: Case, figures: list[Figure], why: str) -> tuple[str, str]:
    """Carry a claim only where no district goes on beyond the units."""
    beyond = [figure for figure in figures if figure.partly]
    if not beyond:
        return "carried", why
    return "weaker", part_only(case, beyond[0])


def part_only(case: Case, figure: Figure) -> Message:
    """Say that a claim holds in the part of a district that the units cover.

    Parameters
    ----------
    case : Case
        The claim and its table.
    figure : Figure
        The figure of the part.

    Returns
    -------
    str
        A reason.
    """
    return say("It holds in {place}; the rest of it is not in these figures.", place=case.place(figure))
