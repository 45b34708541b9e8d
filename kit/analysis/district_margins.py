"""Margins of error carried from units to districts and to shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from kit.analysis import moe
from kit.analysis.margin_terms import Terms, came_with, terms_of
from kit.analysis.margins import numbers
from kit.analysis.part_of_whole import COLUMNS, part_margins
from kit.model.cvap import MOE
from kit.model.frames import Placement, Units
from kit.model.margin_sum import margin_of_sum

SUFFIX = MOE
"""What the column of a margin adds to the name of its estimate."""

ALL = "all"


def at_hand(units: Units, names: Sequence[str]) -> list[str]:
    """Name the counts that come with margins.

    Parameters
    ----------
    units : Units
        Units with counts.
    names : sequence of str
        Count columns.

    Returns
    -------
    list of str
        Those of them that have a column of margins, or were shared out from
        estimates that have margins.
    """
    return [name for name in names if f"{name}{SUFFIX}" in units.frame.columns or came_with(units, name)]


def of_units(units: Units, name: str) -> pd.Series:
    """Return the margins of one count column.

    Parameters
    ----------
    units : Units
        Units with margins.
    name : str
        Count column, such as ``"nh_aapi_alone_cvap"``.

    Returns
    -------
    pandas.Series
        People, on the units' index; missing where there is none.

    Raises
    ------
    InputError
        A margin is negative or a Census code.
    """
    index, origin = units.frame.index, units.shared_out
    if origin is not None and came_with(units, name):
        for part in origin.parts_of(name):
            numbers(origin.coarse[f"{part}{SUFFIX}"], f"{part}{SUFFIX}", margin=True)
        return pd.Series(margin_of_sum(*origin.terms(name, index)), index=index)
    column = units.frame[f"{name}{SUFFIX}"]
    return pd.Series(numbers(column, str(column.name), margin=True), index=index)


def of_districts(placement: Placement, names: Sequence[str], districts: pd.Index) -> pd.DataFrame:
    """Carry the margins of counts to districts.

    Parameters
    ----------
    placement : Placement
        Units placed in districts.
    names : sequence of str
        Count columns; those without margins are left out.
    districts : pandas.Index
        Labels of the districts, in the order wanted.

    Returns
    -------
    pandas.DataFrame
        Margins in people, districts by count column; the last row, ``all``, is
        of every placed unit. Missing where a unit's margin is missing; 0 where
        a district holds no unit.

    Raises
    ------
    InputError
        A margin is negative or a Census code.

    Notes
    -----
    Of counts shared out by `kit.allocate`, the estimates are those of the
    larger units, each by its share inside the district.
    """
    found = _terms(placement, names, districts)
    made = {name: [*terms.by_group(len(districts)), terms.whole()] for name, terms in found.items()}
    return pd.DataFrame(made, index=[*districts, ALL], dtype="float64")


def _terms(placement: Placement, names: Sequence[str], districts: pd.Index) -> dict[str, Terms]:
    """Find the estimates behind counts, by district."""
    codes = pd.Index(districts.astype("object")).get_indexer(placement.assignment.astype("object"))
    return {name: terms_of(placement.units, name, codes) for name in at_hand(placement.units, names)}


def share_columns(count: pd.Series, count_moe: pd.Series, base: pd.Series, base_moe: pd.Series) -> pd.DataFrame:
    """Give the margin, the interval and the reliability of shares.

    Parameters
    ----------
    count, count_moe : pandas.Series
        People of the group, and the margin.
    base, base_moe : pandas.Series
        People of the base, and the margin.

    Returns
    -------
    pandas.DataFrame
        ``share_moe``, ``share_low``, ``share_high`` (fractions; the ends are
        kept between 0 and 1) and ``reliability``, a word, on the same index.
        Missing where nobody is in the base, or fewer people than in the group.
    """
    base = base.where((base != 0) & ~(count > base))
    share = (count / base).astype("float64")
    margin = moe.proportion(count, count_moe, base, base_moe)
    ends = moe.interval(share, margin)
    return pd.DataFrame(
        {
            "share_moe": margin,
            "share_low": ends.low,
            "share_high": ends.high,
            "reliability": moe.reliability(share, margin).word,
        },
        index=count.index,
    )


def with_margins(
    frame: pd.DataFrame, total: pd.Series, placement: Placement, names: Mapping[str, str]
) -> tuple[pd.DataFrame, pd.Series]:
    """Add what the margins at hand allow to a table of counts.

    Parameters
    ----------
    frame : pandas.DataFrame
        Districts by ``count``, ``base`` and the other keys of `names`, and more.
    total : pandas.Series
        The same for the jurisdiction.
    placement : Placement
        What the counts were added up from.
    names : mapping of str to str
        Column of `frame` → count column of the units.

    Returns
    -------
    frame : pandas.DataFrame
        With ``count_moe`` and ``base_moe`` and, where both are there, the
        columns of `share_columns`; for other keys with ``asian_moe``,
        ``asian_share_moe`` and the like; and ``difference_moe``,
        ``location_quotient_moe`` and ``share_of_group_moe`` of
        `kit.analysis.part_of_whole.part_margins`. As it was where there are no margins.
    total : pandas.Series
        The same for the jurisdiction.

    Raises
    ------
    InputError
        A margin is negative or a Census code.
    """
    found = _terms(placement, list(dict.fromkeys(names.values())), frame.index)
    have = {short: name for short, name in names.items() if name in found}
    if not have:
        return frame, total
    short, size = list(names), len(frame)
    counts = pd.DataFrame([*frame[short].to_numpy(), total[short].to_numpy()], columns=short).astype("float64")
    margins = {key: pd.Series([*found[name].by_group(size), found[name].whole()]) for key, name in have.items()}
    added = pd.DataFrame({f"{key}{SUFFIX}": column for key, column in margins.items()})
    if "base" in have:
        base = (counts["base"], margins["base"])
        for key in [k for k in have if k not in {"count", "base"}]:
            added[f"{key}_share{SUFFIX}"] = moe.proportion(counts[key], margins[key], *base)
        if "count" in have:
            added = pd.concat([added, share_columns(counts["count"], margins["count"], *base)], axis=1)
    if "count" in have:
        added = pd.concat([added, _against_the_whole(counts, added, {k: found[have[k]] for k in have})], axis=1)
        last = total[[name.removesuffix(SUFFIX) for name in added.columns if name.removesuffix(SUFFIX) in COLUMNS]]
        exact = last.astype("float64") * 0.0  # the whole set against itself; a missing figure has no margin
        added.loc[size, [f"{name}{SUFFIX}" for name in exact.index]] = exact.to_numpy()
    whole = pd.Series(added.iloc[-1].to_dict(), dtype=object)
    return pd.concat([frame, added.iloc[:-1].set_axis(frame.index)], axis=1), pd.concat([total, whole])


def _against_the_whole(counts: pd.DataFrame, margins: pd.DataFrame, found: Mapping[str, Terms]) -> pd.DataFrame:
    """Give the margins of figures that set each district against all of them."""
    keys = [key for key in ("count", "base") if key in found]
    size = len(counts) - 1
    part, whole = counts[keys].iloc[:-1].copy(), counts[keys].iloc[-1]
    rest = whole - part
    rest = rest.where(rest.abs() > 1e-9 * whole, 0.0)  # sums of fractions leave a remainder where nobody is left
    for key in keys:
        part[f"{key}{SUFFIX}"] = margins[f"{key}{SUFFIX}"].iloc[:-1]
        rest[f"{key}{SUFFIX}"] = found[key].rest(size)
    return part_margins(part, rest).reindex(counts.index)


def estimates_over_base(units: Units, count: str, base: str) -> pd.Series:
    """Tell in which units an estimate of a group is larger than that of its base.

    Parameters
    ----------
    units : Units
        Units with estimates.
    count, base : str
        Columns.

    Returns
    -------
    pandas.Series
        True where it is; False everywhere in units whose counts are no
        estimates, where it would be a fault.

    Notes
    -----
    Estimates of one small area are rounded and drawn one by one, and those
    shared out follow each group's own adults, so that parts can exceed a whole.
    """
    origin = units.shared_out
    made = origin is not None and bool(origin.parts_of(count))
    if not made and len(at_hand(units, [count, base])) < 2:
        return pd.Series(np.zeros(len(units), dtype=bool), index=units.frame.index)
    return units.frame[count] > units.frame[base]
