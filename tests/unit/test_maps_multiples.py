"""District choropleths, one or many: colours, scale, captions, pages, tables, and what is refused."""

from __future__ import annotations

import itertools
from dataclasses import replace

import geopandas as gpd
import matplotlib.pyplot as plt
import pandas as pd
import pikepdf
import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

import kit
from kit.errors import InputError, SchemaError
from kit.maps import style
from kit.maps.districts import WEAK_HATCH, map_districts
from kit.maps.multiples import PER_PAGE, map_plans
from kit.maps.record import record_of, sheet_of
from kit.maps.words import alt_text, long_description
from kit.model.frames import Plan

BREAKS = [0, 0.1, 0.2, 0.4, 1]
WHAT = {"group": "aapi_aoic", "base": "vap", "breaks": BREAKS}


@pytest.fixture
def rows(four_squares):
    return kit.place(*four_squares)


@pytest.fixture
def columns(four_squares):
    """The same squares in two columns: 64 of 280 adults in the west, 22 of 450 in the east."""
    units, plan = four_squares
    west, south, east, north = units.geometry.total_bounds
    half = (west + east) / 2
    shapes = [shapely.box(west, south, half, north), shapely.box(half, south, east, north)]
    return kit.place(
        units, replace(plan, name="Two columns", geometry=gpd.GeoSeries(shapes, index=plan.geometry.index, crs=5070))
    )


@pytest.fixture
def each(four_squares):
    """Every square a district; the plan is a list of blocks."""
    units, _ = four_squares
    listed = pd.Series(list("abcd"), index=units.frame.index, dtype="str")
    return kit.place(units, Plan("Four", tuple("abcd"), assignment=listed, level="block", year=2020))


def words(figure):
    return " ".join("\n".join(text.get_text() for text in figure.findobj(Text)).split())


def filled(ax, colour):
    return sum(
        int((p.codes == 1).sum())
        for c in ax.collections
        if isinstance(c, PathCollection) and len(c.get_facecolor()) and to_hex(c.get_facecolor()[0]) == colour
        for p in c.get_paths()
    )


def limits(ax):
    return tuple(round(float(value), 3) for value in (*ax.get_xlim(), *ax.get_ylim()))


# --- one plan ---------------------------------------------------------------------------------------


def test_districts_are_filled_by_their_share(rows):
    # 57 of 230 adults and 29 of 500: 24.8% and 5.8%
    ax = map_districts(rows, **WHAT)
    lowest, _, third, _ = style.palette(4)
    assert [filled(ax, colour) for colour in style.palette(4)] == [1, 0, 1, 0]
    assert lowest != third
    record = record_of(ax)
    assert record.class_counts == (1, 0, 1, 0)
    assert record.plural == "districts"
    legend = [" ".join(text.get_text().split()) for text in ax.figure.legends[0].get_texts()]
    assert legend[1] == "over 20% to 40% (1 district)"


def test_only_the_shares_of_districts_must_lie_within_the_breaks(rows):
    # a square has 48.8%, no district has more than 24.8%
    assert record_of(map_districts(rows, group="aapi_aoic", base="vap", breaks=[0, 0.1, 0.3])).class_counts == (1, 1)
    with pytest.raises(InputError, match="2 shares lie outside the breaks|1 shares lie outside the breaks"):
        map_districts(rows, group="aapi_aoic", base="vap", breaks=[0, 0.1, 0.2])


def test_a_list_of_units_is_filled_too(each):
    assert record_of(map_districts(each, **WHAT)).class_counts == (1, 2, 0, 1)


def test_what_lies_beyond_the_units_is_not_filled(rows):
    wide = rows.plan.geometry.buffer(3000, cap_style="square")
    placed = replace(rows, plan=replace(rows.plan, geometry=wide))
    ax = map_districts(placed, **WHAT)
    paths = [
        p
        for c in ax.collections
        if isinstance(c, PathCollection) and len(c.get_facecolor()) and to_hex(c.get_facecolor()[0]) in style.palette(4)
        for p in c.get_paths()
    ]
    # both districts now reach over all four squares, and are filled there only
    assert sum(shapely.Polygon(p.vertices).area for p in paths) == pytest.approx(8e6, rel=1e-3)


def test_districts_with_nobody_are_hatched_and_those_without_units_are_not_counted(four_squares):
    units, plan = four_squares
    frame = units.frame.copy()
    frame.iloc[2:] = 0
    placed = kit.place(replace(units, frame=frame), replace(plan, labels=("1", "2", "3")))
    ax = map_districts(placed, **WHAT)
    assert record_of(ax).empty == 1
    assert "no adults (1 district)" in words(ax.figure)
    assert any(c.get_hatch() == style.EMPTY_HATCH for c in ax.collections)


def test_words_of_a_map_of_districts(rows):
    ax = map_districts(rows, **WHAT)
    assert alt_text(ax) == (
        "Map of the voting-age population (18 and over) share of Asian or NHPI, alone or in combination by district, "
        "with the district lines of Two rows. The share is highest in district 1 (24.8%) and lowest in district 2 (5.8%)."
    )
    assert "Districts in each class of share: 0% to 10%: 1;" in long_description(ax)


def test_shares_of_low_reliability_are_cross_hatched():
    sample = kit.load_sample("fictional_county")
    survey = sample.survey("B02015")
    survey = replace(survey, frame=survey.frame.dropna(subset=["hmong_alone"]))
    tracts = sample.units.geometry.groupby(sample.units.frame.index.str[:11]).agg(lambda parts: parts.union_all())
    shapes = gpd.GeoSeries(tracts, crs=sample.units.geometry.crs)
    shapes.index = pd.Index(shapes.index, dtype="str", name="GEOID")
    units = survey.with_geometry(shapes) if survey.level == "tract" else survey
    listed = pd.Series([str(i) for i in range(len(units))], index=units.frame.index, dtype="str")
    placed = kit.place(units, Plan("One each", tuple(listed), assignment=listed, level="tract", year=units.year))
    ax = map_districts(placed, group="hmong_alone", base="asian_alone_pop", breaks=[0, 0.1, 0.3, 1])
    frame = record_of(ax).table.frame
    weak = int((frame["reliability"] == "low").sum())
    assert weak > 0
    assert f"share of low reliability ({weak})" in words(ax.figure)
    assert any(c.get_hatch() == WEAK_HATCH for c in ax.collections)
    assert "They are cross-hatched." in words(ax.figure)


def test_an_exhibit_can_be_made_of_it(rows, tmp_path):
    table = kit.concentration(rows, group="aapi_aoic", base="vap")
    given = {"number": "1", "title": "A claim", "author": "A. Person", "contact": "person@example.org"}
    written = kit.exhibit(map_districts(rows, **WHAT), table, **given).save(tmp_path / "a.pdf")
    assert written[0].stat().st_size > 0


def test_axes_of_ones_own_count_districts(rows):
    mine = Figure(figsize=(5, 4)).add_axes((0, 0, 1, 1))
    assert map_districts(rows, **WHAT, ax=mine) is mine
    assert "(number of districts)" in mine.get_legend().get_title().get_text()


# --- many plans -------------------------------------------------------------------------------------


def test_every_plan_has_a_map_at_one_scale_with_its_highest_share(rows, columns, each):
    axs = map_plans({"Rows": rows, "Columns": columns, "Each": each}, **WHAT)
    assert len(axs) == 3
    assert len({limits(ax) for ax in axs}) == 1
    assert len({ax.figure for ax in axs}) == 1
    captions = [text.get_text() for text in axs[0].figure.texts if text.get_gid() == "caption"]
    assert [" ".join(text.split()) for text in captions] == [
        "Rows highest: 24.8% (district 1)",
        "Columns highest: 22.9% (district 1)",
        "Each highest: 48.8% (district a)",
    ]
    assert len(axs[0].figure.legends) == 1
    assert [filled(axs[1], colour) for colour in style.palette(4)] == [1, 0, 1, 0]


def test_words_of_many_plans_are_two_sentences(rows, columns, each):
    axs = map_plans({"Rows": rows, "Columns": columns, "Each": each}, **WHAT)
    assert alt_text(axs) == (
        "3 small maps at one scale of the voting-age population (18 and over) share of Asian or NHPI, alone or in "
        "combination by district under Rows, Columns and Each. The highest share of any district is 48.8% under Each "
        "(district a); the lowest of these highest shares is 22.9% under Columns."
    )
    assert "Columns (Two columns). District 1: 22.9% (64 of 280 adults)." in long_description(axs)
    assert "More districts leave room for a higher share" in words(axs[0].figure)


def test_the_table_has_one_row_for_each_plan_and_district(rows, columns, each, tmp_path):
    axs = map_plans({"Rows": rows, "Columns": columns, "Each": each}, **WHAT)
    written = kit.save_map(axs, tmp_path / "plans")
    assert [path.name for path in written] == [
        "plans.pdf",
        "plans.png",
        "plans.svg",
        "plans.txt",
        "plans_table.csv",
        "plans_table.html",
    ]
    table = pd.read_csv(tmp_path / "plans_table.csv")
    assert table["plan"].tolist() == ["Rows"] * 2 + ["Columns"] * 2 + ["Each"] * 4
    assert table["count"].tolist() == [57, 29, 64, 22, 39, 18, 25, 4]
    assert table["share"].tolist() == pytest.approx(
        [57 / 230, 29 / 500, 64 / 280, 22 / 450, 39 / 80, 18 / 150, 0.125, 4 / 300]
    )
    assert set(table["definition"]) == {"aapi_aoic"}
    assert (tmp_path / "plans_table.html").read_text("utf-8").count("<tr>") == 9


def test_more_than_twelve_plans_go_on_several_pages(rows, columns, tmp_path):
    plans = {f"Plan {i}": columns if i % 2 else rows for i in range(PER_PAGE + 2)}
    axs = map_plans(plans, **WHAT)
    figures = list(dict.fromkeys(ax.figure for ax in axs))
    assert [sum(ax.figure is figure for ax in axs) for figure in figures] == [7, 7]
    assert len({limits(ax) for ax in axs}) == 1
    sizes = {tuple(round(side, 6) for side in ax.get_position().size) for ax in axs}
    assert len(sizes) == 1
    assert "Page 2 of 2." in words(figures[1])
    written = kit.save_map(axs, tmp_path / "plans")
    assert [path.name for path in written][:5] == ["plans.pdf", "plans.png", "plans_2.png", "plans.svg", "plans_2.svg"]
    with pikepdf.open(tmp_path / "plans.pdf") as file:
        assert len(file.pages) == 2
        alts = {str(o.Alt) for o in file.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o}
    assert alts == set(sheet_of(axs).alt)


def test_a_notebook_shows_every_page(rows, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *args, **kwargs: shown.append(args[0]))
    kit.show_map(map_plans({f"Plan {i}": rows for i in range(PER_PAGE + 1)}, **WHAT))
    assert len(shown) == 2
    assert all('alt="' in bundle["text/html"] for bundle in shown)


def test_no_text_of_the_page_leaves_it_or_lies_on_another(rows, columns):
    plans = {f"A plan with quite a long name {i}": columns if i % 2 else rows for i in range(10)}
    axs = map_plans(plans, **WHAT)
    figure = axs[0].figure
    FigureCanvasAgg(figure).draw()
    boxes = [t.get_window_extent() for t in figure.texts if t.get_text()] + [figure.legends[0].get_window_extent()]
    boxes += [ax.get_window_extent() for ax in axs]
    for a, b in itertools.combinations(boxes, 2):
        assert not (
            a.overlaps(b) and min(a.x1, b.x1) - max(a.x0, b.x0) > 0.5 and min(a.y1, b.y1) - max(a.y0, b.y0) > 0.5
        )
    page = figure.bbox
    assert all(page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1 for box in boxes)
    assert min(text.get_fontsize() for text in figure.findobj(Text) if text.get_text()) >= 6


def test_one_plan_and_a_number_of_columns(rows, columns):
    assert len(map_plans({"Rows": rows}, **WHAT)) == 1
    axs = map_plans({"Rows": rows, "Columns": columns}, **WHAT, columns=1)
    assert axs[0].get_position().x0 == axs[1].get_position().x0


def test_a_title_of_ones_own(rows):
    axs = map_plans({"Rows": rows}, **WHAT, title="Two rows of squares")
    assert sheet_of(axs).heading == "Two rows of squares"
    assert "Two rows of squares" in words(axs[0].figure)


def test_nothing_is_left_in_pyplot(rows):
    map_plans({"Rows": rows}, **WHAT)
    map_districts(rows, **WHAT)
    assert plt.get_fignums() == []


def test_plans_without_counts_of_the_group_are_refused_by_name(rows, columns):
    bare = replace(columns, units=replace(columns.units, frame=columns.units.frame[["total_vap"]]))
    with pytest.raises(
        SchemaError,
        match=r"1 of 2 plans were placed over units without the counts total_vap and aapi_aoic_vap, first Columns",
    ):
        map_plans({"Rows": rows, "Columns": bare}, **WHAT)


def test_other_units_no_plans_and_no_placements_are_refused(rows, four_squares):
    units, plan = four_squares
    fewer = replace(units, frame=units.frame.iloc[:3], geometry=units.geometry.iloc[:3])
    with pytest.raises(InputError, match=r"'Rows' and 'Fewer' were placed over different units \(4 and 3\)"):
        map_plans({"Rows": rows, "Fewer": kit.place(fewer, plan)}, **WHAT)
    with pytest.raises(InputError, match="there are no plans to draw"):
        map_plans({}, **WHAT)
    with pytest.raises(InputError, match="'Plan' is a Plan; place the units"):
        map_plans({"Plan": plan}, **WHAT)
    with pytest.raises(InputError, match="columns=0"):
        map_plans({"Rows": rows}, **WHAT, columns=0)


def test_units_without_polygons_are_refused(rows):
    bare = replace(rows, units=replace(rows.units, geometry=None))
    with pytest.raises(InputError, match="a map needs the polygons of its census blocks"):
        map_plans({"Rows": bare}, **WHAT)
