"""District polygons: reading them, and every check on the way.

Nothing is mended in silence: repairs, unions, overlaps and holes are counted
in notes, and what would make a count wrong is an error.
"""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import Corrupt, CRSError, InputError, first_few
from kit.model.crs import looks_like_degrees, require_crs
from kit.model.geoid import natural_key
from kit.sources.plan_blocks import PlanContent, assemble, year_in
from kit.sources.plan_formats import PlanFile
from kit.sources.plan_geometry import check_coverage, repair_rings, require_polygons, union_by_label
from kit.sources.plan_labels import (
    as_labels,
    choose_column,
    describe_columns,
    drop_unassigned,
    find_column,
    note_decimals,
    note_lookalikes,
    note_unassigned,
)

# What the KML reader adds to every placemark.
_KML_EXTRAS = re.compile(
    "(?i)id|description|timestamp|begin|end|altitudemode|tessellate|extrude|visibility|draworder|icon|snippet"
)
_UNIT_COLUMN = re.compile(r"(?i)(geoid|blockid|geocode)_?(20|10)?")
_CRS_MEMBER = re.compile(rb'"crs"\s*:\s*\{')
ROW = "row"


def read_shapes(file: PlanFile, *, id: str | None = None, crs: Any = None, layer: str | None = None) -> PlanContent:
    """Read district polygons from any vector file.

    Parameters
    ----------
    file : PlanFile
        A file of kind ``shapes``.
    id : str, optional
        Column of district labels; ``"row"`` numbers the shapes 1 to n in file order.
    crs : optional
        Coordinate reference system, for files that do not carry one.
    layer : str, optional
        Layer of a file that holds several.

    Returns
    -------
    PlanContent
        Labels and polygons in the file's CRS; for a file of units (blocks
        with a district each) also the assignment.

    Raises
    ------
    Corrupt
        The file cannot be read.
    CRSError
        The CRS is missing, or does not fit the coordinates.
    InputError
        No shapes, no labels, shapes that are not polygons, or districts that overlap.
    """
    frame, notes = _read(file, layer)
    frame = frame.set_crs(_settled_crs(frame, file, crs), allow_override=True)
    _require_fitting(frame, file.name)
    table = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    if file.path.suffix.lower() in {".kml", ".kmz"}:
        table = table.drop(columns=[c for c in table.columns if _KML_EXTRAS.fullmatch(str(c))])
    labels, column, said = _labels(table, id, file.name)
    assigned, codes = drop_unassigned(labels, minus_one=column.casefold() == "districtr")
    notes += [*said, *note_unassigned(codes, "shape")]
    if not assigned.any():
        raise InputError(f"{file.name}: the label column {column!r} names no district. Pass another column as id=.")
    shapes, more = require_polygons(frame.geometry[assigned], labels[assigned], what=file.name)
    shapes, repaired = repair_rings(shapes, labels[assigned], what=file.name)
    by_label, united = union_by_label(shapes, labels[assigned])
    ordered = by_label.loc[sorted(by_label.index, key=natural_key)]
    covered = check_coverage(ordered, what=file.name)
    content = PlanContent(list(ordered.index), geometry=ordered)
    _add_assignment(content, table, labels, column, file.name)
    content.notes = [*notes, *more, *repaired, *united, *covered, *note_lookalikes(content.labels), *content.notes]
    return content


def _read(file: PlanFile, layer: str | None) -> tuple[Any, list[str]]:
    """Read one layer with its attributes; what the reader warns about becomes a note."""
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError
    from shapely.errors import ShapelyError

    path = file.path
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            name = _layer_name(path, file.name, layer)
            try:
                frame = pyogrio.read_dataframe(path, layer=name)
            except UnicodeDecodeError:
                frame = pyogrio.read_dataframe(path, layer=name, encoding="latin-1")
    except (DataSourceError, DataLayerError, FeatureError, FieldError, ShapelyError) as error:
        reason = str(error).replace(str(path), file.name)[:160]
        raise Corrupt(
            f"{file.name} cannot be read as shapes: {reason}. It may be cut off; fetch or export it again."
        ) from error
    if "geometry" not in frame.columns or not hasattr(frame, "crs"):
        raise InputError(f"{file.name} has attributes and no shapes. Columns: {describe_columns(frame)}.")
    if not len(frame):
        raise InputError(f"{file.name} has no shapes in it. Export it again.")
    said = dict.fromkeys(str(w.message).replace(str(path), file.name).strip() for w in caught)
    return frame, [f"The file reader said: {text}" for text in said]


def _layer_name(path: Path, name: str, layer: str | None) -> str | None:
    """Choose the layer with polygons, or ask."""
    import pyogrio

    listed = pyogrio.list_layers(path)
    names = [str(n) for n, _ in listed]
    if layer in names:
        return layer
    areas = [str(n) for n, kind in listed if kind is not None and "Point" not in kind and "LineString" not in kind]
    if layer is not None and len(names) > 1:
        raise InputError(f"{name} has no layer {layer!r}; layers are {first_few(names)}.")
    if len(areas) > 1:
        raise InputError(
            f"{name} has {len(areas)} layers that could be the plan: {first_few(areas, 8)}. Pass layer= with one."
        )
    return areas[0] if areas else None


def _settled_crs(frame: Any, file: PlanFile, given: Any) -> Any:
    """Settle the CRS from the file and the caller, who may not disagree."""
    import pyproj

    declared = frame.crs if _declares_crs(file.path, frame) else None
    if given is None:
        return require_crs(frame, what=file.name)
    try:
        wanted = pyproj.CRS(given)
    except pyproj.exceptions.CRSError as error:
        raise CRSError(f'crs={given!r} is not a coordinate reference system; expected such as "EPSG:4269".') from error
    if declared is not None and not _same(declared, wanted):
        raise InputError(
            f"{file.name} declares {declared.name}, and crs= says {wanted.name}. Leave crs= out to believe the file; "
            "if the file is wrong, correct it in a GIS first."
        )
    return declared if declared is not None else wanted


def _declares_crs(path: Path, frame: Any) -> bool:
    """Tell whether the file itself names its CRS; GeoJSON without one only implies it."""
    if frame.crs is None:
        return False
    if path.suffix.lower() not in {".geojson", ".json"}:
        return True
    raw = path.read_bytes()
    return bool(_CRS_MEMBER.search(raw[:5000]) or _CRS_MEMBER.search(raw[-2000:]))


def _same(one: Any, other: Any) -> bool:
    """Tell whether two systems are one, whatever their axis order and spelling."""
    if one.equals(other, ignore_axis_order=True):
        return True
    code = one.to_epsg(min_confidence=70)
    return code is not None and code == other.to_epsg(min_confidence=70)


def _require_fitting(frame: Any, name: str) -> None:
    """Refuse degrees in a system of metres, and metres in a system of degrees."""
    if not np.isfinite(frame.total_bounds).all():
        return
    degrees = looks_like_degrees(frame)
    west, south, east, north = (f"{v:,.0f}" for v in frame.total_bounds)
    if frame.crs.is_geographic and not degrees:
        raise CRSError(
            f"{name} says {frame.crs.name}, which is degrees, but its coordinates run from {west}, {south} to {east}, "
            f"{north}. They are metres or feet: pass crs= with the system they are in, or export the file again."
        )
    if frame.crs.is_projected and degrees:
        raise CRSError(
            f"{name} says {frame.crs.name}, which is metres or feet, but its coordinates look like degrees "
            f"({west}, {south} to {east}, {north}). Correct the .prj or pass the right crs=, such as EPSG:4269."
        )


def _labels(table: pd.DataFrame, id: str | None, name: str) -> tuple[pd.Series, str, list[str]]:
    """Take the labels from the column given, the column found, or the row numbers."""
    if id is not None and id.casefold() == ROW and ROW not in {str(c).casefold() for c in table.columns}:
        numbers = pd.Series([str(i + 1) for i in range(len(table))], index=table.index, dtype="str")
        return numbers, ROW, ["Labels are row numbers in file order, not the plan's own: check them against its map."]
    if table.shape[1] == 0 or table.isna().all(axis=None):
        raise InputError(
            f'{name} has {len(table):,} shapes and no labels. Pass id="row" to number them 1 to {len(table):,} in file '
            "order, and check those numbers against the published map."
        )
    column = find_column(table, id, what=name) if id is not None else choose_column(table, what=name, shapes=True)
    labels, decimals = as_labels(table[column], what=name)
    notes = [] if id is not None else [f"District labels are from the column {column}."]
    if decimals:
        notes.append(note_decimals(column))
    return labels, column, notes


def _add_assignment(content: PlanContent, table: pd.DataFrame, labels: pd.Series, column: str, name: str) -> None:
    """Keep the assignment where the shapes are census units, several to a district."""
    ids = [c for c in table.columns if _UNIT_COLUMN.fullmatch(str(c)) and c != column]
    if len(ids) != 1 or not table[ids[0]].is_unique or len(table) <= len(content.labels):
        return
    listed = assemble(table[ids[0]], labels, what=f"{name}, {ids[0]}", minus_one=column.casefold() == "districtr")
    content.assignment, content.level, content.year = listed.assignment, listed.level, year_in(str(ids[0]))
    content.notes.append(
        f"Shapes are census units; their ids are from the column {ids[0]} and give the block list too."
    )
