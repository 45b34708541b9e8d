"""Which estimates, with which margins, make a count: for a district, for all districts, for all the others."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from kit.analysis.margins import Array, numbers
from kit.model.cvap import MOE
from kit.model.frames import Units
from kit.model.margin_sum import margin_of_sum, margins_of_groups
from kit.model.shared_out import SharedOut

# A fraction of a unit below this is the rounding of sums of fractions.
_NOTHING = 1e-9


@dataclass(frozen=True)
class Terms:
    """Published estimates with their margins, and the share of each that lies in each group.

    Parameters
    ----------
    estimate, margin : numpy.ndarray
        One a published estimate, in people.
    unit : numpy.ndarray
        Which estimate, one a pair of estimate and group.
    group : numpy.ndarray
        Which group, from 0 on.
    share : numpy.ndarray
        Fraction of the estimate that is in the group.

    Notes
    -----
    The margin of a sum is the root of the summed (share × margin)², where of
    the terms estimated as zero only the largest counts. Shares are taken as exact.
    """

    estimate: Array
    margin: Array
    unit: Array
    group: Array
    share: Array

    def by_group(self, groups: int) -> Array:
        """Give the margin of the sum in each group.

        Parameters
        ----------
        groups : int
            How many there are.

        Returns
        -------
        numpy.ndarray
            People; 0 for a group without estimates, missing where a margin is.
        """
        values, margins = (column[self.unit] * self.share for column in (self.estimate, self.margin))
        found: Array = margins_of_groups(values, margins, self.group, groups)
        return found

    def whole(self) -> float:
        """Give the margin of the sum over all groups.

        Returns
        -------
        float
            People.
        """
        return self._margin(self._shares(slice(None)))

    def rest(self, groups: int) -> Array:
        """Give, for each group, the margin of the sum over all the others.

        Parameters
        ----------
        groups : int
            How many there are.

        Returns
        -------
        numpy.ndarray
            People; 0 where nothing lies in the others.
        """
        every = self._shares(slice(None))
        order = np.argsort(self.group, kind="stable")
        ends = np.searchsorted(self.group[order], np.arange(groups + 1))
        found = [self._margin(every - self._shares(order[a:b])) for a, b in pairwise(ends)]
        return np.array(found, dtype=float)

    def _shares(self, rows: Array | slice) -> Array:
        """Add up which fraction of each estimate lies in the rows."""
        return np.bincount(self.unit[rows], self.share[rows], len(self.estimate))

    def _margin(self, shares: Array) -> float:
        here = shares > _NOTHING
        part = shares[here]
        return float(margin_of_sum(self.estimate[here] * part, self.margin[here] * part))


def terms_of(units: Units, name: str, codes: Array) -> Terms:
    """Find the estimates behind a count column.

    Parameters
    ----------
    units : Units
        Units with margins of this count, or with estimates shared out to them.
    name : str
        Count column.
    codes : numpy.ndarray
        Number of each unit's group; -1 where it is in none.

    Returns
    -------
    Terms
        One estimate a unit; of counts that were shared out, one a larger unit
        and part of the count.

    Raises
    ------
    InputError
        A margin is negative or a Census code.
    """
    if came_with(units, name):
        return terms_shared_out(units.shared_out, name, units.frame.index, codes)
    here = np.flatnonzero(codes >= 0)
    estimate = units.frame[name].to_numpy(dtype=float, na_value=np.nan)[here]
    margin = numbers(units.frame[f"{name}{MOE}"], f"{name}{MOE}", margin=True)[here]
    margin = np.where(np.isnan(estimate), np.nan, margin)
    return Terms(estimate, margin, np.arange(len(here)), codes[here], np.ones(len(here)))


def came_with(units: Units, name: str) -> bool:
    """Tell whether a count was shared out from estimates that have margins.

    Parameters
    ----------
    units : Units
        Units.
    name : str
        Count column.

    Returns
    -------
    bool
        False also where the column was changed since.
    """
    origin = units.shared_out
    known = origin is not None and name in units.frame.columns and origin.has_margins(name)
    return bool(known and origin is not None and origin.explains(name, units.frame[name]))


def terms_shared_out(origin: SharedOut | None, name: str, index: pd.Index, codes: Array) -> Terms:
    """Find the estimates of larger units behind a count that was shared out.

    Parameters
    ----------
    origin : SharedOut
        What the units remember.
    name : str
        Count column.
    index : pandas.Index
        GEOIDs of the smaller units.
    codes : numpy.ndarray
        Number of each one's group; -1 where it is in none.

    Returns
    -------
    Terms
        One estimate a larger unit and part of the count.

    Raises
    ------
    InputError
        A margin is negative or a Census code.
    """
    if origin is None:
        nothing, none = np.empty(0), np.empty(0, dtype=int)
        return Terms(nothing, nothing, none, none, nothing)
    at, coarse = origin.positions(index), origin.coarse
    shares = origin.shares if origin.shares.index.equals(index) else origin.shares.reindex(index)
    pairs, estimates, margins = [], [], []
    for number, part in enumerate(origin.parts_of(name)):
        share = shares[part].to_numpy(dtype=float)
        here = (at >= 0) & (codes >= 0) & (share > 0)
        table = pd.DataFrame({"unit": at[here] + number * len(coarse), "group": codes[here], "share": share[here]})
        pairs.append(table.groupby(["unit", "group"], sort=True, as_index=False)["share"].sum())
        estimates.append(coarse[part].to_numpy(dtype=float))
        margins.append(numbers(coarse[f"{part}{MOE}"], f"{part}{MOE}", margin=True))
    found = pd.concat(pairs, ignore_index=True)
    estimate, margin = np.concatenate(estimates), np.concatenate(margins)
    margin = np.where(np.isnan(estimate), np.nan, margin)
    unit, group, part_share = (found[column].to_numpy() for column in ("unit", "group", "share"))
    return Terms(estimate, margin, unit, group, part_share)
