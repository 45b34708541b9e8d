"""Volunteers who watch polling places, known by a pseudonym alone: what they speak and how many shifts they take."""

from __future__ import annotations

import re

import pandas as pd

from kit.errors import InputError, SchemaError, first_few
from kit.model.detail import meant
from kit.model.detail_data import ENTRIES, SPEAKERS
from kit.model.private_text import leads_to_people

COLUMNS = ("monitor", "languages", "shifts", "longitude", "latitude", "max_km")
"""Columns that are read; all but the first two may be left out."""
MOST_SHIFTS = 20
_TO_CALL = 7
# What may be a language; anything longer in that column may be a person's, and is not repeated.
_ONE_WORD = re.compile(r"[^\W\d_]{2,20}")
_PSEUDONYM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_CONTACT = re.compile(
    r"(?i)name|mail|phone|tele|cell|contact|address|street|city|zip|post_?code|birth|dob|\bage\b|whats|wechat|kakao|line_?id"
    r"|mobile|handy|\btel\b|\bsms\b|^(first|last|given|family|number|who|person)\b|전화|电话|電話|điện thoại"
    r"|facebook|instagram|signal|social|passport|licen[cs]e"
)
_ADVICE = (
    "Leave only monitor (a pseudonym), languages, shifts, and where wanted longitude, latitude and max_km. Keep the "
    "list of who is who on paper or in a file of its own."
)


def check_monitors(table: pd.DataFrame) -> pd.DataFrame:
    """Read a table of volunteers, and refuse whatever leads to them.

    Parameters
    ----------
    table : pandas.DataFrame
        ``monitor`` (a pseudonym), ``languages`` (names with semicolons
        between, or a list), and where wanted ``shifts`` (whole number, 1 by
        default: places that somebody can watch), ``longitude`` and ``latitude``
        (degrees, of a meeting point and not of a home) and ``max_km``.

    Returns
    -------
    pandas.DataFrame
        Indexed by monitor in order of the ids: ``languages`` (tuple of ids of
        the language tables), ``shifts`` (int), ``longitude``, ``latitude`` and
        ``max_km`` (float; missing where not given).

    Raises
    ------
    InputError
        A column or a pseudonym leads to a person, or a language is not known.
    SchemaError
        Columns or values are missing, or cannot be.
    """
    if not isinstance(table, pd.DataFrame):
        raise InputError(f"monitors are a table with the columns {', '.join(COLUMNS)}; got {type(table).__name__}.")
    _refuse_contacts(table)
    absent = [column for column in COLUMNS[:2] if column not in table.columns]
    if absent:
        raise SchemaError(
            f"the table of monitors has no column {first_few(absent)}; columns are {first_few(table.columns, 12)}. "
            f"It needs {' and '.join(COLUMNS[:2])}."
        )
    ids = table["monitor"].astype("object").where(table["monitor"].notna(), "").astype("str").str.strip()
    _check_ids(ids)
    found = pd.DataFrame(
        {"languages": [_languages(value, one) for value, one in zip(table["languages"], ids, strict=True)]},
        index=pd.Index(ids, dtype="str", name="monitor"),
    )
    found["shifts"] = _shifts(table, ids).to_numpy()
    for column in COLUMNS[3:]:
        found[column] = _numbers(table, column).to_numpy()
    half = found["longitude"].isna() != found["latitude"].isna()
    wrong = half | (found["longitude"].abs() > 180) | (found["latitude"].abs() > 90) | (found["max_km"] <= 0)
    if wrong.any():
        raise SchemaError(
            f"{int(wrong.sum()):,} monitors have one coordinate only, coordinates that cannot be, or a max_km that is "
            f"not above 0, first {first_few(found.index[wrong])}."
        )
    return found.sort_index(kind="stable")


def _refuse_contacts(table: pd.DataFrame) -> None:
    """No column may hold names or ways to reach people."""
    private = [str(column) for column in table.columns if column not in COLUMNS and _CONTACT.search(str(column))]
    if private:
        raise InputError(
            f"the table of monitors has columns that look like contact data ({first_few(private)}), which are never "
            f"read. {_ADVICE}"
        )


def _check_ids(ids: pd.Series) -> None:
    """Pseudonyms are there, each once, and are no names, addresses or numbers to call."""
    if (ids == "").any():
        raise SchemaError(f"{int((ids == '').sum()):,} of {len(ids):,} monitors have no pseudonym in column monitor.")
    leading = [
        one
        for one in ids
        if not _PSEUDONYM.fullmatch(one) or sum(map(str.isdigit, one)) >= _TO_CALL or leads_to_people({"monitor": one})
    ]
    if leading:
        raise InputError(
            f"{len(leading):,} of {len(ids):,} monitors stand under something else than a pseudonym of letters, "
            f"digits, dots and dashes (a name, an address or a number?). Use ids such as m-01. {_ADVICE}"
        )
    twice = ids[ids.duplicated()]
    if len(twice):
        raise SchemaError(f"monitors stand twice in the table: {first_few(twice.unique())}. One row a monitor.")


def _languages(value: object, monitor: str) -> tuple[str, ...]:
    """Give the ids of the languages somebody speaks."""
    if isinstance(value, (list, tuple, set, frozenset)):
        names = [str(one) for one in value]
    else:
        names = re.split(r"[;|/,]", "" if value is None or pd.isna(value) else str(value))
    found = [tongue_of(name, monitor) for name in (name.strip() for name in names) if name]
    return tuple(dict.fromkeys(one for one in found if one))


def tongue_of(name: str, monitor: str = "") -> str:
    """Give the id of a language in the tables of languages.

    Parameters
    ----------
    name : str
        As somebody would say it, such as ``"Mandarin"``.
    monitor : str
        Whose language it is, for the message.

    Returns
    -------
    str
        Such as ``"chinese"``; empty for English.

    Raises
    ------
    InputError
        The language is not known.

    Examples
    --------
    >>> tongue_of("Mandarin"), tongue_of("Khmer"), tongue_of("English")
    ('chinese', 'khmer', '')
    """
    plain = name.strip().casefold()
    if plain == "english":
        return ""
    ids = [f"{plain.replace(' ', '_')}{SPEAKERS}", *(one for one in meant(plain) if one.endswith(SPEAKERS))]
    known = next((one for one in ids if one in ENTRIES), None)
    if known is None:
        spoken = [one.removesuffix(SPEAKERS) for one in ENTRIES if one.endswith(SPEAKERS)]
        whose = f" of monitor {monitor}" if monitor else ""
        said = repr(name.strip()) if _ONE_WORD.fullmatch(name.strip()) else "a value of more than one word"
        raise InputError(
            f"{said} is no language the kit knows{whose}. Languages are {first_few(spoken, 30)}; part them with "
            "semicolons."
        )
    return known.removesuffix(SPEAKERS)


def group_of(tongue: str) -> str:
    """Give the group of languages of the tract table that counts a language.

    Parameters
    ----------
    tongue : str
        Id of a language, such as ``"khmer"``.

    Returns
    -------
    str
        Such as ``"other_asian_pacific"``; the language itself where it has a line of its own.

    Examples
    --------
    >>> group_of("khmer"), group_of("korean")
    ('other_asian_pacific', 'korean')
    """
    home = ENTRIES[f"{tongue}{SPEAKERS}"].part_of
    return home.removesuffix(SPEAKERS) if home else tongue


def _shifts(table: pd.DataFrame, ids: pd.Series) -> pd.Series:
    """Read how many places each can watch."""
    if "shifts" not in table.columns:
        return pd.Series(1, index=table.index)
    shifts = _numbers(table, "shifts")
    wrong = ~((shifts >= 0) & (shifts <= MOST_SHIFTS) & (shifts % 1 == 0))
    if wrong.any():
        raise SchemaError(
            f"{int(wrong.sum()):,} monitors have a number of shifts that is missing or not whole from 0 to "
            f"{MOST_SHIFTS}, first {first_few(ids[wrong])}."
        )
    return shifts.astype("int64")


def _numbers(table: pd.DataFrame, column: str) -> pd.Series:
    """Read a column of numbers; missing where the table has none."""
    if column not in table.columns:
        return pd.Series(float("nan"), index=table.index)
    text = table[column].astype("object").where(table[column].notna(), None)
    text = text.map(lambda value: None if isinstance(value, str) and not value.strip() else value)
    numbers = pd.to_numeric(text, errors="coerce")
    wrong = text.notna() & numbers.isna()
    if wrong.any():
        raise SchemaError(f"the column {column} of the monitors has {int(wrong.sum()):,} values that are no numbers.")
    return numbers.astype("float64")
