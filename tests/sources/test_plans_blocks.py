"""Block lists in every spelling, and Districtr files."""

import json

import pandas as pd
import pytest

from kit.errors import InputError, SchemaError
from kit.model.frames import Units
from kit.sources.plans import read_plan

A, B, C = "360610001001000", "360610001001001", "360610001001002"


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("baf.txt", f"BLOCKID|DISTRICT\n{A}|066\n{B}|001\n", {A: "066", B: "001"}),
        ("geo.csv", f"GEO,SLDL\n{A},001\n{B},02\n", {A: "001", B: "02"}),
        ("senate.csv", f"GEO,SLDU\n{A},001\n{B},02\n", {A: "001", B: "02"}),
        ("cd.csv", f"GEO,USCD\n{A},20\n{B},02\n", {A: "20", B: "02"}),
        ("geoid.csv", f"GEOID,DISTRICT\n{A},1\n{B},2\n", {A: "1", B: "2"}),
        ("dra.csv", f"GEOID20,District\n{A},1\n{B},2\n", {A: "1", B: "2"}),
        ("mn.csv", f"Block,DistrictID:1\n{A},8\n{B},2\n", {A: "8", B: "2"}),
        ("bare.csv", f"{A},2\r\n{B},11\r\n", {A: "2", B: "11"}),
        ("quoted.csv", f'"{A}","8"\r\n"{B}","1"\r\n', {A: "8", B: "1"}),
        ("tab.tsv", f"GEOID\tWard\n{A}\tA\n{B}\tBB\n", {A: "A", B: "BB"}),
        ("semicolon.csv", f"geoid;district\n{A};1\n{B};2\n", {A: "1", B: "2"}),
        ("other_order.csv", f"District,Census_Block\n1,{A}\n2,{B}\n", {A: "1", B: "2"}),
        ("odd_names.csv", f"unit,where\n{A},north\n{B},south\n", {A: "north", B: "south"}),
        ("api.csv", f"GEO_ID,DISTRICT\n1000000US{A},1\n1000000US{B},2\n", {A: "1", B: "2"}),
        ("excel.csv", f"GEOID,DISTRICT\n'{A},1\n'{B},2\n", {A: "1", B: "2"}),
        ("blanks.csv", f"\n GEOID , DISTRICT \n {A} , 1 \n\n{B},2\n,\n", {A: "1", B: "2"}),
        ("trailing.csv", f"GEOID,DISTRICT,\n{A},1,\n{B},2,\n", {A: "1", B: "2"}),
        ("vtd.txt", f"BLOCKID|COUNTYFP|DISTRICT\n{A}|061|0012\n{B}|081|0012\n", {A: "0610012", B: "0810012"}),
        ("mcd.txt", f"BLOCKID|COUNTYFP|COUSUBFP\n{A}|061|00012\n{B}|081|00012\n", {A: "06100012", B: "08100012"}),
    ],
)
def test_spellings(tmp_path, name, text, expected):
    plan = read_plan(write(tmp_path / name, text))
    assert plan.assignment.to_dict() == expected
    assert plan.level == "block"
    assert plan.geometry is None
    assert (plan.assignment.index.name, plan.assignment.name) == ("GEOID", "district")
    assert plan.assignment.index.dtype == "str"
    assert plan.assignment.dtype == "str"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marks_at_the_start_of_the_text(tmp_path, encoding):
    plan = read_plan(write(tmp_path / "a.csv", f"GEOID20,District\n{A},1\n{B},2\n", encoding))
    assert plan.assignment.to_dict() == {A: "1", B: "2"}


def test_latin_1_is_read_and_said(tmp_path):
    plan = read_plan(write(tmp_path / "a.csv", f"GEOID,WARD\n{A},Española\n", "latin-1"))
    assert plan.labels == ("Española",)
    assert plan.notes[0].startswith("The text is not UTF-8")


def test_labels_are_in_natural_order_and_the_rows_in_file_order(tmp_path):
    plan = read_plan(write(tmp_path / "a.csv", f"GEOID,DISTRICT\n{C},10\n{A},2\n{B},1\n"))
    assert plan.labels == ("1", "2", "10")
    assert list(plan.assignment.index) == [C, A, B]


@pytest.mark.parametrize(
    ("header", "year"),
    [("GEOID20", 2020), ("GEOID10", 2010), ("BLOCKID", None), ("block_2010", 2010), ("BLOCKID20", 2020)],
)
def test_the_year_is_in_the_header_or_unknown(tmp_path, header, year):
    path = write(tmp_path / "a.csv", f"{header},DISTRICT\n{A},1\n")
    assert read_plan(path).year == year
    assert read_plan(path, year=year or 2020).year == (year or 2020)


def test_a_year_that_contradicts_the_header(tmp_path):
    with pytest.raises(InputError, match=r"names its units by their 2020 ids, and 2010 was said"):
        read_plan(write(tmp_path / "a.csv", f"GEOID20,DISTRICT\n{A},1\n"), year=2010)


def test_codes_for_no_district_are_left_out_and_counted(tmp_path):
    rows = "".join(f"36061000100{i},{d}\n" for i, d in enumerate(["1", "2", "ZZ", "zzz", "", "null"], 1000))
    plan = read_plan(write(tmp_path / "a.csv", "BLOCKID,DISTRICT\n" + rows))
    assert plan.assignment.to_dict() == {A: "1", B: "2"}
    assert plan.notes == ("4 units are in no district and left out (ZZ: 1, blank: 1, null: 1, zzz: 1).",)


def test_lettered_wards_keep_zz(tmp_path):
    plan = read_plan(write(tmp_path / "a.csv", f"BLOCKID,WARD\n{A},A\n{B},ZZ\n"))
    assert plan.labels == ("A", "ZZ")


def test_zero_is_unassigned_only_in_dra_files(tmp_path):
    dra = read_plan(write(tmp_path / "dra.csv", f"GEOID20,District\n{A},0\n{B},1\n{C},2\n"))
    assert dra.labels == ("1", "2")
    assert dra.notes == ("1 unit is in no district and left out (0: 1).",)
    assert read_plan(write(tmp_path / "x.csv", f"BLOCKID,DISTRICT\n{A},0\n{B},1\n")).labels == ("0", "1")
    assert read_plan(write(tmp_path / "y.csv", f"GEOID20,District\n{A},0\n{B},North\n")).labels == ("0", "North")


def test_place_lists_leave_blocks_outside_places(tmp_path):
    plan = read_plan(write(tmp_path / "a.txt", f"BLOCKID|PLACEFP\n{A}|\n{B}|51000\n"))
    assert plan.assignment.to_dict() == {B: "51000"}


def test_water_in_no_voting_district(tmp_path):
    plan = read_plan(write(tmp_path / "a.txt", f"BLOCKID|COUNTYFP|DISTRICT\n{A}|061|ZZZZZZ\n{B}|061|000012\n"))
    assert plan.labels == ("061000012",)
    assert "1 unit is in no district and left out (ZZZZZZ: 1)." in plan.notes


def test_decimals_become_whole_numbers_and_it_is_said(tmp_path):
    plan = read_plan(write(tmp_path / "a.csv", f"GEOID,DISTRICT\n{A},1.0\n{B},10.0\n"))
    assert plan.labels == ("1", "10")
    assert plan.notes == ("Labels in DISTRICT were decimals (1.0) and are written as whole numbers (1).",)


def test_labels_that_look_alike_are_kept_apart_and_said(tmp_path):
    plan = read_plan(write(tmp_path / "a.csv", f"GEOID,DISTRICT\n{A},1\n{B},01\n"))
    assert set(plan.labels) == {"1", "01"}
    assert "01 and 1" in plan.notes[0]


def test_lost_leading_zeros_come_back(tmp_path):
    plan = read_plan(write(tmp_path / "a.csv", "GEOID,DISTRICT\n60371011101000,1\n60371011101001,2\n"))
    assert list(plan.assignment.index) == ["060371011101000", "060371011101001"]
    assert plan.level == "block"
    assert plan.notes == ("2 ids had lost the leading zero and got it back.",)
    groups = read_plan(write(tmp_path / "b.csv", "GEOID,DISTRICT\n60371011101,1\n060371011102,2\n"))
    assert list(groups.assignment.index) == ["060371011101", "060371011102"]
    assert groups.level == "block_group"


def test_ids_read_as_decimals(tmp_path):
    assert list(read_plan(write(tmp_path / "a.csv", f"GEOID,DISTRICT\n{A}.0,1\n")).assignment.index) == [A]


def test_levels_other_than_blocks(tmp_path):
    assert read_plan(write(tmp_path / "a.csv", "GEOID,DISTRICT\n36061000100,1\n")).level == "tract"
    assert read_plan(write(tmp_path / "b.csv", "GEOID,DISTRICT\n1311100TOCC,1\n13043001736,2\n")).level is None
    assert read_plan(write(tmp_path / "c.csv", "GEOID,DISTRICT\n99999999999999999,1\n")).level is None


@pytest.mark.parametrize("id", ["3.60610E+14", "3.6E+14", "3E+14"])
def test_scientific_notation(tmp_path, id):
    with pytest.raises(SchemaError, match=r"scientific notation .*a spreadsheet has destroyed them"):
        read_plan(write(tmp_path / "a.csv", f"GEOID,DISTRICT\n{id},1\n"))
    with pytest.raises(SchemaError, match=r"scientific notation"):
        read_plan(write(tmp_path / "b.csv", f"{id},1\n{A},2\n"))


def test_mixed_lengths(tmp_path):
    with pytest.raises(
        SchemaError, match=r"mixes ids of different lengths \(1 of 12 digits, 2 of 15 digits\), such as 360610001001"
    ):
        read_plan(write(tmp_path / "a.csv", f"GEOID,DISTRICT\n{A},1\n{B},1\n360610001001,2\n"))


def test_a_row_of_totals(tmp_path):
    with pytest.raises(SchemaError, match=r"1 id of 3 cannot be a block: Total. Remove rows that are totals"):
        read_plan(write(tmp_path / "a.csv", f"GEOID,DISTRICT\n{A},1\n{B},1\nTotal,2\n"))


def test_fourteen_digits_of_no_state(tmp_path):
    with pytest.raises(SchemaError, match=r"mixes ids of different lengths"):
        read_plan(write(tmp_path / "a.csv", f"GEOID,DISTRICT\n{A},1\n36061000100100,1\n"))


def test_empty_ids(tmp_path):
    with pytest.raises(SchemaError, match=r"a.csv, GEOID is empty in 1 row, first row 2 of the data"):
        read_plan(write(tmp_path / "a.csv", f"GEOID,DISTRICT\n{A},1\n,2\n"))


def test_rows_repeated_are_read_once(tmp_path):
    plan = read_plan(write(tmp_path / "a.csv", f"GEOID,DISTRICT\n{A},1\n{A},1\n{B},2\n"))
    assert len(plan.assignment) == 2
    assert plan.notes == ("1 row repeated another row and was read once.",)


def test_a_block_in_two_districts(tmp_path):
    with pytest.raises(InputError, match=rf"1 unit in more than one district: {A} in 1 and 2\. Keep one row"):
        read_plan(write(tmp_path / "a.csv", f"GEOID,DISTRICT\n{A},1\n{A},2\n{B},2\n"))


def test_an_id_with_and_without_its_zero(tmp_path):
    with pytest.raises(SchemaError, match=r"(more than once|with and without)"):
        read_plan(write(tmp_path / "a.csv", "GEOID,DISTRICT\n60371011101000,1\n060371011101000,1\n"))


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("GEOID,DISTRICT\n", SchemaError, r"has a header \(GEOID, DISTRICT\) and no rows"),
        (f"{A}\n{B}\n", SchemaError, r"has one column"),
        (
            "name,DISTRICT\nx,1\ny,2\n",
            SchemaError,
            r"has no column of census unit ids. Columns: name \(x, y\), DISTRICT \(1, 2\)",
        ),
        (f"a,b,DISTRICT\n{A},{B},1\n", SchemaError, r"has 2 columns of census unit ids"),
        (f"GEOID,DISTRICT,DISTRICT\n{A},1,2\n", SchemaError, r"two columns of one name"),
        (f"GEOID,DISTRICT\n{A},1,9\n", SchemaError, r"cannot be split into 2 columns"),
        (f"GEOID,DISTRICT\n{A},\n{B},ZZ\n", InputError, r"none of 2 units is in a district"),
        (
            f"GEOID,ward_2011,ward_2022\n{A},1,2\n{B},1,3\n",
            InputError,
            r"ward_2011 \(1\), ward_2022 \(2, 3\). Pass id=",
        ),
        (f"GEOID,CD,SLDU\n{A},1,2\n{B},1,3\n", InputError, r"does not say which column holds the district labels"),
        (f"{A},1,2\n{B},1,3\n", InputError, r"column 2 \(1\), column 3 \(2, 3\)"),
    ],
)
def test_lists_that_cannot_be_used(tmp_path, text, error, message):
    with pytest.raises(error, match=message):
        read_plan(write(tmp_path / "a.csv", text))


def test_the_column_is_named_in_any_case(tmp_path):
    path = write(tmp_path / "a.csv", f"GEOID,Ward_2011,ward_2022\n{A},1,2\n{B},1,3\n")
    assert read_plan(path, id="WARD_2022").labels == ("2", "3")
    with pytest.raises(InputError, match=r"a.csv has no column 'precinct'. Columns: Ward_2011"):
        read_plan(path, id="precinct")


def test_two_known_columns_that_say_the_same(tmp_path):
    plan = read_plan(write(tmp_path / "a.csv", f"GEOID,DISTRICT,DISTRICTNO\n{A},1,1.0\n{B},2,2.0\n"))
    assert plan.labels == ("1", "2")
    assert plan.notes == ("District labels are from the column DISTRICT.",)


def test_units_must_have_something_in_common(tmp_path):
    path = write(tmp_path / "a.csv", f"GEOID,DISTRICT\n{A},1\n")
    assert len(read_plan(path, units=pd.Index([A, B]))) == 1
    with pytest.raises(InputError, match=r"none of its units \(360610001001000\) is among the units at hand \(36"):
        read_plan(path, units=pd.Index([B]))


def test_descriptions_given(tmp_path):
    path = write(tmp_path / "council draft.csv", f"GEOID,DISTRICT\n{A},1\n")
    plan = read_plan(path, jurisdiction="Lowell", status="draft", adopted="2021-10-01")
    assert (plan.name, plan.jurisdiction, plan.status, plan.adopted) == (
        "council draft",
        "Lowell",
        "draft",
        "2021-10-01",
    )
    assert read_plan(path, name="Draft A").sources[0].title == "Draft A"


# --- Districtr


def districtr(path, assignment, *, parts=2, key="GEOID20", unit="blocks20", wrap=False, listed=None, **more):
    plan = {
        "assignment": assignment,
        "idColumn": {"key": key},
        "problem": {"numberOfParts": parts},
        "parts": [{"id": i, "displayNumber": i + 1} for i in range(parts)] if listed is None else listed,
        "units": {"id": unit},
        **more,
    }
    content = {"plans": [{"planName": "Draft Proposal A", "plan": plan}]} if wrap else plan
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.parametrize("wrap", [False, True])
@pytest.mark.parametrize("values", [(0, 1), ([0], [1]), ("0", "1")])
def test_parts_get_the_numbers_the_map_shows(tmp_path, values, wrap):
    plan = read_plan(districtr(tmp_path / "a.json", dict(zip((A, B), values, strict=True)), wrap=wrap))
    assert plan.assignment.to_dict() == {A: "1", B: "2"}
    assert (plan.level, plan.year) == ("block", 2020)
    assert plan.name == ("Draft Proposal A" if wrap else "a")
    assert "labels are the numbers its map shows" in plan.notes[0]


def test_parts_counted_from_one_are_left_alone(tmp_path):
    assert read_plan(districtr(tmp_path / "a.json", {A: 1, B: 2})).labels == ("1", "2")


def test_the_csv_and_the_json_of_one_plan_agree(tmp_path):
    whole = read_plan(districtr(tmp_path / "a.json", {A: 0, B: 1}))
    listed = read_plan(
        write(tmp_path / "b.csv", f'"id-lowell-lowell_blocks-2-CityCouncil",assignment\n{A},0\n{B},1\n{C},-1\n')
    )
    assert whole.assignment.to_dict() == listed.assignment.to_dict() == {A: "1", B: "2"}
    assert "1 unit is in no district and left out (-1: 1)." in listed.notes


def test_a_districtr_csv_counted_from_one(tmp_path):
    plan = read_plan(write(tmp_path / "b.csv", f'"id-x-blocks-2-Council",assignment\n{A},1\n{B},2\n'))
    assert plan.labels == ("1", "2")


def test_unassigned_units_of_districtr(tmp_path):
    plan = read_plan(districtr(tmp_path / "a.json", {A: 0, B: None, C: -1, "360610001001003": []}))
    assert plan.assignment.to_dict() == {A: "1"}
    assert "3 units are in no district and left out (-1: 1, blank: 2)." in plan.notes


def test_voting_districts_of_districtr(tmp_path):
    plan = read_plan(districtr(tmp_path / "a.json", {"51149000105": 0, "1311100TOCC": 1}, unit="vtds20"))
    assert plan.level == "vtd"


def test_communities_keep_their_number_and_their_name_is_noted(tmp_path):
    listed = [{"id": 0, "displayNumber": 1, "name": "Kinloch "}]
    plan = read_plan(districtr(tmp_path / "a.json", {A: 0, B: 1}, parts=50, listed=listed, key="GEOID10"))
    assert plan.labels == ("1", "2")
    assert plan.year == 2010
    assert "Names in the file: 1 Kinloch." in plan.notes


def test_row_numbers_need_the_units(tmp_path):
    path = districtr(tmp_path / "a.json", {"0": 0, "1": 1, "2": 1}, key="GEOINDEX")
    with pytest.raises(InputError, match=r"names its 3 units by row number \(0 to 2\), not by GEOID. Pass units="):
        read_plan(path)
    plan = read_plan(path, units=pd.Index([C, A, B]))
    assert plan.assignment.to_dict() == {A: "1", B: "2", C: "2"}
    units = Units(pd.DataFrame({"total_pop": [1, 2, 3]}, index=pd.Index([C, A, B], dtype="str")), level="block")
    assert read_plan(path, units=units).assignment.to_dict() == {A: "1", B: "2", C: "2"}
    with pytest.raises(InputError, match=r"has 3 rows, numbered 0 to 2, and units= has 2 GEOIDs"):
        read_plan(path, units=pd.Index([A, B]))


def test_row_numbers_are_known_without_being_told(tmp_path):
    with pytest.raises(InputError, match=r"by row number"):
        read_plan(districtr(tmp_path / "a.json", {"0": 0, "1": 1}))


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"assignment": {}}, InputError, r"is an empty Districtr file: no unit is assigned"),
        ({"assignment": [1, 2]}, SchemaError, r"'assignment' must map unit ids to parts; found list"),
        (
            {"assignment": {A: [0, 1]}},
            InputError,
            rf"1 unit in several parts at once: {A}. These are overlapping communities",
        ),
        ({"assignment": {A: {"x": 1}}}, SchemaError, rf"parts must be numbers; not so for {A}"),
        ({"plans": []}, SchemaError, r"'plans' holds no plan"),
        ({"plan": 3}, SchemaError, r"'plan' must hold the plan itself; found int"),
        (
            {"assignment": {A: 0}, "idColumn": {"key": "GEOINDEX"}},
            SchemaError,
            r"says its units are row numbers, and they are not",
        ),
    ],
)
def test_districtr_files_that_cannot_be_used(tmp_path, change, error, message):
    (tmp_path / "a.json").write_text(json.dumps(change))
    with pytest.raises(error, match=message):
        read_plan(tmp_path / "a.json")


def test_several_plans_in_one_file(tmp_path):
    one, two = ({"planName": n, "plan": {"assignment": {A: k}}} for k, n in enumerate(["North", "South"]))
    (tmp_path / "a.json").write_text(json.dumps({"plans": [one, two]}))
    with pytest.raises(InputError, match=r"holds 2 plans: North, South. Pass layer="):
        read_plan(tmp_path / "a.json")
    assert read_plan(tmp_path / "a.json", layer="South").name == "South"


def test_units_given_for_a_file_with_geoids(tmp_path):
    path = districtr(tmp_path / "a.json", {A: 0, B: 1})
    assert len(read_plan(path, units=pd.Index([A]))) == 2
    with pytest.raises(InputError, match=r"none of its units"):
        read_plan(path, units=pd.Index([C]))


def test_a_plan_of_another_state_is_told_as_such(tmp_path):
    path = write(tmp_path / "a.csv", f"GEOID,DISTRICT\n{A},1\n")
    with pytest.raises(InputError, match=r"By their first digits the plan is in New York and the units are in Califor"):
        read_plan(path, units=pd.Index(["060371011101000"]))


@pytest.mark.parametrize("units", [["360610001001"], ["36061"], ["360610001001000"]])
def test_units_coarser_than_the_list_are_of_the_same_place(tmp_path, units):
    path = write(tmp_path / "a.csv", f"GEOID,DISTRICT\n{A},1\n{B},1\n")
    assert len(read_plan(path, units=pd.Index(units))) == 1


def test_units_finer_than_the_list_are_of_the_same_place(tmp_path):
    path = write(tmp_path / "a.csv", "GEOID,DISTRICT\n36061000100,1\n36061000200,1\n")
    assert len(read_plan(path, units=pd.Index([A]))) == 1
