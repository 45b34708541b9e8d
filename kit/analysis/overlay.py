"""Placing units by their shapes: by a point on the surface, or by the largest area."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit.analysis.account import OUTSIDE, SLIVER, Placed, partly_covered, people_by_unit, people_column
from kit.errors import CoverageError, CRSError, InputError, SchemaError, first_few
from kit.i18n.messages import Message, joined, mark, say
from kit.model.crs import describe, equal_area, one_datum, require_crs
from kit.model.frames import Plan, Units
from kit.model.sentences import few, number_of
from kit.progress import meter

_BATCH = 20_000
# Vertices in one piece of a district line.
_VERTICES = 16
# Metres in a degree of latitude.
_DEGREE = 111_195.0
# A district with less of its area under the units than this may have people that are not at hand.
_COVERED = 0.9


def by_shape(units: Units, plan: Plan, *, rule: str) -> Placed:
    """Place units by overlay with the plan's polygons.

    Parameters
    ----------
    units : Units
        Units with polygons or points.
    plan : Plan
        Plan with polygons.
    rule : {"point", "area"}
        What decides.

    Returns
    -------
    Placed
        District by unit, cut units, notes.

    Raises
    ------
    InputError
        Units or plan have no shapes, or units are points and the rule is ``area``.
    CoverageError
        A unit, or its point, lies in two districts that overlap.
    """
    import shapely

    shapes, districts = _checked(units, plan)
    flat = shapely.get_dimensions(shapes.to_numpy()) < 2
    if rule == "area" and flat.any():
        raise InputError(
            f"{int(flat.sum()):,} of {len(units):,} {units.plural} are known by a point only, first "
            f'{first_few(units.frame.index[flat])}; use rule="point", or add their polygons.'
        )
    notes: list[str] = []
    near, cut, districts, parts = _meet(units, shapes, districts, notes)
    if flat.any():
        notes.append(
            say(
                "{number:,} {units} are known by a point only; whether a line cuts them cannot be seen.",
                number=int(flat.sum()),
                units=units.plural,
            )
        )
    _refuse_overlaps(units, parts)
    largest = _largest(parts, shapes.index)
    found = largest["district"].astype(object)
    if rule == "area":
        ties = int(largest["tie"].sum())
        if ties:
            one = mark("1 unit lies in equal parts in two districts and went to the first label.")
            many = mark("{number:,} units lie in equal parts in two districts and went to the first label.")
            notes.append(say(one if ties == 1 else many, number=ties))
    else:
        points = np.where(flat[near], cut.to_numpy(), cut.representative_point().to_numpy())
        at, line = _by_point(units, units.frame.index[near], points, districts)
        found[near] = at
        notes += _points_on_lines(line)
        differ = found.notna() & largest["district"].notna() & (found != largest["district"])
        if differ.any():
            notes.append(_elsewhere(units, found.index[differ]))
    partly = parts.groupby("unit")["share"].sum().reindex(range(len(shapes)))
    edge = int(((partly < 1 - SLIVER) & found.notna().to_numpy()).sum())
    if edge:
        one = mark("1 placed unit reaches more than {share:.0%} of its area beyond the plan's edge.")
        many = mark("{number:,} placed units reach more than {share:.0%} of their area beyond the plan's edge.")
        notes.append(say(one if edge == 1 else many, number=edge, share=SLIVER))
    under = (parts.groupby("district")["area"].sum() / districts.area).dropna()
    beyond = under.index[(under < _COVERED) & under.index.isin(found.dropna().unique())]
    if len(beyond) and not flat.any():
        notes.append(
            partly_covered(
                beyond, say(" (they cover less than {share:.0%} of its area; the rest may be water)", share=_COVERED)
            )
        )
    return Placed(found, _cut(units, parts, shapes.index, found), OUTSIDE, tuple(notes))


def _elsewhere(units: Units, ids: pd.Index) -> Message:
    """Say how many units the other rule would place elsewhere."""
    count: str = number_of(len(ids), "units")
    if people := _people_of(units, ids):
        count = joined([count, people])
    return say("Largest area would place {units} elsewhere, first {ids}.", units=count, ids=few(ids))


def _meet(units: Units, shapes: Any, districts: Any, notes: list[str]) -> tuple[Any, Any, Any, pd.DataFrame]:
    """Measure each unit's share of each district, cutting only the units that a line touches."""
    crs = equal_area(shapes)
    notes.append(say("Overlay in {crs}.", crs=describe(crs)))
    level = _repair(districts.to_crs(shapes.crs), "districts", notes)
    near = _on_lines(shapes.to_numpy(), level.to_numpy())
    cut = _repair(shapes[near].to_crs(crs), units.plural, notes, on_lines=True)
    districts = _repair(level.to_crs(crs), "districts", [])
    measured = shared_areas(cut, districts)
    measured = measured.assign(unit=np.flatnonzero(near)[measured["unit"]])
    parts = pd.concat([_inside(shapes, ~near, level), measured]).sort_values(["order", "unit"], kind="stable")
    return near, cut, districts, parts.reset_index(drop=True)


def _repair(shapes: Any, what: str, notes: list[str], *, on_lines: bool = False) -> Any:
    """Mend invalid rings, and note how many."""
    broken = ~shapes.is_valid
    if not broken.any():
        return shapes
    told = (
        mark("{shapes} on district lines had invalid rings, which were mended before measuring.")
        if on_lines
        else mark("{shapes} had invalid rings, which were mended before measuring.")
    )
    notes.append(say(told, shapes=number_of(int(broken.sum()), what)))
    return shapes.where(~broken, shapes.make_valid())


def _points_on_lines(line: int) -> list[str]:
    told = mark("{number:,} points lie on a district line and went to the first label.")
    return [say(told, number=line)] if line else []


def _refuse_overlaps(units: Units, parts: pd.DataFrame) -> None:
    """Refuse districts that overlap by more than a sliver of some unit."""
    twice = parts.groupby("unit")["share"].sum()
    over = units.frame.index[twice.index[twice > 1 + SLIVER]]
    if len(over):
        both = parts.loc[units.frame.index[parts["unit"]] == over[0], "district"]
        others = f"; others {first_few(over[1:])}" if len(over) > 1 else ""
        raise CoverageError(
            f"{len(over):,} {_with_people(units, over)} lie where districts overlap, first "
            f"{over[0]} in {', '.join(map(str, both))}{others}. Mend the overlaps of the plan."
        )


def _people_of(units: Units, ids: pd.Index) -> str:
    """Write how many people live in some units, in brackets, where that is known."""
    name = people_column(units)
    return "" if name is None else say("({people:,.0f} people)", people=float(units.column(name).reindex(ids).sum()))


def _with_people(units: Units, ids: pd.Index) -> str:
    """Name units with their people, for a refusal."""
    return " ".join(word for word in (units.plural, _people_of(units, ids)) if word)


def _checked(units: Units, plan: Plan) -> tuple[Any, Any]:
    """Return the shapes of units and districts, once it is sure that they can meet."""
    if plan.geometry is None:
        raise InputError(f'the plan {plan.name!r} is a list of units without polygons; use rule="assignment".')
    if units.geometry is None:
        raise InputError(f"these {units.plural} have no shapes; add them with units.with_geometry(...).")
    blank = units.geometry.isna() | units.geometry.is_empty
    if blank.any():
        ids = units.frame.index[blank]
        raise SchemaError(f"{len(ids):,} {units.plural} have no shape, first {first_few(ids)}.")
    require_crs(units.geometry, what=f"the layer of {units.plural}")
    require_crs(plan.geometry, what=f"the plan {plan.name!r}")
    shapes, districts = one_datum(units.geometry), one_datum(plan.geometry)
    crs = equal_area(shapes)
    a, b = (_corners(layer, crs) for layer in (shapes, districts))
    if not np.isfinite(b).all():
        raise CRSError(f"the plan {plan.name!r} cannot be brought to the units' system; check its CRS.")
    if a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1]:
        away = np.hypot((a[0] + a[2] - b[0] - b[2]) / 2, (a[1] + a[3] - b[1] - b[3]) / 2) / 1000
        raise CoverageError(
            f"the plan {plan.name!r} lies {away:,.0f} km from the units and does not touch them. "
            "Check that both are of the same place, and the plan's CRS."
        )
    return shapes, districts


def _corners(shapes: Any, crs: Any) -> Any:
    """Give west, south, east and north of a layer in another system."""
    import geopandas as gpd
    import shapely

    box = shapely.box(*shapes.total_bounds)
    step = max(box.bounds[2] - box.bounds[0], box.bounds[3] - box.bounds[1], 1e-9) / 16
    return gpd.GeoSeries([shapely.segmentize(box, step)], crs=shapes.crs).to_crs(crs).total_bounds


def _on_lines(shapes: Any, polygons: Any) -> Any:
    """Tell which units a district line touches; every other lies wholly inside a district, or outside all."""
    import shapely

    met = shapely.STRtree(shapes).query(_short_lines(polygons), predicate="intersects")[1]
    touched = np.zeros(len(shapes), dtype=bool)
    touched[met] = True
    return touched


def _short_lines(polygons: Any) -> Any:
    """Cut rings into short lines: their boxes are small, so that only units near a line are looked at."""
    import shapely

    xy, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(polygons)), return_index=True)
    length = np.bincount(ring)
    step = np.arange(len(ring)) - (np.cumsum(length) - length)[ring]
    # A vertex where one line ends and the next begins stands in both; the last of a ring begins none.
    joint = (step % _VERTICES == 0) & (step > 0)
    times = 1 + (joint & (step < length[ring] - 1))
    line = np.repeat(step // _VERTICES, times)
    line[(np.cumsum(times) - times)[joint]] -= 1
    owner = np.repeat(ring, times)
    begins = (np.diff(line, prepend=-1) != 0) | (np.diff(owner, prepend=-1) != 0)
    return shapely.linestrings(np.repeat(xy, times, axis=0), indices=np.cumsum(begins) - 1)


def _inside(shapes: Any, whole: Any, districts: Any) -> pd.DataFrame:
    """Find the district of units that no line touches: wherever one vertex lies, the whole unit lies.

    Areas, which serve to see how much of a district the units cover, are in
    square metres, from degrees by the latitude of each unit's middle.
    """
    import shapely

    at = np.flatnonzero(whole)
    geometry = shapes.to_numpy()[at]
    starts = np.cumsum(shapely.get_num_coordinates(geometry))[:-1]
    vertex = shapely.points(shapely.get_coordinates(geometry)[np.concatenate([np.zeros(len(at[:1]), int), starts])])
    order, unit = shapely.STRtree(vertex).query(districts.to_numpy(), predicate="intersects")
    area = shapely.area(geometry)
    if shapes.crs.is_geographic:
        south, north = shapely.bounds(geometry)[:, [1, 3]].T
        area = area * np.cos(np.radians((south + north) / 2)) * _DEGREE**2
    else:
        area = area * shapes.crs.axis_info[0].unit_conversion_factor ** 2
    labels = districts.index.to_numpy(dtype=object)
    return pd.DataFrame({"unit": at[unit], "order": order, "district": labels[order], "share": 1.0, "area": area[unit]})


def _by_point(units: Units, ids: pd.Index, points: Any, districts: Any) -> tuple[pd.Series, int]:
    """Find the one district that each point lies in, and how many points lie on a line between districts."""
    import shapely

    polygons = districts.to_numpy()
    # The districts ask, because the one that asks is prepared: many points in one polygon are then cheap.
    district, unit = shapely.STRtree(points).query(polygons, predicate="intersects")
    labels = districts.index.to_numpy(dtype=object)
    met = pd.DataFrame({"unit": unit, "district": district}).sort_values(["unit", "district"])
    several = met[met["unit"].duplicated(keep=False)]
    inside = several[shapely.contains_properly(polygons[several["district"]], points[several["unit"]])]
    doubled = inside[inside["unit"].duplicated(keep=False)]
    if len(doubled):
        twice = doubled["unit"].unique()
        both = ", ".join(str(labels[d]) for d in doubled.loc[doubled["unit"] == twice[0], "district"])
        others = f"; others {first_few(ids[twice[1:]])}" if len(twice) > 1 else ""
        raise CoverageError(
            f"{len(twice):,} {_with_people(units, ids[twice])} lie in two districts, first "
            f"{ids[twice[0]]} in {both}{others}. Mend the overlaps of the plan."
        )
    first = pd.concat([inside, met]).drop_duplicates("unit")
    found = pd.Series(np.full(len(ids), None, dtype=object), index=ids)
    found.iloc[first["unit"]] = labels[first["district"]]
    return found, int(several["unit"].nunique() - len(inside))


def shared_areas(shapes: Any, districts: Any, *, doing: str = "Placing units") -> pd.DataFrame:
    """Measure the share of each unit's area in each district or other area it meets.

    Parameters
    ----------
    shapes : geopandas.GeoSeries
        Valid polygons of the units, in a projected system.
    districts : geopandas.GeoSeries
        Valid polygons in the same system; they may overlap.
    doing : str
        What the progress bar says.

    Returns
    -------
    pandas.DataFrame
        One row for each unit and district that share area: ``unit`` and
        ``order`` (positions), ``district`` (label), ``share`` (fraction of the
        unit's area) and ``area`` (in the system's units, squared).

    Notes
    -----
    Whole units are found by a prepared test; only those on a line are cut.
    """
    import shapely

    geometry, polygons = shapes.to_numpy(), districts.to_numpy()
    shapely.prepare(polygons)
    tree = shapely.STRtree(geometry)
    district, unit = tree.query(polygons, predicate="intersects")
    whole = np.zeros(len(unit), dtype=bool)
    area = shapely.area(geometry)
    overlap = np.zeros(len(unit))
    with meter(doing, len(unit)) as bar:
        for start in range(0, len(unit), _BATCH):
            batch = slice(start, start + _BATCH)
            whole[batch] = shapely.covers(polygons[district[batch]], geometry[unit[batch]])
            rest = np.flatnonzero(~whole[batch]) + start
            overlap[rest] = shapely.area(_clip(polygons, district[rest], geometry[unit[rest]]))
            bar.advance(len(unit[batch]))
    overlap[whole] = area[unit[whole]]
    share = np.divide(overlap, area[unit], out=np.zeros(len(unit)), where=area[unit] > 0)
    labels = districts.index.to_numpy(dtype=object)
    parts = pd.DataFrame(
        {"unit": unit, "order": district, "district": labels[district], "share": share, "area": overlap}
    )
    return parts[parts["share"] > 0].reset_index(drop=True)


def _clip(polygons: Any, district: Any, geometry: Any) -> Any:
    """Intersect units with districts, each district first cut down to the unit's surroundings.

    Clipping a district of many thousand vertices to a small rectangle is much
    cheaper than intersecting the whole of it with every unit on its line.
    """
    import shapely

    west, south, east, north = shapely.bounds(geometry).T
    boxes = np.column_stack([west - 1, south - 1, east + 1, north + 1])
    near = np.empty(len(geometry), dtype=object)
    for i, (d, box) in enumerate(zip(district, boxes, strict=True)):
        near[i] = shapely.clip_by_rect(polygons[d], *box)
    broken = ~shapely.is_valid(near)
    if broken.any():
        near[broken] = polygons[district[broken]]
    return shapely.intersection(near, geometry)


def _largest(parts: pd.DataFrame, ids: pd.Index) -> pd.DataFrame:
    """Find the district with the largest part of each unit, and ties."""
    covered = parts.groupby("unit")["share"].transform("sum") > SLIVER
    real = parts[covered].sort_values(["unit", "share", "order"], ascending=[True, False, True])
    first = real.drop_duplicates("unit").set_index("unit")
    second = real[real.duplicated("unit")].drop_duplicates("unit").set_index("unit")["share"]
    tie = (first["share"] - second.reindex(first.index)).abs() < 1e-12
    frame = pd.DataFrame({"district": first["district"], "tie": tie}).reindex(range(len(ids)))
    return frame.assign(tie=frame["tie"].eq(True)).set_axis(ids)  # noqa: FBT003


def _cut(units: Units, parts: pd.DataFrame, ids: pd.Index, found: pd.Series) -> pd.DataFrame:
    """List the units that lie in two or more districts by more than a sliver."""
    real = parts[parts["share"] > SLIVER]
    counts = real.groupby("unit").size()
    cut = counts.index[counts > 1]
    rows = real[real["unit"].isin(cut)].sort_values(["unit", "order"])
    placed = found.iloc[cut]
    inside = rows[rows["district"].to_numpy() == found.iloc[rows["unit"]].to_numpy()].set_index("unit")["share"]
    others = rows[rows["district"].to_numpy() != found.iloc[rows["unit"]].to_numpy()]
    also = others.groupby("unit")["district"].agg(lambda labels: ", ".join(map(str, labels)))
    return _frame(
        units,
        {
            "ids": ids[cut],
            "districts": counts.reindex(cut).to_numpy(),
            "placed_in": placed.to_numpy(),
            "share_inside": inside.reindex(cut).to_numpy(),
            "also_in": also.reindex(cut).to_numpy(),
        },
    )


def _frame(units: Units, columns: dict[str, Any]) -> pd.DataFrame:
    """Make the table of cut units."""
    ids = pd.Index(columns.pop("ids"), dtype="str", name="GEOID")
    return pd.DataFrame({"people": people_by_unit(units).reindex(ids).to_numpy(), **columns}, index=ids)
