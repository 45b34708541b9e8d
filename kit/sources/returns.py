"""Precinct returns: a column for each candidate, as VEST publishes them, or a row for each."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from kit.errors import Corrupt, InputError, SchemaError, first_few
from kit.files import sha256
from kit.i18n.messages import Message, mark
from kit.model.returns import Returns
from kit.model.source import Source
from kit.sources.plan_text import decoded
from kit.sources.polling_rows import split_rows
from kit.sources.returns_codes import Coded, decode
from kit.sources.returns_rows import candidates_only, in_precincts, require_no_totals, whole_votes
from kit.sources.voter_labels import as_file, require_whole_ids
from kit.sources.voter_layout_rules import plain

_KEYS = ["precinct", "contest", "candidate"]
# What a long table may call its columns.
_NAMES = {
    "precinct": ("precinct", "precinct_id", "precinct_code", "precinct_name", "vtd", "ward"),
    "county": ("county", "county_name", "parish"),
    "contest": ("contest", "contest_name", "office", "race"),
    "district": ("district", "office_district"),
    "candidate": ("candidate", "candidate_name", "choice"),
    "party": ("party", "choice_party", "party_simplified"),
    "votes": ("votes", "total_votes", "vote_count"),
    "stage": ("stage",),
    "year": ("year",),
}
_IDS = ("unique_id", "geoid20", "geoid", "precinct", "precinct_id", "precinctid", "pct_std", "vtdid", "vtdst20", "name")
_STAGES = ("primary", "general", "runoff", "special")


def read_returns(
    source: str | os.PathLike[str] | pd.DataFrame,
    *,
    kind: str = "auto",
    precinct: str | None = None,
    contests: Sequence[str] | None = None,
    columns: Mapping[str, str] | None = None,
    year: int | None = None,
    stage: str = "",
    apart: str = "leave_out",
    fractions: str = "error",
    sources: Sequence[Source] = (),
) -> Returns:
    """Read votes by precinct and candidate.

    Parameters
    ----------
    source : path-like or pandas.DataFrame
        A CSV, shapefile (also zipped) or GeoPackage; shapes are not read. Or a table.
    kind : {"auto", "vest", "long"}
        A column for each candidate, named such as ``G20PREDBID``; or a row for
        each precinct, contest and candidate. By default what the columns say.
    precinct : str, optional
        Column of the precinct's id.
    contests : sequence of str, optional
        Ids of contests to keep; all by default.
    columns : dict of str to str, optional
        For long tables, what the kit calls a column (``precinct``, ``county``,
        ``contest``, ``district``, ``candidate``, ``party``, ``votes``, ``stage``,
        ``year``) and what the file calls it. For columns of candidates, the
        column and the candidate's full name.
    year : int, optional
        Year of the election, where neither columns nor names of contests say it.
    stage : {"", "primary", "general", "runoff", "special"}
        Stage, where neither columns nor names of contests say it.
    apart : {"leave_out", "keep"}
        What to do with votes counted outside precincts, such as by mail; either way notes say how many.
    fractions : {"error", "round"}
        What to do with votes that are no whole numbers, because somebody divided precincts.
    sources : sequence of Source
        Where a table came from.

    Returns
    -------
    kit.model.returns.Returns
        Votes, contests and candidates.

    Raises
    ------
    InputError
        There is no such file, or no such contest.
    SchemaError
        Columns are missing, rows stand twice or are totals, or votes cannot be.
    Corrupt
        The file cannot be read.

    Notes
    -----
    In a long table with counties the id of a precinct is county and precinct, and
    the id of a contest is office and district. Registered voters, ballots cast,
    over votes and blanks are no candidate's votes and are left out, with a note.

    References
    ----------
    Voting and Election Science Team, Precinct-Level Election Results, codebooks.

    Examples
    --------
    >>> table = pd.DataFrame({"precinct": ["P1", "P2"], "G20PREDAAA": [3, 4], "G20PRERBBB": [5, 6]})
    >>> read_returns(table).wide("G20PRE")["DAAA"].tolist()
    [3, 4]
    """
    _require_choices(kind, stage, apart, fractions)
    _require_kinds(columns, contests, precinct)
    year = _year(year)
    table, name, found, read = _table(source, tuple(sources))
    coded = [one for column in table.columns if (one := decode(str(column))) is not None]
    if kind == "auto":
        kind = "vest" if coded else "long"
    if kind == "vest":
        if not coded:
            raise SchemaError(f"{name} has no columns such as G20PREDBID; is it a long table? Pass kind='long'.")
        rows, told = _from_columns(table, coded, name, precinct, dict(columns or {})), _pieces(coded)
    else:
        given = dict(columns or {}) | ({"precinct": precinct} if precinct else {})
        rows, told = _from_rows(table, name, given), None
    rows, notes = _settled(rows, name, contests, apart=apart, fractions=fractions)
    facts = _contests(rows, told, year, stage)
    people = rows.drop_duplicates(["contest", "candidate"]).set_index(["contest", "candidate"])
    return Returns(
        frame=rows.set_index(_KEYS)[["votes"]],
        contests=facts,
        candidates=people[["name", "party"]],
        sources=found,
        notes=(*read, *notes),
    )


def _require_kinds(columns: Any, contests: Any, precinct: Any) -> None:
    """Refuse arguments of another kind."""
    if columns is not None and not (isinstance(columns, Mapping) and all(isinstance(v, str) for v in columns.values())):
        raise InputError("columns= is a mapping such as {'votes': 'Total'}: what the kit calls a column, and the file.")
    if isinstance(contests, str):
        raise InputError(f"contests={contests!r}: pass a list of ids, such as [{contests!r}].")
    if precinct is not None and not isinstance(precinct, str):
        raise InputError(f"precinct={precinct!r}: give the heading of the column of precincts.")


def _year(year: Any) -> int | None:
    """Give a year as a number."""
    if year is None:
        return None
    if not re.fullmatch(r"(19|20)\d{2}", str(year)):
        raise InputError(f"year={year!r}: give the year of the election, such as 2024.")
    return int(year)


def _require_choices(kind: str, stage: str, apart: str, fractions: str) -> None:
    """Refuse choices that do not exist."""
    for name, choice, allowed in (
        ("kind", kind, ("auto", "vest", "long")),
        ("stage", stage, ("", *_STAGES)),
        ("apart", apart, ("leave_out", "keep")),
        ("fractions", fractions, ("error", "round")),
    ):
        if choice not in allowed:
            raise InputError(f"{name}={choice!r}: expected one of {', '.join(repr(one) for one in allowed)}.")


def _table(source: Any, sources: tuple[Source, ...]) -> tuple[pd.DataFrame, str, tuple[Source, ...], list[str]]:
    """Give the table, its name for messages, where it came from, and what was met on the way."""
    if isinstance(source, pd.DataFrame):
        return source.drop(columns="geometry", errors="ignore").reset_index(drop=True), "the table", sources, []
    path = as_file(source, "a table of returns")
    if not path.is_file():
        raise InputError(f"there is no file {path.name!r}; give precinct returns as CSV, shapefile or GeoPackage.")
    with path.open("rb") as stream:
        start = stream.read(512).lstrip()
    if start[:1] == b"<":
        raise Corrupt(f"{path.name} is a web page, not data: the server sent an error page. Get it again.")
    found = sources or (
        Source(title=mark("precinct returns"), where=path.name, sha256=sha256(path), level=mark("precinct")),
    )
    if path.suffix.lower() in {".csv", ".txt", ".tsv"}:
        text, told = decoded(path)
        if not text.strip():
            raise Corrupt(f"{path.name} is empty. Get it again.")
        return split_rows(text, path.name), path.name, found, told
    import pyogrio
    from pyogrio.errors import DataSourceError

    try:
        return pyogrio.read_dataframe(path, read_geometry=False), path.name, found, []
    except DataSourceError:
        raise Corrupt(
            f"{path.name} cannot be read as a table or a file of shapes. Give it as CSV, shapefile or GeoPackage."
        ) from None


def _from_columns(
    table: pd.DataFrame, coded: list[Coded], name: str, precinct: str | None, names: dict[str, str]
) -> pd.DataFrame:
    """Turn a column for each candidate into rows."""
    strange = sorted(set(names) - {one.column for one in coded})
    if strange:
        raise InputError(f"columns= names {first_few(strange)}, which {name} has no votes in.")
    twice = [one.column for one in coded if sum(other.column == one.column for other in coded) > 1]
    if twice:
        raise SchemaError(f"{name} has the column {first_few(dict.fromkeys(twice))} more than once. Keep one of each.")
    ids = _column(table, (precinct,) if precinct else _IDS, name, "the precinct's id (pass precinct=)")
    keys = _words(table[ids])
    twice = keys[keys.duplicated()]
    if len(twice) or (keys == "").any():
        raise SchemaError(
            f"{name}: column {ids} is no id of precincts: {len(twice):,} rows repeat one "
            f"({first_few(twice.unique(), 3)}). Pass precinct= with a column that has each once."
        )
    parts = [
        pd.DataFrame(
            {
                "precinct": keys,
                "place": keys,
                "contest": one.contest,
                "candidate": one.candidate,
                "votes": table[one.column],
                "name": names.get(one.column, one.name),
                "party": one.party,
            }
        )
        for one in coded
    ]
    return pd.concat(parts, ignore_index=True)


def _pieces(coded: list[Coded]) -> dict[str, Coded]:
    return {one.contest: one for one in coded}


def _column(table: pd.DataFrame, names: Sequence[str], name: str, what: str) -> str:
    """Find a column by its possible names."""
    found = _find(table, names, name)
    if found is None:
        raise SchemaError(f"{name} has no column of {what}; it has {first_few(table.columns, 12) or 'none'}.")
    return found


def _find(table: pd.DataFrame, names: Sequence[str], name: str) -> str | None:
    """Find a column by its possible names; one that is there twice is no column to choose from."""
    heads = [(plain(str(column)), str(column)) for column in table.columns]
    for one in names:
        found = [column for spelled, column in heads if spelled == plain(one)]
        exact = [column for column in found if column == one]
        if len(found) > 1 and len(exact) != 1:
            raise SchemaError(f"{name} has the column {first_few(found)} more than once. Keep or name one of them.")
        if found:
            return (exact or found)[0]
    return None


def _words(column: pd.Series) -> pd.Series:
    """Give ids and names as text without spaces around them."""
    return column.map(_word).astype("str").str.strip()


def _word(value: Any) -> str:
    """Give one id or name as text."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if pd.isna(value) else str(value)


def _from_rows(table: pd.DataFrame, name: str, given: Mapping[str, str]) -> pd.DataFrame:
    """Take the columns of a long table."""
    strange = sorted(set(given) - set(_NAMES))
    if strange:
        raise InputError(f"columns= has {first_few(strange)}; the kit knows {', '.join(_NAMES)}.")
    made: dict[str, pd.Series] = {}
    for key, names in _NAMES.items():
        wanted = (given[key],) if key in given else names
        if key in given or key in {"precinct", "contest", "candidate", "votes"}:
            column = _column(table, wanted, name, key)
        elif (found := _find(table, wanted, name)) is not None:
            column = found
        else:
            continue
        made[key] = table[column] if key == "votes" else _words(table[column])
    rows = pd.DataFrame(made).assign(place=made["precinct"])
    if "county" in rows:
        rows["precinct"] = (rows["county"] + " " + rows["place"]).where(rows["place"] != "", "")
    rows["office"] = rows["contest"]
    if "district" in rows:
        rows["contest"] = (rows["contest"] + " " + rows["district"]).str.strip()
        rows["office"] = rows["contest"]
    rows["name"] = rows["candidate"]
    return rows.assign(party=rows.get("party", ""))


def _settled(
    rows: pd.DataFrame, name: str, contests: Sequence[str] | None, *, apart: str, fractions: str
) -> tuple[pd.DataFrame, tuple[Message, ...]]:
    """Check the votes, and leave out what is no candidate's votes in a precinct."""
    rows, notes = candidates_only(rows)
    if contests is not None:
        there = set(rows["contest"])
        lacking = [one for one in contests if one not in there]
        if lacking:
            raise InputError(f"{name} has no contest {first_few(lacking)}; it has {first_few(sorted(there), 12)}.")
        rows = rows[rows["contest"].isin(contests)]
    for key in _KEYS:
        if (rows[key] == "").any():
            raise SchemaError(
                f"{name}: {int((rows[key] == '').sum()):,} rows have no {key}. Fill it in or remove them."
            )
    require_whole_ids(rows["place"].drop_duplicates(), f"{name}: precincts")
    _require_one_election(rows, name)
    rows = whole_votes(rows, name, fractions, notes)
    if rows.empty:
        raise SchemaError(f"{name} has no candidate's votes.")
    twice = rows[rows.duplicated(_KEYS)]
    if len(twice):
        told = first_few(" / ".join(row) for row in twice[_KEYS].itertuples(index=False))
        raise SchemaError(
            f"{name} has {len(twice):,} rows again for the same precinct, contest and candidate: {told}. Add them up "
            "if they are parts (such as by mail and in person), or remove them."
        )
    require_no_totals(rows, name)
    return in_precincts(rows, apart, notes), tuple(notes)


def _require_one_election(rows: pd.DataFrame, name: str) -> None:
    """Refuse a contest whose rows are of several years or stages."""
    for key in ("year", "stage"):
        if key in rows:
            told = rows[rows[key] != ""].groupby("contest", sort=False)[key].unique()
            mixed = [f"{contest} ({first_few(values, 3)})" for contest, values in told.items() if len(values) > 1]
            if mixed:
                raise SchemaError(
                    f"{name} has contests with rows of more than one {key}: {first_few(mixed, 3)}. They are different "
                    "elections: split the table, or name the contests apart."
                )


def _contests(rows: pd.DataFrame, coded: Mapping[str, Coded] | None, year: int | None, stage: str) -> pd.DataFrame:
    """Say of each contest what it is called, and its year, stage and office."""
    made: dict[str, dict[str, Any]] = {}
    for contest, part in rows.groupby("contest", sort=False):
        row, key = part.iloc[0], str(contest)
        if coded is not None:
            one = coded[key]
            made[key] = {"name": key, "year": one.year or year, "stage": one.stage, "office": one.office}
            continue
        words = plain_words(f"{key} {row.get('stage', '')}")
        named = next((one for one in reversed(_STAGES) if one in words), stage)
        years = re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", f"{row.get('year', '')} {key}")
        made[key] = {"name": key, "year": int(years[0]) if years else year, "stage": named, "office": row["office"]}
    frame = pd.DataFrame.from_dict(made, orient="index", columns=["name", "year", "stage", "office"])
    return frame.astype({"year": "Int64"}).rename_axis("contest")


def plain_words(text: str) -> set[str]:
    """Give the words of a name, in small letters.

    Parameters
    ----------
    text : str
        A name such as ``"council_2022_primary"``.

    Returns
    -------
    set of str
        Each once.

    Examples
    --------
    >>> sorted(plain_words("Council_2022 Primary"))
    ['2022', 'council', 'primary']
    """
    return set(re.findall(r"[a-z]+|\d+", text.casefold().replace("run-off", "runoff")))
