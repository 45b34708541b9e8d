"""Measuring one plan and a thousand, beside gerrytools' compiled scoring, in one run on the same machine.

Virginia's 2,465 voting districts with neighbours and counties, and New York
City's 30,696 blocks. A thousand plans are the real one with 2 per cent of its
units moved at random. The peer scores assignments from memory, and from a
stream of plans on disk, which it reads without going through Python objects.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kit.analysis.adjacency import adjacency
from kit.analysis.many_plans import THRESHOLDS, score_plans
from kit.model.adjacency import Adjacency
from kit.model.frames import Units
from kit.sources.plans import read_plan

pytestmark = pytest.mark.real

GROUP, BASE = "nh_asian_alone_vap", "total_vap"
SIZES = (1, 1000)


def load(name):
    import importlib.util

    file = Path(__file__).parents[1] / "real" / f"{name}.py"
    spec = importlib.util.spec_from_file_location("real_loaders", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def virginia(data_dir):
    shapes, _ = load("loaders").dra_shapes(data_dir / "virginia/Geojson_VA.v06.zip")
    table = pd.read_csv(data_dir / "virginia/va_2020_vtd.csv", dtype={"GEOID20": "str"}).set_index("GEOID20")
    table = table.set_axis(table.index.astype("str").rename("GEOID"))
    frame = table.rename(columns={"pop": "total_pop", "vap": BASE, "vap_asian": GROUP})[["total_pop", BASE, GROUP]]
    units = Units(frame, "vtd", 2020).with_geometry(shapes)
    plan = read_plan(data_dir / "virginia/plans/va_congress_2016_2020vtd_districtr.json")
    return units, adjacency(units), pd.Series(frame.index.str[:5], index=frame.index), plan.assignment


def new_york(data_dir):
    """Blocks are known by their row, so neighbours here are those of the list; counties are the Senate's districts."""
    table = pd.read_csv(data_dir / "nyc/blocks_with_8_plan_assignments.csv")
    ids = pd.Index([f"row{at:05d}" for at in range(len(table))], dtype="str", name="GEOID")
    table = table.set_axis(ids)
    names = {"pop20_total": "total_pop", "vap20_total": BASE, "vap20_asian": GROUP}
    units = Units(table.rename(columns=names)[list(names.values())], "block", 2020)
    n = len(ids)
    pairs = np.vstack([np.column_stack([np.arange(n - step), np.arange(step, n)]) for step in (1, 2, 3)])
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    neighbours = Adjacency(ids, pairs, np.ones(len(pairs)), np.zeros(len(pairs), dtype=bool), "rook")
    return units, neighbours, table["senate_latfor"].astype("str"), table["assembly_latfor"].astype("str")


@pytest.fixture(scope="module", params=[virginia, new_york], ids=["Virginia VTDs", "New York City blocks"])
def case(request, data_dir):
    units, neighbours, regions, listed = request.param(data_dir)
    codes, labels = pd.factorize(listed.reindex(units.frame.index))
    rng = np.random.default_rng(20_261_122)
    plans = {}
    for at in range(max(SIZES)):
        changed = codes.copy()
        if at:
            some = rng.choice(len(codes), len(codes) // 50, replace=False)
            changed[some] = rng.integers(0, len(labels), len(some))
        plans[f"plan {at}"] = changed
    return units, neighbours, regions, pd.DataFrame(plans, index=units.frame.index)


@pytest.fixture(scope="module")
def evaluator(case):
    """Prepare the peer once, outside the clock, with the same graph, counts and regions."""
    units, neighbours, regions, plans = case
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import gerrytools.scoring as gt
        import networkx as nx

        graph = nx.Graph()
        rows = zip(*(units.frame[name] for name in ("total_pop", BASE, GROUP)), regions, strict=True)
        for at, (people, base, group, region) in enumerate(rows):
            graph.add_node(at, people=float(people), base=float(base), group=float(group), region=region)
        graph.add_edges_from(map(tuple, neighbours.pairs.tolist()))
        found = gt.PlanEvaluator(graph).add_metrics(
            gt.MaxPopulationDeviation("people"),
            gt.PopulationDeviations("people"),
            gt.DemographicShares("group", "base"),
            *(
                gt.DistrictsAboveThreshold("group", "base", threshold=bound, result_name=f"above_{100 * bound:g}")
                for bound in THRESHOLDS
            ),
            gt.CutEdges(),
            gt.RegionSplits("region"),
            gt.RegionPieces("region"),
        )
        found.evaluate(plans.iloc[:, 0].tolist())
    return found


def ours(case, size):
    units, neighbours, regions, plans = case
    return score_plans(
        units,
        plans.iloc[:, :size],
        columns=[GROUP],
        adjacency=neighbours,
        regions={"region": regions},
        split_by="land",
    )


def check(scores, result):
    """Hold the peer's figures, from one source of plans or another, equal to ours."""
    np.testing.assert_allclose(scores["population_range"], result["max_population_deviation"].ravel(), rtol=1e-12)
    np.testing.assert_allclose(
        scores["mean_deviation"], np.abs(result["population_deviations"]).mean(axis=1), rtol=1e-9
    )
    np.testing.assert_allclose(scores[f"{GROUP}_highest"], result["demographic_shares"].max(axis=1), rtol=1e-12)
    for bound in THRESHOLDS:
        assert (scores[f"{GROUP}_above_{100 * bound:g}"] == result[f"above_{100 * bound:g}"].ravel()).all()
    assert (scores["cut_edges"] == result["cut_edges"].ravel()).all()
    assert (scores["region_splits"] == result["region_splits"].ravel()).all()
    assert (scores["region_pieces"] == result["region_pieces"].ravel()).all()


def grouped(benchmark, request, size):
    """Compare contenders on one input and one number of plans."""
    place = "Virginia VTDs" if "Virginia" in request.node.name else "New York City blocks"
    benchmark.group = f"score {size:,} plan{'s' * (size > 1)}, {place}"


def rounds(size):
    return {"rounds": 5 if size == 1 else 3, "warmup_rounds": 1 if size == 1 else 0}


@pytest.mark.parametrize("size", SIZES)
def test_kit(benchmark, request, case, size):
    grouped(benchmark, request, size)
    assert len(benchmark.pedantic(lambda: ours(case, size), **rounds(size))) == size


@pytest.mark.parametrize("size", SIZES)
def test_gerrytools(benchmark, request, case, evaluator, size):
    """Plans are handed over as lists made outside the clock, the peer's own input."""
    grouped(benchmark, request, size)
    lists = [case[3].iloc[:, at].tolist() for at in range(size)]
    found = benchmark.pedantic(lambda: evaluator.evaluate_many(lists), **rounds(size))
    check(ours(case, size), {name: found.array(name).reshape(size, -1) for name in found.metrics})


def test_gerrytools_stream(benchmark, request, case, evaluator, tmp_path):
    """Plans are read from a file in the peer's own format, written outside the clock."""
    from binary_ensemble import BenEncoder

    size, file = max(SIZES), tmp_path / "plans.ben"
    grouped(benchmark, request, size)
    with BenEncoder(file, overwrite=True) as encoder:
        for at in range(size):
            encoder.write((case[3].iloc[:, at] + 1).tolist())
    runs = iter(range(100))
    found = benchmark.pedantic(lambda: evaluator.evaluate_stream(file, tmp_path / f"run {next(runs)}"), **rounds(size))
    check(ours(case, size), {name: np.asarray(found.read(name)).reshape(size, -1) for name in found.metrics})
