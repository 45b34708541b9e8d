"""Indicators of packing and cracking, on squares that can be counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from kit.analysis.packing import packing
from kit.analysis.packing_words import NO_BASELINE, NO_PROPORTION
from kit.analysis.placement import place
from kit.errors import CoverageError, InputError, SchemaError
from kit.model.adjacency import Adjacency
from kit.model.communities import Communities

HOW = {"group": "aapi_aoic", "base": "pop"}


@pytest.fixture
def placed(four_squares):
    return place(*four_squares)


@pytest.fixture
def areas(placed):
    a, b, c, _ = placed.units.frame.index
    return Communities.of_units({"West": [a, c], "Corner": [a], "Most": [a, b, c]})


@pytest.fixture
def rook(placed):
    """Give the neighbours of A B below C D: A–B, A–C, B–D and C–D."""
    pairs = np.array([[0, 1], [0, 2], [1, 3], [2, 3]])
    return Adjacency(placed.units.frame.index, pairs, np.full(4, 1000.0), np.zeros(4, dtype=bool), "rook")


def test_surplus_and_districts_above_a_threshold(placed):
    got = packing(placed, **HOW, tau=0.1)
    # District 1: 81 of 300; district 2: 45 of 700.
    assert got.districts["above"].tolist() == [True, False]
    assert got.districts["surplus_people"].tolist() == [51, 0]
    assert got.districts["distance"].tolist() == pytest.approx([0.17, 45 / 700 - 0.1])
    assert got.plan[["districts", "base", "count", "ideal", "districts_above"]].tolist() == [2, 1000, 126, 500, 1]
    assert got.plan["surplus"] == pytest.approx(51 / 126)
    assert got.plan["proportional"] == pytest.approx(0.252)
    assert NO_PROPORTION in got.notes
    assert NO_BASELINE in got.notes
    told = got.summary()
    assert told.startswith(
        "Of 2 districts, 1 has a share of more than 10% (district 1); Asian or NHPI people are 12.6%"
    )
    assert "Those districts hold 51 Asian or NHPI residents beyond 10%: 40.5% of all." in told
    assert got.indicators.to_dict() == {"districts_above": 1, "surplus": pytest.approx(51 / 126)}


def test_the_threshold_is_strict(placed):
    got = packing(placed, **HOW, tau=81 / 300)
    assert got.plan[["districts_above", "surplus"]].tolist() == [0, 0]
    assert "Of 2 districts, none has a share of more than 27%" in got.summary()


def test_without_a_threshold_nothing_is_counted_above_it(placed):
    got = packing(placed, **HOW)
    assert got.plan[["districts_above", "surplus", "surplus_people"]].isna().all()
    assert "above" not in got.districts
    assert any("were not computed: no threshold" in note for note in got.notes)
    assert NO_PROPORTION not in got.notes
    assert got.areas is None
    assert got.percentiles is None
    assert got.indicators.empty


def test_the_best_share_is_among_districts_that_hold_the_floor(placed, areas):
    got = packing(placed, **HOW, areas=areas)
    assert got.areas["districts_at_floor"].tolist() == [2, 1, 2]
    assert got.areas["best_share"].tolist() == pytest.approx([0.27, 0.27, 0.27])
    assert got.areas["best_district"].tolist() == ["1", "1", "1"]
    assert got.areas["effective_districts"].tolist() == pytest.approx([1.6, 1, 2])
    assert got.areas.loc["West", ["largest_share", "largest_share_group"]].tolist() == pytest.approx([0.75, 55 / 95])
    # A quarter of West lives in district 1: enough for a floor of 25 per cent, and not for more.
    assert packing(placed, **HOW, areas=areas, floor=0.25).areas.loc["West", "best_district"] == "1"
    above = packing(placed, **HOW, areas=areas, floor=0.26).areas.loc["West"]
    assert above[["districts_at_floor", "best_district"]].tolist() == [1, "2"]
    assert above["best_share"] == pytest.approx(45 / 700)
    nowhere = packing(placed, **HOW, areas=areas, floor=0.8).areas.loc["West"]
    assert nowhere["districts_at_floor"] == 0
    assert nowhere[["best_share", "best_district"]].isna().all()
    assert any("yardstick was not computed: no neighbours" in note for note in got.notes)


def test_the_kept_whole_yardstick(placed, areas, rook):
    got = packing(placed, **HOW, areas=areas, adjacency=rook)
    assert got.areas["neighbours"].tolist() == [2, 2, 1]
    assert got.areas["neighbour_share"].tolist() == pytest.approx([31 / 600, 66 / 500, 5 / 400])
    west, corner, most = got.areas["kept_whole_share"]
    assert west == pytest.approx((95 + 31 / 600 * 100) / 500)
    assert corner == pytest.approx((55 + 66 / 500 * 400) / 500)
    assert np.isnan(most)
    assert "It is not defined for communities larger than a district of average size: Most." in got.notes
    assert any("illustrative" in note and "within one step" in note for note in got.notes)
    assert "the illustrative kept-whole share is 20.03%" in got.summary()
    further = packing(placed, **HOW, areas=areas, adjacency=rook, hops=2)
    assert further.areas.loc["Corner", "neighbour_share"] == pytest.approx(71 / 900)
    assert any("within 2 steps" in note for note in further.notes)


def test_the_rest_of_a_cut_unit_is_a_neighbour(placed, rook):
    a = placed.units.frame.index[0]
    rows = pd.DataFrame({"community": ["Half"], "GEOID": [a], "share": [0.5]}).astype(
        {"community": "str", "GEOID": "str"}
    )
    got = packing(placed, **HOW, areas=Communities(("Half",), rows), adjacency=rook).areas.loc["Half"]
    share = (27.5 + 26 + 40) / (50 + 200 + 300)
    assert got["neighbour_share"] == pytest.approx(share)
    assert got["kept_whole_share"] == pytest.approx((27.5 + share * 450) / 500)


def test_an_area_without_inhabited_neighbours_has_no_yardstick(placed, areas, rook):
    alone = replace(rook, pairs=rook.pairs[:0], shared=rook.shared[:0], linked=rook.linked[:0])
    got = packing(placed, **HOW, areas=areas, adjacency=alone)
    assert got.areas["kept_whole_share"].isna().all()
    assert "It is not known for communities around which nobody lives: West, Corner." in got.notes


def test_neighbours_may_stand_in_another_order_and_must_be_of_the_same_units(placed, areas, rook):
    order = [3, 1, 2, 0]
    pairs = np.array([[0, 1], [0, 2], [1, 3], [2, 3]])
    mixed = replace(rook, ids=rook.ids[order], pairs=pairs)
    one = packing(placed, **HOW, areas=areas, adjacency=rook).areas
    pd.testing.assert_frame_equal(packing(placed, **HOW, areas=areas, adjacency=mixed).areas, one)
    fewer = Adjacency(rook.ids[:2], pairs[:1], rook.shared[:1], rook.linked[:1], "rook")
    with pytest.raises(CoverageError, match="2 of 4 census blocks are not among the units of the neighbours"):
        packing(placed, **HOW, areas=areas, adjacency=fewer)


def test_a_baseline_gives_percentiles_with_ties_halved(placed, areas):
    values = packing(placed, **HOW, areas=areas, tau=0.1).indicators
    assert "best_share | West" in values.index
    plans = pd.DataFrame({"districts_above": [1, 1, 1, 1], "surplus": [0.1, 0.2, 51 / 126, 0.9]})
    plans["best_share | West"] = [0.3, np.nan, 0.4, 0.5]
    got = packing(placed, **HOW, areas=areas, tau=0.1, baseline=plans)
    assert got.percentiles.loc["districts_above"].tolist() == [1, 4, 0, 4, 0.5]
    assert got.percentiles.loc["surplus", "percentile"] == 0.625
    assert got.percentiles.loc["best_share | West", ["plans", "percentile"]].tolist() == [3, 0]
    assert NO_BASELINE not in got.notes
    assert any("Percentiles are of 4 simulated plans" in note and "It lacks" in note for note in got.notes)
    assert "surplus: percentile 62.5" in got.summary()


def test_a_baseline_of_something_else_is_refused(placed):
    with pytest.raises(
        SchemaError, match="the baseline has 2 plans and none of the indicators, such as districts_above"
    ):
        packing(placed, **HOW, tau=0.1, baseline=pd.DataFrame({"x": [1, 2]}))
    with pytest.raises(SchemaError, match="the baseline's column 'surplus' is not numbers"):
        packing(placed, **HOW, tau=0.1, baseline=pd.DataFrame({"surplus": ["a"]}))
    with pytest.raises(SchemaError, match="the baseline has 0 plans"):
        packing(placed, **HOW, tau=0.1, baseline=pd.DataFrame({"surplus": []}))


def test_settings_that_mean_nothing_are_refused(placed):
    with pytest.raises(InputError, match="tau is a share between 0 and 1, such as 0.3; it is 30"):
        packing(placed, **HOW, tau=30)
    with pytest.raises(InputError, match="floor is a share above 0 and up to 1, such as 0.05; it is 0"):
        packing(placed, **HOW, floor=0)
    with pytest.raises(InputError, match="hops is a whole number from 1; it is 0"):
        packing(placed, **HOW, hops=0)
    with pytest.raises(InputError, match="named areas are due and a list was passed"):
        packing(placed, **HOW, areas=["West"])


def test_nobody_of_the_group_and_nobody_at_all(four_squares, areas, rook):
    units, plan = four_squares
    for columns in (["aapi_aoic_pop"], ["aapi_aoic_pop", "total_pop"]):
        empty = replace(units, frame=units.frame.assign(**dict.fromkeys(columns, 0)))
        got = packing(place(empty, plan), **HOW, areas=areas, tau=0.1, adjacency=rook)
        assert np.isnan(got.plan["surplus"])
        assert got.plan["surplus_people"] == 0
        assert got.summary()
    assert got.districts["above"].isna().all()
    assert got.areas[["share", "best_share", "kept_whole_share", "districts_at_floor"]].isna().all(axis=None)


def test_words_describe_and_do_not_judge(placed, areas, rook):
    told = packing(placed, **HOW, areas=areas, tau=0.1, adjacency=rook).summary().lower()
    assert "say nothing of intent" in told
    assert "no baseline was computed" in told
    for word in ("packed", "cracked", "gerrymander", "dilut", "opportunity", "unfair"):
        assert word not in told
