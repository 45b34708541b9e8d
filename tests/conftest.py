"""What every test stands on: no window, no network, no key, and squares that can be counted by hand."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
from pathlib import Path

os.environ["MPLBACKEND"] = "Agg"

import numpy as np
import pandas as pd
import pytest

from kit.model.frames import Plan, Source, Units

ROOT = Path(__file__).resolve().parents[1]
IN_CI = os.environ.get("CI", "").strip().lower() in {"1", "true", "yes"}


def absent(what: str) -> None:
    """Skip the test; on the machine that decides, fail it instead."""
    if IN_CI:
        pytest.fail(f"{what} is not here, and with CI=true nothing may be skipped")
    pytest.skip(f"{what} is not here")


def is_loopback(host: object) -> bool:
    """Tell whether a host never leaves this machine."""
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def _refuse_network():
    """Let sockets reach this machine only; a name that would be looked up elsewhere is refused as well."""
    real = {name: getattr(socket.socket, name) for name in ("connect", "connect_ex", "sendto")}
    look_up = socket.getaddrinfo

    def guarded(name):
        def call(self, *args):
            address = args[-1]
            if self.family in {socket.AF_INET, socket.AF_INET6} and not is_loopback(address[0]):
                raise ConnectionRefusedError(f"tests may not reach the network: {address[0]}")
            return real[name](self, *args)

        return call

    def resolve(host, *args, **kwargs):
        if host is not None and not is_loopback(host):
            raise socket.gaierror(socket.EAI_NONAME, f"tests may not look up names: {host!r}")
        return look_up(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        for name in real:
            patch.setattr(socket.socket, name, guarded(name))
        patch.setattr(socket, "getaddrinfo", resolve)
        yield


@pytest.fixture(autouse=True)
def _clean_environment(tmp_path_factory, monkeypatch):
    """Give each test its own cache, and no key or setting of the person who runs it."""
    monkeypatch.setenv("KIT_CACHE", str(tmp_path_factory.mktemp("cache")))
    for name in (
        "CENSUS_API_KEY",
        "KIT_OFFLINE",
        "KIT_CATALOGUES",
        "KIT_FONTS",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "http_proxy",
        "https_proxy",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def repo_root() -> Path:
    """Give the folder that holds ``kit/`` and ``tests/``."""
    return ROOT


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Give the folder of real data beside the project."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        absent("the folder of real data, ../shared/data,")
    return folder


@pytest.fixture(scope="session")
def fixtures_dir() -> Path:
    """Give the folder of published answers beside the project."""
    folder = ROOT.parent / "shared" / "fixtures"
    if not folder.is_dir():
        absent("the folder of published answers, ../shared/fixtures,")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """Give the path of a Chromium-like browser."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        found = shutil.which(name)
        if found:
            return found
    absent("Chromium")
    raise AssertionError


@pytest.fixture
def rng() -> np.random.Generator:
    """Give a generator with a fixed seed."""
    return np.random.default_rng(20_260_701)


# Four squares of one kilometre, west to east and south to north:
#
#     C D        district "2" is the upper row, "1" the lower
#     A B
SQUARE_IDS = ("360610001001000", "360610001001001", "360610001001002", "360610001001003")
SQUARE_COUNTS = {
    "total_pop": (100, 200, 300, 400),
    "total_vap": (80, 150, 200, 300),
    "asian_alone_pop": (40, 20, 30, 0),
    "asian_alone_vap": (30, 15, 20, 0),
    "asian_aoic_pop": (50, 25, 36, 4),
    "asian_aoic_vap": (35, 18, 22, 3),
    "nhpi_alone_pop": (5, 0, 3, 1),
    "nhpi_alone_vap": (4, 0, 2, 1),
    "nhpi_aoic_pop": (8, 2, 6, 1),
    "nhpi_aoic_vap": (6, 1, 4, 1),
    "aapi_both_pop": (3, 1, 2, 0),
    "aapi_both_vap": (2, 1, 1, 0),
    "aapi_alone_pop": (45, 20, 33, 1),
    "aapi_alone_vap": (34, 15, 22, 1),
    "aapi_aoic_pop": (55, 26, 40, 5),
    "aapi_aoic_vap": (39, 18, 25, 4),
}


@pytest.fixture
def four_squares() -> tuple[Units, Plan]:
    """Give four blocks and two districts whose every figure can be worked out by hand.

    ``aapi_aoic`` of ``vap`` is 57 of 230 in district 1 and 29 of 500 in district 2.
    """
    import geopandas as gpd
    from shapely import box

    ids = pd.Index(SQUARE_IDS, dtype="str", name="GEOID")
    west, south = 1_830_000, 2_180_000
    corners = [(0, 0), (1, 0), (0, 1), (1, 1)]
    squares = [
        box(west + 1000 * x, south + 1000 * y, west + 1000 * (x + 1), south + 1000 * (y + 1)) for x, y in corners
    ]
    units = Units(
        frame=pd.DataFrame(SQUARE_COUNTS, index=ids),
        level="block",
        year=2020,
        sources=(Source("Four squares", publisher="The tests", year=2020, tables="P1–P4", level="block"),),
        geometry=gpd.GeoSeries(squares, index=ids, crs="EPSG:5070"),
    )
    rows = [box(west, south + 1000 * y, west + 2000, south + 1000 * (y + 1)) for y in (0, 1)]
    plan = Plan(
        name="Two rows",
        labels=("1", "2"),
        geometry=gpd.GeoSeries(rows, index=pd.Index(["1", "2"], dtype="str", name="district"), crs="EPSG:5070"),
        jurisdiction="Four squares",
        status="illustrative",
        sources=(Source("Two rows", publisher="The tests"),),
    )
    return units, plan
