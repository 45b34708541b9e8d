"""Finding the one plan file meant by a path, and telling what kind it is.

A path may be a file, a zip with nested folders and macOS litter, or a folder.
Every way this goes wrong has its own message.
"""

from __future__ import annotations

import difflib
import json
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from kit.errors import Corrupt, InputError, first_few

SHAPES = (".shp", ".geojson", ".topojson", ".gpkg", ".kml", ".kmz", ".fgb", ".gdb")
TABLES = (".csv", ".txt", ".tsv")
READABLE = (*SHAPES, ".json", *TABLES)

_NOT_A_PLAN = re.compile(r"(?i)^(readme|license|licence|metadata|source|citation|changelog)")
_LISTED_MEMBERS = 8


@dataclass(frozen=True)
class PlanFile:
    """One readable file of a known kind.

    Parameters
    ----------
    path : pathlib.Path
        Where it can be read now; a temporary place for what came out of a zip.
    kind : {"shapes", "table", "districtr"}
        Which reader it is for.
    name : str
        How messages call it.
    content : dict or None
        The parsed JSON of a Districtr file.
    notes : tuple of str
        What was chosen and what was left aside.
    """

    path: Path
    kind: str
    name: str
    content: Any = None
    notes: tuple[str, ...] = ()


@contextmanager
def open_plan_file(path: Path, *, layer: str | None = None) -> Iterator[PlanFile]:
    """Give the plan file meant by a path, ready to be read.

    Parameters
    ----------
    path : pathlib.Path
        A file, a zip or a folder.
    layer : str, optional
        Which file is meant where a zip or folder holds several (full name or stem).

    Yields
    ------
    PlanFile
        The file; what came out of a zip is removed when the block ends.

    Raises
    ------
    InputError
        No such file, an unknown kind, several candidates, a locked zip, or a shapefile with parts missing.
    Corrupt
        The file is empty, cut off, or a web page.
    """
    with tempfile.TemporaryDirectory(prefix="kit-plan-") as scratch:
        target = find_file(path)
        notes: list[str] = []
        if target.is_dir() and target.suffix.lower() != ".gdb":
            target, notes = _one_of_folder(target, layer)
        if target.suffix.lower() == ".zip":
            target, more = _one_of_zip(target, Path(scratch), layer)
            notes = [*notes, *more]
        yield _classified(target, notes)


def find_file(path: Path) -> Path:
    """Return the path when something is there.

    Parameters
    ----------
    path : pathlib.Path
        A file or folder.

    Returns
    -------
    pathlib.Path
        The same path.

    Raises
    ------
    InputError
        Nothing is there; the message has names that come near.
    """
    if path.exists():
        return path
    folder = path.parent
    if not folder.is_dir():
        raise InputError(f"no file {path.name!r}: its folder {folder.name!r} does not exist. Check the path.")
    names = sorted(p.name for p in folder.iterdir() if not p.name.startswith("."))
    near = difflib.get_close_matches(path.name, names, n=5, cutoff=0.5)
    hint = (
        f"Near names: {', '.join(near)}."
        if near
        else f"The folder {folder.name!r} has {first_few(names) or 'no files'}."
    )
    raise InputError(f"no file or folder {path.name!r}. {hint} Check the name.")


def _candidates(names: Sequence[str]) -> list[str]:
    """Keep the names that can be plans: known suffix, no litter, no read-me."""
    kept = []
    for name in names:
        parts = PurePosixPath(name)
        litter = any(p == "__MACOSX" or p.startswith(".") for p in parts.parts)
        if not litter and parts.suffix.lower() in READABLE and not _NOT_A_PLAN.match(parts.name):
            kept.append(name)
    return kept


def _choose(names: list[str], layer: str | None, where: str) -> str | None:
    """Return the name `layer` means, or the only one, or None where several remain."""
    if layer is not None:
        wanted = layer.casefold()
        hits = [n for n in names if wanted in {PurePosixPath(n).name.casefold(), PurePosixPath(n).stem.casefold()}]
        if len(hits) == 1:
            return hits[0]
    if not names:
        raise InputError(f"{where} holds no plan file; expected one of {', '.join(READABLE)}.")
    return names[0] if len(names) == 1 else None


def _several(names: Sequence[str], where: str) -> InputError:
    """Word the error for a choice the kit does not make."""
    listed = first_few([PurePosixPath(n).name for n in names], _LISTED_MEMBERS)
    example = PurePosixPath(names[0]).name
    return InputError(
        f"{where} holds {len(names)} files that could be the plan: {listed}. "
        f"Pass layer= with the one meant, such as {example!r}."
    )


def _one_of_folder(folder: Path, layer: str | None) -> tuple[Path, list[str]]:
    """Choose the plan file of a folder."""
    every = sorted(p for p in folder.rglob("*") if p.is_file() or p.suffix.lower() == ".gdb")
    names = [p.relative_to(folder).as_posix() for p in every if not any(q.suffix.lower() == ".gdb" for q in p.parents)]
    zips = [n for n in names if n.lower().endswith(".zip") and not PurePosixPath(n).name.startswith(".")]
    where = f"the folder {folder.name!r}"
    chosen = _choose(_candidates(names) + zips, layer, where)
    if chosen is None:
        raise _several(_candidates(names) + zips, where)
    return folder / chosen, []


def _one_of_zip(archive: Path, scratch: Path, layer: str | None) -> tuple[Path, list[str]]:
    """Take the plan file, with the parts that belong to it, out of a zip."""
    _refuse_empty_or_html(archive)
    try:
        with zipfile.ZipFile(archive) as opened:
            infos = {i.filename: i for i in opened.infolist() if not i.is_dir()}
            names = _candidates(list(infos))
            if not names and any(n.lower().endswith(".zip") for n in infos):
                raise InputError(f"{archive.name} holds another zip; unpack it once and pass the inner file.")
            if any(infos[n].flag_bits & 0x1 for n in names):
                raise InputError(f"{archive.name} is locked with a password. Unpack it and pass the file or folder.")
            chosen = _choose(names, layer, archive.name)
            wanted = names if chosen is None else [chosen]
            taken = {n: _extract(opened, n, list(infos), scratch / str(i)) for i, n in enumerate(wanted)}
    except (zipfile.BadZipFile, EOFError, zlib.error) as error:
        raise Corrupt(
            f"{archive.name} is damaged or cut off, not a whole zip file ({error}). Fetch it again."
        ) from error
    if chosen is not None:
        return taken[chosen], [f"Read {PurePosixPath(chosen).name} inside {archive.name}."]
    areas = [n for n in names if not _points_or_lines(taken[n])]
    if len(areas) != 1:
        raise _several(areas or names, archive.name)
    aside = ", ".join(PurePosixPath(n).name for n in names if n not in areas)
    return taken[areas[0]], [f"Read {PurePosixPath(areas[0]).name} inside {archive.name}; {aside} has no areas."]


def _extract(opened: zipfile.ZipFile, name: str, members: list[str], folder: Path) -> Path:
    """Write one member, and its shapefile siblings, into a flat folder."""
    folder.mkdir()
    stem = name[: -len(PurePosixPath(name).suffix)].casefold()
    shapefile = name.lower().endswith(".shp")
    for member in members:
        same_stem = member[: -len(PurePosixPath(member).suffix) or None].casefold() == stem
        if member == name or (shapefile and same_stem and PurePosixPath(member).suffix.lower() not in READABLE):
            with opened.open(member) as source, (folder / PurePosixPath(member).name).open("wb") as sink:
                shutil.copyfileobj(source, sink)
    return folder / PurePosixPath(name).name


def _points_or_lines(path: Path) -> bool:
    """Tell whether a file has shapes but no areas (landmarks beside a plan)."""
    if path.suffix.lower() not in {".geojson", ".json", ".shp", ".kml", ".gpkg"}:
        return False
    import pyogrio

    try:
        kind = pyogrio.read_info(path).get("geometry_type") or ""
    except pyogrio.errors.DataSourceError:
        return False
    return "Point" in kind or "LineString" in kind


def _refuse_empty_or_html(path: Path) -> None:
    """Refuse files that are not what their name says."""
    with path.open("rb") as stream:
        head = stream.read(600)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if not start:
        raise Corrupt(f"{path.name} is empty. Fetch it again.")
    if start.startswith((b"<!doctype html", b"<html")):
        raise Corrupt(f"{path.name} is a web page saved under that name, not the file itself. Fetch it again.")


def _classified(path: Path, notes: list[str]) -> PlanFile:
    """Tell what kind a file is, and refuse what cannot be read."""
    suffix = path.suffix.lower()
    if suffix not in READABLE:
        extra = " Save the sheet as CSV with the id column as text." if suffix in {".xlsx", ".xls", ".ods"} else ""
        alone = " Pass the .shp file." if suffix in {".dbf", ".shx", ".prj"} else ""
        raise InputError(
            f"{path.name}: no plan is read from {suffix or 'a file without suffix'}; "
            f"expected {', '.join((*READABLE, '.zip'))} or a folder.{extra}{alone}"
        )
    if suffix != ".gdb":
        _refuse_empty_or_html(path)
    if suffix == ".shp":
        _require_siblings(path)
    kind, content = ("table" if suffix in TABLES else "shapes"), None
    if suffix == ".json":
        kind, content = _sniff_json(path)
    return PlanFile(path, kind, path.name, content, tuple(notes))


def _require_siblings(path: Path) -> None:
    """Refuse a shapefile of which parts are missing."""
    there = {p.suffix.lower() for p in path.parent.iterdir() if p.stem == path.stem}
    missing = [part for part in (".dbf", ".shx") if part not in there]
    if missing:
        raise InputError(
            f"{path.name} lacks {' and '.join(missing)}: a shapefile is several files of one name. "
            "Put all of them in one folder, or pass the zip they came in."
        )


def _sniff_json(path: Path) -> tuple[str, Any]:
    """Tell a Districtr file from shapes."""
    try:
        content = json.loads(path.read_bytes())
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise Corrupt(f"{path.name} is not whole JSON ({error}). Fetch or export it again.") from error
    if isinstance(content, dict):
        if content.get("type") in {"FeatureCollection", "Feature", "Topology"}:
            return "shapes", None
        if "assignment" in content or "plans" in content or "plan" in content:
            return "districtr", content
    raise InputError(f"{path.name} is JSON, but neither GeoJSON, TopoJSON nor a Districtr plan (no 'assignment').")
