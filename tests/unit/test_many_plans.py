"""Many plans at once, against figures by hand and against the same measures one plan at a time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from kit.analysis.concentration import concentration
from kit.analysis.many_plans import score_plans
from kit.analysis.placement import place
from kit.errors import CoverageError, InputError, SchemaError
from kit.model.adjacency import Adjacency
from kit.model.frames import Plan, Units

COLUMNS = ["aapi_aoic_vap", "asian_aoic_vap"]


def adjacency_of(units, pairs):
    n = len(pairs)
    return Adjacency(units.frame.index, np.array(pairs).reshape(n, 2), np.ones(n), np.zeros(n, dtype=bool), "rook")


@pytest.fixture
def units(four_squares):
    return four_squares[0]


@pytest.fixture
def ring(units):
    """Join A–B, A–C, B–D and C–D."""
    return adjacency_of(units, [(0, 1), (0, 2), (1, 3), (2, 3)])


def table(units, **plans):
    return pd.DataFrame({name: list(labels) for name, labels in plans.items()}, index=units.frame.index)


def test_every_figure_by_hand(units, ring):
    counties = pd.Series(["n", "n", "s", "s"], index=units.frame.index)
    found = score_plans(
        units, table(units, rows="1122", odd="1222"), columns=COLUMNS, adjacency=ring, regions={"county": counties}
    )
    rows, odd = found.loc["rows"], found.loc["odd"]
    assert found.index.name == "plan"
    assert rows[["districts", "population_range", "population_range_share", "mean_deviation"]].tolist() == [
        2,
        400,
        0.8,
        0.4,
    ]
    assert rows[["cut_edges", "cut_edge_share", "county_splits", "county_pieces"]].tolist() == [2, 0.5, 0, 2]
    assert rows["aapi_aoic_vap_highest"] == pytest.approx(57 / 230)
    assert rows["aapi_aoic_vap_second"] == pytest.approx(29 / 500)
    assert rows["aapi_aoic_vap_highest_district"] == "1"
    assert rows[["aapi_aoic_vap_above_50", "aapi_aoic_vap_above_20", "aapi_aoic_vap_above_10"]].tolist() == [0, 1, 1]
    assert odd[["county_splits", "county_pieces", "cut_edges"]].tolist() == [1, 3, 2]
    assert odd["aapi_aoic_vap_above_40"] == 1
    assert rows[["unassigned_units", "unassigned_people"]].tolist() == [0, 0]


def test_thresholds_are_strict(units):
    half = replace(units, frame=units.frame.assign(aapi_aoic_vap=units.frame["total_vap"] // 2))
    found = score_plans(half, table(half, one="1111"), columns=["aapi_aoic_vap"], thresholds=[0.5, 0.499, 0.125])
    assert found.filter(like="above").iloc[0].to_dict() == {
        "aapi_aoic_vap_above_50": 0,
        "aapi_aoic_vap_above_49.9": 1,
        "aapi_aoic_vap_above_12.5": 1,
    }


@pytest.mark.parametrize(
    "labels", [[1, 1, 2, 2], [7, 7, 40_000, 40_000], [-1, -1, 5, 5], [1.0, 1.0, 2.0, 2.0], ["01", "01", "A", "A"]]
)
def test_any_labels_do(units, ring, labels):
    found = score_plans(units, table(units, plan=labels), columns=COLUMNS, adjacency=ring)
    wanted = score_plans(units, table(units, plan="1122"), columns=COLUMNS, adjacency=ring)
    names = [name for name in found if not name.endswith("_highest_district")]
    pd.testing.assert_frame_equal(found[names], wanted[names])
    first = labels[0]
    assert found["aapi_aoic_vap_highest_district"].item() == (
        str(int(first)) if isinstance(first, float) else str(first)
    )


def test_a_tie_names_the_first_district(units):
    even = replace(units, frame=units.frame.assign(aapi_aoic_vap=units.frame["total_vap"] // 10))
    found = score_plans(even, table(even, plan=["10", "10", "9", "9"]), columns=["aapi_aoic_vap"])
    assert found["aapi_aoic_vap_highest_district"].item() == "9"


def test_order_of_units_does_not_matter(units, ring):
    plans = table(units, rows="1122", odd="1222")
    regions = {"county": pd.Series(list("nnss"), index=units.frame.index)}
    one = score_plans(units, plans, columns=COLUMNS, adjacency=ring, regions=regions)
    turned = {"county": regions["county"].iloc[::-1]}
    back = Units(units.frame.iloc[[3, 1, 0, 2]], "block", 2020)
    pd.testing.assert_frame_equal(
        one, score_plans(back, plans.iloc[::-1], columns=COLUMNS, adjacency=ring, regions=turned)
    )


def test_units_in_no_district_are_counted(units, ring):
    plans = table(units, text=["1", "1", "2", None], number=[1, 1, 2, np.nan])
    regions = {"county": pd.Series(["n", "n", "s", "n"], index=units.frame.index)}
    found = score_plans(units, plans, columns=COLUMNS, adjacency=ring, regions=regions)
    for name in plans:
        row = found.loc[name]
        assert row[["districts", "population_range", "unassigned_units", "unassigned_people"]].tolist() == [
            2,
            0,
            1,
            400,
        ]
        assert row[["cut_edges", "cut_edge_share"]].tolist() == [1, 0.5]
        assert row[["county_splits", "county_pieces"]].tolist() == [0, 2]
        assert row["aapi_aoic_vap_second"] == 25 / 200


def test_regions_by_people_or_by_land(units):
    empty = replace(units, frame=units.frame.assign(total_pop=[0, 200, 300, 400]))
    counties = {"county": pd.Series(["n", "n", "s", None], index=units.frame.index)}
    plans = table(units, odd="1222")
    by_people = score_plans(empty, plans, columns=[], regions=counties)
    by_land = score_plans(empty, plans, columns=[], regions=counties, split_by="land")
    assert by_people[["county_splits", "county_pieces"]].to_numpy().tolist() == [[0, 2]]
    assert by_land[["county_splits", "county_pieces"]].to_numpy().tolist() == [[1, 3]]


def test_nobody_lives_there(units):
    empty = replace(units, frame=units.frame * 0)
    found = score_plans(empty, table(units, rows="1122"), columns=["aapi_aoic_vap"])
    assert found[["population_range_share", "aapi_aoic_vap_highest", "aapi_aoic_vap_second"]].isna().all(axis=None)
    assert found["aapi_aoic_vap_highest_district"].isna().all()
    assert found["aapi_aoic_vap_above_10"].item() == 0


def test_it_agrees_with_one_plan_at_a_time(units, rng):
    """Twenty random plans on a hundred blocks, measured both ways."""
    ids = pd.Index([f"36061000100{1000 + i}" for i in range(100)], dtype="str", name="GEOID")
    adults = rng.integers(0, 300, 100)
    frame = pd.DataFrame(
        {"total_pop": adults + 50, "total_vap": adults, "asian_alone_vap": rng.binomial(adults, 0.3)}, index=ids
    )
    many = Units(frame, "block", 2020)
    plans = pd.DataFrame({f"p{i}": rng.integers(1, 7, 100).astype(str) for i in range(20)}, index=ids)
    found = score_plans(many, plans, columns=["asian_alone_vap"])
    for name, listed in plans.items():
        plan = Plan(name, tuple(sorted(set(listed))), assignment=listed.astype("str"), level="block", year=2020)
        placed = place(many, plan)
        shares = concentration(placed, group="asian_alone", base="vap").frame["share"]
        people = placed.totals(["total_pop"])["total_pop"]
        row = found.loc[name]
        assert row["asian_alone_vap_highest"] == pytest.approx(shares.max(), abs=1e-15)
        assert row["asian_alone_vap_highest_district"] == shares.idxmax()
        assert row["asian_alone_vap_second"] == pytest.approx(shares.nlargest(2).iloc[1], abs=1e-15)
        assert row["asian_alone_vap_above_30"] == (shares > 0.3).sum()
        assert row["population_range"] == people.max() - people.min()
        assert row["mean_deviation"] == pytest.approx((people / people.mean() - 1).abs().mean())


def test_many_districts_fit(units, rng):
    n = 40_000
    ids = pd.Index([f"u{i}" for i in range(n)], dtype="str", name="GEOID")
    many = Units(pd.DataFrame({"total_pop": 1}, index=ids), "")
    chain = adjacency_of(many, np.column_stack([np.arange(n - 1), np.arange(1, n)]))
    plans = pd.DataFrame({"all": np.arange(n), "pairs": np.arange(n) // 2, "tens": np.arange(n) // 4000}, index=ids)
    found = score_plans(many, plans, columns=[], adjacency=chain)
    assert found["districts"].tolist() == [n, n // 2, 10]
    assert found["cut_edges"].tolist() == [n - 1, n // 2 - 1, 9]


def test_no_plan_gives_no_row(units):
    assert score_plans(units, table(units), columns=COLUMNS).empty


def test_inputs_stay_as_they_were(units, ring):
    plans = table(units, rows=[1, 1, 2, 2])
    kept = plans.copy(deep=True)
    score_plans(units, plans, columns=COLUMNS, adjacency=ring)
    pd.testing.assert_frame_equal(plans, kept)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"columns": "aapi_aoic_vap"}, InputError, r"columns is a list of count columns, such as \['aapi_aoic_vap'\]"),
        ({"columns": ["asians"]}, InputError, r"'asians' is no count of a group in a universe"),
        ({"columns": ["aapi_doj_vap"]}, SchemaError, r"no column 'aapi_doj_vap'"),
        ({"population": "total_cvap"}, SchemaError, r"no column 'total_cvap'"),
        ({"split_by": "area"}, InputError, r'split_by is "people" or "land", not \'area\''),
    ],
)
def test_options_are_checked(units, change, error, message):
    with pytest.raises(error, match=message):
        score_plans(units, table(units, rows="1122"), **({"columns": COLUMNS} | change))


def test_plans_neighbours_and_regions_must_be_of_these_units(units, ring):
    plans = table(units, rows="1122")
    with pytest.raises(
        CoverageError,
        match=r"the plans list 3 units and the counts have 4: 0 only in the plans and 1 only in the counts, first 360610001001003",
    ):
        score_plans(units, plans.iloc[:3], columns=COLUMNS)
    with pytest.raises(SchemaError, match=r"1 units stand in more than one row of the plans: 360610001001000"):
        score_plans(units, plans.iloc[[0, 0, 1, 2, 3]], columns=COLUMNS)
    with pytest.raises(CoverageError, match=r"the neighbours are of 2 units and the counts of 4; 0 of the former"):
        pair = Units(units.frame.iloc[:2], "block")
        score_plans(units, plans, columns=COLUMNS, adjacency=adjacency_of(pair, [(0, 1)]))
    with pytest.raises(
        CoverageError, match=r"regions 'county' are not given once for each of the 4 units; 2 are absent"
    ):
        score_plans(
            units, plans, columns=COLUMNS, regions={"county": pd.Series(["n", "n"], index=units.frame.index[:2])}
        )
    with pytest.raises(CoverageError, match=r"the plan none places no unit in any district"):
        score_plans(units, table(units, none=[None] * 4), columns=COLUMNS)
    with pytest.raises(
        CoverageError, match=r"measuring plans would add counts over units, and these counts must not be added"
    ):
        score_plans(replace(units, additive=False), plans, columns=COLUMNS)
