"""What a reader of published counts knows: every number shown, and how the numbers hang together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Sized
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.suppression_kinds import REGISTERED, Kinds, kinds_of, outnumber
from kit.errors import InputError, first_few
from kit.model.voters import EVERYBODY, VoterCounts


@dataclass
class Cell:
    """One published number: a group in an area, or in the whole place.

    Parameters
    ----------
    locations : tuple of int
        Where its people are.
    group, column : str
        Who, and whether registered or at which election they voted.
    value : float
        People; missing where not known.
    shown : bool
        Whether it is published.
    closed : bool
        Whether it was hidden before, in one of the tables.
    at : list of tuple
        Table, area and group of each place where it stands; none for the whole place.
    """

    locations: tuple[int, ...]
    group: str
    column: str
    value: float
    shown: bool = True
    closed: bool = False
    at: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass
class System:
    """Tables of one list, as a reader sees them.

    Parameters
    ----------
    tables : list of pandas.DataFrame
        Counts by area and group; a column for registered people, and one for the election.
    kinds : Kinds
        Of people.
    places : list of dict
        Area → locations, one a table.
    columns : tuple of str
        ``registered`` and the elections.
    size : int
        Number of locations.
    linked : bool
        Whether voters are among the registered.
    apart : bool
        Whether tables have locations of their own, tied by their totals only.
    cells : dict
        Cells by locations, group and column.
    """

    tables: list[pd.DataFrame]
    kinds: Kinds
    places: list[dict[str, tuple[int, ...]]]
    columns: tuple[str, ...]
    size: int
    linked: bool
    apart: bool
    cells: dict[tuple[tuple[int, ...], str, str], Cell]

    def wholes(self) -> list[tuple[int, ...]]:
        """List the locations of the whole place, table by table.

        Returns
        -------
        list of tuple of int
            One a table.
        """
        return [tuple(sorted({at for inside in areas.values() for at in inside})) for areas in self.places]


def tables_of(counts: Sequence[VoterCounts]) -> list[pd.DataFrame]:
    """Take the counts out of tables of voters, checked.

    Parameters
    ----------
    counts : sequence of VoterCounts
        Tables of one list.

    Returns
    -------
    list of pandas.DataFrame
        By area and group: ``registered`` and, where there are votes, the
        election; people as floats, missing where not known.

    Raises
    ------
    InputError
        A row stands twice, a count is negative or broken, or the total is lacking.
    """
    made = []
    for number, one in enumerate(counts):
        frame = _frame(one)
        twice = frame.index[frame.index.duplicated()]
        if len(twice):
            raise InputError(
                f"{len(twice):,} areas and groups stand in more than one row, first {first_few(twice)}. Give each once."
            )
        table = pd.DataFrame({REGISTERED: frame["registered"].astype("float64")})
        votes = frame["voted"].astype("float64")
        if votes.notna().any():
            table[one.election or f"election {number + 1}"] = votes
        odd = ((table < 0) | (table % 1 > 0)).any(axis=1)
        if odd.any():
            raise InputError(
                f"{int(odd.sum()):,} counts are negative or no whole numbers, first {first_few(frame.index[odd])}. "
                "Counts of people are whole numbers from 0."
            )
        bare = set(one.areas) - set(one.of(EVERYBODY).index)
        if bare:
            raise InputError(
                f"{len(bare):,} areas have no row for the group {EVERYBODY!r}, first {first_few(sorted(bare))}. "
                "Add one with everybody on the list."
            )
        over = pd.concat([outnumber(table[name]) for name in table.columns], axis=1).any(axis=1)
        if over.any():
            raise InputError(
                f"{int(over.sum()):,} groups have more people than the total of their area, first "
                f"{first_few(frame.index[over])}. Count everybody in the group {EVERYBODY!r}."
            )
        made.append(table)
    return made


def _frame(counts: Any) -> pd.DataFrame:
    """Take the frame of a table of voters, with rows and the columns it needs."""
    if not isinstance(counts, VoterCounts):
        raise InputError(f"a {type(counts).__name__} is no table of voters; pass what kit.read_registration returned.")
    frame = counts.frame
    lacking = [name for name in ("registered", "voted", "hidden") if name not in frame.columns]
    if lacking or not len(frame):
        raise InputError(f"the table of voters has no {first_few(lacking) or 'rows'}; read or make it again.")
    words = [name for name in ("registered", "voted") if not pd.api.types.is_numeric_dtype(frame[name])]
    if words:
        raise InputError(f"{first_few(words)} must be counts of people; what is not known stays missing.")
    return frame


def build(counts: Sequence[VoterCounts], overlaps: Iterable[tuple[str, str]] | None) -> System:
    """Put tables of one list together as a reader would.

    Parameters
    ----------
    counts : sequence of VoterCounts
        Tables: of the same areas, or of two kinds of areas.
    overlaps : iterable of pairs of str, optional
        Which area of the first kind has people in common with which of the second.

    Returns
    -------
    System
        Everything shown, nothing hidden but what is missing.

    Raises
    ------
    InputError
        The tables are no tables of one list, or the overlaps do not fit.
    """
    tables = tables_of(counts)
    places, size, apart = _places([one.areas for one in counts], overlaps)
    columns = tuple(dict.fromkeys(name for table in tables for name in table.columns))
    linked = all(
        not (table[REGISTERED] < table[name]).any() for table in tables for name in table.columns if name != REGISTERED
    )
    system = System(tables, kinds_of(tables), places, columns, size, linked, apart, {})
    for number, table in enumerate(tables):
        before = counts[number].frame["hidden"].to_numpy(dtype=bool)
        for (area, group), was_hidden, row in zip(table.index, before, table.to_numpy(), strict=True):
            for column, value in zip(table.columns, row, strict=True):
                cell = _add(system, (places[number][area], group, column), value, (number, area, group))
                cell.closed = cell.closed or (was_hidden and np.isnan(value))
    for number, (table, whole) in enumerate(zip(tables, system.wholes(), strict=True)):
        for (group, column), value in _totals(table, counts[number].areas).items():
            _add(system, (whole, group, column), value)
    for cell in system.cells.values():
        cell.shown = not (cell.closed or np.isnan(cell.value))
    _check_totals(system)
    return system


def _totals(table: pd.DataFrame, areas: Sequence[str]) -> dict[tuple[str, str], float]:
    """Add areas up; a total with a missing part is missing."""
    made = {}
    for group, rows in table.groupby(level="group", sort=False):
        for column in table.columns:
            full = len(rows) == len(areas)
            made[str(group), str(column)] = float(rows[column].sum(skipna=False)) if full else np.nan
    return made


def _add(
    system: System,
    key: tuple[tuple[int, ...], str, str],
    value: float,
    at: tuple[int, str, str] | None = None,
) -> Cell:
    """Add a number, or the same number in another table."""
    cell = system.cells.setdefault(key, Cell(*key, float(value)))
    _, group, column = key
    if cell.value != value and not (np.isnan(value) or np.isnan(cell.value)):
        raise InputError(
            f"the tables are not of one list: {group!r} counts {cell.value:,.0f} people in one table and "
            f"{value:,.0f} in the other ({column}, {f'area {at[1]!r}' if at else 'all areas together'}). Hide tables "
            "of different lists one by one; if these are of one list, overlaps= lacks a pair of areas."
        )
    if np.isnan(cell.value):
        cell.value = float(value)
    if at is not None:
        cell.at.append(at)
    return cell


def _places(
    areas: list[list[str]], overlaps: Iterable[tuple[str, str]] | None
) -> tuple[list[dict[str, tuple[int, ...]]], int, bool]:
    """Give each area its locations: the area itself, or its pieces in the areas of the other kind."""
    sets = list(dict.fromkeys(frozenset(names) for names in areas))
    if len(sets) == 1:
        return [{name: (at,) for at, name in enumerate(areas[0])}] * len(areas), len(areas[0]), False
    if overlaps is None:
        made: dict[frozenset[str], dict[str, tuple[int, ...]]] = {}
        start = 0
        for kind in sets:
            names = next(one for one in areas if frozenset(one) == kind)
            made[kind] = {name: (start + at,) for at, name in enumerate(names)}
            start += len(names)
        return [made[frozenset(names)] for names in areas], start, True
    if len(sets) > 2:
        raise InputError(f"overlaps are pairs of areas of two kinds, and these tables have {len(sets)} kinds.")
    given = list(overlaps)
    odd_pairs = [one for one in given if isinstance(one, str) or not isinstance(one, Sized) or len(one) != 2]
    if odd_pairs:
        raise InputError(f"overlaps are pairs of areas, such as [('1', 'Clay')]; got {first_few(odd_pairs)}.")
    pairs = list(dict.fromkeys((str(a), str(b)) for a, b in given))
    if not pairs:
        raise InputError("overlaps has no pairs; give each pair of areas that share people, or leave it out.")
    for kind, which, side in zip(sets, ("first", "second"), zip(*pairs, strict=True), strict=True):
        odd = kind.symmetric_difference(side)
        if odd:
            raise InputError(
                f"{len(odd):,} areas of the {which} table are in no pair of overlaps, or in pairs but not in the "
                f"table, first {first_few(sorted(odd))}. Give each pair of areas that share people."
            )
    both = [
        {name: tuple(at for at, pair in enumerate(pairs) if pair[side] == name) for name in sets[side]}
        for side in (0, 1)
    ]
    return [both[sets.index(frozenset(names))] for names in areas], len(pairs), False


def _check_totals(system: System) -> None:
    """Refuse tables that add up to different totals."""
    if not system.apart:
        return
    wholes = list(dict.fromkeys(system.wholes()))
    for group in system.kinds.groups:
        for column in system.columns:
            found = {c.value for w in wholes if (c := system.cells.get((w, group, column))) and not np.isnan(c.value)}
            if len(found) > 1:
                low, high = min(found), max(found)
                raise InputError(
                    f"the tables are not of one list: {group!r} adds up to {low:,.0f} people in one and {high:,.0f} in "
                    f"another ({column}). Hide tables of different lists one by one."
                )
