"""Voter lists counted by area and group: hand-worked sums, every way a file can be wrong, and nobody's name anywhere."""

from __future__ import annotations

import dataclasses
import gzip
import pickle
import re
import traceback
import zipfile

import pandas as pd
import pytest

from kit.analysis.participation import participation
from kit.analysis.suppression import suppress_small
from kit.errors import Corrupt, CoverageError, InputError, SchemaError
from kit.sources.registration import read_registration
from kit.sources.voter_layout_rules import leads_to_a_person
from kit.sources.voter_layouts import layout_of, layouts

CANARIES = ("QUAGSIRE", "Psyduck", "99 Cinnabar", "1931-02-27", "ZQ7777", "555-0199", "000777000")
PRIVATE = {
    "voter_reg_num": "000777000",
    "last_name": "QUAGSIRE",
    "first_name": "Psyduck",
    "res_street_address": "99 Cinnabar Lane",
    "full_phone_number": "555-0199",
    "birth_date": "1931-02-27",
}
HEADS = (
    *("county_desc", "voter_reg_num", "ncid", "last_name", "first_name", "status_cd", "res_street_address"),
    *("full_phone_number", "birth_date", "race_code", "ethnic_code", "precinct_abbrv", "cong_dist_abbrv"),
)


def person(number, race, origin="NL", county="HERON", precinct="01", district="1", status="A", **other):
    row = {
        **PRIVATE,
        "ncid": f"ZQ7777{number}",
        "race_code": race,
        "ethnic_code": origin,
        "county_desc": county,
        "precinct_abbrv": precinct,
        "cong_dist_abbrv": district,
        "status_cd": status,
    }
    return row | other


# Heron, precinct 01: 3 Asian (1 origin not said), 1 Pacific Islander, 1 Asian and Hispanic, 2 White, 1 not said.
# Plover, precinct 01: 1 Asian, 1 "other", 1 not said but Hispanic. One inactive, one removed.
PEOPLE = (
    *(person(1, "A"), person(2, "A"), person(3, "A", "UN"), person(4, "P"), person(5, "A", "HL")),
    *(person(6, "W"), person(7, "W", "UN"), person(8, "U", "UN")),
    *(person(9, "A", county="PLOVER", district="2"), person(10, "O", county="PLOVER", district="2")),
    person(11, "U", "HL", county="PLOVER", district="2"),
    *(person(12, "A", status="I"), person(13, "B", status="R")),
)


def text_of(people=PEOPLE, separator="\t", *, quoted=True, heads=HEADS, header=True, end="\n"):
    mark = '"' if quoted else ""
    rows = [[str(one.get(head, "")) for head in heads] for one in people]
    lines = [list(heads), *rows] if header else rows
    return "".join(separator.join(f"{mark}{cell}{mark}" for cell in row) + end for row in lines)


@pytest.fixture
def voters(tmp_path):
    def write(text=None, name="ncvoter.txt", encoding="utf-8", **how):
        path = tmp_path / name
        path.write_bytes((text_of(**how) if text is None else text).encode(encoding))
        return path

    return write


def counted(counts, area, column="registered"):
    return counts.frame.loc[area, column].to_dict()


def test_people_by_county_and_group(voters):
    counts = read_registration(voters(), "nc_voters", by="county", as_of="2026-01-03")
    assert counted(counts, "HERON") == {
        "total": 8,
        "nh_aapi_alone": 4,
        "nh_asian_alone": 3,
        "nh_nhpi_alone": 1,
        "other_groups": 3,
        "not_said": 1,
    }
    assert counted(counts, "PLOVER") == {
        "total": 3,
        "nh_aapi_alone": 1,
        "nh_asian_alone": 1,
        "nh_nhpi_alone": 0,
        "other_groups": 2,
        "not_said": 0,
    }
    assert counts.frame["voted"].isna().all()
    assert not counts.frame["hidden"].any()
    assert (counts.by, counts.how, counts.place, counts.smallest) == ("county", "reported", "North Carolina", 1)
    assert (counts.as_of, counts.election) == ("2026-01-03", "")
    (source,) = counts.sources
    assert source.citation() == (
        "North Carolina State Board of Elections, voter registration list of North Carolina, by county, ncvoter.txt."
    )
    assert (source.year, len(source.sha256), source.sample) == (2026, 64, False)
    assert counts.groups["nh_asian_alone"] == "Asian and no other race; not Hispanic or Latino"


def test_groups_add_up_in_every_area(voters):
    counts = read_registration(voters(), "nc_voters", by="precinct")
    frame = pd.DataFrame({group: counts.of(group)["registered"] for group in counts.groups})
    parts = frame["nh_aapi_alone"] + frame["other_groups"] + frame["not_said"]
    assert (parts == frame["total"]).all()
    assert list(frame.index) == ["HERON 01", "PLOVER 01"]


def test_notes_say_what_is_left_out_and_assumed(voters):
    notes = " ".join(read_registration(voters(), "nc_voters", by="county").notes)
    assert "These counts are exact, small ones too: hide small counts before they leave this machine." in notes
    assert "does not say the race of 1 of 11 registered people (9.1%)" in notes
    assert "In 1 of 2 areas that is 10.0% or more of the registered people; the highest share is 12.5%." in notes
    assert "1 registered people (9.1%) chose another race" in notes
    assert "Of 6 people who chose Asian or Pacific Islander, 1 did not say their origin" in notes
    assert "1 said Hispanic or Latino and are among everybody else" in notes
    assert "Only active registrations are counted; 1 inactive ones and 1 that were removed" in notes
    assert "voter numbers are not compared" in notes
    assert "(nc_voters) was made without a file of this kind" in notes


def test_inactive_registrations_count_when_asked_for(voters):
    counts = read_registration(voters(), "nc_voters", by="county", status="all")
    assert counted(counts, "HERON")["nh_asian_alone"] == 4
    assert counted(counts, "HERON")["total"] == 9
    assert any("Active and inactive registrations are counted; 1 that" in note for note in counts.notes)


@pytest.mark.parametrize("separator", ["\t", ",", "|"])
@pytest.mark.parametrize("quoted", [True, False])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_separator_is_found_by_the_headings(voters, separator, quoted, end):
    counts = read_registration(voters(separator=separator, quoted=quoted, end=end), "nc_voters", by="congressional")
    assert counts.of("total")["registered"].to_dict() == {"1": 8, "2": 3}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_encodings(voters, encoding):
    people = [person(1, "A", county="DOÑA HERON", last_name="NÚÑEZ"), *PEOPLE]
    counts = read_registration(voters(people=people, encoding=encoding), "nc_voters", by="county")
    assert counts.of("total")["registered"].to_dict() == {"DOÑA HERON": 1, "HERON": 8, "PLOVER": 3}


def test_gzip_zip_and_folder_give_the_same(voters, tmp_path):
    plain = voters()
    packed = tmp_path / "ncvoter.txt.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    both = tmp_path / "both.zip"
    with zipfile.ZipFile(both, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("county1.txt", text_of(PEOPLE[:5]))
        pack.writestr("county2.txt", text_of(PEOPLE[5:]))
        pack.writestr("readme.txt", "what the columns are")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.txt").write_text(text_of(), encoding="utf-8")
    expected = read_registration(plain, "nc_voters", by="county").frame
    for path in (packed, both, folder):
        pd.testing.assert_frame_equal(read_registration(path, "nc_voters", by="county").frame, expected)


def test_a_list_longer_than_a_block(voters, monkeypatch):
    monkeypatch.setattr("kit.sources.voter_grid.BLOCK_BYTES", 4_096)
    monkeypatch.setattr("kit.sources.voter_cells._MERGE", 7)
    counts = read_registration(voters(people=PEOPLE * 50), "nc_voters", by="county")
    assert counts.of("nh_aapi_alone")["registered"].to_dict() == {"HERON": 200, "PLOVER": 50}


def test_precincts_are_summed_into_districts_once(voters):
    place_of = pd.Series({"HERON 01": "4", "PLOVER 01": "4", "HERON 99": "5"})
    counts = read_registration(voters(), "nc_voters", by="precinct", place_of=place_of)
    assert counts.by == "district"
    assert counted(counts, "4")["total"] == 11
    assert any("1 areas of the plan have nobody on the list" in note for note in counts.notes)


def test_people_without_a_district_are_an_error_or_told(voters):
    place_of = pd.Series({"HERON 01": "4"})
    with pytest.raises(CoverageError, match=r"3 registered people are in 1 areas \(precinct\) that have no district"):
        read_registration(voters(), "nc_voters", by="precinct", place_of=place_of)
    counts = read_registration(voters(), "nc_voters", by="precinct", place_of=place_of, outside="report")
    assert counts.of("total")["registered"].to_dict() == {"4": 8}
    assert any("3 registered people are in 1 areas without a district and are left out" in n for n in counts.notes)


def test_people_without_an_area_are_an_error_or_told(voters):
    path = voters(people=[*PEOPLE, person(20, "A", district=""), person(21, "W", district=" ")])
    with pytest.raises(CoverageError, match="2 registered people have no congressional district in the list"):
        read_registration(path, "nc_voters", by="congressional")
    counts = read_registration(path, "nc_voters", by="congressional", outside="report")
    assert counts.of("total")["registered"].sum() == 11
    assert any("2 registered people have no area and are left out." in note for note in counts.notes)


def test_place_of_must_be_a_series_with_each_area_once(voters):
    with pytest.raises(InputError, match="place_of= is a pandas Series from each precinct, once"):
        read_registration(voters(), "nc_voters", by="precinct", place_of={"HERON 01": "1"})
    twice = pd.Series(["1", "2"], index=["HERON 01", "HERON 01"])
    with pytest.raises(InputError, match="once"):
        read_registration(voters(), "nc_voters", by="precinct", place_of=twice)


def test_unknown_codes_are_an_error_with_their_counts(voters):
    path = voters(people=[*PEOPLE, person(20, "Z"), person(21, "Z"), person(22, "QQ")])
    with pytest.raises(SchemaError) as told:
        read_registration(path, "nc_voters", by="county")
    assert "ncvoter.txt, race_code: 2 unknown codes in 3 rows: 'Z' (2), 'QQ' (1)." in str(told.value)
    counts = read_registration(path, "nc_voters", by="county", codes={"z": "asian", "QQ": "not_said"})
    assert counted(counts, "HERON")["nh_asian_alone"] == 5
    assert any("was said by the reader of the list: z = asian, QQ = not_said." in note for note in counts.notes)
    with pytest.raises(SchemaError, match="'Z' = 'purple'; a code stands for one of asian"):
        read_registration(path, "nc_voters", by="county", codes={"Z": "purple"})


@pytest.mark.parametrize(("column", "value"), [("ethnic_code", "XX"), ("status_cd", "?")])
def test_unknown_origin_and_status_are_errors(voters, column, value):
    path = voters(people=[*PEOPLE, person(20, "A", **{column: value})])
    with pytest.raises(SchemaError, match=rf"{column}: 1 unknown codes in 1 rows: '{value[0]}"):
        read_registration(path, "nc_voters", by="county")


def test_georgia_and_florida_never_split_asians_and_pacific_islanders(voters):
    heads = ("County", "Voter Registration Number", "Status", "Last Name", "County Precinct", "Race")
    rows = [
        {"County": "HERON", "Status": "Active", "County Precinct": "1A", "Race": race, "Last Name": "QUAGSIRE"}
        for race in ("Asian/Pacific Islander", "AP", "White", "Hispanic/Latino", "Unknown", "")
    ]
    counts = read_registration(voters(people=rows, separator=",", heads=heads), "ga_voters", by="precinct")
    assert counted(counts, "HERON 1A") == {"total": 6, "nh_aapi_alone": 2, "other_groups": 2, "not_said": 2}
    assert any("one answer for Asians and Pacific Islanders" in note for note in counts.notes)
    assert any("Hispanic or Latino is one of the answers" in note for note in counts.notes)

    names = layout_of("fl_voters").names
    rows = [{"county_code": "DAD", "race": race, "status": "ACT", "precinct": "7"} for race in "22359"]
    path = voters(people=rows, heads=names, header=False, quoted=False, name="DAD_20260101.txt")
    counts = read_registration(path, "fl_voters", by="county")
    assert counted(counts, "DAD") == {"total": 5, "nh_aapi_alone": 2, "other_groups": 2, "not_said": 1}


def test_florida_votes_come_from_its_second_file(voters, tmp_path):
    names = layout_of("fl_voters").names
    rows = [{"county_code": "DAD", "voter_id": f"{n}", "race": "2", "status": "ACT"} for n in range(5)]
    path = voters(people=rows, heads=names, header=False, quoted=False, name="DAD_20260101.txt")
    history = tmp_path / "DAD_H_20260101.txt"
    history.write_text(
        "DAD\t0\t11/05/2024\tGEN\tA\nDAD\t1\t11/05/2024\tGEN\tY\nDAD\t2\t11/05/2024\tGEN\tN\nDAD\t3\t03/19/2024\tPPP\tY\n",
        encoding="utf-8",
    )
    counts = read_registration(path, "fl_voters", by="county", history=history, election="2024-11-05")
    assert counted(counts, "DAD", "voted")["nh_aapi_alone"] == 2
    history.write_text("DAD\t0\t11/05/2024\tGEN\tW\n", encoding="utf-8")
    with pytest.raises(SchemaError, match=r"mark: 1 unknown codes in 1 rows: 'W' \(1\)"):
        read_registration(path, "fl_voters", by="county", history=history, election="2024-11-05")


@pytest.fixture
def history(tmp_path):
    path = tmp_path / "ncvhis.txt"
    rows = [(1, "11/05/2024"), (1, "11/05/2024"), (4, "11/05/2024"), (9, "11/05/2024"), (6, "11/08/2022")]
    rows += [(900, "11/05/2024"), ("", "11/05/2024")]
    lines = [
        '"county_id"\t"ncid"\t"election_lbl"',
        *(f'"1"\t"{f"ZQ7777{n}" if n else ""}"\t"{day}"' for n, day in rows),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_who_voted_is_joined_from_the_history(voters, history):
    counts = read_registration(voters(), "nc_voters", by="county", history=history, election="2024-11-05")
    assert counts.of("total")["voted"].to_dict() == {"HERON": 2, "PLOVER": 1}
    assert counted(counts, "HERON", "voted")["nh_nhpi_alone"] == 1
    assert counted(counts, "HERON", "voted")["not_said"] == 0
    assert counts.election == "2024-11-05"
    assert len(counts.sources) == 2
    notes = " ".join(counts.notes)
    assert "Of 4 people who voted, 3 are counted here" in notes
    assert "1 votes have no voter number and could not be counted." in notes


def test_a_history_without_that_election(voters, history):
    with pytest.raises(InputError, match=r"nobody who voted on 2020-11-03; its elections: .*11/05/2024"):
        read_registration(voters(), "nc_voters", by="county", history=history, election="2020-11-03")
    with pytest.raises(InputError, match="with history= give the date of the election"):
        read_registration(voters(), "nc_voters", by="county", history=history, election="November")
    with pytest.raises(InputError, match=r"layout ga_voters .*leave out history="):
        read_registration(voters(), "ga_voters", by="county", history=history, election="2024-11-05")


def test_a_column_of_the_list_may_say_who_voted(voters):
    people = [one | {"voted_2024": "Y" if at < 4 else "N"} for at, one in enumerate(PEOPLE)]
    path = voters(people=people, heads=(*HEADS, "voted_2024"))
    counts = read_registration(path, "nc_voters", by="county", voted="voted_2024", election="2024-11-05")
    assert counted(counts, "HERON", "voted")["nh_aapi_alone"] == 4
    assert counted(counts, "PLOVER", "voted")["total"] == 0
    people[0]["voted_2024"] = "PERHAPS"
    path = voters(people=people, heads=(*HEADS, "voted_2024"))
    with pytest.raises(SchemaError, match="voted_2024: 1 unknown codes"):
        read_registration(path, "nc_voters", by="county", voted="voted_2024")


TABLE = """\
election_date,county_desc,party_cd,race_code,ethnic_code,registered_count,voted_count
2025-11-04,HERON,UNA,A,NL,100,30
2025-11-04,HERON,DEM,A,UN,20,5
2025-11-04,HERON,DEM,P,NL,7,1
2025-11-04,PLOVER,DEM,W,NL,50,51
"""


def test_a_table_of_counts(voters):
    counts = read_registration(voters(TABLE, "turnout.csv"), "nc_county_turnout", by="county")
    assert counted(counts, "HERON") == {
        "total": 127,
        "nh_aapi_alone": 127,
        "nh_asian_alone": 120,
        "nh_nhpi_alone": 7,
        "other_groups": 0,
        "not_said": 0,
    }
    assert counted(counts, "HERON", "voted")["nh_aapi_alone"] == 36
    assert counts.election == "2025-11-04"
    assert any("In 2 counts of an area and group more people voted" in note for note in counts.notes)
    by_party = read_registration(voters(TABLE, "turnout.csv"), "nc_county_turnout", by="party_cd")
    assert by_party.of("total")["registered"].to_dict() == {"DEM": 77, "UNA": 100}
    by_race = read_registration(voters(TABLE, "turnout.csv"), "nc_county_turnout", by="race_code")
    assert by_race.of("nh_aapi_alone")["registered"].to_dict() == {"A": 120, "P": 7, "W": 0}


@pytest.mark.parametrize("bad", ["-3", "12.5", "<10", ""])
def test_counts_must_be_whole_numbers(voters, bad):
    text = TABLE.replace(",30\n", f",{bad}\n")
    with pytest.raises(SchemaError, match=r"1 rows whose number of people \(voted\) is no whole number"):
        read_registration(voters(text, "turnout.csv"), "nc_county_turnout", by="county")


def test_a_table_of_two_elections_needs_one(voters):
    path = voters(TABLE + "2023-11-07,HERON,UNA,A,NL,90,20\n", "turnout.csv")
    with pytest.raises(InputError, match="counts of 2023-11-07, 2025-11-04; pass election="):
        read_registration(path, "nc_county_turnout", by="county")
    counts = read_registration(path, "nc_county_turnout", by="county", election="2023-11-07")
    assert counts.of("total")["voted"].to_dict() == {"HERON": 20}
    with pytest.raises(InputError, match="leave out voted="):
        read_registration(path, "nc_county_turnout", by="county", voted="x")


def test_broken_rows_are_an_error_with_their_numbers(voters):
    lines = text_of().splitlines()
    lines[3] = lines[3].rpartition("\t")[0]
    lines[7] += "\t9"
    path = voters("\n".join(lines) + "\n")
    with pytest.raises(SchemaError) as told:
        read_registration(path, "nc_voters", by="county")
    assert "2 rows do not have 13 fields (first 12): ncvoter.txt row 4, ncvoter.txt row 8." in str(told.value)
    counts = read_registration(path, "nc_voters", by="county", broken="report")
    assert counts.of("total")["registered"].sum() == 9
    assert any("2 of 13 rows do not have the fields of the others" in note for note in counts.notes)


def test_a_list_that_ends_in_the_middle_of_a_row(voters):
    text = text_of()
    with pytest.raises(SchemaError, match="1 rows do not have 13 fields"):
        read_registration(voters(text[: len(text) - 40]), "nc_voters", by="county")


def test_empty_lines_do_not_matter(voters):
    path = voters("\n\n" + text_of().replace("\n", "\n\n") + "\n\n")
    assert read_registration(path, "nc_voters", by="county").of("total")["registered"].sum() == 11


def test_a_quotation_mark_that_does_not_close_loses_nobody(voters):
    people = [*PEOPLE[:2], person(30, "A", last_name='"QUAGSIRE'), *PEOPLE[2:]]
    tabs = text_of(people, quoted=False)
    assert read_registration(voters(tabs), "nc_voters", by="county").of("total")["registered"].sum() == 12
    with pytest.raises((Corrupt, SchemaError)) as told:
        read_registration(voters(text_of(people, ",", quoted=False)), "nc_voters", by="county")
    assert "QUAGSIRE" not in str(told.value)


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"", Corrupt, "is empty"),
        (b"\n\n", Corrupt, "is empty"),
        (b"<!DOCTYPE html><html>", Corrupt, "is a web page"),
        (b"\x00\x01\x02\x00\x00" * 50, SchemaError, "no text table"),
        (
            text_of().encode().replace(b"race_code", b"rasse"),
            SchemaError,
            "has no column race_code among the 13 fields",
        ),
        (text_of(heads=(*HEADS, "race_code")).encode(), SchemaError, "has the heading race_code more than once"),
        (text_of([]).encode(), SchemaError, "has headings and no rows"),
        (text_of(separator=";").replace(";", "~").encode(), SchemaError, "has no column"),
        (b"PK\x03\x04 cut off", Corrupt, "no complete zip file"),
    ],
)
def test_files_that_cannot_be_read(tmp_path, data, error, words):
    path = tmp_path / "ncvoter.txt"
    path.write_bytes(data)
    with pytest.raises(error, match=words):
        read_registration(path, "nc_voters", by="county")


def test_files_that_are_not_there_or_damaged(tmp_path, voters):
    with pytest.raises(InputError, match=r"there is no file or folder 'nobody\.txt'"):
        read_registration(tmp_path / "nobody.txt", "nc_voters", by="county")
    cut = tmp_path / "cut.txt.gz"
    cut.write_bytes(gzip.compress(text_of(PEOPLE * 200).encode())[:-20])
    with pytest.raises(Corrupt, match=r"cut\.txt\.gz is cut off or damaged"):
        read_registration(cut, "nc_voters", by="county")
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as pack:
        pack.writestr("picture.png", "x")
    with pytest.raises(InputError, match=r"holds no table .*picture\.png"):
        read_registration(other, "nc_voters", by="county")
    with pytest.raises(SchemaError, match=r"the first row has 13 fields, and layout fl_voters has 38"):
        read_registration(voters(), "fl_voters", by="county")


def test_archives_that_unfold_without_measure_are_refused(tmp_path):
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("ncvoter.txt", b"\n" * 5_000_000)
    with pytest.raises(InputError, match="would unfold to 5 MB"):
        read_registration(bomb, "nc_voters", by="county")
    packed = tmp_path / "bomb.txt.gz"
    packed.write_bytes(gzip.compress(text_of().encode() + b"\n" * 5_000_000))
    with pytest.raises(InputError, match="unfolds to more than a list does"):
        read_registration(packed, "nc_voters", by="county")


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"by": "county", "status": "some"}, "expected 'active' or 'all'"),
        ({"by": "county", "outside": "drop"}, "outside='drop': expected 'error' or 'report'"),
        ({"by": "county", "broken": "drop"}, "broken='drop'"),
        ({"by": "county", "as_of": "yesterday"}, "as_of='yesterday': give the date of the list"),
        ({"by": "county", "election": "2024-11-05"}, "does not say who voted"),
        ({"by": "last_name"}, "by='last_name' leads to people"),
        ({"by": "res_street_address"}, "leads to people"),
        ({"by": "ncid"}, "leads to people"),
        ({"by": "county", "voted": "x", "history": "y"}, "both say who voted"),
    ],
)
def test_choices_that_do_not_exist(voters, how, words):
    with pytest.raises(InputError, match=words):
        read_registration(voters(), "nc_voters", **how)


def test_a_column_with_a_value_for_each_person_is_no_area(voters):
    people = [person(number, "A", ward=f"w{number}") for number in range(2_000)]
    with pytest.raises(InputError, match="2,000 different values for 2,000 people: that is a column of people"):
        read_registration(voters(people=people, heads=(*HEADS, "ward")), "nc_voters", by="ward")


OWN = """
kind = "list"
place = "State 98"
[columns]
race = ["origin_word"]
[places]
town = ["town"]
[race]
Asian = "asian"
Islander = "nhpi"
Rest = "other"
"""


def test_a_layout_of_ones_own(voters, tmp_path):
    path = voters("town;origin_word;nobody\nEgret;asian;x\nEgret;Islander;x\nEgret; rest ;x\n", "state98.csv")
    file = tmp_path / "state98.toml"
    file.write_text(OWN, encoding="utf-8")
    given = {"kind": "list", "columns": {"race": "origin_word"}, "places": {"town": "town"}}
    given["race"] = {"ASIAN": "asian", "islander": "nhpi", "REST": "other"}
    for layout in (file, str(file), given):
        counts = read_registration(path, layout, by="town")
        assert counted(counts, "Egret")["nh_aapi_alone"] == 2
        assert any("read without a status" in note for note in counts.notes)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "scroll"}, "kind 'scroll'; expected one of list, table, districts"),
        ({"colour": 1}, "says colour, which no layout has"),
        ({"columns": {}}, "lacks the columns of race"),
        ({"columns": {"race": 3}}, "a heading is a text"),
        ({"columns": {"race": "r", "shoe": "s"}}, "has columns for shoe"),
        ({"columns": []}, "columns is no table"),
        ({"race": {}}, "has no codes of race"),
        ({"race": {"A": "martian"}}, "'A' = 'martian'"),
        ({"race": {"A": "aapi", "P": "nhpi"}}, "codes for aapi and for asian or nhpi"),
        ({"columns": {"race": "r", "origin": "o"}}, "a column of origin and no codes of origin"),
        ({"separator": "dash"}, "has separator 'dash'"),
        ({"places": {"street": "res_street"}}, "counts by res_street, which leads to people"),
        ({"places": {"town": 5}}, "a place is a heading"),
        ({"history": {"number": "n"}}, "history: election and dates is missing"),
        ({"kind": "districts", "columns": {"area": "d"}}, "has no elections"),
    ],
)
def test_layouts_that_cannot_be_read_with(change, words):
    given = {"kind": "list", "columns": {"race": "r"}, "places": {"town": "town"}, "race": {"A": "asian"}}
    with pytest.raises(SchemaError, match=words):
        layout_of(given | change)


def test_layouts_that_are_not_there(tmp_path):
    with pytest.raises(InputError, match=r"there is no layout 'tx_voters'; there are nc_voters"):
        layout_of("tx_voters")
    file = tmp_path / "bad.toml"
    file.write_text("kind = ", encoding="utf-8")
    with pytest.raises(SchemaError, match=r"bad\.toml cannot be read as a layout"):
        layout_of(file)


def test_every_layout_says_where_it_comes_from():
    for name, layout in layouts().items():
        assert layout.source, name
        assert layout.certain, name
        assert pd.Timestamp(layout.read), name
        assert layout.place, name
        assert not any(leads_to_a_person(one) for parts in layout.places.values() for part in parts for one in part)
    assert {name for name, one in layouts().items() if one.kind == "list"} == {
        f"{state}_voters" for state in ("nc", "ga", "fl", "sc", "la", "al")
    }
    for state in ("ga", "fl"):
        assert not {"asian", "nhpi"} & set(layouts()[f"{state}_voters"].race.values())


def test_letters_of_states_without_a_published_description_must_be_said(voters):
    heads = ("County", "Precinct", "Race", "Status", "Last Name")
    rows = [{"County": "HERON", "Precinct": "1", "Race": race, "Status": "A"} for race in ("ASIAN", "A", "W")]
    path = voters(people=rows, separator=",", heads=heads)
    with pytest.raises(SchemaError, match=r"2 unknown codes in 2 rows: 'A' \(1\), 'W' \(1\)"):
        read_registration(path, "sc_voters", by="precinct")
    counts = read_registration(path, "sc_voters", by="precinct", codes={"A": "asian", "W": "white"})
    assert counted(counts, "HERON 1") == {"total": 3, "nh_asian_alone": 2, "other_groups": 1, "not_said": 0}
    assert any("no answer for Native Hawaiians" in note for note in counts.notes)


def test_nobody_leaves_the_list(voters, history):
    counts = read_registration(voters(), "nc_voters", by="precinct", history=history, election="2024-11-05")
    kept = [repr(counts), pickle.dumps(counts).decode("latin-1"), counts.frame.to_csv(), *counts.notes]
    kept += [source.citation() for source in counts.sources]
    for text in kept:
        for canary in CANARIES:
            assert canary not in text


@pytest.mark.parametrize(
    ("text", "how"),
    [
        (text_of(header=False), {}),
        (text_of(header=False, separator=","), {}),
        (text_of().replace("\t", " "), {}),
        (text_of()[:-30], {}),
        (text_of([person(1, "QUAGSIRE"), person(2, "Psyduck")]), {}),
        (text_of([person(n, f"QUAGSIRE {n}") for n in range(60)]), {}),
        (text_of([person(1, "A", status="QUAGSIRE")]), {}),
        (text_of([person(1, "A", precinct="QUAGSIRE")]), {"by": "precinct", "place_of": pd.Series({"1": "1"})}),
        (text_of([person(1, "A", last_name='"QUAGSIRE')] * 2, ",", quoted=False), {}),
        (text_of([person(1, "A", last_name='"QUAGSIRE\nPsyduck')] * 9, ","), {}),
        (text_of([person(1, "A") | {"race_code": 'A"QUAGSIRE'}] * 9, ","), {}),
        (text_of([person(1, "A", last_name="QUAGSIRE" * 1_200_000)] * 2), {}),
        (text_of(), {"layout": "ga_voters"}),
        (text_of(), {"layout": "fl_voters"}),
        (text_of(), {"layout": "nc_county_turnout"}),
        (text_of(), {"voted": "last_name"}),
        (
            text_of(),
            {"layout": {"kind": "list", "columns": {"race": "last_name"}, "race": {"A": "asian"}}, "by": "ward"},
        ),
        (
            text_of(),
            {
                "layout": {
                    "kind": "table",
                    "columns": {"race": "race_code", "registered": "last_name"},
                    "race": {"A": "asian"},
                },
                "by": "county_desc",
            },
        ),
    ],
)
def test_no_error_repeats_a_row(voters, text, how):
    how = {"by": "county", "layout": "nc_voters"} | how
    with pytest.raises((InputError, Corrupt, CoverageError)) as told:
        read_registration(voters(text), how.pop("layout"), **how)
    error = told.value
    seen = []
    while error is not None:
        seen.append(error)
        error = error.__cause__ or error.__context__
    whole = "".join("".join(traceback.format_exception_only(one)) for one in seen)
    assert len(str(told.value)) < 600
    for canary in CANARIES:
        assert canary not in whole
    for canary in CANARIES:
        assert canary not in pickle.dumps([one.args for one in seen]).decode("latin-1")


DISTRICTS = {
    "kind": "districts",
    "place": "Heron City",
    "columns": {"area": "District"},
    "elections": {
        "2024-11-05": {"total": ["Reg", "Vote"], "asian_surname": ["Reg Asn", ""], "own": ["Own", "Own voted"]}
    },
    "groups": {"own": "people of a list of one's own"},
}
CITY = pd.DataFrame(
    {
        "District": [10, 9],
        "Reg": [100.0, 50.4],
        "Vote": [40, 20],
        "Reg Asn": [12.5, 3],
        "[% Reg Asn]": [0.1, 0.06],
        "Own": [1, 2],
        "Own voted": [0, 2],
    }
)


@pytest.fixture
def city(tmp_path):
    def write(table=CITY, name="city.csv"):
        table.to_csv(tmp_path / name, index=False)
        return tmp_path / name

    return write


def test_a_table_of_districts(city, tmp_path):
    import geopandas
    from shapely.geometry import box

    shapes = geopandas.GeoDataFrame(CITY, geometry=[box(n, 0, n + 1, 1) for n in range(2)], crs="EPSG:4326")
    shapes.to_file(tmp_path / "city.gpkg")
    shapes.to_file(tmp_path / "city.geojson")
    for path in (city(), tmp_path / "city.gpkg", tmp_path / "city.geojson"):
        counts = read_registration(path, DISTRICTS, by="district", as_of="2024-10-01")
        assert counts.areas == ["9", "10"]
        assert counts.of("asian_surname")["registered"].to_dict() == {"9": 3, "10": 13}
        assert counts.of("asian_surname")["voted"].isna().all()
        assert counts.of("total")["registered"].to_dict() == {"9": 50, "10": 100}
        assert counts.groups["own"] == "people of a list of one's own"
        assert (counts.election, counts.as_of, counts.how) == ("2024-11-05", "2024-10-01", "surname")
        notes = " ".join(counts.notes)
        assert "2 of 10 counts were no whole numbers" in notes
        assert "(layout) was made without a file of this kind" in notes


@pytest.mark.parametrize(
    ("table", "error", "words"),
    [
        (
            CITY.drop(columns="Vote"),
            SchemaError,
            "has no Vote; it has District, Reg, Reg Asn.* Is it the file of Heron City",
        ),
        (CITY.assign(REG=1), SchemaError, "has the heading Reg more than once"),
        (CITY.assign(District=9), SchemaError, "districts must have one row each; found more of 9"),
        (CITY.assign(District=[9, None]), SchemaError, "found more of an empty name"),
        (CITY.assign(Vote=[4, -1]), SchemaError, "1 rows of Vote are no number of people"),
        (CITY.assign(Vote=[4, "many"]), SchemaError, "1 rows of Vote are no number of people"),
        (CITY.assign(**{"Reg Asn": [200, 3]}), SchemaError, "registered of asian_surname in 10 is more than everybody"),
    ],
)
def test_tables_of_districts_that_cannot_be(city, table, error, words):
    with pytest.raises(error, match=words):
        read_registration(city(table), DISTRICTS, by="district")


def test_files_of_districts_that_cannot_be_read(tmp_path):
    with pytest.raises(InputError, match=r"there is no file 'city\.csv'"):
        read_registration(tmp_path / "city.csv", DISTRICTS, by="district")
    for name, text in (("city.geojson", '{"features": 1}'), ("city.csv", ""), ("city.gpkg", "none")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(Corrupt, match=rf"{name} cannot be read"):
            read_registration(tmp_path / name, DISTRICTS, by="district")
    with pytest.raises(InputError, match="is of counts, not of people: leave out codes="):
        read_registration(tmp_path / "city.csv", DISTRICTS, by="district", codes={"A": "asian"})


def test_an_archive_with_a_password_is_refused(tmp_path):
    path = tmp_path / "locked.zip"
    with zipfile.ZipFile(path, "w") as pack:
        pack.writestr("ncvoter.txt", text_of())
    data = bytearray(path.read_bytes())
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + at] |= 1
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"locked\.zip is locked with a password"):
        read_registration(path, "nc_voters", by="county")


def test_many_broken_rows_stop_the_reading(voters):
    path = voters(text_of(PEOPLE[:1]) + "a\tb\n" * 1_500)
    with pytest.raises(SchemaError, match=r"1,500 rows do not have 13 fields \(first 2\): .* and 1,495 more"):
        read_registration(path, "nc_voters", by="county", broken="report")


def test_nobody_counts(voters):
    with pytest.raises(SchemaError, match="nobody on the list has a status that counts as 'active'"):
        read_registration(voters(people=[person(1, "A", status="R")]), "nc_voters", by="county")
    with pytest.raises(CoverageError, match="nobody of the list is in any county"):
        read_registration(voters(people=[person(1, "A", county="")]), "nc_voters", by="county", outside="report")


def test_codes_never_change_what_the_layout_knows(voters):
    with pytest.raises(InputError, match="another meaning to codes that layout nc_voters knows: 'A' = 'asian'"):
        read_registration(voters(), "nc_voters", by="county", codes={"A": "white"})
    with pytest.raises(SchemaError, match="has codes for aapi and for asian or nhpi"):
        read_registration(voters(), "nc_voters", by="county", codes={"Z": "aapi"})
    with pytest.raises(InputError, match="codes= is a mapping"):
        read_registration(voters(), "nc_voters", by="county", codes=["Z"])
    assert read_registration(voters(), "nc_voters", by="county", codes={"a": "asian"}).areas == ["HERON", "PLOVER"]


def test_place_of_in_other_forms(voters):
    path = voters(people=[person(n, "A", precinct=str(n % 2 + 1)) for n in range(6)])
    for to in ({1: 7.0, 2: 8.0, 3: float("nan")}, {1.0: 7, 2.0: 8}, {" 1": "7", "2 ": " 8"}):
        counts = read_registration(path, "nc_voters", by="precinct_abbrv", place_of=pd.Series(to))
        assert counts.areas == ["7", "8"]
    with pytest.raises(CoverageError, match="3 registered people are in 1 areas"):
        read_registration(path, "nc_voters", by="precinct_abbrv", place_of=pd.Series({"1": "7", "2": " "}))
    twice = pd.Series(["7", "8"], index=pd.Index([1, "1"], dtype="object"))
    with pytest.raises(InputError, match="from each precinct_abbrv, once, to its district"):
        read_registration(path, "nc_voters", by="precinct_abbrv", place_of=twice)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"by": 3}, "by=3: say what to count by"),
        ({"by": None}, "by=None"),
        ({"by": " "}, "say what to count by"),
        ({"by": ["county", "precinct"]}, "say what to count by"),
        ({"layout": None}, "layout= is a name such as 'nc_voters'"),
        ({"layout": ["nc_voters"]}, "layout= is a name such as 'nc_voters'"),
        ({"path": None}, "a voter list or a table of turnout is a file: pass its path as text, not NoneType"),
        ({"history": 4, "election": "2024-11-05"}, "history= is a file"),
        ({"election": 20241105}, "election=20241105: give the date as text"),
        ({"voted": 4}, "voted=4: give the heading"),
        ({"by": "county_voter_id"}, "leads to people"),
        ({"by": "ward last name"}, "leads to people"),
    ],
)
def test_arguments_of_another_kind(voters, how, words):
    given = {"path": voters(), "layout": "nc_voters", "by": "county"} | how
    with pytest.raises(InputError, match=words):
        read_registration(given.pop("path"), given.pop("layout"), **given)


def test_places_may_be_written_with_capitals(voters):
    counts = read_registration(voters(), "nc_voters", by="County")
    assert (counts.by, counts.areas) == ("county", ["HERON", "PLOVER"])


def test_a_row_of_headings_among_the_people(voters):
    with pytest.raises(SchemaError, match="its row of headings again in 1 rows: files were joined"):
        read_registration(voters(text_of() + text_of()), "nc_voters", by="county")


def test_a_history_of_other_numbers_is_no_election_without_voters(voters, tmp_path):
    history = tmp_path / "ncvhis.txt"
    history.write_text("ncid\telection_lbl\n77771\t11/05/2024\n", encoding="utf-8")
    with pytest.raises(SchemaError, match=r"ncvhis\.txt has 1 people who voted, and none of them is on the list"):
        read_registration(voters(), "nc_voters", by="county", history=history, election="2024-11-05")


def test_what_is_no_election_of_a_history_is_not_repeated(voters, tmp_path):
    names = layouts()["fl_voters"].names
    path = voters(
        people=[{"county_code": "DAD", "race": "2", "status": "ACT"}], heads=names, header=False, quoted=False
    )
    history = tmp_path / "DAD_H.txt"
    history.write_text("DAD\t11/05/2024\t000777000\tGEN\tA\n", encoding="utf-8")
    with pytest.raises(InputError, match="its elections: none"):
        read_registration(path, "fl_voters", by="county", history=history, election="2024-11-05")
    own = {
        "kind": "list",
        "columns": {"race": "race_code", "number": "ncid"},
        "race": {"A": "asian"},
        "history": {"number": "ncid", "election": "last_name", "dates": "%Y"},
    }
    with pytest.raises(SchemaError, match="counts by last_name, which leads to people"):
        layout_of(own)


def test_few_people_in_many_areas_are_people(voters):
    path = voters(people=[person(n, "A", precinct=f"{n}") for n in range(60)])
    with pytest.raises(InputError, match="has 60 different values for 60 people"):
        read_registration(path, "nc_voters", by="precinct_abbrv")


@pytest.mark.parametrize(
    ("area", "words"),
    [
        ("TOTAL", r"areas \(District\) are called TOTAL: rows of totals"),
        ("1.00E+05", r"areas \(District\) have ids such as 1.00E\+05"),
    ],
)
def test_districts_that_are_none(city, area, words):
    with pytest.raises(SchemaError, match=words):
        read_registration(city(CITY.assign(District=["1", area])), DISTRICTS, by="district")


def test_districts_never_read_from_the_wrong_column(city, tmp_path):
    lines = city().read_text(encoding="utf-8").splitlines()
    path = tmp_path / "more.csv"
    path.write_text("\n".join([lines[0], *(f"{line},9" for line in lines[1:])]), encoding="utf-8")
    with pytest.raises(SchemaError, match="2 rows do not have the 7 columns of the header"):
        read_registration(path, DISTRICTS, by="district")
    path.write_text("\n".join(lines).replace("Own voted", "Reg"), encoding="utf-8")
    with pytest.raises(SchemaError, match=r"two columns of one name \(Reg\)"):
        read_registration(path, DISTRICTS, by="district")
    for encoding in ("utf-16", "latin-1"):
        path.write_text("\n".join(lines).replace("10,", "Año,", 1).replace(",", ";"), encoding=encoding)
        assert read_registration(path, DISTRICTS, by="district").areas == ["9", "Año"]
    with pytest.raises(SchemaError, match="1 rows of Vote are no number of people"):
        read_registration(city(CITY.assign(Vote=[1e30, 1])), DISTRICTS, by="district")


def test_more_voters_than_registered_people_are_told_of(city):
    counts = read_registration(city(CITY.assign(Vote=[140, 20])), DISTRICTS, by="district")
    assert any(note.startswith("In 1 counts of an area and group more people voted") for note in counts.notes)


def test_notes_tell_no_count_where_counts_are_hidden(voters, history):
    path = voters(people=[person(n, race) for n, race in enumerate("AAAAAAAPPU" + "W" * 30 + "O" * 15)])
    counts = read_registration(path, "nc_voters", by="county", history=history, election="2024-11-05")
    assert any("exact" in note for note in counts.notes)
    assert any("Of 9 people who chose Asian or Pacific Islander" in note for note in counts.notes)
    for made in (dataclasses.replace(counts, smallest=11), suppress_small(counts)):
        told = " ".join(made.notes)
        assert "exact" not in told
        assert "Asian or Pacific Islander and did not say an origin is counted as not Hispanic" in told
        assert "People whose race the list does not say are in no group" in told
        assert "Who voted was joined by voter number" in told
        shown = re.findall(r"\d+", told.replace("0 inactive ones and 0", "").replace("1 votes", ""))
        assert set(shown) <= {"11", str(int(made.frame["hidden"].sum()))}


def test_a_hidden_count_stands_in_no_note_of_what_is_made_of_it(voters):
    people = [person(n, "A") for n in range(7)] + [person(9_000 + n, "W") for n in range(900)]
    counts = read_registration(voters(people=people), "nc_voters", by="county")
    assert any("Of 7 people who chose Asian or Pacific Islander" in note for note in counts.notes)
    found = participation(counts, group="nh_asian_alone")
    assert found.frame.xs("nh_asian_alone", level="group")["registered"].isna().all()
    assert "7 people" not in found.summary()


def test_voter_numbers_that_a_spreadsheet_changed(voters, tmp_path):
    path = voters(people=[person(n, race) | {"ncid": "1.23E+08"} for n, race in enumerate("AAW")])
    history = tmp_path / "ncvhis.txt"
    for number in ("1.23E+08", "123000001"):
        history.write_text(f"ncid\telection_lbl\n{number}\t11/05/2024\n", encoding="utf-8")
        with pytest.raises(SchemaError, match="voter numbers are written as 1.23E\\+08 is: a spreadsheet changed them"):
            read_registration(path, "nc_voters", by="county", history=history, election="2024-11-05")
    assert read_registration(path, "nc_voters", by="county").of("total")["registered"].sum() == 3
