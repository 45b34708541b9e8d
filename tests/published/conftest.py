"""What the tests against published numbers share."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def loaders():
    """Give the readers of the real data."""
    file = Path(__file__).parents[1] / "real" / "loaders.py"
    spec = importlib.util.spec_from_file_location("real_loaders", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
