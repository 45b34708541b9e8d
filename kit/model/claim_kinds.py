"""What kinds of claim there are, as data."""

from __future__ import annotations

from kit.model.groups import BASES
from kit.model.tables import RACES, cell

# Kind → what it says, and which parts it cannot do without.
KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "share": ("a district's share is, or passes, a figure", ("group", "base", "direction")),
    "majority": ("a group is more than half of a district", ("group", "base")),
    "only": ("one district alone passes a threshold", ("district", "group", "base", "threshold")),
    "largest": ("a district has the highest share", ("district", "group", "base")),
    "largest_group": ("a group is the largest of several in a district", ("group", "base", "among")),
    "more_than": ("a share is more than another district's, or the whole plan's", ("district", "group", "base")),
    "grew": ("a share, or a count, changed between two dates", ("group", "base")),
    "split_into": ("an area is split among districts", ("area", "n")),
    "loses": ("a district loses people of a group to a plan", ("district", "group", "base")),
    "gains": ("a district gains people of a group by a plan", ("district", "group", "base")),
}
"""The kinds of claim the kit can check."""

RELATIONS = {
    "is": "",
    "more": "more than",
    "at_least": "at least",
    "less": "less than",
    "at_most": "at most",
}
"""What `Claim.direction` can be, and how it is said."""

STATUSES = ("carried", "weaker", "refused")
"""The numbers carry the claim; they carry something weaker; or nothing of the kind may be said."""


def _others() -> dict[str, tuple[str, int]]:
    """Name the groups that a group can be set beside: words, and the P2/P4 cell that counts them."""
    words = {"white": "White", "black": "Black", "aian": "American Indian or Alaska Native", "sor": "some other race"}
    found = {f"nh_{race}_alone": (f"{words[race]} alone, not Hispanic", 5 + RACES.index(race)) for race in words}
    return {"hispanic": ("Hispanic or Latino, of any race", 2), **found}


OTHERS: dict[str, tuple[str, int]] = _others()
"""Groups outside the kit's definitions that ``largest_group`` can compare with: words, and the P2/P4 cell."""


def cell_of(other: str, base: str) -> str:
    """Name the P.L. 94-171 cell that counts one of `OTHERS`.

    Parameters
    ----------
    other : str
        One of `OTHERS`.
    base : {"pop", "vap"}
        Universe.

    Returns
    -------
    str
        For example ``"P4_005N"``; empty where the file has no such universe.

    Examples
    --------
    >>> cell_of("hispanic", "vap"), cell_of("nh_white_alone", "pop")
    ('P4_002N', 'P2_005N')
    """
    table = BASES[base].origin_table
    return cell(table, OTHERS[other][1]) if table else ""
