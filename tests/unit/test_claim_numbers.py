"""Sums of people are compared exactly, however long their binary fractions are."""

from __future__ import annotations

import warnings
from fractions import Fraction

import numpy as np
import pytest

import kit
from kit.analysis.claim_figures import exactly


@pytest.mark.parametrize("number", [np.int64(1_957_326), np.float64(467_826.375), 1_957_326, 0.1])
def test_a_sum_is_taken_as_it_is(number):
    found = exactly(number)
    assert found == Fraction(float(number))
    assert type(found.numerator) is type(found.denominator) is int


def test_products_of_such_sums_do_not_overflow():
    base, count = exactly(np.int64(1_957_326)), exactly(np.float64(467_825.9876543211))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert (count - count / 3) / base == Fraction(467_825.9876543211) * 2 / 3 / 1_957_326


def test_the_highest_estimate_is_called_the_highest():
    sample = kit.load_sample("los_angeles_2010")
    options = {"group": "nh_aapi_alone", "base": "pop"}
    table = kit.concentration(kit.place(sample.units, sample.plans["a"]), **options)
    assert table.frame["share"].idxmax() == "2"
    verdict = kit.check_claim(kit.Claim.largest("2", **options), table)
    assert verdict.status == "weaker"
    assert "the highest estimated share of 5 districts" in verdict.statement
