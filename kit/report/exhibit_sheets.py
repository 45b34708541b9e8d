"""An exhibit of areas, of change, of clusters, of dots or of many plans, with the map's own tables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from kit.analysis.concentration import concentration
from kit.errors import InputError
from kit.i18n.messages import capital, each, joined, mark, retold, say, term
from kit.maps.chart_facts import ChartFacts
from kit.maps.facts import Facts
from kit.maps.record import Sheet, Twin
from kit.model.frames import DistrictTable
from kit.report.cells import is_words, written
from kit.report.checked import same
from kit.report.drawings import drawings_of_sheet
from kit.report.exhibit_parts import BESIDE, Block, Parts, number_alone
from kit.report.exhibit_words import method_words, plans_words, sources_words, unsure_words, where_words
from kit.report.tables import kinds_of, write_table
from kit.report.twins import write_twin

LETTERED = mark("{letter}: {name}")
"""How a table says what the letters on its map mean."""
# Tables of other maps have wordy cells: of more columns than this, or of more letters in a row, they go to a page of
# their own.
_COLUMNS, _LETTERS = 6, 44
# Small maps of more plans than this take a page without words beside them.
_SIDE_BY_SIDE = 2


class DrawnParts(Parts):
    """What has a sheet: its facts, its words and its own tables."""

    sheet: Sheet
    facts: Facts | ChartFacts

    @property
    def group(self) -> str:
        """Definition id; empty where no group is counted.

        Returns
        -------
        str
            Empty for none.
        """
        return self.facts.group

    @property
    def base(self) -> str:
        """Universe id; empty where no group is counted.

        Returns
        -------
        str
            Empty for none.
        """
        return self.facts.base

    @property
    def alts(self) -> list[str]:
        """One for each page.

        Returns
        -------
        list of str
            At most two sentences each.
        """
        return each(self.sheet.alt)

    @property
    def description(self) -> str:
        """What is drawn, in full.

        Returns
        -------
        str
            Several paragraphs.
        """
        return retold(self.sheet.description)

    @property
    def _printed(self) -> list[Twin]:
        """The tables that a person reads."""
        return [twin for twin in self.sheet.twins if twin.page]


class SheetParts(DrawnParts):
    """A map of areas, of change, of clusters, of dots or of many plans.

    Parameters
    ----------
    sheet : Sheet
        What was drawn.
    table : DistrictTable, optional
        Figures by district, that go with it.
    """

    facts: Facts

    def __init__(self, sheet: Sheet, table: DistrictTable | None) -> None:
        if sheet.facts is None:
            raise InputError("the exhibit cannot be made without: what stands beside the map, which this one lacks.")
        self.sheet, self.facts, self.table = sheet, sheet.facts, table
        self.units = self.facts.units
        super().__init__(self.facts.placements, self.facts.sources, counted=self.units.sources)

    @cached_property
    def tables(self) -> tuple[DistrictTable, ...]:
        """Figures by district of each plan, where a group is counted.

        Returns
        -------
        tuple of DistrictTable
            One a plan.
        """
        if not self.facts.group:
            return () if self.table is None else (self.table,)
        what = {"group": self.facts.group, "base": self.facts.base}
        found = [concentration(placed, **what) for placed in self.placements]
        return tuple(self.table if self.table is not None and same(one, self.table) else one for one in found)

    def belongs(self, table: DistrictTable) -> bool:
        """Tell whether a table is of a plan of the map, and of its group and base if it counts one.

        Parameters
        ----------
        table : DistrictTable
            Of the author.

        Returns
        -------
        bool
            For a map without a group, plan and units decide.
        """
        if self.facts.group:
            return any(same(one, table) for one in self.tables)
        mine = table.placement
        return any(
            placed.plan.name == mine.plan.name and placed.units.frame.equals(mine.units.frame)
            for placed in self.placements
        )

    @property
    def uncertainty(self) -> str:
        """Kinds of uncertainty behind the counts, and allocation by lines that cut units.

        Returns
        -------
        str
            For the middle of a sentence.
        """
        cut = any(len(placed.split_units) for placed in self.placements)
        return kinds_of(self.sources, margins=False, cut=cut)

    @property
    def told_on_page(self) -> bool:
        """Only some tables of these maps are by district and share.

        Returns
        -------
        bool
            True where they do.
        """
        return {"district", "share"} <= set(self._printed[0].frame.columns)

    @property
    def where(self) -> str:
        """Plans drawn over each other are named.

        Returns
        -------
        str
            The line under the title.
        """
        return where_words([placed.plan for placed in self.placements], change=len(self.sheet.panels) == 1)

    def own_checks(self) -> dict[str, bool]:
        """Say what must stand beside such a map.

        Returns
        -------
        dict of str to bool
            Name → whether it is there.
        """
        facts, sheet = self.facts, self.sheet
        return {
            "a plan with its districts (pass placement= to the map)": bool(self.placements),
            "who was counted among whom": bool(facts.counted.strip()),
            "a legend": bool(facts.keys) and bool(facts.legend.strip()),
            "what the map shows in words": any(told.strip() for told in facts.findings),
            "the projection": bool(facts.crs.strip()),
            "alternative text of every page": len(sheet.alt) == len(sheet.panels) and all(sheet.alt),
            "a description in full": bool(sheet.description.strip()),
            "a table of what is drawn": bool(self._printed),
            "scale bars": facts.scale_bar,
            "a north arrow": facts.arrow,
            f"the consent of its people: it was made for audience {facts.audience!r}, and an exhibit is public (make "
            "it with audience='public')": facts.audience == "public",
        }

    def page(self) -> Block:
        """Give legend, findings and tables.

        Returns
        -------
        dict
            As the template names them.
        """
        facts = self.facts
        words, count = each(facts.heads)
        # Counts of a legend are those of one page.
        one_page = len(self.sheet.panels) == 1
        keys = [
            {
                "colour": "",
                "swatch": f"key_{at}.svg",
                "words": retold(key.words),
                "count": number_alone(key.count, facts.heads[1]) if one_page else "",
            }
            for at, key in enumerate(facts.keys)
        ]
        counted = bool(count) and any(key["count"] for key in keys)
        heads = [say("Mark"), words, *([capital(term(count))] if counted else [])]
        first, *more = [self._rows(twin) for twin in self._printed]
        return {
            "wide": False,
            "apart": len(self.placements) > _SIDE_BY_SIDE,
            "classes": keys,
            "empty": "",
            "without": "",
            "plural": term(self.units.plural),
            "key_heads": heads,
            "legend": retold(facts.legend),
            "findings": each(facts.findings),
            "table": {**first, "title": ""},
            "more": more,
        }

    def _rows(self, twin: Twin) -> Block:
        """Lay a table out; names that stand in short on the map are told with what is written there."""
        return table_block(twin, short={name: mark for mark, name in self.facts.short})

    def methods(self) -> list[str]:
        """Write the notes.

        Returns
        -------
        list of str
            A paragraph each.
        """
        facts = self.facts
        named = joined([say(LETTERED, letter=one, name=name) for one, name in facts.short], say("; "))
        notes = [
            *self.units.notes,
            *(note for placed in self.placements for note in placed.plan.notes),
            *facts.notes,
            *([say("Short names on the map: {names}.", names=named)] if facts.short else []),
        ]
        rounded = say("Figures are rounded for display and parts need not add up.")
        told = [
            joined([retold(facts.counted), rounded]),
            plans_words([placed.plan for placed in self.placements]),
            sources_words(self.sources),
            method_words(self.placements, notes, crs=facts.crs, outside=facts.outside),
            unsure_words(self.uncertainty, self.sources),
        ]
        return [text for text in told if text]

    def drawings(self) -> tuple[dict[str, str], str]:
        """Draw the pages, and the marks of the legend.

        Returns
        -------
        dict of str to str
            SVG by file name.
        str
            What the locator shows.
        """
        return drawings_of_sheet(self.sheet, self.facts)

    def write(self, target: Path) -> list[Path]:
        """Write the tables of the map, and the lists of units of plans that are not law.

        Parameters
        ----------
        target : pathlib.Path
            The exhibit.

        Returns
        -------
        list of pathlib.Path
            The files.
        """
        stem = target.with_name(f"{target.stem}_table")
        files = [path for twin in self.sheet.twins for path in write_twin(twin, stem)]
        if self.table is not None:
            name = f"{target.stem}_districts"
            files += [write_table(self.table, target.with_name(f"{name}.{kind}")) for kind in ("csv", "html")]
        return [*files, *self.equivalencies(target)]


def table_block(twin: Twin, *, short: Mapping[str, str] | None = None) -> Block:
    """Lay the table of a map or chart out for a page.

    Parameters
    ----------
    twin : Twin
        The table.
    short : mapping of str to str, optional
        Name of a row, and what stands for it on the map.

    Returns
    -------
    dict
        As the template names it.
    """
    known = short or {}
    rows = [[written(row[name], name) for name, _ in twin.columns] for row in twin.frame.to_dict("records")]
    for row in rows:
        if row[0] in known:
            row[0] = say(LETTERED, letter=known[row[0]], name=row[0])
    wordy = [at == 0 or _is_text(twin, name) for at, (name, _) in enumerate(twin.columns)]
    return {
        "title": retold(twin.title),
        "heads": [retold(head) for _, head in twin.columns],
        "over": [],
        "rows": rows,
        "words": wordy,
        "total": [],
        "beside": len(rows) <= BESIDE and len(twin.columns) <= _COLUMNS and _width(rows) <= _LETTERS,
    }


def _width(rows: list[list[str]]) -> int:
    """Count the letters of the longest cells of a table."""
    return sum(max(map(len, column)) for column in zip(*rows, strict=True))


def _is_text(twin: Twin, name: str) -> bool:
    return is_words(twin.frame[name]) and not name.endswith("_text")
