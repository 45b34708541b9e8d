"""How a plan splits areas: pure formulas over a table of counts, areas by districts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kit.errors import InputError, SchemaError, first_few

SCORES = ("entropy", "sqrt_score", "split_pairs")
"""Scores that a plan's total weights by the people of each area."""


def split_measures(counts: pd.DataFrame, *, floor: float = 0.0) -> pd.DataFrame:
    """Measure how each area is divided among districts.

    Parameters
    ----------
    counts : pandas.DataFrame
        People; rows are areas (communities, counties, towns), columns are
        districts. Counts need not be whole: an area that cuts units holds
        parts of people.
    floor : float, default 0.0
        A district is counted in `districts` when it holds more than this
        share of the area's people.

    Returns
    -------
    pandas.DataFrame
        One row an area. ``people``; ``districts`` (how many hold some);
        ``largest_share`` (fraction of its people in the district that has the
        most) and ``largest_district`` (the first column on a tie);
        ``effective_districts`` (1 ÷ the sum of squared shares) and
        ``effective_splits`` (one less); ``entropy`` in bits and
        ``entropy_effective`` (2 to that power); ``sqrt_score`` (the sum of the
        square roots of the shares, 1 when whole); ``split_pairs`` (the part of
        all pairs of its people who are parted). All but the first two are
        missing for an area where nobody lives: it is neither whole nor split.

    Raises
    ------
    SchemaError
        A count is missing or negative, or an area or a district stands twice.
    InputError
        The floor is not a share.

    Notes
    -----
    Split pairs are 1 − Σ n(n−1) ÷ N(N−1), as drawn without putting back; 0
    where at most one person lives. A part of fewer than one person holds no
    pair, so its term is 0 and not negative.

    References
    ----------
    Wang, S., et al. (2022). A systems framework for remedying dysfunction in
    US democracy; Duchin, M. (2018). Outlier analysis for Pennsylvania
    congressional redistricting (the square-root score).

    Examples
    --------
    >>> measures = split_measures(pd.DataFrame({"1": [50, 40], "2": [50, 0]}, index=["North", "South"]))
    >>> measures["effective_splits"].tolist(), measures["entropy"].tolist(), measures["largest_district"].tolist()
    ([1.0, 0.0], [1.0, 0.0], ['1', '1'])
    """
    if not 0 <= floor < 1:
        raise InputError(f"floor is a share from 0 up to, not including, 1; it is {floor!r}.")
    values = _checked(counts)
    people = values.sum(axis=1)
    lived = people > 0
    shares = np.divide(values, people[:, None], out=np.full(values.shape, np.nan), where=lived[:, None])
    with_some = np.where(lived[:, None], shares, 0.0)
    largest = with_some.max(axis=1, initial=0.0)
    logs = np.log2(with_some, out=np.zeros_like(with_some), where=with_some > 0)
    entropy = np.abs((with_some * logs).sum(axis=1))
    squares = (with_some**2).sum(axis=1)
    effective = np.divide(1.0, squares, out=np.full(len(values), np.nan), where=lived)
    frame = pd.DataFrame(
        {
            "people": people,
            "districts": (with_some > floor).sum(axis=1),
            "largest_share": largest,
            "largest_district": _labels(counts, with_some, lived),
            "effective_districts": np.maximum(1.0, effective),
            "effective_splits": np.maximum(0.0, effective - 1),
            "entropy": entropy,
            "entropy_effective": 2.0**entropy,
            "sqrt_score": np.maximum(1.0, np.sqrt(with_some).sum(axis=1)),
            "split_pairs": _split_pairs(values, people),
        },
        index=counts.index,
    )
    blank = ["largest_share", "entropy", "entropy_effective", "sqrt_score", "split_pairs"]
    frame.loc[~lived, blank] = np.nan
    return frame


def plan_totals(measures: pd.DataFrame, *, weights: pd.Series | None = None, ideal: float | None = None) -> pd.Series:
    """Add the measures of all areas up to one row for the plan.

    Parameters
    ----------
    measures : pandas.DataFrame
        What `split_measures` gave.
    weights : pandas.Series, optional
        People to weight each area by, on the same index; by default the
        people who were measured.
    ideal : float, optional
        People in a district of the right size. With it, areas larger than
        that are counted as ``forced``: no plan can keep them whole.

    Returns
    -------
    pandas.Series
        ``areas``, ``inhabited``, ``split`` (areas in two or more districts),
        ``pieces`` (districts touched, added over areas), ``people``,
        ``effective_splits`` (added over areas, unweighted), and ``entropy``
        (bits), ``sqrt_score`` and ``split_pairs`` as means weighted by people;
        these are missing where nobody lives. With `ideal` also ``forced``.

    Raises
    ------
    SchemaError
        Weights are missing or negative, stand on another index, or fall on an
        area where nobody was measured.
    InputError
        The ideal is not more than 0.
    """
    weight = _weights(measures, weights)
    lived = measures["people"] > 0
    total = weight.sum()
    scores = measures.loc[lived, list(SCORES)].mul(weight[lived], axis=0).sum()
    figures: dict[str, float] = {
        "areas": len(measures),
        "inhabited": int(lived.sum()),
        "split": int((measures["districts"] > 1).sum()),
        "pieces": int(measures["districts"].sum()),
        "people": measures["people"].sum(),
        "effective_splits": measures["effective_splits"].sum() if lived.any() else np.nan,
        **{name: scores[name] / total if total > 0 else np.nan for name in SCORES},
    }
    if ideal is not None:
        if not ideal > 0:
            raise InputError(f"the ideal number of people in a district is more than 0; it is {ideal!r}.")
        figures["forced"] = int((measures["people"] > ideal).sum())
    return pd.Series(figures, dtype="float64")


def symmetric_totals(counts: pd.DataFrame) -> pd.DataFrame:
    """Measure areas split by districts, districts split by areas, and the mean of the two.

    Parameters
    ----------
    counts : pandas.DataFrame
        People; rows are areas, columns are districts. The areas should cover
        the jurisdiction without overlap, as counties do.

    Returns
    -------
    pandas.DataFrame
        Rows ``areas`` (how districts split areas: for counties the
        ``sqrt_score`` is known as county splitting), ``districts`` (how areas
        split districts: district splitting) and ``average``; columns
        ``effective_splits`` (added), ``entropy`` (bits), ``sqrt_score`` and
        ``split_pairs`` (means weighted by people).

    Raises
    ------
    SchemaError
        As `split_measures`.

    Examples
    --------
    >>> halves = pd.DataFrame({"1": [10, 5, 0], "2": [0, 5, 10]}, index=["A", "B", "C"])
    >>> symmetric_totals(halves)["entropy"].round(4).to_dict()
    {'areas': 0.3333, 'districts': 0.9183, 'average': 0.6258}
    """
    names = ["effective_splits", *SCORES]
    rows = {
        "areas": plan_totals(split_measures(counts))[names],
        "districts": plan_totals(split_measures(counts.T))[names],
    }
    frame = pd.DataFrame(rows).T
    frame.loc["average"] = frame.mean(skipna=False)
    return frame


def _checked(counts: pd.DataFrame) -> np.ndarray:
    """Read counts as numbers, all there and none below 0."""
    for labels, what in ((counts.index, "areas"), (counts.columns, "districts")):
        doubled = labels[labels.duplicated()].unique()
        if len(doubled):
            raise SchemaError(f"{what} stand twice in the table of counts: {first_few(doubled)}; add them up first.")
    values: np.ndarray = counts.to_numpy(dtype="float64", na_value=np.nan)
    bad = ~np.isfinite(values).all(axis=1)
    if bad.any():
        raise SchemaError(
            f"{int(bad.sum()):,} areas have a missing count, first {first_few(counts.index[bad])}. "
            "Missing is not zero: write 0 where a district holds nobody of an area."
        )
    below = (values < 0).any(axis=1)
    if below.any():
        raise SchemaError(f"{int(below.sum()):,} areas have a count below 0, first {first_few(counts.index[below])}.")
    return values


def _labels(counts: pd.DataFrame, shares: np.ndarray, lived: np.ndarray) -> pd.Series:
    """Name the district with the most people of each area; missing where nobody lives."""
    if not len(counts.columns):
        return pd.Series(np.full(len(counts), None, dtype=object), index=counts.index, dtype="str")
    named = pd.Series(counts.columns.astype(str)[shares.argmax(axis=1)], index=counts.index, dtype="str")
    return named.where(pd.Series(lived, index=counts.index))


def _split_pairs(values: np.ndarray, people: np.ndarray) -> np.ndarray:
    """Find the part of all pairs of people of an area who live in different districts."""
    together = np.maximum(0.0, values * (values - 1)).sum(axis=1)
    pairs = people * (people - 1)
    parted = 1 - np.divide(together, pairs, out=np.ones(len(values)), where=people > 1)
    clipped: np.ndarray = np.clip(parted, 0.0, 1.0)
    return clipped


def _weights(measures: pd.DataFrame, weights: pd.Series | None) -> pd.Series:
    """Take the people measured, or check the weights that were given."""
    if weights is None:
        return measures["people"]
    if not weights.index.equals(measures.index):
        raise SchemaError("weights of areas must stand on the same index as their measures.")
    if weights.isna().any() or (weights < 0).any():
        bad = weights.index[weights.isna() | (weights < 0)]
        raise SchemaError(f"{len(bad):,} weights are missing or below 0, first {first_few(bad)}.")
    stray = weights.index[(weights > 0) & ~(measures["people"] > 0)]
    if len(stray):
        raise SchemaError(
            f"{len(stray):,} areas have a weight but nobody was measured there, first {first_few(stray)}. "
            "Weight and measure must be of one universe."
        )
    return weights
