"""What is said of bounds and of Goodman's line."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kit.i18n.messages import Message, capital, mark, say, term
from kit.model.sentences import percent

NOT = "not "
"""Begins the name of everybody who is not in a group."""
SHARES_OF = {
    "voters": mark("people who voted"),
    "registered": mark("registered voters"),
    "cvap": mark("citizens of voting age"),
    "vap": mark("adults"),
}
"""What the groups' shares are shares of."""
OVER = 0.01
"""Shares that add up to more than 1 by this much are no slip of rounding."""


class _Share(float):
    """A share that is written with a true minus sign."""

    __slots__ = ()

    def __format__(self, form: str) -> str:
        return super().__format__(form).replace("-", "\N{MINUS SIGN}")


def named(group: str) -> str:
    """Write the name of a group, or of everybody else, in the language in force.

    Parameters
    ----------
    group : str
        As in the index of a result; ``"not "`` begins everybody else.

    Returns
    -------
    str
        For a sentence.
    """
    return say("everybody except {group}", group=group.removeprefix(NOT)) if group.startswith(NOT) else group


def shares_of_note(of: str) -> Message:
    """Say that the shares are not of voters.

    Parameters
    ----------
    of : str
        A key of `SHARES_OF`.

    Returns
    -------
    str
        One sentence.
    """
    return say(
        "Shares are of {people}, not of people who voted: turnout that differs between groups moves every figure.",
        people=term(SHARES_OF[of]),
    )


def overlap_notes(used: pd.DataFrame, *, groups: list[str], candidates: list[str]) -> list[str]:
    """Say where shares that should be parts of a whole add up to more.

    Parameters
    ----------
    used : pandas.DataFrame
        One row a precinct.
    groups, candidates : list of str
        Columns of shares.

    Returns
    -------
    list of str
        At most two sentences.
    """
    told: list[str] = []
    over = int((used[list(dict.fromkeys(groups))].sum(axis=1) > 1 + OVER).sum())
    if over and len(groups) > 1:
        told.append(
            say(
                "In {count:,} of {total:,} precincts the groups' shares add up to more than 100%: the groups overlap, "
                "or their counts are of different people. Each group is set against everybody else, so nobody counts "
                "twice in one figure, but figures of different groups must not be added up.",
                count=over,
                total=len(used),
            )
        )
    over = int((used[list(dict.fromkeys(candidates))].sum(axis=1) > 1 + OVER).sum())
    if over and len(candidates) > 1:
        told.append(
            say(
                "In {count:,} of {total:,} precincts the candidates' shares add up to more than 100%: shares of "
                "ballots on which several may be marked, or of different votes.",
                count=over,
                total=len(used),
            )
        )
    return told


def notes_of(given: pd.DataFrame, used: pd.DataFrame, frame: pd.DataFrame, *, groups: int, of: str) -> list[str]:
    """Say what a reader of bounds and lines must know.

    Parameters
    ----------
    given, used : pandas.DataFrame
        Precincts as they came, and those with votes.
    frame : pandas.DataFrame
        Figures by group and candidate.
    groups : int
        How many groups were asked for.
    of : str
        What the groups' shares are shares of.

    Returns
    -------
    list of str
        Sentences.
    """
    said: list[str] = []
    if len(used) < len(given):
        said.append(say("{count:,} precincts without votes are left out.", count=len(given) - len(used)))
    if frame["model_driven"].any():
        said.append(
            say(
                "Bounds wider than one half: {count:,} of {rows:,} figures are driven by the model, not by the "
                "returns.",
                count=int(frame["model_driven"].sum()),
                rows=len(frame),
            )
        )
    if frame["impossible"].any():
        said.append(
            say(
                "{count:,} of {rows:,} figures of Goodman's line lie outside 0 to 100%: the line does not fit there.",
                count=int(frame["impossible"].sum()),
                rows=len(frame),
            )
        )
    if frame["homogeneous"].isna().any():
        said.append(say("Homogeneous precincts are not available where fewer than {fewest} were found.", fewest=5))
    if groups > 1:
        said.append(say("Each group stands against everybody else, who are not of one kind."))
    if of != "voters":
        said.append(shares_of_note(of))
    said.append(say("These are shares of votes, estimated from precincts. How a person voted is not known."))
    return said


def told(group: str, candidate: str, row: pd.Series) -> Message:
    """Write the bounds of one group and candidate, and the line beside them.

    Parameters
    ----------
    group, candidate : str
        As in the index.
    row : pandas.Series
        One row of the frame.

    Returns
    -------
    str
        One sentence.
    """
    given = {
        "group": capital(named(group)),
        "candidate": candidate,
        "low": percent(row["low"]),
        "high": percent(row["high"]),
    }
    if np.isnan(row["goodman"]):
        return say("{group}, {candidate}: between {low} and {high} of the votes, whatever the voters did.", **given)
    line = {"line": _Share(row["goodman"]), "error": float(row["goodman_se"])}
    if row["model_driven"]:
        return say(
            "{group}, {candidate}: between {low} and {high} of the votes, whatever the voters did; Goodman's line "
            "gives {line:.1%} (standard error {error:.1%}), a figure that the model drives, not the returns.",
            **given,
            **line,
        )
    return say(
        "{group}, {candidate}: between {low} and {high} of the votes, whatever the voters did; Goodman's line "
        "gives {line:.1%} (standard error {error:.1%}).",
        **given,
        **line,
    )
