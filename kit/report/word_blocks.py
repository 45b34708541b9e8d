"""The packet's pages as the body of a Word file, from the same pieces as print and web."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kit.errors import InputError
from kit.i18n.languages import LANGUAGES
from kit.i18n.messages import joined
from kit.report.lettering import page_settings
from kit.report.packet_blocks import Block
from kit.report.word_styles import look
from kit.report.word_table import TWIPS, cell, far, framed, near, row_of, table
from kit.report.word_text import Link, clean, lines, paragraph

PAGE = (8.5, 11.0)
"""Width and height of a page that stands, in inches."""
_STYLES = {"plain": "", "intro": "Intro", "small": "Small", "spoken": "Spoken"}
_EMU = 914_400
_KEEP = "<w:keepNext/>"
_THIN = '<w:spacing w:before="0" w:after="0" w:line="{}" w:lineRule="exact"/>'
Picture = Callable[[str], tuple[str, float]]
"""Gives the number of a picture and its height over its width."""


@dataclass(frozen=True)
class Sheet:
    """How pages lie: the same for all pages of a section.

    Parameters
    ----------
    lying : bool
        Whether the long side is the width.
    side, top, bottom : float
        Margins in inches.
    """

    lying: bool = False
    side: float = 0.75
    top: float = 0.8
    bottom: float = 0.75

    @property
    def width(self) -> float:
        """Width of the text in inches.

        Returns
        -------
        float
            Between the margins.
        """
        return PAGE[1 if self.lying else 0] - 2 * self.side

    @property
    def height(self) -> float:
        """Height of the text in inches.

        Returns
        -------
        float
            Between the margins.
        """
        return PAGE[0 if self.lying else 1] - self.top - self.bottom

    def properties(self, page: str) -> str:
        """Write the section.

        Parameters
        ----------
        page : str
            Language of the page.

        Returns
        -------
        str
            XML.
        """
        across, down = (round(TWIPS * PAGE[at]) for at in ((1, 0) if self.lying else (0, 1)))
        turned = ' w:orient="landscape"' if self.lying else ""
        top, side, bottom = (round(TWIPS * one) for one in (self.top, self.side, self.bottom))
        direction = "<w:bidi/>" if LANGUAGES[page].rtl else ""
        return (
            f'<w:sectPr><w:type w:val="nextPage"/><w:pgSz w:w="{across}" w:h="{down}"{turned}/>'
            f'<w:pgMar w:top="{top}" w:right="{side}" w:bottom="{bottom}" w:left="{side}" w:header="480" '
            f'w:footer="480" w:gutter="0"/><w:cols w:space="720"/>{direction}</w:sectPr>'
        )


# Pieces that lay the page themselves, or wait for what comes.
_TURNING = frozenset({"page", "exhibit", "lying"})
_UPRIGHT = Sheet()
_LYING = Sheet(lying=True, side=0.6, bottom=0.7)


@dataclass
class Body:
    """The body while it is written.

    Parameters
    ----------
    page : str
        Language of the page.
    picture : callable
        Takes a file name.
    link : callable
        Takes an address.
    stamps : sequence of str
        Stand on every page already.
    """

    page: str
    picture: Picture
    link: Link
    stamps: Sequence[str] = ()
    told: list[str] = field(default_factory=list)
    places: list[tuple[str, str]] = field(default_factory=list)
    sheet: Sheet = _UPRIGHT
    due: Sheet | None = None
    marks: int = 0
    broken: bool = False

    def write(self, blocks: Sequence[Block]) -> None:
        """Write pieces of the pages.

        Parameters
        ----------
        blocks : sequence of dict
            As `kit.report.packet_pages.pages` gives them.

        Raises
        ------
        InputError
            A piece is of a kind that Word files have not.
        """
        kinds: dict[str, Callable[[Block], None]] = {
            "heading": lambda one: self.heading(one["text"], one["level"]),
            "para": self._para,
            "list": lambda one: self._each(one["items"], "ListBullet"),
            "table": self._table,
            "page": lambda _: self._break(),
            "one_page": self._one_page,
            "exhibit": self._exhibit,
            "lying": self._lying,
        }
        for block in blocks:
            if block["kind"] not in kinds:
                raise InputError(f"the Word file has no piece {block['kind']!r}; it has {', '.join(kinds)}.")
            if self.due is not None and block["kind"] not in _TURNING:
                self._turn(self.due)
            kinds[block["kind"]](block)

    def put(
        self, text: str, style: str = "", *, letters: str = "", first: str = "", begin: str = "", end: str = ""
    ) -> None:
        """Add a paragraph.

        Parameters
        ----------
        text : str
            What it says.
        style : str
            Id of its style.
        letters, first : str
            Properties of its letters and of itself, as XML.
        begin, end : str
            XML before and after its text.
        """
        self.told.append(
            paragraph(
                text, self.page, style, look=letters, first=first + self._begun(), link=self.link, begin=begin, end=end
            )
        )

    def heading(self, text: str, level: int, *, listed: bool = True) -> None:
        """Add a heading; sections can be jumped to.

        Parameters
        ----------
        text : str
            What it says.
        level : int
            1 is the title of the packet.
        listed : bool, default True
            Whether a section stands in the contents.
        """
        if level != 2 or not listed:
            self.put(text, "Title" if level == 1 else f"Heading{level - 1}")
            return
        if self.sheet.lying:  # there is no room for the heading, its table and what is said of it under another table
            self._break()
        number = self._mark()
        name = f"_Toc{number:06d}"
        self.places.append((name, text))
        begin = f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>'
        self.put(text, "Heading1", begin=begin, end=f'<w:bookmarkEnd w:id="{number}"/>')

    def close(self) -> str:
        """Give the properties of the last section.

        Returns
        -------
        str
            XML.
        """
        self._apart()
        return self.sheet.properties(self.page)

    def _mark(self) -> int:
        self.marks += 1
        return self.marks

    def _begun(self) -> str:
        """Give what the next paragraph begins with: a new page, where one is due."""
        due, self.broken = self.broken, False
        return "<w:pageBreakBefore/>" if due else ""

    def _break(self) -> None:
        """Begin a new page, unless this one is empty."""
        self.broken = not self._turned()

    def _turned(self) -> bool:
        """Tell whether a new section, and so a new page, has just begun."""
        return bool(self.told) and self.told[-1].endswith("</w:sectPr></w:pPr></w:p>")

    def _turn(self, sheet: Sheet) -> None:
        """Begin a section of other pages, unless pages lie so already."""
        self.due = None
        if sheet == self.sheet and sheet in (_UPRIGHT, _LYING):
            return
        if not self._turned():
            self.told.append(f"<w:p><w:pPr>{_THIN.format(20)}{self.sheet.properties(self.page)}</w:pPr></w:p>")
        self.sheet, self.broken = sheet, False

    def _apart(self) -> None:
        """Keep two tables from growing together."""
        if self.told and self.told[-1].endswith("</w:tbl>"):
            self.told.append(f"<w:p><w:pPr>{_THIN.format(120)}</w:pPr></w:p>")

    def _para(self, block: Block) -> None:
        if block["style"] not in _STYLES:
            raise InputError(f"the Word file has no style {block['style']!r}; it has {', '.join(_STYLES)}.")
        self.put(block["text"], _STYLES[block["style"]])

    def _each(self, texts: Sequence[str], style: str = "", letters: str = "") -> None:
        for text in texts:
            self.put(text, style, letters=letters)

    def _lying(self, block: Block) -> None:
        self._turn(_LYING)
        self.write(block["blocks"])
        self.due = _UPRIGHT

    def _table(self, block: Block) -> None:
        """Write a table between its heading and its notes."""
        if block["title"]:
            self.heading(block["title"], 3)
        if block["caption"]:
            self.put(block["caption"], "Caption", first=_KEEP)
        self._apart()
        begin = self._begun()
        self.told.append(table(block, self.page, self.sheet.width, at=self._mark(), link=self.link, begin=begin))
        self._each(block["notes"], "Note")

    def _drawing(self, name: str, alt: str, width: float, height: float) -> str:
        """Write a picture, as large as fits."""
        number, ratio = self.picture(name)
        width = min(width, height / ratio)
        across, down = round(width * _EMU), round(width * ratio * _EMU)
        at, said = self._mark(), clean(alt)
        named = f'id="{at}" name="Picture {at}" descr="{said}"'
        return (
            '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{across}" cy="{down}"/><wp:docPr {named}/><wp:cNvGraphicFramePr>'
            '<a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr><a:graphic>'
            '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
            f'<pic:nvPicPr><pic:cNvPr {named}/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{number}"/>'
            '<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
            f'<a:ext cx="{across}" cy="{down}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
            "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )

    def _one_page(self, block: Block) -> None:
        """Write the page to keep, with the map where there is room."""
        self._break()
        self.heading(block["title"], 2)
        sizes = (12.0, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5)
        size = next((one for one in sizes if self._taken(block["items"], one) <= self.sheet.height), sizes[-1])
        for at, item in enumerate(block["items"]):
            self.put(item, "" if at else "Ask", letters=look(size=size if at else 1.1 * size, bold=at == 0))
        left = self.sheet.height - self._taken(block["items"], size) - 0.6 - 0.24 * (2 + len(block.get("key", "")))
        if left >= 2.4:
            drawn = self._drawing(block["map"], block["alt"], self.sheet.width, min(left, 5.0))
            self.put("", "Figure", end=drawn)
            self.put(block["label"], "Caption")
            self._key_lines(block)
        self._break()

    def _key_lines(self, block: Block) -> None:
        """Write the key of the map on the page to keep, a line for each entry."""
        self.put(block.get("legend", ""), "Small", letters=look(bold=True), first=_KEEP)
        for one in block.get("key", ()):
            plain = f'<w:r><w:rPr>{_shade(one["colour"])}</w:rPr><w:t xml:space="preserve">        </w:t></w:r>'
            swatch = one.get("swatch", "")
            drawn = self._drawing(swatch, one["words"], 0.28, 0.15) if swatch else plain
            self.put(f" {one['words']}", "Small", begin=drawn, first=_KEEP)

    def _taken(self, texts: Sequence[str], size: float) -> float:
        """Estimate the height of a heading and paragraphs, in inches."""
        tall: float = page_settings(self.page)["leading"]
        return 0.9 + sum(lines(text, size, self.sheet.width) * 1.35 * tall * size / 72 + 0.09 for text in texts)

    def _exhibit(self, block: Block) -> None:
        """Write an exhibit: what it shows, the drawing, its key and how it was made."""
        self._turn(Sheet(lying=block["wide"], side=0.6, top=0.7, bottom=0.65))
        begun = len(self.told)
        if block["head"]:
            self.heading(block["head"], 2)
        self.heading(joined([block["label"], block["title"]], ". "), 3)
        self.put(block["where"], "Small", first=_KEEP)
        self.put(block["rule"], "Small", letters=look(bold=True), first=_KEEP)
        for stamp in block["stamps"]:
            if stamp not in self.stamps:
                self.put(stamp, "Stamp", first=_KEEP)
        if block["locator"]:
            drawn = self._drawing(block["locator"], block["locator_alt"], 1.1, 0.6)
            self.put(f" {block['place']}", "Small", first=_KEEP, begin=drawn)
        tall = self._room(block, len(self.told) - begun)
        self.put("", "Figure", end=self._drawing(block["map"], block["alt"], self.sheet.width, tall))
        self.put(block["label"], "Caption")
        for one in block.get("more", ()):
            self.broken = True
            drawn = self._drawing(one["map"], one["alt"], self.sheet.width, self.sheet.height - 0.3)
            self.put("", "Figure", end=drawn)
        self.heading(block["shows"], 4)
        self._each(block["findings"])
        self.heading(block["legend"], 4)
        self._key(block)
        self.put(block["twin"], "Small")
        self.heading(block["made"], 4)
        self._each(block["notes"], "Small")
        self.put(block["signed"], "Small", letters=look(bold=True))
        self.due = _UPRIGHT

    def _room(self, block: Block, above: int) -> float:
        """Say how high the map may be, so that what belongs to it stands on its page if there is room."""
        width, height = self.sheet.width, self.sheet.height - 0.35 - 0.32 * above
        under = [*block["findings"], block["twin"], *block["notes"], block["signed"]]
        used = 1.5 + sum(0.19 * lines(text, 9.5, width) + 0.08 for text in under) + 0.21 * (1 + len(block["key"]))
        used *= page_settings(self.page)["leading"]
        least = 2.8 if block["wide"] else 3.6
        return height - used if height - used >= least else height - 0.4

    def _key(self, block: Block) -> None:
        """Write the key: each color as a filled cell, or how it is drawn, with its words and its count beside it."""
        wide = (0.55, 2.6, 1.3)[: len(block["key_heads"])]
        at = self._mark()
        mark = f'<w:bookmarkStart w:id="{at}" w:name="ColumnTitle_{at}"/><w:bookmarkEnd w:id="{at}"/>'
        rows = [self._key_row(block["key_heads"], wide, style="CellHead", mark=mark)]
        for number, one in enumerate(block["key"]):
            first = _KEEP if number < len(block["key"]) - 1 else ""
            swatch = one.get("swatch", "")
            drawn = self._drawing(swatch, one["words"], 0.28, 0.15) if swatch else ""
            shade = "" if swatch else _shade(one["colour"])
            rows.append(self._key_row(["", one["words"], one["count"]], wide, shade=shade, mark=drawn, first=first))
        self._apart()
        self.told.append(framed(rows, wide, self.page, title=block["legend"], names=False))

    def _key_row(
        self, texts: Sequence[str], wide: Sequence[float], *,
        style: str = "Cell", first: str = "", shade: str = "", mark: str = "",
    ) -> str:  # fmt: skip
        """Write one row of the key; not every map counts what it shows."""
        cells = []
        for at, (text, width) in enumerate(zip(texts, wide, strict=False)):
            last = far(text, self.page) if at == 2 else near(text, self.page)
            told = paragraph(text, self.page, style, first=first, last=last, begin="" if at else mark)
            cells.append(cell(told, width, shade="" if at else shade))
        return row_of(cells, head=style == "CellHead")


def _shade(colour: str) -> str:
    """Fill a cell; hatched where nobody lives."""
    if colour:
        return f'<w:shd w:val="clear" w:color="auto" w:fill="{colour.lstrip("#").upper()}"/>'
    return '<w:shd w:val="thinDiagStripe" w:color="A8A8A8" w:fill="F4F4F4"/>'
