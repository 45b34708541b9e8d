"""Reading a district plan from whatever file a hearing body published it in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kit.errors import InputError
from kit.files import sha256
from kit.model.frames import Plan, Source
from kit.model.geoid import natural_key
from kit.sources.plan_blocks import PlanContent, read_block_list, require_known
from kit.sources.plan_districtr import read_districtr
from kit.sources.plan_formats import find_file, open_plan_file
from kit.sources.plan_record import RECORD_NAME, PlanRecord, checked_file, read_source_toml
from kit.sources.plan_shapes import read_shapes
from kit.sources.plan_write import write_plan

__all__ = ["PlanRecord", "read_plan", "read_source_toml", "write_plan"]


def read_plan(
    path: str | Path,
    *,
    id: str | None = None,
    name: str | None = None,
    crs: Any = None,
    year: int | None = None,
    units: Any = None,
    jurisdiction: str | None = None,
    status: str | None = None,
    adopted: str | None = None,
    layer: str | None = None,
) -> Plan:
    r"""Read a plan from polygons or from a block list.

    Parameters
    ----------
    path : path-like
        A shapefile (``.shp``, folder or ``.zip``), GeoJSON, TopoJSON,
        GeoPackage, KML or KMZ; a block assignment or equivalency file
        (``.csv``, ``.txt`` or ``.tsv``, zipped or not); a Districtr JSON; or a
        folder with a ``SOURCE.toml``, which then says everything below.
    id : str, optional
        Column of district labels. Needed where several columns could hold
        them. ``"row"`` numbers shapes without labels 1 to n in file order.
    name : str, optional
        Title of the plan; else the file's own, else the file name.
    crs : optional
        Coordinate reference system of shapes that do not carry one.
    year : int, optional
        Vintage of the census geography (2010 or 2020) a block list is made of.
    units : Units or pandas.Index, optional
        GEOIDs, for Districtr files that name units by row number; other lists
        must have a unit in common with them. Polygons do not need them.
    jurisdiction, status, adopted : str, optional
        Whose plan, how far it has come, and its ISO date of adoption.
    layer : str, optional
        Which layer, file in a zip or folder, or named plan is meant.

    Returns
    -------
    Plan
        Labels are text as in the file, in natural order. ``.notes`` says what
        was repaired, left out or chosen, each with its count.

    Raises
    ------
    InputError
        The file, column or layer cannot be told, districts overlap, or a unit
        stands in two districts.
    SchemaError
        Unit ids or the SOURCE.toml are not what they must be.
    CRSError
        The CRS is missing or does not fit the coordinates.
    Corrupt
        The file is empty, cut off, a web page, or not the one whose hash is written down.

    Notes
    -----
    Polygons keep the CRS of the file. Areas in notes are measured in an
    equal-area projection centred on the plan.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> file = Path(folder.name) / "draft.csv"
    >>> _ = file.write_text("GEOID20,District\n360610001001000,1\n360610001001001,10\n")
    >>> plan = read_plan(file, status="draft")
    >>> plan.labels, plan.level, plan.year
    (('1', '10'), 'block', 2020)
    >>> folder.cleanup()
    """
    given = find_file(Path(path).expanduser())
    record: PlanRecord | None = None
    if given.is_dir() and (given / RECORD_NAME).is_file():
        record = read_source_toml(given)
        given = checked_file(given, record)
    content, read_from, notes = _content(
        given,
        id=id or (record.id or None if record else None),
        crs=crs if crs is not None else (record.crs or None if record else None),
        units=units,
        layer=layer,
    )
    title = name or (record.name if record else "") or content.name or read_from.stem.removesuffix(".csv")
    return Plan(
        name=title,
        labels=tuple(sorted(content.labels, key=natural_key)),
        geometry=content.geometry,
        assignment=content.assignment,
        level=content.level,
        year=_settled_year(year if year is not None else (record.year if record else None), content, read_from.name),
        jurisdiction=jurisdiction if jurisdiction is not None else (record.jurisdiction if record else ""),
        adopted=adopted if adopted is not None else (record.adopted if record else ""),
        status=status if status is not None else (record.status if record else ""),
        sources=(_source(title, read_from, content, record),),
        notes=(*notes, *content.notes),
    )


def _content(
    given: Path, *, id: str | None, crs: Any, units: Any, layer: str | None
) -> tuple[PlanContent, Path, tuple[str, ...]]:
    """Read the file with the reader for its kind; also say which file on disk it was."""
    with open_plan_file(given, layer=layer) as file:
        if file.kind == "table":
            content = read_block_list(file, id=id)
            if units is not None and content.assignment is not None:
                require_known(content.assignment.index, units, what=file.name)
        elif file.kind == "districtr":
            content = read_districtr(file, units=units, layer=layer)
        else:
            content = read_shapes(file, id=id, crs=crs, layer=layer)
        inside = given.is_dir() and file.path.is_relative_to(given)
        return content, file.path if inside else given, file.notes


def _settled_year(given: int | None, content: PlanContent, name: str) -> int | None:
    """Settle the vintage from the caller and the file, which may not disagree."""
    if given is not None and content.year is not None and given != content.year:
        raise InputError(
            f"{name} names its units by their {content.year} ids, and {given} was said. Blocks of {given} and "
            f"{content.year} are different blocks: leave year= out, or read the other file."
        )
    return content.year if given is None else given


def _source(title: str, path: Path, content: PlanContent, record: PlanRecord | None) -> Source:
    """Say where the plan came from."""
    digest = sha256(path) if path.is_file() else ""
    if record is None:
        return Source(title=title, where=path.name, sha256=digest, level=content.level or "", year=content.year)
    return Source(
        title=title,
        publisher=record.publisher,
        year=record.year or content.year,
        level=content.level or "",
        where=record.url or path.name,
        sha256=digest,
        retrieved=record.retrieved,
        note=record.note,
        license=record.license,
        sample=record.sample,
    )
