"""Finding neighbours, beside the other ways to do it, in one run on the same machine.

``make bench`` collects this file; the ordinary run does not. Every contender
gets the same layer and must find the same edges. The layers are New York
City's 6,806 block groups; a generated mosaic of 109,582 irregular polygons,
as many as Los Angeles County has blocks, with about as many vertices; and,
where the environment variable ``KIT_BENCH_LAYER`` names a file of polygons,
that layer (the county's own blocks come in a source package of 60 MB that
the tests do not fetch).

One border in ten of the mosaic has a vertex more on one side than on the
other, exactly on the line. Coordinates that differ in the last bits are left
to the other tests: the contenders do not take such borders for common ones,
so there would be nothing to compare.
"""

from __future__ import annotations

import importlib.util
import os
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from kit.analysis.adjacency import adjacency

LAYER = os.environ.get("KIT_BENCH_LAYER")
COLUMNS, ROWS, POLYGONS = 332, 331, 109_582
STEPS = 5  # pieces of each side


def sides(rng, first, last):
    """Draw a crooked line from each first to each last corner, on a grid of whole even numbers."""
    along = last - first
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    points = [first]
    for step in range(1, STEPS):
        place = step / STEPS + rng.uniform(-0.06, 0.06, (len(first), 1))
        points.append(first + place * along + rng.uniform(-0.08, 0.08, (len(first), 1)) * across)
    return 2 * np.round(np.stack([*points, last], axis=1) / 2)


def mosaic():
    """Make polygons that tile a place; their coordinates are sixteenths of a metre, which are exact."""
    rng = np.random.default_rng(20_260_701)
    x, y = np.meshgrid(np.arange(COLUMNS + 1), np.arange(ROWS + 1))
    corner = 1600.0 * np.stack([x, y], axis=2) + 2 * np.round(rng.uniform(-120, 120, (*x.shape, 2)))
    flat = sides(rng, corner[:, :-1].reshape(-1, 2), corner[:, 1:].reshape(-1, 2))
    tall = sides(rng, corner[:-1].reshape(-1, 2), corner[1:].reshape(-1, 2))
    flat = flat.reshape(ROWS + 1, COLUMNS, STEPS + 1, 2)
    tall = tall.reshape(ROWS, COLUMNS + 1, STEPS + 1, 2)
    rings = np.concatenate(
        [
            flat[:-1, :, :-1],
            tall[:, 1:, :-1],
            flat[1:, :, :0:-1],
            tall[:, :-1, :0:-1],
        ],
        axis=2,
    ).reshape(-1, 4 * STEPS, 2)[:POLYGONS]
    more = rng.random(len(rings)) < 0.2  # one side of a fifth of the polygons is one border in ten
    middle = (rings[more, 2] + rings[more, 3]) / 2
    thicker = np.insert(rings[more], 3, middle, axis=1)
    polygons = np.empty(len(rings), dtype=object)
    polygons[~more], polygons[more] = shapely.polygons(rings[~more] / 16), shapely.polygons(thicker / 16)
    return gpd.GeoSeries(polygons, crs="EPSG:5070")


def new_york(data_dir):
    file = Path(__file__).parents[1] / "real" / "loaders.py"
    spec = importlib.util.spec_from_file_location("real_loaders", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.nyc_block_groups(data_dir).geometry.reset_index(drop=True)


NAMES = ["new york", "mosaic", *(["layer"] if LAYER else [])]


@pytest.fixture(
    scope="module", params=[pytest.param(name, marks=[pytest.mark.real] * (name == "new york")) for name in NAMES]
)
def case(request):
    """Give a layer, and the edges that we find in it."""
    if request.param == "mosaic":
        shapes = mosaic()
    elif request.param == "layer":
        shapes = gpd.read_file(LAYER).geometry
    else:
        shapes = new_york(request.getfixturevalue("data_dir"))
    return request.param, shapes, set(map(tuple, adjacency(shapes).pairs.tolist()))


def once(benchmark, name, job, rounds=1):
    """Time a job; the others take up to a minute, so they run once."""
    benchmark.group = f"neighbours, {name}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return benchmark.pedantic(job, rounds=rounds)


# Ours also measures every border in metres and writes notes; of the others only gerrychain measures borders.


def test_kit(benchmark, case):
    name, shapes, edges = case
    assert len(once(benchmark, name, lambda: adjacency(shapes), rounds=3)) == len(edges)


def test_libpysal_graph(benchmark, case):
    name, shapes, edges = case
    from libpysal.graph import Graph

    found = once(benchmark, name, lambda: Graph.build_contiguity(shapes, rook=True, strict=True))
    both = found.adjacency.index.to_frame().to_numpy().tolist()
    assert {(a, b) for a, b in both if a < b} == edges


def test_libpysal_weights(benchmark, case):
    name, shapes, edges = case
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from libpysal.weights import Rook

    frame = gpd.GeoDataFrame(geometry=shapes)
    found = once(benchmark, name, lambda: Rook.from_dataframe(frame, use_index=False))
    assert {(a, b) for a, others in found.neighbors.items() for b in others if a < b} == edges


def test_gerrychain(benchmark, case):
    name, shapes, edges = case
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from gerrychain import Graph

    frame = gpd.GeoDataFrame(geometry=shapes)
    found = once(benchmark, name, lambda: Graph.from_geodataframe(frame, adjacency="rook", ignore_errors=True))
    assert {(min(a, b), max(a, b)) for a, b in found.edges} == edges
