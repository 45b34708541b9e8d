"""The voting supplement of the Current Population Survey, from a file at hand."""

from __future__ import annotations

import json
import os
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import Corrupt, InputError, SchemaError, first_few
from kit.files import sha256
from kit.i18n.messages import mark, say
from kit.model.cps import CpsTable
from kit.model.geoid import STATES
from kit.model.source import Source
from kit.sources.local_files import column_names, read_columns

TITLE = mark("Current Population Survey, November supplement on voting and registration")
RATES_TITLE = mark("official turnout of people who may vote, by State")
RACE_DIFFERS = mark(
    "The survey codes race otherwise than the redistricting data: some combinations of races share a code, and "
    "until 2002 people chose one race and Asian or Pacific Islander was one answer."
)
# A weight with four implied decimals is in tens of millions; with its point it is some thousands of people.
_IMPLIED, _FAR = 10_000, 100_000
_REPLICATE = re.compile(r"(?i)(repwgt|repwtp|pwsrwt)_?(\d+)")
_FEWEST_REPLICATES = 20
_ADULT = 18


@cache
def _codes() -> dict[str, Any]:
    """Read the table of codes."""
    return tomllib.loads(Path(__file__).with_name("cps_codes.toml").read_text(encoding="utf-8"))


def read_cps(path: str | os.PathLike[str], *, rates: str | os.PathLike[str] | None = None) -> CpsTable:
    """Read people who were asked in November whether they voted.

    Parameters
    ----------
    path : path-like
        The public-use file as CSV (``HRYEAR4``, ``GESTFIPS``, ``PRTAGE``,
        ``PTDTRACE``, ``PEHSPNON``, ``PRCITSHP``, ``PWSSWGT``, ``PES1``, ``PES2``;
        2004 and later), the reply of the Census API with these variables as
        JSON, or a table of the R package cpsvote as CSV (``YEAR``, ``STATE``,
        ``RACE``, ``WEIGHT``, ``VRS_VOTE`` …; 1994 and later); each also as
        ``.gz``. Replicate weights are taken where the file has them
        (``repwgt1`` to ``repwgt160``).
    rates : path-like, optional
        Official turnout of people who may vote, for the weights of Hur and
        Achen: columns ``YEAR``, ``STATE`` and ``vep_turnout``, and with
        ``response`` (YES or NO) also ``reweight``.

    Returns
    -------
    CpsTable
        Citizens of 18 or more who were asked, for `kit.cps_turnout`.

    Raises
    ------
    InputError
        There is no such file.
    SchemaError
        Columns are missing, a code is not known, or a weight is missing.
    Corrupt
        The file is damaged.

    Notes
    -----
    The survey is a sample of the nation and of States. Nothing in it may be
    said of a county, a city or a district.

    References
    ----------
    A. Hur and C. H. Achen, "Coding voter turnout responses in the Current
    Population Survey", Public Opinion Quarterly 77 (2013).
    """
    file = Path(path)
    names = _names(file)
    form = _form(names, file.name)
    wanted = {**_codes()["columns"][form], **_codes()["optional"][form]}
    known = {name.casefold(): name for name in names}
    there = {key: known[column.casefold()] for key, column in wanted.items() if column.casefold() in known}
    replicates = _replicates(names)
    table = _table(file, [*there.values(), *replicates])
    text = pd.DataFrame({key: _plain(table[column]) for key, column in there.items()})
    people = _people(text, form, file.name)
    if replicates:
        made = {f"replicate_{n}": _number(table[column], column, file.name) for n, column in enumerate(replicates, 1)}
        people = pd.concat([people, pd.DataFrame(made)], axis=1)
    people, notes = _asked(people, file.name)
    years = people.groupby("year").agg(people=("weight", "size"), weight=("weight", "sum"))
    asked = people[people["voted"] != "not_asked"]
    _weighted(asked, file.name)
    _repeated(asked, file.name)
    counted = asked.groupby("year").agg(asked=("weight", "size"), asked_weight=("weight", "sum"))
    official = pd.DataFrame(columns=["official"]) if rates is None else _rates(Path(rates))
    sources = [
        _source(file, TITLE, "U.S. Census Bureau", sorted(years.index), f"{there['voted']}, {there['registered']}")
    ]
    if rates is not None:
        sources.append(_source(Path(rates), RATES_TITLE, "", [], ""))
    return CpsTable(
        frame=asked.drop(columns=["age", "citizen"], errors="ignore").reset_index(drop=True),
        years=years.join(counted),
        rates=official,
        form=form,
        replicates=tuple(f"replicate_{number}" for number in range(1, len(replicates) + 1)),
        sources=tuple(sources),
        notes=(say(RACE_DIFFERS), *notes),
    )


# --- the file --------------------------------------------------------------------------------------


def _names(file: Path) -> list[str]:
    """List the columns of a table or of a reply."""
    if file.suffix.lower() == ".json":
        return [str(name) for name in _reply(file)[0]]
    return column_names(file, None)


def _reply(file: Path) -> list[list[Any]]:
    """Read a stored reply of the Census API: a list of rows, the first with the names."""
    if not file.is_file():
        raise InputError(f"there is no file {file.name!r}. Check the path.")
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise Corrupt(f"{file.name} is no complete JSON; it may have been cut off. Ask for it again.") from None
    if (
        not isinstance(rows, list)
        or len(rows) < 2
        or any(not isinstance(r, list) or len(r) != len(rows[0]) for r in rows)
    ):
        raise SchemaError(f"{file.name} is no reply of the Census API, which is a list of rows of one length.")
    return rows


def _table(file: Path, columns: list[str]) -> pd.DataFrame:
    """Read columns as text."""
    if file.suffix.lower() == ".json":
        first, *rows = _reply(file)
        return pd.DataFrame(rows, columns=[str(name) for name in first])[columns]
    return read_columns(file, columns, None).frame


def _form(names: list[str], name: str) -> str:
    """Tell the two kinds of file apart by their columns."""
    known = {column.casefold() for column in names}
    lacking = {
        form: [column for column in columns.values() if column.casefold() not in known]
        for form, columns in _codes()["columns"].items()
    }
    form: str = min(lacking, key=lambda one: len(lacking[one]))
    if lacking[form]:
        raise SchemaError(
            f"{name} lacks {first_few(lacking[form], 9)} of the voting supplement ({form}). Export these columns too; "
            "files before 2004 are read in the form of the R package cpsvote."
        )
    return form


def _replicates(names: list[str]) -> list[str]:
    """Find the columns of replicate weights, in the order of their numbers."""
    found = sorted(
        (int(match[2]), name) for name in names if (match := _REPLICATE.fullmatch(name)) and int(match[2]) > 0
    )
    return [name for _, name in found] if len(found) >= _FEWEST_REPLICATES else []


def _plain(values: pd.Series) -> pd.Series:
    """Write codes in one way: in capitals, without blanks, leading zeros or a decimal part of 0."""
    text = values.astype("object").where(values.notna(), "").astype(str).str.strip().str.upper()
    return text.str.replace(r"^(-?)0*(\d+)(\.0+)?$", r"\1\2", regex=True)


def _number(values: pd.Series, column: str, name: str) -> pd.Series:
    """Read numbers; what is empty is missing."""
    text = values.astype("object").where(values.notna(), "").astype(str).str.strip()
    empty = text.str.upper().isin(["", "NA", "NAN", "NONE"])
    found = pd.to_numeric(text.where(~empty), errors="coerce").astype("float64")
    wrong = found.isna() & ~empty
    if wrong.any():
        raise SchemaError(
            f"{column} of {name} is no number in {int(wrong.sum()):,} rows, first {first_few(text[wrong].unique(), 3)}."
        )
    return found


# --- codes -----------------------------------------------------------------------------------------


def _people(text: pd.DataFrame, form: str, name: str) -> pd.DataFrame:
    """Put the codes of a file into those of the kit."""
    year = _number(text["year"], "the year", name)
    if year.isna().any() or not len(text):
        raise SchemaError(f"{name} has {int(year.isna().sum()):,} of {len(text):,} rows without a year.")
    yes_no = {True: "yes", False: "no"}
    frame = pd.DataFrame(
        {
            "year": year.astype("int64"),
            "state": _states(text["state"], name),
            "race": _races(text["race"], year, form, name),
            "hispanic": _coded(text["hispanic"], _codes()["hispanic"], "Hispanic origin", name)
            .map({word: flag for flag, word in yes_no.items()})
            .astype("boolean"),
            "age": _number(text["age"], "the age", name),
            "weight": _weights(text["weight"], name),
            "voted": _coded(text["voted"], _codes()["answers"], "the answer on voting", name),
            "registered": _coded(text["registered"], _codes()["answers"], "the answer on registration", name),
        }
    )
    if "citizen" in text.columns:
        frame["citizen"] = _coded(text["citizen"], _codes()["citizen"], "citizenship", name)
    if "turnout_weight" in text.columns:
        frame["turnout_weight"] = _number(text["turnout_weight"], "turnout_weight", name)
    return frame


def _coded(values: pd.Series, codes: dict[str, list[str]], what: str, name: str) -> pd.Series:
    """Look codes up; one that is not known is an error."""
    words = {code: word for word, several in codes.items() for code in several}
    found = values.map(words)
    strange = values[found.isna()].unique()
    if len(strange):
        raise SchemaError(
            f"{name} has codes for {what} that are not known: {first_few(strange)}. Known are {first_few(words, 12)}."
        )
    return found.astype("str")


def _races(values: pd.Series, year: pd.Series, form: str, name: str) -> pd.Series:
    """Look codes of race up, by the years in which they mean this."""
    found = pd.Series("", index=values.index, dtype="str")
    done = pd.Series(data=False, index=values.index)
    for table in _codes()["race"]:
        here = (table["form"] == form) & year.between(table["from"], table["to"])
        if here.any():
            codes = {word: several for word, several in table.items() if isinstance(several, list)}
            found[here] = _coded(values[here], codes, "race", name)
            done |= here
    if not done.all():
        raise SchemaError(
            f"{name} has people of {first_few(sorted(year[~done].astype(int).unique()))}, whose codes of race are not "
            "known here; public-use files are read from 2004 on, earlier ones in the form of the R package cpsvote."
        )
    return found


def _states(values: pd.Series, name: str) -> pd.Series:
    """Give postal abbreviations."""
    words = {state.abbr: state.abbr for state in STATES.values()}
    words |= {str(int(fips)): state.abbr for fips, state in STATES.items()}
    found = values.map(words)
    strange = values[found.isna()].unique()
    if len(strange):
        raise SchemaError(
            f"{name} has States that are not known: {first_few(strange)}. Expected FIPS codes or NY, CA …."
        )
    return found.astype("str")


def _weights(values: pd.Series, name: str) -> pd.Series:
    """Read weights, with four implied decimals where no weight has a point."""
    found = _number(values, "the weight", name)
    whole = not values.str.contains(".", regex=False).any()
    typical = found[found > 0].median()
    return found / _IMPLIED if whole and typical >= _FAR else found


def _asked(people: pd.DataFrame, name: str) -> tuple[pd.DataFrame, list[str]]:
    """Leave people out who were asked and are no citizens of 18 or more by the file; count citizens not asked."""
    notes: list[str] = []
    asked = people["voted"] != "not_asked"
    citizen = people["citizen"] if "citizen" in people.columns else pd.Series("yes", index=people.index)
    right = (people["age"] >= _ADULT) & (citizen == "yes")
    odd = asked & ~right
    if odd.any():
        told = mark(
            "People who were asked and are no citizens of 18 or more by the file: {number:,}; they were left out."
        )
        notes.append(say(told, number=int(odd.sum())))
    light = asked & right & (people["weight"] == 0)
    if light.any():
        told = mark(
            "People who were asked and have a weight of 0, so stand for nobody: {number:,}; they were left out."
        )
        notes.append(say(told, number=int(light.sum())))
    if "citizen" in people.columns:
        silent = int((right & ~asked).sum())
        notes.append(
            say(
                "The base is citizens of 18 or more who were asked. Others of them were not asked ({number:,}) and "
                "are in no figure.",
                number=silent,
            )
        )
    else:
        notes.append(
            say(
                "The file has no column of citizenship: the base is everybody who was asked, and the survey asks "
                "citizens of 18 or more."
            )
        )
    if not (asked & right).any():
        raise SchemaError(
            f"nobody in {name} was asked whether they voted; take the file of a November of an even year."
        )
    return people[~odd & ~light], notes


def _weighted(asked: pd.DataFrame, name: str) -> None:
    """Everybody who was asked has a weight."""
    bad = ~(asked["weight"] > 0)
    if bad.any():
        raise SchemaError(
            f"{int(bad.sum()):,} of {len(asked):,} people of {name} who were asked have no weight. Use the person "
            "weight of the supplement (PWSSWGT)."
        )


def _repeated(asked: pd.DataFrame, name: str) -> None:
    """Everybody who was asked has all replicate weights."""
    bad = asked.filter(regex=r"^replicate_\d+$").isna().any(axis=1)
    if bad.any():
        raise SchemaError(
            f"{int(bad.sum()):,} of {len(asked):,} people of {name} who were asked lack replicate weights. Complete "
            "them, or leave the columns of replicate weights out."
        )


# --- official turnout ------------------------------------------------------------------------------


def _rates(file: Path) -> pd.DataFrame:
    """Read official turnout by State, and factors of weights where the file has them."""
    known = {name.casefold(): name for name in column_names(file, None)}
    lacking = [name for name in ("year", "state", "vep_turnout") if name not in known]
    if lacking:
        raise SchemaError(f"{file.name} lacks {first_few(lacking)}; expected YEAR, STATE and vep_turnout.")
    wanted = [name for name in ("year", "state", "vep_turnout", "response", "reweight") if name in known]
    table = read_columns(file, [known[name] for name in wanted], None).frame.set_axis(wanted, axis=1)
    rows = pd.DataFrame(
        {
            "year": _number(table["year"], "YEAR", file.name).astype("Int64"),
            "state": _states(_plain(table["state"]), file.name),
            "turnout": _number(table["vep_turnout"], "vep_turnout", file.name),
        }
    )
    outside = rows["turnout"].isna() | ~rows["turnout"].between(0, 1, inclusive="neither")
    if outside.any() or rows["year"].isna().any():
        raise SchemaError(
            f"{file.name} has {int(outside.sum()):,} turnouts that are no share between 0 and 1, or years that are "
            "missing. Write 0.412, not 41.2."
        )
    if "response" not in table.columns:
        return _once(rows, file.name).rename(columns={"turnout": "official"})
    said = _coded(_plain(table["response"]), {"yes": ["YES", "1"], "no": ["NO", "2"]}, "the response", file.name)
    rows = rows.assign(said=said)
    if "reweight" in table.columns:
        rows["factor"] = _number(table["reweight"], "reweight", file.name)
    yes = _once(rows[said == "yes"], file.name)
    found = pd.DataFrame({"official": yes["turnout"]})
    if "factor" in rows.columns:
        no = _once(rows[said == "no"], file.name)
        found = found.assign(yes=yes["factor"], no=no["factor"].reindex(yes.index))
        if not (found[["yes", "no"]] > 0).all(axis=None):
            raise SchemaError(f"{file.name} has factors of weights that are missing or not above 0.")
    return found


def _once(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """Index by year and State, each once."""
    found = rows.set_index(["year", "state"]).drop(columns="said", errors="ignore")
    twice = found.index[found.index.duplicated()].unique()
    if len(twice):
        raise SchemaError(f"{name} has several rows for {first_few([f'{s} {y}' for y, s in twice])}.")
    return found.astype(np.float64)


def _source(file: Path, title: str, publisher: str, years: list[int], tables: str) -> Source:
    return Source(
        title=title,
        publisher=publisher,
        year=int(max(years)) if years else None,
        tables=tables,
        where=file.name,
        sha256=sha256(file),
        uncertainty="sampling MOE" if tables else "none stated",
    )
