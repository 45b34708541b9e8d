"""Communities as GeoJSON: the kit's own columns, Representable's, or a layer for Dave's Redistricting."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kit.model.community import Community
from kit.sources.community_record import to_record


def write_geojson(communities: Iterable[tuple[Community, Any]], path: Path, kind: str) -> None:
    """Write features.

    Parameters
    ----------
    communities : iterable of (Community, shapely.Geometry or None)
        With their shapes in degrees.
    path : pathlib.Path
        The file.
    kind : {"geojson", "representable", "dra"}
        Whose columns. The other two carry everything else under ``kit``.
    """
    features = []
    for community, shape in communities:
        record: dict[str, Any] = dict(to_record(community))
        if kind != "geojson":
            record = {**_foreign(community, kind), "kit": record}
        features.append({"type": "Feature", "properties": record, "geometry": _geometry(shape)})
    whole = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(whole, ensure_ascii=False) + "\n", encoding="utf-8")


def _geometry(shape: Any) -> Any:
    """Write a shape with every digit."""
    from shapely.geometry import mapping

    return None if shape is None else mapping(shape)


def _foreign(community: Community, kind: str) -> dict[str, Any]:
    """Say what the other tool has a column for."""
    common, area = community.in_common, community.area
    if kind == "dra":
        told = "; ".join(f"{what}: {text}" for what, text in common if text)
        return {"name": community.name, "label": community.label or community.name, "description": told}
    ids = list(area.geoids) if area is not None and area.kind == "units" else []
    level = area.level if area is not None and area.kind == "units" else ""
    return {
        "entry_name": community.name,
        "cultural_interests": "\n".join(filter(None, [common.culture, common.language, common.history])),
        "economic_interests": common.work,
        "comm_activities": "\n".join(filter(None, [common.services, common.schools, common.worship])),
        "other_considerations": "\n".join(filter(None, [common.other, *(ask.words for ask in community.asks)])),
        "custom_response": "\n".join(community.comments),
        "census_block_ids": ids if level == "block" else [],
        "block_group_ids": ids if level == "block_group" else [],
        "organization": community.collected.collector,
    }
