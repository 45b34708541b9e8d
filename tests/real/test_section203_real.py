"""Section 203 and block lists against real files."""

from __future__ import annotations

import json

import pytest

from kit.model.language_groups import language_group
from kit.sources.block_assignment import read_block_assignment
from kit.sources.language_access import read_section203
from kit.sources.tiger import read_boundaries

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def facts(data_dir):
    return json.loads((data_dir / "section203" / "asian_2016_2011_aaldef.json").read_text(encoding="utf-8"))


def test_a_list_made_of_the_2016_facts(facts, tmp_path):
    lines = ["State,Jurisdiction,Language"]
    for place, languages in facts["2016"].items():
        name, _, abbr = place.rpartition(" ")
        lines += [f"{abbr},{name},{language}" for language in languages]
    path = tmp_path / "asian_2016.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = read_section203(year=2016, source=path)
    assert set(found.frame["group"]) == {"asian"}
    assert len(found.frame) == sum(len(languages) for languages in facts["2016"].values())
    assert found.languages_of("Queens", state="NY") == ("Chinese", "Korean", "Indian")
    assert found.languages_of("Los Angeles County", state="CA")[0] == "Cambodian"
    assert found.languages_of("Honolulu", state="HI") == ("Chinese", "Filipino")
    assert f"{len(facts['2016'])} jurisdictions besides States" in found.notes[0]


def test_every_language_of_the_facts_is_known(facts):
    assert {language_group(name) for languages in facts["2016"].values() for name in languages} == {"asian"}


@pytest.mark.parametrize(
    ("kind", "parts", "placed"), [("cd", 2, 25_649), ("sldu", 38, 25_649), ("sldl", 75, 25_649), ("vtd", 422, 25_629)]
)
def test_rhode_island_block_assignment(data_dir, kind, parts, placed):
    folder = data_dir / "rhode_island" / "baf2020"
    plan = read_block_assignment("RI", year=2020, kind=kind, source=folder)
    assert len(plan) == parts
    assert len(plan.assignment) == placed
    assert plan.year == 2020


def test_cook_county_voting_districts(data_dir):
    path = data_dir / "chicago_il" / "tl_2020_17031_vtd20.zip"
    shapes = read_boundaries("vtd", "IL", year=2020, counties=["031"], source=path)
    assert len(shapes) == 3_669
    assert shapes.index.is_unique
    assert shapes.crs.to_epsg() == 4269
    assert shapes["land_m2"].sum() > 2.4e9  # Cook County has 945 square miles of land
