"""Reading and writing the files of translators: one catalogue (``.po``) a language, and one glossary for all."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import dataclass, field, replace
from pathlib import Path

from kit.errors import InputError
from kit.files import atomic_path, write_text
from kit.i18n.languages import LANGUAGES, language

REVIEWED = "X-Reviewed-By"
"""Header of a catalogue: name and date of who reviewed it; empty while it is a draft."""

_GLOSSARY = "glossary.csv"
CODES = tuple(code for code in LANGUAGES if code != "en")
"""Languages that have a catalogue."""


@dataclass(frozen=True)
class Entry:
    """One message of a catalogue.

    Parameters
    ----------
    words : str
        Its translation; empty where there is none.
    where : tuple of str
        Modules that say it, for translators.
    unsure : bool
        Marked as fuzzy: it is kept and never printed.
    comments : tuple of str
        What translators wrote beside it.
    """

    words: str = ""
    where: tuple[str, ...] = ()
    unsure: bool = False
    comments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """The messages of one language.

    Parameters
    ----------
    code : str
        BCP 47 tag.
    entries : dict of str to Entry
        English message → what the catalogue has of it.
    reviewer : str
        Name and date of who reviewed it; empty while it is a draft.
    """

    code: str
    entries: dict[str, Entry] = field(default_factory=dict)
    reviewer: str = ""


@dataclass(frozen=True)
class Glossary:
    """The terms, in all languages.

    Parameters
    ----------
    notes : dict of str to str
        English term → what it is.
    words : dict of str to dict
        English term → its translations by language.
    """

    notes: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)


def package_folder() -> Path:
    """Give the folder of the kit's own catalogues.

    Returns
    -------
    pathlib.Path
        It holds ``<code>.po``.
    """
    return Path(__file__).with_name("catalogues")


def own_folder() -> Path | None:
    """Give the folder that goes before the kit's own.

    Returns
    -------
    pathlib.Path or None
        What ``KIT_CATALOGUES`` names; None when it is not set.
    """
    named = os.environ.get("KIT_CATALOGUES", "").strip()
    return Path(named).expanduser() if named else None


def po_path(folder: Path, code: str) -> Path:
    """Name the catalogue of a language.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of catalogues.
    code : str
        BCP 47 tag.

    Returns
    -------
    pathlib.Path
        It need not exist.
    """
    return folder / f"{language(code).code}.po"


def glossary_path(folder: Path) -> Path:
    """Name the glossary of a folder of catalogues.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of catalogues.

    Returns
    -------
    pathlib.Path
        It need not exist. The kit's own stands beside the folder, so that it is seen first.
    """
    return (folder.parent if folder == package_folder() else folder) / _GLOSSARY


def read_catalogue(folder: Path, code: str) -> Catalogue:
    """Read the catalogue of a language.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of catalogues.
    code : str
        BCP 47 tag.

    Returns
    -------
    Catalogue
        Empty where there is no such file.

    Raises
    ------
    InputError
        The file is not a catalogue in UTF-8.
    """
    from babel.messages.pofile import PoFileError, read_po

    path = po_path(folder, code)
    if not path.is_file():
        return Catalogue(code)
    try:
        text = path.read_bytes().decode("utf-8-sig")
        found = read_po(io.BytesIO(text.encode()), abort_invalid=True)
    except (UnicodeDecodeError, PoFileError, ValueError) as error:
        raise InputError(f"{path.name} is not a catalogue (.po) in UTF-8: {error}.") from None
    entries = {
        str(one.id): Entry(str(one.string or ""), tuple(one.auto_comments), bool(one.fuzzy), tuple(one.user_comments))
        for one in found
        if one.id
    }
    return Catalogue(code, entries, _reviewer(text))


def _reviewer(text: str) -> str:
    """Read who reviewed a catalogue from its head, the strings before its first message."""
    from babel.messages.pofile import denormalize

    head = [line.strip() for line in text.partition("\n\n")[0].splitlines()]
    lines = denormalize("\n".join(['""', *(line for line in head if line.startswith('"'))])).splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(f"{REVIEWED}:")), "")


def write_catalogue(folder: Path, catalogue: Catalogue) -> Path:
    """Write the catalogue of a language: sorted, without dates, line numbers and wrapped lines.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of catalogues.
    catalogue : Catalogue
        What to write.

    Returns
    -------
    pathlib.Path
        The file written; the same content gives the same bytes.
    """
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po

    made = Catalog(charset="utf-8")
    for english, entry in sorted(catalogue.entries.items(), key=lambda pair: (pair[1].where[:1], pair[0])):
        made.add(english, entry.words, auto_comments=entry.where, user_comments=entry.comments)
        message = made.get(english)
        if message is not None:
            message.flags = {"fuzzy"} if entry.unsure else set()
    head = {
        "Project-Id-Version": "AAPI redistricting kit",
        "Language": catalogue.code,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        REVIEWED: catalogue.reviewer,
    }
    lines = [f'"{name}: {value.replace(chr(34), chr(39))}\\n"\n' for name, value in head.items()]
    stream = io.BytesIO()
    write_po(stream, made, width=0, omit_header=True, no_location=True)
    body = stream.getvalue().decode()
    text = f'# {language(catalogue.code).name}\nmsgid ""\nmsgstr ""\n{"".join(lines)}\n{body}'.rstrip("\n")
    return write_text(po_path(folder, catalogue.code), f"{text}\n")


def read_glossary(folder: Path) -> Glossary:
    """Read the glossary.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of catalogues.

    Returns
    -------
    Glossary
        Empty where there is no such file.

    Raises
    ------
    InputError
        The file is no glossary: its columns are ``en``, ``note`` and language codes.
    """
    path = glossary_path(folder)
    if not path.is_file():
        return Glossary()
    try:
        rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path.name} is not a table of commas in UTF-8: {error}.") from None
    head = rows[0] if rows else []
    strange = [name for name in head[2:] if name not in CODES]
    if head[:2] != ["en", "note"] or strange or len(set(head)) < len(head):
        raise InputError(
            f"{path.name} is no glossary: its columns must be en, note and codes of languages, each once; "
            f"it has {', '.join(strange or head) or 'none'}."
        )
    uneven = [number for number, row in enumerate(rows, 1) if row and len(row) != len(head)]
    if uneven:
        raise InputError(f"{path.name}, row {uneven[0]}: it does not have {len(head)} cells as the first row has.")
    found = Glossary()
    for row in rows[1:]:
        if row:
            found.notes[row[0]] = row[1]
            found.words[row[0]] = {code: words for code, words in zip(head[2:], row[2:], strict=True) if words}
    return found


def write_glossary(folder: Path, glossary: Glossary, codes: tuple[str, ...] = CODES) -> Path:
    """Write the glossary, in the order it has.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of catalogues.
    glossary : Glossary
        What to write.
    codes : tuple of str
        Columns of languages.

    Returns
    -------
    pathlib.Path
        The file written.
    """
    path = glossary_path(folder)
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(("en", "note", *codes))
        for english, note in glossary.notes.items():
            words = glossary.words.get(english, {})
            out.writerow((english, note, *(words.get(code, "") for code in codes)))
    return path


def with_words(entry: Entry, words: str) -> Entry:
    """Give an entry another translation.

    Parameters
    ----------
    entry : Entry
        The old.
    words : str
        The translation.

    Returns
    -------
    Entry
        No longer marked as fuzzy.
    """
    return replace(entry, words=words, unsure=False)
