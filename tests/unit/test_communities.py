"""Named areas: from polygons to units, and what a plan does to them, on squares that can be counted by hand."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, Polygon, box

from kit.analysis.communities import communities_of, community_split_table, community_splits
from kit.analysis.placement import place
from kit.errors import CoverageError, CRSError, InputError, SchemaError
from kit.model.communities import Communities

WEST, SOUTH = 1_830_000, 2_180_000
CRS = "EPSG:5070"


def rectangle(left, bottom, right, top):
    """Give a rectangle in kilometres from the south-west corner of the four squares."""
    return box(WEST + 1000 * left, SOUTH + 1000 * bottom, WEST + 1000 * right, SOUTH + 1000 * top)


def layer(**shapes):
    return gpd.GeoDataFrame({"name": list(shapes)}, geometry=list(shapes.values()), crs=CRS)


def ids_of(areas, name):
    rows = areas.membership
    return dict(rows[rows["community"] == name].set_index("GEOID")["share"])


@pytest.fixture
def placed(four_squares):
    return place(*four_squares)


# --- from polygons to units ---------------------------------------------------------------------------


def test_a_unit_on_the_line_belongs_by_its_share_of_area(four_squares):
    units, _ = four_squares
    a, b, c, d = units.frame.index
    areas = communities_of(layer(West=rectangle(0, 0, 1, 2), Most=rectangle(0, 0, 1.25, 2)), units, name="name")
    assert areas.names == ("West", "Most")
    assert ids_of(areas, "West") == {a: 1, c: 1}
    assert ids_of(areas, "Most") == pytest.approx({a: 1, c: 1, b: 0.25, d: 0.25}, abs=1e-4)
    assert any("2 census blocks (600 people) lie partly in an area" in note for note in areas.notes)


def test_slivers_are_dropped_and_filled(four_squares):
    units, _ = four_squares
    a, _, c, _ = units.frame.index
    areas = communities_of(layer(Over=rectangle(0, 0, 1.002, 2), Under=rectangle(0, 0, 0.998, 2)), units, name="name")
    assert ids_of(areas, "Over") == ids_of(areas, "Under") == {a: 1, c: 1}
    assert any("2 slivers under 1% of a unit were dropped: 0.004 km², about 1 people" in note for note in areas.notes)


def test_a_small_area_within_one_unit_is_no_sliver(four_squares):
    units, _ = four_squares
    areas = communities_of(layer(Camp=rectangle(0.4, 0.4, 0.45, 0.45)), units, name="name")
    assert ids_of(areas, "Camp") == pytest.approx({units.frame.index[0]: 0.0025}, rel=1e-3)


def test_the_point_rule_takes_whole_units(four_squares):
    units, _ = four_squares
    a, b, c, d = units.frame.index
    shapes = layer(Little=rectangle(0, 0, 1.25, 2), Much=rectangle(0, 0, 1.75, 2), None_=rectangle(0, 0, 0.1, 0.1))
    areas = communities_of(shapes, units, name="name", rule="point")
    assert ids_of(areas, "Little") == {a: 1, c: 1}
    assert ids_of(areas, "Much") == {a: 1, b: 1, c: 1, d: 1}
    assert any("1 area holds no unit's point and has no figures: None_" in note for note in areas.notes)


def test_areas_outside_the_units_are_named(four_squares):
    units, _ = four_squares
    shapes = layer(In=rectangle(0, 0, 1, 1), Half=rectangle(-1, 0, 1, 1), Away=rectangle(5, 5, 6, 6))
    areas = communities_of(shapes, units, name="name")
    assert len(areas) == 3
    assert ids_of(areas, "Away") == {}
    assert any("1 area lies wholly outside the units and has no figures: Away" in note for note in areas.notes)
    assert any(note.endswith("Half (50%).") for note in areas.notes)
    with pytest.raises(CoverageError, match="none of the 1 communities touches the 4 census blocks, first Away"):
        communities_of(shapes.iloc[2:], units, name="name")


def test_a_polygon_that_crosses_itself_is_mended_and_counted(four_squares):
    units, _ = four_squares
    corners = [(0, 0), (2000, 2000), (2000, 0), (0, 2000)]
    bow = Polygon([(WEST + x, SOUTH + y) for x, y in corners])
    areas = communities_of(layer(Bow=bow), units, name="name")
    assert list(ids_of(areas, "Bow").values()) == pytest.approx([0.5] * 4, abs=1e-4)
    assert any("1 community had invalid rings, which were mended before measuring (Bow)" in n for n in areas.notes)


def test_names_and_shapes_that_cannot_be_used_are_refused(four_squares):
    units, _ = four_squares
    good = rectangle(0, 0, 1, 1)
    shapes = gpd.GeoDataFrame({"town": ["X", "X"], "code": [1, 2]}, geometry=[good, good], crs=CRS)
    with pytest.raises(SchemaError, match="first X; each value of code stands once: pass that as name="):
        communities_of(shapes, units, name="town")
    with pytest.raises(SchemaError, match="first X; no column is unique, or join the parts"):
        communities_of(shapes.drop(columns="code"), units, name="town")
    with pytest.raises(SchemaError, match="no column 'name'; columns are town, code"):
        communities_of(shapes, units, name="name")
    with pytest.raises(SchemaError, match="1 areas have no name in 'town': rows 2"):
        communities_of(shapes.assign(town=["X", None]), units, name="town")
    with pytest.raises(SchemaError, match="the layer of areas is empty"):
        communities_of(shapes.iloc[:0], units, name="town")
    line = layer(Line=LineString([(WEST, SOUTH), (WEST + 9, SOUTH)]), Square=good)
    with pytest.raises(SchemaError, match="1 communities have no polygon, first Line. Draw them as polygons"):
        communities_of(line, units, name="name")
    with pytest.raises(SchemaError, match="1 communities have no polygon, first Blank"):
        communities_of(gpd.GeoDataFrame({"name": ["Blank"]}, geometry=[None], crs=CRS), units, name="name")


def test_systems_rules_and_kinds_that_cannot_be_used_are_refused(four_squares):
    units, _ = four_squares
    shapes = layer(A=rectangle(0, 0, 1, 1))
    with pytest.raises(CRSError, match="the layer of areas has no coordinate reference system"):
        communities_of(shapes.set_crs(None, allow_override=True), units, name="name")
    with pytest.raises(CRSError, match="measuring areas cannot use Web Mercator"):
        communities_of(shapes, units, name="name", crs="EPSG:3857")
    with pytest.raises(InputError, match="rule is one of area, point, not 'mostly'"):
        communities_of(shapes, units, name="name", rule="mostly")
    with pytest.raises(InputError, match="kind is one of community, cluster, region, not 'place'"):
        communities_of(shapes, units, name="name", kind="place")
    with pytest.raises(InputError, match="have no shapes; add them with units.with_geometry"):
        communities_of(shapes, replace(units, geometry=None), name="name")
    points = replace(units, geometry=units.geometry.representative_point())
    with pytest.raises(InputError, match='4 of 4 census blocks are no polygons, .*use rule="point"'):
        communities_of(shapes, points, name="name")
    assert len(communities_of(shapes, points, name="name", rule="point").membership) == 1


# --- what a plan does ---------------------------------------------------------------------------------


def test_a_column_of_squares_is_cut_by_rows(placed):
    a, b, c, _ = placed.units.frame.index
    areas = Communities.of_units({"West": [a, c], "South": [a, b]})
    got = community_splits(areas, placed, group="aapi_aoic", base="pop")
    west, south = got.frame.loc["West"], got.frame.loc["South"]
    # 100 and 300 people in districts 1 and 2; 55 and 40 of them AAPI.
    assert (west["base"], west["count"], west["districts"]) == (400, 95, 2)
    assert west["share"] == pytest.approx(95 / 400)
    assert (west["largest_share"], west["largest_district"]) == (0.75, "2")
    assert west["effective_splits"] == pytest.approx(1 / (0.75**2 + 0.25**2) - 1)
    assert (west["largest_share_group"], west["largest_district_group"]) == (pytest.approx(55 / 95), "1")
    # Cut off from district 2, where most of West lives: 100 people, 55 of them AAPI.
    assert (west["cut_off"], west["cut_off_group"]) == (100, 55)
    assert not west["kept_whole"]
    assert south["kept_whole"]
    assert south[["effective_splits", "entropy", "cut_off", "split_pairs_group"]].tolist() == [0, 0, 0, 0]
    # South is all of district 1, so it is preserved in both senses.
    assert south[["holds", "makes", "preserved", "holds_group"]].tolist() == [True] * 4
    assert west[["holds", "makes", "preserved"]].tolist() == [False] * 3


def test_pieces_totals_and_the_sweep(placed):
    a, b, c, _ = placed.units.frame.index
    areas = Communities.of_units({"West": [a, c], "South": [a, b]})
    got = community_splits(areas, placed, group="aapi_aoic", base="pop", sweep=(0.5, 0.75, 1))
    assert got.pieces[["community", "district", "base", "count"]].to_numpy().tolist() == [
        ["West", "2", 300, 40],
        ["West", "1", 100, 55],
        ["South", "1", 300, 81],
    ]
    first = got.pieces.iloc[0]
    assert first["share"] == pytest.approx(40 / 300)
    assert first["share_of_community"] == 0.75
    assert first["share_of_group"] == pytest.approx(40 / 95)
    assert first["share_of_district"] == pytest.approx(300 / 700)
    entropy = -(0.75 * np.log2(0.75) + 0.25 * np.log2(0.25))
    assert got.plan.loc["everyone", "entropy"] == pytest.approx(entropy * 400 / 700)
    assert got.plan.loc["everyone_by_group", "entropy"] == pytest.approx(entropy * 95 / 176)
    assert got.plan.loc["everyone", ["split", "pieces", "kept_whole", "preserved", "cut_off"]].tolist() == [
        1, 3, 1, 1, 100,
    ]  # fmt: skip
    assert got.sweep["preserved"].to_dict() == {0.5: 2, 0.75: 2, 0.8: 1, 1.0: 1}
    assert got.sweep["makes"].tolist() == [1, 1, 1, 1]
    assert any("1 census blocks (100 residents) lie in more than one community" in note for note in got.notes)
    told = got.summary()
    assert "Two rows keeps 1 of 2 communities whole. West is divided most: 2 districts, 75.0%" in told
    assert "100 residents, 55 of them Asian or NHPI, live in another district" in told
    assert got.sources == placed.sources


def test_parts_of_units_count_by_area(four_squares, placed):
    units, _ = four_squares
    areas = communities_of(layer(Strip=rectangle(0, 0.5, 1, 1.25)), units, name="name")
    got = community_splits(areas, placed, group="aapi_aoic", base="pop")
    assert got.frame.loc["Strip", "base"] == pytest.approx(50 + 75, rel=1e-3)
    assert got.frame.loc["Strip", "cut_units"] == 2
    assert any(
        "Lines of communities cut 2 of 4 census blocks, where 400 residents live, 40.0% of all" in n for n in got.notes
    )
    assert sum("partly in an area" in note for note in got.notes) == 0


def test_people_in_no_district_are_told_apart(four_squares):
    units, plan = four_squares
    placed = place(units, replace(plan, geometry=plan.geometry.iloc[:1], labels=("1",)), outside="report")
    a, b, c, d = units.frame.index
    areas = Communities.of_units({"West": [a, c], "North": [c, d], "South": [a, b]})
    got = community_splits(areas, placed, group="aapi_aoic", base="pop", threshold=0.25)
    assert got.frame["unplaced"].tolist() == [300, 700, 0]
    assert got.frame["unplaced_group"].tolist() == [40, 45, 0]
    assert got.frame["kept_whole"].tolist() == [False, False, True]
    # A quarter of West, 100 of 400, is in district 1: the threshold is met exactly.
    assert got.frame.loc["West", "holds"]
    assert got.frame.loc["North", ["districts", "holds"]].tolist() == [0, False]
    assert pd.isna(got.frame.loc["North", "entropy"])
    assert "2 more are not divided, but some of their people are in no district" in got.summary()
    assert any("1,000 residents of 2 communities lie in no district (West, North)" in note for note in got.notes)


def test_units_that_are_not_at_hand_are_counted_and_never_zero(placed):
    a = placed.units.frame.index[0]
    areas = Communities.of_units({"Part": [a, "360610009009999"], "Gone": ["360610009009998"]})
    got = community_splits(areas, placed, group="aapi_aoic", base="pop")
    assert got.frame["unknown_units"].tolist() == [1, 1]
    assert got.frame.loc["Part", "base"] == 100
    assert got.frame.loc["Gone", ["base", "count", "share", "kept_whole", "preserved"]].isna().all()
    assert any("2 units listed for 2 communities are not among the census blocks" in note for note in got.notes)
    assert any("1 community has no unit at hand, so no figure: Gone" in note for note in got.notes)
    strangers = Communities.of_units({"Gone": ["360610009009998"]})
    with pytest.raises(
        CoverageError, match="none of the 1 units of these communities .such as 360610009009998. is among"
    ):
        community_splits(strangers, placed, group="aapi_aoic", base="pop")


def test_areas_listed_by_tract_stand_for_their_blocks(placed):
    areas = Communities.of_units({"All": ["36061000100"]})
    got = community_splits(areas, placed, group="total", base="pop")
    assert got.frame.loc["All", ["base", "units", "districts"]].tolist() == [1000, 4, 2]
    assert "Communities were listed as census tracts; each stands for all its census blocks." in got.notes
    assert any("No group was counted apart" in note for note in got.notes)


def test_a_cluster_is_not_called_a_community(placed):
    areas = Communities.of_units({"Cluster 1": list(placed.units.frame.index)}, kind="cluster")
    got = community_splits(areas, placed, group="aapi_aoic", base="pop")
    assert "of 1 cluster whole" in got.summary()
    assert any("no community until people who live there say so" in note for note in got.notes)


def test_wrong_kinds_and_thresholds_are_refused(placed):
    areas = Communities.of_units({"A": list(placed.units.frame.index)})
    with pytest.raises(InputError, match="named areas are due and a dict was passed"):
        community_splits({}, placed, group="aapi_aoic", base="pop")
    with pytest.raises(InputError, match="a Placement is due and a Communities was passed"):
        community_splits(areas, areas, group="aapi_aoic", base="pop")
    with pytest.raises(InputError, match="there are no named areas"):
        community_splits(
            replace(areas, names=(), membership=areas.membership.iloc[:0]), placed, group="total", base="pop"
        )
    with pytest.raises(InputError, match="a threshold is a share above 0 and up to 1; it is 80"):
        community_splits(areas, placed, group="aapi_aoic", base="pop", threshold=80)
    with pytest.raises(SchemaError, match="no column 'aapi_aoic_cvap'"):
        community_splits(areas, placed, group="aapi_aoic", base="cvap")


# --- several plans --------------------------------------------------------------------------------------


def test_plans_are_ranked_among_those_with_as_many_districts(four_squares, placed):
    units, plan = four_squares
    a, b, c, d = units.frame.index
    areas = Communities.of_units({"West": [a, c], "East": [b, d]})
    listed = {"Columns": "1212", "Cross": "1221", "Three": "1213"}
    others = [
        place(units, replace(plan, name=n, geometry=None, assignment=pd.Series(list(s), index=units.frame.index),
                             labels=tuple(sorted(set(s))), level="block", year=2020))
        for n, s in listed.items()
    ]  # fmt: skip
    got = community_split_table(areas, [placed, *others], group="aapi_aoic", base="pop")
    assert got.frame.shape[0] == 8
    assert got.frame.columns[:2].tolist() == ["plan", "community"]
    assert got.ranking.index[0] == "Columns"
    assert got.ranking["rank_effective_splits"].to_dict() == {"Columns": 1, "Two rows": 2, "Cross": 2, "Three": 1}
    assert got.ranking.loc["Columns", ["kept_whole", "split", "cut_off"]].tolist() == [2, 0, 0]
    assert any("The plans have 2 to 3 districts" in note for note in got.notes)
    assert any("they are no verdict on a plan" in note for note in got.notes)
    assert got.splits["Three"].frame.loc["East", "districts"] == 2
    assert got.sources == placed.sources


def test_a_table_needs_plans_with_names_of_their_own(placed):
    areas = Communities.of_units({"A": list(placed.units.frame.index)})
    with pytest.raises(InputError, match="two plans are called Two rows; pass a dict"):
        community_split_table(areas, [placed, placed], group="aapi_aoic", base="pop")
    with pytest.raises(InputError, match="there are no placements to compare"):
        community_split_table(areas, {}, group="aapi_aoic", base="pop")
    two = community_split_table(areas, {"x": placed, "y": placed}, group="aapi_aoic", base="pop")
    assert two.ranking["rank_effective_splits"].tolist() == [1, 1]


def test_plans_placed_with_other_units_are_told(four_squares, placed):
    units, plan = four_squares
    fewer = replace(units, frame=units.frame.iloc[:3], geometry=units.geometry.iloc[:3])
    areas = Communities.of_units({"All": list(units.frame.index)})
    got = community_split_table(areas, {"x": placed, "y": place(fewer, plan)}, group="aapi_aoic", base="pop")
    assert any("The same communities hold 600 people in y and 1,000 in x" in note for note in got.notes)
    assert any(note.startswith("y: 1 unit listed for 1 community") for note in got.notes)
