"""Words on web pages: in the language in force, and marked where they are in another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from kit.i18n.catalogues import draft_stamp
from kit.i18n.messages import retold, term
from kit.maps.page import SAMPLE_STAMP
from kit.report.packet_runs import direction, runs
from kit.settings import language_in_force

PAGE_STYLE = """
body{font-family:system-ui,"DejaVu Sans",Arial,sans-serif;color:#1a1a1a;background:#fff;max-width:70rem;
margin:2rem auto;padding:0 1rem;line-height:1.45}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:.5rem 0}
th,td{border-bottom:1px solid #767676;padding:.35rem .6rem;text-align:right}
th[scope=row],thead th:first-child,td.words,th.words{text-align:left}
tfoot th,tfoot td{border-top:2px solid #1a1a1a;font-weight:600}
.stamp{border:2px solid #8c1d18;color:#8c1d18;padding:.3rem .8rem;display:inline-block;font-weight:700}
.scroll{overflow-x:auto}
"""
"""How the web pages of tables look."""
_RIGHT_TO_LEFT = """caption,th[scope=row],thead th:first-child,td.words,th.words{text-align:right}
th,td{text-align:left}
"""


def html(text: str) -> str:
    """Write words for a web page.

    Parameters
    ----------
    text : str
        A message, or words that stay as they are.

    Returns
    -------
    str
        In the language in force, escaped; words in another language say so.
    """
    told, page = retold(text), language_in_force()
    parts = runs(told)
    if all(code == page for _, code in parts):
        return escape(told)
    return "".join(
        escape(words) if code == page else f'<span lang="{code}" dir="{direction(code)}">{escape(words)}</span>'
        for words, code in parts
    )


def attributes() -> str:
    """Say the language of a page, and its direction where it is not from left to right.

    Returns
    -------
    str
        Attributes of the outermost element.
    """
    code = language_in_force()
    return f'lang="{code}"' + (' dir="rtl"' if direction(code) == "rtl" else "")


def stamps_html(*, sample: bool) -> str:
    """Write what must be stamped on a page.

    Parameters
    ----------
    sample : bool
        Whether figures rest on sample data.

    Returns
    -------
    str
        A paragraph each: sample data, and words that nobody has read over yet.
    """
    stamps = [term(SAMPLE_STAMP) if sample else "", draft_stamp(language_in_force())]
    return "".join(f'<p class="stamp">{html(stamp)}</p>' for stamp in stamps if stamp)


def attribute(text: str) -> str:
    """Write words for an attribute, which cannot say their language.

    Parameters
    ----------
    text : str
        A message.

    Returns
    -------
    str
        Escaped.
    """
    return escape(retold(text))


def list_html(items: Iterable[str]) -> str:
    """Write the items of a list.

    Parameters
    ----------
    items : iterable of str
        One a point.

    Returns
    -------
    str
        List items.
    """
    return "".join(f"<li>{html(item)}</li>" for item in items)


def page_html(title: str, body: Sequence[str]) -> str:
    """Write a page that a screen reader can walk through.

    Parameters
    ----------
    title : str
        Heading of the page.
    body : sequence of str
        HTML under the heading.

    Returns
    -------
    str
        HTML that needs nothing from anywhere else.
    """
    told = retold(title)
    style = PAGE_STYLE if direction(language_in_force()) == "ltr" else PAGE_STYLE.rstrip() + "\n" + _RIGHT_TO_LEFT
    return (
        f'<!doctype html>\n<html {attributes()}><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width,initial-scale=1"><title>{escape(told)}</title><style>{style}</style></head>\n'
        f"<body><main><h1>{html(told)}</h1>{''.join(body)}</main></body></html>\n"
    )
