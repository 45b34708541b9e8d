"""One-page exhibits: refused unless everything a commission needs is on the page."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

from kit.errors import InputError
from kit.files import sha256, write_text
from kit.maps import furniture
from kit.maps.page import RULE_WORDS, SAMPLE_STAMP, STRIP
from kit.maps.record import MapRecord, record_of
from kit.maps.words import alt_text, long_description
from kit.model.crs import describe
from kit.model.frames import DistrictTable
from kit.model.groups import BASES, definition
from kit.model.sentences import people, percent
from kit.report.output import build_date, svg_of, typeset
from kit.report.tables import (
    DISCLAIMER,
    cited,
    columns_of,
    is_sample,
    uncertainty,
    write_table,
)

STATUSES = ("enacted", "adopted", "proposed", "draft", "illustrative")
# A table of more districts than this goes to a page of its own.
_BESIDE = 12
_SOFTWARE = ("geopandas", "matplotlib", "numpy", "pandas", "pyproj", "shapely", "typst")


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
        As on the page. The title states one claim, in the author's words.
    affiliation, contact : str
        Who stands behind it.
    date : datetime.date
        Date of the exhibit.
    version : str
        Version of the exhibit.
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

    def save(self, path: str | os.PathLike[str]) -> list[Path]:
        """Write the exhibit, its words, its table and a list of hashes.

        Parameters
        ----------
        path : path-like
            PDF to write; the others take its name.

        Returns
        -------
        list of pathlib.Path
            ``.pdf``, ``.txt`` (alt text, long description, methods), ``.csv``
            and ``.html`` (table), ``_units.csv`` (which unit lies in which
            district, for a plan that is not yet law) and ``.manifest.json``
            (SHA-256 of inputs and outputs).

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
        drawings = _drawings(record)
        page = {**self._page(record), "locator": "locator.svg" in drawings, "wide": bool(record.others)}
        typeset("exhibit.typ", target, data=page, svgs=drawings, on=self.date)
        words = "\n\n".join([self.title, alt_text(self.ax), long_description(self.ax), *self._methods()])
        written = [target, write_text(target.with_suffix(".txt"), words + "\n")]
        written += [write_table(self.table, target.with_suffix(kind)) for kind in (".csv", ".html")]
        if self.table.placement.plan.status not in {"enacted", "adopted"}:
            written.append(self._equivalency(target))
        return [*written, self._manifest(target, written)]

    def _equivalency(self, target: Path) -> Path:
        """Write which unit lies in which district."""
        placement = self.table.placement
        head = "BLOCKID" if placement.units.level == "block" else "GEOID"
        rows = placement.assignment.dropna().rename("DISTRICT").rename_axis(head)
        return write_text(target.with_name(f"{target.stem}_units.csv"), str(rows.to_csv(lineterminator="\n")))

    def _manifest(self, target: Path, written: list[Path]) -> Path:
        """List every input and output with its hash."""
        inputs = [
            {"title": s.title, "where": s.where, "sha256": s.sha256, "retrieved": s.retrieved}
            for s in dict.fromkeys(self.table.sources)
        ]
        outputs = [{"file": path.name, "sha256": sha256(path)} for path in written]
        software = {
            name: package_version(name) for name in ("geopandas", "matplotlib", "numpy", "pandas", "shapely", "typst")
        }
        told = {"exhibit": self.number, "inputs": inputs, "outputs": outputs, "software": software}
        return write_text(target.with_suffix(".manifest.json"), json.dumps(told, indent=1, ensure_ascii=False) + "\n")

    def _methods(self) -> list[str]:
        """Write the notes on definition, sources, method and uncertainty."""
        table = self.table
        placement, rule = table.placement, definition(table.group)
        remarks = dict.fromkeys(source.note for source in table.sources if source.note)
        hashes = [f"{s.where or s.title} {s.sha256[:12]}" for s in dict.fromkeys(table.sources) if s.sha256]
        return [
            f"Counted: {rule.long} (definition {rule.name}). Base: {BASES[table.base].label}. "  # noqa: ISC004
            "Each class includes its upper bound; shares are rounded for display and parts need not add up.",
            f"Sources: {cited(table)}" + (f" SHA-256 of inputs begins: {'; '.join(hashes)}." if hashes else ""),
            f"Method: {placement.units.plural} placed by {RULE_WORDS[placement.rule]}. "
            + " ".join(dict.fromkeys((*placement.plan.notes, *table.notes)))
            + f" Map: {describe(_crs(table))}.",
            f"Uncertainty: {uncertainty(table)}. {' '.join(remarks)}".strip(),
        ]

    def _page(self, record: MapRecord) -> dict[str, Any]:
        """Gather what the template prints."""
        table, plan = self.table, self.table.placement.plan
        status = "; ".join(
            part for part in (plan.name, plan.status, f"adopted {plan.adopted}" if plan.adopted else "") if part
        )
        stamps = [SAMPLE_STAMP] if is_sample(table) else []
        stamps += [f"{plan.status.capitalize()} plan"] if plan.status not in {"enacted", "adopted"} else []
        stamps += [] if self.contact else ["Draft: contact to be added"]
        rows = [[str(label), *_figures(row, table)] for label, row in table.frame.iterrows()]
        signed = [self.author, self.affiliation, self.contact, f"{self.date:%B} {self.date.day}, {self.date.year}"]
        return {
            "number": self.number,
            "title": self.title,
            "where": f"{plan.jurisdiction} — {status}",
            "stamps": stamps,
            "alt": alt_text(self.ax),
            "place": f"Locator map: {plan.jurisdiction}.",
            "classes": [
                {"colour": colour, "words": words, "count": f"{count:,}"}
                for colour, words, count in zip(
                    record.classes.colours[::-1], record.classes.labels[::-1], record.class_counts[::-1], strict=True
                )
            ],
            "empty": f"{record.empty:,}" if record.empty else "",
            "noun": BASES[table.base].noun,
            "plural": record.plural,
            "legend": f"Share of {BASES[table.base].label}: {definition(table.group).short}",
            "findings": _findings(table),
            "heads": ["District", *(word for _, word in columns_of(table))],
            "rows": rows,
            "total": ["All", *_figures(table.total, table)],
            "beside": len(rows) <= _BESIDE,
            "methods": [*self._methods(), "The title is the author's statement."],
            "signed": " · ".join(part for part in (*signed, f"version {self.version}") if part),
            "disclaimer": DISCLAIMER,
        }


def exhibit(
    ax: Any,
    table: DistrictTable,
    *,
    number: str,
    title: str,
    author: str,
    affiliation: str = "",
    contact: str = "",
    date: Date | None = None,
    version: str = "1",
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
    title : str
        One claim, in at most 140 characters.
    author : str
        Who made it.
    affiliation, contact : str
        Organisation, and how to reach the author. Without a contact the page
        is stamped as a draft.
    date : datetime.date, optional
        Date on the page; by default ``SOURCE_DATE_EPOCH`` or today, in UTC.
    version : str
        Version on the page.

    Returns
    -------
    Exhibit
        Call ``.save("exhibit_a.pdf")``.

    Raises
    ------
    InputError
        Something required is missing, or map and table do not belong together.
        One message names everything that is missing.

    Notes
    -----
    Required: number, title, author; a plan with name, jurisdiction and status;
    district lines and numbers, legend with breaks and counts, scale bar and
    north arrow; definition, universe, source and vintage; placement rule and
    projection; a note on uncertainty.
    """
    record = record_of(ax)
    missing = _missing(record, table, {"number": number, "title": title, "author": author})
    if missing:
        raise InputError(f"the exhibit cannot be made without: {'; '.join(missing)}.")
    drawn = [r.table for r in (record, *record.others)]
    if not any(_same(t, table) for t in drawn):
        raise InputError("the table is not of the plan, group and base of the map; make both from one placement.")
    if len(title) > 140:
        raise InputError(f"the title has {len(title)} characters; state one claim in at most 140.")
    return Exhibit(ax, table, number, title, author, affiliation, contact, date or build_date(), version)


def _same(drawn: DistrictTable, table: DistrictTable) -> bool:
    """Tell whether a map and a table show the same thing."""
    alike = (drawn.group, drawn.base) == (table.group, table.base)
    return alike and drawn.placement.plan is table.placement.plan


def _missing(record: MapRecord, table: DistrictTable, given: dict[str, str]) -> list[str]:
    """Name everything the exhibit contract asks for and does not find."""
    plan, units = table.placement.plan, table.placement.units
    unfit = f"status (one of {', '.join(STATUSES)}; pass status= to kit.read_plan or write it in SOURCE.toml)"
    checks = {
        **{name: bool(str(value).strip()) for name, value in given.items()},
        "the plan's name": bool(plan.name),
        "jurisdiction (pass jurisdiction= to kit.read_plan or write it in SOURCE.toml)": bool(plan.jurisdiction),
        unfit: plan.status in STATUSES,
        "the date of adoption (pass adopted= to kit.read_plan)": plan.status not in {"enacted", "adopted"}
        or bool(plan.adopted),
        "a source of the plan": bool(plan.sources),
        "a source of the counts with its year": any(s.title and s.year for s in units.sources),
        "scale bars": record.scale_bar,
        "a north arrow": record.arrow or record.north_up,
    }
    return [name for name, present in checks.items() if not present]


def _drawings(record: MapRecord) -> dict[str, str]:
    """Draw what the page needs: the map panels and, small, the locator."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(1.1, 0.95))
    found = furniture.locator(figure, (0.02, 0.02, 0.96, 0.78), record.extent)
    return {"map.svg": _panel(record), **({"locator.svg": svg_of(figure)} if found is not None else {})}


def _panel(record: MapRecord) -> str:
    """Draw the map panels alone: the page sets title, legend and notes in type."""
    from matplotlib.transforms import Bbox

    figure = record.panel.figure
    if not record.page:
        return svg_of(figure)
    width, height = figure.get_size_inches()
    boxes = [r.panel.get_position() for r in (record, *record.others)]
    x0, x1 = min(b.x0 for b in boxes) * width, max(b.x1 for b in boxes) * width
    y0, y1 = min(b.y0 for b in boxes) * height - STRIP, max(b.y1 for b in boxes) * height
    captions = 0.3 if record.others else 0.02
    hidden = [artist for artist in record.page if artist.get_gid() != "caption"]
    return svg_of(figure, hide=hidden, box=Bbox([[x0 - 0.05, y0], [x1 + 0.05, y1 + captions]]))


def _findings(table: DistrictTable) -> str:
    """Write the plain-language finding: the whole, the highest and the lowest district."""
    sentences = table.summary().split(". ")
    return ". ".join(sentences[:3]).rstrip(".") + "."


def _figures(row: Any, table: DistrictTable) -> list[str]:
    """Write one row of the table."""
    return [percent(row[name]) if name.endswith("share") else people(row[name]) for name, _ in columns_of(table)]


def _crs(table: DistrictTable) -> Any:
    from kit.model.crs import equal_area

    return equal_area(table.placement.units.geometry)
