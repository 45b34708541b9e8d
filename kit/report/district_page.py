"""The table of a district table on a web page."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kit.i18n.messages import Message, figure, joined, mark, say, term
from kit.model.frames import DistrictTable
from kit.model.groups import BASES, definition
from kit.model.sentences import RULE_WORDS
from kit.report.cells import unbroken
from kit.report.marked_html import attribute, html, list_html, page_html, stamps_html
from kit.report.tables import DISCLAIMER, columns_of, is_sample, uncertainty
from kit.report.tables import figure as cell

# What a page has room for beyond the columns of an exhibit.
_MORE = [
    ("share_of_group", mark("Share of the group")),
    ("difference", mark("Share less that of all districts")),
    ("location_quotient", mark("Share over that of all districts")),
]
_RELIABLE = ("reliability", mark("Reliability of the share"))
_LAST = [("rank", mark("Rank")), ("tier", mark("Band of share"))]


def grid(table: DistrictTable) -> str:
    """Write the table itself: caption, headings, districts, total.

    Parameters
    ----------
    table : DistrictTable
        Figures by district.

    Returns
    -------
    str
        HTML, every heading with its scope.
    """
    rule, base = definition(table.group), BASES[table.base]
    shown = [*columns_of(table), *_MORE, *([_RELIABLE] if _RELIABLE[0] in table.frame.columns else []), *_LAST]
    head = "".join(f'<th scope="col"{_words(name)}>{html(term(text))}</th>' for name, text in shown)
    rows = "".join(
        f'<tr><th scope="row">{html(str(label))}</th>{_cells(row, shown)}</tr>' for label, row in table.frame.iterrows()
    )
    total = _cells(table.total.reindex(table.frame.columns), shown)
    caption = say(
        "Counted: {long} (definition {name}). Base: {base}.",
        long=term(rule.long),
        name=rule.name,
        base=term(base.label),
    )
    return (
        f"<table><caption>{html(caption)}</caption>\n"
        f'<thead><tr><th scope="col">{html(say("District"))}</th>{head}</tr></thead>\n<tbody>{rows}</tbody>\n'
        f'<tfoot><tr><th scope="row">{html(say("All districts"))}</th>{total}</tr></tfoot></table>'
    )


def page_text(table: DistrictTable) -> str:
    """Write a page that a screen reader can walk through.

    Parameters
    ----------
    table : DistrictTable
        Figures by district.

    Returns
    -------
    str
        HTML.
    """
    placed = table.placement
    title = say(
        "{group}: share of {base} by district, {plan}",
        group=term(definition(table.group).short),
        base=term(BASES[table.base].label),
        plan=placed.plan.name,
    )
    placing = say(
        "{units:capital} were placed by {rule}.", units=term(placed.units.plural), rule=term(RULE_WORDS[placed.rule])
    )
    remarks = dict.fromkeys((*placed.units.notes, *placed.plan.notes, *placed.notes, *table.notes))
    sources = (joined([source.citation(), term(source.note)]) for source in dict.fromkeys(table.sources))
    unsure = say("Uncertainty: {kinds}.", kinds=uncertainty(table))
    rounded = say("Shares are rounded for display; parts need not add up.")
    return page_html(
        title,
        [
            f"{stamps_html(sample=is_sample(table))}<p>{html(table.summary())}</p>\n",
            f'<div class="scroll" role="region" aria-label="{attribute(say("District table"))}" tabindex="0">',
            f"{grid(table)}</div>\n<h2>{html(say('How the figures were made'))}</h2>",
            f"<ul>{list_html([placing, *remarks, unsure, rounded])}</ul>\n",
            f"<h2>{html(say('Sources'))}</h2><ul>{list_html(sources)}</ul>\n<p>{html(term(DISCLAIMER))}</p>",
        ],
    )


def _words(name: str) -> str:
    return ' class="words"' if name in {"tier", "reliability"} else ""


def _cells(row: Any, shown: list[tuple[str, str]]) -> str:
    return "".join(f"<td{_words(name)}>{html(_with_margin(row, name))}</td>" for name, _ in shown)


def _with_margin(row: Any, name: str) -> str:
    """Write one figure of a page, where a count too has room for its margin."""
    margin, told = row.get(f"{name}_moe"), cell(row, name)
    if margin is None or "±" in told or pd.isna(row[name]):
        return told
    return joined([told, unbroken(_margin(margin))])


def _margin(margin: float) -> Message:
    """Write a margin of people."""
    return say("± unknown") if pd.isna(margin) else say("± {margin}", margin=figure(f"{margin:,.0f}"))
