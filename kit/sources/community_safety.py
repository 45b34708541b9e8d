"""What a file from outside may not do: fill the disk, unfold without end, or reach out of its folder."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from kit.errors import Corrupt, InputError

MOST_MEGABYTES = 50
"""A file larger than this is refused unless the caller says otherwise."""

_UNFOLDED = 4
_MEMBERS = 200
_RATIO = 200
_SMALL = 1_000_000
_DEEPEST = 64
_TAGS = 2_000_000


def require_size(path: Path, most: float) -> None:
    """Refuse an empty file or one that is too large.

    Parameters
    ----------
    path : pathlib.Path
        A file.
    most : float
        Megabytes.

    Raises
    ------
    InputError
        It is larger.
    Corrupt
        It is empty.
    """
    size = path.stat().st_size
    if size > most * 1e6:
        raise InputError(
            f"{path.name} has {size / 1e6:,.0f} MB, and at most {most:g} MB are read from a file of communities. Split "
            "it, simplify its shapes, or pass most_megabytes=."
        )
    if not size:
        raise Corrupt(f"{path.name} is empty. Fetch it again.")


def unzip(archive: Path, folder: Path, most: float) -> list[Path]:
    """Unpack a small archive, flat, and refuse one that would unfold without measure.

    Parameters
    ----------
    archive : pathlib.Path
        A zip or KMZ file.
    folder : pathlib.Path
        An empty folder.
    most : float
        Megabytes of the archive; four times as much may come out of it.

    Returns
    -------
    list of pathlib.Path
        The files, without macOS litter.

    Raises
    ------
    InputError
        It holds too much, another archive, or is locked.
    Corrupt
        It is no whole zip file.
    """
    budget = int(most * 1e6) * _UNFOLDED
    try:
        with zipfile.ZipFile(archive) as opened:
            infos = [info for info in opened.infolist() if not info.is_dir() and not _litter(info.filename)]
            _require_modest(archive, infos, budget)
            made: list[Path] = []
            for info in infos:
                target = folder / PurePosixPath(info.filename.replace("\\", "/")).name
                if target.exists():
                    raise InputError(f"{archive.name} holds two files called {target.name!r}; pass one of them.")
                with opened.open(info) as source, target.open("wb") as sink:
                    _copy(source, sink, info.file_size, archive)
                made.append(target)
    except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError) as error:
        raise Corrupt(f"{archive.name} is damaged or no zip file ({str(error)[:80]}). Fetch it again.") from error
    except RuntimeError as error:
        if isinstance(error, Corrupt):
            raise
        raise InputError(f"{archive.name} is locked with a password. Unpack it and pass the file inside.") from error
    return made


def _require_modest(archive: Path, infos: list[zipfile.ZipInfo], budget: int) -> None:
    """Refuse an archive by what it says of itself, before anything is unpacked."""
    if len(infos) > _MEMBERS:
        raise InputError(f"{archive.name} holds {len(infos):,} files; expected at most {_MEMBERS}. Pass the one meant.")
    whole = sum(info.file_size for info in infos)
    bloated = [i for i in infos if i.file_size > _SMALL and i.file_size > _RATIO * max(i.compress_size, 1)]
    if whole > budget or bloated:
        raise InputError(
            f"{archive.name} would unfold to {whole / 1e6:,.0f} MB, more than a map file does: it was not opened. "
            "If it is sound, unpack it and pass the file inside."
        )
    if any(PurePosixPath(i.filename).suffix.lower() in {".zip", ".kmz"} for i in infos):
        raise InputError(f"{archive.name} holds another archive; unpack it once and pass the inner file.")


def _copy(source: Any, sink: Any, stated: int, archive: Path) -> None:
    """Unpack one member, and stop where it is longer than it says."""
    shutil.copyfileobj(_Counted(source, stated, archive), sink)


class _Counted:
    """A stream that may not give more than was stated."""

    def __init__(self, stream: Any, stated: int, archive: Path) -> None:
        self.stream, self.left, self.archive = stream, stated, archive

    def read(self, size: int = -1, /) -> Any:
        """Read on."""
        data = self.stream.read(size)
        self.left -= len(data)
        if self.left < 0:
            raise InputError(f"{self.archive.name} unfolds to more than it says; it was not read.")
        return data


def _litter(name: str) -> bool:
    """Tell what a Macintosh or an editor adds."""
    return any(part == "__MACOSX" or (part.startswith(".") and part != "..") for part in PurePosixPath(name).parts)


def safe_xml(path: Path) -> Element:
    """Read an XML file that comes from outside.

    Parameters
    ----------
    path : pathlib.Path
        A file.

    Returns
    -------
    xml.etree.ElementTree.Element
        Its root; names carry no namespace.

    Raises
    ------
    InputError
        It declares a document type or entities, nests too deep, or has too many tags.
    Corrupt
        It is no whole XML.
    """
    parser, builder = expat.ParserCreate(), TreeBuilder()
    parser.buffer_text = True
    state = {"depth": 0, "tags": 0}

    def refuse(*_: Any) -> None:
        raise InputError(
            f"{path.name} declares a document type or entities, which a map file has no use for and which can unfold "
            "without end: it was not read. Export it again as plain KML."
        )

    def begin(tag: str, attributes: dict[str, str]) -> None:
        state["depth"] += 1
        state["tags"] += 1
        if state["depth"] > _DEEPEST or state["tags"] > _TAGS:
            raise InputError(f"{path.name} has more tags, or deeper ones, than a map file does: it was not read.")
        builder.start(tag.rpartition(":")[2], attributes)

    def finish(tag: str) -> None:
        state["depth"] -= 1
        builder.end(tag.rpartition(":")[2])

    parser.StartElementHandler = begin
    parser.EndElementHandler = finish
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        with path.open("rb") as stream:
            parser.ParseFile(stream)
        return builder.close()
    except (expat.ExpatError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise Corrupt(f"{path.name} is not whole XML ({error}). Export it again.") from error
