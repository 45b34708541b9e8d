"""What the tests in a browser share: servers on this machine, and a page that can load from nowhere else."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import sync_playwright

TOKEN = "for-this-test-only"
ASIDE = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
CODE = "lantern-hill-4071"
SAID = ".kit-said .widget-html-content"
# How many points of a canvas are drawn on.
INK = """pane => {
  const canvas = document.querySelector(`.leaflet-${pane}-pane canvas`);
  if (!canvas) return -1;
  const dots = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  let drawn = 0;
  for (let at = 3; at < dots.length; at += 4) if (dots[at]) drawn += 1;
  return drawn;
}"""
FOCUSED = """() => {
  const one = document.activeElement, label = one.labels && one.labels[0];
  return ((label && label.textContent) || one.textContent || '').trim();
}"""
SETTINGS = '{"fetchNews": "false", "checkForUpdates": false}'


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _environment(own, more):
    """Give a server folders of its own, no network and no key."""
    kept = {k: v for k, v in os.environ.items() if k not in {"MPLBACKEND", "CENSUS_API_KEY", "KIT_INTAKE_CODE"}}
    return kept | {
        "KIT_OFFLINE": "1",
        "KIT_CACHE": str(own / "cache"),
        "JUPYTER_CONFIG_DIR": str(own / "config"),
        "JUPYTER_DATA_DIR": str(own / "data"),
        "JUPYTER_RUNTIME_DIR": str(own / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(own / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(own / "workspaces"),
        "IPYTHONDIR": str(own / "ipython"),
        **more,
    }


def _answers(address, *, refusals):
    """Tell whether a server answers; a refusal is an answer where it is expected."""
    try:
        with urlopen(address, timeout=5) as reply:
            return reply.status == 200
    except HTTPError as refused:
        refused.close()
        return refusals
    except (URLError, OSError):
        return False


@contextlib.contextmanager
def _serving(command, folder, own, path, *, refusals=False, **environment):
    """Start a server at a free port, wait until a path of it answers, and end it."""
    port = _free_port()
    address, log = f"http://127.0.0.1:{port}", own / "server.log"
    with (
        log.open("w", encoding="utf-8") as told,
        subprocess.Popen(
            [*command, f"--port={port}"], cwd=folder, env=_environment(own, environment), stdout=told, stderr=told
        ) as server,
    ):
        try:
            until = time.monotonic() + 90
            while not _answers(f"{address}{path}", refusals=refusals):
                if server.poll() is not None or time.monotonic() > until:
                    pytest.fail("the server did not start:\n" + log.read_text(encoding="utf-8")[-2000:])
                time.sleep(0.2)
            yield address
        finally:
            server.terminate()


@pytest.fixture(scope="session")
def serving():
    """Give what starts a server on the loopback address."""
    return _serving


@pytest.fixture(scope="session")
def _lab(tmp_path_factory):
    """Serve one JupyterLab to every test of this process: its address, and the folder it shows."""
    own, top = tmp_path_factory.mktemp("jupyter"), tmp_path_factory.mktemp("lab")
    quiet = own / "settings" / "@jupyterlab" / "apputils-extension"
    quiet.mkdir(parents=True)
    (quiet / "notification.jupyterlab-settings").write_text(SETTINGS, encoding="utf-8")
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1"]
    command += [f"--IdentityProvider.token={TOKEN}", "--ServerApp.port_retries=0", "--allow-root", str(top)]
    with _serving(command, top, own, f"/api?token={TOKEN}") as address:
        yield address, top


@pytest.fixture(scope="module")
def serve_lab(_lab, request):
    """Give a folder that JupyterLab serves, and what gives the address that opens a notebook of it."""
    address, top = _lab
    folder = top / request.module.__name__.rpartition(".")[2]
    folder.mkdir()
    return folder, lambda name: f"{address}/lab/tree/{folder.name}/{name}?token={TOKEN}&reset"


@pytest.fixture(scope="module")
def browser(chromium):
    """Start the browser once for the tests of a file."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=ASIDE)
        yield started
        started.close()


@pytest.fixture
def visitors(browser):
    """Give what opens a page as somebody new; what it tried to load from elsewhere is in ``page.outside``."""
    contexts = []

    def open_page():
        context = browser.new_context(viewport={"width": 1500, "height": 1600})
        contexts.append(context)
        page = context.new_page()
        page.outside = []

        def gate(route):
            url = urlsplit(route.request.url)
            if url.scheme in {"http", "https", "ws", "wss"} and url.hostname not in {"127.0.0.1", "localhost"}:
                page.outside.append(route.request.url)
                route.abort()
            else:
                route.continue_()

        page.route("**/*", gate)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(visitors):
    """Open a page that can load from this machine only."""
    return visitors()


@pytest.fixture
def run_all_cells(page):
    """Give what runs every cell; a click that comes before the kernel listens is lost, and made again."""

    def run(begun):
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        page.wait_for_selector("#jp-main-statusbar >> text=/\\| Idle/", timeout=60_000)
        for _ in range(5):
            page.get_by_role("menuitem", name="Run", exact=True).click()
            page.get_by_role("menuitem", name=re.compile("^Run All Cells")).click()
            with contextlib.suppress(PlaywrightTimeout):
                begun()
                break

    return run


class Pad:
    """The drawing widget in a page, as somebody uses it."""

    CODE = CODE

    def __init__(self, page):
        self.page = page

    def enter(self, address, query=""):
        """Open the volunteers' page with the coordinator's code."""
        self.page.goto(f"{address}/{query}")
        if "/login" in self.page.url:
            self.page.fill("input[type=password]", CODE)
            self.page.keyboard.press("Enter")
        self.ready()

    def ready(self):
        """Wait until units are drawn, and the code to return with is in the address."""
        self.page.wait_for_function(f"() => ({INK})('units') > 0", timeout=90_000)
        self.page.wait_for_function("() => location.search.startsWith('?return=')", timeout=20_000)

    def status(self):
        return self.page.locator(SAID).first.text_content()

    def said(self, words, timeout=15_000):
        """Wait until the status says some words."""
        try:
            self.page.wait_for_function(
                "([css, words]) => [...document.querySelectorAll(css)].some(e => e.textContent.includes(words))",
                arg=[SAID, words],
                timeout=timeout,
            )
        except PlaywrightTimeout:
            pytest.fail(f"{words!r} was not said, but {self.status()!r}")
        return self.status()

    def tab_to(self, name, most=200):
        """Press Tab until what has this name has the focus."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(FOCUSED) == name:
                return
        pytest.fail(f"{name} cannot be reached by keyboard")

    def add(self, ids):
        """Type ids, and add their units."""
        self.page.get_by_label("GEOIDs", exact=True).fill(ids)
        self.page.get_by_role("button", name="Add these GEOIDs").click()

    def hand_in(self, path):
        with self.page.expect_file_chooser() as opened:
            self.page.get_by_role("button", name=re.compile("Choose a file")).click()
        opened.value.set_files(path)

    def ink(self, pane):
        return self.page.evaluate(INK, pane)

    def inked(self, pane, *, drawn):
        """Wait until a layer is drawn, or gone."""
        self.page.wait_for_function(f"([pane, drawn]) => (({INK})(pane) > 0) === drawn", arg=[pane, drawn])

    def faults(self, context):
        """Give what axe finds in a part of the page."""
        told = Axe().run(self.page, context=context, options={"rules": {"color-contrast": {"enabled": True}}}).response
        assert len(told["passes"]) > 5
        return [f"{one['id']}: {node['html'][:160]}" for one in told["violations"] for node in one["nodes"]]


@pytest.fixture(scope="session")
def pad_of():
    """Give what uses the drawing widget in a page."""
    return Pad


@pytest.fixture
def pad(page):
    """Use the drawing widget in the test's own page."""
    return Pad(page)


@pytest.fixture(scope="session")
def volunteering():
    """Give what serves the volunteers' page of a table of units, behind a coordinator's code."""

    @contextlib.contextmanager
    def start(own, units, *options, **environment):
        kit = shutil.which("kit", path=str(Path(sys.executable).parent)) or "kit"
        command = [kit, "intake", *units, *options, "--to", str(own / "told"), "--code", CODE]
        with _serving(command, own, own, "/login", refusals=True, **environment) as address:
            yield address, own / "told"

    return start
