"""Counting the invented people into the tables that offices publish."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable
from random import Random

from kit.model.tables import RACE_CELLS
from kit.samples.build.fictional_people import (
    AIAN,
    ASIAN,
    BLACK,
    CONTESTS,
    COUNTY,
    DEADWOOD,
    DETAIL,
    NHPI,
    PLACE,
    SAMPLED,
    SOR,
    WHITE,
    Block,
    Person,
    Races,
)

Rule = Callable[[Person], bool]

# Corners: a block group whose last margin could not be computed, a tract whose table of detailed Asian groups is
# withheld, and a tract with one blank estimate.
NO_MARGIN, WITHHELD, BLANK = "980010004002", "98001001100", "98001000700"

LANGUAGES = (
    "Spanish", "French, Haitian, or Cajun", "German or other West Germanic languages",
    "Russian, Polish, or other Slavic languages", "Other Indo-European", "Korean", "Chinese", "Vietnamese", "Tagalog",
    "Other Asian and Pacific Island", "Arabic", "Other and unspecified",
)  # fmt: skip
# Table B02015 as laid out from 2022 on, lines 002 to 034.
B02015 = (
    "Chinese, except Taiwanese", "Hmong", "Japanese", "Korean", "Mongolian", "Okinawan", "Taiwanese",
    "Other East Asian", "Burmese", "Cambodian", "Filipino", "Indonesian", "Laotian", "Malaysian", "Mien", "Singaporean",
    "Thai", "Vietnamese", "Other Southeast Asian", "Asian Indian", "Bangladeshi", "Bhutanese", "Nepalese", "Pakistani",
    "Sikh", "Sri Lankan", "Other South Asian", "Kazakh", "Uzbek", "Other Central Asian", "Other Asian, specified",
    "Other Asian, not specified", "Two or more Asian",
)  # fmt: skip
# Table B02016 as laid out in 2024, lines 002 to 014. The layout of 2022 is not known for certain, so labels lie beside.
B02016 = (
    "Native Hawaiian", "Samoan", "Tongan", "Other Polynesian", "Chamorro", "Chuukese", "Guamanian", "Marshallese",
    "Other Micronesian", "Fijian", "Other Melanesian", "Other Pacific Islander, not specified",
    "Two or more Native Hawaiian and Other Pacific Islander",
)  # fmt: skip
CVAP_LINES = (
    "Total", "Not Hispanic or Latino", "American Indian or Alaska Native Alone", "Asian Alone",
    "Black or African American Alone", "Native Hawaiian or Other Pacific Islander Alone", "White Alone",
    "American Indian or Alaska Native and White", "Asian and White", "Black or African American and White",
    "American Indian or Alaska Native and Black or African American", "Remainder of Two or More Race Responses",
    "Hispanic or Latino",
)  # fmt: skip
CVAP_OF = {
    AIAN: 3, ASIAN: 4, BLACK: 5, NHPI: 6, WHITE: 7, SOR: 7, AIAN | WHITE: 8, ASIAN | WHITE: 9, BLACK | WHITE: 10,
    AIAN | BLACK: 11,
}  # fmt: skip


def race_tables(people: Iterable[Person]) -> dict[str, int]:
    """Count people into P1 to P5."""
    cell_of = {races: number for number, races in RACE_CELLS.items()}
    size_header = {2: 10, 3: 26, 4: 47, 5: 63, 6: 70}
    counts: Counter[str] = Counter()

    def add(table: str, shift: int, races: Races) -> None:
        numbers = [cell_of[races], 2] if len(races) == 1 else [cell_of[races], 9, size_header[len(races)]]
        counts.update(f"{table}_{number + shift:03d}N" for number in numbers)

    for person in people:
        for race_table, origin_table in [("P1", "P2"), ("P3", "P4")][: 1 + person.adult]:
            counts.update([f"{race_table}_001N", f"{origin_table}_001N"])
            add(race_table, 0, person.races)
            counts[f"{origin_table}_002N" if person.hispanic else f"{origin_table}_003N"] += 1
            if not person.hispanic:
                add(origin_table, 2, person.races)
        if person.quarters:
            counts.update(["P5_001N", "P5_002N" if person.quarters < 7 else "P5_007N", f"P5_{person.quarters:03d}N"])
    return counts


def housing(people: list[Person], random: Random) -> dict[str, int]:
    """Count homes: one for every two or three people outside group quarters, and some vacant."""
    home = sum(not p.quarters for p in people)
    occupied, vacant = round(home / 2.6), int(random.random() * 6) if home else 0
    return {"H1_001N": occupied + vacant, "H1_002N": occupied, "H1_003N": vacant}


def table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Write a CSV table; what is missing stays blank."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([header, *rows])
    return stream.getvalue()


def margin(sampled: int) -> int:
    """Give the 90 per cent margin of an estimate made of so many sampled people."""
    return 12 if sampled == 0 else round(1.645 * (SAMPLED * (SAMPLED - 1) * sampled) ** 0.5)


def grouped(people: Iterable[Person], key: Callable[[Person], str], names: Iterable[str]) -> dict[str, list[Person]]:
    """Sort people by area, with empty areas kept."""
    found: dict[str, list[Person]] = {name: [] for name in names}
    for person in people:
        found[key(person)].append(person)
    return dict(sorted(found.items()))


def estimates(people: list[Person], rules: dict[str, Rule]) -> list[int | None]:
    """Estimate counts and margins from the sampled people."""
    sampled = [p for p in people if p.sampled]
    counts = [sum(rule(p) for p in sampled) for rule in rules.values()]
    return [number for n in counts for number in (SAMPLED * n, margin(n))]


def of_race(races: Races) -> Rule:
    """Make the rule for people of exactly these races."""
    return lambda person: person.races == races


def of_detail(name: str, races: Races = ASIAN) -> Rule:
    """Make the rule for Asian or Pacific Islander people of exactly one detailed group."""
    return lambda person: person.races == races and person.details == (name,)


def speaking(name: str, *, well: bool | None = None) -> Rule:
    """Make the rule for people who speak a language at home, and English very well or less."""
    return lambda person: person.five and person.language == name and (well is None or person.well == well)


def acs_group_rules() -> dict[str, Rule]:
    """Table B02001, race."""
    return {
        "": lambda _: True,
        "White alone": of_race(WHITE),
        "Black or African American alone": of_race(BLACK),
        "American Indian and Alaska Native alone": of_race(AIAN),
        "Asian alone": of_race(ASIAN),
        "Native Hawaiian and Other Pacific Islander alone": of_race(NHPI),
        "Some Other Race alone": of_race(SOR),
        "Two or More Races": lambda person: len(person.races) > 1,
    }


def acs_tract_rules() -> dict[str, dict[str, Rule]]:
    """Tables B02015 and B02016 (detailed Asian and Pacific Islander groups) and C16001 (language at home)."""
    detail = {"": of_race(ASIAN)} | {name: of_detail(name) for name in B02015[:-1]}
    detail[B02015[-1]] = lambda person: person.races == ASIAN and len(person.details) > 1
    language: dict[str, Rule] = {
        "": lambda person: person.five,
        "Speak only English": lambda person: person.five and not person.language,
    }
    for name in LANGUAGES:
        language[f"{name}:"] = speaking(name)
        language[f'{name}:!!Speak English "very well"'] = speaking(name, well=True)
        language[f'{name}:!!Speak English less than "very well"'] = speaking(name, well=False)
    pacific = {"": of_race(NHPI)} | {name: of_detail(name, NHPI) for name in B02016[:-1]}
    pacific[B02016[-1]] = lambda person: person.races == NHPI and len(person.details) > 1
    return {"B02015": detail, "C16001": language, "B02016": pacific}


CONCEPTS = {
    "B02001": "Race",
    "B02015": "Asian Alone by Selected Groups",
    "C16001": "Language Spoken at Home for the Population 5 Years and Over",
    "B02016": "Native Hawaiian and Other Pacific Islander Alone by Selected Groups",
}


def acs(people: list[Person], blocks: list[Block]) -> dict[str, str]:
    """Write the ACS tables, as the Census API spells them, with its codes for what is missing."""
    tables = {"B02001": acs_group_rules(), **acs_tract_rules()}
    variables = {
        name: [f"{name}_{n:03d}{kind}" for n in range(1, len(rules) + 1) for kind in "EM"]
        for name, rules in tables.items()
    }
    labels = [
        (f"{name}_{n:03d}E", "Estimate!!Total:" + (f"!!{text}" if text else ""), CONCEPTS[name])
        for name, rules in tables.items()
        for n, text in enumerate(rules, start=1)
    ]
    group_rows: list[list[object]] = []
    for group, inside in grouped(people, lambda p: p.block.group, {b.group for b in blocks}).items():
        numbers = estimates(inside, tables["B02001"])
        if group.endswith("0"):  # water: nothing to estimate, and the Bureau's code for a total that is fixed
            numbers = [-555555555 if i % 2 else 0 for i in range(len(numbers))]
        if group == NO_MARGIN:
            numbers[-1] = -222222222
        group_rows.append([f"1500000US{group}", f"Block Group {group[-1]}; {tract_name(group)}; {PLACE}", *numbers])
    tract_rows: list[list[object]] = []
    for tract, inside in grouped(people, lambda p: p.block.tract, {b.tract for b in blocks}).items():
        detail, language, pacific = (estimates(inside, tables[name]) for name in ("B02015", "C16001", "B02016"))
        if tract == WITHHELD:
            detail = [-222222222 if i % 2 else -666666666 for i in range(len(detail))]
        if tract == BLANK:
            detail[6:8] = [None, None]
        tract_rows.append([f"1400000US{tract}", f"{tract_name(tract)}; {PLACE}", *detail, *language, *pacific])
    return {
        "acs_block_groups.csv": table(["GEO_ID", "NAME", *variables["B02001"]], group_rows),
        "acs_tracts.csv": table(
            ["GEO_ID", "NAME", *(v for n in tables if n != "B02001" for v in variables[n])], tract_rows
        ),
        "acs_labels.csv": table(("name", "label", "concept"), labels),
        "acs_variables.json": json.dumps(
            {"variables": {name: {"label": label, "concept": concept} for name, label, concept in labels}}, indent=1
        )
        + "\n",
    }


def tract_name(geoid: str) -> str:
    """Write a tract's number."""
    return f"Census Tract {int(geoid[5:9])}"


def rounded(number: int) -> int:
    """Round as the special tabulation does: 1 to 7 become 4, the rest the nearest 5."""
    return 0 if number == 0 else 4 if number < 8 else 5 * round(number / 5)


def cvap_rows(geoid: str, name: str, people: list[Person], *, columns: str) -> list[list[object]]:
    """Write the thirteen lines of one area."""
    universes: dict[str, Rule] = {
        "tot": lambda _: True,
        "adu": lambda p: p.adult,
        "cit": lambda p: p.citizen,
        "cvap": lambda p: p.adult and p.citizen,
    }
    rows: list[list[object]] = []
    sampled = [p for p in people if p.sampled]
    for number, title in enumerate(CVAP_LINES, start=1):
        row: list[object] = [name, title, geoid, number]
        for universe in columns.split():
            n = sum(universes[universe](p) and on_line(p, number) for p in sampled)
            row += [rounded(SAMPLED * n), margin(n)]
        rows.append(row)
    return rows


def on_line(person: Person, number: int) -> bool:
    """Tell whether a person counts on a line of the special tabulation."""
    if number in {1, 13}:
        return number == 1 or person.hispanic
    return not person.hispanic and (number == 2 or CVAP_OF.get(person.races, 12) == number)


def by_block(key: Callable[[Block], str]) -> Callable[[Person], str]:
    """Make the rule that puts a person where their block is."""
    return lambda person: key(person.block)


def cvap(people: list[Person], blocks: list[Block]) -> dict[str, str]:
    """Write the citizen voting-age tables in the layout of the special tabulation."""
    files = {}
    levels: dict[str, tuple[str, str, Callable[[Block], str]]] = {
        "cvap_tracts.csv": ("1400000US", "tot adu cit cvap", lambda b: b.tract),
        "cvap_block_groups.csv": ("1500000US", "cit cvap", lambda b: b.group),
    }
    for file, (prefix, columns, key) in levels.items():
        header = ["geoname", "lntitle", "geoid", "lnnumber"]
        header += [f"{universe}_{kind}" for universe in columns.split() for kind in ("est", "moe")]
        rows: list[list[object]] = []
        for geoid, inside in grouped(people, by_block(key), {key(b) for b in blocks}).items():
            name = f"{tract_name(geoid)}, {PLACE}"
            name = f"Block Group {geoid[-1]}, {name}" if len(geoid) == 12 else name
            rows += cvap_rows(prefix + geoid, name, inside, columns=columns)
        files[file] = table(header, rows)
    return files


def detailed(people: list[Person], blocks: list[Block], random: Random) -> str:
    """Write detailed groups by tract and county, noise drawn cell by cell, small counts withheld."""
    rows: list[list[object]] = []
    areas = {"county": {COUNTY: people}, "tract": grouped(people, lambda p: p.block.tract, {b.tract for b in blocks})}
    for level, inside in areas.items():
        for geoid, here in inside.items():
            for race, group in ((race, group) for race, groups in DETAIL.items() for group in groups):
                for kind in ("alone", "alone or in any combination"):
                    exact = sum(
                        group in p.details and (kind != "alone" or (p.races == {race} and p.details == (group,)))
                        for p in here
                    )
                    noisy = exact + round(6 * (random.random() + random.random() - 1))
                    rows.append([geoid, level, race, group, kind, noisy if noisy >= 22 else None, 4])
    return table(("geoid", "level", "race", "group", "kind", "count", "moe"), rows)


def voting(people: list[Person], blocks: list[Block]) -> dict[str, str]:
    """Write registration, turnout and votes by precinct: sums only."""
    inside = grouped(people, lambda p: p.block.precinct, {b.precinct for b in blocks})
    header = ["precinct", "name", "total_pop", "total_vap", "total_cvap", "nh_aapi_alone_cvap"]
    kinds = ("registered", "voted_2022", "voted_2024")
    header += [f"{group}_{kind}" for group in ("total", "nh_aapi_alone") for kind in kinds]
    rows: list[list[object]] = []
    votes: list[list[object]] = []
    for precinct, here in inside.items():
        citizens = [p for p in here if p.adult and p.citizen]
        stale = round(0.45 * len(citizens)) if precinct == DEADWOOD else 0
        row: list[object] = [precinct, f"Precinct {int(precinct[-2:])}", len(here), sum(p.adult for p in here)]
        row += [len(citizens), sum(p.nh_aapi_alone for p in citizens)]
        for everyone in (True, False):
            who = [p for p in citizens if everyone or p.nh_aapi_alone]
            row += [sum(p.registered for p in who) + (stale if everyone else 0)]
            row += [sum(p.voted[year] for p in who) for year in ("2022", "2024")]
        rows.append(row)
        for contest, (_, names, _, _) in CONTESTS.items():
            tally = Counter(p.votes[contest] for p in citizens if contest in p.votes)
            votes += [[precinct, contest, name, tally[name]] for name in names]
    return {
        "precincts.csv": table(header, rows),
        "votes.csv": table(("precinct", "contest", "candidate", "votes"), votes),
    }


def voters(people: list[Person], plans: dict[str, dict[str, str]]) -> dict[str, str]:
    """Write registration and turnout by district of each plan, old registrations where most of their precinct is."""
    groups: dict[str, Rule] = {
        "total": lambda _: True,
        "nh_aapi_alone": lambda p: p.nh_aapi_alone,
        "nh_asian_alone": lambda p: p.races == ASIAN and not p.hispanic,
        "nh_nhpi_alone": lambda p: p.races == NHPI and not p.hispanic,
    }
    citizens = [p for p in people if p.adult and p.citizen]
    old = [p for p in citizens if p.block.precinct == DEADWOOD]
    rows: list[list[object]] = []
    for key, plan in sorted(plans.items()):
        inside: dict[str, list[Person]] = {district: [] for district in sorted(set(plan.values()))}
        for person in citizens:
            inside[plan[person.block.geoid]].append(person)
        home = Counter(plan[p.block.geoid] for p in old).most_common(1)[0][0]
        for district, here in inside.items():
            stale = round(0.45 * len(old)) if district == home else 0
            for group, belongs in groups.items():
                who = [p for p in here if belongs(p)]
                registered = sum(p.registered for p in who) + (stale if group == "total" else 0)
                voted = [sum(p.voted[year] for p in who) for year in ("2022", "2024")]
                rows.append([key, district, group, registered, *voted])
    return {"voters.csv": table(("plan", "district", "group", "registered", "voted_2022", "voted_2024"), rows)}
