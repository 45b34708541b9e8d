"""A whole county of census blocks: placing, dissolving and finding neighbours, beside the peers in one run.

Every contender gets the same 109,582 polygons, and its answer is checked against ours.
"""

from __future__ import annotations

import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import kit
from kit.analysis.adjacency import adjacency
from kit.maps.shapes import dissolve
from kit.model.crs import equal_area
from kit.model.frames import Units


@pytest.fixture(scope="module")
def county(los_angeles_blocks):
    """Give the blocks as units of one made-up person each, and a plan that cuts none of their tracts."""
    frame = pd.DataFrame({"total_pop": 1}, index=los_angeles_blocks.index.astype("str"))
    units = Units(frame, level="block", year=2010, geometry=los_angeles_blocks.geometry)
    return units, kit.load_sample("los_angeles_2010").plans["a"]


@pytest.fixture(scope="module")
def projected(county):
    """Project once for the peers, which measure in the plane; ours projects for itself."""
    units, plan = county
    crs = equal_area(units.geometry)
    blocks = gpd.GeoDataFrame(geometry=units.geometry.to_crs(crs)).rename_axis("GEOID")
    return blocks, gpd.GeoDataFrame(geometry=plan.geometry.to_crs(crs)).rename_axis("district")


def few(benchmark, job, rounds=3):
    return benchmark.pedantic(job, rounds=rounds, warmup_rounds=1)


def by_polygons(plan):
    """Leave out the plan's own list of tracts, so that every contender works from polygons."""
    return kit.Plan(plan.name, plan.labels, geometry=plan.geometry, sources=plan.sources)


@pytest.mark.benchmark(group="place 109,582 blocks, largest area")
def test_area_kit(benchmark, county):
    units, plan = county
    placed = few(benchmark, lambda: kit.place(units, by_polygons(plan), rule="area", outside="report"))
    assert placed.totals(["total_pop"])["total_pop"].sum() + placed.assignment.isna().sum() == len(units)


@pytest.mark.benchmark(group="place 109,582 blocks, largest area")
def test_area_maup(benchmark, county, projected):
    units, plan = county
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import maup

        found = few(benchmark, lambda: maup.assign(*projected), rounds=1)
    ours = kit.place(units, by_polygons(plan), rule="area", outside="report").assignment
    both = found.notna() & ours.notna()
    assert both.sum() > 0.99 * len(units)
    assert (found[both].astype(str) == ours[both]).all()


@pytest.mark.benchmark(group="place 109,582 blocks, largest area")
def test_area_maup_with_projecting(benchmark, county, projected):
    """The same from the input that ours gets, degrees; it needs the plane, so projecting is part of its job."""
    units, plan = county
    crs = projected[0].crs
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import maup

        def job():
            layers = (units.geometry, "GEOID"), (plan.geometry, "district")
            return maup.assign(*(gpd.GeoDataFrame(geometry=g.to_crs(crs)).rename_axis(name) for g, name in layers))

        assert few(benchmark, job, rounds=1).notna().mean() > 0.99


@pytest.mark.benchmark(group="place 109,582 blocks, a point")
def test_point_kit(benchmark, county):
    units, plan = county
    placed = few(benchmark, lambda: kit.place(units, by_polygons(plan), rule="point", outside="report"))
    assert placed.assignment.notna().mean() > 0.99


@pytest.mark.benchmark(group="place 109,582 blocks, a point")
def test_point_geopandas_sjoin(benchmark, county, projected):
    blocks, districts = projected

    def job():
        points = gpd.GeoDataFrame(geometry=blocks.representative_point())
        return gpd.sjoin(points, districts, predicate="within")["district"]

    found = few(benchmark, job)
    units, plan = county
    ours = kit.place(units, by_polygons(plan), rule="point", outside="report").assignment.dropna()
    assert (found.reindex(ours.index) != ours).mean() < 0.001


@pytest.mark.benchmark(group="dissolve 109,582 blocks to tracts")
def test_dissolve_kit(benchmark, projected):
    shapes, tracts = projected[0].geometry.to_numpy(), projected[0].index.str[:11].to_numpy()
    joined = few(benchmark, lambda: dissolve(shapes, tracts))
    assert len(joined) == len(set(tracts))


@pytest.mark.benchmark(group="dissolve 109,582 blocks to tracts")
def test_dissolve_geopandas_default(benchmark, projected):
    blocks, _ = projected
    tracts = blocks.index.str[:11].to_numpy()
    joined = few(benchmark, lambda: blocks.dissolve(tracts), rounds=1)
    ours = dissolve(blocks.geometry.to_numpy(), tracts)
    differ = shapely.symmetric_difference(joined.geometry.to_numpy(), np.array([ours[t] for t in joined.index]))
    assert shapely.area(differ).sum() < 1  # of 10,000 square kilometres, in square metres


def pairs_of(edges, index):
    """Write pairs of ids as pairs of positions, the smaller first."""
    at = {geoid: i for i, geoid in enumerate(index)}
    return {tuple(sorted((at[a], at[b]))) for a, b in edges if a != b}


@pytest.mark.benchmark(group="neighbours of 109,582 blocks")
def test_neighbours_kit(benchmark, county):
    units, _ = county
    found = few(benchmark, lambda: adjacency(units, rule="rook"))
    assert len(found) > 200_000


@pytest.mark.benchmark(group="neighbours of 109,582 blocks")
def test_neighbours_gerrychain(benchmark, county, projected):
    units, _ = county
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from gerrychain import Graph

        frame = projected[0].reset_index()
        graph = benchmark.pedantic(lambda: Graph.from_geodataframe(frame), rounds=1)
    ours = {tuple(pair) for pair in adjacency(units, rule="rook").pairs.tolist()}
    theirs = {tuple(sorted(edge)) for edge in graph.edges}
    assert theirs == ours


@pytest.mark.benchmark(group="neighbours of 109,582 blocks")
def test_neighbours_libpysal_graph(benchmark, county, projected):
    units, _ = county
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from libpysal.graph import Graph

        blocks = projected[0]
        graph = benchmark.pedantic(lambda: Graph.build_contiguity(blocks, rook=True, strict=True), rounds=1)
        edges = graph.adjacency.reset_index()
    edges = edges[edges["weight"] > 0]
    ours = {tuple(pair) for pair in adjacency(units, rule="rook").pairs.tolist()}
    assert pairs_of(zip(edges["focal"], edges["neighbor"], strict=True), blocks.index) == ours
