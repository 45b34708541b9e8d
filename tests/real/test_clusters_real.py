"""Clusters and unevenness of real places: New York City, Los Angeles County, Hawaii, and California's citizens."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from kit.analysis.adjacency import adjacency
from kit.analysis.clusters import clusters
from kit.analysis.moran import local_moran, moran
from kit.analysis.permutation import align
from kit.analysis.segregation import segregation
from kit.model.frames import Units
from kit.samples import load_sample

DRAWS = 9999


def weights_of(near):
    import libpysal

    table = near.matrix()
    lists = {i: table.indices[table.indptr[i] : table.indptr[i + 1]].tolist() for i in range(len(near.ids))}
    return libpysal.weights.W(lists, silence_warnings=True)


@pytest.fixture(scope="module")
def angeles():
    sample = load_sample("los_angeles_2010")
    return sample, adjacency(sample.units, rule="queen", links=sample.links)


@pytest.fixture(scope="module")
def city(data_dir, loaders):
    units = loaders.nyc_block_groups(data_dir)
    return units, adjacency(units, rule="queen")


@pytest.fixture(scope="module")
def islands(data_dir, loaders):
    shapes, tables = loaders.dra_shapes(data_dir / "hawaii/Geojson_HI.v06.zip")
    people = tables["T_20_CENS"]
    frame = pd.DataFrame(
        {"total_pop": people["Total"], "asian_aoic_pop": people["Asian"], "nhpi_aoic_pop": people["Pacific"]}
    )
    units = Units(frame, "block_group", 2020, geometry=shapes)
    return units, adjacency(units, rule="queen")


# --- beside esda, on the same neighbours ------------------------------------------------------------------


def beside_esda(units, near, group, base):
    """Check figures to nine places, and p within what chance allows two sets of draws."""
    share = units.frame[f"{group}_{base}"] / units.frame[f"total_{base}"].where(units.frame[f"total_{base}"] >= 50)
    known, pairs = align(share, near)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import esda

        w = weights_of(pairs)
        theirs = esda.Moran_Local(known.to_numpy(), w, permutations=DRAWS, seed=3, keep_simulations=False)
        overall = esda.Moran(known.to_numpy(), w, permutations=0)
    ours = local_moran(share, near, permutations=DRAWS, sides="one").frame.loc[known.index]
    met, n = (ours["neighbours"] > 0).to_numpy(), len(known)
    assert (ours["statistic"].to_numpy() * (n - 1) / n)[met] == pytest.approx(theirs.Is[met], abs=1e-9)
    total = moran(share, near, sides="one")
    assert total.statistic == pytest.approx(overall.I, abs=1e-9)
    assert total.z == pytest.approx(overall.z_rand, abs=1e-6)
    assert total.alone == (~met).sum()
    p, q = ours["p"].to_numpy()[met], theirs.p_sim[met]
    # Either p is a binomial count over the draws; their difference has twice that variance, and at the smallest p
    # half a draw of rounding is added. Of n differences the largest stays within the Bonferroni bound for 1 in 1,000.
    from scipy.stats import norm

    spread = np.sqrt(2 * np.maximum((p + q) / 2 * (1 - (p + q) / 2), 1 / DRAWS) / DRAWS)
    away = (p - q) / spread
    assert np.abs(away).max() < norm.isf(0.0005 / met.sum()) + 1
    assert np.abs(away.mean()) < 0.5
    codes = np.array(["", "HH", "LH", "LL", "HL"])[theirs.q[met]]
    out = (p <= 0.05) & (q <= 0.05)
    assert (ours["code"].to_numpy()[met] == codes)[out].all()
    return ours, int(met.sum())


@pytest.mark.real
@pytest.mark.slow
def test_new_york_beside_esda(city):
    units, near = city
    _, tested = beside_esda(units, near, "asian_alone", "pop")
    assert tested == pytest.approx(6376, abs=20)


@pytest.mark.real
def test_hawaii_beside_esda(islands):
    beside_esda(*islands, "nhpi_aoic", "pop")


def test_los_angeles_beside_esda(angeles):
    sample, near = angeles
    beside_esda(sample.units, near, "nh_aapi_alone", "pop")


# --- what is found -------------------------------------------------------------------------------------


@pytest.mark.real
def test_new_york(city):
    units, near = city
    found = clusters(units, group="asian_alone", base="vap", adjacency=near)
    assert found.overall.statistic > 0.8
    assert (found.frame["label"] == "base under 50").sum() + (found.frame["label"] == "no adults").sum() > 300
    high = found.outlines
    assert high["count"].is_monotonic_decreasing
    assert high.geometry.is_valid.all()
    assert high["units"].ge(2).all()
    # Queens' Flushing and Brooklyn's Sunset Park and Bensonhurst: the largest clusters lie in those counties.
    counties = found.frame.groupby("cluster")["count"].size().index
    assert "Cluster 1" in counties
    first = found.communities.membership.query("community == 'Cluster 1'")["GEOID"].str[:5]
    assert first.value_counts().index[0] == "36081"
    inside = found.frame["cluster"].notna()
    share = found.frame.loc[inside, "count"].sum() / found.frame.loc[inside, "base"].sum()
    assert share > 2 * units.frame["asian_alone_vap"].sum() / units.frame["total_vap"].sum()


def test_los_angeles(angeles):
    sample, near = angeles
    found = clusters(sample.units, group="nh_aapi_alone", base="pop", adjacency=near, sides="one")
    first = set(found.communities.membership.query("community == 'Cluster 1'")["GEOID"])
    valley = set(sample.clusters["San Gabriel Valley"])
    # The county's largest cluster is the west of the San Gabriel Valley, by another rule than the sample's own.
    assert len(first & valley) / len(first) > 0.6
    assert 6 <= len(found.outlines) <= 9
    assert found.outlines["share"].min() > 0.35
    assert found.outlines["share_of_group"].sum() == pytest.approx(0.376, abs=0.02)
    assert (found.frame["label"] == "no residents").sum() == 12
    assert "1 pair from a table of links" in found.notes[0]
    two = clusters(sample.units, group="nh_aapi_alone", base="pop", adjacency=near, sides="two")
    assert set(two.frame.index[two.frame["code"] == "HH"]) <= set(found.frame.index[found.frame["code"] == "HH"])
    assert f"With two-sided p, {(two.frame['code'] != '').sum()} of the" in " ".join(found.notes)


@pytest.mark.real
def test_hawaii_has_other_clusters_for_asian_and_for_pacific_islander_residents(islands):
    units, near = islands
    members = {}
    for group in ("asian_aoic", "nhpi_aoic"):
        found = clusters(units, group=group, base="pop", adjacency=near)
        assert len(found.outlines) >= 2
        members[group] = set(found.communities.membership["GEOID"])
        # No cluster crosses the sea: each lies in one county, but for Kalawao, which is on Maui County's Molokai.
        rows = found.communities.membership
        county = rows["GEOID"].str[:5].replace("15005", "15009")
        assert all(len(set(of_one)) == 1 for _, of_one in county.groupby(rows["community"]))
    both = members["asian_aoic"] & members["nhpi_aoic"]
    assert len(both) < 0.1 * min(len(ids) for ids in members.values())


def test_unevenness_of_los_angeles_equals_that_of_the_package(angeles):
    sample, _ = angeles
    found = segregation(sample.units, group="nh_aapi_alone", base="pop")
    data = sample.units.frame[["nh_aapi_alone_pop", "total_pop"]].astype(float)
    data = data[data["total_pop"] > 0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from segregation.singlegroup import Dissim, Entropy, Isolation

        for cls, name in ((Dissim, "dissimilarity"), (Isolation, "isolation"), (Entropy, "theil_h")):
            theirs = cls(data, group_pop_var="nh_aapi_alone_pop", total_pop_var="total_pop").statistic
            assert found.measures[name] == pytest.approx(theirs, abs=1e-9)
    assert found.dropped == 12
    assert found.measures["dissimilarity"] == pytest.approx(0.49, abs=0.05)


@pytest.mark.real
def test_smaller_units_give_higher_figures(city, data_dir, loaders):
    units, _ = city
    blocks = loaders.nyc_blocks(data_dir)
    by_block = segregation(blocks, group="asian_alone", base="pop").measures
    by_group = segregation(units, group="asian_alone", base="pop").measures
    for name in ("dissimilarity", "isolation", "theil_m", "theil_h"):
        assert by_block[name] > by_group[name]
    assert by_block["share"] == pytest.approx(1_385_144 / 8_804_190)
