"""Neighbours that can be seen at a glance, and layers with a fault."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import MultiPolygon, Point, Polygon, box

from kit.analysis import _borders
from kit.analysis.adjacency import adjacency
from kit.errors import CRSError, InputError, SchemaError
from kit.model.frames import Units

FLAT = "EPSG:5070"
A, B, C, D = "360610001001000", "360610001001001", "360610001001002", "360610001001003"


def layer(crs=FLAT, **shapes):
    """Make a layer of named shapes."""
    return gpd.GeoSeries(list(shapes.values()), index=pd.Index(list(shapes), dtype="str"), crs=crs)


def found(shapes, **options):
    """Give neighbours as a dict of pairs of ids to lengths."""
    options.setdefault("crs", FLAT)
    result = adjacency(shapes, **options)
    return {
        tuple(result.ids[list(pair)]): length for pair, length in zip(result.pairs, result.shared, strict=True)
    }, result


class TestBorders:
    def test_four_squares(self, four_squares):
        pairs, result = found(four_squares[0])
        assert pairs == {(A, B): 1000, (A, C): 1000, (B, D): 1000, (C, D): 1000}
        assert (result.rule, result.crs, result.notes) == ("rook", "NAD83 / Conus Albers (EPSG:5070)", ())
        assert not result.linked.any()

    def test_queen_takes_the_common_point(self, four_squares):
        pairs, result = found(four_squares[0], rule="queen")
        assert pairs == {(A, B): 1000, (A, C): 1000, (A, D): 0, (B, C): 0, (B, D): 1000, (C, D): 1000}
        assert result.rule == "queen"

    def test_a_corner_on_the_side_of_another(self):
        shapes = layer(west=box(0, 0, 10, 20), low=box(10, 0, 20, 5), high=box(10, 5, 20, 30))
        assert found(shapes)[0] == {("west", "low"): 5, ("west", "high"): 15, ("low", "high"): 10}

    def test_borders_with_and_without_equal_vertices_add_up(self):
        # Three stretches: 5 m with equal ends, 5 m as half of a side of 10 m, and the next 5 m of the other.
        left = Polygon([(0, 0), (10, 0), (10, 5), (10, 15), (0, 15)])
        right = Polygon([(10, 0), (20, 0), (20, 15), (10, 15), (10, 10), (10, 5)])
        assert found(layer(left=left, right=right))[0] == {("left", "right"): 15}

    @pytest.mark.parametrize("share", [1 / 3, 0.1, 0.7, 2 / 7])
    @pytest.mark.parametrize("crs", [FLAT, "EPSG:4269"])
    def test_a_corner_on_a_slanting_side_is_rounded_and_still_on_it(self, share, crs):
        (x0, y0), (x1, y1) = (-118.3, 34.1), (-118.2, 34.17)
        middle = (x0 + share * (x1 - x0), y0 + share * (y1 - y0))
        shapes = layer(
            crs,
            below=Polygon([(x0, y0), (x1, y0), (x1, y1)]),
            one=Polygon([(x0, y0), middle, (x0, y1)]),
            two=Polygon([middle, (x1, y1), (x0, y1)]),
        )
        pairs, result = found(shapes, crs=None)
        assert set(pairs) == {("below", "one"), ("below", "two"), ("one", "two")}
        whole = sum(pairs[k] for k in pairs if k[0] == "below")
        assert pairs["below", "one"] / whole == pytest.approx(share, rel=1e-3)
        assert not any("apart" in note for note in result.notes)

    def test_last_binary_digit(self):
        x = -118.3
        other = np.nextafter(x, 0)
        shapes = layer("EPSG:4269", a=box(x - 1, 34, x, 35), b=box(other, 34, x + 1, 35))
        assert shapes.iloc[0].distance(shapes.iloc[1]) > 0
        pairs, result = found(shapes, crs=None)
        assert list(pairs) == [("a", "b")]
        assert result.notes == ()

    def test_minus_nought_is_nought(self):
        shapes = layer(a=box(-1, 0, -0.0, 1), b=box(0.0, 0, 1, 1))
        assert found(shapes)[0] == {("a", "b"): 1}

    def test_ring_and_its_filling(self):
        outer = box(0, 0, 30, 30).difference(box(10, 10, 20, 20))
        assert found(layer(ring=outer, inner=box(10, 10, 20, 20)))[0] == {("ring", "inner"): 40}

    def test_parts_of_one_unit(self):
        split = MultiPolygon([box(0, 0, 1, 1), box(5, 0, 6, 1)])
        pairs, _ = found(layer(split=split, left=box(1, 0, 2, 1), right=box(4, 0, 5, 1)))
        assert pairs == {("split", "left"): 1, ("split", "right"): 1}

    def test_a_unit_whose_parts_touch_is_not_its_own_neighbour(self):
        touching = MultiPolygon([box(0, 0, 1, 1), box(1, 0, 2, 1)])
        assert found(layer(one=touching, two=box(2, 0, 3, 1)))[0] == {("one", "two"): 1}

    def test_a_doubled_vertex_and_a_third_dimension(self):
        doubled = Polygon([(0, 0, 7), (1, 0, 7), (1, 0, 7), (1, 1, 7), (0, 1, 7)])
        assert found(layer(a=doubled, b=box(1, 0, 2, 1)))[0] == {("a", "b"): 1}

    def test_queen_where_a_corner_meets_a_side(self):
        shapes = layer(
            low=box(0, 0, 10, 10),
            tip=Polygon([(5, 10), (8, 20), (2, 20)]),
            left=Polygon([(0, 10), (5, 10), (2, 20), (0, 20)]),
            right=Polygon([(5, 10), (10, 10), (10, 20), (8, 20)]),
        )
        assert ("low", "tip") not in found(shapes)[0]
        pairs, _ = found(shapes, rule="queen")
        assert pairs["low", "tip"] == 0
        assert pairs["low", "left"] == 5
        assert len(pairs) == 6

    def test_bow_tie_is_taken_as_it_stands(self):
        tie = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
        shapes = layer(tie=tie, left=Polygon([(0, 0), (0, 2), (-2, 1)]), right=box(2, 0, 3, 2))
        assert not tie.is_valid
        assert found(shapes)[0] == {("tie", "left"): 2, ("tie", "right"): 2}

    def test_across_the_antimeridian(self):
        shapes = layer(
            "EPSG:4269", west=box(179, 51, 180, 52), east=box(-180, 51, -179, 52), far=box(-170, 51, -169, 52)
        )
        pairs, result = found(shapes, crs=None)
        assert list(pairs) == [("west", "east")]
        assert pairs["west", "east"] == pytest.approx(111_270, rel=0.01)
        assert "1 of 3 units has no neighbour, first far" in result.notes[0]

    def test_the_input_is_left_alone(self, four_squares):
        shapes = four_squares[0].geometry
        before = shapes.copy(deep=True)
        adjacency(shapes)
        assert shapes.geom_equals_exact(before, 0).all()


class TestLengths:
    def test_metres_whatever_the_projection(self, four_squares):
        plain, _ = found(four_squares[0])
        feet = four_squares[0].geometry.to_crs("EPSG:2263")
        for crs in ("EPSG:5070", "EPSG:2263", None):
            pairs, _ = found(feet, crs=crs)
            assert pairs == pytest.approx(plain, rel=0.03)
        assert found(feet, crs="EPSG:5070")[0] == pytest.approx(plain, rel=1e-9)

    def test_degrees_agree_with_the_globe(self):
        import pyproj

        shapes = layer("EPSG:4269", a=box(-150, 60, -149.9, 60.05), b=box(-149.9, 60, -149.8, 60.05))
        pairs, result = found(shapes, crs=None)
        _, _, metres = pyproj.Geod(ellps="GRS80").inv(-149.9, 60, -149.9, 60.05)
        assert pairs["a", "b"] == pytest.approx(metres, rel=1e-4)
        assert result.crs == "Lambert azimuthal equal-area centred on 60° N 149.9° W"


class TestFaultsOfALayer:
    def test_a_gap_of_a_millimetre_is_told_and_not_closed(self):
        pairs, result = found(layer(a=box(0, 0, 10, 10), b=box(10.001, 0, 20, 10)))
        assert pairs == {}
        assert result.notes[-1] == (
            "1 pair of units run beside each other less than 1 cm apart and do not touch, first a and b; "
            "they are not neighbours. Mend the layer or list them as links."
        )
        assert result.notes[0] == "2 of 2 units have no neighbour, first a, b; the nearest to a is b, 0.001 m away."

    def test_a_gap_of_two_centimetres_is_a_gap(self):
        _, result = found(layer(a=box(0, 0, 10, 10), b=box(10.02, 0, 20, 10)))
        assert not any("beside" in note for note in result.notes)

    def test_gap_in_degrees(self):
        sliver = 0.005 / 111_000 / np.cos(np.radians(35))
        _, result = found(layer("EPSG:4269", a=box(-118, 34, -117, 35), b=box(-117 + sliver, 34, -116, 35)), crs=None)
        assert any("1 pair of units run beside" in note for note in result.notes)

    def test_overlap_is_a_neighbour_and_told(self):
        pairs, result = found(layer(a=box(0, 0, 10, 10), b=box(9, 2, 20, 8)))
        assert pairs == {("a", "b"): 7}  # half of the outline of 1 m by 6 m
        assert result.notes == ("1 pair of units overlap (6 m² in all), first a and b; they count as neighbours.",)

    def test_one_inside_another_without_touching(self):
        pairs, result = found(layer(a=box(0, 0, 10, 10), b=box(4, 4, 6, 6)))
        assert pairs == {("a", "b"): 4}
        assert "overlap (4 m² in all)" in result.notes[0]

    def test_one_inside_another_on_its_border(self):
        pairs, result = found(layer(a=box(0, 0, 10, 10), b=Polygon([(0, 0), (10, 0), (10, 2), (0, 2)])))
        assert pairs == {("a", "b"): 14 + 12}  # the common border, and half of the outline of the overlap
        assert "overlap (20 m² in all)" in result.notes[0]

    def test_the_same_shape_three_times(self):
        pairs, result = found(layer(a=box(0, 0, 1, 1), b=box(0, 0, 1, 1), c=box(0, 0, 1, 1)))
        assert len(pairs) == 3
        assert "3 pairs of units overlap (3 m² in all)" in result.notes[0]

    def test_two_sheets_over_each_other(self):
        # Columns a and b, rows c and d: every column meets every row, b and d in a corner that no outline crosses.
        shapes = layer(a=box(0, 0, 5, 9), b=box(5, 0, 9, 9), c=box(0, 0, 9, 4), d=box(0, 4, 9, 9))
        pairs, result = found(shapes)
        assert len(pairs) == 6
        assert "4 pairs of units overlap (81 m² in all)" in result.notes[0]

    def test_a_sheet_within_a_sheet(self):
        # Four small squares in the midst of four large ones: only the outer sides of the small are open.
        large = {f"L{x}{y}": box(10 * x, 10 * y, 10 * x + 10, 10 * y + 10) for x in range(2) for y in range(2)}
        small = {f"S{x}{y}": box(8 + x, 9 + y, 9 + x, 10 + y) for x in range(3) for y in range(2)}
        pairs, result = found(layer(**large, **small))
        assert "6 pairs of units overlap (6 m² in all)" in result.notes[0]
        assert ("L00", "S00") in pairs
        assert ("L11", "S21") in pairs

    def test_a_broken_shape_that_overlaps(self):
        tie = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
        pairs, result = found(layer(tie=tie, over=box(-1, 0.5, 0.8, 1.5)))
        assert list(pairs) == [("tie", "over")]
        assert "overlap" in result.notes[0]

    def test_islands_and_groups(self):
        shapes = layer(a=box(0, 0, 1, 1), b=box(1, 0, 2, 1), c=box(3000, 0, 3001, 1))
        _, result = found(shapes)
        assert result.notes == (
            "1 of 3 units has no neighbour, first c; the nearest to c is b, 3.0 km away.",
            "The 3 units fall into 2 groups that do not touch each other; the largest holds 2.",
        )

    def test_an_island_that_meets_another_in_a_point(self):
        _, result = found(layer(a=box(0, 0, 1, 1), b=box(1, 1, 2, 2)))
        assert result.notes[0] == "2 of 2 units have no neighbour, first a, b; a meets b in a point only."

    def test_one_unit_alone(self):
        _, result = found(layer(a=box(0, 0, 1, 1)))
        assert len(result) == 0
        assert result.notes == ("1 of 1 units has no neighbour: there is no other.",)

    def test_the_nearest_is_measured_on_the_ground(self):
        # At 60° north a degree of longitude is half a degree of latitude: the one to the east is nearer.
        shapes = layer("EPSG:4269", a=box(0, 60, 0.1, 60.1), east=box(1.6, 60, 1.7, 60.1), north=box(0, 61, 0.1, 61.1))
        _, result = found(shapes, crs=None)
        assert "the nearest to a is east, 83" in result.notes[0]


class TestLinks:
    def test_a_bridge(self, four_squares):
        pairs, result = found(four_squares[0], links=[(D, A)])
        assert np.isnan(pairs[A, D])
        assert result.linked.tolist() == [False, False, True, False, False]
        assert result.notes == ("1 pair of neighbours comes from a table of links and does not touch.",)

    def test_a_table_a_doubled_row_and_one_that_touches(self, four_squares):
        table = pd.DataFrame({"from": [A, D, A, B], "to": [D, A, B, C]})
        pairs, result = found(four_squares[0], links=table)
        assert len(pairs) == 6
        assert pairs[A, B] == 1000
        assert result.linked.sum() == 2
        assert result.notes == (
            "2 pairs of neighbours come from a table of links and do not touch. 1 more in the table touches anyway.",
        )

    def test_an_island_that_is_linked_is_none(self):
        shapes = layer(a=box(0, 0, 1, 1), b=box(3000, 0, 3001, 1))
        _, result = found(shapes, links=[("a", "b")])
        assert result.degrees.tolist() == [1, 1]
        assert len(result.notes) == 1

    def test_under_queen_a_common_point_needs_no_link(self, four_squares):
        pairs, result = found(four_squares[0], rule="queen", links=[(A, D)])
        assert pairs[A, D] == 0
        assert not result.linked.any()
        assert result.notes == ("The 1 pair in the table of links touches anyway.",)

    def test_unknown(self, four_squares):
        with pytest.raises(SchemaError, match=r"2 ids in the links are not among the 4 units: 36061, 9\. Use GEOIDs"):
            adjacency(four_squares[0], links=[("36061", A), (B, 9), ("36061", C)])

    def test_to_itself(self, four_squares):
        with pytest.raises(SchemaError, match=f"1 links tie a unit to itself, first {A}"):
            adjacency(four_squares[0], links=[(A, A), (A, B)])

    @pytest.mark.parametrize("links", [[A], [(A, B, C)], [(A,)]])
    def test_no_pairs(self, four_squares, links):
        with pytest.raises(SchemaError, match="1 links are not pairs of GEOIDs"):
            adjacency(four_squares[0], links=links)

    def test_three_columns(self, four_squares):
        with pytest.raises(SchemaError, match=r"has two columns of GEOIDs, and this has 3: a, b, c"):
            adjacency(four_squares[0], links=pd.DataFrame({"a": [A], "b": [B], "c": [1]}))


class TestRefusals:
    def test_rule(self, four_squares):
        with pytest.raises(InputError, match="rule='bishop' is not known"):
            adjacency(four_squares[0], rule="bishop")

    def test_no_shapes(self, four_squares):
        bare = Units(four_squares[0].frame, level="block")
        with pytest.raises(InputError, match=r"these census blocks have no shapes; add them with units\.with_geometry"):
            adjacency(bare)

    @pytest.mark.parametrize("nothing", [None, Polygon()])
    def test_missing_or_empty(self, nothing):
        with pytest.raises(SchemaError, match=r"1 of 2 units have no shape, first b\."):
            adjacency(layer(a=box(0, 0, 1, 1), b=nothing))

    def test_points(self):
        with pytest.raises(SchemaError, match=r"1 of 2 units are not polygons, first b\. Neighbours have a border"):
            adjacency(layer(a=box(0, 0, 1, 1), b=Point(0, 0)))

    @pytest.mark.parametrize("odd", [np.nan, np.inf])
    def test_vertices_that_are_no_numbers(self, odd):
        with np.errstate(invalid="ignore"):
            broken = Polygon([(0, 0), (1, 0), (1, odd), (0, 1)])
        with pytest.raises(SchemaError, match="1 of 2 units have vertices that are not numbers, first b"):
            adjacency(layer(a=box(0, 0, 1, 1), b=broken))

    def test_none_at_all(self):
        with pytest.raises(SchemaError, match="there are no units"):
            adjacency(layer())

    def test_no_crs(self):
        with pytest.raises(CRSError, match="the layer of units has no coordinate reference system"):
            adjacency(layer(None, a=box(0, 0, 1, 1)))

    @pytest.mark.parametrize(("crs", "words"), [("EPSG:4326", "in degrees"), ("EPSG:3857", "Web Mercator")])
    def test_projection(self, four_squares, crs, words):
        with pytest.raises(CRSError, match=f"measuring borders .*{words}"):
            adjacency(four_squares[0], crs=crs)

    def test_doubled_ids(self):
        shapes = gpd.GeoSeries([box(0, 0, 1, 1)] * 2, index=pd.Index(["a", "a"], dtype="str"), crs=FLAT)
        with pytest.raises(SchemaError, match="1 ids of units stand in more than one row: a"):
            adjacency(shapes)


class TestNumbersOfVertices:
    """Equal numbers for unequal vertices would be an accident in ten million million; it must not matter."""

    def test_an_accident_is_seen_and_mended(self, four_squares, monkeypatch):
        real = _borders._points
        tries = []

        def first_time_alike(xy, salt):
            tries.append(salt)
            return np.zeros(len(xy), dtype=np.uint64) if salt == 0 else real(xy, salt)

        monkeypatch.setattr(_borders, "_points", first_time_alike)
        assert len(adjacency(four_squares[0])) == 4
        assert tries == [0, 1]

    def test_four_accidents_in_a_row_are_refused(self, four_squares, monkeypatch):
        monkeypatch.setattr(_borders, "_points", lambda xy, salt: np.zeros(len(xy), dtype=np.uint64))
        with pytest.raises(RuntimeError, match="numbered alike"):
            adjacency(four_squares[0])
