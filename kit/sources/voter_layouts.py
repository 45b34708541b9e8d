"""Where the counts stand in voter lists and tables of turnout: one layout a kind of file, kept as data."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from kit.errors import InputError, SchemaError, first_few
from kit.sources.voter_layout_rules import (
    ANSWERS,
    KINDS,
    ORIGINS,
    STANDINGS,
    Headings,
    clean,
    codes_of,
    elections_of,
    headings,
    leads_to_a_person,
    parts,
    separator_of,
    table_of,
)

_DATA = Path(__file__).with_name("voter_layouts.toml")
_FIELDS = {"race", "origin", "status", "number", "election", "registered", "voted", "area"}
_KNOWN = {
    *("kind", "place", "publisher", "separator", "source", "read", "checked", "certain", "names", "columns"),
    *("places", "race", "origin", "status", "history", "elections", "how", "groups"),
}


@dataclass(frozen=True)
class History:
    """The second file, which says who voted.

    Parameters
    ----------
    number, election, mark : tuple of str
        Headings of the voter number, of the election, and of the mark that
        tells votes that counted from others (empty where every row is a vote).
    dates : str
        How the file writes the date of an election, such as ``"%m/%d/%Y"``.
    yes, no : tuple of str
        Marks of votes that counted and of those that did not.
    separator : str
        Between fields; empty where the headings tell.
    names : tuple of str
        Fields in order, for files without headings.
    """

    number: Headings
    election: Headings
    dates: str
    mark: Headings = ()
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    separator: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """Where the counts stand in one kind of file.

    Parameters
    ----------
    name : str
        Id.
    kind : {"list", "table", "districts"}
        A row a person; a row a number of people; a row an area with a column for each group.
    place : str
        Whose list it is.
    publisher : str
        Who keeps it.
    columns : dict of str to tuple of str
        What the kit needs, and the headings it may have.
    places : dict of str to tuple of tuple of str
        What may be counted by; each part with the headings it may have.
    race, origin, status : dict of str to str
        Codes, in capitals, and what they stand for.
    elections : dict of str to dict
        For tables of districts: date, and for each group the headings of registered and voted.
    groups : dict of str to str
        Words for groups of the caller's own.
    how : str
        How groups were told apart, as in `kit.model.voters.HOW`.
    separator : str
        Between fields; empty where the headings tell.
    names : tuple of str
        Fields in order, for files without headings.
    history : History or None
        The second file, of who voted.
    source, read, certain : str
        The description that the layout was made from, the day it was read, and what is sure.
    checked : bool
        False where no file of that kind was seen by those who wrote it.
    """

    name: str
    kind: str
    place: str
    publisher: str = ""
    columns: Mapping[str, Headings] = field(default_factory=dict)
    places: Mapping[str, tuple[Headings, ...]] = field(default_factory=dict)
    race: Mapping[str, str] = field(default_factory=dict)
    origin: Mapping[str, str] = field(default_factory=dict)
    status: Mapping[str, str] = field(default_factory=dict)
    elections: Mapping[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    how: str = "reported"
    separator: str = ""
    names: tuple[str, ...] = ()
    history: History | None = None
    source: str = ""
    read: str = ""
    certain: str = ""
    checked: bool = False

    def with_codes(self, codes: Mapping[str, str]) -> Layout:
        """Add codes of race that the caller knows.

        Parameters
        ----------
        codes : dict of str to str
            Code, and what it stands for, one of `ANSWERS`.

        Returns
        -------
        Layout
            A copy.

        Raises
        ------
        InputError
            They are no mapping, or the layout knows a code as something else.
        SchemaError
            A code stands for something that is no answer, or that does not go with those of the layout.
        """
        if not isinstance(codes, Mapping):
            raise InputError(f"codes= is a mapping such as {{'Z': 'other'}}; got {type(codes).__name__}.")
        made = codes_of(codes, ANSWERS, self.name, "race")
        other = [f"{code!r} = {self.race[code]!r}" for code, word in made.items() if self.race.get(code, word) != word]
        if other:
            raise InputError(
                f"codes= gives another meaning to codes that layout {self.name} knows: {first_few(other)}. Leave them "
                "out, or pass a layout of your own."
            )
        return _sound(replace(self, race={**self.race, **made}))


def layout_of(layout: str | os.PathLike[str] | Mapping[str, Any] | Layout) -> Layout:
    """Find a layout by name, or read one of the caller's own.

    Parameters
    ----------
    layout : str, path-like, mapping or Layout
        An id such as ``"nc_voters"``; a TOML file with one layout; or the same as a mapping.

    Returns
    -------
    Layout
        Ready to read with.

    Raises
    ------
    InputError
        There is no such layout or file.
    SchemaError
        It lacks something, or says something that is not known.

    Notes
    -----
    A layout for a list of another State, as a TOML file::

        kind = "list"
        place = "State 98"
        [columns]
        race = "origin_word"
        status = ["status", "status_code"]
        [places]
        county = "county"
        precinct = ["county", "precinct"]
        [race]
        AS = "asian"
        NH = "nhpi"
        XX = "other"
        "" = "not_said"
        [status]
        A = "active"
        I = "inactive"

    Every code of the file must be there; one that is not is an error when the
    file is read, and so is a heading that leads to a person.

    Examples
    --------
    >>> layout_of("ga_voters").race["AP"]
    'aapi'
    """
    if isinstance(layout, Layout):
        return layout
    if isinstance(layout, Mapping):
        return _made("layout", layout)
    if not isinstance(layout, (str, os.PathLike)):
        raise InputError(
            f"layout= is a name such as 'nc_voters', a .toml file or a mapping; got {type(layout).__name__}."
        )
    known = layouts()
    if str(layout) in known:
        return known[str(layout)]
    path = Path(layout).expanduser()
    if path.suffix.lower() != ".toml" or not path.is_file():
        raise InputError(
            f"there is no layout {str(layout)[:60]!r}; there are {first_few(known, 20)}. "
            "Or pass a .toml file or a mapping."
        )
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SchemaError(f"{path.name} cannot be read as a layout: {str(error)[:120]}.") from error
    if "kind" not in data and len(data) == 1 and isinstance(next(iter(data.values())), dict):
        data = next(iter(data.values()))
    return _made(path.stem, data)


@cache
def layouts() -> dict[str, Layout]:
    """List the layouts that come with the kit.

    Returns
    -------
    dict of str to Layout
        By id.
    """
    data = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    return {name: _made(name, table) for name, table in data.items()}


def _made(name: str, data: Mapping[str, Any]) -> Layout:
    """Make a layout of what stands in a table."""
    strange = sorted(set(data) - _KNOWN)
    if strange:
        raise SchemaError(f"layout {name} says {first_few(strange)}, which no layout has; it may say {_said()}.")
    kind = str(data.get("kind", ""))
    if kind not in KINDS:
        raise SchemaError(f"layout {name} has kind {kind!r}; expected one of {', '.join(KINDS)}.")
    columns = {str(key): headings(value, name) for key, value in table_of(data, "columns", name).items()}
    wrong = sorted(set(columns) - _FIELDS)
    if wrong:
        raise SchemaError(f"layout {name} has columns for {first_few(wrong)}; expected {', '.join(sorted(_FIELDS))}.")
    needed = {"list": ("race",), "table": ("race", "registered"), "districts": ("area",)}[kind]
    lacking = [key for key in needed if key not in columns]
    if lacking:
        raise SchemaError(f"layout {name} of kind {kind!r} lacks the columns of {' and '.join(lacking)}.")
    separator = str(data.get("separator", ""))
    made = Layout(
        name=name,
        kind=kind,
        place=str(data.get("place", "")),
        publisher=str(data.get("publisher", "")),
        columns=columns,
        places={str(key): parts(value, name) for key, value in table_of(data, "places", name).items()},
        race=codes_of(table_of(data, "race", name), ANSWERS, name, "race"),
        origin=codes_of(table_of(data, "origin", name), ORIGINS, name, "origin"),
        status=codes_of(table_of(data, "status", name), STANDINGS, name, "status"),
        elections=elections_of(table_of(data, "elections", name), name),
        groups={str(key): str(words) for key, words in table_of(data, "groups", name).items()},
        how=str(data.get("how", "surname" if kind == "districts" else "reported")),
        separator=separator_of(separator, name),
        names=tuple(str(one) for one in data.get("names", ())),
        history=_history(table_of(data, "history", name), name),
        source=str(data.get("source", "")),
        read=str(data.get("read", "")),
        certain=str(data.get("certain", "")),
        checked=bool(data.get("checked", False)),
    )
    return _sound(made)


def _sound(layout: Layout) -> Layout:
    """Refuse a layout that cannot be read with."""
    if layout.kind == "districts" and not layout.elections:
        raise SchemaError(f"layout {layout.name} has no elections; give each with [registered, voted] a group.")
    if layout.kind != "districts" and not layout.race:
        raise SchemaError(f"layout {layout.name} has no codes of race; give each with one of {', '.join(ANSWERS)}.")
    answers = set(layout.race.values())
    if "aapi" in answers and answers & {"asian", "nhpi"}:
        raise SchemaError(
            f"layout {layout.name} has codes for aapi and for asian or nhpi: one answer for both, or one for each."
        )
    if "origin" in layout.columns and not layout.origin:
        raise SchemaError(f"layout {layout.name} has a column of origin and no codes of origin.")
    read = [one for parts in layout.places.values() for part in parts for one in part]
    read += [one for key in ("race", "origin", "status") for one in layout.columns.get(key, ())]
    read += [*layout.history.election, *layout.history.mark] if layout.history is not None else []
    private = [one for one in read if leads_to_a_person(one)]
    if private and layout.kind == "list":
        raise SchemaError(
            f"layout {layout.name} counts by {first_few(private)}, which leads to people. Count by areas that many "
            "share, and by answers on race, origin and status."
        )
    return layout


def _said() -> str:
    return ", ".join(sorted(_KNOWN))


def _history(data: Mapping[str, Any], name: str) -> History | None:
    """Give the second file of a layout."""
    if not data:
        return None
    lacking = [key for key in ("number", "election", "dates") if key not in data]
    if lacking:
        raise SchemaError(f"layout {name}, history: {' and '.join(lacking)} is missing.")
    return History(
        number=headings(data["number"], name),
        election=headings(data["election"], name),
        dates=str(data["dates"]),
        mark=headings(data["mark"], name) if "mark" in data else (),
        yes=tuple(clean(str(one)) for one in data.get("yes", ())),
        no=tuple(clean(str(one)) for one in data.get("no", ())),
        separator=separator_of(str(data.get("separator", "")), name),
        names=tuple(str(one) for one in data.get("names", ())),
    )
