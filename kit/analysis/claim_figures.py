"""The figure behind a claim, and whether it passes a threshold or another figure."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

COUNTED, SAMPLED, UNKNOWN, SMALL, MISSING = "counted", "sampled", "without a margin", "too small", "missing"
"""Counts without sampling error; estimates with a margin; estimates without one; too few people; no share at all."""


@dataclass(frozen=True)
class Figure:
    """One share, and how far it may be off.

    Parameters
    ----------
    label : str
        District; empty for the whole area.
    count, base : fractions.Fraction
        People of the group and of the base, exactly as summed.
    low, high : fractions.Fraction
        What the share can be when units cut by a line, and people in no
        district, are counted either way; or the ends of a bracket.
    moe_low, moe_high : float
        Margins at 90 per cent of the two ends; 0 where nothing was sampled.
    kind : str
        ``counted``, ``sampled``, ``without a margin``, ``too small`` or ``missing``.
    partly : bool
        Whether the district goes on beyond the units.
    bracket : tuple of float, or None
        The two ends, for display, where the group can only be bracketed.
    """

    label: str
    count: Fraction = Fraction(0)
    base: Fraction = Fraction(0)
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(1)
    moe_low: float = 0.0
    moe_high: float = 0.0
    kind: str = MISSING
    partly: bool = False
    bracket: tuple[float, float] | None = None

    @property
    def exact(self) -> Fraction:
        """Give the share as it was placed.

        Returns
        -------
        fractions.Fraction
            Count over base.
        """
        return self.count / self.base if self.base else Fraction(0)

    @property
    def share(self) -> float:
        """Give the share for display.

        Returns
        -------
        float
            Count over base.
        """
        return float(self.exact)

    @property
    def open(self) -> bool:
        """Tell whether placing leaves the share open.

        Returns
        -------
        bool
            True where the ends differ and are no bracket.
        """
        return self.bracket is None and self.low < self.high and self.kind != MISSING

    @property
    def testable(self) -> bool:
        """Tell whether the share can be tested.

        Returns
        -------
        bool
            False where it is missing or has no margin.
        """
        return self.kind in {COUNTED, SAMPLED}


def exactly(number: Any) -> Fraction:
    """Take a sum exactly as it is, without the limits of numpy's whole numbers.

    Parameters
    ----------
    number : int, float or numpy number
        A sum of people.

    Returns
    -------
    fractions.Fraction
        Exact; products of a fraction made of a numpy number would overflow.
    """
    return Fraction(number.item() if isinstance(number, np.generic) else number)


def tau_of(number: Any) -> Fraction:
    """Read a threshold as the decimal it is written as.

    Parameters
    ----------
    number : float
        Such as 0.1, which is taken as one tenth.

    Returns
    -------
    fractions.Fraction
        Exact.
    """
    return Fraction(str(number))


def passes(figure: Figure, tau: Fraction, *, least: bool = False) -> bool | None:
    """Tell whether a share is testably more than a threshold.

    Parameters
    ----------
    figure : Figure
        The share.
    tau : fractions.Fraction
        The threshold.
    least : bool, default False
        Whether being equal will do.

    Returns
    -------
    bool or None
        None where it cannot be told.
    """
    if not figure.testable:
        return None
    over, under = figure.low - tau, tau - figure.high
    if (over > 0 or (least and over == 0)) and (not figure.moe_low or float(over) > figure.moe_low):
        return True
    if (under > 0 or (not least and under == 0)) and (not figure.moe_high or float(under) > figure.moe_high):
        return False
    return None


def exceeds(one: Figure, two: Figure) -> bool | None:
    """Tell whether one share is testably more than another.

    Parameters
    ----------
    one, two : Figure
        Shares of two areas that have nobody in common.

    Returns
    -------
    bool or None
        None where it cannot be told; False where it is testably not more.
    """
    if not (one.testable and two.testable):
        return None
    over, under = one.low - two.high, two.low - one.high
    error = float(np.hypot(one.moe_low, two.moe_high))
    if over > 0 and (not error or float(over) > error):
        return True
    error = float(np.hypot(one.moe_high, two.moe_low))
    if under >= 0 and (not error or float(under) > error):
        return False
    return None
