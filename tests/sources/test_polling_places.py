"""Lists of polling places as offices write them, and tables of volunteers: what is read, what is refused."""

from __future__ import annotations

import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from kit.errors import Corrupt, CoverageError, CRSError, InputError, SchemaError
from kit.model.frames import Source, Units
from kit.model.monitors import check_monitors, group_of, tongue_of
from kit.model.polling import PollingPlaces
from kit.samples import load_sample
from kit.sources.polling_places import read_monitors, read_polling_places
from kit.sources.polling_rows import tidy

HEAD = "id,name,longitude,latitude,precincts\n"
TWO = HEAD + "A,Heron Hall,-74.0,40.70,P1;P2\nB,Plover School,-73.9,40.71,P3\n"


@pytest.fixture
def written(tmp_path):
    def write(text, name="places.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return write


def read(text, written, **more):
    return read_polling_places(written(text), **more)


# --- what is read ----------------------------------------------------------------------------------


def test_places_and_their_precincts(written):
    found = read(TWO, written)
    assert found.frame.index.tolist() == ["A", "B"]
    assert found.frame.loc["A"].tolist() == ["Heron Hall", -74.0, 40.7, ""]
    assert found.precincts_of("A") == ("P1", "P2")
    assert found.precincts_of("B") == ("P3",)
    assert found.notes == ()
    assert (found.sources[0].where, len(found.sources[0].sha256)) == ("places.csv", 64)
    assert "newest" in found.sources[0].note
    assert found.points.crs.to_epsg() == 4269
    assert (found.points["B"].x, found.points["B"].y) == (-73.9, 40.71)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_encodings(written, encoding):
    found = read_polling_places(written(TWO.replace("Plover", "Piñon"), encoding=encoding))
    assert found.frame.loc["B", "name"] == "Piñon School"
    assert found.notes == (
        ("The text is not UTF-8 and was read as Latin-1; check letters with accents.",) if encoding == "latin-1" else ()
    )


@pytest.mark.parametrize("delimiter", ["\t", ";", "|"])
def test_other_delimiters(written, delimiter):
    text = "id,name,longitude,latitude\nA,Heron Hall,-74.0,40.70\n".replace(",", delimiter)
    found = read(text, written)
    assert found.frame.loc["A", "name"] == "Heron Hall"
    assert found.notes == ("The list does not say which precincts vote at which place.",)


def test_headings_in_capitals_with_blanks_and_other_names(written):
    text = " ID , Site ,LON,LAT,Precinct,STREET\nA,Heron Hall,-74.0,40.7,P1,1 Heron Way\n"
    found = read(text, written, name="site", longitude="lon", latitude="lat", address="street")
    assert found.frame.loc["A"].tolist() == ["Heron Hall", -74.0, 40.7, "1 Heron Way"]
    assert found.precincts_of("A") == ("P1",)


def test_one_row_a_precinct_is_one_place(written):
    text = (
        HEAD
        + "A,Heron Hall,-74.0,40.7,P1\nB,Plover,-73.9,40.7,P1\nA,Heron Hall,-74.0,40.7,P2\nA,Heron Hall,-74.0,40.7,P1\n"
    )
    found = read(text, written)
    assert len(found) == 2
    assert found.precincts_of("A") == ("P1", "P2")
    assert found.precincts_of("B") == ("P1",)


def test_formulas_and_pages_are_text_and_leading_zeros_stay(written):
    text = HEAD + '007,"=HYPERLINK(""x"")",-74.0,40.7,001;01\nB,"<b>Hall</b>\n upstairs",-73.9,40.7,-1\n'
    found = read(text, written)
    assert found.frame["name"].to_dict() == {"007": '=HYPERLINK("x")', "B": "<b>Hall</b> upstairs"}
    assert found.precincts_of("007") == ("001", "01")
    assert found.precincts_of("B") == ("-1",)


def test_words_are_tidied():
    assert tidy(" a\u200b b\u0007 ") == "a b"
    assert tidy("می\u200cخواهم") == "می\u200cخواهم"  # a sign that letters need stays
    assert tidy("e\u0301") == "é"


def test_other_columns_are_not_read(written):
    text = "id,name,longitude,latitude,clerk_phone\nA,Heron Hall,-74,40.7,555-123-4567\n"
    found = read(text, written)
    assert "555" not in repr(found) + found.frame.to_csv()


def feature(x, y, **properties):
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [x, y]}, "properties": properties}


def test_geojson(written):
    content = {
        "type": "FeatureCollection",
        "features": [
            feature(-74.0, 40.7, id=1, name="Heron Hall", precincts=["P1", "P2"]),
            feature(-73.9, 40.7, id=2, name="Plover", precincts=None),
        ],
    }
    found = read_polling_places(written(json.dumps(content), "places.geojson"))
    assert found.frame.index.tolist() == ["1", "2"]
    assert found.precincts_of("1") == ("P1", "P2")
    assert found.notes == ("Without a precinct in the list: 1 polling place (2).",)


def test_places_at_one_spot_are_told(written):
    found = read(HEAD + "A,Heron Hall,-74,40.7,P1\nB,Heron Annex,-74,40.7,P2\n", written)
    assert found.notes == ("Polling places that share a spot with another one: A, B.",)


# --- coordinates -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("B,Plover,,40.7,P3", "1 of 2 polling places have no coordinates, first B. Look the addresses up"),
        ("B,Plover,-73.9, ,P3", "have no coordinates, first B"),
        ("B,Plover,0,0,P3", "have the coordinates 0, 0, first B"),
        ("B,Plover,40.7,-73.9,P3", "longitude and latitude swapped, first B. Swap longitude= and latitude=."),
        ("B,Plover,73.9,40.7,P3", "a longitude without its minus sign, first B"),
        ("B,Plover,-73.9,-40.7,P3", "coordinates outside the United States, first B"),
        ("B,Plover,2.35,48.86,P3", "coordinates outside the United States, first B"),
        ("B,Plover,-73.9,400,P3", "coordinates outside the United States"),
        ('B,Plover,"-73,9",40.7,P3', "1 values of longitude are no numbers, such as '-73,9' in B"),
        ("B,Plover,-73.9,40.7 N,P3", "values of latitude are no numbers, such as '40.7 N' in B"),
        ("B,Plover,-inf,40.7,P3", "values of longitude are no numbers"),
    ],
)
def test_coordinates_that_cannot_be(written, row, message):
    with pytest.raises(SchemaError, match=message.replace("(", r"\(")) as refused:
        read(HEAD + "A,Heron Hall,-74,40.7,P1\n" + row + "\n", written)
    assert "places.csv" in str(refused.value)


@pytest.mark.parametrize(
    ("x", "y"), [(-157.86, 21.31), (144.79, 13.44), (-170.7, -14.28), (172.9, 52.9), (-66.1, 18.4)]
)
def test_islands_and_territories_are_home(written, x, y):
    assert len(read(f"{HEAD}A,Heron Hall,{x},{y},P1\n", written)) == 1


def square():
    ids = pd.Index(["36061000100"], dtype="str", name="GEOID")
    shape = gpd.GeoSeries([shapely.box(-74.0, 40.7, -73.9, 40.8)], index=ids, crs="EPSG:4269")
    return Units(pd.DataFrame({"total_pop": [1]}, index=ids), "tract", 2020, (Source("Squares"),), shape)


def test_places_outside_are_told_with_their_distance(written):
    text = HEAD + "A,In,-73.95,40.75,P1\nB,East,-73.88,40.75,P2\nC,Farther,-73.8,40.75,P3\n"
    found = read(text, written, near=square())
    # A degree of longitude is 84.4 km at 40.75 degrees north.
    assert found.notes == ("Outside the jurisdiction: 2 polling places, C (8.4 km), B (1.7 km).",)


def test_far_places_are_refused(written):
    text = HEAD + "A,In,-73.95,40.75,P1\nB,Away,-118.2,34.0,P2\n"
    with pytest.raises(CoverageError, match=r"1 of 2 polling places lie more than 25 km outside .* first B \(3,8\d\d"):
        read(text, written, near=square())


def test_near_needs_shapes_with_a_system(written):
    with pytest.raises(InputError, match="units or a layer with shapes"):
        read(TWO, written, near=pd.DataFrame())
    with pytest.raises(CRSError, match="the layer of near= has no coordinate reference system"):
        read(TWO, written, near=gpd.GeoDataFrame(geometry=[shapely.box(-74, 40, -73, 41)]))


# --- files that cannot be ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "more", "message"),
    [
        (TWO.replace("id,", "Code,"), {}, r"no column 'id'; columns are Code, name, .*Pass id='Code'"),
        (TWO.replace("longitude", "lng"), {}, r"no column 'longitude'; .* Pass longitude='lng'"),
        (TWO, {"latitude": "north"}, r"no column 'north'; .* Pass latitude= with the name of the column"),
        (TWO, {"precinct": "ward"}, r"no column 'ward'; .*Pass precinct='precincts'"),
        (TWO, {"address": "street"}, r"no column 'street'"),
        (TWO.replace("name", "ID"), {"id": "Id"}, r"columns id, ID, alike but for capitals"),
        (HEAD, {}, r"has no rows under a header \(id, name"),
        ("", {}, r"no rows under a header \(nothing\)"),
        (TWO + "C,Gannet\n", {}, r"1 rows do not have the 5 columns of the header, first row 3"),
        (TWO + "C,Gannet, the,-73.9,40.7,P4\n", {}, r"1 rows do not have the 5 columns"),
        (TWO.replace("precincts", "name"), {}, r"two columns of one name \(name\)"),
        (TWO.replace("B,", ",", 1), {}, r"1 of 2 polling places have no id \(row 2\)"),
        (TWO.replace("Heron Hall", " "), {}, r"1 of 2 polling places have no name \(row 1\)"),
        (TWO.replace("B,", "A,", 1), {}, r"1 ids stand at two spots, first A"),
        (TWO + "A,Heron,-74.0,40.70,P9\n", {}, r"1 ids have two names, first A"),
        ("<html><body>Moved</body></html>", {}, r"a web page or a map under the name of a table"),
    ],
)
def test_tables_that_cannot_be(written, text, more, message):
    with pytest.raises(SchemaError, match=message):
        read(text, written, **more)


def test_other_kinds_of_file(written, tmp_path):
    with pytest.raises(InputError, match=r"there is no file 'none.csv'"):
        read_polling_places(tmp_path / "none.csv")
    with pytest.raises(InputError, match=r"read as CSV or GeoJSON, not .xlsx. Save it as CSV first"):
        read_polling_places(written(b"PK", "places.xlsx"))
    with pytest.raises(Corrupt, match="looks like a spreadsheet"):
        read_polling_places(written(b"PK\x03\x04rest"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not whole GeoJSON"),
        ("[]", "GeoJSON without a feature"),
        ('{"features": []}', "GeoJSON without a feature"),
        (
            '{"features": [{"geometry": {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}, "properties": {}}]}',
            "feature 1 is a LineString, and a polling place is a point",
        ),
        (
            json.dumps({"crs": {"properties": {"name": "EPSG:3857"}}, "features": [feature(0, 0, id=1, name="A")]}),
            "not in degrees of longitude and latitude",
        ),
        ('{"features": [{"geometry": null, "properties": {"id": 1, "name": "A"}}]}', "have no coordinates, first 1"),
        ('{"features": [null, {"properties": 3}]}', "no column 'id'"),
    ],
)
def test_maps_that_cannot_be(written, content, message):
    with pytest.raises(SchemaError, match=message):
        read_polling_places(written(content, "places.json"))


def test_the_model_refuses_what_does_not_belong_together():
    rows = [("A", "Heron", -74.0, 40.7, "")]
    with pytest.raises(SchemaError, match="places that are not listed: B"):
        PollingPlaces.of(rows, [("B", "P1")])
    with pytest.raises(SchemaError, match="each once; these are not: A"):
        PollingPlaces.of(rows * 2)
    with pytest.raises(SchemaError, match=r"polling places have no name, longitude, latitude, address, place"):
        PollingPlaces(pd.DataFrame(), pd.DataFrame({"precinct": []}))


# --- the sample ------------------------------------------------------------------------------------


def test_the_sample_has_a_dozen_places_that_serve_every_precinct_once():
    county = load_sample("fictional_county")
    found = county.polling_places()
    assert len(found) == 12
    assert sorted(found.serves["precinct"]) == sorted(county.tables["precincts"]["precinct"])
    assert all(source.sample for source in found.sources)
    assert found.notes == ()
    # Each stands in the middle of a block of a precinct that votes there.
    shapes = county.units.geometry
    for place, point in found.points.items():
        block = shapes.index[shapes.contains(point)][0]
        assert county.units.frame.loc[block, "vtd"] in found.precincts_of(place)
    with pytest.raises(InputError, match="'los_angeles_2010' has no polling places"):
        load_sample("los_angeles_2010").polling_places()


# --- volunteers ------------------------------------------------------------------------------------


def test_a_table_of_monitors(written):
    table = read_monitors(
        written("Monitor, Languages ,shifts,colour\nm-02,Mandarin; Khmer,2,red\nm-01,English,1,blue\n")
    )
    assert table.columns.tolist() == ["monitor", "languages", "shifts"]
    found = check_monitors(table)
    assert found.index.tolist() == ["m-01", "m-02"]
    assert found["languages"].tolist() == [(), ("chinese", "khmer")]
    assert found["shifts"].tolist() == [1, 2]
    assert found[["longitude", "latitude", "max_km"]].isna().all().all()


def test_languages_as_people_say_them():
    said = {"Cantonese": "chinese", "filipino": "tagalog", "Samoan": "ilocano_samoan_hawaiian", "Bangla": "bengali"}
    assert {name: tongue_of(name) for name in said} == said
    groups = {"hmong": "other_asian_pacific", "hindi": "other_indo_european", "tagalog": "tagalog"}
    assert {name: group_of(name) for name in groups} == groups
    with pytest.raises(InputError, match=r"'Klingon' is no language the kit knows of monitor m-1\. Languages are"):
        check_monitors(pd.DataFrame({"monitor": ["m-1"], "languages": ["Klingon"]}))


def test_languages_may_be_a_list_or_missing():
    found = check_monitors(pd.DataFrame({"monitor": ["a", "b"], "languages": [["Korean", "Hindi"], None]}))
    assert found["languages"].tolist() == [("korean", "hindi"), ()]


@pytest.mark.parametrize(
    "column",
    ["name", "Full Name", "email", "Phone", "cell", "home_address", "DOB", "WeChat", "zip", "Tel.", "Mobile", "電話"],
)
def test_contact_columns_are_refused(column):
    table = pd.DataFrame({"monitor": ["m-1"], "languages": ["Korean"], column: ["secret-value"]})
    with pytest.raises(InputError, match="look like contact data") as refused:
        check_monitors(table)
    assert "secret-value" not in str(refused.value)
    assert "pseudonym" in str(refused.value)


@pytest.mark.parametrize(
    "one", ["Mai Tran", "mai@example.org", "555-123-4567", "12 Heron Street", "=m1", "a" * 41, "5551234567"]
)
def test_a_name_is_no_pseudonym_and_is_not_repeated(one):
    with pytest.raises(InputError, match="something else than a pseudonym") as refused:
        check_monitors(pd.DataFrame({"monitor": [one], "languages": ["Korean"]}))
    assert one not in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"monitor": ["m-1", "m-1"]}, "monitors stand twice in the table: m-1"),
        ({"monitor": ["m-1", " "]}, "1 of 2 monitors have no pseudonym"),
        ({"shifts": [1, -1]}, "not whole from 0 to 20, first m-2"),
        ({"shifts": [1, 1.5]}, "not whole from 0 to 20, first m-2"),
        ({"shifts": [1, None]}, "missing or not whole"),
        ({"shifts": ["1", "many"]}, "the column shifts of the monitors has 1 values that are no numbers"),
        ({"longitude": [-74.0, None], "latitude": [40.0, 41.0]}, "have one coordinate only"),
        ({"longitude": [-740.0, -74.0], "latitude": [40.0, 41.0]}, "coordinates that cannot be"),
        ({"max_km": [5, 0]}, "max_km that is not above 0, first m-2"),
    ],
)
def test_values_of_monitors_that_cannot_be(changes, message):
    table = pd.DataFrame({"monitor": ["m-1", "m-2"], "languages": ["Korean", "Chinese"], **changes})
    with pytest.raises(SchemaError, match=message):
        check_monitors(table)


def test_a_table_of_monitors_needs_its_columns(written):
    with pytest.raises(SchemaError, match="no column languages; columns are monitor"):
        check_monitors(pd.DataFrame({"monitor": ["m-1"]}))
    with pytest.raises(InputError, match="monitors are a table"):
        check_monitors([("m-1", "Korean")])
    content = json.dumps({"features": [feature(-74, 40, id=1, name="A")]})
    with pytest.raises(InputError, match="a list of monitors is a CSV"):
        read_monitors(written(content, "m.geojson"))


def test_what_stands_for_a_language_is_not_repeated_where_it_may_be_a_person():
    for value in ("Mai Tran", "mai@example.org", "555-0199"):
        with pytest.raises(InputError, match="a value of more than one word is no language") as refused:
            check_monitors(pd.DataFrame({"monitor": ["m-1"], "languages": [value]}))
        assert value not in str(refused.value)


def test_a_row_of_headings_among_the_rows(written):
    with pytest.raises(SchemaError, match="its row of headings again in row 3: files were joined"):
        read(TWO + TWO, written)
    with pytest.raises(SchemaError, match="its row of headings again in row 2"):
        read_monitors(written("monitor,languages\nm-01,Korean\nmonitor,languages\nm-02,Korean\n"))


def test_a_place_with_two_addresses(written):
    head = "id,name,longitude,latitude,precincts,address\n"
    rows = "A,Heron Hall,-74.0,40.70,P1,{}\nA,Heron Hall,-74.0,40.70,P2,{}\n"
    with pytest.raises(SchemaError, match="1 ids have two addresses, first A"):
        read(head + rows.format("1 Heron Way", "2 Heron Way"), written, address="address")
    for pair in (("", "2 Heron Way"), ("2 Heron Way", "")):
        found = read(head + rows.format(*pair), written, address="address")
        assert found.frame.loc["A", "address"] == "2 Heron Way"


def test_ids_that_a_spreadsheet_changed(written):
    with pytest.raises(SchemaError, match=r"places\.csv: precincts have ids such as 1E\+05"):
        read(TWO.replace("P3", "1E+05"), written)


def test_whole_numbers_of_a_map_have_no_point(written):
    content = json.dumps({"features": [feature(-74, 40, id=7.0, name="A", precincts=[12.0, 13])]})
    found = read_polling_places(written(content, "p.geojson"))
    assert (found.frame.index.tolist(), found.precincts_of("7")) == (["7"], ("12", "13"))


def test_arguments_of_another_kind(written):
    for wrong in (None, pd.DataFrame()):
        with pytest.raises(InputError, match="a list of polling places is a file"):
            read_polling_places(wrong)
        with pytest.raises(InputError, match="a table of monitors is a file"):
            read_monitors(wrong)
    with pytest.raises(InputError, match="source= is a kit Source, not str"):
        read(TWO, written, source="County")
    with pytest.raises(InputError, match="id=1: give the name of a column"):
        read(TWO, written, id=1)
