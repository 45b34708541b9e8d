"""Alt text and long description of a map, written from its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

from kit.i18n.messages import joined, retold, say, term
from kit.maps.record import MapRecord, record_of, sheet_of
from kit.model.groups import BASES, definition
from kit.model.margin_words import margin_after
from kit.model.sentences import listed, people, percent
from kit.model.things import singular

SPEAKERS_OF = "people_5_and_over"
"""Universe of questions on language, which names people and no share of a population."""


def alt_text(ax: Any) -> str:
    """Write the alternative text of a map: what, where, main finding.

    Parameters
    ----------
    ax : matplotlib.axes.Axes, or a sequence of them
        What a ``map_*`` function returned.

    Returns
    -------
    str
        At most two sentences.

    Raises
    ------
    InputError
        The axes hold no map of the kit.
    """
    sheet = sheet_of(ax)
    if sheet is not None:
        return retold(sheet.alt[0])
    record = record_of(ax)
    records = (record, *record.others)
    table = record.table
    values = {
        "base": term(BASES[table.base].label),
        "group": term(definition(table.group).short),
        "unit": term(singular(record.plural)),
        "plans": both([r.table.placement.plan.name for r in records]),
    }
    focus = tuple(dict.fromkeys(label for r in records for label in r.focus))
    if focus:
        values["plans"] = say("{plans} ({focus})", plans=values["plans"], focus=in_focus(focus))
    of_speakers = table.base == SPEAKERS_OF
    if of_speakers and len(records) == 1:
        what = say("Map of {group} as a share of {base}, by {unit}, with the district lines of {plans}.", **values)
    elif of_speakers:
        what = say(
            "Two maps, side by side, of {group} as a share of {base}, by {unit}, with the district lines of {plans}.",
            **values,
        )
    elif len(records) == 1:
        what = say("Map of the {base} share of {group} by {unit}, with the district lines of {plans}.", **values)
    else:
        what = say(
            "Two maps, side by side, of the {base} share of {group} by {unit}, with the district lines of {plans}.",
            **values,
        )
    findings = joined([_finding(r, named=len(records) > 1) for r in records], "; ")
    return joined([what, say("{finding:capital}.", finding=findings)])


def long_description(ax: Any) -> str:
    """Describe a map in full, for readers who do not see it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes, or a sequence of them
        What a ``map_*`` function returned.

    Returns
    -------
    str
        Classes with their counts, then every district, then how it was made.
    """
    sheet = sheet_of(ax)
    if sheet is not None:
        return retold(sheet.description)
    record = record_of(ax)
    told: list[str] = []
    for r in (record, *record.others):
        told.append(joined([f"{r.table.placement.plan.name}.", r.table.summary()]))
        numbers = list(zip(r.classes.labels, r.class_counts, strict=True))
        others: list[tuple[str, int]] = [(r.without, r.empty), (say("not available: missing or suppressed"), r.missing)]
        others.append((say("hatched, as the share is of low reliability"), r.weak))
        counts = [*numbers, *((words, n) for words, n in others if n)]
        listing = joined([say("{entry}: {count:,}", entry=words, count=n) for words, n in counts], "; ")
        told.append(say("{units:capital} in each class of share: {counts}.", units=term(r.plural), counts=listing))
        told.append(joined([district_line(label, row, r.table.base) for label, row in r.table.frame.iterrows()]))
        told += [say("Marked: {focus}.", focus=in_focus(r.focus))] if r.focus else []
    told += [retold(note) for note in record.notes]
    told.append(joined([retold(record.outside), say("Projection: {projection}.", projection=record.crs)]))
    return joined(told, "\n\n")


def district_line(label: Any, row: Any, base: str, *, margin: bool = True) -> str:
    """Write the figures of one district.

    Parameters
    ----------
    label : object
        The district.
    row : pandas.Series
        Its row of a district table.
    base : str
        Universe id.
    margin : bool
        Whether a margin of error is told too.

    Returns
    -------
    str
        One sentence.
    """
    return say(
        "District {label}: {share}{margin} ({count} of {whole} {noun}).",
        label=str(label),
        share=percent(row["share"]),
        margin=margin_after(row) if margin else "",
        count=people(row["count"]),
        whole=people(row["base"]),
        noun=term(BASES[base].noun),
    )


def in_focus(labels: Sequence[str]) -> str:
    """Name the districts in focus.

    Parameters
    ----------
    labels : sequence of str
        At least one.

    Returns
    -------
    str
        For a legend.
    """
    if len(labels) == 1:
        return say("district {label}, in focus", label=str(labels[0]))
    return say("districts {labels}, in focus", labels=listed([str(label) for label in labels]))


def both(parts: Sequence[str]) -> str:
    """Join two names or more with “and”.

    Parameters
    ----------
    parts : sequence of str
        At least one.

    Returns
    -------
    str
        Such as ``"Plan A and Plan B"``.
    """
    return reduce(lambda first, second: say("{first} and {second}", first=first, second=second), parts)


def _finding(record: MapRecord, *, named: bool) -> str:
    """Name the districts with the highest and the lowest share, in one clause."""
    share = record.table.frame["share"].dropna()
    if not len(share):
        found = say("the districts hold nobody to take a share of")
    elif share.max() == share.min():
        found = say("the share is {share} in every district", share=percent(share.max()))
    else:
        found = say(
            "the share is highest in {most} ({highest}) and lowest in {least} ({lowest})",
            most=_places(list(share.index[share == share.max()])),
            highest=percent(share.max()),
            least=_places(list(share.index[share == share.min()])),
            lowest=percent(share.min()),
        )
    return say("under {plan}, {finding}", plan=record.table.placement.plan.name, finding=found) if named else found


def _places(labels: list[str]) -> str:
    """Name districts; more than six are counted."""
    if len(labels) > 6:
        return say("{number} districts", number=len(labels))
    names = listed([str(label) for label in labels])
    return say("districts {names}", names=names) if len(labels) > 1 else say("district {name}", name=names)
