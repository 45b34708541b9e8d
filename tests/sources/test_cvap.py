"""The CVAP tabulation in every published layout, files made from it, and what is wrong with a file."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pandas as pd
import pytest

import kit
from kit.analysis import moe
from kit.errors import Corrupt, InputError, NotPublished, Offline, SchemaError
from kit.model import vintages
from kit.model.cvap import LINES, add_counts, lines_of
from kit.model.margin_sum import margin_of_sum
from kit.model.tables import RACE_CELLS
from kit.settings import using
from kit.sources.cvap import read_cvap
from kit.sources.cvap_files import FILES, cvap_path

# Lines 1 to 13 of a made-up area: 500 citizens, 460 of them not Hispanic.
LINE_VALUES = [500, 460, 5, 100, 50, 20, 200, 5, 30, 10, 10, 30, 40]
LINE_MOES = [50, 48, 4, 20, 15, 8, 30, 6, 12, 7, 9, 11, 13]
TITLES = {n: line.title for n, line in LINES.items()}
HEADER = "geoname,lntitle,geoid,lnnumber,cit_est,cit_moe,cvap_est,cvap_moe"


def rows(geoid, *, values=LINE_VALUES, moes=LINE_MOES, name="Somewhere, Hawaii", lines=range(1, 14)):
    return [
        f'"{name}",{TITLES.get(n, "Total")},{geoid},{n},{values[n - 1]},{moes[n - 1]},{values[n - 1]},{moes[n - 1]}'
        for n in lines
    ]


def text(*areas, header=HEADER):
    return "\n".join([header, *(row for area in areas for row in area)]) + "\n"


def zipped(folder="", **members):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in members.items():
            pack.writestr(f"{folder}{name}.csv", content if isinstance(content, bytes) else content.encode())
    return held.getvalue()


def saved(tmp_path, content, name="County.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# --- the layouts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("prefix", "year"), [("05000US", 2019), ("0500000US", 2020), ("0500000US", 2021)])
@pytest.mark.parametrize("upper", [False, True])
def test_both_styles_of_ids_and_of_header(tmp_path, prefix, year, upper):
    header = HEADER.upper() if upper else HEADER
    path = saved(tmp_path, text(rows(f"{prefix}15001"), rows(f"{prefix}15003"), header=header))
    units = read_cvap("HI", year=year, level="county", source=path)
    assert units.frame.index.tolist() == ["15001", "15003"]
    assert units.frame.loc["15001", [f"cvap_{n:02d}" for n in range(1, 14)]].tolist() == LINE_VALUES
    assert units.frame.loc["15003", [f"cvap_{n:02d}_moe" for n in range(1, 14)]].tolist() == LINE_MOES
    assert units.frame["cvap_04"].dtype == "int64"
    assert units.frame["name"].tolist() == ["Somewhere, Hawaii"] * 2


def test_groups_and_bounds(tmp_path):
    units = read_cvap("HI", year=2022, level="county", source=saved(tmp_path, text(rows("0500000US15001"))))
    row = units.frame.loc["15001"]
    assert row["total_cvap"] == 500
    assert row["nh_asian_alone_cvap"] == 100
    assert row["nh_nhpi_alone_cvap"] == 20
    assert row["nh_aapi_alone_cvap"] == 120
    assert row["nh_asian_doj_cvap"] == 130
    assert (row["aapi_cvap_low"], row["aapi_cvap_high"]) == (150, 180)
    assert row["aapi_cvap_low_moe"] == pytest.approx((20**2 + 8**2 + 12**2) ** 0.5)
    assert row["aapi_cvap_high_moe"] == pytest.approx((20**2 + 8**2 + 12**2 + 11**2) ** 0.5)
    assert "nh_aapi_doj_cvap" not in units.frame.columns
    assert any("bracketed" in note and "Hispanic AAPI citizens are in neither" in note for note in units.notes)
    assert any("rounded" in note for note in units.notes)


def test_zero_rule(tmp_path):
    values = [360, 320, 5, 0, 50, 0, 200, 5, 0, 10, 10, 40, 40]
    units = read_cvap(
        "HI", year=2022, level="county", source=saved(tmp_path, text(rows("0500000US15001", values=values)))
    )
    assert units.frame["aapi_cvap_low_moe"].tolist() == [20.0]
    assert units.frame["aapi_cvap_high_moe"].tolist() == [pytest.approx((20**2 + 11**2) ** 0.5)]


@pytest.mark.parametrize(
    ("level", "geoid", "want"),
    [
        ("state", "0400000US15", "15"),
        ("county", "0500000US15003", "15003"),
        ("tract", "1400000US15003000101", "15003000101"),
        ("block_group", "1500000US150030001011", "150030001011"),
        ("place", "1600000US1571550", "1571550"),
        ("congressional_district", "5001600US1501", "1501"),
        ("state_senate", "610U600US15001", "15001"),
        ("state_house", "620L600US15001", "15001"),
    ],
)
def test_every_level_of_the_zip(tmp_path, level, geoid, want):
    pack = zipped("CVAP Files/", **{FILES[level].names[0]: text(rows(geoid), rows(geoid.replace("US15", "US10")))})
    units = read_cvap("Hawaii", year=2022, level=level, source=saved(tmp_path, pack, "x.zip"))
    assert units.frame.index.tolist() == [want]
    assert units.level == level
    assert units.sources[0].where == "x.zip"


def test_county_subdivisions(tmp_path):
    pack = saved(tmp_path, zipped(MCD=text(rows("0600000US2500107000"))), "x.zip")
    assert read_cvap("MA", year=2022, level="county_subdivision", source=pack).frame.index.tolist() == ["2500107000"]
    with pytest.raises(NotPublished, match=r"county subdivisions is published for CT, MA.* not for Hawaii"):
        read_cvap("HI", year=2022, level="county_subdivision", source=pack)


def test_the_nation(tmp_path):
    path = saved(tmp_path, text(rows("01000US", name="United States")), "Nation.csv")
    units = read_cvap("US", year=2019, level="nation", source=path)
    assert units.frame.index.tolist() == ["US"]
    with pytest.raises(InputError, match='place="US"'):
        read_cvap("HI", year=2019, level="nation", source=path)


def test_every_state_at_once_and_leading_zeros(tmp_path):
    path = saved(tmp_path, text(rows("05000US01001"), rows("05000US15001")))
    assert read_cvap("US", year=2019, level="county", source=path).frame.index.tolist() == ["01001", "15001"]
    assert read_cvap("AL", year=2019, level="county", source=path).frame.index.tolist() == ["01001"]


def test_rows_in_any_order(tmp_path):
    every = [*rows("05000US15001"), *rows("05000US15003", values=[2 * v for v in LINE_VALUES])]
    path = saved(tmp_path, text(every[::-1]))
    units = read_cvap("HI", year=2019, level="county", source=path)
    assert units.frame["cvap_04"].to_dict() == {"15003": 200, "15001": 100}


def test_names_in_either_encoding(tmp_path):
    latin = text(rows("05000US35013", name="Doña Ana County")).encode("latin-1")
    utf = text(rows("05000US35013", name="Doña Ana County")).encode()
    for content in (latin, utf, b"\xef\xbb\xbf" + utf):
        units = read_cvap("NM", year=2019, level="county", source=saved(tmp_path, content))
        assert units.frame["name"].tolist() == ["Doña Ana County"]


@pytest.mark.parametrize(
    ("year", "level", "vintage"),
    [(2009, "tract", 2000), (2010, "block_group", 2010), (2019, "county", 2010), (2020, "tract", 2020),
     (2024, "block_group", 2020), (2022, "place", 2022)],
)  # fmt: skip
def test_vintage_of_the_areas(tmp_path, year, level, vintage):
    geoid = {"tract": "15003000101", "block_group": "150030001011", "county": "15003", "place": "1571550"}[level]
    path = saved(tmp_path, text(rows(f"{'14000' if year < 2020 else '1400000'}US{geoid}")))
    units = read_cvap("HI", year=year, level=level, source=path)
    assert units.year == vintage
    assert units.sources[0].year == year
    assert f"{year - 4}–{year}" in units.sources[0].title
    assert units.sources[0].uncertainty == "sampling MOE"


def test_a_folder(tmp_path):
    (tmp_path / "CVAP Files").mkdir()
    saved(tmp_path / "CVAP Files", text(rows("1500000US150030001011")), "BlockGr.csv")
    assert len(read_cvap("HI", year=2022, level="block_group", source=tmp_path)) == 1


def test_missing_is_not_zero(tmp_path):
    values = [*LINE_VALUES[:8], "", *LINE_VALUES[9:]]
    path = saved(tmp_path, text(rows("05000US15001", values=values), rows("05000US15003")))
    units = read_cvap("HI", year=2019, level="county", source=path)
    assert np.isnan(units.frame.loc["15001", "cvap_09"])
    assert np.isnan(units.frame.loc["15001", "aapi_cvap_low"])
    assert units.frame.loc["15003", "aapi_cvap_low"] == 150
    with pytest.raises(SchemaError, match="Missing is not zero"):
        units.column("nh_asian_doj_cvap")


def test_a_controlled_margin_is_zero(tmp_path):
    path = saved(tmp_path, text(rows("05000US15001", moes=[-555555555, *LINE_MOES[1:]])))
    assert read_cvap("HI", year=2019, level="county", source=path).frame["cvap_01_moe"].tolist() == [0]


def test_connecticut_says_what_to_do(tmp_path):
    path = saved(tmp_path, text(rows("1500000US091100001001")))
    assert any(
        "planning regions" in note for note in read_cvap("CT", year=2022, level="block_group", source=path).notes
    )
    assert not any("planning" in note for note in read_cvap("CT", year=2021, level="block_group", source=path).notes)


@pytest.mark.parametrize(
    ("geoid", "year", "told"),
    [
        ("05000US15001", 2020, "begin 05000US, 7 characters as in periods that end in 2019 or earlier, but year=2020"),
        ("05000US15001", 2022, "or the file of 2018–2022"),
        (
            "0500000US15001",
            2019,
            "begin 0500000US, 9 characters as in periods that end in 2020 or later, but year=2019",
        ),
    ],
)
def test_ids_of_another_period_are_refused_whatever_the_file_is_called(tmp_path, geoid, year, told):
    path = saved(tmp_path, text(rows(geoid)))
    with pytest.raises(InputError, match=told):
        read_cvap("HI", year=year, level="county", source=path)
    pack = saved(tmp_path, zipped(County=text(rows(geoid))), "x.zip")
    with pytest.raises(InputError, match=told):
        read_cvap("HI", year=year, level="county", source=pack)


def test_ids_of_districts_hold_letters(tmp_path):
    path = saved(tmp_path, text(rows("610U600US15001")), "SLDUC.csv")
    for year in (2019, 2022):
        assert read_cvap("HI", year=year, level="state_senate", source=path).frame.index.tolist() == ["15001"]
    old = saved(tmp_path, text(rows("61000US15001")), "old.csv")
    assert read_cvap("HI", year=2019, level="state_senate", source=old).frame.index.tolist() == ["15001"]
    with pytest.raises(InputError, match="ids begin 61000US, 7 characters"):
        read_cvap("HI", year=2022, level="state_senate", source=old)


def test_a_file_newer_than_the_kit_is_read_and_told(tmp_path, monkeypatch):
    path = saved(tmp_path, text(rows("0500000US15001")))
    monkeypatch.setattr(vintages, "this_year", lambda: 2027)
    units = read_cvap("HI", year=2026, level="county", source=path)
    assert units.frame.loc["15001", "total_cvap"] == 500
    assert units.notes[0].startswith("The newest period of the CVAP tabulation that this kit knows is 2020–2024; this")
    with pytest.raises(InputError, match="year=2027: that period is not over"):
        read_cvap("HI", year=2027, level="county", source=path)


def test_a_period_that_the_kit_does_not_know_is_refused_before_the_network(server):
    with pytest.raises(NotPublished, match=r"pass its path as source=; else use year=2024"):
        read_cvap("HI", year=2030, level="county")
    assert server.asked == []


# --- from the server ------------------------------------------------------------------------------


def test_download_without_a_key(server):
    server.files[cvap_path(2022)] = zipped(County=text(rows("0500000US15001")))
    units = read_cvap("HI", year=2022, level="county")
    source = units.sources[0]
    assert source.where.endswith("/2022/2022-cvap/CVAP_2018-2022_ACS_csv_files.zip")
    assert len(source.sha256) == 64
    assert source.retrieved
    read_cvap("HI", year=2022, level="county")
    assert len(server.asked) == 1


def test_offline_names_the_file():
    with using(offline=True), pytest.raises(Offline, match=r"CVAP_2018-2022_ACS_csv_files\.zip"):
        read_cvap("HI", year=2022, level="county")


@pytest.mark.parametrize("year", range(2009, 2025))
def test_address_of_every_year(year):
    assert cvap_path(year) == (
        f"/programs-surveys/decennial/rdo/datasets/{year}/{year}-cvap/CVAP_{year - 4}-{year}_ACS_csv_files.zip"
    )


@pytest.mark.parametrize(("year", "survey"), [(2020, 2022), (2010, 2019)])
def test_from_both_files_to_blocks(tmp_path, maker, rng, year, survey):
    """CVAP by block group and the redistricting file by block, as published, go together."""
    folder = maker(300).write(tmp_path / "pl", year=year)
    blocks = kit.read_pl94171("HI", year=year, level="block", source=folder, cells="all")
    areas = []
    for geoid in blocks.frame.index.str[:12].unique():
        parts = (rng.integers(0, 30, 10) * 5).tolist()
        hispanic = int(rng.integers(0, 10) * 5)
        values = [sum(parts) + hispanic, sum(parts), *parts, hispanic]
        areas.append(rows(f"{'15000' if survey < 2020 else '1500000'}US{geoid}", values=values, moes=[12] * 13))
    coarse = kit.read_cvap("HI", year=survey, level="block_group", source=saved(tmp_path, text(*areas), "BlockGr.csv"))
    done = kit.allocate(coarse, blocks, weight="vap_by_line")
    assert done.columns == tuple(f"cvap_{n:02d}" for n in range(1, 14))
    back = done.units.frame[list(done.columns)].groupby(done.parents).sum()
    np.testing.assert_allclose(back, coarse.frame[list(done.columns)].loc[back.index], rtol=1e-9)
    lines = done.units.frame
    np.testing.assert_allclose(lines["aapi_cvap_high"] - lines["aapi_cvap_low"], lines["cvap_12"], rtol=1e-9, atol=1e-9)
    assert done.fallbacks["fallback"].any()
    other = kit.read_pl94171("HI", year=year, level="tract", source=folder)
    with pytest.raises(SchemaError, match="do not nest"):
        kit.allocate(coarse, other, weight="total_vap")


# --- what is wrong --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "error", "match"),
    [
        (lambda r: r[:-1], SchemaError, r"1 of 1 areas lack a line, first 0?.*15001 \(line 13\)"),
        (lambda r: [*r, r[3]], SchemaError, r"have more than once a line.*line 4"),
        (lambda r: [*r, r[3].replace(",4,", ",14,")], SchemaError, "line numbers are 1 to 13, and 1 rows have '14'"),
        (lambda r: [r[0].replace("Total", "White Alone"), *r[1:]], SchemaError, "line 1 is called 'White Alone'"),
        (lambda r: [r[0].replace(",500,", ",900,"), *r[1:]], SchemaError, "line 2 \\+ line 13 and line 1 differ by more"),
        (lambda r: [r[0].replace(",500,", ",n.a.,"), *r[1:]], SchemaError, "cvap_est should hold counts, .* hold n.a."),
        (lambda r: [r[0].replace(",500,", ",-5,"), *r[1:]], SchemaError, "negative values in 1 areas"),
        (lambda r: [row.replace("15001", "150011") for row in r], SchemaError, "not 5 digits as counties have|5 charact"),
    ],
)  # fmt: skip
def test_a_damaged_table(tmp_path, change, error, match):
    path = saved(tmp_path, text(change(rows("05000US15001"))))
    with pytest.raises(error, match=match) as caught:
        read_cvap("HI", year=2019, level="county", source=path)
    assert "County.csv" in str(caught.value)
    assert len(str(caught.value)) < 360


def test_a_few_odd_areas_are_told_and_not_refused(tmp_path):
    odd = rows("05000US15001", values=[900, *LINE_VALUES[1:]])
    path = saved(tmp_path, text(odd, *(rows(f"05000US15{n:03d}") for n in range(3, 99, 2))))
    notes = read_cvap("HI", year=2019, level="county", source=path).notes
    assert "Line 2 + line 13 and line 1 differ by more than rounding in 1 areas." in notes


def test_no_rows_of_the_state(tmp_path):
    with pytest.raises(SchemaError, match="no rows of State 10"):
        read_cvap("DE", year=2019, level="county", source=saved(tmp_path, text(rows("05000US15001"))))


@pytest.mark.parametrize(
    ("content", "name", "match"),
    [
        (b"", "County.csv", "is empty"),
        (b"<html><body>busy</body></html>", "County.csv", "web page"),
        (zipped(County=text(rows("05000US15001")))[:-40], "x.zip", "no complete zip"),
    ],
)
def test_no_data(tmp_path, content, name, match):
    with pytest.raises(Corrupt, match=match):
        read_cvap("HI", year=2019, level="county", source=saved(tmp_path, content, name))


def test_a_zip_with_a_broken_inside(tmp_path):
    whole = zipped(County=text(*(rows(f"05000US15{n:03d}") for n in range(1, 400))))
    broken = bytearray(whole)
    broken[2000:2400] = bytes(400)
    with pytest.raises(Corrupt, match=r"County\.csv"):
        read_cvap("HI", year=2019, level="county", source=saved(tmp_path, bytes(broken), "x.zip"))


def test_a_level_that_is_not_in_the_zip(tmp_path):
    pack = saved(tmp_path, zipped(County=text(rows("05000US15001"))), "x.zip")
    with pytest.raises(NotPublished, match=r"no CD\.csv; it holds County\.csv\. It is published from 2016 on"):
        read_cvap("HI", year=2012, level="congressional_district", source=pack)


@pytest.mark.parametrize(
    ("ask", "error", "match"),
    [
        ({"level": "vtd"}, NotPublished, "not published by voting districts"),
        ({"level": "street"}, InputError, "no level is called"),
        ({"level": "block"}, NotPublished, "kit.allocate"),
        (
            {"year": 2031},
            NotPublished,
            "newest period of the CVAP tabulation that this kit knows is 2020–2024, not year=2",
        ),
        ({"year": 2005}, InputError, "2009 or later"),
        ({"year": "2020"}, InputError, "last year of the five-year period"),
        ({"place": "GU"}, NotPublished, "Guam"),
        ({"place": "Atlantis"}, InputError, "no State is called"),
        ({"definition": "alone"}, InputError, "for Redistricting Data Hub files"),
    ],
)
def test_what_cannot_be_asked(ask, error, match):
    with using(offline=True), pytest.raises(error, match=match):
        read_cvap(**{"place": "HI", "year": 2022, "level": "county", **ask})


def test_no_such_file(tmp_path):
    with pytest.raises(InputError, match=r"no file or folder 'x\.zip'"):
        read_cvap("HI", year=2022, level="county", source=tmp_path / "x.zip")


def test_definition_is_not_for_census_files(tmp_path):
    path = saved(tmp_path, text(rows("05000US15001")))
    with pytest.raises(InputError, match=r"County\.csv is not one"):
        read_cvap("HI", year=2019, level="county", source=path, definition="alone")


def test_blocks_are_not_in_the_census_file(tmp_path):
    path = saved(tmp_path, text(rows("05000US15001")))
    with pytest.raises(NotPublished, match="kit.allocate"):
        read_cvap("HI", year=2019, level="block", source=path)


# --- the Redistricting Data Hub --------------------------------------------------------------------

CODES = ["TOT", "NHS", "AIA", "ASN", "BLK", "NHP", "WHT", "AIW", "ASW", "BLW", "AIB", "2OM", "HSP"]


def hub(*areas, year=22, moes=True):
    columns = [name for c in CODES for name in ((f"CVAP_{c}{year}", f"CVAP{c}MOE") if moes else (f"CVAP_{c}{year}",))]
    lines = [",".join(["GEOID20", *columns])]
    for geoid, values, margins in areas:
        pairs = zip(values, margins, strict=True)
        lines.append(",".join([geoid, *(str(v) for pair in pairs for v in (pair if moes else pair[:1]))]))
    return "\n".join(lines) + "\n"


def widened():
    """Lines 3, 4 and 5 with the two-race lines in them, as the hub writes them."""
    values, moes = list(LINE_VALUES), list(LINE_MOES)
    for at, twos in ((2, (7, 10)), (3, (8,)), (4, (9, 10))):
        values[at] += sum(LINE_VALUES[t] for t in twos)
        moes[at] = round(sum(LINE_MOES[t] ** 2 for t in (at, *twos)) ** 0.5, 2)
    return values, moes


def test_a_wide_file_whose_fields_are_alone(tmp_path):
    path = saved(tmp_path, hub(("15001", LINE_VALUES, LINE_MOES)), "hi_cvap.csv")
    units = read_cvap("HI", year=2022, level="county", source=path, definition="alone")
    assert units.frame.loc["15001", [f"cvap_{n:02d}" for n in range(1, 14)]].tolist() == LINE_VALUES
    assert "Redistricting Data Hub" in units.sources[0].publisher
    assert any("for one race alone, as the user states" in note for note in units.notes)


def test_a_wide_file_whose_fields_hold_two_races_is_taken_apart(tmp_path):
    path = saved(tmp_path, hub(("15001", *widened())), "hi_cvap.csv")
    units = read_cvap("HI", year=2022, level="county", source=path, definition="alone_or_in_combination")
    assert units.frame.loc["15001", [f"cvap_{n:02d}" for n in range(1, 14)]].tolist() == LINE_VALUES
    assert units.frame.loc["15001", [f"cvap_{n:02d}_moe" for n in range(1, 14)]].tolist() == LINE_MOES
    assert units.frame.loc["15001", "aapi_cvap_low"] == 150


@pytest.mark.parametrize(
    ("given", "stated", "match"),
    [
        (widened(), "alone", r"counts Asian and White citizens twice: its lines add up to 65 people more .* fits "),
        ((LINE_VALUES, LINE_MOES), "alone_or_in_combination", "takes Asian and White citizens off twice"),
        (widened(), None, "no definition was given.*read-me"),
        (widened(), "any", "there is no definition 'any'"),
    ],
)
def test_the_definition_must_be_stated_and_fit(tmp_path, given, stated, match):
    path = saved(tmp_path, hub(("15001", *given)), "hi_cvap.csv")
    with pytest.raises((SchemaError, InputError), match=match):
        read_cvap("HI", year=2022, level="county", source=path, definition=stated)


def test_a_wide_file_by_block_has_no_margins(tmp_path):
    path = saved(tmp_path, hub(("150030001011000", *widened()), moes=False), "hi_cvap.csv")
    units = read_cvap("HI", year=2022, level="block", source=path, definition="alone_or_in_combination")
    assert units.frame.loc["150030001011000", "cvap_04"] == 100
    assert not [name for name in units.frame.columns if name.endswith("_moe")]
    assert units.sources[0].uncertainty == "allocation"


def test_missing_in_a_wide_file(tmp_path):
    values, moes = widened()
    values[8] = -999999
    path = saved(tmp_path, hub(("15001", values, moes), ("15003", *widened())), "hi_cvap.csv")
    frame = read_cvap("HI", year=2022, level="county", source=path, definition="alone_or_in_combination").frame
    assert frame.loc["15001", ["cvap_04", "cvap_09", "aapi_cvap_low"]].isna().all()
    assert frame.loc["15003", "cvap_04"] == 100


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (hub(("15001", LINE_VALUES, LINE_MOES), year=21), "fields of 2021, but year=2022"),
        (hub(("15001", LINE_VALUES, LINE_MOES)).replace("CVAP_NHP22", "NHP"), "has no CVAP_NHP22"),
        (hub(("10001", LINE_VALUES, LINE_MOES)), "no rows of State 15; its ids begin 10"),
        (hub(("15001", LINE_VALUES, LINE_MOES)).replace("GEOID20", "ID"), "no column GEOID20 or GEOID"),
        (hub(("15001", ["x", *LINE_VALUES[1:]], LINE_MOES)), "CVAP_TOT22 should hold counts, and holds x"),
    ],
)
def test_a_wide_file_that_does_not_fit(tmp_path, content, match):
    with pytest.raises(SchemaError, match=match):
        read_cvap("HI", year=2022, level="county", source=saved(tmp_path, content, "w.csv"), definition="alone")


def test_a_wide_field_smaller_than_what_it_holds(tmp_path):
    low, moes = widened()
    low[3] = 10
    path = saved(tmp_path, hub(("15001", low, moes), *((f"15{n:03d}", *widened()) for n in range(3, 40, 2))), "w.csv")
    with pytest.raises(SchemaError, match="in 1 areas, first 15001, the field of line 4 is smaller"):
        read_cvap("HI", year=2022, level="county", source=path, definition="alone_or_in_combination")


# --- the lines as data ----------------------------------------------------------------------------

RACES_OF = {3: ("aian",), 4: ("asian",), 5: ("black",), 6: ("nhpi",), 7: ("white",), 8: ("aian", "white"),
            9: ("asian", "white"), 10: ("black", "white"), 11: ("aian", "black")}  # fmt: skip


@pytest.mark.parametrize("number", RACES_OF)
def test_cells_of_a_line_are_its_races(number):
    cell = next(n for n, races in RACE_CELLS.items() if races == frozenset(RACES_OF[number]))
    assert LINES[number].cells == (f"P4_{cell + 2:03d}N",)


def test_lines_cover_every_adult_but_some_other_race_once():
    frame = pd.DataFrame({f"P4_{n:03d}N": [2**n] for n in range(1, 74)})
    parts = sum(LINES[n].adults(frame)[0] for n in range(3, 13))
    assert parts == sum(2**n for n in (5, 6, 7, 8, 9, 11))
    assert LINES[2].adults(frame)[0] + LINES[13].adults(frame)[0] == 2**3 + 2**2
    assert LINES[1].adults(frame)[0] == 2


def test_lines_of_a_column():
    assert lines_of("nh_aapi_alone_cvap") == (4, 6)
    assert lines_of("cvap_12") == (12,)
    assert lines_of("total_pop") == ()


def test_counts_are_added_only_where_their_lines_are():
    frame = pd.DataFrame({"cvap_01": [10], "cvap_04": [3], "cvap_04_moe": [2.0]})
    assert list(add_counts(frame).columns) == [
        "total_cvap", "nh_asian_alone_cvap", "nh_asian_alone_cvap_moe", "cvap_01", "cvap_04", "cvap_04_moe",
    ]  # fmt: skip


def test_the_margin_of_a_sum_is_that_of_the_algebra(rng):
    values, margins = rng.integers(0, 3, (40, 4)) * 10.0, rng.uniform(1, 30, (40, 4))
    expected = [moe.sum(v, m) for v, m in zip(values, margins, strict=True)]
    assert margin_of_sum(values, margins) == pytest.approx(expected)
    assert np.isnan(margin_of_sum([0, 1], [np.nan, 3]))


@pytest.mark.parametrize("name", ["County_HI_2015_2019.csv", "CVAP_2015-2019_ACS_csv_files/County.csv"])
def test_a_file_of_another_period_is_refused(tmp_path, name):
    folder = tmp_path / name.rpartition("/")[0]
    folder.mkdir(exist_ok=True)
    path = saved(folder, text(rows("05000US15001")), name.rpartition("/")[2])
    assert len(read_cvap("HI", year=2019, level="county", source=path)) == 1
    told = "says the period 2015–2019, but year=2022 was asked for. Pass year=2019"
    with pytest.raises(InputError, match=told):
        read_cvap("HI", year=2022, level="county", source=path)


def test_a_zip_of_another_period_is_refused(tmp_path):
    pack = saved(tmp_path, zipped(County=text(rows("0500000US15001"))), "CVAP_2018-2022_ACS_csv_files.zip")
    assert len(read_cvap("HI", year=2022, level="county", source=pack)) == 1
    with pytest.raises(InputError, match="2018–2022, but year=2023"):
        read_cvap("HI", year=2023, level="county", source=pack)
