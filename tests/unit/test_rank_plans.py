"""Several plans in one table, on blocks that can be counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from kit.analysis.communities import community_splits
from kit.analysis.placement import place
from kit.analysis.rank_plans import rank_plans
from kit.errors import InputError
from kit.model.communities import Communities
from kit.model.frames import Plan, Source, Units

GROUP = {"group": "aapi_aoic", "base": "vap"}


def units_of(**changes):
    """Make four blocks of 100 people and 100 adults, 90, 45, 20 and 5 of the group."""
    ids = pd.Index([f"36061000100100{i}" for i in range(4)], dtype="str", name="GEOID")
    counts = {
        "total_pop": 100,
        "total_vap": 100,
        "aapi_aoic_vap": [90, 45, 20, 5],
        "asian_aoic_vap": [80, 45, 0, 5],
        "nhpi_aoic_vap": [20, 0, 20, 0],
    }
    return Units(pd.DataFrame(counts | changes, index=ids), "block", 2020, (Source("Four blocks"),))


def placed(units, labels, name):
    listed = pd.Series(list(labels), index=units.frame.index, dtype="str")
    listed = listed[listed != "."]
    plan = Plan(
        name, tuple(dict.fromkeys(listed)), assignment=listed, level="block", year=2020, sources=(Source(name),)
    )
    return place(units, plan, outside="report")


@pytest.fixture
def plans():
    units = units_of()
    return [placed(units, word, name) for word, name in (("1122", "Pairs"), ("1234", "Singles"), ("1212", "Stripes"))]


def test_every_figure_by_hand(plans):
    found = rank_plans(plans, **GROUP)
    assert found.by == "highest_share"
    assert found.frame.index.tolist() == ["Singles", "Pairs", "Stripes"]
    pairs = found.frame.loc["Pairs"]
    assert pairs[["rank", "districts", "units", "people", "unassigned_people"]].tolist() == [2, 2, 4, 400, 0]
    assert pairs[["population_range", "population_range_share"]].tolist() == [0, 0]
    assert pairs[["highest_share", "highest_district", "second_share", "second_district"]].tolist() == [
        0.675, "1", 0.125, "2",
    ]  # fmt: skip
    assert pairs[["above_50", "above_40", "above_30", "above_20", "above_10"]].tolist() == [1, 1, 1, 1, 2]
    assert pairs["typical_share"] == pytest.approx((0.675 * 135 + 0.125 * 25) / 160)
    assert pairs[["asian_highest_share", "nhpi_highest_share"]].tolist() == [0.625, 0.1]
    singles = found.frame.loc["Singles"]
    assert singles[["above_50", "above_40", "nhpi_highest_district"]].tolist() == [1, 2, "1"]


def test_one_district_has_no_second(plans):
    found = rank_plans([placed(units_of(), "9999", "One")], **GROUP)
    assert found.frame.loc["One", "highest_share"] == 0.4
    assert np.isnan(found.frame.loc["One", "second_share"])
    assert found.summary().startswith("One plan is listed, One. The highest share of adults")


def test_ties_share_a_rank(plans):
    found = rank_plans(plans, **GROUP, by="above_50")
    assert found.frame.loc["Stripes", "highest_share"] == 0.55
    assert found.frame["rank"].tolist() == [1, 1, 1]
    assert found.frame.index.tolist() == ["Pairs", "Singles", "Stripes"]


def test_ranges_are_ranked_from_the_lowest():
    units = units_of(total_pop=[100, 200, 300, 400])
    plans = [placed(units, "1122", "Rows"), placed(units, "1221", "Rounds")]
    found = rank_plans(plans, group=None, base="pop")
    assert found.by == "population_range_share"
    assert found.frame["population_range"].to_dict() == {"Rounds": 0, "Rows": 400}
    assert found.frame["rank"].tolist() == [1, 2]
    assert "highest_share" not in found.frame
    assert found.notes[0] == "Plans are ranked by population range share, lowest first; ties share a rank."
    assert found.summary().startswith("2 plans are compared. Plans are ranked by")


def test_retention_against_a_plan(plans):
    found = rank_plans(plans, **GROUP, against="Pairs", by="group_retention")
    assert found.frame["best_match_retention"].to_dict() == {"Pairs": 1, "Stripes": 0.5, "Singles": 0.5}
    assert found.frame.loc["Singles", "group_retention"] == pytest.approx(110 / 160)
    assert found.frame.loc["Pairs", "people_moved"] == 0
    assert "Retention is from Pairs to each plan, after the best matching of districts." in found.notes
    without = rank_plans(plans, group=None, base="vap", against=plans[0], by="people_moved")
    assert without.frame["people_moved"].tolist() == [0, 200, 200]
    assert "group_retention" not in without.frame


def test_plans_of_other_units_are_told_apart(plans):
    fewer = replace(units_of(), frame=units_of().frame.iloc[:3])
    found = rank_plans([*plans, placed(fewer, "112", "Part")], **GROUP, against=plans[0])
    assert found.frame.loc["Part", ["units", "people"]].tolist() == [3, 300]
    assert np.isnan(found.frame.loc["Part", "best_match_retention"])
    assert any(
        note.startswith("Not all plans are of the same units and counts: Part differs from Pairs")
        for note in found.notes
    )
    assert any(
        note.startswith("Part: It is not compared with Pairs: these are not the same units") for note in found.notes
    )


def test_other_counts_are_told_apart(plans):
    other = placed(units_of(total_pop=101), "1122", "Counted again")
    assert any("Counted again differs from Pairs" in note for note in rank_plans([*plans, other], **GROUP).notes)


def test_plans_of_other_vintages_and_without_counts_are_told_apart(plans):
    older = replace(units_of(), year=2010)
    frame = units_of().frame
    adults = replace(units_of(), frame=frame.drop(columns="total_pop"))
    named = {
        "now": plans[0],
        "then": place(older, replace(plans[0].plan, year=2010)),
        "adults": place(adults, plans[0].plan),
    }
    found = rank_plans(named, **GROUP)
    assert any("then and adults differ from now" in note for note in found.notes)


def test_nobody_lives_there():
    empty = replace(units_of(), frame=units_of().frame * 0)
    found = rank_plans([placed(empty, "1122", "Nobody")], **GROUP)
    assert found.frame.loc["Nobody", ["highest_share", "typical_share", "population_range_share"]].isna().all()
    assert found.frame["rank"].isna().all()
    assert found.summary().startswith("One plan is listed, Nobody. Plans are ranked by")


def test_people_in_no_district_are_told(plans):
    found = rank_plans([*plans, placed(units_of(), "112.", "Open")], **GROUP)
    assert found.frame.loc["Open", ["districts", "people", "unassigned_people"]].tolist() == [2, 300, 100]
    assert "Open: 100 people lie in no district and are in no figure here." in found.notes
    counted = rank_plans([placed(units_of(), "112.", "Open")], group=None, base="pop")
    assert counted.notes[-1] == "100 people lie in no district and are in no figure here."


def test_margins_are_carried():
    units = units_of(aapi_aoic_vap_moe=5.0, total_vap_moe=9.0)
    found = rank_plans([placed(units, "1122", "Pairs")], **GROUP)
    assert found.frame.loc["Pairs", "highest_share_moe"] > 0


def test_named_areas_become_columns(plans):
    """Left is whole in Pairs, cut in Singles and Stripes; block 1, with 100 people and 45 of the group, is cut off."""
    ids = units_of().frame.index
    left = Communities.of_units({"Left": list(ids[:2])})
    found = rank_plans(plans, **GROUP, communities=left, by="communities_cut_off")
    assert found.frame["rank"].to_dict() == {"Pairs": 1, "Singles": 2, "Stripes": 2}
    assert found.frame["communities_kept_whole"].tolist() == [1, 0, 0]
    assert found.frame["communities_cut_off"].tolist() == [0, 100, 100]
    assert found.frame["communities_effective_splits"].tolist() == [0, 1, 1]
    assert set(found.frame["communities_cut_off_group"]) <= {0, 45, 90}
    assert found.notes[0] == "Plans are ranked by communities cut off, lowest first; ties share a rank."


def test_splits_made_before_are_taken(plans):
    cluster = Communities.of_units({"Cluster 1": list(units_of().frame.index[:2])}, kind="cluster")
    made = {
        "Pairs": community_splits(cluster, plans[0], **GROUP),
        "Stripes": community_splits(cluster, plans[2], **GROUP),
    }
    found = rank_plans(plans, **GROUP, communities=made, by="clusters_kept_whole")
    assert found.frame["rank"].tolist() == [1, 2, pd.NA]
    assert found.frame.index.tolist() == ["Pairs", "Stripes", "Singles"]
    assert not [name for name in found.frame if name.startswith("communities")]


def test_a_mapping_gives_the_names(plans):
    found = rank_plans({"first": plans[0], "second": plans[0]}, **GROUP)
    assert found.frame.index.tolist() == ["first", "second"]
    assert [source.title for source in found.sources] == ["Four blocks", "Pairs"]
    assert "A rank by one figure is never a verdict on a plan." in found.summary()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"by": "beauty"}, r"plans cannot be ranked by 'beauty'; columns are districts, units, people"),
        ({"by": "highest_district"}, r"plans cannot be ranked by 'highest_district'"),
        ({"against": "Nothing"}, r"no plan is called 'Nothing'; plans are Pairs, Singles, Stripes"),
        ({"communities": {"Nothing": None}}, r"communities are given for plans that are not ranked: Nothing"),
        ({"group": "aapi"}, r"no group is called 'aapi'"),
    ],
)
def test_what_is_unknown_is_refused(plans, change, message):
    with pytest.raises(InputError, match=message):
        rank_plans(plans, **(GROUP | change))


def test_plans_must_be_there_named_apart_and_placed(plans):
    with pytest.raises(InputError, match="there is no plan to rank"):
        rank_plans([], **GROUP)
    with pytest.raises(InputError, match="several plans are called Pairs; pass a mapping"):
        rank_plans([plans[0], plans[0]], **GROUP)
    with pytest.raises(InputError, match="'Pairs' is a Plan; place the units in each plan"):
        rank_plans({"Pairs": plans[0].plan}, **GROUP)
