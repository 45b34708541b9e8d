"""How groups voted: bounds by hand, Goodman's line, and the published sample of Santa Clara, where bounds say nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import kit
from kit.analysis.polarization import bounds, goodman, polarization
from kit.errors import InputError
from kit.model.sentences import percent
from kit.model.source import Source


@pytest.fixture(scope="module")
def santa_clara(fixtures_dir):
    return pd.read_csv(fixtures_dir / "santa_clara.csv", dtype={"precinct": "str"}).set_index("precinct")


def toy(**more):
    """Give ten precincts where each group votes as one: the line fits exactly."""
    x = np.linspace(0.05, 0.95, 10)
    frame = pd.DataFrame({"x": x, "t": 0.8 * x + 0.2 * (1 - x), "n": np.arange(100, 1100, 100)})
    return frame.assign(**more)


def of(frame, **more):
    given = {"groups": {"Group": "x"}, "candidates": {"Lee": "t"}, "votes": "n", "of": "voters"}
    return polarization(frame, **{**given, **more})


def test_bounds_by_hand():
    # Precinct 1: 50 of 100 in the group, 60 votes: 10 to 50 of them. Precinct 2: 80 of 100, 90 votes: 70 to 80.
    assert bounds(np.array([0.5, 0.8]), np.array([0.6, 0.9]), np.array([100.0, 100.0])) == pytest.approx(
        (80 / 130, 130 / 130)
    )
    # A precinct without the group changes nothing.
    assert bounds(np.array([0.5, 0.0]), np.array([0.6, 0.3]), np.array([100.0, 900.0])) == pytest.approx((0.2, 1.0))


def test_a_line_that_fits_gives_both_groups_exactly():
    row = of(toy()).frame
    for estimate in ("goodman", "weighted"):
        assert row.loc[("Group", "Lee"), estimate] == pytest.approx(0.8)
        assert row.loc[("not Group", "Lee"), estimate] == pytest.approx(0.2)
    assert row.loc[("Group", "Lee"), "goodman_se"] == pytest.approx(0, abs=1e-9)
    assert row.loc[("Group", "Lee"), "r2"] == pytest.approx(1)
    assert (row["low"] <= row["goodman"]).all()
    assert (row["goodman"] <= row["high"]).all()


def test_homogeneous_precincts_need_five():
    few = of(toy()).frame.loc[("Group", "Lee")]
    assert few["precincts"] == 1
    assert np.isnan(few["homogeneous"])
    many = toy()
    many.loc[:4, "x"] = 0.95
    many.loc[:4, "t"] = [0.7, 0.8, 0.9, 0.8, 0.8]
    found = of(many).frame.loc[("Group", "Lee")]
    assert (found["precincts"], found["precinct_votes"]) == (6, 100 + 200 + 300 + 400 + 500 + 1000)
    last = 0.8 * 0.95 + 0.2 * 0.05
    assert found["homogeneous"] == pytest.approx((70 + 160 + 270 + 320 + 400 + 1000 * last) / 2500)


def test_santa_clara_as_published(santa_clara):
    found = polarization(
        santa_clara,
        groups={"East Asian": "pct_e_asian_vote"},
        candidates={"Hardy": "pct_for_hardy2"},
        votes="total2",
        of="voters",
        sources=(Source("Returns"),),
    )
    group, others = found.frame.loc[("East Asian", "Hardy")], found.frame.loc[("not East Asian", "Hardy")]
    assert (group["goodman"], others["goodman"]) == pytest.approx((0.86201, 0.23945), abs=1e-5)
    assert (round(group["goodman"], 3), round(others["goodman"], 3)) == (0.862, 0.239)  # as printed
    assert group["goodman_se"] == pytest.approx(0.108, abs=1e-3)
    assert (group["low"], group["high"]) == (0.0, 1.0)
    assert (others["low"], others["high"]) == pytest.approx((0.2135, 0.3801), abs=1e-4)
    assert group["precincts"] == 0
    assert bool(group["model_driven"])
    assert not others["model_driven"]
    assert "between 0.0% and 100.0% of the votes, whatever the voters did" in found.summary()
    assert "1 of 2 figures are driven by the model, not by the returns" in found.summary()
    assert santa_clara["pct_e_asian_vote"].max() == pytest.approx(0.261, abs=1e-3)


def test_three_groups_at_once_give_an_impossible_figure(santa_clara):
    groups = {"Indian": "pct_ind_vote", "East Asian": "pct_e_asian_vote", "other": "pct_non_asian_vote"}
    assert goodman(santa_clara, groups=groups, candidate="pct_for_nadeem2")["Indian"] == pytest.approx(1.32, abs=5e-3)
    with pytest.raises(InputError, match="the groups must be everybody: in 42 precincts"):
        goodman(santa_clara, groups={"Indian": "pct_ind_vote"}, candidate="pct_for_nadeem2")


def test_impossible_figures_are_shown_and_flagged_not_clipped():
    x = np.array([0.1, 0.2, 0.3, 0.4])
    found = of(pd.DataFrame({"x": x, "t": 0.05 + 2 * x, "n": 100}))
    row = found.frame.loc[("Group", "Lee")]
    assert row["goodman"] == pytest.approx(2.05)
    assert bool(row["impossible"])
    assert any("outside 0 to 100%" in note for note in found.notes)


def test_sentences_begin_with_a_capital_and_below_zero_is_a_true_minus():
    x = np.array([0.1, 0.2, 0.3, 0.4])
    found = of(pd.DataFrame({"x": x, "t": (2 * x - 0.12).clip(0), "n": 100}))
    assert found.frame.loc[("not Group", "Lee"), "goodman"] < -0.1
    text = found.summary()
    assert "the model drives, not the returns. Everybody except Group, Lee: between" in text or (
        "). Everybody except Group, Lee: between" in text
    )
    assert "line gives −12.0% (standard error 0.0%" in text
    assert percent(-0.022) == "−2.2%"
    with kit.using(language="ko"):
        assert "−12.0%" in found.summary()


def test_a_group_cannot_be_called_like_everybody_else():
    with pytest.raises(InputError, match="groups called not Group: a name that begins with 'not ' is everybody else"):
        polarization(toy(), groups={"Group": "x", "not Group": "x"}, candidates={"Lee": "t"}, votes="n", of="voters")


def test_what_the_shares_are_of_is_said():
    assert any("Shares are of adults, not of people who voted" in note for note in of(toy(), of="vap").notes)
    assert not any("not of people who voted" in note for note in of(toy()).notes)


def test_bad_input_is_refused():
    with pytest.raises(InputError, match="of='people': say what the groups are shares of"):
        of(toy(), of="people")
    with pytest.raises(InputError, match="no column y; they have x, t, n"):
        of(toy(), groups={"Group": "y"})
    with pytest.raises(InputError, match="'x' must be a share from 0 to 1 .* 10 are not, first 0, 1, .* by 100"):
        of(toy(x=50.0))
    with pytest.raises(InputError, match="'n' must be a number of votes in every precinct; 10 have none"):
        of(toy(n=np.nan))
    with pytest.raises(InputError, match="'n' must be a number of votes in every precinct; 1 have none.* first 0"):
        of(toy(n=pd.array([pd.NA, *range(100, 1000, 100)], dtype="Int64")))
    with pytest.raises(InputError, match="'n' must be a number of votes"):
        of(toy(n=np.inf))
    with pytest.raises(InputError, match="'x' must be a share .* 1 are not, first 0"):
        of(toy(x=pd.array([pd.NA, *[0.5] * 9], dtype="Float64")))
    with pytest.raises(InputError, match="x must be one column of numbers each"):
        of(toy(x="half"))
    with pytest.raises(InputError, match="x must be one column of numbers each"):
        of(pd.concat([toy(), toy()[["x"]]], axis=1))
    with pytest.raises(InputError, match="a str is no table of precincts"):
        of("precincts.csv")
    for bad in ({}, ["x"]):
        with pytest.raises(InputError, match="groups=.*: name at least one, each with its column"):
            of(toy(), groups=bad)
        with pytest.raises(InputError, match="candidates=.*: name at least one, each with its column"):
            of(toy(), candidates=bad)
    with pytest.raises(InputError, match="homogeneous='0.9'"):
        of(toy(), homogeneous="0.9")
    with pytest.raises(InputError, match="0 precincts have votes; at least 3"):
        of(toy(n=0))
    with pytest.raises(InputError, match="no precinct has people of 'Group'"):
        of(toy(x=0.0))
    with pytest.raises(InputError, match="homogeneous=0.5"):
        of(toy(), homogeneous=0.5)
    left = of(pd.concat([toy(), toy(n=0)], ignore_index=True))
    assert left.notes[0] == "10 precincts without votes are left out."
    assert left.precincts == 10
