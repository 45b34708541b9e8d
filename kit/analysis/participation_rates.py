"""Rates of registration and turnout with their margins, gaps between groups, and changes between elections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis import moe
from kit.model.cvap import MOE
from kit.model.voters import EVERYBODY, FEWEST

RATES: dict[str, tuple[str, str]] = {
    "registration": ("registered", "cvap"),
    "turnout_registered": ("voted", "registered"),
    "turnout_cvap": ("voted", "cvap"),
    "turnout_vap": ("voted", "vap"),
}
"""Rates: what is above the line, and what below."""
SHARES = {"vap": "share_of_vap", "registered": "share_of_registered", "voted": "share_of_electorate"}
ENDS = {"low": "high", "high": "low"}
"""End of a rate → end of the count of citizens below the line."""
ESTIMATED = ("registration", "turnout_cvap")
GAPS = ("group_rate", "all_rate", "others_rate", "gap", "gap_moe", "gap_significant", "gap_others", "gap_others_moe",
        "gap_others_significant", "gap_low", "gap_low_moe", "gap_high", "gap_high_moe")  # fmt: skip


def in_order(**levels: list[str]) -> pd.MultiIndex:
    """Make an index of all combinations, in which rows are found quickly though they are not sorted by name.

    Parameters
    ----------
    **levels : list of str
        Names of each level, in the order wanted.

    Returns
    -------
    pandas.MultiIndex
        The first level changes slowest.
    """
    places = np.indices([len(names) for names in levels.values()]).reshape(len(levels), -1)
    return pd.MultiIndex(levels=list(levels.values()), codes=list(places), names=list(levels))


def enough(count: pd.Series) -> pd.Series:
    """Leave out counts that are too small to divide by.

    Parameters
    ----------
    count : pandas.Series
        People.

    Returns
    -------
    pandas.Series
        As floats; missing under 50.
    """
    people = count.astype("float64")
    return people.where(people >= FEWEST)


def with_rates(counts: pd.DataFrame) -> pd.DataFrame:
    """Add shares and rates to counts.

    Parameters
    ----------
    counts : pandas.DataFrame
        By ``area`` and ``group``: ``vap``, ``cvap`` and its margin or ends,
        ``registered`` and ``voted``, in people.

    Returns
    -------
    pandas.DataFrame
        With the columns of `Participation.frame`.
    """
    frame = counts.copy()
    everybody = frame[frame.index.get_level_values("group") == EVERYBODY].droplevel("group")
    areas = frame.index.get_level_values("area")
    whole = everybody.reindex(areas).set_axis(frame.index)
    for column, name in SHARES.items():
        frame[name] = frame[column].astype("float64") / enough(whole[column])
    base = enough(whole["cvap"])
    for end in ("", "_low", "_high"):
        frame[f"share_of_cvap{end}"] = frame[f"cvap{end}"] / base
        frame[f"share_of_cvap{end}{MOE}"] = moe.proportion(
            frame[f"cvap{end}"], frame[f"cvap{end}{MOE}"], base, whole[f"cvap{MOE}"]
        )
    for rate, (above, below) in RATES.items():
        over = frame[above].astype("float64")
        frame[rate] = over / enough(frame[below])
        if rate in ESTIMATED:
            frame[f"{rate}{MOE}"] = moe.ratio(over, 0.0, enough(frame["cvap"]), frame[f"cvap{MOE}"])
            for end, other in ENDS.items():
                base = enough(frame[f"cvap_{other}"])
                frame[f"{rate}_{end}"] = over / base
                frame[f"{rate}_{end}{MOE}"] = moe.ratio(over, 0.0, base, frame[f"cvap_{other}{MOE}"])
    rates = frame[[*RATES, *(f"{rate}_high" for rate in ESTIMATED)]]
    frame["over_100"] = (rates > 1).any(axis=1)
    return frame


def gaps(frame: pd.DataFrame, group: str) -> pd.DataFrame:
    """Set a group's rates against those of all, and of everybody else.

    Parameters
    ----------
    frame : pandas.DataFrame
        With rates.
    group : str
        Group id.

    Returns
    -------
    pandas.DataFrame
        By ``area`` and ``rate``, with the columns `GAPS`.

    Notes
    -----
    The group is among all: with C the citizens, g the group, o everybody else
    and a all of them, and R the rates, the gap R_g − R_a moves by
    R_a ÷ C_a − R_g ÷ C_g with the error of C_g, and by R_a ÷ C_a with that of
    C_o. The square of the margin of C_o is that of C_a less that of C_g, on
    the assumption behind the formula for a proportion. Where that is
    negative, C_a is held better than its part, and the errors of C_g and C_a
    are taken as apart: the gap then moves by R_g ÷ C_g and by R_a ÷ C_a.
    Registered people and voters are exact.
    """
    one, all_of = (frame.xs(name, level="group") for name in (group, EVERYBODY))
    tables = []
    for rate, (above, below) in RATES.items():
        made = pd.DataFrame(np.nan, index=one.index, columns=list(GAPS))
        made["group_rate"], made["all_rate"] = one[rate], all_of[rate]
        made["gap"] = one[rate] - all_of[rate]
        rest = enough(all_of[below].astype("float64") - one[below].astype("float64"))
        others = all_of[above].astype("float64") - one[above].astype("float64")
        made["others_rate"] = others / rest
        made["gap_others"] = made["group_rate"] - made["others_rate"]
        if rate in ESTIMATED:
            made = _with_margins(made, one, all_of, rest, rate)
        for gap in ("gap", "gap_others"):
            known = made[gap].notna() & made[f"{gap}{MOE}"].notna()
            found = (made[gap].abs() > made[f"{gap}{MOE}"]).astype("boolean").where(known)
            made[f"{gap}_significant"] = found
        made["gap_significant"] = made["gap_significant"].fillna(_both_ends(made))
        tables.append(made.assign(rate=rate))
    table = pd.concat(tables).set_index("rate", append=True)
    return table.reindex(in_order(area=list(one.index), rate=list(RATES)))


def _with_margins(
    made: pd.DataFrame, one: pd.DataFrame, all_of: pd.DataFrame, rest: pd.Series, rate: str
) -> pd.DataFrame:
    """Add the margins of gaps between rates whose denominators are estimates, and the ends where they are bracketed."""
    made["gap_moe"] = _margin(one[rate], one["cvap"], one["cvap_moe"], all_of, rate)
    own, theirs = made["group_rate"] / one["cvap"], made["others_rate"] / rest
    made["gap_others_moe"] = _hypot(
        one["cvap_moe"], all_of["cvap_moe"], apart=(own, theirs), held=(own + theirs, theirs)
    )
    for end, other in ENDS.items():
        at = one[f"{rate}_{end}"]
        made[f"gap_{end}"] = at - all_of[rate]
        made[f"gap_{end}_moe"] = _margin(at, one[f"cvap_{other}"], one[f"cvap_{other}_moe"], all_of, rate)
    return made


def _hypot(
    part: pd.Series, whole: pd.Series, *, apart: tuple[pd.Series, pd.Series], held: tuple[pd.Series, pd.Series]
) -> pd.Series:
    """Give the margin of what moves with a part and the rest, or with the whole where that is held better."""
    less = whole**2 - part**2
    by_rest = np.hypot(apart[0] * part, apart[1] * np.sqrt(less.where(less >= 0)))
    return by_rest.where(~(less < 0), np.hypot(held[0] * part, held[1] * whole))


def _margin(at: pd.Series, citizens: pd.Series, error: pd.Series, all_of: pd.DataFrame, rate: str) -> pd.Series:
    """Give the margin of a group's rate less that of all, the group among them."""
    own, of_all = at / citizens, all_of[rate] / all_of["cvap"]
    return _hypot(error, all_of["cvap_moe"], apart=(of_all - own, of_all), held=(own, of_all))


def _both_ends(made: pd.DataFrame) -> pd.Series:
    """Tell whether a gap of bracketed rates is significant at both ends, on one side."""
    low, high = made["gap_low"], made["gap_high"]
    known = made[["gap_low", "gap_high", "gap_low_moe", "gap_high_moe"]].notna().all(axis=1)
    clear = (low.abs() > made["gap_low_moe"]) & (high.abs() > made["gap_high_moe"]) & (low * high > 0)
    return clear.astype("boolean").where(known)


def changes(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Set two elections side by side.

    Parameters
    ----------
    before, after : pandas.DataFrame
        With rates, on one index.

    Returns
    -------
    pandas.DataFrame
        By ``area``, ``group`` and ``figure``: ``before``, ``after``, ``change`` and ``change_moe``.

    Notes
    -----
    Both elections are set against the same count of citizens, so that its
    error goes into both alike: the margin of the change is the change times
    the margin of citizens over citizens.
    """
    tables = []
    for figure in (*RATES, "share_of_registered", "share_of_electorate"):
        made = pd.DataFrame({"before": before[figure], "after": after[figure]})
        made["change"] = made["after"] - made["before"]
        made["change_moe"] = np.nan
        if figure in ESTIMATED:
            made["change_moe"] = made["change"].abs() * after["cvap_moe"] / after["cvap"]
        tables.append(made.assign(figure=figure))
    table = pd.concat(tables).set_index("figure", append=True)
    areas, groups, figures = (list(dict.fromkeys(table.index.get_level_values(at))) for at in range(3))
    return table.reindex(in_order(area=areas, group=groups, figure=figures))


def rungs(frame: pd.DataFrame, group: str, area: str) -> pd.DataFrame:
    """Lay out the ladder of one area.

    Parameters
    ----------
    frame : pandas.DataFrame
        With shares.
    group, area : str
        Group id and area.

    Returns
    -------
    pandas.DataFrame
        As `Participation.ladder`.
    """
    one, all_of = frame.loc[(area, group)], frame.loc[(area, EVERYBODY)]
    rows: dict[str, Mapping[str, Any]] = {}
    for rung in ("vap", "cvap", "registered", "voted"):
        share = SHARES.get(rung, f"share_of_{rung}")
        exact = rung in ("registered", "voted")
        rows[rung] = {
            "count": one[rung], "count_moe": np.nan if rung != "cvap" else one["cvap_moe"],
            "base": all_of[rung], "base_moe": np.nan if rung != "cvap" else all_of["cvap_moe"],
            "share": one[share], "share_moe": np.nan if rung != "cvap" else one["share_of_cvap_moe"],
            **{f"{kind}_{end}": one[f"{name}_{end}"] if rung == "cvap" else np.nan
               for kind, name in (("count", "cvap"), ("share", "share_of_cvap")) for end in ENDS},
            "hidden": exact and any(bool(who["hidden"]) and pd.isna(who[rung]) for who in (one, all_of)),
        }  # fmt: skip
    made = pd.DataFrame.from_dict(rows, orient="index").rename_axis("rung")
    numbers = [name for name in made.columns if name != "hidden"]
    made[numbers] = made[numbers].apply(pd.to_numeric, errors="coerce").astype("float64")
    return made[made["base"].notna() | made["hidden"]]
