"""The list that goes with a packet: every input and output with its SHA-256, versions and the command."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as package_version
from importlib.resources import files
from pathlib import Path
from typing import Any

from kit.errors import InputError
from kit.files import sha256, write_text
from kit.hearing_data import HearingData
from kit.hearing_file import Hearing
from kit.hearing_keys import SAMPLE
from kit.hearing_languages import lacking
from kit.hearing_work import HearingWork
from kit.i18n.catalogue_files import glossary_path, own_folder, po_path
from kit.i18n.catalogues import coverage, draft, reviewer
from kit.i18n.fonts import font_files
from kit.i18n.languages import language

NAME = "MANIFEST.json"
_FORMAT = 1
_SOFTWARE = (
    "aapi-redistricting-kit",
    "fonttools",
    "geopandas",
    "matplotlib",
    "numpy",
    "pandas",
    "pikepdf",
    "pyogrio",
    "pyproj",
    "python-docx",
    "scipy",
    "shapely",
    "typst",
)


def inputs_of(hearing: Hearing) -> dict[str, str]:
    """Hash every file that a hearing file names, and itself.

    Parameters
    ----------
    hearing : Hearing
        The file.

    Returns
    -------
    dict of str to str
        File as the hearing file names it → SHA-256, sorted. Parts of a
        shapefile and files in a folder stand apart; embedded samples are
        ``sample:<name>/<file>``, translations of one's own
        ``translations:<file>``, and files of voters and returns, by their
        names alone, ``voters:<file>``, ``history:``, ``layout:``, ``citizens:``,
        ``returns:`` and ``people:``.
    """
    named = [hearing.units.source, hearing.units.shapes, *(one.path for one in hearing.plans)]
    named += [*(one.file for one in hearing.communities), hearing.submissions]
    found = {hearing.file.name: sha256(hearing.file)}
    for word in named:
        if word is None:
            continue
        if word.startswith(SAMPLE):
            found |= _of_sample(hearing.units.source)
        elif hearing.path_of(word).exists():
            found |= _of_path(word, hearing.path_of(word))
    return dict(sorted((found | _of_votes(hearing) | _of_catalogues(hearing)).items()))


def _of_votes(hearing: Hearing) -> dict[str, str]:
    """Hash the files of voters and returns by their bare names: the folder that a voter list lies in is not told."""
    voters, returns = hearing.voters, hearing.returns
    named: dict[str, str | None] = {}
    if voters:
        named |= {"voters": voters.source, "history": voters.history, "layout": voters.layout}
        named["citizens"] = voters.citizens.source if voters.citizens else None
    if returns:
        named |= {"returns": returns.source, "people": returns.people.source}
    found: dict[str, str] = {}
    for key, word in named.items():
        path = hearing.path_of(word or "")
        if word and word.startswith(SAMPLE):
            found |= _of_sample(word)
        elif word and (path.is_file() or (path.is_dir() and key != "layout")):
            found |= {f"{key}:{name}": digest for name, digest in _of_path(path.name, path).items()}
    return found


def _of_catalogues(hearing: Hearing) -> dict[str, str]:
    """Hash translations of one's own, which go before the kit's."""
    folder = own_folder()
    if folder is None:
        return {}
    named = [po_path(folder, code) for code in hearing.languages if code != "en"]
    return {f"translations:{path.name}": sha256(path) for path in (*named, glossary_path(folder)) if path.is_file()}


def _of_sample(word: str) -> dict[str, str]:
    """Hash the files of an embedded sample."""
    folder = Path(str(files("kit.samples"))) / "data" / word.removeprefix(SAMPLE)
    return {f"{word}/{path.name}": sha256(path) for path in folder.iterdir() if path.is_file()}


def _of_path(word: str, path: Path) -> dict[str, str]:
    """Hash a file with the parts that belong to it, or a folder."""
    shown = path.name if Path(word).expanduser().is_absolute() else Path(word).as_posix()
    if path.is_dir():
        inside = [one for one in path.rglob("*") if one.is_file() and not one.name.startswith(".")]
        return {f"{shown}/{one.relative_to(path).as_posix()}": sha256(one) for one in inside}
    if path.suffix.lower() != ".shp":
        return {shown: sha256(path)}
    parts = [one for one in path.parent.iterdir() if one.is_file() and one.stem == path.stem]
    head = shown.removesuffix(path.name)
    return {f"{head}{one.name}": sha256(one) for one in parts}


def versions() -> dict[str, str]:
    """Give the versions that the bytes of a packet depend on.

    Returns
    -------
    dict of str to str
        Package → version, and Python's, sorted; ``kit code`` is the beginning
        of a SHA-256 over the kit's own modules and templates.
    """
    found = {"python": platform.python_version(), "kit code": _code()}
    for name in _SOFTWARE:
        try:
            found[name] = package_version(name)
        except PackageNotFoundError:
            continue
    return dict(sorted(found.items()))


@cache
def _code() -> str:
    """Hash the modules and templates of the kit, which can change while its version stays."""
    home = Path(str(files("kit")))
    own = sorted(
        path
        for path in home.rglob("*")
        if path.suffix in {".py", ".typ", ".po"} or path.name == glossary_path(home).name
    )
    whole = hashlib.sha256()
    for path in own:
        whole.update(f"{path.relative_to(home).as_posix()} {sha256(path)}\n".encode())
    return whole.hexdigest()[:12]


def write_manifest(hearing: Hearing, data: HearingData, work: HearingWork, folder: Path) -> Path:
    """List everything that went into a packet and came out of it.

    Parameters
    ----------
    hearing : Hearing
        The file.
    data : HearingData
        What it names, read.
    work : HearingWork
        What was computed.
    folder : pathlib.Path
        The packet, complete but for this list.

    Returns
    -------
    pathlib.Path
        ``MANIFEST.json``.
    """
    told = {
        "kit packet": _FORMAT,
        "command": f"kit build {hearing.file.name}",
        "hearing": {"body": hearing.body, "date": hearing.date.isoformat(), "file": hearing.file.name},
        "languages": [_language(hearing, code) for code in hearing.languages],
        "seed": hearing.build.seed,
        "timestamp": hearing.moment.isoformat(),
        "versions": versions(),
        "inputs": [{"file": name, "sha256": digest} for name, digest in inputs_of(hearing).items()],
        "sources": [
            {"title": s.title, "where": s.where, "sha256": s.sha256, "retrieved": s.retrieved, "sample": s.sample}
            for s in data.sources
        ],
        "claims": [
            {"kind": given.kind, "status": verdict.status, "statement": verdict.statement, "reason": verdict.reason}
            for given, verdict in work.verdicts
        ],
        "outputs": [{"file": name, "sha256": digest} for name, digest in outputs_of(folder).items()],
    }
    return write_text(folder / NAME, json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True) + "\n")


def _language(hearing: Hearing, code: str) -> dict[str, Any]:
    """Say how far a language is translated, who read it over, and which fonts draw it."""
    done, whole = coverage(code)
    return {
        "language": code,
        "name": language(code).name,
        "folder": "" if code == hearing.languages[0] else code,
        "messages": [done, whole],
        "reviewer": reviewer(code),
        "draft": draft(code),
        "own words missing": lacking(hearing, code),
        "fonts": [{"file": path.name, "sha256": sha256(path)} for path in font_files(code)],
    }


def outputs_of(folder: Path) -> dict[str, str]:
    """Hash every file of a packet but its list.

    Parameters
    ----------
    folder : pathlib.Path
        The packet.

    Returns
    -------
    dict of str to str
        Path inside the folder → SHA-256, sorted.
    """
    inside = [path for path in folder.rglob("*") if path.is_file()]
    named = {path.relative_to(folder).as_posix(): path for path in inside}
    return {name: sha256(path) for name, path in sorted(named.items()) if name != NAME}


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the list of a packet.

    Parameters
    ----------
    folder : pathlib.Path
        The packet.

    Returns
    -------
    dict
        What `write_manifest` wrote.

    Raises
    ------
    InputError
        The folder holds no list, or one that is damaged.
    """
    path = folder / NAME
    if not path.is_file():
        raise InputError(f"{folder.name} is no packet: it has no {NAME}. Give the folder that `kit build` wrote.")
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        told = None
    if not isinstance(told, dict) or told.get("kit packet") != _FORMAT or not _whole(told):
        raise InputError(f"{folder.name}/{NAME} is damaged, or of another version of the kit; build the packet again.")
    return told


def _whole(told: dict[str, Any]) -> bool:
    """Tell whether a list has the parts that a check needs."""
    lists = all(_is_list_of_files(told.get(key)) for key in ("inputs", "outputs"))
    return lists and isinstance(told.get("versions"), dict) and isinstance(told.get("hearing"), dict)


def _is_list_of_files(entries: object) -> bool:
    return isinstance(entries, list) and all(
        isinstance(one, dict) and {"file", "sha256"} <= set(one) for one in entries
    )


def hashes(entries: Iterable[dict[str, str]]) -> dict[str, str]:
    """Turn a list of files into a mapping.

    Parameters
    ----------
    entries : iterable of dict
        With ``file`` and ``sha256``.

    Returns
    -------
    dict of str to str
        File → SHA-256.
    """
    return {one["file"]: one["sha256"] for one in entries}
