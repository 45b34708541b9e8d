"""The sample ``fictional_county``: a county that does not exist, by block, with every kind of table."""

from __future__ import annotations

import pandas as pd

from kit.i18n.messages import joined, mark, term
from kit.model.frames import Source, Units
from kit.model.groups import derive
from kit.samples.sample import THIS_PROJECT, Sample, data_file, make_plan, read_shapes, read_text_table

NAME = "fictional_county"
JURISDICTION = "Fairwater County (fictional)"
TITLE = f"{JURISDICTION}, invented blocks, tables and plans"
CAVEAT = mark(
    "Sample data, not for testimony. Every place, count, vote and name is invented; state code 98 is no State."
)

PLAN_NAMES = {
    "a": "Fairwater County illustrative plan A (Lantern Hill in one district)",
    "b": "Fairwater County illustrative plan B (bands from north to south)",
}

# Table → (file, columns of text, vintage that the table imitates).
TABLES: dict[str, tuple[str, tuple[str, ...], int]] = {
    "acs_block_groups": ("acs_block_groups.csv", ("GEO_ID", "NAME"), 2022),
    "acs_tracts": ("acs_tracts.csv", ("GEO_ID", "NAME"), 2022),
    "acs_labels": ("acs_labels.csv", ("name", "label", "concept"), 2022),
    "cvap_block_groups": ("cvap_block_groups.csv", ("geoname", "lntitle", "geoid"), 2022),
    "cvap_tracts": ("cvap_tracts.csv", ("geoname", "lntitle", "geoid"), 2022),
    "detailed_groups": ("detailed_groups.csv", ("geoid", "level", "race", "group", "kind"), 2020),
    "precincts": ("precincts.csv", ("precinct", "name"), 2024),
    "voters": ("voters.csv", ("plan", "district", "group"), 2024),
    "votes": ("votes.csv", ("precinct", "contest", "candidate"), 2024),
}
"""Tables of the sample, with the file and the text columns of each."""


def _source(title: str, *, tables: str = "", level: str = "", year: int = 2020, note: str = "") -> Source:
    """Describe one file of the sample."""
    return Source(
        title=title,
        publisher=THIS_PROJECT,
        year=year,
        tables=tables,
        level=level,
        where="kit sample fictional_county",
        note=joined([term(CAVEAT), note]),
        license="MIT",
        sample=True,
    )


def read_table(name: str) -> pd.DataFrame:
    """Read one table of the sample.

    Parameters
    ----------
    name : str
        A key of `TABLES`.

    Returns
    -------
    pandas.DataFrame
        Ids and names as text, the rest as numbers; what is blank in the file
        is missing, and the codes of the Census API for missing values are kept
        as they are.
    """
    file, text, _ = TABLES[name]
    frame = read_text_table(NAME, file)
    numbers = [column for column in frame.columns if column not in text]
    return frame.astype(dict.fromkeys(numbers, "Int64"))


def load() -> Sample:
    """Load the sample.

    Returns
    -------
    Sample
        288 blocks with P.L. 94-171 cells (P1 to P5, H1), every definition
        derived from them, and the codes of tract, block group and precinct
        (``vtd``); plans ``a`` and ``b`` of four districts; example communities;
        tables as in `TABLES`.

    Notes
    -----
    Corners to check by hand: block 980010001001000 has 100 people, 80 of them
    adults: 40 White, 30 Asian, 10 NHPI, 5 White and Asian, 5 Asian and NHPI,
    5 Black, and 5 White and Hispanic. In district 2 of plan A exactly one half
    of residents, and of adults, are Asian or NHPI alone or in combination.
    """
    cells = pd.read_csv(data_file(NAME, "blocks.csv"), dtype={"GEOID": "str"}).set_index("GEOID")
    shapes = read_shapes(NAME, "blocks.geojson").set_index("GEOID").reindex(cells.index)
    codes = pd.DataFrame(
        {"tract": cells.index.str[:11], "block_group": cells.index.str[:12], "vtd": shapes["VTD"].to_numpy()},
        index=cells.index,
    )
    units = Units(
        # A copy is laid out anew, column beside column of one kind, and is looked at a hundred times quicker.
        frame=pd.concat([codes, derive(cells), cells], axis=1).copy(),
        level="block",
        year=2020,
        sources=(
            _source(mark("invented redistricting data of a fictional county"), tables="P1 to P5, H1", level="block"),
        ),
        geometry=shapes.geometry,
    )
    plans = {}
    for key, name in PLAN_NAMES.items():
        rows = read_text_table(NAME, f"plan_{key}.csv").set_index("GEOID")["DISTRICT"]
        plans[key] = make_plan(name, rows, units, jurisdiction=JURISDICTION, source=_source(name, level="block"))
    return Sample(
        name=NAME,
        title=TITLE,
        units=units,
        plans=plans,
        communities=read_shapes(NAME, "communities.geojson"),
        tables={name: read_table(name) for name in TABLES},
        surveys={"B02001": "block_group", "B02015": "tract", "B02016": "tract", "C16001": "tract"},
        caveat=CAVEAT,
    )
