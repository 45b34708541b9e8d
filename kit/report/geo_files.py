"""Shapes with their figures, for other map programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kit.errors import InputError
from kit.files import atomic_path
from kit.i18n.messages import joined, say, term
from kit.model.frames import DistrictTable, Placement
from kit.model.groups import definition
from kit.report.tables import cited, is_sample, stamp_words


def write_geojson(table: DistrictTable, path: Path) -> Path:
    """Write district shapes with their figures, in longitude and latitude.

    Parameters
    ----------
    table : DistrictTable
        Figures by district.
    path : pathlib.Path
        File to write.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    InputError
        Neither the plan nor the units have polygons.
    """
    import geopandas

    shapes = district_shapes(table.placement, "GeoJSON")
    frame = table.frame.astype({"rank": "float64"})
    layer = geopandas.GeoDataFrame(frame, geometry=shapes.reindex(frame.index).to_numpy(), crs=shapes.crs)
    layer = layer.to_crs("EPSG:4326")
    layer.geometry = layer.geometry.orient_polygons()
    collection = json.loads(layer.reset_index().to_json(drop_id=True))
    collection["name"] = table.placement.plan.name
    counted = say("{long}.", long=term(definition(table.group).long))
    collection["description"] = joined([counted, cited(table), stamp_words(sample=is_sample(table))])
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps(collection, separators=(",", ":"), allow_nan=False), encoding="utf-8")
    return path


def district_shapes(placement: Placement, what: str) -> Any:
    """Take a plan's polygons, or join the units of each district.

    Parameters
    ----------
    placement : Placement
        Units placed in a plan.
    what : str
        What needs them, for a message.

    Returns
    -------
    geopandas.GeoSeries
        Shapes by district, with a CRS.

    Raises
    ------
    InputError
        Neither the plan nor the units have polygons.
    """
    import geopandas

    from kit.maps.shapes import dissolve

    if placement.plan.geometry is not None:
        return placement.plan.geometry
    if placement.units.geometry is not None and (placement.units.geometry.geom_type != "Point").all():
        placed = placement.assignment.notna().to_numpy()
        labels = placement.assignment.to_numpy(dtype=object)[placed].astype(str)
        found = dissolve(placement.units.geometry.to_numpy()[placed], labels)
        return geopandas.GeoSeries(found, crs=placement.units.geometry.crs)
    raise InputError(f"{what} needs district shapes: neither the plan nor the units have polygons.")
