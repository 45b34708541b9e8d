"""One writer at a time for each file of the cache, and plain words when the disk refuses."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kit.errors import SourceError

LONGEST = 3600.0
"""Seconds to wait for another run that writes the same file."""
BEAT = 0.1
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS}
_TAKEN = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
_sleep = time.sleep

if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> None:
        """Lock one byte, or raise OSError."""
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _try_lock(handle: int) -> None:
        """Lock the file, or raise OSError."""
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def alone(target: Path, what: str) -> Iterator[None]:
    """Keep every other process and thread from writing a file while the block runs.

    Parameters
    ----------
    target : pathlib.Path
        The file; its folder is made when missing.
    what : str
        How the file is called in messages.

    Yields
    ------
    None
        Nothing.

    Raises
    ------
    SourceError
        Another run has held the file for an hour.

    Notes
    -----
    The lock belongs to the process, so the system lifts it when the process
    ends in whatever way. The file that carries it, ``<name>.lock``, has no
    meaning of its own and may be left behind by a process that was killed.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    path = target.with_name(f"{target.name}.lock")
    end = time.monotonic() + LONGEST
    handle = _lock(path)
    while handle is None:
        if time.monotonic() > end:
            raise SourceError(
                f"another run of the kit has been fetching {what} for an hour. Stop it, then start this one again."
            )
        _sleep(BEAT)
        handle = _lock(path)
    try:
        yield
    finally:
        if sys.platform == "win32":
            os.close(handle)
            _unlink(path)
        else:
            _unlink(path)  # while it is ours: the next one to come makes a new file
            os.close(handle)


def _lock(path: Path) -> int | None:
    """Take the lock; None when another has it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _try_lock(handle)
        if os.path.samestat(os.fstat(handle), path.stat()):
            return handle
    except FileNotFoundError:  # its last owner has just removed it
        pass
    except OSError as failure:
        if failure.errno not in _TAKEN:
            os.close(handle)
            raise
    os.close(handle)
    return None


def _unlink(path: Path) -> None:
    """Remove a lock file; where another holds it open and the system refuses, it stays."""
    try:
        path.unlink(missing_ok=True)
    except PermissionError:
        return


@contextmanager
def told(what: str, folder: Path) -> Iterator[None]:
    """Turn a refusal of the disk into an error that says what to do.

    Parameters
    ----------
    what : str
        How the thing that is written is called in messages.
    folder : pathlib.Path
        Where it is written.

    Yields
    ------
    None
        Nothing.

    Raises
    ------
    SourceError
        The disk is full, may not be written to, or fails.
    """
    try:
        yield
    except OSError as failure:
        number = failure.errno
        if number is None:  # of the HTTP library, not of the disk
            raise
        raise SourceError(f"{what} could not be written: {_reason(number, folder)}") from None


def _reason(number: int, folder: Path) -> str:
    """Say why the disk refused, and what to do."""
    if number in _FULL:
        free = f" ({_free(folder)} free)" if folder.is_dir() else ""
        return f"there is no room for it on the disk{free}. Make room, or choose another folder (KIT_CACHE), and retry."
    if number in _CLOSED:
        return f"the folder {folder.name!r} may not be written to. Choose another folder (KIT_CACHE), and retry."
    return f"the disk failed ({os.strerror(number)}). Choose a folder on another disk (KIT_CACHE), and retry."


def _free(folder: Path) -> str:
    return f"{shutil.disk_usage(folder).free / 1e6:,.0f} MB"
