"""The screen for Section 203: strict lines, honest intervals, and words that never say "covered"."""

from __future__ import annotations

import pandas as pd
import pytest

import kit
from kit.analysis.section203 import screen_203
from kit.errors import InputError, SchemaError
from kit.model.frames import Source, Units
from kit.model.language_groups import GROUPS, PACIFIC_ISLANDER, SYNONYMS, language_group, listed_name

RATE = {"illiteracy": "low", "national_illiteracy": 0.02, "national_source": "made up for this test"}


def table(lep, cvap, low=0.08, *, lep_moe=0.0, cvap_moe=0.0):
    return pd.DataFrame(
        {"lep": [lep], "lep_moe": [lep_moe], "cvap": [cvap], "cvap_moe": [cvap_moe], "low": [low]},
        index=pd.Index(["06037"], dtype="str", name="GEOID"),
    )


def one(*args, language="Vietnamese", rate=RATE, states=False, **kwargs):
    screen = screen_203(
        table(*args, **kwargs), language=language, limited="lep", citizens="cvap", states=states, **rate
    )
    return screen.frame.iloc[0]


@pytest.mark.parametrize(
    ("lep", "cvap", "low", "met"),
    [
        (10_001, 500_050, 0.08, True),  # 2 per cent, and one more than 10,000
        (10_000, 500_000, 0.08, False),  # 10,000 exactly
        (500, 10_000, 0.08, False),  # 5 per cent exactly
        (501, 10_000, 0.08, True),
        (35, 700, 0.08, False),
        (9_000, 20_000, 0.02, False),  # high, and illiteracy is the nation's
        (9_000, 20_000, 0.019, False),
        (9_000, 20_000, 0.0201, True),
        (0, 0, 0.08, None),
        (20_000, 0.0, 0.08, "bad"),
    ],
)
def test_the_lines_are_strict(lep, cvap, low, met):
    if met == "bad":
        with pytest.raises(SchemaError, match="1 areas have more of limited English than citizens: 06037"):
            one(lep, cvap, low)
        return
    row = one(lep, cvap, low)
    assert row["tests_met"] is pd.NA if met is None else row["tests_met"] == met


def test_exactly_on_a_line_without_error_is_below():
    row = one(500, 10_000)
    assert not row["over_5_percent"]
    assert not row["near_5_percent"]
    assert row["reading"] == "estimates below the line"


def test_an_interval_over_the_share_line():
    # share 0.049, margin sqrt(30² − (0.049·100)²)/10,000 = 0.00296: from 0.0460 to 0.0520
    row = one(490, 10_000, lep_moe=30, cvap_moe=100)
    assert row["share"] == 0.049
    assert row["share_moe"] == pytest.approx(0.0029597, abs=1e-7)
    assert not row["tests_met"]
    assert row["near_5_percent"]
    assert row["reading"] == "may be near the line: the interval holds 5 per cent"


def test_an_interval_over_the_count_line_from_above():
    row = one(10_400, 1_000_000, lep_moe=400, cvap_moe=0)
    assert row["over_10000"]
    assert row["near_10000"]  # 10,000 itself is not more than 10,000
    assert row["reading"] == "may be near the line: the interval holds 10,000"
    row = one(10_400, 1_000_000, lep_moe=399)
    assert not row["near_10000"]
    assert row["reading"] == "estimates above the line: 10,000"


def test_one_line_passed_for_sure_is_enough():
    row = one(10_400, 100_000, lep_moe=500, cvap_moe=100)
    assert row["near_10000"]
    assert row["reading"] == "estimates above the line: 5 per cent"
    row = one(20_000, 200_000, lep_moe=500, cvap_moe=100)
    assert row["reading"] == "estimates above the line: 5 per cent and 10,000"


def test_illiteracy_at_or_below_the_nations_is_below():
    assert one(20_000, 200_000, 0.02)["reading"] == "estimates below the line: illiteracy is not above the nation's"


def test_without_illiteracy_the_tests_stay_open():
    row = one(20_000, 200_000, rate={})
    assert row["tests_met"] is pd.NA
    assert row["reading"] == "estimates above the line: 5 per cent and 10,000; illiteracy was not tested"
    assert one(10, 200_000, rate={})["tests_met"] == False  # noqa: E712 — two tests failed whatever the third says


def test_a_state_has_the_share_test_only():
    row = one(20_000, 2_000_000, states=True)
    assert not row["tests_met"]
    assert row["reading"] == "estimates below the line"
    units = Units(table(20_000, 2_000_000), "state", 2022, (Source("ACS"),))
    screen = screen_203(units, language="Korean", limited="lep", citizens="cvap", **RATE)
    assert screen.frame["reading"].iloc[0] == "estimates below the line"
    assert screen.sources == units.sources
    assert "For a State only the 5 per cent test counts." in screen.notes


@pytest.mark.parametrize("column", ["lep", "lep_moe", "cvap", "cvap_moe", "low"])
def test_missing_is_never_zero(column):
    given = table(20_000, 200_000)
    given[column] = float("nan")
    row = screen_203(given, language="Thai", limited="lep", citizens="cvap", **RATE).frame.iloc[0]
    words = {
        "lep": "cannot be told from these figures: an estimate or its margin is missing",
        "lep_moe": "cannot be told from these figures: an estimate or its margin is missing",
        "cvap": "estimates above the line: 10,000",
        "cvap_moe": "estimates above the line: 10,000",
        "low": "estimates above the line: 5 per cent and 10,000; illiteracy was not tested",
    }
    assert row["reading"] == words[column]
    assert given[column].isna().all()  # the caller's table is as it was


def test_the_words_never_say_covered():
    given = pd.concat([table(20_000, 200_000), table(490, 10_000, lep_moe=30), table(5, 10_000)], ignore_index=True)
    screen = kit.screen_203(given, language="Hmong", limited="lep", citizens="cvap", **RATE)
    text = screen.summary()
    assert text.startswith(
        "Hmong, 3 areas: 1 estimates above the line; 1 may be near the line; 1 estimates below the line. A screen, not a "
        "determination: only the official list decides."
    )
    assert "2.00% (made up for this test)" in text
    assert "covered" not in text + " ".join(screen.frame["reading"])


@pytest.mark.parametrize("language", ["Samoan", "Native Hawaiian", "Marshallese", "Chuukese", "Tongan"])
def test_pacific_islander_languages_are_left_out_by_the_law(language):
    with pytest.raises(
        InputError, match=rf"{language} is a Pacific Islander language group\. Section 203 covers Spanish, "
    ):
        one(20_000, 200_000, language=language)


@pytest.mark.parametrize(
    ("rate", "message"),
    [
        ({"illiteracy": "low"}, "needs national_illiteracy= and national_source="),
        ({"illiteracy": "low", "national_illiteracy": 0.02}, "has no confirmed value to fall back on"),
        ({"national_illiteracy": 0.02, "national_source": "x"}, "needs illiteracy=, the column"),
        ({**RATE, "national_illiteracy": 1.31}, "national_illiteracy=1.31 must be a fraction"),
    ],
)
def test_the_nations_rate_and_its_source_go_together(rate, message):
    with pytest.raises(InputError, match=message):
        one(20_000, 200_000, rate=rate)


def test_tables_that_cannot_be_used():
    with pytest.raises(InputError, match="'Klingon' is no language group the kit knows. Asian groups are asian indian"):
        one(1, 10, language="Klingon")
    with pytest.raises(SchemaError, match=r"there is no column lep_moe; columns are lep, cvap, cvap_moe, low"):
        screen_203(table(1, 10).drop(columns="lep_moe"), language="Thai", limited="lep", citizens="cvap", **RATE)
    with pytest.raises(SchemaError, match="1 areas have a negative figure: 06037"):
        one(-5, 10)
    with pytest.raises(SchemaError, match=r"an illiteracy rate above 1 \(give fractions\)"):
        one(5, 10, 8.0)


@pytest.mark.parametrize(
    ("said", "listed"),
    [
        ("Tagalog", "filipino"), ("Pilipino", "filipino"), ("Ilokano", "filipino"), ("Khmer", "cambodian"),
        ("Lao", "laotian"), ("Mandarin", "chinese"), ("Cantonese", "chinese"), ("Hindi", "asian indian"),
        ("Nepali", "nepalese"), ("Chinese (including Taiwanese).", "chinese"), ("Korean", "korean"),
        ("Taiwanese", "taiwanese"), ("Español", "hispanic"),
    ],
)  # fmt: skip
def test_usual_names_point_to_the_listed_group(said, listed):
    assert listed_name(said) == listed
    assert language_group(said) == ("spanish" if listed == "hispanic" else "asian")
    assert one(20_000, 200_000, language=said)["reading"].startswith("estimates above the line")


def test_a_language_of_several_groups_must_be_told_apart():
    with pytest.raises(InputError, match="Bengali is spoken by several groups of Section 203.*: bangladeshi and asian"):
        listed_name("Bengali")
    assert language_group("Bengali") == "asian"  # whichever of the two
    with pytest.raises(InputError, match="Chamorro is a Pacific Islander language group"):
        listed_name("Chamorro")
    with pytest.raises(InputError, match="'Klingon' is no language group the kit knows"):
        listed_name("Klingon")


def test_every_synonym_names_a_listed_group():
    listed = {name for names in GROUPS.values() for name in names}
    assert all(set(groups) <= listed for groups in SYNONYMS.values())
    assert not set(SYNONYMS) & (listed | set(PACIFIC_ISLANDER))
