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
from kit.model.claims import Claim
from kit.model.frames import DistrictTable
from kit.model.groups import BASES, definition, parts
from kit.model.margin_words import points
from kit.model.sentences import PARTLY, RULE_WORDS, people, percent
from kit.model.source import Source
from kit.settings import current

COALITION = (
    "A combined group: Asian and NHPI residents are counted together here. Courts differ on whether groups may be "
    "combined in a claim (5th and 6th Circuits: no; 11th: yes). Ask counsel."
)
_PARTS = (("asian", "Asian"), ("nhpi", "NHPI"))


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
    cited = dict.fromkeys(dated(source) for case in cases for source in _counts(case)) or ["not stated"]
    placed = dict.fromkeys(
        f"{case.placement.units.plural} placed in {case.placement.plan.name} by "
        f"{RULE_WORDS.get(case.placement.rule, 'their ids')}"
        for case in cases
    )
    return (
        f"Definition {rule.name}: {rule.long}; of the {BASES[claim.base].label}. Source: {'; '.join(cited)}; "
        f"{'; '.join(placed)}."
    )


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
        told.append(f"Definition {rule.name}: {rule.long}; of the {BASES[claim.base].label}.")
    cited = "; ".join(dict.fromkeys(dated(source) for source in sources)) or "not stated"
    return " ".join([*told, f"Source: {cited}."])


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
    told = [f"{dated(source)}. Uncertainty: {source.uncertainty}." for source in counts]
    if placement is not None:
        placed = RULE_WORDS.get(placement.rule, "their ids")
        told.append(f"{placement.units.plural.capitalize()} placed in {placement.plan.name} by {placed}.")
    limit = current().small_base
    if smallest < limit and any(s.uncertainty == "disclosure noise" for s in counts):
        told.append(
            f"A piece has fewer than {limit} people: noise added against disclosure can change so small a figure."
        )
    if any(source.uncertainty == "allocation" for source in counts):
        told.append("Counts were shared out from larger or older areas; that error is in no margin here.")
    if any(source.sample for source in splits.sources):
        told.append("Sample data, not for testimony.")
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
    apart = f"Distance to {float(100 * tau):g}%: {points(abs(float(figure.exact - tau))).removeprefix('± ')}"
    if away > 0:
        return f"{apart} above; {_persons(math.ceil(away), 'fewer')} of the group would undo it."
    return f"{apart} below; {_persons(math.floor(-away) + 1, 'more')} of the group would be needed."


def _persons(number: int, word: str) -> str:
    return f"{number:,} {word} {'person' if number == 1 else 'people'}"


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
    told = [distance(figure, tau)]
    if figure.bracket and figure.kind == SAMPLED:
        ends = zip(("Lower", "Upper"), figure.bracket, (figure.moe_low, figure.moe_high), strict=True)
        told += [f"{end} bound: {moe.threshold(at, margin, float(tau)).sentence}" for end, at, margin in ends]
    elif figure.kind == SAMPLED:
        told.append(str(moe.threshold(min(figure.share, 1.0), figure.moe_low, float(tau)).sentence))
    elif case.counted:
        told.append("Tested in whole numbers of people; strictly more than the threshold is needed to pass it.")
    else:
        told.append("The figure is an estimate without a margin of error, so it cannot be tested.")
    if figure.open:
        told.append(
            f"Units cut by lines were placed whole, and people in no district left out: counted either way the "
            f"share is from {percent(float(figure.low))} to {percent(float(figure.high))}."
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
    claim, told = case.claim, []
    told += [f"{dated(source)}. Uncertainty: {source.uncertainty}." for source in _counts(case)]
    if case.table is not None:
        told += _of_table(case, case.table, when)
    else:
        told.append(
            "The group can only be bracketed: the lower bound adds Asian alone, NHPI alone, and Asian and White; "
            "the upper adds everyone in the remainder of two or more races. Hispanic AAPI citizens are in neither."
        )
    told += [note for note in case.placement.notes if PARTLY in note]
    if any(source.uncertainty == "allocation" for source in case.sources):
        told.append("Counts were shared out from larger or older areas; that error is in no margin here.")
    if any(source.sample for source in case.sources):
        told.append("Sample data, not for testimony.")
    if claim.kind in {"majority", "share"} and claim.threshold == 0.5 and parts(claim.group):
        told.append(COALITION)
    return tuple(dict.fromkeys(told))


def _of_table(case: Case, table: DistrictTable, when: str) -> list[str]:
    """Write the cautions of a district table: the parts of a combined group, and noise."""
    told, claim = [], case.claim
    label = claim.district
    row = table.total if label is None or label not in table.frame.index else table.frame.loc[label]
    shown = [f"{word} {percent(row[f'{key}_share'])}" for key, word in _PARTS if f"{key}_share" in row.index]
    if shown:
        told.append(f"Shown apart{f', {when}' * bool(when)}: {' and '.join(shown)}; the two can overlap.")
    elif parts(claim.group):
        told.append("Asian and NHPI cannot be shown apart: this source does not count them so.")
    if is_noisy(table) and "share_moe" in table.frame.columns:
        told.append("The margins here are of noise added against disclosure, not of sampling.")
    elif is_noisy(table):
        limit = current().caution_base
        told.append("Noise added against disclosure may be in these counts; no margin is published for it.")
        base = row["base"]
        if not pd.isna(base) and base < limit:
            told.append(
                f"Caution{f', {when}' * bool(when)}: {people(base)} {case.noun}, under {limit}; noise can change it."
            )
    return told


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
    return title if source.year is None or str(source.year) in title else f"{title} ({source.year})"
