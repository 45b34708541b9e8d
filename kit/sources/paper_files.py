"""Files of the paper route: the key of a form's map, and the sheet that forms are typed into."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kit.errors import Corrupt, InputError, SchemaError, first_few
from kit.files import atomic_path
from kit.i18n.messages import term
from kit.model.paper import CONSENT, SHEET, PaperKey, form_number, form_numbers
from kit.sources.community_record import PRIVATE
from kit.sources.plan_text import decoded

_KEY = ("number", "GEOID", "square", "name", "level", "year", "map_code", "sample")
_KNOWN = tuple(one.key for one in SHEET)
_MUST = {"form", "consent", "name"}
_DELIMITERS = ",;\t|"
# What stands in a row before anything is typed from the form.
_GIVEN = {"form"}
# A spreadsheet would run a cell that begins so.
_RUN = ("=", "+", "-", "@")


@dataclass(frozen=True)
class SheetRow:
    """One typed form.

    Parameters
    ----------
    file : str
        Name of the sheet.
    row : int
        Its row in the file, from 1.
    form : str
        Number of the form.
    cells : dict of str to str
        Column → what was typed; every column of the sheet is there.
    """

    file: str
    row: int
    form: str
    cells: dict[str, str] = field(repr=False)

    @property
    def where(self) -> str:
        """Name it in a message.

        Returns
        -------
        str
            File, row and form.
        """
        return f"{self.file}, row {self.row} (form {self.form})"


@dataclass(frozen=True)
class Sheet:
    """What a sheet holds.

    Parameters
    ----------
    file : str
        Its name.
    rows : tuple of SheetRow
        Forms with at least one answer.
    empty : int
        Rows with a form number and no answer.
    """

    file: str
    rows: tuple[SheetRow, ...]
    empty: int


def write_paper_key(key: PaperKey, path: str | os.PathLike[str]) -> Path:
    """Write what the numbers on a form's map stand for.

    Parameters
    ----------
    key : PaperKey
        The key.
    path : path-like
        CSV to write, atomically.

    Returns
    -------
    pathlib.Path
        The file written.
    """
    names, squares = key.names or [""] * len(key), key.squares or [""] * len(key)
    said = [key.level, str(key.year or ""), key.code, "yes" if key.sample else ""]
    rows = [
        [str(number), geoid, square, f"'{name}" if name.startswith(_RUN) else name, *said]
        for number, (geoid, square, name) in enumerate(zip(key.geoids, squares, names, strict=True), 1)
    ]
    return _write(path, [list(_KEY), *rows])


def read_paper_key(path: str | os.PathLike[str]) -> PaperKey:
    """Read the key of a form's map.

    Parameters
    ----------
    path : path-like
        What `write_paper_key` wrote.

    Returns
    -------
    PaperKey
        Numbers and GEOIDs.

    Raises
    ------
    InputError
        There is no such file.
    SchemaError
        It is no key, or was changed after it was written.
    """
    file = _existing(path, "key")
    text, _ = decoded(file)
    delimiter = max(_DELIMITERS, key=text.partition("\n")[0].count)
    rows = [row for row in _split(text, delimiter, file.name) if "".join(row).strip()]
    if not rows or rows[0][: len(_KEY)] != list(_KEY) or any(len(row) < len(_KEY) for row in rows):
        raise SchemaError(f"{file.name} is no key of a paper form; expected the columns {', '.join(_KEY)}.")
    found = [dict(zip(_KEY, (cell.strip() for cell in row), strict=False)) for row in rows[1:]]
    if [one["number"] for one in found] != [str(number) for number in range(1, len(found) + 1)]:
        raise SchemaError(f"{file.name} does not number its units 1, 2, 3 …; it was changed. Take the file as written.")
    first = found[0] if found else dict.fromkeys(_KEY, "")
    names, squares = (tuple(_plain(one[what]) for one in found) for what in ("name", "square"))
    key = PaperKey(
        tuple(one["GEOID"] for one in found),
        first["level"],
        int(first["year"]) if first["year"].isdecimal() else None,
        names if any(names) else (),
        squares if any(squares) else (),
        first["sample"] == "yes",
    )
    if {one["map_code"] for one in found} != {key.code}:
        raise SchemaError(
            f"{file.name} was changed after it was written: its ids give the map code {key.code}, and it says "
            f"{first['map_code'][:12]!r}. A spreadsheet may have taken zeros off; take the file as it was written."
        )
    return key


def paper_sheet(path: str | os.PathLike[str], *, numbers: Sequence[int] | str = (), prefix: str = "") -> Path:
    """Write an empty sheet into which forms are typed, a row for each.

    Parameters
    ----------
    path : path-like
        CSV to write, in UTF-8 with a mark that spreadsheets know it by.
    numbers : sequence of int, or str
        Numbers of the forms, such as ``"1-50"``; none for a sheet without rows.
    prefix : str
        What stands before each number.

    Returns
    -------
    pathlib.Path
        The file written. Its first row has the questions in the language in
        force; the second row names the columns and stays as it is. The code of
        the map is typed from each form, so that a form of another map is noticed.

    Raises
    ------
    InputError
        The file is there already, as it may hold what somebody typed, or numbers are wrong.

    Examples
    --------
    >>> import tempfile
    >>> sheet = paper_sheet(Path(tempfile.mkdtemp()) / "sheet.csv", numbers="1-2")
    >>> [line.split(",")[0] for line in sheet.read_text("utf-8-sig").splitlines()]
    ['Form number', 'form', '1', '2']
    """
    target = Path(path)
    if target.exists():
        raise InputError(f"{target.name} is there already and may hold what somebody typed. Name another file.")
    forms = [{"form": number} for number in form_numbers(numbers, prefix)]
    heads = [f"{one.code} {term(one.label)}".strip() for one in SHEET]
    return _write(target, [heads, list(_KNOWN), *([form.get(name, "") for name in _KNOWN] for form in forms)])


def read_sheet(path: str | os.PathLike[str]) -> Sheet:
    """Read what was typed, cell by cell.

    Parameters
    ----------
    path : path-like
        A sheet that `paper_sheet` made, saved as CSV.

    Returns
    -------
    Sheet
        Rows with an answer; blanks around answers are taken off.

    Raises
    ------
    InputError
        There is no such file, or it has a column for contact data.
    SchemaError
        It has not the columns of a sheet, a row has no form number, or a
        spreadsheet has destroyed letters.
    """
    file = _existing(path, "sheet")
    if file.suffix.lower() in {".xlsx", ".xls", ".ods"}:
        raise InputError(f"{file.name} is a spreadsheet; save it as “CSV UTF-8” and read that.")
    text, guessed = decoded(file)
    if guessed or "\N{REPLACEMENT CHARACTER}" in text:
        raise SchemaError(f"{file.name} is not UTF-8, so letters of other scripts are lost; save it as “CSV UTF-8”.")
    table, at = _table(text, file.name)
    columns = _columns(table, at, file.name)
    rows, empty = [], 0
    for number, cells in enumerate(table[at + 1 :], at + 2):
        found = dict.fromkeys(_KNOWN, "") | {
            name: _plain(cells[place]) for place, name in columns.items() if place < len(cells)
        }
        if any(cell.strip() for cell in cells[max(columns) + 1 :]):
            raise SchemaError(f"{file.name}, row {number} has more cells than there are columns; look at it again.")
        if not any(text for name, text in found.items() if name not in _GIVEN):
            empty += bool(found["form"])
            continue
        rows.append(_row(file.name, number, found))
    require_one_spelling(rows)
    return Sheet(file.name, tuple(rows), empty)


def require_one_spelling(rows: Iterable[SheetRow]) -> None:
    """Refuse two ways to write what may be one form number: its form would count twice.

    Parameters
    ----------
    rows : iterable of SheetRow
        Typed forms.

    Raises
    ------
    SchemaError
        Numbers differ in zeros before them or in capital letters only, such as ``1`` and ``01``.
    """
    known: dict[str, SheetRow] = {}
    for row in rows:
        one = known.setdefault(re.sub(r"(?<!\d)0+(?=\d)", "", row.form.casefold()), row)
        if one.form != row.form:
            raise SchemaError(
                f"{one.where} and {row.where} may be one form. Look at the paper, and type its number alike, or write "
                "another number on one of two forms."
            )


def _row(file: str, number: int, cells: dict[str, str]) -> SheetRow:
    """Check one row."""
    if not cells["form"]:
        raise SchemaError(f"{file}, row {number} has answers and no form number; type the number that is on the form.")
    try:
        form = form_number(cells["form"])
    except InputError:
        raise SchemaError(
            f"{file}, row {number}: a form number is of letters, digits and dashes, such as 12 or OAK-12, and no "
            "date; look at the first column."
        ) from None
    made = SheetRow(file, number, form, cells)
    lost = [name for name, text in cells.items() if "??" in text]
    if lost:
        raise SchemaError(
            f"{made.where} has question marks for letters in {first_few(lost)}: a spreadsheet has destroyed other "
            "scripts. Type them again and save as “CSV UTF-8”; one ? marks an answer that cannot be read."
        )
    return made


def _table(text: str, file: str) -> tuple[list[list[str]], int]:
    """Split a sheet, and find the row that names its columns."""
    for delimiter in _DELIMITERS:
        table = _split(text, delimiter, file)
        for at, row in enumerate(table[:10]):
            if {cell.strip() for cell in row} >= _MUST:
                _require_nothing_above(table[:at], [cell.strip() for cell in row], file)
                return table, at
    raise SchemaError(
        f"{file} has no row that names its columns ({', '.join(_KNOWN[:6])} …); the second row of the sheet must stay "
        "as kit.paper_sheet wrote it."
    )


def _require_nothing_above(above: list[list[str]], names: list[str], file: str) -> None:
    """Refuse forms above the row that names the columns, where sorting may have put them: they would not be read."""
    form, consent = names.index("form"), names.index(CONSENT.key)
    for number, row in enumerate(above, 1):
        cells = [cell.strip() for cell in row] + [""] * len(names)
        # The first row of a sheet has the questions, each after its code.
        if cells[consent].startswith(f"{CONSENT.code} ") or not cells[form]:
            continue
        try:
            form_number(cells[form])
        except InputError:
            continue
        raise SchemaError(
            f"{file}, row {number} seems to be a form above the row that names the columns, as when a sheet was "
            "sorted. Put the row of the columns' names above every form."
        )


def _columns(table: list[list[str]], at: int, file: str) -> dict[int, str]:
    """Find the columns, and refuse those that no sheet may have."""
    names = [cell.strip() for cell in table[at]]
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    if doubled:
        raise SchemaError(f"{file} has the column {first_few(doubled)} twice; take one out.")
    wide = max(map(len, table))
    names += [""] * (wide - len(names))
    for place, name in enumerate(names):
        above = [row[place].strip() for row in table[:at] if place < len(row)]
        filled = any(place < len(row) and row[place].strip() for row in table)
        if name in _KNOWN or not filled:
            continue
        told = next((one for one in [name, *above] if one), "")
        if any(PRIVATE.fullmatch(re.sub(r"\W+", "_", one.strip())) for one in (name, *above)):
            raise InputError(
                f"{file} has the column {told[:40]!r}: contact data belong in the contact file, and never in the "
                "sheet of a form. Take the column out, and keep it there."
            )
        raise SchemaError(f"{file} has a column {told[:40]!r} that no form asks for; take it out.")
    return {place: name for place, name in enumerate(names) if name in _KNOWN}


def _split(text: str, delimiter: str, file: str) -> list[list[str]]:
    """Split text into cells."""
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Corrupt(f"{file} cannot be split into columns ({error}). Save it again as CSV.") from error


def _plain(cell: str) -> str:
    """Take off blanks, and the mark that keeps a spreadsheet from running a cell."""
    bare = cell.strip()
    return bare[1:] if bare.startswith(tuple(f"'{sign}" for sign in _RUN)) else bare


def _existing(path: str | os.PathLike[str], what: str) -> Path:
    """Refuse a file that is not there."""
    file = Path(path)
    if not file.is_file():
        raise InputError(f"there is no file {file.name!r} for the {what} of the forms. Check the path.")
    return file


def _write(path: str | os.PathLike[str], rows: list[list[str]]) -> Path:
    """Write a table that spreadsheets open as UTF-8."""
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
    return Path(path)
