"""Our counts against counts that others printed, exact unless a tolerance is said."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from kit.model.groups import derive
from kit.model.identities import check_cells
from kit.model.tables import canonical
from kit.sources.local import read_units

pytestmark = pytest.mark.real

# Asian and NHPI, alone or in combination, Hispanic or not, as a public map service counts them by State.
STATES_AOIC = {
    "hawaii": (1_455_271, 824_143, 394_102),
    "nevada": (3_104_614, 353_593, None),
    "massachusetts": (7_029_917, 582_484, None),
}
# Asian alone and not Hispanic, in per cent of everyone.
STATES_NH = {
    "hawaii/hi_2020_block.csv": (36.53, "block"),
    "nevada/nv_2020_vtd.csv": (8.57, "vtd"),
    "massachusetts/ma_2020_vtd.csv": (7.18, "vtd"),
}
ILLINOIS = (875_488, 5.83)
# Rhode Island's prototype file of 2018 (Providence County): published cells, and sums of them.
PROTOTYPE = {
    "total_pop": 614_053,
    "asian_alone_pop": 24_145,
    "nhpi_alone_pop": 1_000,
    "asian_aoic_pop": 29_330,
    "nhpi_aoic_pop": 3_997,
    "aapi_both_pop": 1_036,
    "aapi_aoic_pop": 32_291,
    "nh_aapi_aoic_pop": 28_313,
    "aapi_doj_pop": 28_150,
}


def illinois_tracts(data_dir):
    """Read Illinois' 3,265 tracts with every cell of P1 to P4."""
    file = data_dir / "chicago_il/il2020.pl_COMBINED_TRACT.csv"
    header = pd.read_csv(file, nrows=0).columns
    cells = {name: name for name in header if canonical(name) and name.startswith("P00")}
    return read_units(file, id="GEOCODE", columns=cells, level="tract", year=2020)


@pytest.mark.parametrize("state", STATES_AOIC)
def test_alone_or_in_combination_by_state(data_dir, loaders, state):
    people, asian, nhpi = STATES_AOIC[state]
    _, tables = loaders.dra_shapes(next((data_dir / state).glob("Geojson_*.zip")))
    found = tables["T_20_CENS"].sum()
    assert found["Total"] == people
    assert found["Asian"] == asian
    assert nhpi is None or found["Pacific"] == nhpi


def test_hawaii_adults_and_2010(data_dir, loaders):
    _, tables = loaders.dra_shapes(data_dir / "hawaii/Geojson_HI.v06.zip")
    assert tables["V_20_VAP"][["Asian", "Pacific"]].sum().tolist() == [646_555, 264_451]
    assert tables["V_20_VAP_NH"][["AsianAlone", "PacificAlone"]].sum().tolist() == [458_268, 105_218]
    assert tables["T_10_CENS"][["Asian", "Pacific"]].sum().tolist() == [780_968, 355_816]


def test_illinois_by_our_own_sums(data_dir):
    tracts = illinois_tracts(data_dir)
    assert len(tracts) == 3_265
    total = tracts.frame[["total_pop", "asian_aoic_pop", "nh_asian_alone_pop"]].sum()
    assert total["total_pop"] == 12_812_508
    assert total["asian_aoic_pop"] == ILLINOIS[0]
    assert 100 * total["nh_asian_alone_pop"] / total["total_pop"] == pytest.approx(ILLINOIS[1], abs=0.005)


@pytest.mark.parametrize("file", STATES_NH)
def test_share_of_asian_alone_not_hispanic(data_dir, loaders, file):
    share, level = STATES_NH[file]
    units = read_units(data_dir / file, id="GEOID20", columns=loaders.NH_COLUMNS, level=level, year=2020)
    total = units.frame.sum()
    assert 100 * total["nh_asian_alone_pop"] / total["total_pop"] == pytest.approx(share, abs=0.005)
    if level == "block":
        assert total[["nh_asian_alone_pop", "total_pop"]].tolist() == [531_558, 1_455_271]


def test_the_prototype_row_of_rhode_island(fixtures_dir):
    tables = json.loads((fixtures_dir / "ri2018_prototype_row.json").read_text(encoding="utf-8"))
    cells = {canonical(f"P{table[1:]}_{n:03d}N"): [v] for table in tables for n, v in enumerate(tables[table], 1)}
    assert None not in cells
    frame = pd.DataFrame(cells, index=pd.Index(["44007"], dtype="str", name="GEOID"))
    check_cells(frame, what="the prototype row")
    counts = derive(frame).loc["44007"]
    assert {name: int(counts[name]) for name in PROTOTYPE} == PROTOTYPE
