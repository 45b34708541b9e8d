"""Overlap by different people, core and edge, and statements, on four squares that can be counted by hand."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from kit.analysis.communities import community_splits
from kit.analysis.community_places import locate_communities
from kit.analysis.community_statement import statement
from kit.analysis.consensus import consensus
from kit.analysis.placement import place
from kit.errors import CoverageError, InputError, SchemaError
from kit.model.community import Ask, Community
from kit.model.submissions import Submissions

HOW = {"group": "aapi_aoic", "base": "pop"}


@pytest.fixture
def units(four_squares):
    return four_squares[0]


@pytest.fixture
def placed(four_squares):
    return place(*four_squares)


def listed(id, ids, submitter="", consent="public", **fields):
    area = {"kind": "units", "geoids": list(ids), "year": 2020}
    return Community(id=id, name=fields.pop("name", id), submitter=submitter, consent=consent, area=area, **fields)


def drawn(id, units, left, right, **fields):
    """Draw from one kilometre to another, over both rows."""
    west, south, _, north = units.geometry.total_bounds
    shape = gpd.GeoSeries([shapely.box(west + 1000 * left, south, west + 1000 * right, north)], crs=5070).to_crs(4269)
    area = {"kind": "polygon", "shape": shape.iloc[0]}
    return Community(id=id, name=fields.pop("name", id), consent=fields.pop("consent", "public"), area=area, **fields)


# --- where communities are --------------------------------------------------------------------------------


def test_lists_and_drawings_become_units_together(units):
    a, b, c, d = units.frame.index
    nowhere = Community(id="n", name="n", consent="public")
    found = locate_communities(
        [drawn("left", units, 0, 1), listed("two", [a, b]), nowhere, drawn("most", units, 0, 1.5)], units
    )
    assert found.names == ("left", "two", "most")
    share = {name: dict(zip(g["GEOID"], g["share"], strict=True)) for name, g in found.membership.groupby("community")}
    assert share["left"] == {a: 1, c: 1}
    assert share["two"] == {a: 1, b: 1}
    assert share["most"] == pytest.approx({a: 1, c: 1, b: 0.5, d: 0.5}, abs=1e-3)
    assert "1 community has no area and no figures: n." in found.notes
    whole = locate_communities([drawn("most", units, 0, 1.6)], units, rule="point")
    assert whole.membership["share"].tolist() == [1.0] * 4


def test_names_that_repeat_bear_their_id(units):
    a, b, _, _ = units.frame.index
    found = locate_communities([listed("1", [a], name="Same"), listed("2", [b], name="Same")], units)
    assert found.names == ("Same [1]", "Same [2]")


def test_ids_that_are_not_there_are_counted(units):
    a, *_ = units.frame.index
    found = locate_communities([listed("1", [a, "250173101001000"])], units)
    assert found.membership["GEOID"].tolist() == [a]
    assert (
        "1 ids listed by 1 are not among these census blocks, first 250173101001000; nobody was counted there."
        in found.notes
    )
    with pytest.raises(CoverageError, match="none of the 1 communities touches the 4 census blocks, first 1"):
        locate_communities([listed("1", ["250173101001000"])], units)
    with pytest.raises(SchemaError, match="1 communities list units of 2020, and these census blocks are of 2010: 1"):
        locate_communities([listed("1", [a])], replace(units, year=2010))
    with pytest.raises(InputError, match="none of the 1 communities has an area"):
        locate_communities([Community(name="n")], units)
    unsaid = Community(id="u", name="u", area={"kind": "units", "geoids": [a]})
    assert (
        "1 lists do not say of which year their units are; they were taken for 2020."
        in locate_communities([unsaid], units).notes
    )


def test_a_drawing_outside_beside_a_list_inside(units):
    a, *_ = units.frame.index
    found = locate_communities([drawn("far", units, 50, 51), listed("here", [a])], units)
    assert found.names == ("far", "here")
    assert "1 areas that were drawn lie wholly outside these units." in found.notes


def test_located_communities_are_split_by_plans(units, placed):
    """The squares lie in two rows of districts: the left column is half in each."""
    found = locate_communities([drawn("left", units, 0, 1)], units)
    got = community_splits(found, placed, **HOW)
    a, _, c, _ = units.frame.index
    assert got.frame.loc["left", "base"] == units.frame.loc[[a, c], "total_pop"].sum()
    assert got.frame.loc["left", "districts"] == 2


# --- many voices ------------------------------------------------------------------------------------------


@pytest.fixture
def voices(units):
    """Three people: s1 told of a and b in two areas that overlap, s2 of a and b, s3 of a and c; d nobody drew."""
    a, b, c, _ = units.frame.index
    return Submissions(
        (
            listed("1", [a, b], "s1", languages=["Khmer"], collected={"how": "drawn", "collector": "v1"}, in_common={"worship": "the temple"}),
            listed("2", [a], "s1", languages=["Khmer"], collected={"how": "paper", "collector": "v1"}, comments=["again"]),
            listed("3", [a, b], "s2", languages=["Khmer", "English"], collected={"how": "drawn", "collector": "v2"}),
            listed("4", [a, c], "s3", collected={"how": "drawn", "collector": "v2"}, in_common={"worship": "the church"}),
        )
    )  # fmt: skip


def test_overlap_counts_people_not_areas(units, voices):
    a, b, c, _d = units.frame.index
    got = consensus(voices, units, **HOW)
    assert got.submitters == 3
    assert got.frame["submitters"].to_dict() == {a: 3, b: 2, c: 1}
    assert got.frame["share"].to_dict() == pytest.approx({a: 1, b: 2 / 3, c: 1 / 3})
    assert (got.core_count, got.edge_count) == (2, 1)
    assert got.frame["stands"].to_dict() == {a: "core", b: "core", c: "contested"}
    people = units.frame["total_pop"]
    assert got.frame["base"].to_dict() == {u: people[u] for u in (a, b, c)}
    assert got.sweep["units"].to_dict() == {1: 3, 2: 2, 3: 1}
    assert got.sweep["base"].to_dict() == {1: people[[a, b, c]].sum(), 2: people[[a, b]].sum(), 3: people[a]}
    group = units.frame["aapi_aoic_pop"]
    assert got.sweep.loc[2, "share_of_group"] == pytest.approx(group[[a, b]].sum() / people[[a, b]].sum())


def test_by_language_and_by_collector(units, voices):
    a, b, _c, _ = units.frame.index
    people = units.frame["total_pop"]
    got = consensus(voices, units, **HOW)
    khmer, english = got.by_language.loc["Khmer"], got.by_language.loc["English"]
    assert (khmer["submitters"], khmer["communities"], khmer["units"], khmer["core_units"]) == (2, 3, 2, 2)
    assert (english["submitters"], english["units"], english["shared_core"]) == (1, 2, 1.0)
    assert any("1 communities do not say which languages" in note for note in got.notes)
    second = got.by_collector.loc["v2"]
    # v2 heard two people, who agree on a alone; the common core is a and b.
    assert (second["submitters"], second["units"], second["core_units"], second["core_base"]) == (2, 3, 1, people[a])
    assert second["shared_core"] == pytest.approx(people[a] / people[[a, b]].sum())


def test_thresholds_are_met_exactly(units, voices):
    a, b, c, _ = units.frame.index
    assert consensus(voices, units, **HOW, core=0.67).core_count == 3
    assert consensus(voices, units, **HOW, core=2 / 3).core_count == 2
    got = consensus(voices, units, **HOW, core=1, edge=1)
    assert got.frame["stands"].to_dict() == {a: "core", b: "few", c: "few"}
    assert "2 census blocks" in got.summary()
    for wrong, message in (
        ({"core": 0.5}, "core is a share above one half"),
        ({"edge": 0.9}, "edge is a share above 0 and at most core"),
        ({"inside": 0}, "inside is a share"),
    ):
        with pytest.raises(InputError, match=message):
            consensus(voices, units, **HOW, **wrong)


def test_words_are_given_word_for_word(units, voices):
    got = consensus(voices, units, **HOW)
    assert got.narratives[["community", "submitter", "field", "text"]].to_numpy().tolist() == [
        ["1", "s1", "in_common.worship", "the temple"],
        ["2", "s1", "comments.1", "again"],
        ["4", "s3", "in_common.worship", "the church"],
    ]
    said = got.summary()
    assert "temple" not in said + repr(got)
    assert "3 submitters drew 3 census blocks in 4 communities." in said
    assert "In the core, drawn by at least 2 of 3, are 2 census blocks with" in said
    assert "Contested, drawn by at least 1 and fewer than 2, are 1 census blocks with" in said
    assert "There are 3 submitters; a single one changes the core." in said


def test_half_of_a_unit_is_enough_and_less_is_not(units):
    a, b, c, d = units.frame.index
    got = consensus(
        [drawn("x", units, 0, 1.51, submitter="s1"), drawn("y", units, 0, 1.4, submitter="s2")], units, **HOW
    )
    assert got.frame["submitters"].to_dict() == {a: 2, b: 1, c: 2, d: 1}


def test_without_a_submitter_each_community_is_a_voice(units):
    a, *_ = units.frame.index
    got = consensus([listed("1", [a]), listed("2", [a])], units, **HOW)
    assert got.submitters == 2
    assert any("2 communities name no submitter and were each counted" in note for note in got.notes)
    alone = consensus([listed("1", [a], "s")], units, **HOW)
    assert "There is one submitter: one voice is no agreement." in alone.summary()


def test_only_what_people_agreed_to_is_counted(units, voices):
    a, *_ = units.frame.index
    mixed = Submissions(
        (*voices, listed("5", [a], "s5", consent="private"), listed("6", [a], "s6", consent="commission"))
    )
    assert consensus(mixed, units, **HOW).submitters == 3
    assert consensus(mixed, units, **HOW, audience="commission").submitters == 4
    assert consensus(mixed, units, **HOW, audience="internal").submitters == 5
    assert any("2 of 6 communities are left out" in note for note in consensus(mixed, units, **HOW).notes)
    with pytest.raises(InputError, match="none of the 1 communities may be shown to audience 'public'"):
        consensus([listed("5", [a], consent="private")], units, **HOW)


def test_what_private_voices_agree_on_stays_private(units):
    a, *_ = units.frame.index
    ones = [listed(n, [a], f"s{n}", consent="private") for n in "12"]
    core = consensus(ones, units, **HOW, audience="internal").area("core", name="X")
    assert core.consent == "private"
    with pytest.raises(InputError, match="did not agree that it goes to audience 'public'"):
        statement(core, units, **HOW)
    ones = [one.revised(consent="public") for one in ones]
    assert consensus(ones, units, **HOW).area("core", name="X").consent == "public"
    assert consensus(ones, units, **HOW, audience="commission").area("core", name="X").consent == "commission"


def test_nobody_agrees(units):
    a, b, c, _ = units.frame.index
    got = consensus([listed("1", [a], "s1"), listed("2", [b], "s2"), listed("3", [c], "s3")], units, **HOW)
    assert "No unit was drawn by at least 2 of 3, so there is no core at this threshold." in got.summary()
    with pytest.raises(InputError, match=r"no unit is core at these thresholds \(2 and 1 of 3 submitters\)"):
        got.area("core", name="X")
    assert set(got.area("contested", name="X").area.geoids) == {a, b, c}
    with pytest.raises(InputError, match="stands is one of core, contested, not 'few'"):
        got.area("few", name="X")


def test_the_result_cannot_be_changed(units, voices):
    got = consensus(voices, units, **HOW)
    frame = got.frame
    frame["submitters"] = 0
    assert got.frame["submitters"].max() == 3
    assert len(got.sources) >= 1


# --- location and instruction -----------------------------------------------------------------------------


def test_a_statement_says_where_and_what(units, placed):
    a, _b, c, _ = units.frame.index
    one = listed(
        "1", [a, c], name="Acre", bounds=["Main Street", "the canal", "River Road"],
        landmarks=[{"name": "the temple"}, {"name": "the market"}],
        asks=[{"kind": "keep_whole"}, {"kind": "keep_with", "places": ["Downtown", "Back Central"]},
              {"kind": "not_with", "places": ["Belvidere"]}, {"kind": "other", "words": "Give us a seat."}],
    )  # fmt: skip
    got = statement(one, units, **HOW, placements=[placed])
    people, group = (units.frame.loc[[a, c], f"{x}_pop"].sum() for x in ("total", "aapi_aoic"))
    assert (got.people, got.group_people) == (people, group)
    assert got.blocks == (a, c)
    assert got.instruction == (
        "Please keep Acre whole, in one district.",
        "Please keep Acre together with Downtown and Back Central in one district.",
        "Please do not join Acre with Belvidere.",
        "Give us a seat.",
    )
    assert got.location == (
        "Acre is bounded by Main Street, the canal and River Road.",
        "Its landmarks are the temple and the market.",
        "It is made of 2 census blocks, listed by id with this statement.",
    )
    assert got.numbers[0] == (
        f"{people:,} residents live in it; {group:,} of them ({100 * group / people:.1f}%) are counted as "
        "“Asian or NHPI, alone or in combination”."
    )
    assert got.numbers[1].startswith("Two rows divides it among 2 districts; the largest part, ")
    assert got.text.startswith("Please keep Acre whole, in one district. Please keep")
    assert got.notes == ()
    assert repr(got) == "Statement('Acre', 2 census blocks)"


def test_a_drawing_that_cuts_units_says_about(units):
    a, b, c, d = units.frame.index
    got = statement(drawn("x", units, 0, 1.5), units, **HOW)
    frame = units.frame
    about = frame.loc[[a, c], "total_pop"].sum() + frame.loc[[b, d], "total_pop"].sum() / 2
    assert got.people == pytest.approx(about, rel=1e-3)
    assert got.numbers[0].startswith(f"About {round(got.people):,} residents live in it; about ")
    assert "It holds 2 census blocks whole and 2 census blocks in part" in got.text
    assert any(
        note.startswith("No ask was recorded for x; the one to keep it whole was written here.") for note in got.notes
    )
    assert got.instruction == ("Please keep x whole, in one district.",)


def test_a_statement_of_the_core(units, voices):
    a, b, _, _ = units.frame.index
    got = statement(consensus(voices, units, **HOW), units, **HOW, name="Cambodia Town", asks=[Ask(kind="keep_whole")])
    assert got.blocks == (a, b)
    assert got.instruction == ("Please keep Cambodia Town whole, in one district.",)
    assert "temple" not in got.text
    assert any("at least 2 of 3 submitters agree" in note for note in got.notes)
    with pytest.raises(InputError, match="a core has no name of its own"):
        statement(consensus(voices, units, **HOW), units, **HOW)


def test_a_statement_asks_for_consent(units):
    a, *_ = units.frame.index
    with pytest.raises(InputError, match="the people of '1' did not agree that it goes to audience 'public'"):
        statement(listed("1", [a], consent="private"), units, **HOW)
    assert statement(listed("1", [a], consent="private"), units, **HOW, audience="internal", name="Y").name == "Y"


def test_a_statement_can_be_said_in_another_language(units, monkeypatch):
    """The sentences are messages: where a catalogue has them they are said again, numbers and all."""
    from kit.i18n import catalogues
    from kit.i18n.messages import retold
    from kit.settings import using

    a, *_ = units.frame.index
    frame = units.frame.assign(total_pop=1234.0)
    got = statement(listed("1", [a], asks=[{}]), replace(units, frame=frame), **HOW)
    monkeypatch.setattr(catalogues, "translation", lambda template, _: f"«{template}»")
    with using(language="vi"):
        said = retold(got.text)
    assert said.startswith("«Please keep 1 whole, in one district.» «It is made of ")
    assert "«1.234 " in said


def test_counts_that_are_not_there(units):
    a, *_ = units.frame.index
    with pytest.raises(SchemaError, match="no column 'total_cvap'"):
        statement(listed("1", [a]), units, group="aapi_aoic", base="cvap")
    with pytest.raises(SchemaError, match="no column"):
        consensus([listed("1", [a])], replace(units, frame=pd.DataFrame(index=units.frame.index)), **HOW)
