"""Alt text and long description of a map, written from its numbers."""

from __future__ import annotations

from typing import Any

from kit.maps.record import MapRecord, record_of, sheet_of
from kit.model.groups import BASES, definition
from kit.model.margin_words import margin_after
from kit.model.sentences import listed, people, percent


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
        return sheet.alt[0]
    record = record_of(ax)
    records = (record, *record.others)
    table = record.table
    plans = " and ".join(r.table.placement.plan.name for r in records)
    kind = "Map" if len(records) == 1 else "Two maps, side by side,"
    what = f"{kind} of the {BASES[table.base].label} share of {definition(table.group).short} by "
    where = f"{one_of(record.plural)}, with the district lines of {plans}."
    found = [_finding(r, named=len(records) > 1) for r in records]
    finding = "; ".join(found)
    return f"{what}{where} {finding[:1].upper()}{finding[1:]}."


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
        return sheet.description
    record = record_of(ax)
    told = []
    for r in (record, *record.others):
        noun = BASES[r.table.base].noun
        plan = r.table.placement.plan
        told.append(f"{plan.name}. {r.table.summary()}")
        counts = "; ".join(f"{words}: {n:,}" for words, n in zip(r.classes.labels, r.class_counts, strict=True))
        empty = f"; {r.without}: {r.empty:,}" if r.empty else ""
        told.append(f"{r.plural.capitalize()} in each class of share: {counts}{empty}.")
        rows = [
            f"District {label}: {percent(row['share'])}{margin_after(row)} "
            f"({people(row['count'])} of {people(row['base'])} {noun})."
            for label, row in r.table.frame.iterrows()
        ]
        told.append(" ".join(rows))
    told.append(" ".join(part for part in (record.outside, f"Projection: {record.crs}.") if part))
    return "\n\n".join(told)


def one_of(plural: str) -> str:
    """Give the singular of a level's plural.

    Parameters
    ----------
    plural : str
        Such as ``"counties"``.

    Returns
    -------
    str
        Such as ``"county"``.
    """
    return plural[:-3] + "y" if plural.endswith("ies") else plural.removesuffix("s")


def _finding(record: MapRecord, *, named: bool) -> str:
    """Name the districts with the highest and the lowest share, in one clause."""
    share = record.table.frame["share"].dropna()
    where = f"under {record.table.placement.plan.name}, the" if named else "the"
    if not len(share):
        return f"{where} districts hold nobody to take a share of"
    if share.max() == share.min():
        return f"{where} share is {percent(share.max())} in every district"
    ends = [
        f"{word} in {_places(list(share.index[share == value]))} ({percent(value)})"
        for word, value in (("highest", share.max()), ("lowest", share.min()))
    ]
    return f"{where} share is {ends[0]} and {ends[1]}"


def _places(labels: list[str]) -> str:
    """Name districts; more than six are counted."""
    if len(labels) > 6:
        return f"{len(labels)} districts"
    return f"district{'s' if len(labels) > 1 else ''} {listed([str(label) for label in labels])}"
