"""Communities drawn in a real browser that may not leave this machine: in JupyterLab and on the volunteers' page."""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import geopandas as gpd
import nbformat
import pytest
import shapely

import kit
from kit.intake.drafts import Drafts

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_spec = importlib.util.spec_from_file_location("_maker", Path(__file__).parents[1] / "sources" / "tiger_maker.py")
maker = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(maker)

SAID = ".kit-said .widget-html-content"
HOW = ["--group", "aapi_aoic", "--base", "pop", "--breaks", "0,.05,.1,.25,.5,1"]
CELL = """
import kit
sample = kit.load_sample("fictional_county")
how = {"group": "aapi_aoic", "base": "pop", "breaks": [0, 0.05, 0.1, 0.25, 0.5, 1]}
pad = kit.draw_community(units=sample.units, plans=dict(sample.plans), folder="drafts", **how)
pad
"""
NAME = "<img src=x onerror=\"document.body.dataset.struck='yes'\"> Lantern Hill"


@pytest.fixture(scope="module")
def lab(serve_lab):
    """Serve a notebook with the widget; nobody has signed it, so it is not trusted."""
    folder, opened = serve_lab
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells = [nbformat.v4.new_code_cell(CELL)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "a.ipynb")
    return opened("a.ipynb"), folder / "drafts"


def tiger(folder, units):
    """Write water, roads, streets and places around units under their published names."""
    west, south, east, north = units.geometry.to_crs(4269).total_bounds
    middle, center = (south + north) / 2, (west + east) / 2
    ways = {
        "1": ("State Hwy 9", "S1200", [(center, south), (center, north)]),
        "2": ("Peña St", "S1400", [(west, middle), (east, middle)]),
        "3": ("Far Away St", "S1400", [(west + 3, middle), (east + 3, middle)]),
        "4": (None, "S1730", [(west, south), (center, middle)]),
    }
    names, classes, lines = zip(*ways.values(), strict=True)
    streets = {"LINEARID": list(ways), "FULLNAME": names, "MTFCC": classes}
    roads = gpd.GeoDataFrame(streets, geometry=[shapely.LineString(one) for one in lines], crs=4269)
    pond, hill = shapely.Point(center, middle).buffer((east - west) / 12), shapely.box(west, south, center, middle)
    water = gpd.GeoDataFrame({"HYDROID": ["8"], "FULLNAME": ["Quiet Pond"]}, geometry=[pond], crs=4269)
    places = {"GEOID": ["9800100"], "STATEFP": ["98"], "NAMELSAD": ["Lantern Hill <b>CDP</b>"]}
    layers = {
        "tl_2022_98001_areawater": water,
        "tl_2022_98_prisecroads": roads.iloc[:1],
        "tl_2022_98001_roads": roads,
        "tl_2022_98_place": gpd.GeoDataFrame(places, geometry=[hill], crs=4269),
    }
    folder.mkdir()
    for stem, layer in layers.items():
        (folder / f"{stem}.zip").write_bytes(maker.zipped(layer, stem))
    return folder


@pytest.fixture(scope="module")
def volunteers(tmp_path_factory, volunteering):
    """Serve the volunteers' page with layers."""
    own = tmp_path_factory.mktemp("intake")
    layers = tiger(own / "tiger", kit.load_sample("fictional_county").units)
    units = ["sample:fictional_county", "sample:a", "sample:b"]
    with volunteering(own, units, *HOW, "--people", "3", "--context", str(layers)) as served:
        yield served


def only_draft(folder):
    drafts = Drafts(folder)
    (one,) = drafts
    return drafts.latest(one)


def draw_outline(page):
    """Draw four corners around the middle of the map, and close them."""
    page.locator(".leaflet-draw-draw-polygon").first.click()
    box = page.locator(".kit-map .leaflet-container, .kit-map.leaflet-container").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    corners = [(x - 90, y - 90), (x + 90, y - 90), (x + 90, y + 90), (x - 90, y + 90), (x - 90, y - 90)]
    for corner in corners:
        page.mouse.move(*corner)
        page.mouse.click(*corner)
        page.wait_for_timeout(350)


def test_drawn_in_jupyterlab_and_reopened(lab, page, pad, run_all_cells):
    address, folder = lab

    def run():
        run_all_cells(lambda: page.wait_for_selector(".kit-pad .leaflet-container", timeout=20_000))
        pad.inked("units", drawn=True)

    page.goto(address)
    run()
    draw_outline(page)
    told = pad.said("The outline was taken.")
    assert "people live there" in told
    assert only_draft(folder).area.kind == "polygon"
    drawn = only_draft(folder)
    page.locator(".leaflet-draw-edit-edit").first.click()
    corner = page.locator(".leaflet-editing-icon").first.bounding_box()
    page.mouse.move(corner["x"] + 4, corner["y"] + 4)
    page.mouse.down()
    page.mouse.move(corner["x"] - 60, corner["y"] - 60, steps=6)
    page.mouse.up()
    page.locator(".leaflet-draw-actions a", has_text="Save").first.click()
    pad.said("Saved: version 3.")
    assert only_draft(folder).area.shape.area > drawn.area.shape.area
    live = page.locator(SAID).first
    live.evaluate("e => { e.dataset.mine = '1'; }")
    assert [live.get_attribute(name) for name in ("role", "aria-live", "aria-atomic")] == ["status", "polite", "true"]
    page.get_by_label("Name of the community").fill(NAME)
    pad.said("Saved: version 4.")
    assert live.get_attribute("data-mine") == "1", "the live region was made anew"
    assert only_draft(folder).name == NAME
    page.get_by_label("A click on a unit adds or removes it").check()
    box = page.locator(".kit-map").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2 + 10, box["y"] + box["height"] / 2 + 10)
    pad.said("Removed: 98")
    assert only_draft(folder).area.kind == "units"
    page.get_by_role("button", name="Undo").click()
    pad.said("Undone.")
    before = only_draft(folder)
    assert before.area.kind == "polygon"
    page.goto(address)
    run()
    pad.said(f"Saved: version {before.version}.")
    assert page.get_by_label("Name of the community").input_value() == NAME
    assert page.evaluate("document.body.dataset.struck") is None
    assert page.outside == []


def test_volunteers_need_the_code(volunteers):
    address, folder = volunteers
    with urlopen(f"{address}/") as answer:
        assert "/login" in answer.url
        assert answer.headers["Referrer-Policy"] == "same-origin"
    with pytest.raises(HTTPError) as refused, urlopen(f"{address}/api/kernels/00000000-0000-0000-0000-000000000000"):
        pass
    assert refused.value.code in {403, 404}
    refused.value.close()
    assert not folder.exists() or not list(folder.iterdir())


def test_volunteers_page_by_keyboard_alone(volunteers, page, pad):
    address, folder = volunteers
    pad.enter(address)
    # Layers are there, from the ground up, and the keyboard switches them.
    order = ["units", "water", "roads", "places", "plans", "overlay"]
    heights = page.evaluate(
        "all => all.map(one => +getComputedStyle(document.querySelector(`.leaflet-${one}-pane`)).zIndex)", order
    )
    assert heights == sorted(set(heights))
    for pane in order[:-1]:
        assert pad.ink(pane) > 100, f"{pane} is not drawn"
    for name, pane in {"Water": "water", "Roads": "roads"}.items():
        pad.tab_to(name)
        for drawn in (False, True):
            page.keyboard.press("Space")
            pad.inked(pane, drawn=drawn)
    assert page.locator(".kit-map").get_by_text("Lantern Hill <b>CDP</b>").count() == 1
    pad.tab_to("Search by name or number")
    page.keyboard.type("pena")
    pad.said("1 found.")
    found = page.get_by_label("Found").locator("option").first.text_content()
    assert found.replace("\xa0", " ") == "Street: Peña St, 28 units"
    page.keyboard.press("Control+A")
    page.keyboard.type("980010001001")
    pad.said("12 found.")
    pad.tab_to("Found")
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowDown")
    page.wait_for_timeout(300)
    pad.tab_to("Add what is marked")
    page.keyboard.press("Enter")
    pad.said("Added: 2.")
    pad.tab_to("GEOIDs")
    page.keyboard.type("980010001001002, 98001999")
    pad.tab_to("Add these GEOIDs")
    page.keyboard.press("Enter")
    pad.said("Nothing was changed")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("980010001001002")
    pad.tab_to("Add these GEOIDs")
    page.keyboard.press("Enter")
    pad.said("Added: 1.")
    pad.tab_to("Name of the community")
    page.keyboard.type("Lantern Hill")
    pad.said("Saved: version 4.")
    (mine,) = folder.iterdir()
    kept = only_draft(mine)
    assert kept.name == "Lantern Hill"
    assert kept.submitter == mine.name
    assert kept.area.geoids == ("980010001001000", "980010001001001", "980010001001002")
    # Reloading opens it again; a stranger sees nothing of it.
    page.reload()
    pad.ready()
    pad.said("Chosen: 3 census blocks.")
    assert page.get_by_label("Name of the community").input_value() == "Lantern Hill"
    assert rows_of(page) == split_rows(kept)
    assert pad.faults(".kit-pad") == []
    page.locator(".kit-leave").click()
    page.wait_for_url("**/?")
    pad.ready()
    pad.said("Nothing is chosen yet.")
    assert page.get_by_label("Name of the community").input_value() == ""
    assert len(list(folder.iterdir())) == 2
    assert page.outside == []


def rows_of(page):
    """Read what the page says each plan does: plan, district, people, the group."""
    rows, plan = [], ""
    for row in page.locator(".kit-splits tbody tr").all():
        head = row.locator("th[scope=rowgroup]")
        plan = head.text_content() if head.count() else plan
        cells = row.locator("td").all_text_contents()
        district = row.locator("th[scope=row]").text_content()
        rows.append((plan, district, *(float(cells[at].replace(",", "")) for at in (0, 2))))
    return rows


def split_rows(community):
    """Work the same rows out as the analysis does."""
    sample, rows = kit.load_sample("fictional_county"), []
    found = kit.locate_communities([community], sample.units, rule="point")
    for plan in sample.plans.values():
        pieces = kit.community_splits(found, kit.place(sample.units, plan), group="aapi_aoic", base="pop").pieces
        told = pieces.sort_values("base", ascending=False, kind="stable")
        rows += [(plan.name, row["district"], row["base"], row["count"]) for _, row in told.iterrows()]
    return rows


def test_files_are_handed_in_and_bombs_refused(volunteers, page, pad, tmp_path):
    address, _ = volunteers
    pad.enter(address)
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = tmp_path / "bomb.kml"
    bomb.write_text(f'<?xml version="1.0"?><!DOCTYPE k [<!ENTITY a0 "ha">{laughs}]><kml>&a9;</kml>', encoding="utf-8")
    packed = tmp_path / "bomb.kmz"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", b"0" * 200_000_000)
    large = tmp_path / "large.geojson"
    with large.open("wb") as stream:
        stream.truncate(50_000_000)
    refusals = {
        bomb: "declares a document type or entities",
        packed: "would unfold to 200 MB",
        large: "more than 20 MB and was not sent",
    }
    for path, words in refusals.items():
        pad.hand_in(path)
        pad.said(words, timeout=60_000)
    # The page goes on; what a file says is shown as letters.
    ids = ("980010001001000", "980010001001001")
    listed = tmp_path / "listed.csv"
    rows = [f'"{NAME.replace(chr(34), chr(39))}",{ids[0]}', f"Garden Street,{ids[1]}"]
    listed.write_text("name,GEOID\n" + "\n".join(rows) + "\n", encoding="utf-8")
    pad.hand_in(listed)
    pad.said("The file holds 2 communities; choose one.")
    offered = page.get_by_label("Communities in the file").locator("option").first.text_content()
    assert offered.replace("\xa0", " ").startswith("<img src=x")
    page.get_by_role("button", name="Take this community").click()
    pad.said("Taken from the file: <img src=x")
    assert page.get_by_label("Name of the community").input_value().startswith("<img src=x")
    assert page.evaluate("document.body.dataset.struck") is None
    assert page.outside == []
