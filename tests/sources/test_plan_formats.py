"""Finding the one plan file: zips, folders, wrong files, and SOURCE.toml."""

import hashlib
import shutil
import zipfile

import geopandas as gpd
import pytest
from shapely import Point, box

from kit.errors import Corrupt, InputError, SchemaError
from kit.sources.plans import read_plan, read_source_toml

ROWS = "BLOCKID,DISTRICT\n360610001001000,1\n360610001001001,2\n"


def squares(labels=("1", "2"), crs="EPSG:4269", **columns):
    shapes = [box(-74 + 0.01 * i, 40.7, -73.99 + 0.01 * i, 40.71) for i in range(len(labels))]
    return gpd.GeoDataFrame({"DISTRICT": list(labels), **columns}, geometry=shapes, crs=crs)


def put(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def zipped(path, members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def shapefile(folder, stem="plan", **kwargs):
    folder.mkdir(parents=True, exist_ok=True)
    squares(**kwargs).to_file(folder / f"{stem}.shp")
    return folder / f"{stem}.shp"


def members(folder, prefix=""):
    return {prefix + p.name: p.read_bytes() for p in folder.iterdir()}


# --- what is found


def test_a_shapefile_is_read_as_file_as_folder_and_zipped_in_folders_with_litter(tmp_path):
    shp = shapefile(tmp_path / "s")
    junk = {"__MACOSX/a/._plan.shp": b"x", "a/.DS_Store": b"x", "a/readme.txt": b"read me, please"}
    archive = zipped(tmp_path / "p.zip", {**members(tmp_path / "s", "a/b c/"), **junk})
    plans = [read_plan(shp), read_plan(tmp_path / "s"), read_plan(archive)]
    assert [p.labels for p in plans] == [("1", "2")] * 3
    assert "Read plan.shp inside p.zip." in plans[2].notes
    assert plans[2].sources[0].where == "p.zip"
    assert plans[2].sources[0].sha256 == hashlib.sha256(archive.read_bytes()).hexdigest()
    assert plans[1].sources[0].where == "plan.shp"


def test_upper_case_parts_of_a_shapefile(tmp_path):
    shapefile(tmp_path / "s")
    for part in list((tmp_path / "s").iterdir()):
        part.rename(part.with_suffix(part.suffix.upper()))
    assert read_plan(tmp_path / "s" / "plan.SHP").labels == ("1", "2")


def test_a_zip_named_csv_zip_gives_the_bare_name(tmp_path):
    archive = zipped(tmp_path / "NY_bef.csv.zip", {"NY_bef.csv": ROWS, "__MACOSX/._NY_bef.csv": "x"})
    assert read_plan(archive).name == "NY_bef"


def test_a_layer_of_points_beside_the_plan_is_left_aside(tmp_path):
    squares().to_file(tmp_path / "plan.geojson")
    gpd.GeoDataFrame({"name": ["school"]}, geometry=[Point(-74, 40.7)], crs=4326).to_file(tmp_path / "marks.geojson")
    both = {n: (tmp_path / n).read_bytes() for n in ("plan.geojson", "marks.geojson")}
    plan = read_plan(zipped(tmp_path / "z.zip", both))
    assert plan.labels == ("1", "2")
    assert plan.notes[0] == "Read plan.geojson inside z.zip; marks.geojson has no areas."


def test_layer_names_the_file_meant(tmp_path):
    archive = zipped(tmp_path / "z.zip", {"house.csv": ROWS, "senate.csv": ROWS.replace(",2", ",9")})
    assert read_plan(archive, layer="senate").labels == ("1", "9")
    assert read_plan(archive, layer="house.csv").labels == ("1", "2")
    put(tmp_path / "f" / "house.csv", ROWS)
    put(tmp_path / "f" / "senate.csv", ROWS.replace(",2", ",9"))
    assert read_plan(tmp_path / "f", layer="senate").labels == ("1", "9")


# --- what is refused


def test_several_candidates_are_named(tmp_path):
    archive = zipped(tmp_path / "z.zip", {"house.csv": ROWS, "senate.csv": ROWS})
    with pytest.raises(
        InputError, match=r"z.zip holds 2 files that could be the plan: house.csv, senate.csv. Pass layer="
    ):
        read_plan(archive)
    put(tmp_path / "f" / "a.csv", ROWS)
    put(tmp_path / "f" / "b.csv", ROWS)
    with pytest.raises(InputError, match=r"the folder 'f' holds 2 files"):
        read_plan(tmp_path / "f")


def test_a_missing_file_brings_near_names(tmp_path):
    put(tmp_path / "council_2022.csv", ROWS)
    with pytest.raises(InputError, match=r"no file or folder 'council_2021.csv'. Near names: council_2022.csv"):
        read_plan(tmp_path / "council_2021.csv")
    with pytest.raises(InputError, match=r"The folder .* has council_2022.csv"):
        read_plan(tmp_path / "zzz")
    with pytest.raises(InputError, match=r"its folder 'nowhere' does not exist"):
        read_plan(tmp_path / "nowhere" / "x.csv")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.zip", b"", r"a.zip is empty"),
        ("a.csv", b" \n", r"a.csv is empty"),
        ("a.zip", b"<!DOCTYPE html><html>Sign in</html>", r"a.zip is a web page saved under that name"),
        ("a.geojson", b"\n<html><body>404", r"a.geojson is a web page"),
        ("a.zip", b"PK\x03\x04 and then nothing", r"a.zip is damaged or cut off"),
        ("a.json", b'{"assignment": {"1": ', r"a.json is not whole JSON"),
        ("a.csv", b"PK\x03\x04 sheet", r"a.csv is not text"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [{"type"', r"a.geojson cannot be read as shapes"),
        ("a.shp", None, None),
    ],
)
def test_broken_files(tmp_path, name, content, message):
    if content is None:
        path = shapefile(tmp_path)
        path.write_bytes(path.read_bytes()[:50])
        message = r"plan.shp cannot be read as shapes"
    else:
        path = tmp_path / name
        path.write_bytes(content)
    with pytest.raises(Corrupt, match=message):
        read_plan(path)


def test_a_zip_cut_off_in_the_middle(tmp_path):
    whole = zipped(tmp_path / "whole.zip", {"a.csv": ROWS * 50}).read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Corrupt, match=r"cut.zip is damaged or cut off"):
        read_plan(tmp_path / "cut.zip")
    spoiled = bytearray(whole)
    spoiled[60] ^= 0xFF
    (tmp_path / "bad.zip").write_bytes(spoiled)
    with pytest.raises(Corrupt, match=r"bad.zip is damaged"):
        read_plan(tmp_path / "bad.zip")


def test_a_locked_zip(tmp_path):
    raw = bytearray(zipped(tmp_path / "p.zip", {"a.csv": ROWS}).read_bytes())
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "p.zip").write_bytes(raw)
    with pytest.raises(InputError, match=r"p.zip is locked with a password. Unpack it"):
        read_plan(tmp_path / "p.zip")


def test_a_zip_in_a_zip_and_a_zip_without_plan(tmp_path):
    zipped(tmp_path / "in.zip", {"a.csv": ROWS})
    outer = zipped(tmp_path / "out.zip", {"in.zip": (tmp_path / "in.zip").read_bytes()})
    with pytest.raises(InputError, match=r"out.zip holds another zip"):
        read_plan(outer)
    with pytest.raises(InputError, match=r"none.zip holds no plan file; expected one of .shp"):
        read_plan(zipped(tmp_path / "none.zip", {"map.pdf": b"%PDF"}))


@pytest.mark.parametrize("part", [".dbf", ".shx"])
def test_a_shapefile_with_a_part_missing(tmp_path, part):
    shp = shapefile(tmp_path / "s")
    shp.with_suffix(part).unlink()
    with pytest.raises(InputError, match=rf"plan.shp lacks \{part}: a shapefile is several files"):
        read_plan(shp)
    with pytest.raises(InputError, match=rf"plan.shp lacks \{part}"):
        read_plan(zipped(tmp_path / "z.zip", members(tmp_path / "s")))


def test_unknown_suffixes(tmp_path):
    with pytest.raises(InputError, match=r"no plan is read from .docx; expected .shp"):
        read_plan(put(tmp_path / "a.docx", "x"))
    with pytest.raises(InputError, match=r"Save the sheet as CSV with the id column as text"):
        read_plan(put(tmp_path / "a.xlsx", "x"))
    with pytest.raises(InputError, match=r"Pass the .shp file"):
        read_plan(put(tmp_path / "a.dbf", "x"))
    with pytest.raises(InputError, match=r"neither GeoJSON, TopoJSON nor a Districtr plan"):
        read_plan(put(tmp_path / "a.json", "[1]"))


# --- SOURCE.toml


def record(folder, named, **changes):
    file = folder / named
    digest = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "0" * 64
    keys = {
        "name": "Unity Map",
        "file": named,
        "jurisdiction": "Fictional County",
        "status": "proposed",
        "license": "public domain",
        "sha256": digest,
        **changes,
    }
    lines = []
    for key, value in keys.items():
        if value is not None:
            lines.append(
                f"{key} = {str(value).lower() if isinstance(value, bool) else value if isinstance(value, int) else repr(value)}"
            )
    return put(folder / "SOURCE.toml", "\n".join(lines).replace("'", '"'))


def test_a_folder_with_a_record_says_everything(tmp_path):
    put(tmp_path / "unity.csv", "GEOID,A,B\n360610001001000,1,x\n360610001001001,2,x\n")
    record(
        tmp_path, "unity.csv", id="A", adopted="2022-01-31", year=2020, publisher="The coalition",
        url="https://example.org/unity.csv", retrieved="2026-01-02", note="A proposal.", sample=True,
    )  # fmt: skip
    plan = read_plan(tmp_path)
    assert (plan.name, plan.jurisdiction, plan.status, plan.adopted, plan.year) == (
        "Unity Map", "Fictional County", "proposed", "2022-01-31", 2020,
    )  # fmt: skip
    source = plan.sources[0]
    assert (source.publisher, source.where, source.license, source.sample) == (
        "The coalition", "https://example.org/unity.csv", "public domain", True,
    )  # fmt: skip
    assert plan.labels == ("1", "2")
    other = read_plan(tmp_path, name="Mine", status="draft", jurisdiction="Elsewhere", adopted="", id="B")
    assert (other.name, other.status, other.jurisdiction, other.adopted, other.labels) == (
        "Mine",
        "draft",
        "Elsewhere",
        "",
        ("x",),
    )


def test_a_date_may_be_a_toml_date(tmp_path):
    put(tmp_path / "a.csv", ROWS)
    path = record(tmp_path, "a.csv")
    path.write_text(path.read_text() + "\nadopted = 2022-01-31\n")
    assert read_source_toml(path).adopted == "2022-01-31"


def test_the_crs_of_a_record_is_used(tmp_path):
    shp = shapefile(tmp_path)
    shp.with_suffix(".prj").unlink()
    record(tmp_path, "plan.shp", crs="EPSG:4269")
    assert read_plan(tmp_path).geometry.crs.to_epsg() == 4269


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"licence": "mine"}, r"SOURCE.toml: unknown key 'licence'. Keys: name, file"),
        ({"license": None}, r"key 'license' is missing"),
        ({"status": "final"}, r"'status' input should be 'enacted'.*found 'final'"),
        ({"adopted": "January"}, r"'adopted' value error.*found 'January'"),
        ({"sha256": "abc"}, r"'sha256' string should match"),
        ({"file": "../a.csv"}, r"must be a file in the same folder"),
        ({"year": "x2020"}, r"'year' input should be a valid integer"),
    ],
)
def test_a_record_with_faults(tmp_path, changes, message):
    put(tmp_path / "a.csv", ROWS)
    record(tmp_path, "a.csv", **{"sha256": "0" * 64, **changes})
    with pytest.raises(SchemaError, match=message):
        read_plan(tmp_path)


def test_all_faults_of_a_record_are_told_together(tmp_path):
    put(tmp_path / "SOURCE.toml", 'nam = "x"')
    with pytest.raises(SchemaError, match=r"key 'name' is missing, key 'file' is missing.* and 2 more"):
        read_source_toml(tmp_path)


def test_a_record_that_is_absent_or_not_toml(tmp_path):
    with pytest.raises(InputError, match=r"there is no SOURCE.toml in the folder"):
        read_source_toml(tmp_path)
    put(tmp_path / "SOURCE.toml", "name = Unity")
    with pytest.raises(SchemaError, match=r"SOURCE.toml is not valid TOML"):
        read_source_toml(tmp_path)


def test_a_file_that_changed_or_is_absent(tmp_path):
    put(tmp_path / "a.csv", ROWS)
    record(tmp_path, "a.csv")
    put(tmp_path / "a.csv", ROWS + "360610001001002,2\n")
    with pytest.raises(Corrupt, match=r"a.csv is not the file SOURCE.toml describes: SHA-256 \w{12}… found"):
        read_plan(tmp_path)
    (tmp_path / "a.csv").unlink()
    with pytest.raises(InputError, match=r"SOURCE.toml names 'a.csv', which is not in the folder"):
        read_plan(tmp_path)
    record(tmp_path, "a.csv", url="https://example.org/a.csv")
    with pytest.raises(InputError, match=r"Fetch it from https://example.org/a.csv"):
        read_plan(tmp_path)
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(InputError, match=r"names the folder 'a.csv'"):
        read_plan(tmp_path)
    shutil.rmtree(tmp_path / "a.csv")


def test_the_kit_leaves_no_scratch_behind_and_prints_nothing(tmp_path, capsys, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    read_plan(zipped(tmp_path / "z.zip", {"a.csv": ROWS}))
    assert list(scratch.iterdir()) == []
    assert capsys.readouterr() == ("", "")
