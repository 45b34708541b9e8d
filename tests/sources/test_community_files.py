"""Communities in and out of files: every format back as it was, other tools' exports, and files that mean harm."""

from __future__ import annotations

import json
import zipfile

import geopandas as gpd
import pytest
import shapely

from kit.community_proof import round_trip
from kit.errors import Corrupt, CoverageError, CRSError, InputError, SchemaError
from kit.model.community import Community
from kit.model.submissions import Submissions
from kit.sources.community_files import read_communities
from kit.sources.community_write import FORMATS, write_communities

BLOCKS = ("250173101001000", "250173101001001", "250173101002000")
TRIANGLE = "POLYGON((-71.3 42.6,-71.2 42.6,-71.2 42.700000000000003,-71.3 42.6))"
# What makes a name hard: markup, a formula, other scripts, quotes, and more bytes than a shapefile's column holds.
HARD_NAME = "=1+1 <script>alert('x')</script> & \"Tiểu Sài Gòn\" 柬埔寨城" + " 한인타운" * 20


def told(**changes):
    """Give a community that uses every field."""
    fields = {
        "id": "c-1",
        "name": HARD_NAME,
        "submitter": "s-1",
        "in_common": {"culture": "@temple", "worship": "chùa", "history": "long " * 2000 + "\nsecond line\tend"},
        "asks": [{"kind": "keep_with", "places": ["Acre", "Downtown"], "words": "together"}],
        "bounds": ["Main Street", "the river"],
        "landmarks": [{"name": "Temple", "note": "gold", "point": (-71.3, 42.6)}, {"name": "Market"}],
        "languages": ["Khmer", "Vietnamese"],
        "told_in": "km",
        "consent": "public",
        "collected": {"how": "paper", "collector": "volunteer 7", "file": "sheet.pdf", "row": 3},
        "area": {"kind": "units", "geoids": BLOCKS[:2], "year": 2020},
        "label": "L-1",
        "types": ["school zone", "a, b; c"],
        "comments": ["first <b>bold</b>", "second\nline"],
        "extra": {"OBSERVER": "x", "made": "never"},
        "version": 3,
        "parent": 2,
    }
    return Community(**{**fields, **changes})


def drawn(**changes):
    return Community(
        **{"id": "c-2", "name": "Drawn", "consent": "public", "area": {"kind": "polygon", "shape": TRIANGLE}} | changes
    )


EVERY = [(kind, suffix) for kind, suffixes in FORMATS.items() for suffix in suffixes]
LISTS = {"csv", "districtr", "block_equivalency"}


# --- out and in again -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "suffix"), EVERY)
def test_everything_told_comes_back(tmp_path, kind, suffix):
    one = told()
    path = write_communities([one], tmp_path / f"out{suffix}", format=kind)
    (back,) = read_communities(path)
    assert back == one
    assert back.made == one.made


@pytest.mark.parametrize(("kind", "suffix"), [(k, s) for k, s in EVERY if k not in LISTS])
def test_polygons_and_communities_without_an_area_come_back(tmp_path, kind, suffix):
    nowhere = Community(id="c-3", name="Nowhere yet", consent="public", draft=True)
    island = shapely.from_wkt("MULTIPOLYGON(((0 0,1 0,1 1,0 0),(.5 .1,.6 .1,.6 .2,.5 .1)),((3 3,4 3,4 4,3 3)))")
    two = drawn(id="c-4", area={"kind": "polygon", "shape": island})
    path = write_communities([drawn(), nowhere, two], tmp_path / f"out{suffix}", format=kind)
    first, second, third = read_communities(path)
    assert (
        first.area.shape.equals_exact(drawn().area.shape, 0)
        or first.area.shape.normalize() == drawn().area.shape.normalize()
    )
    assert second == nowhere
    assert third.area.shape.normalize() == island.normalize()
    assert third.area.shape.equals(island)


@pytest.mark.parametrize("kind", ["csv", "block_equivalency", "districtr"])
def test_a_format_of_units_wants_units(tmp_path, kind):
    suffix = FORMATS[kind][0]
    with pytest.raises(InputError, match=r"Pass blocks=kit.locate_communities"):
        write_communities([drawn()], tmp_path / f"out{suffix}", format=kind)
    assert list(tmp_path.iterdir()) == []


def test_units_of_a_polygon_are_those_at_least_half_inside(tmp_path, four_squares):
    from kit.analysis.community_places import locate_communities

    units, _ = four_squares
    a, b, c, d = units.frame.index
    west, south, _, north = units.geometry.total_bounds
    degrees = gpd.GeoSeries([shapely.box(west, south, west + 1450, north)], crs="EPSG:5070").to_crs(4269)
    most = drawn(area={"kind": "polygon", "shape": degrees.iloc[0]})
    path = write_communities([most], tmp_path / "out.csv", blocks=locate_communities([most], units))
    assert read_communities(path)["c-2"].area.geoids == (a, c)
    degrees = gpd.GeoSeries([shapely.box(west, south, west + 1550, north)], crs="EPSG:5070").to_crs(4269)
    most = drawn(area={"kind": "polygon", "shape": degrees.iloc[0]})
    for kind in ("csv", "block_equivalency"):
        path = write_communities([most], tmp_path / "out.csv", format=kind, blocks=locate_communities([most], units))
        assert read_communities(path)["c-2"].area.geoids == (a, b, c, d)
    assert path.read_text() == "BLOCKID,DISTRICT\n" + "".join(f"{unit},1\n" for unit in (a, b, c, d))


def test_a_list_gets_a_shape_from_its_units(tmp_path, four_squares):
    units, _ = four_squares
    a, b, _, _ = units.frame.index
    one = told(area={"kind": "units", "geoids": [a, b], "year": 2020})
    path = write_communities([one], tmp_path / "out.geojson", units=units)
    shape = gpd.read_file(path).to_crs(5070).geometry.iloc[0]
    assert shape.area == pytest.approx(2e6, rel=1e-6)
    assert read_communities(path)["c-1"].area == one.area
    lost = told(area={"kind": "units", "geoids": [a, "250173101001000"], "year": 2020})
    with pytest.raises(CoverageError, match=r"1 of 2 units of 'c-1' are not among .*250173101001000"):
        write_communities([lost], tmp_path / "out.geojson", units=units)


def test_a_shapefile_cuts_nothing(tmp_path):
    """Names of columns have 10 characters there and text has 254 bytes; the rest stands beside it."""
    path = write_communities([told()], tmp_path / "out.shp")
    names = sorted(p.name for p in tmp_path.iterdir())
    assert names == ["out.cpg", "out.dbf", "out.prj", "out.shp", "out.shp.communities.json", "out.shx"]
    assert list(gpd.read_file(path, ignore_geometry=True).columns) == ["id", "label", "consent"]
    with pytest.raises(InputError, match="1 ids are longer than a shapefile holds"):
        write_communities([told(id="x" * 300)], tmp_path / "long.shp")
    (tmp_path / "out.shp.communities.json").write_text("{")
    with pytest.raises(Corrupt, match=r"out.shp.communities.json is damaged"):
        read_communities(path)


def test_what_people_typed_is_never_run(tmp_path):
    cells = write_communities([told()], tmp_path / "out.csv").read_text(encoding="utf-8")
    assert not any(
        cell.startswith(("=", "@")) for line in cells.splitlines() for cell in line.replace('"', "").split(",")
    )
    kml = write_communities([told()], tmp_path / "out.kml").read_text(encoding="utf-8")
    assert "<script" not in kml
    balloon = kml.partition("<description>")[2].partition("</description>")[0]
    assert "&amp;lt;script&amp;gt;" in balloon
    assert "$[description]" in kml


def test_equivalency_of_overlapping_communities(tmp_path):
    first, second = told(), told(id="c-2", name="Second", area={"kind": "units", "geoids": BLOCKS[1:], "year": 2020})
    path = write_communities([first, second], tmp_path / "bef.csv", format="block_equivalency")
    lines = path.read_text().splitlines()
    assert lines == ["BLOCKID,DISTRICT", f"{BLOCKS[0]},1", f"{BLOCKS[1]},1", f"{BLOCKS[1]},2", f"{BLOCKS[2]},2"]
    assert list(read_communities(path)) == [first, second]
    (tmp_path / "bef.csv.communities.json").unlink()
    alone = read_communities(path)
    assert [one.name for one in alone] == ["1", "2"]
    assert alone["2"].area.geoids == BLOCKS[1:]
    with pytest.raises(InputError, match="has no area, and a block equivalency file has nothing else"):
        write_communities([told(area=None)], path, format="block_equivalency")


def test_districtr_keeps_overlaps_and_one_level(tmp_path):
    first, second = told(), told(id="c-2", area={"kind": "units", "geoids": BLOCKS[1:], "year": 2020})
    path = write_communities([first, second], tmp_path / "plan.json")
    assert json.loads(path.read_text())["assignment"] == {BLOCKS[0]: 0, BLOCKS[1]: [0, 1], BLOCKS[2]: 1}
    assert list(read_communities(path)) == [first, second]
    tract = told(id="c-3", area={"kind": "units", "geoids": ["25017310100"], "year": 2020})
    with pytest.raises(InputError, match="units of one level and year; these are block, tract"):
        write_communities([first, tract], path)
    assert list(read_communities(path)) == [first, second]


def test_consent_is_asked_before_anything_is_written(tmp_path):
    private = told(consent="private")
    with pytest.raises(InputError, match=r"1 of 2 communities may not go to audience 'public': c-1\."):
        write_communities([private, drawn()], tmp_path / "out.geojson")
    assert not (tmp_path / "out.geojson").exists()
    write_communities([private, drawn()], tmp_path / "out.geojson", audience="internal")
    few = Submissions((private, drawn(), told(id="c-5", consent="commission"))).for_audience("commission")
    assert [one.id for one in few] == ["c-2", "c-5"]
    assert few.notes == (
        "1 of 3 communities are left out: their people did not agree to show them to this audience (commission).",
    )
    with pytest.raises(InputError, match="audience is one of public, commission, internal, not 'press'"):
        write_communities([drawn()], tmp_path / "x.geojson", audience="press")


@pytest.mark.parametrize(
    ("name", "how", "message"),
    [
        ("out.xyz", {}, "out.xyz does not say its format"),
        ("out.csv", {"format": "geojson"}, r"a file of format 'geojson' ends in .geojson or .json, not .csv"),
        ("out.csv", {"format": "word"}, "no format is called 'word'; formats are geojson"),
    ],
)
def test_unknown_formats(tmp_path, name, how, message):
    with pytest.raises(InputError, match=message):
        write_communities([drawn()], tmp_path / name, **how)


def test_nothing_to_write(tmp_path):
    with pytest.raises(InputError, match="there are no communities to write"):
        write_communities([], tmp_path / "out.geojson")


def test_a_shape_that_is_no_area_is_refused(tmp_path):
    with pytest.raises(InputError, match="'c-2' is no polygon but a Point; mend it first"):
        write_communities([drawn(area={"kind": "polygon", "shape": "POINT(0 0)"})], tmp_path / "o.geojson")


# --- the proof -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "suffix"), EVERY)
def test_round_trip_is_proved(tmp_path, four_squares, kind, suffix):
    units, _ = four_squares
    a, _, c, _ = units.frame.index
    west, south, _, north = units.geometry.total_bounds
    degrees = gpd.GeoSeries([shapely.box(west, south, west + 1600, north)], crs="EPSG:5070").to_crs(4269)
    both = [
        told(area={"kind": "units", "geoids": [a, c], "year": 2020}),
        drawn(area={"kind": "polygon", "shape": degrees.iloc[0]}),
    ]
    proof = round_trip(both, tmp_path / f"out{suffix}", units, format=kind)
    assert proof.same_blocks
    assert proof.dropped == proof.changed == ()
    assert (proof.written, proof.read) == (2, 2)
    assert "Every one has the same census units as before. Every attribute came back as it was." in proof.summary()


def test_the_proof_sees_what_is_lost(tmp_path, monkeypatch):
    """A tool that dropped comments, labels and types once is what the proof is for."""
    from kit import community_proof

    def lossy(path):
        poor = {
            "comments": (),
            "label": "",
            "types": ("other",),
            "area": {"kind": "units", "geoids": BLOCKS[:1], "year": 2020},
        }
        return Submissions((told(**poor),))

    monkeypatch.setattr(community_proof, "read_communities", lossy)
    proof = round_trip([told()], tmp_path / "out.geojson")
    assert not proof.same_blocks
    assert proof.differences.to_numpy().tolist() == [["c-1", BLOCKS[1], "before"]]
    assert proof.dropped == ("comments", "label")
    assert proof.changed == ("types",)
    assert "Attributes that did not come back: comments, label." in proof.summary()
    assert "1 units stand on one side only." in proof.summary()
    with pytest.raises(SchemaError, match="1 areas were drawn; pass units="):
        round_trip([drawn()], tmp_path / "out.geojson")


# --- lists of GEOIDs of any level ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("geoid", "level"),
    [
        ("25", "state"),
        ("25017", "county"),
        ("25017310100", "tract"),
        ("250173101001", "block_group"),
        (BLOCKS[0], "block"),
    ],
)
def test_lists_of_every_level(tmp_path, geoid, level):
    path = tmp_path / "list.csv"
    path.write_text(f"GEOID20,community\n{geoid},Acre\n")
    (one,) = read_communities(path)
    assert (one.name, one.area.level, one.area.year, one.area.geoids) == ("Acre", level, 2020, (geoid,))
    assert one.collected.how == "list"
    assert one.consent == "private"


def test_a_list_of_one_community_is_called_by_its_file(tmp_path):
    path = tmp_path / "Little Saigon.csv"
    path.write_text("\n".join(BLOCKS))
    (one,) = read_communities(path, consent="public", year=2020)
    assert (one.name, one.area.geoids, one.area.year, one.consent) == ("Little Saigon", BLOCKS, 2020, "public")


def test_lists_overlap_and_keep_what_is_the_same_throughout(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text(
        f"GEOID10|Name|comments|pop\n{BLOCKS[0]}|A|keep us|5\n{BLOCKS[1]}|A|keep us|7\n{BLOCKS[0]}|B||\n|| |\n"
    )
    a, b = read_communities(path)
    assert a.area.geoids == BLOCKS[:2]
    assert b.area.geoids == BLOCKS[:1]
    assert a.comments == ("keep us",)
    assert a.area.year == 2010


def test_lost_zeros_come_back_and_destroyed_ids_do_not(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("block_id,name\n60371011101000,A\n60371011101001,A\n")
    found = read_communities(path)
    assert found["A"].area.geoids == ("060371011101000", "060371011101001")
    assert "Ids that had lost a leading zero, which was put back: 2." in found.notes
    path.write_text("GEOID,name\n2.50173E+14,A\n2.50174E+14,A\n")
    with pytest.raises(SchemaError, match="scientific notation"):
        read_communities(path)


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("name,where\nA,north\n", SchemaError, "no column of GEOIDs; columns are name, where"),
        (f"GEOID,p,q\n{BLOCKS[0]},1,2\n", InputError, r"which column names the communities: p, q\. Pass name="),
        ("GEOID,name\n", SchemaError, "has no row"),
        ("GEOID,name\n25017,A\n2501,A\n", SchemaError, "no column of GEOIDs"),
    ],
)
def test_lists_that_cannot_be_read(tmp_path, text, error, message):
    path = tmp_path / "list.csv"
    path.write_text(text)
    with pytest.raises(error, match=message):
        read_communities(path)


def test_name_column_can_be_said(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(f"GEOID,p,q\n{BLOCKS[0]},1,2\n")
    assert read_communities(path, name="q").communities[0].name == "2"
    with pytest.raises(InputError, match="has no column 'r'; it has GEOID, p, q"):
        read_communities(path, name="r")


# --- other tools -----------------------------------------------------------------------------------------


def feature(properties, shape=TRIANGLE):
    geometry = None if shape is None else json.loads(shapely.to_geojson(shapely.from_wkt(shape)))
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(path, *features):
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return path


def test_representable(tmp_path):
    """The columns its own guide to the export lists; names and addresses of authors are left unread."""
    row = {
        "entry_name": "Frogtown",
        "cultural_interests": "Hmong New Year",
        "economic_interests": "small shops",
        "comm_activities": "the temple",
        "other_considerations": "keep us whole",
        "custom_response": "since 1980",
        "population": "4312",
        "block_group_ids": ["271230325001", "271230325002"],
        "census_block_ids": [],
        "organization": "Coalition",
        "drive": "Summer drive",
        "author_name": "Planted Person",
        "address": {"street": "12 Planted Street", "zipcode": "55103"},
    }
    old = {**row, "entry_name": "Old", "block_group_ids": "171190001001,171190001002"}
    found = read_communities(collection(tmp_path / "r.geojson", feature(row), feature(old)), consent="public")
    one, two = found
    assert one.name == "Frogtown"
    assert (one.in_common.culture, one.in_common.work, one.in_common.services) == (
        "Hmong New Year",
        "small shops",
        "the temple",
    )
    assert (one.in_common.other, one.comments, one.collected.collector) == (
        "keep us whole",
        ("since 1980",),
        "Coalition",
    )
    assert dict(one.extra) == {"population": "4312", "drive": "Summer drive", "census_block_ids": "[]"}
    assert (one.area.level, one.area.year, one.area.geoids) == ("block_group", 2020, ("271230325001", "271230325002"))
    assert (two.area.year, two.area.geoids) == (2010, ("171190001001", "171190001002"))
    assert "Planted" not in found.communities[0].model_dump_json() + repr(found) + str(found.notes)
    assert found.notes == ("Columns that tell who people are were left unread (rows): address (2), author_name (2).",)


def test_representable_and_dra_columns_are_written(tmp_path):
    path = write_communities([told()], tmp_path / "r.geojson", format="representable")
    properties = json.loads(path.read_text())["features"][0]["properties"]
    assert properties["entry_name"] == HARD_NAME
    assert properties["census_block_ids"] == list(BLOCKS[:2])
    assert properties["block_group_ids"] == []
    assert properties["other_considerations"] == "together"
    assert not {"author_name", "address"} & properties.keys()
    path = write_communities([told()], tmp_path / "d.geojson", format="dra")
    properties = json.loads(path.read_text())["features"][0]["properties"]
    assert (properties["name"], properties["label"]) == (HARD_NAME, "L-1")


def test_dave_s_redistricting(tmp_path):
    """A community there is a map of one or more shapes: district shapes as GeoJSON, or blocks as CSV."""
    shapes = collection(
        tmp_path / "d.geojson", feature({"id": "1", "label": "My COI", "description": "ours", "color": "#f00"})
    )
    (one,) = read_communities(shapes)
    assert (one.id, one.name, one.label, one.in_common.other) == ("1", "My COI", "My COI", "ours")
    assert one.area.shape.equals(shapely.from_wkt(TRIANGLE))
    listed = tmp_path / "block-assignments.csv"
    listed.write_text(f"Id,District\n{BLOCKS[0]},1\n{BLOCKS[1]},1\n")
    assert read_communities(listed)["1"].area.geoids == BLOCKS[:2]
    listed = tmp_path / "v2.csv"
    listed.write_text(f"geo_id,zone\n{BLOCKS[0]},7\n")
    assert read_communities(listed)["7"].area.geoids == BLOCKS[:1]


def test_districtr_without_anything_drawn(tmp_path):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({"assignment": {}, "parts": [{"id": 0, "displayNumber": 1, "name": "Community 1"}]}))
    with pytest.raises(InputError, match="empty Districtr file: nobody drew a community"):
        read_communities(path)
    path.write_text(json.dumps({"assignment": {"0": 1, "17": 2}}))
    with pytest.raises(InputError, match=r"units by row number \(0, 17\)"):
        read_communities(path)
    path.write_text(json.dumps({"assignment": [1]}))
    with pytest.raises(SchemaError, match="'assignment' must map"):
        read_communities(path)


def test_submitters_become_pseudonyms(tmp_path):
    rows = [feature({"name": n, "email": e}) for n, e in (("A", "a@x.org"), ("B", "b@x.org"), ("C", "a@x.org"))]
    found = read_communities(collection(tmp_path / "s.geojson", *rows), submitter="email")
    assert [one.submitter for one in found] == ["submitter 1", "submitter 2", "submitter 1"]
    assert "x.org" not in "".join(one.model_dump_json() for one in found)
    rows = [feature({"plan_id": f"c{n}-{k}"}) for n, k in ((1, 1), (1, 2), (2, 1))]
    how = {"id": "plan_id", "submitter": "plan_id", "submitter_pattern": r"(.+)-\d+"}
    found = read_communities(collection(tmp_path / "p.geojson", *rows), **how)
    assert [(one.id, one.submitter) for one in found] == [("c1-1", "c1"), ("c1-2", "c1"), ("c2-1", "c2")]
    with pytest.raises(InputError, match="has no column 'who'; it has plan_id"):
        read_communities(tmp_path / "p.geojson", submitter="who")


@pytest.mark.parametrize(
    "column",
    ["email", "Email_Address", "e-mail".replace("-", "_"), "phone", "PhoneNumber", "author_name", "first_name", "user_name",
     "address", "home_address", "zip_code", "contact", "contact_person", "ip_address", "submitter_name", "date_of_birth"],
)  # fmt: skip
def test_columns_that_tell_who_people_are(tmp_path, column):
    found = read_communities(collection(tmp_path / "s.geojson", feature({"name": "A", column: "Planted"})))
    assert "Planted" not in found.communities[0].model_dump_json()
    assert f"{column} (1)" in found.notes[0]


@pytest.mark.parametrize(
    "column", ["comments", "label", "type", "population", "shape_notes", "hometown", "nickname", "renamed"]
)
def test_columns_that_tell_of_the_community(tmp_path, column):
    found = read_communities(collection(tmp_path / "s.geojson", feature({"name": "A", column: "Kept"})))
    assert "Kept" in found.communities[0].model_dump_json()


def test_ids_and_names_that_repeat(tmp_path):
    rows = [feature({"id": "7", "name": "A"}), feature({"id": "7", "name": "A"}), feature({"id": None, "name": None})]
    found = read_communities(collection(tmp_path / "s.geojson", *rows))
    assert [one.id for one in found] == ["7", "7 (2)", "s.geojson-3"]
    assert found.labels == ("A [7]", "A [7 (2)]", "Community 3")
    assert any("1 community has no name" in note for note in found.notes)


def test_points_in_an_area_are_its_landmarks(tmp_path):
    rows = [
        feature({"name": "A"}),
        feature({"name": "Temple", "description": "gold"}, "POINT(-71.25 42.61)"),
        feature({"name": "Far"}, "POINT(0 0)"),
    ]
    found = read_communities(collection(tmp_path / "s.geojson", *rows))
    assert [one.name for one in found] == ["A", "Far"]
    assert found["A"].landmarks[0].name == "Temple"
    assert found["A"].landmarks[0].point == (-71.25, 42.61)


# --- kinds of files --------------------------------------------------------------------------------------


def layer(tmp_path, name, crs="EPSG:26986"):
    shapes = gpd.GeoDataFrame(
        {"NAME": ["North", "South"], "TYPE": ["x", None]},
        geometry=gpd.points_from_xy([-71.3, -71.2], [42.6, 42.7]),
        crs=4269,
    )
    shapes = shapes.to_crs(26986)
    shapes.geometry = shapes.buffer(500)
    shapes.set_crs(crs, allow_override=True).to_file(tmp_path / name)
    return tmp_path / name


@pytest.mark.parametrize("name", ["areas.shp", "areas.gpkg", "areas.geojson", "areas.fgb"])
def test_layers_of_shapes(tmp_path, name):
    found = read_communities(layer(tmp_path, name))
    assert [one.name for one in found] in (["North", "South"], ["South", "North"])
    assert found["North"].types == ("x",)
    assert found["South"].types == ()
    flat = gpd.GeoSeries([found["North"].area.shape], crs=4269).to_crs(26986)
    assert flat.area.iloc[0] == pytest.approx(785_000, rel=0.01)
    assert found.sources[0].where == name
    assert len(found.sources[0].sha256) == 64


def test_a_folder_a_zip_and_a_missing_part(tmp_path):
    layer(tmp_path, "areas.shp")
    assert len(read_communities(tmp_path)) == 2
    archive = tmp_path / "z" / "areas.zip"
    archive.parent.mkdir()
    with zipfile.ZipFile(archive, "w") as opened:
        for part in tmp_path.glob("areas.*"):
            opened.write(part, f"deep/folder/{part.name}")
        opened.writestr("__MACOSX/._areas.shp", b"litter")
    assert len(read_communities(archive)) == 2
    (tmp_path / "areas.dbf").unlink()
    with pytest.raises(InputError, match="areas.shp lacks .dbf"):
        read_communities(tmp_path / "areas.shp")


def test_shapes_without_a_system(tmp_path):
    path = layer(tmp_path, "areas.shp")
    (tmp_path / "areas.prj").unlink()
    with pytest.raises(CRSError, match="areas.shp has no coordinate reference system"):
        read_communities(path)
    assert len(read_communities(path, crs="EPSG:26986", name="NAME")) == 2


def test_several_files_or_layers_are_asked_about(tmp_path):
    path = layer(tmp_path, "two.gpkg")
    gpd.read_file(path).to_file(path, layer="second")
    with pytest.raises(InputError, match=r"two.gpkg holds 2 layers: two, second\. Pass layer="):
        read_communities(path)
    assert len(read_communities(path, layer="second")) == 2
    with pytest.raises(InputError, match="has no layer 'third'"):
        read_communities(path, layer="third")
    archive = tmp_path / "two.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        for name in ("a.geojson", "b.geojson"):
            opened.writestr(name, json.dumps({"type": "FeatureCollection", "features": [feature({"name": name})]}))
    with pytest.raises(InputError, match=r"two.zip holds 2 files of communities: a.geojson, b.geojson"):
        read_communities(archive)
    assert read_communities(archive, layer="b").communities[0].name == "b.geojson"


def test_broken_shapes_are_kept_as_they_are(tmp_path):
    """Reading loses nothing: rings that cross, lines, points and nothing at all are for the mending."""
    rows = [
        feature({"name": "bow tie"}, "POLYGON((0 0,2 2,2 0,0 2,0 0))"),
        feature({"name": "line"}, "LINESTRING(0 0,1 1)"),
        feature({"name": "none"}, None),
    ]
    open_ring = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]}
    two_points = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0]]]}
    rows += [
        {"type": "Feature", "properties": {"name": n}, "geometry": g}
        for n, g in (("open", open_ring), ("two", two_points))
    ]
    found = read_communities(collection(tmp_path / "s.geojson", *rows))
    assert len(found) == 5
    assert not found["bow tie"].area.shape.is_valid
    assert found["line"].area.shape.geom_type == "LineString"
    assert found["none"].area is None
    assert found["open"].area.shape.area == 0.5
    assert found["two"].area is None
    assert found["two"].extra == (("unread_shape", "its shape cannot be read: a ring of fewer than three points"),)
    assert "1 row has a shape that cannot be read: row 5." in found.notes


def test_kml_of_other_programs(tmp_path):
    path = tmp_path / "a.kml"
    path.write_text(
        """<?xml version="1.0" encoding="UTF-8"?>
        <kml:kml xmlns:kml="http://www.opengis.net/kml/2.2"><kml:Document><kml:Folder><kml:Placemark>
        <kml:name>A &lt;b&gt;</kml:name><kml:description><![CDATA[<img src=x onerror=alert(1)>]]></kml:description>
        <kml:ExtendedData><kml:SchemaData schemaUrl="#s"><kml:SimpleData name="LABEL">north</kml:SimpleData></kml:SchemaData>
        </kml:ExtendedData><kml:MultiGeometry><kml:Polygon><kml:outerBoundaryIs><kml:LinearRing><kml:coordinates>
        0,0,5 4,0,5
        4,4,5 0,4,5 0,0,5</kml:coordinates></kml:LinearRing></kml:outerBoundaryIs><kml:innerBoundaryIs><kml:LinearRing>
        <kml:coordinates>1,1 2,1 2,2 1,1</kml:coordinates></kml:LinearRing></kml:innerBoundaryIs></kml:Polygon>
        </kml:MultiGeometry></kml:Placemark></kml:Folder><kml:Placemark><kml:name>P</kml:name><kml:Point>
        <kml:coordinates>9,9</kml:coordinates></kml:Point></kml:Placemark></kml:Document></kml:kml>"""
    )
    a, p = read_communities(path)
    assert (a.name, a.label, a.in_common.other) == ("A <b>", "north", "<img src=x onerror=alert(1)>")
    assert a.area.shape.area == 15.5
    assert p.area.shape.geom_type == "Point"


# --- files that mean harm --------------------------------------------------------------------------------

BOMB = '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)
)


@pytest.mark.parametrize(
    "text",
    [
        f"{BOMB}]><kml><Placemark><name>&j;</name></Placemark></kml>",
        '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml><Placemark><name>&x;</name></Placemark></kml>',
        '<!DOCTYPE kml SYSTEM "http://192.0.2.1/x.dtd"><kml/>',
    ],
)
def test_entities_are_refused(tmp_path, text):
    path = tmp_path / "bomb.kml"
    path.write_text(text)
    with pytest.raises(InputError, match=r"declares a document type or entities, .* it was not read"):
        read_communities(path)


def test_xml_that_never_ends_in_depth(tmp_path):
    path = tmp_path / "deep.kml"
    path.write_text("<a>" * 100_000)
    with pytest.raises(InputError, match="more tags, or deeper ones, than a map file does"):
        read_communities(path)
    path.write_text("<kml><Placemark>")
    with pytest.raises(Corrupt, match="not whole XML"):
        read_communities(path)


@pytest.mark.parametrize("suffix", [".zip", ".kmz"])
def test_zip_bombs_are_refused(tmp_path, suffix):
    path = tmp_path / f"bomb{suffix}"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("doc.kml", b"0" * 30_000_000)
    assert path.stat().st_size < 100_000
    with pytest.raises(InputError, match=r"would unfold to 30 MB, more than a map file does: it was not opened"):
        read_communities(path)


def test_a_zip_that_lies_about_its_size(tmp_path):
    path = tmp_path / "liar.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("doc.kml", b"<kml>" + b" " * 5_000_000)
    data = path.read_bytes()
    path.write_bytes(data.replace((5_000_005).to_bytes(4, "little"), (50).to_bytes(4, "little")))
    with pytest.raises((InputError, Corrupt), match=r"unfolds to more than it says|is damaged"):
        read_communities(path)


def test_archives_in_archives_climbing_names_and_locked_ones(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as opened:
        opened.writestr("inner.zip", b"PK")
    with pytest.raises(InputError, match="holds another archive"):
        read_communities(path)
    with zipfile.ZipFile(path, "w") as opened:
        opened.writestr(
            "../../climbed.geojson", json.dumps({"type": "FeatureCollection", "features": [feature({"name": "A"})]})
        )
    assert len(read_communities(path)) == 1
    assert not (tmp_path.parent / "climbed.geojson").exists()
    with zipfile.ZipFile(path, "w") as opened:
        for number in range(201):
            opened.writestr(f"{number}.geojson", "{}")
    with pytest.raises(InputError, match="holds 201 files; expected at most 200"):
        read_communities(path)
    with zipfile.ZipFile(path, "w") as opened:
        opened.writestr("readme.md", "x")
    with pytest.raises(InputError, match="holds no file of communities"):
        read_communities(path)


def test_too_large_empty_and_web_pages(tmp_path):
    path = tmp_path / "big.geojson"
    with path.open("wb") as stream:
        stream.truncate(51_000_000)
    with pytest.raises(InputError, match=r"big.geojson has 51 MB, and at most 50 MB are read"):
        read_communities(path)
    with pytest.raises(Corrupt, match="is not whole JSON"):
        read_communities(path, most_megabytes=60)
    path.write_text("")
    with pytest.raises(Corrupt, match="is empty"):
        read_communities(path)
    path.write_text("<!DOCTYPE html><html>404</html>")
    with pytest.raises(Corrupt, match="is a web page saved under that name"):
        read_communities(path)
    path.write_text("[" * 200_000)
    with pytest.raises(Corrupt, match="is not whole JSON"):
        read_communities(path)
    path.write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(SchemaError, match="GeoJSON without a feature"):
        read_communities(path)
    path.write_text('{"a": 1}')
    with pytest.raises(SchemaError, match="neither GeoJSON, TopoJSON nor a Districtr plan"):
        read_communities(path)
    sheet = tmp_path / "sheet.xlsx"
    sheet.write_bytes(b"PK")
    with pytest.raises(InputError, match="Save the sheet as CSV"):
        read_communities(sheet)
    with pytest.raises(InputError, match="no file or folder 'bog.geojson'. Near names: big.geojson"):
        read_communities(tmp_path / "bog.geojson")
    with pytest.raises(InputError, match="consent is one of public, commission, private, not 'yes'"):
        read_communities(path, consent="yes")


@pytest.mark.parametrize("name", ["cut.shp", "cut.gpkg", "cut.zip", "cut.fgb"])
def test_files_that_are_cut_off(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"PK\x03\x04 not much of anything")
    for part in (".dbf", ".shx"):
        path.with_suffix(part).write_bytes(b"x")
    with pytest.raises(Corrupt, match=name):
        read_communities(path)


def test_control_characters_are_replaced_and_counted(tmp_path):
    found = read_communities(collection(tmp_path / "s.geojson", feature({"name": "A\x00B", "comments": "x\x07y"})))
    assert found.communities[0].name == "A\N{REPLACEMENT CHARACTER}B"
    assert "Texts with control characters, which were replaced: 2." in found.notes


def test_a_record_of_ours_that_was_changed(tmp_path):
    path = write_communities([told()], tmp_path / "o.geojson")
    path.write_text(path.read_text().replace('"types": "[', '"types": "{'))
    with pytest.raises(SchemaError, match="has a list that was changed after it was written"):
        read_communities(path)


def test_what_lies_beside_a_file_never_overrules_it(tmp_path):
    """A record beside a file speaks for rows that cannot say it themselves, and for no other."""
    old = write_communities([told(comments=["old"])], tmp_path / "a.csv", format="block_equivalency")
    write_communities([told(comments=["new"])], old)
    assert read_communities(old)["c-1"].comments == ("new",)
    write_communities([told(comments=["shape"])], tmp_path / "a.shp")
    assert read_communities(tmp_path / "a.shp")["c-1"].comments == ("shape",)
    assert read_communities(old)["c-1"].comments == ("new",)


def test_a_locked_archive(tmp_path):
    path = tmp_path / "locked.zip"
    with zipfile.ZipFile(path, "w") as opened:
        opened.writestr("a.geojson", json.dumps({"type": "FeatureCollection", "features": [feature({"name": "A"})]}))
    data = bytearray(path.read_bytes())
    data[6] |= 1  # the flag of encryption, in the member's own header and in the directory
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))
    with pytest.raises(InputError, match=r"locked.zip is locked with a password"):
        read_communities(path)


def test_one_name_twice_in_an_archive(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as opened:
        for folder in ("x", "y"):
            opened.writestr(f"{folder}/a.geojson", "{}")
    with pytest.raises(InputError, match=r"a.zip holds two files called 'a.geojson'"):
        read_communities(path)


def test_a_folder_of_several_files_and_an_unknown_system(tmp_path):
    one = collection(tmp_path / "a.geojson", feature({"name": "A"}))
    collection(tmp_path / "b.geojson", feature({"name": "B"}))
    (tmp_path / "README.csv").write_text("x")
    with pytest.raises(InputError, match=r"holds 2 files of communities: a.geojson, b.geojson\. Pass one"):
        read_communities(tmp_path)
    assert read_communities(tmp_path, layer="b").communities[0].name == "B"
    content = json.loads(one.read_text()) | {"crs": {"type": "name", "properties": {"name": "EPSG:999999"}}}
    one.write_text(json.dumps(content))
    with pytest.raises(CRSError, match="a.geojson names a coordinate system that is unknown"):
        read_communities(one)


def test_lists_with_holes_and_doubled_columns(tmp_path):
    path = tmp_path / "l.csv"
    path.write_text(f"GEOID,name\n{BLOCKS[0]},A\n{BLOCKS[1]},\n,A\n")
    found = read_communities(path)
    assert found["A"].area.geoids == BLOCKS[:1]
    assert set(found.notes) == {"Rows without a GEOID, left aside: 1.", "Rows that name no community, left aside: 1."}
    path.write_text(f"GEOID,name,name\n{BLOCKS[0]},A,B\n")
    with pytest.raises(SchemaError, match="two columns of one name"):
        read_communities(path)
    path.write_text(f"GEOID,name\n{BLOCKS[0]},A,B\n")
    with pytest.raises(SchemaError, match="has 2 columns in its first row and 3 in another"):
        read_communities(path)
    path.write_text(f"GEOID,name\n{BLOCKS[0]},\n")
    with pytest.raises(SchemaError, match="names no community in any row"):
        read_communities(path)


def test_a_file_is_what_its_name_says(tmp_path):
    """GDAL reads by content: a document of another kind under this name would go around every check."""
    path = tmp_path / "a.gpkg"
    path.write_text("<kml><Placemark><name>A</name></Placemark></kml>")
    with pytest.raises(Corrupt, match=r"a.gpkg is not what its name says"):
        read_communities(path)


def test_blocks_of_other_communities_are_refused(tmp_path, four_squares):
    from kit.analysis.community_places import locate_communities

    units, _ = four_squares
    a, *_ = units.frame.index
    other = locate_communities([told(area={"kind": "units", "geoids": [a], "year": 2020})], units)
    with pytest.raises(CoverageError, match="blocks= has no unit of 'Drawn' with at least half of it inside"):
        write_communities([drawn()], tmp_path / "o.csv", blocks=other)
    coarse = told(area={"kind": "units", "geoids": ["360610001001"], "year": 2020})
    with pytest.raises(InputError, match="block_equivalency lists blocks, and the community 'c-1' is not told so"):
        write_communities([coarse], tmp_path / "o.csv", format="block_equivalency")
    found = locate_communities([coarse], units)
    path = write_communities([coarse], tmp_path / "o.csv", format="block_equivalency", blocks=found)
    assert path.read_text().count(",1\n") == len(units)
