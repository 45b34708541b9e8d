"""Rows of precinct returns that are no candidate's votes in a precinct: totals, ballots cast, votes by mail."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from kit.errors import SchemaError, first_few
from kit.i18n.messages import Message, mark, say
from kit.model.sentences import few, percent

_SUM = (
    r"((grand|county|state(wide)?|city|ward|district|precinct|contest|overall|election|all)[ _-]+)?"
    r"(sub[ _-]?)?totals?:?([ _-]+(votes?|ballots?)([ _-]+cast)?)?"
)
_TOTAL_CANDIDATE = re.compile(_SUM, re.IGNORECASE)
_TOTAL_PRECINCT = re.compile(rf"{_SUM}|[\w .,'-]+ (grand |county )?totals?:?|all precincts", re.IGNORECASE)
# Only words that no place is called by itself: a county and towns are called Early, Advance or Providence.
_APART = re.compile(
    r"\babsentees?\b|\babs(entee)?[ _-]?by[ _-]?mail\b|\bby[ _-]mail\b|^mail$|\bmail[ _-]?(in|ballots?|votes?|voting)\b"
    r"|^vbm\b|\bprovisionals?\b|\bone[ _-]?stop\b|\bcurb[ _-]?side\b|\boverseas\b|\buocava\b|\bfederal only\b"
    r"|\b(early|advanced?)[ _-](vot\w*|in[ _-]person|ballots?)\b|^early$|\bcentral count\b"
    r"|^(unassigned|county[ _-]?wide)$|\b(transfer(red)?|military|emergency|failsafe)[ _-](ballots?|votes?)\b",
    re.IGNORECASE,
)
_ENOUGH = 5
_MOST = 1e9
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?")
_NO_CONTEST = re.compile(
    r"(registered voters?( ?-.*)?|registration|ballots? cast( ?-.*)?|voters? registered|turnout|total ballots( cast)?"
    r"|ballots? (counted|returned))",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"(over|under)[ _-]?votes?( ?-.*)?|blanks?( votes?| ballots?)?|blank/void|void|scattered|spoiled|unresolved"
    r"|(no|none)[ _-]vote",
    re.IGNORECASE,
)


def is_total(words: pd.Series, column: str) -> pd.Series:
    """Tell rows that are sums of others.

    Parameters
    ----------
    words : pandas.Series
        Names.
    column : {"place", "candidate"}
        What they name.

    Returns
    -------
    pandas.Series
        True for sums.
    """
    pattern = _TOTAL_PRECINCT if column == "place" else _TOTAL_CANDIDATE
    return words.map(lambda text: bool(pattern.fullmatch(text.strip())))


def is_apart(precincts: pd.Series) -> pd.Series:
    """Tell votes that were counted outside precincts, such as by mail.

    Parameters
    ----------
    precincts : pandas.Series
        Names.

    Returns
    -------
    pandas.Series
        True for them.
    """
    return precincts.map(lambda text: bool(_APART.search(text)))


def is_no_contest(contests: pd.Series) -> pd.Series:
    """Tell rows that count registered voters or ballots.

    Parameters
    ----------
    contests : pandas.Series
        Names.

    Returns
    -------
    pandas.Series
        True for them.
    """
    return contests.map(lambda text: bool(_NO_CONTEST.fullmatch(text.strip())))


def is_nobody(candidates: pd.Series) -> pd.Series:
    """Tell votes that are for nobody, such as over votes and blanks.

    Parameters
    ----------
    candidates : pandas.Series
        Names.

    Returns
    -------
    pandas.Series
        True for them.
    """
    return candidates.map(lambda text: bool(_NOBODY.fullmatch(text.strip())))


def require_no_totals(rows: pd.DataFrame, name: str) -> None:
    """Refuse rows that are sums of others, named so or not.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``precinct``, ``place`` (its name alone), ``contest``, ``candidate`` and ``votes``.
    name : str
        Of the file, for the message.

    Raises
    ------
    SchemaError
        There are such rows.
    """
    for column, called in (("place", "precinct"), ("candidate", "candidate")):
        words = pd.Series(rows[column].unique(), dtype="str")
        sums = words[is_total(words, column)]
        if len(sums):
            count = int(rows[column].isin(sums).sum())
            raise SchemaError(
                f"{name} has {count:,} rows of totals ({called} {first_few(sums)}): votes would be counted twice. "
                "Remove them."
            )
    votes = rows.groupby(["contest", "candidate"])["votes"].transform("sum")
    same = ((2 * rows["votes"] == votes) | (rows["votes"] == 0)).fillna(value=False)
    whole = same.groupby(rows["precinct"]).all()
    suspects = whole.index[whole & (rows.groupby("precinct")["votes"].sum() > 0)]
    if len(whole) >= _ENOUGH and len(rows["candidate"].unique()) > 1 and len(suspects):
        raise SchemaError(
            f"{name}: precinct {first_few(suspects)} has exactly the votes of all others together, for every "
            "candidate: it is a total. Remove it."
        )


def candidates_only(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Message]]:
    """Leave out registered voters, ballots cast and votes for nobody.

    Parameters
    ----------
    rows : pandas.DataFrame
        With ``contest`` and ``candidate``.

    Returns
    -------
    rows : pandas.DataFrame
        The others.
    notes : list of str
        What was left out.
    """
    notes: list[Message] = []
    counts = rows["contest"].isin(_those(rows["contest"], is_no_contest))
    if counts.any():
        notes.append(
            say(
                "{count:,} rows count registered voters or ballots, not votes for candidates, and are left out.",
                count=int(counts.sum()),
            )
        )
    nobody = rows["candidate"].isin(_those(rows["candidate"], is_nobody)) & ~counts
    if nobody.any():
        notes.append(
            say(
                "{count:,} rows count over votes, blanks and the like, which are for nobody, and are left out.",
                count=int(nobody.sum()),
            )
        )
    return rows[~counts & ~nobody], notes


def _those(column: pd.Series, test: Any) -> pd.Series:
    """Give the different values that pass a test."""
    words = pd.Series(column.unique(), dtype="str")
    return words[test(words)]


def whole_votes(rows: pd.DataFrame, name: str, fractions: str, notes: list[Message]) -> pd.DataFrame:
    """Turn votes into whole numbers; a missing one stays missing.

    Parameters
    ----------
    rows : pandas.DataFrame
        With ``votes``.
    name : str
        Of the file, for messages.
    fractions : {"error", "round"}
        What to do with votes that are no whole numbers.
    notes : list of str
        Added to.

    Returns
    -------
    pandas.DataFrame
        With ``votes`` as Int64.

    Raises
    ------
    SchemaError
        Votes are no numbers, negative, or no whole numbers.
    """
    raw = rows["votes"]
    text = raw.astype("object").map(lambda one: _number(one) if isinstance(one, str) else one)
    blank = text.isna() | (text == "")
    votes = pd.to_numeric(text.mask(blank), errors="coerce").astype("Float64")
    unfit = (votes.isna() & ~blank) | ((votes < 0) | (votes > _MOST)).fillna(value=False)
    if unfit.any():
        told = first_few(f"{p} / {c}" for p, c in rows.loc[unfit, ["precinct", "candidate"]].itertuples(index=False))
        raise SchemaError(f"{name}: {int(unfit.sum()):,} rows have votes that are no number or negative: {told}.")
    whole = votes.round()
    split = ((votes - whole).abs() > 1e-6).fillna(value=False)
    if split.any() and fractions == "error":
        told = first_few(f"{p} / {c}" for p, c in rows.loc[split, ["precinct", "candidate"]].itertuples(index=False))
        raise SchemaError(
            f"{name}: {int(split.sum()):,} votes are no whole numbers: {told}. Somebody divided precincts; get votes "
            'as they were counted, or pass fractions="round".'
        )
    if split.any():
        notes.append(
            say(
                "{count:,} of {rows:,} numbers of votes were no whole numbers, because their maker divided precincts; "
                "they are estimates and were rounded.",
                count=int(split.sum()),
                rows=len(rows),
            )
        )
    if blank.any():
        notes.append(say("{count:,} numbers of votes are missing in the file.", count=int(blank.sum())))
    return rows.assign(votes=whole.astype("Int64"))


def _number(text: str) -> str:
    """Leave out the commas of thousands; any other comma stays, and is no number."""
    text = text.strip()
    return text.replace(",", "") if _THOUSANDS.fullmatch(text) else text


def in_precincts(rows: pd.DataFrame, apart: str, notes: list[Message]) -> pd.DataFrame:
    """Tell of votes that were counted outside precincts, and leave them out unless they are kept.

    Parameters
    ----------
    rows : pandas.DataFrame
        With ``place``, the name of the precinct alone.
    apart : {"leave_out", "keep"}
        What to do with them.
    notes : list of str
        Added to.

    Returns
    -------
    pandas.DataFrame
        The rows that stay.
    """
    outside = rows["place"].isin(_those(rows["place"], is_apart))
    if not outside.any():
        return rows
    names = list(rows.loc[outside, "precinct"].unique())
    votes, whole = int(rows.loc[outside, "votes"].sum()), int(rows["votes"].sum())
    template = (
        mark(
            "{votes:,} of {whole:,} votes ({share}) were counted outside precincts, such as by mail: {places}. They "
            "are left out, so no place has all of its votes."
        )
        if apart == "leave_out"
        else mark(
            "{votes:,} of {whole:,} votes ({share}) were counted outside precincts, such as by mail: {places}. They "
            "are kept as if those were places."
        )
    )
    share = percent(votes / whole) if whole else percent(0.0)
    notes.append(say(template, votes=votes, whole=whole, share=share, places=few(names)))
    return rows[~outside] if apart == "leave_out" else rows
