"""A packet for Hawaii: Native Hawaiians and other Pacific Islanders first, and the homesteads over the House districts."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest

from kit.hearing import build_hearing

pytestmark = pytest.mark.real

TOP = """
body = "Hawaii Reapportionment Commission"
date = 2031-01-15
place = "State Capitol, Honolulu"
jurisdiction = "State of Hawaii"
speaker = "The speaker"
contact = "how to reach the speaker"
ask = "Keep each homestead whole in one House district."
groups = ["nhpi_aoic", "asian_aoic"]
bases = ["vap"]
breaks = [0, 0.10, 0.20, 0.30, 0.50, 0.70, 1]
extent = [-160.6, 18.8, -154.7, 22.4]
maps = ["communities"]

[units]
source = "groups.gpkg"
year = 2020
level = "block_group"
title = "2020 Census blocks of Hawaii, added up to block groups"
publisher = "U.S. Census Bureau"

[[plans]]
path = "{folder}/plans/hi_sldl_2012.geojson"
name = "House districts of 2012"
status = "enacted"
adopted = 2012-03-30
outside = "report"

[[communities]]
file = "{folder}/coi_hawaiian_home_lands.geojson"
name = "NAME"

[[claims]]
kind = "largest"
district = "044"
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory, data_dir, loaders):
    folder = tmp_path_factory.mktemp("hawaii")
    shapes, tables = loaders.dra_shapes(data_dir / "hawaii" / "Geojson_HI.v06.zip")
    counts = {
        f"{group}_{base}": tables[table][name]
        for base, table in (("pop", "T_20_CENS"), ("vap", "V_20_VAP"))
        for group, name in (("total", "Total"), ("asian_aoic", "Asian"), ("nhpi_aoic", "Pacific"))
    }
    frame = gpd.GeoDataFrame(pd.DataFrame(counts), geometry=shapes).rename_axis("GEOID").reset_index()
    frame.to_file(folder / "groups.gpkg")
    text = TOP.format(folder=(data_dir / "hawaii").resolve().as_posix())
    (folder / "hearing.toml").write_text(text, encoding="utf-8")
    return build_hearing(folder / "hearing.toml")


def table_of(built, name):
    table = pd.read_csv(next(built.folder.glob(f"tables/*_{name}.csv")), dtype={"district": "str"})
    assert table["district"].iloc[-1] == "all districts"
    return table.iloc[:-1]


def test_pacific_islanders_and_asians_each_have_their_table(built):
    islanders, asians = table_of(built, "nhpi_aoic_vap"), table_of(built, "asian_aoic_vap")
    for table, adults in ((islanders, 264_451), (asians, 646_555)):
        assert table["count"].sum() == adults  # published for the State: adults, alone or in combination
        assert table["base"].sum() == 1_155_905
        assert len(table) == 51


def test_a_highest_share_that_the_placing_could_overturn_is_printed_weaker(built):
    (verdict,) = built.verdicts
    assert verdict.status == "weaker"
    assert "not distinguishable from that of district 043" in verdict.statement
    page = (built.folder / "packet.html").read_text(encoding="utf-8")
    assert verdict.statement in page


def test_no_homestead_is_lost(built):
    found = pd.read_csv(next(built.folder.glob("tables/*_communities.csv")))
    assert found["community"].nunique() == len(found) == 75
    assert (found["base"] > 0).all()
    pieces = pd.read_csv(next(built.folder.glob("tables/*_community_pieces.csv")), dtype={"district": "str"})
    added = pieces.groupby("community")["base"].sum()
    assert added.sub(found.set_index("community")["base"]).abs().max() < 1e-6
