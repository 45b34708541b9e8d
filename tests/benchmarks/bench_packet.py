"""How long a whole packet takes: New York City's block groups, three Senate plans, ten maps, two languages.

Run with ``make bench``; nothing here passes or fails by the clock. The aim is ninety seconds and 2 GB on two cores.
The build runs in a process of its own, so that its largest memory can be measured. No peer makes such a packet.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from itertools import count
from pathlib import Path

import geopandas as gpd
import pytest

pytestmark = pytest.mark.real

TOP = """
body = "Independent Redistricting Commission"
date = 2032-01-15
place = "City Hall"
jurisdiction = "State of New York"
speaker = "The speaker"
contact = "how to reach the speaker"
ask = "Adopt the Senate districts of the Unity Map in New York City."
groups = ["asian_alone"]
bases = ["vap"]
breaks = [0, 0.05, 0.10, 0.20, 0.30, 0.50, 1]
languages = ["en", "zh-Hant"]
maps = []
"""
CLAIM = """
[[claims]]
kind = "largest"
district = "5-UM"
"""
MAPS = (
    *(f'map = "share"\nplan = "{plan}"' for plan in ("Senate plan of June 2022", "LATFOR draft", "Unity Map")),
    'map = "compare"',
    'map = "change"',
    'map = "districts"\nplan = "LATFOR draft"',
    'map = "districts"\nplan = "Unity Map"',
    'map = "dots"',
    'map = "plans"',
    'map = "zoom"\ndistricts = ["5-UM"]',
)
RUN = """
import json, resource, sys, time
begin = time.perf_counter()
import kit
built = kit.build_hearing(sys.argv[1], sys.argv[2])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
print(json.dumps({"seconds": time.perf_counter() - begin, "gigabytes": peak, "files": len(built.paths)}))
"""


@pytest.mark.benchmark(group="the packet of New York City: 10 maps, 2 languages")
def test_kit_builds_the_packet(benchmark, data_dir, tmp_path):
    path = Path(__file__).parents[1] / "real" / "loaders.py"
    spec = importlib.util.spec_from_file_location("bench_packet_loaders", path)
    loaders = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaders)
    units = loaders.nyc_block_groups(data_dir)
    gpd.GeoDataFrame(units.frame, geometry=units.geometry).reset_index().to_file(tmp_path / "groups.gpkg")
    text = TOP + loaders.nyc_senate_plans(data_dir) + CLAIM
    text += "".join(f"\n[[exhibits]]\n{one}\n" for one in MAPS)
    (tmp_path / "hearing.toml").write_text(text, encoding="utf-8")

    number = count()

    def run():
        command = [sys.executable, "-c", RUN, str(tmp_path / "hearing.toml"), str(tmp_path / f"packet_{next(number)}")]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])

    found = benchmark.pedantic(run, rounds=1)
    benchmark.extra_info.update(found)
    print(f"\n{found['seconds']:.0f} s, {found['gigabytes']:.2f} GB, {found['files']} files")
    assert found["files"] > 2 * len(MAPS)
