"""Bands of share, as data. A band's lower bound is not in it: a majority is more than one half."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.i18n.messages import mark


@dataclass(frozen=True)
class Tier:
    """One band.

    Parameters
    ----------
    above : float
        Shares strictly greater than this belong to the band or to a higher one.
    label : str
        The bounds, in words.
    """

    above: float
    label: str


TIERS: tuple[Tier, ...] = (
    Tier(0.50, mark("more than 50%")),
    Tier(0.40, mark("more than 40%, up to 50%")),
    Tier(0.30, mark("more than 30%, up to 40%")),
    Tier(0.20, mark("more than 20%, up to 30%")),
    Tier(0.10, mark("more than 10%, up to 20%")),
    Tier(-1.0, mark("10% or less")),
)
"""Display bands, highest first. They are shares and nothing else: no band says what a district can elect."""

NO_SHARE = mark("no residents")


def tier_of(share: pd.Series, tiers: tuple[Tier, ...] = TIERS) -> pd.Series:
    """Put shares into bands.

    Parameters
    ----------
    share : pandas.Series
        Fractions; missing where there is nobody to take a share of.
    tiers : tuple of Tier
        Bands, highest first.

    Returns
    -------
    pandas.Series
        Band labels on the same index.

    Examples
    --------
    >>> tier_of(pd.Series([0.5, 0.5000001])).tolist()
    ['more than 40%, up to 50%', 'more than 50%']
    """
    labels = np.select([share > tier.above for tier in tiers], [tier.label for tier in tiers], NO_SHARE)
    return pd.Series(labels, index=share.index, dtype="str")
