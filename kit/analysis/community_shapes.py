"""From polygons of named areas to census units, with an account of every cut, overlap and loss."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.account import SLIVER, people_by_unit
from kit.analysis.mending_shapes import mended
from kit.analysis.overlay import shared_areas
from kit.errors import CoverageError, InputError, SchemaError, first_few
from kit.i18n.messages import mark, say, term
from kit.model.communities import KINDS, Communities
from kit.model.crs import describe, equal_area, require_area_crs, require_crs
from kit.model.frames import Units
from kit.model.sentences import few, number_of, people
from kit.model.source import Source

RULES = ("area", "point")


def communities_of(
    shapes: Any,
    units: Units,
    *,
    name: str,
    crs: Any = None,
    rule: str = "area",
    kind: str = "community",
    source: Source | None = None,
) -> Communities:
    """Turn polygons of named areas into census units.

    Parameters
    ----------
    shapes : geopandas.GeoDataFrame
        One polygon an area, with a CRS. Areas may overlap.
    units : Units
        Census units with polygons, or with points for ``rule="point"``.
    name : str
        Column of names, each name once.
    crs : pyproj.CRS or str, optional
        Projection to measure areas in; by default an equal-area one centred
        on the units.
    rule : {"area", "point"}
        ``area``: a unit that the line of an area cuts belongs to it by the
        share of its surface inside. ``point``: whole units, where a point on
        their surface lies inside.
    kind : {"community", "cluster", "region"}
        What the areas are.
    source : Source, optional
        Where the polygons came from; by default what
        ``shapes.attrs["source"]`` says, as shapes of `read_boundaries` do.

    Returns
    -------
    Communities
        Units and shares by area, with notes on units that are cut and the
        people in them, on polygons that were mended, on slivers that were
        dropped, and on areas that lie partly or wholly outside the units.

    Raises
    ------
    InputError
        The rule or the kind is unknown, or units have no polygons.
    SchemaError
        Names are missing or repeat, or an area has no polygon.
    CRSError
        A layer has no CRS, or the projection is unfit for areas.
    CoverageError
        No area touches the units.

    Notes
    -----
    A part under 1 per cent of a unit and of the area is taken for a sliver of
    digitising: it is dropped where it is inside, and filled where it is
    outside. Shares by area assume that people are spread evenly over a unit.
    """
    if rule not in RULES:
        raise InputError(f"rule is one of {', '.join(RULES)}, not {rule!r}.")
    if kind not in KINDS:
        raise InputError(f"kind is one of {', '.join(KINDS)}, not {kind!r}.")
    names = _names(shapes, name)
    ground = _ground(units, rule)
    system = equal_area(ground) if crs is None else require_area_crs(crs, what="measuring areas")
    require_crs(shapes, what="the layer of areas")
    ground = ground.to_crs(system)
    areas = shapes.geometry.set_axis(pd.Index(names, dtype="str")).to_crs(system)
    told = mark("Overlay of {areas} in {crs}.")
    notes: list[str] = [say(told, areas=term(KINDS[kind]), crs=describe(system))]
    areas = _mended(areas, KINDS[kind], notes)
    if rule == "point":
        rows = _by_point(ground, areas)
    else:
        rows = _by_area(_mended(ground, units.plural, notes), areas, units, notes)
    if not len(rows):
        raise CoverageError(
            f"none of the {len(names):,} {KINDS[kind]} touches the {len(units):,} {units.plural}, first "
            f"{first_few(names)}. Check that both are of one place, and the CRS of the areas."
        )
    _outside(rows, areas, rule, notes)
    membership = pd.DataFrame(
        {
            "community": areas.index[rows["order"]],
            "GEOID": units.frame.index[rows["unit"]],
            "share": rows["share"].to_numpy(),
        }
    ).reset_index(drop=True)
    said = shapes.attrs.get("source")
    if source is None and isinstance(said, dict):
        source = Source(**said)
    return Communities(tuple(names), membership, kind, () if source is None else (source,), tuple(notes))


def _names(shapes: Any, name: str) -> list[str]:
    """Read the names: all there, each once, or which column would do."""
    columns = [c for c in getattr(shapes, "columns", []) if c != shapes.geometry.name]
    if name not in columns:
        raise SchemaError(
            f"these areas have no column {name!r}; columns are {first_few(columns, 12) or 'none'}. "
            "Pass the one that names them as name=."
        )
    if not len(shapes):
        raise SchemaError("the layer of areas is empty; check the file and its filters.")
    given = shapes[name]
    names = given.astype("str").str.strip()
    blank = given.isna() | (names == "")
    if blank.any():
        rows = [i for i, is_blank in enumerate(blank, 1) if is_blank]
        raise SchemaError(f"{len(rows):,} areas have no name in {name!r}: rows {first_few(rows)}. Name them.")
    doubled = names[names.duplicated()].unique()
    if len(doubled):
        unique = [c for c in columns if c != name and shapes[c].notna().all() and shapes[c].astype("str").is_unique]
        hint = f"each value of {first_few(unique)} stands once: pass that as name=" if unique else "no column is unique"
        raise SchemaError(
            f"{len(doubled):,} names stand more than once in {name!r}, first {first_few(doubled)}; {hint}, or join the "
            "parts of an area into one (shapes.dissolve(by=...))."
        )
    return [str(value) for value in names]


def _ground(units: Units, rule: str) -> Any:
    """Give the shapes of the units, fit for the rule."""
    if units.geometry is None:
        raise InputError(f"these {units.plural} have no shapes; add them with units.with_geometry(...).")
    shapes = units.geometry
    require_crs(shapes, what=f"the layer of {units.plural}")
    blank = shapes.isna() | shapes.is_empty
    if blank.any():
        raise SchemaError(f"{int(blank.sum()):,} {units.plural} have no shape, first {first_few(shapes.index[blank])}.")
    flat = ~shapes.geom_type.isin(["Polygon", "MultiPolygon"])
    if rule == "area" and flat.any():
        raise InputError(
            f"{int(flat.sum()):,} of {len(units):,} {units.plural} are no polygons, first "
            f'{first_few(shapes.index[flat])}; use rule="point", or add their polygons.'
        )
    return shapes


def _mended(shapes: Any, what: str, notes: list[str]) -> Any:
    """Mend invalid rings and note how many; refuse what has no surface."""
    if (shapes.geom_type == "Point").all():
        return shapes
    broken = (~shapes.is_valid & shapes.notna()).to_numpy()
    if broken.any():
        sound = shapes.to_numpy().copy()
        sound[broken] = [mended(shape) for shape in sound[broken]]
        shapes = type(shapes)(sound, index=shapes.index, crs=shapes.crs)
        notes.append(
            say(
                "{shapes} had invalid rings, which were mended before measuring ({ids}).",
                shapes=number_of(int(broken.sum()), what),
                ids=few(shapes.index[broken]),
            )
        )
    empty = ~(shapes.area > 0)
    if empty.any():
        raise SchemaError(
            f"{int(empty.sum()):,} {what} have no polygon, first {first_few(shapes.index[empty])}. "
            "Draw them as polygons or leave them out."
        )
    return shapes


# Whether there is one sliver, and whether its people are not known.
_SLIVERS = {
    (True, True): mark("1 sliver under {share:.0%} of a unit was dropped: {area:,.3f} km²."),
    (True, False): mark(
        "1 sliver under {share:.0%} of a unit was dropped: {area:,.3f} km², about {people} if spread evenly."
    ),
    (False, True): mark("{number:,} slivers under {share:.0%} of a unit were dropped: {area:,.3f} km²."),
    (False, False): mark(
        "{number:,} slivers under {share:.0%} of a unit were dropped: {area:,.3f} km², about {people} if spread evenly."
    ),
}
# Whether there is one area, and whether units were found by a point.
_OUTSIDE = {
    (True, True): mark("1 area holds no unit's point and has no figures: {names}."),
    (True, False): mark("1 area lies wholly outside the units and has no figures: {names}."),
    (False, True): mark("{number:,} areas hold no unit's point and have no figures: {names}."),
    (False, False): mark("{number:,} areas lie wholly outside the units and have no figures: {names}."),
}


def _by_area(ground: Any, areas: Any, units: Units, notes: list[str]) -> pd.DataFrame:
    """Find the share of each unit in each area, without slivers."""
    parts = shared_areas(ground, areas, doing="Overlaying areas")
    extent = areas.area.to_numpy()[parts["order"]]
    sliver = (parts["share"] < SLIVER) & (parts["area"] < SLIVER * extent)
    if sliver.any():
        lost = parts[sliver]
        number = people_by_unit(units).to_numpy(dtype="float64")[lost["unit"]] @ lost["share"].to_numpy()
        area = lost["area"].sum() * ground.crs.axis_info[0].unit_conversion_factor ** 2 / 1e6
        notes.append(
            say(
                _SLIVERS[len(lost) == 1, bool(np.isnan(number))],
                number=len(lost),
                share=SLIVER,
                area=float(area),
                people=number if np.isnan(number) else number_of(round(number), "people"),
            )
        )
    rows = parts[~sliver].copy()
    rest = (1 - rows["share"]) * ground.area.to_numpy()[rows["unit"]]
    whole = (rows["share"] > 1 - SLIVER) & (rest < SLIVER * areas.area.to_numpy()[rows["order"]])
    rows["share"] = rows["share"].clip(upper=1).where(~whole, 1.0)
    cut = rows.loc[rows["share"] < 1, "unit"].unique()
    if len(cut):
        number = people_by_unit(units).iloc[cut].sum(min_count=len(cut))
        notes.append(
            say(
                mark(
                    "{number:,} {units} lie partly in an area and count by the share of their surface inside, first "
                    "{ids}."
                )
                if pd.isna(number)
                else mark(
                    "{number:,} {units} ({people} people) lie partly in an area and count by the share of their "
                    "surface inside, first {ids}."
                ),
                number=len(cut),
                units=units.plural,
                people=people(number),
                ids=few(units.frame.index[np.sort(cut)]),
            )
        )
    return rows.sort_values(["order", "unit"])


def _by_point(ground: Any, areas: Any) -> pd.DataFrame:
    """Find the units whose point lies in each area; a point on its line lies inside."""
    import shapely

    points = ground.representative_point().to_numpy()
    order, unit = shapely.STRtree(points).query(areas.to_numpy(), predicate="intersects")
    return pd.DataFrame({"order": order, "unit": unit, "share": 1.0}).sort_values(["order", "unit"])


def _outside(rows: pd.DataFrame, areas: Any, rule: str, notes: list[str]) -> None:
    """Name the areas that lie wholly or partly where no unit is."""
    found = np.isin(np.arange(len(areas)), rows["order"])
    if not found.all():
        lacking = int((~found).sum())
        notes.append(say(_OUTSIDE[lacking == 1, rule == "point"], number=lacking, names=few(areas.index[~found], 12)))
    if rule == "point":
        return
    covered = np.bincount(rows["order"], weights=rows["area"], minlength=len(areas)) / areas.area.to_numpy()
    partly = found & (covered < 1 - SLIVER)
    if partly.any():
        names = [
            say("{area} ({share:.0%})", area=areas.index[i], share=float(1 - covered[i]))
            for i in np.flatnonzero(partly)
        ]
        notes.append(
            say(
                mark(
                    "1 area lies partly outside the units, and figures are of the part inside (share of their surface "
                    "outside): {areas}."
                )
                if len(names) == 1
                else mark(
                    "{number:,} areas lie partly outside the units, and figures are of the part inside (share of their "
                    "surface outside): {areas}."
                ),
                number=len(names),
                areas=few(names, 12),
            )
        )
