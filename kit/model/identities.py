"""Arithmetic that a true census table cannot break, checked on every load."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from kit.errors import SchemaError, first_few
from kit.model.groups import NEVER_MORE, parse_column
from kit.model.tables import NOT_HISPANIC_SHIFT, RACE_CELLS, RACES, TABLES, cell

Check = tuple[str, pd.Series]


def _sum(frame: pd.DataFrame, table: str, numbers: list[int]) -> pd.Series:
    return frame[[cell(table, n) for n in numbers]].sum(axis=1)


def _has(frame: pd.DataFrame, *tables: str) -> bool:
    return all(cell(t, n) in frame.columns for t in tables for n in range(1, TABLES[t].cells + 1))


def _race_headers(shift: int) -> dict[int, list[int]]:
    """Map each header cell to the leaf cells under it, in P1 numbering plus `shift`."""
    by_size: dict[int, list[int]] = {}
    for number, races in RACE_CELLS.items():
        by_size.setdefault(len(races), []).append(number + shift)
    headers = {2: by_size[1], 9: [n for size in range(2, 7) for n in by_size[size]], 10: by_size[2], 26: by_size[3]}
    headers |= {47: by_size[4], 63: by_size[5], 70: by_size[6]}
    return {number + shift: leaves for number, leaves in headers.items()}


def _equalities(frame: pd.DataFrame) -> Iterator[Check]:
    for table, shift in (("P1", 0), ("P3", 0), ("P2", NOT_HISPANIC_SHIFT), ("P4", NOT_HISPANIC_SHIFT)):
        if not _has(frame, table):
            continue
        leaves = [n + shift for n in RACE_CELLS]
        whole = 1 if shift == 0 else 3
        yield (
            f"the 63 race combinations of {table} add up to {cell(table, whole)}",
            _sum(frame, table, leaves) == frame[cell(table, whole)],
        )
        for header, below in _race_headers(shift).items():
            yield (
                f"{cell(table, header)} is the sum of its cells",
                _sum(frame, table, below) == frame[cell(table, header)],
            )
        if shift:
            race = "P1" if table == "P2" else "P3"
            yield f"{table} 2 + 3 = {table} 1", _sum(frame, table, [2, 3]) == frame[cell(table, 1)]
            if cell(race, 1) in frame.columns:
                yield f"{cell(table, 1)} = {cell(race, 1)}", frame[cell(table, 1)] == frame[cell(race, 1)]
        else:
            tally = sum(_sum(frame, table, [n for n, who in RACE_CELLS.items() if race in who]) for race in RACES)
            marks = sum(frame[cell(table, n)] * len(who) for n, who in RACE_CELLS.items())
            yield f"races tallied in {table}", tally == marks
    if _has(frame, "P5"):
        for header, below in ((2, [3, 4, 5, 6]), (7, [8, 9, 10]), (1, [2, 7])):
            yield f"{cell('P5', header)} is the sum of its cells", _sum(frame, "P5", below) == frame[cell("P5", header)]
    if _has(frame, "H1"):
        yield "H1 2 + 3 = H1 1", _sum(frame, "H1", [2, 3]) == frame[cell("H1", 1)]


def _inequalities(frame: pd.DataFrame) -> Iterator[Check]:
    for adults, everyone in (("P3", "P1"), ("P4", "P2")):
        for number in range(1, TABLES[adults].cells + 1):
            small, large = cell(adults, number), cell(everyone, number)
            if small in frame.columns and large in frame.columns:
                yield f"{small} is at most {large}", frame[small] <= frame[large]
    for origin, race in (("P2", "P1"), ("P4", "P3")):
        for number in RACE_CELLS:
            small, large = cell(origin, number + NOT_HISPANIC_SHIFT), cell(race, number)
            if small in frame.columns and large in frame.columns:
                yield f"{small} is at most {large}", frame[small] <= frame[large]


def check_cells(frame: pd.DataFrame, *, what: str = "the file") -> None:
    """Check raw P.L. 94-171 cells against each other, whatever tables are present.

    Parameters
    ----------
    frame : pandas.DataFrame
        Cells under the kit's names, indexed by GEOID.
    what : str
        How the table is called in the message.

    Raises
    ------
    SchemaError
        An identity fails; the message names the first failing rows of each kind.
    """
    _raise(what, [*_equalities(frame), *_inequalities(frame)], frame)


def check_counts(frame: pd.DataFrame, *, what: str = "the file") -> None:
    """Check group counts against each other, whatever columns are present.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns named ``<group>_<base>``, indexed by GEOID. Missing values are
        not compared.
    what : str
        How the table is called in the message.

    Raises
    ------
    SchemaError
        A count is negative or not a number; a part is larger than its whole;
        adults outnumber people; or Asian + NHPI − both differs from either.
    """
    counts = {name: key for name in frame.columns if (key := parse_column(name))}
    text = [name for name in counts if not pd.api.types.is_numeric_dtype(frame[name])]
    if text:
        raise SchemaError(f"{what}: columns {first_few(text)} are not numbers; map count columns only.")
    have = {key: frame[name] for name, key in counts.items()}
    checks: list[Check] = [(f"{name} is not negative", ~(frame[name] < 0)) for name in counts]
    bases = {base for _, base in have}
    for base in sorted(bases):
        for small, large in (*NEVER_MORE, *((g, "total") for g, b in have if b == base and g != "total")):
            if (small, base) in have and (large, base) in have:
                checks.append((f"{small}_{base} is at most {large}_{base}", ~(have[small, base] > have[large, base])))
        for prefix in ("", "nh_"):
            keys = [(f"{prefix}{who}", base) for who in ("asian_aoic", "nhpi_aoic", "aapi_both", "aapi_aoic")]
            if all(key in have for key in keys):
                asian, nhpi, both, either = (have[key] for key in keys)
                known = asian.notna() & nhpi.notna() & both.notna() & either.notna()
                checks.append(
                    (f"{prefix}Asian + NHPI − both = either ({base})", ~known | (asian + nhpi - both == either))
                )
    checks += [
        (f"{group}_vap is at most {group}_pop", ~(have[group, "vap"] > have[group, "pop"]))
        for group, base in have
        if base == "vap" and (group, "pop") in have
    ]
    _raise(what, checks, frame)


def not_negative(values: pd.Series, plural: str) -> pd.Series:
    """Refuse counts below zero, such as codes for missing estimates, and endless ones; nothing may be added to them.

    Parameters
    ----------
    values : pandas.Series
        Counts by GEOID, under the name of their column; missing ones and text are let pass.
    plural : str
        What the units are called.

    Returns
    -------
    pandas.Series
        The same.

    Raises
    ------
    SchemaError
        A count is below zero, or without end.
    """
    if not pd.api.types.is_numeric_dtype(values):
        return values
    below = values.index[(values < 0).to_numpy(dtype=bool, na_value=False)]
    if len(below):
        raise SchemaError(
            f"{len(below):,} of {len(values):,} {plural} have a negative {values.name} "
            f"({values.loc[below].iloc[0]:.0f} in {first_few(below, 3)}). Codes of the Census Bureau such as "
            "-666666666 mean missing: empty those cells before any arithmetic."
        )
    endless = values.index[(values == float("inf")).to_numpy(dtype=bool, na_value=False)]
    if len(endless):
        raise SchemaError(
            f"{len(endless):,} of {len(values):,} {plural} have an endless {values.name}, first "
            f"{first_few(endless, 3)}. No count is infinite: look for a division by zero before the file was written."
        )
    return values


def _raise(what: str, checks: list[Check], frame: pd.DataFrame) -> None:
    """Raise one error for all failed checks."""
    failed = [(text, frame.index[~holds.to_numpy()]) for text, holds in checks if not holds.all()]
    if failed:
        told = "; ".join(f"“{text}” fails in {len(ids):,} rows ({first_few(ids, 3)})" for text, ids in failed[:3])
        more = f"; and {len(failed) - 3} more rules fail" if len(failed) > 3 else ""
        raise SchemaError(f"{what} contradicts itself: {told}{more}. Check the column map, the table and the vintage.")
