"""Files that commands write: tables as CSV, an accessible web page, and plain text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kit.cli_tables import Findings, Sheet, in_words
from kit.cli_words import in_words_of_the_command_line
from kit.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console


def require_suffix(path: Path | None, *suffixes: str) -> None:
    """Refuse a file name that says another format.

    Parameters
    ----------
    path : pathlib.Path or None
        File to be written.
    *suffixes : str
        What it may end in, such as ``".csv"``.

    Raises
    ------
    InputError
        It ends in something else.
    """
    if path is not None and path.suffix.lower() not in suffixes:
        raise InputError(f"{path.name} must end in {' or '.join(suffixes)}, which says the format. Change the name.")


def write(console: Console, found: Findings, *, csv: Path | None = None, html: Path | None = None) -> None:
    """Write the first table as CSV, and everything as a web page.

    Parameters
    ----------
    console : rich.console.Console
        Where the names of the files are told.
    found : Findings
        What was found.
    csv, html : pathlib.Path, optional
        Files to write.
    """
    if csv is not None:
        write_csv(console, found.sheets[0].frame, found, csv)
    if html is not None:
        from kit.files import write_text

        write_text(html, _page(found))
        console.print(f"Wrote {html}")


def write_csv(console: Console, frame: pd.DataFrame, found: Findings, path: Path, *, index: bool = True) -> None:
    """Write a table in full precision; every row carries its labels and sources.

    Parameters
    ----------
    console : rich.console.Console
        Where the file's name is told.
    frame : pandas.DataFrame
        The table.
    found : Findings
        What it belongs to.
    path : pathlib.Path
        File to write.
    index : bool
        Whether the index has something to say.
    """
    from kit.files import write_text

    cited = " ".join(dict.fromkeys(source.citation() for source in found.sources))
    labels = {**found.labels, "source": cited, "note": _stamp(found)}
    told = {name if name not in frame.columns else f"{name}_label": text for name, text in labels.items()}
    write_text(path, frame.assign(**told).to_csv(lineterminator="\n", index=index))
    console.print(f"Wrote {path}")


def write_words(console: Console, found: Findings, path: Path) -> None:
    """Write sentences, notes and sources as plain text.

    Parameters
    ----------
    console : rich.console.Console
        Where the file's name is told.
    found : Findings
        What was found.
    path : pathlib.Path
        File to write.
    """
    from kit.files import write_text

    notes = [f"- {in_words_of_the_command_line(note)}" for note in dict.fromkeys(found.notes)]
    sources = [f"- {source.citation()}" for source in dict.fromkeys(found.sources)]
    lines = [found.title, "", in_words_of_the_command_line(found.summary), "", *notes, "", "Sources:", *sources, ""]
    write_text(path, "\n".join([*lines, _stamp(found), ""]))
    console.print(f"Wrote {path}")


def _stamp(found: Findings) -> str:
    from kit.maps.page import SAMPLE_STAMP
    from kit.report.tables import DISCLAIMER

    return f"{SAMPLE_STAMP}. {DISCLAIMER}" if any(source.sample for source in found.sources) else DISCLAIMER


def _page(found: Findings) -> str:
    """Write a page that a screen reader can walk through."""
    from html import escape

    from kit.maps.page import SAMPLE_STAMP
    from kit.report.marked_html import PAGE_STYLE
    from kit.report.tables import DISCLAIMER

    sample = any(source.sample for source in found.sources)
    stamp = f'<p class="stamp">{SAMPLE_STAMP}</p>' if sample else ""
    title = escape(found.title)
    counted_ = ""
    if "counted" in found.labels:
        counted_ = (
            f"<p>Counted: {escape(found.labels['counted'])}. Shares are of {escape(found.labels['universe'])}.</p>"
        )
    notes = "".join(f"<li>{escape(in_words_of_the_command_line(note))}</li>" for note in dict.fromkeys(found.notes))
    sources = "".join(f"<li>{escape(source.citation())}</li>" for source in dict.fromkeys(found.sources))
    said = in_words_of_the_command_line(found.summary).split("\n\n")
    summary = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in said)
    tables = "".join(_grid(sheet) for sheet in found.sheets)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width,initial-scale=1"><title>{title}</title><style>{PAGE_STYLE}</style></head>\n'
        f"<body><main><h1>{title}</h1>{stamp}{counted_}"
        f"{summary}\n{tables}"
        f"<h2>What a reader must know</h2><ul>{notes}<li>Figures are rounded for display; parts need not add up."
        f"</li></ul>\n<h2>Sources</h2><ul>{sources}</ul>\n<p>{DISCLAIMER}</p></main></body></html>\n"
    )


def _grid(sheet: Sheet) -> str:
    """Write one table: caption, headings, rows."""
    from html import escape

    words = [' class="words"' if in_words(sheet.frame[name]) else "" for name, _, _ in sheet.shown]
    heads = zip(words, sheet.shown, strict=True)
    head = "".join(f'<th scope="col"{kind}>{escape(text)}</th>' for kind, (_, text, _) in heads)
    rows = "".join(
        f'<tr><th scope="row">{escape(label)}</th>'
        + "".join(f"<td{kind}>{escape(text)}</td>" for kind, text in zip(words, cells, strict=True))
        + "</tr>\n"
        for label, *cells in sheet.cells()
    )
    title = escape(sheet.title)
    return (
        f'<div class="scroll" role="region" aria-label="{title}" tabindex="0"><table><caption>{title}</caption>\n'
        f'<thead><tr><th scope="col">{escape(sheet.rows)}</th>{head}</tr></thead>\n'
        f"<tbody>{rows}</tbody></table></div>\n"
    )
