"""Catalogues as tables for spreadsheets: written for a reviewer, checked and read back."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kit.errors import InputError, first_few
from kit.files import atomic_path
from kit.i18n.catalogue_files import (
    CODES,
    Catalogue,
    Entry,
    Glossary,
    own_folder,
    package_folder,
    read_catalogue,
    read_glossary,
    with_words,
    write_catalogue,
    write_glossary,
)
from kit.i18n.catalogues import forget, reviewer, translation
from kit.i18n.checks import faults_of
from kit.i18n.languages import language

HEADS = ("English", "Translation", "Where it is used")
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_SHOWN = 3


@dataclass(frozen=True)
class Imported:
    """What came of a table that was read.

    Parameters
    ----------
    code : str
        BCP 47 tag.
    changed : int
        Translations that are new or different.
    same : int
        Translations that were there already.
    blank : int
        Messages without a translation in the table; what the catalogue has is kept.
    left : int
        Messages of the kit that the table does not name; what the catalogue has is kept.
    reviewer : str
        Who reviewed the language, after this; empty while it is a draft.
    folder : pathlib.Path
        Where it was written.
    """

    code: str
    changed: int
    same: int
    blank: int
    left: int
    reviewer: str
    folder: Path

    def summary(self) -> str:
        """Say it in one line.

        Returns
        -------
        str
            Counts, and whether it is a draft.
        """
        kept = f"; {self.blank + self.left:,} without a translation here keep what they had"
        who = f"reviewed by {self.reviewer}" if self.reviewer else "a draft until a reviewer is named"
        return (
            f"{language(self.code).name}: {self.changed:,} translations changed, {self.same:,} as before"
            f"{kept if self.blank + self.left else ''}. It is {who}."
        )


def safe(text: str) -> str:
    """Write a cell so that no spreadsheet takes it for a formula.

    Parameters
    ----------
    text : str
        Words.

    Returns
    -------
    str
        With an apostrophe before what looks like a formula.

    Examples
    --------
    >>> safe("=1+1"), safe("people")
    ("'=1+1", 'people')
    """
    return f"'{text}" if text.startswith(_FORMULA) or _is_guarded(text) else text


def unsafe(text: str) -> str:
    """Take the apostrophe of `safe` off again.

    Parameters
    ----------
    text : str
        A cell.

    Returns
    -------
    str
        The words.
    """
    return text[1:] if _is_guarded(text) else text


def _is_guarded(text: str) -> bool:
    """Tell whether a cell begins with apostrophes and then what looks like a formula."""
    return text.startswith("'") and text.lstrip("'").startswith(_FORMULA)


def messages() -> dict[str, tuple[str, ...]]:
    """List all messages, terms first.

    Returns
    -------
    dict of str to tuple of str
        English → where it is used, or what the term is.
    """
    terms = {english: (note,) for english, note in read_glossary(package_folder()).notes.items()}
    return terms | {english: one.where for english, one in read_catalogue(package_folder(), CODES[0]).entries.items()}


def export_table(code: str, path: Path) -> int:
    """Write all messages of a language as a table.

    Parameters
    ----------
    code : str
        BCP 47 tag.
    path : pathlib.Path
        The file (CSV in UTF-8, with the mark by which spreadsheets know it).

    Returns
    -------
    int
        Messages in it.

    Raises
    ------
    InputError
        The kit has no catalogue of the language.
    """
    require_catalogue(code)
    rows = messages()
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(HEADS)
        for english, where in rows.items():
            out.writerow((safe(english), safe(translation(english, code) or ""), safe(", ".join(where))))
    return len(rows)


def import_table(
    code: str,
    path: Path,
    *,
    by: str = "",
    folder: Path | None = None,
    letters: Callable[[str, str], str] | None = None,
    today: date | None = None,
) -> Imported:
    """Read a table of translations into the catalogue of a language.

    Parameters
    ----------
    code : str
        BCP 47 tag.
    path : pathlib.Path
        A table as `export_table` writes it; the column on the right may be missing.
    by : str
        Who reviewed every translation in it. Without a name a changed language is a draft.
    folder : pathlib.Path, optional
        Where it is written: by default what ``KIT_CATALOGUES`` names, else the kit's own folder.
    letters : callable, optional
        From a translation and a code to the letters that no font here has.
    today : datetime.date, optional
        Day of the review.

    Returns
    -------
    Imported
        What changed.

    Raises
    ------
    InputError
        The table cannot be read, or some rows are wrong; then nothing is written.
    """
    require_catalogue(code)
    every = messages()
    rows = _rows(path)
    _refuse(path, rows, every, code, letters)
    given = {english: words for _, english, words in rows}
    left = [english for english in every if english not in given]
    if by and left:
        raise InputError(
            f"{path.name} lacks {len(left):,} messages of the kit, first “{_short(left[0])}”. A reviewer vouches for "
            "all of them: export the table again, or import it without --reviewer."
        )
    where = folder or own_folder() or package_folder()
    said = {english: words for english, words in given.items() if words}
    changed = {english: words for english, words in said.items() if words != translation(english, code)}
    name = f"{' '.join(by.split())}, {(today or date.today()).isoformat()}" if by else ""  # noqa: DTZ011
    signed = name or ("" if changed else reviewer(code))
    _write(where, code, changed, every, signed)
    forget()
    blank = sum(not words for words in given.values())
    return Imported(code, len(changed), len(said) - len(changed), blank, len(left), signed, where)


def require_catalogue(code: str) -> None:
    """Refuse a language that has no catalogue.

    Parameters
    ----------
    code : str
        BCP 47 tag.

    Raises
    ------
    InputError
        The kit does not speak it, or it is English.
    """
    language(code)
    if code not in CODES:
        raise InputError(f"the messages are written in English; catalogues are {', '.join(CODES)}.")


def _write(folder: Path, code: str, changed: dict[str, str], every: dict[str, tuple[str, ...]], signed: str) -> None:
    """Put translations where they belong: terms into the glossary, the others into the catalogue."""
    glossary, catalogue = read_glossary(folder), read_catalogue(folder, code)
    terms = read_glossary(package_folder()).notes
    notes, words = dict(glossary.notes), {english: dict(one) for english, one in glossary.words.items()}
    entries = dict(catalogue.entries)
    for english, said in changed.items():
        if english in terms:
            notes.setdefault(english, terms[english])
            words.setdefault(english, {})[code] = said
        else:
            entries[english] = with_words(entries.get(english, Entry(where=every[english])), said)
    if words != glossary.words:
        write_glossary(folder, Glossary(notes, words))
    if changed or signed != catalogue.reviewer:
        write_catalogue(folder, Catalogue(code, entries, signed))


def _rows(path: Path) -> list[tuple[int, str, str]]:
    """Read number, English and translation of each row."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path.name} is not in UTF-8 (byte {error.start:,}). Save it as “CSV UTF-8” and import it again."
        ) from None
    first = text.partition("\n")[0]
    between = max(",;\t", key=first.count)
    try:
        found = list(csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True))
    except csv.Error as error:
        raise InputError(f"{path.name} is not a table of values between commas: {error}.") from None
    if not found or tuple(cell.strip() for cell in found[0][:2]) != HEADS[:2]:
        raise InputError(
            f"{path.name} must begin with the columns {HEADS[0]} and {HEADS[1]}, as `kit catalogue export` writes them."
        )
    rows = [(number, row) for number, row in enumerate(found[1:], 2) if any(cell.strip() for cell in row)]
    short = [number for number, row in rows if len(row) < 2]
    if short:
        raise InputError(f"{path.name}, row {short[0]}: it has one cell; {HEADS[0]} and {HEADS[1]} are two.")
    return [(number, unsafe(row[0]), unsafe(row[1]) if row[1].strip() else "") for number, row in rows]


def _refuse(
    path: Path,
    rows: list[tuple[int, str, str]],
    every: dict[str, tuple[str, ...]],
    code: str,
    letters: Callable[[str, str], str] | None,
) -> None:
    """Refuse a table with wrong rows, and name the first of them."""
    wrong: list[str] = []
    times = Counter(english for _, english, _ in rows)
    for number, english, words in rows:
        if english not in every:
            wrong.append(f"row {number}: “{_short(english)}” is no message of the kit")
            continue
        if times[english] > 1:
            wrong.append(f"row {number}: “{_short(english)}” is there {times[english]} times")
        if not words:
            continue
        told = faults_of(english, words, code)
        lacking = letters(words, code) if letters is not None and not told else ""
        told += [f"no font here has its letters {lacking}"] if lacking else []
        wrong += [f"row {number}: {fault}" for fault in told]
    if wrong:
        raise InputError(
            f"{path.name} was not imported: {first_few([f'{one}' for one in wrong], _SHOWN)}. "
            "Correct these rows and leave the English as it was exported."
        )


def _short(text: str, most: int = 40) -> str:
    """Cut a message for a line of an error."""
    return text if len(text) <= most else f"{text[:most].rstrip()}…"
