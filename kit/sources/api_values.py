"""What the Census API's text means: numbers, nothing published, or a margin that is zero."""

from __future__ import annotations

import pandas as pd

from kit.errors import Corrupt, first_few

CONTROLLED = "-555555555"
"""The estimate is controlled to a known total: its margin of error is zero."""

MISSING = frozenset({"-222222222", "-333333333", "-666666666", "-888888888", "-999999999"})
"""Values that stand for "not published"; they are never numbers."""


def as_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Turn API text into numbers, special values into missing.

    Parameters
    ----------
    frame : pandas.DataFrame
        Text as the API gave it.

    Returns
    -------
    pandas.DataFrame
        ``Float64``; null and the values in `MISSING` and `CONTROLLED` are
        missing, so ask for `CONTROLLED` before, where it means a margin of 0.

    Raises
    ------
    Corrupt
        A value is no number.
    """
    special = MISSING | {CONTROLLED}
    columns = {}
    for name in frame.columns:
        text = frame[name].astype("object").where(~frame[name].isin(special).to_numpy(), None)
        numbers = pd.to_numeric(text, errors="coerce")
        wrong = numbers.isna() & text.notna()
        if wrong.any():
            seen = text[wrong].map(lambda value: str(value).strip() or "a blank")
            raise Corrupt(f"{name} holds {first_few(seen)} where the Census API should give numbers.")
        columns[name] = numbers.astype("Float64")
    return pd.DataFrame(columns, index=frame.index)


def counts(frame: pd.DataFrame, *, what: str) -> pd.DataFrame:
    """Turn API text into counts, none of which may be missing.

    Parameters
    ----------
    frame : pandas.DataFrame
        Text as the API gave it.
    what : str
        How the reply is called in the message.

    Returns
    -------
    pandas.DataFrame
        Whole numbers.

    Raises
    ------
    Corrupt
        A count is missing, a special value, or no whole number.
    """
    numbers = as_numbers(frame)
    empty = numbers.isna()
    if empty.to_numpy().any():
        names = empty.columns[empty.any()]
        ids = empty.index[empty.any(axis=1)]
        raise Corrupt(
            f"{what} has no value for {first_few(names, 3)} in {len(ids):,} areas, first {first_few(ids)}. "
            "A missing count is not zero; read a published file with source=."
        )
    whole = numbers.astype("float64")
    if not (whole % 1 == 0).all(axis=None) or (whole < 0).any(axis=None):
        raise Corrupt(f"{what} holds counts that are negative or not whole numbers.")
    return whole.astype("int64")
