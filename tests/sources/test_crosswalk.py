"""Crosswalk tables in the layouts of the Census Bureau, NHGIS and VEST, in both directions."""

from __future__ import annotations

import gzip
import io
import zipfile

import numpy as np
import pandas as pd
import pytest

from kit.errors import Corrupt, InputError, SchemaError
from kit.sources.crosswalk import read_crosswalk, relationship_path
from kit.sources.download import fetch

# Two blocks of 2010 (1000 is cut in two, 1001 is whole) and two of 2020.
A, B = "150030001001000", "150030001001001"
X, Y = "150030001011000", "150030001011001"
CENSUS_HEADER = (
    "STATE_2010|COUNTY_2010|TRACT_2010|BLK_2010|BLKSF_2010|AREALAND_2010|AREAWATER_2010|BLOCK_PART_FLAG_O|"
    "STATE_2020|COUNTY_2020|TRACT_2020|BLK_2020|BLKSF_2020|AREALAND_2020|AREAWATER_2020|BLOCK_PART_FLAG_R|"
    "AREALAND_INT|AREAWATER_INT"
)


def census_row(old, new, *, old_area=(100, 0), new_area=(100, 0), part=(100, 0)):
    def four(geoid):
        return [geoid[:2], geoid[2:5], geoid[5:11], geoid[11:], ""]

    fields = [*four(old), *old_area, "p", *four(new), *new_area, "p", *part]
    return "|".join(map(str, fields))


CENSUS = "\n".join(
    [
        CENSUS_HEADER,
        census_row(A, X, old_area=(100, 5), new_area=(30, 0), part=(30, 0)),
        census_row(A, Y, old_area=(100, 5), new_area=(120, 5), part=(70, 5)),
        census_row(B, Y, old_area=(50, 0), new_area=(120, 5), part=(50, 0)),
    ]
)


def saved(tmp_path, content, name):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def weights(table):
    frame = table.frame
    return {(s[-4:], t[-4:]): w for s, t, w in zip(frame["source"], frame["target"], frame["weight"], strict=True)}


def test_relationship_file(tmp_path):
    path = saved(tmp_path, CENSUS, "tab2010_tab2020_st15_hi.txt")
    table = read_crosswalk(path, kind="census", from_year=2010, to_year=2020)
    assert weights(table) == pytest.approx({("1000", "1000"): 0.3, ("1000", "1001"): 0.7, ("1001", "1001"): 1.0})
    assert (table.level, table.from_year, table.to_year) == ("block", 2010, 2020)
    assert table.sources[0].uncertainty == "allocation"
    assert "land area" in table.sources[0].note


def test_relationship_file_backwards(tmp_path):
    path = saved(tmp_path, CENSUS, "tab.txt")
    table = read_crosswalk(path, kind="census", from_year=2020, to_year=2010)
    assert weights(table) == pytest.approx(
        {("1000", "1000"): 1.0, ("1001", "1000"): 70 / 120, ("1001", "1001"): 5 / 12}
    )
    assert table.frame["source"].tolist() == [X, Y, Y]


def test_blocks_without_land_follow_water_and_then_equal_parts(tmp_path):
    lines = [
        CENSUS_HEADER,
        census_row(A, X, old_area=(0, 40), part=(0, 10)),
        census_row(A, Y, old_area=(0, 40), part=(0, 30)),
        census_row(B, X, old_area=(0, 0), part=(0, 0)),
        census_row(B, Y, old_area=(0, 0), part=(0, 0)),
    ]
    table = read_crosswalk(saved(tmp_path, "\n".join(lines), "t.txt"), kind="census", from_year=2010, to_year=2020)
    assert table.frame["weight"].tolist() == [0.25, 0.75, 0.5, 0.5]


def test_relationship_zip_from_the_server(server):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as pack:
        pack.writestr("tab2010_tab2020_st15_hi.txt", "\ufeff" + CENSUS)
    server.files[relationship_path("HI")] = held.getvalue()
    path = fetch(relationship_path("HI"), what="the block relationship file of Hawaii")
    assert len(read_crosswalk(path, kind="census", from_year=2010, to_year=2020)) == 3


@pytest.mark.parametrize(
    "header",
    ["GEOID10,GEOID20,WEIGHT,PAREA", "blk2010ge,blk2020ge,weight,parea", "blk2010gj,blk2020gj,weight,parea"],
)
def test_nhgis(tmp_path, header):
    joined = header.startswith("blk2010gj")
    a, b, x, y = (f"G{i[:2]}0{i[2:5]}0{i[5:]}" if joined else i for i in (A, B, X, Y))
    text = f"{header}\n{a},{x},0.9,0.3\n{a},{y},0.1,0.7\n{b},{y},1,1\n{b},,0,0\n"
    table = read_crosswalk(saved(tmp_path, text, "x.csv"), kind="nhgis", from_year=2010, to_year=2020)
    assert table.frame["source"].tolist() == [A, A, B]
    assert table.frame["weight"].tolist() == [0.9, 0.1, 1.0]
    assert table.frame["area"].tolist() == [0.3, 0.7, 1.0]
    assert table.notes == ("1 rows of x.csv name no unit on one side and were left out.",)


def test_nhgis_with_several_weights(tmp_path):
    text = f"bg2010ge,bg2020ge,wt_pop,wt_hh\n{A[:12]},{X[:12]},0.4,0.5\n{A[:12]},{Y[:11]}2,0.6,0.5\n"
    path = saved(tmp_path, text, "bg.csv")
    with pytest.raises(InputError, match="weights wt_pop, wt_hh; pass weight="):
        read_crosswalk(path, kind="nhgis", from_year=2010, to_year=2020)
    with pytest.raises(InputError, match="no weight 'wt_x'"):
        read_crosswalk(path, kind="nhgis", from_year=2010, to_year=2020, weight="wt_x")
    table = read_crosswalk(path, kind="nhgis", from_year=2010, to_year=2020, weight="wt_pop")
    assert table.level == "block_group"
    assert table.frame["weight"].tolist() == [0.4, 0.6]


def test_nhgis_the_other_way_is_refused(tmp_path):
    path = saved(tmp_path, f"blk2010ge,blk2020ge,weight\n{A},{X},1\n", "x.csv")
    with pytest.raises(SchemaError, match="goes from 2010 to 2020.*weights of one direction do not serve the other"):
        read_crosswalk(path, kind="nhgis", from_year=2020, to_year=2010)
    back = saved(tmp_path, f"blk2020ge,blk2010ge,weight\n{X},{A},1\n", "y.csv")
    assert read_crosswalk(back, kind="nhgis", from_year=2020, to_year=2010).frame["source"].tolist() == [X]


def test_vest_as_published_and_tidied(tmp_path):
    raw = saved(tmp_path, f"{X},{A},0.25,,\n{Y},{A},0.75,{B},1\n150030001011002\n", "block1020_crosswalk_15.csv")
    tidy = f"GEOID_to,GEOID,int_land\n{X},{A},0.25\n{Y},{A},0.75\n{Y},{B},1\n"
    packed = saved(tmp_path, gzip.compress(tidy.encode()), "x.csv.gz")
    for path in (raw, packed):
        table = read_crosswalk(path, kind="vest", from_year=2010, to_year=2020)
        assert weights(table) == {("1000", "1000"): 0.25, ("1000", "1001"): 0.75, ("1001", "1001"): 1.0}
    assert np.isnan(table.frame["area"]).all()
    assert table.sources[0].where == "x.csv.gz"


def test_a_table_read_backwards_is_noticed(tmp_path):
    text = f"GEOID_to,GEOID,int_land\n{A},{Y},1\n{B},{Y},1\n"
    with pytest.raises(SchemaError, match="weights of 1 of 1 2010 units add up to more than 1.*goes the other way"):
        read_crosswalk(saved(tmp_path, text, "x.csv"), kind="vest", from_year=2010, to_year=2020)


def test_doubled_pairs_are_added(tmp_path):
    text = f"GEOID_to,GEOID,int_land\n{X},{A},0.25\n{X},{A},0.75\n"
    table = read_crosswalk(saved(tmp_path, text, "x.csv"), kind="vest", from_year=2010, to_year=2020)
    assert table.frame["weight"].tolist() == [1.0]
    assert "repeat a pair" in table.notes[0]


@pytest.mark.parametrize(
    ("kind", "text", "error", "match"),
    [
        ("census", "STATE_2010|COUNTY_2010\n15|003\n", SchemaError, "has no TRACT_2010, BLK_2010, AREALAND_2010"),
        ("census", CENSUS.replace("|30|0|p|30|0", "|30|0|p|x|0"), SchemaError, "AREALAND_INT should hold numbers"),
        ("nhgis", f"from,to,weight\n{A},{X},1\n", SchemaError, "no id columns of 2010 and 2020, such as blk2010ge"),
        ("nhgis", f"blk2010ge,blk2020ge,weight\n{A},{X},\n", SchemaError, "1 pairs of 2010 and 2020 units have no w"),
        ("nhgis", f"blk2010ge,blk2020ge,weight\n{A},{X},-1\n", SchemaError, "weight should hold numbers, and 1 rows"),
        ("nhgis", f"blk2010ge,blk2020ge\n{A},{X}\n", InputError, "has the weights none"),
        ("vest", f"{X},{A}\n", SchemaError, "row 1: expected a 2020 block and then pairs"),
        ("vest", f"GEOID_to,GEOID\n{X},{A}\n", SchemaError, "no GEOID_to, GEOID and int_land"),
        ("vest", f"GEOID_to,GEOID,int_land\n{X[:-1]},{A},1\n", SchemaError, "not GEOIDs of one level"),
        ("vest", "", Corrupt, "is empty"),
        ("vest", "<html>", Corrupt, "web page"),
        ("other", "x", InputError, "kind is one of census, nhgis, vest"),
    ],
)
def test_what_does_not_fit(tmp_path, kind, text, error, match):
    with pytest.raises(error, match=match):
        read_crosswalk(saved(tmp_path, text, "x.csv"), kind=kind, from_year=2010, to_year=2020)


@pytest.mark.parametrize("years", [(2010, 2010), (2010, 2015), (2019, 2020)])
def test_years(tmp_path, years):
    with pytest.raises(InputError, match="two of 1990, 2000, 2010, 2020"):
        read_crosswalk(saved(tmp_path, CENSUS, "x.txt"), kind="census", from_year=years[0], to_year=years[1])


def test_other_refusals(tmp_path):
    path = saved(tmp_path, CENSUS, "x.txt")
    with pytest.raises(InputError, match="from 2010 to 2020, not from 2020 to 2010"):
        read_crosswalk(path, kind="vest", from_year=2020, to_year=2010)
    with pytest.raises(InputError, match="weight= is for NHGIS"):
        read_crosswalk(path, kind="census", from_year=2010, to_year=2020, weight="w")
    with pytest.raises(InputError, match=r"no file 'y\.txt'"):
        read_crosswalk(tmp_path / "y.txt", kind="census", from_year=2010, to_year=2020)
    with pytest.raises(Corrupt, match="cut off"):
        read_crosswalk(
            saved(tmp_path, gzip.compress(CENSUS.encode())[:-20], "x.gz"), kind="census", from_year=2010, to_year=2020
        )
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as pack:
        pack.writestr("a.csv", "x")
        pack.writestr("b.csv", "x")
    with pytest.raises(InputError, match="holds 2 tables"):
        read_crosswalk(saved(tmp_path, held.getvalue(), "x.zip"), kind="census", from_year=2010, to_year=2020)


def test_the_table_cannot_be_changed_through_the_crosswalk(tmp_path):
    table = read_crosswalk(saved(tmp_path, CENSUS, "x.txt"), kind="census", from_year=2010, to_year=2020)
    frame = table.frame
    frame["weight"] = 0
    assert table.frame["weight"].sum() == 2
    assert isinstance(table.frame, pd.DataFrame)
