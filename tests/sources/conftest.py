"""A Census server on this machine, and a maker of P.L. 94-171 files with known totals."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from kit.settings import using
from kit.sources import _http


def _load(name):
    """Load a helper that stands beside this file."""
    known = f"_sources_{name}"
    if known not in sys.modules:
        spec = importlib.util.spec_from_file_location(known, Path(__file__).with_name(f"{name}.py"))
        module = importlib.util.module_from_spec(spec)
        sys.modules[known] = module
        spec.loader.exec_module(module)
    return sys.modules[known]


@pytest.fixture(scope="session")
def maker():
    """Give the class that writes made-up redistricting files."""
    return _load("pl_maker").Maker


@pytest.fixture
def waits(monkeypatch):
    """Do not wait between attempts; give the list of waits that were asked for."""
    asked = []
    monkeypatch.setattr(_http, "_sleep", asked.append)
    return asked


@pytest.fixture
def server(waits):
    """Give a server on this machine, with the settings pointing at it."""
    started = _load("census_server").CensusServer()
    try:
        with using(api_url=started.api_url, files_url=started.root, retries=2, timeout=5):
            yield started
    finally:
        started.close()


@pytest.fixture
def key(monkeypatch):
    """Set a key that the server knows."""
    good = _load("census_server").GOOD_KEY
    monkeypatch.setenv("CENSUS_API_KEY", good)
    return good
