"""How long a map of 6,806 block groups takes to draw and write, beside GeoPandas' own plot.

Run with ``make bench``; nothing here passes or fails by the clock. The aim is six seconds
for drawing and writing PDF, PNG and SVG together.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from matplotlib.figure import Figure

import kit
from kit.analysis.concentration import unit_shares
from kit.model.crs import equal_area
from kit.model.frames import Plan, Source

BREAKS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 1]
WHAT = {"group": "asian_alone", "base": "vap"}

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def city(data_dir):
    """Place the city's block groups in the 66 Assembly districts of the Unity Map."""
    import geopandas as gpd

    path = Path(__file__).parents[1] / "real" / "loaders.py"
    spec = importlib.util.spec_from_file_location("bench_loaders", path)
    loaders = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaders)
    layer = gpd.read_file(data_dir / "nyc/plans/assembly_unity_20211104.geojson").dissolve("assembly_unity")
    shapes = layer.geometry.set_axis(layer.index.astype(str))
    plan = Plan("Unity Map, Assembly", tuple(shapes.index), geometry=shapes, sources=(Source("Plan"),))
    return kit.place(loaders.nyc_block_groups(data_dir), plan, rule="point", outside="report")


@pytest.mark.benchmark(group="draw and write a map of 6,806 block groups")
def test_kit_draws_and_writes_three_formats(benchmark, city, tmp_path):
    def run():
        return kit.save_map(kit.map_share(city, **WHAT, breaks=BREAKS), tmp_path / "map")

    written = benchmark.pedantic(run, rounds=3, warmup_rounds=1)
    assert len(written) == 6


@pytest.mark.benchmark(group="draw a map of 6,806 block groups")
def test_kit_draws_only(benchmark, city):
    ax = benchmark.pedantic(lambda: kit.map_share(city, **WHAT, breaks=BREAKS), rounds=3, warmup_rounds=1)
    assert ax.texts


@pytest.mark.benchmark(group="draw and write a map of 6,806 block groups")
def test_geopandas_plot_and_savefig_three_formats(benchmark, city, tmp_path):
    """The peer draws fills and lines only: no legend with counts, numbers, scale, notes, tags or table."""
    import geopandas as gpd

    shares = unit_shares(city.units, **WHAT)["share"]

    def run():
        crs = equal_area(city.units.geometry)
        layer = gpd.GeoDataFrame({"share": shares}, geometry=city.units.geometry).to_crs(crs)
        ax = Figure(figsize=(11, 8.5)).add_subplot()
        bins = {"scheme": "UserDefined", "classification_kwds": {"bins": BREAKS[1:]}}
        try:
            layer.plot("share", ax=ax, cmap="Blues", edgecolor="face", linewidth=0.1, legend=True, **bins)
        except ImportError:
            layer.plot("share", ax=ax, cmap="Blues", edgecolor="face", linewidth=0.1, legend=True)
        city.plan.geometry.to_crs(crs).boundary.plot(ax=ax, color="black", linewidth=1)
        for kind in ("pdf", "png", "svg"):
            ax.figure.savefig(tmp_path / f"peer.{kind}", dpi=300)

    benchmark.pedantic(run, rounds=3, warmup_rounds=1)
    assert (tmp_path / "peer.svg").stat().st_size > 0
