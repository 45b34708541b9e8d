"""How groups voted, from precincts: first what is certain, then what a line through the precincts says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import is_numeric_dtype as is_numeric

from kit.analysis.polarization_words import NOT, SHARES_OF, notes_of, overlap_notes, told
from kit.errors import InputError, first_few
from kit.i18n.messages import joined
from kit.model.shared import Shared
from kit.model.source import Source

__all__ = ["FEWEST", "HOMOGENEOUS", "SHARES_OF", "WIDE", "Floats", "Polarization", "bounds", "checked", "goodman"]
__all__ += ["polarization", "require_names"]

Floats = npt.NDArray[np.float64]

HOMOGENEOUS = 0.9
"""Share from which on a precinct counts as one group's."""
FEWEST = 5
"""Homogeneous precincts under this number give no figure."""
WIDE = 0.5
"""Bounds wider than this leave the figure to the model."""


@dataclass(frozen=True)
class Polarization:
    """How each group may have voted, candidate by candidate.

    Parameters
    ----------
    frame : pandas.DataFrame
        Indexed by ``group`` and ``candidate``; for each group also the row
        ``not <group>``. ``low`` and ``high`` (bounds that hold whatever the voters
        did, as shares of the group's votes), ``width``, ``precincts`` and
        ``precinct_votes`` (homogeneous precincts and the votes in them),
        ``homogeneous`` (share there; missing under 5 precincts), ``goodman`` and
        ``goodman_se``, ``weighted`` and ``weighted_se`` (the same line with precincts
        weighted by votes), ``r2``, ``impossible`` (a line's figure lies outside 0
        to 1) and ``model_driven`` (the bounds are wider than one half).
    precincts : int
        How many precincts were used.
    votes : float
        Votes in them.
    of : str
        What the groups' shares are shares of: one of `SHARES_OF`.
    sources : tuple of Source
        Where the returns came from.
    notes : tuple of str
        What a reader must know.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor
    precincts: int = 0
    votes: float = 0.0
    of: str = "voters"
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    def summary(self) -> str:
        """Say what is certain of each group, then what the line says, never without its bounds.

        Returns
        -------
        str
            One sentence a group and candidate, then the notes.
        """
        said = [told(group, candidate, row) for (group, candidate), row in self.frame.iterrows()]
        return joined([*said, *self.notes])


def polarization(
    precincts: pd.DataFrame,
    *,
    groups: Mapping[str, str],
    candidates: Mapping[str, str],
    votes: str,
    of: str,
    homogeneous: float = HOMOGENEOUS,
    sources: tuple[Source, ...] = (),
) -> Polarization:
    """Bound how groups voted, and fit Goodman's line, from precinct returns.

    Parameters
    ----------
    precincts : pandas.DataFrame
        One row a precinct.
    groups : mapping of str to str
        Name of a group, and the column with its share of the people that `of` names (0 to 1).
    candidates : mapping of str to str
        Name of a candidate, and the column with the share of the votes (0 to 1).
    votes : str
        Column with the number of votes cast in the contest.
    of : {"voters", "registered", "cvap", "vap"}
        What the groups' shares are shares of.
    homogeneous : float, default 0.9
        Share from which on a precinct counts as one group's.
    sources : tuple of Source, optional
        Where the returns came from.

    Returns
    -------
    Polarization
        Bounds, homogeneous precincts and Goodman's line by group and candidate.

    Raises
    ------
    InputError
        Columns are missing, shares lie outside 0 to 1, votes are missing or
        negative, or fewer than three precincts have votes.

    Notes
    -----
    In precinct i with group share X and candidate share T, the share of the
    group's votes lies between max(0, (T − (1 − X)) / X) and min(1, T / X)
    (Duncan and Davis 1953); sums are weighted by X times the votes. Goodman's
    line is T = a + bX; the group's figure is a + b and that of the others a.
    Neither is clipped: a figure outside 0 to 1 shows that the line does not fit.
    These are shares of votes cast, not of people. Where shares are not shares of
    voters, turnout that differs between groups moves every figure.

    References
    ----------
    Duncan and Davis (1953), American Sociological Review 18:665–666.
    Goodman (1953), American Sociological Review 18:663–664.
    """
    require_names(groups=groups, candidates=candidates)
    if of not in tuple(SHARES_OF):
        raise InputError(f"of={of!r}: say what the groups are shares of, one of {', '.join(SHARES_OF)}.")
    if not isinstance(homogeneous, int | float) or not 0.5 < homogeneous <= 1:
        raise InputError(f"homogeneous={homogeneous!r}: a share above one half, up to 1.")
    used = checked(precincts, [*groups.values(), *candidates.values()], votes)
    weight = used[votes].to_numpy(dtype="float64")
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for group, column in groups.items():
        x = used[column].to_numpy(dtype="float64")
        if not (x > 0).any():
            raise InputError(f"no precinct has people of {group!r}; column {column!r} is 0 everywhere.")
        for candidate, named in candidates.items():
            t = used[named].to_numpy(dtype="float64")
            line, weighted = _line(x, t, np.ones_like(weight)), _line(x, t, weight)
            for name, mine, ends in (
                (group, x, (line.of_group, weighted.of_group)),
                (f"not {group}", 1 - x, (line.of_rest, weighted.of_rest)),
            ):
                sure = _certain(mine, t, weight, homogeneous)
                rows[name, candidate] = {**sure, **_fitted(*ends), "r2": line.r2, "model_driven": sure["width"] > WIDE}
    frame = pd.DataFrame.from_dict(rows, orient="index")
    frame.index = pd.MultiIndex.from_tuples(rows, names=["group", "candidate"])
    return Polarization(
        frame=frame,
        precincts=len(used),
        votes=float(weight.sum()),
        of=of,
        sources=tuple(sources),
        notes=(
            *notes_of(precincts, used, frame, groups=len(groups), of=of),
            *overlap_notes(used, groups=list(groups.values()), candidates=list(candidates.values())),
        ),
    )


def goodman(precincts: pd.DataFrame, *, groups: Mapping[str, str], candidate: str) -> pd.Series:
    """Fit Goodman's regression with several groups at once.

    Parameters
    ----------
    precincts : pandas.DataFrame
        One row a precinct.
    groups : mapping of str to str
        Names of groups and the columns of their shares; together everybody.
    candidate : str
        Column of the candidate's share.

    Returns
    -------
    pandas.Series
        Share of each group's votes, not clipped.

    Raises
    ------
    InputError
        Columns are missing, or the shares of a precinct do not add up to 1.
    """
    used = checked(precincts, [*groups.values(), candidate], None)
    shares = used[list(groups.values())].to_numpy(dtype="float64")
    off = np.abs(shares.sum(axis=1) - 1) > 0.01
    if off.any():
        raise InputError(
            f"the groups must be everybody: in {off.sum():,} precincts their shares do not add up to 1, first "
            f"{first_few(list(map(str, used.index[off])))}."
        )
    found = np.linalg.lstsq(shares, used[candidate].to_numpy(dtype="float64"), rcond=None)[0]
    return pd.Series(found, index=list(groups))


def bounds(x: Floats, t: Floats, votes: Floats) -> tuple[float, float]:
    """Bound the share of a group's votes, over all precincts.

    Parameters
    ----------
    x, t : numpy.ndarray
        Share of the group and of the candidate, by precinct.
    votes : numpy.ndarray
        Votes, by precinct.

    Returns
    -------
    tuple of float
        Lowest and highest share that the returns allow; missing where the group has nobody.

    Examples
    --------
    >>> low, high = bounds(np.array([0.5, 0.8]), np.array([0.6, 0.9]), np.array([100.0, 100.0]))
    >>> round(low, 4), round(high, 4)
    (0.6154, 1.0)
    """
    # Times X, so that a precinct without the group adds nothing and nothing is divided by zero.
    low, high = np.maximum(0, t - (1 - x)), np.minimum(x, t)
    people = float((x * votes).sum())
    if people <= 0:
        return float("nan"), float("nan")
    return float((low * votes).sum()) / people, float((high * votes).sum()) / people


@dataclass(frozen=True)
class _Line:
    """A line through precincts, and the figures at its ends with their standard errors."""

    of_group: tuple[float, float]
    of_rest: tuple[float, float]
    r2: float


def _line(x: Floats, t: Floats, weight: Floats) -> _Line:
    """Fit T = a + bX by (weighted) least squares."""
    design = np.column_stack([1 - x, x])
    root = np.sqrt(weight)
    found, _, rank, _ = np.linalg.lstsq(design * root[:, None], t * root, rcond=None)
    none = (np.nan, np.nan)
    if rank < 2:
        return _Line(none, none, np.nan)
    residual = (t - design @ found) * root
    freedom = len(t) - 2
    middle = np.average(t, weights=weight)
    spread = float((weight * (t - middle) ** 2).sum())
    r2 = 1 - float(residual @ residual) / spread if spread > 0 else np.nan
    if freedom < 1:
        return _Line((float(found[1]), np.nan), (float(found[0]), np.nan), r2)
    inverse = np.linalg.inv((design * weight[:, None]).T @ design)
    error = np.sqrt(np.diag(inverse) * float(residual @ residual) / freedom)
    return _Line((float(found[1]), float(error[1])), (float(found[0]), float(error[0])), r2)


def _certain(x: Floats, t: Floats, votes: Floats, homogeneous: float) -> dict[str, Any]:
    """Gather what the returns say without a model."""
    low, high = bounds(x, t, votes)
    of_one = x >= homogeneous
    there = float(votes[of_one].sum())
    enough = int(of_one.sum()) >= FEWEST and there > 0
    return {
        "low": low,
        "high": high,
        "width": high - low,
        "precincts": int(of_one.sum()),
        "precinct_votes": there,
        "homogeneous": float((t * votes)[of_one].sum()) / there if enough else np.nan,
    }


def _fitted(line: tuple[float, float], weighted: tuple[float, float]) -> dict[str, Any]:
    """Gather what the lines say."""
    return {
        "goodman": line[0],
        "goodman_se": line[1],
        "weighted": weighted[0],
        "weighted_se": weighted[1],
        "impossible": any(value < 0 or value > 1 for value in (line[0], weighted[0])),
    }


def require_names(**given: Any) -> None:
    """Refuse names of groups or candidates that cannot be told from each other.

    Parameters
    ----------
    **given : mapping of str to str
        ``groups`` or ``candidates``: name → column.

    Raises
    ------
    InputError
        There are none, or a group is called as everybody else is.
    """
    for what, names in given.items():
        if not isinstance(names, Mapping) or not names:
            raise InputError(
                f"{what}={names!r}: name at least one, each with its column, such as {{'name': 'column'}}."
            )
    odd = [name for name in given.get("groups", {}) if str(name).startswith(NOT)]
    if odd:
        raise InputError(
            f"groups called {first_few(odd)}: a name that begins with {NOT!r} is everybody else. Rename it."
        )


def checked(precincts: pd.DataFrame, shares: list[str], votes: str | None) -> pd.DataFrame:
    """Refuse what is no table of precincts; leave out precincts without votes.

    Parameters
    ----------
    precincts : pandas.DataFrame
        One row a precinct.
    shares : list of str
        Columns of shares, 0 to 1.
    votes : str or None
        Column of votes.

    Returns
    -------
    pandas.DataFrame
        Precincts with votes.

    Raises
    ------
    InputError
        Columns are missing, or hold what they must not.
    """
    if not isinstance(precincts, pd.DataFrame):
        raise InputError(f"a {type(precincts).__name__} is no table of precincts; pass a pandas.DataFrame.")
    wanted = list(dict.fromkeys([*shares, *([votes] if votes else [])]))
    missing = [name for name in wanted if name not in precincts.columns]
    if missing:
        raise InputError(
            f"the precincts have no column {first_few(missing)}; they have "
            f"{first_few(list(map(str, precincts.columns)))}."
        )
    odd = [name for name in wanted if list(precincts.columns).count(name) > 1 or not is_numeric(precincts[name])]
    if odd:
        raise InputError(f"{first_few(odd)} must be one column of numbers each; what is not known stays empty.")
    used = precincts.assign(**{name: precincts[name].astype("float64") for name in wanted})
    if votes:
        cast = used[votes]
        odd = used.index[~((cast >= 0) & (cast < np.inf))]
        if len(odd):
            raise InputError(
                f"{votes!r} must be a number of votes in every precinct; {len(odd):,} have none or a negative one, "
                f"first {first_few(list(map(str, odd)))}."
            )
        used = used[cast > 0]
    for name in dict.fromkeys(shares):
        odd = used.index[~used[name].between(0, 1)]
        if len(odd):
            raise InputError(
                f"{name!r} must be a share from 0 to 1 in every precinct with votes; {len(odd):,} are not, first "
                f"{first_few(list(map(str, odd)))}. Divide percentages by 100."
            )
    if len(used) < 3:
        raise InputError(f"{len(used)} precincts have votes; at least 3 are needed.")
    return used
