"""What may be said of real districts: the congressional plan argued over in New York, and Hawaii's citizens."""

from __future__ import annotations

import pandas as pd
import pytest

from kit.analysis.claims import check_claim
from kit.analysis.concentration import concentration
from kit.analysis.placement import place
from kit.model.claims import Claim
from kit.model.frames import Plan, Source, Units
from kit.sources.plans import read_plan

pytestmark = pytest.mark.real

WHAT = {"group": "asian_alone", "base": "vap"}


@pytest.fixture(scope="module")
def plans(data_dir):
    return data_dir / "nyc" / "plans"


@pytest.fixture(scope="module")
def of_2010(data_dir, loaders, plans):
    return concentration(place(loaders.nyc_blocks(data_dir, 2010), read_plan(plans / "NY_CD_bef.csv.zip")), **WHAT)


@pytest.fixture(scope="module")
def of_2020(data_dir, loaders, plans):
    return concentration(place(loaders.nyc_blocks(data_dir, 2020), read_plan(plans / "NY_CD_bef.csv.zip")), **WHAT)


@pytest.mark.parametrize(("district", "share"), [("06", "37.4%"), ("07", "19.6%"), ("14", "16.0%"), ("05", "11.5%")])
def test_no_congressional_district_of_2012_was_a_majority(of_2010, district, share):
    verdict = check_claim(Claim.majority(district, **WHAT), of_2010)
    # Counts of 2010 were shared out to blocks of 2020, so they hold fractions of people: estimates without a margin.
    assert verdict.status == "weaker"
    assert (
        f" were an estimated {share} of adults, not more than 50% by an estimate without a margin" in verdict.statement
    )
    assert "majority" not in verdict.sentence
    assert len(verdict.title) <= 140


def test_estimates_of_2010_carry_nothing(of_2010):
    verdict = check_claim(Claim.share("06", more_than=0.37, **WHAT), of_2010)
    assert verdict.status == "weaker"
    assert "an estimated 37.4% of adults, more than 37% by an estimate without a margin of error" in verdict.statement


def test_what_may_be_said_of_district_6(of_2020):
    majority = check_claim(Claim.majority("06", **WHAT), of_2020)
    assert majority.status == "weaker"
    assert "44.0% of adults, more than 40%, but not a majority: 277,050 of 630,063." in majority.statement
    assert check_claim(Claim.share("06", is_=0.44, **WHAT), of_2020).status == "carried"
    # Districts 3, 5 and 16 go on beyond the city, so the first place is one among those covered whole.
    first = check_claim(Claim.largest("06", **WHAT), of_2020)
    assert first.status == "weaker"
    assert "the highest share of 10 districts that these units cover whole" in first.statement
    only = check_claim(Claim.only("06", above=0.3, **WHAT), of_2020)
    assert only.status == "weaker"
    assert "cannot be said to be more than 30% or not" in only.statement
    assert check_claim(Claim.more_than("06", "07", **WHAT), of_2020).status == "carried"
    assert check_claim(Claim.more_than("07", "06", **WHAT), of_2020).status == "refused"
    part = check_claim(Claim.share("03", more_than=0.1, **WHAT), of_2020)
    assert part.statement.startswith("In the part of district 03 that these census blocks cover")
    assert part.status != "carried"


def test_the_share_of_2020_in_the_same_lines(of_2020):
    verdict = check_claim(Claim.share("06", more_than=0.4, **WHAT), of_2020)
    assert verdict.status == "carried"
    assert "44.0% of adults, more than 40%: 277,050 of 630,063." in verdict.statement
    assert "Distance to 40%: 4.0 points above; 25,025 fewer people of the group would undo it." in verdict.tests


def test_growth_in_the_lines_of_2012(data_dir, of_2010, of_2020):
    """Files that state no year say nothing of growth; with the year of each census they may be compared, as estimates."""
    claim = Claim.grew("06", **WHAT)
    assert check_claim(claim, of_2010, of_2020).status == "refused"
    dated = []
    for table, year in ((of_2010, 2010), (of_2020, 2020)):
        units = table.placement.units
        census = Source(f"{year} Census P.L. 94-171 on blocks of 2020", year=year, tables="P3")
        again = Units(units.frame, level="block", year=2020, sources=(census,))
        dated.append(concentration(place(again, table.placement.plan), **WHAT))
    verdict = check_claim(claim, *dated)
    assert verdict.status == "weaker"
    assert "is estimated at 37.4% in 2010 and 44.0% in 2020" in verdict.statement
    assert verdict.reason == "There is no margin of error for these estimates, so the change cannot be tested."
    assert check_claim(Claim.grew("06", of="people", **WHAT), *dated).status == "weaker"


def test_what_the_plan_of_2022_moved(data_dir, loaders, plans, of_2020):
    after = concentration(place(loaders.nyc_blocks(data_dir), read_plan(plans / "NY_SLDU_bef.csv.zip")), **WHAT)
    # Numbers of one chamber are not those of another: no label is in both plans.
    verdict = check_claim(Claim.loses("06", **WHAT), of_2020, after)
    assert verdict.status == "refused"
    assert "has no district 06" in verdict.reason


# --- Hawaii 2018–2022 -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hawaii(data_dir, loaders):
    """The whole State as one district; lines 4 and 9 stand in one column of this file, so line 9 is set to nobody."""
    _, tables = loaders.dra_shapes(data_dir / "hawaii/Geojson_HI.v06.zip")
    found = tables["V_22_CVAP"]
    names = {"Total": "cvap_01", "Asian": "cvap_04", "Pacific": "cvap_06", "RemTwoOrMore": "cvap_12"}
    frame = found[list(names)].rename(columns=names).assign(cvap_09=0)
    title = "Citizen Voting Age Population (CVAP) Special Tabulation, 2018–2022"
    source = Source(title, year=2022, uncertainty="sampling MOE")
    units = Units(frame, level="block_group", year=2020, sources=(source,))
    lines = pd.Series("HI", index=frame.index, dtype="str")
    return place(units, Plan("the State", ("HI",), assignment=lines, jurisdiction="Hawaii"))


def test_the_bracket_of_hawaii(hawaii):
    claim = Claim.majority(group="nh_aapi_aoic", base="cvap")
    verdict = check_claim(claim, hawaii)
    # The lower bound is above one half, but this file has no margins, so nothing is carried.
    assert verdict.status == "weaker"
    assert verdict.statement == (
        "In Hawaii, people counted as “Asian or NHPI, alone or in combination, not Hispanic” were between 50.5% and 62.9% "
        "of citizens of voting age, more than 50% by an estimate without a margin of error: 530,238 to 661,175 of "
        "1,050,689."
    )


def test_the_bracket_of_hawaii_with_the_margins_of_a_state(hawaii):
    """With margins as wide as a State's, one end of the bracket is above one half and stays there."""
    frame = hawaii.units.frame.sum().to_frame().T.astype("float64").set_axis(pd.Index(["15"], dtype="str"))
    frame = frame.assign(**{f"{name}_moe": 2_000.0 for name in frame.columns})
    units = Units(frame, level="state", year=2020, sources=hawaii.units.sources)
    lines = pd.Series("HI", index=frame.index, dtype="str")
    placed = place(units, Plan("the State", ("HI",), assignment=lines, jurisdiction="Hawaii"))
    majority = check_claim(Claim.majority(group="nh_aapi_aoic", base="cvap"), placed)
    assert majority.status == "carried"
    assert "between 50.5% and 62.9% of citizens of voting age, a majority" in majority.statement
    more = check_claim(Claim.share(more_than=0.55, group="nh_aapi_aoic", base="cvap"), placed)
    assert more.status == "weaker"
    assert "more than 50%, which leaves open whether more than 55%" in more.statement
