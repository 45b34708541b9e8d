"""Margins of error carried from units to districts and to shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from kit.analysis import moe
from kit.analysis.margins import numbers
from kit.errors import first_few
from kit.model.frames import Placement, Units
from kit.model.geoid import natural_key
from kit.model.sentences import listed

SUFFIX = "_moe"
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
        Those of them that have a column of margins.
    """
    return [name for name in names if f"{name}{SUFFIX}" in units.frame.columns]


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
    column = units.frame[f"{name}{SUFFIX}"]
    return pd.Series(numbers(column, str(column.name), margin=True), index=column.index)


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
    """
    units, placed = placement.units, placement.assignment.notna()
    where = placement.assignment[placed].astype(str)
    found = {}
    for name in at_hand(units, names):
        counts, margins = units.column(name)[placed], of_units(units, name)[placed]
        column = moe.sum(counts, margins, by=where).reindex(districts, fill_value=0.0)
        found[name] = [*column, moe.sum(counts, margins)]
    return pd.DataFrame(found, index=[*districts, ALL], dtype="float64")


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
    """
    share = (count / base.where(base != 0)).astype("float64")
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
        ``asian_share_moe`` and the like. As it was where there are no margins.
    total : pandas.Series
        The same for the jurisdiction.

    Raises
    ------
    InputError
        A margin is negative or a Census code.
    """
    margins = of_districts(placement, list(dict.fromkeys(names.values())), frame.index)
    have = {short: margins[name] for short, name in names.items() if name in margins}
    if not have:
        return frame, total
    short = list(names)
    counts = pd.DataFrame([*frame[short].to_numpy(), total[short].to_numpy()], columns=short, index=margins.index)
    counts = counts.astype("float64")
    added = pd.DataFrame({f"{key}{SUFFIX}": column for key, column in have.items()})
    if "base" in have:
        base = (counts["base"], have["base"])
        for key in [k for k in have if k not in {"count", "base"}]:
            added[f"{key}_share{SUFFIX}"] = moe.proportion(counts[key], have[key], *base)
        if "count" in have:
            added = pd.concat([added, share_columns(counts["count"], have["count"], *base)], axis=1)
    last = pd.Series(added.iloc[-1].to_dict(), dtype=object)
    return pd.concat([frame, added.iloc[:-1].set_axis(frame.index)], axis=1), pd.concat([total, last])


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
    if not have:
        return []
    lacking = [word for word, name in (("group", names["count"]), ("base", names["base"])) if name not in have]
    if lacking:
        return [f"Shares have no margin of error: these {units.plural} have none for the {lacking[0]}."]
    told = ["Margins (±) are sampling error at 90% confidence; covariances are ignored"]
    told[0] += "; the error of placing cut units whole is not in them." if len(placement.split_units) else "."
    placed = placement.assignment.notna()
    blank = pd.concat([of_units(units, name)[placed].isna() for name in have], axis=1).any(axis=1)
    if blank.any():
        at = _districts(placement.assignment[placed][blank].astype(str).unique())
        told.append(
            f"{int(blank.sum()):,} of {len(blank):,} {units.plural} lack a margin of error, first "
            f"{first_few(blank.index[blank], 1)}, so {at} and the total have none."
        )
    wide = moe.falls_back(frame["count"], frame["count_moe"], frame["base"], frame["base_moe"])
    if wide.any():
        at = _districts(frame.index[wide])
        told.append(f"In {at} the margin of the share is by the formula for ratios, the wider.")
    return told


def _districts(labels: Sequence[str]) -> str:
    named = sorted(map(str, labels), key=natural_key)
    return f"district{'s' * (len(named) > 1)} {listed(named) if len(named) <= 6 else first_few(named)}"
