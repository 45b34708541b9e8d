"""An exhibit of a chart: what every exhibit has, without the scale, the arrow and the projection of a map."""

from __future__ import annotations

from pathlib import Path

from kit.i18n.messages import Message, each, joined, retold, say
from kit.maps.chart_facts import ChartFacts
from kit.maps.record import Sheet
from kit.model.frames import DistrictTable
from kit.report.drawings import drawings_of_chart
from kit.report.exhibit_parts import Block
from kit.report.exhibit_sheets import DrawnParts, table_block
from kit.report.exhibit_words import sources_words
from kit.report.twins import write_twin


class ChartParts(DrawnParts):
    """A chart with what must stand beside it.

    Parameters
    ----------
    sheet : Sheet
        What was drawn.
    facts : ChartFacts
        What is known of it.
    """

    what = "chart"
    facts: ChartFacts

    def __init__(self, sheet: Sheet, facts: ChartFacts) -> None:
        self.sheet, self.facts = sheet, facts
        super().__init__((), facts.sources, counted=facts.sources)

    @property
    def tables(self) -> tuple[DistrictTable, ...]:
        """A chart has no table by district.

        Returns
        -------
        tuple of DistrictTable
            Empty.
        """
        return ()

    def belongs(self, table: DistrictTable) -> bool:  # noqa: ARG002 — no table by district belongs to a chart
        """Tell whether a table is of the chart.

        Parameters
        ----------
        table : DistrictTable
            Of the author.

        Returns
        -------
        bool
            Always false: a chart has tables of its own.
        """
        return False

    @property
    def uncertainty(self) -> str:
        """How sure the figures are.

        Returns
        -------
        str
            For the middle of a sentence.
        """
        return retold(self.facts.uncertainty).removesuffix(".")

    @property
    def told_on_page(self) -> bool:
        """The tables of a chart are not by district.

        Returns
        -------
        bool
            Always false.
        """
        return False

    @property
    def where(self) -> str:
        """Whose figures these are.

        Returns
        -------
        str
            The line under the title.
        """
        return retold(self.facts.where)

    def own_checks(self) -> dict[str, bool]:
        """Say what must stand beside a chart.

        Returns
        -------
        dict of str to bool
            Name → whether it is there.
        """
        facts, sheet = self.facts, self.sheet
        return {
            "whose figures these are (pass place= to the chart)": bool(facts.where.strip()),
            "who was counted among whom": bool(facts.counted.strip()),
            "a legend": bool(facts.keys) and bool(facts.legend.strip()),
            "what the chart shows in words": any(told.strip() for told in facts.findings),
            "a note on uncertainty": bool(facts.uncertainty.strip()),
            "alternative text of every page": len(sheet.alt) == len(sheet.panels) and all(sheet.alt),
            "a description in full": bool(sheet.description.strip()),
            "a table of what is drawn": bool(self._printed),
        }

    def page(self) -> Block:
        """Give legend, findings and tables.

        Returns
        -------
        dict
            As the template names them.
        """
        facts = self.facts
        keys = [
            {"colour": "", "swatch": f"key_{at}.svg", "words": retold(key.words), "count": ""}
            for at, key in enumerate(facts.keys)
        ]
        first, *more = [table_block(twin) for twin in self._printed]
        return {
            "wide": False,
            "apart": True,
            "classes": keys,
            "empty": "",
            "without": "",
            "plural": "",
            "key_heads": [say("Mark"), say("Meaning")],
            "legend": retold(facts.legend),
            "findings": each(facts.findings),
            "table": {**first, "title": ""},
            "more": more,
        }

    def methods(self) -> list[str]:
        """Write the notes.

        Returns
        -------
        list of str
            A paragraph each.
        """
        facts = self.facts
        told: list[Message] = [
            joined([retold(facts.counted), say("Figures are rounded for display and parts need not add up.")]),
            sources_words(self.sources),
        ]
        if facts.notes:
            told.append(say("Method: {notes}", notes=joined(each(dict.fromkeys(facts.notes)))))
        remarks = each(dict.fromkeys(source.note for source in self.sources if source.note))
        told.append(joined([say("Uncertainty: {kinds}.", kinds=self.uncertainty), *remarks]))
        return list(told)

    def drawings(self) -> tuple[dict[str, str], str]:
        """Draw the pages, and the marks of the legend.

        Returns
        -------
        dict of str to str
            SVG by file name.
        str
            Empty: a chart shows no place.
        """
        return drawings_of_chart(self.sheet, self.facts), ""

    def write(self, target: Path) -> list[Path]:
        """Write the tables of the chart.

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
        return [path for twin in self.sheet.twins for path in write_twin(twin, stem)]
