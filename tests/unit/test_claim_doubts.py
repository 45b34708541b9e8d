"""What keeps a claim from being carried: districts beyond the units, parts of units, and plans of one district."""

from __future__ import annotations

import pandas as pd
import pytest

from kit.analysis.area_counts import elsewhere
from kit.analysis.claims import check_claim
from kit.analysis.communities import community_split_table, community_splits
from kit.analysis.concentration import concentration
from kit.analysis.packing import packing
from kit.analysis.placement import place
from kit.model.claims import Claim
from kit.model.communities import Communities
from kit.model.frames import Plan, Source, Units
from kit.model.sentences import number_of
from kit.report.show import twin_of

VAP = {"group": "asian_alone", "base": "vap"}
CENSUS = Source("2020 Census P.L. 94-171", year=2020, uncertainty="disclosure noise")


def ids(number):
    return pd.Index([f"36061{n:06d}" for n in range(number)], dtype="str")


def units(*rows, source=CENSUS):
    frame = pd.DataFrame(rows, columns=["asian_alone_vap", "total_vap"], index=ids(len(rows)))
    return Units(frame, level="tract", year=2020, sources=(source,))


def plan(labels, name="P", every=()):
    """A list of tracts; `labels` may name more tracts than there are units."""
    lines = pd.Series(list(labels), index=ids(len(labels)), dtype="str")
    return Plan(
        name, tuple(dict.fromkeys([*labels, *every])), assignment=lines, level="tract", year=2020, jurisdiction="Nowhere"
    )  # fmt: skip


def test_a_district_outside_the_units_is_not_one_without_the_group():
    rows = [(600, 1000), (100, 1000)]
    table = concentration(place(units(*rows), plan("132")), **VAP)
    assert elsewhere(table.placement) == {"2"}
    only = check_claim(Claim.only("1", above=0.5, **VAP), table)
    assert only.status == "weaker"
    assert "district 2 cannot be said to be more than 50% or not" in only.statement
    first = check_claim(Claim.largest("1", **VAP), table)
    assert first.status == "weaker"
    assert "the highest share of 2 districts that these units cover whole" in first.statement
    assert check_claim(Claim.share(more_than=0.3, **VAP), table).status == "weaker"
    # A district that the plan's own list gives nothing is empty, and everything else is known.
    table = concentration(place(units(*rows), plan("13", every="2")), **VAP)
    assert elsewhere(table.placement) == frozenset()
    for claim in (Claim.only("1", above=0.5, **VAP), Claim.largest("1", **VAP), Claim.share(more_than=0.3, **VAP)):
        assert check_claim(claim, table).status == "carried"


def test_people_in_no_district_may_join_the_rest_of_the_plan():
    table = concentration(place(units((400, 1000), (300, 1000), (1000, 1000)), plan("12"), outside="report"), **VAP)
    verdict = check_claim(Claim.more_than("1", **VAP), table)
    # With the third tract in district 2 the rest would have 65%.
    assert verdict.status == "weaker"
    assert "cannot be told apart" in verdict.statement
    few = concentration(place(units((400, 1000), (300, 1000), (10, 20)), plan("12"), outside="report"), **VAP)
    assert check_claim(Claim.more_than("1", **VAP), few).status == "carried"


def test_people_in_no_district_may_live_in_an_empty_one():
    some = units((600, 1000), (0, 0), (300, 500))
    table = concentration(place(some, plan("12"), outside="report"), **VAP)
    assert check_claim(Claim.only("1", above=0.3, **VAP), table).status == "weaker"
    assert check_claim(Claim.largest("1", **VAP), table).status == "refused"
    table = concentration(place(some, plan("121")), **VAP)
    assert check_claim(Claim.only("1", above=0.3, **VAP), table).status == "carried"


def test_people_may_join_a_district_beyond_the_units():
    some = units((600, 1000), (500, 1000), (100, 1000))
    before, after = place(some, plan("1122", "A")), place(some, plan("1221", "B"))
    verdict = check_claim(Claim.loses("1", **VAP), before, after)
    assert verdict.status == "weaker"
    assert verdict.reason == "In B it goes on beyond these census tracts."
    assert verdict.title.endswith("with the doubts stated below")


def test_the_order_of_the_units_is_nothing():
    some = units((600, 1000), (500, 1000), (100, 1000))
    other = Units(some.frame.iloc[::-1].astype("float64"), level="tract", year=2020, sources=some.sources)
    before, after = place(some, plan("112", "A")), place(other, plan("122", "B"))
    verdict = check_claim(Claim.loses("1", **VAP), before, after)
    assert verdict.status == "carried"
    assert "district 1 loses 500 adults" in verdict.statement


def test_the_only_district_of_a_plan_is_not_the_only_one_of_several():
    table = concentration(place(units((600, 1000), (500, 1000)), plan("11")), **VAP)
    verdict = check_claim(Claim.only("1", above=0.3, **VAP), table)
    assert verdict.status == "refused"
    assert verdict.reason == "The plan has no other district than 1, so it cannot be the only one of several."


def test_a_change_that_placing_leaves_open_is_not_called_an_error():
    tables = [
        concentration(place(units((100, 1000), (300, 1000), source=Source("A census", year=year)), lines, outside="report"), **VAP)
        for year, lines in ((2010, plan("1")), (2020, plan("11")))
    ]  # fmt: skip
    verdict = check_claim(Claim.grew(of="people", **VAP), *tables)
    assert verdict.status == "weaker"
    assert "decides whether that is a change" in verdict.statement
    assert verdict.reason == "Units are cut by lines, or people lie in no district, and they decide about it."


@pytest.mark.parametrize(("share", "status"), [(0.4, "weaker"), (0.95, "carried"), (1.0, "carried")])
def test_parts_of_units_may_hold_nobody(share, status):
    """All people of the second tract may live beyond the community's line."""
    some = units((600, 1000), (500, 1000))
    rows = pd.DataFrame({"community": ["Quay"] * 2, "GEOID": ids(2), "share": [1.0, share]})
    quay = Communities(("Quay",), rows.astype({"community": "str"}))
    splits = community_splits(quay, place(some, plan("12")), **VAP)
    verdict = check_claim(Claim.split_into("Quay", 2, **VAP), splits)
    assert verdict.status == status
    if status == "weaker":
        doubt = "what it has in district 2 is only parts of census tracts, and whether any of its people live in those"
        assert doubt in verdict.statement
        assert verdict.title.endswith(", with the doubts stated below")
    assert "2020 Census P.L. 94-171. Uncertainty: disclosure noise." in verdict.tests
    assert "Census tracts placed in P by the plan's own list." in verdict.tests


def test_a_small_piece_and_sample_data_are_told_of_a_split():
    some = units((600, 1000), (50, 150), source=Source("S", year=2020, uncertainty="disclosure noise", sample=True))
    splits = community_splits(Communities.of_units({"Quay": list(ids(2))}), place(some, plan("12")), **VAP)
    verdict = check_claim(Claim.split_into("Quay", 2, **VAP), splits)
    assert "Sample data, not for testimony." in verdict.tests
    assert any(line.startswith("A piece has fewer than 200 people: noise") for line in verdict.tests)


def test_districts_outside_the_units_are_in_no_count_of_districts():
    some, lines = units((600, 1000), (100, 1000)), plan("1234")
    quay = Communities.of_units({"Quay": list(ids(1))})
    found = packing(place(some, lines), tau=0.5, areas=quay, **VAP)
    assert found.plan["districts"] == 2
    assert found.plan["ideal"] == 1000
    assert found.plan["proportional"] == pytest.approx(0.7)
    assert "2 districts of P hold none of these census tracts and are left out." in found.notes
    assert "Of 2 districts, 1 has a share of more than 50%" in found.summary()
    table = community_split_table(quay, {"P": place(some, lines), "Q": place(some, plan("12"))}, **VAP)
    assert table.ranking["districts"].tolist() == [2, 2]
    one = community_split_table(quay, {"P": place(some, lines)}, **VAP)
    assert twin_of(one).title == "Communities under 1 plan, the least divided first"
    three = community_split_table(quay, {"P": place(some, plan("11")), "Q": place(some, plan("12"))}, **VAP)
    assert twin_of(three).title == "Communities under 2 plans, those of the fewest districts first"


@pytest.mark.parametrize(("margin", "status"), [(300.0, "weaker"), (20.0, "carried")])
def test_a_stated_share_of_low_reliability_is_not_carried(margin, status):
    some = units((410, 1000), (10, 900), source=Source("A survey", year=2020, uncertainty="sampling MOE"))
    frame = some.frame.assign(asian_alone_vap_moe=margin, total_vap_moe=0.0)
    table = concentration(place(Units(frame, level="tract", year=2020, sources=some.sources), plan("12")), **VAP)
    assert check_claim(Claim.share("1", is_=0.41, **VAP), table).status == status


@pytest.mark.parametrize("titles", [("ACS 2014 to 2018", "ACS 2016 to 2020"), ("A survey", "A survey again")])
def test_periods_of_a_survey_overlap_however_it_is_called(titles):
    tables = []
    for title, year in zip(titles, (2018, 2020), strict=True):
        some = units((500, 1000), (10, 900), source=Source(title, year=year, uncertainty="sampling MOE"))
        frame = some.frame.assign(asian_alone_vap_moe=5.0, total_vap_moe=0.0)
        frame["asian_alone_vap"] += 10 * (year - 2018)
        again = Units(frame, level="tract", year=2020, sources=some.sources)
        tables.append(concentration(place(again, plan("12")), **VAP))
    verdict = check_claim(Claim.grew("1", **VAP), *tables)
    assert verdict.status == "refused"
    assert "share 2016 to 2018" in verdict.reason


def test_one_is_singular():
    assert [number_of(n, "communities") for n in (0, 1, 2)] == ["0 communities", "1 community", "2 communities"]
    assert [number_of(n, "block groups") for n in (1, 6806)] == ["1 block group", "6,806 block groups"]
