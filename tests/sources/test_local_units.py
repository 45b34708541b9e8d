"""Counts from a file at hand: every kind of file, and every way such files go wrong."""

from __future__ import annotations

import gzip
import json
import zipfile
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

from kit.analysis.allocation import allocate
from kit.errors import Corrupt, CRSError, InputError, SchemaError
from kit.model.frames import Source, Units
from kit.model.source import require_same_adjustment
from kit.sources.local import read_units

ROWS = "GEOID,Name,POP,ASIAN\n06001,Alameda,100,30\n06003,Alpine,20,\n"
COLUMNS = {"POP": "total_pop", "ASIAN": "asian_alone_pop"}


@pytest.fixture
def csv(tmp_path):
    """Write text under a name and give the path."""

    def write(text, name="counts.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_a_csv_keeps_leading_zeros_and_missing_cells(csv):
    units = read_units(csv(ROWS), id="GEOID", columns={**COLUMNS, "Name": "name"}, year=2020)
    assert units.frame.index.tolist() == ["06001", "06003"]
    assert units.frame["total_pop"].tolist() == [100, 20]
    assert units.frame["total_pop"].dtype == np.int64
    assert units.frame["asian_alone_pop"].iloc[0] == 30
    assert np.isnan(units.frame["asian_alone_pop"].iloc[1])
    assert units.frame["name"].tolist() == ["Alameda", "Alpine"]
    assert (units.level, units.year, units.geometry) == ("county", 2020, None)
    with pytest.raises(SchemaError, match="Missing is not zero"):
        units.column("asian_alone_pop")


def test_the_source_made_for_a_file_names_it_and_its_hash(csv):
    path = csv(ROWS)
    source = read_units(path, id="GEOID", columns=COLUMNS).sources[0]
    assert source.title == "counts.csv"
    assert len(source.sha256) == 64
    assert source.tables == "columns POP, ASIAN"
    given = Source("Mine")
    assert read_units(path, id="GEOID", columns=COLUMNS, sources=[given]).sources == (given,)


def test_lost_zeros_are_given_back_and_counted(csv):
    path = csv(ROWS.replace("06001", "6001"))
    units = read_units(path, id="GEOID", columns=COLUMNS, level="county")
    assert units.frame.index.tolist() == ["06001", "06003"]
    assert units.notes == ("1 ids of counts.csv had lost a leading zero, which was put back.",)
    with pytest.raises(SchemaError, match="not 11 digits as census tracts have"):
        read_units(path, id="GEOID", columns=COLUMNS, level="tract")


@pytest.mark.parametrize("delimiter", ["\t", "|", ";"])
def test_other_delimiters_and_compression(csv, tmp_path, delimiter):
    text = ROWS.replace(",", delimiter)
    assert len(read_units(csv(text, "a.tsv"), id="GEOID", columns=COLUMNS)) == 2
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    assert len(read_units(packed, id="GEOID", columns=COLUMNS)) == 2


def test_latin_1_is_read_and_counted(csv):
    path = csv(ROWS.replace("Alpine", "Doña Ana"), encoding="latin-1")
    units = read_units(path, id="GEOID", columns={**COLUMNS, "Name": "name"})
    assert units.frame["name"].tolist() == ["Alameda", "Doña Ana"]
    assert units.notes == ("counts.csv is not UTF-8; 1 lines were read as Latin-1.",)
    for encoding in ("utf-8-sig", "utf-16"):
        assert len(read_units(csv(ROWS, encoding=encoding), id="GEOID", columns=COLUMNS)) == 2


def test_raw_cells_in_any_spelling_are_added_up(csv, maker, tmp_path):
    from kit.sources.pl94171 import read_pl94171

    whole = read_pl94171("HI", year=2020, level="tract", source=maker(200).write(tmp_path / "raw"), cells="all")
    cells = [n for n in whole.frame if n[:2] in {"P1", "P2"}]
    table = whole.frame[cells].rename(columns={n: f"P00{n[1]}0{n[3:6]}" for n in cells}).reset_index()
    path = tmp_path / "cells.csv"
    table.to_csv(path, index=False)
    columns = {name: name for name in table.columns if name != "GEOID"}
    units = read_units(path, id="GEOID", columns=columns)
    pop = [c for c in whole.count_columns if c.endswith("_pop")]
    assert (units.frame[pop] == whole.frame[pop]).all(axis=None)
    assert "asian_alone_vap" not in units.frame
    table = table.astype("object")
    table.loc[0, "P0010006"] = ""
    table.to_csv(path, index=False)
    holed = read_units(path, id="GEOID", columns=columns).frame
    assert holed["asian_alone_pop"].isna().tolist() == [True, False]
    assert holed["aapi_aoic_pop"].isna().tolist() == [True, False]
    assert holed["nhpi_aoic_pop"].tolist() == whole.frame["nhpi_aoic_pop"].tolist()


def test_margins_of_error_are_kept(csv):
    path = csv("GEOID,CVAP,M\n06001,100,12.5\n06003,20,3\n")
    units = read_units(path, id="GEOID", columns={"CVAP": "total_cvap", "M": "total_cvap_moe"})
    assert units.frame["total_cvap_moe"].tolist() == [12.5, 3.0]


@pytest.mark.parametrize(
    ("text", "columns", "message"),
    [
        (ROWS.replace("100", '"1,100"'), COLUMNS, r"'POP' has numbers with thousands commas \('1,100'\), in 06001"),
        (ROWS.replace("100", "many"), COLUMNS, "'POP' should hold numbers, and 1 cells hold 'many', in 06001"),
        (ROWS.replace("100", "inf"), COLUMNS, "should hold numbers"),
        (ROWS.replace("100", "-666666666"), COLUMNS, r"1 negative values \(first -666666666\), in 06001"),
        (ROWS.replace("06003", "06001"), COLUMNS, "names 1 ids more than once: 06001"),
        (ROWS.replace("06003", ""), COLUMNS, "column 'GEOID' is empty in 1 rows, first row 2"),
        (ROWS.replace("06001", "6.001E+03"), COLUMNS, "scientific notation"),
        (ROWS.replace("100", "10"), COLUMNS, "asian_alone_pop is at most total_pop"),
        (ROWS, {"POPULATION": "total_pop"}, r"has no column 'POPULATION'"),
        (ROWS, {"Pop": "total_pop"}, r"has no column 'Pop' \(near: POP\)"),
        (ROWS, {"POP": "asian_pop"}, r"names the kit does not know: 'asian_pop' \(near: "),
        (ROWS, {"POP": "total_pop", "ASIAN": "total_pop"}, "one name to several columns: POP and ASIAN → total_pop"),
        (ROWS, {}, "the column map of counts.csv is empty"),
        (ROWS.replace("ASIAN", "POP"), {"POP": "total_pop"}, "has the column POP more than once"),
        ("GEOID,POP,ASIAN\n", COLUMNS, "has column names and no rows"),
        ("GEOID\n06001\n", COLUMNS, "has one column only"),
        (ROWS + "06005,X,2,1,3,4\n", COLUMNS, r"rows and column names do not fit \(.*Expected 4 columns, got 6"),
        (ROWS + "06005,X\n", COLUMNS, r"rows and column names do not fit \(.*Expected 4 columns, got 2"),
    ],
)
def test_what_is_wrong_with_a_table_is_told(csv, text, columns, message):
    with pytest.raises(SchemaError, match=message):
        read_units(csv(text), id="GEOID", columns=columns)


@pytest.mark.parametrize(
    ("data", "name", "kind", "message"),
    [
        (b"", "a.csv", Corrupt, r"a\.csv is empty \(0 bytes\)"),
        (b"\n \n", "a.csv", Corrupt, "is empty"),
        (b"<!DOCTYPE html><html>", "a.csv", Corrupt, "is a web page"),
        (b"\x1f\x8b\x08cut", "a.csv.gz", Corrupt, "no complete gzip"),
        (b"PK\x03\x04cut", "a.zip", Corrupt, "no complete zip"),
        (b"PAR1cut", "a.parquet", Corrupt, r"a\.parquet cannot be read"),
        (b"SQLite cut off", "a.gpkg", Corrupt, r"a\.gpkg cannot be read"),
        (b"{", "a.geojson", Corrupt, "cannot be read"),
        (b"PK\x03\x04", "a.xlsx", InputError, "save the sheet as CSV"),
        (b"x", "a.doc", InputError, "files of kind '.doc' are not read"),
    ],
)
def test_files_that_are_something_else(tmp_path, data, name, kind, message):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(kind, match=message):
        read_units(path, id="GEOID", columns=COLUMNS)


def test_a_file_that_is_not_there():
    with pytest.raises(InputError, match=r"there is no file 'gone\.csv'"):
        read_units("gone.csv", id="GEOID", columns=COLUMNS)


@pytest.fixture
def layer():
    """Give two squares with counts, in a state-plane system."""
    table = {"GEOID": ["06001", "06003"], "POP": [100, 20], "ASIAN": [30, 5]}
    return gpd.GeoDataFrame(table, geometry=[box(0, 0, 10, 10), box(10, 0, 20, 10)], crs="EPSG:26910")


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.geojson", "a.parquet", "a.zip"])
def test_layers_keep_their_shapes_and_system(layer, tmp_path, name):
    path = tmp_path / name
    if name == "a.parquet":
        layer.to_parquet(path)
    elif name == "a.zip":
        layer.to_file(tmp_path / "in.shp")
        with zipfile.ZipFile(path, "w") as pack:
            for part in tmp_path.glob("in.*"):
                pack.write(part, f"folder/{part.name}")
    else:
        (layer.to_crs(4326) if name == "a.geojson" else layer).to_file(path)
    units = read_units(path, id="GEOID", columns=COLUMNS)
    assert units.frame["asian_alone_pop"].tolist() == [30, 5]
    assert units.geometry.index.equals(units.frame.index)
    assert units.geometry.crs.to_epsg() == (4326 if name == "a.geojson" else 26910)
    with pytest.raises(SchemaError, match=r"has no column 'PEOPLE' \(near: POP\)\. It has GEOID, POP, ASIAN"):
        read_units(path, id="GEOID", columns={"PEOPLE": "total_pop"})


def test_a_layer_without_a_system_asks_for_one(layer, tmp_path):
    path = tmp_path / "a.shp"
    layer.to_file(path)
    path.with_suffix(".prj").unlink()
    with pytest.raises(CRSError, match=r"a\.shp has no coordinate reference system"):
        read_units(path, id="GEOID", columns=COLUMNS)
    assert read_units(path, id="GEOID", columns=COLUMNS, crs="EPSG:26910").geometry.crs.to_epsg() == 26910
    layer.to_file(tmp_path / "b.gpkg")
    with pytest.raises(CRSError, match="crs= says otherwise"):
        read_units(tmp_path / "b.gpkg", id="GEOID", columns=COLUMNS, crs="EPSG:4269")


def test_a_system_for_a_table_without_shapes_is_refused(csv):
    with pytest.raises(CRSError, match="has no shapes"):
        read_units(csv(ROWS), id="GEOID", columns=COLUMNS, crs="EPSG:4269")


def test_several_layers_and_several_files_ask_which(layer, tmp_path):
    path = tmp_path / "a.gpkg"
    layer.to_file(path, layer="one")
    layer.to_file(path, layer="two")
    with pytest.raises(InputError, match=r"has 2 layers: one, two\. Pass layer="):
        read_units(path, id="GEOID", columns=COLUMNS)
    assert len(read_units(path, id="GEOID", columns=COLUMNS, layer="two")) == 2
    with pytest.raises(InputError, match="has no layer 'three'"):
        read_units(path, id="GEOID", columns=COLUMNS, layer="three")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as pack:
        pack.writestr("readme.txt", "hello")
    with pytest.raises(InputError, match=r"holds 0 layers of shapes \(readme\.txt\); expected one"):
        read_units(tmp_path / "b.zip", id="GEOID", columns=COLUMNS)


def test_numbers_as_ids_need_the_level(layer, tmp_path):
    path = tmp_path / "a.parquet"
    pd.DataFrame({"GEOID": [6001, 6003], "POP": [100, 20], "ASIAN": [30, 5]}).to_parquet(path)
    with pytest.raises(SchemaError, match="was read as numbers"):
        read_units(path, id="GEOID", columns=COLUMNS)
    units = read_units(path, id="GEOID", columns=COLUMNS, level="county")
    assert units.frame.index.tolist() == ["06001", "06003"]
    assert units.geometry is None


def test_areas_without_a_shape_are_counted(layer, tmp_path):
    layer.loc[1, "geometry"] = None
    layer.to_file(tmp_path / "a.gpkg")
    units = read_units(tmp_path / "a.gpkg", id="GEOID", columns=COLUMNS)
    assert units.notes == ("1 areas of a.gpkg have no shape.",)


def test_topojson_is_read(tmp_path):
    square = {"type": "Polygon", "arcs": [[0]], "properties": {"GEOID": "06001", "POP": 100, "ASIAN": 30}}
    arcs = [[[0, 0], [1, 0], [0, 1], [-1, 0], [0, -1]]]
    topology = {"type": "Topology", "arcs": arcs, "transform": {"scale": [0.1, 0.1], "translate": [-120, 37]}}
    topology["objects"] = {"areas": {"type": "GeometryCollection", "geometries": [square]}}
    path = tmp_path / "a.topojson"
    path.write_text(json.dumps(topology))
    units = read_units(path, id="GEOID", columns=COLUMNS, crs="EPSG:4326")
    assert units.frame.loc["06001", "total_pop"] == 100
    assert units.geometry.iloc[0].bounds == pytest.approx((-120, 37, -119.9, 37.1))


@pytest.mark.parametrize("year", ["2020", 2020.0, True])
def test_a_year_that_is_no_whole_number_is_refused(csv, year):
    with pytest.raises(InputError, match="year is a whole number such as 2020, not .*without quotes"):
        read_units(csv(ROWS), id="GEOID", columns=COLUMNS, year=year)


def test_a_year_from_a_table_is_a_number_too(csv):
    assert read_units(csv(ROWS), id="GEOID", columns=COLUMNS, year=np.int64(2010)).year == 2010


NAMESAKES = {f"P3_{n:03d}N": f"P3_{n:03d}N" for n in range(1, 9)}


def test_table_p3_of_another_census_file_is_refused(csv):
    """In the DHC, P3 is everyone by race: total, then seven groups. In P.L. 94-171 it is adults, and cells differ."""
    head = ",".join(["GEOID", *NAMESAKES])
    path = csv(f"{head}\n06001,70,10,10,10,10,10,10,10\n06003,7,1,1,1,1,1,1,1\n", "dhc.csv")
    with pytest.raises(SchemaError, match="counts everyone, as in the DHC and Summary File 1, not adults"):
        read_units(path, id="GEOID", columns=NAMESAKES)


def test_as_many_adults_as_people_in_every_place_is_another_table(csv):
    cells = {"P0010001": "P0010001", "P0030001": "P0030001"}
    wrong = csv("GEOID,P0010001,P0030001\n06001,900,900\n06003,200,200\n")
    with pytest.raises(SchemaError, match="The same cell numbers mean other groups there"):
        read_units(wrong, id="GEOID", columns=cells)
    right = csv("GEOID,P0010001,P0030001\n06001,900,700\n06003,200,200\n")
    assert read_units(right, id="GEOID", columns=cells).frame["total_vap"].tolist() == [700, 200]
    few = csv("GEOID,P0010001,P0030001\n06001,9,9\n06003,0,0\n")
    assert read_units(few, id="GEOID", columns=cells).frame["total_vap"].tolist() == [9, 0]


HOW = "incarcerated people counted at their last address"


def test_adjusted_counts_say_so_and_are_not_mixed(csv):
    units = read_units(csv(ROWS), id="GEOID", columns=COLUMNS, adjusted=f"{HOW}.")
    source = units.sources[0]
    assert source.adjusted == HOW
    assert f"adjusted: {HOW}" in source.citation()
    assert f"Counts are adjusted: {HOW}. They differ from the Census Bureau's." in units.notes
    other = read_units(csv(ROWS, "census.csv"), id="GEOID", columns=COLUMNS)
    assert other.sources[0].adjusted == ""
    told = "adjusted and published counts must not be mixed.*census.csv .as published.; counts.csv .adjusted: incarcer"
    with pytest.raises(InputError, match=told):
        replace(units, sources=(*units.sources, *other.sources))
    shapes = gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], index=units.frame.index, crs="EPSG:4269")
    assert len(units.with_geometry(shapes, source=Source("Boundaries")).sources) == 2  # shapes are no counts


def test_given_sources_take_over_how_counts_were_adjusted(csv):
    given = [Source("Statewide Database", tables="P1", adjusted="one way")]
    assert read_units(csv(ROWS), id="GEOID", columns=COLUMNS, sources=given).sources[0].adjusted == "one way"
    with pytest.raises(InputError, match="adjusted='another', and sources= says 'one way'. Say it once"):
        read_units(csv(ROWS), id="GEOID", columns=COLUMNS, sources=given, adjusted="another")
    with pytest.raises(InputError, match="says how, in words"):
        read_units(csv(ROWS), id="GEOID", columns=COLUMNS, adjusted=True)


def test_adjusted_people_are_no_weights_for_published_estimates():
    coarse = Units(
        pd.DataFrame({"total_cvap": [30]}, index=["150010001001"]), "block_group", 2020, (Source("CVAP", tables="1"),)
    )
    ids = ["150010001001000", "150010001001001"]
    as_published = Units(
        pd.DataFrame({"total_vap": [10, 20]}, index=ids), "block", 2020, (Source("P.L.", tables="P3"),)
    )
    adjusted = replace(as_published, sources=(Source("Statewide Database", tables="P3", adjusted=HOW),))
    assert allocate(coarse, as_published, weight="total_vap").units.frame["total_cvap"].tolist() == [10, 20]
    with pytest.raises(InputError, match="adjusted and published counts must not be mixed"):
        allocate(coarse, adjusted, weight="total_vap")
    also = replace(coarse, sources=(Source("Statewide Database, CVAP", tables="1", adjusted=HOW),))
    assert allocate(also, adjusted, weight="total_vap").units.sources[0].adjusted == HOW


def test_sources_that_are_compared_are_of_one_kind():
    one, two = (Source("A", tables="P1", adjusted=how) for how in (HOW, "another way"))
    require_same_adjustment([one, Source("Plan"), one])
    for other in (two, Source("Census", tables="P1")):
        with pytest.raises(InputError, match="nor counts adjusted in different ways: "):
            require_same_adjustment([one, other])
