"""Counts of one census on the units of another: nobody lost without a word."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.account import people_column
from kit.errors import CoverageError, InputError, SchemaError, first_few
from kit.i18n.messages import mark, say
from kit.model.crosswalk import Crosswalk
from kit.model.cvap import MOE, lines_of
from kit.model.frames import Units
from kit.model.geoid import LEVELS
from kit.model.groups import parse_column
from kit.model.identities import not_negative
from kit.model.sentences import people
from kit.model.shared import SharedOrNone
from kit.model.tables import canonical

# Weights this near to 1 differ by the rounding of the file.
ROUNDING = 1e-4
# Weights that add up to this much of a unit stand for the whole of it.
ENOUGH = 0.9
STEPS = ("whole", "rounded", "renormalised", "area", "lost")


@dataclass(frozen=True)
class CrosswalkedUnits(Units):
    """Units of another census year, with an account of how they got their counts.

    Parameters
    ----------
    report : pandas.DataFrame
        By step (``whole``, ``rounded``, ``renormalised``, ``area``,
        ``lost``): ``units`` and ``people`` of the old census.
    lost : pandas.DataFrame
        Old units of which a part has no place: ``people`` lost and the
        ``share`` of the unit they are, by GEOID.
    """

    report: Any = SharedOrNone()  # noqa: RUF009 — a descriptor
    lost: Any = SharedOrNone()  # noqa: RUF009


def crosswalk(units: Units, table: Crosswalk, *, lost: str = "error") -> CrosswalkedUnits:
    """Put counts of one census year on the units of another.

    Parameters
    ----------
    units : Units
        Units with counts, of the crosswalk's first year and level.
    table : Crosswalk
        Weights, from `kit.read_crosswalk`.
    lost : {"error", "report"}
        Whether people with no place in the new units are an error, or listed
        in ``.lost`` and left out.

    Returns
    -------
    CrosswalkedUnits
        Units of the second year, without shapes and without margins of error;
        counts are estimates and need not be whole. ``.report`` says how many
        old units, and people, went each way.

    Raises
    ------
    InputError
        `lost` is neither of the two.
    SchemaError
        Level or year do not fit, there is nothing to count, or a count is negative.
    CoverageError
        People would be lost.

    Notes
    -----
    The weights of each old unit must add up to 1. Where they add up to more
    than 0.9 they are scaled to 1; where to less, shares of area are used if
    the table has them, and else the rest of the unit's people are lost.
    """
    if lost not in {"error", "report"}:
        raise InputError(f'lost is "error" or "report", not {lost!r}.')
    _check_fit(units, table)
    columns = [c for c in units.frame.columns if parse_column(c) or canonical(c) == c or lines_of(c)]
    if not columns:
        raise SchemaError(f"these {units.plural} have no counts to move; columns are {first_few(units.frame.columns)}.")
    for name in columns:
        not_negative(units.frame[name], units.plural)
    pairs = table.frame
    here = units.frame.index.get_indexer(pairs["source"])
    known = here >= 0
    if not known.any():
        raise SchemaError(
            f"none of the {len(units):,} {units.plural} is in the crosswalk, first {first_few(units.frame.index)}; it "
            f"has {first_few(pairs['source'], 2)}. Use the crosswalk of the same State."
        )
    pairs, here = pairs[known], here[known]
    weights, steps, kept = _weights(pairs, here, len(units))
    report, missing = _account(units, steps, kept)
    gone = missing["people"].sum(min_count=1)
    if len(missing) and not gone <= 1e-6 and lost == "error":
        told = "people not counted" if pd.isna(gone) else f"{people(gone)} people"
        raise CoverageError(
            f"{len(missing):,} of {len(units):,} {table.from_year} {units.plural} ({told}) have no whole place in "
            f"{table.to_year}, first {first_few(missing.index)}. Use the crosswalk of the same State, or pass "
            'lost="report" to leave those people out and list them.'
        )
    codes, targets = pd.factorize(pairs["target"], sort=True)
    moved = {name: _sums(units.frame[name].to_numpy(float), here, weights, codes, len(targets)) for name in columns}
    _check_sums(units, moved, kept)
    frame = pd.DataFrame(moved, index=pd.Index(targets, dtype="str", name="GEOID"))
    sources = (*(replace(s, uncertainty="allocation") for s in units.sources), *table.sources)
    notes = (*units.notes, *_notes(units, table, report, _shared(table, pairs)))
    return CrosswalkedUnits(
        frame=frame,
        level=units.level,
        year=table.to_year,
        sources=sources,
        notes=notes,
        additive=units.additive,
        report=report,
        lost=missing,
    )


def _check_fit(units: Units, table: Crosswalk) -> None:
    """Level and year of units and table must be the same."""
    if units.level != table.level:
        wanted = LEVELS[table.level].plural if table.level in LEVELS else table.level
        raise SchemaError(f"the crosswalk is between {wanted} and these are {units.plural}. Read {wanted}.")
    if units.year is not None and units.year != table.from_year:
        raise SchemaError(
            f"the crosswalk goes from {table.from_year} to {table.to_year} and these are {units.year} {units.plural}. "
            f"Read the counts of {table.from_year}, or the crosswalk the other way."
        )


def _weights(
    pairs: pd.DataFrame, here: np.ndarray[Any, Any], count: int
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Settle the weight of each pair, the step taken for each old unit and the share of it that is kept."""
    weight, area = pairs["weight"].to_numpy(), pairs["area"].to_numpy()
    total = np.bincount(here, weight, count)
    by_area = np.bincount(here, np.nan_to_num(area), count)
    has_area = (by_area > 0) & (np.bincount(here, np.isnan(area), count) == 0)
    step = np.full(count, 4)
    step[has_area] = 3
    step[total > ENOUGH] = 2
    step[np.abs(total - 1) <= ROUNDING] = 1
    step[np.abs(total - 1) <= 1e-12] = 0
    scale = np.where(step <= 2, np.where(total > 0, total, 1.0), 1.0)
    settled = np.where(step[here] == 3, area / np.where(by_area > 0, by_area, 1.0)[here], weight / scale[here])
    kept = np.where(step == 4, total, 1.0)
    return settled, step, kept


def _account(units: Units, step: np.ndarray[Any, Any], kept: np.ndarray[Any, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Count old units and people by step, and list what is lost."""
    name = people_column(units)
    counts = units.frame[name].to_numpy(float) if name else np.full(len(units), np.nan)
    rows = [(int((step == n).sum()), pd.Series(counts[step == n]).sum(min_count=int(name is None))) for n in range(5)]
    report = pd.DataFrame(rows, columns=["units", "people"], index=pd.Index(STEPS, name="step", dtype="str"))
    part = step == 4
    gone = pd.DataFrame(
        {"people": (counts * (1 - kept))[part], "share": (1 - kept)[part]}, index=units.frame.index[part]
    )
    report.loc["lost", "people"] = gone["people"].sum(min_count=1) if len(gone) else 0.0
    return report, gone


def _sums(
    values: np.ndarray[Any, Any], here: np.ndarray[Any, Any], weights: np.ndarray[Any, Any], codes: Any, count: int
) -> np.ndarray[Any, Any]:
    """Add up parts by new unit; a part of a missing count is missing."""
    used = weights > 0
    return np.bincount(codes[used], (values[here] * weights)[used], count)


def _check_sums(units: Units, moved: dict[str, Any], kept: np.ndarray[Any, Any]) -> None:
    """Everyone in the old units is in the new ones, or in the list of the lost."""
    for name, values in moved.items():
        before, after = float((units.frame[name].to_numpy(float) * kept).sum()), float(values.sum())
        if not np.isclose(before, after, rtol=1e-9, atol=1e-6, equal_nan=True):
            raise CoverageError(f"{name}: {before:,.3f} before the crosswalk and {after:,.3f} after it.")


def _shared(table: Crosswalk, pairs: pd.DataFrame) -> int:
    """Count new units that also take from old units which are not at hand."""
    others = table.frame.loc[~table.frame.index.isin(pairs.index)]
    others = others[others["weight"] > 0]
    return int(pd.Index(others["target"].unique()).isin(pairs["target"]).sum())


_STEPS = {
    "renormalised": mark(
        "{number:,} {old} {units} ({people} people) had weights that add up to between 0.9 and 1.1 and were scaled to "
        "1."
    ),
    "area": mark("{number:,} {old} {units} ({people} people) were shared out by area."),
    "lost": mark("{number:,} {old} {units} ({people} people) have no whole place and are left out in part or whole."),
}


def _notes(units: Units, table: Crosswalk, report: pd.DataFrame, shared: int) -> list[str]:
    """Say what was done, for the methods note."""
    plural = units.plural
    years = {"old": table.from_year, "new": table.to_year, "units": plural}
    notes: list[str] = [
        say("Counts of {number:,} {old} {units} were put on {new} {units} by a crosswalk.", number=len(units), **years),
        say("Crosswalked counts are estimates; add up to tracts or larger before speaking of change."),
    ]
    for step, words in _STEPS.items():
        count = int(report.loc[step, "units"])
        if count:
            notes.append(say(words, number=count, people=people(report.loc[step, "people"]), **years))
    if shared:
        notes.append(
            say("{number:,} {new} {units} also take from {old} ones that are not at hand.", number=shared, **years)
        )
    if any(str(name).endswith(MOE) for name in units.frame.columns):
        notes.append(say("Margins of error are not carried through the crosswalk."))
    return notes
