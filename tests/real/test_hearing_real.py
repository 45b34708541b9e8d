"""A whole packet on real data: New York City's Senate districts, as adopted, as first drafted, and the Unity Map."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest

from kit.errors import InputError
from kit.hearing import build_hearing
from kit.hearing_data import read_data
from kit.hearing_file import load_hearing

pytestmark = pytest.mark.real

TOP = """
body = "Independent Redistricting Commission"
date = 2022-01-15
place = "City Hall"
jurisdiction = "State of New York"
speaker = "May Lee"
contact = "may@example.org"
ask = "Adopt the Senate districts of the Unity Map in New York City."
groups = ["asian_alone"]
bases = ["vap", "pop"]
breaks = [0, 0.05, 0.10, 0.20, 0.30, 0.50, 1]
maps = []
"""
NYC = """
[[claims]]
kind = "largest"
district = "5-UM"

[[claims]]
kind = "majority"
district = "6-UM"
"""


@pytest.fixture(scope="module")
def city(tmp_path_factory, data_dir, loaders):
    """Write a hearing file for the city: block groups of 2020 and three plans."""
    folder = tmp_path_factory.mktemp("city")
    units = loaders.nyc_block_groups(data_dir)
    gpd.GeoDataFrame(units.frame, geometry=units.geometry).reset_index().to_file(folder / "groups.gpkg")
    path = folder / "hearing.toml"
    path.write_text(TOP + loaders.nyc_senate_plans(data_dir) + NYC, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def built(city):
    return build_hearing(city)


def test_the_city_makes_a_packet(built):
    names = {path.relative_to(built.folder).as_posix() for path in built.paths}
    assert {"packet.pdf", "packet.html", "packet.docx", "MANIFEST.json"} <= names
    assert {f"exhibits/exhibit_{one}.pdf" for one in "abcd"} <= names
    # The adopted plan is law, so only the other two are handed over.
    assert {name for name in names if name.startswith("plans/")} == {
        f"plans/plan_{plan}.{kind}" for plan in ("2_latfor-draft", "3_unity-map") for kind in ("csv", "geojson")
    }
    assert {verdict.status for verdict in built.verdicts} == {"weaker"}


def test_every_block_group_is_in_the_equivalency_file_once(built):
    rows = pd.read_csv(built.folder / "plans" / "plan_2_latfor-draft.csv", dtype="str")
    assert list(rows.columns) == ["GEOID", "DISTRICT"]
    assert len(rows) == rows["GEOID"].nunique()
    assert 6_790 < len(rows) <= 6_806


def test_tables_are_the_figures_of_the_city(built):
    table = pd.read_csv(built.folder / "tables" / "plan_2_latfor-draft_asian_alone_vap.csv", dtype={"district": "str"})
    assert table["base"].max() > 7_000_000
    assert not [name for name in table.columns if "Unnamed" in name]


def test_no_path_of_this_machine_gets_out(built, data_dir):
    places = [str(data_dir.resolve()).encode(), str(built.folder.parent).encode()]
    found = [path.name for path in built.paths if any(place in path.read_bytes() for place in places)]
    assert found == []


def test_raw_census_files_are_read_and_lack_shapes(data_dir, tmp_path):
    raw = (data_dir / "rhode_island" / "pl94171_raw").resolve().as_posix()
    blocks = gpd.GeoDataFrame({"DISTRICT": ["1"]}, geometry=gpd.points_from_xy([-71.5], [41.7]).buffer(2), crs=4269)
    blocks.to_file(tmp_path / "plan.geojson")
    text = (
        TOP.replace("asian_alone", "aapi_aoic")
        + f"""
[units]
source = "{raw}"
state = "RI"
year = 2020
level = "county"

[[plans]]
path = "plan.geojson"
status = "draft"
"""
    )
    (tmp_path / "hearing.toml").write_text(text, encoding="utf-8")
    hearing = load_hearing(tmp_path)
    assert hearing.units.kind == "raw"
    with pytest.raises(InputError, match=r"1 thing is missing:\n- units.shapes: missing"):
        read_data(hearing)
