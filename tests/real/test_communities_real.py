"""What ten plans of Seattle and eight of Lowell do to neighbourhoods."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from kit.analysis.adjacency import adjacency
from kit.analysis.communities import communities_of, community_split_table
from kit.analysis.packing import packing
from kit.analysis.placement import place
from kit.model.communities import Communities
from kit.model.frames import Units
from kit.sources.local import read_units
from kit.sources.plans import read_plan

pytestmark = pytest.mark.real

LAYERS = {"neighborhoods": 20, "reporting_areas": 53, "city_clerk_neighborhoods": 91}
LOWELL_PLANS = ("plan3a", "plan3b", "plan7a", "plan7b", "plan8a", "plan8b", "plan9a", "plan9b")


def seattle_layer(data_dir, name):
    """Read a list of blocks by neighbourhood, with their people."""
    rows = pd.read_csv(data_dir / f"seattle_wa/coi/{name}.csv", dtype={"GEOID20": "str"})
    frame = rows.set_index("GEOID20")[["TAPERSONS"]].set_axis(["total_pop"], axis=1).rename_axis("GEOID")
    return rows, Units(frame, level="block", year=2020)


@pytest.mark.parametrize("name", LAYERS)
def test_ten_plans_of_seattle_and_their_neighbourhoods(data_dir, name):
    rows, units = seattle_layer(data_dir, name)
    areas = Communities.of_units({str(n): list(ids) for n, ids in rows.groupby("Name")["GEOID20"]})
    files = sorted((data_dir / "seattle_wa/plans").glob("*.csv"))
    placements = {file.stem: place(units, read_plan(file), outside="report") for file in files}
    got = community_split_table(areas, placements, group="total", base="pop")
    assert len(placements) == 10
    assert got.frame.shape[0] == 10 * LAYERS[name]
    # The file's own total of each neighbourhood.
    stated = rows.drop_duplicates("Name").set_index("Name")["total_TAPERSONS"]
    for plan, one in got.splits.items():
        assert one.frame["base"].to_dict() == stated.to_dict(), plan
        pieces = one.pieces.groupby("community")["base"].sum().reindex(one.frame.index)
        assert (pieces.fillna(0) + one.frame["unplaced"]).tolist() == one.frame["base"].tolist()
    # 95 blocks of the list are in no plan; their 5,595 people are told, and are in no measure.
    assert (got.ranking["people"] == 738_095).all()
    assert (got.frame.groupby("plan")["unplaced"].sum() == 5_595).all()
    assert stated.sum() == 738_095 + 5_595
    assert got.ranking["rank_effective_splits"].min() == 1
    assert got.ranking["effective_splits"].is_monotonic_increasing
    # The final plan is the last draft, block for block.
    draft, final = (got.splits[n].frame for n in ("commission_draft_1031", "commission_final"))
    pd.testing.assert_frame_equal(draft, final)


@pytest.fixture(scope="module")
def lowell(data_dir):
    units = read_units(
        data_dir / "lowell_ma/Lowell_blocks.zip",
        id="GEOID10",
        columns={"P0010001": "total_pop", "P0030005": "asian_alone_pop"},
        year=2010,
    )
    shapes = gpd.read_file(data_dir / "lowell_ma/neighborhoods.zip")
    placements = {n: place(units, read_plan(data_dir / f"lowell_ma/plans/{n}.json")) for n in LOWELL_PLANS}
    return units, communities_of(shapes, units, name="NEIGHBORHO"), placements


def test_eleven_neighbourhoods_of_lowell_become_blocks(lowell, data_dir):
    units, areas, _ = lowell
    assert len(areas) == 11
    rows = areas.membership
    assert set(rows["GEOID"]) == set(units.frame.index)
    cut = rows[rows["share"] < 1]
    assert len(cut) == 6
    assert any("6 census blocks (22 people) lie partly in an area" in note for note in areas.notes)
    # By points every block belongs to one neighbourhood, and differs only where a line cuts.
    shapes = gpd.read_file(data_dir / "lowell_ma/neighborhoods.zip")
    whole = communities_of(shapes, units, name="NEIGHBORHO", rule="point").membership
    assert whole["GEOID"].is_unique
    assert len(whole) == 1_845
    most = rows.sort_values("share").drop_duplicates("GEOID", keep="last").set_index("GEOID")["community"]
    assert (most == whole.set_index("GEOID")["community"].reindex(most.index)).all()


def test_eight_plans_of_lowell_in_one_table(lowell):
    _, areas, placements = lowell
    got = community_split_table(areas, placements, group="asian_alone", base="pop")
    assert got.frame.shape[0] == 88
    ranking = got.ranking
    assert ranking["districts"].tolist() == [3, 3, 7, 7, 8, 8, 9, 9]
    assert sorted(ranking["rank_effective_splits"]) == [1, 1, 1, 1, 2, 2, 2, 2]
    assert ranking.loc["plan3b", "effective_splits"] < ranking.loc["plan9b", "effective_splits"]
    np.testing.assert_allclose(ranking["people"], 106_519, atol=1)
    np.testing.assert_allclose(ranking["people_group"], 21_513, atol=1)
    # The Acre in plan3a, block by block: 10,258, 2,216 and 429 people, counted apart from this code.
    acre = got.splits["plan3a"].pieces.query("community == 'ACRE'")
    assert acre["base"].tolist() == [10_258, 2_216, 429]
    assert acre["count"].tolist() == [2_697, 123, 23]
    assert got.splits["plan3a"].frame.loc["ACRE", "cut_off"] == 2_645


def test_indicators_of_lowell(lowell):
    units, areas, placements = lowell
    near = adjacency(units)
    for name, placed in placements.items():
        got = packing(placed, group="asian_alone", base="pop", areas=areas, tau=0.3, adjacency=near)
        assert got.plan["count"] == 21_513, name
        assert any("No baseline was computed" in note for note in got.notes)
        larger = got.areas["base"] > got.plan["ideal"]
        assert (got.areas["kept_whole_share"].isna() == larger).all()
