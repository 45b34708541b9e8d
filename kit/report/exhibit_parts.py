"""What an exhibit is made of, whatever its map shows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from kit.files import write_text
from kit.i18n.messages import english, figure, retold
from kit.model.frames import DistrictTable, Placement
from kit.model.source import Source
from kit.model.things import singular
from kit.report.exhibit_words import LAW, STATUSES

BESIDE = 12
"""A table of more rows than this goes to a page of its own."""
Block = dict[str, Any]


class Parts(ABC):
    """What an exhibit is made of.

    Parameters
    ----------
    placements : sequence of Placement
        Of the plans drawn; none on a chart.
    sources : iterable of Source
        Of everything on the page.
    counted : iterable of Source
        Of the counts alone.
    """

    what = "map"

    def __init__(
        self, placements: Sequence[Placement], sources: Iterable[Source], *, counted: Iterable[Source]
    ) -> None:
        self.placements, self.counted = tuple(placements), tuple(counted)
        self.sources = tuple(dict.fromkeys(sources))

    @property
    def sample(self) -> bool:
        """Whether any figure rests on sample data.

        Returns
        -------
        bool
            True when the stamp is due.
        """
        return any(source.sample for source in self.sources)

    @property
    @abstractmethod
    def tables(self) -> tuple[DistrictTable, ...]:
        """Figures by district, which claims are checked against.

        Returns
        -------
        tuple of DistrictTable
            One a plan.
        """

    @property
    @abstractmethod
    def group(self) -> str:
        """Definition id; empty where no group is counted.

        Returns
        -------
        str
            Empty for none.
        """

    @property
    @abstractmethod
    def base(self) -> str:
        """Universe id; empty where no group is counted.

        Returns
        -------
        str
            Empty for none.
        """

    @abstractmethod
    def belongs(self, table: DistrictTable) -> bool:
        """Tell whether a table is of the plan, group and base of the map.

        Parameters
        ----------
        table : DistrictTable
            Of the author.

        Returns
        -------
        bool
            True for equal figures.
        """

    @property
    @abstractmethod
    def uncertainty(self) -> str:
        """How sure the figures are, in words.

        Returns
        -------
        str
            For the middle of a sentence.
        """

    @property
    @abstractmethod
    def told_on_page(self) -> bool:
        """Whether the figures by district stand on the page.

        Returns
        -------
        bool
            True where they do.
        """

    @property
    @abstractmethod
    def alts(self) -> list[str]:
        """Alternative text of each drawing.

        Returns
        -------
        list of str
            At most two sentences each.
        """

    @property
    @abstractmethod
    def description(self) -> str:
        """The map in full, for readers who do not see it.

        Returns
        -------
        str
            Several paragraphs.
        """

    @property
    @abstractmethod
    def where(self) -> str:
        """Whose plans these are and how far they have come.

        Returns
        -------
        str
            The line under the title.
        """

    @abstractmethod
    def own_checks(self) -> dict[str, bool]:
        """Say what else must stand beside this kind of map, and whether it does.

        Returns
        -------
        dict of str to bool
            Name → whether it is there.
        """

    @abstractmethod
    def page(self) -> Block:
        """Give legend, findings and tables, as the template names them.

        Returns
        -------
        dict
            For the template.
        """

    @abstractmethod
    def methods(self) -> list[str]:
        """Write the notes on definition, sources, method and uncertainty.

        Returns
        -------
        list of str
            A paragraph each.
        """

    @abstractmethod
    def drawings(self) -> tuple[dict[str, str], str]:
        """Draw the map; also say what the locator shows.

        Returns
        -------
        dict of str to str
            SVG by file name.
        str
            The place; empty where there is none.
        """

    @abstractmethod
    def write(self, target: Path) -> list[Path]:
        """Write the tables beside the page.

        Parameters
        ----------
        target : pathlib.Path
            The exhibit.

        Returns
        -------
        list of pathlib.Path
            The files.
        """

    def missing(self, given: dict[str, str]) -> list[str]:
        """Name everything that an exhibit must have and this one has not.

        Parameters
        ----------
        given : dict of str to str
            What the author must give.

        Returns
        -------
        list of str
            Empty when it is whole.
        """
        checks = {name: bool(str(value).strip()) for name, value in given.items()}
        told = [name for name, present in checks.items() if not present]
        for placed in self.placements:
            told += [name for name, present in _checks(placed).items() if not present]
        counted = any(source.title and source.year for source in self.counted)
        own = {"a source of the counts with its year": counted, **self.own_checks()}
        return list(dict.fromkeys([*told, *(name for name, present in own.items() if not present)]))

    def equivalencies(self, target: Path) -> list[Path]:
        """Write which unit lies in which district, for plans that are not law.

        Parameters
        ----------
        target : pathlib.Path
            The exhibit.

        Returns
        -------
        list of pathlib.Path
            One a plan.
        """
        marks = ["", "_other", *(f"_{number}" for number in range(3, len(self.placements) + 1))]
        return [
            equivalency(placed, target.with_name(f"{target.stem}{mark}_units.csv"))
            for mark, placed in zip(marks, self.placements, strict=False)
            if placed.plan.status not in LAW
        ]


def number_alone(count: str, counted: str) -> str:
    """Leave out what is counted, where the heading of the column says it.

    Parameters
    ----------
    count : str
        Such as ``"12 census blocks"``.
    counted : str
        The heading, such as ``"census blocks"``.

    Returns
    -------
    str
        Such as ``"12"``; the same where something else is counted.
    """
    values = getattr(count, "values", {})
    units = next((values[name] for name in ("units", "things", "thing") if name in values), None)
    number = values.get("count", values.get("number", 1 if "thing" in values else None))
    if number is None or units is None:
        return retold(count)
    heads = (english(counted).lower(), singular(counted).lower())
    if english(units).lower() not in heads:
        return retold(count)
    return figure(f"{number:,.0f}")


def _checks(placed: Placement) -> dict[str, bool]:
    """Say what an exhibit must have of a plan, and whether it is there."""
    plan = placed.plan
    unfit = f"status (one of {', '.join(STATUSES)}; pass status= to kit.read_plan or write it in SOURCE.toml)"
    return {
        "the plan's name": bool(plan.name),
        "jurisdiction (pass jurisdiction= to kit.read_plan or write it in SOURCE.toml)": bool(plan.jurisdiction),
        unfit: plan.status in STATUSES,
        "the date of adoption (pass adopted= to kit.read_plan)": plan.status not in LAW or bool(plan.adopted),
        "a source of the plan": bool(plan.sources),
    }


def equivalency(placed: Placement, path: Path) -> Path:
    """Write which unit lies in which district.

    Parameters
    ----------
    placed : Placement
        Units placed in a plan.
    path : pathlib.Path
        File to write.

    Returns
    -------
    pathlib.Path
        The file written.
    """
    head = "BLOCKID" if placed.units.level == "block" else "GEOID"
    rows = placed.assignment.dropna().rename("DISTRICT").rename_axis(head)
    return write_text(path, str(rows.to_csv(lineterminator="\n")))
