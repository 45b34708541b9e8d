"""What a layout of a voter list may say: kinds, meanings of codes, headings that lead to people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kit.errors import SchemaError, first_few

KINDS = ("list", "table", "districts")
"""A row a person; a row a number of people; a row an area with a column for each group."""
ANSWERS = ("asian", "nhpi", "aapi", "hispanic", "black", "white", "aian", "several", "other", "not_said")
"""What a code of race may stand for; ``aapi`` is one answer for Asians and Pacific Islanders."""
ORIGINS = ("hispanic", "not_hispanic", "not_said")
"""What a code of origin may stand for."""
STANDINGS = ("active", "inactive", "not_registered")
"""What a code of status may stand for."""
SEPARATORS = {"tab": "\t", "pipe": "|", "comma": ",", "semicolon": ";"}
"""Between fields, by name."""

# Headings of what leads to a person, unless they name a place that many share.
_PRIVATE = re.compile(
    r"name|addr|street|zip|post.?code|phone|mail|birth|dob|born|\bage|ssn|licen|reg.?(istration)?.?(num|nbr|no|id)"
    r"|ncid|voter.?id|number|\bnum\b|\bid\b|house.?n|apt|unit|suffix|contact"
)
# What is of one person, whatever else the heading names.
_OWN = re.compile(
    r"\b(last|first|middle|maiden|sur|family|given|voter|registrant) ?name|voter.?(id|num|nbr|no)\b|ncid|phone"
    r"|\be ?mail|\b(reg(istration|istrant)?|person|party) ?(num|nbr|number|no|id)\b|birth|dob|ssn|licen"
)
_ANSWER = re.compile(r"\b(race|origin|ethnic|ethnicity|status|voted|turnout)\b")
_SHARED = re.compile(r"county|precinct|district|parish|ward|vtd|municipal|township|borough|commission|council|group")

Headings = tuple[str, ...]


def plain(heading: str) -> str:
    """Give a heading without capitals, spaces and signs, so that spellings can be compared.

    Parameters
    ----------
    heading : str
        As it stands in a file.

    Returns
    -------
    str
        Letters and digits, and the signs that make a share of a count.

    Examples
    --------
    >>> plain("County Precinct"), plain("county_precinct"), plain("[% county]")
    ('countyprecinct', 'countyprecinct', '%county')
    """
    return re.sub(r"[^0-9a-z+%]", "", heading.casefold())


def leads_to_a_person(heading: str) -> bool:
    """Tell whether a heading names what leads to a person: a name, an address, a birth date, a number.

    Parameters
    ----------
    heading : str
        As it stands in a file.

    Returns
    -------
    bool
        False for areas that many share, such as a precinct's name, and for answers such as race.

    Examples
    --------
    >>> leads_to_a_person("last_name"), leads_to_a_person("County Precinct Name"), leads_to_a_person("race_name")
    (True, False, False)
    >>> leads_to_a_person("county_voter_id")
    True
    """
    words = re.sub(r"[^0-9a-z]+", " ", heading.casefold())
    if _ANSWER.search(words):
        return False
    return bool(_OWN.search(words)) or (bool(_PRIVATE.search(words)) and not _SHARED.search(words))


def table_of(data: Mapping[str, Any], key: str, name: str) -> Mapping[str, Any]:
    """Give one table of a layout, or an empty one.

    Parameters
    ----------
    data : mapping
        A layout.
    key : str
        Which table.
    name : str
        The layout's, for messages.

    Returns
    -------
    mapping
        Names and values.

    Raises
    ------
    SchemaError
        It is no table.
    """
    found = data.get(key, {})
    if not isinstance(found, Mapping):
        raise SchemaError(f"layout {name}: {key} is no table of names and values.")
    return found


def headings(value: Any, name: str) -> Headings:
    """Give the spellings of one heading.

    Parameters
    ----------
    value : str or list of str
        As the layout says.
    name : str
        The layout's, for messages.

    Returns
    -------
    tuple of str
        At least one.

    Raises
    ------
    SchemaError
        It is no text.
    """
    found = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, (list, tuple)) else ()
    if not found or not all(isinstance(one, str) and one for one in found):
        raise SchemaError(f"layout {name}: a heading is a text, or a list of texts that are spellings of it.")
    return found


def parts(value: Any, name: str) -> tuple[Headings, ...]:
    """Give the headings that together name a place.

    Parameters
    ----------
    value : str or list
        As the layout says.
    name : str
        The layout's, for messages.

    Returns
    -------
    tuple of tuple of str
        Spellings of each.

    Raises
    ------
    SchemaError
        It is no heading and no list of them.
    """
    if isinstance(value, str):
        return ((value,),)
    if not isinstance(value, (list, tuple)) or not value:
        raise SchemaError(f"layout {name}: a place is a heading, or a list of headings that name it together.")
    return tuple(headings(one, name) for one in value)


def codes_of(given: Mapping[str, Any], allowed: tuple[str, ...], name: str, what: str) -> dict[str, str]:
    """Give codes in capitals, and refuse meanings that are not known.

    Parameters
    ----------
    given : mapping
        Code, and what it stands for.
    allowed : tuple of str
        Meanings.
    name, what : str
        The layout's name and what the codes are of, for messages.

    Returns
    -------
    dict of str to str
        Cleaned codes.

    Raises
    ------
    SchemaError
        A meaning is not known.
    """
    wrong = [f"{code!r} = {meaning!r}" for code, meaning in given.items() if meaning not in allowed]
    if wrong:
        raise SchemaError(f"layout {name}, {what}: {first_few(wrong)}; a code stands for one of {', '.join(allowed)}.")
    return {clean(str(code)): str(meaning) for code, meaning in given.items()}


def clean(code: str) -> str:
    """Give a code in capitals, without spaces around it.

    Parameters
    ----------
    code : str
        As it stands in a file.

    Returns
    -------
    str
        Single spaces inside.

    Examples
    --------
    >>> clean(" Asian / Pacific  Islander ")
    'ASIAN / PACIFIC ISLANDER'
    """
    return " ".join(code.split()).upper()


def separator_of(word: str, name: str) -> str:
    """Give the sign between fields.

    Parameters
    ----------
    word : str
        Name of the sign, the sign itself, or nothing.
    name : str
        The layout's, for messages.

    Returns
    -------
    str
        One sign, or nothing.

    Raises
    ------
    SchemaError
        It is no sign that files are separated by.
    """
    if word and word not in SEPARATORS and word not in SEPARATORS.values():
        raise SchemaError(f"layout {name} has separator {word!r}; expected one of {', '.join(SEPARATORS)}.")
    return SEPARATORS.get(word, word)


def elections_of(data: Mapping[str, Any], name: str) -> dict[str, dict[str, tuple[str, str]]]:
    """Give the headings of each election of a table of districts.

    Parameters
    ----------
    data : mapping
        Date, and for each group the headings of registered and voted.
    name : str
        The layout's, for messages.

    Returns
    -------
    dict of str to dict
        The same, checked.

    Raises
    ------
    SchemaError
        A pair of headings or the total is missing.
    """
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for date, groups in data.items():
        if not isinstance(groups, Mapping) or "total" not in groups:
            raise SchemaError(
                f"layout {name}, election {date}: expected groups with [registered, voted], among them total."
            )
        for group, pair in groups.items():
            if not isinstance(pair, (list, tuple)) or len(pair) != 2 or not any(pair):
                raise SchemaError(
                    f"layout {name}, election {date}, {group}: expected the two headings [registered, voted]."
                )
        found[str(date)] = {str(group): (str(pair[0]), str(pair[1])) for group, pair in groups.items()}
    return found
