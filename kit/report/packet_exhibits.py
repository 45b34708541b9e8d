"""The exhibits of a packet, as pieces that print and web share."""

from __future__ import annotations

from kit.i18n.catalogues import draft_stamp
from kit.i18n.messages import joined, retold
from kit.model.frames import Plan
from kit.report.checked import own_words
from kit.report.exhibit import Exhibit
from kit.report.exhibit_shares import ShareParts
from kit.report.exhibit_sheets import LETTERED
from kit.report.packet_blocks import ROWS, Block, grid
from kit.report.packet_words import worded
from kit.settings import language_in_force

# A table of so many rows stands on one page.
_WHOLE = 16
_AIDS = frozenset({"illustrative", "draft"})


def exhibit_block(exhibit: Exhibit, page: Block, files: dict[str, str], *, head: bool) -> Block:
    """Make the page of one exhibit.

    Parameters
    ----------
    exhibit : Exhibit
        The exhibit.
    page : dict
        What `Exhibit.laid_out` gave.
    files : dict of str to str
        ``map`` and ``locator`` → file name of the drawing.
    head : bool
        Whether the heading of all exhibits stands above it.

    Returns
    -------
    dict
        A piece of a page.
    """
    aid = exhibit.parts.sample or any(plan.status in _AIDS for plan in _drawn(exhibit))
    key = [*page["classes"], *_nobody(page)]
    kept = ("number", "title", "where", "stamps", "alt", "legend", "findings", "methods", "signed", "place", "wide")
    more = [{"map": files[f"map_{at}"], "alt": alt} for at, alt in enumerate(page["alts"][1:], 2)]
    return {
        "kind": "exhibit",
        **{name: page[name] for name in kept},
        "stamps": [stamp for stamp in page["stamps"] if stamp != draft_stamp(language_in_force())],
        "findings": [*page["findings"], _title(exhibit)],
        "head": worded("exhibits") if head else "",
        "label": worded("exhibit", number=exhibit.number),
        "rule": worded("aid_label" if aid else "summary_label"),
        "shows": worded(_shows(exhibit, several=bool(page["wide"] or more))),
        "made": worded("how_made"),
        "notes": [
            *page["methods"][: on_page(page)],
            joined([_named(exhibit), worded("more_made", chapter=worded("how_all_made"))]),
        ],
        "twin": worded("twin") if in_tables(exhibit) else worded("twin_after", chapter=worded("exhibit_tables")),
        "locator_alt": worded("locator", place=page["place"]) if page["place"] else "",
        "key_heads": page["key_heads"],
        "key": [{**one, "swatch": files[one["swatch"].removesuffix(".svg")] if one["swatch"] else ""} for one in key],
        "key_lines": [_key_line(one) for one in key],
        "map": files["map"],
        "locator": files.get("locator", ""),
        "more": more,
    }


def _shows(exhibit: Exhibit, *, several: bool) -> str:
    """Name the heading of what a map or a chart shows."""
    if exhibit.parts.what == "chart":
        return "charts_show" if several else "chart_shows"
    return "many_show" if several else "shows"


def _drawn(exhibit: Exhibit) -> list[Plan]:
    """List the plans of an exhibit, those of each panel among them."""
    parts = exhibit.parts
    panels = [parts.record, *parts.record.others] if isinstance(parts, ShareParts) else []
    placed = [*exhibit.placements, *(panel.table.placement for panel in panels)]
    return [one.plan for one in placed]


def _key_line(one: Block) -> str:
    """Write one line of the key, with its count where it has one."""
    return worded("key_line", words=one["words"], count=one["count"]) if one["count"] else str(one["words"])


def exhibit_tables(exhibit: Exhibit, page: Block) -> list[Block]:
    """Make the tables of an exhibit whose figures stand in no district table.

    Parameters
    ----------
    exhibit : Exhibit
        The exhibit.
    page : dict
        What `Exhibit.laid_out` gave.

    Returns
    -------
    list of dict
        Pieces of a page, with the first rows only where there are many.
    """
    if in_tables(exhibit):
        return []
    told: list[Block] = []
    for one in (page["table"], *page["more"]):
        rows = one["rows"]
        if len(rows) <= _WHOLE or not _is_key(rows):
            told.append(_twin(one, exhibit))
            continue
        # A head that is printed again on the next page is read by no screen reader: each part has its own.
        for at in range(0, len(rows), _WHOLE):
            part = _twin({**one, "rows": rows[at : at + _WHOLE]}, exhibit)
            told.append({**part, "title": "" if at else part["title"]})
    return told


def in_tables(exhibit: Exhibit) -> bool:
    """Tell whether the district tables have the figures of an exhibit.

    Parameters
    ----------
    exhibit : Exhibit
        The exhibit.

    Returns
    -------
    bool
        False where its map has tables of its own.
    """
    return exhibit.parts.told_on_page and exhibit.table is not None


def _twin(one: Block, exhibit: Exhibit) -> Block:
    """Make one table of an exhibit."""
    rows, label = one["rows"], worded("exhibit", number=exhibit.number)
    cut = len(rows) > 2 * ROWS
    return grid(
        worded("under", plan=label, statement=one["title"]) if one["title"] else label,
        one["heads"],
        rows[:ROWS] if cut else rows,
        words=one["words"],
        total=one["total"],
        notes=[worded("rows", shown=ROWS, total=len(rows))] if cut else [],
    )


def _is_key(rows: list[list[str]]) -> bool:
    """Tell whether a table says what the letters on its map mean: nothing of it may be left out."""
    return all(getattr(row[0], "template", "") == LETTERED for row in rows)


def _title(exhibit: Exhibit) -> str:
    """Say whose words the title is, or what checking it found."""
    if exhibit.checked is None:
        return own_words(exhibit.title)
    return worded("title_checked", figures=exhibit.figures(exhibit.checked), reason=retold(exhibit.checked.reason))


def on_page(page: Block) -> int:
    """Say how many notes stand on an exhibit's page.

    Parameters
    ----------
    page : dict
        What `Exhibit.laid_out` gave, or the piece made of it.

    Returns
    -------
    int
        The definition, where a comparison does not need the room.
    """
    return 0 if page["wide"] else 1


def _named(exhibit: Exhibit) -> str:
    """Name the sources of an exhibit in short."""
    named = (", ".join(part for part in (source.publisher, source.title) if part) for source in exhibit.sources)
    return worded("sources_short", sources="; ".join(dict.fromkeys(named)), kinds=exhibit.uncertainty)


def _nobody(page: Block) -> list[Block]:
    """Write the row of units where nobody lives."""
    row = {"colour": "", "swatch": "", "words": page["without"], "count": page["empty"]}
    return [row] if page["empty"] else []
