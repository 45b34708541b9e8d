"""A paper form on which people tell of their community with a pen, as a tagged PDF."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.errors import InputError
from kit.i18n.breaks import drawn
from kit.i18n.catalogues import draft_stamp
from kit.i18n.messages import joined, mark, term
from kit.maps.page import SAMPLE_STAMP
from kit.maps.pen_map import PenMap
from kit.model.paper import (
    ABOUT,
    ASKED,
    CHOICES,
    CONSENT,
    EXAMPLE,
    GEOIDS,
    KEEP_WHOLE,
    NUMBERS,
    PLACES,
    SHARED,
    STREETS,
    PaperKey,
    Question,
)
from kit.report.output import svg_of, typeset
from kit.report.packet_runs import marked
from kit.report.paper_words import worded
from kit.settings import language_in_force

PAPERS = {"letter": "us-letter", "legal": "us-legal", "a4": "a4"}
"""Sizes of paper, and what the typesetter calls them."""
_TYPING = ("words", "codes", "consent", "unread", "numbers", "contact", "twice")
_CONTACT = (("name", 1), ("email", 1), ("phone", 1), ("address", 2), ("note", 2))
_LEGAL = mark("Not legal advice; confirm with counsel.")


@dataclass(frozen=True)
class FormParts:
    """Everything that a form prints.

    Parameters
    ----------
    numbers : tuple of str
        A form is printed for each; none for one form whose number is written by hand.
    key : PaperKey or None
        What the numbers on its maps stand for.
    maps : PenMap or None
        The maps.
    body, law : str
        The hearing body whose rules on wording are printed, and where they stand.
    advice : tuple of str
        Those rules; none for no advice.
    collector, return_to : str
        Who collects the forms, and where they are handed in.
    page : {"letter", "legal", "a4"}
        Size of the paper.
    """

    numbers: tuple[str, ...] = ()
    key: PaperKey | None = None
    maps: PenMap | None = None
    body: str = ""
    law: str = ""
    advice: tuple[str, ...] = ()
    collector: str = ""
    return_to: str = ""
    page: str = "letter"


def write_form(parts: FormParts, path: str | os.PathLike[str]) -> Path:
    """Set the form in the language in force.

    Parameters
    ----------
    parts : FormParts
        What it prints.
    path : path-like
        PDF to write, atomically.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    InputError
        There is no paper of that size.
    KitError
        The page does not meet PDF/UA-1, or the fonts lack letters of it.

    Notes
    -----
    It is a form for a pen: it has no fields to fill in on a screen, which the
    typesetter cannot make. Every question has a code that is the same in all
    languages. The sheet with the contact begins on a leaf of its own, also
    where paper is printed on both sides, and so does the key for those who
    type, which stands once at the end. The same parts give the same bytes.
    """
    if parts.page not in PAPERS:
        raise InputError(f"paper is {', '.join(PAPERS)}; got {parts.page!r}.")
    sheets = () if parts.maps is None else parts.maps.sheets
    drawings = {f"map_{at}.svg": svg_of(sheet.figure, printed=True) for at, sheet in enumerate(sheets, 1)}
    return typeset("paper.typ", path, data=_data(parts), svgs=drawings)


def _data(parts: FormParts) -> dict[str, Any]:
    """Lay out what the template prints."""
    code = "" if parts.key is None else parts.key.code
    stamps = [draft_stamp(language_in_force())]
    if parts.key is not None and parts.key.sample:
        stamps.append(term(SAMPLE_STAMP))
    foot = worded("collector", collector=parts.collector) if parts.collector else ""
    told = {
        "stamps": [stamp for stamp in stamps if stamp],
        "foot": joined([foot, term(_LEGAL)]),
        "w": {key: worded(key) for key in ("number", "code", "shared", "asks", "where", "streets")},
        "intro": _intro(parts),
        "consent": _consent(),
        "about": [_question(one) for one in ABOUT],
        "advice": _advice(parts),
        "shared": [_question(one) for one in SHARED],
        "keep": _question(KEEP_WHOLE),
        "asks": [_question(one) for one in ASKED],
        "streets": [_question(one) for one in STREETS],
        "places": [_question(one) for one in PLACES],
        "numbers": _question(NUMBERS),
        "geoids": _question(GEOIDS),
        "drawing": _drawing(parts),
        "source": _drawn_from(parts),
        "maps": _maps(parts),
        "contact": _contact(parts),
        "typing": {"title": worded("typing"), "items": [worded(f"type_{one}") for one in _TYPING]},
        "key": _key(parts),
    }
    printed: dict[str, Any] = marked(told)
    # The title and the number of a page are text; codes, ids and names are the same in every language.
    printed["w"]["page"] = str(worded("page", number="{0}", total="{1}"))
    printed["numbers"]["example"] = EXAMPLE
    printed["key"]["rows"] = _rows(parts.key)
    return {
        **printed,
        "title": str(worded("title")),
        "paper": PAPERS[parts.page],
        "code": code,
        "law": parts.law,
        "forms": list(parts.numbers or ("",)),
    }


def _question(one: Question) -> dict[str, Any]:
    """Lay out a question with the room for its answer."""
    hint = term(one.hint) if one.hint else ""
    return {"code": one.code, "label": term(one.label), "hint": hint, "lines": one.lines}


def _intro(parts: FormParts) -> list[str]:
    """Say what the form is for."""
    told = [worded("collector", collector=parts.collector)] if parts.collector else []
    told += [worded("return", place=parts.return_to)] if parts.return_to else []
    return [joined([worded("intro"), worded("no_names")]), *([joined(told)] if told else [])]


def _consent() -> dict[str, Any]:
    """Lay out who may see it."""
    choices = [{"code": code, "label": worded(kind), "hint": worded(f"{kind}_hint")} for kind, code in CHOICES.items()]
    return {"code": CONSENT.code, "label": term(CONSENT.label), "hint": worded("consent"), "choices": choices}


def _advice(parts: FormParts) -> dict[str, Any]:
    """Lay out what the rules of the body do not admit."""
    if not parts.advice:
        return {"items": []}
    return {
        "title": worded("advice"),
        "lead": worded("advice_lead", body=parts.body),
        "items": [term(one) for one in parts.advice],
        "after": worded("advice_after"),
    }


def _drawing(parts: FormParts) -> list[str]:
    """Say how to draw."""
    several = parts.maps is not None and len(parts.maps.sheets) > 1
    return [worded("draw"), *([worded("draw_many")] if several else [])]


def _drawn_from(parts: FormParts) -> str:
    """Name what the maps are drawn from."""
    sources = () if parts.maps is None else parts.maps.sources
    return worded("source", sources=joined([one.citation() for one in sources])) if sources else ""


def _maps(parts: FormParts) -> list[dict[str, Any]]:
    """Lay out the maps."""
    sheets = () if parts.maps is None else parts.maps.sheets
    total = len(sheets)
    return [
        {
            "map": f"map_{at}.svg",
            "alt": drawn(str(sheet.alt)),
            "wide": sheet.wide,
            "title": worded("map_of", number=at, total=total) if total > 1 else worded("map"),
        }
        for at, sheet in enumerate(sheets, 1)
    ]


def _contact(parts: FormParts) -> dict[str, Any]:
    """Lay out the sheet that is kept apart."""
    fields = [{"code": "", "label": worded(f"contact_{name}"), "hint": "", "lines": lines} for name, lines in _CONTACT]
    foot = worded("return", place=parts.return_to) if parts.return_to else ""
    return {
        "title": worded("contact"),
        "intro": [worded("contact_apart"), worded("contact_free")],
        "fields": fields,
        "foot": foot,
    }


def _key(parts: FormParts) -> dict[str, Any]:
    """Lay out the list of what the numbers stand for."""
    named = parts.key is not None and bool(parts.key.names)
    heads = [worded(f"key_{one}") for one in ("number", "id", "square", *(["name"] if named else []))]
    return {"title": worded("key"), "heads": heads, "columns": 2 if named else 3}


def _rows(key: PaperKey | None) -> list[list[str]]:
    """List number, id and square, and the name where there are names."""
    if key is None:
        return []
    squares, names = key.squares or [""] * len(key), [[one] for one in key.names] or [[]] * len(key)
    return [
        [str(number), geoid, square, *name]
        for number, (geoid, square, name) in enumerate(zip(key.geoids, squares, names, strict=True), 1)
    ]
