"""Writing communities for other tools, with nothing cut and nobody's contact in it."""

from __future__ import annotations

import csv
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from kit.errors import CoverageError, InputError, first_few
from kit.files import atomic_path
from kit.model.communities import Communities
from kit.model.community import Community
from kit.model.community_area import UnitFinder
from kit.model.crs import GEOGRAPHIC, one_datum
from kit.model.frames import Units
from kit.model.geoid import natural_key
from kit.model.submissions import Submissions, require_audience
from kit.sources.community_districtr import write_districtr
from kit.sources.community_files import SIDECAR
from kit.sources.community_geojson import write_geojson
from kit.sources.community_kml import write_kml
from kit.sources.community_record import MARK, to_record

_BY_SUFFIX = {
    ".geojson": "geojson",
    ".shp": "shapefile",
    ".zip": "shapefile",
    ".gpkg": "geopackage",
    ".kml": "kml",
    ".kmz": "kml",
    ".csv": "csv",
    ".json": "districtr",
}
FORMATS = {
    "geojson": (".geojson", ".json"),
    "representable": (".geojson", ".json"),
    "dra": (".geojson", ".json"),
    "shapefile": (".shp", ".zip"),
    "geopackage": (".gpkg",),
    "kml": (".kml", ".kmz"),
    "csv": (".csv",),
    "districtr": (".json",),
    "block_equivalency": (".csv",),
}
"""Formats, and the suffixes a file of each may have."""

_OF_UNITS = {"csv", "districtr", "block_equivalency"}
_DBF_BYTES = 254
_EPOCH = (1980, 1, 1, 0, 0, 0)
# A unit belongs to a list of whole units where at least half of it lies inside.
_HALF = 0.5


def write_communities(
    communities: Submissions | Sequence[Community],
    path: str | os.PathLike[str],
    *,
    format: str | None = None,
    units: Units | None = None,
    blocks: Communities | None = None,
    audience: str = "public",
) -> Path:
    """Write communities to a file for the hearing body or for another tool.

    Parameters
    ----------
    communities : Submissions or sequence of Community
        What is written, in order.
    path : path-like
        The file; its suffix says the format where `format` does not.
    format : str, optional
        ``"geojson"``, ``"shapefile"`` (``.shp`` or ``.zip``),
        ``"geopackage"``, ``"kml"`` (``.kml`` or ``.kmz``), ``"csv"`` (a row
        for each community and unit), ``"districtr"`` (JSON),
        ``"representable"`` and ``"dra"`` (GeoJSON), or
        ``"block_equivalency"`` (CSV of BLOCKID and DISTRICT).
    units : Units, optional
        Units with polygons, so that communities told as lists get a shape.
    blocks : Communities, optional
        The same communities in census units, as `locate_communities` gives,
        for formats that list units. A unit counts where at least half of it
        lies inside.
    audience : {"public", "commission", "internal"}
        Who will read the file.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    InputError
        The format is unknown, people did not agree to this audience, or a list
        of units is needed and `blocks` is not given.
    CoverageError
        Units of a community are not among `units` or `blocks`.

    Notes
    -----
    A shapefile cuts names of columns at 10 characters and text at 254 bytes,
    and a block equivalency file has two columns. Whatever is told of a
    community therefore stands whole in a file beside them, ``….communities.json``
    (inside the archive for ``.zip``); keep the two together. Contact data are
    in none of these files: a community has none.
    """
    target = Path(path)
    found = communities if isinstance(communities, Submissions) else Submissions(tuple(communities))
    if not len(found):
        raise InputError("there are no communities to write.")
    kind = _format_of(target, format)
    _require_consent(found, audience)
    order = list(found)
    if kind in _OF_UNITS:
        listed = [(one, _listed(one, label, kind, blocks)) for one, label in zip(order, found.labels, strict=True)]
        _WRITERS[kind](listed, target)
        return target
    shapes = _shapes(order, units)
    pairs = list(zip(order, shapes, strict=True))
    if kind == "shapefile":
        _write_shapefile(pairs, target)
    elif kind == "geopackage":
        _write_geopackage(pairs, target)
    else:
        with atomic_path(target) as temporary:
            if kind == "kml":
                write_kml(pairs, temporary)
            else:
                write_geojson(pairs, temporary, kind)
    return target


def _format_of(target: Path, format: str | None) -> str:
    """Settle the format, and refuse a suffix it cannot have."""
    suffix = target.suffix.lower()
    kind = _BY_SUFFIX.get(suffix, "") if format is None else str(format)
    if kind not in FORMATS:
        raise InputError(
            f"no format is called {format!r}; formats are {', '.join(FORMATS)}."
            if format is not None
            else f"{target.name} does not say its format; end it in {', '.join(_BY_SUFFIX)}, or pass format=."
        )
    if suffix not in FORMATS[kind]:
        raise InputError(f"a file of format {kind!r} ends in {' or '.join(FORMATS[kind])}, not {suffix or 'nothing'}.")
    return kind


def _require_consent(found: Submissions, audience: str) -> None:
    """Refuse to write what people did not agree to."""
    require_audience(audience)
    barred = [one.id for one in found if not one.may_be_seen_by(audience)]
    if barred:
        raise InputError(
            f"{len(barred):,} of {len(found):,} communities may not go to audience {audience!r}: {first_few(barred)}. "
            "Ask their people, write communities.for_audience(...), or say audience='internal' for your own copy."
        )


def _shapes(order: list[Community], units: Units | None) -> list[Any]:
    """Give the shape of each in degrees: as drawn, or of its units where they are at hand."""
    import shapely

    made: list[Any] = []
    ground = None
    for one in order:
        area = one.area
        shape = None
        if area is not None and area.kind == "polygon":
            shape = area.shape
            if shape.geom_type not in {"Polygon", "MultiPolygon"}:
                raise InputError(f"the community {one.id!r} is no polygon but a {shape.geom_type}; mend it first.")
        elif area is not None and units is not None:
            if ground is None:
                if units.geometry is None:
                    raise InputError(f"these {units.plural} have no shapes; add them with units.with_geometry(...).")
                ground = one_datum(units.geometry).to_crs(GEOGRAPHIC)
                finder = UnitFinder(ground.index)
            members, absent = finder.find(area)
            if absent:
                raise CoverageError(
                    f"{len(absent):,} of {len(area.geoids):,} units of {one.id!r} are not among the {len(units):,} "
                    f"{units.plural}: {first_few(absent)}. Check place, level and year."
                )
            shape = shapely.union_all(ground.to_numpy()[members])
        made.append(shape)
    return made


def _listed(one: Community, label: str, kind: str, blocks: Communities | None) -> list[str]:
    """Give the units of a community for a format that lists them."""
    area = one.area
    if area is not None and area.kind == "units" and (kind != "block_equivalency" or area.level == "block"):
        return list(area.geoids)
    if area is None:
        if kind == "block_equivalency":
            raise InputError(f"the community {one.id!r} has no area, and a block equivalency file has nothing else.")
        return []
    if blocks is None:
        raise InputError(
            f"{kind} lists {'blocks' if kind == 'block_equivalency' else 'units'}, and the community {one.id!r} is not "
            "told so. Pass blocks=kit.locate_communities(communities, units)."
        )
    rows = blocks.membership
    members = rows.loc[(rows["community"] == label) & (rows["share"] >= _HALF), "GEOID"].tolist()
    if not members:
        raise CoverageError(
            f"blocks= has no unit of {label!r} with at least half of it inside; it was made of other communities or "
            "other units."
        )
    if kind == "block_equivalency" and any(len(unit) != 15 for unit in members):
        raise InputError("a block equivalency file lists census blocks; locate the communities in units of blocks.")
    return sorted(members)


def _safe_cell(text: str) -> str:
    """Keep a spreadsheet from running what people typed."""
    return f"'{text}" if text[:1] and text[0] in "=+-@\t\r'" else text


def _write_rows(path: Path, rows: Sequence[Sequence[str]]) -> None:
    """Write a table of text."""
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def _write_csv(listed: list[tuple[Community, list[str]]], path: Path) -> None:
    """Write a row for each community and unit; what is told stands in the first row of each."""
    records = []
    for one, members in listed:
        record = to_record(one)
        record.pop("geoids", None)
        records.append((record, members))
    columns = list(dict.fromkeys(key for record, _ in records for key in record))
    rest = [key for key in columns if key not in {MARK, "id", "name"}]
    rows = [["id", "name", "GEOID", *rest, MARK]]
    for record, members in records:
        for number, unit in enumerate(members or [""]):
            told = [record.get(key, "") if number == 0 else "" for key in rest]
            rows.append([record["id"], record["name"], unit, *told, "1"])
    _write_rows(path, [rows[0], *([_safe_cell(cell) for cell in row] for row in rows[1:])])


def _write_equivalency(listed: list[tuple[Community, list[str]]], path: Path) -> None:
    """Write blocks and numbers, and beside them what the numbers mean."""
    records = {str(number): to_record(one) for number, (one, _) in enumerate(listed, 1)}
    rows = [(unit, str(number)) for number, (_, members) in enumerate(listed, 1) for unit in members]
    _write_sidecar(records, path.with_name(path.name + SIDECAR))
    ordered = sorted(rows, key=lambda row: (row[0], natural_key(row[1])))
    _write_rows(path, [("BLOCKID", "DISTRICT"), *ordered])


def _write_plan(listed: list[tuple[Community, list[str]]], path: Path) -> None:
    """Write a Districtr plan."""
    with atomic_path(path) as temporary:
        write_districtr(listed, temporary)


_WRITERS: dict[str, Callable[[list[tuple[Community, list[str]]], Path], None]] = {
    "csv": _write_csv,
    "districtr": _write_plan,
    "block_equivalency": _write_equivalency,
}


def _write_sidecar(records: dict[str, dict[str, str]], path: Path) -> None:
    """Write whole records beside a file that cannot hold them."""
    content = {"kit": "communities", "version": 1, "records": records}
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _frame(pairs: list[tuple[Community, Any]], columns: Sequence[str]) -> Any:
    """Lay communities out as a layer of text columns."""
    import geopandas as gpd

    records = [to_record(one) for one, _ in pairs]
    table = {key: [record.get(key) for record in records] for key in columns}
    return gpd.GeoDataFrame(table, geometry=[shape for _, shape in pairs], crs=GEOGRAPHIC)


def _write_geopackage(pairs: list[tuple[Community, Any]], path: Path) -> None:
    """Write one layer with every column."""
    import pyogrio

    columns = list(dict.fromkeys(key for one, _ in pairs for key in to_record(one)))
    with atomic_path(path) as temporary:
        temporary.unlink()
        pyogrio.write_dataframe(
            _frame(pairs, columns),
            temporary,
            driver="GPKG",
            layer="communities",
            geometry_type="Unknown",
            promote_to_multi=False,
        )


def _write_shapefile(pairs: list[tuple[Community, Any]], path: Path) -> None:
    """Write shapes with ids, and beside them everything that a shapefile would cut."""
    import pyogrio

    long = [one.id for one, _ in pairs if len(one.id.encode()) > _DBF_BYTES]
    if long:
        raise InputError(f"{len(long):,} ids are longer than a shapefile holds ({_DBF_BYTES} bytes): {long[0][:60]}….")
    short = ("name", "label", "consent")
    columns = ["id", *(key for key in short if all(len(getattr(c, key).encode()) <= _DBF_BYTES for c, _ in pairs))]
    records = {one.id: to_record(one) for one, _ in pairs}
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".kit-shp-", dir=path.parent) as scratch:
        made = Path(scratch) / f"{path.stem}.shp"
        pyogrio.write_dataframe(
            _frame(pairs, columns), made, driver="ESRI Shapefile", encoding="UTF-8", geometry_type="Polygon"
        )
        _write_sidecar(records, made.with_name(made.name + SIDECAR))
        parts = sorted(made.parent.iterdir())
        if path.suffix.lower() == ".zip":
            with atomic_path(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
                for part in parts:
                    archive.writestr(zipfile.ZipInfo(part.name, _EPOCH), part.read_bytes(), zipfile.ZIP_DEFLATED)
            return
        for part in sorted(parts, key=lambda p: p.suffix == ".shp"):
            part.replace(path.parent / part.name)
