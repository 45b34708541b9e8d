"""How a plan splits counties, towns, voting districts and other regions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.placement import place
from kit.analysis.splits import plan_totals, split_measures
from kit.errors import CoverageError, InputError, first_few
from kit.i18n.messages import mark, say
from kit.model.communities import Communities
from kit.model.frames import Placement, Plan, Units
from kit.model.geoid import INVENTED, STATES
from kit.model.sentences import people as how_many

COUNTY_DIGITS = 5
# Levels whose ids begin with the county and are parts of one.
_IN_COUNTIES = frozenset({"county_subdivision", "tract", "block_group", "block", "vtd"})


def region_members(
    regions: Mapping[str, Any] | None, placement: Placement
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Find which units belong to which region, for every layer of regions.

    Parameters
    ----------
    regions : mapping of str to Series, mapping, Communities or Plan, optional
        Name of a layer, such as ``"municipal"`` → the region of each GEOID,
        named areas, or a plan whose parts are the regions (as
        `read_block_assignment` gives). ``"county"`` is made from the GEOIDs
        unless it is given; None under that name leaves it out.
    placement : Placement
        The units.

    Returns
    -------
    layers : dict of str to pandas.DataFrame
        Name → rows of ``region``, ``GEOID`` and ``share`` (of the unit).
    notes : list of str
        How many people are in no region of a layer, and how units were put
        in regions.

    Raises
    ------
    InputError
        A layer is none of these, or its name cannot be a part of a column's.
    CoverageError
        A layer knows none of the units.
    """
    if regions is not None and not isinstance(regions, Mapping):
        raise InputError(f"regions are layers by name, such as {{'municipal': …}}, not a {type(regions).__name__}.")
    given = {} if regions is None else dict(regions)
    units, notes, layers = placement.units, [], {}
    if "county" not in given:
        made = counties(units)
        given = given if made is None else {"county": made, **given}
    for name, layer in given.items():
        if not (isinstance(name, str) and name.isidentifier()):
            raise InputError(f"a layer of regions is named in one word, such as 'municipal', not {name!r}.")
        if layer is None:
            continue
        rows, told = _members(name, layer, units)
        known = units.frame.index.get_indexer(rows["GEOID"]) >= 0
        unknown = int((~known).sum())
        rows = rows[known].reset_index(drop=True)
        if not len(rows):
            raise CoverageError(
                f"the {name} regions name none of the {len(units):,} {units.plural}; the units begin with "
                f"{first_few(units.frame.index, 2)}. Check that both are of the same level, place and year."
            )
        layers[name] = rows
        notes += told
        if unknown and isinstance(layer, Communities):
            strange = mark("The {layer} regions list {number:,} ids that are not among the units; these were left out.")
            notes.append(say(strange, layer=name, number=unknown))
    return layers, notes


def counties(units: Units) -> pd.Series | None:
    """Read the county of each unit from its GEOID.

    Parameters
    ----------
    units : Units
        Units with GEOIDs.

    Returns
    -------
    pandas.Series or None
        Five digits by GEOID; None where the units are not parts of counties or
        their ids do not begin with one.
    """
    ids = units.frame.index
    if units.level not in _IN_COUNTIES or not len(ids):
        return None
    codes = ids.str[:COUNTY_DIGITS]
    known = codes.str[:2].isin({*STATES, INVENTED.fips}) & codes.str.fullmatch(r"\d{5}")
    return pd.Series(codes, index=ids, dtype="str") if known.all() else None


def _members(name: str, layer: Any, units: Units) -> tuple[pd.DataFrame, list[str]]:
    """Bring one layer to rows of region, unit and share."""
    if isinstance(layer, Communities):
        return layer.membership.rename(columns={"community": "region"})[["region", "GEOID", "share"]], list(layer.notes)
    notes: list[str] = []
    if isinstance(layer, Plan):
        placed = place(units, layer, outside="report")
        notes = [say("{layer} regions: {note}", layer=name, note=note) for note in placed.notes]
        layer = placed.assignment
    if isinstance(layer, pd.DataFrame) and len(layer.columns) == 1:
        layer = layer.iloc[:, 0]
    if isinstance(layer, Mapping):
        layer = pd.Series(dict(layer), dtype=object)
    if not isinstance(layer, pd.Series):
        raise InputError(
            f"regions[{name!r}] is a {type(layer).__name__}; pass a Series of names by GEOID, a plan such as "
            "kit.read_block_assignment gives, or Communities."
        )
    twice = layer.index[layer.index.duplicated()].unique()
    if len(twice):
        raise InputError(
            f"regions[{name!r}] names {len(twice):,} units more than once, first {first_few(twice)}; "
            "a unit lies in one region, or pass Communities with shares."
        )
    kept = layer.dropna()
    rows = pd.DataFrame({"region": kept.astype(str).to_numpy(), "GEOID": kept.index.astype(str), "share": 1.0})
    return rows.astype({"region": "str", "GEOID": "str"}), notes


def region_table(
    rows: pd.DataFrame,
    placement: Placement,
    *,
    weight: pd.Series,
    people: pd.Series,
    ideal: float,
    minimum_share: float,
) -> pd.DataFrame:
    """Measure how each region of a layer is split.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``region``, ``GEOID`` and ``share``.
    placement : Placement
        Units in districts.
    weight : pandas.Series
        What a district must hold some of, by GEOID: people, or square
        kilometres of land.
    people : pandas.Series
        People by GEOID.
    ideal : float
        People in the largest district of the right size; missing if unknown.
    minimum_share : float
        A district counts where it holds more than this share of the region.

    Returns
    -------
    pandas.DataFrame
        One row a region, in order of its name: ``people``, ``districts``
        (their labels, most of the region first), ``pieces`` (how many),
        ``split``, ``largest_share``, ``largest_district``, ``forced`` (more
        people than the ideal, so that no plan of equal districts can keep it
        whole; missing without an ideal), ``least_pieces`` (people ÷ ideal,
        rounded up: what equal districts need), and
        the scores of `kit.analysis.splits.split_measures`.
    """
    district = rows["GEOID"].map(placement.assignment)
    held = rows.assign(
        district=district,
        weight=rows["GEOID"].map(weight).astype("float64") * rows["share"],
        people=rows["GEOID"].map(people).astype("float64") * rows["share"],
    )
    names = pd.Index(sorted(held["region"].unique()), dtype="str", name="region")
    order = list(placement.totals([str(people.name)]).index)
    counts = held.pivot_table(index="region", columns="district", values="weight", aggfunc="sum", fill_value=0.0)
    counts = counts.reindex(index=names, columns=order, fill_value=0.0)
    scores = split_measures(counts, floor=minimum_share).rename(columns={"districts": "pieces"})
    shares = counts.div(counts.sum(axis=1).where(lambda total: total > 0), axis=0)
    lived = held.groupby("region")["people"].sum().reindex(names)
    frame = pd.DataFrame({"people": lived, "districts": _named(shares, minimum_share)}, index=names)
    frame["pieces"], frame["split"] = scores["pieces"], scores["pieces"] > 1
    frame["largest_share"], frame["largest_district"] = scores["largest_share"], scores["largest_district"]
    known = bool(ideal > 0)
    larger = (lived > ideal).astype("boolean")
    frame["forced"] = larger if known else pd.array([pd.NA] * len(names), dtype="boolean")
    least = np.ceil(lived / ideal).clip(lower=(lived > 0).astype("float64")) if known else lived * np.nan
    frame["least_pieces"] = pd.array(least, dtype="Int64")
    rest = scores.drop(columns=["people", "pieces", "largest_share", "largest_district"])
    return pd.concat([frame, rest], axis=1)


def _named(shares: pd.DataFrame, minimum_share: float) -> list[str]:
    """Name the districts that hold some of each region, most of it first."""
    told = []
    for row in shares.to_numpy():
        order = np.argsort(-row, kind="stable")
        told.append(", ".join(str(shares.columns[i]) for i in order if row[i] > minimum_share))
    return told


def region_totals(name: str, frame: pd.DataFrame) -> dict[str, Any]:
    """Count the splits of a layer.

    Parameters
    ----------
    name : str
        The layer.
    frame : pandas.DataFrame
        What `region_table` gave.

    Returns
    -------
    dict
        ``<name>_regions``, ``_splits`` (regions in two or more districts),
        ``_pieces`` (districts touched, added over regions),
        ``_split_pieces`` (the same over split regions only), ``_forced``
        (regions larger than the ideal district), ``_forced_pieces`` (the
        least these need if districts are equal), ``_unforced_splits`` and
        ``_effective_splits`` (added).
    """
    known = bool(frame["forced"].notna().all())
    forced = frame["forced"].eq(True).fillna(False).astype(bool)  # noqa: FBT003
    totals = plan_totals(frame.rename(columns={"pieces": "districts", "districts": "labels"}))
    return {
        f"{name}_regions": len(frame),
        f"{name}_splits": int(frame["split"].sum()),
        f"{name}_pieces": int(frame["pieces"].sum()),
        f"{name}_split_pieces": int(frame.loc[frame["split"], "pieces"].sum()),
        f"{name}_forced": int(forced.sum()) if known else np.nan,
        f"{name}_forced_pieces": int(frame.loc[forced, "least_pieces"].sum()) if known else np.nan,
        f"{name}_unforced_splits": int((frame["split"] & ~forced).sum()) if known else np.nan,
        f"{name}_effective_splits": totals["effective_splits"],
    }


def left_out(name: str, rows: pd.DataFrame, placement: Placement, people: pd.Series) -> list[str]:
    """Say how many people are in no region of a layer.

    Parameters
    ----------
    name : str
        The layer.
    rows : pandas.DataFrame
        ``region``, ``GEOID`` and ``share``.
    placement : Placement
        Units in districts.
    people : pandas.Series
        People by GEOID.

    Returns
    -------
    list of str
        A note, or none.
    """
    outside = people[pd.Index(rows["GEOID"].unique()).get_indexer(people.index) < 0]
    if not len(outside):
        return []
    plural = placement.units.plural
    return [
        say(
            "{number:,} {units} ({people} people) lie in no {layer} region and count in none of its splits.",
            number=len(outside),
            units=plural,
            people=how_many(outside.sum()),
            layer=name,
        )
    ]
