"""Boundaries: from the file server through the cache, with every refusal."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

import kit
from kit.errors import Corrupt, CoverageError, CRSError, InputError, NotPublished, Offline, SchemaError, ServerFault
from kit.model.frames import Source, Units
from kit.settings import using
from kit.sources.tiger import read_boundaries
from kit.sources.tiger_layout import CONGRESS, LAYERS
from kit.sources.tiger_paths import files_of, find_layer, part_of, years_of

_spec = importlib.util.spec_from_file_location("_tiger_maker", Path(__file__).with_name("tiger_maker.py"))
maker = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(maker)

OAHU = ["150030001001000", "150030001001001"]
MAUI = ["150090301001000"]
HI_BLOCKS = "/geo/tiger/TIGER2020/TABBLOCK20/tl_2020_15_tabblock20.zip"


@pytest.fixture
def hawaii(server):
    server.files[HI_BLOCKS] = maker.zipped(maker.blocks(OAHU + MAUI), "tl_2020_15_tabblock20")
    return server


def paths(layer, place, year, product="tiger", counties=(), resolution="500k"):
    from kit.model.geoid import state

    found, congress = find_layer(layer)
    part = part_of(found, product, year, congress)
    where = None if place == "US" else state(place)
    got = files_of(part, found, year=year, where=where, counties=list(counties), resolution=resolution)
    return [path.removeprefix("/geo/tiger/") for path in got]


# --- the names of the files --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layer", "place", "year", "path"),
    [
        ("block", "HI", 2020, "TIGER2020/TABBLOCK20/tl_2020_15_tabblock20.zip"),
        ("block", "HI", 2023, "TIGER2023/TABBLOCK20/tl_2023_15_tabblock20.zip"),
        ("block", "HI", 2019, "TIGER2019/TABBLOCK/tl_2019_15_tabblock10.zip"),
        ("block", "HI", 2012, "TIGER2012/TABBLOCK/tl_2012_15_tabblock.zip"),
        ("block", "HI", 2010, "TIGER2010/TABBLOCK/2010/tl_2010_15_tabblock10.zip"),
        ("bg", "NY", 2010, "TIGER2010/BG/2010/tl_2010_36_bg10.zip"),
        ("tract", "NY", 2022, "TIGER2022/TRACT/tl_2022_36_tract.zip"),
        ("vtd", "HI", 2020, "TIGER2020PL/LAYER/VTD/2020/tl_2020_15_vtd20.zip"),
        ("vtd", "HI", 2012, "TIGER2012/VTD/tl_2012_15_vtd10.zip"),
        ("place", "NY", 2020, "TIGER2020/PLACE/tl_2020_36_place.zip"),
        ("cousub", "NY", 2010, "TIGER2010/COUSUB/2010/tl_2010_36_cousub10.zip"),
        ("county", "NY", 2010, "TIGER2010/COUNTY/2010/tl_2010_us_county10.zip"),
        ("county", "NY", 2020, "TIGER2020/COUNTY/tl_2020_us_county.zip"),
        ("state", "US", 2020, "TIGER2020/STATE/tl_2020_us_state.zip"),
        ("cd", "HI", 2010, "TIGER2010/CD/111/tl_2010_15_cd111.zip"),
        ("cd", "HI", 2012, "TIGER2012/CD/tl_2012_us_cd112.zip"),
        ("cd", "HI", 2021, "TIGER2021/CD/tl_2021_us_cd116.zip"),
        ("cd118", "HI", 2022, "TIGER2022/CD/tl_2022_15_cd118.zip"),
        ("cd119", "HI", 2024, "TIGER2024/CD/tl_2024_15_cd119.zip"),
        ("sldu", "HI", 2022, "TIGER2022/SLDU/tl_2022_15_sldu.zip"),
        ("state_house", "HI", 2010, "TIGER2010/SLDL/2010/tl_2010_15_sldl10.zip"),
        ("unsd", "HI", 2020, "TIGER2020/UNSD/tl_2020_15_unsd.zip"),
        ("elsd", "CA", 2010, "TIGER2010/ELSD/2010/tl_2010_06_elsd10.zip"),
        ("aiannh", "US", 2020, "TIGER2020/AIANNH/tl_2020_us_aiannh.zip"),
        ("hawaiian home lands", "HI", 2010, "TIGER2010/AIANNH/2010/tl_2010_us_aiannh10.zip"),
        ("main_roads", "HI", 2020, "TIGER2020/PRISECROADS/tl_2020_15_prisecroads.zip"),
    ],
)
def test_names_of_detailed_files(layer, place, year, path):
    assert paths(layer, place, year) == [path]


@pytest.mark.parametrize(
    ("layer", "place", "year", "resolution", "path"),
    [
        ("tract", "HI", 2020, "500k", "GENZ2020/shp/cb_2020_15_tract_500k.zip"),
        ("tract", "US", 2020, "500k", "GENZ2020/shp/cb_2020_us_tract_500k.zip"),
        ("tract", "HI", 2013, "500k", "GENZ2013/cb_2013_15_tract_500k.zip"),
        ("tract", "HI", 2010, "500k", "GENZ2010/gz_2010_15_140_00_500k.zip"),
        ("county", "HI", 2022, "20m", "GENZ2022/shp/cb_2022_us_county_20m.zip"),
        ("cd", "HI", 2023, "5m", "GENZ2023/shp/cb_2023_us_cd118_5m.zip"),
        ("cd", "HI", 2010, "5m", "GENZ2010/gz_2010_us_500_11_5m.zip"),
        ("vtd", "HI", 2020, "500k", "GENZ2020/shp/cb_2020_15_vtd_500k.zip"),
        ("sldu", "HI", 2010, "500k", "GENZ2010/gz_2010_15_610_u2_500k.zip"),
    ],
)
def test_names_of_generalized_files(layer, place, year, resolution, path):
    assert paths(layer, place, year, "cartographic", resolution=resolution) == [path]


def test_roads_and_water_come_by_county():
    assert paths("roads", "HI", 2020, counties=["003", "009"]) == [
        "TIGER2020/ROADS/tl_2020_15003_roads.zip",
        "TIGER2020/ROADS/tl_2020_15009_roads.zip",
    ]
    assert paths("areawater", "HI", 2010, counties=["003"]) == ["TIGER2010/AREAWATER/tl_2010_15003_areawater.zip"]
    with pytest.raises(InputError, match=r"roads come county by county; pass counties=, such as counties=\['15003'\]"):
        paths("roads", "HI", 2020)


def test_every_layer_has_a_year_without_gaps_in_what_it_says():
    for layer in LAYERS.values():
        years = years_of(layer, "tiger")
        assert years
        for year in years:
            assert part_of(layer, "tiger", year).path
    assert sorted(CONGRESS) == list(range(2010, 2027))


@pytest.mark.parametrize(
    ("layer", "year", "product", "message"),
    [
        ("vtd", 2016, "tiger", "read for 2010, 2012, 2020, not for year=2016. The nearest is year=2020"),
        ("block", 2009, "tiger", "read for 2010–2026, not for year=2009. The nearest is year=2010"),
        ("tract", 2012, "cartographic", "The nearest is year=2013, or source='tiger'"),
        (
            "block",
            2020,
            "cartographic",
            "there are no cartographic boundary files of census blocks. Use source='tiger'",
        ),
        ("cd118", 2020, "tiger", r"districts of the 116th Congress. Those of the 118th are in year=2022, 2023"),
        ("cd117", 2021, "tiger", r"No edition has those of the 117th; Congresses are 111, 112"),
    ],
)
def test_what_is_not_published_names_the_nearest(layer, year, product, message):
    with pytest.raises(NotPublished, match=message.replace(".", r"\.")):
        paths(layer, "HI", year, product)


def test_requests_that_cannot_be_understood():
    for arguments, message in (
        (("blok", "HI", 2020), "there is no layer 'blok'. Did you mean block, tabblock. Layers are block, block_group"),
        (("block", "US", 2020), "census blocks of 2020 come State by State; give a State instead of 'US'"),
    ):
        with pytest.raises(InputError, match=message):
            paths(*arguments)
    with pytest.raises(InputError, match="resolution='1m': choose 500k, 5m, 20m"):
        paths("county", "HI", 2020, "cartographic", resolution="1m")
    with pytest.raises(InputError, match="census tracts of 2020 are not made at resolution='5m'"):
        paths("tract", "HI", 2020, "cartographic", resolution="5m")
    for kwargs, message in (
        ({"counties": "003"}, r"counties must be a list of codes, such as \['003'\]"),
        ({"counties": ["36003"]}, "county '36003' is not in Hawaii; give three digits, or five starting with 15"),
    ):
        with pytest.raises(InputError, match=message):
            read_boundaries("block", "HI", year=2020, **kwargs)
    for layer, place, year, counties, message in (
        ("sldl", "HI", 2020, ["003"], "do not each lie in one county"),
        ("main_roads", "HI", 2020, ["003"], "main roads come State by State"),
        ("county", "US", 2020, ["003"], "counties= needs a State"),
        ("aiannh", "HI", 2020, None, "cross State lines and come in one file; pass place='US'"),
        ("block", "HI", "2020", None, "give the edition as a whole number"),
    ):
        with pytest.raises(InputError, match=message):
            read_boundaries(layer, place, year=year, counties=counties)
    with pytest.raises(NotPublished, match="Nebraska has one chamber only; use layer='state_senate'"):
        read_boundaries("sldl", "NE", year=2022)
    with pytest.raises(NotPublished, match="Hawaiian home lands lie in Hawaii, not in New York"):
        read_boundaries("hawaiian_home_lands", "NY", year=2022)


# --- fetching ----------------------------------------------------------------------------------------


def test_blocks_join_units_and_carry_their_source(hawaii):
    shapes = read_boundaries("block", "HI", year=2020)
    assert shapes.index.tolist() == OAHU + MAUI
    assert shapes.index.name == "GEOID"
    assert shapes.crs.to_epsg() == 4269
    assert list(shapes.columns) == ["name", "land_m2", "water_m2", "geometry"]
    assert shapes.loc[MAUI[0], ["name", "land_m2", "water_m2"]].tolist() == ["Block 1000", 1_000_002, 2]
    frame = pd.DataFrame({"total_pop": [1, 2]}, index=pd.Index([MAUI[0], OAHU[0]], dtype="str", name="GEOID"))
    units = Units(frame, "block", 2020).with_geometry(shapes)
    assert units.geometry.loc[OAHU[0]].equals(shapes.geometry.iloc[0])
    made = units.sources[-1]
    assert made.title == "TIGER/Line Shapefiles 2020, census blocks, Hawaii"
    assert made.where == hawaii.root + HI_BLOCKS
    assert len(made.sha256) == 64
    assert made.retrieved.endswith("Z")
    own = Source("my own note")
    assert Units(frame, "block", 2020).with_geometry(shapes, source=own).sources == (own,)
    with pytest.raises(CoverageError, match="1 of 2 census blocks have no shape"):
        Units(frame, "block", 2020).with_geometry(shapes.iloc[:2])


def test_fetched_once_and_then_read_without_a_network(hawaii, capfd):
    read_boundaries("block", "HI", year=2020)
    asked = len(hawaii.asked)
    assert asked == 1
    assert hawaii.asked[0]["headers"]["User-Agent"].startswith("Mozilla/5.0")  # others get 403
    with using(offline=True):
        assert len(read_boundaries("block", "15", year=2020, counties=["15009"])) == 1
        with pytest.raises(Offline, match="the 2020 file of census tracts of Hawaii is not in the cache"):
            read_boundaries("tract", "HI", year=2020)
    assert len(hawaii.asked) == asked
    assert capfd.readouterr() == ("", "")


def test_a_redirect_is_followed(hawaii):
    hawaii.next = [(302, {"Location": hawaii.root + HI_BLOCKS}, "")]
    assert len(read_boundaries("block", "HI", year=2020)) == 3


def test_a_cut_connection_goes_on_where_it_stopped(server):
    server.files[HI_BLOCKS] = maker.zipped(maker.blocks([f"15003000100{n}" for n in range(1000, 3000)]), "x")
    server.cuts = [20_000]
    assert len(read_boundaries("block", "HI", year=2020)) == 2000
    assert server.asked[1]["headers"]["Range"] == "bytes=16384-"
    server.files[HI_BLOCKS.replace("TIGER2020", "TIGER2021").replace("tl_2020", "tl_2021")] = b"PK" + bytes(90_000)
    server.cuts = [20_000] * 3
    with pytest.raises(ServerFault, match=r"broke off at .* Run it again"):
        read_boundaries("block", "HI", year=2021)


def test_a_kept_file_that_changed_is_fetched_again(hawaii):
    from kit.sources.download import cached_path

    read_boundaries("block", "HI", year=2020)
    cached_path(HI_BLOCKS).write_bytes(b"PK nothing")
    assert len(read_boundaries("block", "HI", year=2020)) == 3
    assert len(hawaii.asked) == 2


def test_one_county_is_fetched_by_itself_unless_the_state_is_at_hand(hawaii):
    county = "/geo/tiger/TIGER2020PL/LAYER/TABBLOCK/2020/tl_2020_15009_tabblock20.zip"
    hawaii.files[county] = maker.zipped(maker.blocks(MAUI), "tl_2020_15009_tabblock20")
    shapes = read_boundaries("block", "HI", year=2020, counties=["009"])
    assert shapes.index.tolist() == MAUI
    assert [a["path"] for a in hawaii.asked] == [county]
    with pytest.raises(NotPublished, match=r"404.*County codes change"):
        read_boundaries("block", "HI", year=2020, counties=["003"])
    read_boundaries("block", "HI", year=2020)
    assert read_boundaries("block", "HI", year=2020, counties=["003"]).index.tolist() == OAHU


def test_counties_of_lines_are_put_together(server):
    for county, ids in (("003", ["110", "111"]), ("009", ["111", "112"])):
        frame = maker.lines(ids, {"FULLNAME": [f"Road {i}" for i in ids]}, id_column="LINEARID")
        server.files[f"/geo/tiger/TIGER2020/ROADS/tl_2020_15{county}_roads.zip"] = maker.zipped(frame, "r")
    roads = read_boundaries("roads", "HI", year=2020, counties=["009", "003"])
    assert roads.index.tolist() == ["110", "111", "111", "112"]
    assert roads["name"].iloc[-1] == "Road 112"
    assert roads.crs.to_epsg() == 4269
    assert "and 1 more (tl_2020_15009_roads.zip)" in roads.attrs["source"]["where"]


def test_a_national_file_gives_one_state(server):
    ids = ["15003", "36061"]
    columns = {"STATEFP": ["15", "36"], "NAMELSAD": ["Honolulu County", "New York County"], "ALAND": [1, 2]}
    frame = maker.squares(ids, columns, id_column="GEOID")
    server.files["/geo/tiger/TIGER2022/COUNTY/tl_2022_us_county.zip"] = maker.zipped(frame, "c")
    assert read_boundaries("county", "NY", year=2022)["name"].tolist() == ["New York County"]
    assert len(read_boundaries("county", "US", year=2022)) == 2
    assert len(server.asked) == 1


def test_generalized_files_of_2010_have_longer_ids_and_say_what_they_are_for(server):
    frame = maker.squares(["0500000US15003"], {"STATE": ["15"], "NAME": ["Honolulu"]}, id_column="GEO_ID")
    server.files["/geo/tiger/GENZ2010/gz_2010_us_050_00_500k.zip"] = maker.zipped(frame, "gz_2010_us_050_00_500k")
    shapes = read_boundaries("county", "HI", year=2010, source="cartographic")
    assert shapes.index.tolist() == ["15003"]
    assert "not for placing people" in shapes.attrs["source"]["note"]


def test_home_lands_are_taken_out_of_the_native_areas(server):
    frame = maker.squares(["0010R", "5000R", "5499T", "5500R"], {"NAMELSAD": list("abcd")}, id_column="GEOID")
    server.files["/geo/tiger/TIGER2020/AIANNH/tl_2020_us_aiannh.zip"] = maker.zipped(frame, "tl_2020_us_aiannh")
    assert read_boundaries("hawaiian_home_lands", "HI", year=2020).index.tolist() == ["5000R", "5499T"]
    assert len(read_boundaries("aiannh", "US", year=2020)) == 4


def test_the_session_of_districts_is_kept(server):
    server.files["/geo/tiger/TIGER2022/SLDL/tl_2022_15_sldl.zip"] = maker.zipped(maker.districts(["001", "002"]), "d")
    shapes = read_boundaries("sldl", "HI", year=2022)
    assert shapes["session"].tolist() == ["2022", "2022"]
    assert shapes.index.tolist() == ["15001", "15002"]


def test_letters_with_accents_in_old_files(server):
    frame = maker.squares(["1571550"], {"STATEFP": ["15"], "NAMELSAD": ["Pñuela"]}, id_column="GEOID")
    data = maker.zipped(frame, "tl_2011_15_place", without=(".cpg",), encoding="ISO-8859-1")
    server.files["/geo/tiger/TIGER2011/PLACE/tl_2011_15_place.zip"] = data
    assert read_boundaries("place", "HI", year=2011)["name"].tolist() == ["Pñuela"]


@pytest.mark.parametrize(
    ("layer", "hint"),
    [
        ("vtd", "Not every State took part; use layer='block_group'"),
        ("elsd", "Many States have unified school districts only"),
        ("tract", "The nearest edition is year=2019"),
    ],
)
def test_a_file_the_server_does_not_have(server, layer, hint):
    with pytest.raises(NotPublished, match=rf"of Hawaii is not on 127.*\(404\).*{hint}"):
        read_boundaries(layer, "HI", year=2020)


# --- files that are not what they should be ----------------------------------------------------------


def local(tmp_path, data, name="tl_2020_15_tabblock20.zip"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def test_a_local_zip_shapefile_or_folder_needs_no_network(tmp_path):
    import zipfile

    path = local(tmp_path, maker.zipped(maker.blocks(OAHU), "tl_2020_15_tabblock20"))
    zipfile.ZipFile(path).extractall(tmp_path / "open")
    with using(offline=True):
        for given in (path, str(path), tmp_path / "open", tmp_path / "open" / "tl_2020_15_tabblock20.shp"):
            shapes = kit.read_boundaries("block", "HI", year=2020, source=given)
            assert shapes.index.tolist() == OAHU
    assert shapes.attrs["source"]["where"] == "tl_2020_15_tabblock20.shp"


def test_another_reference_system_is_refused(tmp_path):
    path = local(tmp_path, maker.zipped(maker.blocks(OAHU), "b", without=(".prj",)))
    with pytest.raises(CRSError, match=r"does not say its coordinate reference system \(no \.prj part\)"):
        read_boundaries("block", "HI", year=2020, source=path)
    path = local(tmp_path, maker.zipped(maker.blocks(OAHU, crs="EPSG:4326"), "b"))
    with pytest.raises(CRSError, match=r"is in WGS 84, and Census files are in NAD83 \(EPSG:4269\)"):
        read_boundaries("block", "HI", year=2020, source=path)
    feet = maker.blocks(OAHU).to_crs("EPSG:3759").set_crs("EPSG:4269", allow_override=True)
    path = local(tmp_path, maker.zipped(feet, "b"))
    with pytest.raises(CRSError, match="says NAD83 degrees, and its coordinates are not degrees"):
        read_boundaries("block", "HI", year=2020, source=path)


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (b"PK\x03\x04 cut", Corrupt, "is damaged or cut off, not a whole zip file"),
        (maker.zipped(maker.blocks(OAHU), "b", without=(".dbf",)), Corrupt, r"lacks the \.dbf part of its shapefile"),
        (maker.zipped(maker.blocks(OAHU), "b", without=(".shp",)), InputError, "holds no shapefile; expected one"),
        (
            maker.zipped(maker.squares(OAHU, {"x": [1, 2]}, id_column="CODE"), "b"),
            SchemaError,
            "has no column GEOID20 or GEOID10 or GEOID or GEO_ID; it has CODE, x",
        ),
        (maker.zipped(maker.blocks(["360610001001000"]), "b"), InputError, "holds no census blocks of State 15"),
        (
            maker.zipped(maker.squares([*OAHU, "360610001001000"], {"x": [1, 2, 3]}, id_column="GEOID20"), "b"),
            InputError,
            "holds 1 census blocks that are not of State 15: 360610001001000",
        ),
        (maker.zipped(maker.blocks(["15003000100"]), "b"), SchemaError, "1 ids that are not 15 digits"),
        (maker.zipped(maker.blocks([OAHU[0]] * 2), "b"), SchemaError, "names 1 ids more than once"),
        (
            maker.zipped(maker.blocks(OAHU, vintage="10"), "b"),
            InputError,
            r"names its areas by 2010 ids \(GEOID10\), and year=2020 was said",
        ),
    ],
)
def test_files_that_are_not_what_they_should_be(tmp_path, data, error, message):
    with pytest.raises(error, match=message):
        read_boundaries("block", "HI", year=2020, source=local(tmp_path, data))


def test_more_faults_of_files(tmp_path):
    with pytest.raises(InputError, match="there is no file 'x.zip' to read boundaries from"):
        read_boundaries("block", "HI", year=2020, source=tmp_path / "x.zip")
    frame = maker.districts(["001"])
    path = local(tmp_path, maker.zipped(frame, "d"), "tl_2019_15_sldl.zip")
    with pytest.raises(InputError, match="is of 2019 by its name, and year=2020 was said"):
        read_boundaries("sldl", "HI", year=2020, source=path)
    hole = maker.blocks(OAHU)
    hole.loc[1, "geometry"] = None
    path = local(tmp_path, maker.zipped(hole, "b"))
    with pytest.raises(Corrupt, match=f"1 census blocks have no shape: {OAHU[1]}"):
        read_boundaries("block", "HI", year=2020, source=path)
    import io
    import zipfile

    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(maker.zipped(maker.blocks(OAHU), "b"))) as good,
        zipfile.ZipFile(stream, "w") as bad,
    ):
        for name in good.namelist():
            bad.writestr(name, good.read(name)[:40] if name.endswith(".dbf") else good.read(name))
    with pytest.raises((Corrupt, SchemaError), match=r"cut off|no column"):
        read_boundaries("block", "HI", year=2020, source=local(tmp_path, stream.getvalue()))


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("tracts", "tract"), ("counties", "county"), ("block_groups", "block_group"), ("places", "place"),
        ("states", "state"), ("blocks", "block"), ("vtds", "vtd"), ("county_subdivisions", "county_subdivision"),
        ("Census Tracts", "tract"), ("census-blocks", "block"), ("voting districts", "vtd"), ("cousubs", "county_subdivision"),
        ("congressional_districts", "congressional_district"), ("cds", "congressional_district"),
        ("state_senate_districts", "state_senate"), ("state_house_districts", "state_house"), ("sldls", "state_house"),
        ("native_areas", "native_area"), ("hawaiian_home_lands", "hawaiian_home_lands"), ("roads", "roads"),
        ("road", "roads"), ("main_roads", "main_roads"), ("bgs", "block_group"),
    ],
)  # fmt: skip
def test_layers_in_the_plural(word, name):
    assert find_layer(word)[0].name == name


def test_a_resolution_that_is_not_there_says_so(server):
    with pytest.raises(NotPublished, match="Leave resolution= out for the one that every edition has"):
        read_boundaries("counties", "HI", year=2022, source="cartographic", resolution="20m")
