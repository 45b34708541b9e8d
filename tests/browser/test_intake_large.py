"""All 6,806 block groups of New York City on the volunteers' page: how long it takes to open and to answer a click."""

from __future__ import annotations

import importlib.util
import math
import time
from pathlib import Path

import numpy as np
import pytest

from kit.intake.drafts import Drafts
from kit.intake.surroundings import zoom_of
from kit.intake.tally import Tally

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.real]

_spec = importlib.util.spec_from_file_location("_loaders", Path(__file__).parents[1] / "real" / "loaders.py")
loaders = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(loaders)

HOW = ["--group", "asian_alone", "--base", "pop", "--breaks", "0,.1,.25,.5,1", "--outside", "report"]
# Seconds, on two cores that others share: to open the page, and from a click to the figures that count it.
OPEN, ANSWER = 60.0, 2.0


def on_screen(tally):
    """Give where the middle of each unit is, in pixels from the middle of the map as it opens."""
    west, south, east, north = tally.extent
    scale = 256 * 2 ** zoom_of(tally) / (2 * math.pi)
    middle = np.radians([(west + east) / 2, (south + north) / 2])
    at = np.radians([tally.to_degrees(point.x, point.y) for point in tally.points])
    down = np.arctanh(np.sin(middle[1])) - np.arctanh(np.sin(at[:, 1]))
    return scale * np.column_stack([at[:, 0] - middle[0], down])


def click_unit(page, pad, at):
    """Click on the map, and give the seconds until the figures of that click stand there."""
    box = page.locator(".kit-map").first.bounding_box()
    before = pad.status()
    began = time.perf_counter()
    page.mouse.click(box["x"] + box["width"] / 2 + at[0], box["y"] + box["height"] / 2 + at[1])
    page.wait_for_function(
        "before => { const e = document.querySelector('.kit-said .widget-html-content');"
        " return e.textContent !== before && e.textContent.includes('people live there'); }",
        arg=before,
        polling=20,
    )
    return time.perf_counter() - began


def test_a_city_opens_and_answers(data_dir, tmp_path, volunteering, page, pad):
    units = loaders.nyc_block_groups(data_dir)
    assert len(units) == 6_806
    table = tmp_path / "groups.gpkg"
    units.geometry.to_frame("geometry").join(units.frame).reset_index().to_file(table, layer="groups")
    plan = data_dir / "nyc" / "plans" / "SEN22_June_03_2022.zip"
    given = [str(table), str(plan), "--level", "block_group", "--year", "2020"]
    with volunteering(tmp_path, given, *HOW) as (address, folder):
        began = time.perf_counter()
        pad.enter(address)
        opened = time.perf_counter() - began
        page.get_by_label("A click on a unit adds or removes it").check()
        tally = Tally(units, {}, group="asian_alone")
        # The largest units that are not mostly water: a pixel beside the middle is still in them.
        people = units.frame["total_pop"].to_numpy()
        large = np.argsort(-np.where(people > 800, tally.ground.area.to_numpy(), 0))[:4]
        took = [click_unit(page, pad, at) for at in on_screen(tally)[large]]
        (home,) = folder.iterdir()
        drafts = Drafts(home)
        (one,) = drafts
        kept = drafts.latest(one)
        assert kept.version == 5
        assert set(kept.area.geoids) == set(tally.ids(large))
        assert f"{people[large].sum():,.0f} people live there" in pad.status()
        typed = time.perf_counter()
        pad.add("36061")
        pad.said("Chosen: 1,", timeout=20_000)
        county = time.perf_counter() - typed
        print(f"opened in {opened:.1f} s; clicks {[round(one, 2) for one in took]} s; a county added in {county:.1f} s")
        assert opened < OPEN
        assert max(took) < ANSWER, took
        assert county < 3 * ANSWER
        assert page.outside == []
