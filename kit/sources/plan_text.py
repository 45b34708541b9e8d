"""Delimited text of any encoding and delimiter, as columns of text."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pandas as pd

from kit.errors import Corrupt, SchemaError

# What the id of a census unit looks like, also after a spreadsheet had it.
UNIT_VALUE = re.compile(r"'?(\d*US)?(\d{10,15}|\d{5}[0-9A-Za-z][0-9A-Za-z_-]{2,}|\d(\.\d+)?[eE]\+\d{2}|\d{10,15}\.0)")
_SNIFFED = "|\t;,"


def decoded(path: Path) -> tuple[str, list[str]]:
    """Read text in the encoding the file turns out to have.

    Parameters
    ----------
    path : pathlib.Path
        A text file.

    Returns
    -------
    text : str
        Its content without byte-order mark.
    notes : list of str
        A sentence where the encoding had to be guessed.

    Raises
    ------
    Corrupt
        It is not text.
    """
    raw = path.read_bytes()
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        try:
            return raw.decode("utf-16"), []
        except UnicodeDecodeError:
            raise Corrupt(f"{path.name} is cut off or is not text. Save it again as CSV.") from None
    if raw[:2] == b"PK" or b"\x00" in raw[:4096]:
        raise Corrupt(
            f"{path.name} is not text: it looks like a spreadsheet or archive under another name. Save it as CSV."
        )
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return raw.decode("latin-1"), ["The text is not UTF-8 and was read as Latin-1; check letters with accents."]


def parsed(text: str, name: str) -> tuple[pd.DataFrame, bool]:
    """Split text into columns of text, and tell whether the first row is a header.

    Parameters
    ----------
    text : str
        The content of a delimited file.
    name : str
        The file's name, for messages.

    Returns
    -------
    frame : pandas.DataFrame
        Text in every cell, without rows that are empty throughout.
    headed : bool
        False when the first row already names a unit; columns are then
        called ``column 1``, ``column 2`` and so on.

    Raises
    ------
    SchemaError
        There is one column, no row, or rows of different lengths.
    """
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    lines = text[:100_000].splitlines()
    first = next((line for line in lines if line.strip()), "")
    delimiter = max(_SNIFFED, key=first.count)
    cells = [cell.strip() for cell in next(csv.reader([first], delimiter=delimiter), [])]
    if len(cells) < 2:
        raise SchemaError(
            f"{name} has one column ({first[:40]!r}); a block list has a unit id and a district in each row."
        )
    headed = not any(UNIT_VALUE.fullmatch(cell) for cell in cells)
    names = cells if headed else [f"column {i}" for i in range(1, len(cells) + 1)]
    if len(set(names)) < len(names):
        raise SchemaError(f"{name} has two columns of one name ({', '.join(names)[:120]}); rename one.")
    as_text = dict.fromkeys(names, pa.string())
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(text.lstrip("\n\r ").encode()),
            read_options=arrow_csv.ReadOptions(column_names=names, skip_rows=int(headed), use_threads=True),
            parse_options=arrow_csv.ParseOptions(delimiter=delimiter),
            convert_options=arrow_csv.ConvertOptions(column_types=as_text, strings_can_be_null=False),
        )
    except pa.ArrowInvalid as error:
        raise SchemaError(f"{name} cannot be split into {len(names)} columns: {str(error)[:160]}.") from error
    if table.num_rows == 0:
        raise SchemaError(f"{name} has a header ({', '.join(names)[:120]}) and no rows. Export it again.")
    frame = table.to_pandas().astype("str")
    void = (frame == "").all(axis=1)
    return frame[~void].reset_index(drop=True), headed
