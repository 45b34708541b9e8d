"""The packet's web page and the tables beside exhibits, checked with axe in a real browser and worked by keyboard."""

from __future__ import annotations

import itertools

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from kit.hearing import build_hearing
from kit.report.packet_blocks import grid, heading, para, points
from kit.report.packet_html import page_of
from kit.report.packet_runs import spoken
from kit.settings import using

pytestmark = pytest.mark.browser

TEXT = """
body = "Fairwater County Board"
date = 2030-01-15
place = "County hall"
jurisdiction = "Fairwater County (fictional)"
speaker = "May Lee"
organisation = "Lantern Hill Neighbours"
contact = "may@example.org"
ask = "Keep Lantern Hill in one district."
groups = ["aapi_aoic"]
bases = ["vap"]
breaks = [0, 0.1, 0.3, 0.5, 1]
maps = ["communities"]

[rules]
criteria = ["equal population", "communities of interest"]

[words]
community = "Lantern Hill shares two temples and one school."

[units]
source = "sample:fictional_county"

[[plans]]
path = "sample:a"
role = "before"

[[plans]]
path = "sample:b"
role = "after"

[[communities]]
file = "sample:communities"

[[claims]]
kind = "largest"
district = "2"
plan = "before"
"""
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "ACT"],
    },
    "resultTypes": ["violations", "incomplete"],
}
WIDE, NARROW = 1280, 320
# What of the page's own words reaches out of the window, wherever it was scrolled to.
CUT = """() => [...document.querySelectorAll('h1,h2,h3,h4,p,li,figcaption,img,caption span')]
  .filter(one => !one.closest('.skip') && one.getBoundingClientRect().width > 0)
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1)
  .map(one => one.textContent.slice(0, 60) || one.tagName)"""
# Tables that are wider than the window and cannot be scrolled to with the keyboard.
STUCK = """() => [...document.querySelectorAll('table')]
  .filter(one => one.getBoundingClientRect().width > innerWidth && !one.closest('[role=region][tabindex="0"]'))
  .map(one => one.textContent.slice(0, 60))"""


@pytest.fixture(scope="module")
def packet(tmp_path_factory):
    """Build a packet of the fictional county."""
    folder = tmp_path_factory.mktemp("town")
    (folder / "hearing.toml").write_text(TEXT, encoding="utf-8")
    return build_hearing(folder / "hearing.toml").folder


@pytest.fixture(scope="module")
def browser(chromium):
    """Open a browser."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture
def show(browser, packet):
    """Open a page of the packet, with everything outside refused and remembered."""
    contexts = []
    outside = []

    def refuse(route):
        if route.request.url.startswith(("file:", "data:")):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    def opened(name="packet.html", width=WIDE, **how):
        context = browser.new_context(viewport={"width": width, "height": 800}, **how)
        contexts.append(context)
        page = context.new_page()
        page.route("**/*", refuse)
        page.goto((packet / name).as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert outside == []


def faults(page, *, doubts=False):
    """Give what axe finds, one line a fault; also what it could not decide.

    In a narrow window it cannot decide the contrast of cells that a table hides until it is scrolled.
    """
    told = Axe().run(page, options=RULES).response
    assert len(told["passes"]) > 20
    found = [*told["violations"], *(told["incomplete"] if doubts else [])]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


def tables_of(folder):
    """Name the tables that go with exhibits and maps, and one of districts."""
    found = [*folder.glob("*/*_table*.html"), *list(folder.glob("tables/*.html"))[:1]]
    return [path.relative_to(folder).as_posix() for path in sorted(found)]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_axe_finds_nothing_on_the_packet(show, width):
    assert faults(show(width=width), doubts=width == WIDE) == []


def test_axe_finds_what_is_wrong(show):
    page = show()
    page.evaluate("document.querySelector('figure img').removeAttribute('alt')")
    page.evaluate("document.querySelector('.small').style.color = '#aaaaaa'")
    page.evaluate("document.querySelector('.scroll').removeAttribute('aria-label')")
    assert {one.split(":")[0] for one in faults(page)} >= {"image-alt", "color-contrast"}


def test_axe_finds_nothing_on_the_tables(show, packet):
    names = tables_of(packet)
    assert len(names) >= 5
    assert {name.split("/")[0] for name in names} == {"exhibits", "maps", "tables"}
    assert {name: found for name in names if (found := faults(show(name, NARROW)))} == {}


@pytest.mark.parametrize("how", [{"color_scheme": "dark"}, {"forced_colors": "active"}])
def test_axe_finds_nothing_in_other_colors(show, how):
    page = show(**how)
    assert faults(page) == []
    back, ink = page.evaluate(
        "() => { const s = getComputedStyle(document.body); return [s.backgroundColor, s.color] }"
    )
    if "color_scheme" in how:
        assert (back, ink) == ("rgb(255, 255, 255)", "rgb(26, 26, 26)")
    key = page.locator(".swatch").first.evaluate("one => getComputedStyle(one).backgroundColor")
    assert key not in {back, "rgba(0, 0, 0, 0)"}


def test_nothing_is_cut_in_a_narrow_window(show, packet):
    for name in ["packet.html", *tables_of(packet)]:
        page = show(name, NARROW)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW, name
        assert page.evaluate(STUCK) == [], name
    assert show(width=NARROW).evaluate(CUT) == []


def test_words_at_twice_their_size_are_not_cut(show):
    page = show(width=2 * NARROW)
    page.add_style_tag(content="html{font-size:200%}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 2 * NARROW
    assert page.evaluate(CUT) == []


def test_the_skip_link_comes_first_is_seen_and_skips(show):
    page = show()
    page.keyboard.press("Tab")
    link = page.locator("a.skip")
    assert link.evaluate("one => one === document.activeElement")
    box = link.bounding_box()
    assert box["width"] > 50
    assert box["height"] > 15
    assert 0 <= box["x"] < WIDE
    assert outline(page)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "text"
    page.keyboard.press("Tab")
    # The next stop lies in the text, past all links of the contents.
    assert page.evaluate("document.activeElement.closest('main') !== null && !document.activeElement.closest('nav')")


def outline(page):
    """Tell whether what has the focus shows it."""
    style, width = page.evaluate(
        "() => { const s = getComputedStyle(document.activeElement); return [s.outlineStyle, s.outlineWidth] }"
    )
    return style not in {"none", "hidden"} and float(width.removesuffix("px")) >= 2


def test_every_stop_of_the_keyboard_can_be_seen(show):
    page = show(width=NARROW)
    stops = page.locator("a[href], [tabindex='0']").count()
    seen = []
    for _ in range(stops):
        page.keyboard.press("Tab")
        assert outline(page), page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
        seen.append(page.evaluate("document.activeElement.getAttribute('href') ?? document.activeElement.ariaLabel"))
    assert len(seen) == stops > 10
    assert seen[0] == "#text"
    assert all(seen)


def test_links_of_the_contents_lead_to_headings(show):
    page = show()
    links = page.locator("nav a")
    for at in range(links.count()):
        told, where = links.nth(at).inner_text(), links.nth(at).get_attribute("href")
        assert page.locator(f"h2{where}").inner_text() == told


def test_wide_tables_scroll_with_the_keyboard(show):
    page = show(width=NARROW)
    wide = page.evaluate(
        "() => [...document.querySelectorAll('[role=region]')].findIndex(one => one.scrollWidth > one.clientWidth + 40)"
    )
    region = page.locator("[role=region]").nth(wide)
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("at => document.querySelectorAll('[role=region]')[at].scrollLeft > 0", arg=wide)
    assert region.get_attribute("aria-label")
    # The words above a wide table stay in sight while it is scrolled.
    words = region.locator("caption span")
    if words.count():
        assert words.bounding_box()["x"] >= 0


def test_the_printed_page(show):
    page = show(width=720)
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert not page.locator("a.skip").is_visible()
    assert page.locator(".scroll").first.evaluate("one => getComputedStyle(one).overflowX") == "visible"
    kept = page.locator(".swatch").first.evaluate("one => getComputedStyle(one).printColorAdjust")
    assert kept == "exact"
    # Paper cannot be scrolled: every table fits between the margins of a letter page.
    assert page.evaluate("document.documentElement.scrollWidth") <= 720


def test_what_a_screen_reader_hears_first(show):
    page = show()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.title() == page.locator("h1").inner_text()
    levels = page.evaluate("() => [...document.querySelectorAll('h1,h2,h3,h4')].map(one => Number(one.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    pictures = page.locator("figure img")
    assert pictures.count() >= 3
    assert all(pictures.nth(at).get_attribute("alt") for at in range(pictures.count()))
    assert page.locator("main table th:not([scope])").count() == 0
    assert page.get_by_role("main").count() == page.get_by_role("navigation").count() == 1


ENGLISH = "This sentence has no translation yet."


def test_a_page_from_right_to_left(show, packet):
    def urdu(words):
        return spoken(words, "ur")

    names = ("title", "about", "when", "ask_head", "ask", "contents", "made", "legal")
    front = {name: urdu("ہم ایک ضلع میں رہنا چاہتے ہیں") for name in names} | {"who": ["May Lee"], "stamps": []}
    table = grid(
        urdu("ضلعے"),
        [urdu("ضلع"), urdu("لوگ"), *([urdu("تمام باشندے")] * 6)],
        [["1", *["1,234,567"] * 7], ["2", *["−5.0%"] * 7]],
        words=[True, *[False] * 7],
        caption=urdu("ضلع کے تمام باشندے"),
    )
    blocks = [heading(urdu("ضلعے")), para(urdu("ہم ایک ضلع میں")), para(spoken(ENGLISH, "en")), points(["x"]), table]
    with using(language="ur"):
        told = page_of(front, blocks, {})
    (packet.parent / "urdu").mkdir(exist_ok=True)
    (packet.parent / "urdu" / "packet.html").write_text(told, encoding="utf-8")
    for width in (WIDE, NARROW):
        page = show("../urdu/packet.html", width)
        assert faults(page) == []
        root = page.locator("html")
        assert (root.get_attribute("lang"), root.get_attribute("dir")) == ("ur", "rtl")
        kept = page.get_by_text(ENGLISH)
        assert kept.evaluate("one => [one.closest('[lang]').lang, getComputedStyle(one).direction]") == ["en", "ltr"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(CUT) == []
        page.keyboard.press("Tab")
        assert page.locator("a.skip").bounding_box()["width"] > 30
