"""The invented people of the fictional county: where they live, who they are, and how districts are drawn."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from kit.model.tables import RACE_CELLS

SEED = 98_001
COUNTY = "98001"
PLACE = "Fairwater County, Fictional State"
COLUMNS, ROWS = 18, 16
WEST, NORTH, STEP_X, STEP_Y = -140.0, 30.0, 0.0040, 0.0035
WATER = {(17, 0), (17, 1), (17, 2), (17, 3), (9, 12), (10, 12)}
EMPTY = {(0, 15), (4, 9), (5, 9), (8, 0), (12, 13), (16, 6), (16, 7), (2, 5)}
PRISON, DORMITORY, NURSING = (16, 15), (8, 8), (3, 2)
MAKEWEIGHT = (13, 3)
DEADWOOD = f"{COUNTY}P24"
SAMPLED = 8

Races = frozenset[str]
WHITE, BLACK, AIAN, ASIAN, NHPI, SOR = (frozenset({r}) for r in ("white", "black", "aian", "asian", "nhpi", "sor"))
RARE = sorted((races for races in RACE_CELLS.values() if len(races) > 1), key=sorted)

# Weights of race and Hispanic origin by kind of neighbourhood.
MIX: dict[str, list[tuple[float, Races, bool]]] = {
    "plain": [
        (64, WHITE, False), (9, BLACK, False), (1, AIAN, False), (4, ASIAN, False), (1, NHPI, False),
        (1, SOR, False), (2, WHITE | ASIAN, False), (7, WHITE, True), (7, SOR, True), (2, WHITE | SOR, True),
    ],
    "lantern": [
        (24, WHITE, False), (4, BLACK, False), (46, ASIAN, False), (2, NHPI, False), (4, WHITE | ASIAN, False),
        (1, ASIAN | NHPI, False), (1, ASIAN, True), (2, WHITE, True), (2, SOR, True),
    ],
    "reef": [
        (34, WHITE, False), (6, BLACK, False), (12, ASIAN, False), (22, NHPI, False), (4, WHITE | NHPI, False),
        (4, ASIAN | NHPI, False), (1, NHPI, True), (9, WHITE, True), (8, SOR, True),
    ],
}  # fmt: skip

# Detailed groups: weights in the two neighbourhoods and elsewhere, and the language most often spoken at home.
DETAIL = {
    "asian": {
        "Chinese, except Taiwanese": (40, 10, 25), "Filipino": (8, 60, 20), "Vietnamese": (22, 5, 15),
        "Korean": (12, 3, 12), "Asian Indian": (6, 7, 20), "Cambodian": (9, 5, 3), "Hmong": (3, 10, 5),
    },
    "nhpi": {
        "Native Hawaiian": (30, 25, 40), "Samoan": (30, 40, 25), "Chamorro": (25, 10, 25), "Marshallese": (5, 20, 5),
        "Tongan": (10, 5, 5),
    },
}  # fmt: skip
LANGUAGE = {
    "Chinese, except Taiwanese": "Chinese", "Filipino": "Tagalog", "Vietnamese": "Vietnamese", "Korean": "Korean",
    "Asian Indian": "Other Indo-European", "Hispanic": "Spanish",
}  # fmt: skip
# Contest → (election, candidates, share of the first candidate among NH Asian or NHPI alone, among all others).
CONTESTS = {
    "council_2022_primary": ("2022", ("Candidate Heron", "Candidate Plover"), 0.78, 0.38),
    "council_2022_general": ("2022", ("Candidate Heron", "Candidate Gannet"), 0.82, 0.41),
    "school_board_2024": ("2024", ("Candidate Kestrel", "Candidate Wren"), 0.71, 0.47),
}
# Adults who are citizens, citizens registered, registered who voted in 2022 and in 2024.
RATES = {"aapi": (0.72, 0.64, 0.48, 0.66), "hispanic": (0.74, 0.62, 0.42, 0.58), "other": (0.97, 0.80, 0.60, 0.76)}


@dataclass(frozen=True)
class Block:
    """One census block of the grid."""

    column: int
    row: int

    @property
    def at(self) -> tuple[int, int]:
        """Column and row, from the north-west."""
        return self.column, self.row

    @property
    def water(self) -> bool:
        """True when the block is water only."""
        return self.at in WATER

    @property
    def tract(self) -> str:
        """Tract of six by four blocks."""
        return f"{COUNTY}{100 * (3 * (self.row // 4) + self.column // 6 + 1):06d}"

    @property
    def group(self) -> str:
        """Block group of three by four blocks; group 0 holds water."""
        return self.tract + ("0" if self.water else str(1 + self.column % 6 // 3))

    @property
    def geoid(self) -> str:
        """Block GEOID: the number inside the group counts rows from the north."""
        return f"{self.group}{(self.row % 4) * 3 + self.column % 3:03d}"

    @property
    def precinct(self) -> str:
        """Voting district of six by two blocks: two a tract, cutting its block groups."""
        return f"{COUNTY}P{3 * (self.row // 2) + self.column // 6 + 1:02d}"

    @property
    def kind(self) -> str:
        """Kind of neighbourhood."""
        if 11 <= self.column <= 16 and self.row <= 6:
            return "lantern"
        return "reef" if self.column <= 5 and self.row >= 11 else "plain"


@dataclass
class Person:
    """One invented person; only sums over people are ever written."""

    block: Block
    races: Races
    hispanic: bool
    adult: bool
    quarters: int = 0
    citizen: bool = True
    registered: bool = False
    voted: dict[str, bool] = field(default_factory=dict)
    votes: dict[str, str] = field(default_factory=dict)
    details: tuple[str, ...] = ()
    five: bool = True
    language: str = ""
    well: bool = True
    sampled: bool = False

    @property
    def aapi(self) -> bool:
        """True when Asian or NHPI was marked, alone or in combination."""
        return bool(self.races & {"asian", "nhpi"})

    @property
    def nh_aapi_alone(self) -> bool:
        """True when Asian alone or NHPI alone, not Hispanic."""
        return self.races in (ASIAN, NHPI) and not self.hispanic


def pick(weights: list[float], random: Random) -> int:
    """Draw an index with the given weights, from one uniform number."""
    mark = random.random() * sum(weights)
    for index, weight in enumerate(itertools.accumulate(weights)):
        if mark < weight:
            return index
    return len(weights) - 1


def first_block(block: Block) -> list[Person]:
    """Fill the first block by hand: 100 people, 80 adults, every number easy to check."""
    rows = [
        (40, 32, WHITE, False), (30, 24, ASIAN, False), (10, 8, NHPI, False), (5, 4, WHITE | ASIAN, False),
        (5, 4, ASIAN | NHPI, False), (5, 4, BLACK, False), (5, 4, WHITE, True),
    ]  # fmt: skip
    return [Person(block, races, his, n < adults) for count, adults, races, his in rows for n in range(count)]


def other_block(block: Block, random: Random) -> list[Person]:
    """Draw the people of a block."""
    if block.water or block.at in EMPTY:
        return []
    size = {"plain": 95, "lantern": 135, "reef": 110}[block.kind]
    people = []
    for _ in range(int(size * (0.6 + 0.8 * random.random()))):
        if random.random() < 0.02:
            races, hispanic = RARE[int(random.random() * len(RARE))], random.random() < 0.2
        else:
            _, races, hispanic = MIX[block.kind][pick([w for w, _, _ in MIX[block.kind]], random)]
        people.append(Person(block, races, hispanic, random.random() < 0.77))
    for at, line, count in ((PRISON, 3, 140), (DORMITORY, 8, 60), (NURSING, 5, 35)):
        if block.at == at:
            for _ in range(count):
                _, races, hispanic = MIX["plain"][pick([w for w, _, _ in MIX["plain"]], random)]
                people.append(Person(block, races, hispanic, adult=True, quarters=line))
    return people


def balance(people: list[Person], district: set[tuple[int, int]], block: Block) -> None:
    """Add people to one block until exactly half of the district, and half of its adults, are AAPI."""
    for adult in (True, False):
        inside = [p for p in people if p.block.at in district and p.adult == adult]
        lead = 2 * sum(p.aapi for p in inside) - len(inside)
        races = WHITE if lead > 0 else ASIAN
        people += [Person(block, races, hispanic=False, adult=adult) for _ in range(abs(lead))]


def live(person: Person, random: Random) -> None:
    """Draw citizenship, detailed groups, language, registration, turnout and votes."""
    where = {"lantern": 0, "reef": 1, "plain": 2}[person.block.kind]
    group = "aapi" if person.nh_aapi_alone else "hispanic" if person.hispanic else "other"
    citizen, registered, *turnout = RATES[group]
    details = []
    for race, table in DETAIL.items():
        if race in person.races:
            details.append(list(table)[pick([w[where] for w in table.values()], random)])
            if random.random() < 0.06:
                details.append(list(table)[pick([1.0] * len(table), random)])
    person.details = tuple(sorted(set(details)))
    draws = [random.random() for _ in range(10)]
    person.five = person.adult or draws[0] < 0.75
    tongue = LANGUAGE.get(details[0], "Other Asian and Pacific Island") if details else ""
    if not details and person.hispanic:
        tongue = "Spanish"
    if tongue and draws[1] < 0.62:
        person.language, person.well = tongue, draws[2] < 0.55
    person.citizen = draws[3] < (citizen if person.adult else 0.95)
    person.sampled = draws[4] < 1 / SAMPLED
    person.registered = person.adult and person.citizen and person.quarters != 3 and draws[5] < registered
    for (election, rate), draw in zip((("2022", turnout[0]), ("2024", turnout[1])), draws[6:8], strict=True):
        person.voted[election] = person.registered and draw < rate
    lean = 0.10 * ((int(person.block.precinct[-2:]) * 7) % 11 - 5) / 5
    for contest, (election, names, aapi, others) in CONTESTS.items():
        if person.voted[election] and random.random() < 0.96:
            person.votes[contest] = names[0 if random.random() < (aapi if group == "aapi" else others) + lean else 1]


def in_lantern_district(block: Block) -> bool:
    """Tell whether a block lies in district 2 of plan A, which holds all of Lantern Hill."""
    return block.column >= 10 and block.row <= 7


def cut(path: list[Block], size: Counter[Block], labels: tuple[str, ...]) -> dict[str, str]:
    """Cut a path through neighbouring blocks into districts of nearly equal population."""
    whole, so_far, found = sum(size[block] for block in path), 0, {}
    for block in path:
        middle = so_far + size[block] / 2
        found[block.geoid] = labels[min(int(len(labels) * middle / whole), len(labels) - 1)]
        so_far += size[block]
    return found


def draw_plans(blocks: list[Block], people: list[Person]) -> dict[str, dict[str, str]]:
    """Draw plan A (Lantern Hill whole, the rest from west to east) and plan B (bands from north to south)."""
    size = Counter(person.block for person in people)
    by_column = sorted(
        (block for block in blocks if not in_lantern_district(block)),
        key=lambda b: (b.column, b.row if b.column % 2 else -b.row),
    )
    by_row = sorted(blocks, key=lambda b: (b.row, b.column if b.row % 2 == 0 else -b.column))
    lantern = {block.geoid: "2" for block in blocks if in_lantern_district(block)}
    return {"a": lantern | cut(by_column, size, ("1", "3", "4")), "b": cut(by_row, size, ("1", "2", "3", "4"))}
