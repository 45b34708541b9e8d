"""What each source can count and what it cannot, group by group and language by language.

Ask before you read: `DETAIL.require` says which table has a group, or raises
an error that names the nearest thing the source does have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kit.errors import InputError, NotPublished
from kit.model.detail_data import ENTRIES, SPEAKERS, TONGUES, Detail, family, plain, spelled
from kit.model.detail_offers import HOWS, LATEST, PRODUCTS, Offer, Product, offers
from kit.model.geoid import LEVELS, NATIONWIDE
from kit.model.geoid import level as find_level
from kit.model.groups import BASES
from kit.model.language_groups import SYNONYMS
from kit.model.vintages import newest_known


class Registry(Mapping[str, Detail]):
    """Groups, regions and languages by id, and which source can count each.

    Examples
    --------
    >>> DETAIL["hmong"].label, DETAIL["hmong"].part_of
    ('Hmong', 'east_asian')
    >>> DETAIL.members("melanesian")
    ('fijian', 'other_melanesian')
    >>> DETAIL.require("hmong", source="acs5", how="alone", level="tract", year=2022)
    'B02015'
    """

    def __getitem__(self, name: str) -> Detail:
        """Look up an id, or say what is near it."""
        if name not in ENTRIES:
            from difflib import get_close_matches

            near = meant(str(name)) or get_close_matches(str(name).casefold(), ENTRIES, n=3, cutoff=0.5)
            hint = f"; did you mean {', '.join(near)}?" if near else "."
            raise InputError(f"no group or language is called {name!r}{hint} All ids: list(kit.DETAIL).")
        return ENTRIES[name]

    def __contains__(self, name: object) -> bool:
        return name in ENTRIES

    def __iter__(self) -> Iterator[str]:
        return iter(ENTRIES)

    def __len__(self) -> int:
        return len(ENTRIES)

    def find(self, label: str, family: str = "asian") -> str | None:
        """Give the id of a printed label.

        Parameters
        ----------
        label : str
            As a table prints it, in any year.
        family : {"asian", "nhpi", "language"}
            Kind of table.

        Returns
        -------
        str or None
            None when the label is not known.

        Examples
        --------
        >>> DETAIL.find("Chinese, except Taiwanese")
        'chinese'
        """
        return spelled(family).get(plain(label))

    def members(self, name: str) -> tuple[str, ...]:
        """List what a race, a region or a group of languages is made of.

        Parameters
        ----------
        name : str
            An id.

        Returns
        -------
        tuple of str
            Ids of the next step down; empty for a single group.

        Raises
        ------
        InputError
            There is no such id.
        """
        whole = self[name].name
        return tuple(entry.name for entry in ENTRIES.values() if entry.part_of == whole)

    def measured_by(self, name: str) -> tuple[str, ...]:
        """Say where something is counted.

        Parameters
        ----------
        name : str
            An id.

        Returns
        -------
        tuple of str
            One phrase a table: what, source, table and smallest areas.

        Raises
        ------
        InputError
            There is no such id.

        Examples
        --------
        >>> DETAIL.measured_by("hindi_speakers")
        ('the American Community Survey (5-year), table B16001, by state and congressional district',)
        """
        entry = self[name]
        return tuple(_phrase(offer, name if entry.kind == "language" else "") for offer in offers(name))

    def require(
        self,
        name: str,
        *,
        source: str,
        how: str | None = None,
        base: str | None = None,
        level: str | None = None,
        year: int | None = None,
    ) -> str:
        """Name the table of a source that counts something, or say what it has instead.

        Parameters
        ----------
        name : str
            An id, such as ``"hmong"``, ``"south_asian"`` or ``"korean_speakers"``.
        source : {"pl94171", "dhc", "ddhca", "acs5", "cvap"}
            Which source is asked.
        how : {"alone", "aoic"}, optional
            Alone, or alone or in any combination; any of the two by default.
        base : {"pop", "vap", "cvap"}, optional
            Universe; any by default.
        level : str, optional
            Level of geography.
        year : int, optional
            Vintage.

        Returns
        -------
        str
            Id of the table.

        Raises
        ------
        InputError
            There is no such id, source, universe or level.
        NotPublished
            The source does not count it; the message names the nearest it does.
        """
        entry = self[name]
        if source not in PRODUCTS:
            raise InputError(f"no source is called {source!r}; sources are {', '.join(PRODUCTS)}.")
        if how not in {None, "alone", "aoic"}:
            raise InputError(f'how is "alone" or "aoic", not {how!r}.')
        if base not in {None, "pop", "vap", "cvap"}:
            raise InputError(f'base is "pop", "vap" or "cvap", not {base!r}.')
        if year is not None and (isinstance(year, bool) or not isinstance(year, int)):
            raise InputError(f"year={year!r}: give a year as a whole number, such as 2022.")
        place = find_level(level).name if level is not None else None
        fits = [o for o in offers(name, year) if _fits(o, source, how, base, place)]
        if fits:
            return fits[0].table
        asked = entry.label if entry.kind == "language" else f"{entry.label}{' ' + HOWS[how] if how else ''}"
        of = f" in the {BASES[base].label}" if base else ""
        told = [of, f" by {LEVELS[place].plural}" if place in LEVELS else ""]
        when = f" for {year}" if year is not None else ""
        newest = newest_known(source)
        unknown = f", and the newest year this kit knows is {newest}" if newest and year and year > newest else ""
        raise NotPublished(
            f"{_first(PRODUCTS[source].title)} does not count {asked}{''.join(told)}{when}{unknown}. "
            f"{_nearest(entry, source, how=how, base=base, level=place, year=year)}"
        )


DETAIL = Registry()
"""Groups, regions and languages by id."""


def told_of(group: object) -> str:
    """Say what to do with a group of detail where a definition by race is wanted.

    Parameters
    ----------
    group : str
        What was asked for, such as ``"hmong"`` or ``"hmong_alone"``.

    Returns
    -------
    str
        One message; empty when it is no group of detail.

    Examples
    --------
    >>> told_of("asian_alone")
    ''
    """
    text = str(group)
    name = text.removesuffix("_alone").removesuffix("_aoic")
    if name not in ENTRIES or ENTRIES[name].kind == "race":
        return ""
    entry = ENTRIES[name]
    near = f" The nearest group here is {family(name)}_aoic." if entry.kind != "language" else ""
    readers = sorted({PRODUCTS[offer.source].reader for offer in offers(name)})
    return (
        f"{text!r} is {entry.label}, which redistricting and CVAP files do not count apart.{near} "
        f"{' and '.join(f'kit.{reader}' for reader in readers)} can be asked; add the units with placement.totals."
    )


def meant(name: str) -> list[str]:
    """Give the ids behind another name of a group or language.

    Parameters
    ----------
    name : str
        As someone would say it.

    Returns
    -------
    list of str
        Ids of groups, then of the language; empty when it is no usual name.

    Examples
    --------
    >>> meant("Tagalog")
    ['filipino', 'tagalog_speakers']
    """
    word = plain(name.replace("_", " ")).removesuffix(" speakers").removesuffix(" alone").removesuffix(" aoic")
    speaks = "speaker" in name.casefold()
    groups = [group.replace(" ", "_") for group in SYNONYMS.get(word, ())]
    tongue = next((entry for entry, words in TONGUES.items() if word in words), word.replace(" ", "_")) + SPEAKERS
    found = [tongue] if speaks else [*groups, tongue]
    return [entry for entry in found if entry in ENTRIES]


def _fits(offer: Offer, source: str | None, how: str | None, base: str | None, level: str | None) -> bool:
    return (
        (source is None or offer.source == source)
        and (how is None or offer.how in {how, ""})
        and (base is None or offer.base == base)
        and (level is None or level in offer.levels)
    )


def _nearest(
    entry: Detail, source: str, *, how: str | None, base: str | None, level: str | None, year: int | None
) -> str:
    """Name the nearest figure of the source, then one of another source."""
    tried: list[tuple[str, str | None, str | None, str | None, int | None]] = [
        (entry.name, how, base, None, year),
        (entry.name, None, base, None, year),
    ]
    if entry.kind == "region":
        tried += [(member, how, base, level, year) for member in DETAIL.members(entry.name)]
    tried += [(entry.name, how, base, None, None), (entry.name, None, base, None, None)]
    tried += [(entry.name, None, None, level, year)]
    above = entry.part_of
    while above:
        tried += [(above, how, base, level, year), (above, None, None, level, year), (above, None, None, None, year)]
        above = ENTRIES[above].part_of
    told = []
    for name, by, universe, at, when in tried:
        fits = [o for o in offers(name, when) if _fits(o, source, by, universe, at)]
        if fits:
            offer, other_year = fits[0], ""
            if when is None and year is not None:
                offer, other_year = _in_nearest_year(name, offer, year)
            told.append(f"The nearest it has: {_phrase(offer, name, title=False)}{other_year}.")
            if other_year and ENTRIES[name].note:
                told.append(ENTRIES[name].note)
            break
    for wanted_level in (level, None):
        others = [o for o in offers(entry.name) if _fits(o, None, how, base, wanted_level) and o.source != source]
        if others:
            told.append(f"{_first(PRODUCTS[others[0].source].title)} counts it: {_phrase(others[0], '', title=False)}.")
            break
    return " ".join(told) or PRODUCTS[source].cannot


def _in_nearest_year(name: str, offer: Offer, year: int) -> tuple[Offer, str]:
    """Find the table of the year nearest to the one asked for, and say which year that is."""
    wanted = (offer.source, offer.how, offer.base)
    for near in sorted(range(_FIRST_YEAR, LATEST + 1), key=lambda n: abs(n - year)):
        for found in offers(name, near):
            if (found.source, found.how, found.base) == wanted:
                return found, f" in {near}"
    return offer, ""


def _phrase(offer: Offer, name: str, *, title: bool = True) -> str:
    """Say in words what a table counts, and by which areas."""
    what = ""
    if name and not title:
        what = f"{ENTRIES[name].label}{' ' + HOWS[offer.how] if offer.how else ''}, "
    elif offer.how:
        what = f"{HOWS[offer.how]}, "
    where = f"{PRODUCTS[offer.source].title}, " if title else ""
    named = offer.table if " " in offer.table else f"table {offer.table}"
    universe = f" ({offer.base})" if offer.base in {"vap", "cvap"} else ""
    finest = max(offer.levels, key=lambda n: _FINENESS.get(n, 0))
    within = [n for n in offer.levels if n not in NATIONWIDE]
    areas = " and ".join(n.replace("_", " ") for n in within) if len(within) < 3 else f"{finest} or larger"
    return f"{what}{where}{named}{universe}, by {areas.replace('_', ' ')}"


_FIRST_YEAR = 2000
_FINENESS = {"county": 1, "place": 2, "tract": 3, "block_group": 4, "block": 5}


def _first(text: str) -> str:
    return text[:1].upper() + text[1:]


__all__ = ["DETAIL", "HOWS", "PRODUCTS", "SPEAKERS", "Offer", "Product", "Registry", "meant", "offers", "told_of"]
