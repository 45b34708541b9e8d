"""Polling places on a map: symbols sized by people, numbers and their key, words, tables, exhibits, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import kit
from kit.analysis.monitoring import rank_polling_places
from kit.errors import InputError, SchemaError
from kit.i18n import catalogues
from kit.i18n.messages import retold
from kit.maps.polling import map_polling
from kit.maps.polling_layer import LARGEST, LEAST, SYMBOL, PollingLayer, spots_of
from kit.maps.record import sheet_of

SHARE = {"group": "aapi_aoic", "base": "vap", "breaks": [0, 0.1, 0.3, 0.5, 1]}
GIVEN = {
    "number": "A",
    "title": "One claim",
    "author": "A. Person",
    "contact": "person@example.org",
    "date": date(2026, 7, 1),
}


@pytest.fixture(scope="module")
def county():
    return kit.load_sample("fictional_county")


@pytest.fixture(scope="module")
def placed(county):
    return kit.place(county.units, county.plans["a"])


@pytest.fixture(scope="module")
def found(county):
    return rank_polling_places(county.units, county.survey("C16001"), places=county.polling_places())


@pytest.fixture(scope="module")
def by_precinct(county):
    return rank_polling_places(county.units, county.survey("C16001"))


@pytest.fixture(scope="module")
def panel(found, placed):
    return map_polling(found, placed)


def symbols(ax):
    """Give easting, northing and radius in points of each symbol."""
    return {
        tuple(line.get_xydata()[0]): line.get_markersize() / 2
        for line in ax.lines
        if line.get_marker() == "o" and line.get_color() == SYMBOL
    }


def words(figure):
    return " ".join("\n".join(text.get_text() for text in figure.findobj(Text)).split())


def numbers(ax):
    return {text.get_gid(): text.get_text() for text in ax.texts if str(text.get_gid()).startswith("place ")}


def test_each_place_has_a_symbol_of_its_size(found, panel):
    points = found.places.points.reindex(found.frame.index).to_crs(_crs(found, panel))
    drawn = symbols(panel)
    assert len(drawn) == 12
    largest = found.frame["speakers"].max()
    for place, point in points.items():
        radius = next(r for (x, y), r in drawn.items() if np.hypot(x - point.x, y - point.y) < 1)
        assert radius == pytest.approx(max(LEAST, LARGEST * np.sqrt(found.frame.loc[place, "speakers"] / largest)))


def _crs(found, panel):
    return sheet_of(panel).facts.extent.crs


def test_the_first_ten_have_numbers_and_a_key(found, panel):
    assert numbers(panel) == {f"place {n}": f"{n}" for n in range(1, 11)}
    told = words(panel.figure)
    assert "The largest estimates" in told
    assert "Old Cannery Hall: 536 ± 81 (rank 1)" in told
    assert "Kestrel Center: 134 ± 28 (rank 4 to 8)" in told
    assert "Gannet Fire House:" not in told
    assert sheet_of(panel).facts.short[:2] == (("1", "Old Cannery Hall"), ("2", "Reef Point Hall"))


def test_the_legend_shows_sizes_in_proportion(found, panel, placed):
    layer = next(o for o in [PollingLayer(found, _spots(found, placed))])
    sizes = layer.sizes()
    assert sizes == [100.0, 50.0, 20.0]
    told = words(panel.figure)
    for size in sizes:
        assert f"{size:,.0f} people of limited English" in told
    radii = [row.get_markersize() / 2 for row in layer.handles()]
    assert radii == pytest.approx([layer.radius(size) for size in sizes])
    assert (radii[0] / radii[1]) ** 2 == pytest.approx(2)


def _spots(found, placed):
    from kit.maps.ground import Ground

    ground = Ground(placed.units, lived=np.ones(len(placed.units)), placement=placed)
    return spots_of(found, ground, "vtd")


def test_words_of_the_map(found, panel):
    sheet = sheet_of(panel)
    assert sheet.heading == "Polling places by people of limited English"
    assert sheet.alt[0].startswith(
        "Map of 12 polling places sized by people aged 5 and over, citizens or not, of limited"
    )
    assert "The largest estimate is Old Cannery Hall, 536 ± 81, apart from all others" in sheet.alt[0]
    assert "Sandpiper School: 32 ± 27, rank 9 to 12." in sheet.description
    assert "Projection: Lambert azimuthal equal-area" in sheet.description
    told = words(panel.figure)
    assert "SAMPLE DATA, NOT FOR TESTIMONY" in told
    assert "citizens or not, who speak one of these languages at home" in told
    assert "shares by which blocks divide a tract are taken as exact" in told


def test_the_table_twin(found, panel):
    twin = sheet_of(panel).twins[0]
    assert [name for name, _ in twin.columns] == ["name", "precincts", "ranks", "people", "margin", "reliability"]
    assert len(twin.frame) == 12
    assert twin.frame.loc[0, ["name", "ranks"]].tolist() == ["Old Cannery Hall", "1"]
    assert twin.frame["people"].tolist() == found.frame["speakers"].tolist()
    assert twin.sample


def test_files_and_exhibit(panel, placed, tmp_path):
    files = kit.save_map(panel, tmp_path / "map", formats=["svg"])
    assert [path.name for path in files] == ["map.svg", "map.txt", "map_table.csv", "map_table.html"]
    assert "Old Cannery Hall" in files[2].read_text()
    exhibit = kit.exhibit(panel, **GIVEN).save(tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").stat().st_size > 10_000
    assert exhibit


def test_over_shares(found, placed, tmp_path):
    ax = map_polling(found, placed, **SHARE, page="letter portrait", title="Help on Lantern Hill")
    sheet = sheet_of(ax)
    assert sheet.heading == "Help on Lantern Hill"
    assert "over shares by census block" in sheet.alt[0]
    assert "Share of voting-age population" in words(ax.figure)
    assert (sheet.facts.group, sheet.facts.base) == ("aapi_aoic", "vap")
    assert kit.exhibit(ax, **GIVEN).save(tmp_path / "a.pdf")


def test_precincts_stand_inside_themselves(by_precinct, placed, county):
    ax = map_polling(by_precinct, placed)
    drawn = symbols(ax)
    assert len(drawn) == 24
    shapes = county.units.geometry.to_crs(_crs(by_precinct, ax))
    inside = set()
    for x, y in drawn:
        block = shapes.index[shapes.distance(_point(x, y)) < 1][0]
        inside.add(county.units.frame.loc[block, "vtd"])
    assert inside == set(by_precinct.frame.index)
    twin = sheet_of(ax).twins[0]
    assert [name for name, _ in twin.columns] == ["name", "ranks", "people", "margin", "reliability"]


def _point(x, y):
    import shapely

    return shapely.Point(x, y)


def test_into_axes_of_the_callers_own(found, placed):
    figure, ax = plt.subplots(figsize=(6, 6))
    assert map_polling(found, placed, ax=ax) is ax
    assert len(symbols(ax)) == 12
    assert ax.get_legend() is not None
    plt.close(figure)
    assert not sheet_of(ax).facts.whole


def test_places_without_an_estimate_are_crosses(county, placed, found):
    spots = county.polling_places()
    lost = replace(spots, serves=spots.serves[spots.serves["place"] != "PP-12"].reset_index(drop=True))
    one = rank_polling_places(county.units, county.survey("C16001"), places=lost)
    ax = map_polling(one, placed)
    assert len(symbols(ax)) == 11
    assert sum(line.get_marker() == "x" for line in ax.lines) == 1
    assert "no estimate" in words(ax.figure)
    assert "Sandpiper School: not available, rank not available." in sheet_of(ax).description


def test_places_outside_the_frame_are_named(found, placed):
    ax = map_polling(found, placed, extent=[-139.96, 29.975, -139.93, 30.0])
    assert len(symbols(ax)) == 3
    told = " ".join(sheet_of(ax).facts.notes)
    assert "Outside the frame of the map: Reef Point Hall" in told


def test_a_tie_for_the_first_place_is_said(found, placed):
    wide = found.frame.assign(rank_low=1)
    ax = map_polling(replace(found, frame=wide), placed)
    assert "sampling error alone could put any of 12 first." in sheet_of(ax).alt[0]


@pytest.mark.parametrize(
    ("more", "error", "message"),
    [
        ({"group": "aapi_aoic"}, InputError, "pass group, base and breaks together"),
        ({"found": "list"}, InputError, "a MonitoringList is due"),
        ({"found": "precincts", "precinct": "ward"}, SchemaError, "no column 'ward' of precincts"),
        (
            {"found": "precincts", "precinct": "tract"},
            SchemaError,
            "none of the precincts of the list is in the column",
        ),
        ({"found": "empty"}, InputError, "there is nothing to size"),
    ],
)
def test_maps_that_cannot_be(more, error, message, found, by_precinct, placed):
    kinds = {"precincts": by_precinct, "empty": replace(found, frame=found.frame.assign(speakers=np.nan))}
    one = more.pop("found", None)
    with pytest.raises(error, match=message):
        map_polling(kinds.get(one, one or found), placed, **more)


def test_units_need_polygons(found, placed):
    bare = replace(placed, units=replace(placed.units, geometry=None))
    with pytest.raises(InputError, match="a map needs the polygons"):
        map_polling(found, bare)


def test_words_can_be_said_in_another_language(found, placed, monkeypatch):
    monkeypatch.setattr(catalogues, "translation", lambda template, _: f"⟦{template}⟧")
    with kit.using(language="vi"):
        told = retold(found.summary())
        sheet = sheet_of(map_polling(found, placed))
    assert told.startswith("⟦")
    assert sheet.heading.startswith("⟦")
    assert sheet.alt[0].startswith("⟦")
    assert all(str(heading).startswith("⟦") for _, heading in sheet.twins[0].columns)


def test_nothing_is_shown_and_inputs_stay(found, placed):
    before = found.frame.copy()
    ax = map_polling(found, placed)
    assert isinstance(ax.figure, Figure)
    assert not plt.get_fignums()
    pd.testing.assert_frame_equal(found.frame, before)


def test_what_is_no_placement_and_latitudes_in_the_place_of_longitudes(county, placed, found):
    for wrong in (county.plans["a"], None):
        with pytest.raises(InputError, match="placement= is units placed in a plan, from kit.place, not a"):
            map_polling(found, wrong)
    west, south, east, north = county.units.geometry.total_bounds
    with pytest.raises(InputError, match="extent is west, south, east and north in degrees"):
        map_polling(found, placed, extent=(south, west, north, east))
