"""The first notebook, opened and run in JupyterLab by a real browser that may not leave this machine."""

from __future__ import annotations

import shutil

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTEBOOK = "01_quickstart.ipynb"


@pytest.fixture(scope="module")
def lab(repo_root, serve_lab):
    """Serve copies of the notebooks with JupyterLab on the loopback address."""
    folder, opened = serve_lab
    assert (repo_root / "notebooks" / NOTEBOOK).is_file(), f"notebooks/{NOTEBOOK} is missing"
    for path in (repo_root / "notebooks").glob("*.ipynb"):
        shutil.copy(path, folder / path.name)
    if (repo_root / "shapefiles").is_dir():
        (folder.parent / "shapefiles").symlink_to(repo_root / "shapefiles", target_is_directory=True)
    return opened


PROMPTS = "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(p => p.textContent)"


def test_quickstart_runs_in_the_browser(lab, page, run_all_cells):
    page.goto(lab(NOTEBOOK))
    run_all_cells(lambda: page.wait_for_function(f"() => {PROMPTS}.some(p => /[\\d*]/.test(p))", timeout=5_000))
    page.wait_for_function(f"() => {PROMPTS}.every(p => /\\[\\d+\\]/.test(p))", timeout=180_000)
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
