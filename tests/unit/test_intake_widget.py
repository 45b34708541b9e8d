"""Drawing a community: figures, strokes, undoing, two writers, names, uploads, and the volunteers' page."""

from __future__ import annotations

import json
import re
import stat
import threading
import time
import zipfile
from datetime import UTC, datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import kit
from kit.errors import CoverageError, InputError, SchemaError
from kit.intake.drafts import Drafts
from kit.intake.finder import Finder, plain
from kit.intake.sketch import Sketch
from kit.intake.tally import Tally
from kit.intake.widget_form import split
from kit.intake.widget_map import as_shape, displayed
from kit.intake_page import LEAST_CODE, Page, leave_page, require_code, visitor
from kit.model.community_area import DrawnArea, ListedArea
from kit.model.context import Context

GROUP = "aapi_aoic"


@pytest.fixture(scope="module")
def county():
    return kit.load_sample("fictional_county")


@pytest.fixture(scope="module")
def placements(county):
    return {name: kit.place(county.units, plan) for name, plan in county.plans.items()}


@pytest.fixture(scope="module")
def tally(county, placements):
    return Tally(county.units, placements, group=GROUP)


@pytest.fixture
def drafts(tmp_path):
    return Drafts(tmp_path / "drafts")


@pytest.fixture
def sketch(drafts, tally):
    return Sketch(drafts, tally, kit.Community(name="Lantern Hill", id="c-1", draft=True))


def corner(units, part=0.5):
    west, south, east, north = units.geometry.total_bounds
    return shapely.box(west, south, west + (east - west) * part, south + (north - south) * part)


def pad_of(county, folder, **more):
    how = {"group": GROUP, "base": "pop", "breaks": (0, 0.05, 0.25, 1)}
    return kit.draw_community(units=county.units, plans=dict(county.plans), folder=folder, **{**how, **more})


def status(pad):
    return pad.status.value.removeprefix("<span>").removesuffix("</span>")


@pytest.mark.parametrize("part", [0.2, 0.5, 0.77, 1.1])
def test_live_figures_are_those_of_the_split_table(county, placements, tally, sketch, part):
    sketch.draw(corner(county.units, part))
    live = sketch.figures()
    found = kit.locate_communities([sketch.community], county.units, rule="point")
    for base, (everyone, members) in {"pop": ("people", "group"), "vap": ("adults", "group_adults")}.items():
        for name, placed in placements.items():
            table = kit.community_splits(found, placed, group=GROUP, base=base)
            row = table.frame.loc["Lantern Hill"]
            assert live.counts[everyone] == row["base"]
            assert live.counts[members] == row["count"]
            assert live.unplaced[name] == (row["unplaced"] if base == "pop" else live.unplaced[name])
            if base == "pop":
                pieces = table.pieces.set_index("district")["base"].to_dict()
                assert {d: n for d, n in live.districts[name].items() if n} == pieces


def test_everything_chosen_is_the_whole_concentration_table(county, placements, tally):
    live = tally.figures(np.arange(len(county.units)))
    for name, placed in placements.items():
        table = kit.concentration(placed, group=GROUP, base="pop")
        assert live.districts[name] == table.frame["base"].to_dict()
        assert live.counts["people"] == table.total["base"]
        assert live.counts["group"] == table.total["count"]


def test_figures_by_hand(four_squares):
    units, plan = four_squares[:2] if isinstance(four_squares, tuple) else (four_squares.units, four_squares.plan)
    tally = Tally(units, {"p": kit.place(units, plan)}, group="asian_aoic")
    live = tally.figures(np.array([0, 2]))
    assert dict(live.counts) == {"people": 400, "group": 86, "adults": 280, "group_adults": 57}
    assert live.districts == {"p": {"1": 100, "2": 300}}
    assert str(tally.sentence(live)).endswith("p: 2 districts, with people in each: 1 (100), 2 (300).")


def test_people_in_no_district_are_told(county):
    plan = county.plans["a"]
    part = kit.Plan(name="part", labels=("1",), assignment=plan.assignment[plan.assignment == "1"], level="block")
    tally = Tally(county.units, {"part": kit.place(county.units, part, outside="report")}, group=GROUP)
    live = tally.figures(np.arange(len(county.units)))
    assert live.districts["part"]["1"] + live.unplaced["part"] == live.counts["people"]
    assert "people in no district" in tally.sentence(live)
    lost = tally.figures(np.flatnonzero((plan.assignment != "1").reindex(county.units.frame.index).to_numpy()))
    assert "part: in no district." in tally.sentence(lost)


def test_figures_take_a_fifth_of_a_second_at_most():
    side = 83
    ids = [f"36061{n:07d}" for n in range(side * 82)]
    boxes = [
        shapely.box(-74 + x / 100, 40 + y / 100, -73.99 + x / 100, 40.01 + y / 100)
        for y in range(82)
        for x in range(side)
    ]
    counts = pd.DataFrame(
        {"total_pop": 1000, "aapi_aoic_pop": 100, "total_vap": 800, "aapi_aoic_vap": 80},
        index=pd.Index(ids, dtype="str"),
    )
    units = kit.Units(
        counts, level="block_group", year=2020, geometry=gpd.GeoSeries(boxes, index=counts.index, crs=4269)
    )
    assigned = pd.Series([str(n % 28) for n in range(len(ids))], index=counts.index, dtype="str")
    plan = kit.Plan(name="p", labels=tuple(map(str, range(28))), assignment=assigned, level="block_group", year=2020)
    tally = Tally(units, {"p": kit.place(units, plan), "q": kit.place(units, plan)}, group=GROUP)
    outline = shapely.Point(-73.6, 40.4).buffer(0.39, quad_segs=64)
    began = time.perf_counter()
    live = tally.figures(tally.inside(outline))
    tally.sentence(live)
    assert time.perf_counter() - began < 0.2
    assert 4_500 < live.units < 5_000


def test_counts_that_are_missing_or_must_not_be_added_are_refused(county, placements):
    frame = county.units.frame.astype({"total_pop": "Float64"})
    frame.loc[frame.index[:2], "total_pop"] = pd.NA
    holes = kit.Units(frame, level="block", year=2020, geometry=county.units.geometry)
    with pytest.raises(SchemaError, match="2 of 288 census blocks have no value for total_pop"):
        Tally(holes, {}, group=GROUP)
    noisy = kit.Units(county.units.frame, level="block", geometry=county.units.geometry, additive=False)
    with pytest.raises(CoverageError, match="must not be added"):
        Tally(noisy, {}, group=GROUP)
    with pytest.raises(InputError, match="have no shapes"):
        Tally(kit.Units(county.units.frame, level="block"), {}, group=GROUP)
    fewer = kit.Units(county.units.frame.iloc[:9], level="block", geometry=county.units.geometry.iloc[:9])
    with pytest.raises(InputError, match="placed on other units"):
        Tally(fewer, {"a": placements["a"]}, group=GROUP)


def test_strokes_and_undoing_them_one_by_one(county, sketch, drafts):
    sketch.draw(corner(county.units))
    drawn = sketch.ids
    sketch.remove(drawn[:1])
    assert sketch.community.area == ListedArea(geoids=drawn[1:], level="block", year=county.units.year)
    assert sketch.toggle(drawn[0]) is True
    assert sketch.toggle(drawn[1]) is False
    sketch.tell(name="Old Lantern Hill")
    states = [drawn[:1] + drawn[2:], drawn, drawn[1:], drawn, ()]
    seen = [sketch.ids]
    while sketch.undo():
        seen.append(sketch.ids)
    assert seen == states
    assert sketch.community.area is None
    assert sketch.community.name == "Old Lantern Hill"
    kept = drafts.history("c-1")
    assert [one.version for one in kept] == list(range(1, 11))
    assert isinstance(kept[1].area, DrawnArea)


def test_undo_goes_on_after_it_was_opened_again(county, sketch, drafts, tally):
    sketch.draw(corner(county.units))
    first = sketch.community.area
    sketch.draw(corner(county.units, 0.7))
    again = Sketch(drafts, tally, drafts.latest("c-1"))
    assert again.community == sketch.community
    assert again.undo()
    assert again.community.area == first
    third = Sketch(drafts, tally, drafts.latest("c-1"))
    assert third.undo()
    assert third.community.area is None
    assert not third.undo()


def test_a_second_outline_is_added_to_a_list(county, sketch):
    first = sketch.add([county.units.frame.index[-1]])
    assert first == 1
    sketch.draw(corner(county.units, 0.2))
    assert county.units.frame.index[-1] in sketch.ids
    assert sketch.community.area.kind == "units"


def test_an_outline_around_nothing_is_refused(sketch):
    with pytest.raises(InputError, match="no unit has its middle inside"):
        sketch.draw(shapely.box(0, 0, 1, 1))
    assert sketch.community.version == 1


def test_an_outline_that_crosses_itself_counts_what_it_encloses(county, tally):
    west, south, east, north = county.units.geometry.total_bounds
    bow = shapely.Polygon([(west, south), (east, north), (east, south), (west, north)])
    assert not bow.is_valid
    assert 100 < len(tally.inside(bow)) < 200


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (["980010001001000", "980019999999999"], "1 ids are not among these census blocks: 980019999999999"),
        (["Garden Street"], "these are no GEOIDs: Garden Street"),
        ([" ", ""], "no id was given"),
        (["98001"], None),
    ],
)
def test_ids_are_checked_before_anything_changes(sketch, ids, message):
    if message is None:
        assert sketch.add(ids) == 288
        assert sketch.remove(ids) == 288
        assert sketch.community.area is None
        return
    with pytest.raises(InputError, match=message):
        sketch.add(ids)
    assert sketch.ids == ()


def test_two_writers_lose_nothing(county, tally, drafts):
    begun = drafts.save(kit.Community(name="Lantern Hill", id="c-1", draft=True))
    writers = [Sketch(drafts, tally, begun) for _ in range(2)]
    ids = county.units.frame.index

    def write(writer, mine):
        for one in mine:
            writer.add([one])

    parts = [ids[:15], ids[100:115]]
    threads = [threading.Thread(target=write, args=pair) for pair in zip(writers, parts, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = drafts.history("c-1")
    assert len(kept) == 31
    areas = [set(one.area.geoids) for one in kept if one.area]
    for part in parts:
        assert set(part) in areas
    assert len({one.version for one in kept}) == 31


def test_names_are_found_without_accents_and_by_every_word(county, tally):
    west, south, east, north = county.units.geometry.total_bounds
    middle = (south + north) / 2
    roads = gpd.GeoDataFrame(
        {"name": ["Peña Street", "Peña Street", None]},
        geometry=[
            shapely.LineString([(west, middle), ((west + east) / 2, middle)]),
            shapely.LineString([((west + east) / 2, middle), (east, middle)]),
            shapely.LineString([(west, south), (east, north)]),
        ],
        crs=4269,
    )
    places = gpd.GeoDataFrame({"name": ["Lantern Hill"]}, geometry=[corner(county.units)], crs=4269)
    finder = Finder(tally, Context(roads=roads, places=places))
    assert finder.kinds == ("unit", "place", "street")
    (street,), total = finder.find("street pena")
    assert (street.kind, street.name, total) == ("street", "Peña Street", 1)
    assert 16 <= len(street.ids) <= 60
    (place,), _ = finder.find("LANTERN")
    assert place.ids == tally.ids(tally.inside(corner(county.units)))
    assert str(place.label()) == f"Place: Lantern Hill, {len(place.ids)} units"
    listed, total = finder.find("9800100")
    assert (len(listed), total) == (50, 288)
    assert finder.find("  ") == ([], 0)
    assert plain("  Ñuñoa  ST ") == "nunoa st"


def test_the_display_keeps_neighbours_together(tally):
    shown = [shapely.from_geojson(json.dumps(one)) for one in displayed(tally)]
    assert len(shown) == 288
    assert shapely.coverage_is_valid(shown)
    assert as_shape([]) is None


def test_the_widget_draws_tells_and_reopens(county, tmp_path):
    pad = pad_of(county, tmp_path)
    outline = corner(county.units)
    pad._map.draw.data = [{"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(outline)}]
    assert status(pad).startswith("The outline was taken. Chosen: 72 census blocks.")
    pad.form.fields["name"].value = '<script>alert("x")</script> Republican'
    pad.form.fields["keep_with"].value = "Garden Street; Harbour"
    pad.form.fields["not_with"].value = "Mill Town"
    pad.form.fields["in_common.schools"].value = "Two schools"
    assert "political party" in pad.advice.value
    assert "<script>" not in pad.advice.value
    told = pad.community
    assert [(ask.kind, ask.places) for ask in told.asks] == [
        ("keep_with", ("Garden Street", "Harbour")),
        ("not_with", ("Mill Town",)),
    ]
    again = pad_of(county, tmp_path)
    assert again.community == told
    assert again._map.draw.data[0]["geometry"]["type"] == "Polygon"
    assert again.form.fields["not_with"].value == "Mill Town"
    again.done_button.click()
    assert not again.community.draft
    assert pad_of(county, tmp_path).community.id != told.id
    assert pad_of(county, tmp_path, id=told.id).community.name == told.name


def test_clicks_count_only_where_they_are_asked_for(county, tmp_path):
    pad = pad_of(county, tmp_path)
    here = county.units.geometry.iloc[5].representative_point()
    event = {"type": "click", "coordinates": [here.y, here.x]}
    pad._map.map._interaction_callbacks(**event)
    assert pad.figures.units == 0
    pad.by_click.value = True
    pad._map.map._interaction_callbacks(type="mousemove", coordinates=[here.y, here.x])
    pad._map.map._interaction_callbacks(type="click", coordinates=[0, 0])
    assert pad.figures.units == 0
    pad._map.map._interaction_callbacks(**event)
    assert pad.community.area.geoids == (county.units.frame.index[5],)
    pad._map.map._interaction_callbacks(**event)
    assert pad.community.area is None


def hand_in(pad, name, content):
    pad.list.upload.value = (
        {
            "name": name,
            "type": "",
            "size": len(content),
            "content": memoryview(content),
            "last_modified": datetime.now(UTC),
        },
    )


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.geojson", b"{", "cannot be read|no GeoJSON|not JSON|damaged|is not"),
        ("a.exe", b"MZ", "."),
        ("a.\0csv", b"MZ", "."),
        ("a." + "z" * 400, b"MZ", "."),
        ("../../a.csv", b"name,GEOID\nx,36061000100\n", "coarser|another place|none of these|are of"),
    ],
)
def test_uploads_are_refused_and_nothing_changes(county, tmp_path, name, content, message):
    pad = pad_of(county, tmp_path / "drafts")
    before = pad.community
    hand_in(pad, name, content)
    assert pad.community == before
    assert re.search(message, status(pad)), status(pad)
    assert "Traceback" not in status(pad)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["drafts"]


def test_an_upload_that_is_too_large_is_refused(county, tmp_path):
    pad = pad_of(county, tmp_path, most_megabytes=0.001)
    hand_in(pad, "a.csv", b"x" * 5_000)
    assert "MB and may have" in status(pad)


def test_a_bomb_in_an_archive_is_refused(county, tmp_path):
    bomb = tmp_path / "bomb.kmz"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", b"0" * 300_000_000)
    pad = pad_of(county, tmp_path / "drafts")
    hand_in(pad, "bomb.kmz", bomb.read_bytes())
    assert pad.community.area is None
    assert status(pad)


def test_of_several_communities_in_a_file_one_is_chosen(county, tmp_path):
    ids = county.units.frame.index
    content = f"name,GEOID\nEast,{ids[0]}\nWest,{ids[7]}\nWest,{ids[8]}\n".encode()
    pad = pad_of(county, tmp_path)
    pad.form.fields["consent"].value = "public"
    hand_in(pad, "two.csv", content)
    assert status(pad).startswith("The file holds 2 communities; choose one.")
    assert pad.community.area is None
    pad.list.of_file.value = 1
    pad.list.buttons["adopt"].click()
    assert pad.community.name == "West"
    assert pad.community.area.geoids == (ids[7], ids[8])
    assert pad.community.consent == "public"
    assert pad.community.collected.how == "list"


def test_the_widget_speaks_the_language_it_was_made_in(county, tmp_path):
    with kit.using(language="vi"):
        pad = pad_of(county, tmp_path)
    pad.list.search.value = "98"
    assert pad._language == "vi"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"breaks": (0, 0.5, 0.2, 1)}, "ascend from 0 to 1"),
        ({"plan": "a"}, "not both"),
        ({"id": "c-9"}, "no community 'c-9'"),
    ],
)
def test_draw_community_refuses(county, tmp_path, options, message):
    given = {**options, "plan": county.plans["a"]} if "plan" in options else options
    with pytest.raises(InputError, match=message):
        pad_of(county, tmp_path, **given)


def test_lists_in_the_form():
    assert split(" Main  St ; Garden St;\nMain St") == ("Main St", "Garden St")
    assert split("永安街；Garden St؛ Main St") == ("永安街", "Garden St", "Main St")


def test_each_visitor_has_a_folder_that_only_their_code_opens(tmp_path):
    told = tmp_path / "told"
    first, second = visitor(told, ""), visitor(told, "return=" + "0" * 32)
    assert first.folder != second.folder
    assert second.code != "0" * 32
    assert first.code not in first.folder.name
    assert first.code not in repr(first)
    assert visitor(told, f"return={first.code}&x=1") == first
    for bad in ("return=../../etc", f"return={first.folder.name}", "return=" + first.code.upper() + "x", "return="):
        assert visitor(told, bad).folder not in {first.folder, second.folder}
    assert stat.S_IMODE(first.folder.stat().st_mode) == 0o700


def test_a_code_is_needed_beyond_this_machine():
    assert require_code("127.0.0.1", None) == require_code("localhost", "") == require_code("::1", None) == ""
    assert require_code("0.0.0.0", "lantern-hill") == "lantern-hill"
    for host, code in (("0.0.0.0", None), ("", ""), ("example.org", "short"), ("127.0.0.1", "a" * LEAST_CODE)):
        with pytest.raises(InputError, match="needs a coordinator's code"):
            require_code(host, code)


def test_what_the_page_needs_is_left_where_nobody_else_looks(county, placements, tmp_path):
    folder = tmp_path / "scratch"
    folder.mkdir()
    notebook = leave_page(Page(county.units, placements, GROUP, "pop", (0.0, 0.5, 1.0), str(tmp_path / "told")), folder)
    assert [p.name for p in notebook.parent.iterdir()] == ["intake.ipynb"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "page.pickle").stat().st_mode) == 0o600
