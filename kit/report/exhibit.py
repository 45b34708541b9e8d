"""Exhibits: refused unless everything a commission needs is on the page."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812
from functools import cached_property
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

from kit.errors import InputError
from kit.files import sha256, write_text
from kit.i18n.catalogues import draft_stamp
from kit.i18n.messages import Message, joined, mark, retold, say, term
from kit.i18n.numbers import day
from kit.maps.record import record_of, sheet_of
from kit.model.frames import DistrictTable, Placement
from kit.model.source import Source
from kit.model.verdict import Verdict
from kit.report.checked import authors_words, figures_of, hold, recorded, said, titled
from kit.report.exhibit_charts import ChartParts
from kit.report.exhibit_parts import Parts
from kit.report.exhibit_shares import ShareParts
from kit.report.exhibit_sheets import SheetParts
from kit.report.exhibit_words import stamps_words
from kit.report.geo_package import write_geopackage
from kit.report.output import build_date, typeset
from kit.report.packet_runs import marked, spoken, tidy
from kit.report.tables import DISCLAIMER
from kit.settings import language_in_force

_SOFTWARE = ("aapi-redistricting-kit", "geopandas", "matplotlib", "numpy", "pandas", "pyproj", "shapely", "typst")


@dataclass(frozen=True)
class Exhibit:
    """A map with everything that must stand beside it.

    Parameters
    ----------
    ax : object
        What a ``map_*`` function returned.
    table : DistrictTable or None
        Figures by district for the same plan, group and base; None where the map
        has tables of its own.
    number, title, author : str
        As on the page. The title states one claim: the author's words, or those of `checked`.
    affiliation, contact : str
        Who stands behind it.
    date : datetime.date
        Date of the exhibit.
    version : str
        Version of the exhibit.
    checked : Verdict or None
        What the title was checked by; None for a title in the author's words.
    findings : tuple of Verdict
        Checked findings, printed after those of the table.
    """

    ax: Any
    table: DistrictTable | None
    number: str
    title: str
    author: str
    affiliation: str
    contact: str
    date: Date
    version: str
    checked: Verdict | None = None
    findings: tuple[Verdict, ...] = ()

    @cached_property
    def parts(self) -> Parts:
        """What the exhibit is made of.

        Returns
        -------
        Parts
            Of a map of shares, or of another.
        """
        return _parts(self.ax, self.table)

    @property
    def placements(self) -> tuple[Placement, ...]:
        """The plans drawn.

        Returns
        -------
        tuple of Placement
            In their order.
        """
        return self.parts.placements

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where everything on the page comes from.

        Returns
        -------
        tuple of Source
            Each once.
        """
        return self.parts.sources

    @property
    def uncertainty(self) -> str:
        """How sure the figures are.

        Returns
        -------
        str
            Kinds of uncertainty, for the middle of a sentence.
        """
        return self.parts.uncertainty

    def figures(self, verdict: Verdict) -> str:
        """Say which figures a claim was checked against.

        Parameters
        ----------
        verdict : Verdict
            Title or finding of the page.

        Returns
        -------
        str
            For the middle of a sentence.
        """
        return figures_of(verdict, shown=self.parts.told_on_page)

    def save(self, path: str | os.PathLike[str], *, geopackage: bool = False) -> list[Path]:
        """Write the exhibit, its words, its tables and a list of hashes.

        Parameters
        ----------
        path : path-like
            PDF to write; the others take its name.
        geopackage : bool, default False
            Whether to write ``.gpkg`` too: units and districts with their
            figures, for other map programs.

        Returns
        -------
        list of pathlib.Path
            ``.pdf``, ``.txt`` (alt text, long description, methods),
            ``_table.csv`` and ``_table.html``, ``_units.csv`` (which unit lies in which
            district, for a plan that is not yet law), the same three with
            ``_other`` for the second plan of a comparison, and
            ``.manifest.json`` (SHA-256 of inputs and outputs). A map with
            tables of its own has those, and ``_districts.csv`` and ``.html``
            where a district table was passed.

        Raises
        ------
        InputError
            The name does not end in ``.pdf``, or the font has not all letters.
        KitError
            The page does not meet PDF/UA-1.

        Notes
        -----
        Words, numbers and dates are written in the language in force
        (``kit.using(language=…)``); what has no translation stays English and
        is marked as such. What stands in the drawing itself is in the
        language the map was drawn in.
        """
        target = Path(path)
        if target.suffix.lower() != ".pdf":
            raise InputError(f"an exhibit is written as PDF; {target.name!r} does not end in .pdf.")
        page, drawings = self.laid_out()
        typeset("exhibit.typ", target, data=printed(page), svgs=drawings, on=self.date)
        parts = self.parts
        found = [joined(parts.alts, "\n\n"), parts.description, *(verdict.sentence for verdict in self.findings)]
        words = "\n\n".join([retold(self.title), *found, *self._methods()])
        stamp = draft_stamp(language_in_force())
        words += f"\n\n{stamp}" if stamp else ""
        written = [target, write_text(target.with_suffix(".txt"), f"{words}\n")]
        written += parts.write(target)
        if geopackage:
            written.append(write_geopackage(self.ax, target.with_suffix(".gpkg")))
        return [*written, self._manifest(target, written)]

    def laid_out(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Give what the page prints, and its drawings, for a page of one's own or in a packet.

        Returns
        -------
        dict
            Words, legend, findings, tables and notes, as the template names them.
        dict of str to str
            ``map.svg``, ``map_2.svg`` … for further pages of the map, ``key_0.svg`` …
            for marks of the legend and, where the map has a place to show, ``locator.svg``.
        """
        drawings, place = self.parts.drawings()
        page = {**self._page(), "place": place}
        page["words"]["locator"] = say("Locator map. {place}.", place=place) if place else ""
        return page, drawings

    def _manifest(self, target: Path, written: list[Path]) -> Path:
        """List every input and output with its hash."""
        inputs = [
            {"title": s.title, "where": s.where, "sha256": s.sha256, "retrieved": s.retrieved} for s in self.sources
        ]
        outputs = [{"file": path.name, "sha256": sha256(path)} for path in written]
        software = {name: package_version(name) for name in _SOFTWARE}
        claims = {"title": retold(self.title), "claims": recorded(self.checked, self.findings)}
        told = {"exhibit": self.number, **claims, "inputs": inputs, "outputs": outputs, "software": software}
        return write_text(target.with_suffix(".manifest.json"), json.dumps(told, indent=1, ensure_ascii=False) + "\n")

    def _methods(self) -> list[str]:
        """Write the notes on definition, sources, method, uncertainty and claims."""
        parts = self.parts
        claims = authors_words(self.checked, self.findings, title=self.title, shown=parts.told_on_page)
        return [tidy(text) for text in (*parts.methods(), *claims)]

    def _page(self) -> dict[str, Any]:
        """Gather what the template prints."""
        parts, own = self.parts, self.parts.page()
        code = language_in_force()
        own_words = (spoken(text, code) for text in (self.author, self.affiliation, self.contact))
        signed = [*own_words, spoken(day(self.date), code)]
        version = [say("version {version}", version=self.version)] if self.version else []
        plans = [placed.plan for placed in self.placements]
        alts = parts.alts
        title = retold(self.title) if isinstance(self.title, Message) else spoken(self.title, code)
        return {
            **own,
            "chart": parts.what == "chart",
            "number": self.number,
            "title": title,
            "name": str(say("Exhibit {number}: {title}", number=self.number, title=title)),
            "author": " · ".join(str(part) for part in signed if part),
            "where": parts.where,
            "stamps": stamps_words(plans, sample=parts.sample, contact=self.contact, draft=draft_stamp(code)),
            "alt": alts[0],
            "alts": alts,
            "findings": [*own["findings"], *said(self.findings)],
            "methods": self._methods(),
            "signed": joined([*signed, *version], " · "),
            "disclaimer": term(DISCLAIMER),
            "words": self._words(own),
        }

    def _words(self, own: dict[str, Any]) -> dict[str, Any]:
        """Give the words that the template prints by itself."""
        number, rows, drawn = self.number, len(own["table"]["rows"]), len(self.parts.alts)
        by_district = isinstance(self.parts, ShareParts)
        shows, table, pages = _drawing_words(self.parts.what, several=own["wide"] or drawn > 1)
        return {
            "label": say("EXHIBIT {number}", number=number),
            "footer": say("Exhibit {number}", number=number),
            "page": str(say("page {number} of {total}", number="{0}", total="{1}")),
            "shows": shows,
            "table": say("District table") if by_district else table,
            "next": say("The table of {number} districts is on the next page.", number=rows)
            if by_district
            else say("The table of {number:,} rows follows on a page of its own.", number=rows),
            "table_page": say("Table to Exhibit {number}", number=number),
            "made": say("How it was made"),
            "pages": [say(pages, number=number, page=page, pages=drawn) for page in range(1, drawn + 1)],
        }


def _drawing_words(what: str, *, several: bool) -> tuple[Message, Message, str]:
    """Give the headings of what a map or a chart shows and of its table, and what its pages are called."""
    if what == "chart":
        shows = say("What the charts show") if several else say("What the chart shows")
        return shows, say("Table of the chart"), mark("Exhibit {number}: chart {page} of {pages}")
    shows = say("What the maps show") if several else say("What the map shows")
    return shows, say("Table of the map"), mark("Exhibit {number}: map {page} of {pages}")


# What the template does not print as text, or prints where only plain text can stand.
_PLAIN = frozenset({"alt", "alts", "author", "colour", "locator", "name", "page", "swatch"})


def printed(page: Any, name: str = "") -> Any:
    """Mark words that are in another language than the page.

    Parameters
    ----------
    page : object
        What `Exhibit.laid_out` gave, or a part of it.
    name : str
        Where it stands.

    Returns
    -------
    object
        For the template.
    """
    if isinstance(page, dict):
        return {key: printed(inner, key) for key, inner in page.items()}
    if isinstance(page, (list, tuple)):
        return [printed(inner, name) for inner in page]
    return page if name in _PLAIN or not isinstance(page, str) else marked(page)


def exhibit(
    ax: Any,
    table: DistrictTable | None = None,
    *,
    number: str,
    title: str | Verdict,
    author: str,
    affiliation: str = "",
    contact: str = "",
    date: Date | None = None,
    version: str = "1",
    findings: Sequence[Verdict] = (),
) -> Exhibit:
    """Make an exhibit of a map and its table.

    Parameters
    ----------
    ax : matplotlib.axes.Axes, or a sequence of them
        What a ``map_*`` function returned.
    table : DistrictTable, optional
        Figures by district, of the same plan, group and base as the map. May be
        left out: a map of shares has its own, and the others have tables that
        say what they show.
    number : str
        Exhibit number, such as ``"A"``.
    title : str or Verdict
        One claim, in at most 140 characters: the author's words, or what
        `kit.check_claim` returned. The page says which.
    author : str
        Who made it.
    affiliation, contact : str
        Organisation, and how to reach the author. Without a contact the page
        is stamped as a draft.
    date : datetime.date, optional
        Date on the page; by default ``SOURCE_DATE_EPOCH`` or today, in UTC.
    version : str
        Version on the page.
    findings : sequence of Verdict
        Checked findings to print, from `kit.check_claim` on the tables of the map.

    Returns
    -------
    Exhibit
        Call ``.save("exhibit_a.pdf")``.

    Raises
    ------
    InputError
        Something required is missing (one message names all of it), map and table do not
        belong together, or a claim was refused or checked against another table.

    Notes
    -----
    Required: number, title, author; a plan with name, jurisdiction and status;
    district lines and numbers, legend with breaks and counts, scale bar and
    north arrow; definition, universe, source and vintage; placement rule and
    projection; a note on uncertainty; alternative text, a description and a
    table of every map.
    """
    parts = _parts(ax, table)
    words, checked = titled(title)
    missing = parts.missing({"number": number, "title": words, "author": author})
    if missing:
        raise InputError(f"the exhibit cannot be made without: {'; '.join(missing)}.")
    if table is not None and not parts.belongs(table):
        raise InputError("the table is not of the plan, group and base of the map; make both from one placement.")
    if len(words) > 140:
        raise InputError(f"the title has {len(words)} characters; state one claim in at most 140.")
    given = [*([checked] if checked else []), *findings]
    if given:
        plans = [placed.plan for placed in parts.placements]
        hold(given, parts.tables, plans=plans, group=parts.group, base=parts.base)
    kept = parts.table if isinstance(parts, ShareParts) else table
    when = date or build_date()
    return Exhibit(ax, kept, number, words, author, affiliation, contact, when, version, checked, tuple(findings))


def _parts(ax: Any, table: DistrictTable | None) -> Parts:
    """Find what an exhibit of a map is made of."""
    sheet = sheet_of(ax)
    if sheet is not None and sheet.chart is not None:
        if table is not None:
            raise InputError("a chart has tables of its own; leave the table by district out.")
        return ChartParts(sheet, sheet.chart)
    if sheet is not None:
        return SheetParts(sheet, table)
    record = record_of(ax)
    return ShareParts(record, record.table if table is None else table)
