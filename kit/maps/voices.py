"""Many voices on one map: how many people drew each place, where they agree, and where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.consensus import Consensus
from kit.analysis.consensus_words import findings
from kit.errors import InputError
from kit.i18n.messages import capital, each, joined, mark, retold, say, term
from kit.maps.choropleth import draw_into
from kit.maps.facts import counted_words, facts_of
from kit.maps.ground import require_polygons
from kit.maps.notes import page_notes, plan_of
from kit.maps.page import SAMPLE_STAMP, Page
from kit.maps.record import Sheet, Twin, remember
from kit.maps.voice_ground import VoiceGround, VoiceLayer, core_words, edge_words
from kit.model.communities import KINDS
from kit.model.crs import describe
from kit.model.frames import Placement
from kit.model.groups import base_of, definition, who
from kit.model.sentences import number_of
from kit.model.things import singular
from kit.settings import current

__all__ = ["map_consensus"]

_KEPT_BACK = {
    "commission": mark("For the commission, not for the public"),
    "internal": mark("For our own eyes, not for the public"),
}


def map_consensus(
    result: Consensus,
    placement: Placement | None = None,
    *,
    title: str | None = None,
    extent: Sequence[float] | None = None,
    page: str = "letter",
    ax: Any = None,
) -> Any:
    """Draw how many people drew each place, the agreement core and the contested edge.

    Parameters
    ----------
    result : Consensus
        What `kit.consensus` counted over units with polygons.
    placement : Placement, optional
        The same units placed in a plan, for its lines and numbers.
    title : str, optional
        Heading of the page.
    extent : sequence of float, optional
        West, south, east and north in degrees; by default all that somebody drew.
    page : str, default "letter"
        Page size: ``"letter"``, ``"tabloid"``, ``"letter portrait"`` or ``"tabloid portrait"``.
    ax : matplotlib.axes.Axes, optional
        Draw into these axes, with a legend inside them, instead of on a page.

    Returns
    -------
    matplotlib.axes.Axes
        The map. Nothing is shown or saved.

    Raises
    ------
    InputError
        What was passed is no Consensus, its units have no polygons, or the plan
        is of other units.

    Notes
    -----
    Drawn in an equal-area projection centred on what was drawn. Colours count
    different people, in at most seven classes of which both thresholds are
    bounds. The core has a heavy outline; what lies between it and the dashed
    one is contested. What people wrote is not on the map. A page that is not
    for the public is stamped so, and makes no exhibit.
    """
    if not isinstance(result, Consensus):
        raise InputError(f"map_consensus draws what kit.consensus returned, not a {type(result).__name__}.")
    require_polygons(result.units)
    if placement is not None and not placement.units.frame.index.equals(result.units.frame.index):
        raise InputError(
            f"the plan was placed over other units ({len(placement.units):,}) than the submissions were counted over "
            f"({len(result.units):,}); place the same units."
        )
    ground = VoiceGround(result, placement, extent=extent)
    ground.overlays.append(VoiceLayer(ground))
    heading = title or say("How many people drew each place, and where they agree")
    if ax is None:
        panel = _page(ground, heading, page)
    else:
        panel = ax
        draw_into(ax, ground)
    facts = facts_of(
        ground,
        [panel],
        whole=ax is None,
        counted=_counted(ground),
        legend=ground.legend_title,
        heads=(say("Submitters"), result.units.plural),
        findings=findings(result),
        notes=_notes(result),
        sources=ground.sources,
        group=result.group,
        base=result.base,
        audience=result.audience,
    )
    alt = _alt(ground)
    remember(panel, Sheet(heading, (panel,), (alt,), _describe(alt, ground), _twins(ground, heading), facts))
    return panel


def _page(ground: VoiceGround, heading: str, size: str) -> Any:
    """Draw on a page; return its panel."""
    result, placement = ground.result, ground.placement
    placements = [] if placement is None else [placement]
    notes = page_notes(
        ground, begin=[_counted(ground)], cautions=_notes(result), placements=placements, sources=result.sources
    )
    under = [
        say(
            "{voices:,} submitters, {communities}; {count} drawn.",
            voices=result.submitters,
            communities=number_of(_communities(result), KINDS["community"]),
            count=number_of(len(result.frame), result.units.plural),
        ),
        "" if placement is None else say("Lines: {plan}.", plan=plan_of(placement.plan)),
    ]
    stamps = [SAMPLE_STAMP if ground.sample else "", _KEPT_BACK.get(result.audience, "")]
    stamp = joined([term(one) for one in stamps if one], ". ")
    page = Page(heading, joined(under), notes, stamp=stamp, size=size, ground=ground)
    panel = page.panels[0]
    ground.draw(panel, inset=placement is not None)
    page.scale(ground, panel)
    page.beside(ground)
    return panel


def _notes(result: Consensus) -> list[str]:
    """Say what a reader must know."""
    return [
        *each(result.notes),
        say("Outlines are drawn without the cracks between units and the specks that are too small to see."),
    ]


def _communities(result: Consensus) -> int:
    """Count the communities that hold any of the units."""
    return int(result.located.membership["community"].nunique())


def _counted(ground: VoiceGround) -> str:
    """Say what is counted: people who drew, and the group among residents."""
    result = ground.result
    return joined(
        [
            say(
                "Colours count the different people who drew a place, in their {communities:,} communities; one person "
                "counts once.",
                communities=_communities(result),
            ),
            counted_words(result.group, result.base),
        ]
    )


def _alt(ground: VoiceGround) -> str:
    """Write the alternative text: what, where, main finding."""
    result = ground.result
    values = {"unit": term(singular(result.units.plural)), "voices": result.submitters}
    if ground.placement is None:
        what = say("Map of how many of {voices:,} submitters drew each {unit}.", **values)
    else:
        what = say(
            "Map of how many of {voices:,} submitters drew each {unit}, with the district lines of {plan}.",
            plan=ground.placement.plan.name,
            **values,
        )
    return joined([what, next(iter(findings(result)[1:]))])


def _describe(alt: str, ground: VoiceGround) -> str:
    """Describe classes, core and edge in full."""
    result = ground.result
    counts = [
        say("{entry}: {count:,}", entry=step.words, count=count)
        for step, count in zip(ground.steps, ground.counts(), strict=True)
    ]
    lines = joined([core_words(result), edge_words(result)], "; ") if result.core_count > result.edge_count else ""
    outlines = say("Outlines: {lines}.", lines=lines or core_words(result))
    told = say(
        "{units:capital} by number of submitters: {counts}.",
        units=term(result.units.plural),
        counts=joined(counts, "; "),
    )
    projection = say("Projection: {projection}.", projection=describe(ground.crs))
    return joined(
        [
            alt,
            joined(findings(result)),
            joined([told, outlines]),
            joined(_notes(result)),
            joined([retold(ground.outside), projection]),
        ],
        "\n\n",
    )


def _twins(ground: VoiceGround, heading: str) -> tuple[Twin, ...]:
    """Lay out one row a class, and one row a unit that somebody drew, without any count of the group."""
    result = ground.result
    rule, base = definition(result.group), base_of(result.base)
    labels = {
        "definition": rule.name,
        "counted": term(rule.long),
        "universe": term(base.label),
        "method": joined([core_words(result), edge_words(result)], "; "),
    }
    frame = _classes(ground)
    heads = (
        ("submitters", say("Submitters, of {voices:,}", voices=result.submitters)),
        ("stands", say("How it stands")),
        ("units", capital(term(result.units.plural))),
        ("base", say("All {noun}", noun=term(base.noun))),
        ("count", term(who(result.group))),
        ("share", say("Share")),
    )
    units = result.frame[["submitters", "stands"]].rename_axis("GEOID").reset_index()
    of_units = (("GEOID", say("Unit")), ("submitters", say("Submitters")), ("stands", say("How it stands")))
    notes, sources = tuple(_notes(result)), ground.sources
    return (
        Twin(heading, frame, heads, notes, sources, labels),
        Twin(heading, units, of_units, notes, sources, labels, mark="units", page=False),
    )


def _classes(ground: VoiceGround) -> pd.DataFrame:
    """Add up each class, most submitters first; the group is not counted among few people or in a single block."""
    result, rows = ground.result, []
    for step in reversed(ground.steps):
        held = result.frame[result.frame["submitters"].between(step.least, step.most)]
        # Where no unit is of the class nobody lives in it; where counts are missing so is their sum.
        least = min(1, len(held))
        whole, some = held["base"].sum(min_count=least), held["count"].sum(min_count=least)
        small = 0 < whole < current().small_base or (len(held) == 1 and result.units.level == "block")
        rows.append(
            {
                "submitters": step.words,
                "stands": term(step.stands),
                "units": len(held),
                "base": whole,
                "count": np.nan if small else some,
                "share": np.nan if small or not whole else some / whole,
            }
        )
    return pd.DataFrame(rows)
