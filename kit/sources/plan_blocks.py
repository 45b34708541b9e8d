"""Block lists: which census block, or other unit, lies in which district.

Census block assignment files, state block equivalency files, Dave's
Redistricting and Districtr exports, with or without a header, quotes or
leading zeros.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from kit.errors import InputError, SchemaError, first_few
from kit.model.geoid import INVENTED, LEVELS, STATES, as_geoids, level_of
from kit.sources.plan_formats import PlanFile
from kit.sources.plan_labels import (
    as_labels,
    choose_column,
    counted,
    describe_columns,
    drop_unassigned,
    find_column,
    is_z_code,
    note_decimals,
    note_lookalikes,
    note_unassigned,
)
from kit.sources.plan_text import UNIT_VALUE, decoded, parsed

# Column names that plan files use for the units' ids, in any case.
_UNIT_COLUMN = re.compile(
    r"(?i)(blockid|block|geoid|geo_?id|geocode|blockfips|block_?fips|fips|census_?block|full_?geoid)_?(20|10|2020|2010)?"
    r"|geo|id-.+|vtd_?id|unit_?id"
)
_DISTRICTR_HEADER = re.compile(r"id-.+-(\d+)-[^-]+")
_SAMPLE_ROWS = 200


@dataclass
class PlanContent:
    """What a reader found in a file, before it becomes a `Plan`.

    Parameters
    ----------
    labels : list of str
        District labels.
    geometry : geopandas.GeoSeries, optional
        District polygons by label.
    assignment : pandas.Series, optional
        GEOID → label.
    level : str, optional
        Level of the GEOIDs.
    year : int, optional
        Vintage of the GEOIDs, as the file says it.
    name : str
        Title, as the file says it.
    notes : list of str
        Repairs and choices.
    """

    labels: list[str]
    geometry: Any = None
    assignment: pd.Series | None = None
    level: str | None = None
    year: int | None = None
    name: str = ""
    notes: list[str] = field(default_factory=list)


def read_block_list(file: PlanFile, *, id: str | None = None) -> PlanContent:
    """Read a delimited list of units and their districts.

    Parameters
    ----------
    file : PlanFile
        A ``.csv``, ``.txt`` or ``.tsv`` file.
    id : str, optional
        Column of district labels, where the file has several. Columns of a
        file without header are called ``column 1``, ``column 2`` and so on.

    Returns
    -------
    PlanContent
        Labels and assignment.

    Raises
    ------
    Corrupt
        The file is not text.
    SchemaError
        Unit ids are missing, destroyed by a spreadsheet, or of mixed lengths.
    InputError
        The columns cannot be told apart, or a unit stands in two districts.
    """
    text, notes = decoded(file.path)
    frame, headed = parsed(text, file.name)
    unit = _unit_column(frame, headed, file.name)
    labels, more = _label_column(frame, unit, id, file.name)
    header = str(unit) if headed else ""
    shift = _DISTRICTR_HEADER.fullmatch(header)
    if shift:
        labels, said = _from_part_numbers(labels, int(shift[1]))
        more += said
    dra_like = header.casefold() in {"geoid20", "geoid10", "geoid", "id"} and not shift
    content = assemble(frame[unit], labels, what=f"{file.name}, {unit}", zero=dra_like, minus_one=bool(shift))
    content.notes = [*notes, *more, *content.notes]
    content.year = year_in(header)
    return content


def year_in(header: str) -> int | None:
    """Tell the census year a column name carries.

    Parameters
    ----------
    header : str
        Such as ``GEOID20`` or ``block_2010``.

    Returns
    -------
    int or None
        2010 or 2020.
    """
    found = re.search(r"(?i)(?:geoid|blockid|block|geocode|fips)_?(?:20)?(10|20)$", header)
    return 2000 + int(found[1]) if found else None


def assemble(
    units: pd.Series,
    labels: pd.Series,
    *,
    what: str,
    zero: bool = False,
    minus_one: bool = False,
    level: str | None = None,
) -> PlanContent:
    """Check units against labels and make the assignment.

    Parameters
    ----------
    units : pandas.Series
        Unit ids as read, as text.
    labels : pandas.Series
        Labels as text, on the same index.
    what : str
        File and column, for messages.
    zero, minus_one : bool
        Whether ``0`` and ``-1`` can mean unassigned.
    level : str, optional
        Level the file itself declares.

    Returns
    -------
    PlanContent
        With one row a unit.

    Raises
    ------
    SchemaError
        Ids cannot be used.
    InputError
        A unit stands in two districts, or no unit is in any.
    """
    ids, found_level, notes = unit_ids(units, what=what, level=level)
    pairs = pd.DataFrame({"unit": ids.to_numpy(), "label": labels.to_numpy()}, dtype="str")
    if not ids.is_unique:
        distinct = pairs.drop_duplicates()
        clash = distinct[distinct["unit"].duplicated(keep=False)]
        if len(clash):
            both = clash.groupby("unit", sort=False)["label"].agg(lambda s: " and ".join(v or "blank" for v in s))
            named = first_few(f"{unit} in {districts}" for unit, districts in both.items())
            raise InputError(
                f"{what}: {counted(len(both), 'unit')} in more than one district: {named}. Keep one row for each."
            )
        notes.append(f"{counted(len(pairs) - len(distinct), 'row')} repeated another row and was read once.")
        pairs = distinct
    assigned, codes = drop_unassigned(pairs["label"], zero=zero, minus_one=minus_one)
    pairs = pairs[assigned]
    if pairs.empty:
        raise InputError(f"{what}: none of {len(ids):,} units is in a district. Check the label column, or pass id=.")
    notes += note_unassigned(codes, "unit")
    distinct_labels = pairs["label"].drop_duplicates().tolist()
    index = pd.Index(pairs["unit"].to_numpy(), dtype="str", name="GEOID")
    assignment = pd.Series(pairs["label"].to_numpy(), index=index, dtype="str", name="district")
    notes += note_lookalikes(distinct_labels)
    return PlanContent(distinct_labels, assignment=assignment, level=found_level, notes=notes)


def unit_ids(units: pd.Series, *, what: str, level: str | None = None) -> tuple[pd.Series, str | None, list[str]]:
    """Turn unit ids into GEOIDs as text; the same id may stand in several rows.

    Parameters
    ----------
    units : pandas.Series
        Ids as read.
    what : str
        File and column, for messages.
    level : str, optional
        Level the file declares; ``vtd`` ids are kept as they are.

    Returns
    -------
    ids : pandas.Series
        Text.
    level : str or None
        Their level, where it can be told.
    notes : list of str
        Repairs, with their count.

    Raises
    ------
    SchemaError
        Ids are empty, in scientific notation, or of mixed lengths.
    """
    ids = units.astype("str").str.strip().str.replace(r"^'|^\d*US", "", regex=True).str.replace(r"\.0$", "", regex=True)
    empty = ids.isna() | (ids == "")
    if empty.any():
        row = int(empty.to_numpy().argmax()) + 1
        raise SchemaError(
            f"{what} is empty in {counted(int(empty.sum()), 'row')}, first row {row} of the data. "
            "Complete or remove them."
        )
    distinct = ids.drop_duplicates()
    destroyed = distinct[distinct.str.fullmatch(r"\d(\.\d+)?[eE]\+?\d+")]
    if len(destroyed):
        as_geoids(destroyed.str.replace(r"^(\d)[eE]", r"\1.0E", regex=True), what=what)
    if level == "vtd":
        return ids, level, []
    digits_only = distinct.str.fullmatch(r"\d+")
    if not digits_only.all():
        _refuse_strays(distinct, digits_only, what)
        return ids, None, []
    found = level if level in LEVELS else _fitting_level(distinct, what)
    if found is None:
        return ids, None, []
    digits = LEVELS[found].digits or 0
    if (distinct.str.len() == digits).all():
        return ids, found, []
    checked, repaired = as_geoids(distinct, level=found, what=what)
    notes = [f"{counted(repaired, 'id')} had lost the leading zero and got it back."] if repaired else []
    if len(set(checked)) < len(checked):
        raise SchemaError(f"{what}: some ids stand both with and without their leading zero. Keep one row for each.")
    return ids.where(ids.str.len() == digits, "0" + ids), found, notes


def _refuse_strays(ids: pd.Series, digits_only: pd.Series, what: str) -> None:
    """Refuse a few rows that are no block in a list of blocks, such as a row of totals."""
    blocks = digits_only & (ids.str.len() == LEVELS["block"].digits)
    if blocks.mean() > 0.5:
        strays = ids[~digits_only]
        raise SchemaError(
            f"{what}: {counted(len(strays), 'id')} of {len(ids):,} cannot be a block: {first_few(strays)}. "
            "Remove rows that are totals or notes, and correct the others."
        )


def _fitting_level(ids: pd.Series, what: str) -> str | None:
    """Find the nesting level that ids of these lengths have, leading zeros lost or not."""
    lengths = ids.str.len()
    seen = {int(n) for n in lengths.unique()}
    exact = level_of(ids)
    # Five digits from 98 on are postal codes of Washington; longer ids are of the invented county.
    made_up = {INVENTED.fips} if exact in {"tract", "block_group", "block"} else set()
    if exact is not None and ids.str[:2].isin({*STATES, *made_up}).all():
        return exact
    fits = []
    for name in ("block", "block_group", "tract", "county"):
        digits = LEVELS[name].digits or 0
        short = ids[lengths == digits - 1]
        if seen <= {digits, digits - 1} and len(short) and ("0" + short.str[:1]).isin(set(STATES)).all():
            fits.append(name)
    if len(fits) == 1:
        return fits[0]
    if len(seen) == 1:
        return None
    counts = ", ".join(f"{n:,} of {length} digits" for length, n in sorted(lengths.value_counts().items()))
    odd = ids[lengths != lengths.mode().iloc[0]]
    raise SchemaError(
        f"{what} mixes ids of different lengths ({counts}), such as {first_few(odd, 3)}. "
        "A list is of one level: blocks have 15 digits, block groups 12, tracts 11."
    )


def sorted_geoids(units: Any) -> pd.Index:
    """Return the GEOIDs a caller gave as ``units=``, sorted.

    Parameters
    ----------
    units : Units or pandas.Index
        Census units, or their GEOIDs.

    Returns
    -------
    pandas.Index
        Text, in order.
    """
    ids, _ = as_geoids(units.frame.index if hasattr(units, "frame") else units, what="units=")
    return ids.sort_values()


def require_known(keys: Any, units: Any, *, what: str) -> None:
    """Refuse a plan none of whose units is among those given.

    Parameters
    ----------
    keys : pandas.Series or pandas.Index
        Ids of the plan's units.
    units : Units or pandas.Index
        The units the caller will place.
    what : str
        The file's name.

    Raises
    ------
    InputError
        The two have no unit in common.
    """
    known = sorted_geoids(units)
    shared = min(pd.Index(ids).str.len().min() for ids in (keys, known)) if len(keys) and len(known) else 0
    # Units finer or coarser than the plan's have the longer or the shorter number of the same place.
    if pd.Index(keys).str[:shared].isin(known.str[:shared]).any() and (_nests(keys) and _nests(known)):
        return
    if keys.isin(known).any():
        return
    theirs, mine = (sorted({code for code in pd.Index(ids).str[:2] if code in STATES}) for ids in (keys, known))
    where = ""
    if theirs and mine and not set(theirs) & set(mine):
        there, here = (", ".join(STATES[code].name for code in codes[:3]) for codes in (theirs, mine))
        where = f" By their first digits the plan is in {there} and the units are in {here}."
    raise InputError(
        f"{what}: none of its units ({first_few(keys, 3)}) is among the units at hand ({first_few(known, 3)}).{where} "
        "Check place, year, level and leading zeros."
    )


def _nests(ids: Any) -> bool:
    """Tell whether all ids are of one level of those that nest by prefix."""
    return level_of(ids) is not None


def _from_part_numbers(labels: pd.Series, parts: int) -> tuple[pd.Series, list[str]]:
    """Turn Districtr's part numbers, which start at 0, into the numbers its map shows."""
    numbers = {label for label in labels.unique() if label.isdigit()}
    if not numbers or max(map(int, numbers)) >= parts:
        return labels, []
    shown = {label: str(int(label) + 1) for label in numbers}
    note = f"Districtr counts its {parts} parts from 0; labels are the numbers its map shows, 1 to {parts}."
    return labels.map(lambda label: shown.get(label, label)).astype("str"), [note]


def _unit_column(frame: pd.DataFrame, headed: bool, name: str) -> str:
    """Find the column of unit ids."""
    known = [c for c in frame.columns if headed and _UNIT_COLUMN.fullmatch(str(c))]
    if len(known) == 1:
        return str(known[0])
    head = frame.head(_SAMPLE_ROWS)
    among = known or list(frame.columns)
    by_value = [c for c in among if head[c].str.strip().str.fullmatch(UNIT_VALUE).mean() > 0.5]
    if len(by_value) == 1:
        return str(by_value[0])
    found = "no column" if not by_value else f"{len(by_value)} columns"
    raise SchemaError(
        f"{name} has {found} of census unit ids. Columns: {describe_columns(frame)}. "
        "Expected one, such as BLOCKID or GEOID20, with the full GEOID in each row."
    )


def _label_column(frame: pd.DataFrame, unit: str, id: str | None, name: str) -> tuple[pd.Series, list[str]]:
    """Find the district labels of a block list."""
    others = frame.drop(columns=unit)
    upper = {str(c).upper(): c for c in others.columns}
    part = upper.get("DISTRICT", upper.get("COUSUBFP"))
    if id is None and len(others.columns) == 2 and "COUNTYFP" in upper and part is not None:
        code = as_labels(others[part], what=name)[0]
        county = as_labels(others[upper["COUNTYFP"]], what=name)[0]
        note = f"Codes of {part} repeat from county to county, so labels are COUNTYFP followed by {part}."
        none = code.isin([c for c in code.unique() if not c or is_z_code(c)])
        return code.where(none, county + code), [note]
    notes = []
    if id is not None:
        column = find_column(others, id, what=name)
    elif len(others.columns) == 1:
        column = str(others.columns[0])
    else:
        column = choose_column(others, what=name, shapes=False)
        notes.append(f"District labels are from the column {column}.")
    labels, decimals = as_labels(others[column], what=name)
    return labels, [*notes, note_decimals(column)] if decimals else notes
