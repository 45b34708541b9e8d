"""The official list of jurisdictions that must give language help at elections (Section 203)."""

from __future__ import annotations

import io
import os
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pandas as pd

from kit.errors import Corrupt, InputError, NotPublished, SchemaError, first_few
from kit.files import sha256
from kit.model.geoid import State
from kit.model.geoid import state as find_state
from kit.model.language_groups import LEFT_OUT, language_group, listed_name, plain
from kit.model.shared import Shared
from kit.model.source import Source
from kit.model.vintages import NEWEST, this_year
from kit.sources.download import describe_file, fetch
from kit.sources.plan_text import decoded

PUBLIC_USE_FILE = (
    "/programs-surveys/decennial/rdo/datasets/2021/2021_Section203-Determinations/Sec203_PUF_2021_12_01.zip"
)
PUBLIC_YEAR = NEWEST["section203"]
# Year of the determinations → notice in the Federal Register, and how many counties and minor civil divisions it lists.
NOTICES: dict[int, tuple[str, int | None]] = {
    2011: ("76 FR 63602, 13 October 2011", None),
    2016: ("81 FR 87532, 5 December 2016", 263),
    2021: ("86 FR 69611, 8 December 2021", 331),
}
# What a column means → how files call it, in lower case without blanks and signs.
COLUMN_MAP: dict[str, tuple[str, ...]] = {
    "state": ("state", "statename", "st", "stateabbr", "stusps"),
    "jurisdiction": (
        "jurisdiction", "politicalsubdivision", "coveredjurisdiction", "coveredareas", "area", "county", "name",
        "namelsad", "countyormcd", "coveredarea",
    ),
    "both": ("stateandpoliticalsubdivision", "stateandpoliticalsubdivisions", "stateorpoliticalsubdivision"),
    "language": (
        "languageminoritygroup", "languageminoritygroups", "languagegroup", "language", "languages",
        "coveredlanguage", "minoritylanguage", "languageminority",
    ),
    "geoid": ("s203geoid", "geoid", "fips", "fipscode"),
    "level": ("level", "sumlvl"),
    "flag": ("flagcov", "covered"),
}  # fmt: skip
OFFICIAL = (
    "Only the official determinations decide who is covered. They use model-based estimates that public survey tables "
    "cannot reproduce, and are made anew every five years: check for a newer notice."
)
_STATE_WIDE = ("state", "state coverage", "statewide", "state-wide", "statewide coverage")
_KIND_OF_PLACE = re.compile(
    r"(?i)\s+(county|borough|census area|parish|municipality|planning region|town|township|city and borough)$"
)


@dataclass(frozen=True)
class CoverageList:
    """Jurisdictions covered by Section 203, with their language groups.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a jurisdiction and language group: ``state`` (postal
        abbreviation), ``jurisdiction``, ``language`` (as listed), ``group``
        (``spanish``, ``asian``, ``american_indian``, ``alaska_native``;
        missing where the name is not known), ``statewide`` (bool), and
        ``geoid`` and ``level`` where the file has them.
    year : int
        Year of the determinations.
    sources : tuple of Source
        Where the list came from.
    notes : tuple of str
        What a reader must know.
    """

    frame: pd.DataFrame = Shared()  # noqa: RUF009 — a descriptor
    year: int = 0
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    def languages_of(self, jurisdiction: str, *, state: str) -> tuple[str, ...]:
        """List the language groups for which a jurisdiction is on the list.

        Parameters
        ----------
        jurisdiction : str
            Name of a county, town or city, with or without the word "County".
        state : str
            Its State, by abbreviation, FIPS code or name.

        Returns
        -------
        tuple of str
            As listed; empty when it is not on the list by that name.

        Raises
        ------
        InputError
            The name stands for several jurisdictions of the State.
        """
        here = self.frame[self.frame["state"] == _state(state, "the State asked for").abbr]
        names = here["jurisdiction"].str.casefold()
        wanted = jurisdiction.strip().casefold()
        hits = here[names == wanted]
        if hits.empty:
            hits = here[here["jurisdiction"].map(_bare) == _bare(wanted)]
        several = hits["jurisdiction"].unique()
        if len(several) > 1:
            raise InputError(f"{jurisdiction!r} can be {first_few(several)}; give the whole name.")
        return tuple(hits["language"])

    def for_language(self, language: str, *, state: str | None = None) -> pd.DataFrame:
        """List the jurisdictions that are on the list for a language group.

        Parameters
        ----------
        language : str
            A group as listed, such as ``"Filipino"``, or a language of it,
            such as ``"Tagalog"``.
        state : str, optional
            One State only, by abbreviation, FIPS code or name.

        Returns
        -------
        pandas.DataFrame
            Rows of `frame`; none where the list has none.

        Raises
        ------
        InputError
            Section 203 leaves the language out, several groups speak it, or
            it is not known.
        """
        wanted = listed_name(language)
        rows = self.frame[self.frame["language"].map(plain) == wanted]
        if state is not None:
            rows = rows[rows["state"] == _state(state, "the State asked for").abbr]
        return rows.reset_index(drop=True)


def read_section203(*, year: int, source: str | os.PathLike[str] | None = None) -> CoverageList:
    """Read the official list of jurisdictions covered by Section 203.

    Parameters
    ----------
    year : int
        Year of the determinations: 2021, 2016, 2011, or a newer one as a file.
    source : path-like, optional
        The Census Bureau's public use file (zip or CSV), or a CSV made from
        the notice, with columns for State, jurisdiction and language group in
        any of the spellings of `COLUMN_MAP`; State and jurisdiction may share
        a column, as in the Federal Register. By default the public use file
        of 2021 is downloaded (no key is needed) or found in the cache.

    Returns
    -------
    CoverageList
        Covered jurisdictions and their language groups.

    Raises
    ------
    NotPublished
        There is no public use file of that year; pass a file.
    SchemaError
        Columns or States cannot be told, or no row is covered.
    InputError
        A Pacific Islander language is listed, which Section 203 does not cover, or the year has not come yet.
    Corrupt
        The file is cut off or damaged.
    Offline
        It is not in the cache, and the network is off or away.

    References
    ----------
    52 U.S.C. 10503. U.S. Census Bureau, Voting Rights Act Amendments of 2006,
    Determinations Under Section 203, Federal Register.
    """
    facts = {"where": "", "retrieved": ""}
    if isinstance(year, int) and year > this_year():
        raise InputError(f"year={year!r} has not come yet, so no determinations can be of it. Check year=.")
    if source is None:
        require_public_file(year)
        path = fetch(PUBLIC_USE_FILE, what="the public use file of the 2021 Section 203 determinations")
        facts = describe_file(path)
    else:
        path = Path(source).expanduser()
        if not path.is_file():
            raise InputError(f"there is no file {path.name!r} to read the list from. Check the path.")
    raw, notes = _table(path)
    frame, unknown = _covered(raw, path.name)
    if unknown:
        notes.append(f"Language groups the kit does not know, kept without a group: {first_few(unknown, 8)}.")
    notice, listed = NOTICES.get(year, ("", None))
    made = Source(
        title=f"Determinations under Section 203 of the Voting Rights Act, {year}{f' ({notice})' if notice else ''}",
        publisher="U.S. Census Bureau",
        year=year,
        where=facts["where"] or path.name,
        sha256=sha256(path),
        retrieved=facts["retrieved"],
        uncertainty="model",
        note=OFFICIAL,
        license="public domain (U.S. Government work)",
    )
    return CoverageList(frame, year, (made,), (*notes, *_count_note(frame, year, listed), OFFICIAL, f"{LEFT_OUT}."))


def require_public_file(year: int) -> None:
    """Refuse determinations that are not published as a table.

    Parameters
    ----------
    year : int
        Year of the determinations.

    Raises
    ------
    NotPublished
        There is no public use file of that year.
    """
    if year != PUBLIC_YEAR:
        raise NotPublished(
            f"the list of {year!r} is not published as a table the kit can fetch; {PUBLIC_YEAR} is. Copy the table of "
            "the notice into a CSV (State, jurisdiction, language group) and pass it as source=."
        )


def _count_note(frame: pd.DataFrame, year: int, listed: int | None) -> list[str]:
    """Hold the number of jurisdictions against the one in the notice."""
    local = frame[~frame["statewide"]]
    found = len(local.drop_duplicates(["state", "jurisdiction"]))
    if listed is None or found == listed:
        return []
    told = f"{found:,} jurisdictions besides States, and the {year} determinations cover {listed:,} counties and minor "
    return [f"This file has {told}civil divisions: compare it with the notice."]


# --- the file --------------------------------------------------------------------------------------


def _table(path: Path) -> tuple[pd.DataFrame, list[str]]:
    """Read the CSV, or the covered areas out of the public use file."""
    notes: list[str] = []
    if path.suffix.lower() == ".zip":
        text = _from_zip(path)
    elif path.suffix.lower() in {".xlsx", ".xls", ".ods", ".pdf"}:
        raise InputError(f"{path.name}: save the list as CSV first; the kit does not read {path.suffix} files.")
    else:
        text, notes = decoded(path)
    try:
        table = pd.read_csv(io.StringIO(text), dtype="str", keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise SchemaError(
            f"{path.name} cannot be split into columns: {str(error)[:120]}. Save it as CSV again."
        ) from error
    return table, notes


def _from_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as opened:
            names = [n for n in opened.namelist() if n.lower().endswith(".csv")]
            found = [n for n in names if "determined_areas" in PurePosixPath(n).name.casefold()] or names
            if len(found) != 1:
                raise InputError(
                    f"{path.name} holds {len(found)} tables ({first_few(found) or 'none'}); expected one, "
                    "named …Determined_Areas_Only.csv. Unpack it and pass the file."
                )
            raw = opened.read(found[0])
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Corrupt(f"{path.name} is damaged or cut off, not a whole zip file. Fetch it again.") from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _covered(raw: pd.DataFrame, name: str) -> tuple[pd.DataFrame, list[str]]:
    """Name the columns, keep covered rows, and sort out States and languages."""
    columns = _columns(raw, name)
    if "flag" in columns:
        flags = raw[columns["flag"]].str.strip().str.casefold()
        raw = raw[flags.isin({"1", "1.0", "yes", "y", "true"})]
    table = (
        _split(raw, columns["both"], columns["language"], name)
        if "both" in columns
        else pd.DataFrame(
            {
                "state": [_state(v, name).abbr for v in _filled(raw[columns["state"]])],
                "jurisdiction": _filled(raw[columns["jurisdiction"]]).str.strip().to_numpy(),
                "language": raw[columns["language"]].str.strip().to_numpy(),
            }
        )
    )
    for extra in ("geoid", "level"):
        if extra in columns and "both" not in columns:
            table[extra] = raw[columns[extra]].str.strip().to_numpy()
    table = table[table["language"] != ""].drop_duplicates(ignore_index=True)
    if table.empty:
        raise SchemaError(f"{name} has no covered jurisdiction in it. Check that it is the list of covered areas.")
    table["language"] = table["language"].str.rstrip(" .")
    groups = {language: language_group(language) for language in table["language"].unique()}
    table["group"] = pd.Series(table["language"].map(groups), dtype="str")
    place = table["jurisdiction"].str.casefold()
    table["statewide"] = place.isin(_STATE_WIDE) | place.str.startswith("state of ")  # New York is a county as well
    if "level" in table:
        table["statewide"] |= table["level"].str.casefold().isin({"state", "040"})
    return table, [language for language, group in groups.items() if group is None]


def _filled(column: pd.Series) -> pd.Series:
    """Carry a name down over the blanks below it, as printed tables leave them."""
    return column.str.strip().replace("", pd.NA).ffill().astype("str")


def _columns(raw: pd.DataFrame, name: str) -> dict[str, str]:
    """Tell what each column means."""
    keys = {re.sub(r"[^a-z0-9]", "", str(c).casefold()): str(c) for c in raw.columns}
    found = {meaning: next((keys[word] for word in words if word in keys), "") for meaning, words in COLUMN_MAP.items()}
    found = {meaning: column for meaning, column in found.items() if column}
    place = "both" in found or {"state", "jurisdiction"} <= set(found)
    if not place or "language" not in found:
        raise SchemaError(
            f"{name} has the columns {first_few(raw.columns, 8)}; expected State, jurisdiction and language group, "
            "such as 'State', 'Jurisdiction', 'Language minority group'. Rename them."
        )
    return found


def _split(raw: pd.DataFrame, both: str, language: str, name: str) -> pd.DataFrame:
    """Split the printed table, in which a State stands in a row of its own above its jurisdictions."""
    rows = []
    here, place = "", ""
    for text, group in zip(raw[both].str.strip(), raw[language].str.strip(), strict=True):
        heading = text.rstrip(":. ")
        if heading and not group:
            here, place = _state(heading, name).abbr, ""
            continue
        place = heading or place
        if not here or not place:
            raise SchemaError(f"{name}: {text or group!r} stands under no State. Put a row with the State above it.")
        rows.append((here, place, group))
    return pd.DataFrame(rows, columns=["state", "jurisdiction", "language"])


def _state(text: str, name: str) -> State:
    """Look up a State the way lists write it."""
    wanted = re.sub(r"(?i)^state of ", "", str(text).strip(" .:"))
    try:
        return find_state(wanted.zfill(2) if wanted.isdigit() else wanted)
    except InputError as error:
        raise SchemaError(f"{name}: {text!r} is no State. Give its name, abbreviation or FIPS code.") from error


def _bare(name: str) -> str:
    """Take the kind of place off a name."""
    return _KIND_OF_PLACE.sub("", plain(name))
