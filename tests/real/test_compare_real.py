"""Plans of New York City, Lowell and Seattle beside each other, whole jobs on real data."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from kit.analysis.adjacency import adjacency
from kit.analysis.compare import compare_plans
from kit.analysis.many_plans import score_plans
from kit.analysis.matching import lay_over
from kit.analysis.placement import place
from kit.analysis.rank_plans import rank_plans
from kit.analysis.swaps import swap_sheet
from kit.model.frames import Plan, Source, Units
from kit.sources.local import read_units
from kit.sources.plans import read_plan

pytestmark = pytest.mark.real

GROUP = {"group": "asian_alone", "base": "vap"}
NYC_COLUMNS = {"pop20_total": "total_pop", "vap20_total": "total_vap", "vap20_asian": "asian_alone_vap"}
LOWELL = ("plan3a", "plan3b", "plan7a", "plan7b", "plan8a", "plan8b", "plan9a", "plan9b")


@pytest.fixture(scope="module")
def nyc(data_dir):
    """Read 30,696 blocks with their district in every plan; the file names blocks by their row alone."""
    table = pd.read_csv(data_dir / "nyc/blocks_with_8_plan_assignments.csv")
    ids = pd.Index([f"row{at:05d}" for at in range(len(table))], dtype="str", name="GEOID")
    table = table.set_axis(ids)
    units = Units(table[list(NYC_COLUMNS)].rename(columns=NYC_COLUMNS), "block", 2020, (Source("New York City"),))
    return units, table.drop(columns=list(NYC_COLUMNS)).iloc[:, -10:].astype("str")


def placed(nyc, name):
    units, plans = nyc
    return place(units, Plan(name, tuple(plans[name].unique()), assignment=plans[name], level="block", year=2020))


# Chamber → share of all adults and of Asian adults who keep their district, people who change it, moves, districts.
WANTED = {
    "senate": (0.689824, 0.644622, 2_717_139, 83, ("15-UM", "27", 0.464691, 0.506326)),
    "assembly": (0.749711, 0.703437, 2_187_609, 198, ("AI", "30", 0.498468, 0.575527)),
}


@pytest.mark.parametrize("chamber", WANTED)
def test_the_unity_map_against_the_draft(nyc, chamber):
    base, group, people, moves, (label, was, low, high) = WANTED[chamber]
    before, after = placed(nyc, f"{chamber}_latfor"), placed(nyc, f"{chamber}_unity")
    found = compare_plans(before, after, **GROUP)
    assert found.plan["label_matched_retention"] == 0  # the Unity Map has labels of its own
    assert found.plan["base_retention"] == pytest.approx(base, abs=5e-7)
    assert found.plan["group_retention"] == pytest.approx(group, abs=5e-7)
    assert found.plan["people_moved"] == people
    row = found.frame.loc[label]
    assert row["was"] == was
    assert row[["share_before", "share_after"]].tolist() == pytest.approx([low, high], abs=5e-7)
    assert found.frame["people_after"].sum() == 8_804_190
    sheet = swap_sheet(before, after, **GROUP)
    assert len(sheet.moves) == moves
    assert sheet.total["people"] == people
    assert sheet.net[["people_net", "group_net", "base_net"]].sum().tolist() == [0, 0, 0]
    shown = sheet.moves["group"].dropna()
    assert shown.is_monotonic_decreasing
    assert (sheet.moves.loc[shown.index, "base"] >= 200).all()


@pytest.mark.parametrize("chamber", WANTED)
def test_the_matching_is_the_peers(nyc, chamber):
    """GerryTools finds the same least number of people to move, from the same table."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from gerrytools.plan_comparison import optimal_relabeling
    before, after = placed(nyc, f"{chamber}_latfor"), placed(nyc, f"{chamber}_unity")
    overlap = lay_over(before, after, ["total_vap"]).cross("total_pop").astype("float64")
    if overlap.shape[0] < overlap.shape[1]:  # the peer wants as many districts before as after
        overlap.loc["none"] = 0.0
    theirs = optimal_relabeling(overlap)
    kept = sum(overlap.loc[old, new] for old, new in theirs.items())
    ours = compare_plans(before, after, **GROUP)
    assert overlap.to_numpy().sum() - kept == ours.plan["people_moved"]
    assert {old: new for old, new in theirs.items() if old != "none"} == ours.matching.to_dict()


def test_lowell_has_eight_plans(data_dir):
    units = read_units(
        data_dir / "lowell_ma/Lowell_blocks.zip",
        id="GEOID10",
        columns={"P0010001": "total_pop", "P0030005": "asian_alone_pop"},
        year=2010,
    )
    plans = {name: place(units, read_plan(data_dir / f"lowell_ma/plans/{name}.json")) for name in LOWELL}
    found = rank_plans(plans, group="asian_alone", base="pop", against="plan9a")
    assert found.frame.index[0] == "plan9b"
    assert found.frame["rank"].tolist() == list(range(1, 9))
    assert found.frame.loc["plan9b", "highest_share"] == pytest.approx(0.467326, abs=5e-7)
    assert (found.frame["people"] == 106_519).all()
    assert found.frame["above_50"].sum() == 0
    assert found.frame.loc["plan9a", ["best_match_retention", "gap", "units_moved"]].tolist() == [1, 0, 0]
    sheet = swap_sheet(plans["plan9a"], plans["plan9b"], group="asian_alone", base="pop", adjacency=adjacency(units))
    assert sheet.total.to_dict() == {"units": 691, "people": 44_103, "base": 44_103, "group": 7_910}
    assert sheet.moves.loc[1, ["from", "to", "to_was", "units", "pieces", "group"]].tolist() == [
        "7", "4", "6", 62, 2, 1_674,
    ]  # fmt: skip
    assert sheet.pieces["units"].sum() == 691
    assert sheet.pieces.groupby("move")["people"].sum().equals(sheet.moves["people"])
    scores = score_plans(
        units,
        pd.DataFrame({name: plan.assignment for name, plan in plans.items()}),
        columns=["asian_alone_pop"],
        adjacency=adjacency(units),
    )
    for ours, theirs in (("highest_share", "asian_alone_pop_highest"), ("population_range", "population_range")):
        np.testing.assert_allclose(
            found.frame[ours].astype(float), scores[theirs].reindex(found.frame.index), rtol=1e-14
        )


def test_seattle_has_ten_block_lists(data_dir):
    """Blocks with people and no table of races; 97 of the blocks, with 5,595 people, are in no plan's list."""
    table = pd.read_csv(data_dir / "seattle_wa/coi/neighborhoods.csv", dtype={"GEOID20": "str"})
    frame = table.set_index("GEOID20").rename(columns={"TAPERSONS": "total_pop"})[["total_pop"]]
    units = Units(frame.set_axis(frame.index.astype("str").rename("GEOID")), "block", 2020, (Source("Seattle"),))
    files = sorted((data_dir / "seattle_wa/plans").glob("*.csv"))
    plans = {file.stem: place(units, read_plan(file), outside="report") for file in files}
    found = rank_plans(plans, group=None, base="pop", against="current")
    assert len(found.frame) == 10
    assert found.frame["rank"].tolist() == [1, 2, 3, 4, 4, 6, 7, 8, 9, 10]
    assert found.frame.index[-1] == "current"
    assert found.frame["unassigned_people"].unique().tolist() == [5_595]
    assert found.frame.loc["consultant1", "population_range"] == 419
    assert found.notes.count("5,595 people lie in no district and are in no figure here.") == 1
    final = compare_plans(plans["commission_draft_1031"], plans["commission_final"], group="total", base="pop")
    assert final.plan[["people_moved", "variation_of_information"]].tolist() == [0, 0]
