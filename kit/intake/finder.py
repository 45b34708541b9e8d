"""Units, places and streets by their names, for those who do not point at a map."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

from kit.i18n.messages import Message, mark, say, term
from kit.intake.tally import Tally

MOST = 50
"""So many matches are listed at once."""

KINDS = {"unit": mark("Unit"), "place": mark("Place"), "street": mark("Street")}


@dataclass(frozen=True)
class Match:
    """Something with a name, and the units it holds or touches.

    Parameters
    ----------
    kind : {"unit", "place", "street"}
        What it is.
    name : str
        As it stands in its layer.
    ids : tuple of str
        GEOIDs.
    """

    kind: str
    name: str
    ids: tuple[str, ...]

    def label(self) -> Message:
        """Name it in a list.

        Returns
        -------
        str
            Kind, name and, for places and streets, how many units.
        """
        if self.kind == "unit":
            return say("{kind}: {name}", kind=term(KINDS[self.kind]), name=self.name)
        return say("{kind}: {name}, {count:,} units", kind=term(KINDS[self.kind]), name=self.name, count=len(self.ids))


def plain(text: str) -> str:
    """Write a name as people search for it: small letters, no accents.

    Parameters
    ----------
    text : str
        A name.

    Returns
    -------
    str
        To compare with.
    """
    split = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in split if not unicodedata.combining(c)).split())


class Finder:
    """Searches names of units and of the layers around them.

    Parameters
    ----------
    tally : Tally
        Units.
    layers : kit.Context, optional
        Places and roads, with names in ``name``.
    """

    def __init__(self, tally: Tally, layers: Any = None) -> None:
        self._tally = tally
        frame = tally.units.frame
        names: list[str | None] = [None] * len(frame)
        for column in ("name", "NAME", "NAMELSAD"):
            if column in frame.columns:
                names = [str(one) if isinstance(one, str) and one.strip() else None for one in frame[column]]
                break
        self._units = [
            (plain(f"{geoid} {name or ''}"), f"{geoid} ({name})" if name else str(geoid), str(geoid))
            for geoid, name in zip(frame.index, names, strict=True)
        ]
        self._layers = {
            "place": _by_name(getattr(layers, "places", None), tally.crs),
            "street": _by_name(getattr(layers, "roads", None), tally.crs),
        }

    @property
    def kinds(self) -> tuple[str, ...]:
        """What can be searched.

        Returns
        -------
        tuple of str
            ``"unit"``, and ``"place"`` and ``"street"`` where there are layers.
        """
        return ("unit", *(kind for kind, rows in self._layers.items() if rows))

    def find(self, words: str) -> tuple[list[Match], int]:
        """Search by every word of a name, or the beginning of an id.

        Parameters
        ----------
        words : str
            What was typed.

        Returns
        -------
        matches : list of Match
            Places first, then streets, then units; at most `MOST`.
        total : int
            How many there are.
        """
        wanted = plain(words).split()
        if not wanted:
            return [], 0
        named = [
            (kind, label, shapes)
            for kind, rows in self._layers.items()
            for key, (label, shapes) in rows.items()
            if all(word in key for word in wanted)
        ]
        units = [(label, geoid) for key, label, geoid in self._units if all(word in key for word in wanted)]
        found = [Match(kind, label, self._held(kind, shapes)) for kind, label, shapes in named[:MOST]]
        found += [Match("unit", label, (geoid,)) for label, geoid in units[: MOST - len(found)]]
        return found, len(named) + len(units)

    def _held(self, kind: str, shape: Any) -> tuple[str, ...]:
        """Find the units of a place, or along a street."""
        flat = shape.geom_type in {"Polygon", "MultiPolygon"}
        if kind == "place" and flat:
            import shapely

            inside = [n for n in self._tally.touching(shape) if shapely.intersects(shape, self._tally.points[n])]
            return self._tally.ids(inside)
        return self._tally.ids(self._tally.touching(shape))


def _by_name(layer: Any, crs: Any) -> dict[str, tuple[str, Any]]:
    """Join the shapes of each name."""
    if layer is None or "name" not in layer.columns or not len(layer):
        return {}
    known = layer[layer["name"].notna() & layer.geometry.notna()]
    known = known[known["name"].astype(str).str.strip() != ""].to_crs(crs)
    rows: dict[str, tuple[str, Any]] = {}
    for name, shapes in known.geometry.groupby(known["name"].astype(str)):
        rows[plain(str(name))] = (str(name), shapes.union_all() if len(shapes) > 1 else shapes.iloc[0])
    return dict(sorted(rows.items()))
