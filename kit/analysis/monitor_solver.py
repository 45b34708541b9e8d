"""A small whole-number programme: who stands where, so that the largest needs are covered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from kit.errors import InputError
from kit.progress import meter

_SLACK = 1e-6


@dataclass(frozen=True)
class Choice:
    """What is to be chosen.

    Parameters
    ----------
    need : numpy.ndarray
        People by place and language, 0 or more.
    speaks : numpy.ndarray of bool
        Which monitor speaks which language.
    shifts : numpy.ndarray of int
        How many places each monitor can watch.
    reach : numpy.ndarray of bool
        Which monitor may be sent to which place.
    km : numpy.ndarray
        How far that is.
    most : int
        At most so many monitors at a place.
    """

    need: Any
    speaks: Any
    shifts: Any
    reach: Any
    km: Any
    most: int


def covered(choice: Choice, chosen: Any) -> float:
    """Add up the needs that a choice covers.

    Parameters
    ----------
    choice : Choice
        What was to be chosen.
    chosen : numpy.ndarray of bool
        Which monitor stands at which place.

    Returns
    -------
    float
        People.
    """
    met = (chosen.astype(int).T @ choice.speaks.astype(int)) > 0
    return float(choice.need[met].sum())


def best_choice(choice: Choice) -> Any:
    """Choose who stands where.

    Parameters
    ----------
    choice : Choice
        Needs, languages, shifts and reach.

    Returns
    -------
    numpy.ndarray of bool
        Monitors by place.

    Raises
    ------
    InputError
        The solver came to no end.

    Notes
    -----
    Four programmes, one after the other: the largest need that can be
    covered; the fewest shifts that cover it; of those the shortest way; and
    of those the monitors and places that come first.
    """
    size = choice.reach.shape
    # A pair is worth a look only where somebody in reach speaks what is needed.
    pairs = np.argwhere(choice.reach & (choice.speaks.astype(float) @ choice.need.T > 0) & (choice.shifts > 0)[:, None])
    chosen = np.zeros(size, dtype=bool)
    if not len(pairs):
        return chosen
    needs = np.argwhere(choice.need > 0)
    limits = _limits(choice, pairs, needs)
    number, people = len(pairs), choice.need[needs[:, 0], needs[:, 1]]
    nothing, no_pair = np.zeros(len(needs)), np.zeros(number)
    # Scaled, so that the solver's tolerance is a small part of the need whatever its size.
    worth = np.concatenate([no_pair, people / people.max()])
    shifts = np.concatenate([np.ones(number), nothing])
    way = np.concatenate([choice.km[pairs[:, 0], pairs[:, 1]], nothing])
    order = np.concatenate([(1.0 + pairs[:, 0]) * size[1] + pairs[:, 1], nothing])
    order /= max(order.max(), 1.0)
    found = None
    costs = [cost for cost in (-worth, shifts, way, order) if cost.any()]
    with meter("Giving out shifts", len(costs)) as told:
        for cost in costs:
            found = _solved(cost, limits)
            limits.append((cost[np.newaxis, :], -np.inf, float(cost @ found) + _SLACK))
            told.advance(1)
    picked = np.asarray(found)[:number] > 0.5
    chosen[pairs[picked, 0], pairs[picked, 1]] = True
    return chosen


def _limits(choice: Choice, pairs: Any, needs: Any) -> list[tuple[Any, float, Any]]:
    """Write the limits: shifts of each monitor, monitors at each place, and no need covered by nobody."""
    from scipy.sparse import csr_array, hstack, vstack

    number, wanted = len(pairs), len(needs)
    ones, at = np.ones(number), np.arange(number)
    monitors = csr_array((ones, (pairs[:, 0], at)), shape=(choice.reach.shape[0], number + wanted))
    places = csr_array((ones, (pairs[:, 1], at)), shape=(choice.reach.shape[1], number + wanted))
    same = needs[:, 0][:, np.newaxis] == pairs[:, 1][np.newaxis, :]
    able = choice.speaks[pairs[:, 0]][:, needs[:, 1]].T
    row, column = np.nonzero(same & able)
    helpers = csr_array((-np.ones(len(row)), (row, column)), shape=(wanted, number))
    own = csr_array((np.ones(wanted), (np.arange(wanted), np.arange(wanted))), shape=(wanted, wanted))
    matrix = vstack([monitors, places, hstack([helpers, own])])
    upper = np.concatenate([choice.shifts, np.full(choice.reach.shape[1], choice.most), np.zeros(wanted)])
    return [(matrix, -np.inf, upper)]


def _solved(cost: Any, limits: list[tuple[Any, float, Any]]) -> Any:
    """Solve one programme."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    made = milp(
        cost,
        integrality=np.ones(len(cost)),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(*one) for one in limits],
        options={"mip_rel_gap": 0.0},
    )
    if made.x is None:
        raise InputError(f"no plan of shifts was found ({made.message}). Plan fewer places with first=.")
    return np.round(made.x)
