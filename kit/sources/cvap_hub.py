"""CVAP files of the Redistricting Data Hub: one row an area, with fields that can mean two things."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import InputError, SchemaError, first_few
from kit.model.cvap import LINES, MOE
from kit.model.geoid import as_geoids
from kit.sources.acs_values import whole
from kit.sources.local_files import column_names, read_columns

# The field's three letters → line.
FIELDS = {
    "TOT": 1, "NHS": 2, "AIA": 3, "ASN": 4, "BLK": 5, "NHP": 6, "WHT": 7, "AIW": 8, "ASW": 9, "BLW": 10, "AIB": 11,
    "2OM": 12, "HSP": 13,
}  # fmt: skip
DEFINITIONS = {
    "alone": "CVAP_AIA, CVAP_ASN and CVAP_BLK are the tabulation's lines for one race alone, as the user states.",
    "alone_or_in_combination": (
        "CVAP_AIA, CVAP_ASN and CVAP_BLK hold their two-race lines as well, as the user states; these were taken off "
        "again, so that nobody is counted twice."
    ),
}
# With the wider definition: line → the two-race lines that its field holds as well.
_HELD = {3: (8, 11), 4: (9,), 5: (10, 11)}
_MISSING = -999999.0
_NAME = re.compile(r"CVAP_([A-Z0-9]{3})(\d{2})")


def described(definition: str | None) -> str:
    """Say what a definition means.

    Parameters
    ----------
    definition : str or None
        A key of `DEFINITIONS`.

    Returns
    -------
    str
        One sentence.

    Raises
    ------
    InputError
        It is none of them, or was not stated.
    """
    if definition not in DEFINITIONS:
        given = "no definition was given" if definition is None else f"there is no definition {definition!r}"
        raise InputError(
            f"{given}. This is a Redistricting Data Hub file, where CVAP_ASN is Asian alone in some files and already "
            'holds Asian and White in others. See its read-me, and pass definition="alone" or '
            '"alone_or_in_combination".'
        )
    return DEFINITIONS[definition]


def read_hub(
    path: Path, *, prefix: str, year: int, level: str, definition: str | None
) -> tuple[pd.DataFrame, list[str]]:
    """Read the thirteen lines out of a wide file.

    Parameters
    ----------
    path : pathlib.Path
        CSV or shapes.
    prefix : str
        Two-digit code of the State; empty for every row.
    year : int
        Last year of the period, which the fields must name.
    level : str
        Level of geography.
    definition : str
        A key of `DEFINITIONS`.

    Returns
    -------
    frame : pandas.DataFrame
        As `kit.sources.cvap_rows.read_long` gives; no margins for blocks.
    notes : list of str
        What was done.

    Raises
    ------
    InputError
        The definition is not stated.
    SchemaError
        Fields are missing, or the definition contradicts the figures.
    """
    said = described(definition)
    columns = column_names(path, None)
    estimates = _fields(columns, path.name, year)
    margins = {n: f"CVAP{code}MOE" for code, n in FIELDS.items() if f"CVAP{code}MOE" in columns}
    geoid = next((c for c in ("GEOID20", "GEOID", "GEOID10", "geoid") if c in columns), None)
    if geoid is None:
        raise SchemaError(f"{path.name} has no column GEOID20 or GEOID; it has {first_few(columns, 8)}.")
    content = read_columns(path, [geoid, *estimates.values(), *margins.values()], None)
    ids, _ = as_geoids(content.frame[geoid], level=level, what=f"{path.name}: {geoid}")
    here = np.asarray(ids.str.startswith(prefix))
    if not here.any():
        raise SchemaError(
            f"{path.name} has no rows of State {prefix}; its ids begin {first_few(ids.str[:2].unique())}."
        )
    values = {n: _numbers(content.frame[c][here], c, path.name) for n, c in estimates.items()}
    moes = {n: _numbers(content.frame[c][here], c, path.name) for n, c in margins.items()} if len(margins) == 13 else {}
    _refuse_double(values, definition, path.name)
    notes = [said]
    if definition == "alone_or_in_combination":
        values, moes = _taken_off(values, moes, ids[here], path.name)
        if moes:
            notes.append("Margins of those lines were worked back from the file's rounded ones.")
    made: dict[str, Any] = {LINES[n].column: whole(values[n]) for n in LINES}
    made |= {LINES[n].column + MOE: moes[n] for n in LINES if moes}
    return pd.DataFrame(made, index=ids[here]), [*notes, *content.notes]


def _fields(columns: list[str], name: str, year: int) -> dict[int, str]:
    """Find the estimate of each line, of the right year."""
    found: dict[int, str] = {}
    years = set()
    for column in columns:
        match = _NAME.fullmatch(column)
        if match and match[1] in FIELDS:
            found[FIELDS[match[1]]] = column
            years.add(match[2])
    missing = [f"CVAP_{code}{year % 100:02d}" for code, n in FIELDS.items() if n not in found]
    if missing:
        raise SchemaError(
            f"{name} has no {first_few(missing, 13)}. It is neither the published layout (geoid, lnnumber, cvap_est, "
            f"cvap_moe) nor a Redistricting Data Hub one; it has {first_few(columns, 5)}."
        )
    if years != {f"{year % 100:02d}"}:
        raise SchemaError(f"{name} has fields of 20{first_few(sorted(years))}, but year={year} was asked for.")
    return found


def _numbers(column: pd.Series, field: str, name: str) -> np.ndarray[Any, Any]:
    """Read figures; blank and −999999 are missing."""
    text = column.astype(str).str.strip()
    blank = text.isin(["", "nan", "None"]).to_numpy()
    numbers: np.ndarray[Any, Any] = pd.to_numeric(text.where(~blank, None), errors="coerce").to_numpy(float, copy=True)
    wrong = (np.isnan(numbers) & ~blank) | ((numbers < 0) & (numbers != _MISSING))
    if wrong.any():
        raise SchemaError(f"{name}: field {field} should hold counts, and holds {first_few(text[wrong].unique(), 3)}.")
    numbers[numbers == _MISSING] = np.nan
    return numbers


def _refuse_double(values: dict[int, np.ndarray[Any, Any]], definition: str | None, name: str) -> None:
    """Hold the definition against the sum of the lines, which must be everyone not Hispanic."""
    held = sum(np.nansum(values[two]) for twos in _HELD.values() for two in twos)
    excess = sum(np.nansum(values[n]) for n in range(3, 13)) - np.nansum(values[2])
    if definition == "alone_or_in_combination":
        excess -= held
    if held > 0 and abs(excess) > held / 2:
        other = next(d for d in DEFINITIONS if d != definition)
        side = "more" if excess > 0 else "fewer"
        twice = "counts Asian and White citizens twice" if excess > 0 else "takes Asian and White citizens off twice"
        raise SchemaError(
            f'{name}: definition="{definition}" {twice}: its lines add up to {abs(excess):,.0f} people {side} than '
            f'the non-Hispanic total. The file fits "{other}"; check its read-me.'
        )


def _taken_off(
    values: dict[int, np.ndarray[Any, Any]], moes: dict[int, np.ndarray[Any, Any]], ids: pd.Index, name: str
) -> tuple[dict[int, np.ndarray[Any, Any]], dict[int, np.ndarray[Any, Any]]]:
    """Go back from "alone or in combination" to the lines as published."""
    values, moes = dict(values), dict(moes)
    for number, twos in _HELD.items():
        rest = values[number] - sum(values[two] for two in twos)
        short = rest < -1e-6
        if short.any():
            raise SchemaError(
                f"{name}: in {int(short.sum()):,} areas, first {first_few(ids[short])}, the field of line {number} is "
                "smaller than the two-race lines it should hold. Check the read-me and definition=."
            )
        values[number] = np.maximum(rest, 0.0)
        if moes:
            square = moes[number] ** 2 - sum(moes[two] ** 2 for two in twos)
            moes[number] = np.round(np.sqrt(np.maximum(square, 0.0)), 1)
    return values, moes
