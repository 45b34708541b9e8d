"""Survey estimates by district, added up by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import kit
from kit.model.frames import Placement, Plan, Source, Units

IDS = ["010010001001", "010010001002", "010010001003", "010010001004"]


def placement(**changes):
    frame = pd.DataFrame(
        {
            "hmong_alone": [30, 40, 0, 0], "hmong_alone_moe": [3.0, 4.0, 12.0, 5.0],
            "asian_alone_pop": [60, 80, 10, 10], "asian_alone_pop_moe": [6.0, 8.0, 5.0, 5.0],
        },
        index=pd.Index(IDS, dtype="str", name="GEOID"),
    ).assign(**changes)  # fmt: skip
    units = Units(frame, level="block_group", year=2020, sources=(Source("survey", year=2022),))
    assignment = pd.Series(["1", "1", "2", "2"], index=frame.index)
    return kit.place(units, Plan("Two", ("1", "2"), assignment=assignment, level="block_group"))


def test_sums_margins_and_shares_by_hand():
    table = kit.district_estimates(placement(), ["hmong_alone"], of="asian_alone_pop")
    one, two, whole = (table.loc[(d, "hmong_alone")] for d in ("1", "2", "all"))
    assert (one["estimate"], one["moe"]) == (70, 5.0)
    assert (two["estimate"], two["moe"]) == (0, 12.0)  # of the zeros, only the largest margin
    assert whole["moe"] == pytest.approx(np.sqrt(9 + 16 + 144))
    assert one["share"] == pytest.approx(0.5)
    assert one["share_moe"] == pytest.approx(np.sqrt(25 - 0.25 * 100) / 140, abs=1e-12)
    assert (one["reliability"], two["reliability"]) == ("high", "no estimate")


def test_missing_stays_missing_and_is_never_zero():
    table = kit.district_estimates(placement(hmong_alone=[30, np.nan, 0, 0]), ["hmong_alone"])
    assert table["estimate"].isna().tolist() == [True, False, True]
    assert table.loc[("1", "hmong_alone"), "reliability"] == "no estimate"
    assert "share" not in table.columns


def test_a_column_that_is_not_there_is_named_with_what_is():
    with pytest.raises(kit.SchemaError, match=r"no column tongan_alone\. With margins they have: hmong_alone"):
        kit.district_estimates(placement(), ["tongan_alone"])
    with pytest.raises(kit.SchemaError, match="no margins for plain"):
        kit.district_estimates(placement(plain=[1, 2, 3, 4]), ["plain"])
    with pytest.raises(kit.InputError, match="name at least one"):
        kit.district_estimates(placement(), [])


def test_counts_without_margins_are_told():
    placed = placement()
    bare = replace(placed.units, frame=placed.units.frame[["hmong_alone"]])
    with pytest.raises(kit.SchemaError, match=r"no margins for hmong_alone\. With margins they have: nothing\.$"):
        kit.district_estimates(replace(placed, units=bare), ["hmong_alone"])


def test_a_whole_smaller_than_its_part_is_refused():
    with pytest.raises(
        kit.InputError, match=r"asian_alone_pop exceeds hmong_alone in 2 sums, first in '1', so it is no"
    ):
        kit.district_estimates(placement(), ["asian_alone_pop"], of="hmong_alone")


def test_noisy_counts_are_not_added():
    placed = placement()
    noisy = Placement(replace(placed.units, additive=False), placed.plan, placed.assignment, placed.unassigned,
                      placed.split_units, placed.rule)  # fmt: skip
    with pytest.raises(kit.CoverageError, match="must not be added"):
        kit.district_estimates(noisy, ["hmong_alone"])


def test_the_sample_has_survey_tables():
    sample = kit.load_sample("fictional_county")
    units = sample.survey("C16001")
    placed = kit.place(units, sample.plans["a"], rule="assignment")
    table = kit.district_estimates(placed, ["lep"], of="people_5_and_over")
    assert table.index.get_level_values("district").tolist() == ["1", "2", "3", "4", "all"]
    assert table["share"].between(0, 1).all()
    assert all(source.sample for source in units.sources)
    with pytest.raises(kit.InputError, match="no survey table 'B99999'; it has B02001, B02015, B02016, C16001"):
        sample.survey("B99999")


@pytest.mark.parametrize("step", ["districts", "concentration", "unit_shares"])
def test_a_code_for_a_missing_estimate_is_not_added(step):
    placed = placement(hmong_alone=[30, -666666666, 0, 0], total_pop=[90, 90, 90, 90], total_pop_moe=[1.0] * 4)
    told = r"1 of 4 block groups have a negative hmong_alone \(-666666666 in 010010001002\)\. Codes of the Census"
    with pytest.raises(kit.SchemaError, match=told):
        if step == "districts":
            kit.district_estimates(placed, ["hmong_alone"])
        elif step == "concentration":
            kit.concentration(placed, group="hmong_alone", base="asian_alone_pop")
        else:
            kit.unit_shares(placed.units, group="hmong_alone", base="asian_alone_pop")
