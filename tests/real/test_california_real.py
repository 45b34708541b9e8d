"""California's 25,607 block groups, 103 columns wide, and every cell of Illinois' tracts."""

from __future__ import annotations

import zipfile

import pandas as pd
import pytest

import kit
from kit.analysis.cvap import cvap_bracket
from kit.errors import InputError, SchemaError

pytestmark = pytest.mark.real

# The file's Asian and Pacific are alone or in combination, Hispanic or not; its "Alone" columns are not Hispanic.
COUNTS = {
    "Name": "name",
    "T_20_CENS_Total": "total_pop",
    "T_20_CENS_Asian": "asian_aoic_pop",
    "T_20_CENS_Pacific": "nhpi_aoic_pop",
    "V_20_VAP_Total": "total_vap",
    "V_20_VAP_Asian": "asian_aoic_vap",
    "V_20_VAP_Pacific": "nhpi_aoic_vap",
    "V_20_VAP_NH_AsianAlone": "nh_asian_alone_vap",
    "V_20_VAP_NH_PacificAlone": "nh_nhpi_alone_vap",
}
CITIZENS = {
    "V_22_CVAP_Total": "total_cvap",
    "V_22_CVAP_Asian": "nh_asian_doj_cvap",
    "V_22_CVAP_Pacific": "nh_nhpi_alone_cvap",
}
MEMBER = "demographic_data_CA.v06.csv"


@pytest.fixture(scope="module")
def california_csv(data_dir, tmp_path_factory):
    with zipfile.ZipFile(data_dir / "stockton_ca/Demographic_Data_CA.v06.zip") as packed:
        return packed.extract(MEMBER, tmp_path_factory.mktemp("california"))


@pytest.fixture(scope="module")
def california(california_csv):
    return kit.read_units(california_csv, id="GEOID20", columns={**COUNTS, **CITIZENS}, level="block_group", year=2020)


def test_a_table_inside_a_zip_is_refused(data_dir):
    with pytest.raises(InputError, match=r"holds 0 layers of shapes .*Unpack it and pass the file you mean"):
        kit.read_units(data_dir / "stockton_ca/Demographic_Data_CA.v06.zip", id="GEOID20", columns=COUNTS)


def test_california_has_the_published_people(california):
    assert len(california) == 25_607
    assert california.frame.index[0] == "060014001001"
    sums = california.frame.drop(columns="name").sum()
    assert sums[["total_pop", "total_vap"]].tolist() == [39_538_223, 30_827_105]
    assert sums[["asian_aoic_pop", "nhpi_aoic_pop"]].tolist() == [7_045_163, 337_617]
    assert sums[["asian_aoic_vap", "nhpi_aoic_vap"]].tolist() == [5_502_723, 238_128]
    assert not california.frame.isna().any(axis=None)


def test_every_block_group_nests_its_counts(california):
    frame = california.frame
    assert (frame["total_vap"] <= frame["total_pop"]).all()
    for group in ("asian", "nhpi"):
        assert (frame[f"{group}_aoic_vap"] <= frame[f"{group}_aoic_pop"]).all()
        assert (frame[f"nh_{group}_alone_vap"] <= frame[f"{group}_aoic_vap"]).all()


def test_lost_zeros_come_back(california, california_csv, tmp_path):
    """A spreadsheet turns 060014001001 into 60014001001."""
    table = pd.read_csv(california_csv, usecols=["GEOID20", *COUNTS])
    assert table["GEOID20"].dtype == "int64"
    path = tmp_path / "spreadsheet.csv"
    table.to_csv(path, index=False)
    again = kit.read_units(path, id="GEOID20", columns=COUNTS, level="block_group", year=2020)
    assert any("25,607 ids of spreadsheet.csv had lost a leading zero" in note for note in again.notes)
    pd.testing.assert_frame_equal(again.frame, california.frame[again.frame.columns])


def test_a_column_of_103_that_is_misspelt_is_named_with_its_neighbours(california_csv):
    with pytest.raises(SchemaError, match=r"no column 'T_20_CENS_Asians' \(near: T_20_CENS_Asian"):
        kit.read_units(california_csv, id="GEOID20", columns={"T_20_CENS_Asians": "asian_aoic_pop"})


# --- citizens of voting age, 2018-2022 --------------------------------------------------------------


def as_lines(california_csv, california):
    """Name the columns as lines: Asian alone, and Asian and White, stand in one column, so line 9 is set to nobody."""
    table = pd.read_csv(california_csv, dtype={"GEOID20": "str"}).set_index("GEOID20").loc[california.frame.index]
    columns = {"Total": "cvap_01", "Asian": "cvap_04", "Pacific": "cvap_06", "RemTwoOrMore": "cvap_12"}
    frame = table[[f"V_22_CVAP_{name}" for name in columns]].set_axis(list(columns.values()), axis=1)
    return kit.Units(frame.assign(cvap_09=0), level="block_group", year=2020)


def test_the_bracket_of_san_joaquin_county(california_csv, california):
    """82,692 + 2,854 = 85,546 below, and 4,623 more above, of 487,145 citizens."""
    lines = as_lines(california_csv, california)
    found = cvap_bracket(lines)
    mapped = california.frame["nh_asian_doj_cvap"] + california.frame["nh_nhpi_alone_cvap"]
    assert (found["low"] == mapped).all()
    assert found["total"].tolist() == california.frame["total_cvap"].tolist()
    county = found[found.index.str.startswith("06077")]
    sums = county[["low", "high", "total"]].sum()
    assert (len(county), *sums) == (501, 85_546, 90_169, 487_145)
    assert f"{sums['low'] / sums['total']:.1%}, {sums['high'] / sums['total']:.1%}" == "17.6%, 18.5%"
    nobody = county["total"] == 0
    assert county.loc[nobody, ["share_low", "share_high"]].isna().all(axis=None)
    assert county.loc[~nobody, "share_low"].notna().all()


def test_the_bracket_of_the_state(california_csv, california):
    sums = cvap_bracket(as_lines(california_csv, california))[["low", "high", "total"]].sum()
    assert sums.tolist() == [3_996_156 + 96_594, 3_996_156 + 96_594 + 152_216, 26_077_848]


def test_the_bracket_of_the_council_districts_of_stockton(california_csv, california, data_dir):
    import geopandas as gpd

    shapes = gpd.read_file(data_dir / "stockton_ca/sanjoaquin_bg2020.geojson")
    shapes.index = pd.Index("06077" + shapes["TRACTCE"] + shapes["BLKGRPCE"], dtype="str", name="GEOID")
    frame = as_lines(california_csv, california).frame.loc[shapes.index]
    units = kit.Units(frame, level="block_group", year=2020, geometry=shapes.geometry)
    plan = kit.read_plan(data_dir / "stockton_ca/plans/stockton_council_2012.geojson")
    placed = kit.place(units, plan, outside="report")
    found = cvap_bracket(placed)
    by_hand = frame.groupby(placed.assignment.reindex(frame.index)).sum()
    assert sorted(found.index) == [str(n) for n in range(1, 7)]
    assert (found["low"] == (by_hand["cvap_04"] + by_hand["cvap_06"]).reindex(found.index)).all()
    assert (found["high"] - found["low"] == by_hand["cvap_12"].reindex(found.index)).all()
    assert (found["share_low"] <= found["share_high"]).all()
    outside = frame.loc[placed.unassigned.index]
    assert found["total"].sum() + outside["cvap_01"].sum() == 487_145
    assert found["low"].sum() + outside[["cvap_04", "cvap_06"]].sum().sum() == 85_546


# --- every cell of a wide file ------------------------------------------------------------------------


def test_every_cell_of_illinois_tracts_as_the_file_prints_it(data_dir):
    path = data_dir / "chicago_il/il2020.pl_COMBINED_TRACT.csv"
    raw = pd.read_csv(path, dtype={"GEOCODE": "str"}).set_index("GEOCODE")
    assert raw.shape[1] + 1 == 397
    cells = [name for name in raw.columns if name[:4] in {"P001", "P002", "P003", "P004"}]
    assert len(cells) == 71 + 73 + 71 + 73
    units = kit.read_pl94171("IL", year=2020, level="tract", source=path, cells="all")
    ours = [f"P{name[3]}_{int(name[4:]):03d}N" for name in cells]
    found = units.frame.loc[raw.index, ours]
    assert (found.to_numpy() == raw[cells].to_numpy()).all()
    headline = kit.read_pl94171("IL", year=2020, level="tract", source=path)
    assert set(headline.frame.columns) < set(units.frame.columns)
    pd.testing.assert_frame_equal(units.frame[headline.frame.columns], headline.frame)
