"""What a pack for a hearing can hold, and how each thing is fetched."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.errors import InputError
from kit.model.acs_tables import FIRST_YEAR
from kit.model.geoid import State, state
from kit.model.vintages import check_vintage
from kit.settings import current
from kit.sources.download import fetch, fetch_pl94171
from kit.sources.pack_record import PackedProduct
from kit.sources.pl_layout import FILE_YEARS
from kit.sources.tiger_layout import CONGRESS, Layer
from kit.sources.tiger_paths import find_layer, part_of

PUBLIC = "public domain (U.S. Government work)"
DISTRICTS = ("congressional_district", "state_senate", "state_house")
BY_COUNTY = ("roads", "area_water")
EXTRAS = ("section203", "crosswalk", "block_lists", "detailed_groups")
API_LEVELS = ("state", "county", "tract")
OLD_LINES = (
    "Districts as the {year} edition has them, drawn before the {year} census; name another year as {name}:{later}."
)


@dataclass(frozen=True)
class Request:
    """What a pack is to hold.

    Parameters
    ----------
    place : str
        A State, the District of Columbia or Puerto Rico.
    year : int
        Census year of the P.L. 94-171 file, and edition of the boundaries.
    acs : int, optional
        Last year of a five-year period of the American Community Survey.
    cvap : int, optional
        Last year of the period of the CVAP tabulation.
    counties : sequence of str
        Three-digit codes; for boundaries that come by county.
    layers : sequence of str
        Layers as in `read_boundaries`, or the Bureau's short names, in the
        singular or plural, each with another edition where wanted:
        ``"sldl:2024"``. Also ``"section203"``, ``"crosswalk"`` (2010 to 2020
        blocks), ``"block_lists"`` (block assignment files of `year`) and
        ``"detailed_groups"`` (the Detailed DHC-A of 2020).
    bundles : sequence of str
        Bundles of survey tables; by default all.
    """

    place: str
    year: int
    acs: int | None = None
    cvap: int | None = None
    counties: Sequence[str] = ()
    layers: Sequence[str] = ()
    bundles: Sequence[str] = ()


@dataclass(frozen=True)
class Item:
    """One product to get.

    Parameters
    ----------
    product : PackedProduct
        What it is.
    get : callable
        Fetches it into the cache, and gives the files.
    """

    product: PackedProduct
    get: Callable[[], list[Path]]


def items_of(request: Request) -> list[Item]:
    """List what a request asks for.

    Parameters
    ----------
    request : Request
        What is wanted.

    Returns
    -------
    list of Item
        In the order in which they are fetched: what no hearing can do without first.

    Raises
    ------
    InputError
        Place, year, layer or bundle cannot be understood.
    NotPublished
        Something is not published for that year; nothing has been fetched.
    """
    where = state(request.place, product="P.L. 94-171")
    items = [_pl94171(where, request.year)]
    if request.cvap is not None:
        items.append(_cvap(where, request.cvap))
    items += [_layer(where, word, request) for word in dict.fromkeys(request.layers)]
    if request.acs is not None:
        items += _acs(where, request.acs, request.bundles)
    elif request.bundles:
        raise InputError("bundles are of the American Community Survey; name its year (acs=).")
    return items


def _pl94171(where: State, year: int) -> Item:
    if year not in FILE_YEARS:
        raise InputError(
            f"a pack stands on the census of {' or '.join(map(str, FILE_YEARS))}, not on year={year!r}. Choose one, "
            f"and name another edition of boundaries with its layer, as tracts:{year}."
        )
    product = PackedProduct(
        title=f"{year} Census Redistricting Data (P.L. 94-171), {where.name}",
        kind="pl94171",
        vintage=year,
        license=PUBLIC,
        read=f'kit.read_pl94171("{where.abbr}", year={year}, level="block")',
    )
    return Item(product, lambda: [fetch_pl94171(where.abbr, year=year)])


def _cvap(where: State, year: int) -> Item:
    from kit.sources.cvap_files import cvap_path

    path = cvap_path(year)

    def get() -> list[Path]:
        return [fetch(path, what=f"the CVAP tabulation of {year - 4}–{year}")]

    product = PackedProduct(
        title=f"CVAP special tabulation {year - 4}–{year}, all States",
        kind="cvap",
        vintage=year,
        license=PUBLIC,
        read=f'kit.read_cvap("{where.abbr}", year={year}, level="block_group")',
    )
    return Item(product, get)


# --- the American Community Survey ------------------------------------------------------------------


def _acs(where: State, year: int, bundles: Sequence[str]) -> list[Item]:
    """Fetch the published files by table; before there were any, the replies of the API."""
    check_vintage("acs5", year, local=False)
    if year < FIRST_YEAR:
        raise InputError(f"acs={year}: give the last year of the five-year period, {FIRST_YEAR} or later.")
    from kit.sources.acs import BUNDLES
    from kit.sources.acs_files import FIRST_FILE_YEAR
    from kit.sources.acs_lines import FIRST_SHELLS

    names = [str(name).strip().casefold() for name in bundles] or list(BUNDLES)
    unknown = [name for name in names if name not in BUNDLES]
    if unknown:
        raise InputError(f"there is no bundle {unknown[0]!r} of survey tables; bundles are {', '.join(BUNDLES)}.")
    if year < FIRST_FILE_YEAR:
        return [_acs_replies(where, year, name) for name in names]
    tables = dict.fromkeys(table for name in names for table in BUNDLES[name])
    return [*([_shells(year)] if year >= FIRST_SHELLS else []), *(_acs_table(where, year, table) for table in tables)]


def _survey(year: int) -> str:
    return f"American Community Survey {year - 4}–{year}"


def _acs_table(where: State, year: int, table: str) -> Item:
    from kit.model.acs_tables import TABLES

    def get() -> list[Path]:
        from kit.sources.acs_files import table_path

        return [fetch(table_path(table, year), what=f"table {table} of {year - 4}–{year}")]

    product = PackedProduct(
        title=f"{_survey(year)}, table {table} ({TABLES[table].title}), all States",
        kind="acs",
        vintage=year,
        license=PUBLIC,
        read=f'kit.read_acs("{table}", "{where.abbr}", year={year}, level="tract")',
    )
    return Item(product, get)


def _shells(year: int) -> Item:
    def get() -> list[Path]:
        from kit.sources.acs_lines import shells_path

        return [fetch(shells_path(year), what=f"the table shells of {year}")]

    title = f"{_survey(year)}, labels of the tables' lines"
    return Item(PackedProduct(title=title, kind="acs", vintage=year, license=PUBLIC), get)


def _acs_replies(where: State, year: int, bundle: str) -> Item:
    def get() -> list[Path]:
        from kit.sources.acs import read_acs

        for level in API_LEVELS:
            read_acs(bundle, where.abbr, year=year, level=level, source="api")
        return _replies(f"{current().api_url}/{year}/acs/")

    product = PackedProduct(
        title=f"{_survey(year)}, bundle {bundle}, {where.name}, replies of the Census API",
        kind="acs",
        vintage=year,
        license=PUBLIC,
        read=f'kit.read_acs("{bundle}", "{where.abbr}", year={year}, level="tract")',
        note=f"For {', '.join(API_LEVELS)} only.",
    )
    return Item(product, get)


def _replies(start: str) -> list[Path]:
    """Find the kept replies of a data set."""
    return [
        path
        for path in sorted((current().cache / "api").glob("*.json"))
        if str(json.loads(path.read_text(encoding="utf-8")).get("url", "")).startswith(start)
    ]


# --- boundaries and lists ---------------------------------------------------------------------------


def _layer(where: State, word: str, request: Request) -> Item:
    """Find what a word of ``--with`` means."""
    name, _, edition = str(word).strip().partition(":")
    if edition and not re.fullmatch(r"\d{4}", edition):
        raise InputError(f"{word!r}: write a layer, or a layer and an edition, such as sldl:2024.")
    key, year = name.strip().lower().replace("-", "_"), int(edition or request.year)
    if key == "section203":
        return _section203(int(edition or 2021))
    if key in {"detailed_groups", "ddhca"}:
        return _detailed_groups(where)
    if key == "crosswalk":
        return _crosswalk(where)
    if key in {"block_lists", "block_list"}:
        return _block_lists(where, year)
    return _boundaries(where, key, year, request, told_year=bool(edition))


def _boundaries(where: State, key: str, year: int, request: Request, *, told_year: bool) -> Item:
    from kit.sources.tiger import LICENSE, ask, fetch_files

    layer, word = _known(key)
    congress = re.fullmatch(r"\D*(\d{3})", word)
    if congress and not told_year:  # the first edition that has the districts of that Congress
        year = min((y for y, number in CONGRESS.items() if number == int(congress[1])), default=year)
        told_year = True
    if layer.name in BY_COUNTY and not request.counties:
        raise InputError(f"{layer.plural} come county by county: say which counties, by three digits, such as 003.")
    by_county = bool(request.counties) and (layer.in_county or layer.name in BY_COUNTY)
    counties = list(request.counties) if by_county else None
    place = "US" if layer.name == "native_area" else where.abbr

    asked = ask(word, place, year=year, product="tiger", counties=counties)
    part_of(asked.layer, "tiger", year, asked.congress)

    def get() -> list[Path]:
        return fetch_files(asked)

    old = layer.name in DISTRICTS and not told_year and year in {2010, 2020}
    chosen = f", counties={counties!r}".replace("'", '"') if counties else ""
    product = PackedProduct(
        title=f"TIGER/Line {year}, {layer.plural}, {where.name}{' ' + ', '.join(counties) if counties else ''}",
        kind=f"boundaries/{layer.name}",
        vintage=year,
        license=LICENSE,
        read=f'kit.read_boundaries("{word}", "{place}", year={year}{chosen})',
        note=OLD_LINES.format(year=year, name=word, later=year + 2) if old else "",
    )
    return Item(product, get)


def _known(key: str) -> tuple[Layer, str]:
    """Look a layer up, in the singular or plural, and give its name."""
    try:
        layer, congress = find_layer(key)
    except InputError as error:
        raise InputError(f"{error} Also {', '.join(EXTRAS)}.") from None
    return layer, key if congress else layer.name


def _section203(year: int) -> Item:
    from kit.sources.language_access import require_public_file

    require_public_file(year)

    def get() -> list[Path]:
        from kit.sources.language_access import PUBLIC_USE_FILE, read_section203

        read_section203(year=year)
        return [fetch(PUBLIC_USE_FILE, what="the public use file of Section 203")]

    product = PackedProduct(
        title=f"Section 203 determinations {year}, all States",
        kind="other",
        vintage=year,
        license=PUBLIC,
        read=f"kit.read_section203(year={year})",
    )
    return Item(product, get)


def _detailed_groups(where: State) -> Item:
    """Fetch the Detailed DHC-A and its list of groups."""

    def get() -> list[Path]:
        from kit.sources.ddhca_files import DDHCA_PATH, LIST_PATH

        table = fetch(DDHCA_PATH, what="the Detailed DHC-A")
        return [table, fetch(LIST_PATH, what="the list of groups of the Detailed DHC-A")]

    product = PackedProduct(
        title="2020 Census Detailed DHC-A (detailed groups), all States",
        kind="other",
        vintage=2020,
        license=PUBLIC,
        read=f'kit.read_ddhca(["hmong", "samoan"], "{where.abbr}", year=2020, level="county")',
        note="Areas must not be added up.",
    )
    return Item(product, get)


def _crosswalk(where: State) -> Item:
    def get() -> list[Path]:
        from kit.sources.crosswalk import relationship_path

        return [fetch(relationship_path(where.abbr), what=f"the block relationship file of {where.name}")]

    name = f"TAB2010_TAB2020_ST{where.fips}.zip"
    product = PackedProduct(
        title=f"Census block relationship file 2010–2020, {where.name}",
        kind="other",
        vintage=2020,
        license=PUBLIC,
        read=f'kit.read_crosswalk(".../{name}", kind="census", from_year=2010, to_year=2020)',
    )
    return Item(product, get)


def _block_lists(where: State, year: int) -> Item:
    """Fetch the State's block assignment file of a census, or the lists of districts drawn after it."""
    from kit.sources.block_assignment import ask_list

    kinds = ("cd", "sldu", *(() if where.abbr in {"NE", "DC"} else ("sldl",)))
    wanted = {asked.path: asked for asked in (ask_list(where.abbr, year, kind) for kind in kinds)}

    def get() -> list[Path]:
        return [fetch(path, what=f"the file of {asked.title}") for path, asked in wanted.items()]

    product = PackedProduct(
        title=f"Lists of blocks by district {year}, {where.name}",
        kind="list/districts",
        vintage=year,
        license=PUBLIC,
        read=f'kit.read_block_assignment("{where.abbr}", year={year}, kind="sldl")',
    )
    return Item(product, get)
