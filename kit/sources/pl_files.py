"""Finding and opening the P.L. 94-171 files: a zip, a folder of raw files, or one combined table."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from kit.errors import Corrupt, InputError, NotPublished, SchemaError, first_few
from kit.files import sha256
from kit.model.geoid import State
from kit.progress import Meter
from kit.sources.pl_layout import GEO_NAME, SEGMENT_NAME, segments


@dataclass(frozen=True)
class Member:
    """One raw file, on disk or inside a zip.

    Parameters
    ----------
    path : pathlib.Path
        The file, or the zip that holds it.
    size : int
        Bytes when unpacked.
    inside : str
        Name within the zip; empty for a plain file.
    """

    path: Path
    size: int
    inside: str = ""

    @property
    def name(self) -> str:
        """Bare name of the raw file.

        Returns
        -------
        str
            Without folders.
        """
        return Path(self.inside).name if self.inside else self.path.name


@dataclass(frozen=True)
class Package:
    """The files of one State and census.

    Parameters
    ----------
    geo : Member
        Geographic header, or the combined table.
    segments : dict of int to Member
        Segment number → file; for a combined table the table itself under 0.
    hashes : dict of str to str
        SHA-256 of each file on disk that is used, by bare name.
    note : str
        What a reader should know about these files.
    """

    geo: Member
    segments: dict[int, Member]
    hashes: dict[str, str]
    note: str = ""
    combined: bool = field(default=False)

    @property
    def size(self) -> int:
        """Bytes that will be read.

        Returns
        -------
        int
            Unpacked size of all parts; a combined table is read twice.
        """
        return self.geo.size + sum(member.size for member in self.segments.values())


class _Counted(io.RawIOBase):
    """A binary stream that tells a meter how much has been read."""

    def __init__(self, stream: BinaryIO, meter: Meter) -> None:
        self._stream = stream
        self._meter = meter

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Read and report."""
        data = self._stream.read(size)
        self._meter.advance(len(data))
        return data

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer and report."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


@contextmanager
def reading(member: Member, meter: Meter) -> Iterator[BinaryIO]:
    """Open a raw file and turn every kind of damage into one error.

    Parameters
    ----------
    member : Member
        What to open.
    meter : Meter
        Told of the bytes read.

    Yields
    ------
    file object
        Binary, forward only.

    Raises
    ------
    Corrupt
        The file is empty, cut off or damaged.
    """
    if member.size == 0:
        raise Corrupt(f"{member.name} is empty; download it again.")
    with blaming(member):
        if member.inside:
            with zipfile.ZipFile(member.path) as pack, pack.open(member.inside) as stream:
                yield _Counted(stream, meter)  # type: ignore[arg-type,misc]
        else:
            with member.path.open("rb") as stream:
                yield _Counted(stream, meter)  # type: ignore[misc]


@contextmanager
def blaming(member: Member) -> Iterator[None]:
    """Turn every kind of damage found in the block into an error about one file.

    Parameters
    ----------
    member : Member
        The file that is read in the block.

    Yields
    ------
    None
        Nothing.

    Raises
    ------
    Corrupt
        The file is cut off or damaged.
    """
    import pyarrow as pa

    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError) as damage:
        raise Corrupt(
            f"{member.name} in {member.path.name} is damaged ({damage}). Delete the file and download it again."
        ) from None
    except pa.ArrowInvalid as damage:
        told = " ".join(str(damage).split())[:160]
        raise Corrupt(
            f"{member.name} is cut off or not in the published layout: {told}. Delete it and download it again."
        ) from None


def find(path: Path, state: State, year: int) -> Package:
    """Find the raw files of a State and census.

    Parameters
    ----------
    path : pathlib.Path
        A zip as published, a folder with the raw files at any depth, or a
        table with a header row that joins geography and cells.
    state : State
        Whose files.
    year : {2010, 2020}
        Census year.

    Returns
    -------
    Package
        What to read.

    Raises
    ------
    InputError
        There is no such file.
    Corrupt
        The zip is no zip, or cut off.
    NotPublished
        A part is missing; the message lists what was found.
    SchemaError
        The files are of another State or census.
    """
    parts = members(path)
    if parts is not None:
        return _choose(parts, path, state, year)
    if GEO_NAME.fullmatch(path.name) or SEGMENT_NAME.fullmatch(path.name):
        raise InputError(f"{path.name} is one part of several; give the folder that holds them all.")
    table = Member(path, path.stat().st_size)
    return Package(table, {0: table}, {path.name: sha256(path)}, combined=True)


def members(path: Path) -> list[Member] | None:
    """List the raw files in a zip or a folder.

    Parameters
    ----------
    path : pathlib.Path
        A zip, a folder with files at any depth, or a file.

    Returns
    -------
    list of Member or None
        None where the path is one plain file.

    Raises
    ------
    InputError
        There is no such file.
    Corrupt
        It is empty, a web page, or a zip that is cut off.
    """
    if not path.exists():
        raise InputError(f"there is no file or folder {path.name!r}; give a zip, a folder of raw files or a table.")
    if path.is_dir():
        return [Member(p, p.stat().st_size) for p in sorted(path.rglob("*")) if p.is_file()]
    with path.open("rb") as stream:
        start = stream.read(512).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise Corrupt(f"{path.name} is empty; download it again.")
    if start[:1] == b"<":
        raise Corrupt(f"{path.name} is a web page, not data: the server sent an error page. Download it again.")
    if start[:2] == b"PK" or path.suffix.lower() == ".zip":
        return _zip_members(path)
    return None


def _zip_members(path: Path) -> list[Member]:
    try:
        with zipfile.ZipFile(path) as pack:
            return [Member(path, info.file_size, info.filename) for info in pack.infolist() if not info.is_dir()]
    except zipfile.BadZipFile:
        raise Corrupt(
            f"{path.name} is no complete zip file; it may have been cut off. Delete it and download it again."
        ) from None


def _choose(members: list[Member], path: Path, state: State, year: int) -> Package:
    """Pick the header and the segments of one State and census."""
    found: dict[str, dict[int, Member]] = {}
    states: set[str] = set()
    for member in members:
        geo, segment = GEO_NAME.fullmatch(member.name), SEGMENT_NAME.fullmatch(member.name)
        match = geo or segment
        if match is None:
            continue
        states.add(match[1].upper())
        if match[1].upper() == state.abbr:
            number = int(segment[2]) if segment else 0
            vintage = segment[3] if segment else match[2]
            found.setdefault(vintage, {})[number] = member
    if states and state.abbr not in states:
        raise SchemaError(f"{path.name} holds files of {first_few(sorted(states))}, but {state.name} was asked for.")
    vintage = _vintage(sorted(found), path, year)
    parts = found.get(vintage, {})
    wanted = {0: "geographic header", **{s.number: f"segment {s.number}" for s in segments(year)}}
    missing = [name for number, name in wanted.items() if number not in parts]
    if missing:
        names = first_few([m.name for m in members]) or "nothing"
        raise NotPublished(
            f"{path.name} has no {' and no '.join(missing)} for {state.name} {year}; it holds {names}. "
            f"Expected names like {state.abbr.lower()}geo{year}.pl and {state.abbr.lower()}00001{year}.pl."
        )
    used = {number: parts[number] for number in wanted}
    hashes = {p.name: sha256(p) for p in sorted({member.path for member in used.values()})}
    note = "" if vintage == str(year) else f"The files say {vintage}; they were read in the {year} layout."
    return Package(used.pop(0), used, hashes, note)


def _vintage(vintages: list[str], path: Path, year: int) -> str:
    """Choose among the years in the file names."""
    if str(year) in vintages or not vintages:
        return str(year)
    if len(vintages) == 1 and vintages[0] not in {"1990", "2000", "2010", "2020"}:
        return vintages[0]
    raise SchemaError(f"{path.name} holds files of {first_few(vintages)}, but year={year} was asked for.")
