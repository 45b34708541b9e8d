"""The voting supplement of the Current Population Survey: both kinds of file, and each thing that can be wrong."""

from __future__ import annotations

import gzip
import json

import pytest

from kit.errors import Corrupt, InputError, SchemaError
from kit.sources.cps import read_cps

HEAD = "HRYEAR4,GESTFIPS,PRTAGE,PTDTRACE,PEHSPNON,PRCITSHP,PWSSWGT,PES1,PES2"
# Invented people: an Asian voter, a Pacific Islander who was registered, a White and Asian person who would not say,
# a child, a person who is no citizen, and a citizen who was not asked.
ROWS = [
    "2018,6,44,4,2,1,25000000,1,-1",
    "2018,6,30,5,2,4,15000000,2,1",
    "2018,36,80,8,1,1,20000000,-9,-9",
    "2018,36,9,4,2,1,18000000,-1,-1",
    "2018,36,50,4,2,5,12000000,-1,-1",
    "2018,36,50,1,2,1,10000000,-1,-1",
]
CPSVOTE = "YEAR,STATE,AGE,RACE,HISPANIC,WEIGHT,VRS_VOTE,VRS_REG,turnout_weight"
API = '"ASIAN, PACIFIC ISLANDER, OR NATIVE HAWAIIAN"'


def write(tmp_path, *rows, head=HEAD, name="nov18pub.csv"):
    path = tmp_path / name
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def test_the_public_use_file(tmp_path):
    table = read_cps(write(tmp_path, *ROWS))
    assert table.form == "census"
    assert len(table) == 3
    frame = table.frame
    assert frame["year"].tolist() == [2018, 2018, 2018]
    assert frame["state"].tolist() == ["CA", "CA", "NY"]
    assert frame["race"].tolist() == ["asian", "nhpi", "asian_other"]
    assert frame["hispanic"].tolist() == [False, False, True]
    assert frame["voted"].tolist() == ["yes", "no", "unknown"]
    assert frame["registered"].tolist() == ["not_asked", "yes", "unknown"]
    assert frame["weight"].tolist() == [2500.0, 1500.0, 2000.0]
    assert table.years.loc[2018].tolist() == [6, 10_000, 3, 6000]
    assert table.replicates == ()
    assert len(table.rates) == 0
    (source,) = table.sources
    assert (source.where, source.year, source.tables, source.uncertainty) == (
        "nov18pub.csv",
        2018,
        "PES1, PES2",
        "sampling MOE",
    )
    assert len(source.sha256) == 64
    assert "Others of them were not asked (1) and" in table.notes[1]


def test_weights_with_a_point_and_small_whole_ones_stay(tmp_path):
    pointed = [row.replace("000000,", "00.5,") for row in ROWS]
    assert read_cps(write(tmp_path, *pointed)).frame["weight"].tolist() == [2500.5, 1500.5, 2000.5]
    small = [row.replace("0000,", ",") for row in ROWS]
    assert read_cps(write(tmp_path, *small)).frame["weight"].tolist() == [2500, 1500, 2000]


def test_the_reply_of_the_api(tmp_path):
    path = tmp_path / "reply.json"
    path.write_text(json.dumps([HEAD.split(","), *(row.split(",") for row in ROWS)]), encoding="utf-8")
    assert read_cps(path).frame.equals(read_cps(write(tmp_path, *ROWS)).frame)


def test_columns_in_small_letters_and_leading_zeros(tmp_path):
    table = read_cps(write(tmp_path, "2018,06,44,04,2,1,2500.5,1,-1", head=HEAD.lower()))
    assert table.frame[["state", "race"]].iloc[0].tolist() == ["CA", "asian"]


@pytest.mark.parametrize(
    ("year", "code", "race"),
    [
        (2010, 14, "asian_nhpi"),
        (2012, 14, "nhpi_other"),
        (2012, 15, "asian_nhpi"),
        (2008, 15, "other"),
        (2008, 18, "asian_nhpi_other"),
        (2016, 18, "nhpi_other"),
        (2010, 20, "unclear"),
        (2022, 20, "nhpi_other"),
        (2022, 26, "unclear"),
        (2004, 11, "asian_other"),
    ],
)
def test_codes_of_race_mean_other_things_in_other_years(tmp_path, year, code, race):
    table = read_cps(write(tmp_path, f"{year},6,44,{code},2,1,2500.5,1,-1"))
    assert table.frame["race"].tolist() == [race]


def test_every_code_of_race_stands_once(tmp_path):
    for year, last in ((2010, 21), (2022, 26)):
        rows = [f"{year},6,44,{code},2,1,2500.5,1,-1" for code in range(1, last + 1)]
        assert len(read_cps(write(tmp_path, *rows))) == last
        with pytest.raises(SchemaError, match=f"codes for race that are not known: {last + 1}"):
            read_cps(write(tmp_path, f"{year},6,44,{last + 1},2,1,2500.5,1,-1"))


def test_the_form_of_the_r_package(tmp_path):
    rows = [
        f"1994,CA,44,{API},NON-HISPANIC,2500.5,YES,NO RESPONSE (N/A),2000.25",
        "2018,NY,80,WHITE,HISPANIC,1500,DON'T KNOW,YES,1500",
        "2018,NY,12,BLACK,NON-HISPANIC,900,,,900",
        "2018,NY,50,TWO OR MORE RACES,NON-HISPANIC,700,NO,REFUSED,800",
        "2018,NY,,,,0,,,0",
    ]
    path = tmp_path / "sample.csv.gz"
    path.write_bytes(gzip.compress("\n".join([CPSVOTE, *rows]).encode()))
    table = read_cps(path)
    assert table.form == "cpsvote"
    assert table.frame["race"].tolist() == ["asian_or_nhpi", "other", "unclear"]
    assert table.frame["voted"].tolist() == ["yes", "unknown", "no"]
    assert table.frame["registered"].tolist() == ["unknown", "yes", "unknown"]
    assert table.frame["turnout_weight"].tolist() == [2000.25, 1500, 800]
    assert "no column of citizenship" in table.notes[-1]
    assert table.sources[0].year == 2018


def test_people_who_should_not_have_been_asked_are_left_out_and_counted(tmp_path):
    rows = [*ROWS, "2018,6,17,4,2,1,25000000,1,-1", "2018,6,44,4,2,5,25000000,1,-1", "2018,6,44,4,2,1,0,1,-1"]
    table = read_cps(write(tmp_path, *rows))
    assert len(table) == 3
    assert table.notes[1].startswith("People who were asked and are no citizens of 18 or more by the file: 2;")
    assert table.notes[2].startswith("People who were asked and have a weight of 0, so stand for nobody: 1;")


def test_replicate_weights(tmp_path):
    names = [f"repwgt{n}" for n in (2, 1, *range(3, 161))]
    rows = [f"{row},{','.join(str(n) for n in (2, 1, *range(3, 161)))}" for row in ROWS]
    table = read_cps(write(tmp_path, *rows, head=",".join([HEAD, *names])))
    assert len(table.replicates) == 160
    assert table.frame["replicate_1"].tolist() == [1, 1, 1]
    assert table.frame["replicate_160"].tolist() == [160, 160, 160]


def test_a_missing_replicate_weight_is_an_error_and_not_a_margin_of_nothing(tmp_path):
    names = [f"repwgt{n}" for n in range(1, 161)]
    numbers = [str(n) for n in range(1, 161)]
    rows = [f"{row},{','.join(numbers)}" for row in ROWS]
    rows[0] = rows[0].replace(",7,8,9,10,", ",7,,9,10,")
    with pytest.raises(SchemaError, match=r"1 of 3 people of nov18pub.csv who were asked lack replicate weights"):
        read_cps(write(tmp_path, *rows, head=",".join([HEAD, *names])))


def test_official_turnout(tmp_path):
    with_factors = write(
        tmp_path,
        "2018,CA,YES,0.5,0.8",
        "2018,CA,NO,0.5,1.25",
        head="YEAR,STATE,response,vep_turnout,reweight",
        name="factors.csv",
    )
    table = read_cps(write(tmp_path, *ROWS), rates=with_factors)
    assert table.rates.loc[(2018, "CA")].to_dict() == {"official": 0.5, "yes": 0.8, "no": 1.25}
    assert table.sources[1].where == "factors.csv"
    plain = write(tmp_path, "2018,6,0.5", "2018,NY,0.4", head="YEAR,STATE,vep_turnout", name="official.csv")
    assert read_cps(write(tmp_path, *ROWS), rates=plain).rates["official"].to_dict() == {
        (2018, "CA"): 0.5,
        (2018, "NY"): 0.4,
    }


@pytest.mark.parametrize(
    ("rows", "head", "message"),
    [
        (["2018,6,50"], "YEAR,STATE,vep_turnout", "1 turnouts that are no share between 0 and 1"),
        (["2018,6,.5", "2018,CA,.4"], "YEAR,STATE,vep_turnout", "several rows for CA 2018"),
        (["2018,6,.5"], "YEAR,STATE,turnout", "lacks vep_turnout; expected YEAR, STATE and vep_turnout"),
        (["2018,ZZ,.5"], "YEAR,STATE,vep_turnout", "States that are not known: ZZ"),
        (["2018,CA,MAYBE,.5"], "YEAR,STATE,response,vep_turnout", "codes for the response that are not known: MAYBE"),
        (["2018,CA,YES,.5,1"], "YEAR,STATE,response,vep_turnout,reweight", "factors of weights that are missing"),
    ],
)
def test_bad_official_turnout(tmp_path, rows, head, message):
    with pytest.raises(SchemaError, match=message):
        read_cps(write(tmp_path, *ROWS), rates=write(tmp_path, *rows, head=head, name="rates.csv"))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("2018,6,44,99,2,1,2500.5,1,-1", "codes for race that are not known: 99. Known are"),
        ("2018,6,44,4,2,1,2500.5,7,-1", "codes for the answer on voting that are not known: 7"),
        ("2018,6,44,4,2,1,2500.5,1,8", "codes for the answer on registration that are not known: 8"),
        ("2018,6,44,4,2,9,2500.5,1,-1", "codes for citizenship that are not known: 9"),
        ("2018,6,44,4,3,1,2500.5,1,-1", "codes for Hispanic origin that are not known: 3"),
        ("2018,3,44,4,2,1,2500.5,1,-1", "States that are not known: 3. Expected FIPS codes"),
        ("2018,6,44,4,2,1,,1,-1", "1 of 1 people of nov18pub.csv who were asked have no weight"),
        ("2018,6,44,4,2,1,many,1,-1", "the weight of nov18pub.csv is no number in 1 rows, first MANY"),
        ("2018,6,old,4,2,1,2500.5,1,-1", "the age of nov18pub.csv is no number"),
        (",6,44,4,2,1,2500.5,1,-1", "1 of 1 rows without a year"),
        ("2000,6,44,4,2,1,2500.5,1,-1", "people of 2000, whose codes of race are not known here; public-use files"),
        ("2018,6,44,4,2,1,2500.5,-1,-1", "nobody in nov18pub.csv was asked whether they voted"),
    ],
)
def test_bad_rows(tmp_path, row, message):
    with pytest.raises(SchemaError, match=message):
        read_cps(write(tmp_path, row))


def test_bad_files(tmp_path):
    with pytest.raises(SchemaError, match=r"lacks PES1, PES2 of the voting supplement \(census\)"):
        read_cps(write(tmp_path, "2018,6,44,4,2,1,2500", head=HEAD.removesuffix(",PES1,PES2")))
    with pytest.raises(InputError, match="there is no file 'absent.csv'"):
        read_cps(tmp_path / "absent.csv")
    with pytest.raises(InputError, match="there is no file 'absent.json'"):
        read_cps(tmp_path / "absent.json")
    broken = tmp_path / "broken.json"
    broken.write_text('[["HRYEAR4"', encoding="utf-8")
    with pytest.raises(Corrupt, match="no complete JSON"):
        read_cps(broken)
    broken.write_text('{"error": "no"}', encoding="utf-8")
    with pytest.raises(SchemaError, match="no reply of the Census API"):
        read_cps(broken)
