"""What stands around a map in words: which plan, what was counted, and from what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kit.i18n.messages import each, joined, retold, say, term
from kit.maps.facts import counted_words
from kit.maps.words import both
from kit.model.crs import describe
from kit.model.groups import BASES
from kit.model.sentences import RULE_WORDS, listed, number_of, people, percent

if TYPE_CHECKING:
    from kit.maps.ground import Ground
    from kit.maps.scene import Scene
    from kit.model.frames import Placement, Plan, Source


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
    sizes = list(dict.fromkeys(len(one.placement.plan) for one in (scene, *others)))
    districts = number_of(sizes[0], "districts")
    if len(sizes) > 1:
        districts = say("{numbers} districts", numbers=listed([f"{size}" for size in sizes]))
    values = {
        "districts": districts,
        "units": number_of(len(units), units.plural),
        "share": percent(total["share"]),
        "count": people(total["count"]),
        "whole": people(total["base"]),
        "noun": term(BASES[scene.table.base].noun),
    }
    if others:
        return say("{districts}, {units}. Whole area: {share} ({count} of {whole} {noun}).", **values)
    return say(
        "{plan}: {districts}, {units}. Whole area: {share} ({count} of {whole} {noun}).", plan=plan_of(drawn), **values
    )


def plan_of(plan: Plan) -> str:
    """Name a plan, and how far it has come.

    Parameters
    ----------
    plan : Plan
        Its jurisdiction, status and date of adoption follow in brackets.

    Returns
    -------
    str
        The name alone where none of them is known.
    """
    status = ", ".join(part for part in (plan.jurisdiction, plan.status and term(plan.status), plan.adopted) if part)
    return f"{plan.name} ({status})" if status else plan.name


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
    cautions = dict.fromkeys(note for scene in scenes for note in scene.table.notes)
    counted = joined([counted_words(first.table.group, first.table.base), say("Each class includes its upper bound.")])
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
    cited = joined(dict.fromkeys(source.citation() for source in told))
    remarks = joined(each(dict.fromkeys(source.note for source in told if source.note)))
    rules = dict.fromkeys(RULE_WORDS[placed.rule] for placed in placements)
    noted = joined(each(dict.fromkeys(cautions)))
    projection = say("Projection: {projection}.", projection=describe(scene.crs))
    if rules:
        how = say("Method: {units} placed by {rules}.", units=term(scene.units.plural), rules=both(each(rules, term)))
        method = joined([how, noted, projection])
    else:
        method = say("Method: {notes}", notes=joined([noted, projection]))
    notes = (
        *each(begin),
        say("Sources: {sources}", sources=cited) if cited else "",
        method,
        retold(scene.outside),
        remarks,
        say("Not legal advice; confirm with counsel."),
    )
    return [note for note in notes if note]
