"""What a reader of the packet is spared: code's advice, things said twice, rows of nothing, and keys cut short."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pytest
import shapely

import kit
from kit.analysis.plan_measures import measure_plan
from kit.i18n.messages import say
from kit.maps.multiples import map_plans
from kit.maps.record import sheet_of
from kit.model.frames import Plan
from kit.model.sentences import number_of
from kit.report.exhibit_parts import number_alone
from kit.report.exhibit_sheets import LETTERED
from kit.report.exhibit_words import where_words
from kit.report.packet_blocks import twin_grid
from kit.report.packet_exhibits import _is_key


@pytest.fixture
def wider(four_squares):
    """A plan of three districts, of which one lies far outside the units."""
    units = four_squares[0]
    west, south, east, north = units.geometry.total_bounds
    half, far = (west + east) / 2, east - west
    shapes = [
        shapely.box(west, south, half, north),
        shapely.box(half, south, east, north),
        shapely.box(west + 5 * far, south, east + 5 * far, north),
    ]
    return kit.place(units, Plan("Wider", ("1", "2", "3"), geometry=gpd.GeoSeries(shapes, ["1", "2", "3"], crs=5070)))


def test_advice_to_whoever_writes_code_is_left_out_even_inside_another_note(four_squares, wider):
    several = {"Narrow": measure_plan(kit.place(*four_squares)), "Wider": measure_plan(wider)}
    notes = twin_grid(several)["notes"]
    assert any("no deviation was computed." in note for note in notes)
    assert not any("complete=True" in note for note in notes)


def test_a_plan_is_not_adopted_twice(four_squares):
    plan = replace(four_squares[1], name="Map", jurisdiction="State", adopted="2022-06-03")
    assert where_words([replace(plan, status="adopted")]) == "State — Map (adopted 2022-06-03)"
    assert where_words([replace(plan, status="enacted")]) == "State — Map; enacted; adopted 2022-06-03"


def test_districts_without_units_are_neither_counted_nor_listed(wider):
    axes = map_plans({"Wider": wider}, group="aapi_aoic", base="vap", breaks=[0, 0.1, 0.3, 1])
    sheet = sheet_of(next(iter(axes)) if isinstance(axes, (list, tuple)) else axes)
    assert list(sheet.twins[0].frame["district"]) == ["1", "2"]
    assert "2 districts" in sheet.facts.findings[0]


@pytest.mark.parametrize(
    ("count", "left"),
    [
        (number_of(44, "census blocks"), "44"),
        (number_of(1, "census blocks"), "1"),
        (number_of(1234, "census blocks"), "1,234"),
        (number_of(3, "districts"), "3 districts"),
    ],
)
def test_a_count_under_its_heading_is_a_number_alone(count, left):
    assert number_alone(count, "census blocks") == left


def test_a_table_that_explains_letters_is_known():
    assert _is_key([[say(LETTERED, letter="A", name="North"), "12"], [say(LETTERED, letter="B", name="South"), "3"]])
    assert not _is_key([["North", "12"]])
