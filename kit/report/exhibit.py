"""One-page exhibits: refused unless everything a commission needs is on the page."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

from kit.errors import InputError
from kit.files import sha256, write_text
from kit.maps.page import SAMPLE_STAMP
from kit.maps.record import MapRecord, record_of
from kit.maps.words import alt_text, long_description
from kit.model.frames import DistrictTable, Plan
from kit.model.geoid import natural_key
from kit.model.groups import BASES, definition
from kit.model.sentences import RULE_WORDS, extremes, listed, whole_area
from kit.model.verdict import Verdict
from kit.report.checked import authors_words, hold, recorded, said, same, titled
from kit.report.drawings import drawings_of
from kit.report.output import build_date, typeset
from kit.report.tables import DISCLAIMER, columns_of, figure, is_sample, uncertainty, write_table

STATUSES = ("enacted", "adopted", "proposed", "draft", "illustrative")
# Where each plan of a comparison stands on the page.
_SIDES = ("Left", "Right")
_LAW = frozenset({"enacted", "adopted"})
# A table of more districts than this goes to a page of its own; so do two tables of more columns.
_BESIDE, _COLUMNS = 12, 7
_SOFTWARE = ("aapi-redistricting-kit", "geopandas", "matplotlib", "numpy", "pandas", "pyproj", "shapely", "typst")


@dataclass(frozen=True)
class Exhibit:
    """A map with everything that must stand beside it.

    Parameters
    ----------
    ax : object
        What a ``map_*`` function returned.
    table : DistrictTable
        Figures by district for the same plan, group and base.
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
    table: DistrictTable
    number: str
    title: str
    author: str
    affiliation: str
    contact: str
    date: Date
    version: str
    checked: Verdict | None = None
    findings: tuple[Verdict, ...] = ()

    def save(self, path: str | os.PathLike[str]) -> list[Path]:
        """Write the exhibit, its words, its table and a list of hashes.

        Parameters
        ----------
        path : path-like
            PDF to write; the others take its name.

        Returns
        -------
        list of pathlib.Path
            ``.pdf``, ``.txt`` (alt text, long description, methods),
            ``_table.csv`` and ``_table.html``, ``_units.csv`` (which unit lies in which
            district, for a plan that is not yet law), the same three with
            ``_other`` for the second plan of a comparison, and
            ``.manifest.json`` (SHA-256 of inputs and outputs).

        Raises
        ------
        InputError
            The name does not end in ``.pdf``.
        KitError
            The page does not meet PDF/UA-1.
        """
        target = Path(path)
        if target.suffix.lower() != ".pdf":
            raise InputError(f"an exhibit is written as PDF; {target.name!r} does not end in .pdf.")
        record = record_of(self.ax)
        page, drawings = self.laid_out()
        typeset("exhibit.typ", target, data=page, svgs=drawings, on=self.date)
        found = [alt_text(self.ax), long_description(self.ax), *(verdict.sentence for verdict in self.findings)]
        words = "\n\n".join([self.title, *found, *self._methods(record)])
        written = [target, write_text(target.with_suffix(".txt"), words + "\n")]
        for mark, table in zip(("", "_other"), [self.table, *self._others(record)], strict=False):
            stem = target.with_name(f"{target.stem}{mark}")
            written += [write_table(table, stem.with_name(f"{stem.name}_table.{kind}")) for kind in ("csv", "html")]
            if table.placement.plan.status not in _LAW:
                written.append(_equivalency(table, stem.with_name(f"{stem.name}_units.csv")))
        return [*written, self._manifest(target, written)]

    def laid_out(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Give what the page prints, and its drawings, for a page of one's own or in a packet.

        Returns
        -------
        dict
            Words, legend, findings, rows and notes, as the template names them.
        dict of str to str
            ``map.svg`` and, where the map has a place to show, ``locator.svg``.
        """
        record = record_of(self.ax)
        drawings, place = drawings_of(record)
        return {**self._page(record), "place": place, "wide": bool(record.others)}, drawings

    def _tables(self, record: MapRecord) -> list[DistrictTable]:
        """List the tables of all panels, in their order."""
        return [self.table if same(r.table, self.table) else r.table for r in (record, *record.others)]

    def _others(self, record: MapRecord) -> list[DistrictTable]:
        """List the tables of the other panels."""
        return [table for table in self._tables(record) if table is not self.table]

    def _manifest(self, target: Path, written: list[Path]) -> Path:
        """List every input and output with its hash."""
        sources = dict.fromkeys(s for table in self._tables(record_of(self.ax)) for s in table.sources)
        inputs = [{"title": s.title, "where": s.where, "sha256": s.sha256, "retrieved": s.retrieved} for s in sources]
        outputs = [{"file": path.name, "sha256": sha256(path)} for path in written]
        software = {name: package_version(name) for name in _SOFTWARE}
        claims = {"title": self.title, "claims": recorded(self.checked, self.findings)}
        told = {"exhibit": self.number, **claims, "inputs": inputs, "outputs": outputs, "software": software}
        return write_text(target.with_suffix(".manifest.json"), json.dumps(told, indent=1, ensure_ascii=False) + "\n")

    def _methods(self, record: MapRecord) -> list[str]:
        """Write the notes on definition, sources, method and uncertainty."""
        tables = self._tables(record)
        placement, rule = self.table.placement, definition(self.table.group)
        sources = dict.fromkeys(source for table in tables for source in table.sources)
        hashes = [f"{s.where or s.title} {s.sha256[:12]}" for s in sources if s.sha256]
        rules = " and ".join(dict.fromkeys(RULE_WORDS[table.placement.rule] for table in tables))
        notes = dict.fromkeys(
            note
            for table in tables
            for note in (
                *table.placement.units.notes,
                *table.placement.plan.notes,
                *table.notes,
                *_left_out(table),
            )
        )
        remarks = dict.fromkeys(source.note for source in sources if source.note)
        kinds = "; ".join(dict.fromkeys(uncertainty(table) for table in tables))
        told = (
            (
                f"Counted: {rule.long} (definition {rule.name}). Base: {BASES[self.table.base].label}. "
                "Each class includes its upper bound; shares are rounded for display and parts need not add up."
            ),
            f"Sources: {' '.join(dict.fromkeys(source.citation() for source in sources))}"
            + (f" SHA-256 of inputs begins: {'; '.join(hashes)}." if hashes else ""),
            (
                f"Method: {placement.units.plural} placed by {rules}. {' '.join(notes)} Map: {record.crs}. "
                f"{record.outside}"
            ),
            f"Uncertainty: {kinds}. {' '.join(remarks)}",
        )
        return [" ".join(text.split()) for text in (*told, *authors_words(self.checked, self.findings))]

    def _page(self, record: MapRecord) -> dict[str, Any]:
        """Gather what the template prints."""
        table, tables = self.table, self._tables(record)
        rule, base = definition(table.group), BASES[table.base]
        signed = [self.author, self.affiliation, self.contact, f"{self.date:%B} {self.date.day}, {self.date.year}"]
        return {
            "number": self.number,
            "title": self.title,
            "where": _where(tables),
            "stamps": _stamps(tables, contact=self.contact),
            "alt": alt_text(self.ax),
            "classes": [
                {"colour": colour, "words": words, "count": f"{count:,}"}
                for colour, words, count in zip(
                    record.classes.colours[::-1], record.classes.labels[::-1], record.class_counts[::-1], strict=True
                )
            ],
            "empty": f"{record.empty:,}" if record.empty else "",
            "without": record.without,
            "plural": record.plural,
            "legend": f"Share of {base.label}: {rule.short} (definition {rule.name})",
            "findings": [*_findings(table, tables), *said(self.findings)],
            **_rows(tables),
            "methods": self._methods(record),
            "signed": " · ".join(part for part in (*signed, f"version {self.version}") if part),
            "disclaimer": DISCLAIMER,
        }


def exhibit(
    ax: Any,
    table: DistrictTable,
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
    table : DistrictTable
        Figures by district, of the same plan, group and base as the map.
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
    projection; a note on uncertainty.
    """
    record = record_of(ax)
    shown = [table, *(r.table for r in (record, *record.others) if not same(r.table, table))]
    words, checked = titled(title)
    given = {"number": number, "title": words, "author": author}
    missing = list(dict.fromkeys(name for one in shown for name in _missing(record, one, given)))
    if missing:
        raise InputError(f"the exhibit cannot be made without: {'; '.join(missing)}.")
    if not any(same(r.table, table) for r in (record, *record.others)):
        raise InputError("the table is not of the plan, group and base of the map; make both from one placement.")
    if len(words) > 140:
        raise InputError(f"the title has {len(words)} characters; state one claim in at most 140.")
    hold([*([checked] if checked else []), *findings], shown)
    day = date or build_date()
    return Exhibit(ax, table, number, words, author, affiliation, contact, day, version, checked, tuple(findings))


def _missing(record: MapRecord, table: DistrictTable, given: dict[str, str]) -> list[str]:
    """Name everything the exhibit contract asks for and does not find."""
    plan, units = table.placement.plan, table.placement.units
    unfit = f"status (one of {', '.join(STATUSES)}; pass status= to kit.read_plan or write it in SOURCE.toml)"
    checks = {
        **{name: bool(str(value).strip()) for name, value in given.items()},
        "the plan's name": bool(plan.name),
        "jurisdiction (pass jurisdiction= to kit.read_plan or write it in SOURCE.toml)": bool(plan.jurisdiction),
        unfit: plan.status in STATUSES,
        "the date of adoption (pass adopted= to kit.read_plan)": plan.status not in _LAW or bool(plan.adopted),
        "a source of the plan": bool(plan.sources),
        "a source of the counts with its year": any(s.title and s.year for s in units.sources),
        "scale bars": record.scale_bar,
        "a north arrow": record.arrow or record.north_up,
    }
    return [name for name, present in checks.items() if not present]


def _equivalency(table: DistrictTable, path: Path) -> Path:
    """Write which unit lies in which district."""
    placement = table.placement
    head = "BLOCKID" if placement.units.level == "block" else "GEOID"
    rows = placement.assignment.dropna().rename("DISTRICT").rename_axis(head)
    return write_text(path, str(rows.to_csv(lineterminator="\n")))


def _where(tables: list[DistrictTable]) -> str:
    """Say whose plan it is and how far it has come; captions and the table name the plans of a comparison."""
    plans = [table.placement.plan for table in tables]
    if len(plans) > 1:
        sides = zip(_SIDES, plans, strict=True)
        told = "; ".join(f"{side.lower()}: {', '.join(_progress(plan))} plan" for side, plan in sides)
        return f"{' and '.join(dict.fromkeys(plan.jurisdiction for plan in plans))} — {told}"
    return f"{plans[0].jurisdiction} — {'; '.join([plans[0].name, *_progress(plans[0])])}"


def _progress(plan: Plan) -> list[str]:
    """Write status and date of adoption."""
    return [plan.status, *([f"adopted {plan.adopted}"] if plan.adopted else [])]


def _stamps(tables: list[DistrictTable], *, contact: str) -> list[str]:
    """Write what must be stamped on the page."""
    stamps = [SAMPLE_STAMP] if any(is_sample(table) for table in tables) else []
    plans = [table.placement.plan for table in tables]
    for status in dict.fromkeys(plan.status for plan in plans if plan.status not in _LAW):
        several = sum(plan.status == status for plan in plans) > 1
        stamps.append(f"{status.capitalize()} plan{'s' if several else ''}")
    return [*stamps, *([] if contact else ["Draft: contact to be added"])]


def _findings(table: DistrictTable, tables: list[DistrictTable]) -> list[str]:
    """Write the plain-language finding: the whole, the highest and the lowest district."""
    if len(tables) == 1:
        return [" ".join([whole_area(table), *extremes(table)])]
    sides = zip(_SIDES, tables, strict=True)
    together = whole_area(table, where=table.placement.plan.jurisdiction)
    return [together, *(f"{side}: {' '.join(extremes(one))}" for side, one in sides)]


def _rows(tables: list[DistrictTable]) -> dict[str, Any]:
    """Lay the tables out side by side, by district."""
    labels = sorted({str(label) for table in tables for label in _held(table)}, key=natural_key)
    shown = [columns_of(table) for table in tables]
    heads = ["District", *(word for columns in shown for _, word in columns)]
    rows = []
    for label in labels:
        row = [label]
        for table, columns in zip(tables, shown, strict=True):
            known = label in _held(table)
            row += _figures(table.frame.loc[label], table) if known else ["—"] * len(columns)
        rows.append(row)
    return {
        "heads": heads,
        "over": [] if len(tables) == 1 else [table.placement.plan.name for table in tables],
        "rows": rows,
        "total": ["All", *(figure for table in tables for figure in _figures(table.total, table))],
        "beside": len(rows) <= _BESIDE and (len(tables) == 1 or len(heads) <= _COLUMNS),
    }


def _held(table: DistrictTable) -> set[str]:
    """Name the districts that hold any of the units; a plan of a whole State may reach beyond them."""
    return set(table.placement.assignment.dropna().astype(str))


def _left_out(table: DistrictTable) -> list[str]:
    """Say which districts of the plan hold none of the units."""
    out = [label for label in table.placement.plan.labels if label not in _held(table)]
    if not out:
        return []
    plural = table.placement.units.plural
    return [f"District{'s' * (len(out) > 1)} {listed(out)} hold{'s' * (len(out) == 1)} none of these {plural}."]


def _figures(row: Any, table: DistrictTable) -> list[str]:
    """Write one row of the table."""
    return [figure(row, name) for name, _ in columns_of(table)]
