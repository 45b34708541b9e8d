"""The first notebook, opened and run in JupyterLab by a real browser that may not leave this machine."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import sync_playwright

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TOKEN = "for-this-test-only"
NOTEBOOK = "01_quickstart.ipynb"
ASIDE = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
SETTINGS = '{"fetchNews": "false", "checkForUpdates": false}'


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def lab(repo_root, tmp_path_factory):
    """Serve copies of the notebooks with JupyterLab on the loopback address."""
    top = tmp_path_factory.mktemp("lab")
    folder = top / "notebooks"
    folder.mkdir()
    assert (repo_root / "notebooks" / NOTEBOOK).is_file(), f"notebooks/{NOTEBOOK} is missing"
    for path in (repo_root / "notebooks").glob("*.ipynb"):
        shutil.copy(path, folder / path.name)
    if (repo_root / "shapefiles").is_dir():
        (top / "shapefiles").symlink_to(repo_root / "shapefiles", target_is_directory=True)
    own = tmp_path_factory.mktemp("jupyter")
    quiet = own / "settings" / "@jupyterlab" / "apputils-extension"
    quiet.mkdir(parents=True)
    (quiet / "notification.jupyterlab-settings").write_text(SETTINGS, encoding="utf-8")
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if k not in {"MPLBACKEND", "CENSUS_API_KEY"}}
    environment |= {
        "KIT_OFFLINE": "1",
        "KIT_CACHE": str(own / "cache"),
        "JUPYTER_CONFIG_DIR": str(own / "config"),
        "JUPYTER_DATA_DIR": str(own / "data"),
        "JUPYTER_RUNTIME_DIR": str(own / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(own / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(own / "workspaces"),
        "IPYTHONDIR": str(own / "ipython"),
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}"]
    command += [f"--IdentityProvider.token={TOKEN}", "--ServerApp.port_retries=0", "--allow-root", str(folder)]
    log = (own / "lab.log").open("w", encoding="utf-8")
    with log, subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log) as server:
        address = f"http://127.0.0.1:{port}"
        try:
            until = time.monotonic() + 60
            while True:
                with contextlib.suppress(URLError, OSError), urlopen(f"{address}/api?token={TOKEN}", timeout=5) as ok:
                    if ok.status == 200:
                        break
                if server.poll() is not None or time.monotonic() > until:
                    pytest.fail("JupyterLab did not start:\n" + (own / "lab.log").read_text(encoding="utf-8")[-2000:])
                time.sleep(0.2)
            yield address
        finally:
            server.terminate()


@pytest.fixture
def page(chromium):
    """Open a page that can load from this machine only; what it tried to load elsewhere is in ``page.outside``."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ASIDE)
        page = browser.new_page(viewport={"width": 1400, "height": 1600})
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


PROMPTS = "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(p => p.textContent)"


def run_all(page):
    """Run every cell and wait until the kernel has nothing left to do."""
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    page.wait_for_selector("#jp-main-statusbar >> text=/\\| Idle/", timeout=60_000)
    for _ in range(5):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name=re.compile("^Run All Cells")).click()
        with contextlib.suppress(PlaywrightTimeout):  # a click that comes before the kernel listens is lost
            page.wait_for_function(f"() => {PROMPTS}.some(p => /[\\d*]/.test(p))", timeout=5_000)
            break
    page.wait_for_function(f"() => {PROMPTS}.every(p => /\\[\\d+\\]/.test(p))", timeout=180_000)


def test_quickstart_runs_in_the_browser(lab, page):
    page.goto(f"{lab}/lab/tree/{NOTEBOOK}?token={TOKEN}&reset")
    run_all(page)
    errors = page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.error']").all_text_contents()
    assert errors == []
    assert page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']").all_text_contents() == []
    images = page.locator(".jp-OutputArea-output img")
    assert images.count() >= 1, "no map was drawn"
    for number in range(images.count()):
        image = images.nth(number)
        assert image.evaluate("i => i.complete && i.naturalWidth > 200 && i.naturalHeight > 100")
        assert len(image.get_attribute("alt") or "") > 40, "a map does not say what it shows"
    assert page.outside == []
