"""Build the sample ``fictional_county``: a county that does not exist, with every kind of table the kit reads.

Run it with the environment of the kit::

    python kit/samples/build/fictional_county.py [FOLDER]

Every person of the county is drawn one by one with the standard library's
generator (seed below), then counted into tables; so all tables agree, and the
same script writes the same bytes everywhere. State code 98 belongs to no State. Places and
candidates are named after birds and landscape, and nobody is meant.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections import Counter, defaultdict
from pathlib import Path
from random import Random
from typing import Any

from kit.files import write_text
from kit.model.tables import TABLES, cells_of
from kit.samples.build.fictional_people import (
    COLUMNS,
    MAKEWEIGHT,
    NORTH,
    ROWS,
    SEED,
    STEP_X,
    STEP_Y,
    WEST,
    Block,
    Person,
    balance,
    draw_plans,
    first_block,
    in_lantern_district,
    live,
    other_block,
)
from kit.samples.build.fictional_polling import polling
from kit.samples.build.fictional_tables import acs, cvap, detailed, housing, race_tables, table, voters, voting
from kit.samples.build.fictional_voices import write_voices

ROOT = Path(__file__).resolve().parents[3]

# Example communities: corners in columns and rows of the grid, from the north-west.
COMMUNITIES = {
    "Lantern Hill merchants": (
        "Shops and two temples on Lantern Hill.",
        [(11.4, 0.4), (16.6, 0.4), (16.6, 5.5), (11.4, 5.5)],
    ),
    "Lantern Hill parents": (
        "Families of the Lantern Hill school.",
        [(12.5, 2.5), (16.5, 2.2), (15.5, 7.6), (12.2, 7.1)],
    ),
    "Old Cannery Row": (
        "Former cannery workers and their families.",
        [(9.3, 3.6), (13.2, 3.6), (13.2, 6.4), (9.3, 6.4)],
    ),
    "Reef Point church": (
        "Members of one congregation near Reef Point.",
        [(0.3, 11.5), (4.6, 11.2), (4.8, 15.3), (0.4, 15.4)],
    ),
}


def corners(random: Random) -> dict[tuple[int, int], tuple[float, float]]:
    """Shift the corners of the grid a little, so that no two blocks are alike; the rim stays straight."""
    found = {}
    for column, row in itertools.product(range(COLUMNS + 1), range(ROWS + 1)):
        dx, dy = (0.5 * (random.random() - 0.5) for _ in range(2))
        inner = 0 < column < COLUMNS and 0 < row < ROWS and (column > 1 or row > 1)
        x, y = WEST + STEP_X * (column + dx * inner), NORTH - STEP_Y * (row + dy * inner)
        found[column, row] = round(x, 6), round(y, 6)
    return found


def ring(block: Block, at: dict[tuple[int, int], tuple[float, float]]) -> list[tuple[float, float]]:
    """Give the outline of a block, counter-clockwise, closed."""
    c, r = block.at
    return [at[c, r], at[c, r + 1], at[c + 1, r + 1], at[c + 1, r], at[c, r]]


def features(rows: list[tuple[dict[str, Any], list[tuple[float, float]]]]) -> str:
    """Write polygons as GeoJSON, one feature a line."""
    crs = '{"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4269"}}'
    lines = [
        json.dumps({"type": "Feature", "properties": p, "geometry": {"type": "Polygon", "coordinates": [shape]}})
        for p, shape in rows
    ]
    return f'{{"type": "FeatureCollection", "crs": {crs},\n"features": [\n' + ",\n".join(lines) + "\n]}\n"


def shapes(blocks: list[Block], random: Random) -> dict[str, str]:
    """Write block polygons and example communities."""
    at = corners(random)
    rows = [({"GEOID": b.geoid, "VTD": b.precinct, "water": int(b.water)}, ring(b, at)) for b in blocks]
    examples = []
    for number, (name, (text, path)) in enumerate(COMMUNITIES.items(), start=1):
        outline = [(round(WEST + STEP_X * x, 6), round(NORTH - STEP_Y * y, 6)) for x, y in reversed([*path, path[0]])]
        about = {"id": f"example-{number}", "name": name, "description": f"{text} Invented example, not a submission."}
        examples.append((about, outline))
    return {"blocks.geojson": features(rows), "communities.geojson": features(examples)}


def build(folder: Path) -> None:
    """Make every file."""
    random = Random(SEED)  # noqa: S311 — a fixed seed is the point
    blocks = [Block(column, row) for row in range(ROWS) for column in range(COLUMNS)]
    blocks.sort(key=lambda block: block.geoid)
    people: list[Person] = []
    for block in blocks:
        people += first_block(block) if block.at == (0, 0) else other_block(block, random)
    half = {block.at for block in blocks if in_lantern_district(block)}
    before = len(people)
    balance(people, half, next(block for block in blocks if block.at == MAKEWEIGHT))
    print(f"{before:,} people drawn, {len(people) - before} added to make district 2 of plan A exactly one half")
    for person in people:
        live(person, random)
    by_block: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        by_block[person.block.geoid].append(person)
    names = [name for key in TABLES for name in cells_of(key)]
    rows = []
    for block in blocks:
        counts = {**race_tables(by_block[block.geoid]), **housing(by_block[block.geoid], random)}
        rows.append([block.geoid, *(counts.get(name, 0) for name in names)])
    files = {"blocks.csv": table(["GEOID", *names], rows)} | shapes(blocks, random)
    files |= acs(people, blocks) | cvap(people, blocks) | voting(people, blocks) | polling()
    files["detailed_groups.csv"] = detailed(people, blocks, random)
    plans = draw_plans(blocks, people)
    files |= voters(people, plans)
    for key, plan in plans.items():
        files[f"plan_{key}.csv"] = table(("GEOID", "DISTRICT"), sorted(plan.items()))
        print(f"plan {key}:", dict(sorted(Counter(plan[p.block.geoid] for p in people).items())))
    for name, text in files.items():
        write_text(folder / name, text)
    write_voices(folder)


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description="Build the fictional county.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "kit/samples/data/fictional_county")
    build(parser.parse_args().folder)


if __name__ == "__main__":
    main()
