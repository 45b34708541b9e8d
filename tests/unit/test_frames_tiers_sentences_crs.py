"""Frozen frames, bands of share, plain sentences, and projections."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import geopandas as gpd
import pandas as pd
import pyproj
import pytest
from shapely import Point, box

from kit.errors import CoverageError, CRSError, SchemaError
from kit.model.crs import describe, equal_area, looks_like_degrees, one_datum, require_area_crs, require_crs
from kit.model.frames import DistrictTable, Placement, Plan, Source, Units
from kit.model.sentences import group_name, listed, people, percent
from kit.model.tiers import NO_SHARE, TIERS, Tier, tier_of


@pytest.fixture
def units(four_squares):
    return four_squares[0]


@pytest.fixture
def plan(four_squares):
    return four_squares[1]


@pytest.fixture
def placement(units, plan):
    districts = pd.Series(["1", "1", "2", "2"], index=units.frame.index, dtype="str")
    return Placement(units, plan, districts, pd.DataFrame(), pd.DataFrame(), "point")


def table_of(placement, counts, bases, notes=()):
    frame = pd.DataFrame({"count": counts, "base": bases}, index=[str(i + 1) for i in range(len(counts))])
    frame["share"] = frame["count"] / frame["base"].where(frame["base"] > 0)
    total = pd.Series({"count": sum(counts), "base": sum(bases), "share": sum(counts) / max(sum(bases), 1)})
    return DistrictTable(frame, total, "aapi_aoic", "vap", placement, notes)


# Source


def test_citation_in_full():
    source = Source(
        "2020 Census Redistricting Data",
        publisher="U.S. Census Bureau",
        tables="P3 and P4",
        level="block_group",
        where="www2.census.gov",
        retrieved="2026-07-01T12:00:00Z",
    )
    assert source.citation() == (
        "U.S. Census Bureau, 2020 Census Redistricting Data, tables P3 and P4, by block group, "
        "www2.census.gov, retrieved 2026-07-01."
    )


def test_citation_of_a_title_alone():
    assert Source("wards.csv").citation() == "wards.csv."


# Units


def test_units_cannot_be_changed_through_their_frame(units):
    frame = units.frame
    frame["total_pop"] = 0
    frame.loc["360610001001000", "aapi_aoic_vap"] = 999
    shapes = units.geometry
    shapes.iloc[0] = None
    assert units.frame["total_pop"].tolist() == [100, 200, 300, 400]
    assert units.frame["aapi_aoic_vap"].iloc[0] == 39
    assert units.geometry.notna().all()


def test_units_do_not_follow_the_callers_frame():
    frame = pd.DataFrame({"total_pop": [1]}, index=pd.Index(["15"], dtype="str"))
    units = Units(frame, level="state")
    frame.loc["15", "total_pop"] = 99
    assert units.frame["total_pop"].tolist() == [1]


@pytest.mark.parametrize("name", ["frame", "geometry", "level"])
def test_units_are_frozen(units, name):
    with pytest.raises(FrozenInstanceError):
        setattr(units, name, None)


def test_units_say_what_they_are(units):
    assert len(units) == 4
    assert units.plural == "census blocks"
    assert replace(units, level="").plural == "units"
    assert units.count_columns[:2] == ["total_pop", "total_vap"]


def test_doubled_units():
    frame = pd.DataFrame({"total_pop": [1, 2]}, index=pd.Index(["15", "15"], dtype="str"))
    with pytest.raises(SchemaError, match="1 unit ids stand in more than one row: 15"):
        Units(frame)


def test_units_with_numbers_for_ids():
    with pytest.raises(SchemaError, match=r"unit ids must be text; use kit\.read_units"):
        Units(pd.DataFrame({"total_pop": [1, 2]}, index=[15, 36]))


def test_geometry_on_another_index(units):
    with pytest.raises(SchemaError, match="geometry of units must stand on the same index"):
        replace(units, geometry=units.geometry.iloc[::-1])


def test_column_that_is_not_there(units):
    with pytest.raises(SchemaError, match="no column 'aapi_aoic_cvap'. Counts at hand: total_pop, .* and 4 more"):
        units.column("aapi_aoic_cvap")


def test_column_with_missing_values(units):
    frame = units.frame.astype(float)
    frame.iloc[1, 0] = None
    with pytest.raises(SchemaError, match="1 of 4 census blocks have no value for total_pop, first 360610001001001"):
        replace(units, frame=frame).column("total_pop")


def test_with_geometry_from_a_column(units):
    shapes = gpd.GeoDataFrame({"GEOID20": units.frame.index[::-1]}, geometry=units.geometry.to_numpy()[::-1], crs=5070)
    source = Source("Squares")
    found = replace(units, geometry=None).with_geometry(shapes, id="GEOID20", source=source)
    assert found.geometry.geom_equals(units.geometry).all()
    assert found.sources[-1] == source
    assert units.sources != found.sources


def test_with_geometry_that_lacks_a_unit(units):
    with pytest.raises(CoverageError, match="1 of 4 census blocks have no shape, first 360610001001003"):
        units.with_geometry(units.geometry.iloc[:3])


# Plan


def test_plan_without_shapes_or_list():
    with pytest.raises(SchemaError, match="the plan 'X' has neither polygons nor a list of units"):
        Plan("X", ("1",))


def test_plan_labels_are_text(plan):
    assert len(plan) == 2
    with pytest.raises(SchemaError, match="district labels must be text"):
        replace(plan, labels=(1, 2))


def test_plan_cannot_be_changed_through_its_geometry(plan):
    shapes = plan.geometry
    shapes.iloc[0] = None
    assert plan.geometry.notna().all()
    assert plan.assignment is None


# Placement


def test_totals_by_hand(placement):
    found = placement.totals(["total_vap", "aapi_aoic_vap"])
    assert found.loc["1"].tolist() == [230, 57]
    assert found.loc["2"].tolist() == [500, 29]
    assert found.index.name == "district"


def test_totals_list_every_district_in_natural_order(placement, plan):
    more = replace(placement, plan=replace(plan, labels=("10", "2", "1")))
    found = more.totals(["total_pop"])
    assert found["total_pop"].to_dict() == {"1": 300, "2": 700, "10": 0}
    assert found.index.tolist() == ["1", "2", "10"]


def test_totals_leave_unplaced_people_out(placement):
    assignment = placement.assignment
    assignment.iloc[3] = None
    assert replace(placement, assignment=assignment).totals(["total_pop"])["total_pop"].tolist() == [300, 300]


def test_totals_of_an_assignment_of_other_units(placement):
    stranger = placement.assignment.rename({"360610001001003": "360610001009999"})
    with pytest.raises(CoverageError, match="does not list its units one by one, in their order; use kit.place"):
        replace(placement, assignment=stranger).totals(["total_pop"])


def test_placement_sources_are_those_of_units_and_plan(placement):
    assert [s.title for s in placement.sources] == ["Four squares", "Two rows"]


def test_placement_cannot_be_changed_through_its_assignment(placement):
    districts = placement.assignment
    districts.iloc[0] = "9"
    assert placement.assignment.iloc[0] == "1"


# Tiers


@pytest.mark.parametrize(
    ("share", "label"),
    [
        (0.0, "10% or less"),
        (0.1, "10% or less"),
        (0.1001, "more than 10%, up to 20%"),
        (0.5, "more than 40%, up to 50%"),
        (0.50004, "more than 50%"),
        (1.0, "more than 50%"),
        (float("nan"), NO_SHARE),
    ],
)
def test_tiers(share, label):
    assert tier_of(pd.Series([share])).tolist() == [label]


def test_tiers_run_downwards_and_can_be_others():
    assert [t.above for t in TIERS] == sorted((t.above for t in TIERS), reverse=True)
    two = (Tier(0.25, "high"), Tier(-1, "low"))
    assert tier_of(pd.Series([0.25, 0.26], index=["a", "b"]), two).to_dict() == {"a": "low", "b": "high"}


# Sentences


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.5, "50.0%"),
        (0.50004, "50.004%"),
        (0.49996, "49.996%"),
        (0.5006, "50.1%"),
        (0.0, "0.0%"),
        (0.0004, "0.04%"),
        (1.0, "100.0%"),
        (0.99999, "99.999%"),
        (0.145, "14.5%"),
        (float("nan"), "not available"),
        (None, "not available"),
    ],
)
def test_percent(share, text):
    assert percent(share) == text


def test_percent_with_places():
    assert percent(0.123456, 0) == "12%"
    assert percent(0.123456, 3) == "12.346%"


@pytest.mark.parametrize(("count", "text"), [(1234567, "1,234,567"), (0, "0"), (float("nan"), "not available")])
def test_people(count, text):
    assert people(count) == text


def test_listed():
    assert listed(["1"]) == "1"
    assert listed(["1", "2", "3"]) == "1, 2 and 3"


def test_group_name():
    assert group_name("asian_alone") == "Asian alone"


def test_summary_by_hand(placement):
    text = table_of(placement, [57, 29], [230, 500], ("A caution.",)).summary()
    assert text == (
        "In Two rows, people counted as “Asian or NHPI, alone or in combination” make up 11.8% of all adults: 86 of 730. "
        "The highest share is in district 1: 24.8% (57 of 230 adults). "
        "The lowest share is in district 2: 5.8% (29 of 500 adults). "
        "Of 2 districts with adults: none above 50%; none above 40%; none above 30%; 1 above 20% (district 1); "
        "1 above 10% (district 1). A caution."
    )


def test_summary_with_ties(placement):
    text = table_of(placement, [10, 10, 5], [40, 40, 50]).summary()
    assert "Districts 1 and 2 share the highest share, 25.0%." in text
    assert "The lowest share is in district 3: 10.0%" in text


def test_summary_where_all_are_equal(placement):
    text = table_of(placement, [10, 10], [40, 40]).summary()
    assert "Every district has the same share, 25.0%." in text
    assert "highest" not in text


def test_summary_of_exactly_one_half_is_no_majority(placement):
    text = table_of(placement, [20, 1], [40, 40]).summary()
    assert "none above 50%; 1 above 40% (district 1)" in text


def test_summary_names_empty_districts(placement):
    text = table_of(placement, [10, 0, 0], [40, 0, 0]).summary()
    assert "Districts 2 and 3 had no adults among these units, so no share is given." in text


def test_summary_of_nobody_at_all(placement):
    text = table_of(placement, [0], [0]).summary()
    assert "District 1 had no adults" in text
    assert "Of 0" not in text


def test_summary_of_many_districts_does_not_list_them(placement):
    text = table_of(placement, [6] * 7 + [1], [10] * 8).summary()
    assert "7 above 50%;" in text


# Projections


def series(*corners, crs):
    return gpd.GeoSeries([box(*corners)], crs=crs)


def test_degrees_are_recognised():
    assert looks_like_degrees(series(-74, 40, -73, 41, crs=None))
    assert not looks_like_degrees(series(1_800_000, 2_100_000, 1_900_000, 2_200_000, crs=None))


@pytest.mark.parametrize("name", ["EPSG:4326", "OGC:CRS84", "EPSG:4269"])
def test_degrees_of_one_datum_stay_where_they_are(name):
    shapes = series(-157.9, 21.3, -157.8, 21.4, crs=name)
    assert one_datum(shapes).crs == "EPSG:4269"
    assert one_datum(shapes).to_crs("EPSG:26904").total_bounds == pytest.approx(
        series(-157.9, 21.3, -157.8, 21.4, crs="EPSG:4269").to_crs("EPSG:26904").total_bounds, abs=1e-9
    )


@pytest.mark.parametrize("name", ["EPSG:32604", "EPSG:4267", "EPSG:3857"])
def test_other_systems_are_left_as_they_are(name):
    shapes = series(0, 1, 2, 3, crs=name)
    assert one_datum(shapes) is shapes


def test_missing_crs_of_degrees():
    with pytest.raises(CRSError, match=r'the plan has no coordinate .* look like degrees .* crs="EPSG:4269"'):
        require_crs(series(-74, 40, -73, 41, crs=None), what="the plan")


def test_missing_crs_of_metres():
    with pytest.raises(CRSError, match=r"coordinates are not degrees\. Pass crs= with the system .*\.prj"):
        require_crs(series(10**6, 10**6, 2 * 10**6, 2 * 10**6, crs=None), what="the plan")


def test_equal_area_is_centred_on_the_place_and_keeps_area():
    shapes = series(-118.7, 33.7, -117.7, 34.8, crs="EPSG:4269")
    found = equal_area(shapes)
    assert describe(found) == "Lambert azimuthal equal-area centred on 34.2° N 118.2° W"
    flat = shapes.segmentize(0.01).to_crs(found).area.iloc[0]
    true = abs(pyproj.Geod(ellps="GRS80").geometry_area_perimeter(shapes.segmentize(0.01).iloc[0])[0])
    assert flat == pytest.approx(true, rel=1e-4)


def test_equal_area_from_a_projected_layer():
    found = equal_area(series(-9e5, 1.5e6, -8e5, 1.6e6, crs="EPSG:5070"))
    assert describe(found).startswith("Lambert azimuthal equal-area centred on 3")


def test_equal_area_south_and_east():
    guam = equal_area(series(144.6, 13.2, 145.0, 13.7, crs="EPSG:4269"))
    assert describe(guam).endswith("13.4° N 144.8° E")
    samoa = equal_area(series(-170.9, -14.4, -170.5, -14.2, crs="EPSG:4269"))
    assert describe(samoa).endswith("14.3° S 170.7° W")


def test_equal_area_across_the_antimeridian():
    alaska = gpd.GeoSeries([Point(-130, 55), Point(173, 53)], crs="EPSG:4269")
    assert equal_area(alaska).to_epsg() == 3338


def test_equal_area_needs_a_crs():
    with pytest.raises(CRSError, match="the layer has no coordinate reference system"):
        equal_area(series(-74, 40, -73, 41, crs=None))


@pytest.mark.parametrize("code", ["EPSG:4269", "EPSG:4326"])
def test_degrees_are_refused_for_areas(code):
    with pytest.raises(CRSError, match=r"areas needs metres, and .* is in degrees; use kit\.model\.crs\.equal_area"):
        require_area_crs(code, what="areas")


@pytest.mark.parametrize("code", ["EPSG:3857", "ESRI:102100"])
def test_web_mercator_is_refused_for_areas(code):
    with pytest.raises(CRSError, match="cannot use Web Mercator"):
        require_area_crs(code, what="areas")


def test_equal_area_systems_are_taken():
    assert require_area_crs("EPSG:5070", what="areas").to_epsg() == 5070


def test_describe_a_named_system():
    assert describe("EPSG:5070") == "NAD83 / Conus Albers (EPSG:5070)"
    assert describe(pyproj.CRS("+proj=utm +zone=11 +datum=NAD83")) == "NAD83 / UTM zone 11N (EPSG:26911)"


def test_describe_a_system_of_somebodys_own():
    assert describe(pyproj.CRS("+proj=aea +lat_1=20 +lat_2=40 +lon_0=-96 +datum=NAD83")) == "an unnamed projection"
