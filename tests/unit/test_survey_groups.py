"""Detailed groups and languages in district tables and on maps, in words that say what was counted."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import kit
from kit.analysis import moe
from kit.maps.words import alt_text
from kit.model.frames import Plan, Source, Units
from kit.model.groups import BASES, DEFINITIONS, base_of, column, definition, who
from kit.model.survey_words import survey_base, survey_group

IDS = pd.Index([f"01001000{n}00" for n in range(1, 5)], dtype="str", name="GEOID")
FRAME = pd.DataFrame(
    {
        "hmong_alone": [30, 40, 0, 10], "hmong_alone_moe": [3.0, 4.0, 12.0, 5.0],
        "asian_alone_pop": [60, 80, 10, 50], "asian_alone_pop_moe": [6.0, 8.0, 5.0, 5.0],
        "total_pop": [600, 800, 100, 500], "total_pop_moe": [60.0, 80.0, 50.0, 50.0],
        "korean_speakers": [20, 20, 20, 20], "korean_speakers_moe": [6.0] * 4,
        "korean_speakers_lep": [5, 6, 7, 8], "korean_speakers_lep_moe": [3.0] * 4,
        "people_5_and_over": [550, 700, 90, 450], "people_5_and_over_moe": [50.0] * 4,
    },
    index=IDS,
)  # fmt: skip


def placed(**changes):
    units = Units(FRAME.assign(**changes), "tract", 2020, (Source("survey", year=2022, uncertainty="sampling MOE"),))
    listed = pd.Series(["1", "1", "2", "2"], index=IDS)
    return kit.place(units, Plan("Two", ("1", "2"), assignment=listed, level="tract", year=2020))


def test_a_detailed_group_by_hand():
    table = kit.concentration(placed(), group="hmong_alone", base="asian_alone_pop")
    one = table.frame.loc["1"]
    assert (one["count"], one["base"], one["share"]) == (70, 140, 0.5)
    assert (one["count_moe"], one["base_moe"]) == (5, 10)
    assert one["share_moe"] == pytest.approx(moe.proportion(70, 5, 140, 10))
    assert table.total["share"] == 80 / 200
    assert "difference_moe" in table.frame
    assert "asian" not in table.frame


def test_the_same_figures_as_district_estimates():
    table = kit.concentration(placed(), group="korean_speakers_lep", base="people_5_and_over")
    other = kit.district_estimates(placed(), ["korean_speakers_lep"], of="people_5_and_over")
    assert other["moe"].tolist() == [*table.frame["count_moe"], table.total["count_moe"]]
    assert other["share_moe"].tolist() == [*table.frame["share_moe"], table.total["share_moe"]]


@pytest.mark.parametrize(
    ("group", "base", "told"),
    [
        (
            "hmong_alone",
            "asian_alone_pop",
            "“Hmong alone” make up 40.0% ± 6.5 points of all residents counted as “Asian ",
        ),
        ("hmong_alone", "pop", "of all residents: 80 of 2,000"),
        ("korean_speakers_lep", "korean_speakers", "of all people who speak Korean at home: 26 of 80"),
        ("korean_speakers", "people_5_and_over", "of all people aged 5 and over: 80 of 1,790"),
    ],
)
def test_the_summary_names_group_and_base(group, base, told):
    assert told in kit.concentration(placed(), group=group, base=base).summary()


def test_tables_name_group_and_base(tmp_path):
    table = kit.concentration(placed(), group="hmong_alone", base="asian_alone_pop")
    page = kit.write_table(table, tmp_path / "t.html").read_text(encoding="utf-8")
    assert ">Hmong alone</th>" in page
    assert ">All residents counted as “Asian alone”</th>" in page
    assert "Counted: people who answered Hmong and no other group or race" in page
    assert "◐ medium" in page or "● high" in page
    row = pd.read_csv(kit.write_table(table, tmp_path / "t.csv")).iloc[0]
    assert (row["definition"], row["universe"]) == ("hmong_alone", "residents counted as “Asian alone”")


def test_districts_of_low_reliability_are_named():
    table = kit.concentration(placed(hmong_alone_moe=[30.0, 4, 12, 5]), group="hmong_alone", base="asian_alone_pop")
    assert table.frame["reliability"].tolist() == ["medium", "low"]
    assert "Shares of low reliability, for use only inside a sum: district 2." in table.notes


def test_units_where_an_estimate_exceeds_its_whole_have_no_share():
    where = placed(hmong_alone=[30, 40, 12, 10])
    shares = kit.unit_shares(where.units, group="hmong_alone", base="asian_alone_pop")
    assert shares["share"].isna().tolist() == [False, False, True, False]
    notes = kit.concentration(where, group="hmong_alone", base="asian_alone_pop").notes
    assert any(note.startswith("In 1 of 4 census tracts the estimate of the group is larger") for note in notes)


def test_a_source_without_the_group_is_told_who_counts_it():
    bare = placed()
    bare = replace(bare, units=replace(bare.units, frame=FRAME[["total_pop", "asian_alone_pop"]]))
    for ask in (lambda: kit.concentration(bare, group="hmong_alone", base="pop"),
                lambda: kit.unit_shares(bare.units, group="hmong_alone", base="pop")):  # fmt: skip
        with pytest.raises(kit.InputError, match=r"'hmong_alone' is Hmong, .*kit\.read_acs"):
            ask()
    with pytest.raises(kit.SchemaError, match="no column 'nhpi_alone_pop'"):
        kit.concentration(placed(), group="hmong_alone", base="nhpi_alone_pop")
    with pytest.raises(kit.SchemaError, match="in 1 districts the group outnumbers its base, first 1"):
        kit.concentration(placed(), group="hmong_alone", base="korean_speakers")


def test_a_missing_estimate_is_refused_and_not_zero():
    with pytest.raises(kit.SchemaError, match=r"1 of 4 census tracts have no value for hmong_alone"):
        kit.concentration(placed(hmong_alone=[30, None, 0, 1]), group="hmong_alone", base="pop")


def test_the_vocabulary_stays_what_it_was():
    assert "hmong_alone" not in DEFINITIONS
    assert "asian_alone_pop" not in BASES
    assert len(BASES) == 5
    assert definition("hmong_alone").cells == ()
    assert column("hmong_alone", "asian_alone_pop") == "hmong_alone"
    assert column("total", "asian_alone_pop") == "asian_alone_pop"
    assert column("total", "pop") == "total_pop"
    assert (who("hmong_alone"), who("total"), who("nh_asian_doj")) == ("Hmong alone", "Everyone", "Asian")
    for wrong in ("hmong", "hmong_alone_pop", "tibetan_alone", "", None, 3, ["pop"]):
        with pytest.raises(kit.InputError):
            definition(wrong)
        with pytest.raises(kit.InputError, match="no base is called"):
            base_of(wrong)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("south_asian_alone", "South Asian alone"),
        ("samoan_aoic", "Samoan, alone or in any combination"),
        ("other_south_asian_alone", "Other South Asian alone"),
        ("korean_speakers", "people who speak Korean at home"),
        ("lep", "people with limited English"),
    ],
)
def test_words(name, short):
    assert survey_group(name).short == short
    assert short in survey_base(name).label


def test_every_column_of_a_survey_table_has_words():
    sample = kit.load_sample("fictional_county")
    for table in ("B02015", "B02016", "C16001"):
        columns = [c.removesuffix("_moe") for c in sample.survey(table).frame.columns if c.endswith("_moe")]
        assert [name for name in columns if survey_base(name) is None] == []


# --- maps -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tracts():
    import geopandas as gpd

    sample = kit.load_sample("fictional_county")
    shapes = gpd.GeoDataFrame({"tract": sample.units.frame["tract"]}, geometry=sample.units.geometry).dissolve("tract")
    units = sample.survey("B02016").with_geometry(shapes)
    return kit.place(units, sample.plans["a"], rule="assignment")


def test_a_map_and_an_exhibit_of_a_detailed_group(tracts, tmp_path):
    ask = {"group": "samoan_alone", "base": "nhpi_alone_pop"}
    ax = kit.map_share(tracts, **ask, breaks=[0, 0.1, 0.25, 0.5, 1])
    legend = ax.figure.legends[0]
    title = " ".join(legend.get_title().get_text().split())
    assert title == "Share of residents counted as “NHPI alone” Samoan alone (definition samoan_alone)"
    told = " ".join(" ".join(text.get_text().split()) for text in ax.figure.texts)
    assert "Counted: people who answered Samoan and no other group or race" in told
    assert "Sampling error: the share is of low reliability in" in told
    table = kit.concentration(tracts, **ask)
    pages = kit.exhibit(ax, table, number="A", title="Samoan residents by district", author="A. Author").save(
        tmp_path / "a.pdf"
    )
    assert pages[0].stat().st_size > 10_000
    assert "share of Samoan alone" in alt_text(ax)


def test_two_maps_of_a_detailed_group(tracts):
    plan = kit.load_sample("fictional_county").plans["b"]
    other = kit.place(tracts.units, plan, rule="assignment")
    axes = kit.map_compare(tracts, other, group="tongan_alone", base="nhpi_alone_pop", breaks=[0, 0.25, 1])
    assert len(axes) == 2
