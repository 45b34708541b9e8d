"""Replies of the Census API as its own guide prints them, read as local files."""

from __future__ import annotations

import json

import pytest

from kit.errors import NotPublished
from kit.model.acs_tables import layout
from kit.sources.acs import read_acs

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def documented(data_dir):
    return json.loads((data_dir / "census_api" / "documented_responses.json").read_text(encoding="utf-8"))


def reply(tmp_path, body):
    path = tmp_path / "reply.json"
    path.write_text(json.dumps(body), encoding="utf-8")
    return path


@pytest.fixture
def illinois(tmp_path, documented):
    """Write the whole table of Illinois, with the annotation columns the API adds to a group."""
    group = documented["acs1_2019_group_B02015"]
    header, row = [], []
    for line, (estimate, margin) in enumerate(group["first_row_E_M_pairs_Illinois"], 1):
        header += [f"B02015_{line:03d}{kind}" for kind in ("E", "EA", "M", "MA")]
        row += [estimate, None, margin, None]
    return reply(tmp_path, [[*header, "GEO_ID", "NAME", "state"], [*row, *group["tail"]]])


def test_illinois_by_detailed_group(illinois):
    frame = read_acs("B02015", "IL", year=2019, level="state", source=illinois).frame
    row = frame.loc["17"]
    assert row["name"] == "Illinois"
    assert (row["asian_alone_pop"], row["asian_alone_pop_moe"]) == (717_992, 5_911)
    assert (row["asian_indian_alone"], row["asian_indian_alone_moe"]) == (242_823, 12_230)
    assert (row["chinese_alone"], row["filipino_alone"], row["korean_alone"]) == (135_795, 126_628, 58_037)
    assert (row["hmong_alone"], row["hmong_alone_moe"]) == (655, 511)
    assert (row["okinawan_alone"], row["okinawan_alone_moe"]) == (0, 195)
    assert not [c for c in frame.columns if c.endswith(("EA", "MA"))]


def test_the_groups_of_illinois_add_up_to_the_total(illinois):
    frame = read_acs("B02015", "IL", year=2019, level="state", source=illinois).frame
    parts = [f"B02015_{n:03d}E" for n in range(2, 26)]
    assert frame[parts].sum(axis=1).item() == frame["B02015_001E"].item()


def test_a_null_is_not_a_zero(tmp_path, documented):
    path = reply(tmp_path, documented["acs1_2019_B02015_009_states"]["body"])
    assert read_acs("B02015", "IL", year=2019, level="state", source=path).frame["hmong_alone"].item() == 655
    louisiana = read_acs("B02015", "LA", year=2019, level="state", source=path).frame
    assert (louisiana["hmong_alone"].item(), louisiana["hmong_alone_moe"].item()) == (0, 224)
    with pytest.raises(NotPublished, match="B02015 of 2019 has no value for any of 1 states"):
        read_acs("B02015", "ID", year=2019, level="state", source=path)


def test_the_2015_codes_are_those_of_the_layout(documented):
    """Nationwide figures that only these groups can have."""
    header, values = documented["acs5_2015_B02015_us"]["body"]
    named = {
        layout("B02015", 2015)[int(c[7:10])][0]: int(v) for c, v in zip(header, values, strict=True) if c[0] == "B"
    }
    assert named["vietnamese"] == 1_710_547
    assert named["filipino"] == 2_717_844
    assert named["cambodian"] == 263_396
    assert named["laotian"] == 207_999


def test_block_groups_of_a_table_the_kit_does_not_know(tmp_path, documented):
    path = reply(tmp_path, documented["acs5_2014_bg_ramsey_mn"]["body"])
    units = read_acs("B01001", "MN", year=2014, level="block_group", source=path)
    assert units.frame.index.tolist() == ["271230301001", "271230301002", "271230301003"]
    assert units.frame["B01001_001E"].tolist() == [698, 945, 1163]
    assert units.year == 2010
