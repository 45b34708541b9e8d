"""Registration and turnout by hand: rates, margins, gaps, changes, what is refused and what is said."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest

import kit
from kit.analysis import moe
from kit.analysis.participation import RATES, RUNGS, Participation, participation
from kit.analysis.participation_words import areas_named
from kit.errors import InputError
from kit.i18n import catalogues
from kit.model.source import Source
from kit.model.voters import VoterCounts

GROUP = "nh_aapi_alone"
VOTERS = {
    "1": {"total": (800, 500), GROUP: (120, 60)},
    "2": {"total": (600, 420), GROUP: (300, 180)},
}
LIST = Source("an invented list", tables="counts", sample=True)


def counts(rows=VOTERS, **more):
    """Write counts by area and group as registered people and voters."""
    flat = [(area, group, *pair) for area, groups in rows.items() for group, pair in groups.items()]
    frame = pd.DataFrame(flat, columns=["area", "group", "registered", "voted"]).set_index(["area", "group"])
    more = {"election": "2032-11-02", "as_of": "2033-01-05", "sources": (LIST,), **more}
    return VoterCounts(frame.astype("Int64").assign(hidden=False), **more)


@pytest.fixture
def citizens():
    columns = ["nh_aapi_alone_cvap", "nh_aapi_alone_cvap_moe", "total_cvap", "total_cvap_moe"]
    return pd.DataFrame([(200, 40, 1000, 50), (400, 60, 750, 50)], index=["1", "2"], columns=columns)


@pytest.fixture
def adults():
    return pd.DataFrame({"nh_aapi_alone_vap": [300, 500], "total_vap": [1200, 900]}, index=["1", "2"])


@pytest.fixture
def made(citizens, adults):
    return participation(counts(), group=GROUP, citizens=citizens, adults=adults, period=(2028, 2032))


def row(made, area, group=GROUP):
    return made.frame.loc[(area, group)]


def test_the_rungs(made):
    one = made.ladder("1")
    assert list(one.index) == list(RUNGS)
    assert one["count"].tolist() == [300, 200, 120, 60]
    assert one["base"].tolist() == [1200, 1000, 800, 500]
    assert one["share"].tolist() == [0.25, 0.2, 0.15, 0.12]
    assert one["share_moe"].round(6).dropna().to_dict() == {"cvap": round(float(np.sqrt(1500) / 1000), 6)}
    assert not one["hidden"].any()
    assert made.ladder()["count"].tolist() == [800, 600, 420, 240]
    assert made.areas == ["1", "2"]


def test_rates_by_hand(made):
    one = row(made, "1")
    assert one["registration"] == 120 / 200
    assert one["registration_moe"] == pytest.approx(0.6 * 40 / 200)
    assert one["turnout_registered"] == 60 / 120
    assert one["turnout_cvap"] == 60 / 200
    assert one["turnout_cvap_moe"] == pytest.approx(0.3 * 40 / 200)
    assert one["turnout_vap"] == 60 / 300
    assert one["share_of_electorate"] == 60 / 500
    assert one["share_of_registered"] == 120 / 800
    assert row(made, "1", "total")["registration"] == 0.8
    assert row(made, "1", "total")["registration_moe"] == pytest.approx(0.8 * 50 / 1000)


def test_the_whole_place_adds_margins(made):
    whole = row(made, "all")
    assert whole["registration"] == 420 / 600
    assert whole["registration_moe"] == pytest.approx(0.7 * np.hypot(40, 60) / 600)
    assert row(made, "all", "total")["cvap_moe"] == pytest.approx(np.hypot(50, 50))


def test_gaps_by_hand(made):
    gap = made.gaps.loc[("1", "registration")]
    assert gap[["group_rate", "all_rate", "others_rate"]].tolist() == [0.6, 0.8, 0.85]
    assert gap["gap"] == pytest.approx(-0.2)
    # Citizens of the group ± 40 move both rates; the others' ± √(50² − 40²) = 30 move that of all.
    assert gap["gap_moe"] == pytest.approx(np.hypot((0.8 / 1000 - 0.6 / 200) * 40, 0.8 / 1000 * 30))
    assert gap["gap_significant"] is np.True_ or gap["gap_significant"] is True
    assert gap["gap_others"] == pytest.approx(-0.25)
    assert gap["gap_others_moe"] == pytest.approx(np.hypot(0.6 / 200 * 40, 0.85 / 800 * 30))
    assert bool(gap["gap_others_significant"])


def test_the_margin_of_a_gap_against_many_draws(made):
    rng = np.random.default_rng(7)
    z = 1.645
    group, others = 200 + rng.normal(0, 40 / z, 400_000) / 20, 800 + rng.normal(0, 30 / z, 400_000) / 20
    drawn = 120 / group - 800 / (group + others)
    # A twentieth of the error, where the rates are as good as straight lines, and its margin times twenty.
    assert drawn.std() * z * 20 == pytest.approx(made.gaps.loc[("1", "registration"), "gap_moe"], rel=0.01)


def test_counts_have_no_sampling_error(made):
    for rate in ("turnout_registered", "turnout_vap"):
        gap = made.gaps.loc[("1", rate)]
        assert pd.isna(gap["gap_moe"])
        assert pd.isna(gap["gap_significant"])
    assert made.gaps.loc[("1", "turnout_registered"), "gap"] == pytest.approx(0.5 - 0.625)
    assert any("Turnout of registered people has none." in note for note in made.notes)


def test_a_gap_within_its_margin_is_not_significant(citizens):
    wide = citizens.assign(nh_aapi_alone_cvap_moe=[45, 190])
    made = participation(counts(), group=GROUP, citizens=wide)
    gap = made.gaps.loc[("2", "registration")]
    assert abs(gap["gap"]) < gap["gap_moe"]
    assert not bool(gap["gap_significant"])


def test_a_part_with_a_wider_margin_than_its_whole(citizens):
    wide = citizens.assign(nh_aapi_alone_cvap_moe=60)
    gap = participation(counts(), group=GROUP, citizens=wide).gaps.loc[("1", "registration")]
    assert gap["gap_moe"] == pytest.approx(np.hypot(0.6 / 200 * 60, 0.8 / 1000 * 50))


def test_voters_alone_are_enough():
    made = participation(counts(), group=GROUP)
    assert list(made.ladder("1").index) == ["registered", "voted"]
    assert row(made, "2")["turnout_registered"] == 0.6
    assert row(made, "2")["share_of_electorate"] == 180 / 420
    assert made.gaps.loc[("2", "turnout_registered"), "others_rate"] == 240 / 300
    assert np.isnan(row(made, "2")["registration"])
    assert made.frame["vap"].isna().all()
    assert "no sampling error" in made.summary()


def test_more_than_all_is_shown_and_flagged(citizens):
    few = citizens.assign(nh_aapi_alone_cvap=[100, 400])
    made = participation(counts(), group=GROUP, citizens=few)
    assert row(made, "1")["registration"] == 1.2
    assert made.frame["over_100"].tolist() == [True, False, False, False, False, False]
    assert any(note.startswith("In district 1 a rate is more than 100%, and is shown as it is") for note in made.notes)


def test_fewer_than_fifty_have_no_rate(citizens):
    rows = {"1": {"total": (800, 500), GROUP: (49, 25)}, "2": {"total": (600, 420), GROUP: (50, 25)}}
    made = participation(counts(rows), group=GROUP, citizens=citizens.assign(nh_aapi_alone_cvap=[49, 400]))
    one = row(made, "1")
    assert np.isnan(one["turnout_registered"])
    assert np.isnan(one["registration"])
    assert one["registered"] == 49
    assert one["share_of_electorate"] == 0.05
    assert row(made, "2")["turnout_registered"] == 0.5
    assert "Not given: 3 rates of the group of fewer than 50 people." in made.notes
    rows = {"1": {"total": (800, 500), GROUP: (49, 25)}, "2": {"total": (600, 420), GROUP: (50, 25)}}
    assert "Not given: one rate of the group of fewer than 50 people." in participation(counts(rows), group=GROUP).notes
    silent = counts(rows)
    none = dataclasses.replace(silent, frame=silent.frame.assign(voted=pd.array([pd.NA] * 4, dtype="Int64")))
    assert not any("Not given" in note for note in participation(none, group=GROUP).notes)  # no votes, no rate


def test_weak_counts_of_citizens_are_flagged(citizens):
    weak = citizens.assign(nh_aapi_alone_cvap_moe=[150, 60])
    made = participation(counts(), group=GROUP, citizens=weak)
    assert row(made, "1")["reliability"] == "low"
    assert row(made, "2")["reliability"] == "high"
    assert any(note.startswith("In district 1 the count of the group's citizens is of low") for note in made.notes)


HIDDEN = {
    "1": {"total": (800, 500), GROUP: (120, 60)},
    "2": {"total": (600, 420), GROUP: (300, 4)},
    "3": {"total": (600, 400), GROUP: (200, 90)},
}


def test_hidden_is_missing_and_never_zero():
    made = participation(counts(HIDDEN), group=GROUP)
    two = row(made, "2")
    assert pd.isna(two["voted"])
    assert two["hidden"]
    assert two["registered"] == 300
    assert np.isnan(two["turnout_registered"])
    assert np.isnan(two["share_of_electorate"])
    assert pd.isna(row(made, "1")["voted"])  # with it, 4 could be worked out from the total
    assert row(made, "3")["voted"] == 90
    assert row(made, "all")["voted"] == 154
    assert made.ladder("2")["hidden"].to_dict() == {"registered": False, "voted": True}
    assert any(note.startswith("Not shown: figures of 2 areas and groups") for note in made.notes)


def test_counts_that_came_hidden_stay_hidden():
    came = counts(HIDDEN)
    frame = came.frame
    frame.loc[("1", GROUP), ["voted", "hidden"]] = [pd.NA, True]
    made = participation(dataclasses.replace(came, frame=frame), group=GROUP)
    assert pd.isna(row(made, "1")["voted"])
    assert pd.isna(row(made, "all")["voted"])
    assert made.frame.loc[("all", GROUP), "hidden"]


# Two elections


def later(**more):
    rows = {
        "1": {"total": (820, 600), GROUP: (130, 80)},
        "2": {"total": (610, 450), GROUP: (310, 200)},
    }
    return counts(rows, **{"election": "2034-11-07", "as_of": "2035-01-08", **more})


def test_change_between_two_elections(citizens):
    made = participation([counts(), later()], group=GROUP, citizens=citizens, period=(2028, 2032))
    assert row(made, "1")["voted"] == 80
    change = made.changes.loc[("1", GROUP, "registration")]
    assert change[["before", "after"]].tolist() == [0.6, 0.65]
    assert change["change_moe"] == pytest.approx(0.05 * 40 / 200)
    assert made.changes.loc[("all", GROUP, "share_of_electorate"), "after"] == 280 / 1050
    assert not made.one_list
    assert any("The lists of the two elections are of other dates" in note for note in made.notes)
    assert (
        "Voters: election of 2032-11-02, list of 2033-01-05; election of 2034-11-07, list of 2035-01-08. Citizens: "
        "survey of 2028 to 2032, whose middle is the middle of 2030." in made.notes
    )
    assert "up 9.2 points" in made.summary() or "up" in made.summary()


def test_two_elections_of_one_list_are_hidden_together():
    first = {**HIDDEN, "4": {"total": (500, 300), GROUP: (30, 14)}}
    second = {
        area: {g: (r, v + 20 if g == "total" else v + 12) for g, (r, v) in rows.items()} for area, rows in first.items()
    }
    elections = [counts(first, as_of=""), counts(second, election="2034-11-07", as_of="")]
    made = participation(elections, group=GROUP)
    assert made.one_list
    assert any("counted on one list" in note for note in made.notes)
    assert "share of registered people" not in made.summary().split("From the first election")[1].split(".")[0]


def test_one_election_has_no_changes(made):
    assert len(made.changes) == 0
    assert list(made.changes.columns) == ["before", "after", "change", "change_moe"]


# Definitions


def test_names_need_to_be_matched(citizens):
    rows = {
        area: {("asian_surname" if g == GROUP else g): n for g, n in groups.items()} for area, groups in VOTERS.items()
    }
    named = counts(rows, how="surname", groups={"asian_surname": "voters with surnames of Asian origin"})
    with pytest.raises(InputError, match="'asian_surname', which is no definition of adults and citizens"):
        participation(named, group="asian_surname", citizens=citizens)
    made = participation(named, group="asian_surname", citizens=citizens, matches={"asian_surname": GROUP})
    assert made.denominator == GROUP
    assert made.words == "voters with surnames of Asian origin"
    assert row(made, "1", "asian_surname")["registration"] == 0.6
    assert any("count other people than the census definition" in note for note in made.notes)
    assert any("who are not the same people" in note for note in made.notes)
    alone = participation(named, group="asian_surname")
    assert alone.denominator == "asian_surname"


def test_names_are_rounded_to_five():
    rows = {"1": {"total": (800, 500), GROUP: (122, 61)}, "2": {"total": (603, 421), GROUP: (303, 178)}}
    made = participation(counts(rows, how="names"), group=GROUP)
    assert made.frame["registered"].tolist() == [120, 800, 305, 603, 425, 1403]
    assert row(made, "1")["turnout_registered"] == 0.5


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"group": "total"}, "group='total': the voters are counted in these groups: nh_aapi_alone"),
        ({"group": "nh_asian_alone"}, "Choose one of them"),
        ({"matches": {"surnames": GROUP}}, r"matches= speaks of surnames, and the voters are counted as total, nh_aapi"),
        ({"matches": {GROUP: "aapi_aoic"}}, "must have one definition. Count both as 'nh_aapi_alone'"),
        ({"citizens": pd.DataFrame({"aapi_aoic_cvap": [1], "total_cvap": [2]}, index=["1"])},
         "no column nh_aapi_alone_cvap; it counts aapi_aoic"),
        ({"adults": pd.DataFrame({f"{GROUP}_vap": [1], "total_vap": [2]}, index=["1"])},
         "1 areas of the voters are not in the voting-age population.* first 2; it has 1"),
        ({"adults": pd.DataFrame({f"{GROUP}_vap": [1, -5], "total_vap": [2, 3]}, index=["1", "2"])},
         "1 areas have negative counts, first 2"),
        ({"adults": pd.DataFrame({f"{GROUP}_vap": [1, 1], "total_vap": [2, 3]}, index=["1", "1"])},
         "1 areas stand in more than one row"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(change, told):
    with pytest.raises(InputError, match=told):
        participation(counts(), **{"group": GROUP, **change})


def test_elections_that_do_not_fit():
    with pytest.raises(InputError, match="3 elections were given"):
        participation([counts()] * 3, group=GROUP)
    with pytest.raises(InputError, match="give the earlier one first"):
        participation([later(), counts()], group=GROUP)
    with pytest.raises(InputError, match="1 areas are in one of the two elections only, first 3"):
        participation([counts(), counts(HIDDEN, election="2034")], group=GROUP)
    with pytest.raises(InputError, match="an area is called 'all'"):
        participation(counts({"all": VOTERS["1"]}), group=GROUP)


def test_an_area_that_is_not_there(made):
    with pytest.raises(InputError, match="no area is called '7'; areas are 1, 2, all"):
        made.ladder("7")


# From placements and tables of districts


@pytest.fixture(scope="module")
def county():
    return kit.load_sample("fictional_county")


@pytest.fixture(scope="module")
def placed(county):
    """Adults by block, and citizens by block group with the lines of the tabulation, in plan A."""
    lines = county.tables["cvap_block_groups"].assign(GEOID=lambda t: t["geoid"].str.partition("US")[2])
    wide = lines.pivot_table(index="GEOID", columns="lnnumber", values=["cvap_est", "cvap_moe"]).astype("float64")
    names = {1: "total_cvap", 4: "nh_asian_alone_cvap", 6: "nh_nhpi_alone_cvap"}
    frame = pd.DataFrame(
        {
            f"cvap_{n:02d}{end}": wide[f"cvap_{kind}"][n]
            for n in (1, 4, 6, 9, 12)
            for end, kind in (("", "est"), ("_moe", "moe"))
        }
    )
    for number, name in names.items():
        frame[name], frame[f"{name}_moe"] = frame[f"cvap_{number:02d}"], frame[f"cvap_{number:02d}_moe"]
    frame[f"{GROUP}_cvap"] = frame[["cvap_04", "cvap_06"]].sum(axis=1)
    frame[f"{GROUP}_cvap_moe"] = moe.sum(frame[["cvap_04", "cvap_06"]], frame[["cvap_04_moe", "cvap_06_moe"]], axis=1)
    frame.index = frame.index.astype("str")
    source = Source("invented CVAP", year=2022, tables="CVAP", uncertainty="sampling MOE", sample=True)
    units = kit.Units(frame, level="block_group", year=2020, sources=(source,))
    plan = county.plans["a"]
    return kit.place(county.units, plan), kit.place(units, plan, rule="assignment")


@pytest.fixture(scope="module")
def by_district(county, placed):
    """Sum precincts of the sample by the district of plan A in which most of their adults live."""
    blocks = county.units.frame[["vtd", "total_vap"]].assign(district=placed[0].assignment)
    adults = blocks.pivot_table(index="vtd", columns="district", values="total_vap", aggfunc="sum").fillna(0)
    home = adults.idxmax(axis=1)
    table = county.tables["precincts"].set_index("precinct")
    sums = table.select_dtypes("number").groupby(home.reindex(table.index)).sum()

    def of(year, group=GROUP):
        pairs = {
            who: sums[[f"{short}_registered", f"{short}_voted_{year}"]].set_axis(["registered", "voted"], axis=1)
            for who, short in (("total", "total"), (group, GROUP))
        }
        frame = pd.concat(pairs, names=["group", "area"]).swaplevel().assign(hidden=False)
        return VoterCounts(frame, election=str(year), sources=county.units.sources)

    return of


def test_the_fictional_county_by_district(by_district, placed):
    adults, citizens = placed
    made = participation([by_district(2022), by_district(2024)], group=GROUP, citizens=citizens, adults=adults)
    table = kit.concentration(citizens, group=GROUP, base="cvap")
    for district in made.areas:
        one, of = row(made, district), table.frame.loc[district]
        assert one["cvap"] == of["count"]
        assert one["cvap_moe"] == pytest.approx(of["count_moe"])
        assert one["registration"] == pytest.approx(one["registered"] / of["count"])
        assert one["registration_moe"] == pytest.approx(one["registration"] * of["count_moe"] / of["count"])
    whole = row(made, "all")
    assert whole["registered"] == 1799
    assert whole["voted"] == 1257 - 60 or whole["voted"] == 1197
    assert whole["cvap_moe"] == pytest.approx(table.total["count_moe"])
    assert made.period == (2018, 2022)
    assert all(source.sample for source in made.sources if source.tables)
    assert set(made.gaps.index.get_level_values("rate")) == set(RATES)


def test_tables_of_districts_do_as_well_and_must_be_of_the_definition(by_district, placed):
    adults, citizens = placed
    by_table = participation(
        by_district(2024),
        group=GROUP,
        citizens=kit.concentration(citizens, group=GROUP, base="cvap"),
        adults=kit.concentration(adults, group=GROUP, base="vap"),
    )
    by_place = participation(by_district(2024), group=GROUP, citizens=citizens, adults=adults)
    pd.testing.assert_frame_equal(by_table.frame, by_place.frame)
    wrong = kit.concentration(adults, group="aapi_aoic", base="vap")
    with pytest.raises(
        InputError, match="voters are set against 'nh_aapi_alone' in the voting-age population.*'aapi_aoic'"
    ):
        participation(by_district(2024), group=GROUP, adults=wrong)


def test_a_wider_definition_is_bracketed(by_district, placed):
    adults, citizens = placed
    wide = "nh_aapi_doj"
    made = participation(by_district(2024, wide), group=wide, citizens=citizens, adults=adults)
    bracket = kit.cvap_bracket(citizens)
    for district in made.areas:
        one, ends = row(made, district, wide), bracket.loc[district]
        assert np.isnan(one["cvap"])
        assert one[["cvap_low", "cvap_high"]].tolist() == ends[["low", "high"]].tolist()
        assert one["registration_low"] == pytest.approx(one["registered"] / ends["high"])
        assert one["registration_high"] == pytest.approx(one["registered"] / ends["low"])
        assert one["registration_low_moe"] == pytest.approx(one["registration_low"] * ends["high_moe"] / ends["high"])
    ladder = made.ladder()
    assert np.isnan(ladder.loc["cvap", "share"])
    assert ladder.loc["cvap", "share_low"] < ladder.loc["cvap", "share_high"]
    gap = made.gaps.loc[("all", "registration")]
    assert gap["gap_low"] < gap["gap_high"]
    assert np.isnan(gap["gap"])
    assert any("can only be bracketed" in note for note in made.notes)
    assert re.search(r"\d% to \d+\.\d% of citizens of voting age", made.summary())


def test_a_placement_without_the_definition(by_district, placed):
    with pytest.raises(InputError, match="no column asian_aoic_cvap"):
        participation(by_district(2024, "asian_aoic"), group="asian_aoic", citizens=placed[1])


def test_areas_without_voters_are_in_no_figure(citizens):
    more = pd.concat([citizens, citizens.set_axis(["3", "4"])])
    made = participation(counts(), group=GROUP, citizens=more)
    assert row(made, "all")["cvap"] == 600
    assert "2 areas have no counts of voters and are in no figure." in made.notes


# Words


def test_the_summary(made):
    text = made.summary()
    assert text.startswith("People counted as “Asian or NHPI alone, not Hispanic” were 38.1% of adults, 34.3% ± ")
    assert "of citizens of voting age, 30.0% of registered people and 26.1% of those who voted." in text
    assert "Registered people were 70.0% ± 8.4 points of the group's citizens of voting age, and 80.0%" in text
    assert "Of the group's registered people 57.1% voted, and of all registered people 65.7%." in text
    assert "The group's rate was 8.6 points lower." in text
    assert "highest in district 2 (60.0%) and lowest in district 1 (50.0%)" in text
    assert "Turnout of adults understates the participation" in text


MARGINS = {"nh_aapi_alone_cvap_moe": [30, 40]}


def test_gaps_in_words(citizens, made):
    text = made.summary()
    # 70% against 80%: citizens of the group 600 ± 72.1 and of all 1,750 ± 70.7, taken apart, since 72.1 is more.
    assert made.gaps.loc[("all", "registration"), "gap_moe"] == pytest.approx(
        np.hypot(0.7 / 600 * np.sqrt(5200), 0.8 / 1750 * np.sqrt(5000))
    )
    assert re.search(
        r"The group's rate was 10\.0 points ± 9\.0 points lower, more than sampling error explains\.", text
    )
    wide = participation(counts(), group=GROUP, citizens=citizens.assign(nh_aapi_alone_cvap_moe=[120, 150]))
    assert "Given sampling error, the gap of 10.0 points ± " in wide.summary()
    many = participation(counts(), group=GROUP, citizens=citizens.assign(nh_aapi_alone_cvap=[130, 310], **MARGINS))
    assert re.search(r"15\.5 points ± \d+\.\d points higher, more than sampling error explains\.", many.summary())


def test_equal_rates_have_no_sentence_of_a_gap():
    rows = {area: {"total": (800, 400), GROUP: (120, 60)} for area in "12"}
    text = participation(counts(rows), group=GROUP).summary()
    assert "lower" not in text
    assert "highest" not in text  # the two districts are alike


def test_a_group_too_small_for_any_share():
    rows = {"1": {"total": (49, 25), GROUP: (20, 14)}}
    text = participation(counts(rows), group=GROUP).summary()
    assert text.startswith("Too few people are counted as “Asian or NHPI alone, not Hispanic” for any share.")


def test_brackets_that_agree_on_a_gap():
    low, high = [900, 950], [1000, 1100]
    ends = {"aapi_cvap_low": low, "aapi_cvap_high": high, "total_cvap": [3000, 3000]}
    frame = pd.DataFrame(ends | {f"{name}_moe": [30, 30] for name in ends}, index=["1", "2"])
    rows = {area: {"total": (2500, 1500), "aapi_aoic": (400, 200)} for area in "12"}
    made = participation(counts(rows), group="aapi_aoic", citizens=frame)
    gap = made.gaps.loc[("1", "registration")]
    assert gap["gap_low"] == pytest.approx(0.4 - 2500 / 3000)
    assert gap["gap_high"] == pytest.approx(400 / 900 - 2500 / 3000)
    assert bool(gap["gap_significant"])
    assert "At both ends the group's rate was lower, by more than sampling error explains." in made.summary()
    more = {area: {"total": (1500, 700), "aapi_aoic": (800, 500)} for area in "12"}
    text = participation(counts(more), group="aapi_aoic", citizens=frame).summary()
    assert "At both ends the group's rate was higher" in text
    near = {area: {"total": (1000, 700), "aapi_aoic": (333, 200)} for area in "12"}
    assert (
        "At both ends"
        not in participation(counts(near), group="aapi_aoic", citizens=frame).summary().split("Of the")[0]
    )


def test_silent_people_are_counted():
    rows = {
        "1": {"total": (800, 500), GROUP: (120, 60), "not_said": (80, 40), "other_groups": (600, 400)},
        "2": {"total": (600, 420), GROUP: (300, 180), "not_said": (60, 40), "other_groups": (240, 200)},
    }
    made = participation(counts(rows), group=GROUP)
    assert any(
        note == "The list does not say the race of 10.0% of registered people (140); they are in no group, so figures "
        "of groups are too low."
        for note in made.notes
    )


def test_everything_that_is_said_can_be_said_in_another_language(by_district, placed, citizens, monkeypatch):
    adults, units = placed
    bare = counts(HIDDEN, how="surname")
    made = [
        participation([by_district(2022), by_district(2024)], group=GROUP, citizens=units, adults=adults),
        participation(by_district(2024, "nh_aapi_doj"), group="nh_aapi_doj", citizens=units),
        participation([counts(), later()], group=GROUP, citizens=citizens),
        participation(bare, group=GROUP),
    ]
    monkeypatch.setattr(catalogues, "translation", lambda template, _: f"⟦{template}⟧")
    with kit.using(language="vi"):
        for one in made:
            text = one.summary()
            while (fewer := re.sub(r"⟦[^⟦⟧]*⟧", "", text)) != text:
                text = fewer
            assert text.strip() == ""


def test_areas_in_words():
    assert areas_named("county", ["Clay", "Graham"]) == "counties Clay and Graham"
    assert areas_named("ward", [str(n) for n in range(8)]) == "areas 0, 1, 2, 3, 4 and 3 more"


def test_every_column_is_always_there(made):
    bare = participation(counts(), group=GROUP)
    assert list(bare.frame.columns) == list(made.frame.columns)
    assert isinstance(made, Participation)
    assert bare.frame["registered"].dtype == bare.frame["voted"].dtype == "Int64"
    assert made.frame["hidden"].dtype == bool


def test_the_result_cannot_be_changed_from_outside(made):
    frame = made.frame
    frame.loc[("1", GROUP), "registered"] = 1
    assert row(made, "1")["registered"] == 120


def test_a_whole_that_is_held_better_than_its_part(citizens):
    exact = citizens.assign(total_cvap_moe=0)
    gap = participation(counts(), group=GROUP, citizens=exact).gaps.loc[("1", "registration")]
    # Citizens of all are known: of a person more in the group there is one less in the rest.
    assert gap["gap_moe"] == pytest.approx(0.6 * 40 / 200)
    assert gap["gap_others_moe"] == pytest.approx((0.6 / 200 + 0.85 / 800) * 40)


def test_two_elections_of_one_list_of_which_one_came_with_hidden_counts():
    rows = {**HIDDEN, "4": {"total": (500, 300), GROUP: (30, 14)}}
    apart = counts(rows, as_of="2033-01-05")
    frame = apart.frame
    frame.loc[("4", GROUP), ["registered", "hidden"]] = [pd.NA, True]
    before = dataclasses.replace(apart, frame=frame, smallest=11)
    made = participation([before, counts(rows, election="2034-11-07", as_of="2033-01-05")], group=GROUP)
    assert made.one_list
    assert pd.isna(row(made, "4")["registered"])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"counts": pd.DataFrame({"registered": [1]})}, "counts hold a DataFrame; pass what kit.read_registration"),
        ({"counts": []}, "0 elections were given"),
        ({"counts": None}, "counts hold a NoneType"),
        ({"matches": [GROUP]}, "matches=.*: name group and definition"),
        ({"period": (2018,)}, r"period=\(2018,\): give the first and the last year of the survey"),
        ({"period": "2018-2022"}, "period='2018-2022': give the first and the last year"),
        ({"period": (2022, 2018)}, r"period=\(2022, 2018\): give the first and the last year"),
        ({"citizens": {"total_cvap": 5}}, "citizen voting-age population: a dict was given; pass a placement"),
        ({"adults": "table.csv"}, "a str was given; pass a placement"),
    ],
)
def test_what_is_no_table_is_refused(change, told):
    with pytest.raises(InputError, match=told):
        participation(**{"counts": counts(), "group": GROUP, **change})


def test_a_group_of_names_is_never_set_against_everybody(citizens):
    rows = {a: {("asian_surname" if g == GROUP else g): n for g, n in groups.items()} for a, groups in VOTERS.items()}
    with pytest.raises(InputError, match="matches= sets 'asian_surname' against everybody"):
        participation(
            counts(rows, how="surname"), group="asian_surname", citizens=citizens, matches={"asian_surname": "total"}
        )
