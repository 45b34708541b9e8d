"""Whether a pack for a hearing is still what it was: what is changed, missing, left over or old."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kit.errors import InputError
from kit.files import sha256
from kit.model.vintages import NEWEST
from kit.sources.pack import IGNORED
from kit.sources.pack_record import PACK_NAME, README_NAME, PackedFile, PackedProduct, PackList, read_list

STATES = {
    "ok": "as packed",
    "changed": "not as packed",
    "missing": "not there",
    "extra": "not in the list of the pack",
    "half-written": "left by a run that was stopped, or that is still going",
}
_TEMPORARY = re.compile(r"(\.|tmp)[a-z0-9_]{8}(\.\w+)?")


@dataclass(frozen=True)
class FileState:
    """How one file of a pack is.

    Parameters
    ----------
    path : str
        Below the pack's folder.
    state : {"ok", "changed", "missing", "extra", "half-written"}
        What was found.
    detail : str
        More about it, or empty.
    """

    path: str
    state: str
    detail: str = ""


@dataclass(frozen=True)
class PackState:
    """What was found in a pack.

    Parameters
    ----------
    name : str
        Name of its folder.
    files : tuple of FileState
        Every file, listed or not.
    absent : tuple of PackedProduct
        Products that were asked for and could not be had.
    stale : tuple of str
        Sentences: what is old, or has a newer vintage.
    made : str
        When it was last packed, UTC.
    """

    name: str
    files: tuple[FileState, ...]
    absent: tuple[PackedProduct, ...]
    stale: tuple[str, ...]
    made: str

    def count(self, state: str) -> int:
        """Count the files in a state.

        Parameters
        ----------
        state : str
            One of `STATES`.

        Returns
        -------
        int
            How many.
        """
        return sum(file.state == state for file in self.files)

    @property
    def whole(self) -> bool:
        """Tell whether everything that was asked for is there, unchanged.

        Returns
        -------
        bool
            Age, and files that do not belong to the pack, do not count.
        """
        return not self.absent and not self.count("changed") and not self.count("missing")

    def summary(self) -> str:
        """Say in one or two sentences how the pack is.

        Returns
        -------
        str
            Plain words.
        """
        listed = sum(self.count(state) for state in ("ok", "changed", "missing"))
        parts = [f"{self.count('ok'):,} of {listed:,} files are as packed on {self.made[:10]}"]
        parts += [f"{self.count(state):,} {state}" for state in ("changed", "missing") if self.count(state)]
        if self.absent:
            parts.append(f"{len(self.absent):,} of the products asked for could not be had")
        more = [f"{self.count('extra'):,} extra"] if self.count("extra") else []
        more += [f"{self.count('half-written'):,} half-written"] if self.count("half-written") else []
        tail = f" Beside them: {', '.join(more)}." if more else ""
        old = f" {len(self.stale):,} remark{'s' * (len(self.stale) != 1)} on age." if self.stale else ""
        verdict = "whole" if self.whole else "NOT whole"
        mend = "" if self.whole else " Run the kit pack command again: it fetches what is changed or missing."
        return f"{self.name} is {verdict}: {'; '.join(parts)}.{tail}{old}{mend}"


def verify_pack(folder: str | os.PathLike[str], *, days: int = 365, now: datetime | None = None) -> PackState:
    """Compare a pack with its list. Nothing is fetched, changed or deleted.

    Parameters
    ----------
    folder : path-like
        The pack.
    days : int, default 365
        Files fetched longer ago are told as old.
    now : datetime.datetime, optional
        The time to count from; now, if left out.

    Returns
    -------
    PackState
        What was found.

    Raises
    ------
    InputError
        There is no pack in the folder, or `days` is below 1.
    Corrupt
        Its PACK.json is damaged.
    """
    if days < 1:
        raise InputError(f"days={days}: give the age in days from which data is old, 1 or more.")
    home = Path(folder).expanduser()
    listed = read_list(home)
    files = [_state_of(home, file) for file in listed.files]
    files += _others(home, listed)
    stale = [*_old(listed, days, now or datetime.now(UTC)), *_newer(listed)]
    return PackState(home.resolve().name, tuple(files), listed.missing, tuple(stale), listed.made)


def _state_of(home: Path, file: PackedFile) -> FileState:
    """Compare one file, and the record beside it, with the list."""
    path = home / file.path
    if not path.is_file():
        return FileState(file.path, "missing")
    size = path.stat().st_size
    if size != file.size:
        return FileState(file.path, "changed", f"{size:,} bytes, {file.size:,} when it was packed")
    if sha256(path) != file.sha256:
        return FileState(file.path, "changed", "same length, other content")
    if file.record_sha256:
        record = path.with_name(path.name + ".json")
        if not record.is_file():
            return FileState(file.path, "changed", f"its record {record.name} is not there")
        if sha256(record) != file.record_sha256:
            return FileState(file.path, "changed", f"its record {record.name} has changed")
    return FileState(file.path, "ok")


def _others(home: Path, listed: PackList) -> Iterator[FileState]:
    """Name files that are not in the list."""
    known = {file.path for file in listed.files}
    known |= {f"{file.path}.json" for file in listed.files if file.record_sha256}
    known |= {PACK_NAME, README_NAME}
    for path in sorted(home.rglob("*")):
        name = path.relative_to(home).as_posix()
        if path.is_file() and name not in known and path.name not in IGNORED:
            yield FileState(name, "half-written" if _is_left(path) else "extra")


def _is_left(path: Path) -> bool:
    """Tell what a killed run leaves: parts, marks, locks and temporary files."""
    left = path.name.endswith((".part", ".part.mark", ".lock")) or path.parent.name.endswith(".new")
    return left or bool(_TEMPORARY.fullmatch(path.name))


def _old(listed: PackList, days: int, now: datetime) -> Iterator[str]:
    """Tell which products were fetched long ago."""
    for product in listed.products:
        of_it = [file for file in listed.files if file.product == product.title and file.retrieved]
        ages = [(now - _time(file.retrieved)).days for file in of_it]
        if ages and max(ages) > days:
            yield f"{product.title}: fetched {max(ages):,} days ago, more than {days:,}."


def _time(text: str) -> datetime:
    """Read a date or time; without a zone it is UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _newer(listed: PackList) -> Iterator[str]:
    """Tell which products have a newer vintage, as far as the kit's own tables know."""
    there = {(p.kind, p.vintage) for p in listed.products if not p.fault}
    for product in listed.products:
        newest = newest_of(product.kind)
        if product.fault or product.vintage is None or newest is None or product.vintage >= newest:
            continue
        if any(kind == product.kind and vintage and vintage >= newest for kind, vintage in there):
            continue
        if product.kind == "boundaries/congressional_district" and _same_congress(product.vintage, newest):
            continue
        yield f"{product.title}: there is a newer vintage, {newest}."


def newest_of(kind: str) -> int | None:
    """Tell the newest vintage of a kind of product that the kit knows of.

    Parameters
    ----------
    kind : str
        As in `PackedProduct`.

    Returns
    -------
    int or None
        None where age alone says nothing: census blocks and tracts keep for ten years.

    Examples
    --------
    >>> newest_of("pl94171")
    2020
    """
    from kit.sources.tiger_layout import CONGRESS

    if kind == "pl94171":
        return NEWEST[kind]
    if kind in {"cvap", "acs"}:
        return NEWEST["acs5" if kind == "acs" else kind]
    if kind == "boundaries/congressional_district":
        return min(year for year, congress in CONGRESS.items() if congress == max(CONGRESS.values()))
    if kind in {"boundaries/state_senate", "boundaries/state_house", "list/districts"}:
        return NEWEST["legislatures"]
    return None


def _same_congress(one: int, other: int) -> bool:
    from kit.sources.tiger_layout import CONGRESS

    return CONGRESS.get(one) == CONGRESS.get(other)
