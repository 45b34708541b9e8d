"""The official list of Section 203: the public use file, printed tables, and names."""

from __future__ import annotations

import io
import zipfile

import pytest

import kit
from kit.errors import Corrupt, InputError, NotPublished, Offline, SchemaError
from kit.model.language_groups import GROUPS, PACIFIC_ISLANDER, language_group
from kit.settings import using
from kit.sources.language_access import PUBLIC_USE_FILE, read_section203

PUF = """SUMLVL,LEVEL,S203_GEOID,ST,CNTY,NAMELSAD,LANGUAGE,VACIT,VACLEP,FLAG_COV
040,State,06,06,,California,Hispanic,1,1,1
050,County,06037,06,037,Los Angeles County,Chinese,1,1,1
050,County,06037,06,037,Los Angeles County,Vietnamese,1,1,1
050,County,06037,06,037,Los Angeles County,Thai,1,1,0
050,County,15003,15,003,Honolulu County,Filipino,1,1,1
060,MCD,2501737000,25,017,Lowell city,Cambodian,1,1,1
050,County,02188,02,188,Northwest Arctic Borough,Inupiat,1,1,1
"""
PRINTED = """State and political subdivision,Language minority group
Alaska:,
Aleutians East Borough,Filipino.
Kusilvak Census Area,"Yup'ik"
California:,
State Coverage,Hispanic
Los Angeles County,Chinese (including Taiwanese)
,Cambodian
,Other Asian—Not specified
Massachusetts:,
Lowell city,Cambodian.
"""


def packed(text, *, more=()):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as pack:
        pack.writestr("sect203_Determined_Areas_Only.csv", text)
        for name in more:
            pack.writestr(name, "x")
    return stream.getvalue()


def saved(tmp_path, text, name="list.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_public_use_file_from_the_server(server):
    server.files[PUBLIC_USE_FILE] = packed(PUF, more=["sect203_All_Areas.csv", "readme.txt"])
    found = read_section203(year=2021)
    assert found.year == 2021
    assert len(found.frame) == 6
    assert found.languages_of("Los Angeles", state="CA") == ("Chinese", "Vietnamese")
    assert found.languages_of("Honolulu County", state="Hawaii") == ("Filipino",)
    assert found.languages_of("Lowell city", state="25") == ("Cambodian",)
    assert found.languages_of("Kings County", state="NY") == ()
    assert found.frame["group"].tolist() == ["spanish", "asian", "asian", "asian", "asian", "alaska_native"]
    assert found.frame["statewide"].tolist() == [True] + [False] * 5
    assert found.frame["geoid"].iloc[1] == "06037"
    assert "4 jurisdictions besides States, and the 2021 determinations cover 331 counties" in found.notes[0]
    assert found.sources[0].where == server.root + PUBLIC_USE_FILE
    assert "86 FR 69611" in found.sources[0].title
    assert found.sources[0].uncertainty == "model"
    with using(offline=True):
        assert len(kit.read_section203(year=2021).frame) == 6
    assert len(server.asked) == 1


def test_without_the_network():
    with (
        using(offline=True),
        pytest.raises(Offline, match="the public use file of the 2021 Section 203 determinations"),
    ):
        read_section203(year=2021)


def test_a_printed_table_with_states_as_headings(tmp_path):
    found = read_section203(year=2016, source=saved(tmp_path, PRINTED))
    assert found.frame[["state", "jurisdiction", "language"]].to_numpy().tolist() == [
        ["AK", "Aleutians East Borough", "Filipino"],
        ["AK", "Kusilvak Census Area", "Yup'ik"],
        ["CA", "State Coverage", "Hispanic"],
        ["CA", "Los Angeles County", "Chinese (including Taiwanese)"],
        ["CA", "Los Angeles County", "Cambodian"],
        ["CA", "Los Angeles County", "Other Asian—Not specified"],
        ["MA", "Lowell city", "Cambodian"],
    ]
    assert found.frame["group"].tolist() == ["asian", "alaska_native", "spanish", *["asian"] * 4]
    assert found.frame["statewide"].sum() == 1
    assert found.languages_of("los angeles county", state="CA")[0] == "Chinese (including Taiwanese)"
    assert "the 2016 determinations cover 263" in found.notes[0]
    assert any("no Pacific Islander languages" in note for note in found.notes)
    assert any("Only the official determinations decide" in note for note in found.notes)


def test_three_columns_in_other_spellings_and_blanks_below_a_name(tmp_path):
    text = "State,Political subdivision,Language minority group\nCalifornia,Alameda County,Chinese\n,,Korean\n"
    found = read_section203(year=2026, source=saved(tmp_path, text))
    assert found.languages_of("Alameda", state="CA") == ("Chinese", "Korean")
    assert found.sources[0].title == "Determinations under Section 203 of the Voting Rights Act, 2026"
    assert not any("compare it" in note for note in found.notes)


def test_new_york_is_a_county_too(tmp_path):
    text = "State,Jurisdiction,Language\nNY,New York,Chinese\nNY,State of New York,Hispanic\n"
    found = read_section203(year=2026, source=saved(tmp_path, text))
    assert found.frame["statewide"].tolist() == [False, True]


def test_a_language_that_is_not_known_keeps_no_group(tmp_path):
    found = read_section203(year=2026, source=saved(tmp_path, "State,County,Language\nTX,Harris,Klingon\n"))
    assert found.frame["group"].isna().all()
    assert found.notes[0] == "Language groups the kit does not know, kept without a group: Klingon."


def test_a_name_that_stands_for_several(tmp_path):
    text = "State,Jurisdiction,Language\nVA,Fairfax County,Korean\nVA,Fairfax city,Korean\nVA,Fairfax Town,Korean\n"
    found = read_section203(year=2026, source=saved(tmp_path, text))
    assert found.languages_of("Fairfax city", state="VA") == ("Korean",)
    with pytest.raises(InputError, match="'Fairfax' can be Fairfax County, Fairfax Town; give the whole name"):
        found.languages_of("Fairfax", state="VA")


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (
            "State,County\nCA,Kern\n",
            SchemaError,
            "has the columns State, County; expected State, jurisdiction and lang",
        ),
        ("State,County,Language\nXX,Kern,Korean\n", SchemaError, "'XX' is no State. Give its name"),
        ("State,County,Language\nHI,Honolulu,Samoan\n", InputError, "Samoan is a Pacific Islander language group"),
        ("State,County,Language,FLAG_COV\nCA,Kern,Korean,0\n", SchemaError, "has no covered jurisdiction in it"),
        (
            "State and political subdivision,Language minority group\nKern County,Korean\n",
            SchemaError,
            "'Kern County' stands under no State",
        ),
        ("", SchemaError, "cannot be split into columns"),
        ('State,County,Language\nCA,"Kern,Korean\n', SchemaError, "cannot be split into columns"),
    ],
)
def test_lists_that_cannot_be_read(tmp_path, text, error, message):
    with pytest.raises(error, match=message):
        read_section203(year=2026, source=saved(tmp_path, text))


def test_files_that_cannot_be_read(tmp_path):
    for year in (2016, 2026):
        with pytest.raises(NotPublished, match=rf"the list of {year} is not published as a table the kit can fetch"):
            read_section203(year=year)
    with pytest.raises(InputError, match=r"there is no file 'gone\.csv'"):
        read_section203(year=2021, source=tmp_path / "gone.csv")
    with pytest.raises(InputError, match=r"save the list as CSV first; the kit does not read \.xlsx files"):
        read_section203(year=2021, source=saved(tmp_path, "x", "list.xlsx"))
    cut = tmp_path / "cut.zip"
    cut.write_bytes(packed(PUF)[:80])
    with pytest.raises(Corrupt, match=r"cut\.zip is damaged or cut off"):
        read_section203(year=2021, source=cut)
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as pack:
        pack.writestr("a.csv", "x")
        pack.writestr("b.csv", "x")
    with pytest.raises(InputError, match=r"two\.zip holds 2 tables \(a\.csv, b\.csv\); expected one"):
        read_section203(year=2021, source=tmp_path / "two.zip")
    with zipfile.ZipFile(tmp_path / "latin.zip", "w") as pack:
        pack.writestr("Determined_Areas.csv", PUF.replace("Honolulu", "Doña").encode("latin-1"))
    assert read_section203(year=2021, source=tmp_path / "latin.zip").languages_of("Doña", state="HI") == ("Filipino",)


def test_no_name_stands_in_two_groups():
    names = [name for names in GROUPS.values() for name in names]
    assert len(names) == len(set(names))
    assert not set(names) & set(PACIFIC_ISLANDER)
    assert language_group("Asian Indian (including Sikh).") == "asian"
    for name in PACIFIC_ISLANDER:
        with pytest.raises(
            InputError, match="Spanish, Asian, American Indian and Alaska Native languages, and no Pacific"
        ):
            language_group(name.title())


def test_jurisdictions_of_a_language(tmp_path):
    listed = read_section203(year=2021, source=saved(tmp_path, PUF))
    assert listed.for_language("Tagalog")["jurisdiction"].tolist() == ["Honolulu County"]
    assert listed.for_language("Khmer", state="MA")["jurisdiction"].tolist() == ["Lowell city"]
    assert listed.for_language("Mandarin")["state"].tolist() == ["CA"]
    assert listed.for_language("Korean").empty
    assert listed.for_language("Khmer", state="CA").empty
    printed = read_section203(year=2016, source=saved(tmp_path, PRINTED))
    assert printed.for_language("Cantonese")["language"].tolist() == ["Chinese (including Taiwanese)"]
    assert len(printed.for_language("khmer")) == 2
    for language, told in (
        ("Chamorro", "Chamorro is a Pacific Islander language group"),
        ("Punjabi", "several groups of Section 203"),
        ("Klingon", "no language group the kit knows"),
    ):
        with pytest.raises(InputError, match=told):
            listed.for_language(language)


def test_a_list_that_writes_languages_for_groups_is_read(tmp_path):
    text = "State,Jurisdiction,Language minority group\nHI,Honolulu County,Ilocano\nNY,Queens County,Bengali\n"
    found = read_section203(year=2021, source=saved(tmp_path, text))
    assert found.frame["group"].tolist() == ["asian", "asian"]
    assert not any("does not know" in note for note in found.notes)


def test_a_year_that_has_not_come_is_refused(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("State,Jurisdiction,Language\nHawaii,Honolulu County,Filipino\n", encoding="utf-8")
    with pytest.raises(InputError, match="year=2931 has not come yet"):
        read_section203(year=2931, source=path)
