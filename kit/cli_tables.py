"""Tables that commands print, and write as CSV and as an accessible web page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kit.cli_layout import laid_out
from kit.cli_session import tell_notes, tell_sources
from kit.cli_words import in_words_of_the_command_line

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from kit.model.frames import Placement
    from kit.model.source import Source

_IN_TEXT = "_text"
UNKNOWN = "n/a"
"""How a table writes what is not known or not shown."""


def number(value: Any) -> str:
    """Write a count with thousands separators.

    Parameters
    ----------
    value : float
        People or things.

    Returns
    -------
    str
        Rounded to the nearest whole.

    Examples
    --------
    >>> number(1234.4)
    '1,234'
    """
    return f"{round(value):,}"


def signed(value: Any) -> str:
    """Write a count that is more or less than something.

    Parameters
    ----------
    value : float
        People.

    Returns
    -------
    str
        With its sign, unless it is nothing.

    Examples
    --------
    >>> signed(-1234.0), signed(5), signed(0)
    ('−1,234', '+5', '0')
    """
    whole = round(value)
    return f"{'+' if whole > 0 else '−' if whole < 0 else ''}{abs(whole):,}"


def share(value: Any) -> str:
    """Write a fraction as a percentage that rounding does not falsify.

    Parameters
    ----------
    value : float
        A fraction.

    Returns
    -------
    str
        Such as ``"14.5%"``.
    """
    from kit.model.sentences import percent

    return percent(value)


def points(value: Any) -> str:
    """Write a difference of shares.

    Parameters
    ----------
    value : float
        A difference of fractions.

    Returns
    -------
    str
        In percentage points, with its sign.

    Examples
    --------
    >>> points(0.0123), points(-0.5)
    ('+1.2', '−50.0')
    """
    tenths = round(1000 * value)
    return f"{'+' if tenths > 0 else '−' if tenths < 0 else ''}{abs(tenths) / 10:.1f}"


def deviation(value: Any) -> str:
    """Write how far a district is from the ideal.

    Parameters
    ----------
    value : float
        A fraction of the ideal.

    Returns
    -------
    str
        A percentage with its sign, two places.

    Examples
    --------
    >>> deviation(0.0028), deviation(-0.00001)
    ('+0.28%', '0.00%')
    """
    hundredths = round(10_000 * value)
    return f"{'+' if hundredths > 0 else '−' if hundredths < 0 else ''}{abs(hundredths) / 100:.2f}%"


def score(value: Any) -> str:
    """Write a score of two places.

    Parameters
    ----------
    value : float
        A score.

    Returns
    -------
    str
        Such as ``"0.41"``.
    """
    return f"{value:.2f}"


@dataclass(frozen=True)
class Sheet:
    """One table as it is told.

    Parameters
    ----------
    title : str
        What the table shows.
    frame : pandas.DataFrame
        Figures in full precision; the index names the rows.
    columns : tuple of (str, str, callable)
        Column, heading, and how a figure is written. Columns that the frame
        lacks, or of which nothing is known, are left out.
    rows : str
        Heading of the index.
    whole : bool
        Whether every row is printed, however many there are.
    """

    title: str
    frame: pd.DataFrame
    columns: tuple[tuple[str, str, Callable[[Any], str]], ...]
    rows: str
    whole: bool = False

    @property
    def shown(self) -> list[tuple[str, str, Callable[[Any], str]]]:
        """Columns with something in them.

        Returns
        -------
        list of (str, str, callable)
            Some of `columns`.
        """
        return [c for c in self.columns if c[0] in self.frame.columns and self.frame[c[0]].notna().any()]

    def cells(self) -> list[list[str]]:
        """Write the figures of each row.

        Returns
        -------
        list of list of str
            Label of the row, then the figures of the columns shown.
        """
        rows = [[str(label)] for label in self.frame.index]
        for name, _, write in self.shown:
            column = self.frame[name]
            for row, value, gone in zip(rows, column.astype(object), column.isna(), strict=True):
                row.append(UNKNOWN if gone else write(value))
        return rows


@dataclass(frozen=True)
class Findings:
    """What a command found, as it is told and written.

    Parameters
    ----------
    title : str
        What was done, to which plan.
    summary : str
        Sentences, without the notes.
    sheets : tuple of Sheet
        Tables.
    notes : tuple of str
        What a reader must know.
    sources : tuple of Source
        Where figures came from.
    labels : dict of str to str
        What every row of a CSV carries, such as the plan and the definition.
    """

    title: str
    summary: str
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...]
    sources: tuple[Source, ...]
    labels: dict[str, str] = field(default_factory=dict)


def without_notes(summary: str, notes: Iterable[str]) -> str:
    """Take the notes off the end of a summary, where they are told apart.

    Parameters
    ----------
    summary : str
        Sentences, then notes.
    notes : iterable of str
        The notes.

    Returns
    -------
    str
        The sentences.
    """
    return summary.removesuffix(" ".join(notes)).strip()


def labels_of(placement: Placement, group: str = "", base: str = "", **more: str) -> dict[str, str]:
    """Name what every row of a CSV must carry.

    Parameters
    ----------
    placement : Placement
        Units in districts.
    group, base : str
        Definition id and universe id; empty where none is counted.
    **more : str
        Further labels, first.

    Returns
    -------
    dict of str to str
        Column → words.
    """
    from kit.model.sentences import RULE_WORDS

    placed = f"{placement.units.plural} by {RULE_WORDS[placement.rule]}"
    return {**more, "plan": placement.plan.name, **counted(group, base), "placement": placed}


def counted(group: str, base: str) -> dict[str, str]:
    """Name the definition and the universe.

    Parameters
    ----------
    group, base : str
        Definition id and universe id; empty where none is counted.

    Returns
    -------
    dict of str to str
        ``definition``, ``counted`` and ``universe``.
    """
    if not group:
        return {}
    from kit.model.groups import BASES, definition

    rule = definition(group)
    return {"definition": rule.name, "counted": rule.long, "universe": BASES[base].label}


def tell(console: Console, found: Findings, *, top: int | None = None) -> None:
    """Print what was found.

    Parameters
    ----------
    console : rich.console.Console
        Where to.
    found : Findings
        Title, tables, sentences, notes and sources.
    top : int, optional
        Most rows that are printed of one table.
    """
    console.print(found.title)
    if "counted" in found.labels:
        console.print(f"Counted: {found.labels['counted']}. Shares are of {found.labels['universe']}.")
    for sheet in found.sheets:
        cells = sheet.cells()
        console.print(f"\n{sheet.title}")
        if not cells:
            console.print("None.")
            continue
        left = [True, *(in_words(sheet.frame[name]) for name, *_ in sheet.shown)]
        most = len(cells) if sheet.whole or top is None else top
        for line in laid_out([sheet.rows, *(head for _, head, _ in sheet.shown)], cells[:most], left=left):
            console.print(line)
        if len(cells) > most:
            console.print(f"… and {len(cells) - most:,} more; --top shows more of them, and files have all.")
    console.print(f"\n{in_words_of_the_command_line(found.summary)}\n")
    tell_notes(console, found.notes)
    tell_sources(console, found.sources)


def in_words(column: pd.Series) -> bool:
    """Tell whether a column holds words, which stand on the left.

    Parameters
    ----------
    column : pandas.Series
        Figures or words.

    Returns
    -------
    bool
        False for numbers, and for numbers given as text.
    """
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    return is_bool_dtype(column) or not (is_numeric_dtype(column) or str(column.name).endswith(_IN_TEXT))
