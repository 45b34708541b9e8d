"""Draws from PyEI's models of ecological inference: loaded when used, quiet, the same for the same seed."""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from kit.analysis.convergence import Diagnosis, diagnose
from kit.errors import InputError
from kit.i18n.messages import mark

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

MODELS = {
    "king": (
        "king99_pareto_modification",
        mark(
            "King, Rosen and Tanner's beta-binomial model (1999), each group against everybody else, with uniform "
            "priors of the means and Pareto priors (scale 8, shape 2) of the concentrations"
        ),
    ),
    "rxc": (
        "multinomial-dirichlet",
        mark(
            "Rosen, Jiang, King and Tanner's multinomial-Dirichlet model (2001), all groups and candidates at once, "
            "with gamma priors (shape 4, rate 1/2) of the concentrations"
        ),
    ),
}
"""Method → PyEI's name of the model, and the model with its prior in words."""
_PARTS = ("pyei.two_by_two", "pyei.r_by_c")


@dataclass(frozen=True)
class Run:
    """Draws of one model.

    Parameters
    ----------
    shares : numpy.ndarray
        Draws by rows (groups) by columns (candidates): share of the votes of
        all precincts, each weighted by the group's votes.
    diagnosis : Diagnosis
        Whether the chains agree.
    """

    shares: Floats
    diagnosis: Diagnosis


@dataclass(frozen=True)
class Settings:
    """How chains are drawn.

    Parameters
    ----------
    chains, draws, tune : int
        Chains, draws of each that are kept, and steps before them.
    target_accept : float
        Share of steps that the sampler is tuned to accept.
    seed : int
        Of this run.
    """

    chains: int
    draws: int
    tune: int
    target_accept: float
    seed: int


def require_pyei() -> None:
    """Refuse where the optional extra is missing.

    Raises
    ------
    InputError
        PyEI cannot be imported.
    """
    try:
        with quiet():
            for name in _PARTS:
                import_module(name)
    except ImportError as error:
        raise InputError(
            "King's method and RxC need PyEI: pip install 'aapi-redistricting-kit[patterns]'. Bounds and Goodman's "
            "line (kit.polarization) need nothing more."
        ) from error


def king(share: Floats, counts: Counts, votes: Counts, settings: Settings) -> Run:
    """Draw from the model of one group against everybody else, for one candidate.

    Parameters
    ----------
    share : numpy.ndarray
        Share of the group, by precinct.
    counts, votes : numpy.ndarray
        Votes of the candidate and all votes, by precinct.
    settings : Settings
        How chains are drawn.

    Returns
    -------
    Run
        Two rows, the group and everybody else; two columns, the candidate and all others.
    """
    with quiet():
        model = import_module(_PARTS[0]).TwoByTwoEI(MODELS["king"][0])
        # A millionth of a vote more, because products a hair under a whole number would lose a vote.
        model.fit(share, (counts + 1e-6) / votes, votes, draw_samples=False)
        drawn, divergences = _draw(model.sim_model, settings)
    theirs = np.stack([drawn["b_1"] @ _weights(share, votes), drawn["b_2"] @ _weights(1 - share, votes)], axis=-1)
    shares = np.stack([theirs, 1 - theirs], axis=-1)
    return Run(_flat(shares), diagnose({**drawn, "figures": theirs}, divergences))


def rows_by_columns(shares: Floats, counts: Counts, votes: Counts, settings: Settings) -> Run:
    """Draw from the model of all groups and candidates at once.

    Parameters
    ----------
    shares : numpy.ndarray
        Precincts by groups; rows add up to 1.
    counts : numpy.ndarray
        Precincts by candidates; rows add up to `votes`.
    votes : numpy.ndarray
        All votes, by precinct.
    settings : Settings
        How chains are drawn.

    Returns
    -------
    Run
        Groups by candidates.
    """
    with quiet():
        model = import_module(_PARTS[1]).RowByColumnEI(MODELS["rxc"][0])
        model.fit(shares.T, (counts / votes[:, None]).T, votes, draw_samples=False)
        drawn, divergences = _draw(model.sim_model, settings)
    weights = np.stack([_weights(one, votes) for one in shares.T], axis=-1)
    figures = np.einsum("cdprk,pr->cdrk", drawn["b"], weights)
    return Run(_flat(figures), diagnose({**drawn, "figures": figures}, divergences))


def _weights(share: Floats, votes: Counts) -> Floats:
    """Weight precincts by the votes of a group."""
    theirs: Floats = share * votes / float(share @ votes)
    return theirs


def _flat(values: Floats) -> Floats:
    """Put chains one after the other."""
    return values.reshape(-1, *values.shape[2:])


def _draw(model: Any, settings: Settings) -> tuple[dict[str, Floats], int]:
    """Run the chains, with a mass matrix that knows how parameters move together."""
    trace = import_module("pymc.sampling.jax").sample_jax_nuts(
        model=model,
        draws=settings.draws,
        tune=settings.tune,
        chains=settings.chains,
        target_accept=settings.target_accept,
        random_seed=settings.seed,
        nuts_sampler="numpyro",
        nuts_kwargs={"dense_mass": True},
        progressbar=False,
        compute_convergence_checks=False,
    )
    drawn = {
        str(name): np.asarray(values.values, dtype="float64") for name, values in trace["posterior"].data_vars.items()
    }
    return drawn, int(trace["sample_stats"]["diverging"].to_numpy().sum())


@contextmanager
def quiet() -> Iterator[None]:
    """Keep what the peers print, log and warn of to themselves while the block runs.

    Yields
    ------
    None
        The block.
    """
    loggers = [logging.getLogger(name) for name in ("pymc", "pytensor", "jax", "numpyro", "arviz")]
    levels = [logger.level for logger in loggers]
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        for logger in loggers:
            logger.setLevel(logging.CRITICAL)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)
