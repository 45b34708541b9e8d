"""The registry of detail: what each source can count, and what it says when it cannot."""

from __future__ import annotations

import pytest

import kit
from kit.errors import InputError, KitError, NotPublished
from kit.model.acs_tables import GROUP_LAYOUTS, TABLES, groups_known, layout, levels_of, regions_known
from kit.model.detail import DETAIL, PRODUCTS, offers
from kit.model.detail_data import ENTRIES, family, plain, spelled
from kit.model.groups import definition


def test_it_is_public_and_whole():
    assert kit.DETAIL is DETAIL
    assert len(DETAIL) == len(list(DETAIL)) == len(ENTRIES)
    assert all(entry.name == name for name, entry in DETAIL.items())


def test_every_group_has_a_home_up_to_a_race():
    for name, entry in DETAIL.items():
        if entry.kind != "language":
            assert family(name) in {"asian", "nhpi", "aapi"}
        assert not entry.part_of or entry.part_of in DETAIL


def test_regions_as_the_bureau_orders_them():
    assert DETAIL.members("aapi") == ("asian", "nhpi")
    assert DETAIL.members("central_asian") == ("afghan", "kazakh", "uzbek", "other_central_asian")
    assert DETAIL.members("polynesian") == ("native_hawaiian", "samoan", "tongan", "other_polynesian")
    assert DETAIL["hmong"].part_of == "east_asian"
    assert "Southeast Asian" in DETAIL["hmong"].note
    assert DETAIL.members("hmong") == ()


@pytest.mark.parametrize("kind", ["asian", "nhpi", "language"])
def test_no_label_means_two_things(kind):
    texts = [plain(t) for n, e in ENTRIES.items() if family(n) == kind for t in e.spellings]
    assert len(texts) == len(set(texts)) == len(spelled(kind))


@pytest.mark.parametrize(
    ("label", "kind", "name"),
    [
        ("Chinese, except Taiwanese", "asian", "chinese"),
        ("Chinese , except Taiwanese", "asian", "chinese"),
        ("Two or more Asian", "asian", "two_or_more_asian"),
        ("Guamanian or Chamorro", "nhpi", "guamanian_or_chamorro"),
        ("Other Pacific Islander, not specified (check box only)", "nhpi", "other_pacific_islander"),
        ("Chinese (incl. Mandarin, Cantonese):", "language", "chinese_speakers"),
        ("Chinese:", "language", "chinese_speakers"),
        ("Other Asian and Pacific Island languages:", "language", "other_asian_pacific_speakers"),
        ("Martian", "asian", None),
    ],
)
def test_labels_of_any_year_are_read(label, kind, name):
    assert DETAIL.find(label, kind) == name


def test_the_same_code_is_another_group_in_another_year():
    """A published analysis read the 2022 B02015_002 as Asian Indian; it was Chinese."""
    assert layout("B02015", 2021)[2] == (plain("Asian Indian"),)
    assert layout("B02015", 2022)[2] == (plain("Chinese, except Taiwanese"),)
    assert layout("B02015", 2022)[21] == (plain("Asian Indian"),)


@pytest.mark.parametrize(
    ("year", "line", "label"),
    [
        (2021, 7, "Chinese, except Taiwanese"), (2021, 9, "Hmong"), (2021, 12, "Korean"), (2021, 22, "Vietnamese"),
        (2021, 25, "Two or more Asian groups"), (2015, 19, "Sri Lankan"), (2015, 20, "Taiwanese"),
        (2022, 3, "Hmong"), (2022, 5, "Korean"), (2022, 12, "Filipino"), (2022, 19, "Vietnamese"),
        (2022, 29, "Kazakh"), (2022, 34, "Two or more Asian groups"), (2024, 28, "Other South Asian"),
        (2024, 29, "Afghan"), (2024, 30, "Kazakh"), (2024, 35, "Two or more Asian groups"),
    ],
)  # fmt: skip
def test_the_three_layouts_of_detailed_asian_groups(year, line, label):
    assert layout("B02015", year)[line] == (plain(label),)


def test_years_that_are_not_confirmed_are_not_guessed():
    assert layout("B02015", 2023) is None
    assert layout("B02016", 2022) is None
    assert layout("B02018", 2024) is None
    assert layout("B02015", 2025) is None
    with pytest.raises(InputError, match="2009 or later"):
        layout("B02015", 2001)


def test_lines_of_tables_that_hold_no_groups():
    citizens = layout("B05003D", 2022)
    assert [n for n, p in citizens.items() if p[1:2] == ("18 years and over",) and len(p) == 2] == [8, 19]
    assert citizens[9] == ("male", "18 years and over", "native")
    assert citizens[22] == ("female", "18 years and over", "foreign born", "naturalized u.s. citizen")
    languages = layout("C16001", 2022)
    assert languages[15] == ("other indo european",)
    assert languages[20] == ("korean", "speak english less than very well")
    assert languages[30] == ("other asian and pacific island",)
    assert len(layout("B16008", 2022)) == 53


def test_every_layout_names_known_groups():
    for spans in GROUP_LAYOUTS.values():
        for _, _, names in spans:
            assert set(names) <= set(ENTRIES)
            assert len(names) == len(set(names))


def test_a_region_is_counted_only_where_the_table_has_all_of_it():
    assert regions_known("B02015", 2021) == ()
    assert regions_known("B02015", 2022) == ("east_asian", "southeast_asian", "south_asian", "central_asian")
    assert regions_known("B02016", 2021) == ("polynesian", "micronesian", "melanesian")
    assert regions_known("B02018", 2022) == ()
    assert "two_or_more_asian" not in groups_known("B02018", 2021)


def test_languages_in_full_reach_tracts_only_until_2015():
    assert "tract" in levels_of("B16001", 2015)
    assert "tract" not in levels_of("B16001", 2016)


@pytest.mark.parametrize(
    ("name", "asked", "table"),
    [
        ("hmong", {"source": "acs5", "how": "alone", "level": "tract", "year": 2022}, "B02015"),
        ("hmong", {"source": "acs5", "how": "aoic", "level": "tract", "year": 2022}, "B02018"),
        ("hmong", {"source": "acs5", "year": 2012}, "B02006"),
        ("samoan", {"source": "ddhca", "how": "aoic", "level": "county", "year": 2020}, "T01001"),
        ("korean_speakers", {"source": "acs5", "level": "tract", "year": 2022}, "C16001"),
        ("hindi_speakers", {"source": "acs5", "level": "congressional_district"}, "B16001"),
        ("asian", {"source": "acs5", "base": "cvap", "how": "alone"}, "B05003D"),
        ("aapi", {"source": "pl94171", "how": "aoic", "base": "vap", "level": "block"}, "P3"),
        ("nhpi", {"source": "dhc", "level": "block group", "year": 2020}, "P6"),
    ],
)
def test_what_a_source_has(name, asked, table):
    assert DETAIL.require(name, **asked) == table


@pytest.mark.parametrize(
    ("name", "asked", "told"),
    [
        (
            "hmong",
            {"source": "pl94171", "how": "alone", "level": "block"},
            "does not count Hmong alone by census blocks. The nearest it has: Asian alone, table P1, by block or larger.",
        ),
        (
            "hmong",
            {"source": "acs5", "level": "block_group", "year": 2022},
            "does not count Hmong by block groups for 2022. The nearest it has: Hmong alone, table B02015, by tract",
        ),
        (
            "hindi_speakers",
            {"source": "acs5", "level": "tract", "year": 2022},
            "The nearest it has: people who speak Hindi at home, table B16001, by state and congressional district.",
        ),
        (
            "east_asian",
            {"source": "acs5", "level": "tract", "year": 2019},
            "The nearest it has: Chinese, except Taiwanese alone, table B02015, by tract or larger.",
        ),
        (
            "hmong",
            {"source": "acs5", "how": "alone", "year": 2008},
            "The nearest it has: Hmong alone, table B02006, by tract or larger in 2009.",
        ),
        ("samoan", {"source": "cvap"}, "Native Hawaiian and Other Pacific Islander alone, line 6, not Hispanic (cvap)"),
        ("afghan", {"source": "acs5", "year": 2022}, "in 2024. A line of its own in the 2024 table, before Kazakh;"),
        (
            "aapi",
            {"source": "acs5", "how": "aoic"},
            "The nearest it has: Asian or NHPI alone, table B02001, by block group or larger. P.L. 94-171 counts it",
        ),
        (
            "hmong",
            {"source": "cvap", "base": "cvap"},
            "in the citizen voting-age population. The nearest it has: Asian",
        ),
        ("samoan", {"source": "ddhca", "base": "vap"}, "The nearest it has: Samoan alone, table T01001"),
        ("chinese", {"source": "ddhca", "level": "block"}, "does not count Chinese, except Taiwanese by census blocks"),
        ("korean_speakers", {"source": "pl94171"}, "The American Community Survey (5-year) counts it: table C16001"),
        ("south_asian", {"source": "acs5", "how": "aoic", "year": 2022}, "The nearest it has: South Asian alone"),
        ("other_south_asian", {"source": "ddhca"}, "The nearest it has: South Asian alone, table T01001"),
    ],
)
def test_what_a_source_lacks_is_told_with_the_nearest(name, asked, told):
    with pytest.raises(NotPublished) as caught:
        DETAIL.require(name, **asked)
    message = str(caught.value)
    assert told in message
    assert len(message) <= 360


@pytest.mark.parametrize(
    ("name", "asked", "told"),
    [
        (
            "central_asian",
            {"source": "acs5", "how": "alone", "year": 2019},
            "table B02015, by tract or larger in 2022.",
        ),
        ("asian", {"source": "dhc", "how": "aoic", "year": 2022}, "table P6, by block or larger in 2020."),
        (
            "asian",
            {"source": "pl94171", "how": "aoic", "year": 2022},
            "any combination, table P1, by block or larger in",
        ),
        (
            "hmong",
            {"source": "ddhca", "how": "aoic", "year": 2022},
            "combination, table T01001, by tract or larger in 2020.",
        ),
        ("chuukese", {"source": "acs5", "year": 2021}, "table B02016, by tract or larger in 2024."),
    ],
)
def test_the_nearest_year_is_one_in_which_the_source_counts_it(name, asked, told):
    with pytest.raises(NotPublished) as caught:
        DETAIL.require(name, **asked)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("name", "asked", "told"),
    [
        ("hmon", {"source": "acs5"}, "no group or language is called 'hmon'; did you mean hmong"),
        ("hmong", {"source": "sf1"}, "no source is called 'sf1'; sources are pl94171, dhc, ddhca, acs5, cvap"),
        ("hmong", {"source": "acs5", "how": "combo"}, 'how is "alone" or "aoic"'),
        ("hmong", {"source": "acs5", "base": "voters"}, 'base is "pop", "vap" or "cvap"'),
        ("hmong", {"source": "acs5", "level": "parish"}, "no level is called 'parish'"),
    ],
)
def test_a_question_that_cannot_be_understood(name, asked, told):
    with pytest.raises(InputError, match=told):
        DETAIL.require(name, **asked)


def answer(name, source, year):
    try:
        return DETAIL.require(name, source=source, year=year, level="tract")
    except KitError as refused:
        return str(refused)


CVAP_LINES = {"line 4, not Hispanic", "line 6, not Hispanic", "lines 4 and 6, not Hispanic"}


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("asian", "line 4, not Hispanic"),
        ("nhpi", "line 6, not Hispanic"),
        ("aapi", "lines 4 and 6, not Hispanic"),
    ],
)
def test_cvap_names_the_line_of_the_group_asked_for(name, lines):
    assert DETAIL.require(name, source="cvap", how="alone", level="block_group", year=2022) == lines


def test_every_entry_and_source_gives_an_answer_or_a_reason():
    for name in DETAIL:
        assert offers(name), name
        assert DETAIL.measured_by(name)
        for source in PRODUCTS:
            for year in (2012, 2020, 2021, 2022, 2024):
                told = answer(name, source, year)
                assert told in {"P1", "P6", "T01001", *CVAP_LINES} | set(TABLES) or (
                    "does not count" in told and len(told) > 80
                )


def test_tables_say_what_they_hold():
    assert all(table.how in {"", "alone", "aoic"} and table.levels for table in TABLES.values())
    assert "block_group" not in TABLES["B02015"].levels


@pytest.mark.parametrize(
    ("group", "told"),
    [
        (
            "hmong",
            r"'hmong' is Hmong, .* The nearest group here is asian_aoic. kit.read_acs and kit.read_ddhca can be asked",
        ),
        ("samoan", "The nearest group here is nhpi_aoic"),
        ("korean", "'korean' is Korean, .* kit.read_acs and kit.read_ddhca can be asked"),
        ("asian_alon", "did you mean asian_alone"),
    ],
)
def test_a_definition_by_race_is_not_a_group_of_detail(group, told):
    with pytest.raises(InputError, match=told):
        definition(group)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("tagalog", "filipino, tagalog_speakers"), ("Khmer", "cambodian, khmer_speakers"),
        ("mandarin", "chinese, chinese_speakers"), ("cantonese_speakers", "chinese_speakers"),
        ("filipino_speakers", "tagalog_speakers"), ("cambodian_speakers", "khmer_speakers"),
        ("chamorro_speakers", "ilocano_samoan_hawaiian_speakers"), ("hindi", "asian_indian, hindi_speakers"),
        ("bengali", "bangladeshi, asian_indian, bengali_speakers"), ("tagalog_alone", "filipino, tagalog_speakers"),
    ],
)  # fmt: skip
def test_usual_names_of_groups_and_languages(said, meant):
    with pytest.raises(InputError, match=f"called '{said}'; did you mean {meant}\\?"):
        DETAIL[said]


@pytest.mark.parametrize("source", ["acs5", "cvap"])
def test_a_year_that_is_not_out_is_refused(source):
    with pytest.raises(NotPublished, match="does not count Asian for 2026, and the newest year this kit knows is 2024"):
        DETAIL.require("asian", source=source, year=2026)
    assert DETAIL.require("asian", source=source, year=2024)
    assert not offers("hmong", 2025)


@pytest.mark.parametrize("source", ["pl94171", "dhc", "ddhca"])
def test_a_census_that_was_not_taken_is_refused(source):
    with pytest.raises(NotPublished, match="for 2026"):
        DETAIL.require("asian" if source != "ddhca" else "hmong", source=source, year=2026)


@pytest.mark.parametrize("year", ["2022", 2022.0, True])
def test_a_year_is_a_whole_number(year):
    with pytest.raises(InputError, match="give a year as a whole number"):
        DETAIL.require("asian", source="cvap", year=year)


def test_citizens_by_district_begin_with_2016():
    assert DETAIL.require("asian", source="cvap", level="congressional_district", year=2016)
    assert DETAIL.require("asian", source="cvap", level="tract", year=2015)
    with pytest.raises(NotPublished, match="does not count Asian by congressional districts for 2015"):
        DETAIL.require("asian", source="cvap", level="congressional_district", year=2015)
