"""Block groups shared out to blocks: answers worked by hand, every fallback, every refusal."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kit.analysis.allocation import allocate
from kit.analysis.allocation_range import allocation_range, district_margins
from kit.analysis.concentration import concentration
from kit.analysis.placement import place
from kit.errors import CoverageError, InputError, SchemaError
from kit.model.cvap import LINES
from kit.model.frames import Plan, Source, Units
from kit.model.tables import RACE_CELLS

ONE, TWO = "150010201001", "150010201002"
BLOCKS = (f"{ONE}000", f"{ONE}001", f"{TWO}000", f"{TWO}001")


def index(ids):
    return pd.Index(ids, dtype="str", name="GEOID")


def groups(ids=(ONE, TWO), *, year=2020, **columns):
    frame = pd.DataFrame(columns or {"total_cvap": [20, 40]}, index=index(ids))
    return Units(frame, level="block_group", year=year, sources=(Source("Survey", uncertainty="sampling MOE"),))


def blocks(ids=BLOCKS, *, year=2020, level="block", geometry=None, **columns):
    return Units(
        pd.DataFrame(columns, index=index(ids)), level=level, year=year, sources=(Source("Census"),), geometry=geometry
    )


def plan(*labels, ids=BLOCKS):
    names = tuple(sorted({label for label in labels if label}))
    by = pd.Series(labels, index=index(ids), dtype="str").dropna()
    return Plan("p", names, assignment=by, level="block", year=2020)


PEOPLE = {"total_pop": [30, 10, 6, 6], "total_vap": [15, 5, 3, 1]}


# --- shares ---------------------------------------------------------------------------------------


def test_in_proportion_to_a_column():
    done = allocate(groups(), blocks(**PEOPLE), weight="total_vap")
    assert done.units.frame["total_cvap"].tolist() == [15, 5, 30, 10]
    assert done.shares["total_cvap"].tolist() == [0.75, 0.25, 0.75, 0.25]
    assert done.parents.tolist() == [ONE, ONE, TWO, TWO]
    assert done.fallbacks[["weight", "fallback", "units", "people"]].to_numpy().tolist() == [
        ["total_vap", False, 2, 60]
    ]
    assert [s.uncertainty for s in done.units.sources] == ["none stated", "allocation"]
    assert done.units.frame["total_pop"].tolist() == PEOPLE["total_pop"]
    assert done.lost.empty
    assert done.over.empty


def cells(**counts):
    """P4 cells of four blocks; those not named are zero."""
    frame = {f"P4_{n:03d}N": [0, 0, 0, 0] for n in (1, 2, 3, 11, *(c + 2 for c in RACE_CELLS))}
    return {**frame, **{f"P4_{k[1:]}N": v for k, v in counts.items()}}


def test_each_line_follows_the_adults_of_its_group():
    fine = blocks(
        **cells(
            c001=[100, 100, 10, 30], c008=[30, 10, 1, 3], c009=[0, 8, 2, 2], c015=[4, 0, 1, 1],
            c011=[10, 10, 4, 4], c013=[1, 1, 1, 1], c014=[1, 1, 0, 0], c018=[1, 1, 0, 0],
        )
    )  # fmt: skip
    coarse = groups(cvap_01=[100, 20], cvap_04=[20, 4], cvap_06=[4, 2], cvap_09=[8, 6], cvap_12=[10, 10])
    done = allocate(coarse, fine, weight="vap_by_line")
    frame = done.units.frame
    assert frame["cvap_01"].tolist() == [50, 50, 5, 15]
    assert frame["cvap_04"].tolist() == [15, 5, 1, 3]
    assert frame["cvap_06"].tolist() == [0, 4, 1, 1]
    assert frame["cvap_09"].tolist() == [8, 0, 3, 3]
    # Line 12 follows two or more races less the four pairs that have lines: 3, 7, 2, 2.
    assert frame["cvap_12"].tolist() == pytest.approx([3, 7, 5, 5])
    assert frame["aapi_cvap_low"].tolist() == [23, 9, 5, 7]
    assert frame["aapi_cvap_high"].tolist() == pytest.approx([26, 16, 10, 12])
    assert frame["total_cvap"].sum() == 120
    assert done.columns == ("cvap_01", "cvap_04", "cvap_06", "cvap_09", "cvap_12")
    assert not done.fallbacks["fallback"].any()


def test_more_citizens_than_adults_is_told_and_not_capped():
    fine = blocks(**cells(c001=[60, 40, 10, 10], c008=[3, 1, 1, 1]))
    done = allocate(groups(cvap_01=[90, 20], cvap_04=[8, 2]), fine, weight="vap_by_line")
    assert done.over.to_numpy().tolist() == [[ONE, "cvap_04", 8, 4, 4]]
    assert done.units.frame["cvap_04"].tolist() == [6, 2, 1, 1]
    assert any("In 1 block groups an estimate is larger than the adults" in note for note in done.notes)


def test_a_mapping_of_columns():
    fine = blocks(nh_asian_alone_vap=[1, 3, 2, 2], total_vap=[10, 10, 4, 4])
    coarse = groups(cvap_04=[8, 8], cvap_01=[20, 20], cvap_13=[1, 1])
    done = allocate(coarse, fine, weight={"cvap_04": "nh_asian_alone_vap", "cvap_01": "total_vap"})
    assert done.units.frame["nh_asian_alone_cvap"].tolist() == [2, 6, 4, 4]
    assert done.units.frame["total_cvap"].tolist() == [10, 10, 10, 10]
    assert "cvap_13" not in done.units.frame.columns


def test_a_column_for_everything_leaves_margins_and_sums_aside():
    coarse = groups(total_cvap=[20, 40], total_cvap_moe=[5.0, 6.0], cvap_01=[20, 40], cvap_01_moe=[5.0, 6.0])
    done = allocate(coarse, blocks(**PEOPLE), weight="total_pop")
    assert done.columns == ("cvap_01",)
    assert done.units.frame["total_cvap"].tolist() == [15, 5, 20, 20]
    assert not [c for c in done.units.frame.columns if c.endswith("_moe")]


def test_tracts_to_block_groups():
    coarse = Units(pd.DataFrame({"total_cvap": [60]}, index=index([ONE[:11]])), level="tract", year=2020)
    fine = blocks(ids=(ONE, TWO), level="block_group", total_vap=[1, 2])
    assert allocate(coarse, fine, weight="total_vap").units.frame["total_cvap"].tolist() == [20, 40]


# --- fallbacks ------------------------------------------------------------------------------------


def test_the_block_group_that_the_census_found_empty_keeps_its_citizens():
    """The recipe of dividing by the sum gives 0 / 0 here and loses 40 of 60."""
    fine = blocks(total_pop=[30, 10, 0, 0], total_vap=[20, 5, 0, 0], land_m2=[1, 1, 3, 1])
    done = allocate(groups(), fine, weight="total_vap")
    assert done.units.frame["total_cvap"].tolist() == [16, 4, 30, 10]
    assert done.units.frame["total_cvap"].sum() == 60
    row = done.fallbacks[done.fallbacks["fallback"]].iloc[0]
    assert row[["column", "weight", "units", "people", "first"]].tolist() == ["total_cvap", "land area", 1, 40, TWO]
    assert done.notes[1] == "Where nobody of the group was counted, land area was used: total_cvap 1 (40 people)."


@pytest.mark.parametrize(
    ("columns", "used", "expected"),
    [
        ({"g": [0, 0, 1, 1], "total_vap": [3, 1, 1, 1], "total_pop": [1, 1, 1, 1]}, "total_vap", [15, 5]),
        ({"g": [0, 0, 1, 1], "total_vap": [0, 0, 1, 1], "total_pop": [1, 3, 1, 1]}, "total_pop", [5, 15]),
        ({"g": [0, 0, 1, 1], "total_vap": [0, 0, 1, 1], "total_pop": [0, 0, 1, 1], "land_m2": [1, 4, 1, 1]},
         "land area", [4, 16]),
        ({"g": [0, 0, 1, 1], "total_pop": [0, 0, 1, 1], "land_m2": [0, 0, 1, 1]}, "equal parts", [10, 10]),
        ({"g": [0, 0, 1, 1]}, "equal parts", [10, 10]),
    ],
)  # fmt: skip
def test_the_order_of_fallbacks(columns, used, expected):
    done = allocate(groups(), blocks(**columns), weight="g")
    assert done.units.frame["total_cvap"].tolist() == [*expected, 20, 20]
    row = done.fallbacks[done.fallbacks["fallback"]].iloc[0]
    assert (row["weight"], row["units"], row["people"]) == (used, 1, 20)


def test_land_of_the_shapes(four_squares):
    squares, _ = four_squares
    shapes = squares.geometry.set_axis(index(BLOCKS))
    half = shapes.iloc[1].intersection(shapes.iloc[1].centroid.buffer(1, cap_style="square").buffer(249, join_style=2))
    shapes = shapes.where(shapes.index != BLOCKS[1], half)
    done = allocate(groups(), blocks(g=[0, 0, 1, 1], geometry=shapes), weight="g")
    assert done.fallbacks["weight"].tolist() == ["g", "land area"]
    assert done.units.frame["total_cvap"].tolist() == pytest.approx([16, 4, 20, 20], rel=1e-3)


def test_a_fallback_nobody_needs_is_not_counted():
    done = allocate(groups(total_cvap=[0, 40]), blocks(g=[0, 0, 1, 1]), weight="g")
    assert not done.fallbacks["fallback"].any()


def test_missing_stays_missing():
    done = allocate(groups(total_cvap=[np.nan, 40]), blocks(**PEOPLE), weight="total_vap")
    assert done.units.frame["total_cvap"].isna().tolist() == [True, True, False, False]
    with pytest.raises(SchemaError, match="Missing is not zero"):
        done.units.column("total_cvap")


def test_empty_parts_of_the_map():
    """Water without people may lie in no block group, and an empty block group may have no block."""
    ids = (*BLOCKS, "150019900000001")
    done = allocate(
        groups(ids=(ONE, TWO, "150010201003"), total_cvap=[20, 40, 0]),
        blocks(ids=ids, total_pop=[1, 1, 1, 1, 0], total_vap=[1, 1, 1, 1, 0]),
        weight="total_vap",
    )
    assert done.units.frame["total_cvap"].tolist() == [10, 10, 20, 20, 0]
    assert done.lost.index.tolist() == ["150010201003"]
    assert done.parents.isna().tolist() == [False] * 4 + [True]
    assert any("1 block groups without people contain no census blocks" in note for note in done.notes)


def test_inputs_are_left_alone():
    coarse, fine = groups(), blocks(**PEOPLE)
    before = coarse.frame.copy(), fine.frame.copy()
    allocate(coarse, fine, weight="total_vap")
    pd.testing.assert_frame_equal(coarse.frame, before[0])
    pd.testing.assert_frame_equal(fine.frame, before[1])


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("coarse", "fine", "weight", "error", "match"),
    [
        (groups(), blocks(**PEOPLE), "vap", SchemaError, "no column 'vap' to use as a weight"),
        (groups(), blocks(**PEOPLE), {}, InputError, "nothing to share out"),
        (groups(), blocks(**PEOPLE), 3, InputError, "nothing to share out"),
        (groups(), blocks(**PEOPLE), {"x": "total_vap"}, SchemaError, "no column x; counts at hand: total_cvap"),
        (groups(), blocks(**PEOPLE), "vap_by_line", SchemaError, "these block groups have none"),
        (groups(cvap_04=[1, 2]), blocks(**PEOPLE), "vap_by_line", SchemaError, r'no P4_008N, .*cells="all"'),
        (groups(), blocks(g=[1, -1, 1, 1]), "g", SchemaError, "missing or negative in 1 of 4 census blocks"),
        (groups(), blocks(g=[1, np.nan, 1, 1]), "g", SchemaError, f"missing or negative in 1 of 4.*{BLOCKS[1]}"),
        (groups(year=2010), blocks(**PEOPLE), "total_vap", CoverageError, "different vintages.*2020 or later go with"),
        (blocks(**PEOPLE), groups(), "total_cvap", SchemaError, "do not nest"),
        (groups(ids=("150010201003", TWO)), blocks(**PEOPLE), "total_vap", CoverageError,
         r"2 of 4 census blocks \(40 people\) lie in no coarse unit"),
        (groups(ids=("100010201003", "100010201004")), blocks(**PEOPLE), "total_vap", CoverageError, "none of the 4"),
        (groups(ids=(ONE, TWO, "150010201003"), total_cvap=[1, 2, 3]), blocks(**PEOPLE), "total_vap", CoverageError,
         r"1 of 3 block groups with people \(3 in total_cvap\) contain none of the smaller units, first 150010201003"),
        (groups(ids=("091900101011", "091900101012")), blocks(ids=[f"09001010101{n}00{m}" for n in (1, 2) for m in (0, 1)],
         **PEOPLE), "total_vap", CoverageError, "planning regions.*kit.to_counties"),
    ],
)  # fmt: skip
def test_what_cannot_be_shared_out(coarse, fine, weight, error, match):
    with pytest.raises(error, match=match) as caught:
        allocate(coarse, fine, weight=weight)
    assert len(str(caught.value)) < 360


def test_blocks_outside_without_a_count_of_people_are_refused():
    with pytest.raises(CoverageError, match="people not counted"):
        allocate(groups(ids=("150010201003", TWO)), blocks(g=[1, 1, 1, 1]), weight="g")


# --- how sure -------------------------------------------------------------------------------------


def test_margins_by_hand():
    coarse = groups(total_cvap=[20, 40], total_cvap_moe=[10.0, 12.0])
    done = allocate(coarse, blocks(**PEOPLE), weight="total_vap")
    found = district_margins(done, place(done.units, plan("1", "2", "1", "2")))
    assert found["total_cvap_moe"].to_dict() == pytest.approx({"1": np.hypot(7.5, 9), "2": np.hypot(2.5, 3)})


def test_a_district_of_whole_block_groups_has_the_margin_of_their_sum():
    """Zero estimates: only the largest of their margins is kept."""
    ids = tuple(f"15001020100{n}" for n in range(1, 5))
    coarse = groups(ids=ids, cvap_01=[0, 0, 0, 41], cvap_01_moe=[22.0, 22.0, 29.0, 37.0])
    fine = blocks(ids=[f"{i}00{n}" for i in ids for n in (0, 1)], total_vap=[1, 3] * 4)
    done = allocate(coarse, fine, weight="total_vap")
    placed = place(done.units, plan(*["1"] * 8, ids=fine.frame.index))
    assert district_margins(done, placed)["cvap_01_moe"].tolist() == pytest.approx([47.0106], abs=1e-4)
    assert district_margins(done, placed)["total_cvap_moe"].tolist() == pytest.approx([47.0106], abs=1e-4)


def test_margins_of_sums_of_lines():
    coarse = groups(
        **{f"cvap_{n:02d}": [10, 10] for n in (1, 4, 6)}, **{f"cvap_{n:02d}_moe": [3.0, 4.0] for n in (1, 4, 6)}
    )
    done = allocate(coarse, blocks(**PEOPLE), weight="total_vap")
    found = district_margins(done, place(done.units, plan("1", "1", "1", "1")))
    assert found["nh_aapi_alone_cvap_moe"].tolist() == pytest.approx([50**0.5])
    assert "aapi_cvap_low_moe" not in found.columns


def test_a_missing_margin_is_missing():
    coarse = groups(total_cvap=[20, 40], total_cvap_moe=[10.0, np.nan])
    done = allocate(coarse, blocks(**PEOPLE), weight="total_vap")
    found = district_margins(done, place(done.units, plan("1", "1", "2", "2")))
    assert found["total_cvap_moe"].isna().to_dict() == {"1": False, "2": True}


def test_no_margins_at_all():
    done = allocate(groups(), blocks(**PEOPLE), weight="total_vap")
    with pytest.raises(SchemaError, match="none of total_cvap has a margin of error in the block groups"):
        district_margins(done, place(done.units, plan("1", "1", "1", "1")))


def test_range_by_hand():
    done = allocate(groups(), blocks(**PEOPLE), weight="total_vap")
    found = allocation_range(done, place(done.units, plan("1", "2", "2", "2")))
    assert found.loc["1"].to_dict() == {"total_cvap": 15, "total_cvap_min": 0, "total_cvap_max": 20}
    assert found.loc["2"].to_dict() == {"total_cvap": 45, "total_cvap_min": 40, "total_cvap_max": 60}


def test_empty_blocks_do_not_split_a_block_group():
    fine = blocks(total_pop=[30, 0, 6, 6], total_vap=[15, 0, 3, 1])
    done = allocate(groups(), fine, weight="total_vap")
    found = allocation_range(done, place(done.units, plan("1", "2", "2", "2")))
    assert found.loc["1", ["total_cvap_min", "total_cvap_max"]].tolist() == [20, 20]
    assert found.loc["2", ["total_cvap_min", "total_cvap_max"]].tolist() == [40, 40]


def test_blocks_in_no_district_leave_room():
    done = allocate(groups(), blocks(**PEOPLE), weight="total_vap")
    placed = place(done.units, plan("1", None, "1", "1"), outside="report")
    found = allocation_range(done, placed)
    assert found.loc["1"].to_dict() == {"total_cvap": 55, "total_cvap_min": 40, "total_cvap_max": 60}


def test_a_placement_of_other_units_is_refused():
    done = allocate(groups(), blocks(**PEOPLE), weight="total_vap")
    other = place(blocks(ids=BLOCKS[:2], total_pop=[1, 1]), plan("1", "1", "1", "1"))
    for measure in (district_margins, allocation_range):
        with pytest.raises(CoverageError, match="Place allocation.units"):
            measure(done, other)


def test_allocated_units_go_on_to_districts():
    coarse = groups(**{LINES[n].column: [40, 40] for n in (1,)}, cvap_04=[10, 20])
    done = allocate(coarse, blocks(**PEOPLE), weight="total_vap")
    table = concentration(place(done.units, plan("1", "2", "1", "2")), group="nh_asian_alone", base="cvap")
    assert table.frame["count"].to_dict() == {"1": 22.5, "2": 7.5}
    assert table.frame["share"].to_dict() == {"1": 0.375, "2": 0.375}
    assert "allocation" in {s.uncertainty for s in table.sources}


def test_a_code_for_a_missing_estimate_is_not_shared_out():
    with pytest.raises(
        SchemaError, match=r"1 of 2 block groups have a negative total_cvap \(-666666666 in 15001020100"
    ):
        allocate(groups(total_cvap=[20, -666666666]), blocks(**PEOPLE), weight="total_vap")
