"""Claims a speaker may want to make, as objects.

A claim is never read out of free text: it says its kind, its district, its
group and its base, so that there is one way to check it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kit.errors import InputError
from kit.model.claim_kinds import KINDS, OTHERS, RELATIONS
from kit.model.groups import BASES, DEFINITIONS, base_of, definition


@dataclass(frozen=True)
class Claim:
    """One thing somebody wants to say, in parts that can be checked.

    Use the named constructors: ``Claim.majority("7", group="aapi_aoic", base="vap")``.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    group, base : str
        Definition id and universe id.
    district : str or None
        Label of the district; None is the whole area of the plan.
    direction : str
        One of `RELATIONS`.
    threshold : float or None
        A fraction between 0 and 1 that the share passes.
    value : float or None
        The share that is stated, as a fraction.
    other : str or None
        Label of the district to compare with; None is the whole area.
    among : tuple of str
        Groups that the group is compared with, none of which overlap.
    of : {"share", "people"}
        What is said to have grown.
    area : str or None
        Name of the community, cluster or region.
    n : int or None
        How many districts, or how many people at least.

    Raises
    ------
    InputError
        Parts are missing or unknown; one message names them all.
    """

    kind: str
    group: str = ""
    base: str = ""
    district: str | None = None
    direction: str = "more"
    threshold: float | None = None
    value: float | None = None
    other: str | None = None
    among: tuple[str, ...] = ()
    of: str = "share"
    area: str | None = None
    n: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(f"no claim is of the kind {self.kind!r}; kinds are {', '.join(KINDS)}.")
        object.__setattr__(self, "among", tuple(self.among))
        faults = [*self._missing(), *self._wrong(), *self._unknown()]
        if faults:
            raise InputError(f"a claim of the kind {self.kind!r} cannot be checked so: {'; '.join(faults)}.")

    @classmethod
    def share(
        cls,
        district: str | None = None,
        *,
        group: str,
        base: str,
        is_: float | None = None,
        more_than: float | None = None,
        at_least: float | None = None,
        less_than: float | None = None,
        at_most: float | None = None,
    ) -> Claim:
        """Claim what a share is, or what it passes.

        Parameters
        ----------
        district : str, optional
            Label of the district; by default the whole area of the plan.
        group, base : str
            Definition id and universe id.
        is_, more_than, at_least, less_than, at_most : float, optional
            One of them, as a fraction.

        Returns
        -------
        Claim
            Of the kind ``share``.

        Raises
        ------
        InputError
            None or several of the five are given, or a part is unknown.
        """
        given = {"more": more_than, "at_least": at_least, "less": less_than, "at_most": at_most, "is": is_}
        named = [name for name, number in given.items() if number is not None]
        if len(named) != 1:
            raise InputError(
                f"a claim on a share says one of is_, more_than, at_least, less_than, at_most; here are {len(named)}."
            )
        at = given[named[0]]
        figure = {"value": at} if named[0] == "is" else {"threshold": at}
        return cls("share", group, base, district, direction=named[0], **figure)  # type: ignore[arg-type]

    @classmethod
    def majority(cls, district: str | None = None, *, group: str, base: str) -> Claim:
        """Claim that a group is more than half of a district.

        Parameters
        ----------
        district : str, optional
            Label of the district; by default the whole area of the plan.
        group, base : str
            Definition id and universe id.

        Returns
        -------
        Claim
            Of the kind ``majority``.

        Examples
        --------
        >>> Claim.majority("7", group="aapi_aoic", base="vap").kind
        'majority'
        """
        return cls("majority", group, base, district, threshold=0.5)

    @classmethod
    def only(cls, district: str, *, group: str, base: str, above: float) -> Claim:
        """Claim that no other district passes a threshold.

        Parameters
        ----------
        district : str
            Label of the district.
        group, base : str
            Definition id and universe id.
        above : float
            The threshold, as a fraction.

        Returns
        -------
        Claim
            Of the kind ``only``.
        """
        return cls("only", group, base, district, threshold=above)

    @classmethod
    def largest(cls, district: str, *, group: str, base: str) -> Claim:
        """Claim that a district has the highest share in the plan.

        Parameters
        ----------
        district : str
            Label of the district.
        group, base : str
            Definition id and universe id.

        Returns
        -------
        Claim
            Of the kind ``largest``.
        """
        return cls("largest", group, base, district)

    @classmethod
    def largest_group(cls, district: str | None = None, *, group: str, base: str, among: Sequence[str]) -> Claim:
        """Claim that a group is the largest of several groups that do not overlap.

        Parameters
        ----------
        district : str, optional
            Label of the district; by default the whole area of the plan.
        group, base : str
            Definition id and universe id.
        among : sequence of str
            The other groups: ids of definitions or of `OTHERS`.

        Returns
        -------
        Claim
            Of the kind ``largest_group``.
        """
        return cls("largest_group", group, base, district, among=tuple(among))

    @classmethod
    def more_than(
        cls, district: str, other: str | None = None, *, group: str, base: str, direction: str = "more"
    ) -> Claim:
        """Claim that a district's share is more than another's, or than that of the whole plan.

        Parameters
        ----------
        district : str
            Label of the district.
        other : str, optional
            Label of the other district; by default the whole area of the plan.
        group, base : str
            Definition id and universe id.
        direction : {"more", "less"}
            Which way.

        Returns
        -------
        Claim
            Of the kind ``more_than``.
        """
        return cls("more_than", group, base, district, direction=direction, other=other)

    @classmethod
    def grew(
        cls, district: str | None = None, *, group: str, base: str, of: str = "share", direction: str = "more"
    ) -> Claim:
        """Claim that a share, or a number of people, grew or shrank between two dates.

        Parameters
        ----------
        district : str, optional
            Label of the district; by default the whole area of the plan.
        group, base : str
            Definition id and universe id.
        of : {"share", "people"}
            What grew.
        direction : {"more", "less"}
            Whether it grew or shrank.

        Returns
        -------
        Claim
            Of the kind ``grew``.
        """
        return cls("grew", group, base, district, direction=direction, of=of)

    @classmethod
    def split_into(cls, area: str, n: int, *, at_least: bool = False, group: str = "", base: str = "") -> Claim:
        """Claim that a community, a cluster or a region is split among `n` districts.

        Parameters
        ----------
        area : str
            Its name.
        n : int
            How many districts; at least 2.
        at_least : bool, default False
            Whether more would do.
        group, base : str, optional
            Definition id and universe id of the figures.

        Returns
        -------
        Claim
            Of the kind ``split_into``.
        """
        return cls("split_into", group, base, direction="at_least" if at_least else "is", area=area, n=n)

    @classmethod
    def loses(cls, district: str, *, group: str, base: str, n: int | None = None) -> Claim:
        """Claim that a district loses people of a group from one plan to the next.

        Parameters
        ----------
        district : str
            Label of the district, the same in both plans.
        group, base : str
            Definition id (or ``"total"``) and universe id.
        n : int, optional
            How many people at least.

        Returns
        -------
        Claim
            Of the kind ``loses``.
        """
        return cls("loses", group, base, district, direction="less", n=n)

    @classmethod
    def gains(cls, district: str, *, group: str, base: str, n: int | None = None) -> Claim:
        """Claim that a district gains people of a group from one plan to the next.

        Parameters
        ----------
        district : str
            Label of the district, the same in both plans.
        group, base : str
            Definition id (or ``"total"``) and universe id.
        n : int, optional
            How many people at least.

        Returns
        -------
        Claim
            Of the kind ``gains``.
        """
        return cls("gains", group, base, district, direction="more", n=n)

    def _missing(self) -> list[str]:
        """Name the parts that are not there."""
        needed = list(KINDS[self.kind][1])
        if self.kind == "share":
            needed.append("value" if self.direction == "is" else "threshold")
        return [f"{name} is missing" for name in needed if getattr(self, name) in (None, "", ())]

    def _wrong(self) -> list[str]:
        """Name the parts that cannot be."""
        two = ("more", "less")
        ways = {"more_than": two, "grew": two, "split_into": ("is", "at_least")}.get(self.kind, tuple(RELATIONS))
        labels = {"district": self.district, "other": self.other, "area": self.area}
        told = [
            f"{name} is text, such as '7'" for name, label in labels.items() if not isinstance(label, (str, type(None)))
        ]
        told += [] if self.direction in ways else [f"direction is one of {', '.join(ways)}, not {self.direction!r}"]
        for name in ("threshold", "value"):
            figure = getattr(self, name)
            if figure is not None and not _is_fraction(figure):
                told.append(f"{name} is a fraction between 0 and 1, such as 0.41, not {figure!r}")
        least = 2 if self.kind == "split_into" else 1
        if self.n is not None and (isinstance(self.n, bool) or not isinstance(self.n, int) or self.n < least):
            told.append(f"n is a whole number of at least {least}, not {self.n!r}")
        if self.of not in {"share", "people"}:
            told.append(f"of is 'share' or 'people', not {self.of!r}")
        if self.kind == "more_than" and self.other == self.district:
            told.append("a district cannot be compared with itself")
        return told

    def _unknown(self) -> list[str]:
        """Name groups and bases outside the vocabulary."""
        told = []
        if self.group and not _known(definition, self.group):
            told.append(f"no group is called {self.group!r} (all ids: kit.GROUPS)")
        people = self.kind in {"loses", "gains", "split_into"} or (self.kind == "grew" and self.of == "people")
        if self.group == "total" and not people:
            told.append("the share of everyone is always 100%: name a group")
        if self.base and not _known(base_of, self.base):
            told.append(f"no base is called {self.base!r}; bases are {', '.join(BASES)}")
        strange = [name for name in self.among if name not in DEFINITIONS and name not in OTHERS]
        if strange:
            told.append(f"among names {', '.join(strange)}; it takes ids of kit.GROUPS and {', '.join(OTHERS)}")
        return told


def _known(look_up: Callable[[str], Any], name: str) -> bool:
    """Tell whether a word is in a vocabulary, or a column of a survey."""
    try:
        look_up(name)
    except InputError:
        return False
    return True


def _is_fraction(figure: Any) -> bool:
    """Tell whether something is a number from 0 to 1."""
    if isinstance(figure, bool):
        return False
    try:
        return 0 <= Fraction(str(figure)) <= 1
    except (ValueError, ZeroDivisionError):
        return False
