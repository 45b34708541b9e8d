"""Districtr plans: JSON with an assignment of units to numbered parts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kit.errors import InputError, SchemaError, first_few
from kit.sources.plan_blocks import PlanContent, assemble, require_known, sorted_geoids, year_in
from kit.sources.plan_formats import PlanFile
from kit.sources.plan_labels import counted

_LEVELS = {
    "blocks": "block",
    "blocks20": "block",
    "blockgroups": "block_group",
    "blockgroups20": "block_group",
    "vtds": "vtd",
    "vtds20": "vtd",
}
_MOST_DIGITS_OF_A_ROW = 7


def read_districtr(file: PlanFile, *, units: Any = None, layer: str | None = None) -> PlanContent:
    """Read a Districtr plan.

    Parameters
    ----------
    file : PlanFile
        With its parsed JSON.
    units : Units or pandas.Index, optional
        GEOIDs of the module's units; needed where the file names units by row number.
    layer : str, optional
        Which plan is meant where a file holds several, by ``planName``.

    Returns
    -------
    PlanContent
        Labels and assignment; labels are the numbers Districtr's map shows.

    Raises
    ------
    InputError
        Nothing is assigned, a unit is in several parts, or row numbers cannot be resolved.
    SchemaError
        The assignment is not what Districtr writes.

    Notes
    -----
    Parts are counted from 0 in the file and from 1 on the map
    (``displayNumber``); the label is the number on the map.
    """
    outer, plan = _the_plan(file, layer)
    given = plan.get("assignment")
    if not isinstance(given, dict):
        raise SchemaError(f"{file.name}: 'assignment' must map unit ids to parts; found {type(given).__name__}.")
    if not given:
        raise InputError(
            f"{file.name} is an empty Districtr file: no unit is assigned. Export the plan after drawing it."
        )
    values = _single_parts(given, file.name)
    declared = plan.get("units") if isinstance(plan.get("units"), dict) else {}
    level = _LEVELS.get(str((declared or {}).get("id", "")))
    key = str((plan.get("idColumn") or {}).get("key", ""))
    keys, notes = pd.Series(list(values), dtype="str"), list[str]()
    if key == "GEOINDEX" or _are_row_numbers(keys):
        keys, notes = _from_rows(keys, units, file.name)
    elif units is not None:
        require_known(keys, units, what=file.name)
    labels, said = _labels(pd.Series(list(values.values()), dtype="str"), plan)
    content = assemble(keys, labels, what=f"{file.name}, assignment", minus_one=True, level=level)
    content.notes = [*notes, *said, *content.notes]
    content.year = year_in(key) or (2020 if str((declared or {}).get("id", "")).endswith("20") else None)
    content.name = next((str(d[k]).strip() for d in (outer, plan) for k in ("planName", "description") if d.get(k)), "")
    return content


def _the_plan(file: PlanFile, layer: str | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the wrapper and the plan inside it."""
    content = file.content
    if "plans" in content:
        plans = content["plans"]
        if not isinstance(plans, list) or not plans:
            raise SchemaError(f"{file.name}: 'plans' holds no plan.")
        named = [p for p in plans if layer is not None and p.get("planName") == layer]
        if len(plans) > 1 and len(named) != 1:
            listed = first_few([p.get("planName", "unnamed") for p in plans])
            raise InputError(f"{file.name} holds {len(plans)} plans: {listed}. Pass layer= with the name of one.")
        content = named[0] if named else plans[0]
    inner = content.get("plan", content)
    if not isinstance(inner, dict):
        raise SchemaError(f"{file.name}: 'plan' must hold the plan itself; found {type(inner).__name__}.")
    return content, inner


def _single_parts(given: dict[str, Any], name: str) -> dict[str, str]:
    """Write each unit's part as text, and refuse units in several parts."""
    values, several, odd = {}, [], []
    for unit, value in given.items():
        items = value if isinstance(value, list) else [value]
        if len(items) > 1:
            several.append(unit)
        elif items and not isinstance(items[0], (int, str, type(None))):
            odd.append(unit)
        else:
            values[unit] = "" if not items or items[0] is None else str(items[0])
    if several:
        raise InputError(
            f"{name}: {counted(len(several), 'unit')} in several parts at once: {first_few(several)}. "
            "These are overlapping communities; read them with kit.read_communities."
        )
    if odd:
        raise SchemaError(f"{name}: parts must be numbers; not so for {first_few(odd)}.")
    return values


def _are_row_numbers(keys: pd.Series) -> bool:
    """Tell whether unit ids are row numbers: short digits without leading zeros."""
    return bool((keys.str.fullmatch(r"0|[1-9]\d*") & (keys.str.len() <= _MOST_DIGITS_OF_A_ROW)).all())


def _from_rows(keys: pd.Series, units: Any, name: str) -> tuple[pd.Series, list[str]]:
    """Turn row numbers into GEOIDs."""
    if not _are_row_numbers(keys):
        raise SchemaError(f"{name} says its units are row numbers, and they are not: {first_few(keys, 3)}.")
    rows = keys.astype("int64")
    first, last = int(rows.min()), int(rows.max())
    if units is None:
        raise InputError(
            f"{name} names its {len(keys):,} units by row number ({first:,} to {last:,}), not by GEOID. "
            "Pass units= with exactly those units (Units or an Index of GEOIDs); row k is the k-th GEOID in order."
        )
    geoids = sorted_geoids(units)
    if len(geoids) != len(keys) or first != 0 or last != len(keys) - 1:
        raise InputError(
            f"{name} has {len(keys):,} rows, numbered {first:,} to {last:,}, and units= has "
            f"{len(geoids):,} GEOIDs. They must be the same units, all of them: check place, year and level."
        )
    note = f"Units are named by row number in the file; row k was read as the k-th of {len(geoids):,} GEOIDs in order."
    return pd.Series(geoids[rows.to_numpy()], dtype="str"), [note]


def _labels(parts: pd.Series, plan: dict[str, Any]) -> tuple[pd.Series, list[str]]:
    """Turn part numbers into the numbers on the map."""
    listed = [p for p in plan.get("parts") or [] if isinstance(p, dict)]
    shown = {str(p["id"]): str(p["displayNumber"]) for p in listed if "id" in p and "displayNumber" in p}
    count = (plan.get("problem") or {}).get("numberOfParts") or len(shown)
    numbers = {int(label) for label in parts.unique() if label.isdigit()}
    if not numbers or max(numbers) >= max(int(count), len(shown)):
        return parts, []
    labels = parts.map(lambda v: shown.get(v, str(int(v) + 1)) if v.isdigit() else v).astype("str")
    notes = ["Districtr counts parts from 0; labels are the numbers its map shows, from 1."]
    named = {shown[str(p["id"])]: str(p["name"]).strip() for p in listed if p.get("name") and str(p.get("id")) in shown}
    told = [f"{label} {text}" for label, text in named.items() if text != f"District {label}"]
    return labels, notes + ([f"Names in the file: {first_few(told, 20)}."] if told else [])
