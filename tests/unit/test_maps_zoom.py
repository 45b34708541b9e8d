"""One district or community close up: what is shown, what is muted, and the figures beside it."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

import kit
from kit.errors import CoverageError, InputError, SchemaError
from kit.maps.facts import LOCATOR
from kit.maps.record import sheet_of
from kit.maps.words import alt_text, long_description
from kit.maps.zoom import map_zoom, map_zooms
from kit.settings import using

BREAKS = [0, 0.1, 0.2, 0.4, 1]
WHAT = {"group": "aapi_aoic", "base": "vap", "breaks": BREAKS}


@pytest.fixture
def placed(four_squares):
    units, plan = four_squares
    return kit.place(units, plan)


@pytest.fixture
def areas(four_squares):
    """Two areas: the western squares, and most of the square in the south-east."""
    units, _ = four_squares
    shapes = units.geometry.to_numpy()
    west, east = shapely.union_all(shapes[[0, 2]]), shapes[1].buffer(-50)
    return gpd.GeoDataFrame({"name": ["West side", "South-east"]}, geometry=[west, east], crs=units.geometry.crs)


@pytest.fixture(scope="module")
def county():
    sample = kit.load_sample("los_angeles_2010")
    return sample, kit.place(sample.units, sample.plans["b"])


def text_of(figure):
    return " ".join("\n".join(text.get_text() for text in figure.findobj(Text)).split())


def veil(ax):
    """Give what is muted."""
    return [c for c in ax.collections if c.get_alpha()]


def test_a_district_fills_the_frame_and_the_rest_is_muted(placed):
    ax = map_zoom(placed, district="2", **WHAT)
    whole = kit.map_share(placed, **WHAT)
    assert np.ptp(ax.get_ylim()) < np.ptp(whole.get_ylim())
    (muted,) = veil(ax)
    area = sum(abs(shapely.Polygon(part).area) for path in muted.get_paths() for part in path.to_polygons()[:1])
    frame = np.ptp(ax.get_xlim()) * np.ptp(ax.get_ylim())
    assert 0 < area <= frame
    assert {"1", "2"} <= {text.get_text() for text in ax.texts}


def test_the_figures_of_the_district_stand_beside_it(placed):
    # district 1: 57 of 230 adults are 24.8 %; of 86 in all, 66.3 %
    text = text_of(map_zoom(placed, district=1, **WHAT).figure)
    for told in (
        "District 1: Asian or NHPI, alone or in combination: share of voting-age population (18 and over)",
        "Close up: district 1, 2 census blocks.",
        "Figures: district 1",
        "24.8%",
        "11.8%",
        "66.3%",
        "1 of 2",
        "Where it lies in the plan",
        "outside it: the same colours, paler",
        "Numbers are of district 1",
        "over 40% to 100% (1 census block)",
        "over 20% to 40% (0 census blocks)",
        "over 10% to 20% (1 census block)",
        "Not legal advice",
    ):
        assert told in text, told


def test_the_words_and_tables_are_those_of_the_district(placed, tmp_path):
    ax = map_zoom(placed, district="1", **WHAT)
    assert alt_text(ax) == (
        "Map of district 1 in Two rows, close up: Asian or NHPI, alone or in combination: share of voting-age "
        "population (18 and over), by census block. In district 1 the share is 24.8% (57 of 230 adults); in the whole "
        "area it is 11.8%."
    )
    description = long_description(ax)
    assert "Census blocks of district 1 in each class of share: 0% to 10%: 0; over 10% to 20%: 1;" in description
    sheet = sheet_of(ax)
    figures, units = sheet.twins
    assert figures.frame["where"].tolist() == ["district 1", "whole area"]
    assert figures.frame["count"].tolist() == [57, 86]
    assert set(units.frame.columns) == {"GEOID", "class", "district"}
    assert sheet.facts.group == "aapi_aoic"
    assert sheet.facts.extent.crs is not None
    written = kit.save_map(ax, tmp_path / "zoom", formats=["svg"])
    assert {path.name for path in written} == {
        "zoom.svg", "zoom.txt", "zoom_table.csv", "zoom_table.html", "zoom_table_units.csv",
    }  # fmt: skip
    table = pd.read_csv(tmp_path / "zoom_table.csv")
    assert table["definition"].tolist() == ["aapi_aoic"] * 2


def test_where_it_lies_is_drawn_small(placed):
    figure = map_zoom(placed, district="2", **WHAT).figure
    small = [ax for ax in figure.axes if ax.get_label() == LOCATOR]
    assert len(small) == 1
    districts, found = small[0].collections
    assert sum(int((path.codes == 1).sum()) for path in districts.get_paths()) == 2
    assert sum(int((path.codes == 1).sum()) for path in found.get_paths()) == 1


def test_few_people_have_no_figures(four_squares):
    units, plan = four_squares
    frame = units.frame.copy()
    frame.loc[frame.index[2:], "total_vap"] = [60, 60]
    ax = map_zoom(kit.place(replace(units, frame=frame), plan), district="2", **WHAT)
    text = text_of(ax.figure)
    assert "The group is not counted here: fewer than 200 adults." in text
    assert "In district 2 no share can be given." in alt_text(ax)
    assert sheet_of(ax).twins[0].frame["count"].isna().tolist() == [True, False]
    assert "All adults 120" in text or "120" in text


def test_a_community_close_up(placed, areas):
    with using(small_base=50):
        ax = map_zoom(placed, areas=areas, community="West side", **WHAT)
    # 39 + 25 of 80 + 200 adults; in both districts, with more people in the upper one
    text = text_of(ax.figure)
    for told in ("West side: Asian or NHPI", "22.9%", "Districts it lies in", "Figures: West side", "2 (71.4%)"):
        assert told in text, told
    assert "In West side the share is 22.9% (64 of 280 adults)" in alt_text(ax)
    assert "Outlines are communities as given; the kit drew none of them." in text


def test_a_single_block_is_not_counted(placed, areas):
    with using(small_base=10):
        ax = map_zoom(placed, areas=areas, community="South-east", **WHAT)
    assert "In South-east no share can be given." in alt_text(ax)


def test_computed_bounds_are_of_all_units(placed):
    ax = map_zoom(placed, district="1", group="aapi_aoic", base="vap", breaks="jenks", classes=3)
    assert "3 natural breaks (Fisher–Jenks) of the shares of 4 census blocks" in text_of(ax.figure)
    assert any(one.get_label() == "histogram" for one in ax.figure.axes)


def test_every_district_has_its_page(placed, tmp_path):
    drawn = map_zooms(placed, **WHAT)
    sheet = sheet_of(drawn)
    assert len(drawn) == 2
    assert len({ax.figure for ax in drawn}) == 2
    assert [alt.partition(" in ")[0] for alt in sheet.alt] == ["Map of district 1", "Map of district 2"]
    assert sheet.twins[0].frame["where"].tolist() == ["district 1", "district 2", "whole area"]
    assert sheet.twins[0].frame["count"].tolist() == [57, 29, 86]
    assert len(sheet.facts.findings) == 2
    written = kit.save_map(drawn, tmp_path / "all", formats=["pdf"])
    assert written[0].stat().st_size > 10_000
    some = map_zooms(placed, districts=["2"], group="aapi_aoic", base="vap", breaks="quantile", classes=2)
    assert len(some) == 1
    assert "2 quantiles of the shares of 4 census blocks" in text_of(some[0].figure)


@pytest.mark.parametrize("page", ["letter", "letter portrait", "tabloid"])
@pytest.mark.parametrize("what", ["district", "community"])
def test_nothing_lies_on_anything(county, page, what):
    sample, placement = county
    named = {"district": "2"} if what == "district" else {"areas": sample.communities, "community": "Little Tokyo"}
    ax = map_zoom(placement, **named, group="nh_aapi_alone", base="pop", breaks="jenks", classes=5, page=page)
    figure = ax.figure
    FigureCanvasAgg(figure).draw()
    renderer = FigureCanvasAgg(figure).get_renderer()
    boxes = [text.get_window_extent(renderer) for text in figure.texts if text.get_text()]
    boxes += [legend.get_window_extent(renderer) for legend in figure.legends]
    boxes += [one.get_tightbbox(renderer) for one in figure.axes if one is not ax]
    boxes.append(ax.get_window_extent(renderer))
    for i, box in enumerate(boxes):
        assert figure.bbox.x0 - 1 <= box.x0 <= box.x1 <= figure.bbox.x1 + 1
        assert figure.bbox.y0 - 1 <= box.y0 <= box.y1 <= figure.bbox.y1 + 1
        for other in boxes[i + 1 :]:
            apart = box.x1 <= other.x0 + 1 or other.x1 <= box.x0 + 1 or box.y1 <= other.y0 + 1 or other.y1 <= box.y0 + 1
            assert apart, (box, other)


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ({}, "pass district= or"),
        ({"district": "1", "community": "West side"}, "pass district= or"),
        ({"community": "West side"}, "pass community= and areas= together"),
        ({"district": "9"}, "Two rows has no district '9'; its districts are 1, 2"),
    ],
)
def test_what_is_refused(placed, what, message):
    with pytest.raises(InputError, match=message):
        map_zoom(placed, **what, **WHAT)


def test_areas_that_are_not_there(placed, areas):
    with pytest.raises(InputError, match="no community called 'North' can be drawn; there are West side, South-east"):
        map_zoom(placed, areas=areas, community="North", **WHAT)
    with pytest.raises(SchemaError, match="no column 'name'"):
        map_zoom(placed, areas=areas.rename(columns={"name": "title"}), community="North", **WHAT)
    far = areas.assign(geometry=areas.geometry.translate(1e6, 0))
    with pytest.raises((CoverageError, InputError)):
        map_zoom(placed, areas=far, community="West side", **WHAT)


def test_no_districts_to_draw(placed):
    with pytest.raises(InputError, match="there are no districts to draw"):
        map_zooms(placed, districts=[], **WHAT)
    with pytest.raises(InputError, match="no district '7'"):
        map_zooms(placed, districts=["1", "7"], **WHAT)
