"""Named areas and clusters on a map: outlines, names, keys, patterns, notes, and what is refused."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

import kit
from kit.analysis.adjacency import adjacency
from kit.analysis.clusters import clusters
from kit.errors import CoverageError, CRSError, InputError, SchemaError
from kit.maps import style
from kit.maps.areas import NAMED, AreaLayer, areas_of
from kit.maps.clusters import LOOKS, map_clusters
from kit.maps.communities import map_communities
from kit.maps.record import record_of, sheet_of
from kit.maps.words import alt_text, long_description
from kit.model.communities import Communities
from kit.model.frames import Plan, Source, Units

WEST, SOUTH, METRES = 1_830_000, 2_180_000, 1000.0
WHAT = {"group": "nh_aapi_alone", "base": "vap", "breaks": [0, 0.2, 0.5, 1]}


def ids_of(n):
    return [f"36061000100{1000 + i}" for i in range(n)]


def board(side=8, high=frozenset(), adults=1000):
    """Place squares, 1,000 adults each, in a west and an east district; eight in ten of some are of the group."""
    ids = pd.Index(ids_of(side * side), dtype="str", name="GEOID")
    where = list(itertools.product(range(side), repeat=2))  # (row, column)
    squares = [
        shapely.box(WEST + METRES * x, SOUTH + METRES * y, WEST + METRES * (x + 1), SOUTH + METRES * (y + 1))
        for y, x in where
    ]
    counts = [round(adults * (0.8 if spot in high else 0.1)) + i % 3 for i, spot in enumerate(where)]
    frame = pd.DataFrame({"total_vap": adults, "total_pop": 2 * adults, "nh_aapi_alone_vap": counts}, index=ids)
    sources = (Source("A board", publisher="The tests", year=2020, level="tract"),)
    units = Units(frame, "tract", 2020, sources, gpd.GeoSeries(squares, index=ids, crs="EPSG:5070"))
    labels = pd.Series(["1" if x < side / 2 else "2" for _, x in where], index=ids, dtype="str")
    plan = Plan("Two halves", ("1", "2"), assignment=labels, level="tract", year=2020, status="draft")
    return kit.place(units, plan)


def spots(placed, *pairs, side=8):
    return [placed.units.frame.index[y * side + x] for y, x in pairs]


@pytest.fixture
def placed():
    return board()


@pytest.fixture
def two(placed):
    """One area inside district 1, one across both."""
    return Communities.of_units(
        {"Harbour": spots(placed, (1, 1), (1, 2), (2, 1), (2, 2)), "Hill": spots(placed, (5, 3), (5, 4), (6, 3))},
        sources=(Source("Two areas", publisher="Their people"),),
    )


def words(figure):
    return " ".join("\n".join(text.get_text() for text in figure.findobj(Text)).split())


def area_texts(ax):
    return [text for text in ax.texts if (text.get_gid() or "").startswith("area ")]


def dashed(ax):
    return [
        c
        for c in ax.collections
        if isinstance(c, PathCollection) and len(c.get_edgecolor()) and to_hex(c.get_edgecolor()[0]) == style.AREA
    ]


# --- communities ------------------------------------------------------------------------------------


def test_areas_are_outlined_in_dashes_and_named(placed, two):
    ax = map_communities(placed, two, **WHAT)
    (outline,) = dashed(ax)
    assert outline.get_linestyle()[0][1] is not None
    assert len(outline.get_paths()) == 2
    assert {text.get_text() for text in area_texts(ax)} == {"Harbour", "Hill"}
    legend = [text.get_text() for text in ax.figure.legends[0].get_texts()]
    assert legend[-2:] == ["district line and number", "outline of a community, with its name"]


def test_the_outline_of_whole_units_is_their_union(placed, two):
    found = areas_of(two, placed.units, placed.units.geometry.to_numpy(), placed.units.geometry.crs)
    assert found.shapes["Harbour"].area == pytest.approx(4 * METRES**2)
    assert found.shapes["Harbour"].bounds == (
        WEST + METRES,
        SOUTH + METRES,
        WEST + 3 * METRES,
        SOUTH + 3 * METRES,
    )
    assert found.notes == ()


def test_figures_of_areas_are_those_counted_by_hand(placed, two):
    ax = map_communities(placed, two, **WHAT)
    frame = sheet_of(ax).twins[0].frame.set_index("name")
    assert frame.loc["Harbour", ["units", "base", "districts"]].tolist() == [4, 4000, 1]
    assert frame.loc["Hill", ["units", "base", "districts", "largest_district"]].tolist() == [3, 3000, 2, "1"]
    index = placed.units.frame.index
    hill = sum(100 + index.get_loc(geoid) % 3 for geoid in spots(placed, (5, 3), (5, 4), (6, 3)))
    assert frame.loc["Hill", "count"] == hill
    assert alt_text(ax) == (
        "Map of 2 communities (Harbour and Hill) over the voting-age population (18 and over) share of Asian or NHPI "
        "alone, not Hispanic by census tract, with the district lines of Two halves. 1 of 2 lies in one district of "
        "Two halves; the most divided, Hill, reaches into 2."
    )
    assert "Hill: 10." in long_description(ax)


def test_without_a_share_areas_have_a_pattern(placed, two):
    ax = map_communities(placed, two)
    tints = [c for c in ax.collections if c.get_hatch() == "..."]
    assert len(tints) == 1
    frame = sheet_of(ax).twins[0].frame.set_index("name")
    assert frame.loc["Harbour", ["units", "base", "districts"]].tolist() == [4, 8000, 1]
    assert frame.loc["Hill", "districts"] == 2
    assert "Communities and the districts of Two halves" in words(ax.figure)
    assert "community, with its name" in words(ax.figure)


def test_names_cover_neither_each_other_nor_a_number(placed):
    names = {f"A place with a long name {i}": spots(placed, (i, i)) for i in range(8)}
    ax = map_communities(placed, Communities.of_units(names), **WHAT)
    renderer = FigureCanvasAgg(ax.figure).get_renderer()
    by_gid = {}
    for text in ax.texts:
        if text.get_gid():
            by_gid.setdefault(text.get_gid(), []).append(text.get_window_extent(renderer))
    assert sum(gid.startswith("area ") for gid in by_gid) == 8
    for (one, boxes), (other, others) in itertools.combinations(by_gid.items(), 2):
        assert not any(a.overlaps(b) for a in boxes for b in others), (one, other)
    assert min(text.get_fontsize() for text in ax.texts if text.get_gid()) >= 7


def test_many_areas_stand_by_letter_with_a_key(placed):
    names = {f"Place {i}": spots(placed, divmod(i, 8)) for i in range(28)}
    ax = map_communities(placed, Communities.of_units(names), **WHAT)
    drawn = {text.get_text() for text in area_texts(ax)}
    assert len(names) > NAMED
    assert {"A", "Z", "AA", "AB"} <= drawn
    assert not drawn & {"1", "2", "Place 1"}
    told = words(ax.figure)
    assert "Communities, by letter" in told
    assert "Place 0 (10.0%)" in told
    assert "outline of a community, with its letters" in told


def test_a_long_key_takes_two_columns(placed):
    names = {f"Place {i}": spots(placed, divmod(i, 8)) for i in range(60)}
    ax = map_communities(placed, Communities.of_units(names), **WHAT)
    key = [text for text in ax.figure.texts if text.get_text().startswith("Place ")]
    assert len(key) == 60
    assert len({round(text.get_position()[0], 4) for text in key}) == 2
    assert min(text.get_fontsize() for text in key) >= 6


def test_a_key_too_long_for_the_page_ends_in_a_count(placed):
    names = {f"Place of many words, number {i}": spots(placed, divmod(i, 8)) for i in range(60)}
    ax = map_communities(placed, Communities.of_units(names), **WHAT)
    assert "more, in the table" in words(ax.figure)
    renderer = FigureCanvasAgg(ax.figure).get_renderer()
    key = [t for t in ax.figure.texts if "Place" in t.get_text() or "more, in the table" in t.get_text()]
    foot = min(text.get_window_extent(renderer).y0 for text in key)
    notes = next(text for text in ax.figure.texts if text.get_text().startswith("Counted:"))
    assert foot > notes.get_window_extent(renderer).y1
    assert len(sheet_of(ax).twins[0].frame) == 60


def test_units_in_part_are_told_and_drawn_by_half(placed):
    a, b, c = spots(placed, (1, 1), (1, 2), (1, 3))
    rows = pd.DataFrame({"community": "Bay", "GEOID": [a, b, c], "share": [1.0, 0.6, 0.3]})
    area = Communities(("Bay",), rows.astype({"community": "str", "GEOID": "str"}))
    found = areas_of(area, placed.units, placed.units.geometry.to_numpy(), placed.units.geometry.crs)
    assert found.shapes["Bay"].area == pytest.approx(2 * METRES**2)
    ax = map_communities(placed, area, **WHAT)
    assert "2 census tracts lie in an area by a share only: the outlines drawn here follow whole census" in words(
        ax.figure
    )
    assert sheet_of(ax).twins[0].frame.loc[0, "base"] == pytest.approx(1900)


def test_polygons_are_drawn_as_they_are(placed):
    square = shapely.box(WEST + 500, SOUTH + 500, WEST + 2500, SOUTH + 1500)
    layer = gpd.GeoDataFrame({"name": ["Quay"]}, geometry=[square], crs="EPSG:5070")
    found = areas_of(layer, placed.units, placed.units.geometry.to_numpy(), placed.units.geometry.crs)
    assert found.shapes["Quay"].equals(square)
    ax = map_communities(placed, layer, **WHAT)
    assert {text.get_text() for text in area_texts(ax)} == {"Quay"}
    # 2 by 1 km over squares of 1,000 adults each
    assert sheet_of(ax).twins[0].frame.loc[0, "base"] == pytest.approx(2000, rel=1e-6)


def test_small_areas_show_no_count_of_the_group():
    placed = board(side=4, adults=100)
    area = Communities.of_units({"Few": spots(placed, (0, 0), side=4), "More": spots(placed, (1, 0), (1, 1), side=4)})
    ax = map_communities(placed, area, **WHAT)
    frame = sheet_of(ax).twins[0].frame.set_index("name")
    assert frame["count"].isna().tolist() == [True, False]
    assert "The group is not counted in 1 areas of fewer than 200 people." in words(ax.figure)


def test_notes_of_the_areas_stand_on_the_page(placed, two):
    ax = map_communities(placed, replace(two, notes=("Drawn at a meeting of 30 residents.",)), **WHAT)
    told = words(ax.figure)
    for note in (
        "Drawn at a meeting of 30 residents.",
        "Outlines are communities as given; the kit drew none of them.",
        "Their people, Two areas",
        "Lambert azimuthal equal-area",
        "Not legal advice; confirm with counsel.",
    ):
        assert note in told, note


def test_axes_of_ones_own_are_returned(placed, two):
    mine = Figure(figsize=(6, 5)).add_axes((0, 0, 1, 1))
    assert map_communities(placed, two, ax=mine) is mine
    assert "community, with its name" in [text.get_text() for text in mine.get_legend().get_texts()]


def test_files_of_a_map_of_areas(placed, two, tmp_path):
    written = kit.save_map(map_communities(placed, two, **WHAT), tmp_path / "areas")
    assert [path.name for path in written] == [
        "areas.pdf",
        "areas.png",
        "areas.svg",
        "areas.txt",
        "areas_table.csv",
        "areas_table.html",
    ]
    table = pd.read_csv(tmp_path / "areas_table.csv")
    assert table["name"].tolist() == ["Harbour", "Hill"]
    assert set(table["definition"]) == {"nh_aapi_alone"}
    assert table["source"].str.contains("Two areas").all()
    assert re.search(r'<th scope="row"[^>]*>Hill</th>', (tmp_path / "areas_table.html").read_text("utf-8"))


def test_the_same_map_twice_gives_the_same_bytes(placed, two, tmp_path):
    for folder in ("one", "two"):
        kit.save_map(map_communities(placed, two, **WHAT), tmp_path / folder / "map")
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_nothing_is_left_in_pyplot_and_nothing_given_is_changed(placed, two):
    rows, frame = two.membership.copy(), placed.units.frame.copy()
    map_communities(placed, two, **WHAT)
    assert plt.get_fignums() == []
    pd.testing.assert_frame_equal(two.membership, rows)
    pd.testing.assert_frame_equal(placed.units.frame, frame)


def test_an_exhibit_of_areas_is_refused_for_now(placed, two):
    with pytest.raises(InputError, match=r"is no map of the shares of one plan or two.*kit\.save_map"):
        record_of(map_communities(placed, two))


def test_half_a_share_is_refused(placed, two):
    with pytest.raises(InputError, match="pass group, base and breaks together"):
        map_communities(placed, two, group="nh_aapi_alone", base="vap")


def test_no_areas_are_refused(placed):
    with pytest.raises(InputError, match="there are no communities to draw"):
        map_communities(placed, Communities.of_units({}))


def test_areas_of_another_census_are_refused(placed):
    area = Communities.of_units({"Away": ["06037000100", "06037000200"]})
    with pytest.raises(CoverageError, match=r"none of the 2 units listed.*first 06037000100, 06037000200"):
        map_communities(placed, area)


def test_what_is_no_area_is_refused(placed):
    with pytest.raises(InputError, match="areas are Communities, Clusters from kit.clusters, or a GeoDataFrame"):
        map_communities(placed, {"Harbour": []})


def test_polygons_without_names_or_crs_are_refused(placed):
    square = [shapely.box(WEST, SOUTH, WEST + 2000, SOUTH + 2000)]
    with pytest.raises(SchemaError, match="have no column 'name'; columns are title"):
        map_communities(placed, gpd.GeoDataFrame({"title": ["Quay"]}, geometry=square, crs="EPSG:5070"))
    with pytest.raises(CRSError):
        map_communities(placed, gpd.GeoDataFrame({"name": ["Quay"]}, geometry=square))


def test_units_without_polygons_are_refused(placed, two):
    bare = replace(placed, units=replace(placed.units, geometry=None))
    with pytest.raises(InputError, match="a map needs the polygons of its census tracts"):
        map_communities(bare, two)


# --- clusters ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def corner():
    """Find a corner of sixteen high squares on a board of a hundred."""
    placed = board(10, high={(y, x) for y in range(4) for x in range(4)})
    near = adjacency(placed.units, rule="queen")
    found = clusters(placed.units, group="nh_aapi_alone", base="vap", adjacency=near, permutations=999)
    assert len(found.communities) == 1
    return placed, found


def test_each_class_has_a_colour_and_a_pattern_of_its_own():
    significant = [LOOKS[name] for name in ("high among high", "low among low", "high among low", "low among high")]
    assert len({look.hatch for look in significant}) == 4
    assert all(look.hatch for look in significant)
    assert len({look.colour for look in significant}) == 4
    assert LOOKS["not significant"].hatch == ""


def test_classes_are_drawn_and_counted(corner):
    placed, found = corner
    ax = map_clusters(found, placement=placed)
    legend = [" ".join(text.get_text().split()) for text in ax.figure.legends[0].get_texts()]
    counts = found.frame["label"].value_counts()
    for label, number in counts.items():
        assert f"{label} ({number} census tracts)" in legend
    high = [c for c in ax.collections if c.get_hatch() == "xxxx"]
    assert sum(int((p.codes == 1).sum()) for c in high for p in c.get_paths()) == counts["high among high"]
    assert {"1", "2", "Cluster 1"} <= {text.get_text() for text in ax.texts}


def test_clusters_are_never_called_communities(corner):
    placed, found = corner
    for ax in (map_clusters(found, placement=placed), map_communities(placed, found, **WHAT)):
        told = words(ax.figure).replace("no community of interest until", "").replace("no community until", "")
        assert "ommunit" not in told
        assert "luster" in told
        assert "prompt for a conversation with residents" in told
        assert alt_text(ax).startswith(("Map of clusters of", "Map of 1 cluster (Cluster 1)"))


def test_seed_and_weights_stand_in_the_notes(corner):
    told = words(map_clusters(corner[1]).figure)
    assert "from seed" in told
    assert "queen" in told
    assert "999 shuffles" in told


def test_without_a_plan_there_are_no_lines(corner):
    ax = map_clusters(corner[1])
    assert "district line" not in words(ax.figure)
    assert alt_text(ax).startswith("Map of clusters of the voting-age population (18 and over) share of Asian or NHPI")
    assert "One cluster was found; the largest, Cluster 1, has" in alt_text(ax)


def test_files_of_clusters_hold_no_count_by_unit(corner, tmp_path):
    placed, found = corner
    written = kit.save_map(map_clusters(found, placement=placed), tmp_path / "c", ["png"])
    assert [path.name for path in written] == [
        "c.png",
        "c.txt",
        "c_table.csv",
        "c_table.html",
        "c_table_units.csv",
    ]
    units = pd.read_csv(tmp_path / "c_table_units.csv", dtype={"GEOID": "str"})
    assert list(units.columns)[:3] == ["GEOID", "class", "cluster"]
    assert len(units) == 100
    assert not {"count", "base", "share"} & set(units.columns)


def test_many_clusters_stand_by_number_with_a_key(corner):
    placed, found = corner
    ids = placed.units.frame.index
    names = {f"Cluster {i + 1}": [ids[3 * i]] for i in range(14)}
    layer = AreaLayer(
        areas_of(
            Communities.of_units(names, kind="cluster"),
            placed.units,
            placed.units.geometry.to_numpy(),
            placed.units.geometry.crs,
        )
    )
    assert layer.keyed
    assert layer.short["Cluster 14"] == "C14"
    ax = map_communities(placed, Communities.of_units(names, kind="cluster"), **WHAT)
    assert "Clusters, by number" in words(ax.figure)
    assert found.outlines.index.tolist() == ["Cluster 1"]


def test_no_cluster_is_drawn_as_none():
    placed = board(5)
    near = adjacency(placed.units, rule="queen")
    found = clusters(placed.units, group="nh_aapi_alone", base="vap", adjacency=near, permutations=99)
    assert not len(found.communities)
    ax = map_clusters(found, placement=placed)
    assert alt_text(ax).endswith("No cluster was found.")
    assert dashed(ax) == []


def test_too_few_people_and_nobody_have_patterns_of_their_own():
    placed = board(6)
    frame = placed.units.frame.copy()
    frame.iloc[0] = 0
    frame.iloc[1, :] = [40, 80, 4]
    units = replace(placed.units, frame=frame)
    near = adjacency(units, rule="queen")
    found = clusters(units, group="nh_aapi_alone", base="vap", adjacency=near, permutations=99)
    ax = map_clusters(found, extent=None)
    legend = [" ".join(text.get_text().split()) for text in ax.figure.legends[0].get_texts()]
    assert "fewer than 50 adults (1 census tract)" in legend
    assert "no adults (1 census tract)" in legend
    hatches = {c.get_hatch() for c in ax.collections}
    assert {"|||", style.EMPTY_HATCH} <= hatches


def test_a_plan_of_other_units_is_refused(corner):
    with pytest.raises(InputError, match=r"the plan was placed over other units \(64\)"):
        map_clusters(corner[1], placement=board())


def test_what_is_no_clusters_is_refused(placed):
    with pytest.raises(InputError, match="map_clusters draws what kit.clusters returned, not a Placement"):
        map_clusters(placed)


def test_getis_ord_is_drawn_too():
    placed = board(10, high={(y, x) for y in range(4) for x in range(4)})
    near = adjacency(placed.units, rule="rook")
    found = clusters(placed.units, group="nh_aapi_alone", base="vap", adjacency=near, permutations=999, method="gi")
    mine = Figure(figsize=(6, 5)).add_axes((0, 0, 1, 1))
    ax = map_clusters(found, placement=placed, ax=mine)
    assert ax is mine
    told = [text.get_text() for text in mine.get_legend().get_texts()]
    assert any(text.startswith("high with its neighbours") for text in told)
    assert np.isfinite(mine.get_xlim()).all()


def test_a_cluster_of_few_people_shows_no_count_of_the_group():
    placed = board(10, high={(0, 0), (0, 1), (1, 0)}, adults=50)
    near = adjacency(placed.units, rule="queen")
    options = {"permutations": 999, "sides": "one", "q": 0.5}
    found = clusters(placed.units, group="nh_aapi_alone", base="vap", adjacency=near, **options)
    small = (found.outlines["base"] < 200).to_numpy()
    assert small.any()
    frame = sheet_of(map_clusters(found)).twins[0].frame
    assert frame.loc[small, ["count", "share"]].isna().all(axis=None)
