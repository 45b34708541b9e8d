"""Tables of districts with a column for each group, such as California's counts by surname."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from kit.errors import Corrupt, InputError, SchemaError, first_few
from kit.i18n.messages import Message
from kit.model.voters import EVERYBODY
from kit.sources import voter_notes
from kit.sources.plan_text import decoded
from kit.sources.polling_rows import split_rows
from kit.sources.voter_groups import in_order
from kit.sources.voter_labels import MOST, label_of, require_names
from kit.sources.voter_layout_rules import plain
from kit.sources.voter_layouts import Layout


def read_districts(path: Path, layout: Layout, election: str = "") -> tuple[pd.DataFrame, str, tuple[Message, ...]]:
    """Read registered people and voters by district and group.

    Parameters
    ----------
    path : pathlib.Path
        GeoJSON, shapefile, GeoPackage or CSV; shapes are not read.
    layout : Layout
        Of kind ``"districts"``.
    election : str
        One of the layout's dates; may be left out where there is one.

    Returns
    -------
    frame : pandas.DataFrame
        Indexed by area and group: ``registered``, ``voted`` (whole people) and ``hidden``.
    election : str
        The date.
    notes : tuple of str
        What a reader must know.

    Raises
    ------
    InputError
        There is no such file or election.
    SchemaError
        Columns are missing, districts stand twice, or counts cannot be.
    Corrupt
        The file cannot be read.
    """
    if not path.is_file():
        raise InputError(f"there is no file {path.name!r}; give the table of districts.")
    dates = list(layout.elections)
    if not election and len(dates) == 1:
        election = dates[0]
    if election not in dates:
        raise InputError(f"layout {layout.name} has counts of {first_few(dates, 9)}; pass election= with one of them.")
    table = _table(path)
    heads = {plain(str(name)): name for name in table.columns}
    groups = layout.elections[election]
    wanted = [layout.columns["area"][0], *(name for pair in groups.values() for name in pair if name)]
    lacking = [name for name in wanted if plain(name) not in heads]
    spelled = [plain(str(name)) for name in table.columns]
    twice = [name for name in wanted if spelled.count(plain(name)) > 1]
    if twice:
        raise SchemaError(f"{path.name} has the heading {first_few(twice)} more than once. Keep one of each.")
    if lacking:
        raise SchemaError(
            f"{path.name} has no {first_few(lacking)}; it has {first_few(table.columns)}. Is it the file of "
            f"{layout.place or layout.name}?"
        )
    areas = table[heads[plain(layout.columns["area"][0])]].map(label_of)
    require_names(areas, layout.columns["area"][0])
    if areas.duplicated().any() or (areas == "").any():
        many = first_few(areas[areas.duplicated()]) or "an empty name"
        raise SchemaError(f"{path.name}: districts must have one row each; found more of {many}.")
    parts, fractions = {}, 0
    for group, pair in groups.items():
        columns = {}
        for name, head in zip(("registered", "voted"), pair, strict=True):
            values, split = _people(table[heads[plain(head)]], head, path.name) if head else (_nothing(table), 0)
            columns[name], fractions = values.set_axis(areas), fractions + split
        parts[group] = pd.DataFrame(columns)
    frame = pd.concat(parts, names=["group", "area"]).swaplevel().sort_index(level="area", kind="stable")
    frame = frame.reindex(pd.MultiIndex.from_product([sorted(areas, key=in_order), groups], names=["area", "group"]))
    _require_possible(frame, path.name)
    return frame.assign(hidden=False), election, voter_notes.district_notes(layout, frame, fractions)


def _table(path: Path) -> pd.DataFrame:
    """Read the properties of a file of districts."""
    suffix = path.suffix.lower()
    if suffix in {".geojson", ".json"}:
        try:
            rows = [dict(one["properties"]) for one in json.loads(path.read_text(encoding="utf-8-sig"))["features"]]
        except (ValueError, KeyError, TypeError):
            raise Corrupt(f"{path.name} cannot be read as GeoJSON. Get it again.") from None
        return pd.DataFrame(rows)
    if suffix in {".csv", ".txt"}:
        text, _ = decoded(path)
        if not text.strip():
            raise Corrupt(f"{path.name} cannot be read as a table: it is empty. Get it again.")
        return split_rows(text, path.name)
    import pyogrio
    from pyogrio.errors import DataSourceError

    try:
        found: pd.DataFrame = pyogrio.read_dataframe(path, read_geometry=False)
    except DataSourceError:
        raise Corrupt(f"{path.name} cannot be read as a file of districts. Give GeoJSON, shapes or CSV.") from None
    return found


def _nothing(table: pd.DataFrame) -> pd.Series:
    return pd.Series(pd.NA, index=table.index, dtype="Int64")


def _people(column: pd.Series, head: str, name: str) -> tuple[pd.Series, int]:
    """Round counts to whole people, and count those that were none."""
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype="float64")
    unfit = ~np.isfinite(values) | (values < 0) | (values > MOST)
    if unfit.any():
        raise SchemaError(f"{name}: {int(unfit.sum()):,} rows of {head} are no number of people.")
    whole = np.floor(values + 0.5)
    return pd.Series(whole.astype("int64"), dtype="Int64"), int((np.abs(values - np.round(values)) > 1e-3).sum())


def _require_possible(frame: pd.DataFrame, name: str) -> None:
    """Refuse a group that is larger than everybody."""
    whole = frame.xs(EVERYBODY, level="group")
    for column in ("registered", "voted"):
        over = (frame[column] > whole[column].reindex(frame.index, level="area")).fillna(value=False)
        if over.any():
            raise SchemaError(
                f"{name}: {column} of {first_few(f'{g} in {a}' for a, g in frame.index[over])} is more than everybody. "
                "Is the column the right one?"
            )
