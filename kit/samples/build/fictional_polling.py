"""The invented polling places of the fictional county: a dozen, each for one precinct to three."""

from __future__ import annotations

from kit.samples.build.fictional_people import COUNTY, NORTH, STEP_X, STEP_Y, WEST
from kit.samples.build.fictional_tables import table

# Id, name, the block it stands in (column and row of the grid), precincts.
PLACES = (
    ("PP-01", "Heron School", (3, 1), (1, 4)),
    ("PP-02", "Plover Library", (8, 2), (2, 5)),
    ("PP-03", "Lantern Hill School", (14, 1), (3,)),
    ("PP-04", "Old Cannery Hall", (13, 4), (6, 9)),
    ("PP-05", "Gannet Fire House", (2, 6), (7, 10)),
    ("PP-06", "Wren Park Pavilion", (9, 6), (8, 11)),
    ("PP-07", "Kestrel Center", (15, 7), (12, 15)),
    ("PP-08", "Tern Meeting House", (1, 9), (13, 16)),
    ("PP-09", "Osprey Gymnasium", (7, 10), (14, 17)),
    ("PP-10", "Petrel Lodge", (14, 12), (18, 21, 24)),
    ("PP-11", "Reef Point Hall", (2, 13), (19, 22)),
    ("PP-12", "Sandpiper School", (7, 14), (20, 23)),
)


def polling() -> dict[str, str]:
    """Write the polling places, each in the middle of a block."""
    rows: list[list[object]] = []
    for place, name, (column, row), precincts in PLACES:
        x, y = WEST + STEP_X * (column + 0.5), NORTH - STEP_Y * (row + 0.5)
        served = ";".join(f"{COUNTY}P{number:02d}" for number in precincts)
        rows.append([place, name, f"{x:.6f}", f"{y:.6f}", served])
    return {"polling_places.csv": table(("id", "name", "longitude", "latitude", "precincts"), rows)}
