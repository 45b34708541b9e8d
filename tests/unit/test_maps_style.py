"""Classes, colours and type."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from kit.errors import InputError, KitError
from kit.maps import style
from kit.maps.lettering import width, wrap

# Viénot, Brettel and Mollon (1999): what a reader without M cones (deutan) or L cones (protan) sees, in linear RGB.
NORMAL = np.eye(3)
DEUTAN = np.array([[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]])
PROTAN = np.array([[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]])
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = TO_XYZ.sum(axis=1)


def lab(colours, seen=NORMAL):
    rgb = np.array([to_rgb(colour) for colour in colours])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    ratio = (np.clip(linear @ seen.T, 0, 1) @ TO_XYZ.T) / WHITE
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.column_stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])])


def test_upper_bound_belongs_to_its_class_and_zero_to_the_lowest():
    found = style.classes([0, 0.1, 0.5, 1]).index(pd.Series([0.0, 0.1, 0.1000001, 0.5, 0.51, 1.0, np.nan]))
    assert found.tolist() == [0, 0, 1, 1, 2, 2, -1]


def test_a_lowest_bound_above_zero_belongs_to_the_lowest_class():
    assert style.classes([0.2, 0.4, 0.6]).index(pd.Series([0.2, 0.4, 0.6])).tolist() == [0, 0, 1]


def test_labels_say_what_the_bounds_are():
    assert style.classes([0, 0.125, 1]).labels == ("0% to 12.5%", "over 12.5% to 100%")


@pytest.mark.parametrize("breaks", [[0, 0.5, 0.5, 1], [0.5, 0.1], [0.3], []])
def test_breaks_must_rise(breaks):
    with pytest.raises(InputError, match="breaks must rise"):
        style.classes(breaks)


@pytest.mark.parametrize("breaks", [[0, 5, 10, 100], [-0.1, 0.5, 1]])
def test_breaks_are_fractions(breaks):
    with pytest.raises(InputError, match=r"10% is 0\.10"):
        style.classes(breaks)


def test_eight_classes_are_too_many():
    assert len(style.classes(np.linspace(0, 1, 8))) == 7
    with pytest.raises(InputError, match="8 classes cannot be told apart"):
        style.classes(np.linspace(0, 1, 9))


def test_shares_outside_the_breaks_are_counted_in_the_message():
    with pytest.raises(InputError, match=r"2 shares lie outside the breaks 0 to 0\.5 \(largest 0\.900\)"):
        style.classes([0, 0.2, 0.5]).index(pd.Series([0.1, 0.6, 0.9]))


@pytest.mark.parametrize("n", range(3, 8))
def test_lightness_falls_in_even_steps(n):
    lightness = lab(style.palette(n))[:, 0]
    steps = -np.diff(lightness)
    assert steps.min() > 0
    assert steps.max() - steps.min() < 2.0


@pytest.mark.parametrize("seen", [NORMAL, DEUTAN, PROTAN], ids=["normal", "deutan", "protan"])
@pytest.mark.parametrize("n", [3, 4, 5, 6])
def test_neighbouring_classes_are_told_apart(n, seen):
    points = lab(style.palette(n), seen)
    assert min(np.linalg.norm(a - b) for a, b in itertools.pairwise(points)) >= 15


@pytest.mark.parametrize("seen", [NORMAL, DEUTAN, PROTAN], ids=["normal", "deutan", "protan"])
def test_seven_classes_are_still_told_apart(seen):
    points = lab(style.palette(7), seen)
    assert min(np.linalg.norm(a - b) for a, b in itertools.pairwise(points)) >= 11


def test_one_class_has_a_colour_that_is_neither_end():
    assert 40 < lab(style.palette(1))[0, 0] < 75


@pytest.mark.parametrize("found", ["3.10.9", "3.9", "2.2.5"])
def test_an_old_matplotlib_is_refused(found):
    with pytest.raises(KitError, match=r"matplotlib .* is too old.*Install matplotlib>=3\.11"):
        style.require_matplotlib(found)


@pytest.mark.parametrize("found", ["3.11.0", "3.11.0rc1", "3.12.dev4", "4.0"])
def test_a_newer_matplotlib_is_taken(found):
    style.require_matplotlib(found)


def test_lines_of_text_fit_their_width():
    told = wrap("Counted: Asian or Native Hawaiian and Other Pacific Islander\nBase: adults", 1.5, size=8)
    lines = told.split("\n")
    assert all(width(line, size=8) <= 1.5 * 72 for line in lines)
    assert lines[-1] == "Base: adults"
    assert " ".join(lines) == "Counted: Asian or Native Hawaiian and Other Pacific Islander Base: adults"


def test_a_word_longer_than_a_line_stands_alone():
    assert wrap("a tl_2010_06037_tabblock10 b", 0.5, size=8) == "a\ntl_2010_06037_tabblock10\nb"


def test_bold_letters_are_wider():
    assert width("WO", size=10, bold=True) > width("WO", size=10) > width("11", size=10)


@pytest.mark.parametrize("breaks", [[0, float("nan"), 1], ["a", "b"], None, [0, float("inf")]])
def test_breaks_that_are_no_numbers_are_refused(breaks):
    with pytest.raises(InputError, match="breaks"):
        style.classes(breaks)
