"""Precinct returns: what a column says, long tables, and rows that are no candidate's votes in a precinct."""

from __future__ import annotations

import zipfile

import pandas as pd
import pytest

from kit.errors import Corrupt, InputError, SchemaError
from kit.model.source import Source
from kit.samples.fictional import read_table
from kit.sources.returns import read_returns
from kit.sources.returns_codes import decode

WIDE = pd.DataFrame(
    {
        "GEOID20": ["98001P01", "98001P02", "98001P03"],
        "NAME": ["One", "Two", "Three"],
        "G20PREDHER": [10, 20, 30],
        "G20PRERPLO": [5, 6, 7],
        "G20H01DEGR": [3, 4, 5],
        "R21USSIWRE": [1, 0, 2],
        "TOTPOP": [100, 200, 300],
    }
)
LONG = """\
county,precinct,office,district,party,candidate,votes,election_day
Heron,01,U.S. House,3,DEM,Candidate Heron,"1,120",100
Heron,01,U.S. House,3,REP,Candidate Plover,80,70
Heron,02,U.S. House,3,DEM,Candidate Heron,40,30
Heron,02,U.S. House,3,REP,Candidate Plover,60,60
Egret,01,U.S. House,3,DEM,Candidate Heron,7,7
"""


@pytest.fixture
def long(tmp_path):
    def write(text=LONG, name="returns.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_text(text, encoding=encoding)
        return path

    return write


@pytest.mark.parametrize(
    ("column", "stage", "year", "office", "party", "name", "contest"),
    [
        ("G20PREDBID", "general", 2020, "President", "Democratic", "BID", "G20PRE"),
        ("R21USSRPER", "runoff", 2021, "U.S. Senate", "Republican", "PER", "R21USS"),
        ("P22GOVDABR", "primary", 2022, "Governor", "Democratic", "ABR", "P22GOV"),
        ("S19H09RBIS", "special", 2019, "U.S. House, district 9", "Republican", "BIS", "S19H09"),
        ("G20HALRYOU", "general", 2020, "U.S. House, at large", "Republican", "YOU", "G20HAL"),
        ("C20COULABC", "general", 2020, "City Council", "L", "ABC", "C20COU"),
        ("GCON07DABC", "general", None, "U.S. House, district 7", "Democratic", "ABC", "GCON07"),
        ("GSL012RXYZ", "general", None, "State House, district 12", "Republican", "XYZ", "GSL012"),
        ("G98XYZNABC", "general", 1998, "XYZ", "N", "ABC", "G98XYZ"),
        ("pre_20_dem_bid", "general", 2020, "President", "Democratic", "bid", "pre_20"),
        ("sos_r18_rep_raf", "runoff", 2018, "Secretary of State", "Republican", "raf", "sos_r18"),
    ],
)
def test_what_a_column_says(column, stage, year, office, party, name, contest):
    found = decode(column)
    assert (found.stage, found.year, found.office, found.party) == (stage, year, office, party)
    assert (found.name, found.contest) == (name, contest)
    assert found.contest + found.candidate == column.replace("_dem", "dem").replace("_rep", "rep")


@pytest.mark.parametrize("column", ["GEOID20", "TOTPOP", "G20PREDBIDEN", "pop_asian", "arv_16", "G2OPREDBID", ""])
def test_columns_that_say_nothing(column):
    assert decode(column) is None


def test_a_column_for_each_candidate():
    found = read_returns(WIDE, sources=(Source("invented", sample=True),))
    assert found.wide("G20PRE").to_dict() == {
        "DHER": {"98001P01": 10, "98001P02": 20, "98001P03": 30},
        "RPLO": {"98001P01": 5, "98001P02": 6, "98001P03": 7},
    }
    assert found.contests.loc["G20H01"].to_dict() == {
        "name": "G20H01",
        "year": 2020,
        "stage": "general",
        "office": "U.S. House, district 1",
    }
    assert found.contests.loc["R21USS", "stage"] == "runoff"
    assert found.candidates.loc[("R21USS", "IWRE")].to_dict() == {"name": "WRE", "party": "I"}
    assert found.frame["votes"].dtype == "Int64"
    assert found.sources[0].sample
    assert found.notes == ()


def test_names_of_candidates_and_a_choice_of_contests():
    found = read_returns(WIDE, contests=["G20PRE"], columns={"G20PREDHER": "Candidate Heron"}, precinct="NAME")
    assert found.candidates.loc[("G20PRE", "DHER"), "name"] == "Candidate Heron"
    assert list(found.contests.index) == ["G20PRE"]
    assert list(found.wide("G20PRE").index) == ["One", "Three", "Two"]
    with pytest.raises(InputError, match="the table has no contest G16PRE; it has G20H01, G20PRE, R21USS"):
        read_returns(WIDE, contests=["G16PRE"])
    with pytest.raises(InputError, match="columns= names G16PREDCLI"):
        read_returns(WIDE, columns={"G16PREDCLI": "x"})


def test_the_id_of_precincts_must_name_each_once():
    with pytest.raises(SchemaError, match=r"column GEOID20 is no id of precincts: 1 rows repeat one \(98001P01\)"):
        read_returns(WIDE.assign(GEOID20=["98001P01", "98001P01", "98001P03"]))
    with pytest.raises(SchemaError, match=r"no column of the precinct's id \(pass precinct=\); it has G20PREDHER"):
        read_returns(WIDE[["G20PREDHER"]])
    with pytest.raises(SchemaError, match=r"no columns such as G20PREDBID"):
        read_returns(WIDE[["NAME"]], kind="vest")


def test_shapes_are_not_needed_and_not_read(tmp_path):
    import geopandas
    from shapely.geometry import box

    shapes = geopandas.GeoDataFrame(WIDE, geometry=[box(n, 0, n + 1, 1) for n in range(3)], crs="EPSG:4326")
    shapes.to_file(tmp_path / "returns.gpkg")
    shapes.to_file(tmp_path / "returns.shp")
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w") as pack:
        for part in tmp_path.glob("returns.*"):
            if part.suffix != ".gpkg":
                pack.write(part, part.name)
    WIDE.to_csv(tmp_path / "returns.csv", index=False)
    expected = read_returns(WIDE).frame
    for path in (tmp_path / "returns.gpkg", tmp_path / "returns.shp", packed, tmp_path / "returns.csv"):
        found = read_returns(path)
        pd.testing.assert_frame_equal(found.frame, expected)
        assert found.sources[0].where == path.name
        assert len(found.sources[0].sha256) == 64
    pd.testing.assert_frame_equal(read_returns(shapes).frame, expected)


def test_the_sample_is_a_long_table():
    votes = read_table("votes")
    found = read_returns(votes)
    pd.testing.assert_series_equal(
        found.frame["votes"].sort_index(), votes.set_index(["precinct", "contest", "candidate"])["votes"].sort_index()
    )
    assert found.contests.loc["council_2022_primary"].to_dict() == {
        "name": "council_2022_primary",
        "year": 2022,
        "stage": "primary",
        "office": "council_2022_primary",
    }
    assert found.candidates["party"].eq("").all()


def test_a_long_table_with_counties_and_districts(long):
    found = read_returns(long(), year=2024, stage="general")
    assert found.wide("U.S. House 3").loc["Heron 01"].to_dict() == {"Candidate Heron": 1120, "Candidate Plover": 80}
    assert found.contests.loc["U.S. House 3", ["year", "stage"]].tolist() == [2024, "general"]
    assert found.candidates.loc[("U.S. House 3", "Candidate Plover"), "party"] == "REP"
    assert pd.isna(found.wide("U.S. House 3").loc["Egret 01", "Candidate Plover"])


def test_columns_of_other_names(long):
    text = LONG.replace("votes", "Count").replace("office", "What").replace(",", "\t").replace('"1\t120"', "1120")
    names = {"votes": "Count", "contest": "What"}
    assert read_returns(long(text), columns=names).frame["votes"].sum() == 1307
    with pytest.raises(SchemaError, match="no column of contest"):
        read_returns(long(text))
    with pytest.raises(InputError, match="columns= has shoe; the kit knows precinct"):
        read_returns(long(), columns={"shoe": "x"})
    with pytest.raises(SchemaError, match="no column of votes"):
        read_returns(long(), columns={"votes": "Counted"})


@pytest.mark.parametrize("stage_", ["primary", "general", "runoff", "special"])
def test_stage_and_year_come_from_columns_or_names(stage_):
    table = pd.DataFrame(
        {
            "precinct": ["1"],
            "contest": ["Council"],
            "candidate": ["Heron"],
            "votes": [1],
            "stage": [stage_],
            "year": [2023],
        }
    )
    found = read_returns(table).contests.loc["Council"]
    assert (found["stage"], found["year"]) == (stage_, 2023)


def test_rows_that_stand_twice(long):
    with pytest.raises(SchemaError) as told:
        read_returns(long(LONG + "Heron,02,U.S. House,3,REP,Candidate Plover,60,60\n"))
    assert "returns.csv has 1 rows again for the same precinct, contest and candidate" in str(told.value)
    assert "Heron 02 / U.S. House 3 / Candidate Plover" in str(told.value)


@pytest.mark.parametrize("bad", ["-1", "many", "nan5"])
def test_votes_that_cannot_be(long, bad):
    with pytest.raises(
        SchemaError, match=r"1 rows have votes that are no number or negative: Egret 01 / Candidate Heron"
    ):
        read_returns(long(LONG.replace("Heron,7,7", f"Heron,{bad},7")))


def test_votes_in_parts_are_an_error_or_rounded(long):
    path = long(LONG.replace("Heron,7,7", "Heron,6.6,7"))
    with pytest.raises(SchemaError, match=r"1 votes are no whole numbers: Egret 01 / Candidate Heron"):
        read_returns(path)
    found = read_returns(path, fractions="round")
    assert found.wide("U.S. House 3").loc["Egret 01", "Candidate Heron"] == 7
    assert "1 of 5 numbers of votes were no whole numbers" in found.notes[0]


def test_missing_votes_stay_missing(long):
    found = read_returns(long(LONG.replace("Heron,7,7", "Heron,,7")))
    assert pd.isna(found.frame.loc[("Egret 01", "U.S. House 3", "Candidate Heron"), "votes"])
    assert "1 numbers of votes are missing in the file." in found.notes


@pytest.mark.parametrize(
    "place",
    ["ABSENTEE", "Absentee by Mail 2", "MAIL", "Mail-In", "PROVISIONAL", "ONE STOP 14", "Curbside", "Early Voting"],
)
def test_votes_outside_precincts_are_told_of(long, place):
    path = long(LONG + f"Heron,{place},U.S. House,3,DEM,Candidate Heron,93,0\n")
    found = read_returns(path)
    assert not any(place in one for one in found.frame.index.get_level_values("precinct"))
    assert f"93 of 1,400 votes (6.6%) were counted outside precincts, such as by mail: Heron {place}." in found.notes[0]
    kept = read_returns(path, apart="keep")
    assert f"Heron {place}" in kept.frame.index.get_level_values("precinct")
    assert "They are kept as if those were places." in kept.notes[0]


@pytest.mark.parametrize(
    "place", ["Early Branch", "Advance 2", "Providence", "Military Park", "Mail Road School", "Total Creek"]
)
def test_places_that_only_sound_so_stay(long, place):
    found = read_returns(long(LONG.replace("Egret,01", f"Early,{place}")))
    assert f"Early {place}" in found.frame.index.get_level_values("precinct")
    assert found.notes == ()


@pytest.mark.parametrize(
    "place", ["TOTAL", "Totals:", "County Total", "Grand Totals", "HERON COUNTY TOTAL", "Subtotal"]
)
def test_rows_of_totals_are_refused(long, place):
    with pytest.raises(SchemaError, match=rf"1 rows of totals \(precinct {place}\): votes would be counted twice"):
        read_returns(long(LONG + f"Heron,{place},U.S. House,3,DEM,Candidate Heron,1160,0\n"))


def test_totals_of_candidates_are_refused_and_write_ins_are_not(long):
    with pytest.raises(SchemaError, match=r"rows of totals \(candidate Total Votes Cast\)"):
        read_returns(long(LONG + "Heron,01,U.S. House,3,,Total Votes Cast,1200,0\n"))
    found = read_returns(long(LONG + "Heron,01,U.S. House,3,,Write-In Totals,5,0\n"))
    assert "Write-In Totals" in found.frame.index.get_level_values("candidate")


def test_a_total_that_is_not_called_one():
    rows = [
        (f"P{n}", f"Candidate {name}", n * size + 3)
        for n in range(1, 6)
        for name, size in (("Heron", 7), ("Plover", 5))
    ]
    table = pd.DataFrame(rows, columns=["precinct", "candidate", "votes"]).assign(contest="Council 2024")
    assert len(read_returns(table).frame) == 10
    whole = table.groupby("candidate", as_index=False)["votes"].sum().assign(precinct="0000", contest="Council 2024")
    with pytest.raises(SchemaError, match="precinct 0000 has exactly the votes of all others together"):
        read_returns(pd.concat([table, whole]))


def test_registered_voters_ballots_and_over_votes_are_left_out(long):
    more = (
        "Heron,01,Registered Voters,,,,2000,0\nHerON,02,Ballots Cast,,,,900,0\nHeron,01,U.S. House,3,,Over Votes,4,0\n"
    )
    found = read_returns(long(LONG + more))
    assert list(found.contests.index) == ["U.S. House 3"]
    assert "2 rows count registered voters or ballots" in found.notes[0]
    assert "1 rows count over votes, blanks and the like" in found.notes[1]


@pytest.mark.parametrize(("key", "old"), [("precinct", "Egret,01"), ("candidate", "Candidate Heron,7")])
def test_empty_ids_are_an_error(long, key, old):
    text = LONG.replace(old, old.replace("01", "").replace("Candidate Heron", ""))
    with pytest.raises(SchemaError, match=rf"returns\.csv: 1 rows have no {key}"):
        read_returns(long(text))


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"kind": "wide"}, "kind='wide': expected one of 'auto', 'vest', 'long'"),
        ({"stage": "final"}, "stage='final'"),
        ({"apart": "drop"}, "apart='drop'"),
        ({"fractions": "floor"}, "fractions='floor'"),
        ({"contests": "G20PRE"}, "pass a list of ids, such as"),
        ({"contests": ["G22PRE"]}, "has no contest G22PRE; it has G20H01, G20PRE"),
        ({"year": "2022-11-08"}, "year='2022-11-08': give the year of the election, such as 2024"),
        ({"columns": ["votes"]}, "columns= is a mapping"),
        ({"columns": {"votes": None}}, "columns= is a mapping"),
        ({"precinct": 3}, "precinct=3: give the heading"),
    ],
)
def test_choices_that_do_not_exist(how, words):
    with pytest.raises(InputError, match=words):
        read_returns(WIDE, **how)


def test_files_that_cannot_be_read(tmp_path, long):
    with pytest.raises(InputError, match=r"there is no file 'none\.csv'"):
        read_returns(tmp_path / "none.csv")
    with pytest.raises(Corrupt, match="is a web page"):
        read_returns(long("<html>"))
    with pytest.raises(Corrupt, match="is empty"):
        read_returns(long(""))
    with pytest.raises(Corrupt, match=r"broken\.shp cannot be read"):
        read_returns(long("no shapes", "broken.shp"))
    with pytest.raises(SchemaError, match="has no rows under a header"):
        read_returns(long(LONG.splitlines()[0] + "\n"))
    assert len(read_returns(long(LONG.replace("Egret", "Doña"), encoding="latin-1")).frame) == 5


def test_tables_are_not_changed():
    before = WIDE.copy()
    read_returns(WIDE)
    pd.testing.assert_frame_equal(WIDE, before)


@pytest.mark.parametrize("bad", ["10,5", "10,50", "1,2345", "inf", "1e30", "1e400"])
def test_a_comma_is_no_decimal_point_and_votes_are_never_without_end(long, bad):
    text = LONG.replace('"1,120"', "1120").replace(",", ";").replace("Heron;7;7", f"Heron;{bad};7")
    with pytest.raises(SchemaError, match=r"1 rows have votes that are no number or negative: Egret 01"):
        read_returns(long(text))


def test_commas_of_thousands(long):
    found = read_returns(long(LONG.replace("Heron,7,7", 'Heron,"1,234",7')))
    assert found.frame.loc[("Egret 01", "U.S. House 3", "Candidate Heron"), "votes"] == 1234


def test_rows_with_one_field_more_do_not_move_columns(long):
    first, *rows = LONG.splitlines()
    with pytest.raises(SchemaError, match="5 rows do not have the 8 columns of the header"):
        read_returns(long("\n".join([first, *(f"{row},7" for row in rows)]) + "\n"))
    empty = read_returns(long("\n".join([first, *(f"{row}," for row in rows)]) + "\n"))
    pd.testing.assert_frame_equal(empty.frame, read_returns(long(LONG)).frame)


def test_headings_that_stand_twice(long):
    first, rest = LONG.split("\n", 1)
    with pytest.raises(SchemaError, match=r"two columns of one name \(votes\)"):
        read_returns(long("\n".join([first.replace("election_day", "votes"), rest])))
    with pytest.raises(SchemaError, match=r"its row of headings again in row 6: files were joined"):
        read_returns(long(LONG + LONG))
    twice = pd.DataFrame([["P1", 1, 2]], columns=["precinct", "G20PREDAAA", "G20PREDAAA"])
    with pytest.raises(SchemaError, match="the table has the column G20PREDAAA more than once"):
        read_returns(twice)
    alike = WIDE.assign(**{"Unique ID": 1, "unique_ID": 2}).drop(columns="UNIQUE_ID", errors="ignore")
    with pytest.raises(SchemaError, match="has the column Unique ID, unique_ID more than once"):
        read_returns(alike)


@pytest.mark.parametrize(("key", "values"), [("year", [2022, 2024]), ("stage", ["primary", "runoff"])])
def test_two_elections_in_one_table_are_never_one_contest(key, values):
    rows = [(f"P{n}", "Mayor", name, 5 + n) for n in range(2) for name in ("Candidate Heron", "Candidate Plover")]
    table = pd.DataFrame(rows, columns=["precinct", "contest", "candidate", "votes"])
    apart = table.assign(**{key: [values[0]] * 2 + [values[1]] * 2})
    both = pd.concat([table.assign(**{key: one}) for one in values])
    for mixed in (apart, both):
        with pytest.raises(SchemaError, match=rf"contests with rows of more than one {key}: Mayor \({values[0]}, "):
            read_returns(mixed)


def test_ids_that_a_spreadsheet_changed(long):
    with pytest.raises(SchemaError, match=r"precincts have ids such as 1\.00E\+05: a spreadsheet turned ids into"):
        read_returns(long(LONG.replace("Egret,01", "Egret,1.00E+05")))


def test_text_of_other_programs(long, tmp_path):
    assert len(read_returns(long(LONG, encoding="utf-16")).frame) == 5
    latin = read_returns(long(LONG.replace("Egret", "Doña"), encoding="latin-1"))
    assert "was read as Latin-1" in latin.notes[0]
    book = tmp_path / "book.csv"
    book.write_bytes(b"PK\x03\x04" + bytes(60))
    with pytest.raises(Corrupt, match=r"book\.csv is not text: it looks like a spreadsheet"):
        read_returns(book)
    for wrong in (None, 5, ["returns.csv"]):
        with pytest.raises(InputError, match="a table of returns is a file: pass its path as text"):
            read_returns(wrong)


def test_a_contest_that_is_not_there(long):
    with pytest.raises(InputError, match=r"there is no contest 'Mayor'; there are U\.S\. House 3"):
        read_returns(long(LONG)).wide("Mayor")
