"""Tables of the American Community Survey (5-year) as data: what each holds, for which areas, and line by line.

The same code of a table of detailed groups means different groups in
different years, so lines are known by label; the layouts here serve only
where a file comes without the labels of its year.
"""

from __future__ import annotations

from dataclasses import dataclass

from kit.errors import InputError, NotPublished
from kit.i18n.messages import mark
from kit.model.detail_data import ENTRIES, family, plain
from kit.model.geoid import LEVELS

FIRST_YEAR = 2009
RECODED = mark(
    "Write-in answers were coded more fully from 2022 on, and lines of detailed groups were added and reordered: do "
    "not compare a detailed group of 2021 or earlier with one of 2022 or later."
)

_TRACT = (
    "state", "county", "county_subdivision", "tract", "place", "congressional_district", "state_senate", "state_house",
    "nation", "native_area",
)  # fmt: skip
_GROUP = (*_TRACT, "block_group")
_LARGE = ("state", "congressional_district", "nation")

Path = tuple[str, ...]
"""Where a line stands: its headings and its own label, each in the form of `plain`; the total's is empty."""


@dataclass(frozen=True)
class AcsTable:
    """One table.

    Parameters
    ----------
    name : str
        Its id, such as ``"B02015"``.
    title : str
        What it counts, in plain words.
    universe : str
        Of whom.
    levels : tuple of str
        Levels of geography it is published for.
    first, last : int
        Last years of the first and of the last five-year period; a table that
        is still published ends with 9999.
    holds : str
        ``"asian"``, ``"nhpi"`` or ``"language"`` where its lines are groups
        of detail; else empty.
    how : {"", "alone", "aoic"}
        Whether its groups are alone, or alone or in any combination.
    """

    name: str
    title: str
    universe: str
    levels: tuple[str, ...] = _TRACT
    first: int = FIRST_YEAR
    last: int = 9999
    holds: str = ""
    how: str = ""


_PEOPLE, _FIVE = "all people", "people aged 5 and over"
TABLES: dict[str, AcsTable] = {
    table.name: table
    for table in (
        AcsTable("B02001", "race", _PEOPLE, _GROUP),
        AcsTable("B02011", "Asian alone or in combination", _PEOPLE, _GROUP),
        AcsTable("B02012", "NHPI alone or in combination", _PEOPLE, _GROUP),
        AcsTable("B02006", "detailed Asian groups, alone", "Asian alone", _TRACT, 2009, 2014, "asian", "alone"),
        AcsTable("B02007", "detailed NHPI groups, alone", "NHPI alone", _TRACT, 2009, 2014, "nhpi", "alone"),
        AcsTable("B02015", "detailed Asian groups, alone", "Asian alone", _TRACT, 2015, 9999, "asian", "alone"),
        AcsTable("B02016", "detailed NHPI groups, alone", "NHPI alone", _TRACT, 2015, 9999, "nhpi", "alone"),
        AcsTable(
            "B02018", "detailed Asian groups, alone or in any combination", "answers given", _TRACT, 2015, 9999,
            "asian", "aoic",
        ),
        AcsTable(
            "B02019", "detailed NHPI groups, alone or in any combination", "answers given", _TRACT, 2015, 9999,
            "nhpi", "aoic",
        ),
        AcsTable("B05001", "nativity and citizenship", _PEOPLE),
        AcsTable("B05003", "citizenship by age and sex", _PEOPLE),
        AcsTable("B05003D", "citizenship by age and sex, Asian alone", "Asian alone"),
        AcsTable("B05003E", "citizenship by age and sex, NHPI alone", "NHPI alone"),
        AcsTable("B16008", "citizenship by age, language and ability to speak English", _FIVE),
        AcsTable("C16001", "language at home, in 12 groups, and ability to speak English", _FIVE, _TRACT, 2016, 9999,
                 "language"),
        AcsTable("C16002", "household language and limited English-speaking households", "households", _TRACT, 2016),
        AcsTable("B16001", "language at home, in full, and ability to speak English", _FIVE, _LARGE, 2009, 9999,
                 "language"),
        AcsTable("B16002", "household language in full, and limited English-speaking households", "households",
                 _LARGE, 2009),
    )
}  # fmt: skip


def levels_of(table: str, year: int) -> tuple[str, ...]:
    """Name the levels a table is published for in a year.

    Parameters
    ----------
    table : str
        Id of a table.
    year : int
        Last year of the five-year period.

    Returns
    -------
    tuple of str
        Until 2015 the tables of languages in full reached down to tracts.
    """
    return _TRACT if table in {"B16001", "B16002"} and year < 2016 else TABLES[table].levels


def check_table(table: str, year: int, level: str) -> None:
    """Refuse a table that is not published for a year or a level, naming the nearest that is.

    Parameters
    ----------
    table : str
        Id of a table; one the kit does not know is let pass.
    year : int
        Last year of the five-year period.
    level : str
        Level of geography.

    Raises
    ------
    NotPublished
        It is not published so.
    """
    every = {name for facts in TABLES.values() for name in facts.levels}
    if level not in every:
        raise NotPublished(
            f"the survey is not published by {LEVELS[level].plural if level in LEVELS else level}. Block groups are "
            "the smallest areas; use P.L. 94-171 for blocks, or kit.allocate."
        )
    facts = TABLES.get(table)
    if facts is None:
        return
    if not facts.first <= year <= facts.last:
        other = [t for t in TABLES.values() if t.holds == facts.holds and t.how == facts.how and t.name != table]
        near = next((t for t in other if t.holds and t.first <= year <= t.last), None)
        span = f"from {facts.first} on" if facts.last == 9999 else f"from {facts.first} to {facts.last}"
        hint = f"For {year} use {near.name} ({near.title})." if near else f"Use a period that ends {span[5:]}."
        raise NotPublished(f"table {table} ({facts.title}) is published {span}, not for {year}. {hint}")
    levels = levels_of(table, year)
    if level in levels:
        return
    near = next(
        (t for t in TABLES.values() if t.holds == facts.holds and t.holds and level in levels_of(t.name, year)), None
    )
    finest = next((name for name in ("tract", "congressional_district") if name in levels), levels[0])
    hint = f"The nearest by {LEVELS[level].plural}: {near.name} ({near.title}); or" if near else "The nearest:"
    raise NotPublished(
        f"table {table} ({facts.title}) is not published by {LEVELS[level].plural}. {hint} level={finest!r}."
    )


# --- lines ------------------------------------------------------------------------------------------


def _words(text: str) -> list[str]:
    return text.split()


_2015 = _words(
    "asian_indian bangladeshi bhutanese burmese cambodian chinese filipino hmong indonesian japanese korean laotian "
    "malaysian mongolian nepalese okinawan pakistani sri_lankan taiwanese thai vietnamese other_asian_specified "
    "other_asian_not_specified two_or_more_asian"
)
_2022 = _words(
    "chinese hmong japanese korean mongolian okinawan taiwanese other_east_asian burmese cambodian filipino indonesian "
    "laotian malaysian mien singaporean thai vietnamese other_southeast_asian asian_indian bangladeshi bhutanese "
    "nepalese pakistani sikh sri_lankan other_south_asian kazakh uzbek other_central_asian other_asian_specified "
    "other_asian_not_specified two_or_more_asian"
)
_2024 = [*_2022[:27], "afghan", *_2022[27:]]
_2006 = _words(
    "asian_indian bangladeshi cambodian chinese filipino hmong indonesian japanese korean laotian malaysian pakistani "
    "sri_lankan taiwanese thai vietnamese other_asian_specified other_asian_not_specified"
)
_PACIFIC_2015 = _words(
    "native_hawaiian samoan tongan other_polynesian guamanian_or_chamorro marshallese other_micronesian fijian "
    "other_melanesian other_pacific_islander two_or_more_nhpi"
)
_PACIFIC_2024 = _words(
    "native_hawaiian samoan tongan other_polynesian chamorro chuukese guamanian marshallese other_micronesian fijian "
    "other_melanesian other_pacific_islander two_or_more_nhpi"
)

# Table → (first year, last year, groups from line 002 on). Years between are not confirmed and not guessed.
GROUP_LAYOUTS: dict[str, tuple[tuple[int, int, list[str]], ...]] = {
    "B02006": ((2009, 2014, _2006),),
    "B02015": ((2015, 2021, _2015), (2022, 2022, _2022), (2024, 2024, _2024)),
    "B02018": ((2015, 2021, _2015[:-1]),),
    "B02016": ((2015, 2021, _PACIFIC_2015), (2024, 2024, _PACIFIC_2024)),
    "B02019": ((2015, 2021, _PACIFIC_2015[:-1]),),
}

_LANGUAGE_ORDER = _words(
    "spanish french_haitian_cajun german_west_germanic russian_polish_slavic other_indo_european korean chinese "
    "vietnamese tagalog other_asian_pacific arabic other_unspecified"
)
WELL, LESS = "speak english very well", "speak english less than very well"
ADULT, CHILD = "18 years and over", "under 18 years"
NATIVE, FOREIGN = "native", "foreign born"
NATURALIZED, NOT_CITIZEN = "naturalized u.s. citizen", "not a u.s. citizen"
_BIRTH: tuple[Path, ...] = ((NATIVE,), (FOREIGN,), (FOREIGN, NATURALIZED), (FOREIGN, NOT_CITIZEN))


def layout(table: str, year: int) -> dict[int, Path] | None:
    """Give the lines of a table where they are known without its labels.

    Parameters
    ----------
    table : str
        Id of the table.
    year : int
        Last year of the five-year period.

    Returns
    -------
    dict of int to tuple of str, or None
        Line → headings and label, in the form of `plain`; None where the lines
        of that year are not known for certain.

    Raises
    ------
    InputError
        The year is none of five-year estimates.

    Examples
    --------
    >>> layout("B02015", 2021)[2], layout("B02015", 2022)[2]
    (('asian indian',), ('chinese, except taiwanese',))
    """
    if not isinstance(year, int) or year < FIRST_YEAR:
        raise InputError(f"year={year!r}: give the last year of the five-year period, {FIRST_YEAR} or later.")
    for first, last, names in GROUP_LAYOUTS.get(table, ()):
        if first <= year <= last:
            return {1: (), **{n: (plain(ENTRIES[name].spellings[0]),) for n, name in enumerate(names, 2)}}
    known = _LINES.get(table)
    return dict(enumerate(known, 1)) if known else None


def groups_known(table: str, year: int) -> tuple[str, ...]:
    """Name the groups a table has a line for.

    Parameters
    ----------
    table : str
        Id of a table of groups or languages.
    year : int
        Last year of the five-year period.

    Returns
    -------
    tuple of str
        Ids; for a year that is not known, those of the last year before it.
    """
    facts = TABLES[table]
    if facts.holds == "language":
        some = [name for name, entry in ENTRIES.items() if entry.kind == "language"]
        return tuple(n for n in some if table != "C16001" or not ENTRIES[n].part_of)
    if table == "B02007":
        return tuple(_PACIFIC_2015[:5]) + tuple(_PACIFIC_2015[6:10])
    spans = GROUP_LAYOUTS[table] if table in {"B02006", "B02015", "B02016"} else GROUP_LAYOUTS[_ALONE[table]]
    before = [names for first, _, names in spans if first <= year] or [spans[0][2]]
    return tuple(n for n in before[-1] if facts.how == "alone" or not n.startswith("two_or_more"))


_ALONE = {"B02018": "B02015", "B02019": "B02016"}


def regions_known(table: str, year: int) -> tuple[str, ...]:
    """Name the regions whose every group a table of groups alone has.

    Parameters
    ----------
    table : str
        Id of a table of groups.
    year : int
        Last year of the five-year period.

    Returns
    -------
    tuple of str
        Ids; none for tallies, where one person can be in two groups.
    """
    if TABLES[table].how != "alone":
        return ()
    groups = groups_known(table, year)
    homes = {ENTRIES[name].part_of for name in groups if f"other_{ENTRIES[name].part_of}" in groups}
    return tuple(name for name in ENTRIES if name in homes and family(name) == TABLES[table].holds)


def _race() -> list[Path]:
    names = (
        "white alone", "black or african american alone", "american indian and alaska native alone", "asian alone",
        "native hawaiian and other pacific islander alone", "some other race alone", "two or more races",
    )  # fmt: skip
    return [(), *((name,) for name in names)]


def _citizens() -> list[Path]:
    return [
        (),
        *(
            (sex, *rest)
            for sex in ("male", "female")
            for rest in ((), *((age, *birth) for age in (CHILD, ADULT) for birth in ((), *_BIRTH)))
        ),
    ]


def _citizens_by_language() -> list[Path]:
    abilities: tuple[Path, ...] = (
        (), ("speak only english",),
        *((tongue, *rest) for tongue in ("speak spanish", "speak other") for rest in ((), (WELL,), (LESS,))),
    )  # fmt: skip
    by_age = [(age, *ability) for age in ("5 to 17 years old", "18 years old and over") for ability in abilities]
    return [
        (), (NATIVE,), *((NATIVE, *rest) for rest in by_age), (FOREIGN,),
        *((FOREIGN, kind, *rest) for kind in (NATURALIZED, NOT_CITIZEN) for rest in [(), *by_age]),
    ]  # fmt: skip


def _languages() -> list[Path]:
    tongues = [plain(ENTRIES[f"{name}_speakers"].spellings[0]) for name in _LANGUAGE_ORDER]
    return [
        (),
        ("speak only english",),
        *((tongue, *rest) for tongue in tongues for rest in ((), (WELL,), (LESS,))),
    ]


def _households() -> list[Path]:
    tongues = ("spanish", "other indo european", "asian and pacific island", "other")
    kinds = ("limited english speaking household", "not a limited english speaking household")
    return [(), ("english only",), *((tongue, *rest) for tongue in tongues for rest in ((), *((k,) for k in kinds)))]


def _nativity() -> list[Path]:
    born = "u.s. citizen, born in "
    return [
        (), (f"{born}the united states",), (f"{born}puerto rico or u.s. island areas",),
        ("u.s. citizen, born abroad of american parent",), ("u.s. citizen by naturalization",), (NOT_CITIZEN,),
    ]  # fmt: skip


_LINES: dict[str, list[Path]] = {
    "B02001": _race(),
    "B02011": [()],
    "B02012": [()],
    "B05001": _nativity(),
    "B05003": _citizens(),
    "B05003D": _citizens(),
    "B05003E": _citizens(),
    "B16008": _citizens_by_language(),
    "C16001": _languages(),
    "C16002": _households(),
}
