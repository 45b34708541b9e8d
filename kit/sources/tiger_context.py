"""Water, roads and places for the ground of a map, from TIGER/Line files on this machine."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.errors import InputError, first_few
from kit.files import sha256
from kit.model.context import Context
from kit.model.source import Source
from kit.sources.tiger import GENERALIZED, LICENSE, PUBLISHER, TITLES
from kit.sources.tiger_layout import LAYERS
from kit.sources.tiger_read import read_file

# End of a file's name → the kit's layer, and what it is on a map.
_KINDS = {
    "areawater": ("area_water", "water"),
    "prisecroads": ("main_roads", "roads"),
    "primaryroads": ("main_roads", "roads"),
    "roads": ("roads", "roads"),
    "place": ("place", "places"),
    "place_500k": ("place", "places"),
}
_NAME = re.compile(r"(tl|cb)_(\d{4})_(us|\d{2}|\d{5})_([a-z]+(?:_500k)?)\.(?:zip|shp)", re.IGNORECASE)
_EXPECTED = "tl_2022_06037_areawater.zip, tl_2022_06_prisecroads.zip or tl_2022_06_place.zip"


@dataclass(frozen=True)
class _Found:
    """One file: its layer, its part in a map, its edition and what it covers."""

    path: Path
    layer: str
    part: str
    product: str
    year: int
    code: str


def read_context(*files: str | os.PathLike[str], streets: bool = False) -> Context:
    """Read water, roads and places for maps out of TIGER/Line files, without any network.

    Parameters
    ----------
    *files : path-like
        Folders, or zips and ``.shp`` files under their published names, such
        as ``tl_2022_06037_areawater.zip``, ``tl_2022_06_prisecroads.zip``,
        ``tl_2022_06037_roads.zip``, ``tl_2022_06_place.zip`` or
        ``cb_2022_06_place_500k.zip``. Other files of a folder are passed over.
    streets : bool, default False
        Keep files of all roads as ``streets`` too, to search by name in
        `draw_community`; maps still draw primary and secondary roads.

    Returns
    -------
    Context
        For ``context=`` of `map_share`, `map_districts`, `map_compare`,
        `map_dots` and `map_zoom`, and ``layers=`` of `draw_community`. Roads
        say their class in ``mtfcc``.

    Raises
    ------
    InputError
        There is no such file, or none of these kinds among them.
    SchemaError
        A file lacks its columns.
    CRSError
        A file is not in NAD83 degrees.
    Corrupt
        A file is cut off or damaged.

    Notes
    -----
    Where primary and secondary roads are there, files of all roads are left
    aside: too many for a page. With ``streets=True`` they are kept apart.

    References
    ----------
    U.S. Census Bureau, TIGER/Line Shapefiles, technical documentation.
    """
    found = [one for file in files for one in _of(Path(file).expanduser())]
    if not found:
        raise InputError(
            f"no water, roads or places among {first_few([Path(f).name for f in files]) or 'no files'}; files keep "
            f"their published names, such as {_EXPECTED}."
        )
    main = any(one.layer == "main_roads" for one in found)
    used = [one for one in found if streets or not (main and one.layer == "roads")]
    frames: dict[str, list[Any]] = {}
    for one in used:
        part = "streets" if main and one.layer == "roads" else one.part
        frames.setdefault(part, []).append(read_file(one.path, LAYERS[one.layer], year=one.year))
    return Context(
        **{part: _together(several) for part, several in frames.items()}, sources=tuple(_source(one) for one in used)
    )


def _of(path: Path) -> Iterator[_Found]:
    """Find the files meant by a path."""
    if path.is_dir():
        for inside in sorted(path.iterdir()):
            one = _known(inside)
            if one is not None:
                yield one
        return
    one = _known(path)
    if one is None:
        raise InputError(f"{path.name!r} is no file of water, roads or places by its name; expected {_EXPECTED}.")
    if not path.exists():
        raise InputError(f"there is no file {path.name!r} to read water, roads or places from. Check the path.")
    yield one


def _known(path: Path) -> _Found | None:
    """Read a file's name."""
    match = _NAME.fullmatch(path.name)
    kind = _KINDS.get(match[4].lower()) if match else None
    if match is None or kind is None:
        return None
    product = "tiger" if match[1].lower() == "tl" else "cartographic"
    return _Found(path, *kind, product, int(match[2]), match[3].lower())


def _together(frames: list[Any]) -> Any:
    """Put the files of one part together; a road that crosses a county line is in both."""
    import pandas as pd

    return frames[0] if len(frames) == 1 else pd.concat(frames)


def _source(one: _Found) -> Source:
    """Say where a layer came from."""
    where = "the United States" if one.code == "us" else f"State {one.code[:2]}"
    county = f", county {one.code}" if len(one.code) == 5 else ""
    return Source(
        title=f"{TITLES[one.product]} {one.year}, {LAYERS[one.layer].plural}, {where}{county}",
        publisher=PUBLISHER,
        year=one.year,
        where=one.path.name,
        sha256=sha256(one.path),
        note=GENERALIZED if one.product == "cartographic" else "",
        license=LICENSE,
    )
