"""A few maps compared with pictures that a person has looked at.

A missing picture fails. To make the pictures again, run this file as a script and
look at each one before it is committed::

    .venv/bin/python tests/golden/test_golden_maps.py
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from matplotlib.testing.compare import compare_images

import kit
from kit.analysis.consensus import consensus
from kit.maps.change import map_change
from kit.maps.chart_forest import chart_forest
from kit.maps.communities import map_communities
from kit.maps.voices import map_consensus
from kit.model.community import Community
from kit.model.frames import Plan, Source, Units

BASELINE = Path(__file__).with_name("baseline")
# Root mean square difference of all pixels, of 255; room for another build of the font renderer.
TOLERANCE = 1.0
DOTS = 60


def squares():
    """Give four squares in two rows; nobody lives in the last one."""
    ids = pd.Index([f"36061000100100{i}" for i in range(4)], dtype="str", name="GEOID")
    frame = pd.DataFrame({"total_vap": [80, 150, 200, 0], "asian_alone_vap": [30, 15, 20, 0]}, index=ids)
    corners = [(0, 0), (1, 0), (0, 1), (1, 1)]
    boxes = [
        shapely.box(1_830_000 + 1000 * x, 2_180_000 + 1000 * y, 1_831_000 + 1000 * x, 2_181_000 + 1000 * y)
        for x, y in corners
    ]
    shapes = gpd.GeoSeries(boxes, index=ids, crs="EPSG:5070")
    sources = (Source("Four squares", "The tests", 2020, "P3"),)
    units = Units(frame, level="block", year=2020, sources=sources, geometry=shapes)
    listed = pd.Series(["1", "1", "2", "2"], index=ids, dtype="str")
    plan = Plan(
        "Two rows", ("1", "2"), assignment=listed, level="block", year=2020, jurisdiction="Four squares", status="draft"
    )
    return kit.place(units, plan)


def four_squares():
    return kit.map_share(squares(), group="asian_alone", base="vap", breaks=[0, 0.1, 0.3, 1])


def fictional_county():
    sample = kit.load_sample("fictional_county")
    placed = kit.place(sample.units, sample.plans["a"])
    return kit.map_share(placed, group="aapi_aoic", base="vap", breaks=[0, 0.05, 0.1, 0.2, 0.3, 0.5, 1])


def los_angeles_compared():
    sample = kit.load_sample("los_angeles_2010")
    before, after = (kit.place(sample.units, sample.plans[name]) for name in "ab")
    what = {"group": "nh_aapi_alone", "base": "pop", "breaks": [0, 0.05, 0.1, 0.2, 0.3, 0.5, 1]}
    return kit.map_compare(before, after, **what, extent=(-118.95, 33.68, -117.64, 34.83))[0]


def fictional_communities():
    sample = kit.load_sample("fictional_county")
    placed = kit.place(sample.units, sample.plans["a"])
    breaks = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 1]
    return map_communities(placed, sample.communities, group="aapi_aoic", base="vap", breaks=breaks)


def fictional_change():
    sample = kit.load_sample("fictional_county")
    before, after = (kit.place(sample.units, sample.plans[name]) for name in "ab")
    return map_change(before, after, group="aapi_aoic", base="vap")


def four_squares_voices():
    placed = squares()
    a, b, c, d = placed.units.frame.index
    told = [
        Community(
            id=who, name=who, submitter=who, consent="public", area={"kind": "units", "geoids": ids, "year": 2020}
        )
        for who, ids in (("one", [a, b, c]), ("two", [a, b]), ("three", [a, b]), ("four", [a, b, d]), ("five", [a, c]))
    ]
    return map_consensus(consensus(told, placed.units, group="asian_alone", base="vap"), placed)


def forest_of_three():
    index = pd.MultiIndex.from_tuples([("Herons", "Lee"), ("Herons", "Kim"), ("Geese", "Lee")])
    frame = pd.DataFrame(
        {
            "low": [0.2, 0.6, 0.0],
            "high": [0.4, 0.9, 0.8],
            "estimate": [0.3, float("nan"), 0.5],
            "low_95": [0.25, float("nan"), 0.1],
            "high_95": [0.35, float("nan"), 0.9],
            "refused": ["", "the chains did not agree", ""],
        },
        index=index,
    )
    return chart_forest(frame, place="Fairwater County", sources=(Source("Returns", "The tests", 2020, "votes"),))


MAPS = (
    four_squares,
    fictional_county,
    los_angeles_compared,
    fictional_communities,
    fictional_change,
    four_squares_voices,
    forest_of_three,
)


@pytest.mark.parametrize("draw", MAPS, ids=lambda draw: draw.__name__)
def test_map_looks_as_it_did(draw, tmp_path):
    expected = BASELINE / f"{draw.__name__}.png"
    assert expected.is_file(), f"the picture {expected.name} is missing; this file's first lines say how to make it"
    drawn = tmp_path / expected.name
    draw().figure.savefig(drawn, dpi=DOTS, metadata={"Software": None})
    told = compare_images(str(expected), str(drawn), tol=TOLERANCE)
    assert told is None, told


def test_no_picture_is_left_over():
    assert {path.stem for path in BASELINE.glob("*.png")} == {draw.__name__ for draw in MAPS}


def test_a_changed_map_is_seen(tmp_path):
    placed = squares()
    drawn = tmp_path / "changed.png"
    kit.map_share(placed, group="asian_alone", base="vap", breaks=[0, 0.05, 0.3, 1]).figure.savefig(drawn, dpi=DOTS)
    assert compare_images(str(BASELINE / "four_squares.png"), str(drawn), tol=TOLERANCE) is not None


if __name__ == "__main__":
    BASELINE.mkdir(exist_ok=True)
    for one in MAPS:
        one().figure.savefig(BASELINE / f"{one.__name__}.png", dpi=DOTS, metadata={"Software": None})
