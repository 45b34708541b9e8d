"""How long a State the size of Texas takes, and how much memory: 668,757 made-up blocks in the 2020 layout.

Run with ``make bench``; ``python tests/benchmarks/bench_pl94171.py`` prints seconds and peak memory alone.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

BLOCKS = 668_757
MEASURE = """
import sys, time
import geopandas, pyarrow.csv, shapely
import kit.sources.pl94171 as pl

def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))

before, start = peak(), time.perf_counter()
units = pl.read_pl94171("TX", year=2020, level="block", source=sys.argv[1])
print(len(units), round(time.perf_counter() - start, 1), round(peak() - before), round(before))
"""


def write_package(folder: Path, blocks: int = BLOCKS) -> Path:
    """Write a zip in the published layout."""
    maker = Path(__file__).resolve().parents[1] / "sources" / "pl_maker.py"
    spec = importlib.util.spec_from_file_location("_bench_pl_maker", maker)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Maker(blocks, state="48", abbr="TX", counties=254).write_zip(folder / "tx2020.pl.zip")


def measure(path: Path) -> dict[str, float]:
    """Read the package in a process of its own and tell what it took."""
    command = [sys.executable, "-c", MEASURE, str(path)]
    rows, seconds, peak, before = map(float, subprocess.run(command, check=True, capture_output=True).stdout.split())
    with zipfile.ZipFile(path) as pack:
        unpacked = sum(info.file_size for info in pack.infolist()) / 2**20
    return {"blocks": rows, "seconds": seconds, "peak MiB": peak, "libraries MiB": before, "unpacked MiB": unpacked}


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return write_package(tmp_path_factory.mktemp("bench"))


def test_reading_the_blocks_of_a_large_state(benchmark, package):
    from kit.sources.pl94171 import read_pl94171

    units = benchmark.pedantic(
        read_pl94171, args=("TX",), kwargs={"year": 2020, "level": "block", "source": package}, rounds=1
    )
    assert len(units) == BLOCKS
    taken = measure(package)
    benchmark.extra_info.update(taken)
    assert taken["peak MiB"] < taken["unpacked MiB"] + 100


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        print(measure(write_package(Path(name))))
