"""How far districts are from equal population, also where a district elects several members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import InputError, SchemaError, first_few


def seats_by_district(seats: int | Mapping[str, int] | pd.Series | None, labels: pd.Index) -> pd.Series:
    """Tell how many members each district elects.

    Parameters
    ----------
    seats : int, mapping or pandas.Series, optional
        One number for all, or label → number; by default one member each.
    labels : pandas.Index
        District labels.

    Returns
    -------
    pandas.Series
        Whole numbers of 1 or more on `labels`.

    Raises
    ------
    InputError
        Districts are left out or unknown, or a number is not whole and
        positive.
    """
    if seats is None or isinstance(seats, int | np.integer):
        found = pd.Series(1 if seats is None else seats, index=labels, dtype="float64")
    elif not isinstance(seats, Mapping | pd.Series):
        raise InputError(
            f"seats is a whole number, or a number for each district by its label; not {seats!r} "
            f"({type(seats).__name__}). Districts are {first_few(labels)}."
        )
    else:
        given = pd.Series(dict(seats), dtype=object)
        given.index = given.index.map(str)
        unknown, lacking = given.index.difference(labels), labels.difference(given.index)
        if len(unknown) or len(lacking):
            parts = [
                f"{'leaves out' if ids is lacking else 'names'} {first_few(ids)}"
                for ids in (lacking, unknown)
                if len(ids)
            ]
            raise InputError(
                f"seats {' and '.join(parts)}; give a number for every district of the plan and no other: "
                f"{first_few(labels)}."
            )
        found = pd.to_numeric(given, errors="coerce").reindex(labels).astype("float64")
    wrong = found.index[~(found >= 1) | (found % 1 != 0)]
    if len(wrong):
        raise InputError(f"a district elects a whole number of members, 1 or more; look at {first_few(wrong)}.")
    return found.astype("int64").rename("seats")


def deviation(people: pd.Series, *, seats: pd.Series) -> pd.DataFrame:
    """Measure how far each district is from its ideal population.

    Parameters
    ----------
    people : pandas.Series
        People by district.
    seats : pandas.Series
        Members by district, on the same index.

    Returns
    -------
    pandas.DataFrame
        ``population``, ``seats``, ``ideal`` (all people ÷ all seats × the
        district's seats), ``deviation_people`` (people over the ideal) and
        ``deviation`` (the same as a fraction of the ideal; missing where
        nobody lives in any district).

    Raises
    ------
    SchemaError
        A count is missing or below 0.

    Examples
    --------
    >>> two = pd.Series([90, 210], index=["1", "2"])
    >>> deviation(two, seats=pd.Series([1, 2], index=["1", "2"]))["deviation"].tolist()
    [-0.1, 0.05]
    """
    bad = people.index[people.isna() | (people < 0)]
    if len(bad):
        raise SchemaError(f"the population of districts is missing or below 0: {first_few(bad)}.")
    each = people.sum() / seats.sum() if len(people) else np.nan
    ideal = each * seats.astype("float64")
    over = people - ideal
    return pd.DataFrame(
        {
            "population": people,
            "seats": seats,
            "ideal": ideal,
            "deviation_people": over,
            "deviation": (over / ideal.where(ideal > 0)).astype("float64"),
        }
    )


def deviation_totals(frame: pd.DataFrame) -> dict[str, Any]:
    """Sum the deviations of a plan up.

    Parameters
    ----------
    frame : pandas.DataFrame
        What `deviation` gave.

    Returns
    -------
    dict
        ``ideal`` (people a seat), ``population_range`` (people a seat, most
        less fewest), ``population_range_share`` (the highest deviation less
        the lowest, a fraction) and ``mean_absolute_deviation`` (over
        districts, a fraction).
    """
    per_seat = frame["population"] / frame["seats"]
    away = frame["deviation"]
    measured = away.notna().any()
    return {
        "ideal": frame["population"].sum() / frame["seats"].sum() if frame["ideal"].notna().any() else np.nan,
        "population_range": per_seat.max() - per_seat.min() if frame["deviation_people"].notna().any() else np.nan,
        "population_range_share": away.max() - away.min() if measured else np.nan,
        "mean_absolute_deviation": away.abs().mean() if measured else np.nan,
    }
