"""Which fonts draw a language, where they are, and which letters they lack.

Fonts are looked for where matplotlib looks, in the folder that ``KIT_FONTS``
names, and in installed font packages (``justmytype-…``). Those that were
installed after matplotlib wrote its list of fonts are found too.
"""

from __future__ import annotations

import dataclasses
import os
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from kit.errors import KitError
from kit.i18n.languages import LANGUAGES, language

_NOTO, _ALWAYS = "Noto Sans", "DejaVu Sans"
_REGULAR, _BOLD = range(350, 501), 700
_SUFFIXES = {".ttf", ".otf", ".ttc"}

# Script → families that have its letters, what is advised first.
_SCRIPTS: dict[str, tuple[str, ...]] = {
    "Latin": (_NOTO,),
    "HanSimplified": (
        "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei",
    ),
    "HanTraditional": (
        "Noto Sans CJK TC", "Noto Sans TC", "Source Han Sans TC", "PingFang TC", "Microsoft JhengHei",
    ),
    "Japanese": ("Noto Sans CJK JP", "Noto Sans JP", "Source Han Sans", "Hiragino Sans", "Yu Gothic"),
    "Hangul": ("Noto Sans CJK KR", "Noto Sans KR", "Source Han Sans K", "Apple SD Gothic Neo", "Malgun Gothic"),
    "Devanagari": ("Noto Sans Devanagari", "Nirmala UI", "Kohinoor Devanagari"),
    "Bengali": ("Noto Sans Bengali", "Nirmala UI", "Kohinoor Bangla"),
    "Gurmukhi": ("Noto Sans Gurmukhi", "Nirmala UI", "Gurmukhi MN"),
    "Gujarati": ("Noto Sans Gujarati", "Nirmala UI", "Kohinoor Gujarati"),
    "Nastaliq": ("Noto Nastaliq Urdu", "Noto Sans Arabic", "Geeza Pro", "Segoe UI"),
    "Khmer": ("Noto Sans Khmer", "Leelawadee UI", "Khmer MN"),
    "Lao": ("Noto Sans Lao", "Leelawadee UI", "Lao MN"),
    "Thai": ("Noto Sans Thai", "Leelawadee UI", "Thonburi"),
    "Myanmar": ("Noto Sans Myanmar", "Myanmar Text", "Myanmar MN"),
}  # fmt: skip
# Nastaliq is too tall for the lines of a map.
_ON_MAPS = {"Nastaliq": _SCRIPTS["Nastaliq"][1:]}

_DEBIAN = dict.fromkeys(("HanSimplified", "HanTraditional", "Japanese", "Hangul"), "fonts-noto-cjk")
# Packages of Python for those who may not install others; the fonts in them are under the SIL Open Font License 1.1.
_PYTHON = {
    **dict.fromkeys(("Khmer", "Lao", "Thai", "Myanmar"), "justmytype-intl-sea"),
    **dict.fromkeys(("Devanagari", "Bengali"), "justmytype-intl-south-asia"),
    "Nastaliq": "justmytype-intl-rtl",
}


def families(code: str) -> tuple[str, ...]:
    """List the fonts of pages in a language, each letter drawn by the first that has it.

    Parameters
    ----------
    code : str
        BCP 47 tag.

    Returns
    -------
    tuple of str
        Families that are here; the last of them, DejaVu Sans, always is. English has it alone.

    Examples
    --------
    >>> families("en")
    ('DejaVu Sans',)
    """
    return _stack(code, _SCRIPTS[language(code).script])


def map_families(code: str) -> tuple[str, ...]:
    """List the fonts of maps in a language.

    Parameters
    ----------
    code : str
        BCP 47 tag.

    Returns
    -------
    tuple of str
        As `families`, without those that are too tall for a map: Urdu is in Noto Sans Arabic there.
    """
    script = language(code).script
    return _stack(code, _ON_MAPS.get(script, _SCRIPTS[script]))


def _stack(code: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Give the first family that is here, and those that go behind it."""
    if code == "en":
        return (_ALWAYS,)
    here = _here(_own_folder())
    found = [name for name in wanted if name in here][:1]
    return tuple(dict.fromkeys([*found, *([_NOTO] if _NOTO in here else []), _ALWAYS]))


def font_of(code: str) -> str | None:
    """Name the font of a language's script.

    Parameters
    ----------
    code : str
        BCP 47 tag.

    Returns
    -------
    str or None
        Its family; None when no font for the script is here.
    """
    first = families(code)[0]
    script = language(code).script
    return first if script == "Latin" or first in _SCRIPTS[script] else None


def font_files(code: str) -> list[Path]:
    """List the files of a language's fonts, for pages and maps, regular and bold.

    Parameters
    ----------
    code : str
        BCP 47 tag.

    Returns
    -------
    list of pathlib.Path
        Each once, in the order of the families; without those whose file says
        a wrong weight, as programs take such a bold for the regular face.
    """
    names = dict.fromkeys([*families(code), *map_families(code)])
    found = dict.fromkeys(Path(_face(name, weight)) for name in names for weight in ("normal", "bold"))
    return [path for path in found if str(path) not in _mended(_own_folder())]


def missing_letters(text: str, code: str) -> str:
    """List the letters of a text that a language's fonts lack.

    Parameters
    ----------
    text : str
        Any text.
    code : str
        BCP 47 tag.

    Returns
    -------
    str
        Each once, in order; a letter counts when pages or maps would show a box for it.

    Examples
    --------
    >>> missing_letters("Tiếng Việt", "vi")
    ''
    """
    letters = dict.fromkeys(sign for sign in text if not _is_unseen(sign))
    if not letters:
        return ""
    lacking = set()
    for stack in {families(code), map_families(code)}:
        left = {ord(sign) for sign in letters}
        for name in stack:
            if left:
                left -= _letters(_face(name, "normal"))
        lacking |= left
    return "".join(sign for sign in letters if ord(sign) in lacking)


def require_letters(texts: Iterable[str], code: str) -> None:
    """Refuse texts with letters that would be boxes.

    Parameters
    ----------
    texts : iterable of str
        What is printed.
    code : str
        BCP 47 tag of the page.

    Raises
    ------
    KitError
        Some letters are in no font of the language; the message names them and what to install.
    """
    text = "".join(dict.fromkeys("".join(texts)))
    lacking = missing_letters(text, code)
    if lacking:
        some = " ".join(lacking[:8])
        more = f" and {len(lacking) - 8:,} more" if len(lacking) > 8 else ""
        advice = install_advice(code) if font_of(code) is None else "Write them in letters that the language has."
        raise KitError(f"no font here has the letters {some}{more} of a page in {language(code).name}. {advice}")


def install_advice(code: str) -> str:
    """Say how the font of a language is installed.

    Parameters
    ----------
    code : str
        BCP 47 tag.

    Returns
    -------
    str
        One or two sentences.

    Examples
    --------
    >>> install_advice("ko")
    'Install fonts-noto-cjk (Debian, Ubuntu: apt-get install fonts-noto-cjk), or name a folder of fonts in KIT_FONTS.'
    """
    script = language(code).script
    package = _DEBIAN.get(script, "fonts-noto-core")
    pip = f", or with pip {_PYTHON[script]}" if script in _PYTHON else ""
    return (
        f"Install {package} (Debian, Ubuntu: apt-get install {package}){pip}, or name a folder of fonts in KIT_FONTS."
    )


def _is_unseen(sign: str) -> bool:
    """Tell whether a sign is a space, a joiner or another mark that draws nothing."""
    return sign.isspace() or unicodedata.category(sign) in {"Cf", "Cc"} or "\ufe00" <= sign <= "\ufe0f"


def _own_folder() -> Path | None:
    """Give the folder that ``KIT_FONTS`` names."""
    named = os.environ.get("KIT_FONTS", "").strip()
    return Path(named).expanduser() if named else None


@cache
def _here(own: Path | None) -> frozenset[str]:
    """List the families that are here in a regular weight, and let matplotlib know those it had not seen."""
    from matplotlib.font_manager import findSystemFonts, fontManager

    _add(_packaged() + (_files_of(own) if own else []))
    wanted = {name for names in _SCRIPTS.values() for name in names[:1]}
    if wanted - _regular(fontManager):
        _add([Path(name) for name in findSystemFonts()])
    _mended(own)
    return frozenset(_regular(fontManager))


@cache
def _mended(own: Path | None) -> frozenset[str]:  # noqa: ARG001
    """Tell matplotlib that a bold face is bold where its file says regular; list such files."""
    from matplotlib.font_manager import fontManager

    known = {name for names in _SCRIPTS.values() for name in names}
    wrong = {
        font.fname
        for font in fontManager.ttflist
        if font.name in known and font.weight in _REGULAR and Path(font.fname).stem.endswith("-Bold")
    }
    for name in sorted(wrong):
        fontManager.ttflist = [font for font in fontManager.ttflist if font.fname != name]
        fontManager.addfont(name)
        fontManager.ttflist = [
            dataclasses.replace(font, weight=_BOLD) if font.fname == name else font for font in fontManager.ttflist
        ]
    return frozenset(wrong)


def _regular(manager: Any) -> set[str]:
    """List the families with an upright face of regular weight whose file is there; hairlines are none."""
    known = {name for names in _SCRIPTS.values() for name in names} | {_ALWAYS}
    return {
        font.name
        for font in manager.ttflist
        if font.name in known and font.style == "normal" and font.weight in _REGULAR and Path(font.fname).is_file()
    }


def _add(files: Iterable[Path]) -> None:
    """Let matplotlib know font files that it does not have in its list."""
    from matplotlib.font_manager import fontManager

    known = {font.fname for font in fontManager.ttflist}
    for path in files:
        if str(path) not in known:
            try:
                fontManager.addfont(path)
            except (OSError, RuntimeError):  # not a font, or one that cannot be read
                continue


def _files_of(folder: Path) -> list[Path]:
    """List the font files of a folder."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES)


def _packaged() -> list[Path]:
    """List the fonts of installed font packages."""
    from importlib.metadata import PackageNotFoundError, files

    found: list[Path] = []
    for package in dict.fromkeys(_PYTHON.values()):
        try:
            inside = files(package) or []
        except PackageNotFoundError:
            continue
        found += [Path(str(one.locate())) for one in inside if one.suffix.lower() in _SUFFIXES]
    return found


def _face(name: str, weight: str) -> Any:
    """Find the file that matplotlib takes for a family; it knows its place in a collection."""
    from matplotlib.font_manager import FontProperties, fontManager

    return fontManager.findfont(FontProperties(family=[name], weight=weight), fallback_to_default=False)


def _letters(face: Any) -> frozenset[int]:
    """List the code points that a face has."""
    return _read(str(face), int(getattr(face, "face_index", 0)))


@cache
def _read(path: str, at: int) -> frozenset[int]:
    """Read the table of letters of a face."""
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True, fontNumber=at if path.lower().endswith(".ttc") else -1) as font:
        return frozenset(font.getBestCmap())


def unfit() -> list[str]:
    """List the languages whose font is not here.

    Returns
    -------
    list of str
        Codes, in the order of the languages.
    """
    return [code for code in LANGUAGES if font_of(code) is None]
