"""Writing a plan so that a hearing body's software, and the kit, can read it again."""

from __future__ import annotations

import csv
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kit.errors import InputError
from kit.files import atomic_path
from kit.model.crs import require_crs
from kit.model.frames import Plan

FIELD = "DISTRICT"
_DRIVERS = {
    ".geojson": "GeoJSON",
    ".gpkg": "GPKG",
    ".shp": "ESRI Shapefile",
    ".zip": "ESRI Shapefile",
    ".kml": "LIBKML",
}
WRITABLE = (*_DRIVERS, ".csv")
# One date in every file, so that the same plan gives the same bytes.
_STAMP = "2000-01-01"
_ZIP_STAMP = (2000, 1, 1, 0, 0, 0)
_PARTS_OF_A_SHAPEFILE = (".cpg", ".prj", ".dbf", ".shx", ".shp")


def write_plan(plan: Plan, path: str | Path) -> Path:
    """Write a plan in the format its suffix names.

    Parameters
    ----------
    plan : Plan
        Polygons for ``.geojson``, ``.gpkg``, ``.shp``, ``.zip`` (a zipped
        shapefile) and ``.kml``; a block list for ``.csv``.
    path : path-like
        The file to write. A file of that name is replaced whole.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    InputError
        The suffix is not known, or the plan lacks what the format holds.
    CRSError
        The polygons have no CRS.

    Notes
    -----
    GeoJSON and KML are in WGS 84 (EPSG:4326) as their standards say; the
    others keep the plan's CRS. Labels stand in the text field ``DISTRICT``.
    The CSV is a block equivalency file, ``BLOCKID,DISTRICT`` for blocks and
    ``GEOID,DISTRICT`` for other units, with ids and labels as text.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in WRITABLE:
        raise InputError(f"{target.name}: plans are written as {', '.join(WRITABLE)}; choose one of those suffixes.")
    if suffix == ".csv":
        _write_list(plan, target)
        return target
    if plan.geometry is None:
        raise InputError(
            f"the plan {plan.name!r} is a list of units without polygons, and {suffix} holds polygons. "
            "Write it as .csv, or give the plan shapes first by dissolving its units."
        )
    require_crs(plan.geometry, what=f"the plan {plan.name!r}")
    with _fixed_date():
        _write_polygons(plan, target, suffix)
    return target


def _write_list(plan: Plan, target: Path) -> None:
    """Write a block equivalency file."""
    if plan.assignment is None:
        raise InputError(
            f"the plan {plan.name!r} has polygons and no list of units, and .csv is a block equivalency file. "
            "Place census blocks in it with kit.place first, or write .geojson."
        )
    listed = plan.assignment.sort_index()
    header = "BLOCKID" if plan.level == "block" else "GEOID"
    with atomic_path(target) as temporary, temporary.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow([header, FIELD])
        rows.writerows(zip(listed.index, listed, strict=True))


def _write_polygons(plan: Plan, target: Path, suffix: str) -> None:
    """Write polygons with their labels."""
    import geopandas as gpd

    shapes = plan.geometry.loc[list(plan.labels)]
    columns: dict[str, Any] = {FIELD: [str(label) for label in shapes.index]}
    if suffix == ".kml":
        columns = {"Name": columns[FIELD], **columns}
    frame = gpd.GeoDataFrame(columns, geometry=list(shapes), crs=shapes.crs)
    if suffix in {".geojson", ".kml"}:
        frame = frame.to_crs("EPSG:4326")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".kit-", dir=target.parent) as scratch:
        stem = target.with_suffix(".shp").name if suffix == ".zip" else target.name
        made = Path(scratch) / stem
        _to_file(frame, made, suffix)
        if suffix == ".zip":
            _zip_parts(made, target)
        elif suffix == ".shp":
            _move_parts(made, target)
        else:
            with atomic_path(target) as temporary:
                shutil.copyfile(made, temporary)


def _to_file(frame: Any, path: Path, suffix: str) -> None:
    """Hand a frame to the vector writer."""
    import pyogrio

    options: dict[str, Any] = {"layer": "plan"} if suffix in {".gpkg", ".kml", ".geojson"} else {}
    if suffix == ".geojson":
        options["RFC7946"] = "YES"
    if suffix in {".shp", ".zip"}:
        options |= {"DBF_DATE_LAST_UPDATE": _STAMP, "encoding": "UTF-8"}
    pyogrio.write_dataframe(frame, path, driver=_DRIVERS[suffix], **options)


def _zip_parts(shapefile: Path, target: Path) -> None:
    """Put the parts of a shapefile into one zip."""
    with atomic_path(target) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in _PARTS_OF_A_SHAPEFILE:
            info = zipfile.ZipInfo(shapefile.with_suffix(part).name, date_time=_ZIP_STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, shapefile.with_suffix(part).read_bytes())


def _move_parts(shapefile: Path, target: Path) -> None:
    """Move the parts of a shapefile into place, the shapes last."""
    for part in _PARTS_OF_A_SHAPEFILE:
        with atomic_path(target.with_suffix(part)) as temporary:
            shutil.copyfile(shapefile.with_suffix(part), temporary)


@contextmanager
def _fixed_date() -> Iterator[None]:
    """Give the vector writer a fixed clock, and set it right again."""
    import pyogrio

    name = "OGR_CURRENT_DATE"
    before = pyogrio.get_gdal_config_option(name)
    pyogrio.set_gdal_config_options({name: f"{_STAMP}T00:00:00.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({name: before})
