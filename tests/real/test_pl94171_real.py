"""Real redistricting files: the Rhode Island prototype in raw form, and Illinois' combined tables."""

from __future__ import annotations

import json

import pytest

from kit.errors import NotPublished
from kit.sources.pl94171 import read_pl94171

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def rhode_island(data_dir):
    return data_dir / "rhode_island" / "pl94171_raw"


def test_rhode_island_prototype_has_the_published_and_the_worked_figures(rhode_island):
    units = read_pl94171("RI", year=2020, level="state", source=rhode_island)
    row = units.frame.loc["44"]
    assert row["total_pop"] == 614_053
    assert (row["asian_alone_pop"], row["nhpi_alone_pop"]) == (24_145, 1_000)
    assert (row["asian_aoic_pop"], row["nhpi_aoic_pop"], row["aapi_both_pop"]) == (29_330, 3_997, 1_036)
    assert row["aapi_aoic_pop"] == 32_291
    assert row["nh_aapi_aoic_pop"] == 28_313
    assert row["aapi_doj_pop"] == 28_150
    assert row["name"] == "Rhode Island"
    assert units.geometry["44"].wkt == "POINT (-71.5786246 41.8697678)"
    assert len(units.sources) == 4
    assert "2018" in units.notes[0]


def test_rhode_island_prototype_row_agrees_with_an_independent_reading(rhode_island, fixtures_dir):
    expected = json.loads((fixtures_dir / "ri2018_prototype_row.json").read_text())
    row = read_pl94171("RI", year=2020, level="state", source=rhode_island, cells="all").frame.loc["44"]
    for table in ("P1", "P2", "P3", "P4"):
        cells = expected[table] if table in expected else expected.get("cells", {}).get(table)
        values = list(cells.values()) if isinstance(cells, dict) else cells
        ours = [int(row[f"{table}_{n:03d}N"]) for n in range(1, len(values) + 1)]
        assert ours == [int(v) for v in values]


@pytest.mark.parametrize(
    ("level", "rows"), [("state", 1), ("county", 1), ("tract", 7), ("block_group", 28), ("block", 569)]
)
def test_every_level_of_the_prototype_is_read(rhode_island, level, rows):
    units = read_pl94171("RI", year=2020, level=level, source=rhode_island)
    assert len(units) == rows
    # The prototype prints seven tracts in full; they, their block groups and their blocks hold the same people.
    people = 614_053 if level in {"state", "county"} else 29_225
    assert units.frame["total_pop"].sum() == people
    if people == 29_225:
        assert "hold 29,225 people, and Rhode Island has 614,053" in units.notes[1]


@pytest.mark.parametrize(("level", "rows", "word"), [("tract", 3265, "TRACT"), ("county", 102, "COUNTY")])
def test_illinois_combined_tables_give_the_published_state_figures(data_dir, level, rows, word):
    path = data_dir / "chicago_il" / f"il2020.pl_COMBINED_{word}.csv"
    units = read_pl94171("IL", year=2020, level=level, source=path)
    assert len(units) == rows
    total = units.frame[units.count_columns].sum()
    assert total["asian_aoic_pop"] == 875_488
    assert round(100 * total["nh_asian_alone_pop"] / total["total_pop"], 2) == 5.83
    assert total["total_pop"] == 12_812_508
    assert units.geometry.geom_type.unique().tolist() == ["Point"]


def test_illinois_tracts_add_up_to_its_counties(data_dir):
    folder = data_dir / "chicago_il"
    tracts = read_pl94171("IL", year=2020, level="tract", source=folder / "il2020.pl_COMBINED_TRACT.csv")
    counties = read_pl94171("IL", year=2020, level="county", source=folder / "il2020.pl_COMBINED_COUNTY.csv")
    sums = tracts.frame[tracts.count_columns].groupby(tracts.frame.index.str[:5]).sum()
    assert (sums == counties.frame[tracts.count_columns].loc[sums.index]).all(axis=None)
    cook = read_pl94171(
        "IL", year=2020, level="tract", source=folder / "il2020.pl_COMBINED_TRACT.csv", counties=["031"]
    )
    assert cook.frame["total_pop"].sum() == 5_275_541
    with pytest.raises(NotPublished, match=r"no rows of summary level 750; it has 140 \(3,265\)"):
        read_pl94171("IL", year=2020, level="block", source=folder / "il2020.pl_COMBINED_TRACT.csv")
