"""An exhibit of the shares of one plan, or of two side by side, with their district tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kit.i18n.messages import capital, figure, joined, retold, say, term
from kit.maps.facts import counted_words, keys_of, share_words
from kit.maps.record import MapRecord
from kit.maps.words import alt_text, long_description
from kit.model.frames import DistrictTable
from kit.model.geoid import natural_key
from kit.report.checked import same
from kit.report.drawings import drawings_of
from kit.report.exhibit_parts import BESIDE, Block, Parts, equivalency, number_alone
from kit.report.exhibit_words import (
    LAW,
    findings_words,
    left_out_words,
    method_words,
    sources_words,
    unsure_words,
    where_words,
)
from kit.report.tables import columns_of, uncertainty, write_table
from kit.report.tables import figure as cell
from kit.report.twins import write_twin

# Two tables of more columns than this go to a page of their own.
_COLUMNS = 7


class ShareParts(Parts):
    """A map of the shares of one plan, or of two side by side.

    Parameters
    ----------
    record : MapRecord
        What was drawn.
    table : DistrictTable
        Figures by district.
    """

    def __init__(self, record: MapRecord, table: DistrictTable) -> None:
        self.record, self.table = record, table
        self._shown = tuple(table if same(r.table, table) else r.table for r in (record, *record.others))
        panels = (record, *record.others)
        sources = [*(source for one in self._shown for source in one.sources), *(s for r in panels for s in r.sources)]
        self.units = record.table.placement.units
        super().__init__([one.placement for one in self._shown], sources, counted=self.units.sources)

    @property
    def tables(self) -> tuple[DistrictTable, ...]:
        """Those of the panels, from the left.

        Returns
        -------
        tuple of DistrictTable
            One a plan.
        """
        return self._shown

    @property
    def group(self) -> str:
        """Definition id of the table.

        Returns
        -------
        str
            Empty for none.
        """
        return self.table.group

    @property
    def base(self) -> str:
        """Universe id of the table.

        Returns
        -------
        str
            Empty for none.
        """
        return self.table.base

    def belongs(self, table: DistrictTable) -> bool:
        """Tell whether a table is that of a panel.

        Parameters
        ----------
        table : DistrictTable
            Of the author.

        Returns
        -------
        bool
            True for one group, base and plan, and equal figures.
        """
        return any(same(r.table, table) for r in (self.record, *self.record.others))

    @property
    def uncertainty(self) -> str:
        """Kinds of uncertainty behind the counts, and allocation by lines that cut units.

        Returns
        -------
        str
            For the middle of a sentence.
        """
        return joined(dict.fromkeys(uncertainty(table) for table in self._shown), say("; "))

    @property
    def told_on_page(self) -> bool:
        """The page has the district table.

        Returns
        -------
        bool
            True where they do.
        """
        return True

    @property
    def alts(self) -> list[str]:
        """One drawing.

        Returns
        -------
        list of str
            At most two sentences each.
        """
        return [alt_text(self.record.panel)]

    @property
    def description(self) -> str:
        """Classes, districts and how it was made.

        Returns
        -------
        str
            Several paragraphs.
        """
        return long_description(self.record.panel)

    @property
    def where(self) -> str:
        """Captions and the table name the plans of a comparison.

        Returns
        -------
        str
            The line under the title.
        """
        return where_words([table.placement.plan for table in self._shown])

    def own_checks(self) -> dict[str, bool]:
        """Say what must have been drawn.

        Returns
        -------
        dict of str to bool
            Name → whether it is there.
        """
        north = self.record.arrow or self.record.north_up
        return {"scale bars": self.record.scale_bar, "a north arrow": north}

    def page(self) -> Block:
        """Give legend, findings and tables.

        Returns
        -------
        dict
            As the template names them.
        """
        record = self.record
        classes = [
            {"colour": colour, "swatch": "", "words": retold(words), "count": figure(f"{count:,}")}
            for colour, words, count in zip(
                record.classes.colours[::-1], record.classes.labels[::-1], record.class_counts[::-1], strict=True
            )
        ]
        classes += [
            {
                "colour": "",
                "swatch": f"key_{at}.svg",
                "words": retold(key.words),
                "count": number_alone(key.count, record.plural),
            }
            for at, key in enumerate(keys_of(record.marks))
        ]
        plural = term(record.plural)
        return {
            "wide": bool(record.others),
            "apart": False,
            "classes": classes,
            "empty": figure(f"{record.empty:,}") if record.empty else "",
            "without": retold(record.without),
            "plural": plural,
            "key_heads": [say("Color"), say("Share"), capital(plural)],
            "legend": share_words(self.table.group, self.table.base),
            "findings": findings_words(self._shown),
            "table": self._rows(),
            "more": [],
        }

    def _rows(self) -> Block:
        """Lay the tables out side by side, by district."""
        tables = self._shown
        labels = sorted({str(label) for table in tables for label in _held(table)}, key=natural_key)
        shown = [columns_of(table) for table in tables]
        heads = [say("District"), *(word for columns in shown for _, word in columns)]
        rows = []
        for label in labels:
            row = [label]
            for table, columns in zip(tables, shown, strict=True):
                known = label in _held(table)
                row += _figures(table.frame.loc[label], table) if known else ["—"] * len(columns)
            rows.append(row)
        return {
            "title": "",
            "heads": heads,
            "over": [] if len(tables) == 1 else [table.placement.plan.name for table in tables],
            "rows": rows,
            "words": [True, *([False] * (len(heads) - 1))],
            "total": [say("All"), *(told for table in tables for told in _figures(table.total, table))],
            "beside": len(rows) <= BESIDE and (len(tables) == 1 or len(heads) <= _COLUMNS),
        }

    def methods(self) -> list[str]:
        """Write the notes.

        Returns
        -------
        list of str
            A paragraph each.
        """
        notes = [
            note
            for table in self._shown
            for note in (
                *table.placement.units.notes,
                *table.placement.plan.notes,
                *table.notes,
                *left_out_words(table, _held(table)),
            )
        ]
        notes += [note for r in (self.record, *self.record.others) for note in r.notes]
        rounded = say("Each class includes its upper bound; shares are rounded for display and parts need not add up.")
        return [
            joined([counted_words(self.table.group, self.table.base), rounded]),
            sources_words(self.sources),
            method_words(self.placements, notes, crs=self.record.crs, outside=self.record.outside),
            unsure_words(self.uncertainty, self.sources),
        ]

    def drawings(self) -> tuple[dict[str, str], str]:
        """Draw the panels.

        Returns
        -------
        dict of str to str
            SVG by file name.
        str
            What the locator shows.
        """
        return drawings_of(self.record)

    def write(self, target: Path) -> list[Path]:
        """Write the district tables, and the lists of units of plans that are not law.

        Parameters
        ----------
        target : pathlib.Path
            The exhibit.

        Returns
        -------
        list of pathlib.Path
            The files.
        """
        files = []
        others = [table for table in self._shown if table is not self.table]
        for mark, table in zip(("", "_other"), [self.table, *others], strict=False):
            stem = f"{target.stem}{mark}"
            files += [write_table(table, target.with_name(f"{stem}_table.{kind}")) for kind in ("csv", "html")]
            if table.placement.plan.status not in LAW:
                files.append(equivalency(table.placement, target.with_name(f"{stem}_units.csv")))
        beside = target.with_name(f"{target.stem}_table")
        return [*files, *(path for twin in self.record.twins for path in write_twin(twin, beside))]


def _held(table: DistrictTable) -> set[str]:
    """Name the districts that hold any of the units; a plan of a whole State may reach beyond them."""
    return set(table.placement.assignment.dropna().astype(str))


def _figures(row: Any, table: DistrictTable) -> list[str]:
    """Write one row of the table."""
    return [cell(row, name) for name, _ in columns_of(table)]
