"""The table as a web page, read as a browser and a screen reader read it."""

from __future__ import annotations

import pytest

import kit

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Write the table of the sample."""
    sample = kit.load_sample("los_angeles_2010")
    table = kit.concentration(kit.place(sample.units, sample.plans["a"]), group="nh_aapi_alone", base="pop")
    return kit.write_table(table, tmp_path_factory.mktemp("table") / "table.html"), table


@pytest.fixture
def opened(browser, written):
    """Open the table in a narrow window, and note all that it asks for."""
    path, table = written
    page = browser.new_page(viewport={"width": 900, "height": 700})
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.goto(path.as_uri())
    yield page, table
    page.close()


def test_page_needs_nothing_else(opened):
    page, _ = opened
    assert [url for url in page.asked if not url.startswith("file:")] == []
    assert len(page.asked) == 1
    assert page.said == []


def test_page_has_language_title_caption_and_headings(opened):
    page, table = opened
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.title()
    assert page.locator("table caption").count() == 1
    assert page.locator("thead th[scope=col]").count() == page.locator("thead th").count() > 3
    assert page.locator("tbody th[scope=row]").count() >= len(table.frame)


def test_page_shows_the_figures_and_what_they_are(opened):
    page, table = opened
    text = page.locator("body").inner_text()
    for label, row in table.frame.iterrows():
        cells = page.locator(
            "tbody tr", has=page.get_by_role("rowheader", name=str(label), exact=True)
        ).first.inner_text()
        assert f"{row['count']:,.0f}" in cells
    assert "not Hispanic or Latino" in text
    assert "U.S. Census Bureau" in text
    assert "not for testimony" in text.lower()


def test_page_can_be_read_in_a_narrow_window(opened):
    page, _ = opened
    page.set_viewport_size({"width": 360, "height": 700})
    wide = page.evaluate(
        "() => [...document.querySelectorAll('p, h1, h2, caption')].filter(e => e.getBoundingClientRect().width > 2000).length"
    )
    assert wide == 0
