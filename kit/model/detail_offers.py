"""Which table of which source counts which group, for which areas and years."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kit.model.acs_tables import TABLES, groups_known, levels_of, regions_known
from kit.model.detail_data import ENTRIES, family
from kit.model.geoid import LEVELS, NATIONWIDE
from kit.model.vintages import NEWEST, newest_known

HOWS = {"alone": "alone", "aoic": "alone or in any combination", "": "at home"}
LATEST = NEWEST["acs5"]
"""The latest year whose lines of detailed groups are known."""
_EVERY = tuple(name for name in LEVELS if name not in NATIONWIDE)
_CENSUS = (2000, 2010, 2020)
_FIRST, _CVAP_DISTRICTS = 2009, 2016
_DISTRICTS = ("congressional_district", "state_senate", "state_house")
_TO_GROUP = (
    "state", "county", "county_subdivision", "tract", "block_group", "place", "congressional_district", "state_senate",
    "state_house",
)  # fmt: skip
_DHC = ("state", "county", "county_subdivision", "tract", "block_group", "block", "place", *NATIONWIDE)
_SURVEY = (*_TO_GROUP, *NATIONWIDE)


@dataclass(frozen=True)
class Product:
    """A source, as sentences call it.

    Parameters
    ----------
    name : str
        The kit's id.
    title : str
        For a sentence.
    reader : str
        Function that reads it.
    cannot : str
        What it does not measure.
    """

    name: str
    title: str
    reader: str
    cannot: str


PRODUCTS: dict[str, Product] = {
    product.name: product
    for product in (
        Product(
            "pl94171", "P.L. 94-171", "read_pl94171",
            "No group within Asian or NHPI, no citizenship, no language.",
        ),
        Product(
            "dhc", "the 2020 DHC", "read_dhc",
            "No group within Asian or NHPI, no citizenship, no language. Its tallies count a person once a race.",
        ),
        Product(
            "ddhca", "the 2020 Detailed DHC-A", "read_ddhca",
            "No citizenship, no voting-age count of small groups, no block or block group; its cells may not be added.",
        ),
        Product(
            "acs5", "the American Community Survey (5-year)", "read_acs",
            "No union of Asian and NHPI in combination, no detailed group below tracts, and no count without a margin.",
        ),
        Product(
            "cvap", "the CVAP tabulation", "read_cvap",
            "No group within Asian or NHPI, and NHPI with another race only inside a remainder.",
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """A table that counts something.

    Parameters
    ----------
    source : str
        A key of `PRODUCTS`.
    table : str
        Where it stands.
    how : str
        ``"alone"``, ``"aoic"``, or empty for languages.
    base : str
        Universe: ``"pop"``, ``"vap"``, ``"cvap"``, or ``"five"`` for people
        aged five and over.
    levels : tuple of str
        Levels of geography.
    """

    source: str
    table: str
    how: str
    base: str
    levels: tuple[str, ...]


_RACE_OFFERS: tuple[tuple[tuple[str, ...], Offer], ...] = (
    (("asian", "nhpi", "aapi"), Offer("pl94171", "P1", "alone", "pop", _EVERY)),
    (("asian", "nhpi", "aapi"), Offer("pl94171", "P1", "aoic", "pop", _EVERY)),
    (("asian", "nhpi", "aapi"), Offer("pl94171", "P3", "alone", "vap", _EVERY)),
    (("asian", "nhpi", "aapi"), Offer("pl94171", "P3", "aoic", "vap", _EVERY)),
    (("asian", "nhpi"), Offer("dhc", "P6", "aoic", "pop", _DHC)),
    (("asian", "nhpi", "aapi"), Offer("acs5", "B02001", "alone", "pop", _SURVEY)),
    (("asian",), Offer("acs5", "B02011", "aoic", "pop", _SURVEY)),
    (("nhpi",), Offer("acs5", "B02012", "aoic", "pop", _SURVEY)),
    (("asian",), Offer("cvap", "line 4, not Hispanic", "alone", "cvap", (*_TO_GROUP, "nation"))),
    (("nhpi",), Offer("cvap", "line 6, not Hispanic", "alone", "cvap", (*_TO_GROUP, "nation"))),
    (("aapi",), Offer("cvap", "lines 4 and 6, not Hispanic", "alone", "cvap", (*_TO_GROUP, "nation"))),
    (("asian",), Offer("acs5", "B05003D", "alone", "cvap", TABLES["B05003D"].levels)),
    (("nhpi",), Offer("acs5", "B05003E", "alone", "cvap", TABLES["B05003E"].levels)),
    (("asian",), Offer("acs5", "B05003D", "alone", "vap", TABLES["B05003D"].levels)),
    (("nhpi",), Offer("acs5", "B05003E", "alone", "vap", TABLES["B05003E"].levels)),
)
_DDHCA_LEVELS = ("state", "county", "tract", "place", *NATIONWIDE)


def offers(name: str, year: int | None = None) -> list[Offer]:
    """List the tables that count something.

    Parameters
    ----------
    name : str
        An id of the registry.
    year : int, optional
        Vintage; without it the latest whose lines are known, and every product.

    Returns
    -------
    list of Offer
        Nearest to a full count first.
    """
    entry = ENTRIES[name]
    found = [_of_year(offer, year) for names, offer in _RACE_OFFERS if name in names and _in_year(offer, year)]
    if entry.kind in {"region", "group"} and year in {None, 2020}:
        found += [Offer("ddhca", "T01001", how, "pop", _DDHCA_LEVELS) for how in ("alone", "aoic")]
    at = LATEST if year is None else year
    if at > LATEST:
        return found
    for table in TABLES.values():
        if table.holds != family(name) or not (table.first <= at <= table.last):
            continue
        if name in groups_known(table.name, at) or name in regions_known(table.name, at):
            base = "five" if table.holds == "language" else "pop"
            found.append(Offer("acs5", table.name, table.how, base, levels_of(table.name, at)))
    return found


def _of_year(offer: Offer, year: int | None) -> Offer:
    """Leave out levels that a product did not have yet: CVAP by district begins with the period that ends in 2016."""
    if offer.source != "cvap" or year is None or year >= _CVAP_DISTRICTS:
        return offer
    return replace(offer, levels=tuple(name for name in offer.levels if name not in _DISTRICTS))


def _in_year(offer: Offer, year: int | None) -> bool:
    if year is None:
        return True
    if offer.source == "pl94171":
        return year in _CENSUS
    if offer.source == "dhc":
        return year == 2020
    return _FIRST <= year <= (newest_known(offer.source) or year)
