"""What an exhibit says of a chart, which has no ground: gathered when the chart is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kit.i18n.messages import each, joined, retold, say
from kit.maps.facts import Key, around_maps, keys_of
from kit.maps.record import Sheet, Twin, remember
from kit.model.source import Source


@dataclass(frozen=True)
class ChartFacts:
    """Everything that must stand beside a chart on an exhibit.

    Parameters
    ----------
    where : str
        Whose figures these are, such as the place and the election.
    counted : str
        Who was counted among whom, with the definition where there is one.
    legend : str
        What marks and lines mean.
    keys : tuple of Key
        Rows of the legend.
    findings : tuple of str
        What the chart shows, in plain sentences.
    uncertainty : str
        How sure the figures are, in sentences.
    notes : tuple of str
        What a reader must know of it.
    sources : tuple of Source
        Of everything drawn.
    around : tuple of matplotlib.artist.Artist
        Title, legend and notes of the pages, which an exhibit sets in type itself.
    whole : bool
        Whether the drawing is a page of the kit, not axes of the caller's own.
    group, base : str
        Definition id and universe id, where a group is counted.
    """

    where: str
    counted: str
    legend: str
    keys: tuple[Key, ...]
    findings: tuple[str, ...]
    uncertainty: str
    notes: tuple[str, ...]
    sources: tuple[Source, ...]
    around: tuple[Any, ...] = ()
    whole: bool = True
    group: str = ""
    base: str = ""

    @property
    def sample(self) -> bool:
        """Whether any figure rests on sample data.

        Returns
        -------
        bool
            True when the stamp is due.
        """
        return any(source.sample for source in self.sources)


def chart_notes(facts: ChartFacts) -> list[str]:
    """Write what stands under a chart.

    Parameters
    ----------
    facts : ChartFacts
        What is known of it.

    Returns
    -------
    list of str
        One string a paragraph, none empty.
    """
    cited = joined(dict.fromkeys(source.citation() for source in facts.sources))
    remarks = joined(each(dict.fromkeys(source.note for source in facts.sources if source.note)))
    told = joined(each(dict.fromkeys(facts.notes)))
    notes = (
        retold(facts.counted),
        say("Uncertainty: {kinds}", kinds=retold(facts.uncertainty)) if facts.uncertainty else "",
        say("Sources: {sources}", sources=cited) if cited else "",
        say("Method: {notes}", notes=told) if told else "",
        remarks,
        say("Not legal advice; confirm with counsel."),
    )
    return [note for note in notes if note]


def remember_chart(
    panels: Sequence[Any],
    facts: ChartFacts,
    *,
    heading: str,
    alts: Sequence[str],
    description: str,
    twins: Sequence[Twin],
    also: Sequence[Any] = (),
) -> None:
    """Attach what is known of a chart to its axes.

    Parameters
    ----------
    panels : sequence of matplotlib.axes.Axes
        One on each page.
    facts : ChartFacts
        What an exhibit says of it.
    heading : str
        What stands on the page.
    alts : sequence of str
        Alternative text of each page.
    description : str
        The chart in full.
    twins : sequence of Twin
        Its tables.
    also : sequence of matplotlib.axes.Axes
        Further axes of those pages.
    """
    from dataclasses import replace

    around = tuple(artist for panel in panels for artist in around_maps(panel.figure)) if facts.whole else ()
    known = replace(facts, around=around)
    sheet = Sheet(heading, tuple(panels), tuple(alts), description, tuple(twins), chart=known)
    for ax in (*panels, *also):
        remember(ax, sheet)


def chart_keys(handles: Sequence[Any]) -> tuple[Key, ...]:
    """Read the rows of a legend.

    Parameters
    ----------
    handles : sequence of matplotlib.artist.Artist
        Legend entries.

    Returns
    -------
    tuple of Key
        In their order.
    """
    return tuple(keys_of(handles))
