"""Hawaii's citizens by House district, shared out from block groups: real estimates, with margins of the usual size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import kit
from kit.model.frames import Units

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def placed(data_dir, loaders):
    """Share out 1,083 block groups to 14,732 blocks; margins are as a sample of one adult in ten would give them."""
    _, tables = loaders.dra_shapes(data_dir / "hawaii/Geojson_HI.v06.zip")
    found = tables["V_22_CVAP"]
    frame = pd.DataFrame({"cvap_01": found["Total"], "cvap_04": found["Asian"], "cvap_06": found["Pacific"]})
    for name in list(frame):
        frame[f"{name}_moe"] = np.where(frame[name] > 0, 1.645 * np.sqrt(90 * frame[name] / 10), 12.0)
    columns = {
        "pop": "total_pop",
        "vap": "total_vap",
        "vap_asian": "nh_asian_alone_vap",
        "vap_nhpi": "nh_nhpi_alone_vap",
    }
    path = data_dir / "hawaii/hi_2020_block.csv"
    blocks = kit.read_units(path, id="GEOID20", columns=columns, level="block", year=2020)
    weight = {"cvap_01": "total_vap", "cvap_04": "nh_asian_alone_vap", "cvap_06": "nh_nhpi_alone_vap"}
    done = kit.allocate(Units(frame, level="block_group", year=2020), blocks, weight=weight)
    plan = kit.read_plan(data_dir / "hawaii/plans/HI_SLDL_bef.zip")
    return done, kit.place(done.units, plan)


@pytest.mark.parametrize("group", ["nh_asian_alone", "nh_nhpi_alone", "nh_aapi_alone"])
def test_every_house_district_has_its_margin(placed, group):
    done, where = placed
    table = kit.concentration(where, group=group, base="cvap")
    wanted = kit.district_margins(done, where)
    assert len(table.frame) == 51
    assert table.frame["count_moe"].tolist() == wanted[f"{group}_cvap_moe"].tolist()
    columns = ["base_moe", "share_moe", "difference_moe", "location_quotient_moe", "share_of_group_moe"]
    assert (table.frame[columns] > 0).all(axis=None)
    assert (table.total["count_moe"] < table.frame["count_moe"].sum()).all()
    # What sets a district against a whole 51 times as large is hardly surer than its share.
    assert (table.frame["difference_moe"] / table.frame["share_moe"]).between(0.9, 1.1).all()
    told = " ".join(table.notes)
    assert "Margins are understated" in told
    assert "Whatever the shares, the count in district" in told


def test_blocks_where_survey_and_census_disagree_have_no_share(placed):
    _, where = placed
    shares = kit.unit_shares(where.units, group="nh_asian_alone", base="cvap")
    over = shares["count"] > shares["base"]
    assert 0 < over.sum() < 0.2 * len(shares)
    assert shares.loc[over, ["share", "share_moe"]].isna().all(axis=None)
    assert shares["share"].dropna().between(0, 1).all()
    notes = kit.concentration(where, group="nh_asian_alone", base="cvap").notes
    assert any(
        note.startswith(f"In {over.sum():,} of 14,732 census blocks the estimate of the group") for note in notes
    )


def test_a_part_of_the_island_chain_keeps_its_margins(placed):
    """Units cut to one county still know where their estimates come from."""
    _, where = placed
    maui = where.units.frame.index.str.startswith("15009")
    some = replace(where.units, frame=where.units.frame[maui])
    one = kit.concentration(kit.place(some, where.plan), group="nh_asian_alone", base="cvap")
    whole = kit.concentration(where, group="nh_asian_alone", base="cvap")
    inside = [d for d in one.frame.index if one.frame.loc[d, "count"] == whole.frame.loc[d, "count"] > 0]
    assert len(inside) > 3
    assert one.frame.loc[inside, "count_moe"].to_numpy() == pytest.approx(whole.frame.loc[inside, "count_moe"])


def test_against_draws_of_every_block_group(placed):
    """Draw each block group's citizens 600 times; block groups that a line cuts move both of their districts."""
    _, where = placed
    table = kit.concentration(where, group="nh_asian_alone", base="cvap").frame
    origin, index = where.units.shared_out, where.units.frame.index
    code = table.index.astype(object).get_indexer(where.assignment.astype(object))
    inside = {}
    for part in ("cvap_01", "cvap_04"):
        inside[part] = np.zeros((len(table), len(origin.coarse)))
        np.add.at(inside[part], (code, origin.positions(index)), origin.shares[part].to_numpy())
    t, n, x, m = (origin.coarse[c].to_numpy(float) for c in ("cvap_01", "cvap_01_moe", "cvap_04", "cvap_04_moe"))
    share = np.divide(x, t, out=np.zeros_like(x), where=t > 0)
    under = m**2 - (share * n) ** 2
    apart = (under < 0) | (t == 0)
    spread = np.where(apart, 0, np.sqrt(np.abs(under)) / np.where(t > 0, t, 1) / 1.645)
    random = np.random.default_rng(20260102)
    drawn = {"share": [], "difference": [], "location_quotient": [], "share_of_group": []}
    for _ in range(600):
        base = random.normal(t, n / 1.645)
        count = np.where(apart, random.normal(x, m / 1.645), random.normal(share, spread) * base)
        x_d, t_d = inside["cvap_04"] @ count, inside["cvap_01"] @ base
        whole = x_d.sum() / t_d.sum()
        for name, value in zip(drawn, (x_d / t_d, x_d / t_d - whole, x_d / t_d / whole, x_d / x_d.sum()), strict=True):
            drawn[name].append(value)
    for name, values in drawn.items():
        ratio = table[f"{name}_moe"].astype(float) / (1.645 * np.std(values, axis=0))
        assert ratio.median() == pytest.approx(1, abs=0.03), name
        assert ratio.between(0.88, 1.12).all(), name
