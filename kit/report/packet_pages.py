"""The pages of a packet, in their order, as pieces that print and web share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kit.i18n.catalogues import draft_stamp
from kit.i18n.messages import each, joined, retold, say, term
from kit.i18n.numbers import day
from kit.maps.page import SAMPLE_STAMP
from kit.model.frames import DistrictTable
from kit.model.source import Source
from kit.model.verdict import Verdict
from kit.report.checked import same
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
from kit.report.packet_exhibits import in_tables, on_page
from kit.report.packet_pace import ESTIMATE
from kit.report.packet_parts import PacketParts
from kit.report.packet_runs import spoken
from kit.report.packet_words import worded
from kit.report.tables import KINDS
from kit.settings import language_in_force


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
    sample = [term(SAMPLE_STAMP)] if any(source.sample for source in used) else []
    return list(dict.fromkeys([*sample, *parts.stamps, *_draft()]))


def _draft() -> list[str]:
    """Say in English and in the language that nobody has read its words over, while that is so."""
    stamp = draft_stamp(language_in_force())
    if not stamp:
        return []
    english, between, own = stamp.partition(" · ")
    return [joined([spoken(english, "en"), spoken(own, language_in_force())], between)]


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
    printed = list(exhibits)
    shown = [one for one in printed if one["kind"] == "exhibit"]
    twins = [one for one in printed if one["kind"] == "table"]
    return [
        *_script(parts),
        *_leave_behind(parts, shown),
        *shown,
        *_tables(parts),
        *_twins(twins),
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
        "title": worded("title", body=hearing.body),
        "about": worded("about", jurisdiction=hearing.jurisdiction),
        "when": worded("when", date=day(hearing.date), place=hearing.place),
        "who": [
            text for text in (worded("of", speaker=hearing.speaker), hearing.organisation, hearing.contact) if text
        ],
        "made": worded("made", date=day(parts.date)),
        "ask_head": worded("ask"),
        "ask": parts.ask,
        "contents": worded("contents"),
        "legal": worded("legal"),
        "stamps": stamps_of(parts),
    }


def _script(parts: PacketParts) -> list[Block]:
    timing = parts.timing
    count = joined([timing.told(parts.hearing.body, parts.limit), "" if timing.own else say(ESTIMATE)])
    spoken = [para(text, "spoken") for text in each(parts.script)]
    return [new_page(), heading(worded("script")), para(count, "small"), *spoken]


def _leave_behind(parts: PacketParts, exhibits: list[Block]) -> list[Block]:
    """Set the page to keep, with the comparison or else the first map where there is room."""
    main = next((one for one in exhibits if one["wide"]), exhibits[0])
    page = {"kind": "one_page", "title": worded("leave_behind"), "items": each(parts.leave_behind)}
    return [
        {
            **page,
            "map": main["map"],
            "alt": main["alt"],
            "label": worded("labelled", label=main["label"], where=main["where"]),
            **{name: main[name] for name in ("legend", "key", "key_heads", "key_lines") if name in main},
        }
    ]


def _tables(parts: PacketParts) -> list[Block]:
    """Set the district tables of each plan, then its ladder."""
    told = [new_page(), heading(worded("tables")), para(worded("rounding"), "intro")]
    tables = _district_tables(parts)
    names = list(dict.fromkeys(table.placement.plan.name for table in tables))
    ladders = dict(zip(names, parts.ladders, strict=False))
    for name in names:
        told += [district_grid(table) for table in tables if table.placement.plan.name == name]
        ladder = ladder_grid(ladders[name], name) if name in ladders else None
        if ladder is not None and ladder not in told:
            told.append(ladder)
    return told


def _district_tables(parts: PacketParts) -> list[DistrictTable]:
    """List the district tables, those of exhibits of other groups and bases too."""
    found = list(parts.tables)
    for one in parts.exhibits:
        if in_tables(one):
            found += [table for table in one.parts.tables if not any(same(table, known) for known in found)]
    return found


def _twins(tables: list[Block]) -> list[Block]:
    """Set the tables of exhibits whose figures are not by district."""
    blocks = [heading(worded("exhibit_tables")), *_once(tables)]
    return [{"kind": "lying", "blocks": blocks}] if tables else []


def _wide(parts: PacketParts) -> list[Block]:
    """Set the tables that need the page lying: the comparison, the communities and the measures."""
    told: list[Block] = []
    changes = [one for one in (parts.comparison, parts.swaps) if one is not None]
    if changes:
        told += [heading(worded("changes")), *_once([twin_grid(one) for one in changes])]
    if parts.splits:
        told += [heading(worded("communities")), *_once([twin_grid(one) for one in parts.splits])]
    if parts.measures:
        several = [twin_grid(dict(parts.measures))] if len(parts.measures) > 1 else []
        each = [twin_grid(found) for _, found in parts.measures]
        told += [heading(worded("measures")), para(worded("measures_caption"), "intro"), *_once([*several, *each])]
    return [{"kind": "lying", "blocks": told}] if told else []


def _once(tables: list[Block]) -> list[Block]:
    """Leave out notes that a table of the same chapter has already."""
    seen: set[str] = set()
    for table in tables:
        new = [note for note in table["notes"] if note not in seen]
        if len(new) < len(table["notes"]):
            new.append(worded("notes_before"))
        seen.update(table["notes"])
        table["notes"] = new
    return tables


def _sure(parts: PacketParts) -> list[Block]:
    """Say what was measured, what was checked and what was left out."""
    left = list(dict.fromkeys(parts.not_claimed))
    told = [new_page(), heading(worded("sure")), points(each(text for text in parts.sure if text not in left))]
    said = [verdict for verdict in parts.verdicts if verdict.status != "refused"]
    if said:
        rows = [[_under(verdict), worded(verdict.status), retold(verdict.reason)] for verdict in said]
        heads = [worded("statement"), worded("status"), worded("why")]
        told.append(grid(worded("checked"), heads, rows, words=[True] * 3, widths=(2.2, 1, 1.6)))
    if left:
        told += [heading(worded("left_out"), 3), points(left)]
    return told


def _under(verdict: Verdict) -> str:
    """Write a statement with the plan that it is about."""
    named = verdict.plan and verdict.plan not in verdict.statement
    statement = retold(verdict.statement)
    return worded("under", plan=verdict.plan, statement=statement) if named else statement


def _challenged(parts: PacketParts) -> list[Block]:
    rows = [[challenge, answer] for challenge, answer in answers(parts)]
    heads = [worded("challenge"), worded("answer")]
    return [new_page(), heading(worded("challenged")), grid("", heads, rows, words=[True, True], widths=(1, 2))]


def _sources(parts: PacketParts, exhibits: list[Block]) -> list[Block]:
    """Write methods and sources."""
    rows = [
        [
            joined([source.citation(), retold(source.note), _terms(source)]),
            source.sha256[:12] or worded("no_hash"),
            term(KINDS.get(source.uncertainty, source.uncertainty)),
        ]
        for source in sources_of(parts)
    ]
    heads = [worded("source"), worded("hash"), worded("uncertainty")]
    methods = list(dict.fromkeys(retold(note) for table in parts.tables for note in table.placement.units.notes))
    return [
        new_page(),
        heading(worded("sources")),
        *([heading(worded("methods"), 3), points(methods)] if methods else []),
        grid("", heads, rows, words=[True] * 3, widths=(3.2, 1, 1.3), notes=[worded("hash_note")]),
        heading(worded("how_all_made"), 3),
        *_made(exhibits),
    ]


def _terms(source: Source) -> str:
    return worded("terms", license=source.license.rstrip(".")) if source.license else ""


def _made(exhibits: list[Block]) -> list[Block]:
    """Write how each exhibit was made; what an earlier one says is not said again."""
    told: list[Block] = []
    seen: dict[str, str] = {}
    for one in exhibits:
        rest = one["methods"][on_page(one) :]
        told.append(heading(one["label"], 4))
        told += [para(note, "small") for note in rest if note not in seen]
        before = sorted({seen[note] for note in rest if note in seen}, key=lambda number: (len(number), number))
        told += [para(worded("as_before", number=", ".join(before)), "small")] if before else []
        seen |= {note: one["number"] for note in rest if note not in seen}
    return told


def _files(parts: PacketParts, folder: Path) -> list[Block]:
    """Say where the data are, and list the files; one file in several formats is one row."""
    found: dict[tuple[str, str], list[str]] = {}
    for path, what in parts.files:
        name = _named_from(folder, path)
        stem, suffix = name.removesuffix(path.suffix), path.suffix
        named = f", {suffix[1:].upper()}"
        found.setdefault((stem, what.removesuffix(named) if what.endswith(named) else what), []).append(suffix)
    rows = [[f"{stem}{', '.join(suffixes)}", what] for (stem, what), suffixes in found.items()]
    told = [
        heading(worded("data")),
        para(joined([worded("data_note", contact=parts.hearing.contact), worded("label_note")])),
    ]
    heads = [worded("file"), worded("what")]
    return [*told, *([grid(worded("files"), heads, rows, words=[True, True], widths=(1.2, 1))] if rows else [])]


def _named_from(folder: Path, path: Path) -> str:
    """Name a file as it is found from the packet; a packet in another language stands one folder deeper."""
    if path.is_relative_to(folder):
        return path.relative_to(folder).as_posix()
    return f"../{path.relative_to(folder.parent).as_posix()}" if path.is_relative_to(folder.parent) else path.name


def _last(parts: PacketParts) -> list[Block]:
    """Write the glossary, the criteria and the contact."""
    hearing = parts.hearing
    told: list[Block] = [new_page()]
    if parts.glossary:
        heads = [worded("term"), worded("meaning")]
        told += [heading(worded("glossary")), grid("", heads, parts.glossary, words=[True, True], widths=(1, 2.4))]
    if hearing.criteria:
        ranked = [f"{number}. {name}" for number, name in enumerate(hearing.criteria, 1)]
        told += [heading(worded("criteria", body=hearing.body)), *(para(text) for text in ranked)]
    who = ", ".join(text for text in (hearing.speaker, hearing.organisation) if text)
    return [*told, heading(worded("contact")), para(f"{who}: {hearing.contact}"), para(worded("legal"), "small")]
