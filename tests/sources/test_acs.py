"""The American Community Survey from the API, the summary files and local tables: one answer from each."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import kit
from kit.errors import (
    Corrupt,
    InputError,
    KeyMissing,
    NotPublished,
    Offline,
    SchemaError,
)
from kit.model import vintages
from kit.model.acs_tables import check_table, layout
from kit.model.detail import DETAIL
from kit.model.frames import Plan
from kit.model.groups import parse_column
from kit.samples.fictional import read_table
from kit.settings import using
from kit.sources.acs import BUNDLES, read_acs
from kit.sources.acs_files import table_path
from kit.sources.acs_lines import from_shells, line_path, shells_path
from kit.sources.acs_values import as_figures
from kit.sources.api_tables import id_pattern

TRACTS = ("15001020100", "15001020200", "15003000100")
YEAR = 2022


def label_of(path):
    """Write a path as the API prints it."""
    return "!!".join(["Estimate", "Total:", *path])


def cells(table, year=YEAR, *, ids=TRACTS, scale=1):
    """Make estimates 10 × line × (row + 1) and margins line + 1, as text."""
    made = {}
    for line in layout(table, year):
        made[f"{table}_{line:03d}E"] = [str(10 * line * scale * (row + 1)) for row in range(len(ids))]
        made[f"{table}_{line:03d}M"] = [str(line + 1)] * len(ids)
    return pd.DataFrame(made, index=list(ids), dtype="object")


def shells(tables, year=YEAR):
    """Write table shells as the Bureau lays them out."""
    rows = ["Table ID|Line|Indent|Unique ID|Label|Title|Universe|Type"]
    for table in tables:
        for line, path in layout(table, year).items():
            text = path[-1] if path else "Total:"
            rows.append(f"{table}|{line}.0|{len(path)}|{table}_{line:03d}|{text}|Title|Universe|int")
    return ("\n".join(rows) + "\n").encode()


def summary(frame, table, *, prefix="1400000US", more=()):
    """Write a summary file: bars, and the letter before the number."""
    names = [f"{table}_{c[-1]}{c[-4:-1]}" for c in frame.columns]
    lines = ["|".join(["GEO_ID", *names]), *more]
    lines += [
        "|".join([f"{prefix}{geoid}", *map(str, row)]) for geoid, row in zip(frame.index, frame.to_numpy(), strict=True)
    ]
    return ("\n".join(lines) + "\n").encode()


@pytest.fixture
def published(server):
    """Publish tables in the API and as files; give a function that does it."""

    def publish(tables, year=YEAR, *, frames=None, files=True, ids=TRACTS):
        made = {name: (frames or {}).get(name, cells(name, year, ids=ids)) for name in tables}
        whole = pd.concat(made.values(), axis=1)
        server.tables[f"{year}/acs/acs5"] = whole.assign(NAME=[f"Area {g}" for g in whole.index])
        for name, frame in made.items():
            variables = {
                f"{name}_{n:03d}{kind}": {"label": label_of(path).replace("Estimate", word)}
                for n, path in layout(name, year).items()
                for kind, word in (("E", "Estimate"), ("M", "Margin of Error"), ("EA", "Annotation of Estimate"))
            }
            body = {"variables": {**variables, "GEO_ID": {"label": "Geography"}, "NAME": {}}}
            server.files[f"/data/{year}/acs/acs5/groups/{name}.json"] = json.dumps(body).encode()
            if files:
                other = "|".join(["0500000US15001", *["7"] * frame.shape[1]])
                server.files[table_path(name, year)] = summary(frame, name, more=[other])
        server.files[shells_path(year)] = shells(tables, year)
        return made

    return publish


# --- the same answer from each route ----------------------------------------------------------------


@pytest.mark.parametrize("bundle", sorted(BUNDLES))
def test_the_api_and_the_summary_files_give_the_same_figures(published, key, bundle, monkeypatch):
    tables = [t for t in BUNDLES[bundle] if layout(t, 2021)]
    published(tables, 2021)
    api = read_acs(bundle, "HI", year=2021, level="tract", source="api")
    monkeypatch.delenv("CENSUS_API_KEY")
    bulk = read_acs(bundle, "HI", year=2021, level="tract", source="bulk")
    pd.testing.assert_frame_equal(api.frame.drop(columns="name").sort_index(), bulk.frame.sort_index())
    assert api.year == bulk.year == 2020
    assert [s.tables for s in api.sources] == [s.tables for s in bulk.sources] == list(BUNDLES[bundle])
    assert {s.uncertainty for s in api.sources + bulk.sources} == {"sampling MOE"}
    assert all(len(s.sha256) == 64 and s.retrieved for s in bulk.sources)
    for column in api.frame.columns:
        if f"{column}_moe" in api.frame.columns:
            assert np.issubdtype(api.frame[column].dtype, np.integer)


def test_a_local_csv_a_json_reply_and_a_folder_give_the_same(published, tmp_path):
    frame = published(["B02015"])["B02015"]
    table = frame.rename_axis("GEO_ID").reset_index()
    table["GEO_ID"] = "1400000US" + table["GEO_ID"]
    table.to_csv(tmp_path / "b.csv", index=False)
    parts = pd.DataFrame({"state": frame.index.str[:2], "county": frame.index.str[2:5], "tract": frame.index.str[5:]})
    reply = pd.concat([frame.reset_index(drop=True), parts], axis=1)
    (tmp_path / "b.json").write_text(json.dumps([list(reply.columns), *reply.to_numpy().tolist()]))
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "acsdt5y2022-b02015.dat").write_bytes(summary(frame, "B02015"))
    bulk = read_acs("B02015", "HI", year=YEAR, level="tract", source="bulk")
    for name in ("b.csv", "b.json", "files", "files/acsdt5y2022-b02015.dat"):
        units = read_acs("b02015", "Hawaii", year=YEAR, level="tract", source=tmp_path / name)
        pd.testing.assert_frame_equal(units.frame, bulk.frame)


def test_the_key_is_used_once_and_the_reply_is_kept(server, published, key):
    published(["B02012"])
    first = read_acs("B02012", "HI", year=YEAR, level="tract")
    asked = len(server.questions)
    with using(offline=True):
        again = read_acs("B02012", "HI", year=YEAR, level="tract", source="api")
    pd.testing.assert_frame_equal(first.frame, again.frame)
    assert len(server.questions) == asked == 2
    assert key not in "".join(s.where for s in first.sources)
    assert first.sources[0].where.endswith("/2022/acs/acs5")


@pytest.mark.parametrize(("level", "geoid"), [("place", "1571550"), ("congressional_district", "1501")])
def test_larger_areas_from_both(published, key, level, geoid, server):
    frame = cells("C16001", ids=[geoid])
    published(["C16001"], frames={"C16001": frame}, ids=[geoid], files=False)
    prefix = {"place": "1600000US", "congressional_district": "5001800US"}[level]
    server.files[table_path("C16001", YEAR)] = summary(frame, "C16001", prefix=prefix)
    for source in ("api", "bulk"):
        units = read_acs("language", "HI", year=YEAR, level=level, source=source)
        assert units.frame.index.tolist() == [geoid]
        assert units.frame["korean_speakers"].tolist() == [180]
        assert units.year == YEAR


# --- what the figures mean --------------------------------------------------------------------------


def test_b02015_002_is_asian_indian_until_2021_and_chinese_from_2022(published):
    """A published analysis read the 2022 B02015_002 as Asian Indian."""
    for year, first, korean in ((2021, "asian_indian_alone", 12), (2022, "chinese_alone", 5)):
        published(["B02015"], year)
        frame = read_acs("B02015", "HI", year=year, level="tract", source="bulk").frame
        assert (frame[first] == frame["B02015_002E"]).all()
        assert (frame["korean_alone"] == frame[f"B02015_{korean:03d}E"]).all()
        assert (frame[f"{first}_moe"] == 3).all()


def test_2024_has_afghan_and_everything_after_it_one_line_later(published, tmp_path):
    frame = cells("B02015", 2024)
    assert "B02015_035E" in frame
    path = tmp_path / "acsdt5y2024-b02015.dat"
    path.write_bytes(summary(frame, "B02015"))
    read = read_acs("B02015", "HI", year=2024, level="tract", source=path).frame
    assert read["afghan_alone"].tolist() == [290, 580, 870]
    assert read["kazakh_alone"].tolist() == [300, 600, 900]


def test_2023_is_not_guessed_without_its_labels(tmp_path, server):
    frame = cells("B02015", 2024)
    path = tmp_path / "table.dat"
    path.write_bytes(summary(frame, "B02015"))
    with pytest.raises(InputError, match="lines of B02015 for 2023 are not known without that year's labels"):
        read_acs("B02015", "HI", year=2023, level="tract", source=path)
    given = tmp_path / "ACS20235YR_Table_Shells.txt"
    given.write_bytes(shells(["B02015"], 2024))
    read = read_acs("B02015", "HI", year=2023, level="tract", source=path, labels=given)
    assert "afghan_alone" in read.frame
    assert any("published table shells of 2023" in note for note in read.notes)
    server.files[table_path("B02015", 2023)] = path.read_bytes()
    server.files[shells_path(2023)] = given.read_bytes()
    bulk = read_acs("B02015", "HI", year=2023, level="tract", source="bulk")
    pd.testing.assert_frame_equal(bulk.frame, read.frame)
    assert read_acs("B02015", "HI", year=2023, level="tract", source=path).frame.equals(read.frame)  # shells are kept


@pytest.mark.parametrize(("file_year", "asked"), [(2021, 2022), (2022, 2021), (2024, 2022), (2022, 2024)])
def test_a_file_of_another_layout_is_refused(tmp_path, file_year, asked):
    path = tmp_path / "detail.dat"
    path.write_bytes(summary(cells("B02015", file_year), "B02015"))
    with pytest.raises(SchemaError, match="It is of another year, where the same codes are other groups"):
        read_acs("B02015", "HI", year=asked, level="tract", source=path)


def test_labels_that_move_are_followed(server, published, key):
    """A year whose API labels put Hmong at line 2 is read so, whatever the kit remembers."""
    published(["B02015"])
    path = "/data/2022/acs/acs5/groups/B02015.json"
    body = json.loads(server.files[path])
    for kind in ("E", "M"):
        first, second = (body["variables"][f"B02015_00{n}{kind}"] for n in (2, 3))
        body["variables"][f"B02015_002{kind}"], body["variables"][f"B02015_003{kind}"] = second, first
    server.files[path] = json.dumps(body).encode()
    units = read_acs("B02015", "HI", year=YEAR, level="tract", source="api")
    assert (units.frame["hmong_alone"] == units.frame["B02015_002E"]).all()
    assert any("the Census API's labels of 2022" in note for note in units.notes)


def test_a_label_the_kit_does_not_know_keeps_its_cell_and_gets_no_name(server, published, key):
    published(["B02015"])
    path = "/data/2022/acs/acs5/groups/B02015.json"
    server.files[path] = server.files[path].replace(b"!!mongolian", b"!!martian")
    frame = read_acs("B02015", "HI", year=YEAR, level="tract", source="api").frame
    assert "mongolian_alone" not in frame
    assert "B02015_006E" in frame


def test_regions_add_up_their_groups(published):
    published(["B02015"])
    frame = read_acs("B02015", "HI", year=YEAR, level="tract", source="bulk").frame
    east = [f"B02015_{n:03d}E" for n in range(2, 10)]
    assert (frame["east_asian_alone"] == frame[east].sum(axis=1)).all()
    assert frame["east_asian_alone_moe"].iloc[0] == pytest.approx(sum((n + 1) ** 2 for n in range(2, 10)) ** 0.5)
    published(["B02015"], 2021)
    assert "east_asian_alone" not in read_acs("B02015", "HI", year=2021, level="tract", source="bulk").frame


def test_tallies_have_no_regions_and_say_so(published):
    published(["B02018", "B02019"], 2021)
    units = read_acs("B02018", "HI", year=2021, level="tract", source="bulk")
    assert "hmong_aoic" in units.frame
    assert "asian_groups_tallied" in units.frame
    assert "asian_aoic_pop" not in units.frame
    assert any("must not be added" in note for note in units.notes)
    assert any("do not compare a detailed group of 2021" in note for note in units.notes)
    pacific = read_acs("B02019", "HI", year=2021, level="tract", source="bulk").frame
    assert {"native_hawaiian_aoic", "fijian_aoic", "nhpi_groups_tallied"} <= set(pacific)
    assert not {"polynesian_aoic", "micronesian_aoic", "melanesian_aoic"} & set(pacific)


def test_before_2015_the_tables_had_other_names(published, key):
    published(["B02001", "B02006"], 2013, files=False)
    units = read_acs("detailed_asian", "HI", year=2013, level="tract")
    assert [s.tables for s in units.sources] == ["B02001", "B02006"]
    assert (units.frame["korean_alone"] == units.frame["B02006_010E"]).all()
    assert units.year == 2010
    with pytest.raises(NotPublished, match="B02015 .* is published from 2015 on, not for 2013. For 2013 use B02006"):
        read_acs("B02015", "HI", year=2013, level="tract")


def test_headings_with_a_line_of_their_own(server, key):
    """Until 2014 the table of NHPI groups had lines for Polynesian, Micronesian and Melanesian."""
    text = ["", "Polynesian:", "Polynesian:!!Native Hawaiian", "Polynesian:!!Samoan", "Polynesian:!!Other Polynesian"]
    text += ["Other Pacific Islander, not specified (check box only)", "Other Pacific Islander, not specified"]
    body = {"variables": {f"B02007_{n:03d}E": {"label": f"Estimate!!Total:!!{t}"} for n, t in enumerate(text, 1)}}
    body["variables"]["B02007_001E"] = {"label": "Estimate!!Total:"}
    server.files["/data/2013/acs/acs5/groups/B02007.json"] = json.dumps(body).encode()
    values = {f"B02007_{n:03d}{k}": [str(n)] for n in range(1, 8) for k in "EM"}
    server.tables["2013/acs/acs5"] = pd.DataFrame(values, index=["15001"]).assign(NAME="Hawaii County")
    frame = read_acs("B02007", "HI", year=2013, level="county", source="api").frame
    assert frame["polynesian_alone"].tolist() == [2]
    assert frame["native_hawaiian_alone"].tolist() == [3]
    assert frame["other_pacific_islander_alone"].tolist() == [13]
    assert frame["nhpi_alone_pop"].tolist() == [1]


def test_aapi_totals_and_the_union_that_is_not_there(published):
    published(["B02001", "B02011", "B02012"])
    units = read_acs("aapi", "HI", year=YEAR, level="tract", source="bulk")
    frame = units.frame
    assert frame["total_pop"].iloc[0] == 10
    assert frame["asian_alone_pop"].iloc[0] == 50
    assert frame["nhpi_alone_pop"].iloc[0] == 60
    assert frame["aapi_alone_pop"].iloc[0] == 110
    assert frame["aapi_alone_pop_moe"].iloc[0] == pytest.approx((6**2 + 7**2) ** 0.5)
    assert frame["asian_aoic_pop"].iloc[0] == frame["nhpi_aoic_pop"].iloc[0] == 10
    assert "aapi_aoic_pop" not in frame
    assert any("must not be added" in note for note in units.notes)
    assert all(parse_column(c) for c in units.count_columns)


def test_citizens_of_voting_age(published):
    published(["B05003", "B05003D", "B05003E"])
    frame = read_acs("citizen_vap", "HI", year=YEAR, level="tract", source="bulk").frame
    assert frame["asian_alone_cvap"].iloc[0] == 10 * (9 + 11 + 20 + 22)
    assert frame["asian_alone_vap"].iloc[0] == 10 * (8 + 19)
    assert frame["asian_alone_foreign_born"].iloc[0] == 10 * (5 + 10 + 16 + 21)
    assert frame["asian_alone_naturalized"].iloc[0] == 10 * (6 + 11 + 17 + 22)
    assert frame["asian_alone_not_citizens"].iloc[0] == 10 * (7 + 12 + 18 + 23)
    assert frame["asian_alone_native_born"].iloc[0] == 10 * (4 + 9 + 15 + 20)
    assert frame["aapi_alone_cvap"].iloc[0] == 2 * 10 * (9 + 11 + 20 + 22)
    lines = [10, 12, 21, 23]
    assert frame["asian_alone_cvap_moe"].iloc[0] == pytest.approx(sum(m**2 for m in lines) ** 0.5)
    assert frame["aapi_alone_cvap_moe"].iloc[0] == pytest.approx((2 * sum(m**2 for m in lines)) ** 0.5)
    assert frame["total_cvap"].iloc[0] == 10 * (9 + 11 + 20 + 22)


def test_language_and_limited_english(published):
    published(["C16001", "C16002", "B16008"])
    units = read_acs("limited_english", "HI", year=YEAR, level="tract", source="bulk")
    frame = units.frame
    assert frame["people_5_and_over"].iloc[0] == 10
    assert frame["chinese_speakers"].iloc[0] == 210
    assert frame["chinese_speakers_lep"].iloc[0] == 230
    assert frame["other_asian_pacific_speakers"].iloc[0] == 300
    assert frame["lep"].iloc[0] == 10 * sum(range(5, 39, 3))
    assert frame["asian_pacific_languages_lep"].iloc[0] == 10 * (20 + 23 + 26 + 29 + 32)
    assert frame["limited_english_households"].iloc[0] == 10 * (4 + 7 + 10 + 13)
    assert frame["limited_english_asian_pacific_households"].iloc[0] == 100
    assert frame["total_cvap"].iloc[0] == 10 * (11 + 29)
    assert frame["lep_cvap"].iloc[0] == 10 * (15 + 18 + 33 + 36)
    assert frame["lep_cvap_not_spanish"].iloc[0] == 10 * (18 + 36)
    assert any("Section 203" in note for note in units.notes)


def test_wordings_of_age_and_birth_that_differ(server, published, key, tmp_path):
    """The API has written "Foreign born" and "Foreign-born", "18 years and over" and "18 years old and over"."""
    tables = ["B05003", "B05003D", "B05003E", "B16008"]
    published(tables)
    before = {t: read_acs(t, "HI", year=YEAR, level="tract", source="api").frame for t in tables}
    for table in tables:
        path = f"/data/2022/acs/acs5/groups/{table}.json"
        body = (
            server.files[path].replace(b"foreign born", b"Foreign-born:").replace(b"18 years old and", b"18 years and")
        )
        server.files[path] = body.replace(b"18 years and over", b"18 years and over:")
    with using(cache=tmp_path):
        for table in tables:
            after = read_acs(table, "HI", year=YEAR, level="tract", source="api").frame
            pd.testing.assert_frame_equal(after, before[table])


def test_nativity(published):
    published(["B05001", "B05003D", "B05003E"])
    frame = read_acs("nativity", "HI", year=YEAR, level="tract", source="bulk").frame
    assert frame["total_foreign_born"].iloc[0] == 110
    assert frame["total_naturalized"].iloc[0] == 50
    assert frame["nhpi_alone_foreign_born"].iloc[0] == 520


# --- codes, blanks, zeros ---------------------------------------------------------------------------


def test_codes_are_mapped_before_anything_is_added():
    text = pd.DataFrame(
        {
            "B02001_001E": ["100", "-666666666", None, "", "1,234", "-999999999.0"],
            "B02001_001M": ["-555555555", "-222222222", None, "", "±12", "-333333333"],
        },
        index=list("abcdef"),
    )
    figures = as_figures(text, "a table")
    assert figures["B02001_001E"].tolist()[0] == 100
    assert figures["B02001_001E"].isna().tolist() == [False, True, True, True, False, True]
    assert figures["B02001_001M"].tolist()[0] == 0
    assert figures["B02001_001M"].tolist()[4] == 12
    assert figures["B02001_001M"].isna().tolist() == [False, True, True, True, False, True]


@pytest.mark.parametrize(("column", "bad"), [("B02001_001E", "many"), ("B02001_001M", "-4"), ("B02001_001M", "x")])
def test_what_is_no_number_is_refused(column, bad):
    with pytest.raises(Corrupt, match=f"a table: {column} holds {bad} where there should be numbers, first at b"):
        as_figures(pd.DataFrame({column: ["1", bad]}, index=["a", "b"]), "a table")


def test_a_missing_cell_leaves_the_sum_and_its_margin_missing(tmp_path):
    frame = cells("B02001")
    frame.loc[TRACTS[0], "B02001_006E"] = "-666666666"
    frame.loc[TRACTS[1], "B02001_006M"] = "-222222222"
    frame.loc[TRACTS[2], "B02001_006M"] = "-555555555"
    path = tmp_path / "x.dat"
    path.write_bytes(summary(frame, "B02001"))
    units = read_acs("B02001", "HI", year=YEAR, level="tract", source=path)
    read = units.frame
    assert read["nhpi_alone_pop"].isna().tolist() == [True, False, False]
    assert read["aapi_alone_pop"].isna().tolist() == [True, False, False]
    assert read["aapi_alone_pop_moe"].isna().tolist() == [True, True, False]
    assert read["aapi_alone_pop_moe"].iloc[2] == 6
    assert any("2 of 3 census tracts lack a figure or a margin" in note for note in units.notes)
    with pytest.raises(SchemaError, match="Missing is not zero"):
        units.column("nhpi_alone_pop")


def test_zeros_are_pooled_by_the_largest_margin(tmp_path):
    frame = cells("B02001")
    for line, moe in ((5, "22"), (6, "29")):
        frame[f"B02001_{line:03d}E"] = "0"
        frame[f"B02001_{line:03d}M"] = moe
    path = tmp_path / "x.dat"
    path.write_bytes(summary(frame, "B02001"))
    read = read_acs("B02001", "HI", year=YEAR, level="tract", source=path).frame
    assert read["aapi_alone_pop"].tolist() == [0, 0, 0]
    assert read["aapi_alone_pop_moe"].tolist() == [29, 29, 29]


def test_a_table_without_any_value_is_not_published(tmp_path):
    frame = cells("B02001")
    frame.loc[:, :] = "-666666666"
    path = tmp_path / "x.dat"
    path.write_bytes(summary(frame, "B02001"))
    with pytest.raises(NotPublished, match="has no value for any of 3 census tracts: it is not published for them"):
        read_acs("B02001", "HI", year=YEAR, level="tract", source=path)


# --- what is refused --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "year", "level", "told"),
    [
        ("B02015", 2022, "block_group", r"not published by block groups. The nearest: level='tract'"),
        ("B16001", 2022, "tract", r"The nearest by census tracts: C16001 \(language at home, in 12 groups"),
        ("C16001", 2015, "tract", r"published from 2016 on, not for 2015. For 2015 use B16001"),
        ("B02006", 2020, "tract", r"from 2009 to 2014, not for 2020. For 2020 use B02015"),
        ("C16002", 2012, "tract", r"Use a period that ends 2016 on"),
        ("B02001", 2022, "block", r"not published by census blocks. Block groups are the smallest"),
        ("B99999", 2022, "vtd", r"not published by voting districts"),
    ],
)
def test_years_and_levels_that_are_not_published(table, year, level, told):
    with pytest.raises(NotPublished, match=told):
        check_table(table, year, level)


@pytest.mark.parametrize(
    ("asked", "error", "told"),
    [
        ({"table": "race"}, InputError, "no bundle. Bundles: aapi, detailed_asian"),
        ({"table": "S0101"}, InputError, "is no id of a detailed table, such as B02015"),
        ({"year": 1999}, InputError, "year=1999: give the last year of the five-year period"),
        ({"year": "2022"}, InputError, "year='2022'"),
        ({"place": "Atlantis"}, InputError, "no State is called 'Atlantis'"),
        ({"place": "GU"}, NotPublished, "Guam"),
        ({"level": "parish"}, InputError, "no level is called"),
        ({"source": "nowhere.csv"}, InputError, "there is no file or folder 'nowhere.csv'"),
    ],
)
def test_a_question_that_cannot_be_understood(asked, error, told):
    asked = {"table": "B02001", "place": "HI", "year": YEAR, "level": "tract"} | asked
    with pytest.raises(error, match=told):
        read_acs(asked.pop("table"), asked.pop("place"), **asked)


def test_without_a_key_the_files_are_read(published):
    published(["B02012"])
    assert read_acs("B02012", "HI", year=YEAR, level="tract").sources[0].where.endswith("acsdt5y2022-b02012.dat")
    with pytest.raises(KeyMissing, match="or use source='bulk', which needs no key"):
        read_acs("B02012", "HI", year=YEAR, level="tract", source="api")
    with pytest.raises(KeyMissing):
        read_acs("B02001", "HI", year=2012, level="tract")
    with pytest.raises(NotPublished, match="begin with the period that ends in 2018"):
        read_acs("B02001", "HI", year=2012, level="tract", source="bulk")


def test_bulk_files_of_years_without_shells(server, published, tmp_path):
    published(["B02015"], 2019)
    del server.files[shells_path(2019)]
    units = read_acs("B02015", "HI", year=2019, level="tract", source="bulk")
    assert units.frame["vietnamese_alone"].iloc[0] == 220
    assert units.year == 2010
    given = tmp_path / "shells.txt"
    given.write_bytes(shells(["B02015"], 2019))
    again = read_acs("B02015", "HI", year=2019, level="tract", source="bulk", labels=given)
    assert again.frame.equals(units.frame)


def test_shells_that_cannot_be_had(server, published, tmp_path):
    """What the kit knows for certain serves; what it does not know is not guessed."""
    published(["B02015"])
    del server.files[shells_path(YEAR)]
    units = read_acs("B02015", "HI", year=YEAR, level="tract", source="bulk")
    assert any("the kit's record of the 2022 layout" in note for note in units.notes)
    server.files[table_path("B02015", 2023)] = server.files[table_path("B02015", 2022)]
    told = r"lines of B02015 for 2023 are not known .*ACS20235YR_Table_Shells\.txt \(www2.* or B02015\.json \(api"
    with pytest.raises(InputError, match=told):
        read_acs("B02015", "HI", year=2023, level="tract", source="bulk")


def test_margins_go_on_to_districts(published):
    published(["B05003", "B05003D", "B05003E"])
    units = read_acs("citizen_vap", "HI", year=YEAR, level="tract", source="bulk")
    rows = pd.Series(["1", "1", "2"], index=units.frame.index)
    placed = kit.place(units, Plan("P", ("1", "2"), assignment=rows, level="tract"))
    table = kit.concentration(placed, group="asian_alone", base="cvap").frame
    count = 10 * (9 + 11 + 20 + 22)
    assert table["count"].tolist() == [3 * count, 3 * count]
    each = sum(m**2 for m in (10, 12, 21, 23))
    assert table["count_moe"].tolist() == pytest.approx([(2 * each) ** 0.5, each**0.5])


def test_offline(published, key):
    with using(offline=True):
        with pytest.raises(Offline, match="table B02012 of 2018–2022 is not in the cache"):
            read_acs("B02012", "HI", year=YEAR, level="tract")
        with pytest.raises(Offline, match="the labels of B02012 for 2022 are not in the cache"):
            read_acs("B02012", "HI", year=YEAR, level="tract", source="api")


def test_a_table_the_api_does_not_have(server, key):
    with pytest.raises(NotPublished, match="has no table B99999 in the 5-year estimates of 2022"):
        read_acs("B99999", "HI", year=YEAR, level="tract", source="api")


def test_a_page_instead_of_labels(server, key):
    server.next.append((200, {}, "<html>Down for maintenance</html>"))
    with pytest.raises(Corrupt, match="holds no labels of table B02001"):
        read_acs("B02001", "HI", year=YEAR, level="tract", source="api")


def test_a_table_unknown_to_the_kit_is_read_raw(server, published, key, tmp_path):
    frame = pd.DataFrame({"B25003_001E": ["5"], "B25003_001M": ["2"]}, index=["15001"])
    server.tables["2022/acs/acs5"] = frame.assign(NAME="Hawaii County")
    body = {"variables": {"B25003_001E": {"label": "Estimate!!Total:"}}}
    server.files["/data/2022/acs/acs5/groups/B25003.json"] = json.dumps(body).encode()
    units = read_acs("B25003", "HI", year=YEAR, level="county", source="api")
    assert units.frame.columns.tolist() == ["B25003_001E", "B25003_001M", "name"]
    (tmp_path / "t.dat").write_bytes(summary(frame, "B25003", prefix="0500000US"))
    local = read_acs("B25003", "HI", year=YEAR, level="county", source=tmp_path / "t.dat")
    assert local.frame["B25003_001E"].tolist() == [5]


@pytest.mark.parametrize(
    ("name", "content", "error", "told"),
    [
        ("a.csv", b"", Corrupt, "a.csv is empty"),
        ("a.csv", b"<html>busy</html>", Corrupt, "is a web page, not data"),
        ("a.csv", b"GEO_ID,B02001_001E\n", SchemaError, "has a header and no rows"),
        ("a.csv", b"GEO_ID,B02001_001E\n1400000US15001020100\n", Corrupt, "line 2 has 1 fields, the header has 2"),
        (
            "a.csv",
            b"GEO_ID,B01001_001E\n1400000US15001020100,4\n",
            SchemaError,
            "no column of table B02001; it has B01001",
        ),
        ("a.csv", b"place,B02001_001E\nx,4\n", SchemaError, "nor the columns state, county, tract"),
        ("a.csv", b"GEO_ID,B02001_001E\n1400000US36001020100,4\n", SchemaError, "has no census tracts of State 15"),
        ("a.csv", b"GEO_ID,B02001_001E\n0500000US15001,4\n", SchemaError, "its ids are like 0500000US15001"),
        (
            "a.csv",
            b"GEO_ID,B02001_001E\n1400000US15001020100,4\n1400000US15001020100,5\n",
            SchemaError,
            "more than once: 15001020100",
        ),
        ("a.csv", b"GEO_ID,B02001_001E,B02001_E001\n1400000US15001020100,4,4\n", SchemaError, "more than once"),
        ("a.json", b'[["NAME","B02001_001E"]', Corrupt, "is no whole JSON file"),
        ("a.json", b'[["NAME","B02001_001E"]]', SchemaError, "is no reply of the Census API"),
        ("a.dat", b"GEOID|B02001_E001\n1400000US15001020100|4\n", SchemaError, "has no column GEO_ID"),
        ("a.dat", b"GEO_ID|B02001_E001\n1400000US36001020100|4\n", NotPublished, "has no census tracts of State 15"),
        ("a.dat", b"GEO_ID|B02001_E001\n1400000US15001020100|4|5\n", Corrupt, "cut off or not in the published layout"),
        ("acsdt5y2021-b02001.dat", b"GEO_ID|B02001_E001\n", SchemaError, "is of 2021, but year=2022 was asked for"),
    ],
)
def test_files_that_cannot_be_read(tmp_path, name, content, error, told):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(error, match=told):
        read_acs("B02001", "HI", year=YEAR, level="tract", source=path)


def test_a_folder_without_the_table(tmp_path):
    with pytest.raises(NotPublished, match=r"has no acsdt5y2022-b02001\.dat"):
        read_acs("B02001", "HI", year=YEAR, level="tract", source=tmp_path)


def test_tables_of_different_areas_are_not_joined(tmp_path):
    (tmp_path / "acsdt5y2022-b02001.dat").write_bytes(summary(cells("B02001"), "B02001"))
    for name in ("b02011", "b02012"):
        frame = cells(name.upper(), ids=TRACTS[:2])
        (tmp_path / f"acsdt5y2022-{name}.dat").write_bytes(summary(frame, name.upper()))
    with pytest.raises(SchemaError, match="B02001 and B02011 have different areas: 15003000100 are in one only"):
        read_acs("aapi", "HI", year=YEAR, level="tract", source=tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "error", "told"),
    [
        ("x.txt", b"Table|Label\n", SchemaError, "it is no file of ACS table shells"),
        ("ACS20215YR_Table_Shells.txt", shells(["B02001"]), SchemaError, "has the labels of 2021, but year=2022"),
        ("y.txt", shells(["B02011"]), NotPublished, "has no table B02001"),
        ("x.json", b"[]", SchemaError, "is no list of a table's variables"),
        ("x.json", b'{"variables": {"B01001_001E": {"label": "x"}}}', SchemaError, "has no label of table B02001"),
    ],
)
def test_labels_that_cannot_be_read(tmp_path, name, content, error, told):
    (tmp_path / "t.dat").write_bytes(summary(cells("B02001"), "B02001"))
    (tmp_path / name).write_bytes(content)
    with pytest.raises(error, match=told):
        read_acs("B02001", "HI", year=YEAR, level="tract", source=tmp_path / "t.dat", labels=tmp_path / name)
    with pytest.raises(InputError, match="there is no file 'none.txt' with labels"):
        read_acs("B02001", "HI", year=YEAR, level="tract", source=tmp_path / "t.dat", labels=tmp_path / "none.txt")


def test_labels_from_the_apis_list_of_variables(tmp_path):
    (tmp_path / "t.dat").write_bytes(summary(cells("B02001"), "B02001"))
    variables = {f"B02001_{n:03d}E": {"label": label_of(p)} for n, p in layout("B02001", YEAR).items()}
    (tmp_path / "B02001.json").write_text(json.dumps({"variables": variables}))
    units = read_acs(
        "B02001", "HI", year=YEAR, level="tract", source=tmp_path / "t.dat", labels=tmp_path / "B02001.json"
    )
    assert units.frame["asian_alone_pop"].iloc[0] == 50


def test_headings_in_shells_without_a_line(tmp_path):
    rows = "Table ID|Line|Indent|Unique ID|Label|Title|Universe|Type\nB02016|1.0|0|B02016_001|Total:|t|u|int\n"
    rows += "B02016|1.5|1||Polynesian:|t|u|\nB02016|2.0|2|B02016_002|Native Hawaiian|t|u|int\n"
    rows += "B02016|2.7|1||Melanesian:|t|u|\nB02016|3.0|2|B02016_003|Fijian|t|u|int\n"
    path = tmp_path / "shells.txt"
    path.write_text(rows)
    lines = from_shells(path, "B02016", 2022).lines
    assert lines == {1: (), 2: ("polynesian", "native hawaiian"), 3: ("melanesian", "fijian")}


def test_a_table_as_the_bureaus_website_gives_it(tmp_path):
    """Two header rows: names, then labels; a margin of a fixed total is printed as stars."""
    text = (
        "GEO_ID,NAME,B02012_001E,B02012_001M\nGeography,Geographic Area Name,Estimate!!Total:,Margin of Error!!Total:\n"
        '0500000US15001,"Hawaii County, Hawaii","1,234",*****\n0500000US15009,"Maui County, Hawaii",-,**\n'
    )
    path = tmp_path / "ACSDT5Y2022.B02012-Data.csv"
    path.write_text("\ufeff" + text, encoding="utf-8")
    units = read_acs("B02012", "HI", year=YEAR, level="county", source=path)
    assert units.frame["nhpi_aoic_pop"].tolist()[0] == 1234
    assert units.frame["nhpi_aoic_pop_moe"].tolist()[0] == 0
    assert units.frame.loc["15009", ["nhpi_aoic_pop", "nhpi_aoic_pop_moe"]].isna().all()
    assert units.frame["name"].tolist() == ["Hawaii County, Hawaii", "Maui County, Hawaii"]


def test_the_fictional_sample_reads_as_a_local_table(tmp_path):
    """The sample's tracts, with its state code 98 changed to one that exists."""
    for name in ("acs_tracts", "acs_block_groups"):
        frame = read_table(name)
        frame["GEO_ID"] = frame["GEO_ID"].str.replace("US98", "US15")
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    detail = read_acs("B02015", "HI", year=2022, level="tract", source=tmp_path / "acs_tracts.csv").frame
    assert detail["chinese_alone"].iloc[:2].tolist() == [56, 176]
    assert detail["korean_alone"].iloc[:2].tolist() == [16, 64]
    language = read_acs("language", "HI", year=2022, level="tract", source=tmp_path / "acs_tracts.csv").frame
    assert language["chinese_speakers"].iloc[:2].tolist() == [80, 88]
    assert language["chinese_speakers_lep"].iloc[:2].tolist() == [40, 48]
    assert detail.isna().any(axis=None)
    race = read_acs("B02001", "HI", year=2022, level="block_group", source=tmp_path / "acs_block_groups.csv")
    assert race.frame.loc["150010001001", ["total_pop", "asian_alone_pop"]].tolist() == [1352, 96]
    water = race.frame[race.frame["total_pop"] == 0]
    assert (water["total_pop_moe"] == 0).all()


def test_patterns_of_ids():
    import re

    assert re.match(id_pattern("tract", "06"), "1400000US06037101110")
    assert re.match(id_pattern("tract", "06"), "06037101110")
    assert re.match(id_pattern("congressional_district", "06"), "5001900US0652")
    assert re.match(id_pattern("state_senate", "39"), "610U900US39016")
    assert not re.match(id_pattern("state", "06"), "0400001US06")  # the urban part
    assert not re.match(id_pattern("county", "06"), "0400000US06")


@pytest.mark.parametrize(
    ("year", "path"),
    [
        (2020, "/programs-surveys/acs/summary_file/2020/prototype/5YRData/acsdt5y2020-b02015.dat"),
        (2021, "/programs-surveys/acs/summary_file/2021/table-based-SF/data/5YRData/acsdt5y2021-b02015.dat"),
    ],
)
def test_where_the_files_are(year, path):
    assert table_path("B02015", year) == path


def test_label_paths():
    assert line_path("Estimate!!Total Groups Tallied:!!Hmong") == ("hmong",)
    assert line_path("Estimate!!Total") == ()
    assert DETAIL.find(line_path("Estimate!!Total:!!Chinese, except Taiwanese")[-1]) == "chinese"


def test_connecticut_says_that_its_counties_changed(tmp_path):
    path = tmp_path / "ct.dat"
    path.write_bytes(summary(cells("B02012", ids=["09110400100"]), "B02012"))
    units = read_acs("B02012", "CT", year=YEAR, level="tract", source=path)
    assert any("planning regions" in note for note in units.notes)


# --- years that are not out, and labels of years that are not known ----------------------------------


@pytest.mark.parametrize("source", [None, "api", "bulk"])
def test_a_period_that_is_not_out_is_refused_before_the_network(server, key, source):
    with pytest.raises(NotPublished, match=r"is 2020–2024, not year=2030\. If a newer one is out.*else use year=2024"):
        read_acs("B02015", "HI", year=2030, level="tract", source=source)
    assert server.asked == []


def test_a_local_file_newer_than_the_kit_is_read_by_its_labels(tmp_path, monkeypatch):
    monkeypatch.setattr(vintages, "this_year", lambda: 2027)
    frame = cells("B02016", 2024)
    (tmp_path / "acsdt5y2026-b02016.dat").write_bytes(summary(frame, "B02016"))
    (tmp_path / "ACS20265YR_Table_Shells.txt").write_bytes(shells(["B02016"], 2024))
    asked = {"year": 2026, "level": "tract", "source": tmp_path / "acsdt5y2026-b02016.dat"}
    with pytest.raises(
        InputError, match=r"lines of B02016 for 2026 are not known .* Pass labels= with ACS20265YR_Table"
    ):
        read_acs("B02016", "HI", **asked)
    units = read_acs("B02016", "HI", **asked, labels=tmp_path / "ACS20265YR_Table_Shells.txt")
    assert units.frame["chuukese_alone"].tolist() == [70, 140, 210]
    assert units.notes[0].startswith("The newest period of the American Community Survey (5-year) that this kit knows")
    with pytest.raises(InputError, match="year=2027: that period is not over"):
        read_acs("B02016", "HI", **asked | {"year": 2027})


@pytest.mark.parametrize(
    ("table", "year"),
    [("B02015", 2023), ("B02016", 2022), ("B02016", 2023), ("B02018", 2022), ("B02018", 2024), ("B02019", 2023)],
)
def test_tables_whose_lines_are_not_known_name_the_files_that_have_them(tmp_path, table, year):
    (tmp_path / "x.dat").write_bytes(
        summary(cells("B02016", 2024).rename(columns=lambda c: c.replace("B02016", table)), table)
    )
    with pytest.raises(InputError) as caught:
        read_acs(table, "HI", year=year, level="tract", source=tmp_path / "x.dat")
    message = str(caught.value)
    folder = f"www2.census.gov/programs-surveys/acs/summary_file/{year}/table-based-SF/documentation"
    assert f"Pass labels= with ACS{year}5YR_Table_Shells.txt ({folder}) or {table}.json" in message
    assert f"(api.census.gov/data/{year}/acs/acs5/groups/{table}.json)" in message


def test_b02016_of_2024_is_known(tmp_path):
    (tmp_path / "x.dat").write_bytes(summary(cells("B02016", 2024), "B02016"))
    units = read_acs("B02016", "HI", year=2024, level="tract", source=tmp_path / "x.dat")
    assert units.frame["chamorro_alone"].iloc[0] == 60
    assert units.frame["micronesian_alone"].iloc[0] == 10 * (6 + 7 + 8 + 9 + 10)


def test_labels_that_the_api_gave_once_serve_a_local_file(published, key, tmp_path):
    published(["B02016"], 2024)
    read_acs("B02016", "HI", year=2024, level="tract", source="api")
    (tmp_path / "x.dat").write_bytes(summary(cells("B02016", 2024), "B02016"))
    with using(offline=True):
        units = read_acs("B02016", "HI", year=2024, level="tract", source=tmp_path / "x.dat")
    assert "Lines of B02016 follow the Census API's labels of 2024." in units.notes


def test_offline_without_labels_says_which_file_to_pass(server, published):
    published(["B02016"], 2024)
    frame = cells("B02016", 2024)
    server.files[table_path("B02016", 2023)] = summary(frame, "B02016")
    server.files.pop(shells_path(2023), None)
    with pytest.raises(InputError, match="Pass labels= with ACS20235YR_Table_Shells.txt"):
        read_acs("B02016", "HI", year=2023, level="tract", source="bulk")
    with using(offline=True), pytest.raises(InputError, match="Pass labels= with ACS20235YR_Table_Shells.txt"):
        read_acs("B02016", "HI", year=2023, level="tract", source="bulk")


def test_without_a_key_only_what_works_is_suggested(server):
    with pytest.raises(KeyMissing, match="or use source='bulk', which needs no key"):
        read_acs("B02011", "HI", year=2019, level="tract", source="api")
    with pytest.raises(KeyMissing, match="or pass source= with a file; the published bulk files do not have it"):
        read_acs("B02011", "HI", year=2016, level="tract", source="api")
    with pytest.raises(KeyMissing, match="or pass source= with a file; the published bulk files do not have it"):
        read_acs("B02011", "HI", year=2016, level="tract")
