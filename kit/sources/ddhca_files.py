"""Files of the 2020 Detailed DHC-A: the published zip with its list of groups, and local tables."""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd

from kit.errors import Corrupt, InputError, NotPublished, Offline, SchemaError, first_few
from kit.model.detail_data import plain
from kit.model.geoid import LEVELS
from kit.progress import meter
from kit.sources.api_tables import id_pattern, of_state, read_rows, start_of
from kit.sources.cvap_files import header_of
from kit.sources.pl_files import Member, blaming, members, reading

CELL = "T01001_001N"
DDHCA_PATH = "/programs-surveys/decennial/2020/data/detailed-dhc-a/2020-ddhc-a.zip"
LIST_PATH = (
    "/programs-surveys/decennial/2020/technical-documentation/complete-tech-docs/"
    "detailed-demographic-and-housing-characteristics-file-a/2020-census-hispanic-origin-and-race-iterations-list.xlsx"
)
MEMBER = "ddhca_t01001.csv"
COLUMNS = ("GEOID", "ITERID", "COUNT", "ANN")
"""Columns that are read: area, code of the group, people, and a mark where the number is withheld."""
ALONE, COMBINED = " alone", " alone or in any combination"
BLOCK_BYTES = 1 << 21
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def split_label(label: str) -> tuple[str, str]:
    """Take a label of a population group apart.

    Parameters
    ----------
    label : str
        As published.

    Returns
    -------
    who : str
        In the form of `kit.model.detail_data.plain`.
    how : str
        ``"alone"``, ``"aoic"``, or empty.

    Examples
    --------
    >>> split_label("Hmong alone or in any combination")
    ('hmong', 'aoic')
    """
    text = " ".join(str(label).split())
    for ending, how in ((COMBINED, "aoic"), (ALONE, "alone")):
        if text.casefold().endswith(ending):
            return plain(text[: -len(ending)]), how
    return plain(text), ""


# --- the published zip ------------------------------------------------------------------------------


def is_published(path: Path) -> bool:
    """Tell the published zip, a folder of its tables, or its table of people from other files.

    Parameters
    ----------
    path : pathlib.Path
        A file or folder.

    Returns
    -------
    bool
        True for these.

    Raises
    ------
    InputError
        There is nothing there.
    Corrupt
        The file is empty or a web page.
    """
    if path.is_dir():
        return True
    start = start_of(path)
    first = start.partition(b"\n")[0].decode("latin-1").upper().strip().split(",")
    return start[:2] == b"PK" or set(COLUMNS) <= {name.strip('" ') for name in first}


def find_table(path: Path) -> Member:
    """Find the table of people.

    Parameters
    ----------
    path : pathlib.Path
        The published zip, a folder, or the table itself.

    Returns
    -------
    Member
        What to read.

    Raises
    ------
    NotPublished
        It is not there.
    Corrupt
        The zip is cut off.
    """
    if path.is_file() and start_of(path)[:2] != b"PK":
        return Member(path, path.stat().st_size)
    found = members(path) or []
    mine = [part for part in found if part.name.casefold() == MEMBER]
    if len(mine) != 1:
        held = first_few([part.name for part in found]) or "nothing"
        raise NotPublished(f"{path.name} has no {MEMBER}; it holds {held}. Give 2020-ddhc-a.zip as published.")
    return mine[0]


def read_published(
    member: Member, names: dict[str, str], wanted: frozenset[str], *, level: str, prefix: str
) -> tuple[pd.DataFrame, pd.Index]:
    """Stream the table of people and keep the groups wanted, of one level and State.

    Parameters
    ----------
    member : Member
        As `find_table` gives.
    names : dict of str to str
        Code of a group → label, as `group_names` gives.
    wanted : frozenset of str
        Groups, in the form that `split_label` gives.
    level : str
        Level of geography.
    prefix : str
        Two-digit code of the State; empty for areas that are in no one State.

    Returns
    -------
    rows : pandas.DataFrame
        ``geoid``, ``label``, ``how`` and ``count`` (text), one row an area and group.
    areas : pandas.Index
        Every area of which the file has any group.

    Raises
    ------
    NotPublished
        The table has no such areas.
    SchemaError
        The table lacks columns, or its codes are not those of the list.
    Corrupt
        It is cut off or damaged.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv as pa_csv

    header = header_of(member)
    lacking = [name for name in COLUMNS if name not in header]
    if lacking:
        raise SchemaError(
            f"{member.name} has no column {first_few(lacking)}; it has {first_few(header, 8)}. "
            f"Expected {MEMBER} of the Detailed DHC-A."
        )
    codes = {code: split_label(label) for code, label in names.items()}
    mine = pa.array([code for code, (who, how) in codes.items() if who in wanted and how], type=pa.string())
    pattern, areas, kept, known = id_pattern(level, prefix), [], [], 0
    with meter(member.name, member.size, unit="bytes") as bar, reading(member, bar) as stream, blaming(member):
        reader = pa_csv.open_csv(
            stream,
            read_options=pa_csv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES, encoding="latin-1"),
            convert_options=pa_csv.ConvertOptions(
                include_columns=list(COLUMNS),
                column_types=dict.fromkeys(COLUMNS, pa.string()),
                strings_can_be_null=False,
            ),
        )
        for rows in reader:
            here = rows.filter(pc.match_substring_regex(rows.column(0), pattern))
            areas.append(here.column(0).unique())
            known += here.num_rows
            some = here.filter(pc.is_in(pc.ascii_ltrim(here.column(1), "0"), value_set=mine))
            if some.num_rows:
                kept.append(some)
    if not known:
        raise NotPublished(
            f"{member.name} has no {LEVELS[level].plural}{of_state(prefix)}. It may be cut off; fetch it again."
        )
    ids = _bare(pd.Series([value for part in areas for value in part.to_pylist()], dtype="str"))
    where = pd.Index(sorted(ids.unique()), dtype="str", name="GEOID")
    empty = pd.DataFrame(columns=["geoid", "label", "how", "count"], dtype="object")
    if not kept:
        return empty, where
    table = pa.Table.from_batches(kept).to_pandas()
    pairs = [codes[code.lstrip("0")] for code in table["ITERID"]]
    made = pd.DataFrame(
        {
            "geoid": _bare(table["GEOID"].astype("str")),
            "label": [who for who, _ in pairs],
            "how": [how for _, how in pairs],
            "count": table["COUNT"].where(table["ANN"].str.strip() == "", None).to_numpy(dtype=object),
        }
    )
    return made, where


def _bare(ids: pd.Series) -> pd.Series:
    """Take off what stands before the code; the nation has nothing else."""
    text = ids.str.replace(r"^.*US(?=.)", "", regex=True)
    return text.mask(text.str.endswith("US"), "US")


# --- the list of groups -----------------------------------------------------------------------------


def group_names(labels: Path | None) -> dict[str, str]:
    """Read the codes of the groups and their labels.

    Parameters
    ----------
    labels : pathlib.Path or None
        The Bureau's list of iterations (``.xlsx``), or the API's
        ``POPGROUP.json``; by default the list is fetched, without a key, or
        found in the cache.

    Returns
    -------
    dict of str to str
        Code without leading zeros → label.

    Raises
    ------
    InputError, SchemaError
        There is no such file, or it holds no list.
    Offline
        The list is not in the cache, and the network is off.
    Corrupt
        It is damaged.
    """
    if labels is None:
        from kit.sources.download import fetch

        try:
            labels = fetch(LIST_PATH, what="the list of groups of the Detailed DHC-A")
        except Offline as error:
            raise Offline(
                f"{error} Or pass labels= with {LIST_PATH.rpartition('/')[2]}, or the API's POPGROUP.json."
            ) from error
    elif not labels.is_file():
        raise InputError(f"there is no file {labels.name!r} with the list of groups.")
    found = _of_json(labels) if labels.suffix.lower() == ".json" else _of_workbook(labels)
    if not any(split_label(label)[1] for label in found.values()):
        raise SchemaError(
            f"{labels.name} has no codes with labels such as 'Hmong alone'; give the Bureau's list of race iterations "
            f"({LIST_PATH.rpartition('/')[2]}), or the API's POPGROUP.json."
        )
    return found


def _of_json(path: Path) -> dict[str, str]:
    try:
        items = json.loads(path.read_text(encoding="utf-8-sig"))["values"]["item"]
        return {str(code).lstrip("0"): str(label) for code, label in items.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SchemaError(f"{path.name} is no list of values as the Census API gives it for POPGROUP.") from None


def _of_workbook(path: Path) -> dict[str, str]:
    """Take from each row of a workbook its first code and the text after it."""
    found: dict[str, str] = {}
    try:
        with zipfile.ZipFile(path) as opened:
            names = opened.namelist()
            shared = _shared(opened.read("xl/sharedStrings.xml")) if "xl/sharedStrings.xml" in names else []
            for name in sorted(n for n in names if re.fullmatch(r"xl/worksheets/\w+\.xml", n)):
                for row in ET.fromstring(opened.read(name)).iter(f"{_SHEET}row"):  # noqa: S314
                    texts = [text for cell in row if (text := _cell(cell, shared))]
                    code = re.fullmatch(r"(\d{1,4})(\.0)?", texts[0]) if len(texts) > 1 else None
                    if code:
                        found.setdefault(code[1].lstrip("0"), texts[1])
    except (zipfile.BadZipFile, zlib.error, EOFError, ET.ParseError, IndexError, ValueError):
        raise Corrupt(f"{path.name} is no whole workbook (.xlsx). Fetch it again.") from None
    return found


def _shared(raw: bytes) -> list[str]:
    """Read the texts that cells name by number."""
    items = ET.fromstring(raw).iter(f"{_SHEET}si")  # noqa: S314
    return ["".join(part.text or "" for part in item.iter(f"{_SHEET}t")) for item in items]


def _cell(cell: Any, shared: list[str]) -> str:
    """Give the text of a cell."""
    value = cell.find(f"{_SHEET}v")
    if cell.get("t") == "s" and value is not None:
        return shared[int(value.text or "")].strip()
    if cell.get("t") == "inlineStr":
        return "".join(part.text or "" for part in cell.iter(f"{_SHEET}t")).strip()
    return (value.text or "").strip() if value is not None else ""


# --- other tables -----------------------------------------------------------------------------------


def read_table(path: Path, *, level: str, prefix: str) -> pd.DataFrame:
    """Read a local table with one row an area and group.

    Parameters
    ----------
    path : pathlib.Path
        CSV, or a JSON reply of the API.
    level : str
        Level of geography.
    prefix : str
        Two-digit code of the State; empty for areas that are in no one State.

    Returns
    -------
    pandas.DataFrame
        As `read_published` gives, with ``moe`` where the table has margins.

    Raises
    ------
    SchemaError
        It lacks columns, or has no such areas.
    """
    rows = read_rows(path, level=level, prefix=prefix)
    table, header = rows.frame, list(rows.frame.columns)
    figure = next((name for name in (CELL, "count") if name in header), None)
    if figure is None or not ({"POPGROUP_LABEL"} <= set(header) or {"group", "kind"} <= set(header)):
        raise SchemaError(
            f"{path.name} has no columns POPGROUP_LABEL and {CELL} (or group, kind and count); it has "
            f"{first_few(header, 8)}."
        )
    whole = table["POPGROUP_LABEL"] if "POPGROUP_LABEL" in header else table["group"] + " " + table["kind"]
    split = [split_label(label) for label in whole]
    made = pd.DataFrame(
        {
            "geoid": rows.ids,
            "label": [label for label, _ in split],
            "how": [how for _, how in split],
            "count": table[figure],
        }
    )
    return made.assign(moe=table["moe"]) if "moe" in header else made
