"""Maps of real places: every number is there, in its district, and on no other."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pikepdf
import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.transforms import Bbox

import kit
from kit.maps.record import record_of
from kit.maps.scene import Scene
from kit.model.frames import Plan, Source, Units
from kit.model.geoid import natural_key

pytestmark = [pytest.mark.real, pytest.mark.slow]

BREAKS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 1]
WHAT = {"group": "asian_alone", "base": "vap"}


def plan_of(path, column, name, **facts):
    """Read district polygons, one a label."""
    layer = gpd.read_file(path).set_crs("EPSG:4326", allow_override=True)
    labels = layer[column].astype(str)
    shapes = gpd.GeoSeries(layer.geometry.groupby(labels.to_numpy()).agg(lambda parts: parts.union_all()), crs=4326)
    order = sorted(shapes.index, key=natural_key)
    shapes = shapes.loc[order].set_axis(pd.Index(order, dtype="str"))
    about = {"status": "proposed", "sources": (Source(name, "A coalition", 2021),), **facts}
    return Plan(name, tuple(order), geometry=shapes, **about)


@pytest.fixture(scope="module")
def city(data_dir, loaders):
    """Place the city's block groups in the 66 Assembly districts of the Unity Map."""
    path = data_dir / "nyc/plans/assembly_unity_20211104.geojson"
    plan = plan_of(path, "assembly_unity", "Unity Map, Assembly", jurisdiction="New York City")
    return kit.place(loaders.nyc_block_groups(data_dir), plan, rule="point", outside="report")


@pytest.fixture(scope="module")
def drawn(city):
    return kit.map_share(city, **WHAT, breaks=BREAKS)


@pytest.fixture(scope="module")
def hawaii(data_dir):
    """Place Hawaii's block groups in the 51 House districts."""
    archive = data_dir / "hawaii/Geojson_HI.v06.zip"
    layer = gpd.read_file(f"/vsizip/{archive}/HI_2020_VD_tabblock.vtd.datasets.geojson").set_index("id")
    blocks = pd.read_csv(data_dir / "hawaii/hi_2020_block.csv", dtype={"GEOID20": "str"}).set_index("GEOID20")
    counts = blocks[["vap", "vap_asian"]].set_axis(["total_vap", "asian_alone_vap"], axis=1)
    sums = counts.groupby(counts.index.str[:12]).sum()
    sums.index = pd.Index(sums.index, dtype="str", name="GEOID")
    shapes = layer.geometry.loc[sums.index].set_axis(sums.index)
    units = Units(
        sums, level="block_group", year=2020, sources=(Source("Counts", "The Census Bureau", 2020),), geometry=shapes
    )
    path = data_dir / "hawaii/plans/hi_sldl_2012.geojson"
    plan = plan_of(path, "district", "House", jurisdiction="State of Hawaii", status="enacted", adopted="2012")
    plan = replace(
        plan,
        labels=tuple(label.lstrip("0") for label in plan.labels),
        geometry=plan.geometry.set_axis(plan.geometry.index.str.lstrip("0")),
    )
    return kit.place(units, plan, rule="point", outside="report")


def texts(figure):
    """Give every district number on a page: text, box in pixels, and its centre in the map."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    found = []
    for ax in figure.axes:
        for text in ax.texts:
            if (text.get_gid() or "").startswith("district "):
                whole = text.get_window_extent(renderer)
                box = Bbox.from_extents(
                    whole.x0, whole.y0 + 0.2 * whole.height, whole.x1, whole.y1
                )  # no tails in numbers
                centre = ax.transData.inverted().transform([(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2])
                found.append((text.get_text(), box, centre, text.get_fontsize(), ax))
    return found


def test_every_district_number_is_inside_its_district_or_has_a_line(city, drawn):
    scene = Scene(city, **WHAT, breaks=BREAKS)
    found = texts(drawn.figure)
    assert sorted(label for label, *_ in found) == sorted(city.plan.labels)
    feet = [tuple(np.ravel(line.get_xydata())) for line in drawn.lines if len(line.get_xydata()) == 1]
    beside = 0
    for label, _, centre, size, _ in found:
        district = shapely.make_valid(scene.districts[label])
        if size == 7.5:
            beside += 1
            assert any(shapely.contains_xy(district, *foot) for foot in feet), label
        else:
            assert shapely.contains_xy(district, *centre), label
    assert beside == len(feet) < 33


def test_no_number_covers_another(drawn):
    found = texts(drawn.figure)
    for i, (label, box, *_) in enumerate(found):
        assert not [other for other, another, *_ in found[i + 1 :] if box.overlaps(another)], label


def test_numbers_can_be_read(drawn):
    assert min(size for *_, size, _ in texts(drawn.figure)) >= 7


def test_class_counts_add_up_to_the_block_groups(city, drawn):
    record = record_of(drawn)
    frame = city.units.frame
    share = frame["asian_alone_vap"] / frame["total_vap"].where(frame["total_vap"] > 0)
    by_hand = np.histogram(-share.dropna(), bins=-np.array(BREAKS[::-1]))[0][::-1]  # upper bounds belong to a class
    counts = list(record.class_counts)
    assert sum(counts) + record.empty == len(city.units)
    assert record.empty == int((frame["total_vap"] == 0).sum())
    assert counts == by_hand.tolist()


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not here")
def test_files_hold_every_number(city, drawn, tmp_path):
    written = kit.save_map(drawn, tmp_path / "city")
    assert [path.suffix for path in written] == [".pdf", ".png", ".svg", ".txt", ".csv", ".html"]
    told = subprocess.run(["pdftotext", str(written[0]), "-"], capture_output=True, check=True, text=True).stdout
    assert set(city.plan.labels) <= set(told.split())
    words = written[3].read_text("utf-8")
    assert all(f"District {label}: " in words for label in city.plan.labels)
    assert written[0].stat().st_size < 4_000_000


def test_an_exhibit_of_66_districts_has_two_pages(city, drawn, tmp_path):
    table = kit.concentration(city, **WHAT)
    given = {"number": "1", "title": "A claim", "author": "A. Person", "contact": "person@example.org"}
    kit.exhibit(drawn, table, **given).save(tmp_path / "a.pdf")
    with pikepdf.open(tmp_path / "a.pdf") as file:
        assert len(file.pages) == 2


def test_honolulu_gets_an_inset_and_no_number_is_lost(hawaii):
    ax = kit.map_share(hawaii, **WHAT, breaks=BREAKS)
    insets = [axes for axes in ax.figure.axes if axes.get_label() == "map 1 inset"]
    assert len(insets) == 1
    found = texts(ax.figure)
    assert {label for label, *_ in found} == set(hawaii.plan.labels)
    assert len(hawaii.plan) == 51
    for axes in (ax, *insets):
        boxes = [box for _, box, _, _, where in found if where is axes]
        assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])


def test_north_is_up_and_the_scale_true_on_every_island(hawaii):
    whole = kit.map_share(hawaii, **WHAT, breaks=BREAKS)
    oahu = kit.map_share(hawaii, **WHAT, breaks=BREAKS, extent=(-158.32, 21.22, -157.6, 21.75))
    assert record_of(whole).north_up
    assert record_of(oahu).north_up
    assert record_of(oahu).crs == "Lambert azimuthal equal-area centred on 21.5° N 158° W"
    assert "block groups with" in record_of(oahu).outside
