"""Write P.L. 94-171 files in the published layouts from made-up people, so that every total is known.

Used by the tests and the benchmark. Race combinations are drawn so that all
identities of the real tables hold; nothing here is real data.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

from kit.model.tables import RACE_CELLS

LEAVES = list(RACE_CELLS)
SIZES = {10: 2, 26: 3, 47: 4, 63: 5, 70: 6}
LEVELS = (("040", 2), ("050", 5), ("140", 11), ("150", 12), ("750", 15))


def race_table(leaves: np.ndarray) -> np.ndarray:
    """Turn (n, 63) leaf counts into the 71 cells of P1/P3."""
    table = np.zeros((len(leaves), 72), dtype=np.int64)
    table[:, LEAVES] = leaves
    for header, size in SIZES.items():
        table[:, header] = table[:, [n for n in LEAVES if len(RACE_CELLS[n]) == size]].sum(axis=1)
    table[:, 2] = table[:, 3:9].sum(axis=1)
    table[:, 9] = table[:, list(SIZES)].sum(axis=1)
    table[:, 1] = table[:, 2] + table[:, 9]
    return table[:, 1:]


def origin_table(everyone: np.ndarray, not_hispanic: np.ndarray) -> np.ndarray:
    """Turn leaf counts of everyone and of non-Hispanic people into the 73 cells of P2/P4."""
    inner = race_table(not_hispanic)
    total = everyone.sum(axis=1)
    head = np.column_stack([total, total - inner[:, 0], inner[:, 0]])
    return np.column_stack([head, inner[:, 1:]])


def people(blocks: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw leaf counts for blocks: everyone, not Hispanic, adults, adults not Hispanic."""
    weights = np.array([0.001 / (6 ** max(0, len(RACE_CELLS[n]) - 3)) for n in LEAVES])
    weights[:6] = (0.55, 0.12, 0.01, 0.13, 0.01, 0.1)
    weights[6:21] = 0.004
    size = rng.poisson(40, blocks) * (rng.random(blocks) > 0.25)
    everyone = rng.poisson(size[:, None] * (weights / weights.sum())[None, :]).astype(np.int64)
    not_hispanic = rng.binomial(everyone, 0.85)
    # Adults: the same person-by-person draw for both, so that every cell of P4 is within P3 and P2.
    adults_nh = rng.binomial(not_hispanic, 0.78)
    adults = adults_nh + rng.binomial(everyone - not_hispanic, 0.7)
    return {"P1": everyone, "P2": not_hispanic, "P3": adults, "P4": adults_nh}


def geoids(blocks: int, state: str, counties: int) -> np.ndarray:
    """Number blocks 1000… in block groups of 25, four a tract, tracts spread over counties."""
    index = np.arange(blocks)
    tract = index // 100
    per_county = -(-(tract[-1] + 1) // counties) if blocks else 1
    county = 2 * (tract // per_county) + 1
    inside = index % 100
    return np.array(
        [
            f"{state}{c:03d}{(t % per_county + 1) * 100:06d}{i // 25 + 1}{i % 25:03d}"
            for c, t, i in zip(county.tolist(), tract.tolist(), inside.tolist(), strict=True)
        ]
    )


def rollup(keys: np.ndarray, tables: dict[str, np.ndarray]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Sum leaf tables over equal, sorted keys."""
    unique, starts = np.unique(keys, return_index=True)
    return unique, {name: np.add.reduceat(values, starts, axis=0) for name, values in tables.items()}


def quarters(n: int) -> np.ndarray:
    """Ten P5 cells a row: one nursing-home resident in every row."""
    row = np.zeros(10, dtype=np.int64)
    row[[0, 1, 4]] = 1
    return np.tile(row, (n, 1))


def geo_2020(fields: dict[int, str]) -> str:
    row = [""] * 97
    for at, value in fields.items():
        row[at] = value
    return "|".join(row)


def geo_2010(fields: dict[int, str]) -> str:
    """Place text at columns (from 1) of a 500-character line."""
    line = [" "] * 500
    for at, value in fields.items():
        line[at - 1 : at - 1 + len(value)] = list(value)
    return "".join(line)


class Maker:
    """Rows of one made-up State, ready to be written in either layout."""

    def __init__(self, blocks: int, *, state: str = "15", abbr: str = "HI", counties: int = 2, seed: int = 1) -> None:
        rng = np.random.default_rng(seed)
        self.state, self.abbr = state, abbr
        ids = geoids(blocks, state, counties)
        order = np.argsort(ids, kind="stable")
        leaves = people(blocks, rng)
        self.levels: list[tuple[str, np.ndarray, dict[str, np.ndarray], np.ndarray]] = []
        for summary, digits in LEVELS:
            keys = ids[order].astype(f"U{digits}")
            unique, sums = rollup(keys, {name: values[order] for name, values in leaves.items()})
            homes = np.unique(keys, return_counts=True)[1] * 12
            self.levels.append((summary, unique, sums, homes))

    def total(self, table: str, numbers: list[int] | None = None) -> int:
        """Sum leaf cells over the State; `numbers` in P1 numbering."""
        leaves = self.levels[0][2][table][0]
        return int(sum(leaves[LEAVES.index(n)] for n in numbers) if numbers else leaves.sum())

    def rows(self):
        """Yield (first LOGRECNO, summary level, ids, the four race tables, homes)."""
        number = 1
        for summary, ids, sums, homes in self.levels:
            cells = {
                "P1": race_table(sums["P1"]),
                "P2": origin_table(sums["P1"], sums["P2"]),
                "P3": race_table(sums["P3"]),
                "P4": origin_table(sums["P3"], sums["P4"]),
            }
            yield number, summary, ids, cells, homes
            number += len(ids)

    def name(self, summary: str, geoid: str) -> str:
        if summary == "050":
            return "Cañon County" if geoid.endswith("001") else "Hawai'i County"
        return {"040": "Test State"}.get(summary, f"Block {geoid[-4:]}" if summary == "750" else f"Area {geoid}")

    def geo_fields(self, year: int, summary: str, geoid: str, number: int, people: int, homes: int) -> dict[int, str]:
        lat, lon = f"{19 + int(geoid[-3:]) / 1000:+.7f}", f"{-155 - int(geoid[-4:]) / 10000:+012.7f}"
        county, tract = geoid[2:5], geoid[5:11]
        name = self.name(summary, geoid)
        if year == 2020:
            fields = {0: "PLST", 1: self.abbr, 2: summary, 3: "00", 4: "00", 5: "000", 6: "00", 7: str(number)}
            fields |= {8: f"{summary}0000US{geoid}", 9: geoid, 12: self.state, 14: county, 31: tract}
            return fields | {84: "1000", 85: "50", 87: name, 90: str(people), 91: str(homes), 92: lat, 93: lon}
        fields = {1: "PLST", 7: self.abbr, 9: summary, 12: "00", 14: "000", 17: "00", 19: f"{number:07d}"}
        fields |= {
            28: self.state,
            30: county,
            55: tract,
            61: geoid[11:12],
            62: geoid[11:15] if summary == "750" else "",
        }
        fields |= {199: f"{1000:14d}", 213: f"{50:14d}", 227: name, 319: f"{people:9d}", 328: f"{homes:9d}"}
        return fields | {337: lat, 348: lon}

    def write(self, folder: Path, *, year: int = 2020, end: str = "\n", extra_geo: tuple[str, ...] = ()) -> Path:
        """Write the raw files of one census into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        geo, joiner = (geo_2020, "|") if year == 2020 else (geo_2010, ",")
        low = self.abbr.lower()
        paths = {0: folder / f"{low}geo{year}.pl"}
        paths |= {n: folder / f"{low}0000{n}{year}.pl" for n in range(1, 4 if year == 2020 else 3)}
        streams = {n: path.open("w", encoding="latin-1", newline="") for n, path in paths.items()}
        for first, summary, ids, cells, homes in self.rows():
            people = cells["P1"][:, 0].tolist()
            numbers = range(first, first + len(ids))
            for geoid, number, count, units in zip(ids.tolist(), numbers, people, homes.tolist(), strict=True):
                streams[0].write(geo(self.geo_fields(year, summary, geoid, number, count, units)) + end)
            occupied = homes - homes // 10
            contents = {1: np.column_stack([cells["P1"], cells["P2"]])}
            contents[2] = np.column_stack([cells["P3"], cells["P4"], homes, occupied, homes - occupied])
            contents[3] = quarters(len(ids))
            for n in paths.keys() - {0}:
                head = f"PLST{joiner}{self.abbr}{joiner}000{joiner}{n:02d}{joiner}"
                width = (str) if year == 2020 else (lambda k: f"{k:07d}")
                streams[n].writelines(
                    head + width(number) + joiner + joiner.join(map(str, row)) + end
                    for number, row in zip(numbers, contents[n].tolist(), strict=True)
                )
        for line in extra_geo:
            streams[0].write(line + end)
        for stream in streams.values():
            stream.close()
        return folder

    def write_zip(self, path: Path, *, year: int = 2020, inside: str = "") -> Path:
        """Write the raw files and pack them; `inside` is a folder name within the zip."""
        folder = self.write(path.parent / f"{path.stem}_raw", year=year)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as pack:
            for file in sorted(folder.iterdir()):
                pack.write(file, f"{inside}{file.name}")
                file.unlink()
        folder.rmdir()
        return path
