"""Compactness of shapes whose every score can be worked out by hand."""

from __future__ import annotations

import math

import geopandas as gpd
import geopandas.testing
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import MultiPolygon, Point, Polygon, box

from kit.analysis.compactness import RATIOS, _planar, compactness, population_polygon
from kit.analysis.placement import place
from kit.errors import CRSError, InputError, SchemaError
from kit.model.crs import equal_area
from kit.model.frames import Placement, Plan, Units

ALBERS = "EPSG:5070"
SQUARE = box(0, 0, 1000, 1000)
OBLONG = box(0, 0, 2000, 1000)
TRIANGLE = Polygon([(0, 0), (1000, 0), (500, 500 * math.sqrt(3))])
ELL = Polygon([(0, 0), (2000, 0), (2000, 1000), (1000, 1000), (1000, 2000), (0, 2000)])
RING = box(0, 0, 3000, 3000).difference(box(1000, 1000, 2000, 2000))
PAIR = MultiPolygon([box(0, 0, 1000, 1000), box(2000, 0, 3000, 1000)])
CIRCLE = Point(0, 0).buffer(1000, quad_segs=2048)
LEANING = shapely.affinity.rotate(OBLONG, 30, origin=(0, 0))

NAMED = {
    "square": SQUARE, "oblong": OBLONG, "triangle": TRIANGLE, "ell": ELL,
    "ring": RING, "pair": PAIR, "circle": CIRCLE, "leaning": LEANING,
}  # fmt: skip


def series(shapes, crs=ALBERS):
    return gpd.GeoSeries(list(shapes.values()), index=pd.Index(list(shapes), dtype="str"), crs=crs)


@pytest.fixture(scope="module")
def measured():
    return compactness(series(NAMED), crs=ALBERS)


HAND = [
    ("square", "polsby_popper", math.pi / 4),
    ("square", "schwartzberg", math.sqrt(math.pi) / 2),
    ("square", "schwartzberg_original", 2 / math.sqrt(math.pi)),
    ("square", "reock", 2 / math.pi),
    ("square", "convex_hull", 1),
    ("square", "length_width", 1),
    ("square", "area_km2", 1),
    ("square", "perimeter_km", 4),
    ("oblong", "polsby_popper", 0.698132),
    ("oblong", "reock", 0.509296),
    ("oblong", "length_width", 0.5),
    ("ell", "polsby_popper", 0.589049),
    ("ell", "convex_hull", 6 / 7),
    ("ell", "reock", 3 / (2 * math.pi)),  # half the diagonal of the outer square, √2
    ("triangle", "polsby_popper", 0.604600),
    ("triangle", "reock", 0.413497),
    ("triangle", "length_width", math.sqrt(3) / 2),
    # Outline 12 and hole 4; the hole is in the perimeter and not in the area.
    ("ring", "area_km2", 8),
    ("ring", "perimeter_km", 16),
    ("ring", "polsby_popper", math.pi * 8 / 64),
    ("ring", "reock", 8 / (math.pi * 4.5)),
    ("ring", "convex_hull", 8 / 9),
    ("ring", "holes", 1),
    ("ring", "polygons", 1),
    # Parts add up; hull, circle and rectangle go around both.
    ("pair", "area_km2", 2),
    ("pair", "perimeter_km", 8),
    ("pair", "polsby_popper", math.pi / 8),
    ("pair", "convex_hull", 2 / 3),
    ("pair", "reock", 2 / (math.pi * 2.5)),
    ("pair", "length_width", 1 / 3),
    ("pair", "holes", 0),
    ("pair", "polygons", 2),
    ("circle", "polsby_popper", 1),
    ("circle", "reock", 1),
    ("circle", "schwartzberg", 1),
    ("circle", "convex_hull", 1),
    # The rectangle turns with the shape; the upright box does not.
    ("leaning", "length_width", 0.5),
    ("leaning", "reock", 0.509296),
    ("leaning", "length_width_box", (2 * 0.5 + math.sqrt(3) / 2) / (2 * math.sqrt(3) / 2 + 0.5)),
    ("oblong", "length_width_box", 0.5),
]


@pytest.mark.parametrize(("name", "score", "answer"), HAND)
def test_scores_worked_by_hand(measured, name, score, answer):
    assert measured.loc[name, score] == pytest.approx(answer, abs=6e-7)


def test_no_score_passes_one_and_the_two_schwartzbergs_are_inverse(measured):
    shares = [name for name in RATIOS if name != "schwartzberg_original"]
    assert measured[shares].gt(0).all(axis=None)
    assert measured[shares].le(1).all(axis=None)
    np.testing.assert_allclose(measured["schwartzberg"] * measured["schwartzberg_original"], 1)
    np.testing.assert_allclose(measured["schwartzberg"] ** 2, measured["polsby_popper"])
    assert measured["schwartzberg_original"].ge(1).all()


def test_the_circle_is_exact_where_a_drawn_one_inflates():
    """The polygon that stands for a circle in other programs gives 0.65 per cent more."""
    drawn = SQUARE.area / shapely.minimum_bounding_circle(SQUARE).area
    assert drawn / (2 / math.pi) == pytest.approx(1.0065, abs=1e-4)
    assert _planar(np.array([SQUARE], dtype=object))["reock"].item() == pytest.approx(2 / math.pi, rel=1e-14)


def test_the_circle_agrees_with_every_pair_and_triple():
    rng = np.random.default_rng(3)
    for points in rng.uniform(0, 1000, (20, 7, 2)):
        hull = shapely.convex_hull(shapely.multipoints(points))
        corners = shapely.get_coordinates(hull)[:-1]
        radius = _smallest_circle(corners)
        score = _planar(np.array([hull], dtype=object))["reock"].item()
        assert score == pytest.approx(hull.area / (math.pi * radius**2), rel=1e-9)


def _smallest_circle(points):
    """Try every circle through two or three points; the smallest that holds all is the answer."""
    from itertools import combinations

    best = math.inf
    for a, b in combinations(points, 2):
        best = _if_holds((a + b) / 2, points, best)
    for a, b, c in combinations(points, 3):
        left = 2 * np.array([b - a, c - a])
        if abs(np.linalg.det(left)) > 1e-9:
            best = _if_holds(np.linalg.solve(left, [b @ b - a @ a, c @ c - a @ a]), points, best)
    return best


def _if_holds(centre, points, best):
    return min(best, np.hypot(*(points - centre).T).max())


def test_the_rectangle_is_the_smallest_of_all_turns():
    rng = np.random.default_rng(4)
    for points in rng.uniform(0, 1000, (20, 9, 2)):
        hull = shapely.convex_hull(shapely.multipoints(points))
        corners = shapely.get_coordinates(hull)[:-1]
        sides = []
        for step in np.diff(np.vstack([corners, corners[:1]]), axis=0):
            along = step / np.hypot(*step)
            u, v = corners @ along, corners @ np.array([-along[1], along[0]])
            sides.append(sorted((np.ptp(u), np.ptp(v))))
        short, long = min(sides, key=lambda pair: pair[0] * pair[1])
        score = _planar(np.array([hull], dtype=object))["length_width"].item()
        assert score == pytest.approx(short / long, rel=1e-9)


def test_feet_are_brought_to_kilometres():
    feet = gpd.GeoSeries([box(1e6, 2e5, 1e6 + 5280, 2e5 + 5280)], index=["1"], crs="EPSG:3437")
    row = compactness(feet, crs="EPSG:3437").loc["1"]
    mile = 5280 * 1200 / 3937 / 1000
    assert row["area_km2"] == pytest.approx(mile**2, rel=1e-12)
    assert row["perimeter_km"] == pytest.approx(4 * mile, rel=1e-12)


def test_degrees_are_projected_before_measuring():
    degrees = series({"square": SQUARE, "ell": ELL}).translate(1_830_000, 2_180_000).to_crs("EPSG:4269")
    ours = compactness(degrees)
    by_hand = compactness(degrees.to_crs(equal_area(degrees)), crs=equal_area(degrees))
    pd.testing.assert_frame_equal(ours, by_hand)
    assert ours.loc["square", "area_km2"] == pytest.approx(1, rel=1e-6)
    assert ours.loc["square", "polsby_popper"] == pytest.approx(math.pi / 4, abs=0.01)


def test_a_frame_is_as_good_as_a_series():
    shapes = series(NAMED)
    frame = gpd.GeoDataFrame({"name": shapes.index}, geometry=shapes.to_numpy(), index=shapes.index, crs=ALBERS)
    pd.testing.assert_frame_equal(compactness(frame, crs=ALBERS), compactness(shapes, crs=ALBERS))


def test_missing_and_empty_shapes_are_missing_not_zero():
    shapes = gpd.GeoSeries([SQUARE, None, Polygon()], index=["1", "2", "3"], crs=ALBERS)
    before = shapes.copy()
    frame = compactness(shapes)
    assert frame.loc["1"].notna().all()
    assert frame.loc[["2", "3"]].isna().all(axis=None)
    gpd.testing.assert_geoseries_equal(shapes, before)
    none = compactness(gpd.GeoSeries([None], index=["1"], crs=ALBERS))
    assert none.isna().all(axis=None)
    assert none.columns.tolist() == frame.columns.tolist()
    assert compactness(gpd.GeoSeries([], index=[], crs=ALBERS)).empty


def test_degrees_web_mercator_and_no_crs_are_refused():
    shapes = series({"square": SQUARE})
    with pytest.raises(CRSError, match="measuring compactness needs metres, and WGS 84 is in degrees"):
        compactness(shapes, crs="EPSG:4326")
    with pytest.raises(CRSError, match="cannot use Web Mercator"):
        compactness(shapes, crs="EPSG:3857")
    with pytest.raises(CRSError, match="the layer of districts has no coordinate reference system"):
        compactness(gpd.GeoSeries([SQUARE], index=["1"]))


def test_shapes_that_a_projection_cannot_hold_are_refused():
    far = gpd.GeoSeries([box(-1, -1, 1, 1)], index=["1"], crs="EPSG:4326")
    with pytest.raises(CRSError, match="the districts cannot be brought to"):
        compactness(far, crs="+proj=gnom +lat_0=0 +lon_0=180 +datum=NAD83 +units=m")


def test_points_and_bow_ties_are_refused():
    with pytest.raises(
        SchemaError, match=r"1 of 2 shapes are not polygons, first 2\. Compactness is measured on areas"
    ):
        compactness(gpd.GeoSeries([SQUARE, Point(0, 0)], index=["1", "2"], crs=ALBERS))
    bow = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    with pytest.raises(
        SchemaError, match=r"1 of 2 shapes cross themselves.*first 2\. Mend them with shapes\.make_valid"
    ):
        compactness(gpd.GeoSeries([SQUARE, bow], index=["1", "2"], crs=ALBERS))


# --- people of the district ÷ people of its hull -------------------------------------------------------


@pytest.fixture
def nine() -> Units:
    """Nine squares of one kilometre, numbered row by row from the south-west, with 1 to 9 people."""
    ids = pd.Index([f"36061000100100{n}" for n in range(1, 10)], dtype="str", name="GEOID")
    shapes = [box(1000 * x, 1000 * y, 1000 * x + 1000, 1000 * y + 1000) for y in range(3) for x in range(3)]
    counts = pd.DataFrame({"total_pop": range(1, 10)}, index=ids)
    return Units(counts, level="block", year=2020, geometry=gpd.GeoSeries(shapes, index=ids, crs=ALBERS))


def by_list(units, labels):
    listed = pd.Series(list(labels), index=units.frame.index)
    return place(units, Plan("By hand", tuple(sorted(set(labels))), assignment=listed, level="block", year=2020))


def shapes_of(placement):
    shapes = placement.units.geometry.groupby(placement.assignment).agg(lambda s: shapely.union_all(s.to_numpy()))
    return gpd.GeoSeries(shapes, crs=ALBERS)


def test_population_polygon_by_hand(nine):
    # "U" holds 1, 2, 3, 4, 6, 7 and 9; its hull holds all nine squares. "I" holds 5 and 8, a convex oblong.
    placed = by_list(nine, "UUUUIUUIU")
    shares = population_polygon(placed, shapes_of(placed))
    assert shares.to_dict() == {"I": 1.0, "U": pytest.approx(32 / 45)}
    assert shares.name == "population_polygon"


def test_population_polygon_counts_points_as_well(nine):
    placed = by_list(nine, "UUUUIUUIU")
    points = Units(nine.frame, level="block", year=2020, geometry=nine.geometry.centroid)
    by_points = Placement(points, placed.plan, placed.assignment, placed.unassigned, placed.split_units, "assignment")
    pd.testing.assert_series_equal(
        population_polygon(by_points, shapes_of(placed)), population_polygon(placed, shapes_of(placed))
    )


def test_the_whole_jurisdiction_is_one(nine):
    placed = by_list(nine, "A" * 9)
    assert population_polygon(placed, shapes_of(placed)).tolist() == [1.0]


def test_people_in_no_district_count_in_the_hull(nine):
    listed = pd.Series(list("AAAAAAAA"), index=nine.frame.index.delete(4))
    plan = Plan("A ring", ("A",), assignment=listed, level="block", year=2020)
    placed = place(nine, plan, outside="report")
    assert population_polygon(placed, shapes_of(placed)).item() == pytest.approx(40 / 45)


def test_the_hull_can_be_cut_to_the_jurisdiction(nine):
    placed = by_list(nine, "UUUUIUUIU")
    # Without the upper two squares of the middle the hull of U holds its own people only.
    land = gpd.GeoSeries([box(0, 0, 3000, 1000), box(0, 0, 1000, 3000), box(2000, 0, 3000, 3000)], crs=ALBERS)
    assert population_polygon(placed, shapes_of(placed), clip=land)["U"] == 1.0
    # A clip that leaves nothing of a district leaves nothing to say.
    away = gpd.GeoSeries([box(9000, 9000, 9999, 9999)], crs=ALBERS)
    assert population_polygon(placed, shapes_of(placed), clip=away).isna().all()


def test_nobody_gives_missing(nine):
    counts = nine.frame.copy()
    counts.loc[counts.index[:3], "total_pop"] = 0
    empty = Units(counts, level="block", year=2020, geometry=nine.geometry)
    shares = population_polygon(by_list(empty, "AAABBBCCC"), shapes_of(by_list(empty, "AAABBBCCC")))
    assert pd.isna(shares["A"])
    assert shares[["B", "C"]].tolist() == [1.0, 1.0]


def test_population_polygon_refuses(nine):
    placed = by_list(nine, "AAABBBCCC")
    shapes = shapes_of(placed)
    bare = Placement(
        Units(nine.frame, level="block"), placed.plan, placed.assignment, placed.unassigned, placed.split_units
    )
    with pytest.raises(InputError, match="these census blocks have no shapes, so nobody can be counted in a hull"):
        population_polygon(bare, shapes)
    with pytest.raises(CRSError, match="the population polygon needs metres"):
        population_polygon(placed, shapes.to_crs(4326))
    with pytest.raises(SchemaError, match="shapes name districts that the placement does not have: Z"):
        population_polygon(placed, shapes.rename({"A": "Z"}))
    with pytest.raises(SchemaError, match="no column 'total_vap'"):
        population_polygon(placed, shapes, population="total_vap")
    with pytest.raises(CRSError, match="the jurisdiction passed as clip has no coordinate reference system"):
        population_polygon(placed, shapes, clip=gpd.GeoSeries([SQUARE]))
