"""New Hampshire's two congressional plans, against the figures that redistmetrics prints and tests."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kit.analysis.compare import compare_plans
from kit.analysis.many_plans import score_plans
from kit.analysis.placement import place
from kit.analysis.swaps import swap_sheet
from kit.model.adjacency import Adjacency
from kit.model.frames import Plan, Units

COLUMNS = {"pop": "total_pop", "vap": "total_vap", "pop_asian": "nh_asian_alone_pop", "vap_asian": "nh_asian_alone_vap"}
GROUP = {"group": "nh_asian_alone", "base": "vap"}


@pytest.fixture(scope="module")
def layer(fixtures_dir):
    import geopandas as gpd

    layer = gpd.read_file(fixtures_dir / "nh.gpkg").set_index("GEOID20")
    return layer.set_axis(layer.index.astype("str").rename("GEOID"))


@pytest.fixture(scope="module")
def units(layer):
    frame = layer[list(COLUMNS)].rename(columns=COLUMNS).astype("int64")
    return Units(pd.DataFrame(frame), "vtd", 2020)


@pytest.fixture(scope="module")
def plans(layer, units):
    found = {}
    for name in ("r_2020", "d_2020"):
        listed = layer[name].astype("str")
        found[name] = place(units, Plan(name, ("1", "2"), assignment=listed, level="vtd", year=2020))
    return found


@pytest.fixture(scope="module")
def neighbours(layer, units):
    """Read the neighbours that the file itself lists: 879 pairs."""
    pairs = {tuple(sorted((at, int(other)))) for at, text in enumerate(layer["adj"]) for other in text.split(",")}
    return Adjacency(
        units.frame.index, np.array(sorted(pairs)), np.ones(len(pairs)), np.zeros(len(pairs), bool), "queen"
    )


def test_retention_and_variation_of_information(plans):
    found = compare_plans(plans["r_2020"], plans["d_2020"], **GROUP)
    assert found.plan["label_matched_retention"] == pytest.approx(0.72799, abs=5e-6)
    assert found.plan["best_match_retention"] == found.plan["label_matched_retention"]
    assert found.plan["variation_of_information"] == pytest.approx(1.17049464100364, abs=1e-12)
    back = compare_plans(plans["d_2020"], plans["r_2020"], **GROUP)
    assert back.plan["variation_of_information"] == pytest.approx(1.17049464100364, abs=1e-12)
    assert found.frame["count_before"].tolist() == [11_755, 16_234]
    assert found.frame["base_before"].tolist() == [555_504, 565_176]
    assert found.plan[["people_moved", "units_moved"]].tolist() == [374_701, 76]


def test_moves_and_pieces(plans, neighbours):
    found = swap_sheet(plans["r_2020"], plans["d_2020"], **GROUP, adjacency=neighbours)
    assert found.moves[["from", "to", "units", "pieces", "people", "group"]].to_numpy().tolist() == [
        ["2", "1", 49, 1, 187_382, 4_572],
        ["1", "2", 27, 5, 187_319, 2_762],
    ]
    assert found.pieces["units"].tolist() == [49, 7, 15, 3, 1, 1]
    assert found.pieces["group"].sum() + found.pieces["group"].isna().sum() >= found.total["group"]
    assert found.net["people_net"].tolist() == [63, -63]


def test_cut_edges_and_split_counties(layer, units, neighbours):
    """The published plan cuts 73 of 879 edges; the published share kept counts edges twice."""
    counties = {"county": layer["county"]}
    found = score_plans(
        units, layer[["r_2020", "d_2020"]], columns=["nh_asian_alone_vap"], adjacency=neighbours, regions=counties
    )
    first = found.loc["r_2020"]
    assert len(neighbours) == 879
    assert first["cut_edges"] == 73
    assert 1 - first["cut_edge_share"] == pytest.approx(0.916951, abs=5e-7)
    assert first["county_splits"] == 6
    assert first["population_range"] == 688_853 - 688_676
