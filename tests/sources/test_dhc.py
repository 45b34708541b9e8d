"""The 2020 DHC tallies: equal to the sums of P.L. 94-171 cells, and never added."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import kit
from kit.errors import Corrupt, InputError, KeyMissing, NotPublished, SchemaError
from kit.sources.dhc import CELLS, read_dhc

RACES = ("white", "black", "aian", "asian", "nhpi", "sor")


def tallies(units):
    """Tally races as the Bureau does, from the cells of P1 and P2."""
    from kit.model.tables import NOT_HISPANIC_SHIFT, RACE_CELLS, cell

    frame = units.frame

    def marked(race, shift=0, table="P1"):
        return frame[[cell(table, n + shift) for n, races in RACE_CELLS.items() if race in races]].sum(axis=1)

    every = {race: marked(race) for race in RACES}
    not_hispanic = {race: marked(race, NOT_HISPANIC_SHIFT, "P2") for race in RACES}
    made = {"P1_001N": frame["P1_001N"], "P6_001N": sum(every.values())}
    made |= {f"P6_{n:03d}N": every[race] for n, race in enumerate(RACES, 2)}
    made["P7_001N"], made["P7_002N"] = made["P6_001N"], sum(not_hispanic.values())
    made |= {f"P7_{n:03d}N": not_hispanic[race] for n, race in enumerate(RACES, 3)}
    made["P7_009N"] = made["P7_001N"] - made["P7_002N"]
    made |= {f"P7_{n:03d}N": every[race] - not_hispanic[race] for n, race in enumerate(RACES, 10)}
    table = frame[[]].assign(**made).astype(str)
    return table[list(CELLS)].assign(NAME=[f"Block {geoid}" for geoid in table.index])


@pytest.fixture(scope="module")
def sample():
    """Give the fictional county under a state code that exists."""
    from dataclasses import replace

    units = kit.load_sample("fictional_county").units
    frame = units.frame.set_axis(units.frame.index.str.replace("^98", "15", regex=True))
    return replace(units, frame=frame, geometry=None)


def test_the_tallies_are_the_sums_of_the_redistricting_cells(server, key, sample):
    county = tallies(sample).iloc[:1].set_axis(["15001"])
    server.tables["2020/dec/dhc"] = pd.concat([county, tallies(sample)])
    units = read_dhc("HI", year=2020, level="block")
    for column in ("total_pop", "asian_aoic_pop", "nhpi_aoic_pop", "nh_asian_aoic_pop", "nh_nhpi_aoic_pop"):
        assert units.column(column).sort_index().equals(sample.column(column).sort_index()), column
    both = units.frame["asian_aoic_pop"] + units.frame["nhpi_aoic_pop"] - sample.frame["aapi_both_pop"]
    assert both.equals(sample.column("aapi_aoic_pop"))
    assert "aapi_aoic_pop" not in units.frame
    assert any("must not be added" in note for note in units.notes)
    assert units.sources[0].uncertainty == "disclosure noise"
    assert units.year == 2020
    assert units.additive
    assert units.frame["name"].iloc[0].startswith("Block 15")


def test_a_csv_and_a_json_reply(tmp_path, sample):
    table = tallies(sample).rename_axis("GEO_ID").reset_index()
    table["GEO_ID"] = "1010000US" + table["GEO_ID"]
    table.to_csv(tmp_path / "dhc.csv", index=False)
    (tmp_path / "dhc.json").write_text(json.dumps([list(table.columns), *table.to_numpy().tolist()]))
    one = read_dhc("Hawaii", year=2020, level="block", source=tmp_path / "dhc.csv")
    two = read_dhc("15", year=2020, level="block", source=tmp_path / "dhc.json")
    assert one.frame.equals(two.frame)
    assert one.frame["asian_aoic_pop"].equals(sample.frame["asian_aoic_pop"])
    assert len(one.sources[0].sha256) == 64


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("P6_005N", "P6_002N to P6_007N do not add up to P6_001N"),
        ("P7_013N", r"P7_006N \+ P7_013N is not P6_005N \(Asian\)"),
        ("P7_014N", r"P7_007N \+ P7_014N is not P6_006N \(NHPI\)"),
        ("P1_001N", r"a tally exceeds all people \(P1_001N\)"),
    ],
)
def test_tallies_that_contradict_each_other(tmp_path, sample, cell, told):
    table = tallies(sample).rename_axis("GEOID").reset_index()
    row = table.index[table["GEOID"] == "150010001001000"][0]
    table.loc[row, cell] = "0" if cell == "P1_001N" else "9999"
    table.to_csv(tmp_path / "dhc.csv", index=False)
    with pytest.raises(SchemaError, match=f"{told} in 1 areas, first 150010001001000"):
        read_dhc("HI", year=2020, level="block", source=tmp_path / "dhc.csv")


@pytest.mark.parametrize(
    ("asked", "error", "told"),
    [
        ({"year": 2010}, NotPublished, "published for 2020, not for year=2010"),
        ({"level": "vtd"}, NotPublished, "not read by voting districts"),
        ({"place": "Guam"}, NotPublished, "Guam"),
        ({}, KeyMissing, "needs a key"),
        ({"source": "gone.csv"}, InputError, "no file or folder 'gone.csv'"),
        ({"source": "gone.zip"}, InputError, "no file or folder 'gone.zip'"),
    ],
)
def test_a_question_that_cannot_be_answered(asked, error, told):
    asked = {"place": "HI", "year": 2020, "level": "tract"} | asked
    with pytest.raises(error, match=told):
        read_dhc(asked.pop("place"), **asked)


def test_files_that_lack_something(tmp_path, sample):
    path = tmp_path / "x.csv"
    table = tallies(sample).rename_axis("GEOID").reset_index()
    table.drop(columns="P7_013N").to_csv(path, index=False)
    with pytest.raises(SchemaError, match="x.csv lacks P7_013N"):
        read_dhc("HI", year=2020, level="block", source=path)
    table.to_csv(path, index=False)
    with pytest.raises(SchemaError, match="has no census blocks of State 36; its ids are like 15"):
        read_dhc("NY", year=2020, level="block", source=path)
    table.loc[0, "P6_005N"] = ""
    table.to_csv(path, index=False)
    with pytest.raises(Corrupt, match="P6_005N"):
        read_dhc("HI", year=2020, level="block", source=path)
