"""Small files that commands take beside units and plans: links, seats, regions and named areas."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.cli_inputs import SAMPLE, read_layer, sample_of
from kit.errors import InputError, first_few

if TYPE_CHECKING:
    from kit.model.communities import Communities
    from kit.model.frames import Units

_TEXT = (".csv", ".tsv", ".txt")


def read_links(word: str | None, units: Units, *, units_word: str) -> list[tuple[str, str]]:
    """Read pairs of units that count as neighbours without touching.

    Parameters
    ----------
    word : str or None
        A text file with two columns of GEOIDs, or ``sample:links``.
    units : Units
        What the pairs are of.
    units_word : str
        The units as typed, which may name a sample.

    Returns
    -------
    list of (str, str)
        Pairs of GEOIDs.

    Raises
    ------
    InputError
        There is no such file, or it has other columns.
    """
    if word is None:
        return []
    if word.startswith(SAMPLE):
        return list(_sample(word, units_word).links)
    rows = _rows(word, "links")
    if rows and not any(c.isdigit() for c in "".join(rows[0])):
        rows = rows[1:]
    wrong = [at for at, row in enumerate(rows, 1) if len(row) != 2]
    if wrong:
        raise InputError(
            f"{Path(word).name} is not a table of two columns of GEOIDs: row {wrong[0]} has {len(rows[wrong[0] - 1])}. "
            "Write one pair of neighbours a row."
        )
    known = _repaired({value for row in rows for value in row}, units)
    return [(known[one], known[other]) for one, other in rows]


def read_seats(word: str | None) -> int | dict[str, int] | None:
    """Read how many members each district elects.

    Parameters
    ----------
    word : str or None
        A number for all districts, or a text file with two columns: district
        and seats.

    Returns
    -------
    int, dict of str to int, or None
        Seats.

    Raises
    ------
    InputError
        There is no such file, it has other columns, or a number is no number.
    """
    if word is None or word.isdigit():
        return None if word is None else int(word)
    rows = _rows(word, "seats")
    if rows and not rows[0][-1].isdigit():
        rows = rows[1:]
    wrong = [",".join(row) for row in rows if len(row) != 2 or not row[1].isdigit()]
    if wrong or not rows:
        raise InputError(
            f"{Path(word).name} is not a table of districts and their seats; look at {first_few(wrong) or 'the file'}. "
            "Write a district and a whole number in each row, or give one number for all: --seats 2."
        )
    doubled = sorted({label for label, _ in rows if [row[0] for row in rows].count(label) > 1})
    if doubled:
        raise InputError(f"{Path(word).name} names a district twice: {first_few(doubled)}. Keep one row for each.")
    return {label: int(count) for label, count in rows}


def read_regions(pairs: Sequence[str], units: Units) -> dict[str, Any]:
    """Read layers of regions.

    Parameters
    ----------
    pairs : sequence of str
        Such as ``"municipal=towns.csv"``, ``"municipal=towns.csv,TOWN"`` or
        ``"county="``, which leaves counties out.
    units : Units
        What the regions are made of.

    Returns
    -------
    dict of str to object
        Name → names of regions by GEOID, or a plan whose parts are regions.

    Raises
    ------
    InputError
        A pair cannot be understood, or there is no such file or column.
    """
    found: dict[str, Any] = {}
    for pair in pairs:
        name, sign, word = (part.strip() for part in pair.partition("="))
        if not sign or not name or name in found:
            raise InputError(f"regions {pair!r} are not NAME=FILE, each name once, such as municipal=towns.csv.")
        if not word:
            found[name] = None
            continue
        column = None
        if not Path(word).expanduser().exists() and "," in word:
            word, _, column = word.rpartition(",")
        if word.lower().endswith(_TEXT):
            found[name] = _by_unit(word, column, units)
        else:
            from kit.sources.plans import read_plan

            found[name] = read_plan(existing(word, "regions"), id=column, units=units)
    return found


def read_areas(word: str, units: Units, *, column: str, asked: dict[str, Any]) -> Communities:
    """Read named areas: polygons, or a list of units with the name of their area.

    Parameters
    ----------
    word : str
        A file of polygons, a text file with GEOIDs and names, or
        ``sample:communities``.
    units : Units
        What areas are made of.
    column : str
        Column of names.
    asked : dict
        ``id`` (column of GEOIDs in a list), ``crs`` (of polygons that do not
        say), ``rule``, ``kind`` and ``units_word``.

    Returns
    -------
    Communities
        Named areas.

    Raises
    ------
    InputError
        There is no such file or column.
    """
    from kit.model.communities import Communities
    from kit.model.source import Source

    if word.lower().endswith(_TEXT) and not word.startswith(SAMPLE):
        names = _by_unit(word, column, units, id=asked["id"])
        areas = {str(name): [str(i) for i in part.index] for name, part in names.groupby(names, sort=False)}
        return Communities.of_units(areas, kind=asked["kind"], sources=(Source(f"Named areas, {Path(word).name}"),))
    from kit.analysis.community_shapes import communities_of

    if word.startswith(SAMPLE):
        sample = _sample(word, asked["units_word"])
        shapes, source = sample.communities, Source(f"Named areas of the sample {sample.title}", sample=True)
    else:
        path = existing(word, "communities")
        shapes, source = read_layer(path), Source(f"Named areas, {path.name}")
        if shapes.crs is None and asked["crs"]:
            shapes = shapes.set_crs(read_crs(asked["crs"]))
    return communities_of(shapes, units, name=column, rule=asked["rule"], kind=asked["kind"], source=source)


def read_crs(text: str) -> Any:
    """Read coordinates as typed.

    Parameters
    ----------
    text : str
        Such as ``"EPSG:4269"``.

    Returns
    -------
    pyproj.CRS
        The coordinate reference system.

    Raises
    ------
    InputError
        No system is called that.
    """
    import pyproj

    try:
        return pyproj.CRS.from_user_input(text)
    except pyproj.exceptions.CRSError:
        raise InputError(f"no coordinates are called {text!r}; write them like EPSG:4269.") from None


def existing(word: str, what: str) -> Path:
    """Give the path of something that is there.

    Parameters
    ----------
    word : str
        As typed.
    what : str
        What it is for.

    Returns
    -------
    pathlib.Path
        The path.

    Raises
    ------
    InputError
        Nothing is there.
    """
    path = Path(word).expanduser()
    if not path.exists():
        raise InputError(f"there is no file {path.name!r} for the {what}. Check the path.")
    return path


def _sample(word: str, units_word: str) -> Any:
    sample = sample_of(units_word)
    known = ("sample:communities", "sample:links")
    if sample is None or word not in known:
        raise InputError(f"{word!r} is not known; with UNITS a sample there are {' and '.join(known)}.")
    return sample


def _rows(word: str, what: str) -> list[list[str]]:
    """Read a text file: cells without blanks around them, rows that hold something."""
    path = existing(word, what)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{path.name} is not plain text in UTF-8. Save it as CSV (UTF-8).") from None
    first = text.partition("\n")[0]
    sign = max(",", "\t", "|", ";", key=first.count)
    rows = [[cell.strip() for cell in row] for row in csv.reader(text.splitlines(), delimiter=sign)]
    return [row for row in rows if any(row)]


def _by_unit(word: str, column: str | None, units: Units, *, id: str | None = None) -> Any:
    """Read a table of GEOIDs and names; blanks are in no region."""
    import pandas as pd

    name = Path(word).name
    head, *rows = _rows(word, "regions") or [[]]
    if any(len(row) != len(head) for row in rows):
        raise InputError(f"{name} has rows longer or shorter than its heading. Export it again.")
    frame = pd.DataFrame(rows, columns=head, dtype="str")
    wanted = id if id in head else None
    ids = wanted or next((c for c in head if c.upper().startswith(("GEOID", "BLOCKID"))), head[0] if head else "")
    others = [c for c in head if c != ids]
    chosen = column or (others[0] if len(others) == 1 else None)
    if chosen not in others:
        told = f"no column {column!r}" if column else "several columns, and it is not said which names the regions"
        raise InputError(
            f"{name} has {told}; beside {ids!r} it has {first_few(others, 12)}. Name one: NAME={name},COLUMN."
        )
    named = frame[frame[chosen] != ""]
    doubled = named[ids][named[ids].duplicated()].unique()
    if len(doubled):
        raise InputError(f"{name} names {len(doubled):,} units more than once, first {first_few(doubled)}.")
    known = _repaired(set(named[ids]), units)
    return pd.Series(named[chosen].to_numpy(), index=pd.Index(named[ids].map(known), dtype="str"), name=chosen)


def _repaired(ids: set[str], units: Units) -> dict[str, str]:
    """Give GEOIDs back the leading zero that a spreadsheet took."""
    own = set(units.frame.index)
    return {value: f"0{value}" if value not in own and f"0{value}" in own else value for value in ids}
