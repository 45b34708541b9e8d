"""The Detailed DHC-A: what is withheld stays withheld, and areas are not added."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

import kit
from kit.errors import CoverageError, InputError, KeyMissing, NotPublished, SchemaError
from kit.model.frames import Plan, Units
from kit.samples.fictional import read_table
from kit.sources.ddhca import NOT_THERE, WITHHELD, read_ddhca

COUNTIES = ("15001", "15003", "15007")
TRACTS = ("15001020100", "15001020200", "15003000100")
HMONG = "Hmong alone or in any combination"
CHINESE = "Chinese, except Taiwanese alone"


@pytest.fixture
def census(server, key):
    """Publish a few groups in one State, three counties and three tracts."""
    rows = [
        ("15", "3823", HMONG, "80"),
        ("15", "3722", CHINESE, "5000"),
        ("15", "4001", "Palauan alone or in any combination", "300"),
        ("15", "3700", "East Asian alone", "9000"),
        ("15001", "3722", CHINESE, "1000"),
        ("15003", "3722", CHINESE, "4000"),
        ("15007", "3722", CHINESE, "0"),
        ("15001", "3823", HMONG, "60"),
        ("15003", "3823", HMONG, None),
        ("15003", "4001", "Palauan alone or in any combination", "290"),
        ("15001020100", "3823", HMONG, "31"),
        ("15001020200", "3823", HMONG, "-666666666"),
    ]
    server.groups["2020/dec/ddhca"] = rows
    ids = ["15", *COUNTIES, *TRACTS]
    server.tables["2020/dec/pl"] = pd.DataFrame({"NAME": [f"Area {g}" for g in ids]}, index=ids)
    return server


def test_suppression_is_kept_as_suppression(census):
    units = read_ddhca(["hmong", "chinese"], "HI", year=2020, level="county")
    frame = units.frame
    assert frame.index.tolist() == list(COUNTIES)
    assert frame["chinese_alone"].tolist() == [1000, 4000, 0]  # a published zero is a zero
    assert frame["chinese_alone_reason"].tolist() == ["", "", ""]
    assert frame["hmong_aoic"].iloc[0] == 60
    assert frame["hmong_aoic"].isna().tolist() == [False, True, True]
    assert frame["hmong_aoic_reason"].tolist() == ["", WITHHELD, NOT_THERE]
    assert frame["hmong_alone"].isna().all()
    assert set(frame["hmong_alone_reason"]) == {NOT_THERE}
    assert "hmong_aoic: missing in 2 of 3 counties." in units.notes
    assert any("missing figure is not zero" in note for note in units.notes)
    assert frame["name"].iloc[0] == "Area 15001"
    with pytest.raises(SchemaError, match="Missing is not zero"):
        units.column("hmong_aoic")


def test_a_special_value_is_withheld(census):
    frame = read_ddhca("hmong", "HI", year=2020, level="tract").frame
    assert frame.loc["15001020100", "hmong_aoic"] == 31
    assert frame["hmong_aoic_reason"].tolist() == ["", WITHHELD, NOT_THERE]


def test_noise_is_told_with_every_figure(census):
    units = read_ddhca("east_asian", "Hawaii", year=2020, level="state")
    source = units.sources[0]
    assert units.frame["east_asian_alone"].tolist() == [9000]
    assert source.uncertainty == "disclosure noise"
    assert "drawn for each figure by itself" in source.note
    assert "margin of error of this noise" in source.note
    assert source.where.endswith("/2020/dec/ddhca")
    assert not units.additive
    assert "T01001" in source.citation()


def test_a_name_as_published_serves_where_the_registry_has_none(census):
    units = read_ddhca(["Palauan"], "HI", year=2020, level="county")
    assert units.frame["palauan_aoic"].tolist()[1] == 290
    with pytest.raises(NotPublished, match="has no group called 'palauen'. The nearest names: palauan"):
        read_ddhca(["Palauen"], "HI", year=2020, level="county")


def test_labels_are_taken_for_ids(census):
    one = read_ddhca("Chinese, except Taiwanese", "HI", year=2020, level="county")
    assert one.frame["chinese_alone"].tolist() == [1000, 4000, 0]


def plan_of(units, labels):
    return Plan(
        "P", tuple(sorted(set(labels))), assignment=pd.Series(labels, index=units.frame.index), level=units.level
    )


def test_tracts_are_not_added_up_to_districts(census):
    units = read_ddhca("chinese", "HI", year=2020, level="county")
    placed = kit.place(units, plan_of(units, ["1", "1", "2"]))
    with pytest.raises(CoverageError) as caught:
        placed.totals(["chinese_alone"])
    message = str(caught.value)
    assert "district 1 would add 2 counties, and these counts must not be added" in message
    assert "Use the largest published area that answers the question" in message
    frame = units.frame.rename(columns={"chinese_alone": "asian_alone_pop"}).assign(total_pop=10_000)
    with pytest.raises(CoverageError, match="must not be added"):
        kit.concentration(
            kit.place(replace(units, frame=frame), plan_of(units, ["1", "1", "2"])), group="asian_alone", base="pop"
        )


def test_tracts_are_not_shared_out_to_blocks_either(census, four_squares):
    from kit.analysis.allocation import allocate

    with pytest.raises(
        CoverageError, match="would be shared out to be added again, and these counts must not be added"
    ):
        allocate(read_ddhca("chinese", "HI", year=2020, level="county"), four_squares[0], weight="total_pop")


def test_one_area_a_district_is_no_sum(census):
    units = read_ddhca("chinese", "HI", year=2020, level="county")
    placed = kit.place(units, plan_of(units, ["1", "2", "3"]))
    assert placed.totals(["chinese_alone"])["chinese_alone"].tolist() == [1000, 4000, 0]


def test_other_counts_may_be_added(four_squares):
    units, plan = four_squares
    assert units.additive
    assert Units(units.frame, "block", 2020).additive
    assert kit.place(units, plan).totals(["total_pop"])["total_pop"].tolist() == [300, 700]


def test_the_fictional_sample(tmp_path):
    table = read_table("detailed_groups")
    table["geoid"] = table["geoid"].str.replace("^98", "15", regex=True)
    path = tmp_path / "groups.csv"
    table.to_csv(path, index=False)
    county = read_ddhca(["chinese", "hmong"], "HI", year=2020, level="county", source=path)
    assert county.frame.loc["15001", ["chinese_alone", "chinese_aoic", "chinese_alone_moe"]].tolist() == [1346, 1771, 4]
    tracts = read_ddhca(["hmong", "samoan"], "HI", year=2020, level="tract", source=path)
    first = tracts.frame.loc["15001000100"]
    assert pd.isna(first["hmong_alone"])
    assert pd.isna(first["hmong_alone_moe"])
    assert first["hmong_alone_reason"] == WITHHELD
    blank = table[(table["level"] == "tract") & (table["group"] == "Hmong") & (table["kind"] == "alone")][
        "count"
    ].isna()
    assert int(tracts.frame["hmong_alone"].isna().sum()) == int(blank.sum())
    assert len(county.sources[0].sha256) == 64


def test_a_table_as_the_bureaus_website_gives_it(tmp_path):
    path = tmp_path / "DECENNIALDDHCA2020.T01001-Data.csv"
    path.write_text(
        "GEO_ID,NAME,POPGROUP,POPGROUP_LABEL,T01001_001N\nGeography,Name,Population Groups,Population Groups, !!Total:\n"
        f'0500000US15001,"Hawaii County",3823,{HMONG},60\n0500000US15003,"Honolulu County",3823,{HMONG},\n'
    )
    frame = read_ddhca("hmong", "HI", year=2020, level="county", source=path).frame
    assert frame["hmong_aoic"].tolist()[0] == 60
    assert frame["hmong_aoic_reason"].tolist() == ["", WITHHELD]
    reply = [["POPGROUP_LABEL", "T01001_001N", "POPGROUP", "state", "county"], [HMONG, "60", "3823", "15", "001"]]
    (tmp_path / "reply.json").write_text(json.dumps(reply))
    again = read_ddhca("hmong", "HI", year=2020, level="county", source=tmp_path / "reply.json").frame
    assert again["hmong_aoic"].tolist() == [60]


@pytest.mark.parametrize(
    ("asked", "error", "told"),
    [
        ({"year": 2010}, NotPublished, "published for 2020, not for year=2010"),
        ({"level": "block"}, NotPublished, "not published by census blocks; the nearest is level='tract'"),
        ({"groups": []}, InputError, "groups is empty"),
        ({"groups": "other_south_asian"}, NotPublished, "The nearest it has: South Asian alone, table T01001"),
        (
            {"groups": "korean_speakers"},
            NotPublished,
            r"The American Community Survey \(5-year\) counts it: table C16001",
        ),
        ({"groups": "asian"}, NotPublished, "P.L. 94-171 counts it"),
        ({}, KeyMissing, "needs a key"),
        ({"source": "gone.csv"}, InputError, "no file or folder 'gone.csv'"),
        ({"source": "."}, InputError, "is a folder"),
    ],
)
def test_a_question_that_cannot_be_answered(asked, error, told):
    asked = {"groups": "hmong", "place": "HI", "year": 2020, "level": "county"} | asked
    with pytest.raises(error, match=told):
        read_ddhca(asked.pop("groups"), asked.pop("place"), **asked)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("GEO_ID,x\n0500000US15001,4\n", "has no columns POPGROUP_LABEL and T01001_001N"),
        (f"GEO_ID,POPGROUP_LABEL,T01001_001N\n0500000US36001,{HMONG},4\n", "has no counties of State 15"),
        (
            f"GEO_ID,POPGROUP_LABEL,T01001_001N\n0500000US15001,{HMONG},4\n0500000US15001,{HMONG},5\n",
            r"hmong \(aoic\) stands in more than one row for 1 areas, first 15001",
        ),
    ],
)
def test_files_that_cannot_be_read(tmp_path, text, told):
    (tmp_path / "x.csv").write_text(text)
    with pytest.raises(SchemaError, match=told):
        read_ddhca("hmong", "HI", year=2020, level="county", source=tmp_path / "x.csv")
