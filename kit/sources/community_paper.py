"""Communities from paper forms that somebody typed: checked, nothing guessed, nothing merged unseen."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kit.errors import InputError, SchemaError, first_few
from kit.files import sha256
from kit.i18n.messages import Message, say
from kit.model.community import Community
from kit.model.community_area import ListedArea, UnitFinder
from kit.model.frames import Units
from kit.model.geoid import as_geoids
from kit.model.paper import CHOICES, QUESTIONS, SHARED, STREETS, UNREADABLE, PaperKey, plain_signs, pseudonym
from kit.model.source import Source
from kit.model.submissions import Submissions
from kit.model.things import few
from kit.sources.paper_compare import compare_rows, require_alike
from kit.sources.paper_files import SheetRow, read_paper_key, read_sheet

_CODES = {one.key: one.code for one in QUESTIONS}
_YES = {"x", "yes", "y", "1", "true", "✓", "✔", "☑", "☒"}
_NO = {"", "no", "n", "0", "false", "-", "☐"}
_LANGUAGES = re.compile(r"[;,\n、，；،]")
_PLACES = re.compile(r"[;\n；]")
_WORD_LOST = "[?]"
_CONTACT = re.compile(r"[^\s@]+@[^\s@]+\.\w{2,}|(?<![\d-])(\+?1[\s.-]?)?\(?\d{3}\)?[\s.-]?\d{3}[\s.-]\d{4}(?!\d)")
# Digits without a break, or after a plus, may be a telephone number too; ids of census units have more or fewer.
_NUMBER = re.compile(r"(?<![\d+])\d{10}(?!\d)|\+\d[\d\s().-]{6,}\d")
_ID = re.compile(r"[\d.,]+([eE]\+?\d+)?|\d*US\d*|(?=.*\d)[\w.-]+", re.ASCII)
_CODE = re.compile(r"[0-9a-f]{8}")
_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%m/%d/%Y", "%m/%d/%y")


@dataclass
class _Flags:
    """What a coordinator must look at, by kind: forms and the codes of their questions."""

    unread: list[tuple[str, str]] = field(default_factory=list)
    contact: list[tuple[str, str]] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    nowhere: list[str] = field(default_factory=list)
    uncoded: list[str] = field(default_factory=list)


def read_paper_forms(
    path: str | os.PathLike[str],
    units: Units | None = None,
    *,
    key: PaperKey | str | os.PathLike[str] | None = None,
    year: int | None = None,
    collector: str = "",
) -> Submissions:
    """Read the sheet into which paper forms were typed.

    Parameters
    ----------
    path : path-like
        CSV that `paper_sheet` made and somebody filled.
    units : Units, optional
        The units that the forms are for; ids that are not among them are refused.
    key : PaperKey or path-like, optional
        What the numbers on the forms' map stand for; needed where numbers were typed.
    year : int, optional
        Vintage of GEOIDs that were typed, where there is no key.
    collector : str
        Id of the group that collected the forms, no name of a person.

    Returns
    -------
    Submissions
        One community a form, in the order of the sheet, with the words as they
        were typed. Notes say what could not be read, which forms say nothing of
        who may see them, and what may be contact data, each with its forms.

    Raises
    ------
    InputError
        There is no such file, a column holds contact data, or numbers were typed and no key is given.
    SchemaError
        A number is not on the map, the map code is another key's, an answer has
        no meaning, or one form was typed twice and not alike; the message names
        row and form.

    Notes
    -----
    A form that does not say who may see it is private. ``?`` marks an answer
    that cannot be read: it is kept in words, never taken for an answer, and
    named in the notes and in ``extra`` of the community. The submitter is the
    form's number; who that is, the contact file alone knows, and who typed it, the
    sheet.
    """
    found = key if key is None or isinstance(key, PaperKey) else read_paper_key(key)
    if found is not None and units is not None:
        _require_same_units(found, units)
    sheet = read_sheet(path)
    if not sheet.rows:
        raise SchemaError(f"{sheet.file} has no form with an answer. Type the forms into it first.")
    compared = compare_rows(sheet.rows)
    require_alike(compared)
    once = {row.form: row for row in reversed(sheet.rows)}
    flags = _Flags()
    vintage = year if found is not None or units is None else units.year
    finder = None if units is None else UnitFinder(units.frame.index)
    made = []
    for row in sorted(once.values(), key=lambda one: one.row):
        try:
            made.append(_community(row, flags, found, vintage, collector))
            _require_units(made[-1], finder)
        except InputError as error:
            raise SchemaError(f"{row.where}: {error}") from None
    return Submissions(
        tuple(made), (_source(Path(path), made, found, units),), tuple(_notes(flags, found, sheet.empty, compared.both))
    )


def _source(path: Path, made: Sequence[Community], key: PaperKey | None, units: Units | None) -> Source:
    """Say where the communities came from."""
    sample = (key is not None and key.sample) or (units is not None and any(one.sample for one in units.sources))
    told = f"{len(made):,} forms, {sum(one.area is None for one in made):,} of them without an area."
    return Source(f"paper forms typed in {path.name}", where=path.name, sha256=sha256(path), note=told, sample=sample)


def _require_same_units(key: PaperKey, units: Units) -> None:
    """Refuse the key of other units."""
    lacking = [one for one in key.geoids if one not in units.frame.index]
    if lacking:
        raise SchemaError(
            f"{len(lacking):,} of {len(key):,} ids of the key {key.code} are not among the {len(units):,} "
            f"{units.plural}: {first_few(lacking)}. Pass the units that the form was made of."
        )
    if key.year and units.year and key.year != units.year:
        raise SchemaError(
            f"the key {key.code} is of {key.year}, and these {units.plural} are of {units.year}: one id may have "
            "another outline. Pass the units that the form was made of."
        )


def _require_units(one: Community, finder: UnitFinder | None) -> None:
    """Refuse GEOIDs that are not among the units."""
    if finder is None or one.area is None or one.area.kind != "units":
        return
    absent = finder.find(one.area)[1]
    if absent:
        raise InputError(f"no unit has the id {first_few(absent)}; look at the form again.")


def _community(row: SheetRow, flags: _Flags, key: PaperKey | None, year: int | None, collector: str) -> Community:
    """Understand one form."""
    cells, form = row.cells, row.form
    _flag_texts(row, flags)
    lost = [name for name, text in cells.items() if text == UNREADABLE and name in _CODES]
    said = {name: "" if text == UNREADABLE else text for name, text in cells.items()}
    name = " ".join(said["name"].split())
    if not name:
        flags.unnamed.append(form)
    area = _area(row, said, key, year, flags)
    if area is None and not {"numbers", "geoids"} & set(lost):
        flags.nowhere.append(form)
    beside = {
        "neighborhoods": cells["neighborhoods"],
        "typed on": cells["typed_on"],
        "unreadable": ", ".join(_CODES[one] for one in lost),
    }
    when = _typed_on(cells["typed_on"])
    data: dict[str, Any] = {} if when is None else {"made": when}
    data |= {
        "id": f"form-{form}",
        "name": name or f"Community of form {form}",
        "submitter": pseudonym(form),
        # What cannot be read is kept as it was typed, so that it is not taken for no answer.
        "in_common": {one.key: cells[one.key] for one in SHARED},
        "asks": _asks(row, said),
        "bounds": [f"{one.key.removeprefix('street_')}: {said[one.key]}" for one in STREETS if said[one.key]],
        "landmarks": [{"name": one} for one in _listed(said["landmarks"], _PLACES)],
        "languages": _listed(said["languages"], _LANGUAGES),
        "told_in": said["told_in"],
        "consent": _consent(said["consent"], form, flags, lost="consent" in lost),
        "collected": {"how": "paper", "collector": collector, "file": row.file, "row": row.row},
        "area": area,
        "extra": {name: text for name, text in beside.items() if text},
    }
    return Community(**data)


def _flag_texts(row: SheetRow, flags: _Flags) -> None:
    """Note what cannot be read, and what may tell how to reach somebody."""
    for name, code in _CODES.items():
        text = row.cells[name]
        if text == UNREADABLE or _WORD_LOST in text:
            flags.unread.append((row.form, code))
        if name not in {"numbers", "geoids"} and _may_reach(text):
            flags.contact.append((row.form, code))
    if _may_reach(row.cells["typed_by"]):
        raise InputError("typed_by holds an address or telephone number; type initials or a number.")


def _may_reach(text: str) -> bool:
    """Tell whether words may hold an address or a telephone number."""
    plain = plain_signs(text)
    return bool(_CONTACT.search(plain) or _NUMBER.search(plain))


def _consent(text: str, form: str, flags: _Flags, *, lost: bool) -> str:
    """Read who may see it; what is not said is private."""
    told = re.sub(r"\s+", "", plain_signs(text)).casefold().rstrip(".)")
    words = {kind: kind for kind in CHOICES} | {code: kind for kind, code in CHOICES.items()}
    words |= {code[1:]: kind for kind, code in CHOICES.items()}
    if told in words:
        return words[told]
    several = re.split(r"[,;/+&、،]", told)
    if not told or (len(several) > 1 and all(one in words for one in several)):
        if not lost:
            flags.silent.append(form)
        return "private"
    raise InputError("consent is 1a, 1b or 1c (private, commission, public), or empty. Look at the form again.")


def _asks(row: SheetRow, said: dict[str, str]) -> list[dict[str, Any]]:
    """Read what is asked for."""
    ticked = said["keep_whole"].casefold()
    if ticked not in _YES | _NO:
        raise InputError("keep_whole is x where the box is ticked, or empty.")
    asks: list[dict[str, Any]] = [{"kind": "keep_whole"}] if ticked in _YES else []
    for kind in ("keep_with", "not_with"):
        places = _listed(said[kind], _PLACES)
        if places:
            asks.append({"kind": kind, "places": places})
    if row.cells["ask"].strip():
        asks.append({"kind": "other", "words": row.cells["ask"]})
    return asks


def _area(
    row: SheetRow, said: dict[str, str], key: PaperKey | None, year: int | None, flags: _Flags
) -> ListedArea | None:
    """Find the units that numbers and GEOIDs name."""
    geoids: list[str] = []
    if said["numbers"]:
        if key is None:
            raise InputError("numbers of a map were typed, and no key says what they stand for; pass key=.")
        _require_code(said["map_code"], key)
        if not said["map_code"]:
            flags.uncoded.append(row.form)
        geoids += key.find(said["numbers"])
    typed = list(dict.fromkeys(one for one in re.split(r"[\s,;、،]+", plain_signs(said["geoids"])) if one))
    if typed and _CONTACT.search(plain_signs(said["geoids"])):
        raise InputError("geoids holds an address or telephone number; take it out, it belongs in the contact file.")
    if not all(_ID.fullmatch(one) for one in typed):
        raise InputError("geoids holds words; ids of census units are of digits. Look at the form again.")
    if typed:
        found, _ = as_geoids(typed, level=key.level if key is not None and key.level else None, what="geoids")
        geoids += found.tolist()
    if not geoids:
        return None
    return ListedArea(geoids=tuple(dict.fromkeys(geoids)), year=key.year if key is not None else year)


def _require_code(text: str, key: PaperKey) -> None:
    """Refuse numbers of another map."""
    plain = re.sub(r"[^0-9a-z]", "", plain_signs(text).casefold())
    if plain and plain != UNREADABLE and plain != key.code.replace("-", "").casefold():
        named = f" {text!r}" if _CODE.fullmatch(plain) else ""
        raise InputError(
            f"the form's map has another code{named} than this key, {key.code}. Take the key that was written with the "
            "form."
        )


def _listed(text: str, between: re.Pattern[str]) -> list[str]:
    """Take a list apart, each name once."""
    return list(dict.fromkeys(" ".join(one.split()) for one in between.split(text) if one.strip()))


def _typed_on(text: str) -> datetime | None:
    """Read the day on which a form was typed."""
    if not text or text == UNREADABLE:
        return None
    for pattern in _DATES:
        try:
            return datetime.strptime(plain_signs(text), pattern).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise InputError("typed_on is a day such as 2026-07-01.")


def _notes(flags: _Flags, key: PaperKey | None, empty: int, twice: Sequence[str]) -> Iterable[Message]:
    """Say what a coordinator must look at."""
    if flags.unread:
        yield say("Answers marked as unreadable, which are no answers: {places}.", places=_answers(flags.unread))
    if flags.contact:
        yield say(
            "Answers that may hold an e-mail address or a telephone number, which belongs in the contact file: "
            "{places}.",
            places=_answers(flags.contact),
        )
    if flags.silent:
        yield say("Forms that do not say who may see them, kept private: {forms}.", forms=few(flags.silent))
    if flags.unnamed:
        yield say("Forms without a name of the community, called by their number: {forms}.", forms=few(flags.unnamed))
    if flags.nowhere:
        yield say("Forms that name no census unit: {forms}.", forms=few(flags.nowhere))
    if flags.uncoded and key is not None:
        yield say(
            "Forms whose map code was not typed, read with the key {code}: {forms}.",
            code=key.code,
            forms=few(flags.uncoded),
        )
    if twice:
        yield say("Forms typed twice and alike, taken once: {forms}.", forms=few(twice))
    if empty:
        yield say("Rows of the sheet without an answer, left aside: {count:,}.", count=empty)


def _answers(found: Sequence[tuple[str, str]]) -> Message:
    """Name answers by form and question."""
    return few([say("form {number} ({question})", number=form, question=code) for form, code in found], 8)
