"""Shares by unit: which there are, and the table of them beside a map of estimates."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from kit.analysis.concentration import unit_shares
from kit.i18n.messages import say, term
from kit.maps.record import Twin
from kit.model.frames import Units
from kit.model.groups import base_of, column, definition

if TYPE_CHECKING:
    from kit.maps.scene import Scene

UNPUBLISHED = -3
"""Class of what has no published figure."""


def shares_at_hand(units: Units, *, group: str, base: str) -> pd.DataFrame:
    """Compute shares by unit; of counts that stand alone some may be suppressed.

    Parameters
    ----------
    units : Units
        Units with counts.
    group, base : str
        Definition id and universe id.

    Returns
    -------
    pandas.DataFrame
        As `kit.unit_shares` gives them; all missing where a count is not
        published, which only counts that must not be added may be.

    Raises
    ------
    SchemaError
        Counts that are added up are missing.
    """
    names = [column(group, base), column("total", base)]
    if units.additive or not set(names) <= set(units.frame.columns):
        return unit_shares(units, group=group, base=base)
    known = units.frame[names].notna().all(axis=1)
    if known.all():
        return unit_shares(units, group=group, base=base)
    shapes = None if units.geometry is None else units.geometry[known]
    part = replace(units, frame=units.frame[known], geometry=shapes)
    return unit_shares(part, group=group, base=base).reindex(units.frame.index)


def unit_twins(scene: Scene, *, always: bool = False) -> tuple[Twin, ...]:
    """Lay out which class each unit is in and how reliable its share is, where shares are estimates.

    Parameters
    ----------
    scene : Scene
        What was drawn.
    always : bool
        Also where shares are no estimates.

    Returns
    -------
    tuple of Twin
        One, without any count; none where shares are no estimates, or districts are drawn.
    """
    frame = scene.shown_values
    estimates = "reliability" in frame.columns
    if not (estimates or always) or scene.plural != scene.units.plural:
        return ()
    words = {number: str(label) for number, label in enumerate(scene.classes.labels)}
    words |= {-1: str(scene.without), UNPUBLISHED: str(say("not available: missing or suppressed"))}
    table = pd.DataFrame({"GEOID": frame.index.astype("str"), "class": [words[int(number)] for number in scene.index]})
    table["district"] = scene.placement.assignment.to_numpy(dtype=object)
    heads = [("GEOID", say("Unit")), ("class", say("Class of share")), ("district", say("District"))]
    if estimates:
        table["reliability"], table["hatched"] = frame["reliability"].to_numpy(), scene.is_weak
        heads += [("reliability", say("Reliability of the share")), ("hatched", say("Hatched on the map"))]
    rule, base = definition(scene.table.group), base_of(scene.table.base)
    labels = {"definition": rule.name, "counted": term(rule.long), "universe": term(base.label)}
    heading = say("{group}: share of {base}", group=term(rule.short), base=term(base.label))
    sources = tuple(dict.fromkeys(scene.units.sources))
    return (Twin(heading, table, tuple(heads), (), sources, labels, mark="units", page=False),)
