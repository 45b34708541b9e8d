"""Maps of areas, of change and of many plans, for real places: nothing lies on anything, and figures add up."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

import kit
from kit.analysis.adjacency import adjacency
from kit.analysis.clusters import clusters
from kit.maps.change import map_change
from kit.maps.clusters import map_clusters
from kit.maps.communities import map_communities
from kit.maps.districts import map_districts
from kit.maps.multiples import map_plans
from kit.maps.record import record_of, sheet_of
from kit.maps.words import alt_text
from kit.model.frames import Source, Units
from kit.sources.local import read_units
from kit.sources.plans import read_plan

pytestmark = [pytest.mark.real, pytest.mark.slow]

BREAKS = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 1]
WHAT = {"group": "asian_alone", "base": "vap", "breaks": BREAKS}
LOWELL = ("plan3a", "plan3b", "plan7a", "plan7b", "plan8a", "plan8b", "plan9a", "plan9b")
# Drawing 6,806 block groups takes about 1.3 s where nothing else runs.
SECONDS = 12


@pytest.fixture(scope="module")
def lowell(data_dir):
    columns = {"P0010001": "total_pop", "P0030005": "asian_alone_pop"}
    units = read_units(data_dir / "lowell_ma/Lowell_blocks.zip", id="GEOID10", columns=columns, year=2010)
    return {name: kit.place(units, read_plan(data_dir / f"lowell_ma/plans/{name}.json")) for name in LOWELL}


@pytest.fixture(scope="module")
def city(data_dir, loaders):
    """Place the city's block groups in the Senate plans of LATFOR and of the court."""
    units, folder = loaders.nyc_block_groups(data_dir), data_dir / "nyc/plans"
    names = ("latfor_senate22", "SEN22_June_03_2022.zip")
    return [kit.place(units, read_plan(folder / name), rule="point") for name in names]


@pytest.fixture(scope="module")
def found(city):
    near = adjacency(city[0].units, rule="queen")
    return clusters(city[0].units, group="asian_alone", base="vap", adjacency=near, permutations=999)


def marked(ax):
    """Give the boxes of all names and numbers on a map, by what they name."""
    renderer = FigureCanvasAgg(ax.figure).get_renderer()
    boxes = {}
    for text in ax.texts:
        if text.get_gid():
            whole = text.get_window_extent(renderer)
            box = type(whole).from_extents(whole.x0, whole.y0 + 0.2 * whole.height, whole.x1, whole.y1)
            boxes.setdefault(text.get_gid(), []).append(box)
    return boxes


def apart(ax):
    for (one, boxes), (other, others) in itertools.combinations(marked(ax).items(), 2):
        assert not any(a.overlaps(b) for a in boxes for b in others), (one, other)


def page_is_clear(figure):
    """Check that what stands around the maps lies on the page and on nothing else."""
    FigureCanvasAgg(figure).draw()
    texts = [text.get_window_extent() for text in figure.texts if text.get_text()]
    boxes = [*texts, *(legend.get_window_extent() for legend in figure.legends)]
    boxes += [
        ax.get_window_extent()
        for ax in figure.axes
        if ax.get_label().startswith("map") and "inset" not in ax.get_label()
    ]
    for a, b in itertools.combinations(boxes, 2):
        across, up = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        assert min(across, up) < 1.0
    page = figure.bbox
    assert all(page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 for box in boxes)
    assert min(text.get_fontsize() for text in figure.findobj(Text) if text.get_text()) >= 6


def test_eight_plans_of_lowell_on_one_page(lowell, tmp_path):
    axs = map_plans(lowell, group="asian_alone", base="pop", breaks=BREAKS)
    assert len(axs) == 8
    assert len({ax.figure for ax in axs}) == 1
    page_is_clear(axs[0].figure)
    for ax in axs:
        apart(ax)
    frame = sheet_of(axs).twins[0].frame
    sums = frame.groupby("plan")[["count", "base"]].sum()
    assert (sums == [21_513, 106_519]).all(axis=None)
    assert len(frame) == sum(int(name[4]) for name in LOWELL)
    assert "46.7% under plan9b (district 1)" in alt_text(axs)
    assert kit.save_map(axs, tmp_path / "lowell", ["pdf"])[0].stat().st_size < 3_000_000


def test_the_city_by_district(city):
    ax = map_districts(city[1], **WHAT)
    page_is_clear(ax.figure)
    apart(ax)
    record = record_of(ax)
    held = city[1].assignment.nunique()
    assert sum(record.class_counts) + record.empty == held == 28


def test_plans_of_the_city_side_by_side(city):
    axs = map_plans({placed.plan.name: placed for placed in city}, **WHAT)
    page_is_clear(axs[0].figure)
    for ax in axs:
        apart(ax)


def test_change_in_the_city(city, tmp_path):
    start = time.perf_counter()
    ax = map_change(*city, group="asian_alone", base="vap")
    assert time.perf_counter() - start < SECONDS
    page_is_clear(ax.figure)
    apart(ax)
    sheet = sheet_of(ax)
    moves, units = (twin.frame for twin in sheet.twins)
    old, new = (placed.assignment.reindex(city[0].units.frame.index) for placed in city)
    pairs = pd.DataFrame({"from": old, "to": new}).loc[units["GEOID"]].value_counts()
    assert moves.set_index(["from", "to"])["units"].to_dict() == pairs.to_dict()
    assert moves["people"].is_monotonic_decreasing
    assert moves["people"].sum() == city[0].units.frame.loc[units["GEOID"], "total_pop"].sum()
    assert "Numbers that changed" in " ".join(sheet.twins[0].notes)
    written = kit.save_map(ax, tmp_path / "change", ["pdf", "svg"])
    assert written[0].stat().st_size < 4_000_000


def test_clusters_in_the_city(city, found):
    start = time.perf_counter()
    ax = map_clusters(found, placement=city[1])
    assert time.perf_counter() - start < SECONDS
    page_is_clear(ax.figure)
    apart(ax)
    names = {gid.removeprefix("area ") for gid in marked(ax) if gid.startswith("area ")}
    assert names == {f"C{i + 1}" for i in range(len(found.communities))}
    drawn = sum(int(row.partition("   (")[2].split()[0].replace(",", "")) for row in _legend(ax) if "   (" in row)
    assert drawn == 6_806


def test_clusters_over_the_shares_of_the_city(city, found):
    ax = map_communities(city[1], found, **WHAT)
    page_is_clear(ax.figure)
    apart(ax)
    frame = sheet_of(ax).twins[0].frame.set_index("name")
    np.testing.assert_allclose(frame["count"].astype(float), found.outlines["count"].astype(float))


def test_clusters_of_hawaii_have_an_inset_with_their_numbers(data_dir, loaders):
    shapes, tables = loaders.dra_shapes(data_dir / "hawaii/Geojson_HI.v06.zip")
    people = tables["T_20_CENS"]
    frame = pd.DataFrame({"total_pop": people["Total"], "asian_aoic_pop": people["Asian"]})
    units = Units(frame, "block_group", 2020, (Source("Counts", "The Census Bureau", 2020),), geometry=shapes)
    placed = kit.place(units, read_plan(data_dir / "hawaii/plans/hi_sldl_2012.geojson"), rule="point", outside="report")
    near = adjacency(units, rule="queen")
    many = clusters(units, group="asian_aoic", base="pop", adjacency=near, permutations=999, sides="one", q=0.1)
    ax = map_clusters(many, placement=placed)
    insets = [axes for axes in ax.figure.axes if axes.get_label() == "map 1 inset"]
    assert len(insets) == 1
    names = [gid for axes in (ax, *insets) for gid in marked(axes) if gid.startswith("area ")]
    assert sorted(names) == sorted(f"area C{i + 1}" for i in range(len(many.communities)))
    for axes in (ax, *insets):
        apart(axes)
    page_is_clear(ax.figure)


def test_communities_of_los_angeles():
    sample = kit.load_sample("los_angeles_2010")
    placed = kit.place(sample.units, sample.plans["b"])
    extent = (-118.7, 33.68, -117.6, 34.4)
    what = {"group": "nh_aapi_alone", "base": "pop", "breaks": BREAKS}
    ax = map_communities(placed, sample.communities, **what, extent=extent)
    page_is_clear(ax.figure)
    apart(ax)
    told = {gid.removeprefix("area ") for gid in marked(ax) if gid.startswith("area ")}
    assert told == set(sample.communities["name"])


def _legend(ax):
    return [text.get_text() for text in ax.figure.legends[0].get_texts()]
