"""Local Moran beside esda, on the same neighbours and with as many draws, in one run on the same machine.

``make bench`` collects this file; the ordinary run does not. "Cold" is a
fresh Python that imports what it needs and computes once, as a person at a
prompt would wait for it.
"""

from __future__ import annotations

import importlib.util
import pickle
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from kit.analysis.adjacency import adjacency
from kit.analysis.clusters import clusters
from kit.analysis.moran import local_moran
from kit.analysis.permutation import align

pytestmark = pytest.mark.real

DRAWS = 9999
KIT = """
import pickle, sys
from kit.analysis.moran import local_moran
share, near = pickle.loads(open(sys.argv[1], "rb").read())
print(local_moran(share, near, permutations=9999).frame["p"].sum())
"""
ESDA = """
import pickle, sys, warnings
warnings.simplefilter("ignore")
import esda, libpysal
share, near = pickle.loads(open(sys.argv[1], "rb").read())
table = near.matrix()
lists = {i: table.indices[table.indptr[i]:table.indptr[i + 1]].tolist() for i in range(len(near.ids))}
weights = libpysal.weights.W(lists, silence_warnings=True)
print(esda.Moran_Local(share.to_numpy(), weights, permutations=9999, seed=1, keep_simulations=False).p_sim.sum())
"""


@pytest.fixture(scope="module")
def city(data_dir):
    """Give New York City's block groups, and their shares with neighbours among those of 50 residents and more."""
    file = Path(__file__).parents[1] / "real" / "loaders.py"
    spec = importlib.util.spec_from_file_location("real_loaders", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    units = module.nyc_block_groups(data_dir)
    near = adjacency(units, rule="queen")
    frame = units.frame
    share = frame["asian_alone_pop"] / frame["total_pop"].where(frame["total_pop"] >= 50)
    return units, near, *align(share, near)


@pytest.fixture(scope="module")
def stored(city, tmp_path_factory):
    file = tmp_path_factory.mktemp("bench") / "city.pickle"
    file.write_bytes(pickle.dumps(city[2:]))
    return file


@pytest.fixture(scope="module")
def weights(city):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import libpysal

        table = city[3].matrix()
        lists = {i: table.indices[table.indptr[i] : table.indptr[i + 1]].tolist() for i in range(len(city[2]))}
        return libpysal.weights.W(lists, silence_warnings=True)


def cold(benchmark, repo_root, text, stored):
    def job():
        done = subprocess.run(
            [sys.executable, "-c", text, str(stored)], cwd=repo_root, check=True, capture_output=True, text=True
        )
        return float(done.stdout)

    return benchmark.pedantic(job, rounds=1)


@pytest.mark.benchmark(group="local Moran, warm")
def test_warm_kit(benchmark, city):
    *_, share, near = city
    found = benchmark.pedantic(lambda: local_moran(share, near, permutations=DRAWS), rounds=5, warmup_rounds=1)
    assert found.frame["p"].notna().sum() > 6000


@pytest.mark.benchmark(group="local Moran, warm")
def test_warm_esda(benchmark, city, weights):
    *_, share, near = city
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import esda

        def job():
            return esda.Moran_Local(share.to_numpy(), weights, permutations=DRAWS, seed=1, keep_simulations=False)

        found = benchmark.pedantic(job, rounds=2, warmup_rounds=1)
    ours = local_moran(share, near, permutations=DRAWS, sides="one").frame
    met = (ours["neighbours"] > 0).to_numpy()
    n = len(share)
    assert ours["statistic"].to_numpy()[met] * (n - 1) / n == pytest.approx(found.Is[met], abs=1e-9)
    assert np.abs(ours["p"].to_numpy() - found.p_sim)[met].max() < 0.05


@pytest.mark.benchmark(group="local Moran, cold")
def test_cold_kit(benchmark, repo_root, stored):
    assert cold(benchmark, repo_root, KIT, stored) > 0


@pytest.mark.benchmark(group="local Moran, cold")
def test_cold_esda(benchmark, repo_root, stored):
    assert cold(benchmark, repo_root, ESDA, stored) > 0


@pytest.mark.benchmark(group="clusters, from counts to outlines")
def test_clusters_kit(benchmark, city):
    units, near, *_ = city
    found = benchmark.pedantic(
        lambda: clusters(units, group="asian_alone", base="pop", adjacency=near), rounds=3, warmup_rounds=1
    )
    assert len(found.outlines) == 9
