"""What ``kit doctor`` looks at: Python, libraries, fonts, the key, the cache and the disk."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from kit.settings import census_key, current

DISTRIBUTION = "aapi-redistricting-kit"
NEEDED_PYTHON = (3, 11)
ROOM_WANTED = 2_000_000_000
"""Bytes: a large State's redistricting file and its block shapes, unpacked."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Parameters
    ----------
    what : str
        Its name.
    found : str
        How it is.
    good : bool or None
        False when the kit cannot work so; None for what only some jobs need.
    advice : str
        What to do, where there is something to do.
    """

    what: str
    found: str
    good: bool | None = True
    advice: str = ""


def examine() -> list[Finding]:
    """Look at everything.

    Returns
    -------
    list of Finding
        In the order to show them. No key is in it, only whether there is one.
    """
    return [_python(), *_libraries(), _browser(), *_fonts(), _key(), *_cache(), _network()]


def _python() -> Finding:
    good = sys.version_info >= NEEDED_PYTHON
    needed = ".".join(map(str, NEEDED_PYTHON))
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return Finding("Python", found, good, "" if good else f"The kit needs Python {needed} or newer.")


def _numbers(text: str) -> tuple[int, ...]:
    """Read the leading numbers of a version, for comparing."""
    return tuple(int(n) for n in re.findall(r"\d+", re.match(r"[\d.]*", text)[0]))  # type: ignore[index]


def _floors() -> dict[str, str]:
    """Give the libraries the kit needs, with their floors, from its own record."""
    try:
        lines = requires(DISTRIBUTION) or []
    except PackageNotFoundError:
        return {"matplotlib": "3.11"}
    found = {}
    for line in lines:
        match = re.fullmatch(r"([A-Za-z0-9._-]+)>=([\d.]+)", line.strip())
        if match:
            found[match[1]] = match[2]
    return found


def _libraries() -> list[Finding]:
    """Compare the installed libraries with the floors."""
    found, bad = [], []
    for name, floor in sorted(_floors().items()):
        try:
            have = version(name)
        except PackageNotFoundError:
            bad.append(Finding(name, "not installed", good=False, advice=f"Install {name} {floor} or newer."))
            continue
        found.append(f"{name} {have}")
        if _numbers(have) < _numbers(floor):
            why = " Older ones cannot shape Indic, Khmer and Arabic script." if name == "matplotlib" else ""
            bad.append(Finding(name, have, good=False, advice=f"The kit needs {name} {floor} or newer.{why}"))
    return [Finding("Libraries", ", ".join(found), good=None if bad else True), *bad]


def _browser() -> Finding:
    """Look for the browser that only the tests use."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next((name for name in names if shutil.which(name)), None)
    return Finding("Browser for the tests", found or "none found", good=None)


def _fonts() -> list[Finding]:
    """Look for the font of each language."""
    from kit.i18n.fonts import font_of, install_advice
    from kit.i18n.languages import LANGUAGES

    try:
        found = {code: font_of(code) for code in LANGUAGES}
    except ImportError:
        return [Finding("Fonts", "not looked for, as matplotlib is missing", good=None)]
    listed = []
    for code, font in found.items():
        what = f"Font for {LANGUAGES[code].name}"
        if font is None:
            advice = f"Only maps and pages in that language need it. {install_advice(code)}"
            listed.append(Finding(what, "none", None, advice))
        else:
            listed.append(Finding(what, font))
    return listed


def _key() -> Finding:
    if census_key():
        return Finding("CENSUS_API_KEY", "set (it is not shown)")
    advice = (
        "Only the Census API needs it; the published files do not. Ask for one at api.census.gov/data/key_signup.html."
    )
    return Finding("CENSUS_API_KEY", "not set", None, advice)


def _nearest(folder: Path) -> Path:
    """Give the folder, or the nearest one above it that exists."""
    return next((p for p in (folder, *folder.parents) if p.exists()), Path())


def _cache() -> list[Finding]:
    """Look at the cache folder and the disk it is on."""
    folder = current().cache
    files = [p for p in folder.rglob("*") if p.is_file()] if folder.is_dir() else []
    size = sum(p.stat().st_size for p in files) / 1e6
    nearest = _nearest(folder.absolute())
    writable = nearest.is_dir() and os.access(nearest, os.W_OK)
    found = f"{folder} ({len(files):,} files, {size:,.1f} MB)" if folder.is_dir() else f"{folder} (not made yet)"
    advice = "" if writable else "It cannot be written; set KIT_CACHE to a folder of your own."
    free = shutil.disk_usage(nearest).free
    room = free >= ROOM_WANTED
    return [
        Finding("Cache", found, writable, advice),
        Finding(
            "Free disk there",
            f"{free / 1e9:,.1f} GB",
            True if room else None,
            "" if room else "A large State's files need about 2 GB.",
        ),
    ]


def _network() -> Finding:
    if current().offline:
        return Finding("Network", "forbidden by KIT_OFFLINE", None, "Only cached and local files are used.")
    return Finding("Network", "allowed (not tried)")
