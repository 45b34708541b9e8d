"""CVAP as published, and Hawaii's bracket and allocation, against numbers others printed."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pandas as pd
import pytest

from kit.analysis import moe
from kit.analysis.allocation import allocate
from kit.analysis.allocation_range import allocation_range
from kit.analysis.cvap import cvap_bracket
from kit.analysis.placement import place
from kit.errors import SchemaError
from kit.model.frames import Units
from kit.sources.cvap import read_cvap
from kit.sources.local import read_units
from kit.sources.plans import read_plan

pytestmark = pytest.mark.real


def loaders():
    known = "_real_loaders"
    if known not in sys.modules:
        spec = importlib.util.spec_from_file_location(known, Path(__file__).with_name("loaders.py"))
        sys.modules[known] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[known])
    return sys.modules[known]


@pytest.fixture(scope="module")
def nation(fixtures_dir):
    return read_cvap("US", year=2019, level="nation", source=fixtures_dir / "cvap_2019_nation.csv")


@pytest.fixture(scope="module")
def delaware(fixtures_dir):
    return read_cvap("DE", year=2019, level="county", source=fixtures_dir / "cvap_2019_de_counties.csv")


def test_the_nation_2015_2019(nation):
    row = nation.frame.loc["US"]
    published = {4: (9_940_500, 21_299), 6: (349_015, 3_449), 9: (975_035, 13_080), 12: (739_585, 9_744)}
    for line, (estimate, margin) in published.items():
        assert (row[f"cvap_{line:02d}"], row[f"cvap_{line:02d}_moe"]) == (estimate, margin)
    assert row["aapi_cvap_low"] == 11_264_550
    assert row["aapi_cvap_low_moe"] == pytest.approx(25_231.52, abs=0.005)
    assert row["aapi_cvap_high"] == 12_004_135
    assert row[[f"cvap_{n:02d}" for n in range(3, 13)]].sum() == 202_353_355
    assert row["cvap_02"] == 202_353_350


def test_delaware_2015_2019(delaware):
    frame = delaware.frame
    assert frame["total_cvap"].to_dict() == {"10001": 131_145, "10003": 405_495, "10005": 173_640}
    assert frame["total_cvap"].sum() == 710_280
    found = cvap_bracket(delaware).loc["10003"]
    assert found["low"] == 13_675
    assert found["low_moe"] == pytest.approx(717.405, abs=0.0005)
    assert found["share_low"] == pytest.approx(0.033724, abs=5e-7)
    assert found["share_low_moe"] == pytest.approx(0.001765, abs=5e-7)


def test_the_copies_agree(data_dir, nation, delaware):
    again = read_cvap("DE", year=2019, level="county", source=data_dir / "cvap/County_DE_2015_2019.csv")
    pd.testing.assert_frame_equal(again.frame, delaware.frame)
    again = read_cvap("US", year=2019, level="nation", source=data_dir / "cvap/Nation_2015_2019.csv")
    pd.testing.assert_frame_equal(again.frame, nation.frame)


def test_new_jersey_from_the_hub(data_dir):
    path = data_dir / "cvap/nj_cvap_2021_county_rdh.csv"
    units = read_cvap("NJ", year=2021, level="county", source=path, definition="alone_or_in_combination")
    assert len(units) == 21
    # The file's ASN is 14,330 ± 598.38 = 13,535 ± 534 alone and 795 ± 270 with White.
    row = units.frame.loc["34001"]
    assert row[["cvap_04", "cvap_04_moe", "cvap_09", "nh_asian_doj_cvap"]].tolist() == [13_535, 534, 795, 14_330]
    assert row["nh_asian_doj_cvap_moe"] == pytest.approx(598.38, abs=0.005)
    with pytest.raises(SchemaError, match="counts Asian and White citizens twice"):
        read_cvap("NJ", year=2021, level="county", source=path, definition="alone")


# --- Hawaii 2018–2022 -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hawaii(data_dir):
    """Block groups; lines 4 and 9 stand in one column of this file, so line 9 is set to nobody."""
    _, tables = loaders().dra_shapes(data_dir / "hawaii/Geojson_HI.v06.zip")
    found = tables["V_22_CVAP"]
    frame = pd.DataFrame(
        {
            "cvap_01": found["Total"],
            "cvap_04": found["Asian"],
            "cvap_06": found["Pacific"],
            "cvap_09": 0,
            "cvap_12": found["RemTwoOrMore"],
        }
    )
    return Units(frame, level="block_group", year=2020)


@pytest.fixture(scope="module")
def shared_out(hawaii, data_dir):
    columns = {
        "pop": "total_pop",
        "vap": "total_vap",
        "vap_asian": "nh_asian_alone_vap",
        "vap_nhpi": "nh_nhpi_alone_vap",
        "vap_two": "P4_011N",
    }
    path = data_dir / "hawaii/hi_2020_block.csv"
    blocks = read_units(path, id="GEOID20", columns=columns, level="block", year=2020)
    weight = {
        "cvap_01": "total_vap",
        "cvap_04": "nh_asian_alone_vap",
        "cvap_06": "nh_nhpi_alone_vap",
        "cvap_09": "P4_011N",
        "cvap_12": "P4_011N",
    }
    return allocate(hawaii, blocks, weight=weight)


def test_the_bracket_of_hawaii(hawaii):
    sums = cvap_bracket(hawaii)[["low", "high", "total"]].sum()
    assert sums.tolist() == [442_458 + 87_780, 442_458 + 87_780 + 130_937, 1_050_689]
    assert f"{sums['low'] / sums['total']:.1%}" == "50.5%"
    assert f"{sums['high'] / sums['total']:.1%}" == "62.9%"


def test_every_block_group_of_hawaii_keeps_its_citizens(hawaii, shared_out):
    back = shared_out.units.frame[list(shared_out.columns)].groupby(shared_out.parents).sum()
    pd.testing.assert_frame_equal(
        back, hawaii.frame.loc[back.index].astype(float), check_names=False, check_exact=False, rtol=1e-9
    )
    fallbacks = shared_out.fallbacks[shared_out.fallbacks["fallback"]]
    assert fallbacks[["column", "weight", "units", "people"]].to_numpy().tolist() == [["cvap_04", "total_vap", 2, 168]]


def test_hawaii_by_house_district(shared_out, data_dir):
    placed = place(shared_out.units, read_plan(data_dir / "hawaii/plans/HI_SLDL_bef.zip"))
    found = cvap_bracket(placed)
    assert len(found) == 51
    assert found["total"].sum() == pytest.approx(1_050_689)
    assert found["low"].sum() == pytest.approx(530_238)
    assert (found["share_low"] <= found["share_high"]).all()
    assert (found["share_high"] < 1).all()
    spread = allocation_range(shared_out, placed)
    assert (spread["cvap_01_min"] <= spread["cvap_01"] + 1e-6).all()
    assert (spread["cvap_01"] <= spread["cvap_01_max"] + 1e-6).all()
    assert (spread["cvap_01_max"] - spread["cvap_01_min"]).gt(0).sum() > 40


def test_the_margin_of_the_lower_count_is_that_of_the_algebra(nation):
    row = nation.frame.loc["US"]
    lines = [4, 6, 9]
    margin = moe.sum([float(row[f"cvap_{n:02d}"]) for n in lines], [float(row[f"cvap_{n:02d}_moe"]) for n in lines])
    assert margin == pytest.approx(row["aapi_cvap_low_moe"])
