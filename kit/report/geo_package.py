"""The map as a GeoPackage: units and districts with their figures, for other map programs."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kit.analysis.account import people_by_unit, people_column
from kit.analysis.concentration import concentration
from kit.errors import InputError
from kit.files import atomic_path
from kit.i18n.messages import joined, retold, say, term
from kit.maps.facts import counted_words
from kit.maps.record import MapRecord, Sheet, Twin, record_of, sheet_of
from kit.maps.style import Classes
from kit.maps.unit_figures import shares_at_hand
from kit.model.frames import Placement, Units
from kit.model.sentences import RULE_WORDS
from kit.model.source import Source
from kit.report.geo_files import district_shapes
from kit.report.tables import kinds_of, placed_words, stamp_words

_WHEN = "2020-01-01T00:00:00.000Z"
_KEPT = ("base", "base_moe", "count", "count_moe", "share", "share_moe", "reliability", "reliability_cv")


@dataclass(frozen=True)
class _Told:
    """What a map's GeoPackage is made of."""

    units: Units
    placements: tuple[Placement, ...]
    sources: tuple[Source, ...]
    counted: str
    group: str = ""
    base: str = ""
    classes: Classes | None = None
    by_district: bool = False
    twins: tuple[Twin, ...] = ()
    notes: tuple[str, ...] = ()


def write_geopackage(ax: Any, path: Path) -> Path:
    """Write a map's units and districts, each as a layer with its figures.

    Parameters
    ----------
    ax : matplotlib.axes.Axes, or a sequence of them
        What a ``map_*`` function returned.
    path : pathlib.Path
        ``.gpkg`` to write, atomically.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    InputError
        The axes hold no map of the kit, or a map that says nothing of its units.

    Notes
    -----
    Layers are ``units``, ``districts`` (``districts_2`` … for further plans)
    and ``about``, which says what was counted and from what. What is missing
    is NULL. The same map gives the same bytes.
    """
    told = _told(ax)
    layers: list[tuple[str, Any]] = [("units", _units(told))]
    for number, placed in enumerate(told.placements, 1):
        layers.append((f"districts{'' if number == 1 else f'_{number}'}", _districts(told, placed)))
    about = pd.DataFrame(_about(told), columns=["name", "told"])
    described = " ".join(f"{row['told']}" for row in about.to_dict("records") if row["name"] in {"counted", "note"})
    with _fixed_date(), atomic_path(path) as temporary, tempfile.TemporaryDirectory() as folder:
        # A journal beside the file would be left behind under another name.
        whole = Path(folder) / "map.gpkg"
        for at, (name, layer) in enumerate(layers):
            _write(layer, whole, name, described, append=at > 0)
        _write(about, whole, "about", described, append=True)
        shutil.copyfile(whole, temporary)
    return path


def _write(layer: Any, path: Path, name: str, described: str, *, append: bool) -> None:
    """Write one layer."""
    import pyogrio

    options = {"DESCRIPTION": described, "IDENTIFIER": name}
    shaped = hasattr(layer, "geometry")
    pyogrio.write_dataframe(
        layer, path, layer=name, driver="GPKG", append=append, layer_options=options,
        **({"promote_to_multi": True} if shaped else {}),
    )  # fmt: skip


@contextmanager
def _fixed_date() -> Iterator[None]:
    """Let GDAL write a fixed date, so that the same map gives the same bytes."""
    import pyogrio

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _WHEN})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _told(ax: Any) -> _Told:
    """Gather what is written."""
    sheet = sheet_of(ax)
    return _of_record(record_of(ax)) if sheet is None else _of_sheet(sheet)


def _of_record(record: MapRecord) -> _Told:
    panels = (record, *record.others)
    table = record.table
    return _Told(
        units=table.placement.units,
        placements=tuple(r.table.placement for r in panels),
        sources=tuple(dict.fromkeys(source for r in panels for source in (*r.table.sources, *r.sources))),
        counted=counted_words(table.group, table.base),
        group=table.group,
        base=table.base,
        classes=record.classes,
        by_district=record.plural != table.placement.units.plural,
        twins=record.twins,
        notes=tuple(dict.fromkeys(note for r in panels for note in (*r.table.notes, *r.notes))),
    )


def _of_sheet(sheet: Sheet) -> _Told:
    facts = sheet.facts
    if facts is None:
        raise InputError(f"“{sheet.heading}” does not say which units it shows; write it as PDF, PNG or SVG.")
    return _Told(
        units=facts.units,
        placements=facts.placements,
        sources=facts.sources,
        counted=facts.counted,
        group=facts.group,
        base=facts.base,
        twins=sheet.twins,
        notes=facts.notes,
    )


def _units(told: _Told) -> Any:
    """Lay out one row a unit."""
    import geopandas

    units, frame = told.units, pd.DataFrame(index=told.units.frame.index)
    for number, placed in enumerate(told.placements, 1):
        labels = placed.assignment.reindex(frame.index)
        frame[f"district{'' if number == 1 else f'_{number}'}"] = labels.astype(object).where(labels.notna(), None)
    if told.group:
        figures = shares_at_hand(units, group=told.group, base=told.base)
        for name in _KEPT:
            if name in figures.columns:
                frame[name] = figures[name]
        if told.classes is not None and not told.by_district:
            frame["class"] = _class(told.classes, figures["share"])
    elif people_column(units) is not None:
        frame["people"] = people_by_unit(units)
    for twin in told.twins:
        if twin.frame.columns[0] == "GEOID" and not twin.page:
            more = twin.frame.set_index("GEOID").drop(columns=[n for n in frame if n in twin.frame.columns])
            frame = frame.join(more)
    frame = frame.rename_axis("GEOID").reset_index()
    return geopandas.GeoDataFrame(_plain(frame), geometry=units.geometry.to_numpy(), crs=units.geometry.crs)


def _districts(told: _Told, placed: Placement) -> Any:
    """Lay out one row a district."""
    import geopandas

    shapes = district_shapes(placed, "a GeoPackage")
    if told.group:
        frame = concentration(placed, group=told.group, base=told.base).frame.copy()
        if told.classes is not None and told.by_district:
            frame["class"] = _class(told.classes, frame["share"])
    else:
        labels = list(dict.fromkeys(placed.plan.labels))
        frame = pd.DataFrame(index=pd.Index(labels, dtype="str"))
        if people_column(placed.units) is not None:
            frame["people"] = people_by_unit(placed.units).groupby(placed.assignment).sum(min_count=1).reindex(labels)
    frame = frame.assign(plan=placed.plan.name, status=placed.plan.status)
    geometry = shapes.reindex(frame.index).to_numpy()
    frame = frame.rename_axis("district").reset_index()
    return geopandas.GeoDataFrame(_plain(frame), geometry=geometry, crs=shapes.crs)


def _class(classes: Classes, share: pd.Series) -> list[str | None]:
    """Name the class of each share; what has none is in no class."""
    return [None if at < 0 else str(retold(classes.labels[at])) for at in classes.index(share)]


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Write numbers as numbers and words as words; what is missing stays missing."""
    out = frame.copy()
    for name in out.columns:
        column = out[name]
        if pd.api.types.is_bool_dtype(column):
            out[name] = column.astype("boolean")
        elif pd.api.types.is_integer_dtype(column) and column.isna().any():
            out[name] = column.astype("float64")
        elif not pd.api.types.is_numeric_dtype(column):
            out[name] = [None if pd.isna(value) else str(value) for value in column]
    return out


def _about(told: _Told) -> list[tuple[str, str]]:
    """Say what was counted, from what, and how sure it is."""
    rows = [("counted", str(retold(told.counted)))]
    plans: Sequence[Placement] = told.placements
    rows += [("plan", f"{placed.plan.name} ({term(placed.plan.status)})") for placed in plans]
    if plans:
        rules = dict.fromkeys(RULE_WORDS[placed.rule] for placed in plans)
        rows.append(("placement", str(placed_words(told.units, rules))))
    cut = any(len(placed.split_units) for placed in plans)
    rows.append(("uncertainty", str(kinds_of(told.sources, margins=False, cut=cut))))
    for source in told.sources:
        cited = joined([source.citation(), term(source.note)])
        hashed = f" SHA-256 {source.sha256}" if source.sha256 else ""
        rows.append(("source", f"{cited}{hashed}"))
    rows += [("caution", str(retold(note))) for note in dict.fromkeys(told.notes)]
    sample = any(source.sample for source in told.sources)
    return [*rows, ("note", str(stamp_words(sample=sample))), ("missing", str(say("What is missing is left empty.")))]
