"""From communities as they were told to census units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.community_shapes import communities_of
from kit.errors import CoverageError, InputError, SchemaError, first_few
from kit.i18n.messages import Message, say
from kit.model.communities import Communities
from kit.model.community import Community
from kit.model.community_area import DrawnArea, ListedArea, UnitFinder
from kit.model.crs import GEOGRAPHIC
from kit.model.frames import Units
from kit.model.source import Source
from kit.model.submissions import Submissions
from kit.model.things import few


def locate_communities(
    communities: Submissions | Sequence[Community], units: Units, *, rule: str = "area", crs: Any = None
) -> Communities:
    """Find the census units of communities, drawn or listed.

    Parameters
    ----------
    communities : Submissions or sequence of Community
        With areas; those without one are left out, with a note.
    units : Units
        Census units; with shapes where areas were drawn.
    rule : {"area", "point"}
        For areas that were drawn: by share of surface, or whole units by a
        point on their surface.
    crs : pyproj.CRS or str, optional
        Projection to measure areas in.

    Returns
    -------
    Communities
        Fit for `community_splits` and `map_communities`; names that repeat
        bear their id.

    Raises
    ------
    InputError
        No community has an area, or units have no shapes and an area was drawn.
    SchemaError
        Units are coarser than a list, or of another year.
    CoverageError
        No unit of the layer lies in any community.

    Notes
    -----
    Units of a list that are not in the layer are counted in a note, as are
    people of areas that a line cuts.
    """
    found = communities if isinstance(communities, Submissions) else Submissions(tuple(communities))
    pairs = [(label, one) for label, one in zip(found.labels, found, strict=True) if one.area is not None]
    notes: list[str] = [*found.notes]
    without = [label for label, one in zip(found.labels, found, strict=True) if one.area is None]
    if not pairs:
        raise InputError(f"none of the {len(found):,} communities has an area; draw them or list their units.")
    if without:
        notes.append(_without(without))
    drawn = {label: one.area.shape for label, one in pairs if isinstance(one.area, DrawnArea)}
    listed = {label: one.area for label, one in pairs if isinstance(one.area, ListedArea)}
    tables = []
    if listed:
        table, told = _of_lists(listed, units)
        tables.append(table)
        notes += told
    sources: tuple[Source, ...] = found.sources
    if drawn:
        table, told = _of_shapes(drawn, units, rule, crs, alone=not listed)
        tables.append(table)
        notes += told
    rows = pd.concat(tables, ignore_index=True)
    if not len(rows):
        raise CoverageError(
            f"none of the {len(pairs):,} communities touches the {len(units):,} {units.plural}, first "
            f"{first_few(label for label, _ in pairs)}. Check that both are of one place, level and year."
        )
    order = {label: place for place, (label, _) in enumerate(pairs)}
    rows = rows.iloc[np.argsort(rows["community"].map(order).to_numpy(), kind="stable")].reset_index(drop=True)
    return Communities(tuple(order), rows, "community", sources, tuple(notes))


def _without(names: list[str]) -> Message:
    """Tell which have no area."""
    if len(names) == 1:
        return say("1 community has no area and no figures: {name}.", name=names[0])
    return say("{count:,} communities have no area and no figures: {names}.", count=len(names), names=few(names))


def _of_lists(listed: dict[str, ListedArea], units: Units) -> tuple[pd.DataFrame, list[str]]:
    """Find the units that lists name."""
    other = [label for label, area in listed.items() if area.year and units.year and area.year != units.year]
    if other:
        raise SchemaError(
            f"{len(other):,} communities list units of {listed[other[0]].year}, and these {units.plural} are of "
            f"{units.year}: {first_few(other)}. Read units of that year, or draw the communities again."
        )
    finder = UnitFinder(units.frame.index)
    rows, lost, unsaid = [], {}, 0
    for label, area in listed.items():
        positions, absent = finder.find(area)
        unsaid += area.year is None
        if absent:
            lost[label] = absent
        rows.append(
            pd.DataFrame({"community": label, "GEOID": units.frame.index[positions], "share": np.ones(len(positions))})
        )
    notes: list[str] = []
    if lost:
        count = sum(map(len, lost.values()))
        example = next(iter(lost.values()))
        notes.append(
            say(
                "{count:,} ids listed by {names} are not among these {units}, first {ids}; nobody was counted there.",
                count=count,
                names=few(lost),
                units=units.plural,
                ids=few(example, 3),
            )
        )
    if unsaid and units.year is not None:
        notes.append(
            say(
                "{count:,} lists do not say of which year their units are; they were taken for {year}.",
                count=unsaid,
                year=str(units.year),
            )
        )
    return pd.concat(rows, ignore_index=True).astype({"community": "str", "GEOID": "str"}), notes


def _of_shapes(
    drawn: dict[str, Any], units: Units, rule: str, crs: Any, *, alone: bool
) -> tuple[pd.DataFrame, list[str]]:
    """Overlay the areas that were drawn."""
    import geopandas as gpd

    layer = gpd.GeoDataFrame({"name": list(drawn)}, geometry=list(drawn.values()), crs=GEOGRAPHIC)
    try:
        made = communities_of(layer, units, name="name", crs=crs, rule=rule)
    except CoverageError:
        if alone:
            raise
        told = say("{count:,} areas that were drawn lie wholly outside these units.", count=len(drawn))
        return pd.DataFrame({"community": [], "GEOID": [], "share": []}).astype({"share": "float64"}), [told]
    return made.membership, list(made.notes)
