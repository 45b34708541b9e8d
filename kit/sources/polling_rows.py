"""Rows of a list that somebody made in a spreadsheet or a map program, as text."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from kit.errors import InputError, SchemaError, first_few
from kit.sources.plan_text import decoded

_DELIMITERS = ",\t;|"
# What a column means → how files call it.
_OTHER_NAMES = {
    "id": ("place_id", "polling_place_id", "location_id", "site_id", "poll_id", "code"),
    "name": ("place", "polling_place", "polling place", "location", "location name", "site", "site name", "facility"),
    "longitude": ("lon", "lng", "long", "x", "longitude_x", "xcoord", "lon_dd"),
    "latitude": ("lat", "y", "latitude_y", "ycoord", "lat_dd"),
    "precinct": ("precincts", "precinct_id", "vtd", "ward"),
    "address": ("street", "street address", "location address"),
}
# Signs that join or part letters of some scripts.
_JOINERS = "\u200c\u200d"
_DEGREES = ("WGS 84", "WGS84", "CRS84", "4326", "4269", "NAD83")


def read_rows(file: Path) -> tuple[pd.DataFrame, list[str], bool]:
    """Read a table with a header, or the points of a map.

    Parameters
    ----------
    file : pathlib.Path
        CSV or GeoJSON.

    Returns
    -------
    rows : pandas.DataFrame
        Text in every cell, blank where the file has nothing; of a map also
        ``longitude`` and ``latitude``.
    notes : list of str
        A sentence where the encoding had to be guessed.
    points : bool
        Whether it is a map.

    Raises
    ------
    InputError
        There is no such file, or it is of another kind.
    SchemaError
        It has no rows, rows of different lengths, or shapes that are no points.
    Corrupt
        It is no text.
    """
    if not file.is_file():
        raise InputError(f"there is no file {file.name!r} to read. Check the path.")
    kind = file.suffix.lower()
    if kind in {".xlsx", ".xls", ".ods", ".pdf", ".docx", ".zip", ".shp", ".gpkg", ".kml"}:
        raise InputError(f"{file.name}: the list is read as CSV or GeoJSON, not {kind}. Save it as CSV first.")
    text, notes = decoded(file)
    if kind in {".geojson", ".json"}:
        return _features(text, file.name), notes, True
    return split_rows(text, file.name), notes, False


def split_rows(text: str, name: str) -> pd.DataFrame:
    """Split delimited text into columns of text.

    Parameters
    ----------
    text : str
        With headings in the first row.
    name : str
        Of the file, for messages.

    Returns
    -------
    pandas.DataFrame
        Text in every cell, without rows that are empty throughout.

    Raises
    ------
    SchemaError
        There is no row, a heading is there twice or again among the rows, or rows are of different lengths.
    """
    first = next((line for line in text.splitlines() if line.strip()), "")
    if first.lstrip().startswith(("<", "{")):
        raise SchemaError(f"{name} is a web page or a map under the name of a table. Fetch the file itself again.")
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        rows = [
            row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(map(str.strip, row))
        ]
    except csv.Error as error:
        raise SchemaError(f"{name} cannot be split into columns: {error}. Save it as CSV again.") from error
    header = [cell.strip() for cell in rows[0]] if rows else []
    rows = [row if len(row) == len(header) else _without_blanks(row, len(header)) for row in rows]
    if len(rows) < 2:
        raise SchemaError(
            f"{name} has no rows under a header ({', '.join(header)[:120] or 'nothing'}). Export it again."
        )
    twice = [one for one in dict.fromkeys(header) if header.count(one) > 1 and one]
    if twice:
        raise SchemaError(f"{name} has two columns of one name ({first_few(twice)}); rename one.")
    odd = [f"row {number}" for number, row in enumerate(rows[1:], 1) if len(row) != len(header)]
    if odd:
        raise SchemaError(
            f"{name}: {len(odd):,} rows do not have the {len(header)} columns of the header, first {first_few(odd)}. "
            "A comma inside a cell needs quotation marks around the cell."
        )
    again = [f"row {number}" for number, row in enumerate(rows[1:], 1) if [cell.strip() for cell in row] == header]
    if again:
        raise SchemaError(
            f"{name} has its row of headings again in {first_few(again)}: files were joined. Remove those rows, and "
            "see that no place is in both parts."
        )
    return pd.DataFrame(rows[1:], columns=header, dtype="str")


def _without_blanks(row: list[str], size: int) -> list[str]:
    """Leave out empty cells that a row has more than there are headings."""
    return row[:size] if not any(map(str.strip, row[size:])) else row


def _features(text: str, name: str) -> pd.DataFrame:
    """Read the points of a GeoJSON."""
    try:
        content = json.loads(text)
    except ValueError as error:
        raise SchemaError(f"{name} is not whole GeoJSON ({str(error)[:80]}). Export it again.") from error
    features = content.get("features") if isinstance(content, Mapping) else None
    if not isinstance(features, list) or not features:
        raise SchemaError(f"{name} is GeoJSON without a feature. Export it again.")
    said = json.dumps(content.get("crs") or "4326")
    if not any(word in said for word in _DEGREES):
        raise SchemaError(f"{name} is not in degrees of longitude and latitude ({said[:80]}). Export it in EPSG:4326.")
    rows = []
    for number, feature in enumerate(features, 1):
        one = feature if isinstance(feature, Mapping) else {}
        shape = one.get("geometry")
        shape = shape if isinstance(shape, Mapping) else {}
        at = shape.get("coordinates")
        if shape and (shape.get("type") != "Point" or not isinstance(at, list) or len(at) < 2):
            raise SchemaError(f"{name}: feature {number} is a {shape.get('type')}, and a polling place is a point.")
        told = one.get("properties")
        properties = told if isinstance(told, Mapping) else {}
        record = {str(key): "" if value is None else _as_text(value) for key, value in properties.items()}
        x, y = (str(at[0]), str(at[1])) if isinstance(at, list) else ("", "")
        rows.append(record | {"longitude": x, "latitude": y})
    return pd.DataFrame(rows).astype("object").fillna("").astype("str")


def _as_text(value: Any) -> str:
    """Write a property: lists with semicolons between."""
    if isinstance(value, list):
        return ";".join(_as_text(one) for one in value)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def column_of(rows: pd.DataFrame, wanted: str, meaning: str, file: str) -> str:
    """Find a column by its heading.

    Parameters
    ----------
    rows : pandas.DataFrame
        A table.
    wanted : str
        Heading; capitals and blanks at its ends do not matter.
    meaning : str
        What it is for, which is also the argument that names it.
    file : str
        Name of the file, for the message.

    Returns
    -------
    str
        The heading as the file has it.

    Raises
    ------
    InputError
        It is no text.
    SchemaError
        There is none, or there are several.
    """
    if not isinstance(wanted, str):
        raise InputError(f"{meaning}={wanted!r}: give the name of a column of {file}.")
    plain = wanted.strip().casefold()
    found = [str(column) for column in rows.columns if str(column).strip().casefold() == plain]
    if wanted in found:
        return wanted
    if len(found) == 1:
        return found[0]
    if found:
        raise SchemaError(f"{file} has the columns {first_few(found)}, alike but for capitals; rename one.")
    others = [str(c) for c in rows.columns if str(c).strip().casefold() in _OTHER_NAMES.get(meaning, ())]
    hint = f"Pass {meaning}={others[0]!r}" if others else f"Pass {meaning}= with the name of the column"
    raise SchemaError(
        f"{file} has no column {wanted!r}; columns are {first_few([str(c) for c in rows.columns], 12)}. {hint}."
    )


def tidy(text: str) -> str:
    r"""Bring the words of a cell onto one line, without signs that no reader sees.

    Parameters
    ----------
    text : str
        A cell.

    Returns
    -------
    str
        With single blanks, composed letters and no control signs.

    Examples
    --------
    >>> tidy("  Heron\n Hall\x00 ")
    'Heron Hall'
    """
    seen = (sign if unicodedata.category(sign) not in {"Cc", "Cf"} or sign in _JOINERS else " " for sign in str(text))
    plain = "".join(seen)
    return unicodedata.normalize("NFC", " ".join(plain.split()))


def numbers(cells: pd.Series, what: str, ids: pd.Series, file: str) -> pd.Series:
    """Read degrees.

    Parameters
    ----------
    cells : pandas.Series
        Text; blank where there is nothing.
    what : str
        What the column holds.
    ids : pandas.Series
        Ids of the rows, for the message.
    file : str
        Name of the file.

    Returns
    -------
    pandas.Series
        Floats; missing where the cell is blank.

    Raises
    ------
    SchemaError
        A cell holds something else.
    """
    text = cells.astype("str").str.strip().str.replace("−", "-")
    found = pd.to_numeric(text.where(text != ""), errors="coerce").astype("float64")
    wrong = (text != "") & ~found.abs().lt(float("inf"))
    if wrong.any():
        raise SchemaError(
            f"{file}: {int(wrong.sum()):,} values of {what} are no numbers, such as {text[wrong].iloc[0][:30]!r} in "
            f"{first_few(ids[wrong], 3)}. Write degrees with a point, such as -118.2437."
        )
    return found


def precincts_in(cell: str) -> list[str]:
    """List the precincts of a cell.

    Parameters
    ----------
    cell : str
        Precincts with semicolons or upright lines between.

    Returns
    -------
    list of str
        Each once.

    Examples
    --------
    >>> precincts_in("P01; P02;;P01")
    ['P01', 'P02']
    """
    return list(dict.fromkeys(one for one in (tidy(part) for part in re.split(r"[;|]", cell)) if one))


def listed(file: str, table: pd.DataFrame, bad: Any, what: str, cure: str) -> None:
    """Refuse places by name, where there are any.

    Parameters
    ----------
    file : str
        Name of the file.
    table : pandas.DataFrame
        Rows with an ``id``.
    bad : pandas.Series of bool
        Which rows.
    what : str
        What they have, after "have".
    cure : str
        What to do.

    Raises
    ------
    SchemaError
        There are some.
    """
    if bad.any():
        raise SchemaError(
            f"{file}: {int(bad.sum()):,} of {len(table):,} polling places have {what}, first "
            f"{first_few(table.loc[bad, 'id'])}. {cure}"
        )
