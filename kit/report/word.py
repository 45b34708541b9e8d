"""The packet as a Word file that people can edit: the same pieces as its PDF and its web page."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Sequence
from datetime import date as Date  # noqa: N812
from datetime import datetime
from pathlib import Path
from typing import Any

from kit.files import atomic_path
from kit.i18n.messages import joined
from kit.report.packet_blocks import Block
from kit.report.word_blocks import Body
from kit.report.word_pictures import pictures
from kit.report.word_styles import font_table, look, numbering, settings, styles
from kit.report.word_text import legal, paragraph, runs, tag
from kit.settings import language_in_force

_OF_FILE = ("/officeDocument", "/core-properties")
_OF_TEXT = ("/styles", "/numbering", "/settings", "/theme")
_SPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
}
_BODY = "Packet_body"


def write_word(
    data: Block,
    drawings: dict[str, str],
    path: str | os.PathLike[str],
    *,
    author: str,
    on: Date,
) -> Path:
    """Write the packet as a Word file.

    Parameters
    ----------
    data : dict
        What the template of the PDF prints: ``cover``, ``blocks``, ``footer`` and ``words``.
    drawings : dict of str to str
        SVG by file name.
    path : path-like
        ``.docx`` to write, atomically.
    author : str
        Who made it, for the file's properties.
    on : datetime.date
        Date in the file's properties.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    InputError
        A piece is of a kind that Word files have not.
    KitError
        A drawing cannot be turned into a picture.

    Notes
    -----
    Headings, lists, tables and links are Word's own; every picture has its
    text, every table its headings. The pages are in the language in force. The
    same data give the same bytes.
    """
    from docx import Document
    from docx.oxml import parse_xml

    language = language_in_force()
    document = Document()
    part = document.part
    _emptied(document)
    shown = pictures(drawings, _widths(data["blocks"]))

    def picture(name: str) -> tuple[str, float]:
        png, ratio = shown[name]
        return str(part.get_or_add_image(io.BytesIO(png))[0]), ratio

    def link(address: str) -> str:
        return str(part.relate_to(address, f"{_SPACES['r']}/hyperlink", is_external=True))

    _restyled(document, language)
    front = data["cover"]
    body = Body(language, picture, link, stamps=front["stamps"])
    body.write(data["blocks"])
    end = body.close()
    cover = _cover(front, body)
    number = body.marks + 1
    told = [
        *cover,
        f'<w:bookmarkStart w:id="{number}" w:name="{_BODY}"/>',
        *body.told,
        f'<w:bookmarkEnd w:id="{number}"/>',
        end,
    ]
    spaces = " ".join(f'xmlns:{name}="{where}"' for name, where in _SPACES.items())
    whole = parse_xml(f"<w:document {spaces}><w:body>{''.join(told)}</w:body></w:document>")
    part.element.replace(part.element.body, whole[0])
    _running(document, data, language)
    _properties(document, front["title"], author, on, tag(language))
    return _saved(document, Path(path), on)


def _widths(blocks: Sequence[Block]) -> dict[str, float]:
    """Say how wide each drawing is shown."""
    found: dict[str, float] = {}
    for one in blocks:
        if one["kind"] == "exhibit":
            found[one["map"]] = 9.8 if one["wide"] else 7.3
            found |= {more["map"]: found[one["map"]] for more in one.get("more", ())}
            found |= {row["swatch"]: 0.28 for row in one["key"] if row.get("swatch")}
            found |= {one["locator"]: 1.1} if one["locator"] else {}
        elif one["kind"] == "one_page":
            found.setdefault(one["map"], 7.0)
        elif one["kind"] == "lying":
            found |= _widths(one["blocks"])
    return found


def _emptied(document: Any) -> None:
    """Take out what the empty file of the library brings: old styles, a picture of itself, custom data."""
    for holder, kept in ((document.part.package.rels, _OF_FILE), (document.part.rels, _OF_TEXT)):
        for number in [number for number, one in holder.items() if not one.reltype.endswith(kept)]:
            del holder[number]


def _restyled(document: Any, language: str) -> None:
    """Put styles, lists, fonts and settings of the kit in the place of the library's."""
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml import parse_xml

    part = document.part
    for element, text in (
        (document.styles.element, styles(language)),
        (part.numbering_part.element, numbering()),
        (document.settings.element, settings(language)),
    ):
        for child in list(element):
            element.remove(child)
        element.extend(list(parse_xml(text)))
    head = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    listed = head + font_table(language).encode("utf-8")
    fonts = Part(PackURI("/word/fontTable.xml"), CONTENT_TYPE.WML_FONT_TABLE, listed, part.package)
    part.relate_to(fonts, RELATIONSHIP_TYPE.FONT_TABLE)


def _cover(front: Block, body: Body) -> list[str]:
    """Write the cover, with the contents as links; uses the places that `body` found."""
    first = Body(body.page, body.picture, body.link, marks=body.marks)
    first.heading(front["title"], 1)
    first.put(front["about"], "Lead")
    first.put(front["when"], "Lead")
    for at, text in enumerate(front["who"]):
        first.put(text, letters=look(size=11, bold=at == 0))
    for stamp in front["stamps"]:
        first.put(stamp, "Stamp")
    first.heading(front["ask_head"], 2, listed=False)
    first.put(front["ask"], "Ask")
    first.heading(front["contents"], 2, listed=False)
    opened, closed = _field(f'TOC \\o "1-1" \\n \\h \\z \\b {_BODY}')
    for at, (name, text) in enumerate(body.places):
        linked = f'<w:hyperlink w:anchor="{name}" w:history="1">{runs(text, body.page)}</w:hyperlink>'
        begin = (opened if at == 0 else "") + linked
        first.put("", "TOC1", begin=begin, end=closed if at == len(body.places) - 1 else "")
    first.put(joined([front["made"], front["legal"]]), "Small")
    body.marks = first.marks
    return first.told


def _field(code: str) -> tuple[str, str]:
    """Write what stands before and after the text of a field."""
    begin, apart, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    return f'{begin}<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>{apart}', end


def _running(document: Any, data: Block, language: str) -> None:
    """Write the head and the foot of every page."""
    from docx.oxml import parse_xml

    def put(place: Any, told: str) -> None:
        place.is_linked_to_previous = False
        root = place.part.element
        for child in list(root):
            root.remove(child)
        root.append(parse_xml(told.replace("<w:p>", f'<w:p xmlns:w="{_SPACES["w"]}">', 1)))

    section = document.sections[0]
    stamps = joined(data["cover"]["stamps"], " · ")
    put(section.header, paragraph(stamps, language, "Header", look=look(caps=True)))
    fields = {"{0}": "PAGE", "{1}": "NUMPAGES"}
    told = ""
    for words in re.split(r"(\{[01]\})", data["words"]["page"]):
        begin, end = _field(fields[words]) if words in fields else ("", "")
        told += f"{begin}{runs('1' if words in fields else words, language)}{end}"
    put(section.footer, paragraph(data["footer"], language, "Footer", end=runs(" · ", language) + told))


def _properties(document: Any, title: str, author: str, on: Date, language: str) -> None:
    """Write the properties of the file."""
    moment = datetime(on.year, on.month, on.day)  # noqa: DTZ001
    told, who = document.core_properties, legal(author)[:255]
    told.title, told.author, told.last_modified_by, told.language = legal(title)[:255], who, who, language
    told.comments, told.revision, told.created, told.modified = "", 1, moment, moment


def _saved(document: Any, path: Path, on: Date) -> Path:
    """Write the file with dates and an order that do not change."""
    stream = io.BytesIO()
    document.save(stream)
    when = (max(on.year, 1980), on.month, on.day, 0, 0, 0)
    first = ("[Content_Types].xml", "_rels/.rels", "word/document.xml")
    with (
        atomic_path(path) as temporary,
        zipfile.ZipFile(stream) as loose,
        zipfile.ZipFile(temporary, "w") as packed,
    ):
        for name in [*first, *sorted(set(loose.namelist()) - set(first))]:
            entry = zipfile.ZipInfo(name, date_time=when)
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            packed.writestr(entry, loose.read(name))
    return path
