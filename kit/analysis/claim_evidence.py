"""Reading the figure behind a claim out of a district table: exact counts, what placing leaves open, sampling error."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis import district_margins, moe
from kit.analysis.area_counts import elsewhere
from kit.analysis.claim_figures import COUNTED, SAMPLED, SMALL, UNKNOWN, Figure, exactly
from kit.analysis.cvap import cvap_bracket
from kit.errors import InputError, first_few
from kit.i18n.messages import english
from kit.model.cvap import BOUNDS, HIGH, LINES
from kit.model.frames import DistrictTable, Placement
from kit.model.geoid import natural_key
from kit.model.groups import column
from kit.model.sentences import PARTLY
from kit.model.source import Source
from kit.settings import current

ESTIMATED = frozenset({"sampling MOE", "allocation", "model"})
"""Kinds of uncertainty that make a figure an estimate."""

# Groups for which the two bounds of the citizens' tabulation are bounds; all others have people in neither.
_BOUNDED = frozenset({"nh_aapi_aoic", "nh_aapi_doj", "nh_aapi_doj_sor"})
_BRACKETED = _BOUNDED | frozenset({"aapi_aoic", "aapi_doj", "aapi_doj_sor"})
_NOTE = re.compile(rf"^Districts? (.+?) goe?s? {PARTLY}")
_MORE = re.compile(r" and [\d,]+ more$")


def sources_of(table: DistrictTable) -> tuple[Source, ...]:
    """Name the sources that can have counted the base of a table.

    Parameters
    ----------
    table : DistrictTable
        Figures by district.

    Returns
    -------
    tuple of Source
        Of the units; where citizens were added to redistricting data, only
        those of the base.
    """
    every = table.placement.units.sources
    citizens = table.base == "cvap"
    fit = [s for s in every if s.uncertainty != "disclosure noise"] if citizens else [
        s for s in every if "cvap" not in s.title.casefold() and "citizen voting" not in s.title.casefold()
    ]  # fmt: skip
    return tuple(dict.fromkeys(fit or every))


def is_counted(table: DistrictTable) -> bool:
    """Tell whether a table holds counts of a census, and not estimates.

    Parameters
    ----------
    table : DistrictTable
        Figures by district.

    Returns
    -------
    bool
        False for citizens, for sources that sample, share out or model, and
        where any count is no whole number.
    """
    if table.base == "cvap" or any(s.uncertainty in ESTIMATED for s in sources_of(table)):
        return False
    counts = table.frame[["count", "base"]].astype("float64").to_numpy()
    counts = counts[~np.isnan(counts)]
    return bool((counts == np.round(counts)).all())


def is_noisy(table: DistrictTable) -> bool:
    """Tell whether noise against disclosure may be in the counts.

    Parameters
    ----------
    table : DistrictTable
        Figures by district.

    Returns
    -------
    bool
        True for counts from 2020 on, and for counts whose source says so or has no year.
    """
    sources = sources_of(table)
    return is_counted(table) and any(
        s.uncertainty == "disclosure noise" or s.year is None or s.year >= 2020 for s in sources
    )


def partly_covered(placement: Placement, labels: Sequence[str]) -> frozenset[str]:
    """Name the districts that go on beyond the units.

    Parameters
    ----------
    placement : Placement
        Units placed in districts.
    labels : sequence of str
        Every district.

    Returns
    -------
    frozenset of str
        Labels; every label where the notes do not name them all.
    """
    found: set[str] = set()
    for note in placement.notes:
        words = english(note)
        if PARTLY not in words:
            continue
        match = _NOTE.match(words)
        named = set(match[1].split(", ")) if match and not _MORE.search(match[1]) else set()
        if not named or not named <= set(labels):
            return frozenset(labels)
        found |= named
    return frozenset(found)


def beyond_units(table: DistrictTable) -> frozenset[str]:
    """Name the districts that the units do not cover whole, or not at all.

    Parameters
    ----------
    table : DistrictTable
        Figures by district.

    Returns
    -------
    frozenset of str
        Labels.
    """
    labels = labels_of(table)
    return partly_covered(table.placement, labels) | elsewhere(table.placement)


def labels_of(table: DistrictTable) -> list[str]:
    """List the districts in natural order.

    Parameters
    ----------
    table : DistrictTable
        Figures by district.

    Returns
    -------
    list of str
        Labels.
    """
    return sorted(map(str, table.frame.index), key=natural_key)


def figure_of(table: DistrictTable, label: str | None) -> Figure:
    """Give the figure of a district, or of the whole area.

    Parameters
    ----------
    table : DistrictTable
        Figures by district.
    label : str or None
        District; None for the whole area.

    Returns
    -------
    Figure
        With what placing leaves open and with sampling error.

    Raises
    ------
    InputError
        No district has that label.
    """
    if label is not None and label not in table.frame.index:
        raise InputError(
            f"the plan {table.placement.plan.name!r} has no district {label!r}; it has "
            f"{first_few(labels_of(table), 12)}."
        )
    partly = beyond_units(table)
    row = table.total if label is None else table.frame.loc[label]
    beyond = bool(partly) if label is None else label in partly
    found = _figure(row, label or "", _slack(table, label), counted=is_counted(table), partly=beyond)
    few = found.kind == COUNTED and found.base < current().small_base and is_noisy(table)
    return replace(found, kind=SMALL) if few else found


def people_of(table: DistrictTable, label: str | None) -> Figure:
    """Give the number of people of the group, as a figure that can be tested.

    Parameters
    ----------
    table : DistrictTable
        Figures by district.
    label : str or None
        District; None for the whole area.

    Returns
    -------
    Figure
        With a base of 1, so that its share is the count.

    Raises
    ------
    InputError
        No district has that label.
    """
    share = figure_of(table, label)
    if not share.base:
        return share
    row = table.total if label is None else table.frame.loc[label]
    leaves, _, joins, _ = (exactly(number) for number in _slack(table, label))
    margin = row.get("count_moe", np.nan)
    error = float(margin) if share.kind == SAMPLED and not pd.isna(margin) else 0.0
    kind = UNKNOWN if share.kind == SAMPLED and pd.isna(margin) else share.kind
    count = share.count
    return replace(
        share, base=Fraction(1), low=count - leaves, high=count + joins, moe_low=error, moe_high=error, kind=kind
    )


def rest_of(table: DistrictTable, label: str) -> Figure:
    """Give the figure of everybody outside a district.

    Parameters
    ----------
    table : DistrictTable
        Figures by district.
    label : str
        District that is left out.

    Returns
    -------
    Figure
        A district's share is more than the whole area's exactly when it is
        more than this one; and this one shares no interview with it.
    """
    placement = table.placement
    where = placement.assignment.astype(object)
    other = where.where(where.isna() | (where == label), "the rest")
    merged = replace(placement, assignment=other.astype("str"), split_units=placement.split_units.iloc[0:0])
    row = (table.total[["count", "base"]] - table.frame.loc[label, ["count", "base"]]).astype(object)
    row["share"] = float(row["count"]) / float(row["base"]) if row["base"] else np.nan
    names = {"count": column(table.group, table.base), "base": column("total", table.base)}
    if "share_moe" in table.frame.columns:
        margins = district_margins.of_districts(merged, list(names.values()), pd.Index(["the rest"])).iloc[0]
        row["share_moe"] = moe.proportion(
            float(row["count"]), margins[names["count"]], float(row["base"]), margins[names["base"]]
        )
    # What a cut unit leaves open is the same for both sides of the line.
    return _figure(row, "the rest", _mirrored(table, label), counted=is_counted(table), partly=False)


def brackets(placement: Placement, group: str) -> bool:
    """Tell whether a group of citizens can only be bracketed in these units.

    Parameters
    ----------
    placement : Placement
        Units placed in districts.
    group : str
        Definition id.

    Returns
    -------
    bool
        True where the lines of the tabulation are there and the group itself is not.
    """
    needed = {LINES[1].column, *(LINES[n].column for n in BOUNDS[HIGH])}
    have = set(placement.units.frame.columns)
    return group in _BRACKETED and needed <= have and f"{group}_cvap" not in have


def bracket_of(placement: Placement, group: str, label: str | None) -> Figure:
    """Give the bracket of AAPI citizens in a district, or in the whole area.

    Parameters
    ----------
    placement : Placement
        Units with the lines of the tabulation.
    group : str
        Definition id.
    label : str or None
        District; None for the whole area.

    Returns
    -------
    Figure
        ``low`` and ``high`` are the bracket. For groups that hold people of
        Hispanic origin, who are in neither bound, ``high`` is 1.

    Raises
    ------
    InputError
        No district has that label.
    """
    of = placement
    if label is None:
        where = placement.assignment.astype(object)
        of = replace(placement, assignment=where.where(where.isna(), "all").astype("str"))
    found = cvap_bracket(of)
    if (label or "all") not in found.index:
        raise InputError(
            f"the plan {placement.plan.name!r} has no district {label!r}; it has {first_few(found.index, 12)}."
        )
    row = found.loc[label or "all"]
    beyond = partly_covered(placement, [*placement.plan.labels, *placement.assignment.dropna().astype(str).unique()])
    if not row["total"] or pd.isna(row["share_low"]):
        return Figure(label or "")
    base = exactly(row["total"])
    margins = [row.get(f"share_{end}_moe", np.nan) for end in ("low", "high")]
    ends = (exactly(row["low"]) / base, min(exactly(row["high"]) / base, Fraction(1)))
    known = not pd.isna(margins).any()
    return Figure(
        label or "",
        exactly(row["low"]),
        base,
        ends[0],
        ends[1] if group in _BOUNDED else Fraction(1),
        float(margins[0]) if known else 0.0,
        float(margins[1]) if known else 0.0,
        kind=SAMPLED if known else UNKNOWN,
        partly=bool(beyond) if label is None else label in beyond,
        bracket=(float(ends[0]), float(ends[1])),
    )


def _figure(row: Any, label: str, slack: tuple[Any, ...], *, counted: bool, partly: bool) -> Figure:
    """Put a row together with what placing leaves open."""
    if pd.isna(row["share"]) or pd.isna(row["count"]) or not row["base"]:
        # Nobody is placed there; people of cut units, or of no district, may be.
        return Figure(label, partly=partly or bool(slack[3]))
    count, base = exactly(row["count"]), exactly(row["base"])
    margin = row.get("share_moe")
    kind = (COUNTED if counted else UNKNOWN) if margin is None or pd.isna(margin) else SAMPLED
    if margin is not None and pd.isna(margin):
        kind = UNKNOWN
    error = float(margin) if kind == SAMPLED else 0.0
    group_in, base_in, group_out, base_out = (exactly(number) for number in slack)
    least = base - group_in + (base_out - group_out)
    most = base + group_out - (base_in - group_in)
    low = (count - group_in) / least if least > 0 else Fraction(0)
    high = (count + group_out) / most if most > 0 else Fraction(1)
    return Figure(label, count, base, max(low, Fraction(0)), min(high, Fraction(1)), error, error, kind, partly)


def _slack(table: DistrictTable, label: str | None) -> tuple[Any, ...]:
    """Count people who may or may not live in a district: in cut units, and in no district."""
    placement = table.placement
    nowhere = placement.assignment.isna()
    if label is None:
        return (0, 0, *_people(table, nowhere[nowhere].index))
    cut = placement.split_units
    if not len(cut):
        return (0, 0, *_people(table, nowhere[nowhere].index))
    here = cut["placed_in"].astype(str) == label
    also = cut["also_in"].astype(str).map(lambda told: label in told.split(", "))
    outside = cut.index[also & ~here].union(nowhere[nowhere].index)
    return (*_people(table, cut.index[here]), *_people(table, outside))


def _mirrored(table: DistrictTable, label: str) -> tuple[Any, ...]:
    """Swap what may leave a district with what may join it; people in no district may join either side."""
    nowhere = table.placement.assignment.isna()
    group, base = _people(table, nowhere[nowhere].index)
    group_in, base_in, group_out, base_out = _slack(table, label)
    return (group_out - group, base_out - base, group_in + group, base_in + base)


def _people(table: DistrictTable, ids: pd.Index) -> tuple[Any, Any]:
    """Count the group and the base in some units."""
    if not len(ids):
        return 0, 0
    frame = table.placement.units.frame
    names = [column(table.group, table.base), column("total", table.base)]
    sums = frame.loc[frame.index.intersection(ids), names].sum()
    return sums.iloc[0], sums.iloc[1]
