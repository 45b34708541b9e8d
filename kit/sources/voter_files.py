"""Opening voter lists: a table, a table in gzip, or the tables of a zip or a folder, never unpacked to the disk."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kit.errors import Corrupt, InputError, first_few
from kit.progress import Meter
from kit.sources.pl_files import Member, members

_RATIO = 200
_SMALL = 1_000_000
_BLANK = re.compile(rb"(?<=\n)\r?\n")
_TEXT = {".txt", ".csv", ".tsv", ".tab", ".psv", ".gz", ""}
_ASIDE = re.compile(r"read.?me|layout|licen[cs]e|notes?\b", re.IGNORECASE)


class Reading(io.RawIOBase):
    """A binary stream that counts its rows, tells a meter of its bytes, and stops where more comes than is likely.

    Parameters
    ----------
    stream : file object
        Binary.
    meter : Meter or None
        Told of the bytes read.
    most : int
        Bytes that may come.
    name : str
        For messages.
    """

    def __init__(self, stream: Any, meter: Meter | None, most: int, name: str) -> None:
        self._stream, self._meter, self._left, self._name = stream, meter, most, name
        self._decoder: Any = None
        self._lines = 0
        self._open = self._begun = False

    @property
    def rows(self) -> int:
        """Count the lines read so far, with empty ones.

        Returns
        -------
        int
            Lines that end with a line feed, and a last one without.
        """
        return self._lines + self._open

    def readable(self) -> bool:
        """Tell that it can be read.

        Returns
        -------
        bool
            True.
        """
        return True

    def read(self, size: int = -1) -> bytes:
        """Read on.

        Parameters
        ----------
        size : int
            Bytes wanted; all by default.

        Returns
        -------
        bytes
            In UTF-8 where the file is UTF-16, otherwise as they are; empty at the end.
        """
        data = b""
        if not self._begun:
            self._begun = True
            data = self._raw(2)
            if data in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
                self._decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
        if self._decoder is None:
            data += self._raw(size - len(data) if size > 0 else size)
        else:
            data = self._recoded(data, size)
        if data:
            self._lines += data.count(b"\n")
            self._open = data[-1:] not in (b"\n", b"\r")
        return data

    def _raw(self, size: int) -> bytes:
        """Read as it stands."""
        data: bytes = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise InputError(f"{self._name} unfolds to more than a list does; it was not read. Unpack it yourself.")
        if self._meter is not None:
            self._meter.advance(len(data))
        return data

    def _recoded(self, data: bytes, size: int) -> bytes:
        """Turn UTF-16 into UTF-8, never more of it than was wanted."""
        while True:
            more = self._raw(max(size // 2 - len(data), 1) if size > 0 else size)
            text = self._decoder.decode(data + more, final=not more)
            if text or not more:
                return str(text).encode("utf-8")
            data = b""


def files_of(path: Path) -> list[Member]:
    """List the tables of a file, a zip or a folder.

    Parameters
    ----------
    path : pathlib.Path
        A table (plain or gzip), a zip, or a folder.

    Returns
    -------
    list of Member
        At least one.

    Raises
    ------
    InputError
        There is no such file, or no table in it, or an archive that unfolds without measure.
    Corrupt
        It is empty, a web page, or a zip that is cut off.
    """
    found = members(path)
    if found is None:
        return [Member(path, path.stat().st_size)]
    tables = [
        one
        for one in found
        if Path(one.name).suffix.lower() in _TEXT
        and not one.name.startswith(".")
        and not _ASIDE.search(one.name)
        and "__MACOSX" not in one.inside
    ]
    if not tables:
        raise InputError(
            f"{path.name} holds no table (.txt, .csv or .tsv); it holds {first_few(m.name for m in found)}."
        )
    if path.is_file():
        with zipfile.ZipFile(path) as pack:
            _require_modest(path, [pack.getinfo(one.inside) for one in tables])
    return tables


def _require_modest(path: Path, infos: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive by what it says of itself, before anything is unpacked."""
    if any(info.flag_bits & 1 for info in infos):
        raise InputError(f"{path.name} is locked with a password. Unpack it and pass the file inside.")
    for info in infos:
        if info.file_size > _SMALL and info.file_size > _RATIO * max(info.compress_size, 1):
            raise InputError(
                f"{path.name} would unfold to {info.file_size / 1e6:,.0f} MB from {info.compress_size / 1e6:,.1f} MB, "
                "more than a list does: it was not opened. If it is sound, unpack it and pass the file inside."
            )


@contextmanager
def opened(member: Member, meter: Meter | None = None) -> Iterator[Reading]:
    """Open a table, unpacking as it is read, and turn every kind of damage into one error.

    Parameters
    ----------
    member : Member
        What to open.
    meter : Meter, optional
        Told of the bytes read.

    Yields
    ------
    Reading
        Forward only.

    Raises
    ------
    Corrupt
        The file is empty, cut off or damaged.
    InputError
        It unfolds without measure.
    """
    if member.size == 0:
        raise Corrupt(f"{member.name} is empty; get it again.")
    try:
        if member.inside:
            with zipfile.ZipFile(member.path) as pack, pack.open(member.inside) as stream:
                yield Reading(stream, meter, member.size, member.path.name)
        elif member.name.lower().endswith(".gz"):
            with member.path.open("rb") as raw, gzip.GzipFile(fileobj=Reading(raw, meter, member.size, "")) as stream:
                yield Reading(stream, None, max(_SMALL, _RATIO * member.size), member.name)
        else:
            with member.path.open("rb") as stream:
                yield Reading(stream, meter, member.size, member.name)
    except (zipfile.BadZipFile, zlib.error, gzip.BadGzipFile, EOFError):
        raise Corrupt(f"{member.name} is cut off or damaged. Delete it and get it again.") from None


def empty_lines(member: Member) -> int:
    """Count the lines of a table that have nothing on them.

    Parameters
    ----------
    member : Member
        A table.

    Returns
    -------
    int
        Lines.
    """
    found, last = 0, b"\n"
    with opened(member) as stream:
        while data := stream.read(1 << 20):
            found += len(_BLANK.findall(last + data)) - len(_BLANK.findall(last))
            last = (last + data)[-2:]
    return found
