"""Reading communities of interest from the files that people and other tools make."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kit.errors import Corrupt, InputError, SchemaError, first_few
from kit.files import sha256
from kit.i18n.messages import mark, say
from kit.model.community import CONSENTS, Community
from kit.model.geoid import level as find_level
from kit.model.source import Source
from kit.model.submissions import Submissions
from kit.model.things import few
from kit.sources.community_districtr import is_districtr, ours, read_districtr_communities
from kit.sources.community_kml import read_kml
from kit.sources.community_layers import read_geojson, read_list, read_vector
from kit.sources.community_record import Foreign, as_text, from_record
from kit.sources.community_rows import Layer, Row, together
from kit.sources.community_safety import MOST_MEGABYTES, require_size, unzip
from kit.sources.community_shapes import in_degrees, points_as_landmarks
from kit.sources.plan_formats import find_file

SIDECAR = ".communities.json"
_VECTOR = {".shp", ".gpkg", ".topojson", ".fgb"}
_READABLE = {*_VECTOR, ".geojson", ".json", ".kml", ".csv", ".txt", ".tsv"}
_PARTS = (".shp", ".dbf", ".shx", ".prj", ".cpg")
_IDS = ("census_block_ids", "block_group_ids")
# Representable drew these two States on census units of 2010.
_OLD_UNITS = ("17", "40")
_HTML = (b"<!doctype html", b"<html")


def read_communities(
    path: str | os.PathLike[str],
    *,
    name: str | None = None,
    id: str | None = None,
    submitter: str | None = None,
    submitter_pattern: str | None = None,
    consent: str = "private",
    level: str | None = None,
    year: int | None = None,
    crs: Any = None,
    layer: str | None = None,
    most_megabytes: float = MOST_MEGABYTES,
) -> Submissions:
    r"""Read communities of interest from a file, each row of it as one community.

    Parameters
    ----------
    path : path-like
        GeoJSON, shapefile (also zipped), GeoPackage, TopoJSON, KML or KMZ; a
        CSV of GEOIDs of any census level; a plan with communities of
        Districtr (JSON, CSV, shapefile, GeoJSON); exports of Representable
        and of Dave's Redistricting; what `write_communities` wrote.
    name, id : str, optional
        Columns of names and of ids, where the usual names do not fit.
    submitter : str, optional
        Column that tells submitters apart. Where it names people, they become
        ``submitter 1`` and so on.
    submitter_pattern : str, optional
        Regular expression; its first group in that column is the submitter, such
        as ``r"(.+)-\d+"`` for ids that count the areas of one submission.
    consent : {"private", "commission", "public"}
        What the people of a foreign file agreed to; a file of the kit says it
        for each community.
    level : str, optional
        Level of listed GEOIDs; ids that lost a leading zero get it back.
    year : int, optional
        Vintage of listed GEOIDs, where the file does not say it.
    crs : optional
        Coordinate reference system, for shapes that carry none.
    layer : str, optional
        Layer of a file, or file of an archive, that holds several.
    most_megabytes : float
        Larger files are refused.

    Returns
    -------
    Submissions
        Every row of the file in order, its shape as it was drawn: invalid
        rings, points and missing shapes are mended or set aside by
        `mend_communities`, not here. Comments, labels, types and every other
        column are kept, but for columns that tell who people are.

    Raises
    ------
    InputError
        There is no such file, its kind is not read, it is too large, or it is
        built to unfold without end.
    SchemaError
        Columns or ids are not what they must be.
    CRSError
        Shapes carry no CRS and none is given.
    Corrupt
        The file is empty, cut off, or not what its name says.

    Notes
    -----
    Shapes become degrees of NAD83. WGS 84 in degrees is taken for NAD83, as in
    every file that copies TIGER lines.

    References
    ----------
    Export formats: Districtr (plan JSON, GeoJSON, shapefile, assignment CSV),
    Representable (GeoJSON and block equivalency CSV), Dave's Redistricting
    (district shapes as GeoJSON, block assignment CSV).
    """
    if consent not in CONSENTS:
        raise InputError(f"consent is one of {', '.join(CONSENTS)}, not {consent!r}.")
    if level is not None:
        level = find_level(level).name
    file = find_file(Path(path))
    if file.is_dir():
        file = _of_folder(file, layer)
    foreign = Foreign(file.name, consent, name=None, id=id, submitter=submitter, pattern=submitter_pattern)
    with tempfile.TemporaryDirectory(prefix="kit-coi-") as scratch:
        kept, known = _layer(file, Path(scratch), most_megabytes, name=name, level=level, year=year, layer=layer)
    foreign.columns["name"] = None if kept.named else name
    kept = in_degrees(_units_grouped(kept), crs, file.name)
    notes = [*kept.notes, *points_as_landmarks(kept)]
    made = [_community(row, number, foreign, known, year) for number, row in enumerate(kept.rows, 1)]
    notes += foreign.notes()
    unread = [number for number, row in enumerate(kept.rows, 1) if row.fault]
    if unread:
        several = mark("{count:,} rows have a shape that cannot be read: rows {rows}.")
        lone = mark("1 row has a shape that cannot be read: row {rows}.")
        notes.append(say(several if len(unread) > 1 else lone, count=len(unread), rows=few(unread)))
    source = Source(f"communities in {file.name}", where=file.name, sha256=sha256(file), note=_told(made))
    return Submissions(tuple(made), (source,), tuple(notes))


def _told(made: Sequence[Community]) -> str:
    """Say how many there are."""
    return f"{len(made):,} communities, {sum(c.area is None for c in made):,} of them without an area."


def _of_folder(folder: Path, layer: str | None) -> Path:
    """Choose the file of a folder."""
    found = sorted(p for p in folder.iterdir() if p.suffix.lower() in {*_READABLE, ".zip", ".kmz"} and _wanted(p))
    chosen = [p for p in found if layer in {p.name, p.stem}] or found
    if len(chosen) != 1:
        told = first_few([p.name for p in chosen]) or "none"
        raise InputError(f"the folder {folder.name!r} holds {len(chosen)} files of communities: {told}. Pass one.")
    return chosen[0]


def _wanted(path: Path) -> bool:
    """Leave out what the kit writes beside a file, and read-me files."""
    return not path.name.endswith(SIDECAR) and not re.match(r"(?i)readme|license|source", path.name)


def _layer(file: Path, scratch: Path, most: float, **how: Any) -> tuple[Layer, dict[str, Any]]:
    """Read the rows of a file or of the one file of an archive, and the record beside it."""
    require_size(file, most)
    if file.suffix.lower() not in {".zip", ".kmz"}:
        return _rows_of(file, most, **how), _sidecar(file)
    members = unzip(file, scratch, most)
    there = [p for p in members if p.suffix.lower() in _READABLE and _wanted(p)]
    named = [p for p in there if how["layer"] in {p.name, p.stem}]
    if named:
        there, how = named, {**how, "layer": None}
    if not there:
        raise InputError(f"{file.name} holds no file of communities; expected one of {', '.join(sorted(_READABLE))}.")
    layers, unread = [], dict[str, SchemaError]()
    for member in there:
        try:
            layers.append((member, _rows_of(member, most, **how)))
        except SchemaError as error:
            unread[member.name] = error
    if not layers:
        raise next(iter(unread.values()))
    areas = [(member, one) for member, one in layers if not _points_only(one)] or layers
    if len(areas) != 1:
        raise InputError(
            f"{file.name} holds {len(areas)} files of communities: {first_few([m.name for m, _ in areas])}. "
            "Pass layer= with the one meant."
        )
    member, kept = areas[0]
    kept.notes += [say("{name} beside it holds no communities and was left aside.", name=name) for name in unread]
    for other, beside in layers:
        if other is not member:
            kept.rows += beside.rows if str(beside.crs) == str(kept.crs) else in_degrees(beside, None, other.name).rows
            kept.notes.append(say("{file} beside it marks places.", file=other.name))
    return kept, _sidecar(member)


def _points_only(layer: Layer) -> bool:
    """Tell whether a file marks places and no area."""
    return bool(layer.rows) and all(row.shape is not None and row.shape.geom_type == "Point" for row in layer.rows)


def _rows_of(file: Path, most: float, *, layer: str | None, **how: Any) -> Layer:
    """Read one file by its kind."""
    kind = file.suffix.lower()
    if kind not in _READABLE:
        extra = " Save the sheet as CSV with the ids as text." if kind in {".xlsx", ".xls", ".ods"} else ""
        raise InputError(
            f"{file.name}: no communities are read from {kind or 'a file without suffix'}; expected "
            f"{', '.join(sorted({*_READABLE, '.zip', '.kmz'}))}.{extra}"
        )
    with file.open("rb") as stream:
        start = stream.read(400).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_HTML):
        raise Corrupt(f"{file.name} is a web page saved under that name, not the file itself. Fetch it again.")
    if kind == ".shp":
        lacking = [part for part in (".dbf", ".shx") if not file.with_suffix(part).exists()]
        if lacking:
            raise InputError(f"{file.name} lacks {' and '.join(lacking)}; keep the files of one name together.")
        for part in _PARTS[1:3]:
            require_size(file.with_suffix(part), most)
    if kind == ".kml":
        return read_kml(file)
    if kind in {".csv", ".txt", ".tsv"}:
        return read_list(file, **how)
    return read_vector(file, layer) if kind in _VECTOR else _json_rows(file)


def _json_rows(file: Path) -> Layer:
    """Read GeoJSON, TopoJSON or a Districtr plan."""
    try:
        content = json.loads(file.read_bytes())
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Corrupt(f"{file.name} is not whole JSON ({str(error)[:80]}). Export it again.") from error
    if isinstance(content, dict):
        if str(content.get("type")) in {"FeatureCollection", "Feature"}:
            return read_geojson(content, file.name)
        if content.get("type") == "Topology":
            return read_vector(file, None)
        if is_districtr(content):
            return read_districtr_communities(content, file.name)
    raise SchemaError(f"{file.name} is JSON, but neither GeoJSON, TopoJSON nor a Districtr plan with communities.")


def _sidecar(file: Path) -> dict[str, Any]:
    """Read what the kit wrote beside a file that cannot hold it: id or number → record."""
    beside = file.with_name(file.name + SIDECAR)
    if not beside.exists():
        return {}
    try:
        content = json.loads(beside.read_bytes())
        return {str(key): dict(record) for key, record in content["records"].items()}
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise Corrupt(f"{beside.name} is damaged ({str(error)[:80]}). Restore it, or move it away.") from error


def _units_grouped(layer: Layer) -> Layer:
    """Put the census units of a Districtr layer together by community."""
    first = layer.rows[0].record if layer.rows else {}
    unit = next((key for key in first if re.fullmatch(r"(?i)geoid(10|20)?", key)), None)
    if unit is None or "districtr" not in first:
        return layer
    groups: dict[str, list[Row]] = {}
    places = [row for row in layer.rows if unit not in row.record]
    for row in layer.rows:
        if unit in row.record and as_text(row.record.get("districtr")) not in {"", "-1"}:
            groups.setdefault(as_text(row.record["districtr"]), []).append(row)
    title = next((key for key in first if re.fullmatch(r"(?i)communityn?(ame)?", key)), "")
    said = re.search(r"(10|20)$", unit)
    rows = []
    for number in sorted(groups, key=lambda text: (len(text), text)):
        members = groups[number]
        name = as_text(members[0].record.get(title)).strip() or f"Community {number}"
        geoids = " ".join(as_text(row.record[unit]) for row in members)
        record = {"name": name, "geoids": geoids, "year": 2000 + int(said.group()) if said else None}
        rows.append(Row(record, together([row.shape for row in members])))
    return Layer([*rows, *places], layer.crs, layer.notes, named=True)


def _community(row: Row, number: int, foreign: Foreign, known: dict[str, Any], year: int | None) -> Community:
    """Make one community of a row."""
    record = row.record
    beside = [as_text(record[k]) for k in ("id", "name") if as_text(record.get(k)) in known and not ours(record)]
    if beside:
        listed = {k: record[k] for k in ("geoids", "level") if record.get(k)}
        record = {**known[beside[0]], **listed}
    shape = None if row.shape is None else {"kind": "polygon", "shape": row.shape}
    if ours(record):
        foreign.used.add(as_text(record.get("id")))
        return from_record(record, shape)
    record = dict(record)
    landmarks = [*_marks(record), *row.marks]
    area, how = _listed(record, year), "list"
    if area is None:
        area, how = shape, "file"
    if row.fault:
        record["unread_shape"] = row.fault
    return foreign.community(record, area, number, how=how, landmarks=landmarks)


def _marks(record: dict[str, Any]) -> list[Any]:
    """Take landmarks out of a row, where it has some in the kit's form."""
    found = record.get("landmarks")
    if isinstance(found, str) and found.startswith("["):
        try:
            found = json.loads(found)
        except json.JSONDecodeError:
            return []
    if not isinstance(found, list) or not all(isinstance(one, dict) and one.get("name") for one in found):
        return []
    record.pop("landmarks")
    return found


def _listed(record: dict[str, Any], year: int | None) -> dict[str, Any] | None:
    """Take the list of units out of a row, where it has one."""
    text, said, stated = as_text(record.get("geoids")), None, ""
    if text:
        said, stated = record.pop("year", None), as_text(record.pop("level", ""))
        record.pop("geoids")
    for key in _IDS:
        if key in record and not text:
            text = " ".join(re.findall(r"\d{11,15}", as_text(record[key])))
            if text:
                record.pop(key)
                said = said or (2010 if text.startswith(_OLD_UNITS) else 2020)
    if not text:
        return None
    when = year if year is not None else int(as_text(said)) if as_text(said).isdecimal() else None
    return {"kind": "units", "geoids": text.split(), "level": stated, "year": when}
