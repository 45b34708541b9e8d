"""Redistricting files in both layouts, written here so that every total is known; and damaged ones."""

from __future__ import annotations

import subprocess
import sys
import zipfile

import numpy as np
import pandas as pd
import pytest

import kit.sources.pl94171 as module
from kit.errors import Corrupt, InputError, NotPublished, SchemaError
from kit.model.identities import check_cells
from kit.sources.pl94171 import read_pl94171
from kit.sources.pl_layout import kept_cells, segments

ASIAN, NHPI = 6, 7


@pytest.fixture(scope="module")
def made(maker):
    """Give a made-up State of 300 blocks: 2 counties, 3 tracts, 12 block groups."""
    return maker(300)


@pytest.fixture
def folder(made, tmp_path):
    return made.write(tmp_path / "raw")


@pytest.mark.parametrize("year", [2010, 2020])
@pytest.mark.parametrize(
    ("level", "rows"), [("state", 1), ("county", 2), ("tract", 3), ("block_group", 12), ("block", 300)]
)
def test_every_level_adds_up_to_the_people_that_were_written(made, tmp_path, year, level, rows):
    units = read_pl94171("HI", year=year, level=level, source=made.write(tmp_path / "raw", year=year))
    assert len(units) == rows
    assert (units.level, units.year) == (level, year)
    totals = units.frame[units.count_columns].sum()
    assert totals["total_pop"] == made.total("P1")
    assert totals["total_vap"] == made.total("P3")
    assert totals["asian_alone_pop"] == made.total("P1", [ASIAN])
    assert totals["nhpi_alone_vap"] == made.total("P3", [NHPI])
    assert totals["aapi_alone_pop"] == made.total("P1", [ASIAN, NHPI])
    assert totals["nh_asian_alone_pop"] == made.total("P2", [ASIAN])
    assert totals["nh_nhpi_alone_vap"] == made.total("P4", [NHPI])
    assert totals["asian_doj_pop"] == made.total("P1", [6, 13])
    assert totals["aapi_doj_pop"] == made.total("P1", [6, 7, 13, 14, 23, 34])
    assert set(units.frame.dtypes[units.count_columns]) == {np.dtype("int32")}


@pytest.mark.parametrize("year", [2010, 2020])
def test_names_areas_and_points_come_from_the_header(made, tmp_path, year):
    units = read_pl94171("Hawaii", year=year, level="county", source=made.write(tmp_path / "raw", year=year))
    assert units.frame["name"].tolist() == ["Cañon County", "Hawai'i County"]
    assert units.frame["land_m2"].tolist() == [1000, 1000]
    assert units.frame["water_m2"].tolist() == [50, 50]
    assert units.frame.index.tolist() == ["15001", "15003"]
    assert units.geometry.crs.to_epsg() == 4269
    # Made as 19 + last three digits / 1000 and −155 − last four / 10000.
    assert (units.geometry.y["15003"], units.geometry.x["15003"]) == (19.003, -155.5003)


def test_2010_has_no_group_quarters_and_2020_has(made, tmp_path):
    old = read_pl94171("HI", year=2010, level="tract", source=made.write(tmp_path / "a", year=2010))
    new = read_pl94171("HI", year=2020, level="tract", source=made.write(tmp_path / "b", year=2020))
    assert "P5_001N" not in old.frame
    assert new.frame["P5_005N"].tolist() == [1, 1, 1]
    assert old.frame["H1_001N"].tolist() == new.frame["H1_001N"].tolist()
    pd.testing.assert_series_equal(old.frame["aapi_aoic_pop"], new.frame["aapi_aoic_pop"])


def test_headline_cells_are_the_documented_ones_and_all_means_all(folder):
    few = read_pl94171("HI", year=2020, level="tract", source=folder).frame
    every = read_pl94171("HI", year=2020, level="tract", source=folder, cells="all").frame
    assert {"P1_001N", "P1_006N", "P1_007N", "P1_009N", "P2_002N", "P4_008N", "H1_002N", "P5_010N"} <= set(few)
    assert "P1_013N" not in few
    assert sum(name.startswith(("P", "H")) for name in every) == 71 + 73 + 71 + 73 + 3 + 10
    check_cells(every[[n for n in every if n[:2] in {"P1", "P2", "P3", "P4", "P5", "H1"}]])
    assert [len(s.fields) for s in segments(2020)] == [149, 152, 15]
    assert len(kept_cells(2020)) == len(set(kept_cells(2020))) == 49
    with pytest.raises(InputError, match='use "headline" or "all"'):
        read_pl94171("HI", year=2020, level="tract", source=folder, cells="some")


def test_a_zip_reads_like_its_folder_also_when_nested(made, folder, tmp_path):
    plain = read_pl94171("HI", year=2020, level="block", source=folder)
    packed = read_pl94171("HI", year=2020, level="block", source=made.write_zip(tmp_path / "hi2020.pl.zip"))
    nested = read_pl94171("HI", year=2020, level="block", source=made.write_zip(tmp_path / "x.zip", inside="a/b/"))
    pd.testing.assert_frame_equal(plain.frame, packed.frame)
    pd.testing.assert_frame_equal(plain.frame, nested.frame)
    assert [len(s.sha256) for s in packed.sources] == [64]
    assert packed.sources[0].where == "hi2020.pl.zip"
    assert [s.where for s in plain.sources] == ["hi000012020.pl", "hi000022020.pl", "hi000032020.pl", "higeo2020.pl"]
    source = packed.sources[0]
    assert source.uncertainty == "disclosure noise"
    assert "as counted" in source.note
    assert "P1, P2, P3, P4, H1, P5" in source.citation()


def test_2010_states_no_uncertainty_and_says_why(made, tmp_path):
    source = read_pl94171("HI", year=2010, level="state", source=made.write(tmp_path / "r", year=2010)).sources[0]
    assert source.uncertainty == "none stated"
    assert "swapped" in source.note


def test_counties_are_kept_in_either_spelling(folder):
    one = read_pl94171("HI", year=2020, level="block", source=folder, counties=["003"])
    same = read_pl94171("HI", year=2020, level="block", source=folder, counties=["15003"])
    assert set(one.frame.index.str[:5]) == {"15003"}
    pd.testing.assert_frame_equal(one.frame, same.frame)
    county = read_pl94171("HI", year=2020, level="county", source=folder, counties=["003"])
    assert one.frame["total_pop"].sum() == county.frame["total_pop"].item()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"counties": ["005"]}, "has no county 005; it has 001, 003"),
        ({"counties": ["06037"]}, "is not in Hawaii; give three digits, or five starting with 15"),
        ({"counties": "003"}, "counties must be a list"),
        ({"level": "place", "counties": ["003"]}, "do not each lie in one county"),
        ({"level": "precinct"}, "no level is called 'precinct'"),
        ({"year": 1990}, "read for 2000, 2010, 2020, not for year=1990"),
        ({"source": "no/such/place"}, "there is no file or folder 'place'"),
    ],
)
def test_requests_that_cannot_be_met_are_refused(folder, changes, message):
    with pytest.raises(InputError, match=message):
        read_pl94171("HI", **{"year": 2020, "level": "block", "source": folder} | changes)


def test_a_level_that_is_not_there_is_named_with_those_that_are(folder):
    with pytest.raises(NotPublished, match=r"no rows of summary level 700; it has 040 \(1\), 050 \(2\), 140 \(3\)"):
        read_pl94171("HI", year=2020, level="vtd", source=folder)
    with pytest.raises(NotPublished, match="files of 2000 are not read"):
        read_pl94171("HI", year=2000, level="tract", source="bulk")
    with pytest.raises(NotPublished, match="not published for Guam"):
        read_pl94171("Guam", year=2020, level="tract", source=folder)


def test_rows_of_other_geographic_components_are_left_out(made, tmp_path, maker):
    raw = tmp_path / "raw"
    urban = dict.fromkeys(range(97), "") | {0: "PLST", 1: "HI", 2: "140", 3: "00", 4: "01", 5: "000", 7: "999999"}
    urban |= {9: "15001000100", 12: "15", 14: "001", 90: "5"}
    made.write(raw, extra_geo=("|".join(urban[i] for i in range(97)),))
    assert len(read_pl94171("HI", year=2020, level="tract", source=raw)) == 3


def test_files_of_another_state_or_census_are_refused(made, folder, tmp_path):
    with pytest.raises(SchemaError, match="holds files of HI, but Nevada was asked for"):
        read_pl94171("NV", year=2020, level="tract", source=folder)
    with pytest.raises(SchemaError, match="holds files of 2020, but year=2010"):
        read_pl94171("HI", year=2010, level="tract", source=folder)
    for file in folder.iterdir():
        file.rename(file.with_name(file.name.replace("hi", "nv", 1)))
    with pytest.raises(SchemaError, match=r"nvgeo2020\.pl is of Hawaii, but Nevada was asked for"):
        read_pl94171("NV", year=2020, level="tract", source=folder)


def test_a_missing_part_is_named_with_what_was_found(folder):
    (folder / "hi000022020.pl").unlink()
    with pytest.raises(NotPublished, match=r"has no segment 2 for Hawaii 2020; it holds hi000012020\.pl"):
        read_pl94171("HI", year=2020, level="tract", source=folder)
    with pytest.raises(InputError, match="one part of several"):
        read_pl94171("HI", year=2020, level="tract", source=folder / "hi000012020.pl")


def edit(path, change):
    """Rewrite the lines of a file."""
    lines = path.read_text("latin-1").splitlines()
    path.write_text("\n".join(change(lines)) + "\n", "latin-1")


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("hi000012020.pl", lambda x: [*x[:-40], x[-40][:30]], r"hi000012020\.pl is cut off .* Expected 149 columns"),
        ("hi000022020.pl", lambda x: x[:-40], r"no data for 40 of 300 areas .*cut off"),
        ("hi000012020.pl", lambda x: [*x, x[-1]], r"has LOGRECNO 318 more than once"),
        ("hi000012020.pl", lambda x: [*x[:-1], x[-1][:-1] + "x"], "is cut off or not in the published layout"),
        ("hi000012020.pl", lambda x: [*x[:-1], x[-1].rsplit("|", 1)[0] + "|"], "has an empty cell P2_073N"),
        ("higeo2020.pl", lambda x: [*x, x[-1]], "gives LOGRECNO 318 to more than one area"),
        ("higeo2020.pl", lambda x: x[:-5], r"the 295 census blocks in higeo2020\.pl hold .* rows are missing"),
        ("higeo2020.pl", lambda x: [*x[:-1], x[-1][:60]], "Expected 97 columns"),
    ],
)
def test_damage_is_found_and_told(folder, name, change, message):
    edit(folder / name, change)
    with pytest.raises(Corrupt, match=message):
        read_pl94171("HI", year=2020, level="block", source=folder)


def test_a_header_out_of_step_with_the_tables_is_found(folder):
    def wrong(lines):
        fields = lines[-1].split("|")
        fields[90] = str(int(fields[90]) + 1)
        return [*lines[:-1], "|".join(fields)]

    edit(folder / "higeo2020.pl", wrong)
    with pytest.raises(SchemaError, match="POP100 in the header differs from P1_001N in 1 rows"):
        read_pl94171("HI", year=2020, level="block", source=folder)


def test_tables_that_contradict_themselves_are_found(folder):
    def wrong(lines):
        fields = lines[-1].split("|")
        fields[5 + 5] = str(int(fields[5 + 5]) + 1)  # Asian alone
        return [*lines[:-1], "|".join(fields)]

    edit(folder / "hi000012020.pl", wrong)
    with pytest.raises(SchemaError, match="contradicts itself"):
        read_pl94171("HI", year=2020, level="block", source=folder)


def test_segments_in_another_order_give_the_same_figures(folder, monkeypatch):
    monkeypatch.setattr(module, "WINDOW", 64)
    before = read_pl94171("HI", year=2020, level="block", source=folder)
    edit(folder / "hi000022020.pl", lambda lines: [*lines[:200], *reversed(lines[200:])])
    edit(folder / "higeo2020.pl", lambda lines: lines[::-1])
    after = read_pl94171("HI", year=2020, level="block", source=folder)
    pd.testing.assert_frame_equal(before.frame, after.frame)


def test_windows_line_ends_are_read(made, tmp_path):
    for year in (2010, 2020):
        made.write(tmp_path / f"{year}", year=year, end="\r\n")
        units = read_pl94171("HI", year=year, level="tract", source=tmp_path / f"{year}")
        assert units.frame["total_pop"].sum() == made.total("P1")


def test_a_2010_header_cut_off_in_a_line_is_found(made, tmp_path):
    raw = made.write(tmp_path / "raw", year=2010)
    edit(raw / "higeo2010.pl", lambda lines: [*lines[:-1], lines[-1][:200]])
    with pytest.raises(Corrupt, match="line 318 has 200 characters, expected 500"):
        read_pl94171("HI", year=2010, level="block", source=raw)
    with pytest.raises(InputError, match="summary level 155 cannot be read from 2010"):
        read_pl94171("HI", year=2010, level="155", source=made.write(tmp_path / "again", year=2010))


def test_broken_zips_and_web_pages_are_told_apart(made, tmp_path):
    good = made.write_zip(tmp_path / "hi2020.pl.zip").read_bytes()
    path = tmp_path / "bad.zip"
    cases = [
        (good[: len(good) // 2], "no complete zip file"),
        (b"", "is empty"),
        (b"\n<!DOCTYPE html><html></html>", "is a web page"),
        (b"plain words", "no complete zip file"),
    ]
    for data, message in cases:
        path.write_bytes(data)
        with pytest.raises(Corrupt, match=message):
            read_pl94171("HI", year=2020, level="block", source=path)
    damaged = bytearray(good)
    with zipfile.ZipFile(tmp_path / "hi2020.pl.zip") as pack:
        start = pack.getinfo("hi000012020.pl").header_offset
    damaged[start + 3000 : start + 3100] = bytes(100)
    path.write_bytes(bytes(damaged))
    with pytest.raises(Corrupt, match=r"hi000012020\.pl in bad\.zip is damaged|cut off"):
        read_pl94171("HI", year=2020, level="block", source=path)


def test_an_empty_part_is_found(folder):
    (folder / "hi000032020.pl").write_bytes(b"")
    with pytest.raises(Corrupt, match=r"hi000032020\.pl is empty"):
        read_pl94171("HI", year=2020, level="tract", source=folder)


def test_without_internal_points_there_is_no_geometry(folder):
    def blank(lines):
        rows = [line.split("|") for line in lines]
        for row in rows[-2:]:
            row[92] = ""
        return ["|".join(row) for row in rows]

    edit(folder / "higeo2020.pl", blank)
    units = read_pl94171("HI", year=2020, level="block", source=folder)
    assert units.geometry is None
    assert units.notes == ("Internal points are left out: 2 coordinates are missing in the header.",)


def test_a_combined_table_is_read_by_its_column_names(folder, tmp_path):
    units = read_pl94171("HI", year=2020, level="tract", source=folder, cells="all")
    columns = {"LOGRECNO": ["0000004", "0000005", "0000006"], "SUMLEV": "140", "STATE": "15"}
    columns["GEOCODE"] = units.frame.index
    for name in (n for n in units.frame if n[:2] in {"P1", "P2", "P3", "P4"}):
        columns[f"P00{name[1]}0{name[3:6]}"] = units.frame[name].to_numpy()
    table = pd.DataFrame(columns)
    path = tmp_path / "combined.csv"
    table.to_csv(path, index=False)
    again = read_pl94171("HI", year=2020, level="tract", source=path)
    pd.testing.assert_frame_equal(again.frame[again.count_columns], units.frame[units.count_columns])
    table.drop(columns="GEOCODE").to_csv(path, index=False)
    with pytest.raises(SchemaError, match="has no column GEOCODE"):
        read_pl94171("HI", year=2020, level="tract", source=path)
    table[["LOGRECNO", "SUMLEV", "STATE", "GEOCODE"]].to_csv(path, index=False)
    with pytest.raises(SchemaError, match="has no P.L. 94-171 cells"):
        read_pl94171("HI", year=2020, level="tract", source=path)


MEASURE = """
import sys
import kit.sources.pl94171 as pl

def peak():
    with open("/proc/self/status") as status:
        return next(1024 * int(line.split()[1]) for line in status if line.startswith("VmHWM"))

peaks = [peak()]
for level, counties in (("block", ["001"]), ("tract", None), ("block", None)):
    units = pl.read_pl94171("HI", year=2020, level=level, source=sys.argv[1], counties=counties)
    peaks.append(peak())
print(*peaks, units.frame.memory_usage(deep=True).sum())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
def test_the_unpacked_files_are_never_in_memory_as_a_whole(maker, tmp_path):
    path = maker(40_000, counties=2, seed=3).write_zip(tmp_path / "hi2020.pl.zip")
    with zipfile.ZipFile(path) as pack:
        unpacked = sum(info.file_size for info in pack.infolist())
    command = [sys.executable, "-c", MEASURE, str(path)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    _, warm, tracts, blocks, kept = map(int, told)
    # The first reading loads the libraries and fills the working buffers; what is added after that is data.
    assert unpacked > 35e6
    assert tracts - warm < unpacked / 4
    assert blocks - warm < 5 * kept
