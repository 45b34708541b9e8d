"""Tables that can be cut out without losing what they mean."""

from __future__ import annotations

import csv
import io
import itertools
import json
from dataclasses import replace
from html.parser import HTMLParser

import geopandas as gpd
import pytest

import kit
from kit.errors import InputError
from kit.report.tables import cited, columns_of, is_sample, uncertainty


@pytest.fixture
def placed(four_squares):
    return kit.place(*four_squares)


@pytest.fixture
def table(placed):
    return kit.concentration(placed, group="aapi_aoic", base="vap")


def rows_of(path):
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def test_every_row_of_the_csv_carries_its_labels(table, tmp_path):
    rows = rows_of(kit.write_table(table, tmp_path / "t.csv"))
    assert [row["district"] for row in rows] == ["1", "2", "all districts"]
    assert [row["count"] for row in rows] == ["57", "29", "86"]
    assert float(rows[0]["share"]) == 57 / 230  # full precision
    for row in rows:
        assert row["plan"] == "Two rows"
        assert row["definition"] == "aapi_aoic"
        assert row["universe"] == "voting-age population (18 and over)"
        assert row["source"] == cited(table)
        assert "The tests, Four squares" in row["source"]
        assert row["placement"].startswith("census blocks by ")
        assert row["uncertainty"] == uncertainty(table)
        assert "Not legal advice" in row["note"]


def test_asian_and_nhpi_stand_apart_as_well_as_together(table):
    assert [word for _, word in columns_of(table)] == [
        "Asian or NHPI", "All adults", "Share", "Asian", "Asian share", "NHPI", "NHPI share",
    ]  # fmt: skip


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


def test_html_escapes_what_people_wrote(table, tmp_path):
    plan = replace(table.placement.plan, name='Plan <b>"A" & B</b><script>')
    odd = replace(table, placement=replace(table.placement, plan=plan))
    text = kit.write_table(odd, tmp_path / "t.html").read_text("utf-8")
    assert "<script>" not in text
    page = Page()
    page.feed(text)
    assert 'Plan <b>"A" & B</b><script>' in "".join(page.text)


def test_html_has_headers_caption_and_language(table, tmp_path):
    page = Page()
    page.feed(kit.write_table(table, tmp_path / "t.html").read_text("utf-8"))
    tags = [tag for tag, _ in page.tags]
    assert {"html", "title", "main", "h1", "caption", "thead", "tbody", "tfoot"} <= set(tags)
    assert dict(page.tags)["html"] == {"lang": "en"}
    scopes = [attrs.get("scope") for tag, attrs in page.tags if tag == "th"]
    assert set(scopes) == {"col", "row"}
    assert scopes.count("row") == 3
    assert not any(tag == "img" or "src" in attrs for tag, attrs in page.tags)


def test_geojson_reads_back_with_the_same_figures(table, tmp_path):
    plan = table.placement.plan
    clockwise = replace(plan, geometry=plan.geometry.reverse())  # as shapefiles have it
    table = replace(table, placement=replace(table.placement, plan=clockwise))
    path = kit.write_table(table, tmp_path / "t.geojson")
    raw = json.loads(path.read_text("utf-8"))
    assert raw["type"] == "FeatureCollection"
    assert "crs" not in raw  # RFC 7946: always longitude and latitude
    for feature in raw["features"]:
        assert set(feature) >= {"type", "geometry", "properties"}
        ring = feature["geometry"]["coordinates"][0]
        assert ring[0] == ring[-1]
        assert all(-180 <= x <= 180 and -90 <= y <= 90 for x, y, *_ in ring)
        turn = sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in itertools.pairwise(ring))
        assert turn < 0  # outer rings run against the clock
    back = gpd.read_file(path).set_index("district")
    assert back["count"].tolist() == [57, 29]
    assert back["share"].tolist() == table.frame["share"].tolist()
    assert back.crs.to_epsg() == 4326
    assert "aapi" not in raw["name"]
    assert "Not legal advice" in raw["description"]


def test_geojson_of_a_list_of_units_joins_their_shapes(table, placed, tmp_path):
    plan = replace(placed.plan, geometry=None, assignment=placed.assignment, level="block", year=2020)
    listed = kit.concentration(kit.place(placed.units, plan), group="aapi_aoic", base="vap")
    back = gpd.read_file(kit.write_table(listed, tmp_path / "t.geojson")).set_index("district")
    whole = gpd.read_file(kit.write_table(table, tmp_path / "u.geojson")).set_index("district")
    shared = back.geometry.to_crs(5070).intersection(whole.geometry.to_crs(5070)).area
    assert shared.tolist() == pytest.approx([2e6, 2e6], rel=1e-4)


def test_geojson_without_shapes_is_refused(table, placed, tmp_path):
    plan = replace(placed.plan, geometry=None, assignment=placed.assignment, level="block", year=2020)
    bare = replace(table, placement=replace(placed, plan=plan, units=replace(placed.units, geometry=None)))
    with pytest.raises(InputError, match="GeoJSON needs district shapes"):
        kit.write_table(bare, tmp_path / "t.geojson")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "told"), [("t.xlsx", "'.xlsx'"), ("t", "a name without a suffix")])
def test_other_suffixes_are_refused(table, tmp_path, name, told):
    with pytest.raises(InputError, match=f"written as .csv, .html or .geojson, not {told}"):
        kit.write_table(table, tmp_path / name)


def test_samples_are_stamped(tmp_path):
    sample = kit.load_sample("fictional_county")
    table = kit.concentration(kit.place(sample.units, sample.plans["a"]), group="aapi_aoic", base="vap")
    assert is_sample(table)
    assert all("not for testimony" in row["note"] for row in rows_of(kit.write_table(table, tmp_path / "t.csv")))
    assert "not for testimony" in kit.write_table(table, tmp_path / "t.html").read_text("utf-8")


def test_nothing_given_is_changed(table, tmp_path):
    before = table.frame.copy()
    for kind in ("csv", "html", "geojson"):
        kit.write_table(table, tmp_path / f"t.{kind}")
    assert table.frame.equals(before)


def test_a_notebook_shows_the_table_with_its_labels(table, capsys):
    kit.show_table(table)  # without a notebook around it, what would be shown is printed
    told = capsys.readouterr().out
    assert "Counted: " in told
    assert f"(definition {table.group})" in told
    assert told.count('<th scope="row">') == len(table.frame) + 1
    assert table.summary() in told
