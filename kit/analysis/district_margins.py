"""Margins of error carried from units to districts and to shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from kit.analysis import moe
from kit.analysis.allocation_range import range_of_count
from kit.analysis.margin_terms import Terms, came_with, terms_of
from kit.analysis.margins import numbers
from kit.analysis.part_of_whole import COLUMNS, part_margins
from kit.errors import first_few
from kit.model.cvap import MOE
from kit.model.frames import Placement, Units
from kit.model.geoid import natural_key
from kit.model.groups import BASES, DEFINITIONS, parse_column
from kit.model.margin_sum import margin_of_sum
from kit.model.sentences import listed, people
from kit.model.shared_out import SharedOut

SUFFIX = MOE
"""What the column of a margin adds to the name of its estimate."""

ALL = "all"
# Weights that stand in, in a sentence.
_WEIGHTS = {"total_vap": "all adults", "total_pop": "all residents"}


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
    lacking = [word for word, name in (("group", names["count"]), ("base", names["base"])) if name not in have]
    if lacking:
        return [f"Shares have no margin of error: these {units.plural} have none for the {lacking[0]}.", *shared]
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
    weak = frame.index[frame["reliability"] == "low"]
    if len(weak):
        told.append(f"Shares of low reliability, for use only inside a sum: {_districts(weak)}.")
    wide = moe.falls_back(frame["count"], frame["count_moe"], frame["base"], frame["base_moe"])
    if wide.any():
        at = _districts(frame.index[wide])
        told.append(f"In {at} the margin of the share is by the formula for ratios, the wider.")
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
    told = f"Margins are understated: the shares by which {units.shared_out.plural} were divided among {units.plural}"
    return [f"{told} are treated as exact."]


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
    told = [f"Counts are estimates for {origin.plural}, shared out to {units.plural} by {first}."]
    instead = used[used["fallback"]].groupby("weight", sort=False)[["units", "people"]].sum()
    if len(instead):
        each = [f"{_weight(str(w))} {row['units']:,.0f} times ({people(row['people'])} people)"
                for w, row in instead.iterrows()]  # fmt: skip
        told.append(f"Where nobody of the group was counted, other weights stood in: {listed(each)}.")
    return [*told, *_widest(origin, placement, frame, names["count"])]


def _weight(word: str) -> str:
    """Put a weight into words."""
    found = parse_column(word)
    if word in _WEIGHTS or found is None:
        return _WEIGHTS.get(word, word)
    return f"{BASES[found[1]].noun} counted as “{DEFINITIONS[found[0]].short}”"


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
    told = (
        f"Whatever the shares, the count in district {at} lies from {people(row['min'])} to {people(row['max'])} "
        f"({row['cut']:,.0f} of its {origin.plural} are cut by its line); no district has a wider range."
    )
    return [told]


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


def _over_base(units: Units, names: Mapping[str, str]) -> list[str]:
    """Count the units that have no share because the group outnumbers its base."""
    over = int(estimates_over_base(units, names["count"], names["base"]).sum())
    told = (
        f"In {over:,} of {len(units):,} {units.plural} the estimate of the group is larger than that of all; they "
        "have no share of their own, and every district counts them."
    )
    return [told] if over else []


def _districts(labels: Sequence[str]) -> str:
    named = sorted(map(str, labels), key=natural_key)
    return f"district{'s' * (len(named) > 1)} {listed(named) if len(named) <= 6 else first_few(named)}"
