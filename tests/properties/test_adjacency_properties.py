"""What holds for the neighbours of any tiling, however it was drawn, moved or ordered."""

from __future__ import annotations

import itertools
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import affinity

from kit.analysis.adjacency import adjacency
from kit.analysis.contiguity import contiguity
from kit.analysis.placement import place
from kit.model.frames import Plan, Units

FLAT = "EPSG:5070"
few = settings(max_examples=24, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def tilings(draw):
    """Cut a square by lines between points of its sides, and keep the faces with corners on a fine grid."""
    ends = draw(
        st.lists(
            st.tuples(st.integers(0, 3), st.integers(1, 63), st.integers(0, 3), st.integers(1, 63)),
            min_size=1,
            max_size=6,
        )
    )
    sides = (lambda t: (t, 0), lambda t: (64, t), lambda t: (t, 64), lambda t: (0, t))
    lines = [shapely.LineString([sides[a](s), sides[b](t)]) for a, s, b, t in ends if sides[a](s) != sides[b](t)]
    frame = shapely.box(0, 0, 64, 64).exterior
    noded = shapely.unary_union([frame, *lines])
    faces = shapely.get_parts(shapely.polygonize([*shapely.get_parts(noded)]))
    return faces[shapely.area(faces) > 0.01]


def layer(faces, crs=FLAT):
    ids = pd.Index([f"unit {i:03d}" for i in range(len(faces))], dtype="str", name="GEOID")
    return gpd.GeoSeries(list(faces), index=ids, crs=crs)


def pairs_of(result):
    return {frozenset(result.ids[list(pair)]) for pair in result.pairs}


def plain(shapes, *, rook=True):
    """Find neighbours the slow way: intersect every pair."""
    found = {}
    for i in range(len(shapes)):
        for j in range(i):
            common = shapely.intersection(shapes.iloc[i], shapes.iloc[j])
            if common.length > 0 or (not rook and not common.is_empty):
                found[frozenset(shapes.index[[i, j]])] = common.length
    return found


@few
@given(tilings())
def test_rook_and_queen_are_what_every_pair_says(faces):
    shapes = layer(faces)
    rook, queen = adjacency(shapes, crs=FLAT), adjacency(shapes, crs=FLAT, rule="queen")
    slow = plain(shapes)
    assert pairs_of(rook) == set(slow)
    by_pair = dict(zip([frozenset(rook.ids[list(p)]) for p in rook.pairs], rook.shared, strict=True))
    assert by_pair == pytest.approx(slow, rel=1e-9)
    assert pairs_of(rook) <= pairs_of(queen)
    assert pairs_of(queen) == set(plain(shapes, rook=False))
    assert not any("overlap" in note or "beside" in note for note in rook.notes)


@few
@given(tilings(), st.randoms(use_true_random=False), st.sampled_from(["rook", "queen"]))
def test_order_of_units_changes_nothing(faces, chance, rule):
    shapes = layer(faces)
    order = list(range(len(shapes)))
    chance.shuffle(order)
    one, other = adjacency(shapes, rule=rule, crs=FLAT), adjacency(shapes.iloc[order], rule=rule, crs=FLAT)
    assert pairs_of(one) == pairs_of(other)
    assert one.shared.sum() == pytest.approx(other.shared.sum(), rel=1e-9)


@few
@given(tilings(), st.sampled_from([2.0**-8, 4.0, 1024.0]), st.booleans())
def test_scaling_and_turning_rings_changes_no_pair(faces, factor, backwards):
    shapes = layer(faces)
    moved = shapes.affine_transform([factor, 0, 0, factor, 0, 0])
    if backwards:
        moved = moved.reverse()
    one, other = adjacency(shapes, crs=FLAT), adjacency(moved, crs=FLAT)
    assert pairs_of(one) == pairs_of(other)
    assert other.shared == pytest.approx(one.shared * factor, rel=1e-9)


@few
@given(tilings(), st.integers(0, 2**32 - 1))
def test_more_vertices_on_a_side_change_no_pair(faces, seed):
    """Put a rounded middle into some sides of some units, so that borders no longer have equal vertices."""
    rng = np.random.default_rng(seed)
    thicker = []
    for face in faces:
        corners = np.asarray(face.exterior.coords)
        points = []
        for a, b in itertools.pairwise(corners):
            points.append(a)
            if rng.random() < 0.4:
                points.append(a + (b - a) * rng.uniform(0.2, 0.8))
        thicker.append(shapely.Polygon(points))
    one, other = adjacency(layer(faces), crs=FLAT), adjacency(layer(thicker), crs=FLAT)
    assert pairs_of(one) == pairs_of(other)
    assert other.shared == pytest.approx(one.shared, rel=1e-6)


@few
@given(tilings(), st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_parts_by_neighbours_are_pieces_by_outline(faces, seed, count):
    """Both tests of contiguity agree on a tiling, and account for every unit and person."""
    shapes = layer([affinity.scale(face, 100, 100, origin=(0, 0)) for face in faces])
    rng = np.random.default_rng(seed)
    people = pd.DataFrame({"total_pop": rng.integers(0, 9, len(shapes))}, index=shapes.index)
    units = Units(people, geometry=shapes)
    labels = pd.Series(rng.integers(1, count + 1, len(shapes)).astype(str), index=shapes.index, dtype="str")
    placement = place(units, Plan("Any", tuple(sorted(set(labels))), assignment=labels))
    near = adjacency(units, crs=FLAT)
    result = contiguity(placement, near)
    assert result.frame["parts"].tolist() == result.frame["outline_parts"].tolist()
    assert result.parts["people"].sum() == people["total_pop"].sum()
    assert result.parts["units"].sum() == len(units)
    assert not any("pieces" in note for note in result.notes)
    # New names for the districts change nothing but the names.
    renamed = {label: f"D{chr(90 - int(label))}" for label in "1234"}
    other = place(units, Plan("Any", tuple(sorted(set(labels.map(renamed)))), assignment=labels.map(renamed)))
    again = contiguity(other, near).frame
    assert (
        again.loc[[renamed[label] for label in result.frame.index], "parts"].tolist() == result.frame["parts"].tolist()
    )
    # Twice the people is twice the people outside.
    double = replace(placement, units=replace(units, frame=people * 2))
    twice = contiguity(double, near)
    assert (twice.frame["people_outside_main"] == 2 * result.frame["people_outside_main"]).all()
    assert twice.parts["share_of_people"].equals(result.parts["share_of_people"])
