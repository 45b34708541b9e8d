"""Whether like lives near like: global Moran's I; with it, the local statistics of `kit.analysis.local_statistics`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.analysis.local_statistics import FLAT, LocalStatistics, getis_ord, local_moran, notes, undefined
from kit.analysis.permutation import SEED, Floats, align, by_id, check_permutations, check_sides, generator, p_values
from kit.i18n.messages import each, joined, mark, say
from kit.model.adjacency import Adjacency
from kit.progress import meter

__all__ = ["LocalStatistics", "Moran", "getis_ord", "local_moran", "moran"]

_AT_ONCE = 2_000_000
_USUAL = 0.05


_ALIKE = {
    "more": mark(
        "Moran's I is {statistic:.3f}, where values dealt out at random would give {expected:.4f} on average "
        "({score}): neighbouring units are more alike than chance makes them."
    ),
    "less": mark(
        "Moran's I is {statistic:.3f}, where values dealt out at random would give {expected:.4f} on average "
        "({score}): neighbouring units are less alike than chance makes them."
    ),
    "no more": mark(
        "Moran's I is {statistic:.3f}, where values dealt out at random would give {expected:.4f} on average "
        "({score}): neighbouring units are no more alike or unlike than chance makes them."
    ),
}


@dataclass(frozen=True)
class Moran:
    """One figure for the whole area: whether neighbours have like values.

    Parameters
    ----------
    statistic : float
        Moran's I with row-standardised weights; missing where all values are
        the same or no two units touch.
    expected : float
        What I would be on average if values were dealt out at random: −1 / (units − 1).
    z : float
        How many standard deviations I lies from that, by the exact moments
        under shuffling.
    p : float
        From `permutations` shuffles.
    units, alone : int
        Units with a value, and those of them without neighbours.
    permutations : int
        Shuffles.
    seed : int or None
        Seed of the shuffles; None where the caller gave a generator.
    sides : str
        ``"one"`` or ``"two"``.
    notes : tuple of str
        What a reader must know.
    """

    statistic: float
    expected: float
    z: float
    p: float
    units: int
    alone: int
    permutations: int
    seed: int | None
    sides: str
    notes: tuple[str, ...] = ()

    def summary(self) -> str:
        """Say in a plain sentence what the figure shows.

        Returns
        -------
        str
            The figure, what chance would give, and p.
        """
        if np.isnan(self.statistic):
            return joined([say("Moran's I cannot be given."), *each(self.notes)])
        way = "no more" if self.p > _USUAL else "more" if self.statistic > self.expected else "less"
        score = say("p = {p:.4g}", p=self.p)
        if not np.isnan(self.z):
            score = say("z = {z:.1f}, p = {p:.4g}", z=self.z, p=self.p)
        return say(_ALIKE[way], statistic=self.statistic, expected=self.expected, score=score)


def moran(
    values: pd.Series,
    adjacency: Adjacency,
    *,
    permutations: int = 999,
    rng: int | np.random.Generator = SEED,
    sides: str = "two",
) -> Moran:
    """Compute global Moran's I.

    Parameters
    ----------
    values : pandas.Series
        A number for each unit, indexed by GEOID, such as a share. Units
        without a value are left out, with their pairs.
    adjacency : Adjacency
        Neighbours among the same units; each neighbour weighs 1 over their number.
    permutations : int
        How often all values are shuffled over all units.
    rng : int or numpy.random.Generator
        Seed, or a generator of the caller's.
    sides : {"one", "two"}
        How p is counted; see `kit.analysis.permutation.p_values`.

    Returns
    -------
    Moran
        The statistic, its expectation, z and p.

    Raises
    ------
    InputError
        The number of shuffles, the seed or `sides` is none.
    SchemaError
        Values and neighbours are of different units.

    Notes
    -----
    I = (n / S₀) Σᵢ zᵢ Σⱼ wᵢⱼ zⱼ / Σ zᵢ², where z are differences from the mean
    and S₀ is the sum of the weights. Its variance is the one under shuffling.
    """
    check_permutations(permutations)
    random, seed = generator(rng)
    check_sides(sides)
    known, pairs = align(values, by_id(adjacency))
    x, n = known.to_numpy(), len(known)
    alone = int((pairs.degrees == 0).sum())
    missing = float("nan")
    expected = -1 / (n - 1) if n > 1 else missing
    if why := undefined(x, pairs):
        return Moran(missing, expected, missing, missing, n, alone, permutations, seed, sides, (why,))
    z = x - x.mean()
    weights = pairs.matrix(row_standardised=True)
    scale = n / weights.sum() / (z @ z)
    found = float(scale * (z @ (weights @ z)))
    high = low = 0
    step = max(1, _AT_ONCE // n)
    with meter("Shuffling values", permutations) as bar:
        for start in range(0, permutations, step):
            rows = min(step, permutations - start)
            shuffled = random.permuted(np.broadcast_to(z, (rows, n)), axis=1)
            drawn = scale * (shuffled * (weights @ shuffled.T).T).sum(axis=1)
            high += int((drawn >= found - FLAT).sum())
            low += int((drawn <= found + FLAT).sum())
            bar.advance(rows)
    p = float(p_values(high, low, permutations, sides=sides))
    variance = _variance(z, weights, expected) if n > 3 else missing
    score = (found - expected) / np.sqrt(variance) if variance > FLAT else missing
    return Moran(
        found, expected, float(score), p, n, alone, permutations, seed, sides, notes(sides, permutations, seed)
    )


def _variance(z: Floats, weights: object, expected: float) -> float:
    """Variance of global I under shuffling, by its exact moments."""
    n = len(z)
    both = weights + weights.T  # type: ignore[attr-defined]
    s0 = weights.sum()  # type: ignore[attr-defined]
    s1 = both.multiply(both).sum() / 2
    s2 = (both.sum(axis=1) ** 2).sum()
    kurtosis = (z**4).mean() / (z**2).mean() ** 2
    first = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
    second = kurtosis * ((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
    return float((first - second) / ((n - 1) * (n - 2) * (n - 3) * s0**2) - expected**2)
