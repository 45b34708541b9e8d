"""What must hold for compactness and plan measures whatever the shapes and the labels."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import box

from kit.analysis.compactness import RATIOS, compactness
from kit.analysis.placement import place
from kit.analysis.plan_measures import measure_plan
from kit.model.frames import Plan, Units

ALBERS = "EPSG:5070"
SHARES = [name for name in RATIOS if name != "schwartzberg_original"]
SIDE = 4
GRID = [(x, y) for y in range(SIDE) for x in range(SIDE)]
IDS = pd.Index([f"3606100010010{n:02d}" for n in range(SIDE * SIDE)], dtype="str", name="GEOID")
coordinate = st.integers(0, 1000)


@st.composite
def blobs(draw):
    """Give the union of a few boxes and triangles, some apart, some with holes."""
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        x, y = draw(coordinate), draw(coordinate)
        w, h = draw(st.integers(10, 600)), draw(st.integers(10, 600))
        slope = draw(st.integers(-200, 200))
        parts.append(shapely.Polygon([(x, y), (x + w, y), (x + w + slope, y + h), (x + slope, y + h)]))
    hole = box(*(draw(coordinate) for _ in range(2)), 1200, 1200) if draw(st.booleans()) else None
    whole = shapely.union_all(parts)
    left = whole if hole is None else whole.difference(hole)
    assume(left.geom_type in {"Polygon", "MultiPolygon"})
    assume(left.area > 100)
    assume(left.is_valid)
    return left


def of(shapes):
    return gpd.GeoSeries(shapes, index=[str(n) for n in range(len(shapes))], crs=ALBERS)


@settings(max_examples=36, deadline=None)
@given(st.lists(blobs(), min_size=1, max_size=4))
def test_shares_lie_between_nothing_and_one(shapes):
    found = compactness(of(shapes), crs=ALBERS)
    assert found[SHARES].gt(0).all(axis=None)
    assert found[SHARES].le(1).all(axis=None)
    assert found["schwartzberg_original"].ge(1).all()
    # The circle holds the hull, and the hull holds the shape.
    assert (found["reock"] <= found["convex_hull"] + 1e-9).all()
    np.testing.assert_allclose(found["schwartzberg"] ** 2, found["polsby_popper"], rtol=1e-12)


@settings(max_examples=36, deadline=None)
@given(st.lists(blobs(), min_size=1, max_size=4), st.sampled_from([0.125, 0.5, 4.0, 1024.0]))
def test_scaling_leaves_ratios_alone(shapes, factor):
    before = compactness(of(shapes), crs=ALBERS)
    larger = compactness(of(shapes).scale(factor, factor, origin=(0, 0)), crs=ALBERS)
    np.testing.assert_allclose(larger[list(RATIOS)], before[list(RATIOS)], rtol=1e-9)
    np.testing.assert_allclose(larger["area_km2"], before["area_km2"] * factor**2, rtol=1e-9)
    np.testing.assert_allclose(larger["perimeter_km"], before["perimeter_km"] * factor, rtol=1e-9)


@settings(max_examples=24, deadline=None)
@given(st.lists(blobs(), min_size=1, max_size=4), st.floats(0, 360))
def test_turning_changes_the_upright_box_only(shapes, angle):
    before = compactness(of(shapes), crs=ALBERS)
    turned = compactness(of(shapes).rotate(angle, origin=(0, 0)), crs=ALBERS)
    names = [
        "polsby_popper",
        "schwartzberg",
        "schwartzberg_original",
        "reock",
        "convex_hull",
        "area_km2",
        "perimeter_km",
    ]
    np.testing.assert_allclose(turned[names], before[names], rtol=1e-7)
    assert turned["holes"].tolist() == before["holes"].tolist()


@settings(max_examples=24, deadline=None)
@given(
    st.lists(blobs(), min_size=1, max_size=3),
    st.floats(-120, -70),
    st.floats(25, 48),
)
def test_another_equal_area_system_changes_polsby_popper_by_less_than_five_per_cent(shapes, longitude, latitude):
    # Shapes of some 100 km anywhere in the lower 48 States, in a system centred on them.
    local = f"+proj=laea +lat_0={latitude} +lon_0={longitude} +datum=NAD83 +units=m"
    here = gpd.GeoSeries(shapes, crs=local).scale(100, 100, origin=(500, 500)).segmentize(2_000)
    there = compactness(here.to_crs(ALBERS), crs=ALBERS)
    ours = compactness(here)
    assert (there["polsby_popper"] / ours["polsby_popper"] - 1).abs().max() < 0.05
    np.testing.assert_allclose(there["area_km2"], ours["area_km2"], rtol=2e-3)


def grid(people):
    shapes = [box(1000 * x, 1000 * y, 1000 * x + 1000, 1000 * y + 1000) for x, y in GRID]
    geometry = gpd.GeoSeries(shapes, index=IDS, crs=ALBERS).translate(1_830_000, 2_180_000)
    return Units(pd.DataFrame({"total_pop": people}, index=IDS), level="block", year=2020, geometry=geometry)


def measured(units, labels):
    rows = pd.Series(labels, index=IDS)
    plan = Plan("Any", tuple(sorted(set(labels))), assignment=rows, level="block", year=2020)
    return measure_plan(
        place(units, plan), crs=ALBERS, regions={"half": pd.Series(["w", "w", "e", "e"] * SIDE, index=IDS)}
    )


assignments = st.lists(st.sampled_from("abcd"), min_size=SIDE * SIDE, max_size=SIDE * SIDE)
populations = st.lists(st.integers(0, 500), min_size=SIDE * SIDE, max_size=SIDE * SIDE)


@settings(max_examples=20, deadline=None)
@given(assignments, populations, st.permutations("abcd"))
def test_other_labels_only_move_rows(labels, people, order):
    units, renamed = grid(people), dict(zip("abcd", order, strict=True))
    before, after = measured(units, labels), measured(units, [renamed[label] for label in labels])
    moved = before.frame.rename(index=renamed).reindex(after.frame.index)
    pd.testing.assert_frame_equal(moved, after.frame, rtol=1e-9, check_names=False)
    for name, value in before.plan.items():
        np.testing.assert_allclose(float(after.plan[name]), float(value), rtol=1e-9, equal_nan=True)


@settings(max_examples=20, deadline=None)
@given(assignments, populations)
def test_people_edges_and_areas_add_up(labels, people):
    found = measured(grid(people), labels)
    frame, plan = found.frame, found.plan
    assert frame["population"].sum() == sum(people)
    assert abs(frame["deviation_people"].sum()) < 1e-6
    assert plan["edges"] == 2 * SIDE * (SIDE - 1)
    assert frame["cut_edges"].sum() == 2 * plan["cut_edges"]
    np.testing.assert_allclose(frame["area_km2"].sum(), SIDE**2, rtol=1e-9)
    # Every kilometre of outline is the outer border or a cut edge seen from both sides.
    np.testing.assert_allclose(frame["perimeter_km"].sum(), 4 * SIDE + 2 * plan["cut_edges"], rtol=1e-9)
    polygon = frame["population_polygon"].dropna()
    assert polygon.between(0, 1, inclusive="right").all()
    halves = found.regions["half"]
    assert halves["people"].sum() == sum(people)
    assert (halves["split"] == (halves["pieces"] > 1)).all()


@settings(max_examples=15, deadline=None)
@given(assignments, populations)
def test_doubling_people_leaves_shares_alone(labels, people):
    once, twice = measured(grid(people), labels), measured(grid([2 * n for n in people]), labels)
    for name in ("deviation", "population_polygon"):
        np.testing.assert_allclose(twice.frame[name], once.frame[name], rtol=1e-12)
    np.testing.assert_allclose(twice.frame["deviation_people"], 2 * once.frame["deviation_people"], atol=1e-9)
    assert twice.plan["half_splits"] == once.plan["half_splits"]
    np.testing.assert_allclose(twice.plan["half_effective_splits"], once.plan["half_effective_splits"], rtol=1e-9)
