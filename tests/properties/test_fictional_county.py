"""What must hold in every row of the fictional county, and that its script writes the same bytes again."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.model.geoid import level_of
from kit.model.groups import DEFINITIONS, derive
from kit.model.identities import check_cells, check_counts
from kit.model.tables import TABLES, cells_of
from kit.samples import load_sample
from kit.samples.sample import data_file

COUNTY = load_sample("fictional_county")
FRAME = COUNTY.units.frame
CELLS = [name for table in TABLES for name in cells_of(table)]


def test_the_script_writes_the_same_bytes(tmp_path, repo_root):
    script = repo_root / "kit" / "samples" / "build" / "fictional_county.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True, capture_output=True, cwd=repo_root)
    again = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    stored = {path.name: path.read_bytes() for path in data_file("fictional_county", "").iterdir()}
    assert sorted(again) == sorted(stored)
    assert [name for name in stored if again[name] != stored[name]] == []


def test_every_identity_holds_in_every_block():
    assert set(CELLS) <= set(FRAME.columns)
    check_cells(FRAME[CELLS])
    check_counts(FRAME)
    assert {f"{group}_{base}" for group in DEFINITIONS for base in ("pop", "vap")} <= set(FRAME.columns)


def test_group_quarters_hold_no_more_than_everyone():
    assert (FRAME["P5_001N"] <= FRAME["P1_001N"]).all()
    assert FRAME["P5_001N"].sum() == 140 + 60 + 35


def test_every_race_combination_lives_somewhere():
    leaves = DEFINITIONS["aapi_aoic"].columns("pop")
    assert (FRAME[list(leaves)].sum() > 0).all()


def test_codes_nest():
    assert level_of(FRAME.index) == "block"
    assert len(FRAME) == 288
    assert (FRAME.index.str[:11] == FRAME["tract"]).all()
    assert (FRAME.index.str[:12] == FRAME["block_group"]).all()
    assert (FRAME["tract"].nunique(), FRAME["block_group"].nunique(), FRAME["vtd"].nunique()) == (12, 26, 24)
    assert len(FRAME[["vtd", "tract"]].drop_duplicates()) == 24
    assert FRAME.groupby("vtd")["block_group"].nunique().max() > 1
    assert FRAME.groupby("block_group")["vtd"].nunique().max() > 1


def test_water_and_empty_blocks_have_nobody():
    water = FRAME["block_group"].str.endswith("0")
    assert water.sum() == 6
    assert (FRAME.loc[water, "total_pop"] == 0).all()
    assert (FRAME["total_pop"] == 0).sum() == 14


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, len(FRAME) - 1), min_size=1, max_size=60, unique=True))
def test_any_set_of_blocks_adds_up(rows):
    chosen = FRAME.iloc[rows]
    summed = chosen[CELLS].sum().to_frame().T.set_axis(pd.Index(["sum"], dtype="str"))
    check_cells(summed)
    derived = derive(summed).loc["sum"]
    for name in ("aapi_aoic_pop", "asian_aoic_vap", "nhpi_aoic_vap", "nh_aapi_doj_pop"):
        assert derived[name] == chosen[name].sum()


def test_precincts_are_sums_of_blocks():
    table = COUNTY.tables["precincts"].set_index("precinct")
    by_block = FRAME.groupby("vtd")[["total_pop", "total_vap"]].sum()
    assert (table["total_pop"] == by_block["total_pop"]).all()
    assert (table["total_vap"] == by_block["total_vap"]).all()


@pytest.mark.parametrize("year", ["2022", "2024"])
def test_parts_are_never_more_than_wholes(year):
    table = COUNTY.tables["precincts"]
    for group in ("total", "nh_aapi_alone"):
        assert (table[f"{group}_voted_{year}"] <= table[f"{group}_registered"]).all()
    for what in ("cvap", "registered", f"voted_{year}"):
        assert (table[f"nh_aapi_alone_{what}"] <= table[f"total_{what}"]).all()
    assert (table["total_cvap"] <= table["total_vap"]).all()


def test_votes_are_no_more_than_voters():
    votes = COUNTY.tables["votes"].pivot_table(index="precinct", columns="contest", values="votes", aggfunc="sum")
    voters = COUNTY.tables["precincts"].set_index("precinct")
    for contest in votes.columns:
        year = "2024" if "2024" in contest else "2022"
        assert (votes[contest] <= voters[f"total_voted_{year}"]).all()
        assert (votes[contest] > 0.9 * voters[f"total_voted_{year}"]).all()


def test_acs_parts_add_up_where_they_are_there():
    groups = COUNTY.tables["acs_block_groups"]
    parts = groups[[f"B02001_{n:03d}E" for n in range(2, 9)]].sum(axis=1)
    assert (parts == groups["B02001_001E"]).all()
    tracts = COUNTY.tables["acs_tracts"]
    known = tracts[[f"B02015_{n:03d}E" for n in range(1, 35)]]
    good = known.notna().all(axis=1) & (known >= 0).all(axis=1)
    assert good.sum() == 10
    assert (known.iloc[:, 1:].sum(axis=1) == known.iloc[:, 0])[good].all()
    spoken = [f"C16001_{n:03d}E" for n in (2, *range(3, 39, 3))]
    assert (tracts[spoken].sum(axis=1) == tracts["C16001_001E"]).all()


def test_estimates_lie_near_the_counts():
    groups = COUNTY.tables["acs_block_groups"].set_index("GEO_ID")
    exact = FRAME.groupby("block_group")["total_pop"].sum().to_numpy()
    estimate = groups["B02001_001E"].to_numpy(dtype=float)
    margin = groups["B02001_001M"].to_numpy(dtype=float)
    inside = np.abs(estimate - exact) <= np.where(margin < 0, 0, margin)
    assert inside.mean() > 0.7


def test_communities_overlap_and_cut_blocks():
    shapes = COUNTY.communities.geometry.to_numpy()
    crossing = [shapes[0].overlaps(shapes[1]), shapes[0].overlaps(shapes[2])]
    assert all(crossing)
    blocks = COUNTY.units.geometry.to_numpy()
    for shape in shapes:
        assert shapely.overlaps(blocks, shape).sum() > 5
