"""Units, places and streets by their names, for those who do not point at a map."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from kit.i18n.messages import Message, mark, say, term
from kit.intake.tally import Tally
from kit.model.crs import one_datum

MOST = 50
"""So many matches are listed at once."""
ALONG = 10.0
"""A unit so many metres from a street is still along it: borders run in the middle of streets."""

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
        Places, roads and streets, with names in ``name``.
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
        self._around = layers

    @cached_property
    def _layers(self) -> dict[str, _Names]:
        """Place every name at the first search: a county's streets take a second or two."""
        of = [getattr(self._around, part, None) for part in ("places", "roads", "streets")]
        return {"place": _Names(of[:1], self._tally, areas=True), "street": _Names(of[1:], self._tally)}

    @property
    def kinds(self) -> tuple[str, ...]:
        """What can be searched.

        Returns
        -------
        tuple of str
            ``"unit"``, and ``"place"`` and ``"street"`` where there are layers.
        """
        return ("unit", *(kind for kind, names in self._layers.items() if names.known))

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
            (kind, key)
            for kind, names in self._layers.items()
            for key in names.known
            if all(word in key for word in wanted)
        ]
        units = [(label, geoid) for key, label, geoid in self._units if all(word in key for word in wanted)]
        found = [self._layers[kind].match(kind, key) for kind, key in named[:MOST]]
        found += [Match("unit", label, (geoid,)) for label, geoid in units[: MOST - len(found)]]
        return found, len(named) + len(units)


class _Names:
    """Names of layers, each with the units it holds or touches.

    Parameters
    ----------
    layers : sequence of geopandas.GeoDataFrame or None
        With names in ``name``.
    tally : Tally
        Units.
    areas : bool
        Whether a polygon holds the units whose point lies in it, and not all that it touches.
    """

    def __init__(self, layers: Sequence[Any], tally: Tally, *, areas: bool = False) -> None:
        import shapely

        self._tally = tally
        names: list[str] = []
        shapes: list[Any] = []
        for layer in layers:
            if layer is None or "name" not in layer.columns or not len(layer):
                continue
            whole = layer[layer["name"].notna() & layer.geometry.notna()]
            names += whole["name"].astype(str).str.strip().tolist()
            shapes.append(one_datum(whole.geometry).to_crs(tally.crs).to_numpy())
        every = np.concatenate(shapes) if shapes else np.zeros(0, dtype=object)
        rows, units = tally.pairs(every, metres=0 if areas else ALONG)
        if areas and len(every):
            flat = np.isin(shapely.get_type_id(every), (3, 6))
            inside = ~flat[rows] | shapely.intersects(every[rows], tally.points[units])
            # A place that holds no unit's point is found in the unit that holds its own.
            small = np.setdiff1d(np.flatnonzero(flat), rows[inside])
            of_small, around = tally.pairs(shapely.point_on_surface(every[small]))
            rows = np.concatenate([rows[inside], small[of_small]])
            units = np.concatenate([units[inside], around])
        keys = {name: plain(name) for name in set(names)}
        self.known: dict[str, str] = {}
        self._held: dict[str, set[int]] = {}
        for row, unit in zip(rows.tolist(), units.tolist(), strict=True):
            key = keys[names[row]]
            if key:
                self.known.setdefault(key, names[row])
                self._held.setdefault(key, set()).add(unit)
        self.known = dict(sorted(self.known.items()))

    def match(self, kind: str, key: str) -> Match:
        """Give what has a name.

        Parameters
        ----------
        kind : str
            What it is.
        key : str
            Of `known`.

        Returns
        -------
        Match
            With its units.
        """
        held = np.array(sorted(self._held[key]), dtype="int64")
        return Match(kind, self.known[key], self._tally.ids(held))
