"""What a reader must know of the margins in a district table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from kit.analysis import moe
from kit.analysis.allocation_range import range_of_count
from kit.analysis.district_margins import at_hand, estimates_over_base, of_units
from kit.analysis.margin_terms import came_with
from kit.i18n.messages import Message, mark, say, term
from kit.model.frames import Placement, Units
from kit.model.geoid import natural_key
from kit.model.groups import parse_column
from kit.model.sentences import few, group_name, listed, noun, people
from kit.model.shared_out import SharedOut

# Weights that stand in, in a sentence.
_WEIGHTS = {"total_vap": mark("all adults"), "total_pop": mark("all residents")}


def notes(placement: Placement, frame: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Write what a reader must know of the margins in a district table.

    Parameters
    ----------
    placement : Placement
        What the figures were added up from.
    frame : pandas.DataFrame
        The district table.
    names : mapping of str to str
        ``count`` and ``base`` → count column of the units.

    Returns
    -------
    list of str
        One note a fact; none where the units have no margins.
    """
    units = placement.units
    have = at_hand(units, list(names.values()))
    shared = [*_shared_out(placement, frame, names), *_over_base(units, names)]
    if not have:
        return shared
    if names["count"] not in have:
        none = mark("Shares have no margin of error: these {units} have none for the group.")
        return [say(none, units=units.plural), *shared]
    if names["base"] not in have:
        none = mark("Shares have no margin of error: these {units} have none for the base.")
        return [say(none, units=units.plural), *shared]
    told: list[str] = [
        say(
            "Margins (±) are sampling error at 90% confidence; covariances are ignored; the error of placing cut units "
            "whole is not in them."
        )
        if len(placement.split_units)
        else say("Margins (±) are sampling error at 90% confidence; covariances are ignored.")
    ]
    placed = placement.assignment.notna()
    blank = pd.concat([of_units(units, name)[placed].isna() for name in have], axis=1).any(axis=1)
    if blank.any():
        at = _districts(placement.assignment[placed][blank].astype(str).unique())
        told.append(
            say(
                "{number:,} of {all:,} {units} lack a margin of error, first {ids}, so {districts} and the total have "
                "none.",
                number=int(blank.sum()),
                all=len(blank),
                units=units.plural,
                ids=few(blank.index[blank], 1),
                districts=at,
            )
        )
    weak = frame.index[frame["reliability"] == "low"]
    if len(weak):
        low = mark("Shares of low reliability, for use only inside a sum: {districts}.")
        told.append(say(low, districts=_districts(weak)))
    wide = moe.falls_back(frame["count"], frame["count_moe"], frame["base"], frame["base_moe"])
    if wide.any():
        wider = mark("In {districts} the margin of the share is by the formula for ratios, the wider.")
        told.append(say(wider, districts=_districts(frame.index[wide])))
    told += understated(units, have)
    return [*told, *shared]


def understated(units: Units, names: Sequence[str]) -> list[str]:
    """Warn of margins that leave out how estimates were shared out.

    Parameters
    ----------
    units : Units
        Units with counts.
    names : sequence of str
        Count columns.

    Returns
    -------
    list of str
        One note; none where no count was shared out from estimates with margins.
    """
    if units.shared_out is None or not any(came_with(units, name) for name in names):
        return []
    return [
        say(
            "Margins are understated: the shares by which {coarse} were divided among {fine} are treated as exact.",
            coarse=term(units.shared_out.plural),
            fine=units.plural,
        )
    ]


def _shared_out(placement: Placement, frame: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Say how counts were shared out, where other weights stood in, and how far the count could be off."""
    units, origin = placement.units, placement.units.shared_out
    if origin is None:
        return []
    parts = list(dict.fromkeys(part for name in names.values() for part in origin.parts_of(name)))
    if not parts:
        return []
    used = origin.fallbacks[origin.fallbacks["column"].isin(parts)]
    first = listed([_weight(word) for word in used.loc[~used["fallback"], "weight"].unique()])
    told: list[str] = [
        say(
            "Counts are estimates for {coarse}, shared out to {fine} by {weights}.",
            coarse=term(origin.plural),
            fine=units.plural,
            weights=first,
        )
    ]
    instead = used[used["fallback"]].groupby("weight", sort=False)[["units", "people"]].sum()
    if len(instead):
        each = [
            say(
                "{weight} {number:,.0f} times ({people} people)",
                weight=_weight(str(w)),
                number=float(row["units"]),
                people=people(row["people"]),
            )
            for w, row in instead.iterrows()
        ]
        told.append(
            say("Where nobody of the group was counted, other weights stood in: {weights}.", weights=listed(each))
        )
    return [*told, *_widest(origin, placement, frame, names["count"])]


def _weight(word: str) -> Message:
    """Put a weight into words."""
    found = parse_column(word)
    if word in _WEIGHTS or found is None:
        return term(_WEIGHTS.get(word, word))
    return say("{noun} counted as “{group}”", noun=noun(found[1]), group=group_name(found[0]))


def _widest(origin: SharedOut, placement: Placement, frame: pd.DataFrame, name: str) -> list[str]:
    """Say what the count could be if the people of cut units all lived on one side of the line."""
    if not origin.parts_of(name):
        return []
    ends = range_of_count(origin, placement, name, [str(label) for label in frame.index])
    width = ends["max"] - ends["min"]
    if not (width > 0).any():
        return []
    at = width.idxmax()
    row = ends.loc[at]
    told = say(
        "Whatever the shares, the count in district {district} lies from {low} to {high} ({cut:,.0f} of its {units} "
        "are cut by its line); no district has a wider range.",
        district=at,
        low=people(row["min"]),
        high=people(row["max"]),
        cut=float(row["cut"]),
        units=term(origin.plural),
    )
    return [told]


def _over_base(units: Units, names: Mapping[str, str]) -> list[str]:
    """Count the units that have no share because the group outnumbers its base."""
    over = int(estimates_over_base(units, names["count"], names["base"]).sum())
    if not over:
        return []
    return [
        say(
            "In {over:,} of {number:,} {units} the estimate of the group is larger than that of all; they have no "
            "share of their own, and every district counts them.",
            over=over,
            number=len(units),
            units=units.plural,
        )
    ]


def _districts(labels: Sequence[str]) -> Message:
    named = sorted(map(str, labels), key=natural_key)
    if len(named) == 1:
        return say("district {district}", district=named[0])
    return say("districts {districts}", districts=listed(named) if len(named) <= 6 else few(named))
