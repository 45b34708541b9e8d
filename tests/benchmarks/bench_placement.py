"""Placing units, beside the other ways to do it, in one run on the same machine.

``make bench`` collects this file; the ordinary run does not. Every contender
places the same units in the same plan, and each is checked against ours.
"""

from __future__ import annotations

import importlib.util
import warnings
from pathlib import Path

import geopandas as gpd
import pytest

from kit.analysis.placement import place
from kit.model.crs import equal_area
from kit.sources.plans import read_plan

pytestmark = pytest.mark.real

PLANS = ("senate_unity_20211118.geojson", "assembly_unity_20211104.geojson")


@pytest.fixture(scope="module")
def loaders():
    file = Path(__file__).parents[1] / "real" / "loaders.py"
    spec = importlib.util.spec_from_file_location("real_loaders", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module", params=PLANS)
def case(request, data_dir, loaders):
    """Give 6,806 block groups and a plan, for us and, projected, for the others."""
    units, plan = loaders.nyc_block_groups(data_dir), read_plan(data_dir / "nyc/plans" / request.param)
    crs = equal_area(units.geometry)
    frame = gpd.GeoDataFrame(geometry=units.geometry.to_crs(crs)).rename_axis("GEOID")
    districts = gpd.GeoDataFrame(geometry=plan.geometry.to_crs(crs)).rename_axis("district")
    return units, plan, frame, districts


def few(benchmark, job):
    """Time a job five times after one run to warm up."""
    return benchmark.pedantic(job, rounds=5, warmup_rounds=1)


# Ours projects, mends, measures every cut and writes notes; the others are handed projected shapes and only place.


@pytest.mark.benchmark(group="largest area")
def test_area_kit(benchmark, case):
    units, plan, *_ = case
    assert few(benchmark, lambda: place(units, plan, rule="area")).assignment.notna().all()


@pytest.mark.benchmark(group="largest area")
def test_area_maup(benchmark, case):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import maup

        units, plan, frame, districts = case
        found = few(benchmark, lambda: maup.assign(frame, districts))
    assert found.astype(str).tolist() == place(units, plan, rule="area").assignment.tolist()


@pytest.mark.benchmark(group="largest area")
def test_area_geopandas_overlay(benchmark, case):
    units, plan, frame, districts = case

    def job():
        pieces = gpd.overlay(frame.reset_index(), districts.reset_index(), keep_geom_type=True)
        pieces["area"] = pieces.area
        return pieces.sort_values("area").drop_duplicates("GEOID", keep="last").set_index("GEOID")["district"]

    found = few(benchmark, job).reindex(units.frame.index)
    assert found.tolist() == place(units, plan, rule="area").assignment.tolist()


@pytest.mark.benchmark(group="point on surface")
def test_point_kit(benchmark, case):
    units, plan, *_ = case
    assert few(benchmark, lambda: place(units, plan, rule="point")).assignment.notna().all()


@pytest.mark.benchmark(group="point on surface")
def test_point_geopandas_sjoin(benchmark, case):
    units, plan, frame, districts = case

    def job():
        points = gpd.GeoDataFrame(geometry=frame.representative_point())
        return gpd.sjoin(points, districts, predicate="within")["district"]

    found = few(benchmark, job).reindex(units.frame.index)
    assert found.tolist() == place(units, plan, rule="point").assignment.tolist()


@pytest.mark.benchmark(group="point on surface")
def test_point_geopandas_sjoin_and_overlay(benchmark, case):
    """Do what our point rule does besides: find the units that a line cuts."""
    units, plan, frame, districts = case

    def job():
        points = gpd.GeoDataFrame(geometry=frame.representative_point())
        found = gpd.sjoin(points, districts, predicate="within")["district"]
        pieces = gpd.overlay(frame.reset_index(), districts.reset_index(), keep_geom_type=True)
        held = (pieces.area / frame.area.reindex(pieces["GEOID"]).to_numpy()).groupby(pieces["GEOID"])
        return found, held.agg(lambda shares: (shares > 0.01).sum())

    _, held = few(benchmark, job)
    assert (held > 1).sum() == len(place(units, plan, rule="point").split_units)


@pytest.mark.benchmark(group="list of blocks")
def test_list_kit(benchmark, data_dir, loaders):
    units, plan = loaders.nyc_blocks(data_dir), read_plan(data_dir / "nyc/plans/NY_SLDU_bef.csv.zip")
    assert few(benchmark, lambda: place(units, plan)).assignment.notna().all()


@pytest.mark.benchmark(group="list of blocks")
def test_list_pandas_merge(benchmark, data_dir, loaders):
    units, plan = loaders.nyc_blocks(data_dir), read_plan(data_dir / "nyc/plans/NY_SLDU_bef.csv.zip")
    frame, listed = units.frame.reset_index(), plan.assignment.rename_axis("GEOID").rename("district").reset_index()
    found = few(benchmark, lambda: frame.merge(listed, on="GEOID", how="left"))
    assert found["district"].tolist() == place(units, plan).assignment.tolist()
