"""Districtr's plan with communities: units by number, and what was told of each number."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kit.errors import InputError, SchemaError, first_few
from kit.i18n.messages import mark, say
from kit.model.community import Community
from kit.model.community_area import ListedArea
from kit.sources.community_record import MARK, as_text, to_record
from kit.sources.community_rows import Layer, Row

_LEVELS = {"blocks": "block", "blockgroups": "block_group", "tracts": "tract", "counties": "county", "vtds": "vtd"}
_OURS = "kit"
_PART = {"id", "displayNumber", "name", "description"}


def is_districtr(content: Any) -> bool:
    """Tell whether JSON is a Districtr plan.

    Parameters
    ----------
    content : object
        Parsed JSON.

    Returns
    -------
    bool
        It has an assignment, or a plan that has one.
    """
    return isinstance(content, dict) and ("assignment" in content or "plan" in content)


def read_districtr_communities(content: dict[str, Any], file: str) -> Layer:
    """Read the communities of a Districtr file.

    Parameters
    ----------
    content : dict
        Parsed JSON.
    file : str
        Its name, for messages.

    Returns
    -------
    Layer
        One row a community that has units or a name of its own; units in
        several communities stand in each. Landmarks are of the whole file and
        stand with each community.

    Raises
    ------
    SchemaError
        The assignment is not what Districtr writes.
    InputError
        Units are named by row number, which only Districtr can resolve.
    """
    plan = content.get("plan", content)
    given = plan.get("assignment") if isinstance(plan, dict) else None
    if not isinstance(given, dict):
        raise SchemaError(f"{file}: 'assignment' must map unit ids to communities. Export the file again.")
    members = _members(given)
    numbered = [unit for unit in given if str(unit).isdigit() and len(str(unit)) < 5]
    if given and len(numbered) == len(given):
        raise InputError(
            f"{file} names its units by row number ({first_few(numbered, 3)}), not by GEOID; export it from Districtr "
            "as GeoJSON or shapefile, which carry the ids."
        )
    listed = plan.get("parts")
    parts = {str(p.get("id")): p for p in listed if isinstance(p, dict)} if isinstance(listed, list) else {}
    level, year = _of_units(plan)
    landmarks = _landmarks(plan)
    rows, notes = [], list[str]()
    for number in sorted({*members, *parts}, key=lambda text: (len(text), text)):
        part = parts.get(number, {})
        shown = str(part.get("displayNumber", int(number) + 1 if number.isdigit() else number))
        if number not in members and _untold(part, shown):
            continue
        record = {"name": as_text(part.get("name")).strip() or f"Community {shown}"}
        record |= {"description": as_text(part.get("description")), "landmarks": json.dumps(landmarks)}
        record |= {str(key): value for key, value in part.items() if key not in _PART}
        if isinstance(part.get(_OURS), dict):
            record = {str(key): value for key, value in part[_OURS].items()}
        record |= {"geoids": " ".join(members.get(number, [])), "level": level, "year": year}
        rows.append(Row(record))
    if landmarks:
        several = mark("{count:,} landmarks are of the whole file and stand with each of its communities.")
        one = mark("1 landmark is of the whole file and stands with each of its communities.")
        notes.append(say(several if len(landmarks) > 1 else one, count=len(landmarks)))
    if not rows:
        raise InputError(f"{file} is an empty Districtr file: nobody drew a community in it.")
    return Layer(rows, None, notes, named=True)


def write_districtr(communities: Iterable[tuple[Community, list[str]]], path: Path) -> None:
    """Write a Districtr plan with communities.

    Parameters
    ----------
    communities : iterable of (Community, list of str)
        With the units of each, all of one level.
    path : pathlib.Path
        The file.

    Raises
    ------
    InputError
        Units are of different levels or years.

    Notes
    -----
    What Districtr has no place for stands beside each part under ``"kit"``.
    """
    assignment: dict[str, list[int]] = {}
    parts, levels, years, features = [], set(), set(), {}
    for number, (community, geoids) in enumerate(communities):
        area = community.area
        if isinstance(area, ListedArea):
            levels.add(area.level)
            years.add(area.year)
        elif geoids:
            levels.add(ListedArea(geoids=tuple(geoids)).level)
        for unit in geoids:
            assignment.setdefault(unit, []).append(number)
        told = "\n".join(f"{kind}: {text}" for kind, text in community.in_common if text)
        parts.append(
            {
                "id": number,
                "displayNumber": number + 1,
                "name": community.name,
                "description": told,
                _OURS: to_record(community),
            }
        )
        for place in community.landmarks:
            features[place.name, place.note, place.point] = _feature(place)
    if len(levels) > 1 or len(years - {None}) > 1:
        raise InputError(
            f"a Districtr file has units of one level and year; these are {first_few(sorted(levels))}. Write each "
            "level to a file of its own, or all to GeoJSON."
        )
    level, year = next(iter(levels), "block"), next(iter(years - {None}), None)
    short = "" if year is None else str(year)[2:]
    units = {name: key for key, name in _LEVELS.items()}.get(level, "units")
    marks = {"type": "geojson", "data": {"type": "FeatureCollection", "features": list(features.values())}}
    whole = {
        "assignment": {unit: found if len(found) > 1 else found[0] for unit, found in assignment.items()},
        "id": "kit",
        "idColumn": {"key": f"GEOID{short}", "name": f"{level.replace('_', ' ')} GEOID"},
        "problem": {"type": "community", "numberOfParts": max(len(parts), 1), "pluralNoun": "Community"},
        "parts": parts,
        "place": {"id": "", "landmarks": marks},
        "units": {"id": units, "name": level, "unitType": level},
    }
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1), encoding="utf-8")


def _members(given: dict[str, Any]) -> dict[str, list[str]]:
    """Turn unit → communities into community → units."""
    members: dict[str, list[str]] = {}
    for unit, value in given.items():
        for part in value if isinstance(value, list) else [value]:
            if part is not None and str(part) != "-1":
                members.setdefault(str(part), []).append(str(unit))
    return members


def _table(value: Any) -> dict[str, Any]:
    """Take an object of the file, or none where it is something else."""
    return value if isinstance(value, dict) else {}


def _of_units(plan: dict[str, Any]) -> tuple[str, str]:
    """Read level and year of the units."""
    units = _table(plan.get("units"))
    said = re.sub(r"\d+$", "", str(units.get("id", "")))
    key = str(_table(plan.get("idColumn")).get("key", ""))
    short = re.search(r"(10|20)$", key) or re.search(r"(10|20)$", str(units.get("id", "")))
    return _LEVELS.get(said, ""), f"20{short.group()}" if short else ""


def _untold(part: dict[str, Any], shown: str) -> bool:
    """Tell whether a numbered place in the list was never used."""
    name = as_text(part.get("name")).strip()
    return name in {"", f"Community {shown}"} and not as_text(part.get("description")).strip() and _OURS not in part


def _landmarks(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """Read the places that were marked."""
    data = _table(_table(_table(plan.get("place")).get("landmarks")).get("data"))
    features = data.get("features")
    found = []
    for number, feature in enumerate(features if isinstance(features, list) else [], 1):
        told, shape = (_table(_table(feature).get(key)) for key in ("properties", "geometry"))
        point = shape.get("coordinates") if shape.get("type") == "Point" else None
        point = point if isinstance(point, list) and len(point) > 1 else None
        name = as_text(told.get("name")).strip() or f"Landmark {number}"
        note = as_text(told.get("short_description") or told.get("description"))
        found.append({"name": name, "note": note, "point": point[:2] if point else None})
    return found


def _feature(mark: Any) -> dict[str, Any]:
    """Write a landmark."""
    shape = None if mark.point is None else {"type": "Point", "coordinates": list(mark.point)}
    return {"type": "Feature", "properties": {"name": mark.name, "short_description": mark.note}, "geometry": shape}


def ours(record: dict[str, Any]) -> bool:
    """Tell whether a row was written by the kit.

    Parameters
    ----------
    record : dict
        Column → value.

    Returns
    -------
    bool
        It bears the kit's mark.
    """
    return str(record.get(MARK, "")) == "1"
