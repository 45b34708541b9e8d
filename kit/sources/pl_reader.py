"""The cells of the P.L. 94-171 files, read in pieces and handed on in the order of the header."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np

from kit.errors import Corrupt, SchemaError
from kit.model.tables import canonical
from kit.sources.pl_files import Member, Package, blaming
from kit.sources.pl_layout import segments

BLOCK_BYTES = 1 << 19
"""Read at a time: small pieces keep memory low and cost no time."""


class DisorderError(Exception):
    """Rows of a segment do not follow the order of the geographic header."""


def combined_columns(member: Member) -> tuple[list[str], str]:
    """Read the header row of a combined table.

    Parameters
    ----------
    member : Member
        A plain file.

    Returns
    -------
    columns : list of str
        As they stand in the file.
    delimiter : str
        Comma, pipe or tab.
    """
    with member.path.open("rb") as stream:
        first = stream.readline().decode("utf-8-sig", errors="replace").strip()
    delimiter = max(",|\t", key=first.count)
    return [name.strip('" ') for name in first.split(delimiter)], delimiter


def stream_csv(
    stream: BinaryIO, member: Member, *, delimiter: str, names: list[str] | None, types: dict[str, Any]
) -> Iterator[Any]:
    """Read a delimited stream piece by piece.

    Parameters
    ----------
    stream : file object
        Binary.
    member : Member
        The file it comes from, for messages.
    delimiter : str
        Between fields.
    names : list of str or None
        Field names; None when the first row has them.
    types : dict
        Fields to keep, each with its Arrow type.

    Yields
    ------
    pyarrow.RecordBatch
        The fields kept.
    """
    from pyarrow import csv

    with blaming(member):
        reader = csv.open_csv(
            stream,
            read_options=csv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES, column_names=names),
            parse_options=csv.ParseOptions(delimiter=delimiter, quote_char='"' if names is None else False),
            convert_options=csv.ConvertOptions(
                include_columns=list(types), column_types=types, check_utf8=False, strings_can_be_null=False
            ),
        )
        with reader:
            yield from reader


class Aligned:
    """The rows of one segment, in the order of the header, a window at a time.

    Parameters
    ----------
    batches : iterator of pyarrow.RecordBatch
        ``LOGRECNO`` and cells, in file order.
    wanted : numpy.ndarray
        Record numbers in rising order.
    name : str
        File name for messages.
    """

    def __init__(self, batches: Iterator[Any], wanted: np.ndarray[Any, Any], name: str) -> None:
        self._batches = batches
        self._wanted = wanted
        self._name = name
        self._pending: list[Any] = []
        self._ready = 0
        self._next = 0

    def take(self, count: int) -> Any:
        """Return the next rows.

        Parameters
        ----------
        count : int
            How many rows of the header.

        Returns
        -------
        pyarrow.Table
            Cells, one row for each.
        """
        import pyarrow as pa

        while self._ready < count:
            batch = next(self._batches, None)
            if batch is None:
                raise DisorderError
            self._accept(batch)
        table = pa.concat_tables(self._pending)
        self._pending = [table.slice(count)]
        self._ready -= count
        return table.slice(0, count)

    def finish(self) -> None:
        """Read to the end, so that damage and doubled rows are found."""
        for batch in self._batches:
            self._accept(batch)
        if self._ready:
            raise DisorderError

    def _accept(self, batch: Any) -> None:
        rows, places = keep(batch, self._wanted, self._name)
        if not (places == np.arange(self._next, self._next + len(places))).all():
            raise DisorderError
        self._next += len(places)
        self._ready += len(places)
        self._pending.append(rows)


def keep(batch: Any, wanted: np.ndarray[Any, Any], name: str) -> tuple[Any, np.ndarray[Any, Any]]:
    """Keep the rows of a batch whose record number is wanted.

    Parameters
    ----------
    batch : pyarrow.RecordBatch
        ``LOGRECNO`` first, then cells.
    wanted : numpy.ndarray
        Record numbers in rising order.
    name : str
        File name for messages.

    Returns
    -------
    rows : pyarrow.Table
        Cells of the rows kept.
    places : numpy.ndarray
        Position of each in `wanted`.
    """
    import pyarrow as pa

    if batch.column(0).null_count:
        raise Corrupt(f"{name} has rows without a LOGRECNO; download it again.")
    numbers = batch.column(0).to_numpy()
    places = np.searchsorted(wanted, numbers)
    places[places == len(wanted)] = 0
    match = wanted[places] == numbers
    table = pa.Table.from_batches([batch]).drop_columns([batch.schema.names[0]])
    rows = table if match.all() else table.filter(pa.array(match))
    for column in rows.column_names:
        if rows[column].null_count:
            first = int(numbers[match][np.flatnonzero(rows[column].is_null().to_numpy())[0]])
            raise Corrupt(
                f"{name} has an empty cell {column} at LOGRECNO {first}; a count is never missing in this file. "
                "Delete it and download it again."
            )
    return rows, places[match]


@dataclass(frozen=True)
class Part:
    """One file that holds cells.

    Parameters
    ----------
    member : Member
        The file.
    names : list of str or None
        Its field names; None when it has a header row.
    cells : dict of str to str
        Column name → the kit's cell name.
    delimiter : str
        Between fields.
    record : str
        Column of record numbers.
    """

    member: Member
    names: list[str] | None
    cells: dict[str, str]
    delimiter: str
    record: str = "LOGRECNO"

    def batches(self, stream: BinaryIO) -> Iterator[Any]:
        """Read record numbers and cells.

        Parameters
        ----------
        stream : file object
            The file, opened.

        Yields
        ------
        pyarrow.RecordBatch
            ``LOGRECNO``, then cells under the kit's names, whole numbers.
        """
        import pyarrow as pa

        types = {self.record: pa.int64(), **dict.fromkeys(self.cells, pa.int32())}
        for batch in stream_csv(stream, self.member, delimiter=self.delimiter, names=self.names, types=types):
            yield batch.rename_columns(["LOGRECNO", *self.cells.values()])


def parts_of(package: Package, year: int) -> list[Part]:
    """List the files that hold cells.

    Parameters
    ----------
    package : Package
        The files.
    year : {2010, 2020}
        Layout.

    Returns
    -------
    list of Part
        One for each segment, or the one combined table.

    Raises
    ------
    SchemaError
        A combined table has no cells, or one of them twice.
    """
    if not package.combined:
        joiner = "|" if year == 2020 else ","
        cells = {s.number: {name: name for name in s.fields if canonical(name)} for s in segments(year)}
        return [Part(package.segments[s.number], list(s.fields), cells[s.number], joiner) for s in segments(year)]
    columns, delimiter = combined_columns(package.geo)
    known = {name: cell for name in columns if (cell := canonical(name))}
    if not known:
        raise SchemaError(f"{package.geo.name} has no P.L. 94-171 cells such as P0010001 or P1_001N.")
    if len(set(known.values())) < sum(canonical(name) is not None for name in columns):
        raise SchemaError(f"{package.geo.name} has some P.L. 94-171 cells in two columns. Keep one of each.")
    record = next(name for name in columns if name.upper() == "LOGRECNO")
    return [Part(package.geo, None, known, delimiter, record)]
