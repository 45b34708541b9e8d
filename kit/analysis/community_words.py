"""Plain sentences and cautions about how plans divide named areas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from kit.errors import first_few
from kit.model.communities import KINDS, Communities
from kit.model.frames import Placement
from kit.model.groups import base_of, column, who
from kit.model.sentences import listed, number_of, people, percent
from kit.settings import current

if TYPE_CHECKING:
    from kit.analysis.communities import CommunitySplits


def cautions(
    frame: pd.DataFrame, communities: Communities, placement: Placement, *, group: str, base: str
) -> tuple[str, ...]:
    """Write what a reader must know of the precision of these figures.

    Parameters
    ----------
    frame : pandas.DataFrame
        Figures by area.
    communities : Communities
        The areas.
    placement : Placement
        Units in districts.
    group, base : str
        Definition id and universe id.

    Returns
    -------
    tuple of str
        Notes on small counts, margins of error and clusters.
    """
    notes = []
    if group == "total":
        notes.append("No group was counted apart: columns that end in _group are of everyone.")
    several, noun = KINDS[communities.kind], base_of(base).noun
    bound = current().caution_base
    small = frame.index[(frame["base"] > 0) & (frame["base"] < bound)]
    if len(small) and any(source.uncertainty == "disclosure noise" for source in placement.units.sources):
        notes.append(
            f"{number_of(len(small), several)} had fewer than {bound} {noun} ({first_few(small)}): "
            "the Census Bureau's privacy noise can change their shares."
        )
    if f"{column(group, base)}_moe" in placement.units.frame.columns:
        notes.append("Counts are survey estimates; their margins of error are not carried into measures of splitting.")
    if communities.kind == "cluster":
        notes.append("A cluster was found by arithmetic; it is no community until people who live there say so.")
    return tuple(notes)


def summarise(result: CommunitySplits) -> str:
    """Say what a plan does to named areas.

    Parameters
    ----------
    result : CommunitySplits
        Figures.

    Returns
    -------
    str
        A few sentences, one fact each, and the cautions.
    """
    frame, plan = result.frame, result.placement.plan
    kind, several = result.communities.kind, KINDS[result.communities.kind]
    lived = frame[frame["base"] > 0]
    if not len(lived):
        return " ".join([f"Nobody lives in these {several}, so there is nothing to divide.", *result.notes])
    one = len(lived) == 1
    sentences = [
        f"{plan.name} keeps {int(lived['kept_whole'].sum()):,} of {len(lived):,} {kind if one else several} whole."
    ]
    loose = int(((lived["districts"] < 2) & (lived["unplaced"] > 0)).sum())
    if loose:
        sentences.append(f"{loose:,} more are not divided, but some of their people are in no district.")
    divided = lived[lived["districts"] > 1]
    if len(divided):
        sentences += _divided(divided, result)
    held = int(lived["preserved"].sum())
    at = percent(result.threshold, 0)
    sentences.append(
        f"At a threshold of {at}, {held:,} of {len(lived):,} {'is' if held == 1 else 'are'} preserved: one district "
        f"holds at least {at} of the {kind}, or the {kind} is at least {at} of one district."
    )
    return " ".join([*sentences, *result.notes])


def _divided(divided: pd.DataFrame, result: CommunitySplits) -> list[str]:
    """Write which area is divided most, and how many people are cut off."""
    noun, kind = base_of(result.base).noun, result.communities.kind
    most = divided["effective_splits"].max()
    at = [str(name) for name in divided.index[divided["effective_splits"] == most]]
    row = divided.loc[at[0]]
    if len(at) == 1:
        told = (
            f"{at[0]} is divided most: {row['districts']} districts, {percent(row['largest_share'])} of its placed "
            f"{noun} in district {row['largest_district']}, {most:.2f} effective splits."
        )
    else:
        these = listed(at) if len(at) <= 6 else f"{len(at)} of them"
        told = f"{these} are divided most: {most:.2f} effective splits each."
    cut = f"{people(divided['cut_off'].sum())} {noun}"
    if result.group != "total":
        cut += f", {people(divided['cut_off_group'].sum())} of them {who(result.group)},"
    return [told, f"{cut} live in another district than the one with most of their {kind}."]


def table_notes(splits: Mapping[str, CommunitySplits], ranking: pd.DataFrame, several: str) -> tuple[str, ...]:
    """Write what a reader of several plans must know.

    Parameters
    ----------
    splits : mapping of str to CommunitySplits
        Results by plan.
    ranking : pandas.DataFrame
        One row a plan.
    several : str
        What the areas are called.

    Returns
    -------
    tuple of str
        Notes that all plans share once, others with the plan's name.
    """
    notes = list(dict.fromkeys(note for one in splits.values() for note in one.notes))
    shared = [note for note in notes if all(note in one.notes for one in splits.values())]
    own = []
    for note in notes:
        plans = [name for name, one in splits.items() if note in one.notes]
        if note not in shared:
            own.append(f"{first_few(plans)}: {note}")
    sizes = ranking["districts"]
    found = [f"Ranks say which plan divides these {several} less, and nothing else: they are no verdict on a plan."]
    if sizes.min() < sizes.max():
        found.append(
            f"The plans have {sizes.min()} to {sizes.max()} districts. Small districts make division harder to avoid, "
            "so ranks are among plans with the same number."
        )
    bases = {name: one.frame["base"].sum() for name, one in splits.items()}
    if max(bases.values()) - min(bases.values()) > 0.5:
        low, *_, high = sorted(bases, key=bases.__getitem__)
        found.append(
            f"The same {several} hold {people(bases[low])} people in {low} and {people(bases[high])} in {high}: "
            "their units differ, and so figures are not quite alike."
        )
    return (*found, *shared, *own)
