"""GeoPackages: the figures of a map as layers, with their sources, and nothing missing turned into a number."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pyogrio
import pytest

import kit
from kit.errors import InputError
from kit.model.communities import Communities

WHAT = {"group": "aapi_aoic", "base": "vap"}
BREAKS = [0, 0.1, 0.2, 0.4, 1]


@pytest.fixture
def placed(four_squares):
    return kit.place(*four_squares)


@pytest.fixture
def written(placed, tmp_path):
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS)
    return kit.save_map(ax, tmp_path / "map", ["gpkg"])[0]


def rows(path, layer):
    return pyogrio.read_dataframe(path, layer=layer)


def about(path):
    return rows(path, "about").groupby("name")["told"].agg(list).to_dict()


def test_one_file_with_its_layers(written):
    assert written.name == "map.gpkg"
    assert [name for name, _ in pyogrio.list_layers(written)] == ["units", "districts", "about"]


def test_units_have_the_figures_counted_by_hand(written, placed):
    found = rows(written, "units").set_index("GEOID")
    assert list(found.index) == list(placed.units.frame.index)
    assert list(found["district"]) == ["1", "1", "2", "2"]
    assert list(found["base"]) == [80, 150, 200, 300]
    assert list(found["count"]) == [39, 18, 25, 4]
    assert np.allclose(found["share"], [39 / 80, 18 / 150, 25 / 200, 4 / 300])
    assert list(found["class"]) == ["over 40% to 100%", "over 10% to 20%", "over 10% to 20%", "0% to 10%"]


def test_districts_have_the_figures_of_the_table(written, placed):
    found, table = rows(written, "districts").set_index("district"), kit.concentration(placed, **WHAT).frame
    assert list(found.index) == ["1", "2"]
    assert list(found["count"]) == [57, 29]
    assert list(found["base"]) == [230, 500]
    assert np.allclose(found["share"], table["share"])
    assert set(found["plan"]) == {"Two rows"}
    assert set(found["status"]) == {"illustrative"}


def test_projection_and_shapes_are_those_of_the_layers(written, placed):
    units = rows(written, "units")
    assert units.crs == placed.units.geometry.crs
    assert np.allclose(units.area, 1e6)
    districts = rows(written, "districts")
    assert districts.crs == placed.plan.geometry.crs
    assert np.allclose(districts.area, 2e6)


def test_it_says_what_was_counted_and_from_what(written):
    told = about(written)
    assert told["counted"][0].startswith("Counted: Asian or Native Hawaiian")
    assert "(definition aapi_aoic)" in told["counted"][0]
    assert told["plan"] == ["Two rows (illustrative)"]
    assert told["uncertainty"] == ["the source states no margin of error"]
    assert any("The tests, Four squares" in one for one in told["source"])
    assert told["note"] == ["Not legal advice; confirm with counsel."]
    with closing(sqlite3.connect(written)) as base:
        described = dict(base.execute("select table_name, description from gpkg_contents").fetchall())
        assert [one for (one,) in base.execute("pragma integrity_check")] == ["ok"]
    assert all("(definition aapi_aoic)" in described[layer] for layer in ("units", "districts", "about"))


def test_the_same_map_twice_gives_the_same_bytes(placed, tmp_path):
    hashes = set()
    for folder in ("one", "two"):
        ax = kit.map_share(placed, **WHAT, breaks=BREAKS)
        (path, *_) = kit.save_map(ax, tmp_path / folder / "map.gpkg", ["gpkg"])
        hashes.add(hashlib.sha256(path.read_bytes()).hexdigest())
        time.sleep(1.1)
    assert len(hashes) == 1
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


def test_what_is_missing_stays_missing(placed, tmp_path):
    frame = placed.units.frame.astype("float64")
    frame.iloc[3, :] = 0.0
    units = replace(placed.units, frame=frame)
    ax = kit.map_share(replace(placed, units=units), **WHAT, breaks=BREAKS)
    (path, *_) = kit.save_map(ax, tmp_path / "map", ["gpkg"])
    with closing(sqlite3.connect(path)) as base:
        told = base.execute("select base, share, class from units order by GEOID").fetchall()
        kinds = base.execute("select typeof(share), typeof(class) from units order by GEOID").fetchall()
    assert told[3] == (0, None, None)
    assert kinds[3] == ("null", "null")
    assert kinds[0] == ("real", "text")


def test_unplaced_units_have_no_district(placed, tmp_path):
    listed = placed.assignment.copy()
    listed.iloc[0] = np.nan
    ax = kit.map_share(replace(placed, assignment=listed), **WHAT, breaks=BREAKS)
    (path, *_) = kit.save_map(ax, tmp_path / "map", ["gpkg"])
    assert rows(path, "units")["district"].isna().tolist() == [True, False, False, False]


def test_margins_and_reliability_go_along(tmp_path, four_squares):
    units, plan = four_squares
    moe = {f"{name}_moe": 5.0 for name in ("total_vap", "aapi_aoic_vap")}
    keep = units.frame[["total_vap", "aapi_aoic_vap"]].astype("float64").assign(**moe)
    source = replace(units.sources[0], uncertainty="sampling MOE")
    placed = kit.place(replace(units, frame=keep, sources=(source,)), plan)
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS)
    (path, *_) = kit.save_map(ax, tmp_path / "map", ["gpkg"])
    found = rows(path, "units")
    assert {"share_moe", "reliability"} <= set(found.columns)
    assert {"share_moe", "count_moe", "reliability"} <= set(rows(path, "districts").columns)
    assert about(path)["uncertainty"] == ["sampling error, as 90 percent margins of error"]


def test_a_map_of_districts_has_its_classes_there(placed, tmp_path):
    ax = kit.map_districts(placed, **WHAT, breaks=BREAKS)
    (path, *_) = kit.save_map(ax, tmp_path / "map", ["gpkg"])
    assert "class" not in rows(path, "units")
    assert list(rows(path, "districts")["class"]) == ["over 20% to 40%", "0% to 10%"]


def test_two_plans_have_a_layer_each(placed, tmp_path):
    labels = pd.Series(["1", "2", "1", "2"], index=placed.units.frame.index, dtype="str")
    other = replace(placed.plan, name="Two columns", geometry=None, assignment=labels, level="block", year=2020)
    columns = kit.place(placed.units, other)
    for ax in (kit.map_compare(placed, columns, **WHAT, breaks=BREAKS), kit.map_change(placed, columns, **WHAT)):
        (path, *_) = kit.save_map(ax, tmp_path / "map", ["gpkg"])
        assert [name for name, _ in pyogrio.list_layers(path)] == ["units", "districts", "districts_2", "about"]
        found = rows(path, "units")
        assert list(found["district"]) == ["1", "1", "2", "2"]
        assert list(found["district_2"]) == ["1", "2", "1", "2"]
        assert set(rows(path, "districts_2")["plan"]) == {"Two columns"}
        assert about(path)["plan"] == ["Two rows (illustrative)", "Two columns (illustrative)"]
    moved = rows(path, "units").set_index("GEOID")
    assert moved["to"].notna().sum() == 2


def test_a_map_without_a_group_counts_people(placed, tmp_path):
    member = pd.DataFrame([("Town", placed.units.frame.index[0], 1.0)], columns=["community", "GEOID", "share"])
    ax = kit.map_communities(placed, Communities(("Town",), member))
    (path, *_) = kit.save_map(ax, tmp_path / "map", ["gpkg"])
    assert list(rows(path, "units")["people"]) == [100, 200, 300, 400]
    assert list(rows(path, "districts")["people"]) == [300, 700]
    assert about(path)["counted"] == ["Counted: all people. No group is counted apart."]


def test_an_exhibit_has_it_when_asked(placed, tmp_path):
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS)
    given = {"number": "A", "title": "One claim", "author": "A. Person", "contact": "a@b.org", "date": date(2026, 7, 1)}
    without = kit.exhibit(ax, **given).save(tmp_path / "a.pdf")
    assert not any(path.suffix == ".gpkg" for path in without)
    made = kit.exhibit(ax, **given).save(tmp_path / "b.pdf", geopackage=True)
    assert made[-2].name == "b.gpkg"
    told = json.loads(made[-1].read_text("utf-8"))
    hashes = {row["file"]: row["sha256"] for row in told["outputs"]}
    assert hashes["b.gpkg"] == hashlib.sha256(made[-2].read_bytes()).hexdigest()


def test_sample_data_say_so(tmp_path):
    sample = kit.load_sample("fictional_county")
    placed = kit.place(sample.units, sample.plans["a"])
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS)
    (path, *_) = kit.save_map(ax, tmp_path / "map", ["gpkg"])
    assert about(path)["note"] == ["Sample data, not for testimony. Not legal advice; confirm with counsel."]


def test_other_formats_are_refused(placed, tmp_path):
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS)
    with pytest.raises(InputError, match="formats are pdf, png, svg, gpkg; got shp"):
        kit.save_map(ax, tmp_path / "map", ["shp"])


def test_a_file_that_cannot_be_written_leaves_the_old_one(placed, tmp_path, monkeypatch):
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS)
    (tmp_path / "map.gpkg").write_bytes(b"old")

    def fail(*args, **kwargs):
        raise OSError("the disk is full")

    monkeypatch.setattr(pyogrio, "write_dataframe", fail)
    with pytest.raises(OSError, match="the disk is full"):
        kit.save_map(ax, tmp_path / "map", ["gpkg"])
    assert (tmp_path / "map.gpkg").read_bytes() == b"old"
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None
