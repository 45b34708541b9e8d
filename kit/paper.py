"""Paper forms from first to last: the form with its maps, their key, and the sheet to type into."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from kit.drawing import near_units
from kit.errors import InputError, KitError, first_few
from kit.i18n.messages import Message, joined, say
from kit.intake.wording import BodyRules, body_rules
from kit.maps.pen_map import PenMap, pen_map
from kit.model.context import Context
from kit.model.crs import GEOGRAPHIC, one_datum
from kit.model.frames import Units
from kit.model.paper import PaperKey, form_numbers
from kit.model.source import Source
from kit.report.paper_form import FormParts, write_form
from kit.sources.paper_files import paper_sheet, read_paper_key, write_paper_key


@dataclass(frozen=True)
class PaperForm:
    """A form that was written, and what goes with it.

    Parameters
    ----------
    files : tuple of pathlib.Path
        The PDF, the sheet to type into and, where there is a map, its key.
    key : PaperKey or None
        What the numbers on the map stand for.
    numbers : tuple of str
        Numbers of the forms in the PDF; none where they are written by hand.
    maps : int
        How many maps a form has.
    sources : tuple of Source
        Of everything on the maps.
    notes : tuple of str
        What whoever hands out the forms must know.
    """

    files: tuple[Path, ...]
    key: PaperKey | None = None
    numbers: tuple[str, ...] = ()
    maps: int = 0
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    def summary(self) -> Message:
        """Say what was written.

        Returns
        -------
        str
            Sentences with counts.
        """
        told = [say("Forms: {count:,}.", count=max(len(self.numbers), 1))]
        if self.key is not None:
            told.append(
                say(
                    "Maps in each: {maps}, with the numbers 1 to {last:,} and the map code {code}.",
                    maps=self.maps,
                    last=len(self.key),
                    code=self.key.code,
                )
            )
        return joined([*told, *self.notes])


def paper_form(
    path: str | os.PathLike[str],
    units: Units | None = None,
    *,
    within: Sequence[str] | str = (),
    extent: Sequence[float] | None = None,
    context: Any = None,
    numbers: Sequence[int] | str = (),
    prefix: str = "",
    body: str | os.PathLike[str] | BodyRules | None = None,
    collector: str = "",
    return_to: str = "",
    page: str = "letter",
) -> PaperForm:
    """Write a form on which people tell of their community with a pen, in the language in force.

    Parameters
    ----------
    path : path-like
        PDF to write. Beside it stand ``…_sheet.csv``, into which forms are
        typed, and ``…_key.csv``, what the numbers on the map stand for.
    units : Units, optional
        Census units with polygons to draw on; without them the form asks for
        streets, places and GEOIDs only.
    within : sequence of str, or str
        Only units whose GEOID begins with one of these, such as the ids of tracts.
    extent : sequence of float, optional
        West, south, east and north in degrees; only units with their middle inside.
    context : Context or mapping, optional
        Water, roads and places, as maps take them, and every street where
        `kit.read_context` kept them (``streets=True``); a map without streets
        is hard to draw on.
    numbers : sequence of int, or str
        A form for each, such as ``"1-50"``; none for one form whose number is written by hand.
    prefix : str
        What stands before each number, so that forms of two groups never share one.
    body : str, path-like or BodyRules, optional
        The hearing body whose rules on wording are printed as advice, such as ``"california"``.
    collector, return_to : str
        Who collects the forms, and where they are handed in. No person's address belongs here.
    page : {"letter", "legal", "a4"}
        Size of the paper.

    Returns
    -------
    PaperForm
        The files, the key and what to know.

    Raises
    ------
    InputError
        No unit is left, there are more than can be numbered readably, or the
        sheet or the key of another map is there already.
    KitError
        The page does not meet PDF/UA-1, or the fonts lack letters of the language.

    Notes
    -----
    The PDF is tagged (PDF/UA-1) and made to be printed: it has no fields to
    fill in on a screen. The sheet with the contact is a leaf of its own and
    carries nothing but the form's number; what it says goes into
    the book of `kit.intake.contacts` under ``form-<number>`` and is never
    typed with the rest. A number inside the drawn line belongs to the community.

    Examples
    --------
    >>> import kit, tempfile
    >>> form = paper_form(Path(tempfile.mkdtemp()) / "form.pdf", numbers="1-3")
    >>> [file.name for file in form.files], form.numbers
    (['form.pdf', 'form_sheet.csv'], ('1', '2', '3'))
    """
    target = Path(path).with_suffix(".pdf")
    sheet, listed = (target.with_name(f"{target.stem}_{what}.csv") for what in ("sheet", "key"))
    if sheet.exists():
        raise InputError(f"{sheet.name} is there already and may hold what somebody typed. Name another file.")
    if units is None and (within or extent is not None or context is not None):
        raise InputError("within=, extent= and context= are of the map; pass the units that it shows as well.")
    named = form_numbers(numbers, prefix)
    rules = None if body is None else body if isinstance(body, BodyRules) else body_rules(body)
    key, maps = (None, None) if units is None else _drawn(_part(units, within, extent), context)
    if key is not None:
        _require_own_key(listed, key)
    parts = FormParts(
        named,
        key,
        maps,
        body=rules.body if rules else "",
        law=rules.law if rules else "",
        advice=tuple(str(rule["why"]) for rule in rules.rules) if rules else (),
        collector=collector,
        return_to=return_to,
        page=page,
    )
    files = [write_form(parts, target)]
    files.append(paper_sheet(sheet, numbers=numbers, prefix=prefix))
    if key is not None:
        files.append(write_paper_key(key, listed))
    sources = () if maps is None else maps.sources
    return PaperForm(tuple(files), key, named, 0 if maps is None else len(maps.sheets), sources, tuple(_notes(named)))


def _require_own_key(path: Path, key: PaperKey) -> None:
    """Refuse to write over the key of another map: its forms may be printed, and cannot be read without it."""
    if not path.exists():
        return
    try:
        known = read_paper_key(path).code
    except KitError:
        known = ""
    if known != key.code:
        raise InputError(
            f"{path.name} is there already and is not the key {key.code}; forms printed with it cannot be read without "
            "it. Name another file."
        )


def _part(units: Units, within: Sequence[str] | str, extent: Sequence[float] | None) -> Units:
    """Choose the units that a form is for."""
    ids = units.frame.index
    begins = tuple(one for one in ((within,) if isinstance(within, str) else within) if one)
    keep = np.asarray(ids.str.startswith(begins or ("",)))
    if extent is not None:
        if units.geometry is None:
            raise InputError("extent= needs the polygons of the units; add them with units.with_geometry(...).")
        if len(extent) != 4 or not (extent[0] < extent[2] and extent[1] < extent[3]):
            raise InputError(f"extent is west, south, east and north in degrees; got {list(extent)}.")
        middles = one_datum(units.geometry.representative_point()).to_crs(GEOGRAPHIC)
        west, south, east, north = extent
        keep &= (middles.x.between(west, east) & middles.y.between(south, north)).to_numpy()
    if not keep.any():
        raise InputError(
            f"none of the {len(units):,} {units.plural} is left; their ids begin like {first_few(ids[:1])}. Check "
            "within= and extent=."
        )
    if keep.all():
        return units
    shapes = None if units.geometry is None else units.geometry[keep]
    return replace(units, frame=units.frame[keep], geometry=shapes, shared_out=None)


def _drawn(units: Units, context: Any) -> tuple[PaperKey, PenMap]:
    """Draw the maps, and list what their numbers stand for."""
    maps = pen_map(units, context=_every_street(near_units(context, units)))
    column = next((one for one in ("name", "NAME", "NAMELSAD") if one in units.frame.columns), None)
    told = [] if column is None else units.frame[column].reindex(list(maps.geoids)).tolist()
    names = tuple(one.strip() if isinstance(one, str) else "" for one in told)
    sample = any(one.sample for one in maps.sources)
    key = PaperKey(maps.geoids, units.level, units.year, names if any(names) else (), maps.squares, sample)
    return key, maps


def _every_street(context: Context | None) -> Context | None:
    """Draw every street where they are known: people find their way by them."""
    return context if context is None or context.streets is None else replace(context, roads=context.streets)


def _notes(numbers: Sequence[str]) -> list[Message]:
    """Say what whoever hands out the forms must know."""
    notes = [
        say("The last sheet of each form has the contact: take it off when the form is handed in, and keep it apart."),
    ]
    if not numbers:
        notes.append(say("Write a number on every sheet of a form, and the same on its contact sheet."))
    return notes
