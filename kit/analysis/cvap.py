"""AAPI citizens of voting age as a bracket: a lower count, an upper count and their margins."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kit.analysis import district_margins, moe
from kit.analysis.allocation import Allocation
from kit.analysis.allocation_range import district_margins as of_allocation
from kit.analysis.margin_terms import came_with
from kit.errors import SchemaError
from kit.model.cvap import BOUNDS, HIGH, LINES, LOW, MOE
from kit.model.frames import Placement, Units

TOTAL = LINES[1].column
# Columns of the result → line.
PARTS = {"asian_alone": 4, "nhpi_alone": 6, "asian_and_white": 9, "remainder": 12}


def cvap_bracket(of: Placement | Units, *, allocation: Allocation | None = None) -> pd.DataFrame:
    """Bracket the share of AAPI citizens among citizens of voting age.

    Parameters
    ----------
    of : Placement or Units
        Units with CVAP lines, from `kit.read_cvap` or `kit.allocate`; placed,
        for figures by district.
    allocation : Allocation, optional
        What the units were allocated from. Units from `kit.allocate` remember
        it themselves; it is needed only where they were read back from a file.

    Returns
    -------
    pandas.DataFrame
        By district or by GEOID: ``low``, ``high`` and ``total`` (citizens of
        voting age), ``share_low`` and ``share_high`` (fractions; missing
        where there is nobody), each with its 90 per cent margin ``_moe``
        where the source has margins; and the disjoint parts ``asian_alone``,
        ``nhpi_alone``, ``asian_and_white`` and ``remainder``.

    Raises
    ------
    SchemaError
        The lines are not all there.

    Notes
    -----
    ``low`` adds lines 4, 6 and 9; ``high`` adds line 12, in which NHPI with
    any other race stand among others. Everyone in these lines is not Hispanic:
    AAPI citizens of Hispanic origin are in neither count. Figures are rounded
    when published. Margins of shares use the formula for a proportion.
    """
    units = of.units if isinstance(of, Placement) else of
    needed = [TOTAL, *(LINES[n].column for n in BOUNDS[HIGH])]
    absent = [name for name in needed if name not in units.frame.columns]
    if absent:
        raise SchemaError(
            f"these {units.plural} have no CVAP lines {', '.join(absent)}. Read them with kit.read_cvap; the bracket "
            "needs lines 1, 4, 6, 9 and 12."
        )
    sums = of.totals(needed) if isinstance(of, Placement) else units.frame[needed].copy()
    made: dict[str, Any] = {
        "low": sums[[LINES[n].column for n in BOUNDS[LOW]]].sum(axis=1, skipna=False),
        "high": sums[[LINES[n].column for n in BOUNDS[HIGH]]].sum(axis=1, skipna=False),
        "total": sums[TOTAL],
    }
    frame = pd.DataFrame(made)
    whole = frame["total"].where(frame["total"] != 0)
    for end in ("low", "high"):
        frame[f"share_{end}"] = (frame[end] / whole).astype("float64")
    margins = _margins(of, units, allocation)
    if margins is not None:
        for short, name in (("low", LOW), ("high", HIGH), ("total", TOTAL)):
            frame[f"{short}{MOE}"] = margins[name].reindex(frame.index)
        for end in ("low", "high"):
            frame[f"share_{end}{MOE}"] = moe.proportion(
                frame[end].astype(float), frame[f"{end}{MOE}"], frame["total"].astype(float), frame[f"total{MOE}"]
            )
    for short, number in PARTS.items():
        frame[short] = sums[LINES[number].column]
    return frame


def _margins(of: Placement | Units, units: Units, allocation: Allocation | None) -> pd.DataFrame | None:
    """Work out the margins of the two counts and of the total; None where there are none."""
    columns = {LOW: BOUNDS[LOW], HIGH: BOUNDS[HIGH], TOTAL: (1,)}
    if allocation is not None and isinstance(of, Placement):
        found = of_allocation(allocation, of)
        return pd.DataFrame({name: found[f"{name}{MOE}"] for name in columns})
    if all(came_with(units, LINES[n].column) for n in (1, *BOUNDS[HIGH])):
        if isinstance(of, Placement):
            return district_margins.of_districts(of, list(columns), of.totals([TOTAL]).index).iloc[:-1]
        return pd.DataFrame({name: district_margins.of_units(units, name) for name in columns})
    needed = [f"{LINES[n].column}{MOE}" for n in (1, *BOUNDS[HIGH])]
    if not set(needed) <= set(units.frame.columns):
        return None
    made = {}
    for name, numbers in columns.items():
        names = [LINES[n].column for n in numbers]
        values, margins = units.frame[names], units.frame[[f"{c}{MOE}" for c in names]]
        if isinstance(of, Placement):
            by = pd.concat([of.assignment] * len(names)).to_numpy()
            tall = [pd.concat([table[c] for c in table.columns], ignore_index=True) for table in (values, margins)]
            made[name] = moe.sum(tall[0].astype(float), tall[1].astype(float), by=pd.Series(by))
        else:
            made[name] = moe.sum(values.astype(float), margins.astype(float), axis=1)
    return pd.DataFrame(made)
