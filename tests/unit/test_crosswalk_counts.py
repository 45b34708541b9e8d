"""Counts put on the units of another census, and Connecticut's regions back to counties: worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kit.analysis.connecticut import to_counties
from kit.analysis.crosswalk import crosswalk
from kit.errors import CoverageError, InputError, SchemaError
from kit.model.crosswalk import Crosswalk
from kit.model.frames import Source, Units

A, B, C = (f"15003000100100{n}" for n in range(3))
X, Y, Z = (f"15003000101100{n}" for n in range(3))


def units(level="block", year=2010, **columns):
    ids = columns.pop("ids", (A, B, C))
    index = pd.Index(ids, dtype="str", name="GEOID")
    frame = pd.DataFrame(columns or {"total_pop": [100, 50, 10], "asian_aoic_pop": [30, 20, 4]}, index=index)
    return Units(frame, level=level, year=year, sources=(Source("Census"),))


def table(*pairs, area=None, level="block", years=(2010, 2020)):
    frame = pd.DataFrame(pairs, columns=["source", "target", "weight"]).astype({"source": "str", "target": "str"})
    frame["area"] = np.nan if area is None else area
    return Crosswalk(frame, level, *years, sources=(Source("Table", uncertainty="allocation"),))


WHOLE = table((A, X, 0.3), (A, Y, 0.7), (B, Y, 1.0), (C, Z, 1.0))


def test_by_hand():
    new = crosswalk(units(), WHOLE)
    assert new.frame["total_pop"].to_dict() == pytest.approx({X: 30, Y: 120, Z: 10})
    assert new.frame["asian_aoic_pop"].to_dict() == pytest.approx({X: 9, Y: 41, Z: 4})
    assert (new.year, new.level, new.geometry) == (2020, "block", None)
    assert [s.uncertainty for s in new.sources] == ["allocation", "allocation"]
    assert new.report["units"].to_dict() == {"whole": 3, "rounded": 0, "renormalised": 0, "area": 0, "lost": 0}
    assert new.report.loc["whole", "people"] == 160
    assert new.lost.empty
    assert any("tracts or larger" in note for note in new.notes)


def test_weights_that_nearly_add_up_are_scaled_and_counted():
    new = crosswalk(units(), table((A, X, 0.29), (A, Y, 0.67), (B, Y, 0.999999), (C, Z, 1.0)))
    assert new.frame["total_pop"].sum() == pytest.approx(160)
    assert new.frame.loc[X, "total_pop"] == pytest.approx(100 * 0.29 / 0.96)
    assert new.report.loc["renormalised"].tolist() == [1, 100]
    assert new.report.loc["rounded"].tolist() == [1, 50]
    assert any("1 2010 census blocks (100 people) had weights" in note for note in new.notes)


def test_area_stands_in():
    pairs = [(A, X, 0.1), (A, Y, 0.2), (B, Y, 1.0), (C, Z, 0.0)]
    new = crosswalk(units(), table(*pairs, area=[0.5, 1.5, 1.0, 0.8]))
    assert new.frame["total_pop"].to_dict() == pytest.approx({X: 25, Y: 125, Z: 10})
    assert new.report.loc["area"].tolist() == [2, 110]


def test_people_without_a_place_are_an_error_or_a_list():
    short = table((A, X, 0.6), (B, Y, 1.0))
    with pytest.raises(CoverageError, match=r"2 of 3 2010 census blocks \(50 people\) have no whole place in 2020"):
        crosswalk(units(), short)
    new = crosswalk(units(), short, lost="report")
    assert new.lost["people"].to_dict() == pytest.approx({A: 40, C: 10})
    assert new.lost["share"].to_dict() == pytest.approx({A: 0.4, C: 1.0})
    assert new.frame["total_pop"].to_dict() == pytest.approx({X: 60, Y: 50})
    assert new.report.loc["lost"].tolist() == pytest.approx([2, 50])
    assert new.frame["total_pop"].sum() + new.lost["people"].sum() == pytest.approx(160)


def test_empty_units_may_have_no_place():
    new = crosswalk(units(total_pop=[100, 50, 0]), table((A, X, 1.0), (B, Y, 1.0)))
    assert new.lost["people"].to_dict() == {C: 0}


def test_units_without_a_total_are_not_lost_in_silence():
    with pytest.raises(CoverageError, match=r"\(people not counted\)"):
        crosswalk(units(asian_alone_pop=[1, 2, 3]), table((A, X, 1.0), (B, Y, 1.0)))


def test_missing_stays_missing():
    new = crosswalk(units(total_pop=[100, np.nan, 10]), WHOLE)
    assert new.frame["total_pop"].isna().to_dict() == {X: False, Y: True, Z: False}


def test_only_counts_are_moved():
    given = units(total_pop=[100, 50, 10], P1_006N=[1, 2, 3], total_cvap=[5, 5, 5], total_cvap_moe=[1.0, 1, 1],
                  land_m2=[1, 1, 1], name=["a", "b", "c"])  # fmt: skip
    new = crosswalk(given, WHOLE)
    assert list(new.frame.columns) == ["total_pop", "P1_006N", "total_cvap"]
    assert any("Margins of error are not carried" in note for note in new.notes)


def test_neighbours_that_are_not_at_hand_are_told():
    new = crosswalk(units(ids=(A,), total_pop=[100]), WHOLE)
    assert any("1 2020 census blocks also take from 2010 ones" in note for note in new.notes)


def test_inputs_are_left_alone():
    given = units()
    before = given.frame.copy()
    crosswalk(given, WHOLE)
    pd.testing.assert_frame_equal(given.frame, before)


@pytest.mark.parametrize(
    ("given", "pairs", "error", "match"),
    [
        (units(year=2020), WHOLE, SchemaError, "from 2010 to 2020 and these are 2020 census blocks"),
        (units(level="tract"), WHOLE, SchemaError, "between census blocks and these are census tracts"),
        (units(name=["a", "b", "c"]), WHOLE, SchemaError, "no counts to move"),
        (units(ids=("1", "2", "3")), WHOLE, SchemaError, "none of the 3 census blocks is in the crosswalk"),
    ],
)
def test_what_does_not_fit(given, pairs, error, match):
    with pytest.raises(error, match=match):
        crosswalk(given, pairs)


def test_lost_is_one_of_two_words():
    with pytest.raises(InputError, match='"error" or "report"'):
        crosswalk(units(), WHOLE, lost="ignore")


def test_bad_weights_are_refused():
    with pytest.raises(SchemaError, match="1 weights of the crosswalk are missing or negative, first for"):
        table((A, X, -0.1))


# --- Connecticut ----------------------------------------------------------------------------------

OLD = ("090010101011000", "090010101021000", "090030201001000", "090019900000001", "090039900000001")


def blocks():
    index = pd.Index(OLD, dtype="str", name="GEOID")
    return Units(pd.DataFrame({"total_pop": [10, 20, 30, 0, 0]}, index=index), level="block", year=2020)


def groups(ids, values, moes=None):
    frame = pd.DataFrame({"total_cvap": values, "total_cvap_moe": moes or 12.0}, index=pd.Index(ids, dtype="str"))
    return Units(frame.rename_axis("GEOID"), level="block_group", year=2020)


def test_regions_become_counties():
    new = to_counties(groups(["091900101011", "091900101021", "091100201001"], [5, 6, 7]), blocks())
    assert new.frame["total_cvap"].to_dict() == {"090010101011": 5, "090010101021": 6, "090030201001": 7}
    assert new.frame.index.name == "GEOID"
    assert new.notes == ("3 block groups of Connecticut got county codes of 2020.",)


def test_water_that_is_in_two_counties_is_left_out_when_nobody_lives_there():
    ids = ["091900101011", "091909900000"]
    new = to_counties(groups(ids, [5, 0]), blocks())
    assert len(new) == 1
    assert "1 without people could not be placed" in new.notes[1]
    with pytest.raises(
        CoverageError, match="1 block groups with people have no one county.*1 have a number that stands"
    ):
        to_counties(groups(ids, [5, 3]), blocks())
    given = to_counties(groups(ids, [5, 3]), blocks(), table={"091909900000": "090039900000"})
    assert given.frame["total_cvap"].to_dict() == {"090010101011": 5, "090039900000": 3}


def test_unknown_tracts_and_other_faults():
    with pytest.raises(CoverageError, match="0 have a number that stands in several counties, the others in none"):
        to_counties(groups(["091900777001"], [5]), blocks())
    with pytest.raises(InputError, match="none of these block groups is in a"):
        to_counties(groups(["090010101011"], [5]), blocks())
    with pytest.raises(SchemaError, match="would share a code: 090010101011"):
        to_counties(groups(["091900101011", "090010101011"], [5, 6]), blocks())
    with pytest.raises(InputError, match="only tracts and block groups"):
        to_counties(blocks(), blocks())


def test_a_code_for_a_missing_count_is_not_moved():
    told = rf"1 of 3 census blocks have a negative total_pop \(-666666666 in {B}\)\. Codes of the Census Bureau such as"
    with pytest.raises(SchemaError, match=told):
        crosswalk(units(total_pop=[100, -666666666, 10]), WHOLE)
