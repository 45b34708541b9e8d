"""A figure for each unit: local Moran, and Getis–Ord G, by numpy alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit.analysis.permutation import (
    SEED,
    Floats,
    align,
    by_id,
    check_permutations,
    check_sides,
    generator,
    neighbour_ranks,
    neighbour_sums,
    p_values,
)
from kit.i18n.messages import Message, mark, say, term
from kit.model.adjacency import Adjacency
from kit.model.shared import Shared

ONE_SIDED = mark(
    "p is one-sided: the share of shuffles in the nearer tail, (r + 1) / (shuffles + 1), as common software gives it; "
    "a two-sided p is twice as large."
)
TWO_SIDED = mark(
    "p is two-sided: twice the share of shuffles in the nearer tail, 2 (r + 1) / (shuffles + 1), at most 1."
)
UNDEFINED = mark("All units have the same value, so nothing can be said of who lives near whom.")
FLAT = 1e-12


@dataclass(frozen=True)
class LocalStatistics:
    """A figure for each unit: whether it is, with its neighbours, out of the ordinary.

    Parameters
    ----------
    frame : pandas.DataFrame
        Indexed by GEOID: ``value``, ``neighbours`` (number), ``lag`` (mean of
        the neighbours' values), ``statistic``, ``z``, ``p`` and ``code``,
        where the unit stands before any test (``HH``, ``LL``, ``HL``, ``LH``
        for Moran; ``H``, ``L`` for Getis–Ord; empty where nothing can be said).
        Missing for units without a value or without neighbours.
    kind : str
        ``"moran"``, ``"gi"`` (self included) or ``"g"``.
    permutations : int
        Random draws for each unit.
    seed : int or None
        Their seed; None where the caller gave a generator.
    sides : str
        ``"one"`` or ``"two"``.
    notes : tuple of str
        What a reader must know.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor, not a default
    kind: str = "moran"
    permutations: int = 0
    seed: int | None = None
    sides: str = "two"
    notes: tuple[str, ...] = ()


def local_moran(
    values: pd.Series,
    adjacency: Adjacency,
    *,
    permutations: int = 9999,
    rng: int | np.random.Generator = SEED,
    sides: str = "two",
) -> LocalStatistics:
    """Compute local Moran's I of each unit.

    Parameters
    ----------
    values : pandas.Series
        A number for each unit, indexed by GEOID, such as a share. Units
        without a value are left out, with their pairs.
    adjacency : Adjacency
        Neighbours among the same units; each neighbour weighs 1 over their number.
    permutations : int
        Random draws of neighbours for each unit.
    rng : int or numpy.random.Generator
        Seed, or a generator of the caller's.
    sides : {"one", "two"}
        How p is counted; see `kit.analysis.permutation.p_values`.

    Returns
    -------
    LocalStatistics
        ``statistic`` is Iᵢ = (zᵢ / m₂) Σⱼ wᵢⱼ zⱼ with m₂ = Σ z² / n; ``z`` is its
        distance from what random neighbours give, by their exact mean and
        variance; ``p`` comes from the draws.

    Raises
    ------
    InputError
        The number of draws, the seed or `sides` is none.
    SchemaError
        Values and neighbours are of different units.

    Notes
    -----
    Software that divides by n − 1 in place of n gives Iᵢ smaller by the factor
    (n − 1) / n; p and z do not change. A unit without neighbours counts in the
    mean and in the draws, and gets no figure itself.
    """
    return _local("moran", values, adjacency, permutations=permutations, rng=rng, sides=sides)


def getis_ord(
    values: pd.Series,
    adjacency: Adjacency,
    *,
    star: bool = True,
    permutations: int = 9999,
    rng: int | np.random.Generator = SEED,
    sides: str = "two",
) -> LocalStatistics:
    """Compute the Getis–Ord statistic of each unit.

    Parameters
    ----------
    values : pandas.Series
        A number for each unit, indexed by GEOID, such as a share. Units
        without a value are left out, with their pairs.
    adjacency : Adjacency
        Neighbours among the same units, each of weight 1.
    star : bool
        True for Gᵢ*, which counts the unit among its own neighbours; False for Gᵢ.
    permutations : int
        Random draws of neighbours for each unit.
    rng : int or numpy.random.Generator
        Seed, or a generator of the caller's.
    sides : {"one", "two"}
        How p is counted; see `kit.analysis.permutation.p_values`.

    Returns
    -------
    LocalStatistics
        ``statistic`` and ``z`` are both the z-score of the formula; ``p``
        comes from the draws, in which the unit keeps its own value. ``code``
        is empty where z and the draws point to different sides.

    Raises
    ------
    InputError
        The number of draws, the seed or `sides` is none.
    SchemaError
        Values and neighbours are of different units.

    Notes
    -----
    Gᵢ* = (Σ wᵢⱼ xⱼ − x̄ Σ wᵢⱼ) / (S √[(n Σ wᵢⱼ² − (Σ wᵢⱼ)²) / (n − 1)]) with
    S² = Σ x² / n − x̄². It does not change when a row of weights is multiplied
    by a number, so row-standardised weights give the same scores; software
    whose scores differ puts Σ wᵢⱼ in the place of Σ wᵢⱼ². For Gᵢ the sums,
    x̄, S and n leave the unit itself out.
    """
    return _local("gi" if star else "g", values, adjacency, permutations=permutations, rng=rng, sides=sides)


def notes(sides: str, permutations: int, seed: int | None) -> tuple[Message, ...]:
    """Write how p was found.

    Parameters
    ----------
    sides : str
        ``"one"`` or ``"two"``.
    permutations : int
        Shuffles or draws.
    seed : int or None
        Their seed.

    Returns
    -------
    tuple of str
        Two sentences.
    """
    start = (
        mark("{number:,} shuffles, from a random generator the caller passed.")
        if seed is None
        else mark("{number:,} shuffles, from seed {seed}.")
    )
    return say(start, number=permutations, seed=seed), term(ONE_SIDED if sides == "one" else TWO_SIDED)


def _local(
    kind: str,
    values: pd.Series,
    adjacency: Adjacency,
    *,
    permutations: int,
    rng: int | np.random.Generator,
    sides: str,
) -> LocalStatistics:
    """Compute either statistic; both rank the same sums of neighbours."""
    check_permutations(permutations)
    random, seed = generator(rng)
    check_sides(sides)
    known, pairs = align(values, by_id(adjacency))
    x, degrees = known.to_numpy(), pairs.degrees.to_numpy()
    frame = pd.DataFrame({"value": known, "neighbours": degrees}, index=known.index)
    told: tuple[str, ...] = notes(sides, permutations, seed)
    if why := undefined(x, pairs):
        frame = frame.assign(lag=np.nan, statistic=np.nan, z=np.nan, p=np.nan, code="")
        told = (why,)
    else:
        met = degrees > 0
        sums = neighbour_sums(x, pairs)
        frame["lag"] = _over(sums, degrees)
        with np.errstate(divide="ignore", invalid="ignore"):
            statistic, z = _moran_scores(x, sums, degrees) if kind == "moran" else _g_scores(x, sums, degrees, kind)
        high, low = neighbour_ranks(x, pairs, permutations=permutations, rng=random)
        frame["statistic"], frame["z"] = np.where(met, statistic, np.nan), np.where(met, z, np.nan)
        frame["p"] = np.where(met, p_values(high, low, permutations, sides=sides), np.nan)
        frame["code"] = np.where(met, _codes(kind, frame, high, low), "")
    frame = frame.reindex(adjacency.ids)
    frame["neighbours"] = frame["neighbours"].astype("Int64")
    frame["code"] = frame["code"].fillna("").astype("str")
    return LocalStatistics(frame, kind, permutations, seed, sides, told)


def undefined(x: Floats, adjacency: Adjacency) -> str:
    """Say why nothing can be computed.

    Parameters
    ----------
    x : numpy.ndarray
        Values of the units that have one.
    adjacency : Adjacency
        Neighbours among them.

    Returns
    -------
    str
        A sentence; empty where all is well.
    """
    if not len(x):
        return say("No unit has a value.")
    if np.ptp(x) <= FLAT * max(1.0, float(np.abs(x).max())):
        return term(UNDEFINED)
    if len(adjacency):
        return ""
    return say("No two of these units are neighbours, so nothing can be said of who lives near whom.")


def _over(sums: Floats, degrees: Floats) -> Floats:
    mean: Floats = np.divide(sums, degrees, out=np.full(len(sums), np.nan), where=degrees > 0)
    return mean


def _moran_scores(x: Floats, sums: Floats, degrees: Floats) -> tuple[Floats, Floats]:
    """Local Moran, and its distance from random neighbours by their exact moments."""
    n, z = len(x), x - x.mean()
    m2 = z @ z / n
    lag = _over(sums, degrees) - x.mean()
    others = n - 1
    mean = -z / others
    spread = (n * m2 - z**2) / others - mean**2
    variance = spread / degrees * (others - degrees) / (others - 1) if others > 1 else np.full(n, np.nan)
    fixed = variance <= FLAT * m2
    score = np.sign(z) * (lag - mean) / np.sqrt(np.where(fixed, np.nan, variance))
    return z / m2 * lag, score


def _g_scores(x: Floats, sums: Floats, degrees: Floats, kind: str) -> tuple[Floats, Floats]:
    """Getis–Ord z-scores, with the unit itself in all sums or in none."""
    star = kind == "gi"
    n = len(x) - (not star)
    own = x if star else 0.0
    rest = 0.0 if star else x
    mean = (x.sum() - rest) / n
    spread = (x @ x - rest**2) / n - mean**2
    spread = np.where(spread <= FLAT * (x @ x) / n, np.nan, spread)
    weight = degrees + star
    room = weight * (n - weight) / (n - 1) if n > 1 else np.full(len(x), np.nan)
    score = (sums + own - mean * weight) / np.sqrt(spread * np.where(room > 0, room, np.nan))
    return score, score


def _codes(kind: str, frame: pd.DataFrame, high: NDArray[np.int64], low: NDArray[np.int64]) -> NDArray[np.object_]:
    """Tell where each unit stands, before any test."""
    if kind == "moran":
        mean = frame["value"].mean()
        own, around = (np.where(frame[name] > mean, "H", "L") for name in ("value", "lag"))
        return np.strings.add(own, around).astype(object)
    up, down = (frame["z"] > 0) & (high < low), (frame["z"] < 0) & (low < high)
    return np.where(up, "H", np.where(down, "L", "")).astype(object)
