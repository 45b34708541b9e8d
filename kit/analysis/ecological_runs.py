"""Which runs a question of ecological inference takes, and what each group and candidate draws from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.analysis.ecological_sampler import Counts, Floats, Run, Settings, king, rows_by_columns
from kit.analysis.polarization_words import NOT, OVER
from kit.errors import InputError, first_few
from kit.i18n.messages import mark
from kit.progress import meter

REST = mark("everybody else")
"""The group of all people in none of the groups (rows by columns)."""
OTHERS = mark("other candidates")
"""The votes for nobody who was named (rows by columns)."""


@dataclass(frozen=True)
class Figures:
    """Draws by group and candidate, and the run they come from.

    Parameters
    ----------
    draws : dict of (str, str) to numpy.ndarray
        Group and candidate → share, draw by draw.
    rest : dict of (str, str) to numpy.ndarray
        The same of everybody else.
    runs : dict of str to Run
        Name of a run → the run.
    run_of : dict of (str, str) to str
        Group and candidate → name of the run.
    """

    draws: dict[tuple[str, str], Floats]
    rest: dict[tuple[str, str], Floats]
    runs: dict[str, Run]
    run_of: dict[tuple[str, str], str]


def by_king(
    used: pd.DataFrame,
    groups: Mapping[str, str],
    candidates: Mapping[str, str],
    weight: Counts,
    settings: Iterator[Settings],
) -> tuple[Figures, dict[str, Floats], dict[str, Floats]]:
    """Run the model of two rows for each group and candidate; of two who share all votes, for the first.

    Parameters
    ----------
    used : pandas.DataFrame
        Precincts with votes.
    groups, candidates : mapping of str to str
        Names and columns of shares.
    weight : numpy.ndarray
        Votes, by precinct.
    settings : iterator of Settings
        One for each run.

    Returns
    -------
    figures : Figures
        Draws.
    shares, parts : dict of str to numpy.ndarray
        Shares of the groups, everybody else's among them, and of the candidates, by precinct.

    Raises
    ------
    InputError
        A group is nobody, or everybody.
    """
    parts = {name: used[column].to_numpy(dtype="float64") for name, column in candidates.items()}
    names = list(parts)
    mirrored = len(names) == 2 and bool(np.allclose(parts[names[0]] + parts[names[1]], 1, atol=1e-6))
    found = Figures({}, {}, {}, {})
    shares: dict[str, Floats] = {}
    with meter("chains", total=len(groups) * (1 if mirrored else len(names)), unit="items") as bar:
        for group, column in groups.items():
            x = used[column].to_numpy(dtype="float64")
            if not 0 < float(x @ weight) < float(weight.sum()):
                raise InputError(
                    f"{column!r} is the same 0 or 1 in every precinct, so {group!r} stands against nobody; the "
                    "returns say without a model how everybody voted."
                )
            shares |= {group: x, f"{NOT}{group}": 1 - x}
            for candidate in names[:1] if mirrored else names:
                run = king(x, np.rint(parts[candidate] * weight).astype("int64"), weight, next(settings))
                for at, one in enumerate(names if mirrored else [candidate]):
                    _keep(found, run, name=f"{group} · {candidate}", group=group, candidate=one, column=at)
                bar.advance(1)
    return found, shares, parts


def _keep(found: Figures, run: Run, *, name: str, group: str, candidate: str, column: int) -> None:
    """Note the draws of a group, and of everybody else, for one candidate."""
    found.runs[name] = run
    for row, who in enumerate((group, f"{NOT}{group}")):
        found.draws[who, candidate] = run.shares[:, row, column]
        found.rest[who, candidate] = run.shares[:, 1 - row, column]
        found.run_of[who, candidate] = name


def by_columns(
    used: pd.DataFrame,
    groups: Mapping[str, str],
    candidates: Mapping[str, str],
    weight: Counts,
    settings: Iterator[Settings],
) -> tuple[Figures, dict[str, Floats], dict[str, Floats]]:
    """Run the model of all groups and candidates; what is missing to the whole becomes one more of each.

    Parameters
    ----------
    used : pandas.DataFrame
        Precincts with votes.
    groups, candidates : mapping of str to str
        Names and columns of shares.
    weight : numpy.ndarray
        Votes, by precinct.
    settings : iterator of Settings
        One for the run.

    Returns
    -------
    figures : Figures
        Draws.
    shares, parts : dict of str to numpy.ndarray
        Shares of the groups and of the candidates, by precinct.

    Raises
    ------
    InputError
        Groups or candidates overlap, are too few, or are nobody.
    """
    shares = _whole_of(used, groups, REST)
    parts = _whole_of(used, candidates, OTHERS)
    if len(shares) < 2 or len(parts) < 2:
        raise InputError("rows by columns need two groups and two candidates at least, or a rest of each.")
    counts = _counts(np.column_stack(list(parts.values())), weight)
    x = np.column_stack(list(shares.values()))
    if not (x > 0).any(axis=0).all():
        nobody = [name for name, one in shares.items() if not (one > 0).any()]
        raise InputError(f"no precinct has people of {first_few(nobody)}; leave the group out.")
    with meter("chains", total=1, unit="items") as bar:
        run = rows_by_columns(x, counts, weight, next(settings))
        bar.advance(1)
    found = Figures({}, {}, {"all": run}, {})
    theirs = (x * weight[:, None]).sum(axis=0)
    for row, group in enumerate(shares):
        others = np.arange(len(shares)) != row
        rest = np.einsum("sgk,g->sk", run.shares[:, others], theirs[others] / theirs[others].sum())
        for column, candidate in enumerate(parts):
            both = {group: run.shares[:, row, column], f"{NOT}{group}": rest[:, column]}
            for who, draws in both.items() if group in groups else [(group, both[group])]:
                found.draws[who, candidate], found.run_of[who, candidate] = draws, "all"
                found.rest[who, candidate] = both[group if who != group else f"{NOT}{group}"]
    return found, {**shares, **{f"{NOT}{name}": 1 - shares[name] for name in groups}}, parts


def _whole_of(used: pd.DataFrame, columns: Mapping[str, str], rest: str) -> dict[str, Floats]:
    """Take shares that make up a whole, with what is left as one more."""
    values = used[list(columns.values())].to_numpy(dtype="float64")
    total = values.sum(axis=1)
    over = used.index[total > 1 + OVER]
    if len(over):
        raise InputError(
            f"rows by columns need parts of a whole: in {len(over):,} precincts {first_few(columns)} add up to more "
            f"than 1, first {first_few(list(map(str, over)))}. Take groups that do not overlap, or method='king'."
        )
    left = 1 - total
    if (left > OVER).any():
        return {**dict(zip(columns, values.T, strict=True)), rest: np.maximum(left, 0)}
    return dict(zip(columns, (values / total[:, None]).T, strict=True))


def _counts(parts: Floats, weight: Counts) -> Counts:
    """Turn shares into whole votes that add up (largest remainders)."""
    exact = parts / parts.sum(axis=1, keepdims=True) * weight[:, None]
    whole = np.floor(exact + 1e-9)
    order = np.argsort(-(exact - whole), axis=1, kind="stable")
    places = np.argsort(order, axis=1, kind="stable")
    whole += places < (weight - whole.sum(axis=1)).round()[:, None]
    counts: Counts = whole.astype("int64")
    return counts
