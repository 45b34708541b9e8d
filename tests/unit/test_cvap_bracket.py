"""The AAPI bracket by area and by district, worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kit.analysis.allocation import allocate
from kit.analysis.cvap import cvap_bracket
from kit.analysis.placement import place
from kit.errors import SchemaError
from kit.model.frames import Plan, Units

IDS = ("150010201001", "150010201002", "150010202001")


def groups(*, moes=True):
    index = pd.Index(IDS, dtype="str", name="GEOID")
    lines = {"cvap_01": [100, 200, 0], "cvap_04": [10, 40, 0], "cvap_06": [5, 0, 0], "cvap_09": [5, 20, 0],
             "cvap_12": [10, 30, 0]}  # fmt: skip
    margins = {"cvap_01": [10, 20, 12], "cvap_04": [6, 8, 12], "cvap_06": [4, 12, 12], "cvap_09": [3, 9, 12],
               "cvap_12": [5, 7, 12]}  # fmt: skip
    frame = pd.DataFrame({**lines, **({f"{k}_moe": v for k, v in margins.items()} if moes else {})}, index=index)
    return Units(frame, level="block_group", year=2020)


def plan(**districts):
    labels = pd.Series(districts or {IDS[0]: "1", IDS[1]: "1", IDS[2]: "2"})
    labels.index = labels.index.astype("str")
    return Plan("p", tuple(sorted(set(labels))), assignment=labels, level="block_group", year=2020)


def test_by_area():
    found = cvap_bracket(groups())
    first = found.loc[IDS[0]]
    assert (first["low"], first["high"], first["total"]) == (20, 30, 100)
    assert (first["share_low"], first["share_high"]) == (0.2, 0.3)
    assert first["low_moe"] == pytest.approx((36 + 16 + 9) ** 0.5)
    assert first["high_moe"] == pytest.approx((36 + 16 + 9 + 25) ** 0.5)
    assert first["share_low_moe"] == pytest.approx((61 - 0.04 * 100) ** 0.5 / 100)
    assert first[["asian_alone", "nhpi_alone", "asian_and_white", "remainder"]].tolist() == [10, 5, 5, 10]
    assert np.isnan(found.loc[IDS[2], "share_low"])
    assert found.loc[IDS[2], "low_moe"] == 12


def test_by_district():
    found = cvap_bracket(place(groups(), plan()))
    first = found.loc["1"]
    assert (first["low"], first["high"], first["total"]) == (80, 120, 300)
    assert first["share_low"] == pytest.approx(80 / 300)
    # Of terms estimated as zero the largest margin counts; here only one is zero.
    assert first["low_moe"] == pytest.approx((36 + 16 + 9 + 64 + 144 + 81) ** 0.5)
    assert found.loc["2", "low_moe"] == 12
    assert found.loc["2", "total"] == 0


def test_without_margins():
    found = cvap_bracket(place(groups(moes=False), plan()))
    assert "low_moe" not in found.columns
    assert found.loc["1", "high"] == 120


def test_margins_of_allocated_units():
    coarse = groups()
    ids = pd.Index([f"{IDS[0]}000", f"{IDS[0]}001", f"{IDS[1]}000", f"{IDS[2]}000"], dtype="str", name="GEOID")
    fine = Units(pd.DataFrame({"total_pop": [25, 75, 9, 0]}, index=ids), level="block", year=2020)
    done = allocate(coarse, fine, weight="total_pop")
    by = dict(zip(ids, ["1", "2", "2", "2"], strict=True))
    placed = place(done.units, Plan("p", ("1", "2"), assignment=pd.Series(by), level="block", year=2020))
    found = cvap_bracket(placed, allocation=done)
    assert found.loc["1", ["low", "high", "total"]].tolist() == [5, 7.5, 25]
    assert found.loc["1", "low_moe"] == pytest.approx((36 + 16 + 9) ** 0.5 / 4)
    assert found.loc["1", "share_low"] == pytest.approx(0.2)
    pd.testing.assert_frame_equal(cvap_bracket(placed), found)  # the units remember where they come from
    block = cvap_bracket(done.units).loc[f"{IDS[0]}001"]
    assert (block["low"], block["total_moe"]) == (15, 7.5)
    assert block["low_moe"] == pytest.approx((36 + 16 + 9) ** 0.5 * 0.75)


def test_lines_must_be_there():
    index = pd.Index(IDS, dtype="str", name="GEOID")
    with pytest.raises(SchemaError, match="no CVAP lines cvap_04, cvap_06, cvap_09, cvap_12"):
        cvap_bracket(Units(pd.DataFrame({"cvap_01": [1, 2, 3]}, index=index), level="block_group"))
