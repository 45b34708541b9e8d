"""Whether chains of draws agree: R-hat and effective sample sizes, and what they must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kit.i18n.messages import Message, joined, say

Floats = npt.NDArray[np.float64]

R_HAT = 1.01
"""R-hat must lie under this."""
LEAST_DRAWS = 400
"""Effective draws must be more than this many, in the middle and in the tails."""


@dataclass(frozen=True)
class Diagnosis:
    """What the chains of one run say of themselves, at their worst parameter.

    Parameters
    ----------
    r_hat : float
        Largest R-hat of all parameters and figures.
    worst : str
        The parameter with the largest R-hat.
    ess_bulk, ess_tail : float
        Smallest effective number of draws, in the middle and in the tails.
    divergences : int
        Steps at which the sampler lost the track.
    """

    r_hat: float
    worst: str
    ess_bulk: float
    ess_tail: float
    divergences: int

    @property
    def reason(self) -> str:
        """Why the figures are refused.

        Returns
        -------
        str
            Empty where nothing speaks against them.
        """
        told: list[Message] = []
        if not self.r_hat < R_HAT:
            told.append(say("the chains do not agree (R-hat {found:.3f}, must be under {limit})", found=self.r_hat,
                            limit=R_HAT))  # fmt: skip
        least = min(self.ess_bulk, self.ess_tail)
        if not least > LEAST_DRAWS:
            told.append(say("too few effective draws ({found:,.0f}, must be more than {limit:,})", found=least,
                            limit=LEAST_DRAWS))  # fmt: skip
        if self.divergences:
            told.append(say("the sampler diverged {count:,} times (must be 0)", count=self.divergences))
        return joined(told, say("; ")) if told else ""


def diagnose(draws: Mapping[str, Floats], divergences: int) -> Diagnosis:
    """Find the worst R-hat and the fewest effective draws.

    Parameters
    ----------
    draws : mapping of str to numpy.ndarray
        Parameter → its draws, chains by draws by whatever shape it has.
    divergences : int
        Counted by the sampler.

    Returns
    -------
    Diagnosis
        Of all parameters together.
    """
    r_hat, worst, bulk, tail = -np.inf, "", np.inf, np.inf
    for name, values in draws.items():
        flat = values.reshape(*values.shape[:2], -1)
        for at in range(flat.shape[2]):
            one = flat[:, :, at]
            found = rank_r_hat(one)
            if np.isnan(found) or found > r_hat:
                r_hat, worst = (np.inf if np.isnan(found) else found), name
            bulk, tail = min(bulk, ess_bulk(one)), min(tail, ess_tail(one))
    return Diagnosis(float(r_hat), worst, float(bulk), float(tail), int(divergences))


def rank_r_hat(draws: Floats) -> float:
    """Compare the spread between and within chains, by ranks and by distance from the middle.

    Parameters
    ----------
    draws : numpy.ndarray
        Chains by draws.

    Returns
    -------
    float
        The larger of the two; 1 where chains agree, missing where they do not move.

    References
    ----------
    Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021), Bayesian Analysis 16:667–718.
    """
    halves = _halves(draws)
    folded = np.abs(halves - np.median(halves))
    return max(_r_hat(_normal_scores(halves)), _r_hat(_normal_scores(folded)))


def ess_bulk(draws: Floats) -> float:
    """Count effective draws in the middle of the distribution.

    Parameters
    ----------
    draws : numpy.ndarray
        Chains by draws.

    Returns
    -------
    float
        Draws that, if independent, would say as much; 0 where the chains do not move.
    """
    return _ess(_normal_scores(_halves(draws)))


def ess_tail(draws: Floats) -> float:
    """Count effective draws at the ends of the distribution.

    Parameters
    ----------
    draws : numpy.ndarray
        Chains by draws.

    Returns
    -------
    float
        The smaller of those at 5% and at 95%.
    """
    halves = _halves(draws)
    return min(_ess((halves <= np.quantile(halves, end)).astype("float64")) for end in (0.05, 0.95))


def _halves(draws: Floats) -> Floats:
    """Split each chain in two, so that a chain that wanders disagrees with itself."""
    half = draws.shape[1] // 2
    return np.concatenate([draws[:, :half], draws[:, draws.shape[1] - half :]])


def _normal_scores(draws: Floats) -> Floats:
    """Replace draws by the normal scores of their ranks."""
    from scipy.special import ndtri
    from scipy.stats import rankdata

    ranks = rankdata(draws, method="average", axis=None).reshape(draws.shape)
    scores: Floats = ndtri((ranks - 0.375) / (draws.size + 0.25))
    return scores


def _r_hat(draws: Floats) -> float:
    """Compare the variance of all chains with the variance within them."""
    length = draws.shape[1]
    if length < 2:
        return float("nan")
    within = float(draws.var(axis=1, ddof=1).mean())
    between = float(draws.mean(axis=1).var(ddof=1))
    if within <= 0:
        return float("nan")
    return float(np.sqrt((length - 1) / length + between / within))


def _ess(draws: Floats) -> float:
    """Count effective draws from the autocorrelation within chains (Geyer's monotone sequence)."""
    chains, length = draws.shape
    if length < 4:
        return 0.0
    centred = draws - draws.mean(axis=1, keepdims=True)
    spectrum = np.fft.rfft(centred, n=2 * length, axis=1)
    covariance = np.fft.irfft(np.abs(spectrum) ** 2, axis=1)[:, :length].mean(axis=0) / length
    within = covariance[0] * length / (length - 1)
    total = covariance[0] + float(draws.mean(axis=1).var(ddof=1))
    if total <= 0 or within <= 0:
        return 0.0
    correlation = 1 - (within - covariance) / total
    correlation[0] = 1
    even = correlation[: length - length % 2].reshape(-1, 2).sum(axis=1)
    last = int(np.argmax(even <= 0)) if (even <= 0).any() else len(even)
    time = 2 * float(np.minimum.accumulate(even[:last]).sum()) - 1
    count = chains * length
    return float(min(count / max(time, 1e-9), count * np.log10(count)))
