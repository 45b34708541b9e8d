"""Water, roads and places under the lines of a map: clipped, named where there is room, and with their sources."""

from __future__ import annotations

import itertools

import geopandas as gpd
import numpy as np
import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.text import Text

import kit
from kit.errors import CRSError, InputError, SchemaError
from kit.maps.context import WATER, WATER_HATCH, checked
from kit.maps.dots import map_dots
from kit.maps.record import record_of, sheet_of
from kit.maps.style import lightness_of
from kit.maps.zoom import map_zoom
from kit.model.context import Context
from kit.model.source import Source

BREAKS = [0, 0.1, 0.2, 0.4, 1]
WHAT = {"group": "aapi_aoic", "base": "vap"}


@pytest.fixture
def placed(four_squares):
    units, plan = four_squares
    return kit.place(units, plan)


@pytest.fixture
def layers(four_squares):
    """A lake, two named roads that run out of the map, and three places, one of them far away."""
    units, _ = four_squares
    west, south, east, north = units.geometry.total_bounds
    crs = units.geometry.crs
    lake = shapely.Point(west + 500, south + 500).buffer(200)
    main = shapely.LineString([(west - 9000, south + 900), (east + 9000, south + 900)])
    side = shapely.LineString([(west + 1500, south - 9000), (west + 1500, north + 9000)])
    found = {
        "water": gpd.GeoDataFrame({"name": ["Round Lake"]}, geometry=[lake], crs=crs),
        "roads": gpd.GeoDataFrame({"name": ["Main St", None]}, geometry=[main, side], crs=crs).to_crs(4326),
        "places": gpd.GeoDataFrame(
            {"name": ["Westville", "Eastville", "Farville"]},
            geometry=[
                shapely.box(west, south, west + 1000, north),
                shapely.box(west + 1000, south, east, north),
                shapely.box(west + 90_000, south, east + 90_000, north),
            ],
            crs=crs,
        ),
    }
    for part, layer in found.items():
        layer.attrs["source"] = Source(f"The {part} of the tests", publisher="The mapmaker")
    return found


def text_of(figure):
    return " ".join("\n".join(text.get_text() for text in figure.findobj(Text)).split())


def named(ax):
    return [text.get_text() for text in ax.texts if str(text.get_gid()).startswith("context ")]


def test_layers_are_drawn_under_the_lines_and_named(placed, layers):
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS, context=layers)
    water = [c for c in ax.collections if c.get_hatch() == WATER_HATCH]
    roads = [c for c in ax.collections if isinstance(c, LineCollection)]
    lines = max(c.get_zorder() for c in ax.collections)
    assert len(water) == 1
    assert len(roads) == 2
    assert water[0].get_zorder() < roads[0].get_zorder() < lines
    assert sorted(named(ax)) == ["Eastville", "Main St", "Westville"]
    legend = [text.get_text() for text in ax.figure.legends[0].get_texts()]
    assert legend[-2:] == ["water", "road"]
    text = text_of(ax.figure)
    for part in layers:
        assert f"The mapmaker, The {part} of the tests." in text
    assert {source.title for source in record_of(ax).sources} == {f"The {part} of the tests" for part in layers}


def test_roads_are_clipped_to_the_frame(placed, layers):
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS, context=layers)
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    roads = [c for c in ax.collections if isinstance(c, LineCollection)]
    points = np.concatenate([segment for c in roads for segment in c.get_segments()])
    assert ((points[:, 0] >= west - 1) & (points[:, 0] <= east + 1)).all()
    assert ((points[:, 1] >= south - 1) & (points[:, 1] <= north + 1)).all()


def test_names_cover_neither_numbers_nor_each_other(placed, layers):
    places = layers["places"]
    crowd = gpd.GeoDataFrame(
        {"name": [f"A place of some length {i}" for i in range(30)]},
        geometry=[places.geometry.iloc[0].buffer(-10 * i) for i in range(30)],
        crs=places.crs,
    )
    crowd.attrs = places.attrs
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS, context={**layers, "places": crowd})
    renderer = FigureCanvasAgg(ax.figure).get_renderer()
    boxes = {}
    for text in ax.texts:
        if text.get_gid():
            whole = text.get_window_extent(renderer)
            box = type(whole).from_extents(whole.x0, whole.y0 + 0.2 * whole.height, whole.x1, whole.y1)
            boxes.setdefault(text.get_gid(), []).append(box)
    assert {"district 1", "district 2"} <= set(boxes)
    assert 1 < len([gid for gid in boxes if gid.startswith("context")]) < 18
    for one, other in itertools.combinations(boxes, 2):
        assert not any(a.overlaps(b) for a in boxes[one] for b in boxes[other]), (one, other)


def test_every_kind_of_map_takes_them(placed, layers):
    before, after = kit.map_compare(placed, placed, **WHAT, breaks=BREAKS, context=layers)
    for ax in (before, after, kit.map_districts(placed, **WHAT, breaks=BREAKS, context=layers)):
        assert "Westville" in named(ax)
        assert [c for c in ax.collections if c.get_hatch() == WATER_HATCH]
    zoomed = map_zoom(placed, district="1", **WHAT, breaks=BREAKS, context=layers)
    assert "The mapmaker, The water of the tests." in text_of(zoomed.figure)
    assert any(source.title == "The roads of the tests" for source in sheet_of(zoomed).facts.sources)


def test_dots_stay_out_of_the_water_of_the_context(placed, layers):
    ax = map_dots(placed, **WHAT, per=5, context=layers)
    assert "Areas of water were taken out before dots were placed." in text_of(ax.figure)
    assert any(source.title == "The water of the tests" for source in sheet_of(ax).twins[0].sources)


def test_points_and_a_layer_of_its_own(placed, layers):
    units = placed.units.geometry
    middle = gpd.GeoDataFrame({"name": ["Town hall"]}, geometry=[units.union_all().centroid], crs=units.crs)
    middle.attrs["source"] = {"title": "Halls", "publisher": "The town"}
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS, context={"places": middle})
    assert named(ax) == ["Town hall"]
    assert "The town, Halls." in text_of(ax.figure)
    assert "water" not in [text.get_text() for text in ax.figure.legends[0].get_texts()]
    whole = Context(water=layers["water"], sources=(Source("Lakes"),))
    assert "Lakes." in text_of(kit.map_share(placed, **WHAT, breaks=BREAKS, context=whole).figure)


def test_layers_outside_the_frame_change_nothing(placed, layers):
    far = {}
    for part, layer in layers.items():
        moved = layer.to_crs(5070)
        far[part] = moved.set_geometry(moved.geometry.translate(5e5, 0))
        far[part].attrs = layer.attrs
    ax = kit.map_share(placed, **WHAT, breaks=BREAKS, context=far)
    assert named(ax) == []
    assert not [c for c in ax.collections if c.get_hatch() == WATER_HATCH]


def test_water_is_not_taken_for_a_class_or_for_nobody():
    from kit.maps.style import EMPTY_HATCH, palette

    assert WATER_HATCH != EMPTY_HATCH
    assert lightness_of(WATER) > lightness_of(palette(7)[0])


@pytest.mark.parametrize(
    ("context", "error", "message"),
    [
        ({}, InputError, "context= has the layers water, roads and places; got none of them"),
        ({"rivers": None}, InputError, "got rivers"),
        ("folder", InputError, "what kit.read_context made of TIGER/Line files"),
        ({"water": [1]}, InputError, "does not say where it came from"),
    ],
)
def test_what_is_no_context_is_refused(placed, context, error, message):
    with pytest.raises(error, match=message):
        kit.map_share(placed, **WHAT, breaks=BREAKS, context=context)


def test_layers_without_crs_names_or_source(layers):
    water = layers["water"].copy()
    water.attrs = {}
    with pytest.raises(InputError, match=r"the layer of water does not say where it came from.*kit.read_context"):
        checked({"water": water})
    bare = gpd.GeoDataFrame({"name": ["x"]}, geometry=[shapely.box(0, 0, 1, 1)])
    bare.attrs["source"] = Source("x")
    with pytest.raises(CRSError, match="the layer of water"):
        checked({"water": bare})
    unnamed = layers["places"].rename(columns={"name": "NAMELSAD"})
    with pytest.raises(SchemaError, match="the layer of places has no column 'name'; columns are NAMELSAD"):
        checked({"places": unnamed})
    with pytest.raises(InputError, match="the layer of roads is a GeoDataFrame"):
        checked(Context(roads=[1]))
