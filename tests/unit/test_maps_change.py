"""The map of who changes district: moves, patterns, letters, lines, table, and what is refused."""

from __future__ import annotations

import itertools
from dataclasses import replace

import geopandas as gpd
import matplotlib.pyplot as plt
import pandas as pd
import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

import kit
from kit.analysis.swaps import swap_sheet
from kit.errors import CoverageError, InputError, SchemaError
from kit.maps.change import map_change
from kit.maps.moves import LOOKS, OTHER, ChangeGround
from kit.maps.record import record_of, sheet_of
from kit.maps.words import alt_text, long_description
from kit.model.frames import Plan, Source, Units

WEST, SOUTH, METRES = 1_830_000, 2_180_000, 1000.0
GROUP = {"group": "asian_alone", "base": "vap"}


def squares(rows, columns, level="tract", **changes):
    """Make squares row by row from the south-west, each with 1,000 people, 800 adults and 80 of the group."""
    digits = {"block": "36061000100{:04d}", "tract": "3606100{:04d}"}[level]
    n = rows * columns
    ids = pd.Index([digits.format(1000 + i) for i in range(n)], dtype="str", name="GEOID")
    counts = {"total_pop": 1000, "total_vap": 800, "asian_alone_vap": 80} | changes
    frame = pd.DataFrame(counts, index=ids)
    boxes = [
        shapely.box(WEST + METRES * x, SOUTH + METRES * y, WEST + METRES * (x + 1), SOUTH + METRES * (y + 1))
        for y, x in itertools.product(range(rows), range(columns))
    ]
    sources = (Source("Squares", publisher="The tests", year=2020),)
    return Units(frame, level, 2020, sources, gpd.GeoSeries(boxes, index=ids, crs="EPSG:5070"))


def placed(units, labels, name):
    listed = pd.Series(list(labels), index=units.frame.index, dtype="str")
    return kit.place(units, Plan(name, tuple(dict.fromkeys(listed)), assignment=listed, level=units.level, year=2020))


@pytest.fixture
def pair():
    """Two of sixteen squares go from 1 to 2, and one from 2 to 1."""
    units = squares(4, 4)
    return placed(units, "1122" * 4, "Old"), placed(units, "1122122212221112", "New")


def words(figure):
    return " ".join("\n".join(text.get_text() for text in figure.findobj(Text)).split())


def shapes_in(ax, hatch):
    return sum(int((p.codes == 1).sum()) for c in ax.collections if c.get_hatch() == hatch for p in c.get_paths())


def test_units_that_move_have_the_pattern_of_their_move_and_the_others_none(pair):
    ax = map_change(*pair, **GROUP)
    assert shapes_in(ax, LOOKS[0]["hatch"]) == 2  # from 1 to 2, the larger move
    assert shapes_in(ax, LOOKS[1]["hatch"]) == 1
    assert shapes_in(ax, None) >= 13


def test_the_table_names_moves_people_and_the_group(pair):
    told = words(map_change(*pair, **GROUP).figure)
    assert "Largest moves between districts Old → new People Asian adults" in told
    assert "A 1 → 2 2,000 160" in told
    assert "B 2 → 1 1,000 80" in told
    assert "stay 13,000" in told
    assert "3 of 16 census tracts change district, with 3,000 of 16,000 people (18.8%)." in told
    assert "Asian: 240 of 2,400 adults who move." in told


def test_old_lines_are_dashed_and_new_ones_solid(pair):
    ax = map_change(*pair, **GROUP)
    styles = [c.get_linestyle()[0][1] for c in ax.collections if len(c.get_facecolor()) == 0]
    assert sum(dashes is not None for dashes in styles) == 1
    legend = [text.get_text() for text in ax.figure.legends[0].get_texts()]
    assert legend == ["new district line and number", "old district line"]


def test_numbers_are_those_of_the_new_plan_and_letters_stand_in_the_moves(pair):
    ax = map_change(*pair, **GROUP)
    by_gid = {text.get_gid(): text for text in ax.texts if text.get_gid()}
    assert set(by_gid) == {"district 1", "district 2", "area A", "area B"}
    renderer = FigureCanvasAgg(ax.figure).get_renderer()
    boxes = [text.get_window_extent(renderer) for text in by_gid.values()]
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))


def test_matching_and_new_numbers_are_told():
    units = squares(2, 4)
    old, new = placed(units, "1122" * 2, "Old"), placed(units, "99229222", "New")
    ax = map_change(old, new, **GROUP)
    told = words(ax.figure)
    assert "Districts were matched by total population" in told
    assert "Numbers that changed: 9 was 1." in told
    assert "A 1 → 2" in told
    assert sheet_of(ax).twins[0].notes[1] == "Numbers that changed: 9 was 1."


def test_a_district_with_another_number_is_explained_in_the_table():
    units = squares(2, 4)
    told = words(map_change(placed(units, "1122" * 2, "Old"), placed(units, "99229992", "New"), **GROUP).figure)
    assert "2 → 9 (9 was 1)" in told


def test_relabelled_districts_do_not_move():
    units = squares(2, 4)
    ax = map_change(placed(units, "1122" * 2, "Old"), placed(units, "5577" * 2, "New"), **GROUP)
    assert alt_text(ax) == "Map of the census tracts that change district from Old to New. No census tract does."
    assert "0 of 8 census tracts change district" in words(ax.figure)
    assert not any(c.get_hatch() for c in ax.collections)


def test_new_and_ended_districts_are_named():
    units = squares(2, 4)
    told = words(map_change(placed(units, "1122" * 2, "Old"), placed(units, "1123" * 2, "New"), **GROUP).figure)
    assert "New: 3." in told
    told = words(map_change(placed(units, "1123" * 2, "Old"), placed(units, "1122" * 2, "New"), **GROUP).figure)
    assert "Ended: 3." in told


def test_smaller_moves_share_one_look():
    units = squares(3, 6)
    old, new = placed(units, "123456" * 3, "Old"), placed(units, "123456" + "123456" + "234561", "New")
    ax = map_change(old, new, **GROUP, largest=2)
    assert shapes_in(ax, OTHER["hatch"]) == 4
    told = words(ax.figure)
    assert "4 other moves 4,000" in told
    twin = sheet_of(ax).twins[0].frame
    assert twin["letter"].tolist() == ["A", "B", *["other moves"] * 4]
    assert len(twin) == 6


def test_a_group_of_one_block_is_not_counted():
    units = squares(2, 4, level="block")
    ax = map_change(placed(units, "1122" * 2, "Old"), placed(units, "11221222", "New"), **GROUP)
    told = words(ax.figure)
    assert "A 1 → 2 1,000 one block" in told
    assert "who move" not in told
    frames = [twin.frame for twin in sheet_of(ax).twins]
    assert frames[0]["group"].isna().all()
    assert list(frames[1].columns) == ["GEOID", "from", "to", "people", "move"]
    assert "one block of them Asian" in long_description(ax)


def test_without_a_group_people_are_counted_alone(pair):
    ax = map_change(*pair)
    told = words(ax.figure)
    assert "A 1 → 2 2,000 B 2 → 1 1,000" in told
    assert "Asian" not in told
    assert "group" not in told.lower()
    assert "group" not in sheet_of(ax).twins[0].frame.columns


def test_a_sheet_does_as_well_as_two_plans(pair):
    sheet = swap_sheet(*pair, **GROUP)
    assert long_description(map_change(sheet)) == long_description(map_change(*pair, **GROUP))


def test_alt_text_and_description_tell_true_numbers(pair):
    ax = map_change(*pair, **GROUP)
    assert alt_text(ax) == (
        "Map of the census tracts that change district from Old to New. 3,000 people (18.8%) change district; the "
        "largest move is from 1 to 2, with 2,000 people."
    )
    assert "From 2 to 1: 1 census tracts, 1,000 people, 80 of them Asian." in long_description(ax)


def test_files_of_a_change(pair, tmp_path):
    written = kit.save_map(map_change(*pair, **GROUP), tmp_path / "change")
    assert [path.name for path in written] == [
        "change.pdf",
        "change.png",
        "change.svg",
        "change.txt",
        "change_table.csv",
        "change_table.html",
        "change_table_units.csv",
    ]
    moves = pd.read_csv(tmp_path / "change_table.csv", dtype={"from": "str", "to": "str"})
    assert moves[["letter", "from", "to", "people", "group"]].to_numpy().tolist() == [
        ["A", "1", "2", 2000, 160],
        ["B", "2", "1", 1000, 80],
    ]
    units = pd.read_csv(tmp_path / "change_table_units.csv", dtype={"GEOID": "str"})
    assert len(units) == 3
    assert ">Before: Old. After: New." in (tmp_path / "change_table.html").read_text("utf-8")


def test_axes_of_ones_own_have_the_moves_in_their_legend(pair):
    mine = Figure(figsize=(6, 5)).add_axes((0, 0, 1, 1))
    assert map_change(*pair, **GROUP, ax=mine) is mine
    told = [" ".join(text.get_text().split()) for text in mine.get_legend().get_texts()]
    assert told[:3] == ["A 1 → 2: 2,000 people", "B 2 → 1: 1,000 people", "stay: 13,000 people"]
    assert mine.get_legend().get_title().get_text() == "Old → new district"


def test_nothing_is_left_in_pyplot_and_no_text_lies_on_another(pair):
    ax = map_change(*pair, **GROUP)
    assert plt.get_fignums() == []
    figure = ax.figure
    FigureCanvasAgg(figure).draw()
    boxes = [t.get_window_extent() for t in figure.texts if t.get_text()] + [figure.legends[0].get_window_extent()]
    for a, b in itertools.combinations([*boxes, ax.get_window_extent()], 2):
        assert not a.overlaps(b)
    assert all(figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1 for box in boxes)
    assert min(text.get_fontsize() for text in figure.findobj(Text) if text.get_text()) >= 6


def test_extent_tells_who_is_outside(pair):
    west, south, east, north = pair[0].units.geometry.iloc[[0]].to_crs("EPSG:4269").total_bounds
    step = (east - west) / 4
    ax = map_change(*pair, **GROUP, extent=(west + step, south + step, east - step, north - step))
    assert "Outside the frame: 15 census tracts with 15,000 people" in words(ax.figure)


def test_the_largest_moves_are_those_with_most_people():
    units = squares(2, 4, asian_alone_vap=[0, 0, 0, 0, 80, 80, 80, 80], total_pop=[3000] * 4 + [1000] * 4)
    sheet = swap_sheet(placed(units, "1123" + "1123", "Old"), placed(units, "1133" + "1223", "New"), **GROUP)
    ground = ChangeGround(sheet, largest=6)
    assert ground.top["people"].is_monotonic_decreasing
    assert sheet.moves["people"].tolist() != ground.top["people"].tolist()


# --- refusals ---------------------------------------------------------------------------------------


def test_a_sheet_is_passed_alone(pair):
    sheet = swap_sheet(*pair, **GROUP)
    with pytest.raises(InputError, match="pass it alone"):
        map_change(sheet, pair[1])
    with pytest.raises(InputError, match="pass it alone"):
        map_change(sheet, **GROUP)


def test_one_plan_is_refused(pair):
    with pytest.raises(InputError, match="pass two placements, before and after"):
        map_change(pair[0])


def test_a_group_without_its_base_is_refused(pair):
    with pytest.raises(InputError, match="pass group and base together"):
        map_change(*pair, group="asian_alone")


@pytest.mark.parametrize("largest", [0, 7, True, 2.0])
def test_a_strange_number_of_moves_is_refused(pair, largest):
    with pytest.raises(InputError, match="pass how many moves are named, from 1 to 6"):
        map_change(*pair, largest=largest)


def test_units_that_count_nobody_are_refused(pair):
    units = replace(pair[0].units, frame=pair[0].units.frame[["asian_alone_vap"]])
    with pytest.raises(SchemaError, match="these units count nobody"):
        map_change(replace(pair[0], units=units), replace(pair[1], units=units))


def test_other_units_and_no_polygons_are_refused(pair):
    other = squares(2, 4)
    with pytest.raises(CoverageError, match="not the same units"):
        map_change(pair[0], placed(other, "1122" * 2, "New"), **GROUP)
    bare = [replace(one, units=replace(one.units, geometry=None)) for one in pair]
    with pytest.raises(InputError, match="a map needs the polygons of its census tracts"):
        map_change(*bare, **GROUP)


def test_a_map_of_change_has_no_record_of_shares(pair):
    with pytest.raises(InputError, match="is no map of the shares of one plan or two"):
        record_of(map_change(*pair))
