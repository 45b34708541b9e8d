"""Estimates for block groups, shared out to blocks: each block group keeps its total, and every fallback is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis import allocation_words
from kit.analysis.connecticut import in_regions
from kit.errors import CoverageError, InputError, SchemaError, first_few
from kit.i18n.messages import mark
from kit.model.cvap import BOUNDS, COUNTS, LINES, MOE, add_counts, lines_of
from kit.model.frames import Units
from kit.model.geoid import LEVELS, NESTED
from kit.model.groups import parse_column
from kit.model.identities import not_negative
from kit.model.sentences import people
from kit.model.shared import Shared
from kit.model.shared_out import SharedOut

BY_LINE = "vap_by_line"
GROUP, ADULTS, EVERYBODY, LAND, EQUAL = (
    mark("same group"),
    "total_vap",
    "total_pop",
    mark("land area"),
    mark("equal parts"),
)
# What is tried, in order, where a block group has people of a group and its blocks show none.
CHAIN = (GROUP, ADULTS, EVERYBODY, LAND, EQUAL)
LARGEST_ERROR = 1e-9


@dataclass(frozen=True)
class Allocation:
    """Fine units with the people of coarse ones, and an account of how they were shared out.

    Parameters
    ----------
    units : Units
        The fine units: their own columns and the allocated ones, which need not be whole.
    coarse : Units
        Where the people came from, with their margins.
    columns : tuple of str
        Columns that were shared out one by one. Sums of them, such as
        ``aapi_cvap_low``, are made afterwards.
    parents : pandas.Series
        GEOID of a fine unit → GEOID of its coarse unit; missing where it has none.
    shares : pandas.DataFrame
        Fine units by `columns`: which fraction of the coarse unit each gets.
    fallbacks : pandas.DataFrame
        One row a column and a weight that was used: ``column``, ``weight``,
        ``fallback`` (whether it stood in for another), ``units`` (coarse
        units with people), ``people`` and ``first`` (GEOIDs).
    over : pandas.DataFrame
        Coarse units where the estimate is larger than the adults of the same
        group: ``GEOID``, ``column``, ``estimate``, ``adults``, ``excess``.
        Survey and census disagree there; nothing was capped.
    lost : pandas.DataFrame
        Coarse units without people that contain no fine unit, by GEOID.
    notes : tuple of str
        The same in sentences.
    """

    units: Units
    coarse: Units
    columns: tuple[str, ...]
    parents: pd.Series = Shared()  # noqa: RUF009 — a descriptor
    shares: pd.DataFrame = Shared()  # noqa: RUF009
    fallbacks: pd.DataFrame = Shared()  # noqa: RUF009
    over: pd.DataFrame = Shared()  # noqa: RUF009
    lost: pd.DataFrame = Shared()  # noqa: RUF009
    notes: tuple[str, ...] = ()


def allocate(coarse: Units, fine: Units, *, weight: str | Mapping[str, str]) -> Allocation:
    """Share the people of larger units out to the smaller ones inside them.

    Parameters
    ----------
    coarse : Units
        Units with estimates, such as block groups from `kit.read_cvap`.
    fine : Units
        Smaller units of the same census, such as blocks from
        ``kit.read_pl94171(..., cells="all")``.
    weight : str or mapping of str to str
        ``"vap_by_line"``: each CVAP line in proportion to the adults of the
        same group (table P4 of the redistricting data). A column of the fine
        units: every count in proportion to it. Or a mapping from columns of
        the coarse units to columns of the fine ones.

    Returns
    -------
    Allocation
        ``.units`` for `kit.place`, which remember what they were made from so
        that figures have margins, and what was done: ``.fallbacks``, ``.over``,
        ``.lost``, ``.notes``.

    Raises
    ------
    InputError
        The weight is not understood.
    SchemaError
        Columns are missing, estimates are negative, weights are missing or negative, or the units do not nest.
    CoverageError
        The two are of different censuses, people would be lost, a total is
        not conserved, or the counts must not be added.

    Notes
    -----
    Where a coarse unit has people and its fine units have no weight, the
    adults of every group are used instead, then all people, then land area
    (column ``land_m2`` or the shapes), then equal parts. Totals of each
    coarse unit are checked to one part in a thousand million.
    """
    coarse.require_additive(f"these {coarse.plural} would be shared out to be added again")
    given = _weights(coarse, fine, weight)
    parents = _parents(coarse, fine)
    position = coarse.frame.index.get_indexer(parents)
    _refuse_orphans(fine, position)
    lost, ladder = _lost(coarse, position, list(given)), _ladder(fine)
    inside = position >= 0
    shares, allocated, used, over = {}, {}, [], []
    for name, weights in given.items():
        values = not_negative(coarse.frame[name], coarse.plural).to_numpy(dtype=float)
        part, rung = _share_out(position, inside, [(GROUP, weights), *ladder], len(coarse))
        shares[name] = part
        allocated[name] = np.where(inside, values[np.where(inside, position, 0)] * part, 0.0)
        _check_total(name, values, position, allocated[name], coarse)
        used += _told(name, values, rung, coarse, _word(weight, name))
        over.append(_over(name, values, position, weights, coarse) if weight == BY_LINE else _over_nothing())
    fallbacks = pd.DataFrame(used, columns=["column", "weight", "fallback", "units", "people", "first"])
    excess = pd.concat(over, ignore_index=True)
    frame = add_counts(pd.DataFrame(allocated, index=fine.frame.index))
    own = fine.frame.drop(columns=[c for c in fine.frame.columns if c.removesuffix(MOE) in frame.columns])
    notes = allocation_words.notes(coarse, fine, fallbacks, excess, lost)
    sources = (*fine.sources, *(replace(source, uncertainty="allocation") for source in coarse.sources))
    origin = SharedOut(
        coarse=coarse.frame[[c for c in coarse.frame.columns if c.removesuffix(MOE) in given]],
        plural=coarse.plural,
        parents=pd.Series(parents.where(inside), index=fine.frame.index, name="coarse"),
        shares=pd.DataFrame(shares, index=fine.frame.index),
        fallbacks=fallbacks,
    )
    units = replace(
        fine,
        frame=pd.concat([own, frame], axis=1),
        sources=sources,
        notes=(*fine.notes, *coarse.notes, *notes),
        shared_out=origin,
    )
    return Allocation(
        units=units,
        coarse=coarse,
        columns=tuple(given),
        parents=origin.parents,
        shares=origin.shares,
        fallbacks=fallbacks,
        over=excess,
        lost=lost,
        notes=tuple(notes),
    )


# --- weights ---------------------------------------------------------------------------------------


def _weights(coarse: Units, fine: Units, weight: str | Mapping[str, str]) -> dict[str, np.ndarray[Any, Any]]:
    """Give each column to share out the weights of the fine units."""
    if weight == BY_LINE:
        return _by_line(coarse, fine)
    if isinstance(weight, str):
        names = [c for c in coarse.frame.columns if parse_column(c) or c in {n.column for n in LINES.values()}]
        made = {c for c in (*COUNTS, *BOUNDS) if all(LINES[n].column in coarse.frame.columns for n in lines_of(c))}
        weight = dict.fromkeys([name for name in names if name not in made], weight)
    if not isinstance(weight, Mapping) or not weight:
        raise InputError(
            f'weight is "{BY_LINE}", a column of the {fine.plural}, or a mapping of columns; there is nothing to share '
            f"out with {weight!r}."
        )
    absent = [c for c in weight if c not in coarse.frame.columns]
    if absent:
        raise SchemaError(
            f"these {coarse.plural} have no column {first_few(absent)}; counts at hand: "
            f"{first_few([c for c in coarse.frame.columns if not str(c).endswith(MOE)], 12)}."
        )
    return {name: _weight(fine, column) for name, column in weight.items()}


def _by_line(coarse: Units, fine: Units) -> dict[str, np.ndarray[Any, Any]]:
    """Match each CVAP line with the adults of the same group."""
    lines = [line for line in LINES.values() if line.column in coarse.frame.columns]
    if not lines:
        raise SchemaError(
            f'weight="{BY_LINE}" shares out CVAP lines (cvap_01 … cvap_13), and these {coarse.plural} have none. Read '
            "them with kit.read_cvap, or pass a mapping of columns."
        )
    absent = sorted({name for line in lines for name in line.cells if name not in fine.frame.columns})
    if absent:
        raise SchemaError(
            f'these {fine.plural} have no {first_few(absent)}, which weight="{BY_LINE}" needs. Read them with '
            'kit.read_pl94171(..., cells="all"), or pass a mapping of the columns you have.'
        )
    return {line.column: _sound(line.adults(fine.frame), line.column, fine) for line in lines}


def _weight(fine: Units, column: str) -> np.ndarray[Any, Any]:
    if column not in fine.frame.columns:
        raise SchemaError(
            f"these {fine.plural} have no column {column!r} to use as a weight; they have "
            f"{first_few(fine.frame.columns, 12)}."
        )
    return _sound(fine.frame[column], column, fine)


def _sound(values: pd.Series, name: str, fine: Units) -> np.ndarray[Any, Any]:
    """Weights are there, and none is negative."""
    bad = ~(values >= 0)
    if bad.any():
        raise SchemaError(
            f"the weights for {name} are missing or negative in {int(bad.sum()):,} of {len(values):,} {fine.plural}, "
            f"first {first_few(values.index[bad])}."
        )
    found: np.ndarray[Any, Any] = values.to_numpy(dtype=float)
    return found


def _ladder(fine: Units) -> list[tuple[str, np.ndarray[Any, Any]]]:
    """List what is used where the group itself shows nobody."""
    found = []
    for name, columns in ((ADULTS, ("total_vap", "P4_001N", "P3_001N")), (EVERYBODY, ("total_pop", "P1_001N"))):
        column = next((c for c in columns if c in fine.frame.columns), None)
        if column:
            found.append((name, _sound(fine.frame[column], column, fine)))
    if "land_m2" in fine.frame.columns:
        found.append((LAND, _sound(fine.frame["land_m2"], "land_m2", fine)))
    elif fine.geometry is not None and bool(fine.geometry.geom_type.isin(["Polygon", "MultiPolygon"]).all()):
        from kit.model.crs import equal_area

        found.append((LAND, fine.geometry.to_crs(equal_area(fine.geometry)).area.to_numpy()))
    return [*found, (EQUAL, np.ones(len(fine)))]


def _share_out(
    position: np.ndarray[Any, Any],
    inside: np.ndarray[Any, Any],
    ladder: Sequence[tuple[str, np.ndarray[Any, Any]]],
    count: int,
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Give each fine unit its fraction of the coarse one, and each coarse one the weight that was used."""
    part = np.zeros(len(position))
    rung = np.full(count, "", dtype=object)
    for name, weights in ladder:
        sums = np.bincount(position[inside], weights[inside], count)
        new = (rung == "") & (sums > 0)
        rung[new] = name
        here = inside & new[np.where(inside, position, 0)]
        part[here] = weights[here] / sums[position[here]]
    return part, rung


# --- which coarse unit -----------------------------------------------------------------------------


def _parents(coarse: Units, fine: Units) -> pd.Index:
    """Cut the GEOIDs of the fine units to those of the coarse ones."""
    levels = (coarse.level, fine.level)
    if not set(levels) <= set(NESTED) or NESTED.index(coarse.level) >= NESTED.index(fine.level):
        raise SchemaError(
            f"{fine.plural} do not nest in {coarse.plural} by their numbers; give block groups and blocks, for example."
        )
    if not len(coarse) or not len(fine):
        raise SchemaError("there are no units to share out; check the files and their filters.")
    years = [year // 10 * 10 for year in (coarse.year, fine.year) if year is not None]
    if len(set(years)) > 1:
        raise CoverageError(
            f"different vintages: the estimates are for {coarse.plural} of {coarse.year} and the {fine.plural} are of "
            f"{fine.year}. Surveys ending in 2020 or later go with 2020 blocks, those of 2010 to 2019 with 2010 blocks."
        )
    parents = fine.frame.index.str[: LEVELS[coarse.level].digits]
    if in_regions(coarse.frame.index) and not in_regions(fine.frame.index):
        raise CoverageError(
            f"the {coarse.plural} are in Connecticut's planning regions and the {fine.plural} in its counties. Recode "
            "the first with kit.to_counties(units, like=blocks)."
        )
    return parents


def _refuse_orphans(fine: Units, position: np.ndarray[Any, Any]) -> None:
    """Fine units with people must lie in a coarse unit."""
    outside = position < 0
    name = next((c for c in ("total_pop", "P1_001N", "total_vap", "P4_001N") if c in fine.frame.columns), None)
    if not outside.any():
        return
    ids = fine.frame.index[outside]
    if outside.all():
        raise CoverageError(
            f"none of the {len(fine):,} {fine.plural} lies in these coarse units, first {first_few(ids)}. "
            "Read both for one State and one census."
        )
    living = fine.frame[name][outside] if name else pd.Series(np.nan, index=ids)
    inhabited = ids[(living != 0).to_numpy()]
    if len(inhabited):
        told = f"{people(living.sum())} people" if name else "people not counted"
        raise CoverageError(
            f"{len(inhabited):,} of {len(fine):,} {fine.plural} ({told}) lie in no coarse unit at hand, first "
            f"{first_few(inhabited)}. Read the estimates for the whole area, or leave those {fine.plural} out."
        )


def _lost(coarse: Units, position: np.ndarray[Any, Any], columns: list[str]) -> pd.DataFrame:
    """Coarse units with people must contain a fine unit."""
    empty = np.bincount(position[position >= 0], minlength=len(coarse)) == 0
    values = coarse.frame.loc[empty, columns]
    ids = values.index[(values != 0).any(axis=1)]
    if len(ids):
        name = "cvap_01" if "cvap_01" in columns else columns[0]
        raise CoverageError(
            f"{len(ids):,} of {len(coarse):,} {coarse.plural} with people ({people(values.loc[ids, name].sum())} in "
            f"{name}) contain none of the smaller units, first {first_few(ids)}. Read both for one area and one census."
        )
    return values


# --- the account -----------------------------------------------------------------------------------


def _check_total(
    name: str, values: np.ndarray[Any, Any], position: np.ndarray[Any, Any], allocated: Any, coarse: Units
) -> None:
    """Every coarse unit keeps its people."""
    inside = position >= 0
    got = np.bincount(position[inside], allocated[inside], len(values))
    off = ~np.isclose(got, values, rtol=LARGEST_ERROR, atol=LARGEST_ERROR, equal_nan=True)
    off &= np.bincount(position[inside], minlength=len(values)) > 0
    if off.any():
        raise CoverageError(
            f"{name} is not conserved in {int(off.sum()):,} {coarse.plural}, first "
            f"{first_few(coarse.frame.index[off])}: {values[off][0]:,} before and {got[off][0]:,} after."
        )


def _word(weight: str | Mapping[str, str], name: str) -> str:
    """Name the weight that was asked for."""
    if weight == BY_LINE:
        return "adults of the same group"
    return weight if isinstance(weight, str) else weight[name]


def _told(name: str, values: Any, rung: Any, coarse: Units, asked: str) -> list[tuple[str, str, bool, int, float, str]]:
    """Count the coarse units with people by the weight that was used for them."""
    rows = []
    ids, some = coarse.frame.index, ~np.isnan(values) & (values != 0)
    for step in CHAIN:
        here = some & (rung == step)
        if here.any() or step == GROUP:
            word = asked if step == GROUP else step
            rows.append((name, word, step != GROUP, int(here.sum()), float(values[here].sum()), first_few(ids[here])))
    return rows


def _over_nothing() -> pd.DataFrame:
    kinds = {"GEOID": "str", "column": "str", "estimate": "float64", "adults": "float64", "excess": "float64"}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})


def _over(name: str, values: Any, position: np.ndarray[Any, Any], weights: Any, coarse: Units) -> pd.DataFrame:
    """List the coarse units with more citizens than adults of the group."""
    inside = position >= 0
    adults = np.bincount(position[inside], weights[inside], len(values))
    more = values > adults
    if not more.any():
        return _over_nothing()
    return pd.DataFrame(
        {
            "GEOID": coarse.frame.index[more].astype("str"),
            "column": name,
            "estimate": values[more],
            "adults": adults[more],
            "excess": (values - adults)[more],
        }
    ).astype({"column": "str"})
