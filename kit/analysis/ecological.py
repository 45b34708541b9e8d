"""How groups voted, by King's method or rows by columns: figures with their bounds, refused where chains disagree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis import ecological_words as words
from kit.analysis.ecological_runs import Figures, by_columns, by_king
from kit.analysis.ecological_sampler import MODELS, Counts, Floats, Run, Settings, require_pyei
from kit.analysis.permutation import generator
from kit.analysis.polarization import SHARES_OF, WIDE, bounds, checked, require_names
from kit.analysis.polarization_words import NOT
from kit.errors import InputError, first_few
from kit.i18n.messages import joined, say
from kit.model.shared import Shared
from kit.model.source import Source

CHAINS = 4
"""The fewest chains from which agreement can be told."""
TUNE = 1000
"""Steps of each chain before those that are kept."""
USUAL = {"king": (5000, 0.99), "rxc": (3000, 0.8)}
"""Method → draws of each chain, and the share of steps that the sampler is tuned to accept."""
SEED = 20_260_701
"""Seed where none is given."""


@dataclass(frozen=True)
class EcologicalEstimate:
    """How each group may have voted, by a model, beside what is certain.

    Parameters
    ----------
    frame : pandas.DataFrame
        Indexed by ``group`` and ``candidate``: ``estimate`` (mean of the draws, a
        share of the group's votes), ``low_95`` and ``high_95`` (95% of the draws lie
        between), ``low``, ``high`` and ``width`` (bounds that hold whatever the
        voters did), ``model_driven`` (the bounds are wider than one half) and
        ``refused`` (why no figure is given; empty where one is). Refused figures are missing.
    differences : pandas.DataFrame
        Indexed by ``group`` and ``candidate``: ``difference`` between the group and
        everybody else (shares), ``low_95``, ``high_95`` and ``probability`` (that
        the group's share is the larger one).
    preferred : pandas.DataFrame
        Indexed by ``group``: ``candidate`` whom most of its votes went to, its
        ``probability``, and ``differs`` (probability that everybody else preferred
        another candidate). Missing where a figure was refused.
    diagnostics : pandas.DataFrame
        Indexed by ``run``: ``r_hat`` (largest), ``worst`` (its parameter), ``ess_bulk``
        and ``ess_tail`` (smallest), ``divergences`` and ``passed``.
    method : {"king", "rxc"}
        Which model.
    chains, draws, tune : int
        Chains, draws of each that were kept, and steps before them.
    target_accept : float
        Share of steps that the sampler was tuned to accept.
    seed : int or None
        Seed; None where the caller gave a generator.
    precincts : int
        How many precincts were used.
    votes : float
        Votes in them.
    of : str
        What the groups' shares are shares of.
    sources : tuple of Source
        Where the returns came from.
    notes : tuple of str
        What a reader must know; the model, its prior and the diagnostics among it.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor
    differences: pd.DataFrame = Shared()  # noqa: RUF009
    preferred: pd.DataFrame = Shared()  # noqa: RUF009
    diagnostics: pd.DataFrame = Shared()  # noqa: RUF009
    method: str = "king"
    chains: int = CHAINS
    draws: int = 0
    tune: int = TUNE
    target_accept: float = 0.0
    seed: int | None = SEED
    precincts: int = 0
    votes: float = 0.0
    of: str = "voters"
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    def summary(self) -> str:
        """Say each figure with its bounds, or why it was refused, then the notes.

        Returns
        -------
        str
            One sentence a group and candidate, then the notes.
        """
        said = [words.told(group, candidate, row) for (group, candidate), row in self.frame.iterrows()]
        return joined([*said, *self.notes])


def ecological_inference(
    precincts: pd.DataFrame,
    *,
    groups: Mapping[str, str],
    candidates: Mapping[str, str],
    votes: str,
    of: str,
    method: str = "king",
    chains: int = CHAINS,
    draws: int | None = None,
    tune: int = TUNE,
    target_accept: float | None = None,
    rng: int | np.random.Generator = SEED,
    sources: tuple[Source, ...] = (),
) -> EcologicalEstimate:
    """Estimate how groups voted by King's method or rows by columns, through PyEI.

    Parameters
    ----------
    precincts : pandas.DataFrame
        One row a precinct.
    groups : mapping of str to str
        Name of a group, and the column with its share of the people that `of` names (0 to 1).
    candidates : mapping of str to str
        Name of a candidate, and the column with the share of the votes (0 to 1).
    votes : str
        Column with the number of votes cast in the contest, whole numbers.
    of : {"voters", "registered", "cvap", "vap"}
        What the groups' shares are shares of.
    method : {"king", "rxc"}
        One group against everybody else, candidate by candidate; or all groups
        and candidates at once, whose shares then must not overlap.
    chains : int, default 4
        At least 4.
    draws : int, optional
        Draws of each chain that are kept; 5,000 or, of rows by columns, 3,000.
    tune : int, default 1000
        Steps of each chain before them.
    target_accept : float, optional
        Share of steps that the sampler is tuned to accept: 0.99 or, of rows by
        columns, 0.8; nearer to 1 where chains diverge.
    rng : int or numpy.random.Generator
        Seed. The same seed gives the same figures on the same machine.
    sources : tuple of Source, optional
        Where the returns came from.

    Returns
    -------
    EcologicalEstimate
        Figures beside their bounds, with diagnostics.

    Raises
    ------
    InputError
        PyEI is not installed, a setting cannot be used, or the precincts are not
        as `kit.polarization` takes them.

    Notes
    -----
    A figure is refused, and missing, where the largest R-hat of the run is not
    under 1.01, where it has not more than 400 effective draws in the middle or in
    the tails, where a step diverged, or where the figure lies outside the bounds
    that the returns set. Precincts are weighted by the group's votes, as in the bounds.

    References
    ----------
    King, Rosen and Tanner (1999), Sociological Methods and Research 28:61–90.
    Rosen, Jiang, King and Tanner (2001), Statistica Neerlandica 55:134–156.
    Knudson, Schoenbach and Becker (2021), PyEI, Journal of Open Source Software 6(64):3397.
    """
    if method not in tuple(MODELS):
        raise InputError(f"method={method!r}: one of {', '.join(MODELS)}.")
    draws = USUAL[method][0] if draws is None else draws
    target_accept = USUAL[method][1] if target_accept is None else target_accept
    _settings(of=of, chains=chains, draws=draws, tune=tune, target=target_accept)
    random, seed = generator(rng)
    require_names(groups=groups, candidates=candidates)
    used = checked(precincts, [*groups.values(), *candidates.values()], votes)
    weight = _whole(used, votes)
    require_pyei()
    seeds = (Settings(chains, draws, tune, target_accept, int(random.integers(2**31))) for _ in iter(int, 1))
    if method == "king":
        figures, shares, parts = by_king(used, groups, candidates, weight, seeds)
    else:
        figures, shares, parts = by_columns(used, groups, candidates, weight, seeds)
    frame = _frame(figures, shares, parts, weight)
    given: dict[str, Any] = {
        "method": method,
        "chains": chains,
        "draws": draws,
        "tune": tune,
        "target_accept": target_accept,
    }
    diagnostics = _diagnostics(figures.runs)
    return EcologicalEstimate(
        frame=frame,
        differences=_differences(figures, frame, list(groups), list(candidates)),
        preferred=_preferred(figures, frame, list(groups), list(candidates)),
        diagnostics=diagnostics,
        seed=seed,
        precincts=len(used),
        votes=float(weight.sum()),
        of=of,
        sources=tuple(sources),
        notes=tuple(
            words.notes_of(
                frame,
                diagnostics,
                left_out=len(precincts) - len(used),
                model=MODELS[method][1],
                settings={**given, "seed": seed},
                groups=len(groups),
                candidates=len(candidates),
                mirrored=method == "king" and len(figures.runs) < len(groups) * len(candidates),
                of=of,
            )
        ),
        **given,
    )


def _settings(*, of: str, chains: int, draws: int, tune: int, target: float) -> None:
    """Refuse settings that are none."""
    if of not in tuple(SHARES_OF):
        raise InputError(f"of={of!r}: say what the groups are shares of, one of {', '.join(SHARES_OF)}.")
    for name, value in (("chains", chains), ("draws", draws), ("tune", tune)):
        if isinstance(value, bool) or not isinstance(value, int):
            raise InputError(f"{name}={value!r}: a whole number.")
    if chains < CHAINS:
        raise InputError(f"chains={chains!r}: at least {CHAINS}, so that it can be told whether they agree.")
    for name, value in (("draws", draws), ("tune", tune)):
        if value < 10:
            raise InputError(f"{name}={value!r}: at least 10; a figure that is not refused takes thousands.")
    if not isinstance(target, int | float) or not 0.5 <= target < 1:
        raise InputError(f"target_accept={target!r}: a share from 0.5 up to, and without, 1.")


def _whole(used: pd.DataFrame, votes: str) -> Counts:
    """Take votes as whole numbers."""
    values = used[votes].to_numpy(dtype="float64")
    odd = used.index[np.abs(values - np.rint(values)) > 1e-6]
    if len(odd):
        raise InputError(
            f"{votes!r} must be whole numbers of votes for a model that counts them; {len(odd):,} are not, first "
            f"{first_few(list(map(str, odd)))}."
        )
    whole: Counts = np.rint(values).astype("int64")
    return whole


def _frame(figures: Figures, shares: Mapping[str, Floats], parts: Mapping[str, Floats], weight: Counts) -> pd.DataFrame:
    """Put figures beside their bounds, and refuse those that cannot stand."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    votes = weight.astype("float64")
    for group, x in shares.items():
        for candidate, t in parts.items():
            key = (group, candidate)
            low, high = bounds(x, t, votes)
            estimate, ends = _told_of(figures.draws[key])
            reason = figures.runs[figures.run_of[key]].diagnosis.reason
            if not reason and not low <= estimate <= high:
                reason = say("the model's figure lies outside the bounds that the returns set")
            if reason:
                estimate, ends = np.nan, (np.nan, np.nan)
            rows[key] = {
                "estimate": estimate,
                "low_95": ends[0],
                "high_95": ends[1],
                "low": low,
                "high": high,
                "width": high - low,
                "model_driven": high - low > WIDE,
                "refused": reason,
            }
    frame = pd.DataFrame.from_dict(rows, orient="index")
    frame["refused"] = pd.Series([row["refused"] for row in rows.values()], index=frame.index, dtype="object")
    frame.index = pd.MultiIndex.from_tuples(rows, names=["group", "candidate"])
    return frame


def _told_of(draws: Floats) -> tuple[float, tuple[float, float]]:
    """Give the mean of draws, and the ends of the middle 95%."""
    low, high = np.quantile(draws, [0.025, 0.975])
    return float(draws.mean()), (float(low), float(high))


def _differences(figures: Figures, frame: pd.DataFrame, groups: list[str], candidates: list[str]) -> pd.DataFrame:
    """Set each group against everybody else."""
    rows = {}
    for group in groups:
        for candidate in candidates:
            key = (group, candidate)
            gap = figures.draws[key] - figures.rest[key]
            middle, ends = _told_of(gap)
            refused = bool(frame.loc[[key], "refused"].iloc[0])
            told = [middle, *ends, float((gap > 0).mean())]
            rows[key] = [np.nan] * 4 if refused else told
    made = pd.DataFrame.from_dict(rows, orient="index", columns=["difference", "low_95", "high_95", "probability"])
    made.index = pd.MultiIndex.from_tuples(rows, names=["group", "candidate"])
    return made


def _preferred(figures: Figures, frame: pd.DataFrame, groups: list[str], candidates: list[str]) -> pd.DataFrame:
    """Find whom most votes of each group went to, and how often in the draws."""
    rows: dict[str, list[Any]] = {}
    for group in [name for name in frame.index.unique("group") if name in groups or name.startswith(NOT)]:
        mine = np.column_stack([figures.draws[group, one] for one in candidates]).argmax(axis=1)
        rest = np.column_stack([figures.rest[group, one] for one in candidates]).argmax(axis=1)
        times = np.bincount(mine, minlength=len(candidates)) / len(mine)
        best = int(times.argmax())
        refused = len(candidates) < 2 or frame.loc[group, "refused"].astype(bool).any()
        told: list[Any] = [candidates[best], float(times[best]), float((mine != rest).mean())]
        rows[group] = [None, np.nan, np.nan] if refused else told
    made = pd.DataFrame.from_dict(rows, orient="index", columns=["candidate", "probability", "differs"])
    return made.rename_axis("group")


def _diagnostics(runs: Mapping[str, Run]) -> pd.DataFrame:
    """List what the chains of each run say of themselves."""
    rows = {
        name: [
            run.diagnosis.r_hat,
            run.diagnosis.worst,
            run.diagnosis.ess_bulk,
            run.diagnosis.ess_tail,
            run.diagnosis.divergences,
            not run.diagnosis.reason,
        ]
        for name, run in runs.items()
    }
    names = ["r_hat", "worst", "ess_bulk", "ess_tail", "divergences", "passed"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=names).rename_axis("run")
