"""Communities drawn in a real browser that may not leave this machine: in JupyterLab and on the volunteers' page."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from kit.intake.drafts import Drafts

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CODE = "lantern-hill-4071"
CELL = """
import kit
sample = kit.load_sample("fictional_county")
how = {"group": "aapi_aoic", "base": "pop", "breaks": [0, 0.05, 0.1, 0.25, 0.5, 1]}
pad = kit.draw_community(units=sample.units, plans=dict(sample.plans), folder="drafts", **how)
pad
"""
NAME = "<img src=x onerror=\"document.body.dataset.struck='yes'\"> Lantern Hill"


@pytest.fixture(scope="module")
def lab(tmp_path_factory, serve_lab):
    """Serve a notebook with the widget."""
    folder = tmp_path_factory.mktemp("notebooks")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)], metadata=kernel), folder / "a.ipynb"
    )
    with serve_lab(folder) as opened:
        yield opened("a.ipynb"), folder / "drafts"


@pytest.fixture(scope="module")
def volunteers(tmp_path_factory, serving):
    """Serve the volunteers' page, behind a coordinator's code."""
    own = tmp_path_factory.mktemp("intake")
    command = [shutil.which("kit", path=str(Path(sys.executable).parent)) or "kit", "intake", "sample:fictional_county"]
    command += [
        "sample:a",
        "sample:b",
        "--group",
        "aapi_aoic",
        "--base",
        "pop",
        "--breaks",
        "0,.05,.1,.25,.5,1",
        "--to",
        str(own / "told"),
    ]
    command += ["--code", CODE, "--people", "3"]
    with serving(command, own, own, "/login", refusals=True) as address:
        yield address, own / "told"


SAID = ".kit-said .widget-html-content"


def said(page, words, timeout=15_000):
    """Wait until the status says some words."""
    try:
        page.wait_for_function(
            "([css, words]) => [...document.querySelectorAll(css)].some(e => e.textContent.includes(words))",
            arg=[SAID, words],
            timeout=timeout,
        )
    except PlaywrightTimeout:
        pytest.fail(f"{words!r} was not said, but {page.locator(SAID).first.text_content()!r}")
    return page.locator(SAID).first.text_content()


@pytest.fixture
def run_cell(page, run_all_cells):
    def run():
        run_all_cells(lambda: page.wait_for_selector(".kit-pad .leaflet-container", timeout=20_000))
        page.wait_for_selector(".kit-map canvas", timeout=30_000)

    return run


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


def hand_in(page, path):
    with page.expect_file_chooser() as opened:
        page.get_by_role("button", name=re.compile("Choose a file")).click()
    opened.value.set_files(path)


def only_draft(folder):
    drafts = Drafts(folder)
    (one,) = drafts
    return drafts.latest(one)


def test_drawn_in_jupyterlab_and_reopened(lab, page, run_cell):
    address, folder = lab
    page.goto(address)
    run_cell()
    draw_outline(page)
    told = said(page, "The outline was taken.")
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
    said(page, "Saved: version 3.")
    assert only_draft(folder).area.shape.area > drawn.area.shape.area
    node = page.locator(SAID).first.evaluate("e => { e.dataset.mine = '1'; return e.getAttribute('aria-live'); }")
    assert node == "polite"
    name = page.get_by_label("Name of the community")
    name.fill(NAME)
    said(page, "Saved: version 4.")
    assert page.locator(SAID).first.get_attribute("data-mine") == "1", "the live region was made anew"
    assert only_draft(folder).name == NAME
    page.get_by_label("A click on a unit adds or removes it").check()
    box = page.locator(".kit-map").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2 + 10, box["y"] + box["height"] / 2 + 10)
    said(page, "Removed: 98")
    assert only_draft(folder).area.kind == "units"
    page.get_by_role("button", name="Undo").click()
    said(page, "Undone.")
    before = only_draft(folder)
    assert before.area.kind == "polygon"
    page.goto(address)
    run_cell()
    said(page, f"Saved: version {before.version}.")
    assert page.get_by_label("Name of the community").input_value() == NAME
    assert page.evaluate("document.body.dataset.struck") is None
    assert page.outside == []


def enter(page, address):
    page.goto(address)
    if "/login" in page.url:
        page.fill("input[type=password]", CODE)
        page.keyboard.press("Enter")
    page.wait_for_selector(".kit-map canvas", timeout=90_000)


def tab_to(page, name, most=150):
    """Press Tab until what has this name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        got = page.evaluate(
            "() => { const e = document.activeElement; const l = e.labels && e.labels[0];"
            " return (l && l.textContent) || e.textContent || ''; }"
        )
        if got.strip() == name:
            return
    pytest.fail(f"{name} cannot be reached by keyboard")


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


def test_volunteers_page_by_keyboard_alone(volunteers, page):
    address, folder = volunteers
    enter(page, address)
    page.wait_for_function("() => location.search.startsWith('?return=')", timeout=20_000)
    tab_to(page, "Search by name or number")
    page.keyboard.type("980010001001")
    said(page, "12 found.")
    tab_to(page, "Found")
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowDown")
    page.wait_for_timeout(300)
    tab_to(page, "Add what is marked")
    page.keyboard.press("Enter")
    said(page, "Added: 2.")
    tab_to(page, "GEOIDs")
    page.keyboard.type("980010001001002, 98001999")
    tab_to(page, "Add these GEOIDs")
    page.keyboard.press("Enter")
    said(page, "Nothing was changed")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("980010001001002")
    tab_to(page, "Add these GEOIDs")
    page.keyboard.press("Enter")
    said(page, "Added: 1.")
    tab_to(page, "Name of the community")
    page.keyboard.type("Lantern Hill")
    page.wait_for_timeout(1_500)
    (mine,) = folder.iterdir()
    kept = only_draft(mine)
    assert kept.name == "Lantern Hill"
    assert kept.submitter == mine.name
    assert kept.area.geoids == ("980010001001000", "980010001001001", "980010001001002")
    # Reloading opens it again; a stranger sees nothing of it.
    page.reload()
    page.wait_for_selector(".kit-map canvas", timeout=90_000)
    said(page, "Chosen: 3 census blocks.")
    assert page.get_by_label("Name of the community").input_value() == "Lantern Hill"
    with_axe = Axe().run(page, context=".kit-pad", options={"rules": {"color-contrast": {"enabled": True}}})
    bad = [(v["id"], [n["html"][:160] for n in v["nodes"]][:3]) for v in with_axe.response["violations"]]
    assert bad == [], json.dumps(bad, indent=1)
    page.locator(".kit-leave").click()
    page.wait_for_selector(".kit-map canvas", timeout=90_000)
    said(page, "Nothing is chosen yet.")
    assert page.get_by_label("Name of the community").input_value() == ""
    assert len(list(folder.iterdir())) == 2
    assert page.outside == []


def test_a_file_is_handed_in(volunteers, page, tmp_path):
    address, _ = volunteers
    enter(page, address)
    bomb = tmp_path / "bomb.kml"
    bomb.write_text('<?xml version="1.0"?><!DOCTYPE k [<!ENTITY a "aaaa">]><kml>&a;</kml>', encoding="utf-8")
    hand_in(page, bomb)
    page.wait_for_function(f"() => !document.querySelector('{SAID}').textContent.includes('Nothing is chosen')")
    listed = tmp_path / "listed.csv"
    listed.write_text("name,GEOID\nGarden Street,980010001001000\nGarden Street,980010001001001\n", encoding="utf-8")
    hand_in(page, listed)
    said(page, "Taken from the file: Garden Street.")
    large = tmp_path / "large.geojson"
    with large.open("wb") as stream:
        stream.truncate(50_000_000)
    hand_in(page, large)
    said(page, "the file has 50 MB and may have 20", timeout=60_000)
    assert page.get_by_label("Name of the community").input_value() == "Garden Street"
