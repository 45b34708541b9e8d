"""Turnout reported to a survey: shares, weights and margins worked by hand, and what is refused."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.analysis.cps_turnout import cps_turnout
from kit.errors import CoverageError, InputError, SchemaError
from kit.i18n import catalogues
from kit.i18n.messages import english
from kit.model.cps import CpsTable
from kit.model.source import Source
from kit.settings import using

NOBODY = pd.DataFrame(columns=["official"])


def people(*kinds, year=2018):
    """Make respondents: (how many, state, race, voted, registered, weight)."""
    rows = [
        (year, state, race, False, weight, voted, registered)
        for number, state, race, voted, registered, weight in kinds
        for _ in range(number)
    ]
    names = ["year", "state", "race", "hispanic", "weight", "voted", "registered"]
    return pd.DataFrame(rows, columns=names).astype({"hispanic": "boolean"})


def table(frame, *, rates=NOBODY, weight=250_000_000, form="census", replicates=()):
    years = pd.DataFrame(
        {"people": len(frame), "weight": float(weight), "asked": len(frame), "asked_weight": frame["weight"].sum()},
        index=pd.Index(sorted(frame["year"].unique()), name="year"),
    )
    return CpsTable(frame, years, rates, form, tuple(replicates), (Source("Invented survey", tables="PES1, PES2"),))


# 60 Asian respondents: 30 voted, 15 did not and were registered, 15 did not say; 40 others, all voters.
PLAIN = people(
    (30, "CA", "asian", "yes", "not_asked", 2.0),
    (15, "CA", "asian", "no", "yes", 2.0),
    (15, "NY", "asian", "unknown", "unknown", 2.0),
    (40, "NY", "other", "yes", "not_asked", 2.0),
)


def rates(**official):
    index = pd.MultiIndex.from_tuples([(2018, name) for name in official], names=["year", "state"])
    return pd.DataFrame({"official": list(official.values())}, index=index)


def test_people_who_do_not_say_count_as_no_in_the_tables_of_the_census():
    found = cps_turnout(table(PLAIN), year=2018, group="asian_alone", weights="census")
    voted, registered = (found.frame.loc[("asian_alone", name)] for name in ("voted", "registered"))
    assert (voted["share"], registered["share"]) == (0.5, 0.75)
    assert (voted["respondents"], voted["n_effective"]) == (60, 60)
    assert np.isclose(voted["se"], np.sqrt(0.25 / 60))
    assert np.isclose(voted["moe"], 1.645 * np.sqrt(0.25 / 60))
    assert (voted["no_answer"], registered["no_answer"]) == (0.25, 0.25)
    assert found.frame.loc[("total", "voted"), "share"] == 0.7
    # Wilson: the middle stays one half, the half-width is that of 60 + z² people.
    assert np.isclose(voted["low"], 0.5 - 1.645 / 2 / np.sqrt(60 + 1.645**2))
    assert np.isclose(voted["high"], 0.5 + 1.645 / 2 / np.sqrt(60 + 1.645**2))
    assert (found.place, found.years, found.error, found.partial) == ("the United States", (2018,), "weights", False)


def test_unequal_weights_count_and_make_it_less_sure():
    frame = people((50, "CA", "asian", "yes", "not_asked", 3.0), (50, "CA", "asian", "no", "no", 1.0))
    row = cps_turnout(table(frame), year=2018, group="asian_alone", weights="census").frame.loc[("total", "voted")]
    assert row["share"] == 0.75
    # (50·3 + 50·1)² / (50·9 + 50·1) = 40,000 / 500.
    assert row["n_effective"] == 80
    wider = cps_turnout(table(frame), year=2018, group="total", weights="census", design_effect=2)
    assert wider.frame.loc[("total", "voted"), "n_effective"] == 40
    assert "a design effect of 2.00" in wider.summary()


def test_generalized_variance():
    found = cps_turnout(table(PLAIN), year=2018, group="total", weights="census", b=2)
    row = found.frame.loc[("total", "voted")]
    # x = 200 people, p = .7: the root of 2 / 200 · .21.
    assert np.isclose(row["se"], np.sqrt(0.01 * 0.21))
    assert found.error == "generalized"
    assert any("by the survey's generalized formula with b = 2." in note for note in found.notes)


def test_replicate_weights():
    frame = PLAIN.assign(r1=2.0, r2=np.where(PLAIN["voted"] == "yes", 4.0, 2.0), r3=2.0, r4=2.0)
    found = cps_turnout(
        table(frame, replicates=["r1", "r2", "r3", "r4"]), year=2018, group="total", weights="census", b=5
    )
    row = found.frame.loc[("total", "voted")]
    # One of four estimates differs: 280 of 340 instead of 140 of 200; 4 / 4 times its square.
    assert np.isclose(row["se"], 280 / 340 - 0.7)
    assert found.error == "replicates"
    assert np.isclose(row["n_effective"], 0.21 / row["se"] ** 2)
    assert any("from 4 replicate weights" in note for note in found.notes)


def test_a_share_of_all_has_no_error_and_still_bounds():
    frame = people((60, "CA", "asian", "yes", "not_asked", 2.0))
    row = cps_turnout(table(frame), year=2018, group="total", weights="census").frame.loc[("total", "voted")]
    assert (row["share"], row["se"]) == (1, 0)
    assert np.isclose(row["high"], 1)
    assert np.isclose(row["low"], 60 / (60 + 1.645**2))


# --- Hur and Achen ---------------------------------------------------------------------------------


def test_states_reach_their_official_turnout():
    frame = people(
        (40, "CA", "asian", "yes", "not_asked", 2.0),
        (20, "CA", "asian", "no", "no", 1.0),
        (10, "CA", "asian", "unknown", "unknown", 9.0),
        (30, "NY", "other", "yes", "not_asked", 2.0),
        (30, "NY", "other", "no", "yes", 2.0),
    )
    given_ = table(frame, rates=rates(CA=0.5, NY=0.25))
    for name, official in (("CA", 0.5), ("NY", 0.25)):
        found = cps_turnout(given_, year=2018, group="total", place=name, weights="hur_achen")
        assert np.isclose(found.frame.loc[("total", "voted"), "share"], official)
    row = cps_turnout(given_, year=2018, group="asian_alone", weights="hur_achen").frame.loc[("asian_alone", "voted")]
    assert row["respondents"] == 60
    # 90 of 190 people stand for those who did not say, by the survey's own weights.
    assert np.isclose(row["no_answer"], 90 / 190)


def test_factors_of_the_file_are_taken_as_they_are():
    both = rates(CA=0.5, NY=0.5).assign(yes=0.5, no=1.5)
    found = cps_turnout(table(PLAIN, rates=both), year=2018, group="asian_alone", weights="hur_achen", fewest=40)
    # 30 voters of weight 1 and 15 others of weight 3.
    assert np.isclose(found.frame.loc[("asian_alone", "voted"), "share"], 30 / 75)
    assert "As Hur and Achen (2013) propose" in found.summary()


def test_weights_that_the_file_brings():
    frame = PLAIN.assign(turnout_weight=np.where(PLAIN["voted"] == "yes", 1.0, 2.0))
    found = cps_turnout(table(frame), year=2018, group="asian_alone", weights="hur_achen", fewest=40)
    assert found.frame.loc[("asian_alone", "voted"), "share"] == 0.5


def test_hur_and_achen_need_official_turnout():
    with pytest.raises(SchemaError, match=r"needs the official turnout of each State: pass a file with YEAR, STATE"):
        cps_turnout(table(PLAIN), year=2018, group="total", weights="hur_achen")
    with pytest.raises(SchemaError, match="the official turnout has nothing for NY 2018"):
        cps_turnout(table(PLAIN, rates=rates(CA=0.5)), year=2018, group="total", weights="hur_achen")
    with pytest.raises(SchemaError, match="in NY 2018 everybody or nobody says they voted"):
        cps_turnout(table(PLAIN, rates=rates(CA=0.5, NY=0.4)), year=2018, group="total", weights="hur_achen")
    part = PLAIN.assign(turnout_weight=np.nan)
    with pytest.raises(SchemaError, match="turnout_weight is missing for some people"):
        cps_turnout(table(part), year=2018, group="total", weights="hur_achen")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0.5, 9), min_size=12, max_size=12), st.floats(0.05, 0.95))
def test_whatever_the_weights_the_state_reaches_its_official_turnout(weights, official):
    kinds = [(1, "HI", "asian", "yes" if n % 2 else "no", "no", w) for n, w in enumerate(weights)]
    given_ = table(people(*kinds), rates=rates(HI=official))
    found = cps_turnout(given_, year=2018, group="total", place="Hawaii", weights="hur_achen", fewest=2)
    row = found.frame.loc[("total", "voted")]
    assert np.isclose(row["share"], official)
    assert 0 <= row["low"] <= row["share"] <= row["high"] <= 1
    assert row["n_effective"] <= 12 + 1e-9


# --- groups ----------------------------------------------------------------------------------------


def test_asian_and_nhpi_are_shown_apart_and_together():
    frame = people(
        (60, "HI", "asian", "yes", "not_asked", 1.0),
        (60, "HI", "nhpi", "no", "no", 1.0),
        (10, "HI", "asian_nhpi", "yes", "not_asked", 1.0),
        (10, "HI", "nhpi_other", "no", "no", 1.0),
        (5, "HI", "unclear", "no", "no", 1.0),
    )
    found = cps_turnout(table(frame), year=2018, group="aapi_aoic", weights="census").frame["share"]
    assert found[("aapi_aoic", "voted")] == 0.5
    assert found[("asian_aoic", "voted")] == 1
    assert found[("nhpi_aoic", "voted")] == 0.125
    alone = cps_turnout(table(frame), year=2018, group="aapi_alone", weights="census")
    assert alone.frame.loc[("aapi_alone", "voted"), "respondents"] == 120
    assert not any(note.startswith("The code of race") for note in alone.notes)
    both = cps_turnout(table(frame), year=2018, group="aapi_aoic", weights="census")
    assert any(note.startswith("The code of race of 5 of 145 respondents does not tell") for note in both.notes)


def test_parts_that_are_too_small_are_named_and_not_shown():
    frame = people((60, "HI", "asian", "yes", "not_asked", 1.0), (9, "HI", "nhpi", "no", "no", 1.0))
    found = cps_turnout(table(frame), year=2018, group="aapi_alone", weights="census")
    assert list(found.frame.index.unique("group")) == ["aapi_alone", "asian_alone", "total"]
    assert any(note.endswith("one code stands for both: NHPI alone.") for note in found.notes)


def test_not_hispanic_leaves_out_who_is_and_who_does_not_say():
    frame = pd.concat([PLAIN, PLAIN.assign(hispanic=True), PLAIN.assign(hispanic=pd.NA)], ignore_index=True)
    found = cps_turnout(
        table(frame.astype({"hispanic": "boolean"})), year=2018, group="nh_asian_alone", weights="census"
    )
    assert found.frame.loc[("nh_asian_alone", "voted"), "respondents"] == 60


def test_one_code_for_both_cannot_be_told_apart():
    frame = people((60, "HI", "asian_or_nhpi", "yes", "not_asked", 1.0))
    given_ = table(frame, form="cpsvote")
    with pytest.raises(SchemaError, match="one code stands for Asian and for Pacific Islander people"):
        cps_turnout(given_, year=2018, group="asian_alone", weights="census")
    found = cps_turnout(given_, year=2018, group="aapi_alone", weights="census")
    assert list(found.frame.index.unique("group")) == ["aapi_alone", "total"]


# --- refusals --------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["06037", "District 4", "CA-12", "Queens County", 12, ["CA"]])
def test_nothing_smaller_than_a_state(place):
    with pytest.raises(InputError, match="may never be applied to a district, a county or a city"):
        cps_turnout(table(PLAIN), year=2018, group="total", place=place, weights="census")


def test_too_few_respondents():
    with pytest.raises(
        CoverageError, match="only 15 respondents counted as 'asian_alone' answered in 2018 in New York"
    ):
        cps_turnout(table(PLAIN), year=2018, group="asian_alone", place="NY", weights="census")
    with pytest.raises(CoverageError, match="only 0 respondents counted as 'nhpi_alone'"):
        cps_turnout(table(PLAIN), year=2018, group="nhpi_alone", weights="census")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"year": 2020}, "the table has nothing of 2020; it has 2018"),
        ({"year": []}, "nothing of no year"),
        ({"weights": "raw"}, 'weights is "census" or "hur_achen"'),
        (
            {"group": "nh_white_alone"},
            "'nh_white_alone' cannot be told from the survey's codes; choose among total, as",
        ),
        ({"group": "aapi_doj"}, "cannot be told"),
        ({"design_effect": 0.5}, "design_effect is at least 1"),
        ({"b": 0}, "b is above 0"),
        ({"b": float("inf")}, "b is above 0"),
        ({"fewest": 0}, "fewest is a whole number from 1 on, not 0"),
        ({"fewest": 12.5}, "fewest is a whole number from 1 on"),
    ],
)
def test_bad_requests(options, message):
    with pytest.raises(InputError, match=message):
        cps_turnout(table(PLAIN), **{"year": 2018, "group": "total", "weights": "census", **options})


def test_the_table_is_a_table():
    with pytest.raises(InputError, match=r"from kit.read_cps, not a DataFrame"):
        cps_turnout(PLAIN, year=2018, group="total", weights="census")


# --- words -----------------------------------------------------------------------------------------


def test_what_is_said():
    told = cps_turnout(table(PLAIN), year=2018, group="asian_alone", weights="census").summary()
    assert told.startswith(
        "In the United States, 50.0% (± 10.6%, from 39.6% to 60.4%) of citizens of 18 or more counted as “Asian alone” "
        "said that they voted in 2018; of everybody, 70.0%."
    )
    assert "That rests on 60 respondents; 25.0% of those asked, by weight, did not say whether they voted." in told
    assert "never apply these figures to a district" in told
    assert "more people say that they voted than did" in told
    everybody = cps_turnout(table(PLAIN), year=2018, group="total", weights="census").summary()
    assert "of citizens of 18 or more said that they voted in 2018." in everybody


def test_people_of_several_races_are_for_certain_not_of_one_race_alone():
    frame = pd.concat([PLAIN, people((6, "NY", "unclear", "no", "no", 2.0), (2, "NY", "unknown", "no", "no", 2.0))])
    said = "The code of race of {} of 108 respondents does not tell whether they are of the group"
    alone = cps_turnout(table(frame), year=2018, group="asian_alone", weights="census")
    assert any(note.startswith(said.format(2)) for note in alone.notes)
    combined = cps_turnout(table(frame), year=2018, group="asian_aoic", weights="census")
    assert any(note.startswith(said.format(8)) for note in combined.notes)


def test_people_who_do_not_say_whether_they_are_hispanic_are_counted():
    frame = pd.concat([PLAIN, PLAIN.assign(hispanic=pd.NA)], ignore_index=True).astype({"hispanic": "boolean"})
    told = (
        "Respondents of whom the file does not say whether they are Hispanic: 100 of 200; they are counted in the total"
    )
    assert told in cps_turnout(table(frame), year=2018, group="nh_asian_alone", weights="census").summary()
    assert (
        "Respondents of whom"
        not in cps_turnout(table(frame), year=2018, group="asian_alone", weights="census").summary()
    )


def test_a_part_of_the_survey_is_called_so():
    found = cps_turnout(table(PLAIN, weight=1_200_000), year=2018, group="total", weights="census")
    assert found.partial
    assert any(
        "it is a part of it, and its figures are for trying out, not for testimony" in note for note in found.notes
    )


def test_pooled_years_are_named():
    frame = pd.concat([PLAIN.assign(year=year) for year in (2012, 2014, 2016, 2018)], ignore_index=True)
    two = cps_turnout(table(frame), year=(2018, 2014), group="total", weights="census")
    assert two.years == (2014, 2018)
    assert "Answers of 2014 and 2018 were pooled" in two.summary()
    four = cps_turnout(table(frame), year=range(2012, 2020, 2), group="total", weights="census")
    assert "in 2012 to 2018 (4 elections)" in four.summary()


def test_every_sentence_is_a_message(monkeypatch):
    frame = pd.concat([PLAIN.assign(year=year) for year in range(2010, 2020, 2)], ignore_index=True)
    odd = pd.concat([frame, people((6, "NY", "unclear", "no", "no", 2.0), (70, "NY", "nhpi", "no", "no", 2.0))])
    every = tuple(range(2010, 2020, 2))
    found = [
        cps_turnout(
            table(PLAIN, rates=rates(CA=0.5, NY=0.5).assign(yes=0.5, no=1.5)),
            year=2018,
            group="total",
            weights="hur_achen",
        ),
        cps_turnout(table(odd, weight=1e6), year=every, group="aapi_aoic", weights="census", b=3),
        cps_turnout(table(odd, weight=1e6), year=every, group="aapi_alone", weights="census", fewest=80, place="NY"),
    ]
    before = [str(one.summary()) for one in found]
    monkeypatch.setattr(catalogues, "translation", lambda template, _: f"⟦{template}⟧")
    with using(language="vi"):
        for one in found:
            text = one.summary()
            while (fewer := re.sub(r"⟦[^⟦⟧]*⟧", "", text)) != text:
                text = fewer
            assert text.strip() == ""
        assert [english(one.summary()) for one in found] == before


def test_nothing_that_was_given_changes():
    frame = PLAIN.copy()
    given_ = table(frame, rates=rates(CA=0.5, NY=0.5).assign(yes=0.5, no=1.5))
    cps_turnout(given_, year=2018, group="asian_alone", weights="hur_achen", fewest=40)
    pd.testing.assert_frame_equal(given_.frame, PLAIN)
