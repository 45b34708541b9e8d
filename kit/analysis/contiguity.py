"""Whether each district is in one part, by its units' neighbours and by its outline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kit.analysis._outlines import Outlines, outline, polygons_of
from kit.analysis.account import people_by_unit
from kit.analysis.contiguity_words import districts, summarise
from kit.errors import CoverageError, SchemaError, first_few
from kit.i18n.messages import joined, mark, say
from kit.model.adjacency import Adjacency
from kit.model.frames import Placement
from kit.model.geoid import natural_key
from kit.model.shared import Shared
from kit.model.source import Source


@dataclass(frozen=True)
class Contiguity:
    """Parts of each district, and why tests differ where they do.

    Parameters
    ----------
    frame : pandas.DataFrame
        Indexed by district label (text). ``units``; ``parts`` and
        ``parts_with_people``, by the neighbours of units, links included;
        ``people_outside_main``, who live outside the part with most people;
        ``contiguous``, one part, missing for a district without units;
        ``joined_by_links``, how many parts more there would be without links;
        ``outline_parts``, pieces of the outline; ``holes`` that hold units of
        no or another district, and ``surrounds``, the labels of districts that
        lie wholly in them. The last three are missing without polygons.
    parts : pandas.DataFrame
        What `district_parts` gives.
    rule : str
        ``rook`` or ``queen``, as the neighbours were found.
    placement : Placement
        Whose districts.
    notes : tuple of str
        What a reader must know, each with its count.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009
    parts: pd.DataFrame = Shared()  # noqa: RUF009
    rule: str = ""
    placement: Placement = None  # type: ignore[assignment]
    notes: tuple[str, ...] = ()

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
        """Say in plain sentences which districts are in one part.

        Returns
        -------
        str
            How many districts are contiguous, the parts of each other one with
            their people, links that were needed, and districts surrounded by another.
        """
        return summarise(self)


def district_parts(placement: Placement, adjacency: Adjacency) -> pd.DataFrame:
    """List the parts of each district.

    Parameters
    ----------
    placement : Placement
        Units in districts.
    adjacency : Adjacency
        Neighbours among these units, links included.

    Returns
    -------
    pandas.DataFrame
        One row a part: ``district`` (text, natural order), ``part`` (1 has
        most people, then most units), ``units``, ``people`` and
        ``share_of_people`` of the district (missing where the units have no
        total), ``area_km2`` (missing without polygons) and ``first_unit``.

    Raises
    ------
    SchemaError
        Placed units are not among the units of `adjacency`.
    """
    return _list_parts(placement, _Graph(placement, adjacency))


def contiguity(placement: Placement, adjacency: Adjacency) -> Contiguity:
    """Test whether each district is in one part.

    Parameters
    ----------
    placement : Placement
        Units in districts.
    adjacency : Adjacency
        Neighbours among these units. Under the ``rook`` rule a common point
        joins nothing; bridges and ferries join where they were given as links.

    Returns
    -------
    Contiguity
        Parts by district, holes, and notes.

    Raises
    ------
    SchemaError
        Placed units are not among the units of `adjacency`.
    CoverageError
        The neighbours and the polygons tell different stories and nothing
        explains it: parts without a common border lie in one piece of the
        outline, or units that are said to touch lie apart.

    Notes
    -----
    Two tests run where the units have polygons: one follows the neighbours
    from unit to unit, the other joins the polygons of each district and counts
    the pieces. They may differ for four reasons, which are reported district
    by district: a link, a common point under the ``queen`` rule, a unit that
    itself lies in several pieces, and borders that meet to the last digit only.
    """
    graph = _Graph(placement, adjacency)
    parts = _list_parts(placement, graph)
    labels = pd.Index(graph.labels, dtype="str", name="district")
    by_district = parts.groupby("district")
    populated = parts[parts["people"] > 0].groupby("district").size()
    known = bool(parts["people"].notna().all())
    outside = parts[parts["part"] > 1].groupby("district")["people"].sum()
    number = by_district.size().reindex(labels, fill_value=0)
    nothing = pd.Series(np.nan, index=labels)
    frame = pd.DataFrame(
        {
            "units": by_district["units"].sum().reindex(labels, fill_value=0),
            "parts": number,
            "parts_with_people": populated.reindex(labels, fill_value=0) if known else nothing,
            "people_outside_main": outside.reindex(labels, fill_value=0) if known else nothing,
            "contiguous": (number == 1).astype("boolean").where(number > 0),
            "joined_by_links": graph.joined_by_links(),
        },
        index=labels,
    )
    frame["outline_parts"] = pd.array([pd.NA] * len(labels), dtype="Int64")
    frame["holes"] = pd.array([pd.NA] * len(labels), dtype="Int64")
    frame["surrounds"] = pd.Series(None, index=labels, dtype="str")
    notes = _cautions(placement, frame, graph)
    polygons = polygons_of(placement.units)
    if polygons is None:
        notes.append(say("The units have no polygons, so outlines and holes of districts were not tested."))
    else:
        found = outline(polygons, graph.district, graph.labels, graph.part, graph.pairs)
        notes += _compare(found, frame)
        holes = {label: len(held) for label, held in found.holes.items()}
        filled = number > 0
        frame["outline_parts"] = pd.Series(found.pieces, dtype="Int64").reindex(labels).where(filled)
        frame["holes"] = pd.Series(holes, dtype="Int64").reindex(labels).where(filled)
        frame["surrounds"] = pd.Series(found.surrounds, dtype="str").reindex(labels)
    return Contiguity(frame, parts, adjacency.rule, placement, (*notes, *adjacency.notes))


class _Graph:
    """Neighbours within each district."""

    def __init__(self, placement: Placement, adjacency: Adjacency) -> None:
        ids, assignment = placement.units.frame.index, placement.assignment
        if not assignment.index.equals(ids):
            raise CoverageError("this placement does not list its units one by one, in their order; use kit.place.")
        placed = assignment.notna().to_numpy()
        position = ids.get_indexer(adjacency.ids)
        unknown = ids[placed].difference(adjacency.ids)
        if len(unknown):
            raise SchemaError(
                f"{len(unknown):,} of {int(placed.sum()):,} placed {placement.units.plural} are not among the units "
                f"whose neighbours were found, first {first_few(unknown)}. Find the neighbours of these units."
            )
        names = assignment[placed].astype(str)
        self.ids = ids
        self.labels = sorted({*placement.plan.labels, *names.unique()}, key=natural_key)
        self.district = np.full(len(ids), -1)
        self.district[placed] = pd.Index(self.labels, dtype="str").get_indexer(names)
        ends = position[adjacency.pairs]
        inside = (ends >= 0).all(axis=1) & (self.district[ends[:, 0]] == self.district[ends[:, 1]])
        inside &= self.district[ends[:, 0]] >= 0
        self.pairs = pd.DataFrame(
            {
                "first": ends[inside, 0],
                "second": ends[inside, 1],
                "shared": adjacency.shared[inside],
                "linked": adjacency.linked[inside],
            }
        )
        self.part = self._join(self.pairs)

    def _join(self, pairs: pd.DataFrame) -> np.ndarray:
        """Number the parts that pairs make of the units; -1 for units in no district."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        size = len(self.ids)
        ends = (pairs["first"].to_numpy(), pairs["second"].to_numpy())
        _, part = connected_components(coo_array((np.ones(len(pairs)), ends), shape=(size, size)), directed=False)
        mine: np.ndarray = np.where(self.district >= 0, part, -1)
        return mine

    def joined_by_links(self) -> np.ndarray:
        """Count by district how many more parts there would be without links."""
        if not self.pairs["linked"].any():
            return np.zeros(len(self.labels), dtype=np.int64)
        more: np.ndarray = self._count(self._join(self.pairs[~self.pairs["linked"]])) - self._count(self.part)
        return more

    def _count(self, part: np.ndarray) -> np.ndarray:
        _, first = np.unique(part, return_index=True)
        district = self.district[first]
        count: np.ndarray = np.bincount(district[district >= 0], minlength=len(self.labels))
        return count


def _list_parts(placement: Placement, graph: _Graph) -> pd.DataFrame:
    """Make the table of parts."""
    units = placement.units
    placed = graph.district >= 0
    frame = pd.DataFrame(
        {
            "code": graph.district,
            "part": graph.part,
            "people": people_by_unit(units).to_numpy(),
            "area_km2": _areas(units),
            "first_unit": units.frame.index,
        }
    )[placed]
    groups = frame.groupby(["code", "part"], sort=True)
    parts = groups.agg(
        units=("part", "size"),
        first_unit=("first_unit", "first"),
    )
    parts = parts.join(groups[["people", "area_km2"]].sum(min_count=1)).reset_index()
    parts = parts.sort_values(["code", "people", "units", "part"], ascending=[True, False, False, True])
    parts["part"] = parts.groupby("code").cumcount() + 1
    whole = parts.groupby("code")["people"].transform("sum")
    parts["share_of_people"] = (parts["people"] / whole).where(whole > 0)
    parts["district"] = pd.Series([graph.labels[code] for code in parts["code"]], index=parts.index, dtype="str")
    columns = ["district", "part", "units", "people", "share_of_people", "area_km2", "first_unit"]
    return parts[columns].reset_index(drop=True)


def _areas(units: Any) -> np.ndarray:
    """Measure the area of each unit in km²; missing without polygons."""
    from kit.model.crs import equal_area, one_datum

    shapes = polygons_of(units)
    if shapes is None:
        return np.full(len(units), np.nan)
    shapes = one_datum(shapes)
    area: np.ndarray = shapes.to_crs(equal_area(shapes)).area.to_numpy() / 1e6
    return area


def _cautions(placement: Placement, frame: pd.DataFrame, graph: _Graph) -> list[str]:
    """Write what belongs beside every count of parts."""
    plural = placement.units.plural
    notes: list[str] = []
    empty = frame.index[frame["units"] == 0]
    if len(empty):
        notes.append(say("No unit lies in {districts}.", districts=districts(empty)))
    left = int((graph.district < 0).sum())
    if left:
        told = mark("{left:,} of {number:,} {units} are in no district and were left out.")
        notes.append(say(told, left=left, number=len(graph.ids), units=plural))
    if len(placement.split_units):
        notes.append(
            say(
                "District lines cut {number:,} {units}; parts are of whole {units} as placed, and the plan's own "
                "lines may join or part them otherwise.",
                number=len(placement.split_units),
                units=plural,
            )
        )
    bare = frame["parts"] - frame["parts_with_people"]
    if (bare > 0).any():
        count = int(bare.sum())
        have = (
            mark("1 part has no people, in {districts}; this may be water.")
            if count == 1
            else mark("{number:,} parts have no people, in {districts}; this may be water.")
        )
        notes.append(say(have, number=count, districts=districts(frame.index[bare > 0])))
    return notes


def _compare(found: Outlines, frame: pd.DataFrame) -> list[str]:
    """Explain where the two tests differ, or refuse."""
    if found.conflict:
        raise CoverageError(found.conflict)
    notes: list[str] = []
    for label, reasons in found.reasons.items():
        pieces, parts = found.pieces[label], frame.loc[label, "parts"]
        notes.append(
            say(
                mark(
                    "District {district} is in 1 part by its units' neighbours and in {pieces:,} pieces by its "
                    "outline: {reasons}."
                )
                if parts == 1
                else mark(
                    "District {district} is in {parts:,} parts by its units' neighbours and in {pieces:,} pieces by "
                    "its outline: {reasons}."
                ),
                district=label,
                parts=int(parts),
                pieces=pieces,
                reasons=joined(reasons, say("; ")),
            )
        )
    bare = {label: count for label, count in found.empty_holes.items() if count}
    if bare:
        count = sum(bare.values())
        notes.append(
            say(
                mark(
                    "1 hole holds no unit, in {districts}: land or water that the units leave out, or gaps between "
                    "them."
                )
                if count == 1
                else mark(
                    "{number:,} holes hold no unit, in {districts}: land or water that the units leave out, or gaps "
                    "between them."
                ),
                number=count,
                districts=districts(bare),
            )
        )
    return notes
