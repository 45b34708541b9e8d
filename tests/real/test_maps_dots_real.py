"""Dots, close-ups, computed bounds, focus and context on New York City's 6,806 block groups."""

from __future__ import annotations

import itertools
import time

import geopandas as gpd
import numpy as np
import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg

import kit
from kit.maps.dot_ground import DotGround
from kit.maps.dots import map_dots
from kit.maps.record import record_of, sheet_of
from kit.maps.zoom import map_zoom
from kit.model.source import Source
from kit.sources.plans import read_plan

pytestmark = [pytest.mark.real, pytest.mark.slow]

BREAKS = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 1]
WHAT = {"group": "asian_alone", "base": "vap"}
# Each of these takes about a second where nothing else runs.
SECONDS = 15


@pytest.fixture(scope="module")
def city(data_dir, loaders):
    """Place the city's block groups in the Senate plan of the court."""
    units = loaders.nyc_block_groups(data_dir)
    return kit.place(units, read_plan(data_dir / "nyc/plans/SEN22_June_03_2022.zip"), rule="point")


@pytest.fixture(scope="module")
def neighbourhoods(data_dir):
    shapes = gpd.read_file(data_dir / "nyc/coi/nta2020.topojson").set_crs(4326, allow_override=True)
    shapes = shapes.rename(columns={"GEONAME": "name"})
    shapes.attrs["source"] = Source("Neighborhood tabulation areas", publisher="City of New York")
    return shapes


def test_dots_agree_with_the_counts_of_every_district(city):
    began = time.perf_counter()
    ax = map_dots(city, **WHAT)
    assert time.perf_counter() - began < SECONDS
    table = sheet_of(ax).twins[0].frame.set_index("district")
    found = kit.concentration(city, **WHAT).frame["count"]
    assert table.loc[found.index, "asian_alone"].fillna(0).tolist() == found.tolist()
    assert table["asian_alone"].sum() == 1_136_219
    per = 100
    assert sheet_of(ax).twins[0].labels["dot"] == "100 people"
    np.testing.assert_array_equal(table.loc[found.index, "asian_alone_dots"], np.floor(found / per + 0.5))


def test_sixty_thousand_dots_in_their_block_groups(city):
    ground = DotGround(city, groups=["asian_alone"], base="vap", per=20, seed=3)
    began = time.perf_counter()
    ground.place()
    assert time.perf_counter() - began < SECONDS
    points = ground.dots["asian_alone"]
    assert 56_000 < len(points) < 57_500
    at, inside = shapely.STRtree(ground.shapes).query(shapely.points(points), predicate="dwithin", distance=0.01)
    assert len(np.unique(at)) == len(points)
    # every block group has its count over twenty, rounded up or down, but for those a district line cuts
    whole = ~city.units.frame.index.isin(city.split_units.index)
    dots = np.bincount(inside[np.r_[True, at[1:] != at[:-1]]], minlength=len(ground.shapes))
    exact = city.units.frame["asian_alone_vap"].to_numpy() / 20
    near = abs(dots - exact)[whole & (exact > 0)]
    assert np.quantile(near, 0.98) <= 1


def test_a_district_of_the_city_close_up(city, neighbourhoods):
    began = time.perf_counter()
    ax = map_zoom(city, district="16", **WHAT, breaks=BREAKS, context={"places": neighbourhoods})
    assert time.perf_counter() - began < SECONDS
    row = kit.concentration(city, **WHAT).frame.loc["16"]
    assert sheet_of(ax).twins[0].frame["count"].iloc[0] == row["count"] == 158_849
    names = {text.get_text() for text in ax.texts if str(text.get_gid()).startswith("context ")}
    assert {"East Flushing", "Bayside"} <= {name.replace("\n", " ") for name in names}
    renderer = FigureCanvasAgg(ax.figure).get_renderer()
    boxes = {}
    for text in ax.texts:
        if text.get_gid():
            whole = text.get_window_extent(renderer)
            box = type(whole).from_extents(whole.x0, whole.y0 + 0.25 * whole.height, whole.x1, whole.y1)
            boxes.setdefault(text.get_gid(), []).append(box)
    for (one, some), (other, others) in itertools.combinations(boxes.items(), 2):
        assert not any(a.overlaps(b) for a in some for b in others), (one, other)


def test_a_neighbourhood_close_up(city, neighbourhoods):
    ax = map_zoom(city, areas=neighbourhoods, community="Flushing-Willets Point", **WHAT, breaks=BREAKS)
    figures = sheet_of(ax).twins[0].frame.iloc[0]
    splits = kit.community_splits(kit.communities_of(neighbourhoods, city.units, name="name"), city, **WHAT)
    assert figures["count"] == splits.frame.loc["Flushing-Willets Point", "count"]
    assert figures["share"] > 0.5


def test_natural_breaks_of_the_city(city):
    import mapclassify

    began = time.perf_counter()
    ax = kit.map_share(city, **WHAT, breaks="jenks", classes=6, focus="16")
    assert time.perf_counter() - began < SECONDS
    shares = kit.unit_shares(city.units, **WHAT)["share"].dropna().to_numpy()
    peer = mapclassify.FisherJenks(shares, k=6).bins[:-1]
    np.testing.assert_allclose(record_of(ax).classes.bounds[1:-1], peer, atol=0.0011)
    assert sum(record_of(ax).class_counts) == len(shares)
