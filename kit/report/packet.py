"""The packet of a hearing: a tagged PDF, a web page that stands alone and a Word file, from the same pieces."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from kit.errors import InputError, KitError
from kit.files import write_text
from kit.i18n.languages import LANGUAGES
from kit.report.exhibit import Exhibit
from kit.report.output import typeset
from kit.report.packet_blocks import Block
from kit.report.packet_exhibits import exhibit_block, exhibit_tables
from kit.report.packet_html import page_of
from kit.report.packet_letters import refuse_boxes
from kit.report.packet_pages import cover, pages, sources_of
from kit.report.packet_parts import PacketParts
from kit.report.packet_runs import marked
from kit.report.packet_words import worded
from kit.report.word import write_word
from kit.settings import using

_OUTLINE = re.compile(r' d="[^"]{400,}"')
_ONE_PAGE = "does not fit on one page"


def build_packet(parts: PacketParts, folder: str | os.PathLike[str]) -> list[Path]:
    """Write the packet.

    Parameters
    ----------
    parts : PacketParts
        Everything that is printed.
    folder : path-like
        Where to write; made when missing.

    Returns
    -------
    list of pathlib.Path
        ``packet.pdf`` (tagged, PDF/UA-1), ``packet.html`` (everything inside),
        ``packet.docx`` (the same pages, to edit), and what ``parts.files`` does
        not name yet: ``script.txt``, and each exhibit as a page of its own with
        its twins in ``exhibits``.

    Raises
    ------
    InputError
        Something a packet must have is missing (one message names all of it), the
        script takes longer than the hearing allows, the page to keep is
        longer than one, or the font has not all letters.
    KitError
        A page does not meet PDF/UA-1.

    Notes
    -----
    The same parts give the same bytes. Every source used stands in the
    appendix, also those that ``parts.sources`` leaves out.
    """
    missing = missing_of(parts)
    if missing:
        raise InputError(f"the packet cannot be made without: {'; '.join(missing)}.")
    with using(language=parts.hearing.languages[0]):
        _refuse_long(parts)
        return _written(parts, Path(folder))


def _refuse_long(parts: PacketParts) -> None:
    """Refuse a script that is too long at the speaker's own pace; an estimate is no ground to refuse one."""
    timing = parts.timing
    if timing.seconds > parts.limit and timing.own:
        over = timing.number - int(parts.hearing.minutes * timing.pace.minute)
        raise InputError(
            f"the script takes {timing.seconds} seconds ({timing.number} {timing.pace.unit}), "
            f"and the hearing allows {parts.limit}. Leave out about {over} {timing.pace.unit}."
        )


def _written(parts: PacketParts, out: Path) -> list[Path]:
    """Write the packet in the language in force."""
    language = parts.hearing.languages[0]
    exhibits, drawings = _exhibits(parts.exhibits)
    front, body = cover(parts), pages(parts, exhibits, out)
    data = {"cover": front, "blocks": body, "footer": worded("title", body=parts.hearing.body), "words": _labels()}
    if language == "en":
        refuse_boxes(data)
    written = [
        _pdf(parts, out / "packet.pdf", {**data, "title": front["title"], "author": ", ".join(front["who"])}, drawings)
    ]
    written.append(write_text(out / "packet.html", page_of(front, body, drawings)))
    written.append(write_word(data, drawings, out / "packet.docx", author=parts.hearing.speaker, on=parts.date))
    known = {path.name for path, _ in parts.files}
    if "script.txt" not in known:
        written.append(write_text(out / "script.txt", "\n\n".join(parts.script) + "\n"))
    for one in parts.exhibits:
        name = f"exhibit_{one.number.lower()}.pdf"
        if name not in known:
            written += one.save(out / "exhibits" / name)
    return written


def missing_of(parts: PacketParts) -> list[str]:
    """Name everything that a packet must have and this one has not.

    Parameters
    ----------
    parts : PacketParts
        Everything printed.

    Returns
    -------
    list of str
        Empty when the packet is whole.
    """
    hearing = parts.hearing
    texts = {
        "the body that holds the hearing": hearing.body,
        "the place of the hearing": hearing.place,
        "the speaker": hearing.speaker,
        "a contact": hearing.contact,
        "the jurisdiction": hearing.jurisdiction,
        "the ask": parts.ask,
        "the script": "".join(parts.script),
        "the page to keep (leave_behind)": "".join(parts.leave_behind),
        "how sure we are (sure)": "".join(parts.sure),
    }
    lists = {
        "an exhibit": parts.exhibits,
        "a district table": parts.tables,
        "a source": sources_of(parts),
        "a glossary": parts.glossary,
    }
    missing = [name for name, text in texts.items() if not text.strip()]
    missing += [name for name, given in lists.items() if not given]
    if hearing.minutes <= 0 or hearing.words_per_minute <= 0:
        missing.append("speaking time and pace above zero")
    numbers = [one.number for one in parts.exhibits]
    if len(set(numbers)) < len(numbers):
        missing.append("a different letter for each exhibit")
    if not hearing.languages or hearing.languages[0] not in LANGUAGES:
        missing.append("a language that the kit has, first among the languages")
    return missing


def _exhibits(exhibits: Sequence[Exhibit]) -> tuple[list[Block], dict[str, str]]:
    """Lay the exhibits out, and give their drawings by file name."""
    blocks: list[Block] = []
    drawings: dict[str, str] = {}
    for at, one in enumerate(exhibits):
        page, drawn = one.laid_out()
        names = {name.removesuffix(".svg"): f"{at}_{name}" for name in drawn}
        drawings |= {f"{at}_{name}": _lighter(svg) for name, svg in drawn.items()}
        blocks += [exhibit_block(one, page, names, head=at == 0), *exhibit_tables(one, page)]
    return blocks, drawings


def _lighter(svg: str) -> str:
    """Cut places of long outlines to a tenth of a point, a 720th of an inch: neighbours stay neighbours."""
    return _OUTLINE.sub(lambda path: re.sub(r"(\.\d)\d+", r"\1", path[0]).replace(" \n", ""), svg)


def _labels() -> dict[str, str]:
    """Give the words that the template prints by itself."""
    return {"page": worded("page", number="{0}", total="{1}")}


def _printed(data: Block) -> Block:
    """Give what the template prints, with words in other languages marked; its own labels are text."""
    kept = ("title", "author", "words")
    return {key: inner if key in kept else marked(inner) for key, inner in data.items()}


def _pdf(parts: PacketParts, path: Path, data: Block, drawings: dict[str, str]) -> Path:
    """Set the pages; a page to keep that is too long is the author's to shorten."""
    try:
        return typeset("packet.typ", path, data=_printed(data), svgs=drawings, on=parts.date)
    except KitError as error:
        if _ONE_PAGE not in str(error):
            raise
        letters = sum(map(len, parts.leave_behind))
        raise InputError(
            f"the page to keep {_ONE_PAGE}: it has {letters:,} characters in {len(parts.leave_behind)} paragraphs. "
            "Shorten it, or leave out a claim."
        ) from None
