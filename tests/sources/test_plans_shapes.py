"""District polygons: labels, CRS, repairs, overlaps and holes, worked out by hand."""

import json
import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from kit.errors import CRSError, InputError, SchemaError
from kit.sources.plans import read_plan

# Squares of 1 km in UTM zone 18N, lower left corner at 500 km, 4,500 km.
X, Y = 500_000.0, 4_500_000.0


def cell(column, row=0, wide=1000.0, high=1000.0):
    return box(X + 1000 * column, Y + 1000 * row, X + 1000 * column + wide, Y + 1000 * row + high)


def layer(path, columns, shapes, crs="EPSG:26918", **kwargs):
    gpd.GeoDataFrame(columns, geometry=list(shapes), crs=crs).to_file(path, **kwargs)
    return path


def gpkg(tmp_path, columns, shapes, crs="EPSG:26918"):
    return layer(tmp_path / "plan.gpkg", columns, shapes, crs, driver="GPKG", layer="plan")


def two(tmp_path, **columns):
    return gpkg(tmp_path, columns, [cell(0), cell(1)])


# --- labels


@pytest.mark.parametrize(
    ("columns", "labels", "taken"),
    [
        ({"DISTRICT": ["01", "02"]}, ("01", "02"), "DISTRICT"),
        ({"OBJECTID": [1, 2], "Shape_Area": [1.5, 2.5], "District": [10, 9]}, ("9", "10"), "District"),
        ({"STATEFP": ["36", "36"], "CD118FP": ["03", "07"], "NAMELSAD": ["CD 3", "CD 7"]}, ("03", "07"), "CD118FP"),
        ({"SLDUST": ["001", "002"], "NAME": ["a", "b"]}, ("001", "002"), "SLDUST"),
        ({"SLDLST": ["001", "002"], "NAME": ["a", "b"]}, ("001", "002"), "SLDLST"),
        ({"DISTRICTNO": [1, 2], "MEMBER": ["x", "x"]}, ("1", "2"), "DISTRICTNO"),
        ({"Ward": ["A", "B"], "Locked": [None, None]}, ("A", "B"), "Ward"),
        ({"DISTRICT_N": [1.0, 2.0], "POP": [7, 8]}, ("1", "2"), "DISTRICT_N"),
        ({"DISTRICT": ["1", "2"], "DISTRICTNO": [1.0, 2.0]}, ("1", "2"), "DISTRICT"),
        ({"assembly_unity": ["BK", "BJ"]}, ("BJ", "BK"), "assembly_unity"),
        ({"letters": ["A", "B"], "IDEAL_VALU": [776971, 776971]}, ("A", "B"), "letters"),
        ({"seat": [4, 7], "TOTPOP": [776971, 776970], "AREA": [3.5, 4.5]}, ("4", "7"), "seat"),
    ],
)
def test_the_column_of_labels_is_found(tmp_path, columns, labels, taken):
    plan = read_plan(two(tmp_path, **columns))
    assert plan.labels == labels
    assert f"District labels are from the column {taken}." in plan.notes
    assert list(plan.geometry.index) == list(labels)
    assert plan.geometry.crs.to_epsg() == 26918
    assert plan.assignment is None


@pytest.mark.parametrize(
    "columns",
    [
        {"CODE": ["x", "y"], "NAME": ["North", "South"]},
        {"DISTRICT": [1, 2], "WARD": [3, 4]},
        {"OBJECTID": [1, 2], "Shape_Area": [1.5, 2.5]},
        {"TOTPOP": [716543, 716544], "IDEAL": [1, 2]},
    ],
)
def test_columns_that_leave_a_choice_are_listed(tmp_path, columns):
    first = next(iter(columns))
    with pytest.raises(
        InputError, match=rf"does not say which column holds the district labels. Columns: {first} \(.*Pass id="
    ):
        read_plan(two(tmp_path, **columns))


def test_the_column_given(tmp_path):
    path = two(tmp_path, CODE=["x", "y"], NAME=["North", "South"])
    plan = read_plan(path, id="name")
    assert plan.labels == ("North", "South")
    assert plan.notes == ()
    with pytest.raises(InputError, match=r"has no column 'WARD'. Columns: CODE \(x, y\), NAME \(North, South\)"):
        read_plan(path, id="WARD")


def test_shapes_without_labels_are_numbered_only_when_asked(tmp_path):
    path = gpkg(tmp_path, {}, [cell(0), cell(1)])
    with pytest.raises(
        InputError, match=r'has 2 shapes and no labels. Pass id="row" to number them 1 to 2 in file order'
    ):
        read_plan(path)
    plan = read_plan(path, id="row")
    assert plan.labels == ("1", "2")
    assert plan.notes[0].startswith("Labels are row numbers in file order, not the plan's own")


def test_a_column_called_row_is_a_column(tmp_path):
    assert read_plan(two(tmp_path, row=["A", "B"]), id="row").labels == ("A", "B")


def test_decimal_labels(tmp_path):
    plan = read_plan(two(tmp_path, DISTRICT=[1.0, 10.0]))
    assert plan.labels == ("1", "10")
    assert "Labels in DISTRICT were decimals (1.0) and are written as whole numbers (1)." in plan.notes
    with pytest.raises(SchemaError, match=r"the label column 'score' has fractions \(1.5\)"):
        read_plan(two(tmp_path, score=[1.5, 2.0]), id="score")
    with pytest.raises(SchemaError, match=r"true/false values are no district labels"):
        read_plan(two(tmp_path, flag=[True, False]), id="flag")


def test_areas_in_no_district_are_left_out(tmp_path):
    path = gpkg(tmp_path, {"SLDLST": ["001", "002", "ZZZ", None]}, [cell(i) for i in range(4)])
    plan = read_plan(path)
    assert plan.labels == ("001", "002")
    assert "2 shapes are in no district and left out (ZZZ: 1, blank: 1)." in plan.notes
    with pytest.raises(InputError, match=r"the label column 'SLDLST' names no district"):
        read_plan(gpkg(tmp_path, {"SLDLST": ["ZZZ"], "A": ["x"]}, [cell(0)]), id="SLDLST")


def test_shapes_of_one_label_are_united(tmp_path):
    plan = read_plan(gpkg(tmp_path, {"DISTRICT": ["1", "1", "2"]}, [cell(0), cell(1), cell(2)]))
    assert plan.geometry.area.to_dict() == {"1": 2e6, "2": 1e6}
    assert "2 shapes with a label in common united into 1 district." in plan.notes


def test_census_units_give_the_block_list_too(tmp_path):
    ids = [f"36061000100100{i}" for i in range(4)]
    columns = {"GEOID10": ids, "districtr": [1, 1, 2, -1]}
    plan = read_plan(gpkg(tmp_path, columns, [cell(i) for i in range(4)]))
    assert plan.labels == ("1", "2")
    assert plan.assignment.to_dict() == {ids[0]: "1", ids[1]: "1", ids[2]: "2"}
    assert (plan.level, plan.year) == ("block", 2010)
    assert plan.geometry.area.to_dict() == {"1": 2e6, "2": 1e6}


# --- coordinate reference systems


def test_a_missing_crs_must_be_given(tmp_path):
    path = layer(tmp_path / "plan.shp", {"DISTRICT": ["1", "2"]}, [cell(0), cell(1)])
    path.with_suffix(".prj").unlink()
    with pytest.raises(CRSError, match=r"plan.shp has no coordinate reference system; its coordinates are not degrees"):
        read_plan(path)
    assert read_plan(path, crs="EPSG:26918").geometry.crs.to_epsg() == 26918
    with pytest.raises(CRSError, match=r"crs='utm18' is not a coordinate reference system"):
        read_plan(path, crs="utm18")


def test_a_crs_that_contradicts_the_file(tmp_path):
    path = two(tmp_path, DISTRICT=["1", "2"])
    assert read_plan(path, crs="EPSG:26918").geometry.crs.to_epsg() == 26918
    with pytest.raises(InputError, match=r"declares NAD83 / UTM zone 18N, and crs= says NAD83 / UTM zone 17N"):
        read_plan(path, crs=26917)


def test_degrees_under_a_system_of_metres_and_the_reverse(tmp_path):
    degrees = [box(-74, 40.7, -73.9, 40.8), box(-73.9, 40.7, -73.8, 40.8)]
    with pytest.raises(CRSError, match=r"which is metres or feet, but its coordinates look like degrees"):
        read_plan(gpkg(tmp_path, {"DISTRICT": ["1", "2"]}, degrees))
    with pytest.raises(
        CRSError, match=r"says NAD83, which is degrees, but its coordinates run from 500,000, 4,500,000"
    ):
        read_plan(gpkg(tmp_path, {"DISTRICT": ["1", "2"]}, [cell(0), cell(1)], crs="EPSG:4269"))


def geojson(path, crs=None, shapes=None):
    shapes = shapes or [cell(0), cell(1)]
    features = [
        {"type": "Feature", "properties": {"DISTRICT": str(i + 1)}, "geometry": s.__geo_interface__}
        for i, s in enumerate(shapes)
    ]
    content = {"type": "FeatureCollection", "features": features}
    if crs:
        content["crs"] = {"type": "name", "properties": {"name": crs}}
    path.write_text(json.dumps(content))
    return path


def test_geojson_in_metres_that_names_no_crs(tmp_path):
    path = geojson(tmp_path / "plan.geojson")
    with pytest.raises(CRSError, match=r"pass crs= with the system they are in"):
        read_plan(path)
    assert read_plan(path, crs="EPSG:26918").geometry.area.to_list() == [1e6, 1e6]


def test_geojson_that_names_its_crs(tmp_path):
    path = geojson(tmp_path / "plan.json", crs="urn:ogc:def:crs:EPSG::26918")
    assert read_plan(path).geometry.crs.to_epsg() == 26918
    with pytest.raises(InputError, match=r"declares NAD83 / UTM zone 18N"):
        read_plan(path, crs="EPSG:4326")


def test_web_mercator_is_read_and_measured_in_equal_area(tmp_path):
    shapes = gpd.GeoSeries([cell(0), cell(1), cell(2, wide=100, high=100)], crs=26918)
    ring = shapes[0].difference(box(X + 100, Y + 100, X + 600, Y + 600))
    mercator = gpd.GeoSeries([ring, shapes[1]], crs=26918).to_crs(3857)
    plan = read_plan(gpkg(tmp_path, {"DISTRICT": ["1", "2"]}, mercator, crs="EPSG:3857"))
    assert plan.geometry.crs.to_epsg() == 3857
    # 500 m by 500 m on the grid (scale 0.9996): 0.25 km² on the ground, 0.43 km² in Web Mercator.
    assert "1 hole inside the plan in no district, 0.25 km² in all." in plan.notes


# --- shapes


def test_empty_shapes_are_named(tmp_path):
    path = gpkg(tmp_path, {"DISTRICT": ["1", "2", "3"]}, [cell(0), None, Polygon()])
    with pytest.raises(InputError, match=r"2 of 3 rows have no shape: 2, 3"):
        read_plan(path)


def test_points_and_lines_are_refused(tmp_path):
    shapes = [cell(0), LineString([(X, Y), (X + 9, Y)]), Point(X, Y)]
    with pytest.raises(InputError, match=r"2 shapes are LineString, Point, and districts are polygons: 2, 3"):
        read_plan(gpkg(tmp_path, {"DISTRICT": ["1", "2", "3"]}, shapes))


def test_collections_of_areas_are_districts_and_mixtures_are_not(tmp_path):
    areas = GeometryCollection([cell(0), cell(5)])
    assert read_plan(gpkg(tmp_path, {"DISTRICT": ["1", "2"]}, [areas, cell(1)])).geometry["1"].area == 2e6
    mixed = GeometryCollection([cell(0), Point(X, Y)])
    with pytest.raises(InputError, match=r"1 shapes? (is|are) GeometryCollection"):
        read_plan(gpkg(tmp_path, {"DISTRICT": ["1", "2"]}, [mixed, cell(1)]))


def test_heights_are_dropped(tmp_path):
    high = Polygon([(X, Y, 9), (X + 1000, Y, 9), (X + 1000, Y + 1000, 9), (X, Y + 1000, 9)])
    plan = read_plan(gpkg(tmp_path, {"DISTRICT": ["1", "2"]}, [high, cell(1)]))
    assert not plan.geometry.has_z.any()
    assert "Heights dropped from 1 shape." in plan.notes


def test_crossed_rings_are_repaired_and_counted(tmp_path):
    bow = Polygon([(X, Y), (X + 1000, Y + 1000), (X + 1000, Y), (X, Y + 1000)])
    plan = read_plan(gpkg(tmp_path, {"DISTRICT": ["1", "2"]}, [bow, cell(1)]))
    assert plan.geometry.is_valid.all()
    assert plan.geometry["1"].area == pytest.approx(500_000)
    assert any(n.startswith("1 shape with invalid rings repaired (1); area changed by") for n in plan.notes)


def test_a_spike_goes_and_a_shape_of_no_area_is_an_error(tmp_path):
    spike = Polygon(
        [(X, Y), (X + 500, Y), (X + 500, Y + 900), (X + 500, Y), (X + 1000, Y), (X + 1000, Y + 1000), (X, Y + 1000)]
    )
    plan = read_plan(gpkg(tmp_path, {"DISTRICT": ["1", "2"]}, [spike, cell(1)]))
    assert plan.geometry["1"].geom_type in {"Polygon", "MultiPolygon"}
    flat = Polygon([(X, Y), (X + 1000, Y), (X + 500, Y)])
    with pytest.raises(InputError, match=r"have no area once their rings are repaired: 1"):
        read_plan(gpkg(tmp_path, {"DISTRICT": ["1", "2"]}, [flat, cell(1)]))


def test_small_overlaps_are_counted(tmp_path):
    plan = read_plan(gpkg(tmp_path, {"DISTRICT": ["1", "2"]}, [cell(0, wide=1005), cell(1)]))
    assert "Slight overlaps in 1 pair of districts, 5,0" in " ".join(
        plan.notes
    )  # 5 m by 1 km, on the ground 0.08 % more


def test_large_overlaps_are_refused(tmp_path):
    with pytest.raises(
        InputError, match=r"1 pair of districts overlapping by more than 1 % of the smaller: 1 and 2 \(2\.0%\)"
    ):
        read_plan(gpkg(tmp_path, {"DISTRICT": ["1", "2"]}, [cell(0, wide=1020), cell(1)]))
    with pytest.raises(InputError, match=r"1 and 2 \(100\.0%\)"):
        read_plan(gpkg(tmp_path, {"DISTRICT": ["1", "2"]}, [cell(0), box(X + 10, Y + 10, X + 20, Y + 20)]))


def test_districts_that_touch_neither_overlap_nor_leave_holes(tmp_path):
    shapes = [cell(c, r) for r in range(3) for c in range(3)]
    plan = read_plan(gpkg(tmp_path, {"DISTRICT": [str(i) for i in range(9)]}, shapes))
    assert plan.notes == ("District labels are from the column DISTRICT.",)


def test_holes_are_counted(tmp_path):
    shapes = [cell(c, r) for r in range(3) for c in range(3) if (c, r) != (1, 1)]
    plan = read_plan(gpkg(tmp_path, {"DISTRICT": [str(i) for i in range(8)]}, shapes))
    assert "1 hole inside the plan in no district, 1.00 km² in all." in plan.notes


def test_an_enclave_that_is_a_district_is_no_hole(tmp_path):
    ring = cell(0, wide=3000, high=3000).difference(cell(1, 1))
    plan = read_plan(gpkg(tmp_path, {"DISTRICT": ["1", "2"]}, [ring, cell(1, 1)]))
    assert len(plan.notes) == 1


# --- containers


def test_kml_and_kmz(tmp_path):
    shapes = gpd.GeoSeries([cell(0), cell(1)], crs=26918).to_crs(4326)
    for suffix in (".kml", ".kmz"):
        layer(tmp_path / f"plan{suffix}", {"Name": ["1", "2"]}, shapes, "EPSG:4326", driver="LIBKML")
        plan = read_plan(tmp_path / f"plan{suffix}")
        assert plan.labels == ("1", "2")
        assert plan.geometry.crs.to_epsg() == 4326


def test_topojson_needs_its_crs(tmp_path):
    topology = {
        "type": "Topology",
        "arcs": [[[-74, 40.7], [-73.9, 40.7], [-73.9, 40.8], [-74, 40.8], [-74, 40.7]]],
        "objects": {
            "plan": {
                "type": "GeometryCollection",
                "geometries": [{"type": "Polygon", "arcs": [[0]], "properties": {"DISTRICT": "7"}}],
            }
        },
    }
    for name in ("plan.topojson", "plan.json"):
        (tmp_path / name).write_text(json.dumps(topology))
        with pytest.raises(CRSError, match=r"coordinates look like degrees of longitude and latitude. Pass crs="):
            read_plan(tmp_path / name)
        assert read_plan(tmp_path / name, crs="EPSG:4326").labels == ("7",)


def test_a_geopackage_of_several_layers(tmp_path):
    path = two(tmp_path, DISTRICT=["1", "2"])
    layer(path, {"DISTRICT": ["8", "9"]}, [cell(0), cell(1)], driver="GPKG", layer="senate")
    layer(path, {"name": ["x"]}, [Point(X, Y)], driver="GPKG", layer="offices")
    with pytest.raises(InputError, match=r"plan.gpkg has 2 layers that could be the plan: plan, senate. Pass layer="):
        read_plan(path)
    assert read_plan(path, layer="senate").labels == ("8", "9")
    with pytest.raises(InputError, match=r"has no layer 'house'; layers are plan, senate, offices"):
        read_plan(path, layer="house")


def test_files_without_shapes(tmp_path):
    (tmp_path / "a.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(InputError, match=r"a.geojson has no shapes in it"):
        read_plan(tmp_path / "a.geojson")
    gpd.GeoDataFrame({"DISTRICT": ["1"]}, geometry=[cell(0)], crs=26918)
    import pyogrio

    pyogrio.write_dataframe(pd.DataFrame({"DISTRICT": ["1"]}), tmp_path / "t.gpkg", layer="t")
    with pytest.raises(InputError, match=r"t.gpkg has attributes and no shapes"):
        read_plan(tmp_path / "t.gpkg")


def test_names_in_latin_1(tmp_path):
    path = layer(tmp_path / "plan.shp", {"WARD": ["Cañada", "Peña"]}, [cell(0), cell(1)], encoding="ISO-8859-1")
    path.with_suffix(".cpg").unlink(missing_ok=True)
    assert read_plan(path).labels == ("Cañada", "Peña")


def test_a_shape_drawn_in_the_wrong_direction_is_no_warning(tmp_path):
    backwards = Polygon(list(cell(0).exterior.coords)[::-1])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plan = read_plan(layer(tmp_path / "plan.shp", {"DISTRICT": ["1", "2"]}, [backwards, MultiPolygon([cell(1)])]))
    assert np.allclose(plan.geometry.area, 1e6)
