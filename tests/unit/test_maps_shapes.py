"""From shapes to paths, and where numbers go."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from matplotlib.path import Path

from kit.maps.shapes import dissolve, line_paths, polygon_paths, simplify_for, widest_place


def array(*shapes):
    return np.array(shapes, dtype=object)


def test_holes_stay_open():
    ring = shapely.box(0, 0, 10, 10).difference(shapely.box(4, 4, 6, 6))
    (path,) = polygon_paths(array(ring))
    assert list(path.codes).count(Path.MOVETO) == 2
    area = [0.5 * np.sum(xy[:-1, 0] * xy[1:, 1] - xy[1:, 0] * xy[:-1, 1]) for xy in np.split(path.vertices, [5])]
    assert sorted(area) == [-4.0, 100.0]  # the hole runs the other way round


def test_every_part_of_a_multipolygon_is_drawn_and_nothing_else():
    islands = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(3, 0, 4, 1)])
    mixed = array(islands, shapely.Point(9, 9), shapely.GeometryCollection([shapely.Point(8, 8)]))
    (path,) = polygon_paths(mixed)
    assert list(path.codes).count(Path.MOVETO) == 2
    assert path.vertices.max() == 4


def test_no_polygons_give_no_paths():
    assert polygon_paths(array(shapely.Point(0, 0))) == []
    assert polygon_paths(array()) == []


def test_long_lists_are_cut_between_polygons():
    squares = array(*(shapely.box(i, 0, i + 1, 1) for i in range(9000)))
    paths = polygon_paths(squares)
    assert len(paths) > 1
    assert all(path.codes[0] == Path.MOVETO and path.codes[-1] == Path.CLOSEPOLY for path in paths)
    assert sum(list(path.codes).count(Path.MOVETO) for path in paths) == 9000


def test_one_line_path_a_polygon():
    assert len(line_paths(array(shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)))) == 2


def test_dissolve_joins_by_label():
    squares = array(*(shapely.box(x, 0, x + 1, 1) for x in range(3)))
    joined = dissolve(squares, np.array(["b", "a", "a"]))
    assert list(joined) == ["a", "b"]
    assert joined["a"].equals(shapely.box(1, 0, 3, 1))
    assert shapely.area(joined["b"]) == 1


def test_dissolve_takes_overlapping_and_crossed_shapes():
    bow = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    joined = dissolve(array(bow, shapely.box(0.5, 0, 1.5, 2)), np.array(["1", "1"]))
    assert joined["1"].is_valid
    assert shapely.area(joined["1"]) == pytest.approx(
        3.5
    )  # triangles of 1 and 1, a strip of 2, less what they share: 0.25 twice


def test_few_points_are_never_simplified():
    squares = array(shapely.box(0, 0, 1, 1))
    assert simplify_for(squares, 100.0) is squares


def test_many_points_are_simplified_but_no_shape_is_lost():
    circles = array(*(shapely.Point(i * 10, 0).buffer(1, quad_segs=500) for i in range(210)))
    thin = simplify_for(circles, 5.0)
    assert shapely.get_num_coordinates(thin).sum() <= shapely.get_num_coordinates(circles).sum()
    assert not shapely.is_empty(thin).any()


def test_the_number_goes_where_most_people_live():
    island, mainland = shapely.box(0, 0, 10, 10), shapely.box(100, 0, 104, 4)
    district = shapely.MultiPolygon([island, mainland])
    points = array(shapely.Point(5, 5), shapely.Point(102, 2))
    x, y, radius = widest_place(district, points, np.array([10.0, 500.0]))
    assert (round(x), round(y)) == (102, 2)
    assert radius == pytest.approx(2.0, rel=0.02)


def test_where_nobody_lives_the_largest_part_is_taken():
    district = shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(100, 0, 104, 4)])
    x, _, radius = widest_place(district, array(shapely.Point(5, 5)), np.array([0.0]))
    assert x == pytest.approx(5.0, abs=0.2)
    assert radius == pytest.approx(5.0, rel=0.02)


def test_an_empty_district_has_no_place():
    assert widest_place(shapely.Polygon(), array(), np.array([])) is None
