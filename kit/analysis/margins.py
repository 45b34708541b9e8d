"""What goes into the algebra of margins: numbers of one shape, no codes, nothing missing turned into zero."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit.errors import InputError, first_few

Array: TypeAlias = NDArray[Any]
Numbers: TypeAlias = float | Array | pd.Series
"""A number, an array, or a Series; what comes back is of the same kind."""

CONTROLLED = -555555555.0
"""The Census code for a margin of zero: the estimate is held to a known total."""

MISSING = (-222222222.0, -333333333.0, -666666666.0, -888888888.0, -999999999.0)
"""The Census codes for estimates and margins that were not published."""

_NUMERIC = {"integer", "floating", "mixed-integer-float", "decimal", "empty"}


def numbers(value: Any, name: str, *, margin: bool = False) -> Array:
    """Read estimates or margins as floats.

    Parameters
    ----------
    value : float, array-like, pandas.Series or pandas.DataFrame
        Numbers; missing ones may be None, NaN or ``pandas.NA``.
    name : str
        How they are called in a message.
    margin : bool, default False
        Whether they are margins, which cannot be negative.

    Returns
    -------
    numpy.ndarray
        Of the same shape; missing is NaN.

    Raises
    ------
    InputError
        There is text, an infinite number, a negative margin or a Census code
        in place of a number.
    """
    if isinstance(value, pd.DataFrame):
        columns = {f"{name}, column {key}": column for key, column in value.items()}
        read = [numbers(column, what, margin=margin) for what, column in columns.items()]
        return np.column_stack(read) if read else np.empty(value.shape)
    series = value if isinstance(value, pd.Series) else pd.Series(np.ravel(np.asarray(value)))
    if pd.api.types.infer_dtype(series, skipna=True) not in _NUMERIC:
        raise InputError(f"{name}: there is something else than numbers here; read the column as numbers first.")
    found: Array = series.to_numpy(dtype="float64", na_value=np.nan)
    codes = np.isin(found, (CONTROLLED, *MISSING))
    bad = codes | np.isinf(found) | ((found < 0) if margin else False)
    if bad.any():
        rows = f", first in {first_few(series.index[bad], 3)}" if isinstance(value, pd.Series) else ""
        what = "codes of the Census Bureau" if codes.any() else "no possible " + ("margins" if margin else "estimates")
        raise InputError(
            f"{name}: {int(bad.sum()):,} of {len(found):,} values are {what}, such as {found[bad][0]:.12g}{rows}. Map "
            f"codes before any arithmetic: a margin of {CONTROLLED:.0f} means 0, the others mean missing (NaN)."
        )
    return found.reshape(np.shape(value))


def aligned(
    estimates: Mapping[str, Any], margins: Mapping[str, Any], *, tables: bool = False
) -> tuple[list[Array], Callable[[Array], Any]]:
    """Read estimates and margins that belong together.

    Parameters
    ----------
    estimates, margins : mapping of str to numbers
        Name in a message → numbers. Single numbers are used for every row.
    tables : bool, default False
        Whether data frames are taken, by position of their columns.

    Returns
    -------
    list of numpy.ndarray
        Estimates, then margins, of one shape.
    callable
        Gives a result the index of the Series that came in; a float where
        everything was a single number.

    Raises
    ------
    InputError
        Two indexes differ, shapes do not fit, or `numbers` refuses a value.
    """
    given = {**estimates, **margins}
    if not tables and any(isinstance(value, pd.DataFrame) for value in given.values()):
        raise InputError("give columns, one Series each, and not a whole table.")
    indexed = {name: value.index for name, value in given.items() if isinstance(value, (pd.Series, pd.DataFrame))}
    first = next(iter(indexed), "")
    for name, index in indexed.items():
        if not index.equals(indexed[first]):
            raise InputError(f"{first} and {name} are not on one index in one order; use .reindex on one of them.")
    read = [numbers(value, name, margin=name in margins) for name, value in given.items()]
    try:
        arrays = list(np.broadcast_arrays(*read))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in zip(given, read, strict=True))
        raise InputError(f"these are not of one length: {shapes}.") from None

    def like(result: Array) -> Any:
        if indexed and result.ndim == 1:
            return pd.Series(result, index=indexed[first])
        return result.item() if result.ndim == 0 else result

    return arrays, like
