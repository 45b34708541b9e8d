"""The State's published DHC zip: the right fields, held against the redistricting cells they tally."""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from kit.errors import Corrupt, NotPublished, Offline, SchemaError
from kit.settings import using
from kit.sources.dhc import CELLS, read_dhc
from kit.sources.dhc_files import FIELDS, TABLES, dhc_path, read_published
from kit.sources.pl94171 import read_pl94171

ZIP = "/programs-surveys/decennial/2020/data/demographic-and-housing-characteristics-file/Hawaii/hi2020.dhc.zip"
HOUSES = {"state": "040", "county": "050", "tract": "140", "block_group": "150", "block": "100"}
TALLIES = ["total_pop", "asian_aoic_pop", "nhpi_aoic_pop", "nh_asian_aoic_pop", "nh_nhpi_aoic_pop"]


def tallies_of(units):
    """Tally races as the Bureau does; the same helper the API's tests use."""
    path = Path(__file__).with_name("test_dhc.py")
    spec = importlib.util.spec_from_file_location("_dhc_helpers", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.tallies(units)


@pytest.fixture(scope="module")
def known(maker, tmp_path_factory):
    """Read a made-up State's redistricting files at every level."""
    folder = maker(120).write(tmp_path_factory.mktemp("pl"))
    return {level: read_pl94171("HI", year=2020, level=level, source=folder, cells="all") for level in HOUSES}


def lines(known):
    """Write geographic header and segment 5 by hand: P1 in field 6, P6 in 39 to 45, P7 in 46 to 60 (from 1)."""
    geo, data, number = [], [], 0
    for level, units in known.items():
        cells = tallies_of(units)
        for geoid, row in cells.iterrows():
            for part in ("00", "01"):  # each area, and the urban part of it, which is no area of its own
                number += 1
                header = [""] * 97
                header[0:6] = "DHCST", "HI", HOUSES[level], "00", part, "000"
                header[7:10] = f"{number:07d}", f"{HOUSES[level]}00{part}US{geoid}", geoid
                header[12], header[14], header[84], header[85] = "15", geoid[2:5], "1000", "50"
                header[87], header[90] = f"Ca\xf1on {geoid}", row["P1_001N"]
                header[92:94] = "+19.5000000", "-155.5000000"
                record = ["9"] * 204
                record[0:5] = "DHCST", "HI", "000", "05", f"{number:07d}"
                record[5] = row["P1_001N"]
                record[38:45] = [row[f"P6_{n:03d}N"] for n in range(1, 8)]
                record[45:60] = [row[f"P7_{n:03d}N"] for n in range(1, 16)]
                geo.append("|".join(header))
                data.append("|".join(record))
    return geo, data


def write(path, geo, data, *, low="hi"):
    with zipfile.ZipFile(path, "w") as pack:
        pack.writestr(f"{low}000012020.dhc", "DHCST|HI|000|01|0000001|5\n")
        pack.writestr(f"{low}000052020.dhc", "".join(f"{line}\n" for line in data))
        pack.writestr(f"{low}geo2020.dhc", "".join(f"{line}\n" for line in geo).encode("latin-1"))
        pack.writestr(f"{low}000152020.dhc", "DHCST|HI|000|15|0000001|5\n")
    return path


@pytest.fixture(scope="module")
def parts(known):
    return lines(known)


def test_the_layout_is_the_published_one():
    assert sum(TABLES.values()) == 199
    assert len(FIELDS) == len(set(FIELDS)) == 204
    assert FIELDS.index("P1_001N") == 5
    assert FIELDS.index("P6_001N") == 38
    assert FIELDS.index("P7_001N") == 45
    assert FIELDS.index("P8_001N") == 60
    assert FIELDS[-1] == "P9_073N"


@pytest.mark.parametrize("level", HOUSES)
def test_bulk_needs_no_key_and_equals_the_redistricting_sums(server, monkeypatch, tmp_path, known, parts, level):
    monkeypatch.delenv("CENSUS_API_KEY", raising=False)
    server.files[ZIP] = write(tmp_path / "x.zip", *parts).read_bytes()
    with using(cache=tmp_path / "cache"):
        units = read_dhc("HI", year=2020, level=level, source="bulk")
        again = read_dhc("HI", year=2020, level=level)  # now in the cache, so by default
    whole = known[level]
    for column in TALLIES:
        assert units.column(column).sort_index().tolist() == whole.column(column).sort_index().tolist(), column
    assert set(CELLS) <= set(units.frame.columns)
    assert units.level == level
    assert units.frame["name"].iloc[0].startswith("Ca\xf1on 15")
    assert units.frame["land_m2"].tolist() == [1000] * len(whole)
    assert units.geometry.iloc[0].x == -155.5
    source = units.sources[0]
    assert source.where == f"{server.root}{ZIP}"
    assert len(source.sha256) == 64
    assert source.retrieved.startswith("20")
    assert again.frame.equals(units.frame)
    assert sum(a["path"] == ZIP for a in server.asked) == 1


def test_a_zip_and_a_folder_in_any_order_of_records(tmp_path, known, parts):
    geo, data = parts
    zipped = read_dhc("HI", year=2020, level="block", source=write(tmp_path / "a.zip", geo, data))
    folder = tmp_path / "raw" / "deeper"
    with zipfile.ZipFile(write(tmp_path / "b.zip", geo, data[::-1])) as pack:
        pack.extractall(folder)
    unpacked = read_dhc("HI", year=2020, level="block", source=tmp_path / "raw")
    assert zipped.frame.equals(unpacked.frame)
    assert zipped.column("asian_aoic_pop").sum() == known["state"].frame["asian_aoic_pop"].iloc[0]
    assert zipped.sources[0].where == "a.zip"


def spoiled(line, at, value):
    fields = line.split("|")
    fields[at] = value
    return "|".join(fields)


def first_block(geo):
    return next(n for n, line in enumerate(geo) if line.split("|")[2] == "100")


@pytest.mark.parametrize(
    ("spoil", "error", "told"),
    [
        (lambda g, d, n: d.__setitem__(n, spoiled(d[n], 5, "99999")), SchemaError, "POP100 in the header differs"),
        (lambda g, d, n: d.__setitem__(n, spoiled(d[n], 42, "77777")), SchemaError, "do not add up to P6_001N"),
        (lambda g, d, n: d.__setitem__(n, spoiled(d[n], 42, ".")), Corrupt, r"'\.' as P6_005N at LOGRECNO"),
        (lambda g, d, n: d.__setitem__(n, spoiled(d[n], 42, "")), Corrupt, "'' as P6_005N at LOGRECNO"),
        (lambda g, d, n: d.__setitem__(n, d[n].rpartition("|")[0]), Corrupt, "cut off or not in the published layout"),
        (lambda g, d, n: d.__delitem__(slice(n, None)), Corrupt, "no data for 120 of 120 areas in the geographic"),
        (lambda g, d, n: d.append(d[n]), Corrupt, "more than once"),
        (lambda g, d, n: g.__delitem__(slice(n, n + 4)), Corrupt, "rows are missing"),
        (lambda g, d, n: g.__setitem__(n + 2, spoiled(g[n + 2], 9, g[n].split("|")[9])), Corrupt, "areas twice: 15"),
        (lambda g, d, n: g.__setitem__(0, spoiled(g[0], 12, "36")), SchemaError, "is of New York, but Hawaii"),
    ],
)
def test_damage_is_told(tmp_path, parts, spoil, error, told):
    geo, data = list(parts[0]), list(parts[1])
    spoil(geo, data, first_block(geo))
    with pytest.raises(error, match=told):
        read_dhc("HI", year=2020, level="block", source=write(tmp_path / "x.zip", geo, data))


def test_files_that_are_not_there(tmp_path, parts):
    path = write(tmp_path / "x.zip", *parts)
    with pytest.raises(NotPublished, match=r"no rows of summary level 160; it has 040 \(1\), 050"):
        read_dhc("HI", year=2020, level="place", source=path)
    with pytest.raises(SchemaError, match="x.zip holds files of HI, but New York was asked for"):
        read_dhc("NY", year=2020, level="block", source=path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotPublished, match="empty has no higeo2020.dhc and no hi000052020.dhc; it holds nothing"):
        read_dhc("HI", year=2020, level="block", source=tmp_path / "empty")
    cut = tmp_path / "cut.zip"
    cut.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(Corrupt, match="cut.zip is no complete zip file"):
        read_dhc("HI", year=2020, level="block", source=cut)


def test_the_zip_cannot_be_fetched(server, tmp_path):
    with using(cache=tmp_path), pytest.raises(NotPublished, match="the 2020 DHC of Hawaii is not on"):
        read_dhc("HI", year=2020, level="block", source="bulk")
    with using(cache=tmp_path, offline=True), pytest.raises(Offline, match="the 2020 DHC of Hawaii is not in the"):
        read_dhc("HI", year=2020, level="block", source="bulk")


def test_other_cells_of_the_segment(tmp_path, parts):
    from kit.model.geoid import state

    path = write(tmp_path / "x.zip", *parts)
    found = read_published(path, where=state("HI"), level="county", cells=("P1_001N", "P9_073N"))
    assert found.cells["P9_073N"].tolist() == [9] * len(found.cells)
    assert isinstance(found.facts, pd.DataFrame)
    assert dhc_path(state("DC")).endswith("/District_of_Columbia/dc2020.dhc.zip")
