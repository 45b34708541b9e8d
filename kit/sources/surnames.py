"""Surnames and first names of the census: how people of each name answered the questions on race and origin."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import Corrupt, InputError, NotPublished, SchemaError, first_few
from kit.files import sha256
from kit.i18n.messages import say
from kit.model.names import NAME_GROUPS, NameTable
from kit.model.source import Source
from kit.sources.download import describe_file, fetch

_FILES = {
    ("last", 2010): "/topics/genealogy/2010surnames/names.zip",
    ("last", 2020): "/topics/genealogy/2020surnames/Names2020_LastNames_RaceHispanic.xlsx",
    ("first", 2020): "/topics/genealogy/2020surnames/Names2020_FirstNames_RaceHispanic.xlsx",
}
_REST = "ALL OTHER NAMES"
# Percentages of the file of 2010, and tables of probabilities that others made of it.
_PERCENT = {
    "pctwhite": "white",
    "pctblack": "black",
    "pcthispanic": "hispanic",
    "pctapi": "aapi",
    "pctaian": "other",
    "pct2prace": "other",
}
_SHARES = {"p_whi": "white", "p_bla": "black", "p_his": "hispanic", "p_asi": "aapi", "p_oth": "other"}
# Words that tell the six columns of counts of the files of 2020 apart.
_COUNTS = {
    "WHITE ALONE": "white",
    "BLACK OR AFRICAN AMERICAN ALONE": "black",
    "AMERICAN INDIAN AND ALASKA NATIVE ALONE": "other",
    "ASIAN AND NATIVE HAWAIIAN AND OTHER PACIFIC ISLANDER ALONE": "aapi",
    "TWO OR MORE RACES": "other",
    "HISPANIC OR LATINO ORIGIN": "hispanic",
}


def read_surnames(*, year: int, source: str | os.PathLike[str] | None = None) -> NameTable:
    """Read the census list of surnames by race and origin.

    Parameters
    ----------
    year : {2010, 2020}
        Census.
    source : path-like, optional
        The published file (``names.zip`` or its CSV for 2010, the workbook for
        2020), or a CSV with ``surname`` and the shares ``p_whi``, ``p_bla``,
        ``p_his``, ``p_asi`` and ``p_oth``. By default it is downloaded (no key is
        needed) or found in the cache.

    Returns
    -------
    NameTable
        One row a surname.

    Raises
    ------
    NotPublished
        There is no list of that census.
    SchemaError
        Columns are missing, names stand twice, or a row does not add up.
    Corrupt
        The file is cut off or damaged.
    Offline
        It is not in the cache, and the network is off or away.

    Notes
    -----
    The list of 2010 hides small cells with ``(S)``: what a row lacks of 100 % is
    shared out equally among them, and `NameTable.notes` says how many names that
    concerns. Lists leave out rare names (under 100 people in 2010).

    References
    ----------
    U.S. Census Bureau, Frequently Occurring Surnames from the 2010 Census; Names in the 2020 Census.
    """
    return _read("last", year, source)


def read_first_names(*, year: int, source: str | os.PathLike[str] | None = None) -> NameTable:
    """Read the census list of first names by race and origin.

    Parameters
    ----------
    year : {2020}
        Census.
    source : path-like, optional
        The published workbook; by default it is downloaded or found in the cache.

    Returns
    -------
    NameTable
        One row a first name, with counts.

    Raises
    ------
    NotPublished
        There is no list of that census.
    SchemaError
        Columns are missing, names stand twice, or a row does not add up.
    Corrupt
        The file is cut off or damaged.
    Offline
        It is not in the cache, and the network is off or away.
    """
    return _read("first", year, source)


def _read(kind: str, year: int, source: str | os.PathLike[str] | None) -> NameTable:
    """Read one list, downloaded or at hand."""
    facts: Mapping[str, str] = {"where": "", "retrieved": ""}
    if source is None:
        if (kind, year) not in _FILES:
            known = " and ".join(str(at) for of, at in _FILES if of == kind)
            raise NotPublished(f"there is no list of {kind} names of {year}; lists are of {known}. Or pass source=.")
        path = fetch(_FILES[kind, year], what=f"the list of {kind} names of {year}")
        facts = describe_file(path)
    else:
        path = Path(source).expanduser()
        if not path.is_file():
            raise InputError(f"there is no file {path.name!r}; give the published list of names.")
    if path.suffix.lower() == ".xlsx":
        frame, hidden = _workbook(path), 0
    else:
        frame, hidden = _text(path)
    rest = frame.loc[_REST, list(NAME_GROUPS)] if _REST in frame.index else None
    frame = frame.drop(index=_REST, errors="ignore")
    title = "Frequently Occurring Surnames" if kind == "last" else "Frequently Occurring First Names"
    found = Source(
        title=f"{title} from the {year} Census",
        publisher="U.S. Census Bureau",
        year=year,
        where=facts["where"] or path.name,
        retrieved=facts["retrieved"],
        sha256=sha256(path),
    )
    notes: tuple[str, ...] = ()
    if hidden:
        notes = (say("{count:,} names of the list have hidden small shares, shared out equally.", count=hidden),)
    return NameTable(frame=frame, rest=rest, year=year, kind=kind, sources=(found,), notes=notes)


def _workbook(path: Path) -> pd.DataFrame:
    """Read counts by group from a workbook of 2020."""
    from python_calamine import CalamineError

    try:
        raw = pd.read_excel(path, header=None, engine="calamine", keep_default_na=False)
    except (CalamineError, OSError, ValueError):
        raise Corrupt(f"{path.name} cannot be read as a workbook. Get it again.") from None
    heads = next((at for at in range(min(6, len(raw))) if "NAME" in str(raw.iloc[at, 0]).upper().split()), None)
    if heads is None:
        raise SchemaError(
            f"{path.name} has no heading LAST NAME or FIRST NAME in its first rows; is it a list of names?"
        )
    titles = [" ".join(str(word).upper().split()) for word in raw.iloc[heads]]
    body = raw.iloc[heads + 1 :]
    counts = pd.DataFrame(0.0, index=body.index, columns=list(NAME_GROUPS))
    for words, group in _COUNTS.items():
        at = [number for number, title in enumerate(titles) if title.endswith(words)]
        if len(at) != 1:
            raise SchemaError(f"{path.name} has {len(at)} columns that end in {words!r}; one was expected.")
        counts[group] += pd.to_numeric(body[at[0]], errors="coerce")
    counts.index = pd.Index(body[0].astype("str").str.strip().str.upper(), name="name")
    counts = counts[counts.index != ""]
    return _shares(counts, counts.sum(axis=1, skipna=False), path.name)


def _text(path: Path) -> tuple[pd.DataFrame, int]:
    """Read percentages of 2010, or shares, from a CSV or a zip that holds one."""
    try:
        stream: Any = path
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as package:
                inside = [name for name in package.namelist() if name.lower().endswith(".csv")]
                if len(inside) != 1:
                    raise SchemaError(f"{path.name} holds {len(inside)} CSV files; one was expected.")
                stream = io.BytesIO(package.read(inside[0]))
        raw = pd.read_csv(stream, dtype="str", keep_default_na=False)
    except (zipfile.BadZipFile, pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError, EOFError):
        raise Corrupt(f"{path.name} cannot be read as a list of names. Get it again.") from None
    raw.columns = [name.strip().lower() for name in raw.columns]
    head = "name" if "name" in raw.columns else "surname"
    columns = _PERCENT if set(_PERCENT) <= set(raw.columns) else _SHARES
    lacking = sorted({head, *columns} - set(raw.columns))
    if lacking:
        raise SchemaError(f"{path.name} has no column {first_few(lacking)}; it has {first_few(list(raw.columns))}.")
    names = pd.Index(raw[head].str.strip().str.upper(), name="name")
    cells = raw[list(columns)]
    hidden = (cells == "(S)").to_numpy()
    values = cells.mask(hidden).apply(pd.to_numeric, errors="coerce").to_numpy(dtype="float64")
    whole = 100.0 if columns is _PERCENT else 1.0
    lack = np.clip(whole - np.nansum(np.where(hidden, np.nan, values), axis=1), 0, None)
    each = lack / np.maximum(hidden.sum(axis=1), 1)
    values = np.where(hidden, each[:, None], values)
    frame = pd.DataFrame(0.0, index=names, columns=list(NAME_GROUPS))
    for at, group in enumerate(columns.values()):
        frame[group] += values[:, at]
    people = pd.to_numeric(raw["count"], errors="coerce") if "count" in raw.columns else pd.Series(np.nan, raw.index)
    return _shares(frame, people.set_axis(names), path.name), int(hidden.any(axis=1).sum())


def _shares(parts: pd.DataFrame, people: pd.Series, name: str) -> pd.DataFrame:
    """Divide parts by their sum, once, and refuse rows that say nothing or stand twice."""
    twice = parts.index[parts.index.duplicated()]
    if len(twice):
        raise SchemaError(f"{name} has {len(twice):,} names more than once, first {first_few(list(twice))}.")
    sums = parts.sum(axis=1, skipna=False)
    unfit = parts.index[~((parts >= 0).all(axis=1) & (sums > 0))]
    if len(unfit):
        raise SchemaError(
            f"{name} has {len(unfit):,} rows without shares or with negative ones, first {first_few(list(unfit))}."
        )
    return parts.div(sums, axis=0).assign(count=people.to_numpy(dtype="float64"))
