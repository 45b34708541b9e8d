"""Names of areas as files and callers write them, and what shows that a name is none."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pandas as pd

from kit.errors import InputError, SchemaError, first_few
from kit.sources.returns_rows import is_total

MOST = 1e9
"""No place has more people, or votes, than this."""

# What a spreadsheet makes of an id such as 1E5 or 100000: several ids become one.
_MANGLED = re.compile(r"\d(\.\d+)?E\+\d{2,3}")


def as_file(path: Any, what: str) -> Path:
    """Give a path, or say that something else was passed.

    Parameters
    ----------
    path : path-like
        As the caller gave it.
    what : str
        What is due, for the message.

    Returns
    -------
    pathlib.Path
        With the home folder written out.

    Raises
    ------
    InputError
        It is no path.
    """
    if not isinstance(path, (str, os.PathLike)):
        raise InputError(f"{what} is a file: pass its path as text, not {type(path).__name__}.")
    return Path(path).expanduser()


def label_of(value: Any) -> str:
    """Give the name of an area or a district as text.

    Parameters
    ----------
    value : object
        Text or a number.

    Returns
    -------
    str
        Without blanks around it, whole numbers without a point; empty for what is missing.

    Examples
    --------
    >>> label_of(7.0), label_of(" 07 "), label_of(None)
    ('7', '07', '')
    """
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 — not a number
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def mangled(names: pd.Series) -> pd.Series:
    """Tell ids that a spreadsheet wrote as numbers of many digits.

    Parameters
    ----------
    names : pandas.Series
        Text.

    Returns
    -------
    pandas.Series
        True for such as ``1.00E+05``.
    """
    return names.map(lambda text: any(_MANGLED.fullmatch(part) for part in str(text).split()))


def require_whole_ids(names: pd.Series, what: str) -> None:
    """Refuse ids that a spreadsheet wrote as numbers of many digits.

    Parameters
    ----------
    names : pandas.Series
        Text.
    what : str
        What they name, with the file, for the message.

    Raises
    ------
    SchemaError
        There are such ids.
    """
    wrong = names[mangled(names)]
    if len(wrong):
        raise SchemaError(
            f"{what} have ids such as {first_few(wrong.unique(), 3)}: a spreadsheet turned ids into numbers, and "
            "different ones may have become one. Get the file as it came, and read it without opening it there."
        )


def require_numbers(numbers: Any) -> None:
    """Refuse voter numbers that a spreadsheet wrote as numbers of many digits: one could stand for many people.

    Parameters
    ----------
    numbers : pyarrow.ChunkedArray
        Text.

    Raises
    ------
    SchemaError
        There are such numbers; they are not repeated.
    """
    import pyarrow.compute as pc

    wrong = pc.sum(pc.match_substring_regex(numbers, r'^["\s]*\d(\.\d+)?E\+\d{2,3}["\s]*$')).as_py() or 0
    if wrong:
        raise SchemaError(
            f"{wrong:,} voter numbers are written as 1.23E+08 is: a spreadsheet changed them, and one may stand for "
            "many people. Get the file as it came, and read it without opening it there."
        )


def require_names(areas: pd.Series, by: str) -> None:
    """Refuse areas that are sums of others, or whose names a spreadsheet has changed.

    Parameters
    ----------
    areas : pandas.Series
        Names.
    by : str
        What they are.

    Raises
    ------
    SchemaError
        There are such areas.
    """
    names = pd.Series(areas.unique(), dtype="str")
    require_whole_ids(names, f"areas ({by})")
    sums = names[is_total(names, "candidate")]
    if len(sums):
        raise SchemaError(
            f"areas ({by}) are called {first_few(sums)}: rows of totals, by which people would be counted twice. "
            "Remove them."
        )
