"""Numbers of things, and lists of names, in the language in force."""

from __future__ import annotations

from collections.abc import Iterable

from kit.i18n.messages import Message, english, joined, mark, say, term

THINGS = {
    mark("areas"): mark("area"),
    mark("block groups"): mark("block group"),
    mark("census blocks"): mark("census block"),
    mark("census tracts"): mark("census tract"),
    mark("clusters"): mark("cluster"),
    mark("communities"): mark("community"),
    mark("congressional districts"): mark("congressional district"),
    mark("counties"): mark("county"),
    mark("county subdivisions"): mark("county subdivision"),
    mark("districts"): mark("district"),
    mark("groups"): mark("group"),
    mark("moves"): mark("move"),
    mark("nations"): mark("nation"),
    mark("people"): mark("people"),
    mark("pieces"): mark("piece"),
    mark("placed units"): mark("placed unit"),
    mark("places"): mark("place"),
    mark("plans"): mark("plan"),
    mark("regions"): mark("region"),
    mark("slivers"): mark("sliver"),
    mark("states"): mark("state"),
    mark("submissions"): mark("submission"),
    mark("units"): mark("unit"),
    mark("voting districts"): mark("voting district"),
}
"""What is counted in sentences: the plural and the singular."""


def singular(plural: str) -> str:
    """Give the word for one thing.

    Parameters
    ----------
    plural : str
        Words for several, in whatever language they were said.

    Returns
    -------
    str
        English words for one.

    Examples
    --------
    >>> singular("communities"), singular("shapes")
    ('community', 'shape')
    """
    told = english(plural)
    if told in THINGS:
        return THINGS[told]
    return f"{told[:-3]}y" if told.endswith("ies") else told.removesuffix("s")


def number_of(number: float, plural: str) -> Message:
    """Write a number of things, in the singular for one.

    Parameters
    ----------
    number : float
        A whole number.
    plural : str
        What they are called, such as ``"communities"``.

    Returns
    -------
    str
        Such as ``"1 community"`` or ``"2,346 census tracts"``.

    Examples
    --------
    >>> number_of(1, "communities"), number_of(2346, "census tracts")
    ('1 community', '2,346 census tracts')
    """
    if number != 1:
        return say("{number:,.0f} {things}", number=float(number), things=term(plural))
    return say("1 {thing}", thing=term(singular(plural)))


def listed(names: Iterable[str]) -> Message:
    """Join names with commas and “and”.

    Parameters
    ----------
    names : list of str
        At least one.

    Returns
    -------
    str
        For example ``"1, 2 and 3"``.
    """
    *first, last = names
    if not first:
        return joined([last])
    return say("{first} and {last}", first=joined(first, say(", ")), last=last)


def few(ids: Iterable[object], limit: int = 5) -> Message:
    """Join the first few names, and count the others.

    Parameters
    ----------
    ids : iterable
        In the order they should be named.
    limit : int, default 5
        How many to name.

    Returns
    -------
    str
        Names with commas between, and the count of those not named.

    Examples
    --------
    >>> few(range(7))
    '0, 1, 2, 3, 4 and 2 more'
    """
    every = [one if isinstance(one, str) else str(one) for one in ids]
    named = joined(every[:limit], say(", "))
    return named if len(every) <= limit else say("{named} and {more:,} more", named=named, more=len(every) - limit)


def districts(labels: list[str], most: int = 6) -> Message:
    """Name a few districts, or count many.

    Parameters
    ----------
    labels : list of str
        At least one.
    most : int, default 6
        At most so many are named one by one.

    Returns
    -------
    str
        Such as ``"districts 3 and 7"``.

    Examples
    --------
    >>> districts(["3"]), districts(["3", "7"])
    ('district 3', 'districts 3 and 7')
    """
    if len(labels) > most:
        return say("{number} districts", number=len(labels))
    if len(labels) == 1:
        return say("district {district}", district=labels[0])
    return say("districts {districts}", districts=listed(labels))
