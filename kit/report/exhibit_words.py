"""Sentences of an exhibit: whose plans, how far they have come, what must be stamped, and how figures were made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kit.i18n.messages import Message, each, joined, mark, retold, say, term
from kit.maps.page import SAMPLE_STAMP
from kit.model.frames import DistrictTable, Placement, Plan
from kit.model.sentences import RULE_WORDS, extremes, listed, whole_area
from kit.model.source import Source

STATUSES = (mark("enacted"), mark("adopted"), mark("proposed"), mark("draft"), mark("illustrative"))
LAW = frozenset({"enacted", "adopted"})
"""Statuses of a plan that is law."""
# More plans than this are counted in the line under the title, and named in the notes.
_NAMED = 2
_STAMPS = {
    "proposed": (mark("Proposed plan"), mark("Proposed plans")),
    "draft": (mark("Draft plan"), mark("Draft plans")),
    "illustrative": (mark("Illustrative plan"), mark("Illustrative plans")),
}


def where_words(plans: Sequence[Plan], *, change: bool = False) -> Message:
    """Say whose plans these are and how far they have come.

    Parameters
    ----------
    plans : sequence of Plan
        At least one.
    change : bool
        Whether two plans are drawn over each other, and named here; beside
        each other their captions name them.

    Returns
    -------
    str
        Jurisdiction, plan, status and date of adoption.
    """
    first = plans[0]
    where = joined(dict.fromkeys(plan.jurisdiction for plan in plans), say(" and "))
    if len(plans) == 1:
        given = {"where": where, "plan": first.name, "status": term(first.status)}
        if first.adopted and first.status == "adopted":
            return joined([where, _named(first)], " — ")
        if first.adopted:
            return say("{where} — {plan}; {status}; adopted {date}", **given, date=first.adopted)
        return say("{where} — {plan}; {status}", **given)
    if len(plans) == _NAMED and change:
        told = [_named(plan) for plan in plans]
        return say("{where} — before: {before}; after: {after}", where=where, before=told[0], after=told[1])
    if len(plans) == _NAMED:
        told = [_progress(plan) for plan in plans]
        return say("{where} — left: {left}; right: {right}", where=where, left=told[0], right=told[1])
    return say("{where} — {number:,} plans", where=where, number=len(plans))


def _progress(plan: Plan) -> Message:
    """Write status and date of adoption, for the middle of a sentence."""
    if plan.adopted:
        return say("{status}, adopted {date} plan", status=term(plan.status), date=plan.adopted)
    return say("{status} plan", status=term(plan.status))


def _named(plan: Plan) -> Message:
    """Write a plan with its status and date of adoption."""
    if plan.adopted and plan.status == "adopted":
        return say("{plan} (adopted {date})", plan=plan.name, date=plan.adopted)
    if plan.adopted:
        return say("{plan} ({status}, adopted {date})", plan=plan.name, status=term(plan.status), date=plan.adopted)
    return say("{plan} ({status})", plan=plan.name, status=term(plan.status))


def plans_words(plans: Sequence[Plan]) -> str:
    """Name many plans, which the line under the title only counts.

    Parameters
    ----------
    plans : sequence of Plan
        As drawn.

    Returns
    -------
    str
        One sentence; empty where that line names them.
    """
    if len(plans) <= _NAMED:
        return ""
    return say("Plans: {plans}.", plans=joined([_named(plan) for plan in plans], say("; ")))


def stamps_words(plans: Iterable[Plan], *, sample: bool, contact: str, draft: str = "") -> list[str]:
    """Write what must be stamped on the page.

    Parameters
    ----------
    plans : iterable of Plan
        As drawn.
    sample : bool
        Whether any figure rests on sample data.
    contact : str
        How to reach the author.
    draft : str
        What is stamped on words that nobody has read over yet.

    Returns
    -------
    list of str
        Each once.
    """
    stamps: list[str] = [term(SAMPLE_STAMP)] if sample else []
    status = [plan.status for plan in plans if plan.status not in LAW]
    stamps += [term(_STAMPS[one][status.count(one) > 1]) for one in dict.fromkeys(status)]
    return [*stamps, *([] if contact else [say("Draft: contact to be added")]), *([draft] if draft else [])]


def findings_words(tables: Sequence[DistrictTable]) -> list[str]:
    """Write what one table or two show: the whole, the highest and the lowest district.

    Parameters
    ----------
    tables : sequence of DistrictTable
        Of the panels, from the left.

    Returns
    -------
    list of str
        A paragraph each.
    """
    first, *others = tables
    if not others:
        return [joined([whole_area(first), *extremes(first)])]
    told = [whole_area(first, where=first.placement.plan.jurisdiction)]
    told.append(say("Left: {told}", told=joined(extremes(first))))
    return [*told, *(say("Right: {told}", told=joined(extremes(table))) for table in others)]


def left_out_words(table: DistrictTable, held: set[str]) -> list[str]:
    """Say which districts of the plan hold none of the units.

    Parameters
    ----------
    table : DistrictTable
        Figures by district.
    held : set of str
        Districts that hold some.

    Returns
    -------
    list of str
        One sentence, or none.
    """
    out = [label for label in table.placement.plan.labels if label not in held]
    if not out:
        return []
    units = term(table.placement.units.plural)
    if len(out) == 1:
        return [say("District {district} holds none of these {units}.", district=out[0], units=units)]
    return [say("Districts {districts} hold none of these {units}.", districts=listed(out), units=units)]


def sources_words(sources: Iterable[Source]) -> Message:
    """Cite the sources, with the beginnings of their hashes.

    Parameters
    ----------
    sources : iterable of Source
        Of everything on the page.

    Returns
    -------
    str
        One or two sentences.
    """
    used = list(dict.fromkeys(sources))
    cited = joined(dict.fromkeys(source.citation() for source in used))
    told = [say("Sources: {sources}", sources=cited)]
    hashes = [f"{source.where or source.title} {source.sha256[:12]}" for source in used if source.sha256]
    if hashes:
        told.append(say("SHA-256 of inputs begins: {hashes}.", hashes=joined(hashes, "; ")))
    return joined(told)


def method_words(placements: Sequence[Placement], notes: Iterable[str], *, crs: str, outside: str) -> Message:
    """Say how units were placed, what a reader must know, and how the map was drawn.

    Parameters
    ----------
    placements : sequence of Placement
        Of the plans drawn.
    notes : iterable of str
        What a reader must know; each is told once.
    crs : str
        Projection, in words.
    outside : str
        Who lives outside the frame.

    Returns
    -------
    str
        A paragraph.
    """
    rules = joined([term(rule) for rule in dict.fromkeys(RULE_WORDS[one.rule] for one in placements)], say(" and "))
    placed = say("Method: {units} placed by {rules}.", units=term(placements[0].units.plural), rules=rules)
    told = each(dict.fromkeys(note for note in notes if note))
    return joined([placed, *told, say("Map: {projection}.", projection=term(crs)), retold(outside)])


def unsure_words(kinds: str, sources: Iterable[Source]) -> Message:
    """Say how sure the figures are.

    Parameters
    ----------
    kinds : str
        Kinds of uncertainty.
    sources : iterable of Source
        Whose remarks follow.

    Returns
    -------
    str
        A paragraph.
    """
    remarks = each(dict.fromkeys(source.note for source in sources if source.note))
    return joined([say("Uncertainty: {kinds}.", kinds=kinds), *remarks])
