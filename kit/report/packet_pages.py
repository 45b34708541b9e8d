"""The pages of a packet, in their order, as pieces that print and web share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date as Date  # noqa: N812
from pathlib import Path

from kit.maps.page import SAMPLE_STAMP
from kit.maps.record import record_of
from kit.model.frames import DistrictTable
from kit.model.source import Source
from kit.model.verdict import Verdict
from kit.report.checked import figures_of
from kit.report.exhibit import Exhibit
from kit.report.packet_answers import answers
from kit.report.packet_blocks import (
    Block,
    district_grid,
    grid,
    heading,
    ladder_grid,
    new_page,
    para,
    points,
    twin_grid,
)
from kit.report.packet_parts import PacketParts
from kit.report.packet_words import MONTHS, say
from kit.report.tables import KINDS, uncertainty

_AIDS = frozenset({"illustrative", "draft"})


def day(when: Date) -> str:
    """Write a date.

    Parameters
    ----------
    when : datetime.date
        The day.

    Returns
    -------
    str
        Such as ``"December 3, 2026"``.
    """
    return f"{MONTHS[when.month - 1]} {when.day}, {when.year}"


def stamps_of(parts: PacketParts) -> list[str]:
    """Name what must stand on every page; the stamp of sample data cannot be left out.

    Parameters
    ----------
    parts : PacketParts
        Everything printed.

    Returns
    -------
    list of str
        Each once.
    """
    used = [*parts.sources, *(source for table in parts.tables for source in table.sources)]
    sample = [SAMPLE_STAMP] if any(source.sample for source in used) else []
    return list(dict.fromkeys([*sample, *parts.stamps]))


def sources_of(parts: PacketParts) -> list[Source]:
    """List every source behind the pages.

    Parameters
    ----------
    parts : PacketParts
        Everything printed.

    Returns
    -------
    list of Source
        Each once, those that were named first.
    """
    found = [one.sources for one in parts.tables]
    found += [one.sources for one in parts.ladders]
    found += [one.sources for one in parts.splits]
    found += [one.sources for _, one in parts.measures]
    found += [one.sources for one in (parts.comparison, parts.swaps) if one is not None]
    return list(dict.fromkeys([*parts.sources, *(source for sources in found for source in sources)]))


def pages(parts: PacketParts, exhibits: Iterable[Block], folder: Path) -> list[Block]:
    """Lay out the packet behind its cover.

    Parameters
    ----------
    parts : PacketParts
        Everything printed.
    exhibits : iterable of dict
        Exhibits as pieces of a page.
    folder : pathlib.Path
        The packet, for the names of files in it.

    Returns
    -------
    list of dict
        Headings, paragraphs, tables and exhibits, in order.
    """
    shown = list(exhibits)
    return [
        *_script(parts),
        *_leave_behind(parts, shown),
        *shown,
        *_tables(parts),
        *_wide(parts),
        *_sure(parts),
        *_challenged(parts),
        *_sources(parts, shown),
        *_files(parts, folder),
        *_last(parts),
    ]


def cover(parts: PacketParts) -> Block:
    """Gather what the cover says.

    Parameters
    ----------
    parts : PacketParts
        Everything printed.

    Returns
    -------
    dict
        Words of the cover.
    """
    hearing = parts.hearing
    return {
        "title": say("title", body=hearing.body),
        "about": say("about", jurisdiction=hearing.jurisdiction),
        "when": say("when", date=day(hearing.date), place=hearing.place),
        "who": [text for text in (say("of", speaker=hearing.speaker), hearing.organisation, hearing.contact) if text],
        "made": say("made", date=day(parts.date)),
        "ask_head": say("ask"),
        "ask": parts.ask,
        "contents": say("contents"),
        "legal": say("legal"),
        "stamps": stamps_of(parts),
    }


def exhibit_block(exhibit: Exhibit, page: Block, files: dict[str, str], *, head: bool) -> Block:
    """Make the page of one exhibit.

    Parameters
    ----------
    exhibit : Exhibit
        The exhibit.
    page : dict
        What `Exhibit.laid_out` gave.
    files : dict of str to str
        ``map`` and ``locator`` → file name of the drawing.
    head : bool
        Whether the heading of all exhibits stands above it.

    Returns
    -------
    dict
        A piece of a page.
    """
    tables = [exhibit.table, *_tables_of(exhibit)]
    sample = any(source.sample for table in tables for source in table.sources)
    aid = sample or any(table.placement.plan.status in _AIDS for table in tables)
    plural = str(page["plural"])
    key = [*page["classes"], *_nobody(page)]
    kept = ("number", "title", "where", "stamps", "alt", "legend", "findings", "methods", "signed", "place", "wide")
    return {
        "kind": "exhibit",
        **{name: page[name] for name in kept},
        "findings": [*page["findings"], _title(exhibit)],
        "head": say("exhibits") if head else "",
        "label": say("exhibit", number=exhibit.number),
        "rule": say("aid_label" if aid else "summary_label"),
        "shows": say("many_show" if page["wide"] else "shows"),
        "made": say("how_made"),
        "notes": [
            *page["methods"][: _on_page(page)],
            f"{_named(exhibit)} {say('more_made', chapter=say('how_all_made'))}",
        ],
        "twin": say("twin"),
        "locator_alt": say("locator", place=page["place"]) if page["place"] else "",
        "key_heads": [say("colour"), say("share"), plural[:1].upper() + plural[1:]],
        "key": key,
        "key_lines": [say("key_line", words=one["words"], count=one["count"]) for one in key],
        "map": files["map"],
        "locator": files.get("locator", ""),
    }


def _title(exhibit: Exhibit) -> str:
    """Say whose words the title is, or what checking it found."""
    if exhibit.checked is None:
        return say("title_own")
    return say("title_checked", figures=figures_of(exhibit.checked), reason=exhibit.checked.reason)


def _on_page(page: Block) -> int:
    """Say how many notes stand on an exhibit's page: the definition, where a comparison does not need the room."""
    return 0 if page["wide"] else 1


def _tables_of(exhibit: Exhibit) -> list[DistrictTable]:
    """List the tables of all panels of the map."""
    record = record_of(exhibit.ax)
    return [one.table for one in (record, *record.others)]


def _named(exhibit: Exhibit) -> str:
    """Name the sources of an exhibit in short."""
    sources = dict.fromkeys(source for table in _tables_of(exhibit) for source in table.sources)
    told = [", ".join(part for part in (source.publisher, source.title) if part) for source in sources]
    return say("sources_short", sources="; ".join(told), kinds=uncertainty(exhibit.table))


def _nobody(page: Block) -> list[Block]:
    """Write the row of units where nobody lives."""
    return [{"colour": "", "words": page["without"], "count": page["empty"]}] if page["empty"] else []


def _script(parts: PacketParts) -> list[Block]:
    count = say(
        "script_count",
        words=parts.words,
        seconds=parts.seconds,
        pace=parts.hearing.words_per_minute,
        body=parts.hearing.body,
        limit=parts.limit,
    )
    spoken = [para(text, "spoken") for text in parts.script]
    return [new_page(), heading(say("script")), para(count, "small"), *spoken]


def _leave_behind(parts: PacketParts, exhibits: list[Block]) -> list[Block]:
    """Set the page to keep, with the comparison or else the first map where there is room."""
    main = next((one for one in exhibits if one["wide"]), exhibits[0])
    page = {"kind": "one_page", "title": say("leave_behind"), "items": list(parts.leave_behind)}
    return [{**page, "map": main["map"], "alt": main["alt"], "label": f"{main['label']}. {main['where']}"}]


def _tables(parts: PacketParts) -> list[Block]:
    """Set the district tables of each plan, then its ladder."""
    told = [new_page(), heading(say("tables")), para(say("rounding"), "intro")]
    names = list(dict.fromkeys(table.placement.plan.name for table in parts.tables))
    ladders = dict(zip(names, parts.ladders, strict=False))
    for name in names:
        told += [district_grid(table) for table in parts.tables if table.placement.plan.name == name]
        ladder = ladder_grid(ladders[name], name) if name in ladders else None
        if ladder is not None and ladder not in told:
            told.append(ladder)
    return told


def _wide(parts: PacketParts) -> list[Block]:
    """Set the tables that need the page lying: the comparison, the communities and the measures."""
    told: list[Block] = []
    changes = [one for one in (parts.comparison, parts.swaps) if one is not None]
    if changes:
        told += [heading(say("changes")), *_once([twin_grid(one) for one in changes])]
    if parts.splits:
        told += [heading(say("communities")), *_once([twin_grid(one) for one in parts.splits])]
    if parts.measures:
        several = [twin_grid(dict(parts.measures))] if len(parts.measures) > 1 else []
        each = [twin_grid(found) for _, found in parts.measures]
        told += [heading(say("measures")), para(say("measures_caption"), "intro"), *_once([*several, *each])]
    return [{"kind": "lying", "blocks": told}] if told else []


def _once(tables: list[Block]) -> list[Block]:
    """Leave out notes that a table of the same chapter has already."""
    seen: set[str] = set()
    for table in tables:
        new = [note for note in table["notes"] if note not in seen]
        if len(new) < len(table["notes"]):
            new.append(say("notes_before"))
        seen.update(table["notes"])
        table["notes"] = new
    return tables


def _sure(parts: PacketParts) -> list[Block]:
    """Say what was measured, what was checked and what was left out."""
    left = list(dict.fromkeys(parts.not_claimed))
    told = [new_page(), heading(say("sure")), points([text for text in parts.sure if text not in left])]
    said = [verdict for verdict in parts.verdicts if verdict.status != "refused"]
    if said:
        rows = [[_under(verdict), say(verdict.status), verdict.reason] for verdict in said]
        heads = [say("statement"), say("status"), say("why")]
        told.append(grid(say("checked"), heads, rows, words=[True] * 3, widths=(2.2, 1, 1.6)))
    if left:
        told += [heading(say("left_out"), 3), points(left)]
    return told


def _under(verdict: Verdict) -> str:
    """Write a statement with the plan that it is about."""
    named = verdict.plan and verdict.plan not in verdict.statement
    return say("under", plan=verdict.plan, statement=verdict.statement) if named else verdict.statement


def _challenged(parts: PacketParts) -> list[Block]:
    rows = [[challenge, answer] for challenge, answer in answers(parts)]
    heads = [say("challenge"), say("answer")]
    return [new_page(), heading(say("challenged")), grid("", heads, rows, words=[True, True], widths=(1, 2))]


def _sources(parts: PacketParts, exhibits: list[Block]) -> list[Block]:
    """Write methods and sources."""
    rows = [
        [
            " ".join(part for part in (source.citation(), source.note, _terms(source)) if part),
            source.sha256[:12] or say("no_hash"),
            KINDS.get(source.uncertainty, source.uncertainty),
        ]
        for source in sources_of(parts)
    ]
    heads = [say("source"), say("hash"), say("uncertainty")]
    methods = list(dict.fromkeys(note for table in parts.tables for note in table.placement.units.notes))
    return [
        new_page(),
        heading(say("sources")),
        *([heading(say("methods"), 3), points(methods)] if methods else []),
        grid("", heads, rows, words=[True] * 3, widths=(3.2, 1, 1.3), notes=[say("hash_note")]),
        heading(say("how_all_made"), 3),
        *_made(exhibits),
    ]


def _terms(source: Source) -> str:
    return say("terms", license=source.license.rstrip(".")) if source.license else ""


def _made(exhibits: list[Block]) -> list[Block]:
    """Write how each exhibit was made; what an earlier one says is not said again."""
    told: list[Block] = []
    seen: dict[str, str] = {}
    for one in exhibits:
        rest = one["methods"][_on_page(one) :]
        told.append(heading(one["label"], 4))
        told += [para(note, "small") for note in rest if note not in seen]
        before = list(dict.fromkeys(seen[note] for note in rest if note in seen))
        told += [para(say("as_before", number=number), "small") for number in before]
        seen |= {note: one["number"] for note in rest if note not in seen}
    return told


def _files(parts: PacketParts, folder: Path) -> list[Block]:
    """Say where the data are, and list the files; one file in several formats is one row."""
    found: dict[tuple[str, str], list[str]] = {}
    for path, what in parts.files:
        name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
        stem, suffix = name.removesuffix(path.suffix), path.suffix
        found.setdefault((stem, what.removesuffix(f", {suffix[1:].upper()}")), []).append(suffix)
    rows = [[f"{stem}{', '.join(suffixes)}", what] for (stem, what), suffixes in found.items()]
    told = [heading(say("data")), para(f"{say('data_note', contact=parts.hearing.contact)} {say('label_note')}")]
    heads = [say("file"), say("what")]
    return [*told, *([grid(say("files"), heads, rows, words=[True, True], widths=(1.2, 1))] if rows else [])]


def _last(parts: PacketParts) -> list[Block]:
    """Write the glossary, the criteria and the contact."""
    hearing = parts.hearing
    told: list[Block] = [new_page()]
    if parts.glossary:
        heads = [say("term"), say("meaning")]
        told += [heading(say("glossary")), grid("", heads, parts.glossary, words=[True, True], widths=(1, 2.4))]
    if hearing.criteria:
        ranked = [f"{number}. {name}" for number, name in enumerate(hearing.criteria, 1)]
        told += [heading(say("criteria", body=hearing.body)), *(para(text) for text in ranked)]
    who = ", ".join(text for text in (hearing.speaker, hearing.organisation) if text)
    return [*told, heading(say("contact")), para(f"{who}: {hearing.contact}"), para(say("legal"), "small")]
