"""What is wrong with a hearing file, in words: every fault once, with its key, and the nearest key that exists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from itertools import pairwise
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from kit.i18n.languages import LANGUAGES
from kit.model.groups import BASES, DEFINITIONS

_SHOWN = 40
# What pydantic finds → what a reader is told.
_WORDS = {
    "string_type": "is {0}, not text in quotes",
    "string_too_short": "is empty",
    "int_type": "is {0}, not a whole number",
    "int_from_float": "is {0}, not a whole number",
    "float_type": "is {0}, not a number",
    "bool_type": "is {0}, not true or false",
    "date_type": "is {0}, not a date without quotes",
    "tuple_type": "is {0}, not a list in [ ]",
    "dict_type": "is {0}, not a table",
    "model_type": "is {0}, not a table",
    "too_short": "has too few entries",
    "too_long": "has too many entries",
}


def known_group(name: str) -> str:
    """Refuse a group that the kit does not count.

    Parameters
    ----------
    name : str
        Definition id.

    Returns
    -------
    str
        The same.

    Raises
    ------
    ValueError
        No definition has that id.
    """
    known = [group for group in DEFINITIONS if group != "total"]
    if name not in known:
        near = get_close_matches(name, known, n=3, cutoff=0.4)
        raise ValueError(f"no group is called {name!r}; near: {', '.join(near) or ', '.join(known[:5])}")
    return name


def known_base(name: str) -> str:
    """Refuse a universe that the kit does not know.

    Parameters
    ----------
    name : str
        Universe id.

    Returns
    -------
    str
        The same.

    Raises
    ------
    ValueError
        No base has that id.
    """
    if name not in BASES:
        raise ValueError(f"no base is called {name!r}; bases are {', '.join(BASES)}")
    return name


def known_language(code: str) -> str:
    """Refuse a language that the kit does not speak.

    Parameters
    ----------
    code : str
        BCP 47 tag.

    Returns
    -------
    str
        The same.

    Raises
    ------
    ValueError
        The kit has no such language.
    """
    if code not in LANGUAGES:
        raise ValueError(f"no language is called {code!r}; languages are {', '.join(LANGUAGES)}")
    return code


def rising(bounds: tuple[float, ...]) -> tuple[float, ...]:
    """Refuse class bounds that do not rise from 0 to 1.

    Parameters
    ----------
    bounds : tuple of float
        Fractions.

    Returns
    -------
    tuple of float
        The same.

    Raises
    ------
    ValueError
        They do not begin with 0, end with 1 and rise.
    """
    if bounds[0] != 0 or bounds[-1] != 1 or any(one >= two for one, two in pairwise(bounds)):
        raise ValueError("bounds rise from 0 to 1")
    return bounds


def box(bounds: tuple[float, ...]) -> tuple[float, ...]:
    """Refuse an extent that holds no ground.

    Parameters
    ----------
    bounds : tuple of float
        West, south, east and north in degrees.

    Returns
    -------
    tuple of float
        The same.

    Raises
    ------
    ValueError
        They are not four, not degrees, or the wrong way round.
    """
    if len(bounds) != 4:
        raise ValueError(f"has {len(bounds)} numbers; west, south, east and north are four")
    west, south, east, north = bounds
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ValueError("is west, south, east and north in degrees, such as [-118.95, 33.68, -117.64, 34.83]")
    return bounds


def forbidden_words(text: str, words: Sequence[str]) -> list[str]:
    """Find words that must not be said.

    Parameters
    ----------
    text : str
        What is to be said.
    words : sequence of str
        Words and phrases, in any case.

    Returns
    -------
    list of str
        Those that stand in the text as whole words, also in the plural.

    Examples
    --------
    >>> forbidden_words("Keep Democrats together", ["Democrat", "party"])
    ['Democrat']
    """
    return [
        word
        for word in words
        if word.strip() and re.search(rf"(?<!\w){re.escape(word.strip())}(?:s|es)?(?!\w)", text, re.IGNORECASE)
    ]


def one_message(error: ValidationError, model: type[BaseModel], name: str) -> str:
    """Write every fault of a hearing file in one message.

    Parameters
    ----------
    error : pydantic.ValidationError
        What was found.
    model : type
        What the file should be.
    name : str
        The file's name.

    Returns
    -------
    str
        A first line with the number of faults, then one line each:
        ``plans[1].path: file not found …``.
    """
    told: dict[str, None] = {}
    faults = error.errors(include_url=False)
    for fault in faults:
        depth = len(fault["loc"])
        inside = any(other["loc"][:depth] == fault["loc"] and len(other["loc"]) > depth for other in faults)
        if fault["type"] == "too_short" and inside:  # its entries are there, and have faults of their own
            continue
        for line in _lines(fault, model):
            told.setdefault(line, None)
    many = len(told)
    return "\n".join([f"{name} has {many} fault{'s' * (many > 1)}:", *(f"- {line}" for line in told)])


def _lines(fault: Any, model: type[BaseModel]) -> list[str]:
    """Write one finding; a check of several keys can have several lines."""
    place = fault["loc"]
    path = _path(place)
    kind = fault["type"]
    if kind == "extra_forbidden":
        return [f"{path}: {_unknown(place, model)}"]
    expected = _description(place, model)
    tail = f"; expected {expected}" if expected else ""
    if kind == "missing":
        return [f"{path}: missing{tail}"]
    if kind == "value_error":
        words = str(fault["ctx"]["error"])
        if not place:
            return words.splitlines()
        return [f"{path}: {words.rstrip('.')}"]
    shown = repr(fault["input"])
    shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
    pattern = _WORDS.get(kind)
    words = pattern.format(shown) if pattern else f"is {shown}: {fault['msg'][:1].lower()}{fault['msg'][1:]}"
    return [f"{path}: {words}{tail}"]


def _path(place: Sequence[int | str]) -> str:
    """Write where something stands, as ``plans[1].path``."""
    told = ""
    for step in place:
        told += f"[{step}]" if isinstance(step, int) else f"{'.' * bool(told)}{step}"
    return told


def _unknown(place: Sequence[int | str], model: type[BaseModel]) -> str:
    """Name the key that may be meant."""
    home, key = _model_at(place[:-1], model), str(place[-1])
    keys = list(home.model_fields) if home else []
    near = get_close_matches(key, keys, n=1, cutoff=0.6)
    if near:
        return f"no such key; did you mean {near[0]}?"
    if len(place) > 1 and key in model.model_fields:
        return "no such key here; it stands at the top of the file, before the first [table]"
    for name, field in model.model_fields.items():
        inner = _model_in(field.annotation)
        if inner and key in inner.model_fields:
            return f"no such key here; it stands in [{name}]"
    return f"no such key; keys here are {', '.join(keys)}"


def _description(place: Sequence[int | str], model: type[BaseModel]) -> str:
    """Say what a key should hold."""
    steps = list(place)
    while steps:
        home = _model_at(steps[:-1], model)
        if home and isinstance(steps[-1], str) and steps[-1] in home.model_fields:
            return home.model_fields[steps[-1]].description or ""
        steps.pop()
    return ""


def _model_at(place: Sequence[int | str], model: type[BaseModel]) -> type[BaseModel] | None:
    """Find the part of the file that a place lies in."""
    found: type[BaseModel] | None = model
    named = False  # the step before was a mapping, whose names are the author's
    for step in place:
        if isinstance(step, int) or named:
            named = False
            continue
        if found is None or step not in found.model_fields:
            return None
        kind = found.model_fields[step].annotation
        found, named = _model_in(kind), get_origin(kind) is dict
    return found


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Find the part that an annotation speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _model_in(inner))), None)
