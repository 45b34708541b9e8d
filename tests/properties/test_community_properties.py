"""What holds for every community: it comes back from every format, and every submission is accounted for."""

from __future__ import annotations

import contextlib
import json
import tempfile
from pathlib import Path

import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kit.analysis.consensus import consensus
from kit.analysis.mending import mend_communities
from kit.analysis.mending_shapes import mended
from kit.errors import KitError
from kit.model.community import UNFIT, Community
from kit.model.frames import Units
from kit.model.private_text import leads_to_people
from kit.model.submissions import Submissions
from kit.sources.community_files import read_communities
from kit.sources.community_record import from_record, to_record
from kit.sources.community_write import write_communities

FEW = settings(max_examples=24, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# Any text that people can type, the awkward kinds more often than chance would have it.
words = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40),
    st.sampled_from(
        ["=1+1", "'quoted", "<b>&amp;</b>", "a,b;c|d\te", "line\nline", " ", "柬埔寨 ខ្មែរ", '"', "-", "@x", "[1]"]
    ),
).filter(lambda text: not UNFIT.search(text))
names = words.map(lambda text: " ".join(text.split())).filter(bool)
geoids = st.sets(st.integers(0, 40).map(lambda n: f"2501731010{n:05d}"), min_size=1, max_size=12)


@st.composite
def communities(draw, listed=True):
    area = {"kind": "units", "geoids": sorted(draw(geoids)), "year": draw(st.sampled_from([2010, 2020, None]))}
    return Community(
        id=f"c-{draw(st.integers(0, 10**9))}",
        name=draw(names),
        submitter=draw(words),
        in_common={
            kind: draw(words) for kind in draw(st.sets(st.sampled_from(["culture", "work", "history", "other"])))
        },
        asks=[{"kind": "keep_with", "places": draw(st.lists(names, min_size=1, max_size=2)), "words": draw(words)}],
        landmarks=[
            {"name": n, "point": draw(st.none() | st.just((-71.25, 42.5)))} for n in draw(st.lists(names, max_size=2))
        ],
        languages=draw(st.lists(names, max_size=2)),
        comments=draw(st.lists(words, max_size=2)),
        types=draw(st.lists(words, max_size=2)),
        label=draw(words),
        extra=draw(st.dictionaries(words, words, max_size=2)),
        consent=draw(st.sampled_from(["public", "commission", "private"])),
        draft=draw(st.booleans()),
        area=area if listed else None,
    )


@FEW
@given(communities())
def test_a_record_is_read_as_it_was_written(one):
    assert from_record(to_record(one), None) == one


@pytest.mark.parametrize("name", ["a.geojson", "a.kml", "a.kmz", "a.csv", "a.json", "a.gpkg", "a.zip"])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(one=communities())
def test_every_format_brings_back_every_community(name, one):
    with tempfile.TemporaryDirectory() as folder:
        path = write_communities([one], Path(folder) / name, audience="internal")
        assert list(read_communities(path)) == [one]


coordinates = st.tuples(st.integers(0, 8), st.integers(0, 8))
rings = st.lists(coordinates, min_size=3, max_size=9)


def winding(points, x, y):
    """Count how often a closed line goes around a place."""
    turns = 0
    for (x0, y0), (x1, y1) in zip(points, [*points[1:], points[0]], strict=True):
        side = (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)
        if y0 <= y < y1 and side > 0:
            turns += 1
        elif y1 <= y < y0 and side < 0:
            turns -= 1
    return turns


@FEW
@given(rings)
@example([(0, 0), (1, 1), (1, 0), (0, 0), (1, 1), (0, 1)])  # GEOS itself leaves an invalid shape of this one
def test_mending_keeps_exactly_what_the_line_goes_around(points):
    ring = shapely.LinearRing([*points, points[0]])
    drawn = shapely.Polygon(ring)
    fixed = mended(drawn)
    assert fixed.is_valid
    assert fixed.geom_type in {"Polygon", "MultiPolygon"}
    for face in shapely.polygonize([shapely.node(ring)]).geoms:
        place = face.representative_point()
        assert fixed.intersects(place) == (winding(points, place.x, place.y) != 0)
    if drawn.is_valid:
        assert fixed is drawn


@FEW
@given(st.lists(st.one_of(st.none(), rings), max_size=8))
def test_every_submission_has_one_fate(shapes):
    ones = [
        Community(
            id=str(n),
            name="A",
            consent="public",
            area=None if points is None else {"kind": "polygon", "shape": shapely.Polygon([*points, points[0]])},
        )
        for n, points in enumerate(shapes)
    ]
    result = mend_communities(Submissions(tuple(ones)))
    ids = [one.id for part in (result.kept, result.held, result.aside) for one in part]
    assert sorted(ids) == sorted(one.id for one in ones)
    assert len(result.report) == len(ones)
    assert all(one.area.shape.is_valid and one.area.shape.area > 0 for one in result.kept)
    assert (result.report.loc[result.report["status"] == "set aside", "reason"] != "").all()


@FEW
@given(
    st.lists(st.tuples(st.integers(0, 3), st.sets(st.integers(0, 5), min_size=1)), min_size=1, max_size=8),
    st.floats(0.51, 1),
)
def test_overlap_is_a_count_of_different_people(told, core):
    ids = [f"25017310100{n:04d}" for n in range(6)]
    frame = pd.DataFrame(
        {"total_pop": [10, 20, 30, 0, 5, 1], "aapi_aoic_pop": [1, 2, 3, 0, 5, 0]},
        index=pd.Index(ids, dtype="str", name="GEOID"),
    )
    units = Units(frame, level="block", year=2020)
    ones = [
        Community(id=str(k), name="A", submitter=f"s{who}", consent="public", area={"kind": "units", "geoids": [ids[i] for i in theirs]})
        for k, (who, theirs) in enumerate(told)
    ]  # fmt: skip
    got = consensus(ones, units, group="aapi_aoic", base="pop", core=core)
    expected = {ids[i]: len({who for who, theirs in told if i in theirs}) for i in range(6)}
    assert got.frame["submitters"].to_dict() == {unit: count for unit, count in expected.items() if count}
    assert got.submitters == len({who for who, _ in told})
    assert (got.frame["submitters"] <= got.submitters).all()
    held = got.frame[got.frame["stands"] == "core"]
    assert all(count >= core * got.submitters - 1e-6 for count in held["submitters"])
    assert got.sweep["units"].is_monotonic_decreasing
    # The order of submissions and copies of them change nothing.
    again = consensus([*reversed(ones), ones[0].revised(id="copy")], units, group="aapi_aoic", base="pop", core=core)
    pd.testing.assert_frame_equal(again.frame, got.frame)


@FEW
@given(words)
def test_looking_for_people_never_fails(text):
    assert isinstance(leads_to_people({"comments.1": text}), list)


# Whatever stands in a file, reading gives communities or an error that says what is wrong.
junk = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2020) | st.floats() | st.sampled_from(["", "[", "[1]", "250173101001000", "<b>", "\x00"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["type", "coordinates", "properties", "name", "id", "data", "key", "features"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
columns = st.sampled_from(
    ["name", "id", "geoids", "level", "year", "landmarks", "kit", "kit_record", "types", "version", "made", "census_block_ids",
     "districtr", "GEOID20", "email", "consent", "asks", "extra", "draft", "parent", "row", "how", "comments"]
)  # fmt: skip
square = [[[0, 0], [1, 0], [1, 1], [0, 0]]]
geometries = junk | st.fixed_dictionaries(
    {
        "type": st.sampled_from(["Polygon", "MultiPolygon", "Point", "GeometryCollection", "Heap"]),
        "coordinates": junk | st.sampled_from([square, [square], [0, 1], [[[0, 0], [1e308, 0], [1, 1e308]]]]),
    }
)
features = st.fixed_dictionaries(
    {
        "type": st.just("Feature"),
        "properties": junk | st.dictionaries(columns, junk, max_size=4),
        "geometry": geometries,
    }
)
plans = st.fixed_dictionaries(
    {
        "assignment": junk | st.just({"250173101001000": [0, 1]}),
        "parts": junk,
        "place": junk,
        "units": junk,
        "idColumn": junk,
    }
)


@settings(max_examples=90, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(features | junk, max_size=3).map(lambda f: {"type": "FeatureCollection", "features": f}) | plans | junk)
def test_no_content_breaks_the_reading(content):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.json"
        path.write_text(json.dumps(content))
        told, found = "", Submissions(())
        try:
            found = read_communities(path)
        except KitError as error:
            told = str(error)
        assert len(told.splitlines()) <= 3
        assert bool(told) != bool(len(found))
        assert len(mend_communities(found).report) == len(found)


@settings(max_examples=36, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([".kml", ".kmz", ".zip", ".gpkg", ".topojson", ".fgb", ".csv", ".geojson", ".shp"]),
)
def test_no_bytes_break_the_reading(content, suffix):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        path.write_bytes(content)
        with contextlib.suppress(KitError):
            read_communities(path)
