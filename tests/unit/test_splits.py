"""Formulas of splitting, with answers worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kit.analysis.splits import plan_totals, split_measures, symmetric_totals
from kit.errors import InputError, SchemaError


def table(rows, columns=("1", "2", "3")):
    return pd.DataFrame(rows, columns=list(columns), index=[f"area {i}" for i in range(len(rows))])


def test_halves_quarters_and_a_whole():
    got = split_measures(table([[50, 50, 0], [50, 25, 25], [0, 0, 7]]))
    assert got["people"].tolist() == [100, 100, 7]
    assert got["districts"].tolist() == [2, 3, 1]
    assert got["largest_share"].tolist() == [0.5, 0.5, 1]
    assert got["largest_district"].tolist() == ["1", "1", "3"]
    np.testing.assert_allclose(got["effective_districts"], [2, 1 / 0.375, 1])
    np.testing.assert_allclose(got["effective_splits"], [1, 1 / 0.375 - 1, 0])
    np.testing.assert_allclose(got["entropy"], [1, 1.5, 0])
    np.testing.assert_allclose(got["entropy_effective"], [2, 2**1.5, 1])
    np.testing.assert_allclose(got["sqrt_score"], [np.sqrt(2), np.sqrt(0.5) + 1, 1])
    np.testing.assert_allclose(got["split_pairs"], [1 - 2 * 50 * 49 / (100 * 99), 1 - (2450 + 1200) / 9900, 0])


def test_an_area_where_nobody_lives_is_neither_whole_nor_split():
    got = split_measures(table([[0, 0, 0], [1, 0, 0]]))
    assert got.loc["area 0"].drop(["people", "districts"]).isna().all()
    assert got.loc["area 0", ["people", "districts"]].tolist() == [0, 0]
    assert got.loc["area 1", "split_pairs"] == 0
    totals = plan_totals(got)
    assert totals[["areas", "inhabited", "split", "pieces"]].tolist() == [2, 1, 0, 1]
    nobody = plan_totals(split_measures(table([[0, 0, 0]])))
    assert nobody[["effective_splits", "entropy", "sqrt_score", "split_pairs"]].isna().all()


def test_parts_of_people_hold_no_negative_pairs():
    got = split_measures(table([[0.4, 0.4, 0], [1.5, 0.5, 0], [2.5, 0, 0]]))["split_pairs"]
    np.testing.assert_allclose(got, [0, 1 - 0.75 / 2, 0])


def test_no_areas_and_no_districts_give_empty_answers():
    assert split_measures(table([])).empty
    assert split_measures(pd.DataFrame(index=["a"]))["entropy"].isna().all()


def test_the_floor_leaves_small_pieces_out_of_the_number_of_districts():
    rows = table([[95, 5, 0], [94, 6, 0]])
    assert split_measures(rows, floor=0.05)["districts"].tolist() == [1, 2]
    with pytest.raises(InputError, match="floor is a share from 0 up to, not including, 1; it is 1"):
        split_measures(rows, floor=1)


def test_totals_weight_by_people_or_by_what_is_given():
    measures = split_measures(table([[50, 50, 0], [300, 0, 0]]))
    totals = plan_totals(measures, ideal=200)
    assert totals["entropy"] == pytest.approx(100 / 400)
    assert totals["effective_splits"] == pytest.approx(1)
    assert totals["forced"] == 1
    weighted = plan_totals(measures, weights=pd.Series([3.0, 1.0], index=measures.index))
    assert weighted["entropy"] == pytest.approx(0.75)
    assert "forced" not in weighted


def test_symmetric_totals_take_the_mean_of_both_sides():
    got = symmetric_totals(table([[10, 0], [5, 5], [0, 10]], columns="12"))
    np.testing.assert_allclose(got.loc["areas"], [1, 1 / 3, (2 + np.sqrt(2)) / 3, (1 - 40 / 90) / 3])
    np.testing.assert_allclose(got.loc["average"], (got.loc["areas"] + got.loc["districts"]) / 2)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([[1, np.nan, 0]], "1 areas have a missing count, first area 0. Missing is not zero"),
        ([[1, np.inf, 0]], "1 areas have a missing count"),
        ([[1, -1, 0]], "1 areas have a count below 0, first area 0"),
    ],
)
def test_bad_counts_are_refused(rows, message):
    with pytest.raises(SchemaError, match=message):
        split_measures(table(rows))


def test_labels_that_stand_twice_are_refused():
    with pytest.raises(SchemaError, match="districts stand twice in the table of counts: 1; add them up first"):
        split_measures(table([[1, 2]], columns=["1", "1"]))
    with pytest.raises(SchemaError, match="areas stand twice in the table of counts: a;"):
        split_measures(pd.DataFrame({"1": [1, 2]}, index=["a", "a"]))


def test_bad_weights_and_ideals_are_refused():
    measures = split_measures(table([[1, 2, 3], [0, 0, 0]]))
    for weights, message in (
        (pd.Series([1, 1], index=["x", "y"]), "must stand on the same index"),
        (pd.Series([np.nan, 0], index=measures.index), "1 weights are missing or below 0, first area 0"),
        (pd.Series([1, 1], index=measures.index), "1 areas have a weight but nobody was measured there, first area 1"),
    ):
        with pytest.raises(SchemaError, match=message):
            plan_totals(measures, weights=weights)
    with pytest.raises(InputError, match="ideal number of people in a district is more than 0; it is 0"):
        plan_totals(measures, ideal=0)


def test_the_input_is_left_as_it_was():
    rows = table([[1, 2, 3]])
    before = rows.copy()
    split_measures(rows)
    symmetric_totals(rows)
    pd.testing.assert_frame_equal(rows, before)
