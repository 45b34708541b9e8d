"""How a packet could be challenged, and the answer, where whoever gathered it wrote none."""

from __future__ import annotations

from kit.i18n.messages import joined, term
from kit.model.groups import definition
from kit.model.sentences import RULE_WORDS, listed
from kit.report.packet_parts import PacketParts
from kit.report.packet_words import worded
from kit.report.tables import KINDS


def answers(parts: PacketParts) -> list[tuple[str, str]]:
    """Give every challenge with its answer; the last is always that the law moves.

    Parameters
    ----------
    parts : PacketParts
        Everything printed.

    Returns
    -------
    list of (str, str)
        Those of `parts` where it has any, else written from its figures.
    """
    given = list(parts.challenges) or _written(parts)
    return [*given, (worded("law"), worded("law_answer"))]


def _written(parts: PacketParts) -> list[tuple[str, str]]:
    """Write challenges on definition, vintage, error, placement, shape and baseline."""
    rule = definition(parts.tables[0].group)
    units = [table.placement.units for table in parts.tables]
    counted = list(dict.fromkeys(source for one in units for source in one.sources))
    years = sorted({source.year for source in counted if source.year})
    kinds = dict.fromkeys(term(KINDS.get(source.uncertainty, source.uncertainty)) for source in counted)
    told: list[tuple[str, str]] = [
        (worded("definition"), worded("definition_answer", long=term(rule.long), name=rule.name))
    ]
    if years:
        told.append((worded("vintage"), worded("vintage_answer", years=listed([str(year) for year in years]))))
    told.append((worded("exact"), worded("exact_answer", kinds=joined(kinds, "; "))))
    told.append((worded("placing"), worded("placing_answer", told=_placing(parts))))
    shapes = [
        worded("parts_of", plan=name, number=int(found.plan["noncontiguous"]))
        for name, found in parts.measures
        if found.plan["noncontiguous"] == found.plan["noncontiguous"]
    ]
    if shapes:
        told.append((worded("parts"), worded("parts_answer", told=joined(shapes, "; "))))
    if parts.splits:
        told.append((worded("baseline"), worded("baseline_answer")))
    return told


def _placing(parts: PacketParts) -> str:
    """Say how the units of each plan were placed, and how many a line cuts."""
    placed = {table.placement.plan.name: table.placement for table in parts.tables}
    told = [
        worded(
            "placed",
            plan=name,
            count=len(one.units),
            plural=term(one.units.plural),
            rule=term(RULE_WORDS[one.rule]),
            cut=len(one.split_units),
        )
        for name, one in placed.items()
    ]
    return joined(told, "; ")
