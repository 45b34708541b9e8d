"""Indices of how unevenly groups live over units, from plain counts: dissimilarity, isolation, interaction, Theil."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit.errors import SchemaError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Theil:
    """Theil's information indices of several groups over units.

    Parameters
    ----------
    m : float
        M, the mutual information of group and unit, in nats; 0 where every
        unit has the same mix.
    h : float
        H = M / E, from 0 (every unit alike) to 1 (no unit is mixed); missing
        where only one group lives in the area.
    entropy : float
        E, the entropy of the groups in the whole area, in nats.
    between, within : float
        Where units were given to larger areas: the parts of M between those
        areas and within them; else missing. H divides by the same E.
    """

    m: float
    h: float
    entropy: float
    between: float = float("nan")
    within: float = float("nan")


def dissimilarity(a: Any, b: Any) -> float:
    """Compute the index of dissimilarity of two groups.

    Parameters
    ----------
    a, b : array-like
        People of each group, by unit, in the same order.

    Returns
    -------
    float
        ½ Σ |aᵢ / A − bᵢ / B|: from 0 (spread alike) to 1 (nowhere together);
        missing where either group has nobody.

    Raises
    ------
    SchemaError
        Counts are missing or negative, or lengths differ.

    Examples
    --------
    >>> round(dissimilarity([100, 60, 40, 0], [0, 40, 60, 100]), 12)
    0.6
    """
    first, second = _counts(a, b)
    if not first.sum() or not second.sum():
        return float("nan")
    return float(np.abs(first / first.sum() - second / second.sum()).sum() / 2)


def isolation(a: Any, total: Any) -> float:
    """Compute the isolation of a group, xPx.

    Parameters
    ----------
    a : array-like
        People of the group, by unit.
    total : array-like
        Everyone, by unit, in the same order.

    Returns
    -------
    float
        Σ (aᵢ / A)(aᵢ / tᵢ): the group's share where its average member lives;
        missing where the group has nobody.

    Raises
    ------
    SchemaError
        Counts are missing or negative, or lengths differ.

    Examples
    --------
    >>> isolation([50, 0], [100, 100])
    0.5
    """
    return interaction(a, a, total)


def interaction(a: Any, b: Any, total: Any) -> float:
    """Compute the interaction of a group with another, xPy.

    Parameters
    ----------
    a, b : array-like
        People of each group, by unit.
    total : array-like
        Everyone, by unit, in the same order.

    Returns
    -------
    float
        Σ (aᵢ / A)(bᵢ / tᵢ): the other group's share where the average member
        of the first lives; missing where the first has nobody.

    Raises
    ------
    SchemaError
        Counts are missing or negative, lengths differ, or a group lives where
        nobody is counted.

    Examples
    --------
    >>> interaction([50, 0], [25, 100], [100, 100])
    0.25
    """
    first, second, everyone = _counts(a, b, total)
    if ((everyone == 0) & ((first > 0) | (second > 0))).any():
        raise SchemaError("a group has people in a unit that has nobody; counts must be of one universe.")
    if not first.sum():
        return float("nan")
    share = np.divide(second, everyone, out=np.zeros(len(second)), where=everyone > 0)
    return float((first / first.sum() * share).sum())


def theil(table: Any, *, by: Any = None) -> Theil:
    """Compute Theil's M and H of several groups over units.

    Parameters
    ----------
    table : pandas.DataFrame or array-like
        Units by groups, people. Groups must not overlap.
    by : array-like, optional
        The larger area of each unit, such as its district; M is then also
        divided into the parts between and within those areas.

    Returns
    -------
    Theil
        M and E in nats, and H = M / E.

    Raises
    ------
    SchemaError
        Counts are missing or negative, or the table is not units by groups.

    Examples
    --------
    >>> apart = theil([[10, 0], [0, 10]])
    >>> round(apart.m, 6), apart.h
    (0.693147, 1.0)
    """
    counts = np.asarray(table, dtype="float64")
    if counts.ndim != 2:
        raise SchemaError("Theil's indices need a table of units by groups, with a column for each group.")
    _counts(*counts.T)
    entropy, m = _information(counts)
    h = m / entropy if entropy > 0 else float("nan")
    if by is None:
        return Theil(m, h, entropy)
    labels = pd.Series(by)
    if len(labels) != len(counts) or labels.isna().any():
        raise SchemaError(f"{len(counts):,} units need as many larger areas, none missing; {len(labels):,} were given.")
    between = _information(pd.DataFrame(counts).groupby(labels.to_numpy()).sum().to_numpy())[1]
    return Theil(m, h, entropy, between, m - between)


def _counts(*columns: Any) -> list[Floats]:
    """Take counts as numbers, or say what is wrong with them."""
    arrays = [np.asarray(values, dtype="float64").ravel() for values in columns]
    if len({len(values) for values in arrays}) > 1:
        lengths = " and ".join(f"{len(values):,}" for values in arrays)
        raise SchemaError(f"counts of groups need one number a unit each; these have {lengths}.")
    for values in arrays:
        if np.isnan(values).any() or (values < 0).any():
            raise SchemaError("counts of people must be 0 or more, and none missing. Missing is not zero.")
    return arrays


def _information(counts: Floats) -> tuple[float, float]:
    """Entropy of the groups, and their mutual information with the units, in nats."""
    whole = counts.sum()
    if not whole:
        return float("nan"), float("nan")
    if (counts.sum(axis=0) > 0).sum() == 1:
        return 0.0, 0.0
    p = counts / whole
    by_unit, by_group = p.sum(axis=1, keepdims=True), p.sum(axis=0, keepdims=True)
    lives = p > 0
    m = (p[lives] * np.log(p[lives] / (by_unit * by_group)[lives])).sum()
    shares = by_group[by_group > 0]
    return float(max(-(shares * np.log(shares)).sum(), 0.0)), float(max(m, 0.0))
