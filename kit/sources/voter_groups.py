"""Groups of a voter list: what people said, added up by area."""

from __future__ import annotations

import pandas as pd

from kit.i18n.messages import mark
from kit.model.groups import DEFINITIONS
from kit.model.voters import EVERYBODY, OTHER, SILENT
from kit.sources.voter_layouts import Layout

AREA = "area"
"""Column of the area of a count."""
GROUP_WORDS = {
    EVERYBODY: mark("everybody on the list"),
    SILENT: mark("people whose race or origin the list does not say"),
    OTHER: mark("everybody else"),
    "asian_surname": mark("people with a surname on a list of Asian surnames"),
    "filipino_surname": mark("people with a surname on a list of Filipino surnames"),
}
"""Words for groups that are no definitions of the census."""

_CLASSES = {"asian": "nh_asian_alone", "nhpi": "nh_nhpi_alone", "aapi": "nh_aapi_alone"}

AREA_WORDS = {
    "county": mark("county"),
    "parish": mark("parish"),
    "precinct": mark("precinct"),
    "vtd": mark("voting district"),
    "municipality": mark("municipality"),
    "congressional": mark("congressional district"),
    "senate": mark("State Senate district"),
    "house": mark("State House district"),
    "commission": mark("county commission district"),
    "school": mark("school board district"),
}
"""Words for the places that lists are counted by."""


def in_order(area: str) -> tuple[int, str]:
    """Put numbered areas in the order of their numbers, and others after them.

    Parameters
    ----------
    area : str
        Name.

    Returns
    -------
    tuple
        To sort by.

    Examples
    --------
    >>> sorted(["10", "2", "AL"], key=in_order)
    ['2', '10', 'AL']
    """
    return (int(area), "") if area.isdecimal() else (1 << 62, area)


def grouped(cells: pd.DataFrame, layout: Layout) -> tuple[pd.DataFrame, dict[str, str]]:
    """Add up each group of each area.

    Parameters
    ----------
    cells : pandas.DataFrame
        Counts by ``area`` and by what was said (``race``, and ``origin`` where it is asked apart).
    layout : Layout
        Which answers there are.

    Returns
    -------
    frame : pandas.DataFrame
        Indexed by ``area`` and ``group``: ``registered``, ``voted`` and ``hidden``.
    groups : dict of str to str
        Group id and what it counts.
    """
    counts = [name for name in ("registered", "voted") if name in cells]
    kind = cells["race"].map(_CLASSES).fillna(OTHER).mask(cells["race"] == "not_said", SILENT)
    if "origin" in cells:
        kind = kind.mask(cells["origin"] == "hispanic", OTHER)
    table = cells.assign(group=kind).pivot_table(
        index=AREA, columns="group", values=counts, aggfunc="sum", fill_value=0
    )
    table = table.loc[sorted(table.index, key=in_order)]
    answers = set(layout.race.values())
    groups = [EVERYBODY, *(_CLASSES[one] for one in ("aapi", "asian", "nhpi") if one in answers), OTHER, SILENT]
    if {"asian", "nhpi"} <= answers:
        groups.insert(1, "nh_aapi_alone")
    made = {}
    for name in counts:
        part = table[name].reindex(columns=[OTHER, SILENT, *_CLASSES.values()], fill_value=0)
        part[EVERYBODY] = part.sum(axis=1)
        if {"asian", "nhpi"} <= answers:
            part["nh_aapi_alone"] = part["nh_asian_alone"] + part["nh_nhpi_alone"]
        made[name] = part[groups].to_numpy().ravel()
    frame = pd.DataFrame(made, index=pd.MultiIndex.from_product([table.index, groups], names=["area", "group"]))
    if "voted" not in frame:
        frame["voted"] = pd.NA
    frame = frame.astype({"registered": "Int64", "voted": "Int64"}).assign(hidden=False)
    return frame, {group: words_of(group, layout) for group in groups}


def words_of(group: str, layout: Layout) -> str:
    """Give the words for a group.

    Parameters
    ----------
    group : str
        Id.
    layout : Layout
        Which may have words of its own.

    Returns
    -------
    str
        What it counts.
    """
    return layout.groups.get(group) or GROUP_WORDS.get(group) or DEFINITIONS[group].long
