"""How sure a district figure made of shared-out estimates is: sampling error, and the choice of shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.allocation import Allocation
from kit.analysis.margin_terms import terms_shared_out
from kit.analysis.margins import Array
from kit.errors import CoverageError, SchemaError, first_few
from kit.model.cvap import BOUNDS, COUNTS, MOE
from kit.model.frames import Placement
from kit.model.geoid import natural_key
from kit.model.shared_out import SharedOut


def district_margins(allocation: Allocation, placement: Placement) -> pd.DataFrame:
    """Give the margin of error of each district's allocated counts.

    Parameters
    ----------
    allocation : Allocation
        From `kit.allocate`.
    placement : Placement
        The same fine units, placed in districts.

    Returns
    -------
    pandas.DataFrame
        Districts by column, named ``<column>_moe``: 90 per cent margins, in
        people. Columns whose coarse estimates have no margin are left out.

    Raises
    ------
    CoverageError
        The placement is of other units.
    SchemaError
        No column has a margin.

    Notes
    -----
    The square root of the sum, over coarse units, of (share inside the
    district × margin)². Of terms estimated as zero only the largest is kept,
    as in `kit.analysis.moe.sum`; a district of whole units thus gets the
    margin of their sum. Shares are taken as exact, so margins are understated.
    `kit.concentration` of the same placement carries the same margins.
    """
    origin, labels = _origin(allocation, placement)
    codes = _codes(placement, labels)
    made = {
        f"{name}{MOE}": terms_shared_out(origin, name, placement.assignment.index, codes).by_group(len(labels))
        for name in _columns(allocation)
        if origin.has_margins(name)
    }
    if not made:
        raise SchemaError(
            f"none of {first_few(allocation.columns, 13)} has a margin of error in the {allocation.coarse.plural}; "
            f"read a source that has columns such as {allocation.columns[0]}{MOE}."
        )
    return pd.DataFrame(made, index=pd.Index(labels, dtype="str", name="district"))


def allocation_range(allocation: Allocation, placement: Placement) -> pd.DataFrame:
    """Give the least and the most people a district can have, whatever the shares.

    Parameters
    ----------
    allocation : Allocation
        From `kit.allocate`.
    placement : Placement
        The same fine units, placed in districts.

    Returns
    -------
    pandas.DataFrame
        Districts by column: ``<column>``, ``<column>_min`` with every coarse
        unit that the district shares with another left out, and
        ``<column>_max`` with each of those counted whole.

    Raises
    ------
    CoverageError
        The placement is of other units.

    Notes
    -----
    A coarse unit is shared when fine units with people lie in several
    districts, or some in none; where it shows no people at all, any fine unit
    counts. Sampling error is not in this range.
    """
    origin, labels = _origin(allocation, placement)
    columns = _columns(allocation)
    pairs = _pairs(origin, placement, labels, allocation.columns)
    made: dict[str, Any] = {}
    for name, parts in columns.items():
        for suffix, totals in _ends(origin, pairs, parts, len(labels)).items():
            made[f"{name}{suffix}"] = totals
    return pd.DataFrame(made, index=pd.Index(labels, dtype="str", name="district"))


def range_of_count(origin: SharedOut, placement: Placement, name: str, labels: Sequence[str]) -> pd.DataFrame:
    """Give the least and the most people of one count, whatever the shares.

    Parameters
    ----------
    origin : SharedOut
        What the placed units remember.
    placement : Placement
        Units with estimates shared out to them, placed in districts.
    name : str
        Count column that was shared out.
    labels : sequence of str
        Districts, in the order wanted.

    Returns
    -------
    pandas.DataFrame
        Districts by ``estimate``, ``min``, ``max`` (people) and ``cut``, the
        number of larger units with people of the count that it shares with others.
    """
    parts = origin.parts_of(name)
    pairs = _pairs(origin, placement, labels, parts)
    ends = _ends(origin, pairs, parts, len(labels))
    some = np.zeros(len(origin.coarse), dtype=bool)
    for part in parts:
        some |= origin.coarse[part].to_numpy(dtype=float) > 0
    several = _reached(pairs, parts).groupby(pairs["unit"]).transform("sum") > 1
    cut = pairs[(several & (pairs["group"] >= 0)).to_numpy() & some[pairs["unit"]]]
    made = {"estimate": ends[""], "min": ends["_min"], "max": ends["_max"]}
    made["cut"] = np.bincount(cut["group"], minlength=len(labels))
    return pd.DataFrame(made, index=pd.Index(list(labels), dtype="str", name="district"))


def _origin(allocation: Allocation, placement: Placement) -> tuple[SharedOut, list[str]]:
    """Give what the units remember and name the districts, or refuse a placement of other units."""
    origin = allocation.units.shared_out
    if origin is None or not placement.assignment.index.equals(allocation.units.frame.index):
        raise CoverageError(
            f"the placement is of {len(placement.assignment):,} {placement.units.plural} and the allocation of "
            f"{len(allocation.units):,} {allocation.units.plural}. Place allocation.units with kit.place."
        )
    found = placement.assignment.dropna().astype(str).unique()
    return origin, sorted({*placement.plan.labels, *found}, key=natural_key)


def _codes(placement: Placement, labels: Sequence[str]) -> Array:
    """Number the district of each unit; -1 where it is in none."""
    found: Array = pd.Index(labels, dtype="object").get_indexer(placement.assignment.astype("object"))
    return found


def _columns(allocation: Allocation) -> dict[str, tuple[str, ...]]:
    """Name the allocated columns, and the sums that can be made of them, each with its parts."""
    origin = allocation.units.shared_out
    names = dict.fromkeys((*allocation.columns, *COUNTS, *BOUNDS))
    found = {name: origin.parts_of(name) for name in names if origin is not None}
    return {name: parts for name, parts in found.items() if parts}


def _pairs(origin: SharedOut, placement: Placement, labels: Sequence[str], parts: Sequence[str]) -> pd.DataFrame:
    """Add up the shares of each larger unit by district; -1 is no district. Also: does anybody live there?"""
    frame = placement.units.frame
    index, at = frame.index, origin.positions(frame.index)
    shares = origin.shares if origin.shares.index.equals(index) else origin.shares.reindex(index)
    names = [c for c in ("total_pop", "total_vap", "P1_001N", "P3_001N", "P4_001N") if c in frame.columns]
    living = (frame[names] > 0).any(axis=1).to_numpy() if names else np.ones(len(frame), dtype=bool)
    table = pd.DataFrame({"unit": at, "group": _codes(placement, labels), "living": living.astype(float)})
    table[list(parts)] = shares[list(parts)].to_numpy(dtype=float)
    pairs = table[at >= 0].groupby(["unit", "group"], sort=True).sum().reset_index()
    anyone = pairs.groupby("unit")["living"].transform("sum")
    return pairs.assign(living=(pairs["living"] > 0) | ~(anyone > 0))


def _reached(pairs: pd.DataFrame, parts: Sequence[str]) -> pd.Series:
    """Tell for each pair whether people, or failing people any unit, lie there, or a share of any part does."""
    return pairs["living"] | (pairs[list(parts)] > 0).any(axis=1)


def _ends(origin: SharedOut, pairs: pd.DataFrame, parts: Sequence[str], groups: int) -> dict[str, Array]:
    """Add up a count by district: as shared out, at least, at most."""
    sums = {suffix: np.zeros(groups) for suffix in ("", "_min", "_max")}
    held, unit, group = (pairs["group"] >= 0).to_numpy(), pairs["unit"].to_numpy(), pairs["group"].to_numpy()
    for part in parts:
        values = origin.coarse[part].to_numpy(dtype=float)[unit]
        reached = _reached(pairs, [part])
        several = reached.groupby(pairs["unit"]).transform("sum") > 1
        for suffix, kept in (("", pairs[part]), ("_min", reached & ~several), ("_max", reached)):
            weight = kept.to_numpy(dtype=float)
            counted = np.where(weight > 0, values * weight, 0.0)
            sums[suffix] = sums[suffix] + np.bincount(group[held], counted[held], groups)
    return sums
