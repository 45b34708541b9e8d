"""The volunteers' page when things go wrong: killed in a save, too many people, two at once, and curious strangers."""

from __future__ import annotations

import json
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

import psutil
import pytest

import kit
from kit.intake.drafts import Drafts

pytestmark = [pytest.mark.browser, pytest.mark.slow]

UNITS = ["sample:fictional_county", "sample:a"]
HOW = ["--group", "aapi_aoic", "--base", "pop", "--breaks", "0,.1,.5,1", "--people", "2"]
FIRST, SECOND, THIRD = "980010001001000", "980010001001001", "980010001001002"
# Read by every Python that the server starts: ends it as a power cut would, before a file that is written gets its name.
KILLER = """
import os, signal, sys

def watch(event, args):
    if event == "os.link" and os.path.exists({mark!r}):
        os.remove({mark!r})
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
"""


@pytest.fixture
def place(tmp_path):
    """Give a folder whose file ``kill`` ends whoever saves next."""
    (tmp_path / "path").mkdir()
    code = KILLER.format(mark=str(tmp_path / "kill"))
    (tmp_path / "path" / "sitecustomize.py").write_text(code, encoding="utf-8")
    return tmp_path


def only(folder):
    """Give the one community of the one visitor."""
    drafts = Drafts(folder)
    (one,) = drafts
    return drafts.latest(one)


def the_server(address):
    """Find the process of the server."""
    port = f"--port={urlsplit(address).port}"
    (found,) = [one for one in psutil.Process().children(recursive=True) if port in one.cmdline()]
    return found


def asked(address, path, method="GET"):
    """Ask the server for something as a stranger, and give the answer's status and text."""
    at = urlsplit(address)
    connection = HTTPConnection(at.hostname, at.port, timeout=10)
    connection.request(method, path)
    answer = connection.getresponse()
    told = answer.status, answer.read().decode("utf-8", "replace")
    connection.close()
    return told


def test_two_at_once_one_too_many_and_killed_in_a_save(place, volunteering, visitors, pad_of):
    more = {"PYTHONPATH": str(place / "path")}
    with volunteering(place, UNITS, *HOW, **more) as (address, folder):
        ann, bob, cat = (pad_of(visitors()) for _ in range(3))
        for one in (ann, bob):
            one.page.goto(f"{address}/?token={pad_of.CODE}", wait_until="commit")
        for one in (ann, bob):
            one.ready()
        # Both write at once, and neither sees anything of the other.
        ann.add(FIRST)
        bob.add(f"{SECOND} {THIRD}")
        ann.page.get_by_label("Name of the community").fill("Willow Court <script>document.title='struck'</script>")
        bob.page.get_by_label("Name of the community").fill("Garden Street")
        ann.said("Saved: version 3.")
        bob.said("Saved: version 3.")
        homes = {only(home).name.split()[0]: home for home in folder.iterdir()}
        assert only(homes["Willow"]).area.geoids == (FIRST,)
        assert only(homes["Garden"]).area.geoids == (SECOND, THIRD)
        assert "Willow" not in bob.page.content()
        assert "Garden" not in ann.page.content()
        assert "struck" not in ann.page.title()
        drafts = Drafts(homes["Willow"])
        kept = f"{homes['Willow'].name}/{next(iter(drafts))}/v000003.json"
        curious = [f"/voila/files/{kept}", f"/files/told/{kept}", f"/voila/files/../told/{kept}", "/api/contents"]
        curious += [
            "/voila/files/intake.ipynb",
            "/voila/files/page.pickle",
            f"/static/../../told/{kept}",
            "/api/kernels",
        ]
        for path in curious:
            for query in ("", f"?token={pad_of.CODE}"):
                status, text = asked(address, path + query)
                assert "Willow" not in text, f"{path} gave it away"
                assert status != 200, f"{path} answers"
        # One visitor too many is told so, and finds a place once somebody has left.
        cat.page.goto(f"{address}/?token={pad_of.CODE}")
        assert cat.page.locator("h1").text_content() == "Everybody's place is taken"
        assert "Nothing of yours is lost" in cat.page.locator("main").text_content()
        assert cat.faults("body") == []
        bob.page.goto("about:blank")
        left = time.monotonic()
        while cat.page.title() == "Everybody's place is taken":
            assert time.monotonic() < left + 60, "who left still takes a place"
            cat.page.wait_for_timeout(500)
        # Killed while the third stroke is saved: the second is there, every file is whole, and the page says so.
        before = only(homes["Willow"])
        came_back = ann.page.url
        (place / "kill").touch()
        ann.add(SECOND)
        lost = time.monotonic()
        while (place / "kill").exists():
            assert time.monotonic() < lost + 20, "nobody was killed"
            time.sleep(0.1)
        files = sorted(homes["Willow"].rglob("v*.json"))
        assert [json.loads(path.read_text(encoding="utf-8"))["version"] for path in files] == [1, 2, 3]
        assert only(homes["Willow"]) == before
        ann.page.get_by_role("alert").get_by_text("This page has had no answer for a while.").wait_for(timeout=60_000)
        assert "reload the page" in ann.page.get_by_role("alert").text_content()
        cat.ready()
        ann.page.reload()
        ann.ready()
        ann.said("Saved: version 3.")
        assert ann.page.get_by_label("Name of the community").input_value() == before.name
        ann.add(THIRD)
        ann.said("Saved: version 4.")
        assert ann.page.get_by_role("alert").count() == 0
        assert only(homes["Willow"]).area.geoids == (FIRST, THIRD)
        # The server itself is killed; another one on the same folder knows the code.
        server = the_server(address)
        server.kill()
        server.wait(20)
    with volunteering(place, UNITS, *HOW) as (address, _):
        eve = pad_of(visitors())
        eve.enter(address, f"?{urlsplit(came_back).query}")
        eve.said("Saved: version 4.")
        eve.said("Chosen: 2 census blocks.")
        assert {"return": urlsplit(eve.page.url).query} == {"return": urlsplit(came_back).query}
        eve.page.get_by_role("button", name="Finished").click()
        eve.said("Thank you.")
        done = only(homes["Willow"])
        assert not done.draft
        assert len(list(folder.iterdir())) == 3
        assert all(one.page.outside == [] for one in (ann, bob, cat, eve))
    sample = kit.load_sample("fictional_county")
    found = kit.locate_communities([done], sample.units, rule="point")
    assert found.names == (done.name,)
