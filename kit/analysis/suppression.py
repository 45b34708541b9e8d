"""Hide small counts of registered people and voters, so that none can be worked out from what is left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from kit.analysis.suppression_kinds import REGISTERED
from kit.analysis.suppression_search import Search
from kit.analysis.suppression_secrets import secrets_of
from kit.analysis.suppression_system import System, build
from kit.errors import InputError
from kit.i18n.messages import Message, say
from kit.model.voters import SMALLEST, VoterCounts


def suppress_small(counts: VoterCounts, *, smallest: int = SMALLEST) -> VoterCounts:
    """Hide small counts, and as many others as it takes that no small one can be worked out.

    Parameters
    ----------
    counts : VoterCounts
        Registered people and voters by area and group.
    smallest : int, default 11
        Counts of 1 to ``smallest - 1`` people are hidden.

    Returns
    -------
    VoterCounts
        The same with hidden counts missing, ``hidden`` true where one of the
        two counts of a row is not shown, and a note of how many.

    Raises
    ------
    InputError
        A count is negative or no whole number, stands twice, an area has no total, or `smallest` is no count.

    Notes
    -----
    Secret are registered people, voters, and registered people who did not
    vote, where they are 1 to ``smallest - 1``; who voted, where all of a group
    did or nobody, since that tells it of each of them; and the same of whoever
    is left when groups are taken from each other and from everybody. A count
    of 0 registered people is no secret, nor that nobody voted where at least
    50 people are registered in the area and nobody at all voted: there was no election.

    The reader is taken to know all that is shown, the sums of the whole place,
    that parts add up to wholes, that voters are among the registered, and that
    no count is negative. What this leaves open for each secret is found by
    linear programs, and is at least `smallest` people wide. Which of the hidden
    counts are small is not told, nor how many.

    Counties or districts take seconds; a thousand precincts take about a minute.

    Not covered: another version of the same list, or a table of it made
    elsewhere. Hide tables of one list together (`suppress_together`).

    Examples
    --------
    >>> rows = [("1", "total", 900, 600), ("1", "nh_aapi_alone", 40, 25), ("2", "total", 800, 500)]
    >>> rows += [("2", "nh_aapi_alone", 30, 4), ("3", "total", 700, 400), ("3", "nh_aapi_alone", 90, 50)]
    >>> frame = pd.DataFrame(rows, columns=["area", "group", "registered", "voted"]).set_index(["area", "group"])
    >>> made = suppress_small(VoterCounts(frame.astype("Int64").assign(hidden=False)))
    >>> made.of("nh_aapi_alone")["voted"].tolist()
    [<NA>, <NA>, 50]
    """
    return suppress_together([counts], smallest=smallest)[0]


def suppress_together(
    tables: Sequence[VoterCounts], *, overlaps: Iterable[tuple[str, str]] | None = None, smallest: int = SMALLEST
) -> tuple[VoterCounts, ...]:
    """Hide small counts in several tables of one list, so that none can be worked out from all of them.

    Parameters
    ----------
    tables : sequence of VoterCounts
        Tables of one list: of the same areas with other groups or another
        election, or of other areas, such as districts and counties.
    overlaps : iterable of pairs of str, optional
        For two kinds of areas: which area of the first has people in common
        with which of the second. Without it, only the totals tie the tables,
        so give it wherever a reader can see from a map which areas overlap.
    smallest : int, default 11
        Counts of 1 to ``smallest - 1`` people are hidden.

    Returns
    -------
    tuple of VoterCounts
        As `suppress_small` gives them, in the same order.

    Raises
    ------
    InputError
        As `suppress_small`; the tables add up to different totals, or the overlaps do not fit them.

    Notes
    -----
    With `overlaps`, the pieces in which areas overlap are protected too, where
    the tables would show that a piece has fewer than `smallest` people of a group.
    """
    return protect(tables, overlaps=overlaps, smallest=smallest)[0]


def protect(
    tables: Sequence[VoterCounts], *, overlaps: Iterable[tuple[str, str]] | None = None, smallest: int = SMALLEST
) -> tuple[tuple[VoterCounts, ...], tuple[pd.DataFrame, ...]]:
    """Hide small counts in tables, and in the sums of the whole place.

    Parameters
    ----------
    tables : sequence of VoterCounts
        Tables of one list.
    overlaps : iterable of pairs of str, optional
        As in `suppress_together`.
    smallest : int, default 11
        Smallest count that is shown.

    Returns
    -------
    tables : tuple of VoterCounts
        With what is hidden missing.
    wholes : tuple of pandas.DataFrame
        For each table ``registered`` and ``voted`` of the whole place by group, Int64; missing where hidden.

    Raises
    ------
    InputError
        As in `suppress_together`.
    """
    if isinstance(smallest, bool) or not isinstance(smallest, int) or smallest < 1:
        raise InputError(
            f"smallest={smallest!r}: give the smallest count that may be shown, a whole number such as 11."
        )
    if not isinstance(tables, Sequence):
        raise InputError(f"tables={type(tables).__name__}: pass the tables of voters in a list.")
    if not tables:
        raise InputError("no table of voters was given.")
    system = build(tables, overlaps)
    if smallest > 1:
        Search(system, secrets_of(system, smallest), smallest).run()
    return (
        tuple(_shown(system, number, table, smallest) for number, table in enumerate(tables)),
        tuple(_wholes(system, number) for number in range(len(tables))),
    )


def _shown(system: System, number: int, counts: VoterCounts, smallest: int) -> VoterCounts:
    """Take what is hidden out of a table."""
    frame = counts.frame
    before = int(frame["hidden"].sum())
    for name in (REGISTERED, "voted"):
        gone = [
            (area, group)
            for cell in system.cells.values()
            if not cell.shown and (cell.column == REGISTERED) == (name == REGISTERED)
            for table, area, group in cell.at
            if table == number and (cell.closed or not pd.isna(cell.value))
        ]
        rows = frame.index.isin(gone)
        frame[name] = frame[name].mask(rows)
        frame["hidden"] = frame["hidden"] | rows
    hidden = int(frame["hidden"].sum())
    notes = (*counts.notes, *_notes(hidden, smallest)) if hidden > before else counts.notes
    return replace(counts, frame=frame, smallest=max(smallest, counts.smallest), notes=notes)


def _wholes(system: System, number: int) -> pd.DataFrame:
    """Give the sums of the whole place."""
    table, whole = system.tables[number], system.wholes()[number]
    groups = list(dict.fromkeys(table.index.get_level_values("group")))
    made = pd.DataFrame(pd.NA, index=pd.Index(groups, name="group"), columns=[REGISTERED, "voted"], dtype="Int64")
    for name in table.columns:
        for group in groups:
            cell = system.cells[whole, group, name]
            if cell.shown:
                made.loc[group, REGISTERED if name == REGISTERED else "voted"] = int(cell.value)
    return made


def _notes(hidden: int, smallest: int) -> tuple[Message, Message]:
    """Say how much is hidden, and what this does not cover."""
    return (
        say(
            "Not shown: figures of {number:,} areas and groups, because they count fewer than {smallest} people, would "
            "tell how each person of a group acted, or would help to work such figures out.",
            number=hidden,
            smallest=smallest,
        ),
        say(
            "Hidden figures are safe from sums within these tables, not from another version of the same list: do not "
            "publish this table beside one made of an earlier or later copy that hides other figures."
        ),
    )
