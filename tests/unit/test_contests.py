"""Contests under a rule: which are in, whom the group preferred and how sure that is, and counts over all of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

import kit
from kit.analysis.contest_preference import preference
from kit.analysis.contest_rule import ContestRule
from kit.analysis.contests import contest_table
from kit.analysis.polarization import polarization
from kit.analysis.precinct_shares import precinct_shares
from kit.errors import InputError
from kit.model.returns import Returns
from kit.model.source import Source

PRECINCTS = [f"P{number:02d}" for number in range(12)]
# How the group and everybody else vote for the first candidate, in a thousandth, and what the contest is.
CONTESTS = {
    "mayor_primary": (900, 100, "primary", "Mayor", 2022, ("Unity", "Unity")),
    "mayor": (900, 100, "general", "Mayor", 2022, ("Unity", "Union")),
    "school": (800, 700, "general", "School board", 2024, ("", "")),
    "clerk": (500, 500, "general", "Clerk", 2024, ("", "")),
    "old": (900, 100, "general", "Mayor", 2010, ("", "")),
    "alone": (1000, 1000, "general", "Coroner", 2024, ("",)),
}
RULE = ContestRule(
    "Every contest since 2020", years=(2020, 2024), endogenous=("mayor", "mayor_primary"), written="2026-11-01"
)


def people(**more):
    """Give 12 precincts of 1,000 people, the first half of them nearly all of the group."""
    share = [1000] * 5 + [500, 400] + [0] * 5
    return pd.DataFrame({"precinct": PRECINCTS, "group": share, "all": 1000, **more})


def returns(*names, **more):
    rows, facts, parties = [], {}, {}
    for name in names or CONTESTS:
        group, rest, stage, office, year, party = CONTESTS[name]
        facts[name] = {"name": name.replace("_", " ").capitalize(), "year": year, "stage": stage, "office": office}
        for who, of in zip(("Heron", "Gannet"), party, strict=False):
            parties[name, who] = {"name": f"Candidate {who}", "party": of}
        for precinct, mine in zip(PRECINCTS, people()["group"], strict=True):
            first = (mine * group + (1000 - mine) * rest) // 1000
            rows.append((precinct, name, "Heron", first))
            if len(party) > 1:
                rows.append((precinct, name, "Gannet", 1000 - first))
    frame = pd.DataFrame(rows, columns=["precinct", "contest", "candidate", "votes"]).astype({"votes": "Int64"})
    contests = pd.DataFrame.from_dict(facts, orient="index").astype({"year": "Int64"}).rename_axis("contest")
    candidates = pd.DataFrame.from_dict(parties, orient="index")
    candidates.index = pd.MultiIndex.from_tuples(parties, names=["contest", "candidate"])
    given = {"sources": (Source("Returns of nowhere", sample=True),), "notes": ("Votes by mail are in no precinct.",)}
    return Returns(frame.set_index(["precinct", "contest", "candidate"]), contests, candidates, **{**given, **more})


def shares(votes, contest, **more):
    given = {"groups": {"AAPI": "group"}, "total": "all", "of": "voters", "returns": votes, "contest": contest}
    return precinct_shares(people(), **{**given, **more})


def table(rule=RULE, votes=None, **more):
    votes = votes or returns()
    figures = {name: shares(votes, name) for name in ("mayor_primary", "mayor", "school", "clerk")}
    return contest_table(votes, **{"rule": rule, "figures": figures, "group": "AAPI", **more})


def test_every_contest_that_meets_the_rule_is_in_and_the_others_are_named():
    found = table()
    assert list(found.frame.index) == ["mayor_primary", "mayor", "school", "clerk"]
    assert dict(found.left_out["reason"]) == {"old": "year 2010", "alone": "fewer than two candidates"}
    assert found.notes[0] == (
        "Rule of inclusion, written 2026-11-01, before any figure: Every contest since 2020 (years 2020 to 2024). "
        "Of 6 contests in the returns 4 meet it, and all of these are here."
    )
    assert found.notes[1:3] == ("Left out: Old (year 2010).", "Left out: Alone (fewer than two candidates).")
    assert found.summary().startswith("Rule of inclusion, written 2026-11-01")
    assert found.notes[-1] == "Votes by mail are in no precinct."
    assert found.sources == (Source("Returns of nowhere", sample=True),)


def test_figures_by_hand():
    row = table().frame.loc["mayor"]
    # 5 precincts of the group alone give 4,500 of 5,900 votes; the mixed ones have 500 and 420, 180 to 400 of 400 …
    assert (row["preferred"], row["basis"], row["probability"]) == ("Heron", "bounds", 1.0)
    assert row["cohesion"] == pytest.approx(0.9)
    assert (row["preferred_rest"], row["probability_rest"]) == ("Gannet", 1.0)
    assert row["opposition"] == pytest.approx(0.9)
    # Mixed precincts: 500 of 1,000 in the group and 500 votes; 400 and 420 votes: 0 to 500, and 0 to 400, of its votes.
    assert (row["cohesion_low"], row["cohesion_high"]) == pytest.approx((4500 / 5900, 5400 / 5900))
    # Everybody else gave Heron 500, and 0 to 500, and 20 to 420 votes, of 6,100.
    assert (row["opposition_low"], row["opposition_high"]) == pytest.approx((1 - 1420 / 6100, 1 - 520 / 6100))
    assert bool(row["polarized"])
    assert row["winner"] == "Gannet"  # 5,920 of 12,000 votes are Heron's
    assert not row["won"]
    assert not row["model_driven"]


def test_the_same_preference_is_not_polarized_and_a_tie_is_not_settled():
    found = table().frame
    assert (found.loc["school", "preferred"], found.loc["school", "preferred_rest"]) == ("Heron", "Heron")
    assert not found.loc["school", "polarized"]
    assert bool(found.loc["school", "won"])
    assert pd.isna(found.loc["clerk", "polarized"])
    assert pd.isna(found.loc["clerk", "won"])  # 6,000 to 6,000 votes
    assert found.loc["clerk", "winner"] is None or pd.isna(found.loc["clerk", "winner"])
    assert table().preferred() == {"mayor_primary": "Heron", "mayor": "Heron", "school": "Heron"}


def test_counts_stand_over_all_contests_and_by_kind():
    found = table()
    counts = found.counts
    assert counts.loc["all"].to_dict() == {
        "contests": 4, "polarized": 2, "not_polarized": 1, "not_settled": 1, "won": 1, "lost": 2, "not_told": 1
    }  # fmt: skip
    assert counts["contests"].to_dict() == {
        "all": 4, "within": 1, "no_party": 2, "between": 1, "endogenous": 2, "exogenous": 2
    }  # fmt: skip
    assert list(found.endogenous.index) == ["mayor_primary", "mayor"]
    text = found.summary()
    assert "All contests (4): AAPI and everybody else preferred different candidates in 2, the same in 1" in text
    assert "Contests within one party (1): AAPI and everybody else preferred different candidates in 1" in text
    assert "In 3 of 4 contests the bounds alone tell whether the preferences differ." in text
    assert "In 1 contests Goodman's line tells whom the group preferred" in text
    assert "A contest between parties mixes party with preference." in text
    assert "Contests with a candidate of the group (2)" in text


def test_party_is_not_held_apart_where_every_contest_is_between_parties():
    text = table(ContestRule("Mayors", offices=("mayor",), stages=("general",), years=(2020, 2030))).summary()
    assert "No contest here is within one party or without parties" in text
    assert "Nobody said in which contests a candidate of the group stood" in text
    assert "the day on which the rule was written is not told" in text
    assert "offices: mayor; stages: general" in text


def test_parts_of_the_rule_leave_contests_out_with_the_reason():
    found = table(ContestRule("Unity's own", parties=("unity",), stages=("primary",)))
    assert list(found.frame.index) == ["mayor_primary"]
    assert dict(found.left_out["reason"])["mayor"] == "stage: general"
    found = table(ContestRule("One party", parties=("Unity",), offices=("Mayor", "Clerk"), years=(2020, 2024)))
    assert dict(found.left_out["reason"]) == {
        "mayor": "party: Union", "school": "office: School board", "old": "year 2010", "alone": "office: Coroner"
    }  # fmt: skip
    votes = returns("school", "clerk")
    facts = votes.contests
    facts.loc["clerk", "year"] = pd.NA
    facts.loc["school", ["stage", "office"]] = ""
    votes = Returns(votes.frame, facts, votes.candidates)
    figures = {name: shares(votes, name) for name in ("school", "clerk")}
    for rule, reasons in (
        ({"years": (2000, 2030)}, {"clerk": "its year is not known"}),
        ({"stages": ("general",)}, {"school": "its stage is not known"}),
        ({"offices": ("Clerk",)}, {"school": "its office is not known"}),
    ):
        found = contest_table(votes, rule=ContestRule("A rule", **rule), figures=figures, group="AAPI")
        assert dict(found.left_out["reason"]) == reasons


def test_a_contest_without_figures_cannot_be_dropped_in_silence():
    votes = returns()
    with pytest.raises(InputError, match="takes in 3 contests without figures: mayor_primary, school, clerk. The rule"):
        contest_table(votes, rule=RULE, figures={"mayor": shares(votes, "mayor")}, group="AAPI")


def scattered(a, b, votes=100):
    """Give precincts with noise, where the bounds say little and the line has an error."""
    x = np.array([0.1, 0.2, 0.3, 0.4, 0.15, 0.35])
    noise = np.array([0.02, -0.02, 0.01, -0.01, 0.015, -0.015])
    share = a * x + b * (1 - x) + noise
    return pd.DataFrame({"x": x, "t": share, "u": 1 - share, "n": votes})


def test_a_line_gives_a_probability_from_its_error():
    found = polarization(
        scattered(0.62, 0.3), groups={"AAPI": "x"}, candidates={"Heron": "t", "Gannet": "u"}, votes="n", of="voters"
    )
    row = found.frame.loc[("AAPI", "Heron")]
    told = preference(found, "AAPI")
    assert told.basis == "line"
    assert told.candidate == "Heron"
    assert told.probability == pytest.approx(t.cdf((row["goodman"] - 0.5) / row["goodman_se"], 4))
    assert 0.5 < told.probability < 1


def test_several_candidates_take_off_what_speaks_for_the_others():
    x = np.array([0.1, 0.2, 0.3, 0.4, 0.15, 0.35])
    noise = np.array([0.02, -0.02, 0.01, -0.01, 0.015, -0.015])
    frame = pd.DataFrame({"x": x, "a": 0.3 + 0.3 * x + noise, "b": 0.3 + 0.1 * x - noise, "n": 100})
    frame["c"] = 1 - frame["a"] - frame["b"]
    found = polarization(frame, groups={"AAPI": "x"}, candidates={"A": "a", "B": "b", "C": "c"}, votes="n", of="voters")
    rows = found.frame.loc["AAPI"]
    doubt = sum(
        t.sf(
            (rows.loc["A", "goodman"] - rows.loc[one, "goodman"])
            / (rows.loc["A", "goodman_se"] + rows.loc[one, "goodman_se"]),
            4,
        )
        for one in ("B", "C")
    )
    assert preference(found, "AAPI").candidate == "A"
    assert preference(found, "AAPI").probability == pytest.approx(1 - doubt)


def test_one_candidate_or_no_line_tells_no_preference():
    one = polarization(scattered(0.6, 0.3), groups={"AAPI": "x"}, candidates={"H": "t"}, votes="n", of="voters")
    assert preference(one, "AAPI") == preference(one, "not AAPI")
    assert preference(one, "AAPI").basis == "none"
    flat = scattered(0.6, 0.3).assign(x=0.2)
    none = polarization(flat, groups={"AAPI": "x"}, candidates={"H": "t", "G": "u"}, votes="n", of="voters")
    assert preference(none, "AAPI").candidate is None


def test_what_has_no_figure_is_said():
    votes = returns("mayor", "clerk")
    flat = people(group=200)
    figures = {
        name: precinct_shares(flat, groups={"AAPI": "group"}, total="all", of="vap", returns=votes, contest=name)
        for name in ("mayor", "clerk")
    }
    found = contest_table(votes, rule=ContestRule("All"), figures=figures, group="AAPI")
    assert list(found.frame["basis"]) == ["none", "none"]
    assert found.frame[["polarized", "won"]].isna().all(axis=None)
    assert found.preferred() == {}
    assert "In no contest do the bounds alone tell whether the preferences differ." in found.summary()
    assert "In 2 contests no figure tells whom the group preferred" in found.summary()
    assert "Shares are of adults, not of people who voted" in found.summary()


def test_impossible_and_model_driven_figures_are_counted():
    votes = returns("mayor")
    x = np.array([0.1, 0.2, 0.3, 0.4] * 3)
    frame = pd.DataFrame({"x": x, "Heron": 0.05 + 2 * x, "Gannet": 0.95 - 2 * x, "n": 1000})
    lines = polarization(
        frame, groups={"AAPI": "x"}, candidates={"Heron": "Heron", "Gannet": "Gannet"}, votes="n", of="voters"
    )
    found = contest_table(votes, rule=ContestRule("All"), figures={"mayor": lines}, group="AAPI")
    row = found.frame.loc["mayor"]
    assert row["cohesion"] == pytest.approx(2.05)
    assert bool(row["impossible"])
    assert "lies outside 0 to 100%" in found.summary()


def test_several_seats():
    votes = returns("mayor")
    rows = votes.frame.reset_index()
    third = rows[rows["candidate"] == "Heron"].assign(candidate="Wren")
    votes = Returns(
        pd.concat([rows, third]).set_index(["precinct", "contest", "candidate"]), votes.contests, votes.candidates
    )
    figures = {"mayor": shares(votes, "mayor")}
    given = {"rule": ContestRule("All"), "figures": figures, "group": "AAPI"}
    row = contest_table(votes, **given, seats={"mayor": 2}).frame.loc["mayor"]
    assert row["winner"] == "Gannet"  # Heron and Wren tie for the second seat
    assert pd.isna(row["won"])
    with pytest.raises(InputError, match=r"seats\['mayor'\]=3: fewer were elected than the 3 who stood"):
        contest_table(votes, **given, seats={"mayor": 3})


def test_minor_candidates_without_figures_are_told_and_winners_must_have_them():
    votes = returns("mayor")
    rows = votes.frame.reset_index()
    wren = rows[rows["candidate"] == "Heron"].assign(candidate="Wren", votes=100)
    more = Returns(
        pd.concat([rows, wren]).set_index(["precinct", "contest", "candidate"]), votes.contests, votes.candidates
    )
    two = {"mayor": shares(more, "mayor", candidates=["Heron", "Gannet"])}
    found = contest_table(more, rule=ContestRule("All"), figures=two, group="AAPI")
    assert "Votes for candidates without figures: mayor (9.1%)." in found.summary()
    lost = {"mayor": shares(more, "mayor", candidates=["Heron", "Wren"])}
    with pytest.raises(InputError, match="'mayor': 'Gannet' has the most votes and no figures"):
        contest_table(more, rule=ContestRule("All"), figures=lost, group="AAPI")


def test_bad_rules_and_figures_are_refused():
    with pytest.raises(InputError, match="write the rule in words"):
        ContestRule(" ")
    with pytest.raises(InputError, match="text and written are words"):
        ContestRule(None)
    with pytest.raises(InputError, match="text and written are words"):
        ContestRule("x", written=20261101)
    for bad in (2020, ("a", "b"), "2020"):
        with pytest.raises(InputError, match="years=.*: the first and the last year"):
            ContestRule("x", years=bad)
    with pytest.raises(InputError, match="stages=None: leave it out, or pass a list"):
        ContestRule("x", stages=None)
    with pytest.raises(InputError, match="returns are what kit.read_returns gave, and the rule is a ContestRule"):
        contest_table(None, rule=RULE, figures={}, group="AAPI")
    with pytest.raises(InputError, match="certain='0.9': a probability"):
        table(certain="0.9")
    with pytest.raises(InputError, match="stages has final; known are primary, general, runoff, special"):
        ContestRule("x", stages=("final",))
    with pytest.raises(InputError, match=r"years=\(2024, 2020\): the first and the last"):
        ContestRule("x", years=(2024, 2020))
    with pytest.raises(InputError, match="offices='Mayor': pass a list"):
        ContestRule("x", offices="Mayor")
    with pytest.raises(InputError, match="endogenous names contests that the returns do not have: mayoral"):
        table(ContestRule("x", endogenous=("mayoral",)))
    with pytest.raises(InputError, match="no contest of 6 meets the rule: years 1990 to 1991"):
        table(ContestRule("x", years=(1990, 1991)))
    with pytest.raises(InputError, match="certain=1: a probability"):
        table(certain=1)
    with pytest.raises(InputError, match="figures of 'mayor_primary' have no Hmong, not Hmong; they have AAPI"):
        table(group="Hmong")
    with pytest.raises(InputError, match="figures hold a DataFrame"):
        table(figures=dict.fromkeys(CONTESTS, people()))
    votes = returns("mayor")
    other = polarization(
        scattered(0.6, 0.3), groups={"AAPI": "x"}, candidates={"H": "t", "G": "u"}, votes="n", of="voters"
    )
    with pytest.raises(InputError, match="'mayor': the figures are of H, G, the returns of Heron, Gannet"):
        contest_table(votes, rule=ContestRule("All"), figures={"mayor": other}, group="AAPI")
    with pytest.raises(InputError, match="the list of contests lacks mayor"):
        contest_table(
            Returns(votes.frame, votes.contests.drop(index="mayor"), votes.candidates),
            rule=ContestRule("All"), figures={}, group="AAPI",
        )  # fmt: skip
    with pytest.raises(InputError, match="the returns have no contest"):
        contest_table(
            Returns(votes.frame.iloc[:0], votes.contests, votes.candidates),
            rule=ContestRule("All"), figures={}, group="AAPI",
        )  # fmt: skip
    silent = votes.frame.assign(votes=pd.array([pd.NA] * len(votes.frame), dtype="Int64"))
    with pytest.raises(InputError, match="'mayor': the votes of Heron, Gannet are missing"):
        contest_table(
            Returns(silent, votes.contests, votes.candidates),
            rule=ContestRule("All"), figures={"mayor": shares(votes, "mayor")}, group="AAPI",
        )  # fmt: skip


def test_the_words_can_be_said_again_in_another_language():
    found = table()
    with kit.using(language="vi"):
        assert found.summary()


def test_figures_of_another_contest_and_seats_that_are_none_are_refused():
    votes = returns("mayor", "school")
    figures = {"mayor": shares(votes, "school"), "school": shares(votes, "school")}
    given = {"rule": ContestRule("All"), "group": "AAPI"}
    with pytest.raises(InputError, match="the figures of 'mayor' are the shares of the contest 'school'"):
        contest_table(votes, figures=figures, **given)
    given["figures"] = {name: shares(votes, name) for name in ("mayor", "school")}
    with pytest.raises(InputError, match="seats names contests that the returns do not have: council"):
        contest_table(votes, **given, seats={"council": 2})
    for bad in (0, 1.5, "2", True):
        with pytest.raises(InputError, match=r"seats\['mayor'\]=.*: how many were elected, a whole number from 1"):
            contest_table(votes, **given, seats={"mayor": bad})


def test_won_and_lost_by_a_preference_that_is_not_known_are_told():
    lines = polarization(
        scattered(0.51, 0.3), groups={"AAPI": "x"}, candidates={"Heron": "t", "Gannet": "u"}, votes="n", of="voters"
    )
    found = contest_table(returns("mayor"), rule=ContestRule("All"), figures={"mayor": lines}, group="AAPI")
    assert found.frame.loc["mayor", "probability"] < 0.95
    assert found.preferred() == {}
    assert (
        "Contests where whom the group preferred has a probability under 95%: 1. Won and lost count these with the "
        "likeliest candidate." in found.notes
    )
    assert not any("likeliest" in note for note in table().notes)


def test_votes_that_the_figures_do_not_stand_on_are_told():
    votes = returns("mayor")
    renamed = people()
    renamed["precinct"] = [*PRECINCTS[:9], "X", "Y", "Z"]
    figures = {"mayor": precinct_shares(renamed, groups={"AAPI": "group"}, total="all", of="voters", returns=votes,
                                        contest="mayor")}  # fmt: skip
    found = contest_table(votes, rule=ContestRule("All"), figures=figures, group="AAPI")
    assert (
        "Votes that the figures do not stand on, such as those of precincts without known people: mayor (25.0%). Who "
        "won is told by all votes." in found.notes
    )
    assert found.frame.loc["mayor", "winner"] == "Gannet"
    assert not any("do not stand on" in note for note in table().notes)


def test_a_tie_that_only_the_last_digit_breaks_is_no_certain_preference():
    frame = pd.DataFrame({"x": [1.0, 1.0, 0.0], "a": [1 / 3, 4 / 7, 0.5], "n": [3, 7, 10]})
    frame["b"] = [2 / 3, 3 / 7, 0.5]
    for columns in ("ab", "ba"):
        found = polarization(frame, groups={"G": "x"}, candidates={one: one for one in columns}, votes="n", of="voters")
        assert preference(found, "G").basis != "bounds"


# --- shares by precinct -----------------------------------------------------------------------------


def test_shares_from_returns():
    votes = returns("mayor")
    found = shares(votes, "mayor")
    assert found.frame.loc["P00"].to_dict() == {"AAPI": 1.0, "Heron": 0.9, "Gannet": 0.1, "votes": 1000.0}
    assert found.summary() == "12 precincts with 12,000 votes. Votes by mail are in no precinct."
    line = polarization(found.frame, **found.columns).frame
    assert line.loc[("AAPI", "Heron"), "goodman"] == pytest.approx(0.9)
    assert found.columns["sources"] == votes.sources


def test_shares_from_one_table_with_a_total_of_several_columns():
    frame = people(yes=300, no=pd.array([100] * 11 + [pd.NA], dtype="Int64")).assign(others=lambda f: 1000 - f["group"])
    found = precinct_shares(
        frame,
        groups={"AAPI": "group"},
        total=["group", "others"],
        of="registered",
        candidates={"Yes": "yes", "No": "no"},
    )
    assert len(found.frame) == 11
    assert (found.frame["Yes"] == 0.75).all()
    assert found.notes == ("1 precincts lack the votes of a candidate; they are left out.",)


def test_what_has_no_partner_is_left_out_with_its_votes():
    votes = returns("mayor")
    table_ = people().astype({"group": "Int64"}).iloc[1:]
    table_.loc[table_.index[0], "group"] = pd.NA
    table_.loc[len(PRECINCTS)] = ["P99", 1, 10]
    found = precinct_shares(table_, groups={"AAPI": "group"}, total="all", of="cvap", returns=votes, contest="mayor")
    assert found.notes[1:] == (
        "1 precincts with 1,000 votes are not in the table of people; they are left out.",
        "1 precincts with 1,000 votes have no people there, or their number is not known; they are left out.",
        "1 precincts of the table of people have no returns.",
    )
    assert len(found.frame) == 10


def test_more_votes_than_voters_are_told():
    votes = returns("mayor")
    found = precinct_shares(
        people(all=[1000] * 11 + [900]),
        groups={"AAPI": "group"},
        total="all",
        of="voters",
        returns=votes,
        contest="mayor",
    )
    assert "In 1 of 12 precincts more votes were counted than people are known to have voted" in found.summary()


def test_bad_counts_are_refused():
    votes = returns("mayor")
    with pytest.raises(InputError, match="of='people': say what the groups are counted among"):
        shares(votes, "mayor", of="people")
    with pytest.raises(InputError, match="the returns have no contest 'judge'; they have mayor"):
        shares(votes, "judge")
    with pytest.raises(InputError, match="contest 'mayor' has no candidate Egret; it has Gannet, Heron"):
        shares(votes, "mayor", candidates=["Egret"])
    with pytest.raises(InputError, match="no column asian; it has group, all"):
        shares(votes, "mayor", groups={"AAPI": "asian"})
    with pytest.raises(InputError, match="'Heron|Heron names a candidate too"):
        shares(votes, "mayor", groups={"Heron": "group"})
    with pytest.raises(InputError, match="pass returns with a contest, or candidates="):
        precinct_shares(people(), groups={"AAPI": "group"}, total="all", of="voters")
    given = {"groups": {"AAPI": "group"}, "total": "all", "of": "voters", "returns": votes, "contest": "mayor"}
    with pytest.raises(InputError, match="1 precincts stand in the table more than once, first P00"):
        precinct_shares(pd.concat([people(), people().head(1)]), **given)
    with pytest.raises(InputError, match="'AAPI' counts more people than there are in 12 precincts, first P00"):
        precinct_shares(people(group=2000), **given)
    with pytest.raises(InputError, match="'group' is negative in 12 precincts, first P00"):
        precinct_shares(people(group=-1), **given)
    with pytest.raises(InputError, match="group must hold numbers"):
        precinct_shares(people(group="many"), **given)
    with pytest.raises(InputError, match="a str is no table of precincts"):
        precinct_shares("people.csv", **given)
    with pytest.raises(InputError, match="returns=DataFrame: pass what kit.read_returns gave"):
        precinct_shares(people(), **{**given, "returns": people()})
    with pytest.raises(InputError, match="groups={}: name at least one"):
        precinct_shares(people(), **{**given, "groups": {}})
    with pytest.raises(InputError, match="all must hold numbers of people or votes, and some are infinite"):
        precinct_shares(people().assign(all=np.inf), **given)
    with pytest.raises(InputError, match="no precinct has both people and votes: people of X0"):
        precinct_shares(people(precinct=[f"X{n}" for n in range(12)]), **given)
