"""How the rows of a voter list are divided, and its wanted columns in pieces; no row is ever quoted in an error."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kit.errors import Corrupt, SchemaError, first_few
from kit.progress import Meter
from kit.sources.pl_files import Member
from kit.sources.voter_files import empty_lines, opened
from kit.sources.voter_layout_rules import SEPARATORS, Headings, plain

BLOCK_BYTES = 1 << 22
"""Read at a time."""

_HEAD = 1 << 18
_MANY = 1_000


@dataclass(frozen=True)
class Grid:
    """How one file is divided, and where the columns that are read stand.

    Parameters
    ----------
    separator : str
        Between fields.
    fields : int
        How many a row has.
    at : dict of str to int
        What is read → its place among the fields.
    headed : int
        Rows of headings: 1 or 0.
    lead : int
        Empty lines before the first row.
    """

    separator: str
    fields: int
    at: Mapping[str, int]
    headed: int
    lead: int = 0


@dataclass
class Broken:
    """Rows that do not have the fields they should have.

    Parameters
    ----------
    count : int
        How many.
    rows : list of str
        The first of them, by file and row number.
    blank : int
        Lines with nothing on them, which do not matter.
    """

    count: int = 0
    rows: list[str] = field(default_factory=list)
    blank: int = 0
    _file: str = ""
    _shape: tuple[int, int] = (0, 0)

    def within(self, name: str) -> None:
        """Say which file is read now.

        Parameters
        ----------
        name : str
            Bare name.
        """
        self._file = name

    def note(self, row: Any) -> str:
        """Take note of a row, and go on.

        Parameters
        ----------
        row : pyarrow.csv.InvalidRow
            Its text is not kept.

        Returns
        -------
        str
            ``"skip"``.
        """
        if row.actual_columns == 1 and not row.text.strip():
            self.blank += 1
            return "skip"
        self.count += 1
        if len(self.rows) < 5:
            self.rows.append(f"{self._file} row {row.number}" if row.number else self._file)
            self._shape = self._shape if any(self._shape) else (int(row.actual_columns), int(row.expected_columns))
        return "skip"

    def refuse(self, *, most: int = 0) -> None:
        """Raise where there are more than may be.

        Parameters
        ----------
        most : int
            So many are let pass.

        Raises
        ------
        SchemaError
            There are more.
        """
        if self.count > most:
            found, expected = self._shape
            more = f" and {self.count - len(self.rows):,} more" if self.count > len(self.rows) else ""
            raise SchemaError(
                f"{self.count:,} rows do not have {expected} fields (first {found}): {', '.join(self.rows)}{more}. "
                'Get the file again or mend those rows; broken="report" leaves them out and says how many.'
            )


def _head(member: Member) -> tuple[str, int]:
    """Read the first row, and count empty lines before it."""
    with opened(member) as stream:
        data = stream.read(_HEAD)
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace")
    if not text.strip():
        raise Corrupt(f"{member.name} is empty; get it again.")
    if text.lstrip().startswith("<"):
        raise Corrupt(f"{member.name} is a web page, not a table: the server sent an error page. Get it again.")
    line = text.lstrip("\r\n").splitlines()[0]
    lead = text[: len(text) - len(text.lstrip("\r\n"))].count("\n")
    if "\0" in line or len(line) >= _HEAD:
        raise SchemaError(f"{member.name} is no text table. Export it as CSV or as tab-separated text.")
    return line, lead


def grid_of(
    member: Member,
    wanted: Mapping[str, Headings],
    *,
    names: tuple[str, ...] = (),
    separator: str = "",
    layout: str = "",
) -> Grid:
    """Find out how a file is divided and where the wanted columns stand.

    Parameters
    ----------
    member : Member
        A table.
    wanted : dict of str to tuple of str
        What is read → headings it may have.
    names : tuple of str
        Fields in order, for files without headings.
    separator : str
        Between fields; by default the sign by which the headings are found.
    layout : str
        Name of the layout, for messages.

    Returns
    -------
    Grid
        The first row is never repeated in an error: it may be a person's.

    Raises
    ------
    SchemaError
        A heading is missing, or there twice, or a row has another number of fields.
    """
    line, lead = _head(member)
    rows = {
        sign: next(csv.reader([line], delimiter=sign)) for sign in ([separator] if separator else SEPARATORS.values())
    }
    if names:
        sign, row = max(rows.items(), key=lambda pair: len(pair[1]))
        headed = [plain(one) for one in row] == [plain(one) for one in names]
        if len(row) != len(names):
            raise SchemaError(
                f"{member.name}: the first row has {len(row)} fields, and layout {layout} has {len(names)}. "
                "Is it a file of another State, or separated by another sign?"
            )
        return Grid(sign, len(names), _places(names, wanted, member, layout), int(headed), lead)
    best = max(rows, key=lambda sign: sum(_has(rows[sign], headings) for headings in wanted.values()))
    return Grid(best, len(rows[best]), _places(rows[best], wanted, member, layout), 1, lead)


def _has(row: list[str], headings: Headings) -> bool:
    """Tell whether one of the spellings is among the headings."""
    return not {plain(one) for one in row}.isdisjoint(plain(one) for one in headings)


def _places(
    row: list[str] | tuple[str, ...], wanted: Mapping[str, Headings], member: Member, layout: str
) -> dict[str, int]:
    """Give the place of each wanted column."""
    heads = [plain(one) for one in row]
    found, lacking, twice = {}, [], []
    for key, headings in wanted.items():
        spelling = next((one for one in headings if plain(one) in heads), None)
        if spelling is None:
            lacking.append(" or ".join(headings[:3]))
        elif heads.count(plain(spelling)) > 1:
            twice.append(spelling)
        else:
            found[key] = heads.index(plain(spelling))
    if lacking:
        raise SchemaError(
            f"{member.name} has no column {first_few(lacking)} among the {len(row)} fields of its first row. Is it a "
            f"file of layout {layout}, with its row of headings? Pass another layout, or one of your own."
        )
    if twice:
        raise SchemaError(f"{member.name} has the heading {first_few(twice)} more than once. Keep one of them.")
    return found


def pieces(member: Member, grid: Grid, broken: Broken, meter: Meter) -> Iterator[Any]:
    """Read the wanted columns of a table piece by piece.

    Parameters
    ----------
    member : Member
        A table.
    grid : Grid
        How it is divided.
    broken : Broken
        Takes note of rows with another number of fields.
    meter : Meter
        Told of the bytes read.

    Yields
    ------
    pyarrow.Table
        Columns under the names of ``grid.at``, as bytes.

    Raises
    ------
    SchemaError
        More than a thousand rows are broken.
    Corrupt
        The file is cut off, or its quotation marks do not close.
    """
    import pyarrow as pa
    from pyarrow import csv as arrow

    names = [str(at) for at in range(grid.fields)]
    wanted = list(dict.fromkeys(str(at) for at in grid.at.values()))
    broken.within(member.name)
    rows, lines, torn, before = 0, 0, False, broken.count + broken.blank
    with opened(member, meter) as stream:
        try:
            reader = arrow.open_csv(
                stream,
                read_options=arrow.ReadOptions(
                    use_threads=False,
                    block_size=BLOCK_BYTES,
                    column_names=names,
                    skip_rows=grid.headed + grid.lead,
                ),
                parse_options=arrow.ParseOptions(
                    delimiter=grid.separator,
                    # Quotation marks in names swallow rows; only between commas are they needed.
                    quote_char='"' if grid.separator == "," else False,
                    invalid_row_handler=broken.note,
                ),
                convert_options=arrow.ConvertOptions(
                    include_columns=wanted,
                    column_types=dict.fromkeys(wanted, pa.binary()),
                    check_utf8=False,
                    strings_can_be_null=False,
                ),
            )
            for batch in reader:
                broken.refuse(most=_MANY)
                rows += batch.num_rows
                yield pa.table({key: batch.column(str(at)) for key, at in grid.at.items()})
        except pa.ArrowInvalid:
            torn = True  # what it says may repeat a row; so it is not even kept as the cause
        lines = stream.rows
    if torn:
        raise Corrupt(
            f"{member.name} cannot be read after row {rows:,}: a row is too long, or a quotation mark is not closed. "
            "Get it again, or mend that row."
        )
    lost = lines - grid.headed - rows - (broken.count + broken.blank - before)
    lost -= empty_lines(member) if lost > 0 else 0  # counted only where it matters: it takes a second reading
    if lost > 0:
        raise Corrupt(
            f"{member.name} has {lines:,} lines, and {lost:,} of them are lost between quotation marks that do not "
            "close. Mend those rows, or get the file separated by tabs."
        )
