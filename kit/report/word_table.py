"""Tables of the Word file: headings that repeat on each page, rows that have names, and widths that hold every word."""

from __future__ import annotations

from collections.abc import Sequence

from kit.i18n.languages import LANGUAGES
from kit.report.packet_blocks import Block
from kit.report.word_styles import look
from kit.report.word_text import Link, clean, paragraph, turned

TWIPS = 1440
_PAD, _EM = 0.14, 0.6
_MANY, _WHOLE = 6, 16
# On pages from right to left, a label that runs the other way stands at the right edge if it is no longer.
_SHORT = 24


def table(block: Block, page: str, room: float, *, at: int, link: Link, begin: str = "") -> str:
    """Write a table.

    Parameters
    ----------
    block : dict
        As `kit.report.packet_blocks.grid` makes it.
    page : str
        Language of the page.
    room : float
        Width of the text, in inches.
    at : int
        Number of the table.
    link : callable
        Gives the number of a link.
    begin : str
        Properties of its first paragraph, as XML.

    Returns
    -------
    str
        XML: the first row is marked as headings, the first column as names of the rows.
    """
    many = len(block["heads"]) > _MANY
    size = 8.0 if many else 9.0
    wide = widths(block, room, size)
    whole = len(block["rows"]) <= _WHOLE and not all(block["words"])
    rows = [*block["rows"], *([block["total"]] if block["total"] else [])]
    letters = look(size=size) if many else ""
    kinds = [wordy or number == 0 for number, wordy in enumerate(block["words"])]
    told = [_row(block["heads"], kinds, wide, page, link, style="CellHead", letters=letters, at=at, begin=begin)]
    for number, row in enumerate(rows):
        summed = bool(block["total"]) and number == len(rows) - 1
        kept = whole and number < len(rows) - 1
        told.append(
            _row(row, kinds, wide, page, link, style="CellHead" if summed else "Cell", letters=letters, kept=kept)
        )
    return framed(told, wide, page, title=block["title"] or ", ".join(block["heads"]), about=block["caption"],
                  total=bool(block["total"]))  # fmt: skip


def framed(
    rows: Sequence[str],
    wide: Sequence[float],
    page: str,
    *,
    title: str,
    about: str = "",
    total: bool = False,
    names: bool = True,
) -> str:
    """Put rows into a table.

    Parameters
    ----------
    rows : sequence of str
        XML.
    wide : sequence of float
        Widths of the columns, in inches.
    page : str
        Language of the page.
    title, about : str
        What a screen reader says of it.
    total : bool, default False
        Whether the last row is a sum.
    names : bool, default True
        Whether the first column names the rows.

    Returns
    -------
    str
        XML.
    """
    turned = "<w:bidiVisual/>" if LANGUAGES[page].rtl else ""
    columns = "".join(f'<w:gridCol w:w="{_twips(one)}"/>' for one in wide)
    seen = f'w:firstRow="1" w:lastRow="{int(total)}" w:firstColumn="{int(names)}" w:lastColumn="0"'
    mask = 0x0020 | 0x0040 * total | 0x0080 * names | 0x0600
    described = f'<w:tblDescription w:val="{clean(about)}"/>' if about else ""
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="PacketTable"/>{turned}<w:tblW w:w="{sum(map(_twips, wide))}" '
        f'w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblLook w:val="{mask:04X}" {seen} w:noHBand="1" w:noVBand="1"/>'
        f'<w:tblCaption w:val="{clean(title)}"/>{described}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>'
        f"{''.join(rows)}</w:tbl>"
    )


def cell(inside: str, width: float, *, shade: str = "", low: bool = False) -> str:
    """Write a cell.

    Parameters
    ----------
    inside : str
        Its paragraphs, as XML.
    width : float
        In inches.
    shade : str
        How it is filled, as XML.
    low : bool, default False
        Whether its text stands at the bottom.

    Returns
    -------
    str
        XML.
    """
    stand = '<w:vAlign w:val="bottom"/>' if low else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width)}" w:type="dxa"/>{shade}{stand}</w:tcPr>{inside}</w:tc>'


def row_of(cells: Sequence[str], *, head: bool = False) -> str:
    """Write a row that stays on one page.

    Parameters
    ----------
    cells : sequence of str
        XML.
    head : bool, default False
        Whether it holds the headings, which every page repeats.

    Returns
    -------
    str
        XML.
    """
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(cells)}</w:tr>"


def _row(
    texts: Sequence[str],
    kinds: Sequence[bool],
    wide: Sequence[float],
    page: str,
    link: Link,
    *,
    style: str,
    letters: str,
    kept: bool = False,
    at: int | None = None,
    begin: str = "",
) -> str:
    """Write one row; the headings, which have a number, carry the mark that screen readers look for."""
    mark = "" if at is None else f'<w:bookmarkStart w:id="{at}" w:name="Title_{at}"/><w:bookmarkEnd w:id="{at}"/>'
    cells = []
    for number, (text, wordy, width) in enumerate(zip(texts, kinds, wide, strict=True)):
        side = near(text, page) if wordy else far(text, page)
        inside = paragraph(
            text,
            page,
            style,
            look=letters,
            first=("<w:keepNext/>" if kept else "") + (begin if number == 0 else ""),
            last=side,
            link=link,
            begin=mark if number == 0 else "",
        )
        cells.append(cell(inside, width, low=at is not None))
    return row_of(cells, head=at is not None)


def near(text: str, page: str) -> str:
    """Put short labels that run the other way where the lines of the page begin.

    Parameters
    ----------
    text : str
        What the cell says.
    page : str
        Language of the page.

    Returns
    -------
    str
        XML; empty where nothing is to be said.
    """
    across = LANGUAGES[page].rtl and len(text) <= _SHORT and not turned(text, page)
    return '<w:jc w:val="right"/>' if across else ""


def far(text: str, page: str) -> str:
    """Put figures at the edge of the cell where lines end, under their heading.

    Parameters
    ----------
    text : str
        What the cell says.
    page : str
        Language of the page.

    Returns
    -------
    str
        XML; Word counts from the edge where the paragraph begins, which for figures is always the left one.
    """
    return f'<w:jc w:val="{"right" if turned(text, page) or not LANGUAGES[page].rtl else "left"}"/>'


def widths(block: Block, room: float, size: float) -> list[float]:
    """Share the width of the page among columns, so that no word is cut.

    Parameters
    ----------
    block : dict
        As `kit.report.packet_blocks.grid` makes it.
    room : float
        Inches.
    size : float
        Of the letters, in points.

    Returns
    -------
    list of float
        Inches, at most `room` together unless the longest words need more.
    """
    lines = [block["heads"], *block["rows"], *([block["total"]] if block["total"] else [])]
    columns = [[row[at] for row in lines] for at in range(len(block["heads"]))]
    need = [max(_inches(word, size) for text in column for word in (text.split() or [""])) for column in columns]
    longest = [max(_inches(text, size) for text in column) for column in columns]
    figures = [at for at, wordy in enumerate(block["words"]) if not wordy]
    few = bool(figures) and len(columns) <= _MANY
    given: list[float] = [0.0] * len(columns)
    parts = dict(enumerate(block["widths"]))
    for at, part in list(parts.items()):
        if part == 0:
            given[at] = min(longest[at], 0.4 * room)
        elif few and at in figures:
            given[at] = max(part * 1.1, need[at])
        else:
            continue
        del parts[at]
    left = room - sum(given)
    for at, part in parts.items():
        given[at] = left * part / sum(parts.values())
    return _enough(given, need, room)


def _enough(given: list[float], need: list[float], room: float) -> list[float]:
    """Take width from columns that have more than they need for those that have less."""
    short = sum(max(0.0, least - width) for width, least in zip(given, need, strict=True))
    spare = sum(max(0.0, width - least) for width, least in zip(given, need, strict=True))
    cut = min(1.0, short / spare) if spare else 0.0
    fit = [least if width < least else width - (width - least) * cut for width, least in zip(given, need, strict=True)]
    total = sum(fit)
    return [width * room / total for width in fit] if total > room else fit


def _inches(text: str, size: float) -> float:
    """Estimate how wide a text is, with room beside it."""
    ems = sum(1.0 if ord(letter) > 0x2E7F else _EM for letter in text)
    return ems * size / 72 + _PAD


def _twips(inches: float) -> int:
    return round(inches * TWIPS)
