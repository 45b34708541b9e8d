"""Handing everything that a hearing's packet prints to the room that sets its pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kit.hearing_data import HearingData
from kit.hearing_file import Hearing
from kit.hearing_pages import challenges, glossary, how_sure, leave_behind, not_claimed, stamps
from kit.hearing_words import Script
from kit.hearing_work import HearingWork
from kit.report.exhibit import Exhibit
from kit.report.packet import build_packet
from kit.report.packet_parts import HearingFacts, PacketParts
from kit.settings import language_in_force


def packet_parts(
    hearing: Hearing,
    data: HearingData,
    work: HearingWork,
    *,
    script: Script,
    exhibits: Sequence[Exhibit],
    files: Sequence[tuple[Path, str]],
) -> PacketParts:
    """Gather everything that the pages print.

    Parameters
    ----------
    hearing : Hearing
        The file.
    data : HearingData
        What it names, read.
    work : HearingWork
        What was computed.
    script : Script
        What is said aloud.
    exhibits : sequence of Exhibit
        In order.
    files : sequence of (pathlib.Path, str)
        Files beside the pages, and what each is.

    Returns
    -------
    PacketParts
        With nothing left to compute.
    """
    facts = HearingFacts(
        body=hearing.body,
        date=hearing.date,
        place=hearing.place,
        speaker=hearing.speaker,
        organisation=hearing.organisation,
        contact=hearing.contact,
        jurisdiction=hearing.jurisdiction,
        minutes=hearing.rules.speaking_minutes,
        words_per_minute=hearing.rules.words_per_minute,
        criteria=hearing.rules.criteria,
        languages=(language_in_force(),),
        paces=tuple(sorted(hearing.rules.paces.items())),
    )
    return PacketParts(
        hearing=facts,
        ask=hearing.ask,
        script=script.paragraphs,
        leave_behind=leave_behind(hearing, data, work),
        exhibits=tuple(exhibits),
        date=hearing.moment.date(),
        tables=tuple(table for _, table in work.tables),
        ladders=work.ladders,
        verdicts=tuple(verdict for _, verdict in work.verdicts),
        not_claimed=not_claimed(work),
        measures=tuple((read.plan.name, found) for read, found in work.measures),
        comparison=work.comparison,
        swaps=work.swaps,
        splits=work.splits,
        sure=how_sure(hearing, data, work),
        challenges=challenges(hearing, data, work),
        sources=data.sources,
        files=tuple(files),
        glossary=glossary(hearing, data),
        stamps=stamps(data, hearing.contact),
    )


def write_packet(
    hearing: Hearing,
    data: HearingData,
    work: HearingWork,
    *,
    script: Script,
    exhibits: Sequence[Exhibit],
    files: Sequence[tuple[Path, str]],
    folder: Path,
) -> list[Path]:
    """Set the pages of the packet.

    Parameters
    ----------
    hearing : Hearing
        The file.
    data : HearingData
        What it names, read.
    work : HearingWork
        What was computed.
    script : Script
        What is said aloud.
    exhibits : sequence of Exhibit
        In order.
    files : sequence of (pathlib.Path, str)
        Files beside the pages, and what each is.
    folder : pathlib.Path
        Where to write.

    Returns
    -------
    list of pathlib.Path
        Files written.
    """
    parts = packet_parts(hearing, data, work, script=script, exhibits=exhibits, files=files)
    return build_packet(parts, folder)
