"""GEOIDs stay text, keep their zeros, and say what is wrong with them."""

from __future__ import annotations

import pandas as pd
import pytest

from kit.errors import InputError, NotPublished, SchemaError
from kit.model.geoid import LEVELS, STATES, as_geoids, level, level_of, natural_key, state


def test_fifty_six_places():
    assert len(STATES) == 56
    assert len({s.abbr for s in STATES.values()}) == 56
    assert all(code == s.fips and len(code) == 2 and len(s.abbr) == 2 for code, s in STATES.items())
    assert {"03", "07", "14", "43", "52"}.isdisjoint(STATES)


@pytest.mark.parametrize("place", ["HI", "hi", " 15 ", "Hawaii", "hawaii"])
def test_state_by_any_name(place):
    assert state(place).fips == "15"


def test_state_with_a_longer_name():
    assert state("district of columbia").abbr == "DC"
    assert state("72").name == "Puerto Rico"


@pytest.mark.parametrize("place", ["", "XX", "6", "Hawai", "03"])
def test_unknown_state(place):
    with pytest.raises(InputError, match="no State is called .*two-digit FIPS code"):
        state(place)


@pytest.mark.parametrize("place", ["AS", "GU", "MP", "VI"])
def test_island_areas_have_no_redistricting_file(place):
    assert state(place)
    with pytest.raises(NotPublished, match="Island Areas Censuses"):
        state(place, product="P.L. 94-171")


@pytest.mark.parametrize("name", ["block group", "Block_Group", "150"])
def test_level_by_name_or_code(name):
    assert level(name) is LEVELS["block_group"]


def test_level_that_is_not_listed_has_no_length():
    found = level("871")
    assert (found.summary_level, found.digits) == ("871", None)


def test_unknown_level():
    with pytest.raises(InputError, match="no level is called 'precinct'; levels are state, county"):
        level("precinct")


@pytest.mark.parametrize(
    ("ids", "found"),
    [
        (["15"], "state"),
        (["15003"], "county"),
        (["15003000100"], "tract"),
        (["150030001001"], "block_group"),
        (["150030001001000"], "block"),
        (["1500300"], None),
        (["15003", "15"], None),
        (["15003A00100"], None),
        ([], None),
    ],
)
def test_level_of(ids, found):
    assert level_of(ids) == found


def test_ids_keep_order_and_become_text_named_geoid():
    ids, repaired = as_geoids(["36061", "06037"], level="county")
    assert ids.tolist() == ["36061", "06037"]
    assert (ids.name, repaired) == ("GEOID", 0)
    assert pd.api.types.is_string_dtype(ids)


def test_lost_zero_is_given_back_only_where_a_state_has_that_code():
    ids, repaired = as_geoids([6037, 36061], level="county")
    assert ids.tolist() == ["06037", "36061"]
    assert repaired == 1
    with pytest.raises(SchemaError, match="1 ids that are not 5 digits as counties have: 3061"):
        as_geoids(["3061"], level="county")  # 03 is no State


def test_floats_that_are_whole_are_ids():
    assert as_geoids([6037.0, 36061.0], level="county")[0].tolist() == ["06037", "36061"]


def test_census_api_prefix_is_taken_off():
    assert as_geoids(["0500000US06037", "0500000US36061"])[0].tolist() == ["06037", "36061"]
    assert as_geoids(["7500000US360610001001000"], level="block")[0].tolist() == ["360610001001000"]


def test_block_id_as_number_is_exact():
    assert as_geoids([60371011101000], level="block")[0].tolist() == ["060371011101000"]


def test_missing_ids_name_the_row():
    with pytest.raises(SchemaError, match="GEOID20 is empty in 1 rows, first row 2"):
        as_geoids(["36061", None], what="GEOID20")


@pytest.mark.parametrize("bad", ["6.0371E+13", "3.6061e14"])
def test_scientific_notation_is_a_destroyed_id(bad):
    with pytest.raises(SchemaError, match="scientific notation .*spreadsheet has destroyed them"):
        as_geoids([bad, "360610001001000"], level="block")


def test_wrong_length():
    with pytest.raises(SchemaError, match="2 ids that are not 15 digits as census blocks have: 36061, 36063"):
        as_geoids(["36061", "36063", "360610001001000"], level="block")


def test_numbers_without_a_level_are_refused():
    with pytest.raises(SchemaError, match="read as numbers .*leading zeros may be lost"):
        as_geoids([36061, 6037])


def test_numbers_are_refused_for_a_level_whose_ids_vary_in_length():
    with pytest.raises(SchemaError, match="read as numbers"):
        as_geoids([36061, 6037], level="vtd")


def test_doubled_ids_are_named_once():
    with pytest.raises(SchemaError, match="names 1 ids more than once: 36061. Each unit"):
        as_geoids(["36061", "36061", "36063"], level="county")


def test_ids_are_doubled_also_after_repair():
    with pytest.raises(SchemaError, match="names 1 ids more than once: 06037"):
        as_geoids(["6037", "06037"], level="county")


def test_input_is_left_as_it_was():
    given = pd.Series([6037, 36061])
    as_geoids(given, level="county")
    assert given.tolist() == [6037, 36061]


@pytest.mark.parametrize(
    ("labels", "wanted"),
    [
        (["10", "9", "1"], ["1", "9", "10"]),
        (["SD-10", "SD-2", "sd-1"], ["sd-1", "SD-2", "SD-10"]),
        (["B", "a", "2", "10A", "10"], ["2", "10", "10A", "a", "B"]),
        (["02", "1", "2"], ["1", "02", "2"]),
    ],
)
def test_natural_order(labels, wanted):
    assert sorted(labels, key=natural_key) == wanted


@pytest.mark.parametrize("given", [["60371011101000.0"], [60371011101000.0], [60371011101000], ["60371011101000"]])
def test_a_block_written_as_a_number_gets_its_zero_back_when_the_level_is_said(given):
    ids, repaired = as_geoids(given, level="block")
    assert (ids.tolist(), repaired) == (["060371011101000"], 1)


def test_text_ids_that_end_in_a_decimal_nought_are_whole_numbers():
    assert as_geoids(["360610001001000.0", "360610001001001.00"])[0].tolist() == ["360610001001000", "360610001001001"]


@pytest.mark.parametrize("given", [["60371011101000"], ["60371011101000.0", "360610001001000"]])
def test_blocks_without_their_leading_zero_are_told_as_such_when_no_level_is_said(given):
    with pytest.raises(SchemaError, match=r'block ids of 14 digits \(60371011101000\): .*Say level="block"'):
        as_geoids(given)


def test_fourteen_digits_that_begin_no_state_are_left_alone():
    assert as_geoids(["30371011101000"])[0].tolist() == ["30371011101000"]


@pytest.mark.parametrize("destroyed", ["6.0371E+13", "6E+13", "6,0371E+13", "6.04e13"])
@pytest.mark.parametrize("level_said", [None, "block"])
def test_scientific_notation_in_every_spelling(destroyed, level_said):
    with pytest.raises(SchemaError, match=r"scientific notation \(" + destroyed.replace("+", r"\+") + r"\): a spread"):
        as_geoids([destroyed, destroyed], level=level_said)


def test_a_voting_district_with_an_e_in_it_is_no_number():
    assert as_geoids(["360611E12", "36061E5"])[0].tolist() == ["360611E12", "36061E5"]
