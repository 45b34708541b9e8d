"""Which published file holds a layer of boundaries; and what comes near where there is none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

from kit.errors import InputError, NotPublished
from kit.model.geoid import State
from kit.sources.tiger_layout import ALIASES, CONGRESS, LAYERS, RESOLUTIONS, Layer, Part, Product


def find_layer(name: str) -> tuple[Layer, int | None]:
    """Look up a layer by the kit's name or the Bureau's, in the singular or plural.

    Parameters
    ----------
    name : str
        Such as ``"block"``, ``"block_groups"``, ``"sldl"``, ``"cd"`` or ``"cd118"``.

    Returns
    -------
    layer : Layer
        The layer.
    congress : int or None
        The Congress that the name says.

    Raises
    ------
    InputError
        There is no such layer.
    """
    key = str(name).strip().lower().replace(" ", "_").replace("-", "_")
    session = re.fullmatch(r"(?:cd|congressional_district_?)(\d{3})", key)
    if session:
        return LAYERS["congressional_district"], int(session[1])
    for spelling in _spellings(key):
        found = LAYERS.get(ALIASES.get(spelling, spelling))
        if found is not None:
            return found, None
    near = get_close_matches(key, [*LAYERS, *ALIASES], n=3, cutoff=0.6)
    hint = f"Did you mean {', '.join(near)}? " if near else ""
    raise InputError(f"there is no layer {name!r}. {hint}Layers are {', '.join(LAYERS)}.")


def _spellings(key: str) -> list[str]:
    """Give a name as it is, and in the singular."""
    bare = key.removeprefix("census_").removesuffix("_boundaries")
    single = [bare, re.sub("ies$", "y", bare), bare.removesuffix("s")]
    return [key, *single, *(name.removesuffix("_district") for name in single)]


def years_of(layer: Layer, product: Product) -> list[int]:
    """List the editions that have a layer.

    Parameters
    ----------
    layer : Layer
        Which layer.
    product : {"tiger", "cartographic"}
        Detailed or generalized boundaries.

    Returns
    -------
    list of int
        In order.
    """
    parts: tuple[Part, ...] = getattr(layer, product)
    return sorted({year for part in parts for year in part.years})


def part_of(layer: Layer, product: Product, year: int, congress: int | None = None) -> Part:
    """Find how a layer is published in one year, or say what comes near.

    Parameters
    ----------
    layer : Layer
        Which layer.
    product : {"tiger", "cartographic"}
        Detailed or generalized boundaries.
    year : int
        Edition.
    congress : int, optional
        Congress whose districts are wanted.

    Returns
    -------
    Part
        Where the files are.

    Raises
    ------
    NotPublished
        That layer is not published for that year, or has another Congress's districts.
    """
    parts: tuple[Part, ...] = getattr(layer, product)
    for part in parts:
        if year in part.years:
            if congress is not None and CONGRESS[year] != congress:
                raise NotPublished(_other_congress(year, congress))
            return part
    raise NotPublished(not_published(layer, product, year))


def _other_congress(year: int, congress: int) -> str:
    having = [str(y) for y, number in CONGRESS.items() if number == congress]
    hint = (
        f"Those of the {_ordinal(congress)} are in year={', '.join(having)}."
        if having
        else (
            f"No edition has those of the {_ordinal(congress)}; Congresses are "
            f"{', '.join(str(n) for n in dict.fromkeys(CONGRESS.values()))}."
        )
    )
    return f"the {year} edition has the districts of the {_ordinal(CONGRESS[year])} Congress. {hint}"


def _ordinal(number: int) -> str:
    tail = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in {11, 12, 13} else "th"
    return f"{number}{tail}"


def not_published(layer: Layer, product: Product, year: int) -> str:
    """Word what there is instead of a layer that is not published.

    Parameters
    ----------
    layer : Layer
        What was asked for.
    product : {"tiger", "cartographic"}
        As asked for.
    year : int
        Edition asked for.

    Returns
    -------
    str
        Two sentences.
    """
    what = {"tiger": "TIGER/Line", "cartographic": "cartographic boundary"}
    there = years_of(layer, product)
    if not there:
        return f"there are no {what[product]} files of {layer.plural}. Use source='tiger'."
    other: Product = "cartographic" if product == "tiger" else "tiger"
    nearest = min(there, key=lambda y: (abs(y - year), -y))
    elsewhere = f", or source={other!r}" if year in years_of(layer, other) else ""
    return (
        f"{what[product]} files of {layer.plural} are read for {_spans(there)}, not for year={year!r}. "
        f"The nearest is year={nearest}{elsewhere}."
    )


def _spans(years: list[int]) -> str:
    """Write years as spans: 2010, 2013–2026."""
    spans: list[list[int]] = []
    for year in years:
        if spans and spans[-1][1] == year - 1:
            spans[-1][1] = year
        else:
            spans.append([year, year])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in spans)


def files_of(
    part: Part, layer: Layer, *, year: int, where: State | None, counties: list[str], resolution: str
) -> list[str]:
    """List the files that hold what was asked for.

    Parameters
    ----------
    part : Part
        How the layer is published.
    layer : Layer
        Which layer.
    year : int
        Edition.
    where : State or None
        The State; None for the nation.
    counties : list of str
        Three-digit county codes.
    resolution : {"500k", "5m", "20m"}
        Of generalized boundaries.

    Returns
    -------
    list of str
        Paths on the Census file server.

    Raises
    ------
    InputError
        A State or counties are needed, or the resolution is not made.
    """
    known: dict[str, object] = {"year": year, "cd": CONGRESS.get(year, ""), "res": resolution}
    if resolution not in RESOLUTIONS:
        raise InputError(f"resolution={resolution!r}: choose {', '.join(RESOLUTIONS)}.")
    if resolution != "500k" and "{res}" not in part.path:
        raise InputError(f"{layer.plural} of {year} are not made at resolution={resolution!r}; leave it out.")
    if part.scope == "nation":
        return [_path(part.path, known)]
    if where is None:
        if year not in part.national:
            raise InputError(f"{layer.plural} of {year} come State by State; give a State instead of 'US'.")
        return [_path(part.path, known | {"ss": "us"})]
    if part.scope == "county" and not counties:
        raise InputError(f"{layer.plural} come county by county; pass counties=, such as counties=['{where.fips}003'].")
    if part.scope == "county":
        return [_path(part.path, known | {"ss": where.fips, "ccc": county}) for county in counties]
    return [_path(part.path, known | {"ss": where.fips})]


def county_files_of(part: Part, where: State, counties: list[str]) -> list[str]:
    """List the same layer's files by county, where they are published.

    Parameters
    ----------
    part : Part
        How the layer is published.
    where : State
        The State.
    counties : list of str
        Three-digit county codes.

    Returns
    -------
    list of str
        Paths on the Census file server; none where there are none.
    """
    if not part.by_county:
        return []
    return [_path(part.by_county, {"ss": where.fips, "ccc": county}) for county in counties]


def _path(template: str, known: Mapping[str, object]) -> str:
    return "/geo/tiger/" + template.format(**known)
