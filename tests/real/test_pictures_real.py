"""Pictures of real voices: Wisconsin's public submissions over Milwaukee County's wards."""

from __future__ import annotations

import time

import geopandas as gpd
import pandas as pd
import pytest

import kit
from kit.analysis.consensus import consensus
from kit.maps.record import sheet_of
from kit.maps.voices import map_consensus
from kit.model.frames import Source, Units
from kit.model.submissions import Submissions
from kit.sources.community_files import read_communities

pytestmark = pytest.mark.real

PORTAL = "milwaukee_wi/coi_submissions/WI_20211202_phase_C_coi.shp"
HOW = {"id": "plan_id", "submitter": "plan_id", "submitter_pattern": r"(.+)-\d+", "consent": "public"}


@pytest.fixture(scope="module")
def result(data_dir):
    rows = pd.read_csv(data_dir / "milwaukee_wi/Wards2022_VAP_2020.csv")
    table = rows.pivot_table(index="ward_2022", columns="group", values="count_2020", aggfunc="sum")
    shapes = gpd.read_file(data_dir / "milwaukee_wi/MilwaukeeCounty_2022.geojson").set_index("ward_name").geometry
    shapes = shapes[shapes.index.isin(table.index) & ~shapes.index.duplicated()]
    frame = pd.DataFrame({"total_vap": table["vap"], "asian_alone_vap": table["vap_asian"]}).loc[shapes.index]
    index = pd.Index(shapes.index.astype("str"), dtype="str", name="GEOID")
    sources = (Source("Wards", "Milwaukee County", 2022),)
    units = Units(frame.set_axis(index), level="vtd", year=2022, geometry=shapes.set_axis(index), sources=sources)
    portal = read_communities(data_dir / PORTAL, **HOW)
    drawn = Submissions(tuple(one for one in portal if one.area is not None), portal.sources, portal.notes)
    return consensus(drawn, units, group="asian_alone", base="vap", core=0.51, edge=0.25)


def test_twenty_people_agree_on_no_ward(result):
    assert (result.submitters, result.core_count, result.edge_count) == (20, 11, 5)
    assert result.frame["submitters"].max() == 8
    start = time.perf_counter()
    with kit.using(language="ko"):
        ax = map_consensus(result, page="letter portrait")
    assert time.perf_counter() - start < 10
    sheet = sheet_of(ax)
    korean = [key.words for key in sheet.facts.keys]
    words = [key.words for key in sheet_of(map_consensus(result)).facts.keys]
    assert len(korean) == len(words)
    assert not any("submitters" in told for told in korean)
    assert "core: at least 11 of 20 submitters (there is none)" in words
    assert "contested edge: 5 to 10 of 20 submitters" in words
    assert sheet.twins[0].frame["units"].sum() == len(result.frame) == 609
    assert sheet.twins[0].frame["base"].sum() == result.frame["base"].sum()


def test_outlines_have_no_cracks_between_wards(result):
    """The wards' polygons leave gaps of a few metres, which are no edge of anybody's community."""
    ax = map_consensus(result)
    dashed = [one for one in ax.collections if one.get_linestyle()[0][1] is not None]
    (outline,) = dashed
    rings = sum(len(path.to_polygons(closed_only=False)) for path in outline.get_paths())
    assert 1 <= rings < 10
