"""Settings that hold for a whole session, and how to change them for a while.

``CENSUS_API_KEY``, ``KIT_CACHE`` and ``KIT_OFFLINE`` are read from the
environment each time they are needed, so a change takes effect at once.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from kit.errors import InputError

API_URL = "https://api.census.gov/data"
FILES_URL = "https://www2.census.gov"


def _default_cache() -> Path:
    """Give the cache folder named by the environment, or the platform's own."""
    named = os.environ.get("KIT_CACHE")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("aapi-redistricting-kit")


def _default_offline() -> bool:
    """Tell whether the environment forbids the network."""
    return os.environ.get("KIT_OFFLINE", "").strip().lower() not in {"", "0", "no", "false"}


@dataclass(frozen=True)
class Settings:
    """The settings in force.

    Parameters
    ----------
    cache : pathlib.Path
        Folder for downloads and API replies. Default: ``KIT_CACHE``, else the
        platform's cache folder.
    offline : bool
        When true no request leaves the machine. Default: ``KIT_OFFLINE``.
    progress : bool
        Show progress bars (on standard error) for long work.
    timeout : float
        Seconds to wait for a server before trying again.
    retries : int
        How often a failed request is tried again.
    api_url, files_url : str
        Where the Census API and the published files live.
    language : str
        Language of maps, tables and sentences (BCP 47, such as ``"vi"``). Default: English.
    small_base, caution_base : int
        District bases under these counts carry a warning about disclosure
        noise (warn under 200, caution under 500 people).
    """

    cache: Path = field(default_factory=_default_cache)
    offline: bool = field(default_factory=_default_offline)
    progress: bool = False
    timeout: float = 60.0
    retries: int = 4
    language: str = "en"
    api_url: str = API_URL
    files_url: str = FILES_URL
    small_base: int = 200
    caution_base: int = 500


_overrides: ContextVar[dict[str, Any] | None] = ContextVar("kit_settings", default=None)


def current() -> Settings:
    """Return the settings in force here.

    Returns
    -------
    Settings
        Environment and defaults, with the changes of any enclosing `using`.

    Examples
    --------
    >>> with using(timeout=5):
    ...     current().timeout
    5
    """
    return replace(Settings(), **(_overrides.get() or {}))


def language_in_force() -> str:
    """Return the language of what is printed here.

    Returns
    -------
    str
        BCP 47 tag.
    """
    return str((_overrides.get() or {}).get("language", "en"))


@contextmanager
def using(**changes: Any) -> Iterator[Settings]:
    """Change settings inside a ``with`` block.

    Parameters
    ----------
    **changes
        Fields of `Settings` and their new values.

    Yields
    ------
    Settings
        The settings in force inside the block.

    Raises
    ------
    InputError
        A name is not a setting.

    Examples
    --------
    >>> with using(offline=True) as settings:
    ...     settings.offline
    True
    """
    known = {f.name for f in fields(Settings)}
    unknown = sorted(set(changes) - known)
    if unknown:
        raise InputError(f"unknown setting {', '.join(unknown)}; settings are {', '.join(sorted(known))}.")
    if "language" in changes:
        from kit.i18n.languages import language

        language(changes["language"])
    if "cache" in changes:
        changes["cache"] = Path(changes["cache"])
    token = _overrides.set({**(_overrides.get() or {}), **changes})
    try:
        yield current()
    finally:
        _overrides.reset(token)


def census_key() -> str | None:
    """Return the Census API key from the environment.

    Returns
    -------
    str or None
        The value of ``CENSUS_API_KEY`` without surrounding blanks; None when
        it is not set. It is never stored, logged or written.
    """
    return os.environ.get("CENSUS_API_KEY", "").strip() or None
