"""Water, roads and places read from TIGER/Line files on this machine, by their published names."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

import pytest

import kit
from kit.errors import Corrupt, InputError
from kit.model.context import Context
from kit.sources.tiger_context import read_context

_spec = importlib.util.spec_from_file_location("_tiger_maker", Path(__file__).with_name("tiger_maker.py"))
maker = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(maker)


@pytest.fixture
def folder(tmp_path):
    """Give a folder as a person would keep it: three kinds, roads twice, and something else."""
    water = maker.squares(["1101", "1102"], {"FULLNAME": ["Kaloko Pnd", None]}, id_column="HYDROID")
    main = maker.lines(["2201"], {"FULLNAME": ["State Hwy 11"]}, id_column="LINEARID")
    roads = maker.lines(["2201", "2202"], {"FULLNAME": ["State Hwy 11", "Alii Dr"]}, id_column="LINEARID")
    places = maker.squares(["1514650"], {"STATEFP": ["15"], "NAMELSAD": ["Hilo CDP"]}, id_column="GEOID")
    for frame, stem in (
        (water, "tl_2022_15001_areawater"),
        (water, "tl_2022_15003_areawater"),
        (main, "tl_2022_15_prisecroads"),
        (roads, "tl_2022_15001_roads"),
        (places, "tl_2022_15_place"),
    ):
        (tmp_path / f"{stem}.zip").write_bytes(maker.zipped(frame, stem))
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "tl_2022_15_tract.zip").write_bytes(b"not read")
    return tmp_path


def test_a_folder_gives_water_roads_and_places(folder):
    context = read_context(folder)
    assert isinstance(context, Context)
    assert len(context.water) == 4  # two counties
    assert context.roads["name"].tolist() == ["State Hwy 11"]  # all roads are left aside
    assert context.places["name"].tolist() == ["Hilo CDP"]
    assert context.water.crs.to_epsg() == 4269
    assert [source.where for source in context.sources] == [
        "tl_2022_15001_areawater.zip", "tl_2022_15003_areawater.zip", "tl_2022_15_place.zip",
        "tl_2022_15_prisecroads.zip",
    ]  # fmt: skip
    first = context.sources[0]
    assert first.citation() == (
        "U.S. Census Bureau, TIGER/Line Shapefiles 2022, areas of water, State 15, county 15001, "
        "tl_2022_15001_areawater.zip."
    )
    assert first.sha256 == hashlib.sha256((folder / "tl_2022_15001_areawater.zip").read_bytes()).hexdigest()


def test_single_files_and_all_roads_where_there_are_no_main_ones(folder):
    context = read_context(folder / "tl_2022_15001_roads.zip")
    assert context.roads["name"].tolist() == ["State Hwy 11", "Alii Dr"]
    assert context.water is None
    assert context.places is None


def test_streets_are_kept_apart_when_they_are_asked_for(folder):
    context = read_context(folder, streets=True)
    assert context.roads["name"].tolist() == ["State Hwy 11"]
    assert context.streets["name"].tolist() == ["State Hwy 11", "Alii Dr"]
    assert context.sources[-1].where == "tl_2022_15_prisecroads.zip"
    assert "tl_2022_15001_roads.zip" in [source.where for source in context.sources]
    alone = read_context(folder / "tl_2022_15001_roads.zip", streets=True)
    assert alone.streets is None
    assert alone.roads["name"].tolist() == ["State Hwy 11", "Alii Dr"]


def test_roads_say_their_class_where_the_file_does(tmp_path):
    columns = {"FULLNAME": ["Alii Dr", "I- H-1"], "MTFCC": ["S1400", "S1100"]}
    roads = maker.lines(["2201", "2202"], columns, id_column="LINEARID")
    path = tmp_path / "tl_2022_15001_roads.zip"
    path.write_bytes(maker.zipped(roads, path.stem))
    assert read_context(path).roads["mtfcc"].tolist() == ["S1400", "S1100"]


def test_generalized_places_say_so(tmp_path):
    places = maker.squares(["1514650"], {"STATEFP": ["15"], "NAME": ["Hilo"]}, id_column="GEOID")
    path = tmp_path / "cb_2022_15_place_500k.zip"
    path.write_bytes(maker.zipped(places, path.stem))
    context = read_context(path)
    assert context.places["name"].tolist() == ["Hilo"]
    assert "Cartographic Boundary Files 2022" in context.sources[0].title
    assert "Generalized" in context.sources[0].note


def test_a_map_takes_it(folder, four_squares):
    units, plan = four_squares
    ax = kit.map_share(
        kit.place(units, plan), group="aapi_aoic", base="vap", breaks=[0, 0.5, 1], context=read_context(folder)
    )
    text = " ".join("\n".join(text.get_text() for text in ax.figure.texts).split())
    assert "TIGER/Line Shapefiles 2022, main roads, State 15, tl_2022_15_prisecroads.zip." in text


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("water.zip", "'water.zip' is no file of water, roads or places by its name; expected tl_2022_06037_areawater"),
        ("tl_2022_15_tract.zip", "no file of water, roads or places"),
        ("tl_2022_15001_areawater.zip", "there is no file"),
    ],
)
def test_files_that_cannot_be_used(tmp_path, name, message):
    with pytest.raises(InputError, match=message):
        read_context(tmp_path / name)


def test_an_empty_folder_and_no_file(tmp_path):
    with pytest.raises(InputError, match="no water, roads or places among"):
        read_context(tmp_path)
    with pytest.raises(InputError, match="among no files"):
        read_context()


def test_a_damaged_file(tmp_path):
    path = tmp_path / "tl_2022_15001_areawater.zip"
    path.write_bytes(b"cut off")
    with pytest.raises(Corrupt, match="damaged or cut off"):
        read_context(path)
