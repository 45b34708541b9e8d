"""Many plans at once: the same plain measures for each of a thousand plans on one set of units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import CoverageError, InputError, SchemaError, first_few
from kit.model.adjacency import Adjacency
from kit.model.frames import Units
from kit.model.geoid import natural_key
from kit.model.groups import column, parse_column
from kit.model.tiers import TIERS
from kit.progress import meter

THRESHOLDS = tuple(tier.above for tier in TIERS if tier.above > 0)
"""Shares that districts are counted above, strictly: the bounds of the bands."""

Array = np.ndarray[Any, Any]
# Units times plans that are measured together: enough to be quick, little enough to stay in a processor's cache.
_CELLS = 1 << 16
# Labels under this are taken as they are.
_SMALL = 1024


def score_plans(
    units: Units,
    assignments: pd.DataFrame,
    *,
    columns: Sequence[str],
    population: str = "total_pop",
    adjacency: Adjacency | None = None,
    regions: Mapping[str, pd.Series] | None = None,
    split_by: str = "people",
    thresholds: Sequence[float] = THRESHOLDS,
) -> pd.DataFrame:
    """Measure many plans on one set of units.

    Parameters
    ----------
    units : Units
        Units with counts.
    assignments : pandas.DataFrame
        One row a unit, by GEOID in any order, and one column a plan: labels
        of districts as whole numbers or text; missing where a plan places a
        unit in no district.
    columns : sequence of str
        Counts whose shares are wanted, such as ``"aapi_aoic_vap"``; the base
        of each is the total of the same universe.
    population : str
        Count column for deviations.
    adjacency : Adjacency, optional
        Neighbours of these units; gives cut edges.
    regions : mapping of str to pandas.Series, optional
        Name, such as ``"county"`` → region of each unit by GEOID; missing for
        units in none.
    split_by : {"people", "land"}
        Whether a district must have people in a region to be counted there, or
        a unit of it is enough.
    thresholds : sequence of float
        Districts are counted whose share is strictly greater.

    Returns
    -------
    pandas.DataFrame
        One row a plan: ``districts``; ``population_range`` (most minus fewest
        people), ``population_range_share`` (of the mean) and
        ``mean_deviation`` (mean absolute, of the mean); ``cut_edges`` and
        ``cut_edge_share``; for each region ``<name>_splits`` (regions in more
        than one district) and ``<name>_pieces`` (pairs of region and
        district); for each count ``<count>_highest`` and ``<count>_second``
        (shares), ``<count>_highest_district`` and ``<count>_above_50`` and
        so on. Last ``unassigned_units`` and ``unassigned_people``.

    Raises
    ------
    InputError
        A column is not of the form ``<group>_<base>``, or an option is unknown.
    SchemaError
        The units have no such counts, or rows repeat.
    CoverageError
        Plans, neighbours or regions are of other units.

    Notes
    -----
    A plan's districts are those that hold a unit. Pairs of neighbours with an
    end in no district count neither as cut nor as a pair. Shares are divided
    once, from district sums.
    """
    if split_by not in {"people", "land"}:
        raise InputError(f'split_by is "people" or "land", not {split_by!r}.')
    if not isinstance(assignments, pd.DataFrame):
        raise InputError(f"assignments is a table with one column a plan, not a {type(assignments).__name__}.")
    units.require_additive("measuring plans would add counts over units")
    counts = _columns(units, columns, population)
    order = _order(units, assignments)
    layers = [_layer(units, name, values, counts[population], split_by) for name, values in (regions or {}).items()]
    edges = _edges(units, adjacency)
    together = max(1, _CELLS // max(len(units), 1))
    found: list[pd.DataFrame] = []
    with meter("Measuring plans", assignments.shape[1]) as bar:
        for start in range(0, assignments.shape[1], together):
            plans = _numbered(assignments.iloc[:, start : start + together], order)
            sums = {name: plans.sums(values) for name, values in counts.items()}
            row = _people(plans, sums[population], counts[population])
            for layer in layers:
                row |= layer.measure(plans)
            found.append(pd.DataFrame(row | _cut(plans, edges) | _shares(plans, sums, columns, thresholds)))
            bar.advance(len(plans.codes))
    if not found:
        return pd.DataFrame(index=pd.Index([], name="plan"))
    table = pd.concat(found).set_axis(pd.Index(assignments.columns, name="plan"))
    last = ["unassigned_units", "unassigned_people"]
    return table[[name for name in table if name not in last] + last]


@dataclass(frozen=True)
class _Numbered:
    """Some plans as numbers: a row a plan, a column a unit, −1 where a unit is in no district."""

    codes: Array
    labels: list[Array]
    complete: bool
    cells: Array
    width: int

    def sums(self, values: Array | None) -> Array:
        """Add up a count, or units, by plan and district; units in no district are left out."""
        plans, units = self.codes.shape
        weights = None if values is None else np.broadcast_to(values, (plans, units)).ravel()
        found = np.bincount(self.cells, weights, plans * self.width).reshape(plans, self.width)
        return found if self.complete else found[:, 1:]


@dataclass(frozen=True)
class _Layer:
    """Regions that districts may split."""

    name: str
    codes: Array
    count: int
    used: Array | None

    def measure(self, plans: _Numbered) -> dict[str, list[int]]:
        """Count regions in more than one district, and pairs of region and district."""
        width = plans.width
        starts = self.codes * width
        splits, pieces = [], []
        for codes in plans.codes:
            cells = starts + codes
            if self.used is not None or not plans.complete:
                cells = cells[codes >= 0 if self.used is None else (codes >= 0) & self.used]
            present = np.zeros(self.count * width, dtype=bool)
            present[cells] = True
            districts = present.reshape(self.count, width).sum(axis=1)
            splits.append(int((districts > 1).sum()))
            pieces.append(int(districts.sum()))
        return {f"{self.name}_splits": splits, f"{self.name}_pieces": pieces}


def _columns(units: Units, columns: Sequence[str], population: str) -> dict[str, Array]:
    """Take the counts that are needed, each once."""
    if isinstance(columns, str):
        raise InputError(f"columns is a list of count columns, such as [{columns!r}].")
    names = [population]
    for name in columns:
        parsed = parse_column(name)
        if parsed is None:
            raise InputError(f"{name!r} is no count of a group in a universe; write it as in aapi_aoic_vap.")
        names += [name, column("total", parsed[1])]
    return {name: units.column(name).to_numpy("float64") for name in dict.fromkeys(names)}


def _order(units: Units, assignments: pd.DataFrame) -> Array | None:
    """Find the rows of the plans in the order of the units; None when they are in it."""
    ids, listed = units.frame.index, assignments.index
    if listed.equals(ids):
        return None
    if not listed.is_unique:
        doubled = listed[listed.duplicated()].unique()
        raise SchemaError(f"{len(doubled):,} units stand in more than one row of the plans: {first_few(doubled)}.")
    strange, absent = listed.difference(ids), ids.difference(listed)
    if len(strange) or len(absent):
        raise CoverageError(
            f"the plans list {len(listed):,} units and the counts have {len(ids):,}: {len(strange):,} only in the "
            f"plans and {len(absent):,} only in the counts, first {first_few([*strange, *absent], 1)}. "
            "Use units and plans of one census year, and list a unit that is in no district with a missing label."
        )
    return np.asarray(listed.get_indexer(ids))


def _numbered(plans: pd.DataFrame, order: Array | None) -> _Numbered:
    """Turn labels into numbers from 0."""
    codes, labels = _codes(plans)
    if order is not None:
        codes = codes[:, order]
    complete = bool(codes.min(initial=0) >= 0)
    first = 0 if complete else 1  # units in no district are added up apart
    width = max(len(names) for names in labels) + first
    starts = np.arange(len(codes)) * width + first
    found = _Numbered(codes, labels, complete, (codes + starts[:, None]).ravel(), width)
    empty = plans.columns[(codes < 0).all(axis=1)] if not complete else []
    if len(empty) or not codes.size:
        raise CoverageError(f"the plan {[*empty, *plans.columns][0]} places no unit in any district.")
    return found


def _codes(plans: pd.DataFrame) -> tuple[Array, list[Array]]:
    """Number labels; small whole numbers stand for themselves."""
    if all(kind.kind in "iu" for kind in plans.dtypes) and len(plans):
        values = plans.to_numpy().T
        if values.min() >= 0 and values.max() < _SMALL:
            return values.astype(np.intp, copy=False), [np.arange(int(values.max()) + 1)] * len(values)
    numbered = [pd.factorize(plans.iloc[:, at]) for at in range(plans.shape[1])]
    return np.array([codes for codes, _ in numbered]), [np.asarray(found) for _, found in numbered]


def _people(plans: _Numbered, sums: Array, people: Array) -> dict[str, Any]:
    """Measure people by district, and those in none."""
    held = plans.sums(None) > 0
    districts = held.sum(axis=1)
    mean = sums.sum(axis=1) / districts
    spread = np.where(held, sums, -np.inf).max(axis=1) - np.where(held, sums, np.inf).min(axis=1)
    away = (np.abs(sums - mean[:, None]) * held).sum(axis=1) / districts
    lived = np.where(mean > 0, mean, np.nan)
    out = np.zeros((len(sums), 1), dtype=bool) if plans.complete else plans.codes < 0
    return {
        "districts": districts,
        "population_range": spread,
        "population_range_share": spread / lived,
        "mean_deviation": away / lived,
        "unassigned_units": out.sum(axis=1),
        "unassigned_people": [float(people[row].sum()) if row.any() else 0.0 for row in out],
    }


def _shares(
    plans: _Numbered, sums: dict[str, Array], columns: Sequence[str], thresholds: Sequence[float]
) -> dict[str, Any]:
    """Measure shares by district."""
    row: dict[str, Any] = {}
    for name in columns:
        _, universe = parse_column(name) or ("", "")
        group, base = sums[name], sums[column("total", universe)]
        share = np.divide(group, base, out=np.full(base.shape, -1.0), where=base > 0)
        ranked = np.sort(share, axis=1)[:, ::-1]
        first = ranked[:, 0]
        second = ranked[:, 1] if share.shape[1] > 1 else np.full(len(share), -1.0)
        row[f"{name}_highest"], row[f"{name}_second"] = (np.where(v >= 0, v, np.nan) for v in (first, second))
        at = [_first(labels, here, top) for labels, here, top in zip(plans.labels, share, first, strict=True)]
        row[f"{name}_highest_district"] = pd.array(at, dtype="str")
        for bound in thresholds:
            row[f"{name}_above_{100 * bound:g}"] = (share > bound).sum(axis=1)
    return row


def _first(labels: Array, share: Array, top: float) -> str | None:
    """Name the district with the highest share, of several the first; none where nobody lives."""
    if top < 0:
        return None
    return min((_text(label) for label in labels[np.flatnonzero(share == top)]), key=natural_key)


def _text(label: Any) -> str:
    """Write a label; whole numbers without a decimal point."""
    return str(int(label)) if isinstance(label, float) and label.is_integer() else str(label)


def _edges(units: Units, adjacency: Adjacency | None) -> tuple[Array, Array] | None:
    """Give both ends of each pair of neighbours by position among the units."""
    if adjacency is None:
        return None
    if not isinstance(adjacency, Adjacency):
        raise InputError(f"adjacency is an Adjacency, from kit.adjacency, not a {type(adjacency).__name__}.")
    at = units.frame.index.get_indexer(adjacency.ids)
    if (at < 0).any() or len(adjacency.ids) != len(units):
        raise CoverageError(
            f"the neighbours are of {len(adjacency.ids):,} units and the counts of {len(units):,}; "
            f"{int((at < 0).sum()):,} of the former are not among the latter. Make the neighbours of these units."
        )
    left, right = at[adjacency.pairs].T
    return np.ascontiguousarray(left), np.ascontiguousarray(right)


def _cut(plans: _Numbered, edges: tuple[Array, Array] | None) -> dict[str, Any]:
    """Count neighbours in different districts."""
    if edges is None:
        return {}
    width = plans.width
    small = plans.codes.astype(np.int8 if width < 128 else np.int16 if width < 32_768 else np.int32)
    cut, whole = [], []
    for codes in small:
        one, other = codes[edges[0]], codes[edges[1]]
        apart, pairs = one != other, len(one)
        if not plans.complete:
            both = (one >= 0) & (other >= 0)
            apart, pairs = apart & both, int(np.count_nonzero(both))
        cut.append(int(np.count_nonzero(apart)))
        whole.append(pairs)
    share = [part / pairs if pairs else np.nan for part, pairs in zip(cut, whole, strict=True)]
    return {"cut_edges": cut, "cut_edge_share": share}


def _layer(units: Units, name: str, values: pd.Series, people: Array, split_by: str) -> _Layer:
    """Number the regions of one kind."""
    ids = units.frame.index
    if not isinstance(values, pd.Series):
        raise InputError(f"regions {name!r} are a Series of names by GEOID, not a {type(values).__name__}.")
    if not values.index.equals(ids):
        if not values.index.is_unique or len(ids.difference(values.index)):
            absent = ids.difference(values.index)
            raise CoverageError(
                f"regions {name!r} are not given once for each of the {len(ids):,} units; {len(absent):,} are absent, "
                f"first {first_few(absent, 1)}. Index them by GEOID, missing where a unit is in none."
            )
        values = values.reindex(ids)
    numbers, found = pd.factorize(values)
    codes: Array = np.asarray(numbers)
    used = codes >= 0
    if split_by == "people":
        used &= people > 0
    return _Layer(name, codes, len(found), None if used.all() else used)
