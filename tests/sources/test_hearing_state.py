"""A hearing whose counts and boundaries come from the published files of a State: fetched, cached, and built again."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

from kit.errors import InputError, Offline
from kit.hearing import build_hearing, check_build
from kit.model.geoid import state
from kit.settings import using
from kit.sources.download import pl_path

_spec = importlib.util.spec_from_file_location("_tiger_maker", Path(__file__).with_name("tiger_maker.py"))
tiger = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tiger)

TRACTS = "/geo/tiger/TIGER2020/TRACT/tl_2020_15_tract.zip"
TEXT = """
body = "Reapportionment Commission"
date = 2030-01-15
place = "State Capitol"
jurisdiction = "State of Hawaii (made up)"
speaker = "Mei Lee"
contact = "mei@example.org"
ask = "Keep the west together in one district."
groups = ["aapi_aoic"]
bases = ["vap"]
breaks = [0, 0.1, 0.3, 0.5, 1]
maps = []

[units]
source = "HI"
level = "tract"
year = 2020

[[plans]]
path = "plan.geojson"
name = "West and east"
status = "proposed"

[[exhibits]]
map = "share"

[[claims]]
kind = "share"
district = "1"
threshold = 0.01
"""


@pytest.fixture
def hawaii(server, maker, tmp_path):
    """Give the State's counts and tracts on the server, and a hearing file that names nothing but the State."""
    made = maker(1000)
    server.files[pl_path(state("HI"), 2020)] = made.write_zip(tmp_path / "x.zip").read_bytes()
    ids = next(ids for summary, ids, *_ in made.levels if summary == "140").tolist()
    columns = {"STATEFP": [one[:2] for one in ids], "NAMELSAD": [f"Tract {one[5:]}" for one in ids]}
    columns |= {"ALAND": [1000] * len(ids), "AWATER": [0] * len(ids)}
    server.files[TRACTS] = tiger.zipped(tiger.squares(ids, columns, id_column="GEOID"), "tl_2020_15_tract")
    half = tiger.WEST + 0.01 * (len(ids) // 2)
    west = box(tiger.WEST - 0.1, tiger.SOUTH - 0.1, half, tiger.SOUTH + 0.1)
    east = box(half, tiger.SOUTH - 0.1, tiger.WEST + 0.01 * len(ids) + 0.1, tiger.SOUTH + 0.1)
    folder = tmp_path / "town"
    folder.mkdir()
    gpd.GeoDataFrame({"DISTRICT": ["1", "2"]}, geometry=[west, east], crs="EPSG:4269").to_file(folder / "plan.geojson")
    (folder / "hearing.toml").write_text(TEXT, encoding="utf-8")
    return server, made, folder / "hearing.toml"


def test_a_state_is_enough_to_name_the_counts(hawaii):
    server, made, path = hawaii
    built = build_hearing(path)
    table = pd.read_csv(built.folder / "tables/plan_1_west-and-east_aapi_aoic_vap.csv", index_col="district")
    assert table.loc["all districts", "base"] == made.total("P3")
    assert table.loc[["1", "2"], "base"].sum() == made.total("P3")
    rows = pd.read_csv(built.folder / "plans/plan_1_west-and-east.csv", dtype="str")
    assert len(rows) == 10
    assert {one["path"] for one in server.asked} == {pl_path(state("HI"), 2020), TRACTS}
    told = json.loads((built.folder / "MANIFEST.json").read_text("utf-8"))
    hashes = {one["title"]: one["sha256"] for one in told["sources"]}
    assert sum(bool(digest) for digest in hashes.values()) >= 2
    assert any("P.L. 94-171" in title for title in hashes)
    # The second build asks for nothing, with and without a network, and gives the same bytes.
    asked = len(server.asked)
    with using(offline=True):
        assert check_build(built.folder).same
    assert len(server.asked) == asked


def test_without_a_network_the_state_must_be_in_the_cache(hawaii):
    _, _, path = hawaii
    with using(offline=True), pytest.raises(Offline):
        build_hearing(path)
    assert not (path.parent / "packet").exists()


def test_a_state_needs_year_and_level(hawaii):
    *_, path = hawaii
    path.write_text(TEXT.replace('level = "tract"\n', ""), encoding="utf-8")
    with pytest.raises(InputError, match=r"level must be said for 'HI'"):
        build_hearing(path)
