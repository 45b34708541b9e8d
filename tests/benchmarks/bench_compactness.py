"""Compactness and plan measures, beside plain geopandas and gerrychain on the same input."""

from __future__ import annotations

import importlib.util
import math
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from kit.analysis.adjacency import adjacency
from kit.analysis.compactness import compactness
from kit.analysis.placement import place
from kit.analysis.plan_measures import measure_plan
from kit.model.crs import equal_area
from kit.sources.plans import read_plan

PLAN = "assembly_unity_20211104.geojson"


@pytest.fixture(scope="module")
def loaders():
    file = Path(__file__).parents[1] / "real" / "loaders.py"
    spec = importlib.util.spec_from_file_location("real_loaders", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def case(data_dir, loaders):
    """Give 6,806 block groups placed in 66 districts, their neighbours and the projection."""
    units = loaders.nyc_block_groups(data_dir)
    placed = place(units, read_plan(data_dir / "nyc/plans" / PLAN))
    return placed, adjacency(units), equal_area(units.geometry)


def few(benchmark, job):
    """Time a job five times after one run to warm up."""
    return benchmark.pedantic(job, rounds=5, warmup_rounds=1)


@pytest.mark.benchmark(group="compactness of 6,806 block groups")
def test_scores_kit(benchmark, case):
    placed, _, crs = case
    assert few(benchmark, lambda: compactness(placed.units.geometry, crs=crs))["reock"].notna().all()


@pytest.mark.benchmark(group="compactness of 6,806 block groups")
def test_scores_shape_by_shape(benchmark, case):
    """Do four of our scores as other programs do: one shape after another."""
    placed, _, crs = case

    def job():
        shapes = placed.units.geometry.to_crs(crs)
        return np.array(
            [
                (
                    4 * math.pi * s.area / s.length**2,
                    s.area / (math.pi * shapely.minimum_bounding_radius(s) ** 2),
                    s.area / s.convex_hull.area,
                    s.minimum_rotated_rectangle.length,
                )
                for s in shapes
            ]
        )

    found = few(benchmark, job)
    ours = compactness(placed.units.geometry, crs=crs)[["polsby_popper", "reock", "convex_hull"]]
    np.testing.assert_allclose(found[:, :3], ours, rtol=1e-9)


@pytest.mark.benchmark(group="measures of one plan")
def test_plan_kit(benchmark, case):
    """Measure all there is, neighbours given."""
    placed, neighbours, _ = case
    assert few(benchmark, lambda: measure_plan(placed, adjacency=neighbours)).plan["cut_edges"] > 0


@pytest.mark.benchmark(group="measures of one plan")
def test_plan_gerrychain(benchmark, case):
    """Population, cut edges, areas and perimeters of the same districts; its graph given, and fewer measures."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from gerrychain import GeographicPartition, Graph, updaters

        placed, neighbours, crs = case
        frame = gpd.GeoDataFrame(
            {"pop": placed.units.column("total_pop"), "district": placed.assignment},
            geometry=placed.units.geometry.to_crs(crs),
        )
        graph = Graph.from_geodataframe(frame, adjacency="rook")

        def job():
            partition = GeographicPartition(
                graph, assignment="district", updaters={"pop": updaters.Tally("pop", alias="pop")}
            )
            return len(partition["cut_edges"]), partition["pop"], partition["area"], partition["perimeter"]

        cut, people, *_ = few(benchmark, job)
    ours = measure_plan(placed, adjacency=neighbours)
    assert sum(people.values()) == ours.plan["population"]
    assert cut == ours.plan["cut_edges"]
