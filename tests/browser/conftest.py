"""What the tests in a browser share: servers on this machine, and a page that can load from nowhere else."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import sync_playwright

TOKEN = "for-this-test-only"
ASIDE = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
SETTINGS = '{"fetchNews": "false", "checkForUpdates": false}'


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _environment(own):
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
def _serving(command, folder, own, path, *, refusals=False):
    """Start a server at a free port, wait until a path of it answers, and end it."""
    port = _free_port()
    address, log = f"http://127.0.0.1:{port}", own / "server.log"
    with (
        log.open("w", encoding="utf-8") as told,
        subprocess.Popen(
            [*command, f"--port={port}"], cwd=folder, env=_environment(own), stdout=told, stderr=told
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
def serve_lab(tmp_path_factory):
    """Give what serves a folder with JupyterLab; the address opens a notebook of it."""

    @contextlib.contextmanager
    def start(folder):
        own = tmp_path_factory.mktemp("jupyter")
        quiet = own / "settings" / "@jupyterlab" / "apputils-extension"
        quiet.mkdir(parents=True)
        (quiet / "notification.jupyterlab-settings").write_text(SETTINGS, encoding="utf-8")
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1"]
        command += [f"--IdentityProvider.token={TOKEN}", "--ServerApp.port_retries=0", "--allow-root", str(folder)]
        with _serving(command, folder, own, f"/api?token={TOKEN}") as address:
            yield lambda name: f"{address}/lab/tree/{name}?token={TOKEN}&reset"

    return start


@pytest.fixture
def page(chromium):
    """Open a page that can load from this machine only; what it tried to load elsewhere is in ``page.outside``."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ASIDE)
        page = browser.new_page(viewport={"width": 1500, "height": 1600})
        page.outside = []

        def gate(route):
            url = urlsplit(route.request.url)
            if url.scheme in {"http", "https", "ws", "wss"} and url.hostname not in {"127.0.0.1", "localhost"}:
                page.outside.append(route.request.url)
                route.abort()
            else:
                route.continue_()

        page.route("**/*", gate)
        yield page
        browser.close()


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
