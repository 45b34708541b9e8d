"""Sums by names and places on a handful of people worked out by hand, and what may not be done with them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import kit
from kit.analysis.bisg import bisg, calibrate_names
from kit.analysis.name_shares import NATIONAL, clean_name
from kit.errors import InputError
from kit.model.frames import Source, Units
from kit.model.names import NAME_GROUPS, NameTable
from kit.model.tables import cell

CELLS = [cell("P2", number) for number in (2, 5, 6, 7, 8, 9, 10, 11)]


@pytest.fixture
def surnames():
    """Two names: one of an even mix of white and API people, one of API people alone; and a row for all others."""
    rows = {"LEE": (0.5, 0, 0, 0.5, 0), "NGUYEN": (0, 0, 0, 1, 0)}
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=list(NAME_GROUPS), dtype="float64").assign(
        count=1000.0
    )
    rest = pd.Series((0.6, 0.1, 0.1, 0.1, 0.1), index=list(NAME_GROUPS))
    return NameTable(frame=frame.rename_axis("name"), rest=rest, year=2020, sources=(Source("Names"),))


@pytest.fixture
def areas():
    """Give three tracts: one with the nation's mix, one with API and white residents in the odds 4 to 1, and an empty one."""
    white, black, hispanic, aapi, other = NATIONAL[2020]
    frame = pd.DataFrame(0, index=["06037000100", "06037000200", "06037000300"], columns=CELLS).rename_axis("GEOID")
    frame.loc["06037000100", CELLS] = [hispanic, white, black, other, aapi, 0, 0, 0]
    frame.loc["06037000200", CELLS] = [0, white // 1000, 0, 0, 4 * aapi // 1000, 0, 0, 0]
    return Units(frame, level="tract", year=2020, sources=(Source("P.L. 94-171"),))


def people(rows):
    return pd.DataFrame(rows, columns=["surname", "tract", "district", "voted"])


def sums(frame, surnames, areas, **more):
    what = {"surname": "surname", "geoid": "tract", "by": "district", "year": 2020}
    return bisg(frame, surnames=surnames, areas=areas, **what, **more)


def test_likelihoods_add_up_as_by_hand(surnames, areas):
    # Nation's mix: LEE stays at 1/2. Odds 4 to 1: LEE is 4/5. Empty tract: the county's own mix, all tracts together.
    found = sums(people([("Lee", "06037000100", "1", 1)] * 40 + [("LEE", "06037000200", "2", 1)] * 50), surnames, areas)
    assert found.frame["expected"].to_dict() == {"1": 20.0, "2": 40.0}
    assert found.frame.loc["1", "sd"] == pytest.approx(np.sqrt(40 * 0.25))
    assert found.frame.loc["2", "sd"] == pytest.approx(np.sqrt(50 * 0.8 * 0.2), rel=1e-4)
    assert found.total["people"] == 90
    assert found.total["expected"] == 60


def test_an_empty_tract_takes_the_county_and_an_unknown_place_the_name_alone(surnames, areas):
    found = sums(
        people([("Lee", "06037000300", "1", 1)] * 100 + [("Lee", "99999999999", "2", 1)] * 100), surnames, areas
    )
    assert found.frame["no_place"].to_dict() == {"1": 0.0, "2": 1.0}
    # The county is the nation's mix and a thousandth more, so LEE is just above one half there.
    assert found.frame["expected"].to_dict() == {"1": 50.0, "2": 50.0}


def test_rare_names_take_the_row_of_all_others_and_missing_names_the_place(surnames, areas):
    frame = people([("Xyzzy", "06037000100", "rare", 1)] * 200 + [(None, "06037000100", "none", 1)] * 200)
    found = sums(frame, surnames, areas)
    assert found.frame["unlisted"].to_dict() == {"none": 1.0, "rare": 1.0}
    assert found.frame.loc["rare", "expected"] == 20.0
    assert found.frame.loc["none", "expected"] == 10.0  # 200 times the nation's 6.1 per cent is 12.2, shown as 10


def test_names_are_cleaned_and_tried_whole_first(surnames, areas):
    frame = people([("Nguyễn", None, "1", 1), ("nguyen-smith", None, "1", 1), ("NGUYEN III", None, "1", 1)] * 20)
    assert sums(frame, surnames, areas).frame.loc["1", "expected"] == 60.0
    assert clean_name("  Đinh ") == ("DINH",)
    assert clean_name("…") == ()


def test_small_sums_are_hidden_with_one_more(surnames, areas):
    rows = [("Nguyen", "06037000100", name, 1) for name, size in (("a", 5), ("b", 40), ("c", 90)) for _ in range(size)]
    found = sums(people(rows), surnames, areas)
    assert found.frame["expected"].isna().to_dict() == {"a": True, "b": True, "c": False}
    assert found.total["expected"] == 135
    assert any("Not shown: 2 sums under 11 people" in note for note in found.notes)


def test_two_small_sums_that_add_up_to_a_small_one_take_a_third_with_them(surnames, areas):
    sizes = (("a", 3), ("b", 4), ("c", 40), ("d", 90))
    rows = [("Nguyen", "06037000100", name, 1) for name, size in sizes for _ in range(size)]
    found = sums(people(rows), surnames, areas)
    # 137 less 130 would leave 7 for the first two together, so that each is at most 7.
    assert found.frame["expected"].isna().to_dict() == {"a": True, "b": True, "c": True, "d": False}


def test_a_rate_stands_between_its_bounds(surnames, areas):
    # In one place 100 people named Lee, half of them API people by the name; 30 voted. At most all 30 are, at least none.
    rows = [("Lee", "06037000100", "1", int(at < 30)) for at in range(100)]
    found = sums(people(rows), surnames, areas, outcome="voted").frame.loc["1"]
    assert (found["rate"], found["rate_low"], found["rate_high"]) == pytest.approx((0.3, 0.0, 0.6))
    assert found["happened"] == 30
    assert "rate" not in sums(people(rows), surnames, areas).frame


def test_pieces_give_what_the_whole_gives(surnames, areas):
    rng = np.random.default_rng(7)
    frame = people(
        {
            "surname": rng.choice(["LEE", "NGUYEN", "OTHER"], 3000),
            "tract": rng.choice(["06037000100", "06037000200"], 3000),
            "district": rng.choice(["1", "2"], 3000),
            "voted": rng.integers(0, 2, 3000),
        }
    )
    whole = sums(frame, surnames, areas, outcome="voted")
    pieces = sums((frame.iloc[at : at + 700] for at in range(0, 3000, 700)), surnames, areas, outcome="voted")
    pd.testing.assert_frame_equal(whole.frame, pieces.frame)


def test_first_names_move_the_likelihood(surnames, areas):
    rows = {"MAI": (0.1, 0, 0, 0.9, 0), "JOHN": (0.9, 0.02, 0.02, 0.05, 0.01)}
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=list(NAME_GROUPS)).assign(count=[1000.0, 9000.0])
    firsts = NameTable(frame=frame.rename_axis("name"), year=2020, kind="first", sources=(Source("First names"),))
    crowd = people([("Lee", "06037000100", "1", 1)] * 100).assign(first="Mai")
    found = sums(crowd, surnames, areas, first="first", first_names=firsts)
    # P(Mai | API) = 900/1350 and P(Mai | white) = 100/8200, and LEE is half and half.
    chance = (900 / 1350) / (900 / 1350 + 100 / 8200)
    assert found.frame.loc["1", "expected"] == round(100 * chance / 5) * 5
    assert found.frame.loc["1", "sd"] == pytest.approx(np.sqrt(100 * chance * (1 - chance)))
    assert "First names" in {source.title for source in found.sources}


def test_nothing_about_a_person_comes_out(surnames, areas):
    crowd = people([("Nguyen", "06037000100", "1", 1)] * 60)
    found = sums(crowd, surnames, areas)
    assert len(found.frame) == 1
    text = found.summary() + found.frame.to_csv()
    assert "guyen" not in text.lower()
    assert "Nobody is labeled" in text
    assert "model is not quantified" in text


def test_a_calibration_gives_a_range(surnames, areas):
    rows = [("Nguyen", "06037000100", name, 1) for name in "abc" for _ in range(200)]
    found = sums(people(rows), surnames, areas)
    band = calibrate_names(found, pd.Series({"a": 150, "b": 180, "c": 210}))
    assert band == pytest.approx((0.75, 1.05))
    again = sums(people(rows), surnames, areas, calibration=band)
    assert again.frame.loc["a", ["low", "high"]].tolist() == [150.0, 210.0]
    assert "0.75 to 1.05 times" in again.summary()
    with pytest.raises(InputError, match="1 places are in one of the two only, first d"):
        calibrate_names(found, pd.Series({"a": 1, "b": 1, "c": 1, "d": 1}))
    with pytest.raises(InputError, match="0 places have 100 expected people or more; at least 3"):
        calibrate_names(sums(people(rows[:60]), surnames, areas), pd.Series({"a": 10}))


def test_bad_input_is_refused(surnames, areas):
    crowd = people([("Lee", "06037000100", "1", 2)] * 60)
    with pytest.raises(InputError, match="'voted' must be true or false, or 1 or 0, for everybody; 60 rows"):
        sums(crowd, surnames, areas, outcome="voted")
    with pytest.raises(InputError, match="the list has no column surname; it has tract, district, voted"):
        sums(crowd.drop(columns="surname"), surnames, areas)
    with pytest.raises(InputError, match="counts of blocks are too noisy"):
        block = areas.frame.set_axis([f"{name}1000" for name in areas.frame.index]).rename_axis("GEOID")
        sums(crowd, surnames, Units(block, level="block", year=2020))
    with pytest.raises(InputError, match="year=2000: national totals are known for 2010 and 2020"):
        bisg(crowd, surnames=surnames, areas=areas, surname="surname", geoid="tract", by="district", year=2000)
    with pytest.raises(InputError, match="give both first="):
        sums(crowd, surnames, areas, first="first")
    with pytest.raises(InputError, match="shares by place need P2_010N; read them with"):
        sums(crowd, surnames, Units(areas.frame.drop(columns="P2_010N"), level="tract", year=2020))
    with pytest.raises(InputError, match="the list of people is empty"):
        sums(iter(()), surnames, areas)


def test_the_public_names_are_there():
    assert kit.bisg is bisg
    assert callable(kit.read_surnames)
