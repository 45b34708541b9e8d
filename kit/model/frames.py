"""The five things that flow through the kit, each frozen and each with its sources.

``Source`` → ``Units`` (census geography with counts) and ``Plan`` (districts)
→ ``Placement`` (each unit in one district) → ``DistrictTable`` (figures).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import CoverageError, SchemaError, first_few
from kit.i18n.messages import term
from kit.model.geoid import LEVELS, as_geoids, natural_key
from kit.model.groups import parse_column
from kit.model.identities import not_negative
from kit.model.shared import Shared, SharedOrNone
from kit.model.shared_out import SharedOut
from kit.model.source import Source, require_same_adjustment

__all__ = ["DistrictTable", "Placement", "Plan", "Source", "Units"]


@dataclass(frozen=True)
class Units:
    """Census units with counts and, where known, their shapes.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a unit, indexed by GEOID as text. Count columns are named
        ``<group>_<base>``; raw P.L. 94-171 cells are kept as ``P1_006N``.
    level : str
        Level of geography, one of `kit.model.geoid.LEVELS`.
    year : int or None
        Vintage of the geography (2010 and 2020 blocks are different blocks).
    sources : tuple of Source
        Where the counts came from.
    geometry : geopandas.GeoSeries, optional
        Polygons or points on the same index, with a CRS.
    notes : tuple of str
        What happened on the way in, for the methods note.
    additive : bool
        False where counts must not be added, their noise being drawn one by one.
    shared_out : SharedOut, optional
        What `kit.allocate` made these estimates from, for their margins of error.

    Raises
    ------
    SchemaError
        The index is not unique text, or the geometry is on another index.
    InputError
        Adjusted counts and counts as published are mixed.
    """

    frame: pd.DataFrame = Shared()
    level: str = ""
    year: int | None = None
    sources: tuple[Source, ...] = ()
    geometry: Any = SharedOrNone()
    notes: tuple[str, ...] = ()
    additive: bool = True
    shared_out: SharedOut | None = None

    def __post_init__(self) -> None:
        index = self.frame.index
        doubled = index[index.duplicated()]
        if len(doubled):
            raise SchemaError(f"{len(doubled):,} unit ids stand in more than one row: {first_few(doubled.unique())}.")
        if len(index) and not pd.api.types.is_string_dtype(index):
            raise SchemaError("unit ids must be text; use kit.read_units, which keeps leading zeros.")
        require_same_adjustment(self.sources)
        shapes = self.__dict__["_geometry"]  # as it was given: points are not made for this check
        if shapes is not None and not shapes.index.equals(index):
            raise SchemaError("the geometry of units must stand on the same index as their counts.")
        if self.shared_out is not None:
            self.shared_out.require(index)

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def plural(self) -> str:
        """What these units are called in a sentence.

        Returns
        -------
        str
            For example ``"census blocks"``.
        """
        return term(LEVELS[self.level].plural if self.level in LEVELS else "units")

    @property
    def count_columns(self) -> list[str]:
        """Names of the columns that count a group in a universe.

        Returns
        -------
        list of str
            In the order of the frame.
        """
        return [name for name in self.frame.columns if parse_column(name)]

    def column(self, name: str) -> pd.Series:
        """Return one count column, or say what is there instead.

        Parameters
        ----------
        name : str
            A column such as ``"aapi_aoic_vap"``.

        Returns
        -------
        pandas.Series
            Counts on the units' index.

        Raises
        ------
        SchemaError
            There is no such column, or some units have no value or a negative one.
        """
        if name not in self.frame.columns:
            raise SchemaError(
                f"these units have no column {name!r}. Counts at hand: {first_few(self.count_columns, 12) or 'none'}. "
                "Choose one of those, or read a source that has it."
            )
        values = self.frame[name]
        if len(missing := values.index[values.isna()]):
            raise SchemaError(
                f"{len(missing):,} of {len(values):,} {self.plural} have no value for {name}, first "
                f"{first_few(missing)}. Missing is not zero: complete the file or leave those units out."
            )
        return not_negative(values, self.plural)

    def require_additive(self, doing: str) -> None:
        """Refuse work that adds counts over units where the counts must not be added.

        Parameters
        ----------
        doing : str
            What is refused, to begin the message.

        Raises
        ------
        CoverageError
            `additive` is False.
        """
        if not self.additive:
            raise CoverageError(
                f"{doing}, and these counts must not be added: noise was drawn for each by itself, so a sum is less "
                "accurate than a published figure. Use the largest published area that answers the question, such as "
                "a county or a place."
            )

    def with_geometry(self, shapes: Any, *, id: str | None = None, source: Source | None = None) -> Units:
        """Return the same units with shapes.

        Parameters
        ----------
        shapes : geopandas.GeoDataFrame or geopandas.GeoSeries
            Polygons or points; indexed by GEOID unless `id` names a column.
        id : str, optional
            Column of GEOIDs.
        source : Source, optional
            Where the shapes came from; by default what ``shapes.attrs["source"]``
            says, as shapes of `read_boundaries` do.

        Returns
        -------
        Units
            New units; rows without a shape are an error.

        Raises
        ------
        CoverageError
            Some units have no shape.
        """
        level = self.level if self.level in LEVELS else None
        given = shapes.index if id is None else shapes[id]
        ids, _ = as_geoids(given, level=level, what=id or "the index of the shapes")
        series = shapes.geometry.set_axis(ids)
        absent = self.frame.index.difference(series.index)
        if len(absent):
            raise CoverageError(
                f"{len(absent):,} of {len(self):,} {self.plural} have no shape, first {first_few(absent)}. "
                "Check that the shapes are of the same year and level."
            )
        said = shapes.attrs.get("source")
        if source is None and isinstance(said, dict):
            source = Source(**said)
        sources = self.sources if source is None else (*self.sources, source)
        return replace(self, geometry=series.reindex(self.frame.index), sources=sources)


@dataclass(frozen=True)
class Plan:
    """A district plan: polygons, or a list of which unit lies in which district.

    Parameters
    ----------
    name : str
        Title of the plan.
    labels : tuple of str
        District labels, as text, in natural order.
    geometry : geopandas.GeoSeries, optional
        District polygons indexed by label, with a CRS.
    assignment : pandas.Series, optional
        GEOID → label; the index is text. Unassigned units are absent.
    level : str or None
        Level of the GEOIDs in `assignment`.
    year : int or None
        Vintage of those GEOIDs, where known.
    jurisdiction, adopted, status : str
        Whose plan, the date it was adopted, and ``enacted``, ``proposed``,
        ``draft`` or ``illustrative``.
    sources : tuple of Source
        Where the plan came from.
    notes : tuple of str
        Repairs and oddities, each with its count.
    """

    name: str
    labels: tuple[str, ...]
    geometry: Any = SharedOrNone()
    assignment: Any = SharedOrNone()
    level: str | None = None
    year: int | None = None
    jurisdiction: str = ""
    adopted: str = ""
    status: str = ""
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.geometry is None and self.assignment is None:
            raise SchemaError(f"the plan {self.name!r} has neither polygons nor a list of units.")
        if not all(isinstance(label, str) for label in self.labels):
            raise SchemaError("district labels must be text.")

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Placement:
    """Each unit in one district, and an account of those that are not.

    Parameters
    ----------
    units : Units
        What was placed.
    plan : Plan
        Where it was placed.
    assignment : pandas.Series
        GEOID → district label (text); missing for unplaced units.
    unassigned : pandas.DataFrame
        Units in no district: ``people`` and ``reason``, indexed by GEOID.
    split_units : pandas.DataFrame
        Units that a district line cuts: ``people``, ``districts`` (number),
        ``placed_in``, ``share_inside`` (of the unit's area or blocks) and
        ``also_in``, indexed by GEOID.
    rule : str
        ``assignment``, ``point`` or ``area``.
    notes : tuple of str
        What a reader must know, each with its count.
    """

    units: Units
    plan: Plan
    assignment: pd.Series = Shared()
    unassigned: pd.DataFrame = Shared()
    split_units: pd.DataFrame = Shared()
    rule: str = ""
    notes: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """Sources of the units and of the plan.

        Returns
        -------
        tuple of Source
            Units first.
        """
        return (*self.units.sources, *self.plan.sources)

    def totals(self, columns: Sequence[str]) -> pd.DataFrame:
        """Add up columns by district, checked to the person.

        Parameters
        ----------
        columns : sequence of str
            Count columns of the units.

        Returns
        -------
        pandas.DataFrame
            Districts (text, natural order, every district of the plan) by column.

        Raises
        ------
        CoverageError
            Units are not listed one by one, the sums differ from the units'
            total, or the counts must not be added.
        """
        self._refuse_sums()
        if not self.units.additive:
            return self._one_each(columns)
        counts = pd.DataFrame({name: self.units.column(name) for name in columns})
        if not self.assignment.index.equals(counts.index):
            raise CoverageError("this placement does not list its units one by one, in their order; use kit.place.")
        placed = self.assignment.notna()
        sums = counts[placed].groupby(self.assignment[placed].astype(str)).sum()
        labels = sorted({*self.plan.labels, *sums.index}, key=natural_key)
        sums = sums.reindex(pd.Index(labels, dtype="str", name="district"), fill_value=0)
        outside = counts[~placed].sum()
        for name in columns:
            whole, got = counts[name].sum(), sums[name].sum() + outside[name]
            if not np.isclose(whole, got, rtol=1e-12, atol=1e-6):
                raise CoverageError(f"{name}: {whole:,} in the units but {got:,} after placement.")
        return sums

    def _one_each(self, columns: Sequence[str]) -> pd.DataFrame:
        """Hand on the figure of each district's only unit; one that is not published stays missing."""
        placed = self.assignment.dropna().astype(str)
        for name in columns:
            if name not in self.units.frame.columns:
                self.units.column(name)  # which says what is there
        figures = self.units.frame.loc[placed.index, list(columns)].set_axis(pd.Index(placed, dtype="str"))
        labels = sorted({*self.plan.labels, *figures.index}, key=natural_key)
        return figures.reindex(pd.Index(labels, dtype="str", name="district"))

    def _refuse_sums(self) -> None:
        """Refuse to add counts whose noise was drawn one by one."""
        sizes = self.assignment.dropna().value_counts()
        if len(sizes) and sizes.max() > 1:
            self.units.require_additive(f"district {sizes.index[0]} would add {sizes.max():,} {self.units.plural}")
        cut = self.split_units.index.intersection(self.assignment.dropna().index)
        if len(cut):
            told = f"{len(cut):,} {self.units.plural} are cut by a district line, first {first_few(cut)}"
            self.units.require_additive(told)


@dataclass(frozen=True)
class DistrictTable:
    """Figures by district, with the definition, universe and sources they need.

    Parameters
    ----------
    frame : pandas.DataFrame
        Indexed by district label (text). Columns ``count``, ``base``,
        ``share``, ``share_of_group``, ``difference``, ``location_quotient``,
        ``rank`` and ``tier``; for a combined group also the Asian and the NHPI
        part, each with its share. Counts are people; shares are fractions.
        With margins of error also ``share_low``, ``share_high`` (90 per cent),
        ``reliability``, and ``<figure>_moe`` of each figure but the rank and tier.
    total : pandas.Series
        The same figures for the whole jurisdiction.
    group, base : str
        Definition id and universe id.
    placement : Placement
        What the figures were added up from.
    notes : tuple of str
        Cautions that belong to these figures.
    """

    frame: pd.DataFrame = Shared()
    total: pd.Series = Shared()
    group: str = ""
    base: str = ""
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
        """Say in plain sentences what the table shows.

        Returns
        -------
        str
            The jurisdiction's share, the highest and the lowest district, how
            many districts lie above each tier, and cautions.
        """
        from kit.model.sentences import summarise

        return summarise(self)
