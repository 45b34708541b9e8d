"""The paper form for communities: its questions, and the key that turns numbers on its map into GEOIDs."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kit.errors import InputError, SchemaError, first_few
from kit.i18n.messages import mark

UNREADABLE = "?"
"""What stands for an answer that cannot be read."""
MOST_FORMS = 500
"""More forms than this are not made at once."""
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,29}")
_RANGE = re.compile(r"(\d{1,9})\s*(?:[-~〜ー至到]|\.\.|to)\s*(\d{1,9})")
_DATE = re.compile(
    r"(?i)\d{1,2}[-/ ][a-z]{3}([-/ ]\d+)?|[a-z]{3}[-/ ]\d{1,4}|\d{1,4}/\d{1,2}(/\d{1,4})?|\d{1,2}[月월] ?\d{1,2}[日일]"
)
_MONTHS = (
    "jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?"
    "|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?"
)
_MONTH = re.compile(rf"(?i)({_MONTHS})-?")
_DATED = re.compile(rf"(?i)\d{{1,2}}-({_MONTHS})|({_MONTHS})-?\d{{1,4}}")
# Dashes that keyboards and programs put for a hyphen, and marks of direction, which nobody sees.
_DASHES = dict.fromkeys([*range(0x2010, 0x2016), 0x2212], "-")
_UNSEEN = dict.fromkeys([0x061C, 0x200E, 0x200F, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


@dataclass(frozen=True)
class Question:
    """One question of the form, and one column of the sheet it is typed into.

    Parameters
    ----------
    key : str
        Name of the column.
    code : str
        What stands before the question on paper, in every language the same,
        so that somebody who cannot read the language knows where an answer goes.
    label : str
        The question, in English.
    hint : str
        What may be written, in English; empty for none.
    lines : int
        How many lines there are to write on.
    """

    key: str
    code: str
    label: str
    hint: str = ""
    lines: int = 1


CONSENT = Question("consent", "1", mark("Who may see it"))
CHOICES = {"private": "1a", "commission": "1b", "public": "1c"}
"""What people may agree to, and the code of its box."""
ABOUT = (
    Question("name", "2", mark("Name of the community"), mark("What the people who live there call it.")),
    Question("languages", "3", mark("Languages spoken")),
    Question("told_in", "4", mark("Language you write in")),
)
SHARED = (
    Question("culture", "5a", mark("Culture"), mark("Customs, food, festivals, where families came from."), 3),
    Question("language", "5b", mark("Language"), mark("At home, in shops, and where help in it is needed."), 3),
    Question("schools", "5c", mark("Schools"), mark("Where children and adults learn."), 3),
    Question("worship", "5d", mark("Worship"), mark("Temples, mosques, churches and other places."), 3),
    Question("work", "5e", mark("Work"), mark("Jobs, shops, how people get to work."), 3),
    Question("services", "5f", mark("Services"), mark("Clinics, libraries, parks, buses, who helps whom."), 3),
    Question("history", "5g", mark("History"), mark("What happened there that people remember."), 3),
    Question("other", "5h", mark("Other"), "", 3),
)
KEEP_WHOLE = Question("keep_whole", "6a", mark("Keep it in one district"))
ASKED = (
    Question("keep_with", "6b", mark("Keep together with"), mark("Names of neighboring places."), 1),
    Question("not_with", "6c", mark("Do not join with"), mark("Names of neighboring places."), 1),
    Question("ask", "6d", mark("Ask in your own words"), "", 3),
)
STREETS = (
    Question("street_north", "7a", mark("To the north")),
    Question("street_east", "7b", mark("To the east")),
    Question("street_south", "7c", mark("To the south")),
    Question("street_west", "7d", mark("To the west")),
)
PLACES = (
    Question("landmarks", "7e", mark("Places that everybody there knows"), "", 2),
    Question("neighborhoods", "7f", mark("Neighborhoods in it"), "", 2),
)
NUMBERS = Question("numbers", "8", mark("Numbers on the map inside the line"), mark("Such as:"), 2)
EXAMPLE = "1 to 4, 7, 12"
"""How numbers are written, in every language the same."""
GEOIDS = Question("geoids", "9", mark("Ids of census units (GEOIDs), if you know them"), "", 1)

QUESTIONS: tuple[Question, ...] = (
    CONSENT, *ABOUT, *SHARED, KEEP_WHOLE, *ASKED, *STREETS, *PLACES, NUMBERS, GEOIDS,
)  # fmt: skip
"""Every question, in the order of the form."""
OF_SHEET = (
    Question("form", "", mark("Form number")),
    Question("map_code", "", mark("Map code")),
    Question("typed_by", "", mark("Typed by (initials or a number, no name)")),
    Question("typed_on", "", mark("Typed on (year-month-day)")),
)
"""Columns of the sheet that the form does not ask for."""
SHEET: tuple[Question, ...] = (*OF_SHEET, *QUESTIONS)
"""Every column of the sheet."""


@dataclass(frozen=True)
class PaperKey:
    """Which census unit each number on the map of a form stands for.

    Parameters
    ----------
    geoids : tuple of str
        Ids as text, in order: number 1 is the first.
    level : str
        Level of geography.
    year : int or None
        Vintage of the geography.
    names : tuple of str
        A name for each, or none at all.
    squares : tuple of str
        The square of the map's grid in which each number stands, or none at all.
    sample : bool
        True for a map made of sample data.

    Raises
    ------
    SchemaError
        There is no id, or one stands twice.

    Examples
    --------
    >>> key = PaperKey(("36061000100", "36061000201", "36061000202"), "tract", 2020)
    >>> key.find("1, 3"), key.code
    (('36061000100', '36061000202'), '7A0D-04BF')
    """

    geoids: tuple[str, ...]
    level: str = ""
    year: int | None = None
    names: tuple[str, ...] = ()
    squares: tuple[str, ...] = ()
    sample: bool = False

    def __post_init__(self) -> None:
        if not self.geoids or len(set(self.geoids)) < len(self.geoids):
            doubled = sorted({one for one in self.geoids if self.geoids.count(one) > 1})
            raise SchemaError(f"a key names each census unit once; found {first_few(doubled) or 'none at all'}.")
        for told in (self.names, self.squares):
            if told and len(told) != len(self.geoids):
                raise SchemaError(f"a key of {len(self.geoids):,} units has {len(told):,} names or squares.")

    def __len__(self) -> int:
        return len(self.geoids)

    def __repr__(self) -> str:
        """Say what it is in a line."""
        return f"PaperKey({len(self):,} units, level={self.level!r}, year={self.year}, code={self.code!r})"

    @property
    def code(self) -> str:
        """What is printed on every map that this key belongs to.

        Returns
        -------
        str
            Eight characters of the SHA-256 of level, year, ids in order, and whether it is a sample.
        """
        said = "\n".join([self.level, str(self.year or ""), *self.geoids, *(["sample"] if self.sample else [])])
        digits = hashlib.sha256(said.encode("utf-8")).hexdigest()[:8].upper()
        return f"{digits[:4]}-{digits[4:]}"

    def find(self, text: str) -> tuple[str, ...]:
        """Turn numbers as people write them into GEOIDs.

        Parameters
        ----------
        text : str
            Such as ``"1 to 4, 7, 12"``.

        Returns
        -------
        tuple of str
            Each once, in the order of the key.

        Raises
        ------
        InputError
            Something is no number, or no unit has it; the message does not say where it stood.
        """
        wanted = numbers_of(text)
        unknown = [number for number in wanted if not 1 <= number <= len(self)]
        if unknown:
            raise InputError(
                f"the map has no number {first_few(unknown)}; its numbers are 1 to {len(self):,}. Look at the form "
                "again, and take the key whose code is on its map."
            )
        return tuple(self.geoids[number - 1] for number in wanted)

    def numbers(self, geoids: Sequence[str]) -> str:
        """Write GEOIDs as the numbers on the map.

        Parameters
        ----------
        geoids : sequence of str
            Ids of the key.

        Returns
        -------
        str
            Such as ``"1 to 4, 7, 12"``.

        Raises
        ------
        InputError
            Some are not in the key.
        """
        place = {one: number for number, one in enumerate(self.geoids, 1)}
        lacking = [one for one in geoids if one not in place]
        if lacking:
            raise InputError(f"the key has no number for {first_few(lacking)}; it numbers {len(self):,} other units.")
        runs: list[list[int]] = []
        for number in sorted({place[one] for one in geoids}):
            if runs and number == runs[-1][-1] + 1:
                runs[-1].append(number)
            else:
                runs.append([number])
        return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


def plain_signs(text: str) -> str:
    """Write digits, letters and dashes as the form prints them, where a keyboard of another script was used.

    Parameters
    ----------
    text : str
        As it is typed, such as ``"１〜４"`` or ``"OAK–12"``.

    Returns
    -------
    str
        Digits of every script as 0 to 9, wide letters and signs as narrow
        ones, every dash as a hyphen; marks of direction are taken out.

    Examples
    --------
    >>> plain_signs("ＯＡＫ–１２"), plain_signs("១៤")
    ('OAK-12', '14')
    """
    signs = text.translate(_UNSEEN)
    wide = (chr(ord(one) - 0xFEE0) if "！" <= one <= "～" else one for one in signs)
    return "".join(str(unicodedata.decimal(one, one)) for one in wide).translate(_DASHES)


def numbers_of(text: str) -> tuple[int, ...]:
    """Read a list of numbers.

    Parameters
    ----------
    text : str
        Numbers with commas, semicolons or blanks between, and ranges such as ``1-4`` or ``1 to 4``.

    Returns
    -------
    tuple of int
        Each once, rising.

    Raises
    ------
    InputError
        Something is no number, runs backwards, or a spreadsheet made a date of it.

    Examples
    --------
    >>> numbers_of("7, 1 to 4; 12")
    (1, 2, 3, 4, 7, 12)
    """
    found: set[int] = set()
    for piece in re.split(r"[,;\n、،]", plain_signs(text)):
        bare = " ".join(piece.split()).rstrip(".。")
        run = _RANGE.fullmatch(bare)
        if run:
            low, high = int(run[1]), int(run[2])
            if low > high:
                raise InputError(f"{bare!r} runs backwards; write the smaller number first.")
            if high - low > 1_000_000:
                raise InputError(f"{bare!r} is no range of numbers on a map.")
            found |= set(range(low, high + 1))
        elif _DATE.fullmatch(bare):
            raise InputError(
                f"{bare!r} looks like a date that a spreadsheet made of a range; write it as 1 to 4 and keep the "
                "column as text."
            )
        elif re.fullmatch(r"\d{1,9}( \d{1,9})*", bare):
            found |= {int(one) for one in bare.split()}
        elif bare:
            raise InputError("numbers are written like 1 to 4, 7, 12; something else stands among them.")
    return tuple(sorted(found))


def form_numbers(numbers: Sequence[int] | str, prefix: str = "") -> tuple[str, ...]:
    """Give each form its number.

    Parameters
    ----------
    numbers : sequence of int, or str
        Such as ``range(1, 51)`` or ``"1-50"``.
    prefix : str
        What stands before each, so that forms of two groups never share a number.

    Returns
    -------
    tuple of str
        Such as ``("OAK-1", "OAK-2")``.

    Raises
    ------
    InputError
        There are too many, a number is below 1, or the prefix is not of letters,
        digits and dashes with a letter first.

    Examples
    --------
    >>> form_numbers("1-3", "OAK-")
    ('OAK-1', 'OAK-2', 'OAK-3')
    """
    if not isinstance(numbers, Iterable):
        raise InputError(f"numbers= is such as '1-50', or a list of whole numbers; got {numbers!r}.")
    given: tuple[Any, ...] = numbers_of(numbers) if isinstance(numbers, str) else tuple(numbers)
    if len(given) > MOST_FORMS:
        raise InputError(f"{len(given):,} forms are too many for one file; make at most {MOST_FORMS} at once.")
    wrong = [one for one in given if isinstance(one, bool) or not isinstance(one, int) or one < 1]
    if wrong:
        raise InputError(f"forms are numbered from 1 in whole numbers; got {first_few(wrong)}.")
    if prefix and not prefix[0].isalpha():
        raise InputError(
            f"a prefix begins with a letter, such as OAK-; of {prefix[:20]}1 a spreadsheet may make another number or "
            "a date."
        )
    if _MONTH.fullmatch(prefix):
        raise InputError(f"a spreadsheet would make a date of {prefix}1; choose a prefix that is no month.")
    named = tuple(f"{prefix}{one}" for one in dict.fromkeys(given))
    return tuple(form_number(one) for one in named)


def form_number(text: str) -> str:
    """Check the number of a form, which says nothing about anybody.

    Parameters
    ----------
    text : str
        As it is typed.

    Returns
    -------
    str
        Without blanks around it.

    Raises
    ------
    InputError
        It is not of letters, digits and dashes, or it is a date.
    """
    bare = plain_signs(text).strip().removesuffix(".0")
    if not _NUMBER.fullmatch(bare):
        raise InputError(f"a form number is of letters, digits and dashes, such as 12 or OAK-12; got {text[:40]!r}.")
    if _DATED.fullmatch(bare):
        raise InputError(f"{bare!r} looks like a date that a spreadsheet made of a form number; type the number again.")
    return bare


def pseudonym(number: str) -> str:
    """Give the name by which the kit knows who filled a form, and under which the contact sheet is kept.

    Parameters
    ----------
    number : str
        Number of the form.

    Returns
    -------
    str
        Such as ``"form-12"``.
    """
    return f"form-{number}"
