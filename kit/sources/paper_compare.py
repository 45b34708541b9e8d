"""Two people type the same forms: what differs is listed, and a person decides."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from kit.errors import InputError, SchemaError, first_few
from kit.i18n.messages import Message, joined, say
from kit.model.paper import CHOICES, SHEET, numbers_of, plain_signs
from kit.model.shared import Shared
from kit.model.source import Source
from kit.model.things import few
from kit.sources.paper_files import Sheet, SheetRow, read_sheet, require_one_spelling

_OF_THE_HAND = {"form", "typed_by", "typed_on"}
_COLUMNS = ["form", "question", "column", "first", "second", "first_row", "second_row"]


@dataclass(frozen=True)
class PaperComparison:
    """What two typings of the same forms say.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each answer that differs: ``form``, ``question`` (its
        code), ``column``, ``first``, ``second`` and the rows they stand in.
    both : tuple of str
        Forms that were typed twice.
    once : tuple of str
        Forms that were typed once.
    notes : tuple of str
        What a reader must know.
    sources : tuple of Source
        The sheets.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor, not a default
    both: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()

    def __repr__(self) -> str:
        """Count them: what people wrote does not belong in a log."""
        return f"PaperComparison({len(self.both):,} forms typed twice, {len(self.frame):,} answers differ)"

    def summary(self) -> Message:
        """Say what was found.

        Returns
        -------
        str
            Sentences with counts.
        """
        told = [say("Forms typed twice: {count:,}.", count=len(self.both))]
        forms = list(dict.fromkeys(self.frame["form"]))
        if forms:
            told.append(
                say(
                    "Answers that differ: {count:,}, on these forms: {forms}. Look at the paper, and mend the sheets.",
                    count=len(self.frame),
                    forms=few(forms),
                )
            )
        elif self.both:
            told.append(say("Every answer is the same."))
        if self.once:
            told.append(say("Forms typed once only: {forms}.", forms=few(self.once)))
        return joined(told)


def compare_paper_forms(first: str | os.PathLike[str], second: str | os.PathLike[str] | None = None) -> PaperComparison:
    """Compare two typings of the same forms, answer by answer.

    Parameters
    ----------
    first : path-like
        A sheet of `paper_sheet` that was filled.
    second : path-like, optional
        Another person's sheet; without it, rows of one form number in the first sheet are compared.

    Returns
    -------
    PaperComparison
        Every answer that differs. Nothing is changed or merged.

    Raises
    ------
    InputError
        A file is not there, or holds contact data.
    SchemaError
        A sheet cannot be read, or a form stands in it too often.

    Notes
    -----
    Blanks count for nothing; ``1-3`` and ``1, 2, 3`` are the same numbers, and
    ``1c`` and ``public`` the same consent. Letters and their case count.
    """
    sheets = [read_sheet(one) for one in (first, second) if one is not None]
    sources = tuple(Source(f"paper forms typed in {sheet.file}", where=sheet.file) for sheet in sheets)
    if second is None:
        found = compare_rows(sheets[0].rows)
        return PaperComparison(found.frame, found.both, found.once, found.notes, sources)
    left, right = (_once(sheet) for sheet in sheets)
    require_one_spelling([*left.values(), *right.values()])
    both = [form for form in left if form in right]
    once = [form for form in (*left, *right) if (form in left) != (form in right)]
    made = _compared([(left[form], right[form]) for form in both], once)
    return PaperComparison(made.frame, made.both, made.once, made.notes, sources)


def compare_rows(rows: Sequence[SheetRow]) -> PaperComparison:
    """Compare the rows of one sheet that have the same form number.

    Parameters
    ----------
    rows : sequence of SheetRow
        Typed forms.

    Returns
    -------
    PaperComparison
        Every answer that differs.

    Raises
    ------
    SchemaError
        A form stands in more than two rows.
    """
    by_form: dict[str, list[SheetRow]] = {}
    for row in rows:
        by_form.setdefault(row.form, []).append(row)
    many = [form for form, found in by_form.items() if len(found) > 2]
    if many:
        at = ", ".join(str(row.row) for row in by_form[many[0]])
        raise SchemaError(
            f"{rows[0].file}: form {first_few(many)} stands in more than two rows (form {many[0]}: rows {at}). Two "
            "people type a form; take the others out."
        )
    pairs = [(found[0], found[1]) for found in by_form.values() if len(found) == 2]
    return _compared(pairs, [form for form, found in by_form.items() if len(found) == 1])


def require_alike(found: PaperComparison) -> None:
    """Refuse two typings that differ.

    Parameters
    ----------
    found : PaperComparison
        Of one sheet.

    Raises
    ------
    SchemaError
        Answers differ; the message says where, and not what they are.
    """
    if not len(found.frame):
        return
    one = found.frame.iloc[0]
    told = [f"form {row.form} ({row.question or row.column})" for row in found.frame.itertuples()]
    raise SchemaError(
        f"{len(told):,} answers of forms that were typed twice differ: {first_few(told)}; the first in rows "
        f"{one['first_row']} and {one['second_row']}. kit.compare_paper_forms lists them; look at the paper and make "
        "the rows alike."
    )


def _once(sheet: Sheet) -> dict[str, SheetRow]:
    """Give the rows of a sheet by form."""
    forms = [row.form for row in sheet.rows]
    doubled = sorted({form for form in forms if forms.count(form) > 1})
    if doubled:
        raise SchemaError(
            f"{sheet.file} has form {first_few(doubled)} in two rows. Where each person has a sheet, a form "
            "stands in it once."
        )
    return {row.form: row for row in sheet.rows}


def _compared(pairs: Sequence[tuple[SheetRow, SheetRow]], once: Sequence[str]) -> PaperComparison:
    """Compare pairs of rows."""
    rows, same_hand = [], []
    for one, other in pairs:
        hand = one.cells["typed_by"].casefold()
        if hand and hand == other.cells["typed_by"].casefold():
            same_hand.append(one.form)
        for question in SHEET:
            name = question.key
            if name not in _OF_THE_HAND and _told(name, one.cells[name]) != _told(name, other.cells[name]):
                told = (one.form, question.code, name, one.cells[name], other.cells[name], one.row, other.row)
                rows.append(told)
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    notes = (say("Forms typed twice by the same person: {forms}.", forms=few(same_hand)),) if same_hand else ()
    return PaperComparison(frame, tuple(one.form for one, _ in pairs), tuple(once), notes)


def _told(name: str, text: str) -> object:
    """Say what an answer means, so that two ways to write it are one."""
    plain = " ".join(text.split())
    if name == "numbers":
        try:
            return numbers_of(plain)
        except InputError:
            return plain
    if name == "consent":
        kinds = {code: kind for kind, code in CHOICES.items()}
        told = plain_signs(plain).casefold()
        return kinds.get(told, told)
    if name == "map_code":
        return re.sub(r"[^0-9a-z?]", "", plain_signs(plain).casefold())
    return plain.casefold() if name == "keep_whole" else plain
