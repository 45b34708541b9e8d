"""Styles, lists and fonts of the Word file: real headings that a person can restyle in one place."""

from __future__ import annotations

from kit.i18n.languages import LANGUAGES
from kit.report.word_text import EAST_ASIAN, tag

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
INK, MUTED, RED, BLUE, LINE = "1A1A1A", "4D4D4D", "8C1D18", "0B4A8F", "767676"
LATIN = "Arial"
_INSIDE = '<w:ind w:left="140" w:right="140"/>'
# Script → font that comes with Windows, and the free one that a word processor takes where it is missing.
_FONTS = {
    "HanTraditional": ("Microsoft JhengHei", "Noto Sans CJK TC"),
    "HanSimplified": ("Microsoft YaHei", "Noto Sans CJK SC"),
    "Hangul": ("Malgun Gothic", "Noto Sans CJK KR"),
    "Japanese": ("Yu Gothic", "Noto Sans CJK JP"),
    "Devanagari": ("Nirmala UI", "Noto Sans Devanagari"),
    "Bengali": ("Nirmala UI", "Noto Sans Bengali"),
    "Gurmukhi": ("Nirmala UI", "Noto Sans Gurmukhi"),
    "Gujarati": ("Nirmala UI", "Noto Sans Gujarati"),
    "Nastaliq": ("Urdu Typesetting", "Noto Nastaliq Urdu"),
    "Khmer": ("Leelawadee UI", "Noto Sans Khmer"),
    "Lao": ("Leelawadee UI", "Noto Sans Lao"),
    "Thai": ("Leelawadee UI", "Noto Sans Thai"),
    "Myanmar": ("Myanmar Text", "Noto Sans Myanmar"),
}


def fonts_of(code: str) -> dict[str, str]:
    """Say which font stands in which slot.

    Parameters
    ----------
    code : str
        Language of the page.

    Returns
    -------
    dict of str to str
        ``ascii``, ``hAnsi``, ``eastAsia`` and ``cs``.
    """
    script = LANGUAGES[code].script
    own = _FONTS[script][0] if script in _FONTS else LATIN
    east, other = (own, LATIN) if script in EAST_ASIAN else (LATIN, own)
    return {"ascii": LATIN, "hAnsi": LATIN, "eastAsia": east, "cs": other}


def font_table(code: str) -> str:
    """List the fonts, each with the one that may stand in for it.

    Parameters
    ----------
    code : str
        Language of the page.

    Returns
    -------
    str
        XML of the font table.
    """
    script = LANGUAGES[code].script
    named = {LATIN: "Liberation Sans", **({_FONTS[script][0]: _FONTS[script][1]} if script in _FONTS else {})}
    told = "".join(f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>' for name, other in named.items())
    return f"<w:fonts {W}>{told}</w:fonts>"


def look(
    *, size: float | None = None, colour: str = "", bold: bool = False, caps: bool = False, line: bool = False
) -> str:
    """Write properties of letters.

    Parameters
    ----------
    size : float, optional
        In points.
    colour : str
        Six hexadecimal digits.
    bold, caps, line : bool
        Heavy letters, capitals, a line under the words.

    Returns
    -------
    str
        XML in the order of the schema, for every script.
    """
    told = "<w:b/><w:bCs/>" if bold else ""
    told += "<w:caps/>" if caps else ""
    told += f'<w:color w:val="{colour}"/>' if colour else ""
    told += f'<w:sz w:val="{round(2 * size)}"/><w:szCs w:val="{round(2 * size)}"/>' if size else ""
    return told + ('<w:u w:val="single"/>' if line else "")


def _space(before: int, after: int, line: int = 0) -> str:
    leading = f' w:line="{line}" w:lineRule="auto"' if line else ""
    return f'<w:spacing w:before="{before}" w:after="{after}"{leading}/>'


def _box(colour: str, width: int) -> str:
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="{width}" w:space="6" w:color="{colour}"/>'
        for side in ("top", "left", "bottom", "right")
    )
    return f"<w:pBdr>{sides}</w:pBdr>"


def _style(name: str, words: str, paragraph: str = "", letters: str = "", *, on: str = "Normal", then: str = "") -> str:
    """Write a style of paragraphs."""
    based = f'<w:basedOn w:val="{on}"/>' if on else ""
    following = f'<w:next w:val="{then}"/>' if then else ""
    default = "" if on else ' w:default="1"'
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{name}"><w:name w:val="{words}"/>{based}{following}'
        f"<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{letters}</w:rPr></w:style>"
    )


def _heading(level: int, size: float, before: int) -> str:
    kept = f'<w:keepNext/><w:keepLines/>{_space(before, 100, 252)}<w:outlineLvl w:val="{level - 1}"/>'
    return _style(f"Heading{level}", f"heading {level}", kept, look(size=size, bold=True), then="Normal")


def styles(code: str) -> str:
    """Write all styles.

    Parameters
    ----------
    code : str
        Language of the page.

    Returns
    -------
    str
        XML.
    """
    slots = " ".join(f'w:{slot}="{name}"' for slot, name in fonts_of(code).items())
    spoken = tag(code)
    tall = 330 if LANGUAGES[code].script == "Nastaliq" else 264
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts {slots}/>{look(size=10, colour=INK)}"
        f'<w:lang w:val="{spoken}" w:eastAsia="{spoken}" w:bidi="{spoken}"/></w:rPr></w:rPrDefault>'
        f"<w:pPrDefault><w:pPr>{_space(0, 120, tall)}</w:pPr></w:pPrDefault></w:docDefaults>"
    )
    cells = f"<w:suppressAutoHyphens/>{_space(30, 30, 240)}"
    stamped = look(size=9, colour=RED, bold=True, caps=True)
    told = (
        _style("Normal", "Normal", on=""),
        _style("Title", "Title", f"<w:keepNext/>{_space(300, 160, 240)}", look(size=22, bold=True), then="Normal"),
        _heading(1, 15, 360),
        _heading(2, 11.5, 240),
        _heading(3, 10, 180),
        _style("Lead", "Packet lead", "", look(size=12)),
        _style("Ask", "Packet ask", f"{_box(INK, 12)}{_space(80, 200)}{_INSIDE}", look(size=13)),
        _style(
            "Stamp",
            "Packet stamp",
            f"{_box(RED, 8)}{_space(80, 120)}{_INSIDE}",
            stamped,
        ),
        _style("Intro", "Packet intro", "<w:keepNext/>"),
        _style("Small", "Packet small", _space(60, 100), look(size=9, colour=MUTED)),
        _style("Spoken", "Packet spoken", _space(200, 200, 360), look(size=12.5)),
        _style("Figure", "Packet figure", f"<w:keepNext/>{_space(60, 60, 240)}"),
        _style("Caption", "caption", _space(0, 100, 240), look(size=8.5, colour=MUTED), then="Normal"),
        _style("Cell", "Packet cell", cells, look(size=9)),
        _style("CellHead", "Packet cell heading", "<w:keepNext/>", look(bold=True), on="Cell"),
        _style("ListBullet", "List Bullet", f'<w:numPr><w:numId w:val="1"/></w:numPr>{_space(0, 80)}'),
        _style("Note", "Packet note", _space(60, 40, 240), look(size=8.5), on="ListBullet"),
        _style("TOC1", "toc 1", _space(0, 60), then="Normal"),
        _style("Header", "header", f'{_space(0, 0, 240)}<w:jc w:val="right"/>', look(size=8, colour=RED, bold=True)),
        _style("Footer", "footer", f'{_space(0, 0, 240)}<w:jc w:val="right"/>', look(size=8, colour=MUTED)),
    )
    link = look(colour=BLUE, line=True)
    others = (
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/></w:style>'
        f'<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:rPr>{link}</w:rPr></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/></w:style>'
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/></w:style>'
        + _table_style()
    )
    return f"<w:styles {W}>{defaults}{''.join(told)}{others}</w:styles>"


def _table_style() -> str:
    """Write the style of tables: a line under each row, heavier ones under the headings and over the sum."""
    heavy = f'w:val="single" w:sz="8" w:space="0" w:color="{INK}"'
    light = f'w:val="single" w:sz="4" w:space="0" w:color="{LINE}"'

    def edged(row: str, side: str) -> str:
        borders = f"<w:tcBorders><w:{side} {heavy}/></w:tcBorders>"
        return f'<w:tblStylePr w:type="{row}"><w:tcPr>{borders}</w:tcPr></w:tblStylePr>'

    sides = "".join(f'<w:{side} w:w="70" w:type="dxa"/>' for side in ("left", "right"))
    return (
        '<w:style w:type="table" w:styleId="PacketTable"><w:name w:val="Packet table"/><w:basedOn w:val="TableNormal"/>'
        f"<w:tblPr><w:tblBorders><w:bottom {light}/><w:insideH {light}/></w:tblBorders>"
        f"<w:tblCellMar>{sides}</w:tblCellMar></w:tblPr>"
        f"{edged('firstRow', 'bottom')}{edged('lastRow', 'top')}</w:style>"
    )


def numbering() -> str:
    """Write the list with points.

    Returns
    -------
    str
        XML.
    """
    return (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/>'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:pStyle w:val="ListBullet"/>'
        '<w:lvlText w:val="•"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="284" w:hanging="284"/></w:pPr>'
        f'<w:rPr><w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:cs="{LATIN}" w:hint="default"/></w:rPr></w:lvl>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )


def settings(code: str) -> str:
    """Write how the file opens.

    Parameters
    ----------
    code : str
        Language of the page.

    Returns
    -------
    str
        XML: in today's mode, with nothing to ask for when it is opened.
    """
    where = 'w:uri="http://schemas.microsoft.com/office/word"'
    modes = {"compatibilityMode": 15, "overrideTableStyleFontSizeAndJustification": 1, "enableOpenTypeFeatures": 1}
    told = "".join(f'<w:compatSetting w:name="{name}" {where} w:val="{at}"/>' for name, at in modes.items())
    spoken = tag(code)
    return (
        f'<w:settings {W}><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
        f'<w:characterSpacingControl w:val="doNotCompress"/><w:compat>{told}</w:compat>'
        f'<w:themeFontLang w:val="{spoken}" w:eastAsia="{spoken}" w:bidi="{spoken}"/>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    )
