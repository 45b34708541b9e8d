"""What the tests on real data share."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def loaders():
    """Give the readers of the real data, each of which keeps what it has read."""
    spec = importlib.util.spec_from_file_location("real_loaders", Path(__file__).with_name("loaders.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
