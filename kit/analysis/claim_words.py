"""What every verdict says besides its sentence: basis, distance to a threshold, and cautions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from kit.analysis import moe
from kit.analysis.claim_case import Case
from kit.analysis.claim_evidence import is_noisy
from kit.analysis.claim_figures import SAMPLED, Figure
from kit.i18n.messages import figure as figure_
from kit.i18n.messages import joined, mark, say, term
from kit.model.claims import Claim
from kit.model.frames import DistrictTable
from kit.model.groups import BASES, definition, parts
from kit.model.margin_words import points_apart
from kit.model.sentences import RULE_WORDS, goes_beyond, listed, people, percent
from kit.model.source import Source
from kit.settings import current

COALITION = mark(
    "A combined group: Asian and NHPI residents are counted together here. Courts differ on whether groups may be "
    "combined in a claim (5th and 6th Circuits: no; 11th: yes). Ask counsel."
)
_PARTS = (("asian", mark("Asian {share}")), ("nhpi", mark("NHPI {share}")))
_SHARED_OUT = mark("Counts were shared out from larger or older areas; that error is in no margin here.")
_SAMPLE = mark("Sample data, not for testimony.")


def basis(cases: Sequence[Case]) -> str:
    """Write definition, universe, source, vintage and placement.

    Parameters
    ----------
    cases : sequence of Case
        The claim beside each of its tables.

    Returns
    -------
    str
        Two sentences.
    """
    claim = cases[0].claim
    rule = definition(claim.group)
    cited = dict.fromkeys(dated(source) for case in cases for source in _counts(case)) or [say("not stated")]
    placed = dict.fromkeys(
        say(
            "{units} placed in {plan} by {rule}",
            units=case.placement.units.plural,
            plan=case.placement.plan.name,
            rule=_rule(case.placement.rule),
        )
        for case in cases
    )
    between = say("; ")
    return say(
        "Definition {name}: {definition}; of the {base}. Source: {sources}; {placed}.",
        name=rule.name,
        definition=term(rule.long),
        base=term(BASES[claim.base].label),
        sources=joined(cited, between),
        placed=joined(placed, between),
    )


def _rule(rule: str) -> str:
    """Name the way units were placed."""
    return term(RULE_WORDS[rule]) if rule in RULE_WORDS else say("their ids")


def of_splits(claim: Claim, sources: Sequence[Source]) -> str:
    """Write definition, universe, source and vintage of the pieces of an area.

    Parameters
    ----------
    claim : Claim
        What is claimed.
    sources : sequence of Source
        Of the units, of the plan and of the area.

    Returns
    -------
    str
        Two sentences; the first is left out where the claim names no group.
    """
    told = []
    if claim.group and claim.base:
        rule = definition(claim.group)
        told.append(
            say(
                "Definition {name}: {definition}; of the {base}.",
                name=rule.name,
                definition=term(rule.long),
                base=term(BASES[claim.base].label),
            )
        )
    cited = joined(dict.fromkeys(dated(source) for source in sources), say("; ")) or say("not stated")
    return joined([*told, say("Source: {sources}.", sources=cited)])


def remarks_on_splits(splits: Any, smallest: float) -> tuple[str, ...]:
    """Write what a reader must know of the pieces of an area, whatever is claimed of them.

    Parameters
    ----------
    splits : object
        With ``.sources``, and ``.placement`` where the kit made it.
    smallest : float
        People of the smallest piece.

    Returns
    -------
    tuple of str
        One fact a line.
    """
    placement = getattr(splits, "placement", None)
    counts = splits.sources if placement is None else placement.units.sources
    told = [_uncertain(source) for source in counts]
    if placement is not None:
        told.append(
            say(
                "{units:capital} placed in {plan} by {rule}.",
                units=placement.units.plural,
                plan=placement.plan.name,
                rule=_rule(placement.rule),
            )
        )
    limit = current().small_base
    if smallest < limit and any(s.uncertainty == "disclosure noise" for s in counts):
        told.append(
            say(
                "A piece has fewer than {limit} people: noise added against disclosure can change so small a figure.",
                limit=limit,
            )
        )
    if any(source.uncertainty == "allocation" for source in counts):
        told.append(term(_SHARED_OUT))
    if any(source.sample for source in splits.sources):
        told.append(term(_SAMPLE))
    return tuple(dict.fromkeys(told))


def _counts(case: Case) -> list[Source]:
    """List the sources of the counts."""
    return [source for source in case.sources if source not in case.placement.plan.sources]


def distance(figure: Figure, tau: Fraction) -> str:
    """Write how far a share is from a threshold, in points and in people.

    Parameters
    ----------
    figure : Figure
        The share.
    tau : fractions.Fraction
        The threshold.

    Returns
    -------
    str
        One line.
    """
    away = figure.count - tau * figure.base
    number = math.ceil(away) if away > 0 else math.floor(-away) + 1
    return say(
        _DISTANCES[away > 0, number == 1],
        bound=figure_(f"{float(100 * tau):g}%"),
        points=points_apart(abs(float(figure.exact - tau))),
        number=number,
    )


# Whether it is above, and whether one person decides.
_DISTANCES = {
    (True, True): mark("Distance to {bound}: {points} above; 1 fewer person of the group would undo it."),
    (True, False): mark("Distance to {bound}: {points} above; {number:,} fewer people of the group would undo it."),
    (False, True): mark("Distance to {bound}: {points} below; 1 more person of the group would be needed."),
    (False, False): mark("Distance to {bound}: {points} below; {number:,} more people of the group would be needed."),
}


_ENDS = (mark("Lower bound: {told}"), mark("Upper bound: {told}"))


def threshold_lines(case: Case, figure: Figure, tau: Fraction) -> tuple[str, ...]:
    """Write the test of a share against a threshold.

    Parameters
    ----------
    case : Case
        The claim and its table.
    figure : Figure
        The share.
    tau : fractions.Fraction
        The threshold.

    Returns
    -------
    tuple of str
        Distance, and the test of margins or of whole numbers.
    """
    told: list[str] = [distance(figure, tau)]
    if figure.bracket and figure.kind == SAMPLED:
        ends = zip(_ENDS, figure.bracket, (figure.moe_low, figure.moe_high), strict=True)
        told += [say(end, told=moe.threshold(at, margin, float(tau)).sentence) for end, at, margin in ends]
    elif figure.kind == SAMPLED:
        told.append(moe.threshold(min(figure.share, 1.0), figure.moe_low, float(tau)).sentence)
    elif case.counted:
        told.append(say("Tested in whole numbers of people; strictly more than the threshold is needed to pass it."))
    else:
        told.append(say("The figure is an estimate without a margin of error, so it cannot be tested."))
    if figure.open:
        told.append(
            say(
                "Units cut by lines were placed whole, and people in no district left out: counted either way the "
                "share is from {low} to {high}.",
                low=percent(float(figure.low)),
                high=percent(float(figure.high)),
            )
        )
    return tuple(told)


def remarks(case: Case, when: str = "") -> tuple[str, ...]:
    """Write what a reader must know of these figures, whatever is claimed of them.

    Parameters
    ----------
    case : Case
        The claim and its table.
    when : str
        Which of two tables it is.

    Returns
    -------
    tuple of str
        One fact a line.
    """
    claim = case.claim
    told = [_uncertain(source) for source in _counts(case)]
    if case.table is not None:
        told += _of_table(case, case.table, when)
    else:
        told.append(
            say(
                "The group can only be bracketed: the lower bound adds Asian alone, NHPI alone, and Asian and White; "
                "the upper adds everyone in the remainder of two or more races. Hispanic AAPI citizens are in neither."
            )
        )
    told += goes_beyond(case.placement.notes)
    if any(source.uncertainty == "allocation" for source in case.sources):
        told.append(term(_SHARED_OUT))
    if any(source.sample for source in case.sources):
        told.append(term(_SAMPLE))
    if claim.kind in {"majority", "share"} and claim.threshold == 0.5 and parts(claim.group):
        told.append(term(COALITION))
    return tuple(dict.fromkeys(told))


def _of_table(case: Case, table: DistrictTable, when: str) -> list[str]:
    """Write the cautions of a district table: the parts of a combined group, and noise."""
    told: list[str] = []
    claim = case.claim
    label = claim.district
    row = table.total if label is None or label not in table.frame.index else table.frame.loc[label]
    shown = [say(word, share=percent(row[f"{key}_share"])) for key, word in _PARTS if f"{key}_share" in row.index]
    if shown:
        told.append(say(_APART[when], shares=listed(shown)))
    elif parts(claim.group):
        told.append(say("Asian and NHPI cannot be shown apart: this source does not count them so."))
    if is_noisy(table) and "share_moe" in table.frame.columns:
        told.append(say("The margins here are of noise added against disclosure, not of sampling."))
    elif is_noisy(table):
        limit = current().caution_base
        told.append(say("Noise added against disclosure may be in these counts; no margin is published for it."))
        base = row["base"]
        if not pd.isna(base) and base < limit:
            told.append(say(_FEW[when], people=people(base), noun=case.noun, limit=limit))
    return told


# Which of two tables it is, if there are two.
_APART = {
    "": mark("Shown apart: {shares}; the two can overlap."),
    "before": mark("Shown apart, before: {shares}; the two can overlap."),
    "after": mark("Shown apart, after: {shares}; the two can overlap."),
}
_FEW = {
    "": mark("Caution: {people} {noun}, under {limit}; noise can change it."),
    "before": mark("Caution, before: {people} {noun}, under {limit}; noise can change it."),
    "after": mark("Caution, after: {people} {noun}, under {limit}; noise can change it."),
}


def _uncertain(source: Source) -> str:
    """Name a source, and how sure its figures are."""
    return say("{source}. Uncertainty: {kind}.", source=dated(source), kind=term(source.uncertainty))


def dated(source: Source) -> str:
    """Name a source with its year.

    Parameters
    ----------
    source : Source
        A source.

    Returns
    -------
    str
        Its title, and its year where the title lacks it.
    """
    title = source.title.removesuffix(".")
    if source.year is None or str(source.year) in title:
        return term(title)
    return say("{title} ({year})", title=term(title), year=source.year)
