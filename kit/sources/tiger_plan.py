"""Districts in force, fetched from TIGER/Line into a plan folder with its SOURCE.toml."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from kit.errors import InputError, SchemaError, first_few
from kit.files import sha256, write_text
from kit.sources.download import describe_file
from kit.sources.plan_record import RECORD_NAME, PlanRecord, checked_file, read_source_toml
from kit.sources.tiger import LICENSE, PUBLISHER, Asked, ask, fetch_files
from kit.sources.tiger_layout import CONGRESS
from kit.sources.tiger_read import fields_of, read_file, shapefile_in

PLAN_LAYERS = (
    "congressional_district",
    "state_senate",
    "state_house",
    "school_unified",
    "school_elementary",
    "school_secondary",
)
AS_REPORTED = (
    "Boundaries as the State or district reported them to the Census Bureau for this edition; a court or legislature "
    "may have changed them since. Check against the plan in force."
)


def fetch_plan(layer: str, place: str, *, year: int, folder: str | os.PathLike[str] = "shapefiles") -> Path:
    """Fetch the districts in force into a plan folder, ready for `read_plan`.

    Parameters
    ----------
    layer : str
        ``"congressional_district"`` (or ``"cd118"``), ``"state_senate"``,
        ``"state_house"``, or ``"school_unified"``, ``"school_elementary"``,
        ``"school_secondary"``; the Bureau's short names (``"sldl"``) do too.
    place : str
        A State, by abbreviation, FIPS code or name.
    year : int
        Edition of TIGER/Line.
    folder : path-like, default "shapefiles"
        Where plan folders stand.

    Returns
    -------
    pathlib.Path
        The plan's folder, such as ``shapefiles/hi_state_house_2022``: the file
        and its SOURCE.toml.

    Raises
    ------
    InputError
        The layer has no districts, the place is no State, or the folder is
        there with something else in it.
    NotPublished
        There is no such file; the message has the nearest.
    Corrupt
        The file there is not the one its SOURCE.toml names.
    Offline
        It is not in the cache, and the network is off or away.

    Notes
    -----
    The folder appears whole or not at all, and is never overwritten; the same
    file again changes nothing. Editions 2011 to 2021 have one file of all
    congressional districts; the State's are taken out of it into GeoJSON.
    """
    asked = ask(layer, place, year=year, product="tiger")
    if asked.layer.name not in PLAN_LAYERS:
        raise InputError(f"{asked.layer.plural} are no districts of a plan; layers are {', '.join(PLAN_LAYERS)}.")
    if asked.state is None:
        raise InputError(f"a plan is of one State; give a State instead of {place!r}.")
    source = fetch_files(asked)[0]
    column = _label_column(asked, source)
    home = Path(folder).expanduser()
    target = home / f"{asked.state.abbr.lower()}_{asked.layer.name}_{asked.year}"
    home.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".", dir=home))
    try:
        file = _placed(source, scratch, asked, column)
        record = _record(file, source, asked, column)
        if target.exists():
            _require_same(target, record)
            return target
        write_text(scratch / RECORD_NAME, _toml(record))
        umask = os.umask(0)
        os.umask(umask)
        scratch.chmod(0o777 & ~umask)
        scratch.rename(target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return target


def _label_column(asked: Asked, source: Path) -> str:
    """Find the column of district labels."""
    fields = fields_of(shapefile_in(source), source.name)
    pattern = re.compile(rf"{asked.layer.label}(20|10)?")
    found = [field for field in fields if pattern.fullmatch(field)]
    if len(found) != 1:
        raise SchemaError(
            f"{source.name} has {len(found)} columns of labels of {asked.layer.plural}; it has {first_few(fields, 8)}. "
            "Read it with kit.read_plan and id=."
        )
    return found[0]


def _placed(source: Path, scratch: Path, asked: Asked, column: str) -> Path:
    """Put the State's file into the folder; out of a national file, its districts only."""
    if "_us_" not in source.name:
        return Path(shutil.copyfile(source, scratch / source.name))
    fips = asked.state.fips if asked.state else ""
    shapes = read_file(source, asked.layer, year=asked.year, fips=fips)
    shapes[column] = shapes.index.str[len(fips) :]
    kept = shapes.reset_index()[["GEOID", column, "geometry"]]
    target = scratch / f"{source.stem.replace('_us_', f'_{fips}_')}.geojson"
    kept.to_file(target, driver="GeoJSON", engine="pyogrio", COORDINATE_PRECISION=9)
    return target


def _record(file: Path, source: Path, asked: Asked, column: str) -> PlanRecord:
    """Say what the plan is and where it came from."""
    facts = describe_file(source)
    session = f", {CONGRESS[asked.year]}th Congress" if asked.layer.name == "congressional_district" else ""
    taken = f" Taken out of the national file {source.name}." if file.name != source.name else ""
    return PlanRecord(
        name=f"{asked.place} {asked.layer.plural}{session}, TIGER/Line {asked.year}",
        file=file.name,
        id=column,
        jurisdiction=asked.place,
        status="enacted",
        crs="EPSG:4269",
        publisher=PUBLISHER,
        url=facts["where"],
        retrieved=facts["retrieved"],
        license=LICENSE,
        sha256=sha256(file),
        note=AS_REPORTED + taken,
    )


def _require_same(target: Path, record: PlanRecord) -> None:
    """Let a folder stand that has this very file; refuse any other."""
    if not (target / RECORD_NAME).is_file():
        raise InputError(f"{target.name} is there already without a {RECORD_NAME}. Move it away, or pass folder=.")
    there = read_source_toml(target)
    if there.sha256.lower() != record.sha256:
        raise InputError(
            f"{target.name} is there already with another file (SHA-256 {there.sha256[:12]}…, now "
            f"{record.sha256[:12]}…). Move it away to take the new one, or pass folder=."
        )
    checked_file(target, there)


def _toml(record: PlanRecord) -> str:
    """Write a record; a key without a value is left out."""
    values: dict[str, Any] = record.model_dump(exclude_none=True)
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
