"""District labels: which column holds them, and how they become text.

A label is kept as the file has it. What is left out as unassigned, or read in
another spelling, is said in a note with its count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from kit.errors import InputError, SchemaError, first_few

# Column names that plans use for their labels, in any case.
_KNOWN = re.compile(
    r"(?i)district|district_?(no|n|num|numb|number|nbr|id)|districtid:\d+|dist|dist_?(no|n|num|id)|districtr"
    r"|cd|cd_?\d+|cd\d*fp|uscd|congress(ional)?_?(district|dist|cd)?|sldu|sldl|sldust|sldlst|sd|hd|ad|senate|house|assembly"
    r"|ward|ward_?(no|n|num|number|id)|wards|council_?(district|dist|no)|coun_?dist|supdist|assignment|zone|placefp"
)
# Columns that never hold labels although each row may have its own value.
_NEVER = re.compile(
    r"(?i)objectid\d*|fid|ogc_fid|gid|oid_?|shape_?(leng|length|area)|shape__(length|area)|st_(area|length|perimeter).*"
    r"|(.*_)?(area|acres|sq_?mi|sqmi|sqkm|len|length|perimeter|perim)(_.*)?|a(land|water)\d*|intpt(lat|lon)\d*"
    r"|(tot(al)?_?)?(pop|population|vap|cvap)\w*|ideal.*|f?_?devi.*|colou?r|fill|stroke.*|members|locked"
    r"|description|timestamp|begin|end|altitudemode|tessellate|extrude|visibility|draworder|icon|snippet"
)
# What files write where a unit or shape is in no district.
_BLANK = frozenset({"", "null", "none", "nan", "<na>", "unassigned", "not assigned"})
_SHOWN_COLUMNS = 12
_Z_CODE = re.compile("(?i)z{2,}")
_LARGEST_PLAIN_NUMBER = 999
_LONGEST_PLAIN_TEXT = 40


def describe_columns(frame: pd.DataFrame) -> str:
    """List columns with two sample values each, for a message.

    Parameters
    ----------
    frame : pandas.DataFrame
        Attributes without geometry.

    Returns
    -------
    str
        ``WARD (1, 2), NAME (North, South)``.
    """
    shown = []
    for name in frame.columns[:_SHOWN_COLUMNS]:
        samples = [str(v)[:24] for v in frame[name].dropna().drop_duplicates().head(2)]
        shown.append(f"{name} ({', '.join(samples) or 'all empty'})")
    more = f" and {len(frame.columns) - _SHOWN_COLUMNS} more" if len(frame.columns) > _SHOWN_COLUMNS else ""
    return ", ".join(shown) + more


def find_column(frame: pd.DataFrame, wanted: str, *, what: str) -> str:
    """Return the column a caller names, in any case.

    Parameters
    ----------
    frame : pandas.DataFrame
        Attributes.
    wanted : str
        The name given as ``id=``.
    what : str
        The file's name, for the message.

    Returns
    -------
    str
        The column as the file spells it.

    Raises
    ------
    InputError
        There is no such column.
    """
    if wanted in frame.columns:
        return wanted
    alike = [name for name in frame.columns if str(name).casefold() == wanted.casefold()]
    if len(alike) == 1:
        return str(alike[0])
    raise InputError(f"{what} has no column {wanted!r}. Columns: {describe_columns(frame)}. Pass one of them as id=.")


def choose_column(frame: pd.DataFrame, *, what: str, shapes: bool) -> str:
    """Find the one column that can only be the district label.

    Parameters
    ----------
    frame : pandas.DataFrame
        Attributes, one row a shape or a unit, without geometry and unit ids.
    what : str
        The file's name, for the message.
    shapes : bool
        Rows are districts, so that a column with another short value in each
        may hold the labels; in a list of units only a known name will do.

    Returns
    -------
    str
        The column.

    Raises
    ------
    InputError
        No column, or more than one, could hold the labels.
    """
    filled = frame.loc[:, frame.notna().any().to_numpy()]
    known = [name for name in filled.columns if _KNOWN.fullmatch(str(name))]
    if known:
        first, _ = as_labels(filled[known[0]], what=what)
        if all(as_labels(filled[name], what=what)[0].equals(first) for name in known[1:]):
            return str(known[0])
    elif shapes:
        open_to = [name for name in filled.columns if not _NEVER.fullmatch(str(name))]
        if len(open_to) == 1 and len(filled.columns) == 1:
            return str(open_to[0])
        plain = [name for name in open_to if _could_be_labels(filled[name])]
        if len(plain) == 1:
            return str(plain[0])
    raise InputError(
        f"{what} does not say which column holds the district labels. Columns: {describe_columns(frame)}. "
        "Pass id= with one."
    )


def as_labels(values: pd.Series, *, what: str) -> tuple[pd.Series, bool]:
    """Turn a column into text labels.

    Parameters
    ----------
    values : pandas.Series
        Text or numbers as read; missing where no district is given.
    what : str
        The column's name, for the message.

    Returns
    -------
    labels : pandas.Series
        Text on the same index, stripped of blanks around it; empty where missing.
    from_decimals : bool
        True when ``1.0`` was written as ``1``.

    Raises
    ------
    SchemaError
        Numbers have fractions, or the values are neither text nor numbers.
    """
    if pd.api.types.is_bool_dtype(values):
        raise SchemaError(f"{what}: true/false values are no district labels; pass another column as id=.")
    if pd.api.types.is_float_dtype(values):
        present = values.dropna()
        broken = present[present % 1 != 0]
        if len(broken):
            raise SchemaError(
                f"{what}: the label column {values.name!r} has fractions ({first_few(broken)}); district labels are "
                "whole numbers or text. Pass another column as id=."
            )
        return values.map(lambda v: f"{v:.0f}", na_action="ignore").astype("str").fillna(""), bool(len(present))
    labels = values.astype("str").fillna("").str.strip()
    distinct = labels.drop_duplicates()
    if (distinct != "").any() and ((distinct == "") | distinct.str.fullmatch(r"\d+\.0+")).all():
        return labels.str.replace(r"\.0+$", "", regex=True), True
    return labels, False


def drop_unassigned(
    labels: pd.Series, *, zero: bool = False, minus_one: bool = False
) -> tuple[pd.Series, dict[str, int]]:
    """Tell which labels mean "in no district".

    Parameters
    ----------
    labels : pandas.Series
        Labels as text.
    zero : bool
        ``0`` means unassigned beside other labels that are all whole numbers.
    minus_one : bool
        ``-1`` means unassigned.

    Returns
    -------
    assigned : pandas.Series of bool
        True where the label is a district.
    codes : dict of str to int
        Each code left out, with its count.

    Notes
    -----
    ``ZZ`` and ``ZZZ`` are the Census codes for land and water in no district. They
    are kept where all other labels are letters too, as in a plan of wards A to ZZ.
    """
    folded = {label: label.casefold() for label in labels.unique()}
    zs = {label for label in folded if is_z_code(label)}
    blank = {label for label, low in folded.items() if low in _BLANK}
    if minus_one:
        blank |= {label for label in folded if label == "-1"}
    others = set(folded) - zs - blank
    if not (others and all(re.fullmatch("[A-Za-z]{1,2}", label) for label in others)):
        blank |= zs
    if zero and "0" in others and len(others) > 1 and all(label.isdigit() for label in others):
        blank.add("0")
    out = labels.isin(blank)
    counts = labels[out].value_counts()
    return ~out, {str(code) or "blank": int(n) for code, n in counts.items()}


def note_unassigned(codes: dict[str, int], unit: str) -> list[str]:
    """Word what was left out as unassigned.

    Parameters
    ----------
    codes : dict of str to int
        Codes with their counts.
    unit : str
        What was left out: ``unit`` or ``shape``.

    Returns
    -------
    list of str
        No sentence, or one.
    """
    if not codes:
        return []
    listed = ", ".join(f"{code}: {n:,}" for code, n in sorted(codes.items()))
    total = sum(codes.values())
    return [f"{counted(total, unit)} {'is' if total == 1 else 'are'} in no district and left out ({listed})."]


def counted(number: int, what: str) -> str:
    """Write a number with its noun, in the singular or plural.

    Parameters
    ----------
    number : int
        How many.
    what : str
        The noun in the singular; the plural adds an s.

    Returns
    -------
    str
        Such as ``1 shape`` or ``2,000 shapes``.
    """
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def note_decimals(column: str) -> str:
    """Say that decimals were written as whole numbers.

    Parameters
    ----------
    column : str
        The label column.

    Returns
    -------
    str
        A sentence.
    """
    return f"Labels in {column} were decimals (1.0) and are written as whole numbers (1)."


def is_z_code(code: str) -> bool:
    """Tell whether a code is one the Census Bureau gives to no district.

    Parameters
    ----------
    code : str
        A label.

    Returns
    -------
    bool
        True for ``ZZ``, ``ZZZ`` and longer.
    """
    return _Z_CODE.fullmatch(code) is not None


def note_lookalikes(labels: Sequence[str]) -> list[str]:
    """Say which labels differ only in leading zeros or in case.

    Parameters
    ----------
    labels : sequence of str
        Distinct labels.

    Returns
    -------
    list of str
        No sentence, or one.
    """
    by_core: dict[str, list[str]] = {}
    for label in labels:
        by_core.setdefault((label.lstrip("0") or "0").casefold(), []).append(label)
    alike = [" and ".join(sorted(group)) for group in by_core.values() if len(group) > 1]
    if not alike:
        return []
    return [f"Labels that look alike were kept apart: {first_few(alike)}. Check whether they are one district."]


def _could_be_labels(values: pd.Series) -> bool:
    """Tell whether each row has its own short text or small whole number."""
    if values.isna().any() or not values.is_unique:
        return False
    if pd.api.types.is_bool_dtype(values) or pd.api.types.is_datetime64_any_dtype(values):
        return False
    if pd.api.types.is_numeric_dtype(values):
        return bool(((values % 1 == 0) & (values >= 0) & (values <= _LARGEST_PLAIN_NUMBER)).all())
    return bool((values.astype("str").str.len() <= _LONGEST_PLAIN_TEXT).all())
