"""Dissimilarity, isolation, interaction, location quotients and Theil's indices: answers worked by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from kit.analysis.placement import place
from kit.analysis.segregation import dissimilarity, interaction, isolation, segregation, theil
from kit.errors import CoverageError, InputError, SchemaError
from kit.model.frames import Plan, Units

LN2 = np.log(2)


# --- plain counts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ([100, 60, 40, 0], [0, 40, 60, 100], 0.6),
        ([80, 80, 20, 20], [20, 20, 80, 80], 0.6),
        ([10, 20, 30], [1, 2, 3], 0),
        ([10, 0, 5, 0], [0, 3, 0, 9], 1),
    ],
)
def test_dissimilarity(a, b, expected):
    assert dissimilarity(a, b) == pytest.approx(expected, abs=1e-12)
    assert dissimilarity(b, a) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("a", "b"), [([0, 0], [1, 2]), ([1, 2], [0, 0]), ([], [])])
def test_dissimilarity_of_nobody_is_missing(a, b):
    assert np.isnan(dissimilarity(a, b))


def test_isolation_and_interaction_by_hand():
    # A = 80: (60/80)(60/100) + (20/80)(20/200) = .45 + .025.
    assert isolation([60, 20], [100, 200]) == pytest.approx(0.475)
    assert interaction([60, 20], [40, 180], [100, 200]) == pytest.approx(0.525)
    assert isolation([60, 0, 20], [100, 0, 200]) == pytest.approx(0.475)
    assert np.isnan(isolation([0, 0], [100, 200]))


def test_theil_by_hand():
    apart = theil([[10, 0], [0, 10]])
    assert (apart.m, apart.h, apart.entropy) == pytest.approx((LN2, 1, LN2))
    alike = theil([[10, 20], [5, 10]])
    assert (alike.m, alike.h) == pytest.approx((0, 0), abs=1e-12)
    # Two units of 40, 3 to 1 and 1 to 3: E = ln 2, each unit's own entropy is .562335.
    half = theil([[30, 10], [10, 30]])
    inner = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))
    assert half.m == pytest.approx(LN2 - inner)
    assert half.h == pytest.approx(1 - inner / LN2)
    assert (half.between, half.within) != (0, 0)


def test_theil_between_and_within():
    # Districts x and y are all of one group each; nothing is left inside them.
    found = theil([[10, 0], [20, 0], [0, 15], [0, 15]], by=["x", "x", "y", "y"])
    assert found.between == pytest.approx(found.m)
    assert found.within == pytest.approx(0, abs=1e-12)
    # Each district has both groups alike, and its units are of one group each.
    found = theil([[10, 0], [0, 10], [10, 0], [0, 10]], by=["x", "x", "y", "y"])
    assert found.between == pytest.approx(0, abs=1e-12)
    assert found.within == pytest.approx(LN2)


def test_theil_of_one_group_or_nobody():
    one = theil([[10, 0], [20, 0]])
    assert (one.m, one.entropy) == (0, 0)
    assert np.isnan(one.h)
    nobody = theil([[0, 0]])
    assert np.isnan([nobody.m, nobody.h, nobody.entropy]).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: dissimilarity([1, 2], [1]), "one number a unit each; these have 2 and 1"),
        (lambda: dissimilarity([1, np.nan], [1, 2]), "0 or more, and none missing. Missing is not zero"),
        (lambda: isolation([1, -1], [1, 2]), "0 or more"),
        (lambda: isolation([1], [0]), "people in a unit that has nobody"),
        (lambda: theil([1, 2, 3]), "a table of units by groups"),
        (lambda: theil([[1, 2], [3, 4]], by=["x"]), "2 units need as many larger areas, none missing; 1 were given"),
        (lambda: theil([[1, 2], [3, 4]], by=["x", None]), "none missing"),
    ],
)
def test_counts_that_cannot_be_used(call, message):
    with pytest.raises(SchemaError, match=message):
        call()


# --- units and districts ----------------------------------------------------------------------------------


def test_four_squares_by_hand(four_squares):
    units, _ = four_squares
    found = segregation(units, group="aapi_aoic", base="vap")
    # 39, 18, 25, 4 of 80, 150, 200, 300; A = 86 of 730, everyone else 41, 132, 175, 296 of 644.
    a, t = np.array([39, 18, 25, 4]), np.array([80, 150, 200, 300])
    b = t - a
    assert found.measures["dissimilarity"] == pytest.approx(0.5 * np.abs(a / 86 - b / 644).sum())
    assert found.measures["isolation"] == pytest.approx((a / 86 * a / t).sum())
    assert found.measures["isolation"] + found.measures["interaction"] == pytest.approx(1)
    assert found.measures["share"] == pytest.approx(86 / 730)
    assert found.frame["location_quotient"].tolist() == pytest.approx((a / t / (86 / 730)).tolist())
    assert found.measures["theil_h"] == pytest.approx(found.measures["theil_m"] / found.measures["entropy"])
    assert found.measures["theil_m"] == pytest.approx(theil(np.c_[a, b]).m)
    assert found.groups == ("aapi_aoic", "rest")
    assert found.sources == units.sources
    assert found.notes[0].startswith(
        "The group is compared with everyone else; M, H and entropy are over “Asian or NHPI"
    )


def test_districts(four_squares):
    units, plan = four_squares
    found = segregation(place(units, plan), group="aapi_aoic", base="vap")
    assert found.frame.index.tolist() == ["1", "2"]
    assert found.measures["dissimilarity"] == pytest.approx(dissimilarity([57, 29], [173, 471]))
    assert found.plural == "districts"
    assert [source.title for source in found.sources] == ["Four squares", "Two rows"]
    assert "Dissimilarity is 0.394 over 2 districts: 39.4% of the adults counted as" in found.summary()


def test_against_another_group(four_squares):
    units, _ = four_squares
    found = segregation(units, group="asian_alone", base="vap", against="nhpi_alone")
    a, b, t = np.array([30, 15, 20, 0]), np.array([4, 0, 2, 1]), np.array([80, 150, 200, 300])
    assert found.measures["dissimilarity"] == pytest.approx(dissimilarity(a, b))
    assert found.measures["interaction"] == pytest.approx((a / 65 * b / t).sum())
    assert found.measures["theil_m"] == pytest.approx(theil(np.c_[a, b]).m)
    assert found.groups == ("asian_alone", "nhpi_alone")
    assert found.frame["against"].tolist() == b.tolist()
    assert (
        "would have to live in another of the census blocks to be spread as people counted as “NHPI alone”"
        in found.summary()
    )


def test_against_a_column(four_squares):
    units, _ = four_squares
    white = dataclasses.replace(units, frame=units.frame.assign(P4_005N=[10, 90, 100, 200]))
    found = segregation(white, group="aapi_aoic", base="vap", against="P4_005N")
    assert found.measures["dissimilarity"] == pytest.approx(dissimilarity([39, 18, 25, 4], [10, 90, 100, 200]))
    assert "compared with “P4_005N”" in found.notes[0]


def test_several_groups(four_squares):
    units, _ = four_squares
    found = segregation(units, group="aapi_alone", base="vap", groups=["asian_alone", "nhpi_alone"])
    table = np.array([[30, 4, 46], [15, 0, 135], [20, 2, 178], [0, 1, 299]])
    assert found.measures["theil_m"] == pytest.approx(theil(table).m)
    assert found.measures["theil_h"] == pytest.approx(theil(table).h)
    assert found.groups == ("asian_alone", "nhpi_alone", "rest")


def empty_and_nobody(four_squares, **columns):
    units, _ = four_squares
    return dataclasses.replace(units, frame=units.frame.assign(**columns))


def test_empty_units_are_dropped_and_counted(four_squares):
    units = empty_and_nobody(four_squares, total_vap=[80, 150, 200, 0], aapi_aoic_vap=[39, 18, 25, 0])
    found = segregation(units, group="aapi_aoic", base="vap")
    assert (len(found.frame), found.dropped) == (3, 1)
    assert "1 of the census blocks without adults is left out." in found.notes


def test_a_group_of_nobody_is_missing(four_squares):
    found = segregation(empty_and_nobody(four_squares, aapi_aoic_vap=0), group="aapi_aoic", base="vap")
    assert found.measures.drop("share").isna().all()
    assert found.measures["share"] == 0
    assert found.frame["location_quotient"].isna().all()
    assert found.summary().startswith("No adults here are counted as “Asian or NHPI, alone or in combination”")


def test_everybody_in_the_group(four_squares):
    units = empty_and_nobody(four_squares, aapi_aoic_vap=four_squares[0].frame["total_vap"])
    found = segregation(units, group="aapi_aoic", base="vap")
    assert found.measures[["isolation", "interaction", "theil_m", "share"]].tolist() == pytest.approx([1, 0, 0, 1])
    assert found.measures[["dissimilarity", "theil_h"]].isna().all()
    assert found.summary().startswith("All adults here are in the group, so dissimilarity cannot be given.")


def test_nobody_at_all_and_one_unit(four_squares):
    units, _ = four_squares
    nobody = segregation(empty_and_nobody(four_squares, total_vap=0, aapi_aoic_vap=0), group="aapi_aoic", base="vap")
    assert nobody.measures.isna().all()
    assert (len(nobody.frame), nobody.dropped) == (0, 4)
    one = Units(units.frame.iloc[:1], "block", 2020, units.sources)
    found = segregation(one, group="aapi_aoic", base="vap")
    assert found.measures["dissimilarity"] == 0
    assert found.measures["isolation"] == found.measures["share"] == pytest.approx(39 / 80)


def test_margins_are_told(four_squares):
    units = empty_and_nobody(four_squares, aapi_aoic_vap_moe=[5.0] * 4)
    assert any(
        "no margin of error is given" in note for note in segregation(units, group="aapi_aoic", base="vap").notes
    )


def test_people_in_no_district_are_told(four_squares):
    units, plan = four_squares
    first = dataclasses.replace(plan, labels=("1",), geometry=plan.geometry.iloc[:1])
    found = segregation(place(units, first, outside="report"), group="aapi_aoic", base="vap")
    assert "700 people lie in no district and are in no figure here." in found.notes


def test_noise_and_cut_units_are_told(four_squares):
    units, plan = four_squares
    noisy = dataclasses.replace(units.sources[0], uncertainty="disclosure noise")
    units = dataclasses.replace(units, sources=(noisy,))
    found = segregation(units, group="aapi_aoic", base="vap")
    assert (
        "The Census Bureau's privacy noise makes small census blocks look more different than they are." in found.notes
    )
    moved = dataclasses.replace(plan, geometry=plan.geometry.translate(yoff=-200))
    placed = place(units, moved, rule="area", outside="report")
    assert len(placed.split_units) == 2
    assert segregation(placed, group="aapi_aoic", base="vap").notes[-1] == placed.notes[-1]


def test_districts_that_go_on_beyond_the_units_are_told(four_squares):
    units, _ = four_squares
    ids = [*units.frame.index, "360610002001000"]
    listed = pd.Series(["1", "1", "2", "2", "2"], index=pd.Index(ids, dtype="str", name="GEOID"), dtype="str")
    plan = Plan("A list", ("1", "2"), assignment=listed, level="block", year=2020)
    found = segregation(place(units, plan), group="aapi_aoic", base="vap")
    assert any("on beyond these units" in note for note in found.notes)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"group": "aapi_aoic", "against": "asian_alone"}, InputError, "counted in both 'aapi_aoic' and 'asian_alone'"),
        ({"group": "asian_alone", "against": "asian_alone"}, InputError, "given twice"),
        ({"group": "aapi_alone", "groups": ["asian_aoic", "nhpi_aoic"]}, InputError, "give groups that do not overlap"),
        ({"group": "aapi_alone", "groups": ["asian_alone", "asian_alone"]}, InputError, "asian_alone is given twice"),
        ({"group": "asian"}, InputError, "no group is called 'asian'"),
        ({"group": "aapi_aoic", "against": "white"}, InputError, "no group is called 'white'"),
        ({"group": "aapi_doj"}, SchemaError, "no column 'aapi_doj_vap'"),
        ({"group": "aapi_aoic", "against": "total_vap"}, SchemaError, "outnumber their base, first 360610001001000"),
        ({"group": "asian_alone", "groups": ["asian_alone", "total_pop"]}, SchemaError, "outnumber their base"),
    ],
)
def test_groups_that_cannot_be_compared(four_squares, options, error, message):
    with pytest.raises(error, match=message):
        segregation(four_squares[0], base="vap", **options)


def test_counts_that_must_not_be_added(four_squares):
    noisy = dataclasses.replace(four_squares[0], additive=False)
    with pytest.raises(CoverageError, match="must not be added"):
        segregation(noisy, group="aapi_aoic", base="vap")


def test_frames_cannot_be_changed_through_the_result(four_squares):
    found = segregation(four_squares[0], group="aapi_aoic", base="vap")
    frame, measures = found.frame, found.measures
    frame["share"] = 0
    measures["isolation"] = 0
    assert found.frame["share"].max() > 0
    assert found.measures["isolation"] > 0
    assert isinstance(found.measures, pd.Series)
