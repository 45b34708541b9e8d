"""Votes of precincts spread over units, and past contests replayed on plans: every answer worked by hand."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import kit
from kit.analysis.precinct_votes import votes_by_unit
from kit.analysis.replay import replay
from kit.analysis.replay_counts import carries_for_certain
from kit.errors import CoverageError, InputError, SchemaError
from kit.i18n import catalogues
from kit.i18n.messages import Figure, Message, english, retold
from kit.model.frames import Placement, Plan, Source, Units
from kit.model.returns import Returns
from kit.sources.returns import read_returns

# Precinct 1 has blocks in both districts (30 adults and 10), precinct 3 too (20 and 20); 2 and 4 are whole.
IDS = [f"98001000100100{n}" for n in range(6)]
HOMES = ["P1", "P1", "P2", "P3", "P3", "P4"]
ADULTS = [30, 10, 50, 20, 20, 10]
PEOPLE = [40, 12, 60, 25, 25, 15]
DISTRICTS = ["1", "2", "1", "1", "2", "2"]
MAYOR = {"P1": (40, 20), "P2": (10, 25), "P3": (10, 30), "P4": (60, 5)}
SOURCE = Source("Invented returns", publisher="The tests", year=2022, tables="votes")


def index(ids=IDS):
    return pd.Index(ids, dtype="str", name="GEOID")


def blocks(**columns):
    table = {"vtd": HOMES, "total_vap": ADULTS, "total_pop": PEOPLE, **columns}
    return Units(pd.DataFrame(table, index=index()), "block", 2020, (Source("Six blocks", tables="P3"),))


def rows(contest, votes, names=("Candidate Heron", "Candidate Plover")):
    return [(p, contest, name, n) for p, counts in votes.items() for name, n in zip(names, counts, strict=True)]


def returns(*parts, contests=None, candidates=None, notes=(), dtype="Int64"):
    levels = ["precinct", "contest", "candidate"]
    frame = pd.DataFrame([row for part in parts for row in part], columns=[*levels, "votes"])
    frame = frame.astype({"votes": dtype}).set_index(levels)
    empty = pd.DataFrame()
    return Returns(
        frame,
        empty if contests is None else contests,
        empty if candidates is None else candidates,
        (SOURCE,),
        notes,
    )


def placed(units=None, assigned=DISTRICTS, name="Rows", labels=("1", "2")):
    units = units or blocks()
    found = pd.Series(assigned, index=units.frame.index, dtype="str", name="district")
    plan = Plan(name, labels, assignment=found.dropna(), level="block", year=2020, sources=(Source(name),))
    nothing = pd.DataFrame()
    return Placement(units, plan, found, nothing, nothing, "assignment")


@pytest.fixture
def mayor():
    return returns(rows("mayor", MAYOR))


BY = {"precincts": "vtd", "weight": "total_vap"}


# --- spreading -------------------------------------------------------------------------------------


def test_votes_follow_the_weight_and_every_precinct_keeps_its_votes(mayor):
    spread = votes_by_unit(mayor, blocks(), **BY)
    frame = spread.frame["mayor"]
    assert frame["Candidate Heron"].tolist() == [30, 10, 10, 5, 5, 60]
    assert frame["Candidate Plover"].tolist() == [15, 5, 25, 15, 15, 5]
    assert spread.shares.tolist() == [0.75, 0.25, 1, 0.5, 0.5, 1]
    assert spread.fallbacks[["weight", "precincts", "votes"]].to_numpy().tolist() == [["total_vap", 4, 200]]
    (told,) = spread.notes
    assert told == (
        "Votes of 4 precincts were spread over census blocks in proportion to total_vap; that voters live where these "
        "people live is an assumption."
    )


def test_the_precincts_may_be_a_series_in_any_order(mayor):
    homes = pd.Series(HOMES, index=index()).iloc[::-1]
    spread = votes_by_unit(mayor, blocks(), precincts=homes, weight="total_vap")
    assert spread.frame["mayor"]["Candidate Heron"].tolist() == [30, 10, 10, 5, 5, 60]


def test_sources_remember_that_votes_were_shared_out(mayor):
    spread = votes_by_unit(mayor, blocks(), **BY)
    assert [(one.title, one.uncertainty) for one in spread.sources] == [
        ("Invented returns", "allocation"),
        ("Six blocks", "none stated"),
    ]


@pytest.mark.parametrize(
    ("columns", "weight", "expected"),
    [
        ({"total_vap": [0, 0, 50, 20, 20, 10], "total_pop": [3, 1, 60, 25, 25, 15]}, "all people", [30, 10]),
        ({"total_vap": [0, 0, 50, 20, 20, 10], "total_pop": [0, 0, 60, 25, 25, 15]}, "equal parts", [20, 20]),
        (
            {
                "total_vap": [0, 0, 50, 20, 20, 10],
                "total_pop": [0, 0, 60, 25, 25, 15],
                "land_m2": [900.0, 100, 5, 5, 5, 5],
            },
            "land area",
            [36, 4],
        ),
    ],
)
def test_a_precinct_without_weight_falls_back_and_says_so(mayor, columns, weight, expected):
    spread = votes_by_unit(mayor, blocks(**columns), **BY)
    assert spread.frame["mayor"]["Candidate Heron"].tolist()[:2] == expected
    row = spread.fallbacks[spread.fallbacks["fallback"]].iloc[0]
    assert (row["weight"], row["precincts"], row["votes"], row["first"]) == (weight, 1, 60, "P1")
    assert f"others were used: {weight} in 1 precinct (60 votes)." in spread.notes[1]


def test_votes_outside_the_units_are_an_error_with_ids_and_votes():
    mail = returns(rows("mayor", {**MAYOR, "MAIL": (7, 9)}))
    with pytest.raises(CoverageError, match=r"1 precinct of the returns \(16 votes\) without units: MAIL"):
        votes_by_unit(mail, blocks(), **BY)


def test_votes_outside_are_listed_and_never_spread_unasked():
    mail = returns(rows("mayor", {**MAYOR, "MAIL": (7, 9)}))
    spread = votes_by_unit(mail, blocks(), **BY, outside="report")
    assert spread.unplaced.to_dict("list") == {
        "precinct": ["MAIL", "MAIL"],
        "contest": ["mayor", "mayor"],
        "candidate": ["Candidate Heron", "Candidate Plover"],
        "votes": [7.0, 9.0],
        "spread": [False, False],
    }
    assert spread.frame.sum().sum() == 200
    assert spread.notes[-1].startswith("16 votes (7.4% of all, over all contests) are in entries that are no precinct")
    assert spread.notes[-1].endswith("they are left out of every district.")


def test_votes_outside_are_spread_as_each_candidates_own_votes_lie():
    mail = returns(rows("mayor", {**MAYOR, "MAIL": (12, 8)}))
    spread = votes_by_unit(mail, blocks(), **BY, outside="spread")
    # Heron: 120 votes in precincts, so each vote brings a tenth of a vote; Plover: 80 votes, also a tenth.
    assert np.allclose(spread.frame["mayor"]["Candidate Heron"], [33, 11, 11, 5.5, 5.5, 66])
    assert np.isclose(spread.frame.sum().sum(), 220)
    assert "so this is a guess" in spread.notes[-1]


def test_votes_outside_are_spread_within_their_area():
    mail = returns(rows("mayor", {**MAYOR, "MAIL A": (5, 0), "MAIL B": (7, 0)}))
    within = {"P1": "A", "P2": "A", "P3": "B", "P4": "B", "MAIL A": "A", "MAIL B": "B"}
    spread = votes_by_unit(mail, blocks(), **BY, outside="spread", within=within)
    assert np.allclose(spread.added[("mayor", "Candidate Heron")], [4, 1, 1, 6])
    with pytest.raises(InputError, match="no area for 1 precincts without units, first MAIL B"):
        votes_by_unit(mail, blocks(), **BY, outside="spread", within={"MAIL A": "A"})


def test_a_candidate_without_votes_in_precincts_gets_mail_votes_as_all_votes_lie():
    mail = returns(rows("mayor", {"P2": (0, 30), "P4": (0, 10), "MAIL": (8, 0)}))
    spread = votes_by_unit(mail, blocks(), **BY, outside="spread")
    assert spread.added[("mayor", "Candidate Heron")].tolist() == [6, 2]


def test_mail_votes_that_nothing_says_where_to_put_are_an_error():
    mail = returns(rows("mayor", {"P2": (0, 0), "MAIL": (8, 0)}))
    with pytest.raises(CoverageError, match=r"8 votes for 'Candidate Heron' in the contest 'mayor' cannot be spread"):
        votes_by_unit(mail, blocks(), **BY, outside="spread")
    only = returns(rows("mayor", {"P2": (1, 2)}), rows("sheriff", {"MAIL": (8, 0)}))
    with pytest.raises(CoverageError, match="outside the precincts and none inside"):
        votes_by_unit(only, blocks(), **BY, outside="spread")


def test_a_missing_figure_leaves_the_precinct_out_of_the_contest():
    part = returns(rows("mayor", {**MAYOR, "P3": (10, None)}))
    spread = votes_by_unit(part, blocks(), **BY)
    assert spread.frame["mayor"]["Candidate Heron"].isna().tolist() == [False, False, False, True, True, False]
    assert spread.incomplete.to_dict("list") == {"precinct": ["P3"], "contest": ["mayor"], "votes": [10.0]}
    assert "In 1 precinct (P3) a figure is missing" in spread.notes[1]


def test_one_contest_for_several_seats_is_an_error():
    seats = returns([("P1", "house", "Heron", 4), ("P2", "house", "Plover", 5)])
    with pytest.raises(CoverageError, match=r"(?s)'house' no precinct has votes for every one of its 2 cand.*own"):
        votes_by_unit(seats, blocks(), **BY)


def test_units_without_precinct_or_votes_are_counted(mayor):
    units = blocks(vtd=["P1", None, "P2", "P3", "P3", "P9"])
    fewer = returns(rows("mayor", {name: MAYOR[name] for name in ("P1", "P2", "P3")}))
    spread = votes_by_unit(fewer, units, **BY)
    assert spread.notes[1] == (
        "No precinct is known for 1 census block (10 people in total_vap): no votes were given there."
    )
    assert spread.notes[2].startswith(
        "The returns have nothing for the precincts of 1 census block (10 people in total_vap)"
    )
    assert spread.frame["mayor"]["Candidate Heron"].tolist()[0] == 40


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"outside": "drop"}, InputError, 'outside is "error", "report" or "spread"'),
        ({"precincts": "precinct"}, SchemaError, "no column 'precinct' with the precinct of each"),
        ({"precincts": ["P1"]}, InputError, "not a list"),
        ({"precincts": pd.Series(["P1"], index=["x"])}, CoverageError, "none of the 6 census blocks has a precinct"),
        ({"precincts": pd.Series([1] * 6, index=IDS)}, SchemaError, "precinct ids must be text"),
        ({"precincts": pd.Series(["P1"] * 2, index=IDS[:1] * 2)}, SchemaError, "stand in more than one row"),
        ({"precincts": pd.Series("Q1", index=IDS)}, CoverageError, "no precinct of the returns, first P1, P2"),
        ({"weight": "total_cvap"}, SchemaError, "no column 'total_cvap'"),
    ],
)
def test_bad_options(mayor, options, kind, message):
    with pytest.raises(kind, match=message):
        votes_by_unit(mayor, blocks(), **{**BY, **options})


def test_bad_returns(mayor):
    with pytest.raises(SchemaError, match="stand in more than one row .* first P1, mayor, Candidate Heron"):
        votes_by_unit(returns(rows("mayor", MAYOR), rows("mayor", {"P1": (1, 2)})), blocks(), **BY)
    with pytest.raises(SchemaError, match="1 of 8 votes are negative or endless, first P2, mayor, Candidate Heron"):
        votes_by_unit(returns(rows("mayor", {**MAYOR, "P2": (-3, 2)})), blocks(), **BY)
    with pytest.raises(SchemaError, match="votes are numbers, not str"):
        votes_by_unit(returns(rows("mayor", {"P1": ("4", "5")}), dtype="str"), blocks(), **BY)
    with pytest.raises(SchemaError, match="have no rows"):
        votes_by_unit(returns([]), blocks(), **BY)
    wrong = Returns(mayor.frame.reset_index(), pd.DataFrame(), pd.DataFrame())
    with pytest.raises(SchemaError, match="indexed by precinct, contest and candidate"):
        votes_by_unit(wrong, blocks(), **BY)


def test_nothing_that_was_given_changes(mayor):
    units, before = blocks(), mayor.frame.copy()
    frame = units.frame.copy()
    votes_by_unit(mayor, units, **BY)
    pd.testing.assert_frame_equal(mayor.frame, before)
    pd.testing.assert_frame_equal(units.frame, frame)


def test_many_districts_and_contests_in_any_order():
    names = [f"98001000100100{n}" if n < 10 else f"9800100010010{n}" for n in range(12)]
    homes = [f"P{n}" for n in range(12)]
    units = Units(pd.DataFrame({"vtd": homes, "total_vap": 10}, index=index(names)), "block", 2020)
    given = returns(rows("zebra", dict.fromkeys(homes, (3, 1))), rows("apple", dict.fromkeys(homes, (1, 3))))
    labels = tuple(str(n + 1) for n in range(12))
    liked = {"zebra": "Candidate Plover", "apple": "Candidate Plover"}
    found = replay(given, placed(units, labels, labels=labels), **BY, group_preferred=liked)
    assert found.performance["carried"].tolist() == [1] * 12
    assert list(found.performance.index.unique("district")) == list(labels)
    assert found.table("zebra")["winner"].tolist() == ["Candidate Heron"] * 12
    assert "has the most votes in half or fewer, but at least one, in 12 districts." in found.summary()


# --- replaying -------------------------------------------------------------------------------------


def test_a_contest_by_hand(mayor):
    found = replay(mayor, placed(), **BY, group_preferred={"mayor": "Candidate Heron"})
    votes = found.frame.loc[("Rows", "mayor")]
    assert votes["votes"].tolist() == [45, 55, 75, 25]
    assert votes["share"].tolist() == [0.45, 0.55, 0.75, 0.25]
    assert votes["low"].tolist() == [10, 25, 60, 5]
    assert votes["high"].tolist() == [60, 75, 110, 55]
    first, second = (found.results.loc[("Rows", "mayor", label)] for label in ("1", "2"))
    assert (first["winner"], first["margin_votes"], first["margin"]) == ("Candidate Plover", 10, 0.1)
    assert (second["winner"], second["margin_votes"], second["margin"]) == ("Candidate Heron", 50, 0.5)
    # In district 2 Heron has 60 for certain, and Plover 55 at most.
    assert (first["settled"], second["settled"]) == (False, True)
    assert (first["carried"], second["carried"]) == (False, True)
    assert (first["carried_settled"], second["carried_settled"]) == (False, True)
    assert np.isclose([first["split_share"], second["split_share"]], [0.65, 0.35]).all()
    assert (first["whole_precincts"], first["split_precincts"]) == (1, 2)
    assert found.performance.loc[("Rows", "")].to_dict("index") == {
        "1": {"contests": 1, "carried": 0, "carried_for_certain": 0, "lost_for_certain": 0, "ties": 0, "not_held": 0},
        "2": {"contests": 1, "carried": 1, "carried_for_certain": 1, "lost_for_certain": 0, "ties": 0, "not_held": 0},
    }


def test_plans_stand_side_by_side(mayor):
    whole = placed(assigned=["1", "1", "1", "2", "2", "2"], name="Whole precincts")
    found = replay(mayor, [placed(), whole], **BY, group_preferred={"mayor": "Candidate Heron"})
    # Whole precincts: district 1 is P1 and P2 (50 to 45), district 2 is P3 and P4 (70 to 35).
    assert found.frame.loc[("Whole precincts", "mayor"), "votes"].tolist() == [50, 45, 70, 35]
    assert found.results.loc["Whole precincts", "settled"].all()
    assert (found.results.loc["Whole precincts", "split_share"] == 0).all()
    assert found.plans.to_dict("index") == {
        ("Rows", ""): {"districts": 2, "all": 1, "most": 0, "some": 0, "none": 1},
        ("Whole precincts", ""): {"districts": 2, "all": 2, "most": 0, "some": 0, "none": 0},
    }
    told = found.summary()
    assert "In Rows, the candidate preferred by the group has the most votes in all contests that count there in district 2; in no contest in district 1. Results of these that hold however votes of split precincts are spread: 1 of 2." in told  # fmt: skip
    assert "in all contests that count there in districts 1 and 2." in told
    assert "In Rows, 1 of 2 results depend on how votes of split precincts were spread" in told
    assert "In Whole precincts, no result of the 2 that count depends on how votes of split precincts were spread." in told  # fmt: skip


def test_a_contest_held_in_a_part_is_not_zero_votes():
    given = returns(rows("mayor", MAYOR), rows("ward", {"P1": (8, 4), "P2": (3, 9)}), rows("west", {"P4": (6, 5)}))
    found = replay(given, placed(), **BY, group_preferred={"ward": "Candidate Plover", "west": "Candidate Heron"})
    ward = found.results.loc[("Rows", "ward")]
    assert ward["held"].tolist() == [0.8, 0.25]
    assert ward["counted"].tolist() == [False, False]
    assert ward["winner"].isna().all()
    assert ward["carried"].isna().all()
    west = found.frame.loc[("Rows", "west", "1")]
    assert west[["votes", "share", "low", "high"]].isna().all(axis=None)
    assert found.results.loc[("Rows", "west", "1"), "held"] == 0
    assert np.isnan(found.results.loc[("Rows", "west", "1"), "votes"])
    assert found.performance.loc[("Rows", ""), "not_held"].tolist() == [2, 2]
    assert any(note.startswith("In Rows, 4 of 6 pairs of a contest and a district do not count: under 99%") for note in found.notes)  # fmt: skip
    # Where eight tenths are enough, district 1 counts: 9 votes of Heron to 12 of Plover.
    looser = replay(given, placed(), **BY, contests=["ward"], held=0.8)
    assert looser.results.loc[("Rows", "ward", "1"), "winner"] == "Candidate Plover"
    assert list(looser.results.index.unique("contest")) == ["ward"]


def test_bounds_where_no_part_has_more_votes_than_people(mayor):
    found = replay(mayor, placed(blocks(limit=[50, 12, 60, 30, 30, 70])), **BY, at_most="limit")
    votes = found.frame.loc[("Rows", "mayor")]
    # Precinct 1 (40 to 20): 12 fit into district 2, so 48 at least lie in district 1, 28 of them Heron's at least and 8
    # of Plover's. Precinct 3 (10 to 30): 30 fit into each side, so 10 at least and 30 at most lie in either; of the 10,
    # none need be Heron's and none Plover's.
    assert votes["low"].tolist() == [10 + 28 + 0, 25 + 8 + 0, 60 + 0 + 0, 5 + 0 + 0]
    assert votes["high"].tolist() == [10 + 40 + 10, 25 + 20 + 30, 60 + 12 + 10, 5 + 12 + 30]
    assert found.notes[2] == (
        "Bounds rest on limit: no part of a precinct can have more votes than people in it at the census."
    )


def test_a_precinct_with_more_votes_than_people_is_bounded_by_its_votes_only(mayor):
    found = replay(mayor, placed(blocks(limit=[50, 9, 60, 30, 30, 70])), **BY, at_most="limit")
    assert found.frame.loc[("Rows", "mayor"), "high"].tolist() == [60, 75, 60 + 40 + 10, 5 + 20 + 30]
    assert "In 1 precinct (P1) the whole precinct has more; there every spreading was allowed." in found.summary()


def test_bounds_hold_the_estimate_even_where_weights_and_people_disagree(mayor):
    found = replay(mayor, placed(blocks(limit=[20, 45, 60, 30, 30, 70])), **BY, at_most="limit").frame
    assert (found["low"] <= found["votes"]).all()
    assert (found["votes"] <= found["high"]).all()


def test_a_preferred_candidate_of_a_contest_that_is_not_replayed_is_left_alone(mayor):
    both = returns(rows("mayor", MAYOR), rows("council", dict.fromkeys(MAYOR, (1, 3))))
    liked = {"mayor": "Candidate Heron", "council": "Candidate Heron"}
    found = replay(both, placed(), **BY, contests=["mayor"], group_preferred=liked)
    assert (found.performance["contests"] == 1).all()


def test_ties_have_no_winner():
    even = {"P1": (4, 4), "P2": (10, 10), "P3": (2, 2), "P4": (9, 5)}
    found = replay(returns(rows("mayor", even)), placed(), **BY, group_preferred={"mayor": "Candidate Heron"})
    first = found.results.loc[("Rows", "mayor", "1")]
    assert first["tie"]
    assert pd.isna(first["winner"])
    assert first["margin_votes"] == 0
    assert not first["carried"]
    assert found.performance.loc[("Rows", "", "1"), "ties"] == 1


def test_a_tie_in_whole_precincts_does_not_depend_on_spreading():
    even = {"P1": (0, 0), "P2": (20, 20), "P3": (0, 0), "P4": (5, 60)}
    found = replay(returns(rows("mayor", even)), placed(), **BY)
    assert found.results["tie"].tolist() == [True, False]
    assert "In Rows, no result of the 2 that count depends on how votes of split precincts were spread." in found.notes
    # One vote of a split precinct, and the tie can be broken.
    loose = replay(returns(rows("mayor", {**even, "P1": (1, 1)})), placed(), **BY)
    assert (
        "In Rows, 1 of 2 results depend on how votes of split precincts were spread: with another spreading another "
        "candidate could have as many votes or more (mayor / 1)." in loose.notes
    )


def test_one_candidate_alone():
    found = replay(returns([(p, "judge", "Candidate Wren", 9) for p in MAYOR]), placed(), **BY)
    result = found.results.loc[("Rows", "judge", "1")]
    assert (result["winner"], result["settled"]) == ("Candidate Wren", True)
    assert result["margin"] == 1


def test_kinds_of_contest_are_counted_apart(mayor):
    both = returns(rows("mayor", MAYOR), rows("council", dict.fromkeys(MAYOR, (1, 3))))
    liked = {"mayor": "Candidate Heron", "council": "Candidate Heron"}
    found = replay(both, placed(), **BY, group_preferred=liked, kinds={"council": "this office"})
    assert list(found.performance.index.unique("kind")) == ["other contests", "this office"]
    assert found.performance.loc[("Rows", "this office"), "carried"].tolist() == [0, 0]
    assert found.performance.loc[("Rows", "other contests"), "carried"].tolist() == [0, 1]
    assert (
        "In Rows (this office), the candidate preferred by the group has the most votes in no contest in"
        in found.summary()
    )
    named = pd.DataFrame({"kind": ["this office"]}, index=pd.Index(["council"], name="contest"))
    told = returns(rows("mayor", MAYOR), rows("council", dict.fromkeys(MAYOR, (1, 3))), contests=named)
    again = replay(told, placed(), **BY, group_preferred=liked)
    pd.testing.assert_frame_equal(again.performance, found.performance)
    with pytest.raises(InputError, match="kinds names contests that are not replayed: sheriff"):
        replay(both, placed(), **BY, kinds={"sheriff": "other"})


def test_primaries_and_general_elections_are_never_added_up():
    stages = pd.DataFrame({"stage": ["general", "primary"]}, index=pd.Index(["mayor", "first"], name="contest"))
    both = returns(rows("mayor", MAYOR), rows("first", MAYOR), contests=stages)
    liked = {"mayor": "Candidate Heron", "first": "Candidate Heron"}
    found = replay(both, placed(), **BY, group_preferred=liked)
    assert list(found.performance.index.unique("kind")) == ["general", "primary"]
    assert (found.performance["contests"] == 1).all()
    assert "In Rows (primaries), the candidate preferred" in found.summary()
    alone = replay(both, placed(), **BY, contests=["first"], group_preferred={"first": "Candidate Heron"})
    assert list(alone.performance.index.unique("kind")) == [""]


def test_the_sample_from_its_returns():
    county = kit.load_sample("fictional_county")
    given = read_returns(county.tables["votes"], sources=county.units.sources)
    plans = {key: kit.place(county.units, plan) for key, plan in county.plans.items()}
    found = replay(given, plans, **BY)
    for contest, votes in county.tables["votes"].groupby("contest"):
        for plan in plans:
            assert np.isclose(found.frame.loc[(plan, contest), "votes"].sum(), votes["votes"].sum())
    assert all(source.sample for source in found.sources)
    assert found.plans.empty


def test_where_no_contest_counts_nothing_is_said_of_winners():
    given = returns(rows("mayor", MAYOR), rows("west", {"P4": (6, 5)}))
    found = replay(given, placed(), **BY, contests=["west"], group_preferred={"west": "Candidate Heron"})
    assert found.summary().startswith("Past elections do not foretell results")
    assert "2 of 2 pairs of a contest and a district do not count" in found.summary()
    assert len(found.plans) == 0


def test_names_parties_and_the_caution_on_general_elections():
    contests = pd.DataFrame({"name": ["Mayor 2022"], "stage": ["general"]}, index=pd.Index(["mayor"], name="contest"))
    who = pd.MultiIndex.from_product([["mayor"], ["Candidate Heron", "Candidate Plover"]], names=["contest", "c"])
    candidates = pd.DataFrame({"name": ["H. Heron", ""], "party": ["Blue", "Green"]}, index=who)
    found = replay(returns(rows("mayor", MAYOR), contests=contests, candidates=candidates), placed(), **BY)
    assert "Mayor 2022, in Rows: Candidate Plover has the most votes in district 1; H. Heron has the most votes in district 2." in found.summary()  # fmt: skip
    assert any(note.startswith("In a general election between parties") for note in found.notes)
    table = found.table("mayor")
    assert list(table.columns) == ["H. Heron", "Candidate Plover", "winner", "margin", "split_share", "settled", "held"]
    assert table.loc["1", "H. Heron"] == 0.45


@pytest.mark.parametrize(
    ("parties", "names"),
    [
        (["Blue", "Green"], ["H. Heron (Blue)", "H. Heron (Green)"]),
        (["", ""], ["H. Heron [Candidate Heron]", "H. Heron [Candidate Plover]"]),
    ],
)
def test_two_candidates_of_one_name_are_told_apart(parties, names):
    who = pd.MultiIndex.from_product([["mayor"], ["Candidate Heron", "Candidate Plover"]], names=["contest", "c"])
    candidates = pd.DataFrame({"name": ["H. Heron", "H. Heron"], "party": parties}, index=who)
    found = replay(returns(rows("mayor", MAYOR), candidates=candidates), placed(), **BY)
    assert list(found.table("mayor").columns[:2]) == names
    assert (
        f"{names[1]} has the most votes in district 1; {names[0]} has the most votes in district 2" in found.summary()
    )


def test_contests_may_be_an_index(mayor):
    assert replay(mayor, placed(), **BY, contests=pd.Index(["mayor"])).results.index.unique("contest").tolist() == [
        "mayor"
    ]


def test_the_group_is_named_in_the_sentence(mayor):
    found = replay(mayor, placed(), **BY, group_preferred={"mayor": "Candidate Heron"}, group="nh_aapi_alone")
    assert "the candidate preferred by people counted as “Asian or NHPI alone, not Hispanic” has" in found.summary()
    assert "Whom the group preferred was given, not computed here" in found.summary()
    assert "do not foretell" in found.summary()


def test_votes_left_out_that_could_change_a_result():
    mail = returns(rows("mayor", {**MAYOR, "MAIL": (7, 9)}))
    found = replay(mail, placed(), **BY, outside="report")
    assert any(
        note.startswith("In Rows, 1 of 2 results have a margin no larger than the votes of that contest that were left")
        for note in found.notes
    )


def test_votes_that_were_spread_from_outside_widen_the_bounds():
    mail = returns(rows("mayor", {**MAYOR, "MAIL": (12, 8)}))
    votes = replay(mail, placed(), **BY, outside="spread").frame.loc[("Rows", "mayor")]
    assert np.allclose(votes["votes"], [49.5, 60.5, 82.5, 27.5])
    assert votes["low"].tolist() == [10, 25, 60, 5]
    assert votes["high"].tolist() == [72, 83, 122, 63]
    within = {"P1": "A", "P2": "B", "P3": "A", "P4": "A", "MAIL": "B"}
    inside = replay(mail, placed(), **BY, outside="spread", within=within).frame.loc[("Rows", "mayor")]
    # All of area B is in district 1, so its mail votes are for certain there.
    assert inside["low"].tolist() == [22, 33, 60, 5]
    assert inside["high"].tolist() == [72, 83, 110, 55]


def test_votes_in_no_district_are_counted(mayor):
    found = replay(mayor, placed(assigned=["1", "2", "1", "1", "2", None]), **BY)
    assert found.nowhere.loc["mayor", "Rows"] == 65
    assert "In Rows, 65 votes are in units that lie in no district." in found.notes
    assert found.frame["votes"].sum() + 65 == 200


def test_a_district_without_units_has_no_result(mayor):
    found = replay(mayor, placed(labels=("1", "2", "3")), **BY)
    empty = found.results.loc[("Rows", "mayor", "3")]
    assert np.isnan(empty["held"])
    assert not empty["counted"]
    assert pd.isna(empty["winner"])


def test_a_part_where_nobody_lives_does_not_split_a_precinct(mayor):
    units = blocks(total_vap=[40, 0, 50, 20, 20, 10])
    found = replay(mayor, placed(units), **BY)
    assert found.results.loc[("Rows", "mayor"), "split_precincts"].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"contests": ["sheriff"]}, "the returns have no contest sheriff; they have mayor"),
        ({"contests": []}, "no contest of an empty list"),
        (
            {"group_preferred": {"mayor": "Candidate Wren"}},
            "did not stand: Candidate Wren in mayor. In the returns are",
        ),
        ({"group": "asians"}, "'asians' is not a definition of the kit"),
        ({"held": 0}, "held is a share above 0 and at most 1, not 0"),
    ],
)
def test_bad_requests(mayor, options, message):
    with pytest.raises(InputError, match=message):
        replay(mayor, placed(), **BY, **options)


def test_bad_placements(mayor):
    with pytest.raises(InputError, match="each plan has a name of its own"):
        replay(mayor, [placed(), placed()], **BY)
    with pytest.raises(InputError, match="placements are from kit.place; x"):
        replay(mayor, {"x": blocks()}, **BY)
    with pytest.raises(InputError, match="there is none"):
        replay(mayor, {}, **BY)
    with pytest.raises(InputError, match=r"returns are from kit.read_returns, not a DataFrame"):
        replay(mayor.frame, placed(), **BY)
    short = placed()
    fewer = Placement(short.units, short.plan, short.assignment.iloc[:3], pd.DataFrame(), pd.DataFrame(), "assignment")
    with pytest.raises(CoverageError, match="does not list its units one by one"):
        replay(mayor, fewer, **BY)


def test_tables_for_print_name_plan_and_contest(mayor):
    found = replay(mayor, {"before": placed(), "after": placed()}, **BY)
    with pytest.raises(InputError, match="say which plan: before, after"):
        found.table("mayor")
    with pytest.raises(InputError, match="nothing was replayed under 'sheriff'; there are mayor"):
        found.table("sheriff", plan="before")
    assert found.table("mayor", plan="after").loc["2", "winner"] == "Candidate Heron"


def test_carrying_for_certain():
    low = np.array([[5, 2], [1, 6], [1, 5], [4, 1]], dtype=float)
    high = np.array([[6, 4], [6, 9], [6, 9], [9, 4]], dtype=float)
    sure, lost = carries_for_certain(low, high, 0)
    assert sure.tolist() == [True, False, False, False]
    # At six votes each the first does not have more than the other, whatever the spreading.
    assert lost.tolist() == [False, True, False, False]
    assert carries_for_certain(np.zeros((1, 1)), np.ones((1, 1)), 0)[0].tolist() == [True]


# --- other languages -------------------------------------------------------------------------------


def outside(text):
    """Take away all that stands between marks."""
    while (fewer := re.sub(r"⟦[^⟦⟧]*⟧", "", text)) != text:
        text = fewer
    return text.strip()


def plain_words(text):
    """List the plain words that stand in the braces of a message, however deep."""
    if isinstance(text, Figure):
        return
    if not isinstance(text, Message):
        yield text
        return
    for part in (*text.parts, *(one for one in text.values.values() if isinstance(one, str))):  # noqa: PD011
        yield from plain_words(part)


def every_case():
    mail = returns(
        rows("mayor", {**MAYOR, "P3": (10, None), "MAIL": (7, 9)}), rows("ward", {"P1": (8, 8), "P2": (3, 3)})
    )
    units = blocks(vtd=["P1", "P1", "P2", None, "P3", "P4"], total_vap=[0, 0, 50, 20, 20, 10])
    yield replay(mail, placed(units), **BY, outside="report", held=0.4)
    spread = replay(mail, placed(units), **BY, outside="spread", held=0.4)
    yield spread
    yield replay(
        returns(rows("mayor", MAYOR)),
        [placed(), placed(assigned=["1", "1", "1", "2", "2", None], name="Other")],
        **BY,
        group_preferred={"mayor": "Candidate Heron"},
        kinds={"mayor": "other contests"},
        group="aapi_alone",
        at_most="total_pop",
    )
    yield replay(returns(rows("mayor", MAYOR)), placed(), **BY, at_most="total_vap")


def test_every_sentence_is_a_message_and_says_the_same_again(monkeypatch):
    found = list(every_case())
    before = [str(one.summary()) for one in found]
    monkeypatch.setattr(catalogues, "translation", lambda template, _: f"⟦{template}⟧")
    with kit.using(language="vi"):
        for one in found:
            assert not [note for note in one.notes if outside(retold(note))]
            assert outside(one.summary()) == ""
        assert [english(one.summary()) for one in found] == before
    names = {"Candidate Heron", "Candidate Plover"}
    hidden = {w for one in found for w in plain_words(one.summary()) if " " in w.strip() and " / " not in w} - names
    assert hidden == set()
