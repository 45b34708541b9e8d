"""The catalogues: one gettext file a language, and the glossary, which goes before it.

A folder of one's own, named by ``KIT_CATALOGUES``, goes before the kit's.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kit.i18n.catalogue_files import own_folder, package_folder, po_path, read_catalogue, read_glossary

STAMP = "Draft translation, not reviewed"


@dataclass(frozen=True)
class _Spoken:
    """What the files say in one language."""

    words: dict[str, str]
    every: tuple[str, ...]
    reviewer: str


@cache
def _spoken(code: str, own: Path | None) -> _Spoken:
    """Read a language; what is marked as uncertain, or has other braces, is left out, and what comes later wins."""
    words: dict[str, str] = {}
    every: dict[str, None] = {}
    reviewer = ""
    for folder in [package_folder(), *([own] if own else [])]:
        catalogue, glossary = read_catalogue(folder, code), read_glossary(folder)
        every |= dict.fromkeys([*glossary.notes, *catalogue.entries] if folder != own else [])
        said = {english: one.words for english, one in catalogue.entries.items() if one.words and not one.unsure}
        said |= {english: found[code] for english, found in glossary.words.items() if found.get(code)}
        words |= {english: told for english, told in said.items() if braces(english) == braces(told)}
        if po_path(folder, code).is_file():
            reviewer = catalogue.reviewer
    return _Spoken(words, tuple(every), reviewer)


def braces(text: str) -> set[tuple[str, str]] | None:
    """List the names in braces of a message.

    Parameters
    ----------
    text : str
        A message or a translation.

    Returns
    -------
    set of (str, str), or None
        Each name with its format, capitals left out as languages differ in them;
        None when the braces do not pair.

    Examples
    --------
    >>> sorted(braces("{who:capital} are {share:.1%}")), braces("{")
    ([('share', '.1%'), ('who', '')], None)
    """
    found = set()
    try:
        for _, name, spec, conversion in string.Formatter().parse(text):
            if name is not None:
                kept = "" if spec == "capital" else spec or ""
                found.add((name, f"{kept}!{conversion}" if conversion else kept))
    except ValueError:
        return None
    return found


def forget() -> None:
    """Read the files again when they are next needed."""
    _spoken.cache_clear()


def translation(template: str, code: str) -> str | None:
    """Look a message up.

    Parameters
    ----------
    template : str
        English words.
    code : str
        BCP 47 tag.

    Returns
    -------
    str or None
        The words in that language; None where there are none.
    """
    return _spoken(code, own_folder()).words.get(template)


def reviewer(code: str) -> str:
    """Say who reviewed a language.

    Parameters
    ----------
    code : str
        BCP 47 tag.

    Returns
    -------
    str
        Name and date; empty when nobody did.
    """
    return "" if code == "en" else _spoken(code, own_folder()).reviewer


def draft(code: str) -> bool:
    """Tell whether a language has no reviewer yet.

    Parameters
    ----------
    code : str
        BCP 47 tag.

    Returns
    -------
    bool
        English never is a draft.
    """
    return code != "en" and not reviewer(code)


def draft_stamp(code: str) -> str:
    """Give what stands on every page of a language that nobody reviewed.

    Parameters
    ----------
    code : str
        BCP 47 tag.

    Returns
    -------
    str
        In English and, where it is translated, in the language; empty when it was reviewed.

    Examples
    --------
    >>> draft_stamp("en")
    ''
    """
    if not draft(code):
        return ""
    from kit.i18n.messages import say
    from kit.settings import using

    with using(language=code):
        told = say("Draft translation, not reviewed")
    return STAMP if told == STAMP else f"{STAMP} · {told}"


def coverage(code: str) -> tuple[int, int]:
    """Count the messages that a language has.

    Parameters
    ----------
    code : str
        BCP 47 tag.

    Returns
    -------
    (int, int)
        How many are translated, and how many there are.
    """
    from kit.i18n.catalogue_files import CODES

    found = _spoken(CODES[0] if code == "en" else code, own_folder())
    done = len(found.every) if code == "en" else sum(english in found.words for english in found.every)
    return done, len(found.every)
