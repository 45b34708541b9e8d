"""People of named areas by district: exact sums over units, and an account of what is left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.analysis.concentration import unit_shares
from kit.errors import CoverageError, InputError
from kit.i18n.messages import english, mark, say, term
from kit.model.communities import KINDS, Communities
from kit.model.frames import Placement
from kit.model.geoid import LEVELS, NESTED, level_of
from kit.model.sentences import few, goes_beyond, noun, number_of, people

BY_SURFACE = "count by the share of their surface inside"
"""What the note says that lists cut units; figures have a note of their own on the people in them."""

WHOLE = 1 - 1e-9
"""A share of a unit from here on is the whole of it."""


@dataclass(frozen=True)
class AreaCounts:
    """People of each named area, by district.

    Parameters
    ----------
    base, count : pandas.DataFrame
        Everyone and the group; rows are areas, columns are districts (text,
        natural order, every district of the plan but those that lie outside
        the units altogether).
    lost : pandas.DataFrame
        By area: ``units`` (how many it has at hand), ``cut_units`` (how many
        of them it holds in part), ``unknown_units`` (listed for it and not at
        hand), ``unplaced`` and ``unplaced_group`` (people in no district).
    districts : pandas.DataFrame
        By district: ``base`` and ``count`` of all its people.
    notes : tuple of str
        What a reader must know, each with its count.
    """

    base: pd.DataFrame
    count: pd.DataFrame
    lost: pd.DataFrame
    districts: pd.DataFrame
    notes: tuple[str, ...]


def count_by_area(communities: Communities, placement: Placement, *, group: str, base: str) -> AreaCounts:
    """Add people up by named area and district.

    Parameters
    ----------
    communities : Communities
        Areas as units and parts of units, of the units' own level or of a
        coarser one that holds them whole.
    placement : Placement
        Units in districts.
    group, base : str
        Definition id and universe id.

    Returns
    -------
    AreaCounts
        Counts and what they leave out.

    Raises
    ------
    InputError
        The group or the base is not in the vocabulary, or what was passed is
        of the wrong kind.
    SchemaError
        The units have no such counts.
    CoverageError
        No unit of the areas is at hand, or counts must not be added.
    """
    check_kinds(communities, placement)
    units = placement.units
    counts = unit_shares(units, group=group, base=base)[["base", "count"]]
    totals = placement.totals([f"{name}_{base}" for name in dict.fromkeys(("total", group))])
    districts = totals[[f"total_{base}", f"{group}_{base}"]].set_axis(["base", "count"], axis=1)
    districts = districts[~districts.index.isin(elsewhere(placement))]
    rows, expanded = at_level(communities, units.frame.index)
    position = units.frame.index.get_indexer(rows["GEOID"])
    known = position >= 0
    if not known.any():
        raise CoverageError(_strangers(communities, placement))
    area = pd.Index(communities.names).get_indexer(rows["community"])
    here, at, share = area[known], position[known], rows["share"].to_numpy()[known]
    # Units in no district get the last column.
    column = districts.index.get_indexer(placement.assignment)
    column = np.where(column < 0, len(districts), column)[at]
    size = (len(communities), len(districts) + 1)
    tables = {}
    for name in ("base", "count"):
        weights = counts[name].to_numpy(dtype="float64")[at] * share
        flat = np.bincount(here * size[1] + column, weights=weights, minlength=size[0] * size[1])
        tables[name] = flat.reshape(size)
    names = pd.Index(communities.names, dtype="str", name="community")
    cut = share < WHOLE
    lost = pd.DataFrame(
        {
            "units": np.bincount(here, minlength=size[0]),
            "cut_units": np.bincount(here[cut], minlength=size[0]),
            "unknown_units": np.bincount(area[~known], minlength=size[0]),
            "unplaced": tables["base"][:, -1],
            "unplaced_group": tables["count"][:, -1],
        },
        index=names,
    )
    laid = {name: pd.DataFrame(t[:, :-1], index=names, columns=districts.index) for name, t in tables.items()}
    by_unit = counts["base"].to_numpy()
    notes = [note for note in communities.notes if BY_SURFACE not in english(note)] + expanded
    notes += _cut_notes(np.unique(at[cut]), by_unit, placement, communities, base)
    held = np.bincount(at, weights=share, minlength=len(by_unit))
    notes += _overlap_notes(held, by_unit, placement, communities, base)
    notes += [*elsewhere_note(placement), *_lost_notes(lost, placement, communities, base)]
    return AreaCounts(laid["base"], laid["count"], lost, districts, tuple(notes))


def elsewhere(placement: Placement) -> frozenset[str]:
    """Name the districts that lie outside the units altogether.

    Parameters
    ----------
    placement : Placement
        Units in districts.

    Returns
    -------
    frozenset of str
        Labels. A district to which the plan's own list gives no unit is empty
        and is not among them.
    """
    held = set(placement.assignment.dropna().astype(str).unique())
    listed = placement.plan.assignment
    every = placement.plan.labels if listed is None else listed.dropna().astype(str).unique()
    return frozenset(every) - held


def elsewhere_note(placement: Placement) -> tuple[str, ...]:
    """Say how many districts lie outside the units.

    Parameters
    ----------
    placement : Placement
        Units in districts.

    Returns
    -------
    tuple of str
        One note, or none.
    """
    number = len(elsewhere(placement))
    if not number:
        return ()
    names = {"plan": placement.plan.name, "units": placement.units.plural}
    if number == 1:
        return (say("1 district of {plan} holds none of these {units} and is left out.", **names),)
    return (say("{number:,} districts of {plan} hold none of these {units} and are left out.", number=number, **names),)


def check_kinds(communities: object, placement: object) -> None:
    """Refuse arguments of the wrong kind.

    Parameters
    ----------
    communities, placement : object
        What the caller passed.

    Raises
    ------
    InputError
        The first is not `Communities` or the second is not a `Placement`.
    """
    if not isinstance(communities, Communities):
        raise InputError(
            f"named areas are due and a {type(communities).__name__} was passed; make them with "
            "communities_of(shapes, units, name=...) or Communities.of_units({name: GEOIDs})."
        )
    if not isinstance(placement, Placement):
        raise InputError(f"a Placement is due and a {type(placement).__name__} was passed; make it with kit.place.")
    if not len(communities):
        raise InputError("there are no named areas to measure; check the file and its filters.")


def at_level(communities: Communities, ids: pd.Index) -> tuple[pd.DataFrame, list[str]]:
    """Spell areas listed as tracts, block groups or counties out as the units at hand.

    Parameters
    ----------
    communities : Communities
        Named areas.
    ids : pandas.Index
        GEOIDs of the units at hand.

    Returns
    -------
    pandas.DataFrame
        Membership, as in `Communities`, by units at hand.
    list of str
        A note where anything was spelled out.
    """
    rows = communities.membership
    given, wanted = (level_of(values) if len(values) else None for values in (rows["GEOID"], ids))
    if given is None or wanted is None or NESTED.index(given) >= NESTED.index(wanted):
        return rows, []
    children = pd.DataFrame({"parent": ids.str[: LEVELS[given].digits], "unit": ids})
    laid = rows.merge(children, left_on="GEOID", right_on="parent", how="left")
    laid["GEOID"] = laid["unit"].fillna(laid["GEOID"])
    note = say(
        "{areas:capital} were listed as {levels}; each stands for all its {units}.",
        areas=term(plural(communities)),
        levels=term(LEVELS[given].plural),
        units=term(LEVELS[wanted].plural),
    )
    return laid[["community", "GEOID", "share"]], [note]


def plural(communities: Communities) -> str:
    """Name the areas in a sentence.

    Parameters
    ----------
    communities : Communities
        Named areas.

    Returns
    -------
    str
        ``"communities"``, ``"clusters"`` or ``"regions"``.
    """
    return KINDS[communities.kind]


def _strangers(communities: Communities, placement: Placement) -> str:
    """Say that areas and units have no id in common."""
    listed = communities.membership["GEOID"]
    if not len(listed):
        return f"no {communities.kind} has any unit; check that areas and units are of the same place."
    units = placement.units
    ids = units.frame.index
    return (
        f"none of the {listed.nunique():,} units of these {plural(communities)} (such as {listed.iloc[0]}) is among "
        f"the {len(units):,} {units.plural} (such as {ids[0]}). "
        "Use lists and units of one place, level and census year."
    )


def _cut_notes(
    cut: np.ndarray, by_unit: np.ndarray, placement: Placement, communities: Communities, base: str
) -> list[str]:
    """Say how many people live in units that areas hold in part."""
    if not len(cut):
        return []
    inside, everyone = by_unit[cut].sum(), by_unit.sum()
    note = say(
        mark(
            "Lines of {areas} cut {cut:,} of {number:,} {units}, where {people} {noun} live, {share:.1%} of all. Each "
            "part counts by its share of the area, as if people were spread evenly over it."
        )
        if everyone
        else mark(
            "Lines of {areas} cut {cut:,} of {number:,} {units}, where {people} {noun} live. Each part counts by its "
            "share of the area, as if people were spread evenly over it."
        ),
        areas=term(plural(communities)),
        cut=len(cut),
        number=len(by_unit),
        units=placement.units.plural,
        people=people(inside),
        noun=noun(base),
        share=inside / everyone if everyone else 0.0,
    )
    return [note]


def _overlap_notes(
    held: np.ndarray, by_unit: np.ndarray, placement: Placement, communities: Communities, base: str
) -> list[str]:
    """Say how many units belong to several areas, as far as their shares show it."""
    several = held > 1 + 1e-6
    if not several.any():
        return []
    note = say(
        "{number:,} {units} ({people} {noun}) lie in more than one {area}: they count in each, and totals over all "
        "{areas} count them more than once.",
        number=int(several.sum()),
        units=placement.units.plural,
        people=people(by_unit[several].sum()),
        noun=noun(base),
        area=term(communities.kind),
        areas=term(plural(communities)),
    )
    return [note]


def _lost_notes(lost: pd.DataFrame, placement: Placement, communities: Communities, base: str) -> list[str]:
    """Say what is in no figure: units not at hand, people in no district, districts known in part."""
    notes = goes_beyond(placement.notes)
    notes += placement.notes[-1:] if len(placement.split_units) else ()
    several = plural(communities)
    strange = lost.index[lost["unknown_units"] > 0]
    if len(strange):
        number = lost["unknown_units"].sum()
        notes.append(
            say(
                mark("1 unit listed for {areas} is not among the {units} at hand and in no figure ({names}).")
                if number == 1
                else mark(
                    "{number:,} units listed for {areas} are not among the {units} at hand and in no figure ({names})."
                ),
                number=int(number),
                areas=number_of(len(strange), several),
                units=placement.units.plural,
                names=few(strange),
            )
        )
    nowhere = lost.index[lost["unplaced"] > 0]
    if len(nowhere):
        notes.append(
            say(
                "{people} {noun} of {areas} lie in no district ({names}); measures of splitting leave them out.",
                people=people(lost["unplaced"].sum()),
                noun=noun(base),
                areas=number_of(len(nowhere), several),
                names=few(nowhere),
            )
        )
    empty = lost.index[lost["units"] == 0]
    if len(empty):
        notes.append(
            say(
                mark("{areas} has no unit at hand, so no figure: {names}.")
                if len(empty) == 1
                else mark("{areas} have no unit at hand, so no figure: {names}."),
                areas=number_of(len(empty), several),
                names=few(empty),
            )
        )
    return notes
