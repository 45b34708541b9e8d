"""The embedded samples: counts against published figures, plans against what is said of them, files against their hashes."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import re

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

from kit.errors import InputError
from kit.model.crs import equal_area
from kit.model.frames import Plan
from kit.samples import SAMPLES, STAMP, load_sample
from kit.samples import los_angeles as la_module
from kit.samples.sample import data_file

CLUSTER = la_module.CLUSTER


@pytest.fixture(scope="module")
def la():
    return load_sample("los_angeles_2010")


@pytest.fixture(scope="module")
def county():
    return load_sample("fictional_county")


@pytest.fixture(scope="module", params=SAMPLES)
def sample(request):
    return load_sample(request.param)


def neighbours(sample):
    """Join units that share a border of some length, and the links that the sample states."""
    shapes = sample.units.geometry.to_numpy()
    left, right = shapely.STRtree(shapes).query(shapes, predicate="touches")
    shared = shapely.length(shapely.intersection(shapes[left], shapes[right])) > 0
    ids = sample.units.frame.index
    graph = nx.Graph()
    graph.add_nodes_from(ids)
    graph.add_edges_from(zip(ids[left[shared]], ids[right[shared]], strict=True))
    graph.add_edges_from(sample.links)
    return graph


# Both samples


def test_unknown_name_tells_the_names():
    with pytest.raises(
        InputError, match=r"no sample is called 'oz'; samples are los_angeles_2010 and fictional_county"
    ):
        load_sample("oz")


def test_every_source_is_marked_as_sample(sample):
    sources = [*sample.units.sources, *(s for plan in sample.plans.values() for s in plan.sources)]
    assert sources
    assert all(source.sample for source in sources)
    assert STAMP in sample.caveat.casefold()
    assert sample.caveat in sample.units.sources[0].note


def test_a_sample_cannot_be_changed(sample):
    with pytest.raises(dataclasses.FrozenInstanceError):
        sample.name = "x"
    sample.communities["name"] = "changed"
    assert not (sample.communities["name"] == "changed").any()
    assert load_sample(sample.name) is not sample


def test_units_are_a_valid_coverage_in_nad83(sample):
    shapes = sample.units.geometry
    assert shapes.crs.to_epsg() == 4269
    assert shapes.is_valid.all()
    assert shapely.coverage_is_valid(shapes.to_numpy())
    assert shapes.geom_type.isin(["Polygon", "MultiPolygon"]).all()


@pytest.mark.parametrize("key", ["a", "b"])
def test_plans_are_illustrative_and_place_every_unit(sample, key):
    plan = sample.plans[key]
    assert isinstance(plan, Plan)
    assert (plan.status, plan.adopted) == ("illustrative", "")
    assert plan.level == sample.units.level
    assert plan.year == sample.units.year
    assert plan.assignment.index.equals(sample.units.frame.index)
    assert plan.assignment.notna().all()
    assert tuple(plan.geometry.index) == plan.labels
    assert "illustrative" in plan.name


@pytest.mark.parametrize("key", ["a", "b"])
def test_polygons_of_a_plan_are_its_units(sample, key):
    plan, shapes = sample.plans[key], sample.units.geometry
    assert plan.geometry.is_valid.all()
    for label in plan.labels:
        units = shapes[(plan.assignment == label).to_numpy()]
        assert plan.geometry[label].area == pytest.approx(sum(shapely.area(units.to_numpy())), rel=1e-9)


@pytest.mark.parametrize("key", ["a", "b"])
def test_districts_are_contiguous_and_nearly_equal(sample, key):
    plan = sample.plans[key]
    graph = neighbours(sample)
    for label in plan.labels:
        assert nx.is_connected(graph.subgraph(plan.assignment.index[plan.assignment == label])), label
    people = sample.units.column("total_pop").groupby(plan.assignment).sum()
    tolerance = {"los_angeles_2010": 0.005, "fictional_county": 0.02}[sample.name]
    assert (people / people.mean() - 1).abs().max() < tolerance


def test_communities_are_valid_and_say_what_they_are(sample):
    rows = sample.communities
    assert rows.crs.to_epsg() == 4269
    assert rows.is_valid.all()
    assert rows["id"].is_unique
    assert rows["name"].is_unique
    assert rows["description"].str.contains("not a submission").all()
    assert rows.intersects(shapely.box(*sample.units.geometry.total_bounds)).all()


def test_provenance_lists_every_file_with_its_hash():
    folder = data_file("", "")
    with (folder / "PROVENANCE.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["file"]: row for row in csv.DictReader(stream)}
    files = {path.relative_to(folder).as_posix(): path for path in folder.glob("*/*")}
    assert set(rows) == set(files)
    for name, path in files.items():
        data = path.read_bytes()
        assert rows[name]["sha256"] == hashlib.sha256(data).hexdigest(), name
        assert int(rows[name]["bytes"]) == len(data)
        assert rows[name]["origin"]
        assert rows[name]["license"]


def test_sizes_stay_small():
    sizes = {name: sum(p.stat().st_size for p in data_file(name, "").glob("*")) for name in SAMPLES}
    assert sizes["los_angeles_2010"] < 2_000_000
    assert sizes["fictional_county"] < 1_500_000


# Los Angeles County


def test_county_totals_and_their_difference_from_the_published_figures(la):
    people, aapi = la.units.column("total_pop").sum(), la.units.column("nh_aapi_alone_pop").sum()
    assert people == 9_818_593
    assert round(aapi) == 1_351_220
    published = la_module.PUBLISHED
    assert (people - published["total_pop"], round(aapi) - published["nh_aapi_alone_pop"]) == (-12, 3_085)
    for figure in ("9,818,593", "9,818,605", "1,351,220", "1,348,135", "Some Other Race"):
        assert figure in la.caveat


def test_tracts_are_whole_and_complete(la):
    frame = la.units.frame
    assert len(frame) == 2_346
    assert frame.index.str.fullmatch(r"06037\d{6}").all()
    assert frame.index.is_monotonic_increasing
    assert (la.units.level, la.units.year) == ("tract", 2010)
    assert frame["total_pop"].dtype == np.int64
    assert (frame["nh_aapi_alone_pop"] >= 0).all()
    assert (frame["nh_aapi_alone_pop"] <= frame["total_pop"]).all()
    assert (frame["total_pop"] == 0).sum() == 12
    assert (frame["land_m2"] == 0).sum() == 3
    assert frame.loc["06037101110", "name"] == "Census Tract 1011.10"


def test_asian_and_nhpi_are_left_out_not_zero(la):
    assert la.units.count_columns == ["total_pop", "nh_aapi_alone_pop"]


def test_areas_agree_with_land_and_water(la):
    area = la.units.geometry.to_crs("EPSG:5070").area
    stated = la.units.frame["land_m2"] + la.units.frame["water_m2"]
    assert area.sum() == pytest.approx(stated.sum(), rel=2e-3)
    assert (area / stated - 1).abs().quantile(0.95) < 0.01


def test_the_islands_are_kept(la):
    south = la.units.geometry.bounds["miny"]
    assert south.idxmin() == "06037599100"
    assert south.min() < 32.8
    graph = neighbours(la)
    assert nx.is_connected(graph)
    graph.remove_edge(*la_module.ISLAND_LINK)
    assert sorted(map(len, nx.connected_components(graph))) == [2, 2_344]


def test_the_cluster_follows_its_rule(la):
    frame, cluster = la.units.frame, list(la.clusters[CLUSTER])
    share = frame["nh_aapi_alone_pop"] / frame["total_pop"].where(frame["total_pop"] > 0)
    high = neighbours(la).subgraph(share.index[share > 0.40])
    largest = max(nx.connected_components(high), key=lambda part: frame.loc[list(part), "total_pop"].sum())
    assert sorted(largest) == cluster
    inside = frame.loc[cluster]
    assert (len(cluster), inside["total_pop"].sum(), round(inside["nh_aapi_alone_pop"].sum())) == (77, 349_550, 208_717)


def test_plan_a_keeps_and_plan_b_divides_the_cluster(la):
    people = la.units.frame.loc[list(la.clusters[CLUSTER]), "total_pop"]
    pieces = {key: people.groupby(plan.assignment.reindex(people.index)).sum() for key, plan in la.plans.items()}
    assert pieces["a"].to_dict() == {"2": 349_550}
    assert pieces["b"].to_dict() == {"2": 172_670, "3": 176_880}
    assert pieces["b"].max() / people.sum() == pytest.approx(0.506, abs=5e-4)


@pytest.mark.parametrize("key", ["a", "b"])
def test_districts_are_numbered_from_north_to_south(la, key):
    people, plan = la.units.column("total_pop"), la.plans[key]
    north = la.units.geometry.to_crs(equal_area(la.units.geometry)).centroid.y
    centre = (north * people).groupby(plan.assignment).sum() / people.groupby(plan.assignment).sum()
    assert centre.is_monotonic_decreasing
    assert plan.labels == ("1", "2", "3", "4", "5")


def test_the_shapefiles_hold_the_same_plans(la, repo_root):
    for key, plan in la.plans.items():
        name = f"la_illustrative_{key}"
        stored = gpd.read_file(repo_root / "shapefiles" / name / f"{name}.zip").set_index("DISTRICT")
        assert pd.api.types.is_string_dtype(stored.index)
        assert tuple(stored.index) == plan.labels
        assert stored.geometry.geom_equals(plan.geometry, align=True).all()


def test_documents_state_what_is_tested(la):
    text = data_file("", "").parent.joinpath("README.md").read_text(encoding="utf-8")
    for figure in ("9,818,593", "1,351,220", "349,550", "208,717", "176,880", "172,670", "28,510", "3,570 of 7,140"):
        assert figure in text
    for key, plan in la.plans.items():
        people = la.units.column("total_pop").groupby(plan.assignment).sum()
        assert f"{(people / people.mean() - 1).abs().max():.2%}".replace("%", " %") in text, key


# The fictional county


def test_the_first_block_by_hand(county):
    row = county.units.frame.loc["980010001001000"]
    expected = {"total": 100, "asian_aoic": 40, "nhpi_aoic": 15, "aapi_both": 5, "aapi_aoic": 50, "aapi_alone": 40}
    expected |= {"asian_alone": 30, "nhpi_alone": 10, "asian_doj": 35, "aapi_doj": 50, "nh_aapi_doj": 50}
    assert {group: row[f"{group}_pop"] for group in expected} == expected
    assert {group: row[f"{group}_vap"] for group in expected} == {g: n * 4 // 5 for g, n in expected.items()}
    assert (row["P1_003N"], row["P2_005N"], row["P2_002N"]) == (45, 40, 5)


@pytest.mark.parametrize("base", ["pop", "vap"])
def test_district_2_of_plan_a_is_exactly_one_half(county, base):
    inside = county.plans["a"].assignment == "2"
    everyone, aapi = (county.units.column(f"{group}_{base}")[inside].sum() for group in ("total", "aapi_aoic"))
    assert 2 * aapi == everyone == {"pop": 7_140, "vap": 5_514}[base]


def test_both_plans_treat_lantern_hill_differently(county):
    shapes, hill = county.units.geometry, county.communities.set_index("name").geometry["Lantern Hill merchants"]
    blocks = shapes.index[shapes.representative_point().within(hill)]
    touched = {key: set(plan.assignment[blocks]) for key, plan in county.plans.items()}
    assert touched == {"a": {"2"}, "b": {"1", "2"}}


def test_submissions_are_invented_and_of_every_kind(county, la):
    told = county.submissions()
    assert len(told) == 12
    assert all(source.sample for source in told.sources)
    assert all(one.comments == ("Invented example, not a submission.",) for one in told)
    assert [one.consent for one in told].count("private") == 1
    assert sum(not one.area.shape.is_valid for one in told) == 1
    with pytest.raises(InputError, match="the sample 'los_angeles_2010' has no submissions of communities"):
        la.submissions()


@pytest.mark.parametrize("key", ["a", "b"])
@pytest.mark.parametrize("year", [2022, 2024])
def test_voters_of_every_plan_are_those_of_the_precincts(county, la, key, year):
    precincts = county.tables["precincts"]
    counts = county.voters(key, year)
    assert counts.areas == ["1", "2", "3", "4"]
    for group in ("total", "nh_aapi_alone"):
        for what, column in (("registered", "registered"), ("voted", f"voted_{year}")):
            assert counts.of(group)[what].sum() == precincts[f"{group}_{column}"].sum()
    parts = counts.of("nh_asian_alone") + counts.of("nh_nhpi_alone")
    assert (parts[["registered", "voted"]] == counts.of("nh_aapi_alone")[["registered", "voted"]]).all(axis=None)
    assert all(source.sample for source in counts.sources)
    with pytest.raises(InputError, match="has no voters of 2023 in plan"):
        county.voters(key, 2023)
    with pytest.raises(InputError, match="'los_angeles_2010' has no voters"):
        la.voters(key, year)


def test_citizens_are_marked_as_sample(county, la):
    citizens = county.citizens()
    assert len(citizens) == 26
    assert all(source.sample for source in citizens.sources)
    with pytest.raises(InputError, match="'los_angeles_2010' has no citizens by 'block_group'"):
        la.citizens()


def test_tables_have_types_and_rows(county):
    rows = {name: len(table) for name, table in county.tables.items()}
    assert rows["acs_block_groups"] == 26
    assert rows["acs_tracts"] == 12
    assert rows["cvap_block_groups"] == 26 * 13
    assert rows["cvap_tracts"] == 12 * 13
    assert rows["detailed_groups"] == 13 * 12 * 2
    assert (rows["precincts"], rows["votes"]) == (24, 24 * 3 * 2)
    for name, table in county.tables.items():
        numeric = [c for c in table.columns if pd.api.types.is_numeric_dtype(table[c])]
        assert numeric or name == "acs_labels"


def test_codes_and_gaps_of_the_acs_tables(county):
    groups = county.tables["acs_block_groups"].set_index("GEO_ID")
    water = groups.loc["1500000US980010003000"]
    assert (water["B02001_001E"], water["B02001_001M"]) == (0, -555_555_555)
    assert groups.loc["1500000US980010004002", "B02001_008M"] == -222_222_222
    tracts = county.tables["acs_tracts"].set_index("GEO_ID")
    assert tracts.loc["1400000US98001001100", "B02015_001E"] == -666_666_666
    assert tracts.columns[tracts.isna().any()].tolist() == ["B02015_004E", "B02015_004M"]
    labels = county.tables["acs_labels"].set_index("name")["label"]
    assert labels["B02015_002E"] == "Estimate!!Total:!!Chinese, except Taiwanese"
    assert labels["B02015_021E"] == "Estimate!!Total:!!Asian Indian"
    assert labels["C16001_021E"] == "Estimate!!Total:!!Chinese:"
    assert labels["C16001_023E"] == 'Estimate!!Total:!!Chinese:!!Speak English less than "very well"'


def test_detailed_groups_are_withheld_not_zero(county):
    table = county.tables["detailed_groups"]
    assert 0.2 < table["count"].isna().mean() < 0.8
    assert table["count"].min() >= 22


def test_citizen_table_is_rounded_as_published(county):
    for name in ("cvap_block_groups", "cvap_tracts"):
        table = county.tables[name]
        estimates = table[[c for c in table.columns if c.endswith("_est")]].to_numpy().ravel()
        assert all(n == 4 or n % 5 == 0 for n in estimates)
        assert table["geoid"].str.fullmatch(r"1[45]00000US98001\d{6,7}").all()
        assert table["lnnumber"].tolist() == [*range(1, 14)] * (len(table) // 13)


def test_precincts_have_a_rate_over_one_and_a_small_cell(county):
    table = county.tables["precincts"].set_index("precinct")
    over = table.index[table["total_registered"] > table["total_cvap"]]
    assert over.tolist() == ["98001P24"]
    assert table.loc["98001P13", "nh_aapi_alone_registered"] == 9
    assert (table["nh_aapi_alone_voted_2024"] < 10).any()


def test_nobody_is_named(county):
    names = set(county.tables["votes"]["candidate"])
    assert all(re.fullmatch(r"Candidate [A-Z][a-z]+", name) for name in names)
