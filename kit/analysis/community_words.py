"""Plain sentences and cautions about how plans divide named areas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from kit.i18n.messages import Message, each, joined, mark, say, term
from kit.model.communities import KINDS, Communities
from kit.model.frames import Placement
from kit.model.groups import column, who
from kit.model.sentences import few, listed, noun, number_of, people, percent
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
    notes: list[str] = []
    if group == "total":
        notes.append(say("No group was counted apart: columns that end in _group are of everyone."))
    bound = current().caution_base
    small = frame.index[(frame["base"] > 0) & (frame["base"] < bound)]
    if len(small) and any(source.uncertainty == "disclosure noise" for source in placement.units.sources):
        notes.append(
            say(
                "{areas} had fewer than {bound} {noun} ({names}): the Census Bureau's privacy noise can change their "
                "shares.",
                areas=number_of(len(small), KINDS[communities.kind]),
                bound=bound,
                noun=noun(base),
                names=few(small),
            )
        )
    if f"{column(group, base)}_moe" in placement.units.frame.columns:
        survey = mark("Counts are survey estimates; their margins of error are not carried into measures of splitting.")
        notes.append(say(survey))
    if communities.kind == "cluster":
        notes.append(say("A cluster was found by arithmetic; it is no community until people who live there say so."))
    return tuple(notes)


def summarise(result: CommunitySplits) -> Message:
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
    kind, several = term(result.communities.kind), term(KINDS[result.communities.kind])
    lived = frame[frame["base"] > 0]
    if not len(lived):
        nobody = say("Nobody lives in these {areas}, so there is nothing to divide.", areas=several)
        return joined([nobody, *each(result.notes)])
    sentences: list[str] = [
        say(
            "{plan} keeps {kept:,} of {number:,} {areas} whole.",
            plan=plan.name,
            kept=int(lived["kept_whole"].sum()),
            number=len(lived),
            areas=kind if len(lived) == 1 else several,
        )
    ]
    loose = int(((lived["districts"] < 2) & (lived["unplaced"] > 0)).sum())
    if loose:
        more = mark("{number:,} more are not divided, but some of their people are in no district.")
        sentences.append(say(more, number=loose))
    divided = lived[lived["districts"] > 1]
    if len(divided):
        sentences += _divided(divided, result)
    held = int(lived["preserved"].sum())
    at = percent(result.threshold, 0)
    sentences.append(
        say(
            mark(
                "At a threshold of {share}, {held:,} of {number:,} is preserved: one district holds at least {share} "
                "of the {area}, or the {area} is at least {share} of one district."
            )
            if held == 1
            else mark(
                "At a threshold of {share}, {held:,} of {number:,} are preserved: one district holds at least {share} "
                "of the {area}, or the {area} is at least {share} of one district."
            ),
            share=at,
            held=held,
            number=len(lived),
            area=kind,
        )
    )
    return joined([*sentences, *each(result.notes)])


def _divided(divided: pd.DataFrame, result: CommunitySplits) -> list[str]:
    """Write which area is divided most, and how many people are cut off."""
    most = divided["effective_splits"].max()
    at = [str(name) for name in divided.index[divided["effective_splits"] == most]]
    row = divided.loc[at[0]]
    if len(at) == 1:
        told = say(
            "{area} is divided most: {districts} districts, {share} of its placed {noun} in district {district}, "
            "{splits:.2f} effective splits.",
            area=at[0],
            districts=int(row["districts"]),
            share=percent(row["largest_share"]),
            noun=noun(result.base),
            district=row["largest_district"],
            splits=float(most),
        )
    else:
        these = listed(at) if len(at) <= 6 else say("{number} of them", number=len(at))
        told = say("{areas} are divided most: {splits:.2f} effective splits each.", areas=these, splits=float(most))
    cut = say(
        mark("{people} {noun} live in another district than the one with most of their {area}.")
        if result.group == "total"
        else mark(
            "{people} {noun}, {members} of them {group}, live in another district than the one with most of their "
            "{area}."
        ),
        people=people(divided["cut_off"].sum()),
        noun=noun(result.base),
        members=people(divided["cut_off_group"].sum()) if result.group != "total" else "",
        group=term(who(result.group)),
        area=term(result.communities.kind),
    )
    return [told, cut]


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
            own.append(say("{plans}: {note}", plans=few(plans), note=note))
    sizes = ranking["districts"]
    found: list[str] = [
        say(
            "Ranks say which plan divides these {areas} less, and nothing else: they are no verdict on a plan.",
            areas=term(several),
        )
    ]
    if sizes.min() < sizes.max():
        found.append(
            say(
                "The plans have {fewest} to {most} districts. Small districts make division harder to avoid, so ranks "
                "are among plans with the same number.",
                fewest=int(sizes.min()),
                most=int(sizes.max()),
            )
        )
    bases = {name: one.frame["base"].sum() for name, one in splits.items()}
    if max(bases.values()) - min(bases.values()) > 0.5:
        low, *_, high = sorted(bases, key=bases.__getitem__)
        found.append(
            say(
                "The same {areas} hold {fewest} people in {low} and {most} in {high}: their units differ, and so "
                "figures are not quite alike.",
                areas=term(several),
                fewest=people(bases[low]),
                low=low,
                most=people(bases[high]),
                high=high,
            )
        )
    return (*found, *shared, *own)
