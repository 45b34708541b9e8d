"""KML and KMZ: read without trusting them, and written so that no viewer runs what people typed."""

from __future__ import annotations

import html
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from kit.model.community import Community
from kit.sources.community_record import MARK, to_record
from kit.sources.community_rows import Layer, Row, polygon, together
from kit.sources.community_safety import safe_xml

_NAMESPACE = "http://www.opengis.net/kml/2.2"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def read_kml(path: Path) -> Layer:
    """Read placemarks.

    Parameters
    ----------
    path : pathlib.Path
        A KML file.

    Returns
    -------
    Layer
        One row a placemark: its name, its description and its extended data,
        as text; markup in them stays text.

    Raises
    ------
    InputError
        The file declares entities, or is built to unfold without end.
    Corrupt
        It is no whole XML.
    """
    rows = []
    for mark in safe_xml(path).iter("Placemark"):
        record: dict[str, Any] = {}
        for item in mark.iter():
            if item.tag == "Data":
                record[item.get("name", "")] = item.findtext("value") or ""
            elif item.tag == "SimpleData":
                record[item.get("name", "")] = item.text or ""
        record.pop("", None)
        for tag in ("name", "description"):
            text = (mark.findtext(tag) or "").strip()
            if text and not (MARK in record or record.get(tag)):
                record[tag] = text
        shape, fault = _shape(mark)
        rows.append(Row(record, shape, fault))
    return Layer(rows)


def write_kml(communities: Iterable[tuple[Community, Any]], path: Path) -> None:
    """Write placemarks.

    Parameters
    ----------
    communities : iterable of (Community, shapely.Geometry or None)
        With their shapes in degrees.
    path : pathlib.Path
        A file ending in ``.kml`` or ``.kmz``.

    Notes
    -----
    Viewers show descriptions as web pages. What people wrote is therefore
    escaped there, and the balloon shows nothing else; the untouched text
    stands in the extended data.
    """
    root = ET.Element("kml", xmlns=_NAMESPACE)
    document = ET.SubElement(root, "Document")
    style = ET.SubElement(document, "Style", id="area")
    balloon = ET.SubElement(style, "BalloonStyle")
    ET.SubElement(balloon, "text").text = "$[description]"
    for community, shape in communities:
        mark = ET.SubElement(document, "Placemark")
        ET.SubElement(mark, "name").text = community.name.replace("<", "&lt;").replace(">", "&gt;")
        ET.SubElement(mark, "description").text = _told(community)
        ET.SubElement(mark, "styleUrl").text = "#area"
        extended = ET.SubElement(mark, "ExtendedData")
        for key, text in to_record(community).items():
            item = ET.SubElement(extended, "Data", name=key)
            ET.SubElement(item, "value").text = text
        if shape is not None:
            _geometry(mark, shape)
    data = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    if path.suffix.lower() != ".kmz":
        path.write_bytes(data)
        return
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("doc.kml", _EPOCH), data, zipfile.ZIP_DEFLATED)


def _told(community: Community) -> str:
    """Write the name and what residents share, for a balloon."""
    lines = [community.name, *(f"{kind}: {text}" for kind, text in community.in_common if text)]
    return "<br/>".join(html.escape(line) for line in lines)


def _geometry(parent: Any, shape: Any) -> None:
    """Write polygons."""
    import shapely

    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    home = ET.SubElement(parent, "MultiGeometry") if len(parts) > 1 else parent
    for part in parts:
        tag = ET.SubElement(home, "Polygon")
        for name, line in [("outerBoundaryIs", part.exterior), *(("innerBoundaryIs", i) for i in part.interiors)]:
            edge = ET.SubElement(ET.SubElement(tag, name), "LinearRing")
            points = (f"{x!r},{y!r}" for x, y in shapely.get_coordinates(line).tolist())
            ET.SubElement(edge, "coordinates").text = " ".join(points)


def _shape(mark: Any) -> tuple[Any, str]:
    """Read the shapes of a placemark, or say why they are none."""
    import shapely

    found: list[Any] = []
    try:
        for item in mark.iter():
            if item.tag == "Polygon":
                outer = [_points(item.find("outerBoundaryIs/LinearRing/coordinates"))]
                inner = [_points(one) for one in item.findall("innerBoundaryIs/LinearRing/coordinates")]
                found.append(polygon([*outer, *inner]))
            elif item.tag == "Point":
                found.append(shapely.Point(_points(item.find("coordinates"))[0]))
            elif item.tag == "LineString":
                found.append(shapely.LineString(_points(item.find("coordinates"))))
    except (ValueError, IndexError, shapely.errors.ShapelyError) as error:
        return None, f"its shape cannot be read: {str(error)[:80]}"
    return together(found), ""


def _points(tag: Any) -> list[tuple[float, float]]:
    """Read coordinates: longitude, latitude and perhaps a height, with blanks between points."""
    text = "" if tag is None or tag.text is None else tag.text
    points = [one.split(",") for one in text.split()]
    return [(float(one[0]), float(one[1])) for one in points]
