"""Margins of a district set against the jurisdiction that it is a part of."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kit.analysis.margins import Array

COLUMNS = ("difference", "location_quotient", "share_of_group")
"""Figures that set a district against the whole."""


def part_margins(part: pd.DataFrame, rest: pd.DataFrame) -> pd.DataFrame:
    """Give the margins of figures that set parts against the whole.

    Parameters
    ----------
    part : pandas.DataFrame
        Districts by ``count``, ``count_moe`` and, where known, ``base`` and
        ``base_moe``, in people. The people of ``count`` are among those of ``base``.
    rest : pandas.DataFrame
        The same of all other districts together, on the same index.

    Returns
    -------
    pandas.DataFrame
        On the same index: ``share_of_group_moe``, and with bases also
        ``difference_moe`` and ``location_quotient_moe``, all of 90 per cent.
        Missing where the figure or a margin is missing.

    Notes
    -----
    The whole is the district and the rest, so the two terms of each figure are
    not independent; the district and the rest, being different areas, are. Let
    X and T be group and base of the whole, with d those of the district and
    with r those of the rest, and s = X ÷ T. Then, to first order, the margin is
    the root of the sum over d and r of ::

        a² M(Xᵢ)² + b² M(Tᵢ)² + 2 a b cᵢ M(Tᵢ)²

    where a and b say how the figure moves with Xᵢ and Tᵢ:

    ========================  ==================  ====================  ======  ======
    figure                    a of d              b of d                a of r  b of r
    ========================  ==================  ====================  ======  ======
    δ, share of d minus s     1 ÷ T_d − 1 ÷ T     s ÷ T − s_d ÷ T_d     −1 ÷ T  s ÷ T
    λ, share of d over s      (1 − g) T ÷ T_d X   λ (1 ÷ T − 1 ÷ T_d)   −λ ÷ X  λ ÷ T
    g, X_d over X             (1 − g) ÷ X         0                     −g ÷ X  0
    ========================  ==================  ====================  ======  ======

    and c is the covariance that the formula for a proportion rests on: sᵢ, or
    0 where M(Xᵢ) < sᵢ M(Tᵢ), where that formula gives way to the one for ratios.

    The formula for a proportion is not used for g itself: it holds where the
    error of a part grows with that of the whole, while here the error of one
    district says nothing of the others'. In a plan of one district every
    margin is 0.

    Examples
    --------
    >>> part = pd.DataFrame({"count": [30.0], "count_moe": [10.0], "base": [100.0], "base_moe": [0.0]})
    >>> rest = pd.DataFrame({"count": [30.0], "count_moe": [24.0], "base": [300.0], "base_moe": [0.0]})
    >>> part_margins(part, rest).round(4).iloc[0].to_dict()
    {'share_of_group_moe': 0.2167, 'difference_moe': 0.096, 'location_quotient_moe': 0.8667}
    """
    x_d, x_r = (table["count"].to_numpy(dtype=float) for table in (part, rest))
    x = _divisor(x_d + x_r)
    g = x_d / x
    margins = [table["count_moe"].to_numpy(dtype=float) for table in (part, rest)]
    made = {"share_of_group_moe": np.hypot((1 - g) / x * margins[0], g / x * margins[1])}
    if "base_moe" in part.columns:
        t_d, t_r = (table["base"].to_numpy(dtype=float) for table in (part, rest))
        t, own = _divisor(t_d + t_r), _divisor(t_d)
        s, s_d = (x_d + x_r) / t, x_d / own
        quotient = s_d / _divisor(s)
        steps = {
            "difference_moe": ((1 / own - 1 / t, s / t - s_d / own), (-1 / t, s / t)),
            "location_quotient_moe": (
                ((1 - g) * t / own / x, quotient * (1 / t - 1 / own)),
                (-quotient / x, quotient / t),
            ),
        }
        for name, (of_part, of_rest) in steps.items():
            made[name] = np.sqrt(_squares(part, *of_part) + _squares(rest, *of_rest))
    return pd.DataFrame(made, index=part.index)


def _squares(area: pd.DataFrame, a: Array, b: Array) -> Array:
    """Give what one area adds to the square of a margin, when the figure moves by a and b with group and base."""
    x, m, t, n = (area[name].to_numpy(dtype=float) for name in ("count", "count_moe", "base", "base_moe"))
    share = np.divide(x, t, out=np.zeros_like(x), where=t != 0)
    within = np.where(m**2 >= (share * n) ** 2, share, 0.0)
    return np.asarray((a * m) ** 2 + b * (b + 2 * a * within) * n**2).clip(0.0)


def _divisor(value: Array) -> Array:
    """Nothing can be divided by zero; the result is missing."""
    return np.where(value == 0, np.nan, value)
