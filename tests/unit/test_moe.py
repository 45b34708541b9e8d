"""Margins of error: the algebra by hand, what it refuses, and how it is carried to districts."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest

import kit
from kit import moe
from kit.errors import InputError
from kit.model.frames import Placement, Units
from kit.model.identities import check_counts
from kit.model.margin_words import near_bounds, not_apart, points
from kit.report.tables import figure

IDS = pd.Index(["a", "b", "c"], dtype="str", name="GEOID")


def series(*values):
    return pd.Series(values, index=IDS, dtype="Float64")


# Sums


def test_zero_rule_by_hand():
    """Of the zeros only the widest counts: 3 and 4, and 12 of (5, 12, 0)."""
    assert moe.sum([10, 7, 0, 0, 0], [3, 4, 5, 12, 0]) == 13


def test_all_zeros_keep_the_widest():
    assert moe.sum([0, 0, 0], [27, 19, 22]) == 27


def test_controlled_estimates_add_nothing():
    assert moe.sum([1000, 30], [0, 7]) == 7
    assert moe.sum([0, 30], [0, 7]) == 7


def test_sum_of_nothing():
    assert moe.sum([], []) == 0


def test_sum_by_district_keeps_the_zero_rule_in_each():
    found = moe.sum([0, 0, 5, 0], [6, 8, 3, 4], by=pd.Series(["2", "2", "10", "10"], name="district"))
    assert found.to_dict() == {"10": 5.0, "2": 8.0}
    assert found.index.name == "district"


def test_rows_without_a_group_are_in_no_sum():
    assert moe.sum([1, 1, 1], [3, 4, 5], by=["1", "1", None]).to_dict() == {"1": 5.0}


def test_sum_across_columns_and_down():
    estimates = pd.DataFrame({"asian": [5, 0, 0], "nhpi": [2, 0, 1]}, index=IDS)
    moes = pd.DataFrame({"asian_moe": [3, 6, 12], "nhpi_moe": [4, 8, pd.NA]}, index=IDS, dtype="Int64")
    rows = moe.sum(estimates, moes, axis=1)
    assert rows.tolist()[:2] == [5.0, 8.0]
    assert rows.index.equals(IDS)
    assert math.isnan(rows["c"])
    down = moe.sum(estimates, moes, axis=0)
    assert down.to_dict() == pytest.approx({"asian": math.hypot(3, 12), "nhpi": math.nan}, nan_ok=True)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: moe.sum([[1, 2]], [[1, 2]]), "this is a table: say axis=0"),
        (lambda: moe.sum([1, 2], [1, 2], axis=1), "axis=1 is for tables"),
        (lambda: moe.sum([1, 2], [1, 2, 3]), r"not of one length: estimates \(2,\), moes \(3,\)"),
        (lambda: moe.sum([1, 2], [1, 2], by=["1"]), "by= names 1 groups for 2 rows"),
        (lambda: moe.sum([[1, 2]], [[1, 2]], by=["1"]), "by= adds one column in groups"),
        (lambda: moe.sum(series(1, 2, 3), series(1, 2, 3), by=pd.Series(list("121"))), "by= is not on the index"),
        (lambda: moe.sum(series(1, 2, 3), series(1, 2, 3)[::-1]), "estimates and moes are not on one index"),
        (lambda: moe.sum([1, 2], [1, -2]), r"moes: 1 of 2 values are no possible margins, such as -2\. "),
        (lambda: moe.sum([1, 2], ["1", "2"]), "moes: there is something else than numbers"),
        (lambda: moe.sum([1, np.inf], [1, 2]), "estimates: 1 of 2 values are no possible estimates, such as inf"),
        (lambda: moe.proportion(pd.DataFrame({"a": [1]}), 1, 1, 1), "not a whole table"),
    ],
)
def test_what_does_not_fit(call, told):
    with pytest.raises(InputError, match=told):
        call()


@pytest.mark.parametrize("code", [-555555555, -222222222, -333333333, -666666666, -888888888, -999999999])
def test_codes_of_the_census_bureau_are_refused_everywhere(code):
    with pytest.raises(
        InputError, match=rf"moes: 1 of 3 values are codes of the Census Bureau, such as {code}, first in b"
    ):
        moe.sum(series(1, 2, 3), series(1, code, 3))
    with pytest.raises(InputError, match="a margin of -555555555 means 0, the others mean missing"):
        moe.proportion(code, 1, 2, 1)
    table = pd.DataFrame({"m": [1, code]})
    with pytest.raises(InputError, match="moes, column m"):
        moe.sum(pd.DataFrame({"e": [1, 2]}), table, axis=1)


def test_missing_stays_missing():
    assert math.isnan(moe.sum([1, 2], [3, None]))
    assert math.isnan(moe.sum([1, None], [3, 4]))
    assert math.isnan(moe.sum([0, 0], [math.nan, 4]))
    assert moe.sum([1, 0, 5], [math.nan, math.nan, 4], by=["1", "2", "3"]).isna().tolist() == [True, True, False]
    assert math.isnan(moe.difference(pd.NA, 4))
    assert math.isnan(moe.ratio(1, math.nan, 2, 1))
    assert moe.significance(10, math.nan, 20, 1).significant is None
    assert math.isnan(moe.to_confidence(None))


def test_weighted_sum_by_hand():
    assert moe.weighted_sum([0.5, 1], [6, 4]) == 5
    assert moe.weighted_sum([0.5, 1, 1], [6, 4, 2], by=["1", "1", "2"]).to_dict() == {"1": 5.0, "2": 2.0}
    assert "Understated" in moe.weighted_sum.__doc__


# Shares


def test_proportion_and_its_fall_back_by_hand():
    """20 ± 8 of 100 ± 10: √(64 − 4) ÷ 100. 80 ± 4 of 100 ± 10: 16 − 64 < 0, so √(16 + 64) ÷ 100."""
    x, mx = series(20, 80, 5), series(8, 4, 3)
    y, my = series(100, 100, 0), series(10, 10, 12)
    found = moe.proportion(x, mx, y, my)
    assert found.tolist()[:2] == pytest.approx([math.sqrt(60) / 100, math.sqrt(80) / 100])
    assert math.isnan(found["c"])
    assert moe.falls_back(x, mx, y, my).tolist() == [False, True, False]
    assert math.isnan(moe.ratio(5, 3, 0, 12))


def test_everybody_of_everybody_has_no_error():
    assert moe.proportion(100, 10, 100, 10) == 0


def test_rate_of_an_exact_count_over_an_estimate():
    """Registered voters are counted: the margin is r · M ÷ Y."""
    assert moe.ratio(60, 0, 100, 10) == pytest.approx(0.6 * 10 / 100)
    assert moe.proportion(60, 0, 100, 10) == pytest.approx(0.6 * 10 / 100)


def test_product_difference_and_change_by_hand():
    assert moe.product(10, 3, 1, 0.4) == 5
    assert moe.difference(series(3, 5, 0), 4).tolist() == pytest.approx([5, math.sqrt(41), 4])
    assert moe.percent_change(50, 0, 60, 10) == pytest.approx(20)
    assert math.isnan(moe.percent_change(0, 12, 60, 10))


def test_arrays_come_back_as_arrays_and_nothing_is_changed():
    x = np.array([20.0, 80.0])
    found = moe.proportion(x, np.array([8, 4]), 100, 10)
    assert isinstance(found, np.ndarray)
    assert x.tolist() == [20.0, 80.0]
    assert isinstance(moe.ratio(1, 1, 2, 1), float)


# What a margin lets one say


def test_confidence_levels():
    assert moe.to_confidence(1.645) == pytest.approx(1.960)
    assert moe.to_confidence(1.645, level=0.99) == pytest.approx(2.576)
    assert moe.to_confidence(7.0, level=0.90) == 7
    with pytest.raises(InputError, match="level is one of 0.9, 0.95, 0.99, not 95"):
        moe.to_confidence(1, level=95)


def test_interval():
    assert moe.interval(0.02, 0.05) == pytest.approx((0, 0.07))
    assert moe.interval(0.02, 0.05, clip=False) == pytest.approx((-0.03, 0.07))
    assert moe.interval(series(0.5, 0.9, None), series(0.1, 0.3, 0.1)).high.tolist()[:2] == [0.6, 1.0]


def test_significance_by_hand():
    """Standard errors 5 ÷ 1.645 twice: z = 10 ÷ (√50 ÷ 1.645)."""
    z, significant = moe.significance(30, 5, 20, 5)
    assert z == pytest.approx(10 * 1.645 / math.sqrt(50))
    assert significant is True
    assert moe.significance(27, 5, 20, 5).significant is False
    assert moe.significance(20, 0, 20, 0) == (0, False)
    assert moe.significance(21, 0, 20, 0) == (math.inf, True)


def test_significance_of_many():
    found = moe.significance(series(30, 27, 30), series(5, 5, None), 20, 5)
    assert found.significant.tolist() == [True, False, pd.NA]
    assert found.significant.index.equals(IDS)
    assert moe.significance(np.array([30, 27]), 5, 20, 5).significant.tolist() == [True, False]


@pytest.mark.parametrize("periods", [((2011, 2015), (2016, 2020)), ((2016, 2020), (2011, 2015)), ((2018, 2022),) * 2])
def test_periods_that_can_be_compared(periods):
    assert moe.significance(30, 5, 20, 5, periods=periods).significant is True


@pytest.mark.parametrize(
    ("periods", "told"),
    [
        (
            ((2016, 2020), (2018, 2022)),
            "the periods 2016–2020 and 2018–2022 share 2018 to 2020, so the estimates are not",
        ),
        (((2018, 2022), (2014, 2018)), "the periods 2014–2018 and 2018–2022 share 2018, so"),
        (((2018, 2022), (2020, 2020)), "share 2020, so"),
        (((2020, 2016), (2018, 2022)), "periods are two pairs of years"),
        (((2016, 2020),), "periods are two pairs of years"),
        ((2021, 2022), r"periods are two pairs of years, .* not \(2021, 2022\)"),
    ],
)
def test_periods_that_cannot(periods, told):
    with pytest.raises(InputError, match=told):
        moe.significance(30, 5, 20, 5, periods=periods)


@pytest.mark.parametrize(
    ("estimate", "cv", "esri", "hac"),
    [(100, 0.12, "high", "high"), (100, 0.13, "medium", "high"), (100, 0.16, "medium", "medium"),
     (100, 0.31, "medium", "low"), (100, 0.41, "low", "low")],
)  # fmt: skip
def test_reliability_classes(estimate, cv, esri, hac):
    m = estimate * cv * 1.645
    found = moe.reliability(estimate, m * (1 - 1e-12))
    assert (found.word, moe.reliability(estimate, m, classes="hac").word) == (esri, hac)
    assert found.cv == pytest.approx(cv)
    assert found.symbol == {"high": "●", "medium": "◐", "low": "○"}[esri]


def test_reliability_of_none_and_of_no_margin():
    found = moe.reliability(series(0, None, 5), series(12, 3, None))
    assert found.word.tolist() == ["no estimate", "no estimate", "no margin"]
    assert found.symbol.tolist() == ["–", "–", "?"]
    assert found.cv.isna().all()
    assert moe.reliability(100, 30, classes=(0.05, 0.10)).word == "low"


@pytest.mark.parametrize("classes", ["acs", (0.4, 0.1), (0.1,), (0, 0.3)])
def test_classes_that_are_none(classes):
    with pytest.raises(InputError, match="two rising fractions"):
        moe.reliability(1, 1, classes=classes)


def test_threshold_by_hand():
    """One standard error above: Φ(1) = 0.8413447."""
    found = moe.threshold(0.52, 0.02 * 1.645, 0.5)
    assert found.probability == pytest.approx(0.841344746)
    assert found.label == "sampling error only"
    assert found.spans is True
    assert found.sentence == (
        "52.0% ± 3.3 points cannot be distinguished from 50% (sampling error only; chance of more than 50%: 84.1%)."
    )


@pytest.mark.parametrize(
    ("share", "m", "chance", "sentence"),
    [
        (
            0.6,
            0.01,
            1,
            "60.0% ± 1.0 points is more than 50% (sampling error only; chance of more than 50%: more than 99.9%).",
        ),
        (
            0.4,
            0.01,
            0,
            "40.0% ± 1.0 points is not more than 50% (sampling error only; chance of more than 50%: less than 0.1%).",
        ),
        (
            0.5,
            0.1,
            0.5,
            "50.0% ± 10.0 points cannot be distinguished from 50% (sampling error only; chance of more than 50%: 50.0%).",
        ),
        (0.5, 0, 0, "50.0% is not more than 50%; the figure has no sampling error."),
        (0.51, 0, 1, "51.0% is more than 50%; the figure has no sampling error."),
    ],
)
def test_threshold_sentences(share, m, chance, sentence):
    found = moe.threshold(share, m, 0.5)
    assert found.probability == pytest.approx(chance, abs=1e-9)
    assert found.sentence == sentence


def test_threshold_of_many_and_of_none():
    found = moe.threshold(series(0.6, None, 0.3), series(0.2, 0.1, None), 0.5)
    assert found.spans.tolist() == [True, False, False]
    assert found.probability.isna().tolist() == [False, True, True]
    assert found.sentence["c"] == "30.0%: without a margin of error nothing can be said about 50%."


@pytest.mark.parametrize(("share", "tau"), [(41, 0.5), (0.41, 50)])
def test_thresholds_are_fractions(share, tau):
    with pytest.raises(InputError, match="write 41 per cent as 0.41"):
        moe.threshold(share, 0.01, tau)


# Carried to districts


def cvap_units(*, margins=True, **changes):
    """Give four units, of which one has nobody of the group and one nobody at all."""
    ids = pd.Index([f"36061000100{i}" for i in range(1, 5)], dtype="str", name="GEOID")
    columns = {
        "total_cvap": [100, 100, 200, 0],
        "nh_aapi_alone_cvap": [40, 20, 0, 0],
        "nh_asian_alone_cvap": [40, 10, 0, 0],
        "nh_nhpi_alone_cvap": [0, 10, 0, 0],
    }
    if margins:
        columns |= {
            "total_cvap_moe": [30, 40, 50, 12],
            "nh_aapi_alone_cvap_moe": [12, 16, 5, 12],
            "nh_asian_alone_cvap_moe": [12, 9, 5, 12],
            "nh_nhpi_alone_cvap_moe": [12, 16, 5, 4],
        }
    frame = pd.DataFrame(columns | changes, index=ids)
    source = kit.Source("Special tabulation", year=2022, uncertainty="sampling MOE")
    return Units(frame[[name for name in frame if frame[name].notna().any()]], level="block_group", sources=(source,))


def placed(units, labels=("1", "1", "2", "2")):
    plan = kit.Plan("Halves", tuple(dict.fromkeys(labels)), assignment=pd.Series(labels, index=units.frame.index))
    return kit.place(units, plan)


def table(units, labels=("1", "1", "2", "2")):
    return kit.concentration(placed(units, labels), group="nh_aapi_alone", base="cvap")


def test_districts_by_hand():
    """District 1: √(12² + 16²) = 20 of 60, √(30² + 40²) = 50 of 200; p = .3, √(400 − 225) ÷ 200."""
    found = table(cvap_units())
    one, two = found.frame.loc["1"], found.frame.loc["2"]
    assert (one["count_moe"], one["base_moe"]) == (20, 50)
    assert one["share_moe"] == pytest.approx(math.sqrt(175) / 200)
    assert (one["share_low"], one["share_high"]) == pytest.approx((0.3 - one["share_moe"], 0.3 + one["share_moe"]))
    assert one["reliability"] == "medium"  # .0661 ÷ 1.645 ÷ .3 = 13.4%
    assert (one["asian_moe"], one["nhpi_moe"]) == (15, 20)
    assert one["asian_share_moe"] == pytest.approx(math.sqrt(225 - (0.25 * 50) ** 2) / 200)
    assert (two["count_moe"], two["base_moe"]) == (12, pytest.approx(math.hypot(50, 12)))
    assert two["share_moe"] == pytest.approx(12 / 200)
    assert (two["share_low"], two["reliability"]) == (0, "no estimate")


def test_the_whole_keeps_one_zero_only():
    """Both zeros lie in district 2; over all four units the widest of them counts once."""
    found = table(cvap_units(nh_aapi_alone_cvap=[40, 0, 0, 0], nh_nhpi_alone_cvap=[0, 0, 0, 0])).total
    assert found["count_moe"] == pytest.approx(math.hypot(12, 16))
    assert found["base_moe"] == pytest.approx(math.sqrt(30**2 + 40**2 + 50**2 + 12**2))
    assert found["share_moe"] == moe.proportion(40, found["count_moe"], 400, found["base_moe"])
    assert {"share_low", "share_high", "reliability", "asian_share_moe"} <= set(found.index)


def test_the_note_and_the_summary():
    """Over all: √(12² + 16² + 12²) = √544 of 60, √(30² + 40² + 50² + 12²) = √5144 of 400; √(544 − .0225 · 5144) ÷ 400."""
    found = table(cvap_units())
    assert found.notes[-1] == "Margins (±) are sampling error at 90% confidence; covariances are ignored."
    told = found.summary()
    assert "make up 15.0% ± 5.2 points of all citizens of voting age: 60 of 400." in told
    assert "The highest share is in district 1: 30.0% ± 6.6 points (60 of 200 citizens of voting age)." in told
    assert "Given sampling error, these cannot be distinguished: district 1 from 30%." in told
    assert "told apart" not in told
    assert "1 above 20% (district 1)" in told


def test_highest_and_second_that_cannot_be_told_apart():
    units = cvap_units(nh_aapi_alone_cvap=[40, 20, 50, 0], nh_asian_alone_cvap=[40, 10, 50, 0])
    told = table(units).summary()
    assert "Given sampling error, the highest share cannot be told apart from that of district 2." in told
    assert "lowest share cannot" not in told


def test_units_without_margins_are_as_before():
    found = table(cvap_units(margins=False))
    assert not [name for name in found.frame if "moe" in name]
    assert "±" not in found.summary()
    assert list(kit.unit_shares(found.placement.units, group="nh_aapi_alone", base="cvap")) == [
        "count",
        "base",
        "share",
    ]


@pytest.mark.parametrize(
    ("without", "word", "left"), [("total", "base", "count_moe"), ("nh_aapi_alone", "group", "base_moe")]
)
def test_margins_of_one_of_the_two(without, word, left):
    units = cvap_units(**{f"{without}_cvap_moe": [None] * 4})
    found = table(units)
    assert left in found.frame
    assert "share_moe" not in found.frame
    assert found.notes[-1] == f"Shares have no margin of error: these block groups have none for the {word}."
    assert "±" not in found.summary()
    assert "share_moe" not in kit.unit_shares(units, group="nh_aapi_alone", base="cvap")


def test_a_unit_that_lacks_its_margin_leaves_its_district_without():
    found = table(cvap_units(total_cvap_moe=[30, None, 50, 12]))
    assert found.frame["share_moe"].isna().tolist() == [True, False]
    assert found.frame["reliability"].tolist() == ["no margin", "no estimate"]
    assert math.isnan(found.total["base_moe"])
    assert found.total["count_moe"] > 0
    assert found.notes[-1] == (
        "1 of 4 block groups lack a margin of error, first 360610001002, so district 1 and the total have none."
    )
    assert "30.0% ± unknown" in found.summary()


@pytest.mark.parametrize("code", [-555555555, -222222222, -7])
def test_codes_and_negatives_in_a_margin_column_are_refused(code):
    units = cvap_units(total_cvap_moe=[30, code, 50, 12])
    with pytest.raises(InputError, match=rf"total_cvap_moe: 1 of 4 values .* such as {code}, first in 360610001002"):
        table(units)
    with pytest.raises(InputError, match="total_cvap_moe"):
        kit.unit_shares(units, group="nh_aapi_alone", base="cvap")


def test_the_wider_formula_is_told():
    found = table(cvap_units(nh_aapi_alone_cvap_moe=[1, 1, 5, 12]))
    assert found.frame.loc["1", "share_moe"] == pytest.approx(moe.ratio(60, math.sqrt(2), 200, 50))
    assert "In district 1 the margin of the share is by the formula for ratios, the wider." in found.notes


def test_units_in_no_district_and_districts_without_units():
    units = cvap_units()
    plan = kit.Plan("Part", ("1", "9"), assignment=pd.Series(["1", "1"], index=units.frame.index[:2]))
    found = kit.concentration(kit.place(units, plan, outside="report"), group="nh_aapi_alone", base="cvap")
    assert found.frame["count_moe"].to_dict() == {"1": 20, "9": 0}
    assert math.isnan(found.frame.loc["9", "share_moe"])
    assert found.total["base_moe"] == 50


def test_cut_units_are_named_in_the_note():
    whole = placed(cvap_units())
    cut = pd.DataFrame({"people": [100]}, index=whole.assignment.index[:1])
    notes = ("One is cut.",)
    there = Placement(whole.units, whole.plan, whole.assignment, whole.unassigned, cut, "area", notes)
    found = kit.concentration(there, group="nh_aapi_alone", base="cvap")
    assert found.notes[-1].endswith("the error of placing cut units whole is not in them.")


def test_a_district_may_be_called_all():
    found = table(cvap_units(), labels=("all", "all", "2", "2"))
    assert found.frame.loc["all", "count_moe"] == 20
    assert found.frame.index.is_unique


def test_units_by_hand():
    found = kit.unit_shares(cvap_units(), group="nh_aapi_alone", base="cvap")
    assert found["count_moe"].tolist() == [12, 16, 5, 12]
    # 12² = (.4 · 30)²; 16² − (.2 · 40)² = 192; nobody of 200; nobody of nobody
    assert found["share_moe"].tolist()[:3] == pytest.approx([0, math.sqrt(192) / 100, 5 / 200])
    assert math.isnan(found["share_moe"].iloc[3])
    assert found["reliability"].tolist() == ["high", "low", "no estimate", "no estimate"]


def test_ladder_by_hand():
    found = kit.definition_ladder(placed(cvap_units()), base="cvap").frame
    assert found.loc[("1", "nh_aapi_alone"), "share_moe"] == pytest.approx(math.sqrt(175) / 200)
    assert found.loc[("all", "nh_asian_alone"), "count_moe"] == pytest.approx(math.sqrt(12**2 + 9**2 + 12**2))
    without = cvap_units(nh_nhpi_alone_cvap_moe=[None] * 4)
    found = kit.definition_ladder(placed(without), base="cvap").frame
    assert found["count_moe"].isna().groupby("definition").all().to_dict() == {
        "nh_aapi_alone": False, "nh_asian_alone": False, "nh_nhpi_alone": True,
    }  # fmt: skip
    assert "count_moe" not in kit.definition_ladder(placed(cvap_units(margins=False)), base="cvap").frame


def test_counts_with_margins_pass_the_checks_of_counts():
    check_counts(cvap_units().frame)


def test_the_caller_keeps_his_frame():
    units = cvap_units()
    before = units.frame.copy()
    table(units)
    pd.testing.assert_frame_equal(units.frame, before)


# Words


@pytest.mark.parametrize(
    ("m", "text"),
    [(0.0123, "± 1.2 points"), (0.0004, "± 0.04 points"), (0, "± 0 points"), (math.nan, "± unknown")],
)
def test_points(m, text):
    assert points(m) == text


def shares(*pairs):
    return pd.DataFrame(pairs, columns=["share", "share_moe"], index=[str(i + 1) for i in range(len(pairs))])


def test_not_apart_by_hand():
    """.30 and .26: apart by .04, margin of the difference √(.03² + .03²) = .0424. .30 and .25 are told apart."""
    assert not_apart(shares((0.30, 0.03), (0.26, 0.03), (0.10, 0.0))) == (
        "Given sampling error, the highest share cannot be told apart from that of district 2."
    )
    assert not_apart(shares((0.30, 0.03), (0.25, 0.03), (0.10, 0.0))) == ""
    assert not_apart(shares((0.30, 0.03), (0.29, 0.03), (0.11, 0.02), (0.10, 0.01))) == (
        "Given sampling error, the highest share cannot be told apart from that of district 2, "
        "and the lowest share from that of district 3."
    )


def test_not_apart_of_many_of_missing_and_of_exact():
    assert "that of 8 districts" in not_apart(shares((0.5, 0.1), *[(0.45 + i / 1000, 0.1) for i in range(8)]))
    assert not_apart(shares((0.5, math.nan), (0.49, 0.2), (0.1, 0.01))) == ""
    assert not_apart(shares((0.5, 0), (0.4999, 0), (0.1, 0))) == ""
    assert not_apart(pd.DataFrame({"share": [0.5, 0.4]})) == ""


def test_near_bounds():
    assert near_bounds(shares((0.51, 0.02), (0.31, 0.02), (0.29, 0.03), (0.1, 0.0), (math.nan, math.nan))) == (
        "Given sampling error, these cannot be distinguished: district 1 from 50%; districts 2 and 3 from 30%."
    )
    assert near_bounds(shares((0.55, 0.01))) == ""


def test_figures_of_a_table_show_their_margin():
    row = table(cvap_units()).frame.loc["1"]
    assert figure(row, "share").replace("\u00a0", " ") == "30.0% ± 6.6 pts"
    assert figure(row, "asian_share").replace("\u00a0", " ") == "25.0% ± 4.1 pts"
    assert figure(row, "share_of_group").replace("\u00a0", " ") == "100.0% ± 20.0 pts"  # 12 of the rest, of 60
    assert figure(row, "count") == "60"
    assert figure(table(cvap_units(margins=False)).frame.loc["1"], "share") == "30.0%"


@pytest.mark.parametrize("suffix", ["html", "csv"])
def test_written_tables_carry_margins(tmp_path, suffix):
    path = kit.write_table(table(cvap_units()), tmp_path / f"table.{suffix}")
    text = path.read_text(encoding="utf-8")
    wanted = "30.0% ±\u00a06.6\u00a0pts" if suffix == "html" else "share_moe,share_low,share_high,reliability"
    assert wanted in text


# The fictional county


@pytest.fixture(scope="module")
def county():
    return kit.load_sample("fictional_county")


def fictional_cvap(county):
    """Build block groups with the lower bracket of AAPI citizens, lines 4, 6 and 9, and their margins."""
    lines = county.tables["cvap_block_groups"]
    lines = lines.assign(GEOID=lines["geoid"].str.partition("US")[2])
    wide = lines.pivot_table(index="GEOID", columns="lnnumber", values=["cvap_est", "cvap_moe"])
    estimates, moes = wide["cvap_est"].astype("float64"), wide["cvap_moe"].astype("float64")
    frame = pd.DataFrame(
        {
            "total_cvap": estimates[1],
            "total_cvap_moe": moes[1],
            "nh_asian_alone_cvap": estimates[4],
            "nh_asian_alone_cvap_moe": moes[4],
            "nh_aapi_alone_cvap": estimates[[4, 6]].sum(axis=1),
            "nh_aapi_alone_cvap_moe": moe.sum(estimates[[4, 6]], moes[[4, 6]], axis=1),
        }
    )
    frame.index = frame.index.astype("str")
    source = kit.Source("invented CVAP", year=2022, tables="CVAP", uncertainty="sampling MOE", sample=True)
    return Units(frame, level="block_group", year=2020, sources=(source,)), estimates, moes


@pytest.mark.parametrize("plan", ["a", "b"])
def test_cvap_of_the_fictional_county_by_a_loop(county, plan):
    units, estimates, moes = fictional_cvap(county)
    placement = kit.place(units, county.plans[plan], rule="assignment")
    found = kit.concentration(placement, group="nh_aapi_alone", base="cvap")
    for district, row in found.frame.iterrows():
        inside = placement.assignment.index[placement.assignment == district]
        count, widest, whole, base_zero = 0.0, 0.0, 0.0, 0.0
        for unit in inside:
            parts = [(estimates.loc[unit, n], moes.loc[unit, n]) for n in (4, 6)]
            zero = max((m for e, m in parts if e == 0), default=0.0)
            m = math.sqrt(sum(m**2 for e, m in parts if e) + zero**2)
            if any(e for e, _ in parts):
                count += m**2
            else:
                widest = max(widest, m)
            if estimates.loc[unit, 1]:
                whole += moes.loc[unit, 1] ** 2
            else:
                base_zero = max(base_zero, moes.loc[unit, 1])
        assert row["count_moe"] == pytest.approx(math.sqrt(count + widest**2))
        assert row["base_moe"] == pytest.approx(math.sqrt(whole + base_zero**2))
        share = row["count"] / row["base"]
        under = row["count_moe"] ** 2 - (share * row["base_moe"]) ** 2
        assert under > 0
        assert row["share_moe"] == pytest.approx(math.sqrt(under) / row["base"])
        assert row["share_low"] <= share <= row["share_high"]
    assert "the error of placing cut units whole is not in them" in found.notes[-1]
    assert found.frame["reliability"].isin({"high", "medium", "low"}).all()


def fictional_acs(county):
    """Build block groups of table B02001 with the Census codes mapped first."""
    frame = county.tables["acs_block_groups"]
    ids = pd.Index(frame["GEO_ID"].str.partition("US")[2].astype("str"), name="GEOID")
    names = {"total_pop": "001", "asian_alone_pop": "005", "nhpi_alone_pop": "006"}
    columns = {}
    for name, line in names.items():
        columns[name] = frame[f"B02001_{line}E"].astype("float64").to_numpy()
        margins = frame[f"B02001_{line}M"].astype("float64")
        columns[f"{name}_moe"] = margins.replace(-555555555, 0).where(margins != -222222222).to_numpy()
    return Units(pd.DataFrame(columns, index=ids), level="block_group", year=2020), frame, ids


def test_acs_of_the_fictional_county(county):
    units, raw, ids = fictional_acs(county)
    codes = Units(units.frame.assign(total_pop_moe=raw["B02001_001M"].to_numpy(dtype="float64")), level="block_group")
    with pytest.raises(InputError, match="total_pop_moe: .* codes of the Census Bureau, such as -555555555"):
        kit.unit_shares(codes, group="asian_alone", base="pop")
    shares_ = kit.unit_shares(units, group="asian_alone", base="pop")
    water = ids[raw["B02001_001M"] == -555555555]
    assert len(water)
    assert shares_.loc[water, "share_moe"].isna().all()
    assert (shares_.loc[water, "reliability"] == "no estimate").all()
    found = kit.concentration(kit.place(units, county.plans["a"], rule="assignment"), group="asian_alone", base="pop")
    assert found.frame["share_moe"].between(0, 0.1).all()
    assert moe.sum(units.frame["total_pop"], units.frame["total_pop_moe"]) == pytest.approx(found.total["base_moe"])


def test_precincts_of_the_fictional_county_with_a_rate_over_an_estimate(county):
    """Turnout over an estimate of citizens: the count is exact, the base is not."""
    frame = county.tables["precincts"].set_index("precinct")
    base_moe = moe.sum(frame["total_cvap"], pd.Series(50, index=frame.index), by=frame.index.str[-1])
    assert (base_moe > 0).all()
    rate = moe.ratio(frame["total_voted_2024"], 0, frame["total_cvap"], 50)
    expected = frame["total_voted_2024"] / frame["total_cvap"] * 50 / frame["total_cvap"]
    assert rate.to_numpy() == pytest.approx(expected.to_numpy(dtype="float64"))


def test_kit_moe_is_public():
    assert kit.moe is moe
    assert set(moe.__all__) <= set(dir(moe))
    assert dataclasses.is_dataclass(Units)
