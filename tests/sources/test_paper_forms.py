"""Forms that were typed: what is read, what is refused, and what is left to a person."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pandas as pd
import pytest

from kit.analysis.community_places import locate_communities
from kit.analysis.mending import mend_communities
from kit.community_proof import round_trip
from kit.errors import Corrupt, InputError, SchemaError
from kit.intake.contacts import ContactBook
from kit.intake.wording import check_wording
from kit.model.frames import Source, Units
from kit.model.paper import SHEET, PaperKey, form_number, form_numbers, numbers_of, plain_signs
from kit.settings import using
from kit.sources.community_paper import read_paper_forms
from kit.sources.paper_compare import compare_paper_forms
from kit.sources.paper_files import paper_sheet, read_paper_key, read_sheet, write_paper_key

COLUMNS = [one.key for one in SHEET]
IDS = ("360610001001000", "360610001001001", "360610001001002", "360610001001003")


@pytest.fixture
def key():
    return PaperKey(IDS, "block", 2020, squares=("A1", "B1", "A2", "B2"))


def typed(path, *rows, heads=True, columns=COLUMNS, delimiter=",", encoding="utf-8-sig"):
    """Write a sheet as somebody fills it."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    if heads:
        writer.writerow([f"heading {n}" for n in range(len(columns))])
    writer.writerow(columns)
    writer.writerows([row.get(name, "") for name in columns] for row in rows)
    path.write_bytes(stream.getvalue().encode(encoding))
    return path


def full(**changes):
    """One form, every answer given."""
    return {
        "form": "12", "map_code": "", "typed_by": "t1", "typed_on": "2026-07-01", "consent": "1c", "name": "Old  Market",
        "languages": "Khmer; 한국어, Khmer", "told_in": "ខ្មែរ", "culture": "ពិធីបុណ្យ", "language": "Khmer at the clinic",
        "schools": "Heron School", "worship": "", "work": "shops", "services": "", "history": "", "other": "",
        "keep_whole": "x", "keep_with": "Canal; Hill Town", "not_with": "Airport", "ask": "Keep our streets, please.",
        "street_north": "First Street", "street_east": "the river", "street_south": "", "street_west": "Elm, Oak",
        "landmarks": "Wat; Library", "neighborhoods": "Acre", "numbers": "1 to 2, 4", "geoids": "",
    } | changes  # fmt: skip


def read(path, key, *rows, **how):
    return read_paper_forms(typed(path / "sheet.csv", *rows), key=key, **how)


# --- what is read ------------------------------------------------------------------------------------------


def test_every_answer_stands_where_it_belongs(tmp_path, key):
    found = read(tmp_path, key, full(map_code=key.code), collector="group-7")
    (one,) = found
    assert (one.id, one.submitter, one.name, one.consent) == ("form-12", "form-12", "Old Market", "public")
    assert one.languages == ("Khmer", "한국어")
    assert one.in_common.culture == "ពិធីបុណ្យ"
    assert one.in_common.language == "Khmer at the clinic"
    assert one.told_in == "ខ្មែរ"
    assert [(ask.kind, ask.places, ask.words) for ask in one.asks] == [
        ("keep_whole", (), ""),
        ("keep_with", ("Canal", "Hill Town"), ""),
        ("not_with", ("Airport",), ""),
        ("other", (), "Keep our streets, please."),
    ]
    assert one.bounds == ("north: First Street", "east: the river", "west: Elm, Oak")
    assert [place.name for place in one.landmarks] == ["Wat", "Library"]
    assert one.area.geoids == (IDS[0], IDS[1], IDS[3])
    assert (one.area.level, one.area.year) == ("block", 2020)
    assert (one.collected.how, one.collected.collector, one.collected.row) == ("paper", "group-7", 3)
    assert dict(one.extra) == {"neighborhoods": "Acre", "typed on": "2026-07-01"}  # who typed it, the sheet alone knows
    assert one.made == datetime(2026, 7, 1, tzinfo=UTC)
    assert found.notes == ()
    assert found.sources[0].title == "paper forms typed in sheet.csv"
    assert not found.sources[0].sample
    assert len(found.sources[0].sha256) == 64


def test_a_sample_stays_a_sample(tmp_path):
    (source,) = read(tmp_path, PaperKey(IDS, "block", 2020, sample=True), full()).sources
    assert source.sample
    one = Units(pd.DataFrame(index=pd.Index(IDS, dtype="str")), "block", 2020, (Source("Invented", sample=True),))
    (source,) = read_paper_forms(typed(tmp_path / "b.csv", full(numbers="", geoids=IDS[0])), one).sources
    assert source.sample


@pytest.mark.parametrize(
    ("said", "meant"),
    [("1a", "private"), ("1 b", "commission"), ("C", "public"), ("Public", "public"), ("commission", "commission"),
     ("", "private"), ("1a, 1c", "private"), ("1b;1c", "private"), ("?", "private")],
)  # fmt: skip
def test_without_a_clear_consent_a_form_is_private(tmp_path, key, said, meant):
    found = read(tmp_path, key, full(consent=said))
    assert found.communities[0].consent == meant
    unclear = said in {"", "1a, 1c", "1b;1c"}
    assert any("do not say who may see them, kept private: 12" in note for note in found.notes) == unclear
    if meant == "private":
        assert len(found.for_audience("public")) == 0
        assert "1 of 1 communities are left out" in found.for_audience("commission").notes[-1]


def test_what_cannot_be_read_is_kept_and_named(tmp_path, key):
    row = full(culture="?", history="the [?] of 1975", consent="?", numbers="?", keep_whole="?", languages="?", ask="?")
    found = read(tmp_path, key, row)
    (one,) = found
    assert one.in_common.culture == "?"
    assert one.in_common.history == "the [?] of 1975"
    assert (one.consent, one.area, one.languages) == ("private", None, ())
    assert [ask.kind for ask in one.asks] == ["keep_with", "not_with", "other"]
    assert dict(one.extra)["unreadable"] == "1, 3, 5a, 6a, 6d, 8"
    told = next(note for note in found.notes if "unreadable" in note)
    assert told == (
        "Answers marked as unreadable, which are no answers: form 12 (1), form 12 (3), form 12 (5a), form 12 (5g), "
        "form 12 (6a), form 12 (6d), form 12 (8)."
    )
    assert not any("name no census unit" in note for note in found.notes)


def test_forms_without_a_name_or_a_place_are_named(tmp_path, key):
    found = read(tmp_path, key, full(name="", numbers=""), full(form="A-7", name="?"), {"form": "9"}, {})
    assert [one.name for one in found] == ["Community of form 12", "Community of form A-7"]
    assert "Forms without a name of the community, called by their number: 12, A-7." in found.notes
    assert "Forms that name no census unit: 12." in found.notes
    assert "Rows of the sheet without an answer, left aside: 1." in found.notes
    assert f"Forms whose map code was not typed, read with the key {key.code}: A-7." in found.notes


def test_a_telephone_number_among_the_words_is_named_and_not_repeated(tmp_path, key):
    found = read(tmp_path, key, full(other="call 555-867-5309", landmarks="Wat; me@example.org", map_code=key.code))
    (note,) = found.notes
    assert note.endswith("belongs in the contact file: form 12 (5h), form 12 (7e).")
    assert "867" not in note
    with pytest.raises(SchemaError, match="typed_by holds an address or telephone number"):
        read(tmp_path, key, full(typed_by="a@example.org"))


def test_ids_may_stand_beside_numbers_or_alone(tmp_path, key, four_squares):
    both = read(tmp_path, key, full(numbers="1", geoids=f"{IDS[3]}, {IDS[3]}"))
    assert both.communities[0].area.geoids == (IDS[0], IDS[3])
    alone = typed(tmp_path / "b.csv", full(numbers="", geoids=" ".join(IDS[:2])))
    (one,) = read_paper_forms(alone, year=2010)
    assert (one.area.geoids, one.area.year, one.area.level) == (IDS[:2], 2010, "block")
    (one,) = read_paper_forms(alone, four_squares[0])
    assert one.area.year == 2020


def test_what_was_read_passes_on_to_the_rest(tmp_path, key, four_squares):
    units, _ = four_squares
    found = read_paper_forms(typed(tmp_path / "s.csv", full(map_code=key.code)), units, key=key)
    fixed = mend_communities(found, units=units)
    assert (len(fixed.kept), len(fixed.held), len(fixed.aside)) == (1, 0, 0)
    assert set(locate_communities(found, units).membership["GEOID"]) == {IDS[0], IDS[1], IDS[3]}
    for kind, suffix in (("geojson", ".geojson"), ("csv", ".csv"), ("kml", ".kml"), ("geopackage", ".gpkg")):
        proof = round_trip(found, tmp_path / f"{kind}{suffix}", units, format=kind)
        assert proof.same_blocks, kind
        assert proof.dropped == proof.changed == (), kind


def test_wording_is_advised_upon_and_never_changed(tmp_path, key):
    (one,) = read(tmp_path, key, full(history="We are registered Democrats.", map_code=key.code))
    (advice,) = check_wording(one, body="california")
    assert (advice.field, advice.found) == ("in_common.history", "registered Democrats")
    assert one.in_common.history == "We are registered Democrats."


def test_the_contact_file_goes_by_the_same_name(tmp_path, key):
    (one,) = read(tmp_path, key, full())
    book = ContactBook(tmp_path / "contacts")
    assert book.add("form-12", email="resident@example.org") == one.submitter
    assert "example.org" not in one.model_dump_json()


# --- what is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["phone", "Email", "Your name", "home address", "zip", "contact"])
def test_contact_columns_are_refused(tmp_path, key, column):
    path = typed(tmp_path / "s.csv", full() | {column: "x"}, columns=[*COLUMNS, column])
    with pytest.raises(InputError, match="contact data belong in the contact file, and never in the sheet") as caught:
        read_paper_forms(path, key=key)
    assert "Heron" not in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"numbers": "1, 5"}, r"sheet.csv, row 3 \(form 12\): the map has no number 5; its numbers are 1 to 4"),
        ({"numbers": "0"}, r"row 3 \(form 12\): the map has no number 0"),
        ({"numbers": "4-Jan"}, "'4-Jan' looks like a date that a spreadsheet made of a range"),
        ({"numbers": "1/4/2026"}, "looks like a date"),
        ({"numbers": "4 to 1"}, "runs backwards"),
        ({"numbers": "1 to 99999999"}, "is no range of numbers on a map"),
        ({"numbers": "most of it"}, "numbers are written like 1 to 4, 7, 12; something else stands among them"),
        ({"map_code": "ABCD-0000"}, "the form's map has another code 'ABCD-0000' than this key, "),
        ({"consent": "yes"}, r"consent is 1a, 1b or 1c \(private, commission, public\), or empty. Look"),
        ({"keep_whole": "maybe"}, "keep_whole is x where the box is ticked, or empty"),
        ({"typed_on": "yesterday"}, r"typed_on is a day such as 2026-07-01\."),
        ({"geoids": "3.60610001E+14"}, "ids in scientific notation"),
        ({"geoids": "36061000100100"}, "are not 15 digits as census blocks have"),
        ({"form": ""}, "sheet.csv, row 3 has answers and no form number"),
        ({"form": "no. 3"}, "sheet.csv, row 3: a form number is of letters, digits and dashes"),
        ({"culture": "????"}, "question marks for letters in culture: a spreadsheet has destroyed other scripts"),
        ({"name": "a\x07b"}, "control characters"),
    ],
)
def test_what_has_no_meaning_is_refused_with_row_and_form(tmp_path, key, changes, message):
    with pytest.raises(SchemaError, match=message):
        read(tmp_path, key, full(**changes))


@pytest.mark.parametrize(
    "column", ["consent", "keep_whole", "typed_on", "numbers", "form", "typed_by", "map_code", "geoids"]
)
def test_what_slipped_into_another_column_is_not_repeated(tmp_path, key, column):
    with pytest.raises(SchemaError) as caught:
        read(tmp_path, key, full(**{column: "planted.mail@example.org"}))
    assert "planted" not in str(caught.value)
    assert "row 3" in str(caught.value)
    path = typed(tmp_path / "t.csv", full(other="planted"))
    assert "planted" not in repr(read_sheet(path))


def test_codes_are_read_as_people_type_them(tmp_path, key):
    for code in (key.code, key.code.lower().replace("-", " "), "?"):
        assert len(read(tmp_path, key, full(map_code=code))) == 1


def test_numbers_want_a_key_and_the_key_its_units(tmp_path, key, four_squares):
    units, _ = four_squares
    path = typed(tmp_path / "s.csv", full())
    with pytest.raises(SchemaError, match="no key says what they stand for"):
        read_paper_forms(path)
    other = PaperKey(("060371011101000",), "block", 2020)
    with pytest.raises(
        SchemaError, match=r"1 of 1 ids of the key .{9} are not among the 4 census blocks: 060371011101000"
    ):
        read_paper_forms(path, units, key=other)
    stray = typed(tmp_path / "t.csv", full(numbers="", geoids="060371011101000"))
    with pytest.raises(SchemaError, match=r"row 3 \(form 12\): no unit has the id 060371011101000"):
        read_paper_forms(stray, units)


def test_files_that_are_no_sheet_are_refused(tmp_path, key):
    with pytest.raises(InputError, match=r"there is no file 'none.csv' for the sheet"):
        read_paper_forms(tmp_path / "none.csv", key=key)
    (tmp_path / "s.xlsx").write_bytes(b"PK\x03\x04")
    with pytest.raises(InputError, match="is a spreadsheet; save it as “CSV UTF-8”"):
        read_paper_forms(tmp_path / "s.xlsx", key=key)
    (tmp_path / "plain.csv").write_text("a,b\n1,2\n")
    with pytest.raises(SchemaError, match="has no row that names its columns"):
        read_paper_forms(tmp_path / "plain.csv", key=key)
    (tmp_path / "latin.csv").write_bytes(typed(tmp_path / "x.csv", full()).read_bytes() + "\né".encode("latin-1"))
    with pytest.raises(SchemaError, match="is not UTF-8, so letters of other scripts are lost"):
        read_paper_forms(tmp_path / "latin.csv", key=key)
    with pytest.raises(SchemaError, match="has no form with an answer"):
        read_paper_forms(typed(tmp_path / "empty.csv", {"form": "1"}), key=key)
    with pytest.raises(SchemaError, match="has a column 'shoe size' that no form asks for"):
        read_paper_forms(
            typed(tmp_path / "more.csv", full() | {"shoe size": "9"}, columns=[*COLUMNS, "shoe size"]), key=key
        )
    with pytest.raises(SchemaError, match="has the column name twice"):
        read_paper_forms(typed(tmp_path / "twice.csv", full(), columns=[*COLUMNS, "name"]), key=key)
    wide = tmp_path / "wide.csv"
    wide.write_text(f"{','.join(COLUMNS)}\n{','.join(['1'] * len(COLUMNS))},more\n", encoding="utf-8")
    with pytest.raises(SchemaError, match="has a column '' that no form asks for|more cells than there are columns"):
        read_paper_forms(wide, key=key)


def test_spreadsheets_that_write_otherwise_are_read(tmp_path, key):
    row = full(map_code=key.code)
    plain = read(tmp_path, key, row).communities[0]
    for delimiter, encoding in ((";", "utf-8-sig"), ("\t", "utf-16"), (",", "utf-8")):
        path = typed(tmp_path / "sheet.csv", row, heads=delimiter == ",", delimiter=delimiter, encoding=encoding)
        other = read_paper_forms(path, key=key).communities[0]
        assert other.revised(collected=plain.collected, made=plain.made, version=1, parent=None) == plain.revised(
            version=1, parent=None, made=plain.made
        )


def test_formulas_stay_words(tmp_path, key):
    assert read(tmp_path, key, full(other="'=1+1")).communities[0].in_common.other == "=1+1"


# --- two people type the same form -------------------------------------------------------------------------


def test_two_sheets_are_compared_answer_by_answer(tmp_path):
    first = typed(tmp_path / "a.csv", full(typed_by="t1"), full(form="13"), full(form="14"))
    second = typed(
        tmp_path / "b.csv",
        full(typed_by="t2", numbers="1,2,4", consent="public", name="Old Market "),
        full(form="13", typed_by="t1", culture="other", numbers="1"),
    )
    found = compare_paper_forms(first, second)
    assert found.both == ("12", "13")
    assert found.once == ("14",)
    assert found.frame[["form", "question", "column", "second", "first_row", "second_row"]].to_numpy().tolist() == [
        ["13", "5a", "culture", "other", 4, 4],
        ["13", "8", "numbers", "1", 4, 4],
    ]
    assert found.summary() == (
        "Forms typed twice: 2. Answers that differ: 2, on these forms: 13. Look at the paper, and mend the sheets. "
        "Forms typed once only: 14."
    )
    assert found.notes == ("Forms typed twice by the same person: 13.",)
    assert "other" not in repr(found)
    assert [one.where for one in found.sources] == ["a.csv", "b.csv"]


def test_a_form_typed_twice_in_one_sheet_must_be_alike(tmp_path, key):
    same = typed(tmp_path / "a.csv", full(), full(typed_by="t2", numbers="1;2;4", keep_whole="X"))
    found = read_paper_forms(same, key=key)
    assert len(found) == 1
    assert found.communities[0].collected.row == 3
    assert "Forms typed twice and alike, taken once: 12." in found.notes
    assert compare_paper_forms(same).summary() == "Forms typed twice: 1. Every answer is the same."
    other = typed(tmp_path / "b.csv", full(), full(typed_by="t2", culture="secret words"))
    with pytest.raises(
        SchemaError, match=r"1 answers of forms that were typed twice differ: form 12 \(5a\); the first in rows 3 and 4"
    ) as caught:
        read_paper_forms(other, key=key)
    assert "secret" not in str(caught.value)
    assert len(compare_paper_forms(other).frame) == 1
    with pytest.raises(SchemaError, match=r"form 12 stands in more than two rows \(form 12: rows 3, 4, 5\)"):
        read_paper_forms(typed(tmp_path / "c.csv", full(), full(), full()), key=key)
    with pytest.raises(SchemaError, match=r"a.csv has form 12 in two rows"):
        compare_paper_forms(same, other)


# --- key and sheet -----------------------------------------------------------------------------------------


def test_a_key_comes_back_as_it_was_written(tmp_path):
    for key in (
        PaperKey(IDS, "block", 2020, ("a", "", "c", "d"), ("A1", "A2", "A3", "A4"), True),
        PaperKey(IDS[:1]),
    ):
        path = write_paper_key(key, tmp_path / "key.csv")
        assert read_paper_key(path) == key
        assert path.read_bytes().startswith(b"\xef\xbb\xbfnumber,GEOID")
    assert PaperKey(IDS).code != PaperKey(IDS, sample=True).code != PaperKey(IDS, "block").code


def test_a_key_that_was_changed_is_noticed(tmp_path, key):
    path = write_paper_key(key, tmp_path / "key.csv")
    text = path.read_text("utf-8-sig")
    for changed, message in (
        (text.replace(IDS[0], "360610001001009"), "was changed after it was written: its ids give the map code"),
        (text.replace("\n2,", "\n9,"), "does not number its units 1, 2, 3"),
        (text.replace("GEOID", "id"), "is no key of a paper form"),
        ("", "is no key of a paper form"),
        (text.replace(key.code, "0000-0000", 1), "was changed after it was written"),
    ):
        path.write_text(changed, encoding="utf-8")
        with pytest.raises(SchemaError, match=message):
            read_paper_key(path)
    with pytest.raises(InputError, match=r"there is no file 'none.csv' for the key"):
        read_paper_key(tmp_path / "none.csv")


def test_a_key_names_each_unit_once():
    with pytest.raises(SchemaError, match=f"names each census unit once; found {IDS[0]}"):
        PaperKey((IDS[0], IDS[0]))
    with pytest.raises(SchemaError, match="found none at all"):
        PaperKey(())
    with pytest.raises(SchemaError, match="a key of 4 units has 1 names or squares"):
        PaperKey(IDS, names=("a",))
    with pytest.raises(InputError, match="the key has no number for 1; it numbers 4 other units"):
        PaperKey(IDS).numbers(["1"])
    assert PaperKey(IDS).numbers([IDS[3], IDS[0], IDS[1]]) == "1 to 2, 4"
    assert repr(PaperKey(IDS, "block", 2020)).startswith("PaperKey(4 units, level='block', year=2020, code='")


def test_an_empty_sheet_is_in_the_language_and_never_written_over(tmp_path):
    with using(language="vi"):
        path = paper_sheet(tmp_path / "s.csv", numbers=range(1, 4), prefix="V-")
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
    assert rows[1] == COLUMNS
    assert rows[0][COLUMNS.index("culture")].startswith("5a ")
    assert [row[0] for row in rows[2:]] == ["V-1", "V-2", "V-3"]
    assert not any("".join(row[1:]) for row in rows[2:])
    assert (read_sheet(path).rows, read_sheet(path).empty) == ((), 3)
    with pytest.raises(InputError, match=r"s.csv is there already and may hold what somebody typed"):
        paper_sheet(path)


def test_numbers_of_forms():
    assert form_numbers("1-3, 7") == ("1", "2", "3", "7")
    assert form_numbers([], "X-") == ()
    assert form_number(" 12.0 ") == "12"
    with pytest.raises(InputError, match="a spreadsheet would make a date of MAR-1"):
        form_numbers("1-3", "MAR-")
    with pytest.raises(InputError, match="501 forms are too many for one file"):
        form_numbers(range(1, 502))
    with pytest.raises(InputError, match="numbered from 1 in whole numbers; got 0, 1.5"):
        form_numbers([0, 1.5])
    with pytest.raises(InputError, match="a form number is of letters, digits and dashes"):
        form_numbers("1", "ä")


# --- keyboards of other scripts, and what spreadsheets make of a sheet ---------------------------------------


@pytest.mark.parametrize(
    "text", ["１〜４、７", "1～4;7", "1－4，7。", "1−4, 7", "1‑4, 7", "1ー4, 7", "១-៤, ៧", "१–४, ७", "1至4، ٧", "\u200e1-4\u200f, 7"]
)  # fmt: skip
def test_numbers_are_read_from_every_keyboard(text):
    assert numbers_of(text) == (1, 2, 3, 4, 7)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("9" * 5000, "something else stands among them"),
        ("1-" + "9" * 5000, "something else stands among them"),
        ("1²", "something else stands among them"),
        ("7〜4", "'7〜4' runs backwards"),
        ("1月4日", "looks like a date that a spreadsheet made of a range"),
        ("1월 4일", "looks like a date that a spreadsheet made of a range"),
    ],
)
def test_numbers_that_are_none_are_refused(text, message):
    with pytest.raises(InputError, match=message):
        numbers_of(text)


def test_wide_signs_are_read_like_narrow_ones(tmp_path, key):
    row = full(
        form="ＯＡＫ–１２", consent="１ｃ", typed_on="2026/7/1", map_code=key.code.replace("-", "－"), numbers="１",
        geoids="３６０６１０００１００１００３",
    )  # fmt: skip
    (one,) = read(tmp_path, key, row)
    assert (one.id, one.consent, one.made) == ("form-OAK-12", "public", datetime(2026, 7, 1, tzinfo=UTC))
    assert one.area.geoids == (IDS[0], IDS[3])
    assert plain_signs("食") == "食"
    (one,) = read(tmp_path, key, full(consent="1a、1c"))
    assert one.consent == "private"


@pytest.mark.parametrize(("first", "second"), [("1", "01"), ("oak-1", "OAK-1"), ("K-007", "K-7")])
def test_one_form_under_two_numbers_does_not_count_twice(tmp_path, key, first, second):
    message = rf"row 3 \(form {first}\) and .*row 4 \(form {second}\) may be one form"
    with pytest.raises(SchemaError, match=message):
        read(tmp_path, key, full(form=first), full(form=second))
    one, other = (typed(tmp_path / f"{at}.csv", full(form=form)) for at, form in enumerate((first, second)))
    with pytest.raises(SchemaError, match="may be one form"):
        compare_paper_forms(one, other)


def test_forms_of_different_numbers_are_different(tmp_path, key):
    assert len(read(tmp_path, key, full(form="1"), full(form="10"), full(form="100"), full(form="A-1"))) == 4


@pytest.mark.parametrize("form", ["3-Jan", "Jan-24", "1-March"])
def test_a_form_number_that_became_a_date_is_refused(tmp_path, key, form):
    with pytest.raises(SchemaError, match=r"row 3: a form number is .* and no date"):
        read(tmp_path, key, full(form=form))


@pytest.mark.parametrize("prefix", ["3-", "0", "1E", "2024-", "-"])
def test_a_prefix_of_which_a_spreadsheet_makes_something_else_is_refused(prefix):
    with pytest.raises(InputError, match="a prefix begins with a letter"):
        form_numbers("1-3", prefix)


def test_a_prefix_may_begin_like_a_month():
    assert form_numbers("1-2", "MARKET-") == ("MARKET-1", "MARKET-2")


@pytest.mark.parametrize("numbers", [5, None])
def test_numbers_of_forms_that_are_no_list_are_refused(numbers):
    with pytest.raises(InputError, match=rf"numbers= is such as '1-50', or a list of whole numbers; got {numbers}"):
        form_numbers(numbers)


def test_a_form_that_sorting_put_above_the_columns_is_not_lost(tmp_path, key):
    path = typed(tmp_path / "sheet.csv", full(form="3"))
    heads, names, row = path.read_text("utf-8-sig").splitlines()
    path.write_text("\n".join((row.replace("3,", "2,", 1), names, row, heads)), encoding="utf-8")
    with pytest.raises(SchemaError, match="sheet.csv, row 1 seems to be a form above the row that names the columns"):
        read_paper_forms(path, key=key)


def test_words_among_ids_are_not_repeated(tmp_path, key):
    with pytest.raises(SchemaError, match=r"row 3 \(form 12\): geoids holds words") as caught:
        read(tmp_path, key, full(geoids="Planted Name"))
    assert "Planted" not in str(caught.value)


@pytest.mark.parametrize(
    "words",
    ["call 2125550100", "＋８２ １０-５５５０-１２３４", "+84 90 555 0123", "me＠example.org", "(212) 555–0100"],
)
def test_what_may_reach_somebody_is_noted(tmp_path, key, words):
    assert any("form 12 (5a)" in note for note in read(tmp_path, key, full(culture=words)).notes)


@pytest.mark.parametrize("words", ["2020 and 1986-2026", "36061000100, 360610001001000", "at 100-102 and 555"])
def test_years_and_ids_reach_nobody(tmp_path, key, words):
    assert not any("e-mail" in note for note in read(tmp_path, key, full(culture=words)).notes)


def test_units_of_another_year_than_the_key_are_refused(tmp_path, key):
    ids = pd.Index(IDS, dtype="str", name="GEOID")
    with pytest.raises(SchemaError, match=r"is of 2020, and these census blocks are of 2010: one id may have another"):
        read(tmp_path, key, full(), units=Units(pd.DataFrame(index=ids), "block", 2010, ()))


def test_a_name_that_a_spreadsheet_would_run_is_text_in_the_key(tmp_path):
    key = PaperKey(IDS[:2], "block", 2020, names=("=1+1", 'O\'Neil "Mo"'))
    path = write_paper_key(key, tmp_path / "key.csv")
    assert ",'=1+1," in path.read_text("utf-8-sig")
    assert read_paper_key(path) == key


def test_a_sheet_that_is_cut_off_is_refused(tmp_path, key):
    path = typed(tmp_path / "sheet.csv", full(), encoding="utf-16")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(Corrupt, match="sheet.csv is cut off or is not text"):
        read_paper_forms(path, key=key)
