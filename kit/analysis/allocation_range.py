"""How sure a district figure made of shared-out estimates is: sampling error, and the choice of shares."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit.analysis import moe
from kit.analysis.allocation import Allocation
from kit.errors import CoverageError, SchemaError, first_few
from kit.model.cvap import BOUNDS, COUNTS, LINES, MOE, lines_of
from kit.model.frames import Placement
from kit.model.geoid import natural_key


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
    """
    labels = _labels(allocation, placement)
    inside = _inside(allocation, placement)
    coarse = allocation.coarse.frame
    made = {}
    for name, parts in _columns(allocation).items():
        if not all(f"{part}{MOE}" in coarse.columns for part in parts):
            continue
        tall = pd.concat([_terms(coarse, inside, part) for part in parts], ignore_index=True)
        margins = moe.sum(tall["estimate"], tall["margin"], by=tall["district"])
        made[f"{name}{MOE}"] = margins.reindex(labels, fill_value=0.0)
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
    labels = _labels(allocation, placement)
    coarse = allocation.coarse.frame
    inside, whole = _inside(allocation, placement), _touched(allocation, placement)
    made: dict[str, Any] = {}
    for name, parts in _columns(allocation).items():
        sums = {"": 0.0, "_min": 0.0, "_max": 0.0}
        for part in parts:
            values = pd.Series(coarse[part].to_numpy(float)[inside["coarse"]], index=inside.index)
            by = inside["district"]
            reached = whole | (inside[part] > 0)
            several = reached.groupby(inside["coarse"]).transform("sum") > 1
            held = by.notna()
            for suffix, kept in (("", inside[part]), ("_min", reached & ~several), ("_max", reached)):
                counted = (values * kept.astype(float)).where(kept.astype(float) > 0, 0.0)
                totals = counted[held].groupby(by[held]).sum(min_count=1)
                sums[suffix] = sums[suffix] + totals.reindex(labels, fill_value=0.0)
        made |= {f"{name}{suffix}": total for suffix, total in sums.items()}
    return pd.DataFrame(made, index=pd.Index(labels, dtype="str", name="district"))


def _labels(allocation: Allocation, placement: Placement) -> list[str]:
    """Name the districts, and refuse a placement of other units."""
    if not placement.assignment.index.equals(allocation.units.frame.index):
        raise CoverageError(
            f"the placement is of {len(placement.assignment):,} {placement.units.plural} and the allocation of "
            f"{len(allocation.units):,} {allocation.units.plural}. Place allocation.units with kit.place."
        )
    found = placement.assignment.dropna().astype(str).unique()
    return sorted({*placement.plan.labels, *found}, key=natural_key)


def _columns(allocation: Allocation) -> dict[str, list[str]]:
    """Name the allocated columns, and the sums that can be made of them, each with its parts."""
    found = {name: [name] for name in allocation.columns}
    for name in (*COUNTS, *BOUNDS):
        parts = [LINES[number].column for number in lines_of(name)]
        if name not in found and set(parts) <= set(allocation.columns):
            found[name] = parts
    return found


def _inside(allocation: Allocation, placement: Placement) -> pd.DataFrame:
    """Add up the shares of each coarse unit by district; people in none are kept apart as missing."""
    position = allocation.coarse.frame.index.get_indexer(allocation.parents)
    keys = pd.DataFrame({"coarse": position, "district": placement.assignment.astype(object).to_numpy()})
    known = position >= 0
    table = pd.concat([keys, allocation.shares.reset_index(drop=True)], axis=1)[known]
    return table.groupby(["coarse", "district"], dropna=False, sort=True).sum().reset_index()


def _touched(allocation: Allocation, placement: Placement) -> pd.Series:
    """Tell for each pair of `_inside` whether people, or failing people any unit, lie there."""
    position = allocation.coarse.frame.index.get_indexer(allocation.parents)
    frame = allocation.units.frame
    names = [c for c in ("total_pop", "total_vap", "P1_001N", "P3_001N", "P4_001N") if c in frame.columns]
    living = (frame[names] > 0).any(axis=1).to_numpy() if names else np.ones(len(frame), dtype=bool)
    keys = pd.DataFrame(
        {"coarse": position, "district": placement.assignment.astype(object).to_numpy(), "living": living}
    )[position >= 0]
    pairs = keys.groupby(["coarse", "district"], dropna=False, sort=True)["living"].any().reset_index()
    anyone = pairs.groupby("coarse")["living"].transform("any")
    return pairs["living"] | ~anyone


def _terms(coarse: pd.DataFrame, inside: pd.DataFrame, part: str) -> pd.DataFrame:
    """Lay out one column's estimates and margins, each by its share inside a district."""
    here = inside[inside["district"].notna() & (inside[part] > 0)]
    at, share = here["coarse"].to_numpy(), here[part].to_numpy()
    return pd.DataFrame(
        {
            "district": here["district"].astype(str).to_numpy(),
            "estimate": coarse[part].to_numpy(float)[at] * share,
            "margin": coarse[f"{part}{MOE}"].to_numpy(float)[at] * share,
        }
    )
