"""What a plan measures: population, compactness, contiguity and splits, for each district and for the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.account import in_no_figure
from kit.analysis.compactness import RATIOS, compactness, population_polygon
from kit.analysis.deviation import deviation, deviation_totals, seats_by_district
from kit.analysis.district_polygons import district_polygons, measuring_crs
from kit.analysis.region_splits import left_out, region_members, region_table, region_totals
from kit.errors import InputError
from kit.i18n.messages import mark, say
from kit.model.adjacency import Adjacency
from kit.model.crs import describe
from kit.model.frames import Placement, Source
from kit.model.sentences import few, goes_beyond
from kit.model.shared import Shared

_SHAPE = ("area_km2", "perimeter_km", *RATIOS)
_MEANS = (*RATIOS, "population_polygon")


@dataclass(frozen=True)
class PlanMeasures:
    """Measures of a plan. They describe it and are never a verdict.

    Parameters
    ----------
    frame : pandas.DataFrame
        By district (text): ``population``, ``seats``, ``ideal``,
        ``deviation_people`` (people over the ideal), ``deviation`` (a fraction
        of it), the columns of `compactness`, ``population_polygon``,
        ``parts`` (by the units' neighbours where known, else pieces of the
        shape), ``holes`` (that hold units of no or another district; else
        rings inside the shape), ``cut_edges`` and ``units``. What could not
        be measured is missing, and a note says why.
    plan : pandas.Series
        The same for the whole plan: ``districts``, ``seats``, ``population``,
        ``ideal`` (people a seat), ``population_range`` (people a seat),
        ``population_range_share`` (top to bottom, a fraction),
        ``mean_absolute_deviation`` (a fraction), ``noncontiguous``,
        ``edges``, ``cut_edges``, ``cut_edge_share``, ``mean_…`` of each
        compactness score, and of each layer of regions ``…_regions``,
        ``…_splits``, ``…_pieces``, ``…_split_pieces``, ``…_forced``,
        ``…_forced_pieces``, ``…_unforced_splits`` and ``…_effective_splits``.
    parts : pandas.DataFrame
        Parts of each district with their people; no row where neighbours are
        not known.
    tables : tuple of (str, pandas.DataFrame)
        Layers of regions; read them from `regions`.
    crs : str
        The projection measured in, for a caption; empty where nothing was.
    population : str
        The column that counts people.
    placement : Placement
        What was measured.
    notes : tuple of str
        Cautions that belong to these figures.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor, not a default
    plan: pd.Series = Shared()  # noqa: RUF009
    parts: pd.DataFrame = Shared()  # noqa: RUF009
    tables: tuple[tuple[str, pd.DataFrame], ...] = ()
    crs: str = ""
    population: str = ""
    placement: Placement = None  # type: ignore[assignment]
    notes: tuple[str, ...] = ()

    @property
    def regions(self) -> dict[str, pd.DataFrame]:
        """Regions of each layer, by name.

        Returns
        -------
        dict of str to pandas.DataFrame
            Layer → one row a region: ``people``, ``districts``, ``pieces``,
            ``split``, ``largest_share``, ``largest_district``, ``forced``,
            ``least_pieces`` and scores of splitting.
        """
        return {name: table.copy(deep=False) for name, table in self.tables}

    @property
    def sources(self) -> tuple[Source, ...]:
        """Sources behind the figures.

        Returns
        -------
        tuple of Source
            Those of the placement.
        """
        return self.placement.sources

    def summary(self) -> str:
        """Say in plain sentences what was measured.

        Returns
        -------
        str
            Deviation, contiguity, compactness and splits, then cautions.
        """
        from kit.analysis.plan_measures_words import summarise

        return summarise(self)


def measure_plan(
    placement: Placement,
    *,
    population: str = "total_pop",
    seats: int | Mapping[str, int] | pd.Series | None = None,
    regions: Mapping[str, Any] | None = None,
    adjacency: Adjacency | None = None,
    crs: Any = None,
    clip: Any = None,
    split_by: str = "people",
    minimum_share: float = 0.0,
    complete: bool | None = None,
) -> PlanMeasures:
    """Measure a plan: deviation, compactness, contiguity, cut edges and splits of regions.

    Parameters
    ----------
    placement : Placement
        Units placed in districts.
    population : str
        Column that counts people, as published or as a State adjusts it.
    seats : int, mapping or pandas.Series, optional
        Members that each district elects, where not one.
    regions : mapping of str to Series, mapping, Communities or Plan, optional
        Layers of regions: name, such as ``"municipal"`` → region of each
        GEOID. Counties are read from the GEOIDs; ``"county"`` replaces them,
        and None there leaves them out.
    adjacency : Adjacency, optional
        Neighbours, as `kit.adjacency` finds them; made by the rook rule where
        the units have polygons. Pass one with ``links=`` where bridges or
        ferries count, or where a queen's step does.
    crs : pyproj.CRS or str, optional
        Projection to measure in; by default an equal-area one centred on the
        districts.
    clip : geopandas.GeoSeries or geopandas.GeoDataFrame, optional
        Land or jurisdiction that districts are cut to before they are measured.
    split_by : {"people", "land"}
        A region is split when two districts hold some of its people, or of its
        land.
    minimum_share : float, default 0
        A district counts where it holds more than this share of the region.
    complete : bool, optional
        Whether the units are the whole jurisdiction. By default that is judged
        from the plan: where districts hold no unit or go on beyond the units,
        the ideal population is not known and is left missing.

    Returns
    -------
    PlanMeasures
        Figures by district, for the plan and by region, with notes.

    Raises
    ------
    InputError
        Seats, regions or an option cannot be understood, or neighbours are of
        other units.
    SchemaError
        The units have no such count, or shapes are missing or broken.
    CoverageError
        The districts do not add up to the units, or a layer of regions knows
        none of them.
    CRSError
        Shapes have no CRS, or `crs` is in degrees or Web Mercator.

    Notes
    -----
    Shapes are the plan's polygons where it has them, else the units of each
    district joined. Cut edges are pairs of neighbouring units in different
    districts, each counted once; pairs with an unplaced unit are left out.
    A region is forced when it has more people than the ideal district; where
    districts differ in size, one may still hold it.
    """
    if not isinstance(placement, Placement):
        raise InputError(f"measure_plan wants a placement, not a {type(placement).__name__}; use kit.place first.")
    if split_by not in {"people", "land"}:
        raise InputError(f'split_by is "people" or "land", not {split_by!r}.')
    if adjacency is not None and not isinstance(adjacency, Adjacency):
        raise InputError(f"adjacency is an Adjacency, from kit.adjacency, not a {type(adjacency).__name__}.")
    if isinstance(minimum_share, bool) or not isinstance(minimum_share, int | float | np.number):
        raise InputError(f"minimum_share is a share from 0 up to, not including, 1; it is {minimum_share!r}.")
    lived = placement.totals([population])[population]
    frame = deviation(lived, seats=seats_by_district(seats, lived.index))
    notes = goes_beyond(placement.notes)
    frame["units"] = placement.assignment.value_counts().reindex(frame.index, fill_value=0).astype("Int64")
    if complete is not True and (reason := _incomplete(placement, frame, stated=complete)):
        frame[["ideal", "deviation_people", "deviation"]] = np.nan
        notes.append(reason)
    shaped, named, told = _shapes(placement, frame.index, population, crs, clip)
    joined, parts, edges, more = _neighbours(placement, frame.index, adjacency, shaped)
    frame = pd.concat([frame, shaped.drop(columns=["polygons", "holes"]), joined], axis=1)
    layers, found = region_members(regions, placement)
    by_unit = placement.units.column(population)
    weight = by_unit if split_by == "people" else _land(placement)
    tables = {
        name: region_table(
            rows, placement, weight=weight, people=by_unit, ideal=frame["ideal"].max(), minimum_share=minimum_share
        )
        for name, rows in layers.items()
    }
    for name, rows in layers.items():
        found += left_out(name, rows, placement, by_unit)
    figures: dict[str, Any] = {
        "districts": len(frame),
        "seats": int(frame["seats"].sum()),
        "population": lived.sum(),
        **deviation_totals(frame),
        "noncontiguous": int((frame["parts"] > 1).sum()) if frame["parts"].notna().any() else np.nan,
        **edges,
        **{f"mean_{name}": frame[name].mean() for name in _MEANS},
    }
    for name, table in tables.items():
        figures |= region_totals(name, table)
    cautions = (*notes, *told, *more, *found, *_cautions(placement, frame, split_by, minimum_share))
    totals = pd.Series(figures, dtype=object)
    return PlanMeasures(
        frame, totals, parts, tuple(tables.items()), named, population, placement, tuple(dict.fromkeys(cautions))
    )


# No link, one, several.
_RULE = (
    mark("Neighbours are by the {rule} rule; no links were added."),
    mark("Neighbours are by the {rule} rule, with 1 link from a table."),
    mark("Neighbours are by the {rule} rule, with {number:,} links from a table."),
)
# Whether there is a least share, and what is counted.
_SPLIT = {
    (True, "people"): mark("A region counts as split where two districts hold more than {share:.1%} of its people."),
    (True, "land"): mark("A region counts as split where two districts hold more than {share:.1%} of its land."),
    (False, "land"): mark("A region counts as split where two districts hold some of its land."),
}


def _incomplete(placement: Placement, frame: pd.DataFrame, *, stated: bool | None) -> str:
    """Say why the ideal population is not known; empty where the units are the whole jurisdiction."""
    bare = frame.index[frame["units"] == 0]
    if stated is False:
        return say("These units are stated not to be the whole jurisdiction, so no deviation was computed.")
    if len(bare):
        return say(
            mark(
                "District {districts} holds none of these units, which may not be the whole jurisdiction, so the ideal "
                "population is not known and no deviation was computed. Pass complete=True if they are."
            )
            if len(bare) == 1
            else mark(
                "Districts {districts} hold none of these units, which may not be the whole jurisdiction, so the ideal "
                "population is not known and no deviation was computed. Pass complete=True if they are."
            ),
            districts=few(bare, 12),
        )
    if goes_beyond(placement.notes):
        return say(
            "These units may not be the whole jurisdiction, so the ideal population is not known and no deviation was "
            "computed. Pass complete=True if they are."
        )
    return ""


def _shapes(
    placement: Placement, labels: pd.Index, population: str, crs: Any, clip: Any
) -> tuple[pd.DataFrame, str, list[str]]:
    """Measure the districts' polygons, where there are any."""
    shapes, notes = district_polygons(placement, clip=clip)
    told = list(notes)
    if shapes is None:
        if crs is not None:
            measuring_crs(None, crs)
        blank = pd.DataFrame(np.nan, index=labels, columns=[*_SHAPE, "population_polygon"])
        return blank.assign(holes=pd.NA, polygons=pd.NA), "", told
    chosen = measuring_crs(shapes, crs)
    projected = shapes.set_axis(shapes.index.astype(str)).to_crs(chosen).reindex(labels)
    frame = compactness(shapes.set_axis(shapes.index.astype(str)).reindex(labels), crs=chosen)
    if placement.units.geometry is None:
        frame["population_polygon"] = np.nan
        told.append(
            say("The {units} have no shapes, so population polygons were not measured.", units=placement.units.plural)
        )
    else:
        frame["population_polygon"] = population_polygon(placement, projected, population=population, clip=clip)
    lacking = labels[frame["area_km2"].isna()]
    if len(lacking):
        told.append(
            say(
                mark("District {districts} had no shape to measure.")
                if len(lacking) == 1
                else mark("Districts {districts} had no shape to measure."),
                districts=few(lacking, 12),
            )
        )
    named = describe(chosen)
    told.append(say("Areas, lengths and compactness were measured in {crs}.", crs=named))
    return frame, named, told


def _neighbours(
    placement: Placement, labels: pd.Index, given: Adjacency | None, shaped: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Any], list[str]]:
    """Count cut edges, parts and holes; by the units' neighbours where these are known."""
    units = placement.units
    found = given
    if found is None and units.geometry is not None and not (units.geometry.geom_type == "Point").any():
        from kit.analysis.adjacency import adjacency

        found = adjacency(units)
    if found is None:
        frame = pd.DataFrame({"parts": shaped["polygons"], "holes": shaped["holes"]}, index=labels)
        frame["cut_edges"] = pd.array([pd.NA] * len(labels), dtype="Int64")
        note = say(
            mark(
                "Neighbours of the {units} are not known, so cut edges were not counted; parts were counted from the "
                "districts' polygons."
            )
            if shaped["polygons"].notna().any()
            else mark("Neighbours of the {units} are not known, so cut edges were not counted."),
            units=units.plural,
        )
        blank = {"edges": np.nan, "cut_edges": np.nan, "cut_edge_share": np.nan}
        return frame.astype("Int64"), pd.DataFrame(), blank, [note]
    if not found.ids.equals(units.frame.index):
        raise InputError(
            f"the neighbours are of {len(found.ids):,} units and {len(units):,} {units.plural} were placed, or in "
            "another order; find them with kit.adjacency for these units."
        )
    from kit.analysis.contiguity import contiguity

    joined = contiguity(placement, found)
    cut, edges = cut_edges(placement, found, labels)
    holes = joined.frame["holes"].reindex(labels)
    holes = holes.where(holes.notna(), shaped["holes"].astype("Int64"))
    frame = pd.DataFrame({"parts": joined.frame["parts"], "holes": holes, "cut_edges": cut}, index=labels)
    links = int(found.linked.sum())
    rule = say(_RULE[min(links, 2)], rule=found.rule, number=links)
    return frame.astype("Int64"), joined.parts, edges, [rule, *found.notes, *joined.notes]


def cut_edges(placement: Placement, neighbours: Adjacency, labels: pd.Index) -> tuple[pd.Series, dict[str, Any]]:
    """Count pairs of neighbouring units that lie in different districts.

    Parameters
    ----------
    placement : Placement
        Units in districts.
    neighbours : Adjacency
        Neighbours of those units, in their order.
    labels : pandas.Index
        District labels.

    Returns
    -------
    by_district : pandas.Series
        Pairs with exactly one end in each district.
    totals : dict
        ``edges`` (pairs with both ends placed), ``cut_edges`` (each counted
        once) and ``cut_edge_share`` (missing without an edge).
    """
    codes = labels.get_indexer(placement.assignment)
    one, other = codes[neighbours.pairs[:, 0]], codes[neighbours.pairs[:, 1]]
    both = (one >= 0) & (other >= 0)
    cut = both & (one != other)
    ends = np.concatenate([one[cut], other[cut]])
    by_district = pd.Series(np.bincount(ends, minlength=len(labels)), index=labels, dtype="Int64")
    edges, lines = int(both.sum()), int(cut.sum())
    return by_district, {"edges": edges, "cut_edges": lines, "cut_edge_share": lines / edges if edges else np.nan}


def _land(placement: Placement) -> pd.Series:
    """Measure the area of each unit, in square kilometres."""
    units = placement.units
    if units.geometry is None or (units.geometry.geom_type == "Point").any():
        raise InputError(f'split_by="land" needs polygons of the {units.plural}; use split_by="people".')
    from kit.model.crs import equal_area, one_datum

    shapes = one_datum(units.geometry)
    return shapes.to_crs(equal_area(shapes)).area / 1e6


def _cautions(placement: Placement, frame: pd.DataFrame, split_by: str, minimum_share: float) -> list[str]:
    """Write what a reader must know before using the figures."""
    notes = [*placement.notes[-1:]] if len(placement.split_units) else []
    lost = placement.unassigned["people"].sum()
    if lost > 0:
        notes.append(in_no_figure(lost))
    if not frame["population"].sum() > 0:
        notes.append(say("Nobody lives in any district, so deviations are missing."))
    if split_by == "land" or minimum_share > 0:
        notes.append(say(_SPLIT[minimum_share > 0, split_by], share=minimum_share))
    return notes
