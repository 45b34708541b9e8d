"""The newest edition of each product that the kit knows of, in one place."""

from __future__ import annotations

from datetime import UTC, datetime

from kit.errors import InputError, NotPublished
from kit.i18n.messages import mark, say, term

NEWEST = {
    "acs5": 2024,
    "cvap": 2024,
    "tiger": 2026,
    "legislatures": 2024,
    "section203": 2021,
    "pl94171": 2020,
    "dhc": 2020,
    "ddhca": 2020,
}
"""Product → year; of a five-year survey period its last. The survey of 2020–2024 and the citizens made from it came
out in January 2026. The legislatures are those whose districts are published as lists of blocks; the determinations
under Section 203 those with a table. Raise a number only with the layout of the new files in hand."""
TITLES = {
    "acs5": mark("the American Community Survey (5-year)"),
    "cvap": mark("the CVAP tabulation"),
}


def newest_known(product: str) -> int | None:
    """Tell the newest year of a product that the kit knows of.

    Parameters
    ----------
    product : str
        Such as ``"acs5"`` or ``"cvap"``.

    Returns
    -------
    int or None
        None for a product that is not in `NEWEST`.

    Examples
    --------
    >>> newest_known("acs5"), newest_known("pl94171")
    (2024, 2020)
    """
    return NEWEST.get(product)


def check_vintage(product: str, year: int, *, local: bool) -> str:
    """Refuse a period that the kit does not know of, before anything is asked of the network.

    Parameters
    ----------
    product : {"acs5", "cvap"}
        Which product.
    year : int
        Last year of the five-year period.
    local : bool
        True when a file at hand is to be read, which may be newer than the kit.

    Returns
    -------
    str
        A note where a file is newer than the kit knows; else empty.

    Raises
    ------
    NotPublished
        The period is newer than the kit knows, and no file is given.
    InputError
        A file is said to be of a period that is not over.
    """
    newest = NEWEST[product]
    if year <= newest:
        return ""
    known = f"the newest period of {TITLES[product]} that this kit knows is {newest - 4}–{newest}"
    if not local:
        raise NotPublished(
            f"{known}, not year={year}. If a newer one is out, fetch it in a browser and pass its path as source=; "
            f"else use year={newest}."
        )
    if year >= this_year():
        raise InputError(f"year={year}: that period is not over, so no file can be of it; {known}. Check year=.")
    return say(
        "The newest period of {product} that this kit knows is {first}–{last}; this file is said to be newer, so its "
        "layout is taken from its own labels.",
        product=term(TITLES[product]),
        first=newest - 4,
        last=newest,
    )


def this_year() -> int:
    """Tell the year of today, in UTC.

    Returns
    -------
    int
        Four digits.
    """
    return datetime.now(UTC).year
