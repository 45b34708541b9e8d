"""Hawaii's 2010 census on 2020 blocks."""

from __future__ import annotations

import pytest

from kit.analysis.crosswalk import crosswalk
from kit.sources.crosswalk import read_crosswalk
from kit.sources.local import read_units

pytestmark = pytest.mark.real

COLUMNS = {"pop": "total_pop", "pop_asian": "nh_asian_alone_pop", "pop_nhpi": "nh_nhpi_alone_pop", "vap": "total_vap"}


def test_hawaii_keeps_everybody(data_dir):
    table = read_crosswalk(
        data_dir / "hawaii/hi_block2010_to_2020_vest.csv.gz", kind="vest", from_year=2010, to_year=2020
    )
    assert len(table) == 27_402
    old = read_units(data_dir / "hawaii/hi_2010_block.csv", id="GEOID", columns=COLUMNS, level="block", year=2010)
    new = crosswalk(old, table)
    assert old.frame["total_pop"].sum() == 1_360_301
    assert new.frame["total_pop"].sum() == pytest.approx(1_360_301, abs=1e-6)
    for name in COLUMNS.values():
        assert new.frame[name].sum() == pytest.approx(old.frame[name].sum(), abs=1e-6)
    assert new.report["units"].to_dict() == {"whole": 24_912, "rounded": 104, "renormalised": 0, "area": 0, "lost": 0}
    assert new.report.loc["rounded", "people"] == 31_427
    assert new.lost.empty
    blocks = read_units(
        data_dir / "hawaii/hi_2020_block.csv", id="GEOID20", columns={"pop": "total_pop"}, level="block"
    )
    assert set(new.frame.index) == set(blocks.frame.index)


def test_counties_of_hawaii_do_not_change(data_dir):
    """No 2010 block is cut by a county line, so counties keep their people."""
    table = read_crosswalk(
        data_dir / "hawaii/hi_block2010_to_2020_vest.csv.gz", kind="vest", from_year=2010, to_year=2020
    )
    old = read_units(data_dir / "hawaii/hi_2010_block.csv", id="GEOID", columns=COLUMNS, level="block", year=2010)
    new = crosswalk(old, table).frame
    before, after = (frame["total_pop"].groupby(frame.index.str[:5]).sum() for frame in (old.frame, new))
    assert after.to_dict() == pytest.approx(before.to_dict(), abs=1e-6)
    assert before["15003"] == 953_207
