"""AAPI definitions as data: each one is a rule over race combinations.

A definition is a predicate on the set of races a person marked. Its cells are
found by asking the predicate of each of the 63 combinations, so that the
numbers can be checked against the published lists and never mistyped.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from kit.errors import InputError
from kit.model.tables import NOT_HISPANIC_SHIFT, RACE_CELLS, cell
from kit.model.vocabulary import Vocabulary

Races = frozenset[str]
_AAPI: Races = frozenset({"asian", "nhpi"})


@dataclass(frozen=True)
class Base:
    """A universe that shares are taken of.

    Parameters
    ----------
    name : str
        The kit's id.
    label : str
        In a caption.
    noun : str
        In a sentence.
    race_table, origin_table : str or None
        P.L. 94-171 tables by race, and by race among people not Hispanic or Latino.
    """

    name: str
    label: str
    noun: str
    race_table: str | None = None
    origin_table: str | None = None


_BASES = (
    Base("pop", "total population", "residents", "P1", "P2"),
    Base("vap", "voting-age population (18 and over)", "adults", "P3", "P4"),
    Base("cvap", "citizen voting-age population", "citizens of voting age"),
    Base("registered", "registered voters", "registered voters"),
    Base("voted", "people who voted", "voters"),
)
BASES: dict[str, Base] = Vocabulary(((base.name, base) for base in _BASES), beyond="survey_base")


@dataclass(frozen=True)
class Definition:
    """One way of counting a group.

    Parameters
    ----------
    name : str
        The kit's id, for example ``"aapi_aoic"``.
    short : str
        For a legend, without the Hispanic-origin rule.
    long : str
        For a caption: who is counted, in full.
    rule : callable
        From the set of races marked to whether the person is counted.
    hispanic : bool
        False when people of Hispanic or Latino origin are left out (``nh_``).
    """

    name: str
    short: str
    long: str
    rule: Callable[[Races], bool]
    hispanic: bool = True

    @property
    def cells(self) -> tuple[int, ...]:
        """Cell numbers that add up to the group.

        Returns
        -------
        tuple of int
            In P1/P3 numbering or, for ``nh_``, in P2/P4 numbering.
        """
        shift = 0 if self.hispanic else NOT_HISPANIC_SHIFT
        return tuple(n + shift for n, races in RACE_CELLS.items() if self.rule(races))

    def columns(self, base: str) -> tuple[str, ...]:
        """Name the P.L. 94-171 cells that add up to this group.

        Parameters
        ----------
        base : {"pop", "vap"}
            Universe.

        Returns
        -------
        tuple of str
            Cell names as the kit keeps them.

        Raises
        ------
        InputError
            The universe is not in P.L. 94-171.
        """
        universe = BASES[base]
        table = universe.race_table if self.hispanic else universe.origin_table
        if table is None:
            raise InputError(f"P.L. 94-171 has no {universe.label}; it has pop and vap.")
        if self.name == "total":
            return (cell(table, 1),)
        return tuple(cell(table, n) for n in self.cells)


def _only(*races: str) -> Callable[[Races], bool]:
    return lambda marked: len(marked) == 1 and marked <= frozenset(races)


def _any(*races: str) -> Callable[[Races], bool]:
    return lambda marked: bool(marked & frozenset(races))


def _doj(*races: str, ignoring: tuple[str, ...] = ("white",)) -> Callable[[Races], bool]:
    def rule(marked: Races) -> bool:
        minority = marked - frozenset(ignoring)
        return bool(minority) and minority <= frozenset(races)

    return rule


_NHPI = "Native Hawaiian and Other Pacific Islander"
_EITHER = f"Asian or {_NHPI}"
_WITH_SOR = ("white", "sor")

# Id, short name for a legend, who is counted in full, rule.
_PLAIN: tuple[tuple[str, str, str, Callable[[Races], bool]], ...] = (
    ("asian_alone", "Asian alone", "Asian and no other race", _only("asian")),
    ("nhpi_alone", "NHPI alone", f"{_NHPI} and no other race", _only("nhpi")),
    ("aapi_alone", "Asian or NHPI alone", f"{_EITHER}, one race only", _only("asian", "nhpi")),
    ("asian_aoic", "Asian, alone or in combination", "Asian, alone or with any other race", _any("asian")),
    ("nhpi_aoic", "NHPI, alone or in combination", f"{_NHPI}, alone or with any other race", _any("nhpi")),
    (
        "aapi_aoic",
        "Asian or NHPI, alone or in combination",
        f"{_EITHER}, alone or with any other race; people who marked both are counted once",
        _any("asian", "nhpi"),
    ),
    ("aapi_both", "Asian and NHPI", f"both Asian and {_NHPI}, with or without other races", _AAPI.issubset),
    ("asian_doj", "Asian (DOJ allocation)", "Asian alone, or Asian and White", _doj("asian")),
    ("nhpi_doj", "NHPI (DOJ allocation)", f"{_NHPI} alone, or with White", _doj("nhpi")),
    (
        "aapi_doj",
        "Asian or NHPI (DOJ allocation)",
        f"{_EITHER}: either or both, with or without White, and no other race",
        _doj("asian", "nhpi"),
    ),
    (
        "asian_doj_sor",
        "Asian (DOJ allocation, with Some Other Race)",
        "Asian alone, or with White or Some Other Race or both",
        _doj("asian", ignoring=_WITH_SOR),
    ),
    (
        "nhpi_doj_sor",
        "NHPI (DOJ allocation, with Some Other Race)",
        f"{_NHPI} alone, or with White or Some Other Race or both",
        _doj("nhpi", ignoring=_WITH_SOR),
    ),
    (
        "aapi_doj_sor",
        "Asian or NHPI (DOJ allocation, with Some Other Race)",
        f"{_EITHER}: either or both, with or without White or Some Other Race, and no other race",
        _doj("asian", "nhpi", ignoring=_WITH_SOR),
    ),
)


def _definitions() -> dict[str, Definition]:
    """Build the vocabulary: every rule twice, with and without people of Hispanic origin."""
    found = Vocabulary([("total", Definition("total", "everyone", "everyone", lambda _: True))], beyond="survey_group")
    for name, short, full, rule in _PLAIN:
        found[name] = Definition(name, short, full, rule)
        nh_full = f"{full}; not Hispanic or Latino"
        found[f"nh_{name}"] = Definition(f"nh_{name}", f"{short}, not Hispanic", nh_full, rule, hispanic=False)
    return found


DEFINITIONS: dict[str, Definition] = _definitions()

# From the narrowest to the widest.
_KINDS = ("alone", "doj", "doj_sor", "aoic")

# The ladder of a report, widest first: nobody who identifies is dropped, then the brackets below.
LADDER = ("aapi_aoic", "aapi_doj", "aapi_alone", "nh_aapi_aoic", "nh_aapi_doj", "nh_aapi_alone")

# What holds in every row, whichever columns a source has: the left is never more than the right.
NEVER_MORE: tuple[tuple[str, str], ...] = tuple(
    (f"{prefix}{small}", f"{prefix}{large}")
    for prefix in ("", "nh_")
    for small, large in (
        *((f"{w}_{s}", f"{w}_{t}") for w in ("asian", "nhpi", "aapi") for s, t in itertools.combinations(_KINDS, 2)),
        *((f"{part}_{kind}", f"aapi_{kind}") for part in ("asian", "nhpi") for kind in _KINDS),
        *(("aapi_both", f"{part}_aoic") for part in ("asian", "nhpi")),
    )
) + tuple((f"nh_{name}", name) for name in DEFINITIONS if f"nh_{name}" in DEFINITIONS)


def definition(group: str) -> Definition:
    """Look up a definition by its id.

    Parameters
    ----------
    group : str
        An id such as ``"aapi_aoic"``, ``"asian_alone"`` or ``"nh_aapi_doj"``,
        or a column of a survey, such as ``"hmong_alone"``.

    Returns
    -------
    Definition
        What the id means.

    Raises
    ------
    InputError
        No definition has that id.

    Examples
    --------
    >>> len(definition("aapi_aoic").cells)
    48
    """
    try:
        return DEFINITIONS[group]
    except (KeyError, TypeError):
        from difflib import get_close_matches

        from kit.model.detail import told_of

        near = get_close_matches(str(group), DEFINITIONS, n=3, cutoff=0.4) or list(LADDER[:3])
        told = told_of(group) or f"no group is called {group!r}; did you mean {', '.join(near)}? All ids: kit.GROUPS."
        raise InputError(told) from None


def base_of(name: str) -> Base:
    """Look up a universe by its id.

    Parameters
    ----------
    name : str
        ``"pop"``, ``"vap"``, ``"cvap"``, ``"registered"`` or ``"voted"``, or a
        column of a survey, such as ``"asian_alone_pop"``.

    Returns
    -------
    Base
        The universe.

    Raises
    ------
    InputError
        No universe has that id.
    """
    try:
        return BASES[name]
    except (KeyError, TypeError):
        raise InputError(f"no base is called {name!r}; bases are {', '.join(BASES)}.") from None


def column(group: str, base: str) -> str:
    """Name the column that counts a group in a universe.

    Parameters
    ----------
    group : str
        A definition id, or ``"total"``; or a column of a survey.
    base : str
        A universe id; or a column of a survey.

    Returns
    -------
    str
        For example ``"aapi_aoic_vap"``.

    Examples
    --------
    >>> column("total", "vap")
    'total_vap'
    """
    who_, of = definition(group).name, base_of(base).name
    if who_ not in DEFINITIONS:
        return who_
    return of if who_ == "total" and of not in BASES else f"{who_}_{of}"


def parse_column(name: str) -> tuple[str, str] | None:
    """Split a column name into its group and universe.

    Parameters
    ----------
    name : str
        A column name.

    Returns
    -------
    tuple of str, or None
        Group id and base id; None when the name is not of that form.
    """
    group, _, base = str(name).rpartition("_")
    return (group, base) if group in DEFINITIONS and base in BASES else None


def derive(cells: pd.DataFrame) -> pd.DataFrame:
    """Count every definition that the raw cells at hand allow.

    Parameters
    ----------
    cells : pandas.DataFrame
        P.L. 94-171 cells under the kit's names (`kit.model.tables.cell`).

    Returns
    -------
    pandas.DataFrame
        Same index; one column ``<group>_<base>`` for each definition and
        universe whose cells are all present. People, whole numbers; missing
        where any of the cells is missing.

    Notes
    -----
    Every count is a sum of disjoint cells, so a person who marked both Asian
    and NHPI is counted once in the combined groups.

    References
    ----------
    U.S. Census Bureau, 2020 Census State Redistricting Data (P.L. 94-171)
    Summary File, technical documentation, chapter 6.
    """
    present = set(cells.columns)
    counts = {
        f"{group}_{base}": _add_up(cells, names)
        for base in ("pop", "vap")
        for group, rule in DEFINITIONS.items()
        if present.issuperset(names := rule.columns(base))
    }
    return pd.DataFrame(counts, index=cells.index)


def who(group: str) -> str:
    """Name the people of a definition in a column heading, without the rule.

    Parameters
    ----------
    group : str
        A definition id.

    Returns
    -------
    str
        ``"Asian or NHPI"``, ``"Asian"``, ``"NHPI"``, ``"Asian and NHPI"`` or
        ``"Everyone"``; a group of a survey in its own words.
    """
    if definition(group).name not in DEFINITIONS:
        return DEFINITIONS[group].short
    name = definition(group).name.removeprefix("nh_")
    if name == "aapi_both":
        return "Asian and NHPI"
    return {"asian": "Asian", "nhpi": "NHPI", "aapi": "Asian or NHPI"}.get(name.partition("_")[0], "Everyone")


def _add_up(cells: pd.DataFrame, names: tuple[str, ...]) -> pd.Series:
    """Add cells, where a missing cell leaves the count missing."""
    counts = cells[list(names)].sum(axis=1, skipna=False)
    return counts if counts.isna().any() else counts.astype("int64")


def parts(group: str) -> tuple[str, str] | None:
    """Name the Asian and the NHPI definition behind a combined one.

    Parameters
    ----------
    group : str
        A definition id.

    Returns
    -------
    tuple of str, or None
        For example ``("asian_aoic", "nhpi_aoic")`` for ``"aapi_aoic"``; None
        when the group is not a combined one.
    """
    prefix, found, rest = group.partition("aapi_")
    if not found or rest == "both":
        return None
    return f"{prefix}asian_{rest}", f"{prefix}nhpi_{rest}"
