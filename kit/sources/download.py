"""Published files: fetched once, resumed when cut off, checked, and kept with a record of where they came from."""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import requests

from kit.errors import Corrupt, InputError, NotPublished, Offline, ServerFault, SourceError
from kit.files import sha256, write_text
from kit.model.geoid import State, state
from kit.progress import Meter, meter
from kit.settings import current
from kit.sources._disk import alone, told
from kit.sources._http import BROKEN, Session, host_of, pause, redact

PIECE = 1 << 14
"""Written at a time; what a broken connection can lose."""
_PL_FOLDER = {
    2010: "/census_2010/01-Redistricting_File--PL_94-171",
    2020: "/programs-surveys/decennial/2020/data/01-Redistricting_File--PL_94-171",
}


def pl_path(where: State, year: int) -> str:
    """Give the path of a State's redistricting file on the Census file server.

    Parameters
    ----------
    where : State
        Which State.
    year : {2010, 2020}
        Census year.

    Returns
    -------
    str
        Path without the server.

    Raises
    ------
    NotPublished
        The kit reads no files of that year.

    Examples
    --------
    >>> pl_path(state("NY"), 2010)
    '/census_2010/01-Redistricting_File--PL_94-171/New_York/ny2010.pl.zip'
    """
    if year not in _PL_FOLDER:
        raise NotPublished(f"redistricting files are downloaded for 2010 and 2020, not for year={year!r}.")
    return f"{_PL_FOLDER[year]}/{where.name.replace(' ', '_')}/{where.abbr.lower()}{year}.pl.zip"


def pl_url(place: str, *, year: int) -> str:
    """Give the address of a State's redistricting file.

    Parameters
    ----------
    place : str
        A State, by abbreviation, FIPS code or name.
    year : {2010, 2020}
        Census year.

    Returns
    -------
    str
        Address on the server named in the settings.
    """
    return current().files_url + pl_path(state(place, product="P.L. 94-171"), year)


def fetch_pl94171(place: str, *, year: int) -> Path:
    """Download a State's redistricting file, or find it in the cache.

    Parameters
    ----------
    place : str
        A State, the District of Columbia or Puerto Rico.
    year : {2010, 2020}
        Census year.

    Returns
    -------
    pathlib.Path
        The zip in the cache.

    Raises
    ------
    NotPublished
        There is no such file.
    Offline
        It is not in the cache and the network is off or away.
    Corrupt
        What arrived is no zip.
    """
    where = state(place, product="P.L. 94-171")
    return fetch(pl_path(where, year), what=f"the {year} redistricting file of {where.name}")


def cached_path(url_path: str) -> Path:
    """Tell where a published file stands in the cache.

    Parameters
    ----------
    url_path : str
        Path on the Census file server.

    Returns
    -------
    pathlib.Path
        Whether or not it is there.

    Raises
    ------
    InputError
        The path leaves the folder.
    """
    parts = PurePosixPath(url_path.partition("?")[0]).parts
    names = [part for part in parts if part != "/"]
    if not names or ".." in names:
        raise InputError(f"{url_path!r} is no path of a file on the Census server.")
    return current().cache.joinpath("files", *names)


def describe_file(path: Path) -> dict[str, str]:
    """Tell where a cached file came from.

    Parameters
    ----------
    path : pathlib.Path
        A file in the cache.

    Returns
    -------
    dict
        ``where`` (address without key) and ``retrieved`` (UTC), as far as known.
    """
    record = _record(path)
    return {"where": str(record.get("url", "")), "retrieved": str(record.get("retrieved", ""))}


def fetch(url_path: str, *, what: str, known_hash: str | None = None) -> Path:
    """Download a published file, or find it whole in the cache.

    Parameters
    ----------
    url_path : str
        Path on the Census file server.
    what : str
        How the file is called in messages.
    known_hash : str, optional
        SHA-256 the file must have.

    Returns
    -------
    pathlib.Path
        The file in the cache. Beside it stands a record in JSON: address, UTC
        time, SHA-256, size.

    Raises
    ------
    NotPublished
        The server does not have it.
    Offline
        It is not in the cache, and the network is off or away.
    Corrupt
        What arrived, or what is kept, is not that file.
    RateLimited, ServerFault, SourceError
        The server would not or could not send it.

    Notes
    -----
    A download that breaks off is taken up where it stopped, also by the next
    run, as long as the server still has the same file. Of several runs that
    want the same file one fetches it and the others wait. A run that is killed
    leaves the file whole, or absent.
    """
    target, settings = cached_path(url_path), current()
    fault = _fault(target, known_hash)
    if fault is None:
        return target
    if fault and settings.offline:
        raise Corrupt(f"{target.name} in the cache {fault}. Delete it, and fetch it again with the network on.")
    url = settings.files_url + url_path
    if settings.offline:
        raise Offline(
            f"{what} is not in the cache and the network is off (KIT_OFFLINE). Fetch {redact(url)} elsewhere and pass "
            "it as source=, or put it below files/ in the cache folder, at the same path."
        )
    with told(what, settings.cache), alone(target, what):
        if _fault(target, known_hash) is not None:  # another run may have fetched it meanwhile
            _retrieve(url, target, what, known_hash)
    return target


def _retrieve(url: str, target: Path, what: str, known_hash: str | None) -> None:
    """Fetch through pooch, which moves a file only when it is whole; write its record; then put it in place."""
    import pooch

    part = target.with_name(f"{target.name}.part")
    new = target.with_name(f"{target.name}.new")  # a folder of our own, for what pooch writes
    for left in new.glob("tmp*"):
        left.unlink()
    wrong = False
    with _quiet(pooch.get_logger()):
        try:
            pooch.retrieve(url, known_hash, fname=target.name, path=new, downloader=_Downloader(what, part))
        except ValueError as failure:
            if isinstance(failure, SourceError | InputError):
                raise
            wrong = True
        finally:
            if new.is_dir() and not any(new.iterdir()):
                new.rmdir()
    mark = _validator(part)
    if wrong:
        mark.unlink(missing_ok=True)
        raise Corrupt(f"{what}: the file received does not have the SHA-256 it should have. Try again later.")
    whole = new / target.name
    _write_record(whole, url, mark.read_text(encoding="utf-8") if mark.exists() else "", beside=target)
    whole.replace(target)
    shutil.rmtree(new, ignore_errors=True)
    mark.unlink(missing_ok=True)


@contextmanager
def _quiet(logger: logging.Logger) -> Iterator[None]:
    """Keep pooch from printing while it works for us."""
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


# --- the record beside a file ----------------------------------------------------------------------


def _record(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.with_name(path.name + ".json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write_record(path: Path, url: str, etag: str, *, beside: Path) -> None:
    """Write down what is known of a file, under the name that it has or will have."""
    fetched = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    record = {
        "url": redact(url),
        "retrieved": fetched.strftime("%Y-%m-%dT%H:%M:%SZ") if url else "",
        "sha256": sha256(path),
        "bytes": path.stat().st_size,
        "etag": etag,
    }
    write_text(beside.with_name(beside.name + ".json"), json.dumps(record, indent=1) + "\n")


def _fault(path: Path, known_hash: str | None) -> str | None:
    """Say what is wrong with a kept file: empty when there is none, None when it is good.

    A file put there by hand gets its record now, where the folder can be written to.
    """
    wanted = known_hash or _record(path).get("sha256")
    try:
        with path.open("rb") as stream:
            start = stream.read(64)
        if wanted and sha256(path) != str(wanted).removeprefix("sha256:"):
            return "has changed since it was fetched"
    except FileNotFoundError:
        return ""
    fault = _misfit(start, path.name)
    if fault:
        return fault
    if not _record(path):
        with suppress(OSError):  # a pack on a disk that cannot be written to is read as it is
            _write_record(path, "", "", beside=path)
    return None


def _misfit(start: bytes, name: str) -> str:
    """Say whether the first bytes contradict the name."""
    if not start:
        return "is empty"
    if name.lower().endswith(".zip") and not start.startswith(b"PK"):
        page = start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
        return "is a web page, not a zip" if page else "is not a zip"
    return ""


# --- the transfer ----------------------------------------------------------------------------------


class _Downloader:
    """Fetches for pooch: resumes, retries, and checks the length."""

    def __init__(self, what: str, part: Path) -> None:
        self.what = what
        self.part = part

    def __call__(self, url: str, output_file: str, _pooch: Any = None) -> None:
        """Leave the whole file at `output_file`."""
        part, name = self.part, self.part.name.removesuffix(".part")
        last = current().retries
        with Session() as session, meter(self.what, unit="bytes") as bar:
            for attempt in range(last + 1):
                if self._once(session, url, part, bar):
                    break
                if attempt == last:
                    got = part.stat().st_size if part.exists() else 0
                    raise ServerFault(
                        f"{self.what} broke off at {got:,} bytes ({last + 1} attempts). "
                        "Run it again: it goes on from there."
                    )
                pause(attempt)
        with part.open("rb") as stream:
            fault = _misfit(stream.read(64), name)
        if fault:
            part.unlink()
            _validator(part).unlink(missing_ok=True)
            raise Corrupt(f"{self.what}: what {host_of(url)} sent {fault}. Try again later, or fetch it in a browser.")
        part.replace(output_file)

    def _once(self, session: Session, url: str, part: Path, bar: Meter) -> bool:
        """Make one attempt; true when the file is whole."""
        kept = _validator(part).read_text(encoding="utf-8") if _validator(part).exists() else ""
        have = part.stat().st_size if part.exists() and kept else 0
        headers = {"Accept-Encoding": "identity"}
        if have:
            headers |= {"Range": f"bytes={have}-", "If-Range": kept}
        with session.get(url, headers=headers, stream=True) as response:
            if response.status_code == 416:
                part.unlink()
                return False
            _check(response, self.what)
            etag = response.headers.get("ETag", "")
            mark = ("" if etag.startswith("W/") else etag) or response.headers.get("Last-Modified", "")
            resumed = response.status_code == 206 and _starts_at(response) == have and mark == kept
            if response.status_code == 206 and not resumed:
                part.unlink(missing_ok=True)
                return False
            if not resumed:
                part.write_bytes(b"")  # before the mark: what is there of another version never gets the new mark
                write_text(_validator(part), mark)
            length = response.headers.get("Content-Length", "")
            total = int(length) + (have if resumed else 0) if length.isdigit() else None
            if resumed:
                bar.advance(have)
            with part.open("ab") as stream:
                whole = _copy(response, stream, bar)
                stream.flush()
                os.fsync(stream.fileno())
        return whole and (total is None or part.stat().st_size == total)


def _validator(part: Path) -> Path:
    return part.with_name(part.name + ".mark")


def _starts_at(response: requests.Response) -> int:
    span = response.headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
    return int(span) if span.isdigit() else -1


def _copy(response: requests.Response, stream: BinaryIO, bar: Meter) -> bool:
    """Write the body as it comes; false when it breaks off."""
    try:
        for piece in response.iter_content(PIECE):
            stream.write(piece)
            bar.advance(len(piece))
    except BROKEN:
        return False
    return True


def _check(response: requests.Response, what: str) -> None:
    """Turn a refusal into an error that says what to do."""
    status, host = response.status_code, host_of(response.url)
    if status in {200, 206}:
        return
    if status in {404, 410}:
        raise NotPublished(f"{what} is not on {host} ({status}). Check the place and the year.")
    if status == 403:
        raise SourceError(
            f"{host} refuses to send {what} (403); it may be busy, or block this network. "
            "Fetch it in a browser and pass the path as source=."
        )
    raise SourceError(f"{host} answered {status} for {what}. Try again later, or pass a local file as source=.")
