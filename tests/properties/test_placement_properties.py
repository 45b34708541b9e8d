"""What must hold for any plan: people are conserved, labels are only names, shares are shares."""

from __future__ import annotations

import dataclasses
import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box
from shapely.affinity import scale, translate

from kit.analysis.concentration import concentration, definition_ladder
from kit.analysis.placement import place
from kit.model.frames import Plan, Units

WEST, SOUTH, SIDE = 1_830_000, 2_180_000, 100.0
COLUMNS = ("total_pop", "total_vap", "asian_aoic_vap", "nhpi_aoic_vap", "aapi_aoic_vap")
LABELS = ("1", "2", "3", "10", "A")


@st.composite
def grids(draw):
    """Draw a grid of squares with counts that can be true, and each square's district."""
    across, up = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    rows = []
    for _ in range(across * up):
        total = draw(st.integers(0, 1000))
        adults = draw(st.integers(0, total))
        asian, nhpi = draw(st.integers(0, adults)), draw(st.integers(0, adults))
        either = draw(st.integers(max(asian, nhpi), min(adults, asian + nhpi)))
        rows.append((total, adults, asian, nhpi, either))
    n = across * up
    ids = pd.Index([f"36061000100{1000 + i}" for i in range(n)], dtype="str", name="GEOID")
    squares = [
        box(WEST + SIDE * x, SOUTH + SIDE * y, WEST + SIDE * (x + 1), SOUTH + SIDE * (y + 1))
        for y in range(up)
        for x in range(across)
    ]
    units = Units(
        pd.DataFrame(rows, columns=list(COLUMNS), index=ids),
        "block",
        2020,
        geometry=gpd.GeoSeries(squares, index=ids, crs="EPSG:5070"),
    )
    listed = pd.Series(draw(st.lists(st.sampled_from(LABELS), min_size=n, max_size=n)), index=ids, dtype="str")
    return units, listed


def list_plan(listed):
    return Plan("A list", LABELS, assignment=listed, level="block", year=2020)


def drawn_plan(units, listed):
    """Unite the squares of each district into its polygon."""
    united = units.geometry.groupby(listed.to_numpy()).agg(lambda shapes: shapes.union_all())
    geometry = gpd.GeoSeries(united.to_numpy(), index=pd.Index(united.index, dtype="str"), crs=units.geometry.crs)
    return Plan("Polygons", tuple(geometry.index), geometry=geometry)


@st.composite
def strips(draw, units):
    """Cut the plane of the units into upright strips with lines anywhere."""
    west, south, east, north = units.geometry.total_bounds
    inner = draw(st.lists(st.floats(0.01, 0.99), max_size=3, unique=True))
    lines = [west, *(west + (east - west) * at for at in sorted(inner)), east]
    shapes = [box(a, south, b, north) for a, b in itertools.pairwise(lines)]
    labels = LABELS[: len(shapes)]
    return Plan("Strips", labels, geometry=gpd.GeoSeries(shapes, index=list(labels), crs=units.geometry.crs))


@given(grids(), st.data())
@settings(max_examples=24, deadline=None)
def test_every_rule_conserves_every_count(grid, data):
    units, listed = grid
    drawn, cutting = drawn_plan(units, listed), data.draw(strips(units))
    tries = [(list_plan(listed), "assignment"), *itertools.product((drawn, cutting), ("point", "area"))]
    for plan, rule in tries:
        placed = place(units, plan, rule=rule)
        sums = placed.totals(COLUMNS)
        assert (sums.sum() == units.frame.sum()).all()
        assert placed.unassigned.empty
        assert sums.index.isin(plan.labels).all()
        assert placed.split_units["share_inside"].between(0, 1).all()


@given(grids())
@settings(max_examples=20, deadline=None)
def test_list_and_polygons_of_one_plan_agree(grid):
    units, listed = grid
    for rule in ("point", "area"):
        placed = place(units, drawn_plan(units, listed), rule=rule)
        assert placed.assignment.tolist() == listed.tolist()
        assert placed.split_units.empty


@given(grids(), st.data())
@settings(max_examples=24, deadline=None)
def test_people_outside_are_counted_to_the_person(grid, data):
    units, listed = grid
    inside = data.draw(st.lists(st.booleans(), min_size=len(listed), max_size=len(listed)).filter(any))
    placed = place(units, list_plan(listed[inside]), outside="report")
    got = placed.totals(["total_pop"])["total_pop"].sum() + placed.unassigned["people"].sum()
    assert got == units.frame["total_pop"].sum()
    assert placed.unassigned.index.tolist() == units.frame.index[~np.array(inside)].tolist()


@given(grids(), st.permutations(LABELS))
@settings(max_examples=24, deadline=None)
def test_new_labels_only_rename_the_rows(grid, renamed):
    units, listed = grid
    names = dict(zip(LABELS, renamed, strict=True))
    before = concentration(place(units, list_plan(listed)), group="aapi_aoic", base="vap")
    after = concentration(place(units, list_plan(listed.map(names))), group="aapi_aoic", base="vap")
    pd.testing.assert_frame_equal(before.frame.rename(index=names).loc[list(after.frame.index)], after.frame)
    pd.testing.assert_series_equal(before.total, after.total)


@given(grids())
@settings(max_examples=24, deadline=None)
def test_shares_are_shares(grid):
    units, listed = grid
    table = concentration(place(units, list_plan(listed)), group="aapi_aoic", base="vap")
    frame = table.frame
    lived_in = frame["base"] > 0
    assert frame.loc[lived_in, ["share", "asian_share", "nhpi_share"]].apply(lambda s: s.between(0, 1)).all(axis=None)
    assert frame.loc[~lived_in, "share"].isna().all()
    assert frame["rank"].notna().tolist() == lived_in.tolist()
    if table.total["count"]:
        assert frame["share_of_group"].sum() == pytest.approx(1)
    else:
        assert frame["share_of_group"].isna().all()
    weighted = (frame["share"] * frame["base"]).sum()
    assert weighted == pytest.approx(table.total["count"])
    assert (frame["count"] >= frame[["asian", "nhpi"]].max(axis=1)).all()


@given(grids(), st.integers(2, 7))
@settings(max_examples=24, deadline=None)
def test_more_people_in_the_same_proportion_leave_the_shares(grid, times):
    units, listed = grid
    more = dataclasses.replace(units, frame=units.frame * times)
    kept = ["share", "share_of_group", "difference", "location_quotient", "rank", "tier", "asian_share", "nhpi_share"]
    before = concentration(place(units, list_plan(listed)), group="aapi_aoic", base="vap").frame
    after = concentration(place(more, list_plan(listed)), group="aapi_aoic", base="vap").frame
    pd.testing.assert_frame_equal(before[kept], after[kept])
    assert (after["count"] == times * before["count"]).all()


@given(grids())
@settings(max_examples=20, deadline=None)
def test_the_whole_of_the_ladder_is_the_sum_of_its_districts(grid):
    units, listed = grid
    frame = definition_ladder(place(units, list_plan(listed)), base="vap").frame
    districts = frame.drop("all", level="district").groupby(level="definition")[["count", "base"]].sum()
    whole = frame.xs("all", level="district")[["count", "base"]]
    assert (districts == whole.loc[districts.index]).all(axis=None)


@given(grids(), st.data(), st.floats(0.5, 20), st.floats(-50_000, 50_000), st.floats(-50_000, 50_000))
@settings(max_examples=20, deadline=None)
def test_moving_and_scaling_the_land_leaves_the_placement(grid, data, factor, east, north):
    units, listed = grid
    plan = data.draw(st.sampled_from([drawn_plan(units, listed), data.draw(strips(units))]))

    def moved(shapes):
        there = [
            translate(scale(shape, factor, factor, origin=(WEST, SOUTH)), east, north) for shape in shapes.to_numpy()
        ]
        return gpd.GeoSeries(there, index=shapes.index, crs=shapes.crs)

    other_units = dataclasses.replace(units, geometry=moved(units.geometry))
    other_plan = dataclasses.replace(plan, geometry=moved(plan.geometry))
    before, after = place(units, plan, rule="area"), place(other_units, other_plan, rule="area")
    # A unit cut in halves may go either way, because the projection is centred on the units.
    clear = ~before.assignment.index.isin(before.split_units.index[before.split_units["share_inside"] < 0.505])
    assert (before.assignment[clear] == after.assignment[clear]).all()
