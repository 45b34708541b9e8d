"""What measuring and comparing refuse, in words, and what no wrong name of a datum may change."""

from __future__ import annotations

import warnings
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box
from shapely.geometry import Polygon

from kit.analysis.adjacency import adjacency
from kit.analysis.clusters import clusters
from kit.analysis.compactness import compactness
from kit.analysis.compare import compare_plans
from kit.analysis.many_plans import score_plans
from kit.analysis.placement import place
from kit.analysis.plan_measures import measure_plan
from kit.analysis.rank_plans import rank_plans
from kit.analysis.segregation import segregation
from kit.analysis.swaps import swap_sheet
from kit.errors import CRSError, InputError, SchemaError
from kit.model.frames import Plan, Source, Units

GROUP = {"group": "asian_alone", "base": "vap"}
COUNTED = Source("P.L. 94-171", tables="P1")
ADJUSTED = replace(COUNTED, adjusted="incarcerated people counted at home")
IDS = pd.Index([f"36061000{at:03d}" for at in range(1, 5)], dtype="str", name="GEOID")
# Four squares in a row, near Honolulu, where NAD83 and WGS 84 differ by most of a metre.
SHAPES = [box(-157.9 + at / 100, 21.3, -157.89 + at / 100, 21.31) for at in range(4)]


def units_of(source=COUNTED, crs="EPSG:4269", shapes=SHAPES):
    counts = {"total_pop": [1000] * 4, "total_vap": [800] * 4, "asian_alone_vap": [400, 300, 200, 100]}
    frame = pd.DataFrame(counts, index=IDS)
    return Units(frame, "tract", 2020, (source,), geometry=gpd.GeoSeries(shapes, index=IDS, crs=crs))


def plan_of(labels, name="Before"):
    listed = pd.Series(list(labels), index=IDS, dtype="str")
    return Plan(name, tuple(sorted(set(labels))), assignment=listed, level="tract", year=2020)


@pytest.fixture
def before():
    return place(units_of(), plan_of("1122"))


@pytest.mark.parametrize("compare", [compare_plans, swap_sheet])
@pytest.mark.parametrize("other", [ADJUSTED, replace(ADJUSTED, adjusted="students counted at home")])
def test_adjusted_and_published_counts_are_not_compared(before, compare, other):
    after = place(units_of(other), plan_of("1222", "After"))
    for pair in ((before, after), (after, before)):
        with pytest.raises(InputError, match="adjusted and published counts must not be mixed"):
            compare(*pair, **GROUP)
    if other is not ADJUSTED:
        with pytest.raises(InputError, match="counts adjusted in different ways"):
            compare(place(units_of(ADJUSTED), plan_of("1122")), after, **GROUP)


def test_adjusted_and_published_counts_do_not_stand_in_one_ranking(before):
    after = place(units_of(ADJUSTED), plan_of("1222", "After"))
    with pytest.raises(InputError, match="adjusted and published counts must not be mixed"):
        rank_plans([before, after], **GROUP)


def test_counts_adjusted_alike_are_compared():
    placed = [place(units_of(ADJUSTED), plan_of(labels, labels)) for labels in ("1122", "1222")]
    assert compare_plans(*placed, **GROUP).plan["people_moved"] == 1000
    assert len(rank_plans(placed, **GROUP).frame) == 2


@pytest.mark.parametrize(("kind", "label"), [("int8", 127), ("uint8", 255), ("int16", 1023), ("uint64", 3)])
def test_labels_may_be_the_largest_of_their_kind(kind, label):
    units = units_of()
    plans = pd.DataFrame({"A": np.array([1, 1, label, label], dtype=kind)}, index=IDS)
    found = score_plans(units, plans, columns=["asian_alone_vap"], adjacency=adjacency(units)).loc["A"]
    text = score_plans(units, plans.astype("str"), columns=["asian_alone_vap"], adjacency=adjacency(units)).loc["A"]
    assert (found["districts"], found["cut_edges"], found["asian_alone_vap_highest"]) == (2, 1, 700 / 1600)
    pd.testing.assert_series_equal(found, text)


@pytest.mark.parametrize("seats", [2.0, "2", [1, 2], np.nan])
def test_seats_are_a_number_or_one_for_each_district(before, seats):
    with pytest.raises(InputError, match="seats is a whole number, or a number for each district"):
        measure_plan(before, seats=seats)


def test_a_numpy_number_of_seats(before):
    assert measure_plan(before, seats=np.int64(2)).plan["seats"] == 4


@pytest.mark.parametrize("shapes_of", ["units", "layer"])
def test_vertices_that_are_not_numbers(shapes_of):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # shapely warns where the shape is made
        broken = [*SHAPES[:3], Polygon([(-157.87, 21.3), (-157.86, 21.3), (np.nan, 21.31), (-157.87, 21.31)])]
    units = units_of(shapes=broken)
    if shapes_of == "layer":
        with pytest.raises(SchemaError, match="1 of 4 shapes cross themselves"):
            compactness(units.geometry)
        return
    with pytest.raises(SchemaError, match=f"1 of 4 census tracts have vertices that are not numbers, first {IDS[3]}"):
        measure_plan(place(units, plan_of("1122")))


@pytest.mark.parametrize(
    ("crs", "message"),
    [
        ("junk", "no coordinate system is called 'junk'"),
        ("EPSG:4978", "is geocentric"),
        (999_999, "is called '999999'"),
    ],
)
def test_systems_that_cannot_be_measured_in(before, crs, message):
    for measure in (
        lambda: measure_plan(before, crs=crs),
        lambda: adjacency(before.units, crs=crs),
        lambda: compactness(before.units.geometry, crs=crs),
    ):
        with pytest.raises(CRSError, match=message):
            measure()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda p: measure_plan(p, adjacency=5), "adjacency is an Adjacency, from kit.adjacency, not a int"),
        (lambda p: measure_plan(p, minimum_share="a"), "minimum_share is a share from 0 up to"),
        (lambda p: measure_plan(p, regions=["county"]), "regions are layers by name"),
        (lambda p: measure_plan(p, clip=5), "clip is a GeoSeries or a GeoDataFrame of land, not a int"),
        (lambda p: rank_plans(p, **GROUP), "plans are a list, or names with placements, not a Placement"),
        (lambda p: rank_plans("A", **GROUP), "is a str; place the units in each plan"),
        (lambda p: segregation(5, **GROUP), "segregation wants units or a placement, not a int"),
        (lambda p: adjacency(5), "neighbours are found among units or a layer of polygons, not in a int"),
        (lambda p: adjacency(pd.DataFrame()), "not in a DataFrame"),
        (lambda p: adjacency(p.units, links=None), "links are pairs of GEOIDs"),
        (lambda p: compactness([SHAPES[0]]), "compactness wants a GeoSeries of district polygons"),
        (lambda p: clusters(p.units, **GROUP, adjacency=5), "got a Units and a int"),
        (lambda p: clusters(p.units, **GROUP, adjacency=adjacency(p.units), q="a"), "q='a'"),
        (lambda p: clusters(p.units, **GROUP, adjacency=adjacency(p.units), minimum=None), "minimum=None"),
        (lambda p: score_plans(p.units, p.assignment, columns=[]), "assignments is a table with one column a plan"),
        (
            lambda p: score_plans(p.units, p.assignment.to_frame(), columns=[], adjacency=5),
            "adjacency is an Adjacency, from kit.adjacency, not a int",
        ),
        (
            lambda p: score_plans(p.units, p.assignment.to_frame(), columns=[], regions={"a": 5}),
            "regions 'a' are a Series of names by GEOID, not a int",
        ),
    ],
)
def test_arguments_of_another_kind(before, call, message):
    with pytest.raises(InputError, match=message):
        call(before)


@pytest.mark.parametrize("called", ["EPSG:4326", "OGC:CRS84"])
def test_the_same_lines_under_another_name_of_the_datum_measure_the_same(called):
    outlines = gpd.GeoSeries([box(-157.9, 21.3, -157.88, 21.31), box(-157.88, 21.3, -157.86, 21.31)], crs="EPSG:4269")
    outlines.index = pd.Index(["1", "2"], dtype="str")
    land = gpd.GeoSeries([box(-157.9, 21.3, -157.86, 21.308)], crs=called)
    found = []
    for units_crs, plan_crs in (("EPSG:4269", "EPSG:4269"), (called, "EPSG:4269"), ("EPSG:4269", called)):
        units = units_of(crs=units_crs)
        plan = replace(plan_of("1122"), geometry=outlines.set_crs(plan_crs, allow_override=True))
        near = adjacency(units)
        found.append((measure_plan(place(units, plan), adjacency=near, clip=land), near))
    for measured, near in found[1:]:
        pd.testing.assert_frame_equal(measured.frame, found[0][0].frame, check_exact=True)
        pd.testing.assert_frame_equal(measured.parts, found[0][0].parts, check_exact=True)
        assert measured.crs == found[0][0].crs
        np.testing.assert_array_equal(near.shared, found[0][1].shared)


def test_words_for_one_and_for_all_alike(before):
    one = place(units_of(), plan_of("1112", "After"))
    assert (
        "From Before to After, 1 of the census tracts with 1,000 people moves."
        in swap_sheet(before, one, **GROUP).summary()
    )
    more = place(units_of(), replace(plan_of("1122", "After"), labels=("1", "2", "3")))
    found = compare_plans(before, more, **GROUP)
    assert "District 3 of After holds none of these census tracts and is left out." in found.notes
    assert len(set(found.notes)) == len(found.notes)
    same = rank_plans({"A": before, "B": more}, **GROUP)
    assert "in any one district is 43.8% in each of them." in same.summary()


def test_equal_scores_are_told_once(four_squares):
    assert "Polsby–Popper is 0.698 in each district." in measure_plan(place(*four_squares), crs="EPSG:5070").summary()


def test_nothing_to_test_is_said_first():
    units = units_of()
    found = clusters(units, **GROUP, adjacency=adjacency(units), minimum=1000, permutations=99)
    assert found.summary().startswith("None of the census tracts could be tested, so there is no cluster. Neighbours")
    assert not any("shuffles" in note for note in found.notes)


def test_the_shuffles_of_the_whole_area_are_told():
    units = units_of()
    found = clusters(units, **GROUP, adjacency=adjacency(units), permutations=99)
    assert "The p of Moran's I for the whole area is from 999 shuffles." in found.notes
    assert "Of 4 census tracts tested, none stands out." in found.summary()


def test_adults_are_not_called_people(before):
    text = measure_plan(before, population="total_vap").summary()
    assert text.startswith("Before has 2 districts and 3,200 adults; the ideal is 1,600 adults a seat.")
    moved = measure_plan(place(before.units, plan_of("1222")), population="total_vap").summary()
    assert "district 2, 800 adults (50.00%) over the ideal." in moved
    assert "The overall range is 1,600 adults a seat" in moved


def test_rings_that_gaps_leave_are_told():
    ring = box(-157.89, 21.3, -157.88, 21.31).difference(box(-157.886, 21.304, -157.884, 21.306))
    notched = Polygon([(-157.89, 21.31), (-157.88, 21.31), (-157.88, 21.32), (-157.885, 21.311), (-157.89, 21.32)])
    units = units_of(shapes=[box(-157.9, 21.3, -157.8899, 21.31), ring, notched, SHAPES[3]])
    notes = measure_plan(place(units, plan_of("1112"))).notes
    assert any(
        "joined by a full union. They have 1 ring inside, which gaps between units may have made; a ring counts in the "
        "perimeter, so Polsby–Popper and Schwartzberg may be too low." in note
        for note in notes
    )


@pytest.mark.parametrize("method", ["moran", "gi"])
def test_the_order_of_the_file_changes_no_cluster(method, rng):
    shapes = [box(x, y, x + 1000, y + 1000) for y in range(0, 8000, 1000) for x in range(0, 8000, 1000)]
    ids = pd.Index([f"36061{at:06d}" for at in range(64)], dtype="str", name="GEOID")
    group = np.array([700 if at % 8 < 3 else 100 for at in range(64)]) + rng.integers(0, 90, 64)
    frame = pd.DataFrame({"total_vap": 800, "asian_alone_vap": group}, index=ids)
    units = Units(frame, "tract", 2020, geometry=gpd.GeoSeries(shapes, index=ids, crs="EPSG:5070"))
    order = rng.permutation(64)
    mixed = replace(units, frame=frame.iloc[order], geometry=units.geometry.iloc[order])
    one, other = (
        clusters(each, **GROUP, adjacency=adjacency(each), method=method, permutations=99, q=0.2)
        for each in (units, mixed)
    )
    assert other.frame.index.tolist() == ids[order].tolist()
    assert (one.frame["code"] != "").any()
    pd.testing.assert_frame_equal(other.frame.loc[ids], one.frame)
    assert other.overall.p == one.overall.p
    assert other.outlines["units"].tolist() == one.outlines["units"].tolist()


def test_endless_counts_are_refused():
    units = units_of()

    def with_one(name):
        counts = units.frame.astype("float64")
        counts.loc[IDS[2], name] = np.inf
        return replace(units, frame=counts)

    with pytest.raises(SchemaError, match=f"1 of 4 census tracts have an endless total_pop, first {IDS[2]}. No count"):
        place(with_one("total_pop"), plan_of("1122"))
    one, other = (place(with_one("asian_alone_vap"), plan_of(labels, labels)) for labels in ("1122", "1222"))
    for measure in (
        lambda: swap_sheet(one, other, **GROUP),
        lambda: compare_plans(one, other, **GROUP),
        lambda: measure_plan(one, population="asian_alone_vap"),
        lambda: score_plans(one.units, one.assignment.to_frame(), columns=["asian_alone_vap"]),
    ):
        with pytest.raises(SchemaError, match="have an endless asian_alone_vap"):
            measure()
