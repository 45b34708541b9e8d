"""Shares of groups from names and places: cleaning, looking up, and Bayes' rule, for many people at once."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import numpy.typing as npt
import pandas as pd

from kit.errors import InputError
from kit.model.frames import Units
from kit.model.names import NAME_GROUPS, NameTable
from kit.model.tables import cell

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]

NATIONAL = {
    2010: (196_817_552, 37_685_848, 50_477_594, 14_465_124 + 481_576, 2_247_098 + 604_265 + 5_966_481),
    2020: (191_697_647, 39_940_338, 62_080_044, 19_618_719 + 622_018, 2_251_699 + 1_689_833 + 13_548_983),
}
"""Census → residents of the United States in each of `NAME_GROUPS` (P.L. 94-171, table P2). Shares of a place are set
against these: a State's own totals would move every share towards the State's mix, which names of the whole nation have
not."""
_CELLS = {"white": (5,), "black": (6,), "hispanic": (2,), "aapi": (8, 9), "other": (7, 10, 11)}
_SUFFIX = re.compile(r"\b(JR|SR|II|III|IV|V|ESQ|MD|PHD)$")
_APART = re.compile(r"[\s\-‐‑–]+")
_NO_LETTER = re.compile(r"[^A-Z\s\-‐‑–]")


def clean_name(name: str) -> tuple[str, ...]:
    """Write a name as the lists do, and its parts for when the whole is not listed.

    Parameters
    ----------
    name : str
        As somebody wrote it.

    Returns
    -------
    tuple of str
        In capitals, without marks on letters, signs and suffixes such as “Jr.”:
        first the whole as one word, then each part of a name in several parts.
        Empty where no letter is left.

    Examples
    --------
    >>> clean_name("Nguyễn"), clean_name("de la Cruz-Lee Jr."), clean_name("O'Brien")
    (('NGUYEN',), ('DELACRUZLEE', 'DE', 'LA', 'CRUZ', 'LEE'), ('OBRIEN',))
    """
    plain = unicodedata.normalize("NFKD", name.replace("đ", "d").replace("Đ", "D")).upper()
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = _NO_LETTER.sub("", plain).strip()
    plain = _SUFFIX.sub("", plain).strip(" -‐‑–")
    parts = tuple(part for part in _APART.split(plain) if part)
    return parts if len(parts) <= 1 else ("".join(parts), *parts)


def look_up(names: pd.Series, table: NameTable) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Give the shares of each name.

    Parameters
    ----------
    names : pandas.Series
        Names; missing ones are not found.
    table : NameTable
        The list.

    Returns
    -------
    tuple of numpy.ndarray
        One row a person of shares by group, not a number where there is neither
        a listed name nor a row for all other names; and whether the name is listed.
    """
    codes, unique = pd.factorize(names)
    rows = pd.Series(np.arange(len(table.frame)), index=table.frame.index)
    wanted = [clean_name(str(name)) for name in unique]
    listed = set(rows.index)
    chosen = [next((part for part in parts if part in listed), "") for parts in wanted]
    place = rows.reindex(chosen).fillna(-1).to_numpy(dtype="intp")
    shares = table.frame[list(NAME_GROUPS)].to_numpy(dtype="float64")
    rest = np.full(len(NAME_GROUPS), np.nan) if table.rest is None else table.rest.to_numpy(dtype="float64")
    # A name that is not listed is one of the rare ones; no name at all says nothing.
    empty = np.array([not parts for parts in wanted], dtype=bool)
    of_unique = np.where((place < 0)[:, None], rest, shares[place])
    of_unique[empty] = np.nan
    of_unique = np.vstack([of_unique, np.full(len(NAME_GROUPS), np.nan)])
    found = np.append(place >= 0, False)
    return of_unique[codes], found[codes]


def area_weights(areas: Units, national: Floats) -> tuple[pd.Index, Floats]:
    """Give how much more or less common each group is in a place than in the nation.

    Parameters
    ----------
    areas : Units
        Tracts, block groups or counties with the cells of table P2.
    national : numpy.ndarray
        Residents of the nation by group.

    Returns
    -------
    tuple
        GEOIDs, and P(place | group) by place and group: people of the group in
        the place over people of the group in the nation.

    Raises
    ------
    InputError
        Cells are missing.
    """
    needed = {group: [cell("P2", number) for number in numbers] for group, numbers in _CELLS.items()}
    missing = [name for names in needed.values() for name in names if name not in areas.frame.columns]
    if missing:
        raise InputError(
            f"shares by place need {', '.join(missing)}; read them with kit.read_pl94171(…, keep=(…)) or name the "
            "columns so in kit.read_units."
        )
    counts = np.column_stack([areas.frame[needed[group]].sum(axis=1, skipna=False) for group in NAME_GROUPS])
    return areas.frame.index, counts.astype("float64") / national


def combine(name: Floats, *likelihoods: Floats) -> Floats:
    """Multiply shares of names by likelihoods, and divide by the sum.

    Parameters
    ----------
    name : numpy.ndarray
        P(group | surname), one row a person.
    *likelihoods : numpy.ndarray
        P(place | group), P(first name | group); a row of ones says nothing.

    Returns
    -------
    numpy.ndarray
        P(group | all of it), each row adding to 1; a row whose product is zero
        everywhere is not a number.

    Examples
    --------
    >>> combine(np.array([[0.2, 0.8]]), np.array([[0.5, 0.25]])).round(3).tolist()
    [[0.333, 0.667]]
    """
    product = name.copy()
    for likelihood in likelihoods:
        product *= likelihood
    total = product.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(product, total, out=np.full_like(product, np.nan), where=total > 0)
    return shares


def first_weights(table: NameTable) -> Floats:
    """Give P(first name | group) for every listed first name.

    Parameters
    ----------
    table : NameTable
        With counts.

    Returns
    -------
    numpy.ndarray
        One row a name; each column adds to 1.

    Raises
    ------
    InputError
        The list has no counts.
    """
    counts = table.frame["count"].to_numpy(dtype="float64")
    if np.isnan(counts).any():
        raise InputError("first names need a list with counts of people; shares alone do not say how common a name is.")
    people = table.frame[list(NAME_GROUPS)].to_numpy(dtype="float64") * counts[:, None]
    return np.asarray(people / people.sum(axis=0))


def places_of(geoids: pd.Series, index: pd.Index, weights: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Give the likelihoods of each person's place, of the next larger place where nobody lives in it.

    Parameters
    ----------
    geoids : pandas.Series
        GEOIDs of people, as text; longer ones are cut to the length of the places.
    index : pandas.Index
        GEOIDs of the places.
    weights : numpy.ndarray
        P(place | group) by place.

    Returns
    -------
    tuple of numpy.ndarray
        Likelihoods, ones where the place is not known; and whether it is known.
    """
    codes, unique = pd.factorize(geoids)
    table = pd.DataFrame(weights, index=index)
    length = len(str(index[0])) if len(index) else 0
    levels = [table, *(table.groupby(table.index.str[:size]).sum() for size in (11, 5, 2) if size < length)]
    found = np.ones((len(unique) + 1, weights.shape[1]))
    wanted = pd.Index([str(name)[:length] for name in unique], dtype="str")
    # A place that the table lacks altogether is not known, however large the place around it.
    listed = table.index.get_indexer(wanted) >= 0
    known = np.zeros(len(unique), dtype=bool)
    for level in levels:
        size = len(str(level.index[0])) if len(level) else 0
        rows = level.to_numpy()[level.index.get_indexer(wanted.str[:size])]
        fits = listed & ~known & (rows.sum(axis=1) > 0)
        found[:-1][fits] = rows[fits]
        known |= fits
    return found[codes], np.append(known, False)[codes]
