"""The packet as one web page with everything inside, for a screen reader, a phone or a printer."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Sequence
from html import escape

from kit.errors import InputError
from kit.i18n.fonts import families
from kit.report.marked_html import attributes, html
from kit.report.output import accessible_svg
from kit.report.packet_blocks import Block
from kit.report.packet_runs import direction
from kit.report.packet_words import worded
from kit.settings import language_in_force

_STYLE = """
:root{color-scheme:light}
body{font-family:system-ui,"DejaVu Sans",Arial,sans-serif;color:#1a1a1a;background:#fff;margin:0;line-height:1.5}
main,header,nav{max-width:62rem;margin:0 auto;padding:0 1rem}
p,li,h1,h2,h3,h4,figcaption{overflow-wrap:anywhere}
:focus-visible{outline:3px solid #0b4a8f;outline-offset:2px}
h2{border-bottom:2px solid #1a1a1a;padding-bottom:.2rem;margin-top:3rem}
a{color:#0b4a8f}
.skip{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip:focus{position:static;display:inline-block;width:auto;height:auto;clip-path:none;padding:.5rem 1rem}
.stamp{border:2px solid #8c1d18;color:#8c1d18;padding:.2rem .8rem;display:inline-block;font-weight:700;margin:.2rem}
.ask{border:2px solid #1a1a1a;padding:.6rem 1rem;font-size:1.25rem}
.spoken{font-size:1.25rem;max-width:42rem}
.small{color:#4d4d4d}
.rule{font-weight:700}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;margin:.5rem 0}
caption{text-align:start;padding:.5rem 0}
caption span{display:inline-block;position:sticky;inset-inline-start:0;max-width:min(60rem,100vw - 2rem)}
th,td{border-bottom:1px solid #767676;padding:.3rem .6rem;text-align:right;vertical-align:top}
.w{text-align:start}
.key{width:auto}
tbody th{font-weight:400}
tfoot th,tfoot td{border-top:2px solid #1a1a1a;font-weight:600}
figure{margin:1rem 0}
img{max-width:100%;height:auto}
.swatch{display:inline-block;width:2rem;height:1rem;border:1px solid #1a1a1a;vertical-align:middle;
print-color-adjust:exact;-webkit-print-color-adjust:exact;forced-color-adjust:none}
.empty{background:repeating-linear-gradient(135deg,#f4f4f4 0 4px,#a8a8a8 4px 5px)}
@media print{.skip,nav{display:none}h2{break-before:page}h2#ask{break-before:auto}h2,h3,h4{break-after:avoid}
table,figure,tr{break-inside:avoid}.scroll{overflow:visible}th,td{overflow-wrap:anywhere;padding:.2rem .3rem}
.stamp,.ask{break-inside:avoid}section~section{break-before:page}}
"""
LINES = {"ur": 2.4, "km": 1.9, "my": 2.0, "lo": 1.8, "th": 1.8}
"""Language → height of its lines; others need 1.6."""
_ADDRESS = re.compile(r"[^\s·:,;<>]+@[^\s·:,;<>]+\.[A-Za-z]{2,}")


def page_of(cover: Block, blocks: Sequence[Block], drawings: dict[str, str]) -> str:
    """Write the packet as one web page.

    Parameters
    ----------
    cover : dict
        Words of the cover.
    blocks : sequence of dict
        Pieces of the pages.
    drawings : dict of str to str
        SVG by file name.

    Returns
    -------
    str
        HTML that needs nothing from anywhere else.
    """
    flat = [inner for block in blocks for inner in (block["blocks"] if block["kind"] == "lying" else [block])]
    places: list[tuple[str, str]] = []
    body = "\n".join(_block(block, places, drawings) for block in flat)
    contents = "".join(f'<li><a href="#{name}">{_text(title)}</a></li>' for name, title in places)
    stamps = "".join(f'<p class="stamp">{_text(stamp)}</p>' for stamp in cover["stamps"])
    who = "".join(f"<p>{_text(text)}</p>" for text in cover["who"])
    return (
        f'<!doctype html>\n<html {attributes()}><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width,initial-scale=1"><title>{escape(cover["title"])}</title>'
        f"<style>{_style()}</style></head>\n"
        f'<body><a class="skip" href="#text">{worded("skip")}</a>\n'
        f"<header>{stamps}<h1>{_text(cover['title'])}</h1><p>{_text(cover['about'])}</p><p>{_text(cover['when'])}</p>"
        f"{who}</header>\n"
        f'<nav aria-label="{worded("contents")}"><ol>{contents}</ol></nav>\n'
        f'<main id="text" tabindex="-1"><h2 id="ask">{_text(cover["ask_head"])}</h2>'
        f'<p class="ask">{_text(cover["ask"])}</p>\n{body}\n'
        f'<p class="small">{_text(cover["made"])} {_text(cover["legal"])}</p></main></body></html>\n'
    )


def _style() -> str:
    """Give the look of the page; scripts other than English have fonts of their own, by name."""
    code = language_in_force()
    if code == "en":
        return _STYLE
    named = ",".join(f'"{name}"' for name in families(code))
    return f"{_STYLE}body{{font-family:{named},system-ui,sans-serif;line-height:{LINES.get(code, 1.6)}}}\n" + (
        '[dir=ltr]{font-family:"Noto Sans","DejaVu Sans",system-ui,sans-serif}th,td{text-align:left}\n'
        if direction(code) == "rtl"
        else ""
    )


def _text(text: str) -> str:
    """Escape text; an address for mail becomes a link."""
    safe = html(text)
    return _ADDRESS.sub(lambda found: f'<a href="mailto:{found[0]}">{found[0]}</a>', safe)


def _block(block: Block, places: list[tuple[str, str]], drawings: dict[str, str]) -> str:
    """Write one piece of a page."""
    kinds: dict[str, Callable[[], str]] = {
        "heading": lambda: _heading(block["text"], block["level"], places),
        "para": lambda: f'<p class="{block["style"]}">{_text(block["text"])}</p>',
        "list": lambda: f"<ul>{''.join(f'<li>{_text(item)}</li>' for item in block['items'])}</ul>",
        "one_page": lambda: _one_page(block, places),
        "table": lambda: _table(block, places),
        "exhibit": lambda: _exhibit(block, places, drawings),
        "page": lambda: "",
    }
    if block["kind"] not in kinds:
        raise InputError(f"the web page has no piece {block['kind']!r}; it has {', '.join(kinds)}.")
    return kinds[block["kind"]]()


def _one_page(block: Block, places: list[tuple[str, str]]) -> str:
    """Write the words of the page to keep."""
    return _heading(block["title"], 2, places) + "".join(f"<p>{_text(item)}</p>" for item in block["items"])


def _heading(text: str, level: int, places: list[tuple[str, str]]) -> str:
    """Write a heading; sections can be jumped to."""
    if level != 2:
        return f"<h{level}>{_text(text)}</h{level}>"
    places.append((f"part-{len(places) + 1}", text))
    return f'<h2 id="{places[-1][0]}">{_text(text)}</h2>'


def _table(block: Block, places: list[tuple[str, str]]) -> str:
    """Write a table, every heading with its scope."""
    kinds = [' class="w"' if words else "" for words in block["words"]]
    head = "".join(
        f'<th scope="col"{kind}>{_text(text)}</th>' for text, kind in zip(block["heads"], kinds, strict=True)
    )
    body = "".join(f"<tr>{_row(row, kinds)}</tr>" for row in block["rows"])
    foot = f"<tfoot><tr>{_row(block['total'], kinds)}</tr></tfoot>" if block["total"] else ""
    caption = f"<caption><span>{_text(block['caption'])}</span></caption>" if block["caption"] else ""
    notes = f"<ul>{''.join(f'<li>{_text(note)}</li>' for note in block['notes'])}</ul>" if block["notes"] else ""
    title = _heading(block["title"], 3, places) if block["title"] else ""
    label = escape(block["title"] or ", ".join(block["heads"]))
    return (
        f'{title}<div class="scroll" role="region" aria-label="{label}" tabindex="0"><table>{caption}'
        f"<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody>{foot}</table></div>{notes}"
    )


def _row(cells: Sequence[str], kinds: Sequence[str]) -> str:
    """Write one row; its first cell names it."""
    told = [f'<th scope="row"{kinds[0]}>{_text(cells[0])}</th>']
    return "".join(
        [
            *told,
            *(f"<td{kind or _figures()}>{_text(cell)}</td>" for cell, kind in zip(cells[1:], kinds[1:], strict=True)),
        ]
    )


def _figures() -> str:
    """Say that a figure is written from left to right, on pages that are not."""
    return ' dir="ltr"' if direction(language_in_force()) == "rtl" else ""


def _exhibit(block: Block, places: list[tuple[str, str]], drawings: dict[str, str]) -> str:
    """Write an exhibit: what it shows, the drawing, its key and how it was made."""
    head = _heading(block["head"], 2, places) if block["head"] else ""
    stamps = "".join(f'<p class="stamp">{_text(stamp)}</p>' for stamp in block["stamps"])
    found = "".join(f"<p>{_text(text)}</p>" for text in block["findings"])
    made = "".join(f"<p>{_text(text)}</p>" for text in block["methods"])
    first, *rest = block["key_heads"]
    heads = f'<th scope="col" class="w">{_text(first)}</th>' + "".join(
        f'<th scope="col"{" class=w" if at == 0 else ""}>{_text(text)}</th>' for at, text in enumerate(rest)
    )
    counted = len(rest) > 1
    rows = "".join(_key_row(row, drawings, counted=counted) for row in block["key"])
    picture = _picture(drawings[block["map"]], block["title"], block["alt"])
    more = "".join(
        f"<figure>{_picture(drawings[one['map']], block['title'], one['alt'])}</figure>" for one in block["more"]
    )
    return (
        f"{head}<section>{stamps}<h3>{_text(block['label'])}. {_text(block['title'])}</h3>"
        f'<p>{_text(block["where"])}</p><p class="rule">{_text(block["rule"])}</p>'
        f"<figure>{picture}<figcaption>{_text(block['label'])}</figcaption></figure>{more}"
        f"<h4>{_text(block['shows'])}</h4>{found}<h4>{_text(block['legend'])}</h4>"
        f'<table class="key"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
        f"<p>{_text(block['twin'])}</p><h4>{_text(block['made'])}</h4>{made}"
        f"<p>{_text(block['signed'])}</p></section>"
    )


def _key_row(row: Block, drawings: dict[str, str], *, counted: bool) -> str:
    """Write one row of a key."""
    count = f"<td{_figures()}>{_text(row['count'])}</td>" if counted else ""
    mark = _mark(drawings[row["swatch"]]) if row["swatch"] else _swatch(row["colour"])
    return f'<tr><td class="w">{mark}</td><th scope="row" class="w">{_text(row["words"])}</th>{count}</tr>'


def _mark(svg: str) -> str:
    """Put a mark of the map into its key; the words beside it say what it is."""
    data = base64.b64encode(svg.encode("utf-8")).decode("ascii")
    return f'<img src="data:image/svg+xml;base64,{data}" alt="">'


def _swatch(colour: str) -> str:
    """Draw a field of the key; hatched where nobody lives."""
    look = f' style="background:{colour}"' if colour else ""
    return f'<span class="swatch{"" if colour else " empty"}"{look}></span>'


def _picture(svg: str, title: str, alt: str) -> str:
    """Put a drawing into the page, its font inside."""
    whole = accessible_svg(svg, title=title, description=alt)
    data = base64.b64encode(whole.encode("utf-8")).decode("ascii")
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(alt)}">'
