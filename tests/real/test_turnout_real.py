"""Registration and turnout from real files: North Carolina by county, six places of California, Georgia's precincts."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from kit.errors import InputError, SchemaError
from kit.sources.registration import read_registration
from kit.sources.returns import read_returns

pytestmark = pytest.mark.real

# File, layout, elections, and the headings of everybody and of Asian surnames (registered, voted) for one of them.
PLACES = (
    (
        "anaheim",
        "ca_anaheim",
        "2010-11-02",
        ("G10_Reg_Tot", "G10_Vote_Total"),
        ("G10_Reg_ASNTOT", "G10_Vote_ASNTOT"),
        4,
    ),
    ("buenapark", "ca_buena_park", "2012-11-06", ("g12_reg_tot", "g12_vot_tot"), ("g12_reg_asn", "g12_vot_asn"), 5),
    ("ca_cvista", "ca_chula_vista", "2020-11-03", ("g20_reg_tot", "g20_vot_tot"), ("g20_reg_asn", "g20_vot_asn"), 4),
    (
        "ca_pasadena",
        "ca_pasadena",
        "2010-11-02",
        ("TOTAL_REGISTRATION_2010", "TOTAL_VOTED_2010"),
        ("ASIAN_REGISTRATION_2010", "ASIAN_VOTED_2010"),
        7,
    ),
    (
        "ca_sm_county",
        "ca_san_mateo_county",
        "2010-11-02",
        ("G10_Reg_Tot", "G10_Vote_Total"),
        ("G10_Reg_ASNTOT", "G10_Vote_ASNTOT"),
        5,
    ),
    ("ca_vallejo", "ca_vallejo", "2020-11-03", ("g20_reg_tot", "g20_vot_tot"), ("g20_reg_asn", "g20_vot_asn"), 6),
)


@pytest.fixture(scope="module")
def turnout_file(data_dir):
    return data_dir / "turnout" / "nc_county_turnout_20251104.csv"


@pytest.fixture(scope="module")
def counties(turnout_file):
    return read_registration(turnout_file, "nc_county_turnout", by="county")


@pytest.fixture(scope="module")
def rows(turnout_file):
    return pd.read_csv(turnout_file, keep_default_na=False)


def test_totals_of_north_carolina_are_those_of_the_file(counties, rows):
    total = counties.of("total")
    assert len(counties.areas) == 100
    assert (total["registered"].sum(), total["voted"].sum()) == (7_601_346, 701_206)
    theirs = rows.groupby("county_desc")[["registered_count", "voted_count"]].sum()
    assert total["registered"].to_dict() == theirs["registered_count"].to_dict()
    assert total["voted"].to_dict() == theirs["voted_count"].to_dict()
    assert (counties.election, counties.place) == ("2025-11-04", "North Carolina")


@pytest.mark.parametrize(("group", "code"), [("nh_asian_alone", "A"), ("nh_nhpi_alone", "P")])
def test_asians_and_pacific_islanders_by_county(counties, rows, group, code):
    mine = rows[(rows["race_code"] == code) & (rows["ethnic_code"] != "HL")]
    theirs = mine.groupby("county_desc")[["registered_count", "voted_count"]].sum()
    theirs = theirs.reindex(counties.areas, fill_value=0)
    assert counties.of(group)["registered"].to_dict() == theirs["registered_count"].to_dict()
    assert counties.of(group)["voted"].to_dict() == theirs["voted_count"].to_dict()


def test_groups_of_north_carolina_add_up(counties):
    for column in ("registered", "voted"):
        parts = sum(
            counties.of(group)[column] for group in ("nh_asian_alone", "nh_nhpi_alone", "other_groups", "not_said")
        )
        assert (parts == counties.of("total")[column]).all()
    assert counties.of("nh_aapi_alone")["registered"].sum() == 136_729 + 934
    assert counties.of("nh_asian_alone")["voted"].sum() == 12_640
    assert counties.of("not_said")["registered"].sum() == 660_975
    notes = " ".join(counties.notes)
    assert "660,975 of 7,601,346 registered people (8.7%)" in notes
    assert "In 15 of 100 areas that is 10.0% or more" in notes
    assert "Of 138,947 people who chose Asian or Pacific Islander, 50,181 did not say their origin" in notes


def test_counties_are_summed_into_districts(turnout_file, counties):
    place_of = pd.Series({area: "east" if area < "M" else "west" for area in counties.areas})
    found = read_registration(turnout_file, "nc_county_turnout", by="county", place_of=place_of)
    assert found.areas == ["east", "west"]
    assert found.of("nh_aapi_alone")["registered"].sum() == counties.of("nh_aapi_alone")["registered"].sum()


@pytest.mark.parametrize(("file", "layout", "election", "everybody", "asian", "districts"), PLACES)
def test_places_of_california(data_dir, file, layout, election, everybody, asian, districts):
    path = data_dir / "turnout" / "ca_districts" / f"{file}.geojson"
    rows = [one["properties"] for one in json.loads(path.read_text(encoding="utf-8"))["features"]]
    head = "DISTRICT" if "DISTRICT" in rows[0] else "District"
    found = read_registration(path, layout, by="district", election=election)
    assert found.areas == [str(number) for number in range(1, districts + 1)]
    assert (found.how, found.election) == ("surname", election)
    for group, heads in (("total", everybody), ("asian_surname", asian)):
        for column, name in zip(("registered", "voted"), heads, strict=True):
            theirs = {str(row[head]): int(np.floor(row[name] + 0.5)) for row in rows}
            assert found.of(group)[column].to_dict() == theirs
    assert not set(found.groups) & {"nh_asian_alone", "nh_aapi_alone", "not_said"}
    assert any("not the same as any group of the census" in note for note in found.notes)


def test_filipino_surnames_stand_apart(data_dir):
    path = data_dir / "turnout" / "ca_districts" / "ca_vallejo.geojson"
    found = read_registration(path, "ca_vallejo", by="district", election="2020-11-03")
    assert found.of("filipino_surname").loc["1"].tolist()[:2] == [1_799, 1_457]
    assert found.of("asian_surname").loc["1"].tolist()[:2] == [725, 561]
    assert any("36 of 36 counts were no whole numbers" in note for note in found.notes)
    with pytest.raises(InputError, match="counts of 2018-11-06, 2020-11-03; pass election="):
        read_registration(path, "ca_vallejo", by="district")
    with pytest.raises(SchemaError, match="Is it the file of Anaheim, California"):
        read_registration(path, "ca_anaheim", by="district")


def test_a_table_without_registered_or_without_votes_leaves_them_missing(data_dir):
    folder = data_dir / "turnout" / "ca_districts"
    votes = read_registration(folder / "buenapark.geojson", "ca_buena_park", by="district", election="2008-11-04")
    assert votes.frame["registered"].isna().all()
    assert votes.of("asian_surname")["voted"].sum() == 2_448
    registered = read_registration(
        folder / "ca_sm_county.geojson", "ca_san_mateo_county", by="district", election="2013-05-06"
    )
    assert registered.frame["voted"].isna().all()
    assert (registered.election, registered.as_of) == ("", "2013-05-06")


def test_precincts_of_georgia(data_dir):
    path = data_dir / "georgia" / "ga_2020_vtd.csv"
    with pytest.raises(SchemaError, match=r"votes are no whole numbers: 13001000002 / .*Somebody divided precincts"):
        read_returns(path)
    found = read_returns(path, fractions="round", contests=["pre_20", "sos_r18"])
    wide = found.wide("pre_20")
    assert len(wide) == 2_698
    # Certified: 2,473,633 and 2,461,854.
    assert abs(int(wide["dem_bid"].sum()) - 2_473_633) < 1_000
    assert abs(int(wide["rep_tru"].sum()) - 2_461_854) < 1_000
    assert found.contests["stage"].to_dict() == {"pre_20": "general", "sos_r18": "runoff"}
    assert found.candidates.loc[("pre_20", "dem_bid"), "party"] == "Democratic"
