"""Writing files so that a killed run leaves the old file whole."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def atomic_path(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a temporary name beside `path` and rename it into place at the end.

    Parameters
    ----------
    path : path-like
        The file to write. Its folder is made when missing.

    Yields
    ------
    pathlib.Path
        A path in the same folder with the same suffix; write there.

    Notes
    -----
    When the block raises, the temporary file is removed and `path` is as it was.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=target.suffix, dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: str | os.PathLike[str], text: str) -> Path:
    """Write text in UTF-8, atomically.

    Parameters
    ----------
    path : path-like
        The file to write.
    text : str
        Its whole content.

    Returns
    -------
    pathlib.Path
        The file written.
    """
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
    return Path(path)


def sha256(path: str | os.PathLike[str]) -> str:
    """Return the SHA-256 of a file, read in pieces.

    Parameters
    ----------
    path : path-like
        A file.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
