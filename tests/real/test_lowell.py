"""Lowell, Massachusetts: a small complete case, with eight plans and one plan in four formats."""

from __future__ import annotations

import pytest

from kit.analysis.concentration import concentration
from kit.analysis.placement import place
from kit.sources.local import read_units
from kit.sources.plans import read_plan

pytestmark = pytest.mark.real

PEOPLE, ASIAN = 106_519, 21_513
# People by district, in the order of the labels.
PLANS = {
    "plan3a": [35_621, 35_314, 35_584],
    "plan3b": [37_007, 34_487, 35_025],
    "plan7a": [15_688, 14_574, 15_943, 15_681, 14_743, 14_668, 15_222],
    "plan7b": [14_816, 15_294, 15_823, 15_257, 15_141, 14_773, 15_415],
    "plan8a": [13_397, 13_555, 13_296, 13_136, 13_265, 13_274, 13_243, 13_353],
    "plan8b": [13_109, 12_880, 13_219, 13_235, 13_101, 13_701, 13_448, 13_826],
    "plan9a": [12_126, 12_162, 11_740, 12_060, 11_378, 11_457, 11_879, 11_824, 11_893],
    "plan9b": [12_227, 11_702, 11_923, 11_509, 12_029, 11_802, 11_684, 11_699, 11_944],
}
EXPORTS = (
    "assignment-ec0a7f81.csv",
    "districtr-plan-ec0a7f81.json",
    "districtr-plan-ec0a7f81.geojsons.zip",
    "districtr-plan-ec0a7f81.shp.zip",
)


@pytest.fixture(scope="module")
def blocks(data_dir):
    # The file's column of adults is P0030001's part by race; its shapes are in a system without a code.
    units = read_units(
        data_dir / "lowell_ma/Lowell_blocks.zip",
        id="GEOID10",
        columns={"P0010001": "total_pop", "P0030005": "asian_alone_pop"},
        year=2010,
    )
    assert units.geometry.crs.to_epsg() is None
    return units


@pytest.mark.parametrize("name", PLANS)
def test_every_plan_places_every_block(blocks, data_dir, name):
    plan = read_plan(data_dir / f"lowell_ma/plans/{name}.json")
    assert len(plan) == len(PLANS[name]) == int(name[4])
    placed = place(blocks, plan)
    assert len(blocks) == 1_845
    assert placed.unassigned.empty
    assert placed.notes == ()
    assert placed.totals(["total_pop"])["total_pop"].tolist() == PLANS[name]
    assert sum(PLANS[name]) == PEOPLE
    assert placed.totals(["asian_alone_pop"])["asian_alone_pop"].sum() == ASIAN


def test_one_plan_in_four_formats_gives_one_table(blocks, data_dir):
    folder = data_dir / "lowell_ma/plans/export_ec0a7f81"
    tables = []
    for name in EXPORTS:
        plan = read_plan(folder / name)
        rules = ["assignment"] if plan.geometry is None else ["assignment", "point", "area"]
        for rule in rules:
            placed = place(blocks, plan, rule=rule)
            assert placed.split_units.empty
            tables.append(concentration(placed, group="asian_alone", base="pop").frame)
    assert len(tables) == 8
    assert tables[0]["base"].tolist() == [35_554, 35_522, 35_443]
    assert all(table.equals(tables[0]) for table in tables[1:])


def test_more_districts_leave_room_for_a_higher_share(blocks, data_dir):
    highest = {}
    for name in PLANS:
        placed = place(blocks, read_plan(data_dir / f"lowell_ma/plans/{name}.json"))
        highest[name] = concentration(placed, group="asian_alone", base="pop").frame["share"].max()
    assert highest["plan9a"] > highest["plan3a"]
