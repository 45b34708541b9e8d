"""The swap sheet, on four squares and on a row of blocks that can be counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from kit.analysis.matching import NOWHERE
from kit.analysis.placement import place
from kit.analysis.swaps import swap_sheet
from kit.errors import CoverageError, InputError
from kit.model.adjacency import Adjacency
from kit.model.frames import Plan, Units
from kit.settings import using

GROUP = {"group": "asian_alone", "base": "vap"}


def row_of(count, level="block", **changes):
    """Make blocks in a row, each with 300 people, 250 adults and 10, 20, 30 … of the group."""
    digits = {"block": "36061000100{:04d}", "tract": "3606100{:04d}"}[level]
    ids = pd.Index([digits.format(1000 + i) for i in range(count)], dtype="str", name="GEOID")
    frame = pd.DataFrame(
        {"total_pop": 300, "total_vap": 250, "asian_alone_vap": [10 * (i + 1) for i in range(count)]} | changes,
        index=ids,
    )
    return Units(frame, level, 2020)


def neighbours(units):
    """Join each unit to the next."""
    n = len(units)
    pairs = np.column_stack([np.arange(n - 1), np.arange(1, n)])
    return Adjacency(units.frame.index, pairs, np.ones(n - 1), np.zeros(n - 1, dtype=bool), "rook")


def placed(units, labels, name="After"):
    """Place units as the letters of a word say; a dot leaves one out."""
    listed = pd.Series(list(labels), index=units.frame.index, dtype="str")
    listed = listed[listed != "."]
    plan = Plan(name, tuple(dict.fromkeys(listed)), assignment=listed, level=units.level, year=2020)
    return place(units, plan, outside="report")


def sheet(units, before, after, **more):
    return swap_sheet(placed(units, before, "Before"), placed(units, after), **GROUP, **more)


def test_moves_are_listed_with_the_largest_group_first():
    units = row_of(8)
    found = sheet(units, "11112222", "12211222")
    #                              moves:  blocks 1, 2 from 1 to 2 (50), block 4 from 2 to 1 (50): one block, hidden
    assert found.moves[["from", "to", "units", "people", "base"]].to_numpy().tolist() == [
        ["1", "2", 2, 600, 500],
        ["2", "1", 1, 300, 250],
    ]
    assert found.moves["group"].tolist() == [50, pd.NA]
    assert found.moves["share"].tolist() == [0.1, pd.NA]
    assert found.moves["share_of_group"].iloc[0] == pytest.approx(50 / 100)
    assert found.moves["group_text"].tolist() == ["50", "one block"]
    assert found.total.to_dict() == {"units": 3, "people": 900, "base": 750, "group": 100}


def test_units_are_listed_without_the_group():
    found = sheet(row_of(8), "11112222", "12211222")
    assert found.units.columns.tolist() == ["from", "to", "people", "move"]
    assert found.units.index.str[-4:].tolist() == ["1001", "1002", "1004"]
    assert found.units["move"].tolist() == [1, 1, 2]


def test_one_tract_may_be_counted():
    found = sheet(row_of(8, level="tract"), "11112222", "12211222")
    assert found.moves["group"].tolist() == [50, 50]
    assert len(found.notes) == 1
    assert found.notes[0].startswith("Districts were matched by total population")


def test_small_moves_are_not_counted():
    units = row_of(8, total_vap=60, level="tract")
    found = sheet(units, "11112222", "12211222")
    assert found.moves["group_text"].tolist() == ["fewer than 200"] * 2
    assert found.moves["group"].isna().all()
    assert "The group is not counted in 2 moves, for fewer than 200 adults." in found.notes
    assert sheet(units, "11112222", "12211222", small_base=60).moves["group"].tolist() == [50, 50]
    with using(small_base=100):
        assert sheet(units, "11112222", "12211222").moves["group_text"].tolist() == ["50", "fewer than 100"]


def test_where_nobody_moves_the_group_is_none():
    units = row_of(4, total_pop=[0, 9, 9, 9], total_vap=[0, 9, 9, 9], asian_alone_vap=[0, 1, 1, 1])
    found = sheet(units, "1122", "2122")
    assert found.moves["group_text"].tolist() == ["0"]
    assert found.moves["share"].isna().all()


def test_pieces_are_contiguous():
    units = row_of(9)
    found = sheet(units, "111111222", "221221222", adjacency=neighbours(units))
    assert found.moves[["units", "pieces"]].to_numpy().tolist() == [[4, 2]]
    assert found.pieces[["move", "from", "to", "units", "people", "group"]].to_numpy().tolist() == [
        [1, "1", "2", 2, 600, 90],
        [1, "1", "2", 2, 600, 30],
    ]
    assert found.units["piece"].tolist() == [1, 1, 2, 2]
    assert found.units.index.str[-4:].tolist() == ["1003", "1004", "1000", "1001"]


def test_pieces_of_different_moves_stay_apart():
    units = row_of(12)
    found = sheet(units, "111122223333", "111232213333", adjacency=neighbours(units))
    assert found.pieces.index.name == "piece"
    assert len(found.pieces) == len(found.moves) == 3
    assert found.pieces["group"].isna().all()
    assert any("3 moves and 3 pieces, for fewer" in note for note in found.notes)


def test_relabelled_districts_do_not_move():
    found = sheet(row_of(8), "11112222", "99994444")
    assert found.moves.empty
    assert found.units.empty
    assert found.pieces is None
    assert found.net[["district", "was"]].to_numpy().tolist() == [["4", "2"], ["9", "1"]]
    assert found.summary().startswith("From Before to After no unit changes district.")
    units = row_of(8)
    assert sheet(units, "11112222", "99994444", adjacency=neighbours(units)).pieces.empty


def test_net_is_the_change_of_each_district(four_squares):
    units, plan = four_squares
    before = place(units, plan)
    found = swap_sheet(before, placed(units, "1222"), group="aapi_aoic", base="vap")
    net = found.net.set_index("district")
    assert net.loc["1", ["people_in", "people_out", "people_net"]].tolist() == [0, 200, -200]
    assert net.loc["2", ["group_net", "base_net", "units_in"]].tolist() == [18, 150, 1]
    assert found.total[["units", "people", "base"]].tolist() == [1, 200, 150]
    assert pd.isna(found.total["group"])
    assert net["group_in"].isna().tolist() == [False, True]
    assert net["group_out"].isna().tolist() == [True, False]


def test_districts_that_end_and_begin():
    found = sheet(row_of(9), "111122233", "111122222")
    assert found.moves[["from", "to", "to_was", "units"]].to_numpy().tolist() == [["3", "2", "2", 2]]
    assert found.net["district"].isna().tolist() == [False, False, True]
    assert found.net.loc[2, ["was", "people_net", "group_net"]].tolist() == ["3", -600, -170]
    back = sheet(row_of(9), "111122222", "111122233")
    assert "From district 2 to the new district 3 go 600 people" in back.summary()
    assert back.moves["to"].tolist() == ["3"]
    assert back.moves["to_was"].isna().all()


def test_people_in_no_district_are_kept_in_the_account():
    found = sheet(row_of(8), "1111222.", "..112222")
    assert found.moves[["from", "to", "units"]].to_numpy().tolist() == [["1", NOWHERE, 2], [NOWHERE, "2", 1]]
    assert found.net[["people_in", "people_out"]].sum().tolist() == [900, 900]
    assert found.net["people_net"].sum() == 0
    assert "300 people lie in no district before, and 600 after." in found.notes
    assert "From district 1 to no district go 600 people" in found.summary()


def test_units_that_a_line_cuts_are_told(four_squares):
    """A plan of three columns cuts every square's row; each square is placed whole in both plans."""
    import geopandas as gpd
    from shapely import box

    units, plan = four_squares
    west, south, east, north = plan.geometry.total_bounds
    middle = [box(west, south, west + 1400, north), box(west + 1400, south, east, north)]
    columns = Plan("Columns", ("1", "2"), geometry=gpd.GeoSeries(middle, index=["1", "2"], crs=plan.geometry.crs))
    found = swap_sheet(place(units, plan), place(units, columns), group="aapi_aoic", base="vap")
    assert "District lines cut 0 units before and 2 after; each was placed whole, and so moves whole." in found.notes
    assert [source.title for source in found.sources] == ["Four squares", "Two rows"]


def test_estimates_need_not_be_whole():
    units = row_of(8, level="tract")
    units = replace(units, frame=units.frame * 1.25)
    found = sheet(units, "11112222", "12211222")
    assert found.moves["group"].tolist() == [62.5, 62.5]
    assert found.net["group_net"].tolist() == [0.0, 0.0]


def test_the_summary_says_it():
    found = sheet(row_of(8), "11112222", "12211222")
    assert found.summary().startswith(
        "From Before to After, 3 census blocks with 900 people move. From district 1 to district 2 go 600 people; of "
        "500 adults among them 50 (10.0%) are counted as “Asian alone”."
    )
    assert found.summary().endswith(
        "The group is not counted in 1 move, for fewer than 200 adults or a single census block."
    )


def test_the_summary_names_what_a_district_was():
    found = sheet(row_of(10), "1111122222", "7775555555")
    assert "From district 1 to district 5 (which answers to 2 before) go 600 people" in found.summary()


def test_neighbours_of_other_units_are_refused():
    units = row_of(8)
    with pytest.raises(
        CoverageError,
        match=r"2 of the 3 units that move are not among the 2 units of the neighbours, first 360610001001002, 360610001001004",
    ):
        sheet(units, "11112222", "12211222", adjacency=neighbours(row_of(2)))


def test_neighbours_must_be_neighbours():
    units = row_of(4)
    with pytest.raises(InputError, match=r"adjacency is an Adjacency, from kit.adjacency, not a list"):
        sheet(units, "1122", "1222", adjacency=[])


def test_other_units_are_refused():
    with pytest.raises(CoverageError, match="not the same units"):
        swap_sheet(placed(row_of(8), "11112222"), placed(row_of(7), "1111222"), **GROUP)
