"""The margin of error of a sum, with the zero rule: the one place that has it."""

from __future__ import annotations

from typing import Any

import numpy as np


def margin_of_sum(estimates: Any, margins: Any, axis: int | None = -1) -> Any:
    """Compute the 90 per cent margin of error of sums along an axis.

    Parameters
    ----------
    estimates, margins : array-like
        Terms of each sum and their margins, in people.
    axis : int, optional
        Along which the terms stand; None adds all of them.

    Returns
    -------
    numpy.ndarray
        Square root of the summed squares, where of the terms estimated as
        zero only the largest margin counts; missing where a margin is.

    Examples
    --------
    >>> float(margin_of_sum([0, 0, 0, 41], [22, 22, 29, 37]).round(4))
    47.0106
    """
    zero, squares = np.asarray(estimates, dtype=float) == 0, np.asarray(margins, dtype=float) ** 2
    known = np.where(zero, 0.0, squares).sum(axis=axis)
    largest = np.where(zero, squares, 0.0).max(axis=axis, initial=0.0)
    return np.sqrt(known + largest)


def margins_of_groups(estimates: Any, margins: Any, codes: Any, groups: int) -> Any:
    """Compute the margin of error of sums in groups.

    Parameters
    ----------
    estimates, margins : numpy.ndarray
        Terms and their margins, in people.
    codes : numpy.ndarray
        Number of each term's group; -1 where it is in no sum.
    groups : int
        How many groups there are.

    Returns
    -------
    numpy.ndarray
        As `margin_of_sum`, one for each group; 0 for a group without terms.

    Examples
    --------
    >>> import numpy as np
    >>> margins_of_groups(np.array([1, 1, 0]), np.array([3, 4, 9]), np.array([0, 0, 1]), 3).tolist()
    [5.0, 9.0, 0.0]
    """
    kept = codes >= 0
    codes, zero, squares = codes[kept], (estimates == 0)[kept], margins[kept] ** 2.0
    known = np.bincount(codes, np.where(zero, 0.0, squares), groups)
    largest = np.zeros(groups)
    with np.errstate(invalid="ignore"):  # NaN is passed on, as wanted
        np.maximum.at(largest, codes, np.where(zero, squares, 0.0))
    return np.sqrt(known + largest)
