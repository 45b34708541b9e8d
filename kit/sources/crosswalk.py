"""Crosswalks between the blocks of two censuses, in the layouts they are published in."""

from __future__ import annotations

import gzip
import io
import os
import re
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import Corrupt, InputError, SchemaError, first_few
from kit.files import sha256
from kit.model.crosswalk import Crosswalk
from kit.model.frames import Source
from kit.model.geoid import LEVELS, level_of, state

CENSUSES = (1990, 2000, 2010, 2020)
TITLES = {
    "census": ("Census block relationship file", "U.S. Census Bureau", "Weights are shares of land area."),
    "nhgis": ("NHGIS geographic crosswalk", "IPUMS NHGIS, University of Minnesota", "Weights are modelled."),
    "vest": (
        "2020 Census Block Crosswalk Data",
        "Voting and Election Science Team (doi:10.7910/DVN/T9VMJO)",
        "Weights follow land cover.",
    ),
}
_NHGIS_IDS = re.compile(r"(?:blk|bg|tr|co|geoid|gjoin)(\d{4}|\d{2})(ge|gj)?", re.IGNORECASE)


def relationship_path(place: str) -> str:
    """Give the path of a State's 2010–2020 block relationship file on the Census file server.

    Parameters
    ----------
    place : str
        A State, by abbreviation, FIPS code or name.

    Returns
    -------
    str
        Path without the server, for `kit.sources.download.fetch`.

    Examples
    --------
    >>> relationship_path("HI").rpartition("/")[2]
    'TAB2010_TAB2020_ST15.zip'
    """
    fips = state(place, product="P.L. 94-171").fips
    return f"/geo/docs/maps-data/data/rel2020/t10t20/TAB2010_TAB2020_ST{fips}.zip"


def read_crosswalk(
    path: str | os.PathLike[str], *, kind: str, from_year: int, to_year: int, weight: str | None = None
) -> Crosswalk:
    """Read a crosswalk from the units of one census to those of another.

    Parameters
    ----------
    path : path-like
        The file: text, ``.gz``, or a zip with one table inside.
    kind : {"census", "nhgis", "vest"}
        ``census``: the Bureau's block relationship file (land area only; it
        serves both directions). ``nhgis``: weights made from population.
        ``vest``: weights made from land cover, 2010 to 2020, as published or
        with the columns ``GEOID_to``, ``GEOID`` and ``int_land``.
    from_year, to_year : int
        Census year of the units that have counts, and of those wanted.
    weight : str, optional
        For an NHGIS file with several weights, the one to use.

    Returns
    -------
    Crosswalk
        Weights by pair of units; apply it with `kit.crosswalk`.

    Raises
    ------
    InputError
        There is no such file, kind, year or weight.
    Corrupt
        The file is cut off or damaged.
    SchemaError
        It has other columns, or goes the other way.

    Notes
    -----
    Population-aware weights place people better than land area. Change by
    race on crosswalked blocks is approximate; add up to tracts or larger.

    References
    ----------
    U.S. Census Bureau, 2020 Census Tabulation Block relationship files.
    J. P. Schroeder, IPUMS NHGIS geographic crosswalks. B. Amos, 2020 Census
    Block Crosswalk Data, Harvard Dataverse.
    """
    file = Path(path)
    if kind not in TITLES:
        raise InputError(f"kind is one of {', '.join(TITLES)}, not {kind!r}.")
    years = (from_year, to_year)
    if from_year == to_year or not set(years) <= set(CENSUSES):
        raise InputError(f"from_year and to_year are two of {first_few(CENSUSES)}, not {from_year} and {to_year}.")
    if weight is not None and kind != "nhgis":
        raise InputError(f"weight= is for NHGIS files; {kind} files have one weight.")
    text, name = _text(file)
    if kind == "census":
        frame = _census(text, name, years)
    elif kind == "nhgis":
        frame = _nhgis(text, name, years, weight)
    else:
        frame = _vest(text, name, years)
    frame, level, notes = _settled(frame, name, years)
    title, publisher, note = TITLES[kind]
    source = Source(
        title=f"{title}, {from_year} to {to_year}",
        publisher=publisher,
        year=to_year,
        level=level,
        where=file.name,
        sha256=sha256(file),
        uncertainty="allocation",
        note=note,
    )
    return Crosswalk(frame, level, from_year, to_year, (source,), tuple(notes))


def _text(file: Path) -> tuple[str, str]:
    """Read the table, out of a zip or a gzip where it is in one."""
    if not file.is_file():
        raise InputError(f"there is no file {file.name!r}. Check the path.")
    raw, name = file.read_bytes(), file.name
    try:
        if raw[:2] == b"PK":
            with zipfile.ZipFile(file) as pack:
                tables = [n for n in pack.namelist() if Path(n).suffix.lower() in {".txt", ".csv"}]
                tables = [n for n in tables if "readme" not in n.lower() and "__MACOSX" not in n]
                if len(tables) != 1:
                    raise InputError(f"{file.name} holds {len(tables)} tables ({first_few(tables)}); expected one.")
                raw, name = pack.read(tables[0]), Path(tables[0]).name
        elif raw[:2] == b"\x1f\x8b":
            raw = gzip.decompress(raw)
    except (zipfile.BadZipFile, gzip.BadGzipFile, EOFError, zlib.error):
        raise Corrupt(f"{file.name} is cut off or damaged. Fetch it again.") from None
    if not raw.strip() or raw.lstrip()[:1] == b"<":
        raise Corrupt(f"{name} is {'a web page, not a table' if raw.strip() else 'empty'}. Fetch it again.")
    return raw.decode("utf-8-sig", errors="replace"), name


def _table(text: str, name: str) -> pd.DataFrame:
    """Split text into columns of text."""
    first = text.partition("\n")[0]
    try:
        return pd.read_csv(
            io.StringIO(text), sep=max(",|\t", key=first.count), dtype=str, keep_default_na=False, index_col=False
        )
    except (pd.errors.ParserError, pd.errors.ParserWarning) as damage:
        raise Corrupt(
            f"{name} is cut off or damaged ({' '.join(str(damage).split())[:100]}). Fetch it again."
        ) from None


def _number(column: pd.Series, name: str) -> np.ndarray[Any, Any]:
    """Read numbers; blank is missing."""
    text = column.str.strip()
    numbers: np.ndarray[Any, Any] = pd.to_numeric(text.where(text != "", None), errors="coerce").to_numpy(dtype=float)
    wrong = (np.isnan(numbers) & (text != "").to_numpy()) | (numbers < 0)
    if wrong.any():
        raise SchemaError(
            f"{name}: column {column.name} should hold numbers, and {int(wrong.sum()):,} rows hold "
            f"{first_few(text[wrong].unique(), 3)}."
        )
    return numbers


def _census(text: str, name: str, years: tuple[int, int]) -> pd.DataFrame:
    """Read a relationship file, in either direction, with weights by land area."""
    table = _table(text, name)
    table.columns = table.columns.str.strip().str.upper()
    parts = ("STATE", "COUNTY", "TRACT", "BLK")
    wanted = [f"{part}_{year}" for year in years for part in (*parts, "AREALAND", "AREAWATER")]
    missing = [c for c in (*wanted, "AREALAND_INT", "AREAWATER_INT") if c not in table.columns]
    if missing:
        raise SchemaError(
            f"{name} has no {first_few(missing)}; a relationship file between {min(years)} and {max(years)} has "
            f"STATE_{years[0]} … AREAWATER_INT. It has {first_few(table.columns)}."
        )
    widths = dict(zip(parts, (2, 3, 6, 4), strict=True))
    ids = [
        sum((table[f"{p}_{year}"].str.strip().str.zfill(w) for p, w in list(widths.items())[1:]), _state(table, year))
        for year in years
    ]
    land, water = (_number(table[f"{kind}_{years[0]}"], name) for kind in ("AREALAND", "AREAWATER"))
    land_part, water_part = (_number(table[f"{kind}_INT"], name) for kind in ("AREALAND", "AREAWATER"))
    rows = ids[0].groupby(ids[0]).transform("size").to_numpy()
    share = np.where(
        land > 0,
        land_part / np.where(land > 0, land, 1),
        np.where(water > 0, water_part / np.where(water > 0, water, 1), 1 / rows),
    )
    return pd.DataFrame({"source": ids[0], "target": ids[1], "weight": share, "area": share})


def _state(table: pd.DataFrame, year: int) -> pd.Series:
    return table[f"STATE_{year}"].str.strip().str.zfill(2)


def _nhgis(text: str, name: str, years: tuple[int, int], weight: str | None) -> pd.DataFrame:
    """Read an NHGIS crosswalk, whose first id column is the source."""
    table = _table(text, name)
    table.columns = table.columns.str.strip()
    ids: dict[int, str] = {}
    for column in table.columns:
        match = _NHGIS_IDS.fullmatch(column)
        if match:
            short = int(match[1])
            ids.setdefault(short if short > 99 else 2000 + short if short < 50 else 1900 + short, column)
    if set(ids) != set(years):
        raise SchemaError(
            f"{name} has no id columns of {years[0]} and {years[1]}, such as blk{years[0]}ge and blk{years[1]}ge; "
            f"it has {first_few(table.columns, 8)}."
        )
    if next(iter(ids)) != years[0]:
        raise SchemaError(
            f"{name} goes from {years[1]} to {years[0]}: its first id is {next(iter(ids.values()))}. Get the crosswalk "
            f"from {years[0]} to {years[1]}; the weights of one direction do not serve the other."
        )
    weights = [c for c in table.columns if c.lower() == "weight" or c.lower().startswith("wt_")]
    if weight is None and len(weights) != 1:
        raise InputError(f"{name} has the weights {first_few(weights, 8) or 'none'}; pass weight= with one of them.")
    chosen = weight or weights[0]
    if chosen not in table.columns:
        raise InputError(f"{name} has no weight {chosen!r}; it has {first_few(weights, 8)}.")
    area = next((c for c in table.columns if c.lower() == "parea"), None)
    return pd.DataFrame(
        {
            "source": _plain_ids(table[ids[years[0]]]),
            "target": _plain_ids(table[ids[years[1]]]),
            "weight": _number(table[chosen], name),
            "area": _number(table[area], name) if area else np.nan,
        }
    )


def _plain_ids(column: pd.Series) -> pd.Series:
    """Turn GISJOIN ids (``G`` and padded codes) into GEOIDs."""
    text = column.str.strip()
    joined = text.str.fullmatch(r"G\d{2}0\d{3}0\d{6,}")
    return text.where(~joined, text.str[1:3] + text.str[4:7] + text.str[8:])


def _vest(text: str, name: str, years: tuple[int, int]) -> pd.DataFrame:
    """Read VEST's rows: a 2020 block, then 2010 blocks, each with the share of it that lies there."""
    if years != (2010, 2020):
        raise InputError(f"VEST weights go from 2010 to 2020, not from {years[0]} to {years[1]}. Use another kind.")
    first = text.partition("\n")[0]
    if "GEOID_to" in first:
        table = _table(text, name)
        if not {"GEOID_to", "GEOID", "int_land"} <= set(table.columns):
            raise SchemaError(f"{name} has no GEOID_to, GEOID and int_land; it has {first_few(table.columns)}.")
        return pd.DataFrame(
            {
                "source": table["GEOID"].str.strip(),
                "target": table["GEOID_to"].str.strip(),
                "weight": _number(table["int_land"], name),
                "area": np.nan,
            }
        )
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        fields = [field.strip() for field in line.split(",")]
        while fields and not fields[-1]:
            fields.pop()
        if len(fields) % 2 == 0 and fields:
            raise SchemaError(
                f"{name}, row {number}: expected a 2020 block and then pairs of 2010 block and share; it has "
                f"{len(fields)} fields, first {first_few(fields, 3)}."
            )
        rows += [(fields[at], fields[0], fields[at + 1]) for at in range(1, len(fields), 2)]
    frame = pd.DataFrame(rows, columns=["source", "target", "weight"], dtype=str)
    return frame.assign(weight=_number(frame["weight"], name), area=np.nan)


def _settled(frame: pd.DataFrame, name: str, years: tuple[int, int]) -> tuple[pd.DataFrame, str, list[str]]:
    """Add up doubled pairs, leave out rows that lead nowhere, and find the level."""
    notes = []
    nowhere = (frame["target"] == "") | (frame["source"] == "")
    if nowhere.any():
        notes.append(f"{int(nowhere.sum()):,} rows of {name} name no unit on one side and were left out.")
    frame = frame[~nowhere]
    level = level_of(pd.concat([frame["source"], frame["target"]]).unique()) if len(frame) else None
    if level is None:
        lengths = first_few([LEVELS[n].digits for n in ("tract", "block_group", "block")])
        raise SchemaError(
            f"{name}: ids are not GEOIDs of one level ({lengths} digits); first "
            f"{first_few(frame['source'], 2) or 'none'} → {first_few(frame['target'], 2) or 'none'}."
        )
    doubled = frame.duplicated(["source", "target"])
    if doubled.any():
        notes.append(f"{int(doubled.sum()):,} rows of {name} repeat a pair of units; their parts were added.")
        frame = frame.groupby(["source", "target"], as_index=False, sort=False).agg(
            {"weight": "sum", "area": lambda part: part.sum(min_count=1)}
        )
    known = frame["weight"].notna()
    if not known.all():
        raise SchemaError(f"{name}: {int((~known).sum()):,} pairs of {years[0]} and {years[1]} units have no weight.")
    return frame.astype({"source": "str", "target": "str"}).reset_index(drop=True), level, notes
