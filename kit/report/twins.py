"""Tables beside maps of areas, of change and of many plans, as CSV and as an accessible web page."""

from __future__ import annotations

from pathlib import Path

from kit.files import write_text
from kit.i18n.messages import Message, joined, mark, retold, say, term
from kit.maps.record import Twin
from kit.report.cells import is_words, written
from kit.report.marked_html import attribute, html, list_html, page_html, stamps_html
from kit.report.packet_runs import direction
from kit.report.tables import DISCLAIMER, kinds_of, stamp_words
from kit.settings import language_in_force

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
    source = joined(dict.fromkeys(one.citation() for one in twin.sources))
    told = {name: retold(text) for name, text in twin.labels.items() if name != UNSURE}
    frame = twin.frame.astype(object).where(twin.frame.notna(), None)
    frame = frame.assign(**told, uncertainty=_uncertainty(twin), source=source, note=stamp_words(sample=twin.sample))
    return str(frame.to_csv(index=False, lineterminator="\n"))


UNSURE = "uncertainty"
"""Label of a table that says itself how sure its figures are, in place of what its sources state."""


def _uncertainty(twin: Twin) -> str:
    """Name the kinds of uncertainty behind the figures."""
    if UNSURE in twin.labels:
        return retold(twin.labels[UNSURE]).removesuffix(".")
    return kinds_of(twin.sources, margins=False, cut=False)


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
    align = "right" if direction(language_in_force()) == "rtl" else "left"
    left = f' class="words" style="text-align: {align}"'
    words = {name: is_words(twin.frame[name]) and not name.endswith("_text") for name, _ in twin.columns}
    kinds = {name: left if words[name] else "" for name in words}
    names = [written(value, first) for value in twin.frame[first]]
    whole = ' style="white-space: nowrap"' if max(map(len, names), default=0) <= _SHORT else ""
    head = "".join(f'<th scope="col"{kinds[name]}>{html(word)}</th>' for name, word in others)
    rows = "".join(
        f'<tr><th scope="row"{whole}>{html(named)}</th>'
        + "".join(f"<td{kinds[name]}>{html(written(row[name], name))}</td>" for name, _ in others)
        + "</tr>"
        for named, row in zip(names, twin.frame.to_dict("records"), strict=True)
    )
    return (
        f'<table style="min-width: 32rem"><caption style="text-align: {align}">{html(caption_of(twin))}</caption>\n'
        f'<thead><tr><th scope="col">{html(first_word)}</th>{head}</tr></thead>\n<tbody>{rows}</tbody></table>'
    )


LABELS = {
    "after": mark("After"),
    "before": mark("Before"),
    "counted": mark("Counted"),
    "definition": mark("Definition"),
    "method": mark("Method"),
    "placement": mark("Placement"),
    "plan": mark("Plan"),
    "projection": mark("Projection"),
    "universe": mark("Universe"),
}
"""What every row of a table carries, in words."""


def caption_of(twin: Twin) -> Message:
    """Write what was counted, from what, over a table.

    Parameters
    ----------
    twin : Twin
        The table.

    Returns
    -------
    str
        One sentence a label.
    """
    told = []
    for name, text in twin.labels.items():
        if name == UNSURE:
            continue
        label = term(LABELS.get(name, name.capitalize()))
        sentence = retold(text)
        if sentence.endswith("."):
            told.append(say("{label}: {text}", label=label, text=sentence))
        else:
            told.append(say("{label}: {text}.", label=label, text=sentence))
    return joined(told)


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
        joined(
            [say("{label}: {text}", label=heading, text=written(row[name], name)) for name, heading in twin.columns],
            say("; "),
        )
        for row in twin.frame.to_dict("records")
    ]
    return "\n".join([retold(twin.title), *lines])


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
    sources = (joined([source.citation(), term(source.note)]) for source in dict.fromkeys(twin.sources))
    unsure = say("Uncertainty: {kinds}.", kinds=_uncertainty(twin))
    rounded = say("Shares are rounded for display; parts need not add up.")
    return page_html(
        twin.title,
        [
            f"{stamps_html(sample=twin.sample)}\n",
            f'<div class="scroll" role="region" aria-label="{attribute(twin.title)}" tabindex="0">{grid(twin)}</div>\n',
            f"<h2>{html(say('How the figures were made'))}</h2><ul>{list_html([*twin.notes, unsure, rounded])}</ul>\n",
            f"<h2>{html(say('Sources'))}</h2><ul>{list_html(sources)}</ul>\n<p>{html(term(DISCLAIMER))}</p>",
        ],
    )
