"""Numbers of units in a sentence, where only the plural has a name."""

from __future__ import annotations

from kit.i18n.messages import Message, say, term


def some(count: int, plural: str) -> Message:
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
    if count == 1:
        return say("1 of the {units}", units=term(plural))
    return say("{count:,} {units}", count=count, units=term(plural))
