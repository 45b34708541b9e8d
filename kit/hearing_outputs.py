"""The files of a packet beside its pages: exhibits, tables, plans, communities, script and checklist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kit.files import atomic_path, write_text
from kit.hearing_data import HearingData, PlanRead
from kit.hearing_file import Hearing
from kit.hearing_keys import PLAN_FORMATS
from kit.hearing_words import Script
from kit.hearing_work import HearingWork
from kit.report.exhibit import Exhibit
from kit.report.tables import write_table

Written = list[tuple[Path, str]]


def write_exhibits(exhibits: Sequence[Exhibit], folder: Path) -> Written:
    """Write each exhibit as a page of its own, with its table and words.

    Parameters
    ----------
    exhibits : sequence of Exhibit
        In order.
    folder : pathlib.Path
        Where to write.

    Returns
    -------
    list of (pathlib.Path, str)
        Files, and what each is.
    """
    written: Written = []
    for one in exhibits:
        for path in one.save(folder / f"exhibit_{one.number.lower()}.pdf"):
            written.append((path, f"Exhibit {one.number}{_part(path)}"))
    return written


def _part(path: Path) -> str:
    """Say which part of an exhibit a file is."""
    parts = {"_table": ", its table", "_units": ", which unit lies in which district", ".manifest": ", its hashes"}
    named = next((words for mark, words in parts.items() if mark in path.name), "")
    return named or ("" if path.suffix == ".pdf" else ", its words")


def write_tables(data: HearingData, work: HearingWork, folder: Path) -> Written:
    """Write every district table, for people and for machines.

    Parameters
    ----------
    data : HearingData
        What was read.
    work : HearingWork
        What was computed.
    folder : pathlib.Path
        Where to write.

    Returns
    -------
    list of (pathlib.Path, str)
        Files, and what each is.
    """
    written: Written = []
    for read, table in work.tables:
        stem = f"{read.slug}_{table.group}_{table.base}"
        what = f"{table.group} of {table.base} by district, {read.plan.name}"
        written += [(write_table(table, folder / f"{stem}.{kind}"), what) for kind in ("csv", "html", "geojson")]
    for read, splits in zip(data.plans, work.splits, strict=False):
        path = folder / f"{read.slug}_communities.csv"
        written.append((_frame(splits.frame, path), f"Communities under {read.plan.name}"))
        path = folder / f"{read.slug}_community_pieces.csv"
        written.append((_frame(splits.pieces, path, index=False), f"Parts of communities under {read.plan.name}"))
    for read, measures in work.measures:
        path = folder / f"{read.slug}_measures.csv"
        written.append((_frame(measures.frame, path), f"Measures of {read.plan.name}; no verdict"))
    if work.comparison is not None:
        written.append((_frame(work.comparison.frame, folder / "comparison.csv"), "Plan before and plan after"))
    if work.swaps is not None:
        written.append((_frame(work.swaps.moves, folder / "swaps.csv"), "Who moves between the two plans"))
    return written


def _frame(frame: Any, path: Path, *, index: bool = True) -> Path:
    """Write a table at full precision."""
    return write_text(path, str(frame.to_csv(index=index, lineterminator="\n")))


def write_plans(hearing: Hearing, data: HearingData, folder: Path) -> Written:
    """Write every plan that is not yet law as a list of units and as shapes.

    Parameters
    ----------
    hearing : Hearing
        The file; its ``rules.file_formats`` add formats.
    data : HearingData
        What was read.
    folder : pathlib.Path
        Where to write.

    Returns
    -------
    list of (pathlib.Path, str)
        Files, and what each is.
    """
    from kit.sources.plan_write import write_plan

    asked = [name for name in PLAN_FORMATS if name in {"csv", "geojson", *hearing.rules.file_formats}]
    written: Written = []
    for read in data.plans:
        if read.is_law:
            continue
        plan = _whole(read)
        words = {"csv": "equivalency file", "shapefile": "zipped shapefile"}
        written += [
            (write_plan(plan, folder / f"{read.slug}{PLAN_FORMATS[name]}"), f"{plan.name}, {words.get(name, name)}")
            for name in asked
        ]
    return written


def _whole(read: PlanRead) -> Any:
    """Give a plan with shapes, and with the list of the units placed here."""
    from kit.analysis.district_polygons import district_polygons

    units = read.placement.units
    shapes, _ = district_polygons(read.placement)
    listed = read.placement.assignment.dropna()
    labels = tuple(label for label in read.plan.labels if label in shapes.index)
    return replace(read.plan, labels=labels, geometry=shapes, assignment=listed, level=units.level, year=units.year)


def write_communities(data: HearingData, folder: Path) -> Written:
    """Write the communities as shapes.

    Parameters
    ----------
    data : HearingData
        What was read.
    folder : pathlib.Path
        Where to write.

    Returns
    -------
    list of (pathlib.Path, str)
        Files, and what each is; none without communities.
    """
    if data.shapes is None:
        return []
    path = folder / "communities.geojson"
    with atomic_path(path) as temporary:
        shapes = data.shapes.to_crs("EPSG:4326")
        shapes.to_file(temporary, driver="GeoJSON", engine="pyogrio", layer="communities")
    return [(path, "Communities as shapes, GeoJSON")]


def write_words(hearing: Hearing, script: Script, folder: Path) -> Written:
    """Write the script and the checklist of the hearing.

    Parameters
    ----------
    hearing : Hearing
        The file.
    script : Script
        What is said aloud.
    folder : pathlib.Path
        Where to write.

    Returns
    -------
    list of (pathlib.Path, str)
        Files, and what each is.
    """
    checklist = "\n".join(_checklist(hearing, script)) + "\n"
    return [
        (write_text(folder / "script.txt", script.text()), "What is said aloud"),
        (write_text(folder / "checklist.txt", checklist), "Checklist of the hearing"),
    ]


def _checklist(hearing: Hearing, script: Script) -> list[str]:
    """Write what to bring, and when."""
    rules = hearing.rules
    when = f"{hearing.date:%A}, {hearing.date.day} {hearing.date:%B %Y}" + (f", {hearing.time}" if hearing.time else "")
    told = [f"{hearing.body}: {when}, {hearing.place}", ""]
    by_date = sorted(rules.deadlines.items(), key=lambda pair: (pair[1], pair[0]))
    told += [f"[ ] by {day.isoformat()}: {what}" for what, day in by_date]
    told.append(f"[ ] speech: {script.words} words, about {script.seconds} of {script.limit} seconds")
    told.append(f"[ ] formats the body takes: {', '.join(rules.file_formats)}")
    if rules.upload_limit_mb is not None:
        told.append(f"[ ] largest upload: {rules.upload_limit_mb:g} MB")
    told += [f"[ ] criterion {number}: {name}" for number, name in enumerate(rules.criteria, 1)]
    if rules.forbidden:
        told.append(f"[ ] words to leave out: {', '.join(rules.forbidden)}")
    return told
