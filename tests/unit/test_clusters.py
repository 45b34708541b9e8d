"""Clusters on a board of squares where everybody can see them."""

from __future__ import annotations

import dataclasses
import itertools
import warnings

import numpy as np
import pandas as pd
import pytest

from kit.analysis.cluster_stability import stability
from kit.analysis.clusters import clusters, smooth
from kit.errors import InputError, SchemaError
from kit.model.adjacency import Adjacency
from kit.model.frames import Source, Units

SIDE = 10
WEST, SOUTH, METRES = 1_830_000, 2_180_000, 1000.0
HIGH_NEAR = {(x, y) for x in range(4) for y in range(4)}  # sixteen squares in the corner
HIGH_FAR = {(x, y) for x in range(7, 10) for y in range(7, 10)}  # nine in the opposite one
OPTIONS = {"group": "nh_aapi_alone", "base": "vap"}


def ids_of(n):
    return pd.Index([f"36061000100{1000 + i}" for i in range(n)], dtype="str", name="GEOID")


def board(counts, bases, *, shapes=True, margins=None):
    """Make units of squares, row by row from the south-west."""
    import geopandas as gpd
    from shapely import box

    side = round(len(counts) ** 0.5)
    ids = ids_of(len(counts))
    frame = pd.DataFrame(
        {"nh_aapi_alone_vap": counts, "total_vap": bases, "total_pop": np.asarray(bases) * 2}, index=ids
    )
    if margins is not None:
        frame["nh_aapi_alone_vap_moe"], frame["total_vap_moe"] = margins
    squares = [
        box(WEST + METRES * x, SOUTH + METRES * y, WEST + METRES * (x + 1), SOUTH + METRES * (y + 1))
        for y, x in itertools.product(range(side), repeat=2)
    ]
    geometry = gpd.GeoSeries(squares, index=ids, crs="EPSG:5070") if shapes else None
    sources = (Source("A board", publisher="The tests", year=2020, level="block"),)
    return Units(frame, "block", 2020, sources, geometry)


def queen(side, links=()):
    where = list(itertools.product(range(side), repeat=2))
    rows = [
        (i, j)
        for (i, a), (j, b) in itertools.combinations(enumerate(where), 2)
        if max(abs(a[0] - b[0]), abs(a[1] - b[1])) == 1
    ]
    linked = [tuple(sorted(pair)) for pair in links]
    pairs = np.array(sorted(rows + linked))
    marks = np.array([tuple(p) in linked for p in pairs])
    return Adjacency(ids_of(side * side), pairs, np.zeros(len(pairs)), marks, "queen")


def two_corners():
    """Give 100 squares of 100 adults: eight in ten in one corner, seven in the other, one in ten between."""
    counts = []
    for y, x in itertools.product(range(SIDE), repeat=2):
        wobble = (3 * x + 5 * y) % 4
        counts.append(80 + wobble if (x, y) in HIGH_NEAR else 70 + wobble if (x, y) in HIGH_FAR else 8 + wobble)
    return np.array(counts)


@pytest.fixture(scope="module")
def near():
    return queen(SIDE)


@pytest.fixture(scope="module")
def found(near):
    return clusters(board(two_corners(), [100] * 100), adjacency=near, **OPTIONS)


# --- what is found ----------------------------------------------------------------------------------


def test_two_corners_are_two_clusters(found):
    frame = found.frame
    assert list(frame.columns) == [
        "count", "base", "share", "value", "neighbours", "lag", "statistic", "z", "p", "p_adjusted", "code", "label", "cluster",
    ]  # fmt: skip
    high = frame.index[frame["code"] == "HH"]
    where = {(i % SIDE, i // SIDE) for i in frame.index.get_indexer(high)}
    assert where <= HIGH_NEAR | HIGH_FAR
    assert len(where & HIGH_NEAR) >= 12
    assert len(where & HIGH_FAR) >= 3
    assert set(frame["label"]) <= {
        "high among high",
        "low among low",
        "low among high",
        "high among low",
        "not significant",
    }
    assert found.outlines.index.tolist() == ["Cluster 1", "Cluster 2"]
    assert frame["cluster"].dropna().unique().tolist() == ["Cluster 1", "Cluster 2"]


def test_outlines_hold_the_people_and_the_ground_of_their_units(found):
    frame, outlines = found.frame, found.outlines
    for name, row in outlines.iterrows():
        members = frame[frame["cluster"] == name]
        assert row["units"] == len(members)
        assert row["count"] == members["count"].sum()
        assert row["base"] == members["base"].sum() == 100 * len(members)
        assert row["share"] == pytest.approx(row["count"] / row["base"])
        assert row["share_of_group"] == pytest.approx(row["count"] / frame["count"].sum())
        assert row.geometry.area == pytest.approx(METRES**2 * len(members))
        assert row.geometry.geom_type == "Polygon"
    assert outlines.crs == found.units.geometry.crs
    assert outlines["count"].is_monotonic_decreasing


def test_clusters_are_named_areas_of_whole_units(found):
    areas = found.communities
    assert areas.kind == "cluster"
    assert areas.names == ("Cluster 1", "Cluster 2")
    assert areas.sources == found.sources == found.units.sources
    rows = areas.membership.set_index("GEOID")
    assert (rows["share"] == 1).all()
    assert rows["community"].to_dict() == found.frame["cluster"].dropna().to_dict()
    assert "prompt for a conversation with residents" in areas.notes[0]


def test_p_is_corrected_for_the_number_of_tests(found):
    frame = found.frame
    kept = frame["code"] != ""
    assert (frame.loc[kept, "p_adjusted"] <= 0.05).all()
    assert (frame.loc[~kept, "p_adjusted"] > 0.05).all()
    assert (frame["p_adjusted"] >= frame["p"]).all()
    assert ((frame["p"] <= 0.05) & ~kept).any()


def test_the_words(found, near):
    found = clusters(found.units, adjacency=near, sides="one", **OPTIONS)
    text = found.summary()
    first = found.outlines.iloc[0]
    assert text.startswith("Moran's I is 0.")
    assert "Where 2 or more high census blocks are neighbours they form 2 clusters, home to" in text
    assert f"Cluster 1: {first['units']} census blocks, {first['count']:,} of {first['base']:,} adults" in text
    assert found.notes[0].startswith("Neighbours are census blocks that share a border or a corner (queen): 342 pairs.")
    assert found.notes[1].startswith(
        "Local Moran's I of 100 census blocks: 9,999 shuffles, from seed 20260701. p is one-s"
    )
    assert (
        "corrected for 100 tests (Benjamini–Hochberg), is at most 0.05; as p is one-sided, up to 0.1 of those kept"
        in found.notes[2]
    )
    assert any(note.startswith("With two-sided p, ") for note in found.notes)
    assert found.notes[-1] == (
        "A cluster is found by arithmetic: it is a prompt for a conversation with residents, and no community of "
        "interest until someone who lives there says it is."
    )
    # Nowhere else is a cluster called a community.
    assert text.lower().count("communit") == 1


def test_the_same_seed_gives_the_same_clusters(found, near):
    again = clusters(found.units, adjacency=near, **OPTIONS)
    pd.testing.assert_frame_equal(again.frame, found.frame)
    assert again.notes == found.notes
    assert again.outlines.equals(found.outlines)
    given = clusters(found.units, adjacency=near, rng=np.random.default_rng(20_260_701), **OPTIONS)
    assert given.seed is None
    pd.testing.assert_frame_equal(given.frame, found.frame)


def test_frames_cannot_be_changed_through_the_result(found):
    before = found.frame.copy()
    frame, outlines = found.frame, found.outlines
    frame["label"] = "mine"
    outlines["count"] = 0
    pd.testing.assert_frame_equal(found.frame, before)
    assert found.outlines["count"].min() > 0
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.q = 0.5


def test_getis_ord_finds_the_same_corners(found, near):
    other = clusters(found.units, adjacency=near, method="gi", **OPTIONS)
    assert set(other.frame["code"]) <= {"H", "L", ""}
    assert set(other.frame["label"]) <= {"high with its neighbours", "low with its neighbours", "not significant"}
    assert other.outlines.index.tolist() == ["Cluster 1", "Cluster 2"]
    assert "Getis–Ord Gi*" in other.notes[1]
    core = found.frame.index[found.frame["code"] == "HH"]
    assert (other.frame.loc[core, "code"] == "H").all()


def test_a_low_unit_among_high_ones_is_called_so(near):
    counts = two_corners()
    counts[11] = 5  # inside the first corner
    frame = clusters(board(counts, [100] * 100), adjacency=near, **OPTIONS).frame
    assert frame["label"].iloc[11] == "low among high"
    assert pd.isna(frame["cluster"].iloc[11])


def test_two_sided_p_keeps_no_more_units(found, near):
    two, found = found, clusters(found.units, adjacency=near, sides="one", **OPTIONS)
    assert (two.sides, found.sides) == ("two", "one")
    kept = (found.frame["code"] != "").sum()
    stay = (two.frame["code"] != "").sum()
    assert stay <= kept
    assert two.notes[2].endswith("(Benjamini–Hochberg), is at most 0.05.")
    assert f"With two-sided p, {stay} of the {kept} census blocks that stand out would still do so." in found.notes
    assert not any("With two-sided p" in note for note in two.notes)


def test_links_are_neighbours_and_are_told(found):
    linked = clusters(found.units, adjacency=queen(SIDE, links=[(0, 99)]), **OPTIONS)
    assert ": 342 pairs, and 1 pair from a table of links such as bridges and ferries." in linked.notes[0]
    # The far corner squares are high on both sides of the link, so all is one cluster.
    assert linked.frame["code"].iloc[[0, 99]].tolist() == ["HH", "HH"]
    assert linked.outlines.index.tolist() == ["Cluster 1"]
    assert linked.outlines.geometry.iloc[0].geom_type == "MultiPolygon"


def test_least_units(found, near):
    most = int(found.outlines["units"].max())
    fewer = clusters(found.units, adjacency=near, least_units=most, **OPTIONS)
    assert len(fewer.outlines) == 1
    lone = int(found.outlines["units"].min())
    assert f"{lone} high census blocks in groups of fewer than {most} are in no cluster." in fewer.notes
    none = clusters(found.units, adjacency=near, least_units=most + 1, **OPTIONS)
    assert len(none.outlines) == len(none.communities) == 0
    assert none.outlines.crs == found.units.geometry.crs
    assert f"No {most + 1} high census blocks are neighbours, so there is no cluster." in none.summary()


def test_without_polygons_there_are_clusters_and_no_outlines(found, near):
    flat = clusters(board(two_corners(), [100] * 100, shapes=False), adjacency=near, **OPTIONS)
    pd.testing.assert_frame_equal(flat.frame, found.frame)
    assert flat.outlines.geometry.isna().all()
    assert "These census blocks have no polygons, so clusters have no outlines." in flat.notes
    points = found.units.with_geometry(found.units.geometry.centroid)
    assert clusters(points, adjacency=near, **OPTIONS).outlines.geometry.isna().all()


def test_a_polygon_that_crosses_itself_is_united(found, near):
    from shapely import Polygon

    shapes = found.units.geometry
    x, y = WEST + METRES, SOUTH + METRES  # the square one from the corner, drawn as a bow-tie
    shapes.iloc[11] = Polygon([(x, y), (x + METRES, y + METRES), (x + METRES, y), (x, y + METRES)])
    mended = clusters(found.units.with_geometry(shapes), adjacency=near, **OPTIONS)
    assert mended.outlines.geometry.is_valid.all()
    assert mended.frame["cluster"].iloc[11] == "Cluster 1"


# --- small bases ---------------------------------------------------------------------------------------


def test_small_and_empty_units_are_left_out_and_counted(near):
    counts, bases = two_corners(), np.full(100, 100)
    counts[[50, 55]], bases[[50, 55]] = [9, 0], [49, 0]
    found = clusters(board(counts, bases), adjacency=near, **OPTIONS)
    assert found.frame["label"].iloc[[50, 55]].tolist() == ["base under 50", "no adults"]
    assert found.frame.iloc[[50, 55]][["value", "statistic", "p", "p_adjusted"]].isna().all(axis=None)
    assert found.frame["share"].iloc[50] == pytest.approx(9 / 49)
    whole = f"{counts.sum():,}"
    assert (
        f"2 census blocks with fewer than 50 adults are left out (9 of the {whole} people of the group)." in found.notes
    )
    assert "corrected for 98 tests" in found.notes[2]
    every = clusters(board(counts, bases), adjacency=near, minimum=0, **OPTIONS)
    assert every.frame["label"].iloc[50] != "base under 50"
    assert every.frame["label"].iloc[55] == "no adults"
    assert any("1 of the census blocks with fewer than 1 adults is left out" in note for note in every.notes)


def test_a_unit_that_borders_only_small_ones_has_no_neighbours():
    bases = np.full(16, 100)
    bases[[1, 4, 5]] = 10
    frame = clusters(board(np.arange(16), bases), adjacency=queen(4), **OPTIONS)
    assert frame.frame["label"].iloc[0] == "no neighbours"
    assert "1 of the census blocks has no neighbours among those tested, and no class." in frame.notes


def test_smoothing_by_hand():
    # m = 50/110; variance 2.2727/110 less m/55 is .0123967; weights .214286 and .731707.
    found = smooth(pd.Series([0, 50, 0]), pd.Series([10, 100, 0]))
    assert found.iloc[:2].tolist() == pytest.approx([0.357143, 0.487805], abs=1e-6)
    assert np.isnan(found.iloc[2])
    # Shares that differ by less than chance are all drawn to the mean; nobody stays nobody.
    assert smooth(pd.Series([5, 5]), pd.Series([10, 10])).tolist() == [0.5, 0.5]
    assert smooth(pd.Series([0, 0]), pd.Series([10, 10])).tolist() == [0, 0]
    assert smooth(pd.Series([0]), pd.Series([0])).isna().all()


def test_smoothing_equals_that_of_esda():
    random = np.random.default_rng(1)
    base = pd.Series(random.integers(1, 2000, 300))
    count = pd.Series(random.binomial(base, random.beta(2, 8, 300)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from esda.smoothing import Empirical_Bayes

        theirs = Empirical_Bayes(count.to_numpy(), base.to_numpy()).r.ravel()
    assert smooth(count, base).to_numpy() == pytest.approx(theirs, abs=1e-12)


def test_smoothing_keeps_small_units_in_and_says_so(near):
    counts, bases = two_corners(), np.full(100, 100)
    counts[[50, 55]], bases[[50, 55]] = [9, 0], [10, 0]
    found = clusters(board(counts, bases), adjacency=near, smoothing="empirical_bayes", **OPTIONS)
    row = found.frame.iloc[50]
    assert row["value"] < row["share"] == 0.9
    assert row["label"] != "base under 50"
    assert found.frame["label"].iloc[55] == "no adults"
    assert (
        "Shares are smoothed by empirical Bayes (Marshall): small bases are drawn to the mean; 1 of the census blocks "
        "without adults is left out."
    ) in found.notes


# --- nothing to find ------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 40, 100])
@pytest.mark.parametrize("method", ["moran", "gi"])
def test_the_same_share_everywhere_is_undefined(count, method):
    found = clusters(board([count] * 16, [100] * 16), adjacency=queen(4), method=method, **OPTIONS)
    assert set(found.frame["label"]) == {"undefined"}
    assert len(found.outlines) == 0
    assert "All units have the same value, so nothing can be said of who lives near whom." in found.notes


def test_nobody_anywhere():
    found = clusters(board([0] * 4, [0] * 4), adjacency=queen(2), **OPTIONS)
    assert set(found.frame["label"]) == {"no adults"}
    assert len(found.outlines) == 0
    assert "4 census blocks with fewer than 50 adults are left out" in found.summary()


def test_one_unit():
    alone = Adjacency(ids_of(1), np.empty((0, 2), dtype=np.int64), np.empty(0), np.empty(0, dtype=bool), "rook")
    found = clusters(board([3], [100]), adjacency=alone, **OPTIONS)
    assert found.frame["label"].tolist() == ["undefined"]
    assert found.summary().startswith(
        "None of the census blocks could be tested, so there is no cluster. Neighbours are census blocks that share a border of some length (rook): 0 pairs."
    )


def test_no_pair_at_all():
    alone = Adjacency(ids_of(4), np.empty((0, 2), dtype=np.int64), np.empty(0), np.empty(0, dtype=bool), "rook")
    found = clusters(board([3, 4, 5, 6], [100] * 4), adjacency=alone, **OPTIONS)
    assert set(found.frame["label"]) == {"no neighbours"}


def test_too_few_shuffles_are_told(near):
    found = clusters(board(two_corners(), [100] * 100), adjacency=near, permutations=9, **OPTIONS)
    assert set(found.frame["label"]) == {"not significant"}
    assert (
        "With 9 shuffles no p is below 0.2, so one unit alone cannot stand out among 100; more shuffles could find more."
    ) in found.notes


# --- options -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"method": "lisa"}, r'method=\'lisa\'; pass "moran"'),
        ({"smoothing": "bayes"}, r"smoothing='bayes'; pass \"empirical_bayes\", or None to leave small units out"),
        ({"q": 0}, r"q=0; pass the accepted share of false findings"),
        ({"q": 1.5}, r"q=1\.5; pass the accepted share"),
        ({"minimum": -1}, r"minimum=-1; pass the smallest base"),
        ({"least_units": 0}, r"least_units=0; pass the fewest units"),
        ({"permutations": 0}, r"permutations=0; pass a whole number"),
        ({"rng": "x"}, r"rng='x' is no seed"),
        ({"sides": "both"}, r"sides='both'; pass \"one\""),
        ({"group": "asians"}, r"no group is called 'asians'"),
        ({"base": "people"}, r"no base is called 'people'"),
        ({"base": "cvap"}, r"no column 'nh_aapi_alone_cvap'"),
    ],
)
def test_bad_options_are_told(near, option, message):
    with pytest.raises(InputError, match=message):
        clusters(board(two_corners(), [100] * 100), adjacency=near, **{**OPTIONS, **option})


def test_neighbours_of_other_units_are_refused(near):
    with pytest.raises(
        SchemaError, match=r"of other units: 84 stand in one of the two only, first 36061\d+.*kit\.adjacency"
    ):
        clusters(board(np.arange(16), [100] * 16), adjacency=near, **OPTIONS)


# --- how steady ----------------------------------------------------------------------------------------------


def test_classes_with_small_margins_are_steady_and_with_large_ones_not(near):
    tight = board(two_corners(), [100] * 100, margins=([0.5] * 100, [0.5] * 100))
    found = clusters(tight, adjacency=near, permutations=999, **OPTIONS)
    steady = stability(found, draws=20)
    core = found.frame.index[0]
    assert steady.frame.loc[core, ["label", "kept", "commonest", "high"]].tolist() == [
        "high among high",
        1,
        "high among high",
        1,
    ]
    wide = board(two_corners(), [100] * 100, margins=([60] * 100, [10] * 100))
    loose = stability(clusters(wide, adjacency=near, permutations=999, **OPTIONS), draws=20)
    out = found.frame["code"] != ""
    assert loose.frame.loc[out, "kept"].mean() < steady.frame.loc[out, "kept"].mean() - 0.1
    assert steady.frame["kept"].between(0, 1).all()
    assert "kit.stability tells how often" in found.summary()
    assert steady.summary().startswith("When each estimate moves at random within its margin of error, ")
    assert steady.notes[0].startswith("20 draws, from seed 20260701; each unit moves by itself")
    assert steady.sources == found.sources


def test_no_margin_no_move(near):
    margins = [np.nan] * 50 + [5.0] * 50
    units = board(two_corners(), [100] * 100, margins=(margins, margins))
    found = clusters(units, adjacency=near, permutations=99, q=0.3, **OPTIONS)
    first, again = (stability(found, draws=5, rng=3) for _ in range(2))
    pd.testing.assert_frame_equal(first.frame, again.frame)
    assert "Without a margin of error of its share, 50 of the census blocks did not move." in first.notes
    still = board(two_corners(), [100] * 100, margins=([0.0] * 100, [0.0] * 100))
    same = stability(clusters(still, adjacency=near, permutations=99, q=0.3, **OPTIONS), draws=3)
    assert (same.frame["kept"] == 1).all()
    assert (same.frame["label"] == same.frame["commonest"]).all()


def test_stability_of_smoothed_shares_and_units_left_out(near):
    counts, bases = two_corners(), np.full(100, 100)
    counts[[50, 55]], bases[[50, 55]] = [9, 0], [10, 0]
    units = board(counts, bases, margins=([5.0] * 100, [5.0] * 100))
    for smoothing in (None, "empirical_bayes"):
        found = clusters(units, adjacency=near, permutations=99, q=0.3, smoothing=smoothing, **OPTIONS)
        steady = stability(found, draws=3, rng=np.random.default_rng(1))
        assert np.isnan(steady.frame["kept"].iloc[55])
        assert np.isnan(steady.frame["kept"].iloc[50]) == (smoothing is None)
        assert steady.notes[0].startswith("3 draws, from a random generator the caller passed")


def test_stability_needs_margins_and_draws(found):
    with pytest.raises(InputError, match="have no margins of error for both nh_aapi_alone and its base in vap"):
        stability(found)
    with pytest.raises(InputError, match="draws=1; pass a whole number of 2 or more"):
        stability(found, draws=1)
