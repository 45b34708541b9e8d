"""Two plans on the same units: who shares a district before and after, and which districts answer to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.analysis.account import people_column
from kit.errors import CoverageError, InputError, first_few
from kit.i18n.messages import Message, mark, say, term
from kit.model.frames import Placement, Units
from kit.model.geoid import LEVELS, natural_key
from kit.model.groups import base_of
from kit.model.shared import Shared
from kit.model.source import require_same_adjustment

NOWHERE = mark("in no district")
"""What stands for a district where a plan places a unit in none."""


@dataclass(frozen=True)
class Pair:
    """Two plans laid over one set of units.

    Parameters
    ----------
    before, after : Placement
        The same units placed in two plans.
    frame : pandas.DataFrame
        By GEOID, in the order of `before`: ``before`` and ``after`` (district
        labels, `NOWHERE` for none) and the count columns asked for.
    people : str
        The column of `frame` that districts are matched by.
    """

    before: Placement
    after: Placement
    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor, not a default
    people: str = ""

    def cross(self, column: str | None) -> pd.DataFrame:
        """Add up a count by district before and district after.

        Parameters
        ----------
        column : str or None
            A count column of `frame`; None counts units.

        Returns
        -------
        pandas.DataFrame
            Districts before by districts after, both in natural order;
            `NOWHERE` comes last where it is needed. Districts that hold none
            of the units are left out.
        """
        rows, row_labels = _codes(self.frame["before"])
        columns, column_labels = _codes(self.frame["after"])
        shape = (len(row_labels), len(column_labels))
        cells = rows * shape[1] + columns
        weights = None if column is None else self.frame[column].to_numpy("float64")
        sums = np.bincount(cells, weights, shape[0] * shape[1]).reshape(shape)
        if weights is None or (sums == np.rint(sums)).all():
            sums = np.rint(sums).astype("int64")
        index = pd.Index(row_labels, dtype="str", name="before")
        return pd.DataFrame(sums, index=index, columns=pd.Index(column_labels, dtype="str", name="after"))


def lay_over(before: Placement, after: Placement, columns: Sequence[str]) -> Pair:
    """Lay two placements of the same units over each other.

    Parameters
    ----------
    before, after : Placement
        Units placed in two plans.
    columns : sequence of str
        Count columns that the comparison needs.

    Returns
    -------
    Pair
        Labels and counts by unit. Districts are matched by ``total_pop`` where
        the units have it, else by the last of `columns`.

    Raises
    ------
    InputError
        An argument is no Placement, or one counts people as published and the
        other adjusted, or adjusted in another way.
    CoverageError
        Units, vintages or counts differ, or the counts must not be added.
    SchemaError
        The units have no such column.
    """
    same_units(before, after)
    require_same_adjustment((*before.units.sources, *after.units.sources))
    units = before.units
    people = "total_pop" if people_column(units) == "total_pop" else columns[-1]
    names = list(dict.fromkeys([*columns, people]))
    for placed in (before, after):
        placed.totals(names)  # checked to the person, and refused where counts must not be added
    counts = {name: units.column(name) for name in names}
    for name, column in counts.items():
        other = after.units.column(name).reindex(column.index)
        differ = column.index[~np.isclose(column.to_numpy("float64"), other.to_numpy("float64"), rtol=1e-9, atol=1e-6)]
        if len(differ):
            raise CoverageError(
                f"{name} before and after differs in {len(differ):,} of {len(units):,} {units.plural}, first "
                f"{first_few(differ)}. Plans are compared on one set of counts: place the same units in both."
            )
    labels = {
        "before": before.assignment.astype("str").fillna(NOWHERE),
        "after": after.assignment.reindex(units.frame.index).astype("str").fillna(NOWHERE),
    }
    return Pair(before, after, pd.DataFrame(labels | counts, index=units.frame.index), people)


def same_units(before: Placement, after: Placement) -> None:
    """Refuse to compare two placements that are not of the same units.

    Parameters
    ----------
    before, after : Placement
        Units placed in two plans.

    Raises
    ------
    InputError
        An argument is no Placement.
    CoverageError
        Vintage, level or GEOIDs differ.
    """
    for value in (before, after):
        if not isinstance(value, Placement):
            raise InputError(
                f"two placements are compared, and one of these is a {type(value).__name__}; place the units in "
                "both plans with kit.place first."
            )
    one, other = before.units, after.units
    if None not in (one.year, other.year) and one.year != other.year:
        raise CoverageError(
            f"different vintages: {_called(one)} before and {_called(other)} after. The same number may be another "
            "place. Put both on one census year with kit.crosswalk, and place them again."
        )
    if one.level != other.level and {one.level, other.level} <= set(LEVELS):
        raise CoverageError(
            f"the plan before is on {_called(one)} and the plan after on {_called(other)}. "
            "Place units of one level in both plans."
        )
    lost, found = one.frame.index.difference(other.frame.index), other.frame.index.difference(one.frame.index)
    if len(lost) or len(found):
        told = [
            f"{len(ids):,} of {len(units):,} only {word} (first {first_few(ids, 1)})"
            for ids, units, word in ((lost, one, "before"), (found, other, "after"))
            if len(ids)
        ]
        raise CoverageError(
            f"these are not the same units: {_called(one)} before and {_called(other)} after, "
            f"{' and '.join(told)}. Place one set of units in both plans; if they are of two census years, "
            "put them on one with kit.crosswalk first."
        )


def match_districts(people: pd.DataFrame, *ties: pd.DataFrame) -> pd.Series:
    """Find the districts that answer to each other.

    Parameters
    ----------
    people : pandas.DataFrame
        People by district before (rows) and after (columns), as of `Pair.cross`.
    *ties : pandas.DataFrame
        Counts of the same shape, such as the group's. They decide between
        matchings that keep equally many people together, the first with the
        most weight and all of them with less than one person's.

    Returns
    -------
    pandas.Series
        District before → district after (text); missing where none answers to
        it. No district after stands twice.

    Notes
    -----
    The matching keeps the most people together (the Hungarian method). The
    numbers of districts may differ; districts that share nobody do not match.
    Labels play no part.

    References
    ----------
    H. W. Kuhn, "The Hungarian method for the assignment problem", Naval
    Research Logistics Quarterly 2 (1955), 83-97.
    """
    from scipy.optimize import linear_sum_assignment

    whole = people.drop(index=NOWHERE, columns=NOWHERE, errors="ignore")
    shared = whole.to_numpy("float64")
    weight = shared.copy()
    part = 0.25  # together less than one person, so that ties never outweigh anybody
    for tie in ties:
        values = tie.loc[whole.index, whole.columns].to_numpy("float64")
        weight += part * values / max(float(values.sum()), 1.0)
        part /= 4
    rows, columns = linear_sum_assignment(weight, maximize=True)
    found: list[str | None] = [None] * len(whole)
    empty = (whole.sum(axis=1).to_numpy()[:, None] == 0) & (whole.sum(axis=0).to_numpy() == 0)
    for row, column in zip(rows, columns, strict=True):
        if shared[row, column] > 0 or (empty[row, column] and weight[row, column] > 0):
            found[row] = str(whole.columns[column])
    return pd.Series(found, index=whole.index, dtype="str", name="after")


def variation_of_information(people: pd.DataFrame) -> float:
    """Measure how far two plans are apart, whatever their labels.

    Parameters
    ----------
    people : pandas.DataFrame
        People by district before (rows) and after (columns).

    Returns
    -------
    float
        Nats: what knowing a resident's district in one plan leaves unknown of
        the district in the other, both ways added up. 0 where the plans group
        all residents alike; missing where there is nobody.

    Notes
    -----
    ``H(before | after) + H(after | before)``, weighted by people.

    References
    ----------
    M. Meilă, "Comparing clusterings by the variation of information",
    COLT 2003, 173-187.

    Examples
    --------
    >>> round(variation_of_information(pd.DataFrame([[1, 1], [1, 1]])), 6)
    1.386294
    """
    table = people.to_numpy("float64")
    total = table.sum()
    if not total:
        return float("nan")
    rows, columns = np.broadcast_arrays(table.sum(axis=1, keepdims=True), table.sum(axis=0, keepdims=True))
    held = table > 0
    cells = table[held]
    return float((cells / total * (np.log(rows[held] / cells) + np.log(columns[held] / cells))).sum())


def _codes(labels: pd.Series) -> tuple[np.ndarray, list[str]]:
    """Number labels in natural order, with `NOWHERE` last."""
    found = sorted(labels.unique(), key=lambda label: (label == NOWHERE, natural_key(label)))
    return pd.Index(found).get_indexer(pd.Index(labels)), found


def _called(units: Units) -> str:
    """Name units with their number and vintage."""
    return f"{len(units):,} {f'{units.year} ' if units.year else ''}{units.plural}"


def matched_by(pair: Pair) -> Message:
    """Say by whom districts were matched.

    Parameters
    ----------
    pair : Pair
        Two plans.

    Returns
    -------
    str
        A note.
    """
    counted = "pop" if pair.people == "total_pop" else pair.people.removeprefix("total_")
    return say(
        "Districts were matched by {people}, so that the most people stay together; labels play no part in that.",
        people=term(base_of(counted).label),
    )
