"""Margins of estimates that were shared out, in every figure made of them; and of districts set against the whole."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import kit
from kit.analysis import moe
from kit.analysis.district_margins import at_hand, of_districts, of_units
from kit.analysis.part_of_whole import part_margins
from kit.model.frames import Plan, Source, Units
from kit.report.tables import uncertainty

GROUPS = ("150010201001", "150010201002", "150010201003", "150010201004")
ESTIMATES = {
    "cvap_01": [100, 200, 40, 0], "cvap_04": [30, 60, 0, 0], "cvap_06": [10, 0, 0, 0], "cvap_09": [4, 8, 0, 0],
    "cvap_12": [4, 4, 0, 0],
}  # fmt: skip
MARGINS = {
    "cvap_01": [20.0, 30, 12, 9], "cvap_04": [10.0, 16, 11, 12], "cvap_06": [6.0, 12, 12, 12],
    "cvap_09": [5.0, 7, 12, 12], "cvap_12": [5.0, 7, 12, 12],
}  # fmt: skip


def index(ids):
    return pd.Index(ids, dtype="str", name="GEOID")


def coarse(*, margins=True, **changes):
    columns = ESTIMATES | ({f"{k}_moe": v for k, v in MARGINS.items()} if margins else {}) | changes
    source = Source("Special tabulation", year=2022, uncertainty="sampling MOE")
    return Units(pd.DataFrame(columns, index=index(GROUPS)), "block_group", 2020, (source,))


def fine():
    """Two blocks in each block group, with three quarters of its adults and one."""
    ids = [f"{group}{n:03d}" for group in GROUPS for n in (0, 1)]
    frame = pd.DataFrame({"total_pop": [40, 10] * 4, "total_vap": [30, 10] * 4}, index=index(ids))
    return Units(frame, "block", 2020, (Source("P.L. 94-171", year=2020),))


def placed(done, *districts):
    listed = pd.Series(districts or ("1", "2", "1", "1", "2", "2", "2", "2"), index=done.units.frame.index)
    labels = tuple(sorted({*listed.dropna()}))
    return kit.place(done.units, Plan("Halves", labels, assignment=listed, level="block", year=2020), outside="report")


@pytest.fixture(scope="module")
def done():
    return kit.allocate(coarse(), fine(), weight="total_vap")


@pytest.fixture(scope="module")
def where(done):
    return placed(done)


# --- counts and shares of districts ---------------------------------------------------------------


def test_a_district_by_hand(where):
    """District 1 has ¾ of the first block group and all of the second."""
    one = kit.concentration(where, group="nh_asian_alone", base="cvap").frame.loc["1"]
    assert (one["count"], one["base"]) == (82.5, 275)
    assert one["count_moe"] == pytest.approx(math.hypot(0.75 * 10, 16))
    assert one["base_moe"] == pytest.approx(math.hypot(0.75 * 20, 30))
    assert one["share_moe"] == pytest.approx(moe.proportion(82.5, one["count_moe"], 275, one["base_moe"]))
    assert one["share_low"] == pytest.approx(0.3 - one["share_moe"])
    assert one["reliability"] == "high"


def test_of_the_zeros_only_the_largest_counts(where):
    """District 2: a quarter of 30 ± 10, and block groups with 0 ± 11 and 0 ± 12."""
    table = kit.concentration(where, group="nh_asian_alone", base="cvap")
    assert table.frame.loc["2", "count_moe"] == pytest.approx(math.hypot(2.5, 12))
    assert table.total["count_moe"] == pytest.approx(math.sqrt(10**2 + 16**2 + 12**2))


@pytest.mark.parametrize("group", ["nh_asian_alone", "nh_nhpi_alone", "nh_aapi_alone", "nh_asian_doj"])
def test_every_table_has_the_margins_of_district_margins(done, where, group):
    found = kit.district_margins(done, where)
    table = kit.concentration(where, group=group, base="cvap")
    assert table.frame["count_moe"].tolist() == found[f"{group}_cvap_moe"].tolist()
    assert table.frame["base_moe"].tolist() == found["total_cvap_moe"].tolist()
    every = kit.definition_ladder(where, base="cvap")
    assert every.notes == tuple(note for note in table.notes if "understated" in note)
    ladder = every.frame.xs(group, level="definition")
    assert ladder["count_moe"].iloc[:-1].tolist() == found[f"{group}_cvap_moe"].tolist()
    assert ladder["share_moe"].tolist() == [*table.frame["share_moe"], table.total["share_moe"]]
    sums = kit.district_estimates(where, [f"{group}_cvap"], of="total_cvap")
    assert sums["moe"].tolist() == [*table.frame["count_moe"], table.total["count_moe"]]
    assert sums["share_moe"].tolist() == ladder["share_moe"].tolist()
    if group == "nh_aapi_alone":
        assert table.frame["asian_moe"].tolist() == found["nh_asian_alone_cvap_moe"].tolist()
        assert {"nhpi_share_moe", "asian_share_moe"} <= set(table.frame.columns)


def test_the_bracket_has_the_same_margins(done, where):
    bracket = kit.cvap_bracket(where)
    pd.testing.assert_frame_equal(bracket, kit.cvap_bracket(where, allocation=done))
    found = kit.district_margins(done, where)
    assert bracket["high_moe"].tolist() == found["aapi_cvap_high_moe"].tolist()
    assert bracket["share_low_moe"].notna().all()


def test_a_plan_of_whole_block_groups_has_the_margins_of_the_block_groups(done):
    whole = placed(done, *"11112222")
    listed = pd.Series(["1", "1", "2", "2"], index=index(GROUPS))
    direct = kit.place(coarse(nh_asian_alone_cvap=ESTIMATES["cvap_04"], nh_asian_alone_cvap_moe=MARGINS["cvap_04"],
                              total_cvap=ESTIMATES["cvap_01"], total_cvap_moe=MARGINS["cvap_01"]),
                       Plan("Halves", ("1", "2"), assignment=listed, level="block_group", year=2020))  # fmt: skip
    one, other = (kit.concentration(p, group="nh_asian_alone", base="cvap") for p in (whole, direct))
    pd.testing.assert_frame_equal(one.frame, other.frame, check_dtype=False)


def test_notes_say_what_was_done(where):
    notes = kit.concentration(where, group="nh_asian_alone", base="cvap").notes
    assert (
        "Margins are understated: the shares by which block groups were divided among census blocks are treated as "
        "exact." in notes
    )
    assert "Counts are estimates for block groups, shared out to census blocks by all adults." in notes
    assert (
        "Whatever the shares, the count in district 1 lies from 60 to 90 (1 of its block groups are cut by its line); "
        "no district has a wider range." in notes
    )
    assert "weights stood in" not in " ".join(notes)


def test_a_weight_that_stood_in_is_counted():
    blocks = fine()
    blocks = replace(blocks, frame=blocks.frame.assign(g=[0, 0, 3, 1, 1, 1, 1, 1]))
    made = kit.allocate(coarse(), blocks, weight="g")
    notes = kit.concentration(placed(made), group="nh_asian_alone", base="cvap").notes
    assert (
        "Where nobody of the group was counted, other weights stood in: all adults 2 times (130 people)." in notes
    )  # 30 and 100 of the first block group


def test_a_plan_that_cuts_nothing_has_no_range(done):
    notes = kit.concentration(placed(done, *"11112222"), group="nh_asian_alone", base="cvap").notes
    assert not [note for note in notes if note.startswith("Whatever")]


def test_without_margins_the_sharing_out_is_still_told():
    made = kit.allocate(coarse(margins=False), fine(), weight="total_vap")
    table = kit.concentration(placed(made), group="nh_asian_alone", base="cvap")
    assert "count_moe" not in table.frame
    assert table.notes[0].startswith("Counts are estimates for block groups")
    assert "understated" not in " ".join(table.notes)
    assert uncertainty(table) == "counts were estimated from other areas or tables, without a stated margin"


def test_a_missing_margin_is_missing():
    made = kit.allocate(coarse(cvap_04_moe=[np.nan, 16, 11, 12]), fine(), weight="total_vap")
    table = kit.concentration(placed(made, *"11112222"), group="nh_asian_alone", base="cvap")
    assert table.frame["count_moe"].isna().tolist() == [True, False]
    assert table.frame["difference_moe"].isna().all()  # the whole has none
    assert table.frame["reliability"].tolist() == ["no margin", "no estimate"]


def test_units_in_no_district_are_in_no_margin(done):
    table = kit.concentration(placed(done, "1", None, *[None] * 6), group="nh_asian_alone", base="cvap")
    assert table.frame["count_moe"].tolist() == [7.5]
    assert table.total["base_moe"] == 15


def test_a_code_in_a_margin_is_refused():
    made = kit.allocate(coarse(cvap_04_moe=[-555555555, 16, 11, 12]), fine(), weight="total_vap")
    with pytest.raises(kit.InputError, match="cvap_04_moe: 1 of 4 values are codes"):
        kit.concentration(placed(made), group="nh_asian_alone", base="cvap")
    with pytest.raises(kit.InputError, match="cvap_04_moe"):
        kit.unit_shares(made.units, group="nh_asian_alone", base="cvap")


# --- what the units remember ----------------------------------------------------------------------


def test_units_keep_what_they_remember_and_lose_it_with_their_counts(done):
    units = done.units
    some = replace(units, frame=units.frame.iloc[:3])
    assert at_hand(some, ["total_cvap"]) == ["total_cvap"]
    assert of_units(some, "total_cvap").tolist() == [15, 5, 22.5]
    doubled = replace(units, frame=units.frame.assign(total_cvap=lambda f: f["total_cvap"] * 2))
    assert at_hand(doubled, ["total_cvap", "nh_asian_alone_cvap", "total_pop"]) == ["nh_asian_alone_cvap"]
    own = replace(units, frame=units.frame.assign(total_pop_moe=1.0))
    assert at_hand(own, ["total_pop"]) == ["total_pop"]
    other = units.frame.set_axis(index([f"15001030{n:07d}" for n in range(8)]))
    with pytest.raises(kit.SchemaError, match="not the units that estimates were shared out to"):
        replace(units, frame=other)


def test_old_margins_of_the_blocks_do_not_survive():
    blocks = fine()
    blocks = replace(blocks, frame=blocks.frame.assign(cvap_04=1, cvap_04_moe=1.0))
    made = kit.allocate(coarse(), blocks, weight="total_vap")
    assert "cvap_04_moe" not in made.units.frame


def test_shares_of_blocks():
    """Asian adults of one block only: it gets the block group's 30 ± 10, and ¾ of 100 ± 20."""
    blocks = fine()
    blocks = replace(blocks, frame=blocks.frame.assign(g=[0, 1, 3, 1, 1, 1, 1, 1]))
    weights = {"cvap_01": "total_vap", "cvap_04": "g"}
    made = kit.allocate(coarse(), blocks, weight=weights)
    found = kit.unit_shares(made.units, group="nh_asian_alone", base="cvap")
    first, second = found.iloc[0], found.iloc[1]
    assert (first["count"], first["count_moe"], first["base_moe"]) == (0, 0, 15)
    assert (second["count"], second["count_moe"], second["base"]) == (30, 10, 25)
    assert second[["share", "share_moe", "share_low"]].isna().all()
    assert second["reliability"] == "no estimate"
    assert found["share"].iloc[2] == pytest.approx(0.3)
    notes = kit.concentration(placed(made), group="nh_asian_alone", base="cvap").notes
    assert (
        "In 1 of 8 census blocks the estimate of the group is larger than that of all; they have no share of their "
        "own, and every district counts them." in notes
    )
    with pytest.raises(kit.SchemaError, match="in 1 districts the group outnumbers its base, first 2"):
        kit.concentration(placed(made, *"12111111"), group="nh_asian_alone", base="cvap")


def test_a_group_larger_than_its_base_is_a_fault_where_counts_are_no_estimates():
    frame = pd.DataFrame({"total_vap": [5, 9], "asian_alone_vap": [6, 1]}, index=index(GROUPS[:2]))
    with pytest.raises(kit.SchemaError, match="in 1 block groups the group outnumbers its base"):
        kit.unit_shares(Units(frame, "block_group", 2020), group="asian_alone", base="vap")


# --- a district against the whole -----------------------------------------------------------------


def areas(*values):
    """Give a table of one area, or of several, in the order of the arguments."""
    return pd.DataFrame(np.atleast_2d(values), columns=["count", "count_moe", "base", "base_moe"], dtype="float64")


def test_by_hand_with_bases_that_are_known():
    """Without error in the bases: δ = .75 (X_d ÷ 100) − .25 (X_r ÷ 100), λ = 4 g, g = X_d ÷ X with X = 60."""
    found = part_margins(areas(30, 10, 100, 0), areas(30, 24, 300, 0)).iloc[0]
    assert found["difference_moe"] == pytest.approx(math.hypot(0.75 * 0.1, 0.25 * 0.24))
    assert found["share_of_group_moe"] == pytest.approx(math.hypot(5, 12) / 60)
    assert found["location_quotient_moe"] == pytest.approx(4 * math.hypot(5, 12) / 60)


def test_a_district_that_is_next_to_nothing_of_the_whole_has_the_margin_of_its_share():
    found = part_margins(areas(30, 10, 100, 20), areas(3e8, 0, 1e9, 0)).iloc[0]
    assert found["difference_moe"] == pytest.approx(moe.proportion(30, 10, 100, 20), rel=1e-6)
    assert found["location_quotient_moe"] == pytest.approx(moe.proportion(30, 10, 100, 20) / 0.3, rel=1e-6)


def test_one_district_is_exactly_the_whole(done):
    table = kit.concentration(placed(done, *"11111111"), group="nh_asian_alone", base="cvap")
    names = ["difference_moe", "location_quotient_moe", "share_of_group_moe"]
    assert table.frame[names].to_numpy().tolist() == [[0, 0, 0]]
    assert table.total[names].tolist() == [0, 0, 0]
    assert table.frame.loc["1", "share_moe"] > 0


def test_nobody_elsewhere_yet_the_others_may_have_somebody():
    """The rest is 0 ± 12 of 0 ± 9: the whole can be larger than the district."""
    found = part_margins(areas(30, 10, 100, 20), areas(0, 12, 0, 9)).iloc[0]
    assert found["difference_moe"] == pytest.approx(math.hypot(12, 0.3 * 9) / 100)
    assert found["share_of_group_moe"] == pytest.approx(12 / 30)


def test_what_is_missing_stays_missing():
    part = areas([0, 5, 0, 5], [3, np.nan, 10, 2], [3, 2, 10, np.nan])
    found = part_margins(part, areas(*[[10, 3, 50, 5]] * 3))
    assert found["difference_moe"].isna().all()
    assert found["location_quotient_moe"].isna().all()
    assert found["share_of_group_moe"].isna().tolist() == [False, True, False]
    nobody = part_margins(areas(0, 5, 10, 2), areas(0, 5, 10, 2)).iloc[0]
    assert nobody.isna().to_dict() == {
        "share_of_group_moe": True, "difference_moe": False, "location_quotient_moe": True,
    }  # fmt: skip


CASES = {
    "large": ((30_000, 2_000, 100_000, 3_000), (20_000, 1_500, 300_000, 4_000)),
    "most of the group": ((900, 90, 2_000, 100), (100, 40, 5_000, 150)),
    "a small part": ((500, 60, 1_000, 50), (9_000, 300, 10_000, 200)),
    "ratio": ((5_000, 150, 9_000, 400), (3_000, 100, 40_000, 300)),
}


@pytest.mark.parametrize("case", CASES)
def test_against_draws(case):
    """Draw district and rest apart, each with the covariance that the formula for a proportion rests on."""
    random, size = np.random.default_rng(20260101), 200_000
    drawn = []
    for x, m, t, n in CASES[case]:
        base = random.normal(t, n / 1.645, size)
        under = m**2 - (x / t * n) ** 2
        if under >= 0:
            drawn.append((random.normal(x / t, math.sqrt(under) / t / 1.645, size) * base, base))
        else:
            drawn.append((random.normal(x, m / 1.645, size), base))
    (x_d, t_d), (x_r, t_r) = drawn
    whole = (x_d + x_r) / (t_d + t_r)
    seen = {
        "share_of_group_moe": x_d / (x_d + x_r),
        "difference_moe": x_d / t_d - whole,
        "location_quotient_moe": x_d / t_d / whole,
    }
    found = part_margins(*(areas(*values) for values in CASES[case])).iloc[0]
    for name, draws in seen.items():
        assert found[name] == pytest.approx(1.645 * draws.std(), rel=0.02), name


def test_the_formula_of_a_proportion_would_be_wrong_for_the_share_of_a_group():
    x_d, x_r = CASES["most of the group"][0][0], CASES["most of the group"][1][0]
    found = part_margins(*(areas(*values) for values in CASES["most of the group"])).iloc[0]["share_of_group_moe"]
    assert found == pytest.approx(math.hypot(0.1 * 90, 0.9 * 40) / (x_d + x_r))
    assert moe.proportion(x_d, 90, x_d + x_r, math.hypot(90, 40)) < found / 2


def test_districts_of_a_table_by_hand():
    """District 1 is 60 ± 20 of 200 ± 50, the rest 20 ± 9 of 200 ± 10; both shares by the formula for a proportion."""
    frame = pd.DataFrame(
        {"total_cvap": [200, 200], "total_cvap_moe": [50, 10], "nh_asian_alone_cvap": [60, 20],
         "nh_asian_alone_cvap_moe": [20, 9]}, index=index(GROUPS[:2]),
    )  # fmt: skip
    listed = pd.Series(["1", "2"], index=frame.index)
    where = kit.place(
        Units(frame, "block_group", 2020), Plan("Two", ("1", "2"), assignment=listed, level="block_group")
    )
    found = kit.concentration(where, group="nh_asian_alone", base="cvap").frame
    one = found.loc["1"]
    # s = .2, s_d = .3, s_r = .1, w = ½: a_d = 1/400, b_d = −.001; a_r = −1/400, b_r = .0005.
    squares = (20 / 400) ** 2 + (0.001**2 - 2 * 0.001 / 400 * 0.3) * 50**2
    squares += (9 / 400) ** 2 + (0.0005**2 - 2 * 0.0005 / 400 * 0.1) * 10**2
    assert one["difference_moe"] == pytest.approx(math.sqrt(squares))
    assert found.loc["2", "difference_moe"] == pytest.approx(one["difference_moe"])  # the same difference, less
    assert one["share_of_group_moe"] == pytest.approx(math.hypot(0.25 * 20, 0.75 * 9) / 80)
    assert found.loc["2", "share_of_group_moe"] == pytest.approx(one["share_of_group_moe"])


def test_the_others_keep_one_zero_only(done):
    """Three districts: of the rest of the first, two block groups are estimated as 0, ± 11 and ± 12."""
    where = placed(done, *"11223333")
    terms = of_districts(where, ["nh_asian_alone_cvap"], pd.Index(["1", "2", "3"]))["nh_asian_alone_cvap"]
    assert terms.tolist() == pytest.approx([10, 16, 12, math.sqrt(10**2 + 16**2 + 12**2)])
    found = kit.concentration(where, group="nh_asian_alone", base="cvap").frame.loc["1", "share_of_group_moe"]
    assert found == pytest.approx(math.hypot(2 / 3 * 10, 1 / 3 * math.hypot(16, 12)) / 90)


# --- what readers see -----------------------------------------------------------------------------


def test_tables_show_every_margin(where, tmp_path):
    table = kit.concentration(where, group="nh_aapi_alone", base="cvap")
    assert uncertainty(table).startswith(
        "sampling error, as 90 percent margins of error, of estimates for larger areas"
    )
    page = kit.write_table(table, tmp_path / "t.html").read_text(encoding="utf-8").replace("\u00a0", " ")
    one = table.frame.loc["1"]
    for told in (
        f"<td>{one['count']:,.0f} ± {one['count_moe']:,.0f}</td>",
        f"<td>275 ± {one['base_moe']:,.0f}</td>",
        f"<td>{100 * one['difference']:+.1f} ± {100 * one['difference_moe']:.1f} pts</td>",
        f"<td>{one['location_quotient']:.2f} ± {one['location_quotient_moe']:.2f}</td>",
        "Reliability of the share",
        "Share less that of all districts",
        "Margins are understated",
    ):
        assert told in page
    written = pd.read_csv(kit.write_table(table, tmp_path / "t.csv"))
    assert {"difference_moe", "location_quotient_moe", "share_of_group_moe", "reliability"} <= set(written.columns)
    assert written["difference_moe"].iloc[-1] == 0
    assert "understated" in table.summary()


def test_a_map_tells_units_without_a_share_from_empty_ones():
    import geopandas as gpd
    import shapely

    boxes = [shapely.box(-157 + 0.01 * n, 21, -156.99 + 0.01 * n, 21.01) for n in range(8)]
    blocks = fine()
    blocks = replace(
        blocks,
        frame=blocks.frame.assign(g=[0, 1, 3, 1, 1, 1, 1, 1]),
        geometry=gpd.GeoSeries(boxes, index=blocks.frame.index, crs=4326),
    )
    made = kit.allocate(coarse(), blocks, weight={"cvap_01": "total_vap", "cvap_04": "g"})
    ax = kit.map_share(placed(made), group="nh_asian_alone", base="cvap", breaks=[0, 0.1, 0.3, 0.5, 1])
    entries = [text for legend in ax.figure.legends for text in legend.get_texts()]
    # A long entry is broken so that it stays on the page.
    told = [" ".join(text.get_text().split()) for text in entries]
    assert "no citizens of voting age, or no share (see notes) (3 census blocks)" in told
    assert all(text.get_window_extent().x1 < ax.figure.bbox.x1 for text in entries)
    notes = " ".join(" ".join(text.get_text().split()) for text in ax.figure.texts)
    assert "Margins are understated" in notes
