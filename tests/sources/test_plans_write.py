"""Plans written and read again are the same plan."""

import hashlib
import zipfile

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

from kit.errors import CRSError, InputError
from kit.model.frames import Plan
from kit.sources.plans import read_plan, write_plan

IDS = ["360610001001000", "360610001001001", "360610001001002"]


@pytest.fixture
def polygons():
    labels = ("01", "2", "10")
    shapes = [box(-74 + 0.01 * i, 40.7, -73.99 + 0.01 * i, 40.71) for i in range(3)]
    shapes[2] = shapes[2].union(box(-73.9, 40.7, -73.89, 40.71))
    return Plan("Draft", labels, geometry=gpd.GeoSeries(shapes, index=pd.Index(labels, dtype="str"), crs="EPSG:4269"))


@pytest.fixture
def listed():
    series = pd.Series(["2", "01", "10"], index=pd.Index(IDS, dtype="str", name="GEOID"), dtype="str")
    return Plan("Draft", ("01", "2", "10"), assignment=series, level="block")


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".shp", ".zip", ".kml"])
def test_polygons_come_back(polygons, tmp_path, suffix):
    path = write_plan(polygons, tmp_path / "new folder" / f"draft plan{suffix}")
    assert path.exists()
    again = read_plan(path, id="DISTRICT")
    assert again.labels == ("01", "2", "10")
    assert again.geometry.crs.to_epsg() == (4326 if suffix in {".geojson", ".kml"} else 4269)
    shapes = again.geometry.to_crs(4269)
    for label in polygons.labels:
        apart = shapes[label].symmetric_difference(polygons.geometry[label])
        assert shapes[label].hausdorff_distance(polygons.geometry[label]) < 1e-6
        assert apart.area < 1e-8
    assert read_plan(path).labels == again.labels


def test_the_list_comes_back(listed, tmp_path):
    path = write_plan(listed, tmp_path / "draft.csv")
    assert path.read_text().splitlines() == ["BLOCKID,DISTRICT", f"{IDS[0]},2", f"{IDS[1]},01", f"{IDS[2]},10"]
    again = read_plan(path)
    assert again.assignment.to_dict() == listed.assignment.to_dict()
    assert (again.labels, again.level) == (listed.labels, "block")


def test_units_that_are_not_blocks_are_called_geoid(tmp_path):
    series = pd.Series(["North, upper", "S"], index=pd.Index(["360610001001", "360610001002"], dtype="str"))
    plan = Plan("Draft", ("North, upper", "S"), assignment=series, level="block_group")
    path = write_plan(plan, tmp_path / "a.csv")
    assert path.read_text().startswith("GEOID,DISTRICT\n360610001001,")
    assert read_plan(path).assignment.to_dict() == series.to_dict()


def test_the_missing_side_is_said(polygons, listed, tmp_path):
    with pytest.raises(
        InputError, match=r"'Draft' has polygons and no list of units, and .csv is a block equivalency file"
    ):
        write_plan(polygons, tmp_path / "a.csv")
    with pytest.raises(
        InputError, match=r"'Draft' is a list of units without polygons, and .shp holds polygons. Write it as .csv"
    ):
        write_plan(listed, tmp_path / "a.shp")
    with pytest.raises(InputError, match=r"a.xlsx: plans are written as .geojson, .gpkg, .shp, .zip, .kml, .csv"):
        write_plan(listed, tmp_path / "a.xlsx")
    bare = Plan("Draft", ("01",), geometry=gpd.GeoSeries([box(0, 0, 1, 1)], index=["01"]))
    with pytest.raises(CRSError, match=r"the plan 'Draft' has no coordinate reference system"):
        write_plan(bare, tmp_path / "a.gpkg")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".shp", ".zip", ".kml"])
def test_the_same_plan_gives_the_same_bytes_and_replaces_the_old_file(polygons, tmp_path, suffix):
    path = tmp_path / f"plan{suffix}"
    path.write_text("old")
    digests = {hashlib.sha256(write_plan(polygons, path).read_bytes()).hexdigest() for _ in range(2)}
    assert len(digests) == 1
    assert read_plan(path).labels == polygons.labels
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_the_zip_holds_a_whole_shapefile(polygons, tmp_path):
    path = write_plan(polygons, tmp_path / "draft.zip")
    assert sorted(zipfile.ZipFile(path).namelist()) == [f"draft.{s}" for s in ("cpg", "dbf", "prj", "shp", "shx")]


def test_geojson_is_in_wgs_84_with_text_labels(polygons, tmp_path):
    text = write_plan(polygons, tmp_path / "a.geojson").read_text()
    assert '"DISTRICT": "01"' in text
    assert '"crs"' not in text


def test_the_plan_is_not_changed(polygons, tmp_path):
    before = polygons.geometry.to_wkt().to_dict()
    write_plan(polygons, tmp_path / "a.geojson")
    assert polygons.geometry.to_wkt().to_dict() == before
    assert polygons.geometry.crs.to_epsg() == 4269


def test_a_list_of_the_invented_county_comes_back_as_blocks(tmp_path):
    import kit

    sample = kit.load_sample("fictional_county")
    path = tmp_path / "mine.csv"
    write_plan(sample.plans["a"], path)
    again = read_plan(path)
    assert (again.level, again.assignment.to_dict()) == ("block", sample.plans["a"].assignment.to_dict())
    tracts = sample.survey("C16001")
    placed = [kit.place(tracts, plan, rule="assignment").assignment.to_dict() for plan in (again, sample.plans["a"])]
    assert placed[0] == placed[1]


def test_postal_codes_from_98_on_are_no_counties(tmp_path):
    path = tmp_path / "zips.csv"
    path.write_text("GEOID,DISTRICT\n98101,1\n98102,2\n")
    assert read_plan(path).level is None
