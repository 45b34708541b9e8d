"""What stands around a map in words: which plan, what was counted, and from what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kit.model.crs import describe
from kit.model.groups import BASES, definition
from kit.model.sentences import RULE_WORDS, number_of, people, percent

if TYPE_CHECKING:
    from kit.maps.ground import Ground
    from kit.maps.scene import Scene
    from kit.model.frames import Placement, Source


def subtitle(scene: Scene, *others: Scene) -> str:
    """Say which plan this is and what the whole jurisdiction's figure is.

    Parameters
    ----------
    scene : Scene
        What is drawn.
    *others : Scene
        What is drawn beside it, of the same units; captions name the plans then.

    Returns
    -------
    str
        One or two sentences.
    """
    drawn, total, units = scene.placement.plan, scene.table.total, scene.placement.units
    status = ", ".join(part for part in (drawn.jurisdiction, drawn.status, drawn.adopted) if part)
    named = "" if others else f"{drawn.name}{f' ({status})' if status else ''}: "
    numbers = " and ".join(dict.fromkeys(f"{len(one.placement.plan)}" for one in (scene, *others)))
    districts = "district" if numbers == "1" else "districts"
    return (
        f"{named}{numbers} {districts}, {number_of(len(units), units.plural)}. Whole area: {percent(total['share'])} "
        f"({people(total['count'])} of {people(total['base'])} {BASES[scene.table.base].noun})."
    )


def method_notes(scenes: list[Scene], *, more: Sequence[str] = (), sources: Sequence[Source] = ()) -> list[str]:
    """Write the notes every figure must carry.

    Parameters
    ----------
    scenes : list of Scene
        What is drawn on one page, of one group and base.
    more : sequence of str
        Notes of what lies over the map.
    sources : sequence of Source
        Its sources.

    Returns
    -------
    list of str
        Definition and universe, sources, method, and remarks of the sources.
    """
    first = scenes[0]
    rule = definition(first.table.group)
    cautions = dict.fromkeys(note for scene in scenes for note in scene.table.notes)
    counted = (
        f"Counted: {rule.long} (definition {rule.name}). Base: {BASES[first.table.base].label}. "
        "Each class includes its upper bound."
    )
    begin = [*dict.fromkeys(scene.weak() for scene in scenes if scene.weak()), counted]
    placements = [scene.placement for scene in scenes]
    return page_notes(first, begin=begin, cautions=[*cautions, *more], placements=placements, sources=sources)


def page_notes(
    scene: Ground,
    *,
    begin: Sequence[str] = (),
    cautions: Sequence[str] = (),
    placements: Sequence[Placement] = (),
    sources: Sequence[Source] = (),
) -> list[str]:
    """Write sources, method and remarks under what a map says of itself.

    Parameters
    ----------
    scene : Ground
        What is drawn.
    begin : sequence of str
        What comes first, such as the definition counted; each on a line of its own.
    cautions : sequence of str
        What a reader must know, in one paragraph.
    placements : sequence of Placement
        What is drawn was placed by these.
    sources : sequence of Source
        Further sources, or those of the units where there is no plan.

    Returns
    -------
    list of str
        One string a paragraph, none empty.
    """
    told = dict.fromkeys([*(source for placed in placements for source in placed.sources), *sources])
    cited = " ".join(dict.fromkeys(source.citation() for source in told))
    remarks = " ".join(dict.fromkeys(source.note for source in told if source.note))
    rules = " and ".join(dict.fromkeys(RULE_WORDS[placed.rule] for placed in placements))
    method = f"{scene.units.plural} placed by {rules}. " if rules else ""
    noted = " ".join(dict.fromkeys(cautions))
    notes = (
        *begin,
        f"Sources: {cited}" if cited else "",
        f"Method: {method}{f'{noted} ' if noted or rules else ''}Projection: {describe(scene.crs)}.",
        scene.outside,
        remarks,
        "Not legal advice; confirm with counsel.",
    )
    return [note for note in notes if note]
