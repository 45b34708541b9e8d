"""Need for language help by precinct and polling place, worked by hand; shifts against every plan there is."""

from __future__ import annotations

import csv
import itertools
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kit
from kit.analysis import moe
from kit.analysis.monitor_plan import MonitorPlan, assign_monitors
from kit.analysis.monitor_solver import Choice, best_choice, covered
from kit.analysis.monitoring import MonitoringList, rank_polling_places
from kit.analysis.monitoring_context import standing_203
from kit.analysis.monitoring_counts import rank_intervals
from kit.analysis.section203 import screen_203
from kit.errors import CoverageError, InputError, SchemaError
from kit.i18n.messages import say
from kit.model.frames import Plan, Source, Units
from kit.model.polling import PollingPlaces
from kit.model.voters import EXACT, VoterCounts
from kit.report.monitoring import write_monitoring

TRACTS = ("36061000100", "36061000200")
BLOCKS = tuple(f"{tract}{1000 + i}" for tract in TRACTS for i in range(3))
# Blocks of the group, and their precincts: tract 1 lies in P1 (3 of 4) and P2 (1 of 4), tract 2 in P2 and P3, half each.
GROUP, PRECINCTS = (20, 10, 10, 5, 5, 0), ("P1", "P1", "P2", "P2", "P3", "P3")
LANGUAGES = ("korean", "chinese")
# Polling places of the sample whose precincts are just those of a tract.
WHOLE_TRACTS = {"PP-01": 1, "PP-02": 2, "PP-05": 4, "PP-06": 5, "PP-08": 7, "PP-09": 8, "PP-11": 10, "PP-12": 11}


def blocks(precincts=PRECINCTS, counts=GROUP):
    frame = pd.DataFrame(
        {"aapi_aoic_pop": counts, "total_pop": [100, 50, 50, 40, 30, 10], "vtd": precincts},
        index=pd.Index(BLOCKS, dtype="str", name="GEOID"),
    )
    return Units(frame, "block", 2020, (Source("Blocks by hand", tables="P1", level="block"),))


def survey(**changes):
    columns = {
        "korean_speakers_lep": (80, 0), "korean_speakers_lep_moe": (24.0, 12.0),
        "chinese_speakers_lep": (40, 60), "chinese_speakers_lep_moe": (18.0, 16.0),
        "arabic_speakers_lep": (30, 40), "arabic_speakers_lep_moe": (10.0, 9.0),
        "spanish_speakers_lep": (500, 600), "spanish_speakers_lep_moe": (90.0, 80.0),
    }  # fmt: skip
    frame = pd.DataFrame({**columns, **changes}, index=pd.Index(TRACTS, dtype="str", name="GEOID"))
    return Units(frame, "tract", 2022, (Source("Survey by hand", tables="C16001", uncertainty="sampling MOE"),))


def citizens(counts=(75, 20), margins=(15.0, 8.0), **changes):
    frame = pd.DataFrame(
        {"lep_cvap_not_spanish": counts, "lep_cvap_not_spanish_moe": margins},
        index=pd.Index(TRACTS, dtype="str", name="GEOID"),
    )
    return replace(Units(frame, "tract", 2022, (Source("Citizens by hand", tables="B16008"),)), **changes)


def places(serves=(("A", "P1"), ("A", "P2"), ("B", "P3"))):
    rows = [("A", "Heron Hall", -74.0, 40.7, ""), ("B", "Plover School", -73.9, 40.7, "")]
    return PollingPlaces.of(rows, serves, sources=(Source("Places by hand"),))


def ranked(units=None, table=None, **more):
    return rank_polling_places(units or blocks(), table or survey(), languages=more.pop("languages", LANGUAGES), **more)


# --- estimates -------------------------------------------------------------------------------------


def test_precincts_by_hand():
    found = ranked().frame
    assert found.index.tolist() == ["P1", "P2", "P3"]
    # Tract 1 has 120 speakers ± √(24² + 18²) = 30, tract 2 has 60 ± √(12² + 16²) = 20.
    assert found["speakers"].tolist() == pytest.approx([90, 30 + 30, 30])
    assert found["speakers_moe"].tolist() == pytest.approx([22.5, math.hypot(7.5, 10), 10])
    assert found["korean"].tolist() == pytest.approx([60, 20, 0])
    assert found["chinese"].tolist() == pytest.approx([30, 10 + 30, 30])
    assert found["chinese_moe"].tolist() == pytest.approx([13.5, math.hypot(4.5, 8), 8])
    assert found["residents"].tolist() == [150, 90, 40]
    assert found["precincts"].tolist() == ["P1", "P2", "P3"]


def test_the_whole_adds_up():
    found = ranked()
    assert found.total["speakers"] == pytest.approx(180)
    assert found.total["speakers_moe"] == pytest.approx(math.hypot(30, 20))
    assert found.frame["speakers"].sum() == pytest.approx(180)
    assert ranked(places=places()).frame["speakers"].sum() == pytest.approx(180)


def test_polling_places_add_the_parts_of_a_tract_before_its_margin():
    found = ranked(places=places()).frame
    assert found["name"].tolist() == ["Heron Hall", "Plover School"]
    assert found["precincts"].tolist() == ["P1; P2", "P3"]
    assert found["speakers"].tolist() == pytest.approx([150, 30])
    # All of tract 1 and half of tract 2: not the margins of P1 and P2 added in squares.
    assert found["speakers_moe"].tolist() == pytest.approx([math.hypot(30, 10), 10])
    assert found["residents"].tolist() == [240, 40]
    assert found["longitude"].tolist() == [-74.0, -73.9]


def test_a_placement_in_precincts_gives_the_same():
    units = blocks()
    labels = units.frame["vtd"].rename("district")
    placed = kit.place(units, Plan("Precincts", ("P1", "P2", "P3"), assignment=labels, level="block", year=2020))
    pd.testing.assert_frame_equal(ranked(placed).frame, ranked().frame)


def test_citizens_by_hand():
    # Tract 1: 120 of 150 speakers, 0.8, of 75 voting-age citizens; tract 2: 60 of 100 of 20.
    found = ranked(citizens=citizens(), units=blocks(precincts=("P1",) * 3 + ("P2",) * 3))
    assert found.measure == "citizens"
    assert found.frame["citizens"].tolist() == pytest.approx([60, 12])
    whole, part = math.hypot(30, 10), 30
    share = math.sqrt(part**2 - (0.8 * whole) ** 2) / 150
    assert found.frame.loc["P1", "citizens_moe"] == pytest.approx(math.hypot(0.8 * 15, 75 * share))
    assert "citizens were held" not in found.summary()
    assert "table B16008" in found.summary()


def test_citizens_are_never_more_than_speakers():
    found = ranked(citizens=citizens(counts=(200, 20)), units=blocks(precincts=("P1",) * 3 + ("P2",) * 3))
    assert found.frame.loc["P1", "citizens"] == pytest.approx(120)
    assert "so that citizens were held to the speakers: 1." in found.summary()


def test_citizens_where_nobody_speaks_such_a_language():
    bare = survey(korean_speakers_lep=(80, 0), chinese_speakers_lep=(40, 0), arabic_speakers_lep=(30, 0))
    found = ranked(table=bare, citizens=citizens(counts=(75, 0)), units=blocks(precincts=("P1",) * 3 + ("P2",) * 3))
    assert found.frame.loc["P2", ["citizens", "citizens_moe"]].tolist() == pytest.approx([0, 16.0])


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        (
            lambda: replace(citizens(), frame=survey().frame),
            "no column lep_cvap_not",
        ),
        (lambda: citizens(year=2021), "citizens= is of 2021 and lacks 0 of the 2 census tracts of the survey of 2022"),
        (lambda: replace(citizens(), frame=citizens().frame.iloc[:1]), "lacks 1 of the 2 census tracts"),
    ],
)
def test_citizens_of_other_tracts_or_years_are_refused(given_, message):
    with pytest.raises(SchemaError, match=message):
        ranked(citizens=given_())


def test_a_missing_estimate_stays_missing():
    found = ranked(table=survey(korean_speakers_lep=(80, None), korean_speakers_lep_moe=(24.0, None)))
    assert found.frame["speakers"].isna().tolist() == [False, True, True]
    assert found.frame.loc["P2", ["rank", "rank_low", "rank_high"]].isna().all()
    # P1 may still be behind the two that are not known.
    assert found.frame.loc["P1", ["rank", "rank_low", "rank_high"]].tolist() == [1, 1, 3]
    assert "Rows without an estimate or a margin, which are not ranked: 2." in found.summary()


def test_another_weight_stands_in_where_nobody_of_the_group_lives():
    found = ranked(blocks(counts=(20, 10, 10, 0, 0, 0)))
    assert found.frame.loc["P3", "speakers"] == pytest.approx(60 * 40 / 80)
    told = "Where no block of a tract shows anybody of that group, total_pop was used: 1 tracts with 60 speakers."
    assert told in found.notes


def test_the_sum_of_the_groups_is_the_tables_own():
    county = kit.load_sample("fictional_county")
    table = county.survey("C16001")
    found = rank_polling_places(county.units, table, precinct="tract")
    own = table.frame[["asian_pacific_languages_lep", "asian_pacific_languages_lep_moe"]]
    assert found.frame.loc[own.index, "speakers"].tolist() == pytest.approx(own.iloc[:, 0].tolist())
    assert found.frame.loc[own.index, "speakers_moe"].tolist() == pytest.approx(own.iloc[:, 1].tolist())


def test_inputs_are_not_changed():
    units, table, spots = blocks(), survey(), places()
    before = units.frame.copy(), table.frame.copy(), spots.frame.copy()
    ranked(units, table, places=spots)
    for now, then in zip((units.frame, table.frame, spots.frame), before, strict=True):
        pd.testing.assert_frame_equal(now, then)


@pytest.mark.parametrize(
    ("more", "error", "message"),
    [
        ({"languages": ()}, InputError, "name at least one group of languages, such as 'korean', in a list"),
        ({"languages": "korean"}, InputError, "in a list"),
        ({"languages": ["hmong"]}, SchemaError, r"no column hmong_speakers_lep.*at hand: korean, chinese, arabic"),
        ({"precinct": "ward"}, SchemaError, "no column 'ward' of precincts; columns are aapi_aoic_pop"),
        ({"weight": "asian_pop"}, SchemaError, "no column 'asian_pop' to use as a weight"),
        ({"units": "bare"}, CoverageError, "none of the 6 census blocks has a precinct"),
        ({"places": places(())}, SchemaError, "does not say which precincts vote where"),
        ({"places": places([("A", "1")])}, SchemaError, r"none of the 1 precincts of the polling places \(such as 1\)"),
    ],
)
def test_what_cannot_be_ranked(more, error, message):
    if more.get("units") == "bare":
        more = {"units": blocks(precincts=(None,) * 6)}
    with pytest.raises(error, match=message):
        ranked(**more)


def test_notes_on_precincts_that_do_not_match():
    units = blocks(precincts=("P1", "P1", "P2", "P2", "P3", None))
    found = ranked(units, places=places([("A", "P1"), ("B", "P1"), ("A", "P2"), ("A", "P9")]))
    told = " ".join(found.notes)
    assert "Without a precinct: 1 census block; 0 speakers of limited English there are in no row." in told
    assert "In the list of polling places and in no block here: 1 precinct (P9)." in told
    assert (
        "Without a polling place in the list: 1 precinct (P3); 30 speakers of limited English there are in no" in told
    )
    assert "With more than one polling place: 1 precinct (P1), counted in full at each" in told
    assert found.frame.loc["B", "speakers"] == pytest.approx(90)


def test_a_place_without_a_known_precinct_is_missing_and_not_none():
    found = ranked(places=places([("A", "P1"), ("B", "P9")]))
    assert found.frame.index.tolist() == ["A", "B"]
    row = found.frame.loc["B"]
    assert row[["rank", "speakers", "speakers_moe", "residents", "korean"]].isna().all()
    assert row["precincts"] == ""


# --- ranks and their doubt ---------------------------------------------------------------------------


def test_ranks_by_hand():
    found = rank_intervals(pd.Series([100.0, 80, 50, 10]), pd.Series([15.0, 15, 10, 5]))
    # 100 and 80 differ by 20, within √(15² + 15²) = 21.2; 80 and 50 by 30, beyond √(15² + 10²) = 18.0.
    assert found["rank"].tolist() == [1, 2, 3, 4]
    assert found["rank_low"].tolist() == [1, 1, 3, 4]
    assert found["rank_high"].tolist() == [2, 2, 3, 4]


def test_equal_estimates_share_a_rank_even_without_margins():
    found = rank_intervals(pd.Series([5.0, 0.1 + 0.2, 0.3]), pd.Series([0.0, 0, 0]))
    assert found["rank"].tolist() == [1, 2, 2]
    assert found["rank_low"].tolist() == [1, 2, 2]
    assert found["rank_high"].tolist() == [1, 3, 3]


def test_a_difference_of_just_its_margin_is_not_told_apart():
    found = rank_intervals(pd.Series([25.0, 20.0]), pd.Series([3.0, 4.0]))
    assert found["rank_low"].tolist() == [1, 1]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), min_size=1, max_size=9))
def test_open_ranks_agree_with_the_test_of_two_estimates(pairs):
    # No two whole numbers differ by just the margin of their difference.
    values, margins = pd.Series([float(one) for one, _ in pairs]), pd.Series([margin + 0.37 for _, margin in pairs])
    found = rank_intervals(values, margins)
    for here in range(len(pairs)):
        z = [
            moe.significance(values[here], margins[here], values[there], margins[there]) for there in range(len(pairs))
        ]
        apart = [bool(one.significant) for one in z]
        above = sum(sure and values[there] > values[here] for there, sure in enumerate(apart))
        below = sum(sure and values[there] < values[here] for there, sure in enumerate(apart))
        assert found.loc[here, "rank_low"] == 1 + above
        assert found.loc[here, "rank_high"] == len(pairs) - below
        assert found.loc[here, "rank_low"] <= found.loc[here, "rank"] <= found.loc[here, "rank_high"]


def test_many_rows_are_ranked_in_parts():
    values = pd.Series(np.arange(1200, 0, -1.0))
    found = rank_intervals(values, pd.Series(np.full(1200, 1.0)))
    # Neighbours differ by 1, within √2; those two apart by 2, beyond it.
    assert found.loc[600, ["rank", "rank_low", "rank_high"]].tolist() == [601, 600, 602]


def test_equal_rows_stand_by_id():
    table = survey(korean_speakers_lep=(0, 0), chinese_speakers_lep=(40, 40))
    found = ranked(blocks(precincts=("P10",) * 3 + ("P9",) * 3), table).frame
    assert found.index.tolist() == ["P9", "P10"]
    assert found["rank"].tolist() == [1, 1]


# --- Section 203 -----------------------------------------------------------------------------------


def screen(language="Vietnamese", limited=9_990):
    table = pd.DataFrame({"lep": [limited], "lep_moe": [500], "cvap": [500_000], "cvap_moe": [0]}, index=["county"])
    return screen_203(table, language=language, limited="lep", citizens="cvap")


EVERY = ("korean", "chinese", "vietnamese", "tagalog", "other_asian_pacific")


def test_standing_by_language():
    listed = ["Chinese (including Taiwanese)", "Cambodian", "Hispanic", "Filipino", "Asian Indian"]
    law, notes = standing_203(EVERY, listed, [screen()], None)
    assert law["standing"].to_dict() == {
        "korean": "not on the list", "chinese": "covered", "vietnamese": "may be near the line",
        "tagalog": "covered", "other_asian_pacific": "covered",
    }  # fmt: skip
    assert law.loc["other_asian_pacific", "listed_as"] == "Cambodian"
    assert law.loc["chinese", "listed_as"] == "Chinese (including Taiwanese)"
    assert law.loc["vietnamese", "screen"].startswith("may be near the line: the interval holds 10,000")
    assert len(notes) == 1
    assert "on the official list for Asian Indian too" in notes[0]


def test_standing_where_the_list_was_not_looked_up():
    law, notes = standing_203(EVERY, None, [screen(limited=50)], None)
    assert set(law["standing"]) == {"not looked up"}
    assert law.loc["vietnamese", "screen"].startswith("estimates below the line")
    assert notes == []
    law, _ = standing_203(EVERY, (), [], None)
    assert set(law["standing"]) == {"not on the list"}


def test_indo_european_languages_where_they_are_counted():
    law, notes = standing_203(("other_indo_european",), ["Asian Indian"], [], None)
    assert law.loc["other_indo_european", "standing"] == "covered"
    assert notes == []


def test_a_screen_of_several_areas_needs_a_name():
    several = replace(screen(), frame=pd.concat([screen().frame, screen().frame.set_axis(["other"])]))
    assert standing_203(EVERY, None, [several], "county")[0].loc["vietnamese", "standing"] == "may be near the line"
    with pytest.raises(InputError, match="has 2 areas; name the jurisdiction with area=, such as 'county'"):
        standing_203(EVERY, None, [several], None)
    with pytest.raises(InputError, match="has no area 'x'; it has county, other"):
        standing_203(EVERY, None, [several], "x")


def test_pacific_languages_are_refused_as_the_law_leaves_them_out():
    with pytest.raises(InputError, match="Samoan is a Pacific Islander language"):
        ranked(section203=["Samoan"])


def test_the_summary_says_how_the_law_stands():
    found = ranked(section203=["Korean"], languages=LANGUAGES, jurisdiction="A county")
    told = found.summary()
    assert "On the official list of Section 203 here: Korean." in told
    assert "Not on the official list of Section 203: Chinese." in told
    assert "A screen, not a determination" not in told
    near = ranked(section203=[], screens=[screen("Chinese")]).summary()
    assert "above the line of Section 203 or near it, and not known to be on the official list: Chinese." in near
    assert "A screen, not a determination" in near
    assert "was not looked up for Korean and Chinese." in ranked().summary()


# --- turnout ---------------------------------------------------------------------------------------


def voters(rows, **more):
    """Make voter counts of rows: area, group, registered, voted, hidden."""
    frame = pd.DataFrame(rows, columns=["area", "group", "registered", "voted", "hidden"])
    frame = frame.astype({"registered": "Int64", "voted": "Int64", "hidden": "bool"}).set_index(["area", "group"])
    given_ = {"by": "precinct", "groups": {"nh_aapi_alone": "Asian or NHPI alone"}, "election": "2024", **more}
    return VoterCounts(frame, sources=(Source("Voters by hand"),), **given_)


COUNTS = [
    ("P1", "total", 400, 200, False), ("P1", "nh_aapi_alone", 60, 24, False),
    ("P2", "total", 200, 120, False), ("P2", "nh_aapi_alone", 40, 26, False),
    ("P3", "total", 100, 50, False), ("P3", "nh_aapi_alone", None, None, True),
]  # fmt: skip


def test_turnout_gap_by_hand():
    found = ranked(turnout=voters(COUNTS)).frame
    assert found.loc["P1", ["group_turnout", "turnout", "turnout_gap"]].tolist() == pytest.approx([0.4, 0.5, -0.1])
    # Fewer than 50 are registered in P2, and P3 is hidden.
    assert found.loc[["P2", "P3"], "turnout_gap"].isna().all()
    assert found.loc["P2", "turnout"] == pytest.approx(0.6)
    both = ranked(places=places([("A", "P1"), ("A", "P2"), ("B", "P3")]), turnout=voters(COUNTS))
    assert both.frame.loc["A", "turnout_gap"] == pytest.approx(50 / 100 - 320 / 600)
    assert pd.isna(both.frame.loc["B", "turnout_gap"])
    assert "The group's turnout is under that of everybody in 1 of 1 rows that have both." in both.summary()
    assert "Turnout is of registered people in 2024: the group “Asian or NHPI alone” less everybody" in both.summary()
    assert "No turnout gap is shown in 1 of 2 rows" in both.summary()


@pytest.mark.parametrize(("registered", "voted"), [(49, 24), (60, 10), (60, 50), (60, 60), (60, 0)])
def test_small_counts_are_not_shown(registered, voted):
    rows = [("P1", "total", 400, 200, False), ("P1", "nh_aapi_alone", registered, voted, False)]
    found = ranked(turnout=voters(rows))
    assert found.frame["turnout_gap"].isna().all()
    assert "No turnout gap can be shown." in found.summary()
    assert "Not in the voter counts: 2 precincts." in found.summary()


@pytest.mark.parametrize(
    ("everybody", "shown"),
    [((65, 27), False), ((90, 34), False), ((90, 44), False), ((90, 35), True), ((60, 24), True)],
)
def test_a_rate_never_tells_of_a_few_others(everybody, shown):
    rows = [("P1", "total", *everybody, False), ("P1", "nh_aapi_alone", 60, 24, False)]
    found = ranked(turnout=voters(rows)).frame
    assert found.loc["P1", ["group_turnout", "turnout_gap"]].notna().tolist() == [shown, shown]
    assert found.loc["P1", "turnout"] == pytest.approx(everybody[1] / everybody[0])


def test_rates_do_not_carry_the_note_of_exact_counts():
    notes = (say(EXACT), "The list has one answer on race.")
    found = ranked(turnout=voters(COUNTS, notes=notes))
    assert not any("exact, small ones too" in note for note in found.notes)
    assert notes[1] in found.notes


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (
            {"turnout_group": "asian"},
            InputError,
            "no group 'asian'; they have total, nh_aapi_alone. Pass turnout_group=",
        ),
        (
            {"turnout": voters([("X", "total", 9, 5, False), ("X", "nh_aapi_alone", 9, 5, False)])},
            SchemaError,
            "such as X",
        ),
        ({"turnout": voters([("P1", "nh_aapi_alone", 9, None, False)])}, InputError, "have no votes in them"),
    ],
)
def test_voter_counts_that_do_not_fit(change, error, message):
    with pytest.raises(error, match=message):
        ranked(**{"turnout": voters(COUNTS), **change})


# --- shifts ----------------------------------------------------------------------------------------


def team(**columns):
    return pd.DataFrame({"monitor": ["m-1", "m-2"], "languages": ["Korean", "Mandarin"], **columns})


def test_shifts_by_hand():
    found = ranked()  # Korean 60, 20, 0 and Chinese 30, 40, 30 in P1, P2, P3
    plan = assign_monitors(found, team())
    assert plan.frame[["place", "monitor", "languages"]].to_numpy().tolist() == [
        ["P1", "m-1", "korean"],
        ["P2", "m-2", "chinese"],
    ]
    assert plan.frame["people"].tolist() == pytest.approx([60, 40])
    assert (plan.need, plan.covered, plan.in_part) == pytest.approx((180, 100, 0))
    assert plan.unmet[["place", "language", "reason"]].to_numpy().tolist() == [
        ["P1", "chinese", "no shift is left"],
        ["P3", "chinese", "no shift is left"],
        ["P2", "korean", "no shift is left"],
    ]
    assert plan.monitors.to_dict("index") == {"m-1": {"shifts": 1, "used": 1}, "m-2": {"shifts": 1, "used": 1}}
    assert plan.summary().startswith("2 of 2 shifts are given out: 100 of 180 speakers of limited English are covered.")
    assert "does not tell Mandarin, Cantonese" in plan.summary()


def test_one_monitor_with_both_languages_saves_a_shift():
    table = pd.DataFrame({"monitor": ["a", "b", "c"], "languages": ["Korean", "Chinese", "Korean;Chinese"]})
    plan = assign_monitors(ranked(), table, first=1)
    assert plan.frame[["place", "monitor"]].to_numpy().tolist() == [["P1", "c"]]
    assert plan.monitors["used"].tolist() == [0, 0, 1]


def test_at_most_so_many_stand_at_a_place():
    plan = assign_monitors(ranked(), team(), per_place=1, first=1)
    assert plan.frame["monitor"].tolist() == ["m-1"]
    both = assign_monitors(ranked(), team(), per_place=2, first=1)
    assert both.frame["monitor"].tolist() == ["m-1", "m-2"]
    assert not len(both.unmet)


def test_ties_go_to_the_first_ids_whatever_the_order_of_rows():
    same = survey(korean_speakers_lep=(0, 0), chinese_speakers_lep=(40, 40))
    found = ranked(blocks(precincts=("P1",) * 3 + ("P2",) * 3), same)
    table = pd.DataFrame({"monitor": ["c", "a", "b"], "languages": "Chinese"})
    for rows in itertools.permutations(range(3)):
        plan = assign_monitors(found, table.iloc[list(rows)], per_place=1)
        assert sorted(plan.frame["monitor"]) == ["a", "b"]
        one = assign_monitors(found, table.iloc[list(rows)].head(1), per_place=1)
        assert one.frame["place"].tolist() == ["P1"]


def test_nobody_is_sent_too_far():
    spots = ranked(places=places())
    table = team(longitude=[-74.0, -73.9], latitude=[40.7, 40.7], max_km=[1.0, None])
    plan = assign_monitors(spots, table, max_km=5)
    # Chinese 70 at A is 8.4 km from m-2; 30 at B is next door.
    assert plan.frame[["place", "monitor"]].to_numpy().tolist() == [["A", "m-1"], ["B", "m-2"]]
    assert plan.unmet[["place", "language", "reason"]].to_numpy().tolist() == [
        ["A", "chinese", "too far for every monitor who speaks it"]
    ]
    near = assign_monitors(spots, table, max_km=10)
    assert near.frame[["place", "monitor"]].to_numpy().tolist() == [["A", "m-1"], ["A", "m-2"]]
    assert "-73.9" not in near.frame.to_csv() + near.monitors.to_csv() + near.summary()


def test_the_shorter_way_is_taken_among_plans_that_cover_the_same():
    spots = ranked(places=places())
    table = pd.DataFrame(
        {"monitor": ["a", "b"], "languages": "Korean;Chinese", "longitude": [-73.9, -74.0], "latitude": 40.7}
    )
    plan = assign_monitors(spots, table)
    assert plan.frame[["place", "monitor"]].to_numpy().tolist() == [["A", "b"], ["B", "a"]]


def test_languages_of_a_wide_group_are_covered_in_part():
    table = survey().frame.rename(columns=lambda name: name.replace("korean", "other_asian_pacific"))
    found = ranked(table=replace(survey(), frame=table), languages=("other_asian_pacific", "chinese"))
    plan = assign_monitors(found, pd.DataFrame({"monitor": ["k", "x"], "languages": ["Khmer", "English"], "shifts": 2}))
    assert plan.covered == plan.in_part == pytest.approx(80)
    assert "Other Asian and Pacific Island languages are many languages" in plan.summary()
    assert "Without a language of this list: 1 monitor (x)." in plan.summary()
    assert plan.unmet["reason"].tolist() == ["no monitor speaks it"] * 3


def test_nobody_to_send():
    plan = assign_monitors(ranked(), team(shifts=[0, 0]))
    assert not len(plan.frame)
    assert plan.covered == 0
    assert plan.summary().startswith("0 of 0 shifts are given out: 0 of 180 speakers of limited English are covered.")
    none = assign_monitors(ranked(), team().head(0))
    assert len(none.unmet) == 5


def test_rows_without_an_estimate_are_left_out():
    found = ranked(places=places([("A", "P1"), ("B", "P9")]))
    plan = assign_monitors(found, team(shifts=[5, 5]))
    assert set(plan.frame["place"]) == {"A"}
    assert "Rows without an estimate, where nobody is sent: 1." in plan.summary()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"per_place": 0}, "per_place=0; pass a whole number, 1 or more"),
        ({"first": True}, "first=True"),
        ({"max_km": -1}, "max_km=-1; pass kilometres"),
        ({"max_km": 5}, "max_km is given and no monitor has coordinates"),
        ({"monitors": team(longitude=-74.0, latitude=40.7)}, "monitors have coordinates and the list has none"),
        ({"monitors": team(email="a@example.org")}, "look like contact data"),
        ({"found": "list"}, "a MonitoringList is due"),
    ],
)
def test_shifts_that_cannot_be(more, message):
    with pytest.raises(InputError, match=message):
        assign_monitors(**{"found": ranked(), "monitors": team(), **more})


def test_too_large_a_task_is_refused():
    many = pd.DataFrame({"monitor": [f"m-{i}" for i in range(7000)], "languages": "Korean"})
    with pytest.raises(InputError, match="7,000 monitors and 3 places are more than 20,000 pairs"):
        assign_monitors(ranked(), many)


def every_choice(choice):
    """Give every set of pairs that the limits allow."""
    size = choice.reach.shape
    free = np.argwhere(choice.reach)
    for picked in itertools.product((False, True), repeat=len(free)):
        chosen = np.zeros(size, dtype=bool)
        chosen[tuple(free[list(picked)].T)] = True
        if (chosen.sum(axis=1) <= choice.shifts).all() and (chosen.sum(axis=0) <= choice.most).all():
            yield chosen


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_other_plan_covers_more_or_as_much_with_fewer_shifts_or_a_shorter_way(data):
    monitors, sites, tongues = (data.draw(st.integers(1, most)) for most in (3, 3, 3))

    def drawn(shape, values):
        size = int(np.prod(shape))
        return np.array(data.draw(st.lists(values, min_size=size, max_size=size))).reshape(shape)

    choice = Choice(
        need=drawn((sites, tongues), st.sampled_from([0.0, 1.0, 2.5, 7.0, 40.0])),
        speaks=drawn((monitors, tongues), st.booleans()),
        shifts=drawn((monitors,), st.integers(0, 2)),
        reach=drawn((monitors, sites), st.booleans()),
        km=drawn((monitors, sites), st.sampled_from([0.0, 1.0, 3.0])),
        most=data.draw(st.integers(1, 2)),
    )
    chosen = best_choice(choice)
    tried = [(-covered(choice, one), int(one.sum()), float(choice.km[one].sum())) for one in every_choice(choice)]
    mine = (-covered(choice, chosen), int(chosen.sum()), float(choice.km[chosen].sum()))
    assert any((chosen == one).all() for one in every_choice(choice))
    assert mine == pytest.approx(min(tried))


# --- the file --------------------------------------------------------------------------------------


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_list_as_a_table(tmp_path):
    found = ranked(places=places(), section203=["Korean"], turnout=voters(COUNTS), citizens=citizens())
    plan = assign_monitors(found, team())
    rows = rows_of(write_monitoring(found, tmp_path / "list.csv", plan=plan))
    first = rows[0]
    assert [row["Polling place"] for row in rows] == ["Heron Hall", "Plover School"]
    assert (first["Id"], first["Precincts"], first["Rank by estimate"]) == ("A", "P1; P2", "1")
    assert first["People aged 5 and over, citizens or not, of limited English"] == "150"
    assert first["People aged 5 and over, citizens or not, of limited English: margin (90%)"] == "32"
    assert first["Voting-age citizens of limited English"] == "66"
    assert first["Korean, limited English"] == "80"
    assert first["Section 203: covered here"] == "Korean"
    assert rows[1]["Section 203: covered here"] == "none"
    assert first["Turnout gap (points)"] == "-3.3"
    assert rows[1]["Turnout gap (points)"] == "not available"
    assert first["Monitors"] == "m-1; m-2"
    assert rows[1]["Monitors"] == "none"
    assert rows[1]["Languages without a monitor"] == "Chinese"
    assert first["Counted"] == "Voting-age citizens of limited English, by language spoken at home"
    assert "taken as exact" in first["Uncertainty"]
    assert "tables B16008" in first["Source"]
    assert first["Note"] == "Not legal advice; confirm with counsel."
    assert "Address" not in first


def test_a_table_of_precincts_says_what_was_not_looked_up(tmp_path):
    found = ranked(jurisdiction="=A county")
    assert "180 ± 36 in =A county. " in found.summary()
    rows = rows_of(write_monitoring(found, tmp_path / "list.csv"))
    assert rows[0]["Jurisdiction"] == "'=A county"
    assert [row["Precinct"] for row in rows] == ["P1", "P2", "P3"]
    assert rows[0]["Section 203: covered here"] == "not looked up"
    assert rows[1]["Ranks that sampling error leaves open"] == "2"
    assert "Polling place" not in rows[0]


def test_formulas_do_not_reach_a_spreadsheet(tmp_path):
    rows = [("=cmd()", "@SUM(1)", -74.0, 40.7, "+1 Heron Way"), ("B", "Plover", -73.9, 40.7, "")]
    spots = PollingPlaces.of(rows, [("=cmd()", "P1"), ("B", "P2")])
    text = write_monitoring(ranked(places=spots), tmp_path / "list.csv").read_text("utf-8-sig")
    assert ",'@SUM(1),'=cmd(),'+1 Heron Way," in text
    assert ",-74.0,40.7," in text  # a number stays a number
    assert text.startswith("Rank by estimate,")


def test_the_table_is_written_whole_or_not_at_all(tmp_path):
    target = tmp_path / "list.csv"
    target.write_text("old")
    other = assign_monitors(ranked(places=places()), team())
    with pytest.raises(InputError, match="shifts at places that are not on this list: A"):
        write_monitoring(ranked(), target, plan=other)
    assert target.read_text() == "old"
    with pytest.raises(InputError, match=r"written as .csv, not '.xlsx'"):
        write_monitoring(ranked(), tmp_path / "list.xlsx")
    with pytest.raises(InputError, match="not 'a name without a suffix'"):
        write_monitoring(ranked(), tmp_path / "list")
    with pytest.raises(InputError, match="a MonitoringList is due"):
        write_monitoring(other, target)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["list.csv"]


def test_sample_data_stays_sample_data(tmp_path):
    county = kit.load_sample("fictional_county")
    found = rank_polling_places(county.units, county.survey("C16001"), places=county.polling_places())
    assert found.sample
    first = rows_of(write_monitoring(found, tmp_path / "list.csv"))[0]
    assert first["Note"].startswith("Sample data, not for testimony.")
    # Places whose precincts make whole tracts have the tracts' own estimates.
    own = county.survey("C16001").frame
    for place, tract in WHOLE_TRACTS.items():
        row = own.loc[f"98001{100 * tract:06d}"]
        assert found.frame.loc[place, "speakers"] == pytest.approx(row["asian_pacific_languages_lep"])
        assert found.frame.loc[place, "speakers_moe"] == pytest.approx(row["asian_pacific_languages_lep_moe"])


def test_results_are_frozen():
    found = ranked()
    with pytest.raises(AttributeError):
        found.measure = "x"
    frame = found.frame
    frame["speakers"] = 0
    assert found.frame["speakers"].sum() == pytest.approx(180)
    assert isinstance(found, MonitoringList)
    assert isinstance(assign_monitors(found, team()), MonitorPlan)
    assert len(found) == 3


# --- arguments of another kind ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"section203": "Korean"}, "section203= is a list of languages"),
        ({"section203": ["Klingon", "Korean"]}, "section203= names Klingon, which is no language group"),
        ({"screens": "Korean"}, "screens= a list of what kit.screen_203 gives"),
        ({"places": pd.DataFrame()}, "places must be PollingPlaces, from kit.read_polling_places, not DataFrame"),
        ({"places": "places.csv"}, "places must be PollingPlaces"),
        ({"turnout": pd.DataFrame()}, "turnout must be VoterCounts, from kit.read_registration, not DataFrame"),
        ({"citizens": "B16008"}, "citizens must be Units with table B16008, not str"),
    ],
)
def test_arguments_of_another_kind(change, message):
    with pytest.raises(InputError, match=message):
        ranked(**change)


def test_units_and_plans_of_another_kind(tmp_path):
    with pytest.raises(InputError, match="units must be Units or a Placement, not str"):
        rank_polling_places("98", "C16001")
    found = ranked(places=places())
    monitors = pd.DataFrame({"monitor": ["m-01"], "languages": ["Korean"]})
    with pytest.raises(InputError, match="a MonitorPlan is due, from kit.assign_monitors, not a DataFrame"):
        write_monitoring(found, tmp_path / "list.csv", plan=monitors)
    for far in ("5", True, 0):
        with pytest.raises(InputError, match="pass kilometres, more than 0"):
            assign_monitors(found, monitors, max_km=far)


def test_a_language_on_the_list_that_is_not_asian_is_no_error():
    assert (ranked(section203=["Spanish", "Korean"]).law["standing"] == "covered").any()
