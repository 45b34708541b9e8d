"""Whom a group preferred in one contest, and how sure that is: by the bounds, by a model, or by a line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.analysis.ecological import EcologicalEstimate
from kit.analysis.ecological_runs import OTHERS
from kit.analysis.polarization import Polarization
from kit.analysis.polarization_words import NOT
from kit.errors import InputError, first_few

_SAME = 1e-9


@dataclass(frozen=True)
class Preference:
    """Whom a group preferred.

    Parameters
    ----------
    candidate : str or None
        Who has the largest share of its votes; None where no figure says so.
    probability : float
        That this is so: 1 by the bounds; at least this by a line; by the draws of a model.
    basis : {"bounds", "model", "line", "none"}
        What says so.
    """

    candidate: str | None
    probability: float
    basis: str


def preference(result: Polarization | EcologicalEstimate, who: str) -> Preference:
    """Find whom a group preferred: for certain where bounds do not overlap, else as the figures say.

    Parameters
    ----------
    result : Polarization or EcologicalEstimate
        Of one contest, with every candidate.
    who : str
        The group, or ``"not <group>"``.

    Returns
    -------
    Preference
        The candidate, and the probability.

    Notes
    -----
    By Goodman's line A has more than B with a probability of at least
    T((a − b) / (SE(a) + SE(b))), with the t distribution of the line: the error of
    a difference is at most the sum of the errors, and equals it where two
    candidates share all votes. Of several, what may speak for the others is taken
    off. This takes for granted that the line holds.
    """
    rows = result.frame.loc[who].drop(index=OTHERS, errors="ignore")
    if len(rows) < 2:
        return Preference(None, np.nan, "none")
    for candidate, row in rows.iterrows():
        if row["low"] > rows.drop(index=candidate)["high"].max() + _SAME:
            return Preference(str(candidate), 1.0, "bounds")
    if isinstance(result, EcologicalEstimate):
        told = result.preferred.loc[who] if who in result.preferred.index else None
        if told is None or pd.isna(told["probability"]):
            return Preference(None, np.nan, "none")
        return Preference(str(told["candidate"]), float(told["probability"]), "model")
    return _by_line(rows, result.precincts - 2)


def _by_line(rows: pd.DataFrame, freedom: int) -> Preference:
    """Compare the ends of lines."""
    from scipy.stats import t

    line = rows["goodman"].astype("float64")
    if line.isna().any():
        return Preference(None, np.nan, "none")
    best = line.idxmax()
    others = rows.drop(index=best)
    gap = (line[best] - others["goodman"]).to_numpy(dtype="float64")
    error = (rows.loc[best, "goodman_se"] + others["goodman_se"]).to_numpy(dtype="float64")
    # Errors and gaps that are only the computer's own are none.
    score = np.divide(gap, error, out=np.where(gap > _SAME, np.inf, 0.0), where=~(error < _SAME))
    doubt = float(t.sf(score, max(freedom, 1)).sum())
    if np.isnan(doubt):
        return Preference(None, np.nan, "none")
    return Preference(str(best), max(0.0, 1 - doubt), "line")


def differ(
    result: Polarization | EcologicalEstimate, group: str, mine: Preference, rest: Preference
) -> tuple[float, float]:
    """Limit the probability that a group and everybody else preferred different candidates.

    Parameters
    ----------
    result : Polarization or EcologicalEstimate
        Of one contest.
    group : str
        The group.
    mine, rest : Preference
        Of the group and of everybody else.

    Returns
    -------
    tuple of float
        At least and at most: both the same from the draws of a model, otherwise
        what both probabilities leave open; missing where one is not known.
    """
    if mine.candidate is None or rest.candidate is None:
        return np.nan, np.nan
    if "model" in {mine.basis, rest.basis} and isinstance(result, EcologicalEstimate):
        found = float(result.preferred.loc[group, "differs"])
        if not np.isnan(found):
            return found, found
    sure = max(0.0, mine.probability + rest.probability - 1)
    return (sure, 1.0) if mine.candidate != rest.candidate else (0.0, 1 - sure)


def figure_columns(result: Polarization | EcologicalEstimate) -> tuple[str, str]:
    """Name the columns of a result that hold its figure, and what is wrong with it.

    Parameters
    ----------
    result : Polarization or EcologicalEstimate
        Of one contest.

    Returns
    -------
    tuple of str
        Such as ``("estimate", "refused")``.
    """
    return ("estimate", "refused") if isinstance(result, EcologicalEstimate) else ("goodman", "impossible")


def require_group(result: Polarization | EcologicalEstimate, group: str, contest: str) -> None:
    """Refuse figures that lack a group, or everybody else.

    Parameters
    ----------
    result : Polarization or EcologicalEstimate
        Of one contest.
    group : str
        The group.
    contest : str
        Contest id, for the message.

    Raises
    ------
    InputError
        There are none.
    """
    known = result.frame.index.unique("group")
    missing = [name for name in (group, f"{NOT}{group}") if name not in known]
    if missing:
        raise InputError(
            f"the figures of {contest!r} have no {first_few(missing)}; they have {first_few(known)}. Estimate "
            "every contest with the group under the same name."
        )
