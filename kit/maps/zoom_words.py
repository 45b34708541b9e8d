"""What a close-up says: the figures of one district or community, in a table, in words and beside the whole plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.area_counts import at_level
from kit.analysis.communities import community_splits
from kit.i18n.messages import joined, say, term
from kit.maps.areas import Areas
from kit.maps.facts import Facts
from kit.maps.notes import plan_of
from kit.maps.record import Sheet, Twin
from kit.maps.zoom_scene import ZoomScene
from kit.model.communities import KINDS
from kit.model.crs import describe
from kit.model.groups import base_of, definition, who
from kit.model.margin_words import with_margin
from kit.model.sentences import RULE_WORDS, number_of, people, percent
from kit.model.things import singular
from kit.settings import current

_FIGURES = ("count", "base", "share", "share_of_group")


@dataclass(frozen=True)
class CloseUp:
    """One district or community, and its figures.

    Parameters
    ----------
    label : str
        District label, or name of the area.
    name : str
        What it is called in a sentence.
    inside : numpy.ndarray of bool
        Which units are in it.
    figures : pandas.Series
        ``count``, ``base``, ``share`` and what else there is; missing where too few people live there.
    whole : pandas.Series
        The same for all units.
    group, base : str
        Definition id and universe id.
    notes : tuple of str
        What a reader must know of it.
    extra : tuple of tuple of str
        Further rows of the table: heading and figure.
    """

    label: str
    name: str
    inside: Any
    figures: pd.Series
    whole: pd.Series
    group: str
    base: str
    notes: tuple[str, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        """Heading of the table.

        Returns
        -------
        str
            What the figures are of.
        """
        return say("Figures: {name}", name=self.name)

    @property
    def heads(self) -> list[str]:
        """Headings of the table's columns.

        Returns
        -------
        list of str
            Figure, here, and in the whole area.
        """
        return [say("Figure"), say("Here"), say("Whole area")]

    def table_rows(self) -> list[tuple[None, list[str]]]:
        """Write the figures, here and in the whole area.

        Returns
        -------
        list of tuple
            No colour, and three cells.
        """
        noun = term(base_of(self.base).noun)
        named = {
            "count": term(who(self.group)),
            "base": say("All {noun}", noun=noun),
            "share": say("Share"),
            "share_of_group": say("Share of the group"),
        }
        rows: list[tuple[None, list[str]]] = []
        for key, words in named.items():
            if key in self.figures.index:
                rows.append((None, [words, _written(self.figures, key), _written(self.whole, key)]))
        return [*rows, *((None, [words, figure, ""]) for words, figure in self.extra)]

    def heading(self, scene: ZoomScene) -> str:
        """Say what is shown, without a claim.

        Parameters
        ----------
        scene : ZoomScene
            What is drawn.

        Returns
        -------
        str
            For the page.
        """
        return say("{place:capital}: {what}", place=self.name, what=scene.heading)

    def under(self, scene: ZoomScene) -> str:
        """Say which plan this is, and how much of it is shown close up.

        Parameters
        ----------
        scene : ZoomScene
            What is drawn.

        Returns
        -------
        str
            For the line under the heading.
        """
        units = number_of(int(self.inside.sum()), scene.units.plural)
        return say(
            "{plan}. Close up: {name}, {units}.", plan=plan_of(scene.placement.plan), name=self.name, units=units
        )

    def findings(self) -> tuple[str, ...]:
        """Say the figures in a sentence.

        Returns
        -------
        tuple of str
            One sentence.
        """
        noun = term(base_of(self.base).noun)
        if pd.isna(self.figures["share"]):
            return (say("In {name} no share can be given.", name=self.name),)
        return (
            say(
                "In {name} the share is {share} ({count} of {base} {noun}); in the whole area it is {whole}.",
                name=self.name,
                share=with_margin(percent(self.figures["share"]), self.figures),
                count=people(self.figures["count"]),
                base=people(self.figures["base"]),
                noun=noun,
                whole=with_margin(percent(self.whole["share"]), self.whole),
            ),
        )

    def alt(self, scene: ZoomScene, told: Sequence[str]) -> str:
        """Write the alternative text: what, where, main finding.

        Parameters
        ----------
        scene : ZoomScene
            What was drawn.
        told : sequence of str
            Findings.

        Returns
        -------
        str
            Two sentences.
        """
        what = say(
            "Map of {name} in {plan}, close up: {what}, by {unit}.",
            name=self.name,
            plan=scene.placement.plan.name,
            what=scene.heading,
            unit=term(singular(scene.units.plural)),
        )
        return joined([what, told[0]])

    def describe(self, scene: ZoomScene, alt: str) -> str:
        """Describe classes and figures in full.

        Parameters
        ----------
        scene : ZoomScene
            What was drawn.
        alt : str
            Alternative text.

        Returns
        -------
        str
            Classes inside, figures, notes, projection.
        """
        index = scene.index[self.inside]
        counts = [
            say("{entry}: {count:,}", entry=words, count=int((index == number).sum()))
            for number, words in [*enumerate(scene.classes.labels), (-1, scene.without)]
            if number >= 0 or (index == number).any()
        ]
        weak = int(scene.is_weak[self.inside].sum())
        if weak:
            counts.append(
                say("{entry}: {count:,}", entry=say("hatched, as the share is of low reliability"), count=weak)
            )
        classes = say(
            "{units:capital} of {name} in each class of share: {counts}.",
            units=term(scene.units.plural),
            name=self.name,
            counts=joined(counts, "; "),
        )
        rows = [say("{figure}: {here}.", figure=cells[0], here=cells[1]) for _, cells in self.table_rows()]
        end = joined([*self.notes, *scene.notes(), scene.outside, say("Projection: {crs}.", crs=describe(scene.crs))])
        return joined([alt, classes, joined(rows), end], "\n\n")

    def twins(self, scene: ZoomScene, heading: str) -> tuple[Twin, ...]:
        """Lay the figures out as a table: here, and the whole area.

        Parameters
        ----------
        scene : ZoomScene
            What was drawn.
        heading : str
            Title.

        Returns
        -------
        tuple of Twin
            One.
        """
        rule, base, placed = definition(self.group), base_of(self.base), scene.placement
        keep = [key for key in (*_FIGURES, "share_moe", "reliability") if key in self.figures.index]
        frame = pd.DataFrame([self.figures[keep], self.whole.reindex(keep)]).infer_objects()
        frame.insert(0, "where", [str(self.name), str(say("whole area"))])
        heads = {
            "where": say("Where"),
            "count": term(rule.short),
            "base": say("All {noun}", noun=term(base.noun)),
            "share": say("Share"),
            "share_of_group": say("Share of the group"),
            "reliability": say("Reliability of the share"),
        }
        labels = {
            "plan": placed.plan.name,
            "definition": rule.name,
            "counted": term(rule.long),
            "universe": term(base.label),
            "placement": say("{units} by {rule}", units=term(placed.units.plural), rule=term(RULE_WORDS[placed.rule])),
        }
        shown = tuple((key, heads[key]) for key in frame.columns if key in heads)
        notes = tuple(note for note in (scene.weak(), *scene.table.notes, *scene.notes(), *self.notes) if note)
        sources = tuple(dict.fromkeys([*scene.sources, *scene.more_sources]))
        return (Twin(heading, frame.reset_index(drop=True), shown, notes, sources, labels),)


def of_district(scene: ZoomScene, label: str) -> CloseUp:
    """Take the figures of a district.

    Parameters
    ----------
    scene : ZoomScene
        Shares by unit and by district.
    label : str
        The district.

    Returns
    -------
    CloseUp
        Its figures.
    """
    table = scene.table
    row, inside = table.frame.loc[label], (scene.placement.assignment == label).fillna(value=False).to_numpy(dtype=bool)
    extra: list[tuple[str, str]] = []
    if not pd.isna(row["rank"]):
        ranked = int(table.frame["rank"].notna().sum())
        extra.append((say("Rank of the share"), say("{rank} of {number}", rank=int(row["rank"]), number=ranked)))
    extra.append((say("{units:capital}", units=term(scene.units.plural)), say("{count:,}", count=int(inside.sum()))))
    small = 0 < row["base"] < current().small_base
    figures, notes = _hidden(row, scene, small=small)
    name = say("district {label}", label=label)
    return CloseUp(label, name, inside, figures, table.total, table.group, table.base, notes, tuple(extra))


def of_community(scene: ZoomScene, found: Areas, name: str) -> CloseUp:
    """Take the figures of a community.

    Parameters
    ----------
    scene : ZoomScene
        Shares by unit.
    found : Areas
        Named areas.
    name : str
        Which of them.

    Returns
    -------
    CloseUp
        Its figures, and the districts that divide it.
    """
    table, placement = scene.table, scene.placement
    splits = community_splits(found.communities, placement, group=table.group, base=table.base)
    row = splits.frame.loc[name]
    rows, _ = at_level(found.communities, placement.units.frame.index)
    mine = rows.loc[(rows["community"] == name) & (rows["share"] >= 0.5), "GEOID"]
    inside = placement.units.frame.index.isin(mine)
    extra = [(say("Districts it lies in"), say("{count:,}", count=int(row["districts"])))]
    if not pd.isna(row["largest_share"]):
        most = say("{district} ({share})", district=str(row["largest_district"]), share=percent(row["largest_share"]))
        extra.append((say("District with most of it"), most))
    block = placement.units.level == "block" and row["units"] == 1
    small = bool(block or 0 < row["base"] < current().small_base)
    figures = row.reindex([key for key in (*_FIGURES, "share_moe", "reliability") if key in row.index])
    figures, notes = _hidden(figures, scene, small=small)
    given = say("Outlines are {areas} as given; the kit drew none of them.", areas=term(KINDS[found.kind]))
    cautions = [note for note in (*found.notes, *splits.notes) if name in note or "outline" in note.lower()]
    notes = tuple(dict.fromkeys([*([] if found.kind == "cluster" else [given]), *cautions, *notes]))
    return CloseUp(name, name, inside, figures, table.total, table.group, table.base, notes, tuple(extra))


def _hidden(row: pd.Series, scene: ZoomScene, *, small: bool) -> tuple[pd.Series, tuple[str, ...]]:
    """Leave out the counts of a place of few people, and say so."""
    if not small:
        return row, ()
    keys = [key for key in row.index if key not in {"base", "tier"}]
    figures = row.astype(object).copy()
    figures[keys] = np.nan
    noun = term(base_of(scene.table.base).noun)
    return figures, (
        say("The group is not counted here: fewer than {few:,} {noun}.", few=current().small_base, noun=noun),
    )


def _written(row: pd.Series, key: str) -> str:
    """Write one figure."""
    if key in {"count", "base"}:
        return people(row[key])
    share = percent(row[key]) if key in row.index else percent(np.nan)
    return with_margin(share, row).replace(" ", "\n", 1) if key == "share" and "share_moe" in row.index else share


def bound_twin(sheets: Sequence[Sheet], heading: str) -> Twin:
    """Put the tables of several close-ups into one, a row a district.

    Parameters
    ----------
    sheets : sequence of Sheet
        One a page.
    heading : str
        Title.

    Returns
    -------
    Twin
        The last row is the whole area.
    """
    tables = [sheet.twins[0] for sheet in sheets]
    frame = pd.concat([*(one.frame.iloc[:1] for one in tables), tables[0].frame.iloc[1:]], ignore_index=True)
    notes = tuple(dict.fromkeys(note for one in tables for note in one.notes))
    return replace(tables[0], title=heading, frame=frame, notes=notes)


def bound_facts(sheets: Sequence[Sheet]) -> Facts | None:
    """Put what exhibits say of several close-ups together.

    Parameters
    ----------
    sheets : sequence of Sheet
        One a page.

    Returns
    -------
    Facts or None
        Those of the first page, with the findings and notes of all.
    """
    known = [sheet.facts for sheet in sheets if sheet.facts is not None]
    if not known:
        return None
    return replace(
        known[0],
        findings=tuple(finding for one in known for finding in one.findings),
        notes=tuple(dict.fromkeys(note for one in known for note in one.notes)),
        around=tuple(artist for one in known for artist in one.around),
    )
