"""What the lines of a table of the American Community Survey are: labels as files give them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kit.errors import InputError, NotPublished, SchemaError, first_few
from kit.model.acs_tables import Path as LinePath
from kit.model.acs_tables import layout
from kit.model.detail_data import plain

FIRST_SHELLS = 2021
_TOTALS = frozenset({"estimate", "total", "total groups tallied"})


@dataclass(frozen=True)
class Labels:
    """The lines of one table in one year.

    Parameters
    ----------
    table : str
        Id of the table.
    year : int
        Last year of the five-year period.
    lines : dict of int to tuple of str
        Line → headings and own label, in the form of `kit.model.detail_data.plain`;
        the total's is empty.
    origin : str
        Where the labels came from, for a note.
    """

    table: str
    year: int
    lines: dict[int, LinePath]
    origin: str

    def line(self, *path: str) -> int | None:
        """Find the line that stands at a place in the table.

        Parameters
        ----------
        *path : str
            Headings and label in the form of `plain`.

        Returns
        -------
        int or None
            None when there is no such line.
        """
        return next((number for number, found in self.lines.items() if found == path), None)


def line_path(label: str) -> LinePath:
    """Split a label of the Census API into headings and label.

    Parameters
    ----------
    label : str
        With its parts joined by two exclamation marks.

    Returns
    -------
    tuple of str
        Without "Estimate" and "Total"; empty for the total.

    Examples
    --------
    >>> line_path("Estimate!!Total:!!Polynesian:!!Native Hawaiian")
    ('polynesian', 'native hawaiian')
    """
    parts = [plain(part) for part in label.split("!!")]
    start = next((n for n, part in enumerate(parts) if part not in _TOTALS), len(parts))
    return tuple(parts[start:])


def built_in(table: str, year: int) -> Labels | None:
    """Give the lines that are known without the labels of the year.

    Parameters
    ----------
    table : str
        Id of the table.
    year : int
        Last year of the period.

    Returns
    -------
    Labels or None
        None where the lines of that year are not known for certain.
    """
    known = layout(table, year)
    return Labels(table, year, known, f"the kit's record of the {year} layout") if known else None


def from_pairs(table: str, year: int, pairs: Iterable[tuple[str, str]], origin: str) -> Labels:
    """Read labels given variable by variable.

    Parameters
    ----------
    table : str
        Id of the table.
    year : int
        Last year of the period.
    pairs : iterable of tuple
        Variable, such as ``"B02015_002E"``, and its label.
    origin : str
        Where they came from.

    Returns
    -------
    Labels
        The estimates' lines.

    Raises
    ------
    SchemaError
        There is no line of that table.
    """
    lines = {}
    for name, label in pairs:
        number = line_number(str(name), table)
        if number is not None and str(name).endswith("E"):
            lines[number] = line_path(str(label))
    if not lines:
        raise SchemaError(f"{origin} has no label of table {table}; give the labels of {year} for that table.")
    return Labels(table, year, dict(sorted(lines.items())), origin)


def line_number(name: str, table: str) -> int | None:
    """Read the line number out of a variable's name.

    Parameters
    ----------
    name : str
        ``"B02015_002E"`` of the API, or ``"B02015_E002"`` of the files.
    table : str
        Id of the table.

    Returns
    -------
    int or None
        None when the name is of another table, or an annotation.
    """
    before, _, rest = name.partition("_")
    if before.upper() != table or len(rest) != 4:
        return None
    digits = rest.upper().strip("EM")
    return int(digits) if len(digits) == 3 and digits.isdigit() else None


def shells_path(year: int) -> str:
    """Give the path of the year's labels on the Census file server.

    Parameters
    ----------
    year : int
        Last year of the period, 2021 or later.

    Returns
    -------
    str
        Path without the server.
    """
    folder = f"/programs-surveys/acs/summary_file/{year}/table-based-SF/documentation"
    return f"{folder}/ACS{year}5YR_Table_Shells.txt"


def from_shells(path: Path, table: str, year: int) -> Labels:
    """Read the labels of a table out of the year's table shells.

    Parameters
    ----------
    path : pathlib.Path
        The published text file, with columns divided by bars.
    table : str
        Id of the table.
    year : int
        Last year of the period.

    Returns
    -------
    Labels
        Of that table.

    Raises
    ------
    NotPublished
        The file does not have the table.
    SchemaError
        It is no file of table shells, or of another year.
    """
    _check_year(path, year)
    lines: dict[int, LinePath] = {}
    above: list[tuple[int, str]] = []
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="|")
        needed = {"Table ID", "Indent", "Unique ID", "Label"}
        if not needed <= set(rows.fieldnames or ()):
            raise SchemaError(
                f"{path.name} has no columns {first_few(sorted(needed))}; it is no file of ACS table shells."
            )
        for row in rows:
            if (row["Table ID"] or "").strip().upper() != table:
                continue
            indent = int(float(row["Indent"] or 0))
            above = [item for item in above if item[0] < indent]
            above.append((indent, row["Label"] or ""))
            number = line_number((row["Unique ID"] or "").strip() + "E", table)
            if number is not None:
                lines[number] = line_path("!!".join(text for _, text in above))
    if not lines:
        raise NotPublished(f"{path.name} has no table {table}: it is not in the 5-year estimates of {year}.")
    return Labels(table, year, lines, f"the published table shells of {year}")


def _check_year(path: Path, year: int) -> None:
    """Refuse a file whose name says another year."""
    name = path.name
    if name.startswith("ACS20") and name[3:7].isdigit() and int(name[3:7]) != year:
        raise SchemaError(f"{name} has the labels of {name[3:7]}, but year={year} was asked for. Give those of {year}.")


def from_file(path: Path, table: str, year: int) -> Labels:
    """Read labels that the caller has.

    Parameters
    ----------
    path : pathlib.Path
        Table shells, or what the API gives for ``groups/B02015.json``.
    table : str
        Id of the table.
    year : int
        Last year of the period.

    Returns
    -------
    Labels
        Of that table.

    Raises
    ------
    InputError
        There is no such file.
    SchemaError, NotPublished
        It does not hold the labels.
    """
    if not path.is_file():
        raise InputError(f"there is no file {path.name!r} with labels.")
    if path.suffix.lower() != ".json":
        return from_shells(path, table, year)
    try:
        variables = json.loads(path.read_text(encoding="utf-8"))["variables"]
        pairs = [(name, facts["label"]) for name, facts in variables.items() if "label" in facts]
    except (ValueError, KeyError, TypeError):
        raise SchemaError(f"{path.name} is no list of a table's variables as the Census API gives it.") from None
    return from_pairs(table, year, pairs, f"the labels in {path.name}")
