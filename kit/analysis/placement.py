"""Placing units in districts: each person once, or an error that says how many and where."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kit.analysis.account import NOT_LISTED, OUTSIDE, Placed, no_cuts, partly_covered, people_by_unit
from kit.errors import CoverageError, InputError, first_few
from kit.i18n.messages import mark, say, term
from kit.model.frames import Placement, Plan, Units
from kit.model.geoid import LEVELS, NESTED, STATES, natural_key
from kit.model.sentences import number_of
from kit.model.sentences import people as people_

RULES = ("auto", "assignment", "point", "area")
# Both sides must have at least this share of strangers before two vintages are suspected.
_STRANGERS = 0.01


def place(units: Units, plan: Plan, *, rule: str = "auto", outside: str = "error") -> Placement:
    """Place every unit in one district.

    Parameters
    ----------
    units : Units
        Census units with counts.
    plan : Plan
        District polygons or a list of units by district.
    rule : {"auto", "assignment", "point", "area"}
        ``assignment`` follows the plan's own list and is exact for the units
        it lists. ``point`` puts a unit where a point on its surface lies;
        blocks are small enough for that. ``area`` puts it where most of its
        area lies. ``auto`` takes the list when there is one, else ``point``
        for blocks and for units known only by a point, else ``area``.
    outside : {"error", "report"}
        Whether people in no district are an error, or listed in
        ``unassigned`` and left out of every district.

    Returns
    -------
    Placement
        The assignment, the rule used, unplaced units, and units that a
        district line cuts with the people who live in them.

    Raises
    ------
    InputError
        The rule cannot be used with these units and this plan.
    CoverageError
        People lie outside every district, a unit lies in two districts, the
        plan is of another place, or the two are of different vintages.

    Notes
    -----
    Overlays are made in an equal-area projection centred on the units. A unit
    counts as cut when two districts each hold more than 1 per cent of its area.
    """
    for value, kind in ((units, Units), (plan, Plan)):
        if not isinstance(value, kind):
            raise InputError(
                f"kit.place(units, plan) got a {type(value).__name__} where a {kind.__name__} is due; "
                "read units with kit.read_units or kit.read_pl94171, and plans with kit.read_plan."
            )
    if rule not in RULES:
        raise InputError(f"rule is one of {', '.join(RULES)}, not {rule!r}.")
    if outside not in {"error", "report"}:
        raise InputError(f'outside is "error" or "report", not {outside!r}.')
    if not len(units):
        raise InputError("there are no units to place; check the file and its filters.")
    chosen = _choose(units, plan) if rule == "auto" else rule
    if chosen == "assignment":
        placed = _by_list(units, plan, explicit=rule == "assignment")
    else:
        from kit.analysis.overlay import by_shape

        placed = by_shape(units, plan, rule=chosen)
    return _settle(units, plan, placed, rule=chosen, outside=outside)


def _choose(units: Units, plan: Plan) -> str:
    """Choose the rule that is exact, or nearest to it."""
    if plan.assignment is not None:
        by_number = _same_kind(units, plan) and _depth(units.level) >= _depth(plan.level)
        if by_number or plan.geometry is None or units.geometry is None:
            return "assignment"
    if units.geometry is None:
        raise InputError(
            f"the plan {plan.name!r} is polygons and these {units.plural} have no shapes. Add them with "
            "units.with_geometry(...), or read the plan's block equivalency file."
        )
    only_points = bool((units.geometry.geom_type == "Point").all())
    return "point" if only_points or units.level == "block" else "area"


def _depth(level: str | None) -> int:
    """Give the position of a nesting level, coarse to fine; -1 for others."""
    return NESTED.index(level) if level in NESTED else -1


def _same_kind(units: Units, plan: Plan) -> bool:
    """Tell whether units can be found in the list by their numbers."""
    levels = {level for level in (units.level, plan.level) if level}
    return len(levels) < 2 or levels <= set(NESTED)


def _by_list(units: Units, plan: Plan, *, explicit: bool) -> Placed:
    """Follow the plan's list of units, directly, by parent or by children."""
    if plan.assignment is None:
        raise InputError(f'the plan {plan.name!r} has no list of units; use rule="point" or rule="area".')
    listed = plan.assignment.dropna()
    twice = listed.index[listed.index.duplicated()].unique()
    if len(twice):
        raise CoverageError(
            f"the plan {plan.name!r} lists {len(twice):,} ids more than once, first {first_few(twice)}. "
            "Each unit may stand in one district; mend the list."
        )
    ids = units.frame.index
    if None not in (units.year, plan.year) and units.year != plan.year:
        raise CoverageError(
            f"different vintages: the units are {units.year} {units.plural} and the plan lists {plan.year} ones. "
            "The same number may be another place; read both for one census year, or crosswalk."
        )
    if not _same_kind(units, plan):
        listing = LEVELS[str(plan.level)].plural if plan.level in LEVELS else f"{plan.level} units"
        raise CoverageError(
            f"the plan {plan.name!r} lists {listing} and the units are {units.plural}; neither number is part of "
            f"the other. Read {listing}, or a plan with polygons."
        )
    mine, theirs = _depth(units.level), _depth(plan.level)
    if mine < 0 or theirs < 0 or mine == theirs:
        _refuse_strangers(units, plan, ids, listed.index)
        return Placed(listed.reindex(ids), no_cuts(), NOT_LISTED, _beyond(listed, ids, plan))
    if mine > theirs:
        parents = ids.str[: LEVELS[NESTED[theirs]].digits]
        _refuse_strangers(units, plan, parents, listed.index)
        found = pd.Series(listed.reindex(parents).to_numpy(), index=ids)
        whole = say("Units follow the district of their {level}.", level=term(_words(NESTED[theirs])))
        return Placed(found, no_cuts(), NOT_LISTED, (whole, *_beyond(listed, parents.unique(), plan)))
    return _by_children(units, plan, listed, explicit=explicit)


def _by_children(units: Units, plan: Plan, listed: pd.Series, *, explicit: bool) -> Placed:
    """Place units coarser than the list: exact where all children agree."""
    digits = LEVELS[units.level].digits
    parents = listed.index.str[:digits]
    _refuse_strangers(units, plan, units.frame.index, pd.Index(parents.unique()))
    here = units.frame.index.get_indexer(parents) >= 0
    counts = listed[here].groupby([parents[here], listed[here].astype(str)]).size()
    counts.index.names = ["GEOID", "district"]
    ordered = counts.reset_index(name="n")
    ordered["order"] = ordered["district"].map(
        {label: i for i, label in enumerate(sorted(plan.labels, key=natural_key))}
    )
    ordered = ordered.sort_values(["GEOID", "n", "order"], ascending=[True, False, True])
    first = ordered.drop_duplicates("GEOID").set_index("GEOID")
    by_unit = ordered.groupby("GEOID")
    districts = by_unit.size()
    cut = units.frame.index[districts.reindex(units.frame.index) > 1]
    people = people_by_unit(units)
    level = plan.level or "unit"
    if len(cut) and not explicit:
        raise CoverageError(
            f"the plan's lines cut {len(cut):,} of {len(units):,} {units.plural} ({_total(people, cut)}), first "
            f"{first_few(cut)}. Read {LEVELS[level].plural}, which it places exactly; or pass "
            f'rule="assignment" to put each where most of its {LEVELS[level].plural} are.'
        )
    others = ordered[ordered.duplicated("GEOID")].groupby("GEOID")["district"].agg(", ".join)
    split = pd.DataFrame(
        {
            "people": people.reindex(cut),
            "districts": districts.reindex(cut),
            "placed_in": first["district"].reindex(cut),
            "share_inside": (first["n"] / by_unit["n"].sum()).reindex(cut),
            "also_in": others.reindex(cut),
        }
    )
    how = (
        mark("Each was placed where most of its listed {units} are; any that the list lacks are not seen.")
        if len(cut)
        else mark("Each was placed in the district of its listed {units}; any that the list lacks are not seen.")
    )
    notes = (
        say(how, units=term(LEVELS[level].plural)),
        *_beyond(listed.set_axis(parents), units.frame.index, plan),
    )
    return Placed(first["district"].reindex(units.frame.index), split, NOT_LISTED, notes)


def _beyond(listed: pd.Series, keys: pd.Index, plan: Plan) -> tuple[str, ...]:
    """Warn of districts that go on in listed units that are not at hand."""
    known = keys.get_indexer(listed.index) >= 0
    more = pd.Index(listed[~known].unique()).intersection(pd.Index(listed[known].unique()))
    if not len(more):
        return ()
    plural = LEVELS[plan.level].plural if plan.level in LEVELS else "units"
    lacking = int(listed[~known].isin(more).sum())
    rest = say(": the plan lists {lacking:,} more {units} there", lacking=lacking, units=term(plural))
    return (partly_covered(more, rest),)


def _refuse_strangers(units: Units, plan: Plan, keys: pd.Index, listed: pd.Index) -> None:
    """Refuse a list that is of another place or of another vintage."""
    known = listed.get_indexer(keys) >= 0
    missing = int((~known).sum())
    if not missing:
        return
    if not known.any():
        there = {p for p in listed.str[:2].unique() if p in STATES}
        here = {p for p in keys.str[:2].unique() if p in STATES}
        if there and here and not there & here:
            raise CoverageError(
                f"the plan {plan.name!r} is in {_states(there)} and the units are in {_states(here)}. "
                "Read units and plan of the same State."
            )
    counties = set(keys.str[:5])
    near = listed[listed.str[:5].isin(counties)]
    unused = len(near.difference(keys))
    if missing > 1 and missing >= _STRANGERS * len(keys) and unused >= _STRANGERS * keys.nunique():
        people = _total(people_by_unit(units), units.frame.index[~known])
        raise CoverageError(
            f"{missing:,} of {len(keys):,} {units.plural} ({people}) are not in the plan's list, first "
            f"{first_few(keys[~known])}, and {unused:,} of its ids are not among the units. So look two vintages "
            f"(units: {units.year or 'year not stated'}; plan: {plan.year or 'not stated'}); read both for one year."
        )


def _words(level: str) -> str:
    return level.replace("_", " ")


def _states(codes: set[str]) -> str:
    return ", ".join(STATES[code].name for code in sorted(codes))


def _total(people: pd.Series, ids: pd.Index) -> str:
    """Write how many people live in some units."""
    count = people.reindex(ids).sum(min_count=1)
    return say("people not counted in this file") if pd.isna(count) else say("{people} people", people=people_(count))


# Whether there is one unit, and whether it lies outside the districts or outside the plan's list.
_NOWHERE = {
    (True, True): mark("{units} ({people}) lies outside every district and is in no district."),
    (True, False): mark("{units} ({people}) lies outside the plan's list and is in no district."),
    (False, True): mark("{units} ({people}) lie outside every district and are in no district."),
    (False, False): mark("{units} ({people}) lie outside the plan's list and are in no district."),
}


def _settle(units: Units, plan: Plan, placed: Placed, *, rule: str, outside: str) -> Placement:
    """Account for every person and write the notes."""
    ids, people = units.frame.index, people_by_unit(units)
    assignment = placed.assignment.astype("str").rename("district")
    nowhere = ids[assignment.isna()]
    if len(nowhere) == len(ids):
        raise CoverageError(
            f"none of the {len(ids):,} {units.plural} lies in the plan {plan.name!r}, first {first_few(ids)}. "
            "Check that plan and units are of the same place and year, and the plan's CRS."
        )
    unassigned = pd.DataFrame({"people": people.reindex(nowhere), "reason": placed.reason}, index=nowhere)
    lost = unassigned["people"]
    inhabited = nowhere[(lost > 0) | lost.isna()]
    if len(inhabited) and outside == "error":
        check = "the plan's CRS and extent" if placed.reason == OUTSIDE else "that the list is complete"
        raise CoverageError(
            f"{_how_many(units, inhabited)} ({_total(people, inhabited)}) {_lie(inhabited)} {_where(placed.reason)}, "
            f'first {first_few(inhabited)}; check {check}, or pass outside="report".'
        )
    notes = [*placed.notes]
    if plan.year is not None and units.year is None and rule == "assignment":
        notes.append(
            say(
                "The plan lists units of the {year} Census, and the census year of these {units} was not stated, so it "
                "could not be checked that the two agree. State it to have it checked.",
                year=plan.year,
                units=units.plural,
            )
        )
    if len(nowhere):
        notes.append(
            say(
                _NOWHERE[len(nowhere) == 1, placed.reason == OUTSIDE],
                units=_how_many(units, nowhere),
                people=_total(people, nowhere),
            )
        )
    if len(placed.split):
        inside = placed.split["people"].sum(min_count=1)
        share = inside / people.sum() if people.sum() else np.nan
        notes.append(
            say(
                mark(
                    "District lines cut {cut:,} of {number:,} {units}, where {people:,.0f} people ({share:.1%}) live; "
                    "each was placed whole."
                )
                if pd.notna(inside)
                else mark("District lines cut {cut:,} of {number:,} {units}, where people live."),
                cut=len(placed.split),
                number=len(ids),
                units=units.plural,
                people=float(inside),
                share=float(share),
            )
        )
    return Placement(units, plan, assignment, unassigned, placed.split, rule, tuple(notes))


def _how_many(units: Units, ids: pd.Index) -> str:
    """Count units in words, one of them in the singular."""
    one = len(ids) == 1 and units.level in LEVELS and units.plural.endswith("s")
    return number_of(1, units.plural) if one else say("{count:,} {units}", count=len(ids), units=units.plural)


def _lie(ids: pd.Index) -> str:
    return "lies" if len(ids) == 1 else "lie"


def _where(reason: str) -> str:
    return reason if reason == OUTSIDE else "outside the plan's list"
