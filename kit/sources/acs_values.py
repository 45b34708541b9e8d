"""Estimates and margins out of text, codes mapped before anything is added."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import Corrupt, first_few
from kit.sources.api_values import CONTROLLED, MISSING

_FIXED = frozenset({CONTROLLED, "*****"})
_ABSENT = frozenset({"", ".", "-", "N", "(X)", "**", "***", "null", "None", "NaN", "nan", "<NA>"}) | MISSING


def as_figures(cells: pd.DataFrame, name: str) -> pd.DataFrame:
    """Turn text into estimates and margins, codes mapped before anything is added.

    Parameters
    ----------
    cells : pandas.DataFrame
        Text, columns as ``B02015_002E`` and ``B02015_002M``.
    name : str
        How the file or reply is called in messages.

    Returns
    -------
    pandas.DataFrame
        Whole numbers where nothing is missing, else floats with missing
        values. A margin of an estimate that is held to a known total is 0;
        every other code, a blank and null are missing.

    Raises
    ------
    Corrupt
        A value is no number, or a margin is negative.
    """
    made = {}
    for column in cells.columns:
        text = cells[column].astype("object").map(_tidy)
        controlled = text.isin(_FIXED) & column.endswith("M")
        absent = text.isin(_ABSENT | _FIXED)
        numbers = pd.to_numeric(text.where(~absent, None), errors="coerce").to_numpy(dtype=float, copy=True)
        numbers[controlled.to_numpy()] = 0.0
        wrong = np.isnan(numbers) & ~absent.to_numpy()
        if column.endswith("M"):
            wrong |= numbers < 0
        if wrong.any():
            raise Corrupt(
                f"{name}: {column} holds {first_few(text[wrong].unique(), 3)} where there should be numbers, first at "
                f"{first_few(cells.index[wrong])}."
            )
        made[column] = whole(numbers)
    return pd.DataFrame(made, index=cells.index)


def _tidy(value: Any) -> str:
    """Write a cell as text without blanks, thousands commas, or a decimal part of zero."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    text = str(value).strip().replace(",", "").removeprefix("±").removeprefix("+/-")
    return re.sub(r"(?<=\d)\.0+$", "", text)


def whole(values: Any) -> Any:
    """Use whole numbers where nothing is missing and nothing is a fraction.

    Parameters
    ----------
    values : numpy.ndarray
        Floats.

    Returns
    -------
    numpy.ndarray
        Integers, or the same floats.
    """
    return values.astype("int64") if not np.isnan(values).any() and (values % 1 == 0).all() else values
