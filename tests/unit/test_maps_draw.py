"""What stands on a map: colours, lines, numbers, notes; and what is refused."""

from __future__ import annotations

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
from kit.errors import InputError
from kit.maps import style
from kit.maps.labels import draw_labels, fitting_size
from kit.maps.lettering import width
from kit.maps.record import record_of
from kit.maps.words import alt_text, long_description
from kit.model.frames import Plan, Source, Units

BREAKS = [0, 0.1, 0.2, 0.4, 1]
WHAT = {"group": "aapi_aoic", "base": "vap"}


@pytest.fixture
def placed(four_squares):
    units, plan = four_squares
    return kit.place(units, plan)


@pytest.fixture
def with_nobody(four_squares):
    """Square D empties: its adults are taken away."""
    units, plan = four_squares
    frame = units.frame.copy()
    frame.loc[frame.index[3]] = 0
    return kit.place(replace(units, frame=frame), plan)


def fills(ax):
    return {
        to_hex(c.get_facecolor()[0]): c
        for c in ax.collections
        if isinstance(c, PathCollection) and len(c.get_facecolor())
    }


def words(ax):
    return [text.get_text() for text in ax.texts]


def text_of(figure):
    return "\n".join(text.get_text() for text in figure.findobj(Text))


def test_colours_drawn_are_those_of_the_classes(placed):
    # shares of adults: 39/80, 18/150, 25/200, 4/300 = 0.4875, 0.12, 0.125, 0.0133
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS)
    wanted = style.palette(4)
    drawn = fills(ax)
    boxes = {colour: [p.get_extents().bounds for p in c.get_paths()] for colour, c in drawn.items() if c.get_paths()}
    counts = {colour: sum(int((p.codes == 1).sum()) for p in c.get_paths()) for colour, c in drawn.items()}
    assert set(drawn) == set(wanted)
    assert [counts.get(colour, 0) for colour in wanted] == [1, 2, 0, 1]
    (left, bottom, across, up), *_ = boxes[wanted[3]]  # square A is the south-western one
    assert left + across / 2 < sum(ax.get_xlim()) / 2
    assert bottom + up / 2 < sum(ax.get_ylim()) / 2


def test_legend_counts_the_units_in_each_class(placed):
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS)
    told = [text.get_text() for text in ax.figure.legends[0].get_texts()]
    assert [" ".join(text.split()) for text in told] == [
        "over 40% to 100% (1 census block)",
        "over 20% to 40% (0 census blocks)",
        "over 10% to 20% (2 census blocks)",
        "0% to 10% (1 census block)",
        "district line and number",
    ]
    title = ax.figure.legends[0].get_title().get_text()
    assert "aapi_aoic" in title
    assert "voting-age population" in title


def test_where_nobody_lives_is_hatched_and_in_no_class(with_nobody):
    ax = kit.map_share(with_nobody, **WHAT, breaks=BREAKS)
    empty = fills(ax)[style.EMPTY]
    assert empty.get_hatch() == style.EMPTY_HATCH
    assert sum(int((p.codes == 1).sum()) for p in empty.get_paths()) == 1
    assert record_of(ax).class_counts == (0, 2, 0, 1)
    assert "no adults   (1 census block)" in text_of(ax.figure)


def test_one_class_is_drawn(placed):
    ax = kit.map_share(placed, **WHAT, breaks=[0, 1])
    assert record_of(ax).class_counts == (4,)


def test_every_note_a_figure_must_carry_is_on_the_page(placed):
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS)
    text = " ".join(text_of(ax.figure).split())
    for note in (
        "Two rows (Four squares, illustrative): 2 districts, 4 census blocks",
        "11.8% (86 of 730 adults)",
        "(definition aapi_aoic)",
        "Each class includes its upper bound.",
        "The tests, Four squares, tables P1–P4, by block.",
        "census blocks placed by",
        "Lambert azimuthal equal-area",
        "Not legal advice; confirm with counsel.",
    ):
        assert note in text, note


def test_numbers_of_the_districts_stand_in_them(placed):
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS)
    assert {"1", "2", "N"} <= set(words(ax))


def test_a_title_of_ones_own_and_a_long_one_stay_on_the_page(placed):
    title = "Adults who are Asian or Pacific Islander live in the south-western square of the four, and that is all there is to say"
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS, title=title)
    figure = ax.figure
    heading = next(text for text in figure.texts if text.get_gid() == "heading")
    assert " ".join(heading.get_text().split()) == title
    box = heading.get_window_extent()
    assert box.x1 <= figure.bbox.x1
    assert box.y1 <= figure.bbox.y1


def test_no_text_of_the_page_leaves_it_or_lies_on_another(placed):
    long = replace(placed.plan, name="A plan with a name of many words " * 6, notes=("A note of some length. " * 30,))
    ax = kit.map_share(replace(placed, plan=long), **WHAT, breaks=BREAKS)
    figure = ax.figure
    FigureCanvasAgg(figure).draw()
    boxes = [t.get_window_extent() for t in figure.texts if t.get_text()] + [figure.legends[0].get_window_extent()]
    boxes.append(ax.get_window_extent())
    page = figure.bbox
    for i, a in enumerate(boxes):
        assert page.containsx(a.x0)
        assert page.containsx(a.x1)
        assert page.containsy(a.y0)
        assert page.containsy(a.y1)
        assert not any(a.overlaps(b) for b in boxes[i + 1 :])


def test_axes_of_ones_own_are_returned_with_a_legend_inside(placed):
    figure = Figure(figsize=(5, 4))
    mine = figure.add_subplot()
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS, ax=mine)
    assert ax is mine
    legend = ax.get_legend()
    assert [" ".join(text.get_text().split()) for text in legend.get_texts()][:2] == [
        "over 40% to 100% (1)",
        "over 20% to 40% (0)",
    ]
    assert "(number of census blocks)" in legend.get_title().get_text()
    assert legend.get_zorder() > max(text.get_zorder() for text in ax.texts)
    assert any(text.endswith(" km") for text in words(ax))
    assert "N" in words(ax)
    assert record_of(ax).page == []


def test_nothing_is_left_in_pyplot(placed):
    kit.map_share(placed, **WHAT, breaks=BREAKS)
    kit.map_compare(placed, placed, **WHAT, breaks=BREAKS)
    assert plt.get_fignums() == []


def test_nothing_given_is_changed(placed):
    frame, shapes = placed.units.frame.copy(), placed.units.geometry.copy()
    kit.map_share(placed, **WHAT, breaks=BREAKS)
    pd.testing.assert_frame_equal(placed.units.frame, frame)
    assert placed.units.geometry.crs == shapes.crs
    assert placed.units.geometry.geom_equals_exact(shapes, 0).all()


def test_extent_frames_the_map_and_tells_who_is_outside(placed):
    west, south, east, north = placed.units.geometry.to_crs("EPSG:4269").iloc[[0]].total_bounds
    step = (east - west) / 4
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS, extent=(west + step, south + step, east - step, north - step))
    told = record_of(ax).outside
    assert told == "Outside the frame: 3 census blocks with 650 adults; every figure counts them."
    assert told in " ".join(text_of(ax.figure).split())
    assert told in long_description(ax)
    assert record_of(ax).class_counts == (1, 2, 0, 1)


@pytest.mark.parametrize("extent", [(-74, 40, -75, 41), (-75, 41, -74, 40), (-75, 40, -74)])
def test_a_crossed_extent_is_refused(placed, extent):
    with pytest.raises(InputError, match="extent is west, south, east and north in degrees"):
        kit.map_share(placed, **WHAT, breaks=BREAKS, extent=extent)


def test_units_without_polygons_are_refused(placed):
    bare = replace(placed, units=replace(placed.units, geometry=None))
    with pytest.raises(InputError, match=r"a map needs the polygons of its census blocks.*with_geometry"):
        kit.map_share(bare, **WHAT, breaks=BREAKS)
    points = replace(placed.units, geometry=placed.units.geometry.centroid)
    with pytest.raises(InputError, match="a map needs the polygons"):
        kit.map_share(replace(placed, units=points), **WHAT, breaks=BREAKS)


def test_axes_of_something_else_are_refused():
    with pytest.raises(InputError, match="these axes hold no map of the kit"):
        alt_text(Figure().add_subplot())


def columns(four_squares):
    """Give the same squares in two columns instead of two rows."""
    units, plan = four_squares
    west, south, east, north = units.geometry.total_bounds
    half = (west + east) / 2
    shapes = [shapely.box(west, south, half, north), shapely.box(half, south, east, north)]
    index = plan.geometry.index
    return kit.place(units, replace(plan, name="Two columns", geometry=gpd.GeoSeries(shapes, index=index, crs=5070)))


def test_two_plans_share_one_scale_one_legend_and_one_frame(placed, four_squares):
    left, right = kit.map_compare(placed, columns(four_squares), **WHAT, breaks=BREAKS)
    assert left.get_xlim() == right.get_xlim()
    assert left.get_ylim() == right.get_ylim()
    assert len(left.figure.legends) == 1
    captions = [text.get_text() for text in left.figure.texts if text.get_gid() == "caption"]
    assert captions == ["Two rows", "Two columns"]
    assert [r.table.placement.plan.name for r in (record_of(left), *record_of(left).others)] == captions


def test_two_plans_over_different_units_are_refused(placed, four_squares):
    units, plan = four_squares
    fewer = replace(units, frame=units.frame.iloc[:3], geometry=units.geometry.iloc[:3])
    with pytest.raises(InputError, match=r"different units \(4 and 3\)"):
        kit.map_compare(placed, kit.place(fewer, plan), **WHAT, breaks=BREAKS)


def test_alt_text_of_one_map_is_two_sentences_with_true_numbers(placed):
    told = alt_text(kit.map_share(placed, **WHAT, breaks=BREAKS))
    assert told == (
        "Map of the voting-age population (18 and over) share of Asian or NHPI, alone or in combination by census block, "
        "with the district lines of Two rows. The share is highest in district 1 (24.8%) and lowest in district 2 (5.8%)."
    )


def test_alt_text_of_two_maps_is_two_sentences(placed, four_squares):
    told = alt_text(kit.map_compare(placed, columns(four_squares), **WHAT, breaks=BREAKS))
    # columns: 64 of 280 adults and 22 of 450
    assert told.endswith(
        "Under Two rows, the share is highest in district 1 (24.8%) and lowest in district 2 (5.8%); "
        "under Two columns, the share is highest in district 1 (22.9%) and lowest in district 2 (4.9%)."
    )
    assert told.count(". ") == 1


def test_long_description_names_every_class_and_district(placed):
    told = long_description(kit.map_share(placed, **WHAT, breaks=BREAKS))
    assert "District 1: 24.8% (57 of 230 adults)." in told
    assert "District 2: 5.8% (29 of 500 adults)." in told
    assert "0% to 10%: 1; over 10% to 20%: 2; over 20% to 40%: 0; over 40% to 100%: 1." in told
    assert "Projection: Lambert azimuthal equal-area" in told


def strips(number, high=1000.0, wide=100.0):
    """Give narrow districts side by side, each of one unit."""
    ids = pd.Index([f"3606100010010{i:02d}" for i in range(number)], dtype="str", name="GEOID")
    labels = [str(i + 1) for i in range(number)]
    boxes = [
        shapely.box(1_830_000 + i * wide, 2_180_000, 1_830_000 + (i + 1) * wide, 2_180_000 + high)
        for i in range(number)
    ]
    frame = pd.DataFrame({"total_vap": 100, "aapi_aoic_vap": range(number)}, index=ids)
    shapes = gpd.GeoSeries(boxes, index=ids, crs="EPSG:5070")
    units = Units(frame, level="block", year=2020, sources=(Source("Strips", "The tests", 2020),), geometry=shapes)
    plan = Plan("Strips", tuple(labels), assignment=pd.Series(labels, index=ids, dtype="str"), level="block", year=2020)
    return kit.place(units, plan)


def label_boxes(ax, labels):
    renderer = FigureCanvasAgg(ax.figure).get_renderer()
    return [t.get_window_extent(renderer) for t in ax.texts if t.get_text() in labels and t.get_gid()]


def test_numbers_that_do_not_fit_stand_beside_with_a_line_and_never_on_each_other():
    placed = strips(40, high=30_000.0, wide=700.0)
    ax = kit.map_share(placed, **WHAT, breaks=[0, 0.5, 1])
    labels = set(placed.plan.labels)
    boxes = label_boxes(ax, labels)
    assert len(boxes) == 40
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])
    assert len(ax.lines) == 3 * sum(text.get_fontsize() == 7.5 for text in ax.texts if text.get_gid())


def test_type_shrinks_with_the_circle():
    ax = Figure(figsize=(10, 10)).add_axes((0, 0, 1, 1))
    ax.set_xlim(0, 7200)
    ax.set_ylim(0, 7200)  # ten metres a point
    draw_labels(ax, {"11": (1000, 1000, 500.0), "22": (4000, 4000, 90.0), "99": (9999, 0, 500.0)})
    sizes = {text.get_text(): text.get_fontsize() for text in ax.texts}
    assert sizes["11"] == 11.0
    assert 7.0 <= sizes["22"] < 11.0
    assert "99" not in sizes
    assert np.hypot(width("22", size=sizes["22"], bold=True) / 2, 0.37 * sizes["22"]) <= 9.0
    assert fitting_size("22", 0.1) == 0.0


def test_a_crowd_of_small_districts_gets_an_inset_with_every_number():
    crowd, coast = strips(12, high=800.0, wide=60.0), 60_000.0
    far = shapely.box(1_830_000 + coast, 2_180_000 + coast, 1_830_000 + 2 * coast, 2_180_000 + 2 * coast)
    ids = crowd.units.frame.index.append(pd.Index(["360610001001099"]))
    ids = pd.Index(ids, dtype="str", name="GEOID")
    frame = pd.DataFrame({"total_vap": 100, "aapi_aoic_vap": range(13)}, index=ids)
    shapes = gpd.GeoSeries([*crowd.units.geometry, far], index=ids, crs="EPSG:5070")
    units = Units(frame, level="block", year=2020, sources=crowd.units.sources, geometry=shapes)
    labels = [str(i + 1) for i in range(13)]
    plan = Plan(
        "A crowd", tuple(labels), assignment=pd.Series(labels, index=ids, dtype="str"), level="block", year=2020
    )
    ax = kit.map_share(kit.place(units, plan), **WHAT, breaks=[0, 0.5, 1])
    inset = next(axes for axes in ax.figure.axes if axes.get_label() == "map 1 inset")
    assert "13" in words(ax)
    assert {str(i) for i in range(1, 13)} <= set(words(inset))
    assert "1" not in words(ax)
    assert any(text.endswith("times larger") for text in words(ax))
    box, panel = inset.get_position(), ax.get_position()
    assert panel.x0 <= box.x0 < box.x1 <= panel.x1
    assert panel.y0 <= box.y0 < box.y1 <= panel.y1


def test_very_many_polygons_become_an_image_inside_the_drawing(monkeypatch):
    monkeypatch.setattr("kit.maps.scene.RASTER_ABOVE", 3)
    ax = kit.map_share(strips(5, wide=1000.0), **WHAT, breaks=[0, 0.5, 1])
    filled = [c for c in ax.collections if len(c.get_facecolor()) and c.get_rasterized()]
    assert len(filled) == 2


def test_a_map_of_water_only_is_grey_and_says_so(four_squares):
    import dataclasses

    units, plan = four_squares
    empty = dataclasses.replace(units, frame=units.frame * 0)
    placed = kit.place(empty, plan)
    ax = kit.map_share(placed, group="aapi_aoic", base="vap", breaks=[0, 0.5, 1])
    from kit.maps.record import record_of

    record = record_of(ax)
    assert (record.class_counts, record.empty) == ((0, 0), 4)
