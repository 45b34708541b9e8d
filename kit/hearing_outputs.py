"""The files of a packet beside its pages: exhibits, tables, plans, communities, script and checklist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date as Date  # noqa: N812
from pathlib import Path
from typing import Any

from kit.files import atomic_path, write_text
from kit.hearing_data import HearingData, PlanRead
from kit.hearing_file import Hearing
from kit.hearing_keys import PLAN_FORMATS
from kit.hearing_words import Script
from kit.hearing_work import HearingWork
from kit.i18n.messages import mark, retold, say
from kit.i18n.numbers import day
from kit.model.frames import DistrictTable
from kit.report.exhibit import Exhibit
from kit.report.tables import write_table
from kit.settings import language_in_force, using

Written = list[tuple[Path, str]]
_PARTS = {
    "_table": mark("Exhibit {number}, its table"),
    "_units": mark("Exhibit {number}, which unit lies in which district"),
    ".manifest": mark("Exhibit {number}, its hashes"),
    ".pdf": mark("Exhibit {number}"),
}
_WORDS = mark("Exhibit {number}, its words")


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
            written.append((path, say(_part(path), number=one.number)))
    return written


def _part(path: Path) -> str:
    """Say which part of an exhibit a file is."""
    named = next((words for word, words in _PARTS.items() if word in path.name), "")
    return named or (_PARTS[".pdf"] if path.suffix == ".pdf" else _WORDS)


def write_shared(hearing: Hearing, data: HearingData, work: HearingWork, folder: Path) -> Written:
    """Write what has no words, or words of English only: tables for machines, plans and communities.

    Parameters
    ----------
    hearing : Hearing
        The file; its ``rules.file_formats`` add formats.
    data : HearingData
        What was read.
    work : HearingWork
        What was computed.
    folder : pathlib.Path
        The packet.

    Returns
    -------
    list of (pathlib.Path, str)
        Files, and what each is; once, however many languages there are.
    """
    with using(language="en"):
        return [
            *write_tables(data, work, folder / "tables"),
            *write_plans(hearing, data, folder / "plans"),
            *write_communities(data, folder / "communities"),
        ]


def write_pages(work: HearingWork, folder: Path, shared: Written) -> Written:
    """Write every district table as a web page, in the language in force.

    Parameters
    ----------
    work : HearingWork
        What was computed.
    folder : pathlib.Path
        Where to write.
    shared : list of (pathlib.Path, str)
        What `write_shared` wrote.

    Returns
    -------
    list of (pathlib.Path, str)
        The shared files, said again in the language, and each page behind the
        table of its name.
    """
    pages = {
        _stem(read, table): (write_table(table, folder / f"{_stem(read, table)}.html"), _what(read, table))
        for read, table in work.tables
    }
    written: Written = []
    for path, what in shared:
        written.append((path, retold(what)))
        if path.suffix == ".csv" and path.stem in pages:
            written.append(pages.pop(path.stem))
    return written


def _stem(read: PlanRead, table: DistrictTable) -> str:
    """Name the files of a district table."""
    return f"{read.slug}_{table.group}_{table.base}"


def _what(read: PlanRead, table: DistrictTable) -> str:
    """Say what a district table holds."""
    return say("{group} of {base} by district, {plan}", group=table.group, base=table.base, plan=read.plan.name)


def write_tables(data: HearingData, work: HearingWork, folder: Path) -> Written:
    """Write every district table for machines.

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
        stem, what = _stem(read, table), _what(read, table)
        written += [(write_table(table, folder / f"{stem}.{kind}"), what) for kind in ("csv", "geojson")]
    for read, splits in zip(data.plans, work.splits, strict=False):
        path = folder / f"{read.slug}_communities.csv"
        written.append((_frame(splits.frame, path), say("Communities under {plan}", plan=read.plan.name)))
        path = folder / f"{read.slug}_community_pieces.csv"
        written.append(
            (_frame(splits.pieces, path, index=False), say("Parts of communities under {plan}", plan=read.plan.name))
        )
    for read, measures in work.measures:
        path = folder / f"{read.slug}_measures.csv"
        written.append((_frame(measures.frame, path), say("Measures of {plan}; no verdict", plan=read.plan.name)))
    if work.comparison is not None:
        written.append((_frame(work.comparison.frame, folder / "comparison.csv"), say("Plan before and plan after")))
    if work.swaps is not None:
        written.append((_frame(work.swaps.moves, folder / "swaps.csv"), say("Who moves between the two plans")))
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
        written += [
            (write_plan(plan, folder / f"{read.slug}{PLAN_FORMATS[name]}"), _format(plan.name, name)) for name in asked
        ]
    return written


def _format(plan: str, name: str) -> str:
    """Say which plan a file holds, and in which format."""
    if name == "csv":
        return say("{plan}, equivalency file", plan=plan)
    return say("{plan}, zipped shapefile", plan=plan) if name == "shapefile" else f"{plan}, {name}"


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
    return [(path, say("Communities as shapes, GeoJSON"))]


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
        (write_text(folder / "script.txt", script.text()), say("What is said aloud")),
        (write_text(folder / "checklist.txt", checklist), say("Checklist of the hearing")),
    ]


def _checklist(hearing: Hearing, script: Script) -> list[str]:
    """Write what to bring, and when."""
    rules = hearing.rules
    when = f"{_weekday(hearing.date)}, {hearing.time}" if hearing.time else _weekday(hearing.date)
    told: list[str] = [say("{body}: {when}, {place}", body=hearing.body, when=when, place=hearing.place), ""]
    by_date = sorted(rules.deadlines.items(), key=lambda pair: (pair[1], pair[0]))
    told += [say("[ ] by {day}: {what}", day=day.isoformat(), what=what) for what, day in by_date]
    told.append(
        say(
            "[ ] speech: {words} words, about {seconds} of {limit} seconds",
            words=script.words,
            seconds=script.seconds,
            limit=script.limit,
        )
    )
    told.append(say("[ ] formats the body takes: {formats}", formats=", ".join(rules.file_formats)))
    if rules.upload_limit_mb is not None:
        told.append(say("[ ] largest upload: {limit:g} MB", limit=rules.upload_limit_mb))
    told += [
        say("[ ] criterion {number}: {name}", number=number, name=name) for number, name in enumerate(rules.criteria, 1)
    ]
    if rules.forbidden:
        told.append(say("[ ] words to leave out: {words}", words=", ".join(rules.forbidden)))
    return told


def _weekday(when: Date) -> str:
    """Write a date, in English with the day of the week."""
    return f"{when:%A}, {when.day} {when:%B %Y}" if language_in_force() == "en" else day(when)
