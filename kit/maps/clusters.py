"""Clusters: which units stand out with their neighbours, in colours and patterns, and their outlines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.cluster_words import PROMPT
from kit.analysis.clusters import Clusters
from kit.errors import InputError
from kit.i18n.messages import capital, each, joined, mark, retold, say, term
from kit.maps import style
from kit.maps.areas import AreaLayer, areas_of
from kit.maps.choropleth import draw_into
from kit.maps.columns import key_height
from kit.maps.facts import counted_words, facts_of, share_words
from kit.maps.ground import Ground, require_polygons
from kit.maps.ink import RASTER_ABOVE, fill_shapes, swatch
from kit.maps.notes import page_notes
from kit.maps.page import SAMPLE_STAMP, Page
from kit.maps.record import Sheet, Twin, remember
from kit.model.communities import KINDS
from kit.model.crs import describe
from kit.model.frames import Placement
from kit.model.groups import base_of, definition
from kit.model.sentences import number_of, people, percent
from kit.model.things import singular
from kit.settings import current

_METHODS = {"moran": mark("local Moran's I"), "gi": mark("Getis–Ord Gi*")}


@dataclass(frozen=True)
class ClassLook:
    """How one class of units is filled.

    Parameters
    ----------
    colour : str
        Of the face.
    hatch : str
        Pattern, which tells the class without colour.
    ink : str
        Colour of the pattern.
    """

    colour: str
    hatch: str
    ink: str


# Red and blue differ for readers with a colour vision deficiency and, as dark and light, on a copier that knows
# black only; each class has a pattern of its own.
_HIGH = ClassLook("#9c1c2e", "xxxx", "#e58a94")
_LOW = ClassLook("#86b9df", "----", "#1d5b8c")
LOOKS = {
    mark("high among high"): _HIGH,
    mark("high with its neighbours"): _HIGH,
    mark("low among low"): _LOW,
    mark("low with its neighbours"): _LOW,
    mark("high among low"): ClassLook("#fdb863", "....", "#6b3d00"),
    mark("low among high"): ClassLook("#c6e3f0", "\\\\\\\\", "#2b6c85"),
    mark("not significant"): ClassLook("#f5f3ec", "", "#d2cfc4"),
    mark("no neighbours"): ClassLook("#ffffff", "++", "#7d7d7d"),
    mark("undefined"): ClassLook("#ffffff", "**", "#7d7d7d"),
}
"""How each class of clusters is filled."""
_SMALL = ClassLook(style.EMPTY, "|||", "#9a9a9a")
_NOBODY = ClassLook(style.EMPTY, style.EMPTY_HATCH, style.HATCH_INK)


class ClusterGround(Ground):
    """Units filled by their class.

    Parameters
    ----------
    found : Clusters
        What was found.
    placement : Placement, optional
        The same units placed in a plan.
    extent : sequence of float, optional
        West, south, east and north in degrees; by default all inhabited units.
    """

    def __init__(self, found: Clusters, placement: Placement | None, *, extent: Sequence[float] | None = None) -> None:
        self.found = found
        lived, noun = found.frame["base"].to_numpy(), base_of(found.base).noun
        super().__init__(found.units, lived=lived, placement=placement, extent=extent, noun=noun)

    @property
    def legend_title(self) -> str:
        """What the colours mean.

        Returns
        -------
        str
            Universe, group and definition id.
        """
        rule = definition(self.found.group)
        base = term(base_of(self.found.base).label)
        lines = [say("Share of {base}", base=base), term(rule.short), say("(definition {name})", name=rule.name)]
        return joined(lines, "\n")

    def classes(self) -> dict[str, tuple[ClassLook, int]]:
        """Name the classes that occur, with their looks and counts.

        Returns
        -------
        dict of str to tuple
            Label → look and number of units, in the order of the legend.
        """
        counts = self.found.frame["label"].value_counts()
        known = {label: (look, int(counts[label])) for label, look in LOOKS.items() if label in counts}
        others = {
            str(label): (_SMALL if str(label).startswith("base under") else _NOBODY, int(number))
            for label, number in counts.items()
            if label not in LOOKS
        }
        return {**known, **others}

    def fill_handles(self, plural: str) -> list[Any]:
        """Make legend entries: classes with their counts.

        Parameters
        ----------
        plural : str
            What is counted, after each number.

        Returns
        -------
        list of matplotlib.artist.Artist
            In legend order.
        """
        rows = []
        for label, (look, number) in self.classes().items():
            noun = term(base_of(self.found.base).noun)
            few = say("fewer than {number:,} {noun}", number=self.found.minimum, noun=noun)
            words = few if look is _SMALL else self.words(label)
            face: dict[str, Any] = {"facecolor": look.colour, "edgecolor": look.ink, "hatch": look.hatch}
            rows.append(swatch(words, number, plural, **face))
        return rows

    def words(self, label: str) -> str:
        """Name a class in the language in force.

        Parameters
        ----------
        label : str
            As `classes` gives it.

        Returns
        -------
        str
            The same in English.
        """
        noun = base_of(self.found.base).noun
        if label == f"no {noun}":
            return say("no {noun}", noun=term(noun))
        few = label.removeprefix("base under ")
        return say("base under {number}", number=int(few)) if few != label else term(label)

    def fill(self, ax: Any, shapes: Any, shown: Any) -> None:
        """Fill each class in its colour and pattern.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Where to draw.
        shapes : numpy.ndarray of shapely.Geometry
            The shapes to draw.
        shown : numpy.ndarray of int
            Positions of their units.
        """
        labels = self.found.frame["label"].to_numpy(dtype=object)[shown]
        raster = len(shapes) > RASTER_ABOVE
        for label, (look, _) in self.classes().items():
            found = shapes[labels == label]
            if len(found):
                face: dict[str, Any] = {"facecolor": look.colour, "edgecolor": look.ink, "linewidth": 0.15}
                fill_shapes(ax, found, hatch=look.hatch, order=2, raster=raster, **face)


def map_clusters(
    found: Clusters,
    *,
    placement: Placement | None = None,
    ax: Any = None,
    title: str | None = None,
    extent: Sequence[float] | None = None,
    page: str = "letter",
) -> Any:
    """Draw the classes of units and the outlines of clusters.

    Parameters
    ----------
    found : Clusters
        What `kit.clusters` found among units with polygons.
    placement : Placement, optional
        The same units placed in a plan, for its lines and numbers.
    ax : matplotlib.axes.Axes, optional
        Draw into these axes, with a legend inside them, instead of on a page.
    title : str, optional
        Heading of the page.
    extent : sequence of float, optional
        West, south, east and north in degrees; by default all inhabited units.
    page : str, default "letter"
        Page size: ``"letter"``, ``"tabloid"``, ``"letter portrait"`` or ``"tabloid portrait"``.

    Returns
    -------
    matplotlib.axes.Axes
        The map. Nothing is shown or saved.

    Raises
    ------
    InputError
        What was passed is no Clusters, its units have no polygons, or the plan
        is of other units.

    Notes
    -----
    Drawn in an equal-area projection centred on the units. Each class has a
    colour and a pattern. Clusters are never called communities: they were
    found by arithmetic.
    """
    if not isinstance(found, Clusters):
        raise InputError(f"map_clusters draws what kit.clusters returned, not a {type(found).__name__}.")
    require_polygons(found.units)
    if placement is not None and not placement.units.frame.index.equals(found.units.frame.index):
        raise InputError(
            f"the plan was placed over other units ({len(placement.units):,}) than the clusters were found among "
            f"({len(found.units):,}); place the same units."
        )
    ground = ClusterGround(found, placement, extent=extent)
    layer = None
    if len(found.communities):
        layer = AreaLayer(areas_of(found, found.units, ground.shapes, ground.crs))
        ground.overlays.append(layer)
    group, base = definition(found.group), base_of(found.base)
    heading = title or say("Clusters of {group}: share of {base}", group=term(group.short), base=term(base.label))
    if ax is None:
        panel = _page(ground, layer, heading, page)
    else:
        panel = ax
        draw_into(ax, ground)
    alt = _alt(ground)
    facts = facts_of(
        ground,
        [panel],
        whole=ax is None,
        counted=counted_words(found.group, found.base),
        legend=share_words(found.group, found.base),
        heads=(say("Class"), found.units.plural),
        findings=[alt],
        notes=found.notes,
        sources=tuple(dict.fromkeys((*ground.sources, *found.sources))),
        group=found.group,
        base=found.base,
    )
    sheet = Sheet(heading, (panel,), (alt,), _describe(alt, ground), _twins(ground, heading), facts)
    remember(panel, sheet)
    return panel


def _page(ground: ClusterGround, layer: AreaLayer | None, heading: str, size: str) -> Any:
    """Draw on a page; return its panel."""
    found, placement = ground.found, ground.placement
    units = found.units
    begin = [counted_words(found.group, found.base)]
    placements = [] if placement is None else [placement]
    notes = page_notes(ground, begin=begin, cautions=found.notes, placements=placements, sources=found.sources)
    under = [
        say(
            "{clusters} among {number:,} {units}.",
            clusters=number_of(len(found.communities), KINDS["cluster"]),
            number=len(units),
            units=term(units.plural),
        ),
        "" if placement is None else say("Lines: {plan}.", plan=placement.plan.name),
        say("Method: {method}.", method=term(_METHODS[found.method])),
    ]
    key = [] if layer is None or not layer.keyed else _key(layer, ground)
    stamp = SAMPLE_STAMP if ground.sample else ""
    page = Page(heading, joined(under), notes, stamp=stamp, size=size, ground=ground, need=key_height(key))
    panel = page.panels[0]
    ground.draw(panel, inset=placement is not None)
    page.scale(ground, panel)
    page.beside(ground, key=key, key_title=say("Clusters: share, people of the group"))
    return panel


def _key(layer: AreaLayer, ground: ClusterGround) -> list[tuple[str, str]]:
    """Write the key of short names: share and people of each cluster."""
    rows = _shown(ground.found)
    return [
        (short, joined([percent(rows.loc[name, "share"]), people(rows.loc[name, "count"])], ", "))
        for name, short in layer.short.items()
    ]


def _shown(found: Clusters) -> pd.DataFrame:
    """Give the figures of the clusters, without counts of the group among few people or in a single block."""
    frame = pd.DataFrame(found.outlines.drop(columns="geometry"))
    frame = frame.astype({"count": "float64", "share": "float64", "share_of_group": "float64"})
    small = (frame["base"] < current().small_base) | ((frame["units"] == 1) & (found.units.level == "block"))
    frame.loc[small, ["count", "share", "share_of_group"]] = np.nan
    return frame


def _alt(ground: ClusterGround) -> str:
    """Write the alternative text: what, where, main finding."""
    found = ground.found
    rule, base, outlines = definition(found.group), base_of(found.base), _shown(found)
    values = {"base": term(base.label), "group": term(rule.short), "unit": term(singular(found.units.plural))}
    if ground.placement is None:
        what = say("Map of clusters of the {base} share of {group} by {unit}.", **values)
    else:
        what = say(
            "Map of clusters of the {base} share of {group} by {unit}, with the district lines of {plan}.",
            plan=ground.placement.plan.name,
            **values,
        )
    if not len(outlines):
        return joined([what, say("No cluster was found.")])
    first = outlines.iloc[0]
    largest = say(
        "the largest, {name}, has {number:,} {units} and a share of {share}, and holds {part} of the group",
        name=outlines.index[0],
        number=int(first["units"]),
        units=term(found.units.plural),
        share=percent(first["share"]),
        part=percent(first["share_of_group"]),
    )
    if len(outlines) == 1:
        return joined([what, say("One cluster was found; {largest}.", largest=largest)])
    return joined([what, say("{number:,} clusters were found; {largest}.", number=len(outlines), largest=largest)])


def _describe(alt: str, ground: ClusterGround) -> str:
    """Describe classes and clusters in full."""
    found = ground.found
    classes = ground.classes().items()
    counts = joined([say("{entry}: {count:,}", entry=ground.words(one), count=n) for one, (_, n) in classes], "; ")
    rows = [
        say(
            "{name}: {number:,} {units}, {share} ({count} of {whole} {noun}).",
            name=name,
            number=int(row["units"]),
            units=term(found.units.plural),
            share=percent(row["share"]),
            count=people(row["count"]),
            whole=people(row["base"]),
            noun=term(base_of(found.base).noun),
        )
        for name, row in _shown(found).iterrows()
    ]
    projection = say("Projection: {projection}.", projection=describe(ground.crs))
    told = say("{units:capital} in each class: {counts}.", units=term(found.units.plural), counts=counts)
    end = joined([retold(term(PROMPT)), retold(ground.outside), projection])
    return joined([alt, told, joined(rows, "\n"), end], "\n\n")


def _twins(ground: ClusterGround, heading: str) -> tuple[Twin, ...]:
    """Lay out one row a cluster, and one row a unit without any count."""
    found = ground.found
    rule, base = definition(found.group), base_of(found.base)
    labels = {
        "definition": rule.name,
        "counted": term(rule.long),
        "universe": term(base.label),
        "method": term(_METHODS[found.method]),
    }
    frame = _shown(found).rename_axis("cluster").reset_index()
    heads = (
        ("cluster", say("Cluster")),
        ("units", capital(term(found.units.plural))),
        ("count", term(rule.short)),
        ("base", say("All {noun}", noun=term(base.noun))),
        ("share", say("Share")),
        ("share_of_group", say("Share of the group")),
    )
    sources = ground.sources
    units = found.frame[["label", "cluster"]].rename(columns={"label": "class"}).rename_axis("GEOID").reset_index()
    of_units = (("GEOID", say("Unit")), ("class", say("Class")), ("cluster", say("Cluster")))
    notes = tuple(each(found.notes))
    return (
        Twin(heading, frame, heads, notes, sources, labels),
        Twin(heading, units, of_units, notes, sources, labels, mark="units", page=False),
    )
