"""Counting a voter list as it is read: people by the columns that are wanted, and nothing about a person."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kit.errors import InputError, SchemaError, first_few
from kit.progress import meter
from kit.sources.pl_files import Member
from kit.sources.voter_files import files_of
from kit.sources.voter_grid import Broken, Grid, grid_of, pieces
from kit.sources.voter_labels import require_numbers
from kit.sources.voter_layout_rules import Headings, clean
from kit.sources.voter_layouts import Layout

PEOPLE = "people"
"""Column of a count."""

_MERGE = 200_000
_SHORT, _SHARED_BY, _DISTINCT = 3, 11, 40


class Tally:
    """Counts by key, kept small while pieces come in.

    Parameters
    ----------
    keys : list of str
        Columns to count by.
    sums : list of str
        Columns of numbers to add up; empty where each row is a person.
    """

    def __init__(self, keys: list[str], sums: list[str]) -> None:
        self._keys, self._sums = keys, sums
        self._parts: list[Any] = []
        self._waiting = 0
        self.rows = 0

    def add(self, table: Any) -> None:
        """Count a piece.

        Parameters
        ----------
        table : pyarrow.Table
            With the keys, and the columns of numbers.
        """
        self.rows += table.num_rows
        how: list[Any] = [(name, "sum") for name in self._sums] or [([], "count_all")]
        part = table.group_by(self._keys, use_threads=False).aggregate(how)
        names = [f"{name}_sum" for name in self._sums] or ["count_all"]
        part = part.select([*self._keys, *names]).rename_columns([*self._keys, *(self._sums or [PEOPLE])])
        self._parts.append(part)
        self._waiting += part.num_rows
        if self._waiting > _MERGE:
            self._merge()

    def _merge(self) -> None:
        """Add up what came in."""
        import pyarrow as pa

        counts = self._sums or [PEOPLE]
        whole = pa.concat_tables(self._parts).group_by(self._keys, use_threads=False)
        made = whole.aggregate([(name, "sum") for name in counts])
        made = made.select([*self._keys, *(f"{name}_sum" for name in counts)])
        self._parts = [made.rename_columns([*self._keys, *counts])]
        self._waiting = 0

    def frame(self) -> pd.DataFrame:
        """Give the counts.

        Returns
        -------
        pandas.DataFrame
            Keys as text without spaces and quotation marks around them (or as
            true and false), and counts as whole numbers.
        """
        if not self._parts:
            return pd.DataFrame(columns=[*self._keys, *(self._sums or [PEOPLE])])
        self._merge()
        found = self._parts[0].to_pydict()
        frame = pd.DataFrame({name: found[name] for name in self._sums or [PEOPLE]}, dtype="int64")
        for name in self._keys:
            frame[name] = [_text(value) if isinstance(value, bytes) else value for value in found[name]]
        return frame.groupby(self._keys, as_index=False, sort=False).sum()


def _text(value: bytes) -> str:
    """Decode a key."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        text = value.decode("latin-1")
    text = text.strip()
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] == '"' else text


@dataclass(frozen=True)
class Voters:
    """Who voted, as numbers that nobody can turn back: each is mixed with a key that is thrown away.

    Parameters
    ----------
    marks : numpy.ndarray
        Sorted, each once.
    key : str
        Mixed into each.
    blank : int
        Rows of votes without a voter number.
    """

    marks: npt.NDArray[np.uint64]
    key: str
    blank: int = 0

    def among(self, numbers: Any) -> npt.NDArray[np.bool_]:
        """Tell which of the people of a piece voted.

        Parameters
        ----------
        numbers : pyarrow.ChunkedArray
            Voter numbers.

        Returns
        -------
        numpy.ndarray
            True for those who did.
        """
        marks = _mixed(numbers, self.key)
        at = np.minimum(np.searchsorted(self.marks, marks), max(len(self.marks) - 1, 0))
        return self.marks[at] == marks if len(self.marks) else np.zeros(len(marks), dtype=bool)


def _mixed(numbers: Any, key: str) -> npt.NDArray[np.uint64]:
    """Turn voter numbers into marks."""
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pc.cast(numbers, options=pc.CastOptions(pa.string(), allow_invalid_utf8=True))
    require_numbers(text)
    values = pc.ascii_trim(text, characters='" \t').cast(pa.binary()).to_numpy(zero_copy_only=False)
    marks: npt.NDArray[np.uint64] = pd.util.hash_array(values, hash_key=key, categorize=False)
    return marks


def count(
    files: list[Member],
    layout: Layout,
    wanted: Mapping[str, Headings],
    *,
    sums: tuple[str, ...] = (),
    voters: Voters | None = None,
    broken: Broken,
) -> tuple[pd.DataFrame, int]:
    """Count people by the wanted columns.

    Parameters
    ----------
    files : list of Member
        Tables of one layout.
    layout : Layout
        How they are divided.
    wanted : dict of str to tuple of str
        What is counted by, and the headings it may have; ``number`` is used to find voters and not counted by.
    sums : tuple of str
        Those of `wanted` that are numbers of people.
    voters : Voters, optional
        Who voted; makes the column ``voted`` of true and false.
    broken : Broken
        Takes note of rows with another number of fields.

    Returns
    -------
    frame : pandas.DataFrame
        Counts.
    rows : int
        Rows read.

    Raises
    ------
    SchemaError
        A column is missing, or a number of people is none.
    Corrupt
        A file is cut off or damaged.
    """
    import pyarrow as pa

    keys = [key for key in wanted if key not in sums and key != "number"] + ["voted"] * (voters is not None)
    tally = Tally(keys, list(sums))
    grids = [_grid(one, layout, wanted) for one in files]
    with meter(f"Counting {layout.place or 'voters'}", sum(one.size for one in files), unit="bytes") as told:
        for member, grid in zip(files, grids, strict=True):
            before = tally.rows
            for table in pieces(member, grid, broken, told):
                piece = table
                for name in sums:
                    piece = piece.set_column(
                        piece.schema.get_field_index(name), name, _whole(table[name], name, member)
                    )
                if voters is not None:
                    piece = piece.append_column("voted", pa.array(voters.among(table["number"])))
                tally.add(piece)
            if tally.rows == before and not broken.count:
                raise SchemaError(f"{member.name} has headings and no rows. Get it again.")
    return tally.frame(), tally.rows


def _grid(member: Member, layout: Layout, wanted: Mapping[str, Headings]) -> Grid:
    return grid_of(member, wanted, names=layout.names, separator=layout.separator, layout=layout.name)


def _whole(column: Any, name: str, member: Member) -> Any:
    """Turn a column of text into whole numbers of people."""
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pc.cast(column, options=pc.CastOptions(pa.string(), allow_invalid_utf8=True))
    text = pc.replace_substring_regex(pc.ascii_trim(text, characters='" \t'), r"\.0*$", "")
    fit = pc.match_substring_regex(text, r"^[0-9]{1,15}$")
    if not pc.all(fit).as_py():
        unfit = text.filter(pc.invert(fit))
        few = first_few(sorted({repr(one) for one in unfit.slice(0, 100).to_pylist() if len(one) <= 6})) or "text"
        raise SchemaError(
            f"{member.name} has {len(unfit):,} rows whose number of people ({name}) is no whole number: {few}. "
            "Mend them, or leave out rows that are hidden."
        )
    return text.cast(pa.int64())


def voters_of(path: Path, layout: Layout, election: str, broken: Broken) -> Voters:
    """Read who voted in one election from the second file of a layout.

    Parameters
    ----------
    path : pathlib.Path
        A row a voter and election.
    layout : Layout
        With a history.
    election : str
        Date in ISO form.
    broken : Broken
        Takes note of rows with another number of fields.

    Returns
    -------
    Voters
        Each once.

    Raises
    ------
    InputError
        The layout has no history, or the file has nobody of that election.
    SchemaError
        Columns are missing, or marks are unknown.
    """
    import pyarrow.compute as pc

    history = layout.history
    if history is None:
        raise InputError(f"layout {layout.name} has no second file of who voted; leave out history=.")
    written = _day(election).strftime(history.dates).encode()
    wanted = {"number": history.number, "election": history.election} | ({"mark": history.mark} if history.mark else {})
    files, key = files_of(path), secrets.token_hex(8)
    marks: list[npt.NDArray[np.uint64]] = []
    others, strange, blank = Tally(["election"], []), Tally(["mark"], []), 0
    with meter("Reading who voted", sum(one.size for one in files), unit="bytes") as told:
        for member in files:
            grid = grid_of(member, wanted, names=history.names, separator=history.separator, layout=layout.name)
            for table in pieces(member, grid, broken, told):
                mine = table.filter(pc.equal(_bare(table["election"]), written))
                if not mine.num_rows and not marks and others.rows < _MERGE:
                    others.add(table.select(["election"]))
                if history.mark:
                    strange.add(mine.select(["mark"]))
                    mine = mine.filter(_in(_bare(mine["mark"]), history.yes))
                named = mine.filter(pc.greater(pc.binary_length(_bare(mine["number"])), 0))
                blank += mine.num_rows - named.num_rows
                marks.append(np.unique(_mixed(named["number"], key)))
    if history.mark:
        _known(strange.frame(), "mark", {*history.yes, *history.no}, path.name)
    found = np.unique(np.concatenate(marks)) if marks else np.empty(0, dtype=np.uint64)
    if not len(found):
        dates = others.frame()["election"] if others.rows else []
        seen = first_few(one for one in dates if _is_date(one, history.dates)) or "none"
        raise InputError(f"{path.name} has nobody who voted on {election}; its elections: {seen}. Pass another date.")
    return Voters(found, key, blank)


def _day(election: str) -> date:
    try:
        return date.fromisoformat(election)
    except (TypeError, ValueError):
        raise InputError(
            f"election={election!r}: with history= give the date of the election, such as '2024-11-05'."
        ) from None


def _is_date(text: str, form: str) -> bool:
    """Tell whether a value is a date as the file writes it; anything else may be a person's."""
    try:
        datetime.strptime(text, form)  # noqa: DTZ007 — a day has no zone
    except ValueError:
        return False
    return True


def _bare(column: Any) -> Any:
    """Take spaces and quotation marks from around values."""
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pc.cast(column, options=pc.CastOptions(pa.string(), allow_invalid_utf8=True))
    return pc.ascii_trim(text, characters='" \t').cast(pa.binary())


def _in(column: Any, values: tuple[str, ...]) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.is_in(column, value_set=pa.array([one.encode() for one in values]))


def _known(frame: pd.DataFrame, column: str, codes: set[str], name: str) -> None:
    """Refuse codes that are not in the table."""
    require_known(frame[column].map(clean), frame[PEOPLE], codes, f"{name}, {column}")


def require_known(values: pd.Series, people: pd.Series, codes: set[str], where: str) -> None:
    """Refuse codes that a layout does not know.

    Parameters
    ----------
    values : pandas.Series
        Cleaned codes.
    people : pandas.Series
        How many rows have each.
    codes : set of str
        Those that are known.
    where : str
        File and column, for the message.

    Raises
    ------
    SchemaError
        Some are not known. A long value of fewer than eleven people is counted
        and not repeated: the column may be the wrong one.
    """
    strange = ~values.isin(codes)
    if not strange.any():
        return
    found = people[strange].groupby(values[strange]).sum().sort_values(ascending=False)
    if len(found) > _DISTINCT:
        raise SchemaError(
            f"{where}: {len(found):,} different values that are no codes of the layout, in {found.sum():,} rows. Is it "
            "the right column, and a file of this layout?"
        )
    told = showable(found)
    raise SchemaError(
        f"{where}: {len(found):,} unknown codes in {found.sum():,} rows: {told}. Say what they mean (codes=, or a "
        "layout of your own); no row is left out unasked."
    )


def showable(found: pd.Series) -> str:
    """Name values with their counts, but none that could be a person's.

    Parameters
    ----------
    found : pandas.Series
        People by value.

    Returns
    -------
    str
        The first few values of at most three signs, or of at least eleven people.
    """
    shown = [
        f"{value!r} ({int(people):,})"
        for value, people in found.items()
        if len(str(value)) <= _SHORT or people >= _SHARED_BY
    ]
    rest = len(found) - len(shown)
    named: list[str] = []
    if shown:
        named.append(first_few(shown))
    if rest:
        named.append(f"{rest:,} longer values of few people, not repeated here")
    return "; ".join(named)
