"""The Detailed DHC-A: what is withheld stays withheld, and areas are not added."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import pandas as pd
import pytest

import kit
from kit.errors import Corrupt, CoverageError, InputError, KeyMissing, NotPublished, Offline, SchemaError
from kit.model.frames import Plan, Units
from kit.samples.fictional import read_table
from kit.settings import using
from kit.sources.ddhca import NOT_THERE, WITHHELD, read_ddhca
from kit.sources.ddhca_files import DDHCA_PATH, LIST_PATH

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
        ({"source": "api"}, KeyMissing, "needs a key: .*, or use source='bulk', which needs no key"),
        ({"source": "gone.csv"}, InputError, "no file or folder 'gone.csv'"),
        ({"source": "."}, NotPublished, r"has no ddhca_t01001\.csv"),
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


# --- the published zip ------------------------------------------------------------------------------

CODES = {"0823": HMONG, "3722": CHINESE, "1207": "Yazidi alone or in any combination"}
TABLE = """REGION_TYPE,REGION_ID,GEOID,ST,ITERID,COUNT,ANN
USA,1,0100000US,,0823,360000,
STATE,15,0400000US15,15,0823,80,
COUNTY,15001,0500000US15001,15,3722,1000,
COUNTY,15003,0500000US15003,15,3722,4000,
COUNTY,15001,0500000US15001,15,0823,60,
COUNTY,15003,0500000US15003,15,0823,-888888888,X
COUNTY,15007,0500000US15007,15,1207,30,
COUNTY,36001,0500000US36001,36,0823,77,
TRACT,15001020100,1400000US15001020100,15,0823,31,
PLACE,1571550,1600000US1571550,15,0823,45,
AIANNH,5003,2500000US5003,,0823,25,
"""


def zipped(**members):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in members.items():
            pack.writestr(name, content)
    return held.getvalue()


def workbook(codes):
    """Write a workbook as a spreadsheet program does: codes as text or numbers, texts shared or in place."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    shared = "".join(f"<si><t>{label}</t></si>" for label in codes.values())
    rows = ['<row><c t="inlineStr"><is><t>Iteration Code</t></is></c><c t="inlineStr"><is><t>Label</t></is></c></row>']
    for number, code in enumerate(codes):
        cell = f'<c t="inlineStr"><is><t>{code}</t></is></c>' if code[0] == "0" else f"<c><v>{code}</v></c>"
        rows.append(f'<row>{cell}<c t="s"><v>{number}</v></c></row>')
    return zipped(
        **{
            "xl/sharedStrings.xml": f"<sst {space}>{shared}</sst>",
            "xl/worksheets/sheet1.xml": f"<worksheet {space}><sheetData>{''.join(rows)}</sheetData></worksheet>",
        }
    )


@pytest.fixture
def bulk(server):
    server.files[DDHCA_PATH] = zipped(**{"ddhca_t01001.csv": TABLE, "ddhca_t02001.csv": "x\n"})
    server.files[LIST_PATH] = workbook(CODES)
    return server


def test_the_published_zip_needs_no_key(bulk):
    units = read_ddhca(["hmong", "chinese"], "HI", year=2020, level="county")
    frame = units.frame
    assert frame.index.tolist() == list(COUNTIES)
    assert frame["hmong_aoic"].iloc[0] == 60
    assert frame["hmong_aoic"].isna().tolist() == [False, True, True]
    assert frame["hmong_aoic_reason"].tolist() == ["", WITHHELD, NOT_THERE]
    assert frame["chinese_alone"].tolist()[:2] == [1000, 4000]
    assert frame["chinese_alone_reason"].tolist() == ["", "", NOT_THERE]
    source = units.sources[0]
    assert source.where.endswith("/detailed-dhc-a/2020-ddhc-a.zip")
    assert len(source.sha256) == 64
    assert source.uncertainty == "disclosure noise"
    assert not units.additive
    asked = [a["path"] for a in bulk.asked]
    assert asked == [DDHCA_PATH, LIST_PATH]
    with using(offline=True):
        again = read_ddhca(["hmong", "chinese"], "HI", year=2020, level="county")
    pd.testing.assert_frame_equal(again.frame, frame)


@pytest.mark.parametrize(
    ("place", "level", "want"),
    [
        ("US", "nation", {"US": 360000}),
        ("US", "native_area", {"5003": 25}),
        ("HI", "state", {"15": 80}),
        ("HI", "tract", {"15001020100": 31}),
        ("HI", "place", {"1571550": 45}),
    ],
)
def test_every_level_of_the_zip(bulk, place, level, want):
    assert read_ddhca("hmong", place, year=2020, level=level, source="bulk").frame["hmong_aoic"].to_dict() == want


def test_the_zip_and_the_api_agree(bulk, key):
    bulk.groups["2020/dec/ddhca"] = [
        ("15", "823", HMONG, "80"), ("15001", "823", HMONG, "60"), ("15003", "823", HMONG, None)
    ]  # fmt: skip
    bulk.tables["2020/dec/pl"] = pd.DataFrame({"NAME": list(COUNTIES)}, index=list(COUNTIES))
    one = read_ddhca("hmong", "HI", year=2020, level="county", source="api").frame.drop(columns="name")
    pd.testing.assert_frame_equal(one, read_ddhca("hmong", "HI", year=2020, level="county", source="bulk").frame)


def test_a_local_zip_folder_or_table_with_a_list_of_its_own(tmp_path):
    listed = tmp_path / "POPGROUP.json"
    listed.write_text(json.dumps({"values": {"item": CODES}}))
    (tmp_path / "2020-ddhc-a.zip").write_bytes(zipped(**{"ddhca_t01001.csv": TABLE}))
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "ddhca_t01001.csv").write_text(TABLE)
    for path in (tmp_path / "2020-ddhc-a.zip", tmp_path / "there", tmp_path / "there" / "ddhca_t01001.csv"):
        units = read_ddhca("hmong", "HI", year=2020, level="state", source=path, labels=listed)
        assert units.frame["hmong_aoic"].tolist() == [80]
        assert units.sources[0].where == path.name
    with (
        using(offline=True, cache=tmp_path / "empty"),
        pytest.raises(Offline, match=r"Or pass labels= with 2020-census"),
    ):
        read_ddhca("hmong", "HI", year=2020, level="state", source=tmp_path / "2020-ddhc-a.zip")


@pytest.mark.parametrize(
    ("table", "listed", "error", "told"),
    [
        (TABLE, "{}", SchemaError, r"POPGROUP\.json is no list of values"),
        (
            TABLE,
            json.dumps({"values": {"item": {"1": "Total"}}}),
            SchemaError,
            "no codes with labels such as 'Hmong al",
        ),
        (TABLE.replace("ITERID", "ITER"), None, SchemaError, r"has no column ITERID; it has REGION_TYPE"),
        (TABLE.replace("US15,", "US16,").replace("US15", "US16"), None, NotPublished, "has no counties of State 15"),
        (TABLE.replace("-888888888,X", "-7,"), None, Corrupt, "hmong_aoic is negative in 15003: a code that the kit"),
        (TABLE.replace("15,0823,60,", "15,0823,sixty,"), None, Corrupt, "hmong_aoic: E holds sixty"),
        (
            TABLE + "COUNTY,15001,0500000US15001,15,0823,61,\n",
            None,
            SchemaError,
            r"hmong \(aoic\) stands in more than one row for 1 areas, first 15001",
        ),
    ],
)
def test_a_zip_that_cannot_be_read(tmp_path, table, listed, error, told):
    (tmp_path / "POPGROUP.json").write_text(listed or json.dumps({"values": {"item": CODES}}))
    (tmp_path / "x.zip").write_bytes(zipped(**{"ddhca_t01001.csv": table}))
    with pytest.raises(error, match=told):
        read_ddhca(
            "hmong", "HI", year=2020, level="county", source=tmp_path / "x.zip", labels=tmp_path / "POPGROUP.json"
        )


def test_a_list_that_is_no_workbook(tmp_path, bulk):
    (tmp_path / "list.xlsx").write_bytes(workbook(CODES)[:-30])
    with pytest.raises(Corrupt, match=r"list\.xlsx is no whole workbook"):
        read_ddhca("hmong", "HI", year=2020, level="county", source="bulk", labels=tmp_path / "list.xlsx")
    with pytest.raises(InputError, match=r"no file 'gone\.xlsx' with the list"):
        read_ddhca("hmong", "HI", year=2020, level="county", source="bulk", labels=tmp_path / "gone.xlsx")
    with pytest.raises(NotPublished, match="the list of groups has no group called 'palauen'"):
        read_ddhca("Palauen", "HI", year=2020, level="county", source="bulk")


def test_a_missing_figure_blanks_its_own_district_and_no_other(bulk):
    units = read_ddhca("hmong", "HI", year=2020, level="county", source="bulk")
    placed = kit.place(units, plan_of(units, ["1", "2", "3"]))
    totals = placed.totals(["hmong_aoic"])["hmong_aoic"]
    assert totals["1"] == 60
    assert totals[["2", "3"]].isna().all()
    with pytest.raises(CoverageError, match="district 1 would add 2 counties"):
        kit.place(units, plan_of(units, ["1", "1", "2"])).totals(["hmong_aoic"])
    with pytest.raises(SchemaError, match="no column 'korean_alone'"):
        placed.totals(["korean_alone"])


def test_an_area_that_a_line_cuts_gives_no_figure(bulk):
    units = read_ddhca("hmong", "HI", year=2020, level="county", source="bulk")
    placed = kit.place(units, plan_of(units, ["1", "2", "3"]))
    cut = pd.DataFrame({"people": [0]}, index=units.frame.index[:1])
    with pytest.raises(CoverageError, match="1 counties are cut by a district line, first 15001, and these counts"):
        replace(placed, split_units=cut).totals(["hmong_aoic"])


@pytest.mark.parametrize(("said", "near"), [("Tagalog", "filipino, tagalog_speakers"), ("Khmer", "cambodian, khmer")])
def test_a_language_points_to_its_group(bulk, said, near):
    with pytest.raises(NotPublished, match=f"no group called '{said.lower()}'. The nearest names: {near}"):
        read_ddhca(said, "HI", year=2020, level="county", source="bulk")


def test_other_columns_may_hold_anything_far_down_a_long_file(tmp_path):
    """Only four columns are read, so a code with letters after megabytes of numbers does no harm."""
    (tmp_path / "POPGROUP.json").write_text(json.dumps({"values": {"item": CODES}}))
    head, rest = TABLE.split("\n", 1)
    filler = "".join(f"TRACT,{n},1400000US36{n:09d},36,9999,30,\n" for n in range(60_000))
    odd = rest.replace("COUNTY,15001,0500000US15001,15,", "COUNTY,A-1,0500000US15001,xx,")
    (tmp_path / "ddhca_t01001.csv").write_text(f"{head}\n{filler}{odd}")
    units = read_ddhca(
        "hmong",
        "HI",
        year=2020,
        level="county",
        source=tmp_path / "ddhca_t01001.csv",
        labels=tmp_path / "POPGROUP.json",
    )
    assert units.frame["hmong_aoic"].iloc[0] == 60


def test_a_table_with_labels_of_its_own_needs_no_list(tmp_path):
    (tmp_path / "x.csv").write_text(f"GEO_ID,POPGROUP_LABEL,T01001_001N\n0500000US15001,{HMONG},4\n")
    with pytest.raises(InputError, match=r"labels= is for the published zip, and x\.csv has labels of its own"):
        read_ddhca("hmong", "HI", year=2020, level="county", source=tmp_path / "x.csv", labels=tmp_path / "list.xlsx")
