"""How long a voter list of eight million rows takes, and how much memory: counted by district, beside plain pandas.

Run with ``make bench``; nothing here passes or fails by the clock. The aim is sixty seconds and 2 GB on two cores. Each
side runs in a process of its own, so that its largest memory can be measured. Codes are those of North Carolina's list;
places, names and rows are invented.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest

pytestmark = pytest.mark.slow

ROWS = int(os.environ.get("BENCH_VOTERS", "8000000"))
CHUNK, SEED = 500_000, 20260301
COUNTED = {}
BEFORE = (
    "county_id",
    "county_desc",
    "voter_reg_num",
    "ncid",
    "last_name",
    "first_name",
    "status_cd",
    "res_street_address",
)
AFTER = ("race_code", "ethnic_code", "party_cd", "precinct_abbrv", "cong_dist_abbrv", "nc_house_abbrv", "filler")
HEAD = """
import json, re, sys, time
begin = time.perf_counter()
"""
# The largest memory of this process alone: what getrusage says begins with that of the process that started it.
TAIL = """
with open("/proc/self/status") as stream:
    peak = int(re.search(r"VmHWM:\\s+(\\d+) kB", stream.read())[1]) * 1024 / 1e9
spent = {"seconds": time.perf_counter() - begin, "processor_seconds": time.process_time(), "gigabytes": peak}
print(json.dumps(spent | {"people": people}))
"""
KIT = (
    HEAD
    + """
from kit.sources.registration import read_registration
counts = read_registration(sys.argv[1], "nc_voters", by="congressional")
people = int(counts.of("total")["registered"].sum())
"""
    + TAIL
)
PEER = (
    HEAD
    + """
import pandas as pd
columns = ["race_code", "ethnic_code", "status_cd", "cong_dist_abbrv"]
parts = []
for piece in pd.read_csv(
    sys.argv[1], sep="\\t", usecols=columns, dtype="str", keep_default_na=False, encoding="latin-1", chunksize=500_000
):
    parts.append(piece[piece["status_cd"].isin(["A", "S"])].groupby(columns).size())
people = int(pd.concat(parts).groupby(columns).sum().sum())
"""
    + TAIL
)


@pytest.fixture(scope="module")
def invented_list(tmp_path_factory):
    """Write a list as wide as a real one: about 300 bytes a row."""
    import pyarrow as pa
    from pyarrow import csv

    rng = np.random.default_rng(SEED)
    path = tmp_path_factory.mktemp("list") / "invented_voters.txt"
    counties = np.array([f"COUNTY {letter}{number:02d}" for letter in "ABCD" for number in range(25)])
    codes = {
        "race_code": ("W", "B", "A", "U", "O", "M", "I", "P", ""),
        "ethnic_code": ("NL", "UN", "HL"),
        "party_cd": ("UNA", "DEM", "REP"),
        "status_cd": ("A", "I", "R", "S"),
    }
    chances = {
        "race_code": (0.64, 0.19, 0.018, 0.087, 0.043, 0.005, 0.007, 0.005, 0.005),
        "status_cd": (0.8, 0.1, 0.09, 0.01),
    }
    with path.open("wb") as stream:
        for start in range(0, ROWS, CHUNK):
            county = rng.integers(0, 100, CHUNK)
            number = np.arange(start, start + CHUNK)
            made = {
                "county_id": (county + 1).astype("str"),
                "county_desc": counties[county],
                "voter_reg_num": np.char.zfill(number.astype("str"), 12),
                "ncid": np.char.add("ZZ", number.astype("str")),
                "last_name": np.full(CHUNK, "SURNAME INVENTED"),
                "first_name": np.full(CHUNK, "FIRSTNAME"),
                "res_street_address": np.full(CHUNK, "1234 NOWHERE STREET OF AN INVENTED PLACE"),
                "precinct_abbrv": rng.integers(1, 40, CHUNK).astype("str"),
                "cong_dist_abbrv": (county % 14 + 1).astype("str"),
                "nc_house_abbrv": (county % 120 + 1).astype("str"),
                "filler": np.full(CHUNK, "X" * 130),
            }
            for name, values in codes.items():
                made[name] = rng.choice(np.array(values), CHUNK, p=chances.get(name))
            table = pa.table({name: made[name] for name in (*BEFORE, *AFTER)})
            options = csv.WriteOptions(include_header=start == 0, delimiter="\t", quoting_style="all_valid")
            csv.write_csv(table, stream, options)
    return path


def measured(code, path):
    run = subprocess.run([sys.executable, "-c", code, str(path)], check=True, capture_output=True, text=True)
    return json.loads(run.stdout.splitlines()[-1])


@pytest.mark.benchmark(group="a voter list of 8 million rows, by district")
def test_kit_counts_the_list(benchmark, invented_list):
    found = benchmark.pedantic(measured, args=(KIT, invented_list), rounds=1)
    benchmark.extra_info.update(found | {"megabytes": invented_list.stat().st_size / 1e6})
    print(
        f"\n{found['seconds']:.1f} s ({found['processor_seconds']:.1f} s of one core), {found['gigabytes']:.2f} GB for {invented_list.stat().st_size / 1e9:.2f} GB of text"
    )
    COUNTED["kit"] = found["people"]
    assert found["people"] > 0.7 * ROWS


@pytest.mark.benchmark(group="a voter list of 8 million rows, by district")
def test_pandas_counts_the_same_columns(benchmark, invented_list):
    found = benchmark.pedantic(measured, args=(PEER, invented_list), rounds=1)
    benchmark.extra_info.update(found)
    print(
        f"\n{found['seconds']:.1f} s ({found['processor_seconds']:.1f} s of one core), {found['gigabytes']:.2f} GB with pandas"
    )
    assert found["people"] == COUNTED["kit"]
