"""North Carolina's congressional districts of 2019: published scores are of raw degrees, which the kit refuses."""

from __future__ import annotations

import json
import math

import geopandas as gpd
import pytest
import shapely

from kit.analysis.compactness import _planar, compactness
from kit.errors import CRSError


@pytest.fixture(scope="module")
def districts(fixtures_dir):
    return gpd.read_file(fixtures_dir / "nc116/nc116.shp").set_index("id").geometry


@pytest.fixture(scope="module")
def published(fixtures_dir):
    return json.loads((fixtures_dir / "nc116/expected.json").read_text())


@pytest.fixture(scope="module")
def raw(districts):
    """Give what comes of taking a degree of longitude for as long as one of latitude."""
    return _planar(districts.to_numpy())


def test_published_reock_is_of_raw_degrees(raw, published):
    assert raw["reock"].tolist() == pytest.approx([d["reock"] for d in published["byDistrict"]], abs=1e-9)
    assert raw["reock"].mean() == pytest.approx(published["avgReock"], abs=1e-12)
    assert raw["reock"].mean() == pytest.approx(0.33730710, abs=5e-9)


def test_published_polsby_popper_leaves_holes_out(raw, districts, published):
    there = [d["polsby"] for d in published["byDistrict"]]
    assert raw["polsby_popper"].tolist() == pytest.approx(there, abs=4e-3)
    holed = [i for i, holes in enumerate(raw["holes"]) if holes]
    assert holed == [9, 12]
    # Where there is no hole the numbers are the same, and with outer rings alone they are everywhere.
    for i, (shape, expected) in enumerate(zip(districts, there, strict=True)):
        outer = sum(part.exterior.length for part in shapely.get_parts(shape))
        assert 4 * math.pi * shape.area / outer**2 == pytest.approx(expected, abs=1e-9)
        assert (raw["polsby_popper"][i] == pytest.approx(expected, abs=1e-9)) == (i not in holed)


def test_the_kit_refuses_degrees(districts):
    with pytest.raises(CRSError, match="measuring compactness needs metres, and WGS 84 is in degrees"):
        compactness(districts, crs=districts.crs)


def test_projected_the_plan_scores_otherwise(districts, published):
    state_plane = compactness(districts, crs="EPSG:32119")["reock"]
    assert state_plane.mean() == pytest.approx(0.356836, abs=5e-7)
    assert round(state_plane.iloc[0], 4) == 0.3445
    assert round(published["byDistrict"][0]["reock"], 4) == 0.2844
    # The projection chosen by default hardly differs from the State's own.
    chosen = compactness(districts)["reock"]
    assert (chosen - state_plane).abs().max() < 1e-4
    gap = compactness(districts, crs="EPSG:5070")["polsby_popper"] / compactness(districts)["polsby_popper"] - 1
    assert gap.abs().max() < 0.05
