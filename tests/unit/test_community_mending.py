"""Mending what arrives: each submission has one fate and a reason, on shapes whose areas are known."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pytest
import shapely

from kit.analysis.mending import STATUSES, MendingRules, mend_communities
from kit.analysis.mending_shapes import mended, slivers
from kit.errors import InputError
from kit.model.community import Community
from kit.model.submissions import Submissions

# A degree of longitude at the equator, and of latitude there, in kilometres of the ellipsoid.
LON_KM, LAT_KM = 111.3195, 110.5743
BOW_TIE = "POLYGON((0 0,1 1,1 0,0 1,0 0))"


def area(id, shape, **fields):
    drawn = None if shape is None else {"kind": "polygon", "shape": shape}
    return Community(id=id, name=f"N{id}", consent="public", area=drawn, **fields)


def mend(*ones, **how):
    return mend_communities(Submissions(ones), **how)


def test_every_fate_and_every_reason():
    result = mend(
        area("sound", "POLYGON((0 0,1 0,1 1,0 1,0 0))"),
        area("bow", BOW_TIE),
        area("none", None),
        area("point", "POINT(0 0)"),
        area("line", "LINESTRING(0 0,1 1)"),
        area("flat", "POLYGON((0 0,1 1,0 0,1 1,0 0))"),
        area("far", "POLYGON((0 0,500 0,500 1,0 0))"),
        area("mixed", "GEOMETRYCOLLECTION(POLYGON((2 2,3 2,3 3,2 2)),POINT(2 2))"),
        area("home", "POLYGON((0 0,1 0,1 1,0 1,0 0))", comments=["it is where my house stands"]),
        area("small", "POLYGON((0 0,.0003 0,.0003 .0003,0 .0003,0 0))"),
        area("unread", None, extra={"unread_shape": "its shape cannot be read: a ring of fewer than three points"}),
    )
    report = result.report
    assert report["status"].to_dict() == {
        "sound": "as drawn", "bow": "mended", "none": "set aside", "point": "set aside", "line": "set aside",
        "flat": "set aside", "far": "set aside", "mixed": "mended", "home": "held back", "small": "held back",
        "unread": "set aside",
    }  # fmt: skip
    assert report["reason"].to_dict() == {
        "sound": "",
        "bow": "its rings were mended: self-intersection",
        "none": "it has no shape and lists no units",
        "point": "it is a point, not an area",
        "line": "it is a line, not an area",
        "flat": "its rings enclose nothing",
        "far": "its coordinates are no place on earth",
        "mixed": "it held points or lines beside its area",
        "home": "somebody's home in comments.1",
        "small": "it has 1,108 m², less than 2,000",
        "unread": "its shape cannot be read: a ring of fewer than three points",
    }
    assert [one.id for one in result.kept] == ["sound", "bow", "mixed"]
    assert [one.id for one in result.held] == ["home", "small"]
    assert [one.id for one in result.aside] == ["none", "point", "line", "flat", "far", "unread"]
    assert len(result.kept) + len(result.held) + len(result.aside) == len(report) == 11
    assert set(report["status"]) <= set(STATUSES)
    assert repr(result) == "Mended(3 kept, 2 held back, 6 set aside)"
    assert result.summary().startswith("Of 11 submissions: used as drawn 1, mended 2, held back 2, set aside 6.")
    assert "my house" not in result.summary() + str(report) + repr(result)


def test_areas_before_and_after_by_hand():
    """The lower-left and right triangles of a bow tie: a quarter of a square degree each; its rings cancel out."""
    report = mend(area("bow", BOW_TIE), area("square", "POLYGON((0 0,1 0,1 1,0 1,0 0))")).report
    square = LON_KM * LAT_KM
    assert report.loc["square", "area_km2"] == pytest.approx(square, rel=1e-3)
    assert report.loc["square", "change_km2"] == 0
    assert report.loc["bow", "area_km2"] == pytest.approx(square / 2, rel=1e-3)
    assert report.loc["bow", "drawn_km2"] == pytest.approx(0, abs=1)
    assert report.loc["bow", "change_km2"] == pytest.approx(square / 2, rel=1e-2)
    assert report.loc["bow", "parts"] == 2


def test_a_loop_of_the_pen_stays_inside():
    """A line that goes around twice encloses the overlap; even-odd filling would punch a hole there.

    The line runs around a square of 16, but for a corner of 1 that it leaves outside.
    """
    spiral = shapely.Polygon([(0, 0), (4, 0), (4, 4), (0, 4), (0, 1), (3, 1), (3, 3), (1, 3), (1, 0)])
    fixed = mended(spiral)
    assert fixed.is_valid
    assert fixed.contains(shapely.Point(2, 2))
    assert fixed.area == pytest.approx(15)


def test_the_given_communities_are_not_changed():
    bow = area("bow", BOW_TIE)
    fixed = mend(bow).kept["bow"]
    assert not bow.area.shape.is_valid
    assert fixed.area.shape.is_valid
    assert {k: getattr(fixed, k) for k in type(fixed).model_fields if k != "area"} == {
        k: getattr(bow, k) for k in type(bow).model_fields if k != "area"
    }


def test_slivers_tiny_and_large_areas_are_flagged():
    crumb = "MULTIPOLYGON(((0 0,1 0,1 1,0 1,0 0)),((5 5,5.0001 5,5.0001 5.0001,5 5)))"
    report = mend(
        area("crumb", crumb),
        area("tiny", "POLYGON((0 0,.001 0,.001 .001,0 0))"),
        area("land", "POLYGON((0 0,2 0,2 2,0 0))"),
    ).report
    assert report["marks"].to_dict() == {
        "crumb": "slivers; larger than 10,000 km²",
        "tiny": "tiny",
        "land": "larger than 10,000 km²",
    }
    assert report["slivers"].tolist() == [1, 0, 0]
    assert slivers(shapely.box(0, 0, 1000, 1000)) == 0


def test_near_copies_are_grouped_and_none_is_removed(four_squares):
    units, _ = four_squares
    a, b, c, _d = units.frame.index
    square = shapely.box(0, 0, 1, 1)
    listed = [
        Community(id=n, name=n, consent="public", area={"kind": "units", "geoids": ids, "year": 2020})
        for n, ids in (("l1", [a, b]), ("l2", [b, a]), ("l3", [a, c]))
    ]
    result = mend(
        area("1", square),
        area("2", shapely.box(0, 0, 1, 0.95)),
        area("3", shapely.box(0, 0, 1, 0.85)),
        area("4", shapely.box(0, 0, 1, 0.5)),
        area("5", square),
        *listed,
    )
    report = result.report
    # 2 is 95 % of 1, 3 is 89.5 % of 2 and 85 % of 1.
    assert report["group"].tolist() == [1, 1, 0, 0, 1, 2, 2, 0]
    assert report["copy_of"].tolist() == ["", "1", "", "", "1", "", "l1", ""]
    assert report["likeness"].tolist()[:2] == pytest.approx([1, 0.95], abs=1e-3)
    assert len(result.kept) == 8
    assert "5 submissions are near-copies of one another (2 groups)" in result.summary()
    loose = mend(area("1", square), area("2", shapely.box(0, 0, 1, 0.6)), rules=MendingRules(near=0.55)).report
    assert loose["group"].tolist() == [1, 1]


def degrees(shape):
    return gpd.GeoSeries([shape], crs="EPSG:5070").to_crs(4269).iloc[0]


def test_areas_where_few_people_live_are_held_back(four_squares):
    """Block a has 100 people: a tenth of it has 10, and as a list it has all 100."""
    units, _ = four_squares
    a, _b, _, _ = units.frame.index
    people = units.frame["total_pop"]
    west, south, east, north = units.geometry.total_bounds
    strip = area("strip", degrees(shapely.box(west, south, west + 100, south + 1000)))
    whole = area("whole", degrees(shapely.box(west, south, east, north)))
    beyond = area("beyond", degrees(shapely.box(west - 5000, south, west + 100, south + 1000)))
    listed = Community(id="list", name="L", area={"kind": "units", "geoids": [a], "year": 2020})
    elsewhere = Community(id="else", name="E", area={"kind": "units", "geoids": [a, "250173101001000"], "year": 2020})
    older = Community(id="old", name="O", area={"kind": "units", "geoids": [a], "year": 2010})
    result = mend(strip, whole, beyond, listed, elsewhere, older, units=units)
    report = result.report
    assert report.loc["strip", "people"] == pytest.approx(people[a] / 10, rel=1e-3)
    assert report.loc["whole", "people"] == pytest.approx(people.sum(), rel=1e-3)
    assert report.loc["list", "people"] == people[a]
    # What the units do not cover, or other years list, cannot be counted.
    assert report.loc[["beyond", "else", "old"], "people"].isna().all()
    assert report["status"].to_dict()["strip"] == "held back"
    assert report.loc["strip", "reason"] == f"{people[a] / 10:,.0f} people live in it, fewer than 50"
    assert report.loc["whole", "marks"] == "nearly all of the units"
    exactly = MendingRules(fewest_people=int(people[a]))
    assert mend(listed, units=units, rules=exactly).report["status"].tolist() == ["as drawn"]
    more = MendingRules(fewest_people=int(people[a]) + 1)
    assert mend(listed, units=units, rules=more).report["status"].tolist() == ["held back"]


def test_a_person_may_release_what_was_held(four_squares):
    _units, _ = four_squares
    home = area("h", "POLYGON((0 0,1 0,1 1,0 1,0 0))", comments=["call 555-123-4567"])
    assert mend(home).report["reason"].tolist() == ["a telephone number in comments.1"]
    result = mend(home, release=["h"])
    assert result.report["status"].tolist() == ["as drawn"]
    assert result.kept["h"].comments == ("call 555-123-4567",)
    # What has no area is not released into maps.
    assert mend(area("n", None), release=["n"]).report["status"].tolist() == ["set aside"]
    with pytest.raises(InputError, match="ids that no submission has: x"):
        mend(home, release=["x"])
    with pytest.raises(InputError, match="put the one id in brackets"):
        mend(home, release="h")


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"near": 0.5}, "near is a share above 0.5 and up to 1; it is 0.5"),
        ({"near": 1.1}, "near is a share above 0.5"),
        ({"fewest_people": 0}, "fewest_people is at least 1"),
        ({"smallest_m2": -1}, "smallest_m2 at least 0"),
    ],
)
def test_rules_that_make_no_sense(rules, message):
    with pytest.raises(InputError, match=message):
        mend(area("1", None), rules=MendingRules(**rules))


def test_nothing_came():
    result = mend()
    assert len(result.report) == 0
    assert result.summary().startswith("Of 0 submissions: used as drawn 0")


def test_a_landmark_at_somebody_s_door_is_held_back(four_squares):
    """Blocks of 10, 11 and 0 people: a point in the first may be a home; the last may be a school."""
    units, _ = four_squares
    frame = units.frame.assign(total_pop=[10, 11, 0, 500])
    units = replace(units, frame=frame)
    middles = units.geometry.to_crs(4269).representative_point()
    ids = list(units.frame.index)

    def fate(*positions):
        marks = [{"name": "here", "point": (middles.iloc[p].x, middles.iloc[p].y)} for p in positions]
        area = {"kind": "units", "geoids": ids, "year": 2020}
        one = Community(id="m", name="M", consent="public", landmarks=marks, area=area)
        report = mend(one, units=units).report
        return report["status"].iloc[0], report["reason"].iloc[0]

    assert fate(0) == fate(3, 0) == ("held back", "a landmark stands where fewer than 11 people live")
    assert fate(1) == fate(2) == fate(3) == fate() == ("as drawn", "")
