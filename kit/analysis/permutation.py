"""What every test by shuffling stands on: owned seeds, fair draws, ranks, and the correction for many tests.

A unit keeps its value and is given the values of other units, drawn at
random, in place of its neighbours' (conditional permutation). One table of
draws serves all units. A unit that its own row draws is replaced by that
row's next draw, which leaves a fair draw of the others; so all units with the
same number of neighbours share one set of sums, and only the rows that drew
the unit itself are worked out again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit.errors import InputError, SchemaError, first_few
from kit.model.adjacency import Adjacency

Floats = NDArray[np.float64]

SEED = 20_260_701
"""Seed of every shuffle and draw unless the caller passes another."""

SIDES = ("one", "two")
_AT_ONCE = 4_000_000
# Sums nearer than this part of the largest possible sum are equal: their terms were added in another order.
_TIE = 1e-11


def generator(rng: int | np.random.Generator) -> tuple[np.random.Generator, int | None]:
    """Take a seed or a generator.

    Parameters
    ----------
    rng : int or numpy.random.Generator
        A seed, 0 or more, or a generator of the caller's.

    Returns
    -------
    generator : numpy.random.Generator
        Where random numbers come from.
    seed : int or None
        The seed, to be printed; None for a generator, whose state cannot be.

    Raises
    ------
    InputError
        It is neither.
    """
    if isinstance(rng, np.random.Generator):
        return rng, None
    if isinstance(rng, bool) or not isinstance(rng, int | np.integer) or rng < 0:
        raise InputError(f"rng={rng!r} is no seed; pass a whole number of 0 or more, or a numpy.random.Generator.")
    return np.random.default_rng(int(rng)), int(rng)


def check_permutations(permutations: int, *, least: int = 1, name: str = "permutations") -> int:
    """Refuse a number of shuffles that is none.

    Parameters
    ----------
    permutations : int
        How many shuffles.
    least : int
        The fewest that make sense.
    name : str
        What the option is called in the message.

    Returns
    -------
    int
        The same number.

    Raises
    ------
    InputError
        It is not a whole number, or too small.
    """
    if isinstance(permutations, bool) or not isinstance(permutations, int | np.integer) or permutations < least:
        raise InputError(f"{name}={permutations!r}; pass a whole number of {least} or more.")
    return int(permutations)


def check_sides(sides: str) -> None:
    """Refuse a way of counting p that is none.

    Parameters
    ----------
    sides : str
        ``"one"`` or ``"two"``.

    Raises
    ------
    InputError
        It is neither.
    """
    if sides not in SIDES:
        raise InputError(f'sides={sides!r}; pass "one" (the nearer tail, as common software does) or "two".')


def align(values: pd.Series, adjacency: Adjacency) -> tuple[pd.Series, Adjacency]:
    """Bring values and neighbours into one order, and leave out units without a value.

    Parameters
    ----------
    values : pandas.Series
        A number for each unit, indexed by GEOID; missing where there is none.
    adjacency : Adjacency
        Neighbours among the same units.

    Returns
    -------
    values : pandas.Series
        Numbers of the units that have one, in the order of `adjacency`.
    adjacency : Adjacency
        Neighbours among those units.

    Raises
    ------
    SchemaError
        Values and neighbours are of different units, or a value is not finite.
    """
    strange = values.index.symmetric_difference(adjacency.ids)
    if len(strange) or len(values) != len(adjacency.ids):
        raise SchemaError(
            f"values and neighbours are of different units: {len(strange):,} stand in one only, first "
            f"{first_few(strange)}. Find the neighbours of the same units: kit.adjacency(units)."
        )
    ordered = values.reindex(adjacency.ids).astype("float64")
    endless = ordered.index[np.isinf(ordered)]
    if len(endless):
        raise SchemaError(f"{len(endless):,} values are not finite, first {first_few(endless)}.")
    known = ordered.notna().to_numpy()
    return (ordered, adjacency) if known.all() else (ordered[known], subset(adjacency, known))


def by_id(adjacency: Adjacency) -> Adjacency:
    """Put units in the order of their ids, so that draws do not depend on the order of a file.

    Parameters
    ----------
    adjacency : Adjacency
        Neighbours.

    Returns
    -------
    Adjacency
        The same neighbours.
    """
    if adjacency.ids.is_monotonic_increasing:
        return adjacency
    order = np.argsort(adjacency.ids.to_numpy(dtype=object), kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    pairs = np.sort(place[adjacency.pairs], axis=1)
    rows = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return replace(
        adjacency,
        ids=adjacency.ids[order],
        pairs=pairs[rows],
        shared=adjacency.shared[rows],
        linked=adjacency.linked[rows],
    )


def subset(adjacency: Adjacency, keep: NDArray[np.bool_]) -> Adjacency:
    """Keep some units and the pairs among them.

    Parameters
    ----------
    adjacency : Adjacency
        Neighbours.
    keep : numpy.ndarray of bool
        Shape (units,): True for the units that stay.

    Returns
    -------
    Adjacency
        In the same order.
    """
    position = np.cumsum(keep) - 1
    stay = keep[adjacency.pairs].all(axis=1)
    return replace(
        adjacency,
        ids=adjacency.ids[keep],
        pairs=position[adjacency.pairs[stay]],
        shared=adjacency.shared[stay],
        linked=adjacency.linked[stay],
    )


def neighbour_sums(values: Floats, adjacency: Adjacency) -> Floats:
    """Add up the values of each unit's neighbours.

    Parameters
    ----------
    values : numpy.ndarray
        Shape (units,).
    adjacency : Adjacency
        Neighbours.

    Returns
    -------
    numpy.ndarray
        Shape (units,); 0 for a unit without neighbours.
    """
    first, second = adjacency.pairs.T
    n = len(adjacency.ids)
    sums = np.bincount(first, values[second], n) + np.bincount(second, values[first], n)
    return np.asarray(sums, dtype="float64")


def distinct_draws(n: int, width: int, rows: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw positions without replacement, many times over.

    Parameters
    ----------
    n : int
        Draw from 0 to n − 1.
    width : int
        How many in each draw, at most `n`.
    rows : int
        How many draws.
    rng : numpy.random.Generator
        Where random numbers come from.

    Returns
    -------
    numpy.ndarray
        Shape (width, rows): a column is one draw, in random order.
    """
    if 2 * width > n or width * width > 300 * n:
        return _by_sorting(n, width, rows, rng)
    table = np.empty((width, rows), dtype=np.int64)
    for place in range(width):
        table[place] = rng.integers(n, size=rows)
        again = np.flatnonzero((table[:place] == table[place]).any(axis=0))
        while len(again):
            table[place, again] = rng.integers(n, size=len(again))
            again = again[(table[:place, again] == table[place, again]).any(axis=0)]
    return table


def _by_sorting(n: int, width: int, rows: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw by sorting random numbers: quicker where a draw takes much of the whole."""
    table = np.empty((width, rows), dtype=np.int64)
    step = max(1, _AT_ONCE // n)
    for start in range(0, rows, step):
        keys = rng.random((min(step, rows - start), n))
        table[:, start : start + step] = np.argsort(keys, axis=1)[:, :width].T
    return table


def neighbour_ranks(
    values: Floats, adjacency: Adjacency, *, permutations: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count how often random neighbours have values as high, and as low, as the true ones.

    Parameters
    ----------
    values : numpy.ndarray
        Shape (units,), none missing.
    adjacency : Adjacency
        Neighbours.
    permutations : int
        How many draws.
    rng : numpy.random.Generator
        Where random numbers come from.

    Returns
    -------
    high : numpy.ndarray
        Shape (units,): number of draws whose sum is at least the sum of the
        true neighbours; `permutations` for a unit without neighbours.
    low : numpy.ndarray
        The same for at most.

    Notes
    -----
    Memory goes with permutations times the largest number of neighbours,
    whatever the number of units.
    """
    n, degrees = len(values), adjacency.degrees.to_numpy()
    high, low = (np.full(n, permutations, dtype=np.int64) for _ in range(2))
    width = int(degrees.max()) if n else 0
    if not width:
        return high, low
    centred = values - values.mean()
    observed = neighbour_sums(centred, adjacency)
    table = distinct_draws(n, width + 1, permutations, rng)
    unit, row, bounds = _self_drawn(table, degrees)
    slack = _TIE * (np.abs(centred).max() or 1.0)
    running = np.zeros(permutations)
    for k in range(1, width + 1):
        running += centred[table[k - 1]]
        members = np.flatnonzero(degrees == k)
        if not len(members):
            continue
        ordered, near = np.sort(running), slack * k
        high[members] = permutations - np.searchsorted(ordered, observed[members] - near, side="left")
        low[members] = np.searchsorted(ordered, observed[members] + near, side="right")
        mine = slice(bounds[k], bounds[k + 1])
        who, where = unit[mine], row[mine]
        before, seen = running[where], observed[who]
        after = before - centred[who] + centred[table[k, where]]
        more = (after >= seen - near).astype(np.int64) - (before >= seen - near)
        less = (after <= seen + near).astype(np.int64) - (before <= seen + near)
        np.add.at(high, who, more)
        np.add.at(low, who, less)
    return high, low


def _self_drawn(
    table: NDArray[np.int64], degrees: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Find the draws in which a unit would be its own neighbour, in order of its number of neighbours."""
    width = len(table) - 1
    found = [np.flatnonzero(degrees[table[place]] > place) for place in range(width)]
    row = np.concatenate(found)
    unit = np.concatenate([table[place, at] for place, at in enumerate(found)])
    order = np.argsort(degrees[unit], kind="stable")
    unit, row = unit[order], row[order]
    return unit, row, np.searchsorted(degrees[unit], np.arange(width + 2))


def p_values(high: Any, low: Any, permutations: int, *, sides: str) -> Floats:
    """Turn counts of draws into p-values.

    Parameters
    ----------
    high, low : numpy.ndarray or int
        Draws at least, and at most, as large as what was seen.
    permutations : int
        How many draws.
    sides : {"one", "two"}
        ``"one"``: (r + 1) / (permutations + 1), where r counts the draws in the
        nearer tail. ``"two"``: twice that, at most 1.

    Returns
    -------
    numpy.ndarray
        Between 1 / (permutations + 1) and 1.

    Raises
    ------
    InputError
        `sides` is neither.
    """
    check_sides(sides)
    nearer = (np.minimum(high, low) + 1.0) / (permutations + 1.0)
    return np.asarray(nearer if sides == "one" else np.minimum(2 * nearer, 1.0), dtype="float64")


def benjamini_hochberg(p: Any) -> Any:
    """Correct p-values of many tests for the share of false findings among those kept.

    Parameters
    ----------
    p : pandas.Series or array-like
        One p-value a test; missing where there was no test.

    Returns
    -------
    pandas.Series or numpy.ndarray
        Corrected p-values, shaped as given: the smallest q at which each test
        would be kept. Missing stays missing and is not counted as a test.

    References
    ----------
    Y. Benjamini and Y. Hochberg (1995), Journal of the Royal Statistical
    Society B 57(1), 289–300.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.03, 0.5]).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    given = np.asarray(p, dtype="float64")
    adjusted = np.full(len(given), np.nan)
    tested = np.flatnonzero(~np.isnan(given))
    order = tested[np.argsort(given[tested], kind="stable")]
    scaled = given[order] * (len(order) / np.arange(1, len(order) + 1))
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return pd.Series(adjusted, index=p.index) if isinstance(p, pd.Series) else adjusted
