"""Dots: they agree with the counts, stand inside inhabited land, and never pass for homes."""

from __future__ import annotations

import time
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.text import Text

import kit
from kit.errors import CoverageError, CRSError, InputError, SchemaError
from kit.maps.dot_ground import LOOKS, DotGround
from kit.maps.dot_places import dots_by_place, overlapping, people_per_dot, place_dots, without_water
from kit.maps.dots import map_dots
from kit.maps.record import sheet_of
from kit.maps.style import _lightness
from kit.maps.words import alt_text, long_description


@pytest.fixture
def tracts(four_squares):
    """The four squares as tracts, with a hundred times the people, so that dots are many."""
    units, plan = four_squares
    ids = pd.Index(["36061000100", "36061000200", "36061000300", "36061000400"], dtype="str", name="GEOID")
    frame = (units.frame * 100).set_axis(ids)
    return replace(units, frame=frame, level="tract", geometry=units.geometry.set_axis(ids)), plan


@pytest.fixture
def placed(tracts):
    return kit.place(*tracts)


def text_of(figure):
    return " ".join("\n".join(text.get_text() for text in figure.findobj(Text)).split())


def drawn(placement, **what):
    """Give the ground of a map with its dots placed."""
    ground = DotGround(placement, **{"per": 10, "seed": 0, "groups": ["asian_alone"], "base": "vap", **what})
    ground.place()
    return ground


# --- how many dots ------------------------------------------------------------------------------------------------


@given(
    counts=st.lists(st.integers(0, 500), min_size=1, max_size=40),
    per=st.sampled_from([5, 10, 25, 100]),
    districts=st.integers(1, 3),
    seed=st.integers(0, 1000),
)
def test_dots_of_a_district_are_its_people_over_per_to_the_nearest_whole(counts, per, districts, seed):
    counts = np.array(counts, dtype="float64")
    whose = np.arange(len(counts)) % districts
    dots = dots_by_place(counts, whose, per, np.random.default_rng(seed))
    for district in range(districts):
        mine = whose == district
        assert dots[mine].sum() == np.floor(counts[mine].sum() / per + 0.5)
    assert (dots >= np.floor(counts / per)).all()
    assert (dots <= np.floor(counts / per) + 1).all()
    assert (dots[counts == 0] == 0).all()


def test_places_with_few_people_get_dots_as_often_as_their_people_ask_for():
    # 400 places of 3 people beside one of 8: giving dots to the largest remainders would leave all 400 empty or full
    counts = np.r_[np.full(400, 3.0), 8.0]
    drawings = [dots_by_place(counts, np.zeros(401, int), 10, np.random.default_rng(seed)) for seed in range(300)]
    assert {int(dots.sum()) for dots in drawings} == {121}  # 1,208 people over 10
    often = np.mean(drawings, axis=0)
    assert abs(often[:400].mean() - 0.3) < 0.01
    assert often[:400].min() > 0.2
    assert often[:400].max() < 0.4


def test_a_dot_stands_for_a_round_number_that_gives_at_most_twenty_thousand():
    assert [people_per_dot(total) for total in (0, 100_000, 100_001, 400_001, 1e6, 1.1e6, 1e8)] == [
        5, 5, 10, 25, 50, 100, 5000,
    ]  # fmt: skip


# --- where they stand ---------------------------------------------------------------------------------------------


def test_points_lie_in_their_place_and_spread_evenly_over_it(rng):
    ring = shapely.Point(0, 0).buffer(1000).difference(shapely.Point(0, 0).buffer(800))
    corner = shapely.Polygon([(5000, 0), (9000, 0), (9000, 400), (5400, 400), (5400, 4000), (5000, 4000)])
    parts = np.array([ring, shapely.box(3000, 0, 3100, 100), corner, shapely.box(20_000, 0, 21_000, 50)], dtype=object)
    place = np.array([0, 0, 1, 2])  # the first place has two parts
    points, owner = place_dots(parts, place, np.array([4000, 3000, 0]), rng)
    assert np.bincount(owner, minlength=3).tolist() == [4000, 3000, 0]
    whole = np.array([shapely.union_all(parts[:2]), corner, parts[3]], dtype=object)
    assert shapely.intersects_xy(shapely.buffer(whole[owner], 1e-6), *points.T).all()
    inner = shapely.intersects_xy(shapely.box(3000, 0, 3100, 100), *points[owner == 0].T).mean()
    assert abs(inner - 10_000 / whole[0].area) < 0.01
    upright = (points[owner == 1][:, 1] > 400).mean()
    assert abs(upright - 400 * 3600 / corner.area) < 0.03


def test_sixty_thousand_dots_in_seven_thousand_places_take_moments(rng):
    corners = [(x, y) for x in range(84) for y in range(84)]
    shapes = np.array([shapely.box(x, y, x + 1, y + 1).buffer(-0.05) for x, y in corners], dtype=object)
    counts = rng.integers(0, 18, len(shapes)).astype(float)
    began = time.perf_counter()
    dots = dots_by_place(counts, np.arange(len(shapes)) % 30, 1, rng)
    points, owner = place_dots(shapes, np.arange(len(shapes)), dots, rng)
    assert time.perf_counter() - began < 10
    assert len(points) == counts.sum()
    assert shapely.intersects_xy(shapely.buffer(shapes[owner], 1e-9), *points.T).all()


def test_the_same_seed_gives_the_same_dots_and_another_does_not(placed):
    first, again, other = drawn(placed, seed=1), drawn(placed, seed=1), drawn(placed, seed=2)
    np.testing.assert_array_equal(first.dots["asian_alone"], again.dots["asian_alone"])
    assert not np.array_equal(first.dots["asian_alone"], other.dots["asian_alone"])


def test_dots_stay_out_of_water_and_what_is_all_water_keeps_its_dots(placed):
    shapes = placed.units.geometry
    lake = shapely.union_all([shapes.iloc[0].buffer(1), shapely.box(*shapes.iloc[1].bounds).centroid.buffer(400)])
    water = gpd.GeoSeries([lake], crs=shapes.crs)
    ground = drawn(placed, water=water)
    assert ground.drowned == 1
    projected = water.to_crs(ground.crs).iloc[0]
    second = ground.shapes[1]
    points = ground.dots["asian_alone"]
    in_second = shapely.intersects_xy(second, *points.T)
    assert in_second.sum() == 150
    assert not (in_second & shapely.intersects_xy(projected, *points.T) & ~shapely.intersects_xy(
        ground.shapes[0].buffer(1), *points.T)).any()  # fmt: skip
    assert shapely.intersects_xy(ground.shapes[0], *points.T).sum() == 300
    text = text_of(map_dots(placed, group="asian_alone", base="vap", water=water).figure)
    assert "Water was taken out, except from 1 census tracts that the layer shows as all water." in text


def test_water_touching_nothing_changes_nothing():
    square = np.array([shapely.box(0, 0, 1, 1)], dtype=object)
    dry, drowned = without_water(square, np.array([shapely.box(5, 5, 6, 6)], dtype=object))
    assert dry[0].equals(square[0])
    assert drowned == 0


def test_dots_of_a_cut_unit_stand_in_its_district(tracts):
    units, plan = tracts
    west, south, _, _ = units.geometry.total_bounds
    # the line runs through the southern squares, 200 m from their foot: their people count for the upper district
    rows = [
        shapely.box(west, south, west + 2000, south + 200),
        shapely.box(west, south + 200, west + 2000, south + 2000),
    ]
    cut = replace(plan, geometry=gpd.GeoSeries(rows, index=plan.geometry.index, crs=plan.geometry.crs))
    placement = kit.place(units, cut, rule="area")
    ground = drawn(placement)
    line = gpd.GeoSeries([rows[1]], crs=plan.geometry.crs).to_crs(ground.crs).iloc[0]
    assert shapely.intersects_xy(line.buffer(1), *ground.dots["asian_alone"].T).all()
    table = sheet_of(map_dots(placement, group="asian_alone", base="vap", per=10)).twins[0].frame
    assert table["asian_alone_dots"].tolist() == [0, 650]


# --- blocks -------------------------------------------------------------------------------------------------------


def test_blocks_are_never_drawn_one_by_one(four_squares):
    units, plan = four_squares
    placement = kit.place(units, plan)
    ax = map_dots(placement, group="asian_alone", base="vap", per=5)
    text = text_of(ax.figure)
    assert (
        "Each dot stands for 5 people, placed at random in the inhabited blocks of its block group, where the people "
        "of all blocks were added up first; no dot is a home." in text
    )
    # 30 and 15 adults of two blocks in district 1 are nine dots anywhere in both, not six in one and three in the other
    found = []
    for seed in range(60):
        ground = drawn(placement, per=5, seed=seed)
        x = ground.dots["asian_alone"][:, 0]
        assert ground.by_district()["asian_alone_dots"].tolist() == [9, 4]
        found.append((shapely.intersects_xy(ground.shapes[0], *ground.dots["asian_alone"].T)).sum())
        assert len(x) == 13
    assert len(set(found)) > 3
    assert 3.5 < np.mean(found) < 5.5  # half of nine: chance knows no block


def test_blocks_of_a_county_are_drawn_by_block_group():
    sample = kit.load_sample("fictional_county")
    placement = kit.place(sample.units, sample.plans["a"])
    ground = DotGround(placement, groups=["asian_alone", "nhpi_alone"], base="vap", per=5, seed=0)
    ground.place()
    for name in ("asian_alone", "nhpi_alone"):
        sums = placement.units.column(f"{name}_vap").groupby(placement.assignment).sum()
        np.testing.assert_array_equal(ground.by_district()[f"{name}_dots"], np.floor(sums / 5 + 0.5))


# --- missing and small --------------------------------------------------------------------------------------------


def test_missing_counts_are_hatched_and_counted_nowhere(tracts):
    units, plan = tracts
    frame = units.frame.astype("float64").copy()
    frame.loc[frame.index[3], "asian_alone_vap"] = np.nan
    placement = kit.place(replace(units, frame=frame), plan)
    ax = map_dots(placement, group="asian_alone", base="vap", per=10)
    text = text_of(ax.figure)
    assert "not available: missing or suppressed (1 census tract)" in text
    assert "1 census tracts have no published count, which is not a count of none" in text
    assert any(c.get_hatch() == "xxxx" for c in ax.collections)
    table = sheet_of(ax).twins[0].frame
    assert table["units_missing"].tolist() == [0, 1]
    assert table["base"].tolist() == [23_000, 20_000]
    assert table["asian_alone"].tolist() == [4500, 2000]


def test_districts_of_few_people_have_no_count_in_the_table(four_squares):
    units, plan = four_squares
    frame = units.frame.copy()
    frame.loc[frame.index[2:], "total_vap"] = 50  # district 2 has 100 adults
    placement = kit.place(replace(units, frame=frame), plan)
    ax = map_dots(placement, group="asian_alone", base="vap", per=5)
    table = sheet_of(ax).twins[0].frame
    assert table["asian_alone"].isna().tolist() == [False, True]
    assert table["asian_alone_dots"].isna().tolist() == [False, True]
    assert "Groups are not counted in the table for districts of fewer than 200 adults: 2." in text_of(ax.figure)


# --- what the page says -------------------------------------------------------------------------------------------


def test_the_page_says_what_a_dot_is(placed):
    ax = map_dots(placed, group=["asian_alone", "nhpi_alone"], base="vap", per=10)
    text = text_of(ax.figure)
    for told in (
        "Each dot stands for 10 people, placed at random within its census tract; no dot is a home.",
        "In each district the dots of a group add up to its people divided by 10",
        "One dot: 10 people",
        "Asian alone (650 dots)",
        "NHPI alone (70 dots)",
        "(definition asian_alone)",
        "Areas of water were not taken out of the census tracts.",
        "The tests, Four squares",
        "Not legal advice; confirm with counsel.",
    ):
        assert told in text, told
    assert "can overlap" not in text
    assert {"mi", "km"} <= {word for t in ax.texts for word in t.get_text().split()}


def test_the_record_is_whole(placed, tmp_path):
    ax = map_dots(placed, group=["asian_alone", "nhpi_alone"], base="vap", per=10)
    sheet = sheet_of(ax)
    assert alt_text(ax) == (
        "Map of 720 dots, one for 10 people (Asian alone and NHPI alone; voting-age population (18 and over)), with "
        "the district lines of Two rows. Asian alone: 6,500 people, most of them in district 1 (4,500)."
    )
    assert "District 1: Asian alone: 4,500 people, 450 dots; NHPI alone: 400 people, 40 dots, among 23,000 adults." in (
        long_description(ax)
    )
    assert sheet.facts.base == "vap"
    assert sheet.facts.scale_bar
    assert [key.words for key in sheet.facts.keys] == ["Asian alone", "NHPI alone", "district line and number"]
    written = kit.save_map(ax, tmp_path / "dots", formats=["svg", "png"])
    assert {path.suffix for path in written} == {".svg", ".png", ".txt", ".csv", ".html"}
    table = pd.read_csv(tmp_path / "dots_table.csv")
    assert table["asian_alone_dots"].tolist() == [450, 200]
    assert table["dot"].tolist() == ["10 people"] * 2
    assert "no dot is a home" in (tmp_path / "dots_table.html").read_text()


def test_groups_that_overlap_are_said_to():
    assert overlapping(["asian_aoic", "nhpi_aoic"])
    assert overlapping(["asian_alone", "nh_asian_alone"])
    assert not overlapping(["asian_alone", "nhpi_alone", "aapi_both"])
    assert not overlapping(["hmong_alone", "samoan_alone"])
    assert overlapping(["east_asian_alone", "hmong_alone"])
    assert overlapping(["hmong_aoic", "samoan_aoic"])
    assert overlapping(["asian_alone", "hmong_alone"])


def test_estimates_carry_their_margins(sample_survey):
    placement, group = sample_survey
    ax = map_dots(placement, group=group, base="asian_alone_pop")
    table = sheet_of(ax).twins[0].frame
    found = kit.concentration(placement, group=group, base="asian_alone_pop").frame
    np.testing.assert_allclose(table[f"{group}_moe"].to_numpy(), found["count_moe"].to_numpy())
    assert "sampling error, which dots do not show" in text_of(ax.figure)


@pytest.fixture
def sample_survey():
    sample = kit.load_sample("fictional_county")
    shapes = sample.units.geometry
    tracts = gpd.GeoSeries(
        {name: shapely.union_all(part.to_numpy()) for name, part in shapes.groupby(shapes.index.str[:11])},
        crs=shapes.crs,
    )
    survey = sample.survey("B02015")
    known = survey.frame["hmong_alone"].notna()  # one tract's estimate is not published
    units = replace(survey, frame=survey.frame[known]).with_geometry(tracts.reindex(survey.frame.index[known]))
    return kit.place(units, replace(sample.plans["a"], assignment=None), rule="area"), "hmong_alone"


def test_shapes_and_shades_differ():
    assert len({(look.marker, look.filled) for look in LOOKS}) == len(LOOKS)
    rgb = np.array([[int(look.colour[i : i + 2], 16) / 255 for i in (1, 3, 5)] for look in LOOKS])
    filled = [light for light, look in zip(_lightness(rgb), LOOKS, strict=True) if look.filled]
    assert min(abs(a - b) for i, a in enumerate(filled) for b in filled[:i]) > 5


def test_axes_of_ones_own(placed):
    ax = Figure().add_subplot()
    assert map_dots(placed, group="asian_alone", base="vap", ax=ax) is ax
    assert ax.get_legend() is not None
    assert sheet_of(ax).facts.whole is False


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ({"group": []}, "0 groups"),
        ({"group": ["asian_alone"] * 6}, "6 groups: dots of one to 5"),
        ({"group": ["asian_alone", "asian_alone"]}, "twice"),
        ({"group": "asian_alone", "per": 1}, "per=1; a dot stands for 5 people or more"),
        ({"group": "asian_alone", "per": 2.5}, "per=2.5"),
        ({"group": "asian_alone", "seed": -1}, "seed=-1"),
        ({"group": "asian_alone", "water": [1]}, "water= is a GeoDataFrame"),
        ({"group": "purple"}, "no group is called"),
    ],
)
def test_what_is_refused(placed, what, message):
    with pytest.raises(InputError, match=message):
        map_dots(placed, base="vap", **what)


def test_too_many_dots_are_refused(tracts):
    units, plan = tracts
    placement = kit.place(replace(units, frame=units.frame * 1000), plan)
    with pytest.raises(InputError, match=r"per=5 gives about 1,300,000 dots, more than 60,000.*pass per=500"):
        map_dots(placement, group="asian_alone", base="vap", per=5)


def test_water_without_crs_is_refused(placed):
    with pytest.raises(CRSError, match="the layer of water"):
        map_dots(placed, group="asian_alone", base="vap", water=gpd.GeoSeries([shapely.box(0, 0, 1, 1)]))


def test_counts_that_are_not_there_or_below_zero(tracts, placed):
    with pytest.raises(SchemaError, match="no column 'asian_alone_cvap'|no column 'total_cvap'"):
        map_dots(placed, group="asian_alone", base="cvap")
    units, plan = tracts
    frame = units.frame.copy()
    frame.loc[frame.index[0], "asian_alone_vap"] = -222222222
    with pytest.raises(SchemaError, match="negative"):
        map_dots(kit.place(replace(units, frame=frame), plan), group="asian_alone", base="vap")


def test_counts_that_must_not_be_added_are_refused(placed):
    with pytest.raises(CoverageError, match="must not be added"):
        map_dots(replace(placed, units=replace(placed.units, additive=False)), group="asian_alone", base="vap")
