"""Tables beside maps of areas, of change and of many plans, as CSV and as an accessible web page."""

from __future__ import annotations

from html import escape
from pathlib import Path

from kit.files import write_text
from kit.maps.page import SAMPLE_STAMP
from kit.maps.record import Twin
from kit.report.cells import is_words, written
from kit.report.tables import DISCLAIMER, KINDS, PAGE_STYLE

# A name of a row that is no longer than this stands on one line.
_SHORT = 18


def write_twin(twin: Twin, stem: Path) -> list[Path]:
    """Write the table of a map.

    Parameters
    ----------
    twin : Twin
        The table.
    stem : pathlib.Path
        File name without suffix; the table's mark is added to it.

    Returns
    -------
    list of pathlib.Path
        ``.csv``, every row of which carries what was counted and from what,
        and ``.html`` for a table that a person would read.
    """
    name = f"{stem.name}{f'_{twin.mark}' if twin.mark else ''}"
    files = [write_text(stem.with_name(f"{name}.csv"), csv_text(twin))]
    if twin.page:
        files.append(write_text(stem.with_name(f"{name}.html"), page_text(twin)))
    return files


def csv_text(twin: Twin) -> str:
    """Write rows that each carry their labels; full precision.

    Parameters
    ----------
    twin : Twin
        The table.

    Returns
    -------
    str
        Comma-separated values.
    """
    source = " ".join(dict.fromkeys(one.citation() for one in twin.sources))
    note = f"{SAMPLE_STAMP}. {DISCLAIMER}" if twin.sample else DISCLAIMER
    frame = twin.frame.astype(object).where(twin.frame.notna(), None)
    frame = frame.assign(**twin.labels, uncertainty=_uncertainty(twin), source=source, note=note)
    return str(frame.to_csv(index=False, lineterminator="\n"))


def _uncertainty(twin: Twin) -> str:
    """Name the kinds of uncertainty behind the figures."""
    kinds = dict.fromkeys(one.uncertainty for one in twin.sources if one.uncertainty != "none stated")
    return "; ".join(KINDS.get(kind, kind) for kind in kinds) or KINDS["none stated"]


def grid(twin: Twin) -> str:
    """Write the table itself: caption, headings and rows.

    Parameters
    ----------
    twin : Twin
        The table.

    Returns
    -------
    str
        HTML, every heading with its scope.
    """
    (first, first_word), *others = twin.columns
    left = ' class="words" style="text-align: left"'
    words = {name: is_words(twin.frame[name]) and not name.endswith("_text") for name, _ in twin.columns}
    kinds = {name: left if words[name] else "" for name in words}
    names = [written(value, first) for value in twin.frame[first]]
    whole = ' style="white-space: nowrap"' if max(map(len, names), default=0) <= _SHORT else ""
    head = "".join(f'<th scope="col"{kinds[name]}>{escape(word)}</th>' for name, word in others)
    rows = "".join(
        f'<tr><th scope="row"{whole}>{escape(named)}</th>'
        + "".join(f"<td{kinds[name]}>{escape(written(row[name], name))}</td>" for name, _ in others)
        + "</tr>"
        for named, row in zip(names, twin.frame.to_dict("records"), strict=True)
    )
    caption = escape(" ".join(f"{name.capitalize()}: {text}." for name, text in twin.labels.items()).replace("..", "."))
    return (
        f'<table style="min-width: 32rem"><caption style="text-align: left">{caption}</caption>\n'
        f'<thead><tr><th scope="col">{escape(first_word)}</th>{head}</tr></thead>\n<tbody>{rows}</tbody></table>'
    )


def plain(twin: Twin) -> str:
    """Write the rows as text, for where no table can be shown.

    Parameters
    ----------
    twin : Twin
        The table.

    Returns
    -------
    str
        Title, then one line a row.
    """
    lines = [
        "; ".join(f"{heading}: {written(row[name], name)}" for name, heading in twin.columns)
        for row in twin.frame.to_dict("records")
    ]
    return "\n".join([twin.title, *lines])


def page_text(twin: Twin) -> str:
    """Write a page that a screen reader can walk through.

    Parameters
    ----------
    twin : Twin
        The table.

    Returns
    -------
    str
        HTML.
    """
    title, stamp = escape(twin.title), f'<p class="stamp">{SAMPLE_STAMP}</p>' if twin.sample else ""
    notes = "".join(f"<li>{escape(note)}</li>" for note in twin.notes)
    sources = "".join(
        f"<li>{escape(source.citation())}{f' {escape(source.note)}' if source.note else ''}</li>"
        for source in dict.fromkeys(twin.sources)
    )
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width,initial-scale=1"><title>{title}</title><style>{PAGE_STYLE}</style></head>\n'
        f"<body><main><h1>{title}</h1>{stamp}\n"
        f'<div class="scroll" role="region" aria-label="{title}" tabindex="0">{grid(twin)}</div>\n'
        f"<h2>How the figures were made</h2><ul>{notes}"
        f"<li>Uncertainty: {escape(_uncertainty(twin))}.</li>"
        "<li>Shares are rounded for display; parts need not add up.</li></ul>\n"
        f"<h2>Sources</h2><ul>{sources}</ul>\n<p>{DISCLAIMER}</p></main></body></html>\n"
    )
