"""Numbers of units in a sentence, where only the plural has a name."""

from __future__ import annotations


def some(count: int, plural: str) -> str:
    """Write a number of units.

    Parameters
    ----------
    count : int
        How many.
    plural : str
        What they are called.

    Returns
    -------
    str
        For example ``"3 census blocks"``.

    Examples
    --------
    >>> some(1, "census blocks")
    '1 of the census blocks'
    """
    return f"1 of the {plural}" if count == 1 else f"{count:,} {plural}"


def are(count: int) -> str:
    """Choose the verb.

    Parameters
    ----------
    count : int
        How many.

    Returns
    -------
    str
        ``"is"`` or ``"are"``.
    """
    return "is" if count == 1 else "are"
