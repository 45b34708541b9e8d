"""From one ``hearing.toml`` to a whole packet, the same bytes each time; and proof that it can be made again."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.errors import InputError, KitError, first_few
from kit.files import sha256
from kit.hearing_file import Hearing, load_hearing
from kit.hearing_manifest import NAME, hashes, inputs_of, outputs_of, read_manifest, versions, write_manifest
from kit.model.verdict import Verdict
from kit.progress import Meter, meter
from kit.settings import using

__all__ = ["Hearing", "HearingBuild", "HearingCheck", "build_hearing", "check_build", "load_hearing"]

_MB = 1_000_000


@dataclass(frozen=True)
class HearingBuild:
    """What a build made.

    Parameters
    ----------
    folder : pathlib.Path
        The packet.
    paths : tuple of pathlib.Path
        Every file in it, in the order of their names.
    verdicts : tuple of Verdict
        What became of the claims, in the order of the file.
    notes : tuple of str
        What the speaker must know: claims weakened or refused, findings that
        the time does not allow, files over the upload limit.
    words, seconds : int
        Length of the script, and how long it takes.
    """

    folder: Path
    paths: tuple[Path, ...]
    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...]
    words: int
    seconds: int

    def summary(self) -> str:
        """Say in plain sentences what was made.

        Returns
        -------
        str
            Number of files, length of the script, and notes, one a line.
        """
        told = f"{len(self.paths)} files. The script has {self.words} words and takes about {self.seconds} seconds."
        return "\n".join([told, *self.notes])


@dataclass(frozen=True)
class HearingCheck:
    """Whether a packet can be rebuilt, and what differs.

    Parameters
    ----------
    folder : pathlib.Path
        The packet.
    inputs : tuple of str
        Inputs that changed, came or went since it was built.
    versions : tuple of str
        Software that changed since.
    edited : tuple of str
        Files in the folder that are not as they were made.
    missing, extra : tuple of str
        Files that are gone from the folder, and files that the kit did not make.
    differing : tuple of str
        Files that come out otherwise when they are made again.
    """

    folder: Path
    inputs: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether every byte is as it was made, and is made so again.

        Returns
        -------
        bool
            Files that the kit did not make, and newer software that gives the same bytes, do not matter.
        """
        return not (self.inputs or self.edited or self.missing or self.differing)

    def summary(self) -> str:
        """Say in plain sentences what was found.

        Returns
        -------
        str
            One line a kind of difference.
        """
        kinds = {
            "Inputs that changed since the packet was built": self.inputs,
            "Software that changed": self.versions,
            "Files that were changed after they were made": self.edited,
            "Files that are missing": self.missing,
            "Files that the kit did not make": self.extra,
            "Files that come out otherwise": self.differing,
        }
        begin = "The packet was made again, byte for byte." if self.same else "The packet is not the same."
        return "\n".join([begin, *(f"{what}: {first_few(names, 12)}." for what, names in kinds.items() if names)])


def build_hearing(
    hearing: Hearing | str | os.PathLike[str], out: str | os.PathLike[str] | None = None, *, replace: bool = False
) -> HearingBuild:
    """Make the whole packet of a hearing.

    Parameters
    ----------
    hearing : Hearing or path-like
        What `load_hearing` returned, or its file.
    out : path-like, optional
        Folder of the packet; by default ``packet`` beside the file.
    replace : bool, default False
        Whether an old packet may be replaced though files in it were changed
        by hand or added.

    Returns
    -------
    HearingBuild
        The folder, its files and what the speaker must know.

    Raises
    ------
    InputError
        Something a packet must have is missing (one message names all of it),
        the speaker's words take too long, or the folder holds files that would be lost.
    KitError
        A file cannot be read, or people lie in no district.

    Notes
    -----
    Everything is written to a folder beside `out` and moved into place at the
    end: a build that fails leaves the old packet whole. The same inputs and
    software give the same bytes.
    """
    known = hearing if isinstance(hearing, Hearing) else load_hearing(hearing)
    if not known.file.is_file():
        raise InputError(
            f"a packet is built from a file, so that it can be built again; there is no {known.file.name}."
        )
    folder = (known.file.parent / "packet" if out is None else Path(out).expanduser()).absolute()
    _refuse_losses(folder, replace=replace)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".kit-", dir=folder.parent) as scratch:
        made = Path(scratch) / folder.name
        made.mkdir()
        data, work, script, notes = _make(known, made)
        write_manifest(known, data, work, made)
        _swap(made, folder, Path(scratch) / "old")
    paths = tuple(sorted(path for path in folder.rglob("*") if path.is_file()))
    verdicts = tuple(verdict for _, verdict in work.verdicts)
    told = (*notes, *_too_large(known, paths))
    return HearingBuild(folder, paths, verdicts, told, script.words, script.seconds)


def _make(hearing: Hearing, folder: Path) -> tuple[Any, Any, Any, list[str]]:
    """Read and compute once; then draw and write in each language, a step at a time."""
    from kit.hearing_data import read_data
    from kit.hearing_exhibits import exhibits_of
    from kit.hearing_languages import language_notes
    from kit.hearing_outputs import write_shared
    from kit.hearing_work import measure_all

    steps = 7 + len(hearing.languages) * (3 + len(exhibits_of(hearing)) + len(set(hearing.maps)))
    with _moment(hearing), meter(f"Packet for {hearing.body}", steps) as bar:
        data = _step(bar, read_data, hearing)
        work = measure_all(hearing, data, bar)
        shared = write_shared(hearing, data, work, folder)
        bar.advance(1)
        notes = [*_notes(work), *language_notes(hearing)]
        scripts = []
        for code in hearing.languages:
            with using(language=code):
                script, told = _speak(hearing, code, data, work, folder=folder, shared=shared, bar=bar)
            scripts.append(script)
            notes += told
    return data, work, scripts[0], notes


def _speak(
    hearing: Hearing, code: str, data: Any, work: Any, *, folder: Path, shared: list[Any], bar: Meter
) -> tuple[Any, list[str]]:
    """Draw and write everything that has words, in the language in force."""
    from kit.hearing_exhibits import draw_exhibits, draw_maps
    from kit.hearing_languages import in_language, time_notes
    from kit.hearing_outputs import write_exhibits, write_pages, write_words
    from kit.hearing_packet import write_packet
    from kit.hearing_words import write_script

    mine = in_language(hearing, code)
    own = folder if code == hearing.languages[0] else folder / code
    script = write_script(mine, data, work)
    exhibits, lacking = draw_exhibits(mine, data, work, bar)
    written = write_exhibits(exhibits, own / "exhibits")
    bar.advance(1)
    written += draw_maps(mine, data, own / "maps", bar)
    written += write_pages(work, own / "tables", shared)
    written += write_words(mine, script, own)
    bar.advance(1)
    write_packet(mine, data, work, script=script, exhibits=exhibits, files=written, folder=own)
    bar.advance(1)
    first = code == hearing.languages[0]
    return script, [*(lacking if first else []), *time_notes(hearing, code, script)]


def _step(bar: Meter, doing: Any, *given: Any) -> Any:
    """Do one thing and move the bar."""
    done = doing(*given)
    bar.advance(1)
    return done


def _notes(work: Any) -> list[str]:
    """Write what the speaker must know."""
    told = []
    for number, (given, verdict) in enumerate(work.verdicts):
        if verdict.status == "weaker":
            told.append(f"claims[{number}] ({given.kind}) is printed weaker: {verdict.statement} Why: {verdict.reason}")
        elif verdict.status == "refused":
            told.append(f"claims[{number}] ({given.kind}) is left out: {verdict.reason}")
    return told


def _too_large(hearing: Hearing, paths: tuple[Path, ...]) -> list[str]:
    """Name the files over the body's upload limit."""
    limit = hearing.rules.upload_limit_mb
    if limit is None:
        return []
    over = [f"{path.name} ({path.stat().st_size / _MB:.1f} MB)" for path in paths if path.stat().st_size > limit * _MB]
    return [f"Over the upload limit of {limit:g} MB: {first_few(over)}."] if over else []


@contextmanager
def _moment(hearing: Hearing) -> Iterator[None]:
    """Let everything that asks for the date be told that of the hearing."""
    name = "SOURCE_DATE_EPOCH"
    old = os.environ.get(name)
    os.environ[name] = str(int(hearing.moment.timestamp()))
    try:
        yield
    finally:
        if old is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = old


def _refuse_losses(folder: Path, *, replace: bool) -> None:
    """Refuse to write over a folder that is no packet, or a packet that somebody worked in."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise InputError(f"{folder.name!r} is a file; give a folder for the packet with --out.")
    inside = [path for path in folder.iterdir() if path.name != ".DS_Store"]
    if not inside:
        return
    if not (folder / NAME).is_file():
        raise InputError(
            f"the folder {folder.name!r} holds {len(inside)} files or folders and no packet, first "
            f"{first_few(sorted(path.name for path in inside))}. Give another folder with --out."
        )
    if replace:
        return
    edited, _, extra = _on_disk(folder)
    if edited or extra:
        told = [f"changed by hand: {first_few(edited)}"] * bool(edited) + [f"added: {first_few(extra)}"] * bool(extra)
        raise InputError(
            f"a new build of {folder.name!r} would lose work: {'; '.join(told)}. "
            "Move those files, give another folder with --out, or pass --replace."
        )


def _on_disk(folder: Path) -> tuple[list[str], list[str], list[str]]:
    """Name the files of a packet that were changed, that are gone, and that the kit did not make."""
    listed, there = hashes(read_manifest(folder)["outputs"]), outputs_of(folder)
    edited = [name for name, digest in listed.items() if name in there and there[name] != digest]
    missing = [name for name in listed if name not in there]
    extra = [name for name in there if name not in listed]
    return edited, missing, extra


def _swap(made: Path, folder: Path, aside: Path) -> None:
    """Put the new folder in the place of the old one; on failure the old one stays."""
    if not folder.exists():
        made.rename(folder)
        return
    folder.rename(aside)
    try:
        made.rename(folder)
    except OSError:
        aside.rename(folder)
        raise


def check_build(
    folder: str | os.PathLike[str], hearing: Hearing | str | os.PathLike[str] | None = None
) -> HearingCheck:
    """Make a packet again in a temporary folder, and compare.

    Parameters
    ----------
    folder : path-like
        The packet.
    hearing : Hearing or path-like, optional
        Its hearing file; by default the file of the name in its list, beside
        the folder.

    Returns
    -------
    HearingCheck
        Which inputs and versions changed, and which files differ.

    Raises
    ------
    InputError
        The folder is no packet, or the hearing file is not found.
    KitError
        The packet cannot be made again; the message says which inputs changed.
    """
    packet = Path(folder).expanduser().absolute()
    told = read_manifest(packet)
    known = hearing if isinstance(hearing, Hearing) else load_hearing(_hearing_of(packet, told, hearing))
    edited, missing, extra = _on_disk(packet)
    changed = _changes(hashes(told["inputs"]), inputs_of(known))
    software = _changes(told["versions"], versions(), show=True)
    with tempfile.TemporaryDirectory(prefix="kit-") as scratch:
        again = Path(scratch) / "packet"
        try:
            build_hearing(known, again)
        except KitError as error:
            reason = f" Inputs that changed: {first_few(changed)}." if changed else ""
            raise type(error)(f"{packet.name} cannot be made again: {error}{reason}") from None
        differing = _changes(hashes(told["outputs"]), outputs_of(again))
        if not differing and not software and sha256(again / NAME) != sha256(packet / NAME):
            differing = [NAME]
    return HearingCheck(
        packet, tuple(changed), tuple(software), tuple(edited), tuple(missing), tuple(extra), tuple(differing)
    )


def _hearing_of(packet: Path, told: dict[str, Any], given: str | os.PathLike[str] | None) -> Path:
    """Find the hearing file of a packet."""
    if given is not None:
        return Path(given)
    name = Path(str(told["hearing"].get("file", "hearing.toml"))).name
    path = packet.parent / name
    if not path.is_file():
        raise InputError(
            f"there is no {name} beside {packet.name}, from which it was built. "
            f"Say where it is: kit build {name} --check {packet.name}"
        )
    return path


def _changes(before: dict[str, str], after: dict[str, str], *, show: bool = False) -> list[str]:
    """Name what changed, came or went."""
    names = sorted({*before, *after})
    return [
        f"{name} {before.get(name, 'none')} → {after.get(name, 'none')}" if show else name
        for name in names
        if before.get(name) != after.get(name)
    ]
