"""The table as a web page and the map as SVG, in a real browser: structure, width, contrast, letters."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

import kit

pytestmark = pytest.mark.browser

# Contrast by WCAG 2.x of every element that has text of its own, against the first opaque ground behind it.
CONTRAST = """
() => {
  const parse = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = node => {
    for (let at = node; at; at = at.parentElement) {
      const c = parse(getComputedStyle(at).backgroundColor);
      if (c.length < 4 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  return [...document.body.querySelectorAll('*')]
    .filter(node => [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim()))
    .map(node => {
      const [a, b] = [light(parse(getComputedStyle(node).color)), light(ground(node))].sort((x, y) => y - x);
      return [(a + 0.05) / (b + 0.05), node.tagName];
    });
}
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Write a wide table (Asian and NHPI apart) and its map."""
    sample = kit.load_sample("fictional_county")
    placed = kit.place(sample.units, sample.plans["a"])
    ax = kit.map_share(placed, group="aapi_aoic", base="vap", breaks=[0, 0.1, 0.3, 1])
    folder = tmp_path_factory.mktemp("page")
    kit.save_map(ax, folder / "map", ["svg"])
    return folder


@pytest.fixture
def page(browser, written):
    """Open the table on a small telephone."""
    opened = browser.new_page(viewport={"width": 320, "height": 640})
    opened.goto((written / "map_table.html").as_uri())
    yield opened
    opened.close()


def test_only_the_table_scrolls_sideways(page):
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320
    inside, shown = page.evaluate(
        "() => { const s = document.querySelector('.scroll'); return [s.scrollWidth, s.clientWidth] }"
    )
    assert inside > shown
    assert shown <= 320


def test_the_scrolling_part_can_be_reached_and_has_a_name(page):
    region = page.get_by_role("region", name="District table")
    assert region.count() == 1
    page.keyboard.press("Tab")
    assert region.evaluate("node => node === document.activeElement")
    before = region.evaluate("node => node.scrollLeft")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("before => document.querySelector('.scroll').scrollLeft > before", arg=before)


def test_landmarks_and_headings_are_in_order(page):
    assert page.get_by_role("main").count() == 1
    levels = page.evaluate("() => [...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    outside = page.evaluate("() => [...document.body.children].filter(e => e.tagName !== 'MAIN').length")
    assert outside == 0


def test_every_cell_has_its_headers(page):
    table = page.get_by_role("table")
    assert table.count() == 1
    assert page.locator("table > caption").inner_text().startswith("Counted: ")
    columns = page.get_by_role("columnheader").count()
    rows = page.get_by_role("rowheader").count()
    assert rows == 4 + 1  # four districts and all of them
    assert page.locator("td").count() == rows * (columns - 1)
    assert page.locator("th:not([scope])").count() == 0


def test_text_stands_out(page):
    found = page.evaluate(CONTRAST)
    assert len(found) > 30
    worst, tag = min(found)
    assert worst >= 4.5, tag


def test_nothing_is_loaded_from_elsewhere(browser, written):
    opened, asked = browser.new_page(), []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto((written / "map_table.html").as_uri())
    assert asked == [(written / "map_table.html").as_uri()]
    opened.close()


def test_the_drawing_has_real_letters_of_its_own_font(browser, written):
    opened = browser.new_page(viewport={"width": 1100, "height": 850})
    opened.goto(Path(written / "map.svg").as_uri())
    opened.evaluate("() => document.fonts.ready")
    faces = opened.evaluate(
        "() => [...document.fonts].map(f => [f.family.replaceAll(/['\\\"]/g, ''), f.weight, f.status])"
    )
    assert sorted(faces) == [["DejaVu Sans", "400", "loaded"], ["DejaVu Sans", "700", "loaded"]]
    texts = opened.evaluate("() => [...document.querySelectorAll('text')].map(t => t.textContent.trim())")
    assert {"1", "2", "3", "4", "N"} <= set(texts)
    size = opened.evaluate(
        "() => { const r = document.documentElement.getBoundingClientRect(); return [r.width, r.height] }"
    )
    outside = opened.evaluate(
        "([w, h]) => [...document.querySelectorAll('text')].map(t => t.getBoundingClientRect())"
        ".filter(r => r.left < 0 || r.top < 0 || r.right > w || r.bottom > h).length",
        size,
    )
    assert outside == 0
    assert opened.evaluate("() => document.querySelector('svg').getAttribute('role')") == "img"
    opened.close()
