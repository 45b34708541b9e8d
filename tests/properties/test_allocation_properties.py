"""What holds for every allocation and every crosswalk, whatever the numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.analysis.allocation import allocate
from kit.analysis.allocation_range import allocation_range, district_margins
from kit.analysis.concentration import concentration
from kit.analysis.crosswalk import crosswalk
from kit.analysis.placement import place
from kit.model.crosswalk import Crosswalk
from kit.model.frames import Plan, Units

counts = st.integers(0, 500)


def index(ids):
    return pd.Index(ids, dtype="str", name="GEOID")


@st.composite
def maps(draw):
    """Block groups with one to five blocks each, in three districts, many of them empty."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=1, max_size=6))
    groups = [f"15001020{n:03d}1" for n in range(len(sizes))]
    ids = [f"{g}{b:03d}" for g, size in zip(groups, sizes, strict=True) for b in range(size)]
    some = st.one_of(st.just(0), counts)
    columns = {
        name: draw(st.lists(some, min_size=len(ids), max_size=len(ids))) for name in ("g", "total_vap", "land_m2")
    }
    coarse = {name: draw(st.lists(some, min_size=len(groups), max_size=len(groups))) for name in ("cvap_01", "cvap_04")}
    coarse |= {f"{name}_moe": [float(v) for v in draw(st.lists(counts, min_size=len(groups), max_size=len(groups)))]
               for name in ("cvap_01", "cvap_04")}  # fmt: skip
    fine = pd.DataFrame(columns, index=index(ids)).assign(total_pop=lambda f: f["total_vap"] + f["g"])
    districts = draw(st.lists(st.sampled_from("123"), min_size=len(ids), max_size=len(ids)))
    return (
        Units(pd.DataFrame(coarse, index=index(groups)), level="block_group", year=2020),
        Units(fine, level="block", year=2020),
        Plan("p", ("1", "2", "3"), assignment=pd.Series(districts, index=index(ids)), level="block", year=2020),
    )


@settings(max_examples=36, deadline=None)
@given(maps())
def test_every_block_group_keeps_its_people(case):
    coarse, fine, _ = case
    done = allocate(coarse, fine, weight="g")
    back = done.units.frame[["cvap_01", "cvap_04"]].groupby(done.parents).sum()
    np.testing.assert_allclose(back, coarse.frame.loc[back.index, ["cvap_01", "cvap_04"]], rtol=1e-9, atol=1e-9)
    assert (done.units.frame[["cvap_01", "cvap_04"]] >= 0).all(axis=None)
    np.testing.assert_allclose(done.shares.groupby(done.parents).sum(), 1, rtol=1e-12)
    assert done.fallbacks["people"].sum() == coarse.frame[["cvap_01", "cvap_04"]].to_numpy().sum()


@settings(max_examples=36, deadline=None)
@given(maps())
def test_the_range_holds_the_estimate_and_the_margin_is_no_less_than_zero(case):
    coarse, fine, plan = case
    done = allocate(coarse, fine, weight="g")
    placed = place(done.units, plan)
    spread, margins = allocation_range(done, placed), district_margins(done, placed)
    for name in ("cvap_01", "cvap_04"):
        assert (spread[f"{name}_min"] <= spread[name] + 1e-9).all()
        assert (spread[name] <= spread[f"{name}_max"] + 1e-9).all()
        np.testing.assert_allclose(spread[name], placed.totals([name])[name], atol=1e-9)
        assert spread[name].sum() <= coarse.frame[name].sum() + 1e-6
        assert (margins[f"{name}_moe"] >= 0).all()
        assert (margins[f"{name}_moe"] <= coarse.frame[f"{name}_moe"].sum() + 1e-9).all()


@settings(max_examples=36, deadline=None)
@given(maps())
def test_figures_of_districts_have_the_margins_of_the_allocation(case):
    coarse, fine, plan = case
    counts = coarse.frame.assign(cvap_01=coarse.frame["cvap_01"] + coarse.frame["cvap_04"])
    done = allocate(replace(coarse, frame=counts), fine, weight="total_vap")
    placed = place(done.units, plan)
    table, margins = concentration(placed, group="nh_asian_alone", base="cvap"), district_margins(done, placed)
    assert table.frame["count_moe"].tolist() == margins["nh_asian_alone_cvap_moe"].tolist()
    assert table.frame["base_moe"].tolist() == margins["total_cvap_moe"].tolist()
    for name in ("share", "difference", "location_quotient", "share_of_group"):
        found = table.frame[f"{name}_moe"].astype(float)
        assert (found[table.frame[name].notna()] >= 0).all()
        assert found[table.frame[name].isna()].isna().all()
    if (table.frame["base"] > 0).sum() == 1 and (table.frame["base_moe"] > 0).sum() == 1:
        only = table.frame[table.frame["base"] > 0].iloc[0]
        if (table.frame["count_moe"] > 0).sum() <= (only["count_moe"] > 0):
            assert only["difference_moe"] == 0


@settings(max_examples=20, deadline=None)
@given(maps(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(case, random):
    coarse, fine, _ = case
    order = list(range(len(fine)))
    random.shuffle(order)
    mixed = Units(fine.frame.iloc[order], level="block", year=2020)
    one, other = (allocate(coarse, units, weight="g").units.frame for units in (fine, mixed))
    pd.testing.assert_frame_equal(one, other.loc[one.index])


@settings(max_examples=36, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.floats(0, 1)), min_size=1, max_size=20),
    st.lists(counts, min_size=5, max_size=5),
)
def test_people_are_on_the_new_units_or_in_the_list_of_the_lost(rows, people):
    frame = pd.DataFrame(rows, columns=["s", "t", "weight"]).groupby(["s", "t"], as_index=False).sum()
    total = frame.groupby("s")["weight"].transform("sum").clip(lower=1)
    table = pd.DataFrame(
        {
            "source": ("15001020100100" + frame["s"].astype(str)).astype("str"),
            "target": ("15001020200100" + frame["t"].astype(str)).astype("str"),
            "weight": frame["weight"] / total,
            "area": np.nan,
        }
    )
    ids = index([f"15001020100100{n}" for n in range(5)])
    old = Units(pd.DataFrame({"total_pop": people}, index=ids), level="block", year=2010)
    new = crosswalk(old, Crosswalk(table, "block", 2010, 2020), lost="report")
    np.testing.assert_allclose(new.frame["total_pop"].sum() + new.lost["people"].sum(), sum(people), atol=1e-6)
    assert new.report["units"].sum() == 5
    assert (new.lost["share"] <= 1).all()
