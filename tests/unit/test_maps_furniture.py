"""Scale bar, north arrow and locator, measured on the ground."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from matplotlib.figure import Figure

from kit.maps import furniture
from kit.model.crs import equal_area

GEOD = pyproj.Geod(ellps="GRS80")


def axes(crs_text, centre, half):
    crs = pyproj.CRS(crs_text)
    x, y = pyproj.Transformer.from_crs("EPSG:4269", crs, always_xy=True).transform(*centre)
    ax = Figure(figsize=(6, 6)).add_axes((0, 0, 1, 1))
    ax.set_aspect("equal", adjustable="box")
    ax.set_xlim(x - half, x + half)
    ax.set_ylim(y - half, y + half)
    return ax, crs


@pytest.mark.parametrize(
    ("limit", "length"), [(37.0, 20), (1.0, 1), (0.6, 0.5), (5.0, 5), (4.99, 2), (999, 500), (0.02, 0.02)]
)
def test_lengths_are_round(limit, length):
    assert furniture.nice_length(limit) == pytest.approx(length)


@pytest.mark.parametrize(
    ("name", "crs", "centre", "half"),
    [
        ("Oahu, projection centred there", "+proj=laea +lat_0=21.5 +lon_0=-158 +datum=NAD83", (-158.0, 21.5), 40_000),
        ("Oahu, projection centred far away", "+proj=laea +lat_0=24 +lon_0=-167 +datum=NAD83", (-158.0, 21.5), 40_000),
        ("Alaska Albers", "EPSG:3338", (-152.0, 62.0), 300_000),
        ("a city block", "+proj=laea +lat_0=40.7 +lon_0=-74 +datum=NAD83", (-73.99, 40.72), 300),
    ],
)
def test_the_bar_is_as_long_as_it_says(name, crs, centre, half):
    ax, crs = axes(crs, centre, half)
    y = sum(ax.get_ylim()) / 2
    furniture.scale_bar(ax, stretch=furniture.stretch(crs, ax.get_xlim(), y))
    to_degrees = pyproj.Transformer.from_crs(crs, "EPSG:4269", always_xy=True)
    west, east = ax.get_xlim()
    texts = [text.get_text().split() for text in ax.texts]
    assert [unit for _, unit in texts] == ["mi", "km"]
    for row, (number, unit) in enumerate(texts):
        corners = np.vstack([patch.get_xy() for patch in ax.patches[2 * row : 2 * row + 2]])
        share = corners[:, 0].max() - corners[:, 0].min()
        drawn, middle = share * (east - west), (west + east) / 2
        ends = to_degrees.transform([middle - drawn / 2, middle + drawn / 2], [y, y])
        _, _, ground = GEOD.inv(ends[0][0], ends[1][0], ends[0][1], ends[1][1])
        claimed = float(number) * {"mi": 1609.344, "km": 1000.0}[unit]
        assert ground == pytest.approx(claimed, rel=0.002), name


def test_each_bar_is_half_dark_half_light():
    ax, _ = axes("+proj=laea +lat_0=40 +lon_0=-74 +datum=NAD83", (-74, 40), 5000)
    furniture.scale_bar(ax)
    assert [patch.get_facecolor()[:3] == (1, 1, 1) for patch in ax.patches] == [False, True, False, True]


def test_north_is_up_at_the_centre_of_a_local_projection():
    crs = pyproj.CRS("+proj=laea +lat_0=34 +lon_0=-118 +datum=NAD83")
    assert furniture.north_angle(crs, 0, 0) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("turn", [30.0, -75.0])
def test_the_arrow_points_north_in_a_turned_projection(turn):
    crs = pyproj.CRS(f"+proj=omerc +lat_0=40 +lonc=-100 +alpha={-turn} +gamma=0 +k=1 +datum=NAD83 +units=m")
    x, y = pyproj.Transformer.from_crs("EPSG:4269", crs, always_xy=True).transform(-100, 40)
    ahead = pyproj.Transformer.from_crs("EPSG:4269", crs, always_xy=True).transform(-100, 40.01)
    angle = furniture.north_angle(crs, x, y)
    assert abs(angle) > 20
    ax = Figure(figsize=(6, 6)).add_axes((0, 0, 1, 1))
    furniture.north_arrow(ax, place=(0.5, 0.5), angle=angle)
    tip = ax.patches[0].get_xy()[0]
    expected = np.array([ahead[0] - x, ahead[1] - y])
    assert np.allclose(tip / np.linalg.norm(tip), expected / np.linalg.norm(expected), atol=2e-3)
    assert ax.texts[0].get_text() == "N"


def test_a_county_is_shown_in_its_state():
    extent = gpd.GeoSeries([shapely.box(-118.9, 33.7, -117.7, 34.8)], crs="EPSG:4269")
    ax = furniture.locator(Figure(figsize=(3, 2)), (0, 0, 1, 1), extent)
    assert ax.get_title() == "Location in California"


def test_a_state_is_shown_in_the_country_with_hawaii():
    extent = gpd.GeoSeries([shapely.box(-160.3, 18.9, -154.8, 22.3)], crs="EPSG:4269")
    ax = furniture.locator(Figure(figsize=(3, 2)), (0, 0, 1, 1), extent)
    assert ax.get_title() == "Location of Hawaii"


def test_far_specks_of_land_do_not_shrink_the_state():
    extent = gpd.GeoSeries([shapely.box(-158.3, 21.2, -157.6, 21.8)], crs="EPSG:4269")
    ax = furniture.locator(Figure(figsize=(3, 2)), (0, 0, 1, 1), extent)
    assert ax.get_title() == "Location in Hawaii"
    assert np.ptp(ax.get_xlim()) < 700_000  # Niihau to Hawaii; the State reaches 2,400 km further


def test_alaska_across_the_antimeridian_has_a_locator():
    extent = gpd.GeoSeries([shapely.box(-153, 60.5, -148, 62)], crs="EPSG:4269")
    ax = furniture.locator(Figure(figsize=(3, 2)), (0, 0, 1, 1), extent)
    assert ax.get_title() == "Location in Alaska"
    assert np.ptp(ax.get_xlim()) < 6_000_000


def test_a_place_outside_the_country_has_no_locator():
    extent = gpd.GeoSeries([shapely.box(-140, 30, -139, 31)], crs="EPSG:4269")
    figure = Figure(figsize=(3, 2))
    assert furniture.locator(figure, (0, 0, 1, 1), extent) is None
    assert figure.axes == []


def test_projection_of_units_around_the_antimeridian_is_alaskas():
    shapes = gpd.GeoSeries([shapely.box(-178, 52, -176, 53), shapely.box(172, 52, 174, 53)], crs="EPSG:4269")
    assert equal_area(shapes).to_epsg() == 3338
