"""Layers around the units one draws with, what each plan does to them, and who has a place at the page."""

from __future__ import annotations

import asyncio
import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import kit
from kit.drawing import near_units
from kit.errors import CRSError, InputError, SchemaError
from kit.intake.finder import Finder
from kit.intake.places import CAME, LEFT, Places, full_page
from kit.intake.pulse import Pulse, watch
from kit.intake.surroundings import MOST_NAMES, detail, nearby, surroundings, zoom_of
from kit.intake.tally import MOST_SAID, Tally
from kit.intake.widget_figures import figures_table, splits_table
from kit.intake.widget_layers import PANES, legend
from kit.model.context import Context

GROUP = "aapi_aoic"
SOURCE = kit.Source("Invented layers", publisher="The tests")


@pytest.fixture(scope="module")
def county():
    return kit.load_sample("fictional_county")


@pytest.fixture(scope="module")
def tally(county):
    return Tally(
        county.units, {name: kit.place(county.units, plan) for name, plan in county.plans.items()}, group=GROUP
    )


@pytest.fixture(scope="module")
def extent(county):
    return county.units.geometry.to_crs(4269).total_bounds


def lines(rows, crs=4269):
    """Make roads of rows of name, class and points."""
    names, classes, points = zip(*rows, strict=True)
    shapes = [shapely.LineString(one) for one in points]
    ids = pd.Index([str(n) for n in range(len(rows))], dtype="str")
    return gpd.GeoDataFrame({"name": names, "mtfcc": classes}, geometry=shapes, crs=crs, index=ids)


def areas(rows, crs=4269):
    names, shapes = zip(*rows, strict=True)
    return gpd.GeoDataFrame({"name": names}, geometry=list(shapes), crs=crs)


@pytest.fixture(scope="module")
def layers(extent):
    west, south, east, north = extent
    wide, middle = east - west, (south + north) / 2
    main = lines([("State Hwy 9", "S1200", [(west + wide / 2, south), (west + wide / 2, north)])])
    streets = lines(
        [
            ("State Hwy 9", "S1200", [(west + wide / 2, south), (west + wide / 2, north)]),
            ("Peña St", "S1400", [(west - wide, middle), (east + wide, middle)]),
            ("Short Ln", "S1400", [(west, south), (west + wide / 10, south)]),
            (None, "S1730", [(west, north), (west + wide / 3, north)]),
            ("Far St", "S1400", [(east + 9 * wide, south), (east + 9 * wide, north)]),
        ]
    )
    places = areas(
        [
            ("Lantern Hill", shapely.box(west, south, west + wide / 2, middle)),
            ("Next Town", shapely.box(east, south, east + wide, north)),
            ("Corner Store", shapely.box(west, north - wide / 2000, west + wide / 2000, north)),
            ("The Bench", shapely.Point(west + wide / 3, middle)),
            ("Elsewhere", shapely.Point(east + wide * 5, middle)),
        ]
    )
    water = areas(
        [
            ("Quiet Pond", shapely.Point(west + wide / 2, middle).buffer(wide / 12)),
            ("Puddle", shapely.Point(west + wide / 2, south).buffer(wide / 100_000)),
        ]
    )
    return Context(water=water, roads=main, places=places, streets=streets, sources=(SOURCE,))


def pad_of(county, folder, **more):
    how = {"group": GROUP, "base": "pop", "breaks": (0, 0.05, 0.25, 1)}
    return kit.draw_community(units=county.units, plans=dict(county.plans), folder=folder, **{**how, **more})


def test_what_is_far_away_is_left_aside(layers, county):
    near = near_units(layers, county.units)
    assert near.streets["name"].tolist()[:3] == ["State Hwy 9", "Peña St", "Short Ln"]
    assert len(near.streets) == 4
    assert "Elsewhere" not in near.places["name"].tolist()
    assert near.sources == layers.sources
    assert len(layers.streets) == 5  # what was passed is as it was
    moved = gpd.GeoDataFrame(layers.roads.drop(columns="geometry"), geometry=layers.roads.translate(20), crs=4269)
    with pytest.raises(InputError, match="no water, road or place of these layers lies near the census blocks"):
        near_units(Context(roads=moved), county.units)
    assert near_units(None, county.units) is None


def test_layers_in_other_coordinates_are_the_same_layers(layers, county):
    there = Context(streets=layers.streets.to_crs(3857), sources=(SOURCE,))
    near = nearby(there, county.units.geometry)
    assert near.streets["name"].tolist() == near_units(layers, county.units).streets["name"].tolist()


def test_roads_come_by_class_then_by_length_and_the_rest_is_told(layers, tally, county):
    water, roads, places = surroundings(near_units(layers, county.units), tally)
    assert (water.kind, roads.kind, places.kind) == ("water", "roads", "places")
    assert roads.ranks.tolist() == [1, 2, 2, 3]
    assert roads.left_out == 0
    assert roads.note() is None
    assert len(water.shapes) == 1  # the puddle is smaller than a dot
    assert water.left_out == 1
    _, few, _ = surroundings(near_units(layers, county.units), tally, most=4)
    assert few.ranks.tolist() == [1, 2]
    assert few.left_out == 2
    assert str(few.note()) == (
        "Roads: 2 of 4 shapes are drawn, the largest first, so that the map stays quick. All that have a name can be "
        "searched."
    )
    assert str(water.note()).endswith("so that the map stays quick.")
    assert {one.text for one in roads.labels} <= {"State Hwy 9", "Peña St", "Short Ln"}
    assert [one.text for one in places.labels][:2] == ["The Bench", "Lantern Hill"]
    assert surroundings(None, tally) == []


def test_a_county_of_streets_is_drawn_within_the_limit_and_in_time(tally, extent, rng):
    west, south, east, north = extent
    at = rng.uniform((west, south), (east, north), (30_000, 2))
    ends = at + rng.normal(0, (east - west) / 100, at.shape)
    ways = shapely.linestrings(np.stack([at, (at + ends) / 2, ends], axis=1))
    names = [f"Street {n % 9_000}" for n in range(len(ways))]
    streets = gpd.GeoDataFrame({"name": names, "mtfcc": "S1400"}, geometry=ways, crs=4269)
    (roads,) = surroundings(Context(streets=streets), tally)
    assert shapely.get_num_coordinates(roads.shapes).sum() <= 40_000
    assert len(roads.shapes) + roads.left_out <= 30_000
    assert roads.left_out > 5_000
    assert len(roads.labels) == MOST_NAMES["roads"]
    finder = Finder(tally, Context(streets=streets))
    found, total = finder.find("street 8999")
    assert (total, found[0].name) == (1, "Street 8999")
    drawn_shapes = shapely.STRtree(tally.ground.to_numpy())
    mine = streets[streets["name"] == "Street 8999"].to_crs(tally.crs).geometry.to_numpy()
    touched = np.unique(drawn_shapes.query(mine, predicate="dwithin", distance=10)[1])
    assert found[0].ids == tally.ids(touched)


def test_streets_and_places_are_found_with_the_units_they_hold(layers, tally, county):
    finder = Finder(tally, near_units(layers, county.units))
    assert finder.kinds == ("unit", "place", "street")
    (hill,), _ = finder.find("lantern hill")
    west, south, east, north = county.units.geometry.to_crs(4269).total_bounds
    inside = tally.inside(shapely.box(west, south, (west + east) / 2, (south + north) / 2))
    assert hill.ids == tally.ids(inside)
    (street,), _ = finder.find("pena")
    assert len(street.ids) >= 16
    (store,), _ = finder.find("corner store")
    assert len(store.ids) == 1  # smaller than any unit: the one it lies in
    (bench,), _ = finder.find("bench")
    assert 1 <= len(bench.ids) <= 2
    for absent in ("next town", "far st", "elsewhere"):
        assert finder.find(absent) == ([], 0)
    # A main road stands in both files, and is found once.
    assert finder.find("hwy 9")[1] == 1


def test_two_spellings_are_one_name(tally, extent):
    west, south, east, north = extent
    a, b = south + (north - south) / 30, north - (north - south) / 30
    rows = [("Pena St", "S1400", [(west, a), (east, a)]), ("Peña  St", "S1400", [(west, b), (east, b)])]
    (found,), total = Finder(tally, Context(roads=lines(rows))).find("pena st")
    assert total == 1
    assert len(found.ids) >= 32


def test_the_map_has_layers_from_the_ground_up_that_are_switched(layers, county, tmp_path):
    pad = pad_of(county, tmp_path, layers=layers)
    drawn = pad._map.layers
    assert list(drawn) == ["units", "water", "roads", "places", "plan:a", "plan:b"]
    shapes = {kind: [one for one in several if hasattr(one, "data")] for kind, several in drawn.items()}
    panes = [one.data["features"][0]["properties"]["style"]["pane"] for several in shapes.values() for one in several]
    heights = [PANES[pane]["zIndex"] for pane in panes]
    assert heights == sorted(heights)
    assert max(heights) < 400  # what is chosen lies above
    assert len(shapes["roads"]) == 3  # a line for each class
    names = [one.icon.html for one in drawn["places"] if hasattr(one, "icon")]
    assert any("Lantern Hill" in html for html in names)
    assert list(pad.switches.boxes) == list(drawn)
    pad.switches.boxes["roads"].value = False
    assert {one.visible for one in drawn["roads"]} == {False}
    assert {one.visible for one in drawn["water"]} == {True}
    pad.switches.boxes["roads"].value = True
    assert {one.visible for one in drawn["roads"]} == {True}
    key = legend((0, 0.5, 1), "AAPI", ["a"], pad._map.drawn)
    for words in ("Water", "Roads", "Places", "1 of 2 shapes are drawn"):
        assert words in key


def test_a_name_of_a_layer_is_never_a_tag(county, tmp_path, extent):
    west, south, east, north = extent
    name = "<img src=x onerror=alert(1)>"
    pad = pad_of(county, tmp_path, layers=Context(places=areas([(name, shapely.box(west, south, east, north))])))
    (label,) = [one for one in pad._map.layers["places"] if hasattr(one, "icon")]
    assert "<img" not in label.icon.html
    assert "&lt;img" in label.icon.html
    pad.list.search.value = "img"
    assert [label for label, _ in pad.list.results.options] == [f"Place: {name}, 288 units"]
    assert "<img" not in pad.status.value


def test_layers_that_cannot_be_drawn_are_refused(county, tmp_path, extent):
    west, south, east, north = extent
    road = lines([("A St", "S1400", [(west, south), (east, north)])])
    with pytest.raises(InputError, match="got a str"):
        pad_of(county, tmp_path, layers="roads.zip")
    with pytest.raises(SchemaError, match="no column 'name'"):
        pad_of(county, tmp_path, layers=Context(streets=road.drop(columns="name")))
    with pytest.raises(CRSError, match="no coordinate reference system"):
        pad_of(county, tmp_path, layers=Context(roads=road.set_crs(None, allow_override=True)))


def test_the_extent_and_the_zoom_are_those_of_the_units(tally, extent):
    assert tally.extent == pytest.approx(extent, abs=0.001)
    x, y = tally.points[0].x, tally.points[0].y
    assert tally.at(*tally.to_degrees(x, y)) == tally.units.frame.index[0]
    assert 2 <= zoom_of(tally) <= 18
    assert 0 < detail(tally) < 100


def test_the_split_table_is_that_of_the_analysis(county, tally):
    some = np.arange(0, 288, 3)
    figures = tally.figures(some)
    area = tally.listed(tally.ids(some))
    found = kit.locate_communities([kit.Community(name="Third", id="c-3", area=area)], county.units, rule="point")
    for name, placed in tally.placements.items():
        pieces = kit.community_splits(found, placed, group=GROUP, base="pop").pieces.set_index("district")
        assert {d: n for d, n in figures.districts[name].items() if n} == pieces["base"].to_dict()
        assert {d: n for d, n in figures.members[name].items() if n} == pieces["count"].to_dict()
    html = splits_table(figures, tally)
    cells = re.findall(r">([^<>]+)</t[hd]>", html)
    for name in tally.placements:
        first = max(figures.districts[name].items(), key=lambda one: one[1])
        at = cells.index(name)
        share = f"{first[1] / figures.counts['people']:.0%}"
        assert cells[at + 1 : at + 5] == [
            first[0], f"{first[1]:,.0f}", share, f"{figures.members[name][first[0]]:,.0f}",
        ]  # fmt: skip
    assert html.count('scope="rowgroup"') == 2
    assert splits_table(tally.figures(np.zeros(0, dtype="int64")), tally) == ""
    assert "Districts under a" in figures_table(figures, tally)


def test_people_in_no_district_have_a_row(county):
    plan = county.plans["a"]
    part = kit.Plan(name="<b>part", labels=("1",), assignment=plan.assignment[plan.assignment == "1"], level="block")
    tally = Tally(county.units, {"<b>part": kit.place(county.units, part, outside="report")}, group=GROUP)
    figures = tally.figures(np.arange(288))
    html = splits_table(figures, tally)
    assert "in no district" in html
    assert "<b>" not in html
    rest = figures.counts["group"] - figures.members["<b>part"]["1"]
    assert f">{rest:,.0f}</td></tr></tbody>" in html


def test_many_districts_are_counted_in_the_sentence_and_listed_in_the_table(county):
    index = county.units.frame.index
    labels = tuple(str(n) for n in range(1, 13))
    assigned = pd.Series([labels[n % 12] for n in range(len(index))], index=index, dtype="str")
    plan = kit.Plan(name="twelve", labels=labels, assignment=assigned, level="block", year=county.units.year)
    tally = Tally(county.units, {"twelve": kit.place(county.units, plan)}, group=GROUP)
    figures = tally.figures(np.arange(288))
    assert len(figures.districts["twelve"]) == 12 > MOST_SAID
    assert str(tally.sentence(figures)).endswith("twelve: 12 districts; the table lists them.")
    assert splits_table(figures, tally).count('scope="row"') == 12


class Manager:
    """Programs behind pages, and how many browsers are at each."""

    def __init__(self):
        self.connections = {}
        self.ended = []

    def list_kernel_ids(self):
        return list(self.connections)

    def kernel_model(self, one):
        return {"connections": self.connections[one]}

    async def shutdown_kernel(self, one):
        self.ended.append(one)
        del self.connections[one]


def test_who_leaves_or_never_comes_gives_the_place_back():
    manager = Manager()
    places = Places(manager, 2)
    assert places.free()
    manager.connections = {"ann": 0, "bob": 0}
    assert places.gone(0.0) == []
    assert not places.free()  # both are still loading the page
    manager.connections = {"ann": 1, "bob": 0}
    assert places.gone(CAME - 1) == []
    assert places.gone(CAME + 1) == ["bob"]
    manager.connections = {"ann": 0, "bob": 1}
    assert places.gone(CAME + 2) == []
    assert places.free()  # Ann loads her page again, and is let in
    assert places.gone(CAME + 2 + LEFT + 1) == ["ann"]
    manager.connections = {"ann": 1, "bob": 1}
    assert places.gone(CAME + 3 + LEFT) == []
    manager.connections = {"bob": 1}
    asyncio.run(places.clear())
    assert manager.ended == []


def test_who_comes_back_while_others_are_cleared_is_not_cleared():
    class Slow(Manager):
        async def shutdown_kernel(self, one):
            await super().shutdown_kernel(one)
            self.connections["bob"] = 1  # Bob's browser is back while Ann's program ends

    manager = Slow()
    places = Places(manager, 2)
    manager.connections = {"ann": 1, "bob": 1}
    places.gone(0.0)
    manager.connections = {"ann": 0, "bob": 0}
    places.gone(-2 * LEFT)  # long ago on every clock
    asyncio.run(places.clear())
    assert manager.ended == ["ann"]


def test_the_page_for_whom_no_place_is_free_speaks_their_language():
    page = full_page()
    assert "<h1>Everybody&#x27;s place is taken</h1>" in page
    assert 'lang="en"' in page
    with kit.using(language="vi"):
        assert 'lang="vi"' in full_page()


def test_a_page_that_is_alive_says_so():
    async def look():
        pulse = Pulse(every=0.01)
        pulse.start()
        await asyncio.sleep(0.2)
        return pulse.view.value

    assert int(asyncio.run(look())) >= 3
    script = watch('It\'s </script> "lost"', 7)
    assert "silence = 7 * 1000" in script
    assert r"\"lost\"" in script


def test_a_street_on_the_border_is_along_both_sides(county, tally):
    row = tally.ground.iloc[[0, 1]]
    border = shapely.intersection(*row.to_numpy())
    assert border.length > 100
    beside = shapely.transform(border, lambda xy: xy + 4)  # four metres off, as in a simplified file
    streets = gpd.GeoDataFrame({"name": ["Border St"]}, geometry=[beside], crs=tally.crs)
    (found,), _ = Finder(tally, Context(streets=streets)).find("border")
    assert set(row.index) <= set(found.ids)
