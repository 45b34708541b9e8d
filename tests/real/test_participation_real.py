"""Registration and turnout on real tables: counties of North Carolina, council districts of Californian cities."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pandas as pd
import pytest

from kit.analysis.participation import participation
from kit.analysis.suppression import protect
from kit.model.source import Source
from kit.model.voters import VoterCounts

pytestmark = pytest.mark.real

_FILE = Path(__file__).parents[1] / "properties" / "suppression_attack.py"
_SPEC = importlib.util.spec_from_file_location("suppression_attack", _FILE)
attack = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(attack)

RACES = {"A": "nh_asian_alone", "P": "nh_nhpi_alone", "U": "not_said"}
COUNTS = ["registered", "voted"]


@pytest.fixture(scope="module")
def full(data_dir):
    """Sum the table of North Carolina by county and race as reported; the race of everybody else is not asked here."""
    table = pd.read_csv(data_dir / "turnout" / "nc_county_turnout_20251104.csv", dtype={"race_code": "str"})
    table = table.rename(columns={"registered_count": "registered", "voted_count": "voted", "county_desc": "area"})
    table["group"] = table["race_code"].map(RACES).fillna("other_groups")
    sums = table.pivot_table(index="area", columns="group", values=COUNTS, aggfunc="sum", fill_value=0)
    parts = {group: sums.xs(group, axis=1, level="group") for group in sums.columns.unique("group")}
    parts["nh_aapi_alone"] = parts["nh_asian_alone"] + parts["nh_nhpi_alone"]
    parts["total"] = table.groupby("area")[COUNTS].sum()
    frame = pd.concat(parts, names=["group"]).swaplevel().astype("Int64").assign(hidden=False)
    return VoterCounts(
        frame, by="county", election="2025-11-04", place="North Carolina", sources=(Source("NC turnout", tables="all"),)
    )


@pytest.fixture(scope="module")
def hidden(full):
    return protect([full])


def test_the_state_adds_up_to_what_the_file_says(full):
    made = participation(full, group="nh_aapi_alone")
    state = made.ladder()
    assert state["base"].to_dict() == {"registered": 7_601_346, "voted": 701_206}
    assert state["count"].to_dict() == {"registered": 138_947, "voted": 12_741}
    assert made.frame.loc[("all", "nh_aapi_alone"), "turnout_registered"] == pytest.approx(12_741 / 138_947)
    gap = made.gaps.loc[("all", "turnout_registered")]
    assert gap["gap"] == pytest.approx(12_741 / 138_947 - 701_206 / 7_601_346)
    assert pd.isna(gap["gap_significant"])
    assert "The list does not say the race of 9.5% of registered people (720,422)" in made.summary()


def test_a_large_county_is_shown_and_no_election_is_no_secret(hidden):
    (made,), _ = hidden
    both = made.of("nh_aapi_alone")
    assert both.loc["WAKE", "registered"] > 30_000
    assert both.loc["WAKE", "voted"] > 1_000
    assert made.of("total").loc["CAMDEN", "voted"] == 0  # no town there voted


def test_no_small_county_is_shown_and_little_else_is_hidden(full, hidden):
    (made,), (whole,) = hidden
    counts, frame = full.frame[COUNTS], made.frame[COUNTS]
    assert not ((frame > 0) & (frame < 11)).any(axis=None)
    assert whole.notna().all(axis=None)
    assert frame["registered"].isna().sum() < 3 * ((counts["registered"] > 0) & (counts["registered"] < 11)).sum()
    # Of everybody's registered people and of the large groups almost nothing goes.
    assert made.of("total")["registered"].notna().all()
    assert made.of("other_groups")["registered"].notna().all()


def test_a_reader_of_the_whole_table_finds_nothing_out(full, hidden):
    (made,), (whole,) = hidden
    at = attack.Attack([made.frame], [whole], exhaustive=True)
    secrets = list(attack.secrets(full.frame, 11))
    assert len(secrets) > 300
    for area, group, what in secrets[:: len(secrets) // 6]:
        low, high = at.bracket({area}, group, what)
        assert high - low >= 11, (area, group, what)


def test_the_naive_table_gives_a_county_away(full):
    frame = full.frame[COUNTS]
    naive = frame.mask((frame > 0) & (frame < 11))
    area = next(area for area, group, what in attack.secrets(full.frame, 11) if (group, what) == ("nh_nhpi_alone", "registered")
                and full.frame.loc[(area, "nh_asian_alone"), "registered"] >= 11)  # fmt: skip
    asian, aapi = (naive.loc[(area, group), "registered"] for group in ("nh_asian_alone", "nh_aapi_alone"))
    assert aapi - asian == full.frame.loc[(area, "nh_nhpi_alone"), "registered"]


def city(data_dir, name, columns, by):
    """Read the districts of a city: surnames as the demographer matched them."""
    found = json.loads((data_dir / "turnout" / "ca_districts" / f"{name}.geojson").read_text(encoding="utf-8"))
    rows = pd.DataFrame([feature["properties"] for feature in found["features"]])
    rows.index = pd.Index(rows[by].astype("str"), dtype="str")
    return {short: rows[name].sum(axis=1) if isinstance(name, list) else rows[name] for short, name in columns.items()}


def surnames(found, **more):
    frames = {
        group: pd.DataFrame({"registered": found[f"{short}_registered"], "voted": found[f"{short}_voted"]})
        for group, short in (("total", "total"), ("asian_surname", "asian"))
    }
    frame = pd.concat(frames, names=["group", "area"]).swaplevel().round().astype("Int64").assign(hidden=False)
    words = {"asian_surname": "voters with surnames of Asian origin"}
    return VoterCounts(frame, how="surname", groups=words, **more)


def citizens_of(found):
    return pd.DataFrame({"nh_asian_alone_cvap": found["asian"], "total_cvap": found["citizens"]})


def test_pasadena(data_dir):
    columns = {
        "citizens": "CITIZEN_VOTING_POP", "asian": "NH_ASIAN_CITIZEN_VOTING_POP",
        "total_registered": "TOTAL_REGISTRATION_2010", "asian_registered": "ASIAN_REGISTRATION_2010",
        "total_voted": "TOTAL_VOTED_2010", "asian_voted": "ASIAN_VOTED_2010",
    }  # fmt: skip
    found = city(data_dir, "ca_pasadena", columns, "DISTRICT")
    made = participation(
        surnames(found, election="2010-11-02"),
        group="asian_surname",
        citizens=citizens_of(found),
        matches={"asian_surname": "nh_asian_alone"},
        period=(2006, 2010),
    )
    seven = made.frame.loc[("7", "asian_surname")]
    assert seven["registered"] == 1080  # 1,082, rounded to 5
    assert seven["registration"] == pytest.approx(1080 / 2657.27040307)
    assert seven["turnout_registered"] == pytest.approx(510 / 1080)
    gaps = made.gaps.xs("registration", level="rate")
    assert (gaps["gap"] < -0.2).all()
    assert gaps["gap_significant"].isna().all()  # the citizens came without margins
    assert made.frame.loc[("all", "total"), "voted"] == 42_200
    assert "who are not the same people" in made.summary()


def test_vallejo_between_two_elections(data_dir):
    def of(year, voted):
        columns = {
            "citizens": "acs1519_m1_tot", "asian": "acs1519_m1_nha",
            "total_registered": f"{year}_reg_tot", "asian_registered": [f"{year}_reg_asn", f"{year}_reg_fil"],
            "total_voted": f"{year}_{voted}_tot", "asian_voted": [f"{year}_{voted}_asn", f"{year}_{voted}_fil"],
        }  # fmt: skip
        return city(data_dir, "ca_vallejo", columns, "District")

    before, after = of("g18", "vote"), of("g20", "vot")
    made = participation(
        [surnames(before, election="2018-11-06"), surnames(after, election="2020-11-03")],
        group="asian_surname",
        citizens=citizens_of(after),
        matches={"asian_surname": "nh_asian_alone"},
        period=(2015, 2019),
    )
    assert not made.one_list
    one = made.changes.loc[("1", "asian_surname", "turnout_registered")]
    assert one["before"] == pytest.approx(1200 / 2185)  # 579 + 1,604 registered, 313 + 889 voted, rounded to 5
    assert one["after"] == pytest.approx(2015 / 2525)
    changes = made.changes.xs(("asian_surname", "turnout_registered"), level=("group", "figure"))["change"]
    assert (changes > 0.1).all()
    assert made.period == (2015, 2019)
    assert "middle of 2017" in made.summary()
