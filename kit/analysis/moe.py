"""Margins of error of sums, shares and other figures made of American Community Survey estimates.

Every margin, in and out, is at 90 per cent confidence, as the Census Bureau
publishes them. A missing margin leaves the result missing. Covariance between
estimates is ignored, so a margin may be too wide or too narrow.

References
----------
U.S. Census Bureau, *Understanding and Using American Community Survey Data:
What All Data Users Need to Know* (2018), chapter 8.

Examples
--------
>>> from kit import moe
>>> round(moe.sum([0, 0, 0, 41], [22, 22, 29, 37]), 4)
47.0106
>>> round(moe.proportion(203119, 5070, 630498, 831), 3)
0.008
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.margins import Array, Numbers, aligned
from kit.analysis.moe_reading import (
    Interval,
    Reliability,
    Significance,
    Threshold,
    interval,
    reliability,
    significance,
    threshold,
    to_confidence,
)
from kit.errors import InputError
from kit.model.margin_sum import margin_of_sum, margins_of_groups

__all__ = [
    "Interval",
    "Reliability",
    "Significance",
    "Threshold",
    "difference",
    "falls_back",
    "interval",
    "percent_change",
    "product",
    "proportion",
    "ratio",
    "reliability",
    "significance",
    "sum",
    "threshold",
    "to_confidence",
    "weighted_sum",
]


def sum(  # noqa: A001 — called as kit.moe.sum
    estimates: Any, moes: Any, *, by: Any = None, axis: int | None = None
) -> Any:
    """Give the margin of a sum of estimates, with the zero rule.

    Parameters
    ----------
    estimates : array-like, pandas.Series or pandas.DataFrame
        Estimates to be added.
    moes : array-like, pandas.Series or pandas.DataFrame
        Their margins, in the same shape; columns of frames go by position.
    by : array-like or pandas.Series, optional
        Group of each row, such as its district. Rows without a group are in no sum.
    axis : {0, 1}, optional
        For tables: add each column (0) or each row (1).

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Margin of the sum; with `by` one for each group, in sorted order; with
        `axis` one for each column or row.

    Raises
    ------
    InputError
        Shapes or indexes differ, a table comes without `axis`, `axis` or `by`
        do not fit, or a margin is negative.

    Notes
    -----
    The square root of the sum of squares. Of the terms whose estimate is 0
    only the largest margin is kept. Where the Bureau publishes the sum itself,
    take its margin. To add districts, add their units again.

    Examples
    --------
    >>> round(sum([135173, 43104, 24842], [3860, 2642, 1957]), 2)
    5070.46
    >>> sum([10, 20, 5], [3, 4, 2], by=["1", "1", "2"]).to_dict()
    {'1': 5.0, '2': 2.0}
    """
    (values, margins), _ = aligned({"estimates": estimates}, {"moes": moes}, tables=True)
    if by is not None:
        codes, labels = _groups(values, axis, by, estimates, moes)
        return pd.Series(margins_of_groups(values, _known(values, margins), codes, len(labels)), index=labels)
    _check_axis(values, axis)
    return _labelled(margin_of_sum(values, _known(values, margins), axis), axis, estimates, moes)


def weighted_sum(weights: Any, moes: Any, *, by: Any = None, axis: int | None = None) -> Any:
    """Give the margin of a sum of estimates that are each multiplied by a fixed weight.

    Parameters
    ----------
    weights : array-like, pandas.Series or pandas.DataFrame
        Weights, taken as exact.
    moes : array-like, pandas.Series or pandas.DataFrame
        Margins of the estimates, in the same shape.
    by : array-like or pandas.Series, optional
        Group of each row. Rows without a group are in no sum.
    axis : {0, 1}, optional
        For tables: add each column (0) or each row (1).

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        As in `sum`.

    Raises
    ------
    InputError
        As in `sum`.

    Notes
    -----
    Understated: weights that share out the people of a unit are themselves
    estimates, and their error is not in this margin. Say so beside the figure.

    Examples
    --------
    >>> weighted_sum([0.5, 1], [6, 4])
    5.0
    """
    (values, margins), _ = aligned({"weights": weights}, {"moes": moes}, tables=True)
    squares = (values * margins) ** 2
    if by is not None:
        codes, labels = _groups(values, axis, by, weights, moes)
        kept = codes >= 0
        return pd.Series(np.sqrt(np.bincount(codes[kept], squares[kept], len(labels))), index=labels)
    _check_axis(values, axis)
    return _labelled(np.sqrt(squares.sum(axis)), axis, weights, moes)


def difference(moe_a: Numbers, moe_b: Numbers) -> Any:
    """Give the margin of one estimate minus another.

    Parameters
    ----------
    moe_a, moe_b : float, numpy.ndarray or pandas.Series
        Margins of the two.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Margin of the difference.

    Raises
    ------
    InputError
        Lengths or indexes differ, or a margin is negative.

    Notes
    -----
    Where both estimates are 0, the zero rule keeps the larger margin: use `sum`.

    Examples
    --------
    >>> difference(3.0, 4.0)
    5.0
    """
    (a, b), like = aligned({}, {"moe_a": moe_a, "moe_b": moe_b})
    return like(np.hypot(a, b))


def proportion(x: Numbers, moe_x: Numbers, y: Numbers, moe_y: Numbers) -> Any:
    """Give the margin of a share, where the people of `x` are among those of `y`.

    Parameters
    ----------
    x, moe_x : float, numpy.ndarray or pandas.Series
        The part and its margin.
    y, moe_y : float, numpy.ndarray or pandas.Series
        The whole and its margin.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Margin of ``x / y``, as a fraction; missing where `y` is 0.

    Raises
    ------
    InputError
        Lengths or indexes differ, or a margin is negative.

    Notes
    -----
    Where the number under the root is negative the formula of `ratio` is used
    instead; `falls_back` tells where.

    Examples
    --------
    >>> proportion(20, 8, 100, 10)
    0.07745966692414834
    >>> proportion(80, 4, 100, 10) == ratio(80, 4, 100, 10)
    True
    """
    (x_, y_, moe_x_, moe_y_), like = _two(x, moe_x, y, moe_y)
    whole = _divisor(y_)
    product_ = (x_ / whole * moe_y_) ** 2
    under = moe_x_**2 - product_
    return like(np.sqrt(np.where(under < 0, moe_x_**2 + product_, under)) / np.abs(whole))


def falls_back(x: Numbers, moe_x: Numbers, y: Numbers, moe_y: Numbers) -> Any:
    """Tell where `proportion` uses the formula of `ratio`.

    Parameters
    ----------
    x, moe_x : float, numpy.ndarray or pandas.Series
        The part and its margin.
    y, moe_y : float, numpy.ndarray or pandas.Series
        The whole and its margin.

    Returns
    -------
    bool, numpy.ndarray or pandas.Series
        True where it does; False where it does not or there is no margin.

    Raises
    ------
    InputError
        Lengths or indexes differ, or a margin is negative.

    Examples
    --------
    >>> falls_back(80, 4, 100, 10)
    True
    """
    (x_, y_, moe_x_, moe_y_), like = _two(x, moe_x, y, moe_y)
    return like(moe_x_**2 - (x_ / _divisor(y_) * moe_y_) ** 2 < 0)


def ratio(x: Numbers, moe_x: Numbers, y: Numbers, moe_y: Numbers) -> Any:
    """Give the margin of one estimate over another that does not contain it.

    Parameters
    ----------
    x, moe_x : float, numpy.ndarray or pandas.Series
        Numerator and its margin; 0 for a count that is not an estimate, such
        as registered voters.
    y, moe_y : float, numpy.ndarray or pandas.Series
        Denominator and its margin.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Margin of ``x / y``; missing where `y` is 0.

    Raises
    ------
    InputError
        Lengths or indexes differ, or a margin is negative.

    Examples
    --------
    >>> round(ratio(226840, 5556, 203119, 5070), 3)
    0.039
    >>> ratio(60, 0, 100, 10)
    0.06
    """
    (x_, y_, moe_x_, moe_y_), like = _two(x, moe_x, y, moe_y)
    whole = _divisor(y_)
    return like(np.hypot(moe_x_, x_ / whole * moe_y_) / np.abs(whole))


def product(a: Numbers, moe_a: Numbers, b: Numbers, moe_b: Numbers) -> Any:
    """Give the margin of one estimate times another.

    Parameters
    ----------
    a, moe_a : float, numpy.ndarray or pandas.Series
        One estimate and its margin.
    b, moe_b : float, numpy.ndarray or pandas.Series
        The other and its margin.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Margin of ``a * b``.

    Raises
    ------
    InputError
        Lengths or indexes differ, or a margin is negative.

    Examples
    --------
    >>> product(10, 3, 1, 0.4)
    5.0
    """
    (a_, b_, moe_a_, moe_b_), like = aligned({"a": a, "b": b}, {"moe_a": moe_a, "moe_b": moe_b})
    return like(np.hypot(a_ * moe_b_, b_ * moe_a_))


def percent_change(old: Numbers, moe_old: Numbers, new: Numbers, moe_new: Numbers) -> Any:
    """Give the margin of the change from one estimate to another, in per cent.

    Parameters
    ----------
    old, moe_old : float, numpy.ndarray or pandas.Series
        The earlier estimate and its margin.
    new, moe_new : float, numpy.ndarray or pandas.Series
        The later estimate and its margin.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Margin of ``100 * (new - old) / old``; missing where `old` is 0.

    Raises
    ------
    InputError
        Lengths or indexes differ, or a margin is negative.

    Examples
    --------
    >>> round(percent_change(135173, 3860, 139301, 4047), 3)
    4.198
    """
    return 100 * ratio(new, moe_new, old, moe_old)


def _two(x: Numbers, moe_x: Numbers, y: Numbers, moe_y: Numbers) -> Any:
    return aligned({"x": x, "y": y}, {"moe_x": moe_x, "moe_y": moe_y})


def _divisor(y: Array) -> Array:
    """Nothing can be divided by zero; the result is missing."""
    return np.where(y == 0, np.nan, y)


def _known(values: Array, margins: Array) -> Array:
    """Where the estimate is missing its margin says nothing."""
    return np.where(np.isnan(values), np.nan, margins)


def _check_axis(values: Array, axis: int | None) -> None:
    """Ask which way a table is to be added."""
    if values.ndim > 1 and axis not in {0, 1}:
        raise InputError("this is a table: say axis=0 to add each column or axis=1 to add each row.")
    if values.ndim < 2 and axis not in {None, 0}:
        raise InputError(f"axis={axis!r} is for tables; these are {values.ndim}-dimensional.")


def _labelled(result: Array, axis: int | None, *given: Any) -> Any:
    """Name the rows or the columns as the first table that came in does."""
    frame = next((value for value in given if isinstance(value, pd.DataFrame)), None)
    if frame is not None:
        return pd.Series(result, index=frame.index if axis == 1 else frame.columns)
    return float(result) if np.ndim(result) == 0 else result


def _groups(values: Array, axis: int | None, by: Any, *given: Any) -> tuple[Array, pd.Index]:
    """Number the groups; -1 where a row has none."""
    if values.ndim != 1 or axis is not None:
        raise InputError("by= adds one column in groups; give one Series of estimates and one of margins, and no axis.")
    labels = by if isinstance(by, (pd.Series, pd.Index)) else pd.Series(list(by))
    if len(labels) != len(values):
        raise InputError(f"by= names {len(labels):,} groups for {len(values):,} rows; give one a row.")
    if isinstance(by, pd.Series) and any(isinstance(v, pd.Series) and not v.index.equals(by.index) for v in given):
        raise InputError("by= is not on the index of the estimates in one order; use .reindex on it.")
    codes, found = pd.factorize(labels, sort=True)
    return codes, pd.Index(found, name=labels.name)
