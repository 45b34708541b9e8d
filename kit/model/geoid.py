"""Census geographic identifiers, always as text.

A GEOID is the concatenation of fixed-width FIPS codes: state (2), county (3),
tract (6), block group (1 digit of the block) and block (4).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kit.errors import InputError, NotPublished, SchemaError, first_few


@dataclass(frozen=True)
class Level:
    """One level of census geography.

    Parameters
    ----------
    name : str
        The kit's name for it.
    plural : str
        For messages and captions.
    summary_level : str
        Three-digit code of the P.L. 94-171 files.
    digits : int or None
        Length of the GEOID; None where it varies.
    """

    name: str
    plural: str
    summary_level: str
    digits: int | None


LEVELS: dict[str, Level] = {
    level.name: level
    for level in (
        Level("state", "states", "040", 2),
        Level("county", "counties", "050", 5),
        Level("county_subdivision", "county subdivisions", "060", 10),
        Level("tract", "census tracts", "140", 11),
        Level("block_group", "block groups", "150", 12),
        Level("place", "places", "160", 7),
        Level("congressional_district", "congressional districts", "500", 4),
        Level("state_senate", "state legislative districts (upper)", "610", 5),
        Level("state_house", "state legislative districts (lower)", "620", 5),
        Level("vtd", "voting districts", "700", None),
        Level("block", "census blocks", "750", 15),
        Level("nation", "nations", "010", 2),
        Level("native_area", "American Indian, Alaska Native and Native Hawaiian areas", "250", None),
    )
}

# Digits of a block's number that has lost its leading zero; no level has so many.
_LOST = 14

# The levels that nest by prefix, finest last.
NESTED = ("state", "county", "tract", "block_group", "block")

# The levels whose areas are in no one State.
NATIONWIDE = ("nation", "native_area")

# FIPS code, postal abbreviation, name: 50 States, the District of Columbia, Puerto Rico, island areas.
_STATES = """
01 AL Alabama|02 AK Alaska|04 AZ Arizona|05 AR Arkansas|06 CA California|08 CO Colorado|09 CT Connecticut
10 DE Delaware|11 DC District of Columbia|12 FL Florida|13 GA Georgia|15 HI Hawaii|16 ID Idaho|17 IL Illinois
18 IN Indiana|19 IA Iowa|20 KS Kansas|21 KY Kentucky|22 LA Louisiana|23 ME Maine|24 MD Maryland|25 MA Massachusetts
26 MI Michigan|27 MN Minnesota|28 MS Mississippi|29 MO Missouri|30 MT Montana|31 NE Nebraska|32 NV Nevada
33 NH New Hampshire|34 NJ New Jersey|35 NM New Mexico|36 NY New York|37 NC North Carolina|38 ND North Dakota
39 OH Ohio|40 OK Oklahoma|41 OR Oregon|42 PA Pennsylvania|44 RI Rhode Island|45 SC South Carolina|46 SD South Dakota
47 TN Tennessee|48 TX Texas|49 UT Utah|50 VT Vermont|51 VA Virginia|53 WA Washington|54 WV West Virginia
55 WI Wisconsin|56 WY Wyoming|72 PR Puerto Rico|60 AS American Samoa|66 GU Guam
69 MP Commonwealth of the Northern Mariana Islands|78 VI United States Virgin Islands
"""
_ISLAND_AREAS = frozenset({"60", "66", "69", "78"})


@dataclass(frozen=True)
class State:
    """A State, the District of Columbia, Puerto Rico or an island area.

    Parameters
    ----------
    fips : str
        Two digits.
    abbr : str
        Postal abbreviation.
    name : str
        Full name.
    """

    fips: str
    abbr: str
    name: str


STATES: dict[str, State] = {
    row[:2]: State(row[:2], row[3:5], row[6:]) for row in _STATES.strip().replace("\n", "|").split("|")
}


INVENTED = State("98", "ZZ", "Fictional State")
"""The State of the invented sample: it can be named, and no publisher has anything on it."""


UNITED_STATES = State("", "US", "United States")
"""The whole country, which has no State's code; its own id is ``US``."""


def state(place: str, *, product: str | None = None) -> State:
    """Look up a State by FIPS code, postal abbreviation or name.

    Parameters
    ----------
    place : str
        ``"NY"``, ``"36"`` or ``"New York"``, in any case.
    product : str, optional
        When given, refuse places that this product does not cover
        (``"P.L. 94-171"`` has no island areas).

    Returns
    -------
    State
        The one meant.

    Raises
    ------
    InputError
        No State has that code or name.
    NotPublished
        The product does not cover the place.

    Examples
    --------
    >>> state("ny").fips
    '36'
    """
    wanted = str(place).strip().casefold()
    for found in (*STATES.values(), INVENTED):
        if wanted in {found.fips, found.abbr.casefold(), found.name.casefold()}:
            if product == "P.L. 94-171" and found.fips in _ISLAND_AREAS:
                raise NotPublished(
                    f"P.L. 94-171 is not published for {found.name}; it covers the 50 States, D.C. and Puerto Rico. "
                    "Use the 2020 Island Areas Censuses instead."
                )
            return found
    raise InputError(f"no State is called {place!r}; give a postal abbreviation, a name or a two-digit FIPS code.")


def place_of(place: str, level: str, *, product: str | None = None) -> State:
    """Look up the State that areas of a level are asked for, or the whole country where they lie in no one State.

    Parameters
    ----------
    place : str
        A State, or ``"US"``.
    level : str
        Name of a level.
    product : str, optional
        As in `state`.

    Returns
    -------
    State
        The one meant; for the whole country, `UNITED_STATES`.

    Raises
    ------
    InputError
        Place and level do not go together, or no State has that name.
    NotPublished
        The product does not cover the place.

    Examples
    --------
    >>> place_of("US", "native_area").name
    'United States'
    """
    whole = str(place).strip().casefold() in {"us", "usa", "united states"}
    if level not in NATIONWIDE:
        if whole:
            raise InputError(
                f"place={place!r} goes with level='nation' or 'native_area' only; for {level!r} name one State."
            )
        return state(place, product=product)
    if not whole:
        named = state(place).name
        why = "is one area" if level == "nation" else "names areas that may cross State lines"
        raise InputError(f"level={level!r} {why}: pass place='US', not {named}, and keep the rows that are wanted.")
    return UNITED_STATES


def level(name: str) -> Level:
    """Look up a level of geography by its name or its three-digit summary level.

    Parameters
    ----------
    name : str
        ``"block"``, ``"block group"``, ``"tract"`` … or ``"750"``.

    Returns
    -------
    Level
        The level; an unlisted three-digit code gives a level of unknown GEOID length.

    Raises
    ------
    InputError
        The name is not a level.
    """
    key = str(name).strip().lower().replace(" ", "_")
    if key in LEVELS:
        return LEVELS[key]
    for found in LEVELS.values():
        if found.summary_level == key:
            return found
    if re.fullmatch(r"\d{3}", key):
        return Level(key, f"areas of summary level {key}", key, None)
    raise InputError(f"no level is called {name!r}; levels are {', '.join(LEVELS)} or a three-digit summary level.")


def level_of(geoids: Any) -> str | None:
    """Tell the nesting level of GEOIDs from their length.

    Parameters
    ----------
    geoids : iterable of str
        GEOIDs as text.

    Returns
    -------
    str or None
        Name of the level when every id is digits of the one length that only
        that level has among state, county, tract, block group and block; else None.

    Examples
    --------
    >>> level_of(["360610001001000", "360610001001001"])
    'block'
    """
    ids = pd.Series(geoids, dtype=object)
    lengths = ids.str.len().unique()
    if len(lengths) != 1 or not ids.str.fullmatch(r"\d+").all():
        return None
    return next((name for name in NESTED if LEVELS[name].digits == lengths[0]), None)


def as_geoids(values: Any, *, level: str | None = None, what: str = "the id column") -> tuple[pd.Index, int]:
    """Turn a column of ids into GEOIDs as text, or say why it cannot be done.

    Parameters
    ----------
    values : array-like
        Ids as read. The ``1000000US`` prefix of the Census API is taken off;
        the nation, ``0100000US``, becomes ``US``.
    level : str, optional
        A nesting level; ids must then have its length.
    what : str
        How the column is called in messages.

    Returns
    -------
    ids : pandas.Index
        Text, in the order given, named ``GEOID``.
    repaired : int
        How many lost a leading zero in an earlier step and were given it back.
        Only possible when `level` says how long the ids must be.

    Raises
    ------
    SchemaError
        Ids are missing, doubled, in scientific notation, or of the wrong length.

    Examples
    --------
    >>> as_geoids(["10001", "6001"], level="county")[0].tolist()
    ['10001', '06001']
    """
    ids = pd.Series(values, dtype=object)
    if ids.isna().any():
        raise SchemaError(
            f"{what} is empty in {int(ids.isna().sum()):,} rows, first row {int(ids.isna().argmax()) + 1}."
        )
    numeric = ids.map(lambda v: isinstance(v, (int, float)) and not isinstance(v, bool))
    if numeric.any():
        ids = ids.map(lambda v: f"{v:.0f}" if isinstance(v, float) and v.is_integer() else str(v))
    ids = ids.astype(str).str.strip().str.replace(r"^\d*US(?=.)", "", regex=True)
    ids = ids.str.replace(r"^\d+US$", "US", regex=True)  # The nation has nothing after the prefix.
    ids = ids.str.replace(r"^(\d+)\.0+$", r"\1", regex=True)  # Whole numbers that a program wrote as decimals.
    broken = ids.str.fullmatch(r"\d[.,]\d+[eE]\+?\d+|\d[eE]\+\d+")
    if broken.any():
        raise SchemaError(
            f"{what} holds ids in scientific notation ({first_few(ids[broken].unique())}): a spreadsheet has "
            "destroyed them. "
            "Export the file again with that column as text."
        )
    repaired = 0
    digits = LEVELS[level].digits if level in LEVELS else None
    if digits is not None and level in NESTED:
        short = (ids.str.len() == digits - 1) & ids.str.fullmatch(r"\d+") & ("0" + ids.str[:1]).isin(set(STATES))
        repaired = int(short.sum())
        ids = ids.where(~short, "0" + ids)
        wrong = ~ids.str.fullmatch(rf"\d{{{digits}}}")
        if wrong.any():
            raise SchemaError(
                f"{what} holds {int(wrong.sum()):,} ids that are not {digits} digits as {LEVELS[level].plural} have: "
                f"{first_few(ids[wrong])}. Check the level and the column."
            )
    elif numeric.any():
        raise SchemaError(
            f"{what} was read as numbers ({first_few(ids)}), so leading zeros may be lost. "
            "Read it as text or give level=."
        )
    elif _lost_zero(ids):
        raise SchemaError(
            f"{what} holds block ids of 14 digits ({first_few(ids[ids.str.len() == _LOST])}): they have lost their "
            'leading zero. Say level="block", and it is put back.'
        )
    doubled = ids[ids.duplicated(keep=False)]
    if len(doubled):
        raise SchemaError(
            f"{what} names {doubled.nunique():,} ids more than once: {first_few(doubled.unique())}. "
            "Each unit may stand in one row."
        )
    return pd.Index(ids.to_numpy(dtype=object), dtype="str", name="GEOID"), repaired


def _lost_zero(ids: pd.Series) -> bool:
    """Tell whether ids can only be blocks, some of them without their leading zero."""
    lengths = ids.str.len()
    short = lengths == _LOST
    fits = lengths.isin((_LOST, _LOST + 1)) & ids.str.fullmatch(r"\d+")
    return bool(len(ids) and short.any() and fits.all() and ("0" + ids[short].str[:1]).isin(set(STATES)).all())


def natural_key(label: str) -> tuple[tuple[int, int, str], ...]:
    """Give a sort key that puts district 2 before district 10.

    Parameters
    ----------
    label : str
        A district label.

    Returns
    -------
    tuple
        Comparable with the key of any other label.

    Examples
    --------
    >>> sorted(["10", "2", "A"], key=natural_key)
    ['2', '10', 'A']
    """
    parts = re.findall(r"\d+|\D+", str(label))
    return tuple((0, int(p), p) if p.isdigit() else (1, 0, p.casefold()) for p in parts)
